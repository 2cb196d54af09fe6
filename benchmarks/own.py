"""Makes dann_lab/lessons/own.json: accuracies of the walks of docs/your-data.md, over seeds.

    python benchmarks/own.py    # a quarter of an hour on a CPU; goes on where it was stopped

The data are those of the walks, the target with its labels, which only evaluation and the mode
"target only" look at. The recipe is the preset "own" as it is. One thread, so that the numbers can
be had again; the last step, no checkpoint chosen.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from sklearn.datasets import load_breast_cancer

from dann_core.domains import Domain, DomainPair
from dann_core.evaluation import predict
from dann_core.files import written_whole
from dann_core.recipe import Recipe, preset
from dann_core.training import Trainer
from dann_lab.lessons import office

ROOT = Path(__file__).parent.parent
RUNS = ROOT / "runs" / "own"
DATA = ROOT / "dann_lab" / "lessons" / "own.json"
SEEDS = 3
OWN = preset("own")
KINDS = {
    "source": replace(OWN, mode="source"),
    "still": replace(OWN, lambda_=0.0),
    "dann": OWN,
    "target": replace(OWN, mode="target"),
}
"""The recipes that are compared. "still" is DANN without the reversed gradient."""


def office_pair(folder: Path) -> DomainPair:
    """Photos in colour and in grey, as the first two walks make them."""
    office.make(folder, labels=True)
    return DomainPair.from_folders(folder / "amazon", folder / "webcam")


def table_pair(folder: Path) -> DomainPair:
    """Rows of one set, as the third walk makes them: in one half a column is shifted."""
    rows = load_breast_cancer(as_frame=True).frame.rename(columns={"target": "label"})
    source, target = rows[::2], rows[1::2].copy()
    target["mean radius"] += 10
    files = folder / "source.csv", folder / "target.csv"
    for part, file in zip((source, target), files, strict=True):
        part.to_csv(file, index=False)
    return DomainPair.from_files(*files)


PAIRS = {"table": table_pair, "office": office_pair}


def whole(domain: Domain, trainer: Trainer) -> float:
    """The accuracy on all of a domain's examples, as a person sees it who predicts a folder."""
    splits = (domain.train, domain.validation, domain.test)
    right = [
        predict(trainer.model, trainer.pair, split.images).labels.cpu() == split.labels.cpu()
        for split in splits
    ]
    return float(torch.cat(right).float().mean())


def measured(pair: DomainPair, recipe: Recipe) -> dict[str, Any]:
    trainer = Trainer(pair, recipe, device="cpu")
    begun = time.process_time()
    for _ in trainer:
        pass
    seconds = time.process_time() - begun
    found = trainer.evaluate()
    return {
        "network": trainer.recipe.network,
        "steps": recipe.steps,
        "build": pair.build["id"],
        "torch": torch.__version__,
        "images": found.images,
        "seconds": round(seconds, 1),
        "source": found.source_accuracy,
        "target": found.target_accuracy,
        "whole": whole(pair.target, trainer),
        "domain": None if math.isnan(found.domain_accuracy) else found.domain_accuracy,
    }


def run() -> None:
    torch.set_num_threads(1)
    RUNS.mkdir(parents=True, exist_ok=True)
    for name, make in PAIRS.items():
        with tempfile.TemporaryDirectory() as folder:
            pair = make(Path(folder))
            for seed in range(SEEDS):
                for mode, recipe in KINDS.items():
                    file = RUNS / f"{name}-{mode}-{seed}.json"
                    if file.exists():
                        continue
                    found = measured(pair, replace(recipe, seed=seed))
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


def collected(name: str) -> dict[str, Any]:
    runs = [
        json.loads((RUNS / f"{name}-{seed}.json").read_text(encoding="utf-8"))
        for seed in range(SEEDS)
    ]
    alike = {key: runs[0][key] for key in ("network", "steps", "build", "torch", "images")}
    if any(run[key] != value for run in runs for key, value in alike.items()):
        raise SystemExit(f"The runs {name} differ in more than the seed. Delete {RUNS}, run again.")
    known = [key for key in ("source", "target", "whole", "domain") if runs[0][key] is not None]
    seconds = {"seconds": min(run["seconds"] for run in runs)}
    return alike | seconds | {key: summary([run[key] for run in runs]) for key in known}


def write() -> None:
    found = {f"{name}-{mode}": collected(f"{name}-{mode}") for name in PAIRS for mode in KINDS}
    with written_whole(DATA) as temporary:
        temporary.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    run()
    write()


if __name__ == "__main__":
    main()
