"""What lessons 00, 01, 03 and 04 say of their networks, over seeds. It writes
dann_lab/lessons/lessons.json, which the lessons' texts are filled in from.

    python benchmarks/lessons.py       # a quarter of an hour; trained networks are kept in runs/

Each run uses one thread, so that the numbers can be had again.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from results import summary

from dann_core.datasets import load_pair
from dann_core.domains import DomainPair
from dann_core.errors import CheckpointError
from dann_core.evaluation import features, predict
from dann_core.files import written_whole
from dann_core.probe import domain_probe
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.figures.feature_maps import agreeing_neighbours, mixing
from dann_lab.lessons.demonstrations import (
    fading_in,
    label_logits,
    probes_on_the_way,
    same_digit_nearby,
)
from dann_lab.lessons.networks import EVALUATE_EVERY
from dann_lab.maps import points, still

ROOT = Path(__file__).parent.parent
RUNS = ROOT / "runs" / "lessons"
DATA = ROOT / "dann_lab" / "lessons" / "lessons.json"
SEEDS = range(5)
STEPS = 400
IMAGES = 200
"""The test images of each domain on a map."""


class Kind(NamedTuple):
    """Runs that differ in the seed."""

    changes: dict[str, Any]
    measures: tuple[Callable[[Trainer], dict[str, float]], ...] = ()


def trained(name: str, seed: int, pair: DomainPair, changes: dict[str, Any]) -> Trainer:
    """As a lesson's own networks are trained, on one thread."""
    file = RUNS / f"{name}-{seed}.pt"
    recipe = preset(**{"name": "quick", "seed": seed} | changes)
    try:
        trainer = Trainer.resume(file, pair, device="cpu")
    except CheckpointError:  # none yet
        trainer = Trainer(pair, recipe, device="cpu")
    for record in trainer:
        if record.step % EVALUATE_EVERY == 0 and record.step < recipe.steps:
            trainer.evaluate()
    if not trainer.history.evaluations or trainer.history.evaluations[-1].step < recipe.steps:
        trainer.evaluate()
        trainer.save(file)
    return trainer


def accuracies(trainer: Trainer) -> dict[str, float]:
    last = trainer.history.evaluations[-1]
    found = {"source": last.source_accuracy, "target": last.target_accuracy}
    return found if math.isnan(last.domain_accuracy) else found | {"domain": last.domain_accuracy}


def domain_loss(trainer: Trainer) -> dict[str, float]:
    """Means over 20 steps: the lowest, and the last one."""
    means = np.convolve(trainer.history.column("domain_loss"), np.full(20, 1 / 20), mode="valid")
    return {"domain_loss_lowest": float(means.min()), "domain_loss_end": float(means[-1])}


def mistakes(trainer: Trainer) -> dict[str, float]:
    """The share of the target's wrong answers that are the favourite wrong digit."""
    test = trainer.pair.target.test
    said = predict(trainer.model, trainer.pair, test.images).labels
    wrong = torch.bincount(said[said != test.labels], minlength=10)
    return {"favourite": float(wrong.max() / wrong.sum())}


def behind_stripes(trainer: Trainer) -> dict[str, float]:
    """Right on the source's test digits, fainter: without stripes, and behind half as bright ones
    as the target's."""
    behind = list(fading_in(trainer.pair).values())
    labels = trainer.pair.source.test.labels
    shares = [
        float((predict(trainer.model, trainer.pair, images).labels == labels).float().mean())
        for images in (behind[0], behind[len(behind) // 2])
    ]
    return {"no_stripes": shares[0], "half_as_bright": shares[1]}


def distances(trainer: Trainer) -> dict[str, float]:
    """What the probe finds on the way through the network; and on the logits its standard error,
    and how much its answer changes with the split."""
    found = probes_on_the_way(trainer)
    source, target = label_logits(trainer)
    splits = [domain_probe(source, target, seed=seed).a_distance for seed in range(5)]
    return {
        "a_distance": found["features"].a_distance,
        "a_hidden": found["first hidden layer"].a_distance,
        "a_logits": found["logits"].a_distance,
        "a_logits_error": found["logits"].uncertainty,
        "a_logits_splits": statistics.stdev(splits),
    }


def neighbours(trainer: Trainer) -> dict[str, float]:
    """By distance in the features: which share of the target's images has no source image near, and
    how many of its nearest show the same digit."""
    tests = [d.test.first(IMAGES).images for d in (trainer.pair.source, trainer.pair.target)]
    source, target = (features(trainer.model, trainer.pair, images) for images in tests)
    alone = points.among_their_own(source, target)
    return {"alone": float(alone.mean()), "same_digit": same_digit_nearby(trainer, IMAGES)}


def mixed(trainer: Trainer) -> dict[str, float]:
    """How mixed the domains are on two maps: 0 is apart, 1 is mixed."""
    both = trainer.pair.test_examples(IMAGES)
    found = features(trainer.model, trainer.pair, both.images)
    return {
        f"mixing_{name}": float(mixing(draw(found), both.domains))
        for name, draw in (("pca", still.pca), ("tsne", still.tsne))
    }


def misleading(trainer: Trainer) -> dict[str, float]:
    """For how many of ten digits the nearest other one on lesson 04's maps is the nearest in the
    features: the least and the most over its twelve maps."""
    both = trainer.pair.test_examples(IMAGES)
    found = features(trainer.model, trainer.pair, both.images).numpy()
    agreeing = [
        agreeing_neighbours(
            still.tsne(found, seed=start, perplexity=perplexity, random_start=start > 0),
            found,
            both.labels,
        )
        for perplexity in (2, 5, 30, 100)
        for start in (0, 1, 2)
    ]
    return {"agreeing_least": min(agreeing), "agreeing_most": max(agreeing)}


KINDS = {
    "source": Kind({"mode": "source"}, (mistakes, behind_stripes)),
    "dann": Kind({}, (domain_loss, neighbours)),
    "target": Kind({"mode": "target"}),
    "source, longer": Kind({"mode": "source", "steps": 2 * STEPS}),
    "lambda 0": Kind({"steps": 150, "lambda_": 0.0}),
    "lambda 1": Kind({"steps": 150, "lambda_": 1.0}),
    "lambda 2": Kind({"steps": 150, "lambda_": 2.0}),
    "deep source": Kind(
        {"name": "deep", "mode": "source", "steps": 2 * STEPS},
        (behind_stripes, distances, neighbours, mixed),
    ),
    "deep dann": Kind(
        {"name": "deep", "steps": 2 * STEPS},
        (behind_stripes, distances, neighbours, mixed, misleading),
    ),
}


def of_all(rows: list[dict[str, float]]) -> dict[str, Any]:
    """Each number over the seeds that have it."""
    found = {name: [row[name] for row in rows if name in row] for row in rows for name in row}
    return {name: summary(values) for name, values in found.items() if len(values) > 1}


def curve(trainers: list[Trainer]) -> dict[str, list[float]]:
    """The target's accuracy on the way: over the seeds the least, the most and the mean."""
    evaluations = [trainer.history.evaluations for trainer in trainers]
    at = [[one.target_accuracy for one in found] for found in zip(*evaluations, strict=True)]
    return {
        "steps": [one.step for one in evaluations[0]],
        "low": [min(each) for each in at],
        "high": [max(each) for each in at],
        "mean": [round(statistics.mean(each), 4) for each in at],
    }


def pixels(pair: DomainPair) -> dict[str, Any]:
    """Of one pair there is one number; its spread is the probe's standard error."""
    source, target = (d.test.images.flatten(1).float() for d in (pair.source, pair.target))
    probe = domain_probe(source, target)
    each = [round(probe.a_distance, 4)]
    return {"mean": each[0], "std": round(probe.uncertainty, 4), "each": each}


def main() -> None:
    torch.set_num_threads(1)
    RUNS.mkdir(parents=True, exist_ok=True)
    pair = load_pair("stripes")
    written: dict[str, Any] = {
        "build": pair.build["id"],
        "torch": torch.__version__,
        "seeds": len(SEEDS),
        "steps": STEPS,
        "pixels": {"a_distance": pixels(pair)},
        "curves": {},
    }
    for name, kind in KINDS.items():
        changes = {"steps": STEPS} | kind.changes
        trainers = [trained(name, seed, pair, changes) for seed in SEEDS]
        rows = [
            {
                key: value
                for measure in (accuracies, *kind.measures)
                for key, value in measure(one).items()
            }
            for one in trainers
        ]
        written[name] = of_all(rows)
        if kind.changes.keys() <= {"mode"}:
            written["curves"][name] = curve(trainers)
        print(
            name, {key: (one["mean"], one["std"]) for key, one in written[name].items()}, flush=True
        )
    least, most = (written["deep dann"].pop(f"agreeing_{end}")["each"] for end in ("least", "most"))
    written["agreeing"] = {"least": min(least), "most": max(most)}
    with written_whole(DATA) as temporary:
        temporary.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
