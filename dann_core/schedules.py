"""Lambda and the learning rate, as pure functions of progress.

Progress ``p`` is ``i / steps`` for the ``i``-th step counted from 0, so it runs from 0 to just
under 1. Nothing here counts steps: an evaluation or a resumed run cannot push a schedule along.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

from dann_core.plain_numbers import Number

LambdaSource = Callable[[int, float], Number]
"""The one door for lambda. Asked once, at the start of a step, as ``source(step, progress)``, with
``step`` counted from 1; answers with a finite number >= 0. A schedule, a constant, a slider and a
recorded trace are all such callables."""


def paper_lambda(progress: float, gamma: float = 10.0) -> float:
    """``2 / (1 + exp(-gamma p)) - 1``: 0 at first, near 1 from the middle on.

    (Ganin & Lempitsky 2015, section 4.)
    """
    return 2.0 / (1.0 + math.exp(-gamma * progress)) - 1.0


def paper_learning_rate(progress: float, start: float = 0.01) -> float:
    """``start / (1 + 10 p)^0.75``. (Ganin & Lempitsky 2015, section 4.)"""
    return start / (1.0 + 10.0 * progress) ** 0.75


def warmup_cosine(progress: float, peak: float, warmup: float = 0.05) -> float:
    """From 0 up to ``peak`` in the first ``warmup`` of the run, then down to 0 along a half cosine.

    (Loshchilov & Hutter 2017, "SGDR", equation 5, one cycle.)
    """
    if progress < warmup:
        return peak * progress / warmup
    return peak * 0.5 * (1.0 + math.cos(math.pi * (progress - warmup) / (1.0 - warmup)))


def follow_paper(step: int, progress: float) -> float:
    """The paper's schedule as a :data:`LambdaSource`."""
    return paper_lambda(progress)


def constant(value: Number) -> LambdaSource:
    """The same ``value`` at every step."""
    return partial(_held, float(value))


def trace(values: Sequence[Number]) -> LambdaSource:
    """Replay recorded values, one a step from step 1 on; past the end, the last one holds."""
    recorded = [float(value) for value in values]
    if not recorded:
        raise ValueError("A lambda trace needs at least one value.")
    return partial(_replayed, recorded)


# Functions of the module, not of the call: pickle finds no others.
def _held(value: float, step: int, progress: float) -> float:
    return value


def _replayed(values: Sequence[float], step: int, progress: float) -> float:
    return values[min(step, len(values)) - 1]
