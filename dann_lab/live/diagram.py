"""What the page's diagram of the network shows: one step's losses and norms, as numbers."""

from __future__ import annotations

from dann_core.history import History
from dann_core.plain_numbers import none_for_nan
from dann_lab.figures.judgement import DISTANCES
from dann_lab.live.protocol import DomainSide, Network
from dann_lab.live.settings import Settings

NUMBERS = (
    "label_loss",
    "domain_loss",
    "label_gradient",
    "domain_gradient_before",
    "domain_gradient_after",
)


def network(settings: Settings, history: History | None) -> Network:
    """Of the last step of ``history``, just as it was recorded; without numbers before the first
    step."""
    last = history[-1] if history else None
    numbers = {name: none_for_nan(getattr(last, name)) if last else None for name in NUMBERS}
    return {"side": _side(settings), **numbers}  # type: ignore[typeddict-item]


def _side(settings: Settings) -> DomainSide:
    if settings.mode != "dann":
        return "none"
    return "distance" if settings.method in DISTANCES else "classifier"
