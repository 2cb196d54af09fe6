"""Images and labels from archives of PNG files and from PyTorch's files, read without trusting
them: nothing is unpacked onto the disk, and nothing larger than MNIST-M is made of them."""

from __future__ import annotations

import io
import pickletools
import re
import tarfile
import zipfile

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from dann_core.datasets.blending import SIDE, Images
from dann_core.datasets.bounded import Bounded
from dann_core.datasets.mnistm import Labels
from dann_core.datasets.plain_pickles import MOST_IMAGES, MOST_MARKS, check_shape
from dann_core.errors import DataError

LIMIT = 300_000_000
"""The most bytes of an archive once unpacked: a pickled MNIST-M has 250 million, PNG files with
what tar adds 210 million."""
ZIP, OLD_TORCH = b"PK\x03\x04", b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""How PyTorch's files begin: those of today, and those from before version 1.6."""
MOST_MEMBERS = 100_000  # of 68,006 in Ganin's archive
PNG_SIDE, PNG_BYTES, LABEL_BYTES = 32, 10_000, 2_000_000
WHOLE_NUMBERS = (torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64)

LabelledImages = tuple[Images, Labels]


def read_tar(stream: Bounded) -> LabelledImages | dict[str, LabelledImages]:
    """What a tar archive has: of a PyTorch file one part, of Ganin's PNG files "train" and "test".

    Raises :class:`DataError` for anything else, and for what is damaged almost anything.
    """
    pictures = {"train": _Pictures(), "test": _Pictures()}
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for number, member in enumerate(archive):
            if number >= MOST_MEMBERS:
                raise DataError(f"It has over {MOST_MEMBERS} files, which no MNIST-M has.")
            if member.name.endswith(".pt"):
                return read_torch(io.BytesIO(_content(archive, member, LIMIT)))
            if found := _PNG.fullmatch(member.name):
                content = _content(archive, member, PNG_BYTES)
                pictures[found[1]].add(int(found[2]), _picture(content, member.name))
            elif found := _LABELS.fullmatch(member.name):
                pictures[found[1]].read_labels(_content(archive, member, LABEL_BYTES))
    return {part: pictures[part].all(part) for part in pictures}


_PNG = re.compile(r"(?:\./)?(?:mnist_m/)?mnist_m_(train|test)/(\d{8})\.png", re.ASCII)
_LABELS = re.compile(r"(?:\./)?(?:mnist_m/)?mnist_m_(train|test)_labels\.txt", re.ASCII)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, most: int) -> bytes:
    # A link would lead elsewhere, and a sparse file is as large as it says.
    if not member.isreg() or member.issparse():
        raise DataError(f"Its {member.name} is not a plain file.")
    if member.size > most:
        raise DataError(f"Its {member.name} has {member.size} bytes, at most {most} are expected.")
    stream = archive.extractfile(member)
    assert stream is not None  # which it is for links and folders alone
    return stream.read()


def _picture(content: bytes, name: str) -> Images:
    """Ganin's images have a border of 2 pixels around MNIST's 28 x 28."""
    with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
        if (picture.mode, picture.size) != ("RGB", (PNG_SIDE, PNG_SIDE)):
            width, height = picture.size
            raise DataError(
                f"Its {name} is {picture.mode}, {width} x {height} pixels, where RGB, "
                f"{PNG_SIDE} x {PNG_SIDE} is needed."
            )
        border = (PNG_SIDE - SIDE) // 2
        return np.asarray(picture)[border:-border, border:-border]


class _Pictures:
    """The images and labels of one part, by their numbers as they come in."""

    def __init__(self) -> None:
        self.images = np.empty((MOST_IMAGES, SIDE, SIDE, 3), np.uint8)
        self.there = np.zeros(MOST_IMAGES, bool)
        self.labels: dict[int, int] = {}

    def add(self, number: int, picture: Images) -> None:
        if number >= MOST_IMAGES:
            raise DataError(f"It has an image number {number}; MNIST-M ends before {MOST_IMAGES}.")
        self.images[number], self.there[number] = picture, True

    def read_labels(self, content: bytes) -> None:
        for line in content.splitlines():
            found = re.fullmatch(rb"(\d{8})\.png ([0-9])", line.strip())
            if not found:
                raise DataError(f"Its labels have a line {line[:40]!r}, unlike '00000000.png 5'.")
            self.labels[int(found[1])] = int(found[2])

    def all(self, part: str) -> LabelledImages:
        number = len(self.labels)
        if not number or sorted(self.labels) != list(range(number)):
            raise DataError(f"It has no labels, or not all, in mnist_m/mnist_m_{part}_labels.txt.")
        if not np.array_equal(np.flatnonzero(self.there), np.arange(number)):
            raise DataError(
                f"It has {int(self.there.sum())} images in mnist_m/mnist_m_{part} and {number} "
                "labels of them: they must be the same ones."
            )
        labels = np.array([self.labels[k] for k in range(number)], dtype=np.int64)
        return self.images[:number], labels


def read_torch(stream: io.BytesIO) -> LabelledImages:
    """The images and labels of a PyTorch file: uint8 [N, 28, 28, 3] and whole numbers [N].

    Raises :class:`DataError` for anything else, and for what is damaged almost anything.
    """
    _check_size(stream)
    found = torch.load(stream, map_location="cpu", weights_only=True)
    if not isinstance(found, list | tuple) or [type(part) for part in found] != [Tensor, Tensor]:
        raise DataError("It is a PyTorch file, but not of a pair of images and labels.")
    images, labels = found
    if images.dtype != torch.uint8:
        raise DataError(f"It holds images of type {_name(images)}; only uint8 is read.")
    # Before anything is copied: a tensor can be far larger than the memory that it is a view of.
    check_shape(tuple(images.shape))
    if labels.dtype not in WHOLE_NUMBERS or labels.shape != (len(images),):
        raise DataError(
            f"It holds labels of type {_name(labels)} and shape {tuple(labels.shape)}, where whole "
            f"numbers of shape ({len(images)},) are needed."
        )
    return np.ascontiguousarray(images.numpy()), labels.numpy().astype(np.int64)


def _name(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _check_size(stream: io.BytesIO) -> None:
    """Raise :class:`DataError` for what would unpack to more than an MNIST-M."""
    head = stream.read(len(OLD_TORCH))
    stream.seek(0)
    if head.startswith(ZIP):
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            raise DataError("It has packed entries, which PyTorch's files do not have.")
        # PyTorch's reader and this one have to find the same ones.
        if sum(entry.file_size for entry in entries) > len(stream.getbuffer()):
            raise DataError("Its entries are larger than the file.")
        programs = [e for e in entries if e.filename.endswith(".pkl")]
        if any(entry.file_size > 10 * MOST_MARKS for entry in programs):
            raise DataError("It holds more than a pair of images and labels.")
    elif head == OLD_TORCH:
        # The pickles that stand before the tensors' bytes: a number, a version, the machine that
        # wrote it, the content, and the names of the tensors.
        for _ in range(5):
            for number, _instruction in enumerate(pickletools.genops(stream)):
                if number >= MOST_MARKS:
                    raise DataError("It holds more than a pair of images and labels.")
    else:
        raise DataError("It is not a PyTorch file.")
    stream.seek(0)
