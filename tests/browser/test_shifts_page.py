"""The playground's menu of shifts, and the methods beside each other, on a real page: points are
drawn by hand and by keys, the bound moves, and nobody is shut out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS
from playwright.sync_api import Browser, Page, expect
from serving import page_of, wait_until

pytestmark = pytest.mark.timeout(600)

SHIFTS = "from dann_lab.lessons.playground import Playground\n\nPlayground(shifts=True)"
BESIDE = "from dann_lab.lessons.beside import MethodsBeside\n\nMethodsBeside()"


class Opened:
    """A page in its tab, and what went wrong on it."""

    def __init__(self, chrome: Browser, url: str, width: int = 1280, scheme: str = "light"):
        self.page: Page = chrome.new_page(
            viewport={"width": width, "height": 1200},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.set_default_timeout(SECONDS * 1000)
        self.page.goto(url, wait_until="commit")
        expect(self.shown("status")).to_contain_text("Step 0", timeout=SECONDS * 1000)

    def shown(self, name: str):  # type: ignore[no-untyped-def]
        return self.page.locator(f"[data-show={name}]").first

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def picture(self, selector: str) -> str:
        read = "selector => document.querySelector(selector).toDataURL()"
        found: str = self.page.evaluate(read, selector)
        return found

    def check_barriers(self) -> None:
        violations = Axe().run(self.page).response["violations"]
        assert not [v["id"] for v in violations if v["impact"] in ("serious", "critical")]
        width = self.page.viewport_size["width"]  # type: ignore[index]
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture(scope="module")
def shifts_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with page_of(tmp_path_factory.mktemp("home"), SHIFTS) as server:
        yield server.url


@pytest.fixture(scope="module")
def beside_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with page_of(tmp_path_factory.mktemp("home"), BESIDE) as server:
        yield server.url


@pytest.fixture
def shifts(chrome: Browser, shifts_url: str) -> Iterator[Opened]:
    found = Opened(chrome, shifts_url)
    yield found
    found.page.close()
    assert not found.errors


def bound_says(opened: Opened) -> str:
    text: str = opened.page.locator("figure:has([data-plot=bound]) figcaption").inner_text()
    return text


def test_a_shift_brings_its_points_its_kind_and_its_slider(shifts: Opened) -> None:
    page = shifts.page
    menu, slider = page.locator("[data-knob=shift]"), page.locator("[data-knob=amount]")
    before = shifts.picture("[data-plane=inputs]")
    menu.select_option("moved")
    expect(shifts.shown("about")).to_contain_text("covariate shift")
    expect(slider).to_have_attribute("max", "1.5")
    wait_until(lambda: shifts.picture("[data-plane=inputs]") != before, SECONDS, "points move")
    menu.select_option("swapped")
    expect(shifts.shown("about")).to_contain_text("concept shift")
    expect(slider).to_be_hidden()
    wait_until(lambda: "joint error 0.9" in bound_says(shifts), SECONDS, "the bound follows")
    shifts.press("Undo")
    expect(slider).to_be_visible()
    expect(shifts.shown("about")).to_contain_text("covariate shift")


def test_while_it_plays_the_bound_moves_and_holds(shifts: Opened) -> None:
    shifts.page.locator("[data-knob=shift]").select_option("counterexample")
    wait_until(lambda: "Source error" in bound_says(shifts), SECONDS, "the bound is there")
    first = bound_says(shifts)
    shifts.press("Play")
    wait_until(lambda: bound_says(shifts) != first, SECONDS, "the bound moves")
    for _ in range(4):
        shifts.page.wait_for_timeout(400)
        found = re.search(r"cannot be above (\d\.\d+)\. It is (\d\.\d+)", bound_says(shifts))
        assert found
        assert float(found[2]) <= float(found[1]) + 0.01
    shifts.press("Pause")


def test_points_are_drawn_by_hand_rubbed_out_and_brought_back(shifts: Opened) -> None:
    page, sheet = shifts.page, shifts.page.locator("[data-plane=inputs]")
    page.locator("[data-knob=shift]").select_option("drawn")
    shifts.press("Clear all points")
    expect(shifts.shown("problem")).to_contain_text("draw points of both classes")
    for pen, height in (("source-0", 0.3), ("source-1", 0.5), ("target-1", 0.7)):
        page.locator("[data-knob=pen]").select_option(pen)
        sheet.scroll_into_view_if_needed()
        box = sheet.bounding_box()
        assert box
        page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + height * box["height"])
        page.mouse.down()
        for k in range(1, 12):
            across = 0.2 + 0.05 * k
            page.mouse.move(box["x"] + across * box["width"], box["y"] + height * box["height"])
        page.mouse.up()
    expect(shifts.shown("problem")).to_be_hidden()
    painted = shifts.picture("[data-plane=inputs]")
    shifts.press("Step")
    expect(shifts.shown("status")).to_contain_text("Step 1 of")
    shifts.press("Undo")
    wait_until(
        lambda: shifts.picture("[data-plane=inputs]") != painted, SECONDS, "the stroke is gone"
    )
    expect(shifts.shown("problem")).to_contain_text("at least one of the target")


def test_points_are_drawn_by_keys_and_the_pens_place_is_said(shifts: Opened) -> None:
    page, sheet = shifts.page, shifts.page.locator("[data-plane=inputs]")
    page.locator("[data-knob=shift]").select_option("drawn")
    expect(sheet).to_have_attribute("role", "application")
    before = shifts.shown("sentence").inner_text()
    page.locator("[data-knob=pen]").focus()
    page.keyboard.press("Shift+Tab")  # past the menu of shifts, back to the picture
    page.keyboard.press("Shift+Tab")
    expect(sheet).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(shifts.shown("pen")).to_have_text("The pen is at 0.1, 0.1.")
    painted = shifts.picture("[data-plane=inputs]")
    page.keyboard.press("Enter")
    wait_until(lambda: shifts.picture("[data-plane=inputs]") != painted, SECONDS, "a point comes")
    assert before.startswith("Untrained")
    page.locator("[data-knob=shift]").select_option("turned")
    expect(sheet).to_have_attribute("role", "img")


def test_four_methods_train_on_the_same_points(chrome: Browser, beside_url: str) -> None:
    opened = Opened(chrome, beside_url)
    page = opened.page
    opened.press("Play")
    wait_until(lambda: "Step 0" not in opened.shown("status").inner_text(), SECONDS, "they train")
    opened.press("Pause")
    expect(opened.shown("sentence")).to_contain_text(re.compile("DANN .* CDAN .* CORAL .* MMD"))
    page.locator("[data-knob=method]").nth(1).select_option("source")
    expect(opened.shown("sentence")).to_contain_text("Source only")
    before = opened.picture("canvas")
    page.locator("[data-knob=plane]").select_option("features")
    wait_until(lambda: opened.picture("canvas") != before, SECONDS, "the features are shown")
    opened.press("Reset")
    expect(opened.shown("status")).to_contain_text("Step 0 of")
    assert not opened.errors
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("what", ["shifts_url", "beside_url"])
def test_they_fit_a_phone_and_have_no_serious_barrier(
    what: str, scheme: str, chrome: Browser, request: pytest.FixtureRequest
) -> None:
    opened = Opened(chrome, request.getfixturevalue(what), width=390, scheme=scheme)
    if what == "shifts_url":
        opened.page.locator("[data-knob=shift]").select_option("drawn")
    opened.press("Step")
    expect(opened.shown("status")).to_contain_text("Step 1 of")
    opened.check_barriers()
    opened.page.close()
    assert not opened.errors
