"""The folder in which a case runs: what a person may have there, and whether it is still there."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

LONG = "n" * 300
"""A name that is longer than any file may have."""
NOT_UTF8 = os.fsdecode(b"caf\xe9.txt")
PLACES = {
    "missing": "missing/place",
    "folder": "folder",
    "file": "notes.txt",
    "empty file": "empty",
    "FIFO": "fifo",
    "null device": "null",
    "full device": "full",
    "link to a file": "link",
    "dangling link": "dangling",
    "loop of links": "loop",
    "unreadable file": "unreadable.txt",
    "unreadable folder": "closed",
    "below an unreadable folder": "closed/new",
    "read-only folder": "readonly",
    "below a read-only folder": "readonly/new",
    "below a file": "notes.txt/new",
    "socket": "socket",
    "name that is not UTF-8": NOT_UTF8,
    "new name that is not UTF-8": os.fsdecode(b"neu\xff"),
    "name too long": LONG,
    "path too long": "d/" * 3000,
    "empty": "",
    "blank": " ",
    "line break": "two\nlines",
    "looks like HTML": "<b>bold</b>",
    "looks like an option": "-x",
    "no such home": "~nobody-of-this-name/x",
    "run": "runs/done",
    "run's checkpoint": "runs/done/checkpoint.pt",
    "link to a run": "runs/linked",
}
"""Paths in a sandbox by what they are."""
DEVICES = {"null": (1, 3), "full": (1, 7)}

Stat = tuple[int, ...]


@dataclass
class Thing:
    """One entry: ``kind`` (the bits of its mode), where it leads, its content's checksum."""

    kind: int
    target: str
    digest: str
    stat: Stat


@dataclass
class Sandbox:
    """``folder``, made from ``runs`` (a folder of runs, copied in); ``things``: what was there."""

    folder: Path
    runs: Path
    things: dict[str, Thing] = field(default_factory=dict)

    def furnish(self) -> None:
        """Put everything there anew."""
        _remove(self.folder)
        self.folder.mkdir()
        here = self.folder
        shutil.copytree(self.runs, here / "runs", symlinks=True)
        for name in ("folder", "home", "data", "readonly", "closed", "<b>bold<", "cache"):
            (here / name).mkdir()
        (here / "<b>bold<" / "b>").write_text("kept\n", encoding="utf-8")
        for name in ("notes.txt", "unreadable.txt", "readonly/kept.txt", "closed/kept.txt"):
            (here / name).write_text(f"{name}: nobody may lose this\n", encoding="utf-8")
        (here / "empty").touch()
        (here / NOT_UTF8).write_text("kept\n", encoding="utf-8")
        (here / "link").symlink_to("notes.txt")
        (here / "dangling").symlink_to("nowhere")
        (here / "loop").symlink_to("loop2")
        (here / "loop2").symlink_to("loop")
        (here / "runs" / "linked").symlink_to("done")
        os.mkfifo(here / "fifo")
        _make_pets(here)
        self._make_devices()
        _make_socket(here / "socket")
        (here / "unreadable.txt").chmod(0)
        (here / "closed").chmod(0)
        (here / "readonly").chmod(0o555)
        self.things = dict(self._look({}))

    def _make_devices(self) -> None:
        for name, (major, minor) in DEVICES.items():
            place = self.folder / name
            try:
                os.mknod(place, stat.S_IFCHR | 0o666, os.makedev(major, minor))
                place.chmod(0o666)
            except PermissionError:  # only root makes devices; a link to it is the next best
                place.symlink_to(Path("/dev", name))

    def changes(self) -> tuple[list[str], list[str]]:
        """What was changed or is gone, and what is new, as paths relative to the folder."""
        now = dict(self._look(self.things))
        gone = [
            name
            for name, was in self.things.items()
            if name not in now
            or (now[name].kind, now[name].target, now[name].digest)
            != (was.kind, was.target, was.digest)
        ]
        return gone, [name for name in now if name not in self.things]

    def tidy(self, gone: list[str], new: list[str]) -> None:
        """Have everything again as it was."""
        if gone:
            self.furnish()
            return
        for name in sorted(new):  # a folder before what is in it
            path = self.folder / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def _look(self, known: dict[str, Thing]) -> Iterator[tuple[str, Thing]]:
        for folder, names, files in os.walk(self.folder):
            for name in (*names, *files):
                path = Path(folder, name)
                relative = str(path.relative_to(self.folder))
                # Read once; what has the same time of change is the same.
                found = os.lstat(path)
                times = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
                if (was := known.get(relative)) is not None and was.stat == times:
                    yield relative, was
                    continue
                target = os.readlink(path) if path.is_symlink() else ""
                digest = ""
                if stat.S_ISREG(found.st_mode) and os.access(path, os.R_OK):
                    digest = hashlib.sha256(path.read_bytes()).hexdigest()
                yield relative, Thing(stat.S_IFMT(found.st_mode), target, digest, times)


def _make_pets(here: Path) -> None:
    """Data of one's own: two domains in folders, the second without labels, and as tables."""
    noise = np.random.default_rng(0)
    for k in range(12):
        for folder in (f"pets-a/{('cat', 'dog')[k % 2]}", "pets-b"):
            (here / folder).mkdir(parents=True, exist_ok=True)
            pixels = noise.integers(0, 256, (8, 8, 3), np.uint8)
            Image.fromarray(pixels).save(here / folder / f"{k}.png")
    for name in ("rows-a.csv", "rows-b.csv"):
        rows = [f"{noise.normal():.6f},{noise.normal():.6f},{k % 2}" for k in range(40)]
        (here / name).write_text("\n".join(["a,b,label", *rows]), encoding="utf-8")


def _make_socket(path: Path) -> None:
    import socket

    # By way of its folder: a socket's address holds 107 bytes.
    before = os.getcwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(before)


def _remove(folder: Path) -> None:
    if not folder.exists():
        return
    for name in ("closed", "readonly"):
        if (folder / name).is_dir():
            (folder / name).chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def workshop() -> Iterator[Path]:
    """A temporary folder that everybody may enter."""
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        Path(name).chmod(0o755)
        yield Path(name)
