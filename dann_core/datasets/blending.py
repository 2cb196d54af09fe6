"""MNIST-M's recipe: a digit blended with a patch of a photograph, ``|patch - digit|``.

Seeded, vectorised, and the same bit for bit on any machine. (Ganin & Lempitsky 2015, section 4;
the code that the tutorial used is ``create_mnistm.py`` of tf-dann.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from dann_core.errors import DataError
from dann_core.plain_numbers import Whole, checked_whole

Images = npt.NDArray[np.uint8]

# Raise it whenever the same seed and photos would give other images.
CODE_VERSION = 1
SIDE = 28
BLENDED_AT_ONCE = 2000  # to bound the memory; the images do not depend on it


def binarise(digits: Images) -> Images:
    """uint8 [N, 28, 28] -> uint8 [N, 28, 28, 3]: every pixel above 0 becomes 255."""
    return np.repeat(((digits > 0) * np.uint8(255))[..., None], 3, axis=-1)


def blend_patch(patch: Images, digit: Images) -> Images:
    """``|patch - digit|``, pixel by pixel: uint8 arrays of one shape -> uint8, the same shape."""
    # Signed, or 10 - 20 would wrap around to 246.
    difference = patch.astype(np.int16) - digit
    return np.abs(difference).astype(np.uint8)


def blend(
    digits: Images,
    photos: Sequence[Images],
    seed: Whole,
    done: Callable[[int], None] = lambda images: None,
) -> Images:
    """Blend each digit with a random patch of a random photo.

    ``digits``: uint8 [N, 28, 28, 3]. ``photos``: uint8 [H, W, 3] each, at least 28x28.
    ``seed``: 0 to 2**32 - 1; the same seed, photos and N give the same images.
    ``done`` is told now and then how many images are finished.
    Returns ``|patch - digit|``, uint8 [N, 28, 28, 3]. Raises :class:`DataError` for digits of
    another shape or no photo, and :class:`RecipeError` for another seed.
    """
    if digits.ndim != 4 or digits.shape[1:] != (SIDE, SIDE, 3):
        raise DataError(f"digits is {list(digits.shape)}, where [N, 28, 28, 3] is needed.")
    if not len(photos):
        raise DataError("photos is empty: at least one is needed.")
    # RandomState's stream is frozen for good; Generator's may change between NumPy versions.
    # The type is named because the default one, and with it the stream, depends on the system.
    random = np.random.RandomState(checked_whole(seed, "seed", 0, 2**32 - 1))
    which = random.randint(0, len(photos), size=len(digits), dtype=np.int64)
    heights = np.array([photo.shape[0] for photo in photos])[which]
    widths = np.array([photo.shape[1] for photo in photos])[which]
    top = random.randint(0, heights - SIDE + 1, dtype=np.int64)
    left = random.randint(0, widths - SIDE + 1, dtype=np.int64)

    # One flat array of all pixels, so that patches of photos of any size are gathered at once.
    pixels = np.concatenate([photo.reshape(-1, 3) for photo in photos])
    starts = np.cumsum([0] + [photo.shape[0] * photo.shape[1] for photo in photos])[which]
    corner = starts + top * widths + left
    rows, columns = np.arange(SIDE)[:, None], np.arange(SIDE)
    out = np.empty_like(digits)
    for begin in range(0, len(digits), BLENDED_AT_ONCE):
        part = slice(begin, begin + BLENDED_AT_ONCE)
        index = corner[part, None, None] + rows * widths[part, None, None] + columns
        out[part] = blend_patch(pixels[index], digits[part])
        done(min(begin + BLENDED_AT_ONCE, len(digits)))
    return out


def checksum(*arrays: npt.NDArray[np.generic]) -> str:
    """SHA-256 over the arrays' shapes, types and bytes, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
