"""Drawing a digit on a page without Python: in an exported file with the network cut off, and as a
widget."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS
from playwright.sync_api import Browser, Locator, Page, expect
from serving import page_of, wait_until

from dann_lab.runs import export, player, recordings
from dann_lab.runs.halves import recorded_networks, trained_from
from dann_lab.runs.reader import grounds

pytestmark = pytest.mark.timeout(600)

ANSWER = r"\d \(\d{1,3} %\)"
SEVEN = ((0.3, 0.2), (0.7, 0.2), (0.45, 0.85))
"""Where a stroke goes, in parts of the sheet."""


class Desk:
    """The sheet and what is read on it, in a tab."""

    def __init__(self, page: Page, url: str):
        self.page = page
        self.errors: list[str] = []
        self.asked: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)
        page.on("request", lambda request: self.asked.append(request.url))
        page.set_default_timeout(SECONDS * 1000)
        page.goto(url, wait_until="commit")
        expect(self.part("card")).to_be_visible(timeout=SECONDS * 1000)

    def _hear(self, message) -> None:  # type: ignore[no-untyped-def]
        if message.type == "error":
            self.errors.append(message.text)

    def part(self, name: str) -> Locator:
        return self.page.locator(f"[data-draw={name}]")

    def draw(self, *points: tuple[float, float]) -> None:
        """One stroke with the mouse."""
        self.part("sheet").scroll_into_view_if_needed()
        box = self.part("sheet").bounding_box()
        assert box
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        mouse = self.page.mouse
        mouse.move(*places[0])
        mouse.down()
        for x, y in places[1:]:
            mouse.move(x, y, steps=8)
        mouse.up()

    def put_behind(self, name: str) -> None:
        self.part("behind").get_by_label(name, exact=True).check()

    def said(self, look: str) -> str:
        """The sentence, once it tells of this look."""
        words = re.compile(rf"^{look}: Source only reads {ANSWER}, DANN reads {ANSWER}\.$")
        expect(self.part("sentence")).to_have_text(words, timeout=SECONDS * 1000)
        return self.part("sentence").inner_text()

    def picture(self) -> npt.NDArray[np.uint8]:
        """What the networks get, [28, 28, 3]."""
        pixels = (
            self.part("read")
            .locator("canvas")
            .evaluate("c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data]")
        )
        return np.array(pixels, np.uint8).reshape(28, 28, 4)[..., :3]

    def columns(self) -> list[list[str]]:
        """The cells of each network in the table: its name, its answer, and ten shares."""
        rows = self.part("odds").locator("tr").all()
        cells = [row.locator("th, td").all_inner_texts() for row in rows]
        return [[row[i].strip() for row in cells] for i in range(1, len(cells[0]))]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("exported") / "runs.html"
    bundle = player.bundle(recordings.recorded()[3:4])
    text = export.page(bundle, "A run", recorded_networks())
    path.write_text(text, encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def desk(chrome: Browser, file: str) -> Iterator[Desk]:
    """In a file, offline; nothing may be asked of anybody."""
    context = chrome.new_context(viewport={"width": 1440, "height": 1500}, offline=True)
    found = Desk(context.new_page(), file)
    yield found
    assert not found.errors
    assert not [url for url in found.asked[1:] if not url.startswith(("blob:", "data:"))]
    context.close()


def test_an_empty_sheet_says_what_to_do(desk: Desk) -> None:
    expect(desk.part("empty")).to_contain_text("Draw a digit, or take an example")
    expect(desk.part("read")).to_be_hidden()
    for name in ("Undo stroke", "Clear"):
        expect(desk.page.get_by_role("button", name=name, exact=True)).to_be_disabled()


def test_what_is_drawn_is_read_as_pytorch_reads_it_whatever_is_behind(desk: Desk) -> None:
    desk.draw(*SEVEN)
    pictures = []
    looks = {"nothing": "As drawn", "stripes": "Behind stripes", "a photo": "Over a photo"}
    for name, look in looks.items():
        desk.put_behind(name)
        said = desk.said(look)
        picture = desk.picture()
        pictures.append(picture)
        for network, column in zip(recorded_networks(), desk.columns(), strict=True):
            here = trained_from(network).predict(torch.from_numpy(picture[None]))
            shares = here.probabilities[0].tolist()
            told, answer, *others = column
            assert told == network["name"]
            assert answer == f"{here.labels.item()} ({answer.split('(')[1]}"
            assert f"{told} reads {answer}" in said
            found = [int(share.removesuffix(" %")) for share in others]
            np.testing.assert_allclose(found, np.multiply(shares, 100), atol=1.01)
    plain, striped, over = pictures
    assert set(np.unique(plain)) == {0, 255}
    ground = {
        each["kind"]: np.frombuffer(base64.b64decode(each["pictures"]), np.uint8)
        for each in grounds()
    }
    photo = ground["photo"].reshape(-1, 28, 28, 3)[0]
    np.testing.assert_array_equal(over, np.where(plain == 255, 255 - photo, photo))
    assert (striped != over).any()


def test_another_background_leaves_the_digit_and_there_is_none_for_nothing(desk: Desk) -> None:
    desk.draw(*SEVEN)
    other = desk.page.get_by_role("button", name="Other background", exact=True)
    desk.said("As drawn")
    expect(other).to_be_hidden()
    desk.put_behind("stripes")
    desk.said("Behind stripes")
    before = desk.picture()
    other.click()
    wait_until(lambda: (desk.picture() != before).any(), SECONDS, "there are other stripes")


def test_undo_takes_a_stroke_and_clear_takes_all(desk: Desk) -> None:
    def ink() -> int:
        return int((desk.picture() > 0).sum())

    desk.draw(*SEVEN)
    desk.said("As drawn")
    one = ink()
    desk.draw((0.35, 0.5), (0.75, 0.5))
    wait_until(lambda: ink() > one, SECONDS, "the second stroke is shown")
    desk.page.get_by_role("button", name="Undo stroke", exact=True).click()
    wait_until(lambda: ink() == one, SECONDS, "the second stroke is gone")
    desk.page.get_by_role("button", name="Clear", exact=True).press("Enter")
    expect(desk.part("empty")).to_be_visible()
    expect(desk.part("read")).to_be_hidden()
    expect(desk.part("sheet")).to_be_focused()  # the button is dead now


def test_keys_alone_draw_a_one_and_choose_what_is_behind_it(desk: Desk) -> None:
    page = desk.page
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.draw") == "sheet":
            break
    assert page.evaluate("document.activeElement.dataset.draw") == "sheet"
    for _ in range(8):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(desk.part("pen")).to_contain_text("pen down")
    for _ in range(16):
        page.keyboard.press("ArrowDown")
    desk.said("As drawn")
    high, wide = (int(np.ptp(at)) for at in np.nonzero(desk.picture()[..., 0]))
    assert high > 4 * wide
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("ArrowRight")
    desk.said("Behind stripes")
    page.keyboard.press("ArrowRight")
    desk.said("Over a photo")


def test_an_example_is_drawn_for_who_asks(desk: Desk) -> None:
    example = desk.page.get_by_role("button", name="An example", exact=True)
    example.click()
    desk.said("As drawn")
    first = desk.picture()
    example.click()
    wait_until(lambda: (desk.picture() != first).any(), SECONDS, "another example")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1024])
def test_it_fits_and_axe_finds_nothing(desk: Desk, scheme: str, width: int) -> None:
    page = desk.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 1500})
    desk.draw(*SEVEN)
    desk.put_behind("a photo")
    desk.said("Over a photo")
    too_wide = desk.part("card").evaluate(
        "card => [card, ...card.querySelectorAll('*')]"
        ".filter((node) => node.scrollWidth > node.clientWidth + 1 && node.clientWidth)"
        ".map((node) => node.className)"
    )
    found = Axe().run(page, context="[data-draw=card]").response["violations"]
    assert too_wide == []
    assert [(v["id"], v["impact"]) for v in found] == []


def test_the_widget_reads_too(own_cache: Path, tmp_path: Path, chrome: Browser) -> None:
    code = "from dann_lab.runs.reader import recorded_reader\n\nrecorded_reader()"
    with page_of(tmp_path, code) as server:
        desk = Desk(chrome.new_page(), server.url)
        desk.draw(*SEVEN)
        desk.put_behind("a photo")
        desk.said("Over a photo")
        assert not desk.errors
