"""The states of the page's runs at some of their steps, from which they can be taken up again.

What is kept costs little: so many bytes in memory, more on disk, and where there are too many,
steps in between go. A step between two kept ones is reached by training again from the one before.
"""

from __future__ import annotations

import io
import tempfile
import threading
from bisect import bisect_right
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from dann_core.snapshots import least_missed
from dann_core.training import Trainer

MEMORY_BYTES = 150_000_000
"""The most that the kept states take in memory; the oldest go to disk."""
DISK_BYTES = 1_000_000_000
"""The most that they take in memory and on disk together."""


@dataclass
class _State:
    """A trainer's state without its history, as a file's bytes, which are in memory or on disk."""

    run: int
    step: int
    nbytes: int
    contents: bytes | None
    path: Path


class Moments:
    """The states of several runs, by the run's number and the step.

    One thread may keep while others read. What cannot be written to a full disk is forgotten.
    """

    def __init__(self, memory: int = MEMORY_BYTES, disk: int = DISK_BYTES) -> None:
        self.memory, self.disk = memory, disk
        self._kept: list[_State] = []  # the oldest first
        self._place: tempfile.TemporaryDirectory[str] | None = None
        self._lock = threading.Lock()

    def __getstate__(self) -> tuple[int, int, list[_State]]:
        """What a pickle or a copy is made of: everything in memory."""
        with self._lock:
            whole = [replace(s, contents=self._contents(s)) for s in self._kept]
        return self.memory, self.disk, whole

    def __setstate__(self, state: tuple[int, int, list[_State]]) -> None:
        self.__init__(*state[:2])  # type: ignore[misc]
        self._kept = state[2]
        self._move_to_disk()

    def keep(self, run: int, trainer: Trainer) -> None:
        """Keep the trainer's state, as it is now."""
        contents = io.BytesIO()
        torch.save(trainer.state_dict(history=False), contents)  # the run itself has that
        whole = contents.getvalue()
        with self._lock:
            self._forget([s for s in self._kept if (s.run, s.step) == (run, trainer.step)])
            path = Path(f"{run}-{trainer.step}.pt")
            self._kept.append(_State(run, trainer.step, len(whole), whole, path))
            self._move_to_disk()
            self._thin()

    def steps(self, run: int) -> list[int]:
        """The steps at which a state of the run is kept, ascending."""
        return sorted(s.step for s in list(self._kept) if s.run == run)

    def at(self, run: int, step: int) -> tuple[int, dict[str, Any]] | None:
        """The latest kept step at or before ``step`` and the state then, without a history; None
        if there is none."""
        with self._lock:
            of_run = sorted((s for s in self._kept if s.run == run), key=lambda s: s.step)
            place = bisect_right(of_run, step, key=lambda s: s.step)
            if not place:
                return None
            found = of_run[place - 1]
            contents = self._contents(found)
        state: dict[str, Any] = torch.load(
            io.BytesIO(contents), map_location="cpu", weights_only=True
        )
        return found.step, state

    def only(self, runs: Iterable[int]) -> None:
        """Forget the states of all other runs."""
        kept = set(runs)
        with self._lock:
            self._forget([s for s in self._kept if s.run not in kept])

    @property
    def bytes_in_memory(self) -> int:
        return sum(s.nbytes for s in list(self._kept) if s.contents is not None)

    @property
    def nbytes(self) -> int:
        """In memory and on disk."""
        return sum(s.nbytes for s in list(self._kept))

    def close(self) -> None:
        """Forget all, and remove the files."""
        with self._lock:
            self._kept = []
            if self._place is not None:
                self._place.cleanup()
                self._place = None

    def _contents(self, state: _State) -> bytes:
        return self._file(state).read_bytes() if state.contents is None else state.contents

    def _file(self, state: _State) -> Path:
        if self._place is None:
            self._place = tempfile.TemporaryDirectory(prefix="dann-moments-")
        return Path(self._place.name) / state.path

    def _move_to_disk(self) -> None:
        too_much = self.bytes_in_memory - self.memory
        for state in self._kept:
            if too_much <= 0:
                return
            if state.contents is None:
                continue
            try:
                self._file(state).write_bytes(state.contents)
            except OSError:
                self._forget([state])
            state.contents = None
            too_much -= state.nbytes

    def _thin(self) -> None:
        """Where there is too much, drop one after another from the run that has most, as snapshots
        are dropped."""
        while self.nbytes > self.disk:
            numbers = [s.run for s in self._kept]
            of_run = [s for s in self._kept if s.run == max(numbers, key=numbers.count)]
            of_run.sort(key=lambda s: s.step)
            if len(of_run) < 3:
                self._forget([self._kept[0]])
                continue
            self._forget([of_run[least_missed([s.step for s in of_run])]])

    def _forget(self, gone: list[_State]) -> None:
        self._kept = [s for s in self._kept if s not in gone]
        for state in gone:
            if state.contents is None:
                with suppress(OSError):
                    self._file(state).unlink()
