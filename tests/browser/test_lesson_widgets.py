"""The lessons' widgets on a page in Chromium, as a person uses them: mouse, keys, knobs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS
from playwright.sync_api import Browser, Locator, Page, Playwright, expect
from serving import FLAGS, page_of, wait_until

from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.schedules import paper_lambda
from dann_lab.figures.theme import DARK, LIGHT, Figure, Theme
from dann_lab.lessons.blending import Blend
from dann_lab.widgets.explore import Choice, Explore, Slider

CELLS = (
    "from dann_core.datasets import load_pair\n"
    "from dann_lab.lessons.blending import Blend\n"
    'Blend(load_pair("digits"))',
    "import sys\n"
    f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    "from test_lesson_widgets import schedule\n"
    "schedule()",
    "from dann_core.recipe import preset\n"
    "from dann_core.training import Trainer\n"
    "from dann_lab.lessons.diagram import NetworkDiagram\n"
    'trainer = Trainer(load_pair("stripes"), preset("quick", steps=4), device="cpu")\n'
    "for _ in trainer: pass\n"
    "NetworkDiagram(trainer)",
)


def schedule() -> Explore:
    """The paper's lambda with a knob for gamma, as a lesson might show it."""

    def draw(theme: Theme, gamma: float, shown: int) -> tuple[Figure, str]:
        if gamma == 20 and shown == 50:
            raise DataError("gamma=20 with 50 points is not drawn. Choose others.")
        progress = np.linspace(0, 1, shown)
        lambdas = [paper_lambda(p, gamma) for p in progress]
        line = {"type": "scatter", "x": progress.tolist(), "y": lambdas}
        sentence = f"With gamma {gamma:g}, lambda is {paper_lambda(0.5, gamma):.3f} half way."
        return {"data": [line], "layout": {"font": {"color": theme.text}, "height": 240}}, sentence

    return Explore(
        draw,
        {
            "gamma": Slider(0, 20, 0.5, 10, "steepness gamma"),
            "shown": Choice({11: "11", 50: "50"}, 11, "points"),
        },
        "Lambda over a run",
    )


@pytest.fixture(scope="module")
def url(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The widgets on a page of their own."""
    with page_of(tmp_path_factory.mktemp("home"), *CELLS) as server:
        yield server.url


@pytest.fixture(scope="module")
def tab(url: str, playwright: Playwright, chromium: str) -> Iterator[Page]:
    browser: Browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    page = browser.new_page(viewport={"width": 1440, "height": 1400})
    page.goto(url, wait_until="commit", timeout=SECONDS * 1000)
    expect(page.locator(".dann-plot svg").first).to_be_attached(timeout=SECONDS * 1000)
    yield page
    browser.close()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """No test may leave an error in the browser's console."""
    errors: list[str] = []

    def hear(error: object) -> None:
        errors.append(str(error))

    tab.on("pageerror", hear)
    yield tab
    tab.remove_listener("pageerror", hear)
    assert not errors


@pytest.fixture(scope="module")
def kernel(digits_pair: DomainPair) -> Blend:
    """What Python says about any place and digit."""
    return Blend(digits_pair)


def until(condition, what: str) -> None:  # type: ignore[no-untyped-def]
    wait_until(condition, SECONDS, what)


# The blend


def pixels(page: Page, name: str) -> npt.NDArray[np.uint8]:
    """What the enlarged picture shows, uint8 [28, 28, 3]."""
    flat = page.evaluate(
        "name => Array.from(document.querySelector(`canvas[data-show=${name}]`)"
        ".getContext('2d').getImageData(0, 0, 28, 28).data)",
        name,
    )
    return np.array(flat, dtype=np.uint8).reshape(28, 28, 4)[..., :3]


def place(page: Page) -> tuple[int, int]:
    """Row and column of the window, as the two fields say."""
    row, column = (
        page.locator(f"[data-control={name}]").input_value() for name in ("row", "column")
    )
    return int(row), int(column)


def shows(page: Page, kernel: Blend, digit: int, signed: bool = True, photo: int = 0) -> None:
    """Wait until the pictures are those of Python for the place that the fields show."""
    row, column = place(page)
    expected = kernel.blended(photo, row, column, digit, signed)
    until(lambda: np.array_equal(pixels(page, "patch"), expected.patch), "the patch follows")
    until(lambda: np.array_equal(pixels(page, "image"), expected.image), "the blend follows")
    np.testing.assert_array_equal(pixels(page, "ink"), expected.digit)
    sentence = page.locator("figure", has=photo_of(page)).locator("[data-show=sentence]")
    expect(sentence).to_have_text(expected.sentence(digit, row, column, signed))


def photo_of(page: Page) -> Locator:
    return page.locator("canvas[data-show=photo]")


def test_the_window_follows_the_mouse(page: Page, kernel: Blend) -> None:
    box = photo_of(page).bounding_box()
    assert box
    unit = 640 / box["width"]
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 150, steps=8)
    page.mouse.up()
    row, column = place(page)
    assert abs(row + 14 - 150 * unit) <= 1
    assert abs(column + 14 - 200 * unit) <= 1
    shows(page, kernel, digit=3)
    page.mouse.move(box["x"] + 300, box["y"] + 50)  # the button is up
    assert place(page) == (row, column)


def test_the_window_follows_the_keys_and_stays_on_the_photograph(page: Page, kernel: Blend) -> None:
    photo_of(page).focus()
    row, column = place(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert place(page) == (row - 1, column + 1)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowLeft")
    assert place(page) == (row + 9, column - 9)
    shows(page, kernel, digit=3)
    for _ in range(70):
        page.keyboard.press("Shift+ArrowRight")
    assert place(page)[1] == 640 - 28
    assert "column 612" in (photo_of(page).get_attribute("aria-label") or "")
    shows(page, kernel, digit=3)


def test_fields_buttons_and_photographs_choose_what_is_blended(page: Page, kernel: Blend) -> None:
    page.locator("[data-control=row]").fill("120")
    page.locator("[data-control=column]").fill("9999")
    page.get_by_role("button", name="Digit 7").click()
    assert place(page) == (120, 612)
    shows(page, kernel, digit=7)
    expect(page.get_by_role("button", name="Digit 7")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-control=photo]").select_option("a flower")
    shows(page, kernel, digit=7, photo=1)
    page.locator("[data-control=photo]").select_option("a temple in China")
    page.get_by_role("button", name="Digit 3").click()
    shows(page, kernel, digit=3)


def test_the_classic_bug_is_a_switch_away(page: Page, kernel: Blend) -> None:
    switch = page.locator("[data-control=signed]")
    switch.select_option("unsigned")
    shows(page, kernel, digit=3, signed=False)
    ink = pixels(page, "ink") == 255
    wrapped = pixels(page, "patch") + np.uint8(1)
    np.testing.assert_array_equal(pixels(page, "image")[ink], wrapped[ink])
    switch.select_option("signed")
    shows(page, kernel, digit=3)


# The knobs


def curve(page: Page) -> list[float]:
    found: list[float] = page.evaluate("() => [...document.querySelector('.dann-plot').data[0].y]")
    return found


def explore(page: Page) -> Locator:
    return page.locator("figure", has=page.locator(".dann-plot"))


def test_the_first_picture_needs_no_question(page: Page) -> None:
    expect(explore(page).locator("[data-show=sentence]")).to_have_text(
        "With gamma 10, lambda is 0.987 half way."
    )
    np.testing.assert_allclose(curve(page), [paper_lambda(p) for p in np.linspace(0, 1, 11)])


def test_a_slider_bends_the_curve_and_the_sentence_follows(page: Page) -> None:
    slider = page.locator("[data-control=gamma]")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    assert slider.input_value() == "5"
    expect(explore(page).locator("output")).to_have_text("5.0")
    expected = [paper_lambda(p, 5) for p in np.linspace(0, 1, 11)]
    until(lambda: np.allclose(curve(page), expected), "the curve bends")
    expect(explore(page).locator("[data-show=sentence]")).to_have_text(
        f"With gamma 5, lambda is {paper_lambda(0.5, 5):.3f} half way."
    )


def test_a_dragged_slider_ends_where_it_was_let_go(page: Page) -> None:
    """However many questions were left out on the way."""
    slider = page.locator("[data-control=gamma]")
    box = slider.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 4, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], middle, steps=40)
    page.mouse.up()
    gamma = float(slider.input_value())
    assert 15 <= gamma <= 17
    expected = [paper_lambda(p, gamma) for p in np.linspace(0, 1, 11)]
    until(lambda: np.allclose(curve(page), expected), "the curve has the last value")
    expect(explore(page).locator(".dann-working")).to_have_text("")


def test_a_problem_is_said_and_goes_away(page: Page) -> None:
    page.locator("[data-control=gamma]").fill("20")
    page.locator("[data-control=shown]").select_option("50")
    problem = explore(page).locator("[data-show=problem]")
    expect(problem).to_have_text("gamma=20 with 50 points is not drawn. Choose others.")
    page.locator("[data-control=gamma]").fill("10")
    expect(problem).to_be_hidden()
    until(lambda: len(curve(page)) == 50, "the choice is drawn")
    page.locator("[data-control=shown]").select_option("11")
    until(lambda: len(curve(page)) == 11, "and the other one")


# The diagram


def test_a_step_is_chosen_and_the_diagram_shows_it(page: Page) -> None:
    slider, caption = page.locator("[data-network=step]"), page.locator("[data-caption=network]")
    width = "path => path.getBBox().height"
    arrow = page.locator("[data-net=lambda]")
    expect(slider).to_have_attribute("aria-valuetext", "Step 4 of 4")
    expect(caption).to_contain_text("Step 4. Forward: label loss")
    at_last = arrow.evaluate(width)
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "Step 1 of 4")
    expect(caption).to_contain_text("times lambda 0")
    assert arrow.evaluate(width) < at_last


# Looks


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_and_is_accessible(page: Page, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 1400})
    colour = {"light": LIGHT, "dark": DARK}[scheme].text
    until(
        lambda: (
            page.evaluate("() => document.querySelector('.dann-plot').layout.font.color") == colour
        ),
        "the picture takes the page's look",
    )
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    serious = [
        (violation["id"], node["html"])
        for violation in results.response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert not serious, json.dumps(serious, indent=1)
