"""The live page fits into the 2 GB that Binder gives, with room for the server."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from dann_lab.lessons.checkup import NEEDED_MEMORY

# A learner's kernel: the page trains, and is asked for both maps that take memory. The training
# rests while they come, which changes no peak: both keep what they hold.
PAGE = """
import os
import time
from dann_lab.live.dashboard import Dashboard
from dann_lab.live.session import Session

session = Session()
if session.mnist_is_there:
    session.choose(session.settings.changed(pair="mnist"))
page = Dashboard(session)
tick = {"type": "tick", "client": "one", "wish": 0, "run": None, "at": None}
tick |= {"map": None, "offered": None}

def until(done):
    while not done():
        assert not session.problem and session.state != "failed", session.problem
        page._handle_custom_msg(tick | {"dark": False, "figures": True}, [])
        time.sleep(0.2)

until(lambda: session.run is not None)
for method in ("t-SNE", "UMAP"):
    session.train()
    until(lambda: session.state == "training" and session.run.trainer.step % 20 > 15)
    session.pause()
    session.choose_map(method)
    until(lambda: session.map.drawn() is not None)
session.close()
print(session.settings.pair, flush=True)
# No page is there any more while Python ends, for which LLVM takes 0.1 GB to let go of its code.
os._exit(0)
"""


def memory(process: psutil.Process) -> float:
    """GB of a process and its children; what has ended meanwhile counts as nothing."""
    total = 0.0
    try:
        for one in (process, *process.children(recursive=True)):
            total += one.memory_info().rss / 1e9
    except psutil.NoSuchProcess:
        pass
    return total


@pytest.mark.timeout(280)
def test_the_page_stays_below_what_the_lessons_may_take(tmp_path: Path) -> None:
    # An empty cache: where there is MNIST, the page builds MNIST-M itself, which takes the most.
    environment = os.environ | {"OMP_NUM_THREADS": "1", "DANN_CACHE": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", PAGE],
        env=environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    watched, peak = psutil.Process(process.pid), 0.0
    try:
        while process.poll() is None:
            peak = max(peak, memory(watched))
            time.sleep(0.05)
        out, _ = process.communicate(timeout=10)
    finally:
        process.kill()
    assert out in ("stripes\n", "mnist\n")
    print(f"{out.strip()}: at most {peak:.2f} GB")
    assert 0.1 < peak < NEEDED_MEMORY
