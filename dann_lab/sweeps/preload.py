"""What a worker process of a sweep on this machine loads as it starts."""

from __future__ import annotations

import signal

from dann_lab.sweeps import work as work  # so that the first run does not wait for it


def dask_setup(worker: object) -> None:
    """Called by Dask. Ctrl-C in a terminal reaches every process in it: the command hears it, and
    asks the workers to save."""
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
