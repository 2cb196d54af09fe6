"""Every hyper-parameter of a run in one frozen, checked, serialisable object, and the presets."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

from dann_core import schedules
from dann_core.errors import RecipeError
from dann_core.plain_numbers import (
    LARGEST,
    SEEDS,
    Whole,
    checked_type,
    checked_whole,
    is_number,
    is_whole,
    make_plain,
    short,
)

Mode = Literal["dann", "source", "target"]
ALLOWED: dict[str, tuple[Any, ...]] = {
    "mode": ("dann", "source", "target"),
    "method": ("dann", "cdan", "cdan+e", "coral", "mmd"),
    "initialisation": ("truncated-normal", "pytorch"),
    "optimiser": ("sgd", "adamw"),
    "learning_rate_schedule": ("paper", "warmup-cosine"),
}
NETWORK_NAMES = ("auto", "tutorial", "deep", "residual", "mlp")
"""The built-in networks; "auto" is the one that fits the data (:func:`networks.fitted`)."""
WHOLE: dict[str, tuple[int, int]] = {
    "steps": (1, 2**31 - 1),
    "begins": (0, 2**31 - 2),
    "batch_size": (2, 2**31 - 1),
    "log_every": (1, 2**31 - 1),
    "domain_width": (1, 100_000),
    "seed": (0, SEEDS - 1),
}
"""The least and the most that the whole numbers can be."""
MOST_RATE = 1e9
"""The largest learning rate and weight decay: nothing learns with as much, and their product is
still a number."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A run, but for its data. The defaults are the "seed" preset: the tutorial's recipe.

    NumPy's numbers and truth values are taken, and kept as Python's. Raises :class:`RecipeError`,
    which names the value and its range, for anything out of range.
    """

    preset: str = "seed"
    mode: Mode = "dann"
    """"dann": adapt to the target by :attr:`method`; "source": labels of the source only;
    "target": labels of the target only."""
    method: str = "dann"
    """What is added to the label loss in mode "dann" (:mod:`dann_core.methods`): a domain
    classifier's loss, turned round ("dann"; "cdan" and "cdan+e", which look at the predicted
    classes as well), or a distance between the features ("coral", "mmd")."""
    steps: int = 8600
    batch_size: int = 64
    """Examples a step, even: half source and half target in mode "dann"."""
    seed: int = 0
    """Of the initial weights, the batches and dropout: 0 to 2**31 - 1."""
    log_every: int = 100
    begins: int = 0
    """The step, under :attr:`steps`, from which the schedules count: above 0 where a finished run
    goes on (:func:`~dann_core.branching.go_on`)."""

    network: str = "tutorial"
    """The feature extractor: the "tutorial"'s two 5x5 convolutions, "deep", four of 3x3,
    "residual", for larger pictures, or "mlp", for tables; "auto" takes what fits;
    "module:function" is a network of your own."""
    instance_norm: bool = False
    """Give every image mean 0 and variance 1 in each channel before the first convolution."""
    contrast_inversion: bool = False
    """While training, turn each image into its negative or leave it, at random (both domains). It
    uses what is known of how a target such as MNIST-M is made: dark ink there can be light."""
    batch_norm: bool = False
    """After each convolution, with statistics over source and target together."""
    separate_statistics: bool = False
    """Batch norm takes each domain's statistics by itself while training, as two passes would."""
    dropout: float = 0.0
    """Probability, 0 to under 1, that a channel is dropped before the last ReLU (Dropout2d)."""
    domain_width: int = 100
    """Hidden units of the domain classifier."""
    initialisation: str = "truncated-normal"
    """tf-dann's "truncated-normal" (std 0.1, biases 0.1), or "pytorch" for PyTorch's default."""

    lambda_: float | None = None
    """The strength at the features: a constant >= 0; None follows the paper's schedule."""
    optimiser: str = "sgd"
    momentum: float = 0.9
    """Of SGD."""
    beta1: float = 0.9
    """Of AdamW: how much of its mean gradient is kept at each step."""
    weight_decay: float = 0.0
    """Decoupled, of AdamW."""
    learning_rate: float = 0.01
    """At the start ("paper") or at the peak ("warmup-cosine")."""
    learning_rate_schedule: str = "paper"
    warmup: float = 0.05
    """Of "warmup-cosine": in which share of a run, 0 to 1, the learning rate rises to its peak."""

    def __post_init__(self) -> None:
        def require(name: str, ok: bool, allowed: str) -> None:
            if not ok:
                raise RecipeError(f"{name}={short(getattr(self, name))}: it must be {allowed}.")

        def within(name: str, low: float, high: float) -> bool:
            value = getattr(self, name)
            return is_number(value) and low <= value <= high

        make_plain(self)
        require("preset", isinstance(self.preset, str), "a name")
        for name in ("instance_norm", "contrast_inversion", "batch_norm", "separate_statistics"):
            require(name, isinstance(getattr(self, name), bool), "True or False")
        separate = not self.separate_statistics or (self.batch_norm and self.mode == "dann")
        require("separate_statistics", separate, 'False without batch_norm and mode "dann"')
        for name, allowed in ALLOWED.items():
            value = getattr(self, name)
            known = isinstance(value, str) and value in allowed
            require(name, known, f"one of {', '.join(allowed)}")
        for name, (least, most) in WHOLE.items():
            value = getattr(self, name)
            fits = is_whole(value) and least <= value <= most
            require(name, fits, f"a whole number from {least} to {most}")
        require("begins", self.begins < self.steps, f"under steps={self.steps}")
        names = isinstance(self.network, str) and (
            self.network in NETWORK_NAMES or all(self.network.partition(":"))
        )
        require("network", names, f"one of {', '.join(NETWORK_NAMES)}, or module:function")
        require("batch_size", self.batch_size % 2 == 0, "even: half source, half target")
        if self.lambda_ is not None:
            possible = within("lambda_", 0, LARGEST)
            require("lambda_", possible, f"None or a number from 0 to {LARGEST:.1e}")
        for name in ("dropout", "momentum", "beta1"):
            under_1 = within(name, 0, 1) and getattr(self, name) < 1
            require(name, under_1, "at least 0 and under 1")
        for name in ("weight_decay", "learning_rate"):
            require(name, within(name, 0, MOST_RATE), f"a number from 0 to {MOST_RATE:g}")
        require("learning_rate", self.learning_rate > 0, "above 0")
        require("warmup", within("warmup", 0, 1), "a number from 0 to 1")

    def progress_at(self, step: Whole) -> float:
        """What the schedules are asked for after ``step`` steps, from :attr:`begins` to
        :attr:`steps`: 0 to 1. Raises :class:`RecipeError` for any other number."""
        done = checked_whole(step, "step", self.begins, self.steps)
        return (done - self.begins) / (self.steps - self.begins)

    def learning_rate_at(self, progress: float) -> float:
        """The learning rate at ``progress`` in [0, 1)."""
        if self.learning_rate_schedule == "paper":
            return schedules.paper_learning_rate(progress, self.learning_rate)
        return schedules.warmup_cosine(progress, self.learning_rate, self.warmup)

    def lambda_source(self) -> schedules.LambdaSource:
        """The paper's schedule, or the constant ``lambda_``."""
        return schedules.follow_paper if self.lambda_ is None else schedules.constant(self.lambda_)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, fit for JSON; :meth:`from_dict` reads it back."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Recipe:
        known = {field.name for field in dataclasses.fields(cls)}
        if unknown := sorted(set(data) - known):
            raise RecipeError(
                f"Unknown hyper-parameter {unknown[0]!r}. Known: {', '.join(sorted(known))}."
            )
        return cls(**data)


@dataclass(frozen=True)
class Leg:
    """A stretch of a run that was trained by ``recipe``, up to and with step ``until``."""

    until: int
    recipe: Recipe

    def __post_init__(self) -> None:
        make_plain(self)
        checked_whole(self.until, "until")
        checked_type(self.recipe, Recipe, "recipe")

    def to_dict(self) -> dict[str, Any]:
        """Plain data, fit for JSON and for a checkpoint."""
        return {"until": self.until, "recipe": self.recipe.to_dict()}


PRESETS: dict[str, Recipe] = {
    "seed": Recipe(),
    # The same convolutions and the DANN loss alone, tuned to adapt within minutes on a CPU: what
    # each part is worth is in docs/ablation.md.
    "quick": Recipe(
        preset="quick",
        steps=4000,
        instance_norm=True,
        contrast_inversion=True,
        batch_norm=True,
        dropout=0.5,
        initialisation="pytorch",
        optimiser="adamw",
        beta1=0.5,
        weight_decay=0.01,
        learning_rate=0.004,
        learning_rate_schedule="warmup-cosine",
        warmup=0.3,
    ),
}
# With smaller and more convolutions the same goes further for the same time.
PRESETS["deep"] = dataclasses.replace(PRESETS["quick"], preset="deep", network="deep")
# For data of your own it is not taken for known that ink may be light. Few examples are learnt in
# few steps.
PRESETS["own"] = dataclasses.replace(
    PRESETS["quick"],
    preset="own",
    network="auto",
    steps=1000,
    contrast_inversion=False,
)


def preset(name: str, **changes: Any) -> Recipe:
    """The preset ``name`` ("seed", "quick", "deep", or "own" for data of your own) with some values
    changed."""
    if not isinstance(name, str) or name not in PRESETS:
        raise RecipeError(f"There is no preset {short(name)}. Choose one of: {', '.join(PRESETS)}.")
    return dataclasses.replace(PRESETS[name], **changes)
