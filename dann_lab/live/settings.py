"""What a person can choose on the page, and the string that carries it in a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dann_core.branching import PARTS
from dann_core.datasets import pair_names
from dann_core.errors import DannError, RecipeError
from dann_core.plain_numbers import is_number, make_plain
from dann_core.recipe import Recipe, preset
from dann_lab.figures.judgement import DISTANCES
from dann_lab.runs.usual import EMBEDDED_STEPS, usual_steps

OWN = "own"
"""The name of the pair of a person's own data, and of the preset for it."""
PLACE = ("source", "target", "label", "size")
"""The settings that say where data of one's own are, and how they are read."""
Ranges = Mapping[str, tuple[float, float]]
LAMBDA_RANGE = {
    "dann": (0.0, 2.0),
    "cdan": (0.0, 2.0),
    "cdan+e": (0.0, 2.0),
    "coral": (0.0, 60.0),
    "mmd": (0.0, 20.0),
}
"""The least and the most that lambda can be by hand, by method. In the middle is what suits it: a
distance is a small number, with a small gradient."""


def usual_lambda(method: str, ranges: Ranges = LAMBDA_RANGE) -> float | None:
    """What suits a method: None, the paper's schedule, which ends at 1, and for a distance the
    middle of its range, by hand."""
    return sum(ranges[method]) / 2 if method in DISTANCES else None


@dataclass(frozen=True)
class Place:
    """Where data of one's own are: two folders or two files, see
    :func:`dann_core.datasets.own.from_paths`. ``label``: "" takes the usual names; ``size``: 0
    takes the usual one."""

    source: str
    target: str
    label: str = ""
    size: int = 0

    def __post_init__(self) -> None:
        make_plain(self)
        for name in ("source", "target"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value.strip():
                raise RecipeError(
                    f"Data of your own need a {name}: give a folder of pictures or a file, for the "
                    "source and for the target."
                )
        if not isinstance(self.label, str):
            raise RecipeError(f"label={self.label!r}: it must be the name of a column, or empty.")
        if isinstance(self.size, bool) or not isinstance(self.size, int) or self.size < 0:
            raise RecipeError(f"size={self.size!r}: it must be a whole number of pixels, or 0.")

    @property
    def options(self) -> dict[str, Any]:
        """``label`` and ``size`` as what reads the data takes them."""
        return {"label": self.label or None, "size": self.size or None}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One run as it is asked for on the page, and lambda as it stands.

    ``method`` counts in mode "dann". ``part``: what learns, see
    :class:`~dann_core.training.Trainer`; "both" where there is no domain classifier. ``lambda_``:
    None follows the paper's schedule; else by hand, in the method's :data:`LAMBDA_RANGE`.
    ``source``, ``target``, ``label`` and ``size`` are those of a :class:`Place`, for the pair "own"
    alone; with another pair they are dropped. NumPy's numbers are taken, and kept as Python's.
    """

    pair: str = "stripes"
    mode: str = "dann"
    method: str = "dann"
    part: str = "both"
    preset: str = "quick"
    seed: int = 0
    steps: int = EMBEDDED_STEPS["stripes"]
    lambda_: float | None = None
    source: str = ""
    target: str = ""
    label: str = ""
    size: int = 0

    def __post_init__(self) -> None:
        make_plain(self)
        known = [*pair_names(), OWN]
        if self.pair not in known:
            raise RecipeError(f"There is no pair {self.pair!r}. Choose one of: {', '.join(known)}.")
        if self.place is None:
            for name in PLACE:
                object.__setattr__(self, name, type(self).__dataclass_fields__[name].default)
        if self.part not in PARTS:
            raise RecipeError(f"part={self.part!r}: it must be one of {', '.join(PARTS)}.")
        self.recipe()
        if not self.has_classifier:
            object.__setattr__(self, "part", "both")
        (low, high), lambda_ = LAMBDA_RANGE[self.method], self.lambda_
        if lambda_ is not None and not (is_number(lambda_) and low <= lambda_ <= high):
            raise RecipeError(f"lambda={lambda_!r}: by hand it goes from {low:g} to {high:g}.")

    @property
    def place(self) -> Place | None:
        """Where the data of one's own are; None for another pair. Raises :class:`RecipeError` if
        they are nowhere."""
        if self.pair != OWN:
            return None
        return Place(*(getattr(self, name) for name in PLACE))

    @property
    def has_classifier(self) -> bool:
        """Whether a domain classifier is trained."""
        return self.mode == "dann" and self.method not in DISTANCES

    def recipe(self) -> Recipe:
        """The run's hyper-parameters. Raises :class:`RecipeError` for a value out of range."""
        chosen = {"mode": self.mode, "method": self.method, "steps": self.steps, "seed": self.seed}
        return preset(self.preset, **chosen)

    def changed(self, **changes: Any) -> Settings:
        """A copy with some values changed. Choosing data of one's own without naming a preset takes
        the one for them, and going back to another pair leaves it. Choosing a pair or a preset
        without naming ``steps`` takes the number of steps that suits them, and another method
        without naming ``lambda_`` its :func:`usual_lambda`. Raises :class:`RecipeError`."""
        to_own = changes.get("pair", self.pair) == OWN
        if to_own != (self.pair == OWN) and "preset" not in changes:
            if to_own:
                changes["preset"] = OWN
            elif self.preset == OWN:
                changes["preset"] = Settings.preset
        if ("pair" in changes or "preset" in changes) and "steps" not in changes:
            name = changes.get("preset", self.preset)
            changes["steps"] = usual_steps(changes.get("pair", self.pair), name)
        another = changes.get("method", self.method) != self.method
        if another and "lambda_" not in changes and changes["method"] in list(LAMBDA_RANGE):
            changes["lambda_"] = usual_lambda(changes["method"])
        return replace(self, **changes)

    def same_run(self, other: Settings) -> bool:
        """Whether only lambda differs, which may change while a run goes on."""
        return replace(self, lambda_=None) == replace(other, lambda_=None)

    def to_string(self) -> str:
        """Such as ``pair=mnist&mode=dann&preset=quick&seed=0&steps=4000&lambda=paper``. Another
        method than DANN is named as well, and what learns if that is not everything, and where data
        of one's own are."""
        lambda_ = "paper" if self.lambda_ is None else f"{self.lambda_:g}"
        values = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "lambda_"}
        for name in ("method", "part"):
            if values[name] == type(self).__dataclass_fields__[name].default:
                del values[name]
        where = {name: value for name in PLACE if (value := values.pop(name))}
        return urlencode({**values, "lambda": lambda_, **where})

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
        for name, convert in (("seed", int), ("steps", int), ("size", int), ("lambda", float)):
            if name not in given:
                continue
            if name == "lambda" and given[name] == "paper":
                values[name] = None
                continue
            try:
                values[name] = convert(given[name])
            except ValueError:
                raise DannError(f"{name}={given[name]!r} is not a number.") from None
        if "lambda" in values:
            values["lambda_"] = values.pop("lambda")
        return cls().changed(**values)
