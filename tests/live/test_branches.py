"""Going somewhere else from a moment of a run: branches, more steps, repetition, the journal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from dann_core.branching import difference
from dann_core.domains import DomainPair
from dann_core.errors import DannError
from dann_core.training import Trainer
from dann_lab.live import session as sessions
from dann_lab.live import words
from dann_lab.live.branches import taken_up
from dann_lab.live.compare import track_of
from dann_lab.live.moments import Moments
from dann_lab.live.run import LambdaControl, Run
from dann_lab.live.session import Session
from dann_lab.live.settings import Settings
from dann_lab.runs import kept
from dann_lab.runs.folder import Saved

SHORT = Settings(steps=30)
PATIENCE = 150

Open = Callable[..., Session]


@pytest.fixture
def open_session(quick_sessions: None) -> Iterator[Open]:
    opened = []

    def make(settings: Settings = SHORT) -> Session:
        session = Session(settings, device="cpu")
        opened.append(session)
        wait(session, lambda: session.state == "ready")
        return session

    yield make
    for session in opened:
        session.close()


def wait(session: Session, condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        session.looked_at()
        assert session.state != "failed", session.problem
        assert time.monotonic() < deadline, (session.state, session.notice, session.problem)
        time.sleep(0.01)


def now(session: Session) -> Run:
    assert session.run
    return session.run


def train(session: Session, to: int | None = None) -> Run:
    """To the end, or exactly to a step."""
    if to is None:
        session.train()
        wait(session, lambda: session.state == "finished")
        return now(session)
    while now(session).trainer.step < to:
        one_step(session)
    return now(session)


def one_step(session: Session) -> None:
    done = now(session).trainer.step
    session.single_step()
    wait(session, lambda: now(session).trainer.step > done and session.state != "training")


def same(run: Run, other: Run, steps: int) -> bool:
    """Whether the first steps of both have the same numbers, bit for bit."""
    one, two = (list(r.trainer.history)[:steps] for r in (run, other))
    return len(one) == len(two) == steps and not any(map(difference, one, two))


def branched(session: Session, step: int | None = None) -> Run:
    before = now(session)
    session.branch(step)
    wait(session, lambda: session.run is not None and session.run is not before)
    return now(session)


def chosen(session: Session, **changes: Any) -> Run:
    before = now(session)
    session.choose(session.settings.changed(**changes))
    wait(session, lambda: session.run is not None and session.run is not before)
    return now(session)


def kinds(run: Run) -> list[tuple[int, str]]:
    return [(mark.step, mark.kind) for mark in run.trainer.history.marks]


@pytest.mark.parametrize("step", [0, 7, 10, 23, None])
def test_a_branch_in_which_nothing_is_changed_repeats_the_rest_of_its_parent(
    open_session: Open, step: int | None
) -> None:
    session = open_session()
    train(session, 4)
    session.set_lambda(0.7)
    train(session, 12)
    session.set_lambda(None)
    parent = train(session, 25 if step is None else None)
    child = branched(session, step)
    at = 25 if step is None else step
    assert child.trainer.step == at
    assert child.fork
    assert (child.fork.run, child.fork.step) == (parent, at)
    train(session)
    if step is None:
        session.show(parent)
        train(session)
    assert same(child, parent, 30)
    for name, weight in parent.trainer.model.state_dict().items():
        assert torch.equal(child.trainer.model.state_dict()[name], weight)
    evaluations = {e.step: e for e in parent.trainer.history.evaluations}
    assert all(evaluations[e.step] == e for e in child.trainer.history.evaluations)
    assert child.trainer.history.snapshots.steps[0] == 0


def test_what_is_changed_in_a_branch_at_its_beginning_is_changed_from_there(
    open_session: Open,
) -> None:
    session = open_session()
    parent = train(session, 12)
    branched(session, 8)
    child = chosen(session, mode="source")
    assert child.trainer.recipe.mode == "source"
    assert child.trainer.step == 8
    assert session.runs == [parent]  # the branch has done nothing of its own yet
    child = chosen(session, mode="dann", method="coral")
    assert child.trainer.recipe.method == "coral"
    assert len(child.trainer.earlier) == 1
    train(session, 10)
    rows = list(child.trainer.history)
    assert rows[:8] == list(parent.trainer.history)[:8]
    assert rows[8].lambda_ == 30  # what suits CORAL, by hand
    assert (9, "branch") in kinds(child)
    assert (9, "by_hand") in kinds(child)
    assert session.runs == [child, parent]
    assert "run 1 up to step 8" in child.title
    other = chosen(session, mode="target")  # it has steps of its own: that is a new run
    assert other.fork is None
    session.undo()
    assert now(session) is child


def still(run: Run, other: Run, name: str) -> bool:
    """Whether a part of the network has the same weights in both."""
    one, two = (getattr(r.trainer.model, name).parameters() for r in (run, other))
    return all(torch.equal(*pair) for pair in zip(one, two, strict=True))


@pytest.mark.parametrize("part", ["domain", "features"])
def test_what_learns_can_be_another_in_a_branch(open_session: Open, part: str) -> None:
    session = open_session(Settings(steps=60))
    parent = train(session, 8)
    branched(session, 8)
    child = chosen(session, part=part)
    assert (9, "part") in kinds(child)
    train(session, 12)
    assert still(child, parent, "feature_extractor") == (part == "domain")
    assert still(child, parent, "label_predictor") == (part == "domain")
    assert still(child, parent, "domain_classifier") == (part == "features")
    assert words.PARTS[part] in child.title
    assert words.PARTS[part] not in parent.title
    assert f"part={part}" in session.settings.to_string()
    train(session)
    inner = branched(session, 55)  # from the state that was kept after step 50
    assert inner.settings.part == part
    train(session)
    assert same(inner, child, 60)
    session.show(child)
    early = branched(session, 4)  # of the time when everything learnt
    assert early.settings.part == early.trainer.part == "both"
    session.rerun(child)
    wait(session, lambda: session.run is not None and session.run is not early)
    train(session)
    assert session.notice == f"All 60 steps are as in run {child.number}, bit for bit."


def test_a_run_of_its_own_can_have_one_part_learn_and_be_reset(open_session: Open) -> None:
    session = open_session(Settings(steps=60, part="domain"))
    assert kinds(now(session)) == [(1, "settings"), (1, "part")]
    first = train(session, 3)
    assert first.trainer.part == "domain"
    session.reset()
    wait(session, lambda: session.run is not None and session.run is not first)
    assert same(train(session, 3), first, 3)
    assert (1, "part") in kinds(now(session))


def test_a_branch_of_a_branch_and_one_from_before_its_fork(open_session: Open) -> None:
    session = open_session()
    train(session, 12)
    branched(session, 8)
    child = chosen(session, mode="source")
    train(session, 14)
    grandchild = branched(session, 11)
    assert grandchild.trainer.recipe.mode == "source"
    assert grandchild.trainer.step == 11
    assert same(grandchild, child, 11)
    session.show(child)
    early = branched(session, 5)
    assert early.trainer.recipe.mode == "dann"
    assert early.settings.mode == "dann"
    assert early.trainer.step == 5
    assert same(early, child, 5)
    session.show(child)
    sibling = branched(session, 8)
    assert sibling.fork is child.fork


def test_what_cannot_be_branched_says_so_and_changes_nothing(open_session: Open) -> None:
    session = open_session(Settings(steps=6))
    with pytest.raises(DannError, match="nothing to branch from yet"):
        session.branch()
    run = train(session)
    with pytest.raises(DannError, match="nothing to branch from yet"):
        session.branch(7)
    session.branch()
    wait(session, lambda: session.problem)
    assert session.problem == sessions.words.ENDED_THERE
    wait(session, lambda: session.run is run)
    branched(session, 3)
    child = now(session)
    session.choose(session.settings.changed(preset="deep", steps=6))
    wait(session, lambda: session.problem)
    assert session.problem == sessions.words.OTHER_NETWORK
    wait(session, lambda: session.run is child)


def test_a_kept_branch_of_a_branch_knows_where_it_left_its_own_parent(
    open_session: Open, tmp_path: Path
) -> None:
    session = open_session()
    parent = train(session, 12)
    child = branched(session, 5)
    train(session, 9)
    grandchild = branched(session, 7)
    train(session, 9)
    forks = []
    for run in (parent, child, grandchild):
        folder = tmp_path / str(run.number)
        session.keep_now(run, folder)
        saved = Saved.read(folder)
        fork = kept.track(saved).fork
        assert fork == track_of(run).fork
        forks.append((fork, [leg["until"] for leg in saved.state["earlier"]]))
    assert forks == [(0, []), (5, [5]), (7, [5, 7])]


def test_a_finished_run_goes_on_with_its_lambda_and_a_small_learning_rate(
    open_session: Open,
) -> None:
    session = open_session(Settings(steps=12))
    with pytest.raises(DannError, match="not ended yet"):
        session.go_on(5)
    run = train(session)
    last = run.trainer.history[-1].lambda_
    session.go_on(20)
    wait(session, lambda: session.state == "finished" and run.trainer.step == 32)
    rows = list(run.trainer.history)[12:]
    assert {row.lambda_ for row in rows} == {last}
    assert max(row.learning_rate for row in rows) == pytest.approx(0.1 * 0.004)
    assert session.settings.steps == 32
    assert (13, "more") in kinds(run)
    child = branched(session, 19)  # in the part that came later
    train(session)
    assert same(child, run, 32)
    session.show(run)
    short = branched(session, 7)  # of the time when it was to end at 12
    assert (session.settings.steps, short.settings.steps) == (12, 12)
    train(session)
    assert same(short, run, 12)
    with pytest.raises(DannError, match="steps"):
        session.go_on(0)


def test_a_run_is_repeated_exactly_branches_and_all(open_session: Open) -> None:
    session = open_session(Settings(steps=16))
    train(session, 4)
    session.set_lambda(1.3)
    train(session, 10)
    branched(session, 6)
    child = chosen(session, method="cdan")
    train(session)
    session.rerun(child)
    wait(session, lambda: session.run is not None and session.run is not child)
    again = now(session)
    assert f"repeats run {child.number}" in again.title
    train(session)
    assert list(again.trainer.history) == list(child.trainer.history)
    assert session.notice == f"All 16 steps are as in run {child.number}, bit for bit."
    assert again.trainer.recipe == child.trainer.recipe
    assert again.trainer.history.lambda_marks == child.trainer.history.lambda_marks


def test_who_sets_lambda_while_a_run_is_repeated_leaves_it(open_session: Open) -> None:
    session = open_session(Settings(steps=16))
    run = train(session)
    session.rerun(run)
    wait(session, lambda: session.run is not None and session.run is not run)
    again = train(session, 5)
    session.set_lambda(1.9)
    train(session, 8)
    rows, recorded = list(again.trainer.history), list(run.trainer.history)
    assert rows[:5] == recorded[:5]
    assert [row.lambda_ for row in rows[5:]] == [1.9] * 3


def test_the_journal_has_each_act_at_its_step(open_session: Open) -> None:
    session = open_session(Settings(steps=10))
    train(session, 2)
    session.set_lambda(0.5)
    session.train()
    run = now(session)
    wait(session, lambda: session.state == "finished")
    assert kinds(run) == [
        (1, "settings"),
        (1, "step"),
        (2, "step"),
        (3, "by_hand"),
        (3, "train"),
    ]
    assert run.trainer.history.marks[0].value == Settings(steps=10).to_string()
    session.reset()
    wait(session, lambda: session.run is not None and session.run is not run)
    assert kinds(now(session)) == [(1, "settings"), (1, "reset")]


def test_a_pause_is_in_the_journal(open_session: Open) -> None:
    session = open_session(Settings(steps=5000))
    session.train()
    wait(session, lambda: now(session).trainer.step > 3)
    session.pause()
    wait(session, lambda: session.state == "paused")
    run = now(session)
    assert [kind for _, kind in kinds(run)] == ["settings", "train", "pause"]
    assert kinds(run)[-1][0] == run.trainer.step + 1


def trained_run(pair: DomainPair, steps: int, moments: Moments, every: int) -> Run:
    settings = Settings(steps=steps)
    trainer = Trainer(pair, settings.recipe(), device="cpu")
    run = Run(1, settings, trainer, LambdaControl())
    moments.keep(1, trainer)
    for record in trainer:
        if record.step % every == 0:
            moments.keep(1, trainer)
    return run


def test_states_are_kept_at_bounded_cost_and_any_step_can_be_reached(
    stripes_pair: DomainPair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    torch.set_num_threads(1)
    one = Moments()
    trained_run(stripes_pair, 1, one, 1)
    size = one.nbytes // 2
    moments = Moments(memory=int(2.5 * size), disk=int(5.5 * size))
    run = trained_run(stripes_pair, 16, moments, 1)
    assert moments.bytes_in_memory <= 2.5 * size
    assert moments.nbytes <= 5.5 * size
    kept = moments.steps(1)
    assert kept[0] == 0
    assert kept[-1] == 16
    assert len(list(tmp_path.rglob("*.pt"))) == 3
    for step in (0, 5, 9, 15):
        trainer = taken_up(run, step, moments)
        assert list(trainer.history) == list(run.trainer.history)[:step]
        assert [r.label_loss for r in trainer] == [
            r.label_loss for r in list(run.trainer.history)[step:]
        ]
    moments.only([2])
    assert moments.steps(1) == []
    assert not list(tmp_path.rglob("*.pt"))
    again = taken_up(run, 3, moments)  # with nothing kept it begins at the beginning
    assert list(again.history) == list(run.trainer.history)[:3]
    moments.close()
    assert not list(tmp_path.iterdir())
