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

from dann_core.errors import DannError
from dann_lab.lessons.copies import RECORD, copy_lessons

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


# A learner's copy


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """What a release ships: one lesson, in both editions."""
    for edition in LESSONS:
        (tmp_path / "shipped" / edition).mkdir(parents=True)
        (tmp_path / "shipped" / edition / "01.ipynb").write_text("first")
    return tmp_path / "shipped"


def lessons(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.ipynb")
    }


BOTH = {"notebooks/01.ipynb": "first", "solutions/01.ipynb": "first"}


def test_a_first_copy_has_everything_and_a_second_one_does_nothing(
    shipped: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "far" / "mine"
    assert "Copied: 2 files." in copy_lessons(shipped, mine).sentences(mine)
    assert lessons(mine) == BOTH
    assert copy_lessons(shipped, mine).sentences(mine) == [
        f"Your copy of the lessons is in {mine}."
    ]


def test_an_upgrade_renews_what_is_unchanged_and_puts_the_rest_beside(
    shipped: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    (mine / "notebooks" / "01.ipynb").write_text("my work")
    assert len(copy_lessons(shipped, mine).sentences(mine)) == 1  # nothing new to give
    for edition in LESSONS:
        (shipped / edition / "01.ipynb").write_text("second")
    told = copy_lessons(shipped, mine).sentences(mine)
    after = {
        "notebooks/01.ipynb": "my work",
        "notebooks/01-new.ipynb": "second",
        "solutions/01.ipynb": "second",
    }
    assert lessons(mine) == after
    assert any(
        re.search(r"You changed notebooks.01.ipynb.*notebooks.01-new.ipynb", s) for s in told
    )
    assert any("not changed them: 1" in sentence for sentence in told)
    assert len(copy_lessons(shipped, mine).sentences(mine)) == 1  # said and given once
    (shipped / "notebooks" / "01.ipynb").write_text("third")
    copy_lessons(shipped, mine)
    assert lessons(mine) == after | {"notebooks/01-new-2.ipynb": "third"}


@pytest.mark.parametrize("record", ["", "[]", "{"])
def test_without_a_readable_record_nothing_is_overwritten(
    record: str, shipped: Path, tmp_path: Path
) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01.ipynb").write_text("a file of mine")
    (tmp_path / RECORD).write_text(record)
    copy_lessons(shipped, tmp_path)
    assert (tmp_path / "notebooks" / "01.ipynb").read_text() == "a file of mine"
    assert (tmp_path / "notebooks" / "01-new.ipynb").read_text() == "first"


def test_a_lesson_that_was_thrown_away_comes_back(shipped: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    (mine / "notebooks" / "01.ipynb").unlink()
    copy_lessons(shipped, mine)
    assert lessons(mine) == BOTH


def test_a_file_where_the_folder_should_be_is_an_error_with_the_remedy(
    shipped: Path, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(DannError, match="dann lab FOLDER"):
        copy_lessons(shipped, tmp_path / "taken")
