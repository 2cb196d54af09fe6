"""Pictures of any kind, from folders, as arrays of one size."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, NoReturn, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.PpmImagePlugin import PpmImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from dann_core.datasets.store import Progress
from dann_core.errors import DataError
from dann_core.files import AnyPath, kind_of, regular_file, shown

Bytes = npt.NDArray[np.uint8]
Size = tuple[int, int]
"""The height and width of a picture."""
SUFFIXES = frozenset(
    (
        *(".png", ".jpg", ".jpeg", ".jfif", ".bmp", ".gif", ".tif", ".tiff", ".webp"),
        *(".ppm", ".pgm", ".pbm", ".pnm"),
    )
)
FORMATS = tuple(
    plugin.format
    for plugin in (
        PngImageFile,
        JpegImageFile,
        BmpImageFile,
        GifImageFile,
        TiffImageFile,
        WebPImageFile,
        PpmImageFile,
    )
)
"""Pillow's names of them. It knows others, of which one is a program that another one runs (EPS),
whatever the file's name says."""
MODES = ("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "CMYK", "YCbCr", "HSV")
"""Pillow's names of the ways to store a pixel that become colours of 8 bits as they are."""
NO_CLASSES = frozenset(("__macosx", "@eadir", "lost+found", "thumbs.db", "desktop.ini"))
"""The names, in small letters, of what systems put into folders by themselves."""
MOST_PIXELS = 100_000_000
"""The most pixels of a picture: what has more is no photo, or meant to fill the memory."""
SIDES = (28, 64)
"""The least and the most of the side that is chosen where nobody asks for one."""
WORKERS = 8
ORIENTATION = 0x0112
"""The number under which EXIF says how the camera was held."""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
T = TypeVar("T")
U = TypeVar("U")


def is_picture(path: AnyPath) -> bool:
    """Whether a file's name says so."""
    return Path(path).suffix.lower() in SUFFIXES


def below(folder: Path) -> Iterator[Path]:
    """The pictures in a folder and the folders in it, in order; see :func:`files_below`."""
    return (path for path in files_below(folder) if is_picture(path))


def files_below(folder: Path) -> Iterator[Path]:
    """The files in a folder and the folders in it, in order, links followed; nothing that is
    hidden, and no folder twice, as links in a circle would have it.

    Raises :class:`DataError` for a folder that may not be looked into: what is in it would be
    missing without a word.
    """
    seen = set()
    for place, folders, files in os.walk(folder, followlinks=True, onerror=_unreadable):
        found = os.stat(place)
        if (found.st_dev, found.st_ino) in seen:
            folders.clear()
            continue
        seen.add((found.st_dev, found.st_ino))
        folders[:] = sorted(name for name in folders if not _hidden(name))
        yield from (Path(place, name) for name in sorted(files) if not _hidden(name))


def listed(folder: Path) -> tuple[list[Path], list[Path]]:
    """The folders and the pictures straight in a folder, in order; nothing that is hidden."""
    try:
        names = sorted(name for name in os.listdir(folder) if not _hidden(name))
    except OSError as error:
        _unreadable(error)
    there = [folder / name for name in names]
    folders = [path for path in there if kind_of(path) == "folder"]
    return folders, [path for path in there if is_picture(path) and path not in folders]


def _hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in NO_CLASSES


def _unreadable(error: OSError) -> NoReturn:
    raise DataError(
        f"Cannot read {shown(error.filename)}: {error.strerror}. Make it readable, or take it out."
    ) from error


def content_of(path: Path) -> bytes:
    """Of a picture file. Raises :class:`DataError` if it cannot be read."""
    try:
        return regular_file(path).read_bytes()
    except OSError as error:
        error.filename = path
        _unreadable(error)


def looked_at(path: Path) -> tuple[bytes, Size]:
    """The SHA-256 of a picture file and the picture's height and width as they are stored, without
    decoding it. Raises :class:`DataError` for what is no picture, or several in one."""
    content = content_of(path)
    with _opened(path, content) as picture:
        return sha256(content).digest(), (picture.height, picture.width)


def decoded(path: Path, size: Size, digest: bytes | None = None) -> Bytes:
    """uint8 [H, W, 3] of the picture in a file: turned as its camera says, what is transparent over
    white, grey as three equal channels, the middle of it in the form of ``size``, resized once.

    Raises :class:`DataError`, with the name, for what is no picture, animated, damaged, or not of
    the ``digest`` that :func:`looked_at` found.
    """
    content = content_of(path)
    if digest not in (None, sha256(content).digest()):
        raise DataError(f"{shown(path)} was changed while it was read. Start again.")
    with _opened(path, content) as picture:
        try:
            return as_array(picture, size)
        except DataError as error:
            raise DataError(f"{shown(path)} {error}") from error
        except MemoryError as error:
            raise DataError(
                f"{shown(path)} needs more memory than there is. Make it smaller, or take it out."
            ) from error
        except Exception as error:  # of a damaged file Pillow raises almost anything
            raise DataError(f"{shown(path)} is damaged. Save it again, or take it out.") from error


def as_array(picture: Image.Image, size: Size) -> Bytes:
    """As :func:`decoded` does, of a picture that is open.

    Raises :class:`DataError`, as the end of a sentence, for pixels that have no 8 bits.
    """
    picture = _in_eight_bits(_turned(picture))
    if picture.has_transparency_data:
        picture = picture.convert("LA") if picture.mode == "La" else picture
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    height, width = size
    picture = picture.convert("RGB")
    return np.asarray(ImageOps.fit(picture, (width, height), Image.Resampling.BICUBIC))


def _turned(picture: Image.Image) -> Image.Image:
    """As the camera was held. Pillow's ``exif_transpose`` also writes EXIF anew, which fails where
    a camera wrote it wrongly, though the picture is sound."""
    try:
        turn = TURNS.get(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # damaged EXIF, of which nothing can be told
        turn = None
    return picture if turn is None else picture.transpose(turn)


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode in MODES:
        return picture
    values = np.asarray(picture)
    if not picture.mode.startswith("I") or values.min() < 0 or values.max() > 65535:
        raise DataError(
            f"has pixels that are no colours of 8 or 16 bits (Pillow's mode {picture.mode}). Save "
            "it as a picture of 8 bits, or take it out."
        )
    return Image.fromarray((values / 257).round().astype(np.uint8))


def _opened(path: Path, content: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        # A camera's preview or depth beside its photo is no film.
        animated = getattr(picture, "is_animated", False) and picture.format != "MPO"
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DataError(
            f"{shown(path)} has far more than {MOST_PIXELS:,} pixels. Make it smaller, or take it "
            "out."
        ) from error
    except Exception as error:  # of a damaged file Pillow raises almost anything
        reason = "is damaged or no picture" if content else "is empty"
        raise DataError(f"{shown(path)} {reason}. Save it again, or take it out.") from error
    if picture.width * picture.height > MOST_PIXELS:
        raise DataError(
            f"{shown(path)} has {picture.width}x{picture.height} pixels, and at most "
            f"{MOST_PIXELS:,} are read. Make it smaller, or take it out."
        )
    if animated:
        raise DataError(
            f"{shown(path)} is animated or has several pictures in one. Save one of them as a file "
            "of its own, or take it out."
        )
    return picture


def usual_size(sizes: Iterable[Size]) -> Size:
    """The square that suits pictures of these sizes: their median shorter side, 28 to 64."""
    least, most = SIDES
    side = int(median(min(size) for size in sizes))
    return (min(max(side, least), most),) * 2


def in_order(
    work: Callable[[T], U], things: list[T], doing: str, progress: Progress | None
) -> Generator[U]:
    """The results of ``work``, by several threads at once, in the order of the ``things``.

    Pillow decodes and resizes outside Python's lock, so threads are enough; few results are held at
    once. After an error, or where nobody asks for the rest, no thread goes on.
    """
    pool = ThreadPoolExecutor(min(WORKERS, os.cpu_count() or 1))
    # Here, for a thread of the pool would change what warns in all threads.
    with pool, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of sizes and of odd EXIF: see _opened
        rest = iter(things)
        waiting: list[Any] = [pool.submit(work, thing) for thing in islice(rest, 4 * WORKERS)]
        try:
            for done in range(len(things)):
                result = waiting.pop(0).result()
                waiting.extend(pool.submit(work, thing) for thing in islice(rest, 1))
                if progress and (done % 32 == 31 or done + 1 == len(things)):
                    progress(doing, done + 1, len(things))
                yield result
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
