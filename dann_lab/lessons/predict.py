"""The box below "Predict first": what one says stays, and what it was appears with it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import traitlets

from dann_core.errors import DannError
from dann_lab import progress
from dann_lab.lessons.predictions import Prediction, predictions
from dann_lab.lessons.protocol import ShownPrediction
from dann_lab.widgets.base import Widget
from dann_lab.widgets.document import STATIC, style


class PredictionError(DannError):
    """A prediction that nobody asks for."""


class Predict(Widget):
    """One box. Python notes what is said, on this machine."""

    _esm = STATIC / "predict.js"
    _css = style("dashboard.css") + style("predict.css")

    name = traitlets.Unicode()
    shown: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    said = traitlets.Any(allow_none=True).tag(sync=True)
    """A number, which of the choices, or which of them in order; None before anything is said."""

    def words(self) -> list[str]:
        choices = "".join(f" {at}. {text}." for at, text in enumerate(self.shown["choices"], 1))
        return ["A box for a prediction", f"{self.shown['label']}{choices}"]

    @traitlets.observe("said")
    def _note(self, change: dict[str, Any]) -> None:
        if self.said is not None:
            progress.note_prediction(self.name, self.said)


def guess(name: str) -> Predict:
    """The box of one prediction, such as ``"source-only"``, with what was said in it before.

    Raises :class:`PredictionError` for an unknown name.
    """
    if name not in predictions():
        raise PredictionError(f"Nobody asks {name!r:.50}. There is: {', '.join(predictions())}.")
    said = None
    with suppress(DannError):  # a damaged file: as if nothing had been said
        said = progress.done()["predictions"].get(name)
    one = predictions()[name]
    return Predict(name=name, shown=_shown(one), said=said if _fits(one, said) else None)


def _shown(one: Prediction) -> ShownPrediction:
    return {
        "kind": "order" if one.ordered else "choice" if one.choices else "number",
        "label": one.label,
        "choices": list(one.choices),
        "unit": one.unit,
        "low": one.ends[0],
        "high": one.ends[1],
        "was": one.was,
        "why": one.why,
    }


def _fits(one: Prediction, said: progress.Said | None) -> bool:
    """Whether it is an answer to this question, which another version may have asked otherwise."""
    places = range(len(one.choices))
    if one.ordered:
        return isinstance(said, list) and sorted(said) == list(places)
    if one.choices:
        return said in places
    return isinstance(said, int | float)
