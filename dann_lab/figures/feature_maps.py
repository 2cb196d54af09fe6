"""Maps of features, distances between domains, and the sentence beside each: pure functions.

The colour is the class, the marker's shape the domain. No ten colours stay apart for every eye, and
of more classes some share one, so each class's name stands on the map as well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor

from dann_core.domains import UNKNOWN
from dann_core.errors import DataError
from dann_core.probe import Probe
from dann_lab.figures.classes import brief, name_of, told, whole
from dann_lab.figures.encoding import as_numpy, packed
from dann_lab.figures.sentences import percent
from dann_lab.figures.theme import BARE, DARK, LIGHT, Figure, Theme, as_written, plain_layout

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64] | Tensor

# Okabe and Ito's seven colours and three more, darkened or lightened for each look.
CLASS_COLOURS: dict[Theme, tuple[str, ...]] = {
    LIGHT: (
        "#0072B2",
        "#C98500",
        "#009E73",
        "#D0559A",
        "#2E9BD6",
        "#D55E00",
        "#8F8A00",
        "#4B2E83",
        "#7A4A1E",
        "#6E7781",
    ),
    DARK: (
        "#3E8FD0",
        "#E69F00",
        "#17B88A",
        "#E08BC0",
        "#7CCBF7",
        "#EE7733",
        "#F0E442",
        "#A78BE8",
        "#C8935F",
        "#A9B4C0",
    ),
}
UNKNOWN_COLOUR = {LIGHT: "#828C96", DARK: "#76818C"}
"""Of points without a label, in each look."""
SYMBOLS = ("circle", "triangle-up-open")
MOST_NAMED = 20
"""The number of classes whose names have room on a map, the largest of them, and in its legend."""
NEIGHBOURS = 10
"""The number of neighbours on the map that :func:`about_map` looks at."""


def scatter_map(
    coordinates: Floats,
    labels: Labels,
    domains: Labels,
    theme: Theme = LIGHT,
    names: tuple[str, str] = ("source", "target"),
    classes: Sequence[str] = (),
) -> Figure:
    """Points float32 [N, 2]: the colour is the class (int64 [N]), the shape the domain (0 or 1).

    ``classes``: their names; by default their numbers. Points without a label (-1, or 255 in a
    byte) are grey. A click on a class in the legend hides or shows it. A trace's ``customdata`` are
    its points' indices, 0 to N - 1; its ``meta`` has the colour of its domain, for a page that lets
    its reader choose.
    """
    positions, classes_, domains_ = _aligned(coordinates, labels, domains)
    written = [as_written(name) for name in names]
    traces: list[dict[str, Any]] = []
    colours = (theme.blue, theme.orange)
    for name, symbol, colour in zip(written, SYMBOLS, colours, strict=True):
        # The legend's word for the shape; it has no points of its own.
        marker = {"symbol": symbol, "size": 9, "color": theme.text}
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": [None],
                "y": [None],
                "marker": marker,
                "meta": {"domain": colour},
            }
        )
    there = np.unique(classes_).tolist()
    room = sum(label != UNKNOWN for label in there) <= MOST_NAMED
    for label in there:
        colour = _colour(label, theme)
        name = as_written(name_of(label, classes))
        for domain, symbol in enumerate(SYMBOLS):
            chosen = (classes_ == label) & (domains_ == domain)
            if not chosen.any():
                continue
            first = domain == 0 or not ((classes_ == label) & (domains_ == 0)).any()
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": as_written(brief(name_of(label, classes))),
                    "legendgroup": str(label),
                    "showlegend": first and (room or label == UNKNOWN),
                    "x": packed(positions[chosen, 0]),
                    "y": packed(positions[chosen, 1]),
                    "marker": {
                        "symbol": symbol,
                        "size": 6,
                        "color": colour,
                        "line": {"color": colour, "width": 1.2},
                    },
                    "hovertemplate": f"{name}, {written[domain]}<extra></extra>",
                    "customdata": np.flatnonzero(chosen).tolist(),
                    "meta": {"domain": colours[domain]},
                }
            )
    layout = plain_layout(theme, height=470)
    layout["xaxis"] = dict(BARE)
    layout["yaxis"] = BARE | {"scaleanchor": "x", "scaleratio": 1}
    in_legend = [trace["name"] for trace in traces if trace.get("showlegend", True)]
    layout["margin"] = {"l": 8, "r": 8, "t": _legend_room(in_legend), "b": 8}
    layout["annotations"] = [
        _name(label, positions[classes_ == label], theme, classes) for label in _largest(classes_)
    ]
    return {"data": traces, "layout": layout}


def _colour(label: int, theme: Theme) -> str:
    return UNKNOWN_COLOUR[theme] if label == UNKNOWN else CLASS_COLOURS[theme][label % 10]


def _legend_room(names: list[str]) -> int:
    """In pixels, above a map: three rows, which the ten digits take on a phone, or more, as they
    are needed on a page 560 pixels wide."""
    longest = max(len(name) for name in names)
    rows = math.ceil(len(names) / max(1, 560 // (40 + 7 * longest)))
    return 92 + 19 * min(4, max(0, rows - 3))


def _largest(classes: npt.NDArray[np.int64]) -> list[int]:
    """Those that are named on a map, ascending: the ones with most points, if there are many."""
    labels, counts = np.unique(classes[classes != UNKNOWN], return_counts=True)
    chosen: list[int] = sorted(labels[np.argsort(-counts, kind="stable")][:MOST_NAMED].tolist())
    return chosen


def about_map(
    coordinates: Floats, labels: Labels, domains: Labels, classes: Sequence[str] = ()
) -> str:
    """Beside :func:`scatter_map`: how mixed the domains and the classes are, by neighbours."""
    return read_map(coordinates, labels, domains, classes)[0]


def mixing(coordinates: Floats, domains: Labels) -> float:
    """How mixed the domains (0 or 1, [N]) look on a map [N, 2].

    The share of a point's nearest neighbours that are of the other domain, relative to that share
    if the domains were mixed: 0 for domains apart, about 1 for mixed ones. NaN for one domain
    alone.
    """
    return read_map(coordinates, domains, domains)[1]


def read_map(
    coordinates: Floats, labels: Labels, domains: Labels, classes: Sequence[str] = ()
) -> tuple[str, float]:
    """The words of :func:`about_map` and the number of :func:`mixing`, from one look at the map."""
    positions, classes_, domains_ = _aligned(coordinates, labels, domains)
    nearest = _nearest(positions)
    shares = np.bincount(domains_, minlength=2) / len(domains_)
    other = float((domains_[nearest] != domains_[:, None]).mean())
    mixed = float(2 * shares[0] * shares[1])
    sentence = (
        f"Of a point's {nearest.shape[1]} nearest neighbours on this map, {percent(other)} come "
        f"from the other domain ({percent(mixed)} if the domains were mixed)"
        f"{_same_class(classes_, nearest, classes)}."
    )
    return sentence, other / mixed if mixed else math.nan


def _same_class(
    labels: npt.NDArray[np.int64], nearest: npt.NDArray[np.int64], classes: Sequence[str]
) -> str:
    """How mixed the classes are, as the end of a sentence; "" where no two neighbours have
    labels."""
    known = (labels != UNKNOWN)[:, None] & (labels[nearest] != UNKNOWN)
    if not known.any():
        return ""
    same = percent(float((labels[nearest] == labels[:, None])[known].mean()))
    kind = "are of the same class" if told(classes) else "show the same digit"
    if known.all():
        return f" and {same} {kind}"
    return f"; where both have a label, {same} {kind}"


def _nearest(positions: Floats) -> npt.NDArray[np.int64]:
    """[N, k]: each point's nearest neighbours on the map."""
    from sklearn.neighbors import NearestNeighbors

    k = min(NEIGHBOURS, len(positions) - 1)
    search = NearestNeighbors(n_neighbors=k + 1, algorithm="kd_tree").fit(positions)
    found = search.kneighbors(positions, return_distance=False)
    own = found == np.arange(len(positions))[:, None]
    # Where many points lie in one place, a point need not be among those nearest to it.
    own[~own.any(axis=1), -1] = True
    nearest: npt.NDArray[np.int64] = found[~own].reshape(len(positions), k)
    return nearest


def agreeing_neighbours(coordinates: Floats, features: Floats, labels: Labels) -> int:
    """For how many classes the nearest other class on the map is the nearest in the features too,
    by the distance between the classes' means. ``features``: float32 [N, d]."""
    classes_ = whole(labels)
    there = np.unique(classes_[classes_ != UNKNOWN])

    def nearest(points: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        centres = np.stack([points[classes_ == k].mean(axis=0) for k in there])
        distances = np.linalg.norm(centres[:, None] - centres, axis=-1)
        np.fill_diagonal(distances, np.inf)
        return distances.argmin(axis=1)

    return int((nearest(as_numpy(coordinates)) == nearest(as_numpy(features))).sum())


def distances(probes: Mapping[str, Probe], theme: Theme = LIGHT) -> Figure:
    """The proxy A-distance by name, with a bar of two standard errors each way."""
    names = [as_written(name) for name in probes]
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": [probe.a_distance for probe in probes.values()],
        "y": names,
        "marker": {"size": 11, "color": theme.green, "symbol": "diamond"},
        "error_x": {
            "type": "data",
            "array": [2 * probe.uncertainty for probe in probes.values()],
            "color": theme.green,
            "thickness": 2,
            "width": 6,
        },
        "hovertemplate": "%{y}: %{x:.2f}<extra></extra>",
    }
    layout = plain_layout(theme, height=90 + 44 * len(names))
    layout["showlegend"] = False
    layout["margin"] = {"l": 8, "r": 16, "t": 12, "b": 44}
    layout["xaxis"] |= {
        "range": [-0.2, 2.2],
        "title": {"text": "proxy A-distance: 0 alike, 2 far apart", "standoff": 6},
    }
    layout["yaxis"] |= {"autorange": "reversed", "automargin": True, "type": "category"}
    return {"data": [points], "layout": layout}


def about_distances(probes: Mapping[str, Probe]) -> str:
    """Beside :func:`distances`, with a word on whether the last two differ."""
    listed = "; ".join(
        f"{name} {probe.a_distance:.2f} ± {probe.uncertainty:.2f} (error {percent(probe.error)})"
        for name, probe in probes.items()
    )
    (first, one), (second, two) = list(probes.items())[-2:]
    change = two.a_distance - one.a_distance
    doubt = math.hypot(one.uncertainty, two.uncertainty)
    if abs(change) < 2 * doubt:
        verdict = "which is within the doubt: this probe sees no difference between the two"
    else:
        verdict = f"more than twice the doubt: {second} is {'closer' if change < 0 else 'farther'}"
    return (
        f"{listed[0].upper()}{listed[1:]}. From {first} to {second} the distance changes by "
        f"{change:+.2f} ± {doubt:.2f}, {verdict}."
    )


def _name(label: int, points: Floats, theme: Theme, classes: Sequence[str]) -> dict[str, Any]:
    # On the point in the middle, for the middle of a ring is empty.
    middle = points[np.abs(points - np.median(points, axis=0)).sum(axis=1).argmin()]
    # A word would cover a whole heap of points: it stands above the middle.
    above = {"yshift": 13, "font": {"size": 11, "color": theme.text}} if told(classes) else {}
    return {
        "x": float(middle[0]),
        "y": float(middle[1]),
        "text": f"<b>{as_written(brief(name_of(label, classes)))}</b>",
        "name": str(label),  # for a program: the text is for people
        "showarrow": False,
        "font": {"size": 13, "color": theme.text},
        "bgcolor": theme.paper,
        "bordercolor": _colour(label, theme),
        "borderpad": 1,
        **above,
    }


def _aligned(
    coordinates: Floats, labels: Labels, domains: Labels
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    positions = np.asarray(coordinates, dtype=np.float32)
    if positions.shape != (len(labels), 2) or len(labels) != len(domains):
        raise DataError(
            f"A map of shape {list(positions.shape)} with {len(labels)} labels and {len(domains)} "
            "domains: they must be aligned, and the map [N, 2]."
        )
    return positions, whole(labels), as_numpy(domains)
