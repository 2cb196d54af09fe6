"""The widget with knobs: what it shows at first, and what it answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dann_core.errors import DataError
from dann_lab.figures.theme import DARK, Figure, Theme
from dann_lab.widgets.explore import Choice, Explore, Slider

KNOBS = {
    "gamma": Slider(1, 20, 1, 10),
    "share": Slider(0, 1, 0.25, 0.5, label="share of it"),
    "kind": Choice({None: "nothing", 2: "two", "three": "three!"}, 2),
}


def draw(theme: Theme, gamma: int, share: float, kind: Any) -> tuple[Figure, str]:
    if gamma == 13:
        raise DataError("gamma=13 brings bad luck. Choose another.")
    if gamma == 14:
        raise KeyError("oh")
    return (
        {"data": [{"x": [gamma], "y": [share]}], "layout": {"font": {"color": theme.text}}},
        f"{gamma!r} {share!r} {kind!r}",
    )


def ask(widget: Explore, dark: bool = False, **values: Any) -> dict[str, Any]:
    """Speak as explore.js does."""
    heard: list[dict[str, Any]] = []
    widget.send = lambda answer, buffers=None: heard.append(answer)
    sent = {"gamma": 10, "share": 0.5, "kind": "1", **values}
    message = {"type": "explore", "client": "me", "dark": dark, "values": sent}
    widget._handle_custom_msg(message, [])
    [answer] = heard
    json.dumps(answer, allow_nan=False)  # as it travels
    assert (answer["type"], answer["client"]) == ("explored", "me")
    return answer


def test_the_first_picture_is_there_in_both_looks() -> None:
    widget = Explore(draw, KNOBS, "A title")
    assert widget.light["sentence"] == widget.dark["sentence"] == "10 0.5 2"
    assert widget.light["figure"]["layout"] != widget.dark["figure"]["layout"]
    json.dumps(widget.get_state(["controls", "light", "dark", "title"]), allow_nan=False)
    assert [control["label"] for control in widget.controls] == ["gamma", "share of it", "kind"]
    assert widget.controls[2]["options"] == [["0", "nothing"], ["1", "two"], ["2", "three!"]]


def test_the_picture_follows_the_knobs_with_values_of_their_own_type() -> None:
    widget = Explore(draw, KNOBS, "A title")
    assert ask(widget, gamma=3, share=1, kind="0")["sentence"] == "3 1.0 None"
    answer = ask(widget, dark=True, kind="2")
    assert answer["sentence"] == "10 0.5 'three'"
    assert answer["figure"]["layout"]["font"]["color"] == DARK.text


def test_a_slider_is_held_to_its_range() -> None:
    widget = Explore(draw, KNOBS, "A title")
    assert ask(widget, gamma=99, share=-3)["sentence"] == "20 0.0 2"


@pytest.mark.parametrize(
    ("gamma", "says"), [(13, "gamma=13 brings bad luck. Choose another."), (14, "KeyError: 'oh'")]
)
def test_what_cannot_be_drawn_is_said(gamma: int, says: str) -> None:
    widget = Explore(draw, KNOBS, "A title")
    assert says in ask(widget, gamma=gamma)["problem"]
    assert ask(widget)["problem"] == ""


def test_without_knobs_it_is_a_still_picture() -> None:
    widget = Explore(lambda theme: ({"data": [], "layout": {}}, "Still."), {}, "Still")
    assert widget.controls == []
    assert widget.light["sentence"] == "Still."


def test_the_plotly_request_of_another_part_is_not_taken_for_a_question() -> None:
    heard: list[dict[str, Any]] = []
    widget = Explore(draw, KNOBS, "A title")
    widget.send = lambda answer, buffers=None: heard.append(answer)
    widget._handle_custom_msg({"type": "plotly"}, [])
    assert [answer["type"] for answer in heard] == ["plotly"]
