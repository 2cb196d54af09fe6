"""The photographs behind the target's digits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from dann_core.datasets.blending import SIDE, Images
from dann_core.datasets.store import DataStore, content
from dann_core.errors import DataError
from dann_core.files import shown
from dann_core.plain_numbers import checked_type

FOLDER = "BSDS500/images/train"
COUNT = 200  # in the data set as published

T = TypeVar("T")


def check_photos_option(photos: str) -> None:
    """Raise :class:`DataError` unless ``photos`` is ``"shared"`` or ``"heldout"``."""
    if photos not in ("shared", "heldout"):
        raise DataError(f"photos={photos!r} is not known. Choose 'shared' or 'heldout'.")


@dataclass(frozen=True)
class PhotoSet:
    """Photo files in a fixed order and a fingerprint of their bytes."""

    files: tuple[Path, ...]
    fingerprint: str

    @classmethod
    def of(cls, store: DataStore) -> PhotoSet:
        """The BSDS500 training photos of the store. Raises :class:`DataError` if there are none."""
        checked_type(store, DataStore, "store")
        folder = store.find(FOLDER)
        found = folder.glob("*.jpg") if folder else ()
        files = tuple(sorted(found, key=lambda f: f.name))
        if not files:
            raise DataError(
                f"The BSDS500 training photos are not in {shown(store.root / FOLDER)}. "
                "Get them with: dann data fetch bsds500"
            )
        digest = hashlib.sha256()
        for file in files:
            digest.update(file.name.encode("utf-8", "surrogateescape"))
            digest.update(content(file))
        return cls(files, digest.hexdigest())

    def __len__(self) -> int:
        return len(self.files)

    def read(self) -> list[Images]:
        """Every photo, uint8 [H, W, 3], in order."""
        # In one block of memory, which a process gives back when it is done with it; of 200 small
        # ones it would keep 100 MB.
        shapes = [(*_opened(file, lambda picture: picture.size[::-1]), 3) for file in self.files]
        ends = np.cumsum([np.prod(shape) for shape in shapes])
        parts = np.split(np.empty(ends[-1], np.uint8), ends[:-1])
        photos = [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
        for photo, file in zip(photos, self.files, strict=True):
            photo[:] = _opened(file, lambda picture: np.asarray(picture.convert("RGB")))
        return photos


def _opened(file: Path, look: Callable[[Image.Image], T]) -> T:
    try:
        with Image.open(file) as picture:
            if min(picture.size) < SIDE:
                raise DataError(
                    f"The photo {shown(file)} is smaller than {SIDE}x{SIDE}. Remove it."
                )
            return look(picture)
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(
            f"The photo {shown(file)} is damaged ({error}). Delete it and run: "
            "dann data fetch bsds500"
        ) from error
