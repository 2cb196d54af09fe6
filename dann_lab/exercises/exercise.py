"""An exercise: its task, its check, its hints and its solution, and how each of them looks.

A check never raises for what a learner hands in. It runs the learner's code under a time limit,
gives random numbers back as they were, and turns whatever happens into a :class:`Verdict`.
"""

from __future__ import annotations

import difflib
import html
import random
import re
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import Any, Literal

import numpy as np
import torch

from dann_core.errors import DannError
from dann_lab.exercises.judging import Mistake, NotAttempted
from dann_lab.learners import say_error
from dann_lab.progress import note_exercise

TIME_LIMIT = 1.8
"""The seconds after which a check stops waiting for the learner's code."""
AGAIN = 0.2
"""The seconds until the alarm rings once more: the code that it hit may have swallowed it."""

Result = Literal["right", "wrong", "not attempted"]

HEADINGS: dict[Result, str] = {
    "right": "✓ Right",
    "wrong": "✗ Not yet",
    "not attempted": "○ Not attempted",
}
COLOURS: dict[Result, str] = {
    "right": "var(--jp-success-color1, #2e7d32)",
    "wrong": "var(--jp-error-color1, #c62828)",
    "not attempted": "var(--jp-border-color1, #8a8a8a)",
}
INFO = "var(--jp-info-color1, #0277bd)"


class UnknownExercise(DannError, AttributeError):
    """There is no exercise of that name."""


class _TooLong(BaseException):
    """The time is up. Not an Exception, so that a learner's ``except Exception`` lets it pass."""


@dataclass(frozen=True, repr=False)
class Card:
    """Something to read below a cell: a heading, a text, perhaps code, and hints to open.

    Shown as plain text, or as HTML in the colours of the Jupyter theme; `backticks` mark code.
    ``hints``: buttons of the HTML; each opened one stays and brings the next.
    """

    heading: str
    text: str = ""
    code: str = ""
    colour: str = INFO
    hints: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join(
            part for part in (f"{self.heading}. {self.text}".strip(), self.code) if part
        )

    def _repr_html_(self) -> str:
        code = f'<pre style="margin:.5em 0 0">{html.escape(self.code)}</pre>' if self.code else ""
        # No colour of text or ground of its own: the theme's, light or dark, is readable already.
        return (
            '<div style="padding:.4em .8em;max-width:50em;overflow-x:auto;'
            "color:var(--jp-content-font-color1, inherit);"
            f'border-left:4px solid {self.colour}">'
            f'<div role="status"><strong>{_marked(self.heading)}.</strong> {_marked(self.text)}'
            f"{code}</div>{_folded(self.hints)}</div>"
        )


def _marked(text: str) -> str:
    with_code = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text))
    return with_code.replace("\n", "<br>")


def _folded(hints: tuple[str, ...]) -> str:
    """Each hint inside the one before it: they open one after the other, and need no Python."""
    inner = ""
    for number, hint in reversed(list(enumerate(hints, start=1))):
        inner = (
            f'<details style="margin-top:.4em"><summary style="{_BUTTON}">'
            f"Hint {number} of {len(hints)}</summary>"
            f'<div style="margin-top:.3em">{_marked(hint)}</div>{inner}</details>'
        )
    return inner


_BUTTON = (
    "cursor:pointer;width:fit-content;padding:.1em .6em;border-radius:3px;"
    "border:1px solid var(--jp-border-color1, #8a8a8a)"
)


@dataclass(frozen=True, repr=False)
class Verdict(Card):
    """What a check found. ``state``: "right", "wrong" or "not attempted"; ``text`` says why."""

    state: Result = "wrong"

    @classmethod
    def of(cls, state: Result, text: str) -> Verdict:
        return cls(HEADINGS[state], text, colour=COLOURS[state], state=state)


@dataclass(frozen=True, repr=False)
class Exercise:
    """One task of a lesson.

    ``name``: as in ``exercises.<name>``; ``lesson``: such as "01_two_domains"; ``difficulty``:
    1 to 3; ``stub``: the code that a learner starts from, its answer still ``...``; ``answer``:
    one good solution; ``hints``: from a gentle one to nearly the answer. ``judge``: takes the
    answer, returns a word of praise, or raises :class:`Mistake` or :class:`NotAttempted`.
    """

    name: str
    lesson: str
    title: str
    difficulty: int
    minutes: int
    stub: str
    answer: str
    hints: tuple[str, ...]
    judge: Callable[[Any], str]
    _hints_given: list[int] = field(default_factory=list, init=False, compare=False)

    def check(self, answer: Any) -> Verdict:
        """Judge ``answer`` (whatever the stub defines), note the verdict on this machine, and offer
        the hints below. Never raises for what it is handed, except for an interrupt from the
        keyboard."""
        *first, last = self.hints
        verdict = self._judged(answer)
        if verdict.state != "not attempted":
            note_exercise(self.name, verdict.state == "right")
        return replace(verdict, hints=(*first, f"{last}\n{self._way_out}"))

    @property
    def _way_out(self) -> str:
        return f"That was the last hint: `exercises.{self.name}.solution()` shows one way."

    def _judged(self, answer: Any) -> Verdict:
        try:
            with _own_random_numbers(), _time_limit(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if answer is ...:
                    raise NotAttempted()
                with torch.enable_grad():
                    return Verdict.of("right", self.judge(answer))
        except NotAttempted as waiting:
            return Verdict.of("not attempted", str(waiting))
        except Mistake as mistake:
            return Verdict.of("wrong", str(mistake))
        except _TooLong:
            return Verdict.of(
                "wrong",
                f"Your code was still running after {TIME_LIMIT} seconds and was stopped. "
                "Is there a loop that never ends?",
            )
        except (Exception, SystemExit) as error:
            return Verdict.of("wrong", f"Your answer cannot be judged: {say_error(error)}.")

    def hint(self) -> Card:
        """The first hint, at the next call the first two, and so on: for where no button is."""
        given = self.hints[: len(self._hints_given) + 1]
        self._hints_given.append(len(given))
        lines = [f"{number}. {hint}" for number, hint in enumerate(given, start=1)]
        if len(given) == len(self.hints):
            lines.append(self._way_out)
        return Card(f"{len(given)} of {len(self.hints)} hints", "\n".join(lines))

    def solution(self) -> Card:
        """One good answer, as code."""
        return Card("One way to do it", code=self.answer)

    def _card(self) -> Card:
        dots = "●" * self.difficulty + "○" * (3 - self.difficulty)
        return Card(
            f"Exercise: {self.title}",
            f"Difficulty {dots} ({self.difficulty} of 3), about {self.minutes} minutes.",
        )

    def __repr__(self) -> str:
        return repr(self._card())

    def _repr_html_(self) -> str:
        return self._card()._repr_html_()


class Exercises:
    """All exercises by name: ``exercises.blend``; iterable, in the order of the lessons."""

    def __init__(self, *exercises: Exercise):
        self._by_name = {exercise.name: exercise for exercise in exercises}

    def __getattr__(self, name: str) -> Exercise:
        if name.startswith("_"):  # Jupyter and copy look for such names
            raise AttributeError(name)
        if name in self._by_name:
            return self._by_name[name]
        near = difflib.get_close_matches(name, self._by_name, n=1)
        remedy = (
            f"Did you mean exercises.{near[0]}?"
            if near
            else f"There are: {', '.join(self._by_name)}."
        )
        raise UnknownExercise(f"There is no exercise {name!r}. {remedy}")

    def __iter__(self) -> Iterator[Exercise]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def __dir__(self) -> list[str]:
        return list(self._by_name)

    def __repr__(self) -> str:
        return "\n".join(f"exercises.{e.name} ({e.lesson}): {e.title}" for e in self)


@contextmanager
def _own_random_numbers() -> Iterator[None]:
    """Afterwards Python's, NumPy's and torch's global generators are as they were before."""
    python, numpy = random.getstate(), np.random.get_state()
    # Asking an idle GPU for its state would start it, which takes seconds.
    devices = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else []
    try:
        with torch.random.fork_rng(devices):
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


@contextmanager
def _time_limit() -> Iterator[None]:
    """Raise :class:`_TooLong` inside after :data:`TIME_LIMIT` seconds.

    Only the main thread of a system with alarms can be interrupted; elsewhere there is no limit.
    An import is waited for: cut short, it would leave a broken module behind for good.
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        while frame is not None:
            if frame.f_globals.get("__name__") == "importlib._bootstrap":
                return
            frame = frame.f_back
        raise _TooLong()

    handler = signal.signal(signal.SIGALRM, stop)
    began = time.monotonic()
    left, interval = signal.setitimer(signal.ITIMER_REAL, TIME_LIMIT, AGAIN)
    try:
        try:
            yield
        finally:  # the alarm may ring even here; what is theirs is restored all the same
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, handler)
        if left:  # somebody else's alarm was running: it goes on
            rest = left - (time.monotonic() - began)
            signal.setitimer(signal.ITIMER_REAL, max(rest, 0.001), interval)
