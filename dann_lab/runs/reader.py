"""Draw a digit, and networks read it, as drawn, behind stripes or over a photo; no Python moves it.

Everything travels with the widget, the networks and what is put behind the digit, so that it also
works on a static page and in a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import traitlets

from dann_core.datasets.blending import SIDE, Images, blend
from dann_core.datasets.stripes import behind_stripes
from dann_lab.figures.encoding import as_text
from dann_lab.runs.halves import recorded_networks
from dann_lab.runs.protocol import Ground, PlainNetwork
from dann_lab.widgets.base import PlotWidget
from dann_lab.widgets.document import STATIC, style

TITLE = "Draw a digit"
CAPTION = (
    "Both networks learnt from MNIST's digits and their labels, by the same recipe. DANN also saw "
    "MNIST-M, digits over photos, without labels. Neither has ever seen stripes."
)
READER_CSS = style("reader.css")
STRIPES, PHOTOS = range(8), (0, 24, 14, 3, 9, 20, 13, 6)
"""The seeds of the stripes and of the pieces of photos that a page can put behind a digit. Half of
the pieces that any seeds give are bare sky or a blur; these have something in them."""


class Reader(PlotWidget):
    """A sheet to draw a digit on, and what each of ``networks`` reads in it, with the probabilities
    of all ten digits (:func:`dann_lab.runs.halves.plain` makes a network plain).

    ``caption``: what the networks have learnt from.
    """

    _esm = STATIC / "reader.js"
    _css = PlotWidget._css + READER_CSS
    title = traitlets.Unicode().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)
    networks: traitlets.List[PlainNetwork] = traitlets.List().tag(sync=True)
    grounds: traitlets.List[Ground] = traitlets.List().tag(sync=True)

    def __init__(self, networks: Sequence[PlainNetwork], caption: str = ""):
        super().__init__(**reading(networks, caption))

    def words(self) -> list[str]:
        return [self.title, self.caption]


def recorded_reader() -> Reader:
    """The two networks that ship with the project, source only and DANN: nothing has to be
    trained."""
    return Reader(recorded_networks(), CAPTION)


def reading(networks: Sequence[PlainNetwork], caption: str = "") -> dict[str, Any]:
    """All that ``reader.js`` shows, as JSON takes it."""
    return {"title": TITLE, "caption": caption, "networks": list(networks), "grounds": grounds()}


@cache
def grounds() -> list[Ground]:
    """What can be behind a digit: what :mod:`dann_core.datasets` puts there, of a sheet without
    ink. The photos are scikit-learn's two: none of those that MNIST-M is made of."""
    from sklearn.datasets import load_sample_images

    nothing, photos = np.zeros((1, SIDE, SIDE, 3), np.uint8), load_sample_images().images
    return [
        _ground("drawn", [nothing]),
        _ground("stripes", [behind_stripes(nothing, seed) for seed in STRIPES]),
        _ground("photo", [blend(nothing, photos, seed) for seed in PHOTOS]),
    ]


def _ground(kind: Any, pictures: list[Images]) -> Ground:
    return {"kind": kind, "pictures": as_text(np.concatenate(pictures).tobytes())}
