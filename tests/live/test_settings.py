"""Settings: one value of what can be chosen, and the string that carries it in a link."""

from __future__ import annotations

import math
from itertools import product

import pytest

from dann_core.datasets import PAIRS
from dann_core.errors import DannError, RecipeError
from dann_core.recipe import PRESETS
from dann_lab.live.settings import LAMBDA_RANGE, Settings, usual_lambda
from dann_lab.runs.usual import EMBEDDED_STEPS

SOME = Settings(pair="mnist", mode="source", preset="seed", seed=7, steps=50, lambda_=0.35)


def test_a_string_brings_back_all_settings() -> None:
    for pair, mode, preset in product(PAIRS, ("dann", "source", "target"), PRESETS):
        for lambda_ in (None, 0.0, 0.01, 1.37, 2.0):
            given = Settings(
                pair=pair, mode=mode, preset=preset, seed=2**31 - 1, steps=3, lambda_=lambda_
            )
            assert Settings.from_string(given.to_string()) == given


def test_what_learns_is_in_a_link_where_it_is_not_everything() -> None:
    """Links of before there was a choice mean what they meant."""
    assert "part" not in Settings().to_string()
    assert Settings.from_string("pair=stripes&mode=dann&lambda=paper").part == "both"
    for part in ("domain", "features"):
        given = Settings(part=part, method="cdan")
        assert Settings.from_string(given.to_string()) == given
        assert not given.same_run(Settings(method="cdan"))
    for other in ({"mode": "source"}, {"method": "coral"}):  # no domain classifier
        assert Settings(part="domain").changed(**other) == Settings().changed(**other)


def test_every_value_of_the_slider_survives_the_string() -> None:
    for hundredth in range(201):
        given = Settings(lambda_=hundredth / 100)
        assert Settings.from_string(given.to_string()) == given


@pytest.mark.parametrize(
    "around", ["{}", "#{}", "?{}", " {}\n", "http://127.0.0.1:8866/#{}", "http://a/?x=1#{}"]
)
def test_the_string_is_found_in_a_link(around: str) -> None:
    assert Settings.from_string(around.format(SOME.to_string())) == SOME


def test_what_a_string_does_not_name_keeps_its_default() -> None:
    assert Settings.from_string("seed=3") == Settings(seed=3)
    assert Settings.from_string("lambda=paper") == Settings()
    assert Settings.from_string("pair=mnist") == Settings().changed(pair="mnist")
    assert Settings.from_string("preset=deep&pair=stripes") == Settings().changed(preset="deep")
    assert Settings.from_string("preset=deep&pair=stripes").recipe().network == "deep"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "pair=stripes"),
        ("#", "pair=stripes"),
        ("hello", "pair=stripes"),
        ("http://127.0.0.1:8866/", "pair=stripes"),
        ("colour=red", "'colour'"),
        ("lambda_=1", "'lambda_'"),
        ("pair=svhn", "'svhn'"),
        ("mode=both", "'both'"),
        ("preset=slow", "'slow'"),
        ("part=all", "part='all': it must be one of both, domain, features"),
        ("seed=one", "'one'"),
        ("seed=", "pair=stripes"),
        ("seed=&steps=5", "seed=''"),
        ("seed=1.5", "'1.5'"),
        ("seed=-1", "-1"),
        ("seed=2147483648", "2147483648"),
        ("steps=0", "steps=0"),
        ("steps=1e3", "'1e3'"),
        ("lambda=2.01", "2.01"),
        ("lambda=-0.1", "-0.1"),
        ("lambda=nan", "nan"),
        ("lambda=inf", "inf"),
        ("lambda=high", "'high'"),
        ("pair=digits&lambda=", "lambda=''"),
    ],
)
def test_what_cannot_be_read_is_named_in_one_line(text: str, names: str) -> None:
    with pytest.raises(DannError) as caught:
        Settings.from_string(text)
    assert names in str(caught.value)
    assert "\n" not in str(caught.value)


def test_lambda_by_hand_has_the_sliders_range() -> None:
    low, high = LAMBDA_RANGE["dann"]
    assert (low, high) == (0, 2)
    assert Settings(lambda_=low).lambda_ == low
    assert Settings(lambda_=high).lambda_ == high
    for wrong in (-1e-9, 2.0001, math.nan, math.inf):
        with pytest.raises(RecipeError, match="0 to 2"):
            Settings(lambda_=wrong)


def test_a_pair_or_preset_comes_with_the_steps_that_suit_it() -> None:
    stripes = Settings()
    assert (stripes.pair, stripes.steps) == ("stripes", EMBEDDED_STEPS["stripes"])
    assert stripes.changed(pair="digits").steps == EMBEDDED_STEPS["digits"]
    assert stripes.changed(preset="deep").steps == 2 * EMBEDDED_STEPS["stripes"]
    assert stripes.changed(preset="deep", steps=5).steps == 5
    mnist = stripes.changed(pair="mnist")
    assert mnist.steps == PRESETS["quick"].steps
    assert mnist.changed(preset="seed").steps == PRESETS["seed"].steps
    assert mnist.changed(preset="seed").changed(pair="stripes").steps == stripes.steps
    assert stripes.changed(preset="seed").steps == stripes.steps
    assert mnist.changed(preset="deep").steps == PRESETS["deep"].steps
    assert mnist.changed(preset="seed", steps=12).steps == 12
    assert mnist.changed(steps=12).changed(mode="source").steps == 12


def test_lambda_alone_makes_no_other_run() -> None:
    assert SOME.same_run(SOME.changed(lambda_=None))
    for change in ({"seed": 8}, {"steps": 51}, {"mode": "dann"}, {"pair": "digits"}):
        assert not SOME.same_run(SOME.changed(**change))


def test_the_recipe_is_what_was_chosen() -> None:
    recipe = SOME.recipe()
    assert (recipe.preset, recipe.mode, recipe.seed, recipe.steps) == ("seed", "source", 7, 50)
    assert recipe.optimiser == PRESETS["seed"].optimiser


# Methods


@pytest.mark.parametrize("method", LAMBDA_RANGE)
def test_a_method_is_in_the_recipe_and_in_the_string(method: str) -> None:
    for lambda_ in (None, *LAMBDA_RANGE[method]):
        given = Settings(method=method, lambda_=lambda_)
        assert given.recipe().method == method
        assert Settings.from_string(given.to_string()) == given
        assert ("method" in given.to_string()) == (method != "dann")
    assert Settings(mode="source", method=method).recipe().mode == "source"


def test_a_string_of_the_time_before_methods_is_danns() -> None:
    text = "pair=mnist&mode=dann&preset=quick&seed=0&steps=4000&lambda=paper"
    assert Settings.from_string(text).method == "dann"
    assert Settings.from_string(text).to_string() == text


def test_lambda_by_hand_has_the_range_of_its_method() -> None:
    low, high = LAMBDA_RANGE["coral"]
    assert high > LAMBDA_RANGE["dann"][1]
    assert Settings(method="coral", lambda_=high).lambda_ == high
    with pytest.raises(RecipeError, match=f"from {low:g} to {high:g}"):
        Settings(method="coral", lambda_=high * 1.01)
    with pytest.raises(RecipeError, match="from 0 to 2"):
        Settings(lambda_=high)


def test_another_method_comes_with_the_lambda_that_suits_it() -> None:
    by_hand = Settings(lambda_=1.5)
    coral = by_hand.changed(method="coral")
    assert coral.lambda_ == LAMBDA_RANGE["coral"][1] / 2 == usual_lambda("coral")
    assert coral.changed(method="cdan").lambda_ is None
    assert by_hand.changed(method="mmd", lambda_=7.0).lambda_ == 7
    assert by_hand.changed(method="dann").lambda_ == 1.5
    assert coral.changed(steps=5).lambda_ == coral.lambda_
    assert Settings.from_string("method=mmd").lambda_ == usual_lambda("mmd")
    assert Settings.from_string("method=mmd&lambda=paper").lambda_ is None
    assert not by_hand.same_run(coral)


@pytest.mark.parametrize("method", ["", "DANN", "deep", 3, None, ["mmd"]])
def test_there_is_no_other_method(method: object) -> None:
    with pytest.raises(RecipeError, match=r"one of dann, cdan, cdan\+e, coral, mmd"):
        Settings().changed(method=method)
