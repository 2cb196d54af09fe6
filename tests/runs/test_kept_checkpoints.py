"""Checkpoints that a run keeps on its way: which, what they are good for, what protects them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from disk import full_disk
from tiny import tiny_pair

from dann_core.checkpoints import read_checkpoint, write_checkpoint
from dann_core.errors import CheckpointError, DannError, DataError
from dann_core.evaluation import predict
from dann_core.recipe import Recipe, preset
from dann_core.trained import load_trained
from dann_core.training import Trainer
from dann_lab.runs.candidates import candidates, read_runs, score
from dann_lab.runs.folder import (
    CHECKPOINT,
    Data,
    RunFolder,
    Saved,
    is_a_runs_own,
    require_vacant,
)
from dann_lab.runs.on_the_way import KEPT, MOST, checked_every, file_of, kept_in

STEPS, EVERY = 10, 3


def recipe(steps: int = STEPS, **changes: object) -> Recipe:
    return preset("quick", steps=steps, log_every=1, batch_size=8, domain_width=8, **changes)


def tiny_run(folder: Path, every: int | None = EVERY, **changes: object) -> RunFolder:
    trainer = Trainer(tiny_pair(), recipe(**changes), device="cpu")
    return RunFolder(folder, Data(), trainer, keep_every=every)


def trained(run: RunFolder, until: int = STEPS) -> RunFolder:
    for record in run.train():
        if record.step == until:
            break
    run.save()
    return run


def resumed(folder: Path) -> RunFolder:
    return Saved.read(folder).resume(tiny_pair(), "cpu")


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in kept_in(folder)}


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return trained(tiny_run(tmp_path / "whole")).folder


def test_one_is_kept_after_every_so_many_steps_and_the_last_is_the_runs_own(whole: Path) -> None:
    assert [file.name for file in kept_in(whole)] == [f"step-00000{step}.pt" for step in (3, 6, 9)]
    there = tiny_run(whole.parent / "other", every=5)
    assert [file.name for file in kept_in(trained(there).folder)] == ["step-000005.pt"]


def test_without_being_asked_a_run_keeps_none(tmp_path: Path) -> None:
    run = trained(tiny_run(tmp_path, every=None))
    assert not (tmp_path / KEPT).exists()
    assert "keep_every" not in read_checkpoint(tmp_path / CHECKPOINT)
    assert Saved.read(run.folder).keep_every is None


def test_a_kept_one_predicts_as_the_network_did_at_that_step(whole: Path) -> None:
    pair, trainer = tiny_pair(), Trainer(tiny_pair(), recipe(), device="cpu")
    for record in trainer:
        if record.step == 6:
            break
    there = predict(trainer.model, pair, pair.target.test.images).probabilities
    found = load_trained(file_of(whole, 6)).predict(pair.target.test.images).probabilities
    assert torch.equal(found, there)


def test_a_kept_one_is_small_and_has_no_history(whole: Path) -> None:
    kept, own = file_of(whole, 9), whole / CHECKPOINT
    assert kept.stat().st_size < own.stat().st_size / 2
    assert read_checkpoint(kept)["history"]["steps"]["step"] == []


def test_keeping_changes_nothing_of_the_run(whole: Path, tmp_path: Path) -> None:
    without = trained(tiny_run(tmp_path / "without", every=None)).trainer
    kept = resumed(whole).trainer
    assert list(kept.history) == list(without.history)


@pytest.mark.parametrize("stop", [1, 3, 4, 9])
def test_an_interrupted_run_keeps_the_same_bit_for_bit(
    stop: int, whole: Path, tmp_path: Path
) -> None:
    halves = trained(tiny_run(tmp_path / "halves"), until=stop)
    again = trained(resumed(halves.folder))
    assert again.keep_every == EVERY
    assert contents(halves.folder) == contents(whole)


def test_a_killed_run_keeps_again_what_came_after_its_checkpoint(
    whole: Path, tmp_path: Path
) -> None:
    run = tiny_run(tmp_path / "killed")
    for record in run.train():
        if record.step == 4:
            run.save()
        if record.step == 9:
            break
    file_of(run.folder, 9).write_bytes(b"half of it")
    trained(resumed(run.folder))
    assert contents(run.folder) == contents(whole)


def test_ctrl_c_between_a_step_and_its_checkpoint_loses_none(whole: Path, tmp_path: Path) -> None:
    run = tiny_run(tmp_path / "run")
    for record in run.train():
        if record.step == 2:
            break
    next(run.trainer)  # the step was done, and then came Ctrl-C
    run.save()
    assert kept_in(run.folder) == []
    trained(resumed(run.folder))
    assert contents(run.folder) == contents(whole)


@pytest.mark.parametrize(("steps", "least"), [(51, 1), (52, 2), (400, 8), (8600, 169)])
def test_the_least_that_is_fine_keeps_at_most_fifty(steps: int, least: int) -> None:
    assert checked_every(least, steps) == least
    assert len(range(least, steps, least)) <= MOST
    if least > 1:
        assert len(range(least - 1, steps, least - 1)) > MOST
        with pytest.raises(DannError, match=f"from {least:,} to {steps - 1:,}"):
            checked_every(least - 1, steps)


@pytest.mark.parametrize("every", [0, -1, 10, 11, 2.5, True, "3", None, 10**400])
def test_what_keeps_none_or_is_no_number_is_refused_with_what_is_fine(every: object) -> None:
    with pytest.raises(DannError, match="from 1 to 9") as raised:
        checked_every(every, 10)
    assert "\n" not in str(raised.value)


def test_a_single_step_has_none_on_its_way() -> None:
    with pytest.raises(DannError, match="leave it out"):
        checked_every(1, 1)


def test_a_run_does_not_go_on_from_one(whole: Path) -> None:
    with pytest.raises(CheckpointError, match=r"kept on the way.*run's own checkpoint"):
        Trainer.resume(file_of(whole, 6), tiny_pair(), device="cpu")


def test_a_run_with_an_impossible_number_is_of_another_form(whole: Path) -> None:
    state = read_checkpoint(whole / CHECKPOINT)
    for every in (0, 10, "3"):
        write_checkpoint(state | {"keep_every": every}, whole / CHECKPOINT)
        with pytest.raises(CheckpointError, match=r"keep_every|--keep-every"):
            Saved.read(whole)


def test_a_folder_with_kept_checkpoints_is_not_vacant(whole: Path) -> None:
    for file in whole.glob("*.*"):
        file.unlink()
    with pytest.raises(DannError, match="already holds checkpoints"):
        require_vacant(whole)


def test_kept_checkpoints_are_a_runs_own(whole: Path, tmp_path: Path) -> None:
    assert is_a_runs_own(file_of(whole, 3), [])
    assert is_a_runs_own(whole / KEPT / "table.csv", [])
    assert is_a_runs_own(whole / KEPT, [whole])
    other = tmp_path / KEPT
    other.mkdir()
    assert not is_a_runs_own(other / "table.csv", [])


@pytest.mark.skipif(os.name == "nt", reason="there is no such disk on Windows")
def test_a_full_disk_is_said_and_the_run_is_safe(tmp_path: Path) -> None:
    run = tiny_run(tmp_path)
    run.save()
    with pytest.raises(DataError, match=r"disk is full.*The run is safe"), full_disk(1_000):
        trained(run)
    assert contents(trained(resumed(tmp_path)).folder).keys() == {
        f"step-00000{step}.pt" for step in (3, 6, 9)
    }


# What is chosen from


def test_the_candidates_are_what_was_kept_and_the_last(whole: Path, tmp_path: Path) -> None:
    found = candidates(Saved.read(whole))
    assert [(one.step, one.steps) for one in found] == [(3, 10), (6, 10), (9, 10), (10, 10)]
    assert found[-1].file == whole / CHECKPOINT
    stopped = trained(tiny_run(tmp_path / "stopped"), until=6)
    there = candidates(Saved.read(stopped.folder))
    assert [(one.step, one.file.name) for one in there] == [(3, "step-000003.pt"), (6, CHECKPOINT)]
    begun = tiny_run(tmp_path / "begun")
    begun.save()
    assert candidates(Saved.read(begun.folder)) == []


def test_other_files_in_the_folder_are_not_looked_at(whole: Path) -> None:
    for name in ("notes.txt", "step-1.pt", "step-000000.pt", ".step-000004.pt.tmp"):
        (whole / KEPT / name).write_bytes(b"something")
    assert [one.step for one in candidates(Saved.read(whole))] == [3, 6, 9, 10]


def test_the_accuracy_beside_the_scores_is_that_on_the_targets_test_examples(whole: Path) -> None:
    pair, last = tiny_pair(), candidates(Saved.read(whole))[-1]
    found, accuracy = score(last, pair)
    assert accuracy == resumed(whole).trainer.evaluate().target_accuracy
    assert found.last == 1


def test_a_checkpoint_of_another_run_in_the_folder_is_named(whole: Path, tmp_path: Path) -> None:
    pair = tiny_pair()
    file_of(whole, 6).write_bytes(file_of(whole, 9).read_bytes())
    with pytest.raises(CheckpointError, match=r"step-000006\.pt is of another run or step"):
        candidates(Saved.read(whole))[1].load(pair.build)
    for damage in (b"", b"damaged"):
        file_of(whole, 6).write_bytes(damage)
        with pytest.raises(CheckpointError, match=r"step-000006\.pt"):
            candidates(Saved.read(whole))[1].load(pair.build)
    file_of(whole, 6).write_bytes((whole / CHECKPOINT).read_bytes())
    with pytest.raises(CheckpointError, match="was not kept on a run's way"):
        candidates(Saved.read(whole))[1].load(pair.build)


def test_other_data_are_not_compared(whole: Path, tmp_path: Path) -> None:
    trainer = Trainer(tiny_pair(seed=6), recipe(), device="cpu")
    other = trained(RunFolder(tmp_path / "other", Data(), trainer, keep_every=EVERY))
    with pytest.raises(DataError, match=r"'tiny-5'.*'tiny-6'.*no number compares"):
        read_runs([whole, other.folder])
    file_of(whole, 3).write_bytes(file_of(other.folder, 3).read_bytes())
    with pytest.raises(CheckpointError, match="data build 'tiny-6'"):
        candidates(Saved.read(whole))[0].load(tiny_pair().build)


def test_a_run_that_learnt_from_the_targets_labels_is_not_chosen(tmp_path: Path) -> None:
    run = trained(tiny_run(tmp_path, mode="target"))
    with pytest.raises(DannError, match=r"learnt from the target's labels.*Leave it out"):
        read_runs([run.folder])


def test_one_checkpoint_is_no_choice_and_a_run_counts_once(whole: Path, tmp_path: Path) -> None:
    alone = trained(tiny_run(tmp_path / "alone", every=None))
    with pytest.raises(DannError, match=r"nothing to choose from.*--keep-every"):
        read_runs([alone.folder])
    with pytest.raises(DannError, match="named twice"):
        read_runs([whole, whole.parent / "." / "whole"])
    assert len(read_runs([whole, alone.folder])[1]) == 5
