"""Makes docs/results.md: accuracies over seeds on real MNIST -> MNIST-M.

    python benchmarks/results.py run       # hours on a CPU; goes on where it was stopped
    python benchmarks/results.py write     # docs/results.md from what has run

Each run uses one thread, so that two can share a machine and the numbers can be had again.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from pathlib import Path

import torch

from dann_core.datasets import load_pair
from dann_core.domains import DomainPair
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
    (folder / "metrics.json").write_text(
        json.dumps(metrics, indent=1), encoding="utf-8", newline="\n"
    )
    print(folder.name, "done", metrics["target_accuracy"], f"{seconds:.0f} s", flush=True)


REFERENCE = """\
| figure to compare with | source | target | domain |
| --- | --- | --- | --- |
| the tutorial (blog post), DANN, one run | .981 | .720 | .669 |
| tf-dann, DANN, four stored runs | .978-.981 | .673-.721 | .665-.714 |
| tf-dann, source only | .987 | .480-.549 | |
| Ganin & Lempitsky 2015 (arXiv): source only / DANN / target only | | .575 / .815 / .989 | |
| Ganin et al. 2016 (JMLR): source only / DANN / target only | | .523 / .767 / .960 | |

The papers' network, batch and MNIST-M differ from the tutorial's, and builds of MNIST-M are not
comparable with each other: read the rows above as neighbours, not as targets.
"""
NAMES = {
    "seed-source": "source only",
    "seed-dann": "**DANN**",
    "seed-target": "target only (with its labels)",
    "quick-dann": "**DANN**",
}


def mean_and_std(values: list[float | None]) -> str:
    known = [value for value in values if value is not None and not math.isnan(value)]
    if not known:
        return ""
    return f"{statistics.mean(known):.3f} ± {statistics.stdev(known):.3f}"


def write() -> None:
    rows, builds, torches, seconds = [], set(), set(), []
    for name in NAMES:
        runs = [
            json.loads((RUNS / f"{name}-{seed}/metrics.json").read_text(encoding="utf-8"))
            for seed in SEEDS
        ]
        recipe = runs[0]["recipe"]
        cells = [
            mean_and_std([run[f"{what}_accuracy"] for run in runs])
            for what in ("source", "target", "domain")
        ]
        each = ", ".join(f"{run['target_accuracy']:.4f}" for run in runs)
        label = f"{recipe['preset']} | {NAMES[name]} | {recipe['steps']:,}"
        rows.append(f"| {label} | {' | '.join(cells)} | {each} |")
        builds |= {run["build"]["id"] for run in runs}
        torches |= {run["torch"] for run in runs}
        fastest = min(run["seconds"] for run in runs) / 60
        seconds.append(f"{name} {fastest:.0f} min")
    text = f"""# Results on MNIST -> MNIST-M

Accuracy on all 10,000 test images of each domain after the last step: mean ± sample standard
deviation over seeds {", ".join(map(str, SEEDS))}. No checkpoint was chosen by its test accuracy.
Domain accuracy is on the first 500 + 500 test images; 0.5 is guessing.

| preset | mode | steps | source | target | domain | target, each seed |
| --- | --- | --- | --- | --- | --- | --- |
{chr(10).join(rows)}

{REFERENCE}
## How they were made

    DANN_DATA=<folder with MNIST and BSDS500> python benchmarks/results.py run
    python benchmarks/results.py write

MNIST-M build: {", ".join(f"`{build}`" for build in sorted(builds))}.
Patches of the test set come from the same 200 photos as those of the training set, as in the
tutorial. PyTorch {", ".join(sorted(torches))}, CPU, one thread. The fastest run of each kind, on
a shared machine: {"; ".join(seconds)}.

This page is written by `benchmarks/results.py`; edit that, not this.
"""
    (ROOT / "docs" / "results.md").write_text(text, encoding="utf-8", newline="\n")


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
    else:
        write()


if __name__ == "__main__":
    main()
