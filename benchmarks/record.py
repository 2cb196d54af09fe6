"""Record the runs that ship with the project: source only, lambda 0 and DANN, on both pairs.

    python benchmarks/record.py train [--seed N]   # the runs into runs/recorded-*, resumable
    python benchmarks/record.py write              # their curves and maps into dann_lab/runs/
    python benchmarks/record.py networks           # and the networks that read a drawn digit

`train` is `dann train` but for its snapshots, which it takes close together at the start, where
most happens. `write` draws PCA, t-SNE and UMAP maps, each frame going on from the one before, and
keeps what a page needs to show them: coordinates in 16 bits, no images. `networks` keeps the
weights of source only and DANN on MNIST -> MNIST-M, in half precision, if the runs are those that
are recorded: with OMP_NUM_THREADS=1 they are, bit for bit.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.progress import track as progress

from dann_core.datasets import NAMES
from dann_core.devices import describe_device
from dann_core.domains import Split
from dann_core.errors import CheckpointError
from dann_core.files import written_whole
from dann_core.observing import keep_snapshot
from dann_core.recipe import preset
from dann_core.trained import Trained, load_trained
from dann_core.training import Trainer
from dann_lab.maps.layouts import METHODS
from dann_lab.runs import halves, kept, recordings
from dann_lab.runs.folder import CHECKPOINT, Data, RunFolder, Saved

ROOT = Path(__file__).parent.parent
PAIRS = {"mnist": ("quick", 4000), "stripes": ("deep", 800)}
"""Which preset is recorded on each pair, and how many steps."""
SHORT = {"mnist": "MNIST-M", "stripes": "stripes"}
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "source": ("source only", {"mode": "source"}),
    "still": ("lambda 0", {"lambda_": 0.0}),
    "dann": ("DANN", {}),
}

READERS = {"source": "Source only", "dann": "DANN"}
"""The networks that read a drawn digit, by kind, and their names on the page."""


def looked_at(step: int, last: int) -> bool:
    """Whether there is to be a snapshot: 0, 10, 25, 50, 75, 100, 150 to 500, then every 100; of a
    short run every 25."""
    every = 25 if step <= 100 or last <= 1000 else 50 if step <= 500 else 100
    return step == 10 or step % every == 0 or step == last


def train(folder: Path, seed: int) -> None:
    for name, (chosen, steps) in PAIRS.items():
        data = Data(name)
        pair = data.load()
        for kind, (text, changes) in KINDS.items():
            recipe = preset(chosen, steps=steps, seed=seed, **changes)
            there = folder / f"recorded-{name}-{kind}"
            try:
                run = Saved.read(there).resume(pair, "auto")
            except CheckpointError:
                there.mkdir(parents=True, exist_ok=True)
                run = RunFolder(there, data, Trainer(pair, recipe))
                look(run.trainer)
            left = range(recipe.steps - run.trainer.step)
            where = describe_device(run.trainer.device)
            for _ in progress(left, description=f"{name}, {text} on {where}"):
                record = next(run.trainer)
                if looked_at(record.step, recipe.steps):
                    look(run.trainer)
                if record.step % 200 == 0 or record.step == recipe.steps:
                    run.save()


def look(trainer: Trainer) -> None:
    trainer.evaluate(1000)
    keep_snapshot(trainer)


def write(folder: Path) -> None:
    made = []
    for name in PAIRS:
        for kind, (text, _) in KINDS.items():
            saved = Saved.read(folder / f"recorded-{name}-{kind}")
            history, data = kept.history(saved), saved.build_id
            for method in METHODS:
                show = partial(progress, description=f"{name}, {text}, {method}")
                kept.draw(history.snapshots, method, show)
            about = (
                f"Recorded on {date.today():%d %B %Y} on 2 CPU cores with PyTorch "
                f"{torch.__version__.split('+')[0]}, data {data}"
            )
            names = NAMES[name]
            made.append(
                recordings.track(title(text, name), about, saved.recipe, history, data, names)
            )
    with written_whole(recordings.RECORDED) as temporary:
        temporary.write_bytes(recordings.packed(made))
    print(f"{recordings.RECORDED.name}: {recordings.RECORDED.stat().st_size / 1e6:.2f} MB")


def write_networks(folder: Path) -> None:
    made = []
    for kind, name in READERS.items():
        saved = Saved.read(folder / f"recorded-mnist-{kind}")
        require_recorded(saved, KINDS[kind][0])
        trained = load_trained(saved.folder / CHECKPOINT)
        halved = halves.trained_from(halves.plain(trained, name))
        pair, steps = saved.data.load(), len(kept.history(saved))
        right = [share_right(halved, there.test) for there in (pair.source, pair.target)]
        about = (
            f"{name} is as the recorded run left it after {steps:,} steps. In half precision it "
            f"reads {right[0]:.1%} of MNIST's {len(pair.source.test):,} test digits and "
            f"{right[1]:.1%} of MNIST-M's."
        ).replace("%", " %")
        print(about)
        made.append(halves.plain(trained, name, about))
    with written_whole(halves.RECORDED) as temporary:
        temporary.write_bytes(halves.packed(made))
    print(f"{halves.RECORDED.name}: {halves.RECORDED.stat().st_size / 1e6:.2f} MB")


def require_recorded(saved: Saved, text: str) -> None:
    """End unless it is the run that is recorded, number by number."""
    (there,) = (one for one in recordings.recorded() if one.title == title(text, "mnist"))
    here = recordings.track("", "", saved.recipe, kept.history(saved), there.data, there.names)
    curves = ((here.curves[name].y, curve.y) for name, curve in there.curves.items())
    if not all(np.array_equal(*both, equal_nan=True) for both in curves):
        sys.exit(
            f"{saved.folder} is not the run that is recorded: other rounding, such as that of "
            "another number of threads, gives another run. Train it with OMP_NUM_THREADS=1, or "
            "write both."
        )


def title(text: str, pair: str) -> str:
    return f"{text}, {SHORT[pair]} (recorded)"


def share_right(trained: Trained, split: Split) -> float:
    return float((trained.predict(split.images).labels == split.labels).float().mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("train", "write", "networks"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=ROOT / "runs")
    arguments = parser.parse_args()
    if arguments.what == "train":
        train(arguments.folder, arguments.seed)
    elif arguments.what == "write":
        write(arguments.folder)
    else:
        write_networks(arguments.folder)


if __name__ == "__main__":
    main()
