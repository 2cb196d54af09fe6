"""Whether memory stays flat: a long training beside the page with a live map.

    python benchmarks/long.py [--pair digits|mnist] [--preset quick|seed] [--map t-SNE|UMAP|PCA]
                              [--steps N] [--minutes N]

`dann dashboard` and Chromium on this machine; every 15 seconds the resident memory of the kernel
and of the browser with all its processes, and the page's JavaScript heap after a collection. Memory
shared by the browser's processes counts once for each. Ends with the training, or after so many
minutes of it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psutil
from live import CHROMIUM_FLAGS, PATIENCE, read, serving

from dann_core.devices import choose_threads

EVERY = 15.0
"""The seconds between two samples."""
SETTLING = 5.0
"""The minutes after which memory is to stand still."""


class Sample(NamedTuple):
    """Minutes since the training began, steps and frames so far, and MB: of the kernel, of the
    browser, of its JavaScript heap, and of the history's snapshots, a part of the kernel's."""

    minutes: float
    step: int
    frames: int
    kernel: float
    browser: float
    heap: float
    snapshots: float


def megabytes(named: str) -> float:
    """Resident, of this process's descendants whose command has ``named`` in it."""
    total = 0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it may have ended meanwhile
            if named in " ".join(process.cmdline()):
                total += process.memory_info().rss
    return total / 1e6


def watch(chosen: argparse.Namespace) -> list[Sample]:
    """Train, and look every :data:`EVERY` seconds."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
    samples: list[Sample] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        serving(Path(folder), choose_threads()) as url,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(PATIENCE * 1000)
        devtools = page.context.new_cdp_session(page)
        settings = f"pair={chosen.pair}&preset={chosen.preset}&steps={chosen.steps}"
        page.goto(f"{url}#{settings}", wait_until="commit")
        page.wait_for_selector('[data-action="train"]:enabled')
        page.select_option('[data-choice="map"]', chosen.map)
        page.click('[data-action="train"]')
        begin = time.monotonic()
        while True:
            page.wait_for_timeout(1000 * EVERY)
            sample = look(devtools, Path(folder) / "log", (time.monotonic() - begin) / 60)
            samples.append(sample)
            print(row(sample), flush=True)
            if sample.step >= chosen.steps or sample.minutes >= chosen.minutes:
                break
        browser.close()
    return samples


def look(devtools: Any, log: Path, minutes: float) -> Sample:
    steps, frames = read(log)
    devtools.send("HeapProfiler.collectGarbage")
    heap = devtools.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    done = steps[-1].number if steps else 0
    snapshots = frames[-1].bytes / 1e6 if frames else 0.0
    sizes = megabytes("ipykernel"), megabytes("chrom"), heap, snapshots
    return Sample(minutes, done, len(frames), *sizes)


HEAD = (
    "| minutes | step | frames | kernel MB | browser MB | JS heap MB | snapshots MB |\n"
    "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def row(sample: Sample) -> str:
    minutes, step, frames, *sizes = sample
    cells = [f"{minutes:.1f}", f"{step:,}", f"{frames:,}", *(f"{size:.1f}" for size in sizes)]
    return f"| {' | '.join(cells)} |"


def growth(samples: list[Sample]) -> str:
    """From the first minute after :data:`SETTLING` to the last minute, medians of each."""
    settled = [s for s in samples if s.minutes >= SETTLING]
    if not settled or settled[-1].minutes < SETTLING + 2:
        return f"Too short to tell: memory is to stand still after {SETTLING:g} minutes."
    early = [s for s in settled if s.minutes < settled[0].minutes + 1]
    late = [s for s in settled if s.minutes > settled[-1].minutes - 1]
    lines = [
        f"| from minute {early[0].minutes:.0f} to {late[-1].minutes:.0f} | MB | growth | |",
        "| --- | --- | ---: | ---: |",
    ]
    for name in ("kernel", "browser", "heap", "snapshots"):
        before, after = (median(getattr(s, name) for s in part) for part in (early, late))
        change = after - before
        lines.append(
            f"| {name} | {before:.0f} → {after:.0f} | {change:+.1f} MB | {change / before:+.1%} |"
        )
    return "\n".join(lines)


def main(given: list[str]) -> None:
    parser = argparse.ArgumentParser(description="Whether memory stays flat in a long training.")
    parser.add_argument("--pair", choices=("digits", "mnist"), default="mnist")
    parser.add_argument("--preset", choices=("quick", "seed"), default="seed")
    parser.add_argument("--map", choices=("PCA", "t-SNE", "UMAP"), default="t-SNE")
    parser.add_argument("--steps", type=int, default=8600)
    parser.add_argument("--minutes", type=float, default=30.0, help="at most (30)")
    chosen = parser.parse_args(given)
    print(f"pair {chosen.pair}, preset {chosen.preset}, {chosen.map}, {chosen.steps:,} steps\n")
    print(HEAD, flush=True)
    print("\n" + growth(watch(chosen)))


if __name__ == "__main__":
    main(sys.argv[1:])
