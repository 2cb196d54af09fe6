"""What a step makes the host and the compiler do, counted, and whether two histories agree."""

from __future__ import annotations

import tempfile
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch._dynamo.testing import CompileCounterWithBackend
from torch.profiler import ProfilerActivity, profile

from dann_core.domains import DomainPair
from dann_core.history import StepRecord
from dann_core.recipe import Recipe
from dann_core.training import Trainer

WARM_UP = 3
"""The number of steps before anything is counted."""
WAITING = ("StreamSynchronize", "DeviceSynchronize", "EventSynchronize")
"""The ends of the names of the CUDA calls in which the host waits."""


def is_wait(name: str) -> bool:
    """Whether the profiler names so a call that waits, a copy to the host, or an ``item()``."""
    return name.endswith(WAITING) or "DtoH" in name or name == "aten::_local_scalar_dense"


def host_waits(one: Callable[[], Any], steps: int) -> Counter[str]:
    """How often the host waited for a number or for the device in ``steps`` steps, by what it did;
    what the profiler itself does is taken off."""

    def seen(steps: int) -> Counter[str]:
        activities = [ProfilerActivity.CPU]
        if torch.cuda.is_available():
            activities.append(ProfilerActivity.CUDA)
        with profile(activities=activities) as profiled:
            for _ in range(steps):
                one()
        counts = {event.key: event.count for event in profiled.key_averages()}
        return Counter({name: n for name, n in counts.items() if is_wait(name)})

    return seen(steps) - seen(0)


def waiting_lines(one: Callable[[], Any], steps: int) -> Counter[str]:
    """The lines of Python at which the host waited, as PyTorch's own watch sees it; CUDA only."""
    torch.cuda.set_sync_debug_mode("warn")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for _ in range(steps):
                one()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    waits = [w for w in caught if "called a synchronizing" in str(w.message)]
    return Counter(f"{Path(w.filename).name}:{w.lineno}" for w in waits)


def compilations(one: Callable[[], Any], counter: CompileCounterWithBackend, steps: int) -> int:
    """How often the compiler starts again in ``steps`` steps after the first few."""
    for _ in range(WARM_UP):
        one()
    before = counter.frame_count
    for _ in range(steps):
        one()
    return counter.frame_count - before


def difference(one: list[StepRecord], other: list[StepRecord]) -> str:
    """Where two histories first differ by as much as a bit; "" if nowhere."""
    for a, b in zip(map(asdict, one), map(asdict, other), strict=True):
        for name in a:
            if repr(a[name]) != repr(b[name]):
                return f"step {a['step']}: {name} {a[name]!r}, {b[name]!r}"
    return ""


def histories(pair: DomainPair, recipe: Recipe, device: str, steps: int) -> dict[str, str]:
    """Where a second run differs from the first, and one that was saved and resumed."""

    def run(trainer: Trainer, steps: int) -> list[StepRecord]:
        return [next(trainer) for _ in range(steps)]

    one, again = (run(Trainer(pair, recipe, device=device), steps) for _ in range(2))
    cut = steps * 3 // 5
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(pair, recipe, device=device)
        interrupted = run(trainer, cut)
        trainer.save(Path(folder) / "run.pt")
        resumed = Trainer.resume(Path(folder) / "run.pt", pair, device=device)
        interrupted += run(resumed, steps - cut)
    return {"run again": difference(one, again), "resumed": difference(one, interrupted)}
