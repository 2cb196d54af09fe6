"""What the playground, the blend and the quiz share with their pages.

``protocol.js`` in ``js/src/playground``, ``blending`` and ``quiz`` says the same for the page, name
by name; a test compares them.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from dann_core.moons import Form
from dann_core.training import Part
from dann_lab.figures.theme import Figure


class ShownAmount(TypedDict):
    """The slider of a shift; ``label``, ``unit``: before and behind its number."""

    low: float
    high: float
    step: float
    label: str
    unit: str


class ShownShift(TypedDict):
    """A way in which the target differs; ``about``: which kind, in a sentence, "" if not told.
    ``amount``: None where there is nothing to slide."""

    text: str
    about: str
    amount: ShownAmount | None


PlaygroundChoices = TypedDict(
    "PlaygroundChoices",
    {
        "shifts": dict[str, ShownShift],
        "plots": list[str],
        "method": dict[str, str],
        "part": dict[str, str],
        "form": dict[str, str],
        "lambda": dict[str, list[float]],
        "tables": dict[str, dict[Form, list[tuple[str, str, str]]]],
        "plane": float,
    },
)
"""The choices of the playground: shifts by name, the plots below in order, names by value, the
ends of lambda by method and of the plane, and a table by method and form."""


class ShownKnobs(TypedDict):
    """What a person can set; ``lambda_``: None follows the paper's schedule."""

    shift: str
    amount: float
    seed: int
    method: str
    lambda_: float | None
    part: Part
    form: Form


class PlaygroundEnvelope(TypedDict):
    """What every question says; ``figures``: whether the answer is to bring the curves."""

    wish: int
    dark: bool
    figures: bool


class PlaygroundQuestion(PlaygroundEnvelope):
    """What the page asks for: ``type`` says which of the others there are. ``pen``: what draws
    ``at`` a place, None to take all away; ``begins``: whether undo goes back to before it."""

    type: Literal["look", "slow", "reset", "seed", "undo", "step", "set", "draw"]
    client: str
    steps: NotRequired[int]
    knobs: NotRequired[dict[str, Any]]
    pen: NotRequired[str]
    at: NotRequired[list[float] | None]
    begins: NotRequired[bool]


PackedFrame = TypedDict(
    "PackedFrame",
    {
        "type": Literal["frame"],
        "client": str,
        "wish": int,
        "knobs": ShownKnobs,
        "has_classifier": bool,
        "step": int,
        "steps": int,
        "lambda": float,
        "losses": list[float | None] | None,
        "target": float,
        "undo": bool,
        "problem": str,
        "sentence": str,
        "sources": int,
        "labels": list[int],
        "inputs": str,
        "features": str,
        "pushes": dict[str, str],
        "reach": list[float],
        "grids": dict[str, list[str]],
        "figures": NotRequired[dict[str, Figure]],
        "captions": NotRequired[dict[str, str]],
    },
)
"""The playground's answer: float32 points in base64, and uint8 cells in base64, those of a domain
boundary "" where there is no domain classifier."""


class BesideChoices(TypedDict):
    """The choices of methods beside each other: names by value, shifts by name."""

    shifts: dict[str, ShownShift]
    methods: dict[str, str]
    planes: dict[str, str]


class ShownBeside(TypedDict):
    """What a person can set there."""

    shift: str
    amount: float
    seed: int
    methods: list[str]
    plane: Literal["inputs", "features"]


class BesideEnvelope(TypedDict):
    """What every question says there."""

    wish: int
    dark: bool


class BesideQuestion(BesideEnvelope):
    """What that page asks for."""

    type: Literal["look", "reset", "seed", "step", "set"]
    client: str
    steps: NotRequired[int]
    knobs: NotRequired[dict[str, Any]]


class PackedRun(TypedDict):
    """One method's picture; ``stopped``: why it cannot go on, "" if it can."""

    points: str
    grids: list[str]
    reach: list[float]
    source: float
    target: float
    stopped: str


class BesideFrame(TypedDict):
    """The answer."""

    type: Literal["beside"]
    client: str
    wish: int
    knobs: ShownBeside
    step: int
    steps: int
    sources: int
    labels: list[int]
    runs: list[PackedRun]
    sentence: str


class QuizAnswer(TypedDict):
    """An answer to choose from, and why it is right or wrong; texts may have `code` in them."""

    text: str
    feedback: str
    right: bool


class QuizQuestion(TypedDict):
    """A question of a quiz, which sends no messages: all of it is a trait."""

    text: str
    answers: list[QuizAnswer]


class ShownPrediction(TypedDict):
    """What the box for a prediction asks and answers; it sends no messages. ``choices``: to choose
    from, or to put in order. ``unit``, ``low``, ``high``: of a number. ``was``, ``why``: what is
    said once something was predicted."""

    kind: Literal["number", "choice", "order"]
    label: str
    choices: list[str]
    unit: str
    low: float
    high: float
    was: str
    why: str


class Photo(TypedDict):
    """A photograph; ``url`` holds it, for the overview."""

    name: str
    height: int
    width: int
    url: str


class Wanted(TypedDict):
    """What is blended: a photograph, the window's top left corner in it, and a digit."""

    photo: int
    row: int
    column: int
    digit: int
    signed: bool


class BlendQuestion(Wanted):
    """What the page asks."""

    type: Literal["blend"]
    client: str


class Blended(TypedDict):
    """What is shown: uint8 [28, 28, 3] each, in base64."""

    at: list[int]
    sentence: str
    ink: str
    patch: str
    image: str


class BlendAnswer(Blended):
    """The answer."""

    type: Literal["blended"]
    client: str
