"""Files on this machine: where what is made here is kept, how to look at files and write them."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

import platformdirs

from dann_core.errors import DataError

AnyPath = str | os.PathLike[str]
"""The types of a path to a file or folder."""
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The errors of a disk that has no room for a file."""
KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "folder",
    stat.S_IFIFO: "pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}
"""The kinds of what a path can lead to, by the type that the system gives them."""


def cache_dir() -> Path:
    """The environment variable ``DANN_CACHE``, else the user's cache directory for this project,
    else, where that cannot be written to, a temporary folder that is this user's alone."""
    if asked := os.environ.get("DANN_CACHE"):
        return in_full(asked)
    usual = user_cache_dir()
    if usual and can_write(usual):
        return usual
    return own_temporary_dir() or usual or in_full("dann-cache")


def user_cache_dir() -> Path | None:
    """The user's cache directory for this project, which need not be there or be writable; None for
    a user without a home."""
    try:
        return Path(platformdirs.user_cache_dir("dann", appauthor=False))
    except RuntimeError:
        return None


def in_full(path: AnyPath) -> Path:
    """The path from the root on, ``~`` and links followed. An unknown person's ``~name``, links in
    a circle and a null stay as they are, where :class:`pathlib.Path` raises other errors."""
    with suppress(ValueError):
        return Path(os.path.realpath(os.path.expanduser(path)))
    return Path(path)


def can_write(folder: Path) -> bool:
    """Whether a folder can be written to or made, as far as its permissions tell; False for one
    below a home that the system does not know."""
    if not folder.is_absolute():
        return False
    there = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    return os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK)


def own_temporary_dir() -> Path | None:
    """A folder for temporary files that lasts, or None. Nobody else can have made it or read it."""
    try:
        folder = Path(tempfile.gettempdir(), f"dann-{os.getuid()}")
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except (OSError, AttributeError):  # no place at all; Windows, where temporary files are private
        return None
    mine = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return folder if mine and not found.st_mode & 0o077 else None


def shown(path: AnyPath) -> str:
    """``path`` for a message of one line, whatever characters it has.

    Raises :class:`TypeError` for a path of bytes, and for what is no path.
    """
    text = os.fspath(path)
    if not isinstance(text, str):
        raise TypeError(f"A path is a str or a Path here, not {text!r:.80}.")
    return text if text.isprintable() else ascii(text)


def kind_of(path: AnyPath) -> str | None:
    """What ``path`` leads to, links followed: one of :data:`KINDS`; None if there is nothing.

    Raises :class:`DataError` for a path that leads nowhere: links in a circle, a name that is too
    long, not UTF-8 or has a null in it, a folder that may not be looked into.
    """
    try:
        os.fsencode(path).decode("utf-8")  # as it is on the disk, whatever the locale
        return KINDS.get(stat.S_IFMT(os.stat(path).st_mode), "device")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeError as error:
        raise DataError(f"The name {shown(path)} is not UTF-8. Choose another.") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise DataError(f"{shown(path)} cannot be looked at: {why}. Choose another.") from error


def regular_file(path: AnyPath) -> Path:
    """``path``, if it leads to a file: to read a pipe or a device could take for ever.

    Raises :class:`FileNotFoundError` if there is nothing, and :class:`DataError` for anything else
    and as :func:`kind_of` does.
    """
    there = kind_of(path)
    if there is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(path))
    if there != "file":
        raise DataError(f"{shown(path)} is a {there}, not a file. Choose a file.")
    return Path(path)


def file_to_write(path: AnyPath) -> Path:
    """The file that writing to ``path`` makes or replaces: the one behind all links.

    Raises :class:`DataError` if something else is there or the program's own output goes there, and
    as :func:`kind_of` does.
    """
    there = kind_of(path)
    if there not in (None, "file"):
        raise DataError(
            f"{shown(path)} is a {there}, which no file may replace. Choose another name."
        )
    if there and any(_is_open_as(number, path) for number in (1, 2)):
        raise DataError(
            f"{shown(path)} is where the output of this command goes, which no file may replace. "
            "Choose another name."
        )
    return Path(os.path.realpath(path))


def _is_open_as(number: int, path: AnyPath) -> bool:
    try:
        return os.path.samestat(os.fstat(number), os.stat(path))
    except OSError:  # a closed one
        return False


def same_file(one: AnyPath, other: AnyPath) -> bool:
    """Whether two paths lead to the same file, or to the same place where there is none yet."""
    if kind_of(one) and kind_of(other):
        return os.path.samefile(one, other)
    # As Windows and macOS compare names, in doubt also elsewhere.
    return os.path.realpath(one).casefold() == os.path.realpath(other).casefold()


@contextmanager
def written_whole(path: AnyPath) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; rename it there on success, remove it on failure.

    A reader therefore sees the old file or the new one, never half of one. Links are followed, and
    a file that is replaced keeps its mode. A full disk, a folder that may not be written to, or
    anything but a file at ``path`` becomes a :class:`DataError`.
    """
    file = file_to_write(path)
    replaces = file.exists()
    # Part of the name, because with all of it a long name would become too long.
    temporary = file.with_name(f".{file.name[:50]}.{token_hex(8)}.tmp")
    try:
        if replaces and not os.access(file, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.touch(0o600 if replaces else 0o666, exist_ok=False)  # less what umask forbids
        yield temporary
        if replaces:
            shutil.copymode(file, temporary)
        replace(temporary, file)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def replace(source: Path, target: Path) -> None:
    """Rename ``source`` to ``target``, which may be there. On Windows a file that somebody reads, a
    virus scanner say, cannot be replaced at that moment: it is tried again for a second."""
    for seconds in (0.05, 0.1, 0.2, 0.3, 0.35):
        try:
            return os.replace(source, target)
        except PermissionError:
            time.sleep(seconds)
    os.replace(source, target)


def cannot_write(path: AnyPath, error: OSError) -> DataError:
    """The message for a full disk, a folder that may not be written to, and the like."""
    why, remedy = error.strerror or str(error), "Choose another folder"
    if error.errno in DISK_FULL:
        why, remedy = f"the disk is full ({why})", "Free some space, or choose another folder"
    return DataError(
        f"Cannot write {shown(path)}: {why}. {remedy}. What was there before is unchanged."
    )
