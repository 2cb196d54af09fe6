"""``dann train`` and ``dann evaluate``, as a user runs them."""

from __future__ import annotations

import errno
import io
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
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest
import torch
from disk import full_disk
from PIL import Image
from typed import Dann, is_one_line

from dann_core.checkpoints import read_checkpoint, write_checkpoint
from dann_core.domains import DomainPair
from dann_core.errors import DannError
from dann_core.history import Evaluation
from dann_core.recipe import ALLOWED, PRESETS, preset
from dann_core.training import Trainer
from dann_lab import cli
from dann_lab.cli import sizes
from dann_lab.cli.screen import summary
from dann_lab.maps import still
from dann_lab.runs import folder as run_folder
from dann_lab.runs.claim import HOLDER, LOCK
from dann_lab.runs.folder import Data, RunFolder, Saved

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
# Gets a signal while the map of the features is drawn.
STOPPED_AT_THE_END = """
import os, signal, sys
from dann_lab import cli
from dann_lab.maps import still
number = getattr(signal, sys.argv.pop(1))
still.tsne = lambda embeddings: os.kill(os.getpid(), number)
cli.main()
"""
RUN = ["train", "--preset", "quick", "--steps", "40", "--threads", "1", "--device", "cpu"]
SHORT = ["train", "--steps", "3", "--threads", "1", "--device", "cpu"]


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
    assert "Data:   stripes, build stripes-v" in out
    assert "Device: CPU, 1 thread" in out


def test_the_summary_states_the_measured_accuracies_beside_chance(
    finished: tuple[Path, str],
) -> None:
    folder, out = finished
    for name, chance in (("source", "0.10"), ("target", "0.10"), ("domain", "0.50")):
        accuracy = metrics(folder)["accuracy"][name]
        assert re.search(rf"^ *{name} \(.*\) +{accuracy:.4f} +{chance}", out, re.MULTILINE)
    table = out.partition("After 40 steps")[2]
    assert table
    assert "tutorial" not in table  # its figures are of other data


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


SIGNALS = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")
    if hasattr(signal, name)
]


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
@pytest.mark.parametrize("method", ALLOWED["method"])
def test_every_method_trains_and_goes_on(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dann: Dann
) -> None:
    monkeypatch.chdir(tmp_path)
    result = dann(*SHORT, "--method", method)
    assert result.status == 0
    folder = tmp_path / f"runs/stripes-{method}-quick-seed0"
    assert metrics(folder)["recipe"]["method"] == method
    judged = method not in ("coral", "mmd")
    assert (metrics(folder)["accuracy"]["domain"] is not None) is judged
    assert bool(re.search(r"domain \(.*\) +none trained", result.out)) is not judged
    assert (f"method {method}, " in result.out) is (method != "dann")
    again = dann("train", "--resume", "--out", folder, "--method", method)
    assert again.status == 0
    other = dann("train", "--resume", "--out", folder, "--method", "dann" if judged else "cdan")
    assert other.status == (0 if method == "dann" else 1)
    evaluated = dann("evaluate", folder)
    assert evaluated.status == 0
    assert dann("predict", folder, picture(tmp_path)).status == 0


def picture(folder: Path) -> Path:
    Image.fromarray(np.zeros((28, 28, 3), np.uint8)).save(folder / "black.png")
    return folder / "black.png"


@pytest.mark.usefixtures("no_map")
def test_the_folder_is_named_after_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dann: Dann
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ["--mode", "source", "--preset", "deep", "--seed", "5"]
    assert dann(*SHORT, *options).status == 0
    folder = tmp_path / "runs/stripes-source-deep-seed5"
    assert (folder / "metrics.json").exists()
    assert read_checkpoint(folder / run_folder.CHECKPOINT)["recipe"]["network"] == "deep"


def test_a_diverging_run_stops_in_one_line_and_keeps_its_last_good_weights(
    tmp_path: Path, dann: Dann
) -> None:
    run = ["train", "--preset", "seed", "--lambda", "1e12", "--steps", "50", "--threads", "1"]
    result = dann(*run, "--device", "cpu", "--out", tmp_path)
    assert result.status == 1
    assert is_one_line(result.err)
    failed = re.search(r"at step (\d+) \(lambda 1e\+12, learning rate", result.err)
    assert failed
    state = read_checkpoint(tmp_path / run_folder.CHECKPOINT)
    assert all(weight.isfinite().all() for weight in state["model"].values())
    assert len(state["history"]["steps"]["step"]) == int(failed[1]) - 1
    assert dann("evaluate", tmp_path).status == 0


@pytest.mark.parametrize(
    ("asked", "pair", "named", "steps"),
    [
        ("", "stripes", "quick", 400),
        ("--preset seed", "stripes", "seed", 400),
        ("--pair digits --steps 7", "digits", "quick", 7),
        ("--preset deep", "stripes", "deep", 800),
    ],
)
def test_a_run_that_is_not_described_shows_the_effect_soon(
    asked: str,
    pair: str,
    named: str,
    steps: int,
    dann: Dann,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing(run: RunFolder, log: object) -> None:
        raise DannError("That will do.")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.modules["dann_lab.cli.train"], "_train", nothing)
    assert dann("train", *asked.split(), "--threads", "1", "--device", "cpu").status == 1
    saved = Saved.read(tmp_path / "runs" / f"{pair}-dann-{named}-seed0")
    assert (saved.data.pair, saved.recipe) == (pair, preset(named, steps=steps))


@pytest.mark.parametrize(
    "other",
    [
        ["--pair", "mnist"],
        ["--mode", "source"],
        ["--method", "coral"],
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
        (["--method", "adda"], "'adda'"),
        (["--preset", "slow"], "'slow'"),
        (["--steps", "-5"], "-5"),
        (["--seed", "-1"], "-1"),
        (["--lambda", "strong"], "strong"),
        (["--lambda", "-1"], "-1"),
        (["--lambda", "nan"], "nan"),
        (["--threads", "0"], "0"),
        (["--device", "tpu"], "'tpu'"),
        (["--photos", "heldout"], "'stripes' has no photos"),
        (["--pair", "digits", "--photos", "mine"], "'mine'"),
        (["--build", "x"], "--build"),
        (["--build", "x", "--data-seed", "1"], "--data-seed"),
        (["--data-dir", "nowhere"], "nowhere"),
        (["--resume", "--pair", "svhn"], "'svhn'"),
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


def test_a_run_without_its_map_needs_no_lab_and_is_the_same_run(
    dann: Dann, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_map: None
) -> None:
    with_map, without = tmp_path / "with", tmp_path / "without"
    assert dann(*SHORT, "--out", with_map).status == 0
    monkeypatch.setattr(sizes, "find_spec", lambda module: None)
    assert dann(*SHORT, "--no-map", "--out", without).status == 0
    left = set(contents(with_map)) - set(contents(without))
    assert left == {"tsne.png", *(f"{name}.npy" for name in run_folder.ARRAYS)}
    assert history(without) == history(with_map)
    assert metrics(without)["accuracy"] == metrics(with_map)["accuracy"]


@pytest.mark.parametrize("command", sizes.NEEDED)
def test_without_the_lab_a_command_says_so_before_it_begins(
    command: str, dann: Dann, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sizes, "find_spec", lambda module: None)
    pages = {"export": ["run", "--html", "page.html"], "table": ["run", "--out", "page.html"]}
    result = dann(command, *pages.get(command, []))
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


OUTPUTS = pytest.mark.skipif(sys.platform == "win32", reason="a shell's ways to close an output")
DANN = [sys.executable, "-m", "dann_lab"]


@contextmanager
def training(folder: Path, *more: str | Path) -> Iterator[subprocess.Popen[str]]:
    """``dann train`` in a process of its own that will not end by itself, once it has a run."""
    options = ["--steps", "100000", "--threads", "1", "--device", "cpu"]
    with subprocess.Popen(
        [*DANN, "train", *options, "--out", folder, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        try:
            while not process.stdout.readline().startswith("Device:"):
                assert process.poll() is None
            yield process
        finally:
            process.kill()
            process.communicate()


@pytest.mark.usefixtures("no_map")
def test_two_at_once_are_told_who_is_first_and_a_killed_one_is_in_nobodys_way(
    tmp_path: Path, dann: Dann
) -> None:
    folder = tmp_path / "run"
    (tmp_path / "other").mkdir()
    with training(folder) as first:
        for again in ([], ["--resume"]):
            result = dann("train", *again, "--out", tmp_path / "other" / ".." / "run")
            assert result.status == 1
            assert is_one_line(result.err)
            assert f"in use: process {first.pid} on " in result.err
        assert dann("evaluate", folder).status == 0, "who only reads may"
        first.kill()
    refused = dann(*SHORT, "--out", folder)
    assert is_one_line(refused.err)
    assert "already holds a run" in refused.err
    assert "contradicts" in dann("train", "--resume", "--steps", "3", "--out", folder).err


@pytest.mark.usefixtures("no_map")
def test_of_two_that_begin_at_once_in_a_new_folder_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dann: Dann
) -> None:
    folder = tmp_path / "run"
    load = Data.load

    def meanwhile(data: Data) -> DomainPair:
        """Another one begins while this one's data are loaded."""
        monkeypatch.setattr(Data, "load", load)
        other.enter_context(training(folder))
        return load(data)

    monkeypatch.setattr(Data, "load", meanwhile)
    with ExitStack() as other:
        result = dann(*SHORT, "--out", folder)
        assert result.status == 1
        assert is_one_line(result.err)
        assert "in use: process " in result.err


@pytest.mark.usefixtures("no_map")
@pytest.mark.parametrize("left", ["nothing", "a folder", "a folder of a killed run"])
def test_resume_begins_where_there_is_no_run_yet(
    left: str, finished: tuple[Path, str], tmp_path: Path, dann: Dann
) -> None:
    folder = tmp_path / "queued" / "again"
    if left != "nothing":
        folder.mkdir(parents=True)
    if left == "a folder of a killed run":
        (folder / LOCK).touch()
        for name in (HOLDER, f".{run_folder.CHECKPOINT}.0123.tmp"):
            (folder / name).write_text("{}", encoding="utf-8")
    command = [*SHORT, "--resume", "--seed", "3", "--out", folder]
    begun = dann(*command)
    assert begun.status == 0
    assert begun.out.startswith(f"There is no run in {folder} yet: it begins.\nRun:")
    before = history(folder)
    assert len(before["steps"]["step"]) == 3
    again = dann(*command)
    assert again.status == 0
    assert "State:  3 of 3 steps done" in again.out
    assert history(folder) == before


# What a person might type, and what a program might hand over.
ABSURD = ["nan", "inf", "-inf", "1e39", "-1", "", " ", "9" * 400, "9" * 5000, "[1, 2]", "٠٫٥", "²"]
OPTIONS = ["--steps", "--seed", "--lambda", "--data-seed", "--threads", "--device", "--pair"]
OPTIONS += ["--mode", "--method", "--preset", "--photos", "--build"]


@pytest.mark.usefixtures("no_map")
@pytest.mark.parametrize("option", OPTIONS)
def test_a_value_that_is_refused_leaves_nothing_that_refuses_the_next(
    option: str, tmp_path: Path, dann: Dann
) -> None:
    tried = ABSURD + (["100000"] if option == "--threads" else []) + ["3e38", "cuda:99"]
    for value in tried:
        if option == "--lambda" and value == "3e38":  # diverges, which is another matter
            continue
        result = dann(*SHORT, option, value, "--out", tmp_path / "run")
        assert result.status in (1, 2), value
        assert "Traceback" not in result.err
        assert result.status == 2 or is_one_line(result.err), value
        assert list(tmp_path.iterdir()) == [], value
    assert dann(*SHORT, "--out", tmp_path / "run").status == 0


@pytest.mark.usefixtures("no_map")
def test_a_run_of_more_threads_than_a_machine_can_start_goes_on_with_fewer(
    tmp_path: Path, stripes_pair: DomainPair, dann: Dann
) -> None:
    trainer = Trainer(stripes_pair, preset("quick", steps=3), device="cpu")
    run = RunFolder(tmp_path, Data(), trainer)
    run.save()
    state = read_checkpoint(tmp_path / run_folder.CHECKPOINT)
    write_checkpoint(state | {"threads": 100_000}, tmp_path / run_folder.CHECKPOINT)
    before = torch.get_num_threads()
    try:
        for arguments in (["evaluate", tmp_path], ["train", "--resume", "--out", tmp_path]):
            result = dann(*arguments)
            assert (result.status, result.err) == (0, "")
            assert re.search(r"had 100000 threads\. This machine starts at most \d+,", result.out)
    finally:
        torch.set_num_threads(before)


class Broken(io.TextIOBase):
    """A standard output that fails from its ``good``-th piece of writing on."""

    def __init__(self, good: int, number: int, place: BinaryIO):
        self.good, self.number, self.place = good, number, place

    def write(self, text: str) -> int:
        self.good -= 1
        if self.good < 0:
            raise OSError(self.number, os.strerror(self.number))
        return len(text)

    def fileno(self) -> int:
        return self.place.fileno()


@pytest.mark.usefixtures("no_map")
@pytest.mark.parametrize(("number", "status"), [(errno.EPIPE, 141), (errno.ENOSPC, 1)])
@pytest.mark.parametrize("good", range(0, 18, 3))
def test_wherever_the_output_fails_the_run_can_go_on_to_the_same_end(
    good: int,
    number: int,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    dann: Dann,
) -> None:
    recipe = replace(preset("quick"), log_every=1)
    monkeypatch.setitem(PRESETS, "quick", recipe)
    run = ["train", "--preset", "quick", "--steps", "7", "--threads", "1", "--device", "cpu"]
    assert dann(*run, "--out", tmp_path / "whole").status == 0
    with (tmp_path / "taken").open("wb") as place, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Broken(good, number, place))
        with pytest.raises(SystemExit) as ended:
            monkeypatch.setattr(sys, "argv", ["dann", *run, "--out", str(tmp_path / "run")])
            cli.main()
    assert ended.value.code == status
    error = dann.capsys.readouterr().err
    assert "Traceback" not in error
    assert error.count("\n") <= 1
    if "Stopped and saved" in error:
        step = int(re.search(r"after step (\d+)\. Go on with: dann train --resume", error)[1])
        assert len(history(tmp_path / "run")["steps"]["step"]) == step
    assert dann(*run, "--resume", "--out", tmp_path / "run").status == 0
    assert history(tmp_path / "run") == history(tmp_path / "whole")
    assert weights_equal(tmp_path / "run", tmp_path / "whole")


@OUTPUTS
def test_nobody_reads_any_more_and_the_run_is_saved(tmp_path: Path, dann: Dann) -> None:
    folder = tmp_path / "run"
    with training(folder) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()  # as `| head -4` does
        error = process.stderr.read()
        assert process.wait() == 141
        stopped = re.fullmatch(
            r"dann: the standard output failed \(Broken pipe\)\. Stopped and saved after step "
            r"(\d+)\. Go on with: dann train --resume --out (.*)\n",
            error,
        )
        assert stopped
        process.stdout = process.stderr = None
    assert len(history(folder)["steps"]["step"]) == int(stopped[1]) > 0
    assert stopped[2] == str(folder)


@OUTPUTS
def test_ctrl_c_that_ends_the_reader_as_well_is_no_failure(tmp_path: Path) -> None:
    """As of `| tee log`, which the terminal interrupts together with the training."""
    with training(tmp_path / "run") as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.send_signal(signal.SIGINT)
        error = process.stderr.read()
        assert process.wait() == 130
        process.stdout = process.stderr = None
    assert re.fullmatch(r"Stopped and saved after step \d+\. Go on with: dann train .*\n", error)


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send these signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_in_the_last_evaluation_leaves_a_whole_run(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    ended = subprocess.run(
        [sys.executable, "-c", STOPPED_AT_THE_END, name, *SHORT, "--out", folder],
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == 130, ended.stderr
    assert f"All steps are saved. For the evaluation: dann train --resume --out {folder}" in (
        ended.stdout.replace("\n", " ")
    )
    assert ended.stderr == ""
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]
    assert len(history(folder)["steps"]["step"]) == 3


def test_what_is_wrong_with_a_folders_name_is_said_of_it(dann: Dann) -> None:
    result = dann(*SHORT, "--out", "a" * 300)
    assert result.status == 1
    assert f"{'a' * 300} cannot be looked at" in result.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no /dev/stdout")
def test_an_export_does_not_replace_the_file_that_the_output_goes_to(
    finished: tuple[Path, str], tmp_path: Path
) -> None:
    """As of ``dann export RUN --csv /dev/stdout >> all.csv``."""
    file = tmp_path / "all.csv"
    file.write_text("kept\n", encoding="utf-8")
    for target in ("/dev/stdout", str(file)):
        with open(file, "a", encoding="utf-8") as output:
            ended = subprocess.run(
                [*DANN, "export", finished[0], "--csv", target],
                stdout=output,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            )
        assert ended.returncode == 1
        assert "is where the output of this command goes" in ended.stderr
        assert file.read_text(encoding="utf-8") == "kept\n"


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_a_signal_that_was_ignored_stays_ignored(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup hands it over
    try:
        with training(tmp_path / "run") as process:
            assert process.stdout
            process.send_signal(signal.SIGHUP)
            assert process.stdout.readline().startswith("step 100:")
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate()
            assert process.returncode == 130
            assert "Stopped and saved" in out
    finally:
        signal.signal(signal.SIGHUP, before)


COMMANDS = ["--help", "--version", "data list", "evaluate RUN", "export RUN --csv CSV", "train -h"]


@OUTPUTS
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_has_a_traceback_for_an_output_that_is_gone(
    command: str, finished: tuple[Path, str], tmp_path: Path
) -> None:
    program = shlex.join(DANN)
    told = command.replace("RUN", shlex.quote(str(finished[0])))
    told = told.replace("CSV", shlex.quote(str(tmp_path / "table.csv")))
    pipe = "{ read -r line; exec <&-; }"
    for shell, statuses in (
        (f"{program} {told} >&-", {0}),
        (f"{program} {told} >&- 2>&- <&-", {0}),
        (f"{program} {told} 2>&-", {0}),
        # A short text may fit into the pipe before its reader goes.
        (f"set -o pipefail; {program} {told} | {pipe}", {0, 141}),
        (f"set -o pipefail; {program} {told} | true", {141}),
        *([(f"{program} {told} >/dev/full", {1})] if Path("/dev/full").exists() else []),
    ):
        ended = subprocess.run(["bash", "-c", shell], capture_output=True, encoding="utf-8")
        assert ended.returncode in statuses, shell
        assert ended.stderr in (
            "",
            "dann: error: the standard output: No space left on device.\n",
        ), shell
    if "CSV" in command:
        assert (tmp_path / "table.csv").exists()


@OUTPUTS
def test_a_run_without_any_standard_stream_is_a_whole_one(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shell = f"{shlex.join([*DANN, *SHORT, '--out', str(folder)])} >&- 2>&- <&-"
    assert subprocess.run(["bash", "-c", shell]).returncode == 0
    assert {file.name for file in folder.iterdir()} == {run_folder.CHECKPOINT, *run_folder.RESULTS}
    assert len(history(folder)["steps"]["step"]) == 3
