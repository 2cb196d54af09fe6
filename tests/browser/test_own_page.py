"""A person's own pictures on the live page: dropped as a zip, looked at, trained on, exported."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS, LivePage, last
from PIL import Image
from playwright.sync_api import Browser, FileChooser, expect
from serving import dashboard_of_digits

CLASSES = ("circle", "square", "stripe")
EACH = 40
DROP = """([selector, text]) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], "shapes.zip", { type: "application/zip" }));
    const area = document.querySelector(selector);
    for (const type of ["dragover", "drop"]) {
        area.dispatchEvent(new DragEvent(type, {
            dataTransfer: files, bubbles: true, cancelable: true }));
    }
}"""

Pixels = npt.NDArray[np.uint8]


def shape(kind: int, random: np.random.Generator) -> Pixels:
    """A picture of one of the classes, in any colours."""
    y, x = np.mgrid[:64, :64] - random.integers(24, 40, 2)[:, None, None]
    inside = (x**2 + y**2 < 200, (abs(x) < 13) & (abs(y) < 13), abs(x) < 4)[kind]
    ground, ink = random.integers(0, 100, 3), random.integers(150, 256, 3)
    return np.where(inside[..., None], ink, ground).astype(np.uint8)


def png(picture: npt.NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture.astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture(scope="module")
def shapes() -> bytes:
    """A zip of 64x64 colour pictures of three classes, and grey ones without labels."""
    random, stream = np.random.default_rng(0), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for kind, name in enumerate(CLASSES):
            for k in range(EACH):
                archive.writestr(f"source/{name}/{k}.png", png(shape(kind, random)))
                grey = shape(kind, random).mean(axis=2)
                archive.writestr(f"target/{kind}-{k}.png", png(grey))
    return stream.getvalue()


@pytest.fixture(scope="module")
def live(
    own_cache: Path, tmp_path_factory: pytest.TempPathFactory, chrome: Browser
) -> Iterator[LivePage]:
    with dashboard_of_digits(tmp_path_factory.mktemp("home")) as server:
        page = LivePage(chrome.new_page(viewport={"width": 1440, "height": 1500}))
        page.open(server.url)
        yield page


def drop(live: LivePage, content: bytes) -> None:
    live.page.evaluate(DROP, [".dann-own", base64.b64encode(content).decode()])


def open_panel(live: LivePage) -> None:
    live.page.locator("[data-setting=pair]").select_option("own")
    expect(live.page.get_by_role("region", name="Your own data")).to_be_visible()


@pytest.mark.timeout(600)
def test_a_zip_is_dropped_looked_at_trained_on_and_exported(
    live: LivePage, shapes: bytes, tmp_path: Path
) -> None:
    page = live.page
    with live.unharmed():
        open_panel(live)
        drop(live, shapes)
        expect(live.shown("found")).to_contain_text(
            "Found in shapes.zip. Source", timeout=SECONDS * 1000
        )
        expect(live.shown("found")).to_contain_text("3 classes: circle, square, stripe")
        rows = page.locator(".dann-found tbody tr").all_inner_texts()
        assert [row.split() for row in rows] == [[name, "40", "–"] for name in CLASSES]
        widths = page.evaluate(
            "[...document.querySelectorAll('.dann-sheet img')].map((image) => image.naturalWidth)"
        )
        assert widths == [256, 256]
        assert live.status.endswith("ready"), "the run before it is untouched"

        live.press("Train on these")
        live.wait(lambda: live.setting("preset") == "own" and live.step >= 1, "it trains")
        live.press("Pause")
        live.wait(lambda: live.status.endswith("paused"), "it pauses")
        page.locator("[data-setting=steps]").fill("60")
        page.locator("[data-setting=steps]").press("Tab")
        live.wait(lambda: "Step 0 of 60 · ready" in live.status, "a run of 60 steps")
        page.locator("[data-choice=map]").select_option("PCA")
        live.press("Train")
        live.wait(lambda: live.status == "Step 60 of 60 · finished", "it is trained")
        live.wait(lambda: last(live.curve("losses")[0]) == 60, "the curves are drawn")
        names = "document.querySelector('[data-plot=map]').data.map((trace) => trace.name)"
        live.wait(lambda: {*CLASSES} <= {*page.evaluate(names)}, "the map has the classes")
        said = page.locator("[data-digits=source] li").all_inner_texts()
        assert said
        assert all(re.fullmatch(rf"[✓✗] ({'|'.join(CLASSES)})", text.strip()) for text in said)
        assert page.locator("[data-own=source]").input_value() == "", "a zip has no path to type"

        with page.expect_download(timeout=SECONDS * 1000) as download:
            page.get_by_role("button", name="Page", exact=True).click()
        download.value.save_as(tmp_path / "shapes.html")
        exported = page.context.browser.new_page()  # type: ignore[union-attr]
        exported.goto((tmp_path / "shapes.html").as_uri())
        expect(exported.locator("body")).to_contain_text("stripe", timeout=SECONDS * 1000)
        exported.close()


def test_a_zip_is_chosen_by_the_keyboard_alone(
    live: LivePage, shapes: bytes, tmp_path: Path
) -> None:
    (tmp_path / "again.zip").write_bytes(shapes)
    page, choosers = live.page, list[FileChooser]()
    with live.unharmed():
        open_panel(live)
        page.on("filechooser", lambda chooser: choosers.append(chooser))
        for _ in range(20):
            # Playwright misses a chooser that opens before the browser knows of its wait.
            page.get_by_role("button", name="Choose a zip").focus()
            page.keyboard.press("Enter")
            page.wait_for_timeout(3000)
            if choosers:
                break
        assert choosers, "the browser asks for a file"
        choosers[0].set_files(tmp_path / "again.zip")
        expect(live.shown("found")).to_contain_text("again.zip", timeout=SECONDS * 1000)
        reached = set()
        for _ in range(12):
            page.keyboard.press("Tab")
            reached.add(
                page.evaluate("Object.entries(document.activeElement.dataset).flat().join(' ')")
            )
        assert {"own source", "own target", "action look", "action own"} <= reached


def test_what_is_wrong_is_said_beside_what_caused_it(live: LivePage) -> None:
    page = live.page
    with live.unharmed():
        open_panel(live)
        live.press("Look")
        expect(live.shown("path-problem")).to_contain_text("The source is empty")
        assert page.evaluate("document.activeElement.dataset.own") == "source"
        page.keyboard.type("/nowhere/web")
        expect(live.shown("path-problem")).to_be_hidden()
        page.locator("[data-own=target]").fill("/nowhere/phone")
        page.locator("[data-own=target]").press("Enter")
        expect(live.shown("path-problem")).to_contain_text("/nowhere/web", timeout=SECONDS * 1000)
        expect(page.locator("[data-own=source]")).to_have_attribute("aria-invalid", "true")
        drop(live, b"no zip at all")
        expect(live.shown("zip-problem")).to_contain_text(
            "shapes.zip is damaged, or no zip", timeout=SECONDS * 1000
        )
        expect(live.shown("path-problem")).to_be_hidden()
        for name in ("source", "target"):
            page.locator(f"[data-own={name}]").fill("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_fits_every_width_and_axe_finds_nothing(
    live: LivePage, shapes: bytes, scheme: str
) -> None:
    page = live.page
    with live.unharmed():
        open_panel(live)
        drop(live, shapes)
        expect(live.shown("found")).to_contain_text("shapes.zip", timeout=SECONDS * 1000)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in (390, 1024, 1440):
            page.set_viewport_size({"width": width, "height": 1500})
            page.wait_for_timeout(500)
            too_wide = page.evaluate(
                """[document.scrollingElement,
                    ...document.querySelectorAll('.dann-own, .dann-own *')]
                    .filter((node) => node.clientWidth && node.scrollWidth > node.clientWidth + 1
                        && !["INPUT", "TABLE"].includes(node.tagName))
                    .map((node) => node.outerHTML.slice(0, 80))"""
            )
            assert too_wide == [], width
        page.wait_for_timeout(1000)
        violations = Axe().run(page, context=".dann-own").response["violations"]
        assert [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in violations] == []
        page.emulate_media(color_scheme="light")
