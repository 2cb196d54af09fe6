"""Makes dann_lab/lessons/your_data.json: what lesson 08 says of its networks, over nine seeds.

    python benchmarks/your_data.py    # five minutes on a CPU; goes on where it was stopped

Everything is as in the lesson: its example, size, steps and methods, and the target without labels
until the end, where the envelope is opened. A rule chooses among the nine networks of three seeds,
as in the lesson, so there are three such choices.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from pathlib import Path
from typing import Any

import torch

from dann_core.evaluation import features, predict
from dann_core.files import written_whole
from dann_core.probe import domain_probe
from dann_core.recipe import preset
from dann_core.selection import RULES, Scores, choose, scores
from dann_core.training import Trainer
from dann_lab.lessons.sealed import Envelope, standard_error
from dann_lab.lessons.upload import own_folders
from dann_lab.lessons.your_data import METHODS, agreement, doubts_of

ROOT = Path(__file__).parent.parent
RUNS = ROOT / "runs" / "your_data"
DATA = ROOT / "dann_lab" / "lessons" / "your_data.json"
SIZE, STEPS = 32, 300
SEEDS, TOGETHER = 9, 3
LABELS, DRAWS = 50, 1000
"""So many labels, drawn so many times."""
OF_ONE = ("source", "domain", "distance", "entropy", "confidence")


def measured(network: Trainer, envelope: Envelope) -> dict[str, Any]:
    begun = time.process_time()
    for _ in network:
        pass
    seconds = time.process_time() - begun
    network.evaluate()
    found = doubts_of(network)
    pair = network.pair
    said = predict(network.model, pair, pair.target.test.images)
    wrong = said.labels.cpu() != envelope.labels
    n = min(len(domain.test) for domain in (pair.source, pair.target))
    both = [
        features(network.model, pair, domain.test.images[:n])
        for domain in (pair.source, pair.target)
    ]
    random = torch.Generator().manual_seed(0)
    draws = [
        1 - float(wrong[torch.randperm(len(wrong), generator=random)[:LABELS]].float().mean())
        for _ in range(DRAWS)
    ]
    chosen = scores(network.model, pair)
    return {
        "build": pair.build["id"],
        "torch": torch.__version__,
        "network": network.recipe.network,
        "images": len(wrong),
        "seconds": round(seconds, 1),
        **{key: None if math.isnan(x := getattr(found, key)) else x for key in OF_ONE},
        "features_distance": domain_probe(*both).a_distance,
        "target": 1 - float(wrong.float().mean()),
        "sure_when_wrong": float(said.confidence.cpu()[wrong].mean()),
        "fifty_off": statistics.stdev(draws),
        "said": found.said.tolist(),
        "scores": {rule: None if math.isnan(x := getattr(chosen, rule)) else x for rule in RULES},
    }


def run() -> None:
    torch.set_num_threads(1)
    RUNS.mkdir(parents=True, exist_ok=True)
    pair, envelope = own_folders().read(size=SIZE)
    for seed in range(SEEDS):
        for name, changes in METHODS.items():
            file = RUNS / f"{name}-{seed}.json"
            if file.exists():
                continue
            recipe = preset("own", steps=STEPS, seed=seed, **changes)
            found = measured(Trainer(pair, recipe, device="cpu"), envelope)
            with written_whole(file) as temporary:
                temporary.write_text(json.dumps(found), encoding="utf-8", newline="\n")
            print(file.stem, f"{found['target']:.4f}", f"{found['seconds']} s", flush=True)


def summary(values: list[float]) -> dict[str, Any]:
    """Mean, sample standard deviation and each value."""
    return {
        "mean": round(statistics.mean(values), 4),
        "std": round(statistics.stdev(values), 4),
        "each": [round(value, 4) for value in values],
    }


class _Said:
    """As much of what was seen as :func:`agreement` looks at."""

    def __init__(self, said: list[int]):
        self.said = torch.tensor(said)


def groups(of_method: dict[str, list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """The nine networks of each three seeds, in the order of the lesson."""
    starts = range(0, SEEDS, TOGETHER)
    return [[run for runs in of_method.values() for run in runs[k : k + TOGETHER]] for k in starts]


def rules(together: list[list[dict[str, Any]]]) -> dict[str, Any]:
    """What the network is worth that each rule chooses, and how many points below the best."""
    best = [max(run["target"] for run in runs) for runs in together]
    found: dict[str, Any] = {
        "best": {"target": summary(best)},
        "any": {"target": summary([statistics.mean(r["target"] for r in g) for g in together])},
    }
    for rule in RULES:
        kept = []
        for runs in together:
            values = [{k: v for k, v in one["scores"].items() if v is not None} for one in runs]
            kept.append(runs[choose([Scores(**one) for one in values], rule)]["target"])
        lost = [100 * (most - mine) for most, mine in zip(best, kept, strict=True)]
        found[rule] = {"target": summary(kept), "lost": summary(lost)}
    return found


def write() -> None:
    of_method = {
        name: [
            json.loads((RUNS / f"{name}-{seed}.json").read_text(encoding="utf-8"))
            for seed in range(SEEDS)
        ]
        for name in METHODS
    }
    every = [one for runs in of_method.values() for one in runs]
    alike = {key: every[0][key] for key in ("build", "torch", "network", "images")}
    if any(one[key] != value for one in every for key, value in alike.items()):
        raise SystemExit(f"The runs differ in more than method and seed. Delete {RUNS}, run again.")
    methods: dict[str, Any] = {}
    for name, runs in of_method.items():
        keys = [*OF_ONE, "features_distance", "target", "sure_when_wrong"]
        known = [key for key in keys if runs[0][key] is not None]
        methods[name] = {key: summary([one[key] for one in runs]) for key in known}
        said = [_Said(one["said"]) for one in runs]
        starts = range(0, SEEDS, TOGETHER)
        methods[name]["agreement"] = summary([agreement(said[k : k + TOGETHER]) for k in starts])
        methods[name]["too_sure"] = summary([one["confidence"] - one["target"] for one in runs])
    dann = of_method["DANN"]
    accuracy = statistics.mean(one["target"] for one in dann)
    found = {
        **alike,
        **{"size": SIZE, "steps": STEPS, "seeds": SEEDS, "labels": LABELS},
        "seconds": summary([one["seconds"] for one in every]),
        "methods": methods,
        "rules": rules(groups(of_method)),
        "fifty": {
            "formula": round(100 * standard_error(accuracy, LABELS), 2),
            "all": round(100 * standard_error(accuracy, alike["images"]), 2),
            "drawn": summary([100 * one["fifty_off"] for one in dann]),
        },
    }
    with written_whole(DATA) as temporary:
        temporary.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    run()
    write()


if __name__ == "__main__":
    main()
