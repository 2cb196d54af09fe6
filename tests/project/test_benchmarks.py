"""The benchmarks run and give a row for each contender; how fast is not a test's business."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from scratch import ROOT


@pytest.fixture(autouse=True)
def as_scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Import from the folder, as the scripts do, and leave the number of threads as it was."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
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


def test_long_tells_growth_from_the_sixth_minute_to_the_last() -> None:
    long = importlib.import_module("long")
    sizes = {0.0: 100.0, 4.0: 300.0, 5.0: 400.0, 5.5: 400.0, 20.0: 440.0, 30.0: 500.0, 29.5: 500.0}
    samples = [
        long.Sample(m, 1, 1, kernel, 200.0, 20.0, 4.0) for m, kernel in sorted(sizes.items())
    ]
    found = {row[0]: row[1:] for row in rows(long.growth(samples))}
    assert found["kernel"] == ["400 → 500", "+100.0 MB", "+25.0%"]
    assert found["browser"] == ["200 → 200", "+0.0 MB", "+0.0%"]
    assert "Too short" in long.growth(samples[:3])
    assert len(rows(long.HEAD)[0]) == len(rows(long.row(samples[0]))[0])


def test_live_reads_steps_and_frames_apart(tmp_path: Path) -> None:
    live = importlib.import_module("live")
    (tmp_path / "log").write_text("100.0 1 0.0\n100.5 2048\n101.0 2 0.5\n", encoding="utf-8")
    steps, frames = live.read(tmp_path / "log")
    assert steps == [(100.0, 1, 0.0), (101.0, 2, 0.5)]
    assert frames == [(100.5, 2048)]
    assert live.latencies([(100_200.0, 0.5)], steps) == [800.0]


def test_live_gives_each_map_its_rows_and_target() -> None:
    live = importlib.import_module("live")
    visit = live.Live(15.0, 0.5, 30.0, [50.0], [40.0])
    found = {row[0]: row[1:] for row in rows(live.report(2, [20.0], {"": [visit], "PCA": [visit]}))}
    assert found["steps/s beside the page / without"][:2] == ["15.0 / 20.0 = 75%", "at least 80%"]
    assert found["PCA map: steps/s beside the page / without"][1] == "at least 60%"
    assert found["PCA map: frames a minute"][0] == "30"


def test_the_measured_page_is_python() -> None:
    page = importlib.import_module("live").PAGE
    assert "dashboard()" in page
    compile(page, "page", "exec")
