"""Other runs from a moment of one: branches, and exact repetitions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import replace
from typing import Any, cast

from dann_core.branching import Rerun, branch, difference
from dann_core.errors import DannError
from dann_core.history import History, Mark
from dann_core.recipe import Recipe
from dann_core.training import Part, Trainer
from dann_lab.figures.judgement import part_of
from dann_lab.live import words
from dann_lab.live.moments import Moments
from dann_lab.live.protocol import TreeRun
from dann_lab.live.run import Fork, LambdaControl, Run
from dann_lab.live.settings import Settings

Tell = Callable[[int, int], None]
"""Hears how many of how many steps are trained again."""


def fork_of(run: Run, step: int, moments: Moments, tell: Tell) -> Fork:
    """Where a branch leaves ``run`` after ``step``. Raises :class:`DannError` at its end."""
    if run.fork and step == run.fork.step:
        return run.fork
    if step >= run.trainer.recipe.steps:
        raise DannError(words.ENDED_THERE)
    settings, before = run.settings, run.fork
    while before and step < before.step:  # of the time when it was another run
        settings, before = before.settings, before.run.fork
    trainer = taken_up(run, step, moments, tell)
    return Fork(run, step, trainer, replace(settings, steps=trainer.recipe.steps))


def branch_of(fork: Fork, number: int, settings: Settings) -> Run:
    """A run that goes on from ``fork`` by ``settings``. Raises :class:`DannError` for settings with
    another network."""
    trainer = branch(fork.trainer, **_changes(fork.settings.recipe(), settings.recipe()))
    trainer.lambda_source = control = LambdaControl()
    move(trainer, settings.part)
    if settings.lambda_ is not None:
        trainer.history.marks.append(Mark(fork.step + 1, "by_hand", settings.lambda_))
    seen = [(at, found) for at, found in fork.run.seen if at <= fork.step]
    return Run(number, settings, trainer, control, fork, seen=seen)


def move(trainer: Trainer, part: str) -> Trainer:
    """The same trainer, of which ``part`` learns from its next step on, as its journal tells."""
    if part != trainer.part:
        trainer.history.marks.append(Mark(trainer.step + 1, "part", part))
        trainer.part = cast(Part, part)
    return trainer


def repetition_of(run: Run, number: int, settings: Settings) -> Run:
    """A run that repeats ``run``, as far as it is."""
    past = run.trainer
    recorded = past.history.until(len(past.history))
    again = Rerun(past.pair, past.recipe, past.earlier, recorded, device=str(past.device))
    control = LambdaControl()
    return Run(number, settings, again.trainer, control, again=again, repeats=run.number)


def how_repeated(recorded: History, made: History, number: int) -> str:
    """Whether the run of this number came out again as it was."""
    for here, there in zip(made, recorded, strict=False):
        if what := difference(here, there):
            return words.replayed_otherwise(number, here.step, what.strip("_"))
    return words.replayed(number, len(made))


def tree_of(runs: Iterable[Run], shown: Run | None, unkept: Iterable[Run]) -> list[TreeRun]:
    """The runs, as a page draws its tree."""
    lost = {run.number for run in unkept}
    return [
        {
            "number": run.number,
            "key": f"run {run.number}",
            "title": run.title,
            "parent": run.fork.run.number if run.fork else None,
            "fork": run.fork.step if run.fork else 0,
            "steps": run.trainer.step,
            "shown": run is shown,
            "unkept": run.number in lost,
        }
        for run in runs
    ]


def with_parents(runs: Iterable[Run]) -> Iterator[Run]:
    """The runs, and those that they came from."""
    for run in runs:
        yield run
        if run.fork:
            yield from with_parents([run.fork.run])


def _changes(before: Recipe, now: Recipe) -> dict[str, Any]:
    """What a branch changes."""
    names = [field.name for field in dataclasses.fields(Recipe)]
    changes = {n: getattr(now, n) for n in names if getattr(now, n) != getattr(before, n)}
    if "network" in changes:
        raise DannError(words.OTHER_NETWORK)
    return changes


def taken_up(run: Run, step: int, moments: Moments, tell: Tell = lambda *_: None) -> Trainer:
    """A trainer as that of ``run`` was after ``step`` steps, for a branch of its own: all that is
    between it and the latest kept state is trained again, as the run's journal tells.

    ``tell``: hears how many of how many steps that is.
    """
    history = run.trainer.history
    if run.trainer.step == step:
        return _with_past(copy(run.trainer), run, step)
    again = Rerun(
        run.trainer.pair,
        run.trainer.recipe,
        run.trainer.earlier,
        history.until(len(history)),
        device=str(run.trainer.device),
        start=_start(run, step, moments),
    )
    first = again.trainer.step
    while again.trainer.step < step:
        tell(again.trainer.step - first, step - first)
        next(again)
    return _with_past(again.trainer, run, step)


def _start(run: Run, step: int, moments: Moments) -> Trainer | None:
    """The trainer at the nearest kept moment before: of the run, or of one that it came from."""
    owner: Run | None = run
    while owner is not None:
        if found := moments.at(owner.number, step):
            at, state = found
            recipe = Recipe.from_dict(state["recipe"])
            trainer = Trainer(run.trainer.pair, recipe, device=str(run.trainer.device))
            before = run.trainer.history.until(at)
            state["history"] = before.to_dict()
            trainer.load_state_dict(state, f"The state of step {at}")
            trainer.part = cast(Part, part_of(before))
            return trainer
        owner = owner.fork.run if owner.fork else None
    return None


def _with_past(trainer: Trainer, run: Run, step: int) -> Trainer:
    """The trainer with all that its run had seen by then."""
    history = run.trainer.history
    trainer.history.evaluations = [e for e in history.evaluations if e.step <= step]
    trainer.history.marks = [mark for mark in history.marks if mark.step <= step]
    trainer.history.snapshots = copy(history.snapshots)
    trainer.history.snapshots.drop_after(step)
    return trainer
