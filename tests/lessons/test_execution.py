"""Every lesson, in both editions, runs from a clean kernel on a machine without MNIST.

The learner's edition is kept with its outputs: the site is made from it (tests/website).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dann_lab.lessons.checkup import NEEDED_MEMORY
from tools.measure import Execution, execute, machine
from tools.notebooks import NOTEBOOKS, SOLUTIONS, exercises_in
from website.executing import keep

PATHS = sorted([*NOTEBOOKS.glob("*.ipynb"), *SOLUTIONS.glob("*.ipynb")])
ARTIFACTS = NOTEBOOKS.parent / "test-artifacts"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of both editions beside an empty folder for data."""
    home = tmp_path_factory.mktemp("lessons")
    (home / "data").mkdir()
    for edition in (NOTEBOOKS, SOLUTIONS):
        if edition.exists():
            shutil.copytree(edition, home / edition.name)
    return home


@pytest.fixture(scope="module")
def figures() -> Iterator[dict[str, dict[str, int]]]:
    """What each notebook took, kept for whoever reads the test's artifacts."""
    taken: dict[str, dict[str, int]] = {}
    yield taken
    ARTIFACTS.mkdir(exist_ok=True)
    text = json.dumps({"machine": machine(), "lessons": taken}, indent=2)
    (ARTIFACTS / "lessons.json").write_text(text + "\n", encoding="utf-8")


@pytest.mark.timeout(1000)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_notebook_runs(
    path: Path, folder: Path, own_cache: Path, figures: dict[str, dict[str, int]]
) -> None:
    run = execute(folder / path.parent.name / path.name, own_cache, folder / "data")
    figures[f"{path.parent.name}/{path.stem}"] = run.figures
    assert not problems(run)
    assert run.peak_mb < NEEDED_MEMORY * 1000
    expected = "Right" if path.parent == SOLUTIONS else "Not attempted"
    found = verdicts(run)
    assert set(found) == set(exercises_in(run.notebook.cells))
    assert all(expected in verdict for verdict in found.values()), found
    if path.parent == NOTEBOOKS:
        keep(path.stem, run.notebook)


def problems(run: Execution) -> list[str]:
    """What a learner would see go wrong."""
    found = []
    for cell in run.notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                found.append(f"{output.ename}: {output.evalue}\n{cell.source}")
            if output.output_type == "stream" and "Traceback" in output.text:
                found.append(output.text)
    return found


def verdicts(run: Execution) -> dict[str, str]:
    """For each exercise what its check said."""
    found: dict[str, Any] = {}
    for cell in run.notebook.cells:
        check = re.search(r"^exercises\.(\w+)\.check\(", cell.source, re.MULTILINE)
        if cell.cell_type == "code" and check:
            found[check[1]] = "".join(output.data["text/plain"] for output in cell.outputs)
    return found
