"""The everyday paths in Firefox: train, move lambda, look back, branch, draw a digit, play.

One server and one tab for the live page, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from page import SECONDS, LivePage, last
from playwright.sync_api import Browser, expect
from serving import dashboard_of_digits, page_of

pytestmark = pytest.mark.timeout(600)

PLAYGROUND = "from dann_lab.lessons.playground import Playground\n\nPlayground()"


@pytest.fixture(scope="module")
def shared(
    own_cache: Path, tmp_path_factory: pytest.TempPathFactory, firefox: Browser
) -> Iterator[LivePage]:
    with dashboard_of_digits(tmp_path_factory.mktemp("home")) as server:
        context = firefox.new_context(viewport={"width": 1440, "height": 1500})
        live = LivePage(context.new_page())
        live.open(server.url)
        yield live
        context.close()


@pytest.fixture
def live(shared: LivePage) -> Iterator[LivePage]:
    """No test may leave an error in the browser's console."""
    with shared.unharmed():
        yield shared


def test_training_draws_curves_and_a_map(live: LivePage) -> None:
    live.begin("pair=stripes&steps=60&lambda=paper")
    step = live.train_to(10)
    assert len(live.losses()[0]) == step
    assert np.isfinite(live.losses()).all()
    expect(live.page.locator("figure:has([data-choice=map]) [data-plot=map]")).to_be_visible()


def test_lambda_is_dragged_and_reaches_the_steps(live: LivePage) -> None:
    slider = live.page.locator("[data-lambda=slider]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    mouse = live.page.mouse
    mouse.move(box["x"] + box["width"] / 4, middle)
    mouse.down()
    mouse.move(box["x"] + 0.75 * box["width"], middle, steps=5)
    mouse.up()
    asked = float(slider.input_value())
    assert 1.2 < asked < 1.8
    assert float(live.page.locator("[data-lambda=echo]").inner_text()) == asked
    before = live.step
    live.press("Step")
    live.wait(lambda: live.step == before + 1, "a step is done")
    live.wait(lambda: last(live.curve("lambdas")[1]) == np.float32(asked), "lambda is applied")


def test_one_looks_back_and_branches_there(live: LivePage) -> None:
    before = live.settled()
    live.page.locator("[data-time=slider]").fill("5")
    expect(live.shown("moment")).to_contain_text("Looking at step 5 ")
    live.press("Branch here")
    live.wait(lambda: "Step 5 of 60 · paused" in live.status, "the branch is there")
    live.page.locator("[data-setting=mode]").select_option("source")
    live.wait(lambda: "Step 5 of 60 · paused" in live.status, "it has another mode")
    live.press("Step")
    live.wait(lambda: live.step == 6, "a step is done")
    runs = live.page.locator(".dann-tree button")
    expect(runs).to_have_count(2)
    assert "up to step 5" in runs.last.inner_text()
    runs.first.click()
    live.wait(lambda: live.step == before, "the parent is shown again")


def test_a_digit_is_drawn_and_read(live: LivePage) -> None:
    sheet = live.page.locator("[data-draw=sheet]")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box
    mouse = live.page.mouse
    mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    mouse.down()
    mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    mouse.up()
    said = live.page.locator("[data-draw=sentence]")
    expect(said).to_contain_text("As drawn the network reads", timeout=SECONDS * 1000)
    expect(said).to_contain_text("behind stripes")


def test_the_playground_of_the_lessons_trains(
    own_cache: Path, tmp_path: Path, firefox: Browser
) -> None:
    with page_of(tmp_path, PLAYGROUND) as server:
        page = firefox.new_page(viewport={"width": 1280, "height": 1200})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server.url, wait_until="commit")
        status = page.locator("[data-show=status]").first
        expect(status).to_contain_text("Step 0", timeout=SECONDS * 1000)
        painted = "() => document.querySelector('[data-plane]').toDataURL()"
        before = page.evaluate(painted)
        page.get_by_role("button", name="Step", exact=True).click()
        expect(status).to_contain_text("Step 1 ", timeout=SECONDS * 1000)
        page.wait_for_function(f"before => ({painted})() !== before", arg=before)
        assert not errors
        page.close()
