"""Executed lessons, kept below build/lessons as long as nothing that they run has changed."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from dann_core.files import written_whole
from tools.measure import execute
from tools.notebooks import NOTEBOOKS, ROOT

KEPT = ROOT / "build" / "lessons"


class LessonFailed(Exception):
    """A cell that raises; the message names lesson and error."""


def executed() -> dict[str, NotebookNode]:
    """Each lesson's name -> the learner's edition with outputs and the widgets' states.

    Lessons that are not kept are run, on the embedded pair. Raises :class:`LessonFailed`.
    """
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(NOTEBOOKS, Path(folder, "notebooks"))
        data = Path(folder, "data")
        data.mkdir()
        for path in sorted(copy.glob("*.ipynb")):
            notebook = kept(path.stem)
            if notebook is None:
                print(f"Running {path.stem}…", flush=True)
                notebook = execute(path, Path(folder, "cache"), data).notebook
                keep(path.stem, notebook)
            found[path.stem] = notebook
    return found


def keep(lesson: str, notebook: NotebookNode) -> None:
    """Keep an execution of ``lesson``. Raises :class:`LessonFailed` if one of its cells raised."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise LessonFailed(f"{lesson}: {output.ename}: {output.evalue}\n{cell.source}")
    notebook.metadata["dann"] = {"ran": state(lesson)}
    KEPT.mkdir(parents=True, exist_ok=True)
    with written_whole(KEPT / f"{lesson}.ipynb") as temporary:
        nbformat.write(notebook, temporary)


def kept(lesson: str) -> NotebookNode | None:
    """The execution of ``lesson`` as it is now, if there is one."""
    path = KEPT / f"{lesson}.ipynb"
    if not path.exists():
        return None
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook if notebook.metadata["dann"]["ran"] == state(lesson) else None


def state(lesson: str) -> str:
    """What the outputs depend on, as a hash: the notebook and the packages that it runs."""
    return hashlib.sha256((NOTEBOOKS / f"{lesson}.ipynb").read_bytes() + _packages()).hexdigest()


@cache
def _packages() -> bytes:
    paths = [path for name in ("dann_core", "dann_lab") for path in (ROOT / name).rglob("*.*")]
    code = (path for path in sorted(paths) if path.suffix in {".py", ".js", ".css", ".json"})
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).digest()
