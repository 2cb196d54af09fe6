"""Pictures in folders: any picture becomes uint8 of one size, and names never matter."""

from __future__ import annotations

import copy
import io
import os
import pickle
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from bombs import png_of
from disk import full_disk
from interrupting import ctrl_c
from own_data import SPLITS, contents, make_folders, noise, same_training
from PIL import Image, ImageFile, ImageOps

from dann_core.datasets import mapped, own, pictures
from dann_core.datasets.own import from_folders, from_paths, read_examples
from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.files import cache_dir
from dann_core.inputs import PIXELS

posix = pytest.mark.skipif(os.name == "nt", reason="names and links of POSIX")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return make_folders(tmp_path)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, into which all pixels go."""
    monkeypatch.setattr(own, "IN_MEMORY", 0)
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def saved(image: Image.Image, path: Path, **options: Any) -> Path:
    image.save(path, **options)
    return path


def read(image: Image.Image, tmp_path: Path, suffix: str = ".png", **options: Any) -> np.ndarray:
    """What a picture becomes, without being resized."""
    path = saved(image, tmp_path / f"picture{suffix}", **options)
    return pictures.decoded(path, (image.height, image.width))


# What a picture becomes.


def test_a_picture_of_the_right_size_stays_what_it_is(tmp_path: Path) -> None:
    pixels = noise(1, 12, 9)
    assert np.array_equal(read(Image.fromarray(pixels), tmp_path), pixels)


def test_grey_becomes_three_equal_channels(tmp_path: Path) -> None:
    grey = noise(1)[..., 0]
    assert np.array_equal(read(Image.fromarray(grey), tmp_path), np.repeat(grey[..., None], 3, 2))


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    layers = np.dstack([noise(1), np.full((10, 10), 255, np.uint8)])
    layers[:5, :, 3] = 0
    found = read(Image.fromarray(layers), tmp_path)
    assert (found[:5] == 255).all()
    assert np.array_equal(found[5:], layers[5:, :, :3])


def test_a_transparent_colour_of_a_palette_is_white(tmp_path: Path) -> None:
    palette = Image.fromarray(noise(1)).quantize(4)
    index = int(np.asarray(palette)[0, 0])
    found = read(palette, tmp_path, ".png", transparency=index)
    assert (found[np.asarray(palette) == index] == 255).all()
    assert not (found == 255).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr"])
def test_every_usual_mode_is_what_pillow_makes_of_it_in_colours(mode: str, tmp_path: Path) -> None:
    image = Image.fromarray(noise(1)).convert(mode)
    found = read(image, tmp_path, ".tif" if mode in ("CMYK", "YCbCr") else ".png")
    assert np.array_equal(found, np.asarray(image.convert("RGB")))


def test_sixteen_bits_become_eight(tmp_path: Path) -> None:
    deep = np.arange(100, dtype=np.uint16).reshape(10, 10) * 660
    found = read(Image.fromarray(deep), tmp_path)
    assert np.array_equal(found[..., 0], (deep / 257).round().astype(np.uint8))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_turned_as_the_camera_was_held(orientation: int, tmp_path: Path) -> None:
    image = Image.fromarray(noise(1, 12, 12))
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = read(image, tmp_path, ".png", exif=exif)
    with Image.open(tmp_path / "picture.png") as stored:
        assert np.array_equal(found, np.asarray(ImageOps.exif_transpose(stored)))
    assert np.array_equal(found, np.asarray(image)) == (orientation == 1)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_damaged_exif_does_not_cost_the_picture(tmp_path: Path) -> None:
    image = Image.fromarray(noise(1))
    found = read(image, tmp_path, ".png", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12")
    assert np.array_equal(found, np.asarray(image))


def test_it_is_resized_once_from_its_middle(tmp_path: Path) -> None:
    image = Image.fromarray(noise(1, 60, 90))
    path = saved(image, tmp_path / "a.png")
    once = image.resize((20, 20), Image.Resampling.BICUBIC, box=(15, 0, 75, 60))
    assert np.array_equal(pictures.decoded(path, (20, 20)), np.asarray(once))


@pytest.mark.parametrize("size", [(1, 10_000), (10_000, 1), (1, 1)])
def test_a_picture_of_any_form_is_read(size: tuple[int, int], tmp_path: Path) -> None:
    path = saved(Image.new("RGB", size, "teal"), tmp_path / "a.png")
    assert (pictures.decoded(path, (16, 16)) == (0, 128, 128)).all()


def test_a_phones_photo_with_a_second_picture_in_it_is_no_film(tmp_path: Path) -> None:
    image = Image.fromarray(np.full((16, 16, 3), 99, np.uint8))
    path = tmp_path / "phone.jpg"
    image.save(path, "MPO", save_all=True, append_images=[Image.new("RGB", (16, 16))])
    assert np.abs(pictures.decoded(path, (16, 16)).astype(int) - 99).max() < 3


def test_a_picture_is_what_is_in_it_and_not_what_its_name_says(tmp_path: Path) -> None:
    found = read(Image.fromarray(noise(1)), tmp_path, ".jpg", format="PNG")
    assert np.array_equal(found, noise(1))


def test_no_other_program_is_started_whatever_a_picture_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subprocess.Popen", lambda *_, **__: pytest.fail("a program was started"))
    script = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"
    (tmp_path / "a.png").write_bytes(script)
    with pytest.raises(DataError, match=r"a\.png is damaged or no picture"):
        pictures.decoded(tmp_path / "a.png", (9, 9))


# What is no picture.


def cut_off(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(noise(1, 90, 90)).save(stream, kind)
    return stream.getvalue()[:-900]


def film(kind: str) -> bytes:
    stream = io.BytesIO()
    frames = [Image.fromarray(noise(k)) for k in (1, 2)]
    frames[0].save(stream, kind, save_all=True, append_images=frames[1:])
    return stream.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.png": (bytes, "is empty"),
    "text.jpg": (lambda: b"hello", "is damaged or no picture"),
    "cut.jpg": (lambda: cut_off("JPEG"), "is damaged"),
    "cut.png": (lambda: cut_off("PNG"), "is damaged"),
    "bomb.png": (lambda: png_of(60_000), "has far more than 100,000,000 pixels"),
    "large.png": (lambda: png_of(11_000), "has 11000x11000 pixels, and at most 100,000,000"),
    "film.gif": (lambda: film("GIF"), "is animated or has several"),
    "film.webp": (lambda: film("WEBP"), "is animated or has several"),
    "film.png": (lambda: film("PNG"), "is animated or has several"),
    "pages.tif": (lambda: film("TIFF"), "is animated or has several"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.filterwarnings("error")
def test_what_is_no_picture_is_named_and_no_thread_goes_on(
    name: str, folders: tuple[Path, Path]
) -> None:
    make, said = BAD[name]
    (folders[0] / "dog" / name).write_bytes(make())
    before = threading.active_count()
    with pytest.raises(DataError, match=rf"{name} {said}.*\. \w+.* take it out\.$") as raised:
        from_folders(*folders)
    assert "\n" not in str(raised.value)
    assert threading.active_count() == before


@pytest.mark.parametrize("mode", ["F", "I"])
def test_pixels_that_are_no_colours_are_refused(mode: str, tmp_path: Path) -> None:
    values = np.linspace(-1, 1, 100).reshape(10, 10) * 1e6
    image = Image.fromarray(values.astype(np.float32 if mode == "F" else np.int32))
    with pytest.raises(DataError, match=r"picture\.tif has pixels that are no colours.*8 bits"):
        read(image, tmp_path, ".tif")


def test_other_programs_settings_do_not_let_a_cut_picture_in_without_a_word(
    tmp_path: Path,
) -> None:
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
    (tmp_path / "a.jpg").write_bytes(cut_off("JPEG"))
    with pytest.raises(DataError, match="damaged"):
        pictures.decoded(tmp_path / "a.jpg", (90, 90))


def test_a_file_that_changes_while_it_is_read_is_named(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = pictures.looked_at

    def look(path: Path) -> Any:
        found = looked_at(path)
        Image.fromarray(noise(77)).save(path)
        return found

    monkeypatch.setattr(pictures, "looked_at", look)
    with pytest.raises(DataError, match=r"\.png was changed while it was read\. Start again"):
        from_folders(*folders)


def test_ctrl_c_ends_the_threads(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(path: Path, *_: Any) -> Any:
        time.sleep(0.02)
        return np.zeros((28, 28, 3), np.uint8)

    monkeypatch.setattr(pictures, "decoded", slow)
    before, start = threading.active_count(), time.monotonic()

    def tell(doing: str, done: int, of: int | None) -> None:
        if doing == "Reading pictures":
            ctrl_c()

    with pytest.raises(KeyboardInterrupt):
        from_folders(*folders, progress=tell)
    assert threading.active_count() == before
    assert time.monotonic() - start < 30


# Which files are read.


def test_classes_are_the_folders_and_sizes_follow_the_source(folders: tuple[Path, Path]) -> None:
    pair = from_folders(*folders)
    assert (pair.class_names, pair.classes) == (("cat", "dog"), 2)
    assert (pair.source.name, pair.target.name) == ("amazon", "webcam")
    assert pair.source.train.images.shape[1:] == (28, 28, 3)
    assert pair.source.train.images.dtype == torch.uint8
    found = [label for name in SPLITS for _, label in contents(pair.source)[name]]
    assert sorted(found) == [0] * 20 + [1] * 20
    assert pair.build["notes"] == []


def test_a_target_without_class_folders_is_unlabelled(folders: tuple[Path, Path]) -> None:
    labelled = from_folders(*folders)
    for path in list(folders[1].rglob("*.png")):
        path.rename(folders[1] / f"{path.parent.name}{path.name}")
    pair = from_folders(*folders)
    assert pair.target.train.labelled == pair.target.test.labelled == 0
    assert torch.equal(pair.target.train.images, labelled.target.train.images)
    assert pair.build["notes"] == ["'webcam' has no labels, so its accuracy is unknown."]


@posix
def test_what_is_hidden_is_not_read_and_links_are_followed_once(folders: tuple[Path, Path]) -> None:
    plain = from_folders(*folders)
    cat, dog = folders[0] / "cat", folders[0] / "dog"
    for name in ("__MACOSX/cat/._1.png", ".git/1.png", "@eaDir/1.png"):
        (folders[0] / name).parent.mkdir(parents=True)
        (folders[0] / name).write_bytes(b"no picture")
    for path in (cat / "._1.png", cat / "Thumbs.db", cat / ".DS_Store"):
        path.write_bytes(b"no picture")
    (cat / "again").symlink_to(cat)
    (cat / "up").symlink_to(folders[0] / "cat")
    linked = dog.rename(folders[0].parent / "elsewhere")
    dog.symlink_to(linked)
    assert contents(from_folders(*folders).source) == contents(plain.source)


def test_files_that_are_no_pictures_are_told(folders: tuple[Path, Path]) -> None:
    for name in ("a.heic", "b.txt", "c", "d.heic"):
        (folders[1] / "cat" / name).write_bytes(b"")
    notes = from_folders(*folders).build["notes"]
    assert len(notes) == 1
    assert notes[0].endswith("a.heic, b.txt, c and 1 more.")


def test_a_folder_that_may_not_be_read_is_named(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def refused(path: str) -> Any:
        if str(path).endswith("dog"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(DataError, match=r"Cannot read .*dog: Permission denied\. Make it"):
        from_folders(*folders)


def test_a_file_that_may_not_be_read_is_named(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == "003.png":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(DataError, match=r"Cannot read .*003\.png: Permission denied\. Make it"):
        from_folders(*folders)


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no such names")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("caf\udce9", r"caf\\udce9' is not UTF-8\. "),
        ("hot\ndog", r"hot\\ndog'.*line break.*Rename"),
    ],
)
def test_a_class_whose_name_cannot_be_shown_is_refused(
    name: str, said: str, folders: tuple[Path, Path]
) -> None:
    (folders[0] / "dog").rename(folders[0] / name)
    with pytest.raises(DataError, match=said) as raised:
        from_folders(*folders)
    assert str(raised.value).isprintable()


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no such names")
def test_a_pictures_own_name_may_be_anything_that_is_utf8(folders: tuple[Path, Path]) -> None:
    plain = from_folders(*folders)
    for number, path in enumerate(sorted(folders[0].rglob("*.png"))):
        path.rename(path.with_name(f"{number}\n|;'\" ü.png"))
    assert contents(from_folders(*folders).source) == contents(plain.source)
    with pytest.raises(DataError, match="is not UTF-8"):
        (folders[0] / "cat" / "caf\udce9.png").write_bytes(b"x")
        from_folders(*folders)


def test_the_same_word_typed_in_two_ways_is_one_class(folders: tuple[Path, Path]) -> None:
    (folders[0] / "dog").rename(folders[0] / "caf\u00e9")
    (folders[1] / "dog").rename(folders[1] / "cafe\u0301")
    pair = from_folders(*folders)
    assert pair.class_names == ("caf\u00e9", "cat")
    assert pair.build["notes"] == []


# Splits.


def test_names_places_and_order_change_not_a_single_batch(tmp_path: Path) -> None:
    first = make_folders(tmp_path / "one")
    other = make_folders(tmp_path / "two")
    for number, path in enumerate(sorted(other[0].rglob("*.png"), reverse=True)):
        place = path.parent / "deeper" / str(number % 3)
        place.mkdir(parents=True, exist_ok=True)
        path.rename(place / f"renamed{number:03}.PNG")
    moved = [folder.rename(tmp_path / name) for folder, name in zip(other, "st", strict=True)]
    one, two = from_folders(*first), from_folders(*moved)
    assert one.build["sha256"] == two.build["sha256"]
    assert contents(one.source) == contents(two.source)
    assert same_training(one, two)
    assert not same_training(one, from_folders(*first, seed=1))


def test_an_example_more_moves_no_other_to_another_split(folders: tuple[Path, Path]) -> None:
    before = contents(from_folders(*folders).source)
    Image.fromarray(noise(99_999)).save(folders[0] / "cat" / "new.png")
    after = contents(from_folders(*folders).source)
    assert sum(map(len, after.values())) == 41
    assert all(set(before[name]) <= set(after[name]) for name in SPLITS)


def test_copies_are_in_one_split_also_across_domains(folders: tuple[Path, Path]) -> None:
    for path in list(folders[0].rglob("*.png")):
        for k in range(3):
            (path.parent / f"{path.stem}-{k}.png").write_bytes(path.read_bytes())
        there = folders[1] / path.parent.name / f"copy{path.name}"
        there.write_bytes(path.read_bytes())
    pair = from_folders(*folders)
    source, target = contents(pair.source), contents(pair.target)
    for one in SPLITS:
        for other in set(SPLITS) - {one}:
            assert not set(source[one]) & set(source[other])
            assert not set(source[one]) & set(target[other])
    assert sum(map(len, source.values())) == 160
    assert pair.build["notes"] == ["40 examples are in both domains, in the same split of each."]


@pytest.mark.parametrize("seed", range(20))
def test_a_small_set_is_never_refused_by_chance(seed: int, tmp_path: Path) -> None:
    folders = make_folders(tmp_path, n=6)
    pair = from_folders(*folders, seed=seed)
    sizes = [len(getattr(pair.source, name)) for name in SPLITS]
    assert sum(sizes) == 12
    assert min(sizes) >= 1


def test_too_few_and_copies_of_few_are_told_apart(tmp_path: Path) -> None:
    folders = make_folders(tmp_path, n=2)
    with pytest.raises(DataError, match=r"amazon has 4 examples, too few.*At least 10"):
        from_folders(*folders)
    for path in list(folders[0].rglob("*.png")):
        for k in range(9):
            (path.parent / f"{path.stem}-{k}.png").write_bytes(path.read_bytes())
    with pytest.raises(DataError, match=r"amazon has 40 examples \(4 without copies\), too few"):
        from_folders(*folders)


# What folders are refused.


def one_class(source: Path, target: Path) -> None:
    (source / "dog").rename(source.parent / "dog")


def one_deeper(source: Path, target: Path) -> None:
    source.rename(target.parent / "away")
    source.mkdir()
    (target.parent / "away").rename(source / "images")


def split(source: Path, target: Path) -> None:
    for old, new in (("cat", "train"), ("dog", "test")):
        (target / old).rename(target / new)


def empty_class(source: Path, target: Path) -> None:
    (target / "cow").mkdir()


def beside(source: Path, target: Path) -> None:
    Image.fromarray(noise(1)).save(target / "loose.png")


def other_class(source: Path, target: Path) -> None:
    (target / "dog").rename(target / "cow")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (one_class, r"amazon has a single class folder, 'cat'\. At least two"),
        (one_deeper, r"single class folder, 'images'.*name .*amazon/images\.$"),
        (split, r"webcam has the folder '\w+', which is no class but.*such as .*webcam/\w+\.$"),
        (empty_class, r"The class folder 'cow' of .*webcam has no pictures\. Fill it"),
        (beside, r"webcam has pictures beside its class folders, such as loose\.png\. Put"),
        (
            other_class,
            r"cow.000\.png has the label 'cow', which no source .*: cat, dog",
        ),
    ],
)
def test_folders_that_are_not_as_they_should_be_are_named(
    spoil: Callable[[Path, Path], None], said: str, folders: tuple[Path, Path]
) -> None:
    spoil(*folders)
    with pytest.raises(DataError, match=said):
        from_folders(*folders)


@pytest.mark.parametrize("path", ["", "no", "no/where", "~nobody-of-this-name"])
def test_a_folder_that_is_not_there_is_told(path: str, folders: tuple[Path, Path]) -> None:
    with pytest.raises(DataError, match=r"^There is no folder .*\. Check the path\.$"):
        from_folders(folders[0], path)


def test_a_class_that_the_source_alone_has_is_told(folders: tuple[Path, Path]) -> None:
    (folders[1] / "dog").rename(folders[1].parent / "dog")
    assert from_folders(*folders).build["notes"] == ["'webcam' has no example of: dog."]


def test_folders_of_one_name_are_told_apart_by_what_they_are_in(tmp_path: Path) -> None:
    folders = make_folders(tmp_path)
    for folder in folders:
        (folder / "images").mkdir()
        for name in ("cat", "dog"):
            (folder / name).rename(folder / "images" / name)
    pair = from_folders(*(folder / "images" for folder in folders))
    assert (pair.source.name, pair.target.name) == ("amazon/images", "webcam/images")
    same = from_folders(folders[0] / "images", folders[0] / "images")
    assert (same.source.name, same.target.name) == ("source", "target")


@posix
def test_a_folder_is_called_as_a_person_calls_it(folders: tuple[Path, Path]) -> None:
    link = folders[0].parent / "shop"
    link.symlink_to(folders[0])
    assert from_folders(link, folders[1]).source.name == "shop"


def test_either_kind_of_path_is_read_by_what_is_there(folders: tuple[Path, Path]) -> None:
    pair = from_paths(*map(str, folders), size=16)
    assert pair.source.train.images.shape[1:] == (16, 16, 3)
    with pytest.raises(DataError, match=r"label='kind': in folders .* Leave it out"):
        from_paths(*folders, label="kind")
    with pytest.raises(DataError, match=r"is a folder and .*000\.png a file\. Give two folders"):
        from_paths(folders[0], folders[1] / "cat" / "000.png")


@pytest.mark.parametrize(
    ("size", "shape"), [(16, (16, 16)), ((20, 12), (20, 12)), (np.int64(8), (8, 8))]
)
def test_a_size_is_a_side_or_height_and_width(
    size: Any, shape: tuple[int, int], folders: tuple[Path, Path]
) -> None:
    assert from_folders(*folders, size=size).source.train.images.shape[1:3] == shape


@pytest.mark.parametrize("size", [0, 3, 1025, 2.5, True, "32", (32,), (8, 8, 3), {8: 8}, [8, None]])
def test_a_size_out_of_range_is_named(size: Any, folders: tuple[Path, Path]) -> None:
    with pytest.raises(DataError, match=r"^size=.* is no size\. Choose a whole number from 4 to"):
        from_folders(*folders, size=size)


def test_examples_to_predict_are_named_and_in_order(folders: tuple[Path, Path]) -> None:
    names, images = read_examples(folders[0], PIXELS)
    assert names == sorted(names)
    assert names[0] == str(Path("cat", "000.png"))
    assert images.shape == (40, 28, 28, 3)
    expected = pictures.decoded(folders[0] / "dog" / "003.png", (28, 28))
    assert np.array_equal(images[23].numpy(), expected)
    one, image = read_examples(folders[0] / "dog" / "003.png", PIXELS)
    assert one == ["003.png"]
    assert torch.equal(image[0], images[23])


# Large sets.


def test_a_large_set_gives_the_same_batches_from_a_file(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_memory = from_folders(*folders)
    monkeypatch.setattr(own, "IN_MEMORY", 1000)
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    from_file = from_folders(*folders)
    assert len(list((tmp_path / "cache" / "own").iterdir())) == 2
    assert from_file.build == in_memory.build
    for domain in ("source", "target"):
        one, other = (contents(getattr(pair, domain)) for pair in (in_memory, from_file))
        assert one == other
    assert same_training(in_memory, from_file)


def without_decoding(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> DomainPair:
    with monkeypatch.context() as patch:
        patch.setattr(pictures, "decoded", lambda *_: pytest.fail("a picture was decoded again"))
        return from_folders(*folders)


def test_pixels_in_a_file_can_be_copied_and_pickled(
    folders: tuple[Path, Path], cache: Path
) -> None:
    pair = from_folders(*folders)
    for other in (copy.deepcopy(pair), pickle.loads(pickle.dumps(pair))):
        assert contents(other.source) == contents(pair.source)


def test_the_file_serves_again_wherever_the_pictures_are(
    folders: tuple[Path, Path], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = from_folders(*folders)
    (folders[0] / "cat" / "000.png").rename(folders[0] / "cat" / "other.png")
    moved = folders[0].rename(folders[0].parent / "moved")
    again = without_decoding((moved, folders[1]), monkeypatch)
    assert contents(again.source) == contents(first.source)
    again.source.train.images.zero_()
    assert contents(without_decoding((moved, folders[1]), monkeypatch).source) == contents(
        first.source
    )


def changed_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)


def shortened(path: Path) -> None:
    os.truncate(path, 1000)


@pytest.mark.parametrize("damage", [changed_byte, shortened, Path.unlink])
def test_a_damaged_file_is_made_anew(
    damage: Callable[[Path], None], folders: tuple[Path, Path], cache: Path
) -> None:
    first = contents(from_folders(*folders).source)
    for path in list((cache / "own").iterdir()):
        damage(path)
    assert contents(from_folders(*folders).source) == first


def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    folders: tuple[Path, Path], cache: Path
) -> None:
    before = threading.active_count()
    with full_disk(40_000), pytest.raises(DataError, match=r"the disk is full.*Free some space"):
        from_folders(*folders)
    assert list((cache / "own").iterdir()) == []
    assert threading.active_count() == before


def test_a_disk_with_too_little_room_is_told_before_anything_is_decoded(
    folders: tuple[Path, Path], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def usage(_: Path) -> Any:
        return type("Usage", (), {"free": 1000})

    monkeypatch.setattr(mapped.shutil, "disk_usage", usage)
    with pytest.raises(DataError, match=r"take 0\.0 GB as pixels, and 0\.0 GB .*DANN_CACHE"):
        without_decoding(folders, monkeypatch)
    assert list((cache / "own").iterdir()) == []


def test_a_damaged_picture_leaves_no_file(folders: tuple[Path, Path], cache: Path) -> None:
    (folders[0] / "cat" / "cut.jpg").write_bytes(cut_off("JPEG"))
    with pytest.raises(DataError, match=r"cut\.jpg is damaged"):
        from_folders(*folders)
    assert list((cache / "own").iterdir()) == []


def test_ctrl_c_leaves_no_file(folders: tuple[Path, Path], cache: Path) -> None:
    def tell(doing: str, done: int, of: int | None) -> None:
        if doing == "Reading pictures":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        from_folders(*folders, progress=tell)
    assert list((cache / "own").iterdir()) == []


def test_a_cache_that_may_not_be_written_is_a_sentence(
    folders: tuple[Path, Path], cache: Path
) -> None:
    cache.write_bytes(b"a file")
    with pytest.raises(DataError, match="Cannot write"):
        from_folders(*folders)
    assert cache_dir() == cache


def test_progress_tells_what_is_done(folders: tuple[Path, Path]) -> None:
    told: list[tuple[str, int, int | None]] = []
    from_folders(*folders, progress=lambda *what: told.append(what))
    assert [what for what in told if what[1] == what[2]] == [
        ("Looking at amazon", 40, 40),
        ("Looking at webcam", 40, 40),
        ("Reading pictures", 40, 40),
        ("Reading pictures", 40, 40),
    ]


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = threading.active_count()
    yield
    assert threading.active_count() <= before
