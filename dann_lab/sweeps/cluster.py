"""The Dask cluster that makes a sweep's runs: one of this machine's cores, or any that exists."""

from __future__ import annotations

import json
import logging
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from dann_core.errors import DannError, DataError, reason_of
from dann_core.files import kind_of, regular_file, shown

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

PATIENCE_SECONDS = 10
"""The time that a scheduler has to answer."""
INSTALL = 'pip install "dann-explorable[sweeps]"'
COMPARED = ("dask", "distributed")
SETTINGS = {
    # It looks at each worker a hundred times a second, for a page that nobody has asked for.
    "distributed.worker.profile.enabled": False,
    # A worker's death is told at once; the sweep itself counts how often a run is tried.
    "distributed.scheduler.allowed-failures": 0,
    # Dask gives up the place of a worker that died if its follower is not there by then. On a busy
    # machine PyTorch alone takes longer to load than the usual 15 seconds.
    "distributed.deploy.lost-worker-timeout": "1 hour",
}
"""Dask's settings for the cluster of this machine."""


def require_dask() -> None:
    """Raise :class:`DannError` with the remedy if Dask is not installed."""
    for name in ("dask", "distributed", "cryptography"):
        if find_spec(name) is None:
            raise DannError(f"A sweep needs Dask ({name} is missing). Install it with: {INSTALL}")


def cores() -> int:
    """The number of cores that this process may use."""
    may = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return may or 1


@contextmanager
def local(workers: int) -> Iterator[Client]:
    """A cluster of this machine: so many processes of one thread each.

    It listens on this machine alone, and with a certificate of its own, so that nobody else who is
    on the machine can have it run anything. Raises :class:`DannError` where it cannot start.
    """
    import dask.config
    from distributed import Client

    _be_quiet()
    with dask.config.set(SETTINGS), _started(workers) as cluster, Client(cluster) as client:
        yield client


def _started(workers: int) -> LocalCluster:
    from distributed import LocalCluster

    try:
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            protocol="tls://",
            security=True,
            dashboard_address="127.0.0.1:0",
            memory_limit=0,  # a paused or restarted worker would be worse than swapping
            preload="dann_lab.sweeps.preload",
            silence_logs=logging.CRITICAL,
        )
    except (OSError, RuntimeError, TimeoutError) as error:
        raise DannError(
            f"--workers {workers}: the workers do not start ({reason_of(error):.200}). Try fewer."
        ) from error


@contextmanager
def connected(scheduler: str) -> Iterator[Client]:
    """The cluster of a scheduler that runs: its address (``tcp://10.0.0.1:8786``, say), or the path
    of its scheduler file.

    Raises :class:`DannError` if none answers there, or it or a worker has another version.
    """
    from distributed import Client

    _be_quiet()
    address = _address(scheduler)
    try:
        client = _in_time(lambda: Client(address, timeout=PATIENCE_SECONDS, set_as_default=False))
    except Exception as error:  # of whatever answers there
        raise DannError(
            f"--scheduler {shown(scheduler)}: no Dask scheduler answers there "
            f"({type(error).__name__}: {reason_of(error):.150}). Check the address, or leave it "
            "out for this machine's cores."
        ) from error
    with client:
        require_fit(client, f"--scheduler {shown(scheduler)}")
        yield client


def _in_time(connect: Callable[[], Client]) -> Client:
    """What ``connect`` gives. Something else that listens there may never answer, and Dask would
    wait for it. Raises TimeoutError, and what ``connect`` does."""
    found: SimpleQueue[Client | Exception] = SimpleQueue()

    def try_it() -> None:
        try:
            with warnings.catch_warnings():  # of versions, which are looked at later
                warnings.simplefilter("ignore")
                try:
                    found.put(connect())
                except AssertionError:  # Dask's, where a worker comes at the same moment
                    found.put(connect())
        except Exception as error:
            found.put(error)

    threading.Thread(target=try_it, daemon=True).start()
    try:
        answer = found.get(timeout=2 * PATIENCE_SECONDS)
    except Empty:
        raise TimeoutError("it does not answer") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _address(scheduler: str) -> str:
    """What to connect to. Raises :class:`DannError` for a file that no scheduler wrote; Dask would
    wait for it for ever."""
    is_file = "://" not in scheduler and kind_of(scheduler) is not None
    if not is_file and not scheduler.endswith(".json"):
        return scheduler
    try:
        text = regular_file(scheduler).read_text(encoding="utf-8")
        return str(json.loads(text)["address"])
    except (OSError, ValueError, KeyError, TypeError, DataError) as error:
        raise DannError(
            f"--scheduler {shown(scheduler)}: this is not the file of a Dask scheduler "
            f"({type(error).__name__}). Start one with --scheduler-file, and name its file."
        ) from error


def require_fit(client: Client, name: str) -> None:
    """Raise :class:`DannError` unless the scheduler and the workers of the cluster ``name`` have
    our versions, and each worker one thread. Workers that come later are asked with each run."""
    try:
        found: Any = client.get_versions(packages=["dann-explorable"])
        threads: Any = client.nthreads()
    except Exception as error:  # of whatever speaks another language there
        raise DannError(
            f"{name}: the scheduler does not tell its versions ({reason_of(error):.150}). Start it "
            f"with dask {version('dask')}."
        ) from error
    ours = found["client"]["packages"]
    _require_same("the scheduler", name, found["scheduler"]["packages"], ours, COMPARED)
    for address, there in found["workers"].items():
        packages = there["packages"] if isinstance(there, dict) else {}
        _require_same(f"the worker {address}", name, packages, ours, (*COMPARED, "dann-explorable"))
    for address, number in threads.items():
        if number != 1:
            raise DannError(
                f"{name}: the worker {address} has {number} threads, and a run needs a "
                "process of its own. Start workers with --nthreads 1, as many as there are cores."
            )


def _require_same(
    who: str, name: str, there: dict[str, Any], ours: dict[str, Any], packages: tuple[str, ...]
) -> None:
    for package in packages:
        if there.get(package) != ours[package]:
            has = there.get(package) or "none"
            raise DannError(
                f"{name}: {who} has {package} {has}, and here is {ours[package]}. Install the same "
                "on both sides."
            )


def _be_quiet() -> None:
    """What Dask would log, that a worker has gone, say, is in the sweep's own words."""
    for name in ("distributed", "tornado.application", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
