"""A run taken up again at one of its steps, by another recipe or for longer, and trained again."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from dann_core.branching import Rerun, branch, difference, go_on
from dann_core.checkpoints import legs_of, read_checkpoint
from dann_core.domains import DomainPair
from dann_core.errors import CheckpointError, DataError, RecipeError
from dann_core.history import Mark
from dann_core.inputs import Inputs
from dann_core.recipe import Leg, Recipe, preset
from dann_core.schedules import constant, trace
from dann_core.training import Trainer

STEPS, FORK = 8, 3


def trained(pair: DomainPair, steps: int = FORK, **changes: Any) -> Trainer:
    recipe = preset("quick", **{"steps": STEPS, "batch_size": 8} | changes)
    trainer = Trainer(pair, recipe, device="cpu")
    for _ in range(steps):
        next(trainer)
    return trainer


def noisy(recipe: Recipe, inputs: Inputs) -> nn.Module:
    """A network that draws PyTorch's own random numbers."""
    return nn.Sequential(nn.Flatten(), nn.Linear(inputs.zeros(1).numel(), 12), nn.Dropout(0.5))


@pytest.mark.parametrize("name", ["seed", "quick", "deep"])
def test_a_branch_without_a_change_repeats_the_rest_bit_for_bit(
    stripes_pair: DomainPair, name: str
) -> None:
    trainer = Trainer(stripes_pair, preset(name, steps=STEPS, batch_size=8), device="cpu")
    for _ in range(FORK):
        next(trainer)
    other = branch(trainer)
    rest, again = list(trainer), list(other)
    assert [difference(a, b) for a, b in zip(rest, again, strict=True)] == [""] * (STEPS - FORK)
    for name, weight in trainer.model.state_dict().items():
        assert torch.equal(other.model.state_dict()[name], weight)
    assert other.history.marks == [Mark(FORK + 1, "branch", "")]
    assert other.earlier == [Leg(FORK, trainer.recipe)]


CHANGES: list[dict[str, Any]] = [
    {"mode": "source"},
    {"mode": "target"},
    {"method": "cdan"},
    {"method": "cdan+e"},
    {"method": "coral"},
    {"method": "mmd"},
    {"lambda_": 0.2},
    {"learning_rate": 0.05},
    {"optimiser": "sgd"},
    {"seed": 3},
    {"batch_size": 16},
    {"domain_width": 7},
    {"dropout": 0.0},
    {"steps": STEPS + 4},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_branch_begins_with_the_weights_and_leaves_its_parent_alone(
    stripes_pair: DomainPair, change: dict[str, Any]
) -> None:
    parent = trained(stripes_pair)
    before = copy.deepcopy(parent.model.state_dict())
    other = branch(parent, **change)
    for name in before:
        if name.startswith(("feature_extractor.", "label_predictor.")) and "_extra" not in name:
            assert torch.equal(other.model.state_dict()[name], before[name])
    done = list(other)
    assert other.step == other.recipe.steps == FORK + len(done)
    assert parent.step == FORK
    assert list(parent.history) == list(other.history)[:FORK]
    for name, weight in before.items():
        assert torch.equal(parent.model.state_dict()[name], weight)
    (mark,) = other.history.marks
    name, value = next(iter(change.items()))
    assert (mark.step, mark.kind, mark.value) == (FORK + 1, "branch", f"{name.strip('_')}={value}")
    assert not parent.history.marks


def test_what_the_optimiser_remembers_and_the_batches_go_along(stripes_pair: DomainPair) -> None:
    stopped, other = trained(stripes_pair), branch(trained(stripes_pair), lambda_=0.0)
    stopped.lambda_source = constant(0.0)
    assert [difference(a, b) for a, b in zip(stopped, other, strict=True)] == [""] * (STEPS - FORK)


def test_another_network_is_refused_in_one_sentence(stripes_pair: DomainPair) -> None:
    parent = trained(stripes_pair)
    with pytest.raises(RecipeError, match="a branch keeps its weights, and feature_extractor"):
        branch(parent, batch_norm=False)
    assert parent.step == FORK


def test_a_recipe_that_has_ended_and_an_unknown_word_are_refused(stripes_pair: DomainPair) -> None:
    parent = trained(stripes_pair)
    with pytest.raises(RecipeError, match=r"steps=3: this run has done 3 steps already"):
        branch(parent, steps=3)
    with pytest.raises(RecipeError, match="Unknown hyper-parameter 'lamda'"):
        branch(parent, lamda=2)
    with pytest.raises(TypeError, match="trainer"):
        branch("runs/mine")  # type: ignore[arg-type]


def test_more_steps_keep_lambda_and_make_a_small_wave_of_the_learning_rate(
    stripes_pair: DomainPair,
) -> None:
    trainer = trained(stripes_pair, STEPS)
    longer = go_on(trainer, 10)
    rows = list(longer)
    assert (longer.step, longer.recipe.steps) == (STEPS + 10, STEPS + 10)
    assert {row.lambda_ for row in rows} == {trainer.history[-1].lambda_}
    rates = [row.learning_rate for row in rows]
    assert rates[0] == 0
    assert max(rates) == pytest.approx(0.1 * trainer.recipe.learning_rate)
    assert rates.index(max(rates)) == 1  # a tenth of ten steps
    assert rates[1:] == sorted(rates[1:], reverse=True)
    assert [row.progress for row in rows] == pytest.approx([k / 10 for k in range(10)])
    assert longer.history.marks == [Mark(STEPS + 1, "more", 10)]
    twice = list(go_on(longer, 10))
    assert [row.learning_rate for row in twice] == rates  # a tenth of the recipe's, each time
    with pytest.raises(RecipeError, match="steps"):
        go_on(trainer, 0)
    with pytest.raises(RecipeError, match=r"has 5 steps left\. End it first"):
        go_on(trained(stripes_pair), 4)


@pytest.mark.parametrize("at", [FORK, FORK + 2, STEPS])
def test_a_branch_is_saved_and_goes_on_bit_for_bit(
    stripes_pair: DomainPair, tmp_path: Path, at: int
) -> None:
    other = branch(trained(stripes_pair), mode="source")
    while other.step < at:
        next(other)
    other.save(tmp_path / "branch.pt")
    resumed = Trainer.resume(tmp_path / "branch.pt", stripes_pair, device="cpu")
    assert (resumed.earlier, resumed.history.marks) == (other.earlier, other.history.marks)
    for a, b in zip(other, resumed, strict=True):
        assert difference(a, b) == ""


def test_a_checkpoint_of_format_5_has_no_earlier_recipe(
    stripes_pair: DomainPair, tmp_path: Path
) -> None:
    state = trained(stripes_pair).state_dict() | {"format": 5}
    del state["earlier"], state["recipe"]["begins"]
    torch.save(state, tmp_path / "old.pt")
    read = read_checkpoint(tmp_path / "old.pt")
    assert (read["earlier"], read["recipe"]["begins"]) == ([], 0)
    resumed = Trainer.resume(tmp_path / "old.pt", stripes_pair, device="cpu")
    assert [r.step for r in resumed] == list(range(FORK + 1, STEPS + 1))


@pytest.mark.parametrize("until", [-1, FORK + 1, "3"])
def test_legs_that_do_not_follow_one_another_are_no_checkpoint(
    stripes_pair: DomainPair, tmp_path: Path, until: object
) -> None:
    state = branch(trained(stripes_pair)).state_dict()
    state["earlier"][0]["until"] = until
    torch.save(state, tmp_path / "wrong.pt")
    with pytest.raises(CheckpointError, match="earlier"):
        read_checkpoint(tmp_path / "wrong.pt")


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_rerun_gives_every_number_again(stripes_pair: DomainPair, change: dict[str, Any]) -> None:
    parent = trained(stripes_pair)
    parent.lambda_source = trace([0.3] * 4 + [0.7])
    next(parent)
    other = branch(parent, **change)
    next(other)
    other.part = "domain" if "mode" not in change else "both"
    other.history.marks.append(Mark(other.step + 1, "part", other.part))
    longer = go_on(_ended(other), 3)
    list(longer)
    again = Rerun(stripes_pair, longer.recipe, longer.earlier, longer.history, device="cpu")
    found = [difference(a, b) for a, b in zip(again, longer.history, strict=True)]
    assert found == [""] * len(longer.history)
    assert again.trainer.history.marks == longer.history.marks
    assert again.trainer.recipe == longer.recipe
    for name, weight in longer.model.state_dict().items():
        assert torch.equal(again.trainer.model.state_dict()[name], weight)


def _ended(trainer: Trainer) -> Trainer:
    for _ in trainer:
        pass
    return trainer


def test_a_rerun_tells_where_a_number_is_another(stripes_pair: DomainPair) -> None:
    trainer = _ended(trained(stripes_pair, 0))
    trainer.history._table[5, 4] += 1e-6  # the label loss of step 6
    again = Rerun(stripes_pair, trainer.recipe, [], trainer.history, device="cpu")
    found = [difference(a, b) for a, b in zip(again, trainer.history, strict=True)]
    assert found == [""] * 5 + ["label_loss"] + [""] * 2


def test_a_rerun_of_nothing_is_over_at_once(stripes_pair: DomainPair) -> None:
    fresh = trained(stripes_pair, 0)
    assert list(Rerun(stripes_pair, fresh.recipe, [], fresh.history, device="cpu")) == []


def test_a_network_of_ones_own_branches_with_its_random_numbers(stripes_pair: DomainPair) -> None:
    recipe = preset("own", steps=STEPS, batch_size=8, contrast_inversion=False)
    trainer = Trainer(stripes_pair, recipe, device="cpu", network=noisy)
    for _ in range(FORK):
        next(trainer)
    other = branch(trainer, network=noisy)
    torch.rand(3)  # of somebody else
    assert [difference(a, b) for a, b in zip(trainer, other, strict=True)] == [""] * (STEPS - FORK)


def test_a_copy_of_a_branch_has_legs_of_its_own(stripes_pair: DomainPair) -> None:
    other = branch(trained(stripes_pair))
    twin = copy.deepcopy(other)
    twin.earlier.clear()
    assert len(other.earlier) == 1


@pytest.mark.parametrize("state", [{}, [], None, {"earlier": []}])
def test_what_is_no_state_has_no_legs(state: Any) -> None:
    with pytest.raises(DataError):
        legs_of(state)
