"""The two looks of every picture, light and dark, and the form that pictures have.

Colour and dash (or marker shape) both tell things apart, so that nothing rests on colour alone; the
colours are Okabe and Ito's, darkened or lightened until their contrast suffices.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float32]


Figure = dict[str, Any]
"""A figure as Plotly takes it: ``{"data": [...], "layout": {...}}``."""


@dataclass(frozen=True)
class Theme:
    """Colours of one look."""

    text: str
    grid: str
    paper: str
    """Behind words, so that they can be read where a curve crosses them."""
    blue: str
    orange: str
    green: str
    purple: str


LIGHT = Theme(
    "#1f2933", "#dde3ea", "rgba(255,255,255,0.75)", "#0072B2", "#B84A00", "#00755A", "#A23B7A"
)


DARK = Theme(
    "#e6ebf1", "#3a4450", "rgba(28,35,43,0.75)", "#56B4E9", "#F0A030", "#35C79A", "#E08BC0"
)


BARE = {"showgrid": False, "zeroline": False, "showticklabels": False}
"""An axis that nobody reads a number from."""


def common_layout(theme: Theme, legend_size: int) -> dict[str, Any]:
    """What all layouts share: ground, font and legend in this look; ``legend_size`` in pixels."""
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": theme.text, "size": 12, "family": "system-ui, sans-serif"},
        # Of the whole width, so that three names fit beside one another on a phone.
        "legend": {
            "orientation": "h",
            "font": {"size": legend_size},
            **{"xref": "container", "x": 0, "yref": "container", "y": 1, "yanchor": "top"},
        },
        "showlegend": True,
    }


def plain_layout(theme: Theme, height: int) -> dict[str, Any]:
    """A layout of Plotly's in this look, ``height`` pixels high."""
    axis = {"gridcolor": theme.grid, "zeroline": False}
    return common_layout(theme, legend_size=12) | {
        "height": height,
        "margin": {"l": 54, "r": 10, "t": 34, "b": 42},
        "xaxis": dict(axis),
        "yaxis": dict(axis),
        "hovermode": "closest",
    }


def titled(figure: Figure, title: str) -> Figure:
    """``figure`` with a title of its own, where several are shown together."""
    return figure | {"layout": figure["layout"] | {"title": {"text": as_written(title)}}}


def as_written(text: str) -> str:
    """``text``, somebody's name for something, so that Plotly shows it letter by letter.

    Plotly makes a link of ``<a href=…>`` wherever text stands, and a value of ``%{x}`` where the
    text under the pointer is described.
    """
    return escape(text, quote=False).replace("{", "&#123;")
