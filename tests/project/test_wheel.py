"""What a release is: a wheel and an sdist that work far from any checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import requests
from scratch import ROOT, Scratch, scratch_environment

PACKAGES = ("dann_core", "dann_lab")
LESSONS = ("notebooks", "solutions")


def build(*options: str | Path) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", *options, ROOT]
    ended = subprocess.run(command, capture_output=True, text=True)
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
    assert {file["name"] for file in listed} == names
    assert "Your copy of the lessons is in" in said
    assert (installed.home / "dann-lessons" / "solutions").is_dir()
