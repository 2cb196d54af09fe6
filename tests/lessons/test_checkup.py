"""The environment check finds what is wrong, says what to do, and survives everything."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from dann_lab.lessons import checkup as module
from dann_lab.lessons.checkup import Row, checkup


def row(what: str) -> Row:
    (found,) = [row for row in checkup().rows if row.what == what]
    return found


@pytest.fixture
def without_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Empty folders for data and cache."""
    data, cache = tmp_path / "data", tmp_path / "cache"
    data.mkdir()
    monkeypatch.setenv("DANN_DATA", str(data))
    monkeypatch.setenv("DANN_CACHE", str(cache))
    return data


def test_all_is_well_here_and_nothing_is_left_behind(without_data: Path) -> None:
    found = checkup()
    bad = [r for r in found.rows if r.state == "bad"]
    assert not bad
    assert "All is well" in repr(found)
    assert "All is well" in found._repr_html_()
    assert not (without_data.parent / "cache").exists()


def test_missing_data_stops_nothing_and_can_be_fetched(without_data: Path) -> None:
    found = row("MNIST and photos")
    assert found.state == "note"
    assert "no MNIST and no photos" in found.found
    assert "dann data fetch" in found.remedy


def test_a_data_folder_that_is_not_there(without_data: Path) -> None:
    without_data.rmdir()
    found = row("MNIST and photos")
    assert found.state == "bad"
    assert str(without_data) in found.found
    assert "Create it" in found.remedy
    assert checkup().verdict == "To mend: MNIST and photos."


def test_a_cache_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "file" / "cache"))
    found = row("Cache folder")
    assert found.state == "bad"
    assert "cannot be written" in found.found
    assert "DANN_CACHE" in found.remedy


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch, without_data: Path) -> None:
    monkeypatch.setattr(module, "NEEDED_DISK", 1e9)
    found = row("Cache folder")
    assert found.state == "bad"
    assert "Free" in found.remedy


def test_packages_that_are_missing_or_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [
        "torch>=999",
        'no-such-package>=1; extra == "lab"',
        'pytest>=999; extra == "test"',
        "numpy>=1",
    ]
    monkeypatch.setattr(metadata, "requires", lambda name: asked)
    found = row("Packages")
    assert found.state == "bad"
    assert f"torch {metadata.version('torch')}" in found.found
    assert "no-such-package is missing" in found.found
    assert "pytest" not in found.found
    assert found.remedy == "pip install --upgrade 'torch>=999' 'no-such-package>=1'"


def test_the_project_itself_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.colab, "PROJECT", "dann-explorable-that-nobody-has")
    found = row("Packages")
    assert found.state == "bad"
    assert 'pip install --editable ".[lab]"' in found.remedy


def test_too_little_memory_and_a_system_that_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "available_memory", lambda: 0.5)
    found = row("Memory")
    assert (found.state, found.found) == ("bad", "0.5 GB available")
    assert "Shut down the kernels" in found.remedy
    monkeypatch.setattr(module, "available_memory", lambda: None)
    assert row("Memory").state == "note"


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OLDEST_PYTHON", (9, 9))
    found = row("Python")
    assert found.state == "bad"
    assert "Install Python 9.9" in found.remedy


def test_a_check_that_fails_itself_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(what: str) -> Row:
        raise RuntimeError("<no idea>")

    monkeypatch.setitem(module.CHECKS, "Device", fails)
    found = checkup()
    assert "RuntimeError: <no idea>" in repr(found)
    assert "&lt;no idea&gt;" in found._repr_html_()
    assert len(found.rows) == len(module.CHECKS)
