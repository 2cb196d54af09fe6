"""The engine that trains the moons in a browser (js/engine) computes what PyTorch computes here:
from the same weights and points the same losses, gradients at the features and weights.

Both in double precision, for in float32 rounding would hide small mistakes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest
import torch
from node import answer_of, needs_node
from torch import Tensor, nn

from dann_core.domains import Domain
from dann_core.moons import FORMS, Form, MoonsTrainer, moons_trainer
from dann_core.schedules import constant, follow_paper
from dann_core.training import Part
from dann_lab.lessons.playground import MOONS_LAMBDA
from dann_lab.live.settings import usual_lambda
from dann_lab.live.words import PARTS

pytestmark = needs_node
LOOKS = [0, 1, 10, 50, 100, 200]
"""After which steps weights and gradients are compared; losses are after every one."""
CLOSE = 1e-6
"""How near they are, of numbers above 1 in relation to them."""
RECORD = {
    "step": "step",
    "lambda_": "lambda",
    "learning_rate": "learningRate",
    "label_loss": "labelLoss",
    "domain_loss": "domainLoss",
    "label_accuracy": "labelAccuracy",
    "domain_accuracy": "domainAccuracy",
    "label_gradient": "labelGradient",
    "domain_gradient_before": "domainGradientBefore",
    "domain_gradient_after": "domainGradientAfter",
}
"""What a step's record has here and there; the total loss is the sum of two of them."""
PUSHES = {"features": "features", "label": "label", "domain": "domain", "reversed_": "reversed"}


@dataclass(frozen=True)
class Knobs:
    """What a person sets, from ``step`` on."""

    lambda_: float | None
    form: Form = "reverse"
    part: Part = "both"
    step: int = 0

    def turn(self, trainer: MoonsTrainer) -> None:
        trainer.form, trainer.part = self.form, self.part
        trainer.lambda_source = follow_paper if self.lambda_ is None else constant(self.lambda_)

    def to_dict(self) -> dict[str, Any]:
        return {"lambda": self.lambda_, "form": self.form, "part": self.part, "step": self.step}


def runs_of(method: str) -> list[list[Knobs]]:
    """All that the page offers, and a run in which somebody turns the knobs on the way."""
    by_hand = usual_lambda(method, MOONS_LAMBDA) or 1.0
    if method in ("coral", "mmd"):
        return [[Knobs(lambda_)] for lambda_ in (None, by_hand)]
    parts: list[Part] = ["both", "domain", "features"]
    assert parts == [*PARTS]
    turned = [
        Knobs(None),
        Knobs(0.5, "scale", "domain", step=30),
        Knobs(0.5, "reverse", "features", step=60),
        Knobs(1.0, step=110),
    ]
    return [
        *([Knobs(None, form, part)] for form, part in product(FORMS, parts)),
        *([Knobs(by_hand, form)] for form in FORMS),
        turned,
    ]


def trainer_of(method: str) -> MoonsTrainer:
    """In double precision, with the very weights and points that it has in single."""
    trainer = moons_trainer(method=method)
    trainer.model.double()
    pair = trainer.pair
    trainer.face(replace(pair, source=_double(pair.source), target=_double(pair.target)))
    return trainer


def _double(domain: Domain) -> Domain:
    splits = (domain.train, domain.validation, domain.test)
    return Domain(domain.name, *(replace(split, images=split.images.double()) for split in splits))


def trained_there(method: str, runs: list[list[Knobs]]) -> list[dict[str, Any]]:
    trainer = trainer_of(method)
    domains = (trainer.pair.source.train, trainer.pair.target.train)
    cases = {
        "method": method,
        "weights": weights_of(trainer),
        "domains": [
            {"points": split.images.flatten().tolist(), "labels": split.labels.tolist()}
            for split in domains
        ],
        "runs": [[knobs.to_dict() for knobs in run] for run in runs],
        "looks": LOOKS,
    }
    answers: list[dict[str, Any]] = answer_of("train", "tests/engine/train.js", cases)
    return answers


def weights_of(trainer: MoonsTrainer) -> dict[str, list[dict[str, list[float]]]]:
    model = trainer.model
    parts = {
        "featureExtractor": model.feature_extractor,
        "labelPredictor": model.label_predictor,
        "domainClassifier": model.domain_classifier,
    }
    return {
        name: [
            {"weight": layer.weight.flatten().tolist(), "bias": layer.bias.tolist()}
            for layer in part.modules()
            if isinstance(layer, nn.Linear)
        ]
        for name, part in parts.items()
    }


def compare(trainer: MoonsTrainer, there: dict[str, Any], where: str) -> None:
    """The weights as they are, and what the next step would do to the features."""
    for (name, weight), found in zip(
        trainer.model.named_parameters(), there["weights"], strict=True
    ):
        check_close(weight.detach(), found, f"{name} {where}")
    lambda_ = trainer.lambda_source(trainer.step + 1, trainer.step / trainer.recipe.steps)
    pushes = trainer.pushes(lambda_)
    for here, theirs in PUSHES.items():
        check_close(getattr(pushes, here), there["pushes"][theirs], f"{here} {where}")


def check_close(here: Tensor, there: list[float], what: str) -> None:
    found = torch.tensor(there, dtype=torch.float64).view(here.shape)
    assert here.dtype == found.dtype
    apart = float(((found - here).abs() / here.abs().clamp_min(1)).max())
    assert apart <= CLOSE, f"{what}: {apart:.1e} apart"


@pytest.mark.parametrize("method", MOONS_LAMBDA)
def test_it_computes_what_pytorch_computes(method: str) -> None:
    runs = runs_of(method)
    for run, there in zip(runs, trained_there(method, runs), strict=True):
        trainer, looks = trainer_of(method), iter(there["looks"])
        turns = {knobs.step: knobs for knobs in run}
        for step in range(LOOKS[-1] + 1):
            where = f"after step {step} of {run}"
            if step:
                record, other = next(trainer), there["records"][step - 1]
                for name, theirs in RECORD.items():
                    here = getattr(record, name)
                    found = float("nan") if other[theirs] is None else other[theirs]
                    close = pytest.approx(here, rel=CLOSE, abs=CLOSE, nan_ok=True)
                    assert found == close, f"{name} {where}"
            if step in turns:
                turns[step].turn(trainer)
            if step in LOOKS:
                compare(trainer, next(looks), where)
