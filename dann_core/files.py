"""Files on this machine: where what is made here is kept, and how it is written."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from dann_core.errors import DataError

AnyPath = str | os.PathLike[str]
"""The types of a path to a file or folder."""
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The errors of a disk that has no room for a file."""


def cache_dir() -> Path:
    """The environment variable ``DANN_CACHE``, else the user's cache directory for this project,
    else, where that cannot be written to, a temporary folder that is this user's alone."""
    if asked := os.environ.get("DANN_CACHE"):
        return in_full(asked)
    usual = user_cache_dir()
    if usual and can_write(usual):
        return usual
    return _own_temporary() or usual or in_full("dann-cache")


def user_cache_dir() -> Path | None:
    """The user's cache directory for this project, which need not be there or be writable; None for
    a user without a home."""
    try:
        return Path(platformdirs.user_cache_dir("dann", appauthor=False))
    except RuntimeError:
        return None


def in_full(path: AnyPath) -> Path:
    """The path from the root on, ``~`` and links followed. An unknown person's ``~name`` and links
    in a circle stay as they are, where :class:`pathlib.Path` raises RuntimeError."""
    return Path(os.path.realpath(os.path.expanduser(path)))


def can_write(folder: Path) -> bool:
    """Whether a folder can be written to or made, as far as its permissions tell; False for one
    below a home that the system does not know."""
    if not folder.is_absolute():
        return False
    there = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    return os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK)


def _own_temporary() -> Path | None:
    """A folder for temporary files that lasts, or None. Nobody else can have made it or read it."""
    try:
        folder = Path(tempfile.gettempdir(), f"dann-{os.getuid()}")
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except (OSError, AttributeError):  # no place at all; Windows, where temporary files are private
        return None
    mine = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return folder if mine and not found.st_mode & 0o077 else None


@contextmanager
def written_whole(path: AnyPath) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; rename it there on success, remove it on failure.

    A reader therefore sees the old file or the new one, never half of one. A full disk or a folder
    that may not be written to becomes a :class:`DataError`.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        os.close(handle)
    except OSError as error:
        raise cannot_write(path, error) from error
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> DataError:
    """The message for a full disk, a folder that may not be written to, and the like."""
    if error.errno in DISK_FULL:
        remedy = "Free some space, or choose another folder"
    else:
        remedy = "Choose another folder"
    return DataError(
        f"Cannot write {path}: {error.strerror or error}. {remedy}. Nothing was changed."
    )
