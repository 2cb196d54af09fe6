"""How the domain classifier stands, judged from accuracy, loss and calibration together.

One of them alone misleads: a classifier that gives one answer for everything is right on half of a
mixed batch, as good guessing is, and only its loss tells the two apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dann_core.history import History
from dann_core.methods import METHODS

DISTANCES = frozenset(name for name, made in METHODS.items() if not made.has_classifier)
"""The methods that have no domain classifier: what they add is a distance of the features."""
LN2 = math.log(2)
"""The loss of guessing: an even chance for both domains."""
RECENT = 50
"""The number of steps that are averaged when a sentence speaks of a noisy curve."""
CALIBRATED = 1.15 * LN2
"""The loss above which a classifier is surer than it should be: it does worse than guessing."""
EXPLODED = 20 * LN2
"""The loss above which training has come apart: an honest classifier never gets there."""
TELLS, GUESSES, WRONG = 0.75, 0.6, 0.4
"""The accuracies from which it tells the domains apart, and below which it guesses or is wrong."""

Kind = Literal["exploded", "one answer", "wrong", "too sure", "tells", "hardly", "guesses"]


def recent(history: History, name: str) -> float:
    """The mean of a column's last steps; NaN if there are none."""
    column = history.column(name)[-RECENT:]
    return float(np.mean(column)) if len(column) else math.nan


def is_distance(history: History) -> bool:
    """Whether the domain loss of a run's steps is a distance: a domain classifier's has an accuracy
    beside it. So it is right for a method of somebody's own too."""
    if not len(history):
        return False
    last = history[-1]
    return math.isnan(last.domain_accuracy) and not math.isnan(last.domain_loss)


def part_of(history: History) -> str:
    """What learnt in the last step: "both", "domain" or "features", see
    :class:`~dann_core.training.Trainer`."""
    told = (mark for mark in reversed(history.marks) if mark.kind == "part")
    return next((str(mark.value) for mark in told if mark.step <= len(history)), "both")


@dataclass(frozen=True)
class Standing:
    """The domain classifier. ``accuracy``: a fraction of the test examples, or of the last batches
    where none was looked at. ``loss``: in nats, over the last steps. ``one_answer``: whether it
    named the same domain for all of nearly every batch, as far as accuracies show it: half of each
    was right, to the example."""

    accuracy: float
    loss: float
    one_answer: bool = False

    @classmethod
    def of(cls, history: History) -> Standing:
        """As the history's last steps show it; it has at least one, with a domain
        classifier."""
        accuracies = history.column("domain_accuracy")[-RECENT:]
        halves = np.mean(np.abs(accuracies - 0.5) < 1e-6)
        # Dropout and batch norm make batches harder than test examples: what the curve and its
        # caption show is the latter, and a sentence beside them has to say the same.
        tested = history.evaluations[-1].domain_accuracy if history.evaluations else math.nan
        accuracy = recent(history, "domain_accuracy") if math.isnan(tested) else tested
        return cls(accuracy, recent(history, "domain_loss"), bool(halves > 0.9))

    @property
    def kind(self) -> Kind:
        if not self.loss <= EXPLODED:
            return "exploded" if not self.one_answer else "one answer"
        if self.loss > CALIBRATED:
            if self.accuracy < WRONG:
                return "wrong"
            return "one answer" if self.one_answer else "too sure"
        if self.accuracy >= TELLS:
            return "tells"
        return "hardly" if self.accuracy >= GUESSES else "guesses"

    @property
    def hidden(self) -> bool:
        """Whether it is the features that make it guess, and no fault of its own."""
        return self.kind in ("hardly", "guesses")


def number(loss: float) -> str:
    """A loss or lambda for people: 0.69, 5,000 or 2.9e+08."""
    if loss < 100:
        return f"{loss:.2f}"
    return f"{loss:,.0f}" if loss < 1e6 else f"{loss:.1e}"
