"""The soak: a few inputs of every area, and that it would find a fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.soak import functions, going, table
from tools.soak.verdicts import FAULTS, KINDS

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")


def soak(*arguments: str | Path, script: str | None = None) -> subprocess.CompletedProcess[str]:
    """The command, in a process of its own, which alone has but one thread."""
    command = ["-m", "tools.soak", *map(str, arguments)] if script is None else ["-c", script]
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_a_few_inputs_of_every_area_end_well(tmp_path: Path) -> None:
    ended = soak("--each", "2", "--json", tmp_path / "told.json")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = json.loads((tmp_path / "told.json").read_text(encoding="utf-8"))
    assert len(told) >= 60
    assert not [one for one in told if one["verdict"] in FAULTS]


FAULTY = """
import os
from pathlib import Path
from tools.soak import children, going
from tools.soak.damage import CASE, Format

children.WAITING = 1.0

def make() -> Path:
    (CASE / "file").write_text("sound", encoding="utf-8")
    return CASE / "file"

def sound(path): return path.read_text(encoding="utf-8") == "sound"
def crashes(path): return {"sound": ""}[path.read_text(encoding="utf-8")]
def kills_itself(path): return sound(path) or os.kill(os.getpid(), 11)
def waits(path): return sound(path) or Path("fifo").read_bytes()
def differs(path): return path.read_text(encoding="utf-8")
def eats_memory(path): return sound(path) or bytearray(2**33)
def loses(path): return sound(path) or Path("notes.txt").unlink()
def replaces(path): return sound(path) or os.replace(path, "null")
def leaves_all(path): return ""

def spoil(path): path.write_text("spoilt", encoding="utf-8")

reads = [crashes, kills_itself, waits, differs, eats_memory, loses, replaces, leaves_all]
cases = [Format("a", make, read).case("spoilt", spoil) for read in reads]
for told in going.go_together(cases, 1):
    print("told", told.case.split(":")[0], told.verdict)
"""


def test_faults_are_found() -> None:
    ended = soak(script=FAULTY)
    lines = [line.split()[1:] for line in ended.stdout.splitlines() if line.startswith("told")]
    assert lines == [
        ["crashes", "traceback"],
        ["kills_itself", "traceback"],
        ["waits", "hang"],
        ["differs", "wrong"],
        ["eats_memory", "traceback"],
        ["loses", "lost"],
        ["replaces", "lost"],
        ["leaves_all", "right"],
    ], ended.stdout + ended.stderr


def test_of_every_parameter_a_right_value_is_known() -> None:
    assert functions.unknown() == []


def test_the_table_is_of_all_areas_and_without_a_fault() -> None:
    rows = table.read()
    everything = rows.pop("**all**")
    areas = dict.fromkeys(case.area for case in going.all_cases(0))
    assert set(areas) <= set(rows)
    tried, *verdicts = everything
    assert tried == sum(row[0] for row in rows.values()) >= 1000
    assert [sum(column) for column in zip(*rows.values(), strict=True)][1:] == verdicts
    found: dict[str, Any] = dict(zip(KINDS, verdicts, strict=True))
    assert [found[fault] for fault in FAULTS] == [0, 0, 0, 0]
