"""Drawing a digit on the live page: by mouse, by finger and by keys alone.

One server and one tab for all tests; each begins with an empty sheet and a run of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS, LivePage
from playwright.sync_api import Browser, Locator, expect
from serving import STARTUP_SECONDS, Server, dashboard_of_digits, page_of, wait_until

ANSWER = r"\d \(\d{1,3} %\)"
STRIPED = re.compile(
    rf"^As drawn the network reads {ANSWER}, behind stripes {ANSWER}\. It has learnt for (\d+) step"
)
SEVEN = ((0.3, 0.2), (0.7, 0.2), (0.45, 0.85))
"""Where a stroke goes, in parts of the sheet."""


@pytest.fixture(scope="module")
def server(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with dashboard_of_digits(tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture(scope="module")
def shared(server: Server, chrome: Browser) -> LivePage:
    live = LivePage(chrome.new_context(viewport={"width": 1440, "height": 1500}).new_page())
    live.open(server.url)
    return live


@pytest.fixture
def live(shared: LivePage) -> Iterator[LivePage]:
    """The page with an empty sheet; no test may leave an error in the browser's console."""
    if part(shared, "shots").is_visible():
        shared.press("Clear")
    expect(part(shared, "empty")).to_be_visible(timeout=SECONDS * 1000)
    with shared.unharmed():
        yield shared


def part(live: LivePage, name: str) -> Locator:
    return live.page.locator(f"[data-draw={name}]")


def draw(live: LivePage, *points: tuple[float, float]) -> None:
    """One stroke with the mouse."""
    sheet = part(live, "sheet")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    mouse = live.page.mouse
    mouse.move(*places[0])
    mouse.down()
    for x, y in places[1:]:
        mouse.move(x, y, steps=8)
    mouse.up()


def picture(live: LivePage, look: int) -> npt.NDArray[np.uint8]:
    """What is painted: 0 is the digit as drawn, 1 in the target's clothes; [28, 28, 3]."""
    pixels = (
        part(live, "shots")
        .locator("canvas")
        .nth(look)
        .evaluate("c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]")
    )
    return np.array(pixels, np.uint8).reshape(28, 28, 4)[..., :3]


def ink(live: LivePage) -> int:
    """The pixels of the digit as drawn."""
    return int((picture(live, 0)[..., 0] > 0).sum())


def settled(live: LivePage) -> int:
    """The digit's :func:`ink`, once all of it is shown: it is told five times a second."""
    live.wait(lambda: part(live, "shots").is_visible(), "the digit is shown")
    seen = [ink(live)]

    def stands() -> bool:
        live.page.wait_for_timeout(1500)
        seen.append(ink(live))
        return seen[-2] == seen[-1]

    live.wait(stands, "the whole digit is shown")
    return seen[-1]


def extent(live: LivePage) -> tuple[int, int]:
    """The height and width of the digit as drawn."""
    rows, columns = np.nonzero(picture(live, 0)[..., 0])
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def read(live: LivePage) -> str:
    expect(part(live, "sentence")).to_have_text(STRIPED, timeout=SECONDS * 1000)
    return part(live, "sentence").inner_text()


def test_an_empty_sheet_says_what_to_do(live: LivePage) -> None:
    expect(part(live, "empty")).to_contain_text("Draw a digit")
    expect(part(live, "shots")).to_be_hidden()
    for name in ("Undo stroke", "Clear"):
        expect(live.page.get_by_role("button", name=name, exact=True)).to_be_disabled()


def test_a_digit_drawn_with_the_mouse_is_shown_and_read_both_ways(live: LivePage) -> None:
    draw(live, *SEVEN)
    read(live)
    # It is shown while it is drawn, and the whole of it at the end.
    live.wait(lambda: extent(live)[0] in (19, 20, 21), "it is as high as MNIST's digits")
    plain, striped = picture(live, 0), picture(live, 1)
    assert extent(live)[1] < 20
    assert all(abs(at.mean() - 13.5) < 1 for at in np.nonzero(plain[..., 0]))
    assert set(np.unique(plain)) == {0, 255}
    assert len(np.unique(striped)) > 20
    for look, name in enumerate(("As drawn", "Behind stripes")):
        shot = part(live, "shots").locator("li").nth(look)
        expect(shot).to_contain_text(re.compile(rf"{name}.*{ANSWER}", re.DOTALL))


def test_undo_takes_a_stroke_and_clear_takes_all(live: LivePage) -> None:
    draw(live, *SEVEN)
    one = settled(live)
    draw(live, (0.35, 0.5), (0.75, 0.5))
    live.wait(lambda: ink(live) > one, "the second stroke is shown")
    live.press("Undo stroke")
    live.wait(lambda: ink(live) == one, "the second stroke is gone")
    live.page.get_by_role("button", name="Clear", exact=True).press("Enter")
    expect(part(live, "empty")).to_be_visible(timeout=SECONDS * 1000)
    expect(part(live, "sheet")).to_be_focused()  # the button is dead now


def test_other_stripes_leave_the_digit_as_it_is(live: LivePage) -> None:
    draw(live, *SEVEN)
    settled(live)
    plain, striped = picture(live, 0), picture(live, 1)
    live.press("Other background")
    live.wait(lambda: (picture(live, 1) != striped).any(), "there are other stripes")
    np.testing.assert_array_equal(picture(live, 0), plain)


def test_keys_alone_draw_a_one_and_tell_where_the_pen_is(live: LivePage) -> None:
    page, pen = live.page, part(live, "pen")
    page.get_by_role("button", name="Train", exact=True).focus()
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.draw") == "sheet":
            break
    assert page.evaluate("document.activeElement.dataset.draw") == "sheet"
    before = page.evaluate("scrollY")
    for _ in range(8):
        page.keyboard.press("ArrowUp")
    expect(pen).to_have_text(re.compile(r"^Row \d+, column \d+, pen up$"))
    page.keyboard.press("Space")
    expect(pen).to_contain_text("pen down")
    for _ in range(16):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(pen).to_contain_text("pen up")
    assert page.evaluate("scrollY") == before
    read(live)
    live.wait(lambda: extent(live)[0] > 4 * extent(live)[1], "the stroke is high and narrow")
    page.keyboard.press("Delete")
    expect(part(live, "empty")).to_be_visible(timeout=SECONDS * 1000)
    page.keyboard.press("Tab")  # the sheet holds nobody
    assert page.evaluate("document.activeElement.dataset.draw") != "sheet"


def test_a_finger_draws_and_does_not_scroll(live: LivePage) -> None:
    sheet = part(live, "sheet")
    sheet.scroll_into_view_if_needed()
    assert sheet.evaluate("s => getComputedStyle(s).touchAction") == "none"
    box = sheet.bounding_box()
    assert box
    before = live.page.evaluate("scrollY")
    session = live.page.context.new_cdp_session(live.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in points
        ]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", SEVEN[0])
    for point in SEVEN[1:]:
        touch("touchMove", point)
    touch("touchEnd")
    read(live)
    assert live.page.evaluate("scrollY") == before
    assert ink(live) > 60


def test_the_answers_follow_the_training_and_every_compared_run_answers(live: LivePage) -> None:
    live.begin("pair=stripes&mode=dann&preset=quick&seed=0&steps=403&lambda=paper")
    live.train_to(3)
    live.begin("pair=stripes&mode=source&preset=quick&seed=1&steps=404&lambda=paper")
    draw(live, *SEVEN)
    live.press("Train")
    live.wait(lambda: int(STRIPED.match(read(live))[1]) > 3, "it is asked again")  # type: ignore[index]
    live.press("Pause")
    live.wait(lambda: live.status.endswith("paused"), "training pauses")
    step = live.step
    live.wait(lambda: STRIPED.match(read(live))[1] == str(step), "of the last step")  # type: ignore[index]
    choice = live.page.locator("[data-compare='0']")
    title = choice.locator("option", has_text="DANN, lambda by the paper's schedule, seed 0 · run")
    choice.select_option(value=title.first.get_attribute("value"))
    row = live.page.get_by_role("table", name="What the compared runs of this page read")
    expect(row).to_contain_text(
        re.compile(rf"seed 0 · run \d+\s*{ANSWER}\s*{ANSWER}"), timeout=SECONDS * 1000
    )
    expect(part(live, "silent")).to_contain_text("are not on this page")


def test_another_pair_dresses_the_same_digit_in_its_own_clothes(live: LivePage) -> None:
    live.begin("pair=stripes&mode=dann&preset=quick&seed=0&steps=406&lambda=paper")
    draw(live, *SEVEN)
    settled(live)
    plain, striped = picture(live, 0), picture(live, 1)
    live.begin("pair=digits&mode=dann&preset=quick&seed=0&steps=405&lambda=paper")
    shots = part(live, "shots")
    live.wait(lambda: "Over a photo" in shots.inner_text(), "it is over a photo")
    np.testing.assert_array_equal(picture(live, 0), plain)
    assert (picture(live, 1) != striped).any()
    live.begin("pair=stripes&mode=dann&preset=quick&seed=0&steps=407&lambda=paper")
    live.wait(lambda: "Behind stripes" in shots.inner_text(), "it is behind stripes again")
    np.testing.assert_array_equal(picture(live, 1), striped)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_axe_finds_nothing(live: LivePage, scheme: str) -> None:
    page = live.page
    draw(live, *SEVEN)
    live.wait(lambda: part(live, "shots").is_visible(), "the digit is shown")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 390, "height": 1500})
    page.wait_for_timeout(1000)
    too_wide = part(live, "card").evaluate(
        "card => [card, ...card.querySelectorAll('*')]"
        ".filter((node) => node.scrollWidth > node.clientWidth + 1 && node.clientWidth)"
        ".map((node) => node.className)"
    )
    found = Axe().run(page, context="[data-draw=card]").response["violations"]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 1500})
    assert too_wide == []
    assert [(v["id"], v["impact"]) for v in found] == []


def test_two_pages_of_one_session_show_the_same_digit(
    own_cache: Path, tmp_path: Path, chrome: Browser
) -> None:
    start = "from dann_lab.live.dashboard import dashboard\ndashboard()"
    with page_of(tmp_path, start, "dashboard()") as server:
        page = chrome.new_context(viewport={"width": 1440, "height": 1500}).new_page()
        page.goto(server.url, wait_until="commit", timeout=SECONDS * 1000)
        sheets, shots = page.locator("[data-draw=sheet]"), page.locator("[data-draw=shots]")
        wait_until(lambda: sheets.count() == 2, STARTUP_SECONDS, "both pages are there")
        trains = page.get_by_role("button", name="Train", exact=True)
        for train in trains.all():
            expect(train).to_be_enabled(timeout=SECONDS * 1000)

        def press(at: int, *keys: str) -> None:
            sheets.nth(at).focus()
            for key in keys:
                page.keyboard.press(key)

        def drawn(at: int) -> list[int]:
            found: list[int] = (
                shots.nth(at)
                .locator("canvas")
                .first.evaluate("c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data]")
            )
            return found

        def white(at: int) -> int:
            """The white pixels of a sheet."""
            found: int = sheets.nth(at).evaluate(
                "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
                ".filter((value, i) => i % 4 === 0 && value === 255).length"
            )
            return found

        press(0, "Space", *["ArrowDown"] * 8, "Space")
        for at in (0, 1):
            expect(shots.nth(at)).to_be_visible(timeout=SECONDS * 1000)
        wait_until(lambda: white(1) > 0, SECONDS, "the other sheet has the digit too")
        assert drawn(0) == drawn(1)
        first = drawn(0)
        press(1, "Space", *["ArrowRight"] * 8, "Space")  # a new digit, which is that of both
        wait_until(lambda: drawn(0) == drawn(1) != first, SECONDS, "the first shows the new one")
