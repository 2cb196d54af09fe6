"""Maps that go on from the last frame: how long a frame takes, and how far points move for it.

    python benchmarks/maps.py [--pair digits|mnist] [--points N] [--steps N] [--every N]
        [--frames N]

A "quick" DANN trains for a few hundred steps; every 100 steps the features of N points, half source
and half target, are kept.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from statistics import median

import numpy as np
import torch
from sklearn.neighbors import NearestNeighbors

from dann_core.datasets import load_pair
from dann_core.domains import Domain
from dann_core.evaluation import features
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.maps.layouts import METHODS
from dann_lab.maps.moving import Mapper, warm_up
from dann_lab.maps.points import Floats

NEIGHBOURS = 15

Frame = Callable[[Floats], Floats]
Clocks = tuple[float, float]


def snapshots(pair_name: str, points: int, steps: int, every: int) -> list[Floats]:
    """The features of the same points after every so many steps: [N, 2352] each."""
    pair = load_pair(pair_name)
    images = torch.cat([_images(domain, points // 2) for domain in (pair.source, pair.target)])
    trainer = Trainer(pair, preset("quick", steps=steps))
    return [
        features(trainer.model, pair, images).numpy()
        for record in trainer
        if record.step % every == 0
    ]


def _images(domain: Domain, n: int) -> torch.Tensor:
    # The digits have 400 test images each: the rest are images that it was trained on.
    return torch.cat([domain.test.images, domain.train.images])[:n]


def moved(frame: Floats, last: Floats) -> float:
    """How far a point moved on average, in percent of the map's width."""
    width = np.ptp(last, axis=0).max()
    return float(100 * np.linalg.norm(frame - last, axis=1).mean() / width)


def kept(values: Floats, positions: Floats) -> float:
    """The percentage of the 15 nearest neighbours in the features that are so on the map."""
    here, there = (
        NearestNeighbors(n_neighbors=NEIGHBOURS).fit(points).kneighbors(return_distance=False)
        for points in (values, positions)
    )
    same = [len(np.intersect1d(a, b)) for a, b in zip(here, there, strict=True)]
    return 100 * float(np.mean(same)) / NEIGHBOURS


def clocked(make: Callable[[], Floats]) -> tuple[Floats, Clocks]:
    """What ``make`` gives, with the seconds of the clock and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = make()
    return made, (time.perf_counter() - wall, time.process_time() - cpu)


def row(name: str, ready: float, fresh: Callable[[], Frame], film: list[Floats], n: int) -> str:
    """One method's film, then ``n`` frames of its last features; ``fresh`` begins another film."""
    frame = fresh()
    last, (first, _) = clocked(lambda: frame(film[0]))
    drifts, rests, clocks = [], [], []
    for values in film[1:]:
        last, before = frame(values), last
        drifts.append(moved(last, before))
    going_on = kept(film[-1], last)
    for _ in range(n):
        (last, took), before = clocked(lambda: frame(film[-1])), last
        rests.append(moved(last, before))
        clocks.append(took)
    wall, cpu = (median(clock) for clock in zip(*clocks, strict=True))
    scratch = kept(film[-1], fresh()(film[-1]))
    return (
        f"| {name} | {ready:.1f} | {first:.2f} | {wall:.2f} | {cpu:.2f} | {np.mean(rests):.2f} | "
        f"{max(rests):.2f} | {', '.join(f'{drift:.1f}' for drift in drifts)} | "
        f"{going_on:.0f} / {scratch:.0f} |"
    )


def film_by(method: str) -> Callable[[], Frame]:
    """Films by a `Mapper`."""

    def fresh() -> Frame:
        mapper = Mapper()
        return lambda values: mapper.frame(values, method)

    return fresh


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pair", default="digits", choices=["digits", "mnist"])
    parser.add_argument("--points", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=400, help="of training")
    parser.add_argument("--every", type=int, default=100, help="steps from a frame to the next")
    parser.add_argument("--frames", type=int, default=10, help="with unchanged features")
    args = parser.parse_args(argv)

    films = {method: film_by(method) for method in METHODS}
    ready = {method: warm_up(method) for method in METHODS}
    torch.set_num_threads(1)
    values = snapshots(args.pair, args.points, args.steps, args.every)
    print(
        "| map | warm-up s | first frame s | frame s | its CPU s | same features: mean move % "
        f"| most % | moves {args.every} steps apart % | neighbours kept %: film / from scratch |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: |")
    for name, fresh in films.items():
        print(row(name, ready[name], fresh, values, args.frames), flush=True)


if __name__ == "__main__":
    main()
