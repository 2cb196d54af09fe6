"""docs/architecture.md and CONTRIBUTING.md: every path, name and command in them is there."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("docs/architecture.md", "CONTRIBUTING.md")
PLACES = ("dann_core/", "dann_lab/", "js/", "docs/", "tests/", "tools/", "lessons/", "benchmarks/")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def code_in(page: str) -> list[str]:
    """What stands between single backticks, and the lines of the tree."""
    text = text_of(page)
    trees = re.findall(r"```\n(.*?)```", text, re.DOTALL)
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)) + [
        line for tree in trees for line in tree.splitlines()
    ]


def tree_of(page: str) -> list[Path]:
    """The paths that the page's tree draws: a folder at the margin, its files indented below."""
    paths, folder = [], ROOT
    (tree,) = re.findall(r"```\n(.*?)```", text_of(page), re.DOTALL)
    for line in tree.splitlines():
        names = re.findall(r"(?:^|  )(\w+/|\w+\.py)(?= |$)", line)
        if not line.startswith(" "):
            folder = ROOT / names[0]
            paths += [ROOT / name for name in names]
        else:
            paths += [folder / name for name in names]
    return paths


def test_the_tree_is_the_tree() -> None:
    drawn = tree_of("docs/architecture.md")
    assert len(drawn) > 25
    assert [str(path) for path in drawn if not path.exists()] == []


def test_the_tree_draws_every_room() -> None:
    drawn = {path.resolve() for path in tree_of("docs/architecture.md")}
    for package in ("dann_core", "dann_lab"):
        rooms = {path.parent for path in (ROOT / package).glob("*/__init__.py")}
        assert rooms <= drawn, package
    core = {path for path in (ROOT / "dann_core").glob("*.py") if path.stem != "__init__"}
    assert {path.name for path in core - drawn} <= {"errors.py", "devices.py", "moons.py"}


@pytest.mark.parametrize("page", PAGES)
def test_paths_are_there(page: str) -> None:
    paths = [code for code in code_in(page) if code.startswith(PLACES) and " " not in code]
    assert paths
    assert [path for path in paths if not any(ROOT.glob(path))] == []
    links = re.findall(r"\]\((?!http)([^)#]+)", text_of(page))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_names_of_the_code_are_there(page: str) -> None:
    """`Trainer.__next__`, `evaluate_with_snapshot`, …: each is somewhere in the packages."""
    files = [*(ROOT / "dann_core").rglob("*.py"), *(ROOT / "dann_lab").rglob("*.py")]
    sources = "\n".join(path.read_text(encoding="utf-8") for path in files)
    names = [
        code
        for code in code_in(page)
        if re.fullmatch(r"[A-Z]\w+(\.\w+)?|[a-z]+(_[a-z]+)+", code) and f"{code}/" not in PLACES
    ]
    assert names
    for part in {part for name in names for part in name.split(".")}:
        assert re.search(rf"\b{re.escape(part)}\b", sources), part


def test_commands_are_there() -> None:
    text = text_of("CONTRIBUTING.md") + text_of("docs/architecture.md")
    targets = set(re.findall(r"`make (\w+)`", text))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets
    assert [t for t in targets if not re.search(rf"^{t}:", makefile, re.MULTILINE)] == []
    scripts = json.loads((ROOT / "js" / "package.json").read_text(encoding="utf-8"))["scripts"]
    wanted = set(re.findall(r"`npm run (\w+)`", text))
    assert wanted
    assert wanted <= scripts.keys()
    for module in re.findall(r"-m ([\w.]+)", text):
        assert importlib.util.find_spec(module), module


def test_what_is_generated_can_be_checked_by_the_command() -> None:
    command = re.search(
        r"\.venv/bin/python (-m tools\.generated --check)", text_of("CONTRIBUTING.md")
    )
    assert command
    done = subprocess.run(
        [sys.executable, *command[1].split(), "--help"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
