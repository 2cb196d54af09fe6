"""``dann`` as a person types it, within this process."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from dann_lab import cli


@dataclass
class Result:
    status: int
    out: str
    err: str


class Dann:
    """Runs ``dann`` within this process, which saves the seconds that starting one takes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *args: str | Path) -> Result:
        self.monkeypatch.setattr(sys, "argv", ["dann", *map(str, args)])
        self.monkeypatch.setattr(sys, "path", [*sys.path])  # the command adds the folder it is in
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Result(int(ended.value.code or 0), *self.capsys.readouterr())


def is_one_line(error: str) -> bool:
    return error.startswith("dann: error: ") and error.count("\n") == 1 and error.endswith("\n")
