"""Bytes that are too many for the memory, in a file of the cache that is mapped."""

from __future__ import annotations

import mmap
import os
import shutil
import sys
import zlib
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from dann_core.errors import DataError
from dann_core.files import shown, written_whole

Parts = Generator[npt.NDArray[np.uint8]]
AT_ONCE = 2**24
"""The bytes that are read at once."""


def mapped(path: Path, size: int, parts: Parts) -> Tensor:
    """uint8 [size], of which the memory holds what is used: from the file ``path``, which is made
    of ``parts`` unless it is there and whole. A checksum of 4 bytes ends it.

    What is written to the tensor does not go into the file. Raises :class:`DataError` where there
    is no room, and leaves nothing then.
    """
    if not _is_whole(path, size):
        _write(path, size, parts)
    try:
        with open(path, "rb") as file:
            return torch.frombuffer(mmap.mmap(file.fileno(), size, **_private()), dtype=torch.uint8)
    except OSError as error:
        raise DataError(
            f"Cannot map {shown(path)}: {error.strerror}. Name another folder in DANN_CACHE, or "
            "choose a smaller size."
        ) from error


def _private() -> dict[str, Any]:
    if sys.platform != "linux":
        return {"access": mmap.ACCESS_COPY}
    # MAP_NORESERVE, which Python names from 3.13 on. Without it Linux refuses what is larger than
    # the memory, though nothing is ever written.
    return {"flags": mmap.MAP_PRIVATE | 0x4000, "prot": mmap.PROT_READ | mmap.PROT_WRITE}


def _is_whole(path: Path, size: int) -> bool:
    try:
        with open(path, "rb") as file:
            if os.fstat(file.fileno()).st_size != size + 4:
                return False
            found, left = 0, size
            while left and (part := file.read(min(left, AT_ONCE))):
                found, left = zlib.crc32(part, found), left - len(part)
            return file.read() == found.to_bytes(4, "big")
    except OSError:
        return False


def _write(path: Path, size: int, parts: Parts) -> None:
    with written_whole(path) as temporary:
        # Before hours of work. A file that is mapped while it grows could end the program instead.
        free = shutil.disk_usage(temporary.parent).free
        if free < size:
            raise DataError(
                f"The pictures take {size / 1e9:.1f} GB as pixels, and {free / 1e9:.1f} GB are "
                f"free in {shown(path.parent)}. Free some space, choose a smaller size, or name "
                "another folder in DANN_CACHE."
            )
        found = 0
        with open(temporary, "wb") as file, closing(parts):
            for part in parts:
                file.write(part.data)
                found = zlib.crc32(part.data, found)
            file.write(found.to_bytes(4, "big"))
