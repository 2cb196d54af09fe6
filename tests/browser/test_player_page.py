"""Runs side by side: the recorded ones in a widget, and an exported page without any server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS
from playwright.sync_api import Browser, Page, expect
from serving import page_of, wait_until

from dann_lab.runs import export, player, recordings

pytestmark = pytest.mark.timeout(600)

CODE = "from dann_lab.runs.player import recorded\n\nrecorded()"


class Played:
    """The player in its tab."""

    def __init__(self, page: Page, url: str):
        self.page = page
        self.errors: list[str] = []
        self.asked: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.set_default_timeout(SECONDS * 1000)
        page.goto(url, wait_until="commit")
        expect(self.shown("player-moment")).to_contain_text("Step 4,000", timeout=SECONDS * 1000)
        wait_until(lambda: len(self.positions(1)) == 1000, SECONDS, "both maps are drawn")

    def shown(self, name: str):  # type: ignore[no-untyped-def]
        return self.page.locator(f"[data-show={name}]")

    @property
    def slider(self):  # type: ignore[no-untyped-def]
        return self.page.locator("[data-time=player]")

    def positions(self, run: int) -> list[list[float]]:
        """Of the points on one run's map, in the order of its traces."""
        found: list[list[float]] = self.page.evaluate(
            "run => (document.querySelector(`[data-run='${run}'] [data-plot=player-map]`)"
            "?.data ?? [])"
            ".filter(t => t.customdata).flatMap(t => t.x.map((x, k) => [x, t.y[k]]))",
            run,
        )
        return found

    @property
    def cursor(self) -> float:
        """Where the upright line among the curves is."""
        return float(
            self.page.evaluate(
                "document.querySelector('[data-plot=player-curves]').layout.shapes.at(-1).x0"
            )
        )


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with page_of(tmp_path_factory.mktemp("home"), CODE) as server:
        yield server.url


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("exported") / "runs.html"
    runs = recordings.recorded()[:3]
    path.write_text(export.page(player.bundle(runs), "Three runs"), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def played(chrome: Browser, request: pytest.FixtureRequest) -> Iterator[Played]:
    """In the exported file, or where a test asks for it in the widget too."""
    where = getattr(request, "param", "file")
    context = chrome.new_context(viewport={"width": 1440, "height": 1500})
    address = request.getfixturevalue("url" if where == "widget" else "file")
    found = Played(context.new_page(), address)
    yield found
    assert not found.errors
    if where == "file":
        assert found.asked[0] == address
        assert not [url for url in found.asked[1:] if not url.startswith(("blob:", "data:"))]
    context.close()


@pytest.mark.parametrize("played", ["widget", "file"], indirect=True)
def test_dragging_the_time_line_moves_everything(played: Played) -> None:
    words, before = played.shown("player-sentence").inner_text(), played.positions(1)
    played.slider.evaluate("s => { s.value = 300; s.dispatchEvent(new Event('input')); }")
    expect(played.shown("player-moment")).to_have_text("Step 300 of 4,000.")
    wait_until(lambda: played.cursor == 300, SECONDS, "the line among the curves is at step 300")
    wait_until(lambda: played.positions(1) != before, SECONDS, "the map moves")
    now = played.shown("player-sentence").inner_text()
    assert now != words
    assert now.startswith("Step 300.")
    for run in recordings.recorded()[:3]:
        curve = run.curves["target_accuracy"]
        share = round(100 * float(curve.y[curve.x == 300][0]))
        assert f"{share} %" in now
    expect(played.page.locator("[data-run='1'] [data-caption=player-map]")).to_contain_text(
        "Step 300."
    )


def test_it_plays_by_keyboard_and_stops(played: Played) -> None:
    played.slider.focus()
    played.page.keyboard.press("Home")
    expect(played.shown("player-moment")).to_have_text("Step 0 of 4,000.")
    played.page.keyboard.press("ArrowRight")
    expect(played.shown("player-moment")).to_have_text("Step 1 of 4,000.")
    button = played.page.locator("[data-action=play]")
    button.focus()
    played.page.keyboard.press("Enter")

    def step() -> int:
        found = re.match(r"Step ([\d,]+)", played.shown("player-moment").inner_text())
        assert found
        return int(found[1].replace(",", ""))

    wait_until(lambda: step() >= 100, SECONDS, "the replay goes on")
    expect(button).to_have_text("Stop")
    played.page.keyboard.press("Enter")
    expect(button).to_have_text("Play")
    stopped = step()
    played.page.wait_for_timeout(800)
    assert step() == stopped


def test_another_map_and_another_curve(played: Played) -> None:
    before = played.positions(0)
    played.page.locator("[data-choice=player-map]").select_option("PCA")
    wait_until(lambda: played.positions(0) != before, SECONDS, "another map")
    played.page.locator("[data-choice=player-curve]").select_option("lambda_")
    expect(played.page.locator("[data-caption=player-curves]")).to_contain_text("Lambda at step")
    names = played.page.evaluate(
        "document.querySelector('[data-plot=player-curves]').data.map(t => t.name)"
    )
    assert names[-1] == "DANN, MNIST-M (recorded)"
    table = played.shown("differences")
    expect(table.locator("tbody tr").first).to_be_visible()
    assert "mode" in table.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_axe_finds_nothing(chrome: Browser, file: str, scheme: str) -> None:
    context = chrome.new_context(
        viewport={"width": 390, "height": 1500},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    found = Played(context.new_page(), file)
    width = found.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    results = Axe().run(found.page)
    serious = [v for v in results.response["violations"] if v["impact"] in ("serious", "critical")]
    assert not serious, [(v["id"], v["nodes"][0]["html"][:200]) for v in serious]
    folder = Path("test-artifacts")
    folder.mkdir(exist_ok=True)
    found.page.screenshot(path=folder / f"player-390-{scheme}.png", full_page=True)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1024, 1440])
def test_it_is_not_wider_than_its_window(
    chrome: Browser, file: str, width: int, scheme: str
) -> None:
    context = chrome.new_context(
        viewport={"width": width, "height": 1200},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    found = Played(context.new_page(), file)
    assert found.page.evaluate("document.documentElement.scrollWidth") <= width
    found.page.screenshot(path=f"test-artifacts/player-{width}-{scheme}.png", full_page=True)
    context.close()


# The first thing in the first lesson


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    code = "from dann_lab.runs.player import first_look\n\nfirst_look()"
    with page_of(tmp_path_factory.mktemp("home"), code) as server:
        yield server.url


def readings(page: Page, run: int) -> list[str]:
    digits = page.locator(".dann-readings .dann-digits").nth(run).locator("li")
    return [str(digit.get_attribute("aria-label")) for digit in digits.all()]


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_first_look_is_digits_that_are_read_as_the_time_line_moves(
    chrome: Browser, first: str, width: int
) -> None:
    context = chrome.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(first, wait_until="commit")
    words = page.locator("[data-show=player-moment]")
    expect(words).to_have_text("Step 800 of 800.", timeout=SECONDS * 1000)
    wait_until(lambda: len(readings(page, 1)) == 12, SECONDS, "the digits are there")
    assert page.locator(".dann-readings canvas").count() == 24
    assert page.locator(".dann-player").bounding_box()["height"] < 900  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    runs = [run for run in recordings.recorded() if run.names[1] == "stripes"]
    shown = [run for run in runs if run.recipe["lambda_"] != 0]
    slider = page.locator("[data-time=player]")
    for step in (0, 60, 800):
        slider.evaluate(f"s => {{ s.value = {step}; s.dispatchEvent(new Event('input')); }}")
        expect(words).to_have_text(f"Step {step} of 800.")
        for place, run in enumerate(shown):
            target = (run.domains == 1).nonzero()[0][:12]
            row = int((run.moments <= step).nonzero()[0][-1])
            said = readings(page, place)
            for text, point in zip(said, target, strict=True):
                is_, says = run.labels[point], run.predictions[row, point]
                assert text.startswith(f"{is_}, predicted {says}, ")
                assert text.endswith("right" if is_ == says else "wrong")
            right = sum(text.endswith("right") for text in said)
            heading = page.locator(".dann-readings h4").nth(place)
            expect(heading).to_contain_text(f": {right} of these 12 right")
    results = Axe().run(page, context=".dann-player")
    assert not [v["id"] for v in results.response["violations"] if v["id"] != "heading-order"]
    context.close()


def test_parts_of_a_player_are_shown_in_the_order_that_is_asked_for(
    chrome: Browser, tmp_path: Path
) -> None:
    made = player.bundle(recordings.recorded()[:1]) | {"parts": ["differences", "curves"]}
    path = tmp_path / "parts.html"
    path.write_text(export.page(made, "Parts"), encoding="utf-8")  # type: ignore[arg-type]
    page = chrome.new_context().new_page()
    page.goto(path.as_uri())
    table, curves = page.locator("[data-show=differences]"), page.locator("[data-plot]")
    expect(curves).to_have_count(1)
    expect(page.locator("[data-run]")).to_have_count(0)
    assert table.bounding_box()["y"] < curves.bounding_box()["y"]  # type: ignore[index]
