"""A real Dask scheduler, and workers that are processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# A worker as `dask worker` starts it, but for a run that saves more often, so that a short one has
# something to go on with. `SLOWLY`: a step takes its time, so that there is a middle to hit.
WORKER = """
import os, sys, time
sys.path.insert(0, "")
from dann_core.training import Trainer
from dann_lab.runs import folder
folder.SAVE_SECONDS = 0.2
step = Trainer.__next__
def slowly(trainer):
    record = step(trainer)
    time.sleep(float(os.environ.get("SLOWLY", "0")))
    return record
Trainer.__next__ = slowly
from distributed.cli.dask_worker import main
main(sys.argv[1:])
"""
SCHEDULER = """
import sys
from distributed.cli.dask_scheduler import main
main(sys.argv[1:])
"""


def wait_for(what: Callable[[], object], seconds: float = 60) -> None:
    """Until ``what()`` is true."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.02)


class Cluster:
    """A scheduler, and workers of one thread without a nanny: one that is killed stays away."""

    def __init__(self, folder: Path, scheduler: str = SCHEDULER):
        self.file = folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.start(scheduler, "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        wait_for(self.file.exists)

    def start(self, script: str, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", script, "--scheduler-file", str(self.file), *arguments]
        process = subprocess.Popen(
            command,
            env=os.environ | {"OMP_NUM_THREADS": "1"} | more,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def worker(self, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
        given = arguments or ("--nthreads", "1")
        return self.start(WORKER, "--no-nanny", "--no-dashboard", *given, **more)

    def end(self) -> None:
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()


@contextmanager
def cluster_in(folder: Path, scheduler: str = SCHEDULER) -> Iterator[Cluster]:
    made = Cluster(folder, scheduler)
    try:
        yield made
    finally:
        made.end()
