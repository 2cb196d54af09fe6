"""A person's labels, whatever their form, as the numbers that a network learns.

Whole numbers from any start, strings, one-hot rows and truth values become int64 from 0 to
classes - 1; what they were is kept, to be shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from dann_core.domains import MOST_CLASSES, UNKNOWN
from dann_core.errors import DataError
from dann_core.plain_numbers import plain, short

LABEL = "a class is a whole number or a word"
CONTROLS = ("Cc", "Cs", "Zl", "Zp")
"""Unicode's kinds of characters that break a line, or mean something to a terminal."""
Rows = Callable[[int], str]
"""What an example is called in a sentence, by its place."""


def row_name(row: int) -> str:
    """Of an example that has no other name."""
    return f"row {row}"


@dataclass(frozen=True)
class Classes:
    """``values``: what stood for each class, in order: str, int or bool, without repetition."""

    values: tuple[str | int | bool, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of each class, for people."""
        return tuple(str(value) for value in self.values)

    def __len__(self) -> int:
        return len(self.values)

    def numbers(self, labels: Any, where: str, rows: Rows = row_name) -> npt.NDArray[np.int64]:
        """int64 [N], 0 to classes - 1, of ``labels`` [N] or one-hot [N, classes]; -1 for those that
        nobody has told: None, NaN, "", rows of zeros, and -1 where that is no class. The columns of
        one-hot rows are the classes in their order.

        ``where``: what the labels are of, for an error. Raises :class:`DataError` for a value that
        is none of the classes, with its row.
        """
        found = _flat(labels, where, rows)
        if width := _one_hot_width(labels):
            return self._of_columns(found, width, where)
        place: dict[Any, int] = {str(value): k for k, value in enumerate(self.values)}
        place |= {value: k for k, value in enumerate(self.values)}
        place |= {None: UNKNOWN} | ({} if -1 in place else {-1: UNKNOWN, "-1": UNKNOWN})
        # A file may hold words for numbers.
        numbers = [place.get(value, place.get(str(value))) for value in found]
        if None in numbers:
            row = numbers.index(None)
            raise DataError(
                f"{where}: {rows(row)} has the label {short(found[row])}, which no source example "
                "has. Leave such examples out, give the source some, or give no labels here. "
                f"Known: {some(self.names)}."
            )
        return np.array(numbers, dtype=np.int64)

    def _of_columns(self, found: list[Any], width: int, where: str) -> npt.NDArray[np.int64]:
        if width != len(self):
            raise DataError(
                f"{where}: the labels are one-hot rows of {width}, and the source has {len(self)} "
                f"classes. Give the class of each example instead, one of: {some(self.names)}."
            )
        return np.array([UNKNOWN if value is None else value for value in found], dtype=np.int64)


def classes_of(labels: Any, where: str, rows: Rows = row_name) -> Classes:
    """The classes in ``labels`` [N] or one-hot [N, classes], sorted.

    Raises :class:`DataError` for none, one or over 255 classes, and for what is no label:
    fractions, NaN, None, rows that are not one-hot, and other types.
    """
    flat = _flat(labels, where, rows)
    if not flat:
        raise DataError(f"{where}: there are no labels. The source needs one for each example.")
    if None in flat:
        raise DataError(
            f"{where}: {rows(flat.index(None))} has no label, and the source needs one for each "
            "example. Leave such examples out."
        )
    width = _one_hot_width(labels)
    values = tuple(range(width)) if width else tuple(sorted(set(flat)))
    if len(set(flat)) == 1:
        raise DataError(
            f"{where}: all labels are {short(flat[0])}. Give examples of at least two classes."
        )
    if len(values) > MOST_CLASSES:
        raise DataError(
            f"{where}: there are {len(values):,} different labels, and at most {MOST_CLASSES} "
            "classes can be told apart. Put some together. Measurements are no classes."
        )
    return Classes(values)


def as_numpy(values: Any) -> npt.NDArray[Any]:
    """Of an array, a tensor on any device, or lists of such; words and None stay what they are.

    Raises whatever NumPy and PyTorch raise for anything else, ValueError for ragged lists.
    """
    if isinstance(values, list | tuple) and any(isinstance(v, torch.Tensor) for v in values):
        values = [as_numpy(value) for value in values]
    if isinstance(values, torch.Tensor):
        values = values.detach().cpu()
        return np.asarray(values.float() if values.dtype == torch.bfloat16 else values)
    array = np.asarray(values)
    # NumPy makes words of all that stands beside a word in a list, also of NaN.
    is_list = not hasattr(values, "dtype") and array.dtype.kind in "US"
    return np.asarray(values, dtype=object) if is_list else array


def _one_hot_width(labels: Any) -> int:
    if _has_columns(labels):
        return 0
    array = as_numpy(labels)
    return array.shape[1] if array.ndim == 2 and array.shape[1] > 1 else 0


def _has_columns(labels: Any) -> bool:
    """Whether it is a DataFrame of several columns, whose names are then the classes."""
    return hasattr(labels, "iloc") and np.ndim(labels) == 2 and labels.shape[1] > 1


def _flat(labels: Any, where: str, rows: Rows) -> list[Any]:
    """A plain Python value of each row, None where there is no label."""
    if _has_columns(labels):
        places = _from_one_hot(labels.to_numpy(), where, rows)
        return [k if k is None else _text(labels.columns[k], k, where, rows) for k in places]
    try:
        array = as_numpy(labels)
    except Exception as error:  # rows of different lengths, and what else there is
        raise DataError(
            f"{where}: the labels are no row of numbers or words. Give one label for each example."
        ) from error
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == 2:
        return list(_from_one_hot(array, where, rows))
    if array.ndim != 1:
        raise DataError(
            f"{where}: the labels have the shape {list(array.shape)}, where [N], or one-hot "
            "[N, classes], is needed. Give one label for each example."
        )
    if array.dtype.kind in "iub":
        return list(array.tolist())
    if array.dtype.kind not in "fUO":
        raise DataError(
            f"{where}: the labels are of the type {array.dtype}, and {LABEL}. Turn them into such."
        )
    values = [_text(value, row, where, rows) for row, value in enumerate(array.tolist())]
    if len({type(value) for value in values if value is not None}) > 1:
        return [None if value is None else str(value) for value in values]  # "a" and 1 are words
    return values


def _from_one_hot(array: npt.NDArray[Any], where: str, rows: Rows) -> list[int | None]:
    if array.dtype.kind not in "iufb" or not array.shape[1]:
        raise DataError(
            f"{where}: labels of the shape {list(array.shape)} and type {array.dtype} are not "
            "one-hot. Give one label for each example."
        )
    ones, others = (array == 1).sum(axis=1), ((array != 0) & (array != 1)).sum(axis=1)
    wrong = (ones > 1) | (others > 0)
    if wrong.any():
        raise DataError(
            f"{where}: the labels of {rows(int(wrong.argmax()))} are not one-hot. Each row needs a "
            "single 1, and 0 elsewhere: an example has one class here."
        )
    return [int(k) if n else None for k, n in zip(array.argmax(axis=1), ones, strict=True)]


def _text(label: Any, row: int, where: str, rows: Rows) -> Any:
    value = plain(label)
    if value is None or type(value).__name__ in ("NAType", "NaTType"):  # pandas'
        return None
    if isinstance(value, float):
        return _whole(value, row, where, rows)
    if isinstance(value, bool | int):
        return value
    if not isinstance(value, str):
        raise DataError(
            f"{where}: {rows(row)} has the label {short(value)}, and {LABEL}. Turn it into such."
        )
    # Where a name was typed decides whether its é is one character or two.
    text = unicodedata.normalize("NFC", value.strip())
    if any(unicodedata.category(character) in CONTROLS for character in text):
        raise DataError(
            f"{where}: {rows(row)} has the label {short(text)}, in which there is a line break or "
            "another character that cannot be shown. Rename this class."
        )
    return text or None


def _whole(value: float, row: int, where: str, rows: Rows) -> int | None:
    if value != value:
        return None
    if not value.is_integer():
        raise DataError(
            f"{where}: {rows(row)} has the label {short(value)}, and {LABEL}. Give classes: "
            "measurements cannot be learnt here."
        )
    return int(value)


def some(names: Sequence[str], most: int = 8) -> str:
    """The first of the names, for a sentence."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
