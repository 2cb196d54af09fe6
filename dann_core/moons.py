"""The two-dimensional twin: inter-twinned moons, a tiny network, and the very same training.

Points in the plane take the place of images, so that everything can be seen: the data, the
features (two numbers each), both boundaries, and each point's gradients.
(Ganin et al. 2016, section 5.1.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.domains import Domain, DomainPair, Split
from dann_core.errors import DataError
from dann_core.inputs import Inputs
from dann_core.interrupts import uninterrupted
from dann_core.methods import method_named
from dann_core.model import DANN, usual_defaults
from dann_core.plain_numbers import (
    LARGEST,
    Number,
    Whole,
    checked_seed,
    checked_whole,
    is_number,
    plain,
    short,
)
from dann_core.recipe import Recipe
from dann_core.training import Trainer

POINTS = 150
"""The number of points of each domain and split, half of them in each moon."""
NOISE = 0.08
ROTATION = 35.0
"""The degrees between source and target, as in the paper."""
Form = Literal["reverse", "subtract", "scale"]
FORMS: tuple[Form, ...] = ("reverse", "subtract", "scale")


@usual_defaults()
def moons_pair(
    rotation: Number = ROTATION, seed: Whole = 0, *, lower: Whole = POINTS // 2
) -> DomainPair:
    """Two moons, one class each -> the same kind of moons, turned by ``rotation`` degrees.

    Examples are float32 [150, 2] in each split, around the origin; labels 0 (upper moon) and 1.
    ``seed``: of the points, 0 to 2**31 - 1. The target's points are draws of their own.
    ``lower``: how many of the target's are in the lower moon, 0 to 150; of the source half are.
    Raises :class:`DataError` if the rotation is not finite or the seed another, and
    :class:`RecipeError` for another ``lower``.
    """
    degrees, seed = plain(rotation), checked_seed(seed)
    if not is_number(degrees) or abs(degrees) > LARGEST:
        raise DataError(f"rotation={short(degrees)}: it must be a number of degrees.")
    below = checked_whole(lower, "lower", 0, POINTS)
    flat = _splits(seed * 10 + 3, below)
    turned = [Split(_turned(split.images, degrees), split.labels) for split in flat]
    shares = "" if below == POINTS // 2 else f"-lower{below}"
    return DomainPair(
        "moons",
        Domain("moons", *_splits(seed * 10)),
        Domain("turned moons", *turned),
        classes=2,
        build={
            "pair": "moons",
            "id": f"moons-seed{seed}-rotation{degrees:g}{shares}",
            "sha256": None,
        },
    )


def _splits(state: int, lower: int = POINTS // 2) -> list[Split]:
    """Training, validation and test points, ``lower`` of each in the lower moon. ``state``: of the
    first one's random numbers; the others have the next two."""
    from sklearn.datasets import make_moons

    found = []
    for k in range(3):
        counts, random = (POINTS - lower, lower), (state + k) % 2**32
        points, labels = make_moons(counts, noise=NOISE, random_state=random)
        centred = torch.from_numpy(points).float() - torch.tensor([0.5, 0.25])
        found.append(Split(centred, torch.from_numpy(labels).long()))
    return found


def _turned(points: Tensor, degrees: float) -> Tensor:
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    return points @ torch.tensor([[cos, sin], [-sin, cos]])


MOONS_RECIPE = Recipe(
    preset="moons",
    network="dann_core.moons:moons_network",
    steps=1000,
    batch_size=2 * POINTS,
    domain_width=16,
    initialisation="pytorch",
    learning_rate=0.2,
)
"""The recipe in which every step sees all points of both domains. SGD, because AdamW would hide how
strongly a part learns: it divides each gradient by its own size."""


def moons_network(recipe: Recipe, inputs: Inputs) -> DANN:
    """points [B, 2] -> features [B, 2] -> label logits [B, 2] and domain logits [B, 2]."""
    width, method = recipe.domain_width, method_named(recipe.method, 2, 2)
    return DANN(
        nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 2)),
        nn.Linear(2, 2),
        nn.Sequential(nn.Linear(method.inputs(2), width), nn.Tanh(), nn.Linear(width, 2)),
    )


@dataclass(frozen=True)
class Pushes:
    """Where descent pushes each point's features: minus the gradient of each loss, at the features.

    Each float32 [N, 2], source points first; per point, not divided by their number. ``label`` is
    zero for the target, whose labels nobody uses. ``reversed_`` is what leaves the layer before
    the method: ``-lambda * domain``, or ``lambda * domain`` where a distance is made smaller.
    """

    features: Tensor
    label: Tensor
    domain: Tensor
    reversed_: Tensor


class MoonsTrainer(Trainer):
    """A :class:`Trainer` on moons whose losses can also be put together in two wrong ways.

    ``form``, to set at any time: ``"reverse"``, the gradient reversal layer; ``"subtract"``, the
    loss ``label - lambda * domain`` without the layer; ``"scale"``, the layer at strength 1 with
    the loss ``label + lambda * domain``. At the same weights all three give the features the same
    gradient; they differ in what reaches the domain classifier: its gradient times 1, -lambda, or
    lambda.
    """

    form: Form = "reverse"

    def _choose_gradients(self, lambda_: float) -> None:
        super()._choose_gradients(lambda_)
        factor = {"reverse": 1.0, "subtract": -lambda_, "scale": lambda_}[self.form]
        for parameter in self.model.domain_classifier.parameters():
            if parameter.grad is not None:
                parameter.grad *= factor

    def turn(self, rotation: Number, seed: Whole) -> None:
        """Turn the target to ``rotation`` degrees; the network stays as it is."""
        self.face(moons_pair(rotation, seed))

    def face(self, pair: DomainPair) -> None:
        """Put other points in the place of both domains'; the network stays as it is.

        ``pair``: of two classes, float32 [150, 2] to train on in each domain.
        """
        pair = pair.to(self.device)
        with uninterrupted():
            self.pair = pair
            both = (pair.target,) if self.recipe.mode == "target" else (pair.source, pair.target)
            for batches, domain in zip(self.batches, both, strict=False):
                batches.split = domain.train

    @torch.inference_mode(False)  # as in a step
    def pushes(self, lambda_: Number) -> Pushes:
        """What the next step would do to the features of all training points, at ``lambda_``."""
        source, target = self.pair.source.train, self.pair.target.train
        features = self.model.feature_extractor(torch.cat([source.images, target.images]))
        features = features.detach().requires_grad_()
        known = features[: len(source)]
        label_loss = F.cross_entropy(
            self.model.label_predictor(known), source.labels, reduction="sum"
        )
        (label,) = torch.autograd.grad(label_loss, features)
        with torch.no_grad():
            label_logits = self.model.label_predictor(features)
        method, classifier = self.model.method, self.model.domain_classifier
        behind = method.layer(features, lambda_)
        added = method(classifier, behind, label_logits, len(source)).loss * len(features)
        domain, reversed_ = torch.autograd.grad(added, (behind, features))
        return Pushes(features.detach(), -label, -domain, -reversed_)


def moons_trainer(rotation: Number = ROTATION, seed: Whole = 0, **changes: Any) -> MoonsTrainer:
    """A trainer on :func:`moons_pair` with :data:`MOONS_RECIPE`, some values changed."""
    recipe = replace(MOONS_RECIPE, seed=plain(seed), **changes)
    if recipe.mode != "dann":
        recipe = replace(recipe, batch_size=POINTS)
    return MoonsTrainer(moons_pair(rotation, seed), recipe, device="cpu")
