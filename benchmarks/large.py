"""Many pictures: what reading them takes, in memory and mapped from a file, and batches of either.

    python benchmarks/large.py [--n N] [--side PIXELS] [--batches N]

N pictures of 64x64 in a temporary folder, every other one a JPEG and a PNG, in ten classes, are the
source; a hundredth of them, without labels, are the target. Each way of reading is a process of its
own, which measures its memory. The second time the file of pixels is there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from dann_core.datasets import own
from dann_core.domains import Batches

CLASSES = 10
WAYS = ("in memory", "mapped, the first time", "mapped, again")


@dataclass(frozen=True)
class Cost:
    """``own_mb``: the memory of this process alone, after the batches; ``file_mb``: what it also
    holds of mapped files, PyTorch's own among them, which the system takes back when it needs room.
    ``digest``: of some batches."""

    seconds: float
    own_mb: float
    file_mb: float
    batch_ms: float
    digest: str


def make(folder: Path, n: int, side: int) -> None:
    """``n`` pictures in folders of classes: coarse noise, made smooth, as photos are."""
    random = np.random.default_rng(0)
    for k in range(CLASSES):
        (folder / f"class{k}").mkdir(parents=True)
    for k in range(n):
        noise = random.integers(0, 256, (8, 8, 3), np.uint8)
        image = Image.fromarray(noise).resize((side, side), Image.Resampling.BICUBIC)
        image.save(folder / f"class{k % CLASSES}" / f"{k:07}.{('jpg', 'png')[k % 2]}")


def measured(source: Path, target: Path, way: str, batches: int) -> Cost:
    """Read the pair in one of the ``WAYS``, then draw batches of 64."""
    if way != WAYS[0]:
        own.IN_MEMORY = 0
    start = time.perf_counter()
    pair = own.from_folders(source, target)
    seconds = time.perf_counter() - start
    drawn, digest = Batches(pair.source.train, min(64, len(pair.source.train)), 0), sha256()
    ready = [next(drawn)[0] for _ in range(10)]  # the first pages
    start = time.perf_counter()
    for _ in range(batches):
        ready[0] = next(drawn)[0]
    batch_ms = (time.perf_counter() - start) / batches * 1000
    for _ in range(10):
        digest.update(next(drawn)[0].numpy().tobytes())
    memory = psutil.Process().memory_info()
    shared = getattr(memory, "shared", 0)
    own_mb = (memory.rss - shared) / 1e6
    return Cost(seconds, own_mb, shared / 1e6, batch_ms, digest.hexdigest())


def apart(folder: Path, way: str, batches: int) -> Cost:
    """:func:`measured` in a process of its own."""
    command = [sys.executable, __file__, "--way", way, "--folder", str(folder)]
    environment = os.environ | {"DANN_CACHE": str(folder / "cache")}
    ended = subprocess.run(
        [*command, "--batches", str(batches)],
        check=True,
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )
    return Cost(**json.loads(ended.stdout.splitlines()[-1]))


def row(way: str, cost: Cost, n: int) -> str:
    return (
        f"| {way} | {cost.seconds:.1f} | {n / cost.seconds:,.0f} | {cost.own_mb:,.0f} | "
        f"{cost.file_mb:,.0f} | {cost.batch_ms:.2f} |"
    )


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--n", type=int, default=100_000, help="pictures of the source")
    parser.add_argument("--side", type=int, default=64, help="of a picture, in pixels")
    parser.add_argument("--batches", type=int, default=2000, help="to be drawn")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.way:
        cost = measured(args.folder / "source", args.folder / "target", args.way, args.batches)
        print(json.dumps(asdict(cost)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder, few = Path(temporary), max(100, args.n // 100)
        start = time.perf_counter()
        make(folder / "source", args.n, args.side)
        make(folder / "target", few, args.side)
        for path in sorted((folder / "target").glob("*/*")):
            path.rename(folder / "target" / path.name)
        print(f"{args.n + few:,} pictures made in {time.perf_counter() - start:.0f} s\n")
        print("| way | reading s | pictures/s | memory MB | of files MB | batch of 64, ms |")
        print("| --- | ---: | ---: | ---: | ---: | ---: |", flush=True)
        costs = []
        for way in WAYS:
            costs.append(apart(folder, way, args.batches))
            print(row(way, costs[-1], args.n + few), flush=True)
        same = len({cost.digest for cost in costs}) == 1
        print(f"\nThe batches are {'the same, bit for bit' if same else 'NOT the same'}.")


if __name__ == "__main__":
    main()
