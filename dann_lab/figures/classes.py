"""Classes for people: their names, and what stands where nobody knows the class.

Everywhere ``names`` are those of a pair, ``DomainPair.class_names``; none are the digits 0 to 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor

from dann_core.domains import UNKNOWN
from dann_core.snapshots import UNKNOWN_BYTE
from dann_lab.figures.encoding import as_numpy

Labels = npt.NDArray[Any] | Tensor

DIGITS = tuple("0123456789")
NOT_LABELLED = "not labelled"
LONGEST = 18
"""The letters of a name that fit beside a point or into a cell."""


def told(names: Sequence[str]) -> list[str]:
    """The names as pages are given them: none for digits, of which they speak in words of their
    own."""
    return [] if tuple(names) == DIGITS else list(names)


def what(names: Sequence[str]) -> str:
    """What examples are called: "digits" or "examples"."""
    return "examples" if told(names) else "digits"


def name_of(label: int, names: Sequence[str]) -> str:
    """Of a class, of :data:`~dann_core.domains.UNKNOWN` too."""
    if label == UNKNOWN:
        return NOT_LABELLED
    return names[label] if label < len(names) else str(label)


def brief(name: str) -> str:
    """A name of at most :data:`LONGEST` letters."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def whole(labels: Labels) -> npt.NDArray[np.int64]:
    """int64 [N], with ``UNKNOWN`` where nobody knows the class, of a pair's labels as of the bytes
    of a snapshot."""
    found: npt.NDArray[np.int64] = as_numpy(labels).astype(np.int64)
    return np.where(found == UNKNOWN_BYTE, UNKNOWN, found)
