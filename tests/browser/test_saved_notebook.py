"""A notebook with every kind of widget as it is handed in: executed or saved, made a page of, and
opened where there is no network and no Python."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.reader import NotJSONError
from page import SECONDS
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from serving import Server, running, wait_until
from test_lab import START, choose, open_notebook, run_all

from dann_lab.widgets.saved import NEEDS_PYTHON, VIEW

pytestmark = pytest.mark.timeout(900)
CELLS = {
    "Plot": """\
from dann_core.datasets import load_pair
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.figures.curves import losses, schedules
from dann_lab.figures.sentences import about_losses
from dann_lab.widgets.base import Plot
pair = load_pair("stripes")
recipe = preset("quick", steps=3, batch_size=8, domain_width=8)
trainer = Trainer(pair, recipe, device="cpu")
history = [record for record in trainer] and trainer.history
Plot(lambda theme: losses(history, theme), "Losses", about_losses(history, recipe))""",
    "Explore": """\
from dann_lab.widgets.explore import Explore, Slider
def draw(theme, gamma):
    return schedules(theme, gamma), f"With gamma {gamma} lambda rises."
Explore(draw, {"gamma": Slider(1, 20, 1, 10)}, "Lambda over a run")""",
    "Player": """\
from dann_lab.runs.player import recorded
recorded("stripes")""",
    "Playground": """\
from dann_lab.lessons.playground import Playground
Playground(shifts=True)""",
    "MethodsBeside": """\
from dann_lab.lessons.beside import MethodsBeside
MethodsBeside()""",
    "Blend": """\
from dann_lab.lessons.blending import Blend
Blend(pair)""",
    "NetworkDiagram": """\
from dann_lab.lessons.diagram import NetworkDiagram
NetworkDiagram(trainer)""",
    "Dashboard": """\
from dann_lab.live.dashboard import Dashboard
from dann_lab.live.session import Session
Dashboard(Session())""",
    "Predict": """\
from dann_lab.lessons.predict import guess
guess("source-only")""",
    "Quiz": """\
from dann_lab.lessons.quiz import quiz
quiz("01_two_domains")""",
    "OwnFolders": """\
from pathlib import Path
from dann_lab.lessons.upload import OwnFolders
OwnFolders(Path("a"), Path("b"), None, "Nothing sent yet.")""",
    "WidgetsWork": """\
from dann_lab.lessons.checkup import WidgetsWork
WidgetsWork()""",
}
DRAWN = ("Plot", "Explore", "Player", "Playground", "MethodsBeside", "Blend", "NetworkDiagram")
"""The widgets that are pictures and draw themselves from their states."""
ASK = ("Explore", "Playground", "MethodsBeside", "Blend", "OwnFolders")


def write(path: Path) -> Path:
    cells = [nbformat.v4.new_code_cell(text) for text in CELLS.values()]
    heading = nbformat.v4.new_markdown_cell("# Every widget")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel}
    nbformat.write(nbformat.v4.new_notebook(cells=[heading, *cells], metadata=metadata), path)
    return path


def code_of(path: Path) -> list[nbformat.NotebookNode]:
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def is_saved(path: Path) -> bool:
    try:
        return all(cell.outputs for cell in code_of(path))
    except NotJSONError:  # it is being written
        return False


def outputs(path: Path) -> dict[str, dict[str, Any]]:
    """What each of the widgets has put into a saved notebook, by kind."""
    found = {}
    for name, cell in zip(CELLS, code_of(path), strict=True):
        (output,) = cell.outputs
        assert "data" in output, output
        found[name] = output["data"]
    return found


def convert(path: Path, *options: str) -> Path:
    """The page that ``jupyter nbconvert`` makes."""
    command = [sys.executable, "-m", "nbconvert", "--to", "html", *options, str(path)]
    made = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert made.returncode == 0, made.stderr
    return path.with_suffix(".html")


def opened(browser: Browser, path: Path, width: int = 1440, scheme: str = "light") -> Page:
    """The page from the folder it lies in, without a network."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    page.goto(path.as_uri(), wait_until="commit")
    return page


def places(page: Page) -> dict[str, Locator]:
    found = page.locator(".jp-RenderedJavaScript")
    expect(found).to_have_count(len(CELLS), timeout=SECONDS * 1000)
    return {name: found.nth(at) for at, name in enumerate(CELLS)}


def colours(place: Locator) -> int:
    image = Image.open(io.BytesIO(place.screenshot())).convert("RGB")
    return len(image.getcolors(image.width * image.height) or [])


def check_pictures_alone(found: dict[str, Locator], data: dict[str, dict[str, Any]]) -> None:
    """Where there are no states: a title, the picture, the sentences."""
    for name, place in found.items():
        title, *sentences = data[name]["text/plain"].splitlines()
        expect(place).to_contain_text(title, timeout=SECONDS * 1000)
        for sentence in sentences:
            expect(place.locator("figcaption")).to_contain_text(sentence)
        pictures = place.get_by_role("img", name=title)
        expect(pictures).to_have_count(1 if "image/png" in data[name] else 0)
        if "image/png" in data[name]:
            assert colours(pictures) > 8
        says = NEEDS_PYTHON in place.inner_text()
        assert says == ("image/png" in data[name] and name in (*ASK, "Dashboard"))


@pytest.fixture(scope="module")
def executed(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The notebook after ``nbconvert --to notebook --execute``."""
    path = write(tmp_path_factory.mktemp("homework") / "homework.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    made = subprocess.run([*command, str(path)], capture_output=True, encoding="utf-8")
    assert made.returncode == 0, made.stderr
    return path


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_an_executed_notebook_draws_each_widget_from_its_state(
    executed: Path, browser: Browser, width: int, scheme: str
) -> None:
    page = opened(browser, convert(executed), width, scheme)
    found = places(page)
    for name in DRAWN:
        drawn = found[name].locator(".dann svg, .dann canvas").first
        expect(drawn).to_be_visible(timeout=SECONDS * 1000)
    data = outputs(executed)
    for name in ("Plot", "Explore", "Playground", "MethodsBeside", "Blend"):
        sentence = data[name]["text/plain"].splitlines()[1]
        expect(found[name]).to_contain_text(sentence, timeout=SECONDS * 1000)
    expect(found["Playground"]).to_contain_text("Step 0 of 1,000")
    expect(found["Dashboard"].get_by_role("img", name="The live page")).to_be_visible()
    expect(found["Predict"].get_by_role("button", name="That is my guess")).to_be_visible()
    expect(found["OwnFolders"]).to_contain_text("Nothing sent yet.")
    expect(found["WidgetsWork"]).to_contain_text("Widgets work")
    for name in (*DRAWN, "Dashboard"):
        assert colours(found[name]) > 8, name
    for name, place in found.items():
        notes = place.get_by_text("Moving this needs Python")
        expect(notes).to_have_count(1 if name in ASK else 0)
        live = place.locator(":is(button, input, select):not(:disabled)").count()
        assert not (name in ASK and live), name
    page.context.close()


def test_what_needs_no_python_moves_in_the_page(executed: Path, browser: Browser) -> None:
    page = opened(browser, convert(executed))
    found = places(page)
    line = found["Player"].get_by_role("slider").first
    line.focus()
    page.keyboard.press("Home")
    expect(found["Player"]).to_contain_text("Step 0", timeout=SECONDS * 1000)
    found["Quiz"].get_by_role("radio").nth(1).check()
    expect(found["Quiz"].locator(".dann-feedback").first).not_to_be_empty()
    page.context.close()


def test_the_page_has_no_findings_of_axe(executed: Path, browser: Browser) -> None:
    page = opened(browser, convert(executed))
    expect(places(page)["Plot"].locator("svg.main-svg").first).to_be_visible(timeout=SECONDS * 1000)
    options = {"runOnly": ["wcag2a", "wcag2aa"]}
    found = Axe().run(page, context=".jp-RenderedJavaScript", options=options)
    assert [one["id"] for one in found.response["violations"]] == []
    page.context.close()


def test_a_saved_notebook_has_captions_and_pictures_for_those_who_draw_no_widgets(
    executed: Path,
) -> None:
    """As GitHub and VS Code do: they take the first of these kinds that they know."""
    for name, data in outputs(executed).items():
        assert VIEW not in data
        assert "text/html" not in data  # or a picture in it would be taken away
        assert ("image/png" in data) == (name in (*DRAWN, "Dashboard"))
        assert len(data["text/plain"]) > 20


def test_without_the_states_each_picture_stands_with_its_caption(
    executed: Path, browser: Browser, tmp_path: Path
) -> None:
    path = Path(shutil.copy(executed, tmp_path))
    notebook = nbformat.read(path, as_version=4)
    del notebook.metadata["widgets"]
    nbformat.write(notebook, path)
    page = opened(browser, convert(path))
    check_pictures_alone(places(page), outputs(path))
    page.context.close()


@pytest.fixture(scope="module")
def lab(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    home, data = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("data")
    folder = tmp_path_factory.mktemp("lab")
    write(folder / "homework.ipynb")
    with running([sys.executable, "-c", START, str(folder), str(data)], home) as server:
        yield server, folder / "homework.ipynb"


def test_jupyterlab_draws_widgets_and_exports_their_pictures(
    lab: tuple[Server, Path], browser: Browser, tmp_path: Path
) -> None:
    server, path = lab
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    open_notebook(page, server, "homework.ipynb")
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    done = re.compile(r"\[\d+\]")
    for _ in range(3):  # JupyterLab, still starting, may drop the models of what runs
        run_all(page)
        wait_until(
            lambda: all(done.match(text) for text in prompts.all_inner_texts()), 300, "cells ran"
        )
        if not page.get_by_text("model not found").count():
            break
    expect(page.locator(".jp-OutputArea-output .dann").first).to_be_visible(timeout=SECONDS * 1000)
    choose(page, "File", "Save Notebook")
    wait_until(lambda: is_saved(path), SECONDS, "the notebook is saved with its outputs")
    page.close()
    data = outputs(path)
    assert all(VIEW in one for one in data.values())
    assert "widgets" not in nbformat.read(path, as_version=4).metadata
    # What File → Save and Export Notebook As → HTML opens.
    address = server.url.split("lab?")[0] + "nbconvert/html/homework.ipynb?token=" + server.token
    made = tmp_path / "exported.html"
    with urllib.request.urlopen(address) as answer:
        made.write_bytes(answer.read())
    page = opened(browser, made)
    check_pictures_alone(places(page), data)
    page.context.close()
