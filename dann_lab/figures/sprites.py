"""Many small pictures as one: what a page needs to show the pictures behind a map's points."""

from __future__ import annotations

import base64
import io
from typing import TypedDict

import numpy as np
import numpy.typing as npt
from PIL import Image

from dann_core.domains import DomainPair
from dann_lab.figures.encoding import as_text, image_bytes

COLUMNS = 25
MOST_SIDE = 64
"""The pixels of a picture each way, at most: as many as the largest that a page shows."""

Pixels = npt.NDArray[np.uint8]


class Sheet(TypedDict):
    """Pictures as one, ``columns`` in a row, each ``width`` x ``height`` pixels: a PNG file in
    base64."""

    columns: int
    width: int
    height: int
    sheet: str


def shrunk(images: Pixels) -> Pixels:
    """Pictures uint8 [N, H, W, 3] of at most :data:`MOST_SIDE` pixels each way, of the same shape
    of frame; as they are if they are no larger."""
    height, width = images.shape[1:3]
    share = MOST_SIDE / max(height, width)
    if share >= 1:
        return images
    size = (max(1, round(width * share)), max(1, round(height * share)))
    made = [
        Image.fromarray(one).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        for one in images
    ]
    return np.stack([np.asarray(one) for one in made]) if made else images[:, : size[1], : size[0]]


def sheet(images: Pixels) -> bytes:
    """A PNG file of pictures uint8 [N, H, W, 3], :data:`COLUMNS` in a row; lossless."""
    rows = -(-len(images) // COLUMNS)
    height, width = images.shape[1:3]
    places = np.zeros((rows * COLUMNS, height, width, 3), dtype=np.uint8)
    places[: len(images)] = images
    grid = places.reshape(rows, COLUMNS, height, width, 3).swapaxes(1, 2)
    return image_bytes(grid.reshape(height * rows, width * COLUMNS, 3))


def cut(found: Sheet, places: npt.NDArray[np.int64]) -> Pixels:
    """The pictures at ``places`` [n] of a sheet again: uint8 [n, height, width, 3]."""
    whole = np.asarray(Image.open(io.BytesIO(base64.b64decode(found["sheet"]))).convert("RGB"))
    high, wide, columns = found["height"], found["width"], found["columns"]
    tops, lefts = places // columns * high, places % columns * wide
    return np.stack(
        [whole[top : top + high, left : left + wide] for top, left in zip(tops, lefts, strict=True)]
    )


def pictures(pair: DomainPair, domains: npt.NDArray[np.uint8]) -> Sheet | None:
    """The test images that a snapshot with these ``domains`` is of, as a page takes them; None for
    a table, whose rows have no pictures."""
    if pair.inputs.size is None:
        return None
    images = shrunk(pair.test_examples(int(np.bincount(domains).max())).images.cpu().numpy())
    height, width = images.shape[1:3]
    return {
        "columns": COLUMNS,
        "width": width,
        "height": height,
        "sheet": as_text(sheet(images)),
    }
