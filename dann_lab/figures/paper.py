"""The picture on paper: a map of the features, drawn as in the tutorial."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dann_core.domains import UNKNOWN
from dann_lab.figures.classes import NOT_LABELLED, brief, name_of, told, whole

# Paul Tol's "muted" scheme, whose nine colours stay distinct for colour-blind readers, and a grey.
COLOURS = (
    "#332288",
    "#88CCEE",
    "#44AA99",
    "#117733",
    "#999933",
    "#DDCC77",
    "#CC6677",
    "#882255",
    "#AA4499",
    "#888888",
)
UNKNOWN_COLOUR = "#BBBBBB"
MARKERS = ("o", "^")
MOST_NAMED = 20
"""The number of classes that the legend has room for."""

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


def draw_map(
    positions: Floats,
    class_labels: Labels,
    domain_labels: Labels,
    domain_names: tuple[str, str],
    title: str,
    classes: Sequence[str] = (),
) -> Figure:
    """Positions [N, 2] as points: the colour is the class, the shape the domain, 0 or 1.

    ``classes``: their names, by default the digits; points without a label (-1) are grey.
    """
    figure = Figure(figsize=(9, 7), layout="constrained")
    axes = figure.add_subplot()
    labels = whole(class_labels)
    there = sorted({*range(len(classes) or len(COLOURS)), *labels.tolist()})
    for domain, marker in enumerate(MARKERS):
        for label in there:
            chosen = (domain_labels == domain) & (labels == label)
            # The target is hollow as well as triangular: shapes this small look alike otherwise.
            paint: dict[str, Any] = (
                {"facecolors": _colour(label), "edgecolors": "none"}
                if domain == 0
                else {"facecolors": "none", "edgecolors": _colour(label)}
            )
            x, y = positions[chosen].T
            axes.scatter(x, y, s=22, marker=marker, linewidths=1.1, **paint)
    _name_classes(axes, positions, labels, domain_labels, classes)
    axes.set(xticks=[], yticks=[], xlabel="t-SNE 1", ylabel="t-SNE 2")
    axes.set_title(title, fontsize=10, parse_math=False)  # a $ in a name is a $

    handles = [
        Line2D([], [], ls="", marker=marker, color="black", markerfacecolor=fill, label=name)
        for marker, fill, name in zip(MARKERS, ("black", "none"), domain_names, strict=True)
    ]
    known = [label for label in there if label != UNKNOWN]
    named = [UNKNOWN] * (UNKNOWN in there) + (known if len(known) <= MOST_NAMED else [])
    handles += [
        Line2D([], [], ls="", marker="s", color=_colour(label), label=_in_legend(label, classes))
        for label in named
    ]
    legend = figure.legend(handles=handles, loc="outside right upper", frameon=False)
    for text in legend.get_texts():
        text.set_parse_math(False)
    return figure


def _colour(label: int) -> str:
    return UNKNOWN_COLOUR if label == UNKNOWN else COLOURS[label % len(COLOURS)]


def _in_legend(label: int, classes: Sequence[str]) -> str:
    if label == UNKNOWN:
        return NOT_LABELLED
    if not told(classes):
        return f"class {label}"
    name = brief(name_of(label, classes))
    # Matplotlib leaves out what begins with an underscore, but not behind a letter of no width.
    return f"\u200b{name}" if name.startswith("_") else name


def _name_classes(
    axes: Any,
    positions: Floats,
    labels: Labels,
    domain_labels: Labels,
    classes: Sequence[str],
) -> None:
    """Write each class's name amid its source points, so that nobody depends on colours."""
    for label in np.unique(labels[labels != UNKNOWN]).tolist():
        points = positions[(labels == label) & (domain_labels == 0)]
        if len(points):
            shape = "round" if told(classes) else "circle"
            axes.text(
                *np.median(points, axis=0),
                brief(name_of(label, classes)),
                fontsize=10,
                weight="bold",
                ha="center",
                va="center",
                parse_math=False,
                bbox={"boxstyle": shape, "fc": "white", "ec": "black", "alpha": 0.7},
            )
