"""Lambda and the learning rate as functions of progress."""

from __future__ import annotations

import math

import pytest

from dann_core.errors import RecipeError
from dann_core.schedules import (
    constant,
    follow_paper,
    paper_lambda,
    paper_learning_rate,
    trace,
    warmup_cosine,
)


def test_the_papers_lambda() -> None:
    assert paper_lambda(0.0) == 0.0
    # 2 / (1 + exp(-10 p)) - 1 is tanh(5 p).
    for p in (0.01, 0.1, 0.25, 0.5, 0.9, 1.0):
        assert paper_lambda(p) == pytest.approx(math.tanh(5 * p), abs=1e-15)
    assert paper_lambda(0.5) == pytest.approx(0.9866142981514305)
    assert paper_lambda(0.1, gamma=1.0) == pytest.approx(math.tanh(0.05))


def test_the_papers_learning_rate() -> None:
    assert paper_learning_rate(0.0) == 0.01
    assert paper_learning_rate(0.1) == pytest.approx(0.01 / 2**0.75)
    assert paper_learning_rate(1.0) == pytest.approx(0.01 / 11**0.75)
    assert paper_learning_rate(0.1, start=1.0) == pytest.approx(2**-0.75)


def test_warm_up_then_cosine() -> None:
    peak = 0.002
    assert warmup_cosine(0.0, peak) == 0.0
    assert warmup_cosine(0.025, peak) == pytest.approx(peak / 2)
    assert warmup_cosine(0.05, peak) == pytest.approx(peak)
    assert warmup_cosine(0.05 - 1e-9, peak) == pytest.approx(peak), "no jump at the top"
    assert warmup_cosine(0.05 + 0.95 / 2, peak) == pytest.approx(peak / 2)
    assert warmup_cosine(0.05 + 0.95 / 4, peak) == pytest.approx(peak * (2 + math.sqrt(2)) / 4)
    assert warmup_cosine(1.0, peak) == pytest.approx(0.0, abs=1e-18)


def test_schedules_are_functions_of_progress_alone() -> None:
    """Asked twice, or out of order, the answer is the same: an evaluation cannot advance them."""
    for schedule in (paper_lambda, paper_learning_rate):
        forwards = [schedule(i / 50) for i in range(50)]
        backwards = [schedule(i / 50) for i in reversed(range(50))]
        assert forwards == backwards[::-1]
    assert follow_paper(1, 0.3) == follow_paper(7, 0.3) == paper_lambda(0.3)


def test_a_constant_and_a_trace() -> None:
    assert [constant(0.3)(step, step / 9) for step in (1, 5, 9)] == [0.3] * 3
    values = [0.1, 0.2, 0.3]
    source = trace(values)
    values[0] = 9.0  # the trace is what was recorded, not what becomes of the list
    assert [source(step, 0.0) for step in (1, 2, 3, 4, 100)] == [0.1, 0.2, 0.3, 0.3, 0.3]
    with pytest.raises(ValueError, match="at least one value"):
        trace([])
    for value in (-1, math.nan, 1e39, [0.5]):  # as a training itself refuses them
        with pytest.raises(RecipeError, match="value="):
            constant(value)
        with pytest.raises(RecipeError, match=r"values\[1\]="):
            trace([0.5, value])
