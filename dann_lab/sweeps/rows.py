"""A row of a sweep's table as if it were a run: the mean of its runs' curves, to be compared."""

from __future__ import annotations

import math
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from dann_core.datasets import NAMES
from dann_core.errors import DannError, DataError
from dann_core.files import shown
from dann_core.history import History
from dann_core.recipe import Recipe
from dann_lab.runs import kept, recordings
from dann_lab.runs.folder import DIVERGED, METRICS
from dann_lab.runs.recordings import Track
from dann_lab.sweeps.formats import fraction
from dann_lab.sweeps.results import result_of
from dann_lab.sweeps.table import Row, Table, find, table
from dann_lab.sweeps.work import PLAN, planned_names

MOST_SWEEPS, MOST_RUNS = 5, 500
"""The numbers of sweeps that are looked into, and of runs in one, at most: a page asks often."""


def offered() -> dict[str, tuple[Table, Row]]:
    """The rows of the sweeps where runs are kept that have two runs or more, by what they are for
    people; a sweep whose results do not make one table has none."""
    found = {}
    for plan in kept.newest_first(kept.folder().glob(f"*/{PLAN}"))[:MOST_SWEEPS]:
        folder = plan.parent
        if len(planned_names(folder)) > MOST_RUNS or not (made := _table(folder, _stamp(plan))):
            continue
        for row in made.rows:
            if row.n > 1:
                found[f"{folder.name}: {_values(made, row)}"] = (made, row)
    return found


def _stamp(plan: Path) -> tuple[tuple[str, int], ...]:
    """Another one when a run of the sweep ends, or its plan changes."""
    results = (path for name in (METRICS, DIVERGED) for path in plan.parent.glob(f"*/{name}"))
    found = []
    for path in (plan, *sorted(results)):
        with suppress(OSError):  # gone meanwhile
            found.append((str(path), path.stat().st_mtime_ns))
    return tuple(found)


@lru_cache(maxsize=MOST_SWEEPS)
def _table(folder: Path, stamp: tuple[tuple[str, int], ...]) -> Table | None:
    """The table of a sweep, read once for each ``stamp``; None if its results make none."""
    try:
        return table(find([folder]))
    except DannError:
        return None


def _values(made: Table, row: Row) -> str:
    values = [f"{name} {value}" for name, value in zip(made.columns, row.values, strict=True)]
    return f"{', '.join(values)} (mean of {row.n})".lstrip()


def track(title: str, made: Table, row: Row) -> Track:
    """The mean of a row's curves, step by step; it has no maps. Raises :class:`DataError` for a
    history that is damaged or not as long as the others."""
    histories = [_history(one.folder) for one in row.runs]
    first = result_of(row.runs[0].folder)
    if first is None:
        raise DataError(f"{shown(row.runs[0].folder)} is gone meanwhile. Choose another.")
    recipe = Recipe.from_dict(first.recipe)
    about = (
        f"{_values(made, row)}: {made.value} accuracy at the end {fraction(row.mean)}, sd "
        f"{fraction(row.deviation)}, over seeds of {first.build['id']}"
    )
    names = NAMES.get(str(first.build.get("pair")), ("source", "target"))
    return recordings.track(title, about, recipe, mean(histories), first.build["id"], names)


def _history(folder: Path) -> dict[str, Any]:
    path = folder / "history.json"
    try:
        return History.load(path).to_dict()
    except DataError as error:
        raise DataError(f"{shown(path)} cannot be read: {error}") from error


def mean(histories: list[dict[str, Any]]) -> History:
    """The mean of histories, as :meth:`History.to_dict` gives them, of every number at each step
    and each evaluation. Raises :class:`DataError` unless all have the same ones."""
    steps = [history["steps"] for history in histories]
    looks = [history["evaluations"] for history in histories]
    marked = {
        (len(s["step"]), *(look["step"] for look in e)) for s, e in zip(steps, looks, strict=True)
    }
    if len(marked) > 1:
        raise DataError("The runs of this row have different steps, which have no mean.")
    columns = {name: _means([one[name] for one in steps]) for name in steps[0]}
    rows = [
        {name: _means([[one[name]] for one in at])[0] for name in at[0]}
        for at in zip(*looks, strict=True)
    ]
    columns["step"] = steps[0]["step"]
    for row, first in zip(rows, looks[0], strict=True):
        row |= {name: first[name] for name in first if isinstance(first[name], int)}
    return History.from_dict({"steps": columns, "evaluations": rows, "marks": []})


def _means(rows: list[list[Any]]) -> list[float | None]:
    numbers = np.array([[math.nan if v is None else v for v in row] for row in rows], dtype=float)
    return [None if math.isnan(value) else value for value in numbers.mean(axis=0).tolist()]
