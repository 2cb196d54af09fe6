"""The live page fits into the 2 GB that Binder gives, with room for the server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from dann_lab.checkup import NEEDED_MEMORY

# A learner's kernel: the page trains, and is asked for both maps that take memory.
PAGE = """
import sys, time
from dann_lab.dashboard import Dashboard
from dann_lab.session import Session
from dann_lab.settings import Settings

session = Session(Settings().changed(pair=sys.argv[1]))
page = Dashboard(session)

def until(done):
    while not done():
        assert not session.problem and session.state != "failed", session.problem
        session.looked_at()
        page._answer({"client": "1", "wish": 0, "at": None, "run": 0, "dark": 0, "figures": 1})
        time.sleep(0.1)

until(lambda: session.run is not None)
session.train()
for method in ("t-SNE", "UMAP"):
    session.choose_map(method)
    until(lambda: session.map.drawn() is not None and len(session.run.trainer.history) >= 60)
session.close()
print("drawn")
"""


@pytest.mark.timeout(280)
@pytest.mark.parametrize("pair", ["digits", pytest.param("mnist", marks=pytest.mark.real_data)])
def test_the_page_stays_below_what_the_lessons_may_take(pair: str, own_cache: Path) -> None:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "DANN_CACHE": str(own_cache)}
    process = subprocess.Popen(
        [sys.executable, "-c", PAGE, pair], env=environment, stdout=subprocess.PIPE, text=True
    )
    watched, peak = psutil.Process(process.pid), 0.0
    try:
        while process.poll() is None:
            try:
                peak = max(peak, watched.memory_info().rss / 1e9)
            except psutil.NoSuchProcess:
                break
            time.sleep(0.05)
        out, _ = process.communicate(timeout=10)
    finally:
        process.kill()
    assert out == "drawn\n"
    print(f"{pair}: at most {peak:.2f} GB")
    assert 0.1 < peak < NEEDED_MEMORY
