"""What the live page costs: `dann dashboard` and Chromium on this machine, against no page at all.

    python benchmarks/live.py [--pair digits|mnist] [--preset quick|seed] [--rounds N] [--steps N]
                              [--threads N ...] [--map "" PCA t-SNE UMAP]

* Speed: steps a second beside the page, and without it in a process of its own; the same recipe,
  pair and evaluations, taking turns. With the number of threads that this machine chooses while it
  is quiet, then with one. With ``--map``, a visit with each of these maps, from its first frame on;
  "" is no map. "mnist" has the 500 + 500 points that the targets are about, "digits" 400 + 400.
* Latency: from a key press on the slider, and from the message that follows it, to the start of the
  first training step that has the new lambda.
* Traffic: what the websocket carries while training, before compression, in both directions.
* Where the time goes: the processor time of each part, for a second of training.

The page is the dashboard's own, but for a lambda door that writes down when a step asks.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import nbformat
import psutil

from dann_lab.figures.curves import FIGURES

TARGETS = {"speed": 0.9, "speed with a map": 0.8, "latency": 150, "traffic": 100}
WARM_UP = 100
"""The number of steps before a stopwatch starts: some seconds, in which the page draws for the
first time."""
MOVES = 20
BETWEEN_MOVES = (0.5, 0.9)
"""The seconds between two moves, in turn, so that moves fall anywhere in a step."""
PATIENCE = 300
"""The seconds until a page that does not answer ends the benchmark."""
ALL_STEPS = 20_000
"""The number of steps of the recipe; nobody waits for them."""

PAGE = """
import os, threading, time
from dann_core.snapshots import Snapshots
from dann_lab.live import session as sessions
from dann_lab.live.dashboard import dashboard

log = open(os.environ["DANN_LIVE_LOG"], "a", buffering=1, encoding="utf-8")

class Logged(sessions.LambdaControl):
    def __call__(self, step, progress):
        lambda_ = super().__call__(step, progress)
        log.write(f"{time.time()} {step} {lambda_}\\n")
        if step % 100 == 0:
            for thread in threading.enumerate():
                log.write(f"thread {thread.native_id} {thread.name} .\\n")
        return lambda_

sessions.LambdaControl = Logged
sessions.choose_threads = lambda: int(os.environ["DANN_LIVE_THREADS"])

add_map = Snapshots.add_map

def noted(snapshots, *given):
    add_map(snapshots, *given)
    log.write(f"{time.time()} {snapshots.nbytes}\\n")

Snapshots.add_map = noted
dashboard()
"""

SERVE = """
import sys
from pathlib import Path
from dann_lab.serve.servers import serve_dashboard
serve_dashboard(Path(sys.argv[1]), port=0, open_browser=False)
"""

WATCH = """
window.moved = []; window.sent = [];
addEventListener("input", (event) => {
  const { dataset, value } = event.target;
  if (dataset.lambda === "slider") moved.push([Date.now(), Number(value)]);
}, true);
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  const text = typeof data === "string" ? data : new TextDecoder().decode(data);
  const value = /"type":\\s*"lambda"/.test(text) && /"value":\\s*([0-9.]+)/.exec(text);
  if (value) sent.push([Date.now(), Number(value[1])]);
  return send.call(this, data);
};
"""

PARTS = {
    "MainThread": "the kernel's answers",
    "dann-training": "training",
    "dann-map": "the map",
}
"""What the kernel's threads do, by their names."""
HELPERS = "other threads of the kernel"
PROCESSES = {
    "ipykernel": HELPERS,
    "--type=renderer": "the page's scripts",
    "--type=gpu-process": "painting the page",
    "chrom": "the rest of the browser",
    "-c": "the server",
}
"""What processes do, by a part of their commands; the first that fits."""

CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-component-update"]


class Step(NamedTuple):
    """The start of a training step: seconds since 1970, and lambda."""

    time: float
    number: int
    lambda_: float


class Frame(NamedTuple):
    """The end of a map's frame: seconds since 1970, and the bytes of all snapshots then."""

    time: float
    bytes: int


class Live(NamedTuple):
    """One visit: steps a second, frames of the map a second, kB a second, processor seconds a
    second by the part, and, in ms, two latencies of each move."""

    speed: float
    frames: float
    traffic: float
    times: dict[str, float]
    from_key: list[float]
    from_message: list[float]


def speed(starts: list[tuple[int, float]]) -> float:
    """Steps a second after :data:`WARM_UP`, from (step, its start) pairs."""
    (first, begin), (last, end) = starts[WARM_UP], starts[-1]
    return (last - first) / (end - begin)


# Without a page


def headless(pair_name: str, preset_name: str, steps: int, threads: int) -> float:
    """Steps a second in a process of its own."""
    command = [sys.executable, __file__, "--headless", str(threads)]
    command += ["--pair", pair_name, "--preset", preset_name, "--steps", str(steps)]
    return float(subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout)


def train_headless(pair_name: str, preset_name: str, steps: int, threads: int) -> float:
    """Steps a second in this process, with the page's evaluations at the page's moments."""
    import torch

    from dann_core.datasets import load_pair
    from dann_core.recipe import preset
    from dann_core.training import Trainer
    from dann_lab.live.session import LIVE_IMAGES

    pair = load_pair(pair_name)
    torch.set_num_threads(threads)
    trainer = Trainer(pair, preset(preset_name, steps=ALL_STEPS))
    trainer.evaluate(LIVE_IMAGES)
    starts = []
    for step in range(1, steps + 1):
        starts.append((step, time.time()))
        next(trainer)
        if step % 100 == 0 or step in (10, 25, 50):
            trainer.evaluate(LIVE_IMAGES)
    return speed(starts)


# With the page


def times(log: Path) -> dict[str, float]:
    """The processor time so far, in s, of each part of what runs below this process."""
    text = log.read_text(encoding="utf-8") if log.exists() else ""
    names = dict(re.findall(r"^thread (\d+) (\S+)", text, re.MULTILINE))
    found: dict[str, float] = {}
    for process in psutil.Process().children(recursive=True):
        command = " ".join(process.cmdline())
        part = next((part for sign, part in PROCESSES.items() if sign in command), None)
        if part is None:
            continue
        used = sum(process.cpu_times()[:2])
        if part == HELPERS:  # threads come and go, and those that went count in the whole
            for thread in process.threads():
                if name := PARTS.get(names.get(str(thread.id), "")):
                    found[name] = thread.user_time + thread.system_time
                    used -= found[name]
        found[part] = found.get(part, 0) + used
    return found


@contextmanager
def serving(folder: Path, threads: int) -> Iterator[str]:
    """The dashboard's server; yields its address."""
    notebook = folder / "live.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(PAGE)]), notebook)
    environment = {
        "DANN_LIVE_LOG": str(folder / "log"),
        "DANN_LIVE_THREADS": str(threads),
        "DANN_PREPARE_MAPS": "0",  # the map's own warm-up is over when the stopwatch starts
    }
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(notebook)],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert server.stdout
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address, "the server did not start"
        yield address[0]
    finally:
        server.terminate()
        server.wait(20)


def read(log: Path) -> tuple[list[Step], list[Frame]]:
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    rows = [line.split() for line in lines]
    steps = [Step(float(row[0]), int(row[1]), float(row[2])) for row in rows if len(row) == 3]
    return steps, [Frame(float(row[0]), int(row[1])) for row in rows if len(row) == 2]


def visit(
    browser: Any, url: str, log: Path, chosen: argparse.Namespace, method: str, move: bool
) -> Live:
    """Open the page, train beside a map by ``method``, and with ``move`` use the slider; then close
    it."""
    log.unlink(missing_ok=True)
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.add_init_script(WATCH)
    page.set_default_timeout(PATIENCE * 1000)
    carried = [0]

    def count(payload: str | bytes) -> None:
        carried[0] += len(payload)

    def listen(socket: Any) -> None:
        socket.on("framereceived", count)
        socket.on("framesent", count)

    page.on("websocket", listen)
    settings = f"pair={chosen.pair}&preset={chosen.preset}&steps={ALL_STEPS}"
    page.goto(f"{url}#{settings}", wait_until="commit")
    page.wait_for_selector('[data-action="train"]:enabled')
    for name in FIGURES:
        page.locator(f"[data-plot={name}] .main-svg").first.wait_for()
    page.select_option('[data-choice="map"]', method)  # there is one from the start
    if method:
        page.locator("[data-plot=map] .main-svg").first.wait_for()
    carried[0], begin = 0, time.time()
    page.click('[data-action="train"]')
    before, warm = (begin, times(log)), False
    while len((found := read(log))[0]) <= chosen.steps:
        page.wait_for_timeout(500)
        assert time.time() - begin < PATIENCE, "the page does not train"
        if not warm and len(found[0]) > WARM_UP:
            before, warm = (time.time(), times(log)), True
    used, seconds = times(log), time.time() - before[0]
    shares = {part: (now - before[1].get(part, 0)) / seconds for part, now in used.items()}
    traffic = carried[0] / (time.time() - begin) / 1000
    steps, frames = found[0][: chosen.steps], [frame for frame in found[1] if frame.time > begin]
    if move:
        page.focus('[data-lambda="slider"]')
        page.keyboard.press("Home")  # from lambda 1, in the middle of a run, it might collapse
        page.wait_for_timeout(1000)
        page.evaluate("moved.length = sent.length = 0")
        for turn in range(MOVES):
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(1000 * BETWEEN_MOVES[turn % 2])
        page.wait_for_timeout(1000)
    moved, sent = page.evaluate("[moved, sent]")
    page.close(run_before_unload=True)
    applied, _ = read(log)
    return Live(
        speed([(step.number, step.time) for step in steps]),
        len(frames) / (steps[-1].time - begin),
        traffic,
        shares,
        latencies(moved, applied),
        latencies(sent, applied),
    )


def latencies(begun: list[tuple[float, float]], steps: list[Step]) -> list[float]:
    """Milliseconds from each (time in ms, value) to the first step after it with that value."""
    found = []
    for when, value in begun:
        after = [
            s.time * 1000 - when for s in steps if s.time * 1000 >= when and s.lambda_ == value
        ]
        found += after[:1]
    return found


def compare(chosen: argparse.Namespace, threads: int) -> tuple[list[float], dict[str, list[Live]]]:
    """Rounds of a run without and a visit with the page for each map."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
    alone: list[float] = []
    live: dict[str, list[Live]] = {method: [] for method in chosen.map}
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        serving(Path(folder), threads) as url,
    ):
        for turn in range(chosen.rounds):
            alone.append(headless(chosen.pair, chosen.preset, chosen.steps, threads))
            last = turn == chosen.rounds - 1
            for method in chosen.map:
                browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
                found = visit(browser, url, Path(folder) / "log", chosen, method, move=last)
                live[method].append(found)
                browser.close()
    return alone, live


def report(threads: int, alone: list[float], live: dict[str, list[Live]]) -> str:
    """Markdown rows."""
    rows = [row for method, visits in live.items() for row in about_visits(method, alone, visits)]
    head = [
        f"| threads: {threads} | measured | target | rounds |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join(head + [f"| {' | '.join(row)} |" for row in rows])


def about_visits(method: str, alone: list[float], live: list[Live]) -> list[tuple[str, ...]]:
    share = median(visit.speed for visit in live) / median(alone)
    rounds = ", ".join(f"{v.speed:.1f} / {a:.1f}" for v, a in zip(live, alone, strict=True))
    beside = f"{method} map: " if method else ""
    rows = [
        (
            f"{beside}steps/s beside the page / without",
            f"{median(v.speed for v in live):.1f} / {median(alone):.1f} = {share:.0%}",
            f"at least {TARGETS['speed with a map' if method else 'speed']:.0%}",
            rounds,
        )
    ]
    if method:
        frames = median(visit.frames for visit in live)
        rows.append((f"{beside}frames a minute", f"{60 * frames:.0f}", "", ""))
    traffic = median(visit.traffic for visit in live)
    rows.append((f"{beside}websocket, kB/s", f"{traffic:.0f}", f"at most {TARGETS['traffic']}", ""))
    parts = sorted(live[-1].times, key=lambda part: -live[-1].times[part])
    share_of = {part: median(visit.times.get(part, 0) for visit in live) for part in parts}
    told = ", ".join(f"{part} {1000 * share:.0f}" for part, share in share_of.items())
    rows.append((f"{beside}processor, ms/s", told, "", ""))
    for name, found in (
        ("slider to step, ms", live[-1].from_key),
        ("its message to step, ms", live[-1].from_message),
    ):
        rows.append(
            (
                beside + name,
                f"median {median(found):.0f}, max {max(found):.0f}",
                f"under {TARGETS['latency']}",
                f"{len(found)} of {MOVES} moves",
            )
        )
    return rows


def main(given: list[str]) -> None:
    parser = argparse.ArgumentParser(description="What the live page costs.")
    parser.add_argument("--pair", choices=("digits", "mnist"), default="digits")
    parser.add_argument("--preset", choices=("quick", "seed"), default="quick")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each (5)")
    parser.add_argument("--steps", type=int, default=500, help="steps a turn (500)")
    parser.add_argument("--threads", type=int, nargs="+", help="these numbers of threads instead")
    maps = ("", "PCA", "t-SNE", "UMAP")
    parser.add_argument("--map", choices=maps, nargs="+", default=[""], help='"" is no map')
    parser.add_argument("--headless", type=int, metavar="THREADS", help=argparse.SUPPRESS)
    chosen = parser.parse_args(given)
    if chosen.headless:
        print(train_headless(chosen.pair, chosen.preset, chosen.steps, chosen.headless))
        return
    print(f"pair {chosen.pair}, preset {chosen.preset}, {chosen.rounds} rounds of {chosen.steps}\n")
    from dann_core.devices import choose_threads

    for threads in chosen.threads or sorted({choose_threads(), 1}, reverse=True):
        print(report(threads, *compare(chosen, threads)) + "\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
