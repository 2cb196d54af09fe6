"""The map beside the training: it follows, it says what keeps it, and it disturbs nothing."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from test_session import LONG, Open, history, open_session, wait  # noqa: F401  (a fixture)

from dann_core.errors import DannError
from dann_core.snapshots import Snapshot, Snapshots
from dann_lab.live import live_map
from dann_lab.live import session as sessions
from dann_lab.live.live_map import LiveMap

PATIENCE = 150


def snapshot(step: int, points: int = 60, seed: int = 0) -> Snapshot:
    random = np.random.default_rng(seed)
    half = points // 2
    return Snapshot(
        step=step,
        labels=(np.arange(points) % 10).astype(np.uint8),
        domains=np.repeat([0, 1], half).astype(np.uint8),
        predictions=(np.arange(points) % 10).astype(np.uint8),
        confidence=np.ones(points, np.float16),
        features=random.uniform(-1, 1, (points, 50)).astype(np.float16),
        scale=3.0,
    )


@pytest.fixture
def live() -> Iterator[LiveMap]:
    found = LiveMap()
    yield found
    found.close()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_it_draws_the_latest_snapshot_and_then_each_new_one(live: LiveMap) -> None:
    snapshots = Snapshots()
    snapshots.add(snapshot(0))
    snapshots.add(snapshot(50))
    live.follow(snapshots)
    live.choose("PCA")
    until(live.drawn)
    assert live.drawn().step == 50  # type: ignore[union-attr]
    snapshots.add(snapshot(100))
    live.notify()
    until(lambda: live.drawn() and live.drawn().step == 100)
    assert live.note == ""
    # The features are the same, so the points stay where they are.
    before, after = (snapshots[step].maps["PCA"] for step in (50, 100))
    assert np.abs(before - after).mean() < 0.01 * np.ptp(before)


def test_another_method_draws_the_same_snapshot_and_none_draws_nothing(live: LiveMap) -> None:
    snapshots = Snapshots()
    snapshots.add(snapshot(7))
    live.follow(snapshots)
    live.choose("PCA")
    until(live.drawn)
    live.choose("t-SNE")
    until(live.drawn)
    assert set(snapshots[7].maps) == {"PCA", "t-SNE"}
    live.choose("")
    assert live.drawn() is None
    snapshots.add(snapshot(8))
    live.notify()
    time.sleep(0.2)
    assert not snapshots[8].maps


def test_another_run_has_a_map_of_its_own(live: LiveMap) -> None:
    first, second = Snapshots(), Snapshots()
    first.add(snapshot(10))
    live.follow(first)
    live.choose("PCA")
    until(live.drawn)
    live.follow(second)
    assert live.drawn() is None
    second.add(snapshot(3, points=40))
    live.notify()
    until(live.drawn)
    assert len(second[3].maps["PCA"]) == 40


def test_what_cannot_be_drawn_is_said_once_and_the_next_can(live: LiveMap) -> None:
    snapshots = Snapshots()
    bad = snapshot(1)
    snapshots.add(replace(bad, features=np.full_like(bad.features, np.nan)))
    live.follow(snapshots)
    live.choose("PCA")
    until(lambda: live.note and "ready" not in live.note)
    assert live.drawn() is None
    snapshots.add(snapshot(2))
    live.notify()
    until(live.drawn)
    assert live.note == ""


def test_an_unknown_map_is_refused_and_the_one_there_is_stays(live: LiveMap) -> None:
    live.choose("PCA")
    with pytest.raises(DannError, match="no map 'SOM'"):
        live.choose("SOM")
    assert live.method == "PCA"


def several(*steps: int) -> Snapshots:
    snapshots = Snapshots()
    for step in steps:
        snapshots.add(snapshot(step, seed=step))
    return snapshots


def with_map(snapshots: Snapshots, method: str = "PCA") -> list[int]:
    return [s.step for s in snapshots if method in s.maps]


def test_at_rest_it_draws_the_past_too_from_the_drawn_outwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[int] = []
    add_map = Snapshots.add_map

    def noted(self: Snapshots, step: int, method: str, positions: np.ndarray) -> None:
        drawn.append(step)
        add_map(self, step, method, positions)

    monkeypatch.setattr(Snapshots, "add_map", noted)
    resting = threading.Event()
    live, snapshots = LiveMap(resting.is_set), several(0, 10, 25, 50, 100)
    live.follow(snapshots)
    live.choose("PCA")
    until(live.drawn)
    time.sleep(0.2)
    assert drawn == [100], "only the latest while there is training"
    resting.set()
    live.notify()
    until(lambda: len(with_map(snapshots)) == 5)
    assert drawn == [100, 50, 25, 10, 0]
    resting.clear()
    snapshots.add(snapshot(150))
    snapshots.add(snapshot(200))
    live.notify()
    until(lambda: with_map(snapshots)[-1] == 200)
    assert 150 not in with_map(snapshots)
    live.close()


def test_the_past_is_as_near_to_the_present_as_frames_of_a_film(live: LiveMap) -> None:
    snapshots = Snapshots()
    for step in (0, 50, 100):
        snapshots.add(snapshot(step))  # the same features each time
    live.follow(snapshots)
    live.choose("t-SNE")
    until(lambda: len(with_map(snapshots, "t-SNE")) == 3)
    first, _, last = (s.maps["t-SNE"] for s in snapshots)
    assert np.linalg.norm(first - last, axis=1).mean() < 0.02 * np.ptp(last, axis=0).max()


def test_it_says_how_many_earlier_moments_are_to_come_when_that_takes_long(
    live: LiveMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_map, "PATIENCE", 0.0)
    go_on = threading.Semaphore(0)
    add_map = Snapshots.add_map

    def waits(self: Snapshots, *given: Any) -> None:
        go_on.acquire(timeout=PATIENCE)
        add_map(self, *given)

    monkeypatch.setattr(Snapshots, "add_map", waits)
    live.follow(several(*range(5)))
    live.choose("PCA")
    go_on.release()
    for left in ("3 earlier moments", "2 earlier moments", "1 earlier moment"):
        go_on.release()
        until(lambda left=left: live.note == f"Drawing the map of {left}…")
    go_on.release()
    until(lambda: live.note == "")


def test_a_run_that_comes_back_goes_on_from_its_own_map(live: LiveMap) -> None:
    old, new = several(0), several(0, 3)
    live.follow(old)
    live.choose("t-SNE")
    until(lambda: with_map(old, "t-SNE") == [0])
    live.follow(new)
    until(lambda: with_map(new, "t-SNE") == [0, 3])
    again = snapshot(5, seed=0)  # the features are as they were
    old.add(again)
    live.follow(old)
    until(lambda: with_map(old, "t-SNE") == [0, 5])
    before, after = (s.maps["t-SNE"] for s in old)
    assert np.linalg.norm(after - before, axis=1).mean() < 0.02 * np.ptp(before, axis=0).max()


def test_no_film_starts_from_a_map_that_is_one_point(live: LiveMap) -> None:
    snapshots = several(0)
    one = snapshot(10)
    snapshots.add(replace(one, features=np.zeros_like(one.features)))
    live.follow(snapshots)
    live.choose("t-SNE")
    until(lambda: with_map(snapshots, "t-SNE") == [0, 10])
    assert not snapshots[10].maps["t-SNE"].any()
    assert np.isfinite(snapshots[0].maps["t-SNE"]).all()
    assert snapshots[0].maps["t-SNE"].any()


def test_maps_are_made_ready_before_they_are_asked_for_but_not_during_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made_ready: list[str] = []
    go_on, resting = threading.Semaphore(0), threading.Event()

    def warm_up(method: str) -> float:
        made_ready.append(method)
        go_on.acquire(timeout=PATIENCE)
        return 1.0

    monkeypatch.setattr(live_map, "warm_up", warm_up)
    live = LiveMap(resting.is_set)
    live.prepare()
    live.follow(several(0))
    time.sleep(0.1)
    assert not made_ready
    resting.set()
    live.notify()
    until(lambda: made_ready == ["t-SNE"])
    assert live.note == "Getting t-SNE ready in the background. Training can go on meanwhile."
    live.choose("PCA")
    assert "PCA ready in the background" in live.note
    for _ in range(3):
        go_on.release()
    until(lambda: made_ready == ["t-SNE", "PCA", "UMAP"])  # what is asked for comes first
    until(lambda: live.note == "")
    live.close()


@pytest.mark.parametrize("chosen", [None, "PCA", "", "UMAP"])
def test_a_better_map_takes_over_at_rest_unless_somebody_has_chosen(
    chosen: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(live_map, "warm_up", made.append)
    resting = threading.Event()
    live = LiveMap(resting.is_set)
    try:
        live.follow(several(0))
        live.begin("PCA", then="t-SNE")
        until(live.drawn)
        assert live.method == "PCA"
        if chosen is not None:
            live.choose(chosen)
        live.prepare()
        resting.set()
        live.notify()
        until(lambda: set(made) >= {"t-SNE", "UMAP"} and not live._preparing)
        until(lambda: not live.method or live.drawn())
        assert live.method == ("t-SNE" if chosen is None else chosen)
    finally:
        live.close()


def test_the_map_stays_where_nothing_is_made_ready(live: LiveMap) -> None:
    live.begin("PCA", then="t-SNE")
    live.follow(several(0, 10))
    until(lambda: (found := live.drawn()) and found.step == 10)
    assert live.method == "PCA"
    with pytest.raises(DannError, match="SOM"):
        live.begin("PCA", then="SOM")
    assert live.method == "PCA"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_what_makes_a_map_ready_gives_way_and_no_other_thread_does(
    live: LiveMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, 0)

    ours, found = niceness(), []

    def warm_up(method: str) -> float:
        found.append(niceness())
        return 1.0

    monkeypatch.setattr(live_map, "warm_up", warm_up)
    live.follow(several(0))
    live.choose("PCA")
    until(live.drawn)
    assert found == [min(ours + live_map.NICENESS, 19)]
    assert live._thread
    assert live._thread.native_id
    assert os.getpriority(os.PRIO_PROCESS, live._thread.native_id) == niceness() == ours


def test_a_session_maps_at_once_and_as_it_trains_and_learns_the_same(
    open_session: Open,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "MAP_EVERY", 4)
    monkeypatch.setattr(sessions, "MAP_SECONDS", 0.0)
    session, plain = open_session(LONG), open_session(LONG)
    session.choose_map("PCA")
    wait(session, session.map.drawn)
    assert session.map.drawn().step == 0  # type: ignore[union-attr]
    for trained in (session, plain):
        trained.train()
        wait(trained, lambda trained=trained: len(history(trained)) >= 9)
        trained.pause()
        wait(trained, "paused")
    wait(session, lambda: session.map.drawn() and session.map.drawn().step >= 8)
    assert history(plain).snapshots.steps == [0] + [10] * (len(history(plain)) >= 10)
    steps = min(len(history(session)), len(history(plain)))
    losses = [history(s).column("label_loss")[:steps] for s in (session, plain)]
    np.testing.assert_array_equal(*losses)
    session.reset()
    wait(session, "ready")
    wait(session, lambda: session.map.drawn() and session.map.drawn().step == 0)
