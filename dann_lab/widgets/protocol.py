"""What an explorable picture and its Python tell each other.

``js/src/explore/protocol.js`` says the same for the page, name by name; a test compares the two.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from dann_lab.figures.theme import Figure


class SliderDescription(TypedDict):
    kind: Literal["slider"]
    name: str
    label: str
    low: float
    high: float
    step: float
    start: float


class ChoiceDescription(TypedDict):
    """One of some options, each a place ("0", "1", …) and what people read."""

    kind: Literal["choice"]
    name: str
    label: str
    options: list[list[str]]
    start: str


class ExploreQuestion(TypedDict):
    """What the page asks: the picture at these values, by the controls' names."""

    type: Literal["explore"]
    client: str
    dark: bool
    values: dict[str, Any]


class Drawn(TypedDict):
    """What is shown; ``problem``: "" if there is none."""

    figure: Figure
    sentence: str
    problem: str


class Explored(Drawn):
    """The answer."""

    type: Literal["explored"]
    client: str
