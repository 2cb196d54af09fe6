"""How far apart two domains' features are: a domain classifier trained afresh, and its error.

The network's own domain classifier is no judge: the features were trained to deceive just this
one. So a new, plain classifier is trained on features that stand still.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits
from torch import Tensor

from dann_core.errors import DataError
from dann_core.interrupts import uninterrupted
from dann_core.plain_numbers import Whole, checked_whole

Features = Tensor | npt.NDArray[np.float32]
LARGE = 1e3
"""The size of features from which on they are scaled. A randomised PCA multiplies five times
without a look at the size, and 1e7 to the fifth is near what a float32 holds."""
LEAST = 10
"""The number of examples of each domain that a probe needs."""


@dataclass(frozen=True)
class Probe:
    """What a fresh domain classifier achieves.

    ``error``: its share of wrong answers on ``n`` examples that it has not seen, half of each
    domain: 0 tells the domains apart always, 0.5 is guessing. ``a_distance``: the proxy
    A-distance ``2 (1 - 2 error)``, 2 for domains far apart, near 0 for domains that look alike
    (below 0 by chance only). ``uncertainty``: one standard error of ``a_distance``, from the
    binomial spread of ``error``; another sample of images would move it by about so much.
    """

    error: float
    a_distance: float
    uncertainty: float
    n: int


def size_of(features: npt.NDArray[np.float32]) -> float:
    """What to divide finite features by before they are multiplied with each other: 1, or their
    largest value where it is large."""
    largest = float(np.abs(features).max())
    return largest if largest > LARGE else 1.0


def domain_probe(source_features: Features, target_features: Features, seed: Whole = 0) -> Probe:
    """Train a logistic regression to tell the domains apart, and test it on examples held out.

    ``source_features``, ``target_features``: float [N, d] each, N at least 10. ``seed``, 0 to
    2**32 - 1, chooses the half of each domain that it learns from; the other half is the test.
    Raises :class:`DataError` for other shapes and for values that are not finite.

    (Ben-David et al. 2007; JMLR 2016, section 3.2.)
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    source = _checked(source_features, "source_features")
    target = _checked(target_features, "target_features")
    if source.shape != target.shape:
        raise DataError(
            f"source_features are {list(source.shape)} and target_features {list(target.shape)}: "
            "take as many of each domain, from the same network."
        )
    size = size_of(np.concatenate([source, target]))
    source, target = source / size, target / size
    half = len(source) // 2
    random = np.random.RandomState(checked_whole(seed, "seed", 0, 2**32 - 1))
    halves = [
        np.split(domain[random.permutation(len(domain))], [half]) for domain in (source, target)
    ]
    (source_train, source_test), (target_train, target_test) = halves
    # Strongly regularised, because there are more features than examples.
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
    # Uninterrupted, or the limit could stay, and training would no longer be the same bit for bit.
    with uninterrupted(), threadpool_limits(1):
        classifier.fit(np.concatenate([source_train, target_train]), np.repeat([0, 1], half))
        says_target = classifier.predict(np.concatenate([source_test, target_test]))
    wrong = int((says_target != np.repeat([0, 1], len(source_test))).sum())
    n = len(says_target)
    error = wrong / n
    # One more of each outcome (Laplace), or an error of 0 would pass for certain.
    smooth = (wrong + 1) / (n + 2)
    return Probe(error, 2 * (1 - 2 * error), 4 * math.sqrt(smooth * (1 - smooth) / n), n)


def _checked(features: Features, name: str) -> npt.NDArray[np.float32]:
    values = features.detach().float().cpu().numpy() if isinstance(features, Tensor) else features
    values = np.asarray(values, dtype=np.float32)
    if values.ndim != 2 or len(values) < LEAST or values.shape[1] == 0:
        raise DataError(
            f"{name} has shape {list(values.shape)}: it must be [N, d] with N at least {LEAST}."
        )
    if not np.isfinite(values).all():
        raise DataError(f"{name} holds NaN or infinity: train again with a smaller lambda.")
    return values
