"""Numbers as callers have them: NumPy's are as good as Python's, and are kept as Python's.

What is compared, hashed, or written as JSON or into a checkpoint is then the same, wherever a
number came from.
"""

from __future__ import annotations

import math
import sys
from dataclasses import fields
from types import UnionType
from typing import Any, get_args

import numpy as np

from dann_core.errors import DataError, RecipeError

Whole = int | np.integer[Any]
"""The types of a whole number."""
Number = float | np.floating[Any] | np.integer[Any]
"""The types of a number; Python's ``int`` is one of them."""
SEEDS = 2**31
"""The number of seeds: from 0 to this less 1."""


LARGEST = float(np.finfo(np.float32).max)
"""The largest number that a network can compute with, about 3.4e38."""


def short(value: Any) -> str:
    """``value`` for a message: on one line, and not all of it if it is long."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # Python writes out no more than 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= 60 else f"{text[:60]}..."


def plain(value: Any) -> Any:
    """``value`` as Python has it if it is a number, truth value or text of NumPy's, of any width,
    or an array of no dimensions; else ``value`` itself."""
    # A pair, because torch.compile does not take a union of NumPy's types.
    if isinstance(value, (np.generic, np.ndarray)) and value.ndim == 0:
        return value.item()
    return value


def none_for_nan(value: Any) -> Any:
    """``value``, plain, or None for a NaN or infinity, which JSON has no words for."""
    found = plain(value)
    return None if isinstance(found, float) and not math.isfinite(found) else found


def make_plain(record: Any) -> None:
    """Make every field of a dataclass plain; for its ``__post_init__``, also of a frozen one."""
    for field in fields(record):
        object.__setattr__(record, field.name, plain(getattr(record, field.name)))


def is_whole(value: Any) -> bool:
    """Whether a plain value is a whole number, which True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Whether a plain value is a finite number, which True and False are not; also a whole one has
    to be no larger than a float can be."""
    if not is_whole(value) and not isinstance(value, float):
        return False
    return abs(value) <= sys.float_info.max  # which NaN is not


def checked_number(
    value: Number, name: str, low: float = 0.0, high: float = sys.float_info.max
) -> float:
    """``value`` as a plain number. Raises :class:`RecipeError`, with its ``name``, unless it is a
    number from ``low`` to ``high``."""
    found = plain(value)
    if not is_number(found) or not low <= found <= high:
        raise RecipeError(f"{name}={short(found)}: it must be {_range('a number', low, high)}.")
    return float(found)


def checked_whole(value: Whole, name: str, low: int = 0, high: int = sys.maxsize) -> int:
    """``value`` as a plain number. Raises :class:`RecipeError`, with its ``name``, unless it is a
    whole number from ``low`` to ``high``."""
    found = plain(value)
    if not is_whole(found) or not low <= found <= high:
        raise RecipeError(
            f"{name}={short(found)}: it must be {_range('a whole number', low, high)}."
        )
    return int(found)


def _range(what: str, low: float, high: float) -> str:
    most = "" if high >= sys.maxsize else f" and at most {high}"
    return f"{what} of at least {low}{most}"


def checked_type(value: Any, kind: type | UnionType, name: str) -> None:
    """Raise TypeError, with its ``name``, unless ``value`` is of this ``kind``."""
    if not isinstance(value, kind):
        names = " or ".join(each.__name__ for each in get_args(kind) or (kind,))
        raise TypeError(f"{name} is {short(value)}, where a {names} is needed.")


def checked_seed(seed: Whole) -> int:
    """``seed`` as a plain number. Raises :class:`DataError` unless it is a whole number from 0 to
    2**31 - 1."""
    found = plain(seed)
    if not is_whole(found) or not 0 <= found < SEEDS:
        raise DataError(
            f"seed={short(found)} is out of range. Choose a whole number from 0 to {SEEDS - 1}."
        )
    return int(found)


def checked_images(images: Whole) -> int:
    """``images``, of each domain, as a plain number. Raises :class:`DataError` unless it is a whole
    number of at least 1."""
    found = plain(images)
    if not is_whole(found) or found < 1:
        raise DataError(f"images={short(found)}: at least 1 test image of each domain is needed.")
    return int(found)
