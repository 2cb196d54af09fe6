"""The training loop: an iterator of step records.

    for record in Trainer(load_pair("mnist"), Recipe()):
        ...

A script, a test, a thread and a page all drive the same object; none of them is known to it.
"""

from __future__ import annotations

import io
import math
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile, ZipFile

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.devices import choose_device
from dann_core.domains import Batches, DomainPair
from dann_core.errors import CheckpointError, RecipeError, TrainingDiverged
from dann_core.evaluation import evaluate
from dann_core.files import written_whole
from dann_core.history import Evaluation, History, StepRecord
from dann_core.model import DANN, reverse_gradient
from dann_core.recipe import Recipe
from dann_core.schedules import LambdaSource

Part = Literal["both", "domain", "features"]
CHECKPOINT_FORMAT = 1
CONTENTS = {"format", "recipe", "build", "model", "optimiser", "batches", "history"}
LARGEST = torch.finfo(torch.float32).max


class Trainer:
    """Trains a :class:`DANN` on a pair, one step a ``next()``; ends after ``recipe.steps`` steps.

    ``lambda_source``: asked once at the start of each step; None takes the recipe's own.
    ``device``: ``"auto"``, ``"cpu"``, ``"cuda"`` or ``"mps"``.

    Attributes to set at any time, effective from the next step on:
    ``lambda_source``, and ``part``: ``"both"``, or for slow motion ``"domain"`` (only the domain
    classifier moves) or ``"features"`` (only the feature extractor and the label predictor move).

    The same recipe and data on the same machine with the same number of threads give the same
    history, on a CPU bit for bit; also when stopped, saved and resumed at any step.

    (Ganin & Lempitsky 2015, section 3; hyper-parameters in :class:`Recipe`.)
    """

    network: type[DANN] = DANN

    def __init__(
        self,
        pair: DomainPair,
        recipe: Recipe,
        *,
        lambda_source: LambdaSource | None = None,
        device: str = "auto",
    ):
        self.recipe = recipe
        self.device = choose_device(device)
        self.pair = pair.to(self.device)
        self.lambda_source = lambda_source or recipe.lambda_source()
        self.part: Part = "both"
        self.history = History()

        self.model = self.network(recipe, pair.classes)
        self.model.to(device=self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimiser = _optimiser(self.model, recipe)
        self.batches = self._batches()
        half = recipe.batch_size // 2
        self._domains = torch.tensor([0, 1], device=self.device).repeat_interleave(half)

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

    def __iter__(self) -> Trainer:
        return self

    def __next__(self) -> StepRecord:
        """Do one step. Raises :class:`TrainingDiverged` before damaged weights are stored."""
        if self.step >= self.recipe.steps:
            raise StopIteration
        step, progress = self.step + 1, self.step / self.recipe.steps
        lambda_ = float(self.lambda_source(step, progress))
        if not 0 <= lambda_ <= LARGEST:
            raise RecipeError(
                f"lambda={lambda_!r} at step {step}: it must be from 0 to {LARGEST:.1e}."
            )
        learning_rate = self.recipe.learning_rate_at(progress)
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate

        self._set_modes()
        self.optimiser.zero_grad(set_to_none=True)
        statistics = [buffer.clone() for buffer in self.model.buffers()]
        measured = self._dann(lambda_) if self.recipe.mode == "dann" else self._labels_only()
        # The one place where a step waits for the device: its record is plain numbers.
        *values, weight_gradient = torch.stack([*measured, self._weight_gradient()]).tolist()
        record = StepRecord(step, progress, lambda_, learning_rate, *values)
        try:
            self._check_finite(record, weight_gradient)
        except TrainingDiverged:
            # The weights have not moved yet, but batch norm's running statistics have.
            for buffer, before in zip(self.model.buffers(), statistics, strict=True):
                buffer.copy_(before)
            raise
        self._choose_gradients(lambda_)
        self.optimiser.step()
        self.history.append(record)
        return record

    def _dann(self, lambda_: float) -> list[Tensor]:
        (source, labels), (target, _) = (next(batches) for batches in self.batches)
        inputs = self.pair.prepare(torch.cat([source, target]))
        features = self.model.feature_extractor(inputs)

        # Three names for (parts of) the features, so that each path's own gradient can be seen.
        for_labels = features[: len(source)]
        for_domains = features.view_as(features)
        # A tensor on the device: a lambda that changes costs neither a recompile nor a sync.
        strength = torch.full((), lambda_, device=self.device)
        reversed_ = reverse_gradient(for_domains, strength)
        for seen in (for_labels, for_domains, reversed_):
            seen.retain_grad()

        label_logits = self.model.label_predictor(for_labels)
        domain_logits = self.model.domain_classifier(reversed_)
        label_loss = F.cross_entropy(label_logits, labels)
        domain_loss = F.cross_entropy(domain_logits, self._domains)
        loss = label_loss + domain_loss
        loss.backward()
        return [
            label_loss.detach(),
            domain_loss.detach(),
            loss.detach(),
            _accuracy(label_logits, labels),
            _accuracy(domain_logits, self._domains),
            *(_norm(seen.grad) for seen in (for_labels, reversed_, for_domains)),
        ]

    def _labels_only(self) -> list[Tensor]:
        images, labels = next(self.batches[0])
        features = self.model.feature_extractor(self.pair.prepare(images))
        features.retain_grad()
        logits = self.model.label_predictor(features)
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        none = torch.full((), math.nan, device=self.device)
        return [
            loss.detach(),
            none,
            loss.detach(),
            _accuracy(logits, labels),
            none,
            _norm(features.grad),
            none,
            none,
        ]

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
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        return torch.nn.utils.get_total_norm(gradients)

    def _check_finite(self, record: StepRecord, weight_gradient: float) -> None:
        watched = {"The label loss": record.label_loss, "The label gradient": record.label_gradient}
        if self.recipe.mode == "dann":
            watched["The domain loss"] = record.domain_loss
            watched["The reversed gradient"] = record.domain_gradient_after
        watched["The weights' gradient"] = weight_gradient
        for what, value in watched.items():
            if not math.isfinite(value):
                raise TrainingDiverged(record.step, record.lambda_, record.learning_rate, what)

    def evaluate(self, images: int | None = None) -> Evaluation:
        """Accuracies now, on all test images or the first ``images`` of each domain; kept in the
        history."""
        found = evaluate(self.model, self.pair, self.step, images, self.recipe.mode == "dann")
        self.history.evaluations.append(found)
        return found

    def state_dict(self) -> dict[str, Any]:
        """Everything that the next step depends on, as tensors and plain data; a copy."""
        return {
            "format": CHECKPOINT_FORMAT,
            "recipe": self.recipe.to_dict(),
            "build": self.pair.build,
            "threads": torch.get_num_threads(),
            "model": deepcopy(self.model.state_dict()),
            "optimiser": deepcopy(self.optimiser.state_dict()),
            "batches": [batches.state_dict() for batches in self.batches],
            "history": self.history.to_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go back to what :meth:`state_dict` described.

        Raises :class:`CheckpointError` if it belongs to another recipe or data build.
        """
        if Recipe.from_dict(state["recipe"]) != self.recipe:
            raise CheckpointError("This checkpoint was made with another recipe.")
        there, here = state["build"].get("sha256"), self.pair.build.get("sha256")
        if there != here:
            raise CheckpointError(
                f"This checkpoint was made with data build {state['build'].get('id')!r}, but "
                f"{self.pair.build.get('id')!r} is loaded. Use the same build, or start a new run."
            )
        self.model.load_state_dict(state["model"])
        # PyTorch's optimisers keep the very tensors they are given.
        self.optimiser.load_state_dict(deepcopy(state["optimiser"]))
        for batches, saved in zip(self.batches, state["batches"], strict=True):
            batches.load_state_dict(saved)
        self.history = History.from_dict(state["history"])

    def save(self, path: Path) -> None:
        """Write a checkpoint, whole or not at all."""
        # By way of memory: torch.save itself hides a full disk behind a RuntimeError.
        contents = io.BytesIO()
        torch.save(self.state_dict(), contents)
        with written_whole(path) as temporary:
            temporary.write_bytes(contents.getbuffer())

    @classmethod
    def resume(
        cls,
        path: Path,
        pair: DomainPair,
        *,
        lambda_source: LambdaSource | None = None,
        device: str = "auto",
    ) -> Trainer:
        """Go on from a checkpoint. Raises :class:`CheckpointError` if it cannot be read or is of
        another data build."""
        state = read_checkpoint(path)
        recipe = Recipe.from_dict(state["recipe"])
        trainer = cls(pair, recipe, lambda_source=lambda_source, device=device)
        trainer.load_state_dict(state)
        return trainer


def read_checkpoint(path: Path) -> dict[str, Any]:
    """The contents of a checkpoint on the CPU; tensors and plain data only, never code.

    Raises :class:`CheckpointError` if there is none, if as much as a bit of it is damaged, or if
    another version or program wrote it.
    """
    try:
        with ZipFile(path) as archive:
            # torch.load does not look at the checksums: a flipped bit would be another weight.
            if (damaged := archive.testzip()) is not None:
                raise BadZipFile(damaged)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise CheckpointError(f"There is no checkpoint {path}. Train first.") from error
    except Exception as error:  # damage can make these readers raise almost anything
        raise CheckpointError(f"{path} is damaged or not a checkpoint. Train again.") from error
    if not isinstance(state, dict) or not state.keys() >= CONTENTS:
        raise CheckpointError(f"{path} is not a checkpoint of a run. Train again.")
    if state["format"] != CHECKPOINT_FORMAT:
        raise CheckpointError(
            f"{path} has checkpoint format {state['format']!r}; this version reads "
            f"{CHECKPOINT_FORMAT}. Train again, or use the version that wrote it."
        )
    return state


def _optimiser(model: DANN, recipe: Recipe) -> torch.optim.Optimizer:
    if recipe.optimiser == "sgd":
        return torch.optim.SGD(model.parameters(), recipe.learning_rate, recipe.momentum)
    return torch.optim.AdamW(
        model.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay
    )


def _accuracy(logits: Tensor, labels: Tensor) -> Tensor:
    return (logits.argmax(dim=1) == labels).float().mean()


def _norm(gradient: Tensor | None) -> Tensor:
    assert gradient is not None
    return gradient.norm()
