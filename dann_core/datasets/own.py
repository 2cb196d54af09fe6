"""Pairs of your own data: from folders of pictures, from arrays and from files.

What an example is for, training, validation or test, and its place there follow from its content
and a seed alone. So renaming or moving a file changes nothing, and the same example is never in two
splits.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from dann_core.datasets import pictures
from dann_core.datasets.labels import Classes, Rows, classes_of, some
from dann_core.datasets.mapped import mapped
from dann_core.datasets.pictures import Size
from dann_core.datasets.store import Progress
from dann_core.datasets.tables import (
    FILES,
    LABEL_NAMES,
    Examples,
    from_array,
    numbered,
    read_file,
)
from dann_core.domains import UNKNOWN, Domain, DomainPair, Split
from dann_core.errors import DataError
from dann_core.files import AnyPath, cache_dir, in_full, kind_of, shown
from dann_core.inputs import Inputs
from dann_core.plain_numbers import Whole, checked_seed, plain, short

# Raise it whenever the same files would give other examples or splits.
CODE_VERSION = 1
SHARES = (0.7, 0.1)
"""The shares of training and validation; what is left is for the test."""
FEWEST = 10
"""The fewest different examples of a domain of which three splits can be made."""
IN_MEMORY = 2 * 10**9
"""The most bytes of a domain's pixels that are kept in memory. More are decoded once, into a file
in the cache (its folder ``own``, which can be deleted at any time), of which the memory holds what
is used."""
SIZES = (4, 1024)
SPLIT_NAMES = frozenset(("train", "training", "val", "valid", "validation", "test", "testing"))


@dataclass(frozen=True)
class _Found:
    """One domain as it was found. ``contents``: a digest of each example. ``examples``: makes
    them, in the order of the numbers it is given. ``rows``: what each is called."""

    name: str
    where: str
    contents: list[bytes]
    labels: Any
    examples: Callable[[npt.NDArray[np.int64]], Tensor]
    rows: Rows
    notes: tuple[str, ...]
    sizes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Folder:
    """A folder of pictures: the files, a digest and a size of each, and their classes' names."""

    where: str
    files: list[Path]
    contents: list[bytes]
    sizes: list[Size]
    labels: list[str] | None
    notes: tuple[str, ...]

    def found(self, name: str, size: Size, progress: Progress | None) -> _Found:
        examples = _Pictures(self.files, self.contents, size, progress)
        sizes = self._resized(name, size)
        return _Found(
            name, self.where, self.contents, self.labels, examples, self.called, self.notes, sizes
        )

    def _resized(self, name: str, size: Size) -> tuple[str, ...]:
        least, most = (min(self.sizes, key=np.prod), max(self.sizes, key=np.prod))
        if least == most == size:
            return ()
        there = _written(least) if least == most else f"{_written(least)} to {_written(most)}"
        return (f"{name!r}: pictures of {there} pixels, read as {_written(size)}.",)

    def called(self, k: int) -> str:
        return shown(self.files[k])


def _written(size: Size) -> str:
    """As people write it, the width first."""
    return f"{size[1]}x{size[0]}"


def from_folders(
    source: AnyPath,
    target: AnyPath,
    *,
    size: Any = None,
    seed: Whole = 0,
    progress: Progress | None = None,
) -> DomainPair:
    """Two folders of pictures, in each a folder a class, as torchvision's ImageFolder has them.

    A target whose pictures stand in no class folders is unlabelled. Pictures are PNG, JPEG, TIFF,
    WebP, BMP, GIF, PPM; of any size and mode, read as :func:`pictures.decoded` says. ``size``: of
    their side in pixels, or (height, width), 4 to 1024; None takes the source's median side, at
    least 28 and at most 64. ``seed``: of the splits, 70 % training, 10 % validation, 20 % test.

    Raises :class:`DataError`, with the file or folder and the remedy, for what cannot be used.
    """
    chosen, seed = _checked_size(size), checked_seed(seed)
    read = [_folder(source, True, progress), _folder(target, False, progress)]
    shape = chosen or pictures.usual_size(read[0].sizes)
    found = [
        one.found(name, shape, progress)
        for one, name in zip(read, _names(source, target), strict=True)
    ]
    return _pair(*found, seed=seed, columns=(), form=f"{shape[0]}x{shape[1]}")


def _names(source: AnyPath, target: AnyPath) -> tuple[str, str]:
    """What people call two folders or files: their last names, with as many folders before them
    as tell them apart."""
    paths = [Path(os.path.abspath(os.path.expanduser(path))) for path in (source, target)]
    parts = [path.with_suffix("").parts if _is_data(path) else path.parts for path in paths]
    for depth in range(1, max(map(len, parts)) + 1):
        names = tuple(shown("/".join(those[-depth:])) for those in parts)
        if names[0] != names[1]:
            return names[0], names[1]
    return "source", "target"


def _is_data(path: Path) -> bool:
    return path.suffix.lower() in FILES


def from_arrays(
    source: Any,
    target: Any,
    *,
    size: Any = None,
    seed: Whole = 0,
    names: tuple[str, str] = ("source", "target"),
) -> DomainPair:
    """Examples in memory: ``source=(X, y)``, ``target=X`` or ``(X, y)``, of NumPy, torch or pandas.

    ``X``: images, [N, H, W], [N, H, W, C] or [N, C, H, W] with 1, 3 or 4 channels, 0-255 or floats
    0-1; or a table, [N, d] or a DataFrame, which is standardised by the source. ``y``: whole
    numbers, words, truth values or one-hot rows; in the target also None, NaN or -1, where nobody
    knows. ``size``: as for :func:`from_folders`; None leaves images as they are. ``seed``: of the
    splits. Raises :class:`DataError`, with the row and the remedy, for what cannot be used.
    """
    chosen, seed = _checked_size(size), checked_seed(seed)
    if not isinstance(source, tuple | list) or len(source) != 2:
        raise DataError(
            "source has no labels. Give it as (X, y), the examples and a label for each."
        )
    x, y = target if isinstance(target, tuple) and len(target) == 2 else (target, None)
    where, there = _checked_names(names)
    known = from_array(source[0], source[1], where, chosen)
    if known.labels is None:
        raise DataError(f"{where} has no labels. Give it as (X, y), a label for each example.")
    return _from_examples([known, from_array(x, y, there, chosen, known.columns)], names, seed)


def _checked_names(names: Any) -> tuple[str, str]:
    good = isinstance(names, tuple | list) and len(names) == 2
    if not good or not all(isinstance(x, str) and x.strip() and x.isprintable() for x in names):
        raise DataError(
            f"names={short(names)} are none. Give two words, for the source and the target."
        )
    return names[0], names[1]


def from_files(
    source: AnyPath,
    target: AnyPath,
    *,
    label: str | None = None,
    size: Any = None,
    seed: Whole = 0,
) -> DomainPair:
    """Two files, .npz (arrays ``X`` and ``y``), .csv or .parquet (a row an example).

    ``label``: the name of the column or array of labels; None takes ``label``, ``class`` or ``y``.
    A target without it is unlabelled. All other columns are numbers. ``size`` and ``seed``: as for
    :func:`from_arrays`. Raises :class:`DataError`, with the file, the row and the remedy, for what
    cannot be used.
    """
    chosen, seed = _checked_size(size), checked_seed(seed)
    known = read_file(source, label, chosen)
    if known.labels is None:
        raise DataError(
            f"{shown(source)} has no labels: no column or array {label or LABEL_NAMES[0]!r}. The "
            "source needs one label for each example. Name what holds them with label=. There is: "
            f"{some(known.columns) or 'X alone'}."
        )
    # A column of the source is none of labels in the target, whatever its name.
    other = read_file(target, known.label, chosen, known.columns)
    return _from_examples([known, other], _names(source, target), seed)


def from_paths(source: AnyPath, target: AnyPath, **options: Any) -> DomainPair:
    """:func:`from_folders` or :func:`from_files`, by what is there. ``options``: of either; those
    that the other alone has are left out."""
    kinds = [kind_of(in_full(path)) for path in (source, target)]
    for path, kind in zip((source, target), kinds, strict=True):
        if kind is None:
            raise DataError(f"There is no folder or file {shown(path)}. Check the path.")
    if kinds[0] != kinds[1]:
        raise DataError(
            f"{shown(source)} is a {kinds[0]} and {shown(target)} a {kinds[1]}. Give two folders "
            "of pictures, or two files."
        )
    if kinds[0] == "folder":
        if options.get("label") is not None:
            raise DataError(
                f"label={short(options['label'])}: in folders of pictures the class is the name of "
                "a folder. Leave it out."
            )
        return from_folders(source, target, **{k: v for k, v in options.items() if k != "label"})
    return from_files(source, target, **{k: v for k, v in options.items() if k != "progress"})


def read_examples(path: AnyPath, inputs: Inputs) -> tuple[list[str], Tensor]:
    """Examples to predict, for a network that was trained with these ``inputs``: the name of each,
    and uint8 [N, H, W, 3] or float32 [N, d].

    ``path``: a picture, a folder of pictures and folders of such, or a file as :func:`from_files`
    reads it, whose labels, if it has any, are not looked at. Raises :class:`DataError` for what
    cannot be used.
    """
    place = in_full(path)
    kind = kind_of(place)
    if kind is None:
        raise DataError(f"There is no folder or file {shown(path)}. Check the path.")
    if inputs.kind == "images" and (kind == "folder" or place.suffix.lower() not in FILES):
        files = list(pictures.below(place)) if kind == "folder" else [place]
        if not files:
            raise DataError(f"{shown(path)} has no pictures. Name another folder.")
        assert inputs.size
        work = partial(pictures.decoded, size=inputs.size)
        images = list(pictures.in_order(work, files, "", None))
        names = [str(f.relative_to(place)) if kind == "folder" else f.name for f in files]
        return names, torch.from_numpy(np.stack(images))
    if kind == "folder":
        raise DataError(
            f"{shown(path)} is a folder, and this run reads {inputs.text}. Name a file."
        )
    # The columns that it learned from, whatever else there is; a table without names has all.
    named = () if inputs.columns == numbered(inputs.shape[0]) else inputs.columns
    found = read_file(place, None, inputs.size, only=named)
    if found.values.shape[1:] != inputs.shape:
        raise DataError(
            f"{shown(path)} has examples of the shape {list(found.values.shape[1:])}, and this run "
            f"reads {inputs.text}. Give such."
        )
    return [f"row {k}" for k in range(len(found.values))], torch.from_numpy(found.values.copy())


def _checked_size(size: Any) -> Size | None:
    sides = plain(size)
    if sides is None:
        return None
    both = (sides, sides) if isinstance(sides, int) else sides
    low, high = SIZES
    good = isinstance(both, tuple | list) and len(both) == 2
    if not good or not all(
        isinstance(plain(n), int) and not isinstance(n, bool) and low <= n <= high for n in both
    ):
        raise DataError(
            f"size={short(size)} is no size. Choose a whole number from {low} to {high}, or two "
            "such, (height, width)."
        )
    return int(both[0]), int(both[1])


class _Pictures:
    """Decodes files when their order is known."""

    def __init__(
        self, files: list[Path], contents: list[bytes], size: Size, progress: Progress | None
    ):
        self.files, self.contents, self.size, self.progress = files, contents, size, progress

    def __call__(self, order: npt.NDArray[np.int64]) -> Tensor:
        shape = (len(order), *self.size, 3)
        size = int(np.prod(shape))
        if size > IN_MEMORY:
            return mapped(self._kept_in(order), size, self._read(order)).view(shape)
        images = np.empty(shape, np.uint8)
        for k, image in enumerate(self._read(order)):
            images[k] = image
        return torch.from_numpy(images)

    def _kept_in(self, order: npt.NDArray[np.int64]) -> Path:
        name = sha256(repr((CODE_VERSION, self.size)).encode())
        for k in order:
            name.update(self.contents[k])
        return cache_dir() / "own" / f"{name.hexdigest()}.pixels"

    def _read(self, order: npt.NDArray[np.int64]) -> Generator[pictures.Bytes]:
        def work(k: int) -> pictures.Bytes:
            return pictures.decoded(self.files[k], self.size, self.contents[k])

        return pictures.in_order(work, order.tolist(), "Reading pictures", self.progress)


def _folder(folder: AnyPath, labelled: bool, progress: Progress | None) -> _Folder:
    """What is below a folder. Raises :class:`DataError` if it cannot be a domain."""
    place, name = in_full(folder), shown(folder) or "''"
    kind = kind_of(place) if os.fspath(folder) else None  # "" would be the folder one is in
    if kind != "folder":
        raise DataError(
            f"There is no folder {name}. Check the path."
            if kind is None
            else f"{name} is a {kind}, not a folder. Give a folder of pictures."
        )
    folders, loose = pictures.listed(place)
    below = {path.name: list(pictures.files_below(path)) for path in folders}
    by_class = {key: list(filter(pictures.is_picture, those)) for key, those in below.items()}
    _check_folders(name, by_class, loose, labelled)
    files = loose or [file for those in by_class.values() for file in those]
    doing = f"Looking at {place.name}"
    found = list(pictures.in_order(pictures.looked_at, files, doing, progress))
    labels = None if loose else [key for key, those in by_class.items() for _ in those]
    others = [
        shown(f.name) for those in below.values() for f in those if not pictures.is_picture(f)
    ]
    contents, sizes = [digest for digest, _ in found], [size for _, size in found]
    return _Folder(name, files, contents, sizes, labels, _left_out(name, others))


def _left_out(name: str, others: list[str]) -> tuple[str, ...]:
    if not others:
        return ()
    return (f"{name}: left out, for the names are not a picture's: {some(others, 3)}.",)


def _check_folders(
    name: str, by_class: dict[str, list[Path]], loose: list[Path], labelled: bool
) -> None:
    """Raises :class:`DataError` for folders that are no classes, and pictures in none of them."""
    full = [key for key, those in by_class.items() if those]
    if loose and full:
        raise DataError(
            f"{name} has pictures beside its class folders, such as {shown(loose[0].name)}. Put "
            "each into the folder of its class, or all of them straight into one folder, without "
            "labels."
        )
    if loose and labelled:
        raise DataError(
            f"{name} has no class folders, but {len(loose):,} pictures. The source needs a folder "
            "for each class, with the class's name."
        )
    if not loose and not full:
        raise DataError(
            f"{name} has no pictures ({', '.join(sorted(pictures.SUFFIXES))}). Name another folder."
        )
    if loose:
        return
    if SPLIT_NAMES.issuperset(key.lower() for key in by_class):
        raise DataError(
            f"{name} has the folder {full[0]!r}, which is no class but a part of a data set. Name "
            f"the folder in which the class folders are, such as {name}/{full[0]}."
        )
    if empty := [key for key, those in by_class.items() if not those]:
        raise DataError(
            f"The class folder {empty[0]!r} of {name} has no pictures. Fill it, or take it out."
        )
    if labelled and len(full) == 1:
        raise DataError(
            f"{name} has a single class folder, {full[0]!r}. At least two are needed. If the "
            f"classes are in it, name {name}/{full[0]}."
        )


def _from_examples(read: list[Examples], names: tuple[str, str], seed: int) -> DomainPair:
    source, target = read
    if source.is_table != target.is_table:
        kinds = ["a table" if one.is_table else "images" for one in read]
        raise DataError(
            f"{source.where} is {kinds[0]} and {target.where} {kinds[1]}. Both domains need the "
            "same kind of examples."
        )
    if source.is_table:
        if source.columns == numbered(len(source.columns)):
            source = source.ordered(target.columns)
        target = target.ordered(source.columns)
    elif source.values.shape[1:] != target.values.shape[1:]:
        sides = ["x".join(map(str, one.values.shape[1:3])) for one in (source, target)]
        raise DataError(
            f"{source.where} has images of {sides[0]} pixels and {target.where} of {sides[1]}. "
            "Give a size, such as size=32, to which both are resized."
        )
    found = [
        _Found(
            name,
            one.where,
            [sha256(row.tobytes()).digest() for row in one.values],
            one.labels,
            partial(_taken, one.values),
            one.rows,
            one.notes,
        )
        for name, one in zip(names, (source, target), strict=True)
    ]
    form = "x".join(map(str, source.values.shape[1:]))
    return _pair(*found, seed=seed, columns=source.columns, form=form)


def _taken(values: npt.NDArray[Any], order: npt.NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(values[order])


def _pair(
    source: _Found, target: _Found, *, seed: int, columns: tuple[str, ...], form: str
) -> DomainPair:
    classes = classes_of(source.labels, source.where, source.rows)
    checksum = sha256(repr((CODE_VERSION, seed, form, columns, classes.values)).encode())
    domains = [_domain(found, classes, seed, checksum) for found in (source, target)]
    sha = checksum.hexdigest()
    notes = [*source.notes, *target.notes, *_notes(domains, classes), *_shared(source, target)]
    build = {
        "pair": "own",
        "id": f"own-{sha[:12]}",
        "seed": seed,
        "code_version": CODE_VERSION,
        "sha256": sha,
        "sizes": [*source.sizes, *target.sizes],
        "notes": notes,
    }
    return DomainPair(
        "own",
        domains[0],
        domains[1],
        classes=len(classes),
        build=build,
        class_values=classes.values,
        columns=columns,
    )


def _shared(source: _Found, target: _Found) -> list[str]:
    both = len(set(source.contents) & set(target.contents))
    if not both:
        return []
    return [f"{both:,} examples are in both domains, in the same split of each."]


def _domain(found: _Found, classes: Classes, seed: int, checksum: Any) -> Domain:
    """The examples in the order of their contents, in three splits."""
    n, kinds = len(found.contents), len(set(found.contents))
    labels = np.full(n, UNKNOWN, np.int64)
    if found.labels is not None:
        labels = classes.numbers(found.labels, found.where, found.rows)
    if kinds < FEWEST:
        copies = f" ({kinds} without copies)" if kinds < n else ""
        raise DataError(
            f"{found.where} has {n:,} examples{copies}, too few for training, validation and "
            f"test. At least {FEWEST} different ones are needed, and some hundreds do well."
        )
    key = seed.to_bytes(8, "big")
    digests = [blake2b(content, key=key, digest_size=16).digest() for content in found.contents]
    order = np.array(sorted(range(n), key=lambda k: (digests[k], labels[k])), dtype=np.int64)
    # By the other half of the digest, which the order does not follow from.
    chance = np.array([int.from_bytes(digests[k][8:], "big") / 2**64 for k in order])
    which = _splits(chance)
    order = order[np.argsort(which, kind="stable")]
    checksum.update(n.to_bytes(8, "big"))
    for k in order:
        checksum.update(found.contents[k] + int(labels[k]).to_bytes(2, "big", signed=True))
    examples, ends = found.examples(order), np.cumsum(np.bincount(which))
    known = torch.from_numpy(labels[order])
    splits = [
        Split(examples[start:end], known[start:end])
        for start, end in zip([0, *ends.tolist()], ends.tolist(), strict=False)
    ]
    return Domain(found.name, *splits)


def _splits(chance: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """0, 1 or 2, for training, validation or test, of each example by its number from 0 to 1; the
    same number is never in two.

    An example stays where it is when others come or go, unless there are so few that a split would
    be empty: then they are shared out in the order of their numbers.
    """
    which = np.searchsorted(np.cumsum(SHARES), chance, side="right")
    if np.bincount(which, minlength=3).all():
        return which
    kinds, place = np.unique(chance, return_inverse=True)
    train, validation = SHARES
    middle = max(1, round(validation * len(kinds)))
    start = min(round(train * len(kinds)), len(kinds) - middle - 1)
    return np.searchsorted([start, start + middle], place, side="right")


def _notes(domains: list[Domain], classes: Classes) -> list[str]:
    """What is not wrong, but worth knowing, as sentences."""
    notes = []
    if -1 in classes.values and len(classes) > 2:
        notes.append("-1 is a class here, because the source has it.")
    for domain in domains:
        splits = (domain.train, domain.validation, domain.test)
        labels = torch.cat([split.labels for split in splits])
        if (labels == UNKNOWN).all():
            notes.append(f"{domain.name!r} has no labels, so its accuracy is unknown.")
            continue
        for text, those in (("", labels), ("training ", domain.train.labels)):
            counts = torch.bincount(those[those != UNKNOWN], minlength=len(classes)).tolist()
            if missing := [n for n, count in zip(classes.names, counts, strict=True) if not count]:
                notes.append(f"{domain.name!r} has no {text}example of: {some(missing)}.")
                break
    return notes
