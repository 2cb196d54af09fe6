"""Labels of any form become numbers, and what they were is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from dann_core.datasets.labels import classes_of
from dann_core.datasets.own import from_arrays
from dann_core.domains import MOST_CLASSES
from dann_core.errors import DataError

PATTERN = [2, 0, 1, 1, 0, 2]
ONE_HOT = np.eye(3)[PATTERN]


def learnt(labels: Any) -> tuple[tuple[Any, ...], list[int]]:
    classes = classes_of(labels, "source")
    return classes.values, classes.numbers(labels, "source").tolist()


FORMS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "whole numbers": (PATTERN, (0, 1, 2)),
    "uint8": (np.array(PATTERN, np.uint8), (0, 1, 2)),
    "torch": (torch.tensor(PATTERN), (0, 1, 2)),
    "a list of tensors": ([torch.tensor(k) for k in PATTERN], (0, 1, 2)),
    "NumPy's in a list": ([np.int64(k) for k in PATTERN], (0, 1, 2)),
    "NumPy's as objects": (np.array([np.int64(k) for k in PATTERN], dtype=object), (0, 1, 2)),
    "floats that are whole": (np.array(PATTERN, float), (0, 1, 2)),
    "a column": (np.array(PATTERN)[:, None], (0, 1, 2)),
    "1 to K": ([k + 1 for k in PATTERN], (1, 2, 3)),
    "far apart": ([10**k for k in PATTERN], (1, 10, 100)),
    "larger than an int64": ([2**70 + k for k in PATTERN], (2**70, 2**70 + 1, 2**70 + 2)),
    "one-hot": (ONE_HOT, (0, 1, 2)),
    "one-hot, truth values": (ONE_HOT > 0, (0, 1, 2)),
    "one-hot, torch": (torch.from_numpy(ONE_HOT), (0, 1, 2)),
    "one-hot, lists": (ONE_HOT.astype(int).tolist(), (0, 1, 2)),
    "one-hot, pandas": (pd.get_dummies(pd.Series(list("cabbac"))), ("a", "b", "c")),
    "words": (list("cabbac"), ("a", "b", "c")),
    "words of NumPy": (np.array(list("cabbac")), ("a", "b", "c")),
    "words as objects": (np.array(list("cabbac"), dtype=object), ("a", "b", "c")),
    "words in a Series": (pd.Series(list("cabbac"), index=range(9, 3, -1)), ("a", "b", "c")),
    "categories": (pd.Categorical(list("cabbac")), ("a", "b", "c")),
    "categories of whole numbers": (pd.Series(PATTERN, dtype="category"), (0, 1, 2)),
    "pandas' whole numbers": (pd.array(PATTERN, dtype="Int64"), (0, 1, 2)),
    "a frame of one column": (pd.DataFrame({"kind": PATTERN}), (0, 1, 2)),
    "words with blanks": ([" c", "a ", "b", " b ", "a", "c\t"], ("a", "b", "c")),
    "words and numbers": (["x", 1, 2, 2, 1, "x"], ("1", "2", "x")),
}


@pytest.mark.parametrize("name", FORMS)
def test_any_form_becomes_numbers_and_keeps_its_values(name: str) -> None:
    labels, values = FORMS[name]
    found, numbers = learnt(labels)
    assert found == values
    assert [type(value) for value in found] == [type(value) for value in values]
    assert numbers == PATTERN


def test_truth_values_and_minus_one_are_classes() -> None:
    assert learnt([True, False, True]) == ((False, True), [1, 0, 1])
    assert learnt([-1, 1, -1]) == ((-1, 1), [0, 1, 0])


def test_names_are_shown_as_they_were() -> None:
    assert classes_of([3, 1], "source").names == ("1", "3")
    assert classes_of([True, False], "source").names == ("False", "True")
    assert classes_of(["b", "Á"], "source").names == ("b", "Á")


@pytest.mark.parametrize(
    "labels",
    [
        [0, None, 1],
        [0.0, float("nan"), 1.0],
        [0, -1, 1],
        pd.array([0, None, 1], dtype="Int64"),
        pd.Series([0, pd.NA, 1], dtype=object),
        pd.Series([0, pd.NaT, 1], dtype=object),
        ["0", "", "1"],
        ["0", float("nan"), "1"],
        ["0", "-1", "1"],
        [[1, 0], [0, 0], [0, 1]],
    ],
    ids=str,
)
def test_what_nobody_has_told_is_minus_one_in_the_target(labels: Any) -> None:
    classes = classes_of([0, 1], "source")
    assert classes.numbers(labels, "target").tolist() == [0, -1, 1]


def test_minus_one_is_a_class_where_the_source_has_it() -> None:
    classes = classes_of([-1, 1], "source")
    assert classes.numbers([-1, 1, None], "target").tolist() == [0, 1, -1]


def test_words_for_numbers_and_numbers_for_words_are_the_same_classes() -> None:
    assert classes_of([10, 9], "s").numbers(["9", "10"], "t").tolist() == [0, 1]
    assert classes_of(["10", "9"], "s").numbers([9, 10.0], "t").tolist() == [1, 0]


def test_one_hot_columns_are_the_classes_in_their_order() -> None:
    hot = [[0, 0, 1], [1, 0, 0]]
    assert classes_of([1, 2, 3], "s").numbers(hot, "t").tolist() == [2, 0]
    assert classes_of(["a", "b", "c"], "s").numbers(hot, "t").tolist() == [2, 0]
    with pytest.raises(DataError, match=r"^t: the labels are one-hot rows of 3, and .* 2 classes"):
        classes_of([1, 2], "s").numbers(hot, "t")
    named = pd.DataFrame({"b": [0, 1], "a": [1, 0]})
    assert classes_of(["a", "b"], "s").numbers(named, "t").tolist() == [0, 1]


def test_a_one_hot_column_that_nobody_has_is_a_class() -> None:
    assert learnt([[1, 0, 0], [0, 0, 1]]) == ((0, 1, 2), [0, 2])


def test_255_classes_are_the_most() -> None:
    assert len(classes_of(np.arange(MOST_CLASSES), "source")) == 255
    with pytest.raises(DataError, match=r"there are 256 different labels, and at most 255"):
        classes_of(np.arange(256), "source")
    with pytest.raises(DataError, match=r"there are 256 different labels"):
        classes_of(np.eye(256), "source")
    images = np.random.default_rng(0).integers(0, 256, (510, 4, 4), np.uint8)
    pair = from_arrays((images, np.arange(510) // 2), images)
    assert pair.classes == 255
    assert pair.source.train.labels.max() >= 250


BAD: dict[str, tuple[Any, str]] = {
    "none": ([], r"there are no labels\. The source needs"),
    "one class": ([3, 3], r"all labels are 3\. Give examples of at least two"),
    "one word": (["x", "x"], r"all labels are 'x'"),
    "fractions": ([0, 0.5], r"row 1 has the label 0\.5.*measurements"),
    "infinity": ([0.0, np.inf], r"row 1 has the label inf"),
    "NaN": ([0.0, np.nan], r"row 1 has no label.*Leave such examples out"),
    "None": (["a", None], r"row 1 has no label"),
    "an empty word": (["a", " "], r"row 1 has no label"),
    "words and NaN": (["a", float("nan"), "b"], r"row 1 has no label"),
    "bytes": (np.array([b"a", b"b"]), r"labels are of the type \|S1.*Turn them"),
    "bytes in a list": ([b"a", "b"], r"row 0 has the label b'a'.*Turn it"),
    "times": (np.array(["2020-01-01", "2021-01-01"], "datetime64[ns]"), r"of the type datetime64"),
    "times of Python": ([datetime(2020, 1, 1), datetime(2021, 1, 1)], r"row 0 has the label date"),
    "complex": ([1j, 2j], r"of the type complex128"),
    "tuples": ([(1, 2), (3,)], r"no row of numbers or words\. Give one label"),
    "dictionaries": ([{}, {}], r"row 0 has the label \{\}"),
    "a line break": (["a\nb", "c"], r"row 0 has the label 'a\\nb'.*line break.*Rename"),
    "half a character": (["a\ud800", "c"], r"row 0 has the label .*line break or another"),
    "several ones": ([[1, 1], [0, 1]], r"the labels of row 0 are not one-hot"),
    "shares": ([[1, 0], [0.5, 0.5]], r"the labels of row 1 are not one-hot"),
    "NaN in one-hot": ([[1, 0], [np.nan, 1]], r"the labels of row 1 are not one-hot"),
    "rows of zeros": ([[1, 0], [0, 0]], r"row 1 has no label"),
    "rows of words": ([["a", "b"], ["c", "d"]], r"are not one-hot\. Give one label"),
    "a cube": (np.zeros((2, 2, 2)), r"the labels have the shape \[2, 2, 2\]"),
    "a number": (np.int64(3), r"the labels have the shape \[\]"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_label_of_a_source_is_named(name: str) -> None:
    labels, said = BAD[name]
    with pytest.raises(DataError, match=rf"^source: .*{said}") as raised:
        classes_of(labels, "source")
    assert str(raised.value).isprintable()
    assert str(raised.value).count(". ") >= 1


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ([1, 2, 3], [1, 0], r"row 1 has the label 0, which no source example has.*Known: 1, 2, 3"),
        (["cat", "dog"], ["Cat"], r"row 0 has the label 'Cat'.*Known: cat, dog\."),
        ([0, 1], [0, -2], r"row 1 has the label -2"),
        ([0, 1], ["0", "many"], r"row 1 has the label 'many'"),
        (list(range(20)), [99], r"Known: 0, 1, 2, 3, 4, 5, 6, 7 and 12 more\."),
    ],
)
def test_a_class_that_the_source_lacks_is_named(source: Any, target: Any, said: str) -> None:
    with pytest.raises(DataError, match=rf"^target: .*{said}"):
        classes_of(source, "source").numbers(target, "target")


IMAGES = np.random.default_rng(0).integers(0, 256, (60, 8, 8), np.uint8)


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ([0, 1], r"there are 60 examples and 2 labels\. Give one label for each"),
        (np.arange(61) % 2, r"there are 60 examples and 61 labels"),
        (3, r"the labels are 3\. Give a list"),
        ("label", r"the labels are 'label'\. Give a list"),
        ({0, 1}, r"the labels are \{0, 1\}\. Give a list"),
        (iter([0, 1]), r"the labels are <list_iterator.*\. Give a list"),
        (torch.tensor(1), r"the labels are tensor\(1\)\. Give a list"),
    ],
)
def test_labels_that_are_not_one_an_example_are_told(labels: Any, said: str) -> None:
    with pytest.raises(DataError, match=rf"^source: {said}"):
        from_arrays((IMAGES, labels), IMAGES)


def test_a_pair_keeps_values_and_tells_what_is_missing() -> None:
    known = np.array(["cat", "dog", "cow"])[np.arange(60) % 3]
    other = np.array(["cat", "dog"])[np.arange(60) % 2]
    pair = from_arrays((IMAGES, known), (IMAGES[::-1].copy(), other))
    assert pair.class_values == pair.class_names == ("cat", "cow", "dog")
    assert "'target' has no example of: cow." in pair.build["notes"]
    number = {image.numpy().tobytes(): int(k) for image, k in zip(*_all(pair.source), strict=True)}
    for image, label in zip(IMAGES, known, strict=True):
        colours = np.repeat(image[..., None], 3, axis=-1).tobytes()
        assert pair.class_names[number[colours]] == label


def _all(domain: Any) -> tuple[torch.Tensor, torch.Tensor]:
    splits = (domain.train, domain.validation, domain.test)
    return torch.cat([s.images for s in splits]), torch.cat([s.labels for s in splits])


def test_some_labels_of_a_target_may_be_unknown() -> None:
    some = [None if k % 4 else k % 3 for k in range(60)]
    pair = from_arrays((IMAGES, np.arange(60) % 3), (IMAGES, some))
    assert int((_all(pair.target)[1] >= 0).sum()) == 15
    assert pair.source.train.labelled == len(pair.source.train)


def test_a_class_that_is_minus_one_beside_others_is_told() -> None:
    notes = from_arrays((IMAGES, np.arange(60) % 3 - 1), IMAGES).build["notes"]
    assert "-1 is a class here, because the source has it." in notes
    notes = from_arrays((IMAGES, np.arange(60) % 2 * 2 - 1), IMAGES).build["notes"]
    assert not any("-1" in note for note in notes)
