"""TensorBoard reads what a run wrote for it, in the words of its own reader."""

from __future__ import annotations

import math
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from tiny import tiny_pair

from dann_core.errors import DannError, DataError
from dann_core.history import Evaluation, StepRecord
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.runs.tensorboard import board

reader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")

RECORD = StepRecord(1, 0.0, 0.25, 0.01, 2.0, 0.7, 2.7, 0.5, 0.75, 1.5, 0.4, 0.1)
EVALUATION = Evaluation(1, 0.5, 0.25, 0.75, 24)


def curves(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """Steps and values of each curve."""
    accumulator = reader.EventAccumulator(str(folder))
    accumulator.Reload()
    return {
        tag: [(event.step, event.value) for event in accumulator.Scalars(tag)]
        for tag in accumulator.Tags()["scalars"]
    }


def test_each_number_of_a_step_is_a_curve(tmp_path: Path) -> None:
    trainer = Trainer(tiny_pair(), preset("quick", steps=3, batch_size=8), device="cpu")
    with board(tmp_path) as log:
        for record in trainer:
            log.record(record)
    found = curves(tmp_path)
    numbers = {name: value for name, value in asdict(trainer.history[0]).items() if name != "step"}
    assert set(found) == {f"train/{name.strip('_')}" for name in numbers}
    for name in numbers:
        expected = [(record.step, getattr(record, name)) for record in trainer.history]
        # Events hold float32.
        assert found[f"train/{name.strip('_')}"] == [
            (step, pytest.approx(value, rel=1e-6)) for step, value in expected
        ]


def test_accuracies_of_an_evaluation_are_curves(tmp_path: Path) -> None:
    with board(tmp_path) as log:
        log.evaluation(EVALUATION)
    assert curves(tmp_path) == {
        "test/source_accuracy": [(1, 0.5)],
        "test/target_accuracy": [(1, 0.25)],
        "test/domain_accuracy": [(1, 0.75)],
    }


def test_what_is_not_known_has_no_point(tmp_path: Path) -> None:
    with board(tmp_path) as log:
        log.record(replace(RECORD, domain_loss=math.nan))
        log.evaluation(replace(EVALUATION, target_accuracy=math.nan))
    found = curves(tmp_path)
    assert "train/label_loss" in found
    assert "test/source_accuracy" in found
    assert "train/domain_loss" not in found
    assert "test/target_accuracy" not in found


def record(step: int, loss: float) -> StepRecord:
    return replace(RECORD, step=step, label_loss=loss)


def test_a_resumed_run_goes_on_in_the_same_curves(tmp_path: Path) -> None:
    with board(tmp_path) as log:
        for step in (1, 2, 3, 4):
            log.record(record(step, 1.0))
        log.evaluation(replace(EVALUATION, step=4))
    with board(tmp_path) as log:  # from a checkpoint of step 2
        for step in (3, 4, 5):
            log.record(record(step, 2.0))
        log.evaluation(replace(EVALUATION, step=5))
    found = curves(tmp_path)
    assert found["train/label_loss"] == [(1, 1.0), (2, 1.0), (3, 2.0), (4, 2.0), (5, 2.0)]
    assert found["test/target_accuracy"] == [(5, 0.25)]


def test_an_evaluation_after_the_last_step_leaves_that_step(tmp_path: Path) -> None:
    with board(tmp_path) as log:
        log.record(record(1, 1.0))
        log.record(record(2, 1.0))
    with board(tmp_path) as log:
        log.evaluation(replace(EVALUATION, step=2))
    found = curves(tmp_path)
    assert found["train/label_loss"] == [(1, 1.0), (2, 1.0)]
    assert found["test/target_accuracy"] == [(2, 0.25)]


def test_nothing_new_changes_nothing(tmp_path: Path) -> None:
    with board(tmp_path) as log:
        log.record(record(1, 1.0))
    before = sorted(tmp_path.iterdir())
    with board(tmp_path):
        pass
    assert sorted(tmp_path.iterdir()) == before


def test_what_was_written_is_there_after_a_failure(tmp_path: Path) -> None:
    def fail() -> None:
        with board(tmp_path) as log:
            log.record(record(1, 1.0))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert curves(tmp_path)["train/label_loss"] == [(1, 1.0)]


def test_without_tensorboard_the_remedy_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "torch.utils.tensorboard", raising=False)
    missing: Any = None
    monkeypatch.setitem(sys.modules, "tensorboard", missing)
    with pytest.raises(DannError, match="pip install tensorboard"), board(tmp_path / "new"):
        pass
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_made_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="curves"), board(tmp_path / "file" / "curves"):
        pass
