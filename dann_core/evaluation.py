"""How good a network is: accuracies, predictions, features. Nothing here changes the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dann_core.domains import DomainPair
from dann_core.history import Evaluation
from dann_core.interrupts import uninterrupted
from dann_core.model import DANN
from dann_core.plain_numbers import Whole, checked_images, checked_type, checked_whole

IMAGES_AT_ONCE = 100
"""The number of images that go through the network at once. On one core 100 take a third less time
than 500, because more stays in its caches."""
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


def features(model: DANN, pair: DomainPair, images: Tensor) -> Tensor:
    """What the feature extractor makes of ``images``: uint8 [N, 28, 28, 3] -> float32 [N, 2352],
    without a graph."""
    checked_type(pair, DomainPair, "pair")
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
    """``labels``: int64 [N], 0 to classes - 1; ``confidence``: float32 [N], probability of each."""

    labels: Tensor
    confidence: Tensor


def predict(model: DANN, pair: DomainPair, images: Tensor) -> Predictions:
    """The most probable class of each of ``images``, uint8 [N, 28, 28, 3]."""
    checked_type(pair, DomainPair, "pair")
    with evaluating(model) as let_ctrl_c_in:
        logits = [
            model.label_predictor(model.feature_extractor(pair.prepare(part)))
            for part in parts(images, let_ctrl_c_in)
        ]
        confidence, labels = torch.cat(logits).softmax(dim=1).max(dim=1)
    return Predictions(labels, confidence)


def evaluate(
    model: DANN,
    pair: DomainPair,
    step: Whole = 0,
    images: Whole | None = None,
    domain: bool = True,
    keep: Callable[[Tensor, Tensor], object] | None = None,
) -> Evaluation:
    """Source, target and domain accuracy on the test sets.

    ``images``: how many of each test set, from its start; None for all (10,000 for MNIST).
    ``domain``: whether there is a domain classifier that was trained; if not, its accuracy is NaN.
    ``keep``: is given the features, float32 [n, 2352], and label logits, float32 [n, classes], of
    one part after another, the source's first: for those who want to see them without running the
    network again.
    Raises :class:`DataError` unless ``images`` is a whole number of at least 1.
    """
    checked_type(pair, DomainPair, "pair")
    at, most = checked_whole(step, "step"), None if images is None else checked_images(images)
    source, target = (
        (d.test if most is None else d.test.first(most)) for d in (pair.source, pair.target)
    )
    right: list[float] = []
    domain_right = 0
    seen = 0
    with evaluating(model) as let_ctrl_c_in:
        for label, split in enumerate((source, target)):
            correct = torch.zeros((), dtype=torch.int64, device=split.labels.device)
            for start in range(0, len(split), IMAGES_AT_ONCE):
                part = slice(start, start + IMAGES_AT_ONCE)
                found = model.feature_extractor(pair.prepare(split.images[part]))
                logits = model.label_predictor(found)
                correct += (logits.argmax(dim=1) == split.labels[part]).sum()
                if domain and start < DOMAIN_IMAGES:
                    guesses = model.domain_classifier(found[:DOMAIN_IMAGES]).argmax(dim=1)
                    domain_right += int((guesses == label).sum())
                    seen += len(guesses)
                if keep is not None:
                    keep(found, logits)
                let_ctrl_c_in()
            right.append(int(correct) / len(split))
    return Evaluation(
        step=at,
        source_accuracy=right[0],
        target_accuracy=right[1],
        domain_accuracy=domain_right / seen if seen else float("nan"),
        images=len(target),
    )
