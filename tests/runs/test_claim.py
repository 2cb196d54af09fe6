"""One writer at a time in a run's folder."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock
import pytest
from tiny import tiny_pair

from dann_core.errors import DannError, DataError
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.live.run import LambdaControl, Run
from dann_lab.live.session import Session
from dann_lab.live.settings import Settings
from dann_lab.runs import claim
from dann_lab.runs.claim import HOLDER, LOCK, claimed

HOLDS = """
import sys
from dann_lab.runs.claim import claimed
with claimed(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim, "PATIENCE_SECONDS", 0)


@contextmanager
def held(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process has claimed ``folder`` as long as the block runs."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.communicate()


def test_a_folder_in_use_is_refused_with_who_uses_it(tmp_path: Path) -> None:
    with held(tmp_path) as other:
        with pytest.raises(DannError) as refused, claimed(tmp_path):
            pass
        message = str(refused.value)
        assert f"process {other.pid} on {socket.gethostname()}, since 2" in message
        assert "choose another folder" in message
        assert "\n" not in message
    with claimed(tmp_path):
        assert (tmp_path / HOLDER).exists()
    assert list(tmp_path.iterdir()) == [], "and nothing is left of it"


def test_a_folder_has_one_lock_by_whatever_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, link = tmp_path / "run", tmp_path / "link"
    folder.mkdir()
    names = [folder / ".." / "run", Path("run")]
    try:
        link.symlink_to(folder, target_is_directory=True)
        names.append(link)
    except OSError:  # Windows, without the right to make links
        pass
    monkeypatch.chdir(tmp_path)
    with claimed(folder):
        for name in names:
            with pytest.raises(DannError, match=f"in use: process {os.getpid()}"), claimed(name):
                pass


def test_what_a_killed_process_leaves_holds_nobody_up(tmp_path: Path) -> None:
    with held(tmp_path) as other:
        other.kill()
        other.wait()
        assert (tmp_path / HOLDER).exists()
        with claimed(tmp_path):
            assert str(os.getpid()) in (tmp_path / HOLDER).read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes no file that is open")
def test_a_lock_that_nobody_else_can_see_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its holder deletes the file just when another one has opened it and not locked it yet."""
    acquire = filelock.FileLock.acquire
    unseen: list[Path] = []

    def deleted_meanwhile(lock: filelock.BaseFileLock, **options: Any) -> Any:
        got = acquire(lock, **options)
        if not unseen:
            unseen.append(tmp_path / LOCK)
            unseen[0].unlink()
        return got

    monkeypatch.setattr(filelock.FileLock, "acquire", deleted_meanwhile)
    with claimed(tmp_path):
        assert unseen
        with pytest.raises(DannError, match="in use"), claimed(tmp_path):
            pass
    assert list(tmp_path.iterdir()) == []


def pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs pipes")
    os.mkfifo(path)


IN_THE_WAY: dict[str, Callable[[Path], object]] = {
    "a text": lambda path: path.write_text("mine", encoding="utf-8"),
    "no text": lambda path: path.write_bytes(b"\xff\xfe"),
    "a list": lambda path: path.write_text("[1]", encoding="utf-8"),
    "a folder": lambda path: path.mkdir(),
    "a pipe": pipe,
    "a link": lambda path: path.symlink_to("elsewhere"),
}


@pytest.mark.parametrize("name", [LOCK, HOLDER])
@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_what_is_not_ours_stays_and_is_named(kind: str, name: str, tmp_path: Path) -> None:
    IN_THE_WAY[kind](tmp_path / name)
    before = (tmp_path / name).lstat()
    with pytest.raises(DataError) as refused, claimed(tmp_path):
        pass
    assert f"{name} is not a lock of ours" in str(refused.value)
    assert "Rename it, or choose another folder" in str(refused.value)
    assert (tmp_path / name).lstat() == before
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("text", ["", '{"process": 3}', "{}", None])
def test_who_it_is_may_be_unknown(text: str | None, tmp_path: Path) -> None:
    with claimed(tmp_path):
        (tmp_path / HOLDER).unlink()
        if text is not None:
            (tmp_path / HOLDER).write_text(text, encoding="utf-8")
        with pytest.raises(DannError, match="in use: another process"), claimed(tmp_path):
            pass


@pytest.mark.parametrize(
    "failure",
    [
        OSError(errno.ENOLCK, "No locks available"),
        PermissionError(errno.EACCES, "Permission denied"),
        OSError(errno.EROFS, "Read-only file system"),
        NotImplementedError("no flock"),
    ],
)
def test_where_nothing_can_be_locked_one_line_says_so(
    failure: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(filelock.FileLock, "acquire", fails)
    with pytest.raises(DataError) as refused, claimed(tmp_path):
        pass
    message = str(refused.value)
    assert str(tmp_path) in message
    assert getattr(failure, "strerror", None) or "no locks" in message
    assert "Choose another folder" in message
    assert "\n" not in message


def test_the_page_keeps_no_run_in_a_folder_in_use(tmp_path: Path) -> None:
    session = Session(Settings())
    try:
        recipe = preset("quick", steps=3, batch_size=8, domain_width=8)
        trainer = Trainer(tiny_pair(), recipe, device="cpu")
        next(trainer)
        run = Run(1, Settings(), trainer, LambdaControl())
        with claimed(tmp_path):
            before = sorted(path.name for path in tmp_path.iterdir())
            with pytest.raises(DannError, match="in use"):
                session.keep_now(run, tmp_path)
            assert sorted(path.name for path in tmp_path.iterdir()) == before
        session.keep_now(run, tmp_path)
        assert (tmp_path / "checkpoint.pt").exists()
    finally:
        session.close()
