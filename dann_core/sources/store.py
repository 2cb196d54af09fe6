"""Where data lives on this machine."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from dann_core.errors import DataError

# Told how far a slow piece of work is: what is being done, how much of it is done (bytes or
# images), and how much there is, or None where nobody knows.
Progress = Callable[[str, int, int | None], None]

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def cache_dir() -> Path:
    """The environment variable ``DANN_CACHE``, else the user's cache directory for this project."""
    asked = os.environ.get("DANN_CACHE")
    return Path(asked or platformdirs.user_cache_dir("dann", appauthor=False))


@dataclass(frozen=True)
class DataStore:
    """Two folders: ``root`` is read first and may be read-only, ``cache`` takes what is built.

    The layout below either is torchvision's and BSDS500's own, such as
    ``MNIST/raw/train-images-idx3-ubyte`` and ``BSDS500/images/train/100075.jpg``.
    """

    root: Path
    cache: Path

    @classmethod
    def open(cls, data_dir: str | Path | None = None) -> DataStore:
        """``data_dir``, else the environment variable ``DANN_DATA``, else the cache directory.

        Raises :class:`DataError` if the folder that was asked for does not exist.
        """
        asked = data_dir if data_dir is not None else os.environ.get("DANN_DATA") or None
        cache = cache_dir()
        if asked is None:
            return cls(cache, cache)
        root = Path(asked).expanduser().resolve()
        if not root.is_dir():
            raise DataError(
                f"The data folder {root} does not exist. Create it, or leave out --data-dir and "
                f"DANN_DATA to use {cache}."
            )
        return cls(root, cache)

    def find(self, relative: str | Path, *names: str) -> Path | None:
        """The file or folder in ``root``, else in ``cache``, else None.

        A folder counts only if it holds all of ``names``.
        """
        for place in (self.root / relative, self.cache / relative):
            if place.exists() and all((place / name).exists() for name in names):
                return place
        return None

    @property
    def writable(self) -> Path:
        """The folder that receives downloads: ``root`` if it can be written to, else ``cache``."""
        if self.root != self.cache and os.access(self.root, os.W_OK):
            return self.root
        return self.cache


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; rename it there on success, remove it on failure.

    A reader therefore sees the old file or the new one, never half of one. A full disk or a folder
    that may not be written to becomes a :class:`DataError`.
    """
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
