"""Maps that move: frame after frame of the same points, while their features change.

:mod:`dann_lab.maps.still` makes single maps. A film of those would jump, since t-SNE and UMAP
settle into another of many equally good maps each time. Here each frame starts from the one before.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits
from torch import Tensor

from dann_core.errors import DataError
from dann_core.plain_numbers import Whole, plain
from dann_lab.maps.layouts import KEPT, LEAST, maker, principal
from dann_lab.maps.points import Floats, alike, checked, fitting, of_unit_size, onto


class Mapper:
    """Maps of the same points, frame by frame.

    A frame goes on from the last one's coordinates if that was by the same method, and t-SNE and
    UMAP go on from each other. At first and between them and PCA a map is made from scratch, which
    takes longer: t-SNE and UMAP begin with the PCA map then. Every frame is turned and reflected
    onto the last and equally large: its centre is at 0 and the root mean square distance from there
    is 1. PCA that goes on follows the directions of largest spread within a few frames.

    ``seed``: of the random draws in PCA and UMAP. The same frames in the same order come out the
    same. It starts no thread, and is meant to be called by one at a time; other mappers may be at
    work in other threads.
    """

    def __init__(self, seed: Whole = 0) -> None:
        self.seed: int = plain(seed)
        self._method = "PCA"
        self._last: Floats | None = None
        self._sizes: dict[str, float] = {}

    def __getstate__(self) -> dict[str, Any]:
        """What a copy or a pickle is made of: it goes on by itself from the same frame."""
        return self.__dict__ | {"_sizes": dict(self._sizes)}

    def go_on(self, start: Floats, method: str) -> None:
        """Let the next frame go on from ``start``, float [N, 2], a map of these points by
        ``method``: a film's frame before a gap, say, or after it to draw the gap backwards.

        Raises :class:`DannError` for an unknown ``method`` and :class:`DataError` for a map that is
        none.
        """
        maker(method)
        self._last, self._method = of_unit_size(fitting(start, len(start)))[0], method

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
        make = maker(method)
        values = checked(features, least=LEAST)
        if self._last is not None and len(self._last) != len(values):
            raise DataError(
                f"{len(values)} points after {len(self._last)}: the frames of a Mapper show the "
                "same points. Make a new Mapper for others."
            )
        if alike(values):
            return np.zeros((len(values), 2), np.float32)
        with threadpool_limits(1):
            reduced = principal(values, self.seed)
            start = of_unit_size(reduced[:, :2])[0] if self._last is None else self._last
            alike_maps = method == self._method or "PCA" not in (method, self._method)
            goes_on = alike_maps and not afresh
            size = self._sizes.get(method, _usual_size(method, len(values))) if goes_on else None
            positions, size = of_unit_size(make(reduced, start, size, self.seed))
        if not np.isfinite(positions).all():
            raise DataError(f"{method} of these features is not finite. Choose another map.")
        self._last = of_unit_size(onto(positions, start))[0]
        self._sizes[method] = size
        self._method = method
        return self._last.copy()


def warm_up(method: str) -> float:
    """Import and compile what the first frame of ``method`` needs; returns the seconds it took.

    UMAP takes several, as numba compiles it: run this in a thread of its own, and say so to whoever
    waits. A second call returns the same number at once. Raises :class:`DannError` for an unknown
    method.
    """
    maker(method)
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


def _usual_size(method: str, points: int) -> float:
    # What they come to on digits: t-SNE's area grows with the points, UMAP's hardly.
    return float(np.sqrt(points)) if method == "t-SNE" else 7.0
