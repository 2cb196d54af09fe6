"""Makes dann_lab/lessons/methods.json: which lambda each method was given, and why.

    python benchmarks/methods.py [--jobs N]   # some minutes; goes on where it was stopped

Beside it: what CDAN's random combinations are worth, which its authors take of so many products.
On stripes, with the preset "quick" and 400 steps, on seeds that benchmarks/results.py does not use.
The choice is by the target's test accuracy, so it uses labels that nobody has in earnest; what can
be chosen without them is measured by benchmarks/selection.py. Everything else is as it is for DANN.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch
from joblib import Parallel, delayed
from results import summary

from dann_core import methods
from dann_core.datasets import load_pair
from dann_core.files import written_whole
from dann_core.methods import MOST_PRODUCTS
from dann_core.recipe import preset
from dann_core.training import Trainer

ROOT = Path(__file__).parent.parent
RUNS = ROOT / "runs" / "methods"
DATA = ROOT / "dann_lab" / "lessons" / "methods.json"
STEPS, SEEDS = 400, (10, 11)
GRID: dict[str, tuple[float | None, ...]] = {
    "dann": (None, 1.0),
    "cdan": (None, 1.0),
    "cdan, combined": (None, 1.0),
    "cdan+e": (None, 1.0),
    "coral": (1.0, 10.0, 30.0, 100.0, 1000.0),
    "mmd": (None, 3.0, 10.0, 30.0),
}
"""The values of lambda; None follows the paper's schedule, from 0 to 1."""


def told(lambda_: float | None) -> str:
    return "paper" if lambda_ is None else f"{lambda_:g}"


def train(method: str, lambda_: float | None, seed: int) -> None:
    file = RUNS / f"{method}-{told(lambda_)}-{seed}.json"
    if file.exists():
        return
    torch.set_num_threads(1)
    name, _, combined = method.partition(", ")
    methods.MOST_PRODUCTS = 4096 if combined else MOST_PRODUCTS
    recipe = preset("quick", steps=STEPS, seed=seed, method=name, lambda_=lambda_)
    trainer = Trainer(load_pair("stripes"), recipe, device="cpu")
    for _ in trainer:
        pass
    found = trainer.evaluate()
    measured = {"source": found.source_accuracy, "target": found.target_accuracy}
    with written_whole(file) as temporary:
        temporary.write_text(json.dumps(measured), encoding="utf-8", newline="\n")
    print(method, told(lambda_), seed, measured, flush=True)


def collected() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for method, lambdas in GRID.items():
        rows = {}
        for lambda_ in lambdas:
            files = [RUNS / f"{method}-{told(lambda_)}-{seed}.json" for seed in SEEDS]
            runs = [json.loads(file.read_text(encoding="utf-8")) for file in files]
            rows[told(lambda_)] = {
                name: summary([run[name] for run in runs]) for name in ("source", "target")
            }
        best = max(rows, key=lambda row: rows[row]["target"]["mean"])
        found[method] = {"chosen": best, "lambda": rows}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    jobs = parser.parse_args().jobs
    RUNS.mkdir(parents=True, exist_ok=True)
    every = [(m, lambda_, s) for m, values in GRID.items() for lambda_ in values for s in SEEDS]
    Parallel(n_jobs=jobs)(delayed(train)(*one) for one in every)
    text = json.dumps(collected(), indent=1) + "\n"
    with written_whole(DATA) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    print(text)


if __name__ == "__main__":
    main()
