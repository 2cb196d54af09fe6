"""A process of an arbitrary user, as a container has it: reads everything, owns nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from scratch import ROOT

UID = 12345
# The Python of the tests may be in root's own folder: this one may read it, but not write to it.
AS_NOBODY = [
    "setpriv",
    f"--reuid={UID}",
    f"--regid={UID}",
    "--clear-groups",
    "--inh-caps=-all,+dac_read_search",
    "--ambient-caps=-all,+dac_read_search",
    "--bounding-set=-all,+dac_read_search",
]
HOMES = ("missing", "read-only", "a file", "unknown")


@cache
def can_be_nobody() -> bool:
    if os.name == "nt" or os.getuid() or shutil.which("setpriv") is None:
        return False
    return not subprocess.run([*AS_NOBODY, "true"], capture_output=True).returncode


class Nobody:
    """Runs Python without a home. For a tests' user other than root, that is without a home to
    write to; root becomes a user that owns nothing."""

    def __init__(self, folder: Path, home: str = "missing"):
        if os.name == "nt":
            pytest.skip("permissions of POSIX")
        if not can_be_nobody() and os.getuid() == 0:
            pytest.skip("root writes everywhere, and cannot become somebody else here")
        if home == "unknown" and not can_be_nobody():
            pytest.skip("the system knows the home of the tests' user")
        self.temporary, self.work = folder / "tmp", folder / "work"
        for made in (self.temporary, self.work):
            made.mkdir()
            made.chmod(0o777)
        self.home = folder / "home"
        if home == "read-only":
            self.home.mkdir(mode=0o555)
        elif home == "a file":
            self.home.touch()
        elif home == "missing":
            self.home = folder / "home" / "of" / "nobody"
            (folder / "home").mkdir(mode=0o555)
        dropped = (
            "XDG_",
            "DANN_",
            "JUPYTER",
            "IPYTHON",
            "MPL",
            "NUMBA_C",
            "TORCHIND",
            "HOME",
            "TMP",
            "TEMP",
        )
        self.variables = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
        self.variables |= {"TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)}
        if home != "unknown":
            self.variables["HOME"] = str(self.home)

    @property
    def uid(self) -> int:
        return UID if can_be_nobody() else os.getuid()

    def command(self, *arguments: str) -> list[str]:
        python = [sys.executable, *arguments]
        return [*AS_NOBODY, *python] if can_be_nobody() else python

    def run(self, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            self.command(*arguments),
            cwd=self.work,
            env=self.variables,
            capture_output=True,
            encoding="utf-8",
            **options,
        )

    def dann(self, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "dann_lab", *arguments, **options)
