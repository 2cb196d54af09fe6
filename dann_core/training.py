"""The training loop: an iterator of step records.

    for record in Trainer(load_pair("mnist"), Recipe()):
        ...

A script, a test, a thread and a page all drive the same object; none of them is known to it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy, deepcopy
from dataclasses import replace
from functools import cached_property
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.checkpoints import (
    CHECKPOINT_FORMAT,
    as_uncompiled,
    check_parts,
    checked_model,
    checked_optimiser,
    legs_of,
    read_checkpoint,
    readable,
    write_checkpoint,
)
from dann_core.devices import choose_device
from dann_core.domains import Batches, DomainPair
from dann_core.errors import CheckpointError, DataError, RecipeError, TrainingDiverged
from dann_core.evaluation import SplitName, evaluate
from dann_core.files import AnyPath, shown
from dann_core.forms import check_form
from dann_core.history import Evaluation, History, StepRecord
from dann_core.interrupts import uninterrupted
from dann_core.layers import RandomLayer
from dann_core.methods import Adversary
from dann_core.model import DANN, build_model
from dann_core.networks import Network, fitted, name_of
from dann_core.plain_numbers import LARGEST, Number, Whole, checked_type, plain, short
from dann_core.recipe import Leg, Recipe
from dann_core.reversal import reverse_gradient
from dann_core.schedules import LambdaSource

Part = Literal["both", "domain", "features"]
NO_DOMAINS = dict.fromkeys(
    (
        "domain_loss",
        "domain_accuracy",
        "domain_gradient_before",
        "domain_gradient_after",
    ),
    math.nan,
)
"""What a step has of the domains, as long as nobody has looked at them."""


class Trainer:
    """Trains a :class:`DANN` on a pair, one step a ``next()``; ends after ``recipe.steps`` steps.

    ``lambda_source``: asked once at the start of each step; None takes the recipe's own.
    ``device``: ``"auto"``, ``"cpu"``, ``"cuda"`` or ``"mps"``. ``network``: a feature extractor of
    your own, as a function of the recipe and the inputs that returns a module; see
    :func:`~dann_core.model.build_model`. Its name becomes part of the recipe; None takes what the
    recipe names. Raises :class:`RecipeError` for a network that does not fit the pair, and
    :class:`DataError` for a domain without the labels that the mode learns from.

    Attributes to set at any time, effective from the next step on:
    ``lambda_source``, and ``part``: ``"both"``, or for slow motion ``"domain"`` (only the domain
    classifier moves) or ``"features"`` (only the feature extractor and the label predictor move).

    The same recipe and data on the same machine with the same number of threads give the same
    history, on a CPU bit for bit; also when stopped, saved and resumed at any step.

    (Ganin & Lempitsky 2015, section 3; hyper-parameters in :class:`Recipe`.)
    """

    def __init__(
        self,
        pair: DomainPair,
        recipe: Recipe,
        *,
        lambda_source: LambdaSource | None = None,
        device: str = "auto",
        network: Network | None = None,
    ):
        checked_type(pair, DomainPair, "pair")
        checked_type(recipe, Recipe, "recipe")
        require_examples(pair, recipe)
        if network is not None:
            recipe = replace(recipe, network=name_of(network))
        self.recipe = recipe = fitted(recipe, pair.inputs)
        self.device = choose_device(device)
        self.pair = pair.to(self.device)
        self.lambda_source = lambda_source or recipe.lambda_source()
        self.part: Part = "both"
        self.history = History()
        self.earlier: list[Leg] = []
        """What the run was trained by before its recipe (:mod:`dann_core.branching`)."""

        self.model = build_model(recipe, pair.inputs, pair.classes, network)
        # A network of your own may draw random numbers as PyTorch's layers do, from all programs'.
        own = ":" in recipe.network
        self._random = torch.Generator().manual_seed(recipe.seed).get_state() if own else None
        self.model.to(device=self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.batches = self._batches()

    @cached_property
    def optimiser(self) -> torch.optim.Optimizer:
        """Of all the network's weights."""
        # When it is first needed: for it PyTorch imports its compiler, which takes a second.
        return _optimiser(self.model, self.recipe)

    def _batches(self) -> list[Batches]:
        recipe = self.recipe
        domains = {"source": (self.pair.source, 1), "target": (self.pair.target, 2)}
        if recipe.mode == "dann":
            size, chosen = recipe.batch_size // 2, list(domains.values())
        else:
            size, chosen = recipe.batch_size, [domains[recipe.mode]]
        return [Batches(domain.train, size, recipe.seed * 10 + k) for domain, k in chosen]

    @property
    def step(self) -> int:
        """Steps done so far."""
        return len(self.history)

    @property
    def has_classifier(self) -> bool:
        """Whether a domain classifier is trained: not in modes "source" and "target", and not by a
        method that makes a distance smaller."""
        return self.recipe.mode == "dann" and self.model.method.has_classifier

    def __getstate__(self) -> dict[str, Any]:
        """What a copy or a pickle is made of: all that training changes is of its own, for PyTorch
        hands tensors to another process as memory that both share."""
        # In one go, so that the optimiser has the very parameters of the model.
        model, optimiser = deepcopy((self.model, self.optimiser))
        batches, history = [copy(batches) for batches in self.batches], copy(self.history)
        own = {"model": model, "optimiser": optimiser, "batches": batches, "history": history}
        return self.__dict__ | own | {"earlier": list(self.earlier)}

    def __iter__(self) -> Trainer:
        return self

    @torch.inference_mode(False)  # gradients are wanted, whatever the caller has switched off
    def __next__(self) -> StepRecord:
        """Do one step. Raises :class:`TrainingDiverged` before damaged weights are stored, and
        :class:`RecipeError` for a lambda that is out of range; the step can then be tried again.

        A step is done whole or not at all: Ctrl-C during one raises KeyboardInterrupt after it.
        """
        if self.step >= self.recipe.steps:
            raise StopIteration
        step, progress = self.step + 1, self.recipe.progress_at(self.step)
        lambda_ = self._ask_lambda(step, progress)
        learning_rate = self.recipe.learning_rate_at(progress)
        with uninterrupted(), self._own_random_numbers():
            for group in self.optimiser.param_groups:
                group["lr"] = learning_rate
            self._set_modes()
            self.optimiser.zero_grad(set_to_none=True)
            with undone_on_failure(self.model, self.batches):
                with watching(self.model) as gradients:
                    measured = self._backpropagate(lambda_)
                measured |= gradients | {"weight_gradient": self._weight_gradient()}
                numbers = numbers_of(measured)
                weight_gradient = numbers.pop("weight_gradient")  # looked at here, not recorded
                record = StepRecord(step, progress, lambda_, learning_rate, **NO_DOMAINS | numbers)
                self._check_finite(record, weight_gradient)
                self._choose_gradients(lambda_)
            self.optimiser.step()
            self.history.append(record)
        return record

    @contextmanager
    def _own_random_numbers(self) -> Iterator[None]:
        """PyTorch's random numbers on the CPU are the run's own inside, so that nothing else in the
        process can change it, and a resumed run goes on with them. A step that fails takes none."""
        if self._random is None:
            yield
            return
        others = torch.default_generator.get_state()
        try:
            torch.default_generator.set_state(self._random)
            yield
            self._random = torch.default_generator.get_state()
        finally:
            torch.default_generator.set_state(others)

    def _ask_lambda(self, step: int, progress: float) -> float:
        answer = self.lambda_source(step, progress)
        try:
            lambda_ = float(answer)
        except (TypeError, ValueError, OverflowError):
            lambda_ = math.nan
        if not 0 <= lambda_ <= LARGEST:
            raise RecipeError(
                f"lambda={short(plain(answer))} at step {step}: it must be from 0 to {LARGEST:.1e}."
            )
        return lambda_

    def _backpropagate(self, lambda_: float) -> dict[str, Tensor]:
        (images, labels), *rest = (next(batches) for batches in self.batches)
        if self.recipe.mode != "dann":
            return backpropagate_labels(self.model, self.pair.prepare(images), labels)
        ((target, _),) = rest
        both = self.pair.prepare(torch.cat([images, target]))
        # DANN's own, which the lessons read, is spared the labels of target examples.
        step = backpropagate if _is_dann(self.model) else backpropagate_by_method
        return step(self.model, both, labels, lambda_)

    def _set_modes(self) -> None:
        self.model.train()
        if self.part == "domain":
            # Still features: no dropout, and running batch-norm statistics that stay as they are.
            self.model.feature_extractor.eval()

    def _choose_gradients(self, lambda_: float) -> None:
        """Drop the gradients of the parts that should not move; the optimiser then skips them."""
        parts: dict[Part, list[nn.Module]] = {
            "both": [],
            "domain": [self.model.feature_extractor, self.model.label_predictor],
            "features": [self.model.domain_classifier],
        }
        for still in parts[self.part]:
            still.zero_grad(set_to_none=True)

    def _weight_gradient(self) -> Tensor:
        # It can overflow behind the features though the gradient at the features did not.
        groups = self.optimiser.param_groups  # at hand, where the model has to look for them
        gradients = [p.grad for group in groups for p in group["params"] if p.grad is not None]
        return torch.nn.utils.get_total_norm(gradients).to(self.device)

    def _check_finite(self, record: StepRecord, weight_gradient: float) -> None:
        watched = {"The label loss": record.label_loss, "The label gradient": record.label_gradient}
        if self.recipe.mode == "dann":
            watched["The domain loss"] = record.domain_loss
            watched["The domain gradient at the features"] = record.domain_gradient_after
        watched["The weights' gradient"] = weight_gradient
        for what, value in watched.items():
            if not math.isfinite(value):
                raise TrainingDiverged(record.step, record.lambda_, record.learning_rate, what)

    def evaluate(self, images: Whole | None = None, split: SplitName = "test") -> Evaluation:
        """Accuracies now, on all test images or the first ``images`` of each domain; kept in the
        history. ``split``: "train" or "validation" looks at those instead, and is not kept.

        Raises :class:`DataError` unless ``images`` is a whole number of at least 1."""
        judged = self.has_classifier
        found = evaluate(self.model, self.pair, self.step, images, judged, split=split)
        if split == "test":
            self.history.evaluations.append(found)
        return found

    def state_dict(self, *, history: bool = True) -> dict[str, Any]:
        """Everything that the next step depends on, as tensors and plain data; a copy. Without
        ``history`` that part is empty, for who has it elsewhere: its copy takes time."""
        return {
            "format": CHECKPOINT_FORMAT,
            "recipe": self.recipe.to_dict(),
            "earlier": [leg.to_dict() for leg in self.earlier],
            "build": self.pair.build,
            "inputs": self.pair.inputs.to_dict(),
            "classes": list(self.pair.class_values),
            "names": [self.pair.source.name, self.pair.target.name],
            "random": self._random,
            "threads": torch.get_num_threads(),
            "model": deepcopy(as_uncompiled(self.model.state_dict())),
            "optimiser": deepcopy(self.optimiser.state_dict()),
            "batches": [batches.state_dict() for batches in self.batches],
            "history": (self.history if history else History()).to_dict(),
        }

    def load_state_dict(self, state: dict[str, Any], name: str = "This checkpoint") -> None:
        """Go back to what :meth:`state_dict` described.

        Raises :class:`CheckpointError`, about the checkpoint ``name``, if it belongs to another
        recipe or data build or is of another form.
        """
        with readable(name):
            self._load(state, name)

    def _load(self, state: dict[str, Any], name: str) -> None:
        check_parts(state)
        if "step" in state:
            raise CheckpointError(
                f"{name} was kept on the way, to predict with: it lacks what the next step needs. "
                "Go on from the run's own checkpoint."
            )
        if Recipe.from_dict(state["recipe"]) != self.recipe:
            raise CheckpointError(f"{name} was made with another recipe.")
        there, here = state["build"].get("sha256"), self.pair.build.get("sha256")
        if there != here:
            raise CheckpointError(
                f"{name} was made with data build {state['build'].get('id')!r:.200}, but "
                f"{self.pair.build.get('id')!r} is loaded. Use the same build, or start a new run."
            )
        if state["classes"] not in (None, list(self.pair.class_values)):
            raise CheckpointError(f"{name} was made with other classes of data. Train again.")
        model = checked_model(state["model"], self.model)
        optimiser = checked_optimiser(state["optimiser"], self.optimiser)
        history, earlier = History.from_dict(state["history"]), legs_of(state)
        for batches, saved in zip(self.batches, state["batches"], strict=True):
            batches.load_state_dict(saved)
        # Before format 4 no network drew any, but for layers that keep their own.
        if self._random is not None and (state["random"] is not None or state["format"] >= 4):
            check_form(state["random"], self._random, "random")
            self._random = state["random"].clone()
        self.model.load_state_dict(model)
        # PyTorch's optimisers keep the very tensors they are given.
        self.optimiser.load_state_dict(deepcopy(optimiser))
        self.history, self.earlier = history, earlier

    def save(self, path: AnyPath) -> None:
        """Write a checkpoint, whole or not at all."""
        write_checkpoint(self.state_dict(), path)

    @classmethod
    def resume(
        cls,
        path: AnyPath,
        pair: DomainPair,
        *,
        lambda_source: LambdaSource | None = None,
        device: str = "auto",
        network: Network | None = None,
    ) -> Trainer:
        """Go on from a checkpoint. Raises :class:`CheckpointError` if it cannot be read or is of
        another data build.

        ``network``: that of the run, where Python cannot find it by its name, such as a function
        inside another."""
        state = read_checkpoint(path)
        recipe = Recipe.from_dict(state["recipe"])
        trainer = cls(pair, recipe, lambda_source=lambda_source, device=device, network=network)
        trainer.load_state_dict(state, shown(path))
        return trainer


def require_examples(pair: DomainPair, recipe: Recipe) -> None:
    """Raises :class:`DataError` unless there are examples for a batch, with the labels that the
    recipe's mode learns from."""
    modes = {"dann": (pair.source, pair.target), "source": (pair.source,), "target": (pair.target,)}
    learnt = modes[recipe.mode]
    size, what = recipe.batch_size // len(learnt), "half a batch" if len(learnt) > 1 else "a batch"
    for domain in learnt:
        if (n := len(domain.train)) < size:
            raise DataError(
                f"{domain.name!r} has {n:,} training examples, and {what} is {size}. Add examples, "
                f"or choose batch_size={max(2, n * len(learnt) // 2 * 2)} or less."
            )
    if without := len(learnt[0].train) - learnt[0].train.labelled:
        remedy = 'choose the mode "dann"' if recipe.mode == "target" else "give their labels"
        raise DataError(
            f"{without:,} of the {len(learnt[0].train):,} training examples of {learnt[0].name!r} "
            f'have no label, and mode "{recipe.mode}" learns from those. Leave them out, or '
            f"{remedy}."
        )


def backpropagate(
    model: DANN, images: Tensor, labels: Tensor, lambda_: Number | Tensor
) -> dict[str, Tensor]:
    """One step's way there and back: afterwards each parameter has its gradient of the label loss
    plus the domain loss.

    ``images``: a prepared batch, the source's first and then the target's. ``labels``:
    int64 [S], of the source's images alone, so that they also tell where the target begins.
    ``lambda_``: a finite number >= 0. Returns losses and accuracies on the batch, each a tensor of
    no dimensions, by the names that :class:`StepRecord` has for them.

    (Ganin & Lempitsky 2015, section 3.)
    """
    features = model.feature_extractor(images)

    label_logits = model.label_predictor(features[: len(labels)])
    label_loss = F.cross_entropy(label_logits, labels)

    domains = (torch.arange(len(images), device=labels.device) >= len(labels)).long()
    domain_logits = model.domain_classifier(reverse_gradient(features, lambda_))
    domain_loss = F.cross_entropy(domain_logits, domains)

    total_loss = label_loss + domain_loss
    total_loss.backward()
    return {
        "label_loss": label_loss.detach(),
        "domain_loss": domain_loss.detach(),
        "total_loss": total_loss.detach(),
        "label_accuracy": _accuracy(label_logits, labels),
        "domain_accuracy": _accuracy(domain_logits, domains),
    }


def backpropagate_by_method(
    model: DANN, images: Tensor, labels: Tensor, lambda_: Number | Tensor
) -> dict[str, Tensor]:
    """The same with what ``model.method`` adds in place of DANN's domain loss; see
    :func:`backpropagate`, to whose gradients it comes if that is DANN's.

    Returns the same, but for the domain accuracy where there is no domain classifier.
    """
    if images.ndim < 2 or len(images) <= len(labels):
        raise RecipeError(
            f"images has shape {list(images.shape)}: a batch must have more examples than the "
            f"{len(labels)} labels of the source."
        )
    features = model.feature_extractor(images)

    # A tensor apart, whose gradient is the label loss's alone: `watching` looks at it.
    label_logits = model.label_predictor(features.view_as(features))
    label_loss = F.cross_entropy(label_logits[: len(labels)], labels)

    behind = model.method.layer(features, lambda_)
    added = model.method(model.domain_classifier, behind, label_logits, len(labels))

    total_loss = label_loss + added.loss
    total_loss.backward()
    measured = {
        "label_loss": label_loss.detach(),
        "domain_loss": added.loss.detach(),
        "total_loss": total_loss.detach(),
        "label_accuracy": _accuracy(label_logits[: len(labels)], labels),
    }
    if added.domain_logits is not None:
        domains = (torch.arange(len(images), device=labels.device) >= len(labels)).long()
        measured["domain_accuracy"] = _accuracy(added.domain_logits, domains)
    return measured


def _is_dann(model: DANN) -> bool:
    return type(model.method) is Adversary


def backpropagate_labels(model: DANN, images: Tensor, labels: Tensor) -> dict[str, Tensor]:
    """The same for one domain alone, without a domain classifier: the baselines' step.

    ``images``: a prepared batch. ``labels``: int64 [B], of all of them. Returns what
    :func:`backpropagate` does, without the domain's.
    """
    logits = model.label_predictor(model.feature_extractor(images))
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    return {
        "label_loss": loss.detach(),
        "total_loss": loss.detach(),
        "label_accuracy": _accuracy(logits, labels),
    }


def numbers_of(measured: dict[str, Tensor]) -> dict[str, float]:
    """Tensors of no dimensions as numbers, by the same names.

    The one place where a step waits for the device.
    """
    values = torch.stack(list(measured.values())).tolist()
    return dict(zip(measured, values, strict=True))


@contextmanager
def undone_on_failure(model: nn.Module, drawn: list[Batches]) -> Iterator[None]:
    """Where something fails inside, ``drawn`` and all that the model keeps but its weights are as
    they were before: batch norm's running statistics and the random numbers of its layers."""
    layers = [part.generator for part in model.modules() if isinstance(part, RandomLayer)]
    places = [batches.place for batches in drawn]
    numbers = [generator.get_state() for generator in layers]
    statistics = [buffer.clone() for buffer in model.buffers()]
    try:
        yield
    except BaseException:
        for batches, place in zip(drawn, places, strict=True):
            batches.place = place
        for generator, state in zip(layers, numbers, strict=True):
            generator.set_state(state)
        for buffer, kept in zip(model.buffers(), statistics, strict=True):
            buffer.copy_(kept)
        raise


def _accuracy(logits: Tensor, labels: Tensor) -> Tensor:
    return (logits.argmax(dim=1) == labels).float().mean()


@contextmanager
def watching(model: DANN) -> Iterator[dict[str, Tensor]]:
    """Sees the gradients at the features while a backward pass runs inside; changes nothing.

    Yields what is filled meanwhile: each gradient's Euclidean norm, a tensor of no dimensions, by
    the name that :class:`StepRecord` has for it.
    """
    norms: dict[str, Tensor] = {}

    def at_feature_extractor(_: nn.Module, images: tuple[Tensor], features: Tensor) -> None:
        # Behind a frozen one no gradient would come down that far, and nothing could be seen.
        features.requires_grad_()

    def at_label_predictor(_: nn.Module, inputs: tuple[Tensor]) -> None:
        def see(gradient: Tensor) -> None:
            norms["label_gradient"] = gradient.norm()

        inputs[0].register_hook(see)

    def at_domains(_: nn.Module, inputs: tuple[Any, ...]) -> None:
        def see(left: tuple[Tensor, ...], came: tuple[Tensor, ...]) -> None:
            norms["domain_gradient_before"] = came[0].norm()
            norms["domain_gradient_after"] = left[0].norm()

        # These features have just come out of the reversal layer.
        reversal = inputs[0 if dann else 1].grad_fn
        assert reversal is not None
        reversal.register_hook(see)

    dann = _is_dann(model)
    hooks = [
        model.feature_extractor.register_forward_hook(at_feature_extractor),
        model.label_predictor.register_forward_pre_hook(at_label_predictor),
        (model.domain_classifier if dann else model.method).register_forward_pre_hook(at_domains),
    ]
    try:
        yield norms
    finally:
        for hook in hooks:
            hook.remove()


def _optimiser(model: DANN, recipe: Recipe) -> torch.optim.Optimizer:
    if recipe.optimiser == "sgd":
        return torch.optim.SGD(model.parameters(), recipe.learning_rate, recipe.momentum)
    return torch.optim.AdamW(
        model.parameters(),
        recipe.learning_rate,
        betas=(float(recipe.beta1), 0.999),  # PyTorch refuses a whole 0
        weight_decay=recipe.weight_decay,
    )
