"""CSV, Parquet and .npz of one's own, and what a program or a person gets wrong in them."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from own_data import contents, images_and_labels, same_training

from dann_core.datasets import tables
from dann_core.datasets.own import from_arrays, from_files, from_paths, read_examples
from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.inputs import PIXELS

LABELS = np.array(["cat", "dog"])[np.arange(60) % 2]


def table(seed: int = 0) -> pd.DataFrame:
    """Columns a and b, and their labels."""
    random = np.random.default_rng(seed)
    rows = pd.DataFrame(random.normal(5, 3, (60, 2)).round(4), columns=["a", "b"])
    return rows.assign(label=LABELS)


def read_csv(
    tmp_path: Path, source: str | bytes, target: str | None = None, **options: Any
) -> DomainPair:
    content = source.encode() if isinstance(source, str) else source
    (tmp_path / "shop.csv").write_bytes(content)
    other = target if target is not None else table(1)[["a", "b"]].to_csv(index=False)
    (tmp_path / "home.csv").write_text(other, encoding="utf-8")
    return from_files(tmp_path / "shop.csv", tmp_path / "home.csv", **options)


def csv(**options: Any) -> str:
    return str(table().to_csv(index=False, **options))


@pytest.fixture
def plain(tmp_path: Path) -> DomainPair:
    """What any sound form of the same table has to give."""
    return read_csv(tmp_path, csv())


# CSV.


def test_a_row_is_an_example_and_all_but_the_label_are_numbers(plain: DomainPair) -> None:
    assert plain.columns == ("a", "b")
    assert plain.class_values == ("cat", "dog")
    assert (plain.source.name, plain.target.name) == ("shop", "home")
    in_memory = from_arrays((table()[["a", "b"]], LABELS), table(1)[["a", "b"]])
    assert contents(plain.source) == contents(in_memory.source)
    assert plain.build == in_memory.build | {"notes": plain.build["notes"]}
    assert plain.build["notes"] == ["'home' has no labels, so its accuracy is unknown."]


SOUND: dict[str, Callable[[], str | bytes]] = {
    "a mark of UTF-8": lambda: "\ufeff" + csv(),
    "semicolons": lambda: csv(sep=";"),
    "tabs": lambda: csv(sep="\t"),
    "bars": lambda: csv(sep="|"),
    "quotes": lambda: csv(quoting=1),
    "Windows' ends of lines": lambda: csv().replace("\n", "\r\n").encode(),
    "old ends of lines": lambda: csv().replace("\n", "\r").encode(),
    "empty lines": lambda: "\n\n" + csv().replace("\n", "\n\n,,\n"),
    "no end of the last line": lambda: csv().rstrip("\n"),
    "blanks": lambda: csv().replace(",", " , "),
    "more digits": lambda: csv(float_format="%.9f"),
    "exponents": lambda: csv(float_format="%.12e"),
    "another order of rows": lambda: str(table()[::-1].to_csv(index=False)),
}


@pytest.mark.parametrize("name", SOUND)
def test_any_sound_csv_gives_the_same_training(name: str, tmp_path: Path) -> None:
    pair, plain = read_csv(tmp_path, SOUND[name]()), read_csv(tmp_path, csv())
    assert pair.build == plain.build
    assert same_training(pair, plain)


def changed(number: int, line: str) -> str:
    lines = csv().split("\n")
    lines[number - 1] = line
    return "\n".join(lines)


BAD: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "empty": (str, r"is empty\. Save it again"),
    "blank": (lambda: "\n \n", r"is empty"),
    "names only": (lambda: "a,b,label\n", r"has no rows\. Give"),
    "labels only": (lambda: "label\ncat\ndog\n", r"has no columns of numbers"),
    "no names": (lambda: csv(header=False), r"begins with a row of numbers.*Add a line"),
    "numbers for names": (lambda: "1,3,2\n" * 9, r"begins with a row of numbers"),
    "two of one name": (lambda: csv().replace("a,b", "a,a", 1), r"has two columns 'a'"),
    "pandas' index": (lambda: str(table().to_csv()), r"column 1 has no name.*index=False"),
    "a comma at the ends": (lambda: csv().replace("\n", ",\n"), r"column 4 has no name"),
    "a word": (lambda: changed(5, "1,many,cat"), r"line 5 has 'many' in 'b'.*Mend it"),
    "an empty cell": (lambda: changed(5, "1,,cat"), r"line 5 has nothing in 'b'"),
    "NaN": (lambda: changed(5, "1,nan,cat"), r"line 5 has nan in 'b'.*Leave it out"),
    "infinity": (lambda: changed(5, "1,-inf,cat"), r"line 5 has -inf in 'b'"),
    "too large": (lambda: changed(5, "1,1e300,cat"), r"line 5 has 1e\+300 in 'b'"),
    "decimal commas": (lambda: csv(sep=";", decimal=","), r"line 2 has '\d,\d+' in 'a'.*1\.5"),
    "few cells": (lambda: changed(5, "1,2"), r"line 5 has 2 cells, and there are 3 columns"),
    "many cells": (lambda: changed(5, "1,2,cat,4"), r"line 5 has 4 cells"),
    "an open quote": (lambda: changed(5, '1,2,"cat'), r"(line \d+ has|damaged)"),
    "no label": (lambda: changed(5, "1,2, "), r"line 5 has no label.*Leave such examples"),
    "no labels": (lambda: csv(columns=["a", "b"]), r"has no labels.*There is: a, b\.$"),
    "one class": (lambda: csv().replace("dog", "cat"), r"all labels are 'cat'"),
    "another name": (lambda: csv().replace("label", "kind"), r"'kind'.*name it with label="),
    "UTF-16": (lambda: csv().encode("utf-16"), r"is not UTF-8\. Save it"),
    "Latin-1": (lambda: csv().replace("cat", "Köter").encode("latin-1"), r"is not UTF-8"),
    "a program": (lambda: b"\x7fELF\0", r"is no text\. Save it"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_in_a_csv_is_named_by_line_and_column(name: str, tmp_path: Path) -> None:
    make, said = BAD[name]
    with pytest.raises(DataError, match=rf"shop\.csv.* ?{said}") as raised:
        read_csv(tmp_path, make())
    assert str(raised.value).isprintable()
    assert str(raised.value).count(". ") >= 1


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line 7 has 'x' in 'a'"):
        read_csv(tmp_path, "\na,b,label\n\n1,2,cat\n\n1,2,dog\nx,2,cat\n")
    with pytest.raises(DataError, match=r"home\.csv: line 3 has the label 'cow', which no source"):
        read_csv(tmp_path, csv(), "a,b,label\n1,2,cat\n3,4,cow\n")


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["0", "1"], (0, 1)),
        (["1.0", "2.0"], (1, 2)),
        (["-1", "1"], (-1, 1)),
        (["01", "02"], ("01", "02")),
        (["1", "b"], ("1", "b")),
        (["True", "False"], ("False", "True")),
        (["1.5a", "2"], ("1.5a", "2")),
        (["a,b", "c"], ("a,b", "c")),
    ],
)
def test_labels_in_text_are_whole_numbers_or_words(
    cells: list[str], values: tuple[Any, ...], tmp_path: Path
) -> None:
    rows = table().assign(label=np.array(cells)[np.arange(60) % 2])
    assert read_csv(tmp_path, rows.to_csv(index=False)).class_values == values


def test_empty_labels_and_nan_of_a_target_are_unknown(tmp_path: Path) -> None:
    target = table(1).assign(label=[["cat", "", "nan"][k % 3] for k in range(60)])
    pair = read_csv(tmp_path, csv(), target.to_csv(index=False))
    splits = (pair.target.train, pair.target.validation, pair.target.test)
    assert sum(split.labelled for split in splits) == 20
    numbers = table().assign(label=np.arange(60) % 2)
    told = numbers.assign(a=numbers["a"] + 1, label=[1.0, None] * 30)  # pandas writes 1.0
    pair = read_csv(tmp_path, numbers.to_csv(index=False), told.to_csv(index=False))
    assert pair.class_values == (0, 1)
    assert pair.target.train.labelled > 0


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (["x", "y", "label"], "label"),
        (["y", "x", "class"], "class"),
        (["Labels", "y", "x"], "Labels"),
        (["a", "b", "Y"], "Y"),
    ],
)
def test_the_column_of_labels_is_the_most_telling_name(
    names: list[str], label: str, tmp_path: Path
) -> None:
    numbers = iter(["a", "b"])
    columns = {name: "label" if name == label else next(numbers) for name in names}
    source = table()[list(columns.values())].set_axis(names, axis=1)
    target = table(1)[list(columns.values())].set_axis(names, axis=1).drop(columns=label)
    pair = read_csv(tmp_path, source.to_csv(index=False), target.to_csv(index=False))
    assert pair.columns == tuple(name for name in names if name != label)
    assert pair.class_values == ("cat", "dog")
    assert pair.target.train.labelled == 0


def test_a_label_by_another_name_is_told(tmp_path: Path) -> None:
    source, target = (
        table(k).rename(columns={"label": "kind"}).to_csv(index=False) for k in (0, 1)
    )
    pair = read_csv(tmp_path, source, target, label="kind")
    assert pair.class_values == ("cat", "dog")
    assert pair.target.train.labelled == len(pair.target.train)
    with pytest.raises(DataError, match=r"no column or array 'sort'.*label=.*There is"):
        numbers = table().assign(label=0).to_csv(index=False)
        read_csv(tmp_path, numbers, label="sort")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("b,a\n", None),
        ("a\n", r"home\.csv has no column 'b', and both domains need the same columns: a, b\."),
        ("a,b,c\n", r"home\.csv has a column 'c' more"),
        ("a,B\n", r"home\.csv has no column 'b'"),
    ],
)
def test_the_targets_columns_are_the_sources_in_any_order(
    target: str, said: str | None, plain: DomainPair, tmp_path: Path
) -> None:
    names = target.strip().split(",")
    rows = pd.DataFrame({name: table(1).get(name.lower(), table(1)["a"]) for name in names})
    if said is None:
        pair = read_csv(tmp_path, csv(), rows.to_csv(index=False))
        assert contents(pair.target) == contents(plain.target)
        return
    with pytest.raises(DataError, match=said):
        read_csv(tmp_path, csv(), rows.to_csv(index=False))


def test_numbers_as_pandas_names_columns_are_names(tmp_path: Path) -> None:
    numbered = table().set_axis([0, 1, "label"], axis=1)
    target = table(1)[["a", "b"]].set_axis([0, 1], axis=1)
    pair = read_csv(tmp_path, numbered.to_csv(index=False), target.to_csv(index=False))
    assert pair.columns == ("0", "1")
    assert sum(len(s) for s in (pair.target.train, pair.target.validation, pair.target.test)) == 60


# Parquet.


def read_parquet(tmp_path: Path, source: pd.DataFrame, **options: Any) -> DomainPair:
    source.to_parquet(tmp_path / "shop.parquet")
    table(1)[["a", "b"]].to_parquet(tmp_path / "home.parquet")
    return from_files(tmp_path / "shop.parquet", tmp_path / "home.parquet", **options)


FRAMES: dict[str, Callable[[], pd.DataFrame]] = {
    "plain": table,
    "labels as categories": lambda: table().astype({"label": "category"}),
    "labels as objects": lambda: table().astype({"label": object}),
    "an index": lambda: table().set_index(np.arange(60) * 7),
    "pandas' own numbers": lambda: table().astype({"a": "Float64", "b": "Float64"}),
    "Arrow's types": lambda: table().convert_dtypes(dtype_backend="pyarrow"),
}


@pytest.mark.parametrize("name", FRAMES)
def test_parquet_is_what_csv_is(name: str, plain: DomainPair, tmp_path: Path) -> None:
    pair = read_parquet(tmp_path, FRAMES[name]())
    assert pair.build == plain.build
    assert contents(pair.source) == contents(plain.source)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pd.Categorical(["x", "y"] * 30), r"the column 'b' holds words.*Turn it into numbers"),
        (pd.Timestamp("2020-01-01"), r"the column 'b' holds words, times or the like"),
        (pd.array([1, None] * 30, dtype="Int64"), r"row 1 has nan in 'b'"),
        (pd.array([True, None] * 30, dtype="boolean"), r"row 1 has nan in 'b'"),
        ([[1.0, 2.0]] * 60, r"the column 'b' holds words"),
        ([b"x"] * 60, r"the column 'b' holds words"),
        ([2**63 - 1, -(2**63)] * 30, None),
    ],
)
def test_a_column_of_parquet_that_is_no_number_is_named(
    column: Any, said: str | None, tmp_path: Path
) -> None:
    rows = table().assign(b=column)
    if said is None:
        assert read_parquet(tmp_path, rows).source.train.images[:, 1].abs().min() > 9e18
        return
    with pytest.raises(DataError, match=rf"shop\.parquet: {said}"):
        read_parquet(tmp_path, rows)


def test_parquet_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table().to_parquet(tmp_path / "shop.parquet")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DataError, match=r"pip install pandas pyarrow$"):
        from_files(tmp_path / "shop.parquet", tmp_path / "shop.parquet")


# .npz.

IMAGES, NUMBERS = images_and_labels()


def read_npz(tmp_path: Path, **arrays: Any) -> DomainPair:
    np.savez(tmp_path / "shop.npz", **arrays)
    np.savez(tmp_path / "home.npz", X=IMAGES[::-1])
    return from_files(tmp_path / "shop.npz", tmp_path / "home.npz")


@pytest.mark.parametrize(
    "names",
    [("X", "y"), ("x", "label"), ("images", "labels"), ("data", "Y"), ("examples", "class")],
)
def test_arrays_are_found_by_their_usual_names(names: tuple[str, str], tmp_path: Path) -> None:
    pair = read_npz(tmp_path, **{names[0]: IMAGES, names[1]: NUMBERS})
    plain = from_arrays((IMAGES, NUMBERS), IMAGES[::-1])
    assert pair.build["sha256"] == plain.build["sha256"]
    assert contents(pair.target) == contents(plain.target)


def test_a_target_may_name_its_arrays_in_another_way(tmp_path: Path) -> None:
    np.savez(tmp_path / "shop.npz", X=IMAGES, y=NUMBERS)
    np.savez(tmp_path / "home.npz", images=IMAGES[::-1], labels=NUMBERS)
    pair = from_files(tmp_path / "shop.npz", tmp_path / "home.npz")
    assert pair.target.train.labelled == len(pair.target.train)


class Trap:
    """Unpickled, it would write a file."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    trap = np.array([Trap(tmp_path / "ran"), None], dtype=object)
    for arrays in ({"X": trap, "y": NUMBERS}, {"X": IMAGES, "y": trap}):
        with pytest.raises(DataError, match=r"array '[Xy]' holds Python objects.*\.astype\(str\)"):
            read_npz(tmp_path, **arrays)
    assert not (tmp_path / "ran").exists()


def test_a_file_that_is_no_archive_is_told(tmp_path: Path) -> None:
    for content in (b"", b"no archive", b"PK\x03\x04 and nothing"):
        (tmp_path / "shop.npz").write_bytes(content)
        with pytest.raises(DataError, match=r"shop\.npz is damaged or no \.npz file\. Save it"):
            from_files(tmp_path / "shop.npz", tmp_path / "shop.npz")


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "shop.npz", X=IMAGES, y=NUMBERS)
    content = (tmp_path / "shop.npz").read_bytes()
    for damaged in (content[:-50], content[:100] + bytes(100) + content[200:]):
        (tmp_path / "shop.npz").write_bytes(damaged)
        with pytest.raises(DataError, match=r"shop\.npz is damaged"):
            from_files(tmp_path / "shop.npz", tmp_path / "shop.npz")


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"a": IMAGES}, r"has no array 'X' \(or images, examples, data\), but a\. Save it with"),
        ({"X": IMAGES}, r"has no labels.*no column or array 'label'.*There is: X alone"),
        ({"X": IMAGES, "y": NUMBERS[:5]}, r"there are 60 examples and 5 labels"),
        ({"X": IMAGES.astype(int) * 2, "y": NUMBERS}, r"image \d+ has the value 510"),
        ({"X": IMAGES.astype(str), "y": NUMBERS}, r"the examples are of the type"),
    ],
)
def test_what_is_wrong_in_an_archive_is_named(
    arrays: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=rf"shop\.npz.*{said}"):
        read_npz(tmp_path, **arrays)


def test_an_archive_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 2**10)
    with pytest.raises(DataError, match=r"shop\.npz holds 0 GiB, and at most 16 are read\. Make"):
        read_npz(tmp_path, X=IMAGES, y=NUMBERS)


def test_an_array_that_says_it_is_huge_is_refused(tmp_path: Path) -> None:
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000,), }\n"
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
    with zipfile.ZipFile(tmp_path / "shop.npz", "w") as archive:
        archive.writestr("X.npy", content)
    with pytest.raises(DataError, match=r"shop\.npz (needs more memory than there is|is damaged)"):
        from_files(tmp_path / "shop.npz", tmp_path / "shop.npz")


# Any file.


@pytest.mark.parametrize("name", ["shop.txt", "shop", "shop.npy", "shop.xlsx", "shop.csv.gz"])
def test_another_kind_of_file_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(DataError, match=r"is none of \.npz, \.csv, \.parquet\. Save it as one"):
        from_files(tmp_path / name, tmp_path / name)


def test_what_is_not_there_or_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no file .*no\.csv\. Check"):
        from_files(tmp_path / "no.csv", tmp_path / "no.csv")
    (tmp_path / "parts.parquet").mkdir()
    with pytest.raises(DataError, match=r"parts\.parquet is a folder, not a file\. Choose"):
        from_files(tmp_path / "parts.parquet", tmp_path / "no.csv")
    with pytest.raises(DataError, match=r"There is no folder or file"):
        from_paths(tmp_path / "no", tmp_path)


@pytest.mark.parametrize("kind", ["csv", "npz"])
def test_a_file_that_may_not_be_read_is_told(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    (tmp_path / f"shop.{kind}").write_bytes(b"x")
    monkeypatch.setattr("dann_core.datasets.tables.ZipFile", refused)
    monkeypatch.setattr(Path, "read_text", refused)
    with pytest.raises(DataError, match=rf"Cannot read .*shop\.{kind}: Permission .*\. Make it"):
        from_files(tmp_path / f"shop.{kind}", tmp_path / f"shop.{kind}")


def test_files_of_two_kinds_are_one_pair(plain: DomainPair, tmp_path: Path) -> None:
    table()[["a", "b", "label"]].to_parquet(tmp_path / "shop.parquet")
    pair = from_paths(str(tmp_path / "shop.parquet"), str(tmp_path / "home.csv"), progress=None)
    assert pair.build == plain.build


# Examples to predict.


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_what_was_not_learnt_from_is_left_alone(
    kind: str, plain: DomainPair, tmp_path: Path
) -> None:
    rows = table().assign(name="x", time=pd.Timestamp("2020-01-01"))[["name", "b", "time", "a"]]
    path = tmp_path / f"new.{kind}"
    rows.to_csv(path) if kind == "csv" else rows.to_parquet(path)
    names, found = read_examples(path, plain.inputs)
    assert names[:2] == ["row 0", "row 1"]
    assert np.allclose(found.numpy(), table()[["a", "b"]].to_numpy())


def test_a_feature_called_y_is_read_to_predict(tmp_path: Path) -> None:
    places = table().set_axis(["x", "y", "label"], axis=1)
    pair = from_arrays((places[["x", "y"]], LABELS), places[["x", "y"]] + 1)
    places.to_csv(tmp_path / "new.csv", index=False)
    _, found = read_examples(tmp_path / "new.csv", pair.inputs)
    assert np.allclose(found.numpy(), places[["x", "y"]].to_numpy())


def test_a_table_that_had_no_names_reads_any_of_its_width(tmp_path: Path) -> None:
    values = table()[["a", "b"]].to_numpy()
    pair = from_arrays((values, LABELS), values + 1)
    table().to_csv(tmp_path / "new.csv", index=False)
    np.savez(tmp_path / "new.npz", X=values)
    for name in ("new.csv", "new.npz"):
        assert np.allclose(read_examples(tmp_path / name, pair.inputs)[1].numpy(), values)


def test_examples_that_a_run_cannot_read_are_told(plain: DomainPair, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("a,c\n1,2\n", encoding="utf-8")
    np.savez(tmp_path / "new.npz", X=IMAGES)
    with pytest.raises(DataError, match=r"new\.csv has no column 'b'\. It needs: a, b\."):
        read_examples(tmp_path / "new.csv", plain.inputs)
    with pytest.raises(DataError, match=r"shape \[10, 10, 3\], and this run reads rows of 2"):
        read_examples(tmp_path / "new.npz", plain.inputs)
    with pytest.raises(DataError, match=r"shape \[2\], and this run reads images of 28x28"):
        read_examples(tmp_path / "new.csv", PIXELS)
    assert read_examples(tmp_path / "new.npz", PIXELS)[1].shape == (60, 28, 28, 3)
