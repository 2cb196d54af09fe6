"""Exercise of lesson 04: the proxy A-distance."""

from __future__ import annotations

from typing import Any

from dann_lab.exercises.exercise import Exercise
from dann_lab.exercises.judging import judge_formula

LESSON = "04_feature_maps"


def _distance(error: float) -> float:
    return 2 * (1 - 2 * error)


def _judge_proxy_a_distance(answer: Any) -> str:
    accuracy = (
        "Yours takes the accuracy for the error: a probe that is always right has error 0, and "
        "distance 2"
    )
    judge_formula(
        answer,
        (0.1, 0.0, 0.25, 0.5, 0.6),
        # A probe worse than guessing: some cut its distance off at 0, some leave it negative.
        (_distance, lambda error: max(0.0, _distance(error))),
        {
            f"{accuracy}.": lambda e: _distance(1 - e),
            f"{accuracy}, not 0.": lambda e: max(0.0, _distance(1 - e)),
            "The 2 before the bracket is missing: the distance goes up to 2.": lambda e: 1 - 2 * e,
            "The 2 before the error is missing: a probe that guesses has error 0.5, and "
            "distance 0.": lambda e: 2 * (1 - e),
            "Both 2s are missing: yours is the accuracy.": lambda e: 1 - e,
        },
    )
    return "2 where a probe tells the domains apart without fault, 0 where it can only guess."


proxy_a_distance = Exercise(
    name="proxy_a_distance",
    lesson=LESSON,
    title="The proxy A-distance",
    difficulty=1,
    minutes=3,
    stub='''\
def proxy_a_distance(error):
    """2 (1 - 2 error), for the share of images that a domain probe gets wrong."""
    return ...''',
    answer='''\
def proxy_a_distance(error):
    """2 (1 - 2 error), for the share of images that a domain probe gets wrong."""
    return 2 * (1 - 2 * error)''',
    hints=(
        "A probe that guesses is wrong half the time. How far apart are the domains then?",
        "The error, not the accuracy: error 0 gives 2, error 0.5 gives 0.",
        "`2 * (1 - 2 * error)`",
    ),
    judge=_judge_proxy_a_distance,
)
