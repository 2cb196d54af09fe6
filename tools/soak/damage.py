"""Damage to files: to their bytes, to the fields in them, and other things in their place."""

from __future__ import annotations

import gzip
import io
import math
import os
import pickle
import random
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tools.soak.children import Ended
from tools.soak.sandbox import PLACES
from tools.soak.verdicts import Case, Verdict, crash

CASE = Path("case")
"""The folder in the sandbox in which a case makes what it needs."""
Bend = Callable[[bytes], bytes]
Spoil = Callable[[Path], None]


class Hostile:
    """Unpickled, it would leave a folder that is looked for."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, ("case/attacked",))


# Bytes


def _archive_of(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def _swollen() -> bytes:
    """The head of an array of 8 TB."""
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776,), }"
    head = head.ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head


OTHERS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "one byte": lambda: b"\0",
    "a text": lambda: b"This is no such file.\n",
    "a page": lambda: b"<!doctype html><title>404</title>",
    "random bytes": lambda: random.Random(0).randbytes(5000),
    "another pickle": lambda: pickle.dumps({"a": 1}),
    "a hostile pickle": lambda: pickle.dumps(Hostile()),
    "a hostile pickle, packed": lambda: gzip.compress(pickle.dumps(Hostile())),
    "a hostile pickle in a zip": lambda: _archive_of("archive/data.pkl", pickle.dumps(Hostile())),
    "gzip of 1 GB of zeros": lambda: gzip.compress(bytes(2**20)) * 1024,
    "a zip of 1 GB of zeros": lambda: _archive_of("archive/data.pkl", bytes(2**30)),
    "a zip with 8 TB declared": lambda: _archive_of("steps.npy", _swollen()),
    "an empty zip": lambda: b"PK\x05\x06" + bytes(18),
    "deep JSON": lambda: b"[" * 100_000,
    "JSON null": lambda: b"null",
    "JSON list": lambda: b"[]",
    "JSON object": lambda: b"{}",
    "not UTF-8": lambda: b'{"\xff\xfe": 1}',
}
"""What is no such file at all."""
CUTS = (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)


def _cut(share: float, data: bytes) -> bytes:
    return data[: int(len(data) * share)]


def _turned(place: float, data: bytes) -> bytes:
    at = min(int(len(data) * place), len(data) - 1)
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]


def _blank(place: float, data: bytes) -> bytes:
    at = int(len(data) * place)
    return data[:at] + bytes(min(64, len(data) - at)) + data[at + 64 :]


def _other(make: Callable[[], bytes], data: bytes) -> bytes:
    return make()


def bends(seed: int, sealed: bool) -> dict[str, Bend]:
    """By what they are. ``sealed``: whether the format has a checksum; in another one, a turned bit
    is just another content."""
    found: dict[str, Bend] = {f"cut at {100 * c:g} %": partial(_cut, c) for c in CUTS}
    found["the last byte gone"] = lambda data: data[:-1]
    found["the first byte gone"] = lambda data: data[1:]
    found |= {name: partial(_other, make) for name, make in OTHERS.items()}
    if sealed:
        places = random.Random(seed)
        for place in [0.0, 1.0, *(places.random() for _ in range(6))]:
            found[f"a bit at {100 * place:.2f} % turned over"] = partial(_turned, place)
        for place in (0.002, 0.5, 0.998):
            found[f"zeros at {100 * place:g} %"] = partial(_blank, place)
        found["more behind it"] = lambda data: data + b"more"
    return found


def rewrite(bend: Bend, path: Path) -> None:
    path.write_bytes(bend(path.read_bytes()))


# What stands in its place

STANDING = (
    *("missing", "folder", "FIFO", "null device", "full device", "dangling link"),
    *("loop of links", "unreadable file", "below an unreadable folder", "below a file"),
    *("socket", "name too long", "name that is not UTF-8"),
)
"""What stands at the place of the file."""
ABSENT = ("missing", "dangling link")


def stand_in(name: str, place: Path) -> None:
    """Put one of the sandbox's curiosities there."""
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    if name != "missing":
        place.symlink_to(Path(*[".."] * (len(place.parts) - 1), PLACES[name]))


# Fields

WRONG: dict[str, Any] = {
    "None": None,
    "a text": "text",
    "-1": -1,
    "1e400": math.inf,
    "10**400": 10**400,
    "an empty list": [],
    "an empty dict": {},
    "a nested list": [[1]],
}
Change = Callable[[Any], Any]


def _changed(keys: tuple[Any, ...], change: Callable[[Any, Any], None], content: Any) -> Any:
    inside = content
    for key in keys[:-1]:
        inside = inside[key]
    change(inside, keys[-1])
    return content


def _removed(inside: Any, key: Any) -> None:
    del inside[key]


def _set(value: Any, inside: Any, key: Any) -> None:
    inside[key] = value(inside[key]) if callable(value) else value


def with_field(*keys: Any, value: Any) -> Change:
    """The content with the field at ``keys`` set, or worked upon if ``value`` is a function."""
    return partial(_changed, keys, partial(_set, value))


def changes(places: list[tuple[Any, ...]]) -> Iterator[tuple[str, Change]]:
    """Each of these fields missing and wrong, by what it is."""
    for keys in places:
        where = ".".join(map(str, keys))
        yield f"{where} missing", partial(_changed, keys, _removed)
        for what, wrong in WRONG.items():
            yield f"{where} is {what}", with_field(*keys, value=wrong)


# Cases


@dataclass(frozen=True)
class Format:
    """``original`` makes a sound file in :data:`CASE` and ``read`` gives what can be compared.

    ``sealed``: whether there is a checksum; ``optional``: whether the file may be missing.
    """

    area: str
    original: Callable[[], Path]
    read: Callable[[Path], str]
    sealed: bool = True
    optional: bool = False
    variables: dict[str, str] | None = None

    def case(self, name: str, spoil: Spoil, allowed: bool = False) -> Case:
        """``allowed``: whether the spoilt file may be read as something else than the sound one."""
        return Case(
            area=self.area,
            name=f"{self.read.__name__}: {name}",
            work=partial(self._reading, spoil),
            judge=partial(
                _judge, allowed, PLACES.get(name.partition(" in its")[0].partition(" at a")[0])
            ),
            seconds=40,
            variables=self.variables,
        )

    def _reading(self, spoil: Spoil) -> dict[str, Any]:
        CASE.mkdir()
        path = self.original()
        good = self.read(path)
        for stream in (sys.stdout, sys.stderr):
            print("\x03", end="", file=stream, flush=True)
        spoil(path)
        found = self.read(path)
        return {"same": found == good, "found": found[:150], "good": good[:150]}

    def bytes_cases(
        self, seed: int, standing: bool = True, allowed: bool = False
    ) -> Iterator[Case]:
        for name, bend in bends(seed, self.sealed).items():
            yield self.case(name, partial(rewrite, bend), allowed)
        for name in STANDING if standing else ():
            absent = self.optional and name in ABSENT
            yield self.case(f"{name} in its place", partial(stand_in, name), allowed or absent)


def _judge(
    allowed: bool, asked: str | None, ended: Ended, gone: list[str], new: list[str]
) -> Verdict:
    if ended.hung:
        return Verdict("hang", f"{ended.seconds:.0f} s")
    # Links are followed: what stands behind one is what was asked to be written.
    if gone := [one for one in gone if one != asked]:
        return Verdict("lost", ", ".join(gone[:5]))
    if "case/attacked" in new:
        return Verdict("wrong", "it ran what the file says")
    complained = ended.complained.rpartition("\x03")[2]
    if "\x03" not in ended.said:
        return Verdict("traceback", f"not even as it is: {ended.where or ended.complained[-300:]}")
    if ended.error:
        one_line = "DannError" in ended.error and "\n" not in ended.message.strip()
        return Verdict("clear") if one_line else Verdict("traceback", ended.where)
    if why := crash(ended):
        return Verdict("traceback", why)
    if ended.status:
        usage = ended.status == 2 and "Error" in complained
        if usage or (ended.status == 1 and complained.count("dann: error: ") == 1):
            return Verdict("clear")
        return Verdict("traceback", f"status {ended.status}: {complained[-400:]!r}")
    if ended.answer["same"] or allowed:
        return Verdict("right")
    return Verdict("wrong", f"{ended.answer['found']} where {ended.answer['good']}")
