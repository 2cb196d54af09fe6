"""How long from the address to a page that can be used: `dann dashboard`, cold and preheated.

    python benchmarks/start.py [--rounds N]

The clock runs from the request until Train can be pressed, in a new profile of Chromium each time.
Cold, Python and PyTorch start after the request; preheated, a kernel with the page already run is
waiting. What that one has in memory is told as well: what it has written itself, and with the code
that no other process has mapped. Between rounds the page is closed and, preheated, the pool fills
again.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import Playwright, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))
from serving import FLAGS, Server, running, wait_until

SECONDS = 240
NOTE_WHEN_USABLE = """
new MutationObserver(() => {
  const train = document.querySelector("[data-action=train]");
  if (train && !train.disabled) window.usable ??= performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
"""Notes the ms since the request; to ask again and again from outside would be half a second
coarse."""
REST = 20
"""The seconds in which a preheated kernel imports PyTorch and loads the digits."""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args(arguments).rounds
    print("| start | median s | each | written, with code, GB |\n| --- | ---: | --- | ---: |")
    for name, preheat in (("cold", 0), ("preheated", 1)):
        with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
            dann = str(Path(sys.executable).with_name("dann"))
            command = [dann, "dashboard", "--no-browser", "--port", "0", "--preheat", str(preheat)]
            with running(command, Path(home)) as server:
                visits = [visit(playwright, server, preheat) for _ in range(rounds)]
        times = [seconds for seconds, _ in visits]
        each = ", ".join(f"{seconds:.1f}" for seconds in times)
        waiting = ", ".join(
            f"{median(kind):.2f}" for kind in zip(*(gb for _, gb in visits), strict=True)
        )
        print(f"| {name} | {median(times):.1f} | {each} | {waiting} |", flush=True)
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}")


def visit(playwright: Playwright, server: Server, preheat: int) -> tuple[float, list[float]]:
    """Seconds until the page can be used, and :func:`private` of the kernel that waited, if one
    did; its kernel is gone when this returns."""
    wait_until(lambda: len(server.kernels()) == preheat, SECONDS, "the kernels wait")
    time.sleep(REST if preheat else 1)
    waiting = server.kernels()
    memory = [gb for kernel in waiting for gb in private(psutil.Process(kernel))]
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    page = browser.new_context().new_page()
    page.add_init_script(NOTE_WHEN_USABLE)
    page.goto(server.url, wait_until="commit", timeout=SECONDS * 1000)
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_enabled(timeout=SECONDS * 1000)
    taken = page.evaluate("window.usable") / 1000
    used = waiting or server.kernels()
    page.close(run_before_unload=True)
    wait_until(lambda: not used & server.kernels(), SECONDS, "the page's kernel ends")
    browser.close()
    return taken, memory


def private(process: psutil.Process) -> tuple[float, float]:
    """GB that it has written, and that it would free by its end, its unshared code included."""
    written = sum(part.private_dirty for part in process.memory_maps())
    return written / 1e9, process.memory_full_info().uss / 1e9


if __name__ == "__main__":
    main()
