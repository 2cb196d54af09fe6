"""Rows of numbers and arrays of images, from memory and from files, and what is wrong with them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt
from PIL import Image

from dann_core.datasets.labels import Rows, as_numpy, row_name, some
from dann_core.datasets.pictures import Bytes, Size, as_array
from dann_core.errors import DataError
from dann_core.files import AnyPath, kind_of, regular_file, shown
from dann_core.plain_numbers import short

Floats = npt.NDArray[np.float32]
FILES = (".npz", ".csv", ".parquet")
"""How the names of the files end that are read."""
LABEL_NAMES = ("label", "labels", "class", "y")
"""The names of a column or array of labels, where nobody gives another; the first counts most."""
EXAMPLE_NAMES = ("x", "images", "examples", "data")
"""The names of the array of examples in an .npz file."""
MOST_BYTES = 16 * 2**30
"""The most that an .npz file may hold, unpacked."""
DELIMITERS = ",;\t|"
WHOLE = re.compile(r"(-?(?:0|[1-9][0-9]*))(?:\.0*)?")
"""A whole number, as programs write it; 01 is a word."""
INDEX = re.compile(r"\s*|Unnamed: \d+|__index_level_\d+__")
"""The names that pandas gives the numbers of its rows."""


@dataclass(frozen=True)
class Examples:
    """What was read of one domain. ``values``: uint8 [N, H, W, 3] or float32 [N, d]. ``labels``: as
    they came, or None; ``label``: the name of what held them. ``columns``: the names of a table's
    columns, none for images. ``rows``: what each example is called. ``notes``: whole sentences."""

    where: str
    values: Bytes | Floats
    labels: Any = None
    columns: tuple[str, ...] = ()
    label: str | None = None
    rows: Rows = row_name
    notes: tuple[str, ...] = ()

    @property
    def is_table(self) -> bool:
        return self.values.ndim == 2

    def ordered(self, columns: tuple[str, ...]) -> Examples:
        """With its columns in the order of ``columns``; those of a table without names are taken as
        they come. Raises :class:`DataError` for others."""
        if len(columns) == len(self.columns) and (
            self.columns == numbered(len(columns)) or columns == numbered(len(columns))
        ):
            return replace(self, columns=columns)
        missing = [name for name in columns if name not in self.columns]
        extra = [name for name in self.columns if name not in columns]
        if missing or extra:
            what = f"has no column {missing[0]!r}" if missing else f"has a column {extra[0]!r} more"
            raise DataError(
                f"{self.where} {what}, and both domains need the same columns: "
                f"{some(columns)}. Rename it, or leave it out of both."
            )
        order = [self.columns.index(name) for name in columns]
        return replace(self, values=self.values[:, order], columns=columns)


def numbered(width: int) -> tuple[str, ...]:
    """The names of the columns of a table that has none."""
    return tuple(f"column {k}" for k in range(width))


def from_array(
    values: Any, labels: Any, where: str, size: Size | None = None, features: Sequence[str] = ()
) -> Examples:
    """Examples in memory: NumPy's, torch's, pandas', or lists.

    Of images: [N, H, W], [N, H, W, C] or [N, C, H, W] with 1, 3 or 4 channels, whole numbers 0-255
    or floats 0-1. ``features``: names of columns of a DataFrame that hold no labels. Raises
    :class:`DataError` for anything else, with the row.
    """
    if hasattr(values, "iloc") and hasattr(values, "columns"):
        return from_frame(values, labels, where, features=features)
    array = _numbers_of(values, where)
    if array.ndim < 2 or not array.size:
        raise DataError(
            f"{where}: the examples have the shape {list(array.shape)}. Images [N, H, W, 3] or a "
            "table [N, d] are needed."
        )
    labels = _aligned(labels, len(array), where)
    if array.ndim == 2:
        columns = numbered(array.shape[1])
        table, notes = finite_table(array, columns, where)
        return Examples(where, table, labels, columns, notes=notes)
    return Examples(where, images_of(array, where, size), labels)


def _numbers_of(values: Any, where: str) -> npt.NDArray[Any]:
    if np.ma.is_masked(values):
        raise DataError(f"{where}: some values are masked. Leave those examples out, or fill them.")
    try:
        array = as_numpy(values)
    except ValueError as error:
        raise DataError(
            f"{where}: the examples have different sizes{_sizes(values)}. Resize them first, or "
            "save them as pictures in a folder, which are resized."
        ) from error
    except Exception as error:  # a tensor of an odd kind, or what is no array at all
        raise DataError(
            f"{where}: the examples are no array of numbers. Give them as numpy.ndarray."
        ) from error
    if array.dtype.kind not in "iufb":
        raise DataError(
            f"{where}: the examples are of the type {array.dtype}, where numbers are needed. Turn "
            "them into an array of numbers first."
        )
    return array


def _sizes(values: Any) -> str:
    try:
        shapes = list(dict.fromkeys(str(list(np.shape(value))) for value in values))
    except Exception:  # the examples themselves are ragged
        return ""
    return f" ({shapes[0]}, {shapes[1]})" if len(shapes) > 1 else ""


def _aligned(labels: Any, n: int, where: str) -> Any:
    if labels is None:
        return None
    try:
        there = len(labels)
    except TypeError:
        there = None
    if there is None or isinstance(labels, str | bytes | dict | set):
        raise DataError(
            f"{where}: the labels are {short(labels)}. Give a list or an array with one label for "
            "each example."
        )
    if there != n:
        raise DataError(
            f"{where}: there are {n:,} examples and {there:,} labels. Give one label for each "
            "example."
        )
    return labels


def images_of(array: npt.NDArray[Any], where: str, size: Size | None) -> Bytes:
    """uint8 [N, H, W, 3] of an array of images; see :func:`from_array`."""
    if array.ndim == 3:
        array = array[..., None]
    if array.ndim == 4 and array.shape[-1] not in (1, 3, 4) and array.shape[1] in (1, 3, 4):
        array = array.transpose(0, 2, 3, 1)  # torch's order
    if array.ndim != 4 or array.shape[-1] not in (1, 3, 4):
        raise DataError(
            f"{where}: the examples have the shape {list(array.shape)}. Images of 1, 3 or 4 "
            "channels, [N, H, W, C] or [N, C, H, W], are needed."
        )
    pixels = _pixels(array, where)
    size = size or (pixels.shape[1], pixels.shape[2])
    channels = pixels.shape[-1]
    if channels != 4 and size == pixels.shape[1:3]:
        return np.ascontiguousarray(pixels if channels == 3 else np.repeat(pixels, 3, axis=-1))
    layers = np.ascontiguousarray(pixels[..., 0] if channels == 1 else pixels)
    return np.stack([as_array(Image.fromarray(layer), size) for layer in layers])


def _pixels(array: npt.NDArray[Any], where: str) -> Bytes:
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    first = array.reshape(len(array), -1)
    bad = ~np.isfinite(first).all(axis=1)
    if bad.any():
        raise DataError(
            f"{where}: image {int(bad.argmax())} has NaN or infinity in it. Leave it out, or "
            "mend it."
        )
    low, high = first.min(axis=1), first.max(axis=1)
    if low.min() < 0 or high.max() > 255:
        row = int(low.argmin() if low.min() < 0 else high.argmax())
        value = float(low.min() if low.min() < 0 else high.max())
        raise DataError(
            f"{where}: image {row} has the value {value:g}, and pixels go from 0 to 255 (floats "
            "from 0 to 1). Scale them first."
        )
    if array.dtype.kind == "f" and high.max() <= 1:
        return (array.astype(np.float32) * 255).round().astype(np.uint8)
    if array.dtype.kind == "f" and (array != array.round()).any():
        raise DataError(
            f"{where}: pixels are fractions up to {float(high.max()):g}. Floats go from 0 to 1: "
            "divide them by 255, or round them."
        )
    return array.astype(np.uint8)


def finite_table(
    array: npt.NDArray[Any], columns: Sequence[str], where: str, rows: Rows = row_name
) -> tuple[Floats, tuple[str, ...]]:
    """float32 [N, d], and sentences on columns that lose much by that. Raises :class:`DataError`
    for what is not finite, with row and column."""
    with np.errstate(over="ignore"):
        table = np.ascontiguousarray(array, dtype=np.float32)
    bad = ~np.isfinite(table)
    if bad.any():
        row, column = (int(k[0]) for k in np.nonzero(bad))
        raise DataError(
            f"{where}: {rows(row)} has {short(float(array[row, column]))} in {columns[column]!r}, "
            f"where a number up to 3.4e38 is needed. Leave it out, or fill it in."
        )
    table += 0.0  # -0.0 is 0.0: the same content
    return table, _rounded(array, table, columns, where)


def _rounded(
    array: npt.NDArray[Any], table: Floats, columns: Sequence[str], where: str
) -> tuple[str, ...]:
    if array.dtype == np.float32:
        return ()
    spread, least = array.std(axis=0, dtype=np.float64), 1e-12 * np.abs(table).max(axis=0)
    lost = np.abs(array.astype(np.float64) - table).max(axis=0)
    coarse = (spread > least) & (lost > 0.01 * spread)
    found = [name for name, is_coarse in zip(columns, coarse, strict=True) if is_coarse]
    return tuple(
        f"{where}: {name!r} has numbers so large that float32 blurs their differences. Take off "
        "their mean first."
        for name in found
    )


def from_frame(
    frame: Any,
    labels: Any,
    where: str,
    label: str | None = None,
    features: Sequence[str] = (),
    only: Sequence[str] = (),
) -> Examples:
    """A pandas DataFrame of numbers. ``label`` or, if ``labels`` is None, a column that has one of
    the usual names and is none of the ``features`` holds the labels. ``only``: the columns to take,
    if not all."""
    names = [str(name) for name in frame.columns]
    kept, chosen = _columns(names, where, label, features, only, labels is None)
    if chosen is not None:
        labels = frame.iloc[:, names.index(chosen)]
    labels = _aligned(labels, len(frame), where)
    if not len(frame):
        raise DataError(f"{where} has no rows. Give at least some dozens.")
    for k in kept:
        column = frame.iloc[:, k]
        if getattr(column.dtype, "kind", "O") not in "iufb":
            raise DataError(
                f"{where}: the column {names[k]!r} holds words, times or the like, where numbers "
                f"are needed. Turn it into numbers, or leave it out.{_or_label(labels)}"
            )
        if names[k].lower() in LABEL_NAMES and _are_labels(column, labels):
            raise DataError(
                f"{where}: the column {names[k]!r} of the examples holds their labels. Leave it "
                "out of the examples."
            )
    columns = tuple(names[k] for k in kept)
    values = frame.iloc[:, kept].to_numpy(dtype=np.float64, na_value=np.nan)
    table, notes = finite_table(values, columns, where)
    return Examples(where, table, labels, columns, chosen, notes=notes)


def _or_label(labels: Any) -> str:
    return " If it holds the labels, name it with label=." if labels is None else ""


def _are_labels(column: Any, labels: Any) -> bool:
    return labels is not None and np.array_equal(np.asarray(column), as_numpy(labels))


def _columns(
    names: list[str],
    where: str,
    label: str | None,
    features: Sequence[str],
    only: Sequence[str],
    labelled: bool = True,
) -> tuple[list[int], str | None]:
    """The places of the columns of numbers, and the name of the column of labels, if there is
    one."""
    missing = [name for name in only if name not in names]
    if missing:
        raise DataError(f"{where} has no column {missing[0]!r}. It needs: {some(only)}.")
    used = only or names
    if twice := [name for name in used if names.count(name) > 1]:
        raise DataError(f"{where} has two columns {twice[0]!r}. Rename one.")
    if index := [k for k, name in enumerate(used) if INDEX.fullmatch(name)]:
        raise DataError(
            f"{where}: column {index[0] + 1} has no name, as pandas writes the numbers of the "
            "rows. Leave it out (to_csv(..., index=False)), or give it a name."
        )
    chosen = _label_column(names, label, features) if labelled and not only else None
    kept = [names.index(name) for name in used if name != chosen]
    if not kept:
        raise DataError(f"{where} has no columns of numbers. Add at least one beside the labels.")
    return kept, chosen


def _label_column(names: list[str], label: str | None, features: Sequence[str]) -> str | None:
    """The name of the column of labels, None if there is none."""
    if label is not None:
        return label if label in names else None
    free = {name.lower(): name for name in reversed(names) if name not in features}
    return next((free[name] for name in LABEL_NAMES if name in free), None)


def read_file(
    path: AnyPath,
    label: str | None = None,
    size: Size | None = None,
    features: Sequence[str] = (),
    only: Sequence[str] = (),
) -> Examples:
    """The examples in an .npz, .csv or .parquet file, and its labels, if it has any.

    ``label``: the name of the column or array of labels; ``features`` and ``only``: as for
    :func:`from_frame`. Raises :class:`DataError` with the file and the row.
    """
    name, kind = shown(path), Path(path).suffix.lower()
    if kind_of(path) is None:
        raise DataError(f"There is no file {name}. Check the path.")
    if kind not in FILES:
        raise DataError(
            f"{name} is none of {', '.join(FILES)}. Save it as one of these, or give a folder of "
            "pictures."
        )
    place = regular_file(path)
    readers: dict[str, Callable[[], Examples]] = {
        ".npz": lambda: _from_npz(place, label, size),
        ".csv": lambda: _from_csv(place, label, features, only),
        ".parquet": lambda: _from_parquet(place, label, features, only),
    }
    try:
        return readers[kind]()
    except DataError:
        raise
    except MemoryError as error:
        raise DataError(f"{name} needs more memory than there is. Make it smaller.") from error
    except Exception as error:  # damage can make these readers raise almost anything
        if isinstance(error, OSError) and error.errno:
            raise DataError(f"Cannot read {name}: {error.strerror}. Make it readable.") from error
        raise DataError(f"{name} is damaged or no {kind} file. Save it again.") from error


def _from_npz(path: Path, label: str | None, size: Size | None) -> Examples:
    name = shown(path)
    with ZipFile(path) as archive:
        whole = sum(entry.file_size for entry in archive.infolist())
    if whole > MOST_BYTES:
        raise DataError(
            f"{name} holds {whole / 2**30:.0f} GiB, and at most 16 are read. Make it smaller."
        )
    with np.load(path, allow_pickle=False) as arrays:
        there = {str(key).lower(): str(key) for key in arrays.files}
        examples = next((there[key] for key in EXAMPLE_NAMES if key in there), None)
        if examples is None:
            raise DataError(
                f"{name} has no array 'X' (or {', '.join(EXAMPLE_NAMES[1:])}), but "
                f"{some(list(arrays.files)) or 'none at all'}. Save it with "
                "numpy.savez(file, X=..., y=...)."
            )
        wanted = LABEL_NAMES if label is None else (label.lower(), *LABEL_NAMES)
        labels = next((there[key] for key in wanted if key in there), None)
        read = from_array(
            _unpickled(arrays, examples, name),
            None if labels is None else _unpickled(arrays, labels, name),
            name,
            size,
        )
    return replace(read, label=labels)


def _unpickled(arrays: Any, key: str, name: str) -> Any:
    try:
        return arrays[key]
    except ValueError as error:
        if "pickle" not in str(error).lower():
            raise
        raise DataError(
            f"{name}: the array {key!r} holds Python objects, which are not read because they can "
            "run programs. Save numbers, or words by .astype(str)."
        ) from error


def _from_csv(
    path: Path, label: str | None, features: Sequence[str], only: Sequence[str]
) -> Examples:
    name = shown(path)
    names, cells, lines = _cells(path, name)

    def rows(row: int) -> str:
        return f"line {lines[row]}"

    kept, chosen = _columns(names, name, label, features, only)
    for row, found in enumerate(cells):
        if len(found) != len(names):
            raise DataError(
                f"{name}: {rows(row)} has {len(found)} cells, and there are {len(names)} columns. "
                "Mend it, or leave it out."
            )
    if not cells:
        raise DataError(f"{name} has no rows. Give at least some dozens.")
    labels = None
    if chosen is not None:
        labels = _plain_words([row[names.index(chosen)].strip() for row in cells])
    columns = tuple(names[k] for k in kept)
    values = _numbers([[row[k] for k in kept] for row in cells], columns, name, rows, labels)
    table, notes = finite_table(values, columns, name, rows)
    return Examples(name, table, labels, columns, chosen, rows, notes)


def _cells(path: Path, name: str) -> tuple[list[str], list[list[str]], list[int]]:
    """The names of the columns, the cells of each row, and the line in which it ends."""
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not UTF-8. Save it as CSV in UTF-8.") from error
    if "\0" in content:
        raise DataError(f"{name} is no text. Save it as CSV in UTF-8.")
    head = next((line for line in content.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=lambda sign: len(next(csv.reader([head], delimiter=sign), ())))
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    cells, lines = [], []
    for row in reader:
        if any(cell.strip() for cell in row):
            cells.append(row)
            lines.append(reader.line_num)
    if not cells:
        raise DataError(f"{name} is empty. Save it again, with the names of the columns first.")
    names = [cell.strip() for cell in cells[0]]
    # 0,1,2 is how pandas names the columns of an array, and 2025 may be the name of one.
    whole = all(map(_is_number, names)) and names != [str(k) for k in range(len(names))]
    if whole or any(_is_number(cell) and not cell.isdigit() for cell in names):
        raise DataError(
            f"{name} begins with a row of numbers, where the names of the columns are needed. Add "
            "a line with them."
        )
    return names, cells[1:], lines[1:]


def _numbers(
    cells: list[list[str]], columns: Sequence[str], where: str, rows: Rows, labels: Any
) -> npt.NDArray[np.float64]:
    try:
        return np.array(cells, dtype=np.float64)
    except ValueError:
        for number, row in enumerate(cells):
            for column, cell in zip(columns, row, strict=True):
                if not _is_number(cell):
                    what = short(cell) if cell.strip() else "nothing"
                    raise DataError(
                        f"{where}: {rows(number)} has {what} in {column!r}, where a number such as "
                        "1.5 is needed. Mend it, or leave out the line or the column."
                        f"{_or_label(labels)}"
                    ) from None
        raise


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _plain_words(cells: list[str]) -> list[Any]:
    """Words, or whole numbers if all are such: a file of text does not say which. Empty cells and
    NaN are no label."""
    told = [None if cell.lower() in ("", "nan") else cell for cell in cells]
    found = [None if cell is None else WHOLE.fullmatch(cell) for cell in told]
    if all(cell is None or match for cell, match in zip(told, found, strict=True)):
        return [None if match is None else int(match[1]) for match in found]
    return told


def _from_parquet(
    path: Path, label: str | None, features: Sequence[str], only: Sequence[str]
) -> Examples:
    try:
        import pandas
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise DataError(
            f"To read {shown(path)}, install what reads Parquet: pip install pandas pyarrow"
        ) from error
    return from_frame(pandas.read_parquet(path), None, shown(path), label, features, only)
