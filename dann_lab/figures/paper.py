"""The picture on paper: a map of the features, drawn as in the tutorial."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

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
MARKERS = ("o", "^")

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


def draw_map(
    positions: Floats,
    class_labels: Labels,
    domain_labels: Labels,
    domain_names: tuple[str, str],
    title: str,
) -> Figure:
    """Positions [N, 2] as points: the colour is the class, 0 to 9, the shape the domain, 0 or 1."""
    figure = Figure(figsize=(9, 7), layout="constrained")
    axes = figure.add_subplot()
    for domain, marker in enumerate(MARKERS):
        for label, colour in enumerate(COLOURS):
            chosen = (domain_labels == domain) & (class_labels == label)
            # The target is hollow as well as triangular: shapes this small look alike otherwise.
            paint: dict[str, Any] = (
                {"facecolors": colour, "edgecolors": "none"}
                if domain == 0
                else {"facecolors": "none", "edgecolors": colour}
            )
            x, y = positions[chosen].T
            axes.scatter(x, y, s=22, marker=marker, linewidths=1.1, **paint)
    _name_classes(axes, positions, class_labels, domain_labels)
    axes.set(xticks=[], yticks=[], xlabel="t-SNE 1", ylabel="t-SNE 2")
    axes.set_title(title, fontsize=10, parse_math=False)  # a $ in a name is a $

    handles = [
        Line2D([], [], ls="", marker=marker, color="black", markerfacecolor=fill, label=name)
        for marker, fill, name in zip(MARKERS, ("black", "none"), domain_names, strict=True)
    ]
    handles += [
        Line2D([], [], ls="", marker="s", color=colour, label=f"class {label}")
        for label, colour in enumerate(COLOURS)
    ]
    legend = figure.legend(handles=handles, loc="outside right upper", frameon=False)
    for text in legend.get_texts():
        text.set_parse_math(False)
    return figure


def _name_classes(
    axes: Any, positions: Floats, class_labels: Labels, domain_labels: Labels
) -> None:
    """Write each class's number amid its source points, so that nobody depends on colours."""
    for label in range(len(COLOURS)):
        points = positions[(class_labels == label) & (domain_labels == 0)]
        if len(points):
            axes.text(
                *np.median(points, axis=0),
                str(label),
                fontsize=10,
                weight="bold",
                ha="center",
                va="center",
                bbox={"boxstyle": "circle", "fc": "white", "ec": "black", "alpha": 0.7},
            )
