"""The notebooks made from lessons/*.py: the learner's edition and, with exercises, the solutions.

`make lessons` writes them (generated.py).

A source is a Jupytext script in the percent format. What differs between the editions is made
here: a cell with the tag ``exercise-NAME`` keeps its stub for the learner and receives the answer
that ``dann_lab.exercises`` holds in the solution edition. A line ``{{lessons}}`` becomes the table
of lessons, with the figures of measured.json; other such places are measured numbers and claims
(numbers.py). Every notebook that runs code begins with the same
set-up cell, and the learner's lessons with the links that links.py makes.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from dann_core.errors import DannError
from tools import links, numbers

ROOT = Path(__file__).parents[1]
LESSONS, NOTEBOOKS = ROOT / "lessons", ROOT / "notebooks"
SOLUTIONS = NOTEBOOKS / "solutions"
"""Within the notebooks, because JupyterLab shows what is below the folder that it opens."""
MEASURED = Path("tools", "measured.json")
"""Where measure.py writes what each lesson takes, below the repository."""
REFERENCE = {"05_dashboard", "glossary"}
"""The files that are not lessons: the page that Voila serves, and what others look up."""
LONGEST = 20
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
    # Kaggle's own: the first cell downloads, and every lesson is made for a CPU.
    "kaggle": {
        "accelerator": "none",
        "dataSources": [],
        "isGpuEnabled": False,
        "isInternetEnabled": True,
        "language": "python",
        "sourceType": "notebook",
    },
}


SETUP = """\
# @title Set-up: prepares Colab or Kaggle, and on your own machine changes nothing
from importlib.util import find_spec

{install}if not find_spec("dann_lab"):
    raise ModuleNotFoundError({remedy})
from dann_lab.lessons.colab import prepare

prepare()"""
INSTALL = """\
import os, sys

hosted = "google.colab" in sys.modules or "KAGGLE_KERNEL_RUN_TYPE" in os.environ
if hosted and not find_spec("dann_lab"):
    !{{sys.executable}} -m pip install --quiet --no-deps {archive}
"""
REMEDY = "dann_lab is not in this Python. On your own machine, start with: make lab"
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}
"""In JupyterLab one sees the first line alone, on Colab the title. It runs like any other cell."""
NO_ADDRESS = "Colab and Kaggle need this project's public address, which is not set yet."


class LessonError(DannError):
    """A source that breaks a rule; the message names the lesson and, where one is to blame, the
    cell, counted from 1."""


def sources(folder: Path = LESSONS) -> list[Path]:
    """The lessons' scripts, in order."""
    return sorted(folder.glob("*.py"))


def read(source: Path) -> list[NotebookNode]:
    """The cells of one script, with their tags and no other metadata, checked against the rules.

    Raises :class:`LessonError`.
    """
    name, text = source.stem, source.read_text(encoding="utf-8")
    start = re.search(r"^# %%", text, re.MULTILINE)
    if start is None:
        raise LessonError(f'{name}: there is no cell. Start each one with a line "# %%".')
    cells: list[NotebookNode] = jupytext.reads(text[start.start() :], fmt="py:percent").cells
    for number, cell in enumerate(cells, 1):
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode({"tags": tags} if tags else {})
        lines = len(cell.source.splitlines())
        if cell.cell_type == "code" and lines > LONGEST:
            raise LessonError(
                f"{name}, cell {number}: {lines} lines of code. At most {LONGEST}: move what is "
                "not the idea into the package."
            )
        for exercise in exercises_in([cell]):
            if not hasattr(package(), exercise):
                raise LessonError(
                    f"{name}, cell {number}: there is no exercise {exercise!r} in "
                    "dann_lab.exercises."
                )
    if name not in REFERENCE and not any(is_closing(cell) for cell in cells):
        raise LessonError(f'{name}: it needs a cell that starts with the heading "## You saw".')
    return cells


def is_closing(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and cell.source.startswith("## You saw")


def exercises_in(cells: list[NotebookNode]) -> list[str]:
    """The names of the exercises whose stubs are among ``cells``."""
    tags = [tag for cell in cells for tag in cell.metadata.get("tags", [])]
    return [tag.removeprefix("exercise-") for tag in tags if tag.startswith("exercise-")]


def package() -> Any:
    # Here, because a lesson without exercises needs no PyTorch to be built.
    from dann_lab.exercises import exercises

    return exercises


def notebook(cells: list[NotebookNode]) -> str:
    """The text of a notebook without outputs. A cell's id follows from what it says, so that a new
    cell leaves the ids of the others alone."""
    seen: dict[str, int] = {}
    for cell in cells:
        seen[cell.source] = seen.get(cell.source, 0) + 1
        cell.id = hashlib.sha256(f"{seen[cell.source]}{cell.source}".encode()).hexdigest()[:8]
    whole = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
    nbformat.validate(whole)
    return nbformat.writes(whole) + "\n"


def solution(cells: list[NotebookNode], has_solutions: set[str]) -> list[NotebookNode]:
    """The same cells with answers instead of stubs, and links that work from there."""

    def link(match: re.Match[str]) -> str:
        there = "" if match[1] in has_solutions else "../"
        return f"]({there}{match[1]}.ipynb"

    copy = [cell.copy() for cell in cells]
    for cell in copy:
        for exercise in exercises_in([cell]):
            cell.source = getattr(package(), exercise).answer.strip()
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"\]\((\w+)\.ipynb", link, cell.source)
    copy[0].source = re.sub(r"^(# .*)", r"\1 (solution edition)", copy[0].source)
    return copy


def setup(root: Path) -> NotebookNode:
    """The first cell of code. What it does lives in dann_lab, as far as it can: on Colab and
    Kaggle it has to be installed first, from the project's public address."""
    archive = links.archive(root)
    install = INSTALL.format(archive=archive) if archive else ""
    remedy = REMEDY if archive else f"{REMEDY}. {NO_ADDRESS}"
    lines = SETUP.format(install=install, remedy=json.dumps(remedy))
    return nbformat.v4.new_code_cell(lines, metadata={"tags": ["setup"], **FOLDED})


def opened(cells: list[NotebookNode], name: str, root: Path) -> list[NotebookNode]:
    """The same cells with the lesson's links below its title, where there are any."""
    line = links.line(name, root)
    copy = [cell.copy() for cell in cells]
    if line and name not in REFERENCE:  # Voila's page has no links that it could not follow
        heading, rest = (copy[0].source + "\n").split("\n", 1)
        copy[0].source = f"{heading}\n\n{line}\n{rest}".rstrip("\n")
    return copy


def title(cells: list[NotebookNode]) -> str:
    return str(cells[0].source.splitlines()[0].removeprefix("# "))


def stated(cells: list[NotebookNode], what: str) -> str:
    """What the line of a lesson that starts with ``**Time**`` says about Time, Memory, Download."""
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    found = re.search(rf"\*\*{what}\*\*:?\s*([^*]*?)[.\s]*(?=\*\*|$)", prose, re.MULTILINE)
    return " ".join(found[1].split()) if found else ""


def table(lessons: dict[str, list[NotebookNode]], measured: dict[str, Any]) -> str:
    """One row a lesson: what its author says it takes, and what was measured."""
    rows = [
        "| Lesson | To read and try | All cells run in | Memory | Download |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, cells in lessons.items():
        if name in ("00_start_here", "glossary"):
            continue
        minutes = re.search(r"\d+ min", stated(cells, "Time"))
        download = re.split(r"[:;,(]", stated(cells, "Download"))[0].strip()
        run = measured["lessons"].get(name)
        seconds, memory = (f"{run['seconds']} s", f"{run['peak_mb']} MB") if run else ("", "")
        rows.append(
            f"| [{title(cells)}]({name}.ipynb) | {minutes[0] if minutes else ''} | {seconds} "
            f"| {memory} | {download} |"
        )
    return "\n".join(
        [
            *rows,
            "",
            f"Measured on {measured['machine']}, one lesson after the other from an empty cache, "
            "by `python -m tools.measure`. Networks that several lessons look at are trained by "
            "the first of them and kept. Memory is that of the notebook's Python at its peak.",
        ]
    )


SHORT = re.compile(r"^\*Short path: (\d+) minutes\.\*$", re.MULTILINE)
"""How a section says that it is on the short path."""
OPENING = 5
"""The minutes for lesson 00's own pictures, with which the short path begins."""


def short_path(lessons: dict[str, list[NotebookNode]]) -> str:
    """The sections on the short path with links, lesson by lesson, and the sum of the minutes."""
    rows, whole = [f"1. The two pictures above, {OPENING} minutes"], OPENING
    for name, cells in lessons.items():
        found = []
        for cell in cells:
            mark = SHORT.search(cell.source) if cell.cell_type == "markdown" else None
            if mark:
                heading = cell.source.splitlines()[0].lstrip("# ")
                found.append(f"[{heading}]({name}.ipynb#{heading.replace(' ', '-')})")
                whole += int(mark[1])
        if found:
            rows.append(f"1. [{title(cells)}]({name}.ipynb): {', '.join(found)}")
    return "\n".join([*rows, "", f"In all {whole} minutes."])


def build(root: Path = ROOT) -> dict[Path, str]:
    """Every notebook's path, relative to the repository, and text. Raises :class:`LessonError`,
    :class:`links.LinkError` for a malformed address, and :class:`numbers.NumberError`."""
    lessons = {source.stem: read(source) for source in sources(root / "lessons")}
    measured = json.loads((root / MEASURED).read_text(encoding="utf-8"))
    overview, path = table(lessons, measured), short_path(lessons)
    for cells in lessons.values():
        for cell in cells:
            if cell.cell_type == "markdown":
                text = cell.source.replace("{{lessons}}", overview).replace("{{short path}}", path)
                cell.source = numbers.filled(text, root)
    for cells in lessons.values():
        if any(cell.cell_type == "code" for cell in cells):
            cells.insert(1, setup(root))
    has_solutions = {name for name, cells in lessons.items() if exercises_in(cells)}
    texts = {}
    for name, cells in lessons.items():
        if name in has_solutions:
            texts[SOLUTIONS.relative_to(ROOT) / f"{name}.ipynb"] = notebook(
                solution(cells, has_solutions)
            )
        texts[Path("notebooks", f"{name}.ipynb")] = notebook(opened(cells, name, root))
    return texts


def made(root: Path = ROOT) -> dict[Path, str | None]:
    """What :func:`build` gives, and None for each notebook that has no source. Raises what it
    raises."""
    there = [
        path.relative_to(root)
        for path in (root / NOTEBOOKS.name).rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    ]
    return dict.fromkeys(there) | build(root)
