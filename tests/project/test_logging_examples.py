"""The examples of logging in docs/your-data.md run as they stand; the tools have the numbers."""

from __future__ import annotations

import re
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from tiny import tiny_pair

import dann_core
from dann_core.recipe import preset
from dann_core.training import Trainer
from tools import examples

STEPS = 20


def blocks() -> list[str]:
    return [block.code for block in examples.blocks() if block.section == "Logging"]


def example(tool: str) -> str:
    """The one block that imports the tool; without the tool, the test skips."""
    (code,) = [block for block in blocks() if f"import {tool}\n" in block]
    if find_spec(tool) is None:
        pytest.skip(f"{tool} is not installed; it is part of the extra: pip install -e .[test]")
    return code


@pytest.fixture
def trainer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trainer:
    """A short training, in a folder of its own. Nothing leaves this machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_ERROR_REPORTING", "false")
    for name in ("WANDB_SILENT", "WANDB_DISABLE_GIT", "MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.setenv(name, "true")
    for name in ("WANDB_CACHE_DIR", "WANDB_CONFIG_DIR", "WANDB_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "wandb-own"))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path.as_posix()}/mlflow.db")
    return Trainer(tiny_pair(), preset("quick", steps=STEPS, batch_size=8), device="cpu")


def run(code: str, trainer: Trainer) -> dict[str, Any]:
    """The names that the code has made."""
    scope: dict[str, Any] = {"trainer": trainer}
    exec(code, scope)
    assert trainer.step == STEPS
    return scope


def content_once(file: Path, last: bytes) -> bytes:
    """What is in the file when ``last`` is: W&B writes in a process of its own, which can still be
    at it when the run has ended."""
    until = time.monotonic() + 30
    while last not in (content := file.read_bytes()):
        assert time.monotonic() < until, f"{last!r} is not in it"
        time.sleep(0.05)
    return content


def test_each_example_is_run_here() -> None:
    first, *others = blocks()
    assert "trainer = dann.Trainer(" in first
    tools = [re.findall(r"^import (\w+)$", code, re.M) for code in others]
    assert tools == [["pandas"], ["wandb"], ["mlflow"]]


def test_the_trainer_that_they_start_with_can_be_made() -> None:
    scope: dict[str, Any] = {}
    exec(blocks()[0], scope)
    assert isinstance(scope["trainer"], dann_core.Trainer)


def test_pandas_has_every_step(trainer: Trainer, tmp_path: Path) -> None:
    table = run(example("pandas"), trainer)["table"]
    for name in ("step", "lambda_", "label_loss", "domain_loss", "domain_gradient_after"):
        assert table[name].tolist() == trainer.history.column(name).tolist()
    lines = (tmp_path / "steps.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("step,progress,lambda_")
    assert len(lines) == STEPS + 1


def test_weights_and_biases_has_every_step(trainer: Trainer, tmp_path: Path) -> None:
    run(example("wandb"), trainer)
    (file,) = tmp_path.glob("wandb/offline-run-*/*.wandb")
    written = content_once(file, b"target_accuracy")  # numbers are JSON in it, in full
    for record in trainer.history:
        assert str(record.label_loss).encode() in written
    assert b"batch_size" in written


def test_mlflow_has_every_tenth_step(trainer: Trainer, tmp_path: Path) -> None:
    run(example("mlflow"), trainer)
    import mlflow

    assert (tmp_path / "mlflow.db").is_file()
    (found,) = mlflow.search_runs(output_format="list")
    assert found.data.params["batch_size"] == "8"
    points = mlflow.MlflowClient().get_metric_history(found.info.run_id, "label_loss")
    assert {point.step: point.value for point in points} == {
        record.step: record.label_loss for record in trainer.history if record.step % 10 == 0
    }
