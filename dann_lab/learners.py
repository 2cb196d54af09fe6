"""What the code of a learner raised, told in one line."""

from __future__ import annotations

import linecache
from types import TracebackType

from dann_core.errors import reason_of


def say_error(error: BaseException) -> str:
    """An exception in one line: "ZeroDivisionError (division by zero)"."""
    text = reason_of(error)
    if len(text) > 200:
        text = text[:200] + "…"
    return f"{type(error).__name__} ({text})" if text else type(error).__name__


def where(traceback: TracebackType | None) -> str:
    """The last line of the notebook that an error came through: " in line 3, `return x`"; "" if
    there is none."""
    found = ""
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_globals.get("__name__") == "__main__":
            line = linecache.getline(frame.f_code.co_filename, traceback.tb_lineno).strip()
            found = f" in line {traceback.tb_lineno}" + (f", `{line}`" if line else "")
        traceback = traceback.tb_next
    return found
