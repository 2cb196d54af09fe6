"""MNIST-M, built here from MNIST and the BSDS500 training photos, and cached."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dann_core.datasets.blending import CODE_VERSION, SIDE, Images, binarise, blend, checksum
from dann_core.datasets.photos import PhotoSet, check_photos_option
from dann_core.datasets.store import DataStore, Progress
from dann_core.errors import DataError, reason_of
from dann_core.files import (
    AnyPath,
    can_write,
    file_to_write,
    in_full,
    kind_of,
    regular_file,
    shown,
    written_whole,
)
from dann_core.forms import check_form
from dann_core.plain_numbers import Whole, checked_seed

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class MnistM:
    """The target's 60,000 + 10,000 images (or fewer, where imported), uint8 [N, 28, 28, 3].

    ``train_labels``, ``test_labels``: int64 [N]. ``build``: see :class:`DomainPair`.
    """

    train: Images
    test: Images
    train_labels: Labels
    test_labels: Labels
    build: dict[str, Any]

    @property
    def arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        return self.train, self.test, self.train_labels, self.test_labels


def cache_file(store: DataStore, build_id: str) -> Path:
    """Where a build is cached."""
    return store.cache / "mnist-m" / f"{build_id}.npz"


def require_place(store: DataStore) -> None:
    """Raise :class:`DataError` if a build could not be kept: before the work of making it."""
    folder = in_full(cache_file(store, "").parent)
    if not can_write(folder):
        raise DataError(
            f"{shown(folder)} cannot be written to, and MNIST-M is kept there. Name another folder "
            "with the environment variable DANN_CACHE."
        )


def build_id(photo_set: PhotoSet, seed: int, photos: str) -> str:
    """Names a build: same name, same bytes."""
    return f"mnistm-v{CODE_VERSION}-seed{seed}-{photos}-{photo_set.fingerprint[:8]}"


def mnistm(
    store: DataStore,
    mnist_train: tuple[Images, Labels],
    mnist_test: tuple[Images, Labels],
    seed: Whole = 0,
    photos: str = "shared",
    progress: Progress | None = None,
) -> MnistM:
    """MNIST-M for this seed and photo set: from the cache if it is there and sound, else built.

    ``mnist_train``, ``mnist_test``: uint8 [N, 28, 28] digits and int64 [N] labels.
    ``photos``: ``"shared"`` draws every patch from all photos, as the tutorial does; ``"heldout"``
    keeps every fifth photo for the test set alone. ``seed``: 0 to 2**31 - 1.
    ``progress`` is told how many images are blended.
    """
    check_photos_option(photos)
    seed = checked_seed(seed)
    photo_set = PhotoSet.of(store)
    name = build_id(photo_set, seed, photos)
    file = cache_file(store, name)
    if kind_of(file):
        with suppress(DataError):
            return load(file)
        file_to_write(file)  # damaged, and made again below from what it came from
    require_place(store)

    pictures = photo_set.read()
    for_train, for_test = pictures, pictures
    if photos == "heldout":
        for_test = pictures[::5]
        for_train = [photo for i, photo in enumerate(pictures) if i % 5]
    first, total = len(mnist_train[0]), len(mnist_train[0]) + len(mnist_test[0])

    def done(images: int) -> None:
        if progress:
            progress("Building MNIST-M", images, total)

    done(0)
    made = MnistM(
        blend(binarise(mnist_train[0]), for_train, 2 * seed, done),
        blend(binarise(mnist_test[0]), for_test, 2 * seed + 1, lambda n: done(first + n)),
        mnist_train[1],
        mnist_test[1],
        {
            "pair": "mnist",
            "id": name,
            "seed": seed,
            "photos": f"BSDS500 train, {len(photo_set)} photos, {photos}",
            "photos_sha256": photo_set.fingerprint,
            "code_version": CODE_VERSION,
        },
    )
    return save(made, file)


def save(made: MnistM, file: AnyPath) -> MnistM:
    """Write to ``file``, whole or not at all; returns it with its checksum in ``build``."""
    made.build["sha256"] = checksum(*made.arrays)
    # Opened here, because np.savez would add ".npz" to the temporary name.
    with written_whole(file) as temporary, open(temporary, "wb") as stream:
        np.savez(
            stream,
            train=made.train,
            test=made.test,
            train_labels=made.train_labels,
            test_labels=made.test_labels,
            build=np.array(json.dumps(made.build)),
        )
    return made


def load(file: AnyPath) -> MnistM:
    """Read a cached build. Raises :class:`DataError` if it is damaged."""
    name = shown(file)
    try:
        with np.load(regular_file(file), allow_pickle=False) as stored:
            build = _build_of(stored)
            arrays = {part: stored[part] for part in stored.files if part != "build"}
        check_form(arrays, _form(arrays))
        made = MnistM(**arrays, build=build)
        sound = checksum(*made.arrays) == build["sha256"]
    except Exception as error:  # damaged bytes can raise anything
        why = reason_of(error)
        raise DataError(
            f"{name} cannot be read ({why}). Delete it and build or import it again."
        ) from error
    if not sound:
        raise DataError(
            f"{name} is damaged: its checksum is wrong. Delete it and build or import it again."
        )
    return made


def _form(arrays: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    form = {}
    for part in ("train", "test"):
        n = len(arrays[part])
        form[part] = np.broadcast_to(np.uint8(0), (n, SIDE, SIDE, 3))  # takes no memory
        form[f"{part}_labels"] = np.broadcast_to(np.int64(0), (n,))
    return form


def _build_of(stored: Mapping[str, npt.NDArray[Any]]) -> dict[str, Any]:
    build: dict[str, Any] = json.loads(str(stored["build"]))
    check_form(build, dict, "build")
    for name in ("id", "sha256"):
        check_form(build.get(name), str, f"build.{name}")
    return build


def builds(store: DataStore) -> list[dict[str, Any]]:
    """What the cache holds: each build's ``build`` with its ``file`` and ``bytes``, by name."""
    folder, found = cache_file(store, "any").parent, []
    # Path.glob raises OSError for a name that is too long.
    for file in sorted(folder.glob("*.npz")) if os.path.isdir(folder) else ():
        try:
            with np.load(regular_file(file), allow_pickle=False) as stored:
                build = _build_of(stored)
            found.append({**build, "file": str(file), "bytes": file.stat().st_size})
        except Exception:  # damaged: not on offer, and replaced by the next build of that name
            continue
    return found
