"""Exercise of lesson 06: what label shift costs features that look alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from dann_lab.exercises.exercise import Exercise
from dann_lab.exercises.judging import Mistake, call_with_any, numbers, recognise, same

LESSON = "06_when_dann_fails"

_CASES = ((0.5, 0.1), (0.5, 0.5), (0.2, 0.9), (0.35, 0.0))

_SLIPS: dict[str, Callable[[float, float], float]] = {
    "An error is not negative: the target may have more of class 1 than the source, too.": (
        lambda p, q: p - q
    ),
    "An error is not negative: the source may have more of class 1 than the target, too.": (
        lambda p, q: q - p
    ),
    "You count a surplus in one direction only. Too few of class 1 are as wrong as too many.": (
        lambda p, q: max(0.0, p - q)
    ),
    "You count a lack in one direction only. Too many of class 1 are as wrong as too few.": (
        lambda p, q: max(0.0, q - p)
    ),
    "That is the error of who answers on the target at random, with the source's shares. The "
    "label predictor can do better: only the surplus has to be wrong.": (
        lambda p, q: p * (1 - q) + q * (1 - p)
    ),
    "That is the target's rarer class. It would be the error of one answer for everything; but "
    "features like the source's get the source's shares of answers.": lambda p, q: min(q, 1 - q),
    "You count both classes' surplus. A point that is class 1 too much is class 0 too little: "
    "it is one mistake, not two.": lambda p, q: 2 * abs(p - q),
    "You halve the difference. Each example of the surplus is wrong, not every other one.": (
        lambda p, q: abs(p - q) / 2
    ),
    "You square the difference; it is a share of examples, counted once.": (
        lambda p, q: (p - q) ** 2
    ),
    "That is how much of the target can be right, at best. Asked for is the error.": (
        lambda p, q: 1 - abs(p - q)
    ),
    "Not 0: features that look alike get answers in the same shares, and the target's shares "
    "are others.": lambda p, q: 0.0,
    "That is the target's own share. Compare it with the source's.": lambda p, q: q,
    "That is the source's share. Compare it with the target's.": lambda p, q: p,
    "That would be relative to the source's share. An error is a share of the target's examples.": (
        lambda p, q: abs(p - q) / p
    ),
}


def _judge_least_error(answer: Any) -> str:
    ways = (float, np.float64, lambda p: torch.tensor(p, dtype=torch.float64))
    yours = []
    for p, q in _CASES:
        found = numbers(call_with_any(answer, *ways, inputs=(p, q)), "Your error")
        if found.size != 1:
            raise Mistake(f"Yours is {found.size} numbers; the least error is one.")
        yours.append(float(found.reshape(-1)[0]))
    expected = [abs(p - q) for p, q in _CASES]
    if same(yours, expected, atol=1e-6):
        return (
            "Of the target's answers the share p is class 1, for its features look like the "
            "source's. Where q is the truth, the difference is wrong whatever the network does."
        )
    at = next(
        k for k, (a, b) in enumerate(zip(yours, expected, strict=True)) if not same(a, b, atol=1e-6)
    )
    p, q = _CASES[at]
    shown = f"For p = {p:g} and q = {q:g} yours is {yours[at]:.4g}; it should be {expected[at]:g}."
    recognise(
        yours, {f"{slip} {shown}": [wrong(*c) for c in _CASES] for slip, wrong in _SLIPS.items()}
    )
    raise Mistake(shown)


least_error = Exercise(
    name="least_error",
    lesson=LESSON,
    title="The least error",
    difficulty=2,
    minutes=6,
    stub='''\
def least_error(p, q):
    """The least error, 0 to 1, on a target with the share q of class 1: the source has the share p
    and is read without a mistake, and the features of both domains are distributed alike."""
    return ...''',
    answer='''\
def least_error(p, q):
    """The least error, 0 to 1, on a target with the share q of class 1: the source has the share p
    and is read without a mistake, and the features of both domains are distributed alike."""
    return abs(p - q)''',
    hints=(
        "Features that are distributed alike get the same answers equally often. How often does "
        "the label predictor answer 1 on the source? So how often on the target?",
        "Take p = 0.5 and q = 0.1: half of the target's answers are 1, a tenth should be. How many "
        "of them are wrong at least?",
        "The surplus, or the lack: the difference of the two shares, without its sign.",
    ),
    judge=_judge_least_error,
)
