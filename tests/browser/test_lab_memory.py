"""JupyterLab gives back the memory of notebooks that are closed or left alone, and says so."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from page import SECONDS, LivePage
from playwright.sync_api import Browser, Page, expect
from serving import Server, running, wait_until
from test_lab import ARTIFACTS, choose, open_notebook, run_all

START = (
    "import sys; from dann_lab.serve import lesson_kernels, servers; "
    "lesson_kernels.ALONE_SECONDS = 12; "  # a notebook on the screen gives a sign every 10
    "servers.serve_lab(sys.argv[1], port=0, open_browser=False, data_dir=sys.argv[1], memory=0.3)"
)
LIVE = "from dann_lab.live.dashboard import dashboard; dashboard()"
QUIZ = "from dann_lab.lessons.quiz import quiz; quiz('03_training')"
IN_FRONT = ".jp-NotebookPanel:not(.lm-mod-hidden)"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept") / "runs"


@pytest.fixture(scope="module")
def server(
    own_cache: Path, runs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """JupyterLab with three notebooks, and room for less than one."""
    folder = tmp_path_factory.mktemp("notebooks")
    for name, cells in {"left": [LIVE, QUIZ], "used": [QUIZ], "closed": [LIVE]}.items():
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        nbformat.write(notebook, folder / f"{name}.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DANN_RUNS", str(runs))
        with running([sys.executable, "-c", START, str(folder)], folder) as started:
            yield started


def open_beside(page: Page, name: str) -> None:
    page.locator(".jp-DirListing-item").filter(has_text=name).dblclick()
    expect(page.locator(f"{IN_FRONT} .jp-KernelName")).to_contain_text("Python", timeout=60_000)
    wait_for_front(page)


def wait_for_front(page: Page) -> None:
    expect(
        page.locator(f"{IN_FRONT} .jp-Notebook-ExecutionIndicator[data-status=idle]")
    ).to_be_visible(timeout=SECONDS * 1000)


def tab(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab").filter(has_text=name)


def photograph(page: Page, name: str) -> None:
    """In both widths and themes, for people to look at; without the list of files."""
    page.locator(".jp-SideBar.jp-mod-left .lm-TabBar-tab.lm-mod-current").click()
    ARTIFACTS.mkdir(exist_ok=True)
    for theme in ("Light", "Dark"):
        page.set_viewport_size({"width": 1440, "height": 900})
        choose(page, "Settings", "Theme", f"JupyterLab {theme}")
        expect(page.locator("body")).to_have_attribute(
            "data-jp-theme-light", str(theme == "Light").lower()
        )
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(500)
            page.screenshot(path=ARTIFACTS / f"{name}-{width}-{theme.lower()}.png")
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.timeout(900)
def test_a_notebook_left_alone_ends_with_a_word_and_its_run_and_comes_back(
    browser: Browser, server: Server, runs: Path
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    live = LivePage(page)
    open_notebook(page, server, "left.ipynb")
    run_all(page)
    live.wait_until_usable()
    [left] = server.kernels()
    live.press("Step")
    live.wait(lambda: live.step == 1, "a step is done")

    open_beside(page, "used.ipynb")
    choose(page, "Run", "Run All Cells")
    wait_until(lambda: left not in server.kernels(), SECONDS, "the notebook behind ends")
    tab(page, "left").click()
    notice = page.locator(f"{IN_FRONT} [role=alert].dann-ended")
    expect(notice).to_contain_text("was ended to free memory")
    assert len(list(runs.glob("*/checkpoint.pt"))) == 1
    expect(notice).to_contain_text(f"kept in {runs}.")
    expect(notice).to_contain_text("Kernel → Restart Kernel and Run All Cells brings it back")
    expect(notice).to_be_in_viewport(ratio=1)
    expect(page.locator(f"{IN_FRONT} .jp-KernelName")).to_have_text("No Kernel", timeout=60_000)
    expect(live.shown("lost")).to_be_hidden()  # the notice has told
    page.locator(f"{IN_FRONT} .dann-quiz").scroll_into_view_if_needed()
    expect(notice).to_be_in_viewport(ratio=1)
    photograph(page, "lab-ended")

    choose(page, "Kernel", "Restart Kernel and Run All Cells…")
    live.wait(lambda: live.status.startswith("Step 0"), "a new Python shows a new run")
    expect(notice).to_have_count(0)
    expect(page.locator(f"{IN_FRONT} .dann-quiz")).to_have_count(1)


@pytest.mark.timeout(900)
def test_closing_a_notebook_ends_even_a_training_and_keeps_it(
    browser: Browser, server: Server, runs: Path
) -> None:
    before, kept = server.kernels(), set(runs.glob("*/checkpoint.pt"))
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    live = LivePage(page)
    open_notebook(page, server, "closed.ipynb")
    run_all(page)
    live.wait_until_usable()
    [closed] = server.kernels() - before
    live.press("Train")
    live.wait(lambda: live.step >= 2, "it trains")
    page.locator(".lm-DockPanel-tabBar .lm-mod-current .lm-TabBar-tabCloseIcon").click()
    page.get_by_role("button", name="Save", exact=True).click()  # of the notebook
    wait_until(lambda: closed not in server.kernels(), SECONDS, "the kernel ends with its tab")
    assert len(set(runs.glob("*/checkpoint.pt")) - kept) == 1
