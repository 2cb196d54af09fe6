"""The maps: what they keep of the features, that they repeat, and that they stay put."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from dann_core.errors import DataError
from dann_lab.maps import points, still

Map = Callable[..., np.ndarray]
ALL = [still.pca, still.tsne, still.umap]


def groups(n: int = 40, d: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Three groups of points far apart, and which group each is of."""
    random = np.random.default_rng(seed)
    which = np.arange(3 * n) % 3
    centres = 8 * random.normal(size=(3, d))
    return (centres[which] + random.normal(size=(3 * n, d))).astype(np.float32), which


def with_own_group(positions: np.ndarray, which: np.ndarray) -> float:
    """The share of points whose nearest neighbour is of their own group."""
    distances = np.linalg.norm(positions[:, None] - positions, axis=-1)
    np.fill_diagonal(distances, np.inf)
    return float((which[distances.argmin(axis=1)] == which).mean())


@pytest.mark.parametrize("make", ALL)
def test_a_map_keeps_groups_apart_and_repeats(make: Map) -> None:
    features, which = groups()
    positions = make(features)
    assert positions.shape == (120, 2)
    assert positions.dtype == np.float32
    assert np.isfinite(positions).all()
    assert with_own_group(positions, which) == 1
    np.testing.assert_array_equal(make(torch.from_numpy(features)), positions)


def test_pca_of_a_plane_keeps_its_distances() -> None:
    plane = np.random.default_rng(0).normal(size=(50, 2)) * [3, 1]
    embedding = np.linalg.qr(np.random.default_rng(1).normal(size=(30, 2)))[0]
    positions = still.pca((plane @ embedding.T).astype(np.float32))
    for places in (positions, plane):
        places -= places.mean(axis=0)
    np.testing.assert_allclose(
        np.linalg.norm(positions, axis=1), np.linalg.norm(plane, axis=1), rtol=1e-3, atol=1e-3
    )


@pytest.mark.parametrize("make", [still.tsne, still.umap])
def test_features_that_are_all_the_same_give_one_point(make: Map) -> None:
    positions = make(np.ones((40, 60), np.float32))
    assert not positions.any()


@pytest.mark.parametrize("make", ALL)
def test_fewer_points_than_the_dimensions_that_pca_keeps_can_be_mapped(make: Map) -> None:
    features, _ = groups(n=7)
    options = {"perplexity": 5.0} if make is still.tsne else {}
    assert np.isfinite(make(features, **options)).all()


@pytest.mark.parametrize("make", ALL)
def test_what_cannot_be_mapped_is_named(make: Map) -> None:
    features, _ = groups()
    with pytest.raises(DataError, match="2 points are too few"):
        make(features[:2])
    with pytest.raises(DataError, match="NaN"):
        make(np.where(np.arange(120)[:, None] == 7, np.nan, features))
    with pytest.raises(DataError, match=r"shape \[120\]"):
        make(features[:, 0])


def test_limits_are_named() -> None:
    features, _ = groups()
    with pytest.raises(DataError, match=r"perplexity=120.*under the number of points, 120"):
        still.tsne(features, perplexity=120)


def test_only_a_random_start_leaves_tsne_to_the_seed() -> None:
    features, _ = groups()

    def moved(**options: bool) -> float:
        one, other = (still.tsne(features, seed=seed, **options) for seed in (0, 1))
        return float(np.abs(one - other).mean() / one.std())

    assert moved() < 0.1
    assert moved(random_start=True) > 0.3


def test_points_among_their_own_are_told_by_distances_in_the_features() -> None:
    random = np.random.default_rng(0)
    source = random.normal(size=(50, 20)).astype(np.float32)
    far = random.normal(size=(15, 20)).astype(np.float32) + 30
    near = source[:5] + np.float32(0.01)
    alone = points.among_their_own(source, torch.from_numpy(np.concatenate([far, near])))
    np.testing.assert_array_equal(alone, np.arange(20) < 15)


def test_the_map_is_the_same_for_the_same_features() -> None:
    features = np.random.default_rng(0).normal(size=(60, 20)).astype(np.float32)
    first, second = (still.tsne(features, perplexity=5) for _ in range(2))
    assert first.shape == (60, 2)
    assert first.dtype == np.float32
    assert (first == second).all()


def test_a_collapsed_network_still_gets_a_map() -> None:
    positions = still.tsne(np.ones((50, 20), dtype=np.float32))
    assert np.isfinite(positions).all()


@pytest.mark.parametrize("size", [1e12, 1e30, 1e38])
def test_features_of_any_size_have_maps(size: float) -> None:
    """A huge lambda makes features whose squares no float32 holds."""
    values = np.random.default_rng(0).uniform(-1, 1, (40, 6)).astype(np.float32)
    for draw in (still.pca, still.tsne):
        positions = draw((values * np.float32(size)).astype(np.float32))
        assert np.isfinite(positions).all()
        assert np.ptp(positions) > 0
