"""Has a change made a training step slower? Two versions of this project take turns.

    python benchmarks/versions.py COMMIT [--pair stripes] [--presets quick seed] [--rounds N]

COMMIT's files are taken from git into a temporary folder. Each version trains in a process of its
own, and only one of the two works at a time: a block of steps each, every other round backwards.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
BLOCK = 10

# What both versions can run: names that are older than either.
WORKER = """
import sys, time, torch
from dann_core.datasets import load_pair
from dann_core.recipe import preset
from dann_core.training import Trainer

torch.set_num_threads(1)
pair, name, block = sys.argv[1], sys.argv[2], int(sys.argv[3])
steps = iter(Trainer(load_pair(pair), preset(name)))
for _ in sys.stdin:
    began = time.process_time()
    for _ in range(block):
        next(steps)
    print((time.process_time() - began) / block, flush=True)
"""


class Version:
    """A process that trains with the files of one folder, a block of steps when it is asked."""

    def __init__(self, folder: Path, pair: str, preset: str):
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER, pair, preset, str(BLOCK)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
            encoding="utf-8",
        )

    def block(self) -> float:
        """Processor seconds a step."""
        assert self.process.stdin
        assert self.process.stdout
        print(file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())

    def end(self) -> None:
        self.process.communicate()


def files_of(commit: str, folder: Path) -> None:
    packed = subprocess.run(
        ["git", "archive", "--format=tar", commit], cwd=ROOT, check=True, capture_output=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("commit")
    parser.add_argument("--pair", default="stripes")
    parser.add_argument("--presets", nargs="+", default=["quick", "seed", "deep"])
    parser.add_argument("--rounds", type=int, default=14)
    args = parser.parse_args()
    print("| preset | before, CPU ms a step | now | now / before, by round: min / median / max |")
    print("| --- | ---: | ---: | :---: |")
    with tempfile.TemporaryDirectory() as folder:
        files_of(args.commit, Path(folder))
        for preset in args.presets:
            before, now = (Version(place, args.pair, preset) for place in (Path(folder), ROOT))
            both = [before, now]
            for version in both:
                version.block()  # to warm up
            rounds: list[dict[Version, float]] = []
            for number in range(args.rounds):
                turn = both if number % 2 == 0 else both[::-1]
                rounds.append({version: version.block() for version in turn})
            for version in both:
                version.end()
            ratios = sorted(found[now] / found[before] for found in rounds)
            was, is_ = (1000 * median(found[v] for found in rounds) for v in both)
            spread = f"{ratios[0]:.2f} / {median(ratios):.3f} / {ratios[-1]:.2f}"
            print(f"| {preset} | {was:.1f} | {is_:.1f} | {spread} |", flush=True)


if __name__ == "__main__":
    main()
