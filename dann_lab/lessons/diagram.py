"""The diagram of the network, at any step of a run: needs no Python once it is shown."""

from __future__ import annotations

import numpy as np
import traitlets

from dann_core.errors import DannError
from dann_core.training import Trainer
from dann_lab.figures import diagrams
from dann_lab.figures.theme import Figure
from dann_lab.live.diagram import network, side
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
        self._recipe, self._last = recipe, history[-1]
        super().__init__(
            mode=recipe.mode,
            method=recipe.method,
            greatest=LAMBDA_RANGE[recipe.method][1],
            steps=steps,
        )

    def words(self) -> list[str]:
        last, recipe = self._last, self._recipe
        said = [f"Step {last.step:,}, the last: label loss {last.label_loss:.2f}"]
        adapts = recipe.mode == "dann"
        if adapts:
            kind = "distance" if side(recipe) == "distance" else "domain loss"
            said += [f"{kind} {last.domain_loss:.2f}", f"lambda {last.lambda_:.2f}"]
        norms = f"Norms at the features: label gradient {last.label_gradient:.3g}"
        if adapts:
            norms += (
                f", domain gradient {last.domain_gradient_before:.3g} before and "
                f"{last.domain_gradient_after:.3g} after lambda"
            )
        return ["The network, step by step", f"{', '.join(said)}. {norms}."]

    def panels(self) -> list[Figure]:
        return [diagrams.network(self._last, side(self._recipe))]
