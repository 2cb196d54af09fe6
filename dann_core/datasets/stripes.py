"""The embedded pair that persuades: scikit-learn's handwritten digits, plain and behind stripes.

Such stripes are what a camera sees of a screen (moiré), or a scanner of a printed pattern. They are
brighter than the digit: a network that has learnt from plain digits reads few of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dann_core.datasets.blending import SIDE, Images, checksum
from dann_core.datasets.digits import TRAIN, VALIDATION, as_domain, digits_and_labels
from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.files import AnyPath
from dann_core.plain_numbers import Whole, checked_seed, checked_whole, short

NAMES = ("digits", "digits behind stripes")
# Raise it whenever the same seed would give other images.
CODE_VERSION = 1
TURN = 1024
"""A whole turn of the sine. Angles are whole parts of it, so that they add up alike everywhere."""
INK, LIGHT = 115, 190
"""What a digit's ink and the stripes' brightest line add to a pixel."""
PARTS_A_PIXEL = (82, 261)
"""How far the sine turns from a pixel to the next: 4 to 12 pixels a stripe."""
STEEPEST = 0.6
"""The stripes' largest slope, in radians to either side of level."""


def stripes_pair(
    data_dir: AnyPath | None = None, seed: Whole = 0, photos: str = "shared"
) -> DomainPair:
    """scikit-learn's ``load_digits`` upscaled to 28x28 -> the same digits behind stripes.

    ``data_dir`` is not read; the pair is embedded. ``seed``: of the stripes. ``photos``: must be
    ``"shared"``, for there are none. Raises :class:`DataError` for anything else.
    """
    if photos != "shared":
        raise DataError(
            f"photos={short(photos)}: the pair 'stripes' has no photos. Leave it out, or choose "
            "another pair."
        )
    seed = checked_seed(seed)
    source, labels = digits_and_labels()
    known = TRAIN + VALIDATION
    target = np.concatenate(
        [behind_stripes(source[:known], 2 * seed), behind_stripes(source[known:], 2 * seed + 1)]
    )
    build: dict[str, Any] = {
        "pair": "stripes",
        "id": f"stripes-v{CODE_VERSION}-seed{seed}",
        "seed": seed,
        "code_version": CODE_VERSION,
        "sha256": checksum(source, target, labels),
    }
    return DomainPair(
        "stripes",
        as_domain(NAMES[0], source, labels),
        as_domain(NAMES[1], target, labels),
        build=build,
    )


def behind_stripes(digits: Images, seed: Whole, light: Whole = LIGHT) -> Images:
    """uint8 [N, 28, 28, 3] -> the same: part of each pixel, and a sine whose place, width and slope
    are drawn for each image.

    ``seed``: 0 to 2**32 - 1. ``light``: what the brightest line adds to a pixel, 0 to 255; with
    another one the same images have the same stripes, brighter or darker. Raises
    :class:`DataError` for digits of another shape and :class:`RecipeError` for another number.
    """
    if digits.ndim != 4 or digits.shape[1:] != (SIDE, SIDE, 3):
        raise DataError(f"digits is {list(digits.shape)}, where [N, 28, 28, 3] is needed.")
    brightest = checked_whole(light, "light", 0, 255)
    # Its stream is frozen for good, as in blending.py.
    random = np.random.RandomState(checked_whole(seed, "seed", 0, 2**32 - 1))
    n = len(digits)
    place = random.randint(0, TURN, size=n, dtype=np.int64)
    pace = random.uniform(*PARTS_A_PIXEL, size=n)
    slope = random.uniform(-STEEPEST, STEEPEST, size=n)
    down = np.rint(pace * np.cos(slope)).astype(np.int64)[:, None, None]
    across = np.rint(pace * np.sin(slope)).astype(np.int64)[:, None, None]
    rows, columns = np.arange(SIDE)[:, None], np.arange(SIDE)
    angle = (place[:, None, None] + down * rows + across * columns) % TURN
    sine = np.sin(2 * np.pi * np.arange(TURN) / TURN)
    wave = np.rint(brightest / 2 * (1 + sine)).astype(np.int64)
    pictures = digits.astype(np.int64) * INK // 255 + wave[angle][..., None]
    return pictures.clip(0, 255).astype(np.uint8)
