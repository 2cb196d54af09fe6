"""Looking at a trainer as it stands: the features, predictions and probe of a :class:`Snapshot`."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import numpy.typing as npt
import torch
from threadpoolctl import threadpool_limits
from torch import Tensor

from dann_core.errors import DataError
from dann_core.evaluation import evaluate, evaluating, parts
from dann_core.history import Evaluation
from dann_core.interrupts import uninterrupted
from dann_core.plain_numbers import Whole, checked_images
from dann_core.probe import LEAST, domain_probe, size_of
from dann_core.snapshots import Snapshot
from dann_core.training import Trainer

Floats = npt.NDArray[np.float32]

IMAGES = 500
"""The number of test images of each domain that a snapshot is of, unless another is asked for."""
DIMENSIONS = 50
"""The number of dimensions that PCA leaves of the features. All 2,352 would be 4.7 MB a
snapshot."""


def take_snapshot(trainer: Trainer, images: Whole = IMAGES, probe: bool = True) -> Snapshot:
    """What the trainer's network makes now of the first ``images`` test images of each domain.

    ``probe``: whether the snapshot has one. Nothing in the trainer changes. Raises
    :class:`DataError` unless ``images`` is a whole number of at least 1, and if the features are
    not finite.
    """
    seen = checked_images(images)
    pair, model = trainer.pair, trainer.model
    found, logits = [], []
    with evaluating(model) as let_ctrl_c_in:
        for part in parts(pair.test_examples(seen).images, let_ctrl_c_in):
            found.append(model.feature_extractor(pair.prepare(part)))
            logits.append(model.label_predictor(found[-1]))
    return _snapshot(trainer, seen, found, logits, probe)


def keep_snapshot(trainer: Trainer, images: Whole = IMAGES) -> None:
    """Add a snapshot of the trainer as it stands to its history, of ``images`` test images of each
    domain, as many as in those before.

    Nothing happens while the features are not finite: what cannot be drawn is no reason to stop,
    and they may recover. Raises :class:`DataError` unless ``images`` is a whole number of at least
    1.
    """
    seen = checked_images(images)
    with suppress(DataError):
        trainer.history.snapshots.add(take_snapshot(trainer, seen))


def evaluate_with_snapshot(trainer: Trainer, images: Whole = IMAGES) -> Evaluation:
    """:meth:`Trainer.evaluate` on the first ``images`` test images of each domain, and a snapshot
    of the same images from the same pass through the network, a fourth of one's usual cost.

    Both are kept in the trainer's history; no snapshot is while the features are not finite.
    Raises :class:`DataError` unless ``images`` is a whole number of at least 1.
    """
    found: list[Tensor] = []
    logits: list[Tensor] = []

    def keep(features: Tensor, answers: Tensor) -> None:
        found.append(features)
        logits.append(answers)

    seen = checked_images(images)
    history, judged = trainer.history, trainer.has_classifier
    evaluation = evaluate(trainer.model, trainer.pair, trainer.step, seen, judged, keep)
    history.evaluations.append(evaluation)
    with suppress(DataError):
        history.snapshots.add(_snapshot(trainer, seen, found, logits))
    return evaluation


def _snapshot(
    trainer: Trainer, images: int, found: list[Tensor], logits: list[Tensor], probe: bool = True
) -> Snapshot:
    """A snapshot from the features and label logits of the first ``images`` test images."""
    examples = trainer.pair.test_examples(images)
    labels, domains = (
        # -1, an unknown label, becomes UNKNOWN_BYTE.
        values.cpu().numpy().astype(np.uint8)
        for values in (examples.labels, examples.domains)
    )
    confidence, predictions = torch.cat(logits).float().softmax(dim=1).max(dim=1)
    features: Floats = torch.cat(found).float().cpu().numpy()  # NumPy has no bfloat16
    if not np.isfinite(features).all():
        raise DataError("The features are not finite: train again with a smaller lambda.")

    size = size_of(features)
    projection = _project(features / size)
    # A half float ends at 65,504, features that grow without bound do not.
    scale = float(np.abs(projection).max()) or 1.0
    source, target = features[domains == 0], features[domains == 1]
    seen = min(len(source), len(target))
    return Snapshot(
        step=trainer.step,
        labels=labels,
        domains=domains,
        predictions=predictions.cpu().numpy().astype(np.uint8),
        confidence=confidence.cpu().numpy().astype(np.float16),
        features=(projection / scale).astype(np.float16),
        scale=scale * size,
        probe=domain_probe(source[:seen], target[:seen]) if probe and seen >= LEAST else None,
    )


def _project(features: Floats) -> Floats:
    from sklearn.decomposition import PCA

    # Randomised: half the time of the exact one, and here within half a percent of its spread.
    pca = PCA(
        min(DIMENSIONS, *features.shape),
        svd_solver="randomized",
        iterated_power=2,
        random_state=0,
    )
    # The share of a spread of nothing, which a collapsed network has, is not asked for anyway.
    # Uninterrupted, or the limit could stay, and training would no longer be the same bit for bit.
    with uninterrupted(), threadpool_limits(1), np.errstate(invalid="ignore"):
        projection: Floats = pca.fit_transform(features)
    return projection
