"""What each part of the "quick" recipe is worth, on real MNIST -> MNIST-M, over seeds.

    python benchmarks/ablation.py run       # about an hour on one core; goes on where it stopped
    python benchmarks/ablation.py write     # dann_lab/lessons/ablation.json and docs/ablation.md

Each variant changes one thing. Every 100 steps the run also notes what can be seen without target
labels (source accuracy, how sure the network is on the target, domain accuracy), so that ways to
choose a checkpoint can be compared with the best one, which only target labels would find.
Each run uses one thread, so that two can share a machine and the numbers can be had again.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

import torch

from dann_core.datasets import load_pair
from dann_core.domains import DomainPair
from dann_core.evaluation import evaluating
from dann_core.files import written_whole
from dann_core.recipe import Recipe, preset
from dann_core.training import Trainer

ROOT = Path(__file__).parent.parent
RUNS = ROOT / "runs" / "ablation"
DATA = ROOT / "dann_lab" / "lessons" / "ablation.json"
SEEDS = (0, 1, 2)
STEPS = 1000
UNLABELLED = 1000
"""The number of target validation images on which the network's doubt is measured."""

VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "quick": ("quick, as it is", {}),
    "source": ("without adaptation (source only)", {"mode": "source"}),
    "no-instance-norm": ("without instance normalisation", {"instance_norm": False}),
    "no-batch-norm": ("without batch norm", {"batch_norm": False}),
    "separate": ("batch norm with separate statistics", {"separate_statistics": True}),
    "no-dropout": ("without dropout", {"dropout": 0.0}),
    "sgd": (
        "SGD and the paper's learning rate",
        {
            "optimiser": "sgd",
            "weight_decay": 0.0,
            "learning_rate": 0.01,
            "learning_rate_schedule": "paper",
        },
    ),
    "longer": ("twice as long", {"steps": 2 * STEPS}),
}


def recipe_of(name: str, seed: int) -> Recipe:
    return preset("quick", **{"steps": STEPS, "seed": seed, **VARIANTS[name][1]})


def doubt(trainer: Trainer) -> float:
    """Mean entropy, in nats, of the predictions on target images whose labels nobody looks at."""
    images = trainer.pair.target.validation.first(UNLABELLED).images
    with evaluating(trainer.model):
        features = trainer.model.feature_extractor(trainer.pair.prepare(images))
        logs = trainer.model.label_predictor(features).log_softmax(dim=1)
    return float(-(logs.exp() * logs).sum(dim=1).mean())


def train(name: str, seed: int, pair: DomainPair) -> None:
    file = RUNS / f"{name}-{seed}.json"
    if file.exists():
        return
    trainer = Trainer(pair, recipe_of(name, seed), device="cpu")
    started, checkpoints = time.perf_counter(), []
    for record in trainer:
        if record.step % 100 == 0:
            found = trainer.evaluate(2000)
            checkpoints.append(
                {
                    "step": record.step,
                    "source": found.source_accuracy,
                    "target": found.target_accuracy,
                    "domain": found.domain_accuracy,
                    "doubt": doubt(trainer),
                }
            )
    found = trainer.evaluate()
    result = {
        "recipe": trainer.recipe.to_dict(),
        "build": pair.build["id"],
        "torch": torch.__version__,
        "seconds": round(time.perf_counter() - started),
        "source": found.source_accuracy,
        "target": found.target_accuracy,
        "checkpoints": checkpoints,
    }
    with written_whole(file) as temporary:
        temporary.write_text(json.dumps(result), encoding="utf-8", newline="\n")
    print(file.stem, f"{found.target_accuracy:.3f}", f"{result['seconds']} s", flush=True)


CHOICES = {
    "last": "the last step",
    "source": "best source accuracy",
    "doubt": "least doubt on the target",
    "domain": "domain accuracy closest to 50 %",
    "oracle": "best target accuracy (needs labels: cheating)",
}


def chosen(by: str, checkpoints: list[dict[str, float]]) -> float:
    """The target accuracy, on 2,000 test images, of the checkpoint that ``by`` would keep."""
    keys = {
        "last": lambda c: c["step"],
        "source": lambda c: c["source"],
        "doubt": lambda c: -c["doubt"],
        "domain": lambda c: -abs(c["domain"] - 0.5),
        "oracle": lambda c: c["target"],
    }
    return max(checkpoints, key=keys[by])["target"]


def summary(values: list[float]) -> dict[str, Any]:
    return {
        "mean": round(statistics.mean(values), 4),
        "std": round(statistics.stdev(values), 4),
        "each": [round(value, 4) for value in values],
    }


def write() -> None:
    runs = {
        name: [
            json.loads((RUNS / f"{name}-{seed}.json").read_text(encoding="utf-8")) for seed in SEEDS
        ]
        for name in VARIANTS
    }
    every = [run for found in runs.values() for run in found]
    data = {
        "command": "python benchmarks/ablation.py run; python benchmarks/ablation.py write",
        "build": sorted({run["build"] for run in every}),
        "torch": sorted({run["torch"] for run in every}),
        "seeds": list(SEEDS),
        "steps": STEPS,
        "variants": [
            {
                "name": name,
                "text": VARIANTS[name][0],
                "source": summary([run["source"] for run in found]),
                "target": summary([run["target"] for run in found]),
            }
            for name, found in runs.items()
        ],
        "checkpoints": [
            {
                "by": by,
                "text": text,
                "target": summary([chosen(by, run["checkpoints"]) for run in runs["quick"]]),
            }
            for by, text in CHOICES.items()
        ],
    }
    with written_whole(DATA) as temporary:
        temporary.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8", newline="\n")
    rows = [
        f"| {v['text']} | {v['source']['mean']:.3f} ± {v['source']['std']:.3f} "
        f"| {v['target']['mean']:.3f} ± {v['target']['std']:.3f} "
        f"| {', '.join(f'{x:.3f}' for x in v['target']['each'])} |"
        for v in data["variants"]
    ]
    kept = [
        f"| {c['text']} | {c['target']['mean']:.3f} ± {c['target']['std']:.3f} |"
        for c in data["checkpoints"]
    ]
    text = f"""# What each part of "quick" is worth

Accuracy on all 10,000 test images of each domain after the last of {STEPS:,} steps ("twice as
long": {2 * STEPS:,}), mean ± sample standard deviation over seeds {", ".join(map(str, SEEDS))}.
Each row changes one thing.

| recipe | source | target | target, each seed |
| --- | --- | --- | --- |
{chr(10).join(rows)}

## Which checkpoint to keep

Of the {STEPS // 100} checkpoints of each "quick" run, the one that each rule keeps, and its target
accuracy on the first 2,000 test images.

| keep the checkpoint with | target |
| --- | --- |
{chr(10).join(kept)}

## How they were made

    DANN_DATA=<folder with MNIST and BSDS500> python benchmarks/ablation.py run
    python benchmarks/ablation.py write

MNIST-M build: {", ".join(f"`{build}`" for build in data["build"])}. PyTorch
{", ".join(data["torch"])}, CPU, one thread. This page is written by `benchmarks/ablation.py`; edit
that, not this.
"""
    (ROOT / "docs" / "ablation.md").write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["run", "write"])
    if parser.parse_args().what == "write":
        write()
        return
    torch.set_num_threads(1)
    RUNS.mkdir(parents=True, exist_ok=True)
    pair = load_pair("mnist")
    for seed in SEEDS:
        for name in VARIANTS:
            train(name, seed, pair)


if __name__ == "__main__":
    main()
