"""Folders that environment variables name: one is found, or a line says why not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dann_core.errors import DannError
from dann_core.files import cache_dir
from dann_lab.cli import app
from dann_lab.lessons.checkup import checkup
from dann_lab.runs import kept

ODD = {
    "empty": "",
    "home": "~",
    "nobody's home": "~nobody-of-this-name/data",
    "a loop": "loop",
    "in a loop": "loop/data",
    "a long name": "a" * 300,
    "a long path": "a/" * 3000,
    "a file": "file",
    "in a file": "file/data",
    "not UTF-8": "caf\udce9",
    "a device": os.devnull,
    "a line break": "a\nb",
}
COMMANDS = (["data", "list"], ["data", "build"], ["data", "fetch", "mnistm-keras"])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    if os.name != "nt":
        (tmp_path / "loop").symlink_to("loop")
    for name in ("DANN_CACHE", "DANN_DATA", "DANN_RUNS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")  # nothing leaves this machine
    return tmp_path


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
@pytest.mark.parametrize("variable", ["DANN_CACHE", "DANN_DATA"])
def test_the_data_commands_answer(
    variable: str, value: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    for command in COMMANDS:
        ended = CliRunner().invoke(app, command)
        if ended.exception is not None:
            assert isinstance(ended.exception, DannError), (command, ended.exception)
            assert "\n" not in str(ended.exception)


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
@pytest.mark.parametrize("variable", ["DANN_CACHE", "DANN_DATA", "DANN_RUNS"])
def test_the_checkup_and_the_page_look_at_each(
    variable: str, value: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert "could not be looked at" not in repr(checkup())
    assert kept.folders() == []


def test_a_home_is_meant_by_its_sign(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANN_CACHE", "~/data")
    monkeypatch.setenv("DANN_RUNS", "~/runs")
    assert cache_dir() == here / "home" / "data"
    assert kept.folder() == here / "home" / "runs"
