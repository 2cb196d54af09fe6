"""Ways in which a target can differ from its source, on points in the plane; and points that
somebody draws.

The source is the two moons of :mod:`dann_core.moons`, but for the counterexample. The targets of
all have as many points as there, so that the very same training goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from dann_core.domains import Domain, DomainPair, Split
from dann_core.errors import DannError, DataError
from dann_core.model import usual_defaults
from dann_core.moons import POINTS, ROTATION, moons_pair
from dann_core.plain_numbers import Number, Whole, checked_number, checked_seed, short

DRAWN = "drawn"
"""The name of the shift whose points somebody draws."""
BEGUN = 40
"""The points of each domain that one begins to draw with."""
APART = 1.0
"""How far the two strips of the counterexample lie apart along their length, which is 2."""
BELOW = 0.8
"""How far the counterexample's target lies below its source."""
THICKNESS = 0.1
"""The standard deviation of the strips' points across their length."""


@dataclass(frozen=True)
class Amount:
    """A slider of a shift: its ends, its step, where it begins, and how it is said."""

    low: float
    high: float
    step: float
    usual: float
    label: str
    unit: str = ""


class Drawn(NamedTuple):
    """A point that somebody drew. ``domain``: 0 source, 1 target; ``label``: 0 or 1."""

    x: float
    y: float
    domain: int
    label: int


@dataclass(frozen=True)
class Shift:
    """``text``: its name; ``about``: which kind of shift it is, in a sentence. ``make``: of the
    amount and the seed; None where somebody draws. Without an ``amount`` there is no slider."""

    text: str
    about: str
    make: Callable[[float, int], DomainPair] | None
    amount: Amount | None = None

    @property
    def usual(self) -> float:
        return self.amount.usual if self.amount else 0.0


def _moved(amount: float, seed: int) -> DomainPair:
    there = torch.tensor([0.0, amount])
    return _changed(
        moons_pair(0, seed), "moved moons", lambda split: (split.images + there, split.labels)
    )


def _swapped(amount: float, seed: int) -> DomainPair:
    return _changed(
        moons_pair(0, seed), "swapped moons", lambda split: (split.images, 1 - split.labels)
    )


def _shares(amount: float, seed: int) -> DomainPair:
    """Turned moons, of which ``amount`` per cent are the lower one."""
    return moons_pair(ROTATION, seed, lower=round(POINTS * amount / 100))


def _missing(amount: float, seed: int) -> DomainPair:
    return _shares(0, seed)


def _strips(amount: float, seed: int) -> DomainPair:
    """Two classes side by side on a strip; the target's strip lies below, further to the right,
    and has them the other way round. One rule fits both: what is in the middle is class 1."""

    def strip(number: int, middle: float, height: float, turned: bool) -> list[Split]:
        found = []
        for k in range(3):
            random = np.random.default_rng(seed * 10 + number + k)
            along = random.uniform(0, 1, POINTS)
            across = height + random.normal(0, THICKNESS, POINTS)
            points = np.stack([middle - 1 + 2 * along, across], axis=1)
            right = along < 0.5 if turned else along > 0.5
            found.append(
                Split(torch.from_numpy(points).float(), torch.from_numpy(right.astype(np.int64)))
            )
        return found

    source = Domain("upper strip", *strip(0, -APART / 2, BELOW / 2, False))
    target = Domain("lower strip", *strip(3, APART / 2, -BELOW / 2, True))
    return replace(moons_pair(0, seed), source=source, target=target)


def _changed(
    pair: DomainPair, name: str, change: Callable[[Split], tuple[Tensor, Tensor]]
) -> DomainPair:
    """The same source, and a target each of whose splits is changed."""
    target = pair.target
    splits = [Split(*change(one)) for one in (target.train, target.validation, target.test)]
    return replace(pair, target=Domain(name, *splits))


SHIFTS: dict[str, Shift] = {
    "turned": Shift(
        "turned",
        "The points lie elsewhere. As long as one rule fits both domains, this is covariate shift.",
        moons_pair,
        Amount(0, 180, 1, ROTATION, "turned by", "°"),
    ),
    "moved": Shift(
        "moved",
        "The points lie elsewhere. As long as one rule fits both domains, this is covariate shift.",
        _moved,
        Amount(0, 1.5, 0.1, 0.5, "moved up by"),
    ),
    "shares": Shift(
        "other class shares",
        "The target's classes come as often as the slider says, the source's half and half: label "
        f"shift. It is turned by {ROTATION:g}° besides.",
        _shares,
        Amount(0, 100, 5, 10, "lower moon:", " %"),
    ),
    "missing": Shift(
        "a class missing",
        "The target has no lower moon at all: the far end of label shift. It is turned by "
        f"{ROTATION:g}° besides.",
        _missing,
    ),
    "swapped": Shift(
        "classes swapped",
        "The same points have the other labels: concept shift. No rule fits both domains.",
        _swapped,
    ),
    "counterexample": Shift(
        "a rule for both, and aligned wrongly",
        "Covariate shift: what lies in the middle is class 1 in both domains. But on the strips "
        "the classes come in another order.",
        _strips,
    ),
    DRAWN: Shift("your own points", "What kind of shift have you drawn?", None),
}
"""By name. Covariate shift: other points, the same rule. Label shift: other shares of the classes.
Concept shift: another rule."""


@usual_defaults()
def shifted_pair(shift: str, amount: Number | None = None, seed: Whole = 0) -> DomainPair:
    """Points whose target differs from its source in the way ``shift``, one of :data:`SHIFTS`
    that nobody has to draw. ``amount``: how far, None as usual. ``seed``: of the points.

    Float32 [150, 2] in each split, labels 0 and 1. Raises :class:`DataError` for an unknown
    shift, and :class:`RecipeError` for an amount beyond the slider's ends.
    """
    kind = SHIFTS.get(shift)
    if kind is None or kind.make is None:
        names = ", ".join(name for name, one in SHIFTS.items() if one.make)
        raise DataError(f"There is no shift {short(shift)}. Choose one of: {names}.")
    number = checked_seed(seed)
    far = kind.usual
    if kind.amount is not None and amount is not None:
        far = checked_number(amount, "amount", kind.amount.low, kind.amount.high)
    pair = kind.make(far, number)
    return replace(pair, build=pair.build | {"id": f"{shift}-seed{number}-amount{far:g}"})


class TooFewPoints(DannError):
    """What is drawn is not enough to learn from."""


def drawn_from(pair: DomainPair, each: int = BEGUN) -> tuple[Drawn, ...]:
    """``each`` of the training points of both domains, to begin a drawing with."""
    return tuple(
        Drawn(float(split.images[k, 0]), float(split.images[k, 1]), domain, int(split.labels[k]))
        for domain, split in enumerate((pair.source.train, pair.target.train))
        for k in range(min(each, len(split)))
    )


def check_drawn(points: Sequence[Drawn]) -> None:
    """Raises :class:`TooFewPoints` if a class of the source or the whole target is missing."""
    there = {(point.domain, point.label) for point in points}
    if not {(0, 0), (0, 1)} <= there or not any(domain for domain, _ in there):
        raise TooFewPoints(
            "There is not enough to learn from yet: draw points of both classes of the source, "
            "and at least one of the target."
        )


def drawn_pair(points: Sequence[Drawn]) -> DomainPair:
    """What somebody drew, again and again until there are as many points of each domain as moons
    have: training, validation and test are the same points.

    Raises :class:`TooFewPoints` as :func:`check_drawn` does.
    """
    check_drawn(points)
    source, target = (
        Domain(name, *[_repeated([point for point in points if point.domain == domain])] * 3)
        for domain, name in enumerate(("your source", "your target"))
    )
    return DomainPair(
        DRAWN,
        source,
        target,
        classes=2,
        build={"pair": DRAWN, "id": f"{DRAWN}-{len(points)}", "sha256": None},
    )


def _repeated(points: Sequence[Drawn]) -> Split:
    again = [points[k % len(points)] for k in range(POINTS)]
    places = torch.tensor([[point.x, point.y] for point in again], dtype=torch.float32)
    return Split(places, torch.tensor([point.label for point in again]))
