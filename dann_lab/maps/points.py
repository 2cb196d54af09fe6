"""The points of a map: what they have to be, and how one map is laid onto another."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits
from torch import Tensor

from dann_core.errors import DataError

Floats = npt.NDArray[np.float32]


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
    """Whether all points of float32 [N, d] are the same, as in a collapsed network: nothing can be
    spread out."""
    return float(np.ptp(values, axis=0).max()) == 0


def fitting(former: Floats, points: int) -> Floats:
    """``former`` as a centred map of ``points`` points, or a :class:`DataError`."""
    values = np.asarray(former, dtype=np.float32)
    if values.shape != (points, 2) or not np.isfinite(values).all():
        raise DataError(
            f"A former map has shape {list(values.shape)}: it must be of the same points, "
            f"[{points}, 2], all finite."
        )
    return values - values.mean(axis=0)


def onto(positions: npt.NDArray[Any], former: Floats) -> Floats:
    """A map [N, 2], turned, reflected, moved and scaled to lie on ``former`` as well as can be.

    Raises :class:`DataError` if ``former`` is no map of as many points.
    """
    there = fitting(former, len(positions))
    centred = positions - positions.mean(axis=0)
    # Orthogonal Procrustes. The scale is the ratio of the spreads, not the best fit's, which would
    # shrink a map that has changed a lot.
    left, _, right = np.linalg.svd(centred.T @ there)
    size = float(np.linalg.norm(centred))
    scale = float(np.linalg.norm(there)) / size if size else 1.0
    moved = scale * centred @ (left @ right) + np.asarray(former).mean(axis=0)
    return moved.astype(np.float32)


def of_unit_size(positions: npt.NDArray[Any]) -> tuple[Floats, float]:
    """A map [N, 2], centred, with root mean square distance 1 from there: float32 [N, 2]; and how
    much that was before."""
    centred = positions - positions.mean(axis=0)
    size = float(np.sqrt((centred**2).sum(axis=1).mean()))
    return (centred / max(size, 1e-12)).astype(np.float32), size


def among_their_own(
    source: Floats | Tensor, target: Floats | Tensor, neighbours: int = 10
) -> npt.NDArray[np.bool_]:
    """Which target points have no source point among their nearest neighbours: bool [M].

    ``source``: float [N, d], ``target``: float [M, d]; the distances are those of the features
    themselves, not of a map. Raises :class:`DataError` for too few points or values that are not
    finite.
    """
    from sklearn.neighbors import NearestNeighbors

    first, second = (checked(points, least=neighbours + 1) for points in (source, target))
    with threadpool_limits(1):
        search = NearestNeighbors(n_neighbors=neighbours).fit(np.concatenate([first, second]))
        # A point is not its own neighbour: the first column is that point.
        nearest = search.kneighbors(second, neighbours + 1, return_distance=False)[:, 1:]
    alone: npt.NDArray[np.bool_] = (nearest >= len(first)).all(axis=1)
    return alone
