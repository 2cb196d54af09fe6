"""Ready-made MNIST-M files, read without trusting them, and checked against MNIST.

What is known:

* ``mnist_m.tar.gz``, the authors' own: PNG files of 32 x 32 pixels and two lists of labels. It has
  the first 59,001 and 9,001 of MNIST's digits, in MNIST's order, in the middle of each image.
* PyTorch files in pairs (liyxi/mnist-m's ``mnist_m_train.pt.tar.gz`` and
  ``mnist_m_test.pt.tar.gz``), also as they are inside, ``mnist_m_train.pt`` and
  ``mnist_m_test.pt``.
* A pickled dictionary of uint8 arrays ``train``, ``test`` and perhaps ``valid`` (tf-dann's
  ``mnistm_data.pkl``, keras_mnistm's ``keras_mnistm.pkl.gz``).

A file is known by what is in it, not by its name. Each image must be ``|photo - digit|`` with
MNIST's digit of its place, and each label MNIST's.
"""

from __future__ import annotations

import io
import os
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dann_core.datasets.archives import (
    LIMIT,
    OLD_TORCH,
    ZIP,
    LabelledImages,
    read_tar,
    read_torch,
)
from dann_core.datasets.blending import BLENDED_AT_ONCE, Images, checksum
from dann_core.datasets.bounded import unpacked
from dann_core.datasets.mnist import read_mnist
from dann_core.datasets.mnistm import Labels, MnistM, cache_file, require_place, save
from dann_core.datasets.plain_pickles import read_arrays
from dann_core.datasets.store import DataStore
from dann_core.errors import DataError
from dann_core.files import AnyPath, kind_of, shown

KNOWN = (
    "mnist_m.tar.gz, mnist_m_train.pt.tar.gz or mnist_m_train.pt with the test file beside it, "
    "keras_mnistm.pkl.gz, mnistm_data.pkl"
)
"""The files that can be imported, for people."""
SHARE = 0.99
"""The share of the images that must show their digit. Of the authors' 68,002 and of our own builds
all do, of noise half, and of images in another order under one in ten."""

Found = dict[str, tuple[Images, Labels | None]]
"""Images and, if there are any, labels by the name of the part: "train", "test", perhaps
"valid"."""


def import_mnistm(path: AnyPath, store: DataStore) -> str:
    """Import a ready-made MNIST-M into the cache; returns the build id for ``load_pair``.

    ``path``: one of the files above; of a pair of PyTorch files either one, with the other beside
    it. Labels are MNIST's own, which takes MNIST to be there. Where in MNIST the images belong is
    read off the images themselves: tf-dann held back the *first* 5,000 digits for validation,
    others the last, and the authors left out a few at the end.

    Raises :class:`DataError` if the file is missing, damaged, of another kind, not safe, or does
    not show MNIST's digits with MNIST's labels.
    """
    path = Path(os.path.expanduser(path))
    require_place(store)
    found = _read(path)
    mnist_train, mnist_test = read_mnist(store)
    parts = [_placed(path, found[k], mnist_train) for k in ("train", "valid") if k in found]
    parts.sort(key=lambda part: part[0])
    if any(a[0] + len(a[1]) > b[0] for a, b in pairwise(parts)):
        raise DataError(f"{shown(path)} has the same digits in 'train' and in 'valid'.")
    train = np.concatenate([images for _, images, _ in parts])
    train_labels = np.concatenate([labels for _, _, labels in parts])
    _, test, test_labels = _placed(path, found["test"], mnist_test)
    if len(train) <= 5_000:
        raise DataError(
            f"{shown(path)} has {len(train)} training images; more than 5,000 are needed."
        )
    name = f"imported-{checksum(train, test, train_labels, test_labels)[:8]}"
    build = {"pair": "mnist", "id": name, "photos": f"imported from {path.name}"}
    save(MnistM(train, test, train_labels, test_labels, build), cache_file(store, name))
    return name


# What is in a file


def _read(path: Path) -> Found:
    found = _content(path)
    if isinstance(found, dict):
        if not {"train", "test"} <= found.keys():
            raise DataError(
                f"{shown(path)} holds {sorted(found)}, but 'train' and 'test' are needed."
            )
        return found
    # One of a pair, whose name tells which.
    names = {part: re.sub(r"(train|test)(?=\.pt\b)", part, path.name) for part in ("train", "test")}
    if names["train"] == names["test"]:
        raise DataError(
            f"{shown(path)} is one part of an MNIST-M. Name it like mnist_m_train.pt or "
            "mnist_m_train.pt.tar.gz, and put the other part beside it."
        )
    (other,) = (path.with_name(name) for name in names.values() if name != path.name)
    if kind_of(other) is None:
        raise DataError(
            f"{shown(path)} is one part of an MNIST-M: the other, {shown(other.name)}, must be "
            "beside it."
        )
    second = _content(other)
    if isinstance(second, dict):
        raise DataError(f"{shown(other)} is not the other part of {shown(path.name)}.")
    return {part: found if name == path.name else second for part, name in names.items()}


def _content(path: Path) -> Found | LabelledImages:
    """All parts, or the one that a file has of a pair."""
    try:
        with unpacked(path, LIMIT) as stream:
            head = stream.read(512)
        with unpacked(path, LIMIT) as stream:
            if head[257:262] == b"ustar":
                return {**found} if isinstance(found := read_tar(stream), dict) else found
            if head.startswith((ZIP, OLD_TORCH)):
                return read_torch(io.BytesIO(stream.read()))
            if head.startswith(_PICKLES):
                return {name: (images, None) for name, images in read_arrays(stream).items()}
    except FileNotFoundError as error:
        raise DataError(f"There is no file {shown(path)}.") from error
    except DataError as error:
        raise DataError(f"{shown(path)} was not imported. {error}") from error
    except Exception as error:  # what is damaged or hostile can raise anything
        raise DataError(
            f"{shown(path)} is damaged ({type(error).__name__}). Get it again."
        ) from error
    what = "a web page: the download went wrong" if head.lstrip()[:1] == b"<" else "damaged"
    raise DataError(
        f"{shown(path)} is {what}, or it is none of the files that can be imported. Those are: "
        f"{KNOWN}."
    )


_PICKLES = (b"\x80", b"(d", b"}", b"c")
"""How the pickle of a dictionary begins, by its protocol, and one that begins with a call."""


# Whether it is MNIST-M


def _placed(
    path: Path, found: tuple[Images, Labels | None], mnist: LabelledImages
) -> tuple[int, Images, Labels]:
    """Where in MNIST the images begin, the images, and their labels from there."""
    (images, given), (digits, labels) = found, mnist
    spare = len(digits) - len(images)
    if spare < 0:
        raise DataError(
            f"{shown(path)} has {len(images)} images where MNIST has {len(digits)}: their labels "
            "are unknown."
        )
    most = 0
    for begin in sorted({0, spare}):
        place = slice(begin, begin + len(images))
        right = int(_shows(images, digits[place]).sum())
        most = max(most, right)
        if right >= SHARE * len(images):
            _check_labels(path, given, labels[place])
            return begin, images, labels[place]
    raise DataError(
        f"Only {most} of {len(images)} images in {shown(path)} are a photo with MNIST's digit of "
        "their place, |photo - digit|. They are something else, or in another order, so that their "
        "labels are unknown."
    )


def _shows(images: Images, digits: Images) -> npt.NDArray[np.bool_]:
    """Of each image, whether it is a photo with that digit: bool [N].

    Blending turned the photo into its negative under each stroke and so drew the stroke's outline.
    The same stroke takes it back, so that there are fewer edges then; another one draws more. Where
    nothing but the digit was there, no edge is left.
    """
    found, flat = [], 0
    for begin in range(0, len(images), BLENDED_AT_ONCE):
        some = slice(begin, begin + BLENDED_AT_ONCE)
        blended = images[some].astype(np.int16)
        restored = np.where((digits[some] > 0)[..., None], 255 - blended, blended)
        before, after = _edges(blended), _edges(restored)
        flat += int((after == 0).sum())
        found.append(after < before)
    # A few photos are flat, such as a piece of sky; plain digits are all.
    enough = flat < len(images) / 2
    return np.concatenate(found) & enough


def _edges(images: npt.NDArray[np.int16]) -> npt.NDArray[np.int64]:
    """The sum of the differences of neighbouring pixels, of each image."""
    steps = (np.abs(np.diff(images, axis=axis)) for axis in (1, 2))
    total: npt.NDArray[np.int64] = sum(s.sum(axis=(1, 2, 3), dtype=np.int64) for s in steps)
    return total


def _check_labels(path: Path, given: Labels | None, labels: Labels) -> None:
    wrong = 0 if given is None else int((given != labels).sum())
    if wrong:
        raise DataError(
            f"{wrong} of {len(labels)} labels in {shown(path)} are not MNIST's: it is damaged, or "
            "its labels are another set's. Get it again."
        )
