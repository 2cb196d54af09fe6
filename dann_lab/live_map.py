"""A map of the features that follows the training, drawn beside it by a thread of its own.

Each frame starts from the one before, so that points drift instead of jumping. Frames are kept with
the snapshots that they are of.
"""

from __future__ import annotations

import math
import threading

import numpy as np

from dann_core.errors import DannError
from dann_core.mapping import METHODS, Mapper, warm_up
from dann_core.snapshots import Snapshot, Snapshots

CHOICES = {
    "": "no map",
    "PCA": "PCA",
    "t-SNE": "t-SNE",
    "UMAP": "UMAP (takes some seconds at first)",
}
assert set(CHOICES) - {""} == set(METHODS)


class LiveMap:
    """Draws the latest snapshot of the run that it follows, by the method of choice.

    ``method``: one of :data:`dann_core.mapping.METHODS`, or "" for no map. ``note``: what keeps it
    waiting, or went wrong, as a sentence; "" if nothing does. All methods return at once and may be
    called from any thread.
    """

    def __init__(self) -> None:
        self.method = ""
        self.note = ""
        self._snapshots = Snapshots()
        self._mapper = Mapper()
        self._failed: tuple[int, str] | None = None
        self._closed = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def choose(self, method: str) -> None:
        """Draw by ``method`` from now on. Raises :class:`DannError` if there is no such method."""
        if method not in CHOICES:
            raise DannError(f"There is no map {method!r}. Choose one of: {', '.join(METHODS)}.")
        with self._changed:
            self.method, self.note = method, ""
            if method and self._thread is None:
                self._thread = threading.Thread(target=self._work, name="dann-map", daemon=True)
                self._thread.start()
            self._changed.notify()

    def follow(self, snapshots: Snapshots) -> None:
        """Draw these from now on, beginning with a map of their own."""
        with self._changed:
            self._snapshots, self._mapper, self._failed = snapshots, Mapper(), None
            self._changed.notify()

    def look(self) -> None:
        """There may be a new snapshot."""
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

    def _next(self) -> Snapshot | None:
        latest = self._snapshots.at(2**62)
        if not self.method or latest is None or self.method in latest.maps:
            return None
        return None if (latest.step, self.method) == self._failed else latest

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._closed and self._next() is None:
                    self._changed.wait()
                if self._closed:
                    return
                snapshot, method = self._next(), self.method
                snapshots, mapper = self._snapshots, self._mapper
            assert snapshot is not None
            note = ""
            try:
                self._tell(method, f"Getting {method} ready. Training goes on meanwhile.")
                warm_up(method)
                features = snapshot.features.astype(np.float32) * np.float32(snapshot.scale)
                snapshots.add_map(snapshot.step, method, mapper.frame(features, method))
            except DannError as error:
                note, self._failed = str(error), (snapshot.step, method)
            except Exception as error:  # shown on the page; a dead thread would be a silent one
                note, self._failed = f"{type(error).__name__}: {error}.", (snapshot.step, method)
            self._tell(method, note)

    def _tell(self, method: str, note: str) -> None:
        with self._changed:
            # The first map is worth a word; those that follow come by themselves.
            if method == self.method and (not note or self.drawn() is None or self._failed):
                self.note = note
