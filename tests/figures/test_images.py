"""The lessons' pictures of images: what they show, and that their words are true."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from checks import check

from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_lab.figures.encoding import image_url
from dann_lab.figures.images import (
    about_confusion,
    about_light,
    about_pixel_means,
    accuracy_by_light,
    confusion,
    images_grid,
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


PETS = ("cat", "dog", "<hen>")


def test_confusions_have_the_names_of_the_classes() -> None:
    labels, said = np.array([0, 0, 1, 2, -1]), np.array([0, 1, 1, 0, 2])
    figure = confusion(labels, said, names=PETS)
    check(figure)
    [cells] = figure["data"]
    assert cells["x"] == cells["y"] == ["cat", "dog", "&lt;hen&gt;"]
    assert np.array(cells["customdata"]).tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]
    text = about_confusion(labels, said, names=PETS)
    assert text.startswith(
        "Of 4 labelled examples 2 are wrong (50 %). It most often takes cat for dog (1 time)"
    )
    assert "its favourite wrong answer is cat (1 times)" in text


def test_confusions_without_labels_are_unknown() -> None:
    said = about_confusion(np.full(3, -1), np.zeros(3, dtype=int), names=PETS)
    assert said == ("None of these 3 examples has a label, so which answers are right is unknown.")


def test_confusions_of_many_classes_leave_out_what_has_no_room() -> None:
    names = [f"a class with a long name {k}" for k in range(60)]
    figure = confusion(np.arange(60), np.arange(60), names=names)
    check(figure)
    [cells] = figure["data"]
    assert cells["texttemplate"] == ""
    assert len(set(cells["x"])) == 60
    assert figure["layout"]["xaxis"]["dtick"] == 3


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


def test_a_grid_takes_pictures_of_any_size_and_names_classes() -> None:
    images = np.zeros((3, 40, 64, 3), dtype=np.uint8)
    html = images_grid(images, torch.tensor([1, -1, 2]), classes=PETS).data
    assert re.findall("<figcaption>(.*?)</figcaption>", html) == [
        "dog",
        "not labelled",
        "&lt;hen&gt;",
    ]


LIGHTS = [0, 90, 180]
BEHIND = torch.arange(3).repeat_interleave(28 * 28 * 3).reshape(3, 28, 28, 3).byte()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_accuracy_by_light_has_a_picture_above_each_brightness(theme: Theme) -> None:
    right = {"one": [0.9, 0.6, 0.3], "other": [0.8, 0.8, 0.75]}
    figure = accuracy_by_light(LIGHTS, right, BEHIND, theme)
    check(figure)
    assert [line["y"] for line in figure["data"]] == list(right.values())
    assert all(line["x"] == LIGHTS for line in figure["data"])
    pictures = figure["layout"]["images"]
    assert [picture["x"] for picture in pictures] == LIGHTS == figure["layout"]["xaxis"]["tickvals"]
    assert [picture["source"] for picture in pictures] == [image_url(one) for one in BEHIND.numpy()]


def test_accuracy_by_light_says_how_much_is_read() -> None:
    text = about_light(LIGHTS, {"one": [0.9, 0.6, 0.3], "other": [0.8, 0.8, 0.75]}, 40)
    assert text.startswith("The same 40 test digits")
    assert "adds 0 to 180 to a pixel" in text
    assert "one reads 90 % of them at 0, 60 % at 90 and 30 % at 180; other reads 80 %" in text
    with pytest.raises(DataError, match="3 brightnesses"):
        accuracy_by_light(LIGHTS, {"one": [0.9]}, BEHIND)
