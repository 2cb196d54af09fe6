"""What a sweep can vary: the fields of a recipe and of its data, as a person types them."""

from __future__ import annotations

import dataclasses
import difflib
import re
from typing import Any, get_type_hints

from dann_core.errors import DannError
from dann_core.plain_numbers import short
from dann_core.recipe import Recipe
from dann_lab.runs.folder import Data, read_sides

LAMBDA, PAPER = "lambda", "paper"
DATA_FIELDS = {
    "pair": "pair",
    "data-seed": "seed",
    "photos": "photos",
    "build": "build",
    "source": "source",
    "target": "target",
    "label": "label",
    "size": "size",
}
"""The fields of :class:`Data` by the names of `dann train`'s options."""
RECIPE_FIELDS = {
    LAMBDA if field.name == "lambda_" else field.name.replace("_", "-"): field.name
    for field in dataclasses.fields(Recipe)
}
"""The fields of :class:`Recipe` in the same way."""
KNOWN = tuple(name for name in (*DATA_FIELDS, *RECIPE_FIELDS) if name != "begins")
"""What can be asked for: where the schedules begin is known of a run that goes on alone."""
_HINTS = {name: str(hint) for name, hint in get_type_hints(Recipe).items()}
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}


def named(text: str, where: str) -> str:
    """The field that ``text`` means: ``batch_size`` and ``lambda_`` are as good as ``batch-size``
    and ``lambda``. Raises :class:`DannError`, with ``where`` it stands, for one not known."""
    name = text.strip().replace("_", "-").rstrip("-")
    if name in KNOWN:
        return name
    close = difflib.get_close_matches(name, KNOWN, 1)
    meant = f" Did you mean {close[0]}?" if close else ""
    raise DannError(f"{where}: there is no field {short(text)}.{meant} Known: {', '.join(KNOWN)}.")


def read(field: str, text: str, where: str) -> Any:
    """The value of a field that was typed as ``text``. Raises :class:`DannError`, with ``where``
    it stands, for what is no value of its kind; the range is the recipe's to check."""
    text = text.strip()
    if field in DATA_FIELDS:
        return _read_data(field, text, where)
    if field == LAMBDA and text == PAPER:
        return None
    kind = _HINTS[RECIPE_FIELDS[field]]
    try:
        if "bool" in kind:
            return _TRUTHS[text.lower()]
        if "float" in kind:
            return float(text)
        return int(text) if "int" in kind else text
    except (KeyError, ValueError):
        raise DannError(f"{where}: {short(text)} is not {_wanted(field, kind)}.") from None


def _read_data(field: str, text: str, where: str) -> Any:
    if field not in ("data-seed", "size"):
        return text
    try:
        return int(text) if field == "data-seed" else read_sides(text)
    except ValueError:
        wanted = "a whole number" if field == "data-seed" else "a size, such as 64 or 48x64"
        raise DannError(f"{where}: {short(text)} is not {wanted}.") from None


def _wanted(field: str, kind: str) -> str:
    if field == LAMBDA:
        return "paper or a number"
    if "bool" in kind:
        return "true or false"
    return "a number" if "float" in kind else "a whole number"


def effective(field: str, recipe: Recipe, data: Data) -> Any:
    """The value that a run has in a field, whoever chose it."""
    if field in DATA_FIELDS:
        return getattr(data, DATA_FIELDS[field])
    return getattr(recipe, RECIPE_FIELDS[field])


def written(field: str, value: Any) -> str:
    """A value as a person types it, such as 0.1, paper, true or 48x64."""
    if value is None:
        return PAPER if field == LAMBDA else "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return "x".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def as_part_of_a_name(field: str, value: Any) -> str:
    """The same as a part of a folder's name on any system."""
    value = re.sub(r"[^\w.+-]+", "-", written(field, value))
    return f"{field}={value}"
