"""The target's labels in an envelope: a pair without them, and what is to be opened at the end."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from hashlib import sha256

import torch
from torch import Tensor

from dann_core.domains import UNKNOWN, Domain, DomainPair, Split
from dann_core.evaluation import predict
from dann_core.plain_numbers import Whole, checked_seed, checked_whole
from dann_core.training import Trainer
from dann_lab.figures.sentences import percent


def standard_error(accuracy: float, n: int) -> float:
    """By how much an accuracy, 0 to 1, that was counted on ``n`` examples moves with others."""
    return math.sqrt(accuracy * (1 - accuracy) / n)


@dataclass(frozen=True)
class Counted:
    """``accuracy``: of ``n`` examples with labels, 0 to 1, NaN where there are none."""

    accuracy: float
    n: int

    def __str__(self) -> str:
        if not self.n:
            return "no labels, so nobody knows"
        error = standard_error(self.accuracy, self.n)
        return f"{percent(self.accuracy)} ± {percent(error)} (standard error, {self.n} examples)"


@dataclass(frozen=True, eq=False, repr=False)
class Envelope:
    """The labels of a target's test examples, int64 [N] in the order of the pair that was sealed,
    and UNKNOWN (-1) where nobody has told them."""

    labels: Tensor

    def __len__(self) -> int:
        """How many labels are in it."""
        return int((self.labels != UNKNOWN).sum())

    def __bool__(self) -> bool:
        return len(self) > 0

    def __repr__(self) -> str:
        if not self:
            return "An empty envelope: nobody has labelled this target."
        return f"A sealed envelope with {len(self)} labels of the target's test examples."

    def judge(self, network: Trainer, n: Whole | None = None, seed: Whole = 0) -> Counted:
        """How many of the target's labelled test examples ``network`` gets right.

        ``network``: one of the pair that was sealed. ``n``: of so many of them, drawn with
        ``seed``; None, or more than there are, takes all.
        """
        known = (self.labels != UNKNOWN).nonzero()[:, 0]
        if n is not None:
            random = torch.Generator().manual_seed(checked_seed(seed))
            order = torch.randperm(len(known), generator=random)
            known = known[order[: checked_whole(n, "n", 1)]]
        if not len(known):
            return Counted(math.nan, 0)
        images = network.pair.target.test.images
        said = predict(network.model, network.pair, images).labels.cpu()
        right = (said == self.labels)[known]
        return Counted(float(right.float().mean()), len(known))


def sealed(pair: DomainPair) -> tuple[DomainPair, Envelope]:
    """``pair`` with no label of its target, and an envelope with those of its test examples."""
    envelope = Envelope(pair.target.test.labels.cpu())
    target = pair.target
    splits = (target.train, target.validation, target.test)
    if not any(split.labelled for split in splits):
        return pair, envelope
    blank = [Split(one.images, torch.full_like(one.labels, UNKNOWN)) for one in splits]
    sha = sha256(f"{pair.build.get('sha256', '')} sealed".encode()).hexdigest()
    # Another build: a network that was kept has evaluations, which here have no target accuracy.
    build = pair.build | {"id": f"{pair.build.get('id', pair.name)}-sealed", "sha256": sha}
    return replace(pair, target=Domain(target.name, *blank), build=build), envelope
