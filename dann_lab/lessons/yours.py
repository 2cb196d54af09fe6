"""Training with the reversal layer and the step that a learner has written.

Whatever they do is what happens: a sign that is not turned round, a lambda that is missing, a
gradient that is never cleared. Only what cannot be drawn is refused, in a line that says where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.domains import DomainPair
from dann_core.errors import DannError
from dann_core.methods import Adversary
from dann_core.model import DANN
from dann_core.moons import MOONS_RECIPE, MoonsTrainer, Pushes, moons_pair
from dann_core.networks import Network
from dann_core.plain_numbers import Number, Whole
from dann_core.recipe import Recipe
from dann_core.reversal import reverse_gradient
from dann_core.training import Trainer
from dann_lab.learners import say_error, where

Reversal = Callable[[Tensor, Any], Tensor]
"""Features and lambda -> the features, whose gradient is turned round on the way back."""
Made = TypeVar("Made", bound="YourTrainer")
Step = Callable[..., Any]
"""``step(model, optimiser, images, labels, domains, lambda_)``, as in lesson 03."""


class YoursFailed(DannError):
    """What the learner's code raised, or left out; the message names it and the line."""


def usual_step(
    model: nn.Module,
    optimiser: Any,
    images: Tensor,
    labels: Tensor,
    domains: Tensor,
    lambda_: float,
) -> None:
    """The step that the learner is to write, for whoever has only written the layer."""
    label_logits, domain_logits = model(images, lambda_)
    loss = F.cross_entropy(label_logits[: len(labels)], labels)
    loss = loss + F.cross_entropy(domain_logits, domains)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


def layer_of(reversal: Any) -> Reversal:
    """What a learner hands in as the layer: a ``torch.autograd.Function`` or anything to call."""
    if isinstance(reversal, type) and issubclass(reversal, torch.autograd.Function):
        return reversal.apply
    if not callable(reversal):
        raise YoursFailed(
            f"{reversal!r:.60} is no layer. Hand in the class itself: reversal=GradReverse."
        )
    found: Reversal = reversal
    return found


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Whatever is raised inside becomes a :class:`YoursFailed`."""
    try:
        yield
    except DannError:
        raise
    except Exception as error:  # a learner's code can raise anything
        raise YoursFailed(
            f"{what} raised {say_error(error)}{where(error.__traceback__)}."
        ) from error


class _YourLayer(Adversary):
    """DANN with the learner's layer in the place of the reversal."""

    def __init__(self, reversal: Reversal):
        super().__init__()
        self._reversal = reversal

    def layer(self, features: Tensor, lambda_: Number | Tensor) -> Tensor:
        with _told("Your layer"):
            behind = self._reversal(features, lambda_)
        if not isinstance(behind, Tensor) or behind.shape != features.shape:
            raise YoursFailed("Your layer does not return the features yet: see its `forward`.")
        return behind


class _Watched(DANN):
    """A network that keeps what its last pass made, and how long the gradients were that came back
    through the layer."""

    def __init__(self, parts: DANN, reversal: Reversal):
        layer = _YourLayer(reversal)
        super().__init__(
            parts.feature_extractor, parts.label_predictor, parts.domain_classifier, layer
        )
        self.made: tuple[Tensor, Tensor] | None = None
        self.norms: dict[str, Tensor] = {}

    def forward(self, x: Tensor, lambda_: Number | Tensor = 1.0) -> tuple[Tensor, Tensor]:
        features = self.feature_extractor(x)
        # Tensors apart, each of which has the gradient of one loss alone.
        label_logits = self.label_predictor(features.view_as(features))
        entering = features.view_as(features)
        behind = self.method.layer(entering, lambda_)
        if behind.requires_grad:
            self._keep(behind, "domain_gradient_before")
            self._keep(entering, "domain_gradient_after")
        self.made = (label_logits, self.domain_logits(behind, label_logits))
        return self.made

    def _keep(self, tensor: Tensor, name: str) -> None:
        def see(gradient: Tensor) -> None:
            self.norms[name] = gradient.norm()

        tensor.register_hook(see)


class _Handed:
    """The optimiser as the learner's step gets it: it takes note, and the trainer steps."""

    def __init__(self, optimiser: torch.optim.Optimizer):
        self._optimiser = optimiser
        self.param_groups = optimiser.param_groups
        self.steps = 0
        self.gradients: list[Tensor | None] = []

    def zero_grad(self, set_to_none: bool = True) -> None:
        self._optimiser.zero_grad(set_to_none=set_to_none)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        loss = closure() if closure else None
        self.steps += 1
        self.gradients = _gradients(self._optimiser)
        return loss


def _gradients(optimiser: torch.optim.Optimizer) -> list[Tensor | None]:
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    return [None if p.grad is None else p.grad.clone() for p in parameters]


def _give_back(optimiser: torch.optim.Optimizer, gradients: list[Tensor | None]) -> None:
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient


class YourTrainer(Trainer):
    """A :class:`Trainer` whose layer and step are a learner's. Raises :class:`YoursFailed` where
    they raise, or leave out what nothing can be shown without."""

    model: _Watched
    your_step: Step
    _left: list[Tensor | None]

    def _backpropagate(self, lambda_: float) -> dict[str, Tensor]:
        (images, labels), (target, _) = (next(batches) for batches in self.batches)
        both = self.pair.prepare(torch.cat([images, target]))
        domains = (torch.arange(len(both), device=labels.device) >= len(labels)).long()
        model, handed = self.model, _Handed(self.optimiser)
        model.made, model.norms = None, {}
        # Whoever never clears the gradients adds to those of the step before.
        _give_back(self.optimiser, getattr(self, "_left", _gradients(self.optimiser)))
        with _told("Your step"):
            self.your_step(model, handed, both, labels, domains, lambda_)
        if model.made is None:
            raise YoursFailed(
                "Your step never asks the network: begin with "
                "`label_logits, domain_logits = model(images, lambda_)`."
            )
        if handed.steps > 1:
            raise YoursFailed(
                f"Your step calls `optimiser.step()` {handed.steps} times; once is asked for."
            )
        self._left = _gradients(self.optimiser)
        nothing: list[Tensor | None] = [None] * len(self._left)
        _give_back(self.optimiser, handed.gradients or nothing)
        return _measured(model, labels, domains)


def _measured(model: _Watched, labels: Tensor, domains: Tensor) -> dict[str, Tensor]:
    """What a step's record says, whatever the learner made of the logits."""
    assert model.made is not None
    label_logits, domain_logits = (logits.detach() for logits in model.made)
    if len(domain_logits) != len(domains):
        raise YoursFailed(
            f"Your step shows the network {len(domain_logits)} images last; show it all "
            f"{len(domains)} at once."
        )
    known = label_logits[: len(labels)]
    label_loss = F.cross_entropy(known, labels)
    domain_loss = F.cross_entropy(domain_logits, domains)
    nothing = label_loss.new_zeros(())
    names = ("label_gradient", "domain_gradient_before", "domain_gradient_after")
    return {
        "label_loss": label_loss,
        "domain_loss": domain_loss,
        "total_loss": label_loss + domain_loss,
        "label_accuracy": (known.argmax(dim=1) == labels).float().mean(),
        "domain_accuracy": (domain_logits.argmax(dim=1) == domains).float().mean(),
        **{name: model.norms.get(name, nothing) for name in names},
    }


class YourMoons(YourTrainer, MoonsTrainer):
    """The same on moons."""

    def pushes(self, lambda_: Number) -> Pushes:
        with _told("Your layer"):
            return super().pushes(lambda_)


def your_trainer(
    pair: DomainPair,
    recipe: Recipe,
    *,
    reversal: Any = None,
    step: Step | None = None,
    network: Network | None = None,
) -> YourTrainer:
    """A trainer of ``recipe`` with the learner's layer (a ``torch.autograd.Function``, or a
    function of features and lambda), step and network, as far as they are given.

    Raises :class:`YoursFailed` for a layer that cannot be called, and what a trainer raises.
    """
    return _with(YourTrainer(pair, recipe, device="cpu", network=network), reversal, step)


def your_moons(
    rotation: Number, seed: Whole, reversal: Any = None, step: Step | None = None
) -> YourMoons:
    """:func:`dann_core.moons.moons_trainer` with the learner's layer and step."""
    recipe = replace(MOONS_RECIPE, seed=int(seed))
    return _with(YourMoons(moons_pair(rotation, seed), recipe, device="cpu"), reversal, step)


def _with(trainer: Made, reversal: Any, step: Step | None) -> Made:
    layer = layer_of(reverse_gradient if reversal is None else reversal)
    trainer.model = _Watched(trainer.model, layer)
    trainer.your_step = step or usual_step
    return trainer
