"""What a sweep runs: a grid, typed or in a TOML file, becomes a list of runs.

Pure, but for the file that is read. Nothing is started unless every run of the list can be.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from dann_core.datasets import pair_names
from dann_core.errors import DannError, RecipeError, reason_of
from dann_core.files import AnyPath, in_full, regular_file, shown
from dann_core.plain_numbers import is_whole, short
from dann_core.recipe import PRESETS, Recipe, preset
from dann_lab.runs.folder import Data
from dann_lab.runs.usual import usual_preset, usual_steps
from dann_lab.sweeps.fields import (
    DATA_FIELDS,
    RECIPE_FIELDS,
    as_part_of_a_name,
    effective,
    named,
    read,
    written,
)

MOST = 50_000
"""The largest number of runs in one sweep."""
LONGEST = 150
"""The largest number of characters of a folder's name; what is longer ends in a checksum."""


@dataclass(frozen=True)
class Planned:
    """A run to be made. ``name``: of its folder; ``varied``: what differs between the sweep's runs,
    by field as a person types it."""

    name: str
    recipe: Recipe
    data: Data
    varied: dict[str, Any]


@dataclass(frozen=True)
class Axis:
    """The values that a field takes. ``where``: how a person finds the place, for messages."""

    field: str
    values: tuple[Any, ...]
    where: str


@dataclass
class Grid:
    """All combinations of the values of some fields."""

    axes: dict[str, Axis] = field(default_factory=dict)

    def add(self, axis: Axis) -> None:
        """Raises :class:`DannError` for a field that is there already, for none or too many values,
        and for a value that stands twice."""
        if (there := self.axes.get(axis.field)) is not None:
            raise DannError(
                f"{axis.where}: {axis.field} is given already, by {there.where}. Leave one out."
            )
        if not axis.values:
            raise DannError(f"{axis.where}: {axis.field} has no value. Name one or more.")
        for k, value in enumerate(axis.values):
            if value in axis.values[:k]:
                again = written(axis.field, value)
                raise DannError(f"{axis.where}: {again} stands twice. Leave one out.")
        self.axes[axis.field] = axis

    def add_seeds(self, seeds: Any, where: str) -> None:
        """The seeds from 0 on, so many. Raises :class:`DannError` if that is no such number."""
        if not is_whole(seeds) or not 1 <= seeds <= MOST:
            raise DannError(f"{where} {short(seeds)}: it must be a whole number from 1 to {MOST}.")
        self.add(Axis("seed", tuple(range(seeds)), where))

    def __len__(self) -> int:
        return prod(len(axis.values) for axis in self.axes.values())

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for values in product(*(axis.values for axis in self.axes.values())):
            yield dict(zip(self.axes, values, strict=True))


def typed(texts: Sequence[str], *, where: str = "--grid", **given: str | None) -> Grid:
    """A grid as `dann sweep` takes it: each text is "FIELD=VALUE,VALUE". ``given``: values of
    options of their own, by field. Raises :class:`DannError` for what cannot be read."""
    grid = Grid()
    for name, value in given.items():
        if value is not None:
            grid.add(Axis(name, (read(name, value, f"--{name}"),), f"--{name}"))
    for text in texts:
        name, equals, values = text.partition("=")
        if not equals:
            raise DannError(
                f"{where} {short(text)}: it must be FIELD=VALUE,VALUE, as in lambda=0,1."
            )
        field = named(name, f"{where} {short(text)}")
        place = f"{where} {field}"
        parts = [part for part in values.split(",") if part.strip()]
        grid.add(Axis(field, tuple(read(field, part, place) for part in parts), place))
    return grid


def from_toml(path: AnyPath) -> list[Grid]:
    """The grids of a file: the fields at its top and ``seeds`` are common to all, then come one
    ``[grid]`` or several ``[[grid]]``.

    Raises :class:`DannError`, with the place, for anything that is not so.
    """
    try:
        content = tomllib.loads(regular_file(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DannError(
            f"There is no file {shown(path)}. Name a TOML file, or use --grid."
        ) from None
    except (OSError, ValueError, RecursionError) as error:  # UnicodeError is a ValueError
        raise DannError(
            f"{shown(path)} cannot be read as TOML: {reason_of(error)}. Mend it there."
        ) from error
    grids = content.pop("grid", {})
    parts = grids if isinstance(grids, list) else [grids]
    seeds = content.pop("seeds", None)
    found = []
    for k, part in enumerate(parts):
        where = f"{shown(path)}, [grid]" if part is grids else f"{shown(path)}, [[grid]] {k + 1}"
        if not isinstance(part, dict):
            raise DannError(f"{where}: it must be a table of fields with their values.")
        grid = Grid()
        for name, value in content.items():
            _add_common(grid, name, value, shown(path))
        for name, values in part.items():
            _add_listed(grid, name, values, where)
        if seeds is not None:
            grid.add_seeds(seeds, f"{shown(path)}: seeds =")
        found.append(grid)
    if not found:
        raise DannError(f"{shown(path)}: grid = [] has no part. Name a field with its values.")
    return found


def _add_common(grid: Grid, name: str, value: Any, where: str) -> None:
    if isinstance(value, (list, dict)):
        raise DannError(
            f"{where}: {short(name)} stands above [grid] and has several values. Move it below."
        )
    _add_listed(grid, name, value, where)


def _add_listed(grid: Grid, name: str, values: Any, where: str) -> None:
    field = named(name, where)
    place = f"{where}, {field}"
    listed = values if isinstance(values, list) else [values]
    for value in listed:
        if not isinstance(value, (str, bool, int, float)):
            raise DannError(
                f"{place}: {short(value)} is neither a number, a text nor a truth value."
            )
    # By way of text, so that each kind of field has one reader.
    texts = [value if isinstance(value, str) else _text(field, value) for value in listed]
    grid.add(Axis(field, tuple(read(field, text, place) for text in texts), place))


def _text(field: str, value: bool | int | float) -> str:
    try:
        return written(field, value)
    except ValueError:  # Python writes out no more than 4,300 digits
        return short(value)


def plan(grids: Sequence[Grid], data_dir: AnyPath | None = None) -> list[Planned]:
    """Every run of the grids, each once, in their order but those of the same data together.

    Raises :class:`DannError` for an empty grid, for more than :data:`MOST` runs, for values that a
    recipe or the data refuse, and if two runs would have the same folder.
    """
    if not any(grid.axes for grid in grids):
        raise DannError(
            "There is nothing to sweep. Add --grid FIELD=VALUE,VALUE, such as --grid lambda=0,1, "
            "or --seeds N, or name a TOML file."
        )
    if (number := sum(map(len, grids))) > MOST:
        raise DannError(f"These are {number:,} runs, and a sweep has at most {MOST:,}. Take fewer.")
    fields = list(dict.fromkeys(name for grid in grids for name in grid.axes))
    fields.sort(key="seed".__eq__)  # behind all others
    made = [_made(values, data_dir) for grid in grids for values in grid]
    return _named(fields, made)


def _made(values: Mapping[str, Any], data_dir: AnyPath | None) -> tuple[Recipe, Data]:
    """A run of these values, what nobody asked for as it usually is."""
    own = "source" in values or "target" in values
    pair = values.get("pair", "own" if own else "stripes")
    try:
        if pair != "own" and pair not in pair_names():
            known = ", ".join(pair_names())
            raise RecipeError(f"pair={short(pair)}: it must be one of {known}")
        chosen = values.get("preset", usual_preset(pair))
        changes = {RECIPE_FIELDS[k]: v for k, v in values.items() if k in RECIPE_FIELDS}
        changes.pop("preset", None)
        if "steps" not in changes and chosen in PRESETS:
            changes["steps"] = usual_steps(pair, chosen)
        recipe = preset(chosen, **changes)
        data = _data(values, pair, data_dir)
    except DannError as error:
        some = ", ".join(f"{k}={written(k, v)}" for k, v in values.items())
        raise DannError(f"The run with {some:.200}: {reason_of(error)}.") from None
    return recipe, data


def _data(values: Mapping[str, Any], pair: str, data_dir: AnyPath | None) -> Data:
    own = [name for name in ("source", "target") if name in values]
    if (pair == "own") != (len(own) == 2):
        raise DannError("data of your own need a source and a target, and no other pair")
    if "build" in values and ("photos" in values or "data-seed" in values):
        raise DannError("build names finished data: leave out photos and data-seed")
    given = {DATA_FIELDS[k]: v for k, v in values.items() if k in DATA_FIELDS}
    places = {name: str(in_full(values[name])) for name in own}
    where = None if data_dir is None else str(in_full(data_dir))
    return Data(**given | {"pair": pair, "data_dir": where} | places)


def _named(fields: list[str], made: list[tuple[Recipe, Data]]) -> list[Planned]:
    rows = [[effective(name, *one) for name in fields] for one in made]
    differs = [k for k in range(len(fields)) if any(row[k] != rows[0][k] for row in rows)]
    found: dict[str, Planned] = {}
    for row, (recipe, data) in zip(rows, made, strict=True):
        varied = {fields[k]: row[k] for k in differs}
        name = folder_name(varied) or folder_name({"seed": recipe.seed})
        there = found.setdefault(name, Planned(name, recipe, data, varied))
        if (there.recipe, there.data) != (recipe, data):
            raise DannError(
                f"Two runs would both be in the folder {name}. Give one of them values that differ "
                "in letters or digits."
            )
    together: dict[str, list[Planned]] = {}
    for one in found.values():
        together.setdefault(repr(one.data), []).append(one)
    return [one for runs in together.values() for one in runs]


def folder_name(varied: Mapping[str, Any]) -> str:
    """Such as "lambda=0.1,seed=3"."""
    name = ",".join(as_part_of_a_name(field, value) for field, value in varied.items())
    if len(name.encode()) <= LONGEST:
        return name
    return name[: LONGEST // 2] + "-" + hashlib.sha256(name.encode()).hexdigest()[:12]


def place_of(out: AnyPath, planned: Planned) -> Path:
    """The folder of a run of the sweep in ``out``."""
    return Path(out) / planned.name
