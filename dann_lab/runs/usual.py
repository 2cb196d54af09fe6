"""What a run is unless somebody asks for more, on the page, the command line and in sweeps."""

from __future__ import annotations

from dann_core.recipe import preset

EMBEDDED_STEPS = {"stripes": 400, "digits": 800}
"""The number of steps on the embedded pairs, which have 1,200 training digits."""


def usual_steps(pair: str, name: str) -> int:
    """How many steps suit the preset ``name`` on a pair, unless somebody asks for more or fewer."""
    if pair not in EMBEDDED_STEPS:
        return preset(name).steps
    # With as few steps as quick takes, the better network's seeds still differ much.
    return EMBEDDED_STEPS[pair] * (2 if name == "deep" else 1)


def usual_preset(pair: str) -> str:
    """What is trained on a pair unless somebody asks for another preset."""
    return {"mnist": "seed", "own": "own"}.get(pair, "quick")
