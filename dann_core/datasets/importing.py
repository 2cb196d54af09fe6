"""Ready-made MNIST-M files, read without trusting them.

Two kinds are known: a pickled dictionary of uint8 arrays ``train``, ``test`` and perhaps ``valid``
(tf-dann's ``mnistm_data.pkl``, keras_mnistm's ``keras_mnistm.pkl.gz``), and a pair of archives of
torch files (liyxi/mnist-m's ``mnist_m_train.pt.tar.gz`` and ``mnist_m_test.pt.tar.gz``).

A pickle is a program. Ours runs with stand-ins for the five functions that a plain uint8 array
needs; any other name in it stops the import before anything is called.
"""

from __future__ import annotations

import gzip
import io
import pickle
import re
import tarfile
from pathlib import Path
from typing import IO, Any

import numpy as np
import torch

from dann_core.datasets.blending import SIDE, Images, checksum
from dann_core.datasets.mnist import read_mnist
from dann_core.datasets.mnistm import Labels, MnistM, cache_file, save
from dann_core.datasets.store import DataStore
from dann_core.errors import DataError
from dann_core.files import AnyPath

LIMIT = 600_000_000  # bytes once decompressed; a pickled MNIST-M has at most 250 million


class Bounded(io.BufferedIOBase):
    """``stream``, but reading more than ``limit`` bytes is an error, so that no archive can swell.

    Raises :class:`DataError` from ``read``.
    """

    def __init__(self, stream: io.BufferedIOBase | IO[bytes], limit: int):
        self.stream, self.limit, self.left = stream, limit, limit

    def read(self, size: int | None = -1) -> bytes:
        # One byte more than allowed is enough to know.
        wanted = self.left + 1 if size is None or size < 0 else min(size, self.left + 1)
        return self._counted(self.stream.read(wanted))

    def readline(self, size: int | None = -1) -> bytes:
        return self._counted(self.stream.readline(self.left + 1))

    def _counted(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise DataError(f"It is larger than {self.limit / 1e6:.0f} MB, which no such file is.")
        return data


def import_mnistm(path: AnyPath, store: DataStore) -> str:
    """Import a ready-made MNIST-M into the cache; returns the build id for ``load_pair``.

    ``path``: one of the files above; of the two archives either one, with the other beside it.
    Labels that the file lacks are MNIST's own, in order, which takes MNIST to be there. tf-dann
    held back the *first* 5,000 digits for validation and others the last, so where the arrays
    belong is read off the images themselves.

    Raises :class:`DataError` if the file is missing, damaged, of another kind, not safe, or does
    not show MNIST's digits.
    """
    path = Path(path).expanduser()
    if path.name.endswith((".tar.gz", ".tgz")):
        names = [re.sub(r"(train|test)(?=\.pt\.)", part, path.name) for part in ("train", "test")]
        if names[0] == names[1]:
            raise DataError(f"{path} is not named like mnist_m_train.pt.tar.gz.")
        (train, train_labels), (test, test_labels) = (
            _read_torch_archive(path.with_name(name)) for name in names
        )
    else:
        arrays = _read_pickle(path)
        mnist_train, mnist_test = read_mnist(store)
        parts = [_place(path, arrays[k], mnist_train) for k in ("train", "valid") if k in arrays]
        parts.sort(key=lambda part: part[0])
        train = np.concatenate([images for _, images, _ in parts])
        train_labels = np.concatenate([labels for _, _, labels in parts])
        _, test, test_labels = _place(path, arrays["test"], mnist_test)
    if len(train) <= 5_000:
        raise DataError(f"{path} has {len(train)} training images; more than 5,000 are needed.")
    name = f"imported-{checksum(train, test, train_labels, test_labels)[:8]}"
    build = {"pair": "mnist", "id": name, "photos": f"imported from {path.name}"}
    save(MnistM(train, test, train_labels, test_labels, build), cache_file(store, name))
    return name


def _read_pickle(path: Path) -> dict[str, Images]:
    try:
        with open(path, "rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            stream: io.BufferedIOBase = gzip.GzipFile(fileobj=raw) if packed else raw
            content = _PlainArrays(Bounded(stream, LIMIT), encoding="latin1").load()
        arrays = {_text(key): value.images() for key, value in content.items()}
    except DataError as error:
        raise DataError(f"{path} was not imported. {error}") from error
    except FileNotFoundError as error:
        raise DataError(f"There is no file {path}.") from error
    except Exception as error:  # a damaged or hostile pickle can raise anything
        raise DataError(
            f"{path} is not a pickled dictionary of arrays, or is damaged "
            f"({type(error).__name__}). Get it again."
        ) from error
    if not {"train", "test"} <= arrays.keys():
        raise DataError(f"{path} holds {sorted(arrays)}, but 'train' and 'test' are needed.")
    return arrays


def _text(key: str | bytes) -> str:
    return key if isinstance(key, str) else key.decode("ascii")


class _PlainArrays(pickle.Unpickler):
    """An unpickler that knows plain uint8 arrays only.

    What it hands to the pickle are this module's own few lines, not NumPy's: NumPy's
    ``_reconstruct`` and ``__setstate__`` would build arrays of Python objects.
    """

    def find_class(self, module: str, name: str) -> Any:
        # NumPy 2 renamed its modules, and reads either name.
        match module.replace("numpy._core.", "numpy.core."), name:
            case "numpy.core.multiarray", "_reconstruct":
                return _reconstruct
            case "numpy.core.numeric", "_frombuffer":
                return _frombuffer
            case "numpy", "ndarray":
                return None  # only ever an argument of _reconstruct
            case "numpy", "dtype":
                return _dtype
            case "_codecs", "encode":
                return _encode
        raise DataError(
            f"It asks for {module}.{name}, which no plain array needs: it may be an attack. "
            "Do not open it with anything else."
        )


class _Type:
    """Stands in for ``numpy.dtype('uint8')``, which has one byte and so no byte order to set."""

    __slots__ = ()

    def __setstate__(self, state: Any) -> None:
        pass


class _Array:
    """Stands in for ``numpy.ndarray`` until its content arrives."""

    __slots__ = ("array",)

    def __setstate__(self, state: tuple[int, tuple[int, ...], _Type, bool, bytes | str]) -> None:
        _, shape, dtype, fortran, content = state
        if isinstance(content, str):  # Python 2's
            content = content.encode("latin1")
        self._fill(content, dtype, shape, bool(fortran))

    def _fill(
        self, content: bytes | bytearray, dtype: _Type, shape: tuple[int, ...], fortran: bool
    ) -> None:
        if not isinstance(dtype, _Type) or not isinstance(content, bytes | bytearray):
            raise DataError("It holds something else than plain uint8 arrays.")
        flat = np.frombuffer(content, np.uint8)
        self.array = flat.reshape(shape, order="F" if fortran else "C")

    def images(self) -> Images:
        return _checked(self.array)


def _reconstruct(subtype: None, shape: Any, typecode: Any) -> _Array:
    return _Array()


def _frombuffer(content: bytearray, dtype: _Type, shape: tuple[int, ...], order: str) -> _Array:
    array = _Array()
    array._fill(content, dtype, shape, order == "F")
    return array


def _dtype(code: str, align: Any, copy: Any) -> _Type:
    if code not in ("u1", "|u1", "uint8"):
        raise DataError(f"It holds an array of type {code!r}; only uint8 is read.")
    return _Type()


def _encode(text: str, encoding: str) -> bytes:
    if encoding != "latin1":
        raise DataError(f"It asks for the encoding {encoding!r}, which no plain array needs.")
    return text.encode("latin1")


def _checked(images: Images) -> Images:
    if images.ndim != 4 or images.shape[1:] != (SIDE, SIDE, 3):
        raise DataError(
            f"It holds an array of shape {images.shape}; images of shape (N, 28, 28, 3) are needed."
        )
    return np.ascontiguousarray(images)


def _place(path: Path, images: Images, mnist: tuple[Images, Labels]) -> tuple[int, Images, Labels]:
    """Where in MNIST the images begin, the images, and their labels from there."""
    digits, labels = mnist
    spare = len(digits) - len(images)
    if spare < 0 or not len(images):
        raise DataError(
            f"{path} has {len(images)} images where MNIST has {len(digits)}: their labels are "
            "unknown."
        )
    for begin in sorted({0, spare}):
        if _shows(images, digits[begin : begin + len(images)]):
            return begin, images, labels[begin : begin + len(images)]
    raise DataError(
        f"The {len(images)} images in {path} are not MNIST's digits in MNIST's order, so their "
        "labels are unknown."
    )


def _shows(images: Images, digits: Images) -> bool:
    """Whether inverting the digits' strokes takes edges away, as it does with the right digits.

    Blending turned the photo into its negative under each stroke and so drew the stroke's outline;
    the same stroke takes it back, another one draws more.
    """
    some = slice(None, None, max(1, len(images) // 500))
    blended = images[some].astype(np.int16)
    restored = np.where((digits[some] > 0)[..., None], 255 - blended, blended)

    def edges(x: np.ndarray) -> int:
        return int(np.abs(np.diff(x, axis=1)).sum() + np.abs(np.diff(x, axis=2)).sum())

    return edges(restored) < edges(blended)


def _read_torch_archive(path: Path) -> tuple[Images, Labels]:
    try:
        with (
            gzip.open(path) as packed,
            tarfile.open(fileobj=Bounded(packed, LIMIT), mode="r|") as archive,
        ):
            content = next(
                io.BytesIO(stream.read())
                for member in archive
                if member.name.endswith(".pt") and (stream := archive.extractfile(member))
            )
        images, labels = torch.load(content, map_location="cpu", weights_only=True)
        if images.dtype != torch.uint8 or labels.shape != (len(images),):
            raise DataError("It does not hold uint8 images and as many labels.")
        if not ((labels >= 0) & (labels <= 9)).all():
            raise DataError("It holds labels outside 0-9.")
        return _checked(images.numpy()), labels.numpy().astype(np.int64)
    except DataError as error:
        raise DataError(f"{path} was not imported. {error}") from error
    except FileNotFoundError as error:
        raise DataError(
            f"There is no file {path}. The training and the test archive must be side by side."
        ) from error
    except Exception as error:  # a damaged or hostile archive can raise anything
        raise DataError(
            f"{path} is not an archive of a torch file, or is damaged "
            f"({type(error).__name__}). Get it again."
        ) from error
