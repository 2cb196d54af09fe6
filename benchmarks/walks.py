"""Walks docs/your-data.md from nothing to a result, as a person does, and times each walk.

    python benchmarks/walks.py

The very blocks of the page that are marked as walks, each walk in an empty folder, each command a
process of its own. Seconds by the clock, and processor seconds of all that a walk started, which
other programs on the machine disturb less.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tools.examples import ROOT, Block, walks

PROGRAMS = {"dann": [sys.executable, "-m", "dann_lab"], "python": [sys.executable]}


def typed(words: list[str], folder: str) -> None:
    """Run a command in a folder; its output goes where this program's goes."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [*PROGRAMS[words[0]], *words[1:]]
    subprocess.run(command, cwd=folder, env=environment, check=True)


def walk(blocks: list[Block], folder: str) -> dict[str, Any]:
    """Every line of the blocks, in a folder; the Python ones in one session of this process, whose
    names are given back."""
    session: dict[str, Any] = {}
    for block in blocks:
        if block.language == "bash":
            for words in block.commands:
                typed(words, folder)
        else:
            exec(block.code, session)
    return session


def processor_seconds() -> float:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(who) for who in whose]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    rows = []
    for section, blocks in walks().items():
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            began, used = time.perf_counter(), processor_seconds()
            walk(blocks, folder)
            seconds, busy = time.perf_counter() - began, processor_seconds() - used
            os.chdir(Path.home())
        lines = sum(block.lines for block in blocks)
        rows.append(f"| {section} | {lines} | {seconds:.0f} | {busy:.0f} |")
    print("\n| walk | lines | s | processor s |\n| --- | ---: | ---: | ---: |")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
