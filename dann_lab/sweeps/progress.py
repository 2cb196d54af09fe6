"""How far a sweep is, as data: what the terminal and the page show."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from dann_lab.sweeps.plan import Planned
from dann_lab.sweeps.work import Outcome

Now = Literal["waiting", "running", "done", "diverged", "failed", "stopped"]
ENDED = ("done", "diverged", "failed", "stopped")


@dataclass
class Line:
    """A run as it stands. ``worker``: the address of the one that has it; ``tries``: how often one
    has begun it since its last new step; ``begun``: there is something to go on with."""

    planned: Planned
    now: Now = "waiting"
    step: int = 0
    outcome: Outcome | None = None
    worker: str = ""
    tries: int = 0
    begun: bool = False

    @property
    def steps(self) -> int:
        return self.planned.recipe.steps

    @property
    def left(self) -> int:
        return 0 if self.now in ENDED else self.steps - self.step


@dataclass
class Progress:
    """All runs of a sweep, by name. Its methods are told what happens; nothing else changes it."""

    lines: dict[str, Line]
    began: float = 0.0
    """When the first run began, by :func:`time.monotonic`."""
    done_steps: int = 0
    last: list[str] = field(default_factory=list)
    """The names of the runs that have ended in this sitting, in that order."""
    over: bool = False

    @classmethod
    def of(cls, plan: Iterable[Planned]) -> Progress:
        return cls({one.name: Line(one) for one in plan})

    def skip(self, name: str, outcome: Outcome) -> None:
        """The run has ended before."""
        line = self.lines[name]
        line.now, line.outcome, line.step = outcome.state, outcome, outcome.step

    def began_on(self, name: str, worker: str) -> None:
        line = self.lines[name]
        if line.outcome is not None:
            return
        self.began = self.began or time.monotonic()
        line.now, line.worker, line.tries = "running", worker, line.tries + 1

    def reported(self, name: str, step: int) -> None:
        """``step``: the last that is done. One that goes on begins a few before the last known."""
        line = self.lines[name]
        if line.now == "running" and step > line.step:
            if line.step or not line.begun:  # what was done before is nothing of this sitting
                self.done_steps += step - line.step
            line.step, line.tries = step, 0

    def ended(self, name: str, outcome: Outcome) -> None:
        line = self.lines[name]
        self.done_steps += max(0, outcome.step - line.step)
        line.step = max(outcome.step, line.step)
        line.now, line.outcome = outcome.state, outcome
        self.last.append(name)

    def counts(self) -> Counter[str]:
        return Counter(line.now for line in self.lines.values())

    def running(self) -> list[Line]:
        return [line for line in self.lines.values() if line.now == "running"]

    @property
    def steps_left(self) -> int:
        return sum(line.left for line in self.lines.values())

    def seconds_left(self) -> float | None:
        """By the steps done so far; None before there are any."""
        if not self.done_steps:
            return None
        return self.steps_left * (time.monotonic() - self.began) / self.done_steps
