"""Plots on a page: Plotly's JavaScript travels once per page, whatever the number of plots."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import cache
from typing import Any

import anywidget
import traitlets

from dann_lab.figures.encoding import as_text
from dann_lab.figures.theme import DARK, LIGHT, Figure, Theme
from dann_lab.widgets import ending
from dann_lab.widgets.document import STATIC, plotly_script, style


class PlotWidget(anywidget.AnyWidget):
    """What a widget with plots needs on this side: it answers the page that asks for Plotly."""

    _css = style("dashboard.css")
    asks_python = traitlets.Bool(False).tag(sync=True)
    """Whether the page asks this side more than that, so that without Python its knobs are dead."""

    def __init__(self, **traits: Any):
        super().__init__(**traits)
        self.on_msg(self._hear)
        ending.shown.add(self)

    def _hear(self, _: Any, message: dict[str, Any], buffers: list[bytes]) -> None:
        if message["type"] == "plotly":
            self.send({"type": "plotly", "gzip": _zipped_plotly()})
        elif message["type"] != "seen":  # that one is for the server, which counts it as use
            self.hear(message)

    def hear(self, message: Any) -> None:
        """Answer a message of the widget's own script. A still picture sends none."""

    def works(self) -> bool:
        """Whether it does something beside its page that should not be cut off."""
        return False

    def leave(self) -> str:
        """Keep what can be kept, because Python ends; where, as a sentence, or "" for nothing."""
        return ""


@cache
def _zipped_plotly() -> str:
    return as_text(gzip.compress(plotly_script().encode(), 6))


class Plot(PlotWidget):
    """One still picture, in the page's own look, light or dark.

    ``draw``: a theme in, a figure out, such as ``lambda theme: losses(history, theme)``.
    ``title`` stands above the picture, ``caption`` below says what it shows. A figure's
    ``layout.height``, if it has one, is the picture's height in pixels.
    """

    _esm = STATIC / "plot.js"
    light = traitlets.Dict().tag(sync=True)
    dark = traitlets.Dict().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)

    def __init__(self, draw: Callable[[Theme], Figure], title: str, caption: str):
        super().__init__(light=draw(LIGHT), dark=draw(DARK), title=title, caption=caption)
