"""A trained network by itself: it predicts as it did, without the data, and travels elsewhere."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny import tiny_pair
from torch import Tensor, nn

from dann_core import checkpoints
from dann_core.checkpoints import read_checkpoint
from dann_core.domains import DomainPair
from dann_core.errors import CheckpointError, DataError
from dann_core.evaluation import predict
from dann_core.inputs import Inputs
from dann_core.recipe import Recipe, preset
from dann_core.trained import Trained, export_onnx, export_torch, load_trained, trained_from
from dann_core.training import Trainer

NETWORKS = ("tutorial", "deep", "residual", "mlp")
networks = pytest.mark.parametrize("name", NETWORKS)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def pair_for(name: str) -> DomainPair:
    """Of pictures of 28x28 pixels, of other ones, or of rows whose columns have units."""
    if name in ("tutorial", "deep"):
        return tiny_pair()
    random = np.random.default_rng(3)
    classes = ["cat", "dog", "owl"] * 40
    if name == "mlp":
        rows = random.normal([5, -300, 0.01], [1, 90, 0.002], size=(120, 3))
        return DomainPair.from_arrays((rows, classes), rows * 1.1)
    images = random.integers(0, 256, (120, 36, 40, 3), np.uint8)
    return DomainPair.from_arrays((images, classes), images[::-1] // 2)


def trainer_of(name: str) -> Trainer:
    recipe = preset("own", network=name, batch_size=8, steps=9, dropout=0.25)
    if name == "mlp":
        recipe = replace(recipe, instance_norm=False)
    trainer = Trainer(pair_for(name), recipe, device="cpu")
    for _ in range(4):
        next(trainer)
    return trainer


@pytest.fixture(scope="module")
def trainers() -> dict[str, Trainer]:
    torch.set_num_threads(1)
    return {name: trainer_of(name) for name in NETWORKS}


@pytest.fixture
def saved(trainers: dict[str, Trainer], tmp_path: Path) -> Path:
    trainers["tutorial"].save(tmp_path / "run.pt")
    return tmp_path / "run.pt"


# Loaded


@networks
def test_it_predicts_as_the_trainer_does_bit_for_bit(
    name: str, trainers: dict[str, Trainer], tmp_path: Path
) -> None:
    trainer = trainers[name]
    trainer.save(tmp_path / "run.pt")
    trained = load_trained(tmp_path / "run.pt")
    evaluation = trainer.evaluate()
    for domain, accuracy in (
        (trainer.pair.source, evaluation.source_accuracy),
        (trainer.pair.target, evaluation.target_accuracy),
    ):
        test = domain.test
        found, there = (
            trained.predict(test.images),
            predict(trainer.model, trainer.pair, test.images),
        )
        assert torch.equal(found.probabilities, there.probabilities)
        assert torch.equal(found.labels, there.labels)
        assert torch.equal(found.confidence, there.confidence)
        if test.labelled:
            assert (found.labels == test.labels).double().mean().item() == accuracy


@networks
def test_it_knows_what_its_answers_mean(name: str, trainers: dict[str, Trainer]) -> None:
    trainer = trainers[name]
    trained = trained_from(trainer.state_dict())
    classes = ("cat", "dog", "owl") if name in ("residual", "mlp") else tuple(range(10))
    assert trained.class_values == classes
    assert trained.class_names == tuple(map(str, classes))
    assert trained.inputs == trainer.pair.inputs
    assert trained.names == (trainer.pair.source.name, trainer.pair.target.name)
    assert not any(part.training for part in trained.model.modules())
    assert trained.predict(trained.examples(5)).probabilities.shape == (5, len(classes))


def test_a_table_is_standardised_by_the_source_without_it(trainers: dict[str, Trainer]) -> None:
    trained, train = trained_from(trainers["mlp"].state_dict()), trainers["mlp"].pair.source.train
    prepared = trained.inputs.prepare(train.images)
    assert prepared.mean(dim=0).abs().max() < 1e-3
    torch.testing.assert_close(prepared.std(dim=0, correction=0), torch.ones(3))


def test_loading_changes_none_of_the_programs_random_numbers(saved: Path) -> None:
    torch.manual_seed(2)
    expected = torch.rand(3)
    torch.manual_seed(2)
    load_trained(saved).predict(torch.zeros(2, 28, 28, 3, dtype=torch.uint8))
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("written", [1, 2, 3])
def test_a_checkpoint_that_is_older_says_how_it_is_made_new(written: int, saved: Path) -> None:
    state = {k: v for k, v in read_checkpoint(saved).items() if k not in checkpoints.SINCE_4}
    torch.save(state | {"format": written}, saved)
    with pytest.raises(CheckpointError, match=r"run\.pt is of an earlier version.*--resume"):
        load_trained(saved)
    Trainer.resume(saved, tiny_pair(), device="cpu").save(saved)
    assert load_trained(saved).names == ("bright", "dark")


def test_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"There is no checkpoint .*run\.pt"):
        load_trained(tmp_path / "run.pt")


@pytest.mark.parametrize("state", [{}, {"inputs": None}, {"format": 4}])
def test_what_is_no_checkpoint_is_refused(state: dict[str, Any]) -> None:
    with pytest.raises(CheckpointError, match=r"^This checkpoint is not a checkpoint of a run"):
        trained_from(state)


@pytest.mark.parametrize(
    "examples",
    [
        torch.zeros(2, 32, 32, 3, dtype=torch.uint8),
        torch.zeros(2, 28, 28, 3),
        torch.zeros(2, 3, 28, 28, dtype=torch.uint8),
        torch.zeros(2, 5),
    ],
    ids=lambda x: f"{x.dtype} {list(x.shape)}",
)
def test_examples_of_another_form_are_named(examples: Tensor, saved: Path) -> None:
    with pytest.raises(
        DataError, match=r"where torch\.uint8 \[N, 28, 28, 3\] is needed"
    ) as refused:
        load_trained(saved).predict(examples)
    assert str(list(examples.shape)) in str(refused.value)


# Exported


def answers(trained: Trained, n: int) -> tuple[Tensor, Tensor]:
    examples = trained.examples(n)
    return examples, trained.predict(examples).probabilities


@networks
def test_for_pytorch_alone_it_gives_the_same_for_any_number_of_examples(
    name: str, trainers: dict[str, Trainer], tmp_path: Path
) -> None:
    trained = trained_from(trainers[name].state_dict())
    assert 0 <= export_torch(trained, tmp_path / "network.pt2") <= 1e-5
    program = torch.export.load(tmp_path / "network.pt2").module()
    for n in (1, 7):
        examples, expected = answers(trained, n)
        with torch.no_grad():
            torch.testing.assert_close(program(examples), expected, rtol=0, atol=1e-5)


@networks
def test_as_onnx_it_gives_the_same_for_any_number_of_examples(
    name: str, trainers: dict[str, Trainer], tmp_path: Path
) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    trained = trained_from(trainers[name].state_dict())
    assert 0 <= export_onnx(trained, tmp_path / "network.onnx") <= 1e-5
    providers = ["CPUExecutionProvider"]
    session = onnxruntime.InferenceSession(tmp_path / "network.onnx", providers=providers)
    assert [one.name for one in session.get_inputs()] == ["examples"]
    assert [one.name for one in session.get_outputs()] == ["probabilities"]
    for n in (1, 7):
        examples, expected = answers(trained, n)
        (found,) = session.run(None, {"examples": examples.numpy()})
        assert np.abs(found - expected.numpy()).max() <= 1e-5


ELSEWHERE = """
import sys
for name in ("dann_core", "dann_lab"):
    sys.modules[name] = None  # as where it is not installed
import torch
examples, expected = torch.load("answers.pt")
found = torch.export.load("network.pt2").module()(examples)
assert (found - expected).abs().max() <= 1e-5
"""


@pytest.mark.parametrize("name", ["residual", "mlp"])
def test_a_program_without_this_package_gets_the_same(
    name: str, trainers: dict[str, Trainer], tmp_path: Path
) -> None:
    trained = trained_from(trainers[name].state_dict())
    export_torch(trained, tmp_path / "network.pt2")
    torch.save(answers(trained, 5), tmp_path / "answers.pt")
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr


class Undecided(nn.Module):
    """What it computes depends on its input's values, which no program of torch.export does."""

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1)[:, :4] * (2 if float(x.sum()) > 0 else 3)


def undecided(recipe: Recipe, inputs: Inputs) -> nn.Module:
    return Undecided()


@pytest.mark.parametrize("export", [export_torch, export_onnx])
def test_what_cannot_be_exported_says_so_and_leaves_nothing(export: Any, tmp_path: Path) -> None:
    recipe = preset("own", batch_size=8, steps=2)
    trainer = Trainer(tiny_pair(), recipe, device="cpu", network=undecided)
    trained = trained_from(trainer.state_dict(), network=undecided)
    with pytest.raises(DataError, match="This network cannot be exported") as refused:
        export(trained, tmp_path / "network")
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("export", [export_torch, export_onnx])
def test_a_place_that_cannot_be_written_to_is_known_before_the_work(
    export: Any, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.export, "export", lambda *a, **k: pytest.fail("it has begun"))
    with pytest.raises(DataError, match="is a folder, which no file may replace"):
        export(load_trained(saved), tmp_path)


@pytest.mark.parametrize("missing", ["onnxruntime", "onnxscript"])
def test_without_what_onnx_needs_the_remedy_is_said(
    missing: str, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(DataError, match=rf"{missing} is missing: pip install .*\[onnx\]"):
        export_onnx(load_trained(saved), tmp_path / "network.onnx")
    assert not (tmp_path / "network.onnx").exists()
