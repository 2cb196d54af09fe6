"""How good a network is: accuracies, predictions, features. Nothing here changes the network."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor, nn

from dann_core.domains import DomainPair, Split
from dann_core.errors import DataError
from dann_core.history import Evaluation
from dann_core.inputs import Inputs
from dann_core.interrupts import uninterrupted
from dann_core.model import DANN
from dann_core.plain_numbers import Whole, checked_images, checked_type, checked_whole, short

IMAGES_AT_ONCE = 100
"""The number of images that go through the network at once. On one core 100 take a third less time
than 500, because more stays in its caches."""
SplitName = Literal["train", "validation", "test"]
SPLITS: tuple[SplitName, ...] = get_args(SplitName)
DOMAIN_IMAGES = 500
"""The number of test images of each domain that the domain accuracy is of."""


@contextmanager
def evaluating(model: nn.Module) -> Iterator[Callable[[], None]]:
    """Test behaviour (no dropout, running batch-norm statistics) inside, and each part's own mode
    again afterwards, also after Ctrl-C: it waits as in
    :func:`~dann_core.interrupts.uninterrupted`, which yields what this yields."""
    checked_type(model, nn.Module, "model")
    before = [(part, part.training) for part in model.modules()]
    with uninterrupted() as let_in:
        try:
            model.eval()
            # Not inference_mode: what comes out could never be trained on, nor changed.
            with torch.no_grad():
                yield let_in
        finally:
            for part, training in before:
                part.training = training


def features(model: DANN, pair: DomainPair | Inputs, images: Tensor) -> Tensor:
    """What the feature extractor makes of ``images``: uint8 [N, H, W, 3] -> float32 [N, F], without
    a graph. ``pair``: as in :func:`predict`."""
    checked_type(pair, DomainPair | Inputs, "pair")
    with evaluating(model) as let_ctrl_c_in:
        return torch.cat(
            [model.feature_extractor(pair.prepare(x)) for x in parts(images, let_ctrl_c_in)]
        )


def parts(images: Tensor, let_ctrl_c_in: Callable[[], None]) -> Iterator[Tensor]:
    """``images``, as many as go through the network at once; Ctrl-C is let in after each."""
    checked_type(images, Tensor, "images")
    for part in images.split(IMAGES_AT_ONCE):
        yield part
        let_ctrl_c_in()


@dataclass(frozen=True)
class Predictions:
    """``labels``: int64 [N], 0 to classes - 1, the most probable; ``confidence``: float32 [N], the
    probability of each; ``probabilities``: float32 [N, classes], of every class."""

    labels: Tensor
    confidence: Tensor
    probabilities: Tensor


def predict(model: DANN, pair: DomainPair | Inputs, images: Tensor) -> Predictions:
    """What the network takes each of ``images`` for, uint8 [N, H, W, 3] (rows float32 [N, d]).

    ``pair``: the pair that it was trained on, or that one's ``inputs``, which a checkpoint has.
    """
    checked_type(pair, DomainPair | Inputs, "pair")
    with evaluating(model) as let_ctrl_c_in:
        logits = [
            model.label_predictor(model.feature_extractor(pair.prepare(part)))
            for part in parts(images, let_ctrl_c_in)
        ]
        probabilities = torch.cat(logits).softmax(dim=1)
        confidence, labels = probabilities.max(dim=1)
    return Predictions(labels, confidence, probabilities)


def checked_split(split: str) -> SplitName:
    """``split``, if it is the name of one. Raises :class:`DataError` if it is not."""
    for name in SPLITS:
        if split == name:
            return name
    raise DataError(f"split={short(split)}: it must be one of {', '.join(SPLITS)}.")


@dataclass(frozen=True, eq=False)
class Look:
    """What a network makes of some examples of one domain.

    ``domain``: 0 for the source, 1 for the target. ``labels``: int64 [n], the true ones, -1 where
    nobody knows. ``features``: float32 [n, F]. ``logits``: float32 [n, classes], of the labels.
    ``guesses``: int64 [n], the domain classifier's; None where it was not asked.
    """

    domain: int
    labels: Tensor
    features: Tensor
    logits: Tensor
    guesses: Tensor | None


def looks(
    model: DANN,
    pair: DomainPair,
    images: Whole | None = None,
    domain: bool = True,
    split: SplitName = "test",
) -> Iterator[Look]:
    """Both domains' examples, :data:`IMAGES_AT_ONCE` after one another, the source's first; what is
    given, and what is raised, is as for :func:`evaluate`. The network is asked for a part when the
    part is."""
    checked_type(pair, DomainPair, "pair")
    name, most = checked_split(split), None if images is None else checked_images(images)
    chosen: list[Split] = [getattr(there, name) for there in (pair.source, pair.target)]
    first = [whole if most is None else whole.first(most) for whole in chosen]
    return (
        _look(model, pair, label, there, start, domain and start < DOMAIN_IMAGES)
        for label, there in enumerate(first)
        for start in range(0, len(there), IMAGES_AT_ONCE)
    )


def _look(
    model: DANN, pair: DomainPair, domain: int, there: Split, start: int, asked: bool
) -> Look:
    part = slice(start, start + IMAGES_AT_ONCE)
    labels = there.labels[part]
    with evaluating(model):
        # Of a large set the images are elsewhere than the labels.
        found = model.feature_extractor(pair.prepare(there.images[part].to(labels.device)))
        logits = model.label_predictor(found)
        guesses = model.domain_logits(found, logits).argmax(dim=1) if asked else None
    return Look(domain, labels, found, logits, guesses)


def evaluate(
    model: DANN,
    pair: DomainPair,
    step: Whole = 0,
    images: Whole | None = None,
    domain: bool = True,
    split: SplitName = "test",
) -> Evaluation:
    """Source, target and domain accuracy on the test sets; NaN where no label is known.

    ``images``: how many of each test set, from its start; None for all (10,000 for MNIST).
    ``split``: "train", "validation" or "test", to look at others than the test sets.
    ``domain``: whether there is a domain classifier that was trained; if not, its accuracy is NaN.
    Raises :class:`DataError` unless ``images`` is a whole number of at least 1, and for another
    split.
    """
    return judged(looks(model, pair, images, domain, split), step)


def judged(seen: Iterable[Look], step: Whole = 0) -> Evaluation:
    """The evaluation of all that is ``seen``, after ``step`` steps."""
    after = checked_whole(step, "step")
    right: list[int | Tensor] = [0, 0]
    labelled: list[int | Tensor] = [0, 0]
    images, domain_right, guessed = [0, 0], 0, 0
    for look in seen:
        checked_type(look, Look, "seen")
        at = look.domain
        # An unknown label is none of the classes, so that no answer to it is right.
        right[at] = right[at] + (look.logits.argmax(dim=1) == look.labels).sum()
        labelled[at] = labelled[at] + (look.labels >= 0).sum()
        images[at] += len(look.labels)
        if look.guesses is not None:
            domain_right += int((look.guesses == at).sum())
            guessed += len(look.guesses)
    source, target = (
        int(r) / int(n) if int(n) else math.nan for r, n in zip(right, labelled, strict=True)
    )
    return Evaluation(
        step=after,
        source_accuracy=source,
        target_accuracy=target,
        domain_accuracy=domain_right / guessed if guessed else math.nan,
        images=images[1],
        source_images=images[0],
    )
