"""Runs as a page shows them without Python: curves, sentences and maps of some of their moments.

A :class:`Track` is made from a run's history once and never changes. The runs that ship with the
project, a comparison on the live page and an exported file are all rows of tracks.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from dann_core.errors import DataError, reason_of
from dann_core.forms import NUMBER, check_form
from dann_core.history import History
from dann_core.recipe import Recipe
from dann_core.snapshots import UNKNOWN_BYTE, Snapshot
from dann_lab.figures import classes as class_names
from dann_lab.figures import feature_maps, sentences
from dann_lab.figures.curves import thin
from dann_lab.figures.encoding import as_text
from dann_lab.figures.judgement import is_distance
from dann_lab.figures.theme import Values
from dann_lab.maps.layouts import METHODS
from dann_lab.maps.points import onto

RECORDED = Path(__file__).parent / "recorded.json.gz"
FORMAT = 2
FRAMES = 60
"""The number of moments of a run that are kept, at most, evenly apart: as many as a replay
shows."""
STEPS = 2047
"""The largest position, which is a whole number from minus this to this: 12 bits, a fourth of a
pixel."""
EVALUATED = ("source_accuracy", "target_accuracy", "domain_accuracy")
STEPPED = ("label_loss", "domain_loss", "lambda_")


@dataclass(frozen=True)
class Curve:
    """float32 [n] each."""

    x: Values
    y: Values


@dataclass(frozen=True)
class Maps:
    """A run's maps by one method. ``rows``: int64 [m], which moments they are of; ``positions``:
    int16 [m, N, 2], times ``scale``; ``captions``: a sentence for each."""

    rows: npt.NDArray[np.int64]
    positions: npt.NDArray[np.int16]
    scale: float
    captions: list[str]


@dataclass(frozen=True)
class Track:
    """One run. ``data``: the id of its data's build; ``names``: of its source and target;
    ``steps``: how many it has.

    ``curves``: by :data:`EVALUATED` and :data:`STEPPED`, those that the run has; a distance in
    place of the domain loss is "distance". ``moments``: int64 [m], the steps of what follows,
    ascending: ``sentences``, one each; ``predictions`` uint8 [m, N] and ``confidence`` uint8 [m, N]
    (255 is certain) of the same N test images, of which ``labels`` and ``domains`` (0 source, 1
    target), uint8 [N], speak; an unknown label is 255. ``maps``: by
    method. ``classes``: their names, none for the digits 0 to 9. ``fork``: the step after which it
    left another run, 0 if it never did.
    """

    title: str
    about: str
    recipe: dict[str, Any]
    data: str
    names: tuple[str, str]
    steps: int
    curves: dict[str, Curve]
    moments: npt.NDArray[np.int64]
    sentences: list[str]
    labels: npt.NDArray[np.uint8]
    domains: npt.NDArray[np.uint8]
    predictions: npt.NDArray[np.uint8]
    confidence: npt.NDArray[np.uint8]
    maps: dict[str, Maps]
    classes: list[str] = field(default_factory=list)
    fork: int = 0


def track(
    title: str,
    about: str,
    recipe: Recipe,
    history: History,
    data: str,
    names: tuple[str, str],
    classes: Sequence[str] = (),
) -> Track:
    """The run that ``history`` tells of. ``about``: where it comes from, for people. ``classes``:
    their names, by default the digits."""
    snapshots = list(history.snapshots)
    if len(snapshots) > FRAMES:
        chosen = np.linspace(0, len(snapshots) - 1, FRAMES).round().astype(int)
        snapshots = [snapshots[i] for i in chosen]
    return Track(
        title=title,
        about=about,
        recipe=recipe.to_dict(),
        data=data,
        names=names,
        steps=len(history),
        curves=_curves(history),
        moments=np.array([s.step for s in snapshots], dtype=np.int64),
        sentences=[
            sentences.about_run(
                history.until(s.step), recipe, "past", names[1], class_names.what(classes)
            )
            for s in snapshots
        ],
        labels=snapshots[0].labels if snapshots else np.empty(0, np.uint8),
        domains=snapshots[0].domains if snapshots else np.empty(0, np.uint8),
        predictions=_stacked([s.predictions for s in snapshots]),
        confidence=_stacked([np.round(255 * s.confidence) for s in snapshots]),
        maps=_maps(snapshots, classes),
        classes=class_names.told(classes),
        fork=max((mark.step - 1 for mark in history.marks if mark.kind == "branch"), default=0),
    )


def _stacked(rows: list[npt.NDArray[Any]]) -> npt.NDArray[np.uint8]:
    return np.stack(rows).astype(np.uint8) if rows else np.empty((0, 0), np.uint8)


def _curves(history: History) -> dict[str, Curve]:
    evaluations = list(history.evaluations)
    at = np.array([e.step for e in evaluations], dtype=np.float32)
    found = {
        name: Curve(at, np.array([getattr(e, name) for e in evaluations], dtype=np.float32))
        for name in EVALUATED
    }
    length = len(history)
    steps = history.column("step")[:length]
    for name in STEPPED:
        last = name == "lambda_"  # as it was applied, where losses are noisy and have a mean
        key = "distance" if name == "domain_loss" and is_distance(history) else name
        found[key] = Curve(thin(steps, last=True), thin(history.column(name)[:length], last=last))
    return {
        name: curve for name, curve in found.items() if len(curve.y) and not np.isnan(curve.y).all()
    }


def _maps(snapshots: list[Snapshot], classes: Sequence[str]) -> dict[str, Maps]:
    found = {}
    for method in METHODS:
        rows = [row for row, s in enumerate(snapshots) if method in s.maps]
        if not rows:
            continue
        drawn = np.stack([snapshots[row].maps[method] for row in rows])
        captions = [about_moment(snapshots[row], method, classes) for row in rows]
        found[method] = _quantised(np.array(rows), drawn, captions)
    return found


def about_moment(snapshot: Snapshot, method: str, classes: Sequence[str] = ()) -> str:
    """What stands beside the map of ``snapshot`` by ``method``; of ``classes`` by these names."""
    kept = _captions.setdefault(snapshot, {})
    if method not in kept:
        positions = snapshot.maps[method]
        labels, domains = snapshot.labels.astype(np.int64), snapshot.domains.astype(np.int64)
        neighbours, mixing = feature_maps.read_map(positions, labels, domains, classes)
        what = class_names.what(classes)
        kept[method] = sentences.about_live_map(snapshot, neighbours, mixing, what)
    return kept[method]


# Neighbours take a while to count, and a comparison with the run that goes on counts them again.
_captions: WeakKeyDictionary[Snapshot, dict[str, str]] = WeakKeyDictionary()


def _quantised(rows: npt.NDArray[np.int64], positions: Values, captions: list[str]) -> Maps:
    scale = max(float(np.abs(positions).max()), 1e-6) / STEPS
    return Maps(rows, np.round(positions / scale).astype(np.int16), scale, captions)


def alike(first: Track, other: Track) -> bool:
    """Whether both have the same labels and domains in the same order."""
    return np.array_equal(first.labels, other.labels) and np.array_equal(
        first.domains, other.domains
    )


def beside(first: Track, other: Track) -> Track:
    """``other`` with each map turned and reflected onto the map that ``first`` has then or last
    had, so that the two can be compared place by place. Those of other images stay as they are."""
    if not alike(first, other):
        return other
    turned = {}
    for method, maps in other.maps.items():
        there = first.maps.get(method)
        if there is None:
            turned[method] = maps
            continue
        steps = first.moments[there.rows]
        moved = []
        for row, positions in zip(maps.rows, maps.positions, strict=True):
            k = max(0, int(np.searchsorted(steps, other.moments[row], side="right")) - 1)
            onto_ = there.positions[k].astype(np.float32) * there.scale
            moved.append(onto(positions.astype(np.float32) * maps.scale, onto_))
        turned[method] = _quantised(maps.rows, np.stack(moved), maps.captions)
    return Track(**{f.name: getattr(other, f.name) for f in fields(Track)} | {"maps": turned})


def plain(track: Track) -> dict[str, Any]:
    """As JSON takes it: arrays as ``{"dtype", "shape", "data"}``, little-endian bytes in base64.

    Of each map's positions only how far they are from those of the map before: small numbers, of
    which a network carries less.
    """
    found: dict[str, Any] = _plain(asdict(track))
    for name, maps in track.maps.items():
        del found["maps"][name]["positions"]
        found["maps"][name]["moves"] = _plain(np.diff(maps.positions, axis=0, prepend=np.int16(0)))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        little = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("<"))
        text = as_text(little.tobytes())
        return {"dtype": value.dtype.name, "shape": list(value.shape), "data": text}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def packed(tracks: list[Track]) -> bytes:
    """A file of tracks: gzip of JSON."""
    text = json.dumps({"format": FORMAT, "tracks": [plain(t) for t in tracks]}, allow_nan=False)
    return gzip.compress(text.encode(), 9, mtime=0)


def unpacked(data: bytes) -> list[Track]:
    """Read what :func:`packed` wrote. Raises :class:`DataError` for anything else."""
    try:
        stored = json.loads(gzip.decompress(data))
        if stored["format"] != FORMAT:
            raise ValueError(f"format {stored['format']}, where this version reads {FORMAT}")
        check_form(stored, {"format": int, "tracks": [TRACK]})
        return [_track(one) for one in stored["tracks"]]
    except Exception as error:  # damage can make these readers raise almost anything
        why = reason_of(error)
        raise DataError(
            f"This is not a file of recorded runs ({why}). Record them again, or use the version "
            "that wrote it."
        ) from error


def _track(stored: Mapping[str, Any]) -> Track:
    for curve in stored["curves"].values():
        check_form(curve, {"x": PACKED, "y": PACKED}, "curves")
    for maps in stored["maps"].values():
        check_form(maps, MAPS, "maps")
    read = {name: _array(value) for name, value in stored.items()}
    curves = {
        name: Curve(*(_array(curve[axis]) for axis in "xy"))
        for name, curve in read["curves"].items()
    }
    maps = {
        name: Maps(_array(m["rows"]), _positions(_array(m["moves"])), m["scale"], m["captions"])
        for name, m in read["maps"].items()
    }
    source, target = read["names"]
    found = Track(**read | {"curves": curves, "maps": maps, "names": (source, target)})
    _check_arrays(found)
    return found


def _positions(moves: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    return np.cumsum(moves, axis=0, dtype=moves.dtype)


def _check_arrays(track: Track) -> None:
    m, n = len(track.moments), len(track.labels)
    if track.steps < 0:
        raise DataError(f"steps is {track.steps}")
    check_form(track.moments, np.empty(m, np.int64), "moments")
    for name in ("labels", "domains"):
        check_form(getattr(track, name), np.empty(n, np.uint8), name)
    for name in ("predictions", "confidence"):
        check_form(getattr(track, name), np.empty((m, n), np.uint8), name)
    if track.classes:
        known = track.labels[track.labels != UNKNOWN_BYTE]
        most = max(int(a.max(initial=0)) for a in (known, track.predictions))
        if most >= len(track.classes):
            raise DataError(f"class {most} has no name: classes are {len(track.classes)}")
    if len(track.sentences) != m:
        raise DataError(f"sentences are {len(track.sentences)}, of {m} moments")
    for method, maps in track.maps.items():
        k = len(maps.captions)
        check_form(maps.rows, np.empty(k, np.int64), f"maps.{method}.rows")
        check_form(maps.positions, np.empty((k, n, 2), np.int16), f"maps.{method}.positions")
        if not set(maps.rows.tolist()) <= set(range(m)):
            raise DataError(f"maps.{method}.rows has others than the {m} moments")
    for name, curve in track.curves.items():
        for values in (curve.x, curve.y):
            check_form(values, np.empty(len(curve.x), np.float32), f"curves.{name}")


def _array(value: Any) -> Any:
    if not (isinstance(value, dict) and set(value) == {"dtype", "shape", "data"}):
        return value
    flat = np.frombuffer(base64.b64decode(value["data"]), dtype=np.dtype(value["dtype"]))
    return flat.reshape(value["shape"])


PACKED = {"dtype": str, "shape": [int], "data": str}
"""The form of an array in a file."""
MAPS = {"rows": PACKED, "moves": PACKED, "scale": NUMBER, "captions": [str]}
"""The form of :class:`Maps` in a file."""
TRACK = {
    "title": str,
    "about": str,
    "recipe": dict,
    "data": str,
    "names": [str],
    "steps": int,
    "curves": dict,
    "moments": PACKED,
    "sentences": [str],
    "labels": PACKED,
    "domains": PACKED,
    "predictions": PACKED,
    "confidence": PACKED,
    "maps": dict,
    "classes": [str],
    "fork": int,
}
"""The form of a :class:`Track` in a file."""


@cache
def recorded() -> list[Track]:
    """The runs that ship with the project: source only, lambda 0 and DANN, first "quick" on
    MNIST -> MNIST-M, then "deep" on the digits behind stripes.

    Made by ``benchmarks/record.py``; their titles and ``about`` say that they are recorded.
    """
    return unpacked(RECORDED.read_bytes())
