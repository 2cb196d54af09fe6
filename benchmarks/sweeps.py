"""What do two workers bring, and how large can a sweep be?

    python benchmarks/sweeps.py                  # all of it, some minutes
    python benchmarks/sweeps.py --only plan table

"workers": the same runs by ``dann sweep``'s own cluster with one worker and with two, in turns. The
clock starts when every worker has made a first run, so that neither the start of processes nor
their imports count. "plan" makes a plan of 10,000 runs and lists what there is of each. "table"
reads 10,000 results and makes a table and a page of them. "start" is ``dann train`` for one step
without a map. Where others use the machine, the processor's seconds tell more than the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dann_lab.sweeps import report
from dann_lab.sweeps.cluster import local
from dann_lab.sweeps.plan import Planned, plan, typed
from dann_lab.sweeps.sweep import survey, sweep
from dann_lab.sweeps.table import find, table

MANY = 10_000
AXES = ["lambda=0,0.1,1,paper", "dropout=0,0.5", "batch-norm=true,false", "beta1=0.5,0.9"]


def runs(seeds: int, *grid: str) -> list[Planned]:
    one = typed(list(grid))
    one.add_seeds(seeds, "--seeds")
    return plan([one])


class Watch:
    """How long a block takes, by the clock and by this process's processor time."""

    def __enter__(self) -> Watch:
        self.began = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.clock = time.perf_counter() - self.began[0]
        self.processor = time.process_time() - self.began[1]

    def __str__(self) -> str:
        return f"{self.clock:.2f} (CPU {self.processor:.2f})"


def load() -> float:
    """How many processes want a core, on average over a minute."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")


def seconds_of_runs(workers: int, each: int, steps: int, folder: Path) -> float:
    """The seconds a run that ``workers`` take together for ``each`` runs a worker."""
    warm = survey(runs(workers, f"steps={steps}", "lambda=0"), folder / "warm")
    todo = survey(runs(workers * each, f"steps={steps}", "lambda=1"), folder / "runs")
    with local(workers) as client:
        sweep(warm, folder / "warm", client)
        began = time.perf_counter()
        sweep(todo, folder / "runs", client)
        taken = time.perf_counter() - began
    assert todo.counts()["done"] == workers * each
    assert len({line.worker for line in todo.lines.values()}) == workers
    return taken / (workers * each)


def measure_workers(rounds: int, each: int, steps: int) -> list[str]:
    found: dict[int, list[float]] = {1: [], 2: []}
    for k in range(rounds):
        for workers in (1, 2) if k % 2 == 0 else (2, 1):
            with tempfile.TemporaryDirectory() as folder:
                found[workers].append(seconds_of_runs(workers, each, steps, Path(folder)))
    ratios = [one / two for one, two in zip(found[1], found[2], strict=True)]
    each_round = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    one, two = (statistics.median(found[workers]) for workers in (1, 2))
    return [
        f"| {steps} steps: seconds a run, 1 worker | {one:.2f} | |",
        f"| the same, 2 workers | {two:.2f} | |",
        f"| runs of 2 workers / of 1 | {statistics.median(ratios):.2f} ({each_round}) "
        "| at least 1.8 on 2 idle cores |",
    ]


def measure_plan(number: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder, Watch() as watch:
        planned = runs(number // 32, *AXES)
        progress = survey(planned, folder)
        listed = "\n".join(f"{name}: {line.now}" for name, line in progress.lines.items())
    assert len(listed.splitlines()) == len(planned)
    return [f"| a plan of {len(planned):,} runs made and listed, s | {watch} | under 2 |"]


def write_results(planned: list[Planned], out: Path) -> None:
    """Small files as finished runs have them, every number but the accuracy as it would be."""
    for k, one in enumerate(planned):
        folder = out / one.name
        folder.mkdir(parents=True)
        accuracy = {"source": 0.9, "target": 0.5 + k % 97 / 400, "domain": 0.6}
        content = {
            "recipe": one.recipe.to_dict(),
            "seed": one.recipe.seed,
            "steps": one.recipe.steps,
            "data": {
                "pair": "stripes",
                "id": "stripes-v1-seed0",
                "seed": 0,
                "code_version": 1,
                "sha256": "0" * 64,
            },
            "data_options": one.data.options(),
            "accuracy": accuracy,
            "test_images": 400,
            "device": "CPU, 1 thread",
            "threads": 1,
            "seconds": 12.3,
            "steps_per_second": 32.5,
            "versions": dict.fromkeys(("python", "torch", "torchvision", "numpy", "dann"), "1.0"),
        }
        (folder / "metrics.json").write_text(
            json.dumps(content, indent=2) + "\n", encoding="utf-8", newline="\n"
        )


def measure_table(number: int) -> list[str]:
    planned = runs(number // 32, *AXES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_results(planned, folder)
        with Watch() as reading:
            made = table(find([folder]))
        with Watch() as again:
            surveyed = survey(planned, folder)
        with Watch() as writing:
            page = report.page(made, folder)
    assert sum(row.n for row in made.rows) == surveyed.counts()["done"] == len(planned)
    return [
        f"| a table of {len(planned):,} runs read, s | {reading} | under 10 |",
        f"| its page, s and MB | {writing}, {len(page) / 1e6:.1f} | |",
        f"| the same sweep again, all runs done, s | {again} | |",
    ]


def measure_start(rounds: int) -> list[str]:
    found = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "dann_lab", "train", "--pair", "stripes", "--no-map"]
            command += ["--steps", "1", "--threads", "1", "--out", str(Path(folder, "run"))]
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            found.append(time.perf_counter() - began)
    each = ", ".join(f"{seconds:.1f}" for seconds in found)
    middle = statistics.median(found)
    return [f"| `dann train --steps 1 --no-map`, s | {middle:.1f} ({each}) | well under 8 |"]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--each", type=int, default=4, help="runs a worker")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--many", type=int, default=MANY)
    parts: dict[str, Callable[[argparse.Namespace], list[str]]] = {
        "workers": lambda given: measure_workers(given.rounds, given.each, given.steps),
        "plan": lambda given: measure_plan(given.many),
        "table": lambda given: measure_table(given.many),
        "start": lambda given: measure_start(given.rounds),
    }
    parser.add_argument("--only", nargs="+", choices=list(parts), default=list(parts))
    given = parser.parse_args(arguments)
    print("| what | measured | target |\n| --- | --- | --- |")
    before = load()
    for name in given.only:
        print("\n".join(parts[name](given)), flush=True)
    print(f"\nLoad {before:.1f} before, {load():.1f} after, the measurement's own included.")


if __name__ == "__main__":
    main()
