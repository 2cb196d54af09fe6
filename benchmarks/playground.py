"""How many steps a second the playground shows, in a headless Chromium on this machine.

    python benchmarks/playground.py [--rounds N] [--seconds N]

Plays in turns with 1, 3 and 10 steps for each picture, and reads the steps off the page.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import nbformat
from playwright.sync_api import Page, sync_playwright

SERVE = """
import sys
from pathlib import Path
from dann_lab.serve.servers import serve_dashboard
serve_dashboard(Path(sys.argv[1]), port=0, open_browser=False)
"""
CELL = "from dann_lab.lessons.playground import Playground\n\nPlayground()"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-component-update"]
SPEEDS = (1, 3, 10)
WARM_UP = 2.0
"""The seconds of playing before the stopwatch starts."""


def step(page: Page) -> int:
    found = re.match(r"Step ([\d,]+) of", page.inner_text("[data-show=status]"))
    assert found
    return int(found[1].replace(",", ""))


def play(page: Page, speed: int, seconds: float) -> float:
    """Steps a second."""
    page.click("[data-action=reset]")
    page.wait_for_timeout(1000)
    page.select_option("[data-knob=speed]", str(speed))
    page.click("[data-action=play]")
    page.wait_for_timeout(1000 * WARM_UP)
    begin, first = time.perf_counter(), step(page)
    page.wait_for_timeout(1000 * seconds)
    taken, last = time.perf_counter() - begin, step(page)
    page.click("[data-action=play]")
    return (last - first) / taken


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast the playground plays.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4, help="of each turn")
    chosen = parser.parse_args()
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        notebook = Path(folder) / "playground.ipynb"
        cells = [nbformat.v4.new_code_cell(CELL)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(notebook)],
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        try:
            assert server.stdout
            address = re.search(r"http://\S+", server.stdout.readline())
            assert address, "the server did not start"
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 1100})
            page.set_default_timeout(120_000)
            page.goto(address[0])
            page.wait_for_selector("[data-action=play]:enabled")
            page.wait_for_timeout(4000)
            found: dict[int, list[float]] = {speed: [] for speed in SPEEDS}
            for _ in range(chosen.rounds):
                for speed in SPEEDS:
                    found[speed].append(play(page, speed, chosen.seconds))
            browser.close()
        finally:
            server.terminate()
            server.wait(20)
    print("| steps for each picture | steps/s, median | rounds |")
    print("| --- | --- | --- |")
    for speed, rates in found.items():
        print(f"| {speed} | {median(rates):.0f} | {', '.join(f'{r:.0f}' for r in rates)} |")


if __name__ == "__main__":
    main()
