"""What can be tried here of Windows and macOS: what they lack is taken away."""

from __future__ import annotations

import errno
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest
from scratch import ROOT
from tiny import tiny_pair

from dann_core.datasets.fetching import DATA_SETS
from dann_core.errors import DataError
from dann_core.files import in_full, written_whole
from dann_core.history import History
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.live import compare
from dann_lab.live.run import LambdaControl, Run
from dann_lab.live.settings import Settings

WITHOUT = """
import multiprocessing, os, runpy, signal, sys
import platformdirs, psutil  # have parts of their own for this system, which need what it has
for module in ("fcntl", "pwd", "grp", "resource", "termios"):
    sys.modules[module] = None
for name in ("SIGHUP", "SIGALRM", "SIGUSR1", "setitimer", "alarm", "ITIMER_REAL"):
    delattr(signal, name)
for name in ("sched_getaffinity", "fchmod", "getuid", "geteuid", "getpgid", "mkfifo", "fork"):
    delattr(os, name)

def refused(*_, **__):
    raise OSError(22, "A required privilege is not held by the client", "link", 1314)

os.symlink = os.link = refused
multiprocessing.set_start_method("spawn")
"""
"""A program's beginning that makes a system of this one with no alarm, fork, link or owner."""

DANN = WITHOUT + 'sys.argv[0] = "dann"; runpy.run_module("dann_lab", run_name="__main__")'


def run(code: str, *arguments: str, cwd: Path) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout


@pytest.mark.skipif(os.name == "nt", reason="it lacks them by itself")
def test_the_command_line_needs_nothing_that_only_posix_has(tmp_path: Path) -> None:
    train = ["train", "--steps", "3", "--device", "cpu", "--out", "run"]
    assert "Results are in run" in run(DANN, *train, cwd=tmp_path)
    assert "Results are in run" in run(DANN, *train, "--resume", cwd=tmp_path)
    assert "Class by class" in run(DANN, "evaluate", "run", cwd=tmp_path)
    export = ["export", "run", "--html", "run.html", "--csv", "run.csv", "--map", "t-SNE"]
    run(DANN, *export, cwd=tmp_path)
    assert "digits" in run(DANN, "data", "list", cwd=tmp_path)
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert {"checkpoint.pt", "metrics.json", "tsne.png"} <= names


LAB = (
    WITHOUT
    + """
import time
from pathlib import Path
from dann_lab import exercises
from dann_lab.lessons.checkup import checkup
from dann_lab.lessons.copies import copy_lessons
from dann_lab.live.session import Session
from dann_lab.live.settings import Settings

print(checkup())
copy_lessons(sys.argv[1], "lessons")
session = Session(Settings(steps=2), device="cpu")
session.train()
while session.state != "finished":
    assert not session.problem, session.problem
    session.looked_at()
    time.sleep(0.05)
session.keep("kept")
while not session.notice.startswith("Kept") and not session.problem:
    time.sleep(0.05)
session.close()
assert Path("kept", "checkpoint.pt").is_file(), session.problem
"""
)


@pytest.mark.skipif(os.name == "nt", reason="it lacks them by itself")
def test_the_lab_needs_nothing_that_only_posix_has(tmp_path: Path) -> None:
    said = run(LAB, str(ROOT), cwd=tmp_path)
    assert "could not be looked at" not in said
    assert list((tmp_path / "lessons" / "notebooks").glob("*.ipynb"))


def losses(seed: int) -> list[float]:
    trainer = Trainer(tiny_pair(), preset("quick", seed=seed, steps=2, batch_size=8), device="cpu")
    return [record.total_loss for record in trainer]


SPAWN = """
import multiprocessing
from test_other_systems import losses

if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(losses, [1, 2]) == [losses(1), losses(2)]
"""


def test_processes_that_are_spawned_train_as_this_one_does(tmp_path: Path) -> None:
    (tmp_path / "spawning.py").write_text(SPAWN, encoding="utf-8")
    paths = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "project")]
    ended = subprocess.run(
        [sys.executable, str(tmp_path / "spawning.py")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        encoding="utf-8",
        timeout=250,
    )
    assert ended.returncode == 0, ended.stderr


def busy(times: int, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """From now on a file cannot be replaced so many times, as if a virus scanner read it."""
    asked: list[Any] = []
    really = os.replace

    def replace(source: Path, target: Path) -> None:
        asked.append(target)
        if len(asked) <= times:
            raise PermissionError(errno.EACCES, "The process cannot access the file", str(source))
        really(source, target)

    monkeypatch.setattr(os, "replace", replace)
    return asked


def test_a_file_that_somebody_reads_is_replaced_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("old", encoding="utf-8")
    asked = busy(3, monkeypatch)
    with written_whole(tmp_path / "file") as temporary:
        temporary.write_text("new", encoding="utf-8")
    assert len(asked) == 4
    assert (tmp_path / "file").read_text(encoding="utf-8") == "new"


def test_a_file_that_is_never_given_back_is_named_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("old", encoding="utf-8")
    busy(1000, monkeypatch)
    with (
        pytest.raises(DataError, match=r"Cannot write \S*file: The process cannot access"),
        written_whole(tmp_path / "file") as temporary,
    ):
        temporary.write_text("new", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text(encoding="utf-8") == "old"


RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?$")
FORBIDDEN = set('<>:"/\\|?*') | {chr(code) for code in range(32)}


def ours() -> list[str]:
    """Names of files and folders that this project makes or ships."""
    settings = Settings()
    trainer = Trainer(tiny_pair(train=64), settings.recipe(), device="cpu")
    run = Run(1, settings, trainer, LambdaControl())
    shipped = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    parts = {part for path in shipped.split("\0") if path for part in path.split("/")}
    downloads = {file.name for data in DATA_SETS.values() for file in data.downloads}
    return sorted(parts | downloads | {compare.name_of(run)})


@pytest.mark.skipif(shutil.which("git") is None, reason="git lists the files")
def test_every_name_of_ours_is_one_on_windows_too() -> None:
    for name in ours():
        assert not FORBIDDEN & set(name), name
        assert not RESERVED.match(name), name
        assert name[-1] not in " .", name
        assert name.isascii(), name


@pytest.mark.skipif(shutil.which("git") is None, reason="git lists the files")
def test_no_two_files_have_names_that_differ_in_case_alone_and_none_is_long() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    paths = [path for path in listed.stdout.decode().split("\0") if path]
    folded = [path.casefold() for path in paths]
    assert len(set(folded)) == len(folded)
    # Windows takes 259 characters, and a home with a virtual environment can have 120 of them.
    assert max(map(len, paths)) < 120


def test_a_run_knows_a_data_folder_of_windows(tmp_path: Path) -> None:
    from dann_lab.runs.folder import Data

    data = Data(data_dir=PureWindowsPath(r"C:\Users\λ\data"))
    assert pickle.loads(pickle.dumps(data)).data_dir == r"C:\Users\λ\data"


def test_a_history_with_the_line_ends_of_windows_is_read(tmp_path: Path) -> None:
    trainer = Trainer(tiny_pair(), preset("quick", steps=1, batch_size=8), device="cpu")
    next(trainer)
    trainer.history.save(tmp_path / "history.json")
    text = (tmp_path / "history.json").read_bytes().replace(b",", b",\r\n")
    (tmp_path / "history.json").write_bytes(text)
    assert list(History.load(tmp_path / "history.json")) == list(trainer.history)


@pytest.mark.parametrize("name", ["~nobody-of-this-name/x", "loop", "a" * 5000, "\0"])
def test_an_odd_path_has_a_full_form(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if os.name != "nt":
        (tmp_path / "loop").symlink_to("loop")
    assert in_full(name).name == Path(name).name
