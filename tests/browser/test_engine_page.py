"""The playground on a page without Python: a worker trains, as fast as a picture needs it."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from node import NODE
from page import SECONDS
from playwright.sync_api import Browser, expect
from scratch import ROOT
from serving import wait_until

from dann_lab.lessons.playground import Playground
from dann_lab.widgets.document import STATIC

JS = ROOT / "js"
ESBUILD = JS / "node_modules" / "esbuild" / "bin" / "esbuild"
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(NODE is None or not ESBUILD.exists(), reason="needs Node and js's packages"),
]
LARGEST = 300_000
"""Bytes of the page, its styles and its worker together, before compression."""
FAST = 500
"""Steps in a second: tried again as long as other programs may have taken the time."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, as a bundler makes it."""
    made = tmp_path_factory.mktemp("page")
    entries = ("tests/engine/page.js", "engine/worker.js", "tests/engine/speed.js")
    options = ["--bundle", "--format=esm", "--charset=utf8", "--entry-names=[name]"]
    assert NODE is not None
    subprocess.run(
        [NODE, str(ESBUILD), *entries, *options, f"--outdir={made}", "--log-level=error"],
        cwd=JS,
        check=True,
    )
    playground = Playground()
    (made / "choices.json").write_text(json.dumps(playground.choices), encoding="utf-8")
    playground.close()
    styles = ""
    for name in ("dashboard.css", "playground.css"):
        shutil.copy(STATIC / name, made)
        styles += f'<link rel="stylesheet" href="{name}">'
    (made / "index.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Playground</title>{styles}'
        '<body><script type="module" src="page.js"></script></body></html>',
        encoding="utf-8",
    )
    return made


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_page_and_engine_are_small(folder: Path) -> None:
    files = [path for path in folder.iterdir() if path.name != "speed.js"]
    assert len(files) == 6
    assert sum(path.stat().st_size for path in files) <= LARGEST


def test_it_plays_and_every_button_answers(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 1200})
    page.set_default_timeout(SECONDS * 1000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url)
    status = page.locator("[data-show=status]").first

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).click()

    expect(status).to_contain_text("Step 0")
    press("Step")
    expect(status).to_contain_text("Step 1 of")
    press("Play")
    expect(status).to_contain_text("Step 1,000 of")
    press("New seed")
    expect(status).to_contain_text("Step 0")
    press("Undo")
    expect(status).to_contain_text("Step 1,000 of")
    press("Reset")
    press("Slow motion")
    expect(status).to_contain_text("Step 60 of")
    page.get_by_label("Method").first.select_option("coral")
    expect(status).to_contain_text("Step 0")
    press("Step")
    expect(status).to_contain_text("Step 1 of")
    assert not errors


def test_it_is_fast(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(f"{url}choices.json")  # a page of the same place, with nothing on it

    def fast_enough() -> bool:
        speeds: dict[str, float] = page.evaluate(
            "() => new Promise(told => {"
            "  new Worker('speed.js').onmessage = ({ data }) => told(data); })"
        )
        print({name: round(speed) for name, speed in speeds.items()})
        return min(speeds.values()) >= FAST

    wait_until(fast_enough, SECONDS, "no method does fewer steps than that in a second")
