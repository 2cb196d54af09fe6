"""Two domains from one zip file, unpacked without trusting it: into a folder of its own, by names
that lead nowhere else, never more than it may hold, and whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import stat
import unicodedata
import zipfile
import zlib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import IO

from dann_core.datasets.labels import some
from dann_core.datasets.pictures import is_picture
from dann_core.datasets.tables import FILES
from dann_core.errors import DataError
from dann_core.files import AnyPath, cache_dir, cannot_write, in_full, regular_file, shown

MOST_PACKED = 200 * 10**6
"""The most bytes of a zip."""
MOST_UNPACKED = 10**9
"""The most bytes of all its files, unpacked."""
MOST_FILES = 20_000
MOST_KEPT = 20
"""The most zips that stay unpacked, those that were used last."""
SPARE = 5 * 10**8
"""The bytes that stay free on the disk."""
MOST_LISTED = 8 * 2**20
"""The most bytes of a zip's own list of its files, which is read at once."""
AT_ONCE = 2**20
MACOS = "__MACOSX"
"""The folder that macOS adds to a zip."""
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The packings that are read, which all programs write; others can ask for much memory."""
DIGEST = re.compile(r"[0-9a-f]{64}")
FORM = (
    'A zip needs two folders, "source" with a folder for each class and "target", or two files, '
    "such as source.csv and target.csv"
)


def place() -> Path:
    """The folder that all zips are unpacked into, each into one with the name of its SHA-256."""
    return cache_dir() / "own"


def is_unpacked(path: AnyPath) -> bool:
    """Whether ``path`` leads to something that was unpacked from a zip, links followed. Only who
    had the zip, or was told the path, can name it."""
    base, full = in_full(place()), in_full(path)
    if not full.is_relative_to(base) or full == base:
        return False
    return DIGEST.fullmatch(full.relative_to(base).parts[0]) is not None


def unpacked(path: AnyPath) -> tuple[Path, Path]:
    """The source and the target of the zip ``path``, unpacked into the cache: two folders or two
    files, as :func:`dann_core.datasets.own.from_paths` reads them.

    They are called ``source`` and ``target``, and stand at the top or in the one folder there. Of
    two folders with other names the source is the one with class folders, or else the first. A zip
    that was unpacked before is used again. Raises :class:`DataError` for one that is damaged,
    encrypted, too large or of another form, or that would write anywhere else.
    """
    packed, name = _file(path), Path(path).name
    if (size := packed.stat().st_size) > MOST_PACKED:
        raise DataError(
            f"{shown(name)} has {size / 1e6:,.0f} MB, and at most {MOST_PACKED / 1e6:,.0f} MB are "
            "taken. Take fewer or smaller pictures."
        )
    with _opened(packed, shown(name)) as stream:
        folder = place() / _sha256(stream)
        if not folder.is_dir():
            _unpack(stream, folder, shown(name))
    _remember(folder)
    return _domains(folder, shown(name))


def _remember(folder: Path) -> None:
    """As the one used last; those that were used longest ago go where there are too many."""
    with suppress(OSError):  # of a cache that cannot be written to any more
        os.utime(folder)
        there = [each for each in place().iterdir() if DIGEST.fullmatch(each.name)]
        for old in sorted(there, key=lambda each: -each.stat().st_mtime)[MOST_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)


def _file(path: AnyPath) -> Path:
    try:
        return regular_file(path)
    except FileNotFoundError as error:
        raise DataError(f"There is no file {shown(path)}. Check the path.") from error


def _opened(packed: Path, name: str) -> IO[bytes]:
    try:
        return open(packed, "rb")
    except OSError as error:
        raise DataError(f"Cannot read {name}: {error.strerror}. Make it readable.") from error


def _sha256(stream: IO[bytes]) -> str:
    digest = sha256()
    while block := stream.read(AT_ONCE):
        digest.update(block)
    return digest.hexdigest()


def _unpack(stream: IO[bytes], folder: Path, name: str) -> None:
    """Into ``folder``, whole or not at all."""
    temporary = folder.with_name(f".{folder.name[:16]}.{token_hex(8)}.tmp")
    try:
        temporary.mkdir(parents=True)
        _extract(stream, temporary, name)
        _domains(temporary, name)  # what has another form is not kept
        _keep(temporary, folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


class _NoRoom(DataError):
    """Not the zip's fault."""


def _require_room(folder: Path, size: int) -> None:
    """A page that many can use must not fill the disk."""
    if shutil.disk_usage(folder).free < size + SPARE:
        raise _NoRoom(
            f"The disk has no room for {size / 1e6:,.0f} MB more. Free some space, or set "
            "DANN_CACHE to a folder on another."
        )


def _keep(temporary: Path, folder: Path) -> None:
    try:
        temporary.rename(folder)
    except OSError:
        if not folder.is_dir():  # another process has unpacked the same one meanwhile
            raise


class _Careful:
    """A stream that reads no long list of files: it would become far more in memory."""

    def __init__(self, stream: IO[bytes]):
        self.stream = stream
        self.seek, self.tell, self.seekable = stream.seek, stream.tell, stream.seekable

    def read(self, size: int = -1) -> bytes:
        most = MOST_LISTED + 1
        found = self.stream.read(most if size < 0 else min(size, most))
        if len(found) >= most:
            raise DataError(f"has a list of files of over {MOST_LISTED // 2**20} MB")
        return found


def _extract(stream: IO[bytes], folder: Path, name: str) -> None:
    """Raises :class:`DataError` for what is no zip that can be used."""
    try:
        stream.seek(0)
        with zipfile.ZipFile(_Careful(stream)) as archive:
            entries = _checked(archive.infolist())
            left = sum(entry.info.file_size for entry in entries if entry.info)
            _require_room(folder, left)
            for entry in entries:
                left -= _write(archive, entry, folder, left)
    except _NoRoom:
        raise
    except DataError as error:
        raise DataError(f"{name} {error}. {_REMEDY}") from error
    except (FileExistsError, NotADirectoryError) as error:
        raise DataError(f"{name} has a file and a folder of one name. {_REMEDY}") from error
    except zipfile.BadZipFile as error:
        raise DataError(f"{name} is damaged, or no zip ({error}). {_REMEDY}") from error
    except (EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        raise DataError(f"{name} is damaged ({error}). {_REMEDY}") from error


_REMEDY = "Make the zip again from the folders themselves, with what your system has for it."


@dataclass(frozen=True)
class _Entry:
    """One to unpack: ``info`` is None where only the folder is made, so that a class without
    pictures is missed."""

    folder: tuple[str, ...]
    file: str
    info: zipfile.ZipInfo | None

    @property
    def name(self) -> str:
        return "/".join([*self.folder, self.file])


def _checked(found: list[zipfile.ZipInfo]) -> list[_Entry]:
    """What is to be unpacked, once all of it is known to be harmless."""
    if not found:
        raise DataError("is empty")
    if len(found) > MOST_FILES:
        raise DataError(f"has {len(found):,} files, and at most {MOST_FILES:,} are taken")
    if sum(info.file_size for info in found) > MOST_UNPACKED:
        raise DataError(_too_large())
    entries = [entry for info in found if (entry := _checked_entry(info))]
    # As Windows and macOS compare names, so that a zip means the same everywhere.
    files = [entry.name for entry in entries if entry.info]
    alike = Counter(unicodedata.normalize("NFC", name).casefold() for name in files)
    for name in files:
        if alike[unicodedata.normalize("NFC", name).casefold()] > 1:
            raise DataError(f"has {name!r} twice")
    return entries


def _too_large() -> str:
    return f"would be more than {MOST_UNPACKED / 1e9:g} GB unpacked"


def _checked_entry(info: zipfile.ZipInfo) -> _Entry | None:
    """Where it belongs below the zip's folder; None if it is none of ours."""
    name = _name(info)
    parts = tuple(name.removesuffix("/").split("/"))
    # A colon begins a drive or a stream on Windows.
    if any(part in ("", ".", "..") or ":" in part for part in parts):
        raise DataError(f"has a file {name!r}, which could lead out of it")
    if not name.isprintable():
        raise DataError(f"has a file with the name {name!a}, which cannot be shown")
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise DataError(f"has {name!r}, which is a link or a device and no file")
    if any(part.startswith(".") or part == MACOS for part in parts):
        return None
    if name.endswith("/"):
        return _Entry(parts, "", None)
    if not _is_readable(name):
        return _Entry(parts[:-1], "", None)
    if info.flag_bits & 1:
        raise DataError("is encrypted with a password")
    if info.compress_type not in PACKINGS:
        raise DataError(f"has {name!r} packed in a way that is not read here")
    return _Entry(parts[:-1], parts[-1], info)


def _name(entry: zipfile.ZipInfo) -> str:
    """A zip says of a name that it is UTF-8, or nothing. Then it is in an old PC's letters, unless
    it is UTF-8 all the same, as macOS writes it."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = entry.filename
    return name.replace("\\", "/")


def _is_readable(name: str) -> bool:
    return is_picture(name) or Path(name).suffix.lower() in FILES


def _write(archive: zipfile.ZipFile, entry: _Entry, folder: Path, most: int) -> int:
    """How many bytes were written, at most ``most``."""
    inside = folder.joinpath(*entry.folder)
    inside.mkdir(parents=True, exist_ok=True)
    if entry.info is None:
        return 0
    written = 0
    with archive.open(entry.info) as packed, open(inside / entry.file, "xb") as file:
        while block := packed.read(AT_ONCE):
            written += len(block)
            if written > most:  # more than the zip's list says
                raise DataError(_too_large())
            file.write(block)
    return written


def _domains(folder: Path, name: str) -> tuple[Path, Path]:
    """The source and the target of an unpacked zip."""
    there = _listed(folder)
    if len(there) == 1 and there[0].is_dir() and not _named(there, "source"):
        there = _listed(there[0])
    found = _named(there, "source"), _named(there, "target")
    if found[0] and found[1]:
        return found[0], found[1]
    folders = [path for path in there if path.is_dir()]
    if len(there) == len(folders) == 2:
        # Without class folders in either, reading them says what the source lacks.
        first, second = folders
        swapped = _has_classes(second) and not _has_classes(first)
        return (second, first) if swapped else (first, second)
    names = some([path.name for path in there]) if there else "no pictures and no tables"
    raise DataError(f"{name} has {names}. {FORM}.")


def _listed(folder: Path) -> list[Path]:
    """What is in it, but for folders without anything to read."""
    return sorted(
        path
        for path in folder.iterdir()
        if not path.is_dir() or any(_is_readable(file.name) for file in path.rglob("*"))
    )


def _named(there: list[Path], name: str) -> Path | None:
    """The folder of this name, or else the file."""
    folders = [path for path in there if path.is_dir() and path.name.casefold() == name]
    files = [path for path in there if path.is_file() and path.stem.casefold() == name]
    return next(iter([*folders, *files]), None)


def _has_classes(folder: Path) -> bool:
    return any(_is_readable(file.name) for file in folder.glob("*/**/*"))
