"""Ready-made MNIST-M files are read without trusting them."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import os
import pickle
import struct
import tarfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dann_core.datasets import importing, load_pair
from dann_core.datasets.importing import import_mnistm
from dann_core.datasets.store import DataStore
from dann_core.domains import DomainPair
from dann_core.errors import DataError

Arrays = dict[str, np.ndarray]


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
        arrays = importing._read_pickle(write(tmp_path, raw))
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
    arrays = importing._read_pickle(write(tmp_path, raw))
    assert np.array_equal(arrays["train"], pixels)


# What is refused. `ran` is what each attack would leave behind.


class Calls:
    """Pickles as a call of ``function``."""

    def __init__(self, function: Any, *arguments: Any):
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def attacks(ran: Path) -> dict[str, Any]:
    make = f"open({str(ran)!r}, 'w').close()"
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
        ([1, 2, 3], "not a pickled dictionary of arrays"),
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


def test_an_archive_of_another_name_is_refused(empty: DataStore, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"named like mnist_m_train\.pt\.tar\.gz"):
        import_mnistm(tmp_path / "archive.tar.gz", empty)
