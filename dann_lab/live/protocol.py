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
        "method": dict[str, str],
        "part": dict[str, str],
        "part_does": dict[str, str],
        "preset": dict[str, str],
        "map": dict[str, str],
        "lambda": dict[str, list[float]],
        "clothes": dict[str, str],
        "paths": bool,
        "zip": int,
    },
)
"""The choices of the page, by value; of lambda the least and the most, by method. ``part_does``: a
line on each choice of what learns. ``clothes``: what
the target does to a digit, by pair; a pair for which nobody can draw one has none. ``paths``:
whether a person may name folders of Python's machine; ``zip``: the most bytes of a zip."""

ShownSettings = TypedDict(
    "ShownSettings",
    {
        "pair": str,
        "mode": str,
        "method": str,
        "part": str,
        "preset": str,
        "seed": int,
        "steps": int,
        "lambda": float | None,
        "source": str,
        "target": str,
        "label": str,
        "size": int,
    },
)
"""The settings of a run; ``lambda`` None follows the paper's schedule. The last four say where data
of one's own are, and are "" and 0 for other pairs."""


class Busy(TypedDict):
    """What goes on beside training; ``fraction``: how much of it is done, None if nobody knows."""

    kind: Literal["loading", "downloading", "evaluating", "branching"]
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


DomainSide = Literal["classifier", "distance", "none"]
"""What the domain side of a network is: a domain classifier, a distance of the features, nothing.
"""


class Network(TypedDict):
    """What the diagram of the network shows: losses in nats and norms at the features, as in
    :class:`dann_core.history.StepRecord`; None before the first step, and for what is not there."""

    side: DomainSide
    label_loss: float | None
    domain_loss: float | None
    label_gradient: float | None
    domain_gradient_before: float | None
    domain_gradient_after: float | None


class DiagramStep(TypedDict):
    """One step of a run's diagram, and lambda then."""

    at: int
    applied: float
    network: Network


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
    looking: bool
    speed: float | None
    left: float | None
    map: MapState
    network: Network
    sentence: str
    tree: list[TreeRun]
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


class FoundClass(TypedDict):
    """How many examples of a class each domain has; None where it has no labels."""

    name: str
    source: int | None
    target: int | None


class Found(TypedDict):
    """What was found in data of one's own; another ``version`` for each look.

    ``zip``: the name of the zip, "" for typed paths. ``source`` to ``size``: the settings that
    train on it. ``names``: of the two domains. ``sentence``: all of it in words. ``pictures``: the
    first of each domain in one PNG, base64; none of a table. Where there is a ``problem`` the rest
    is empty.
    """

    version: int
    zip: str
    source: str
    target: str
    label: str
    size: int
    names: list[str]
    sentence: str
    classes: list[FoundClass]
    notes: list[str]
    pictures: list[str]
    problem: str


class DigitsOfRun(TypedDict):
    """The shown test examples, ``source`` of the source and then the target's; ``pixels``: base64
    of uint8 [N, ``height``, ``width``, 3], at most 64 each way, "" and 0 of a table; ``names``: of
    the classes, none for the digits 0 to 9; an unknown label is 255."""

    labels: list[int]
    pixels: str
    run: int
    source: int
    height: int
    width: int
    names: list[str]


class PackedPoints(TypedDict):
    """What a map's points are: ``predictions`` and ``confidence`` (in percent) in base64 of a byte
    each, ``images`` the name of their pictures."""

    version: str
    images: str
    predictions: str
    confidence: str


class TreeRun(TypedDict):
    """A run in the tree of branches: it left the run ``parent`` after step ``fork``; None and 0 for
    one of its own. ``key``: its name in wishes; ``steps``: how many it has done; ``unkept``:
    whether it has gone on since it was kept, if it ever was."""

    number: int
    key: str
    title: str
    parent: int | None
    fork: int
    steps: int
    shown: bool
    unkept: bool


class Act(TypedDict):
    """Something that a person did, in force from ``step`` on, in words."""

    step: int
    text: str


class Reading(TypedDict):
    """What the network of ``run`` says after ``step`` of a drawn digit as drawn, and in the
    target's clothes: its two answers, and how sure it is of each, 0 to 1."""

    run: int
    step: int
    labels: list[int]
    confidence: list[float]


class Drawn(TypedDict):
    """A digit that was drawn; another ``version`` for each drawing and each answer.

    ``pair``: whose clothes it wears; ``sketch``: the name of its pictures, and ``pixels``, unless
    the page has these: base64 of uint8 [2, 28, 28, 3], as drawn and in the target's clothes, ""
    where nothing is drawn; ``readings``: the first is of the run that is shown. Where there is a
    ``problem`` the rest is empty.
    """

    version: str
    sketch: str
    pair: str
    pixels: NotRequired[str]
    readings: list[Reading]
    problem: str


class StateMessage(TypedDict):
    """The answer to a tick and to each wish: how things stand, and what is new."""

    type: Literal["state"]
    client: str
    wish: int
    state: State
    offered: NotRequired[Offered]
    found: NotRequired[Found]
    digits: NotRequired[DigitsOfRun]
    figures: NotRequired[dict[str, Figure]]
    captions: NotRequired[dict[str, str]]
    points: NotRequired[PackedPoints]
    journal: NotRequired[list[Act]]
    drawn: NotRequired[Drawn]


class ImagesMessage(TypedDict):
    """The pictures of a map's points in one image, ``columns`` in a row and each ``width`` x
    ``height`` pixels, and what does not change about the points. Of a table, ``sheet`` is "" and
    the numbers are 0. ``names`` and unknown labels: as in :class:`DigitsOfRun`."""

    type: Literal["images"]
    client: str
    name: str
    labels: str
    domains: str
    names: list[str]
    sheet: str
    columns: int
    width: int
    height: int


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


class ReceivedMessage(TypedDict):
    """The answer to each part of a file: how many bytes of ``key`` are here."""

    type: Literal["received"]
    client: str
    key: str
    received: int
    problem: str


class Envelope(TypedDict):
    """What the page says with every message, so that Python sends what it lacks and no more.

    ``wish``: the last one that it has told; ``run`` and ``map``: those that it shows;
    ``at``: the step that it looks at, None for now; ``offered``: the version of its list;
    ``found``: the version of what it shows as found; ``drawn`` and
    ``sketch``: the versions of what it shows as drawn; ``figures``: whether it wants new pictures.
    """

    wish: int
    run: int | None
    at: int | None
    map: str | None
    offered: str | None
    found: int | None
    drawn: str | None
    sketch: str | None
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
        "branch",
        "more",
        "rerun",
        "show",
        "restore",
        "images",
        "compare",
        "export",
        "look",
        "draw",
        "stop",
        "part",
        "drop",
    ]
    value: NotRequired[float | None]
    changes: NotRequired[dict[str, Any]]
    train: NotRequired[bool]
    method: NotRequired[str]
    steps: NotRequired[int]
    key: NotRequired[str]
    keys: NotRequired[list[str]]
    text: NotRequired[str]
    what: NotRequired[Literal["html", "csv"]]
    source: NotRequired[str]
    target: NotRequired[str]
    label: NotRequired[str]
    size: NotRequired[int]
    name: NotRequired[str]
    first: NotRequired[int]
    data: NotRequired[str]
    ink: NotRequired[str]
    pattern: NotRequired[int]
