"""Python inside other texts (a benchmark's page, a container's recipe, a README) finds its modules.

No type checker reads it, and some of it runs only once a year.
"""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMPORT = re.compile(
    r"\bfrom (dann_(?:core|lab)[\w.]*) import (?:\(\s*)?([\w ]+(?:,\s*[\w ]+)*)|"
    r"\bimport ([\w.]+(?:, [\w.]+)*)"
)
ELSEWHERE = {
    "tests/core/test_front_door.py",  # imports what is not there, and says so
}


UNCHECKED = ("benchmarks/", "deploy/")
"""The folders whose own code no type checker reads either."""


def files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    ).stdout.split()
    endings = (".py", ".md", ".yml", ".yaml", ".toml", ".ipynb", "Dockerfile", "postBuild", "start")
    return [name for name in listed if name.endswith(endings) and name not in ELSEWHERE]


def texts(name: str) -> Iterator[str]:
    """The texts in a file that can hold Python: its strings, or all of it."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if not name.endswith(".py"):
        yield text.replace('\\n",', "\n").replace("\\n", "\n")
        return
    if name.startswith(UNCHECKED):
        yield text
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def imports(name: str) -> Iterator[tuple[str, str | None]]:
    for text in texts(name):
        for module, names, whole in IMPORT.findall(text):
            for part in whole.split(", "):
                if part.startswith(("dann_core", "dann_lab")):
                    yield part, None
            for part in names.split(",") if module else []:
                if wanted := re.match(r"\s*(\w+)", part):
                    yield module, wanted[1]


def is_there(module: str, name: str | None) -> bool:
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError:
        return False
    if name is None or hasattr(found, name):
        return True
    try:
        importlib.import_module(f"{module}.{name}")
    except ModuleNotFoundError:
        return False
    return True


WITH_CODE = [name for name in files() if any(imports(name))]


def test_there_is_such_code() -> None:
    assert {"benchmarks/live.py", "README.md", "deploy/Dockerfile", "binder/postBuild"} <= {
        *WITH_CODE
    }


@pytest.mark.parametrize("name", WITH_CODE)
def test_what_it_imports_is_there(name: str) -> None:
    wanted = sorted({*imports(name)}, key=str)
    assert [pair for pair in wanted if not is_there(*pair)] == []
