"""The diagram of the network, at any step of a run: needs no Python once it is shown."""

from __future__ import annotations

import numpy as np
import traitlets

from dann_core.errors import DannError
from dann_core.training import Trainer
from dann_lab.live.diagram import network
from dann_lab.live.protocol import DiagramStep
from dann_lab.live.settings import LAMBDA_RANGE
from dann_lab.widgets.base import PlotWidget
from dann_lab.widgets.document import STATIC

FIRST = 20
"""The number of steps at the beginning that are all there."""
STEPS = 120
"""The number of steps that can be looked at, at most."""


class NetworkDiagram(PlotWidget):
    """What went forward and came back in a step of ``trainer``'s run, and a slider for the step.

    The arrow of what reaches the features is as wide as lambda is, of the most that the live page
    offers for the method. Raises :class:`DannError` if the run has no step yet.
    """

    _esm = STATIC / "network.js"

    mode = traitlets.Unicode().tag(sync=True)
    method = traitlets.Unicode().tag(sync=True)
    greatest = traitlets.Float().tag(sync=True)
    steps: traitlets.List[DiagramStep] = traitlets.List().tag(sync=True)

    def __init__(self, trainer: Trainer):
        recipe, history = trainer.recipe, trainer.history
        if not len(history):
            raise DannError("There is no step to draw yet. Train first.")
        later = np.linspace(min(FIRST, len(history)), len(history), STEPS - FIRST + 1)
        chosen = sorted(
            {*range(1, min(FIRST, len(history)) + 1), *later.round().astype(int).tolist()}
        )
        steps: list[DiagramStep] = [
            {
                "at": step,
                "applied": history[step - 1].lambda_,
                "network": network(recipe, history[step - 1]),
            }
            for step in chosen
        ]
        super().__init__(
            mode=recipe.mode,
            method=recipe.method,
            greatest=LAMBDA_RANGE[recipe.method][1],
            steps=steps,
        )
