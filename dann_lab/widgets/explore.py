"""Move a knob, see the picture and the sentence follow: one widget for every such demonstration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import traitlets

from dann_core.errors import DannError
from dann_core.plain_numbers import make_plain
from dann_lab.figures.theme import DARK, LIGHT, Figure, Theme
from dann_lab.widgets.base import PlotWidget
from dann_lab.widgets.document import STATIC, style
from dann_lab.widgets.protocol import (
    ChoiceDescription,
    Drawn,
    Explored,
    ExploreQuestion,
    SliderDescription,
)

LESSONS_CSS = style("lessons.css")


@dataclass(frozen=True)
class Slider:
    """A number from ``low`` to ``high`` in steps of ``step``; whole numbers if all four are.

    ``label``: its name for people, if that is not the parameter's.
    """

    low: float
    high: float
    step: float
    start: float
    label: str = ""

    def __post_init__(self) -> None:
        make_plain(self)

    def value(self, sent: Any) -> float:
        numbers = (self.low, self.high, self.step, self.start)
        whole = all(isinstance(number, int) for number in numbers)
        number = float(min(max(sent, self.low), self.high))
        return round(number) if whole else number

    def described(self, name: str) -> SliderDescription:
        return {
            "kind": "slider",
            "name": name,
            "label": self.label or name,
            "low": self.low,
            "high": self.high,
            "step": self.step,
            "start": self.start,
        }


@dataclass(frozen=True)
class Choice:
    """One of ``options``, a dictionary of values and what people read instead."""

    options: Mapping[Any, str]
    start: Any
    label: str = ""

    def value(self, sent: Any) -> Any:
        return list(self.options)[int(sent)]

    def described(self, name: str) -> ChoiceDescription:
        # The page knows options by their place, so that values may be of any type.
        return {
            "kind": "choice",
            "name": name,
            "label": self.label or name,
            "options": [[str(place), text] for place, text in enumerate(self.options.values())],
            "start": str(list(self.options).index(self.start)),
        }


Draw = Callable[..., tuple[Figure, str]]
"""A function ``draw(theme, **values)``: it answers with a plotly figure as plain data, and the
sentence that says what it shows. A figure's ``layout.height``, if it has one, is the picture's
height in pixels."""


class Explore(PlotWidget):
    """A picture with knobs.

        Explore(
            lambda theme, gamma: (curve(gamma, theme), f"With gamma {gamma} ..."),
            {"gamma": Slider(1, 20, 1, 10)},
            "Lambda over a run",
        )

    ``draw``: see :data:`Draw`; a :class:`DannError` that it raises is shown above the picture.
    ``controls``: a :class:`Slider` or :class:`Choice` for each of its values; with none, the
    widget is a still picture. The first picture is drawn at once, in both looks. Afterwards the
    page asks as the knobs move; while an answer is on its way only the latest wish is kept.
    """

    _esm = STATIC / "explore.js"
    _css = PlotWidget._css + LESSONS_CSS

    asks_python = traitlets.Bool(True).tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    controls: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    light = traitlets.Dict().tag(sync=True)
    dark = traitlets.Dict().tag(sync=True)

    def __init__(self, draw: Draw, controls: Mapping[str, Slider | Choice], title: str):
        self._draw, self._knobs = draw, dict(controls)
        start = {name: knob.start for name, knob in controls.items()}
        super().__init__(
            title=title,
            controls=[knob.described(name) for name, knob in controls.items()],
            light=self._drawn(LIGHT, start),
            dark=self._drawn(DARK, start),
        )

    def words(self) -> list[str]:
        return [self.title, self.light["sentence"] or self.light["problem"]]

    def panels(self) -> list[Figure]:
        return [] if self.light["problem"] else [self.light["figure"]]

    def hear(self, message: ExploreQuestion) -> None:
        sent = message["values"]
        values = {name: knob.value(sent[name]) for name, knob in self._knobs.items()}
        drawn = self._drawn(DARK if message["dark"] else LIGHT, values)
        answer: Explored = {"type": "explored", "client": message["client"], **drawn}
        self.send(answer)

    def _drawn(self, theme: Theme, values: dict[str, Any]) -> Drawn:
        try:
            figure, sentence = self._draw(theme, **values)
        except DannError as error:
            return {"figure": {"data": [], "layout": {}}, "sentence": "", "problem": str(error)}
        except Exception as error:  # of a learner's own function; silence would look like waiting
            problem = f"This could not be drawn: {type(error).__name__}: {error}"
            return {"figure": {"data": [], "layout": {}}, "sentence": "", "problem": problem}
        return {"figure": figure, "sentence": sentence, "problem": ""}
