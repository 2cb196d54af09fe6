"""The lessons' pictures of images: what they show, and that their words are true."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from checks import check

from dann_core.domains import Domain, DomainPair, Split
from dann_core.errors import DataError
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


def test_pixel_means_are_those_of_the_pair(digits_pair: DomainPair) -> None:
    for theme in (LIGHT, DARK):
        check(pixel_means(digits_pair, theme))
    bars = {bar["name"]: bar["y"] for bar in pixel_means(digits_pair)["data"]}
    np.testing.assert_allclose(bars["both"], digits_pair.pixel_mean, atol=0.06)
    both = np.add(bars["source"], bars["target"]) / 2  # sets of one size
    np.testing.assert_allclose(bars["both"], both, atol=0.11)
    assert f"target pixel {np.mean(bars['target']):.0f}" in about_pixel_means(digits_pair)


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
