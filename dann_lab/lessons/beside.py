"""Methods beside each other on the same moons: as many small playgrounds, one Play button."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch
import traitlets

from dann_core.devices import one_thread
from dann_core.errors import TrainingDiverged
from dann_core.evaluation import evaluating
from dann_core.moons import ROTATION, MoonsTrainer, moons_trainer
from dann_core.plain_numbers import make_plain
from dann_lab.figures import moons
from dann_lab.figures.sentences import NAMES_OF_METHODS, percent
from dann_lab.figures.theme import Figure
from dann_lab.lessons.playground import (
    EVALUATE_EVERY,
    MOONS_LAMBDA,
    MOST_STEPS,
    PLANE,
    grid_of,
    levels_of,
    packed_points,
    reach_of,
    shown_shift,
)
from dann_lab.lessons.protocol import BesideChoices, BesideFrame, BesideQuestion, PackedRun
from dann_lab.lessons.shifts import DRAWN, SHIFTS, shifted_pair
from dann_lab.live.settings import usual_lambda
from dann_lab.widgets.base import PlotWidget
from dann_lab.widgets.document import STATIC, style

SOURCE = "source"
"""The name of the run without adaptation, among those of the methods."""
NAMES = {SOURCE: "Source only", **NAMES_OF_METHODS}
BEGINS = ("dann", "cdan", "coral", "mmd")
"""The methods of the four pictures, at first."""


@dataclass(frozen=True)
class BesideKnobs:
    """What a person can set: the points, see :mod:`dann_lab.lessons.shifts`, the method of each
    picture, and whether pictures are of the inputs or of the features."""

    shift: str = "turned"
    amount: float = ROTATION
    seed: int = 0
    methods: tuple[str, ...] = BEGINS
    plane: Literal["inputs", "features"] = "inputs"

    def __post_init__(self) -> None:
        make_plain(self)


class MethodsBeside(PlotWidget):
    """Four runs on the same points, each with the lambda that the playground begins with for its
    method. Any number of views show the same training."""

    _esm = STATIC / "beside.js"
    _css = PlotWidget._css + style("playground.css")

    asks_python = traitlets.Bool(True).tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)
    begins: traitlets.List[str] = traitlets.List().tag(sync=True)

    def __init__(self) -> None:
        choices: BesideChoices = {
            "shifts": {
                name: shown_shift(shift, True) for name, shift in SHIFTS.items() if name != DRAWN
            },
            "methods": NAMES,
            "planes": {"inputs": "the inputs", "features": "the features"},
        }
        super().__init__(choices=choices, begins=list(BEGINS))
        self.knobs = BesideKnobs()
        self._begin()

    def first_answers(self) -> dict[str, Any]:
        frame = self._look()  # the page colours it itself
        return {"light": frame, "dark": frame}

    def words(self) -> list[str]:
        return ["Methods beside each other, on the same moons", self._look()["sentence"]]

    def panels(self) -> list[Figure]:
        frame = self._look()
        found = (frame["labels"], frame["sources"])
        return [
            moons.plane(one["points"], *found, one["grids"][0], one["reach"], NAMES[run.method])
            for run, one in zip(self.runs, frame["runs"], strict=True)
        ]

    def _look(self) -> BesideFrame:
        return self.frame({"type": "look", "client": "", "wish": 0, "dark": False})

    def _begin(self) -> None:
        self.step = 0
        self.runs = [_Run(method, self.knobs) for method in self.knobs.methods]

    def hear(self, message: BesideQuestion) -> None:
        with one_thread():  # of so few numbers, two threads would only wait for each other
            try:
                self._obey(message)
            finally:
                self.send(self.frame(message))

    def _obey(self, message: BesideQuestion) -> None:
        kind = message["type"]
        if kind == "set":
            self._set(replace(self.knobs, **message["knobs"]))
        elif kind in ("reset", "seed"):
            if kind == "seed":
                self.knobs = replace(self.knobs, seed=random.randrange(1, 10_000))
            self._begin()
        elif kind == "step":
            steps = min(int(message["steps"]), MOST_STEPS, self.steps - self.step)
            self.step += steps
            for run in self.runs:
                run.go_on(steps)

    def _set(self, knobs: BesideKnobs) -> None:
        former = self.knobs
        self.knobs = replace(knobs, methods=tuple(knobs.methods))
        if knobs.shift != former.shift:
            self.knobs = replace(self.knobs, amount=SHIFTS[knobs.shift].usual)
            self._begin()
        elif knobs.amount != former.amount:
            for run in self.runs:
                run.place(self.knobs)
        for k, method in enumerate(self.knobs.methods):
            if method != self.runs[k].method:  # the others stay where they are, and wait
                self.runs[k] = _Run(method, self.knobs)
                self.runs[k].go_on(self.step)

    @property
    def steps(self) -> int:
        """Of a whole run."""
        return int(self.runs[0].trainer.recipe.steps)

    def frame(self, message: BesideQuestion) -> BesideFrame:
        """How things stand, as the page draws it; ``message``: the question."""
        knobs, pair = self.knobs, self.runs[0].trainer.pair
        source, target = pair.source.train, pair.target.train
        shown = [run.packed(knobs.plane) for run in self.runs]
        told = "; ".join(
            f"{NAMES[run.method]} {run.stopped or percent(one['target'])}"
            for run, one in zip(self.runs, shown, strict=True)
        )
        return {
            "type": "beside",
            "client": message["client"],
            "wish": message["wish"],
            "knobs": {
                "shift": knobs.shift,
                "amount": knobs.amount,
                "seed": knobs.seed,
                "methods": list(knobs.methods),
                "plane": knobs.plane,
            },
            "step": self.step,
            "steps": self.steps,
            "sources": len(source),
            "labels": torch.cat([source.labels, target.labels]).tolist(),
            "runs": shown,
            "sentence": f"Step {self.step:,}. Right on the target: {told}.",
        }


class _Run:
    """One method's training, until it ends or overflows."""

    def __init__(self, method: str, knobs: BesideKnobs):
        self.method, self.stopped = method, ""
        changes: dict[str, Any] = {"mode": SOURCE}
        if method != SOURCE:
            changes = {"method": method, "lambda_": usual_lambda(method, MOONS_LAMBDA)}
        self.trainer: MoonsTrainer = moons_trainer(seed=knobs.seed, **changes)
        self.place(knobs)

    def place(self, knobs: BesideKnobs) -> None:
        self.trainer.face(shifted_pair(knobs.shift, knobs.amount, knobs.seed))
        self._found = self.trainer.evaluate()

    def go_on(self, steps: int) -> None:
        if self.stopped:
            return
        try:
            for _ in range(steps):
                next(self.trainer)
        except TrainingDiverged as error:
            self.stopped = f"overflowed at step {error.step:,}"
        done = self.stopped or self.trainer.step == self.trainer.recipe.steps
        if done or self.trainer.step % EVALUATE_EVERY < steps:
            self._found = self.trainer.evaluate()

    def packed(self, plane: str) -> PackedRun:
        trainer, model = self.trainer, self.trainer.model
        split = [domain.train.images for domain in (trainer.pair.source, trainer.pair.target)]
        points = torch.cat(split)
        reach = [-PLANE, PLANE, -PLANE, PLANE]
        with evaluating(model):
            if plane == "features":
                points = model.feature_extractor(points)
                reach = reach_of(points)
            cells = grid_of(reach)
            seen = cells if plane == "features" else model.feature_extractor(cells)
            grids = levels_of(model, seen, trainer.has_classifier)
        return {
            "points": packed_points(points),
            "grids": grids,
            "reach": reach,
            "source": self._found.source_accuracy,
            "target": self._found.target_accuracy,
            "stopped": self.stopped,
        }
