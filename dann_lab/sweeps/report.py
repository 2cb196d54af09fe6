"""A table as one page that opens anywhere, with pictures whose points open their runs."""

from __future__ import annotations

import html
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dann_lab.figures import sweeps as figures
from dann_lab.figures.sweeps import Dot, Group
from dann_lab.figures.theme import DARK, LIGHT
from dann_lab.sweeps.formats import NUMBERS, about, numbers
from dann_lab.sweeps.table import One, Row, Table
from dann_lab.widgets.document import data_element, document, module, plotly_script, style


def page(table: Table, beside: Path) -> str:
    """One HTML file (2 MB, most of it Plotly) for the folder ``beside``, from which its links to
    the runs' folders start. It asks no server for anything."""
    title = f"{table.value.capitalize()} accuracy of {sum(row.n for row in table.rows):,} runs"
    return document(
        title,
        style("sweep.css"),
        f"<body><main><h1>{html.escape(title)}</h1>",
        f"<p>{html.escape(about(table))}</p>",
        '<h2>Pictures</h2><div id="pictures"></div><h2>Numbers</h2>',
        _as_html(table, beside),
        "</main>",
        f"<script>{plotly_script()}</script>",
        data_element("data", pictures(table, beside)),
        module("results.js"),
    )


def pictures(table: Table, beside: Path) -> list[dict[str, Any]]:
    """Each picture's title, sentence, and figure, light and dark: every run a dot over the first
    column of numbers, and, where two columns differ, a heat map."""
    if not table.columns:
        return []
    across = _first_of_numbers(table)
    groups = [_group(table, row, across, beside) for row in table.rows]
    axis, value = table.columns[across], table.value
    found = [
        {
            "title": f"{value.capitalize()} accuracy against {axis}",
            "text": figures.about_dots(groups, axis, value),
            "light": figures.dots(groups, axis, value, LIGHT),
            "dark": figures.dots(groups, axis, value, DARK),
        }
    ]
    if len(table.columns) == 2:
        axes = (axis, table.columns[1 - across])
        found.append(
            {
                "title": f"Means by {axes[0]} and {axes[1]}",
                "text": figures.about_heat(groups, axes),
                "light": figures.heat(groups, axes, LIGHT),
                "dark": figures.heat(groups, axes, DARK),
            }
        )
    return found


def _first_of_numbers(table: Table) -> int:
    for k in range(len(table.columns)):
        if sum(_is_number(row.values[k]) for row in table.rows) > 1:
            return k
    return 0


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _group(table: Table, row: Row, across: int, beside: Path) -> Group:
    others = [
        f"{name} {value}"
        for k, (name, value) in enumerate(zip(table.columns, row.values, strict=True))
        if k != across
    ]
    dots = [Dot(one.value, _name(row, one, table), link(one.folder, beside)) for one in row.runs]
    return Group(row.values[across], ", ".join(others), row.mean, row.interval, tuple(dots))


def _name(row: Row, one: One, table: Table) -> str:
    parts = [f"{name} {value}" for name, value in zip(table.columns, row.values, strict=True)]
    return ", ".join([*parts, f"seed {one.seed}"])


def link(folder: Path, beside: Path) -> str:
    """From a page in ``beside`` to the run: to its own page if there is one in its folder, as `dann
    export --html` writes it, else to the folder."""
    there = os.path.relpath(folder.absolute(), beside)
    pages = sorted(one.name for one in folder.glob("*.html"))
    path = Path(there).as_posix() + "/" + (pages[0] if pages else "")
    return quote(path, safe="/.")


def _as_html(table: Table, beside: Path) -> str:
    head = "".join(
        f'<th scope="col">{html.escape(name)}</th>' for name in (*table.columns, *NUMBERS)
    )
    rows = [_row_as_html(table, row, beside) for row in table.rows]
    return "\n".join(
        [
            "<p>A seed's value opens its run.</p>",
            '<div class="wide" tabindex="0" role="region" aria-label="All numbers"><table>',
            f"<thead><tr>{head}</tr></thead><tbody>",
            *rows,
            "</tbody></table></div>",
        ]
    )


def _row_as_html(table: Table, row: Row, beside: Path) -> str:
    names = "".join(f'<th scope="row">{html.escape(value)}</th>' for value in row.values)
    measured = "".join(f'<td class="number">{html.escape(cell)}</td>' for cell in numbers(row)[:4])
    links = ", ".join(
        f'<a href="{html.escape(link(one.folder, beside))}" '
        f'aria-label="{html.escape(_name(row, one, table))}: {one.value:.4f}">'
        f"{one.seed}: {one.value:.4f}</a>"
        for one in row.runs
    )
    return f'<tr>{names}{measured}<td class="seeds">{links or "–"}</td></tr>'
