"""Ben-David's bound on the target's error, of a network whose features are two numbers.

    target error <= source error + distance / 2 + joint error

The rules that are compared are all straight lines through the features (a fine grid of them), and
the label predictor itself, which is one. So for the points that it is computed on the bound holds
exactly, and the distance is no proxy. (Ben-David et al. 2010, theorem 2, without the terms for how
few points there are.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from dann_core.domains import DomainPair
from dann_core.evaluation import evaluating
from dann_core.model import DANN

WAYS = 24
"""The directions of the straight lines that the distance is made of, over half a turn."""
PLACES = 25
"""The lines of each direction; an odd number, so that one of them has half of the points before
it."""
JOINT_WAYS = 180
"""The directions in which the best line for both domains is looked for."""
Floats = npt.NDArray[np.float32]
Said = npt.NDArray[np.float32]
"""What a rule says of each point: 0 or 1."""


@dataclass(frozen=True)
class Bound:
    """Each 0 to 1 but ``joint``, which is a sum of two errors.

    ``source``: the label predictor's share of errors on the source. ``distance``: the most by
    which the domains differ in how often two straight lines disagree, half of the distance
    between the domains. ``joint``: the least sum of both errors that one line has on both domains.
    ``target``: the label predictor's share of errors there. The last two need the target's labels.
    """

    source: float
    distance: float
    joint: float
    target: float

    @property
    def whole(self) -> float:
        """What the target's error cannot be above."""
        return self.source + self.distance + self.joint


def bound(model: DANN, pair: DomainPair) -> Bound:
    """Of the test points of both domains, whose features must be two numbers, and two classes."""
    source, target = pair.source.test, pair.target.test
    with evaluating(model):
        features = model.feature_extractor(pair.prepare(torch.cat([source.images, target.images])))
        said = model.label_predictor(features).argmax(dim=1)
    at = features.double().cpu().numpy()
    rule = said.cpu().numpy().astype(np.float32)
    labels = torch.cat([source.labels, target.labels]).cpu().numpy().astype(np.float32)
    n = len(source)
    of_source, of_target = np.arange(len(at)) < n, np.arange(len(at)) >= n
    weights = np.where(of_source, 1 / n, 1 / (len(at) - n))

    def error(one: Said, where: npt.NDArray[np.bool_]) -> float:
        return float((one != labels)[where].mean())

    best = min(
        (_best_line(at, labels, weights), rule),
        key=lambda one: error(one, of_source) + error(one, of_target),
    )
    all_alike = np.zeros_like(rule)  # of a line beyond all points
    lines = np.concatenate([_lines(at), [rule, best, all_alike]])
    return Bound(
        source=error(rule, of_source),
        distance=_most_apart(lines[:, of_source], lines[:, of_target]),
        joint=error(best, of_source) + error(best, of_target),
        target=error(rule, of_target),
    )


def _directions(many: int) -> npt.NDArray[np.float64]:
    angles = np.arange(many) * np.pi / many
    return np.stack([np.cos(angles), np.sin(angles)])


def _lines(at: npt.NDArray[np.float64]) -> Said:
    """What lines say of each point: they lie evenly among the points, in each direction."""
    along = at @ _directions(WAYS)
    places = np.quantile(along, (np.arange(PLACES) + 0.5) / PLACES, axis=0)
    sides = along[None] > places[:, None]
    return sides.reshape(PLACES, len(at), WAYS).transpose(0, 2, 1).reshape(-1, len(at)).astype("f4")


def _best_line(at: npt.NDArray[np.float64], labels: Said, weights: npt.NDArray[np.float64]) -> Said:
    """What the line says that is wrong least often, where each point counts ``weights``."""
    along = at @ _directions(JOINT_WAYS)
    order = np.argsort(along, axis=0)
    # Of a line just behind a point: the ones before it are wrong if 1, the rest if 0.
    ones, zeros = (np.where(labels == label, weights, 0)[order] for label in (1, 0))
    wrong = np.cumsum(ones, axis=0) + zeros.sum(axis=0) - np.cumsum(zeros, axis=0)
    turned = weights.sum() - wrong
    found = []
    for errors, side in ((wrong, 1.0), (turned, 0.0)):
        place, way = np.unravel_index(np.argmin(errors), errors.shape)
        said = np.where(along[:, way] > along[order[place, way], way], side, 1 - side)
        found.append((errors[place, way], said.astype(np.float32)))
    return min(found, key=lambda one: one[0])[1]


def _most_apart(source: Said, target: Said) -> float:
    """The largest difference between the domains in how often two rules disagree."""

    def disagreeing(said: Said) -> Floats:
        often = said.mean(axis=1, dtype=np.float32)
        both = said @ said.T / np.float32(said.shape[1])
        found: Floats = often[:, None] + often[None] - 2 * both
        return found

    return float(np.abs(disagreeing(source) - disagreeing(target)).max())
