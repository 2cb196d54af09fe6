"""Arrays, tensors and DataFrames of one's own become images or rows, or a sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from own_data import SPLITS, contents, images_and_labels, same_training
from PIL import Image

from dann_core.datasets.own import from_arrays
from dann_core.datasets.tables import from_array
from dann_core.domains import DomainPair
from dann_core.errors import DataError

IMAGES, LABELS = images_and_labels()


def pair_of(images: Any, labels: Any = LABELS, **options: Any) -> DomainPair:
    """The same examples as source and as unlabelled target."""
    return from_arrays((images, labels), images, **options)


def pixels_of(images: Any) -> np.ndarray:
    return from_array(images, None, "source").values


# Images.


FORMS = {
    "[N, H, W, C]": IMAGES,
    "[N, C, H, W]": IMAGES.transpose(0, 3, 1, 2),
    "torch": torch.from_numpy(IMAGES),
    "torch [N, C, H, W]": torch.from_numpy(IMAGES).permute(0, 3, 1, 2),
    "torch that learns": torch.from_numpy(IMAGES / 255).requires_grad_(),
    "a list of arrays": list(IMAGES),
    "a list of tensors": [torch.from_numpy(image) for image in IMAGES],
    "a list of Pillow's": [Image.fromarray(image) for image in IMAGES],
    "lists of lists": IMAGES.tolist(),
    "int64": IMAGES.astype(np.int64),
    "uint16": IMAGES.astype(np.uint16),
    "another order of bytes": IMAGES.astype(">i4"),
    "float64 from 0 to 1": IMAGES / 255,
    "float32 from 0 to 1": (IMAGES / 255).astype(np.float32),
    "floats from 0 to 255": IMAGES.astype(np.float32),
    "not side by side in memory": np.repeat(IMAGES, 2, axis=2)[:, :, ::2],
}


@pytest.mark.parametrize("name", FORMS)
def test_any_form_of_images_gives_the_same_training(name: str) -> None:
    pair = pair_of(FORMS[name])
    plain = pair_of(IMAGES)
    assert pair.source.train.images.dtype == torch.uint8
    assert pair.build == plain.build
    assert contents(pair.source) == contents(plain.source)


def test_half_precision_comes_near() -> None:
    for dtype in (torch.float16, torch.bfloat16):
        half = pixels_of((torch.from_numpy(IMAGES) / 255).to(dtype))
        assert np.abs(half.astype(int) - IMAGES).max() <= 1


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("first", [True, False])
def test_one_three_or_four_channels_become_colours(channels: int, first: bool) -> None:
    random = np.random.default_rng(1)
    layers = random.integers(0, 256, (20, 12, 9, channels), np.uint8)
    found = pixels_of(layers.transpose(0, 3, 1, 2) if first else layers)
    assert found.shape == (20, 12, 9, 3)
    if channels == 4:  # over white
        seen = layers[..., 3:] / 255
        expected = layers[..., :3] * seen + 255 * (1 - seen)
        assert np.abs(found - expected).max() <= 1
    else:
        assert np.array_equal(found, np.broadcast_to(layers, found.shape))


def test_grey_without_channels_and_truth_values() -> None:
    grey = IMAGES[..., 0]
    assert np.array_equal(pixels_of(grey), np.repeat(grey[..., None], 3, axis=-1))
    assert set(np.unique(pixels_of(grey > 99))) == {0, 255}


@pytest.mark.parametrize("channels", [None, 1, 3, 4])
def test_a_size_resizes_each_image_once(channels: int | None) -> None:
    layers = IMAGES[..., 0] if channels is None else np.repeat(IMAGES[..., :1], channels, axis=3)
    if channels == 4:
        layers[..., 3] = 255
    found = from_array(layers, None, "source", (6, 6)).values
    once = (
        Image.fromarray(IMAGES[0, ..., 0]).convert("RGB").resize((6, 6), Image.Resampling.BICUBIC)
    )
    assert found.shape == (60, 6, 6, 3)
    assert np.array_equal(found[0], np.asarray(once))


def test_domains_of_different_sizes_need_a_size() -> None:
    smaller = IMAGES[:, :7, :7]
    with pytest.raises(DataError, match=r"shop has images of 10x10 pixels and home of 7x7\. Give"):
        from_arrays((IMAGES, LABELS), smaller, names=("shop", "home"))
    pair = from_arrays((IMAGES, LABELS), smaller, size=8, names=("shop", "home"))
    assert pair.inputs.shape == (8, 8, 3)
    assert (pair.source.name, pair.target.name) == ("shop", "home")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.nan, r"image 3 has NaN or infinity in it\. Leave it out"),
        (np.inf, r"image 3 has NaN or infinity in it\. Leave it out"),
        (-0.5, r"image 3 has the value -0\.5, and pixels go from 0 to 255"),
        (256, r"image 3 has the value 256, and pixels go from 0 to 255"),
        (1.5, r"pixels are fractions up to 1\.5\. Floats go from 0 to 1: divide"),
    ],
)
def test_a_value_that_is_no_pixel_is_named(value: float, said: str) -> None:
    images = IMAGES / 255
    images[3, 0, 0, 0] = value
    with pytest.raises(DataError, match=said):
        pair_of(images)


def test_whole_numbers_above_255_are_named() -> None:
    deep = IMAGES.astype(np.uint16)
    deep[5, 2, 2] = 4000
    with pytest.raises(DataError, match=r"^source: image 5 has the value 4000, and pixels go"):
        pair_of(deep)


@pytest.mark.parametrize(
    "images",
    [
        [IMAGES[0], IMAGES[1, :4]],
        [torch.zeros(3, 8, 8), torch.zeros(3, 9, 8)],
        [Image.new("RGB", (4, 4)), Image.new("RGB", (4, 5))],
        [[1, 2], [3]],
    ],
)
def test_mixed_sizes_are_told(images: Any) -> None:
    with pytest.raises(DataError, match=r"the examples have different sizes.*\. Resize them first"):
        pair_of(images, [0, 1])


@pytest.mark.parametrize(
    "examples",
    [
        None,
        3,
        "images",
        {},
        {1, 2},
        object(),
        [],
        IMAGES[:0],
        IMAGES[0, 0, 0],
        IMAGES[..., None],
        IMAGES[..., :2],
        np.array([["a", "b"]] * 60),
        np.full((60, 2), None),
        np.full((60, 2), 2j),
        np.full((60, 2), "2020-01-01", "datetime64[D]"),
        [[2**70, 1]] * 60,
        torch.zeros(60, 2).to_sparse(),
        torch.zeros(60, 2, device="meta"),
        np.ma.masked_greater(IMAGES, 100),
        pd.Series(range(60)),
        iter([1, 2]),
    ],
    ids=lambda examples: f"{type(examples).__name__}",
)
def test_what_is_no_array_of_examples_is_a_sentence(examples: Any) -> None:
    with pytest.raises(
        DataError, match=r"^source: .*\. [A-Z].*\.$|^source: .* needed\.$"
    ) as raised:
        pair_of(examples)
    assert "\n" not in str(raised.value)


# Tables.


def table(n: int = 60, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(random.normal(5, 3, (n, 3)), columns=["a", "b", "c"])


def test_a_table_is_float32_and_standardised_by_the_source() -> None:
    source, target = table(), table(seed=1) * 10
    pair = from_arrays((source, LABELS), target)
    rows = pair.source.train.images
    assert rows.dtype == torch.float32
    assert pair.columns == pair.inputs.columns == ("a", "b", "c")
    seen = pair.prepare(rows)
    assert torch.allclose(seen.mean(0), torch.zeros(3), atol=1e-5)
    assert torch.allclose(seen.std(0, correction=0), torch.ones(3), atol=1e-5)
    assert pair.prepare(pair.target.train.images).mean().abs() > 5


TABLES = {
    "NumPy": table().to_numpy(),
    "Fortran's order": np.asfortranarray(table().to_numpy()),
    "float32": table().astype(np.float32).to_numpy(),
    "torch": torch.from_numpy(table().to_numpy().copy()),
    "lists": table().to_numpy().tolist(),
}


@pytest.mark.parametrize("name", TABLES)
def test_any_form_of_a_table_gives_the_same_training(name: str) -> None:
    pair, plain = pair_of(TABLES[name]), pair_of(table().to_numpy())
    assert pair.build == plain.build
    assert same_training(pair, plain)


def test_whole_numbers_and_truth_values_are_numbers() -> None:
    mixed = table().assign(b=range(60), c=[True, False] * 30)
    mixed["d"] = pd.array([*range(60)], dtype="Int64")
    pair = pair_of(mixed)
    assert pair.source.train.images.shape[1] == 4
    assert set(pair.source.train.images[:, 2].tolist()) == {0.0, 1.0}


def test_columns_in_another_order_are_the_same_columns() -> None:
    plain = from_arrays((table(), LABELS), table(seed=1))
    other = from_arrays((table(), LABELS), table(seed=1)[["c", "a", "b"]])
    assert other.build == plain.build
    assert contents(other.target) == contents(plain.target)


def test_a_table_without_names_is_taken_as_it_comes() -> None:
    plain = from_arrays((table(), LABELS), table(seed=1))
    for source, target in (
        (table(), table(seed=1).to_numpy()),
        (table().to_numpy(), table(seed=1)),
    ):
        pair = from_arrays((source, LABELS), target)
        assert pair.columns == ("a", "b", "c")
        assert pair.build == plain.build


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (table().drop(columns="b"), r"target has no column 'b', and both .*: a, b, c\. Rename"),
        (table().assign(d=1.0), r"target has a column 'd' more"),
        (table().rename(columns={"a": "A"}), r"target has no column 'a'"),
        (table().to_numpy()[:, :2], r"target has no column 'a'"),
        (IMAGES, r"source is a table and target images\. Both domains need"),
    ],
)
def test_a_target_with_other_columns_is_named(target: Any, said: str) -> None:
    with pytest.raises(DataError, match=said):
        from_arrays((table(), LABELS), target)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e39])
def test_what_is_not_finite_is_named_with_row_and_column(value: float) -> None:
    rows = table()
    rows.loc[7, "b"] = value
    with pytest.raises(DataError, match=r"source: row 7 has (nan|-?inf|1e\+39) in 'b'.*Leave it"):
        pair_of(rows)


def test_a_missing_value_of_pandas_is_named() -> None:
    rows = table().assign(b=pd.array([None, *range(59)], dtype="Int64"))
    with pytest.raises(DataError, match=r"source: row 0 has nan in 'b'"):
        pair_of(rows)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"b": ["x"] * 60}, r"the column 'b' holds words, times or the like"),
        ({"b": pd.Categorical([1, 2] * 30)}, r"the column 'b' holds words"),
        ({"b": pd.Timestamp("2020-01-01")}, r"the column 'b' holds words, times"),
        ({"b": [1j] * 60}, r"the column 'b' holds words"),
        ({"label": LABELS}, r"the column 'label' of the examples holds their labels\. Leave"),
        ({"Unnamed: 0": range(60)}, r"column 4 has no name, as pandas writes the numbers"),
    ],
)
def test_a_column_that_is_no_feature_is_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError, match=said):
        pair_of(table().assign(**change))


def test_two_columns_of_one_name_are_named() -> None:
    with pytest.raises(DataError, match=r"source has two columns 'a'\. Rename one"):
        pair_of(table().set_axis(["a", "b", "a"], axis=1))


def test_a_frame_without_rows_or_columns_is_a_sentence() -> None:
    with pytest.raises(DataError, match=r"source has no rows"):
        pair_of(table()[:0], [])
    with pytest.raises(DataError, match=r"source has no columns of numbers"):
        pair_of(table()[[]])


def test_a_column_y_of_the_source_is_a_feature_of_the_target_too() -> None:
    places = table().set_axis(["x", "y", "z"], axis=1)
    pair = from_arrays((places, LABELS), places + 1)
    assert pair.columns == ("x", "y", "z")
    assert pair.target.train.labelled == 0


def test_a_targets_column_of_labels_is_found_by_its_name() -> None:
    pair = from_arrays((table(), LABELS), table(seed=1).assign(label=LABELS))
    assert pair.columns == ("a", "b", "c")
    assert pair.target.train.labelled == len(pair.target.train)


def test_numbers_that_float32_cannot_tell_apart_are_told() -> None:
    times = table().assign(time=1.7e9 + np.arange(60))
    notes = pair_of(times).build["notes"]
    assert [note for note in notes if "'time'" in note and "float32" in note]
    assert not [note for note in notes if "'a'" in note]
    constant = table().assign(same=0.1, far=1e6 + np.arange(60.0))
    assert not [note for note in pair_of(constant).build["notes"] if "float32" in note]


# Splits.


def test_reordering_changes_not_a_single_batch() -> None:
    order = np.random.default_rng(3).permutation(60)
    for examples in (IMAGES, table().to_numpy()):
        plain = from_arrays((examples, LABELS), examples[::-1])
        other = from_arrays((examples[order], LABELS[order]), examples)
        assert plain.build == other.build
        assert same_training(plain, other)


def test_shares_are_seven_one_and_two_tenths_and_the_seed_decides_which() -> None:
    many = np.random.default_rng(0).normal(size=(5000, 2))
    labels = np.arange(5000) % 2
    one, other = (from_arrays((many, labels), many, seed=seed) for seed in (0, 1))
    shares = [len(getattr(one.source, name)) / 5000 for name in SPLITS]
    assert np.allclose(shares, (0.7, 0.1, 0.2), atol=0.02)
    assert set(contents(one.source)["test"]) != set(contents(other.source)["test"])


def test_the_same_content_is_never_in_two_splits() -> None:
    random = np.random.default_rng(0)
    few = random.integers(0, 4, (400, 2)).astype(float)
    few[few == 0] *= random.choice([-1.0, 1.0], np.count_nonzero(few == 0))  # -0.0 is 0.0
    pair = from_arrays((few, np.arange(400) % 2), few)
    found = contents(pair.source), contents(pair.target)
    for one in found:
        for other in found:
            for name in SPLITS:
                rest = {row for split in SPLITS if split != name for row, _ in other[split]}
                assert not {row for row, _ in one[name]} & rest
    assert any("are in both domains" in note for note in pair.build["notes"])


@pytest.mark.parametrize("n", [10, 12, 20, 30])
@pytest.mark.parametrize("seed", range(10))
def test_a_small_set_has_something_in_each_split(n: int, seed: int) -> None:
    pair = from_arrays((IMAGES[:n], LABELS[:n]), IMAGES[:n], seed=seed)
    assert all(len(getattr(pair.source, name)) for name in SPLITS)


def test_examples_that_are_all_the_same_are_told() -> None:
    with pytest.raises(DataError, match=r"source has 60 examples \(1 without copies\), too few"):
        pair_of(np.zeros((60, 8, 8), np.uint8))


@pytest.mark.parametrize("source", [IMAGES, (IMAGES,), (IMAGES, LABELS, LABELS), None])
def test_a_source_without_labels_is_told(source: Any) -> None:
    with pytest.raises(DataError, match=r"^source has no labels\. Give it as \(X, y\)"):
        from_arrays(source, IMAGES)
    with pytest.raises(DataError, match=r"^source has no labels\. Give it as \(X, y\)"):
        from_arrays((IMAGES, None), IMAGES)


@pytest.mark.parametrize("names", ["ab", ("a",), ("a", ""), ("a", 1), ("a\nb", "c"), None])
def test_names_are_two_words(names: Any) -> None:
    with pytest.raises(DataError, match=r"^names=.*Give two words"):
        pair_of(IMAGES, names=names)


@pytest.mark.parametrize("seed", [-1, 2**31, 0.5, True, "1", None])
def test_a_seed_out_of_range_is_named(seed: Any) -> None:
    with pytest.raises(DataError, match=rf"seed={seed!r} is out of range"):
        pair_of(IMAGES, seed=seed)


def test_what_was_given_is_not_changed() -> None:
    images, rows = IMAGES.copy(), table()
    pair_of(images).source.train.images.zero_()
    pair_of(rows).source.train.images.zero_()
    assert np.array_equal(images, IMAGES)
    assert rows.equals(table())
