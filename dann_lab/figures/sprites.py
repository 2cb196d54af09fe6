"""Many small pictures as one: what a page needs to show the digits behind a map's points."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import numpy.typing as npt

from dann_core.domains import DomainPair
from dann_lab.figures.encoding import as_text, image_bytes

COLUMNS = 25


class Sheet(TypedDict):
    """Pictures of digits as one, ``columns`` in a row: a PNG file in base64."""

    columns: int
    sheet: str


def sheet(images: npt.NDArray[np.uint8]) -> bytes:
    """A PNG file of pictures uint8 [N, 28, 28, 3], :data:`COLUMNS` in a row; lossless."""
    rows = -(-len(images) // COLUMNS)
    places = np.zeros((rows * COLUMNS, 28, 28, 3), dtype=np.uint8)
    places[: len(images)] = images
    grid = places.reshape(rows, COLUMNS, 28, 28, 3).swapaxes(1, 2)
    return image_bytes(grid.reshape(28 * rows, 28 * COLUMNS, 3))


def pictures(pair: DomainPair, domains: npt.NDArray[np.uint8]) -> Sheet:
    """The test images that a snapshot with these ``domains`` is of, as a page takes them."""
    images = pair.test_examples(int(np.bincount(domains).max())).images
    return {"columns": COLUMNS, "sheet": as_text(sheet(images.cpu().numpy()))}
