"""The notebooks in a real JupyterLab: cells run, and the live part lives."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import numpy as np
import pytest
from page import SECONDS, LivePage, last
from playwright.sync_api import Browser, Locator, Page, expect
from serving import Server, running, wait_until

from dann_lab.figures.theme import DARK
from dann_lab.serve.servers import NOTEBOOKS

ARTIFACTS = NOTEBOOKS.parent / "test-artifacts"
START = (
    "import sys; from pathlib import Path; from dann_lab.serve.servers import serve_lab; "
    "serve_lab(Path(sys.argv[1]), port=0, open_browser=False, data_dir=Path(sys.argv[2]), memory=0)"
)
"""Without a limit of memory: each test leaves a kernel behind, and none may end for the next."""


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of notebooks/, because JupyterLab saves what it runs."""
    return shutil.copytree(NOTEBOOKS, tmp_path_factory.mktemp("lab") / "notebooks")


@pytest.fixture(scope="module")
def server(
    own_cache: Path, notebooks: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """JupyterLab on the copy, on a machine without MNIST."""
    home, data = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("data")
    with running([sys.executable, "-c", START, str(notebooks), str(data)], home) as started:
        yield started


def open_notebook(page: Page, server: Server, name: str) -> None:
    """The notebook's tab, with its kernel idle."""
    address = urlsplit(server.url)
    url = f"{address.scheme}://{address.netloc}/lab/tree/{name}?reset&{address.query}"
    page.goto(url, wait_until="commit", timeout=SECONDS * 1000)
    wait_for_notebook(page)


def wait_for_notebook(page: Page) -> None:
    expect(page.locator(".jp-Notebook .jp-CodeCell").first).to_be_visible(timeout=SECONDS * 1000)
    expect(page.locator("#jupyterlab-splash")).to_have_count(0, timeout=SECONDS * 1000)
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible(
        timeout=SECONDS * 1000
    )


def choose(page: Page, *items: str) -> None:
    """Go through the menus."""
    for item in items:
        label = page.locator(".lm-MenuBar-itemLabel, .lm-Menu-itemLabel").filter(
            has_text=re.compile(f"^{re.escape(item)}$")
        )
        label.click(timeout=SECONDS * 1000)


def run_all(page: Page) -> None:
    """Run All Cells, again if a cell is left out: JupyterLab, still starting, may drop the wish for
    all of them or, while its kernel connects, for those behind the first, or a widget's model."""
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    dropped = page.get_by_text("Error displaying widget: model not found")
    before = prompts.all_inner_texts()

    def started() -> bool:
        choose(page, "Run", "Run All Cells")
        for _ in range(40):
            page.wait_for_timeout(250)
            now = prompts.all_inner_texts()
            if now != before and "[ ]:" not in now:
                page.wait_for_timeout(2000)  # the word that a model is missing may come late
                return not dropped.count()
        return False

    wait_until(started, SECONDS, "the cells run")


def drag_lambda(page: Page, to: float) -> float:
    """Drag the slider to ``to`` of its length with the mouse; the value it then has."""
    slider = page.locator("[data-lambda=slider]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + to * box["width"], middle, steps=5)
    page.mouse.up()
    return float(slider.input_value())


@pytest.mark.timeout(600)
def test_a_link_to_a_section_opens_a_closed_lesson_at_that_section(
    browser: Browser, server: Server
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    open_notebook(page, server, "00_start_here.ipynb")
    for section in ("When lambda is too high", "Which lambda, and when"):  # closed, then open
        page.get_by_role("tab", name="00_start_here.ipynb").click()
        page.get_by_role("link", name=section).click()
        heading = page.locator("h2:visible", has_text=section)
        expect(heading).to_be_in_viewport(timeout=SECONDS * 1000)
    expect(page.get_by_role("tab", name="03_training.ipynb")).to_be_visible()
    page.close()


def test_the_solution_editions_are_in_the_list_of_files(browser: Browser, server: Server) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    open_notebook(page, server, "00_start_here.ipynb")
    page.locator(".jp-DirListing-item", has_text="solutions").dblclick()
    expect(page.locator(".jp-BreadCrumbs")).to_contain_text("solutions", timeout=SECONDS * 1000)
    page.locator(".jp-DirListing-item", has_text="01_two_domains.ipynb").dblclick()
    title = page.locator("h1:visible", has_text="(solution edition)")
    expect(title).to_be_visible(timeout=SECONDS * 1000)
    page.close()


@pytest.mark.timeout(900)
def test_the_dashboard_lives_in_jupyterlab_and_a_reload_finds_the_same_run(
    browser: Browser, server: Server
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1500})
    live = LivePage(page)
    open_notebook(page, server, "05_dashboard.ipynb")
    run_all(page)
    live.wait_until_usable()
    steps = page.locator("[data-setting=steps]")
    steps.fill("4000")  # which nobody waits for
    steps.press("Tab")
    live.wait(lambda: "Step 0 of 4,000" in live.status, "there are as many steps")
    live.press("Train")
    live.wait(lambda: len(live.losses()[0]) >= 2, "two losses are drawn")
    asked = drag_lambda(page, 0.75)
    live.wait(lambda: last(live.curve("lambdas")[1]) == np.float32(asked), "lambda is applied")
    live.press("Pause")
    live.wait(lambda: live.status.endswith("paused"), "training pauses")
    stood = live.settled()
    losses = live.losses()
    live.press("Replay")
    live.wait(lambda: len(live.losses()[0]) < len(losses[0]), "the replay is under way")

    page.reload(wait_until="commit", timeout=SECONDS * 1000)
    wait_for_notebook(page)
    run_all(page)
    live.wait_until_usable()
    live.wait(lambda: live.step == stood, "the same run is shown")
    expect(live.shown("moment")).to_contain_text(f"Now: step {stood}")
    assert live.settled() == stood
    np.testing.assert_array_equal(live.losses(), losses)
    assert float(page.locator("[data-lambda=echo]").inner_text()) == asked
    live.press("Step")
    live.wait(lambda: live.step == stood + 1, "it goes on")

    choose(page, "Settings", "Theme", "JupyterLab Dark")
    expect(page.locator(".dann")).to_have_class("dann dann-dark", timeout=SECONDS * 1000)
    live.wait(
        lambda: (
            page.evaluate("document.querySelector('[data-plot=losses]').layout.font.color")
            == DARK.text
        ),
        "the plots are dark",
    )
    uncaught = [error for error in live.errors if error.startswith("uncaught")]
    assert not uncaught
    assert page.locator(".Toastify__toast, .jp-Dialog").count() == 0  # no news, no question

    hosts = {urlsplit(url).netloc for url in live.asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(server.url).netloc}


@pytest.mark.timeout(900)
def test_a_reload_while_a_branch_is_trained_loses_nothing(
    browser: Browser, server: Server, notebooks: Path
) -> None:
    cells = ["from dann_lab.live.dashboard import dashboard\n\ndashboard()"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, notebooks / "branching.ipynb")
    page = browser.new_page(viewport={"width": 1440, "height": 1500})
    live = LivePage(page)
    open_notebook(page, server, "branching.ipynb")
    run_all(page)
    live.wait_until_usable()
    live.begin("pair=stripes&steps=3007")
    live.train_to(20)
    page.locator("[data-time=slider]").fill("10")
    live.press("Branch here")
    live.wait(lambda: "Step 10 of 3,007 · paused" in live.status, "the branch is there")
    live.press("Train")
    live.wait(lambda: live.step >= 20, "the branch is trained")
    runs = page.locator(".dann-tree button")

    def titles() -> list[str]:
        return [text.rsplit(":", 1)[0] for text in runs.all_inner_texts()]

    before = titles()
    acts = page.locator(".dann-acts button").all_text_contents()
    losses = live.losses()

    page.reload(wait_until="commit", timeout=SECONDS * 1000)
    wait_for_notebook(page)
    run_all(page)
    page.locator("[data-plot=losses] svg").first.wait_for(timeout=SECONDS * 1000)
    live.wait(lambda: len(live.losses()[0]) >= len(losses[0]), "the branch's curves are drawn")
    np.testing.assert_array_equal(live.losses()[:, : len(losses[0])], losses)
    assert titles() == before
    assert "up to step 10" in before[1]
    assert page.locator(".dann-acts button").all_text_contents()[: len(acts)] == acts
    assert any("From step 11: branch" in act for act in acts)
    runs.first.click()
    live.wait(lambda: 20 <= live.step < 3007, "the run that it left is shown")
    assert not [error for error in live.errors if error.startswith("uncaught")]


@pytest.mark.timeout(900)
def test_the_live_map_of_a_lesson_moves_while_it_trains_and_goes_back_in_time(
    browser: Browser, server: Server, notebooks: Path
) -> None:
    lesson = nbformat.read(notebooks / "04_feature_maps.ipynb", as_version=4)
    lesson.cells = [c for c in lesson.cells if "live_map()" in c.source]
    nbformat.write(lesson, notebooks / "moving.ipynb")
    page = browser.new_page(viewport={"width": 1440, "height": 1500})
    live = LivePage(page)
    open_notebook(page, server, "moving.ipynb")
    run_all(page)
    live.wait_until_usable()
    caption = page.locator("[data-caption=map]")
    expect(caption).to_contain_text("Step 0. Of a point's", timeout=SECONDS * 1000)
    points = "document.querySelector('[data-plot=map]').data.map(t => t.x.bdata).join()"
    live.wait(lambda: len(page.evaluate(points)) > 1000, "the points are drawn")
    untrained = page.evaluate(points)
    live.press("Train")

    def mapped() -> int:
        found = re.match(r"Step ([\d,]+)\.", caption.inner_text())
        return int(found[1].replace(",", "")) if found else -1

    live.wait(lambda: mapped() >= 50, "the map follows the training")
    assert page.evaluate(points) != untrained
    live.press("Pause")
    page.locator("[data-time=slider]").focus()
    page.keyboard.press("Home")
    live.wait(lambda: mapped() == 0, "the map is the first one again")
    live.wait(lambda: page.evaluate(points) == untrained, "its points too")
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / "lab-live-map.png")
    assert not [error for error in live.errors if error.startswith("uncaught")]


WRONG = """
import torch

class GradReverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, features, lambda_):
        ctx.lambda_ = lambda_
        return features.view_as(features)

    @staticmethod
    def backward(ctx, gradient):
        return ctx.lambda_ * gradient, None
"""


def scroll_to(page: Page, found: Locator) -> None:
    """Wheel through the notebook, again while cells still run, until it is there: JupyterLab holds
    only the cells in sight."""
    notebook = page.locator(".jp-Notebook").bounding_box()
    assert notebook
    page.mouse.move(notebook["x"] + 60, notebook["y"] + 200)

    def seen() -> bool:
        page.mouse.wheel(0, -100_000)
        for _ in range(40):
            page.wait_for_timeout(200)
            if found.count() and found.first.is_visible():
                found.first.scroll_into_view_if_needed()
                return True
            page.mouse.wheel(0, 500)
        return False

    wait_until(seen, SECONDS, f"{found} is in the notebook")


@pytest.mark.timeout(900)
def test_a_lesson_names_the_mistake_in_an_answer_and_its_playground_plays(
    browser: Browser, server: Server, notebooks: Path
) -> None:
    lesson = nbformat.read(notebooks / "02_gradient_reversal.ipynb", as_version=4)
    [stub] = [c for c in lesson.cells if "exercise-reversal" in c.metadata.get("tags", [])]
    stub.source = WRONG.strip()
    nbformat.write(lesson, notebooks / "answered.ipynb")
    page = browser.new_page(viewport={"width": 1440, "height": 1500})
    live = LivePage(page)
    open_notebook(page, server, "answered.ipynb")
    run_all(page)
    verdict = page.get_by_role("status").filter(has_text="Not yet")
    scroll_to(page, verdict)
    expect(verdict.first).to_contain_text("sign")

    hint = verdict.locator("..").locator("summary")
    hint.first.focus()
    page.keyboard.press("Enter")
    expect(hint.nth(1)).to_be_visible()
    expect(hint.nth(2)).to_be_hidden()

    ours = page.locator(".dann-play").first  # the second has the layer that the learner wrote
    play = ours.get_by_role("button", name="Play", exact=True)
    scroll_to(page, play)
    before = ours.locator("[data-plane=features]").evaluate("canvas => canvas.toDataURL()")
    play.click()
    status = ours.locator("[data-show=status]")
    wait_until(
        lambda: int(re.findall(r"[\d,]+", status.inner_text())[0]) >= 20, SECONDS, "20 steps"
    )
    ours.get_by_role("button", name="Pause", exact=True).click()
    after = ours.locator("[data-plane=features]").evaluate("canvas => canvas.toDataURL()")
    assert after != before
    assert not [error for error in live.errors if error.startswith("uncaught")]
