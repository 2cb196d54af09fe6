"""The playground on a real page: it moves, lambda bends it, and it can be used without a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS
from playwright.sync_api import Browser, Page, expect
from serving import page_of, wait_until

pytestmark = pytest.mark.timeout(600)

CODE = "from dann_lab.lessons.playground import Playground\n\nPlayground()"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with page_of(tmp_path_factory.mktemp("home"), CODE) as server:
        yield server.url


class Played:
    """The playground in its tab."""

    def __init__(self, page: Page):
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.set_default_timeout(SECONDS * 1000)

    def open(self, url: str) -> None:
        self.page.goto(url, wait_until="commit")
        expect(self.shown("status")).to_contain_text("Step 0", timeout=SECONDS * 1000)

    def shown(self, name: str):  # type: ignore[no-untyped-def]
        return self.page.locator(f"[data-show={name}]").first

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    @property
    def step(self) -> int:
        found = re.match(r"Step ([\d,]+) of", self.shown("status").inner_text())
        assert found
        return int(found[1].replace(",", ""))

    def do_steps(self, wanted: int) -> None:
        """By keyboard, one at a time."""
        button = self.page.get_by_role("button", name="Step", exact=True)
        for _ in range(wanted):
            before = self.step
            button.focus()
            self.page.keyboard.press("Enter")
            wait_until(lambda before=before: self.step == before + 1, SECONDS, "a step is done")

    def picture(self, plane: str) -> str:
        """What is painted, once it no longer changes."""
        read = "name => document.querySelector(`[data-plane=${name}]`).toDataURL()"
        painted: str = self.page.evaluate(read, plane)
        while True:
            self.page.wait_for_timeout(150)
            now: str = self.page.evaluate(read, plane)
            if now == painted:
                return now
            painted = now


@pytest.fixture(scope="module")
def played(chrome: Browser, url: str) -> Iterator[Played]:
    page = chrome.new_page(viewport={"width": 1280, "height": 1200})
    found = Played(page)
    found.open(url)
    yield found
    page.close()


@pytest.fixture
def fresh(played: Played) -> Played:
    played.press("Reset")
    expect(played.shown("status")).to_contain_text("Step 0 of", timeout=SECONDS * 1000)
    played.page.get_by_label("follow the paper's schedule").check()
    played.page.locator("[data-knob=form]").select_option("reverse")
    yield played
    assert not played.errors


def test_play_moves_the_points_and_pause_stops_them(fresh: Played) -> None:
    before = {plane: fresh.picture(plane) for plane in ("inputs", "features")}
    sentence = fresh.shown("sentence").inner_text()
    fresh.press("Play")
    wait_until(lambda: fresh.step >= 30, SECONDS, "30 steps are played")
    fresh.press("Pause")
    expect(fresh.shown("status")).to_contain_text("paused")
    fresh.page.wait_for_timeout(700)  # for the picture that was on its way
    after = {plane: fresh.picture(plane) for plane in before}
    stood = fresh.step
    assert after["features"] != before["features"]  # the points moved
    assert after["inputs"] != before["inputs"]  # the boundaries did
    expect(fresh.shown("sentence")).not_to_have_text(sentence)
    fresh.page.wait_for_timeout(700)
    assert fresh.step == stood
    curve = "document.querySelector('[data-plot=losses]').data[0].x.bdata.length"
    wait_until(lambda: fresh.page.evaluate(curve) > 100, SECONDS, "the curves follow")


def test_lambda_bends_the_boundary_and_reset_repeats_the_same_run(fresh: Played) -> None:
    pictures = {}
    for name, key in (("without", "Home"), ("with", "End"), ("again", "Home")):
        fresh.press("Reset")
        expect(fresh.shown("status")).to_contain_text("Step 0 of", timeout=SECONDS * 1000)
        fresh.page.locator("[data-knob=lambda]").focus()
        fresh.page.keyboard.press(key)
        expect(fresh.shown("lambda")).to_have_text("0.00" if key == "Home" else "2.00")
        wanted = "lambda 0.00" if key == "Home" else "lambda 2.00"
        expect(fresh.shown("status")).to_contain_text(wanted)
        fresh.do_steps(12)
        pictures[name] = fresh.picture("inputs")
    assert pictures["with"] != pictures["without"]
    assert pictures["again"] == pictures["without"]


def test_slow_motion_shows_a_step_in_five_parts(fresh: Played) -> None:
    fresh.press("Slow motion")
    # It has learnt for a while, and lambda is 1: there is something to reverse.
    expect(fresh.shown("status")).to_contain_text("Step 60 of 1,000 · lambda 1.00")
    pictures = []
    for part in range(1, 6):
        expect(fresh.shown("phase")).to_contain_text(f"{part} of 5", timeout=SECONDS * 1000)
        pictures.append(fresh.picture("features"))
        fresh.page.wait_for_timeout(300)
        expect(fresh.shown("phase")).to_contain_text(f"{part} of 5")  # until somebody asks
        if part < 5:
            fresh.page.get_by_role("button", name="Next").focus()
            fresh.page.keyboard.press("Enter")
    assert len(set(pictures[:4])) == 4  # other arrows in each, the reversed ones in the fourth
    wait_until(lambda: fresh.step == 61, SECONDS, "the step is done")
    fresh.press("Next")
    expect(fresh.shown("phase")).to_contain_text("1 of 5", timeout=SECONDS * 1000)
    fresh.press("Slow motion")
    expect(fresh.shown("status")).to_contain_text("paused")
    expect(fresh.page.get_by_role("button", name="Next")).to_be_hidden()
    fresh.press("Undo")
    expect(fresh.shown("status")).to_contain_text("Step 0 of 1,000")


def test_who_descends_what_follows_the_switch(fresh: Played) -> None:
    table = fresh.shown("descends")
    expect(table).to_contain_text("goes down the domain loss")
    expect(table).not_to_contain_text("unlearns")
    fresh.page.locator("[data-knob=form]").select_option("subtract")
    expect(table).to_contain_text("unlearns")
    fresh.page.locator("[data-knob=form]").select_option("scale")
    expect(table).to_contain_text("lambda times only")


def test_a_distance_has_no_domain_boundary_and_no_other_form(fresh: Played) -> None:
    page = fresh.page
    page.locator("[data-knob=form]").select_option("scale")
    page.locator("[data-knob=method]").select_option("mmd")
    expect(fresh.shown("lambda")).to_have_text("30.00")
    fresh.do_steps(5)
    expect(fresh.shown("sentence")).to_contain_text("MMD's distance between the domains")
    for name in ("form", "part"):
        expect(page.locator(f"[data-knob={name}]")).to_be_disabled()
    expect(page.get_by_text("This method has none.")).to_be_visible()
    expect(page.locator("[data-knob=form]")).to_have_value("reverse")
    expect(page.get_by_text("domain boundary")).to_be_hidden()
    expect(page.get_by_label("domain", exact=True)).to_be_hidden()
    expect(fresh.shown("descends")).to_contain_text("goes down the distance")
    expect(fresh.shown("descends")).not_to_contain_text("Domain classifier")
    both, label = "both boundaries", "the label boundary"
    expect(page.locator("[data-plane=inputs]")).to_have_attribute("aria-label", re.compile(label))
    bare = fresh.picture("features")
    page.get_by_label("distance", exact=True).uncheck()
    assert fresh.picture("features") != bare  # its arrows were there
    page.get_by_label("distance", exact=True).check()
    fresh.press("Slow motion")
    for _ in range(3):
        fresh.press("Next")
    expect(fresh.shown("phase")).to_contain_text("4 of 5. Its gradient", timeout=SECONDS * 1000)
    fresh.press("Slow motion")
    page.locator("[data-knob=method]").select_option("cdan")
    expect(fresh.shown("descends")).to_contain_text("of features times class probabilities")
    expect(page.get_by_text("domain boundary")).to_be_visible()
    expect(page.locator("[data-plane=inputs]")).to_have_attribute("aria-label", re.compile(both))
    expect(page.locator("[data-knob=form]")).to_be_enabled()
    page.locator("[data-knob=method]").select_option("dann")
    expect(fresh.shown("descends")).not_to_contain_text("class probabilities")


def test_the_target_turns_and_its_labels_show_only_when_asked(fresh: Played) -> None:
    before = fresh.picture("inputs")
    fresh.page.locator("[data-knob=amount]").focus()
    fresh.page.keyboard.press("ArrowRight")
    wait_until(lambda: fresh.picture("inputs") != before, SECONDS, "the target turns")
    hidden = fresh.picture("inputs")
    fresh.page.get_by_label("show the target's labels").check()
    assert fresh.picture("inputs") != hidden
    fresh.page.get_by_label("show the target's labels").uncheck()
    assert fresh.picture("inputs") == hidden


def test_undo_brings_the_run_back(fresh: Played) -> None:
    fresh.do_steps(2)
    fresh.press("New seed")
    expect(fresh.shown("status")).to_contain_text("Step 0 of")
    fresh.press("Undo")
    expect(fresh.shown("status")).to_contain_text("Step 2 of")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_has_no_serious_barrier(
    chrome: Browser, url: str, scheme: str, tmp_path: Path
) -> None:
    page = chrome.new_page(viewport={"width": 390, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    found = Played(page)
    found.open(url)
    found.do_steps(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    violations = Axe().run(page).response["violations"]
    serious = [v["id"] for v in violations if v["impact"] in ("serious", "critical")]
    assert not serious
    page.close()
    assert not found.errors
