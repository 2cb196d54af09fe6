"""Ben-David's bound as three bars, one beginning where the last ends, and the error it bounds."""

from __future__ import annotations

from typing import Any

from dann_lab.figures.sentences import percent
from dann_lab.figures.theme import LIGHT, Figure, Theme, common_layout

NAMES = ("source error", "+ distance / 2", "+ joint error", "target error")


def bars(
    source: float, distance: float, joint: float, target: float, theme: Theme = LIGHT
) -> Figure:
    """``source``, ``target``: shares of errors; ``distance``: half of that between the domains;
    ``joint``: the least sum of both errors. What needs the target's labels is hatched."""
    lengths = (source, distance, joint, target)
    begins = (0.0, source, source + distance, 0.0)
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [f"{name} {length:.2f}" for name, length in zip(NAMES, lengths, strict=True)],
        "x": list(lengths),
        "base": list(begins),
        "marker": {
            "color": [theme.blue, theme.green, theme.purple, theme.orange],
            "pattern": {"shape": ["", "", "/", "/"], "fgcolor": theme.paper},
        },
        "hovertemplate": "%{y}<extra></extra>",
    }
    whole = source + distance + joint
    layout: dict[str, Any] = common_layout(theme, 11) | {
        "showlegend": False,
        "height": 220,
        "margin": {"l": 8, "r": 16, "t": 24, "b": 44},
        "xaxis": {
            "range": [0, max(1.05, 1.08 * whole)],
            "gridcolor": theme.grid,
            "zerolinecolor": theme.grid,
            "title": {"text": "share of the points", "standoff": 6},
        },
        "yaxis": {"autorange": "reversed", "automargin": True},
        "shapes": [
            {
                "type": "line",
                **{"x0": whole, "x1": whole, "yref": "paper", "y0": 0, "y1": 1},
                "line": {"color": theme.text, "width": 1.5, "dash": "dot"},
            }
        ],
        "annotations": [
            {
                "text": f"bound {whole:.2f}",
                **{"x": whole, "xanchor": "right", "yref": "paper", "y": 1, "yanchor": "bottom"},
                "showarrow": False,
            }
        ],
    }
    return {"data": [trace], "layout": layout}


def about(source: float, distance: float, joint: float, target: float) -> str:
    """Beside :func:`bars`."""
    whole = source + distance + joint
    said = (
        "Hatched is what needs the target's labels: the teacher's view. "
        f"Source error {source:.2f}, distance / 2 {distance:.2f}, joint error {joint:.2f}: "
        f"the target's error cannot be above {whole:.2f}. It is {target:.2f}."
    )
    if whole >= 1:
        return f"{said} A bound of 1 or more promises nothing."
    return f"{said} So at least {percent(1 - whole)} of the target is right."
