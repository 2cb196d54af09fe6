"""What a saved notebook has of a widget, for pages on which no Python answers and for those that
draw no widgets: a sentence, a picture, and a script that draws the widget from its saved state.

Which of them a page shows is the page's choice. GitHub takes the picture; `nbconvert` takes the
script where the notebook has the widgets' states (`--execute` keeps them), and the script shows the
picture where it has not.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal, Protocol

import ipywidgets
import traitlets
from IPython.core.getipython import get_ipython

from dann_lab.figures.encoding import as_text
from dann_lab.figures.stills import Still, drawn
from dann_lab.figures.theme import Figure
from dann_lab.widgets.document import STATIC, zipped_plotly

VIEW = "application/vnd.jupyter.widget-view+json"
NEEDS_PYTHON = "This is a picture: moving it needs Python, so open the notebook and run it."
MODEL = "dann_widget"
"""In an output's metadata, the id of the model whose state draws it."""

Reader = Literal["page", "voila", "colab", "nobody"]


def reader() -> Reader:
    """Who will see what a cell shows now: a page with this Python behind it, Voila's, Colab's, or
    nobody before it is saved (`nbconvert --execute`, papermill, the site)."""
    if "google.colab" in sys.modules:
        return "colab"
    if "VOILA_PREHEAT" in os.environ:  # which Voila sets for all its kernels
        return "voila"
    request: dict[str, Any] = getattr(get_ipython(), "get_parent", dict)()
    # Nobody to ask is how programs run notebooks; pages always let a cell ask.
    asks = request.get("content", {}).get("allow_stdin", True)
    return "page" if asks else "nobody"


class Shared(ipywidgets.Widget):
    """What a page without Python needs once, whatever the number of widgets, as a state that is
    saved beside theirs."""

    dann_alone = traitlets.Unicode().tag(sync=True)
    dann_plotly = traitlets.Unicode().tag(sync=True)


@cache
def share() -> Shared:
    """Once for each Python."""
    script = (STATIC / "alone.js").read_text(encoding="utf-8")
    return Shared(dann_alone=script, dann_plotly=zipped_plotly())


class Shown(Protocol):
    """What a saved notebook asks of a widget, see :class:`dann_lab.widgets.base.Widget`."""

    asks_python: bool
    draws_alone: bool

    def words(self) -> list[str]:
        """Its title, then what it shows, as whole sentences."""

    def panels(self) -> list[Figure]:
        """The pictures that it shows now; none where it shows words alone."""


def bundle(view: dict[str, Any], widget: Shown) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an output holds, by kind, and its metadata. ``view``: what a page with Python draws."""
    who, model = reader(), view["model_id"]
    words = widget.words()
    data: dict[str, Any] = {"text/plain": "\n".join(words)}
    if who != "nobody":
        data[VIEW] = view
    if who == "voila":  # its pages are never saved
        return data, {}
    panels = widget.panels()
    title, *sentences = [*words, NEEDS_PYTHON] if widget.asks_python and panels else words
    still = _still(panels, title, "\n".join(sentences))
    if still:
        data["image/png"] = as_text(still.whole)
    if who != "colab":  # which may like a script better than a widget
        draws = model if widget.draws_alone else ""
        data["application/javascript"] = _script(
            {
                "model": draws,
                "picture": as_text(still.picture) if still else "",
                "words": [title, *sentences],
            }
        )
    return data, {MODEL: model}


def _still(panels: Sequence[Figure], title: str, caption: str) -> Still | None:
    try:
        return drawn(panels, title, caption) if panels else None
    except Exception:  # Plotly draws more than we do, and the figures of learners are theirs
        return None


def _script(saved: dict[str, Any]) -> str:
    # Nothing in the words can end the element that a page puts the script in.
    text = json.dumps(saved).replace("<", "\\u003c")
    return f"(() => {{\nconst saved = {text};\n{_saved()}}})();\n"


@cache
def _saved() -> str:
    return (STATIC / "saved.js").read_text(encoding="utf-8")
