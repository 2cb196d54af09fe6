"""Ctrl-C, held back until what is being done is whole."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def uninterrupted() -> Iterator[Callable[[], None]]:
    """Ctrl-C waits for the end of the block, or for a call of the function that this yields, which
    is for places where nothing is half done.

    Then it does what it would have done at once: it raises KeyboardInterrupt, or whatever else the
    program wants of it. Nothing changes where that is to ignore it, and on other threads than the
    main one, which Ctrl-C does not reach.
    """
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler) or threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    came: list[tuple[Any, Any]] = []

    def let_in() -> None:
        if came:
            last = came[-1]
            came.clear()
            handler(*last)

    signal.signal(signal.SIGINT, lambda *what: came.append(what))
    try:
        yield let_in
    finally:
        signal.signal(signal.SIGINT, handler)
        let_in()
