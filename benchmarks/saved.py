"""What the pictures of a saved notebook cost: its size and its page's, and the time of drawing.

    python benchmarks/saved.py [--lessons 01_two_domains 02_gradient_reversal] [--rounds N]

Lessons are executed as the site has them (``make site`` keeps them), on the embedded pair. "Before"
is the same notebook without what a page without Python needs: pictures, scripts, Plotly, answers.
"""

from __future__ import annotations

import argparse
import copy
import time
from collections.abc import Sequence
from statistics import median

import nbformat
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from dann_core.datasets import load_pair
from dann_lab.figures.images import about_pixel_means, pixel_means
from dann_lab.lessons.playground import Playground
from dann_lab.runs.player import recorded
from dann_lab.widgets import saved
from dann_lab.widgets.base import Plot, Widget
from website.executing import executed

STATES = "application/vnd.jupyter.widget-state+json"


def before(notebook: NotebookNode) -> NotebookNode:
    """Without what a page without Python needs."""
    bare = copy.deepcopy(notebook)
    for cell in bare.cells:
        for output in cell.get("outputs", []):
            if saved.MODEL in output.get("metadata", {}):
                data = output.data
                output.data = {kind: data[kind] for kind in data if kind == "text/plain"}
    states = bare.metadata.widgets[STATES]["state"]
    for model in [model for model, one in states.items() if "dann_plotly" in one["state"]]:
        del states[model]
    for one in states.values():
        one["state"].pop("answers", None)
    return bare


def megabytes(text: str) -> str:
    return f"{len(text.encode()) / 1e6:.2f}"


def sizes(lessons: Sequence[str]) -> None:
    print("| lesson, executed | .ipynb before, MB | .ipynb, MB | .html before, MB | .html, MB |")
    print("| --- | --- | --- | --- | --- |")
    found = executed()
    for name in lessons:
        cells = []
        for notebook in (before(found[name]), found[name]):
            cells.append(megabytes(nbformat.writes(notebook)))
        for notebook in (before(found[name]), found[name]):
            cells.append(megabytes(HTMLExporter().from_notebook_node(notebook)[0]))
        print(f"| {name} | {' | '.join(cells)} |")


def times(rounds: int) -> None:
    pair = load_pair("stripes")
    widgets: dict[str, Widget] = {
        "a plot of bars": Plot(
            lambda theme: pixel_means(pair, theme), "The mean pixel", about_pixel_means(pair)
        ),
        "the playground": Playground(shifts=True),
        "three recorded runs": recorded(),
    }
    began = time.process_time()
    saved.drawn(widgets["a plot of bars"].panels(), "", "")
    first = time.process_time() - began
    print(f"\nThe first picture loads Matplotlib: {first:.1f} s of the processor.\n")
    print("| shown in JupyterLab | seconds of the processor, median | rounds |")
    print("| --- | --- | --- |")
    for name, widget in widgets.items():
        taken = []
        for _ in range(rounds):
            began = time.process_time()
            widget._repr_mimebundle_()
            taken.append(time.process_time() - began)
        each = ", ".join(f"{one:.2f}" for one in taken)
        print(f"| {name} | {median(taken):.2f} | {each} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lessons", nargs="*", default=["01_two_domains", "02_gradient_reversal"])
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    times(chosen.rounds)
    if chosen.lessons:
        print()
        sizes(chosen.lessons)


if __name__ == "__main__":
    main()
