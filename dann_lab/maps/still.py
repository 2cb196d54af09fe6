"""Still maps of features: float32 [N, d] -> positions in the plane, float32 [N, 2]."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits
from torch import Tensor

from dann_core.errors import DataError
from dann_core.plain_numbers import Number, Whole, is_number, plain
from dann_lab.maps import layouts
from dann_lab.maps.layouts import LEAST, PERPLEXITY, principal
from dann_lab.maps.points import Floats, alike, checked, of_unit_size


def pca(features: Floats | Tensor) -> Floats:
    """The two directions of largest spread: [N, d] -> [N, 2]. Linear, so distances on the map never
    exceed those between the features.

    Raises :class:`DataError` if there are too few points or values that are not finite.
    """
    values = checked(features, least=3)
    with threadpool_limits(1):
        return principal(values, 0)[:, :2]


def tsne(
    features: Floats | Tensor,
    seed: Whole = 0,
    perplexity: Number = PERPLEXITY,
    random_start: bool = False,
) -> Floats:
    """t-SNE: [N, d] -> [N, 2]. It keeps neighbours together; distances between groups and the
    sizes of groups mean little.

    ``perplexity``: about how many neighbours a point has, at least 1 and under N. The map starts
    from PCA, which leaves nothing to the seed; ``random_start`` starts it from random positions
    instead. Raises :class:`DataError` as :func:`pca` does. (van der Maaten & Hinton 2008.)
    """
    values = checked(features, least=10)
    seed, perplexity = plain(seed), plain(perplexity)
    if not is_number(perplexity) or not 1 <= perplexity < len(values):
        raise DataError(
            f"perplexity={perplexity!r}: it must be at least 1 and under the number of points, "
            f"{len(values)}."
        )
    if alike(values):
        return np.zeros((len(values), 2), np.float32)
    with threadpool_limits(1):
        reduced = principal(values, 0)
        start = reduced[:, :2]
        if random_start:
            start = np.random.RandomState(seed).normal(size=start.shape).astype(np.float32)
        positions = layouts.tsne(
            reduced, of_unit_size(start)[0], None, int(seed), float(perplexity)
        )
    return positions.astype(np.float32)


def umap(features: Floats | Tensor, seed: Whole = 0) -> Floats:
    """UMAP with 15 neighbours: [N, d] -> [N, 2]. Like t-SNE it keeps neighbours together.

    The first call in a process takes seconds longer, because numba compiles it: say so to whoever
    waits. Raises :class:`DataError` as :func:`pca` does. (McInnes, Healy & Melville 2018.)
    """
    values = checked(features, least=LEAST)
    if alike(values):
        return np.zeros((len(values), 2), np.float32)
    with threadpool_limits(1):
        reduced = principal(values, plain(seed))
        positions = layouts.umap(reduced, of_unit_size(reduced[:, :2])[0], None, plain(seed))
    return positions.astype(np.float32)
