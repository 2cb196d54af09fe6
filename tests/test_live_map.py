"""The map beside the training: it follows, it says what keeps it, and it disturbs nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from test_session import LONG, Open, history, open_session, wait  # noqa: F401  (a fixture)

from dann_core.errors import DannError
from dann_core.snapshots import Snapshot, Snapshots
from dann_lab import session as sessions
from dann_lab.live_map import LiveMap

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
    assert (live.drawn().step, list(snapshots[0].maps)) == (50, [])  # type: ignore[union-attr]
    snapshots.add(snapshot(100))
    live.look()
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
    live.look()
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
    live.look()
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
    live.look()
    until(live.drawn)
    assert live.note == ""


def test_an_unknown_map_is_refused_and_the_one_there_is_stays(live: LiveMap) -> None:
    live.choose("PCA")
    with pytest.raises(DannError, match="no map 'SOM'"):
        live.choose("SOM")
    assert live.method == "PCA"


def test_a_session_maps_at_once_and_as_it_trains_and_learns_the_same(
    open_session: Open,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "MAP_EVERY", 4)
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
    assert not len(history(plain).snapshots)
    steps = min(len(history(session)), len(history(plain)))
    losses = [history(s).column("label_loss")[:steps] for s in (session, plain)]
    np.testing.assert_array_equal(*losses)
    session.reset()
    wait(session, "ready")
    wait(session, lambda: session.map.drawn() and session.map.drawn().step == 0)
