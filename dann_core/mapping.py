"""Maps that move: frame after frame of the same points, while their features change.

:mod:`dann_core.maps` makes single maps. A film of those would jump, since t-SNE and UMAP settle
into another of many equally good maps each time. Here each frame starts from the one before.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits
from torch import Tensor

from dann_core.errors import DannError, DataError
from dann_core.maps import KEPT, NEIGHBOURS, Floats, alike, checked, fitting, numba_lock, onto

METHODS = ("PCA", "t-SNE", "UMAP")
LEAST = NEIGHBOURS + 2
"""Points that a map needs."""
PERPLEXITY = 30.0
PCA_ROUNDS = 5
TSNE_ITERATIONS = 50
UMAP_EPOCHS = 100
UMAP_RATE = 0.01
"""Of learning, in a frame that goes on from another. UMAP draws which points repel each other, so
points tremble as this grows: its usual 1.0 moves them by 3 % of the width for nothing."""


class Mapper:
    """Maps of the same points, frame by frame.

    A frame goes on from the last one's coordinates if that was by the same method, and t-SNE and
    UMAP go on from each other. At first and between them and PCA a map is made from scratch, which
    takes longer: t-SNE and UMAP begin with the PCA map then. Every frame is turned and reflected
    onto the last and equally large: its centre is at 0 and the root mean square distance from there
    is 1. PCA that goes on follows the directions of largest spread within a few frames.

    ``start``: float [N, 2], a map of these points by ``method`` to go on from, such as the last
    frame of an interrupted run; ``seed``: of the random draws in PCA and UMAP. The same frames in
    the same order come out the same. It starts no thread, and is meant to be called by one at a
    time; other mappers may be at work in other threads. Raises :class:`DannError` for an unknown
    ``method`` and :class:`DataError` for a map that is none.
    """

    def __init__(self, start: Floats | None = None, method: str = "PCA", seed: int = 0) -> None:
        _maker(method)
        self.seed = seed
        self._method = method
        self._last: Floats | None = None
        self._sizes: dict[str, float] = {}
        if start is not None:
            self.go_on(start, method)

    def go_on(self, start: Floats, method: str) -> None:
        """Let the next frame go on from ``start``, float [N, 2], a map of these points by
        ``method``: a film's frame before a gap, say, or after it to draw the gap backwards.

        Raises as the constructor does.
        """
        _maker(method)
        self._last, self._method = _unit(fitting(start, len(start)))[0], method

    def frame(self, features: Floats | Tensor, method: str, afresh: bool = False) -> Floats:
        """The next map of ``features``, float [N, d]: float32 [N, 2].

        ``method``: "PCA", "t-SNE" (perplexity 30) or "UMAP" (15 neighbours; call :func:`warm_up`
        before the first). ``afresh``: make it from scratch, beginning at the last frame's places:
        slower, but right where the features have changed too much to go on. Features that are all
        the same give N zeros, and the next frame goes on from the last that was spread out. Raises
        :class:`DannError` for another method, and :class:`DataError` for under 17 points, another
        number of points than in the last frame, or values that are not finite. After an error the
        next frame goes on as if nothing had been.
        """
        make = _maker(method)
        values = checked(features, least=LEAST)
        if self._last is not None and len(self._last) != len(values):
            raise DataError(
                f"{len(values)} points after {len(self._last)}: the frames of a Mapper show the "
                "same points. Make a new Mapper for others."
            )
        if alike(values):
            return np.zeros((len(values), 2), np.float32)
        with threadpool_limits(1):
            reduced = _principal(values, self.seed)
            start = _unit(reduced[:, :2])[0] if self._last is None else self._last
            alike_maps = method == self._method or "PCA" not in (method, self._method)
            goes_on = alike_maps and not afresh
            size = self._sizes.get(method, _usual_size(method, len(values))) if goes_on else None
            positions, size = _unit(make(reduced, start, size, self.seed))
        if not np.isfinite(positions).all():
            raise DataError(f"{method} of these features is not finite. Choose another map.")
        self._last = _unit(onto(positions, start))[0]
        self._sizes[method] = size
        self._method = method
        return self._last.copy()


def warm_up(method: str) -> float:
    """Import and compile what the first frame of ``method`` needs; returns the seconds it took.

    UMAP takes several, as numba compiles it: run this in a thread of its own, and say so to whoever
    waits. A second call returns the same number at once. Raises :class:`DannError` for an unknown
    method.
    """
    _maker(method)
    with _warming_up:
        if method not in _warm_up_times:
            begin = time.perf_counter()
            points = np.random.default_rng(0).normal(size=(2 * LEAST, 2 * KEPT)).astype(np.float32)
            mapper = Mapper()
            for _ in range(2):
                mapper.frame(points, method)
            _warm_up_times[method] = time.perf_counter() - begin
        return _warm_up_times[method]


_warm_up_times: dict[str, float] = {}
_warming_up = threading.Lock()

# From the principal components, a map of unit size to start from, the size that it is to have (None
# to start from scratch) and a seed.
Maker = Callable[[Floats, Floats, float | None, int], npt.NDArray[Any]]


def _pca(reduced: Floats, start: Floats, size: float | None, seed: int) -> npt.NDArray[Any]:
    if size is None:
        return reduced[:, :2]
    # Power iteration: where two directions of about the same spread change places, the view turns
    # towards the other instead of jumping to it.
    positions = start
    for _ in range(PCA_ROUNDS):
        positions = reduced @ np.linalg.qr(reduced.T @ positions)[0]
    return positions


def _tsne(reduced: Floats, start: Floats, size: float | None, seed: int) -> npt.NDArray[Any]:
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PerplexityBasedNN

    # Exact neighbours: those that openTSNE guesses from 1,000 points on would vary, and compile.
    affinities = PerplexityBasedNN(
        reduced, min(PERPLEXITY, (len(reduced) - 1) / 3), method="exact", n_jobs=1
    )
    options = {"negative_gradient_method": "bh", "n_jobs": 1, "momentum": 0.8}
    if size is None:
        # So near together that every point can pass any other, as t-SNE begins.
        positions = TSNEEmbedding(np.float64(1e-4) * start, affinities, **options)
        return np.asarray(positions.optimize(250, exaggeration=12).optimize(500))
    positions = TSNEEmbedding(np.float64(size) * start, affinities, **options)
    return np.asarray(positions.optimize(TSNE_ITERATIONS))


def _umap(reduced: Floats, start: Floats, size: float | None, seed: int) -> npt.NDArray[Any]:
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
    with numba_lock:
        graph = fuzzy_simplicial_set(
            reduced,
            NEIGHBOURS,
            random,
            "euclidean",
            knn_indices=nearest,
            knn_dists=distances.astype(np.float32),
        )[0].tocoo()
        a, b = find_ab_params(spread=1.0, min_dist=0.1)
        laid_out: npt.NDArray[Any] = optimize_layout_euclidean(
            positions,
            positions,
            graph.row,
            graph.col,
            n_epochs=epochs,
            n_vertices=len(positions),
            epochs_per_sample=(graph.data.max() / graph.data).astype(np.float64),
            a=a,
            b=b,
            rng_state=random.randint(-(2**31) + 1, 2**31 - 1, 3).astype(np.int64),
            initial_alpha=rate,
            move_other=True,
        )
    return laid_out


_MAKERS: dict[str, Maker] = dict(zip(METHODS, (_pca, _tsne, _umap), strict=True))


def _maker(method: str) -> Maker:
    if method not in _MAKERS:
        raise DannError(f"There is no map {method!r}. Choose one of: {', '.join(METHODS)}.")
    return _MAKERS[method]


def _usual_size(method: str, points: int) -> float:
    # What they come to on digits: t-SNE's area grows with the points, UMAP's hardly.
    return float(np.sqrt(points)) if method == "t-SNE" else 7.0


def _principal(values: Floats, seed: int) -> Floats:
    from sklearn.decomposition import PCA

    # Three rounds instead of the usual seven: half the time for 0.06 % of the spread.
    kept = min(KEPT, *values.shape)
    model = PCA(kept, svd_solver="randomized", iterated_power=3, random_state=seed)
    components: Floats = model.fit_transform(values).astype(np.float32)
    return components


def _unit(positions: npt.NDArray[Any]) -> tuple[Floats, float]:
    """Centred, with root mean square distance 1 from there; and how much that was before."""
    centred = positions - positions.mean(axis=0)
    size = float(np.sqrt((centred**2).sum(axis=1).mean()))
    return (centred / max(size, 1e-12)).astype(np.float32), size
