"""What the three ways to put the losses together do on the moons, over seeds.

python benchmarks/moons.py       # about a minute
"""

from __future__ import annotations

import statistics
from typing import Any

import torch

from dann_core.moons import FORMS, moons_trainer

SEEDS = range(5)


def row(name: str, lambda_: float | None, form: Any = None) -> str:
    """A row of the table: means and ranges over the seeds after the last step."""
    source, target, loss = [], [], []
    for seed in SEEDS:
        trainer = moons_trainer(
            seed=seed, mode="dann" if form else "source", lambda_=lambda_ if form else None
        )
        if form:
            trainer.form = form
        for _ in trainer:
            pass
        found = trainer.evaluate()
        source.append(found.source_accuracy)
        target.append(found.target_accuracy)
        loss.append(trainer.history[-1].domain_loss)
    what = "paper" if lambda_ is None else f"{lambda_:g}"
    return (
        f"| {name} | {what if form else ''} | {statistics.mean(source):.2f} | "
        f"{statistics.mean(target):.2f} ({min(target):.2f}-{max(target):.2f}) | "
        f"{f'{statistics.mean(loss):,.2f}' if form else ''} |"
    )


def main() -> None:
    torch.set_num_threads(1)
    print("| losses | lambda | source | target: mean (range) | domain loss |")
    print("| --- | --- | --- | --- | --- |")
    print(row("source only", None))
    for form in FORMS:
        for lambda_ in (None, 0.1, 1.0):
            print(row(form, lambda_, form), flush=True)


if __name__ == "__main__":
    main()
