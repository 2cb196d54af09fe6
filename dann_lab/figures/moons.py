"""The moons in a plane, as a page is sent them, and what the label predictor says of each place."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from dann_lab.figures.theme import BARE, LIGHT, Figure, Theme, as_written


def plane(
    points: str,
    labels: Sequence[int],
    sources: int,
    grid: str,
    reach: Sequence[float],
    title: str,
    theme: Theme = LIGHT,
) -> Figure:
    """``points``: float32 [N, 2] in base64, the first ``sources`` of them the source's; ``labels``:
    of each, 0 or 1. ``grid``: the probability of class 1, 0 to 255 a cell, row by row from the top
    left, uint8 in base64. ``reach``: left, right, low and high end."""
    places = np.frombuffer(base64.b64decode(points), dtype="<f4").reshape(-1, 2)
    cells = np.frombuffer(base64.b64decode(grid), dtype=np.uint8)
    side = math.isqrt(len(cells))
    left, right, low, high = reach
    # The middles of the cells.
    across = left + (np.arange(side) + 0.5) * (right - left) / side
    up = high - (np.arange(side) + 0.5) * (high - low) / side
    behind = {
        "type": "heatmap",
        "z": cells.reshape(side, side).tolist(),
        "x": across.tolist(),
        "y": up.tolist(),
        "zmin": 0,
        "zmax": 255,
        "colorscale": [[0, "#cfe3f2"], [0.5, "#ffffff"], [1, "#f5d9c6"]],
        "showscale": False,
    }
    traces: list[dict[str, Any]] = [behind]
    target = np.arange(len(places)) >= sources
    classes = np.asarray(labels)
    looks = [
        ("source, class 0", ~target & (classes == 0), "circle", theme.blue),
        ("source, class 1", ~target & (classes == 1), "circle", theme.orange),
        ("target, unlabelled", target, "triangle-up-open", theme.text),
    ]
    traces += [
        {
            "type": "scatter",
            "mode": "markers",
            "name": name,
            "x": places[chosen, 0].tolist(),
            "y": places[chosen, 1].tolist(),
            "marker": {"symbol": symbol, "size": 6, "color": colour},
        }
        for name, chosen, symbol, colour in looks
    ]
    layout = {
        "title": {"text": as_written(title)},
        "height": 340,
        "showlegend": False,
        "xaxis": BARE | {"range": [left, right]},
        "yaxis": BARE | {"range": [low, high], "scaleanchor": "x"},
    }
    return {"data": traces, "layout": layout}
