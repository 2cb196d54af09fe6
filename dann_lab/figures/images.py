"""Pictures of images, and of what a network makes of them, and the sentence beside each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
from IPython.display import HTML
from torch import Tensor

from dann_core.domains import UNKNOWN, DomainPair
from dann_core.errors import DataError
from dann_lab.figures.classes import brief, name_of, told, whole
from dann_lab.figures.encoding import as_numpy, image_url
from dann_lab.figures.sentences import percent
from dann_lab.figures.theme import BARE, LIGHT, Figure, Theme, as_written, plain_layout

Labels = npt.NDArray[np.int64] | Tensor


def images_grid(
    images: Tensor | npt.NDArray[np.uint8],
    labels: Sequence[object] | Labels,
    columns: int = 10,
    side: int = 56,
    classes: Sequence[str] = (),
) -> HTML:
    """Images uint8 [N, H, W, 3] with a word or number below each, ``columns`` in a row, each
    ``side`` pixels wide (less on a narrow page). ``classes``: the names of classes, where
    ``labels`` are their numbers."""
    names = [str(name) for name in as_numpy(labels)]
    if classes:
        names = [name_of(label, classes) for label in whole(as_numpy(labels)).tolist()]
    pixels = images.cpu().numpy() if isinstance(images, Tensor) else images
    if len(pixels) != len(names):
        raise DataError(f"{len(pixels)} images but {len(names)} labels: they must be aligned.")
    cells = "".join(
        '<figure style="margin:0;text-align:center">'
        f'<img src="{image_url(picture)}" alt="an image of {escape(name)}" '
        'style="width:100%;image-rendering:pixelated;border-radius:3px">'
        f"<figcaption>{escape(name)}</figcaption></figure>"
        for picture, name in zip(pixels, names, strict=True)
    )
    return HTML(
        f'<div style="display:grid;gap:6px;max-width:{columns * (side + 6)}px;'
        f'grid-template-columns:repeat({columns},minmax(0,1fr))">{cells}</div>'
    )


def picture(
    url: str, title: str, size: tuple[int, int], shapes: Sequence[dict[str, Any]] = ()
) -> Figure:
    """An image as a figure: ``url`` holds it, ``size`` is its width and height in pixels, the units
    of ``shapes``, counted from the bottom left."""
    width, height = size
    image = {"source": url, "x": 0, "y": height, "sizex": width, "sizey": height}
    layout = {
        "title": {"text": as_written(title)},
        "showlegend": False,
        "xaxis": BARE | {"range": [0, width]},
        "yaxis": BARE | {"range": [0, height], "scaleanchor": "x"},
        "images": [image | {"xref": "x", "yref": "y"}],
        "shapes": list(shapes),
    }
    return {"data": [], "layout": layout}


def framed(pixels: npt.NDArray[np.uint8], names: Sequence[str]) -> Figure:
    """Images uint8 [N, H, W, 3], six in a row, with a word below each, as a figure."""
    columns, apart, below = 6, 1.1, 1.4
    rows = math.ceil(len(pixels) / columns)
    places = [(apart * (k % columns), below * (rows - k // columns)) for k in range(len(pixels))]
    layout = {
        "height": 60 + 85 * rows,
        "showlegend": False,
        "xaxis": BARE | {"range": [0, apart * columns]},
        "yaxis": BARE | {"range": [0, below * rows], "scaleanchor": "x"},
        "images": [
            {"source": image_url(image), "xref": "x", "yref": "y", "sizex": 1, "sizey": 1}
            | {"x": x, "y": y}
            for image, (x, y) in zip(pixels, places, strict=True)
        ],
        "annotations": [
            {"text": as_written(brief(name)), "showarrow": False, "yanchor": "top"}
            | {"x": x + 0.5, "y": y - 1.02, "font": {"size": 9}}
            for name, (x, y) in zip(names, places, strict=True)
        ],
    }
    return {"data": [], "layout": layout}


CELLS = 20
"""The number of classes up to which a table of confusions has its numbers and all names written
in."""


def confusion(
    labels: Labels,
    predictions: Labels,
    theme: Theme = LIGHT,
    classes: int = 10,
    names: Sequence[str] = (),
) -> Figure:
    """How often the class of a row (int64 [N], as it is) is taken for the class of a column.

    ``names``: of the classes, in place of their numbers. Examples without a label are left out.
    """
    classes = len(names) or classes
    counts = _counts(labels, predictions, classes)
    written = [as_written(_cell_name(k, names)) for k in range(classes)]
    low, high = ("#ffffff", "#005A8E") if theme == LIGHT else ("#1c232b", "#7CC4F2")
    taken = "%{y}, taken for %{x}" if told(names) else "a %{y}, taken for a %{x}"
    cells = {
        "type": "heatmap",
        # The square root, so that a few mistakes are seen beside many right answers.
        "z": np.sqrt(counts).tolist(),
        "x": written,
        "y": written,
        "customdata": counts.tolist(),
        "text": [[str(n) if n else "" for n in row] for row in counts.tolist()],
        "texttemplate": "%{text}" if classes <= CELLS else "",
        "colorscale": [[0, low], [1, high]],
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hovertemplate": f"{taken}: %{{customdata}}<extra></extra>",
    }
    axis = {
        "type": "category",
        "showgrid": False,
        "zeroline": False,
        "dtick": 1 if classes <= CELLS else math.ceil(classes / CELLS),
        "fixedrange": True,
    }
    layout = plain_layout(theme, height=390 + 12 * max(0, min(classes, 2 * CELLS) - 10))
    layout["showlegend"] = False
    layout["margin"] |= {"t": 8}
    square = {"scaleanchor": "y", "constrain": "domain", "constraintoward": "left"}
    layout["xaxis"] = axis | square | {"title": {"text": "the network says", "standoff": 4}}
    layout["yaxis"] = axis | {
        "title": {"text": "it is", "standoff": 4},
        "autorange": "reversed",
        "constrain": "domain",
    }
    if told(names):  # which may be long
        layout["xaxis"]["automargin"] = layout["yaxis"]["automargin"] = True
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


def _cell_name(label: int, names: Sequence[str]) -> str:
    """Short, and still another one for each class."""
    name = name_of(label, names)
    twice = len({brief(other) for other in names}) < len(names)
    return f"{label}: {brief(name)}" if twice else brief(name)


def about_confusion(
    labels: Labels, predictions: Labels, classes: int = 10, names: Sequence[str] = ()
) -> str:
    """Beside :func:`confusion`: how many are wrong, and the most frequent mistakes."""
    classes = len(names) or classes
    counts = _counts(labels, predictions, classes)
    total, right = int(counts.sum()), int(np.trace(counts))
    if not total:
        return (
            f"None of these {len(labels)} examples has a label, so which answers are right is "
            "unknown."
        )
    labelled = "labelled examples" if told(names) else "images"
    wrong = counts - np.diag(np.diag(counts))
    text = f"Of {total} {labelled} {total - right} are wrong ({percent(1 - right / total)})"
    if right == total:
        return f"All {total} {labelled} are right."
    worst = np.argsort(-wrong, axis=None, kind="stable")[:3]
    pairs = [(int(k) // classes, int(k) % classes) for k in worst]
    mistakes = [
        f"{_a(i, names)} for {_a(j, names)} ({wrong[i, j]} time{'s' if wrong[i, j] > 1 else ''})"
        for i, j in pairs
        if wrong[i, j]
    ]
    favourite = int(wrong.sum(axis=0).argmax())
    return (
        f"{text}. It most often takes {', '.join(mistakes)}; its favourite wrong answer is "
        f"{name_of(favourite, names)} ({wrong[:, favourite].sum()} times)."
    )


def accuracy_by_light(
    lights: Sequence[int],
    right: Mapping[str, Sequence[float]],
    pictures: Tensor,
    theme: Theme = LIGHT,
) -> Figure:
    """The share of right answers of up to three networks (by name, 0 to 1) behind stripes of each
    brightness; above each, one digit behind them.

    ``lights``: n of them, 0 to 255, evenly spaced and rising, the same number in each of ``right``.
    ``pictures``: uint8 [n, 28, 28, 3], of one digit. Raises :class:`DataError` if they do not fit.
    """
    if any(len(each) != len(lights) for each in (pictures, *right.values())):
        raise DataError(f"{len(lights)} brightnesses: as many shares and pictures are needed.")
    styles = (
        (theme.blue, "solid", "circle"),
        (theme.orange, "dash", "triangle-up"),
        (theme.green, "dot", "square-open"),
    )
    lines = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": as_written(name),
            "x": list(lights),
            "y": list(shares),
            "line": {"color": colour, "width": 2, "dash": dash},
            "marker": {"symbol": symbol, "size": 8, "color": colour},
            "hovertemplate": f"{as_written(name)}: %{{y:.0%}} right<extra></extra>",
        }
        for (name, shares), (colour, dash, symbol) in zip(right.items(), styles, strict=False)
    ]
    apart = lights[1] - lights[0]
    layout = plain_layout(theme, height=390)
    layout["xaxis"] |= {
        "title": {"text": "what the brightest line adds to a pixel", "standoff": 6},
        "tickvals": list(lights),
        "range": [lights[0] - 0.6 * apart, lights[-1] + 0.6 * apart],
        "showgrid": False,
        # Below the pictures, which stand below the curves.
        "anchor": "free",
        "position": 0,
        "fixedrange": True,
    }
    layout["yaxis"] |= {
        "title": {"text": "right"},
        "range": [0, 1.03],
        "tickformat": ".0%",
        "domain": [0.24, 1],
    }
    layout["images"] = [
        {
            "source": image_url(picture),
            "xref": "x",
            "x": light,
            "sizex": 0.9 * apart,
            "xanchor": "center",
            "yref": "paper",
            "y": 0.01,
            "sizey": 0.19,
            "yanchor": "bottom",
        }
        for light, picture in zip(lights, pictures.cpu().numpy(), strict=True)
    ]
    return {"data": lines, "layout": layout}


def about_light(lights: Sequence[int], right: Mapping[str, Sequence[float]], images: int) -> str:
    """Beside :func:`accuracy_by_light`: ``images`` is how many were read each time."""
    shares = "; ".join(
        f"{name} reads {percent(each[0])} of them at {lights[0]}, "
        f"{percent(each[len(lights) // 2])} at {lights[len(lights) // 2]} and "
        f"{percent(each[-1])} at {lights[-1]}"
        for name, each in right.items()
    )
    return (
        f"The same {images} test digits, their ink fainter, behind the same stripes, whose "
        f"brightest line adds {lights[0]} to {lights[-1]} to a pixel: {shares}."
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
    layout = plain_layout(theme, height=260)
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


def _a(label: int, names: Sequence[str] = ()) -> str:
    if told(names):
        return name_of(label, names)
    return f"an {label}" if label == 8 else f"a {label}"


def _counts(labels: Labels, predictions: Labels, classes: int) -> npt.NDArray[np.int64]:
    truth, said = whole(labels), as_numpy(predictions)
    if len(truth) != len(said) or not len(truth):
        raise DataError(f"{len(truth)} labels but {len(said)} predictions: they must be aligned.")
    counts = np.zeros((classes, classes), dtype=np.int64)
    known = truth != UNKNOWN
    np.add.at(counts, (truth[known], said[known]), 1)
    return counts
