"""A piece of work in a process of its own, with bounds on its time and memory."""

from __future__ import annotations

import ctypes
import json
import os
import platform
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO, TextIOWrapper
from pathlib import Path
from typing import Any

import psutil

MEMORY = 3_000_000_000
"""The bytes of address space that a piece of work may take beyond what it begins with."""
SECONDS = 30.0
"""The limit of processor time for a piece of work; beyond it, it counts as hung."""
WAITING = 20.0
"""The seconds after which work that takes no processor time counts as hung."""
POLL = 0.5


@dataclass(frozen=True)
class Ended:
    """How a piece of work ended.

    ``answer``: what it returned, as JSON has it; None if it did not return. ``status``: its exit
    status, negative for a signal. ``said``, ``complained``: its standard output and error, decoded.
    ``error``: the names of the exception's classes, its own first; ``message`` and ``where`` (the
    last lines of the traceback) belong to it. ``hung``: whether it was killed at its limit.
    """

    answer: Any
    status: int
    said: str
    complained: str
    error: tuple[str, ...] = ()
    message: str = ""
    where: str = ""
    hung: bool = False
    seconds: float = 0.0


def run(
    work: Callable[[], Any],
    folder: Path,
    *,
    seconds: float = SECONDS,
    ask_after: float | None = None,
    variables: dict[str, str] | None = None,
) -> Ended:
    """Do ``work`` in ``folder``, in a fork of this process, which must have but one thread.

    ``seconds`` of processor time: after which it is killed. ``ask_after``: the seconds, of its own
    or of waiting, after which it is asked to end by SIGTERM, for work that need not end by itself.
    ``variables``: of its environment.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        reading, writing = os.pipe()
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _become(folder, out.fileno(), err.fileno(), variables or {})
            _work(work, writing)
        os.close(writing)
        report, hung = _listen(reading, child, seconds, ask_after)
        os.close(reading)
        # Whatever it started goes with it.
        _signal_group(child, signal.SIGKILL)
        _, code = os.waitpid(child, 0)
        found = json.loads(report) if report else {}
        return Ended(
            answer=found.get("answer"),
            status=found.get("status", os.waitstatus_to_exitcode(code)),
            said=_text(out),
            complained=_text(err),
            error=tuple(found.get("error", ())),
            message=found.get("message", ""),
            where=found.get("where", ""),
            hung=hung,
            seconds=time.monotonic() - began,
        )


def _text(stream: Any) -> str:
    stream.seek(0)
    text: str = stream.read(1_000_000).decode(errors="replace")
    return text


def _become(folder: Path, out: int, err: int, variables: dict[str, str]) -> None:
    """Make this process the child: another folder, another user, bounds, streams of its own."""
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdin = TextIOWrapper(FileIO(0, closefd=False), encoding="utf-8")
    sys.stdout = TextIOWrapper(FileIO(1, "w", closefd=False), encoding="utf-8")
    escaped = "backslashreplace"
    sys.stderr = TextIOWrapper(FileIO(2, "w", closefd=False), encoding="utf-8", errors=escaped)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(
            name, signal.SIG_DFL if name == signal.SIGTERM else signal.default_int_handler
        )
    most = _address_space() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**30, 2**30))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    os.environ.update(variables)
    tempfile.tempdir = None  # by TMPDIR, as it is now
    os.chdir(folder)
    os.umask(0o022)
    if os.getuid() == 0:
        _give_up_privileges()


CAPSET = {"x86_64": 126, "aarch64": 91}
"""The number of the call to the system that sets what a process may do, by the machine."""


def _give_up_privileges() -> None:
    """So that permissions count for root as well. Another user would not do: root's Python may
    stand where no other may read."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).syscall(CAPSET[platform.machine()], header, nothing):
        raise OSError(ctypes.get_errno(), "cannot give up root's privileges")


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0])
    return pages * resource.getpagesize()


def _work(work: Callable[[], Any], writing: int) -> None:
    """Do it, report, and leave without this process's own ending."""
    report: dict[str, Any] = {}
    try:
        try:
            report = {"answer": work(), "status": 0}
        except SystemExit as ended:
            code = ended.code
            report = {"status": code if isinstance(code, int) else 0 if code is None else 1}
            if isinstance(code, str):
                print(code, file=sys.stderr)
        except BaseException as error:  # all of them are what this is about
            classes = [c.__name__ for c in type(error).__mro__]
            report = {
                "status": 1,
                "error": classes,
                "message": _said(error),
                "where": _where(error),
            }
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                report.setdefault("unflushed", True)
        text = json.dumps(report, default=repr).encode()
        while text:
            text = text[os.write(writing, text) :]
    finally:
        os._exit(0)


def _said(error: BaseException) -> str:
    try:
        return str(error)[:20_000]
    except Exception as another:
        return f"(its message cannot be made: {another!r})"


def _where(error: BaseException) -> str:
    """The last places of a traceback, and the error in short."""
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    places = [f"{'/'.join(Path(f.filename).parts[-3:])}:{f.lineno} {f.name}" for f in frames]
    return f"{type(error).__name__}: {_said(error)[:300]} | " + " < ".join(reversed(places))


def _listen(
    reading: int, child: int, seconds: float, ask_after: float | None
) -> tuple[bytes, bool]:
    """What the child reports, and whether it took too long.

    Its own time counts, not the clock's: on a busy machine everything takes long by the clock. But
    a child that waits for what never comes takes no time of its own.
    """
    report, began, asked = b"", time.monotonic(), False
    used, moved = 0.0, began
    while True:
        ready, _, _ = select.select([reading], [], [], POLL)
        if ready:
            part = os.read(reading, 1 << 16)
            if not part:
                return report, False
            report += part
            continue
        now, before, used = time.monotonic(), used, _time_of(child)
        if used > before + 0.02:
            moved = now
        waited = min(now - moved, now - began)
        if ask_after is not None and not asked and max(used, waited) > ask_after:
            asked, moved = True, now
            _signal_group(child, signal.SIGTERM)
        elif used > seconds or waited > WAITING or now - began > 20 * seconds:
            return b"", True


def _time_of(child: int) -> float:
    """The seconds of processor time that it has taken."""
    try:
        times = psutil.Process(child).cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system


def _signal_group(child: int, number: int) -> None:
    try:
        os.killpg(child, number)
    except (ProcessLookupError, PermissionError):
        with suppress(ProcessLookupError):
            os.kill(child, number)
