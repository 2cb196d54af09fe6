"""``dann sweep`` and ``dann table`` as a person types them, and the page of a sweep."""

from __future__ import annotations

import http.client
import importlib.util
import json
import re
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from typer.testing import CliRunner

from dann_lab.cli import app
from dann_lab.runs.folder import CHECKPOINT, METRICS
from dann_lab.sweeps import report
from dann_lab.sweeps.page import serving, state
from dann_lab.sweeps.plan import plan, typed
from dann_lab.sweeps.progress import Progress
from dann_lab.sweeps.table import find, table
from dann_lab.sweeps.work import Outcome

GRID = ["--grid", "lambda=0,1", "--grid", "steps=2", "--grid", "batch-size=8"]


def dann(*words: str | Path) -> tuple[str, BaseException | None]:
    """What the command says, and what ended it."""
    ended = CliRunner().invoke(app, [str(word) for word in words])
    return ended.output, ended.exception


def refused(*words: str | Path) -> str:
    _, error = dann(*words)
    text = str(error)
    assert type(error).__name__ in ("DannError", "DataError", "RecipeError"), repr(error)
    assert "\n" not in text
    return text


def test_a_dry_run_lists_the_runs_says_what_is_done_and_makes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    said, error = dann("sweep", *GRID, "--out", out, "--dry-run")
    assert error is None
    assert said.splitlines()[:3] == [
        "lambda=0: 2 steps, to do",
        "lambda=1: 2 steps, to do",
        f"2 runs in {out}, 2 to do.",
    ]
    assert "Estimate from a few steps of each kind of run: about " in said
    assert not out.exists()


def test_a_sweep_is_made_once_and_its_table_read(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ("sweep", *GRID, "--out", out, "--workers", "1")
    said, error = dann(*command)
    assert error is None, said
    assert "[2/2] lambda=1: source acc 0." in said
    assert f"2 of 2 runs are done, in {out}" in said
    assert not (out / "lambda=0" / "tsne.png").exists(), "a sweep draws no maps unless asked"
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    said, error = dann(*command)
    assert error is None
    assert said.startswith("Every run has ended already.\n2 of 2 runs are done")
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before
    said, error = dann("table", out)
    assert error is None
    for name in ("lambda=0", "lambda=1"):
        content = json.loads((out / name / METRICS).read_text(encoding="utf-8"))
        assert f"{content['accuracy']['target']:.4f}" in said
    other = [word.replace("steps=2", "steps=3") for word in GRID]
    said = refused("sweep", *other, "--out", out)
    assert said == (
        f"{out / 'lambda=0'} holds another run, with steps 2 and not 3. Choose another --out, or "
        "move it away."
    )


WRONG = {
    ("sweep",): "There is nothing to sweep. Add --grid FIELD=VALUE,VALUE",
    ("sweep", "--grid", "lamda=1"): "--grid 'lamda=1': there is no field 'lamda'. Did you mean",
    ("sweep", "--seeds", "0"): "--seeds 0: it must be a whole number from 1",
    ("sweep", "--preset", "slow"): "The run with preset=slow: There is no preset 'slow'.",
    ("sweep", "none.toml"): "There is no file none.toml. Name a TOML file, or use --grid.",
    ("sweep", "a.toml", "--seeds", "2"): "The file a.toml says which runs there are. Leave out",
    ("sweep", *GRID, "--scheduler", "x", "--workers", "2"): "--workers are of this machine.",
    ("sweep", *GRID, "--scheduler", "x.json"): "--scheduler x.json: this is not the file of a Dask",
    ("sweep", *GRID, "--out", "a-file"): "a-file is a file. Choose another --out.",
    ("sweep", "--grid", "pair=mnist", "--grid", "build=zebra"): "There is no MNIST-M build 'zebra'",
    ("table", "none"): "There is no folder none. Name the folder of a sweep or of a run.",
    ("table", "."): "There is no run in .. Make some with dann sweep.",
    ("table", ".", "--value", "x"): "--value 'x': it must be one of target, source, domain.",
    ("table", ".", "--format", "x"): "--format 'x': it must be one of text, csv, markdown, latex",
    ("table", ".", "--format", "html"): "A page needs a file. Add --out table.html.",
    ("table", ".", "--out", "none/t.csv"): "There is no folder none for the table. Make it first.",
}


@pytest.mark.parametrize("words", WRONG)
def test_what_is_wrong_is_one_sentence_and_nothing_is_made(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "build=zebra" in words:
        pytest.importorskip("dann_core")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file").write_text("", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    text = refused(*words)
    if "build=zebra" in words and "MNIST is not in" in text:
        pytest.skip("the data are not here")
    assert text.startswith(WRONG[words])
    assert sorted(tmp_path.rglob("*")) == before


def test_without_dask_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "dann_lab.sweeps.cluster.find_spec", lambda name: None if name == "dask" else found(name)
    )
    said = refused("sweep", *GRID, "--out", tmp_path / "out")
    remedy = 'pip install "dann-explorable[sweeps]"'
    assert said == f"A sweep needs Dask (dask is missing). Install it with: {remedy}"
    assert not (tmp_path / "out").exists()


def test_a_runs_own_file_is_not_replaced_by_a_table(tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT).write_bytes(b"")
    assert "is a run's own file" in refused("table", tmp_path, "--out", tmp_path / METRICS)


def a_sweep() -> Progress:
    """In the middle: a run of each kind."""
    one = typed(["lambda=0,0.5,paper", "steps=400"])
    one.add_seeds(2, "--seeds")
    progress = Progress.of(plan([one]))
    names = list(progress.lines)
    for name in names[:4]:
        progress.began_on(name, "tls://127.0.0.1:1")
        progress.reported(name, 37)
    known = {"source": 0.91, "target": 0.5, "domain": None}
    progress.ended(names[0], Outcome("done", 400, known))
    why = "The label loss is no longer finite at step 38."
    progress.ended(names[1], Outcome("diverged", 37, why=why))
    progress.ended(names[2], Outcome("failed", 37, why="It was given up."))
    return progress


def test_time_left_is_by_the_steps_of_this_sitting() -> None:
    progress = a_sweep()
    assert progress.counts() == {
        "done": 1,
        "diverged": 1,
        "failed": 1,
        "running": 1,
        "waiting": 2,
    }
    assert progress.steps_left == 2 * 400 + 363
    assert progress.done_steps == 400 + 3 * 37
    resumed = a_sweep().lines["lambda=paper,seed=0"]
    resumed.begun, left = True, Progress({"one": resumed})
    left.began_on("one", "worker")
    left.reported("one", 300)  # where it was stopped
    assert left.seconds_left() is None
    left.reported("one", 310)
    assert left.done_steps == 10


def test_the_page_is_served_to_this_machine_alone() -> None:
    with serving(a_sweep(), "runs/<b>") as address:
        with urllib.request.urlopen(address) as answer:
            page = answer.read().decode()
        assert "runs/&lt;b&gt;" in page
        with urllib.request.urlopen(address + "state") as answer:
            assert json.loads(answer.read()) == state(a_sweep()) | {
                "seconds": pytest.approx(0, abs=99)
            }
        place = urlsplit(address)
        assert place.hostname == "127.0.0.1"
        for path, host, status in (("/", "evil.example", 403), ("/../x", "localhost", 404)):
            connection = http.client.HTTPConnection("127.0.0.1", place.port)
            connection.request("GET", path, headers={"Host": host})
            assert connection.getresponse().status == status
            connection.close()


@pytest.mark.browser
@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_page_shows_how_far_the_sweep_is_and_that_it_is_over(
    chrome: Browser, look: Any
) -> None:
    progress = a_sweep()
    page = chrome.new_page(viewport={"width": 390, "height": 800}, color_scheme=look)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    with serving(progress, "runs/lambdas") as address:
        page.goto(address)
        expect(page.locator("main")).to_contain_text("1 of 6 runs are done, 1 at work, 2 waiting")
        rows = page.get_by_role("row")
        expect(rows).to_have_count(1 + 4)
        expect(rows.nth(1)).to_contain_text("no longer finite at step 38")
        expect(page.get_by_role("row", name="lambda=0,seed=0")).to_contain_text("0.5000")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert Axe().run(page).response["violations"] == []
        for name in list(progress.lines)[3:]:
            progress.ended(name, Outcome("stopped", 40))
        progress.over = True
        expect(page.locator("main")).to_contain_text("3 stopped, saved")
        expect(page.locator("main")).to_contain_text("The sweep is over.")
        page.close()
        page = chrome.new_page()
        progress.over = False
        page.goto(address)
        expect(page.locator("main")).to_contain_text("1 of 6 runs are done")
    expect(page.get_by_role("status")).to_contain_text("does not answer any more")
    assert not errors
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_dot_on_the_tables_page_opens_its_run(chrome: Browser, tmp_path: Path, look: Any) -> None:
    for one in plan([typed(["lambda=0,0.1", "dropout=0,0.5", "seed=0,1"])]):
        folder = tmp_path / "runs" / one.name
        folder.mkdir(parents=True)
        content = {
            "recipe": one.recipe.to_dict(),
            "steps": 1,
            "data": {"id": "x", "pair": "stripes", "seed": 0},
            "accuracy": {"source": 1, "target": 0.4 + one.recipe.seed / 10, "domain": None},
            "data_options": one.data.options(),
        }
        (folder / METRICS).write_text(json.dumps(content), encoding="utf-8")
        (folder / "run.html").write_text(f"<title>{one.name}</title>", encoding="utf-8")
    text = report.page(table(find([tmp_path / "runs"])), tmp_path)
    (tmp_path / "table.html").write_text(text, encoding="utf-8")
    page = chrome.new_page(viewport={"width": 390, "height": 800}, color_scheme=look)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "table.html").as_uri())
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Axe().run(page).response["violations"] == []
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)
    page.get_by_role("link", name="lambda 0.1, dropout 0.5, seed 1: 0.5000").press("Enter")
    expect(page).to_have_title("lambda=0.1,dropout=0.5,seed=1")
    page.go_back()
    dot = page.locator(".js-plotly-plot .scatterlayer .trace").nth(1).locator(".point").first
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page).to_have_title(re.compile("lambda=0,dropout=0.*,seed=0"))
    page.close()
