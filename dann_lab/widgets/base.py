"""What all widgets have in common, and those with plots: Plotly's JavaScript travels once per page,
whatever the number of plots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from dann_lab.figures.theme import DARK, LIGHT, Figure, Theme
from dann_lab.widgets import ending, saved
from dann_lab.widgets.document import STATIC, style, zipped_plotly


class Widget(anywidget.AnyWidget):
    """A widget that says, and shows, what it is where no Python answers: in a saved notebook, in
    one that was exported, on the site. Its ``repr`` is its caption."""

    asks_python = traitlets.Bool(False).tag(sync=True)
    """Whether the page asks this side for more than Plotly, so that without Python its knobs are
    dead."""
    answers = traitlets.Dict().tag(sync=True)
    """What this side would answer first, by the page's look, "light" and "dark": without it, a page
    that asks for all that it shows is empty. Filled in where nobody will answer."""

    draws_alone = True
    """Whether its script shows something without Python."""

    def words(self) -> list[str]:
        """Its title, then what it shows, as whole sentences."""
        return []

    def panels(self) -> list[Figure]:
        """The pictures that it shows now; none where it shows words alone."""
        return []

    def first_answers(self) -> dict[str, Any]:
        """For ``answers``."""
        return {}

    def __repr__(self) -> str:
        return "\n".join(self.words())

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        if saved.reader() == "nobody":
            saved.share()
            self.answers = self.first_answers()
        made: Any = super()._repr_mimebundle_(**options)
        data, metadata = made if isinstance(made, tuple) else (made, {})  # as anywidget's version
        kept, ours = saved.bundle(data[saved.VIEW], self)
        return kept, metadata | ours


class PlotWidget(Widget):
    """What a widget with plots needs on this side: it answers the page that asks for Plotly."""

    _css = style("dashboard.css")

    def __init__(self, **traits: Any):
        super().__init__(**traits)
        self.on_msg(self._hear)
        ending.shown.add(self)

    def _hear(self, _: Any, message: dict[str, Any], buffers: list[bytes]) -> None:
        if message["type"] == "plotly":
            self.send({"type": "plotly", "gzip": zipped_plotly()})
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

    def words(self) -> list[str]:
        return [self.title, self.caption]

    def panels(self) -> list[Figure]:
        return [self.light]
