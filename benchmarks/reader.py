"""How long the page's own networks take to read a drawn digit, in headless Chromium.

    python benchmarks/reader.py [--answers N]

From the click that puts another photo behind the digit until the answers of both recorded networks
stand on the page; that begins with the 40 ms for which the page waits for more of the
drawing.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from dann_lab.runs import export, halves, player, recordings

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-component-update"]
TIMES = """
async (answers) => {
  const table = document.querySelector("[data-draw=odds]");
  const other = document.querySelector("[data-action=other]");
  const times = [];
  for (let i = 0; i < answers; i += 1) {
    const start = performance.now();
    const answered = new Promise((resolve) => {
      const seen = new MutationObserver(() => { seen.disconnect(); resolve(); });
      seen.observe(table, { subtree: true, childList: true, attributes: true });
    });
    other.click();
    await answered;
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return times;
}
"""
"""Clicks, and the milliseconds until each answer."""


def measured(answers: int) -> list[float]:
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder, "page.html")
        bundle = player.bundle(recordings.recorded()[:1])
        text = export.page(bundle, "Draw a digit", halves.recorded_networks())
        file.write_text(text, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        page.goto(file.as_uri())
        page.click("[data-action=example]")
        page.locator("[data-draw=behind] input").last.check()
        page.wait_for_selector("[data-draw=odds]:visible")
        page.wait_for_timeout(1000)
        times: list[float] = page.evaluate(TIMES, answers)
        browser.close()
    return times


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--answers", type=int, default=100)
    times = measured(parser.parse_args(arguments).answers)
    size = halves.RECORDED.stat().st_size
    print("| | |\n| --- | ---: |")
    print(f"| both networks on disk, MB | {size / 1e6:.2f} |")
    for name, share in (("median", 50), ("95 of 100 within", 95)):
        print(f"| answer of both, {name}, ms | {np.percentile(times, share):.0f} |")


if __name__ == "__main__":
    main()
