"""Bugs that public DANN code has had, one test each, named after the bug."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import pytest
import torch
from tiny import tiny_pair
from torch import Tensor
from torch.nn import functional as F

from dann_core.domains import DomainPair
from dann_core.history import Evaluation
from dann_core.model import build_model
from dann_core.recipe import Recipe, preset
from dann_core.reversal import GradientReversal, reverse_gradient
from dann_core.schedules import paper_lambda
from dann_core.training import Trainer


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def pair() -> DomainPair:
    return tiny_pair()


def trainer_for(pair: DomainPair, name: str = "seed", **changes: Any) -> Trainer:
    return Trainer(pair, preset(name, **{"batch_size": 8, "steps": 40, **changes}), device="cpu")


def images(n: int) -> Tensor:
    return torch.rand(n, 3, 28, 28, generator=torch.Generator().manual_seed(1)) - 0.5


def test_softmax_before_cross_entropy(pair: DomainPair) -> None:
    """A second softmax bounds the loss: it can neither reach 0 nor exceed ln(e + k - 1)."""
    trainer = trainer_for(pair)
    with torch.no_grad():
        for head in (trainer.model.label_predictor, trainer.model.domain_classifier):
            head[-1].weight.mul_(50)
    record = next(trainer)
    assert record.label_loss > math.log(math.e + 9)
    assert record.domain_loss > math.log(math.e + 1)


def test_a_domain_head_with_a_softmax_over_one_class() -> None:
    """Its output is 1 whatever comes in, so its gradient is exactly zero (skada's default)."""
    model = build_model(Recipe())
    domains = model(images(8))[1]
    assert domains.shape == (8, 2)
    F.cross_entropy(domains, torch.arange(2).repeat_interleave(4)).backward()
    for part in (model.domain_classifier, model.feature_extractor):
        for p in part.parameters():
            assert p.grad is not None
            assert p.grad.abs().sum() > 0


def test_a_reversal_weight_held_by_reference() -> None:
    """A slider moved between forward and backward must not alter the gradient that is due."""
    layer, x = GradientReversal(0.5), torch.ones(3, requires_grad=True)
    strength = torch.tensor(0.5)
    pending = [layer(x), reverse_gradient(x, strength)]
    layer.lambda_ = 9.0
    strength.fill_(9.0)
    for y in pending:
        (found,) = torch.autograd.grad(y.sum(), x)
        assert found.tolist() == [-0.5] * 3


def test_a_slider_moved_in_the_middle_of_a_step(pair: DomainPair) -> None:
    """The whole step, backward pass and record, is done with the lambda that it began with."""
    slider = {"value": 0.5}
    trainer = Trainer(
        pair, preset("seed", batch_size=8), lambda_source=lambda s, p: slider["value"], device="cpu"
    )
    trainer.model.domain_classifier.register_forward_hook(lambda *_: slider.update(value=9.0))
    record = next(trainer)
    assert record.lambda_ == 0.5
    assert record.domain_gradient_after == 0.5 * record.domain_gradient_before
    assert next(trainer).lambda_ == 9.0


def test_a_schedules_counter_advanced_by_forward_passes_and_evaluations(pair: DomainPair) -> None:
    trainer = trainer_for(pair)
    next(trainer)
    for _ in range(3):
        trainer.evaluate(images=8)
        trainer.model(images(2))
    assert next(trainer).lambda_ == paper_lambda(1 / 40)


def test_a_schedule_lost_on_resume(pair: DomainPair, tmp_path: Any) -> None:
    trainer = trainer_for(pair)
    for _ in range(6):
        next(trainer)
    trainer.save(tmp_path / "run.pt")
    record = next(Trainer.resume(tmp_path / "run.pt", pair, device="cpu"))
    assert record.lambda_ == paper_lambda(6 / 40)
    assert record.learning_rate == 0.01 / (1 + 10 * 6 / 40) ** 0.75


def test_gamma_1_instead_of_10() -> None:
    assert paper_lambda(0.5) == pytest.approx(math.tanh(2.5))
    assert Recipe().lambda_source()(1, 0.5) == pytest.approx(0.9866, abs=1e-4)


def test_lambda_times_the_domain_loss(pair: DomainPair) -> None:
    """It would starve the domain classifier: at lambda 0 it would learn nothing at all."""
    moved = []
    for lambda_ in (0.0, 1.0):
        trainer = trainer_for(pair, lambda_=lambda_)
        before = trainer.model.domain_classifier[0].weight.clone()
        record = next(trainer)
        moved.append(trainer.model.domain_classifier[0].weight - before)
        assert record.total_loss == pytest.approx(record.label_loss + record.domain_loss)
    assert moved[0].abs().sum() > 0
    assert torch.equal(moved[0], moved[1])


def test_the_reversal_placed_after_the_head() -> None:
    """There it would turn the domain classifier round as well: it would unlearn the domains."""
    model, x, side = build_model(Recipe()), images(8), torch.arange(2).repeat_interleave(4)
    loss = F.cross_entropy(model(x, 1.0)[1], side)
    loss.backward()
    after = []
    for part, rate in ((model.domain_classifier, 1e-3), (model.feature_extractor, 1e-5)):
        trial = build_model(Recipe())
        name = "domain_classifier" if part is model.domain_classifier else "feature_extractor"
        with torch.no_grad():
            moving = getattr(trial, name).parameters()
            for p, source in zip(moving, part.parameters(), strict=True):
                assert source.grad is not None
                p.sub_(rate * source.grad)
            after.append(F.cross_entropy(trial(x)[1], side).item())
    assert after[0] < loss.item(), "the domain classifier descends the domain loss"
    assert after[1] > loss.item(), "and the features climb it"


def test_dropout_left_on_at_test(pair: DomainPair) -> None:
    trainer = trainer_for(pair, "quick")
    next(trainer)
    results = {dataclasses.astuple(trainer.evaluate()) for _ in range(5)}
    assert len(results) == 1
    x = pair.prepare(pair.target.test.images)
    trainer.model.eval()
    assert torch.equal(trainer.model(x)[0], trainer.model(x)[0])


@pytest.mark.parametrize("saved", [False, True])
def test_momentum_reset_each_step_or_on_resume(
    saved: bool, pair: DomainPair, tmp_path: Any
) -> None:
    """``v = 0.9 v + g``, ``w -= lr v``: three steps' moves, from the gradients alone."""
    trainer = trainer_for(pair)
    velocity = torch.zeros_like(trainer.model.label_predictor[0].weight)
    for _ in range(3):
        if saved:
            trainer.save(tmp_path / "run.pt")
            trainer = Trainer.resume(tmp_path / "run.pt", pair, device="cpu")
        weight = trainer.model.label_predictor[0].weight
        before = weight.detach().clone()
        record = next(trainer)
        assert weight.grad is not None
        velocity = 0.9 * velocity + weight.grad
        torch.testing.assert_close(
            weight.detach(), before - record.learning_rate * velocity, rtol=0, atol=1e-7
        )


def test_a_model_selected_on_target_test_labels(pair: DomainPair) -> None:
    """Training and its final weights are the same whatever the target's test labels say."""
    wrong = dataclasses.replace(pair.target.test, labels=(pair.target.test.labels + 1) % 10)
    other = dataclasses.replace(pair, target=dataclasses.replace(pair.target, test=wrong))
    finals, found = [], []
    for data in (pair, other):
        trainer = trainer_for(data, steps=6)
        for _ in trainer:
            evaluation: Evaluation = trainer.evaluate()
        found.append(evaluation.target_accuracy)
        finals.append(trainer.model.state_dict())
    assert found[0] != found[1]
    assert all(torch.equal(finals[0][key], finals[1][key]) for key in finals[0])
