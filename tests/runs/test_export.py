"""Exported files: a page that needs nobody, and a table."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from tiny import tiny_pair
from typer.testing import CliRunner

from dann_core.history import Mark
from dann_core.observing import keep_snapshot
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.cli import app
from dann_lab.runs import export, player, recordings
from dann_lab.runs.folder import Data, RunFolder


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


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "Nothing to write"),
        (["--csv", "no/such/folder/x.csv"], "There is no folder"),
        (["--html", "x.html", "--map", "MDS"], "There is no map 'MDS'"),
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
