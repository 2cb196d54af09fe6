"""The lessons with what Colab and Kaggle have and lack (emulation.py); neither can be reached.

By its name after test_execution.py, so that the networks the lessons look at are trained already.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from emulation import ROOT, Emulation
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from packaging.requirements import Requirement
from playwright.sync_api import sync_playwright
from test_execution import problems, verdicts

from dann_lab.figures.encoding import as_text
from dann_lab.lessons.colab import COLABS_OWN
from dann_lab.lessons.demonstrations import bend_schedules, ways_to_choose, worth
from dann_lab.widgets.document import STATIC, plotly_script
from tools import notebooks as lessons
from tools import numbers
from tools.measure import execute

ADDRESS = "https://github.com/someone/a-network"
NAMES = [path.stem for path in lessons.sources() if path.stem != "glossary"]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
LONG = ("03_training", "04_feature_maps")
"""Their first halves only, so that all of this takes a minute."""
SECONDS = 60

pytestmark = [pytest.mark.colab, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The learner's edition of a project with a public address."""
    home = tmp_path_factory.mktemp("public")
    for folder in ("lessons", "tools"):
        shutil.copytree(ROOT / folder, home / folder)
    (home / numbers.RESULTS).mkdir(parents=True)
    for file in (ROOT / numbers.RESULTS).glob("*.json"):  # the lessons' figures
        shutil.copy(file, home / numbers.RESULTS)
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    text = re.sub(r'^repository = ".*"$', f'repository = "{ADDRESS}"', text, flags=re.M)
    (home / "pyproject.toml").write_text(text, encoding="utf-8")
    (home / "data").mkdir()
    for path, notebook in lessons.build(home).items():
        (home / path).parent.mkdir(exist_ok=True)
        (home / path).write_text(notebook, encoding="utf-8")
    return home / "notebooks"


@pytest.fixture(scope="module")
def colab(tmp_path_factory: pytest.TempPathFactory) -> Emulation:
    return Emulation(tmp_path_factory.mktemp("emulation"))


@pytest.fixture(scope="module")
def kaggle(tmp_path_factory: pytest.TempPathFactory) -> Emulation:
    return Emulation(tmp_path_factory.mktemp("kaggle"), kaggle=True)


@pytest.fixture
def kernel(colab: Emulation, notebooks: Path) -> Iterator[BlockingKernelClient]:
    """A fresh kernel, as Colab gives one to each notebook."""
    with kernel_of(colab, notebooks) as client:
        yield client


@contextmanager
def kernel_of(place: Emulation, notebooks: Path) -> Iterator[BlockingKernelClient]:
    manager = KernelManager(kernel_spec_manager=place.kernels)
    manager.start_kernel(cwd=str(notebooks))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def ran(client: BlockingKernelClient, code: str) -> tuple[str, list[dict[str, Any]]]:
    """What a cell prints, and the messages that its widgets send without being asked."""
    printed, sent = "", []

    def see(message: dict[str, Any]) -> None:
        nonlocal printed
        content = message["content"]
        if message["msg_type"] == "stream" and content["name"] == "stdout":
            printed += content["text"]
        if message["msg_type"] == "comm_msg" and content["data"].get("method") == "custom":
            sent.append(content["data"]["content"])

    reply = client.execute_interactive(code, output_hook=see, timeout=SECONDS)
    assert reply["content"]["status"] == "ok", reply["content"]
    return printed, sent


def setup_cell(notebooks: Path) -> str:
    notebook = nbformat.read(notebooks / "01_two_domains.ipynb", as_version=4)
    (cell,) = [cell for cell in notebook.cells if "setup" in cell.metadata.get("tags", [])]
    return str(cell.source)


def test_the_first_cell_installs_what_is_missing_once_and_nothing_of_colabs_own(
    colab: Emulation, kernel: BlockingKernelClient, notebooks: Path
) -> None:
    printed, _ = ran(kernel, setup_cell(notebooks))
    assert "Ready. Installed: opentsne" in printed.replace("openTSNE", "opentsne")
    first = colab.calls
    package, dependencies, widgets = first
    assert package[-2:] == ["--no-deps", f"{ADDRESS}/archive/refs/heads/main.zip"]
    wanted = [Requirement(argument).name for argument in dependencies if ">=" in argument]
    assert [name.lower() for name in wanted] == ["opentsne"]
    assert not set(wanted) & set(COLABS_OWN)
    assert "--constraint" in dependencies  # and what pip brings along cannot touch those either
    assert widgets == ["widgets"]

    printed, _ = ran(kernel, setup_cell(notebooks))
    assert "Installed: nothing" in printed
    assert colab.calls[len(first) :] == [["widgets"]]


def test_on_kaggle_the_first_cell_installs_the_same_and_touches_no_widget_manager(
    kaggle: Emulation, notebooks: Path, own_cache: Path
) -> None:
    with kernel_of(kaggle, notebooks) as kernel:
        printed, _ = ran(kernel, setup_cell(notebooks))
        assert "Ready. Installed: opentsne" in printed.replace("openTSNE", "opentsne")
        package, dependencies = kaggle.calls
        assert package[-1] == f"{ADDRESS}/archive/refs/heads/main.zip"
        wanted = [Requirement(argument).name for argument in dependencies if ">=" in argument]
        assert [name.lower() for name in wanted] == ["opentsne"]
        printed, _ = ran(kernel, "import ipywidgets, sys; print(ipywidgets.__version__)")
        assert printed.startswith("8.")
        printed, sent = ran(kernel, MADE)  # all widgets, and none speaks unasked
        assert sent == []
        assert heard_from_all(kernel, json.loads(printed))
    run = execute(notebooks / "00_start_here.ipynb", own_cache, notebooks.parent, kaggle.kernels)
    assert not problems(run)


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_runs(name: str, colab: Emulation, notebooks: Path, own_cache: Path) -> None:
    before = len(colab.calls)
    path = notebooks / f"{name}.ipynb"
    if name in LONG:
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = notebook.cells[: len(notebook.cells) // 2]
        nbformat.write(notebook, path)
    run = execute(path, own_cache, notebooks.parent / "data", colab.kernels)
    assert not problems(run)
    assert all("Not attempted" in verdict for verdict in verdicts(run).values())
    assert ["widgets"] in colab.calls[before:]


MADE = """
import json
from dann_core.datasets import load_pair
from dann_lab.lessons.blending import Blend
from dann_lab.live.dashboard import Dashboard
from dann_lab.lessons.demonstrations import bend_schedules, worth
from dann_lab.lessons.playground import Playground
from dann_lab.live.session import Session
widgets = {"plot": worth(), "explore": bend_schedules(), "blend": Blend(load_pair("digits")),
    "playground": Playground(), "dashboard": Dashboard(Session())}
print(json.dumps({name: widget.model_id for name, widget in widgets.items()}))
"""
QUESTIONS: dict[str, dict[str, Any]] = {
    "plot": {"type": "plotly"},
    "explore": {"type": "explore", "values": {"gamma": 9, "alpha": 9, "beta": 0.5}},
    "blend": {"type": "blend", "photo": 1, "row": 5, "column": 5, "digit": 4, "signed": True},
    "playground": {"type": "tick", "wish": 0, "figures": True},
    "dashboard": {
        "type": "tick",
        "wish": 0,
        "figures": True,
        **dict.fromkeys(("run", "at", "map", "offered")),
    },
}
"""What the page asks each widget first, see js/src."""


def test_every_widget_is_silent_until_its_page_asks_and_then_answers(
    colab: Emulation, kernel: BlockingKernelClient, notebooks: Path
) -> None:
    ran(kernel, setup_cell(notebooks))
    printed, sent = ran(kernel, MADE)
    assert sent == []
    assert heard_from_all(kernel, json.loads(printed))


def heard_from_all(kernel: BlockingKernelClient, models: dict[str, str]) -> bool:
    """Ask each widget what its page asks first: it answers that page, and says something."""
    for name, model in models.items():
        question = {"client": "page", "dark": False, **QUESTIONS[name]}
        content = {"comm_id": model, "data": {"method": "custom", "content": question}}
        kernel.shell_channel.send(kernel.session.msg("comm_msg", content))
        answer = heard(kernel, model)
        assert answer.get("client", "page") == "page", name
        assert len(json.dumps(answer, allow_nan=False)) > 100, name
    return bool(models)


PAGE = """
const gzip = {gzip!r};
const script = new Blob([{script}], {{ type: "text/javascript" }});
const {{ default: widget }} = await import(URL.createObjectURL(script));
// What answers the script as the widget's Python does.
const hearers = new Set();
const model = {{
  on: (_, hear) => hearers.add(hear),
  off: (_, hear) => hearers.delete(hear),
  send: () => setTimeout(() => hearers.forEach((hear) => hear({{ type: "plotly", gzip }}))),
}};
window.draw = async (figure) => {{
  const el = document.createElement("div");
  el.style = "width: 600px";
  document.body.replaceChildren(el);
  const traits = {{ title: "", caption: "", light: figure, dark: figure }};
  widget.render({{ model: {{ ...model, get: (name) => traits[name] }}, el }});
  const box = el.querySelector(".dann-plot");
  box.style.height = "300px";
  while (!box.querySelector(".main-svg[aria-hidden]")) await new Promise(requestAnimationFrame);
  return box.calcdata.flatMap((trace) => trace.filter((point) => Number.isFinite(point.y))).length;
}};
"""


@pytest.mark.browser
def test_our_plotly_draws_our_pictures_in_a_page_with_a_module_loader() -> None:
    gzip_ = as_text(gzip.compress(plotly_script().encode(), 1))
    pictures = [worth().light, ways_to_choose().light, bend_schedules().light["figure"]]
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert chromium, "install Chromium or Chrome"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.set_content("<script>window.define = () => {}; define.amd = {};</script>")
        plot = (STATIC / "plot.js").read_text(encoding="utf-8")
        page.add_script_tag(content=PAGE.format(gzip=gzip_, script=json.dumps(plot)), type="module")
        page.wait_for_function("() => Boolean(window.draw)")
        for picture in pictures:
            assert page.evaluate("picture => draw(picture)", picture) > 4
        assert page.locator(".main-svg").count() > 0
        assert wrong == []
        browser.close()


def heard(client: BlockingKernelClient, model: str) -> dict[str, Any]:
    """The next message that a widget sends to its page."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        message = client.get_iopub_msg(timeout=SECONDS)
        if message["msg_type"] != "comm_msg" or message["content"]["comm_id"] != model:
            assert message["msg_type"] not in ("error", "stream"), message["content"]
            continue
        if message["content"]["data"].get("method") == "custom":
            assert not message["buffers"]
            found: dict[str, Any] = message["content"]["data"]["content"]
            return found
    pytest.fail("no answer came")
