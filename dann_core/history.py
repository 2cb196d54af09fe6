"""What happened: one row a step, evaluations, and marks. Everything drawn is drawn from this."""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, SupportsIndex, overload

import numpy as np
import numpy.typing as npt

from dann_core.errors import DataError, reason_of
from dann_core.files import AnyPath, regular_file, shown, written_whole
from dann_core.forms import NUMBER, check_form
from dann_core.plain_numbers import Whole, checked_whole, none_for_nan, plain
from dann_core.snapshots import Snapshots

Column = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StepRecord:
    """One step, as plain numbers; those of the domain side are NaN in modes "source" and "target".

    Losses are means over the batch in nats, accuracies fractions of the batch. The three norms are
    Euclidean, over the batch's features: of the label loss's gradient, and of the domain loss's
    gradient before and after the reversal (``after = lambda_ * before``).

    Of another method than DANN the domain loss is what that adds (:mod:`dann_core.methods`), and
    without a domain classifier the domain accuracy is NaN.
    """

    step: int
    """Counted from 1."""
    progress: float
    """What the schedules were asked for: ``(step - 1) / steps``, see :meth:`Recipe.progress_at`."""
    lambda_: float
    learning_rate: float
    label_loss: float
    domain_loss: float
    total_loss: float
    label_accuracy: float
    domain_accuracy: float
    label_gradient: float
    domain_gradient_before: float
    domain_gradient_after: float


@dataclass(frozen=True)
class Evaluation:
    """Accuracies on test images after ``step`` steps, 0 to 1; NaN where no label is known.

    ``images``: how many of the target's test set were looked at, from its start; ``source_images``:
    of the source's, 0 where an earlier version, for which they were as many, has not told.
    ``domain_accuracy``: on the first 500 + 500 of them; NaN in modes "source" and
    "target", and by methods without a domain classifier.
    """

    step: int
    source_accuracy: float
    target_accuracy: float
    domain_accuracy: float
    images: int
    source_images: int = 0

    @property
    def looked_at(self) -> tuple[int, int]:
        """How many test examples of the source and of the target it is of."""
        return self.source_images or self.images, self.images


MarkKind = Literal[
    "by_hand",
    "schedule",
    "replay",
    "note",
    "settings",
    "reset",
    "train",
    "pause",
    "step",
    "part",
    "branch",
    "more",
]
OF_LAMBDA: tuple[MarkKind, ...] = ("by_hand", "schedule", "replay", "note")
"""The kinds of marks that are drawn in the curves: lambda, and words."""


@dataclass(frozen=True)
class Mark:
    """Something a person did, in force from ``step`` on.

    ``kind`` and ``value``: "by_hand", lambda was set to the value; "schedule", lambda follows the
    paper's schedule (None); "replay", lambda is that of the run of this number; "note", words.

    The others make a history a journal: "settings", the run was begun with these, as text;
    "reset", it was begun again (None); "train", "pause" and "step" (None); "part", what moves, see
    :attr:`Trainer.part <dann_core.training.Trainer>`; "branch", the recipe changed, as text such as
    "mode=source"; "more", the run goes on for so many steps.
    """

    step: int
    kind: MarkKind
    value: float | str | None = None


COLUMNS = [field.name for field in fields(StepRecord)]
_NUMBER_OR_NAN = (*NUMBER, type(None))
FORM = {
    "steps": {name: [_NUMBER_OR_NAN] for name in COLUMNS},
    "evaluations": [
        {
            "step": int,
            "source_accuracy": _NUMBER_OR_NAN,
            "target_accuracy": _NUMBER_OR_NAN,
            "domain_accuracy": _NUMBER_OR_NAN,
            "images": int,
            "source_images": int,
        }
    ],
    "marks": [dict],
}
"""The form of a saved history; that of a mark depends on its kind."""


class History:
    """Step records in one growing table, evaluations, marks, and snapshots.

    The snapshots have a file of their own (:meth:`Snapshots.save`): they are up to 50 MB, and what
    is saved here is part of each checkpoint, which is written every few seconds.
    """

    def __init__(self) -> None:
        self._table = np.empty((1024, len(COLUMNS)))
        self._length = 0
        self.evaluations: list[Evaluation] = []
        self.marks: list[Mark] = []
        self.snapshots = Snapshots()

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle or a copy is made of: the rows there are, and lists of its own."""
        length = self._length  # first: a row that comes in meanwhile may not be written yet
        return self.__dict__ | {
            "_table": self._table[:length].copy(),
            "_length": length,
            "evaluations": list(self.evaluations),
            "marks": list(self.marks),
            "snapshots": copy(self.snapshots),
        }

    def append(self, record: StepRecord) -> None:
        """Add the record of the next step."""
        if self._length == len(self._table):
            more = np.empty((max(1024, self._length), len(COLUMNS)))
            self._table = np.concatenate([self._table, more])
        self._table[self._length] = [getattr(record, name) for name in COLUMNS]
        # Last, so that a reader on another thread never sees a row that is not written yet.
        self._length += 1

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: SupportsIndex) -> StepRecord: ...
    @overload
    def __getitem__(self, index: slice) -> list[StepRecord]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> StepRecord | list[StepRecord]:
        """One record, counted from 0 or with a minus from the end, or those of a slice."""
        length = self._length
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(length))]
        index = operator.index(index)
        if not -length <= index < length:
            raise IndexError(f"There is no record {index}: the history has {length} steps.")
        values = self._table[:length][index].tolist()
        return StepRecord(int(values[0]), *values[1:])

    def __iter__(self) -> Iterator[StepRecord]:
        return (self[i] for i in range(len(self)))

    def column(self, name: str) -> Column:
        """One field of every record so far, float64 [steps]; a view, so copy it to keep it."""
        length = self._length
        return self._table[:length, COLUMNS.index(name)]

    @property
    def lambda_marks(self) -> list[Mark]:
        """Those of :attr:`marks` that are drawn in the curves."""
        return [mark for mark in list(self.marks) if mark.kind in OF_LAMBDA]

    def until(self, step: Whole) -> History:
        """The history as it stood after ``step`` steps, or as it stands if it has no more.

        The records share this one's memory; the snapshots are all there, see :meth:`Snapshots.at`.
        """
        past = History()
        past._length = min(checked_whole(step, "step"), self._length)
        # As long as it is full, so that whoever appends to it gets a table of their own.
        past._table = self._table[: past._length]
        past.evaluations = [e for e in self.evaluations if e.step <= step]
        past.marks = [mark for mark in self.marks if mark.step <= step]
        past.snapshots = self.snapshots
        return past

    def to_dict(self) -> dict[str, Any]:
        """Plain data, fit for JSON and for a checkpoint; floats keep every bit, and what is
        not finite is None."""
        return {
            "steps": {name: _plain(self.column(name).tolist()) for name in COLUMNS},
            "evaluations": [
                {name: none_for_nan(value) for name, value in asdict(e).items()}
                for e in self.evaluations
            ],
            "marks": [
                {name: plain(value) for name, value in asdict(mark).items()} for mark in self.marks
            ],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> History:
        """Read what :meth:`to_dict` gave, and what it gave when marks were sentences. Raises
        :class:`DataError`, with the place, for anything else."""
        data = _with_source_images(data)
        check_form(data, FORM, "history")
        columns = [data["steps"][name] for name in COLUMNS]
        if columns[0] != list(range(1, len(columns[0]) + 1)):
            raise DataError("history.steps.step does not count from 1")
        if len({len(column) for column in columns}) > 1:
            raise DataError("history.steps has columns of different lengths")
        history = cls()
        table = np.array(
            [[math.nan if v is None else v for v in column] for column in columns], dtype=float
        ).T
        history._length = len(table)
        history._table = np.concatenate([table, np.empty((1024, len(COLUMNS)))])
        evaluations: list[dict[str, Any]] = [
            {name: math.nan if v is None else v for name, v in e.items()}
            for e in data["evaluations"]
        ]
        history.evaluations = [Evaluation(**e) for e in evaluations]
        history.marks = [_mark(mark, f"history.marks[{k}]") for k, mark in enumerate(data["marks"])]
        return history

    def save(self, path: AnyPath) -> None:
        """Write JSON, whole or not at all."""
        with written_whole(path) as temporary:
            temporary.write_text(json.dumps(self.to_dict()), encoding="utf-8", newline="\n")

    @classmethod
    def load(cls, path: AnyPath) -> History:
        """Read what :meth:`save` wrote. Raises :class:`DataError` if it is not a history."""
        try:
            return cls.from_dict(json.loads(regular_file(path).read_text(encoding="utf-8")))
        except Exception as error:  # damage can make these readers raise almost anything
            why = reason_of(error)
            raise DataError(
                f"{shown(path)} is not a history of a run ({why}). Save it again, or use the "
                "version that wrote it."
            ) from error


def _with_source_images(data: Any) -> Any:
    """``data`` as it is written now: earlier versions did not tell the number."""
    there = data.get("evaluations") if isinstance(data, dict) else None
    if not isinstance(there, list) or not all(isinstance(e, dict) for e in there):
        return data
    return data | {"evaluations": [{"source_images": 0} | e for e in there]}


_VALUES: dict[str, Any] = {
    "by_hand": NUMBER,
    "schedule": type(None),
    "replay": NUMBER,
    "note": str,
    "settings": str,
    "reset": type(None),
    "train": type(None),
    "pause": type(None),
    "step": type(None),
    "part": str,
    "branch": str,
    "more": int,
}
"""The form of a mark's value, by the mark's kind."""


def _plain(values: list[float]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values]


_WRITTEN_MARKS: tuple[tuple[MarkKind, str], ...] = (
    ("by_hand", r"lambda: (\d+\.\d+) by hand"),
    ("schedule", r"lambda: the paper's schedule"),
    ("replay", r"lambda: replays run (\d+)"),
)


def _mark(data: dict[str, Any], place: str) -> Mark:
    if "text" not in data:
        kind = data.get("kind")
        check_form(kind, str, f"{place}.kind")
        if kind not in _VALUES:
            raise DataError(f"{place}.kind is {kind!r:.50}, which is not known")
        check_form(data, {"step": int, "kind": str, "value": _VALUES[kind]}, place)
        return Mark(**data)
    # In the first form a mark was a step and a sentence.
    check_form(data, {"step": int, "text": str}, place)
    for kind, pattern in _WRITTEN_MARKS:
        if found := re.fullmatch(pattern, data["text"]):
            return Mark(data["step"], kind, float(found[1]) if found.groups() else None)
    return Mark(data["step"], "note", data["text"])
