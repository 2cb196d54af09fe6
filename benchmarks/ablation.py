"""What each part of "quick" is worth, on both pairs, over seeds; and what was tried and left out.

    python benchmarks/ablation.py run       # about an hour on one core; goes on where it stopped
    python benchmarks/ablation.py write     # dann_lab/lessons/ablation.json and docs/ablation.md

Each variant changes one thing. A part is kept if it is worth a point on one pair and costs none on
the other. Every 100 steps a run of "quick" on MNIST -> MNIST-M also notes what can be seen without
target labels (source accuracy, how sure the network is on the target, domain accuracy), so that
ways to choose a checkpoint can be compared with the best, which only target labels would find.
Each run uses one thread, so that two can share a machine and the numbers can be had again.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import filelock
import torch
from results import one_of, summary, told
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from dann_core.datasets import load_pair
from dann_core.domains import Batches, DomainPair
from dann_core.evaluation import evaluate, evaluating, predict
from dann_core.files import written_whole
from dann_core.inputs import Inputs
from dann_core.model import DANN, FEATURES, build_model
from dann_core.networks import FeatureExtractor, Network
from dann_core.recipe import Recipe, preset
from dann_core.schedules import LambdaSource, paper_lambda
from dann_core.training import Trainer

ROOT = Path(__file__).parent.parent
RUNS = ROOT / "runs" / "ablation"
DATA = ROOT / "dann_lab" / "lessons" / "ablation.json"
SEEDS = (0, 1, 2)
STEPS = {"mnist": 1000, "stripes": 400}
UNLABELLED = 1000
"""The number of target validation images on which the network's doubt is measured."""
AVERAGED = 0.998
"""How much of the weights' moving average is kept at each step."""


def normed_domain_classifier(width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(FEATURES, width), nn.BatchNorm1d(width), nn.ReLU(), nn.Linear(width, 2)
    )


def normed_heads(recipe: Recipe, inputs: Inputs) -> DANN:
    """With batch norm in both heads."""
    usual = build_model(recipe, inputs, network=FeatureExtractor)
    label_predictor = nn.Sequential(
        nn.Linear(FEATURES, 100),
        nn.BatchNorm1d(100),
        nn.ReLU(),
        nn.Linear(100, 100),
        nn.BatchNorm1d(100),
        nn.ReLU(),
        nn.Linear(100, 10),
    )
    domain_classifier = normed_domain_classifier(recipe.domain_width)
    return DANN(usual.feature_extractor, label_predictor, domain_classifier)


def dropped_predictor(recipe: Recipe, inputs: Inputs) -> DANN:
    """With dropout .5 after the label predictor's first layer."""
    usual = build_model(recipe, inputs, network=FeatureExtractor)
    first, relu, *rest = usual.label_predictor.children()
    label_predictor = nn.Sequential(first, relu, nn.Dropout(0.5), *rest)
    return DANN(usual.feature_extractor, label_predictor, usual.domain_classifier)


def twice_as_strong(step: int, progress: float) -> float:
    return 2 * paper_lambda(progress)


def twice_as_steep(step: int, progress: float) -> float:
    return paper_lambda(progress, gamma=20)


class PairedTrainer(Trainer):
    """Its target images are made from the source images beside them: the same digits in both halves
    of each batch, which nobody has whose target has no labels."""

    def _batches(self) -> list[Batches]:
        source, target = super()._batches()
        return [source, Batches(target.split, target.size, self.recipe.seed * 10 + 1)]


@dataclass(frozen=True)
class Variant:
    """One thing changed in "quick"."""

    text: str
    changes: dict[str, Any] = field(default_factory=dict)
    network: Network | None = None
    lambda_source: LambdaSource | None = None
    averaged: bool = False
    trainer: type[Trainer] = Trainer


VARIANTS = {
    "quick": Variant("quick, as it is"),
    "source": Variant("without adaptation (source only)", {"mode": "source"}),
    "still": Variant("lambda 0", {"lambda_": 0.0}),
    "no-inversion": Variant("without contrast inversion", {"contrast_inversion": False}),
    "beta1": Variant("AdamW's usual beta1 of .9", {"beta1": 0.9}),
    "warmup": Variant("a warm-up of 5 % of the steps, not 30", {"warmup": 0.05}),
    "slower": Variant("half the learning rate (.002)", {"learning_rate": 0.002}),
    "no-instance-norm": Variant("without instance normalisation", {"instance_norm": False}),
    "no-batch-norm": Variant("without batch norm", {"batch_norm": False}),
    "no-dropout": Variant("without dropout", {"dropout": 0.0}),
    "sgd": Variant(
        "SGD and the paper's learning rate",
        {
            "optimiser": "sgd",
            "weight_decay": 0.0,
            "learning_rate": 0.01,
            "learning_rate_schedule": "paper",
        },
    ),
}
LEFT_OUT = {
    "separate": Variant("batch norm with separate statistics", {"separate_statistics": True}),
    "normed-heads": Variant("batch norm in both heads", network=normed_heads),
    "dropped-predictor": Variant("dropout .5 in the label predictor", network=dropped_predictor),
    "averaged": Variant(f"a moving average of the weights ({AVERAGED})", averaged=True),
    "wide": Variant("domain classifier 512 wide", {"domain_width": 512}),
    "strong": Variant("lambda up to 2", lambda_source=twice_as_strong),
    "steep": Variant("lambda twice as steep (gamma 20)", lambda_source=twice_as_steep),
}
PAIRED = {"paired": Variant("the same digits in both halves", trainer=PairedTrainer)}
"""On MNIST -> MNIST-M alone: it is about figures that others report for it."""


def doubt(trainer: Trainer) -> float:
    """Mean entropy, in nats, of the predictions on target images whose labels nobody looks at."""
    images = trainer.pair.target.validation.first(UNLABELLED).images
    with evaluating(trainer.model):
        features = trainer.model.feature_extractor(trainer.pair.prepare(images))
        logs = trainer.model.label_predictor(features).log_softmax(dim=1)
    return float(-(logs.exp() * logs).sum(dim=1).mean())


def in_sample(trainer: Trainer) -> float:
    """The accuracy on 10,000 of the target images that the training saw."""
    seen = trainer.pair.target.train.first(10_000)
    said = predict(trainer.model, trainer.pair, seen.images).labels
    return float((said == seen.labels).float().mean())


def train(file: Path, variant: Variant, seed: int, pair: DomainPair) -> None:
    recipe = preset("quick", **{"steps": STEPS[pair.name], "seed": seed, **variant.changes})
    lambda_, network = variant.lambda_source, variant.network
    trainer = variant.trainer(pair, recipe, lambda_source=lambda_, device="cpu", network=network)
    average = AveragedModel(
        trainer.model, multi_avg_fn=get_ema_multi_avg_fn(AVERAGED), use_buffers=True
    )
    started, checkpoints = time.process_time(), []
    for record in trainer:
        if variant.averaged:
            average.update_parameters(trainer.model)
        if variant == VARIANTS["quick"] and pair.name == "mnist" and record.step % 100 == 0:
            found = trainer.evaluate()
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
    if variant.averaged:
        found = evaluate(average.module, pair, trainer.step, None, True)
    result = {
        "recipe": trainer.recipe.to_dict(),
        "build": pair.build["id"],
        "torch": torch.__version__,
        "seconds": round(time.process_time() - started),
        "source": found.source_accuracy,
        "target": found.target_accuracy,
        "domain": None if math.isnan(found.domain_accuracy) else found.domain_accuracy,
        "in_sample": in_sample(trainer),
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
    """The target accuracy of the checkpoint that ``by`` would keep."""
    keys = {
        "last": lambda c: c["step"],
        "source": lambda c: c["source"],
        "doubt": lambda c: -c["doubt"],
        "domain": lambda c: -abs(c["domain"] - 0.5),
        "oracle": lambda c: c["target"],
    }
    return max(checkpoints, key=keys[by])["target"]


def with_whole_names(checkpoint: dict[str, float]) -> dict[str, float]:
    """A checkpoint as the exercise of lesson 07 hands it to a rule."""
    accuracies = ("source", "domain", "target")
    whole = {f"{name}_accuracy": checkpoint[name] for name in accuracies}
    return {"step": checkpoint["step"], "doubt": round(checkpoint["doubt"], 4)} | whole


def runs_of(pair: str, name: str) -> list[dict[str, Any]]:
    return [
        json.loads((RUNS / f"{pair}-{name}-{seed}.json").read_text(encoding="utf-8"))
        for seed in SEEDS
    ]


def collected(name: str, variant: Variant) -> dict[str, Any]:
    row: dict[str, Any] = {"text": variant.text}
    for pair in STEPS:
        runs = runs_of(pair, name)
        row[pair] = {what: summary([run[what] for run in runs]) for what in ("source", "target")}
    return row


def unfair() -> dict[str, Any]:
    """What "quick" on MNIST -> MNIST-M would be reported with, counted in ways that nobody can use
    who has no target labels, or that say nothing of new images."""
    quick, paired = runs_of("mnist", "quick"), runs_of("mnist", "paired")
    best = [chosen("oracle", run["checkpoints"]) for run in quick]
    return {
        "fair": row_of("unpaired, the last step, test images", [run["target"] for run in quick]),
        "oracle": row_of("the checkpoint that is best on the test images", best),
        "in-sample": row_of("on the target's training images", [run["in_sample"] for run in quick]),
        "paired": row_of("the same digits in both halves", [run["target"] for run in paired]),
        "paired-in-sample": row_of(
            "the same, on the target's training images", [run["in_sample"] for run in paired]
        ),
    }


def row_of(text: str, targets: list[float]) -> dict[str, Any]:
    return {"text": text, "target": summary(targets)}


def write() -> None:
    variants, left_out = (
        {name: collected(name, variant) for name, variant in each.items()}
        for each in (VARIANTS, LEFT_OUT)
    )
    every = {
        pair: [run for name in VARIANTS | LEFT_OUT for run in runs_of(pair, name)] for pair in STEPS
    }
    quick = runs_of("mnist", "quick")
    data = {
        "command": "python benchmarks/ablation.py run; python benchmarks/ablation.py write",
        "builds": {pair: one_of(run["build"] for run in runs) for pair, runs in every.items()},
        "torch": one_of(run["torch"] for runs in every.values() for run in runs),
        "seeds": list(SEEDS),
        "steps": STEPS,
        "variants": variants,
        "left_out": left_out,
        "checkpoints": {
            by: row_of(text, [chosen(by, run["checkpoints"]) for run in quick])
            for by, text in CHOICES.items()
        },
        "checkpoint_runs": [[with_whole_names(c) for c in run["checkpoints"]] for run in quick],
        "unfair": unfair(),
    }
    with written_whole(DATA) as temporary:
        temporary.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8", newline="\n")
    with written_whole(ROOT / "docs" / "ablation.md") as temporary:
        temporary.write_text(page(data), encoding="utf-8", newline="\n")


def page(data: dict[str, Any]) -> str:
    """docs/ablation.md."""

    def table(rows: dict[str, Any]) -> str:
        lines = []
        for row in rows.values():
            means = [told(row[pair][what]) for pair in STEPS for what in ("source", "target")]
            each = [f"{value:.3f}" for pair in STEPS for value in row[pair]["target"]["each"]]
            lines.append(f"| {row['text']} | {' | '.join(means)} | {', '.join(each)} |")
        head = "| recipe | MNIST | **MNIST-M** | digits | **stripes** | both targets, each seed |"
        return "\n".join([head, "| --- " * 6 + "|", *lines])

    def short_table(head: str, rows: dict[str, Any]) -> str:
        lines = [f"| {row['text']} | {told(row['target'])} |" for row in rows.values()]
        return "\n".join([f"| {head} | target |", "| --- | --- |", *lines])

    builds = " and ".join(f"`{build}`" for build in data["builds"].values())
    return f"""# What each part of "quick" is worth

Accuracy on all test images after the last step, {STEPS["mnist"]:,} on MNIST → MNIST-M and
{STEPS["stripes"]} on the embedded pair "stripes": mean ± sample standard deviation over seeds
{", ".join(map(str, SEEDS))}. Each row changes one thing.

{table(data["variants"])}

## What was tried and left out

Each row adds one thing to "quick". A part is in it only if the mean is a point better with it on
one pair and not a point worse on the other. The last row would pass, but its ranges overlap with
those of "quick" on both pairs, and the paper's 10 stayed.

{table(data["left_out"])}

## Which checkpoint to keep

Of the {STEPS["mnist"] // 100} checkpoints of each "quick" run on MNIST → MNIST-M, the one that each
rule keeps, and its target accuracy on all test images.

{short_table("keep the checkpoint with", data["checkpoints"])}

## Ways of counting that are not fair

The same "quick" runs on MNIST → MNIST-M, counted with what nobody has whose target has no labels,
or on images from the training; and runs whose batches pair each source digit with the target image
that was made from it. Accuracy on 10,000 images.

{short_table("counted", data["unfair"])}

## How they were made

    DANN_DATA=<folder with MNIST and BSDS500> python benchmarks/ablation.py run
    python benchmarks/ablation.py write

Builds {builds}. PyTorch {data["torch"]}, CPU, one thread. This page is written by
`benchmarks/ablation.py`; edit that, not this.
"""


def run() -> None:
    torch.set_num_threads(1)
    RUNS.mkdir(parents=True, exist_ok=True)
    for pair in map(load_pair, STEPS):
        variants = VARIANTS | LEFT_OUT | (PAIRED if pair.name == "mnist" else {})
        for name, variant in variants.items():
            for seed in SEEDS:
                file = RUNS / f"{pair.name}-{name}-{seed}.json"
                try:
                    with filelock.FileLock(file.with_suffix(".lock"), timeout=0):
                        if not file.exists():
                            train(file, variant, seed, pair)
                except filelock.Timeout:
                    continue


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["run", "write"])
    if parser.parse_args().what == "write":
        write()
    else:
        run()


if __name__ == "__main__":
    main()
