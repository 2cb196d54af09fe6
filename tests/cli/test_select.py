"""``dann select`` and ``dann train --keep-every``, as a user runs them."""

from __future__ import annotations

import csv
import math
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from typed import Dann, is_one_line

from dann_core.selection import RULES
from dann_lab.maps import still
from dann_lab.runs.folder import CHECKPOINT, Saved
from dann_lab.runs.on_the_way import file_of, kept_in

TRAIN = ["train", "--steps", "12", "--threads", "1", "--device", "cpu"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Path]]:
    """Two runs that kept checkpoints."""
    place = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(still, "tsne", lambda embeddings: embeddings[:, :2])
        found = [place / "one", place / "other"]
        for folder, lambda_ in zip(found, ("paper", "0"), strict=True):
            patch.setattr(
                "sys.argv", ["dann", *TRAIN, "--keep-every", "5", "--lambda", lambda_,
                             "--out", str(folder)]
            )  # fmt: skip
            with pytest.raises(SystemExit) as ended:
                from dann_lab import cli

                cli.main()
            assert not ended.value.code
        yield found


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_a_run_keeps_what_was_asked_for_and_says_so_with_help(runs: list[Path], dann: Dann) -> None:
    assert [file.name for file in kept_in(runs[0])] == ["step-000005.pt", "step-000010.pt"]
    assert "--keep-every" in dann("train", "--help").out
    assert Saved.read(runs[0]).keep_every == 5


def test_every_rule_has_a_row_with_its_choice_and_its_regret(
    runs: list[Path], dann: Dann, tmp_path: Path
) -> None:
    said = dann("select", *runs, "--csv", tmp_path / "table.csv")
    assert said.status == 0
    candidates = table((tmp_path / "table.csv").read_text(encoding="utf-8"))
    assert [(Path(row["run"]), row["step"]) for row in candidates] == [
        (run, step) for run in runs for step in ("5", "10", "12")
    ]
    targets = [float(row["target_accuracy"]) for row in candidates]
    for rule, how in RULES.items():
        values = [float(row[rule]) for row in candidates]
        best = (max if how.better == "high" else min)(values)
        (row,) = re.findall(
            rf"^ *{rule} +\S.* (\d+) +(\S+) +(0\.\d+) +([\d.]+) *$", said.out, re.MULTILINE
        )
        assert float(row[1]) == pytest.approx(best, abs=1e-4)
        alike = [k for k, value in enumerate(values) if value == best]
        place = max(alike, key=lambda k: (int(candidates[k]["step"]), -k))
        assert row[0] == candidates[place]["step"]
        assert float(row[2]) == pytest.approx(targets[place], abs=1e-4)
        assert float(row[3]) == pytest.approx(100 * (max(targets) - targets[place]), abs=0.06)
    assert "known only because these data have labels" in " ".join(said.out.split())


def test_one_rule_names_the_checkpoint_and_the_command_that_uses_it(
    runs: list[Path], dann: Dann, tmp_path: Path
) -> None:
    said = dann("select", *runs, "--by", "entropy")
    assert said.status == 0
    (command,) = re.findall(r"Use it with: dann (predict \S+) EXAMPLES", said.out)
    chosen = Path(shlex.split(command)[1])
    assert f"Chosen: {chosen}, step " in said.out
    examples = np.zeros((2, 28, 28, 3), dtype=np.uint8)
    np.savez(tmp_path / "examples.npz", X=examples, y=np.zeros(2, dtype=int))
    predicted = dann("predict", chosen, tmp_path / "examples.npz")
    assert (predicted.status, len(table(predicted.out))) == (0, 2)
    exported = dann("export", chosen, "--torch", tmp_path / "network.pt2")
    assert exported.status == 0
    assert (tmp_path / "network.pt2").stat().st_size > 1000


def test_where_a_rule_cannot_tell_that_is_said(runs: list[Path], dann: Dann) -> None:
    said = dann("select", *runs, "--by", "last")
    assert f"Chosen: {runs[0] / CHECKPOINT}, step 12 of 12" in said.out
    assert "1 other is as good by this rule" in said.out


def test_the_choice_is_the_same_each_time_and_nothing_of_a_run_is_changed(
    runs: list[Path], dann: Dann, tmp_path: Path
) -> None:
    before = {file: file.read_bytes() for run in runs for file in run.rglob("*.*")}
    tables = []
    for name in ("a.csv", "b.csv"):
        assert dann("select", runs[0], "--by", "dev", "--csv", tmp_path / name).status == 0
        tables.append((tmp_path / name).read_bytes())
    assert tables[0] == tables[1]
    assert {file: file.read_bytes() for run in runs for file in run.rglob("*.*")} == before


@pytest.mark.usefixtures("no_map")
def test_without_labels_of_the_target_there_is_a_choice_and_no_regret(
    dann: Dann, tmp_path: Path
) -> None:
    random = np.random.default_rng(0)
    rows = random.normal(size=(240, 4)).round(4)
    header = ["a,b,c,d,label", "a,b,c,d"]
    for name, head, shift in zip(("source", "target"), header, (0, 1), strict=True):
        lines = [head]
        for row in rows:
            label = [str(int(row[0] > 0))] if name == "source" else []
            lines.append(",".join([*map(str, row + shift), *label]))
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    own = ["--source", tmp_path / "source.csv", "--target", tmp_path / "target.csv"]
    run = tmp_path / "run"
    options = ["--steps", "6", "--batch-size", "16", "--keep-every", "2", "--threads", "1"]
    assert dann("train", *own, *options, "--out", run).status == 0
    said = dann("select", run, "--by", "snd", "--csv", tmp_path / "table.csv")
    assert said.status == 0
    assert "nobody knows how good a choice is" in said.out
    found = table((tmp_path / "table.csv").read_text(encoding="utf-8"))
    assert [row["target_accuracy"] for row in found] == [""] * 3
    assert all(math.isfinite(float(row["snd"])) for row in found)
    # The data have changed since.
    lines = (tmp_path / "target.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "target.csv").write_text("\n".join(lines[:-20]) + "\n", encoding="utf-8")
    said = dann("select", run)
    assert (said.status, is_one_line(said.err)) == (1, True)
    assert "Bring back the data" in said.err


@pytest.mark.usefixtures("no_map")
def test_a_resumed_run_goes_on_keeping_and_refuses_another_number(
    dann: Dann, tmp_path: Path
) -> None:
    whole = dann(*TRAIN, "--keep-every", "5", "--out", tmp_path)
    assert whole.status == 0
    assert f"with: dann select {tmp_path}\n" in whole.out
    before = {file.name: file.read_bytes() for file in kept_in(tmp_path)}
    file_of(tmp_path, 10).unlink()
    assert dann(*TRAIN[:1], "--resume", "--keep-every", "5", "--out", tmp_path).status == 0
    said = dann(*TRAIN[:1], "--resume", "--keep-every", "4", "--out", tmp_path)
    assert (said.status, is_one_line(said.err)) == (1, True)
    assert "--keep-every 4 contradicts the run" in said.err
    assert "which has --keep-every 5" in said.err
    assert before.keys() == {"step-000005.pt", "step-000010.pt"}


@pytest.mark.parametrize("every", ["0", "-3", "12", "400"])
def test_a_number_that_keeps_none_starts_nothing(every: str, dann: Dann, tmp_path: Path) -> None:
    said = dann(*TRAIN, "--keep-every", every, "--out", tmp_path / "run")
    assert (said.status, is_one_line(said.err)) == (1, True)
    assert "choose a whole number from 1 to 11" in said.err
    assert not (tmp_path / "run").exists()


def test_a_number_that_keeps_too_many_names_the_least_that_is_fine(
    dann: Dann, tmp_path: Path
) -> None:
    options = ["--steps", "400", "--keep-every", "7", "--out", tmp_path / "run"]
    said = dann("train", *options)
    assert (said.status, is_one_line(said.err)) == (1, True)
    assert "at most 50 checkpoints are kept, so choose a whole number from 8 to 399" in said.err


def refused(said: object, *parts: str) -> bool:
    return (
        said.status == 1  # type: ignore[attr-defined]
        and is_one_line(said.err)  # type: ignore[attr-defined]
        and all(part in said.err for part in parts)  # type: ignore[attr-defined]
    )


def test_bad_input_is_one_sentence_and_leaves_all_as_it_was(
    runs: list[Path], dann: Dann, tmp_path: Path
) -> None:
    assert refused(dann("select", *runs, "--by", "luck"), "by='luck'", "entropy, snd")
    assert refused(dann("select", tmp_path), "There is no run in")
    assert refused(dann("select", tmp_path / "nowhere"), "There is no run in")
    assert refused(dann("select", runs[0], runs[0]), "named twice")
    own = runs[0] / "history.json"
    before = own.read_bytes()
    assert refused(dann("select", *runs, "--csv", own), "a run's own file")
    assert refused(dann("select", *runs, "--csv", file_of(runs[0], 5)), "a run's own file")
    assert own.read_bytes() == before
    assert refused(dann("select", *runs, "--csv", tmp_path), "is a folder")


@pytest.mark.usefixtures("no_map")
def test_runs_of_other_data_or_with_the_targets_labels_are_refused(
    runs: list[Path], dann: Dann, tmp_path: Path
) -> None:
    other, learnt = tmp_path / "other", tmp_path / "learnt"
    assert dann(*TRAIN, "--data-seed", "1", "--out", other).status == 0
    said = dann("select", runs[0], other)
    assert refused(said, "stripes-v1-seed0", "stripes-v1-seed1", "same data")
    assert refused(dann("select", other), "nothing to choose from", "--keep-every")
    assert dann(*TRAIN, "--mode", "target", "--out", learnt).status == 0
    assert refused(dann("select", runs[0], learnt), "the target's labels", "Leave it out")


@pytest.mark.usefixtures("no_map")
def test_a_damaged_checkpoint_is_named(dann: Dann, tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert dann(*TRAIN, "--keep-every", "5", "--out", run).status == 0
    file_of(run, 10).write_bytes(b"damaged")
    assert refused(dann("select", run), "step-000010.pt is damaged")
    assert refused(dann("export", run / "nothing.pt", "--torch", tmp_path / "n.pt2"), "nothing.pt")


def test_what_is_exported_does_not_replace_what_it_is_read_from(
    runs: list[Path], dann: Dann, tmp_path: Path
) -> None:
    copied = tmp_path / "network.pt"
    copied.write_bytes(file_of(runs[0], 5).read_bytes())
    before = copied.read_bytes()
    assert refused(dann("export", copied, "--torch", copied), "is what is read")
    assert copied.read_bytes() == before
