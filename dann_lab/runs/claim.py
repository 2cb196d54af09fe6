"""One writer at a time in a run's folder: two would overwrite each other's checkpoints."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import filelock

from dann_core.errors import DannError, DataError
from dann_core.files import AnyPath, cannot_write, shown, written_whole

LOCK = ".dann-lock"
"""The file that is locked, empty, and there as long as somebody holds it or was killed."""
HOLDER = ".dann-lock.json"
"""The file that says who holds the lock. It may be left over; what counts is the lock, which the
operating system takes back from a process that ends, however it ends."""
PATIENCE_SECONDS = 1.0
"""The time that another process has to finish, or to say who it is."""


@contextmanager
def claimed(folder: AnyPath) -> Iterator[None]:
    """As long as the block runs, ``folder``, which is there, is this one's alone to write into.

    Raises :class:`DannError`, with who it is, if somebody else is at it, and :class:`DataError`
    where nothing can be written or locked, or where the name of the lock is another file's.
    """
    place = Path(os.path.realpath(folder))  # the one behind all links: filelock looks at names
    for name in (LOCK, HOLDER):
        if not _is_ours(place / name):
            raise DataError(
                f"{shown(place / name)} is not a lock of ours, and its name is needed for one. "
                "Rename it, or choose another folder."
            )
    try:
        lock = _locked(place / LOCK)
    except filelock.Timeout:
        raise DannError(
            f"{shown(folder)} is in use: {_holder(place)} writes into it. Wait for its end or "
            "stop it, or choose another folder."
        ) from None
    except PermissionError as error:
        raise cannot_write(folder, error) from error
    except (OSError, NotImplementedError) as error:
        why = error.strerror if isinstance(error, OSError) else "its file system has no locks"
        raise DataError(
            f"{shown(folder)} cannot be locked against other writers ({why}). Choose another "
            "folder, on a disk of this machine."
        ) from error
    try:
        _say_who(place)
        yield
    finally:
        # While the lock is held, or it could be another's that is deleted. Windows does so itself.
        for name in (HOLDER, LOCK):
            with suppress(OSError):
                os.unlink(place / name)
        lock.release()


def _is_ours(file: Path) -> bool:
    """Whether the file is as we leave it, or not there: what stands in our way is nobody's to
    delete but its owner's."""
    try:
        found = file.lstat()
        if not stat.S_ISREG(found.st_mode):
            return False
        who = file.read_text(encoding="utf-8") if found.st_size else ""
        return not who or (file.name == HOLDER and isinstance(json.loads(who), dict))
    except (FileNotFoundError, PermissionError):  # to be found out, and said, with the lock
        return True
    except ValueError:
        return False


def _locked(file: Path) -> filelock.BaseFileLock:
    """The lock, held, of the file that everybody sees: one that was opened just before its holder
    deleted it can be locked as well, but keeps nobody out."""
    lock = filelock.FileLock(file)
    lock.acquire(timeout=PATIENCE_SECONDS)
    while True:
        seen = filelock.FileLock(file)
        try:
            seen.acquire(timeout=0)
        except filelock.Timeout:  # so what is seen is what is held
            return lock
        lock.release()
        lock = seen


def _say_who(folder: Path) -> None:
    since = datetime.now().astimezone().isoformat(" ", "seconds")
    who = {"process": os.getpid(), "host": socket.gethostname(), "since": since}
    with written_whole(folder / HOLDER) as temporary:
        temporary.write_text(json.dumps(who), encoding="utf-8")


def _holder(folder: Path) -> str:
    try:
        who = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
        return f"process {who['process']} on {who['host']}, since {who['since']},"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
