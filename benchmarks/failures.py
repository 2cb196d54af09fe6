"""What is said in lesson 06 of ways in which DANN fails, over seeds. It writes
dann_lab/lessons/failures.json, which the lesson's texts are filled in from.

    python benchmarks/failures.py       # a quarter of an hour; one thread
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import torch
from results import summary
from sklearn.svm import SVC
from torch import Tensor

from dann_core.domains import DomainPair
from dann_core.errors import TrainingDiverged
from dann_core.evaluation import predict
from dann_core.files import written_whole
from dann_core.moons import MOONS_RECIPE, POINTS, MoonsTrainer
from dann_lab.lessons.bound import bound
from dann_lab.lessons.playground import MOONS_LAMBDA
from dann_lab.lessons.shifts import SHIFTS, shifted_pair
from dann_lab.live.settings import usual_lambda

DATA = Path(__file__).parent.parent / "dann_lab" / "lessons" / "failures.json"
SEEDS = range(10)
CASES: dict[str, tuple[str, float | None]] = {
    "turned 35": ("turned", 35),
    "turned 60": ("turned", 60),
    "turned 70": ("turned", 70),
    "turned 180": ("turned", 180),
    "moved .5": ("moved", 0.5),
    "moved 1": ("moved", 1.0),
    "shares 30": ("shares", 30),
    "shares 10": ("shares", 10),
    "missing": ("missing", None),
    "swapped": ("swapped", None),
    "counterexample": ("counterexample", None),
}
METHODS = ("cdan", "coral", "mmd")
"""Beside DANN and source-only, each with the lambda that the playground begins with."""


def trained(pair: DomainPair, seed: int, **changes: Any) -> MoonsTrainer:
    recipe = replace(MOONS_RECIPE, seed=seed, **changes)
    if recipe.mode == "source":
        recipe = replace(recipe, batch_size=POINTS)
    trainer = MoonsTrainer(pair, recipe, device="cpu")
    with suppress(TrainingDiverged):  # the weights of the step before are kept, and judged
        for _ in trainer:
            pass
    return trainer


def said(trainer: MoonsTrainer, pair: DomainPair) -> Tensor:
    """The labels that a network gives the test points of a target."""
    return predict(trainer.model, pair, pair.target.test.images).labels


def one_rule(pair: DomainPair) -> float:
    """The accuracy on both domains of one flexible rule that learns from the labels of both."""
    parts = [(domain.train, domain.test) for domain in (pair.source, pair.target)]
    train, test = (
        (
            torch.cat([part[k].images for part in parts]).numpy(),
            torch.cat([part[k].labels for part in parts]).numpy(),
        )
        for k in (0, 1)
    )
    return float(SVC(C=10, gamma=4).fit(*train).score(*test))


def measured(pairs: list[DomainPair], trainers: list[MoonsTrainer]) -> dict[str, Any]:
    """After the last step, on test points."""
    columns: dict[str, list[float]] = {}
    for pair, trainer in zip(pairs, trainers, strict=True):
        found, now = trainer.evaluate(), bound(trainer.model, pair)
        row = {
            "source": found.source_accuracy,
            "target": found.target_accuracy,
            "domain": found.domain_accuracy,
            "distance": now.distance,
            "joint": now.joint,
            "bound": now.whole,
            "lower": float(said(trainer, pair).float().mean()),
        }
        for name, value in row.items():
            if value == value:
                columns.setdefault(name, []).append(value)
    # Every seed's network about one and the same target.
    answers = [said(trainer, pairs[0]) for trainer in trainers]
    agreeing = [float((a == b).float().mean()) for a, b in combinations(answers, 2)]
    return {name: summary(values) for name, values in columns.items()} | {
        "agreement": summary(agreeing),
        "overflowed": sum(trainer.step < trainer.recipe.steps for trainer in trainers),
    }


def main() -> None:
    torch.set_num_threads(1)
    written: dict[str, Any] = {"seeds": len(SEEDS), "torch": torch.__version__}
    for name, (shift, amount) in CASES.items():
        pairs = [shifted_pair(shift, amount, seed) for seed in SEEDS]
        kinds: dict[str, dict[str, Any]] = {"source only": {"mode": "source"}, "dann": {}}
        kinds |= {
            method: {"method": method, "lambda_": usual_lambda(method, MOONS_LAMBDA)}
            for method in METHODS
        }
        row: dict[str, Any] = {"text": SHIFTS[shift].text}
        row["one rule"] = summary([one_rule(pair) for pair in pairs])
        for kind, changes in kinds.items():
            runs = [trained(pair, seed, **changes) for pair, seed in zip(pairs, SEEDS, strict=True)]
            row[kind] = measured(pairs, runs)
            print(
                name,
                kind,
                *(
                    f"{key} {one['mean']:.2f}±{one['std']:.2f}"
                    for key, one in row[kind].items()
                    if isinstance(one, dict)
                ),
                row[kind]["overflowed"],
                flush=True,
            )
        print(name, "one rule", row["one rule"]["mean"], flush=True)
        written[name] = row
    with written_whole(DATA) as temporary:
        rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in written.items())
        temporary.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
