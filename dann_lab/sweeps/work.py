"""What a worker does with one run: an ordinary run's folder, begun or gone on with."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import torch

from dann_core.devices import choose_device
from dann_core.domains import DomainPair
from dann_core.errors import DannError, TrainingDiverged, reason_of
from dann_core.files import shown
from dann_core.plain_numbers import none_for_nan
from dann_core.training import Trainer
from dann_lab.runs.claim import claimed
from dann_lab.runs.folder import Data, RunFolder, Saved, make_folder
from dann_lab.sweeps.plan import Planned
from dann_lab.sweeps.results import ACCURACIES, Result, look

PLAN = "sweep.json"
"""The file beside the runs' folders that says which runs a sweep has, and its number."""
REPORT_SECONDS = 0.5
PAIRS_KEPT = 2
"""The number of pairs that stay loaded in a worker: the runs of one pair come together."""
_stopped: set[str] = set()
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Order:
    """A run for a worker. ``sweep``: the number of the sweep; ``version``: of this package; the
    others: as in :class:`~dann_lab.sweeps.sweep.Options`."""

    sweep: str
    out: str
    planned: Planned
    device: str = "cpu"
    map_: bool = False
    keep_every: int | None = None
    version: str = version("dann-explorable")

    @property
    def folder(self) -> Path:
        return Path(self.out) / self.planned.name


@dataclass(frozen=True)
class Outcome:
    """How a run has ended. ``accuracies``: source, target and domain, 0 to 1 or None where none is
    known; ``why``: a sentence, of a run that failed or diverged."""

    state: Literal["done", "diverged", "failed", "stopped"]
    step: int = 0
    accuracies: dict[str, float | None] | None = None
    why: str = ""


def stop(sweep: str) -> None:
    """In this process the run of ``sweep`` ends, saved, after its step, and no other begins."""
    _stopped.add(sweep)


def carry_out(order: Order, report: Callable[[int], None]) -> Outcome:
    """Make the run, or go on with it, to its end or until :func:`stop`.

    ``report``: is told the number of steps done, at the start and about twice a second. What goes
    wrong with the run is its outcome, for the others have to go on.
    """
    # PyTorch's threads and, of a network of one's own, its random numbers are the process's.
    with _one_at_a_time:
        if order.sweep in _stopped:
            return Outcome("stopped")
        torch.set_num_threads(1)  # as many on every worker, so that any can go on bit for bit
        try:
            _require_same_place(order)
            make_folder(order.folder)
            with claimed(order.folder):
                run = _opened(order)
                return run if isinstance(run, Outcome) else _trained(run, order, report)
        except DannError as error:
            return Outcome("failed", why=str(error))
        except Exception as error:  # of a network of one's own, say
            why = f"{type(error).__name__}: {reason_of(error)}."
            return Outcome("failed", why=f"{why[:300]} See {shown(order.folder)}.")


def _require_same_place(order: Order) -> None:
    here = version("dann-explorable")
    if here != order.version:
        raise DannError(
            f"The worker on {socket.gethostname()} has dann {here}, the sweep {order.version}. "
            "Install the same."
        )
    try:
        there = json.loads((Path(order.out) / PLAN).read_text(encoding="utf-8"))["sweep"]
    except (OSError, ValueError, KeyError, TypeError):
        there = None
    if there != order.sweep:
        raise DannError(
            f"The worker on {socket.gethostname()} does not see this sweep in {shown(order.out)}. "
            "Choose an --out on a disk that all machines share."
        )


def _opened(order: Order) -> RunFolder | Outcome:
    """The run, ready for its next step, or its outcome if it has ended already."""
    planned, folder = order.planned, order.folder
    state, result = look(folder, planned)
    if result is not None:
        return outcome_of(result)
    device, pair = str(choose_device(order.device)), _pair(planned.data)
    if state == "begun":
        return replace(Saved.read(folder), data=planned.data).resume(pair, device)
    trainer = Trainer(pair, planned.recipe, device=device)
    run = RunFolder(folder, planned.data, trainer, keep_every=order.keep_every)
    run.save()
    return run


def outcome_of(result: Result) -> Outcome:
    """Of a run that has ended before."""
    if result.diverged:
        return Outcome("diverged", result.step - 1, why=str(result.diverged))
    return Outcome("done", result.step, result.accuracy)


def _trained(run: RunFolder, order: Order, report: Callable[[int], None]) -> Outcome:
    said = 0.0
    report(run.trainer.step)
    try:
        for record in run.train():
            if order.sweep in _stopped:
                run.save()
                run.save_history()
                return Outcome("stopped", record.step)
            if time.monotonic() - said >= REPORT_SECONDS:
                report(record.step)
                said = time.monotonic()
    except TrainingDiverged as error:
        run.save()
        run.save_history()
        run.save_divergence(error)
        return Outcome("diverged", run.trainer.step, why=str(error))
    found = run.finish(order.map_)
    accuracies = {n: none_for_nan(getattr(found, f"{n}_accuracy")) for n in ACCURACIES}
    return Outcome("done", found.step, accuracies)


def _pair(data: Data) -> DomainPair:
    return _loaded(json.dumps(asdict(data)))


@lru_cache(maxsize=PAIRS_KEPT)
def _loaded(text: str) -> DomainPair:
    return Data(**json.loads(text)).load()


def planned_names(out: Path) -> list[str]:
    """The names of the runs that the sweep in ``out`` has; none if there is no sweep."""
    try:
        runs = json.loads((out / PLAN).read_text(encoding="utf-8"))["runs"]
        return [str(name) for name in runs]
    except (OSError, ValueError, KeyError, TypeError):
        return []
