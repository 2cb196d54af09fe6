"""Results side by side: runs that differ in their seed alone make a row, with mean and spread."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from scipy.special import stdtrit

from dann_core.errors import DataError
from dann_core.files import AnyPath, kind_of, shown
from dann_core.recipe import PRESETS
from dann_lab.runs.folder import CHECKPOINT, DIVERGED, METRICS
from dann_lab.sweeps.fields import RECIPE_FIELDS, named, written
from dann_lab.sweeps.results import Result, result_of
from dann_lab.sweeps.work import planned_names

Value = Literal["target", "source", "domain"]
BUILD, SEED, PRESET = "build", "seed", "preset"
OF_BUILD = ("pair", "data-seed", "photos", BUILD, "source", "target", "label", "size")
"""The columns that say which data a run had."""
FIRST = ("pair", BUILD, "method", "mode", PRESET, "network", "lambda")
"""The columns that come first, in this order."""


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the mean, by Student's t; NaN for fewer than two values."""
    n = len(values)
    if n < 2:
        return math.nan, math.nan
    half = float(stdtrit(n - 1, 0.975)) * statistics.stdev(values) / math.sqrt(n)
    mean = statistics.fmean(values)
    return mean - half, mean + half


@dataclass(frozen=True)
class One:
    """A run in a row. ``value``: its accuracy, 0 to 1."""

    seed: int
    value: float
    folder: Path


@dataclass(frozen=True)
class Row:
    """Runs that differ in their seed alone. ``values``: of the columns, as a person types them;
    ``diverged``: how many have no accuracy because they diverged."""

    values: tuple[str, ...]
    runs: tuple[One, ...]
    diverged: int = 0

    @property
    def n(self) -> int:
        return len(self.runs)

    @property
    def mean(self) -> float:
        """NaN where every run has diverged."""
        return statistics.fmean(one.value for one in self.runs) if self.runs else math.nan

    @property
    def deviation(self) -> float:
        """The sample standard deviation; NaN for fewer than two runs."""
        return statistics.stdev(one.value for one in self.runs) if self.n > 1 else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        return interval([one.value for one in self.runs])


@dataclass(frozen=True)
class Table:
    """``columns``: what the rows differ in; ``builds``: the ids of the data; ``unfinished``: the
    names of the runs that have not ended."""

    value: Value
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    builds: tuple[str, ...]
    unfinished: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """What there is in some folders: the runs that have ended, and the names of the others."""

    results: tuple[Result, ...]
    unfinished: tuple[str, ...]


def find(folders: Iterable[AnyPath]) -> Found:
    """The runs in ``folders``: each is a run's folder, or has such in it.

    Raises :class:`DataError` for a folder that is not there or has no run, and for a damaged file.
    """
    results: dict[Path, Result] = {}
    unfinished: dict[str, None] = {}
    for folder in map(Path, folders):
        if (kind := kind_of(folder)) != "folder":
            what = "There is no folder" if kind is None else f"A {kind} is no folder:"
            raise DataError(f"{what} {shown(folder)}. Name the folder of a sweep or of a run.")
        runs, planned = _runs_in(folder), planned_names(folder)
        if not runs and not planned:
            raise DataError(f"There is no run in {shown(folder)}. Make some with dann sweep.")
        for run in runs:
            found = result_of(run)
            if found is None:
                unfinished[shown(run)] = None
            else:
                results[run.absolute()] = found
        there = {run.name for run in runs}
        unfinished.update(dict.fromkeys(shown(folder / n) for n in planned if n not in there))
    return Found(tuple(results.values()), tuple(unfinished))


def _runs_in(folder: Path) -> list[Path]:
    if _is_run(folder):
        return [folder]
    try:
        return sorted(one for one in folder.iterdir() if one.is_dir() and _is_run(one))
    except OSError as error:
        raise DataError(f"{shown(folder)} cannot be read: {error.strerror}.") from error


def _is_run(folder: Path) -> bool:
    return any((folder / name).exists() for name in (METRICS, CHECKPOINT, DIVERGED))


def table(found: Found, value: Value = "target", by: Sequence[str] | None = None) -> Table:
    """Rows of runs that are alike but for their seed, in the order of their columns.

    ``by``: the columns, fields of the recipe or the data; None takes what differs. Raises
    :class:`DannError` for an unknown column, and :class:`DataError` if nothing has ended, if runs
    of different data would be in one table without a column that says so, or in one row, and where
    the accuracy is not known.
    """
    if not found.results:
        raise DataError(
            f"None of the {len(found.unfinished):,} runs has ended. Go on with them first."
        )
    cells = [_cells(result) for result in found.results]
    columns = _differing(cells) if by is None else [named(text, "--by") for text in by]
    if by is None or not set(columns) & set(OF_BUILD):
        _require_one_build(cells)
    groups: dict[tuple[Any, ...], list[int]] = {}
    for k, one in enumerate(cells):
        groups.setdefault(tuple(_key(one[name]) for name in columns), []).append(k)
    rows = [
        _row(columns, [(found.results[k], cells[k]) for k in groups[key]], value)
        for key in sorted(groups, key=lambda key: [_in_order(part) for part in key])
    ]
    builds = tuple(dict.fromkeys(one[BUILD] for one in cells))
    return Table(value, tuple(columns), tuple(rows), builds, found.unfinished)


def _cells(result: Result) -> dict[str, Any]:
    """Every column's value of a run."""
    options = result.data_options or {}
    cells = {name: result.recipe.get(field) for name, field in RECIPE_FIELDS.items()}
    cells |= {name: options.get(name) for name in ("photos", "source", "target", "label", "size")}
    build = result.build
    cells |= {"pair": build.get("pair"), "data-seed": build.get("seed"), BUILD: build["id"]}
    if cells["mode"] != "dann":
        cells["lambda"] = "–"  # it has no part in such a run
    return cells


def _differing(cells: list[dict[str, Any]]) -> list[str]:
    """The columns in which runs differ, but for the seed and what a column before says as well: a
    preset says what is in it, a build which data it is of."""
    known = PRESETS.keys() >= {one[PRESET] for one in cells}
    names = []
    for name in [*FIRST, *(n for n in cells[0] if n not in FIRST)]:
        if name == SEED or name in OF_BUILD or name not in cells[0]:
            continue
        if len({_key(one[name]) for one in cells}) < 2:
            continue
        field = RECIPE_FIELDS[name]
        if (
            known
            and name != PRESET
            and all(one[name] == getattr(PRESETS[one[PRESET]], field) for one in cells)
        ):
            continue
        names.append(name)
    return names


def _require_one_build(cells: list[dict[str, Any]]) -> None:
    counts: dict[str, int] = {}
    for one in cells:
        counts[one[BUILD]] = counts.get(one[BUILD], 0) + 1
    if len(counts) > 1:
        (first, n), (second, m) = list(counts.items())[:2]
        raise DataError(
            f"These runs had different data, {first:.80} ({n:,} runs) and {second:.80} ({m:,} "
            "runs), which do not compare. Name the folders of one, or say --by build,... for a row "
            "each."
        )


def _row(columns: list[str], runs: list[tuple[Result, dict[str, Any]]], value: Value) -> Row:
    first = runs[0][1]
    values = tuple(_written(name, first[name]) for name in columns)
    if {BUILD, "pair", "data-seed"} & set(columns):
        _require_one_build([cells for _, cells in runs])
    ended = [(result, cells) for result, cells in runs if not result.diverged]
    unknown = [result.folder for result, _ in ended if result.accuracy[value] is None]
    if unknown:
        raise DataError(
            f"The {value} accuracy of {shown(unknown[0])} is not known. Take another --value, or "
            "leave that run out."
        )
    found = [
        One(cells[SEED], result.accuracy[value] or 0.0, result.folder) for result, cells in ended
    ]
    found.sort(key=lambda one: (one.seed, str(one.folder)))
    return Row(values, tuple(found), len(runs) - len(ended))


def _written(name: str, value: Any) -> str:
    return "–" if value is None and name in OF_BUILD else written(name, value)


def _key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _in_order(value: Any) -> tuple[int, float, str]:
    """Numbers by size, behind them what is no number, such as the paper's schedule."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (0, float(value), "")
    return (1, 0.0, str(value))
