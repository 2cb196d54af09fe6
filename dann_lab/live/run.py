"""One run of the live page: its trainer, its lambda, and what is shown beside its history."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from torch import Tensor

from dann_core.branching import Rerun
from dann_core.evaluation import Predictions
from dann_core.schedules import LambdaSource, paper_lambda
from dann_core.training import Trainer
from dann_lab.figures import classes, sentences, sprites
from dann_lab.figures.encoding import as_text
from dann_lab.figures.sentences import Answers
from dann_lab.live import words
from dann_lab.live.protocol import DigitsOfRun
from dann_lab.live.settings import Settings

SHOWN_DIGITS = 12
"""The number of test digits of each domain that are shown with their predictions."""


@dataclass(frozen=True)
class Replay:
    """The lambda that run ``number`` had, step by step."""

    number: int
    lambda_source: LambdaSource


class LambdaControl:
    """The slider's end of the lambda door. ``by_hand``: None follows ``replay``, and where there is
    none the paper's schedule.

    ``step``: the last step that asked.
    """

    def __init__(self) -> None:
        self.by_hand: float | None = None
        self.replay: Replay | None = None
        self.step = 0

    def __call__(self, step: int, progress: float) -> float:
        self.step = step  # first, so that whoever sets lambda and then reads this knows who got it
        by_hand, replay = self.by_hand, self.replay
        if by_hand is not None:
            return by_hand
        return float(replay.lambda_source(step, progress)) if replay else paper_lambda(progress)

    def follow(self, by_hand: float | None, replay: Replay | None) -> None:
        """From the next step that asks."""
        # A step that asks in between gets the old lambda or the new one, never a third.
        if by_hand is None:
            self.replay = replay
            self.by_hand = None
        else:
            self.by_hand = by_hand
            self.replay = replay


def as_it_was(run: Run) -> Replay | None:
    """The lambda of a run at its steps, and after them as it stands there; None where that is the
    paper's schedule throughout."""
    history, now = run.trainer.history, run.control
    if not history.lambda_marks and now.by_hand is None and now.replay is None:
        return None
    recorded, then = history.column("lambda_").tolist(), copy(now)
    return Replay(run.number, partial(_as_it_was, recorded, then))


def _as_it_was(recorded: list[float], then: LambdaControl, step: int, progress: float) -> float:
    return recorded[step - 1] if step <= len(recorded) else then(step, progress)


@dataclass
class Fork:
    """Where a run left another: ``run`` and the ``step`` after which. ``trainer``: as it was then,
    by the recipe of ``settings``."""

    run: Run
    step: int
    trainer: Trainer
    settings: Settings


@dataclass
class Run:
    """One trainer and what the page shows beside its history. ``number`` tells runs apart.

    ``fork``: where it left another run, None for one of its own. ``again``: what trains it where it
    repeats the run of the number ``repeats``, None where it goes its own way.
    """

    number: int
    settings: Settings
    trainer: Trainer
    control: LambdaControl
    fork: Fork | None = None
    again: Rerun | None = None
    repeats: int | None = None
    seen: list[tuple[int, Predictions]] = field(default_factory=list)
    """The predictions of the shown test digits, by the step of each evaluation."""

    def predictions(self, step: int) -> Predictions | None:
        """Of the shown test digits, as of the last evaluation at or before ``step``."""
        return next((found for at, found in reversed(self.seen) if at <= step), None)

    @property
    def steps(self) -> int:
        """How many it has when it has ended."""
        return len(self.again.recorded) if self.again else self.trainer.recipe.steps

    @property
    def own_steps(self) -> int:
        """How many it has done by itself, since it left another run."""
        return self.trainer.step - (self.fork.step if self.fork else 0)

    @property
    def digits(self) -> tuple[Tensor, Tensor]:
        """The shown test examples, source then target: uint8 [N, H, W, 3] and labels [N], with at
        most :data:`SHOWN_DIGITS` of each domain."""
        examples = self.trainer.pair.test_examples(SHOWN_DIGITS)
        return examples.images, examples.labels

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.trainer.pair.class_names

    @property
    def what(self) -> str:
        """What its examples are called: "digits" or "examples"."""
        return classes.what(self.class_names)

    @property
    def examples(self) -> str:
        """What goes into its network: "images" or "rows"."""
        return "images" if self.trainer.pair.inputs.size else "rows"

    def digits_for_page(self) -> DigitsOfRun:
        """The shown test examples as a page takes them."""
        images, labels = self.digits
        pictures = np.zeros((0, 0, 0, 3), dtype=np.uint8)
        if self.trainer.pair.inputs.size:
            pictures = sprites.shrunk(images.cpu().numpy())
        return {
            "labels": _bytes(labels),
            "pixels": as_text(pictures.tobytes()),
            "run": self.number,
            "source": len(self.trainer.pair.source.test.first(SHOWN_DIGITS)),
            "height": pictures.shape[1],
            "width": pictures.shape[2],
            "names": classes.told(self.class_names),
        }

    def about_digits(self, found: Predictions) -> str:
        """The sentence beside the shown test examples, of which the network says ``found``."""
        pair = self.trainer.pair
        source, target = (
            domain.test.first(SHOWN_DIGITS).labels for domain in (pair.source, pair.target)
        )
        said, sure = found.labels.cpu().numpy(), found.confidence.cpu().numpy()
        at = len(source)
        return sentences.about_digits(
            Answers.of(source.cpu().numpy(), said[:at], sure[:at]),
            Answers.of(target.cpu().numpy(), said[at:], sure[at:]),
            self.what,
        )

    @property
    def adapts(self) -> bool:
        """Whether it adapts to the target, by any method, and so has a lambda."""
        return self.settings.mode == "dann"

    @property
    def lambda_origin(self) -> words.LambdaOrigin:
        """Where its lambda comes from."""
        marks = self.trainer.history.lambda_marks
        if marks and marks[0].kind == "replay":
            assert marks[0].value is not None
            return words.LambdaOrigin(replays=int(marks[0].value), by_hand=len(marks) > 1)
        return words.LambdaOrigin(by_hand=bool(marks) or self.control.by_hand is not None)

    @property
    def title(self) -> str:
        """Such as "DANN, lambda by the paper's schedule, seed 0 · run 3"; no two runs' are the
        same."""
        settings = self.settings
        chosen = settings.mode, settings.method, settings.part
        name = words.title(*chosen, self.lambda_origin, settings.seed, self.number)
        if self.repeats is not None:
            name += words.repeated(self.repeats)
        return name + (words.branched(self.fork.run.number, self.fork.step) if self.fork else "")

    @property
    def file_name(self) -> str:
        """Such as "dann-lambda-by-hand-seed-0-step-1200", for a file or a folder."""
        settings = self.settings
        chosen = settings.mode, settings.method
        name = words.file_name(*chosen, self.lambda_origin, settings.seed)
        return f"{name}-step-{self.trainer.step}"


def _bytes(labels: Tensor) -> list[int]:
    """As bytes: an unknown one, -1, becomes 255."""
    found: list[int] = labels.cpu().numpy().astype(np.uint8).tolist()
    return found
