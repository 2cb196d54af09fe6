"""What too strong a lambda does to the tutorial's network, on the pair over photos (lesson 03). It
writes dann_lab/lessons/too_strong.json, which the lesson's text is filled in from.

python benchmarks/too_strong.py       # some minutes
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from results import summary

from dann_core.datasets import load_pair
from dann_core.domains import DomainPair
from dann_core.errors import TrainingDiverged
from dann_core.evaluation import evaluating
from dann_core.files import written_whole
from dann_core.recipe import preset
from dann_core.training import Trainer

DATA = Path(__file__).parent.parent / "dann_lab" / "lessons" / "too_strong.json"
SEEDS = range(5)
STEPS = 120
LAMBDA = 2.0
IMAGES = 200
"""The number of test images of each domain."""
LEARNING = 1.5
"""A label loss below it is not guessing any more, which costs ln 10 = 2.30."""


def spread_and_hidden_units(trainer: Trainer, pair: DomainPair) -> tuple[float, float, float]:
    """The features' mean standard deviation over images, and which share of the first hidden units
    of the label predictor and of the domain classifier is on, over images and units."""
    tests = [domain.test.first(IMAGES).images for domain in (pair.source, pair.target)]
    with evaluating(trainer.model):
        features = trainer.model.feature_extractor(pair.prepare(torch.cat(tests)))
        heads = (trainer.model.label_predictor, trainer.model.domain_classifier)
        on = [float((next(iter(head))(features) > 0).float().mean()) for head in heads]  # type: ignore[call-overload]
    return float(features.std(dim=0).mean()), on[0], on[1]


def held(pair: DomainPair, seed: int) -> dict[str, float]:
    """Lambda 2 from the first step to the last. "growth": of the features' spread. Where numbers
    overflow on the way, "overflow" alone: the step."""
    recipe = preset("seed", steps=STEPS, lambda_=LAMBDA, seed=seed)
    trainer = Trainer(pair, recipe, device="cpu")
    before, _, _ = spread_and_hidden_units(trainer, pair)
    try:
        for _ in trainer:
            pass
    except TrainingDiverged as error:
        return {"overflow": error.step}
    after, label, domain = spread_and_hidden_units(trainer, pair)
    last = trainer.history[-1]
    return {
        "label_loss": last.label_loss,
        "domain_loss": last.domain_loss,
        "growth": after / before,
        "label_on": label,
        "domain_on": domain,
    }


def lowered(pair: DomainPair, seed: int) -> dict[str, float]:
    """Lambda 2 until the middle of the run, 0 from there on; or the step of an "overflow"."""
    trainer = Trainer(pair, preset("seed", steps=STEPS, seed=seed), device="cpu")
    trainer.lambda_source = lambda step, progress: LAMBDA if step <= STEPS // 2 else 0.0
    try:
        for _ in trainer:
            pass
    except TrainingDiverged as error:
        return {"overflow": error.step}
    middle, last = trainer.history[STEPS // 2 - 1], trainer.history[-1]
    return {"label_loss_middle": middle.label_loss, "label_loss_end": last.label_loss}


def over_seeds(rows: list[dict[str, float]]) -> dict[str, Any]:
    """How many of the runs overflowed, when, and what the others gave."""
    steps = [row["overflow"] for row in rows if "overflow" in row]
    others = [row for row in rows if "overflow" not in row]
    found: dict[str, Any] = {"overflowed": len(steps), "overflow_steps": steps}
    if len(others) > 1:
        found |= {name: summary([row[name] for row in others]) for name in others[0]}
    return found


def main() -> None:
    torch.set_num_threads(1)
    written: dict[str, Any] = {"torch": torch.__version__, "seeds": len(SEEDS)}
    for name in ("stripes", "digits"):
        pair = load_pair(name)
        rows = [lowered(pair, seed) for seed in SEEDS]
        recovered = sum(row.get("label_loss_end", LEARNING) < LEARNING for row in rows)
        written[name] = {
            "build": pair.build["id"],
            "held": over_seeds([held(pair, seed) for seed in SEEDS]),
            "lowered": over_seeds(rows) | {"recovered": recovered},
        }
    with written_whole(DATA) as temporary:
        temporary.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8", newline="\n")
    print(json.dumps(written, indent=1))


if __name__ == "__main__":
    main()
