"""The ways in which a target can differ: which points there are, and what is the same of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from dann_core.errors import DataError, RecipeError
from dann_core.moons import POINTS, moons_pair, moons_trainer
from dann_lab.lessons.shifts import (
    DRAWN,
    SHIFTS,
    Drawn,
    TooFewPoints,
    drawn_from,
    drawn_pair,
    shifted_pair,
)

MADE = [name for name, shift in SHIFTS.items() if shift.make]


@pytest.mark.parametrize("name", MADE)
def test_each_has_as_many_points_as_moons_and_is_the_same_for_the_same_seed(name: str) -> None:
    one, again, other = (shifted_pair(name, seed=seed) for seed in (3, 3, 4))
    for domain in (one.source, one.target):
        for split in (domain.train, domain.validation, domain.test):
            assert split.images.shape == (POINTS, 2)
            assert split.images.dtype == torch.float32
            assert set(split.labels.tolist()) <= {0, 1}
    for a, b, c in zip(*((p.source, p.target) for p in (one, again, other)), strict=True):
        assert torch.equal(a.train.images, b.train.images)
        assert not torch.equal(a.train.images, c.train.images)
        assert not torch.equal(a.train.images, a.test.images)
    assert one.build == again.build != other.build


@pytest.mark.parametrize("name", [name for name in MADE if name != "counterexample"])
def test_the_source_is_the_moons(name: str) -> None:
    assert torch.equal(
        shifted_pair(name, seed=2).source.train.images, moons_pair(0, 2).source.train.images
    )


def test_turned_is_what_moons_are() -> None:
    pair = shifted_pair("turned", 50, 1)
    assert torch.equal(pair.target.test.images, moons_pair(50, 1).target.test.images)


def test_moved_points_keep_their_form_and_their_labels() -> None:
    flat, moved = moons_pair(0, 1).target.train, shifted_pair("moved", 0.7, 1).target.train
    apart = moved.images - flat.images
    np.testing.assert_allclose(apart, [[0, 0.7]] * POINTS, atol=1e-6)
    assert torch.equal(moved.labels, flat.labels)


@pytest.mark.parametrize("share", [0, 10, 50, 100])
def test_the_lower_moon_has_the_share_that_is_asked_for(share: int) -> None:
    pair = shifted_pair("shares", share)
    assert float(pair.target.train.labels.float().mean()) == pytest.approx(share / 100)
    assert float(pair.source.train.labels.float().mean()) == 0.5
    # What is there lies where the turned moons lie: each of its points has one of theirs nearby.
    apart = torch.cdist(pair.target.train.images, moons_pair(35, 0).target.train.images)
    assert float(apart.min(dim=1).values.max()) < 0.5


def test_a_missing_class_is_missing_in_the_target_alone() -> None:
    pair = shifted_pair("missing")
    assert set(pair.target.test.labels.tolist()) == {0}
    assert set(pair.source.test.labels.tolist()) == {0, 1}


def test_swapped_points_lie_where_the_sources_own_class_does_not() -> None:
    flat, swapped = moons_pair(0, 5).target.train, shifted_pair("swapped", seed=5).target.train
    assert torch.equal(flat.images, swapped.images)
    assert torch.equal(flat.labels, 1 - swapped.labels)


def test_in_the_counterexample_the_middle_is_class_1_in_both_domains() -> None:
    pair = shifted_pair("counterexample", seed=4)
    for domain in (pair.source, pair.target):
        middle = (domain.train.images[:, 0].abs() < 0.5).long()
        assert torch.equal(middle, domain.train.labels)
    right = [
        d.train.images[:, 0] > d.train.images[:, 0].median() for d in (pair.source, pair.target)
    ]
    source, target = (
        float((side.long() == d.train.labels).float().mean())
        for side, d in zip(right, (pair.source, pair.target), strict=True)
    )
    assert source > 0.85
    assert target < 0.15


@pytest.mark.parametrize("name", ["", "turn", DRAWN, None])
def test_an_unknown_shift_names_those_there_are(name: str) -> None:
    with pytest.raises(DataError, match="Choose one of: turned, moved"):
        shifted_pair(name)


@pytest.mark.parametrize("amount", [-1, 181, math.nan, "35", True])
def test_an_amount_beyond_the_slider_is_named(amount: float) -> None:
    with pytest.raises(RecipeError, match="amount="):
        shifted_pair("turned", amount)


def test_a_drawing_begins_with_points_of_both_domains() -> None:
    begun = drawn_from(moons_pair(), each=30)
    assert [sum(p.domain == d for p in begun) for d in (0, 1)] == [30, 30]
    assert {p.label for p in begun} == {0, 1}


def test_what_is_drawn_is_what_trains_however_few_points() -> None:
    drawn = [Drawn(0, 1, 0, 0), Drawn(1, 0, 0, 1), Drawn(-1, -1, 1, 1)]
    pair = drawn_pair(drawn)
    assert pair.source.train.images.shape == pair.target.train.images.shape == (POINTS, 2)
    assert {tuple(p) for p in pair.source.train.images.tolist()} == {(0.0, 1.0), (1.0, 0.0)}
    assert {tuple(p) for p in pair.target.train.images.tolist()} == {(-1.0, -1.0)}
    trainer = moons_trainer(steps=5)
    trainer.face(pair)
    assert [record.step for record in trainer] == [1, 2, 3, 4, 5]
    assert trainer.evaluate().images == POINTS


@pytest.mark.parametrize(
    "drawn",
    [
        [],
        [Drawn(0, 1, 0, 0), Drawn(1, 0, 0, 1)],
        [Drawn(0, 1, 0, 0), Drawn(1, 0, 1, 0)],
        [Drawn(0, 1, 1, 0), Drawn(1, 0, 1, 1)],
    ],
)
def test_too_few_points_say_what_is_missing(drawn: list[Drawn]) -> None:
    with pytest.raises(TooFewPoints, match="both classes of the source, and at least one"):
        drawn_pair(drawn)
