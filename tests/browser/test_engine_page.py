"""The playground on a page without Python: a worker answers, from a server and from a folder."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS
from playwright.sync_api import Browser, Page, expect

from dann_lab.lessons.playground import Playground
from dann_lab.widgets.document import STATIC
from website.make_site import HERE
from website.widgets import Widgets

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
LARGEST = 300_000
"""Bytes of the page and all that it loads before it plays, before compression."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with the playground and nothing else, two folders below where a server begins."""
    root = tmp_path_factory.mktemp("root")
    made = root / "some" / "path"
    element = Widgets(made / "_static").showing(Playground())
    shutil.copy(HERE / "built" / "widgets.js", made / "_static")
    shutil.copy(STATIC / "plotly.min.js", made / "_static")
    (made / "index.html").write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Playground</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<script defer src="_static/widgets.js"></script>'
        "<body style='background: Canvas; color: CanvasText'><main><h1>Moons</h1>"
        f"<h2>Playground</h2>{element}</main></body></html>",
        encoding="utf-8",
    )
    return root


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/some/path/index.html"
        server.shutdown()


@pytest.fixture(params=["server", "folder"])
def address(request: pytest.FixtureRequest, folder: Path, url: str) -> str:
    return url if request.param == "server" else (folder / "some/path/index.html").as_uri()


@pytest.fixture(params=["chrome", "firefox"])
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    browser: Browser = request.getfixturevalue(request.param)
    opened = browser.new_page(viewport={"width": 1280, "height": 1200})
    opened.set_default_timeout(SECONDS * 1000)
    yield opened
    opened.close()


def test_page_and_engine_are_small(folder: Path) -> None:
    files = [path for path in folder.rglob("*.*") if path.name != "plotly.min.js"]
    assert len(files) == 6
    assert sum(path.stat().st_size for path in files) <= LARGEST


def test_it_plays_and_every_button_answers(page: Page, address: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    page.goto(address)
    status = page.locator("[data-show=status]").first

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).click()

    expect(status).to_contain_text("Step 0")
    press("Step")
    expect(status).to_contain_text("Step 1 of")
    press("Play")
    expect(status).to_contain_text("Step 1,000 of")
    page.locator("[data-plot=accuracies]").scroll_into_view_if_needed()
    expect(page.locator("[data-plot=accuracies] svg.main-svg").first).to_be_visible()
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
    base = address.removesuffix("index.html")
    assert not [name for name in asked if not name.startswith((base, "blob:", "data:"))]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_it_fits_and_axe_finds_nothing(chrome: Browser, url: str, width: int, scheme: str) -> None:
    page = chrome.new_page(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page.goto(url)
    page.locator("[data-plot=losses]").scroll_into_view_if_needed()
    expect(page.locator("[data-plot=losses] svg.main-svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []
    page.close()
