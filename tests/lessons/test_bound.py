"""The bound on the target's error: it is one, and its parts are what their names say."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from dann_core.domains import Domain, DomainPair, Split
from dann_core.model import DANN
from dann_core.moons import MOONS_RECIPE, POINTS, MoonsTrainer, moons_trainer
from dann_lab.figures.bound import about, bars
from dann_lab.figures.theme import DARK
from dann_lab.lessons.bound import bound
from dann_lab.lessons.shifts import SHIFTS, shifted_pair

MADE = [name for name, shift in SHIFTS.items() if shift.make]


def seen_as_they_are(pair_of: dict[str, tuple[np.ndarray, np.ndarray]]) -> tuple[DANN, DomainPair]:
    """A network whose features are its inputs, and which says 1 where x is above 0."""
    label = nn.Linear(2, 2)
    with torch.no_grad():
        label.weight[:] = torch.tensor([[-1.0, 0.0], [1.0, 0.0]])
        label.bias[:] = 0
    domains = []
    for name, (points, labels) in pair_of.items():
        split = Split(torch.from_numpy(points).float(), torch.from_numpy(labels).long())
        domains.append(Domain(name, split, split, split))
    pair = DomainPair("x", *domains, classes=2, build={"pair": "x", "id": "x", "sha256": None})
    return DANN(nn.Identity(), label, nn.Linear(2, 2)), pair


def cloud(x: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal([x, 0], 0.1, (POINTS, 2))


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("seed", range(3))
def test_no_target_error_is_above_it_at_any_time_of_any_run(name: str, seed: int) -> None:
    pair = shifted_pair(name, seed=seed)
    trainer = moons_trainer(seed=seed, steps=120, lambda_=1.0)
    trainer.face(pair)
    for record in trainer:
        if record.step % 15 == 1:
            found = bound(trainer.model, pair)
            judged = trainer.evaluate()
            assert found.target <= found.whole + 1e-6
            assert found.source == pytest.approx(1 - judged.source_accuracy)
            assert found.target == pytest.approx(1 - judged.target_accuracy)
            assert min(found.source, found.distance, found.joint, found.target) >= 0
            assert found.distance <= 1 + 1e-6


def test_clouds_far_apart_have_the_largest_distance_and_equal_ones_none() -> None:
    ones = np.ones(POINTS, int)
    model, apart = seen_as_they_are({"s": (cloud(-5), 0 * ones), "t": (cloud(5), ones)})
    assert bound(model, apart).distance == pytest.approx(1)
    model, same = seen_as_they_are({"s": (cloud(0), ones), "t": (cloud(0), ones)})
    assert bound(model, same).distance == pytest.approx(0, abs=1e-6)


def test_swapped_labels_are_in_the_joint_error_alone() -> None:
    points = np.concatenate([cloud(-5)[::2], cloud(5)[::2]])
    labels = (points[:, 0] > 0).astype(int)
    model, pair = seen_as_they_are({"s": (points, labels), "t": (points, 1 - labels)})
    found = bound(model, pair)
    assert (found.source, found.target) == (0, 1)
    assert found.distance == pytest.approx(0, abs=1e-6)
    assert found.joint == pytest.approx(1)


def test_the_joint_error_is_that_of_the_best_line_not_of_the_network() -> None:
    up = np.array([0, 5])
    points = np.concatenate([cloud(0)[::2] + up, cloud(0)[::2] - up])
    labels = (points[:, 1] > 0).astype(int)  # the network looks at x, where nothing is to be seen
    model, pair = seen_as_they_are({"s": (points, labels), "t": (points, labels)})
    found = bound(model, pair)
    assert found.source == pytest.approx(0.5, abs=0.2)
    assert found.joint == 0


def test_aligned_wrongly_the_distance_shrinks_and_the_joint_error_grows() -> None:
    pair = shifted_pair("counterexample", seed=0)
    trainer = MoonsTrainer(pair, MOONS_RECIPE, device="cpu")
    for _ in range(100):
        next(trainer)
    before = bound(trainer.model, pair)
    for _ in trainer:
        pass
    after = bound(trainer.model, pair)
    assert after.source < 0.1
    assert after.distance < before.distance - 0.2
    assert after.joint > before.joint + 0.2
    assert after.target > 0.8


def test_the_bars_stand_end_to_end_and_the_sentence_has_their_numbers() -> None:
    figure = bars(0.01, 0.25, 0.4, 0.3, DARK)
    (bar,) = figure["data"]
    assert bar["base"] == pytest.approx([0, 0.01, 0.26, 0])
    assert bar["x"] == [0.01, 0.25, 0.4, 0.3]
    assert figure["layout"]["font"]["color"] == DARK.text
    said = about(0.01, 0.25, 0.4, 0.3)
    assert "cannot be above 0.66. It is 0.30" in said
    assert "at least 34 % of the target is right" in said
    assert "promises nothing" in about(0.1, 0.9, 0.3, 0.5)
