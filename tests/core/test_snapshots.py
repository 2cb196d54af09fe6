"""Snapshots: taking one changes nothing, keeping many stays small, saving is exact."""

from __future__ import annotations

import os
import pickle
import threading
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny import tiny_pair

from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.evaluation import features, predict
from dann_core.history import History
from dann_core.observing import (
    evaluate_with_snapshot,
    keep_snapshot,
    observe,
    take_snapshot,
)
from dann_core.probe import Probe, domain_probe
from dann_core.recipe import preset
from dann_core.snapshots import Snapshot, Snapshots
from dann_core.training import Trainer


def a_trainer(pair: DomainPair, steps: int = 6) -> Trainer:
    recipe = preset("quick", steps=steps, batch_size=8, domain_width=8)
    return Trainer(pair, recipe, device="cpu")


def snapshot(step: int, n: int = 12, maps: tuple[str, ...] = (), probe: bool = True) -> Snapshot:
    """Made up, different for each step, of the same images."""
    random = np.random.default_rng(step)
    return Snapshot(
        step=step,
        labels=np.arange(n, dtype=np.uint8) % 10,
        domains=np.repeat([0, 1], n // 2).astype(np.uint8),
        predictions=random.integers(0, 10, n, dtype=np.uint8),
        confidence=random.random(n).astype(np.float16),
        features=random.uniform(-1, 1, (n, 50)).astype(np.float16),
        scale=random.uniform(1, 100),
        probe=Probe(random.random(), random.random(), random.random(), n) if probe else None,
        maps={name: random.normal(size=(n, 2)).astype(np.float32) for name in maps},
    )


def bits(snapshot: Snapshot) -> list[object]:
    """Everything in a snapshot, comparable."""
    values = {f.name: getattr(snapshot, f.name) for f in fields(snapshot)}
    maps = values.pop("maps")
    named = [*values.items(), *sorted(maps.items())]
    return [
        (name, v.dtype, v.shape, v.tobytes()) if isinstance(v, np.ndarray) else (name, v)
        for name, v in named
    ]


def filled(*steps: int) -> Snapshots:
    snapshots = Snapshots()
    for step in steps:
        snapshots.add(snapshot(step))
    return snapshots


# Taking one


def test_a_snapshot_is_what_the_network_makes_of_the_first_test_images(
    digits_pair: DomainPair,
) -> None:
    trainer = a_trainer(digits_pair)
    for _ in trainer:
        pass
    taken = take_snapshot(trainer, images=60)
    splits = [domain.test.first(60) for domain in (digits_pair.source, digits_pair.target)]
    images = torch.cat([split.images for split in splits])
    labels = torch.cat([split.labels for split in splits]).numpy()
    found = features(trainer.model, digits_pair, images).numpy()
    answers = predict(trainer.model, digits_pair, images)

    assert taken.step == 6
    assert taken.labels.tolist() == labels.tolist()
    assert taken.domains.tolist() == [0] * 60 + [1] * 60
    assert taken.predictions.tolist() == answers.labels.tolist()
    assert np.allclose(taken.confidence, answers.confidence, atol=1e-3)
    right = answers.labels.numpy() == labels
    assert taken.source_accuracy == right[:60].mean()
    assert taken.target_accuracy == right[60:].mean()
    assert taken.probe == domain_probe(found[:60], found[60:])
    assert taken.maps == {}

    # A projection keeps the distances, but for what lies outside its 50 directions.
    assert taken.features.shape == (120, 50)
    assert np.abs(taken.features).max() == 1
    centred = found - found.mean(axis=0)
    singular = np.linalg.svd(centred, compute_uv=False)[:50]
    projected = taken.features.astype(np.float64) * taken.scale
    assert np.allclose((projected**2).sum(), (singular**2).sum(), rtol=0.01)
    assert np.allclose(projected[:, 0].std() * 120**0.5, singular[0], rtol=0.01)


@pytest.mark.parametrize("mode", ["dann", "source"])
def test_an_evaluation_and_a_snapshot_from_one_pass_are_those_of_two(
    mode: str, digits_pair: DomainPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = preset("quick", steps=6, batch_size=8, domain_width=8, mode=mode)
    trainer = Trainer(digits_pair, recipe, device="cpu")
    for _ in range(4):
        next(trainer)
    evaluation, taken = trainer.evaluate(60), take_snapshot(trainer, 60)
    passes: list[int] = []
    extractor = trainer.model.feature_extractor.forward

    def counted(inputs: torch.Tensor) -> torch.Tensor:
        passes.append(len(inputs))
        return extractor(inputs)

    monkeypatch.setattr(trainer.model.feature_extractor, "forward", counted)
    both = evaluate_with_snapshot(trainer, 60)
    assert sum(passes) == 120
    assert str(both) == str(evaluation)  # as text, where a NaN is the same as another
    assert trainer.history.evaluations[-1] is both
    shared = trainer.history.snapshots[4]
    for name in ("labels", "domains", "predictions"):
        assert getattr(shared, name).tolist() == getattr(taken, name).tolist()
    assert np.allclose(shared.confidence, taken.confidence, atol=1e-3)
    assert np.allclose(shared.features, taken.features, atol=2e-3)
    assert shared.probe == taken.probe

    monkeypatch.setattr(
        trainer.model.feature_extractor, "forward", lambda inputs: torch.inf * extractor(inputs)
    )
    next_to_nothing = evaluate_with_snapshot(trainer, 60)
    assert trainer.history.evaluations[-1] is next_to_nothing
    assert trainer.history.snapshots[4] is shared, "what is not finite is not kept"
    with pytest.raises(DataError, match="images=0"):
        evaluate_with_snapshot(trainer, 0)


def test_features_of_any_size_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = a_trainer(tiny_pair())
    ordinary = take_snapshot(trainer)
    extractor = trainer.model.feature_extractor.forward
    monkeypatch.setattr(
        trainer.model.feature_extractor, "forward", lambda inputs: 1e6 * extractor(inputs)
    )
    large = take_snapshot(trainer)
    assert np.isfinite(large.features).all()
    assert large.scale > 65504
    assert np.allclose(large.features, ordinary.features, atol=0.01)

    monkeypatch.setattr(
        trainer.model.feature_extractor, "forward", lambda inputs: torch.inf * extractor(inputs)
    )
    with pytest.raises(DataError, match="not finite"):
        take_snapshot(trainer)


def test_looking_leaves_the_training_as_it_was() -> None:
    watched, alone = a_trainer(tiny_pair()), a_trainer(tiny_pair())
    for record in watched:
        if record.step % 2:
            evaluate_with_snapshot(watched, 20)
        else:
            keep_snapshot(watched, 20)
    assert list(watched.history) == list(alone)
    assert watched.history.snapshots.steps == [1, 2, 3, 4, 5, 6]


def test_a_collapsed_network_has_a_snapshot() -> None:
    trainer = a_trainer(tiny_pair())
    with torch.no_grad():
        for weight in trainer.model.parameters():
            weight.zero_()
    taken = take_snapshot(trainer)
    assert (taken.features == 0).all()
    assert taken.predictions.tolist() == [0] * 48
    assert taken.confidence == pytest.approx(0.1, abs=1e-3)


def test_few_images_give_fewer_directions_and_no_probe() -> None:
    trainer = a_trainer(tiny_pair(test=9))
    taken = take_snapshot(trainer)
    assert taken.features.shape == (18, 18)
    assert taken.probe is None
    assert take_snapshot(a_trainer(tiny_pair(test=10))).probe is not None
    assert take_snapshot(a_trainer(tiny_pair(test=10)), probe=False).probe is None
    with pytest.raises(DataError, match="images=0"):
        take_snapshot(trainer, images=0)


def test_training_does_not_notice_snapshots() -> None:
    alone, watched = a_trainer(tiny_pair()), a_trainer(tiny_pair())
    for _ in alone:
        pass
    torch.manual_seed(3)
    np.random.seed(3)
    numpy_before = repr(np.random.get_state())
    threads = torch.get_num_threads()
    for _ in watched:
        state_before = torch.get_rng_state()
        watched.history.snapshots.add(take_snapshot(watched))
        assert torch.equal(torch.get_rng_state(), state_before)
    assert repr(np.random.get_state()) == numpy_before
    assert torch.get_num_threads() == threads
    assert list(map(repr, watched.history)) == list(map(repr, alone.history))
    for (name, weight), other in zip(
        watched.model.state_dict().items(), alone.model.state_dict().values(), strict=True
    ):
        assert torch.equal(weight, other), name
    assert watched.history.snapshots.steps == [1, 2, 3, 4, 5, 6]


def test_the_same_network_gives_the_same_snapshot() -> None:
    trainer = a_trainer(tiny_pair())
    next(trainer)
    assert bits(take_snapshot(trainer)) == bits(take_snapshot(trainer))


def test_arrays_that_do_not_fit_together_are_refused() -> None:
    good = snapshot(5)
    with pytest.raises(DataError, match=r"predictions.* step 5.*\[11\].*\[12\]"):
        replace(good, predictions=good.predictions[1:])
    with pytest.raises(DataError, match=r"float32.*float16"):
        replace(good, features=good.features.astype(np.float32))
    with pytest.raises(DataError, match="'tsne'"):
        replace(good, maps={"tsne": np.zeros((12, 3), dtype=np.float32)})


# Keeping them


def test_in_the_order_of_their_steps() -> None:
    snapshots = filled(30, 10, 20)
    assert snapshots.steps == [s.step for s in snapshots] == [10, 20, 30]
    assert len(snapshots) == 3
    assert 20 in snapshots
    assert 21 not in snapshots
    assert bits(snapshots[20]) == bits(snapshot(20))
    with pytest.raises(KeyError, match="21"):
        snapshots[21]


@pytest.mark.parametrize(
    ("step", "found"), [(9, None), (10, 10), (19, 10), (20, 20), (29, 20), (10**9, 30)]
)
def test_the_one_at_or_before_a_step(step: int, found: int | None) -> None:
    at = filled(10, 20, 30).at(step)
    assert (at.step if at else None) == found


def test_another_of_the_same_step_replaces_it() -> None:
    snapshots = filled(10, 20)
    newer = replace(snapshot(10), scale=7.0)
    snapshots.add(newer)
    assert snapshots.steps == [10, 20]
    assert snapshots[10].scale == 7.0


def test_maps_are_drawn_later() -> None:
    snapshots = filled(10, 20)
    positions = np.arange(24.0).reshape(12, 2)
    snapshots.add_map(10, "t-SNE", positions)
    snapshots.add_map(10, "UMAP", -positions)
    assert snapshots[10].maps.keys() == {"t-SNE", "UMAP"}
    assert snapshots[10].maps["t-SNE"].tolist() == positions.tolist()
    positions += 1
    assert snapshots[10].maps["t-SNE"][0, 0] == 0, "a copy"
    assert not snapshots[20].maps
    snapshots.add_map(15, "t-SNE", positions)
    assert snapshots.steps == [10, 20], "a map for one that was thinned meanwhile is no snapshot"
    with pytest.raises(DataError, match="UMAP"):
        snapshots.add_map(10, "UMAP", positions[1:])


def test_labels_are_kept_once() -> None:
    snapshots = filled(10, 20)
    assert snapshots[10].labels is snapshots[20].labels
    assert snapshots[10].domains is snapshots[20].domains


def test_other_images_belong_to_another_history() -> None:
    snapshots = filled(10)
    other = snapshot(20)
    for stranger in (
        replace(other, labels=other.labels[::-1].copy()),
        replace(other, features=other.features[:, 1:]),
        snapshot(20, n=14),
    ):
        with pytest.raises(DataError, match="step 20 is of other images"):
            snapshots.add(stranger)
    assert snapshots.steps == [10]


def test_going_back_forgets_what_came_after() -> None:
    snapshots = filled(10, 20, 30)
    snapshots.drop_after(20)
    assert snapshots.steps == [10, 20]


@pytest.mark.parametrize("interval", [1, 10, 37])
def test_a_long_run_stays_small_and_evenly_spaced(interval: int) -> None:
    one = snapshot(0)
    snapshots = Snapshots(most_bytes=60 * one.nbytes + 10)
    for step in range(0, 8600, interval):
        snapshots.add(replace(one, step=step))
        kept = snapshots.steps
        assert snapshots.nbytes <= snapshots.most_bytes
        assert len(kept) == min(60, step // interval + 1), "no room is left unused"
        assert (kept[0], kept[-1]) == (0, step)
        gaps = [b - a for a, b in pairwise(kept)]
        assert max(gaps, default=interval) <= 2 * min(gaps[:-1], default=interval)


def test_irregular_steps_are_roughly_even_too() -> None:
    random = np.random.default_rng(0)
    one = snapshot(0)
    snapshots = Snapshots(most_bytes=40 * one.nbytes)
    step = 0
    for gap in random.integers(1, 30, 600):
        snapshots.add(replace(one, step=step))
        step += int(gap)
    gaps = np.diff(snapshots.steps)
    assert len(gaps) == 39
    assert gaps.max() <= 2.5 * gaps.mean()


def test_maps_count() -> None:
    one = snapshot(0)
    snapshots = Snapshots(most_bytes=10 * one.nbytes)
    for step in range(10):
        snapshots.add(replace(one, step=step))
    for step in range(10):
        snapshots.add_map(step, "t-SNE", np.zeros((12, 2)))
    assert 2 < len(snapshots) < 10
    assert snapshots.nbytes <= snapshots.most_bytes
    assert (snapshots.steps[0], snapshots.steps[-1]) == (0, 9)


def test_8600_steps_take_less_than_50_megabytes(tmp_path: Path) -> None:
    # Of the real size, every 10 steps, with a map by each method.
    one = snapshot(0, n=1000, maps=("PCA", "t-SNE", "UMAP"))
    assert one.nbytes == 1000 * (50 * 2 + 1 + 2 + 3 * 8)
    snapshots = Snapshots()
    for step in range(10, 8601, 10):
        snapshots.add(replace(one, step=step))
    assert len(snapshots) > 350
    snapshots.save(tmp_path / "snapshots.npz")
    steps = 8600 * len(History()._table[0]) * 8
    assert (tmp_path / "snapshots.npz").stat().st_size + steps <= 50_000_000


def test_readers_on_other_threads_see_whole_rows() -> None:
    one = snapshot(0)
    snapshots = Snapshots(most_bytes=20 * one.nbytes)
    snapshots.add(one)
    problems: list[list[int]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            steps = [s.step for s in snapshots]
            if steps != sorted(set(steps)) or steps[0] != 0 or len(steps) > 20:
                problems.append(steps)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for step in range(1, 1500):
        snapshots.add(replace(one, step=step))
    done.set()
    for reader in readers:
        reader.join()
    assert not problems


def test_maps_drawn_on_another_thread_lose_no_snapshot() -> None:
    snapshots = filled(0)
    positions = np.zeros((12, 2))

    def draw() -> None:
        for k in range(300):
            snapshots.add_map(0, f"map {k}", positions)

    drawing = threading.Thread(target=draw)
    drawing.start()
    for step in range(1, 300):
        snapshots.add(replace(snapshots[0], step=step, maps={}))
    drawing.join()
    assert snapshots.steps == list(range(300))
    assert len(snapshots[0].maps) == 300


# Saving them


def various() -> Snapshots:
    snapshots = Snapshots()
    snapshots.add(snapshot(0, probe=False))
    snapshots.add(snapshot(10, maps=("t-SNE", "UMAP")))
    snapshots.add(snapshot(15))
    snapshots.add(snapshot(20, maps=("t-SNE",), probe=False))
    return snapshots


def test_saved_and_loaded_bit_for_bit(tmp_path: Path) -> None:
    path = tmp_path / "snapshots.npz"
    snapshots = various()
    snapshots.save(path)
    loaded = Snapshots.load(path)
    assert [bits(s) for s in loaded] == [bits(s) for s in snapshots]
    first, last = loaded[0], loaded[20]
    assert isinstance(first.step, int)
    assert first.labels is last.labels
    assert all(s.features.base is None for s in loaded), "one that is thinned frees its memory"
    loaded.add(snapshot(30))
    assert loaded.steps == [0, 10, 15, 20, 30], "and it grows on"

    loaded.drop_after(20)
    loaded.save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == path.read_bytes()


def test_none_are_saved_and_loaded_too(tmp_path: Path) -> None:
    Snapshots().save(tmp_path / "snapshots.npz")
    assert len(Snapshots.load(tmp_path / "snapshots.npz")) == 0


def damage(path: Path, how: str) -> None:
    whole = path.read_bytes()
    with np.load(path) as stored:
        arrays = dict(stored)
    match how:
        case "truncated":
            path.write_bytes(whole[: len(whole) // 2])
        case "a flipped bit":
            at = whole.index(arrays["features"].tobytes()) + 100
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        case "empty":
            path.write_bytes(b"")
        case "text":
            path.write_text("not snapshots", encoding="utf-8")
        case "a lone array":
            with path.open("wb") as stream:
                np.save(stream, np.zeros(3))
        case "other arrays":
            np.savez(path, images=np.zeros(3))
        case "too few rows":
            np.savez(path, **arrays | {"scales": arrays["scales"][1:]})
        case "another dtype":
            np.savez(path, **arrays | {"features": arrays["features"].astype(np.float64)})
        case "another order":
            np.savez(path, **arrays | {"steps": arrays["steps"][::-1]})
        case "a later format":
            np.savez(path, **arrays | {"format": np.array(99)})
        case "an array more":
            np.savez(path, **arrays | {"colours": np.zeros(3)})
        case "an array less":
            del arrays["probes"]
            np.savez(path, **arrays)
        case "steps that are no whole numbers":
            np.savez(path, **arrays | {"steps": arrays["steps"] + 0.5})
        case "steps below 0":
            np.savez(path, **arrays | {"steps": arrays["steps"] - 1000})
        case "a third domain":
            np.savez(path, **arrays | {"domains": arrays["domains"] + np.uint8(1)})
        case "a size that is no number":
            np.savez(path, **arrays | {"scales": arrays["scales"] * np.nan})
        case "a map of no snapshot":
            np.savez(path, **arrays | {"map0_rows": arrays["map0_rows"] + 1000})
        case "a map of other images":
            np.savez(path, **arrays | {"map0": arrays["map0"][:, 1:]})
        case "methods that are no names":
            np.savez(path, **arrays | {"methods": np.arange(len(arrays["methods"]))})


@pytest.mark.parametrize(
    "how",
    [
        "truncated",
        "a flipped bit",
        "empty",
        "text",
        "a lone array",
        "other arrays",
        "too few rows",
        "another dtype",
        "another order",
        "a later format",
        "an array more",
        "an array less",
        "steps that are no whole numbers",
        "steps below 0",
        "a third domain",
        "a size that is no number",
        "a map of no snapshot",
        "a map of other images",
        "methods that are no names",
    ],
)
def test_a_file_that_is_damaged_or_foreign_is_refused_with_the_remedy(
    how: str, tmp_path: Path
) -> None:
    path = tmp_path / "snapshots.npz"
    various().save(path)
    damage(path, how)
    with pytest.raises(DataError, match=r"snapshots\.npz is damaged or not .*Delete it") as raised:
        Snapshots.load(path)
    assert "\n" not in str(raised.value)


def test_no_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no snapshots in .*Train first"):
        Snapshots.load(tmp_path / "snapshots.npz")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "snapshots.npz")
    with pytest.raises(DataError, match="is a pipe, not a file"):
        Snapshots.load(tmp_path / "snapshots.npz")


class Bomb:
    """Unpickled, it leaves a file behind."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("name", ["format", "steps", "labels", "features", "methods", "map0"])
def test_a_file_never_runs_code(name: str, tmp_path: Path) -> None:
    path, trace = tmp_path / "snapshots.npz", tmp_path / "trace"
    various().save(path)
    with np.load(path) as stored:
        arrays = dict(stored)
    bomb = np.empty(len(np.atleast_1d(arrays[name])), dtype=object)
    bomb[:] = [Bomb(trace) for _ in bomb]
    np.savez(path, allow_pickle=True, **arrays | {name: bomb})
    with pytest.raises(DataError, match="allow_pickle=False"):
        Snapshots.load(path)
    assert not trace.exists()


def test_a_pickle_is_not_opened(tmp_path: Path) -> None:
    path, trace = tmp_path / "snapshots.npz", tmp_path / "trace"
    path.write_bytes(pickle.dumps(Bomb(trace)))
    with pytest.raises(DataError, match="damaged or not"):
        Snapshots.load(path)
    assert not trace.exists()


def test_a_history_starts_without_snapshots_and_saves_none(tmp_path: Path) -> None:
    history = History()
    assert len(history.snapshots) == 0
    history.save(tmp_path / "before.json")
    history.snapshots.add(snapshot(0))
    history.save(tmp_path / "after.json")
    assert (tmp_path / "before.json").read_bytes() == (tmp_path / "after.json").read_bytes()
    assert len(History.load(tmp_path / "after.json").snapshots) == 0


def test_a_checkpoint_does_not_grow_with_snapshots(tmp_path: Path) -> None:
    trainer = a_trainer(tiny_pair())
    next(trainer)
    trainer.save(tmp_path / "before.pt")
    trainer.history.snapshots.add(take_snapshot(trainer))
    trainer.save(tmp_path / "after.pt")
    sizes = [(tmp_path / name).stat().st_size for name in ("before.pt", "after.pt")]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("power", [20, 60, 100])
def test_a_snapshot_of_huge_features_is_that_of_small_ones_but_for_the_size(power: int) -> None:
    """As a huge lambda makes them: a PCA of them would overflow."""
    trainer = Trainer(tiny_pair(), preset("seed", batch_size=8), device="cpu")
    small = take_snapshot(trainer, 12)
    with torch.no_grad():
        for parameter in trainer.model.feature_extractor.conv2.parameters():
            parameter *= 2.0**power
    huge = take_snapshot(trainer, 12)
    assert huge.scale == pytest.approx(small.scale * 2.0**power, rel=1e-3)
    np.testing.assert_allclose(huge.features, small.features, atol=1e-2)
    assert huge.probe == small.probe


@pytest.mark.parametrize("evaluation", [True, False])
def test_a_look_in_parts_is_of_the_network_as_it_was_and_training_goes_on(evaluation: bool) -> None:
    whole, parted, alone = (a_trainer(tiny_pair()) for _ in range(3))
    for trainer in (whole, parted, alone):
        next(trainer)
    evaluate_with_snapshot(whole, 20)
    parts = observe(parted, 20, evaluation)
    next(parted)
    for _ in parts:
        next(parted)
    assert [str(e) for e in parted.history.evaluations] == (
        [str(e) for e in whole.history.evaluations] if evaluation else []
    )
    [expected], [found] = whole.history.snapshots, parted.history.snapshots
    assert found.step == 1
    assert found.probe == expected.probe
    for name in ("labels", "domains", "predictions", "confidence", "features"):
        assert (getattr(found, name) == getattr(expected, name)).all(), name
    for trainer in (parted, alone):
        for _ in trainer:
            pass
    assert list(parted.history) == list(alone.history)
    with pytest.raises(DataError, match="images=0"):
        observe(parted, 0)
