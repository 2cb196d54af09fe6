"""Small files that ask for much memory, by name; and what ``python bombs.py FOLDER`` says: what
importing each takes."""

from __future__ import annotations

import gzip
import io
import pickle
import struct
import sys
import tarfile
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

MANY = 10_000_000
"""The number of images of which 23 GB would be made."""


class Calls:
    """Pickles as a call of ``function``."""

    def __init__(self, function: Any, *arguments: Any):
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def expanded(legacy: bool) -> bytes:
    """A tensor of stride 0."""
    images = torch.zeros(1, 28, 28, 3, dtype=torch.uint8).expand(MANY, -1, -1, -1)
    labels = torch.zeros(1, dtype=torch.int64).expand(MANY)
    return saved((images, labels), legacy)


def larger_than_its_storage(legacy: bool) -> bytes:
    """PyTorch makes room for as much as a file says."""
    storage = torch.zeros(2352, dtype=torch.uint8).untyped_storage()
    typed = torch.storage.TypedStorage(wrap_storage=storage, dtype=torch.uint8, _internal=True)
    shape, strides = (MANY, 28, 28, 3), (2352, 84, 3, 1)
    tensor = Calls(torch._utils._rebuild_tensor_v2, typed, 0, shape, strides, False, OrderedDict())
    return saved((tensor, torch.zeros(3, dtype=torch.int64)), legacy)


def saved(content: Any, legacy: bool = False) -> bytes:
    stream = io.BytesIO()
    torch.save(content, stream, _use_new_zipfile_serialization=not legacy)
    return stream.getvalue()


def zipped_again() -> bytes:
    """A PyTorch file whose entries are packed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("archive/data.pkl", b"\x80\x02N.")
        packed.writestr("archive/data/0", bytes(700_000_000))
    return stream.getvalue()


def tar(*members: tuple[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def sparse(size: int) -> bytes:
    """A member that is all hole, of so many bytes (GNU's old form)."""
    member = tarfile.TarInfo("mnist_m/mnist_m_train/00000000.png")
    member.type = tarfile.GNUTYPE_SPARSE
    block = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    block[483:495] = b"%011o\0" % size if size < 8**11 else b"\x80" + size.to_bytes(11, "big")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + bytes(1024)


def png_of(side: int) -> bytes:
    """A picture so large that its pixels fill the memory."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def many_encodings() -> bytes:
    """One long text, encoded and kept again and again: 100 GB."""
    text = b"X" + struct.pack("<I", 50_000_000) + b"x" * 50_000_000 + b"q\x00"
    call = b"c_codecs\nencode\nq\x01"
    again = b"h\x01h\x00X\x06\x00\x00\x00latin1\x86R"
    return b"\x80\x02(" + text + call + again * 2000 + b"t."


def one_array_by_many_names() -> bytes:
    """In another order of its bytes, so that each is a copy: 14 GB."""
    array = np.asfortranarray(np.zeros((60_000, 28, 28, 3), np.uint8))
    return pickle.dumps({str(k): array for k in range(100)} | {"train": array, "test": array})


BOMBS: dict[str, Callable[[], bytes]] = {
    "expanded.mnist_m_train.pt": lambda: expanded(False),
    "expanded-old.mnist_m_train.pt": lambda: expanded(True),
    "larger.mnist_m_train.pt": lambda: larger_than_its_storage(False),
    "larger-old.mnist_m_train.pt": lambda: larger_than_its_storage(True),
    "zipped.mnist_m_train.pt": zipped_again,
    "lists.mnist_m_train.pt": lambda: saved(0, True)[:15] + b"\x80\x02" + b"]" * 50_000_000,
    "gzip.mnist_m_train.pt.tar.gz": lambda: gzip.compress(
        tar(("mnist_m_train.pt", bytes(1_500_000_000))), 1
    ),
    "expanded.mnist_m_train.pt.tar.gz": lambda: gzip.compress(
        tar(("mnist_m_train.pt", expanded(False)))
    ),
    "sparse.tar": lambda: sparse(6_000_000_000),
    "members.tar.gz": lambda: gzip.compress(tar(("x", b""))[:512] * 400_000, 1),
    "picture.tar": lambda: tar(("mnist_m/mnist_m_train/00000000.png", png_of(60_000))),
    "long-picture.tar": lambda: tar(("mnist_m/mnist_m_train/00000000.png", bytes(100_000_000))),
    "number.tar": lambda: tar(("mnist_m/mnist_m_train_labels.txt", b"99999999.png 5\n")),
    "gzip.pkl.gz": lambda: gzip.compress(b"\x80\x02B\xff\xff\xff\x7f" + bytes(1_500_000_000), 1),
    "lists.pkl": lambda: b"\x80\x02" + b"]" * 50_000_000 + b".",
    "memo.pkl": lambda: b"\x80\x02Nr\xff\xff\xff\x7f.",
    "bytes.pkl": lambda: b"\x80\x05\x8e" + struct.pack("<Q", 40_000_000_000) + b"x",
    "bytearray.pkl": lambda: b"\x80\x05\x96" + struct.pack("<Q", 40_000_000_000) + b"x",
    "encodings.pkl": many_encodings,
    "names.pkl.gz": lambda: gzip.compress(one_array_by_many_names(), 1),
}


def main(folder: Path) -> None:
    import resource

    from dann_core.datasets.importing import import_mnistm
    from dann_core.datasets.store import DataStore
    from dann_core.errors import DataError

    store = DataStore(folder / "none", folder / "none")
    first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000
    print(f"at first\t{first}\t")
    for file in sorted(folder.iterdir()):
        try:
            told = import_mnistm(file, store)
        except DataError as error:
            told = f"refused: {error}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000  # in KB on Linux
        print(f"{file.name}\t{peak}\t{told}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
