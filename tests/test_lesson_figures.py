"""The lessons' pictures: what they show, that plotly takes them, and that their words are true."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
import torch

from dann_core.domains import Domain, DomainPair, Split
from dann_core.errors import DataError
from dann_core.probe import Probe
from dann_lab.figures.feature_maps import (
    CLASS_COLOURS,
    about_distances,
    about_map,
    agreeing_neighbours,
    distances,
    mixing,
    scatter_map,
)
from dann_lab.figures.images import (
    about_confusion,
    about_contrast,
    about_pixel_means,
    accuracy_by_contrast,
    confusion,
    images_grid,
    ink_contrast,
    pixel_means,
)
from dann_lab.figures.theme import DARK, LIGHT, Theme

LABELS = np.array([0, 0, 0, 1, 1, 3, 3, 3, 3, 9])
SAID = np.array([0, 0, 1, 1, 1, 8, 8, 8, 3, 4])
CARDS = {LIGHT: "#ffffff", DARK: "#1c232b"}  # --card of dashboard.css


def unpacked(packed: dict[str, str]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed["bdata"]), dtype=packed["dtype"])


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours "#rrggbb"."""

    def luminance(colour: str) -> float:
        parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def check(figure: dict[str, Any]) -> None:
    go.Figure(figure)  # raises on anything that plotly does not know
    json.dumps(figure, allow_nan=False)  # as it travels


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_class_has_a_colour_of_its_own_that_can_be_seen(theme: Theme) -> None:
    colours = CLASS_COLOURS[theme]
    assert len(set(colours)) == 10
    for colour in colours:
        assert contrast(colour, CARDS[theme]) >= 3, colour


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_confusion_counts_what_is_taken_for_what(theme: Theme) -> None:
    figure = confusion(torch.from_numpy(LABELS), SAID, theme)
    check(figure)
    [cells] = figure["data"]
    counts = np.array(cells["customdata"])
    assert counts.sum() == 10
    assert (counts[3, 8], counts[3, 3], counts[9, 4], counts[0, 1]) == (3, 1, 1, 1)
    assert cells["text"][3][8] == "3"
    assert cells["text"][5][5] == ""
    assert figure["layout"]["yaxis"]["autorange"] == "reversed"  # row 0 on top


def test_the_words_beside_a_confusion() -> None:
    text = about_confusion(LABELS, SAID)
    assert text.startswith(
        "Of 10 images 5 are wrong (50 %). It most often takes a 3 for an 8 (3 times)"
    )
    assert "its favourite wrong answer is 8 (3 times)" in text
    assert about_confusion(LABELS, LABELS) == "All 10 images are right."
    with pytest.raises(DataError, match="10 labels but 9 predictions"):
        about_confusion(LABELS, SAID[:9])


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


def test_pixel_means_are_those_of_the_pair(digits_pair: DomainPair) -> None:
    for theme in (LIGHT, DARK):
        check(pixel_means(digits_pair, theme))
    bars = {bar["name"]: bar["y"] for bar in pixel_means(digits_pair)["data"]}
    np.testing.assert_allclose(bars["both"], digits_pair.pixel_mean, atol=0.06)
    both = np.add(bars["source"], bars["target"]) / 2  # sets of one size
    np.testing.assert_allclose(bars["both"], both, atol=0.11)
    assert f"target pixel {np.mean(bars['target']):.0f}" in about_pixel_means(digits_pair)


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


def test_a_grid_holds_every_image_with_words_for_who_cannot_see_it() -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 3), dtype=np.uint8)
    html = images_grid(torch.from_numpy(images), ["<3>", 4, 5], columns=3).data
    assert html.count("<img ") == html.count('src="data:image/png;base64,') == 3
    assert 'alt="an image of &lt;3&gt;"' in html
    assert "repeat(3," in html
    with pytest.raises(DataError, match="3 images but 2 labels"):
        images_grid(images, [1, 2])


def test_contrast_is_the_inks_brightness_minus_the_grounds() -> None:
    ink = torch.zeros(2, 28, 28, 3, dtype=torch.uint8)
    ink[:, 4:20, 4:20] = 255
    target = torch.where(ink == 255, torch.tensor([200, 10])[:, None, None, None], 90).byte()
    labels = torch.zeros(2, dtype=torch.int64)
    domains = [
        Domain(name, *[Split(images, labels)] * 3)
        for name, images in (("ink", ink), ("photo", target))
    ]
    np.testing.assert_allclose(ink_contrast(DomainPair("made up", *domains)), [110, -80])


def test_accuracy_by_contrast_says_what_is_read_and_what_is_not() -> None:
    contrast = np.array([-200, -100, -90, 100, 110, 239], dtype=np.float32)
    right = {"one": np.array([0, 0, 1, 1, 1, 1], bool), "other": np.ones(6, bool)}
    for theme in (LIGHT, DARK):
        check(accuracy_by_contrast(contrast, right, theme))
    one, other = accuracy_by_contrast(contrast, right)["data"]
    assert one["y"] == [0, 0.5, 1, 1]
    assert other["y"] == [1, 1, 1, 1]
    assert one["x"][1] == "-120 to -60<br>2 images"
    text = about_contrast(contrast, right)
    assert "In 3 of 6 target images" in text
    assert "one reads 33 % of them and 100 % of the others; other reads 100 %" in text
