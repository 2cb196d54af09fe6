"""What the live page can show side by side: its own runs, kept ones, and those that ship with it.

A run is named by a key: "run 3" of this page, "folder NAME" among the kept ones, "row TITLE" of a
kept sweep, which is the mean of its runs, "recorded 0".
"""

from __future__ import annotations

import time

from dann_core.errors import DannError
from dann_lab.figures import sprites
from dann_lab.live import words
from dann_lab.live.protocol import Kind, OfferedRun
from dann_lab.live.run import Run
from dann_lab.live.session import Session
from dann_lab.runs import kept, player, recordings
from dann_lab.runs.folder import Saved
from dann_lab.runs.protocol import Bundle
from dann_lab.runs.recordings import Track
from dann_lab.sweeps import rows


def offered(session: Session) -> list[OfferedRun]:
    """Every run that can be compared, the page's own first."""
    own = [_offer("own", f"run {run.number}", run.title, run.adapts) for run in session.runs]
    shelved = [_offer("kept", f"folder {path.name}", path.name) for path in kept.folders()]
    shelved += [_offer("kept", f"row {title}", title) for title in rows.offered()]
    shipped = [
        _offer("recorded", f"recorded {k}", run.title, run.recipe["mode"] == "dann")
        for k, run in enumerate(recordings.recorded())
    ]
    return [*own, *shelved, *shipped]


def _offer(kind: Kind, key: str, title: str, adapts: bool = False) -> OfferedRun:
    group = words.GROUPS[kind]
    return {"kind": kind, "group": group, "key": key, "title": title, "adapts": adapts}


def bundle(session: Session, keys: list[str]) -> Bundle:
    """The runs of these keys for the player, with pictures of the data that are at hand.

    Raises :class:`DannError` for a run that is not there (any more), or more than three.
    """
    runs = [track(session, key) for key in dict.fromkeys(keys)]
    pairs = {pair.build["id"]: pair for pair in session.pairs}
    pictures = {
        run.data: sheet
        for run in runs
        if run.data in pairs
        and len(run.domains)
        and (sheet := sprites.pictures(pairs[run.data], run.domains))
    }
    return player.bundle(runs, pictures)


def track(session: Session, key: str) -> Track:
    """The run of one key. Raises :class:`DannError` if there is none."""
    kind, _, name = key.partition(" ")
    if kind == "run":
        return track_of(run_of(session, key))
    if kind == "folder" and (found := [p for p in kept.folders() if p.name == name]):
        return kept.track(Saved.read(found[0]))
    if kind == "row" and (row := rows.offered().get(name)):
        return rows.track(name, *row)
    if kind == "recorded" and name.isdecimal() and int(name) < len(recordings.recorded()):
        return recordings.recorded()[int(name)]
    raise DannError(f"There is no run {key!r} any more. Choose another.")


def run_of(session: Session, key: str) -> Run:
    """The run of the page that ``key`` names. Raises :class:`DannError` if there is none."""
    for run in session.all_runs:
        if key == f"run {run.number}":
            return run
    raise DannError(f"This page has no {key} any more. Choose another.")


def track_of(run: Run) -> Track:
    """A run of the page as it stands."""
    trainer = run.trainer
    # As long as it is now: another thread adds to it.
    history = trainer.history.until(len(trainer.history))
    data, names = trainer.pair.build["id"], (trainer.pair.source.name, trainer.pair.target.name)
    about = f"Trained on this page, data {data}"
    classes = run.class_names
    return recordings.track(run.title, about, trainer.recipe, history, data, names, classes)


def name_of(run: Run) -> str:
    """For a file or a folder, such as "dann-lambda-by-hand-seed-0-step-1200-20261124-101500"."""
    return f"{run.file_name}-{time.strftime('%Y%m%d-%H%M%S')}"
