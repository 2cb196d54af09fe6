"""Data and networks of one's own on the command line, from `dann data check` to `dann export`."""

from __future__ import annotations

import csv
import importlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from typed import Dann, is_one_line

from dann_core import recipe
from dann_core.checkpoints import read_checkpoint
from dann_core.history import StepRecord
from dann_lab.lessons import office
from dann_lab.maps import still

FEW = ("--steps", "4", "--batch-size", "8", "--threads", "1", "--device", "cpu")
CLASSES = ["bottle", "keyboard", "lamp", "mug", "scissors"]
MINE = """
from torch import nn

def small(recipe, inputs):
    height, width, channels = inputs.shape
    return nn.Sequential(nn.AvgPool2d(8), nn.Flatten(), nn.Linear(64 * channels, 7), nn.ReLU())
"""
pytestmark = pytest.mark.usefixtures("no_map")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """64x64 pictures, in "labelled" with and in "office" without class folders in the target."""
    folder = tmp_path_factory.mktemp("made")
    office.make(folder / "office", each=5)
    office.make(folder / "labelled", each=5, labels=True)
    return folder


@pytest.fixture
def domains(made: Path) -> tuple[str, ...]:
    return own(made / "office" / "amazon", made / "office" / "webcam")


@pytest.fixture(scope="module")
def finished(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run with an unlabelled target. No test changes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(still, "tsne", lambda embeddings: embeddings[:, :2])
        return trained(made / "office", tmp_path_factory.mktemp("run") / "finished", patch)


def trained(data: Path, out: Path, patch: pytest.MonkeyPatch) -> Path:
    words = ["train", *own(data / "amazon", data / "webcam"), *FEW, "--out", str(out)]
    patch.setattr(sys, "argv", ["dann", *words])
    with pytest.raises(SystemExit) as ended:
        importlib.import_module("dann_lab.cli").main()
    assert not ended.value.code
    return out


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    """A copy of it, which a test may change."""
    return Path(shutil.copytree(finished, tmp_path / "run"))


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """source.csv with labels, target.csv without."""
    folder, random = tmp_path_factory.mktemp("tables"), np.random.default_rng(0)
    for name, shift in (("source", 0.0), ("target", 2.0)):
        rows = random.normal(size=(60, 2))
        kinds = np.where(rows[:, 0] > 0, "high", "low")
        head = ["a", "b", *(["label"] if name == "source" else [])]
        table = [
            [row[0], row[1] + shift, *([kind] if name == "source" else [])]
            for row, kind in zip(rows.round(6).tolist(), kinds, strict=True)
        ]
        write_csv(folder / f"{name}.csv", head, table)
    return folder


@pytest.fixture
def table_run(tables: Path, tmp_path: Path, dann: Dann) -> Path:
    words = own(tables / "source.csv", tables / "target.csv")
    assert dann("train", *words, *FEW, "--out", tmp_path / "table").status == 0
    return tmp_path / "table"


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A network in a module of its own, in the current folder; it is forgotten afterwards."""
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "mine_of_a_test.py").write_text(MINE, encoding="utf-8")
    monkeypatch.chdir(folder)
    yield "mine_of_a_test:small"
    sys.modules.pop("mine_of_a_test", None)


def own(source: Path, target: Path) -> tuple[str, ...]:
    return "--source", str(source), "--target", str(target)


def write_csv(path: Path, head: list[str], rows: list[Any]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def metrics(folder: Path) -> Any:
    return json.loads((folder / "metrics.json").read_text(encoding="utf-8"))


def weights(folder: Path) -> list[torch.Tensor]:
    return list(read_checkpoint(folder / "checkpoint.pt")["model"].values())


def steps_done(folder: Path) -> int:
    return len(read_checkpoint(folder / "checkpoint.pt")["history"]["steps"]["step"])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def stop_after(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C at a step."""

    @contextmanager
    def display(run: Any) -> Iterator[Callable[[StepRecord], None]]:
        def show(record: StepRecord) -> None:
            if record.step == step:
                os.kill(os.getpid(), signal.SIGINT)

        yield show

    monkeypatch.setattr(importlib.import_module("dann_lab.cli.train"), "display", display)


# -- dann data check -----------------------------------------------------------------------------


def test_check_counts_what_it_finds_and_writes_the_picture(
    made: Path, tmp_path: Path, dann: Dann
) -> None:
    picture = tmp_path / "examples.png"
    folders = made / "office" / "amazon", made / "office" / "webcam"
    result = dann("data", "check", *folders, "--picture", picture)
    assert (result.status, result.err) == (0, "")
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.out.splitlines()]
    assert "5 classes, images of 64x64 pixels" in result.out
    for name in CLASSES:
        assert [name, "5", "–"] in lines
    assert ["not labelled", "–", "25"] in lines
    assert ["in all", "25", "25"] in lines
    assert "'webcam' has no labels, so its accuracy is unknown." in result.out
    with Image.open(picture) as drawn:
        assert drawn.format == "PNG"
        assert min(drawn.size) >= 64


def test_check_finds_the_build_that_a_training_then_has(
    finished: Path, made: Path, dann: Dann
) -> None:
    result = dann("data", "check", made / "office" / "amazon", made / "office" / "webcam")
    assert f"Build: {metrics(finished)['data']['id']}" in result.out


def test_check_reads_tables_and_the_column_of_labels_that_is_named(
    tables: Path, tmp_path: Path, dann: Dann
) -> None:
    text = (tables / "source.csv").read_text(encoding="utf-8")
    renamed = tmp_path / "source.csv"
    renamed.write_text(text.replace("label", "kind", 1), encoding="utf-8")
    result = dann("data", "check", renamed, tables / "target.csv", "--label", "kind")
    assert result.status == 0
    assert "2 classes, rows of 2 numbers" in result.out
    refused = dann("data", "check", renamed, tables / "target.csv")
    assert refused.status == 1
    assert is_one_line(refused.err)
    assert "'kind'" in refused.err


def test_check_leaves_no_picture_of_what_it_cannot_read(
    made: Path, tmp_path: Path, dann: Dann
) -> None:
    picture = tmp_path / "examples.png"
    result = dann("data", "check", made / "office" / "amazon", made / "no", "--picture", picture)
    assert result.status == 1
    assert is_one_line(result.err)
    assert str(made / "no") in result.err
    assert not picture.exists()


# -- dann train ----------------------------------------------------------------------------------


def test_a_target_without_labels_has_no_accuracy(
    domains: tuple[str, ...], tmp_path: Path, dann: Dann, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging = replace(recipe.PRESETS["own"], log_every=1)
    monkeypatch.setitem(recipe.PRESETS, "own", logging)
    out = tmp_path / "run"
    result = dann("train", *domains, *FEW, "--steps", "6", "--out", out)
    assert (result.status, result.err) == (0, "")
    assert "target acc –" in result.out
    (line,) = [line for line in result.out.splitlines() if "target (webcam)" in line]
    assert line.split()[2:] == ["no", "labels", "0.20"]
    assert metrics(out)["accuracy"]["target"] is None
    assert metrics(out)["accuracy"]["source"] is not None
    labels, targets = (np.load(out / f"{name}_labels.npy") for name in ("class", "domain"))
    assert set(labels[targets == 1].tolist()) == {-1}
    assert -1 not in labels[targets == 0]


def test_a_training_says_what_its_data_are(finished: Path, run: Path, dann: Dann) -> None:
    result = dann("evaluate", run)
    assert "amazon to webcam, 5 classes, images of 64x64 pixels, build own-" in result.out
    assert metrics(finished)["recipe"]["network"] == "residual"


def test_a_labelled_target_has_an_accuracy(made: Path, tmp_path: Path, dann: Dann) -> None:
    folders = own(made / "labelled" / "amazon", made / "labelled" / "webcam")
    assert dann("train", *folders, *FEW, "--out", tmp_path / "run").status == 0
    assert 0 <= metrics(tmp_path / "run")["accuracy"]["target"] <= 1


def test_the_size_and_the_network_are_those_asked_for(
    domains: tuple[str, ...], tmp_path: Path, dann: Dann
) -> None:
    out = tmp_path / "run"
    words = ("--size", "24x32", "--network", "deep", "--out", out)
    assert dann("train", *domains, *FEW, *words).status == 0
    assert np.load(out / "images.npy").shape[1:] == (24, 32, 3)
    assert metrics(out)["recipe"]["network"] == "deep"
    assert metrics(out)["recipe"]["batch_size"] == 8


def test_a_run_is_called_after_its_data(
    domains: tuple[str, ...], tmp_path: Path, dann: Dann, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert dann("train", *domains, *FEW).status == 0
    assert (tmp_path / "runs" / "amazon-to-webcam-dann-own-seed0" / "checkpoint.pt").exists()


def test_a_resumed_run_ends_as_if_it_had_never_stopped(
    finished: Path,
    domains: tuple[str, ...],
    tmp_path: Path,
    dann: Dann,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "run"
    with monkeypatch.context() as patch:
        stop_after(2, patch)
        assert dann("train", *domains, *FEW, "--out", out).status == 130
    assert steps_done(out) == 2
    assert dann("train", "--resume", "--out", out).status == 0
    assert all(map(torch.equal, weights(out), weights(finished)))
    assert metrics(out)["accuracy"] == metrics(finished)["accuracy"]


def test_a_run_whose_data_have_moved_asks_where_they_are(
    made: Path, tmp_path: Path, dann: Dann, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, out = tmp_path / "old", tmp_path / "new", tmp_path / "run"
    shutil.copytree(made / "office", old)
    with monkeypatch.context() as patch:
        stop_after(2, patch)
        words = own(old / "amazon", old / "webcam")
        assert dann("train", *words, *FEW, "--out", out).status == 130
    old.rename(new)
    before = contents(out)
    for command in (("train", "--resume", "--out", out), ("evaluate", out)):
        result = dann(*command)
        assert result.status == 1
        assert is_one_line(result.err)
        assert str(old / "amazon") in result.err
    assert contents(out) == before
    moved = own(new / "amazon", new / "webcam")
    assert dann("train", "--resume", "--out", out, *moved).status == 0
    assert steps_done(out) == 4
    assert dann("train", "--resume", "--out", out).status == 0, "the new place is kept"


def test_a_run_does_not_go_on_with_other_data(made: Path, tmp_path: Path, dann: Dann) -> None:
    data = Path(shutil.copytree(made / "office", tmp_path / "data"))
    with pytest.MonkeyPatch.context() as patch:
        out = trained(data, tmp_path / "run", patch)
    before = contents(out)
    Image.new("RGB", (64, 64)).save(data / "webcam" / "another.png")
    result = dann("train", "--resume", "--out", out)
    assert result.status == 1
    assert is_one_line(result.err)
    assert "data" in result.err
    assert contents(out) == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--source", "{amazon}"], "--source needs --target"),
        (["--target", "{amazon}"], "--target needs --source"),
        (["--pair", "digits", "--source", "{amazon}", "--target", "{webcam}"], "--pair digits"),
        (["--label", "kind"], "need --source and --target"),
        (["--size", "32"], "need --source and --target"),
        (["--pair", "own"], "need --source and --target"),
        (["--source", "{amazon}", "--target", "{no}"], "There is no folder or file {no}"),
        (["--source", "{amazon}", "--target", "{picture}"], "a file"),
        (["--source", "{webcam}", "--target", "{amazon}"], "has no class folders"),
        (["--source", "{amazon}", "--target", "{webcam}", "--size", "big"], "--size big"),
        (["--source", "{amazon}", "--target", "{webcam}", "--size", "2"], "size=[2, 2]"),
        (["--source", "{amazon}", "--target", "{webcam}", "--batch-size", "64"], "36 or less"),
        (["--source", "{amazon}", "--target", "{webcam}", "--batch-size", "7"], "even"),
        (["--source", "{amazon}", "--target", "{webcam}", "--network", "mlp"], "mlp"),
        (["--source", "{amazon}", "--target", "{webcam}", "--network", "vgg"], "vgg"),
        (["--source", "{amazon}", "--target", "{webcam}", "--network", "no:f"], "'no'"),
        (["--source", "{amazon}", "--target", "{webcam}", "--network", "math:f"], "'f'"),
        (["--source", "{amazon}", "--target", "{webcam}", "--network", "math:sqrt"], "math:sqrt"),
        (["--source", "{amazon}", "--target", "{webcam}", "--build", "x"], "--build"),
        (["--source", "{amazon}", "--target", "{webcam}", "--photos", "heldout"], "--photos"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_one_line_and_leaves_nothing(
    words: list[str], says: str, made: Path, tmp_path: Path, dann: Dann
) -> None:
    office_ = made / "office"
    places = {
        "amazon": office_ / "amazon",
        "webcam": office_ / "webcam",
        "picture": office_ / "webcam" / "frame_0001.png",
        "no": made / "no",
    }
    asked = [word.format(**places) for word in words]
    result = dann("train", *FEW, *asked, "--out", tmp_path / "run")
    assert (result.status, result.out) == (1, "")
    assert is_one_line(result.err)
    assert says.format(**places) in result.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["--batch-size", "10"], ["--size", "32"], ["--label", "kind"], ["--network", "deep"]]
)
def test_a_run_goes_on_as_it_was_started(words: list[str], run: Path, dann: Dann) -> None:
    result = dann("train", "--resume", "--out", run, *words)
    assert result.status == 1
    assert is_one_line(result.err)
    assert f"{words[0]} " in result.err
    assert "contradicts" in result.err


def test_a_resumed_run_takes_what_it_was_started_with(
    domains: tuple[str, ...], tmp_path: Path, dann: Dann
) -> None:
    """As a job does that is queued again with the same words."""
    words = ("train", *domains, *FEW, "--size", "32", "--network", "auto", "--out", tmp_path / "r")
    assert dann(*words, "--resume").status == 0
    result = dann(*words, "--resume")
    assert (result.status, result.err) == (0, "")


def test_labels_can_stand_in_any_column(tables: Path, tmp_path: Path, dann: Dann) -> None:
    text = (tables / "source.csv").read_text(encoding="utf-8")
    renamed = tmp_path / "source.csv"
    renamed.write_text(text.replace("label", "kind", 1), encoding="utf-8")
    words = own(renamed, tables / "target.csv")
    refused = dann("train", *words, *FEW, "--out", tmp_path / "run")
    assert refused.status == 1
    assert is_one_line(refused.err)
    assert "kind" in refused.err
    assert not (tmp_path / "run").exists()
    taken = dann("train", *words, *FEW, "--label", "kind", "--out", tmp_path / "run")
    assert taken.status == 0
    assert "rows each" in taken.out
    assert metrics(tmp_path / "run")["recipe"]["network"] == "mlp"


def test_tensorboard_gets_the_curves(domains: tuple[str, ...], tmp_path: Path, dann: Dann) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    out = tmp_path / "run"
    assert dann("train", *domains, *FEW, "--tensorboard", "--out", out).status == 0
    events = accumulator.EventAccumulator(str(out / "tensorboard")).Reload()
    losses = [(event.step, event.value) for event in events.Scalars("train/label_loss")]
    kept = json.loads((out / "history.json").read_text(encoding="utf-8"))["steps"]["label_loss"]
    assert losses == [(k + 1, pytest.approx(loss)) for k, loss in enumerate(kept)]
    tags = events.Tags()["scalars"]
    assert "test/source_accuracy" in tags
    assert "test/target_accuracy" not in tags, "there is none"


def test_without_tensorboard_nothing_is_begun(
    domains: tuple[str, ...], tmp_path: Path, dann: Dann, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    result = dann("train", *domains, *FEW, "--tensorboard", "--out", tmp_path / "run")
    assert result.status == 1
    assert is_one_line(result.err)
    assert "pip install tensorboard" in result.err
    assert not (tmp_path / "run").exists()


# -- dann evaluate -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("split", "word"), [("train", "training"), ("validation", "validation"), ("test", "test")]
)
def test_evaluate_looks_at_any_split(split: str, word: str, finished: Path, dann: Dann) -> None:
    result = dann("evaluate", finished, "--split", split)
    assert (result.status, result.err) == (0, "")
    assert f" {word} images" in result.out
    assert "no labels" in result.out
    for name in CLASSES:
        (line,) = [line for line in result.out.splitlines() if line.strip().startswith(name)]
        assert line.split()[-2:] == ["–", "–"]


def test_a_split_that_is_none_is_one_line(finished: Path, dann: Dann) -> None:
    result = dann("evaluate", finished, "--split", "all")
    assert result.status == 1
    assert is_one_line(result.err)


# -- dann predict --------------------------------------------------------------------------------


def test_predict_names_each_picture_in_a_folder_and_those_in_it(
    finished: Path, made: Path, dann: Dann
) -> None:
    result = dann("predict", finished, made / "labelled" / "webcam")
    assert (result.status, result.err) == (0, "")
    found = rows_of(result.out)
    assert len(found) == 25
    assert found[0]["example"] == os.path.join("bottle", "frame_0001.png")
    for row in found:
        probabilities = {name: float(row[f"p({name})"]) for name in CLASSES}
        assert sum(probabilities.values()) == pytest.approx(1, abs=1e-5)
        assert probabilities[row["label"]] == max(probabilities.values())
        assert float(row["confidence"]) == probabilities[row["label"]]


def test_predict_needs_no_training_data(run: Path, made: Path, dann: Dann) -> None:
    """Only the checkpoint, wherever it is, and the picture."""
    alone = Path(shutil.copy(run / "checkpoint.pt", run.parent / "alone.pt"))
    shutil.rmtree(run)
    picture = made / "office" / "webcam" / "frame_0003.png"
    by_itself = dann("predict", alone, picture)
    folder = dann("predict", alone, picture.parent)
    assert rows_of(by_itself.out) == [rows_of(folder.out)[2]]


def test_predict_takes_pictures_of_any_size_and_in_grey(
    finished: Path, tmp_path: Path, dann: Dann
) -> None:
    there = tmp_path / "new"
    there.mkdir()
    Image.new("L", (200, 90), 70).save(there / "grey.png")
    Image.new("RGB", (30, 30), (70, 70, 70)).save(there / "small.png")
    grey, small = rows_of(dann("predict", finished, there).out)
    assert grey["p(mug)"] == small["p(mug)"], "one grey all over is the same at any size"


def test_predict_writes_a_file_instead(
    finished: Path, made: Path, tmp_path: Path, dann: Dann
) -> None:
    out, pictures = tmp_path / "found.csv", made / "office" / "webcam"
    result = dann("predict", finished, pictures, "--out", out)
    assert (result.status, result.out) == (0, "")
    assert "25 predictions" in result.err
    assert out.read_bytes().decode() == dann("predict", finished, pictures).out


def test_a_run_is_no_example_of_itself(finished: Path, dann: Dann) -> None:
    """Its map, a picture as well, is in its folder."""
    result = dann("predict", finished, finished)
    assert (result.status, result.out) == (1, "")
    assert "is the run itself" in result.err


def test_predict_never_writes_over_what_it_reads(run: Path, table_run: Path, dann: Dann) -> None:
    rows = write_csv(run / "rows.csv", ["a", "b"], [[0, 1], [1, 0]])
    for out in (rows, table_run / "checkpoint.pt"):
        before = out.read_bytes()
        result = dann("predict", table_run, rows, "--out", out)
        assert result.status == 1
        assert is_one_line(result.err)
        assert out.read_bytes() == before


def test_predict_never_writes_over_a_picture_of_the_folder_or_a_runs_own_file(
    run: Path, made: Path, tmp_path: Path, dann: Dann
) -> None:
    pictures = Path(shutil.copytree(made / "office" / "webcam", tmp_path / "pictures"))
    for out in (pictures / "frame_0001.png", run / "metrics.json"):
        before = out.read_bytes()
        result = dann("predict", run, pictures, "--out", out)
        assert result.status == 1
        assert is_one_line(result.err)
        assert out.read_bytes() == before


def test_predict_finds_columns_by_their_names(table_run: Path, tmp_path: Path, dann: Dann) -> None:
    plain = write_csv(tmp_path / "plain.csv", ["a", "b"], [[0.5, 1], [-1, 0.25]])
    other = write_csv(
        tmp_path / "other.csv",
        ["b", "name", "a", "label"],
        [[1, "x", 0.5, "low"], [0.25, "y", -1, ""]],
    )
    expected = dann("predict", table_run, plain)
    assert expected.status == 0
    assert [row["example"] for row in rows_of(expected.out)] == ["row 0", "row 1"]
    assert set(rows_of(expected.out)[0]) >= {"label", "p(high)", "p(low)"}
    assert dann("predict", table_run, other).out == expected.out


@pytest.mark.parametrize(
    ("examples", "says"),
    [("no", "There is no folder or file"), ("empty", "no pictures"), ("rows.csv", "rows.csv")],
)
def test_what_cannot_be_predicted_is_one_line(
    examples: str, says: str, finished: Path, tmp_path: Path, dann: Dann
) -> None:
    (tmp_path / "empty").mkdir()
    write_csv(tmp_path / "rows.csv", ["a"], [[1], [2]])
    out = tmp_path / "found.csv"
    result = dann("predict", finished, tmp_path / examples, "--out", out)
    assert result.status == 1
    assert is_one_line(result.err)
    assert says in result.err
    assert not out.exists()


@pytest.mark.parametrize("there", ["no", "empty", "picture.png"])
def test_what_is_no_run_is_one_line(there: str, tmp_path: Path, dann: Dann) -> None:
    (tmp_path / "empty").mkdir()
    Image.new("RGB", (64, 64)).save(tmp_path / "picture.png")
    for command in (
        ("predict", tmp_path / there, tmp_path / "picture.png"),
        ("export", tmp_path / there, "--torch", tmp_path / "network.pt2"),
    ):
        result = dann(*command)
        assert (result.status, result.out) == (1, "")
        assert is_one_line(result.err)
        assert there in result.err
    assert not (tmp_path / "network.pt2").exists()


# -- dann export ---------------------------------------------------------------------------------


def test_export_writes_the_page_and_the_table(finished: Path, tmp_path: Path, dann: Dann) -> None:
    page, table = tmp_path / "page.html", tmp_path / "table.csv"
    result = dann("export", finished, "--html", page, "--csv", table, "--map", "none")
    assert result.status == 0, result.err
    assert "keyboard" in page.read_text(encoding="utf-8")
    assert len(rows_of(table.read_text(encoding="utf-8"))) == 4


def test_an_exported_program_gives_the_same_as_the_network(
    finished: Path, made: Path, tmp_path: Path, dann: Dann
) -> None:
    program = tmp_path / "network.pt2"
    result = dann("export", finished, "--torch", program)
    assert result.status == 0, result.err
    loaded = torch.export.load(program).module()
    found = loaded(torch.from_numpy(pixels(made)))
    assert_predicts(found.detach().numpy(), finished, made, dann)


def test_exported_onnx_gives_the_same_as_the_network(
    finished: Path, made: Path, tmp_path: Path, dann: Dann
) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    file = tmp_path / "network.onnx"
    result = dann("export", finished, "--onnx", file)
    assert result.status == 0, result.err
    assert "opset 18" in result.out
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    (found,) = session.run(["probabilities"], {"examples": pixels(made)})
    assert_predicts(found, finished, made, dann)


def pixels(made: Path) -> np.ndarray:
    """uint8 [25, 64, 64, 3]: the target's pictures, as anybody reads them."""
    files = sorted((made / "office" / "webcam").iterdir())
    return np.stack([np.asarray(Image.open(file).convert("RGB")) for file in files])


def assert_predicts(found: np.ndarray, run: Path, made: Path, dann: Dann) -> None:
    told = rows_of(dann("predict", run, made / "office" / "webcam").out)
    expected = [[float(row[f"p({name})"]) for name in CLASSES] for row in told]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_network_of_a_table_is_exported_too(table_run: Path, tmp_path: Path, dann: Dann) -> None:
    program = tmp_path / "network.pt2"
    assert dann("export", table_run, "--torch", program).status == 0
    rows = write_csv(tmp_path / "rows.csv", ["a", "b"], [[0.5, 1], [-1, 0.25]])
    found = torch.export.load(program).module()(torch.tensor([[0.5, 1], [-1, 0.25]]))
    told = [float(row["p(high)"]) for row in rows_of(dann("predict", table_run, rows).out)]
    np.testing.assert_allclose(found[:, 0].detach().numpy(), told, atol=1e-5)


@pytest.mark.parametrize("option", ["--onnx", "--torch"])
def test_export_never_writes_over_a_runs_own_file(option: str, run: Path, dann: Dann) -> None:
    before = contents(run)
    for path in (run / "checkpoint.pt", run / "metrics.json"):
        result = dann("export", run, option, path)
        assert result.status == 1
        assert is_one_line(result.err)
    assert contents(run) == before


def test_without_onnx_a_sentence_says_what_to_install(
    finished: Path, tmp_path: Path, dann: Dann, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    result = dann("export", finished, "--onnx", tmp_path / "network.onnx")
    assert result.status == 1
    assert is_one_line(result.err)
    assert "pip install 'dann-explorable[onnx]'" in result.err
    assert not (tmp_path / "network.onnx").exists()


# -- a network of one's own ----------------------------------------------------------------------


def test_a_network_of_ones_own_is_trained_and_used_by_its_name(
    domains: tuple[str, ...], mine: str, made: Path, tmp_path: Path, dann: Dann
) -> None:
    run, picture = tmp_path / "run", made / "office" / "webcam" / "frame_0001.png"
    assert dann("train", *domains, *FEW, "--network", mine, "--out", run).status == 0
    assert metrics(run)["recipe"]["network"] == mine
    assert np.load(run / "embeddings.npy").shape[1] == 7
    commands = used(run, picture, tmp_path)
    for command in commands:
        result = dann(*command)
        assert result.status == 0, result.err
    (tmp_path / "network.pt2").unlink()

    Path("mine_of_a_test.py").unlink()
    shutil.rmtree("__pycache__", ignore_errors=True)
    before = contents(run)
    for command in commands:
        sys.modules.pop("mine_of_a_test", None)
        result = dann(*command)
        assert result.status == 1, command
        assert is_one_line(result.err)
        assert "'mine_of_a_test'" in result.err
    assert contents(run) == before
    assert not (tmp_path / "network.pt2").exists()


def used(run: Path, picture: Path, folder: Path) -> list[tuple[str | Path, ...]]:
    return [
        ("train", "--resume", "--out", run),
        ("evaluate", run),
        ("predict", run, picture),
        ("export", run, "--torch", folder / "network.pt2"),
    ]


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("def f(recipe, inputs): return 1 / 0", "ZeroDivisionError: division by zero, line 1 of"),
        ("def f(recipe inputs): pass", "SyntaxError"),
        ("raise ValueError('no weights')", "ValueError: no weights, line 1 of"),
        ("import not_there_at_all", "'not_there_at_all'"),
        ("def f(recipe, inputs): return 3", "gave int"),
        ("import torch; f = lambda recipe, inputs: torch.nn.Identity()", "[2, F] is needed"),
        ("import torch; f = lambda recipe, inputs: torch.nn.Linear(1, 1)", "does not take a batch"),
    ],
)
def test_a_network_that_fails_is_one_line(
    module: str,
    says: str,
    domains: tuple[str, ...],
    tmp_path: Path,
    dann: Dann,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "failing_net.py").write_text(module, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "failing_net", raising=False)
    result = dann("train", *domains, *FEW, "--network", "failing_net:f", "--out", "run")
    sys.modules.pop("failing_net", None)
    assert result.status == 1
    assert is_one_line(result.err)
    assert says in result.err
    assert not (tmp_path / "run").exists()


def test_a_run_of_a_pair_that_has_data_of_its_own_does_not_take_yours(
    domains: tuple[str, ...], tmp_path: Path, dann: Dann
) -> None:
    out = tmp_path / "run"
    words = ("train", "--steps", "1", "--threads", "1", "--device", "cpu", "--out", out)
    assert dann(*words).status == 0
    before = contents(out)
    result = dann("train", "--resume", "--out", out, *domains)
    assert result.status == 1
    assert is_one_line(result.err)
    assert "--pair stripes" in result.err
    assert contents(out) == before


def test_a_module_beside_does_not_replace_a_library(
    domains: tuple[str, ...], tmp_path: Path, dann: Dann, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('replaced')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = dann("train", *domains, *FEW, "--network", "json:small", "--out", "run")
    assert result.status == 1
    assert "no function 'small'" in result.err
