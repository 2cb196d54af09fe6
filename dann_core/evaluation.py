"""How good a network is: accuracies, predictions, features. Nothing here changes the network."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
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


def evaluate(
    model: DANN,
    pair: DomainPair,
    step: Whole = 0,
    images: Whole | None = None,
    domain: bool = True,
    keep: Callable[[Tensor, Tensor], object] | None = None,
    split: SplitName = "test",
) -> Evaluation:
    """Source, target and domain accuracy on the test sets; NaN where no label is known.

    ``images``: how many of each test set, from its start; None for all (10,000 for MNIST).
    ``split``: "train", "validation" or "test", to look at others than the test sets.
    ``domain``: whether there is a domain classifier that was trained; if not, its accuracy is NaN.
    ``keep``: is given the features, float32 [n, F], and label logits, float32 [n, classes], of
    one part after another, the source's first: for those who want to see them without running the
    network again.
    Raises :class:`DataError` unless ``images`` is a whole number of at least 1, and for another
    split.
    """
    checked_type(pair, DomainPair, "pair")
    at, most = checked_whole(step, "step"), None if images is None else checked_images(images)
    named = checked_split(split)
    chosen: list[Split] = [getattr(d, named) for d in (pair.source, pair.target)]
    source, target = (s if most is None else s.first(most) for s in chosen)
    right: list[float] = []
    domain_right = 0
    seen = 0
    with evaluating(model) as let_ctrl_c_in:
        for label, there in enumerate((source, target)):
            correct = torch.zeros((), dtype=torch.int64, device=there.labels.device)
            for start in range(0, len(there), IMAGES_AT_ONCE):
                part = slice(start, start + IMAGES_AT_ONCE)
                # Of a large set the images are elsewhere than the labels.
                images_ = there.images[part].to(there.labels.device)
                found = model.feature_extractor(pair.prepare(images_))
                logits = model.label_predictor(found)
                # An unknown label is none of the classes, so that no answer to it is right.
                correct += (logits.argmax(dim=1) == there.labels[part]).sum()
                if domain and start < DOMAIN_IMAGES:
                    guesses = model.domain_logits(found, logits).argmax(dim=1)
                    domain_right += int((guesses == label).sum())
                    seen += len(guesses)
                if keep is not None:
                    keep(found, logits)
                let_ctrl_c_in()
            labelled = there.labelled
            right.append(int(correct) / labelled if labelled else math.nan)
    return Evaluation(
        step=at,
        source_accuracy=right[0],
        target_accuracy=right[1],
        domain_accuracy=domain_right / seen if seen else math.nan,
        images=len(target),
        source_images=len(source),
    )
