"""Record the moving picture with which the README begins: lambda moves, and the map merges.

    python benchmarks/moving_picture.py    # writes docs/merging.webp and docs/merging.png

A real run on this machine, on stripes with the preset "deep", shown by the live page in Chromium:
the map is PCA's, coloured by domain, and drawn every 10 steps, oftener than a person's page does. A
hand holds lambda at 0, then pushes the slider to 1. Each picture is the page as it stood, with the
parts that do not fit left out. The still picture, for those who want no motion, is the last one.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))
from serving import FLAGS, page_of, wait_until

from dann_core.files import written_whole

DOCS = Path(__file__).parents[1] / "docs"
STEPS, HELD, PUSHED, LAST = 800, 60, 150, 500
"""The steps of the run; those with lambda 0; those in which the slider goes from 0 to 1; and the
last one that is recorded. (Later the domains may part again and come back, as in any such game.)"""
EVERY = 10
"""The steps between two maps."""
SIZE = {"width": 900, "height": 590}
MILLISECONDS, LAST_MILLISECONDS = 110, 3500
"""How long a picture is shown, and the last one."""
MOST_BYTES = 1_500_000
SECONDS = 900
"""The seconds that a busy machine may take."""
CELL = f"""
from dann_lab.live import live_map, session as sessions
from dann_lab.live.dashboard import Dashboard
from dann_lab.live.settings import Settings
sessions.MAP_EVERY, sessions.MAP_SECONDS, live_map.FRAME_SECONDS = {EVERY}, 0, 0
session = sessions.Session(Settings(pair="stripes", preset="deep", steps={STEPS}, lambda_=0.0))
Dashboard(session, parts=["accuracies", "map", "digits"])
"""
STYLE = """
body { overflow: hidden; }
.dann-time, .dann-sentence, .dann-branches { display: none !important; }
.dann-page { position: relative; }
.dann-plots { display: block !important; }
figure:has([data-plot=accuracies]) { position: absolute; left: 0; top: 330px; width: 320px;
  box-sizing: border-box; height: 240px; }
figure:has([data-plot=accuracies]) figcaption { display: none; }
figure:has([data-plot=accuracies]) .dann-plot { flex: 1 0 140px !important; }
[data-caption=map] { height: 7em; overflow: hidden; }
:has(> [data-caption=map]) ~ *, [data-caption=map] ~ * { visibility: hidden; }
figure:has([data-choice=map]) { height: 570px; overflow: hidden; box-sizing: border-box; }
"""
"""Puts the accuracies under the controls, where nothing stands on a page with so few parts."""


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        page_of(Path(home), CELL) as server,
        sync_playwright() as playwright,
    ):
        path = next(
            filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
        )
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.goto(server.url)
        pictures = record(page)
        browser.close()
    write(pictures)


def record(page: Page) -> list[Image.Image]:
    """Train, move lambda, and take a picture whenever the map has changed."""
    train = page.get_by_role("button", name="Train", exact=True)
    wait_until(lambda: train.count() and train.is_enabled(), SECONDS, "the page is ready")
    page.locator("[data-choice=map]").select_option("PCA")
    page.locator("[data-map=colour]").select_option("domain")
    page.add_style_tag(content=STYLE)
    page.wait_for_timeout(2000)  # the plots grow into their new places
    caption = page.locator("[data-caption=map]")
    pictures, shown, begun = [taken(page)], "", time.monotonic()
    train.click()
    while time.monotonic() - begun < SECONDS:
        status = page.locator("[data-show=status]").inner_text()
        found = re.match(r"Step ([\d,]+) of", status)
        step = int(found[1].replace(",", "")) if found else 0
        push(page, step)
        if (now := caption.inner_text()) != shown:
            shown = now
            pictures.append(taken(page))
        if step >= LAST:
            page.get_by_role("button", name="Pause", exact=True).click()
            page.wait_for_timeout(5000)  # the last map
            print(f"{len(pictures)} pictures in {time.monotonic() - begun:.0f} s.")
            print(caption.inner_text())
            return [*pictures, taken(page)]
        page.wait_for_timeout(50)
    sys.exit("The run did not come that far.")


def push(page: Page, step: int) -> None:
    """Move the slider to where the hand is by now, as a hand does."""
    wanted = min(1.0, max(0.0, (step - HELD) / PUSHED))
    slider = page.locator("[data-lambda=slider]")
    if wanted > float(slider.input_value()) + 0.005:
        slider.fill(f"{round(wanted, 2):g}")


def taken(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def write(pictures: list[Image.Image]) -> None:
    first, *others = pictures
    times = [MILLISECONDS] * (len(pictures) - 1) + [LAST_MILLISECONDS]
    with written_whole(DOCS / "merging.webp") as temporary:
        first.save(
            temporary, "WEBP", save_all=True, append_images=others, duration=times, loop=0,
            quality=60, method=4, minimize_size=True,
        )  # fmt: skip
    with written_whole(DOCS / "merging.png") as temporary:
        pictures[-1].quantize(128).save(temporary, "PNG", optimize=True)
    size = (DOCS / "merging.webp").stat().st_size
    print(f"docs/merging.webp: {size / 1e3:.0f} kB")
    if size > MOST_BYTES:
        sys.exit(f"That is over {MOST_BYTES / 1e6} MB.")


if __name__ == "__main__":
    main()
