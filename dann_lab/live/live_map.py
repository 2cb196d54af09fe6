"""A map of the features that follows the training, drawn beside it by a thread of its own.

Each frame starts from one of a neighbouring moment, so that points drift instead of jumping. Frames
are kept with the snapshots that they are of.
"""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np

from dann_core.errors import DannError
from dann_core.snapshots import Snapshot, Snapshots
from dann_lab.live import words
from dann_lab.maps.layouts import METHODS, maker
from dann_lab.maps.moving import Mapper, warm_up

NEAR = 5
"""A number of snapshots. From a map further away than this, a frame's few iterations would not
arrive."""
FRAME_SECONDS = 4.0
"""The time between two frames while somebody trains, at least: one takes a third of a second of a
core, and the page some more to draw it."""
PATIENCE = 2.0
"""The seconds that the maps of earlier moments may take without a word."""
NICENESS = 10
"""The niceness of the thread that makes a method ready, on Linux. At 0 the imports and numba's
compiling leave a training on two cores a fifth of its speed, at 5 four tenths, at 10 seven
tenths."""


class LiveMap:
    """Draws the latest snapshot of the run that it follows, by the method of choice.

    While ``at_rest()``, it goes on with those of the snapshots before that have no such map yet,
    the ones beside a drawn one first. ``method``: one of
    :data:`dann_lab.maps.layouts.METHODS`, or "" for no map. ``note``: what keeps it waiting, or
    went wrong, as a sentence; "" if nothing does.
    All methods return at once and may be called from any thread.
    """

    def __init__(self, at_rest: Callable[[], bool] = lambda: True) -> None:
        self.method = ""
        self.note = ""
        self._at_rest = at_rest
        self._snapshots = Snapshots()
        self._mapper = Mapper()
        self._failed: set[tuple[int, str]] = set()
        self._takes_over = ""  # by which method it goes on once that is ready
        self._to_prepare: deque[str] = deque()
        self._preparing = False
        self._ready: set[str] = set()
        self._catching_up_since: float | None = None
        self._next_frame = 0.0  # while somebody trains
        self._closed = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def begin(self, method: str, then: str) -> None:
        """Draw by ``method``, which is there at once, until ``then`` is made ready and nobody
        trains; unless somebody chooses before that."""
        maker(then)
        self.choose(method)
        with self._changed:
            self._takes_over = then

    def choose(self, method: str) -> None:
        """Draw by ``method`` from now on. Raises :class:`DannError` if there is no such method."""
        if method:
            maker(method)
        with self._changed:
            self.method, self._catching_up_since, self._takes_over = method, None, ""
            self._next_frame = 0.0
            # Unless it comes at once.
            self.note = words.getting_ready(method) if method and self._preparing else ""
            if method:
                self._awaken()

    def prepare(self) -> None:
        """Import and compile, at rest, what t-SNE and UMAP need, so that their first map comes
        sooner."""
        with self._changed:
            self._to_prepare.extend(("t-SNE", "UMAP"))
            self._awaken()

    def follow(self, snapshots: Snapshots) -> None:
        """Draw these from now on. Where they have maps already, those go on."""
        with self._changed:
            self._snapshots, self._mapper, self._failed = snapshots, Mapper(), set()
            self._catching_up_since, self._next_frame = None, 0.0
            self._changed.notify()

    def notify(self) -> None:
        """There may be a new snapshot, or rest."""
        with self._changed:
            self._changed.notify()

    def drawn(self, step: float = math.inf) -> Snapshot | None:
        """The latest snapshot at or before ``step`` that has a map by the method of choice."""
        method, kept = self.method, list(self._snapshots)
        return next((s for s in reversed(kept) if s.step <= step and method in s.maps), None)

    def close(self) -> None:
        """End the thread after the frame under way."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _awaken(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="dann-map", daemon=True)
            self._thread.start()
        self._changed.notify()

    def _missing(self) -> list[Snapshot]:
        """Without a map by the method of choice that could have one."""
        method = self.method
        return [
            s
            for s in self._snapshots
            if method and method not in s.maps and (s.step, method) not in self._failed
        ]

    def _next(self) -> Snapshot | None:
        """What to draw."""
        missing, latest = self._missing(), self._snapshots.at(2**62)
        if not missing or latest is None:
            return None
        at_rest = self._at_rest()
        if missing[-1].step == latest.step and (at_rest or time.monotonic() >= self._next_frame):
            return missing[-1]
        if not at_rest:
            return None
        drawn = [s.step for s in self._snapshots if self.method in s.maps]
        steps = np.array([s.step for s in missing])
        apart = np.abs(steps[:, None] - np.array(drawn or [latest.step])).min(axis=1)
        # Of two as near as each other the later: there most people look first.
        return missing[len(missing) - 1 - int(apart[::-1].argmin())]

    def _wanted(self) -> tuple[Snapshot, str] | None:
        """What to draw, and by which method. The one that takes over draws the latest snapshot
        before it does, so that there is always a map to be seen."""
        if (snapshot := self._next()) is not None:
            return snapshot, self.method
        then, latest = self._takes_over, self._snapshots.at(2**62)
        if then not in self._ready or latest is None or not self._at_rest():
            return None
        if then not in latest.maps and (latest.step, then) not in self._failed:
            return latest, then
        self.method, self._takes_over = then, ""
        return self._wanted()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._closed and (wanted := self._wanted()) is None:
                    if self._catching_up_since is not None:
                        self._catching_up_since, self.note = None, ""
                    # Not before the first snapshot: both load scikit-learn.
                    if self._to_prepare and len(self._snapshots) and self._at_rest():
                        break
                    left = self._next_frame - time.monotonic()
                    self._changed.wait(left if left > 0 else None)
                if self._closed:
                    return
                snapshots, mapper = self._snapshots, self._mapper
                if wanted is None:
                    method, self._preparing = self._to_prepare.popleft(), True
                    if not self.method:  # a map that is shown keeps its caption
                        self.note = words.getting_ready(method)
            if wanted is not None:
                self._draw(*wanted, snapshots, mapper)
                continue
            with suppress(Exception):  # whoever chooses it will be told
                _make_ready(method)
                self._ready.add(method)
            with self._changed:
                self._preparing, self.note = False, ""

    def _draw(self, snapshot: Snapshot, method: str, snapshots: Snapshots, mapper: Mapper) -> None:
        note = ""
        try:
            self._tell(method, words.getting_ready(method))
            self._tell_of_the_past(snapshot)
            if method not in self._ready:
                _make_ready(method)
                self._ready.add(method)
            afresh = _go_on(mapper, list(snapshots), snapshot, method)
            frame = mapper.frame(snapshot.projection, method, afresh)
            snapshots.add_map(snapshot.step, method, frame)
            self._next_frame = time.monotonic() + FRAME_SECONDS
        except DannError as error:
            note = str(error)
        except Exception as error:  # shown on the page; a dead thread would be a silent one
            note = words.unexpected(error)
        if note and snapshots is self._snapshots:
            self._failed.add((snapshot.step, method))
        self._tell(method, note)

    def _tell(self, method: str, note: str) -> None:
        with self._changed:
            # The first map is worth a word; those that follow come by themselves.
            worth_it = not note or self.drawn() is None or self._failed
            if worth_it and method == self.method and self._catching_up_since is None:
                self.note = note

    def _tell_of_the_past(self, snapshot: Snapshot) -> None:
        with self._changed:
            latest, now = self._snapshots.at(2**62), time.monotonic()
            if latest is None or snapshot.step == latest.step:
                self._catching_up_since = None
                return
            self._catching_up_since = self._catching_up_since or now
            if now - self._catching_up_since > PATIENCE:
                self.note = words.drawing_earlier(len(self._missing()))


def _make_ready(method: str) -> None:
    """:func:`warm_up`, by a thread that lets the training go first. One for each time, because
    nobody but the superuser may raise a priority again."""
    with ThreadPoolExecutor(1, "dann-map-ready", _give_way) as background:
        background.submit(warm_up, method).result()


def _give_way() -> None:
    if sys.platform == "linux":  # elsewhere it is the process that has a priority
        with suppress(OSError):
            mine = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), mine + NICENESS)


def _go_on(mapper: Mapper, kept: list[Snapshot], snapshot: Snapshot, method: str) -> bool:
    """Place ``mapper`` at the drawn snapshot nearest to ``snapshot``, if there is one. Answers
    whether that is too far away for more than the places of the points."""
    for name in (method, *(other for other in reversed(METHODS) if other != method)):
        # A collapsed network's map is one point, where no film can start.
        drawn = [s for s in kept if name in s.maps and s.maps[name].any()]
        if drawn:
            nearest = min(drawn, key=lambda s: abs(s.step - snapshot.step))
            mapper.go_on(nearest.maps[name], name)
            ends = sorted((nearest.step, snapshot.step))
            return sum(ends[0] < s.step <= ends[1] for s in kept) > NEAR
    return False
