"""A sweep on a Dask cluster: which runs are to be made, handing them out, following them, stopping.

Dask hands a run to a worker, and to another if that one dies. What has happened to each run comes
back in two ways, which one queue brings together: a worker's reports on the way, and the outcome.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from dann_core.errors import DannError, reason_of
from dann_core.files import AnyPath, in_full, kind_of, shown, written_whole
from dann_lab.runs.folder import make_folder
from dann_lab.sweeps import work
from dann_lab.sweeps.plan import Planned
from dann_lab.sweeps.progress import Progress
from dann_lab.sweeps.results import look
from dann_lab.sweeps.work import PLAN, Order, Outcome, outcome_of

if TYPE_CHECKING:
    from distributed import Client, Future

TRIES = 3
"""The number of times that a run is begun without a new step: its workers died of it, and the next
would."""
HANDED_OUT = 20
"""The number of times that a run is handed out to workers that die, at most."""
LOOK_SECONDS = 0.25
SAVING_SECONDS = 60.0
"""The time that the runs under way get to save where somebody stops a sweep."""


def survey(plan: Sequence[Planned], out: AnyPath) -> Progress:
    """The runs of the plan, those that have ended before with their outcome.

    Reads only. Raises :class:`DannError` if ``out`` is no folder or a run's folder in it holds
    another run.
    """
    out = Path(out)
    if (kind := kind_of(out)) not in (None, "folder"):
        raise DannError(f"{shown(out)} is a {kind}. Choose another --out.")
    progress = Progress.of(plan)
    if kind is None:
        return progress
    there = set(os.listdir(out))  # once, where most may be new
    for planned in plan:
        if planned.name not in there:
            continue
        state, result = look(out / planned.name, planned)
        if result is not None:
            progress.skip(planned.name, outcome_of(result))
        elif state == "begun":
            progress.lines[planned.name].begun = True
    return progress


@dataclass(frozen=True)
class Options:
    """What is the same for all runs: the device, whether each gets a map of its features, and after
    how many steps each it keeps a checkpoint (None: it keeps none)."""

    device: str = "cpu"
    map_: bool = False
    keep_every: int | None = None


def sweep(
    progress: Progress,
    out: AnyPath,
    client: Client,
    options: Options = Options(),
    show: Callable[[Progress], None] = lambda progress: None,
    wishes: Sequence[object] = (),
) -> None:
    """Make the runs of ``progress``, of :func:`survey`, that have not ended, on the workers of
    ``client``; until all have, or somebody puts a wish to stop into ``wishes``.

    ``show``: is called several times a second. ``out``: a folder that all workers see. Raises
    :class:`DannError` if it cannot be written to, or the scheduler goes away.
    """
    out = in_full(out)
    make_folder(out)
    number = uuid4().hex
    _write_plan(progress, out, number)
    todo = [line.planned for line in progress.lines.values() if line.now == "waiting"]
    following = _Following(progress, client, number)
    following.hand_out([Order(number, str(out), p, **vars(options)) for p in todo])
    try:
        while following.futures and not wishes:
            following.hear()
            show(progress)
        following.stop(show)
    except OSError:  # of a terminal that nobody reads any more
        following.stop()
        raise
    finally:
        following.close()
        progress.over = True


def _write_plan(progress: Progress, out: Path, number: str) -> None:
    runs = {name: line.planned.varied for name, line in progress.lines.items()}
    with written_whole(out / PLAN) as temporary:
        text = json.dumps({"sweep": number, "runs": runs}, indent=1) + "\n"
        temporary.write_text(text, encoding="utf-8", newline="\n")


def on_worker(order: Order) -> None:
    """:func:`work.carry_out` on a Dask worker. That it begins, the steps done and the outcome go to
    the sweep's topic."""
    from distributed import get_worker

    worker, name = get_worker(), order.planned.name

    def tell(what: int | dict[str, Any] | None) -> None:
        worker.log_event(order.sweep, [name, worker.address, what])

    tell(None)  # before anything can go wrong
    # Told, not returned: what is returned would be lost, and made again, with its worker.
    tell(asdict(work.carry_out(order, tell)))


class _Following:
    """The runs that are handed out and have not ended."""

    def __init__(self, progress: Progress, client: Client, number: str):
        self.progress, self.client, self.number = progress, client, number
        self.futures: dict[str, Future[Any]] = {}
        self.orders: dict[str, Order] = {}
        self.handed: Counter[str] = Counter()
        self.heard: SimpleQueue[Callable[[], None]] = SimpleQueue()
        client.subscribe_topic(number, self._hear_report)

    def hand_out(self, orders: Sequence[Order]) -> None:
        for order in orders:
            name = order.planned.name
            self.orders[name] = order
            # A key of its own each time: Dask would remember the one that failed.
            future = self.client.submit(
                on_worker, order, key=("run", self.number, name, uuid4().hex), pure=False
            )
            self.futures[name] = future
            future.add_done_callback(partial(self._hear_end, name))

    # Dask calls these two on threads of its own; what they hear is taken in by `hear`.
    def _hear_report(self, event: tuple[float, tuple[str, str, Any]]) -> None:
        name, worker, what = event[1]
        if what is None:
            self.heard.put(partial(self.progress.began_on, name, worker))
        elif isinstance(what, dict):
            self.heard.put(partial(self._ended, name, Outcome(**what)))
        else:
            self.heard.put(partial(self.progress.reported, name, what))

    def _hear_end(self, name: str, future: Future[Any]) -> None:
        self.heard.put(partial(self._let_go, name, future))

    def hear(self) -> None:
        """Take in what has happened, waiting for it a moment."""
        try:
            take = self.heard.get(timeout=LOOK_SECONDS)
            while True:
                take()
                take = self.heard.get_nowait()
        except Empty:
            if self.client.status not in ("running", "connecting"):
                raise self._gone() from None

    def _ended(self, name: str, outcome: Outcome) -> None:
        if self.futures.pop(name, None) is not None:
            self.progress.ended(name, outcome)

    def _let_go(self, name: str, future: Future[Any]) -> None:
        """Dask has done with a run: its outcome is known by now, or never will be."""
        if name not in self.futures or self.futures[name] is not future:
            return
        if future.status == "error":
            del self.futures[name]
            self._failed(name, future.exception())
        elif future.status != "finished":
            raise self._gone()

    def _failed(self, name: str, error: BaseException) -> None:
        """Something else than the run's own code has failed: a worker has died of it, or has not
        got what it needs."""
        from distributed import KilledWorker

        line = self.progress.lines[name]
        if isinstance(error, KilledWorker):
            # Dask counts the workers that died while a run waited there, too; here those count
            # that had begun it, and came no step further.
            self.handed[name] += 1
            if line.tries < TRIES and self.handed[name] < HANDED_OUT:
                line.now = "waiting"
                self.hand_out([self.orders[name]])
                return
            died = line.tries if line.tries >= TRIES else self.handed[name]
            why = f"It was given up, because {died} workers died after its step {line.step:,}."
        else:
            why = f"The worker could not begin it: {type(error).__name__}: {reason_of(error):.200}."
        self.progress.ended(name, Outcome("failed", line.step, why=why))

    def _gone(self) -> DannError:
        return DannError(
            "The scheduler has gone away. What is done is done: give the same command to go on."
        )

    def stop(self, show: Callable[[Progress], None] = lambda progress: None) -> None:
        """Let the runs under way save after the step that they are at, and forget the others."""
        if not self.futures:
            return
        lines = self.progress.lines
        waiting = [name for name in self.futures if lines[name].now == "waiting"]
        self.client.cancel([self.futures.pop(name) for name in waiting], force=True)
        began = asked = time.monotonic()
        self._ask_to_stop()
        while self.futures and time.monotonic() - began < SAVING_SECONDS:
            self.hear()
            show(self.progress)
            if time.monotonic() - asked > 1:  # of a worker that has taken a dead one's place
                asked = time.monotonic()
                self._ask_to_stop()

    def _ask_to_stop(self) -> None:
        self.client.run(work.stop, self.number, on_error="ignore")

    def close(self) -> None:
        self.client.unsubscribe_topic(self.number)
        for future in self.futures.values():
            future.release()
