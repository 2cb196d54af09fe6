"""The curves: what is in them, how little of it is sent, and that it can be seen."""

from __future__ import annotations

import base64
import json
import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from checks import contrast

from dann_core.history import Evaluation, History, Mark, StepRecord
from dann_lab.figures import curves
from dann_lab.figures.curves import FIGURES, POINTS, thin
from dann_lab.figures.theme import DARK, LIGHT, Theme
from dann_lab.live.dashboard import STATIC

LENGTHS = [0, 1, 2, POINTS - 1, POINTS, POINTS + 1, 2 * POINTS, 2 * POINTS + 1, 1000, 8600]


def history(steps: int, mode: str = "dann") -> History:
    """A run with noise, an evaluation every 100 steps, and three marks."""
    made = History()
    rng = np.random.default_rng(0)
    domain = 1.0 if mode == "dann" else math.nan
    for step in range(1, steps + 1):
        a, b, c, d, e = rng.uniform(0.1, 3, 5).tolist()
        lambda_ = 0.5 if step < 7 else 1.25
        values = (lambda_, 0.01, a, b * domain, a + b, 0.5, 0.5, c, d * domain, e * domain)
        made.append(StepRecord(step, (step - 1) / 8600, *values))
    made.evaluations += [
        Evaluation(step, 0.9, 0.5, 0.6 * domain, 500) for step in range(0, steps + 1, 100)
    ]
    made.marks += [Mark(step, "by_hand", step) for step in (7, 30) if step <= steps]
    made.marks.append(Mark(steps + 1, "by_hand", 2.0))  # of the step that comes next
    return made


def distances(steps: int) -> History:
    """The same of a method without a domain classifier."""
    made, found = history(steps), History()
    for record in made:
        found.append(replace(record, domain_accuracy=math.nan))
    found.evaluations += [replace(e, domain_accuracy=math.nan) for e in made.evaluations]
    return found


def unpacked(packed: dict[str, str]) -> np.ndarray:
    assert packed["dtype"] == "f4"
    return np.frombuffer(base64.b64decode(packed["bdata"]), dtype=np.float32)


def trace(figure: dict[str, Any], name: str) -> tuple[np.ndarray, np.ndarray]:
    [line] = [line for line in figure["data"] if line["name"] == name]
    return unpacked(line["x"]), unpacked(line["y"])


# Thinning


@pytest.mark.parametrize("n", LENGTHS)
def test_a_thinned_curve_has_few_points_and_ends_where_the_curve_ends(n: int) -> None:
    values = np.random.default_rng(n).normal(size=n)
    means, lasts = thin(values), thin(values, last=True)
    assert len(means) == len(lasts) <= POINTS
    assert means.dtype == lasts.dtype == np.float32
    if n <= POINTS:
        np.testing.assert_array_equal(means, values.astype(np.float32))
    if n:
        assert lasts[-1] == np.float32(values[-1])


@pytest.mark.parametrize("n", LENGTHS[1:])
def test_each_point_is_the_mean_of_the_steps_up_to_its_own(n: int) -> None:
    values = np.random.default_rng(n).normal(size=n)
    ends = thin(np.arange(1.0, n + 1), last=True).astype(int)
    begins = np.concatenate([[0], ends[:-1]])
    assert ends[-1] == n
    expected = [values[a:b].mean() for a, b in zip(begins, ends, strict=True)]
    np.testing.assert_allclose(thin(values), expected, rtol=1e-5, atol=1e-6)


def test_a_growing_curve_keeps_its_points_until_their_number_halves() -> None:
    values = np.random.default_rng(0).normal(size=5 * POINTS)
    halved = 0
    for n in range(1, len(values)):
        before, after = thin(values[:n]), thin(values[: n + 1])
        if len(after) < len(before):
            halved += 1
            assert len(after) > POINTS // 2
        else:
            np.testing.assert_array_equal(before[:-1], after[: len(before) - 1])
    assert halved == 3


def test_what_was_not_measured_stays_a_gap() -> None:
    assert np.isnan(thin(np.full(1000, math.nan))).all()


# What is drawn


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("mode", ["dann", "source"])
@pytest.mark.parametrize("steps", [0, 1, 500])
@pytest.mark.parametrize("name", FIGURES)
def test_plotly_accepts_every_figure(name: str, steps: int, mode: str, theme: Theme) -> None:
    figure = FIGURES[name](history(steps, mode), theme)
    checked = go.Figure(figure)  # raises for a property or a value that Plotly does not know
    assert len(checked.data) == len(figure["data"]) > 0
    json.dumps(figure, allow_nan=False)
    for line in figure["data"]:
        assert len(unpacked(line["x"])) == len(unpacked(line["y"])) <= POINTS


def test_losses_are_those_of_the_history_with_the_line_ln_2() -> None:
    made = history(100)
    figure = curves.losses(made)
    for name, column in (("label loss", "label_loss"), ("domain loss", "domain_loss")):
        steps, values = trace(figure, name)
        np.testing.assert_array_equal(steps, np.arange(1, 101))
        np.testing.assert_allclose(values, made.column(column), rtol=1e-6)
    assert levels(figure) == [pytest.approx(math.log(2))]
    assert "ln 2" in figure["layout"]["annotations"][0]["text"]


def test_accuracies_have_both_chance_lines_and_a_shape_each() -> None:
    figure = curves.accuracies(history(300))
    assert levels(figure) == [0.1, 0.5]
    assert [a["text"] for a in figure["layout"]["annotations"]] == [
        "chance, 10 classes",
        "chance, 2 domains",
    ]
    steps, values = trace(figure, "target")
    np.testing.assert_array_equal(steps, [0, 100, 200, 300])
    np.testing.assert_allclose(values, 0.5)
    assert len({line["marker"]["symbol"] for line in figure["data"]}) == 3


def test_a_target_without_labels_has_no_curve() -> None:
    made = history(300)
    made.evaluations[:] = [replace(e, target_accuracy=math.nan) for e in made.evaluations]
    drawn = {line["name"]: line["visible"] for line in curves.accuracies(made)["data"]}
    assert drawn == {"source": True, "target": False, "domain": True}


def test_all_figures_of_a_run_know_its_number_of_classes() -> None:
    drawn = curves.drawn(history(300), classes=4)
    assert list(drawn) == list(FIGURES)
    assert levels(drawn["accuracies"]) == [0.25, 0.5]
    assert drawn["losses"] == curves.losses(history(300))


def test_lambda_is_drawn_as_it_was_applied_with_its_changes() -> None:
    figure = curves.lambdas(history(100))
    steps, values = trace(figure, "lambda")
    assert (steps[5], values[5], values[6]) == (6, 0.5, 1.25)
    at, applied = trace(figure, "changed by hand")
    np.testing.assert_array_equal(at, [7, 30])  # the step that comes next is not applied yet
    np.testing.assert_array_equal(applied, [1.25, 1.25])
    [diamonds] = [line for line in figure["data"] if line["mode"] == "markers"]
    assert diamonds["text"] == ["lambda: 7.00 by hand", "lambda: 30.00 by hand"]


def test_gradients_before_and_after_the_reversal() -> None:
    made = history(100)
    figure = curves.gradients(made)
    for name, column in (
        ("label", "label_gradient"),
        ("domain", "domain_gradient_before"),
        ("reversed", "domain_gradient_after"),
    ):
        np.testing.assert_allclose(trace(figure, name)[1], made.column(column), rtol=1e-6)


def test_a_distance_has_an_axis_of_its_own_and_no_line_of_guessing() -> None:
    made = distances(100)
    figure = curves.losses(made)
    go.Figure(figure)
    assert levels(figure) == []
    np.testing.assert_allclose(
        trace(figure, "distance (right)")[1], made.column("domain_loss"), rtol=1e-6
    )
    assert [line.get("yaxis", "y") for line in figure["data"]] == ["y", "y2"]
    assert figure["layout"]["yaxis2"]["side"] == "right"
    assert figure["layout"]["yaxis2"]["title"]["text"] == "distance"
    names = [line["name"] for line in curves.gradients(made)["data"]]
    assert names == ["label", "distance", "times lambda"]
    shown = {line["name"]: line["visible"] for line in curves.accuracies(made)["data"]}
    assert not shown["domain"]
    assert levels(curves.accuracies(made)) == [0.1]


@pytest.mark.parametrize("name", FIGURES)
def test_every_change_by_hand_is_a_line_in_every_figure(name: str) -> None:
    shapes = FIGURES[name](history(100), LIGHT)["layout"]["shapes"]
    assert [s["x0"] for s in shapes if s.get("yref") == "paper"] == [7, 30, 101]


@pytest.mark.parametrize("name", FIGURES)
def test_lines_are_told_apart_without_colour(name: str) -> None:
    looks = [
        (line["line"]["dash"], line["mode"], line.get("marker", {}).get("symbol"))
        for line in FIGURES[name](history(100), LIGHT)["data"]
    ]
    assert len(set(looks)) == len(looks)


def test_a_history_that_grows_meanwhile_gives_curves_of_one_length() -> None:
    class Growing(History):
        """Appends, as a training thread might, whenever a column is read."""

        def column(self, name: str) -> Any:
            self.append(self[-1])
            return super().column(name)

    made = Growing()
    for record in history(POINTS - 1):
        made.append(record)
    for draw in (curves.losses, curves.lambdas, curves.gradients):
        for line in draw(made)["data"]:
            assert len(unpacked(line["x"])) == len(unpacked(line["y"]))


def levels(figure: dict[str, Any]) -> list[float]:
    return [s["y0"] for s in figure["layout"]["shapes"] if s.get("xref") == "paper"]


# What is sent


def test_four_figures_of_a_long_run_are_small_on_the_wire() -> None:
    made = history(8600)
    sent = sum(len(json.dumps(draw(made, LIGHT))) for draw in FIGURES.values())
    assert sent < 40_000


# What can be seen


def card_colours() -> list[str]:
    """What the page draws figures on, light and dark, as its style sheet has it."""
    return re.findall(
        r"--card: (#[0-9a-f]{6});", (STATIC / "dashboard.css").read_text(encoding="utf-8")
    )


@pytest.mark.parametrize(("theme", "card"), list(zip([LIGHT, DARK], card_colours(), strict=True)))
def test_text_and_lines_stand_out_from_the_card(theme: Theme, card: str) -> None:
    assert contrast(theme.text, card) >= 4.5
    for colour in (theme.blue, theme.orange, theme.green, theme.purple):
        assert contrast(colour, card) >= 3


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
