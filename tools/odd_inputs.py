"""Odd data of one's own, and the very sentence that each gets: the table in docs/odd-inputs.md.

    python -m tools.odd_inputs --check     # write nothing; fail if the page says something else
    python -m tools.odd_inputs --write

Each input is made in a folder of its own, of which the sentences show the paths.
"""

from __future__ import annotations

import argparse
import io
import struct
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from PIL import Image

from dann_core.datasets.own import from_arrays, from_files, from_folders, from_paths, read_examples
from dann_core.domains import DomainPair
from dann_core.errors import DannError
from dann_core.files import written_whole
from dann_core.inputs import PIXELS, Inputs

PAGE = Path(__file__).parents[1] / "docs" / "odd-inputs.md"
BEGIN, END = "<!-- made by python -m tools.odd_inputs --write -->", "<!-- end -->"
TAKEN = "Taken: "
"""The beginning of what is said of an input that was good after all."""
Work = Callable[[Path], Any]


@dataclass(frozen=True)
class Odd:
    """``what`` is odd; ``work`` makes it in the folder that it is given, and reads it."""

    kind: str
    what: str
    work: Work


# What is sound, to be spoilt.


def picture(shade: int, size: tuple[int, int] = (12, 12), mode: str = "RGB") -> Image.Image:
    """Of noise; each shade is another picture."""
    height, width = size
    pixels = np.random.default_rng(shade).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(pixels).convert(mode)


def folders(here: Path, classes: tuple[str, ...] = ("cat", "dog"), n: int = 12) -> None:
    """source and target, each with a folder a class."""
    for k, domain in enumerate(("source", "target")):
        for j, name in enumerate(classes):
            (here / domain / name).mkdir(parents=True)
            for i in range(n):
                made = picture(1000 * k + 100 * j + i)
                made.save(here / domain / name / f"{i:02}.png")


def arrays(n: int = 40, seed: int = 0) -> tuple[Any, Any]:
    """Grey images [n, 8, 8] and labels 0 to 2."""
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (n, 8, 8), np.uint8), np.arange(n) % 3


def table(n: int = 40, seed: int = 0) -> pd.DataFrame:
    """Two columns of numbers and one of labels."""
    random = np.random.default_rng(seed)
    a, b = random.normal(size=(2, n)).round(3)
    return pd.DataFrame({"a": a, "b": b, "label": np.where(np.arange(n) % 2, "cat", "dog")})


# How each kind of input is read.


def spoilt_folders(what: str, spoil: Callable[[Path], Any], **options: Any) -> Odd:
    def work(here: Path) -> DomainPair:
        folders(here)
        spoil(here)
        return from_folders(here / "source", here / "target", **options)

    return Odd("folders", what, work)


def spoilt_picture(what: str, content: Callable[[], bytes], name: str = "odd.png") -> Odd:
    def spoil(here: Path) -> None:
        (here / "source" / "cat" / name).write_bytes(content())

    return spoilt_folders(what, spoil)


def in_memory(what: str, source: Any = None, target: Any = None, **options: Any) -> Odd:
    """``source`` and ``target``: what is given, or a function that makes it."""

    def work(_: Path) -> DomainPair:
        known, other = (given() if callable(given) else given for given in (source, target))
        known = arrays() if known is None else known
        other = arrays(seed=1) if other is None else other
        return from_arrays(known, other, **options)

    return Odd("arrays", what, work)


def labelled(what: str, labels: Any, of_target: Any = None) -> Odd:
    """40 images whose source has these labels, and whose target has them too, or others."""
    other = labels if of_target is None else of_target
    found = in_memory(what, (arrays()[0], labels), (arrays(seed=1)[0], other))
    return Odd("labels", what, found.work)


def written(
    what: str, source: str | bytes, target: str | None = None, name: str = "source.csv", **o: Any
) -> Odd:
    def work(here: Path) -> DomainPair:
        content = source if isinstance(source, bytes) else source.encode()
        (here / name).write_bytes(content)
        other = table(seed=1)[["a", "b"]].to_csv(index=False) if target is None else target
        (here / "target.csv").write_text(other, encoding="utf-8")
        return from_files(here / name, here / "target.csv", **o)

    return Odd("tables", what, work)


def spoilt_table(what: str, spoil: Callable[[pd.DataFrame], pd.DataFrame], **options: Any) -> Odd:
    """As Parquet, both domains."""

    def work(here: Path) -> DomainPair:
        spoil(table()).to_parquet(here / "source.parquet")
        table(seed=1).drop(columns="label").to_parquet(here / "target.parquet")
        return from_files(here / "source.parquet", here / "target.parquet", **options)

    return Odd("tables", what, work)


def archived(what: str, save: Callable[[Path], Any], **options: Any) -> Odd:
    def work(here: Path) -> DomainPair:
        save(here / "source.npz")
        np.savez(here / "target.npz", X=arrays(seed=1)[0])
        return from_files(here / "source.npz", here / "target.npz", **options)

    return Odd("archives", what, work)


def predicted(what: str, make: Callable[[Path], Path], inputs: Inputs = PIXELS) -> Odd:
    return Odd("prediction", what, lambda here: read_examples(make(here), inputs))


# Odd contents.


def saved(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def animated(kind: str) -> bytes:
    return saved(picture(7), kind, save_all=True, append_images=[picture(8)])


def huge() -> bytes:
    """A small PNG that says it has 60,000 x 60,000 pixels."""
    content = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    checksum = struct.pack(">I", zlib.crc32(b"IHDR" + content))
    header = struct.pack(">I", 13) + b"IHDR" + content + checksum
    rest = b"".join(
        bytes(4) + name + struct.pack(">I", zlib.crc32(name)) for name in (b"IDAT", b"IEND")
    )
    return b"\x89PNG\r\n\x1a\n" + header + rest


def of_mode(mode: str) -> bytes:
    return saved(picture(9).convert(mode), "TIFF")


def sixteen_bits() -> bytes:
    return saved(Image.fromarray(np.arange(144, dtype=np.uint16).reshape(12, 12) * 400))


def with_edge(value: Any, dtype: Any = np.float32) -> tuple[Any, Any]:
    """Sound float images, but for one value in image 3."""
    images, labels = arrays()
    changed = (images / 255).astype(dtype)
    changed[3, 0, 0] = value
    return changed, labels


def csv_of(frame: pd.DataFrame | None = None, **options: Any) -> str:
    return str((table() if frame is None else frame).to_csv(index=False, **options))


def changed_line(number: int, line: str) -> str:
    lines = csv_of().split("\n")
    lines[number - 1] = line
    return "\n".join(lines)


def raw_npz(path: Path, **members: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def put(path: Path, content: bytes | str = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def emptied(folder: Path) -> Path:
    for path in sorted(folder.rglob("*.png")):
        path.unlink()
    return folder


def instead(path: Path) -> Path:
    """``path``, where nothing is any more."""
    return path.rename(path.with_name("away")).with_name(path.name)


def all_alike(here: Path) -> None:
    for path in (here / "source").rglob("*.png"):
        picture(0).save(path)


def one_deeper(folder: Path, name: str) -> None:
    """The class folders go into a folder of their own, as in Office-31."""
    instead(folder).mkdir()
    folder.with_name("away").rename(folder / name)


def straight(folder: Path) -> None:
    """The pictures go straight into the domain's folder."""
    for path in sorted(folder.rglob("*.png")):
        path.rename(folder / f"{path.parent.name}-{path.name}")
    for path in list(folder.iterdir()):
        path.rmdir() if path.is_dir() else None


def few(folder: Path) -> None:
    """Two pictures of each class are left."""
    for path in folder.rglob("*.png"):
        if path.stem > "01":
            path.unlink()


def with_copies(here: Path) -> None:
    for path in sorted((here / "source" / "cat").iterdir())[:5]:
        put(here / "target" / "cat" / f"copy-{path.name}", path.read_bytes())


FOLDERS = [
    Odd("folders", "a folder that is not there", lambda here: from_folders(here / "no", here)),
    Odd("folders", "neither folder nor file", lambda here: from_paths(here / "no", here)),
    spoilt_folders("a file instead of a folder", lambda here: put(instead(here / "target"))),
    Odd(
        "folders",
        "a folder and a file",
        lambda here: from_paths(put(here / "source" / "x.png").parent, put(here / "target.csv")),
    ),
    spoilt_folders("an empty folder", lambda here: instead(here / "target").mkdir()),
    spoilt_folders("a class folder without pictures", lambda here: emptied(here / "source/cat")),
    spoilt_folders("a source without class folders", lambda here: straight(here / "source")),
    spoilt_folders("a target without class folders", lambda here: straight(here / "target")),
    spoilt_folders(
        "pictures beside class folders", lambda here: picture(5).save(here / "source" / "x.png")
    ),
    spoilt_folders("class folders one deeper", lambda here: one_deeper(here / "source", "images")),
    spoilt_folders("a source already split", lambda here: one_deeper(here / "source", "train")),
    spoilt_folders(
        "a class that the target alone has",
        lambda here: (here / "target/dog").rename(here / "target/cow"),
    ),
    spoilt_folders(
        "a class that the source alone has",
        lambda here: (here / "target/dog").rename(here / "dog"),
    ),
    spoilt_folders(
        "a line break in a class's name",
        lambda here: (here / "source/dog").rename(here / "source/hot\ndog"),
    ),
    spoilt_folders(
        "a class's name that is not UTF-8",
        lambda here: (here / "source/dog").rename(here / "source/caf\udce9"),
    ),
    spoilt_folders(
        "é as one character here, as two there",
        lambda here: [
            (here / domain / "dog").rename(here / domain / name)
            for domain, name in (("source", "caf\u00e9"), ("target", "cafe\u0301"))
        ],
    ),
    spoilt_folders("all pictures the same", all_alike),
    spoilt_folders("the same pictures in both domains", with_copies),
    spoilt_folders("four pictures", lambda here: few(here / "source")),
    spoilt_folders(
        "a link in a circle",
        lambda here: (here / "source/cat/again").symlink_to(here / "source/cat"),
    ),
    spoilt_folders(
        "a link to nothing", lambda here: (here / "source/cat/odd.png").symlink_to(here / "no")
    ),
    spoilt_folders(
        "what macOS and Windows leave in folders",
        lambda here: [
            put(here / "source" / name)
            for name in ("__MACOSX/cat/1.png", ".DS_Store", "cat/._01.png", "cat/Thumbs.db")
        ],
    ),
    spoilt_folders("files that are no pictures", lambda here: put(here / "source/cat/x.heic")),
    spoilt_folders("a size that is none", lambda _: None, size=(32, 0)),
    spoilt_folders("a size that is too large", lambda _: None, size=5000),
    spoilt_folders("a seed that is none", lambda _: None, seed=-1),
]
PICTURES = [
    spoilt_picture("an empty file", bytes),
    spoilt_picture("a text", lambda: b"no picture"),
    spoilt_picture("a JPEG that is cut off", lambda: saved(picture(6, (90, 90)), "JPEG")[:-900]),
    spoilt_picture("a PNG that is cut off", lambda: saved(picture(6, (90, 90)))[:-900]),
    spoilt_picture("an animated GIF", lambda: animated("GIF"), "odd.gif"),
    spoilt_picture("an animated PNG", lambda: animated("PNG")),
    spoilt_picture("an animated WebP", lambda: animated("WEBP"), "odd.webp"),
    spoilt_picture("a TIFF of two pages", lambda: animated("TIFF"), "odd.tif"),
    spoilt_picture("a GIF of one picture", lambda: saved(picture(6), "GIF"), "odd.gif"),
    spoilt_picture("60,000 x 60,000 pixels in 57 bytes", huge),
    spoilt_picture("a program in PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%EOF"),
    spoilt_picture("1 x 10,000 pixels", lambda: saved(picture(6, (10_000, 1)))),
    spoilt_picture("16 bits a pixel", sixteen_bits),
    spoilt_picture("floating-point pixels", lambda: of_mode("F"), "odd.tif"),
    spoilt_picture("four colours of ink (CMYK)", lambda: of_mode("CMYK"), "odd.tif"),
    spoilt_picture("grey with transparency", lambda: saved(picture(6, mode="LA"))),
    spoilt_picture("a palette", lambda: saved(picture(6, mode="P"))),
    spoilt_picture("a JPEG that is called .png", lambda: saved(picture(6), "JPEG")),
]
GREY, LABELS = arrays()
ARRAYS = [
    in_memory("no labels for the source", GREY),
    in_memory("no array at all", (None, LABELS)),
    in_memory("a single row", (GREY[0, 0], LABELS[:8])),
    in_memory("no examples", (GREY[:0], LABELS[:0])),
    in_memory("images of different sizes", ([GREY[0], GREY[1, :4]], [0, 1])),
    in_memory("tensors of different sizes", ([torch.ones(3, 4), torch.ones(3, 5)], [0, 1])),
    in_memory("two channels", (np.repeat(GREY[..., None], 2, axis=-1), LABELS)),
    in_memory("five dimensions", (GREY[..., None, None], LABELS)),
    in_memory("images of words", (np.full((4, 2), "a"), LABELS[:4])),
    in_memory("Python objects", (np.full((4, 2), None), LABELS[:4])),
    in_memory("complex numbers", (GREY.astype(complex), LABELS)),
    in_memory("an image with NaN", lambda: with_edge(np.nan)),
    in_memory("an image with a negative value", lambda: with_edge(-0.5)),
    in_memory("floats that are neither 0-1 nor whole", lambda: with_edge(2.5)),
    in_memory("whole numbers above 255", (GREY.astype(np.uint16) * 16, LABELS)),
    in_memory("floats from 0 to 1", lambda: with_edge(1.0)),
    in_memory("truth values", (GREY > 99, LABELS), GREY > 50),
    in_memory(
        "torch's order of the channels",
        (torch.from_numpy(np.repeat(GREY[:, None], 3, axis=1)), torch.from_numpy(LABELS)),
    ),
    in_memory("a target of another size", None, np.zeros((40, 9, 9), np.uint8)),
    in_memory("a target of another size, and a size", None, GREY[:, :7, :7], size=8),
    in_memory("images and a table", None, GREY[:, 0]),
    in_memory("a table with infinity", (np.full((4, 2), np.inf), LABELS[:4])),
    in_memory("a table with numbers past float32", (np.full((4, 2), 1e300), LABELS[:4])),
    in_memory(
        "a table with masked values",
        lambda: (np.ma.masked_greater(GREY[:, 0], 200), LABELS),
    ),
    in_memory(
        "a time in seconds as a column",
        lambda: (np.stack([1.7e9 + np.arange(40), np.arange(40)], axis=1), LABELS),
        lambda: np.stack([1.7e9 + np.arange(40), np.arange(40) + 0.5], axis=1),
    ),
    in_memory(
        "a DataFrame with words",
        lambda: (table(), table()["label"]),
        lambda: table(seed=1),
    ),
    in_memory(
        "a DataFrame that holds its labels too",
        lambda: (table().assign(label=LABELS), LABELS),
        lambda: table(seed=1)[["a", "b"]],
    ),
    in_memory("four examples of each class", (GREY[:8], LABELS[:8])),
    in_memory("300 classes", (np.zeros((300, 8, 8), np.uint8), np.arange(300))),
    in_memory("names that are none", None, None, names=("a",)),
]
LABELLED = [
    labelled("a label too few", LABELS[:-1]),
    labelled("one label for all", 3),
    labelled("a set of labels", {0, 1}),
    labelled("one class only", LABELS * 0),
    labelled("fractions", LABELS + 0.5),
    labelled("floats that are whole", LABELS.astype(float)),
    labelled("a label that is NaN", np.where(LABELS > 0, LABELS, np.nan)),
    labelled("a label that is None", ["a", None, *"bc" * 19]),
    labelled("words and NaN in one list", ["a", float("nan"), *"bc" * 19]),
    labelled("bytes", np.array([b"a", b"b"] * 20)),
    labelled("times", np.array(["2020-01-01", "2021-01-01"] * 20, dtype="datetime64[D]")),
    labelled("times as Python's", [datetime(2020, 1, 1 + k % 2) for k in range(40)]),
    labelled("rows of different lengths", [[0, 1], [1]] * 20),
    labelled("several classes an example", np.ones((40, 3), int)),
    labelled("one-hot rows", np.eye(3, dtype=int)[LABELS]),
    labelled("one-hot rows of more classes in the target", LABELS, np.eye(4)[LABELS]),
    labelled("-1 and +1", np.where(LABELS, 1, -1), np.where(LABELS, 1, -1)),
    labelled("-1 for unknown in the target", LABELS, LABELS - 1),
    labelled("-1 beside 0 and 1 in the source", LABELS - 1),
    labelled("1 to 3 here, 0 to 2 there", LABELS + 1, LABELS),
    labelled("pandas' NA in the target", LABELS, pd.array([0, 1, 2, None] * 10, dtype="Int64")),
    labelled("words here, numbers as words there", LABELS, LABELS.astype(str)),
    labelled("truth values", LABELS > 0, LABELS > 0),
]
TABLES = [
    Odd("tables", "no file", lambda here: from_files(here / "no.csv", here / "no.csv")),
    Odd(
        "tables",
        "a file of another kind",
        lambda here: from_files(put(here / "source.xlsx"), here / "no.csv"),
    ),
    written("an empty file", ""),
    written("names of columns only", "a,b,label\n"),
    written("no names of columns", csv_of(header=False), label="label"),
    written("numbers for names of columns", "1.5,2.5,3.5\n" * 40),
    written("two columns of one name", csv_of().replace("a,b,label", "a,a,label")),
    written("the numbers of pandas' rows", str(table().to_csv())),
    written("no column of labels", csv_of(table()[["a", "b"]])),
    written("labels under another name", csv_of().replace("label", "kind")),
    written(
        "labels under another name, which is told",
        csv_of().replace("label", "kind"),
        None,
        label="kind",
    ),
    written("labels alone", csv_of(table()[["label"]])),
    written("a word among numbers", changed_line(5, "1.0,many,cat")),
    written("an empty cell", changed_line(5, "1.0,,cat")),
    written("an empty label", changed_line(5, "1.0,2.0,")),
    written("a line with a cell too few", changed_line(5, "1.0,2.0")),
    written("an infinite number", changed_line(5, "1.0,inf,cat")),
    written("empty lines", csv_of().replace("\n", "\n\n")),
    written("a mark that it is UTF-8", "\ufeff" + csv_of()),
    written("UTF-16", csv_of().encode("utf-16")),
    written("semicolons", csv_of(sep=";")),
    written("semicolons and decimal commas", csv_of(sep=";", decimal=",")),
    written("quotes", csv_of(quoting=1)),
    written("a program", b"\x7fELF\0\0"),
    written("the target's columns in another order", csv_of(), csv_of(table(seed=1)[["b", "a"]])),
    written("a column too few in the target", csv_of(), csv_of(table(seed=1)[["a"]])),
    written(
        "a column too many in the target", csv_of(), csv_of(table(seed=1)[["a", "b"]].assign(c=1))
    ),
    written(
        "a class that the target alone has",
        csv_of(),
        csv_of(table(seed=1)).replace("dog", "cow"),
    ),
    written("no Parquet", b"PAR1", None, "source.parquet"),
    spoilt_table("a column of categories", lambda t: t.assign(b=t["label"].astype("category"))),
    spoilt_table("a column of times", lambda t: t.assign(b=pd.Timestamp("2020-01-01"))),
    spoilt_table("labels that are categories", lambda t: t.astype({"label": "category"})),
    spoilt_table(
        "a whole number that is missing",
        lambda t: t.assign(b=pd.array([1, None] * 20, dtype="Int64")),
    ),
]
ARCHIVES = [
    archived("no archive", lambda path: put(path, "no archive")),
    archived("no array X", lambda path: np.savez(path, GREY, LABELS)),
    archived("an empty archive", lambda path: raw_npz(path)),
    archived("an array that is none", lambda path: raw_npz(path, X=b"no array")),
    archived(
        "words as Python objects",
        lambda path: np.savez(path, X=GREY, y=np.array([*"abcd" * 10], dtype=object)),
    ),
    archived("words", lambda path: np.savez(path, X=GREY, y=[*"abcd" * 10])),
    archived("no labels", lambda path: np.savez(path, X=GREY)),
    archived(
        "labels under another name",
        lambda path: np.savez(path, images=GREY, kind=LABELS),
        label="kind",
    ),
]
ROWS = Inputs("table", (2,), (0.0, 0.0), (1.0, 1.0), ("a", "b"))
PREDICTED = [
    predicted("nothing there", lambda here: here / "no"),
    predicted("a folder without pictures", lambda here: put(here / "new/x.txt").parent),
    predicted("no picture", lambda here: put(here / "new.png", "no picture")),
    predicted("a folder, for a table", lambda here: put(here / "new/x.txt").parent, ROWS),
    predicted("a column that is missing", lambda here: put(here / "new.csv", "a,c\n1,2\n"), ROWS),
    predicted(
        "columns that were not learnt from",
        lambda here: put(here / "new.csv", "name,b,a\nx,1,2\ny,3,4\n"),
        ROWS,
    ),
    predicted("a table, for images", lambda here: put(here / "new.csv", "a,b\n1,2\n")),
]
ALL = [*FOLDERS, *PICTURES, *ARRAYS, *LABELLED, *TABLES, *ARCHIVES, *PREDICTED]
HEAD = ("| | odd | what one gets |", "| ---: | --- | --- |")
TITLES = {
    "folders": "Folders of pictures",
    "arrays": "Arrays in memory",
    "labels": "Labels",
    "tables": "Tables in files",
    "archives": "Archives of NumPy",
    "prediction": "Examples to predict",
}


def said_of(odd: Odd) -> str:
    """The sentence that a person gets, or what is made of the input, which begins with
    :data:`TAKEN`. Any error that is none of this project's is raised."""
    with tempfile.TemporaryDirectory() as temporary:
        here = Path(temporary).resolve()
        try:
            found = odd.work(here)
        except DannError as error:
            return below(here, str(error))
    if isinstance(found, DomainPair):
        return below(here, taken(found))
    return f"{TAKEN}{len(found[0])} examples."


def below(here: Path, text: str) -> str:
    """``text`` with relative paths."""
    return text.replace(f"{here}/", "").replace(str(here), ".")


def taken(pair: DomainPair) -> str:
    counts = [
        sum(len(split) for split in (domain.train, domain.validation, domain.test))
        for domain in (pair.source, pair.target)
    ]
    classes = ", ".join(pair.class_names)
    parts = [f"{counts[0]} and {counts[1]} {pair.inputs.text}, of the classes {classes}."]
    return TAKEN + " ".join([*parts, *pair.build["notes"]])


def rows() -> list[tuple[str, str, str]]:
    """The kind of each input, what is odd, and what is said."""
    return [(odd.kind, odd.what, said_of(odd)) for odd in ALL]


def page(text: str) -> str:
    """The page ``text`` with the tables between its marks."""
    lines, last, found = [], "", rows()
    for number, (kind, what, said) in enumerate(found, 1):
        if kind != last:
            lines += [
                "",
                f"## {TITLES[kind]}",
                "",
                "| | odd | what one gets |",
                "| ---: | --- | --- |",
            ]
        lines.append(f"| {number} | {what} | {cell(said)} |")
        last = kind
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    made = "\n".join(lines)
    return f"{before}{BEGIN}\n{made}\n\n{END}{after}"


def cell(text: str) -> str:
    """For a table in Markdown."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--check", action="store_true", help="fail if the page is not up to date")
    chosen.add_argument("--write", action="store_true", help="bring the page up to date")
    arguments = parser.parse_args()
    text = PAGE.read_text(encoding="utf-8")
    made = page(text)
    if arguments.check and made != text:
        sys.exit(
            f"{PAGE.name} is not what the program says. Run: python -m tools.odd_inputs --write"
        )
    if arguments.write:
        with written_whole(PAGE) as temporary:
            temporary.write_text(made, encoding="utf-8", newline="\n")
    print(f"{len(ALL)} odd inputs are up to date in {PAGE.name}.")


if __name__ == "__main__":
    main()
