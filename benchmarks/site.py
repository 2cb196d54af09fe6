"""What the site's front page takes until it plays, and how fast it does, with no Python behind it.

    make site
    python benchmarks/site.py [--site build/site] [--rounds N] [--seconds N]

Each round opens the page anew, with an empty cache, in a headless Chromium on this machine. Sizes
are those of the files as they are, before any compression.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-component-update"]
SITE = Path(__file__).parent.parent / "build" / "site"
SPEEDS = (1, 3, 10)
PLAYGROUND = ".dann-play"
USABLE = f"{PLAYGROUND} [data-action=play]:enabled"
ENGINE_ALONE = """async ({ engine, choices, methods }) => {
  const speeds = {};
  for (const method of methods) {
    const worker = new Worker(URL.createObjectURL(new Blob([engine])));
    worker.postMessage(choices);
    const ask = (question) => new Promise((told) => {
      worker.onmessage = ({ data }) => told(data);
      worker.postMessage({ client: "", wish: 0, figures: false, dark: false, ...question });
    });
    await ask({ type: "set", knobs: { method } });
    for (let i = 0; i < 10; i++) await ask({ type: "step", steps: 20 });
    const began = performance.now();
    for (let i = 0; i < 30; i++) await ask({ type: "step", steps: 20 });
    const played = performance.now();
    for (let i = 0; i < 30; i++) await ask({ type: "look" });
    const pictures = performance.now() - played;
    speeds[method] = {
      whole: 600000 / (played - began),
      training: 600000 / (played - began - pictures),
    };
    worker.terminate();
  }
  return speeds;
}"""
"""Steps a second of the worker by itself: with a picture after every 20 steps, and the training
alone, which is the same less the time of 30 pictures without a step."""
PICTURES = """(seconds) => new Promise((told) => {
  const status = document.querySelector(".dann-play [data-show=status]");
  let [pictures, frames, longest, last] = [0, 0, 0, performance.now()];
  const watch = new MutationObserver(() => pictures++);
  watch.observe(status, { childList: true, characterData: true, subtree: true });
  const began = last;
  const tick = (now) => {
    frames++;
    longest = Math.max(longest, now - last);
    last = now;
    if (now - began < 1000 * seconds) return requestAnimationFrame(tick);
    watch.disconnect();
    const took = (now - began) / 1000;
    told({ pictures: pictures / took, frames: frames / took, longest });
  };
  requestAnimationFrame(tick);
})"""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """``folder`` below a path of a server on this machine; its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def opened(browser: Browser, address: str) -> tuple[Page, list[str], float]:
    """The page once it plays, what it had asked for by then, and after how many seconds."""
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    begin = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(USABLE)
    page.wait_for_function(
        "document.querySelector('.dann-play [data-show=status]').textContent.includes('Step 0')"
    )
    return page, list(asked), time.perf_counter() - begin


def sizes(site: Path, address: str, asked: list[str]) -> dict[str, int]:
    """Bytes of each file of the site that was asked for."""
    paths = {unquote(urlsplit(url).path) for url in asked if url.startswith(address)}
    files = {path.lstrip("/") or "index.html" for path in paths}
    return {name: (site / name).stat().st_size for name in files if (site / name).is_file()}


def step(page: Page) -> int:
    found = re.match(r"Step ([\d,]+) of", page.inner_text(f"{PLAYGROUND} [data-show=status]"))
    assert found
    return int(found[1].replace(",", ""))


def play(page: Page, speed: int, seconds: float) -> tuple[float, dict[str, float]]:
    """Steps a second and what the reader sees of them."""
    page.click(f"{PLAYGROUND} [data-action=reset]")
    page.select_option(f"{PLAYGROUND} [data-knob=speed]", str(speed))
    page.click(f"{PLAYGROUND} [data-action=play]")
    page.wait_for_timeout(200)
    begin, first = time.perf_counter(), step(page)
    seen: dict[str, float] = page.evaluate(PICTURES, seconds)
    rate = (step(page) - first) / (time.perf_counter() - begin)
    if step(page) < 1000:
        page.click(f"{PLAYGROUND} [data-action=play]")
    return rate, seen


def row(*cells: object) -> None:
    print("|", " | ".join(map(str, cells)), "|")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.2, help="of each play")
    chosen = parser.parse_args()
    if not (chosen.site / "index.html").exists():
        parser.error(f"There is no site in {chosen.site}. Make it with: make site")
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))))
    engine = (Path(__file__).parent.parent / "website/built/engine.js").read_text(encoding="utf-8")
    with served(chosen.site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        taken = []
        for _ in range(chosen.rounds):
            page, asked, seconds = opened(browser, address)
            taken.append(seconds)
            page.close()
        files = sizes(chosen.site, address, asked)
        print(f"Until the page plays: {median(taken):.2f} s ({min(taken):.2f} to {max(taken):.2f})")
        print(f"{sum(files.values()) / 1000:.0f} kB in {len(files)} files by then:")
        for name, size in sorted(files.items(), key=lambda item: -item[1]):
            row(name, f"{size / 1000:.1f} kB")
        page, _, _ = opened(browser, address)
        page.wait_for_timeout(2000)
        row("steps for each picture", "steps/s", "pictures/s", "frames/s", "longest frame, ms")
        row("---", "---:", "---:", "---:", "---:")
        for speed in SPEEDS:
            found = [play(page, speed, chosen.seconds) for _ in range(chosen.rounds)]
            rate = median(rate for rate, _ in found)
            seen = {name: median(s[name] for _, s in found) for name in found[0][1]}
            row(
                speed,
                *(f"{n:.0f}" for n in (rate, seen["pictures"], seen["frames"], seen["longest"])),
            )
        choices = _choices()
        question = {"engine": engine, "choices": choices, "methods": list(choices["method"])}
        alone = [page.evaluate(ENGINE_ALONE, question) for _ in range(chosen.rounds)]
        row("method", "steps/s of the training", "rounds", "steps/s, a picture after every 20")
        row("---", "---:", "---", "---:")
        for method in choices["method"]:
            whole, training = (
                [found[method][of] for found in alone] for of in ("whole", "training")
            )
            rounds = ", ".join(f"{rate:.0f}" for rate in training)
            row(method, f"{median(training):.0f}", rounds, f"{median(whole):.0f}")
        browser.close()


def _choices() -> dict[str, dict[str, str]]:
    from dann_lab.lessons.playground import Playground

    return dict(Playground().choices)


if __name__ == "__main__":
    main()
