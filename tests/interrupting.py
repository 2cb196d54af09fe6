"""Ctrl-C at a moment of one's choice."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def ctrl_c() -> None:
    """What the operating system sends when somebody presses it."""
    signal.raise_signal(signal.SIGINT)


def interrupted_at(line: int, work: Callable[[], object], *within: str) -> tuple[bool, int]:
    """Do ``work``, with a Ctrl-C before the ``line``-th line that runs in files whose path holds
    one of ``within``. Returns whether KeyboardInterrupt came of it, and how many such lines ran."""
    lines = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal lines
        if not any(name in frame.f_code.co_filename for name in within):
            return None
        if event == "line":
            lines += 1
            if lines == line:
                ctrl_c()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    except KeyboardInterrupt:
        return True, lines
    finally:
        sys.settrace(before)
    return False, lines
