"""Maps of the features, drawn: what they show, and that their words are true."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from checks import check, contrast, unpacked

from dann_core.errors import DataError
from dann_core.probe import Probe
from dann_lab.figures.feature_maps import (
    CLASS_COLOURS,
    MOST_NAMED,
    about_distances,
    about_map,
    agreeing_neighbours,
    distances,
    mixing,
    scatter_map,
)
from dann_lab.figures.theme import DARK, LIGHT, Theme

CARDS = {LIGHT: "#ffffff", DARK: "#1c232b"}  # --card of dashboard.css


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_class_has_a_colour_of_its_own_that_can_be_seen(theme: Theme) -> None:
    colours = CLASS_COLOURS[theme]
    assert len(set(colours)) == 10
    for colour in colours:
        assert contrast(colour, CARDS[theme]) >= 3, colour


def clouds(apart: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    domains = np.repeat([0, 1], 100)
    labels = np.tile(np.arange(10), 20)
    positions = random.normal(size=(200, 2)) + domains[:, None] * apart
    return positions.astype(np.float32), labels, domains


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_map_holds_each_point_once_by_colour_and_shape(theme: Theme) -> None:
    positions, labels, domains = clouds(1)
    figure = scatter_map(positions, labels, torch.from_numpy(domains), theme)
    check(figure)
    traces = [trace for trace in figure["data"] if trace["x"] != [None]]
    assert sum(len(unpacked(trace["x"])) for trace in traces) == 200
    for trace in traces:
        domain = 0 if trace["marker"]["symbol"] == "circle" else 1
        chosen = (labels == int(trace["name"])) & (domains == domain)
        np.testing.assert_array_equal(unpacked(trace["x"]), positions[chosen, 0])
        np.testing.assert_array_equal(unpacked(trace["y"]), positions[chosen, 1])
        assert trace["marker"]["color"] == CLASS_COLOURS[theme][int(trace["name"])]
        assert trace["customdata"] == np.flatnonzero(chosen).tolist()
    in_legend = [t["name"] for t in figure["data"] if t.get("showlegend", True)]
    assert in_legend == ["source", "target", *map(str, range(10))]
    written = [re.sub("<.*?>", "", note["text"]) for note in figure["layout"]["annotations"]]
    assert written == [str(k) for k in range(10)]
    assert figure["layout"]["yaxis"]["scaleanchor"] == "x"


def test_the_words_beside_a_map_say_how_mixed_it_is() -> None:
    def share(apart: float) -> int:
        found = re.search(r"(\d+) % come from the other domain", about_map(*clouds(apart)))
        assert found
        return int(found[1])

    assert share(20) == 0
    assert 40 <= share(0) <= 60
    positions, labels, domains = clouds(0)
    assert "50 % if the domains were mixed" in about_map(positions, labels, domains)
    positions += 100 * labels[:, None]
    assert "100 % show the same digit" in about_map(positions, labels, domains)


def test_mixing_is_0_for_domains_apart_and_1_for_mixed_ones() -> None:
    positions, _, domains = clouds(20)
    assert mixing(positions, domains) == 0
    positions, _, domains = clouds(0)
    assert mixing(positions, domains) == pytest.approx(1, abs=0.15)
    few = domains * (np.arange(200) < 120)  # 100 of the one and 20 of the other
    assert mixing(positions, few) == pytest.approx(1, abs=0.2)
    assert np.isnan(mixing(positions, np.zeros(200, dtype=int)))


NAMES = ("cat", "dog", "<b>hen</b>", *(f"bird {k}" for k in range(9)))


def test_classes_are_called_by_their_names() -> None:
    positions, labels, domains = clouds(1)
    figure = scatter_map(positions, labels, domains, classes=NAMES)
    check(figure)
    in_legend = [t["name"] for t in figure["data"] if t.get("showlegend", True)]
    assert in_legend[:5] == ["source", "target", "cat", "dog", "&lt;b&gt;hen&lt;/b&gt;"]
    notes = figure["layout"]["annotations"]
    assert [note["name"] for note in notes] == [str(k) for k in range(10)]
    assert notes[1]["text"] == "<b>dog</b>"
    assert "are of the same class." in about_map(positions, labels, domains, NAMES)


def test_of_more_than_ten_classes_two_share_a_colour_but_no_name() -> None:
    positions, labels, domains = clouds(1)
    figure = scatter_map(positions, labels + 2 * (labels > 7), domains, classes=NAMES)
    colours = {t["name"]: t["marker"]["color"] for t in figure["data"] if "customdata" in t}
    assert colours["cat"] == colours["bird 7"]
    assert {"<b>cat</b>", "<b>bird 7</b>"} <= {n["text"] for n in figure["layout"]["annotations"]}


def test_many_classes_flood_neither_the_map_nor_its_legend() -> None:
    positions, _, domains = clouds(1)
    labels = np.minimum(np.arange(200) // 2, 59)  # class 59 has most points
    names = [f"class number {k} with a long name" for k in range(60)]
    figure = scatter_map(positions, labels, domains, classes=names)
    check(figure)
    assert [t["name"] for t in figure["data"] if t.get("showlegend", True)] == ["source", "target"]
    notes = figure["layout"]["annotations"]
    assert len(notes) == MOST_NAMED
    assert "59" in {note["name"] for note in notes}
    assert all(len(note["text"]) <= 7 + 18 for note in notes)
    assert figure["data"][-1]["hovertemplate"].startswith(f"{names[59]}, target")


@pytest.mark.parametrize("unknown", [-1, 255])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_points_without_a_label_are_grey_and_have_no_name(theme: Theme, unknown: int) -> None:
    positions, labels, domains = clouds(1)
    labels = np.where(domains == 1, unknown, labels)
    figure = scatter_map(positions, labels, domains, theme)
    check(figure)
    [trace] = [t for t in figure["data"] if t["name"] == "not labelled"]
    assert trace["marker"]["symbol"] == "triangle-up-open"
    assert trace["marker"]["color"] not in CLASS_COLOURS[theme]
    assert contrast(trace["marker"]["color"], CARDS[theme]) >= 3
    assert trace["showlegend"]
    assert trace["customdata"] == np.flatnonzero(domains).tolist()
    assert len(figure["layout"]["annotations"]) == 10


def test_neighbours_are_compared_where_both_have_a_label() -> None:
    positions, labels, domains = clouds(0)
    positions += 100 * labels[:, None]
    some = np.where(np.arange(200) % 20 < 10, labels, -1)
    assert about_map(positions, some, domains).endswith(
        "; where both have a label, 100 % show the same digit."
    )
    none = np.full(200, -1)
    assert about_map(positions, none, domains).endswith("if the domains were mixed).")


def test_points_labels_and_domains_must_be_aligned() -> None:
    positions, labels, domains = clouds(0)
    with pytest.raises(DataError, match=r"shape \[200, 2\] with 199 labels and 200 domains"):
        scatter_map(positions, labels[:-1], domains)


def test_neighbours_of_classes_are_compared_with_those_in_the_features() -> None:
    labels = np.repeat([0, 1, 2], 5)
    centres = np.array([[0, 0], [1, 0], [5, 0]], dtype=np.float32)  # 0 - 1 near, 2 nearest to 1
    features = np.pad(centres, ((0, 0), (0, 3)))[labels]
    assert agreeing_neighbours(centres[labels], features, labels) == 3
    moved = np.array([[0, 0], [9, 0], [1, 0]], dtype=np.float32)  # 0 - 2 near, 1 nearest to 2
    assert agreeing_neighbours(moved[labels], features, labels) == 0


def test_distances_are_drawn_with_two_standard_errors() -> None:
    probes = {"before": Probe(0.1, 1.6, 0.08, 400), "after": Probe(0.3, 0.8, 0.1, 400)}
    for theme in (LIGHT, DARK):
        check(distances(probes, theme))
    [points] = distances(probes)["data"]
    assert points["x"] == [1.6, 0.8]
    assert points["error_x"]["array"] == [0.16, 0.2]


def test_the_words_beside_distances_weigh_the_difference() -> None:
    one = Probe(0.2, 1.2, 0.08, 400)
    near, far = Probe(0.19, 1.24, 0.08, 400), Probe(0.4, 0.4, 0.1, 400)
    assert "within the doubt" in about_distances({"a": one, "b": near})
    assert "changes by -0.80 ± 0.13, more than twice the doubt: b is closer" in about_distances(
        {"a": one, "b": far}
    )
    assert "b is farther" in about_distances({"a": far, "b": one})
