"""Exercise of lesson 04: the proxy A-distance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch

from dann_lab.exercises.exercise import Exercise
from dann_lab.exercises.judging import Mistake, call_with_any, numbers, recognise, same

LESSON = "04_feature_maps"


class _Errors(NamedTuple):
    """Of how many images of each domain a probe takes how many for the other domain's."""

    source: int
    of_source: int
    target: int
    of_target: int

    @property
    def shares(self) -> tuple[float, float]:
        return self.source / self.of_source, self.target / self.of_target

    @property
    def fair(self) -> float:
        return sum(self.shares) / 2

    @property
    def plain(self) -> float:
        return (self.source + self.target) / (self.of_source + self.of_target)

    def answers_and_domains(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        domains = np.repeat([0, 1], [self.of_source, self.of_target])
        wrong = np.zeros(len(domains), dtype=bool)
        wrong[: self.source] = True
        wrong[self.of_source : self.of_source + self.target] = True
        order = np.random.default_rng(3).permutation(len(domains))
        return np.where(wrong, 1 - domains, domains)[order], domains[order]


# One that always says source; one in between; one that is always right; one worse than guessing.
_CASES = (
    _Errors(0, 90, 10, 10),
    _Errors(8, 40, 5, 10),
    _Errors(0, 7, 0, 30),
    _Errors(6, 10, 14, 20),
)


def _distance(error: float) -> float:
    return 2 * (1 - 2 * error)


def _judge_proxy_a_distance(answer: Any) -> str:
    def tensors(values: Any) -> torch.Tensor:
        return torch.from_numpy(values.copy())

    yours = []
    for case in _CASES:
        result = call_with_any(answer, np.copy, tensors, inputs=case.answers_and_domains())
        found = numbers(result, "Your distance")
        if found.size != 1:
            raise Mistake(f"Yours is {found.size} numbers; a distance is one.")
        yours.append(float(found.reshape(-1)[0]))
    expected = [_distance(case.fair) for case in _CASES]
    # A probe worse than guessing: some cut its distance off at 0, some leave it negative.
    if any(same(yours, right, atol=1e-5) for right in (expected, [max(0, d) for d in expected])):
        return (
            "2 where a probe tells the domains apart without fault, 0 where it can only guess, "
            "however many images of each there are."
        )
    at = next(i for i, pair in enumerate(zip(yours, expected, strict=True)) if not same(*pair))
    case = _CASES[at]
    shown = (
        f"With {case.source} of {case.of_source} source images wrong and {case.target} of "
        f"{case.of_target} target images, yours is {yours[at]:.4g}; it should be "
        f"{expected[at]:.4g}."
    )
    slips: dict[str, Callable[[_Errors], float]] = {
        "You count all images alike. Where one domain has more, a probe that always names it is "
        "seldom wrong, and knows nothing: take each domain's share of wrong answers, and the mean "
        "of the two.": lambda c: _distance(c.plain),
        "You take the accuracy for the error: a probe that is always right has error 0, and "
        "distance 2.": lambda c: _distance(1 - c.fair),
        "You take the accuracy for the error, and count all images alike.": (
            lambda c: _distance(1 - c.plain)
        ),
        "You add the two domains' errors; take their mean.": lambda c: _distance(2 * c.fair),
        "You count the source's errors only.": lambda c: _distance(c.shares[0]),
        "You count the target's errors only.": lambda c: _distance(c.shares[1]),
        "That is the error itself: the distance is 2 (1 - 2 error).": lambda c: c.fair,
        "That is the share of all images that the probe gets wrong. First take each domain's, and "
        "their mean; then the distance is 2 (1 - 2 error).": lambda c: c.plain,
        "The 2 before the bracket is missing: the distance goes up to 2.": lambda c: 1 - 2 * c.fair,
        "The 2 before the error is missing: a probe that guesses has error 0.5, and distance 0.": (
            lambda c: 2 * (1 - c.fair)
        ),
    }
    recognise(
        yours,
        {f"{message} {shown}": [slip(c) for c in _CASES] for message, slip in slips.items()},
        atol=1e-5,
    )
    raise Mistake(shown)


proxy_a_distance = Exercise(
    name="proxy_a_distance",
    lesson=LESSON,
    title="A fair proxy A-distance",
    difficulty=2,
    minutes=6,
    stub='''\
import numpy as np

def proxy_a_distance(answers, domains):
    """2 (1 - 2 error) of a domain probe; a probe that knows nothing should get 0.

    Arrays [N] of 0 (source) and 1 (target): what the probe says, and what is true. There may be
    90 source images and 10 target ones.
    """
    return ...''',
    answer='''\
import numpy as np

def proxy_a_distance(answers, domains):
    """2 (1 - 2 error) of a domain probe; a probe that knows nothing should get 0.

    Arrays [N] of 0 (source) and 1 (target): what the probe says, and what is true. There may be
    90 source images and 10 target ones.
    """
    wrong = answers != domains
    error = (wrong[domains == 0].mean() + wrong[domains == 1].mean()) / 2
    return 2 * (1 - 2 * error)''',
    hints=(
        "A probe says `source` for each of 90 source and 10 target images. How often is it wrong? "
        "What does it know?",
        "Count each domain by itself: its share of wrong answers. A probe that always says the "
        "same has 0 in one domain and 1 in the other.",
        "`wrong = answers != domains`; the error is the mean of `wrong[domains == 0].mean()` and "
        "`wrong[domains == 1].mean()`.",
    ),
    judge=_judge_proxy_a_distance,
)
