"""Runs that are kept in folders, as tracks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from dann_core.datasets import NAMES
from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.files import in_full, kind_of
from dann_core.history import History
from dann_core.snapshots import Snapshot, Snapshots
from dann_lab.figures import sprites
from dann_lab.maps.layouts import maker
from dann_lab.maps.moving import Mapper, warm_up
from dann_lab.runs import recordings
from dann_lab.runs.folder import CHECKPOINT, SNAPSHOTS, Saved
from dann_lab.runs.recordings import Track

MOST = 20
"""The number of folders that are offered, at most: the newest of them."""


def folder() -> Path:
    """Where runs are kept: ``DANN_RUNS``, else ``runs`` in the current folder."""
    return in_full(os.environ.get("DANN_RUNS") or "runs")


def folders() -> list[Path]:
    """Of the kept runs, the newest first."""
    place = folder()
    there = place.glob(f"*/{CHECKPOINT}") if os.path.isdir(place) else ()
    return [path.parent for path in newest_first(there)][:MOST]


def newest_first(paths: Iterable[Path]) -> list[Path]:
    """By when each was last written."""
    return sorted(paths, key=_time, reverse=True)


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # gone meanwhile
        return 0.0


def history(saved: Saved) -> History:
    """As the checkpoint has it, with the snapshots beside it, if there are any.

    Raises :class:`DataError` if the snapshots are damaged.
    """
    found = History.from_dict(saved.state["history"])
    if kind_of(path := saved.folder / SNAPSHOTS):
        found.snapshots = Snapshots.load(path)
        found.snapshots.drop_after(len(found))
    return found


def track(
    saved: Saved,
    method: str | None = None,
    progress: Callable[[Iterable[Snapshot]], Iterable[Snapshot]] = iter,
) -> Track:
    """The run in a folder. ``method``: of the maps that are drawn if the run has none by it.

    ``progress``: wraps the snapshots whose maps are drawn. Raises :class:`DannError` for an unknown
    method, and :class:`DataError` for damaged snapshots.
    """
    if method is not None:
        maker(method)
    found = history(saved)
    if method and not any(method in s.maps for s in found.snapshots):
        draw(found.snapshots, method, progress)
    # The pair itself, some hundred megabytes, is for pictures alone.
    names = _names(saved)
    classes = [str(value) for value in saved.state["classes"] or ()]
    about = f"From the folder {saved.folder.name}, data {saved.build_id}"
    title = saved.folder.name
    return recordings.track(title, about, saved.recipe, found, saved.build_id, names, classes)


def _names(saved: Saved) -> tuple[str, str]:
    """Of source and target, as the checkpoint has them, or as an older one's pair is known."""
    if saved.state["names"]:
        source, target = saved.state["names"]
        return source, target
    return NAMES.get(saved.state["build"].get("pair"), ("source", "target"))


def draw(
    snapshots: Snapshots,
    method: str,
    progress: Callable[[Iterable[Snapshot]], Iterable[Snapshot]] = iter,
) -> None:
    """Give each snapshot a map, each going on from the one before."""
    warm_up(method)
    mapper = Mapper()
    for snapshot in progress(list(snapshots)):
        snapshots.add_map(snapshot.step, method, mapper.frame(snapshot.projection, method))


def pictures(saved: Saved, run: Track) -> dict[str, sprites.Sheet]:
    """Of the points of ``run``'s maps, as a player's bundle takes them; none if the data are not on
    this machine, or are a table."""
    pair = _load(saved)
    sheet = sprites.pictures(pair, run.domains) if pair and len(run.domains) else None
    return {run.data: sheet} if sheet else {}


def _load(saved: Saved) -> DomainPair | None:
    """The run's data; None if they are not on this machine, or other data by now."""
    try:
        pair = saved.data.load()
    except DataError:
        return None
    return pair if pair.build["id"] == saved.build_id else None
