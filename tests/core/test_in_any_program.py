"""Runs in programs that change PyTorch's defaults, freeze parts, compile parts or use autocast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny import tiny_pair
from torch import Tensor, nn

from dann_core.checkpoints import read_checkpoint
from dann_core.evaluation import features, predict
from dann_core.history import StepRecord
from dann_core.inputs import Inputs
from dann_core.model import DANN, LabelPredictor, build_model
from dann_core.moons import moons_trainer
from dann_core.networks import FeatureExtractor
from dann_core.observing import take_snapshot
from dann_core.probe import domain_probe
from dann_core.recipe import Recipe, preset
from dann_core.training import Trainer

PRESETS = pytest.mark.parametrize("name", ["seed", "quick"])
PARTS = ("feature_extractor", "label_predictor", "domain_classifier")
PAIR = tiny_pair()


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def trainer(name: str, **changes: Any) -> Trainer:
    return Trainer(PAIR, preset(name, **{"batch_size": 8, "steps": 40} | changes), device="cpu")


def first(trainer: Trainer, steps: int = 3) -> list[StepRecord]:
    return [next(trainer) for _ in range(steps)]


# Defaults


@contextmanager
def default_dtype(dtype: torch.dtype) -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


DEFAULTS = pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda: default_dtype(torch.float64), id="float64"),
        pytest.param(lambda: default_dtype(torch.bfloat16), id="bfloat16"),
        pytest.param(lambda: torch.device("meta"), id="another device"),
        pytest.param(torch.no_grad, id="no_grad"),
    ],
)
Changed = Callable[[], AbstractContextManager[Any]]


@DEFAULTS
@PRESETS
def test_a_run_is_the_same_whatever_the_defaults_of_new_tensors_are(
    name: str, changed: Changed, tmp_path: Path
) -> None:
    def run() -> list[Any]:
        through = trainer(name)
        found: list[Any] = [*first(through), through.evaluate(12)]
        through.save(tmp_path / "run.pt")
        resumed = Trainer.resume(tmp_path / "run.pt", PAIR, device="cpu")
        snapshot = take_snapshot(through, 20)
        return [*found, next(resumed), snapshot.features.tobytes(), snapshot.probe]

    usual = run()
    with changed():
        assert run() == usual


@PRESETS
def test_a_checkpoint_of_a_program_with_other_defaults_goes_on_here(
    name: str, tmp_path: Path
) -> None:
    with default_dtype(torch.float64):
        there = trainer(name)
        first(there)
        there.save(tmp_path / "run.pt")
        expected = first(there)
    assert first(Trainer.resume(tmp_path / "run.pt", PAIR, device="cpu")) == expected


@DEFAULTS
def test_the_moons_are_the_same_as_well(changed: Changed) -> None:
    def run() -> list[Any]:
        trained = moons_trainer(steps=10)
        return [*trained, trained.pushes(0.5).reversed_.tolist()]

    usual = run()
    with changed():
        assert run() == usual


def test_gradients_switched_off_after_the_trainer_was_made_are_on_in_a_step() -> None:
    usual, through = first(trainer("quick")), trainer("quick")
    with torch.inference_mode():
        assert first(through) == usual
        assert torch.is_inference_mode_enabled()


def test_the_defaults_are_as_they_were_afterwards() -> None:
    with default_dtype(torch.float64), torch.device("meta"):
        build_model(Recipe())
        assert torch.empty(1).dtype == torch.float64
        assert torch.empty(1).device.type == "meta"


# Frozen parts


@pytest.mark.parametrize("mode", ["dann", "source"])
@PRESETS
def test_a_frozen_feature_extractor_stays_and_the_heads_learn(name: str, mode: str) -> None:
    frozen, usual = trainer(name, mode=mode), trainer(name, mode=mode)
    frozen.model.feature_extractor.requires_grad_(False)
    before = {name: p.clone() for name, p in frozen.model.named_parameters()}
    records = first(frozen)
    # The first step's numbers do not know yet who will learn from them.
    assert records[0].label_gradient == next(usual).label_gradient > 0
    moved = {
        name for name, p in frozen.model.named_parameters() if not torch.equal(p, before[name])
    }
    assert not any(name.startswith("feature_extractor") for name in moved)
    assert any(name.startswith("label_predictor") for name in moved)
    assert any(name.startswith("domain_classifier") for name in moved) == (mode == "dann")


@pytest.mark.parametrize("frozen", [PARTS[1:2], PARTS[2:], PARTS], ids=["labels", "domains", "all"])
def test_whatever_is_frozen_stays(frozen: tuple[str, ...]) -> None:
    through = trainer("seed")
    parts = [getattr(through.model, part) for part in frozen]
    parts.append(through.model.feature_extractor.conv1)
    before = []
    for part in parts:
        part.requires_grad_(False)
        before += [p.clone() for p in part.parameters()]
    first(through)
    after = [p for part in parts for p in part.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_a_run_with_a_frozen_part_resumes_exactly(tmp_path: Path) -> None:
    def thawed_or_not(trainer: Trainer) -> Trainer:
        trainer.model.feature_extractor.requires_grad_(False)
        return trainer

    through = thawed_or_not(trainer("quick"))
    first(through)
    through.save(tmp_path / "run.pt")
    resumed = thawed_or_not(Trainer.resume(tmp_path / "run.pt", PAIR, device="cpu"))
    assert first(resumed) == first(through)


def test_an_optimiser_with_a_second_group_is_looked_at_whole() -> None:
    through = trainer("seed")
    through.optimiser.add_param_group({"params": [nn.Parameter(torch.zeros(1))]})
    assert first(through) == first(trainer("seed"))


# Compiled parts


def compiled(trainer: Trainer, parts: tuple[str, ...]) -> Trainer:
    for part in parts:
        module = torch.compile(getattr(trainer.model, part), backend="eager")
        setattr(trainer.model, part, module)
    return trainer


@pytest.fixture
def fresh_compiler() -> Iterator[None]:
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


@pytest.mark.usefixtures("fresh_compiler")
@pytest.mark.parametrize("parts", [*((part,) for part in PARTS), PARTS], ids="+".join)
@PRESETS
def test_a_checkpoint_fits_a_network_with_compiled_parts_and_without(
    name: str, parts: tuple[str, ...], tmp_path: Path
) -> None:
    plain, wrapped = trainer(name), compiled(trainer(name), parts)
    assert first(plain) == first(wrapped)
    expected = None
    for k, (there, here) in enumerate(
        [(plain, compiled(trainer(name), parts)), (wrapped, trainer(name)), (wrapped, wrapped)]
    ):
        path = tmp_path / f"{k}.pt"
        there.save(path)
        assert not any("_orig_mod" in key for key in read_checkpoint(path)["model"])
        here.load_state_dict(read_checkpoint(path))
        if expected is None:
            expected = next(plain)
        assert next(here) == expected


@pytest.mark.usefixtures("fresh_compiler")
def test_a_checkpoint_written_with_the_compilers_names_is_read() -> None:
    through = compiled(trainer("quick"), PARTS)
    next(through)
    state = through.state_dict() | {"model": through.model.state_dict()}
    assert any("_orig_mod" in key for key in state["model"])
    plain = trainer("quick")
    plain.load_state_dict(state)
    assert next(plain) == next(through)


@pytest.mark.usefixtures("fresh_compiler")
def test_a_frozen_feature_extractor_may_be_compiled() -> None:
    plain, wrapped = trainer("seed"), trainer("seed")
    for each in (plain, wrapped):
        each.model.feature_extractor.requires_grad_(False)
    assert first(compiled(wrapped, PARTS)) == first(plain)


# Other networks and types


def without_biases(recipe: Recipe, inputs: Inputs) -> DANN:
    extractor = FeatureExtractor(recipe)
    extractor.conv1 = nn.Conv2d(3, 32, 5, padding="same", bias=False)
    return DANN(extractor, LabelPredictor(), nn.Sequential(nn.Linear(2352, 2, bias=False)))


@PRESETS
def test_layers_without_biases_train(name: str) -> None:
    recipe = preset(name, batch_size=8, steps=40)
    through = Trainer(PAIR, recipe, device="cpu", network=without_biases)
    first(through)
    weight = through.model.domain_classifier[0].weight
    assert isinstance(weight, Tensor)
    assert weight.abs().max() < 0.5, "initialised as the others are"


@PRESETS
def test_a_run_under_autocast_trains_is_evaluated_and_observed(name: str) -> None:
    usual, through = trainer(name), trainer(name)
    with torch.autocast("cpu", torch.bfloat16):
        records = first(through)
        assert through.evaluate(12).images == 12
        snapshot = take_snapshot(through, 24)
    assert records[0].total_loss == pytest.approx(next(usual).total_loss, rel=0.02)
    assert snapshot.probe is not None
    assert np.isfinite(snapshot.features).all()


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16, torch.float16], ids=str)
def test_a_probe_takes_features_of_any_floating_type(dtype: torch.dtype) -> None:
    source = torch.randn(40, 6, generator=torch.Generator().manual_seed(1)).to(dtype)
    assert domain_probe(source, source + 3).error < 0.1


@PRESETS
def test_no_images_give_no_features_and_no_predictions(name: str) -> None:
    model, none = build_model(preset(name)), PAIR.source.test.images[:0]
    assert features(model, PAIR, none).shape == (0, 2352)
    assert predict(model, PAIR, none).labels.shape == (0,)
    labels, domains = model(PAIR.prepare(none))
    assert labels.shape == (0, 10)
    assert domains.shape == (0, 2)
