"""What a snapshot costs: taking it, alone or with an evaluation, in training steps, and what a
run's worth of them takes on the disk.

    python benchmarks/snapshots.py [--pair digits|mnist] [--threads N] [--rounds N] [--block N]

"digits" has 400 test images of each domain, "mnist" the 500 of each that a snapshot looks at.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
from step import arguments, steps, table, take_turns

from dann_core.datasets import load_pair
from dann_core.observing import IMAGES, evaluate_with_snapshot, take_snapshot
from dann_core.recipe import PRESETS, preset
from dann_core.snapshots import Snapshot, Snapshots
from dann_core.training import Trainer

BASE = "a training step"


def on_disk(one: Snapshot) -> str:
    """As many as are ever kept, with three maps each: written and read."""
    drawn = {name: np.zeros((len(one.labels), 2), np.float32) for name in ("PCA", "t-SNE", "UMAP")}
    snapshots = Snapshots()
    for step in count():
        snapshots.add(replace(one, step=step, maps=drawn))
        if len(snapshots) <= step:
            break
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshots.npz"
        started = time.perf_counter()
        snapshots.save(path)
        saved = time.perf_counter()
        Snapshots.load(path)
        loaded = time.perf_counter()
        return (
            f"{len(snapshots)} snapshots, {path.stat().st_size / 1e6:.1f} MB: "
            f"saved in {saved - started:.2f} s, loaded in {loaded - saved:.2f} s"
        )


def main(given: list[str]) -> None:
    chosen = arguments(given, "A snapshot against a training step.", rounds=8)
    pair = load_pair(chosen.pair)
    for name in PRESETS:
        trainer = Trainer(pair, preset(name), device="cpu")
        contenders = {
            BASE: steps(partial(next, trainer), chosen.block),
            "a snapshot": steps(partial(take_snapshot, trainer), 1),
            "an evaluation of the same images": steps(partial(trainer.evaluate, IMAGES), 1),
            "both from one pass": steps(partial(evaluate_with_snapshot, trainer), 1),
            "a snapshot without probe": steps(partial(take_snapshot, trainer, probe=False), 1),
        }
        costs = take_turns(contenders, chosen.rounds)
        print(table(f'preset "{name}"', costs, BASE) + "\n", flush=True)
    print(on_disk(take_snapshot(trainer)))


if __name__ == "__main__":
    main(sys.argv[1:])
