"""The embedded pair: scikit-learn's handwritten digits, plain and over two photographs.

No network and no download: both the 1,797 digits and the two photos ship with scikit-learn.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from dann_core.datasets.blending import CODE_VERSION, Images, binarise, blend, checksum
from dann_core.datasets.photos import check_photos_option
from dann_core.domains import Domain, DomainPair, Split
from dann_core.files import AnyPath
from dann_core.plain_numbers import Whole, checked_seed

NAMES = ("digits", "digits over photos")
TRAIN, VALIDATION = 1200, 197  # the remaining 400 are the test set


def digits_pair(
    data_dir: AnyPath | None = None, seed: Whole = 0, photos: str = "shared"
) -> DomainPair:
    """scikit-learn's ``load_digits`` upscaled to 28x28 -> the same digits over photo patches.

    ``data_dir`` is not read; the pair is embedded. ``seed``: of the patches. ``photos``:
    ``"shared"`` draws patches anywhere, ``"heldout"`` draws the test set's patches from the right
    third of each photo, which the training set then never uses.
    """
    check_photos_option(photos)
    seed = checked_seed(seed)
    from sklearn.datasets import load_sample_images

    source, labels = digits_and_labels()
    pictures = [np.ascontiguousarray(photo) for photo in load_sample_images().images]
    left, right = pictures, pictures
    if photos == "heldout":
        cuts = [photo.shape[1] * 2 // 3 for photo in pictures]
        left = [photo[:, :cut] for photo, cut in zip(pictures, cuts, strict=True)]
        right = [photo[:, cut:] for photo, cut in zip(pictures, cuts, strict=True)]
    known = TRAIN + VALIDATION
    target = np.concatenate(
        [blend(source[:known], left, 2 * seed), blend(source[known:], right, 2 * seed + 1)]
    )
    build: dict[str, Any] = {
        "pair": "digits",
        "id": f"digits-v{CODE_VERSION}-seed{seed}-{photos}",
        "seed": seed,
        "photos": f"scikit-learn's two sample photographs, {photos}",
        "code_version": CODE_VERSION,
        "sha256": checksum(source, target, labels),
    }
    return DomainPair(
        "digits",
        as_domain(NAMES[0], source, labels),
        as_domain(NAMES[1], target, labels),
        build=build,
    )


def digits_and_labels() -> tuple[Images, np.ndarray]:
    """scikit-learn's 1,797 digits, uint8 [N, 28, 28, 3] of 0 and 255, and int64 [N] labels."""
    rows = _rows()
    grey = np.stack([_upscale(row.reshape(8, 8)) for row in rows[:, :-1]])
    return _spread(grey), rows[:, -1].astype(np.int64)


def _rows() -> np.ndarray:
    """Its 64 pixels, 0 to 16, and the label of each digit: float64 [N, 65]."""
    # All of scikit-learn takes two seconds to import, the file with the digits a tenth of one.
    found = find_spec("sklearn")
    for folder in (found and found.submodule_search_locations) or ():
        file = Path(folder, "datasets", "data", "digits.csv.gz")
        if file.is_file():
            return np.loadtxt(file, delimiter=",")
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    return np.column_stack([pixels, labels])


def _upscale(digit: np.ndarray) -> Images:
    """One 8x8 digit, 0-16, -> uint8 28x28 with a 4-pixel border, as MNIST centres its digits."""
    picture = Image.fromarray((digit * 255 / 16).astype(np.uint8))
    return np.pad(np.asarray(picture.resize((20, 20), Image.Resampling.BICUBIC)), 4)


def _spread(grey: Images) -> Images:
    # Bicubic upscaling leaves a faint halo; above half is ink, so that strokes stay thin.
    return binarise(np.where(grey > 127, grey, 0).astype(np.uint8))


def as_domain(name: str, images: Images, labels: np.ndarray) -> Domain:
    """The digits, all in their own order, as the three splits of a domain."""
    splits = [
        Split(torch.from_numpy(images[part].copy()), torch.from_numpy(labels[part].copy()))
        for part in (
            slice(0, TRAIN),
            slice(TRAIN, TRAIN + VALIDATION),
            slice(TRAIN + VALIDATION, None),
        )
    ]
    return Domain(name, *splits)
