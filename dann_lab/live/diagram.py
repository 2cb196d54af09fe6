"""What the page's diagram of the network shows: one step's losses and norms, as numbers."""

from __future__ import annotations

from dann_core.history import StepRecord
from dann_core.plain_numbers import none_for_nan
from dann_core.recipe import Recipe
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


def network(chosen: Settings | Recipe, record: StepRecord | None) -> Network:
    """Of one step, just as it was recorded; without numbers before the first."""
    numbers = {name: none_for_nan(getattr(record, name)) if record else None for name in NUMBERS}
    return {"side": side(chosen), **numbers}  # type: ignore[typeddict-item]


def side(chosen: Settings | Recipe) -> DomainSide:
    """What the domain side of a network is by these."""
    if chosen.mode != "dann":
        return "none"
    return "distance" if chosen.method in DISTANCES else "classifier"
