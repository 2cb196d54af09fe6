"""``dann train`` and ``dann evaluate``, as a user runs them."""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from disk import full_disk

from dann_core.checkpoints import read_checkpoint
from dann_core.domains import DomainPair
from dann_core.history import Evaluation
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab import cli
from dann_lab.cli import sizes
from dann_lab.cli.screen import summary
from dann_lab.maps import still
from dann_lab.runs import folder as run_folder
from dann_lab.runs.folder import Data, RunFolder

# The real program, but for a recipe that logs and a run that saves more often, so that a short one
# has something to interrupt.
BUSY = """
from dataclasses import replace
from dann_core.recipe import PRESETS
from dann_lab import cli
from dann_lab.runs import folder
PRESETS["quick"] = replace(PRESETS["quick"], log_every=3)
folder.SAVE_SECONDS = 0.3
cli.main()
"""
RUN = ["train", "--preset", "quick", "--steps", "40", "--threads", "1", "--device", "cpu"]
SHORT = ["train", "--steps", "3", "--threads", "1", "--device", "cpu"]


@dataclass
class Result:
    status: int
    out: str
    err: str


class Dann:
    """Runs ``dann`` within this process, which saves the seconds that starting one takes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *args: str | Path) -> Result:
        self.monkeypatch.setattr(sys, "argv", ["dann", *map(str, args)])
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Result(int(ended.value.code or 0), *self.capsys.readouterr())


@pytest.fixture
def dann(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Dann:
    return Dann(monkeypatch, capsys)


@pytest.fixture
def no_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two dimensions of the embedding instead of t-SNE, which takes seconds."""
    monkeypatch.setattr(still, "tsne", lambda embeddings: embeddings[:, :2])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder and the output of a run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("run") / "finished"
    ended = subprocess.run(
        [sys.executable, "-c", BUSY, *RUN, "--out", folder],
        capture_output=True,
        encoding="utf-8",
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return folder, ended.stdout


def history(folder: Path) -> Any:
    return json.loads((folder / "history.json").read_text(encoding="utf-8"))


def metrics(folder: Path) -> Any:
    return json.loads((folder / "metrics.json").read_text(encoding="utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def is_one_line(error: str) -> bool:
    return error.startswith("dann: error: ") and error.count("\n") == 1 and error.endswith("\n")


def test_a_run_leaves_what_the_tutorial_saves(finished: tuple[Path, str]) -> None:
    folder, _ = finished
    assert {file.name for file in folder.iterdir()} == {run_folder.CHECKPOINT, *run_folder.RESULTS}
    shapes = {name: np.load(folder / f"{name}.npy").shape for name in run_folder.ARRAYS}
    assert shapes == {
        "images": (800, 28, 28, 3),
        "embeddings": (800, 2352),
        "domain_labels": (800,),
        "class_labels": (800,),
    }
    assert (folder / "tsne.png").read_bytes().startswith(b"\x89PNG")
    assert len(history(folder)["steps"]["step"]) == 40
    assert [(e["step"], e["images"]) for e in history(folder)["evaluations"]] == [
        (15, 400),
        (30, 400),
        (40, 400),
    ]


def test_piped_output_is_plain_lines_that_a_script_can_read(finished: tuple[Path, str]) -> None:
    folder, out = finished
    assert "\x1b" not in out
    number = r"([\d.]+)"
    lines = re.findall(
        rf"^step (\d+): loss {number}, domain acc {number}, label acc {number}, p {number}, "
        rf"lambda {number}, lr {number} \| {number} steps/s, \d+:\d\d left$",
        out,
        re.MULTILINE,
    )
    steps = history(folder)["steps"]
    names = ["total_loss", "domain_accuracy", "label_accuracy", "progress", "lambda_"]
    assert [int(line[0]) for line in lines] == list(range(3, 40, 3))
    for line in lines:
        there = [steps[name][int(line[0]) - 1] for name in names]
        assert [float(value) for value in line[1:6]] == pytest.approx(there, abs=1e-3)
    (evaluation,) = re.findall(
        rf"^step 15: source acc {number}, target acc {number} on 400 test", out, re.MULTILINE
    )
    assert float(evaluation[1]) == history(folder)["evaluations"][0]["target_accuracy"]
    assert "Data:   digits, build digits-v" in out
    assert "Device: CPU, 1 thread" in out


def test_the_summary_states_the_measured_accuracies_beside_chance(
    finished: tuple[Path, str],
) -> None:
    folder, out = finished
    for name, chance in (("source", "0.10"), ("target", "0.10"), ("domain", "0.50")):
        accuracy = metrics(folder)["accuracy"][name]
        assert re.search(rf"^ *{name} \(.*\) +{accuracy:.4f} +{chance}", out, re.MULTILINE)
    assert "tutorial" not in out  # its figures are of other data


@pytest.mark.parametrize(("steps", "shown"), [(8600, True), (8599, False)])
def test_the_tutorials_figures_stand_beside_a_repetition_of_it_only(
    steps: int, shown: bool, digits_pair: DomainPair
) -> None:
    pair = replace(digits_pair, name="mnist")
    trainer = Trainer(pair, preset("seed", seed=3, steps=steps), device="cpu")
    table = summary(
        RunFolder(Path("run"), Data("mnist"), trainer), Evaluation(8600, 0.9, 0.8, 0.7, 1)
    )
    assert [column.header for column in table.columns][3:] == (["tutorial"] if shown else [])
    if shown:
        assert list(table.columns[3].cells) == ["0.9807", "0.7198", "0.6690"]


def test_evaluate_finds_the_same_accuracies_and_changes_nothing(
    finished: tuple[Path, str], dann: Dann
) -> None:
    folder, _ = finished
    before = contents(folder)
    result = dann("evaluate", folder)
    assert result.status == 0
    for name, accuracy in metrics(folder)["accuracy"].items():
        assert re.search(rf"^ *{name} \(.*\) +{accuracy:.4f} ", result.out, re.MULTILINE)
    assert len(re.findall(r"^ +\d +[\d.]+%", result.out, re.MULTILINE)) == 10
    assert contents(folder) == before


SIGNALS = [signal.SIGINT, signal.SIGTERM, *([signal.SIGKILL] if sys.platform != "win32" else [])]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
@pytest.mark.usefixtures("no_map")
@pytest.mark.parametrize("number", SIGNALS)
def test_an_interrupted_run_goes_on_as_if_it_had_never_stopped(
    finished: tuple[Path, str], number: signal.Signals, tmp_path: Path, dann: Dann
) -> None:
    folder = tmp_path / "interrupted"
    with subprocess.Popen(
        [sys.executable, "-c", BUSY, *RUN, "--out", folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        assert process.stderr
        if number == signal.SIGKILL:
            while not (folder / run_folder.CHECKPOINT).exists():
                time.sleep(0.01)
            time.sleep(random.uniform(0, 2))
        else:
            while not process.stdout.readline().startswith("step 15: source"):
                pass
        process.send_signal(number)
        out, err = process.communicate()
    assert err == ""
    if number == signal.SIGKILL:
        go_on = ["dann", "train", "--resume", "--out", str(folder)]
    else:
        assert process.returncode == 130
        stopped = re.search(r"^Stopped and saved after step (\d+)\. Go on with: (.*)$", out, re.M)
        assert stopped
        assert len(history(folder)["steps"]["step"]) == int(stopped[1]) < 40
        go_on = shlex.split(stopped[2])

    assert dann(*go_on[1:]).status == 0
    assert history(folder) == history(finished[0])
    assert weights_equal(folder, finished[0])
    assert metrics(folder)["accuracy"] == metrics(finished[0])["accuracy"]


def weights_equal(one: Path, other: Path) -> bool:
    first, second = (
        read_checkpoint(folder / run_folder.CHECKPOINT)["model"] for folder in (one, other)
    )
    assert first.keys() == second.keys()
    return all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.usefixtures("no_map")
def test_the_seed_decides_the_run(tmp_path: Path, dann: Dann) -> None:
    for name, seed in (("one", "1"), ("same", "1"), ("other", "2")):
        assert dann(*SHORT, "--seed", seed, "--out", tmp_path / name).status == 0
    assert history(tmp_path / "one") == history(tmp_path / "same")
    assert weights_equal(tmp_path / "one", tmp_path / "same")
    assert history(tmp_path / "one")["steps"] != history(tmp_path / "other")["steps"]


@pytest.mark.usefixtures("no_map")
@pytest.mark.parametrize("mode", ["source", "target"])
def test_without_a_domain_classifier_there_is_no_domain_accuracy(
    mode: str, tmp_path: Path, dann: Dann
) -> None:
    result = dann(*SHORT, "--mode", mode, "--out", tmp_path / "run")
    assert result.status == 0
    assert re.search(r"domain \(.*\) +none trained", result.out)
    assert "nan" not in result.out.lower()
    assert metrics(tmp_path / "run")["accuracy"]["domain"] is None
    assert history(tmp_path / "run")["evaluations"][0]["domain_accuracy"] is None


@pytest.mark.usefixtures("no_map")
def test_the_folder_is_named_after_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dann: Dann
) -> None:
    monkeypatch.chdir(tmp_path)
    assert dann(*SHORT, "--mode", "source", "--seed", "5").status == 0
    assert (tmp_path / "runs/digits-source-seed-seed5/metrics.json").exists()


def test_a_diverging_run_stops_in_one_line_and_keeps_its_last_good_weights(
    tmp_path: Path, dann: Dann
) -> None:
    run = ["train", "--lambda", "1e12", "--steps", "50", "--threads", "1", "--device", "cpu"]
    result = dann(*run, "--out", tmp_path)
    assert result.status == 1
    assert is_one_line(result.err)
    failed = re.search(r"at step (\d+) \(lambda 1e\+12, learning rate", result.err)
    assert failed
    state = read_checkpoint(tmp_path / run_folder.CHECKPOINT)
    assert all(weight.isfinite().all() for weight in state["model"].values())
    assert len(state["history"]["steps"]["step"]) == int(failed[1]) - 1
    assert dann("evaluate", tmp_path).status == 0


@pytest.mark.parametrize(
    "other",
    [
        ["--pair", "mnist"],
        ["--mode", "source"],
        ["--preset", "seed"],
        ["--steps", "41"],
        ["--seed", "1"],
        ["--lambda", "0.5"],
        ["--photos", "heldout"],
        ["--data-seed", "1"],
        ["--build", "another"],
    ],
)
def test_resume_refuses_what_contradicts_the_run(
    other: list[str], finished: tuple[Path, str], dann: Dann
) -> None:
    before = contents(finished[0])
    result = dann("train", "--resume", "--out", finished[0], *other)
    assert result.status == 1
    assert is_one_line(result.err)
    assert f"{other[0]} {other[1]} contradicts the run" in result.err
    assert contents(finished[0]) == before


@pytest.mark.usefixtures("no_map")
def test_resume_accepts_what_agrees_and_takes_the_threads_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dann: Dann
) -> None:
    assert dann(*SHORT, "--lambda", "0.5", "--out", tmp_path).status == 0
    (tmp_path / "metrics.json").unlink()
    before = history(tmp_path)
    torch.set_num_threads(2)
    result = dann("train", "--resume", "--lambda", "0.50", "--seed", "0", "--out", tmp_path)
    assert result.status == 0
    assert "Device: CPU, 1 thread\n" in result.out
    assert "State:  3 of 3 steps done" in result.out
    assert metrics(tmp_path)["threads"] == 1
    assert history(tmp_path) == before


def test_a_run_is_never_overwritten(finished: tuple[Path, str], dann: Dann) -> None:
    before = contents(finished[0])
    result = dann(*SHORT, "--out", finished[0])
    assert result.status == 1
    assert is_one_line(result.err)
    assert "--resume" in result.err
    assert contents(finished[0]) == before


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["--pair", "svhn"], "'svhn'"),
        (["--mode", "both"], "'both'"),
        (["--preset", "slow"], "'slow'"),
        (["--steps", "-5"], "-5"),
        (["--seed", "-1"], "-1"),
        (["--lambda", "strong"], "strong"),
        (["--lambda", "-1"], "-1"),
        (["--lambda", "nan"], "nan"),
        (["--threads", "0"], "0"),
        (["--device", "tpu"], "'tpu'"),
        (["--photos", "mine"], "'mine'"),
        (["--build", "x"], "--build"),
        (["--build", "x", "--data-seed", "1"], "--data-seed"),
        (["--data-dir", "nowhere"], "nowhere"),
    ],
)
def test_a_mistake_is_answered_in_one_line(
    args: list[str], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dann: Dann
) -> None:
    monkeypatch.chdir(tmp_path)
    data = ["--pair", "mnist"] if "--data-dir" in args else []
    result = dann("train", "--out", "run", *data, *args)
    assert result.status == 1
    assert is_one_line(result.err)
    assert named in result.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_named(tmp_path: Path, dann: Dann) -> None:
    file = tmp_path / "file"
    file.write_text("kept", encoding="utf-8")
    for out in (file, file / "below"):
        result = dann(*SHORT, "--out", out)
        assert result.status == 1
        assert is_one_line(result.err)
        assert str(out) in result.err
    assert file.read_text(encoding="utf-8") == "kept"


def test_missing_data_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dann: Dann
) -> None:
    monkeypatch.setenv("DANN_DATA", str(tmp_path))
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    result = dann("train", "--pair", "mnist", "--threads", "1", "--out", tmp_path / "run")
    assert result.status == 1
    assert is_one_line(result.err)
    assert "dann data fetch" in result.err
    assert not (tmp_path / "run").exists()


def test_a_full_disk_is_answered_in_one_line(tmp_path: Path, dann: Dann) -> None:
    with full_disk():
        result = dann(*SHORT, "--out", tmp_path)
    assert result.status == 1
    assert is_one_line(result.err)
    assert "Free some space" in result.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("no_map")
def test_a_disk_that_fills_up_at_the_end_says_what_is_safe_and_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dann: Dann
) -> None:
    write = RunFolder._write_array

    def without_room(self: RunFolder, name: str, array: Any) -> None:
        with full_disk(1_000_000):
            write(self, name, array)

    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "_write_array", without_room)
        result = dann(*SHORT, "--out", tmp_path)
    assert result.status == 1
    assert is_one_line(result.err)
    for said in ("images.npy: the disk is full", "The run is safe", "checkpoint.pt", "--resume"):
        assert said in result.err
    assert not (tmp_path / "images.npy").exists()
    assert dann("train", "--resume", "--out", tmp_path).status == 0
    assert {file.name for file in tmp_path.iterdir()} == set(run_folder.OWN)


@pytest.mark.parametrize("place", ["recipe", "data", "history", "model", "optimiser"])
@pytest.mark.parametrize("command", ["evaluate", "train", "export"])
def test_a_field_that_this_version_does_not_know_is_one_line(
    command: str, place: str, finished: tuple[Path, str], tmp_path: Path, dann: Dann
) -> None:
    folder = tmp_path / "odd"
    shutil.copytree(finished[0], folder)
    state = read_checkpoint(folder / run_folder.CHECKPOINT)
    state[place]["colour"] = 1
    torch.save(state, folder / run_folder.CHECKPOINT)
    before = contents(folder)
    args = {
        "evaluate": ["evaluate", folder],
        "train": ["train", "--resume", "--out", folder],
        "export": ["export", folder, "--csv", tmp_path / "table.csv"],
    }[command]
    if command == "export" and place in ("model", "optimiser"):
        return  # of which a table has nothing
    result = dann(*args)
    assert result.status == 1
    assert is_one_line(result.err)
    for said in (str(folder / run_folder.CHECKPOINT), "'colour'", "Train again"):
        assert said in result.err
    assert contents(folder) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize("option", ["--out", "--data-dir"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pipe", "is a pipe"),
        ("circle", "Too many levels of symbolic links"),
        ("n" * 300, "File name too long"),
        ("n\udcff", "not UTF-8"),
    ],
)
def test_a_path_that_leads_to_no_folder_is_one_line(
    option: str, name: str, said: str, tmp_path: Path, dann: Dann
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to("circle")
    others = {"--out": str(tmp_path / "run"), "--data-dir": str(tmp_path)}
    given = [word for pair in (others | {option: str(tmp_path / name)}).items() for word in pair]
    result = dann("train", "--pair", "mnist", "--steps", "1", *given)
    assert result.status == 1
    assert is_one_line(result.err)
    assert said in result.err
    assert sorted(os.listdir(tmp_path)) == ["circle", "pipe"]


def test_ctrl_c_while_results_are_written_leaves_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dann: Dann
) -> None:
    def interrupted(embeddings: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(still, "tsne", interrupted)
        result = dann(*SHORT, "--out", tmp_path)
    assert (result.status, result.err) == (130, "")
    monkeypatch.setattr(still, "tsne", lambda embeddings: embeddings[:, :2])
    assert dann("train", "--resume", "--out", tmp_path).status == 0
    assert {file.name for file in tmp_path.iterdir()} == {
        run_folder.CHECKPOINT,
        *run_folder.RESULTS,
    }


@pytest.mark.parametrize(
    "args", [["train", "--epochs", "3"], ["train", "--steps", "many"], ["fly"]]
)
def test_a_command_that_makes_no_sense_exits_with_2(args: list[str], dann: Dann) -> None:
    result = dann(*args)
    assert result.status == 2
    assert "Traceback" not in result.err


def test_help_and_version_wait_for_no_pytorch() -> None:
    program = (
        "import sys; from dann_lab import cli; cli.app(prog_name='dann', standalone_mode=False); "
    )
    for option in ("--help", "--version"):
        ended = subprocess.run(
            [sys.executable, "-c", program + "sys.exit('torch' in sys.modules)", option],
            capture_output=True,
            encoding="utf-8",
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        assert "dann" in ended.stdout


@pytest.mark.parametrize("command", sizes.NEEDED)
def test_without_the_lab_a_command_says_so_before_it_begins(
    command: str, dann: Dann, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sizes, "find_spec", lambda module: None)
    result = dann(command, *(["run"] if command == "export" else []))
    assert result.status == 1
    assert result.out == ""
    assert is_one_line(result.err)
    assert f"`dann {command}` needs the lab" in result.err
    assert 'pip install "dann-explorable[lab]"' in result.err
    assert list(tmp_path.iterdir()) == []
    assert dann(command, "--help").status == 0


def test_without_the_lab_a_run_can_be_evaluated(
    finished: tuple[Path, str], dann: Dann, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sizes, "find_spec", lambda module: None)
    assert dann("evaluate", finished[0]).status == 0
