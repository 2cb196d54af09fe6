"""The pairs on offer. A pair is a function ``(data_dir, **options) -> DomainPair``.

Other packages can add theirs: a function by an entry point of the group "dann.pairs", whose name is
the pair's. It is then found wherever pairs are chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from dann_core.datasets import digits, mnist, stripes
from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.files import AnyPath
from dann_core.plain_numbers import checked_type

GROUP = "dann.pairs"
PAIRS: dict[str, Callable[..., DomainPair]] = {
    "stripes": stripes.stripes_pair,
    "digits": digits.digits_pair,
    "mnist": mnist.mnist_pair,
}
"""The function that makes each built-in pair, by the pair's name."""
NAMES = {"stripes": stripes.NAMES, "digits": digits.NAMES, "mnist": mnist.NAMES}
"""The names of each built-in pair's source and target, for people."""


@cache
def others() -> dict[str, EntryPoint]:
    """The pairs that other packages have added, by name; nothing of theirs is loaded yet."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    return {name: point for name, point in sorted(found.items()) if name not in PAIRS}


def pair_names() -> list[str]:
    """The names of all pairs on offer, the built-in ones first."""
    return [*PAIRS, *others()]


def load_pair(name: str, data_dir: AnyPath | None = None, **options: Any) -> DomainPair:
    """Load a pair by name: ``"stripes"`` or ``"digits"`` (embedded, offline), ``"mnist"`` (MNIST ->
    MNIST-M), or one that another package has added.

    ``data_dir``: where the files are; see :meth:`dann_core.datasets.store.DataStore.open`.
    ``options`` go to the pair's own function: ``seed``, ``photos``, and for ``"mnist"`` ``build``.

    Raises :class:`DataError` with the remedy if the name is unknown or a file missing or damaged.
    """
    if name in PAIRS:
        return PAIRS[name](data_dir=data_dir, **options)
    if name not in others():
        raise DataError(f"There is no pair {name!r}. Choose one of: {', '.join(pair_names())}.")
    return _from_elsewhere(others()[name], data_dir, options)


def _from_elsewhere(
    point: EntryPoint, data_dir: AnyPath | None, options: dict[str, Any]
) -> DomainPair:
    try:
        pair = point.load()(data_dir=data_dir, **options)
        checked_type(pair, DomainPair, "its pair")
    except DataError:
        raise
    except Exception as error:  # of another package's code, and whoever asked for it has to know
        why = " ".join(str(error).split())
        raise DataError(
            f"The pair {point.name!r} ({point.value}) cannot be loaded: {type(error).__name__}: "
            f"{why:.200}. Mend or remove the package that adds it."
        ) from error
    assert isinstance(pair, DomainPair)
    return pair
