"""Pictures of many runs' results, and the sentence beside each: pure functions of plain data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dann_lab.figures.theme import LIGHT, Figure, Theme, as_written, plain_layout

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon", "x")


@dataclass(frozen=True)
class Dot:
    """A run. ``link``: where a click leads."""

    value: float
    text: str
    link: str


@dataclass(frozen=True)
class Group:
    """Runs that share their place on a picture. ``x``: along the axis; ``line``: the line that they
    are of, "" if there is one alone; ``interval``: of the mean, NaN where there is none."""

    x: str
    line: str
    mean: float
    interval: tuple[float, float]
    dots: tuple[Dot, ...]

    @property
    def name(self) -> str:
        return f"{self.x}, {self.line}" if self.line else self.x


def dots(groups: Sequence[Group], axis: str, value: str, theme: Theme = LIGHT) -> Figure:
    """Each run a dot over its value of ``axis``, a line through the means with their intervals.

    ``value``: whose accuracy it is. The values of the axis stand side by side at even distances, in
    the order of the groups: lambdas are rarely so.
    """
    data = []
    colours = (theme.blue, theme.orange, theme.green, theme.purple)
    for k, line in enumerate(dict.fromkeys(group.line for group in groups)):
        of_line = [group for group in groups if group.line == line]
        look = {"color": colours[k % len(colours)], "symbol": SYMBOLS[k % len(SYMBOLS)]}
        data += [_means(of_line, line, look), _each(of_line, line, look)]
    layout = plain_layout(theme, 420)
    layout["xaxis"] |= {
        "title": {"text": as_written(axis)},
        "type": "category",
        "automargin": True,
        "categoryarray": [as_written(x) for x in dict.fromkeys(group.x for group in groups)],
    }
    layout["yaxis"] |= {"title": {"text": f"{value} accuracy"}, "tickformat": ".0%"}
    # Student's t knows no bounds, and no accuracy lies beyond these.
    layout["yaxis"]["autorangeoptions"] = {"clipmin": -0.02, "clipmax": 1.02}
    layout["showlegend"] = any(group.line for group in groups)
    return {"data": data, "layout": layout}


def _means(groups: list[Group], line: str, look: dict[str, str]) -> dict[str, object]:
    known = [group for group in groups if not math.isnan(group.mean)]
    spread = [0.0 if math.isnan(g.interval[1]) else g.interval[1] - g.mean for g in known]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": as_written(line) or "mean",
        "legendgroup": line,
        "x": [as_written(group.x) for group in known],
        "y": [group.mean for group in known],
        "error_y": {"type": "data", "array": spread, "thickness": 1.5},
        "line": {"color": look["color"]},
        "marker": {"symbol": look["symbol"], "size": 9, "color": look["color"]},
        "hovertemplate": "mean %{y:.4f}<extra></extra>",
    }


def _each(groups: list[Group], line: str, look: dict[str, str]) -> dict[str, object]:
    every = [(group, dot) for group in groups for dot in group.dots]
    return {
        "type": "scatter",
        "mode": "markers",
        "legendgroup": line,
        "showlegend": False,
        "x": [as_written(group.x) for group, _ in every],
        "y": [dot.value for _, dot in every],
        "customdata": [dot.link for _, dot in every],
        "text": [as_written(dot.text) for _, dot in every],
        "marker": {"symbol": f"{look['symbol']}-open", "size": 10, "color": look["color"]},
        "hovertemplate": "%{text}: %{y:.4f}<extra></extra>",
    }


def heat(groups: Sequence[Group], axes: tuple[str, str], theme: Theme = LIGHT) -> Figure:
    """The means by two columns, the number in each cell: light is low, dark is high."""
    across = list(dict.fromkeys(group.x for group in groups))
    down = list(dict.fromkeys(group.line for group in groups))
    means = {(group.line, group.x): group.mean for group in groups}
    cells = [[means.get((line, x), math.nan) for x in across] for line in down]
    known = [[None if math.isnan(cell) else cell for cell in row] for row in cells]
    layout = plain_layout(theme, 140 + 44 * len(down))
    along = {"type": "category", "automargin": True}
    layout["xaxis"] |= along | {"title": {"text": as_written(axes[0]), "standoff": 8}}
    layout["yaxis"] |= along  # whose values have its name with them
    layout["showlegend"] = False
    picture = {
        "type": "heatmap",
        "x": [as_written(x) for x in across],
        "y": [as_written(line) for line in down],
        "z": known,
        "colorscale": [[0, "#f7fbff"], [0.5, "#6baed6"], [1, "#08306b"]],
        "texttemplate": "%{z:.3f}",
        "xgap": 2,
        "ygap": 2,
        "showscale": False,  # the numbers are in the cells
        "hovertemplate": "%{y}, %{x}: mean %{z:.4f}<extra></extra>",
    }
    return {"data": [picture], "layout": layout}


def about_dots(groups: Sequence[Group], axis: str, value: str) -> str:
    """The highest mean, and whether it stands out: means whose intervals overlap are not ranked."""
    known = [group for group in groups if not math.isnan(group.mean)]
    if not known:
        return "No run has an accuracy: all have diverged."
    best = max(known, key=lambda group: group.mean)
    beyond = any(group.interval[0] < 0 or group.interval[1] > 1 for group in known)
    text = (
        f"Each dot is a run, over its {axis}; lines join the means, bars are 95 % intervals"
        f"{', cut at 0 and 100 %' if beyond else ''}. The highest mean {value} accuracy is "
        f"{best.mean:.4f}, of {best.name}."
    )
    others = [group for group in known if group is not best]
    if any(math.isnan(group.interval[0]) for group in known):
        return f"{text} With one run a value nobody knows how far chance moves it."
    near = sum(group.interval[1] >= best.interval[0] for group in others)
    if near:
        whose = (
            "interval of 1 other overlaps" if near == 1 else f"intervals of {near} others overlap"
        )
        return f"{text} The {whose} its own, so it may be chance."
    return f"{text} No other interval overlaps its own." if others else text


def about_heat(groups: Sequence[Group], axes: tuple[str, str]) -> str:
    """What the colours mean, and the two ends."""
    known = [group for group in groups if not math.isnan(group.mean)]
    if not known:
        return "No run has an accuracy: all have diverged."
    best, worst = (end(known, key=lambda group: group.mean) for end in (max, min))
    return (
        f"Means by {axes[0]} and {axes[1]}: from {worst.mean:.4f} ({worst.name}) to "
        f"{best.mean:.4f} ({best.name}). Darker is higher; the spread is in the table below."
    )
