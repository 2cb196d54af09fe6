"""The signals that ask a program to stop, and what becomes of them."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""The exit status of what Ctrl-C and its like have stopped."""
STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")
"""The names of the signals that stop a training; Windows has no SIGHUP."""


@contextmanager
def stopping_interrupts() -> Iterator[None]:
    """The signals that ask a program to stop do inside what Ctrl-C does: whatever is under way is
    put in order on the way out."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    with _handled(interrupt):
        yield


@contextmanager
def stop_wishes() -> Iterator[list[int]]:
    """Collects the signals that ask a program to stop, instead of dying of them, so that the step
    under way ends."""
    wishes: list[int] = []
    with _handled(lambda number, frame: wishes.append(number)):
        yield wishes


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """What asks a program to stop goes to ``handler`` inside; but what was ignored before, as
    SIGHUP is by ``nohup``, stays so."""
    there = [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
    before = {
        number: signal.signal(number, handler)
        for number in there
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)
