"""What a release is: a wheel and an sdist that work far from any checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import requests
from scratch import ROOT, Scratch, scratch_environment

from dann_core.domains import DomainPair
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.cli.sizes import NEEDED
from dann_lab.runs.folder import Data, RunFolder
from tools.record_constraints import needed

LAB_MODULES = {"IPython", "numba", "traitlets"}.union(*NEEDED.values())
PACKAGES = ("dann_core", "dann_lab")
LESSONS = ("notebooks", "notebooks/solutions")


def build(*options: str | Path) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", *options, ROOT]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that was made from it."""
    folder = tmp_path_factory.mktemp("release")
    build("--outdir", folder)
    return folder


@pytest.fixture(scope="module")
def wheel(release: Path) -> Path:
    (found,) = release.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    return scratch_environment(tmp_path_factory.mktemp("installed"), install=wheel)


def contents(wheel: Path) -> dict[str, int]:
    """Its files with their checksums."""
    with zipfile.ZipFile(wheel) as archive:
        return {entry.filename: entry.CRC for entry in archive.infolist()}


def test_the_wheel_has_every_file_of_the_packages_and_every_lesson(wheel: Path) -> None:
    files = [path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file()]
    expected = {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}
    expected |= {
        f"dann_lab/{edition}/{path.name}"
        for edition in LESSONS
        for path in (ROOT / edition).glob("*.ipynb")
    }
    assert {name for name in contents(wheel) if ".dist-info/" not in name} == expected


def test_the_sdist_gives_the_wheel_that_the_checkout_gives(wheel: Path, tmp_path: Path) -> None:
    build("--wheel", "--outdir", tmp_path)
    (direct,) = tmp_path.glob("*.whl")
    assert direct.name == wheel.name
    assert contents(direct) == contents(wheel)


def test_installed_it_is_not_the_checkout(installed: Scratch) -> None:
    where = (
        "import dann_core.errors as e, dann_lab.serve.servers as s; print(e.__file__, s.__file__)"
    )
    for path in installed.run("python", "-c", where).split():
        assert Path(path).is_relative_to(installed.folder)


def test_the_command_and_the_module_say_the_same_version(installed: Scratch) -> None:
    said = installed.run("dann", "--version")
    assert re.fullmatch(r"dann \d+\.\d+\.\d+\S*\n", said)
    assert installed.run("python", "-m", "dann_lab", "--version") == said


def test_installed_it_trains(installed: Scratch) -> None:
    options = ["--steps", "3", "--threads", "1", "--device", "cpu", "--out", "run"]
    installed.run("dann", "train", *options)
    assert (installed.home / "run" / "metrics.json").exists()


def test_installed_it_serves_the_live_page(installed: Scratch) -> None:
    with installed.serving("dann", "dashboard", "--no-browser", "--port", "0") as (url, _):
        page = requests.get(url, timeout=120)
    assert page.status_code == 200
    assert "<title>DANN, live</title>" in page.text
    assert "application/vnd.jupyter.widget-view+json" in page.text  # its cells have run


def test_installed_it_opens_a_copy_of_the_lessons(installed: Scratch) -> None:
    with installed.serving("dann", "lab", "--no-browser", "--port", "0") as (url, said):
        there, token = url.split("/lab?")
        listed = requests.get(f"{there}/api/contents?{token}", timeout=60).json()["content"]
        page = requests.get(url, timeout=60)
    assert page.status_code == 200
    assert "JupyterLab" in page.text
    names = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {file["name"] for file in listed} == names | {"solutions"}
    assert "Your copy of the lessons is in" in said
    assert any((installed.home / "dann-lessons" / "notebooks" / "solutions").iterdir())


# The small size


def small_and(folder: Path, wheel: Path, *modules: str) -> Scratch:
    """Only what the small size comes to need can be seen there, and what ``modules`` do."""
    if os.name == "nt":
        pytest.skip("it is made of links, which Windows gives to administrators alone")
    owners = packages_distributions()
    wanted = ["dann-explorable", *(owners[module][0] for module in modules)]
    seen = set[str]().union(*(needed(name) for name in wanted), wanted[1:])
    return scratch_environment(folder, install=wheel, seen=seen)


@pytest.fixture(scope="module")
def small(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    return small_and(tmp_path_factory.mktemp("small"), wheel)


def test_the_lab_cannot_be_seen_from_the_small_size(small: Scratch) -> None:
    code = f"""
from importlib.util import find_spec
print([m for m in {sorted(LAB_MODULES)} if find_spec(m)])
"""
    assert small.run("python", "-c", code) == "[]\n"


def test_every_module_of_the_core_loads_in_the_small_size(small: Scratch) -> None:
    code = """
import dann_core, importlib, pkgutil
names = [m.name for m in pkgutil.walk_packages(dann_core.__path__, "dann_core.")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""
    files = list((ROOT / "dann_core").rglob("*.py"))
    assert int(small.run("python", "-c", code)) == len(files) - 1


def test_the_core_trains_in_the_small_size(small: Scratch) -> None:
    code = """
import dann_core as dann
trainer = dann.Trainer(dann.load_pair("stripes"), dann.preset("quick", steps=2), device="cpu")
for record in trainer:
    pass
print(trainer.evaluate(50).images)
"""
    assert small.run("python", "-c", code) == "50\n"


def test_the_small_commands_work_in_the_small_size(
    small: Scratch, stripes_pair: DomainPair
) -> None:
    listed = small.run("dann", "data", "list")
    assert listed.count("missing") == 3  # MNIST, the photos, and what is built from them
    assert small.run("dann", "--version").startswith("dann ")
    for command in ("--help", "train --help", "lab --help"):
        assert "Usage" in small.run("dann", *command.split())
    run = RunFolder(
        small.home / "run", Data(), Trainer(stripes_pair, preset("quick", steps=2), device="cpu")
    )
    next(run.trainer)
    run.save()
    said = small.run("dann", "evaluate", "run", "--device", "cpu")
    assert "After 1 steps, on 400 test images each" in said


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("train", "matplotlib"),
        ("train --resume --out run", "matplotlib"),
        ("export run --csv run.csv", "anywidget"),
        ("dashboard --no-browser", "voila"),
        ("lab --no-browser", "jupyterlab"),
    ],
)
def test_a_command_of_the_lab_says_in_one_line_how_to_get_it(
    command: str, missing: str, small: Scratch
) -> None:
    before = {path.name for path in small.home.iterdir()}
    name = command.split()[0]
    assert small.ends("dann", *command.split()) == (
        1,
        f"dann: error: `dann {name}` needs the lab, which is not installed ({missing} is missing). "
        'Install it with: pip install "dann-explorable[lab]"\n',
    )
    assert {path.name for path in small.home.iterdir()} == before


def test_train_and_export_need_no_more_of_the_lab_than_they_say(
    wheel: Path, tmp_path: Path
) -> None:
    training = small_and(tmp_path / "train", wheel, *NEEDED["train"])
    options = ["--steps", "2", "--threads", "1", "--device", "cpu", "--out", "run"]
    assert "Results are in run" in training.run("dann", "train", *options)
    exporting = small_and(tmp_path / "export", wheel, *NEEDED["export"])
    run = training.home / "run"
    exporting.run("dann", "export", run, "--csv", "run.csv", "--html", "run.html")
    assert {path.name for path in exporting.home.iterdir()} >= {"run.csv", "run.html"}
