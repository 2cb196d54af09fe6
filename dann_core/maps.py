"""Maps of features: float32 [N, d] -> positions in the plane, float32 [N, 2].

Each map starts from ``start``, a former map of the same points, if there is one, and is turned,
reflected and scaled back onto it, so that a row of pictures does not flip about. Everything runs on
one thread and gives the same map for the same input and seed.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits
from torch import Tensor

from dann_core.errors import DataError

Floats = npt.NDArray[np.float32]
KEPT = 50
"""Dimensions that PCA leaves for t-SNE and UMAP: most of the spread, at a fraction of the time."""
NEIGHBOURS = 15
WARM_SPREAD = 10.0
"""Standard deviation at which t-SNE takes a former map: about that of a finished one."""

numba_lock = threading.Lock()
"""To be held while UMAP runs: where numba finds no OpenMP, as on most Macs, it ends the process if
two threads run its loops at once."""


def pca(features: Floats | Tensor, dimensions: int = 2, start: Floats | None = None) -> Floats:
    """The directions of largest spread: [N, d] -> [N, ``dimensions``]. Linear, so distances on
    the map never exceed those between the features.

    Raises :class:`DataError` if there are too few points or values that are not finite.
    """
    from sklearn.decomposition import PCA

    values = checked(features, least=dimensions + 1)
    if dimensions > values.shape[1]:
        raise DataError(
            f"dimensions={dimensions}: the features have only {values.shape[1]}. Choose fewer."
        )
    with threadpool_limits(1):
        positions = PCA(dimensions, random_state=0).fit_transform(values)
    return onto(positions, start)


def tsne(
    features: Floats | Tensor,
    start: Floats | None = None,
    seed: int = 0,
    perplexity: float = 30.0,
    random_start: bool = False,
) -> Floats:
    """t-SNE: [N, d] -> [N, 2]. It keeps neighbours together; distances between groups and the
    sizes of groups mean little.

    ``start``: a former map, [N, 2]; a fourth of the iterations suffice then. Without it the map
    starts from PCA, which leaves next to nothing to the seed; ``random_start`` starts it from
    random positions instead. ``perplexity``: about how many neighbours a point has, 1 to under N.
    Raises :class:`DataError` as :func:`pca` does. (van der Maaten & Hinton 2008.)
    """
    from sklearn.manifold import TSNE

    values = checked(features, least=10)
    if not 1 <= perplexity < len(values):
        raise DataError(
            f"perplexity={perplexity}: it must be at least 1 and under the number of points, "
            f"{len(values)}."
        )
    if alike(values):
        return onto(np.zeros((len(values), 2)), start)
    options: dict[str, Any] = {"init": "random" if random_start else "pca"}
    if start is not None:
        former = fitting(start, len(values))
        former = former * (WARM_SPREAD / max(float(former.std()), 1e-12))
        # No exaggeration: it would pull apart what the former map has in its place already.
        options = {"init": former, "early_exaggeration": 1.0, "max_iter": 250}
    with threadpool_limits(1):
        model = TSNE(perplexity=perplexity, random_state=seed, n_jobs=1, **options)
        positions = model.fit_transform(_reduced(values))
    return onto(positions, start)


def umap(features: Floats | Tensor, start: Floats | None = None, seed: int = 0) -> Floats:
    """UMAP with 15 neighbours: [N, d] -> [N, 2]. Like t-SNE it keeps neighbours together.

    The first call in a process takes 16 to 29 s longer, because numba compiles it: say so to
    whoever waits. ``start``: a former map, [N, 2]; fewer epochs suffice then.
    Raises :class:`DataError` as :func:`pca` does. (McInnes, Healy & Melville 2018.)
    """
    values = checked(features, least=NEIGHBOURS + 2)
    if alike(values):
        return onto(np.zeros((len(values), 2)), start)
    from umap import UMAP

    options: dict[str, Any] = {}
    if start is not None:
        options = {"init": fitting(start, len(values)), "n_epochs": 50}
    with numba_lock, threadpool_limits(1):
        model = UMAP(n_neighbors=NEIGHBOURS, random_state=seed, n_jobs=1, **options)
        positions = model.fit_transform(_reduced(values))
    return onto(positions, start)


def among_their_own(
    source: Floats | Tensor, target: Floats | Tensor, neighbours: int = 10
) -> npt.NDArray[np.bool_]:
    """Which target points have no source point among their nearest neighbours: bool [M].

    ``source``: float [N, d], ``target``: float [M, d]; the distances are those of the features
    themselves, not of a map. Raises :class:`DataError` as :func:`pca` does.
    """
    from sklearn.neighbors import NearestNeighbors

    first, second = (checked(points, least=neighbours + 1) for points in (source, target))
    with threadpool_limits(1):
        search = NearestNeighbors(n_neighbors=neighbours).fit(np.concatenate([first, second]))
        # A point is not its own neighbour: the first column is that point.
        nearest = search.kneighbors(second, neighbours + 1, return_distance=False)[:, 1:]
    alone: npt.NDArray[np.bool_] = (nearest >= len(first)).all(axis=1)
    return alone


def checked(features: Floats | Tensor, least: int) -> Floats:
    """``features`` as finite float32 [N, d], or a :class:`DataError` that says what is wrong."""
    values = features.detach().cpu().numpy() if isinstance(features, Tensor) else features
    values = np.asarray(values, dtype=np.float32)
    if values.ndim != 2 or values.shape[1] < 2:
        raise DataError(f"features have shape {list(values.shape)}: a map needs [N, d], d over 1.")
    if len(values) < least:
        raise DataError(f"{len(values)} points are too few for this map: take at least {least}.")
    if not np.isfinite(values).all():
        raise DataError("features hold NaN or infinity: train again with a smaller lambda.")
    return values


def alike(values: Floats) -> bool:
    """Whether all points are the same, as in a collapsed network: nothing can be spread out."""
    return float(np.ptp(values, axis=0).max()) == 0


def _reduced(values: Floats) -> Floats:
    kept = min(KEPT, len(values) - 1)
    return values if values.shape[1] <= KEPT else pca(values, kept)


def fitting(start: Floats, points: int, dimensions: int = 2) -> Floats:
    """``start`` as a centred map of ``points`` points, or a :class:`DataError`."""
    former = np.asarray(start, dtype=np.float32)
    if former.shape != (points, dimensions) or not np.isfinite(former).all():
        raise DataError(
            f"start has shape {list(former.shape)}: it must be a map of the same points, "
            f"[{points}, {dimensions}], all finite."
        )
    return former - former.mean(axis=0)


def onto(positions: npt.NDArray[Any], start: Floats | None) -> Floats:
    """Turned, reflected, moved and scaled to lie on ``start`` as well as can be."""
    if start is None:
        return positions.astype(np.float32)
    former = fitting(start, *positions.shape)
    centred = positions - positions.mean(axis=0)
    # Orthogonal Procrustes. The scale is the ratio of the spreads, not the best fit's, which would
    # shrink a map that has changed a lot.
    left, _, right = np.linalg.svd(centred.T @ former)
    size = float(np.linalg.norm(centred))
    scale = float(np.linalg.norm(former)) / size if size else 1.0
    moved = scale * centred @ (left @ right) + np.asarray(start).mean(axis=0)
    return moved.astype(np.float32)
