"""Reading files that may be anything: unpacked, and never more of them than there should be."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from dann_core.errors import DataError
from dann_core.files import AnyPath, regular_file


class Bounded(io.BufferedIOBase):
    """``stream``, but reading more than ``limit`` bytes is an error, so that no archive can swell.

    Raises :class:`DataError` from ``read``.
    """

    def __init__(self, stream: io.BufferedIOBase | IO[bytes], limit: int):
        self.stream, self.limit, self.left = stream, limit, limit

    def read(self, size: int | None = -1) -> bytes:
        # One byte more than allowed is enough to know.
        wanted = self.left + 1 if size is None or size < 0 else min(size, self.left + 1)
        return self._counted(self.stream.read(wanted))

    def readline(self, size: int | None = -1) -> bytes:
        return self._counted(self.stream.readline(self.left + 1))

    def _counted(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise DataError(f"It is larger than {self.limit / 1e6:.0f} MB, which no such file is.")
        return data


@contextmanager
def unpacked(path: AnyPath, limit: int) -> Iterator[Bounded]:
    """What is in the file ``path``, unpacked if it is gzipped, at most ``limit`` bytes of it.

    Raises :class:`FileNotFoundError` and :class:`DataError` as
    :func:`~dann_core.files.regular_file` does.
    """
    with open(regular_file(path), "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        yield Bounded(gzip.GzipFile(fileobj=raw) if packed else raw, limit)
