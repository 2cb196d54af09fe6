"""Ready-made MNIST-M files are read without trusting them."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import os
import pickle
import struct
import subprocess
import sys
import tarfile
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import bombs
import numpy as np
import pytest
import torch
from bombs import BOMBS, Calls, saved, tar
from PIL import Image

from dann_core.datasets import importing, load_pair, mnist, mnistm
from dann_core.datasets.blending import binarise, blend
from dann_core.datasets.bounded import Bounded
from dann_core.datasets.importing import import_mnistm
from dann_core.datasets.mnistm import Labels
from dann_core.datasets.plain_pickles import read_arrays
from dann_core.datasets.store import DataStore
from dann_core.domains import DomainPair
from dann_core.errors import DataError

Arrays = dict[str, np.ndarray]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def images(mnist_pair: DomainPair) -> Arrays:
    """MNIST-M in MNIST's order: 60,000 training and 10,000 test images."""
    target = mnist_pair.target
    train = torch.cat([target.train.images, target.validation.images])
    return {"train": train.numpy(), "test": target.test.images.numpy()}


@pytest.fixture
def empty(tmp_path: Path) -> DataStore:
    return DataStore(tmp_path / "data", tmp_path / "data")


def assert_same(build: str, expected: DomainPair) -> None:
    pair = load_pair("mnist", build=build)
    assert pair.build["id"] == build
    for ours, theirs in (
        (pair.target.train, expected.target.train),
        (pair.target.validation, expected.target.validation),
        (pair.target.test, expected.target.test),
    ):
        assert torch.equal(ours.images, theirs.images)
        assert torch.equal(ours.labels, theirs.labels)
    assert torch.equal(pair.source.train.images, expected.source.train.images)


# The files as they are in the wild.


@pytest.mark.parametrize("order", ["first", "last"])
def test_the_tutorials_pickle(
    order: str, images: Arrays, real_data: DataStore, mnist_pair: DomainPair, tmp_path: Path
) -> None:
    """55,000 + 5,000 + 10,000, whichever 5,000 were held back: tf-dann's were the first."""
    train = images["train"]
    valid = slice(0, 5_000) if order == "first" else slice(55_000, None)
    rest = slice(5_000, None) if order == "first" else slice(0, 55_000)
    content = {"train": train[rest], "test": images["test"], "valid": train[valid]}
    file = tmp_path / "mnistm_data.pkl"
    file.write_bytes(pickle.dumps(content, -1))
    build = import_mnistm(file, real_data)
    assert build.startswith("imported-")
    assert len(build) == len("imported-") + 8
    assert_same(build, mnist_pair)
    assert load_pair("mnist", build=build).build["photos"] == "imported from mnistm_data.pkl"


def test_a_packed_pickle_with_byte_keys(
    images: Arrays, real_data: DataStore, mnist_pair: DomainPair, tmp_path: Path
) -> None:
    file = tmp_path / "keras_mnistm.pkl.gz"
    content = {name.encode(): array for name, array in images.items()}
    file.write_bytes(gzip.compress(pickle.dumps(content, 2), 0))
    assert_same(import_mnistm(file, real_data), mnist_pair)


def test_a_pair_of_torch_archives(
    images: Arrays, real_data: DataStore, mnist_pair: DomainPair, tmp_path: Path
) -> None:
    target = mnist_pair.target
    labels = {
        "train": torch.cat([target.train.labels, target.validation.labels]),
        "test": target.test.labels,
    }
    for part, array in images.items():
        pack_torch(tmp_path / f"mnist_m_{part}.pt.tar.gz", (torch.from_numpy(array), labels[part]))
    for part in ("train", "test"):
        assert_same(import_mnistm(tmp_path / f"mnist_m_{part}.pt.tar.gz", real_data), mnist_pair)


def pack_torch(file: Path, content: Any, legacy: bool = True) -> None:
    stream = io.BytesIO()
    torch.save(content, stream, _use_new_zipfile_serialization=not legacy)
    info = tarfile.TarInfo(file.name.removesuffix(".tar.gz"))
    info.size = stream.tell()
    stream.seek(0)
    with tarfile.open(file, "w:gz", compresslevel=0) as tar:
        tar.addfile(info, stream)


def test_without_validation_images_the_labels_are_still_the_right_ones(
    images: Arrays, real_data: DataStore, mnist_pair: DomainPair, tmp_path: Path
) -> None:
    file = tmp_path / "mnistm_data.pkl"
    file.write_bytes(pickle.dumps({"train": images["train"][5_000:], "test": images["test"]}))
    target = load_pair("mnist", build=import_mnistm(file, real_data)).target
    assert (len(target.train), len(target.validation), len(target.test)) == (50_000, 5_000, 10_000)
    assert torch.equal(target.train.labels, mnist_pair.target.train.labels[5_000:])
    assert torch.equal(target.validation.labels, mnist_pair.target.validation.labels)


def test_images_in_another_order_are_refused(
    images: Arrays, real_data: DataStore, tmp_path: Path
) -> None:
    file = tmp_path / "mnistm_data.pkl"
    shuffled = np.random.default_rng(0).permutation(images["train"])
    file.write_bytes(pickle.dumps({"train": shuffled, "test": images["test"]}))
    with pytest.raises(DataError, match="labels are unknown"):
        import_mnistm(file, real_data)


def test_more_images_than_mnist_has_are_refused(
    images: Arrays, real_data: DataStore, tmp_path: Path
) -> None:
    file = tmp_path / "mnistm_data.pkl"
    file.write_bytes(pickle.dumps({"train": images["train"], "test": images["train"]}))
    with pytest.raises(DataError, match="60000 images where MNIST has 10000"):
        import_mnistm(file, real_data)


def test_labels_need_mnist(empty: DataStore, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="dann data fetch mnist"):
        import_mnistm(write(tmp_path, plain()), empty)


# How arrays are pickled: every protocol, both names of NumPy's modules, and Python 2.


def plain(n: int = 3) -> Arrays:
    some = np.random.default_rng(0).integers(0, 256, (n, 28, 28, 3), np.uint8)
    return {"train": some, "test": some[:2].copy()}


def write(folder: Path, content: Any, protocol: int = 4) -> Path:
    raw = content if isinstance(content, bytes) else pickle.dumps(content, protocol)
    (folder / "mnistm_data.pkl").write_bytes(raw)
    return folder / "mnistm_data.pkl"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("order", ["C", "F"])
def test_plain_arrays_are_read(protocol: int, order: Any, tmp_path: Path) -> None:
    content = {name: np.array(array, order=order) for name, array in plain().items()}
    raw = pickle.dumps(content, protocol)
    raws = [raw]
    if protocol < 4:  # whose names have no lengths, so that NumPy 1's can be put in
        raws.append(raw.replace(b"numpy._core.", b"numpy.core."))
    for raw in raws:
        arrays = read_arrays(Bounded(io.BytesIO(raw), 10**9))
        for name, array in content.items():
            assert np.array_equal(arrays[name], array)
            assert arrays[name].flags.c_contiguous


def test_python_2_pickles_are_read(tmp_path: Path) -> None:
    pixels = plain(2)["train"]
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85U\x01btR"
        b"(K\x01(K\x02K\x1cK\x1cK\x03tcnumpy\ndtype\n(U\x02u1K\x00K\x01tR"
        b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
        b"T" + struct.pack("<i", pixels.nbytes) + pixels.tobytes() + b"tb"
    )
    raw = b"\x80\x02}(U\x05train" + array + b"U\x04test" + array + b"u."
    arrays = read_arrays(Bounded(io.BytesIO(raw), 10**9))
    assert np.array_equal(arrays["train"], pixels)


# What is refused. `ran` is what each attack would leave behind.


def attacks(ran: Path) -> dict[str, Any]:
    make = f"open({str(ran)!r}, 'w', encoding='utf-8').close()"
    array = plain()["train"]
    return {
        "os.system": Calls(os.system, f"touch {ran}"),
        "eval": Calls(eval, make),
        "exec": Calls(exec, make),
        "open": Calls(open, str(ran), "w"),
        "getattr": Calls(getattr, Calls(__import__, "os"), "system"),
        "nested in the dictionary": {"train": array, "test": array, "more": [Calls(eval, make)]},
        "nested in an array": {"train": np.array([Calls(eval, make)], object), "test": array},
        "nested in a call": Calls(np.frombuffer, Calls(eval, make)),
        "a class": OrderedDict(train=array, test=array),
        "numpy's loader": Calls(np.load, str(ran)),
        "numpy's runner": b"cnumpy.testing._private.utils\nrunstring\n(V"
        + make.encode()
        + b"\n}tR.",
        "a dotted name": b"\x80\x04\x8c\x05numpy\x8c\x15ndarray.__class__.mro\x93.",
        "another codec": Calls(codecs.encode, "x", "rot13"),
        "a builtin by its Python 2 name": b"c__builtin__\neval\n(V" + make.encode() + b"\ntR.",
        "a module's attribute": b"cdann_core.datasets.importing\nos\n.",
        "an extension": b"\x80\x02\x82\x01.",
        "a persistent id": b"\x80\x02U\x01xQ.",
        "state for a function": b"\x80\x02cnumpy.core.multiarray\n_reconstruct\n"
        b"}U\x08__code__U\x01xsb.",
    }


NAMES = sorted(attacks(Path("x")))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("packed", [False, True])
def test_a_malicious_pickle_is_refused_and_nothing_runs(
    name: str, packed: bool, empty: DataStore, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    content = attacks(ran)[name]
    raw = content if isinstance(content, bytes) else pickle.dumps(content, 2)
    file = write(tmp_path, gzip.compress(raw) if packed else raw)
    with pytest.raises(DataError) as caught:
        import_mnistm(file, empty)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not ran.exists()
    assert not empty.cache.exists()


@pytest.mark.filterwarnings("ignore::EncodingWarning")  # of the attack that opens a file
def test_the_attacks_would_have_worked(tmp_path: Path) -> None:
    """Or refusing them would prove nothing."""
    for name in ("os.system", "eval", "exec", "open", "nested in an array", "nested in a call"):
        ran = tmp_path / name.replace(" ", "-")
        raw = pickle.dumps(attacks(ran)[name], 2)
        with contextlib.suppress(TypeError):  # after the attack
            pickle.loads(raw)
        assert ran.exists(), name


def test_a_malicious_torch_file_is_refused_and_nothing_runs(
    empty: DataStore, tmp_path: Path
) -> None:
    for legacy in (True, False):
        for part in ("train", "test"):
            content = Calls(os.system, f"touch {tmp_path / 'ran'}")
            pack_torch(tmp_path / f"mnist_m_{part}.pt.tar.gz", content, legacy)
        with pytest.raises(DataError, match=r"mnist_m_train\.pt\.tar\.gz"):
            import_mnistm(tmp_path / "mnist_m_train.pt.tar.gz", empty)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([[1], "two"], object), "|O|type"),
        (np.zeros((3, 28, 28, 3), np.float32), "type 'f4'; only uint8"),
        (np.zeros((3, 28, 28), np.uint8), r"shape \(3, 28, 28\)"),
        (np.zeros((3, 32, 32, 3), np.uint8), r"shape \(3, 32, 32, 3\)"),
        ([1, 2, 3], "'train' is something else than a plain uint8 array"),
    ],
)
def test_other_content_is_refused(
    array: Any, message: str, empty: DataStore, tmp_path: Path
) -> None:
    file = write(tmp_path, {"train": array, "test": plain()["test"]}, protocol=2)
    with pytest.raises(DataError, match=message):
        import_mnistm(file, empty)


def test_missing_parts_are_named(empty: DataStore, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\['test'\], but 'train' and 'test' are needed"):
        import_mnistm(write(tmp_path, {"test": plain()["test"]}), empty)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kept", [0, 1, 20, 200, 5_000])
def test_a_cut_file_is_refused(packed: bool, kept: int, empty: DataStore, tmp_path: Path) -> None:
    raw = pickle.dumps(plain())
    file = write(tmp_path, (gzip.compress(raw) if packed else raw)[:kept])
    with pytest.raises(DataError, match="damaged"):
        import_mnistm(file, empty)


def test_a_pickle_cannot_swell(
    empty: DataStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "LIMIT", 1_000_000)
    content = {"train": np.zeros((2_000, 28, 28, 3), np.uint8), "test": plain()["test"]}
    for raw in (pickle.dumps(content), gzip.compress(pickle.dumps(content))):
        with pytest.raises(DataError, match="larger than 1 MB"):
            import_mnistm(write(tmp_path, raw), empty)


def test_a_file_that_is_not_there_is_named(empty: DataStore, tmp_path: Path) -> None:
    for name in ("gone.pkl", "mnist_m_train.pt.tar.gz"):
        with pytest.raises(DataError, match=f"There is no file {tmp_path / name}"):
            import_mnistm(tmp_path / name, empty)


# The authors' own archive, and PyTorch's files as they are inside


def of_mnist(real_data: DataStore, train: int, test: int) -> dict[str, tuple[np.ndarray, Labels]]:
    """The first images of an MNIST-M, and their labels."""
    parts = zip(("train", "test"), mnist.read_mnist(real_data), (train, test), strict=True)
    photo = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    # Smooth, as photos are: neighbours' mean.
    photo = photo[::4, ::4].repeat(8, axis=0).repeat(8, axis=1)
    return {
        part: (blend(binarise(digits[:n]), [photo], 3), labels[:n])
        for part, (digits, labels), n in parts
    }


@pytest.fixture(scope="module")
def few(real_data: DataStore) -> dict[str, tuple[np.ndarray, Labels]]:
    return of_mnist(real_data, 5_050, 40)


def png(image: np.ndarray) -> bytes:
    """With a border, as the authors' are."""
    stream = io.BytesIO()
    Image.fromarray(np.pad(image, ((2, 2), (2, 2), (0, 0)), mode="edge")).save(stream, "PNG")
    return stream.getvalue()


def members(parts: dict[str, tuple[np.ndarray, Labels]]) -> dict[str, bytes]:
    """The authors' archive, by name."""
    found = {}
    for part, (images, labels) in parts.items():
        for k, image in enumerate(images):
            found[f"mnist_m/mnist_m_{part}/{k:08}.png"] = png(image)
        lines = [f"{k:08}.png {label}\n" for k, label in enumerate(labels)]
        found[f"mnist_m/mnist_m_{part}_labels.txt"] = "".join(lines).encode()
    return found


@pytest.fixture(scope="module")
def authors(few: dict[str, tuple[np.ndarray, Labels]]) -> dict[str, bytes]:
    return members(few)


def assert_few(build: str, few: dict[str, tuple[np.ndarray, Labels]]) -> None:
    target = load_pair("mnist", build=build).target
    assert [len(split) for split in (target.train, target.validation, target.test)] == [
        50,
        5000,
        40,
    ]
    images = torch.cat([target.train.images, target.validation.images])
    labels = torch.cat([target.train.labels, target.validation.labels])
    for part, found in {"train": (images, labels), "test": vars(target.test).values()}.items():
        for mine, theirs in zip(found, few[part], strict=True):
            assert np.array_equal(mine.numpy(), theirs)


@pytest.mark.parametrize("name", ["mnist_m.tar.gz", "mnist_m.tar", "download (1).bin"])
def test_the_authors_archive(
    name: str, authors: dict[str, bytes], few: Any, real_data: DataStore, tmp_path: Path
) -> None:
    """Whatever it is called, packed or not, and with the labels after or before the images."""
    packed = gzip.compress(tar(*authors.items()), 1) if name.endswith("gz") else None
    (tmp_path / name).write_bytes(packed or tar(*reversed(authors.items())))
    build = import_mnistm(tmp_path / name, real_data)
    assert_few(build, few)
    assert load_pair("mnist", build=build).build["photos"] == f"imported from {name}"


@pytest.mark.parametrize("form", ["pt", "pt.tar.gz", "pt.gz"])
@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("dtype", ["int64", "uint8"])
def test_torch_files_as_they_are_or_packed(
    form: str, legacy: bool, dtype: str, few: Any, real_data: DataStore, tmp_path: Path
) -> None:
    for part, (images, labels) in few.items():
        content = (torch.from_numpy(images), torch.from_numpy(labels).to(getattr(torch, dtype)))
        raw = saved(content, legacy)
        if "tar" in form:
            raw = tar((f"mnist_m_{part}.pt", raw))
        (tmp_path / f"mnist_m_{part}.{form}").write_bytes(
            gzip.compress(raw, 1) if "gz" in form else raw
        )
    for part in few:
        assert_few(import_mnistm(tmp_path / f"mnist_m_{part}.{form}", real_data), few)


# What is not MNIST-M


@pytest.fixture(scope="module")
def spoilt(few: dict[str, tuple[np.ndarray, Labels]]) -> dict[str, tuple[Any, Any]]:
    """Training images and labels that are no MNIST-M, with one good part left as it is."""
    images, labels = few["train"]
    random = np.random.default_rng(0)
    noise = random.integers(0, 256, images.shape, np.uint8)
    plain_digits = np.where(_ink(few), np.uint8(255), np.zeros_like(images))
    some = images.copy()
    some[1000:1100] = noise[1000:1100]
    return {
        "noise": (noise, labels),
        "grey noise": (np.clip(random.normal(128, 9, images.shape), 0, 255).astype("u1"), labels),
        "black": (np.zeros_like(images), labels),
        "white": (np.full_like(images, 255), labels),
        "digits on black": (plain_digits, labels),
        "digits on grey": (np.abs(np.int16(90) - plain_digits).astype(np.uint8), labels),
        "photos alone": (np.where(_ink(few), 255 - images, images), labels),
        "shuffled": (random.permutation(images), labels),
        "moved by one": (np.roll(images, 1, axis=0), labels),
        "shifted by a pixel": (np.roll(images, 1, axis=2), labels),
        "transposed": (images.transpose(0, 2, 1, 3), labels),
        "upside down": (images[:, ::-1], labels),
        "two in a hundred are noise": (some, labels),
        "ones and zeros": (images // 255, labels),
        "labels shuffled": (images, random.permutation(labels)),
        "one label wrong": (images, np.concatenate([[(labels[0] + 1) % 10], labels[1:]])),
        "labels from 1": (images, labels + 1),
        "labels are truths": (images, labels > 0),
        "labels are floats": (images, labels.astype(np.float32)),
        "labels in columns": (images, np.eye(10, dtype=np.int64)[labels]),
        "labels too few": (images, labels[:-1]),
        "images are floats": (images.astype(np.float32) / 255, labels),
        "images are int64": (images.astype(np.int64), labels),
        "images are truths": (images > 127, labels),
        "channels first": (images.transpose(0, 3, 1, 2), labels),
        "one channel": (images[..., :1], labels),
        "no images": (images[:0], labels[:0]),
        "too few": (images[:5000], labels[:5000]),
    }


def _ink(few: dict[str, tuple[np.ndarray, Labels]]) -> np.ndarray:
    digits = mnist.read_mnist(DataStore.open())[0][0][: len(few["train"][0])]
    return (digits > 0)[..., None]


SPOILT = {
    "noise": r"Only \d+ of 5050 images .* \|photo - digit\|.* labels are unknown",
    "grey noise": "Only .* of 5050 images",
    "black": r"Only \d of 5050 images",
    "white": r"Only \d of 5050 images",
    "digits on black": r"Only \d of 5050 images",
    "digits on grey": r"Only \d of 5050 images",
    "photos alone": "Only .* of 5050 images",
    "shuffled": "Only .* of 5050 images",
    "moved by one": "Only .* of 5050 images",
    "shifted by a pixel": "Only .* of 5050 images",
    "transposed": "Only .* of 5050 images",
    "upside down": "Only .* of 5050 images",
    "two in a hundred are noise": "Only 49.* of 5050 images",
    "ones and zeros": "Only .* of 5050 images",
    "labels shuffled": r"\d+ of 5050 labels .* are not MNIST's",
    "one label wrong": "1 of 5050 labels .* are not MNIST's",
    "labels from 1": "5050 of 5050 labels .* are not MNIST's",
    "labels are truths": r"labels of type bool and shape \(5050,\)",
    "labels are floats": "labels of type float32",
    "labels in columns": r"labels of type int64 and shape \(5050, 10\)",
    "labels too few": r"shape \(5049,\), where whole numbers of shape \(5050,\)",
    "images are floats": "images of type float32; only uint8",
    "images are int64": "images of type int64; only uint8",
    "images are truths": "images of type bool; only uint8",
    "channels first": r"shape \(5050, 3, 28, 28\); images of shape \(N, 28, 28, 3\)",
    "one channel": r"shape \(5050, 28, 28, 1\)",
    "no images": "0 images; 1 to 60000",
    "too few": "5000 training images; more than 5,000",
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_no_mnistm_is_refused(
    name: str, few: Any, spoilt: Any, real_data: DataStore, tmp_path: Path
) -> None:
    images, labels = spoilt[name]
    content = torch.from_numpy(images.copy()), torch.from_numpy(labels)
    (tmp_path / "mnist_m_train.pt").write_bytes(saved(content))
    good = tuple(map(torch.from_numpy, few["test"]))
    (tmp_path / "mnist_m_test.pt").write_bytes(saved(good))
    before = sorted((real_data.cache / "mnist-m").glob("*"))
    with pytest.raises(DataError, match=SPOILT[name]) as caught:
        import_mnistm(tmp_path / "mnist_m_train.pt", real_data)
    assert "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)
    assert sorted((real_data.cache / "mnist-m").glob("*")) == before


def test_all_spoilt_ones_are_tried(spoilt: Any) -> None:
    assert spoilt.keys() == SPOILT.keys()


@pytest.mark.parametrize("packed", [False, True])
def test_the_same_holds_for_the_other_kinds_of_file(
    packed: bool,
    few: Any,
    spoilt: Any,
    authors: dict[str, bytes],
    real_data: DataStore,
    tmp_path: Path,
) -> None:
    for name in ("noise", "black", "shuffled"):
        wrong = {"train": spoilt[name][0], "test": few["test"][0]}
        with pytest.raises(DataError, match=r"Only .* of 5050 images"):
            import_mnistm(write(tmp_path, wrong), real_data)
    wrong_labels = authors["mnist_m/mnist_m_test_labels.txt"].replace(
        b"00000003.png 0", b"00000003.png 1"
    )
    assert wrong_labels != authors["mnist_m/mnist_m_test_labels.txt"]
    raw = tar(*(authors | {"mnist_m/mnist_m_test_labels.txt": wrong_labels}).items())
    (tmp_path / "a").write_bytes(gzip.compress(raw, 1) if packed else raw)
    with pytest.raises(DataError, match="1 of 40 labels"):
        import_mnistm(tmp_path / "a", real_data)


@pytest.mark.parametrize(("seed", "photos"), [(0, "shared"), (1, "heldout")])
def test_each_image_of_our_own_builds_passes(seed: int, photos: str, real_data: DataStore) -> None:
    """All 70,000 of them, and no other digit would."""
    made = mnistm.mnistm(real_data, *mnist.read_mnist(real_data), seed, photos)
    for images, (digits, labels) in zip(
        (made.train, made.test), mnist.read_mnist(real_data), strict=True
    ):
        assert importing._shows(images, digits).all()
        same = np.argsort(labels, kind="stable")  # the next digit of the same class
        next_one = digits[np.roll(same, 1)[np.argsort(same)]]
        assert importing._shows(images, next_one).mean() < 0.1
    if seed:
        mnistm.cache_file(real_data, made.build["id"]).unlink()


def test_digits_that_are_there_twice_are_refused(
    few: Any, real_data: DataStore, tmp_path: Path
) -> None:
    images = few["train"][0]
    content = {"train": images, "valid": images[:100], "test": few["test"][0]}
    with pytest.raises(DataError, match="same digits in 'train' and in 'valid'"):
        import_mnistm(write(tmp_path, content), real_data)


# Other files


def link(kind: bytes, name: str, to: str) -> bytes:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, to
    return member.tobuf(tarfile.GNU_FORMAT) + bytes(1024)


ONE = "mnist_m/mnist_m_train/00000000.png"
LABELS = "mnist_m/mnist_m_train_labels.txt"


def a_picture(mode: str = "RGB", side: int = 32) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, (side, side)).save(stream, "PNG")
    return stream.getvalue()


WHICH = r"none of the files that can be imported\. Those are: mnist_m\.tar\.gz, .*mnistm_data\.pkl"
OTHERS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", f"is damaged, or .*{WHICH}"),
    "text": (b"MNIST-M is here: http://example.org\n" * 99, WHICH),
    "numbers": (b"5,0,4,1\n" * 99, WHICH),
    "a web page": (
        b"\n<!DOCTYPE html><html><body>Not found</body></html>",
        f"is a web page.*{WHICH}",
    ),
    "a picture": (a_picture(), WHICH),
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(900), WHICH),
    "zeros": (bytes(5000), WHICH),
    "a gzipped text": (gzip.compress(b"text"), WHICH),
    "a gzip that is cut": (gzip.compress(os.urandom(900))[:500], r"damaged \(EOFError\)"),
    "a NumPy archive": (b"", ""),  # made below, where there is a folder
    "a zip": (b"", ""),
    "a bare tensor": (saved(torch.zeros(3)), "not of a pair of images and labels"),
    "a state": (saved({"weight": torch.zeros(3)}), "not of a pair of images and labels"),
    "an old state": (saved({"weight": torch.zeros(3)}, True), "not of a pair of images and labels"),
    "a triple": (saved((torch.zeros(3),) * 3), "not of a pair of images and labels"),
    "a sparse pair": (saved((torch.zeros(3, 3).to_sparse(),) * 2), "images of type float32"),
    "a module": (saved(torch.nn.Linear(2, 2)), "damaged"),
    "a cut .pt": (saved((torch.zeros(99),) * 2)[:400], "damaged"),
    "a cut old .pt": (saved((torch.zeros(99),) * 2, True)[:400], "damaged"),
    "a pickled list": (pickle.dumps([1, 2]), "not of a dictionary of arrays"),
    "a pickled text": (pickle.dumps("text"), "not of a dictionary of arrays"),
    "an empty tar": (tar(), WHICH),
    "a tar of something": (tar(("a.txt", b"a")), "no labels"),
    "a tar of one .pt": (tar(("train.pt", saved((torch.zeros(3),) * 3))), "not of a pair"),
    "a tar that is cut": (tar((ONE, a_picture()))[:700], "damaged"),
    "a gzipped tar that is cut": (gzip.compress(tar((ONE, os.urandom(5000))))[:3000], "damaged"),
    "names that lead out": (tar(("../../mnist_m_train/00000000.png", a_picture())), "no labels"),
    "an absolute name": (tar(("/mnist_m/mnist_m_train/00000000.png", a_picture())), "no labels"),
    "other names": (tar(("mnist_m/train/0.png", a_picture())), "no labels"),
    "a link": (link(tarfile.SYMTYPE, ONE, "/etc/passwd"), "00000000.png is not a plain file"),
    "a hard link": (link(tarfile.LNKTYPE, ONE, "/etc/passwd"), "is not a plain file"),
    "a device": (link(tarfile.CHRTYPE, ONE, ""), "is not a plain file"),
    "a pipe": (link(tarfile.FIFOTYPE, LABELS, ""), "is not a plain file"),
    "a linked .pt": (link(tarfile.SYMTYPE, "mnist_m_train.pt", "x"), "is not a plain file"),
    "a folder by a file's name": (link(tarfile.DIRTYPE, ONE, ""), "is not a plain file"),
    "a grey picture": (tar((ONE, a_picture("L"))), "is L, 32 x 32 pixels, where RGB, 32 x 32"),
    "a small picture": (tar((ONE, a_picture(side=28))), "is RGB, 28 x 28 pixels"),
    "no picture": (tar((ONE, b"text")), "damaged"),
    "a JPEG as a PNG": (tar((ONE, b"\xff\xd8\xff\xe0")), "damaged"),
    "labels alone": (tar((LABELS, b"00000000.png 5\n")), "0 images .* and 1 labels"),
    "pictures alone": (tar((ONE, a_picture())), "no labels, or not all, in .*train_labels"),
    "a label of 10": (tar((LABELS, b"00000000.png 10\n")), "a line b'00000000.png 10', unlike"),
    "labels in another form": (tar((LABELS, b"0,5\n1,0\n")), "a line b'0,5', unlike"),
    "binary labels": (tar((LABELS, bytes(range(256)))), "a line b'.*', unlike '00000000.png 5'"),
    "labels with a gap": (tar((LABELS, b"00000001.png 5\n"), (ONE, a_picture())), "not all"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_refused_in_a_line_that_helps(
    name: str, empty: DataStore, tmp_path: Path
) -> None:
    raw, message = OTHERS[name]
    file = tmp_path / "mnist_m_train.pt"
    file.write_bytes(raw)
    if name == "a NumPy archive":
        with open(file, "wb") as stream:
            np.savez(stream, train=np.zeros(3))
        message = "damaged"
    if name == "a zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("mnist_m/a.png", b"a")
        message = "damaged"
    with pytest.raises(DataError, match=message) as caught:
        import_mnistm(file, empty)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not empty.cache.exists()
    assert os.listdir(tmp_path) == [file.name]


def test_one_part_needs_its_name_and_the_other(empty: DataStore, tmp_path: Path) -> None:
    raw = saved((torch.zeros(3, 28, 28, 3, dtype=torch.uint8), torch.zeros(3, dtype=torch.int64)))
    for name in ("archive.pt", "archive.tar.gz", "train.tar"):
        (tmp_path / name).write_bytes(raw if name.endswith("pt") else tar(("train.pt", raw)))
        with pytest.raises(DataError, match=r"one part of an MNIST-M\. Name it like mnist_m_train"):
            import_mnistm(tmp_path / name, empty)
    (tmp_path / "mnist_m_test.pt").write_bytes(raw)
    with pytest.raises(DataError, match=r"the other, mnist_m_train\.pt, must be beside it"):
        import_mnistm(tmp_path / "mnist_m_test.pt", empty)
    (tmp_path / "mnist_m_train.pt").write_bytes(pickle.dumps(plain()))
    with pytest.raises(DataError, match=r"mnist_m_train\.pt is not the other part of mnist_m_test"):
        import_mnistm(tmp_path / "mnist_m_test.pt", empty)


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices have no names on Windows")
@pytest.mark.timeout(60)
def test_what_is_no_file_is_refused_at_once(empty: DataStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pkl")
    (tmp_path / "folder.pt").mkdir()
    (tmp_path / "linked.pkl").symlink_to("pipe.pkl")
    (tmp_path / "nowhere.pkl").symlink_to("gone.pkl")
    (tmp_path / "circle.pkl").symlink_to("circle.pkl")
    for path, message in {
        tmp_path / "pipe.pkl": "is a pipe, not a file",
        tmp_path / "linked.pkl": "is a pipe, not a file",
        tmp_path / "folder.pt": "is a folder, not a file",
        Path("/dev/zero"): "is a device, not a file",
        tmp_path / "nowhere.pkl": "There is no file",
        tmp_path / "circle.pkl": "cannot be looked at",
        tmp_path / ("x" * 300): "cannot be looked at",
    }.items():
        with pytest.raises(DataError, match=message):
            import_mnistm(path, empty)
    os.mkfifo(tmp_path / "mnist_m_train.pt")
    raw = saved((torch.zeros(3, 28, 28, 3, dtype=torch.uint8), torch.zeros(3, dtype=torch.int64)))
    (tmp_path / "mnist_m_test.pt").write_bytes(raw)
    with pytest.raises(DataError, match=r"mnist_m_train\.pt is a pipe, not a file"):
        import_mnistm(tmp_path / "mnist_m_test.pt", empty)


@pytest.mark.skipif(sys.platform != "linux", reason="the memory is counted in other units")
def test_nothing_larger_than_an_mnistm_is_made(tmp_path: Path) -> None:
    for name, make in BOMBS.items():
        (tmp_path / name).write_bytes(make())
    command = [sys.executable, bombs.__file__, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, timeout=240, cwd=ROOT, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr
    told = [line.split("\t") for line in ended.stdout.splitlines()]
    assert {name for name, *_ in told} == {"at first", *BOMBS}
    assert all(said.startswith("refused: ") for _, _, said in told[1:])
    taken = int(told[-1][1]) - int(told[0][1])
    assert taken < 700, "MB: a file unpacked, and what is made of it"
