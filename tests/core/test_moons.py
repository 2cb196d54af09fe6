"""The moons: the same training where everything can be worked out, and three ways to write it."""

from __future__ import annotations

import math
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from dann_core.checkpoints import SINCE_4
from dann_core.errors import DataError, RecipeError
from dann_core.moons import FORMS, POINTS, MoonsTrainer, moons_pair, moons_trainer
from dann_core.reversal import reverse_gradient

LAMBDA = 0.3


@pytest.fixture(autouse=True)
def one_thread() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_a_run_of_the_third_format_goes_on_as_it_began(tmp_path: Path) -> None:
    """Their network had no name in a recipe then."""
    whole, begun = moons_trainer(steps=6), moons_trainer(steps=6)
    for _ in range(3):
        next(begun)
    state = {k: v for k, v in begun.state_dict().items() if k not in SINCE_4}
    state |= {"format": 3, "recipe": state["recipe"] | {"network": "tutorial"}}
    torch.save(state, tmp_path / "old.pt")
    again = MoonsTrainer.resume(tmp_path / "old.pt", moons_pair(), device="cpu")
    assert [*begun.history, *again] == list(whole)


def test_the_target_is_the_same_kind_of_moons_turned() -> None:
    flat, turned = moons_pair(0), moons_pair(90)
    x, y = flat.target.train.images.T
    torch.testing.assert_close(turned.target.train.images, torch.stack([-y, x], dim=1))
    assert torch.equal(flat.source.train.images, turned.source.train.images)
    assert torch.equal(flat.target.train.labels, turned.target.train.labels)
    assert not torch.equal(flat.source.train.images, flat.target.train.images)  # draws of its own
    for split in (flat.source.train, flat.target.test):
        assert split.images.shape == (POINTS, 2)
        assert split.images.dtype == torch.float32
        assert split.labels.bincount().tolist() == [POINTS // 2, POINTS // 2]


@pytest.mark.parametrize("rotation", [math.nan, math.inf])
def test_an_angle_has_to_be_a_number(rotation: float) -> None:
    with pytest.raises(DataError, match=f"rotation={rotation}"):
        moons_pair(rotation)


def test_the_same_seed_gives_the_same_run_and_another_another() -> None:
    runs = [moons_trainer(seed=seed, steps=20) for seed in (3, 3, 4)]
    first, again, other = ([record.label_loss for record in run] for run in runs)
    assert first == again
    assert first != other


def gradients_of(trainer: MoonsTrainer, loss: Tensor) -> dict[str, Tensor]:
    names, weights = zip(*trainer.model.named_parameters(), strict=True)
    found = torch.autograd.grad(loss, weights, allow_unused=True)
    return {n: g for n, g in zip(names, found, strict=True) if g is not None}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_takes_the_step_that_its_loss_as_written_takes(form: Any) -> None:
    trainer = moons_trainer(steps=50, lambda_=LAMBDA)
    for _ in range(10):
        next(trainer)
    trainer.form = form
    before = deepcopy(trainer.model.state_dict())

    source, target = trainer.pair.source.train, trainer.pair.target.train
    features = trainer.model.feature_extractor(torch.cat([source.images, target.images]))
    domains = torch.arange(2).repeat_interleave(POINTS)
    label_loss = F.cross_entropy(trainer.model.label_predictor(features[:POINTS]), source.labels)

    def domain_loss(strength: float | None) -> Tensor:
        seen = features if strength is None else reverse_gradient(features, strength)
        return F.cross_entropy(trainer.model.domain_classifier(seen), domains)

    written = {
        "reverse": lambda: label_loss + domain_loss(LAMBDA),
        "subtract": lambda: label_loss - LAMBDA * domain_loss(None),
        "scale": lambda: label_loss + LAMBDA * domain_loss(1.0),
    }[form]()
    expected = gradients_of(trainer, written)

    velocity = {
        name: trainer.optimiser.state[weight]["momentum_buffer"].clone()
        for name, weight in trainer.model.named_parameters()
    }
    record = next(trainer)
    for name, after in trainer.model.named_parameters():
        step = (before[name] - after) / record.learning_rate
        momentum = trainer.recipe.momentum * velocity[name]
        torch.testing.assert_close(step - momentum, expected[name], rtol=1e-3, atol=2e-4)


def test_pushes_are_minus_the_slope_of_each_loss() -> None:
    trainer = moons_trainer(steps=50)
    for _ in range(30):
        next(trainer)
    trainer.model.double()
    trainer.pair = type(trainer.pair)(
        "moons",
        *(
            type(d)(d.name, *(type(s)(s.images.double(), s.labels) for s in splits(d)))
            for d in (trainer.pair.source, trainer.pair.target)
        ),
        classes=2,
    )
    pushes = trainer.pushes(LAMBDA)
    model, labels = trainer.model, trainer.pair.source.train.labels
    small = 1e-6
    for point in (0, 7, POINTS + 3):
        for axis in range(2):
            moved = [pushes.features.clone(), pushes.features.clone()]
            for sign, features in zip((1, -1), moved, strict=True):
                features[point, axis] += sign * small
            domain = torch.tensor([int(point >= POINTS)])
            slopes = [
                F.cross_entropy(model.domain_classifier(f[point : point + 1]), domain).item()
                for f in moved
            ]
            slope = (slopes[0] - slopes[1]) / (2 * small)
            assert pushes.domain[point, axis].item() == pytest.approx(-slope, abs=1e-6)
            assert pushes.reversed_[point, axis].item() == pytest.approx(LAMBDA * slope, abs=1e-6)
            if point < POINTS:
                losses = [
                    F.cross_entropy(
                        model.label_predictor(f[point : point + 1]), labels[point : point + 1]
                    ).item()
                    for f in moved
                ]
                slope = (losses[0] - losses[1]) / (2 * small)
                assert pushes.label[point, axis].item() == pytest.approx(-slope, abs=1e-6)
    assert not pushes.label[POINTS:].any()  # nobody uses the target's labels


def splits(domain: Any) -> list[Any]:
    return [domain.train, domain.validation, domain.test]


def test_turning_the_target_leaves_the_network_and_moves_what_it_sees() -> None:
    trainer = moons_trainer(steps=50)
    for _ in range(5):
        next(trainer)
    weights = deepcopy(trainer.model.state_dict())
    trainer.turn(80, seed=0)
    for name, value in trainer.model.state_dict().items():
        assert torch.equal(value, weights[name])
    seen, _ = next(trainer.batches[1])
    there = {tuple(point) for point in moons_pair(80).target.train.images.tolist()}
    assert {tuple(point) for point in seen.tolist()} == there


def test_reversal_adapts_and_a_subtracted_loss_only_spoils_the_classifier() -> None:
    def finished(**changes: Any) -> MoonsTrainer:
        trainer = moons_trainer(seed=0, **changes)
        return trainer

    reached = {}
    losses = {}
    for name in ("source", *FORMS[:2]):
        trainer = finished(mode="source") if name == "source" else finished(lambda_=1.0)
        if name != "source":
            trainer.form = name  # type: ignore[assignment]
        for _ in trainer:
            pass
        reached[name] = trainer.evaluate().target_accuracy
        losses[name] = trainer.history[-1].domain_loss
    assert reached["reverse"] > reached["source"] + 0.15
    assert reached["subtract"] < reached["source"] + 0.1
    assert abs(losses["reverse"] - math.log(2)) < 0.1
    assert losses["subtract"] > 100


@pytest.mark.parametrize("form", FORMS)
def test_only_the_domain_classifier_learns_in_slow_motion(form: Any) -> None:
    trainer = moons_trainer(steps=50, lambda_=1.0)
    trainer.part, trainer.form = "domain", form
    before = deepcopy(trainer.model.state_dict())
    next(trainer)
    moved = {
        name.split(".")[0]
        for name, value in trainer.model.state_dict().items()
        if not torch.equal(value, before[name])
    }
    assert moved == {"domain_classifier"}


@pytest.mark.parametrize("mode", ["source", "dann", "target"])
def test_other_points_are_those_that_the_next_step_sees_in_every_mode(mode: str) -> None:
    given, other = moons_pair(0, seed=1), moons_pair(90, seed=2)
    faced = moons_trainer(seed=3, steps=5, mode=mode)
    faced.face(given)
    faced.face(other)
    recipe = faced.recipe
    fresh = MoonsTrainer(other, recipe, device="cpu")
    for a, b in zip(faced, fresh, strict=True):
        assert a.total_loss == b.total_loss
    assert faced.evaluate().target_accuracy == fresh.evaluate().target_accuracy


@pytest.mark.parametrize("lower", [0, 15, 150])
def test_the_targets_classes_can_come_in_other_shares(lower: int) -> None:
    usual, pair = moons_pair(35, seed=1), moons_pair(35, seed=1, lower=lower)
    assert int(pair.target.train.labels.sum()) == lower
    assert torch.equal(pair.source.train.images, usual.source.train.images)
    assert pair.build["id"] == f"{usual.build['id']}-lower{lower}"


@pytest.mark.parametrize("lower", [-1, 151, 7.5, "15"])
def test_no_other_number_of_points_is_taken(lower: Any) -> None:
    with pytest.raises(RecipeError, match="lower="):
        moons_pair(lower=lower)
