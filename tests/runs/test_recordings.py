"""Tracks: what a page shows of a run without Python."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import tiny_pair

from dann_core.domains import Domain, Split
from dann_core.errors import DataError
from dann_core.history import Mark
from dann_core.observing import evaluate_with_snapshot, keep_snapshot
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.figures.curves import POINTS
from dann_lab.runs import export, kept, player, recordings
from dann_lab.runs.folder import Data, RunFolder, Saved

MOST_BYTES = 3_200_000
STEPS = 6


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    made = Trainer(tiny_pair(), preset("quick", batch_size=8, steps=STEPS), device="cpu")
    keep_snapshot(made)
    made.evaluate()
    for record in made:
        if record.step % 2 == 0:
            made.evaluate()
            keep_snapshot(made)
    kept.draw(made.history.snapshots, "PCA")
    made.history.marks.append(Mark(3, "by_hand", 0.5))
    return made


def of(trainer: Trainer, title: str = "a run") -> recordings.Track:
    names = ("bright", "dark")
    return recordings.track(title, "made here", trainer.recipe, trainer.history, "tiny-5", names)


def test_a_track_says_what_the_history_says(trainer: Trainer) -> None:
    made = of(trainer)
    assert made.steps == STEPS
    assert made.moments.tolist() == [0, 2, 4, 6]
    curve = made.curves["target_accuracy"]
    assert curve.x.tolist() == [0, 2, 4, 6]
    expected = [e.target_accuracy for e in trainer.history.evaluations]
    np.testing.assert_allclose(curve.y, expected, rtol=1e-6)
    lambdas = trainer.history.column("lambda_")
    np.testing.assert_allclose(made.curves["lambda_"].y, lambdas, rtol=1e-6)
    for row, snapshot in enumerate(trainer.history.snapshots):
        np.testing.assert_array_equal(made.predictions[row], snapshot.predictions)
        assert np.abs(made.confidence[row] / 255 - snapshot.confidence).max() < 0.003
        found = made.maps["PCA"].positions[row] * made.maps["PCA"].scale
        assert np.abs(found - snapshot.maps["PCA"]).max() <= made.maps["PCA"].scale
        assert f"Step {snapshot.step}." in made.maps["PCA"].captions[row]
    assert made.sentences[0].startswith("Untrained")
    assert made.sentences[-1].startswith("Step 6.")


def test_a_run_without_a_domain_side_has_no_curves_of_it() -> None:
    made = Trainer(tiny_pair(), preset("quick", batch_size=8, steps=2, mode="source"), device="cpu")
    for _ in made:
        made.evaluate()
    found = of(made).curves
    assert "domain_loss" not in found
    assert "domain_accuracy" not in found
    assert {"label_loss", "target_accuracy"} <= set(found)


def test_a_file_of_tracks_gives_them_back(trainer: Trainer) -> None:
    made = of(trainer)
    [again] = recordings.unpacked(recordings.packed([made]))
    assert recordings.plain(again) == recordings.plain(made)
    assert again.names == made.names
    assert recordings.packed([made]) == recordings.packed([again])


@pytest.fixture(scope="module")
def unlabelled() -> Trainer:
    """A run of three named classes whose target nobody has labelled."""
    pair = tiny_pair()
    source, target = (
        Domain(d.name, *(relabelled(s, d.name) for s in (d.train, d.validation, d.test)))
        for d in (pair.source, pair.target)
    )
    values = ("cat", "dog", "hen")
    named = replace(pair, source=source, target=target, classes=3, class_values=values)
    made = Trainer(named, preset("quick", batch_size=8, steps=2), device="cpu")
    evaluate_with_snapshot(made, 24)
    for _ in made:
        evaluate_with_snapshot(made, 24)
    kept.draw(made.history.snapshots, "PCA")
    return made


def relabelled(split: Split, domain: str) -> Split:
    return Split(split.images, split.labels % 3 if domain == "bright" else split.labels * 0 - 1)


def test_where_the_target_has_no_labels_accuracy_is_unknown_everywhere(
    unlabelled: Trainer,
) -> None:
    names, classes = ("bright", "dark"), unlabelled.pair.class_names
    history = unlabelled.history
    made = recordings.track("pets", "", unlabelled.recipe, history, "x", names, classes)
    assert "target_accuracy" not in made.curves
    assert "source_accuracy" in made.curves
    assert set(made.labels[made.domains == 1].tolist()) == {255}
    assert all("dark has no labels" in sentence for sentence in made.sentences)
    assert "The target has no labels." in made.maps["PCA"].captions[-1]
    assert recordings.unpacked(recordings.packed([made]))[0].classes == ["cat", "dog", "hen"]
    shown = player.bundle([made])
    assert "target_accuracy" not in shown["curves"]
    assert ["target, right at the end", "–"] in shown["differences"]
    assert shown["runs"][0]["classes"] == ["cat", "dog", "hen"]
    look = shown["runs"][0]["templates"]["light"]
    assert {"cat", "dog", "hen", "not labelled"} <= {trace["name"] for trace in look["data"]}
    text = json.dumps(shown, allow_nan=False)
    assert "NaN" not in text
    assert "nan" not in " ".join([*made.sentences, *made.maps["PCA"].captions])
    rows = list(csv.DictReader(io.StringIO(export.table(history))))
    assert [row["test_target_accuracy"] for row in rows] == ["", "", ""]
    assert all(row["test_source_accuracy"] for row in rows)


def changed(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    stored = json.loads(gzip.decompress(data))
    change(stored["tracks"][0])
    return gzip.compress(json.dumps(stored).encode())


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:200],
        lambda data: b"no gzip at all",
        lambda data: gzip.compress(b"[1, 2]"),
        lambda data: gzip.compress(json.dumps({"format": 99, "tracks": []}).encode()),
        lambda data: gzip.compress(json.dumps({"format": 1, "tracks": [{"title": "x"}]}).encode()),
        lambda data: gzip.compress(b"[" * 200_000),
        lambda data: data[:20] + bytes(40) + data[60:],
        lambda data: changed(data, lambda track: track.update(colour=1)),
        lambda data: changed(data, lambda track: track.update(steps="three")),
        lambda data: changed(data, lambda track: track.update(steps=-1)),
        lambda data: changed(data, lambda track: track.update(names=[])),
        lambda data: changed(data, lambda track: track.update(classes=[1])),
        lambda data: changed(data, lambda track: track.update(classes=["cat", "dog"])),
        lambda data: changed(data, lambda track: track["sentences"].pop()),
        lambda data: changed(data, lambda track: track.update(domains=track["moments"])),
        lambda data: changed(data, lambda track: track["moments"].update(colour=1)),
        lambda data: changed(data, lambda track: track["moments"].update(shape=[99])),
        lambda data: changed(data, lambda track: track["moments"].update(dtype="O")),
        lambda data: changed(data, lambda track: track["curves"].update(more={"x": 1, "y": 2})),
        lambda data: changed(data, lambda track: track["maps"].update(more={})),
    ],
)
def test_another_file_is_refused(trainer: Trainer, damage) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DataError, match="not a file of recorded runs"):
        recordings.unpacked(damage(recordings.packed([of(trainer)])))


def test_many_moments_are_thinned_but_for_the_ends(trainer: Trainer) -> None:
    one = next(iter(trainer.history.snapshots))
    crowd = Trainer(tiny_pair(), preset("quick", batch_size=8, steps=400), device="cpu").history
    for step in range(200):
        crowd.snapshots.add(replace(one, step=step))
    made = recordings.track("crowd", "", trainer.recipe, crowd, "tiny-5", ("bright", "dark"))
    assert len(made.moments) == recordings.FRAMES
    assert (made.moments[0], made.moments[-1]) == (0, 199)


def test_maps_of_the_same_images_are_turned_onto_the_first_runs(trainer: Trainer) -> None:
    first = of(trainer)
    quarter = np.array([[0, -1], [1, 0]])
    maps = first.maps["PCA"]
    turned = recordings.Maps(
        maps.rows, (maps.positions @ quarter).astype(np.int16), maps.scale, maps.captions
    )
    other = recordings.Track(**{**first.__dict__, "maps": {"PCA": turned}})
    found = recordings.beside(first, other).maps["PCA"]
    apart = np.abs(found.positions * found.scale - maps.positions * maps.scale)
    assert apart.max() < 0.01
    assert np.abs(turned.positions * maps.scale - maps.positions * maps.scale).max() > 0.5


def test_a_distance_is_not_taken_for_a_domain_loss() -> None:
    made = Trainer(tiny_pair(), preset("quick", batch_size=8, steps=2, method="mmd"), device="cpu")
    made.evaluate()
    for _ in made:
        made.evaluate()
    found = of(made)
    np.testing.assert_allclose(
        found.curves["distance"].y, made.history.column("domain_loss"), rtol=1e-6
    )
    assert not {"domain_loss", "domain_accuracy"} & set(found.curves)
    shown = player.bundle([found])["curves"]["distance"]
    assert "Distance" in shown["title"]


# The player's bundle


def test_a_bundle_has_the_curves_of_all_runs_in_one_figure(trainer: Trainer) -> None:
    source = Trainer(
        tiny_pair(), preset("quick", batch_size=8, steps=4, mode="source", seed=3), device="cpu"
    )
    source.evaluate()
    for _ in source:
        source.evaluate()
    made = player.bundle([of(source, "source only"), of(trainer, "DANN")])
    both = made["curves"]["target_accuracy"]["light"]["data"]
    assert [line["name"] for line in both] == ["source only", "DANN"]
    assert len({(line["line"]["dash"], line["marker"]["symbol"]) for line in both}) == 2
    assert [line["name"] for line in made["curves"]["domain_loss"]["dark"]["data"]] == ["DANN"]
    rows = {what: values for what, *values in made["differences"]}
    assert rows["mode"] == ["source", "dann"]
    assert rows["seed"] == ["3", "0"]
    assert rows["steps done"] == ["4", "6"]
    assert rows["lambda"][0] == "not used"
    assert "batch size" not in rows
    json.dumps(made, allow_nan=False)


@pytest.mark.parametrize("number", [0, 4])
def test_one_to_three_runs_are_shown(trainer: Trainer, number: int) -> None:
    with pytest.raises(DataError, match=f"{number} runs: choose one to 3"):
        player.bundle([of(trainer)] * number)


# What ships


def test_the_recorded_runs_are_small_and_say_that_they_are_recorded() -> None:
    assert recordings.RECORDED.stat().st_size <= MOST_BYTES
    runs = recordings.recorded()
    builds = {
        "MNIST-M": "mnistm-v1-seed0-shared-2e256ca6",
        "digits behind stripes": "stripes-v1-seed0",
    }
    assert [(run.names[1], run.recipe["mode"], run.recipe["lambda_"]) for run in runs] == [
        (target, *kind)
        for target in builds
        for kind in (("source", None), ("dann", 0.0), ("dann", None))
    ]
    for run in runs:
        assert "recorded" in run.title
        assert builds[run.names[1]] in run.about
        assert set(run.maps) == {"PCA", "t-SNE", "UMAP"}
        assert run.moments[0] == 0
        assert run.moments[-1] == run.steps == run.recipe["steps"]
        assert all(len(m.rows) == len(run.moments) for m in run.maps.values())
        assert len(run.labels) == (1000 if run.names[1] == "MNIST-M" else 800)
        assert max(len(curve.y) for curve in run.curves.values()) <= POINTS
        # The curve and the predictions tell of the same network.
        right = (run.predictions[-1] == run.labels)[run.domains == 1].mean()
        assert abs(right - run.curves["target_accuracy"].y[-1]) < 0.05
    ends = [float(run.curves["target_accuracy"].y[-1]) for run in runs]
    for source, still, dann in (ends[:3], ends[3:]):
        assert dann > max(source, still) + 0.1


def test_what_differs_is_said_once() -> None:
    rows = player.differences(recordings.recorded()[:3])
    names = [name for name, *_ in rows]
    assert len(names) == len(set(names))
    assert ["lambda", "not used", "0.00", "0.04 to 1.00"] in rows


def test_runs_that_adapt_by_other_methods_differ_in_that() -> None:
    source, _, dann = recordings.recorded()[:3]
    cdan = replace(dann, recipe=dann.recipe | {"method": "cdan+e"})
    rows = player.differences([source, dann, cdan])
    assert ["method", "not used", "DANN", "CDAN+E"] in rows
    assert "method" not in [what for what, *_ in player.differences([dann, dann])]


def test_runs_on_the_same_examples_say_how_often_they_agree_on_the_target() -> None:
    """It can be said without a single label."""
    first, second, third = recordings.recorded()[:3]
    rows = {what: values for what, *values in player.differences([first, second, third])}
    target = first.domains == 1
    shares = [
        f"{100 * (first.predictions[-1] == run.predictions[-1])[target].mean():.0f} %"
        for run in (second, third)
    ]
    assert rows["target, same answer as the first run"] == ["", *shares]
    elsewhere = recordings.recorded()[3]
    assert "target, same answer as the first run" not in [
        what for what, *_ in player.differences([first, elsewhere])
    ]


def test_a_lesson_shows_the_recorded_runs_of_a_pair() -> None:
    for pair, names in (
        ("mnist", "MNIST → MNIST-M"),
        ("stripes", "digits → digits behind stripes"),
    ):
        shown = player.recorded(pair).bundle
        assert len(shown["runs"]) == 3
        assert names in shown["title"]
    with pytest.raises(DataError, match="No runs are recorded for the pair 'digits'"):
        player.recorded("digits")


def test_points_drift_from_one_recorded_moment_to_the_next() -> None:
    """A map that flips or jumps would move its points by about its own width."""
    for run in recordings.recorded():
        for maps in run.maps.values():
            positions = maps.positions.astype(float) * maps.scale
            moves = np.linalg.norm(np.diff(positions, axis=0), axis=2).mean(axis=1)
            assert np.median(moves) < 0.35  # the root mean square distance from the centre is 1


# Folders


def test_a_folder_is_a_track_with_maps_of_its_own(trainer: Trainer, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    run = RunFolder(folder, Data(), trainer)
    run.save()
    made = kept.track(Saved.read(folder), "t-SNE")
    assert made.title == "mine"
    assert set(made.maps) == {"PCA", "t-SNE"}
    assert made.moments.tolist() == [0, 2, 4, 6]
    assert made.names == ("bright", "dark")
    assert made.classes == []
    # Its data (the embedded digits) are not what the checkpoint was trained on.
    assert kept.pictures(Saved.read(folder), made) == {}


def test_a_folder_knows_the_names_of_its_domains_and_classes(
    unlabelled: Trainer, tmp_path: Path
) -> None:
    folder = tmp_path / "pets"
    folder.mkdir()
    RunFolder(folder, Data(), unlabelled).save()
    made = kept.track(Saved.read(folder))
    assert (made.names, made.classes) == (("bright", "dark"), ["cat", "dog", "hen"])
