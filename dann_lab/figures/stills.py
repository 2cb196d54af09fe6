"""Figures drawn without a browser: what stands in a saved notebook where no widget is drawn."""

from __future__ import annotations

import base64
import html
import io
import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from dann_lab.figures.theme import Figure

WIDTH = 7.2
"""Inches, as everywhere here; a hundred of a figure's pixels are one."""
DPI = 130
COLOURS = 96
"""The number of colours of a picture: a file a third as large, and none looks different."""
DASHES = {"solid": "-", "dash": "--", "dot": ":", "dashdot": "-."}
MARKERS = {"circle": "o", "triangle-up": "^", "square": "s", "diamond": "D"}
SMALL = 8
LETTERS = 118
"""The number of small letters in a line."""


@dataclass(frozen=True)
class Still:
    """Two PNG files: the ``whole`` has the title and the caption in it, the ``picture`` has not."""

    whole: bytes
    picture: bytes


def drawn(panels: Sequence[Figure], title: str, caption: str) -> Still:
    """Plotly figures as plain data, below a title and above the sentences that say what they show.
    More than one stand two in a row; each may have a title in its layout.

    Draws what our figures have: scatter, bar, heatmap, and a layout's axes, lines, frames, words
    and images.
    """
    # It takes a second to load, and most programs draw nothing.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Sheet

    columns = 1 if len(panels) == 1 else 2
    rows = math.ceil(len(panels) / columns)
    heights = [
        max(_height(panel, columns) for panel in panels[row * columns : (row + 1) * columns])
        for row in range(rows)
    ]
    lines = [part for line in caption.splitlines() for part in textwrap.wrap(line, LETTERS)]
    high = sum(heights) + 0.45 + 0.16 * len(lines)
    sheet = Sheet(figsize=(WIDTH, high), dpi=DPI, layout="constrained", facecolor="white")
    places = sheet.add_gridspec(rows, columns, height_ratios=heights)
    for at, panel in enumerate(panels):
        _Panel(panel, sheet.add_subplot(places[at // columns, at % columns])).draw()
    words = sheet.suptitle(title, x=0.01, ha="left", fontsize=11, weight="bold")
    below = sheet.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=SMALL)
    for text in (words, below):
        text.set_parse_math(False)  # a $ in a name is a $
    canvas = FigureCanvasAgg(sheet)
    canvas.draw()
    whole = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])
    # Medians would give nicer colours of photographs, in four times the time.
    whole = whole.quantize(COLOURS, Image.Quantize.FASTOCTREE)
    # Matplotlib counts from the bottom.
    top = whole.height - math.floor(words.get_window_extent().y0)
    bottom = whole.height - math.ceil(below.get_window_extent().y1) if lines else whole.height
    return Still(_file(whole), _file(whole.crop((0, top, whole.width, bottom))))


def _file(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _height(panel: Figure, columns: int) -> float:
    pixels = panel["layout"].get("height", 300 / columns + 90)
    return min(float(pixels), 560.0) / 100


class _Panel:
    """One figure on the axes of the paper."""

    def __init__(self, figure: Figure, axes: Any):
        self.data = [trace for trace in figure["data"] if trace.get("visible", True)]
        self.layout = figure["layout"]
        self.axes = axes
        self.right = axes.twinx() if "yaxis2" in self.layout else axes

    def draw(self) -> None:
        axes = self.axes
        axes.tick_params(labelsize=SMALL)
        axes.spines[["top", "right"]].set_visible(False)
        bars = [trace for trace in self.data if trace["type"] == "bar"]
        for trace in self.data:
            if trace["type"] == "bar":
                self._bar(trace, bars.index(trace), len(bars))
            else:
                {"scatter": self._scatter, "heatmap": self._heatmap}[trace["type"]](trace)
        self._ends("x", axes, self.layout.get("xaxis", {}))
        self._ends("y", axes, self.layout.get("yaxis", {}))
        if self.right is not axes:
            self.right.tick_params(labelsize=SMALL)
            self._ends("y", self.right, self.layout["yaxis2"] | {"showgrid": False})
        self._behind_and_above()
        self._name()

    def _scatter(self, trace: dict[str, Any]) -> None:
        axes = self.right if trace.get("yaxis") == "y2" else self.axes
        x, y = _values(trace["x"]), _values(trace["y"])
        line, mode = trace.get("line", {}), trace.get("mode", "lines")
        name = _label(trace)
        if trace.get("fill") == "toself":
            axes.fill(x, y, color=_colour(trace["fillcolor"]), linewidth=0)
            return
        if "error_x" in trace or "error_y" in trace:
            for which in ("x", "y"):
                error = trace.get(f"error_{which}")
                if error:
                    spread = {f"{which}err": error["array"]}
                    colour = _colour(error.get("color", "black"))
                    axes.errorbar(x, y, **spread, fmt="none", color=colour, linewidth=1)
        if "lines" in mode:
            axes.plot(
                *(x, y),
                color=_colour(line.get("color", "black")),
                linestyle=DASHES[line.get("dash", "solid")],
                linewidth=0.75 * line.get("width", 2),
                label=name,
            )
            name = "_"
        if "markers" in mode:
            self._markers(axes, x, y, trace.get("marker", {}), name)
        for at, text in enumerate(trace.get("text", []) if "text" in mode else []):
            axes.text(x[at], y[at], _plain(text), fontsize=SMALL, ha="center", va="center")

    def _markers(self, axes: Any, x: Any, y: Any, marker: dict[str, Any], name: str) -> None:
        symbol = marker.get("symbol", "circle")
        colour = marker.get("color", "black")
        paint = [_colour(c) for c in colour] if isinstance(colour, list) else _colour(colour)
        hollow = symbol.endswith("-open")
        fill = {"facecolors": "none", "edgecolors": paint} if hollow else {"c": paint}
        if not isinstance(paint, list) and not hollow:
            fill = {"color": paint}
        size = 0.72 * marker.get("size", 6)
        axes.scatter(
            *(x, y),
            s=size**2,
            marker=MARKERS[symbol.removesuffix("-open")],
            linewidths=0.9 if hollow else 0,
            label=name,
            zorder=3,
            **fill,
        )

    def _bar(self, trace: dict[str, Any], at: int, of: int) -> None:
        lies = trace.get("orientation") == "h"
        names, lengths = (trace["y"], trace["x"]) if lies else (trace["x"], trace["y"])
        marker = trace.get("marker", {})
        colour, shape = marker.get("color", "black"), marker.get("pattern", {}).get("shape", "")
        wide = 0.8 / of
        places = np.arange(len(names)) - 0.4 + wide * (at + 0.5)
        options = {
            "color": [_colour(c) for c in colour] if isinstance(colour, list) else _colour(colour),
            "hatch": shape if isinstance(shape, str) else [each * 2 for each in shape],
            "edgecolor": "white",
            "linewidth": 0,
            "label": _label(trace),
        }
        ends = np.asarray(_values(lengths), dtype=float)
        if lies:
            base = trace.get("base", 0)
            made = self.axes.barh(places, ends, height=wide * 0.95, left=base, **options)
            self.axes.set_yticks(range(len(names)), [_plain(name) for name in names])
        else:
            made = self.axes.bar(places, ends, width=wide * 0.95, **options)
            self.axes.set_xticks(range(len(names)), [_plain(name) for name in names])
        if "texttemplate" in trace:
            self.axes.bar_label(made, [f"{end:.0f}" for end in ends], fontsize=7)

    def _heatmap(self, trace: dict[str, Any]) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        cells = np.asarray(trace["z"], dtype=float)
        stops = [(place, _colour(colour)) for place, colour in trace["colorscale"]]
        colours = LinearSegmentedColormap.from_list("cells", stops)
        x, y = _values(trace["x"]), _values(trace["y"])
        named = any(isinstance(value, str) for value in x)
        across, down = (range(len(x)), range(len(y))) if named else (x, y)
        limits = {"vmin": trace.get("zmin"), "vmax": trace.get("zmax")}
        self.axes.pcolormesh(across, down, cells, shading="nearest", cmap=colours, **limits)
        if named:
            every = int(self.layout["xaxis"].get("dtick", 1))
            turned = 90 if max(len(_plain(name)) for name in x) > 3 else 0
            names = [_plain(name) for name in x[::every]]
            self.axes.set_xticks(across[::every], names, rotation=turned)
            self.axes.set_yticks(down[::every], [_plain(name) for name in y[::every]])
        if trace.get("texttemplate"):
            middle = (np.nanmax(cells) + np.nanmin(cells)) / 2
            for row, texts in enumerate(trace["text"]):
                for column, text in enumerate(texts):
                    ink = "white" if cells[row, column] > middle else "black"
                    place = (across[column], down[row])
                    self.axes.text(*place, text, fontsize=7, color=ink, ha="center", va="center")

    def _ends(self, which: str, axes: Any, axis: dict[str, Any]) -> None:
        of_axes = axes.xaxis if which == "x" else axes.yaxis
        title = axis.get("title", {}).get("text", "")
        of_axes.set_label_text(_plain(title), fontsize=SMALL)
        limit = getattr(axes, f"set_{which}lim")
        low, high = getattr(axes, f"get_{which}lim")()
        if "range" in axis:
            low, high = axis["range"]
        elif axis.get("rangemode") == "tozero":
            low, high = min(0, low), max(0, high)
        if "domain" in axis:  # below it there is room for pictures
            low -= (high - low) * axis["domain"][0] / (1 - axis["domain"][0])
        if axis.get("autorange") == "reversed" and low < high:
            margin = 0.1 * (high - low) if axis.get("automargin") else 0
            low, high = high + margin, low - margin
        if {"range", "rangemode", "domain", "autorange"} & set(axis):
            limit(low, high)
        if axis.get("showgrid", True):
            axes.grid(True, axis=which, color="#e3e7ec", linewidth=0.6)
            axes.set_axisbelow(True)
        form = axis.get("tickformat")
        if form:
            of_axes.set_major_formatter(lambda value, _: format(value, form) if value >= 0 else "")
        if "tickvals" in axis:
            texts = [_plain(str(text)) for text in axis.get("ticktext", axis["tickvals"])]
            of_axes.set_ticks(axis["tickvals"], texts)
        if axis.get("showticklabels") is False:
            of_axes.set_ticks([])
            axes.spines[:].set_visible(False)
        if "scaleanchor" in axis:
            axes.set_aspect("equal", adjustable="datalim" if "scaleratio" in axis else "box")

    def _behind_and_above(self) -> None:
        from matplotlib.patches import Rectangle

        for shape in self.layout.get("shapes", []):
            line = shape["line"]
            look = {"color": _colour(line["color"]), "linewidth": 0.75 * line["width"], "zorder": 2}
            x, y = (shape["x0"], shape["x1"]), (shape["y0"], shape["y1"])
            if shape["type"] == "rect":
                corner, size = (x[0], y[0]), (x[1] - x[0], y[1] - y[0])
                self.axes.add_patch(Rectangle(corner, *size, fill=False, **look))
                continue
            style = DASHES[line.get("dash", "solid")]
            where = {"transform": self._measure(shape), "scalex": False, "scaley": False}
            self.axes.plot(x, y, linestyle=style, label="_", **look, **where)
        for note in self.layout.get("annotations", []):
            text = self.axes.text(
                *(note["x"], note["y"]),
                _plain(note["text"]),
                transform=self._measure(note),
                ha={"auto": "center"}.get(
                    note.get("xanchor", "center"), note.get("xanchor", "center")
                ),
                va={"middle": "center"}.get(
                    note.get("yanchor", "center"), note.get("yanchor", "center")
                ),
                fontsize=SMALL,
                weight="bold" if "<b>" in note["text"] else "normal",
                bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 1},
                zorder=4,
            )
            text.set_parse_math(False)
        for image in self.layout.get("images", []):
            self._image(image)

    def _measure(self, thing: dict[str, Any]) -> Any:
        """The transform from the units of a shape, a note or an image."""
        from matplotlib.transforms import blended_transform_factory

        of_x, of_y = (
            self.axes.transAxes if thing.get(f"{which}ref") == "paper" else self.axes.transData
            for which in ("x", "y")
        )
        return blended_transform_factory(of_x, of_y)

    def _image(self, image: dict[str, Any]) -> None:
        data = base64.b64decode(image["source"].split(",", 1)[1])
        wide, high = image["sizex"], image["sizey"]
        left = image["x"] - {"center": wide / 2, "right": wide}.get(image.get("xanchor", ""), 0)
        low = image["y"] - {"middle": high / 2, "top": high}.get(image.get("yanchor", "top"), 0)
        # In a frame of its own, for an image would set the ends of the axes.
        frame = self.axes.inset_axes([left, low, wide, high], transform=self._measure(image))
        frame.imshow(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))
        frame.axis("off")
        frame.set_zorder(1)

    def _name(self) -> None:
        title = self.layout.get("title", {}).get("text", "")
        if title:
            self.axes.set_title(_plain(title), fontsize=9, loc="left")
        found = [
            each.get_legend_handles_labels() for each in dict.fromkeys((self.axes, self.right))
        ]
        handles = [handle for some, _ in found for handle in some]
        names = [name for _, some in found for name in some]
        if not names or self.layout.get("showlegend") is False:
            return
        above = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.2}
        place = {"loc": "best", "framealpha": 0.7} if title else above | {"frameon": False}
        columns = 1 if title else max(1, min(len(names), 96 // (6 + max(map(len, names)))))
        legend = self.axes.legend(handles, names, fontsize=7, ncols=columns, **place)
        for text in legend.get_texts():
            text.set_parse_math(False)


def _values(values: Any) -> Any:
    """Numbers, or the names of places along an axis."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), dtype=f"<{values['dtype']}")
    if any(isinstance(value, str) for value in values):
        return [_plain(str(value)) for value in values]
    return np.asarray(values, dtype=float)


def _label(trace: dict[str, Any]) -> str:
    """Its name in the legend; one that begins with "_" is left out."""
    shown = trace.get("showlegend", True) and trace.get("name")
    return f"\u200b{_plain(trace['name'])}" if shown else "_"


def _plain(text: str) -> str:
    """The text without Plotly's marks."""
    return html.unescape(re.sub(r"<br ?/?>", "\n", text).replace("<b>", "").replace("</b>", ""))


def _colour(text: str) -> Any:
    numbers = re.fullmatch(r"rgba?\(([^)]*)\)", text)
    if not numbers:
        return text
    red, green, blue, *alpha = (float(part) for part in numbers[1].split(","))
    return (red / 255, green / 255, blue / 255, *alpha)
