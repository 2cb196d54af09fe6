"""The real pair: MNIST -> MNIST-M."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torchvision import datasets

from dann_core.domains import Domain, DomainPair, Split
from dann_core.errors import DataError
from dann_core.sources.blending import Images, binarise
from dann_core.sources.mnistm import Labels, MnistM, cache_file, load, mnistm
from dann_core.sources.store import DataStore

TRAIN = 55_000  # of the 60,000 training digits; the last 5,000 are the validation set


def read_mnist(store: DataStore) -> tuple[tuple[Images, Labels], tuple[Images, Labels]]:
    """MNIST's training and test set: uint8 [N, 28, 28] digits and int64 [N] labels each.

    Raises :class:`DataError` if the files are missing or damaged.
    """
    folder = store.find("MNIST/raw")
    if folder is None:
        raise DataError(
            f"MNIST is not in {store.root / 'MNIST/raw'}. Get it with: dann data fetch mnist"
        )
    try:
        train, test = (
            datasets.MNIST(root=str(folder.parent.parent), train=train) for train in (True, False)
        )
        sets = [(s.data.numpy(), s.targets.numpy().astype(np.int64)) for s in (train, test)]
    except (RuntimeError, OSError, ValueError, AssertionError, IndexError) as error:
        raise DataError(
            f"The MNIST files in {folder} are damaged or incomplete. "
            "Delete that folder and run: dann data fetch mnist"
        ) from error
    for (digits, labels), expected in zip(sets, (60_000, 10_000), strict=True):
        if digits.shape != (expected, 28, 28) or labels.shape != (expected,):
            raise DataError(
                f"The MNIST files in {folder} hold {len(digits)} images and {len(labels)} labels "
                f"where {expected} are expected. Delete that folder and run: dann data fetch mnist"
            )
    return sets[0], sets[1]


def mnist_pair(
    data_dir: str | Path | None = None,
    seed: int = 0,
    photos: str = "shared",
    build: str | None = None,
) -> DomainPair:
    """MNIST, binarised, -> MNIST-M.

    ``seed``, ``photos``: of the build; see :func:`dann_core.sources.mnistm.mnistm`.
    ``build``: the id of an imported data set to use instead (``dann data list`` shows them).

    Raises :class:`DataError` if files are missing or damaged.
    """
    store = DataStore.open(data_dir)
    train, test = read_mnist(store)
    if build is None:
        target = mnistm(store, train, test, seed, photos)
    else:
        file = cache_file(store, build)
        if not file.exists():
            raise DataError(f"There is no MNIST-M build {build!r}. See: dann data list")
        target = load(file)
    source = MnistM(binarise(train[0]), binarise(test[0]), train[1], test[1], target.build)
    return DomainPair(
        "mnist", _domain("MNIST", source), _domain("MNIST-M", target), build=target.build
    )


def _domain(name: str, data: MnistM) -> Domain:
    # An imported build can be one image short of 60,000, so the validation set is cut at the end.
    cut = TRAIN if len(data.train) >= 60_000 else len(data.train) - 5_000
    parts = [
        (data.train[:cut], data.train_labels[:cut]),
        (data.train[cut:], data.train_labels[cut:]),
        (data.test, data.test_labels),
    ]
    splits = [Split(torch.from_numpy(x), torch.from_numpy(y)) for x, y in parts]
    return Domain(name, *splits)
