"""Files on this machine: where what is made here is kept, and how it is written."""

from __future__ import annotations

import errno
import os
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
    """The environment variable ``DANN_CACHE``, else the user's cache directory for this project."""
    asked = os.environ.get("DANN_CACHE")
    return Path(asked or platformdirs.user_cache_dir("dann", appauthor=False))


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
