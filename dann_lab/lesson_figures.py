"""The lessons' own pictures and the sentence beside each: pure functions, as in ``figures``.

The colour is the class, the marker's shape the domain. No ten colours stay apart for every eye, so
each class's number stands on the map as well.
"""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from IPython.display import HTML
from PIL import Image
from torch import Tensor

from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.probe import Probe
from dann_lab.figures import DARK, LIGHT, Figure, Theme, _packed
from dann_lab.words import percent

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
SYMBOLS = ("circle", "triangle-up-open")
NEIGHBOURS = 10
"""Neighbours on the map that :func:`about_map` looks at."""


def images_grid(
    images: Tensor | npt.NDArray[np.uint8],
    labels: Sequence[object] | Labels,
    columns: int = 10,
    side: int = 56,
) -> HTML:
    """Images uint8 [N, 28, 28, 3] with a word or number below each, ``columns`` in a row, each
    ``side`` pixels wide (less on a narrow page)."""
    names = [str(name) for name in _plain(labels)]
    pixels = images.cpu().numpy() if isinstance(images, Tensor) else images
    if len(pixels) != len(names):
        raise DataError(f"{len(pixels)} images but {len(names)} labels: they must be aligned.")
    cells = "".join(
        '<figure style="margin:0;text-align:center">'
        f'<img src="{_png(picture)}" alt="an image of {escape(name)}" '
        'style="width:100%;image-rendering:pixelated;border-radius:3px">'
        f"<figcaption>{escape(name)}</figcaption></figure>"
        for picture, name in zip(pixels, names, strict=True)
    )
    return HTML(
        f'<div style="display:grid;gap:6px;max-width:{columns * (side + 6)}px;'
        f'grid-template-columns:repeat({columns},minmax(0,1fr))">{cells}</div>'
    )


def confusion(
    labels: Labels, predictions: Labels, theme: Theme = LIGHT, classes: int = 10
) -> Figure:
    """How often the class of a row (int64 [N], as it is) is taken for the class of a column."""
    counts = _counts(labels, predictions, classes)
    names = [str(name) for name in range(classes)]
    low, high = ("#ffffff", "#005A8E") if theme == LIGHT else ("#1c232b", "#7CC4F2")
    cells = {
        "type": "heatmap",
        # The square root, so that a few mistakes are seen beside many right answers.
        "z": np.sqrt(counts).tolist(),
        "x": names,
        "y": names,
        "customdata": counts.tolist(),
        "text": [[str(n) if n else "" for n in row] for row in counts.tolist()],
        "texttemplate": "%{text}",
        "colorscale": [[0, low], [1, high]],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": "a %{y}, taken for a %{x}: %{customdata}<extra></extra>",
    }
    axis = {
        "type": "category",
        "showgrid": False,
        "zeroline": False,
        "dtick": 1,
        "fixedrange": True,
    }
    layout = _layout(theme, height=390)
    layout["showlegend"] = False
    layout["margin"] |= {"t": 8}
    square = {"scaleanchor": "y", "constrain": "domain", "constraintoward": "left"}
    layout["xaxis"] = axis | square | {"title": {"text": "the network says", "standoff": 4}}
    layout["yaxis"] = axis | {
        "title": {"text": "it is", "standoff": 4},
        "autorange": "reversed",
        "constrain": "domain",
    }
    layout["plot_bgcolor"] = theme.grid
    layout["shapes"] = [
        # Right answers, marked by a frame as well as by their place.
        {
            "type": "rect",
            "x0": k - 0.5,
            "x1": k + 0.5,
            "y0": k - 0.5,
            "y1": k + 0.5,
            "line": {"color": theme.green, "width": 1.5},
        }
        for k in range(classes)
    ]
    return {"data": [cells], "layout": layout}


def about_confusion(labels: Labels, predictions: Labels, classes: int = 10) -> str:
    """Beside :func:`confusion`: how many are wrong, and the most frequent mistakes."""
    counts = _counts(labels, predictions, classes)
    total, right = int(counts.sum()), int(np.trace(counts))
    wrong = counts - np.diag(np.diag(counts))
    text = f"Of {total} images {total - right} are wrong ({percent(1 - right / total)})"
    if right == total:
        return f"All {total} images are right."
    worst = np.argsort(-wrong, axis=None, kind="stable")[:3]
    pairs = [(int(k) // classes, int(k) % classes) for k in worst]
    mistakes = [
        f"{_a(i)} for {_a(j)} ({wrong[i, j]} time{'s' if wrong[i, j] > 1 else ''})"
        for i, j in pairs
        if wrong[i, j]
    ]
    favourite = int(wrong.sum(axis=0).argmax())
    return (
        f"{text}. It most often takes {', '.join(mistakes)}; "
        f"its favourite wrong answer is {favourite} ({wrong[:, favourite].sum()} times)."
    )


def scatter_map(
    coordinates: Floats,
    labels: Labels,
    domains: Labels,
    theme: Theme = LIGHT,
    names: tuple[str, str] = ("source", "target"),
) -> Figure:
    """Points float32 [N, 2]: the colour is the class (int64 [N]), the shape the domain (0 or 1).

    A click on a class in the legend hides or shows it. A trace's ``customdata`` are its points'
    indices, 0 to N - 1.
    """
    positions, classes_, domains_ = _aligned(coordinates, labels, domains)
    traces: list[dict[str, Any]] = []
    for name, symbol in zip(names, SYMBOLS, strict=True):
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
            }
        )
    for label in np.unique(classes_).tolist():
        colour = CLASS_COLOURS[theme][label % 10]
        for domain, symbol in enumerate(SYMBOLS):
            chosen = (classes_ == label) & (domains_ == domain)
            if not chosen.any():
                continue
            traces.append(
                {
                    "type": "scatter",
                    "mode": "markers",
                    "name": str(label),
                    "legendgroup": str(label),
                    "showlegend": domain == 0 or not ((classes_ == label) & (domains_ == 0)).any(),
                    "x": _packed(positions[chosen, 0]),
                    "y": _packed(positions[chosen, 1]),
                    "marker": {
                        "symbol": symbol,
                        "size": 6,
                        "color": colour,
                        "line": {"color": colour, "width": 1.2},
                    },
                    "hovertemplate": f"{label}, {names[domain]}<extra></extra>",
                    "customdata": np.flatnonzero(chosen).tolist(),
                }
            )
    layout = _layout(theme, height=470)
    plain = {"showgrid": False, "zeroline": False, "showticklabels": False}
    layout["xaxis"] = plain
    layout["yaxis"] = plain | {"scaleanchor": "x", "scaleratio": 1}
    # Room for a legend of three rows, which it has on a phone.
    layout["margin"] = {"l": 8, "r": 8, "t": 92, "b": 8}
    layout["annotations"] = [
        _number(label, positions[classes_ == label], theme)
        for label in np.unique(classes_).tolist()
    ]
    return {"data": traces, "layout": layout}


def about_map(coordinates: Floats, labels: Labels, domains: Labels) -> str:
    """Beside :func:`scatter_map`: how mixed the domains and the classes are, by neighbours."""
    return read_map(coordinates, labels, domains)[0]


def mixing(coordinates: Floats, domains: Labels) -> float:
    """How mixed the domains (0 or 1, [N]) look on a map [N, 2].

    The share of a point's nearest neighbours that are of the other domain, relative to that share
    if the domains were mixed: 0 for domains apart, about 1 for mixed ones. NaN for one domain
    alone.
    """
    return read_map(coordinates, domains, domains)[1]


def read_map(coordinates: Floats, labels: Labels, domains: Labels) -> tuple[str, float]:
    """The words of :func:`about_map` and the number of :func:`mixing`, from one look at the map."""
    positions, classes_, domains_ = _aligned(coordinates, labels, domains)
    nearest = _nearest(positions)
    shares = np.bincount(domains_, minlength=2) / len(domains_)
    other = float((domains_[nearest] != domains_[:, None]).mean())
    mixed = float(2 * shares[0] * shares[1])
    same = float((classes_[nearest] == classes_[:, None]).mean())
    sentence = (
        f"Of a point's {nearest.shape[1]} nearest neighbours on this map, {percent(other)} come "
        f"from the other domain ({percent(mixed)} if the domains were mixed) and {percent(same)} "
        "show the same digit."
    )
    return sentence, other / mixed if mixed else math.nan


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


def ink_contrast(pair: DomainPair) -> Floats:
    """How much lighter the ink is than the ground, -255 to 255, in each target test image.

    float32 [N], means over pixels and channels. Where the ink is, the source image tells that the
    target's was made from, so the two test sets have to be aligned, as those of built pairs are.
    """
    ink = pair.source.test.images[..., 0].cpu().numpy() > 127
    grey = pair.target.test.images.cpu().numpy().mean(axis=-1)

    def mean(where: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        return (grey * where).sum(axis=(1, 2)) / where.sum(axis=(1, 2))

    return (mean(ink) - mean(~ink)).astype(np.float32)


def accuracy_by_contrast(
    contrast: Floats, right: Mapping[str, npt.NDArray[np.bool_]], theme: Theme = LIGHT
) -> Figure:
    """The share of right answers (by name, bool [N]) in images of like contrast, in steps of 60."""
    edges = np.arange(-240, 241, 60)
    bins = np.clip(np.digitize(contrast, edges) - 1, 0, len(edges) - 2)
    kept = [k for k in range(len(edges) - 1) if (bins == k).any()]
    styles = zip((theme.blue, theme.green, theme.orange), ("", "/", "."), strict=True)
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": [f"{edges[k]} to {edges[k + 1]}<br>{(bins == k).sum()} images" for k in kept],
            "y": [float(answers[bins == k].mean()) for k in kept],
            "texttemplate": "%{y:.0%}",
            "textposition": "outside",
            "cliponaxis": False,
            "marker": {"color": colour, "pattern": {"shape": shape, "fillmode": "overlay"}},
            "hovertemplate": f"{name}: %{{y:.0%}} right<extra></extra>",
        }
        for (name, answers), (colour, shape) in zip(right.items(), styles, strict=False)
    ]
    layout = _layout(theme, height=330)
    layout["yaxis"] |= {"title": {"text": "right"}, "range": [0, 1.08], "tickformat": ".0%"}
    layout["xaxis"] |= {
        "title": {"text": "ink minus ground, in brightness", "standoff": 6},
        "showgrid": False,
        "automargin": True,
    }
    return {"data": bars, "layout": layout}


def about_contrast(contrast: Floats, right: Mapping[str, npt.NDArray[np.bool_]]) -> str:
    """Beside :func:`accuracy_by_contrast`."""
    dark = contrast < 0
    shares = "; ".join(
        f"{name} reads {percent(answers[dark].mean())} of them and "
        f"{percent(answers[~dark].mean())} of the others"
        for name, answers in right.items()
    )
    return (
        f"In {dark.sum()} of {len(dark)} target images the ink is darker than the ground: {shares}."
    )


def agreeing_neighbours(coordinates: Floats, features: Floats, labels: Labels) -> int:
    """For how many classes the nearest other class on the map is the nearest in the features too,
    by the distance between the classes' means. ``features``: float32 [N, d]."""
    classes_ = _plain(labels)

    def nearest(points: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        centres = np.stack([points[classes_ == k].mean(axis=0) for k in np.unique(classes_)])
        distances = np.linalg.norm(centres[:, None] - centres, axis=-1)
        np.fill_diagonal(distances, np.inf)
        return distances.argmin(axis=1)

    return int((nearest(_plain(coordinates)) == nearest(_plain(features))).sum())


def distances(probes: Mapping[str, Probe], theme: Theme = LIGHT) -> Figure:
    """The proxy A-distance by name, with a bar of two standard errors each way."""
    names = list(probes)
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
    layout = _layout(theme, height=90 + 44 * len(names))
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


def pixel_means(pair: DomainPair, theme: Theme = LIGHT) -> Figure:
    """The mean of each channel, 0 to 255, in both training sets and over the two together."""
    means = {**_means(pair), "both": pair.pixel_mean.cpu().numpy()}
    colours = (theme.blue, theme.orange, theme.green)
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": ["red", "green", "blue"],
            "y": values.round(1).tolist(),
            "texttemplate": "%{y:.0f}",
            "textposition": "outside",
            "cliponaxis": False,
            "marker": {
                "color": colour,
                "pattern": {"shape": shape, "fillmode": "overlay", "solidity": 0.2},
            },
            "hovertemplate": f"{name}: %{{y:.1f}}<extra></extra>",
        }
        for (name, values), colour, shape in zip(
            means.items(), colours, ("", "/", "."), strict=True
        )
    ]
    layout = _layout(theme, height=260)
    layout["yaxis"] |= {"title": {"text": "mean pixel"}, "rangemode": "tozero"}
    layout["xaxis"]["showgrid"] = False
    return {"data": bars, "layout": layout}


def about_pixel_means(pair: DomainPair) -> str:
    """Beside :func:`pixel_means`."""
    source, target = (values.mean() for values in _means(pair).values())
    both = float(pair.pixel_mean.mean())
    return (
        f"A source pixel is {source:.0f} on average, the same in each channel, for digits are "
        f"grey; a target pixel {target:.0f}. The mean that the network subtracts, {both:.0f}, lies "
        "between, because it is taken over both training sets."
    )


def _means(pair: DomainPair) -> dict[str, npt.NDArray[np.float64]]:
    return {
        name: domain.train.images.cpu().numpy().mean(axis=(0, 1, 2))
        for name, domain in (("source", pair.source), ("target", pair.target))
    }


def _layout(theme: Theme, height: int) -> dict[str, Any]:
    axis = {"gridcolor": theme.grid, "zeroline": False}
    return {
        "height": height,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": theme.text, "size": 12, "family": "system-ui, sans-serif"},
        "margin": {"l": 54, "r": 10, "t": 34, "b": 42},
        "xaxis": dict(axis),
        "yaxis": dict(axis),
        "legend": {
            "orientation": "h",
            "font": {"size": 12},
            **{"xref": "container", "x": 0, "yref": "container", "y": 1, "yanchor": "top"},
        },
        "showlegend": True,
        "hovermode": "closest",
    }


def _number(label: int, points: Floats, theme: Theme) -> dict[str, Any]:
    # On the point in the middle, for the middle of a ring is empty.
    middle = points[np.abs(points - np.median(points, axis=0)).sum(axis=1).argmin()]
    return {
        "x": float(middle[0]),
        "y": float(middle[1]),
        "text": f"<b>{label}</b>",
        "showarrow": False,
        "font": {"size": 13, "color": theme.text},
        "bgcolor": theme.paper,
        "bordercolor": CLASS_COLOURS[theme][label % 10],
        "borderpad": 1,
    }


def _a(digit: int) -> str:
    return f"an {digit}" if digit == 8 else f"a {digit}"


def _counts(labels: Labels, predictions: Labels, classes: int) -> npt.NDArray[np.int64]:
    truth, said = _plain(labels), _plain(predictions)
    if len(truth) != len(said) or not len(truth):
        raise DataError(f"{len(truth)} labels but {len(said)} predictions: they must be aligned.")
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (truth, said), 1)
    return counts


def _aligned(
    coordinates: Floats, labels: Labels, domains: Labels
) -> tuple[Floats, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    positions = np.asarray(coordinates, dtype=np.float32)
    if positions.shape != (len(labels), 2) or len(labels) != len(domains):
        raise DataError(
            f"A map of shape {list(positions.shape)} with {len(labels)} labels and {len(domains)} "
            "domains: they must be aligned, and the map [N, 2]."
        )
    return positions, _plain(labels), _plain(domains)


def _plain(values: Any) -> Any:
    return values.cpu().numpy() if isinstance(values, torch.Tensor) else np.asarray(values)


def _png(picture: npt.NDArray[np.uint8]) -> str:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
