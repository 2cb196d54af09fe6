"""What is generated is compared and rewritten, and whoever asks is told what differs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tools import generated, notebooks


def test_writing_removes_what_should_not_be_there_and_checking_names_what_differs(
    tmp_path: Path,
) -> None:
    new, gone, same = (Path("notebooks", f"{name}.ipynb") for name in ("new", "gone", "same"))
    (tmp_path / "notebooks").mkdir()
    (tmp_path / gone).write_text("{}", encoding="utf-8")
    (tmp_path / same).write_text("λ", encoding="utf-8")
    made = {new: "new", gone: None, same: "λ"}
    assert generated.drift(made, tmp_path) == [gone, new]
    assert generated.write(made, tmp_path) == [gone, new]
    assert not (tmp_path / gone).exists()
    assert generated.drift(made, tmp_path) == []
    (tmp_path / new).write_text("another", encoding="utf-8")
    assert generated.drift(made, tmp_path) == [new]


def run(monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    monkeypatch.setattr(sys, "argv", ["generated", *options])
    generated.main()


def test_a_check_names_what_differs_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path("notebooks", "glossary.ipynb")
    before = (generated.ROOT / path).read_bytes()
    monkeypatch.setattr(notebooks, "made", lambda root: {path: "another"})
    with pytest.raises(SystemExit, match="make generated"):
        run(monkeypatch, "--check", "--only", "notebooks")
    assert capsys.readouterr().out == f"{path}\n"
    assert (generated.ROOT / path).read_bytes() == before


def test_one_part_is_asked_for_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generated, "widgets", lambda check: pytest.fail("was built"))
    monkeypatch.setattr(notebooks, "made", lambda root: {})
    run(monkeypatch, "--check", "--only", "links")
    assert capsys.readouterr().out.startswith("3 files are up to date; every link ")


# The widgets' scripts


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in, and the only one: it notes how it is called, and fails if told to compare."""
    if os.name == "nt":
        pytest.skip("the stand-in is a shell script")
    (tmp_path / "node_modules").mkdir()
    monkeypatch.setattr(generated, "JS", tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    script = tmp_path / "npm"
    script.write_text(
        '#!/bin/sh\necho "$@" >> calls\ncase "$*" in *--check) exit 1;; esac\n', encoding="utf-8"
    )
    script.chmod(0o755)
    return script


def calls(npm: Path) -> list[str]:
    return (npm.parent / "calls").read_text(encoding="utf-8").splitlines()


def test_scripts_are_built_and_then_compared(npm: Path) -> None:
    assert generated.widgets(check=False) is False
    assert calls(npm) == ["run --silent build", "run --silent build -- --check"]


def test_a_check_builds_no_scripts(npm: Path) -> None:
    assert generated.widgets(check=True) is False
    assert calls(npm) == ["run --silent build -- --check"]


def test_scripts_that_differ_fail_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "made", lambda root: {})
    monkeypatch.setattr(generated, "widgets", lambda check: False)
    with pytest.raises(SystemExit, match="make generated"):
        run(monkeypatch, "--check")


@pytest.mark.parametrize("missing", ["npm", "node_modules"])
def test_without_node_scripts_are_left_alone_and_it_is_said(
    npm: Path, missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (npm.parent / missing).rename(npm.parent / "elsewhere")
    assert generated.widgets(check=True) is True
    assert "make front" in capsys.readouterr().out
    assert not (npm.parent / "calls").exists()
