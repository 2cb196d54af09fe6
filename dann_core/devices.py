"""Which device trains, and with how many threads."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import torch
from torch import nn
from torch.nn import functional as F

from dann_core.errors import RecipeError
from dann_core.plain_numbers import Whole, checked_whole, is_whole, plain, short

LEAST_LIMIT = 64
"""The number of CPU threads that can be asked for on any machine, such as for a run that was begun
on a larger one."""
WARM_UP = 3
"""The number of passes before the stopwatch: threads that have just been started take longer over
the first."""


def choose_device(name: str = "auto") -> torch.device:
    """``"auto"`` takes CUDA, else Apple's MPS, else the CPU; a name takes that device.

    Raises :class:`RecipeError` if the name is unknown or this machine has no such device.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    device: torch.device | None
    try:
        device = torch.device(name)
    except (RuntimeError, TypeError, ValueError):  # for no name at all, and for an absurd number
        device = None
    here = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if device is None or device.type not in here:
        raise RecipeError(f"There is no device {short(name)}. Choose auto, cpu, cuda or mps.")
    if not here[device.type] or (device.index or 0) >= max(1, torch.cuda.device_count()):
        raise RecipeError(f"This machine has no device {short(name)}. Use --device auto or cpu.")
    return device


def describe_device(device: torch.device) -> str:
    """One phrase for people: the device's name and, on a CPU, how many threads are in use."""
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)} (CUDA)"
    if device.type == "mps":
        return "Apple GPU (MPS)"
    threads = torch.get_num_threads()
    return f"CPU, {threads} thread{'s' if threads != 1 else ''}"


def set_threads(threads: Whole) -> None:
    """Compute with so many CPU threads from now on.

    Raises :class:`RecipeError` unless it is a whole number from 1 to 64, or to twice the cores
    where those are more: the system may refuse to start more, and PyTorch then ends the process.
    """
    found, most = plain(threads), most_threads()
    if not is_whole(found) or not 1 <= found <= most:
        raise RecipeError(
            f"threads={short(found)}: choose a whole number from 1 to {most} on this machine, "
            f"which has {_cores()} cores, or auto."
        )
    torch.set_num_threads(found)


def most_threads() -> int:
    """The largest number that :func:`set_threads` takes on this machine."""
    return max(LEAST_LIMIT, 2 * _cores())


def _cores() -> int:
    """Those that this process may use."""
    may = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return may or 1


@contextmanager
def one_thread() -> Iterator[None]:
    """Inside, this thread computes with one CPU thread; afterwards with as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def choose_threads(repeats: Whole = 5) -> int:
    """Set and return the number of CPU threads that runs a convolution step soonest right now, of
    at most ``OMP_NUM_THREADS`` where that is set.

    Takes about a second. Two threads on a machine whose cores are busy wait for each other and
    can be several times slower than one, so this measures instead of counting cores. Fewer win
    unless more are at least 15 % faster: a browser on the same machine needs a core too.
    """
    times_each = checked_whole(repeats, "repeats", 1)
    available = _cores()
    limit = os.environ.get("OMP_NUM_THREADS", "")  # such as 1 where a class shares a machine
    if limit.isdecimal() and len(limit) < 10 and int(limit):
        available = min(available, int(limit))
    candidates = [1]
    while candidates[-1] * 2 <= available:
        candidates.append(candidates[-1] * 2)
    if len(candidates) == 1:
        torch.set_num_threads(1)
        return 1
    with torch.random.fork_rng(devices=[]):
        step = nn.Sequential(nn.Conv2d(3, 32, 5), nn.ReLU(), nn.Conv2d(32, 48, 5))
        images = torch.rand(64, 3, 28, 28).to(memory_format=torch.channels_last)
    best, best_time = 1, float("inf")
    for threads in candidates:
        torch.set_num_threads(threads)
        times = []
        for _ in range(WARM_UP + times_each):
            start = time.perf_counter()
            F.relu(step(images)).sum().backward()
            times.append(time.perf_counter() - start)
        taken = median(times[WARM_UP:])  # which ignores a single interruption
        if taken < best_time * 0.85:
            best, best_time = threads, taken
    torch.set_num_threads(best)
    return best
