"""The benchmark of many pictures reads in three ways, which give the same batches."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from scratch import ROOT

from dann_core.datasets import own


def test_all_ways_of_reading_give_the_same_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    monkeypatch.setattr(own, "IN_MEMORY", own.IN_MEMORY)  # set back afterwards
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    large = importlib.import_module("large")
    source, target = tmp_path / "source", tmp_path / "target"
    for folder, n in ((source, 60), (target, 50)):
        large.make(folder, n, 16)
    found = [large.measured(source, target, way, 3) for way in large.WAYS]
    assert len({cost.digest for cost in found}) == 1
    assert all(cost.seconds > 0 and cost.batch_ms > 0 and cost.own_mb > 0 for cost in found)
    assert len(list((tmp_path / "cache" / "own").iterdir())) == 2
    assert large.row("in memory", found[0], 110).startswith("| in memory | ")
