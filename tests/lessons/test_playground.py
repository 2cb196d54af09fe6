"""What a browser says to the playground, and what it hears back."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from dann_core.methods import METHODS
from dann_core.moons import FORMS, POINTS
from dann_lab.figures.judgement import DISTANCES
from dann_lab.figures.theme import DARK
from dann_lab.lessons.playground import GRID, MOONS_LAMBDA, MOST_STEPS, Playground
from dann_lab.lessons.shifts import DRAWN, SHIFTS, shifted_pair
from dann_lab.live.settings import usual_lambda


class Browser:
    """Speaks as playground.js does."""

    def __init__(self, **options: Any) -> None:
        self.widget = Playground(**options)
        self.wish = 0

    def ask(self, type_: str, **more: Any) -> dict[str, Any]:
        heard: list[dict[str, Any]] = []

        def hear(answer: dict[str, Any], buffers: list[bytes] | None = None) -> None:
            assert not buffers
            json.dumps(answer, allow_nan=False)  # as it travels
            heard.append(answer)

        self.widget.send = hear
        self.wish += 1
        message = {"type": type_, "client": "one", "wish": self.wish, "dark": False}
        self.widget._handle_custom_msg({**message, "figures": False, **more}, [])
        [answer] = heard
        assert (answer["client"], answer["wish"]) == ("one", self.wish)
        return answer

    def set(self, **knobs: Any) -> dict[str, Any]:
        return self.ask("set", knobs=knobs)

    def step(self, steps: int = 1) -> dict[str, Any]:
        return self.ask("step", steps=steps)


@pytest.fixture
def page() -> Browser:
    return Browser()


def numbers(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), dtype="<f4").reshape(-1, 2)


@pytest.fixture
def doubles() -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.usefixtures("doubles")
def test_a_notebook_that_computes_in_float64_has_a_playground() -> None:
    page = Browser()
    assert page.step(3)["step"] == 3
    assert numbers(page.ask("look")["features"]).shape == (2 * POINTS, 2)


def test_a_look_shows_the_untrained_network_and_what_the_first_step_will_do(page: Browser) -> None:
    answer = page.ask("look")
    assert (answer["step"], answer["losses"]) == (0, None)
    assert answer["sentence"].startswith("Untrained")
    assert numbers(answer["inputs"]).shape == (2 * POINTS, 2)
    assert len(answer["labels"]) == 2 * POINTS
    left, right, low, high = answer["reach"]
    features = numbers(answer["features"])
    assert (features > [left, low]).all()
    assert (features < [right, high]).all()
    for grids in answer["grids"].values():
        assert [len(base64.b64decode(grid)) for grid in grids] == [GRID**2] * 2
    assert np.abs(numbers(answer["pushes"]["label"])[:POINTS]).max() > 0
    assert not numbers(answer["pushes"]["reversed"]).any()  # the paper's lambda starts at 0


def test_lambda_by_hand_is_the_next_steps_and_lengthens_the_reversed_arrows_only(
    page: Browser,
) -> None:
    for _ in range(5):
        page.step()
    half, one = page.set(lambda_=0.5), page.set(lambda_=1.0)
    np.testing.assert_allclose(
        2 * numbers(half["pushes"]["reversed"]), numbers(one["pushes"]["reversed"]), rtol=1e-5
    )
    assert half["pushes"]["domain"] == one["pushes"]["domain"]
    page.step()
    assert page.widget.trainer.history[-1].lambda_ == 1.0
    page.set(lambda_=None)
    page.step()
    assert page.widget.trainer.history[-1].lambda_ < 0.1


def test_reset_repeats_the_first_steps_and_undo_brings_the_run_back(page: Browser) -> None:
    first = [page.step()["losses"] for _ in range(3)]
    answer = page.ask("reset")
    assert (answer["step"], answer["undo"]) == (0, True)
    assert [page.step()["losses"] for _ in range(2)] == first[:2]
    assert page.ask("undo")["step"] == 3
    other = page.ask("seed")
    assert other["knobs"]["seed"] != 0
    assert page.step()["losses"] != first[0]
    back = page.ask("undo")
    assert (back["step"], back["knobs"]["seed"]) == (3, 0)
    assert page.step()["step"] == 4


def test_the_form_and_the_part_are_told_and_taken(page: Browser) -> None:
    for form in FORMS:
        assert page.set(form=form)["knobs"]["form"] == form
        assert page.widget.trainer.form == form
    before = page.set(form="reverse", part="domain")
    after = page.step()
    assert after["features"] == before["features"]
    assert after["grids"]["features"][1] != before["grids"]["features"][1]


def test_turning_the_target_moves_it_and_says_how_well_it_is_still_known(page: Browser) -> None:
    for _ in range(10):
        page.step(20)
    before, after = page.ask("look"), page.set(amount=90)
    assert after["step"] == before["step"]
    there, here = numbers(before["inputs"]), numbers(after["inputs"])
    np.testing.assert_array_equal(there[:POINTS], here[:POINTS])
    assert np.abs(there[POINTS:] - here[POINTS:]).max() > 0.5
    assert after["target"] < before["target"]
    reset = page.ask("reset")
    assert reset["knobs"]["amount"] == 90


def test_one_message_cannot_ask_for_so_many_steps_that_the_page_hangs(page: Browser) -> None:
    assert page.step(10_000)["step"] == MOST_STEPS


def test_it_ends_with_the_last_step(page: Browser) -> None:
    steps = page.ask("look")["steps"]
    for _ in range(steps // MOST_STEPS + 2):
        answer = page.step(MOST_STEPS)
    assert answer["step"] == steps
    assert answer["problem"] == ""


def test_a_step_that_diverges_is_said_and_reset_starts_again(
    page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.step()
    weights = page.widget.trainer.model.label_predictor.weight
    weights.data[:] = float("inf")
    answer = page.step()
    assert "no longer finite at step 2" in answer["problem"]
    assert "Reset" in answer["problem"]
    assert page.ask("reset")["problem"] == ""
    assert page.step()["step"] == 1


def test_curves_come_when_asked_for_in_the_pages_look(page: Browser) -> None:
    page.step(20)
    answer = page.ask("look", figures=True, dark=True)
    assert answer["figures"]["losses"]["layout"]["font"]["color"] == DARK.text
    assert "ln 2" in answer["captions"]["losses"]
    chance = [note["text"] for note in answer["figures"]["accuracies"]["layout"]["annotations"]]
    assert chance == ["chance"]


def test_the_sentence_says_what_a_subtracted_loss_does(page: Browser) -> None:
    page.set(form="subtract", lambda_=1.0)
    for _ in range(10):
        answer = page.step(20)
    assert "one answer for everything: half of it is right, at a loss of" in answer["sentence"]
    table = page.widget.choices["tables"]
    assert "up the domain loss" in table["dann"]["subtract"][1][1]
    assert table["dann"]["reverse"][1][1] == "goes down the domain loss"


# Methods


@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_a_run_of_its_own_and_undo_brings_the_last_one_back(
    method: str, page: Browser
) -> None:
    page.set(lambda_=0.5, form="scale", part="features")
    page.step(3)
    answer = page.set(method=method)
    if method == "dann":
        assert answer["step"] == 3
        return
    assert (answer["step"], answer["undo"], answer["problem"]) == (0, True, "")
    assert answer["knobs"] == {
        "shift": "turned",
        "amount": 35.0,
        "seed": 0,
        "method": method,
        "lambda_": usual_lambda(method, MOONS_LAMBDA),
        "part": "both",
        "form": "reverse",
    }
    assert page.step(2)["step"] == 2
    assert page.widget.trainer.recipe.method == method
    assert page.ask("reset")["knobs"]["method"] == method
    page.ask("undo")
    back = page.ask("undo")
    assert (back["step"], back["knobs"]["method"], back["knobs"]["lambda_"]) == (3, "dann", 0.5)
    assert (back["knobs"]["form"], page.widget.trainer.form) == ("scale", "scale")


@pytest.mark.parametrize("method", METHODS)
def test_a_domain_boundary_is_where_there_is_a_domain_classifier(
    method: str, page: Browser
) -> None:
    answer = page.set(method=method)
    judged = method not in DISTANCES
    assert answer["has_classifier"] is judged
    for labels, domains in answer["grids"].values():
        assert len(base64.b64decode(labels)) == GRID**2
        assert len(base64.b64decode(domains)) == (GRID**2 if judged else 0)
    answer = page.step(20)
    answer = page.ask("look", figures=True)
    said = answer["sentence"] + answer["captions"]["losses"] + answer["captions"]["accuracies"]
    assert ("domain classifier" in said) is judged
    assert ("ln 2" in said) is judged
    assert ("reversed arrows" in said) is judged
    assert ("distance arrows" in said) is not judged
    table = page.widget.choices["tables"][method]["reverse"]
    assert ("Domain classifier" in " ".join(part for part, *_ in table)) is judged


def test_cdans_boundary_is_that_of_features_times_class_probabilities(page: Browser) -> None:
    page.set(method="cdan", lambda_=1.0)
    answer = page.step(20)
    model = page.widget.trainer.model
    left, right, low, high = answer["reach"]
    corners = torch.tensor([[left, high], [right, low]])
    with torch.no_grad():
        classes = model.label_predictor(corners).softmax(dim=1)
        products = (corners[:, :, None] * classes[:, None, :]).flatten(1)
        expected = model.domain_classifier(products).softmax(dim=1)[:, 1]
    shown = np.frombuffer(base64.b64decode(answer["grids"]["features"][1]), dtype=np.uint8)
    np.testing.assert_allclose(shown[[0, -1]] / 255, expected, atol=0.5 / 255 + 1e-6)


@pytest.mark.parametrize("method", sorted(DISTANCES))
def test_a_distances_arrows_point_where_descent_goes_lambda_times(
    method: str, page: Browser
) -> None:
    page.set(method=method)
    answer = page.step(5)
    pushes = {name: numbers(text) for name, text in answer["pushes"].items()}
    assert np.abs(pushes["domain"]).max() > 0
    np.testing.assert_allclose(
        pushes["reversed"], answer["lambda"] * pushes["domain"], rtol=1e-4, atol=1e-9
    )


def test_slow_motion_begins_where_there_is_something_to_reverse(page: Browser) -> None:
    plain = page.step(0)
    lengths = {key: np.abs(numbers(text)).max() for key, text in plain["pushes"].items()}
    assert lengths["reversed"] == 0  # the schedule begins at lambda 0
    answer = page.ask("slow")
    assert (answer["step"], answer["lambda"], answer["knobs"]["part"]) == (60, 1.0, "both")
    pushes = {key: numbers(text) for key, text in answer["pushes"].items()}
    np.testing.assert_allclose(pushes["reversed"], -pushes["domain"], rtol=1e-5)
    assert "right on" in answer["sentence"]
    assert page.widget.trainer.history.evaluations[-1].domain_accuracy > 0.55
    assert {record.lambda_ for record in page.widget.trainer.history} == {0.0}
    assert page.ask("slow")["step"] == 60  # a run under way goes on as it is
    back = page.ask("undo")
    assert (back["step"], back["knobs"]["lambda_"]) == (0, None)


# Shifts, and points that are drawn


@pytest.fixture
def shifts() -> Browser:
    return Browser(shifts=True)


@pytest.mark.parametrize("name", [name for name in SHIFTS if name != DRAWN])
def test_a_shift_is_a_run_of_its_own_and_undo_brings_the_last_one_back(
    name: str, shifts: Browser
) -> None:
    before = shifts.step(3)
    answer = shifts.set(shift=name)
    if name == "turned":
        assert answer["step"] == 3
        return
    assert (answer["step"], answer["undo"], answer["problem"]) == (0, True, "")
    assert (answer["knobs"]["shift"], answer["knobs"]["amount"]) == (name, SHIFTS[name].usual)
    points = shifted_pair(name).target.train
    np.testing.assert_array_equal(numbers(answer["inputs"])[POINTS:], points.images)
    assert answer["labels"][POINTS:] == points.labels.tolist()
    shifts.step(2)
    back = shifts.ask("undo")
    assert (back["step"], back["knobs"]) == (3, before["knobs"])
    assert back["inputs"] == before["inputs"]


def test_the_bound_comes_with_the_menu_of_shifts_alone(page: Browser, shifts: Browser) -> None:
    assert "bound" not in page.ask("look", figures=True)["figures"]
    answer = shifts.ask("look", figures=True, dark=True)
    assert answer["figures"]["bound"]["layout"]["font"]["color"] == DARK.text
    assert "the target's error cannot be above" in answer["captions"]["bound"]
    assert list(page.widget.choices["shifts"]) == ["turned"]
    assert list(shifts.widget.choices["shifts"]) == list(SHIFTS)


def draw(page: Browser, pen: str, *places: tuple[float, float]) -> dict[str, Any]:
    for k, at in enumerate(places):
        answer = page.ask("draw", pen=pen, at=list(at), begins=k == 0)
    return answer


def test_a_drawing_begins_with_what_was_there_and_grows_point_by_point(shifts: Browser) -> None:
    shifts.set(shift="moved", amount=1.0)
    begun = shifts.set(shift=DRAWN)
    assert (begun["sources"], len(begun["labels"])) == (40, 80)
    answer = draw(shifts, "source-1", (0.5, 1.5), (0.6, 1.5))
    assert (answer["sources"], len(answer["labels"]), answer["step"]) == (42, 82, 0)
    assert {(0.5, 1.5), (0.6, 1.5)} <= {
        (round(float(x), 3), round(float(y), 3)) for x, y in numbers(answer["inputs"])[:42]
    }
    assert len(numbers(answer["features"])) == len(numbers(answer["pushes"]["reversed"])) == 82
    assert shifts.step(3)["problem"] == ""
    one_stroke_back = shifts.ask("undo")
    assert (one_stroke_back["sources"], one_stroke_back["step"]) == (40, 3)


def test_clearing_says_what_to_draw_and_training_waits_for_it(shifts: Browser) -> None:
    shifts.set(shift=DRAWN)
    answer = shifts.ask("draw", pen="rubber", at=None, begins=True)
    assert (answer["labels"], answer["inputs"]) == ([], "")
    assert "draw points of both classes of the source" in answer["problem"]
    assert shifts.step()["step"] == 0
    draw(shifts, "source-0", (-1, 0))
    draw(shifts, "source-1", (1, 0))
    assert "at least one of the target" in shifts.step()["problem"]
    answer = draw(shifts, "target-0", (-1, 1))
    assert (answer["problem"], shifts.step(2)["step"]) == ("", 2)
    for _ in range(3):
        shifts.ask("undo")
    assert shifts.ask("undo")["sources"] == 40


def test_the_rubber_takes_what_is_near_and_the_edge_holds_points_in(shifts: Browser) -> None:
    shifts.set(shift=DRAWN)
    shifts.ask("draw", pen="rubber", at=None, begins=True)
    answer = draw(shifts, "target-1", (0, 0), (0.1, 0), (1, 0), (90, -90))
    assert numbers(answer["inputs"])[-1].tolist() == pytest.approx([2.2, -2.2])
    assert len(draw(shifts, "rubber", (0.05, 0.02))["labels"]) == 2


def test_beyond_as_many_points_as_moons_have_the_oldest_goes(shifts: Browser) -> None:
    shifts.set(shift=DRAWN)
    shifts.ask("draw", pen="rubber", at=None, begins=True)
    places = [(k / 100, 0.0) for k in range(POINTS + 5)]
    answer = draw(shifts, "source-0", *places)
    assert answer["sources"] == POINTS
    assert numbers(answer["inputs"])[0].tolist() == pytest.approx([0.05, 0])


def test_nothing_is_drawn_where_the_points_are_made(shifts: Browser) -> None:
    before, after = shifts.ask("look"), draw(shifts, "source-0", (0, 0))
    assert (before["inputs"], before["undo"]) == (after["inputs"], after["undo"])
