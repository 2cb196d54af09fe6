"""What the live page and its Python tell each other, message by message.

``js/src/dashboard/protocol.js`` says the same for the page, name by name; a test compares the two.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from dann_lab.figures.theme import Figure
from dann_lab.runs.protocol import Bundle

Choices = TypedDict(
    "Choices",
    {
        "pair": dict[str, str],
        "good_for": dict[str, str],
        "mode": dict[str, str],
        "preset": dict[str, str],
        "map": dict[str, str],
        "lambda": list[float],
    },
)
"""The choices of the page, by value; of lambda the least and the most."""

ShownSettings = TypedDict(
    "ShownSettings",
    {
        "pair": str,
        "mode": str,
        "preset": str,
        "seed": int,
        "steps": int,
        "lambda": float | None,
    },
)
"""The settings of a run; ``lambda`` None follows the paper's schedule."""


class Busy(TypedDict):
    """What goes on beside training; ``fraction``: how much of it is done, None if nobody knows."""

    kind: Literal["loading", "downloading", "evaluating"]
    text: str
    fraction: float | None


RunState = Literal["loading", "ready", "training", "paused", "finished", "failed"]
"""The states of a run on the page."""


class MapState(TypedDict):
    """``method``: "" for no map; ``note``: "" for none; ``drawn``: the version of the map that is
    to be seen."""

    method: str
    note: str
    drawn: str | None


class State(TypedDict):
    """How things stand. The last five are there once there is a run, and something of it to say."""

    settings: ShownSettings
    text: str
    state: RunState
    begins: bool
    busy: Busy | None
    problem: str
    notice: str
    undo: bool
    mnist: bool
    step: int
    device: str
    speed: float | None
    left: float | None
    map: MapState
    sentence: str
    at: NotRequired[int]
    applied: NotRequired[float]
    predictions: NotRequired[list[int]]
    confidence: NotRequired[list[float]]
    digits: NotRequired[str]


Kind = Literal["own", "kept", "recorded"]


class OfferedRun(TypedDict):
    """A run that can be compared. ``key`` names it, ``title`` is for people, ``adapts`` tells
    whether it is known to have a lambda that can be replayed."""

    kind: Kind
    group: str
    key: str
    title: str
    adapts: bool


class Offered(TypedDict):
    """The runs that can be compared; another ``version`` for each list."""

    version: str
    runs: list[OfferedRun]


class DigitsOfRun(TypedDict):
    """The shown test digits, the source's first; ``pixels``: base64 of uint8 [24, 28, 28, 3]."""

    labels: list[int]
    pixels: str
    run: int


class PackedPoints(TypedDict):
    """What a map's points are: ``predictions`` and ``confidence`` (in percent) in base64 of a byte
    each, ``images`` the name of their pictures."""

    version: str
    images: str
    predictions: str
    confidence: str


class StateMessage(TypedDict):
    """The answer to a tick and to each wish: how things stand, and what is new."""

    type: Literal["state"]
    client: str
    wish: int
    state: State
    offered: NotRequired[Offered]
    digits: NotRequired[DigitsOfRun]
    figures: NotRequired[dict[str, Figure]]
    captions: NotRequired[dict[str, str]]
    points: NotRequired[PackedPoints]


class ImagesMessage(TypedDict):
    """The pictures of a map's points in one image, ``columns`` in a row, and what does not change
    about the points."""

    type: Literal["images"]
    client: str
    name: str
    labels: str
    domains: str
    sheet: str
    columns: int


class CompareMessage(TypedDict):
    """The runs that were asked for, side by side; an empty bundle where there is a problem."""

    type: Literal["compare"]
    client: str
    keys: list[str]
    bundle: Bundle | dict[str, Any]
    problem: str


class FileMessage(TypedDict):
    """A file for the reader; ``gzip``: its text, packed, in base64."""

    type: Literal["file"]
    client: str
    name: str
    gzip: str


class Envelope(TypedDict):
    """What the page says with every message, so that Python sends what it lacks and no more.

    ``wish``: the last one that it has told; ``run`` and ``map``: those that
    it shows; ``at``: the step that it looks at, None for now; ``offered``: the version of its list;
    ``figures``: whether it wants new pictures.
    """

    wish: int
    run: int | None
    at: int | None
    map: str | None
    offered: str | None
    dark: bool
    figures: bool


class Message(Envelope):
    """A message of the page ``client``: its ``type`` says which of the others it has."""

    client: str
    type: Literal[
        "tick",
        "train",
        "pause",
        "step",
        "reset",
        "seed",
        "undo",
        "fetch",
        "cancel",
        "keep",
        "lambda",
        "choose",
        "map",
        "replay",
        "restore",
        "images",
        "compare",
        "export",
    ]
    value: NotRequired[float | None]
    changes: NotRequired[dict[str, Any]]
    method: NotRequired[str]
    key: NotRequired[str]
    keys: NotRequired[list[str]]
    text: NotRequired[str]
    what: NotRequired[Literal["html", "csv"]]
