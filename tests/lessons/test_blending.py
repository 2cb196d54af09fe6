"""The blend widget: its pixels are those of the data sets, and the mistake is the real one."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_sample_images

from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_lab.lessons.blending import Blend


@pytest.fixture(scope="module")
def widget(digits_pair: DomainPair) -> Blend:
    return Blend(digits_pair)


def ask(widget: Blend, **changes: Any) -> dict[str, Any]:
    """Speak as blending.js does; the pictures come back as arrays."""
    heard: list[dict[str, Any]] = []
    widget.send = lambda answer, buffers=None: heard.append(answer)
    state = {"photo": 0, "row": 120, "column": 64, "digit": 3, "signed": True, **changes}
    widget._handle_custom_msg({"type": "blend", "client": "me", **state}, [])
    [answer] = heard
    json.dumps(answer)  # as it travels
    assert (answer["type"], answer["client"]) == ("blended", "me")
    return unpacked(answer)


def unpacked(answer: dict[str, Any]) -> dict[str, Any]:
    pixels = {
        name: np.frombuffer(base64.b64decode(answer[name]), np.uint8).reshape(28, 28, 3)
        for name in ("ink", "patch", "image")
    }
    return {**answer, **pixels}


def test_the_patch_is_what_lies_under_the_window(widget: Blend) -> None:
    photos = load_sample_images().images
    for photo, row, column in ((0, 120, 64), (1, 0, 0), (1, 427 - 28, 640 - 28)):
        answer = ask(widget, photo=photo, row=row, column=column)
        expected = photos[photo][row : row + 28, column : column + 28]
        np.testing.assert_array_equal(answer["patch"], expected)
        assert answer["at"] == [row, column]


def test_the_blend_turns_the_strokes_round_and_leaves_the_rest(widget: Blend) -> None:
    for digit in range(10):
        answer = ask(widget, digit=digit)
        ink = answer["ink"] == 255
        assert 0.03 < ink.mean() < 0.4
        np.testing.assert_array_equal(answer["image"][ink], 255 - answer["patch"][ink])
        np.testing.assert_array_equal(answer["image"][~ink], answer["patch"][~ink])


def test_unsigned_arithmetic_wraps_round_and_loses_the_digit(widget: Blend) -> None:
    answer = ask(widget, signed=False)
    ink = answer["ink"] == 255
    np.testing.assert_array_equal(answer["image"][ink], answer["patch"][ink] + np.uint8(1))
    assert "wraps round" in answer["sentence"]


def test_the_sentence_says_where_and_how_bright(widget: Blend) -> None:
    answer = ask(widget, digit=7)
    ink = answer["ink"] == 255
    for part in (
        "row 120, column 64",
        "the 7",
        f"{answer['patch'][ink].mean():.0f} to {answer['image'][ink].mean():.0f}",
    ):
        assert part in answer["sentence"]


def test_the_first_picture_is_there_before_a_question(widget: Blend) -> None:
    first = unpacked(widget.first)
    asked = ask(widget, **{k: first[k] for k in ("photo", "row", "column", "digit", "signed")})
    np.testing.assert_array_equal(first["image"], asked["image"])
    assert [photo["name"] for photo in widget.photos] == ["a temple in China", "a flower"]
    assert sum(len(photo["url"]) for photo in widget.photos) < 400_000


def test_a_photograph_that_is_too_small_is_named(digits_pair: DomainPair) -> None:
    with pytest.raises(DataError, match=r"'stamp' has shape \[20, 40, 3\]"):
        Blend(digits_pair, {"stamp": np.zeros((20, 40, 3), np.uint8)})
