"""Runs as files for elsewhere: a page that opens without Python or a network, and a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import fields

from dann_core.history import COLUMNS, Evaluation, History
from dann_core.plain_numbers import none_for_nan
from dann_lab.figures.sentences import about_mark
from dann_lab.runs.player import PLAYER_CSS
from dann_lab.runs.protocol import Bundle, PlainNetwork
from dann_lab.runs.reader import READER_CSS, reading
from dann_lab.widgets.base import PlotWidget
from dann_lab.widgets.document import data_element, document, module, plotly_script

PAGE_CSS = """
body { margin: 0; padding: 16px; background: #f4f6f8; }
main { max-width: 1400px; margin: 0 auto; }
main > .dann + .dann { margin-top: 16px; }
@media (prefers-color-scheme: dark) { body { background: #10151b; } }
"""


def page(bundle: Bundle, title: str, networks: Sequence[PlainNetwork] = ()) -> str:
    """One HTML file (2 MB, most of it Plotly) that shows a player's bundle, time line and all.

    ``networks``: read a digit that one draws below, see :func:`dann_lab.runs.halves.plain`; each
    takes .7 MB more. It asks no server for anything. See :func:`dann_lab.runs.player.bundle`.
    """
    return document(
        title,
        f"{PAGE_CSS}{PlotWidget._css}{PLAYER_CSS}{READER_CSS}",
        "<body><main></main>",
        f"<script>{plotly_script()}</script>",
        data_element("runs", bundle | {"title": title}),
        *([data_element("reader", reading(networks))] if networks else []),
        module("page.js"),
    )


def table(history: History) -> str:
    """CSV, a row for each step and one for step 0: the step's record, then ``test_...``, the
    evaluation after it, if there was one, then what a person did at it. Accuracies that nobody
    knows are empty."""
    evaluated = [field.name for field in fields(Evaluation) if field.name != "step"]
    evaluations = {e.step: e for e in list(history.evaluations)}
    marks: dict[int, list[str]] = {}
    for mark in list(history.marks):
        marks.setdefault(mark.step, []).append(about_mark(mark))
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([*COLUMNS, *(f"test_{name}" for name in evaluated), "mark"])
    records = list(history)
    for step in range(len(records) + 1):
        record = [getattr(records[step - 1], name) for name in COLUMNS] if step else []
        there = evaluations.get(step)
        if not step and there is None:
            continue
        rows.writerow(
            [
                *(record or [0, *[""] * (len(COLUMNS) - 1)]),
                *(none_for_nan(getattr(there, name)) if there else "" for name in evaluated),
                "; ".join(marks.get(step, [])),
            ]
        )
    return text.getvalue()
