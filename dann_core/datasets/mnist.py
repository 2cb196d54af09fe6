"""The real pair: MNIST -> MNIST-M."""

from __future__ import annotations

import hashlib
import os

import numpy as np
import torch
from torch import Tensor

from dann_core.datasets.blending import Images, binarise
from dann_core.datasets.mnistm import Labels, builds, cache_file, load, mnistm
from dann_core.datasets.store import DataStore, Progress, content
from dann_core.domains import Domain, DomainPair, Split
from dann_core.errors import DataError
from dann_core.files import AnyPath, shown
from dann_core.plain_numbers import Whole, checked_type

NAMES = ("MNIST", "MNIST-M")
FOLDER = "MNIST/raw"
# torchvision has checksums of the compressed files only, and reads the others unchecked.
MD5 = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}
TRAIN = 55_000  # of the 60,000 training digits; the last 5,000 are the validation set


def read_mnist(store: DataStore) -> tuple[tuple[Images, Labels], tuple[Images, Labels]]:
    """MNIST's training and test set: uint8 [N, 28, 28] digits and int64 [N] labels each.

    Raises :class:`DataError` if the files are missing or damaged.
    """
    checked_type(store, DataStore, "store")
    folder = store.find(FOLDER, *MD5)
    if folder is None:
        raise DataError(
            f"MNIST is not in {shown(store.root / FOLDER)}. Get it with: dann data fetch mnist"
        )
    for name, md5 in MD5.items():
        if hashlib.md5(content(folder / name), usedforsecurity=False).hexdigest() != md5:
            raise DataError(
                f"The file {shown(folder / name)} is damaged or cut short. Delete it (or choose "
                "another folder with --data-dir) and run: dann data fetch mnist"
            )
    # Here, because importing torchvision takes longer than importing torch.
    from torchvision import datasets

    train, test = (datasets.MNIST(folder.parent.parent, train=train) for train in (True, False))
    return (
        (train.data.numpy(), train.targets.numpy().astype(np.int64)),
        (test.data.numpy(), test.targets.numpy().astype(np.int64)),
    )


def mnist_pair(
    data_dir: AnyPath | None = None,
    seed: Whole = 0,
    photos: str = "shared",
    build: str | None = None,
    progress: Progress | None = None,
) -> DomainPair:
    """MNIST, binarised, -> MNIST-M.

    ``seed``, ``photos``, ``progress``: of the build; see :func:`dann_core.datasets.mnistm.mnistm`.
    ``build``: the id of an existing build to use instead (``dann data list`` shows them).

    Raises :class:`DataError` if files are missing or damaged.
    """
    store = DataStore.open(data_dir)
    train, test = read_mnist(store)
    if build is None:
        target = mnistm(store, train, test, seed, photos, progress)
    else:
        file = cache_file(store, build)
        if not os.path.exists(file):
            known = ", ".join(str(b["id"]) for b in builds(store)) or "none"
            raise DataError(f"There is no MNIST-M build {build!r}. There is: {known}.")
        target = load(file)
    source = _domain(NAMES[0], _grey(train[0]), train[1], _grey(test[0]), test[1])
    images = torch.from_numpy(target.train), torch.from_numpy(target.test)
    return DomainPair(
        "mnist",
        source,
        _domain(NAMES[1], images[0], target.train_labels, images[1], target.test_labels),
        build=target.build,
    )


def _grey(digits: Images) -> Tensor:
    """Binarised: uint8 [N, 28, 28] -> uint8 [N, 28, 28, 3]."""
    # The three channels are one in memory, where 110 MB matter to a machine with 2 GB.
    one = np.ascontiguousarray(binarise(digits)[..., :1])
    return torch.from_numpy(one).expand(-1, -1, -1, 3)


def _domain(name: str, train: Tensor, labels: Labels, test: Tensor, test_labels: Labels) -> Domain:
    # An imported build can come without its validation images, 55,000 in all.
    cut = min(TRAIN, len(train) - 5_000)
    parts = [(train[:cut], labels[:cut]), (train[cut:], labels[cut:]), (test, test_labels)]
    return Domain(name, *(Split(images, torch.from_numpy(found)) for images, found in parts))
