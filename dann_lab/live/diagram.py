"""What the page's diagram of the network shows: one step's losses and norms, as numbers."""

from __future__ import annotations

import math

from dann_core.history import History
from dann_lab.figures.judgement import DISTANCES
from dann_lab.live.protocol import DomainSide, Network
from dann_lab.live.settings import Settings


def network(settings: Settings, history: History | None) -> Network:
    """Of the last step of ``history``, just as it was recorded; without numbers before the first
    step."""
    shown: Network = {
        "side": _side(settings),
        "label_loss": None,
        "domain_loss": None,
        "label_gradient": None,
        "domain_gradient_before": None,
        "domain_gradient_after": None,
    }
    if history is None or not len(history):
        return shown
    last = history[-1]
    return {
        "side": shown["side"],
        "label_loss": _known(last.label_loss),
        "domain_loss": _known(last.domain_loss),
        "label_gradient": _known(last.label_gradient),
        "domain_gradient_before": _known(last.domain_gradient_before),
        "domain_gradient_after": _known(last.domain_gradient_after),
    }


def _side(settings: Settings) -> DomainSide:
    if settings.mode != "dann":
        return "none"
    return "distance" if settings.method in DISTANCES else "classifier"


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
