"""Where data lives on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dann_core.errors import DataError
from dann_core.files import (
    AnyPath,
    cache_dir,
    in_full,
    kind_of,
    regular_file,
    shown,
    user_cache_dir,
)

# Told how far a slow piece of work is: what is being done, how much of it is done (bytes or
# images), and how much there is, or None where nobody knows.
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class DataStore:
    """Two folders: ``root`` is read first and may be read-only, ``cache`` takes what is built.

    The layout below either is torchvision's and BSDS500's own, such as
    ``MNIST/raw/train-images-idx3-ubyte`` and ``BSDS500/images/train/100075.jpg``.
    """

    root: Path
    cache: Path

    def __post_init__(self) -> None:
        for name in ("root", "cache"):
            object.__setattr__(self, name, Path(getattr(self, name)))

    @classmethod
    def open(cls, data_dir: AnyPath | None = None) -> DataStore:
        """``data_dir``, else the environment variable ``DANN_DATA``, else the cache directory.

        Raises :class:`DataError` if the folder that was asked for does not exist.
        """
        asked = data_dir if data_dir is not None else os.environ.get("DANN_DATA") or None
        cache = cache_dir()
        if asked is None:
            usual = user_cache_dir()
            if usual and os.path.isdir(usual) and not os.environ.get("DANN_CACHE"):
                return cls(usual, cache)  # where it is read-only, the cache is elsewhere
            return cls(cache, cache)
        root = in_full(asked)
        if (kind := kind_of(root)) != "folder":
            there = f"is a {kind}. Name a folder" if kind else "does not exist. Create it"
            raise DataError(
                f"The data folder {shown(root)} {there}, or leave out --data-dir and DANN_DATA to "
                f"use {cache}."
            )
        return cls(root, cache)

    def find(self, relative: AnyPath, *names: str) -> Path | None:
        """The file or folder in ``root``, else in ``cache``, else None.

        A folder counts only if it holds all of ``names``, as files.
        """
        for place in (self.root / relative, self.cache / relative):
            # What may not be looked at is not there: Path.exists would raise PermissionError.
            if os.path.exists(place) and all(os.path.isfile(place / name) for name in names):
                return place
        return None

    @property
    def writable(self) -> Path:
        """The folder that receives downloads: ``root`` if it can be written to, else ``cache``."""
        if self.root != self.cache and os.access(self.root, os.W_OK):
            return self.root
        return self.cache


def content(file: Path) -> bytes:
    """Of a data file. Raises :class:`DataError` if it may not or cannot be read."""
    try:
        return regular_file(file).read_bytes()
    except OSError as error:
        raise DataError(
            f"Cannot read {shown(file)}: {error.strerror}. Make it readable, or choose another "
            "folder with --data-dir or DANN_DATA."
        ) from error
