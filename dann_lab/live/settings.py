"""What a person can choose on the page, and the string that carries it in a link."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dann_core.datasets import PAIRS
from dann_core.errors import DannError, RecipeError
from dann_core.plain_numbers import is_number, make_plain
from dann_core.recipe import Recipe, preset

LAMBDA_RANGE = (0.0, 2.0)
EMBEDDED_STEPS = {"stripes": 400, "digits": 800}
"""The number of steps on the embedded pairs, which have 1,200 training digits."""


def usual_steps(pair: str, name: str) -> int:
    """How many steps suit the preset ``name`` on a pair, unless somebody asks for more or fewer."""
    if pair not in EMBEDDED_STEPS:
        return preset(name).steps
    # With as few steps as quick takes, the better network's seeds still differ much.
    return EMBEDDED_STEPS[pair] * (2 if name == "deep" else 1)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run as it is asked for on the page, and lambda as it stands.

    ``lambda_``: None follows the paper's schedule; else by hand, 0 to 2. NumPy's numbers are taken,
    and kept as Python's.
    """

    pair: str = "stripes"
    mode: str = "dann"
    preset: str = "quick"
    seed: int = 0
    steps: int = EMBEDDED_STEPS["stripes"]
    lambda_: float | None = None

    def __post_init__(self) -> None:
        make_plain(self)
        if self.pair not in PAIRS:
            raise RecipeError(f"There is no pair {self.pair!r}. Choose one of: {', '.join(PAIRS)}.")
        (low, high), lambda_ = LAMBDA_RANGE, self.lambda_
        if lambda_ is not None and not (is_number(lambda_) and low <= lambda_ <= high):
            raise RecipeError(f"lambda={lambda_!r}: by hand it goes from {low:g} to {high:g}.")
        self.recipe()

    def recipe(self) -> Recipe:
        """The run's hyper-parameters. Raises :class:`RecipeError` for a value out of range."""
        return preset(self.preset, mode=self.mode, steps=self.steps, seed=self.seed)

    def changed(self, **changes: Any) -> Settings:
        """A copy with some values changed. Choosing a pair or a preset without naming ``steps``
        takes the number of steps that suits them. Raises :class:`RecipeError`."""
        if ("pair" in changes or "preset" in changes) and "steps" not in changes:
            name = changes.get("preset", self.preset)
            changes["steps"] = usual_steps(changes.get("pair", self.pair), name)
        return replace(self, **changes)

    def same_run(self, other: Settings) -> bool:
        """Whether only lambda differs, which may change while a run goes on."""
        return replace(self, lambda_=None) == replace(other, lambda_=None)

    def to_string(self) -> str:
        """Such as ``pair=mnist&mode=dann&preset=quick&seed=0&steps=4000&lambda=paper``."""
        lambda_ = "paper" if self.lambda_ is None else f"{self.lambda_:g}"
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "lambda_"}
        return urlencode({**values, "lambda": lambda_})

    @classmethod
    def from_string(cls, text: str) -> Settings:
        """Read :meth:`to_string`'s form, with or without ``#`` or an address in front.

        Values that are not named keep their defaults. Raises :class:`DannError` that names what
        cannot be read.
        """
        settings = text.strip().rsplit("#", 1)[-1].lstrip("?")
        given = dict(parse_qsl(settings, keep_blank_values=True))
        if not any(given.values()):
            raise DannError(
                f"No settings in {text.strip()[:60]!r}. They look like: {cls().to_string()}"
            )
        names = {f.name for f in fields(cls) if f.name != "lambda_"} | {"lambda"}
        if unknown := sorted(set(given) - names):
            raise DannError(f"Unknown setting {unknown[0]!r}. Known: {', '.join(sorted(names))}.")
        values: dict[str, Any] = dict(given)
        for name, convert in (("seed", int), ("steps", int), ("lambda", float)):
            if name not in given or (name == "lambda" and given[name] == "paper"):
                continue
            try:
                values[name] = convert(given[name])
            except ValueError:
                raise DannError(f"{name}={given[name]!r} is not a number.") from None
        lambda_ = values.pop("lambda", None)
        return cls().changed(**values, lambda_=None if lambda_ == "paper" else lambda_)
