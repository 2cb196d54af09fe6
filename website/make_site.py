"""Make the site: the executed lessons, the guide, what was measured, and the API reference.

    python -m website.make_site     # what `make site` runs; the pages are in build/site

A Hugging Face Space takes the folder as it is: beside the pages is the README.md that it reads.

Lessons that changed since they last ran are run first, which takes some minutes. A cell that
raises, a link that leads nowhere, and any other warning of Sphinx's fail the build.
"""

from __future__ import annotations

import argparse
import ast
import html
import json
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import nbformat
from nbformat import NotebookNode
from sphinx.cmd.build import build_main

from dann_lab.lessons.playground import Playground
from dann_lab.runs.player import recorded
from dann_lab.runs.reader import recorded_reader
from dann_lab.widgets.document import STATIC
from tools import links, notebooks, places
from tools.notebooks import NOTEBOOKS, ROOT
from website.executing import LessonFailed, executed
from website.widgets import Widgets, shown

HERE = Path(__file__).parent
SITE = ROOT / "build" / "site"
INTERNAL = {
    "dann_lab.cli",
    "dann_lab.exercises",
    "dann_lab.serve.labconfig",
    "dann_lab.lessons.quizzes",
}
"""The modules that are not in the reference: the command line, which explains itself, a server's
settings, and what holds the answers."""


def make(lessons: Mapping[str, NotebookNode], out: Path) -> None:
    """Write the site into ``out``, from executed ``lessons``. Raises SystemExit with what is wrong.

    What Sphinx reads is gathered beside it, in ``<out>-source``.
    """
    source = out.with_name(f"{out.name}-source")
    for folder in (out, source):
        shutil.rmtree(folder, ignore_errors=True)
    static = source / "static"
    widgets = Widgets(static)
    shutil.copy(STATIC / "plotly.min.js", static)
    shutil.copy(HERE / "built" / "widgets.js", static)
    _write_lessons(lessons, source, widgets)
    _write_docs(source, widgets)
    _write_reference(source / "api")
    overrides = {"html_static_path": f"{HERE / 'static'},{static}"}
    overrides |= {"html_extra_path": str(source / "extra"), "exclude_patterns": "extra,static"}
    defined = [word for name, value in overrides.items() for word in ("-D", f"{name}={value}")]
    doctrees = source / ".doctrees"
    options = ["-q", "-W", "--keep-going", "-b", "html", "-c", str(HERE), "-d", str(doctrees)]
    if build_main([*options, *defined, str(source), str(out)]):
        raise SystemExit("The site was not made: see the warnings above.")
    (out / "README.md").write_text(space(), encoding="utf-8", newline="\n")


SPACE = """\
---
title: DANN, explorable
emoji: 🔀
colorFrom: blue
colorTo: yellow
sdk: static
app_file: index.html
pinned: false
license: mit
short_description: Domain-adversarial training, live and explorable
---

The lessons as they ran, with pictures that move without Python.
"""
"""What a static Space reads. It needs no header of HTTP's: all is from its own address."""


def space() -> str:
    """The README.md of a static Hugging Face Space."""
    address = links.repository()
    return SPACE + (f"They are made by `make site` in {address}.\n" if address else "")


def _write_lessons(lessons: Mapping[str, NotebookNode], source: Path, widgets: Widgets) -> None:
    folder, download = source / "lessons", source / "extra" / "notebooks"
    folder.mkdir()
    download.mkdir(parents=True)
    for name, notebook in lessons.items():
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", download)
        page = nbformat.from_dict(json.loads(json.dumps(notebook)))
        # What prepares Colab, and the links that this page has as buttons.
        page.cells = [cell for cell in page.cells if "setup" not in cell.metadata.get("tags", [])]
        page.cells[0].source = page.cells[0].source.replace(links.line(name), "")
        if name == links.PAGE:
            _add_recorded_runs(page, widgets)
        widgets.without_kernel(page)
        page.cells[0].source += f"\n\n{_launch(name)}"
        nbformat.write(page, folder / f"{name}.ipynb")


def _launch(lesson: str) -> str:
    """Where a lesson can be opened, and what that costs; while the project has no address, as a
    file alone."""
    buttons = [
        (f"Open in {place.name}", place.link, f"{place.needs}; {place.minutes}; {place.memory}")
        for place in places.places(lesson)
        if place.link
    ]
    own = "for your own machine"
    buttons.append(("Download the notebook", f"../notebooks/{lesson}.ipynb", own))
    items = "".join(
        f'<li><a href="{html.escape(url)}" title="{html.escape(costs)}">{text}</a></li>'
        for text, url, costs in buttons
    )
    more = '<a href="../index.html#run-them-yourself">What each takes in minutes and memory</a>'
    return f'<ul class="dann-launch" aria-label="This lesson, live">{items}<li>{more}</li></ul>'


def _add_recorded_runs(page: NotebookNode, widgets: Widgets) -> None:
    """Below the picture of the live page, what can be moved without Python."""
    text = "## Three runs, recorded\n\nWhat the page shows, without Python: move the time line."
    cell = nbformat.v4.new_code_cell(
        "from dann_lab.runs.player import recorded\n\nrecorded()",
        outputs=[shown(widgets.showing(recorded()))],
    )
    at = next(i for i, cell in enumerate(page.cells) if cell.cell_type == "code")
    page.cells[at + 1 : at + 1] = [nbformat.v4.new_markdown_cell(text), cell]


def _write_docs(source: Path, widgets: Widgets) -> None:
    shutil.copy(ROOT / "docs" / "dashboard.png", source)
    docs = source / "docs"
    docs.mkdir()
    for path in sorted((ROOT / "docs").glob("*.md")):
        (docs / path.name).write_text(
            _linked(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n"
        )
    first = ["your-data", "sweeps", "instructors", "results", "ablation", "selection"]
    others = sorted({path.stem for path in docs.glob("*.md")} - set(first))
    names = sorted(path.stem for path in (source / "lessons").glob("*.ipynb"))
    text = (HERE / "index.md").read_text(encoding="utf-8").replace("{{lessons}}", _table(names))
    text = text.replace("{{playground}}", widgets.showing(Playground()))
    text = text.replace("{{places}}", places.listed())
    text = text.replace("{{reader}}", widgets.showing(recorded_reader(), late=True))
    parts = {
        "Lessons": [f"lessons/{name}" for name in names],
        "More": [f"docs/{name}" for name in [*first, *others]],
        "Reference": ["api/index"],
    }
    for caption, pages in parts.items():
        listed = "\n".join(pages)
        text += f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{listed}\n```\n"
    (source / "index.md").write_text(text, encoding="utf-8", newline="\n")


def _table(names: list[str]) -> str:
    """A row a lesson, with what its first cell says that it takes."""
    rows = ["| Lesson | Time |", "| --- | --- |"]
    for name in names:
        if name != "glossary":
            cells = notebooks.read(notebooks.LESSONS / f"{name}.py")
            minutes = re.search(r"\d+ min", notebooks.stated(cells, "Time"))
            rows.append(
                f"| [{notebooks.title(cells)}](lessons/{name}.ipynb) "
                f"| {minutes[0] if minutes else ''} |"
            )
    return "\n".join(rows)


def _linked(text: str) -> str:
    """Links of docs/ to notebooks lead to the lessons' pages; those to other files of the
    repository to its public address, and are plain words while there is none."""

    def link(match: re.Match[str]) -> str:
        words, target = match[1], match[2]
        if target.startswith("notebooks/"):
            return f"[{words}](../lessons/{target.removeprefix('notebooks/')})"
        address = links.repository()
        if not address:
            return words
        return f"[{words}]({address}/blob/{quote(links.branch())}/{target})"

    return re.sub(r"\[([^\]]*)\]\(\.\./([^)\s]+)\)", link, text)


def _write_reference(folder: Path) -> None:
    """A page for each module, made from its docstrings."""
    folder.mkdir()
    text = "# API reference\n\nEvery public name, by module.\n"
    for package in ("dann_core", "dann_lab"):
        modules = _modules(package)
        text += f"\n## {package}\n\n"
        for name, says in modules.items():
            text += f"* [{name}]({name}.md): {says}\n"
            # The front door's names stand on the pages of the modules where they are at home.
            members = "" if name == package else "\n   :members:"
            page = f"# {name}\n\n```{{eval-rst}}\n.. automodule:: {name}{members}\n```\n"
            (folder / f"{name}.md").write_text(page, encoding="utf-8", newline="\n")
        listed = "\n".join(modules)
        text += f"\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n"
    (folder / "index.md").write_text(text, encoding="utf-8", newline="\n")


def _modules(package: str) -> dict[str, str]:
    """Each public module of ``package`` that has something public -> its docstring's first line."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        if any(name == hidden or name.startswith(f"{hidden}.") for hidden in INTERNAL):
            continue
        module = ast.parse(path.read_text(encoding="utf-8"))
        kinds = (ast.ClassDef, ast.FunctionDef, ast.AnnAssign, ast.Assign)
        if any(isinstance(node, kinds) for node in module.body):
            says = (ast.get_docstring(module) or "").split("\n\n")[0]
            found[name] = " ".join(says.replace("``", "`").split())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=SITE, help="the site's folder (build/site)")
    out = parser.parse_args().out
    try:
        make(executed(), out)
    except LessonFailed as error:
        sys.exit(f"{error}")
    print(f"The site is in {out}. To look at it: python -m http.server -d {out}")


if __name__ == "__main__":
    main()
