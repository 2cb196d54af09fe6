"""What the player is given, a bundle of runs side by side, and what a page is given whose networks
read a drawn digit.

``js/src/player/protocol.js`` and ``js/src/reader/protocol.js`` say the same for the page, name by
name; a test compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NotRequired, TypedDict

from dann_lab.figures.sprites import Sheet
from dann_lab.figures.theme import Figure

MOST_SIDE_BY_SIDE = 3
"""The most runs side by side."""


class PackedArray(TypedDict):
    """An array as text: its little-endian bytes in base64."""

    dtype: str
    shape: list[int]
    data: str


class PackedCurve(TypedDict):
    x: PackedArray
    y: PackedArray


class PackedMaps(TypedDict):
    """See :class:`dann_lab.runs.recordings.Maps`; ``moves``: the positions of the first map, and of
    each other how far its points have moved since the map before."""

    rows: PackedArray
    moves: PackedArray
    scale: float
    captions: list[str]


class Themed(TypedDict):
    """A figure in both looks."""

    light: Figure
    dark: Figure


class Overlay(Themed):
    """One curve of all runs in one picture; ``share``: whether its values are shares, 0 to 1."""

    title: str
    share: bool


class PlainRun(TypedDict):
    """See :class:`dann_lab.runs.recordings.Track`; ``classes``: none for the digits 0 to 9, and an
    unknown label is 255; ``templates``: the look of its maps, without
    positions."""

    title: str
    about: str
    recipe: dict[str, Any]
    data: str
    names: Sequence[str]
    steps: int
    curves: dict[str, PackedCurve]
    moments: PackedArray
    sentences: list[str]
    labels: PackedArray
    domains: PackedArray
    predictions: PackedArray
    confidence: PackedArray
    maps: dict[str, PackedMaps]
    classes: list[str]
    fork: int
    templates: Themed


Part = Literal["readings", "maps", "curves", "differences"]


class Bundle(TypedDict):
    """One to three runs, curves by name, rows of what differs, and pictures by a data's id;
    ``parts``: what is shown below the time line, in this order, by default all but the readings."""

    runs: list[PlainRun]
    curves: dict[str, Overlay]
    differences: list[list[str]]
    pictures: dict[str, Sheet]
    title: NotRequired[str]
    parts: NotRequired[Sequence[Part]]


class NamedShape(TypedDict):
    name: str
    shape: list[int]


class PlainNetwork(TypedDict):
    """A network that reads digits, without its domain classifier; ``shapes`` are in the order in
    which the ``weights`` follow each other, little-endian float16, packed by gzip, in base64.

    ``mean``: what is taken off red, green and blue, 0 to 255; ``instance_norm``: whether each
    picture's channels are normalised first."""

    name: str
    about: str
    network: Literal["tutorial", "deep"]
    instance_norm: bool
    mean: list[float]
    shapes: list[NamedShape]
    weights: str


class Ground(TypedDict):
    """What can be behind a digit; ``pictures``: uint8 [n, 28, 28, 3] in base64."""

    kind: Literal["drawn", "stripes", "photo"]
    pictures: str
