"""Ctrl-C, and whatever else ends a step before its end: the history stays what it would be."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import torch
from interrupting import ctrl_c, interrupted_at
from tiny import tiny_pair
from torch import Tensor

from dann_core.errors import TrainingDiverged
from dann_core.evaluation import features, predict
from dann_core.interrupts import uninterrupted
from dann_core.moons import moons_trainer
from dann_core.observing import keep_snapshot, take_snapshot
from dann_core.recipe import preset
from dann_core.training import Trainer

OURS = ("dann_core", "contextlib")


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def digits(**changes: Any) -> Trainer:
    """With batch norm and dropout, whose state a step changes before the weights."""
    recipe = preset("quick", steps=20, batch_size=8, domain_width=8, **changes)
    return Trainer(tiny_pair(), recipe, device="cpu")


def same(one: Any, other: Any) -> bool:
    """Whether two trainers are at the same place bit for bit, and so is all that will follow."""
    if isinstance(one, Trainer):
        return same(one.state_dict(), other.state_dict())
    if isinstance(one, Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def trained(trainer: Trainer, steps: int) -> Trainer:
    while trainer.step < steps:
        next(trainer)
    return trainer


def test_ctrl_c_waits_for_the_end_of_the_block() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt):
        with uninterrupted():
            for _ in range(3):
                ctrl_c()
                done.append("a bit")
        done.append("what follows")
    assert done == ["a bit"] * 3
    with pytest.raises(KeyboardInterrupt):
        ctrl_c()


def test_ctrl_c_is_let_in_where_nothing_is_half_done() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted() as let_in:
        let_in()
        ctrl_c()
        done.append("whole")
        let_in()
        done.append("too much")
    assert done == ["whole"]


def test_the_outermost_of_several_blocks_counts() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        with uninterrupted() as let_in:
            ctrl_c()
            let_in()
            done.append("inside")
        done.append("outside")
    assert done == ["inside", "outside"]


def test_an_error_inside_is_not_lost() -> None:
    with pytest.raises(KeyboardInterrupt) as raised, uninterrupted():
        ctrl_c()
        raise KeyError("why")
    assert isinstance(raised.value.__context__, KeyError)


def test_the_programs_own_answer_to_ctrl_c_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        with uninterrupted():
            ctrl_c()
            assert heard == []
        assert heard == [signal.SIGINT]
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with uninterrupted():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
            ctrl_c()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_trains_while_the_main_one_is_interrupted() -> None:
    trainer = digits()
    began, go_on = threading.Event(), threading.Event()

    def wait(*_: object) -> None:
        began.set()
        assert go_on.wait(60)

    hook = trainer.model.feature_extractor.register_forward_hook(wait)
    thread = threading.Thread(target=lambda: trained(trainer, 3))
    thread.start()
    try:
        assert began.wait(60)
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()
    finally:
        go_on.set()
        thread.join(60)
    hook.remove()
    assert same(trainer, trained(digits(), 3))


@pytest.mark.parametrize(("make", "apart"), [(digits, 7), (moons_trainer, 3)])
def test_wherever_ctrl_c_comes_in_a_step_the_history_is_the_same(
    make: Callable[[], Trainer], apart: int
) -> None:
    expected = trained(make(), 4)
    line = 1
    while True:
        trainer = trained(make(), 2)
        came, lines = interrupted_at(line, lambda trainer=trainer: next(trainer), *OURS)
        if line > lines:
            break
        assert came, f"line {line} of {lines}"
        assert same(trained(trainer, 4), expected), f"line {line} of {lines}"
        line += apart
    assert line > 30 * apart


def forward(trainer: Trainer, act: Callable[..., None]) -> Any:
    return trainer.model.label_predictor.register_forward_hook(act)


def backward(trainer: Trainer, act: Callable[..., None]) -> Any:
    return trainer.model.feature_extractor.conv2.register_full_backward_hook(act)


def before_the_weights_move(trainer: Trainer, act: Callable[..., None]) -> Any:
    return trainer.optimiser.register_step_pre_hook(act)


def after_they_moved(trainer: Trainer, act: Callable[..., None]) -> Any:
    return trainer.optimiser.register_step_post_hook(act)


@pytest.mark.parametrize("place", [forward, backward, before_the_weights_move, after_they_moved])
def test_ctrl_c_in_a_step_comes_when_its_record_is_there(place: Callable[..., Any]) -> None:
    trainer = trained(digits(), 2)

    def twice(*_: object) -> None:
        ctrl_c()
        ctrl_c()

    hook = place(trainer, twice)
    with pytest.raises(KeyboardInterrupt):
        next(trainer)
    hook.remove()
    assert trainer.step == 3
    assert trainer.history[-1].step == 3
    assert same(trained(trainer, 5), trained(digits(), 5))


def test_ctrl_c_ends_a_lambda_source_that_blocks() -> None:
    trainer = trained(digits(), 2)
    usual = trainer.lambda_source

    def blocks(step: int, progress: float) -> float:
        ctrl_c()
        raise AssertionError("it would never end")

    trainer.lambda_source = blocks
    with pytest.raises(KeyboardInterrupt):
        next(trainer)
    assert trainer.step == 2
    trainer.lambda_source = usual
    assert same(trained(trainer, 5), trained(digits(), 5))


class OutOfMemory(Exception):
    """Such as a GPU's."""


@pytest.mark.parametrize("steps", [2, 3, 6])  # the epochs of the tiny pair end after 7 and 8
@pytest.mark.parametrize("place", [forward, backward])
def test_a_step_that_fails_can_be_tried_again(place: Callable[..., Any], steps: int) -> None:
    trainer = trained(digits(), steps)

    def fail(*_: object) -> None:
        raise OutOfMemory

    hook = place(trainer, fail)
    for _ in range(3):
        with pytest.raises(OutOfMemory):
            next(trainer)
    hook.remove()
    assert trainer.step == steps
    assert same(trained(trainer, 10), trained(digits(), 10))


def test_a_lambda_source_that_fails_costs_nothing() -> None:
    trainer = trained(digits(), 2)
    usual = trainer.lambda_source

    def fails(step: int, progress: float) -> float:
        raise ZeroDivisionError

    trainer.lambda_source = fails
    with pytest.raises(ZeroDivisionError):
        next(trainer)
    trainer.lambda_source = usual
    assert same(trained(trainer, 5), trained(digits(), 5))


def test_after_a_step_that_diverged_a_smaller_lambda_goes_on_with_the_same_batch() -> None:
    trainer = trained(digits(), 2)
    usual = trainer.lambda_source
    trainer.lambda_source = lambda step, progress: 3e38
    for _ in range(2):
        with pytest.raises(TrainingDiverged):
            next(trainer)
    trainer.lambda_source = usual
    assert same(trained(trainer, 10), trained(digits(), 10))


@pytest.mark.parametrize(
    "look",
    [
        lambda trainer: trainer.evaluate(12),
        lambda trainer: take_snapshot(trainer, 12),
        lambda trainer: keep_snapshot(trainer, 12),
        lambda trainer: predict(trainer.model, trainer.pair, trainer.pair.source.test.images),
        lambda trainer: features(trainer.model, trainer.pair, trainer.pair.source.test.images),
    ],
)
def test_wherever_ctrl_c_comes_in_a_look_training_goes_on_as_before(
    look: Callable[[Trainer], object],
) -> None:
    trainer = trained(digits(), 2)
    look(trainer)  # imports what it needs
    line = 1
    while True:
        came, lines = interrupted_at(line, lambda: look(trainer), *OURS, "threadpoolctl")
        assert all(part.training for part in trainer.model.modules())
        assert torch.is_grad_enabled()
        assert not torch.is_inference_mode_enabled()
        if line > lines:
            break
        assert came, f"line {line} of {lines}"
        line += 1 + lines // 50
    trainer.history.evaluations.clear()
    assert same(trained(trainer, 4), trained(digits(), 4))


def test_ctrl_c_does_not_wait_for_all_test_images() -> None:
    trainer = Trainer(tiny_pair(test=350), preset("quick", batch_size=8), device="cpu")
    seen: list[int] = []

    def see(_: object, __: object, found: Tensor) -> None:
        seen.append(len(found))
        ctrl_c()

    trainer.model.feature_extractor.register_forward_hook(see)
    images = trainer.pair.target.test.images
    for look in (
        lambda: trainer.evaluate(),
        lambda: take_snapshot(trainer),
        lambda: predict(trainer.model, trainer.pair, images),
        lambda: features(trainer.model, trainer.pair, images),
    ):
        seen.clear()
        with suppress(KeyboardInterrupt):
            look()
        assert seen == [100]
    assert not trainer.history.evaluations
