"""Sheets of small pictures: every picture has its place, whatever its size."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image

from dann_core.domains import Domain, DomainPair, Split
from dann_lab.figures import sprites


def pair(*shape: int) -> DomainPair:
    values = torch.arange(6 * int(np.prod(shape))) % 251
    examples = values.reshape(6, *shape)
    images = examples.byte() if len(shape) == 3 else examples.float()
    split = Split(images, torch.arange(6) % 2)
    domains = [Domain(name, split, split, split) for name in ("source", "target")]
    return DomainPair("made", domains[0], domains[1], classes=2)


def drawn(sheet: sprites.Sheet) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(sheet["sheet"]))))


@pytest.mark.parametrize(("height", "width"), [(28, 28), (64, 64), (20, 48), (4, 5)])
def test_small_pictures_are_on_the_sheet_as_they_are(height: int, width: int) -> None:
    made = pair(height, width, 3)
    sheet = sprites.pictures(made, np.repeat([0, 1], 6).astype(np.uint8))
    assert sheet
    assert (sheet["height"], sheet["width"]) == (height, width)
    images = made.test_examples(6).images.numpy()
    for k, image in enumerate(images):
        row, column = divmod(k, sheet["columns"])
        place = drawn(sheet)[row * height :][:height, column * width :][:, :width]
        np.testing.assert_array_equal(place, image)


@pytest.mark.parametrize(
    ("shape", "expected"), [((128, 128), (64, 64)), ((100, 200), (32, 64)), ((1024, 4), (64, 1))]
)
def test_large_pictures_are_shrunk_and_keep_their_shape(
    shape: tuple[int, int], expected: tuple[int, int]
) -> None:
    grey = np.full((3, *shape, 3), 7, dtype=np.uint8)
    small = sprites.shrunk(grey)
    assert small.shape == (3, *expected, 3)
    assert (small == 7).all()
    assert sprites.shrunk(grey[:0]).shape[0] == 0


def test_a_table_has_no_pictures() -> None:
    assert sprites.pictures(pair(5), np.repeat([0, 1], 6).astype(np.uint8)) is None
