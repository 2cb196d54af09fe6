"""Exercise of lesson 08: how many labels an accuracy needs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from dann_lab.exercises.exercise import Exercise
from dann_lab.exercises.judging import Mistake, call_with_any, numbers, recognise, same

LESSON = "08_your_own_data"

# None of them comes out whole before it is rounded, where the last digit of a float would decide.
_CASES = ((0.9, 0.04), (0.5, 0.03), (0.75, 0.02), (0.97, 0.07))


def _exact(p: float, e: float) -> float:
    return p * (1 - p) / e**2


_SLIPS: dict[str, Callable[[float, float], float]] = {
    "That is not a whole number. Half a picture cannot be labelled: round up, with `math.ceil`.": (
        _exact
    ),
    "You round down, and so the standard error is a little more than was asked for. Round up.": (
        lambda p, e: math.floor(_exact(p, e))
    ),
    "You round to the nearest, which can be too few. Round up, with `math.ceil`.": (
        lambda p, e: round(_exact(p, e))
    ),
    "The error is not squared: n stands below a root, so half the error takes four times as many "
    "labels.": lambda p, e: math.ceil(p * (1 - p) / e),
    "The last square is missing: sqrt(p (1 - p)) / error is the root of n.": (
        lambda p, e: math.ceil(math.sqrt(p * (1 - p)) / e)
    ),
    "You take an accuracy of 0.5, for which most labels are needed. Here the accuracy is given.": (
        lambda p, e: math.ceil(0.25 / e**2)
    ),
    "You take two standard errors, which make an interval of 95 %. One was asked for.": (
        lambda p, e: math.ceil(1.96**2 * _exact(p, e))
    ),
    "You take two standard errors. One was asked for.": lambda p, e: math.ceil(4 * _exact(p, e)),
    "The 1 - p is missing: nearly always right and nearly always wrong vary equally little.": (
        lambda p, e: math.ceil(p / e**2)
    ),
    "The p is missing: it is p (1 - p).": lambda p, e: math.ceil((1 - p) / e**2),
    "That is the standard error for as many labels as the error says. Turn the formula round, "
    "until n stands alone.": lambda p, e: math.sqrt(p * (1 - p) / e),
}


def _judge_how_many_labels(answer: Any) -> str:
    yours = []
    for case in _CASES:
        result = call_with_any(answer, float, np.float64, inputs=case)
        found = numbers(result, "Your number of labels")
        if found.size != 1:
            raise Mistake(f"Yours is {found.size} numbers; how many labels is one.")
        yours.append(float(found.reshape(-1)[0]))
    expected = [math.ceil(_exact(*case)) for case in _CASES]
    if yours == expected:
        return (
            f"At an accuracy of 0.9, {expected[0]} labels are enough for a standard error of 0.04. "
            "Half of that error would take four times as many."
        )
    at = next(i for i, (a, b) in enumerate(zip(yours, expected, strict=True)) if not same(a, b))
    accuracy, error = _CASES[at]
    shown = (
        f"For an accuracy of {accuracy:g} and an error of {error:g} yours is {yours[at]:.6g}; it "
        f"should be {expected[at]}."
    )
    slips = {f"{text} {shown}": [slip(*case) for case in _CASES] for text, slip in _SLIPS.items()}
    recognise(yours, slips)
    raise Mistake(shown)


how_many_labels = Exercise(
    name="how_many_labels",
    lesson=LESSON,
    title="How many labels?",
    difficulty=1,
    minutes=4,
    stub='''\
import math

def how_many_labels(accuracy, error):
    """The fewest labelled pictures for which the standard error is at most `error`.

    The standard error is sqrt(accuracy * (1 - accuracy) / n); both numbers are from 0 to 1.
    """
    return ...''',
    answer='''\
import math

def how_many_labels(accuracy, error):
    """The fewest labelled pictures for which the standard error is at most `error`.

    The standard error is sqrt(accuracy * (1 - accuracy) / n); both numbers are from 0 to 1.
    """
    return math.ceil(accuracy * (1 - accuracy) / error**2)''',
    hints=(
        "Write down that the standard error is `error`. Square both sides.",
        "Then n is accuracy (1 - accuracy), divided by the square of the error.",
        "Pictures come whole: `math.ceil` rounds up.",
    ),
    judge=_judge_how_many_labels,
)
