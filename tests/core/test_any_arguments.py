"""Whatever a number, a name or a history is: it is taken and right, or refused by its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import tiny_pair

from dann_core.domains import Batches
from dann_core.errors import DataError, RecipeError
from dann_core.history import History
from dann_core.plain_numbers import checked_number, checked_type, checked_whole, short
from dann_core.recipe import Recipe
from dann_core.reversal import reverse_gradient
from dann_core.schedules import paper_lambda, paper_learning_rate, warmup_cosine

settings.register_profile(
    "dann",
    derandomize=True,  # the same values in every run
    database=None,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("dann")

NUMBERS = st.one_of(
    st.integers(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.sampled_from([-0.0, 1e39, 1e-320, 10**5000, -(10**5000), 2**31, 2**63, np.float16("nan")]),
)
ANYTHING = st.one_of(
    NUMBERS,
    st.none(),
    st.booleans(),
    st.text(max_size=5),
    st.binary(max_size=3),
    st.lists(st.integers(), max_size=2),
    st.sampled_from([np.int8(3), np.float32(0.5), np.array(2), np.array([2]), object(), 1j]),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def outcome(call: Callable[[], Any], *refusals: type[Exception]) -> tuple[Any, str]:
    """What the call gives, or what it says when it refuses."""
    try:
        return call(), ""
    except refusals as error:
        return None, str(error)


@given(st.sampled_from([field.name for field in fields(Recipe)]), ANYTHING)
def test_a_recipe_is_whole_or_refused_by_the_name(name: str, value: Any) -> None:
    recipe, said = outcome(lambda: Recipe(**{name: value}), RecipeError)
    if said:
        assert said.startswith(f"{name}=")
        assert len(said) < 300
    elif name != "preset":
        text = json.dumps(recipe.to_dict(), allow_nan=False)
        assert Recipe.from_dict(json.loads(text)) == recipe


@given(NUMBERS)
def test_a_gradient_is_reversed_or_lambda_refused(lambda_: Any) -> None:
    x = torch.ones(3, requires_grad=True)
    y, said = outcome(lambda: reverse_gradient(x, lambda_), ValueError)
    if said:
        assert said.startswith("lambda_=")
    else:
        (found,) = torch.autograd.grad(y.sum(), x)
        assert torch.equal(found, torch.full((3,), -np.float32(float(lambda_))))


@pytest.mark.parametrize("schedule", [paper_lambda, paper_learning_rate, warmup_cosine])
@given(progress=ANYTHING)
def test_a_schedule_gives_a_number_or_refuses(schedule: Any, progress: Any) -> None:
    more = {"peak": 0.5} if schedule is warmup_cosine else {}
    found, said = outcome(lambda: schedule(progress, **more), RecipeError)
    assert said.startswith("progress=") if said else 0 <= found <= 1


@given(ANYTHING, ANYTHING)
def test_batches_are_whole_epochs_or_refused(size: Any, seed: Any) -> None:
    split = tiny_pair().source.train
    batches, said = outcome(lambda: Batches(split, size, seed), DataError, RecipeError)
    if said:
        assert len(said) < 300
    else:
        epoch = len(split) // batches.size
        seen = torch.cat([next(batches)[0] for _ in range(epoch)])
        assert len(torch.unique(seen, dim=0)) == epoch * batches.size


@given(ANYTHING)
def test_the_first_examples_are_so_many_or_refused(n: Any) -> None:
    split = tiny_pair().source.train
    found, said = outcome(lambda: split.first(n), RecipeError)
    assert said.startswith("n=") if said else len(found) == min(int(n), len(split))


@given(JSON, st.sampled_from([None, "steps", "evaluations", "marks"]))
def test_a_history_is_whole_or_refused(data: Any, place: str | None) -> None:
    whole = data if place is None else History().to_dict() | {place: data}
    found, said = outcome(lambda: History.from_dict(whole), DataError)
    if said:
        assert "history" in said
    else:
        assert History.from_dict(found.to_dict()).to_dict() == found.to_dict()


@given(NUMBERS, st.floats(0, 1), st.floats(1, 1e6))
def test_a_checked_number_is_within(value: Any, low: float, high: float) -> None:
    found, said = outcome(lambda: checked_number(value, "x", low, high), RecipeError)
    assert said.startswith("x=") if said else low <= found <= high


def test_what_is_refused_is_named_in_short() -> None:
    with pytest.raises(
        RecipeError, match=r"^x=a number of thousands of digits: it must be a whole"
    ):
        checked_whole(10**5000, "x")
    with pytest.raises(RecipeError, match=r"^x=True: it must be a whole number of at least 1 and"):
        checked_whole(True, "x", 1, 5)
    with pytest.raises(TypeError, match=r"^pair is 'digits', where a History is needed\.$"):
        checked_type("digits", History, "pair")
    assert len(short("x" * 5000)) < 100
