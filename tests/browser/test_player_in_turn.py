"""What comes to a player in turn: bundles, pictures that load late, a hand that draws, frames.

The player's own script in a browser. Its model is the test's, so that the order is the test's too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from page import SECONDS
from playwright.sync_api import Browser, Locator, Page, expect

from dann_lab.figures.encoding import as_text
from dann_lab.figures.sprites import COLUMNS, Sheet, sheet
from dann_lab.runs import player, recordings
from dann_lab.runs.protocol import Bundle
from dann_lab.widgets.document import STATIC, plotly_script

RENDER = """async (script) => {
    const { decode } = HTMLImageElement.prototype;
    window.loading = [];
    HTMLImageElement.prototype.decode = async function () {
        await new Promise((go) => window.loading.push(go));
        return decode.call(this);
    };
    window.dannPlotly = Promise.resolve(Plotly);
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const { default: widget } = await import(url);
    const nobody = () => {};
    const model = { get: () => window.bundle, on: (_, hear) => { window.changed = hear; } };
    for (const name of ["set", "save_changes", "off", "send"]) model[name] = nobody;
    window.hear = async (bundle) => {
        window.bundle = bundle;
        if (window.changed) return void window.changed();
        widget.render({ model, el: document.querySelector("main") });
        await new Promise(requestAnimationFrame);
    };
}"""
DRAW_ROUND = """([digits, order]) => {
    const map = document.querySelector("[data-plot=player-map]");
    const slider = document.querySelector("[data-time=player]");
    const deeds = {
        press: () => map.dispatchEvent(new PointerEvent("pointerdown")),
        release: () => dispatchEvent(new PointerEvent("pointerup")),
        plotly: () => {
            const points = digits.map((customdata) => ({ customdata }));
            map.emit("plotly_selected", { points });
        },
        frame: () => {
            slider.value = Number(slider.value) - 100;
            slider.dispatchEvent(new Event("input"));
        },
        wait: () => new Promise((go) => setTimeout(go, 50)),
    };
    return order.split(" ").reduce((before, deed) => before.then(deeds[deed]), Promise.resolve());
}"""


class Player:
    """The player in its tab. It has no run yet."""

    def __init__(self, page: Page):
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.set_default_timeout(SECONDS * 1000)
        page.set_content("<!doctype html><main></main>")
        page.add_script_tag(content=plotly_script())
        page.evaluate(RENDER, (STATIC / "player.js").read_text(encoding="utf-8"))

    def hear(self, bundle: Bundle) -> None:
        """A bundle comes. Its pictures load until :meth:`load`."""
        self.page.evaluate("bundle => hear(bundle)", bundle)

    def load(self, which: int) -> None:
        """The pictures are there that came as this one."""
        self.page.wait_for_function("which => window.loading[which]", arg=which)
        self.page.evaluate("which => window.loading[which]()", which)
        self.page.wait_for_timeout(200)

    def show(self, bundle: Bundle) -> None:
        """A bundle comes, and all of it is shown."""
        self.hear(bundle)
        self.load(self.page.evaluate("window.loading.length - 1"))
        self.page.wait_for_function(
            "document.querySelector('[data-plot=player-map]')?.data?.some((t) => t.customdata)"
        )

    def part(self, name: str) -> Locator:
        return self.page.locator(f"[data-map={name}]")

    @property
    def gallery(self) -> Locator:
        return self.page.locator("[data-gallery] li")

    def draw_round(self, digits: list[int], order: str) -> None:
        self.page.evaluate(DRAW_ROUND, [digits, order])
        self.page.wait_for_timeout(300)


@pytest.fixture
def shown(chrome: Browser) -> Iterator[Player]:
    context = chrome.new_context(viewport={"width": 1440, "height": 1500})
    found = Player(context.new_page())
    yield found
    assert not found.errors
    context.close()


def bundle(brightness: int, **changed: Any) -> Bundle:
    """One recorded run, ``changed``. Each of its pictures has one ``brightness`` all over."""
    run = replace(recordings.recorded()[1], **changed)
    images = np.full((len(run.labels), 28, 28, 3), brightness, np.uint8)
    made: Sheet = {
        "columns": COLUMNS,
        "sheet": as_text(sheet(images)),
        "width": 28,
        "height": 28,
    }
    return player.bundle([run], {run.data: made})


def brightnesses(player: Player) -> set[int]:
    """Of the pictures in the gallery."""
    found = player.gallery.locator("canvas").evaluate_all(
        "all => all.map((c) => c.getContext('2d').getImageData(9, 9, 1, 1).data[0])"
    )
    return set(found)


@pytest.mark.parametrize("first", [True, False], ids=["none before", "one before"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["in order", "late"])
def test_of_two_bundles_in_turn_the_newer_is_shown(
    shown: Player, order: tuple[int, int], first: bool
) -> None:
    before = 0
    if not first:
        shown.show(bundle(10))
        before = 1
    shown.hear(bundle(50))
    shown.hear(bundle(200))
    for which in order:
        shown.load(before + which)
    expect(shown.page.locator("[data-run]")).to_have_count(1)
    shown.part("show").select_option("class-7")
    expect(shown.gallery.first).to_be_visible()
    assert brightnesses(shown) == {200}


def test_what_is_chosen_is_shown_in_the_pictures_of_other_data(shown: Player) -> None:
    shown.show(bundle(50))
    shown.part("show").select_option("class-7")
    assert brightnesses(shown) == {50}
    shown.show(bundle(200, data="other"))
    assert shown.part("show").input_value() == "class-7"
    assert brightnesses(shown) == {200}


@pytest.mark.parametrize(
    "order",
    [
        "press plotly release",
        "press frame plotly release",
        "press plotly frame release",
        "press release wait plotly",
        "press frame release wait plotly",
    ],
)
def test_what_a_line_was_drawn_round_is_read_aloud(shown: Player, order: str) -> None:
    shown.show(bundle(50))
    shown.draw_round([3, 4, 5], order)
    expect(shown.part("sentence")).to_contain_text("3 digits selected")
    expect(shown.part("sentence")).to_have_attribute("aria-live", "polite")
    shown.draw_round([], "frame")
    expect(shown.part("sentence")).to_have_attribute("aria-live", "off")


def test_other_images_leave_nothing_of_what_was_chosen(shown: Player) -> None:
    shown.show(bundle(50))
    shown.draw_round([3, 4, 5], "press plotly release")
    drawn = shown.part("show").locator("option[value=lasso]")
    expect(drawn).not_to_have_attribute("disabled", "")
    labels = recordings.recorded()[1].labels
    shown.show(bundle(200, labels=labels[::-1].copy()))
    expect(shown.part("show")).to_have_value("")
    expect(drawn).to_have_attribute("disabled", "")
    expect(drawn).to_have_attribute("hidden", "")
    expect(shown.part("sentence")).to_have_text("")
    expect(shown.gallery).to_have_count(0)


def test_a_title_follows_the_probability_where_the_answer_stays(shown: Player) -> None:
    run = recordings.recorded()[1]
    sure = np.linspace(20, 240, len(run.moments)).astype(np.uint8)
    shown.show(
        bundle(
            50,
            predictions=np.tile(run.labels, (len(sure), 1)),
            confidence=np.tile(sure[:, None], (1, len(run.labels))),
        )
    )
    shown.part("show").select_option("class-7")
    item = shown.gallery.first
    last = "This is a 7; the network says 7 with probability 0.94."
    expect(item).to_have_attribute("title", last)
    kept = item.element_handle()
    shown.page.locator("[data-time=player]").focus()
    shown.page.keyboard.press("Home")
    expect(item).not_to_have_attribute("title", last)
    expect(item).to_have_text("✓ 7")
    assert kept.evaluate("item => item.isConnected"), "a title goes with its item"
