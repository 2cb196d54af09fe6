"""The hyper-parameters: the presets as published, and nothing out of range."""

from __future__ import annotations

import dataclasses
import json
import math
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from tiny import tiny_pair

from dann_core.errors import DannError, RecipeError, TrainingDiverged
from dann_core.plain_numbers import LARGEST
from dann_core.recipe import PRESETS, Recipe, preset
from dann_core.training import Trainer


def test_the_seed_preset_is_the_tutorials_recipe() -> None:
    recipe = preset("seed")
    assert recipe == Recipe(), "it is the default"
    assert recipe.to_dict() == {
        "preset": "seed",
        "mode": "dann",
        "method": "dann",
        "steps": 8600,
        "batch_size": 64,
        "seed": 0,
        "log_every": 100,
        "begins": 0,
        "network": "tutorial",
        "instance_norm": False,
        "contrast_inversion": False,
        "batch_norm": False,
        "separate_statistics": False,
        "dropout": 0.0,
        "domain_width": 100,
        "initialisation": "truncated-normal",
        "lambda_": None,
        "optimiser": "sgd",
        "momentum": 0.9,
        "beta1": 0.9,
        "weight_decay": 0.0,
        "learning_rate": 0.01,
        "learning_rate_schedule": "paper",
        "warmup": 0.05,
    }


@pytest.mark.parametrize("i", [0, 1, 100, 860, 4300, 8599])
def test_the_seed_presets_schedules(i: int) -> None:
    recipe, p = preset("seed"), i / 8600
    assert recipe.lambda_source()(i + 1, p) == 2 / (1 + math.exp(-10 * p)) - 1
    assert recipe.learning_rate_at(p) == 0.01 / (1 + 10 * p) ** 0.75


def test_the_quick_preset() -> None:
    recipe = preset("quick")
    assert (recipe.steps, recipe.batch_size, recipe.mode) == (4000, 64, "dann")
    assert (recipe.instance_norm, recipe.batch_norm, recipe.dropout) == (True, True, 0.5)
    assert (recipe.network, recipe.contrast_inversion) == ("tutorial", True)
    assert (recipe.optimiser, recipe.learning_rate, recipe.beta1) == ("adamw", 0.004, 0.5)
    assert recipe.learning_rate_at(0.0) == 0
    assert recipe.learning_rate_at(0.15) == pytest.approx(0.002)
    assert recipe.learning_rate_at(0.3) == pytest.approx(0.004)
    assert recipe.learning_rate_at(3999 / 4000) < 1e-8
    assert recipe.lambda_source()(1, 0.5) == pytest.approx(math.tanh(2.5))


def test_the_deep_preset_is_the_quick_one_with_another_network() -> None:
    assert preset("deep") == preset("quick", preset="deep", network="deep")


@pytest.mark.parametrize(
    ("warmup", "progress", "rate"),
    [(0, 0.0, 1.0), (0, 0.5, 0.5), (0.2, 0.1, 0.5), (0.2, 0.2, 1.0), (1, 0.75, 0.75)],
)
def test_the_warm_up_is_the_recipes(warmup: float, progress: float, rate: float) -> None:
    recipe = preset("quick", warmup=warmup, learning_rate=1.0)
    assert recipe.learning_rate_at(progress) == pytest.approx(rate)


def test_beta1_is_the_optimisers() -> None:
    for value in (0, 0.5, 0.9):
        trainer = Trainer(tiny_pair(), preset("quick", beta1=value, batch_size=8), device="cpu")
        (group,) = trainer.optimiser.param_groups
        assert group["betas"] == (value, 0.999)


def test_a_constant_lambda_replaces_the_schedule() -> None:
    for value in (0, 0.3, 2.0):
        source = preset("seed", lambda_=value).lambda_source()
        assert [source(1, 0.0), source(8600, 0.99)] == [value, value]


def test_a_recipe_cannot_be_changed_only_replaced() -> None:
    recipe = Recipe()
    with pytest.raises(dataclasses.FrozenInstanceError):
        recipe.steps = 1  # type: ignore[misc]
    assert preset("seed", steps=10).steps == 10
    assert PRESETS["seed"].steps == 8600


@pytest.mark.parametrize("name", PRESETS)
def test_a_recipe_survives_json(name: str) -> None:
    recipe = preset(name, seed=7, lambda_=0.1, mode="source")
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mode", "both"),
        ("mode", None),
        ("steps", 0),
        ("steps", 1.5),
        ("steps", True),
        ("steps", "10"),
        ("batch_size", 0),
        ("batch_size", 63),
        ("seed", -1),
        ("seed", 2**31),
        ("seed", 0.5),
        ("log_every", 0),
        ("domain_width", 0),
        ("network", "resnet"),
        ("network", None),
        ("instance_norm", 1),
        ("contrast_inversion", 0),
        ("batch_norm", "yes"),
        ("separate_statistics", True),  # of what, without batch norm?
        ("dropout", 1.0),
        ("dropout", -0.1),
        ("dropout", math.nan),
        ("momentum", 1.0),
        ("beta1", 1.0),
        ("beta1", -0.1),
        ("beta1", True),
        ("warmup", 1.1),
        ("warmup", -0.1),
        ("weight_decay", -1e-9),
        ("learning_rate", 0.0),
        ("learning_rate", math.inf),
        ("learning_rate", math.nan),
        ("learning_rate", "fast"),
        ("lambda_", -0.1),
        ("lambda_", math.nan),
        ("lambda_", math.inf),
        ("lambda_", "paper"),
        ("initialisation", "xavier"),
        ("optimiser", "adam"),
        ("learning_rate_schedule", "step"),
    ],
)
def test_a_value_out_of_range_is_named_and_refused(name: str, value: Any) -> None:
    with pytest.raises(RecipeError) as refused:
        Recipe(**{name: value})
    assert f"{name}={value!r}" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert isinstance(refused.value, DannError)


def test_what_is_unknown_is_named_beside_what_is_known() -> None:
    with pytest.raises(RecipeError, match=r"'fast'.*seed, quick, deep"):
        preset("fast")
    with pytest.raises(RecipeError, match=r"'colour'.*batch_size"):
        Recipe.from_dict({"colour": 1})


NAMES = [field.name for field in dataclasses.fields(Recipe)]
ABSURD = [-1, 10**400, 10**5000, -(10**5000), math.nan, math.inf, 1e39, "", "x" * 10_000, [1] * 999]
ABSURD += [(), {}, np.array([1, 2]), np.array(["dann"]), b"dann", object()]


@pytest.mark.parametrize("name", NAMES)
def test_whatever_is_no_value_is_refused_in_one_short_line(name: str) -> None:
    for value in ABSURD:
        if name == "preset" and isinstance(value, str):  # any name will do
            continue
        with pytest.raises(RecipeError) as refused:
            Recipe(**{name: value})
        message = str(refused.value)
        assert message.startswith(f"{name}=")
        assert "\n" not in message
        assert len(message) < 200


def test_the_largest_and_the_least_values_train_or_diverge() -> None:
    """Nothing that a recipe takes is refused by PyTorch in the middle of a step."""
    largest = {
        "lambda_": LARGEST,
        "learning_rate": 1e9,
        "weight_decay": 1e9,
        "log_every": 2**31 - 1,
    }
    least = {"lambda_": 0, "learning_rate": 5e-324, "weight_decay": 5e-324, "momentum": 0}
    least |= {"beta1": 0, "warmup": 0}
    for name in PRESETS:
        for values in (largest, least):
            recipe = preset(name, batch_size=4, domain_width=8, steps=2**31 - 1, **values)
            trainer = Trainer(tiny_pair(), recipe, device="cpu")
            with suppress(TrainingDiverged):
                for _ in range(3):
                    next(trainer)


def test_an_unknown_preset_is_refused_whatever_it_is() -> None:
    for name in ([], 5, None, "9" * 5000, 10**5000):
        with pytest.raises(RecipeError, match="There is no preset") as refused:
            preset(name)  # type: ignore[arg-type]
        assert len(str(refused.value)) < 200
