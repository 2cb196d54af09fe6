"""``dann replay``, and ``dann train --resume --more``, as a user runs them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from typed import Dann, is_one_line

from dann_core.branching import branch
from dann_core.checkpoints import write_checkpoint
from dann_core.domains import DomainPair
from dann_core.history import Mark
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.runs.folder import Data, RunFolder, Saved

TRAIN = ["train", "--threads", "1", "--device", "cpu", "--no-map"]


def trained(dann: Dann, out: Path, *more: object) -> None:
    assert dann(*TRAIN, "--out", out, *more).status == 0


def contents(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_a_run_comes_out_again_and_its_folder_stays_as_it_is(dann: Dann, tmp_path: Path) -> None:
    trained(dann, tmp_path / "run", "--steps", 5, "--lambda", 0.5)
    before = contents(tmp_path)
    said = dann("replay", tmp_path / "run")
    assert said.status == 0
    assert said.out.endswith("All 5 steps are as recorded, bit for bit.\n")
    assert contents(tmp_path) == before


def test_branches_parts_and_more_steps_are_in_it(
    dann: Dann, tmp_path: Path, stripes_pair: DomainPair
) -> None:
    trainer = Trainer(stripes_pair, preset("quick", steps=6), device="cpu")
    for _ in range(3):
        next(trainer)
    other = branch(trainer, mode="source")
    other.part = "features"
    other.history.marks.append(Mark(4, "part", "features"))
    next(other)
    folder = tmp_path / "run"
    folder.mkdir()
    RunFolder(folder, Data(), other).save()
    trained(dann, folder, "--resume")
    trained(dann, folder, "--resume", "--more", 4)
    assert Saved.read(folder).recipe.steps == 10
    said = dann("replay", folder)
    assert said.status == 0, said.err
    assert "From step 4: branch: mode=source\n" in said.out
    assert "From step 4: moves: features\n" in said.out
    assert "From step 7: 4 more steps: lambda stays" in said.out
    assert said.out.endswith("All 10 steps are as recorded, bit for bit.\n")


def test_a_number_that_is_another_is_named(dann: Dann, tmp_path: Path) -> None:
    trained(dann, tmp_path / "run", "--steps", 4)
    saved = Saved.read(tmp_path / "run")
    saved.state["history"]["steps"]["label_loss"][2] += 0.5
    write_checkpoint(saved.state, tmp_path / "run" / "checkpoint.pt")
    said = dann("replay", tmp_path / "run")
    assert said.status == 1
    assert is_one_line(said.err)
    assert "At step 3 label_loss is" in said.err
    assert "is recorded" in said.err


def test_more_needs_a_run_that_has_ended(dann: Dann, tmp_path: Path) -> None:
    said = dann(*TRAIN, "--out", tmp_path / "none", "--more", 3)
    assert said.status == 1
    assert is_one_line(said.err)
    assert not (tmp_path / "none").exists()
    trained(dann, tmp_path / "run", "--steps", 4)
    for wrong in (0, -3):
        said = dann(*TRAIN, "--out", tmp_path / "run", "--resume", "--more", wrong)
        assert said.status == 1
        assert "steps" in said.err
    assert Saved.read(tmp_path / "run").recipe.steps == 4
    saved = Saved.read(tmp_path / "run")
    run = saved.resume(Data().load(), "cpu")
    run.trainer.recipe = run.trainer.recipe.__class__(
        **{**run.trainer.recipe.to_dict(), "steps": 9}
    )
    run.save()
    said = dann(*TRAIN, "--out", tmp_path / "run", "--resume", "--more", 3)
    assert said.status == 1
    assert "has 5 steps left" in said.err


def test_the_help_says_what_it_does(dann: Dann) -> None:
    said = dann("replay", "--help")
    assert said.status == 0
    assert "bit for bit" in " ".join(said.out.split())
