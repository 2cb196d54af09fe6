"""A thread that works for a page: jobs first, then as many steps as are wished for.

It takes steps only while somebody looks. Each wish is left behind at once, from any thread; the
worker alone does what is wished for.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

UNSEEN_SECONDS = 20.0
"""The time without a look after which no more steps are taken."""
UNHEARD_SECONDS = 1.0
"""The time that a look may take to be heard where the process was held up."""

Job = Callable[[], None]


class Employer(Protocol):
    """What the worker tells, and asks, the one that it works for; all but ``work`` with the lock
    held."""

    def next_step(self) -> Job | None:
        """What the next step is, or None if there is none to take."""

    def what_for(self) -> Any:
        """What is being worked on; handed back with an error."""

    def on_step(self) -> None:
        """A step comes next."""

    def on_rest(self) -> None:
        """No step is wished for any more, and no job waits."""

    def on_unseen(self) -> None:
        """Steps are wished for, but nobody looks: they are dropped."""

    def on_error(self, worked_on: Any, error: Exception) -> None:
        """A job or a step raised ``error``."""


class Worker:
    """Works for ``employer`` from :meth:`start` until :meth:`close`.

    ``lock``: to be held by an employer that changes several things at once; one thread may take it
    more than once.
    """

    def __init__(self, employer: Employer, name: str):
        self._employer = employer
        self._jobs: deque[Job] = deque()
        self._steps_allowed = 0.0
        self._last_look = time.monotonic()
        self._closed = False
        self.lock = self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()
        # Python must not end in the middle of a step: PyTorch would then bring the process down.
        atexit.register(self.close)

    def submit(self, job: Job, first: bool = False) -> None:
        """Do ``job`` after those that wait, or with ``first`` before them."""
        with self._changed:
            if first:
                self._jobs.appendleft(job)
            else:
                self._jobs.append(job)
            self._changed.notify()

    def allow(self, steps: float) -> None:
        """Take so many steps from now on; what was allowed before no longer counts."""
        with self._changed:
            self._steps_allowed = steps
            self._changed.notify()

    @property
    def steps_allowed(self) -> float:
        """The number of steps that are still to be taken."""
        return self._steps_allowed

    @property
    def waiting(self) -> int:
        """The number of jobs that are not begun yet."""
        return len(self._jobs)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def looked_at(self) -> None:
        """Somebody looks now."""
        self._last_look = time.monotonic()

    def close(self) -> None:
        """End after the job or the step under way."""
        self._closed = True
        self.allow(0)
        self._thread.join(timeout=10)
        atexit.unregister(self.close)

    def _work(self) -> None:
        while True:
            with self._changed:
                while not (self._closed or self._jobs or self._may_step()):
                    self._employer.on_rest()
                    self._changed.wait()
                if self._closed:
                    return
                worked_on = self._employer.what_for()
                work = self._next()
            try:
                if work:
                    work()
            except Exception as error:  # shown on the page; a dead worker would be a silent one
                self._employer.on_error(worked_on, error)

    def _next(self) -> Job | None:
        if self._jobs:
            return self._jobs.popleft()
        # Taken before the step: what is asked for during it is about the next one.
        self._steps_allowed -= 1
        self._employer.on_step()
        return self._employer.next_step()

    def _may_step(self) -> bool:
        """Whether a step is wanted, and can and should be done; if not, none is wanted any more."""
        if self._steps_allowed and self._employer.next_step():
            if not self._unseen():
                return True
            # All of this process may have stood still, and looks be waiting to be heard.
            if self._changed.wait_for(lambda: not self._unseen(), UNHEARD_SECONDS):
                return self._may_step()
            self._employer.on_unseen()
        self._steps_allowed = 0
        return False

    def _unseen(self) -> bool:
        return time.monotonic() - self._last_look > UNSEEN_SECONDS
