"""How files are looked at and written: links, modes, and what is no file."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from disk import full_disk

from dann_core.checkpoints import read_checkpoint
from dann_core.errors import DataError
from dann_core.files import kind_of, regular_file, written_whole

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX has these")


def write(path: Path, text: str = "new") -> None:
    with written_whole(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def litter(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.endswith(".tmp")]


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


@POSIX
@pytest.mark.parametrize("way", ["straight", "relative", "twice", "dangling", "folder"])
def test_links_are_followed_and_stay(way: str, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    real = tmp_path / "there" / "real"
    if way != "dangling":
        real.write_text("old", encoding="utf-8")
    link = tmp_path / "link"
    if way == "folder":
        link.symlink_to(real.parent)
        write(link / "real")
    elif way == "twice":
        (tmp_path / "between").symlink_to(real)
        link.symlink_to("between")
        write(link)
    else:
        link.symlink_to(real.relative_to(tmp_path) if way == "relative" else real)
        write(link)
    assert link.is_symlink()
    assert not real.is_symlink()
    assert real.read_text(encoding="utf-8") == "new"
    assert litter(tmp_path) + litter(real.parent) == []


@POSIX
def test_what_fails_behind_a_link_leaves_all_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    with full_disk(10), pytest.raises(DataError, match=r"link: the disk is full .*unchanged\.$"):
        write(tmp_path / "link", "much too much for it")
    assert (tmp_path / "real").read_bytes() == b"old"
    assert sorted(os.listdir(tmp_path)) == ["link", "real"]


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)  # relative, because its path may only be short


def make_device(path: Path) -> None:
    path.symlink_to(os.devnull)  # to make one takes root's rights, and to name one does not


SPECIAL: dict[str, Callable[[Path], None]] = {
    "pipe": make_pipe,
    "socket": make_socket,
    "device": make_device,
    "folder": Path.mkdir,
}


@POSIX
@pytest.mark.parametrize("by_link", [False, True])
@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_file_is_neither_read_nor_replaced(
    kind: str, by_link: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    SPECIAL[kind](tmp_path / "it")
    path = tmp_path / "it"
    if by_link:
        path = tmp_path / "link"
        path.symlink_to("it")
    before = os.lstat(tmp_path / "it")
    assert kind_of(path) == kind
    with pytest.raises(DataError, match=f"{path.name} is a {kind}, which no file may replace"):
        write(path)
    with pytest.raises(DataError, match=f"{path.name} is a {kind}, not a file"):
        regular_file(path)
    assert os.lstat(tmp_path / "it") == before
    assert litter(tmp_path) == []


def in_a_circle(folder: Path) -> Path:
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    return folder / "a"


NOWHERE: dict[str, Callable[[Path], Path]] = {
    "Too many levels of symbolic links": in_a_circle,
    "File name too long": lambda folder: folder / ("n" * 300),
    "null": lambda folder: folder / "a\0b",
    "is not UTF-8": lambda folder: folder / "a\udcffb",
    "surrogates": lambda folder: folder / "a\ud800b",
}


@POSIX
@pytest.mark.parametrize("why", NOWHERE)
def test_a_path_that_leads_nowhere_is_said_in_one_line(why: str, tmp_path: Path) -> None:
    path = NOWHERE[why](tmp_path)
    for use in (kind_of, regular_file, write):
        with pytest.raises(DataError) as refused:
            use(path)
        message = str(refused.value)
        assert why in message or why == "surrogates"
        assert "Choose another" in message
        assert message.isprintable()
    assert litter(tmp_path) == []


@POSIX
def test_a_message_is_one_line_whatever_the_name(tmp_path: Path) -> None:
    (tmp_path / "two\nlines").mkdir()
    with pytest.raises(DataError, match=r"two\\nlines' is a folder") as refused:
        write(tmp_path / "two\nlines")
    assert str(refused.value).isprintable()


@POSIX
@pytest.mark.parametrize("length", [1, 200, 255])
@pytest.mark.parametrize("character", ["n", "ж", "字"])
def test_a_name_as_long_as_the_system_takes_is_no_trouble(
    character: str, length: int, tmp_path: Path
) -> None:
    path = tmp_path / (character * max(1, length // len(character.encode())))
    write(path)
    write(path, "newer")
    assert path.read_text(encoding="utf-8") == "newer"
    assert litter(tmp_path) == []


def test_nothing_there_is_no_file_to_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for nothing in (tmp_path / "none", tmp_path / "file" / "below"):
        assert kind_of(nothing) is None
        with pytest.raises(FileNotFoundError):
            regular_file(nothing)
    with pytest.raises(DataError, match="Cannot write"):
        write(tmp_path / "file" / "below")
    assert (tmp_path / "file").read_bytes() == b""


@POSIX
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002, 0o027])
def test_a_new_file_has_the_mode_that_the_umask_leaves(
    mask: int, tmp_path: Path, umask: Callable[[int], int]
) -> None:
    umask(mask)
    write(tmp_path / "file")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o666 & ~mask


@POSIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_a_file_that_is_replaced_keeps_its_mode(
    mode: int, tmp_path: Path, umask: Callable[[int], int]
) -> None:
    umask(0o027)
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "file").chmod(mode)
    with written_whole(tmp_path / "file") as temporary:
        temporary.write_bytes(b"new")
        meanwhile = stat.S_IMODE(temporary.stat().st_mode)
    assert meanwhile & ~mode == 0, "what only some may read is not open to others for a moment"
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == mode
    assert (tmp_path / "file").read_bytes() == b"new"


@POSIX
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_file_that_is_protected_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "file").chmod(0o444)
    with pytest.raises(DataError, match="Permission denied"):
        write(tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="names are not bytes there")
def test_a_name_is_what_it_is_on_the_disk_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "rün✗").mkdir()
    code = "import sys; from dann_core.files import kind_of; print(kind_of(sys.argv[1]))"
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "rün✗")],
        env=os.environ | plain,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert (said.stdout, said.stderr) == ("folder\n", "")


def test_a_path_of_bytes_is_named() -> None:
    path: Any = b"run.pt"
    with pytest.raises(TypeError, match=r"A path is a str or a Path here, not b'run\.pt'\."):
        read_checkpoint(path)
