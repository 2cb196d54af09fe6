"""What is said of the moons (lesson 02), over seeds: the three ways to put the losses together, a
layer with the wrong sign, and targets that are turned further. It writes
dann_lab/lessons/moons.json, which the lessons' texts are filled in from.

    python benchmarks/moons.py       # some minutes
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from results import summary

from dann_core.files import written_whole
from dann_core.moons import FORMS, ROTATION, Form, MoonsTrainer, moons_trainer
from dann_core.reversal import scale_gradient
from dann_lab.lessons.yours import your_moons

DATA = Path(__file__).parent.parent / "dann_lab" / "lessons" / "moons.json"
SEEDS = range(10)
FURTHER = (60, 70, 80)
"""Degrees between the domains, beside the usual ones."""


def trained(
    seed: int, form: Form | None, lambda_: float | None, rotation: float = ROTATION
) -> MoonsTrainer:
    """``form`` None is source-only; ``lambda_`` None follows the paper's schedule."""
    mode = "dann" if form else "source"
    trainer = moons_trainer(rotation, seed, mode=mode, lambda_=lambda_ if form else None)
    if form:
        trainer.form = form
    for _ in trainer:
        pass
    return trainer


def with_the_wrong_sign(seed: int) -> MoonsTrainer:
    """A layer that lacks the minus, as a learner may write it."""
    trainer = your_moons(ROTATION, seed, scale_gradient)
    for _ in trainer:
        pass
    return trainer


def measured(trainers: Iterable[MoonsTrainer]) -> dict[str, Any]:
    """After the last step. ``push``: how long the gradient that leaves the reversal is, as a share
    of the longest that it ever was."""
    columns: dict[str, list[float]] = {}
    for trainer in trainers:
        found, history = trainer.evaluate(), trainer.history
        now = {
            "source": found.source_accuracy,
            "target": found.target_accuracy,
            "domain": found.domain_accuracy,
            "loss": history[-1].domain_loss,
        }
        pushes = history.column("domain_gradient_after")
        if not math.isnan(now["loss"]):
            now["push"] = float(pushes[-1] / pushes.max())
        for name, number in now.items():
            if not math.isnan(number):
                columns.setdefault(name, []).append(number)
    return {name: summary(numbers) for name, numbers in columns.items()}


def main() -> None:
    torch.set_num_threads(1)
    rows: dict[str, Any] = {}
    for rotation in (ROTATION, *FURTHER):
        at = "" if rotation == ROTATION else f" at {rotation:g}"
        rows[f"source only{at}"] = measured(trained(s, None, None, rotation) for s in SEEDS)
        rows[f"reverse{at}"] = measured(trained(s, "reverse", None, rotation) for s in SEEDS)
    for form in FORMS:
        for lambda_ in (0.1, 1.0):
            rows[f"{form} {lambda_:g}"] = measured(trained(s, form, lambda_) for s in SEEDS)
    rows["wrong sign"] = measured(map(with_the_wrong_sign, SEEDS))
    rows["torch"] = torch.__version__
    with written_whole(DATA) as temporary:
        temporary.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8", newline="\n")
    for name, row in rows.items():
        if isinstance(row, dict):
            means = {what: f"{found['mean']:.3g}" for what, found in row.items()}
            print(name, *(f"{what} {mean}" for what, mean in means.items()), sep=", ")


if __name__ == "__main__":
    main()
