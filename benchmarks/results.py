"""Makes docs/results.md and dann_lab/lessons/results.json: accuracies over seeds, on both pairs.

    python benchmarks/results.py run [NAME ...]   # hours on a CPU; goes on where it was stopped
    python benchmarks/results.py write            # from what has run

Each run uses one thread, so that two can share a machine and the numbers can be had again: start
`run` twice, and each takes what the other has not begun. Seconds are processor time of the training
steps alone, which other programs on the machine disturb less than the clock.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import filelock
import torch

from dann_core.datasets import load_pair
from dann_core.domains import DomainPair
from dann_core.files import written_whole
from dann_core.recipe import Recipe, preset
from dann_core.training import Trainer

ROOT = Path(__file__).parent.parent
RUNS = ROOT / "runs" / "results"
DATA = ROOT / "dann_lab" / "lessons" / "results.json"


class Kind(NamedTuple):
    """Runs of one recipe on one pair, that differ in the seed."""

    pair: str
    text: str
    recipe: Recipe
    seeds: int = 3


DANN, SOURCE, STILL = "**DANN**", "source only, the same parts", "lambda 0, the same parts"
TARGET = "target only (with its labels)"


def with_controls(pair: str, name: str, steps: int, seeds: int = 3) -> dict[str, Kind]:
    """DANN, and beside it what shows how much of its accuracy the reversal is worth."""
    recipe = preset(name, steps=steps)
    return {
        f"{pair}-{name}-{steps}-source": Kind(pair, SOURCE, replace(recipe, mode="source"), seeds),
        f"{pair}-{name}-{steps}-still": Kind(pair, STILL, replace(recipe, lambda_=0.0), seeds),
        f"{pair}-{name}-{steps}-dann": Kind(pair, DANN, recipe, seeds),
    }


def with_labels(pair: str, name: str, steps: int, seeds: int = 3) -> dict[str, Kind]:
    """What could be reached if the target had labels."""
    recipe = preset(name, steps=steps, mode="target")
    return {f"{pair}-{name}-{steps}-target": Kind(pair, TARGET, recipe, seeds)}


def alone(pair: str, name: str, steps: int) -> dict[str, Kind]:
    return {f"{pair}-{name}-{steps}-dann": Kind(pair, DANN, preset(name, steps=steps))}


LAMBDAS: dict[str, float | None] = {"cdan": None, "cdan+e": None, "coral": 30.0, "mmd": 10.0}
"""Each other method's lambda, as `benchmarks/methods.py` has chosen it on stripes; None follows the
paper's schedule."""
TRIED = {"dann": "DANN", "cdan, combined": "CDAN with 1,024 random combinations"}
NAMES = {"cdan": "CDAN", "cdan+e": "CDAN+E", "coral": "CORAL", "mmd": "MMD"}


def with_methods(pair: str, name: str, steps: int, seeds: int = 3) -> dict[str, Kind]:
    """The other methods, with lambda tuned on stripes and everything else as it is for DANN."""
    return {
        f"{pair}-{name}-{steps}-{method}": Kind(
            pair,
            NAMES[method] + (f", lambda {lambda_:g}" if lambda_ else ""),
            preset(name, steps=steps, method=method, lambda_=lambda_),
            seeds,
        )
        for method, lambda_ in LAMBDAS.items()
    }


KINDS = {
    **with_controls("stripes", "quick", 400, seeds=5),
    **with_methods("stripes", "quick", 400, seeds=5),
    **with_labels("stripes", "quick", 400, seeds=5),
    **with_controls("stripes", "deep", 800, seeds=5),
    **with_labels("stripes", "deep", 800, seeds=5),
    **with_controls("digits", "quick", 800),
    **with_labels("digits", "quick", 800),
    **alone("mnist", "quick", 1000),
    **with_methods("mnist", "quick", 1000),
    **alone("mnist", "quick", 2000),
    **with_controls("mnist", "quick", 4000),
    **with_controls("mnist", "deep", 2800),
    **alone("mnist", "deep", 9300),
    **alone("mnist", "deep", 14_000),
    "mnist-seed-8600-source": Kind("mnist", "source only", preset("seed", mode="source")),
    "mnist-seed-8600-dann": Kind("mnist", DANN, preset("seed")),
    **with_labels("mnist", "seed", 8600),
}


def train(file: Path, recipe: Recipe, pair: DomainPair) -> None:
    """Train to the end, or on to it, and keep what was measured in ``file``."""
    checkpoint = file.with_suffix(".pt")
    if checkpoint.exists():
        trainer = Trainer.resume(checkpoint, pair, device="cpu")
    else:
        trainer = Trainer(pair, recipe, device="cpu")
    seconds, first = 0.0, trainer.step
    while trainer.step < recipe.steps:
        started = time.process_time()
        next(trainer)
        seconds += time.process_time() - started
        if trainer.step % 500 == 0:
            trainer.save(checkpoint)
    found = trainer.evaluate()
    measured = {
        "recipe": recipe.to_dict(),
        "build": pair.build,
        "torch": torch.__version__,
        "seconds": round(seconds / (trainer.step - first) * trainer.step, 1),
        "source": found.source_accuracy,
        "target": found.target_accuracy,
        "domain": None if math.isnan(found.domain_accuracy) else found.domain_accuracy,
        "images": found.images,
    }
    with written_whole(file) as temporary:
        temporary.write_text(json.dumps(measured, indent=1), encoding="utf-8", newline="\n")
    checkpoint.unlink(missing_ok=True)
    print(file.stem, f"{found.target_accuracy:.4f}", f"{measured['seconds']} s", flush=True)


def run(names: list[str]) -> None:
    torch.set_num_threads(1)
    RUNS.mkdir(parents=True, exist_ok=True)
    pairs: dict[str, DomainPair] = {}
    for name in names or KINDS:
        kind = KINDS[name]
        for seed in range(kind.seeds):
            file = RUNS / f"{name}-{seed}.json"
            try:
                with filelock.FileLock(file.with_suffix(".lock"), timeout=0):
                    if not file.exists():
                        if kind.pair not in pairs:
                            pairs[kind.pair] = load_pair(kind.pair)
                        train(file, replace(kind.recipe, seed=seed), pairs[kind.pair])
            except filelock.Timeout:
                continue


def summary(values: list[float]) -> dict[str, Any]:
    """Mean, sample standard deviation and each value."""
    return {
        "mean": round(statistics.mean(values), 4),
        "std": round(statistics.stdev(values), 4),
        "each": [round(value, 4) for value in values],
    }


def collected(name: str, kind: Kind) -> dict[str, Any]:
    runs = [
        json.loads((RUNS / f"{name}-{seed}.json").read_text(encoding="utf-8"))
        for seed in range(kind.seeds)
    ]
    known = [one["domain"] for one in runs if one["domain"] is not None]
    return {
        "pair": kind.pair,
        "text": kind.text,
        "preset": kind.recipe.preset,
        "steps": kind.recipe.steps,
        "build": one_of(run["build"]["id"] for run in runs),
        "torch": one_of(run["torch"] for run in runs),
        "images": one_of(run["images"] for run in runs),
        "seconds": min(run["seconds"] for run in runs),
        "source": summary([run["source"] for run in runs]),
        "target": summary([run["target"] for run in runs]),
        "domain": summary(known) if known else None,
    }


def one_of(values: Any) -> Any:
    """What all have in common; more than one is an error, for such runs cannot be compared."""
    (value,) = set(values)
    return value


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
TITLES = {
    "stripes": "scikit-learn's digits → the same behind stripes",
    "digits": "scikit-learn's digits → the same over photos",
    "mnist": "MNIST → MNIST-M",
}


def told(numbers: dict[str, Any] | None) -> str:
    return f"{numbers['mean']:.3f} ± {numbers['std']:.3f}" if numbers else ""


def table(pair: str, found: dict[str, dict[str, Any]]) -> str:
    rows = [
        f"| {one['preset']} | {one['text']} | {one['steps']:,} | {one['seconds']:,.0f} "
        f"| {told(one['source'])} | {told(one['target'])} | {told(one['domain'])} "
        f"| {', '.join(f'{value:.4f}' for value in one['target']['each'])} |"
        for one in found.values()
        if one["pair"] == pair
    ]
    head = "| preset | mode | steps | s | source | target | domain | target, each seed |"
    return "\n".join([head, "| --- " * 8 + "|", *rows])


def tuning() -> str:
    """What was tuned for the other methods, and what not."""
    found = json.loads((DATA.parent / "methods.json").read_text(encoding="utf-8"))
    rows = [
        f"| {NAMES.get(method) or TRIED[method]} | "
        + ", ".join(
            f"{'**' * (value == of['chosen'])}{value}{'**' * (value == of['chosen'])}: "
            f"{one['target']['mean']:.3f}"
            for value, one in of["lambda"].items()
        )
        + " |"
        for method, of in found.items()
    ]
    table = "\n".join(["| method | lambda: target accuracy |", "| --- | --- |", *rows])
    return f"""\
## What was tuned for the other methods

Lambda alone, on stripes, with two seeds that the tables above do not use; the value of lambda with
the best mean, in bold, was taken for both pairs. "paper" is the paper's schedule, from 0 to 1. The
choice looked at the target's test labels. All else, the learning rate above all, is the preset's
"quick", which was tuned for DANN (docs/ablation.md): so a method that is behind here may be so for
want of tuning. CDAN's domain classifier sees all 23,520 products of a feature and a class; the row
below it has 1,024 random combinations of them, which its authors take of more than 4,096. CORAL and
MMD compare 2,352 features over 32 examples of each domain, as DANN's domain classifier does, where
their papers take a late, narrower layer.

{table}
"""


def versions(found: dict[str, dict[str, Any]]) -> str:
    """What all ran with; and where some ran with another version of torch, which and why."""
    presets: dict[str, set[str]] = {}
    for one in found.values():
        presets.setdefault(one["torch"], set()).add(one["preset"])
    (usual, _), *others = sorted(presets.items(), key=lambda item: -len(item[1]))
    text = f"PyTorch {usual}, CPU, one thread."
    for torch_version, names in others:
        which = ", ".join(f'"{name}"' for name in sorted(names))
        text += f"""
The preset {which} ran on another machine with PyTorch {torch_version}. Eight runs of the preset
"quick", five on stripes and three on MNIST-M, done there as well, had the same accuracies to the
last image."""
    return text


def known(name: str, kind: Kind) -> dict[str, Any]:
    """What has run here, and where nothing has, what :data:`DATA` has already."""
    if any(RUNS.glob(f"{name}-[0-9].json")):
        return collected(name, kind)
    kept: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))[name]
    return kept


def write() -> None:
    found = {name: known(name, kind) for name, kind in KINDS.items()}
    builds = {one["pair"]: one["build"] for one in found.values()}
    with written_whole(DATA) as temporary:
        temporary.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")
    tables = "\n\n".join(
        f"## {title}\n\nBuild `{builds[pair]}`.\n\n{table(pair, found)}"
        for pair, title in TITLES.items()
    )
    text = f"""# Results

Accuracy on all test images of each domain (10,000 of MNIST and MNIST-M, 400 of the others) after
the last step: mean ± sample standard deviation over seeds 0 to 4 ("stripes") or 0 to 2. No
checkpoint was chosen by its test accuracy, and no target label was used but in mode "target only".
Domain accuracy is on the first 500 + 500 test images, or all; 0.5 is guessing; CORAL and MMD train
no domain classifier. The column s has the
processor time, in seconds, of the steps of the fastest seed, on a shared machine. A step has 64
labelled images in the modes "source only" and "target only"; otherwise 32, beside 32 of the target.

{tables}

{REFERENCE}
{tuning()}
## How they were made

    DANN_DATA=<folder with MNIST and BSDS500> python benchmarks/results.py run
    python benchmarks/results.py write
    python benchmarks/methods.py           # lambda of the other methods

Patches of MNIST-M's test set come from the same 200 photos as those of the training set, as in the
tutorial. {versions(found)}

This page is written by `benchmarks/results.py`; edit that, not this.
"""
    with written_whole(ROOT / "docs" / "results.md") as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="what", required=True)
    running = commands.add_parser("run")
    running.add_argument("names", nargs="*", choices=[*KINDS, []], metavar="NAME")
    commands.add_parser("write")
    chosen = parser.parse_args()
    if chosen.what == "run":
        run(chosen.names)
    else:
        write()


if __name__ == "__main__":
    main()
