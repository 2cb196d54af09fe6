"""The training beside the page: what each button does, whatever moment it is pressed at."""

from __future__ import annotations

import hashlib
import math
import random
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch

from dann_core.datasets import PAIRS, fetching, mnist, photos
from dann_core.datasets.fetching import DataSet, Download, Mirror
from dann_core.datasets.store import DataStore
from dann_core.domains import DomainPair
from dann_core.errors import DannError
from dann_core.history import History
from dann_core.training import Trainer
from dann_lab.figures.sentences import about_mark
from dann_lab.live import session as sessions
from dann_lab.live import worker as workers
from dann_lab.live.run import SHOWN_DIGITS
from dann_lab.live.session import Session
from dann_lab.live.settings import Settings, usual_lambda
from dann_lab.live.words import about_busy

SHORT = Settings(steps=6)
LONG = Settings(steps=5000)
PATIENCE = 150  # seconds, for a machine that is busy with other things

Open = Callable[..., Session]


@pytest.fixture
def open_session(quick_sessions: None) -> Iterator[Open]:
    """Makes sessions on the embedded pair, with one thread each, and closes them."""
    opened = []

    def make(settings: Settings = LONG, **more: Any) -> Session:
        session = Session(settings, device="cpu", **more)
        opened.append(session)
        wait(session, "ready")
        return wait(session, lambda: session.run and session.run.predictions(0))

    yield make
    for session in opened:
        session.close()


def wait(session: Session, until: str | Callable[[], object]) -> Session:
    """Look at ``session`` until it is in a state, or a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not (session.state == until if isinstance(until, str) else until()):
        session.looked_at()
        if time.monotonic() > deadline:
            pytest.fail(f"still {session.state}, not {until}: {session.problem or 'no problem'}")
        time.sleep(0.005)
    return session


def history(session: Session) -> History:
    assert session.run
    return session.run.trainer.history


def losses(session: Session) -> list[float]:
    return [record.total_loss for record in history(session)]


def train_until(session: Session, step: int) -> None:
    """Train some steps, at least to ``step``, and pause."""
    session.train()
    wait(session, lambda: session.run and session.run.trainer.step >= step)
    session.pause()
    wait(session, "paused")


def single_step(session: Session) -> None:
    done = len(history(session))
    session.single_step()
    wait(session, lambda: len(history(session)) > done and session.state == "paused")
    assert len(history(session)) == done + 1


def expected_losses(pair: DomainPair, settings: Settings, steps: int) -> list[float]:
    """Of a trainer that nobody interrupts."""
    trainer = Trainer(pair, settings.recipe(), device="cpu")
    return [next(trainer).total_loss for _ in range(steps)]


# Train, pause, step


def test_a_new_session_is_evaluated_and_waits(open_session: Open) -> None:
    session = open_session()
    assert session.run
    [untrained] = history(session).evaluations
    assert untrained.step == 0
    assert untrained.images == 40
    assert len(history(session)) == 0
    images, labels = session.run.digits
    assert images.shape == (2 * SHOWN_DIGITS, 28, 28, 3)
    assert images.dtype == torch.uint8
    predicted = session.run.predictions(len(history(session)))
    assert predicted
    assert predicted.labels.shape == predicted.confidence.shape == labels.shape
    assert session.device_text == ""
    assert (session.problem, session.notice, session.busy, session.can_undo) == (
        "",
        "",
        None,
        False,
    )


def test_threads_are_chosen_once_when_training_begins(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[str] = []

    def choose() -> int:
        chosen.append(session.state)
        return 1

    monkeypatch.setattr(sessions, "choose_threads", choose)
    session = open_session()
    assert not chosen
    single_step(session)
    session.reset()
    wait(session, "ready")
    single_step(session)
    assert chosen == ["training"]
    assert session.device_text == "CPU, 1 thread"


def test_train_pressed_before_the_first_look_trains_after_it(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session()
    go_on = threading.Event()
    observe = sessions.observe

    def slowly(*given: Any) -> Any:
        go_on.wait(PATIENCE)
        return observe(*given)

    monkeypatch.setattr(sessions, "observe", slowly)
    session.choose(LONG.changed(seed=5))
    wait(session, lambda: session.run and session.run.settings.seed == 5)
    assert session.state == "ready"
    session.single_step()
    assert session.begins
    session.pause()
    assert not session.begins
    session.single_step()
    assert not history(session).evaluations
    go_on.set()
    wait(session, lambda: len(history(session)) == 1)
    assert not session.begins
    assert [e.step for e in history(session).evaluations] == [0]
    assert losses(session) == expected_losses(
        session.run.trainer.pair,  # type: ignore[union-attr]
        LONG.changed(seed=5),
        1,
    )


def test_a_first_look_that_fails_is_said(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session()

    def breaks(*_: Any) -> None:
        raise RuntimeError("the network looked away")

    monkeypatch.setattr(sessions, "observe", breaks)
    session.reset()
    wait(session, "failed")
    assert "the network looked away" in session.problem


def test_training_ends_after_its_last_step_with_all_test_images(
    open_session: Open, stripes_pair: DomainPair
) -> None:
    session = open_session(SHORT)
    session.train()
    wait(session, "finished")
    assert losses(session) == expected_losses(stripes_pair, SHORT, 6)
    last = history(session).evaluations[-1]
    assert (last.step, last.images) == (6, 400)
    assert session.busy is None

    for again in (session.train, session.single_step):
        again()
        session.reset()  # which the worker comes to after it has thought about the steps
        wait(session, "ready")
        session.undo()
        assert session.state == "finished"
        assert len(history(session)) == 6


def test_pause_stops_and_train_goes_on_as_if_nothing_had_been(
    open_session: Open, stripes_pair: DomainPair
) -> None:
    session = open_session()
    train_until(session, 2)
    single_step(session)
    train_until(session, len(history(session)) + 2)
    done = losses(session)
    assert done == expected_losses(stripes_pair, LONG, len(done))


def test_step_does_one_step(open_session: Open) -> None:
    session = open_session()
    for step in (1, 2, 3):
        single_step(session)
        assert len(history(session)) == step


def test_no_pause_is_ever_lost(open_session: Open) -> None:
    session = open_session()
    moments = random.Random(0)
    for _ in range(25):
        session.train()
        session.looked_at()
        time.sleep(moments.uniform(0, 0.05))
        session.pause()
        wait(session, lambda: session.state in ("paused", "ready"))
        single_step(session)


def test_a_step_asked_for_while_pausing_is_done(open_session: Open) -> None:
    session = open_session()
    for _ in range(5):
        session.train()
        wait(session, "training")
        session.pause()
        done = len(history(session))
        session.single_step()
        wait(session, "paused")
        assert len(history(session)) > done


def test_speed_and_time_left_are_known_while_training(open_session: Open) -> None:
    session = open_session()
    assert session.steps_per_second is None
    session.train()
    wait(session, lambda: session.seconds_left)
    assert session.steps_per_second
    assert session.steps_per_second > 0
    session.pause()
    wait(session, "paused")
    assert session.seconds_left is None


# Reset, another seed, other settings, undo


def test_reset_gives_the_same_first_losses_and_another_seed_others(open_session: Open) -> None:
    session = open_session()
    train_until(session, 4)
    first = losses(session)[:4]
    session.reset()
    wait(session, "ready")
    assert len(history(session)) == 0
    train_until(session, 4)
    assert losses(session)[:4] == first

    seed = session.settings.seed
    session.new_seed()
    wait(session, "ready")
    assert session.settings.seed != seed
    assert str(session.settings.seed) in session.notice
    train_until(session, 4)
    assert losses(session)[0] != first[0]


def test_undo_brings_a_run_back_that_goes_on_as_if_nothing_had_been(
    open_session: Open, stripes_pair: DomainPair
) -> None:
    session = open_session()
    train_until(session, 3)
    run, done = session.run, losses(session)
    session.new_seed()
    wait(session, "ready")
    train_until(session, 2)
    session.undo()
    assert session.run is run
    assert session.settings == LONG
    assert session.state == "paused"
    assert losses(session) == done
    single_step(session)
    assert losses(session) == expected_losses(stripes_pair, LONG, len(done) + 1)
    assert not session.can_undo


def test_undo_right_after_reset_comes_in_time(open_session: Open) -> None:
    session = open_session()
    train_until(session, 2)
    run, done = session.run, len(history(session))
    for _ in range(3):
        session.reset()
        session.undo()
        assert session.run is run
        single_step(session)  # and what was being made does not take its place
        done += 1
        assert session.run is run
        assert len(history(session)) == done


def test_undo_while_training_pauses_at_the_old_run(open_session: Open) -> None:
    session = open_session()
    train_until(session, 2)
    run, done = session.run, len(history(session))
    session.new_seed()
    session.train()
    wait(session, lambda: session.run and session.run.trainer.step > 0)
    session.undo()
    assert session.run is run
    single_step(session)
    assert len(history(session)) == done + 1


def test_settings_are_always_those_of_the_run_beside_them(open_session: Open) -> None:
    session = open_session()
    train_until(session, 1)
    first = session.run
    session.train()
    session.new_seed()
    session.new_seed()  # a double click, while a step and a load are under way
    wait(session, "ready")
    assert session.run
    assert session.run.settings == session.settings
    session.undo()
    assert session.run is first
    assert session.settings == LONG
    assert not session.can_undo


def test_train_right_after_reset_trains_the_new_run(open_session: Open) -> None:
    session = open_session(SHORT)
    for _ in range(3):
        session.train()
        wait(session, lambda: session.run and session.run.trainer.step >= 4)
        old = session.run
        session.reset()
        session.train()  # often while the old run does its last steps
        wait(session, lambda old=old: session.run not in (None, old))
        wait(session, "finished")
        assert len(history(session)) == 6


def test_other_settings_make_another_run_and_the_same_ones_do_not(open_session: Open) -> None:
    session = open_session()
    train_until(session, 1)
    run = session.run
    session.choose(session.settings)
    assert session.run is run
    session.choose(session.settings.changed(lambda_=0.5))
    assert session.run is run
    session.choose(session.settings.changed(mode="source"))
    wait(session, "ready")
    assert session.run
    assert session.run.trainer.recipe.mode == "source"
    single_step(session)
    session.undo()
    assert session.run is run
    assert session.settings == LONG.changed(lambda_=0.5)


# Lambda


def test_another_method_is_another_run_with_a_lambda_of_its_own_and_undo_takes_it_back(
    open_session: Open,
) -> None:
    session = open_session()
    first = session.run
    single_step(session)
    session.choose(session.settings.changed(method="coral"))
    wait(session, "ready")
    single_step(session)
    assert session.run
    assert session.run.trainer.recipe.method == "coral"
    record = history(session)[0]
    assert record.lambda_ == usual_lambda("coral")
    assert math.isnan(record.domain_accuracy)
    assert history(session).lambda_marks == []
    assert session.run.title == "CORAL, lambda by hand, seed 0 · run 2"
    assert session.run.file_name == "coral-lambda-by-hand-seed-0-step-1"
    assert session.run.adapts
    session.reset()
    wait(session, "ready")
    assert (session.settings.method, session.settings.lambda_) == ("coral", usual_lambda("coral"))
    for _ in range(2):
        session.undo()
    assert session.run is first
    assert (session.settings.method, session.settings.lambda_) == ("dann", None)


def test_lambda_by_hand_is_in_the_next_step_and_marked_there(open_session: Open) -> None:
    session = open_session()
    session.set_lambda(0.7)
    single_step(session)
    single_step(session)
    assert [record.lambda_ for record in history(session)] == [0.7, 0.7]
    assert history(session).lambda_marks == []  # it began so

    session._last_lambda_move = 0.0  # some time later
    session.set_lambda(1.5)
    single_step(session)
    session._last_lambda_move = 0.0
    session.set_lambda(None)
    single_step(session)
    records = list(history(session))
    assert records[2].lambda_ == 1.5
    assert records[3].lambda_ == pytest.approx(0.003, abs=1e-4)  # the paper's, at 3 of 5,000
    assert [(mark.step, about_mark(mark)) for mark in history(session).lambda_marks] == [
        (3, "lambda: 1.50 by hand"),
        (4, "lambda: the paper's schedule"),
    ]


def test_a_mark_names_the_first_step_that_had_the_new_lambda(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ONE_DRAG_SECONDS", 0.0)
    session = open_session()
    session.train()
    wait(session, lambda: len(history(session)) > 0)
    moments = random.Random(0)
    set_: list[float] = []
    for value in range(12):
        set_.append(value / 10)
        session.set_lambda(set_[-1])
        after = len(history(session)) + 1
        time.sleep(moments.uniform(0, 0.02))
        wait(session, lambda after=after: len(history(session)) > after)
    session.pause()
    wait(session, "paused")
    marks, records = history(session).lambda_marks, list(history(session))
    assert [records[mark.step - 1].lambda_ for mark in marks] == set_
    assert [records[mark.step - 2].lambda_ for mark in marks[1:]] == set_[:-1]


def test_a_drag_is_one_mark_and_one_undo(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ONE_DRAG_SECONDS", 1e6)
    session = open_session()
    session._last_lambda_move = -2e6
    single_step(session)
    for hundredth in range(100, 160):
        session.set_lambda(hundredth / 100)
    single_step(session)
    assert history(session)[-1].lambda_ == 1.59
    assert [about_mark(mark) for mark in history(session).lambda_marks] == ["lambda: 1.59 by hand"]
    session.undo()
    assert session.settings == LONG
    assert not session.can_undo


def test_lambda_is_taken_back_without_a_pause(open_session: Open) -> None:
    session = open_session()
    single_step(session)
    session.set_lambda(2.0)
    session.train()
    wait(session, lambda: history(session)[-1].lambda_ == 2.0)
    session.undo()
    wait(session, lambda: history(session)[-1].lambda_ < 0.1)
    assert session.state == "training"
    assert [about_mark(mark) for mark in history(session).lambda_marks] == [
        "lambda: 2.00 by hand",
        "lambda: the paper's schedule",
    ]


def test_lambda_out_of_range_changes_nothing(open_session: Open) -> None:
    session = open_session()
    for wrong in (-0.1, 2.1, float("nan")):
        with pytest.raises(ValueError, match="0 to 2"):
            session.set_lambda(wrong)
    assert session.settings == LONG
    assert not session.can_undo


def test_lambda_set_while_a_run_is_made_is_the_runs(open_session: Open) -> None:
    session = open_session()
    session.new_seed()
    session.set_lambda(1.25)
    wait(session, "ready")
    single_step(session)
    assert history(session)[0].lambda_ == 1.25


# Another run's lambda, and runs to compare


def test_a_replay_follows_the_lambda_of_another_run_and_learns_the_same(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ONE_DRAG_SECONDS", 0.0)
    session = open_session(LONG.changed(steps=30))
    single_step(session)
    session.set_lambda(1.5)
    train_until(session, 4)
    session.set_lambda(0.25)
    train_until(session, 11)
    first = session.run
    assert first
    done = len(first.trainer.history)

    session.replay_lambda(first)
    wait(session, "ready")
    assert session.notice == "New run with the lambda of run 1. Undo brings the last one back."
    train_until(session, done + 2)
    replayed = session.run
    assert replayed
    assert replayed is not first
    records = list(replayed.trainer.history)
    assert records[:done] == list(first.trainer.history)
    assert [record.lambda_ for record in records[done:]] == [0.25] * (len(records) - done)
    assert replayed.trainer.history.evaluations[:2] == first.trainer.history.evaluations[:2]
    assert [(m.step, about_mark(m)) for m in replayed.trainer.history.lambda_marks] == [
        (1, "lambda: replays run 1")
    ]
    assert [r.title for r in session.runs] == [
        "DANN, lambda of run 1, seed 0 · run 2",
        "DANN, lambda by hand, seed 0 · run 1",
    ]
    session.undo()
    assert session.run is first


def test_the_slider_takes_over_from_a_replay_and_undo_gives_it_back(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ONE_DRAG_SECONDS", 0.0)
    session = open_session()
    session.set_lambda(0.75)
    single_step(session)
    assert session.run
    session.replay_lambda(session.run)
    wait(session, "ready")
    single_step(session)
    session.set_lambda(1.25)
    single_step(session)
    session.undo()
    single_step(session)
    session.set_lambda(None)
    single_step(session)
    records = list(history(session))
    assert [record.lambda_ for record in records[:3]] == [0.75, 1.25, 0.75]
    assert records[3].lambda_ < 0.1
    assert [about_mark(mark) for mark in history(session).lambda_marks] == [
        "lambda: replays run 1",
        "lambda: 1.25 by hand",
        "lambda: replays run 1",
        "lambda: the paper's schedule",
    ]
    assert session.run.title == "DANN, lambda of run 1, then by hand, seed 0 · run 2"


def test_a_replay_that_is_reset_is_a_replay_and_one_that_never_began_leaves_no_mark(
    open_session: Open,
) -> None:
    session = open_session()
    session.set_lambda(0.75)
    single_step(session)
    assert session.run
    session.replay_lambda(session.run)
    session.reset()
    wait(session, "ready")
    single_step(session)
    assert history(session)[0].lambda_ == 0.75
    session.reset()
    wait(session, "ready")
    session.set_lambda(0.5)
    single_step(session)
    assert history(session)[0].lambda_ == 0.5
    assert history(session).lambda_marks == []


def test_a_run_without_steps_has_no_lambda_to_replay(open_session: Open) -> None:
    session = open_session()
    run = session.run
    assert run
    with pytest.raises(DannError, match=r"Run 1 has no lambda to replay yet\. Train it first"):
        session.replay_lambda(run)
    assert session.run is run


def test_runs_to_compare_are_trained_ones_the_newest_first_and_not_too_many(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MOST_RUNS", 3)
    session = open_session(LONG.changed(seed=3))
    assert session.runs == []
    single_step(session)
    assert session.runs == [session.run]
    session.reset()
    wait(session, "ready")
    session.choose(session.settings.changed(mode="source"))
    wait(session, "ready")
    assert [run.title for run in session.runs] == [
        "DANN, lambda by the paper's schedule, seed 3 · run 1"
    ]
    for _ in range(3):
        single_step(session)
        session.reset()
        wait(session, "ready")
    assert [run.title for run in session.runs] == [
        "source only, seed 3 · run 5",
        "source only, seed 3 · run 4",
    ], "the one that is not trained yet will be the third"
    for _ in range(5):
        session.undo()  # to the first, which was not among them any more
    assert session.run
    assert [run.number for run in session.runs] == [5, 4, 1]


# Snapshots


def test_there_is_a_snapshot_at_each_evaluation_without_any_map(
    open_session: Open, stripes_pair: DomainPair
) -> None:
    session = open_session(LONG.changed(steps=27))
    wait(session, lambda: history(session).snapshots.steps == [0])
    session.train()
    wait(session, "finished")
    assert history(session).snapshots.steps == [0, 10, 25, 27]
    assert [e.step for e in history(session).evaluations] == [0, 10, 25, 27]
    assert all(len(s.labels) == 80 for s in history(session).snapshots)
    alone = Trainer(stripes_pair, session.settings.recipe(), device="cpu")
    expected = {0: alone.evaluate(40)}
    for record in alone:
        if record.step in (10, 25):
            expected[record.step] = alone.evaluate(40)
    assert list(history(session)) == list(alone.history)
    assert history(session).evaluations[:3] == list(expected.values())
    for evaluation in expected.values():
        taken = history(session).snapshots[evaluation.step]
        assert taken.target_accuracy == evaluation.target_accuracy


def test_maps_of_the_past_are_drawn_once_nobody_trains(open_session: Open) -> None:
    session = open_session(LONG.changed(steps=40))
    train_until(session, 26)
    session.choose_map("PCA")
    snapshots = history(session).snapshots
    wait(session, lambda: len(snapshots) == 4 and all(s.maps for s in snapshots))
    assert snapshots.steps[:3] == [0, 10, 25]
    assert session.map.drawn(24).step == 10  # type: ignore[union-attr]


def test_a_snapshot_for_the_map_waits_where_steps_are_quick(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MAP_EVERY", 1)
    monkeypatch.setattr(sessions, "MAP_SECONDS", 1e6)
    session = open_session(LONG.changed(steps=12))
    session.choose_map("PCA")
    wait(session, session.map.drawn)
    session.train()
    wait(session, "finished")
    assert history(session).snapshots.steps == [0, 10, 12]


# Nobody looks


def test_training_pauses_when_nobody_looks_and_goes_on_where_it_was(
    open_session: Open, stripes_pair: DomainPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session()
    session.train()
    wait(session, lambda: len(history(session)) > 1)
    monkeypatch.setattr(workers, "UNSEEN_SECONDS", 0.2)
    deadline = time.monotonic() + PATIENCE
    while session.state == "training" and time.monotonic() < deadline:
        time.sleep(0.02)  # and does not look
    assert session.state == "paused"
    assert "nobody was looking" in session.notice
    assert session.problem == ""

    monkeypatch.setattr(workers, "UNSEEN_SECONDS", 1e6)
    train_until(session, len(history(session)) + 2)
    assert session.notice == ""
    done = losses(session)
    assert done == expected_losses(stripes_pair, LONG, len(done))


def test_a_look_that_is_heard_late_is_a_look(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session()
    monkeypatch.setattr(workers, "UNSEEN_SECONDS", 0.5)
    monkeypatch.setattr(workers, "UNHEARD_SECONDS", 5.0)
    time.sleep(0.6)
    session.single_step()  # as if this process had stood still, with a look waiting
    assert not history(session)
    session.looked_at()
    session.pause()  # which wakes the worker
    session.single_step()
    deadline = time.monotonic() + PATIENCE
    while not len(history(session)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(history(session)) == 1
    assert session.notice == ""


# What goes wrong


@pytest.fixture
def no_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with nothing in it."""
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def test_missing_data_is_said_with_its_remedy_and_the_old_run_is_there(
    open_session: Open, no_data: Path
) -> None:
    session = open_session(data_dir=str(no_data))
    assert not session.mnist_is_there
    single_step(session)
    run = session.run
    session.choose(session.settings.changed(pair="mnist"))
    wait(session, "failed")
    assert "dann data fetch mnist" in session.problem
    assert session.busy is None

    session.train()  # there is nothing to train
    session.reset()
    wait(session, lambda: not session._worker.waiting)
    wait(session, "failed")

    session.undo()
    assert session.run is run
    assert session.problem == ""
    single_step(session)
    assert session.state == "paused"


def test_after_missing_data_another_pair_can_be_chosen(open_session: Open, no_data: Path) -> None:
    session = open_session(data_dir=str(no_data))
    session.choose(session.settings.changed(pair="mnist"))
    wait(session, "failed")
    session.choose(SHORT)
    wait(session, "ready")
    assert session.problem == ""
    single_step(session)


def test_a_run_that_diverges_says_so_and_can_be_saved(open_session: Open) -> None:
    session = open_session()
    train_until(session, 2)
    done = losses(session)
    assert session.run
    session.run.control.by_hand = 1e38
    session.train()
    wait(session, "failed")
    assert f"at step {len(done) + 1} (lambda 1e+38" in session.problem
    assert "Try a smaller lambda" in session.problem
    assert losses(session) == done

    session.set_lambda(0.1)
    train_until(session, len(done) + 1)
    assert session.problem == ""
    assert history(session)[len(done)].lambda_ == 0.1
    assert history(session).lambda_marks[-1].step == len(done) + 1


def test_even_a_mistake_of_ours_leaves_a_page_that_works(open_session: Open) -> None:
    session = open_session()

    def broken(step: int, progress: float) -> float:
        raise ZeroDivisionError("of all things")

    assert session.run
    session.run.trainer.lambda_source = broken
    session.train()
    wait(session, "failed")
    assert session.problem == "ZeroDivisionError: of all things. Press Reset to start again."
    session.reset()
    wait(session, "ready")
    assert session.problem == ""
    single_step(session)


# Ends, and more than one


def test_close_ends_the_worker_in_the_middle_of_a_training(open_session: Open) -> None:
    session = open_session()
    session.train()
    wait(session, lambda: len(history(session)) > 0)
    session.close()
    assert not session._worker.is_alive
    done = len(history(session))
    session.train()  # too late, and harmless
    assert len(history(session)) == done


def test_two_sessions_in_one_process_do_not_disturb_each_other(
    open_session: Open, stripes_pair: DomainPair
) -> None:
    both = [open_session(LONG.changed(seed=seed)) for seed in (1, 2)]
    for session in both:
        session.train()
    for session in both:
        wait(session, lambda session=session: len(history(session)) >= 4)
    for session in both:
        assert losses(session)[:4] == expected_losses(stripes_pair, session.settings, 4)


# Downloads


class Slow:
    """A server on this machine that stops half-way through a file until it may go on."""

    CONTENT = random.Random(0).randbytes(2_000_000)
    FIRST = 500_000

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.asked: list[str | None] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers.get("Range")
                owner.asked.append(asked)
                begin = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
                content = owner.CONTENT
                self.send_response(206 if asked else 200)
                if asked:
                    end = len(content) - 1
                    self.send_header("Content-Range", f"bytes {begin}-{end}/{len(content)}")
                self.send_header("Content-Length", str(len(content) - begin))
                self.end_headers()
                try:
                    self.wfile.write(content[begin : owner.FIRST])
                    owner.go_on.wait(PATIENCE)
                    self.wfile.write(content[max(begin, owner.FIRST) :])
                except OSError:
                    pass  # the other end has heard enough

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/file"

    def close(self) -> None:
        self.go_on.set()
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def server() -> Iterator[Slow]:
    server = Slow()
    yield server
    server.close()


def offer(patch: pytest.MonkeyPatch, url: str, pair: DomainPair) -> None:
    """Let both data sets be one file at ``url``, and MNIST -> MNIST-M a pair we have already."""

    def install_mnist(files: list[Path], store: DataStore) -> list[Path]:
        folder = store.writable / mnist.FOLDER
        folder.mkdir(parents=True)
        for name in mnist.MD5:
            (folder / name).write_bytes(b"")
        return [folder]

    def install_photos(files: list[Path], store: DataStore) -> list[Path]:
        (store.writable / photos.FOLDER).mkdir(parents=True)
        return [store.writable / photos.FOLDER]

    md5 = hashlib.md5(Slow.CONTENT).hexdigest()
    for what, install in (("mnist", install_mnist), ("bsds500", install_photos)):
        downloads = (Download(f"{what}.bin", (Mirror(url, md5),)),)
        data_set = DataSet(what, downloads, lambda store: None, install)
        patch.setitem(fetching.DATA_SETS, what, data_set)
    patch.setitem(PAIRS, "mnist", lambda data_dir: pair)


def test_a_download_shows_how_far_it_is_and_then_the_new_pair(
    open_session: Open,
    no_data: Path,
    server: Slow,
    digits_pair: DomainPair,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer(monkeypatch, server.url, digits_pair)
    session = open_session(data_dir=str(no_data))
    session.fetch_mnist()
    fraction = Slow.FIRST / len(Slow.CONTENT)
    wait(
        session, lambda: session.busy and session.busy.fraction == pytest.approx(fraction, abs=0.05)
    )
    assert session.busy
    assert about_busy(session.busy).startswith("Downloading mnist.bin: ")
    assert about_busy(session.busy).endswith(" of 2 MB")
    server.go_on.set()
    wait(session, lambda: session.settings.pair == "mnist" and session.state == "ready")
    assert session.mnist_is_there
    assert session.busy is None
    assert session.problem == ""


def test_a_download_stops_when_told_and_goes_on_when_asked_again(
    open_session: Open,
    no_data: Path,
    server: Slow,
    digits_pair: DomainPair,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer(monkeypatch, server.url, digits_pair)
    session = open_session(data_dir=str(no_data))
    single_step(session)
    session.fetch_mnist()
    wait(session, lambda: session.busy and session.busy.fraction)
    session.cancel_fetch()
    server.go_on.set()
    wait(session, lambda: session.problem)
    assert session.problem == "Stopped. Ask again to go on from here."
    wait(session, lambda: session.busy is None)
    assert session.state == "paused"  # the run is none the worse for it
    assert not session.mnist_is_there
    single_step(session)

    session.fetch_mnist()
    wait(session, lambda: session.settings.pair == "mnist" and session.state == "ready")
    assert server.asked[0] is None
    assert server.asked[1] is not None  # only what was missing


def test_a_download_that_fails_says_why_and_the_run_goes_on(
    open_session: Open, no_data: Path, digits_pair: DomainPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, "http://127.0.0.1:9/file", digits_pair)  # where nothing listens
    session = open_session(data_dir=str(no_data))
    session.train()
    wait(session, lambda: len(history(session)) > 0)
    session.fetch_mnist()
    wait(session, lambda: session.problem)
    assert "Cannot fetch mnist.bin (127.0.0.1:9: cannot be reached)" in session.problem
    assert "ask again" in session.problem
    done = len(history(session))
    wait(session, lambda: len(history(session)) > done)
    assert session.settings == LONG


# Looks between the steps


def test_a_look_is_done_in_parts_between_the_steps_and_never_left_half_done(
    open_session: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts_at: list[int] = []
    observe = sessions.observe

    def noted(trainer: Trainer, *given: Any) -> Iterator[None]:
        return (parts_at.append(trainer.step) for _ in observe(trainer, *given))

    monkeypatch.setattr(sessions, "observe", noted)
    session = open_session(LONG)
    parts_at.clear()
    session.train()
    wait(session, lambda: history(session).evaluations[-1].step >= 25)
    at_once = [n for n in set(parts_at) if parts_at.count(n) > 1]
    assert at_once == []
    train_until(session, 50)
    wait(session, lambda: history(session).evaluations[-1].step == 50)
    while session.run.trainer.step != 99:  # type: ignore[union-attr]
        single_step(session)
    single_step(session)
    assert history(session).evaluations[-1].step == 100
    assert 100 in history(session).snapshots
