"""Lambda and the learning rate, as pure functions of progress.

Progress ``p`` is ``i / steps`` for the ``i``-th step counted from 0, so it runs from 0 to just
under 1. Nothing here counts steps: an evaluation or a resumed run cannot push a schedule along.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

from dann_core.plain_numbers import LARGEST, Number, checked_number

LambdaSource = Callable[[int, float], Number]
"""The one door for lambda. Asked once, at the start of a step, as ``source(step, progress)``, with
``step`` counted from 1; answers with a finite number >= 0. A schedule, a constant, a slider and a
recorded trace are all such callables."""


def paper_lambda(progress: Number, gamma: Number = 10.0) -> float:
    """``2 / (1 + exp(-gamma p)) - 1``: 0 at first, near 1 from the middle on.

    ``progress``: 0 to 1. ``gamma``: at least 0. Raises :class:`RecipeError` for anything else.
    (Ganin & Lempitsky 2015, section 4.)
    """
    p, steepness = checked_number(progress, "progress", 0, 1), checked_number(gamma, "gamma")
    return 2.0 / (1.0 + math.exp(-steepness * p)) - 1.0


def paper_learning_rate(progress: Number, start: Number = 0.01) -> float:
    """``start / (1 + 10 p)^0.75``. (Ganin & Lempitsky 2015, section 4.)

    ``progress``: 0 to 1. ``start``: at least 0. Raises :class:`RecipeError` for anything else.
    """
    p = checked_number(progress, "progress", 0, 1)
    return checked_number(start, "start") / (1.0 + 10.0 * p) ** 0.75


def warmup_cosine(progress: Number, peak: Number, warmup: Number = 0.05) -> float:
    """From 0 up to ``peak`` in the first ``warmup`` of the run, then down to 0 along a half cosine.

    ``progress``, ``warmup``: 0 to 1. ``peak``: at least 0. Raises :class:`RecipeError` for anything
    else.
    (Loshchilov & Hutter 2017, "SGDR", equation 5, one cycle.)
    """
    p, begins = checked_number(progress, "progress", 0, 1), checked_number(warmup, "warmup", 0, 1)
    most = checked_number(peak, "peak")
    if p < begins:
        return most * p / begins
    if begins == 1:
        return most
    return most * 0.5 * (1.0 + math.cos(math.pi * (p - begins) / (1.0 - begins)))


def follow_paper(step: int, progress: Number) -> float:
    """The paper's schedule as a :data:`LambdaSource`."""
    return paper_lambda(progress)


def constant(value: Number) -> LambdaSource:
    """The same ``value``, 0 to 3.4e38, at every step."""
    return partial(_held, checked_number(value, "value", 0, LARGEST))


def trace(values: Sequence[Number]) -> LambdaSource:
    """Replay recorded values, one a step from step 1 on; past the end, the last one holds."""
    recorded = [checked_number(v, f"values[{k}]", 0, LARGEST) for k, v in enumerate(values)]
    if not recorded:
        raise ValueError("A lambda trace needs at least one value.")
    return partial(_replayed, recorded)


# Functions of the module, not of the call: pickle finds no others.
def _held(value: float, step: int, progress: float) -> float:
    return value


def _replayed(values: Sequence[float], step: int, progress: float) -> float:
    return values[min(step, len(values)) - 1]
