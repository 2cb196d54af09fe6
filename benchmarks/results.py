"""Makes docs/results.md: accuracies over seeds on real MNIST -> MNIST-M.

    python benchmarks/results.py run       # hours on a CPU; goes on where it was stopped
    python benchmarks/results.py write     # docs/results.md from what has run

Each run uses one thread, so that two can share a machine and the numbers can be had again.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import torch

from dann_core.domains import DomainPair, load_pair
from dann_core.recipe import Recipe, preset
from dann_core.training import Trainer

ROOT = Path(__file__).parent.parent
RUNS = ROOT / "runs" / "results"
SEEDS = (0, 1, 2)
KINDS = {
    "seed-dann": preset("seed"),
    "seed-source": preset("seed", mode="source"),
    "seed-target": preset("seed", mode="target"),
    "quick-dann": preset("quick"),
}


def train(name: str, recipe: Recipe, pair: DomainPair) -> None:
    folder = RUNS / f"{name}-{recipe.seed}"
    if (folder / "metrics.json").exists():
        return
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        trainer = Trainer.resume(checkpoint, pair, device="cpu")
    else:
        trainer = Trainer(pair, recipe, device="cpu")
    started, first = time.perf_counter(), trainer.step
    for record in trainer:
        if record.step % 500 == 0:
            found = trainer.evaluate(1000)
            trainer.save(checkpoint)
            print(folder.name, record.step, f"{found.target_accuracy:.3f}", flush=True)
    seconds = (time.perf_counter() - started) / (trainer.step - first) * trainer.step
    found = trainer.evaluate()
    trainer.save(checkpoint)
    trainer.history.save(folder / "history.json")
    metrics = {
        "recipe": recipe.to_dict(),
        "build": pair.build,
        "torch": torch.__version__,
        "seconds": round(seconds),
        "source_accuracy": found.source_accuracy,
        "target_accuracy": found.target_accuracy,
        "domain_accuracy": found.domain_accuracy,
    }
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=1))
    print(folder.name, "done", metrics["target_accuracy"], f"{seconds:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["run", "write"])
    what = parser.parse_args().what
    if what == "run":
        torch.set_num_threads(1)
        pair = load_pair("mnist")
        for seed in SEEDS:
            for name, recipe in KINDS.items():
                changed = Recipe.from_dict({**recipe.to_dict(), "seed": seed})
                train(name, changed, pair)


if __name__ == "__main__":
    main()
