"""A row of a sweep among the runs that the live page compares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dann_core.domains import DomainPair
from dann_core.errors import DannError, DataError
from dann_core.training import Trainer
from dann_lab.live import compare
from dann_lab.runs.folder import RunFolder
from dann_lab.sweeps import rows
from dann_lab.sweeps.plan import plan, typed
from dann_lab.sweeps.work import PLAN


@pytest.fixture
def sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stripes_pair: DomainPair) -> Path:
    """Two lambdas, the first with two seeds and the second with one, where runs are kept."""
    monkeypatch.setenv("DANN_RUNS", str(tmp_path))
    out = tmp_path / "lambdas"
    planned = plan([typed(["lambda=0,1", "seed=0,1", "steps=4", "batch-size=8"])])[:3]
    for one in planned:
        (out / one.name).mkdir(parents=True)
        run = RunFolder(out / one.name, one.data, Trainer(stripes_pair, one.recipe, device="cpu"))
        for _ in run.train():
            pass
        run.finish(map_=False)
    runs: dict[str, Any] = {one.name: {} for one in planned}
    (out / PLAN).write_text(json.dumps({"sweep": "1", "runs": runs}), encoding="utf-8")
    return out


def test_a_row_is_offered_as_the_mean_of_its_runs(sweep: Path) -> None:
    title = "lambdas: lambda 0 (mean of 2)"
    assert list(rows.offered()) == [title]
    track = compare.track(None, f"row {title}")  # type: ignore[arg-type]
    assert track.title == title
    assert track.steps == 4
    histories = [
        json.loads((sweep / f"lambda=0,seed={seed}" / "history.json").read_text(encoding="utf-8"))
        for seed in (0, 1)
    ]
    found = rows.mean(histories)
    losses = [history["steps"]["label_loss"] for history in histories]
    assert found.column("label_loss") == pytest.approx(np.mean(losses, axis=0))
    (evaluation,) = found.evaluations
    ends = [history["evaluations"][-1]["target_accuracy"] for history in histories]
    assert evaluation.target_accuracy == pytest.approx(np.mean(ends))
    assert f"(mean of 2): target accuracy at the end {np.mean(ends):.4f}, sd " in track.about


def test_a_row_that_is_gone_or_has_no_mean_is_said(sweep: Path) -> None:
    with pytest.raises(DannError, match=r"There is no run 'row nothing' any more"):
        compare.track(None, "row nothing")  # type: ignore[arg-type]
    path = sweep / "lambda=0,seed=1" / "history.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["evaluations"] = []
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(DataError, match="different steps, which have no mean"):
        compare.track(None, "row lambdas: lambda 0 (mean of 2)")  # type: ignore[arg-type]
    path.write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"history.json cannot be read"):
        compare.track(None, "row lambdas: lambda 0 (mean of 2)")  # type: ignore[arg-type]
