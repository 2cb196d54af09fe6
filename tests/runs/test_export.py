"""Exported files: a page that needs nobody, and a table."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from disk import full_disk
from tiny import tiny_pair
from typer.testing import CliRunner

from dann_core.errors import DannError
from dann_core.history import Mark
from dann_core.observing import keep_snapshot
from dann_core.recipe import preset
from dann_core.trained import load_trained
from dann_core.training import Trainer
from dann_lab.cli import app
from dann_lab.runs import export, player, recordings
from dann_lab.runs.claim import LOCK
from dann_lab.runs.folder import OWN, Data, RunFolder
from dann_lab.runs.halves import trained_from


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    trainer = Trainer(Data().load(), preset("quick", steps=3), device="cpu")
    trainer.evaluate(40)
    keep_snapshot(trainer)
    for _ in trainer:
        pass
    trainer.evaluate(40)
    keep_snapshot(trainer)
    made = tmp_path_factory.mktemp("runs") / "three-steps"
    made.mkdir()
    RunFolder(made, Data(), trainer).save()
    return made


def test_a_table_has_every_step_every_evaluation_and_every_mark() -> None:
    trainer = Trainer(tiny_pair(), preset("quick", batch_size=8, steps=4), device="cpu")
    trainer.evaluate()
    for record in trainer:
        if record.step == 2:
            trainer.evaluate()
    trainer.history.marks.append(Mark(3, "by_hand", 0.5))
    rows = list(csv.DictReader(io.StringIO(export.table(trainer.history))))
    assert [row["step"] for row in rows] == ["0", "1", "2", "3", "4"]
    for record, row in zip(trainer.history, rows[1:], strict=True):
        assert float(row["label_loss"]) == record.label_loss
        assert float(row["lambda_"]) == record.lambda_
    assert rows[0]["label_loss"] == ""
    first, second = trainer.history.evaluations
    assert float(rows[0]["test_target_accuracy"]) == first.target_accuracy
    assert float(rows[2]["test_target_accuracy"]) == second.target_accuracy
    assert rows[1]["test_target_accuracy"] == ""
    assert rows[3]["mark"] == "lambda: 0.50 by hand"


def test_a_page_names_no_server_and_cannot_be_broken_out_of() -> None:
    run = recordings.recorded()[0]
    bundle = player.bundle([run]) | {"note": "</script><script>alert(1)</script>"}
    text = export.page(bundle, "a <b> title")
    assert "<title>a &lt;b&gt; title</title>" in text
    data = re.search(r'<script type="application/json" id="runs">(.*?)</script>', text, re.DOTALL)
    assert data
    assert "alert(1)" in data[1]
    markup = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"(src|href)=", markup)


def test_the_command_writes_both_files(folder: Path, tmp_path: Path) -> None:
    page, sheet = tmp_path / "run.html", tmp_path / "run.csv"
    done = CliRunner().invoke(
        app,
        ["export", str(folder), "--html", str(page), "--csv", str(sheet), "--map", "PCA"],
    )
    assert done.exit_code == 0, done.output
    assert len(sheet.read_text(encoding="utf-8").splitlines()) == 5
    text = page.read_text(encoding="utf-8")
    assert "three-steps" in text
    assert '"columns": 25' in text  # the digits are there, for their data are on this machine
    assert '"PCA"' in text


def test_the_page_has_the_networks_if_they_are_asked_for(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "run.html"
    options = ["--html", str(page), "--map", "none"]
    done = CliRunner().invoke(app, ["export", str(folder), *options])
    assert done.exit_code == 0, done.output
    assert NETWORKS.search(page.read_text(encoding="utf-8")) is None
    done = CliRunner().invoke(app, ["export", str(folder), *options, "--weights"])
    assert done.exit_code == 0, done.output
    found = NETWORKS.search(page.read_text(encoding="utf-8"))
    assert found
    (network,) = json.loads(found[1])["networks"]
    assert network["name"] == "three-steps"
    images = Data().load().target.test.images[:50]
    trained = load_trained(folder / "checkpoint.pt")
    here, there = (one.predict(images) for one in (trained, trained_from(network)))
    assert float((here.probabilities - there.probabilities).abs().max()) < 0.01


def test_networks_that_read_no_drawing_are_told_before_anything_is_written(
    tmp_path: Path,
) -> None:
    recipe = preset("quick", network="residual", batch_size=8, steps=1)
    trainer = Trainer(tiny_pair(), recipe, device="cpu")
    next(trainer)
    (tmp_path / "mine").mkdir()
    RunFolder(tmp_path / "mine", Data(), trainer).save()
    page = tmp_path / "page.html"
    said = refused(tmp_path / "mine", "--html", page, "--weights", "--map", "none")
    assert said.startswith("--weights: mine ")
    assert "Leave the weights out" in said
    assert not page.exists()


NETWORKS = re.compile(r'<script type="application/json" id="reader">(.*?)</script>', re.DOTALL)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "Nothing to write"),
        (["--csv", "no/such/folder/x.csv"], "There is no folder"),
        (["--html", "x.html", "--map", "MDS"], "There is no map 'MDS'"),
        (["--csv", "x.csv", "--map", ""], "There is no map ''"),
        (["--csv", "x.csv", "--weights"], "Add --html"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(
    folder: Path,
    options: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["export", str(folder), *options])
    assert done.exit_code == 1
    assert words in str(done.exception)
    assert not list(tmp_path.iterdir())


def refused(*args: str | Path) -> str:
    done = CliRunner().invoke(app, ["export", *map(str, args)])
    assert done.exit_code == 1
    assert isinstance(done.exception, DannError), done.output
    assert str(done.exception).isprintable()
    return str(done.exception)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def straight(path: Path, elsewhere: Path) -> Path:
    return path


def with_dots(path: Path, elsewhere: Path) -> Path:
    return path.parent / ".." / path.parent.name / "." / path.name


def in_capitals(path: Path, elsewhere: Path) -> Path:
    return path.with_name(path.name.upper()) if not path.exists() else path


def linked(path: Path, elsewhere: Path) -> Path:
    elsewhere.symlink_to(path)
    return elsewhere


def by_a_linked_folder(path: Path, elsewhere: Path) -> Path:
    elsewhere.symlink_to(path.parent)
    return elsewhere / path.name


def linked_hard(path: Path, elsewhere: Path) -> Path:
    if not path.exists():
        return path
    os.link(path, elsewhere)
    return elsewhere


@pytest.mark.skipif(sys.platform == "win32", reason="links take rights on Windows")
@pytest.mark.parametrize("name", [*OWN, LOCK])
@pytest.mark.parametrize(
    "way", [straight, with_dots, in_capitals, linked, by_a_linked_folder, linked_hard]
)
def test_a_runs_own_files_are_refused_by_whatever_name(
    way: Callable[[Path, Path], Path], name: str, folder: Path, tmp_path: Path
) -> None:
    """Those that are there, and those that the run will still have."""
    target = way(folder / name, tmp_path / "elsewhere")
    before = contents(folder)
    for option in ("--csv", "--html"):
        assert "is a run's own file. Choose another" in refused(folder, option, target)
    assert contents(folder) == before


def test_the_files_of_every_run_are_refused(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    before = contents(other)
    assert "run's own" in refused(folder, other, "--html", other / "checkpoint.pt")
    assert "run's own" in refused(folder, "--csv", other / "checkpoint.pt")  # not exported at all
    assert contents(other) == before


def test_what_is_no_runs_own_may_be_in_its_folder(folder: Path) -> None:
    done = CliRunner().invoke(app, ["export", str(folder), "--csv", str(folder / "table.csv")])
    assert done.exit_code == 0, done.output
    assert (folder / "table.csv").exists()
    (folder / "table.csv").unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="links take rights on Windows")
def test_page_and_table_are_two_files(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("file")
    for other in ("file", "./file", "../" + tmp_path.name + "/file", "link"):
        message = refused(folder, "--csv", tmp_path / "file", "--html", f"{tmp_path}/{other}")
        assert "--html and --csv are both" in message
    assert not (tmp_path / "file").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_what_is_no_file_is_refused_before_anything_is_written(
    folder: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for name, said in (
        ("pipe", "is a pipe, which no file may replace"),
        (".", "is a folder"),
        ("a", "Too many levels of symbolic links"),
        ("n" * 300, "File name too long"),
        ("n\udcff", "not UTF-8"),
    ):
        target = f"{tmp_path}/{name}"
        assert said in refused(folder, "--csv", tmp_path / "table.csv", "--html", target)
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "pipe"]


def test_a_full_disk_leaves_both_files_as_they_were(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("old", encoding="utf-8")
    names = ["--csv", tmp_path / "table.csv", "--html", tmp_path / "page.html", "--map", "none"]
    with full_disk(1_000_000):  # the page alone is larger
        assert "page.html: the disk is full" in refused(folder, *names)
    assert contents(tmp_path) == {"table.csv": b"old"}


def test_what_looks_like_markup_is_a_name(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a[").mkdir()
    for name in ("[bold]table.csv", "a[/b].csv"):
        done = CliRunner().invoke(app, ["export", str(folder), "--csv", str(tmp_path / name)])
        assert done.exit_code == 0, done.output
        assert name in done.output.replace("\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="links take rights on Windows")
def test_a_link_stays_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to("table.csv")
    done = CliRunner().invoke(app, ["export", str(folder), "--csv", str(tmp_path / "link.csv")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "table.csv").read_text(encoding="utf-8").startswith("step,")
