"""Asking questions of the live page's map: pointing, clicking, drawing round, choosing by a list.

One server, one tab and one run of the embedded digits for all tests, in the order of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS, LivePage
from playwright.sync_api import Browser, Locator, expect
from serving import dashboard_of_digits

LIVE = "figure:has([data-choice=map])"
"""The live map. The comparison further down has maps of its own."""
POINTS = """() => {
    const box = document.querySelector("figure:has([data-choice=map]) [data-plot=map]");
    const { xaxis, yaxis } = box._fullLayout;
    const { left, top } = box.getBoundingClientRect();
    return box._fullData.filter((trace) => trace.customdata).flatMap((trace) =>
        [...trace.customdata].map((index, k) => ({
            index,
            name: trace.name,
            target: trace.marker.symbol !== "circle",
            colour: trace.marker.color,
            chosen: trace.selectedpoints ? trace.selectedpoints.includes(k) : null,
            x: left + xaxis._offset + xaxis.l2p(trace.x[k]),
            y: top + yaxis._offset + yaxis.l2p(trace.y[k]),
        })));
}"""
SENTENCE = re.compile(
    r"(\d+) digits? selected: (\d+) source, (\d+) target; (\d+) of (\d+) (source|target) digits"
)


@pytest.fixture(scope="module")
def shared(
    own_cache: Path, tmp_path_factory: pytest.TempPathFactory, chrome: Browser
) -> Iterator[LivePage]:
    with dashboard_of_digits(tmp_path_factory.mktemp("home")) as server:
        live = LivePage(chrome.new_context(viewport={"width": 1440, "height": 1800}).new_page())
        live.open(server.url)
        live.page.locator("[data-choice=map]").select_option("PCA")
        expect(part(live, "show")).to_be_visible(timeout=SECONDS * 1000)
        live.press("Step")  # once there is a run, the recorded ones give way to it and its map
        live.wait(lambda: live.step == 1, "one step")
        yield live


@pytest.fixture
def live(shared: LivePage) -> Iterator[LivePage]:
    """The page with nothing selected; no test may leave an error in the browser's console."""
    part(shared, "show").select_option("")
    live_points(shared, lambda points: all(p["chosen"] is None for p in points))
    shared.page.mouse.move(2, 2)
    with shared.unharmed():
        yield shared


def part(live: LivePage, name: str) -> Locator:
    return live.page.locator(f"{LIVE} [data-map={name}]")


def live_points(live: LivePage, condition: Any) -> list[dict[str, Any]]:
    """The points of the map, where they are in the window, once ``condition`` holds of them."""
    live.wait(lambda: condition(live.page.evaluate(POINTS)), "the points are as expected")
    live.page.locator(f"{LIVE} [data-plot=map]").scroll_into_view_if_needed()
    points: list[dict[str, Any]] = live.page.evaluate(POINTS)
    return points


def chosen(points: list[dict[str, Any]]) -> set[int]:
    return {point["index"] for point in points if point["chosen"]}


def lonely(points: list[dict[str, Any]], among: list[dict[str, Any]]) -> dict[str, Any]:
    """The one ``among`` them with most room around it, so that a pointer there means no other."""
    return max(
        among,
        key=lambda p: min(
            (p["x"] - q["x"]) ** 2 + (p["y"] - q["y"]) ** 2 for q in points if q is not p
        ),
    )


def draw_round(live: LivePage) -> set[int]:
    """Draw a rectangle round the middle of the map by the mouse; the digits that are chosen."""
    points = live_points(live, len)
    xs, ys = (sorted(p[axis] for p in points) for axis in "xy")
    n = len(points)
    left, right, top, bottom = xs[n // 4], xs[3 * n // 4], ys[n // 3], ys[2 * n // 3]
    mouse = live.page.mouse
    mouse.move(left, top)
    mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top + 3)):
        mouse.move(x, y, steps=5)
    mouse.up()
    inside = {
        p["index"]
        for p in points
        if left + 1 < p["x"] < right - 1 and top + 1 < p["y"] < bottom - 1
    }
    assert len(inside) > 10
    found = chosen(live_points(live, lambda points: inside <= chosen(points)))
    assert len(found - inside) <= 0.1 * n  # on the line itself
    return found


def counted(live: LivePage) -> list[int]:
    """Of the sentence: all, source, target, right, of how many."""
    found = SENTENCE.match(part(live, "sentence").inner_text())
    assert found
    return [int(number) for number in found.groups()[:5]]


def test_pointing_at_a_digit_shows_it_and_says_what_it_is_read_as(live: LivePage) -> None:
    points = live_points(live, len)
    card, box = part(live, "card"), live.page.locator(f"{LIVE} [data-plot=map]")
    expect(card).to_be_hidden()
    across = sorted(points, key=lambda p: p["x"])
    for point in (lonely(points, among) for among in (points, across[:40], across[-40:])):
        live.page.mouse.move(point["x"] - 4, point["y"])
        live.page.mouse.move(point["x"], point["y"])
        expect(card).to_be_visible()
        expect(card).to_have_attribute("data-digit", str(point["index"]))
        said = re.fullmatch(
            r"(✓|✗) an? (\d) of the (source|target), read as (\d) \(([01]\.\d\d)\)",
            card.inner_text().strip(),
        )
        assert said, card.inner_text()
        mark, label, domain, reading, _ = said.groups()
        assert (mark == "✓") == (label == reading)
        assert (label, domain) == (point["name"], "target" if point["target"] else "source")
        inner, outer = card.bounding_box(), box.bounding_box()
        assert inner
        assert outer
        assert inner["x"] >= outer["x"]
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
        ink = card.locator("canvas").evaluate(
            "c => new Set(c.getContext('2d').getImageData(0, 0, 28, 28).data"
            ".filter((_, k) => k % 4 === 0)).size"
        )
        assert ink > 1, "a picture, not an empty canvas"
    live.page.mouse.move(2, 2)
    expect(card).to_be_hidden()


def test_a_click_selects_a_digit_and_another_click_or_escape_none(live: LivePage) -> None:
    points = live_points(live, len)
    point = lonely(points, points)
    for undo in ("click", "Escape"):
        live.page.mouse.click(point["x"], point["y"])
        assert chosen(live_points(live, chosen)) == {point["index"]}
        expect(part(live, "sentence")).to_contain_text("1 digit selected")
        expect(live.page.locator(f"{LIVE} [data-gallery] li")).to_have_count(1)
        assert part(live, "show").input_value() == "lasso"
        live.page.wait_for_timeout(600)  # or the two would be a double click
        if undo == "click":
            live.page.mouse.click(point["x"], point["y"])
        else:
            live.page.keyboard.press("Escape")
        live_points(live, lambda points: all(p["chosen"] is None for p in points))
        expect(live.page.locator(f"{LIVE} [data-gallery] li")).to_have_count(0)
        assert part(live, "show").input_value() == ""
        live.page.wait_for_timeout(600)


def test_a_line_drawn_round_digits_shows_them_in_words_and_pictures(live: LivePage) -> None:
    inside = draw_round(live)
    number, source, target, _, of = counted(live)
    assert number == source + target == len(inside)
    assert of == (target or source)
    expect(part(live, "sentence")).to_have_attribute("aria-live", "polite")  # it is read aloud
    items = live.page.locator(f"{LIVE} [data-gallery] li")
    expect(items).to_have_count(min(60, number))
    shown = {int(i) for i in items.evaluate_all("all => all.map((one) => one.dataset.digit)")}
    assert shown <= inside
    for text in items.all_inner_texts():
        assert re.fullmatch(r"[✓✗] \d", text.strip())
    if number > 60:
        more = live.page.locator(f"{LIVE} .dann-tools").inner_text()
        assert sum(map(int, re.findall(r"and (\d+) more", more))) == number - 60


def test_the_selection_stays_while_training_goes_on_and_in_the_past(live: LivePage) -> None:
    inside = draw_round(live)
    places = {p["index"]: (p["x"], p["y"]) for p in live_points(live, chosen)}
    caption = live.page.locator(f"{LIVE} [data-caption=map]")
    live.press("Train")
    live.wait(lambda: re.match(r"Step [1-9]", caption.inner_text()), "the map follows")
    live.press("Pause")
    live.wait(lambda: live.status.endswith("paused"), "training pauses")

    def moved(points: list[dict[str, Any]]) -> bool:
        return any(
            abs(p["x"] - places[p["index"]][0]) + abs(p["y"] - places[p["index"]][1]) > 3
            for p in points
        )

    assert chosen(live_points(live, moved)) == inside
    assert counted(live)[0] == len(inside)
    slider = live.page.locator("[data-time=slider]")
    slider.focus()
    live.page.keyboard.press("Home")
    expect(caption).to_contain_text("Step 0.", timeout=SECONDS * 1000)
    assert chosen(live_points(live, lambda points: not moved(points))) == inside
    assert counted(live)[0] == len(inside)
    live.press("Now")
    live_points(live, moved)


def test_the_list_shows_wrong_digits_and_classes_without_a_pointer(live: LivePage) -> None:
    show = part(live, "show")
    show.focus()
    show.select_option("wrong-1")
    number, source, target, right, of = counted(live)
    assert (source, right) == (0, 0)
    assert number == target == of > 0
    texts = live.page.locator(f"{LIVE} [data-gallery=target] li").all_inner_texts()
    assert len(texts) == min(60, number)
    assert all(text.strip().startswith("✗") for text in texts)
    points = live_points(live, lambda points: len(chosen(points)) == number)
    assert all(p["target"] for p in points if p["chosen"])
    show.select_option("class-7")
    points = live_points(live, lambda points: {p["name"] for p in points if p["chosen"]} == {"7"})
    assert len(chosen(points)) == counted(live)[0] == sum(p["name"] == "7" for p in points)
    show.press("Escape")
    live_points(live, lambda points: all(p["chosen"] is None for p in points))


def test_colours_say_the_class_or_the_domain_as_the_reader_likes(live: LivePage) -> None:
    words = live.page.locator(f"{LIVE} [data-plot=map] .legendtext")

    def colours(told_by: str) -> dict[Any, set[str]]:
        """Of all points, by what they are."""
        found: dict[Any, set[str]] = {}
        for point in live.page.evaluate(POINTS):
            found.setdefault(point[told_by], set()).add(point["colour"])
        return found

    by_class, names = colours("name"), words.all_text_contents()
    assert len(by_class) == 10 == len(set.union(*by_class.values()))
    assert names == ["source", "target", *sorted(by_class)]
    select = part(live, "colour")
    select.focus()
    select.select_option("domain")
    live.wait(
        lambda: words.all_text_contents() == ["source", "target"], "the domains alone are named"
    )
    source, target = (colours("target")[domain] for domain in (False, True))
    assert len(source) == len(target) == 1
    assert source != target
    live.page.locator("[data-time=slider]").focus()
    live.page.keyboard.press("Home")  # another map comes in the same colours
    caption = live.page.locator(f"{LIVE} [data-caption=map]")
    expect(caption).to_contain_text("Step 0.", timeout=SECONDS * 1000)
    assert colours("target") == {False: source, True: target}
    live.press("Now")
    select.select_option("class")
    live.wait(lambda: words.all_text_contents() == names, "the classes are named again")
    assert colours("name") == by_class


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_axe_finds_nothing_serious(live: LivePage, scheme: str) -> None:
    page = live.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 390, "height": 1800})
    part(live, "show").select_option("wrong-1")
    box = page.locator(f"{LIVE} [data-plot=map]")
    live.wait(
        lambda: box.evaluate("b => Math.abs(b._fullLayout.width - b.clientWidth) < 2"),
        "the map fills its box",
    )
    page.wait_for_timeout(1000)
    points = live_points(live, chosen)
    point = lonely(points, points)
    box.scroll_into_view_if_needed()
    point = next(p for p in live_points(live, chosen) if p["index"] == point["index"])
    page.mouse.move(point["x"] - 4, point["y"])
    page.mouse.move(point["x"], point["y"])
    expect(part(live, "card")).to_be_visible()
    too_wide = page.evaluate(
        """[document.scrollingElement, ...document.querySelectorAll(".dann, .dann figure, "
            + ".dann-asked, .dann-tools")].filter((node) => node.scrollWidth > node.clientWidth + 1)
            .map((node) => node.className)"""
    )
    assert too_wide == []
    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 1800})
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
