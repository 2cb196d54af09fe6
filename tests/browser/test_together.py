"""What belongs together is seen together: on a laptop's window, while one scrolls, and on a phone;
and the diagram of the network says what the history says.

One server and one tab for the live page, in the order of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS, LivePage
from playwright.sync_api import Browser, expect
from serving import dashboard_of_digits, page_of

pytestmark = pytest.mark.timeout(600)

LAPTOP, SMALL, PHONE = (1440, 900), (1024, 768), (390, 844)
WIDEST = 18
"""px: the arrow of the greatest lambda, see js/src/dashboard/diagram.js."""
TRAIN = ".dann-controls .dann-primary"
LESSON = """
from dann_lab.live.dashboard import Dashboard
from dann_lab.live.session import Session

Dashboard(Session(), parts=("network", "accuracies"))
"""
PLAYGROUND = "from dann_lab.lessons.playground import Playground\n\nPlayground()"


@pytest.fixture(scope="module")
def shared(
    own_cache: Path, tmp_path_factory: pytest.TempPathFactory, chrome: Browser
) -> Iterator[LivePage]:
    with dashboard_of_digits(tmp_path_factory.mktemp("home")) as server:
        width, height = LAPTOP
        context = chrome.new_context(viewport={"width": width, "height": height})
        live = LivePage(context.new_page())
        live.open(server.url)
        yield live


@pytest.fixture
def live(shared: LivePage) -> Iterator[LivePage]:
    with shared.unharmed():
        yield shared
    resize(shared, LAPTOP)


def resize(live: LivePage, size: tuple[int, int]) -> None:
    live.page.set_viewport_size({"width": size[0], "height": size[1]})
    live.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    live.page.wait_for_timeout(500)


def in_window(live: LivePage, *selectors: str) -> dict[str, bool]:
    """Whether each of these is wholly within the window, and nothing lies on its middle."""
    found: dict[str, bool] = live.page.evaluate(
        """selectors => Object.fromEntries(selectors.map((selector) => {
            const node = document.querySelector(selector);
            const { left, right, top, bottom } = node.getBoundingClientRect();
            const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            return [selector, bottom > top && top >= 0 && bottom <= innerHeight &&
                left >= 0 && right <= innerWidth &&
                (node.contains(there) || !!there?.contains(node))];
        }))""",
        selectors,
    )
    return found


def begun(live: LivePage, text: str, steps: int) -> None:
    """A new run of so many steps, done."""
    live.apply(f"pair=stripes&preset=quick&seed=0&{text}")
    total = re.search(r"steps=(\d+)", text)[1]  # type: ignore[index]
    live.wait(lambda: f"Step 0 of {int(total):,} · ready" in live.status, f"{text} is ready")
    live.train_to(steps)
    live.page.evaluate("() => scrollTo(0, 0)")


def written(live: LivePage, name: str) -> str:
    return live.page.locator(f"[data-net={name}]").text_content() or ""


def number(text: str) -> float:
    """The number at the end of a text."""
    found = re.search(r"[\d.,]+(e-?\d+)?$", text)
    assert found, text
    return float(found[0].replace(",", ""))


def drawn_width(live: LivePage) -> float:
    """Of the arrow of lambda, in px: between the two corners at its beginning."""
    path = live.page.locator("path[data-net=lambda]").get_attribute("d") or ""
    first, *_, last = (
        np.array(corner.split(","), dtype=float) for corner in path.strip("MZ").split("L")
    )
    return float(np.linalg.norm(first - last))


# Seen together


def test_a_map_is_there_without_being_asked_for(live: LivePage) -> None:
    assert live.page.locator("[data-choice=map]").input_value() == "PCA"
    caption = live.page.locator("[data-caption=map]")
    expect(caption).to_contain_text("Step 0. Of a point's", timeout=SECONDS * 1000)
    expect(live.page.locator("figure:has([data-choice=map]) [data-plot=map]")).to_be_visible()


def test_what_belongs_together_is_in_a_laptops_window_while_it_trains(live: LivePage) -> None:
    live.apply("pair=stripes&preset=quick&seed=0&steps=3101")
    live.wait(lambda: "Step 0 of 3,101 · ready" in live.status, "the run is ready")
    live.page.evaluate("() => scrollTo(0, 0)")
    live.press("Train")
    live.wait(lambda: live.step >= 12 and "steps/s" in live.status, "it trains")
    seen = in_window(
        live,
        *(TRAIN, "[data-lambda=slider]", "[data-show=status]"),
        *("[data-show=network]", "[data-show=sentence]", "[data-time=slider]"),
        *("[data-plot=accuracies]", "figure:has([data-choice=map]) [data-plot=map]"),
    )
    assert live.page.evaluate("() => scrollY") == 0
    assert "steps/s" in live.status
    live.press("Pause")
    assert seen == dict.fromkeys(seen, True)


@pytest.mark.parametrize("size", [LAPTOP, SMALL])
def test_the_controls_stay_in_view_while_one_scrolls(live: LivePage, size: tuple[int, int]) -> None:
    resize(live, size)
    controls = (TRAIN, "[data-action=undo]", "[data-lambda=slider]")
    for far in (300, 900, 1800):
        live.page.evaluate("y => scrollTo(0, y)", far)
        live.page.wait_for_timeout(100)
        assert live.page.evaluate("() => scrollY") == far
        assert all(in_window(live, *controls).values()), far
    # The column is no higher than the window, and all that is in it can be reached.
    for button in ("[data-setting=seed]", "[data-action=keep]", "[data-action=svg]"):
        live.page.locator(button).focus()
        live.page.wait_for_timeout(100)
        assert all(in_window(live, button, *controls).values()), button


def test_on_a_phone_lambda_lies_under_the_thumb_and_covers_nothing(live: LivePage) -> None:
    resize(live, PHONE)
    page = live.page
    for far in (0, 700, 1500, 2500):
        page.evaluate("y => scrollTo(0, y)", far)
        page.wait_for_timeout(150)
        assert all(in_window(live, TRAIN, "[data-lambda=slider]").values()), far
        top = page.locator("[data-lambda=slider]").evaluate("e => e.getBoundingClientRect().top")
        assert top > 0.85 * PHONE[1]
    expect(page.get_by_role("slider", name="Lambda by hand")).to_have_count(1)
    expect(page.get_by_role("button", name="Train", exact=True)).to_have_count(1)
    box = page.locator("[data-lambda=slider]").bounding_box()
    assert box
    assert box["height"] >= 24
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 2)
    expect(page.locator("[data-lambda=hand]")).to_be_checked()
    live.wait(lambda: "lambda=1.5" in live.shown("share").input_value(), "Python has lambda")
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    covered: list[str] = []
    names: list[str] = []
    for _ in range(90):
        page.keyboard.press("Tab")
        name, free = page.evaluate(
            """() => {
                const node = document.activeElement;
                const bar = document.querySelector(".dann-controls");
                const { bottom } = node.getBoundingClientRect();
                const { top } = bar.getBoundingClientRect();
                const free = node === document.body || bar.contains(node) || bottom <= top + 1;
                return [Object.entries(node.dataset).flat().join(" "), free];
            }"""
        )
        if names and name == names[0]:
            break
        names.append(name)
        if not free:
            covered.append(name)
    assert "action svg" in names
    assert covered == []
    live.press("Undo")


@pytest.mark.parametrize("size", [PHONE, SMALL, LAPTOP])
def test_maps_fill_their_boxes_and_no_name_lies_on_another(
    live: LivePage, size: tuple[int, int]
) -> None:
    resize(live, size)
    live.press("Step")  # another drawing, in this size
    live.settled()
    maps = "() => [...document.querySelectorAll('.dann-map:not([hidden])')]"
    live.wait(
        lambda: live.page.evaluate(
            f"({maps})().every(b => b.querySelector('svg').clientHeight === b.clientHeight)"
        ),
        "the maps are as high as their boxes",
    )
    choice = live.page.locator("[data-choice=map]")
    choice.select_option("")
    choice.select_option("PCA")
    live.page.locator("figure:has([data-choice=map]) [data-plot=map] .annotation").first.wait_for()
    live.page.wait_for_timeout(500)
    overlapping = live.page.evaluate(
        """() => {
            const map = document.querySelector("figure:has([data-choice=map]) [data-plot=map]");
            const boxes = [...map.querySelectorAll(".annotation .bg")].map((node) =>
                node.getBoundingClientRect());
            return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
                Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
                Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)).length;
        }"""
    )
    assert overlapping == 0


# The diagram


@pytest.mark.parametrize("width", [320, *(size[0] for size in (PHONE, SMALL, LAPTOP))])
def test_the_time_line_keeps_its_height_and_its_buttons_one_line(
    live: LivePage, width: int
) -> None:
    resize(live, (width, 900))
    card = live.page.locator(".dann-card:has(> [data-time=slider])")
    heights: set[float] = card.evaluate(
        """card => ["Now: step 7. Drag to go back in time.", "Looking at step 123,456 of " +
            "123,456. Training is not touched meanwhile."].map((text) => {
            card.querySelector("output").textContent = text;
            return card.getBoundingClientRect().height;
        })"""
    )
    assert len(set(heights)) == 1
    buttons = card.get_by_role("button").all()
    assert len(buttons) == 3
    lines = [
        b.evaluate("b => b.clientHeight / parseFloat(getComputedStyle(b).fontSize)")
        for b in buttons
    ]
    assert max(lines) < 2.6


def test_the_diagram_has_the_numbers_of_the_history(live: LivePage) -> None:
    begun(live, "mode=dann&method=dann&steps=3102&lambda=0.5", 12)
    page = live.page

    def agrees(step: int) -> None:
        label, domain = (line[1][step - 1] for line in live.curves("losses"))
        back, before, after = (line[1][step - 1] for line in live.curves("gradients"))
        shown = {
            "labelLoss": label,
            "domainLoss": domain,
            "label": back,
            "domain": before,
            "push": after,
        }
        caption = page.locator("[data-caption=network]").inner_text()
        assert caption.startswith(f"Step {step}. ")
        for name, value in shown.items():
            text = written(live, name)
            assert number(text) == pytest.approx(value, rel=0.051), name  # two digits
            assert text.split(" ")[-1] in caption
        assert written(live, "reversal") == "× −0.50"
        assert "turned round, times lambda 0.50" in caption
        assert drawn_width(live) == pytest.approx(WIDEST / 4)

    latest = live.step
    whole = live.curves("losses")
    agrees(latest)
    live.press("Step")
    live.wait(lambda: live.step == latest + 1, "a step")
    live.settled()
    agrees(latest + 1)
    page.locator("[data-time=slider]").fill("5")
    live.wait(lambda: len(live.curve("losses")[0]) == 5, "the past is drawn")
    agrees(5)
    live.press("Now")
    live.wait(lambda: len(live.curve("losses")[0]) == len(whole[0][0]) + 1, "now is drawn")


def test_the_diagram_lives_without_being_drawn_again(live: LivePage) -> None:
    page = live.page
    page.evaluate("document.querySelector('[data-net=label]').kept = true")
    page.locator("[data-lambda=slider]").focus()
    page.keyboard.press("End")
    said: set[str] = set()
    live.press("Train")

    def spoke() -> bool:
        said.add(written(live, "label"))
        return len(said) >= 3

    live.wait(spoke, "its numbers change")
    live.wait(lambda: drawn_width(live) == pytest.approx(WIDEST), "the arrow widens")
    live.press("Pause")
    assert page.evaluate("document.querySelector('[data-net=label]').kept") is True


@pytest.mark.parametrize(
    ("text", "boxes", "caption", "width"),
    [
        (
            "mode=dann&method=cdan&steps=3103&lambda=1",
            {"reversal": "× −1.00", "classifier": "sees classes too"},
            "The domain classifier sees the class probabilities too.",
            WIDEST / 2,
        ),
        (
            "mode=dann&method=coral&steps=3104&lambda=30",
            {"reversal": "× 30.00", "classifier": "CORAL's distance"},
            "not turned round",
            WIDEST / 2,
        ),
        (
            "mode=source&steps=3105",
            {"reversal": "in this mode", "extractor": "source only", "push": ""},
            "nothing is reversed",
            0,
        ),
        (
            "mode=target&steps=3106",
            {"reversal": "in this mode", "extractor": "target only", "domain": ""},
            "nothing is reversed",
            0,
        ),
    ],
)
def test_the_diagram_says_what_is_there_and_what_is_not(
    live: LivePage, text: str, boxes: dict[str, str], caption: str, width: float
) -> None:
    begun(live, text, 2)
    for name, said in boxes.items():
        assert written(live, name) == said
    expect(live.page.locator("[data-caption=network]")).to_contain_text(caption)
    assert drawn_width(live) == pytest.approx(width)
    expect(live.page.locator("path[data-net=lambda]")).to_be_visible(visible=width > 0)


def test_the_diagram_is_a_picture_with_words_of_its_own(live: LivePage) -> None:
    picture = live.page.get_by_role("img", name="The network")
    expect(picture).to_have_count(1)
    caption = live.page.locator("[data-caption=network]")
    assert picture.get_attribute("aria-describedby") == caption.get_attribute("id")


@pytest.mark.parametrize("size", [PHONE, SMALL, LAPTOP])
def test_the_diagrams_texts_can_be_read_and_keep_to_their_places(
    live: LivePage, size: tuple[int, int]
) -> None:
    resize(live, size)
    live.wait(
        lambda: live.page.evaluate(
            """() => { const p = document.querySelector("svg[data-show=network]");
                return p.viewBox.baseVal.width === Math.floor(p.clientWidth); }"""
        ),
        "it is drawn in this size",
    )
    texts: list[dict[str, Any]] = live.page.evaluate(
        """() => {
            const picture = document.querySelector("svg[data-show=network]");
            const frame = picture.getBoundingClientRect();
            return [...picture.querySelectorAll("text")].filter((t) => t.textContent).map((t) => {
                const box = t.getBoundingClientRect();
                const rect = t.parentNode.querySelector(":scope > rect")?.getBoundingClientRect();
                const home = rect ?? frame;
                return { text: t.textContent, size: parseFloat(getComputedStyle(t).fontSize),
                    inside: box.left >= home.left - 1 && box.right <= home.right + 1 &&
                        box.top >= home.top - 1 && box.bottom <= home.bottom + 1 };
            });
        }"""
    )
    assert len(texts) >= 12
    assert [text for text in texts if not text["inside"] or text["size"] < 11] == []


@pytest.mark.parametrize("size", [PHONE, LAPTOP])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(live: LivePage, size: tuple[int, int], scheme: Any) -> None:
    resize(live, size)
    live.page.emulate_media(color_scheme=scheme)
    live.page.wait_for_timeout(1500)
    found = Axe().run(live.page).response["violations"]
    live.page.emulate_media(color_scheme="light")
    serious = [
        f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []


# Elsewhere


def test_a_lesson_shows_the_diagram_and_no_more_than_it_wants(
    tmp_path: Path, own_cache: Path, browser: Browser
) -> None:
    with page_of(tmp_path, LESSON) as server:
        live = LivePage(browser.new_page(viewport={"width": 800, "height": 900}))
        live.page.goto(server.url, wait_until="commit")
        live.wait(lambda: live.page.locator("[data-show=network] text").count() > 12, "the diagram")
        live.press("Step")
        live.wait(lambda: live.step == 1, "a step")
        shown = live.page.locator("figure:visible h3").all_inner_texts()
        assert shown == ["The network", "Accuracy on test images"]
        expect(live.page.locator("[data-caption=network]")).to_contain_text("Step 1. Forward")
        assert not live.errors


def test_the_rotation_is_beside_the_picture_that_it_turns(
    tmp_path: Path, own_cache: Path, browser: Browser
) -> None:
    with page_of(tmp_path, PLAYGROUND) as server:
        live = LivePage(browser.new_page(viewport={"width": SMALL[0], "height": SMALL[1]}))
        live.page.goto(server.url, wait_until="commit")
        expect(live.shown("status").first).to_contain_text("Step 0", timeout=SECONDS * 1000)
        live.page.wait_for_timeout(1000)
        seen = in_window(live, "[data-knob=amount]", "[data-plane=inputs]")
        assert seen == dict.fromkeys(seen, True)
        picture = "document.querySelector('[data-plane=inputs]').toDataURL()"
        before = live.page.evaluate(picture)
        live.page.locator("[data-knob=amount]").focus()
        live.page.keyboard.press("End")
        live.wait(lambda: live.page.evaluate(picture) != before, "the target turns")
        assert not live.errors
