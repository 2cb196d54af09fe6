"""What a training in a thread of its own costs, alone and beside a second team of OpenMP's threads.

    python benchmarks/threads.py [--pair digits|mnist] [--rounds N] [--steps N]

A team is what PyTorch starts in each thread that uses more than one. "beside another team" is a
process whose first thread has had one; each contender is a process of its own, taking turns.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from statistics import median

PLACES = ("first thread", "own thread", "own thread, beside another team")
WARM_UP = 50


def speed(pair: str, place: str, steps: int) -> float:
    """Steps a second of preset "seed" in this process."""
    import torch

    from dann_core.datasets import load_pair
    from dann_core.recipe import preset
    from dann_core.training import Trainer

    threads = torch.get_num_threads()
    if place == PLACES[1]:
        torch.set_num_threads(1)  # in this thread: it starts no team
    loaded = load_pair(pair)
    if place == PLACES[2]:
        torch.rand(1000, 1000) @ torch.rand(1000, 1000)
    found: list[float] = []

    def train() -> None:
        torch.set_num_threads(threads)
        trainer = Trainer(loaded, preset("seed", steps=WARM_UP + steps))
        for _ in range(WARM_UP):
            next(trainer)
        begin = time.perf_counter()
        for _ in trainer:
            pass
        found.append(steps / (time.perf_counter() - begin))

    if place == PLACES[0]:
        train()
    else:
        thread = threading.Thread(target=train)
        thread.start()
        thread.join()
    return found[0]


def main(given: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pair", choices=("digits", "mnist"), default="digits")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--place", choices=PLACES, help=argparse.SUPPRESS)
    chosen = parser.parse_args(given)
    if chosen.place:
        print(speed(chosen.pair, chosen.place, chosen.steps))
        return
    found: dict[str, list[float]] = {place: [] for place in PLACES}
    options = ["--pair", chosen.pair, "--steps", str(chosen.steps)]
    for _ in range(chosen.rounds):
        for place in PLACES:
            command = [sys.executable, __file__, *options, "--place", place]
            ended = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
            found[place].append(float(ended.stdout))
    print("| training in | steps/s | rounds |\n| --- | ---: | --- |")
    for place, speeds in found.items():
        each = ", ".join(f"{s:.1f}" for s in speeds)
        print(f"| {place} | {median(speeds):.1f} | {each} |")


if __name__ == "__main__":
    main()
