"""Looking at a trainer as it stands: the features, predictions and probe of a :class:`Snapshot`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch
from threadpoolctl import threadpool_limits

from dann_core.errors import DataError
from dann_core.evaluation import Look, judged, looks
from dann_core.history import Evaluation
from dann_core.interrupts import uninterrupted
from dann_core.model import DANN
from dann_core.plain_numbers import Whole, checked_images
from dann_core.probe import LEAST, Probe, domain_probe, size_of
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
    seen = list(looks(trainer.model, trainer.pair, checked_images(images), domain=False))
    snapshot = _snapshot(trainer.step, seen)
    return replace(snapshot, probe=_probe(seen)) if probe else snapshot


def keep_snapshot(trainer: Trainer, images: Whole = IMAGES) -> None:
    """Add a snapshot of the trainer as it stands to its history, of ``images`` test images of each
    domain, as many as in those before.

    Nothing happens while the features are not finite: what cannot be drawn is no reason to stop,
    and they may recover. Raises :class:`DataError` unless ``images`` is a whole number of at least
    1.
    """
    for _ in _observed(trainer, trainer.model, checked_images(images), evaluation=False):
        pass


def evaluate_with_snapshot(trainer: Trainer, images: Whole = IMAGES) -> Evaluation:
    """:meth:`Trainer.evaluate` on the first ``images`` test images of each domain, and a snapshot
    of the same images from the same pass through the network, a fourth of one's usual cost.

    Both are kept in the trainer's history; no snapshot is while the features are not finite.
    Raises :class:`DataError` unless ``images`` is a whole number of at least 1.
    """
    for _ in _observed(trainer, trainer.model, checked_images(images), evaluation=True):
        pass
    return trainer.history.evaluations[-1]


def observe(trainer: Trainer, images: Whole = IMAGES, evaluation: bool = True) -> Iterator[None]:
    """:func:`evaluate_with_snapshot` in parts, so that training can go on between them: a copy of
    the network as it stands now is looked at, and the history gets the same.

    There is a part for each hundred images and two for the snapshot. ``evaluation``: without it a
    snapshot alone is kept. Raises :class:`DataError` unless ``images`` is a whole number of at
    least 1.
    """
    parts = _observed(trainer, deepcopy(trainer.model), checked_images(images), evaluation)
    next(parts)
    return parts


def _observed(trainer: Trainer, model: DANN, images: int, evaluation: bool) -> Iterator[None]:
    step, history, seen = trainer.step, trainer.history, []
    judges = evaluation and trainer.has_classifier
    yield  # from here on the trainer may go on
    for look in looks(model, trainer.pair, images, domain=judges):
        seen.append(look)
        yield
    if evaluation:
        history.evaluations.append(judged(seen, step))
    with suppress(DataError):
        snapshot = _snapshot(step, seen)
        yield
        history.snapshots.add(replace(snapshot, probe=_probe(seen)))


def _snapshot(step: int, seen: list[Look]) -> Snapshot:
    """Without a probe."""
    labels, domains = (
        # -1, an unknown label, becomes UNKNOWN_BYTE.
        values.cpu().numpy().astype(np.uint8)
        for values in (
            torch.cat([look.labels for look in seen]),
            torch.cat([torch.full_like(look.labels, look.domain) for look in seen]),
        )
    )
    logits = torch.cat([look.logits for look in seen])
    confidence, predictions = logits.float().softmax(dim=1).max(dim=1)
    features = _features(seen)
    if not np.isfinite(features).all():
        raise DataError("The features are not finite: train again with a smaller lambda.")

    size = size_of(features)
    projection = _project(features / size)
    # A half float ends at 65,504, features that grow without bound do not.
    scale = float(np.abs(projection).max()) or 1.0
    return Snapshot(
        step=step,
        labels=labels,
        domains=domains,
        predictions=predictions.cpu().numpy().astype(np.uint8),
        confidence=confidence.cpu().numpy().astype(np.float16),
        features=(projection / scale).astype(np.float16),
        scale=scale * size,
    )


def _probe(seen: list[Look]) -> Probe | None:
    """None if there are too few images for one."""
    source, target = (_features([look for look in seen if look.domain == at]) for at in (0, 1))
    most = min(len(source), len(target))
    return domain_probe(source[:most], target[:most]) if most >= LEAST else None


def _features(seen: list[Look]) -> Floats:
    found: Floats = torch.cat([look.features for look in seen]).float().cpu().numpy()
    return found  # float, because NumPy has no bfloat16


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
