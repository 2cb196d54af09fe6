"""How good a network may be on a domain whose labels nobody has: a formula each, on plain arrays.

:mod:`dann_core.selection` applies them to networks. Each is given numbers of examples of the
source with their labels and of the target without.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits
from torch import Tensor

from dann_core.errors import DataError
from dann_core.interrupts import uninterrupted
from dann_core.plain_numbers import Number, Whole, checked_number, checked_seed

Array = npt.NDArray[np.float64]
Values = Tensor | npt.NDArray[Any]
TEMPERATURE = 0.05
"""Of the soft neighbourhoods: the paper's, for all its data sets (Saito et al. 2021)."""
STRENGTHS = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
"""The inverse regularisations that the density ratio's domain classifier chooses from."""
REVERSE_STRENGTH = 0.1
"""The inverse regularisation of the reverse classifier."""


def prediction_entropy(probabilities: Values) -> float:
    """The mean of ``-sum_c p_c log p_c`` over examples, 0 to log(classes) nats; less is surer.

    ``probabilities``: [N, classes] of the target, each row adding up to 1. Raises
    :class:`DataError` for anything else. (Morerio et al. 2018; skada's ``PredictionEntropyScorer``
    also divides by the number of classes, which changes no choice.)
    """
    p = _probabilities(probabilities)
    return float(-(p * np.log(p, where=p > 0, out=np.zeros_like(p))).sum(axis=1).mean())


def soft_neighbourhood_density(probabilities: Values, temperature: Number = TEMPERATURE) -> float:
    """How dense the neighbourhoods of the target's predictions are, 0 to log(N - 1) nats; more is
    better. With ``f_i = p_i / |p_i|`` and ``s_ij = f_i . f_j`` it is the mean over i of the entropy
    of ``P_ij = softmax_j (s_ij / temperature)``, over the others ``j != i``.

    ``probabilities``: [N, classes] of the target, N at least 2. Raises :class:`DataError` for
    anything else, :class:`RecipeError` for a temperature of 0 or less.

    (Saito et al. 2021, section 3, of the outputs after the softmax as there.) The same as
    pytorch-adapt's ``SNDValidator``. skada's ``SoftNeighborhoodDensity`` does not leave out an
    example's likeness with itself but takes it as -1, which hardly shows.
    """
    p = _probabilities(probabilities)
    n, divided = len(p), checked_number(temperature, "temperature", 1e-6)
    if n < 2:
        raise DataError("probabilities are of 1 example, which has no neighbours: take more.")
    f = p / np.linalg.norm(p, axis=1, keepdims=True)
    others = ((f @ f.T) / divided)[~np.eye(n, dtype=bool)].reshape(n, n - 1)
    logs = others - others.max(axis=1, keepdims=True)
    logs -= np.log(np.exp(logs).sum(axis=1, keepdims=True))
    return float(-(np.exp(logs) * logs).sum(axis=1).mean())


def density_ratio(source: Values, target: Values, at: Values, seed: Whole = 0) -> Array:
    """How much more frequent each of ``at`` is in the target than in the source, float64 [N]:
    ``w(x) = (n_source / n_target) p(target | x) / p(source | x)``.

    ``source``, ``target``: features [n, F] of either domain, at least 10, from which a logistic
    regression learns to tell the domains apart. ``at``: other features [N, F]. ``seed``,
    0 to 2**31 - 1: of the fifth that is held out, on which the regularisation is chosen
    (:data:`STRENGTHS`, the least log loss), as the paper chooses its discriminator's. Raises
    :class:`DataError` for anything else.

    (You et al. 2019, section 4.) As skada's and pytorch-adapt's, but that those take no choice,
    and a discriminator with a hidden layer. Where the domains' features do not overlap, no ratio
    means anything: few examples, or none, then have all the weight.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    domains = [_finite(source, "source", 2, 10), _finite(target, "target", 2, 10)]
    there = _finite(at, "at", 2)
    _same_width(source=domains[0], target=domains[1], at=there)
    x, y = np.concatenate(domains), np.repeat([0, 1], [len(d) for d in domains])
    state = checked_seed(seed)
    # As in the probe: uninterrupted, or the limit could stay.
    with uninterrupted(), threadpool_limits(1):
        learnt, held, is_target, truth = train_test_split(
            x, y, test_size=0.2, random_state=state, stratify=y
        )
        scaler = StandardScaler().fit(learnt)
        found = [
            LogisticRegression(C=c, max_iter=500).fit(scaler.transform(learnt), is_target)
            for c in STRENGTHS
        ]
        held = scaler.transform(held)
        best = min(found, key=lambda one: log_loss(truth, one.predict_proba(held)))
        logits = best.decision_function(scaler.transform(there))
    # Far out a weight would be no number any more.
    ratios: Array = np.exp(logits.clip(-100, 100)) * (is_target == 0).sum() / is_target.sum()
    return ratios


def importance_weighted_risk(weights: Values, losses: Values) -> float:
    """``sum_i w_i l_i / sum_i w_i`` over the source's validation examples: their losses as the
    target would meet them; less is better.

    ``weights``: [N] of at least 0, such as :func:`density_ratio`. ``losses``: [N]; :func:`scores`
    takes 0 for right and 1 for wrong. NaN if no example has any weight. Raises :class:`DataError`
    for other shapes.

    (Sugiyama, Krauledat and Müller 2007, who divide by N.) Divided by the sum, as in skada's
    ``ImportanceWeightedScorer``: with N, a network whose domains do not overlap would be the best
    because all weights are near 0. skada's weights are a ratio of two kernel densities.
    """
    w, losses = _weights_and_losses(weights, losses)
    return float((w * losses).sum() / w.sum()) if w.sum() > 0 else math.nan


def deep_embedded_risk(weights: Values, losses: Values) -> float:
    """``mean(w l) + eta mean(w) - eta`` with ``eta = -cov(w l, w) / var(w)``: the weighted risk,
    and what is known of it because weights should be 1 in the mean; less is better.

    ``weights``, ``losses``: as in :func:`importance_weighted_risk`, N at least 2; :func:`scores`
    takes the cross-entropies. If all weights are the same, eta is 0. It can be below 0. Raises
    :class:`DataError` for other shapes.

    (You et al. 2019, algorithm 1.) The same as pytorch-adapt's ``get_dev_risk`` and, given
    the same weights, skada's ``DeepEmbeddedValidation`` with losses as a column [N, 1]; without
    that, version 0.6 multiplies each weight with every loss.
    """
    w, losses = _weights_and_losses(weights, losses)
    if len(w) < 2:
        raise DataError("weights are of 1 example, which has no variance: take more.")
    weighted, variance = w * losses, w.var(ddof=1)
    eta = -np.cov(weighted, w)[0, 1] / variance if variance > 0 else 0.0
    return float(weighted.mean() + eta * w.mean() - eta)


def circular_accuracy(target: Values, guesses: Values, source: Values, labels: Values) -> float:
    """The accuracy, 0 to 1, on the source of a classifier that has learnt from the target with
    the network's own guesses for labels; more is better.

    ``target``: features [N, F], ``guesses``: whole numbers [N], what the network takes them for;
    ``source``: features [M, F] of validation examples, ``labels``: their classes [M]. Raises
    :class:`DataError` for anything else.

    (Zhong et al. 2010; JMLR 2016, section 5.1.2.) There the way back is a whole second training,
    as long as the first, with the domains' parts exchanged, and so it is in skada's
    ``CircularValidation``, whose accuracy is also balanced over classes. Here it is a
    logistic regression on the features as they are: it tells whether classes lie alike in both
    domains' features, not whether a training the other way would come back.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, there = _finite(target, "target", 2), _finite(source, "source", 2)
    y, truth = _finite(guesses, "guesses", 1), _finite(labels, "labels", 1)
    _same_width(target=x, source=there)
    _aligned(target=x, guesses=y)
    _aligned(source=there, labels=truth)
    if len(np.unique(y)) == 1:  # what has seen one class knows no other
        return float((truth == y[0]).mean())
    back = make_pipeline(StandardScaler(), LogisticRegression(C=REVERSE_STRENGTH, max_iter=500))
    with uninterrupted(), threadpool_limits(1):
        return float((back.fit(x, y).predict(there) == truth).mean())


def _finite(values: Values, name: str, dimensions: int, least: int = 1) -> Array:
    found = values.detach().cpu().numpy() if isinstance(values, Tensor) else np.asarray(values)
    if found.dtype.kind not in "fiub" or found.ndim != dimensions or len(found) < least:
        shape = "[N, d]" if dimensions == 2 else "[N]"
        raise DataError(
            f"{name} is {found.dtype} {list(found.shape)}: it must be numbers {shape} with N at "
            f"least {least}."
        )
    if not found.size or not np.isfinite(found).all():
        raise DataError(f"{name} holds NaN or infinity, or nothing at all.")
    return found.astype(np.float64)


def _probabilities(values: Values) -> Array:
    p = _finite(values, "probabilities", 2)
    if (p < 0).any() or (abs(p.sum(axis=1) - 1) > 1e-3).any():
        raise DataError("probabilities: each row must be numbers from 0 on that add up to 1.")
    return p


def _weights_and_losses(weights: Values, losses: Values) -> tuple[Array, Array]:
    w, found = _finite(weights, "weights", 1), _finite(losses, "losses", 1)
    _aligned(weights=w, losses=found)
    if (w < 0).any():
        raise DataError("weights must be numbers of at least 0.")
    return w, found


def _aligned(**given: Array) -> None:
    (one, a), (other, b) = given.items()
    if len(a) != len(b):
        raise DataError(f"{one} has {len(a)} entries and {other} {len(b)}: they must be aligned.")


def _same_width(**given: Array) -> None:
    widths = {name: values.shape[1] for name, values in given.items()}
    if len(set(widths.values())) > 1:
        raise DataError(
            f"{', '.join(f'{name} has {d}' for name, d in widths.items())} features: take them "
            "from the same network."
        )
