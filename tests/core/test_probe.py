"""The domain probe: what it says of domains whose distance is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dann_core.errors import DataError
from dann_core.probe import Probe, domain_probe


def gaussian(n: int, shift: float = 0.0, seed: int = 0, d: int = 20) -> np.ndarray:
    return (np.random.default_rng(seed).normal(size=(n, d)) + shift).astype(np.float32)


def test_domains_far_apart_have_distance_two() -> None:
    probe = domain_probe(gaussian(200), gaussian(200, shift=5, seed=1))
    assert probe.error == 0
    assert probe.a_distance == 2
    assert 0 < probe.uncertainty < 0.1  # no error seen is not certainty
    assert probe.n == 200  # half of each domain


def test_the_same_distribution_has_distance_about_zero() -> None:
    probe = domain_probe(gaussian(1000), gaussian(1000, seed=1))
    assert abs(probe.a_distance) < 4 * probe.uncertainty
    assert probe.uncertainty == pytest.approx(4 * np.sqrt(0.25 / 1000), rel=0.01)


def test_the_distance_follows_from_the_error() -> None:
    probe = domain_probe(gaussian(400), gaussian(400, shift=0.3, seed=1))
    assert 0.05 < probe.error < 0.45
    assert probe.a_distance == pytest.approx(2 * (1 - 2 * probe.error))


def test_features_learnt_by_heart_do_not_count() -> None:
    """More features than examples: every training example can be told apart, noise or not."""
    probe = domain_probe(gaussian(100, d=2000), gaussian(100, seed=1, d=2000))
    assert 0.3 < probe.error < 0.7


def test_features_that_are_all_the_same_are_guessed() -> None:
    same = torch.ones(50, 8)
    probe = domain_probe(same, same)
    assert (probe.error, probe.a_distance) == (0.5, 0)


def test_a_seed_gives_the_same_probe_for_tensors_and_arrays() -> None:
    source, target = gaussian(60), gaussian(60, shift=0.3, seed=1)
    first = domain_probe(source, target, seed=3)
    assert isinstance(first, Probe)
    assert domain_probe(torch.from_numpy(source), torch.from_numpy(target), seed=3) == first
    assert any(domain_probe(source, target, seed=k) != first for k in range(5))


@pytest.mark.parametrize(
    ("source", "target", "says"),
    [
        (gaussian(5), gaussian(5), r"source_features has shape \[5, 20\].*at least 10"),
        (gaussian(20), np.zeros((20, 3, 4), np.float32), r"target_features has shape \[20, 3, 4\]"),
        (gaussian(20), gaussian(21), "as many of each domain"),
        (gaussian(20), gaussian(20, d=3), "the same network"),
        (gaussian(20), gaussian(20, shift=np.nan), "target_features holds NaN"),
    ],
)
def test_what_cannot_be_compared_is_named(
    source: np.ndarray, target: np.ndarray, says: str
) -> None:
    with pytest.raises(DataError, match=says):
        domain_probe(source, target)


def test_features_of_any_size_have_the_same_probe() -> None:
    """A huge lambda makes features whose squares no float32 holds."""
    random = np.random.default_rng(0)
    source, target = random.uniform(-1, 1, (2, 40, 6)).astype(np.float32)
    target += 0.5
    usual = domain_probe(source, target)
    for power in (40, 120):
        assert (
            domain_probe(source * np.float32(2.0**power), target * np.float32(2.0**power)) == usual
        )
