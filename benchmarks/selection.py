"""Makes dann_lab/lessons/selection.json: what choosing without target labels costs, rule by rule.

    dann sweep benchmarks/selection.toml --keep-every 100 --out runs/selection   # minutes
    python benchmarks/selection.py score    # 2 s a checkpoint; goes on where it stopped
    python benchmarks/selection.py write    # the file of results, for docs/selection.md

Each run is on the pair "stripes", of one recipe, lambda and seed, and keeps a checkpoint every 100
steps. A rule's regret is how many points of accuracy on the target's test images its choice is
below the best of what it could choose from; it is known because stripes have labels, which no rule
sees. Three choices are asked for:

    checkpoint  which checkpoint of one run
    lambda      which lambda, of one recipe's runs after their last step
    all         which recipe, lambda and checkpoint, of everything with one seed

Candidates share runs, and runs share a seed and so their batches. So all choices of one seed are
averaged first, and the interval is over seeds, the only thing here that is drawn independently:
mean and Student's 95 % interval. The data are the same for all. Where a rule finds several
candidates the same, the regret is the mean over them.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import torch
from scipy import stats

from dann_core.domains import DomainPair
from dann_core.files import written_whole
from dann_core.plain_numbers import none_for_nan
from dann_core.selection import RULES, Scores, best
from dann_lab.runs.candidates import candidates, score
from dann_lab.runs.folder import Saved
from dann_lab.sweeps.plan import Planned, from_toml, plan
from dann_lab.sweeps.table import interval

ROOT = Path(__file__).parent.parent
RUNS = ROOT / "runs" / "selection"
DATA = ROOT / "dann_lab" / "lessons" / "selection.json"
PLAN = Path(__file__).with_suffix(".toml")
EVERY = 100
Row = dict[str, Any]
"""A candidate: its recipe, lambda, seed and step, its scores, and its target accuracy."""


def score_all() -> None:
    torch.set_num_threads(1)
    runs = plan(from_toml(PLAN))
    pair = runs[0].data.load()
    for one in runs:
        if not file_of(one).exists():
            measure(one, pair)


def file_of(run: Planned) -> Path:
    return RUNS / f"{run.name}.json"


def measure(run: Planned, pair: DomainPair) -> None:
    """Write the scores of a run's checkpoints."""
    saved, begun = Saved.read(RUNS / run.name), time.process_time()
    what = {
        "recipe": "sgd" if run.recipe.optimiser == "sgd" else "quick",
        "lambda": run.recipe.lambda_,
        "seed": run.recipe.seed,
    }
    rows = []
    for one in candidates(saved):
        found, target = score(one, pair)
        plain = {name: none_for_nan(value) for name, value in asdict(found).items()}
        rows.append(what | {"step": one.step, "target": target} | plain)
    scored = (time.process_time() - begun) / len(rows)
    seconds = {"training": round(saved.state["seconds"], 1), "a checkpoint": round(scored, 2)}
    told = {"build": pair.build["id"], "torch": torch.__version__, "seconds": seconds}
    with written_whole(file_of(run)) as temporary:
        text = json.dumps(told | {"candidates": rows})
        temporary.write_text(text, encoding="utf-8", newline="\n")
    print(run.name, f"{rows[-1]['target']:.4f}", seconds, flush=True)


def read(runs: list[Planned]) -> list[dict[str, Any]]:
    files = [file_of(run) for run in runs]
    done = [json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists()]
    if len(done) < len(files):
        raise SystemExit(f"{len(done)} of {len(files)} runs are scored: python {__file__} score")
    return done


def choices(rows: list[Row]) -> dict[str, list[list[Row]]]:
    """What is chosen from, of one seed: by the choice's name, a list of lists of candidates."""
    steps = max(row["step"] for row in rows)
    last = [row for row in rows if row["step"] == steps]
    return {
        "checkpoint": grouped(rows, lambda row: (row["recipe"], row["lambda"])),
        "lambda": grouped(last, lambda row: row["recipe"]),
        "all": [rows],
    }


def grouped(rows: list[Row], key: Callable[[Row], Any]) -> list[list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return list(groups.values())


def scores_of(row: Row) -> Scores:
    given = {field.name: row[field.name] for field in fields(Scores)}
    return Scores(**{k: math.nan if value is None else value for k, value in given.items()})


def regret(group: list[Row], rule: str | None) -> float:
    """In points: of the choice by ``rule``, or for None of one by chance."""
    places = best([scores_of(row) for row in group], rule) if rule else range(len(group))
    targets = [row["target"] for row in group]
    # A rule without a number for any is as good as chance.
    chosen = [targets[k] for k in places] or targets
    return 100 * (max(targets) - statistics.fmean(chosen))


def rank(rows: list[Row], rule: str) -> float:
    """Spearman's rank correlation with target accuracy, the sign turned so that 1 is best; 0 for a
    rule that says the same of all."""
    sign = 1 if RULES[rule].better == "high" else -1
    known = [(sign * row[rule], row["target"]) for row in rows if row[rule] is not None]
    scores, targets = zip(*known, strict=True)
    if min(len(set(scores)), len(set(targets))) < 2:
        return 0.0
    return float(stats.spearmanr(scores, targets).statistic)


def summary(each: list[float], digits: int = 2) -> dict[str, Any]:
    """Over seeds: mean, sample standard deviation, Student's 95 % interval, and each."""
    low, high = interval(each)
    found = {"mean": statistics.fmean(each), "std": statistics.stdev(each)}
    found |= {"low": low, "high": high}
    rounded: dict[str, Any] = {name: round(value, digits) for name, value in found.items()}
    return rounded | {"each": [round(value, digits) for value in each]}


def over_seeds(rows: list[Row], measured: Callable[[list[Row]], float]) -> dict[str, Any]:
    return summary([measured(group) for group in grouped(rows, lambda row: row["seed"])])


def told(rows: list[Row], rule: str | None) -> Iterator[tuple[str, Any]]:
    for name in ("checkpoint", "lambda", "all"):

        def measured(of_a_seed: list[Row], name: str = name) -> float:
            return statistics.fmean(regret(group, rule) for group in choices(of_a_seed)[name])

        yield name, over_seeds(rows, measured)
    if rule is not None:
        yield "rank", over_seeds(rows, lambda of_a_seed: rank(of_a_seed, rule))


def one_of(values: list[Any]) -> Any:
    if len(set(values)) != 1:
        raise SystemExit(f"The runs differ in more than they should: {set(values)}.")
    return values[0]


def write() -> None:
    planned = plan(from_toml(PLAN))
    runs, recipes = read(planned), [one.recipe for one in planned]
    steps = one_of([recipe.steps for recipe in recipes])
    rows = [row for run in runs for row in run["candidates"] if row["step"] % EVERY == 0]
    seconds = [run["seconds"]["a checkpoint"] for run in runs]
    data = {
        "command": "dann sweep benchmarks/selection.toml --keep-every 100 --out runs/selection; "
        "python benchmarks/selection.py score; python benchmarks/selection.py write",
        "build": one_of([run["build"] for run in runs]),
        "torch": one_of([run["torch"] for run in runs]),
        "steps": steps,
        "every": EVERY,
        "seeds": len({recipe.seed for recipe in recipes}),
        "recipes": len({recipe.optimiser for recipe in recipes}),
        "lambdas": len({recipe.lambda_ for recipe in recipes}),
        "runs": len(runs),
        "candidates": len(rows),
        "seconds": round(statistics.median(seconds), 1),
        "rules": {rule: {"text": RULES[rule].text} | dict(told(rows, rule)) for rule in RULES},
        "chance": dict(told(rows, None)),
        "best": over_seeds(rows, lambda group: 100 * max(row["target"] for row in group)),
        "last": [
            {k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()}
            for row in rows
            if row["step"] == steps
        ],
    }
    with written_whole(DATA) as temporary:
        temporary.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8", newline="\n")
    for rule, found in data["rules"].items():
        print(rule, {k: (v["mean"], v["low"], v["high"]) for k, v in found.items() if k != "text"})


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["score", "write"])
    if parser.parse_args().what == "write":
        write()
    else:
        score_all()


if __name__ == "__main__":
    main()
