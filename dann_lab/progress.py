"""What a learner has done in the lessons: kept on this machine, and sent nowhere."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypedDict

from filelock import FileLock, Timeout

from dann_core.errors import DannError, DataError, reason_of
from dann_core.files import cache_dir, regular_file, shown, written_whole
from dann_core.forms import check_form

FORMAT = 1
PATIENCE = 2.0
"""The seconds that one lesson waits for another that writes, at most."""


Said = float | list[int]
"""What somebody predicted: a number, which of the choices, or which of them in order."""


class Done(TypedDict):
    """``exercises``: name -> "right", or "tried" before it was ever right. ``quizzes``: lesson ->
    the answer chosen for each question, None before there is one. ``predictions``: name -> what was
    said first."""

    exercises: dict[str, str]
    quizzes: dict[str, list[int | None]]
    predictions: dict[str, Said]


def file() -> Path:
    """Where it is kept. Delete it to begin anew."""
    return cache_dir() / "progress.json"


def done() -> Done:
    """What has been done so far. Raises :class:`DataError` for a damaged file."""
    path = file()
    if not path.exists():
        return {"exercises": {}, "quizzes": {}, "predictions": {}}
    try:
        stored = json.loads(regular_file(path).read_text(encoding="utf-8"))
        check_form(stored, {"format": int, **dict.fromkeys(Done.__annotations__, dict)})
        if stored["format"] != FORMAT:
            raise ValueError(f"format {stored['format']}, where this version reads {FORMAT}")
        return {
            "exercises": _states(stored["exercises"]),
            "quizzes": _chosen(stored["quizzes"]),
            "predictions": _said(stored["predictions"]),
        }
    except Exception as error:  # damage can make these readers raise almost anything
        raise DataError(
            f"{shown(path)} does not say what has been done ({reason_of(error)}). "
            "Delete it to begin anew."
        ) from error


def _states(stored: dict[str, Any]) -> dict[str, str]:
    if not {*stored.values()} <= {"right", "tried"}:
        raise ValueError("a state of an exercise is neither right nor tried")
    return stored


def _chosen(stored: dict[str, Any]) -> dict[str, list[int | None]]:
    for chosen in stored.values():
        if not all(answer is None or type(answer) is int for answer in chosen):
            raise ValueError("an answer of a quiz is no whole number")
    return stored


def _said(stored: dict[str, Any]) -> dict[str, Said]:
    for said in stored.values():
        whole = isinstance(said, list) and all(type(place) is int for place in said)
        if not whole and (type(said) not in (int, float) or not math.isfinite(said)):
            raise ValueError("a prediction is neither a number nor an order")
    return stored


def note_exercise(name: str, right: bool) -> None:
    """An exercise was checked, and its answer was right or wrong."""

    def change(noted: Done) -> None:
        if noted["exercises"].get(name) != "right":
            noted["exercises"][name] = "right" if right else "tried"

    _note(change)


def note_quiz(lesson: str, chosen: list[int | None]) -> None:
    """These answers of a lesson's quiz are chosen now."""

    def change(noted: Done) -> None:
        before = noted["quizzes"].get(lesson, [])
        # A quiz that is shown again begins without a choice, which takes none back.
        noted["quizzes"][lesson] = [
            was if now is None else now for now, was in zip_longest(chosen, before[: len(chosen)])
        ]

    _note(change)


def note_prediction(name: str, said: Said) -> None:
    """This was predicted, before the answer was shown."""

    def change(noted: Done) -> None:
        noted["predictions"].setdefault(name, said)

    _note(change)


def _note(change: Callable[[Done], None]) -> None:
    # A convenience: where nothing can be kept, a lesson goes on as if there were no such file.
    with suppress(OSError, Timeout, DannError), _alone() as path:
        try:
            noted = done()
        except DataError:
            if not path.is_file():
                raise
            path.replace(path.with_name("progress.damaged.json"))
            noted = done()
        before = json.dumps(noted)
        change(noted)
        if json.dumps(noted) != before:
            with written_whole(path) as temporary:
                text = json.dumps({"format": FORMAT, **noted}, indent=1)
                temporary.write_text(text + "\n", encoding="utf-8", newline="\n")


@contextmanager
def _alone() -> Iterator[Path]:
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock"), timeout=PATIENCE):
        yield path
