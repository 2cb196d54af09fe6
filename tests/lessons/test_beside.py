"""Methods beside each other: what the page asks, and what it hears."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from dann_core.methods import METHODS
from dann_core.moons import POINTS, moons_trainer
from dann_lab.figures.judgement import DISTANCES
from dann_lab.lessons.beside import BEGINS, NAMES, SOURCE, MethodsBeside
from dann_lab.lessons.playground import GRID, MOONS_LAMBDA, MOST_STEPS
from dann_lab.live.settings import usual_lambda


class Browser:
    """Speaks as beside.js does."""

    def __init__(self) -> None:
        self.widget = MethodsBeside()

    def ask(self, type_: str, **more: Any) -> dict[str, Any]:
        heard: list[dict[str, Any]] = []
        self.widget.send = heard.append
        message = {"type": type_, "client": "one", "wish": 7, "dark": False, **more}
        self.widget._handle_custom_msg(message, [])
        [answer] = heard
        json.dumps(answer, allow_nan=False)  # as it travels
        assert (answer["client"], answer["wish"]) == ("one", 7)
        return answer

    def set(self, **knobs: Any) -> dict[str, Any]:
        return self.ask("set", knobs=knobs)

    def step(self, steps: int) -> dict[str, Any]:
        for _ in range(steps // MOST_STEPS):
            answer = self.ask("step", steps=MOST_STEPS)
        if steps % MOST_STEPS:
            answer = self.ask("step", steps=steps % MOST_STEPS)
        return answer


@pytest.fixture
def page() -> Browser:
    return Browser()


def points(run: dict[str, Any]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(run["points"]), dtype="<f4").reshape(-1, 2)


def test_all_begin_with_the_same_points_and_nothing_trained(page: Browser) -> None:
    answer = page.ask("look")
    assert answer["knobs"]["methods"] == list(BEGINS)
    assert (answer["step"], len(answer["runs"])) == (0, 4)
    for run in answer["runs"]:
        np.testing.assert_array_equal(points(run), points(answer["runs"][0]))
        assert len(points(run)) == len(answer["labels"]) == 2 * POINTS
        assert len(base64.b64decode(run["grids"][0])) == GRID**2


def test_one_step_is_a_step_of_each_and_each_is_its_own_methods(page: Browser) -> None:
    answer = page.step(23)
    assert answer["step"] == 23
    for method, run in zip(BEGINS, page.widget.runs, strict=True):
        assert run.trainer.step == 23
        alone = moons_trainer(method=method, lambda_=usual_lambda(method, MOONS_LAMBDA))
        for _ in range(23):
            next(alone)
        assert run.trainer.history[-1].total_loss == alone.history[-1].total_loss
        assert bool(answer["runs"][BEGINS.index(method)]["grids"][1]) is (method not in DISTANCES)


@pytest.mark.parametrize("method", [SOURCE, *METHODS])
def test_another_method_catches_up_and_leaves_the_others_alone(method: str, page: Browser) -> None:
    before = page.step(20)
    answer = page.set(methods=["dann", method, "coral", "mmd"])
    assert answer["step"] == 20
    assert page.widget.runs[1].trainer.step == 20
    for k in (0, 2, 3):
        assert answer["runs"][k] == before["runs"][k]
    assert NAMES[method] in answer["sentence"]


def test_another_shift_begins_anew_and_another_amount_does_not(page: Browser) -> None:
    page.step(20)
    assert page.set(amount=80)["step"] == 20
    answer = page.set(shift="moved")
    assert (answer["step"], answer["knobs"]["amount"]) == (0, 0.5)


def test_the_pictures_are_of_the_inputs_or_of_the_features(page: Browser) -> None:
    inputs, features = page.ask("look"), page.set(plane="features")
    assert inputs["runs"][0]["reach"] == [-2.2, 2.2, -2.2, 2.2]
    assert not np.array_equal(points(inputs["runs"][0]), points(features["runs"][0]))
    left, right, low, high = features["runs"][0]["reach"]
    x, y = points(features["runs"][0]).T
    assert left < x.min() < x.max() < right
    assert low < y.min() < y.max() < high


def test_a_run_that_overflows_says_so_and_the_others_go_on(page: Browser) -> None:
    page.step(5)
    page.widget.runs[2].trainer.model.label_predictor.weight.data[:] = float("inf")
    answer = page.step(5)
    assert answer["runs"][2]["stopped"] == "overflowed at step 6"
    assert "CORAL overflowed at step 6" in answer["sentence"]
    assert [run.trainer.step for run in page.widget.runs] == [10, 10, 5, 10]
    again = page.ask("reset")
    assert (again["step"], again["runs"][2]["stopped"]) == (0, "")


def test_a_new_seed_has_other_points_for_all(page: Browser) -> None:
    before, after = page.ask("look"), page.ask("seed")
    for one, other in zip(before["runs"], after["runs"], strict=True):
        assert not np.array_equal(points(one), points(other))
        np.testing.assert_array_equal(points(other), points(after["runs"][0]))


def test_it_ends_with_the_last_step_and_no_message_hangs_the_page(page: Browser) -> None:
    assert page.ask("step", steps=10_000)["step"] == MOST_STEPS
    page.set(methods=[SOURCE] * 4)
    answer = page.step(page.widget.steps + 40)
    assert answer["step"] == answer["steps"] == 1000
