"""The playground: moons in the plane, two numbers as features, and each point's gradients.

It pulls, as the dashboard does, but the page also sets the pace of the training: each message asks
for a number of steps, the answer shows what they did. A step takes 2 ms, so nothing runs beside it.
"""

from __future__ import annotations

import math
import random
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
import traitlets
from torch import Tensor

from dann_core.devices import one_thread
from dann_core.domains import DomainPair
from dann_core.errors import DannError
from dann_core.evaluation import evaluating
from dann_core.model import DANN, usual_defaults
from dann_core.moons import FORMS, POINTS, ROTATION, Form, MoonsTrainer, Pushes, moons_trainer
from dann_core.plain_numbers import make_plain
from dann_core.schedules import paper_lambda
from dann_core.training import Part
from dann_lab.figures import bound as bound_bars
from dann_lab.figures import curves, sentences
from dann_lab.figures import moons as moons_figures
from dann_lab.figures.encoding import as_text
from dann_lab.figures.theme import DARK, LIGHT, Figure, Theme
from dann_lab.lessons.bound import bound
from dann_lab.lessons.protocol import (
    PackedFrame,
    PlaygroundChoices,
    PlaygroundQuestion,
    ShownAmount,
    ShownShift,
)
from dann_lab.lessons.shifts import (
    DRAWN,
    SHIFTS,
    Drawn,
    Shift,
    TooFewPoints,
    check_drawn,
    drawn_from,
    drawn_pair,
    shifted_pair,
)
from dann_lab.lessons.yours import Step, YoursFailed, your_moons
from dann_lab.live.settings import LAMBDA_RANGE, Ranges, usual_lambda
from dann_lab.live.words import METHODS, PARTS
from dann_lab.widgets.base import PlotWidget
from dann_lab.widgets.document import STATIC, style

GRID = 48
"""The number of cells of a background, each way."""
PLANE = 2.2
"""The end of the inputs that are shown: they go from -2.2 to 2.2 both ways."""
MOST_STEPS = 20
"""The number of steps in one answer, at most: the page stays alive."""
EVALUATE_EVERY = 10
START = 60
"""The number of steps without reversal before slow motion."""
UNDO_DEPTH = 10
QUARTER = 90.0
FORM_NAMES = {
    "reverse": "reverse the gradient",
    "subtract": "subtract the loss",
    "scale": "scale the loss by lambda",
}
assert set(FORM_NAMES) == set(FORMS)
MOONS_LAMBDA: Ranges = LAMBDA_RANGE | {"coral": (0.0, 14.0), "mmd": (0.0, 60.0)}
"""As on the live page, but distances of two features are of another size than those of 2,352."""


PENS = {"source-0": (0, 0), "source-1": (0, 1), "target-0": (1, 0), "target-1": (1, 1)}
"""The domain and the label of what each pen draws. "rubber" takes away."""
RUBBER = 0.15
"""How near to the rubber a drawn point goes."""
MOST_DRAWN = POINTS
"""The points of each domain that can be drawn: beyond them the oldest goes."""
REPEATED = f"(What you drew, for training and test alike, repeated until there are {POINTS}.)"
MEND = "Mend it, then run its cell and this one again."


def _choices(shifts: bool) -> PlaygroundChoices:
    names = list(SHIFTS) if shifts else ["turned"]
    return {
        "shifts": {name: shown_shift(SHIFTS[name], shifts) for name in names},
        "plots": ["bound"] * shifts + ["losses", "accuracies"],
        "method": METHODS,
        "part": PARTS,
        "form": FORM_NAMES,
        "lambda": {method: list(ends) for method, ends in MOONS_LAMBDA.items()},
        "tables": {
            method: {form: [] if shifts else sentences.who_descends(form, method) for form in FORMS}
            for method in MOONS_LAMBDA
        },
        "plane": PLANE,
    }


def shown_shift(shift: Shift, all_of_it: bool) -> ShownShift:
    """Without the menu of shifts the target is turned by a quarter at most, and nothing is said of
    kinds."""
    amount = None
    if shift.amount is not None:
        amount = ShownAmount(
            low=shift.amount.low,
            high=shift.amount.high if all_of_it else QUARTER,
            step=shift.amount.step,
            label=shift.amount.label,
            unit=shift.amount.unit,
        )
    return {"text": shift.text, "about": shift.about if all_of_it else "", "amount": amount}


def _your_choices() -> PlaygroundChoices:
    """Where the code is the learner's, how the losses are put together is no choice; and what each
    part does with them nobody knows beforehand."""
    return _choices(shifts=False) | {
        "method": {"dann": METHODS["dann"]},
        "form": {"reverse": "as you have written it"},
        "tables": {"dann": {"reverse": []}},
    }


@dataclass(frozen=True)
class Knobs:
    """What a person can set. ``shift``, ``amount``: see :mod:`dann_lab.lessons.shifts`, and the
    points that were ``drawn``. ``lambda_``: None follows the paper's schedule. ``part`` and
    ``form`` are about a domain classifier: the page offers them where there is one."""

    shift: str = "turned"
    amount: float = ROTATION
    drawn: tuple[Drawn, ...] = ()
    seed: int = 0
    method: str = "dann"
    lambda_: float | None = None
    part: Part = "both"
    form: Form = "reverse"

    def __post_init__(self) -> None:
        make_plain(self)

    def with_method(self, method: str) -> Knobs:
        """The same points with another method, and the lambda that suits it."""
        lambda_ = usual_lambda(method, MOONS_LAMBDA)
        return replace(Knobs(method=method, lambda_=lambda_), **self.target)

    @property
    def target(self) -> dict[str, Any]:
        """What says where the points lie."""
        names = ("shift", "amount", "drawn", "seed")
        return {name: getattr(self, name) for name in names}

    def pair(self) -> DomainPair:
        """The points. Raises :class:`TooFewPoints` where too few are drawn."""
        if self.shift == DRAWN:
            return drawn_pair(self.drawn)
        return shifted_pair(self.shift, self.amount, self.seed)


class Playground(PlotWidget):
    """Any number of views show the same training.

    ``reversal``: a layer of the learner's own, a ``torch.autograd.Function`` or a function of
    features and lambda; ``step``: a step of the learner's own, see :mod:`dann_lab.lessons.yours`.
    What they make wrong is what one sees; what they raise stands beside the pictures. Raises
    :class:`dann_lab.lessons.yours.YoursFailed` for a layer that cannot be called. ``shifts``:
    whether there is a menu of shifts, with the bound on the target's error.
    """

    _esm = STATIC / "playground.js"
    _css = PlotWidget._css + style("playground.css")

    asks_python = traitlets.Bool(True).tag(sync=True)
    plays_alone = traitlets.Bool(False).tag(sync=True)
    """Whether ``js/engine`` can answer in Python's place, on a page that has none."""
    choices = traitlets.Dict().tag(sync=True)

    def __init__(
        self, reversal: Any = None, step: Step | None = None, *, shifts: bool = False
    ) -> None:
        given = reversal is not None or step is not None
        self._yours = {"reversal": reversal, "step": step} if given else None
        super().__init__(
            choices=_your_choices() if given else _choices(bool(shifts)),
            plays_alone=not given and not shifts,
        )
        self.knobs = Knobs()
        self.problem = ""
        self._undo: list[tuple[Knobs, MoonsTrainer, bool]] = []
        self._begin()

    def _begin(self) -> None:
        knobs = self.knobs
        self.trainer: MoonsTrainer
        if self._yours is None:
            self.trainer = moons_trainer(seed=knobs.seed, method=knobs.method)
        else:
            self.trainer = your_moons(ROTATION, knobs.seed, **self._yours)
        self._place()
        self._take_knobs()

    def _place(self) -> None:
        """The points to where the knobs say; the network stays as it is."""
        with suppress(TooFewPoints):  # which frame() says
            self.trainer.face(self.knobs.pair())
        evaluations = self.trainer.history.evaluations
        if evaluations and evaluations[-1].step == self.trainer.step:
            evaluations.pop()  # of the points as they were
        self.trainer.evaluate()

    def _take_knobs(self) -> None:
        knobs, trainer = self.knobs, self.trainer
        trainer.part, trainer.form = knobs.part, knobs.form
        trainer.lambda_source = lambda step, progress: self._lambda(progress)

    def _lambda(self, progress: float) -> float:
        return paper_lambda(progress) if self.knobs.lambda_ is None else self.knobs.lambda_

    def hear(self, message: PlaygroundQuestion) -> None:
        self.problem = ""
        with one_thread():  # of so few numbers, two threads would only wait for each other
            try:
                self._obey(message)
            except YoursFailed as error:
                self.problem = f"{error} {MEND}"
            except DannError as error:
                self.problem = f"{error} {sentences.START_AGAIN}"
            finally:
                self.send(self.frame(message))

    def _obey(self, message: PlaygroundQuestion) -> None:
        kind = message["type"]
        if kind == "set":
            self._set(replace(self.knobs, **message["knobs"]))
        elif kind == "draw":
            self._draw(message)
        elif kind in ("reset", "seed"):
            self._remember()
            if kind == "seed":
                self.knobs = replace(self.knobs, seed=random.randrange(1, 10_000))
            self._begin()
        elif kind == "undo" and self._undo:
            former, self.trainer, knobs_too = self._undo.pop()
            if not knobs_too and former.method == self.knobs.method:
                former = replace(self.knobs, **former.target)
            self.knobs = former
            if former.shift == DRAWN:  # the last stroke may have been one of this very run
                self._place()
            self._take_knobs()
        elif kind == "slow":
            self._prepare_slow_motion()
        elif kind == "step":
            self._steps(min(int(message["steps"]), MOST_STEPS))

    def _set(self, knobs: Knobs) -> None:
        former = self.knobs
        if knobs.method != former.method:
            self._remember()
            self.knobs = former.with_method(knobs.method)
            self._begin()
        elif knobs.shift != former.shift:
            self._remember(knobs_too=True)
            drawn = drawn_from(self.trainer.pair) if knobs.shift == DRAWN else ()
            self.knobs = replace(knobs, amount=SHIFTS[knobs.shift].usual, drawn=drawn)
            self._begin()
        else:
            self.knobs = knobs
            if knobs.amount != former.amount:
                self._place()
            self._take_knobs()

    def _draw(self, message: PlaygroundQuestion) -> None:
        """A point more, or those under the rubber less; without a place, none at all."""
        if self.knobs.shift != DRAWN:
            return
        if message["begins"]:
            self._remember(knobs_too=True)
        self.knobs = replace(self.knobs, drawn=_drawn(self.knobs.drawn, message))
        self._place()

    def _prepare_slow_motion(self) -> None:
        """In a run that is about to begin there is nothing to see of the reversal: lambda is 0 at
        first, and the domain classifier knows nothing yet."""
        if self.trainer.step or not self.trainer.has_classifier:
            return
        self._remember(knobs_too=True)
        self.knobs = replace(self.knobs, lambda_=self.knobs.lambda_ or 1.0)
        self._begin()
        self.trainer.lambda_source = lambda step, progress: 0.0
        self._steps(START)
        self._take_knobs()

    def _remember(self, knobs_too: bool = False) -> None:
        """``knobs_too``: whether undo brings back what was set as well, and not the run alone."""
        self._undo = [*self._undo[-UNDO_DEPTH + 1 :], (self.knobs, self.trainer, knobs_too)]

    def _steps(self, wanted: int) -> None:
        trainer = self.trainer
        if self.knobs.shift == DRAWN:
            check_drawn(self.knobs.drawn)
        for _ in range(min(wanted, trainer.recipe.steps - trainer.step)):
            record = next(trainer)
            if record.step % EVALUATE_EVERY == 0:
                trainer.evaluate()

    def frame(self, message: PlaygroundQuestion) -> PackedFrame:
        """How things stand, as the page draws it; ``message``: the question."""
        trainer, knobs, history = self.trainer, self.knobs, self.trainer.history
        lambda_ = self._lambda(trainer.step / trainer.recipe.steps)
        inputs, labels, sources = self._points()
        pushes = self._pushes(lambda_, inputs, sources)
        reach = reach_of(pushes.features)
        last = history.evaluations[-1]
        answer: PackedFrame = {
            "type": "frame",
            "client": message["client"],
            "wish": message["wish"],
            "knobs": {
                "shift": knobs.shift,
                "amount": knobs.amount,
                "seed": knobs.seed,
                "method": knobs.method,
                "lambda_": knobs.lambda_,
                "part": knobs.part,
                "form": knobs.form,
            },
            "has_classifier": trainer.has_classifier,
            "step": trainer.step,
            "steps": trainer.recipe.steps,
            "lambda": lambda_,
            "losses": [_number(getattr(history[-1], f"{of}_loss")) for of in ("label", "domain")]
            if len(history)
            else None,
            "target": last.target_accuracy,
            "undo": bool(self._undo),
            "problem": self.problem,
            "sentence": sentences.about_moons(history, trainer.recipe, pushes, lambda_),
            "sources": sources,
            "labels": labels.tolist(),
            "inputs": packed_points(inputs),
            "features": packed_points(pushes.features),
            "pushes": {
                "label": packed_points(pushes.label),
                "domain": packed_points(pushes.domain),
                "reversed": packed_points(pushes.reversed_),
            },
            "reach": reach,
            "grids": self._grids(reach),
        }
        if message["figures"]:
            drawn = self._plots(DARK if message["dark"] else LIGHT)
            answer["figures"] = {name: figure for name, (figure, _) in drawn.items()}
            answer["captions"] = {name: caption for name, (_, caption) in drawn.items()}
        return answer

    def first_answers(self) -> dict[str, Any]:
        return {"light": self._look(), "dark": self._look(dark=True)}

    def words(self) -> list[str]:
        name = sentences.NAMES_OF_METHODS[self.knobs.method]
        return [f"The playground: {name} on two moons", self._look(figures=False)["sentence"]]

    def panels(self) -> list[Figure]:
        frame = self._look()
        planes = {"inputs": [-PLANE, PLANE, -PLANE, PLANE], "features": frame["reach"]}
        found = (frame["labels"], frame["sources"])
        points = {"inputs": frame["inputs"], "features": frame["features"]}
        drawn = {"bound", "losses", "accuracies"} if frame["step"] else {"bound"}
        return [
            *(
                moons_figures.plane(
                    points[name], *found, frame["grids"][name][0], reach, f"the {name}"
                )
                for name, reach in planes.items()
            ),
            *(frame["figures"][name] for name in self.choices["plots"] if name in drawn),
        ]

    def _look(self, dark: bool = False, figures: bool = True) -> PackedFrame:
        return self.frame(
            {"type": "look", "client": "", "wish": 0, "figures": figures, "dark": dark}
        )

    def _plots(self, theme: Theme) -> dict[str, tuple[Figure, str]]:
        """Each of the plots that there are, with the sentence beside it."""
        trainer, history = self.trainer, self.trainer.history
        plots = {
            "losses": (
                curves.losses(history, theme),
                sentences.about_losses(history, trainer.recipe, "Play"),
            ),
            "accuracies": (
                curves.accuracies(history, theme, classes=2),
                sentences.about_accuracies(history, trainer.recipe, "points"),
            ),
        }
        if self.knobs.shift == DRAWN:
            figure, said = plots["accuracies"]
            plots["accuracies"] = figure, f"{said} {REPEATED}"
        if "bound" in self.choices["plots"]:
            found = bound(trainer.model, trainer.pair)
            parts = found.source, found.distance, found.joint, found.target
            plots["bound"] = (bound_bars.bars(*parts, theme), bound_bars.about(*parts))
        return plots

    def _points(self) -> tuple[Tensor, Tensor, int]:
        """Where the shown points lie, their labels, and how many of them are the source's."""
        if self.knobs.shift == DRAWN:
            drawn = sorted(self.knobs.drawn, key=lambda point: point.domain)
            places = torch.tensor([[point.x, point.y] for point in drawn], dtype=torch.float32)
            labels = torch.tensor([point.label for point in drawn], dtype=torch.int64)
            return places.reshape(-1, 2), labels, sum(point.domain == 0 for point in drawn)
        source, target = self.trainer.pair.source.train, self.trainer.pair.target.train
        places = torch.cat([source.images, target.images])
        return places, torch.cat([source.labels, target.labels]), len(source)

    def _pushes(self, lambda_: float, inputs: Tensor, sources: int) -> Pushes:
        try:
            if self.knobs.shift == DRAWN:
                return self._pushes_of_drawn(lambda_, len(inputs), sources)
            return self.trainer.pushes(lambda_)
        except TooFewPoints as error:
            self.problem = str(error)
        except YoursFailed as error:
            self.problem = f"{error} {MEND}"
        with torch.no_grad():
            features = self.trainer.model.feature_extractor(inputs)
        still = torch.zeros_like(features)
        return Pushes(features, still, still, still)

    def _pushes_of_drawn(self, lambda_: float, points: int, sources: int) -> Pushes:
        """Of each drawn point once, though the training sees it more often."""
        check_drawn(self.knobs.drawn)
        found = self.trainer.pushes(lambda_)
        once = torch.cat([torch.arange(sources), POINTS + torch.arange(points - sources)])
        parts = (found.features, found.label, found.domain, found.reversed_)
        return Pushes(*(part[once] for part in parts))

    def _grids(self, reach: list[float]) -> dict[str, list[str]]:
        """Probability of class 1 and of the target ("" without a domain classifier), 0-255 a cell,
        row by row from the top left; over the input plane, and over the feature plane."""
        model = self.trainer.model
        with evaluating(model):
            seen = model.feature_extractor(grid_of([-PLANE, PLANE, -PLANE, PLANE]))
            judged = self.trainer.has_classifier
            places = {"inputs": seen, "features": grid_of(reach)}
            return {name: levels_of(model, at, judged) for name, at in places.items()}


def levels_of(model: DANN, features: Tensor, judged: bool) -> list[str]:
    """Of ``features`` [N, 2], the probability of class 1 and of the target ("" where no domain
    classifier is there to be ``judged``), 0-255 each, in base64."""
    labels = model.label_predictor(features)
    if not judged:
        return [_levels(labels), ""]
    return [_levels(labels), _levels(model.domain_logits(features, labels))]


@usual_defaults()
def grid_of(reach: list[float]) -> Tensor:
    """The middles of a background's cells, float32 [2304, 2], row by row from the top left."""
    left, right, low, high = reach
    x, y = torch.linspace(left, right, GRID), torch.linspace(high, low, GRID)
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    return torch.stack([columns.flatten(), rows.flatten()], dim=1)


def reach_of(features: Tensor) -> list[float]:
    """Left, right, low and high end of a square that holds all features with a margin."""
    if not len(features):
        return [-1.0, 1.0, -1.0, 1.0]
    low, high = features.amin(dim=0), features.amax(dim=0)
    half = max(float((high - low).max()) * 0.65, 0.3)
    x, y = ((low + high) / 2).tolist()
    return [x - half, x + half, y - half, y + half]


def _levels(logits: Tensor) -> str:
    return as_text((logits.softmax(dim=1)[:, 1] * 255).round().to(torch.uint8).numpy().tobytes())


def packed_points(points: Tensor) -> str:
    """float32 [N, 2] in base64, as pages take them."""
    return as_text(np.ascontiguousarray(points.detach().numpy(), dtype="<f4").tobytes())


def _drawn(points: tuple[Drawn, ...], message: PlaygroundQuestion) -> tuple[Drawn, ...]:
    at, pen = message["at"], message["pen"]
    if at is None:
        return ()
    x, y = (max(-PLANE, min(PLANE, float(value))) for value in at)
    if pen == "rubber":
        return tuple(p for p in points if math.hypot(p.x - x, p.y - y) > RUBBER)
    new = Drawn(x, y, *PENS[pen])
    of_its_domain = [point for point in points if point.domain == new.domain]
    if len(of_its_domain) >= MOST_DRAWN:
        points = tuple(point for point in points if point is not of_its_domain[0])
    return (*points, new)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
