"""MNIST-M and the embedded pair are made the same, bit for bit, everywhere."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from disk import full_disk
from PIL import Image

from dann_core.datasets import blending, load_pair, mnist, mnistm, photos
from dann_core.datasets.blending import binarise, blend, checksum
from dann_core.datasets.store import DataStore
from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.files import cache_dir, written_whole

RANDOM = np.random.default_rng(0)
DIGITS = RANDOM.integers(0, 2, (50, 28, 28), np.uint8) * np.uint8(99)
PHOTOS = [RANDOM.integers(0, 256, (h, w, 3), np.uint8) for h, w in ((28, 28), (40, 31), (30, 90))]


def flat(value: int) -> np.ndarray:
    return np.full((30, 30, 3), value, np.uint8)


# The recipe.


def test_binarise_makes_every_trace_of_ink_white() -> None:
    grey = np.array([[[0, 1], [254, 255]]], np.uint8)
    assert binarise(grey)[..., 0].tolist() == [[[0, 255], [255, 255]]]
    assert binarise(grey).shape == (1, 2, 2, 3)
    assert binarise(grey).dtype == np.uint8


@pytest.mark.parametrize(("photo", "paper", "ink"), [(10, 10, 245), (250, 250, 5), (255, 255, 0)])
def test_the_difference_does_not_wrap_around(photo: int, paper: int, ink: int) -> None:
    digits = binarise(DIGITS)
    out = blend(digits, [flat(photo)], seed=0)
    assert (out[digits == 0] == paper).all()
    assert (out[digits == 255] == ink).all()


def test_grey_digits_do_not_wrap_around_either() -> None:
    out = blend(np.full((1, 28, 28, 3), 20, np.uint8), [flat(10)], seed=0)
    assert (out == 10).all()


def test_every_image_is_the_digit_over_one_patch_of_one_photo() -> None:
    digits = binarise(DIGITS)
    for out, digit in zip(blend(digits, PHOTOS, seed=3), digits, strict=True):
        patch = np.where(digit > 0, 255 - out, out)
        assert any(
            np.array_equal(patch, photo[y : y + 28, x : x + 28])
            for photo in PHOTOS
            for y in range(photo.shape[0] - 27)
            for x in range(photo.shape[1] - 27)
        )


def test_patches_come_from_everywhere_edges_included() -> None:
    corners = np.zeros((29, 29, 3), np.uint8)
    corners[0, 0], corners[0, 28], corners[28, 0], corners[28, 28] = 1, 2, 3, 4
    out = blend(np.zeros((200, 28, 28, 3), np.uint8), [corners, flat(9)], seed=0)
    assert set(np.unique(out)) == {0, 1, 2, 3, 4, 9}


def test_the_images_do_not_depend_on_how_many_are_made_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    digits = binarise(DIGITS)
    expected = blend(digits, PHOTOS, seed=0)
    for chunk in (1, 7, 50):
        monkeypatch.setattr(blending, "BLENDED_AT_ONCE", chunk)
        assert np.array_equal(blend(digits, PHOTOS, seed=0), expected)


def test_the_seed_decides_the_patches() -> None:
    digits = binarise(DIGITS)
    first, same, other = (blend(digits, PHOTOS, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)
    # Written down, because "the same" has to hold on the next machine and with the next NumPy.
    which = blend(np.zeros((16, 28, 28, 3), np.uint8), [flat(i) for i in range(10)], seed=1)
    assert which[:, 0, 0, 0].tolist() == [5, 8, 9, 5, 0, 0, 1, 7, 6, 9, 2, 4, 5, 2, 4, 2]


def test_progress_is_told_to_the_end() -> None:
    told: list[int] = []
    blend(binarise(DIGITS), PHOTOS, 0, told.append)
    assert told == [50]


# The real build.

DEFAULT = "77f03b331fca808b33d9b8505fdd22f31a968c290b767e5125416f3f07a44d17"


@pytest.mark.real_data
def test_the_default_build_is_the_committed_one(mnist_pair: DomainPair) -> None:
    assert mnist_pair.build["sha256"] == DEFAULT
    assert mnist_pair.build["id"] == "mnistm-v1-seed0-shared-2e256ca6"
    train, test = mnist_pair.target.train, mnist_pair.target.test
    validation = mnist_pair.target.validation
    again = checksum(
        torch.cat([train.images, validation.images]).numpy(),
        test.images.numpy(),
        torch.cat([train.labels, validation.labels]).numpy(),
        test.labels.numpy(),
    )
    assert again == DEFAULT


@pytest.mark.real_data
def test_the_source_is_mnist_with_every_trace_of_ink_white(
    mnist_pair: DomainPair, real_data: DataStore
) -> None:
    (digits, labels), _ = mnist.read_mnist(real_data)
    source = mnist_pair.source
    assert np.array_equal(source.train.images.numpy()[..., 1], (digits[:55_000] > 0) * 255)
    assert np.array_equal(source.validation.labels.numpy(), labels[55_000:])


@pytest.mark.real_data
def test_a_folder_that_may_not_be_written_to_is_used_as_it_is(
    mnist_pair: DomainPair, real_data: DataStore, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    store = DataStore.open(real_data.root)
    assert store.writable == own_cache
    assert (own_cache / "mnist-m" / f"{mnist_pair.build['id']}.npz").exists()
    assert not (real_data.root / "mnist-m").exists()


@pytest.fixture
def small(tmp_path: Path) -> DataStore:
    """Ten photos of one colour each; photo ``i`` has the colour ``i + 1``."""
    store = DataStore(tmp_path / "data", tmp_path / "cache")
    folder = store.root / photos.FOLDER
    folder.mkdir(parents=True)
    for i in range(10):
        # PNG inside, because JPEG would shift the colours a little; Pillow goes by the content.
        Image.fromarray(flat(i + 1)).save(folder / f"{i}.jpg", "PNG")
    return store


BLANK = (np.zeros((500, 28, 28), np.uint8), np.arange(500) % 10)


def test_held_out_photos_are_never_seen_in_training(small: DataStore) -> None:
    made = mnistm.mnistm(small, BLANK, BLANK, photos="heldout")
    train, test = (set(np.unique(images).tolist()) for images in (made.train, made.test))
    assert test == {1, 6}
    assert train == set(range(1, 11)) - test


def test_shared_photos_are_seen_in_both(small: DataStore) -> None:
    made = mnistm.mnistm(small, BLANK, BLANK)
    assert set(np.unique(made.train)) == set(np.unique(made.test)) == set(range(1, 11))
    assert not np.array_equal(made.train, made.test)


def test_a_build_is_named_by_its_seed_and_photos(small: DataStore) -> None:
    def build(**options: Any) -> dict[str, Any]:
        return mnistm.mnistm(small, BLANK, BLANK, **options).build

    names = {build()["id"], build(seed=1)["id"], build(photos="heldout")["id"]}
    (small.root / photos.FOLDER / "9.jpg").unlink()
    names.add(build()["id"])
    assert len(names) == 4
    assert {b["id"] for b in mnistm.builds(small)} == names


def test_a_build_is_kept_and_read_back(small: DataStore) -> None:
    told: list[tuple[str, int, int | None]] = []
    first = mnistm.mnistm(small, BLANK, BLANK, progress=lambda *news: told.append(news))
    assert told == [("Building MNIST-M", n, 1_000) for n in (0, 500, 1_000)]
    second = mnistm.mnistm(small, BLANK, BLANK, progress=lambda *news: pytest.fail("built again"))
    assert first.build == second.build
    for ours, theirs in zip(first.arrays, second.arrays, strict=True):
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("where", [0, 40, 300, 5_000, -30])
@pytest.mark.parametrize("damage", ["flip", "cut"])
def test_a_damaged_build_is_made_again(small: DataStore, where: int, damage: str) -> None:
    made = mnistm.mnistm(small, BLANK, BLANK)
    file = mnistm.cache_file(small, made.build["id"])
    raw = bytearray(file.read_bytes())
    if damage == "flip":
        raw[where] ^= 0xFF
    file.write_bytes(raw if damage == "flip" else raw[:where])
    again = mnistm.mnistm(small, BLANK, BLANK)
    assert np.array_equal(again.train, made.train)
    assert mnistm.load(file).build == made.build


def odd_build(made: mnistm.MnistM, file: Path, **changed: Any) -> None:
    """Write the build again with other arrays or another description, its checksum right."""
    arrays = {
        "train": made.train,
        "test": made.test,
        "train_labels": made.train_labels,
        "test_labels": made.test_labels,
    } | {name: value for name, value in changed.items() if name != "build"}
    known = [arrays[name] for name in ("train", "test", "train_labels", "test_labels")]
    build = {**made.build, "sha256": checksum(*known)}
    build = changed["build"](build) if "build" in changed else build
    np.savez(file, **arrays, build=np.array(json.dumps(build)))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"build": lambda build: []}, "build is of type list"),
        ({"build": lambda build: build | {"id": 5}}, "build.id is of type int"),
        ({"build": lambda build: {"id": "mine"}}, "build.sha256 is of type NoneType"),
        ({"colours": np.zeros(3)}, "it has 'colours', which is not known"),
        ({"train_labels": np.arange(3)}, r"train_labels is int64 \[3\], where int64 \[500\]"),
        ({"test_labels": np.zeros(500)}, "test_labels is float64"),
        ({"test": np.zeros((500, 28, 28), np.uint8)}, "test is uint8"),
    ],
)
def test_a_build_of_another_form_is_refused_and_not_on_offer(
    changed: dict[str, Any], said: str, small: DataStore
) -> None:
    made = mnistm.mnistm(small, BLANK, BLANK)
    file = mnistm.cache_file(small, made.build["id"])
    odd_build(made, file, **changed)
    with pytest.raises(DataError, match=said) as refused:
        mnistm.load(file)
    assert str(refused.value).isprintable()
    if "build" in changed:
        assert mnistm.builds(small) == []
    assert mnistm.mnistm(small, BLANK, BLANK).build == made.build, "and is made again"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_in_the_place_of_a_build_is_not_waited_for(small: DataStore) -> None:
    made = mnistm.mnistm(small, BLANK, BLANK)
    file = mnistm.cache_file(small, made.build["id"])
    file.unlink()
    os.mkfifo(file)
    for use in (lambda: mnistm.load(file), lambda: mnistm.mnistm(small, BLANK, BLANK)):
        with pytest.raises(DataError, match="is a pipe"):
            use()
    assert mnistm.builds(small) == []
    assert file.is_fifo()


@pytest.mark.skipif(sys.platform == "win32", reason="links take rights on Windows")
def test_a_damaged_build_behind_a_link_is_made_again_there(
    small: DataStore, tmp_path: Path
) -> None:
    made = mnistm.mnistm(small, BLANK, BLANK)
    file, elsewhere = mnistm.cache_file(small, made.build["id"]), tmp_path / "elsewhere.npz"
    file.unlink()
    elsewhere.write_bytes(b"damaged")
    file.symlink_to(elsewhere)
    mnistm.mnistm(small, BLANK, BLANK)
    assert file.is_symlink()
    assert mnistm.load(elsewhere).build == made.build


def test_a_full_disk_leaves_no_half_build(small: DataStore) -> None:
    with full_disk(), pytest.raises(DataError, match=r"Cannot write.*Free some space"):
        mnistm.mnistm(small, BLANK, BLANK)
    assert list((small.cache / "mnist-m").iterdir()) == []


# What is wrong is said, with the remedy.


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_a_seed_out_of_range_is_named(seed: int, small: DataStore) -> None:
    with pytest.raises(DataError, match=rf"seed={seed} is out of range"):
        mnistm.mnistm(small, BLANK, BLANK, seed=seed)
    with pytest.raises(DataError, match=rf"seed={seed} is out of range"):
        load_pair("digits", seed=seed)


def test_an_unknown_choice_of_photos_is_named() -> None:
    with pytest.raises(DataError, match=r"'mine' is not known.*'shared' or 'heldout'"):
        load_pair("digits", photos="mine")


def test_a_missing_data_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"{tmp_path / 'gone'} does not exist"):
        load_pair("mnist", tmp_path / "gone")


def test_missing_mnist_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"MNIST is not in .*dann data fetch mnist"):
        load_pair("mnist", tmp_path)


@pytest.mark.real_data
def test_missing_photos_are_said(real_data: DataStore, tmp_path: Path) -> None:
    copy_mnist(real_data, tmp_path)
    with pytest.raises(DataError, match=r"BSDS500 .* not in .*dann data fetch bsds500"):
        load_pair("mnist", tmp_path)


@pytest.mark.real_data
@pytest.mark.parametrize("name", mnist.MD5)
@pytest.mark.parametrize("damage", ["empty", "cut", "magic number", "one value"])
def test_damaged_mnist_is_said(
    name: str, damage: str, real_data: DataStore, tmp_path: Path
) -> None:
    file = copy_mnist(real_data, tmp_path) / name
    raw = bytearray(file.read_bytes())
    match damage:
        case "empty":
            raw.clear()
        case "cut":
            del raw[-1]
        case "magic number":
            raw[2] = 10
        case "one value":
            raw[-1] ^= 1
    file.unlink()
    file.write_bytes(raw)
    with pytest.raises(DataError, match=rf"{name} is damaged or cut short.*dann data fetch mnist"):
        load_pair("mnist", tmp_path)


def copy_mnist(store: DataStore, to: Path) -> Path:
    here = store.find(mnist.FOLDER)
    assert here
    folder = to / mnist.FOLDER
    folder.mkdir(parents=True)
    for name in mnist.MD5:
        (folder / name).symlink_to(here / name)
    return folder


def test_a_damaged_photo_is_named(small: DataStore) -> None:
    file = small.root / photos.FOLDER / "3.jpg"
    file.write_bytes(file.read_bytes()[:60])
    with pytest.raises(DataError, match=rf"{file} is damaged.*dann data fetch bsds500"):
        mnistm.mnistm(small, BLANK, BLANK)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_photo_that_is_no_file_is_named_and_not_left_out(small: DataStore) -> None:
    """Without it, other images would be built."""
    os.mkfifo(small.root / photos.FOLDER / "10.jpg")
    with pytest.raises(DataError, match=r"10\.jpg is a pipe, not a file"):
        photos.PhotoSet.of(small)


def test_a_photo_that_would_fill_the_memory_is_named(small: DataStore) -> None:
    Image.new("1", (20_000, 20_000)).save(small.root / photos.FOLDER / "0.jpg", format="PNG")
    with pytest.raises(DataError, match=r"photo \S*0\.jpg is damaged"):
        photos.PhotoSet.of(small).read()


def test_a_photo_that_is_too_small_is_named(small: DataStore) -> None:
    Image.new("RGB", (100, 27)).save(small.root / photos.FOLDER / "3.jpg")
    with pytest.raises(DataError, match=r"3\.jpg is smaller than 28x28"):
        mnistm.mnistm(small, BLANK, BLANK)


@pytest.mark.real_data
def test_an_unknown_build_is_named_with_the_ones_there_are(mnist_pair: DomainPair) -> None:
    with pytest.raises(DataError, match=rf"'mine'.*{mnist_pair.build['id']}"):
        load_pair("mnist", build="mine")


# The embedded pair.


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "f103f83f3b6d66655371662222f22a93896d6e8aee26d261b59f4b138c1daddc"),
        (
            {"seed": 3, "photos": "heldout"},
            "97e12d9b58cedac3521a2b1499c893d8315868249d7d37aafd451e787054c43b",
        ),
    ],
)
def test_the_embedded_pair_is_the_committed_one(options: dict[str, Any], expected: str) -> None:
    assert load_pair("digits", **options).build["sha256"] == expected


def test_the_embedded_pair_needs_no_network_and_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.socket", lambda *_, **__: pytest.fail("a connection was tried"))
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    load_pair("digits", tmp_path / "no such folder")
    assert list(tmp_path.iterdir()) == []


# Where things are.


def test_the_data_folder_is_asked_for_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("option", "variable"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DANN_DATA", str(tmp_path / "variable"))
    assert DataStore.open(tmp_path / "option").root == tmp_path / "option"
    assert DataStore.open().root == tmp_path / "variable"
    monkeypatch.setenv("DANN_DATA", "")
    assert DataStore.open() == DataStore(tmp_path / "cache", tmp_path / "cache")
    monkeypatch.delenv("DANN_CACHE")
    assert cache_dir().name == "dann"


def test_the_data_folder_is_searched_before_the_cache_for_all_that_is_needed(
    tmp_path: Path,
) -> None:
    store = DataStore(tmp_path / "root", tmp_path / "cache")
    assert store.find("x") is None
    (tmp_path / "cache/x").mkdir(parents=True)
    (tmp_path / "cache/x/file").touch()
    assert store.find("x") == tmp_path / "cache/x"
    (tmp_path / "root/x").mkdir(parents=True)
    assert store.find("x") == tmp_path / "root/x"
    assert store.find("x", "file") == tmp_path / "cache/x"


def test_a_failed_write_keeps_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError), written_whole(file) as temporary:
        temporary.write_text("half \udc80", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]
    with written_whole(file) as temporary:
        temporary.write_text("new", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == "new"
