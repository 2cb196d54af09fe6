"""What a network made of the same test images at some of its steps: the material of time travel.

A snapshot has all that a map, a row of predictions and a judgement of the features need; a
:class:`Snapshots` holds a run's, never more than :data:`MOST_BYTES` of them, and is one file.
"""

from __future__ import annotations

import math
import operator
import threading
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from dann_core.errors import DataError, reason_of
from dann_core.files import AnyPath, regular_file, shown, written_whole
from dann_core.forms import check_form
from dann_core.plain_numbers import Whole, checked_type, checked_whole, make_plain
from dann_core.probe import Probe

Bytes = npt.NDArray[np.uint8]
Halves = npt.NDArray[np.float16]
Floats = npt.NDArray[np.float32]

MOST_BYTES = 48_000_000
"""The most that a run's snapshots may take: under 50 MB with the step records and what the file
adds."""
FORMAT = 1
UNKNOWN_BYTE = 255
"""The label of an image whose class nobody has told, in the byte that a label has."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The test images as the network saw them after ``step`` steps.

    ``labels``, ``domains`` (0 source, 1 target), ``predictions``: uint8 [N], the source's images
    first; an unknown label is :data:`UNKNOWN_BYTE`. ``confidence``: float16 [N], the probability of
    each prediction. ``features``: float16 [N, 50] in -1 to 1 (fewer columns where N or the features
    have fewer), the features' directions of largest spread; times ``scale`` they are the projection
    itself, of any size. ``probe``: of the full features; None if it was not asked for or there are
    too few images. ``maps``: name of the method -> float32 [N, 2]; those that somebody has drawn,
    see :meth:`Snapshots.add_map`.

    Raises :class:`DataError` for arrays that do not fit together.
    """

    step: int
    labels: Bytes
    domains: Bytes
    predictions: Bytes
    confidence: Halves
    features: Halves
    scale: float
    probe: Probe | None = None
    maps: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        make_plain(self)
        checked_whole(self.step, "step")
        n = len(self.labels)
        expected: list[tuple[str, npt.NDArray[Any], type, tuple[int, ...]]] = [
            ("labels", self.labels, np.uint8, (n,)),
            ("domains", self.domains, np.uint8, (n,)),
            ("predictions", self.predictions, np.uint8, (n,)),
            ("confidence", self.confidence, np.float16, (n,)),
            ("features", self.features, np.float16, (n, *self.features.shape[1:2])),
            *((f"the map {name!r}", map_, np.float32, (n, 2)) for name, map_ in self.maps.items()),
        ]
        for name, array, dtype, shape in expected:
            if array.dtype != dtype or array.shape != shape:
                raise DataError(
                    f"{name} of the snapshot of step {self.step}: {array.dtype} "
                    f"{list(array.shape)}, where {np.dtype(dtype)} {list(shape)} is needed."
                )

    @property
    def source_accuracy(self) -> float:
        """On these images, 0 to 1; NaN where no label is known."""
        return self._accuracy(0)

    @property
    def target_accuracy(self) -> float:
        """On these images, 0 to 1; NaN where no label is known."""
        return self._accuracy(1)

    def _accuracy(self, domain: int) -> float:
        known = (self.domains == domain) & (self.labels != UNKNOWN_BYTE)
        return float((self.predictions == self.labels)[known].mean()) if known.any() else math.nan

    @property
    def projection(self) -> Floats:
        """The features' main directions at their own size: float32 [N, 50]."""
        return self.features.astype(np.float32) * np.float32(self.scale)

    @property
    def nbytes(self) -> int:
        """Memory of its own: labels and domains are one copy for all snapshots of a run."""
        own = self.predictions.nbytes + self.confidence.nbytes + self.features.nbytes
        return own + sum(positions.nbytes for positions in self.maps.values())


class Snapshots:
    """A run's snapshots, ordered by step, at most ``most_bytes`` of them.

    When there are more, older ones go, such that the steps of those that stay are about evenly
    apart; never the first and never the latest. One thread may add while others read: each reader
    sees the snapshots as they were when it began.
    """

    def __init__(self, most_bytes: Whole = MOST_BYTES) -> None:
        self.most_bytes: int = checked_whole(most_bytes, "most_bytes")
        # Never changed, only replaced: that is what makes reading safe.
        self._kept: tuple[Snapshot, ...] = ()
        self._changing = threading.Lock()

    def __getstate__(self) -> tuple[int, tuple[Snapshot, ...]]:
        return self.most_bytes, self._kept

    def __setstate__(self, state: tuple[int, tuple[Snapshot, ...]]) -> None:
        self.most_bytes, self._kept = state
        self._changing = threading.Lock()  # can be neither pickled nor copied

    def add(self, snapshot: Snapshot) -> None:
        """Take a snapshot in, in place of one of the same step.

        Raises :class:`DataError` if it is of other images, or of another network, than the others.
        """
        with self._changing:
            self._add(snapshot)

    def add_map(self, step: Whole, method: str, positions: npt.NDArray[np.floating[Any]]) -> None:
        """Give the snapshot of ``step`` a map, [N, 2]. Nothing happens if it is not kept any
        more, which may be news to whoever has drawn the map meanwhile.

        Raises :class:`DataError` for another shape.
        """
        checked_type(positions, np.ndarray, "positions")
        with self._changing:
            there = self.at(step)
            if there is not None and there.step == step:
                drawn = {method: np.array(positions, dtype=np.float32)}
                self._add(replace(there, maps={**there.maps, **drawn}))

    def _add(self, snapshot: Snapshot) -> None:
        kept = {s.step: s for s in self._kept}
        if kept:
            other = self._kept[0]
            alike = all(
                np.array_equal(getattr(snapshot, name), getattr(other, name))
                for name in ("labels", "domains")
            )
            if not alike or snapshot.features.shape != other.features.shape:
                raise DataError(
                    f"The snapshot of step {snapshot.step} is of other images, or of another "
                    f"network, than that of step {other.step}. Start a new history."
                )
            snapshot = replace(snapshot, labels=other.labels, domains=other.domains)
        kept[snapshot.step] = snapshot
        self._kept = _thinned([kept[step] for step in sorted(kept)], self.most_bytes)

    def drop_after(self, step: Whole) -> None:
        """Forget what came after ``step``, for a run that goes on from there."""
        last = operator.index(step)
        with self._changing:
            self._kept = tuple(s for s in self._kept if s.step <= last)

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Snapshot]:
        return iter(self._kept)

    def __contains__(self, step: object) -> bool:
        return any(s.step == step for s in self._kept)

    def __getitem__(self, step: Whole) -> Snapshot:
        """The snapshot of ``step``. Raises :class:`KeyError` if there is none."""
        found = self.at(step)
        if found is None or found.step != step:
            raise KeyError(step)
        return found

    def at(self, step: Whole) -> Snapshot | None:
        """The latest at or before ``step``, None if there is none."""
        kept = self._kept
        position = bisect_right(kept, operator.index(step), key=lambda s: s.step)
        return kept[position - 1] if position else None

    @property
    def steps(self) -> list[int]:
        """Of the snapshots that are kept, ascending."""
        return [s.step for s in self._kept]

    @property
    def nbytes(self) -> int:
        return sum(s.nbytes for s in self._kept)

    def save(self, path: AnyPath) -> None:
        """Write one ``.npz``, whole or not at all: a row of each array for each snapshot."""
        kept = self._kept
        methods = sorted({name for s in kept for name in s.maps})
        arrays: dict[str, Any] = {
            "format": FORMAT,
            "steps": np.array([s.step for s in kept], dtype=np.int64),
            "scales": np.array([s.scale for s in kept], dtype=np.float64),
            "probes": np.array(
                [astuple(s.probe) if s.probe else [np.nan] * 4 for s in kept], dtype=np.float64
            ),
            "methods": np.array(methods, dtype=np.str_),
        }
        if kept:
            arrays |= {
                "labels": kept[0].labels,
                "domains": kept[0].domains,
                **{n: np.stack([getattr(s, n) for s in kept]) for n in _STACKED},
            }
        for k, name in enumerate(methods):
            rows = [row for row, s in enumerate(kept) if name in s.maps]
            arrays[f"map{k}_rows"] = np.array(rows, dtype=np.int64)
            arrays[f"map{k}"] = np.stack([kept[row].maps[name] for row in rows])
        # Opened here, because np.savez would add ".npz" to the temporary name.
        with written_whole(path) as temporary, open(temporary, "wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: AnyPath) -> Snapshots:
        """Read what :meth:`save` wrote; arrays only, never code.

        Raises :class:`DataError` if there is none, or if it is damaged or something else.
        """
        snapshots, name = cls(), shown(path)
        try:
            with np.load(regular_file(path), allow_pickle=False) as stored:
                if (version := int(stored["format"])) != FORMAT:
                    raise DataError(f"format {version}, where this version reads {FORMAT}")
                snapshots._kept = tuple(_read(dict(stored)))
        except FileNotFoundError as error:
            raise DataError(f"There are no snapshots in {name}. Train first.") from error
        except Exception as error:  # damage can make these readers raise almost anything
            why = reason_of(error)
            raise DataError(
                f"{name} is damaged or not a run's snapshots ({why}). Delete it: the run itself "
                "does not need it."
            ) from error
        return snapshots


_STACKED = ("predictions", "confidence", "features")


def _form(stored: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """The form of a file with as many snapshots, images, directions and methods as ``stored``."""
    m = len(stored["steps"])
    methods = stored["methods"] if m else np.empty(0, np.str_)
    form: dict[str, npt.NDArray[Any]] = {
        "format": stored["format"],
        "steps": np.empty(m, np.int64),
        "scales": np.empty(m, np.float64),
        "probes": np.empty((m, 4), np.float64) if m else np.empty(0, np.float64),
        "methods": np.empty(len(methods), methods.dtype if methods.dtype.kind == "U" else np.str_),
    }
    if m:
        n, directions = len(stored["labels"]), stored["features"].shape[-1]
        form |= {name: np.empty(n, np.uint8) for name in ("labels", "domains")}
        form["predictions"] = np.empty((m, n), np.uint8)
        form["confidence"] = np.empty((m, n), np.float16)
        form["features"] = np.empty((m, n, directions), np.float16)
    for k in range(len(methods)):
        rows = len(stored[f"map{k}_rows"])
        form[f"map{k}_rows"] = np.empty(rows, np.int64)
        form[f"map{k}"] = np.empty((rows, n, 2), np.float32)
    return form


def _read(stored: Mapping[str, npt.NDArray[Any]]) -> Iterator[Snapshot]:
    check_form(stored, _form(stored))
    steps = stored["steps"].tolist()
    if any(b <= a for a, b in pairwise([-1, *steps])):
        raise DataError("its steps do not ascend")
    if not steps:
        return
    for name in ("scales", "features"):
        if not np.isfinite(stored[name]).all():
            raise DataError(f"{name} has values that are not finite")
    if stored["domains"].max(initial=0) > 1:
        raise DataError("domains has other values than 0 and 1")
    maps: list[dict[str, Floats]] = [{} for _ in steps]
    for k, name in enumerate(stored["methods"].tolist()):
        for row, positions in zip(stored[f"map{k}_rows"].tolist(), stored[f"map{k}"], strict=True):
            if not 0 <= row < len(steps):
                raise DataError(f"map{k}_rows has {row}, of {len(steps)} snapshots")
            maps[row][name] = positions.copy()
    labels, domains = stored["labels"], stored["domains"]
    columns = [stored[name] for name in ("scales", "probes", *_STACKED)]
    for step, scale, probe, *arrays, drawn in zip(steps, *columns, maps, strict=True):
        error, a_distance, uncertainty, n = probe.tolist()
        yield Snapshot(
            step=int(step),
            labels=labels,
            domains=domains,
            # Copies, because a view would keep the memory of snapshots that are thinned later.
            **{name: row.copy() for name, row in zip(_STACKED, arrays, strict=True)},
            scale=float(scale),
            probe=None if np.isnan(n) else Probe(error, a_distance, uncertainty, int(n)),
            maps=drawn,
        )


def _thinned(kept: list[Snapshot], most_bytes: int) -> tuple[Snapshot, ...]:
    """Drop one after another, each time the one behind the oldest of the smallest gaps.

    From a regular row with gaps of 1 that makes one with gaps of 2, the oldest first, while the
    latest still come in with gaps of 1; then one with gaps of 4, and so on. So no gap but the last
    is more than twice another.
    """
    size = sum(s.nbytes for s in kept)
    while size > most_bytes and len(kept) > 2:
        size -= kept.pop(least_missed([s.step for s in kept])).nbytes
    return tuple(kept)


def least_missed(steps: Sequence[Whole]) -> int:
    """The place of the step behind the oldest of the smallest gaps: of ascending steps, which is
    never the first or the last. Raises :class:`DataError` for fewer than three."""
    whole = [checked_whole(step, "steps") for step in steps]
    if len(whole) < 3:
        raise DataError(f"steps={whole}: of fewer than three all are needed.")
    gaps = [b - a for a, b in pairwise(whole)][:-1]
    return gaps.index(min(gaps)) + 1
