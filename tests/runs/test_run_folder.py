"""A run's folder: what is in it, and that it is the run."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from disk import full_disk
from interrupting import interrupted_at
from tiny import tiny_pair

from dann_core.checkpoints import read_checkpoint
from dann_core.domains import DomainPair
from dann_core.errors import CheckpointError, DannError, DataError
from dann_core.observing import keep_snapshot, take_snapshot
from dann_core.recipe import preset
from dann_core.snapshots import Snapshots
from dann_core.training import Trainer
from dann_lab.maps import still
from dann_lab.runs import folder as run_folder
from dann_lab.runs import kept
from dann_lab.runs.folder import Data, RunFolder, Saved


def a_run(folder: Path, pair: DomainPair, steps: int = 3, **changes: object) -> RunFolder:
    recipe = preset("quick", steps=steps, **changes)
    return RunFolder(folder, Data(), Trainer(pair, recipe, device="cpu"))


def trained(run: RunFolder) -> RunFolder:
    for _ in run.train():
        pass
    return run


@pytest.fixture
def no_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two dimensions of the embedding instead of t-SNE, which takes seconds."""
    monkeypatch.setattr(still, "tsne", lambda embeddings: embeddings[:, :2])


def test_evaluations_follow_from_the_step_alone(tmp_path: Path, stripes_pair: DomainPair) -> None:
    run = trained(a_run(tmp_path, stripes_pair, steps=10, log_every=1))
    # Not at the last step, which is evaluated on all test images when the run is finished.
    assert [e.step for e in run.trainer.history.evaluations] == [5]


def tiny_run(folder: Path, steps: int = 12) -> RunFolder:
    recipe = preset("quick", steps=steps, log_every=1, batch_size=8, domain_width=8)
    return RunFolder(folder, Data(), Trainer(tiny_pair(), recipe, device="cpu"))


def seen(snapshots: Snapshots) -> list[tuple[int, float, bytes, bytes]]:
    return [(s.step, s.scale, s.features.tobytes(), s.predictions.tobytes()) for s in snapshots]


@pytest.mark.usefixtures("no_map")
def test_snapshots_are_taken_at_the_start_at_evaluations_and_at_the_end(tmp_path: Path) -> None:
    run = trained(tiny_run(tmp_path))
    run.finish()
    loaded = Snapshots.load(tmp_path / run_folder.SNAPSHOTS)
    assert loaded.steps == [0, 5, 10, 12]
    # The tiny test sets are seen whole, by evaluations and by snapshots.
    assert [(s.step, s.source_accuracy, s.target_accuracy) for s in loaded][1:] == [
        (e.step, e.source_accuracy, e.target_accuracy) for e in run.trainer.history.evaluations
    ]


@pytest.mark.usefixtures("no_map")
@pytest.mark.parametrize("stop", [0, 3, 5, 7, 10, 12])
def test_a_resumed_run_has_the_snapshots_of_one_that_never_stopped(
    stop: int, tmp_path: Path
) -> None:
    whole = trained(tiny_run(tmp_path / "whole"))
    whole.finish()
    halves = tiny_run(tmp_path / "halves")
    halves.save()
    for record in halves.train():
        if record.step == stop:
            halves.save()
            break
    again = trained(Saved.read(halves.folder).resume(tiny_pair(), "cpu"))
    again.finish()
    files = [run.folder / run_folder.SNAPSHOTS for run in (whole, again)]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.usefixtures("no_map")
def test_snapshots_newer_than_the_checkpoint_are_taken_again(tmp_path: Path) -> None:
    # As when the process is killed after it has written the one and before the other.
    run = tiny_run(tmp_path)
    for record in run.train():
        if record.step == 4:
            run.save()
    run.save_history()
    assert Snapshots.load(tmp_path / run_folder.SNAPSHOTS).steps == [0, 5, 10]
    again = Saved.read(tmp_path).resume(tiny_pair(), "cpu")
    assert again.trainer.step == 4
    assert again.trainer.history.snapshots.steps == [0]
    assert seen(trained(again).trainer.history.snapshots) == seen(run.trainer.history.snapshots)


@pytest.mark.usefixtures("no_map")
def test_a_run_from_before_there_were_snapshots_goes_on(tmp_path: Path) -> None:
    run = tiny_run(tmp_path)
    for record in run.train():
        if record.step == 7:
            run.save()
            break
    (tmp_path / run_folder.SNAPSHOTS).unlink()
    trained(Saved.read(tmp_path).resume(tiny_pair(), "cpu")).finish()
    assert Snapshots.load(tmp_path / run_folder.SNAPSHOTS).steps == [10, 12]


def test_maps_drawn_of_a_run_are_saved_with_it(tmp_path: Path) -> None:
    run = tiny_run(tmp_path)
    run.trainer.history.snapshots.add(take_snapshot(run.trainer))
    run.save()
    run.trainer.history.snapshots.add_map(0, "t-SNE", np.ones((48, 2)))
    run.save()
    again = Saved.read(tmp_path).resume(tiny_pair(), "cpu")
    assert again.trainer.history.snapshots[0].maps["t-SNE"].tolist() == [[1, 1]] * 48


def test_damaged_snapshots_of_a_run_are_an_error_with_the_remedy(tmp_path: Path) -> None:
    tiny_run(tmp_path).save()
    (tmp_path / run_folder.SNAPSHOTS).write_bytes(b"damaged")
    with pytest.raises(DataError, match="Delete it"):
        Saved.read(tmp_path).resume(tiny_pair(), "cpu")


def test_a_checkpoint_is_not_written_with_its_snapshots_each_time(tmp_path: Path) -> None:
    run = trained(tiny_run(tmp_path))
    run.save()
    (tmp_path / run_folder.SNAPSHOTS).unlink()
    run.save()
    assert not (tmp_path / run_folder.SNAPSHOTS).exists(), "nothing is new, and it can be 50 MB"


def test_features_that_cannot_be_drawn_do_not_end_the_training(tmp_path: Path) -> None:
    run = tiny_run(tmp_path)
    # Overflowing running statistics show in test behaviour only, which training never uses.
    for name, buffer in run.trainer.model.named_buffers():
        if name.endswith("running_var"):
            buffer.fill_(-1.0)
    trained(run)
    assert run.trainer.step == 12
    assert 0 not in run.trainer.history.snapshots


@pytest.mark.usefixtures("no_map")
def test_the_results_are_those_of_the_first_test_images(
    tmp_path: Path, stripes_pair: DomainPair
) -> None:
    run = trained(a_run(tmp_path, stripes_pair))
    run.finish()
    source, target = stripes_pair.source.test, stripes_pair.target.test  # 400 each
    arrays = {name: np.load(tmp_path / f"{name}.npy") for name in run_folder.ARRAYS}
    assert (arrays["images"] == torch.cat([source.images, target.images]).numpy()).all()
    assert arrays["images"].dtype == np.uint8
    assert arrays["embeddings"].shape == (800, 2352)
    assert arrays["embeddings"].dtype == np.float32
    assert arrays["domain_labels"].tolist() == [0] * 400 + [1] * 400
    assert (arrays["class_labels"] == torch.cat([source.labels, target.labels]).numpy()).all()
    assert arrays["domain_labels"].dtype == arrays["class_labels"].dtype == np.int64

    # The embedding is what the label predictor sees: it must lead to the accuracy that is stated.
    with torch.inference_mode():
        run.trainer.model.eval()
        logits = run.trainer.model.label_predictor(torch.from_numpy(arrays["embeddings"]))
    right = logits.argmax(dim=1).numpy() == arrays["class_labels"]
    metrics = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["accuracy"]["source"] == right[:400].mean()
    assert metrics["accuracy"]["target"] == right[400:].mean()


@pytest.mark.usefixtures("no_map")
def test_metrics_say_what_the_run_was(tmp_path: Path, stripes_pair: DomainPair) -> None:
    run = trained(a_run(tmp_path, stripes_pair, seed=7))
    run.finish()
    metrics = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["recipe"] == run.trainer.recipe.to_dict()
    assert metrics["seed"] == 7
    assert metrics["data"] == stripes_pair.build
    assert metrics["versions"].keys() == {"python", "torch", "torchvision", "numpy", "dann"}
    assert metrics["versions"]["torch"] == torch.__version__.split("+")[0]
    assert metrics["threads"] == torch.get_num_threads()
    assert "CPU" in metrics["device"]
    assert metrics["steps_per_second"] == pytest.approx(3 / metrics["seconds"], rel=0.01)


@pytest.mark.usefixtures("no_map")
def test_a_run_that_does_not_know_how_long_it_took_says_so(
    tmp_path: Path, stripes_pair: DomainPair
) -> None:
    run = trained(a_run(tmp_path, stripes_pair))
    run.seconds = 0.0  # as the live page keeps it
    run.finish()
    assert (
        json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))["steps_per_second"]
        is None
    )


@pytest.mark.usefixtures("no_map")
def test_finishing_twice_evaluates_once(tmp_path: Path, stripes_pair: DomainPair) -> None:
    run = trained(a_run(tmp_path, stripes_pair))
    run.finish()
    before = (tmp_path / "history.json").read_bytes()
    again = Saved.read(tmp_path).resume(stripes_pair, "cpu")
    again.finish()
    assert (tmp_path / "history.json").read_bytes() == before
    assert len(again.trainer.history.evaluations) == 1


@pytest.mark.usefixtures("no_map")
@pytest.mark.parametrize(
    ("room", "name"),
    [(1_000, "history.json"), (100_000, "images.npy"), (300_000, "embeddings.npy")],
)
def test_a_disk_that_fills_up_at_the_end_is_said_with_what_is_safe(
    room: int, name: str, tmp_path: Path
) -> None:
    run = trained(tiny_run(tmp_path))
    run.trainer.evaluate()
    keep_snapshot(run.trainer)
    run.save()
    with full_disk(room), pytest.raises(DataError) as full:
        run.finish()
    message = str(full.value)
    assert f"Cannot write {tmp_path / name}: the disk is full" in message
    assert "The run is safe as checkpoint.pt has it" in message
    assert "--resume" in message
    assert "Nothing was changed" not in message
    assert message.isprintable()
    again = Saved.read(tmp_path).resume(tiny_pair(), "cpu")
    again.finish()
    assert {path.name for path in tmp_path.iterdir()} == set(run_folder.OWN)
    assert len(again.trainer.history.evaluations) == len(run.trainer.history.evaluations)


def test_a_map_that_the_disk_has_no_room_for_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pillow would hide why: its own errors have no number."""
    monkeypatch.setattr(still, "tsne", lambda embeddings: embeddings[:, :2])
    run = trained(tiny_run(tmp_path))
    run.finish()
    arrays = {name: np.load(tmp_path / f"{name}.npy") for name in run_folder.ARRAYS}
    with full_disk(1_000), pytest.raises(DataError, match=r"tsne\.png: the disk is full"):
        run._write_map(arrays)
    assert (tmp_path / "tsne.png").read_bytes().startswith(b"\x89PNG")


def test_a_save_on_a_full_disk_promises_only_what_is_there(tmp_path: Path) -> None:
    run = tiny_run(tmp_path)
    with full_disk(), pytest.raises(DataError, match="the disk is full") as first:
        run.save()
    assert "safe" not in str(first.value)
    run.save()
    next(run.trainer)
    with full_disk(), pytest.raises(DataError, match=r"checkpoint\.pt has it.*--resume"):
        run.save()
    assert Saved.read(tmp_path).resume(tiny_pair(), "cpu").trainer.step == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": 1}, "it has 'colour', which is not known"),
        ({"seconds": "long"}, "seconds is of type str"),
        ({"seconds": float("nan")}, "seconds is nan, where a finite number is needed"),
        ({"threads": 0}, "threads 0"),
        ({"data": {}}, "data has no 'pair'"),
        ({"data": asdict(Data()) | {"colour": 1}}, "data has 'colour', which is not known"),
        ({"data": asdict(Data()) | {"data_dir": 5}}, "data.data_dir is of type int"),
        ({"build": {}}, "build.id is of type NoneType, where str is needed"),
        ({"device": 5}, "device is of type int"),
    ],
)
def test_a_run_of_another_form_is_refused_in_one_line(
    change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    tiny_run(tmp_path).save()
    path = tmp_path / run_folder.CHECKPOINT
    torch.save(read_checkpoint(path) | change, path)
    with pytest.raises(CheckpointError) as refused:
        Saved.read(tmp_path)
    message = str(refused.value)
    assert message.startswith(str(path))
    assert said in message
    assert "Train again, or use the version that wrote it." in message


def test_a_run_that_lacks_a_field_of_a_folder_is_refused(tmp_path: Path) -> None:
    tiny_run(tmp_path).save()
    path = tmp_path / run_folder.CHECKPOINT
    state = read_checkpoint(path)
    del state["seconds"]
    torch.save(state, path)
    with pytest.raises(CheckpointError, match="it has no 'seconds'"):
        Saved.read(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize("name", [run_folder.CHECKPOINT, run_folder.SNAPSHOTS])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(name: str, tmp_path: Path) -> None:
    tiny_run(tmp_path).save()
    (tmp_path / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / name)
    with pytest.raises(DannError, match=f"{name} is a pipe, not a file"):
        Saved.read(tmp_path).resume(tiny_pair(), "cpu")
    with pytest.raises(DannError, match=f"{name} is a pipe, not a file"):
        kept.history(Saved.read(tmp_path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_what_is_no_folder_is_no_place_for_a_run(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for name, said in (
        ("pipe", "is a pipe"),
        ("a", "Too many levels of symbolic links"),
        ("n" * 300, "File name too long"),
        ("n\0", "null"),
        ("n\udcff", "not UTF-8"),
    ):
        for use in (run_folder.require_vacant, run_folder.make_folder, Saved.read):
            if name == "pipe" and use is not run_folder.require_vacant:
                continue
            with pytest.raises(DannError, match=said) as refused:
                use(tmp_path / name)
            assert str(refused.value).isprintable()
    assert sorted(os.listdir(tmp_path)) == ["a", "b", "pipe"]


def test_a_saved_run_knows_its_recipe_data_and_threads(
    tmp_path: Path, stripes_pair: DomainPair
) -> None:
    run = a_run(tmp_path, stripes_pair, seed=3)
    run.data = Data(photos="heldout", data_dir="there")
    run.seconds = 12.5
    run.save()
    saved = Saved.read(tmp_path)
    assert saved.recipe == run.trainer.recipe
    assert saved.data == run.data
    assert saved.build_id == stripes_pair.build["id"]
    assert (saved.device, saved.threads) == ("cpu", torch.get_num_threads())
    assert saved.resume(stripes_pair, "cpu").seconds == 12.5


def test_a_folder_without_a_run_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no run"):
        Saved.read(tmp_path)
    (tmp_path / run_folder.CHECKPOINT).write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointError, match="damaged"):
        Saved.read(tmp_path)


def test_a_bare_checkpoint_is_not_a_run(tmp_path: Path, stripes_pair: DomainPair) -> None:
    a_run(tmp_path, stripes_pair).trainer.save(tmp_path / run_folder.CHECKPOINT)
    with pytest.raises(CheckpointError, match="not a checkpoint of a run's folder"):
        Saved.read(tmp_path)


def test_only_mnist_has_builds() -> None:
    with pytest.raises(DataError, match="--build"):
        Data(pair="digits", build="mnistm-v1").load()


@pytest.mark.parametrize("name", [run_folder.CHECKPOINT, *run_folder.RESULTS])
def test_a_folder_that_holds_results_is_not_vacant(tmp_path: Path, name: str) -> None:
    run_folder.require_vacant(tmp_path)
    (tmp_path / name).write_text("", encoding="utf-8")
    with pytest.raises(DannError, match="already holds"):
        run_folder.require_vacant(tmp_path)


LOOKS = {"evaluation": (Trainer, "evaluate"), "snapshot": (run_folder, "keep_snapshot")}


@pytest.mark.usefixtures("no_map")
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("look", LOOKS)
def test_an_interrupted_look_is_made_up_for(
    look: str, when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = trained(tiny_run(tmp_path / "whole"))
    whole.finish()
    run = tiny_run(tmp_path / "interrupted")
    place, name = LOOKS[look]
    real = getattr(place, name)
    calls = 0

    def every_second_is_interrupted(*args: Any) -> None:
        nonlocal calls
        calls += 1
        if when == "after" or calls % 2 == 0:
            real(*args)
        if calls % 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(place, name, every_second_is_interrupted)
    interrupts = 0
    while run.trainer.step < 12 or not (run.folder / "tsne.png").exists():
        try:
            trained(run)
            run.finish()
        except KeyboardInterrupt:
            interrupts += 1
    assert interrupts >= 2
    assert run.trainer.history.to_dict() == whole.trainer.history.to_dict()
    assert seen(run.trainer.history.snapshots) == seen(whole.trainer.history.snapshots)


def test_wherever_ctrl_c_comes_in_a_run_its_history_is_the_same(tmp_path: Path) -> None:
    def there(run: RunFolder) -> Any:
        run.save()
        again = Saved.read(run.folder).resume(tiny_pair(), "cpu").trainer.history
        return again.to_dict(), seen(again.snapshots)

    expected = there(trained(tiny_run(tmp_path, steps=6)))
    for line in range(1, 9000, 211):
        run = tiny_run(tmp_path, steps=6)
        came, lines = interrupted_at(line, lambda run=run: trained(run), "dann_core", "dann_lab")
        if line > lines:
            break
        assert came
        assert there(trained(run)) == expected
    assert line > 1000


def test_snapshots_that_could_not_be_written_are_written_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tiny_run(tmp_path)
    run.trainer.history.snapshots.add(take_snapshot(run.trainer))
    with monkeypatch.context() as patch:

        def full(*_: object) -> None:
            raise DataError("The disk is full.")

        patch.setattr(Snapshots, "save", full)
        with pytest.raises(DataError):
            run.save()
    run.save()
    assert Snapshots.load(tmp_path / run_folder.SNAPSHOTS).steps == [0]
