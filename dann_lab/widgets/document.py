"""Pages that are one HTML file, and the scripts and styles that they have inside."""

from __future__ import annotations

import gzip
import html
import json
from functools import cache
from pathlib import Path
from typing import Any

from dann_lab.figures.encoding import as_text

STATIC = Path(__file__).parent / "static"
"""The folder of the built scripts and the styles."""


def style(name: str) -> str:
    """The text of a style sheet in :data:`STATIC`."""
    return (STATIC / name).read_text(encoding="utf-8")


def plotly_script() -> str:
    """The text of Plotly's script, with the kinds of traces that our figures have."""
    return (STATIC / "plotly.min.js").read_text(encoding="utf-8")


@cache
def zipped_plotly() -> str:
    """The same, compressed by gzip, in base64."""
    return as_text(gzip.compress(plotly_script().encode(), 6))


def module(name: str) -> str:
    """A script of :data:`STATIC` as an element."""
    return f'<script type="module">{(STATIC / name).read_text(encoding="utf-8")}</script>'


def data_element(name: str, data: Any) -> str:
    """Plain data as an element that scripts find by its id ``name``. Raises ValueError for NaN."""
    # Nothing in the data can end the element that it is in.
    text = json.dumps(data, allow_nan=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>'


def document(title: str, styles: str, *body: str, head: str = "") -> str:
    """The whole page. ``body``: its lines, from <body> on; ``head``: one line more above the
    styles."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html.escape(title)}</title>",
            *([head] if head else []),
            f"<style>{styles}</style></head>",
            *body,
            "</body></html>",
            "",
        ]
    )
