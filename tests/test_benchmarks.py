"""The benchmarks run and give a row for each contender; how fast is not a test's business."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch


@pytest.fixture(autouse=True)
def as_scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Import from the folder, as the scripts do, and leave the number of threads as it was."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent.parent / "benchmarks"))
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def rows(printed: str) -> list[list[str]]:
    lines = [line for line in printed.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def test_step_gives_a_row_for_each_loop_and_preset(capsys: pytest.CaptureFixture[str]) -> None:
    importlib.import_module("step").main(["--rounds", "1", "--block", "2"])
    found = [row for row in rows(capsys.readouterr().out) if "---" not in row[0]]
    contenders = ["bare loop, contiguous", "bare loop, channels_last", "Trainer (channels_last)"]
    names = [row[0] for row in found]
    assert names == ['preset "seed"', *contenders, 'preset "quick"', *contenders]
    measured = [row for row in found if row[0] in contenders]
    assert all(float(row[1]) > 0 and float(row[4]) > 0 for row in measured)
    # The bare channels_last loop is what the others are measured against.
    assert [row[2] for row in measured if row[0] == contenders[1]] == ["1.000"] * 2


def test_peers_gives_a_row_for_each_or_says_how_to_install_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    if all(
        importlib.util.find_spec(name) for name in ("pytorch_adapt", "skada", "pytorch_revgrad")
    ):
        importlib.import_module("peers").main(["--rounds", "1", "--block", "2"])
        names = [row[0] for row in rows(capsys.readouterr().out)]
        assert {"Trainer", "pytorch-adapt", "skada", "pytorch-revgrad"} <= set(names)
    else:
        with pytest.raises(SystemExit) as stopped:
            importlib.import_module("peers")
        assert "need an environment of their own" in str(stopped.value.code)
        assert "pip install --no-deps pytorch-adapt" in str(stopped.value.code)
