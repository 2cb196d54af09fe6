"""What counts as what; docs/robustness.md says the same in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tools.soak.children import Ended

Kind = Literal["clear", "right", "traceback", "hang", "wrong", "lost"]
KINDS: dict[Kind, str] = {
    "clear": "clear answer",
    "right": "right result",
    "traceback": "traceback",
    "hang": "hang",
    "wrong": "silently wrong",
    "lost": "lost",
}
"""The columns of the table; the last four are faults."""
FAULTS: tuple[Kind, ...] = ("traceback", "hang", "wrong", "lost")


@dataclass(frozen=True)
class Verdict:
    kind: Kind
    why: str = ""


@dataclass(frozen=True)
class Case:
    """One bad (or odd) input. ``area``: its row in the table; ``name``: what it is and how to try
    it; ``work``: does it, in a sandbox; ``judge``: is told how it ended, what is gone and what is
    new."""

    area: str
    name: str
    work: Callable[[], Any]
    judge: Callable[[Ended, list[str], list[str]], Verdict]
    seconds: float = 60.0
    ask_after: float | None = None
    variables: dict[str, str] | None = None
    prepare: Callable[[], None] | None = None
    """Done before in the sandbox, whose things are then looked at."""


def squeezed(text: str) -> str:
    """Without what a terminal adds: frames, line breaks, colours."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[\s│╭╮╰╯─]", "", text)


def names_it(text: str, name: str, value: str) -> bool:
    """Whether a message has the input's name or its value, or the beginning of a long one."""
    if value == " " and "  " in text:  # a blank between two
        return True
    text = squeezed(text).casefold()
    shown = value.encode(errors="backslashreplace").decode()
    path = str(Path(shown.replace("\0", "")))
    wanted = [name, value[:12], repr(value)[1:12], shown, path, Path(path).name[:12]]
    wanted += Path(path).parts[:1]
    return any(squeezed(one).casefold() in text for one in wanted if squeezed(one))


def crash(ended: Ended) -> str | None:
    """Why this is a crash, whatever the case is about; None if it is none."""
    printed = ended.said + ended.complained
    if ended.status < 0:
        return f"killed by signal {-ended.status}"
    if "Traceback (most recent call last)" in printed:
        return printed[printed.index("Traceback") :][-600:]
    for sign in ("Exception ignored in", "Exception in thread", "Segmentation fault"):
        if sign in printed:
            return printed[printed.index(sign) :][:600]
    return None
