"""PCA, t-SNE and UMAP, each once: from the features' main directions to places in the plane.

Still maps and maps that move are made by these. Everything runs on one thread and gives the same
map for the same input and seed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from dann_core.errors import DannError
from dann_core.plain_numbers import short
from dann_core.probe import size_of
from dann_lab.maps.points import Floats

METHODS = ("PCA", "t-SNE", "UMAP")
KEPT = 50
"""The number of dimensions that PCA leaves for t-SNE and UMAP: most of the spread, at a fraction of
the time."""
NEIGHBOURS = 15
"""The number of neighbours of a point that UMAP looks at."""
LEAST = NEIGHBOURS + 2
"""The number of points that a map needs."""
PERPLEXITY = 30.0
"""The usual perplexity of t-SNE: about how many neighbours a point has."""
PCA_ROUNDS = 5
TSNE_ITERATIONS = 50
UMAP_EPOCHS = 100
UMAP_RATE = 0.01
"""The rate of learning in a frame that goes on from another. UMAP draws which points repel each
other, so points tremble as this grows: its usual 1.0 moves them by 3 % of the width for nothing."""

_numba_lock = threading.Lock()
"""The lock to be held while UMAP runs: where numba finds no OpenMP, as on most Macs, it ends the
process if two threads run its loops at once."""

Maker = Callable[[Floats, Floats, float | None, int], npt.NDArray[Any]]
"""A function ``make(reduced, start, size, seed)``: from the main directions, a map of unit size to
start from, the size that the map is to have (None to start from scratch) and a seed to positions
[N, 2]."""


def principal(values: Floats, seed: int) -> Floats:
    """The main directions of finite features float32 [N, d]: float32 [N, at most 50], smaller where
    the features are absurdly large; ``seed``: of PCA's random draws."""
    from sklearn.decomposition import PCA

    # Three rounds instead of the usual seven: half the time for 0.06 % of the spread.
    kept = min(KEPT, *values.shape)
    model = PCA(kept, svd_solver="randomized", iterated_power=3, random_state=seed)
    components: Floats = model.fit_transform(values / size_of(values)).astype(np.float32)
    return components


def pca(reduced: Floats, start: Floats, size: float | None, seed: int) -> npt.NDArray[Any]:
    """The first two main directions, or those near ``start``; a :data:`Maker`."""
    if size is None:
        return reduced[:, :2]
    # Power iteration: where two directions of about the same spread change places, the view turns
    # towards the other instead of jumping to it.
    positions = start
    for _ in range(PCA_ROUNDS):
        positions = reduced @ np.linalg.qr(reduced.T @ positions)[0]
    return positions


def tsne(
    reduced: Floats,
    start: Floats,
    size: float | None,
    seed: int,
    perplexity: float = PERPLEXITY,
) -> npt.NDArray[Any]:
    """t-SNE by openTSNE, the same for any ``seed``; a :data:`Maker` with a perplexity, at least 1.

    (van der Maaten & Hinton 2008.)
    """
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN

    # Exact neighbours: those that openTSNE guesses from 1,000 points on would vary, and compile.
    affinities = PerplexityBasedNN(
        reduced, min(perplexity, (len(reduced) - 1) / 3), method="exact", n_jobs=1
    )
    options = {"negative_gradient_method": "bh", "n_jobs": 1, "momentum": 0.8}
    if size is None:
        # So near together that every point can pass any other, as t-SNE begins.
        positions = TSNEEmbedding(np.float64(1e-4) * start, affinities, **options)
        return np.asarray(positions.optimize(250, exaggeration=12).optimize(500))
    positions = TSNEEmbedding(np.float64(size) * start, affinities, **options)
    return np.asarray(positions.optimize(TSNE_ITERATIONS))


def umap(reduced: Floats, start: Floats, size: float | None, seed: int) -> npt.NDArray[Any]:
    """UMAP with 15 neighbours, ``seed`` of its random draws; a :data:`Maker`.

    (McInnes, Healy & Melville 2018.)
    """
    # UMAP's own class would stretch every start to a square of 10 by 10, and its search for
    # neighbours takes most of the compilation. So its two halves are called here by themselves.
    from sklearn.neighbors import NearestNeighbors
    from umap.layouts import optimize_layout_euclidean
    from umap.umap_ import find_ab_params, fuzzy_simplicial_set

    distances, nearest = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(reduced).kneighbors(reduced)
    random = np.random.RandomState(seed)
    epochs, rate = (500, 1.0) if size is None else (UMAP_EPOCHS, UMAP_RATE)
    if size is None:
        size = 5.0 / float(np.abs(start).max())
    positions = np.ascontiguousarray(size * start, dtype=np.float32)
    with _numba_lock:
        graph = fuzzy_simplicial_set(
            reduced,
            NEIGHBOURS,
            random,
            "euclidean",
            knn_indices=nearest,
            knn_dists=distances.astype(np.float32),
        )[0].tocoo()
        with np.errstate(over="ignore"):  # of two that hardly belong together: never
            epochs_apart = (graph.data.max() / graph.data).astype(np.float64)
        a, b = find_ab_params(spread=1.0, min_dist=0.1)
        laid_out: npt.NDArray[Any] = optimize_layout_euclidean(
            positions,
            positions,
            graph.row,
            graph.col,
            n_epochs=epochs,
            n_vertices=len(positions),
            epochs_per_sample=epochs_apart,
            a=a,
            b=b,
            rng_state=random.randint(-(2**31) + 1, 2**31 - 1, 3).astype(np.int64),
            initial_alpha=rate,
            move_other=True,
        )
    return laid_out


_MAKERS: dict[str, Maker] = dict(zip(METHODS, (pca, tsne, umap), strict=True))


def maker(method: str) -> Maker:
    """What makes maps by ``method``. Raises :class:`DannError` if there is no such method."""
    if method not in _MAKERS:
        raise DannError(f"There is no map {short(method)}. Choose one of: {', '.join(METHODS)}.")
    return _MAKERS[method]
