"""The curves of a run, as pure functions: a history in, a plotly figure out, as plain data.

Plain dictionaries, because they are made twice a second beside a training: ``graph_objects`` takes
50 times longer to make the same. ``plotly.graph_objects.Figure(losses(history))`` is the object,
checked. The live page, a lesson, an exported file and a test all draw these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dann_core.history import Column, History
from dann_core.schedules import paper_lambda
from dann_lab.figures.encoding import packed
from dann_lab.figures.judgement import is_distance
from dann_lab.figures.sentences import about_mark
from dann_lab.figures.theme import LIGHT, Figure, Theme, Values, as_written, common_layout

POINTS = 240
"""The number of points of a curve that are drawn, or sent to a page, at most."""


def thin(values: npt.NDArray[np.float64], last: bool = False) -> Values:
    """At most :data:`POINTS` means of neighbouring values (``last``: the last of each instead).

    float64 [n] -> float32 [m]. Groups hold a power of two of steps, so that a growing curve keeps
    the points it has until their number halves; the rest at the end makes one more point.
    """
    size = 1
    while len(values) > size * POINTS:
        size *= 2
    whole = len(values) // size * size
    groups = values[:whole].reshape(-1, size)
    out = groups[:, -1] if last else groups.mean(axis=1)
    if whole < len(values):
        rest = values[whole:]
        out = np.append(out, rest[-1] if last else rest.mean())
    return out.astype(np.float32)


def losses(history: History, theme: Theme = LIGHT) -> Figure:
    """Label and domain loss by step, with the line ln 2 of a guessing domain classifier. A
    distance in place of the domain loss is of another size: it goes by the axis on the right."""
    steps, label, domain = _columns(history, "step", "label_loss", "domain_loss")
    at = thin(steps, last=True)
    lines = [
        _line(at, thin(label), "label loss", theme.blue),
        _line(at, thin(domain), "domain loss", theme.green, "dash"),
    ]
    levels = [(math.log(2), "ln 2: a domain classifier that guesses")]
    if is_distance(history):
        lines[0] |= {"name": "label loss (left)"}
        lines[1] |= {"name": "distance (right)", "yaxis": "y2"}
        return _with_right_axis(_figure("loss (nats)", lines, [], history, theme), "distance")
    if np.isnan(domain).all():
        levels = []
    return _figure("loss (nats)", lines, levels, history, theme)


def accuracies(history: History, theme: Theme = LIGHT, classes: int = 10) -> Figure:
    """Source, target and domain accuracy on test examples by step, with both chance lines."""
    evaluations = list(history.evaluations)
    steps = np.array([e.step for e in evaluations], dtype=np.float32)
    lines = []
    for name, colour, symbol in (
        ("source", theme.blue, "circle"),
        ("target", theme.orange, "triangle-up"),
        ("domain", theme.green, "square-open"),
    ):
        values = [getattr(e, f"{name}_accuracy") for e in evaluations]
        line = _line(steps, np.array(values, dtype=np.float32), name, colour)
        line |= {"mode": "lines+markers", "hovertemplate": "%{y:.1%}"}
        lines.append(line | {"marker": {"symbol": symbol, "size": 7, "color": colour}})
    levels = [(1 / classes, f"chance, {classes} classes")]
    if classes == 2:
        levels = [(0.5, "chance")]
    elif not all(math.isnan(e.domain_accuracy) for e in evaluations):
        levels.append((0.5, "chance, 2 domains"))
    figure = _figure("right answers", lines, levels, history, theme)
    figure["layout"]["yaxis"] |= {"range": [0, 1.03], "tickformat": ".0%"}
    return figure


def lambdas(history: History, theme: Theme = LIGHT) -> Figure:
    """Lambda as it was applied, by step, with a diamond at each change by hand."""
    steps, values = _columns(history, "step", "lambda_")
    line = _line(thin(steps, last=True), thin(values, last=True), "lambda", theme.purple)
    marks = [mark for mark in history.lambda_marks if mark.step <= len(steps)]
    at = np.array([mark.step for mark in marks], dtype=np.float32)
    applied = np.array([history[mark.step - 1].lambda_ for mark in marks], dtype=np.float32)
    changes = _line(at, applied, "changed by hand", theme.orange) | {
        "mode": "markers",
        "marker": {"symbol": "diamond", "size": 9, "color": theme.orange},
        "text": [as_written(about_mark(mark)) for mark in marks],
        "hovertemplate": "%{text}",
    }
    return _figure("lambda", [line, changes], [], history, theme)


def gradients(history: History, theme: Theme = LIGHT) -> Figure:
    """Norms at the features: label gradient, domain gradient before and after the reversal, or a
    distance's before and after it is taken lambda times."""
    steps, label, before, after = _columns(
        history, "step", "label_gradient", "domain_gradient_before", "domain_gradient_after"
    )
    at = thin(steps, last=True)
    there, back = ("distance", "times lambda") if is_distance(history) else ("domain", "reversed")
    lines = [
        _line(at, thin(label), "label", theme.blue),
        _line(at, thin(before), there, theme.green, "dash"),
        _line(at, thin(after), back, theme.purple, "dot"),
    ]
    return _figure("norm", lines, [], history, theme)


def schedules(
    theme: Theme = LIGHT, gamma: float = 10.0, alpha: float = 10.0, beta: float = 0.75
) -> Figure:
    """Lambda and learning rate over progress from 0 to 1, each by its own axis.

    ``2 / (1 + exp(-gamma p)) - 1`` and ``0.01 / (1 + alpha p)^beta``; the paper's, unless bent.
    """
    progress = np.linspace(0, 1, 101)
    lambda_ = np.array([paper_lambda(p, gamma) for p in progress])
    rate = 0.01 / (1 + alpha * progress) ** beta
    x = progress.astype(np.float32)
    lines = [
        _line(x, lambda_.astype(np.float32), "lambda (left)", theme.purple),
        _line(x, rate.astype(np.float32), "learning rate (right)", theme.blue, "dash")
        | {"yaxis": "y2"},
    ]
    figure = _with_right_axis(_figure("lambda", lines, [], History(), theme), "learning rate")
    layout = figure["layout"]
    layout["xaxis"]["title"] = {"text": "progress", "standoff": 4}
    layout["yaxis"] |= {"range": [0, 1.03]}
    layout["yaxis2"] |= {"range": [0, 0.0103], "tickformat": ".3f"}
    return figure


Band = tuple[Values, Values, Values]
"""Steps, and the least and the most there: float32 [n] each."""


def compare(
    runs: Mapping[str, History], theme: Theme = LIGHT, bands: Mapping[str, Band] | None = None
) -> Figure:
    """Target accuracy by step of up to four runs, each by its name; behind each its band of
    ``bands``, if there is one by its name: what other seeds gave."""
    lines = {
        name: (
            np.array([e.step for e in history.evaluations], dtype=np.float32),
            np.array([e.target_accuracy for e in history.evaluations], dtype=np.float32),
        )
        for name, history in runs.items()
    }
    return overlay(lines, "right on the target", theme, share=True, bands=bands)


def overlay(
    lines: Mapping[str, tuple[Values, Values]],
    y: str,
    theme: Theme = LIGHT,
    share: bool = False,
    bands: Mapping[str, Band] | None = None,
    forks: Mapping[str, int] | None = None,
) -> Figure:
    """The same curve of up to four runs, by step: x and y, float32 [n], by each run's name.

    ``y``: what it is. ``share``: of something, 0 to 1, with a marker at each value. ``bands``:
    drawn behind the lines of the same names. ``forks``: the steps after which the runs of these
    names left others, each marked.
    """
    looks = (
        (theme.blue, "solid", "circle"),
        (theme.orange, "dash", "triangle-up"),
        (theme.green, "dot", "square-open"),
        (theme.purple, "dashdot", "diamond"),
    )
    drawn, behind, at = [], [], []
    for (name, (steps, values)), (colour, dash, symbol) in zip(lines.items(), looks, strict=False):
        line = _line(steps, values, as_written(name), colour, dash)
        if share:
            line |= {"mode": "lines+markers", "hovertemplate": "%{y:.1%}"}
            line |= {"marker": {"symbol": symbol, "size": 7, "color": colour}}
        drawn.append(line)
        if forks and name in forks:
            at.append((forks[name], colour))
        if bands and name in bands:
            behind.append(_band(bands[name], as_written(name), colour))
    figure = _figure(y, behind + drawn, [], History(), theme)
    if share:
        figure["layout"]["yaxis"] |= {"range": [0, 1.03], "tickformat": ".0%"}
    for step, colour in at:
        figure["layout"]["shapes"].append(_rule(colour, yref="paper", y0=0, y1=1, x0=step, x1=step))
        figure["layout"]["annotations"].append(_fork(step, colour))
    return figure


def _fork(step: int, colour: str) -> dict[str, Any]:
    return {
        "text": f"fork, {step:,}",
        "x": step,
        "y": 0,
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 11, "color": colour},
    }


def ranges(rows: list[dict[str, Any]], theme: Theme = LIGHT) -> Figure:
    """A point with its standard deviation for each of ``rows``, the first one on top.

    A row: ``{"text": str, "target": {"mean": float, "std": float, ...}}``, accuracies 0 to 1.
    """
    values = {
        "type": "scatter",
        "mode": "markers",
        "orientation": "h",
        "x": [row["target"]["mean"] for row in rows],
        "y": [as_written(row["text"]) for row in rows],
        "error_x": {"array": [row["target"]["std"] for row in rows], "color": theme.text},
        "marker": {"size": 9, "color": theme.orange},
        "hovertemplate": "%{x:.1%}<extra></extra>",
    }
    figure = _figure("", [values], [], History(), theme)
    layout = figure["layout"]
    layout |= {"showlegend": False, "height": 60 + 34 * len(rows), "hovermode": "closest"}
    layout["margin"] |= {"t": 8}
    layout["xaxis"] |= {"title": {"text": "right on the target"}, "tickformat": ".0%"}
    layout["xaxis"] |= {"rangemode": "normal"}
    layout["yaxis"] |= {"autorange": "reversed", "automargin": True, "title": {"text": ""}}
    return figure


FIGURES: dict[str, Callable[[History, Theme], Figure]] = {
    "losses": losses,
    "accuracies": accuracies,
    "lambdas": lambdas,
    "gradients": gradients,
}


def drawn(history: History, theme: Theme = LIGHT, classes: int = 10) -> dict[str, Figure]:
    """All :data:`FIGURES` of a run that tells so many classes apart."""
    made = {name: draw(history, theme) for name, draw in FIGURES.items() if name != "accuracies"}
    return {name: made.get(name) or accuracies(history, theme, classes) for name in FIGURES}


def _columns(history: History, *names: str) -> list[Column]:
    """Columns of one length, though another thread may be appending."""
    length = len(history)
    return [history.column(name)[:length] for name in names]


def _figure(
    y: str,
    lines: list[dict[str, Any]],
    levels: list[tuple[float, str]],
    history: History,
    theme: Theme,
) -> Figure:
    axis = {"gridcolor": theme.grid, "zeroline": False, "rangemode": "tozero"}
    shapes = [
        _rule(theme.text, xref="paper", x0=0, x1=1, y0=level, y1=level) for level, _ in levels
    ] + [
        _rule(theme.orange, yref="paper", y0=0, y1=1, x0=mark.step, x1=mark.step)
        for mark in history.lambda_marks
    ]
    names = [
        {
            "text": text,
            "xref": "paper",
            "x": 1,
            "xanchor": "right",
            "y": level,
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": 11},
            "bgcolor": theme.paper,
        }
        for level, text in levels
    ]
    layout = common_layout(theme, legend_size=11) | {
        "margin": {"l": 54, "r": 10, "t": 28, "b": 38},
        "xaxis": axis | {"title": {"text": "step", "standoff": 4}, "autorange": True},
        "yaxis": axis | {"title": {"text": y, "standoff": 6}},
        "hovermode": "x",
        "uirevision": "keep",  # a redraw keeps the reader's zoom
        "shapes": shapes,
        "annotations": names,
    }
    return {"data": lines, "layout": layout}


def _with_right_axis(figure: Figure, title: str) -> Figure:
    """``figure`` with a second axis for the lines that say ``"yaxis": "y2"``."""
    layout = figure["layout"]
    right = {"overlaying": "y", "side": "right", "showgrid": False, "title": {"text": title}}
    layout["yaxis2"] = layout["yaxis"] | right | {"tickmode": "auto"}  # round numbers of its own
    layout["margin"] |= {"r": 62}
    return figure


def _line(x: Values, y: Values, name: str, colour: str, dash: str = "solid") -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        # Left out of the legend too, where a mode has no such values.
        "visible": not len(y) or not bool(np.isnan(y).all()),
        "x": packed(x),
        "y": packed(y),
        "line": {"color": colour, "width": 2, "dash": dash},
        "hovertemplate": "%{y:.3g}",
    }


def _band(band: Band, name: str, colour: str) -> dict[str, Any]:
    steps, low, high = band
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{name}, other seeds",
        "showlegend": False,
        "hoverinfo": "skip",
        "x": packed(np.concatenate([steps, steps[::-1]])),
        "y": packed(np.concatenate([low, high[::-1]])),
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": f"rgba({red},{green},{blue},0.2)",
    }


def _rule(colour: str, **ends: Any) -> dict[str, Any]:
    line = {"color": colour, "width": 1, "dash": "dot"}
    return {"type": "line", "opacity": 0.75, "line": line, **ends}
