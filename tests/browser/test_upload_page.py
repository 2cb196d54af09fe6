"""The box for a zip of lesson 08 on a real page: what is wrong is said, what is good is used."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS
from playwright.sync_api import Browser, Page, expect
from serving import page_of

from dann_lab.lessons import office

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CODE = "from dann_lab.lessons.upload import own_folders\nown_folders()"
MORE_THAN_A_MESSAGE = 12_000_000
"""Bytes: a Jupyter server closes the line at a message of 10 MB."""


@pytest.fixture(scope="module")
def url(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with page_of(tmp_path_factory.mktemp("home"), CODE) as server:
        yield server.url


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    office.make(folder, each=5, labels=True)
    with zipfile.ZipFile(folder / "photos.zip", "w") as archive:
        for name, domain in (("source", "amazon"), ("target", "webcam")):
            for file in (folder / domain).rglob("*.*"):
                archive.write(file, f"{name}/{file.relative_to(folder / domain).as_posix()}")
        archive.writestr("large.txt", os.urandom(MORE_THAN_A_MESSAGE))
    (folder / "bad.zip").write_bytes(b"no zip at all")
    (folder / "text.txt").write_text("text", encoding="utf-8")
    return folder


def opened(chrome: Browser, url: str, width: int = 1440, scheme: str = "light") -> Page:
    context = chrome.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.goto(url, wait_until="commit")
    expect(page.locator("[data-show=found]")).to_contain_text("example", timeout=SECONDS * 1000)
    return page


def test_a_large_zip_is_used_after_wrong_ones_were_named(
    chrome: Browser, url: str, files: Path
) -> None:
    page = opened(chrome, url)
    found, problem = page.locator("[data-show=found]"), page.locator("[data-show=problem]")
    chooser = page.locator("[data-own=zip]")
    chooser.set_input_files(files / "text.txt")
    expect(problem).to_contain_text("That is no zip.")
    chooser.set_input_files(files / "bad.zip")
    expect(problem).to_contain_text("bad.zip is damaged, or no zip")
    expect(problem).to_contain_text("What was in use before stays in use.")
    expect(found).to_contain_text("example")
    chooser.set_input_files(files / "photos.zip")
    expect(found).to_contain_text("Found in photos.zip: Source 'source': 25 examples")
    expect(problem).to_be_hidden()
    expect(page.locator("[data-show=doing]")).to_be_hidden()
    expect(page.get_by_role("button", name="Choose a zip")).to_be_enabled()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_the_box_can_be_read_by_all(
    chrome: Browser, url: str, files: Path, width: int, scheme: str
) -> None:
    page = opened(chrome, url, width, scheme)
    page.locator("[data-own=zip]").set_input_files(files / "text.txt")
    expect(page.locator("[data-show=problem]")).to_be_visible()
    # What Voila puts around the widgets is not ours.
    found = Axe().run(page, context=".dann-own", options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
