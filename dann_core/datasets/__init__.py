"""The pairs on offer. A pair is a function ``(data_dir, **options) -> DomainPair``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dann_core.datasets import digits, mnist, stripes
from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.files import AnyPath

PAIRS: dict[str, Callable[..., DomainPair]] = {
    "stripes": stripes.stripes_pair,
    "digits": digits.digits_pair,
    "mnist": mnist.mnist_pair,
}
"""The function that makes each pair, by the pair's name."""
NAMES = {"stripes": stripes.NAMES, "digits": digits.NAMES, "mnist": mnist.NAMES}
"""The names of each pair's source and target, for people."""


def load_pair(name: str, data_dir: AnyPath | None = None, **options: Any) -> DomainPair:
    """Load a pair by name: ``"stripes"`` or ``"digits"`` (embedded, offline), or ``"mnist"``
    (MNIST -> MNIST-M).

    ``data_dir``: where the files are; see :meth:`dann_core.datasets.store.DataStore.open`.
    ``options`` go to the pair's own function: ``seed``, ``photos``, and for ``"mnist"`` ``build``.

    Raises :class:`DataError` with the remedy if the name is unknown or a file missing or damaged.
    """
    if name not in PAIRS:
        raise DataError(f"There is no pair {name!r}. Choose one of: {', '.join(PAIRS)}.")
    return PAIRS[name](data_dir=data_dir, **options)
