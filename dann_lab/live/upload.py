"""A file that a page sends in parts, as long as it stays small enough."""

from __future__ import annotations

import base64
import binascii
import contextlib
import time
from pathlib import Path
from secrets import token_hex

from dann_core.datasets import zips
from dann_core.errors import DannError
from dann_core.files import cannot_write

FORGOTTEN = 24 * 3600.0
"""The seconds after which what was sent in part is removed: its page is gone."""


class Upload:
    """A file on its way. ``key``: the page's name for it.

    Raises :class:`DannError`, as its other methods do, for what cannot or may not be taken.
    """

    def __init__(self, key: str, name: str, size: int):
        self.key, self.name, self.size, self.received = key, name, size, 0
        if not 0 < size <= zips.MOST_PACKED:
            raise DannError(
                f"{name} has {size / 1e6:,.1f} MB: a zip must have something in it, and at most "
                f"{zips.MOST_PACKED / 1e6:,.0f} MB."
            )
        folder = zips.place()
        self.path = folder / f".{token_hex(8)}.zip.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _remove_forgotten(folder)
            self.path.touch(0o600, exist_ok=False)
        except OSError as error:
            raise cannot_write(folder, error) from error

    @property
    def is_complete(self) -> bool:
        return self.received == self.size

    def add(self, at: int, data: str) -> None:
        """The part, in base64, that begins at the byte ``at``."""
        try:
            part = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise DannError(f"A part of {self.name} came damaged. Send it again.") from error
        if at != self.received or not part or at + len(part) > self.size:
            raise DannError(f"A part of {self.name} is missing. Send it again.")
        try:
            with open(self.path, "ab") as file:
                file.write(part)
        except OSError as error:
            raise cannot_write(self.path.parent, error) from error
        self.received += len(part)

    def drop(self) -> None:
        """Remove what was received."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


def _remove_forgotten(folder: Path) -> None:
    for path in folder.glob(".*.zip.part"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > FORGOTTEN:
                path.unlink(missing_ok=True)
