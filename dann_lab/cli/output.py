"""The standard streams: what becomes of a command whose output nobody takes."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import typer

BROKEN_PIPE = 128 + 13
"""The exit status of what SIGPIPE ends, which Python does not let happen."""


def open_closed_streams() -> None:
    """Drop what goes to a stream that was closed before the start, as by ``>&-``. Otherwise the
    next file that is opened would take its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def status_of(failure: OSError) -> int:
    """The exit status of a command whose output failed. As shells have it, 141 where nobody reads
    any more, as behind ``| head``; 1 for a full disk and the like."""
    return BROKEN_PIPE if isinstance(failure, BrokenPipeError) else 1


def drop_output() -> None:
    """Give up what the standard output did not take, or Python would try again when it ends."""
    with suppress(OSError, ValueError):  # where it is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say_anyhow(sentence: str) -> None:
    """On the standard output, or where that is gone on the standard error."""
    try:
        typer.echo(sentence)
    except OSError:
        drop_output()
        complain(sentence)


def complain(sentence: str) -> None:
    """On the standard error, if anybody takes it."""
    with suppress(OSError):
        typer.echo(sentence, err=True)
