"""What surrounds a command: environment variables, and standard streams that are closed or full."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from io import FileIO, TextIOWrapper
from pathlib import Path
from typing import Any

from tools.soak import commands
from tools.soak.children import Ended
from tools.soak.sandbox import PLACES
from tools.soak.verdicts import Case, Verdict, crash

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "data list": [],
    "evaluate": ["runs/done"],
    "select": ["runs/done"],
    "predict": ["runs/done", "pets-b/0.png"],
    "export": ["runs/done", "--csv", "table.csv"],
}
"""Commands that take no time, and what they are asked."""
AROUND = {
    "COLUMNS": ("0", "-1", "1", "nonsense", "1000000000"),
    "LINES": ("0", "-1", "nonsense"),
    "TERM": ("", "dumb", "nonsense"),
    "HOME": ("missing", "notes.txt", "", "closed", "readonly", "loop"),
    "TMPDIR": ("missing", "notes.txt", "readonly", "closed"),
    "XDG_CACHE_HOME": ("missing", "notes.txt", "readonly", "closed", "loop"),
    "OMP_NUM_THREADS": ("0", "-1", "nonsense", "1000000", "²", "9" * 5000),
    "DANN_PREPARE_MAPS": ("", "nonsense"),
}
"""Variables of the system and of others that the commands come to read, with odd values."""


def own_variables() -> list[str]:
    """The names of this project's environment variables, as its sources have them."""
    found = set()
    for folder in ("dann_core", "dann_lab"):
        for source in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    value = node.value
                    if value.startswith("DANN_") and value.isupper() and " " not in value:
                        found.add(value)
    return sorted(found)


def variables() -> Iterator[tuple[str, str]]:
    """Each variable with each value."""
    for name in own_variables():
        for value in PLACES.values():
            yield name, value
    for name, values in AROUND.items():
        for value in values:
            yield name, value


def cases(seed: int) -> Iterator[Case]:
    words = list(COMMANDS)
    for k, (name, value) in enumerate(variables()):
        command = words[k % len(words)]
        short = value if len(value) < 40 else f"{value[:10]}…({len(value)} characters)"
        yield Case(
            area="environment variables",
            name=ascii(f"{name}={short} dann {command}"),
            work=partial(commands.work, command, COMMANDS[command]),
            judge=partial(_judge, command),
            variables={name: value},
        )
    for command, arguments in COMMANDS.items():
        for stream, spoil in STREAMS.items():
            yield Case(
                area="standard streams",
                name=f"dann {command}: {stream}",
                work=partial(_spoiled, spoil, command, arguments),
                judge=partial(_judge, command),
            )


def _judge(command: str, ended: Ended, gone: list[str], new: list[str]) -> Verdict:
    if ended.hung:
        return Verdict("hang", f"{ended.seconds:.0f} s")
    if gone:
        return Verdict("lost", ", ".join(gone[:5]))
    if ended.error:
        return Verdict("traceback", ended.where)
    if why := crash(ended):
        return Verdict("traceback", why)
    if ended.status == 0:
        if command == "export" and not os.path.isfile("table.csv"):
            return Verdict("wrong", "says that all is well, but there is no table")
        return Verdict("right")
    lines = ended.complained.count("dann: error: ")
    # Nobody hears a word where both streams are gone; the status tells.
    if lines == 1 or (lines == 0 and not ended.complained.strip()):
        return Verdict("clear")
    return Verdict("traceback", f"status {ended.status}: {ended.complained[-400:]!r}")


# Standard streams


def _stream(number: int, made: Callable[[], int]) -> Callable[[], None]:
    def spoil() -> None:
        descriptor = made()
        os.dup2(descriptor, number)
        stream = TextIOWrapper(FileIO(number, "w", closefd=False), encoding="utf-8")
        setattr(sys, {1: "stdout", 2: "stderr"}[number], stream)

    return spoil


def _unheard() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def _closed(number: int) -> Callable[[], None]:
    def spoil() -> None:
        os.close(number)
        setattr(sys, {0: "stdin", 1: "stdout", 2: "stderr"}[number], None)

    return spoil


STREAMS: dict[str, Callable[[], None]] = {
    "output nobody reads": _stream(1, _unheard),
    "output to a full device": _stream(1, lambda: os.open("/dev/full", os.O_WRONLY)),
    "errors nobody reads": _stream(2, _unheard),
    "errors to a full device": _stream(2, lambda: os.open("/dev/full", os.O_WRONLY)),
    "output closed": _closed(1),
    "errors closed": _closed(2),
    "input closed": _closed(0),
}


def _spoiled(spoil: Callable[[], None], words: str, arguments: list[str]) -> Any:
    spoil()
    return commands.work(words, arguments)
