"""The form of data that come out of a file: all that this version writes, and nothing else."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from torch import Tensor

from dann_core.errors import DataError

NUMBER = (int, float)
"""The form of a number, which True and False are not."""


def check_form(found: Any, form: Any, place: str = "") -> None:
    """Raise :class:`DataError`, with the place, unless ``found`` has the ``form``.

    ``form``: a type or a tuple of types, of which numbers are finite; a dict, name -> form, of
    which each must be there and no other; a list with the form of each entry; or a tensor or array,
    for one of its type and shape.
    ``place``: what ``found`` is called in the message, such as ``history.evaluations[3]``; "" for a
    whole file.
    """
    it = place or "it"
    if isinstance(form, dict):
        if not isinstance(found, dict):
            raise _wrong(it, type(found), dict)
        if unknown := [name for name in found if name not in form]:
            raise DataError(f"{it} has {unknown[0]!r:.50}, which is not known")
        if missing := [name for name in form if name not in found]:
            raise DataError(f"{it} has no {missing[0]!r:.50}")
        for name, value in found.items():
            check_form(value, form[name], f"{place}.{name}" if place else str(name))
    elif isinstance(form, list):
        if not isinstance(found, list):
            raise _wrong(it, type(found), list)
        known = form[0] if isinstance(form[0], tuple) else ()
        for k, value in enumerate(found):
            # Thousands of numbers need no place each.
            if type(value) not in known or not _finite(value):
                check_form(value, form[0], f"{place}[{k}]")
    elif isinstance(form, Tensor | np.ndarray):
        kind = Tensor if isinstance(form, Tensor) else np.ndarray  # a parameter is a tensor
        if not isinstance(found, kind):
            raise _wrong(it, type(found), kind)
        if (found.dtype, found.shape) != (form.dtype, form.shape):
            raise DataError(
                f"{it} is {found.dtype} {list(found.shape)}, where {form.dtype} "
                f"{list(form.shape)} is needed"
            )
    else:
        types = form if isinstance(form, tuple) else (form,)
        if not isinstance(found, types) or (isinstance(found, bool) and int in types):
            raise _wrong(it, type(found), *types)
        if not _finite(found):
            raise DataError(f"{it} is {found!r:.50}, where a finite number is needed")


def _finite(value: Any) -> bool:
    """Whether it is a number of a size that Python's floats have, or no number at all."""
    return not isinstance(value, int | float) or abs(value) <= sys.float_info.max


def _wrong(place: str, there: type, *needed: type) -> DataError:
    names = " or ".join("None" if t is type(None) else t.__name__ for t in needed)
    return DataError(f"{place} is of type {there.__name__}, where {names} is needed")
