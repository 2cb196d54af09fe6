"""A path may be text, a Path or anything else that is a path, wherever one is taken."""

from __future__ import annotations

import os
import pickle
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from jupyterlab.labapp import LabApp
from tiny import tiny_pair

from dann_core.checkpoints import read_checkpoint, write_checkpoint
from dann_core.datasets import load_pair, mnistm
from dann_core.datasets.fetching import install_photos
from dann_core.datasets.importing import import_mnistm
from dann_core.datasets.store import DataStore
from dann_core.errors import CheckpointError, DannError, DataError
from dann_core.files import AnyPath, written_whole
from dann_core.history import History
from dann_core.observing import take_snapshot
from dann_core.recipe import preset
from dann_core.snapshots import Snapshots
from dann_core.training import Trainer
from dann_lab.lessons.copies import copy_lessons
from dann_lab.live import session as sessions
from dann_lab.live.session import Session
from dann_lab.live.settings import Settings
from dann_lab.runs import kept
from dann_lab.runs.folder import (
    CHECKPOINT,
    Data,
    RunFolder,
    Saved,
    make_folder,
    require_vacant,
)
from dann_lab.serve.servers import ServerError, serve_dashboard, serve_lab

QUICK = preset("quick", steps=3, batch_size=8)

Form = Callable[[Path], AnyPath]


class Other:
    """A path of another library's."""

    def __init__(self, path: Path):
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)


def relative(path: Path) -> str:
    return os.path.relpath(path)


@pytest.fixture(params=[str, Path, Other, relative], ids=lambda form: form.__name__)
def form(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Form:
    """Makes the same path of another type; what is relative is so to the test's own folder."""
    monkeypatch.chdir(tmp_path)
    found: Form = request.param
    return found


@pytest.fixture
def trainer() -> Trainer:
    torch.set_num_threads(1)
    trainer = Trainer(tiny_pair(), QUICK, device="cpu")
    next(trainer)
    return trainer


# dann_core


def test_a_file_is_written_whole(form: Form, tmp_path: Path) -> None:
    with written_whole(form(tmp_path / "new" / "file")) as temporary:
        temporary.write_text("all", encoding="utf-8")
    assert (tmp_path / "new" / "file").read_text(encoding="utf-8") == "all"


def test_a_run_is_saved_and_resumed(form: Form, tmp_path: Path, trainer: Trainer) -> None:
    file = form(tmp_path / "run" / "checkpoint.pt")
    trainer.save(file)
    assert Trainer.resume(file, tiny_pair(), device="cpu").step == 1
    write_checkpoint(read_checkpoint(file), file)
    assert read_checkpoint(file)["recipe"] == QUICK.to_dict()


def test_a_checkpoint_that_is_not_there_is_named(form: Form, tmp_path: Path) -> None:
    for damaged in (False, True):
        if damaged:
            (tmp_path / "no.pt").write_text("no", encoding="utf-8")
        with pytest.raises(CheckpointError, match=r"no\.pt"):
            read_checkpoint(form(tmp_path / "no.pt"))


def test_a_history_is_saved_and_loaded(form: Form, tmp_path: Path, trainer: Trainer) -> None:
    trainer.history.save(form(tmp_path / "history.json"))
    assert list(History.load(form(tmp_path / "history.json"))) == list(trainer.history)
    with pytest.raises(DataError, match=r"^\S*no\.json is not a history"):
        History.load(form(tmp_path / "no.json"))


def test_snapshots_are_saved_and_loaded(form: Form, tmp_path: Path, trainer: Trainer) -> None:
    snapshots = Snapshots()
    snapshots.add(take_snapshot(trainer, 12))
    snapshots.save(form(tmp_path / "snapshots"))
    assert Snapshots.load(form(tmp_path / "snapshots")).steps == [1]
    with pytest.raises(DataError, match=r"no snapshots in \S*no\.npz\."):
        Snapshots.load(form(tmp_path / "no.npz"))


def test_the_data_folder(form: Form, tmp_path: Path) -> None:
    assert DataStore.open(form(tmp_path)).root == tmp_path
    assert load_pair("digits", form(tmp_path)).name == "digits"
    with pytest.raises(DataError, match=f"MNIST is not in {re.escape(str(tmp_path))}"):
        load_pair("mnist", data_dir=form(tmp_path))
    with pytest.raises(DataError, match=f"{re.escape(str(tmp_path / 'no'))} does not exist"):
        DataStore.open(form(tmp_path / "no"))
    (tmp_path / "here").touch()
    store = DataStore(form(tmp_path), form(tmp_path))  # type: ignore[arg-type]
    assert store.find(form(Path("here")))


def test_a_build_is_saved_and_loaded(form: Form, tmp_path: Path) -> None:
    images, labels = np.zeros((3, 28, 28, 3), np.uint8), np.arange(3)
    made = mnistm.MnistM(images, images, labels, labels, {"id": "mine"})
    mnistm.save(made, form(tmp_path / "mine.npz"))
    assert mnistm.load(form(tmp_path / "mine.npz")).build["id"] == "mine"
    with pytest.raises(DataError, match=r"^\S*no\.npz cannot be read"):
        mnistm.load(form(tmp_path / "no.npz"))


def test_a_file_to_import(form: Form, tmp_path: Path) -> None:
    store = DataStore(tmp_path, tmp_path)
    with pytest.raises(DataError, match=r"There is no file \S*no\.pkl\."):
        import_mnistm(form(tmp_path / "no.pkl"), store)
    (tmp_path / "empty.pkl").write_bytes(pickle.dumps({}))
    with pytest.raises(DataError, match=r"empty\.pkl holds \[\], but 'train' and 'test' are"):
        import_mnistm(form(tmp_path / "empty.pkl"), store)


def test_an_archive_of_photos(form: Form, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("BSDS500-master/BSDS500/data/images/train/1.jpg", b"\xff\xd8")
    install_photos(form(tmp_path / "photos.zip"), form(tmp_path / "a" / "train"))
    assert (tmp_path / "a" / "train" / "1.jpg").exists()


# dann_lab


def test_a_run_has_a_folder(form: Form, tmp_path: Path, trainer: Trainer) -> None:
    folder = form(tmp_path / "runs" / "mine")
    require_vacant(folder)
    make_folder(folder)
    run = RunFolder(folder, Data(data_dir=form(tmp_path)), trainer)  # type: ignore[arg-type]
    run.save()
    run.save_history()
    with pytest.raises(DannError, match=r"mine already holds a run"):
        require_vacant(folder)
    saved = Saved.read(folder)
    assert saved.data.data_dir == os.fspath(form(tmp_path))
    assert type(saved.data.data_dir) is str
    assert saved.resume(tiny_pair(), "cpu").folder / CHECKPOINT == saved.folder / CHECKPOINT
    assert len(kept.history(saved)) == 1
    assert kept.track(saved).title == "mine"


def test_a_folder_that_is_a_file_or_holds_no_run_is_named(form: Form, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DannError, match="file is a file"):
        require_vacant(form(tmp_path / "file"))
    with pytest.raises(DannError, match=r"Cannot make the folder .*file.in"):
        make_folder(form(tmp_path / "file" / "in"))
    with pytest.raises(CheckpointError, match=r"There is no run in \S+: it has no"):
        Saved.read(form(tmp_path))


@pytest.fixture
def session(form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(sessions, "choose_threads", lambda: 1)
    found = Session(Settings(steps=3), data_dir=form(tmp_path), device="cpu")
    yield found
    found.close()


def test_the_live_page_keeps_a_run(session: Session, form: Form, tmp_path: Path) -> None:
    assert not session.mnist_is_there
    session.single_step()
    while not (session.run and session.run.trainer.step):
        session.looked_at()
        time.sleep(0.01)
    session.keep(form(tmp_path / "kept"))
    while not session.notice:
        assert not session.problem
        time.sleep(0.01)
    assert Saved.read(tmp_path / "kept").data.data_dir == os.fspath(form(tmp_path))


def test_lessons_are_copied(form: Form, tmp_path: Path) -> None:
    for edition in ("notebooks", "notebooks/solutions"):
        (tmp_path / "shipped" / edition).mkdir(parents=True)
        (tmp_path / "shipped" / edition / "01.ipynb").write_text("{}", encoding="utf-8")
    mine = form(tmp_path / "mine")
    told = copy_lessons(form(tmp_path / "shipped"), mine).sentences(mine)
    assert told[0] == f"Your copy of the lessons is in {os.fspath(mine)}."
    assert (tmp_path / "mine" / "notebooks" / "01.ipynb").exists()


def test_servers_take_a_notebook_a_folder_and_the_data(
    form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DANN_DATA", "DANN_RUNS", "JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        monkeypatch.setenv(name, "")
    launched: list[Any] = []
    monkeypatch.setattr(LabApp, "launch_instance", lambda argv: launched.append(argv))
    (tmp_path / "data").mkdir()
    serve_lab(form(tmp_path), port=0, data_dir=form(tmp_path / "data"))
    assert f"--ServerApp.root_dir={tmp_path}" in launched[0]
    assert os.environ["DANN_DATA"] == str(tmp_path / "data")
    with pytest.raises(ServerError, match=f"{re.escape(str(tmp_path / 'no'))} does not exist"):
        serve_lab(form(tmp_path), port=0, data_dir=form(tmp_path / "no"))
    with pytest.raises(ServerError, match=r"There is no \S*no\.ipynb\."):
        serve_dashboard(form(tmp_path / "no.ipynb"))
