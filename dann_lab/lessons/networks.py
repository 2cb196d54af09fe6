"""The networks that lessons look at: trained once, then kept for the next time."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dann_core.devices import choose_threads
from dann_core.domains import DomainPair
from dann_core.errors import CheckpointError, DannError
from dann_core.files import cache_dir
from dann_core.recipe import Recipe
from dann_core.training import Trainer

EVALUATE_EVERY = 50


def trained(pair: DomainPair, recipe: Recipe, what: str = "") -> Trainer:
    """A trainer that has done all steps of ``recipe`` on ``pair``, with evaluations on the way.

    Shows a progress bar named ``what`` while it trains. The result is kept in the cache directory:
    asked for again, it is there at once, and after an interruption training goes on where it was.
    A warning says where it cannot be kept.
    Raises :class:`dann_core.errors.TrainingDiverged` as the trainer does.
    """
    path = _kept(pair, recipe)
    try:
        trainer = Trainer.resume(path, pair)
    except CheckpointError:  # none yet, or a damaged one
        trainer = Trainer(pair, recipe)
    if trainer.step == recipe.steps:
        return trainer
    choose_threads()  # takes a second, which a network that is there need not wait
    try:
        finish(trainer, what or recipe.mode)
    finally:
        try:
            trainer.save(path)
        except DannError as error:  # it is trained all the same
            warnings.warn(f"The network is not kept for the next time. {error}", stacklevel=2)
    return trainer


def finish(trainer: Trainer, what: str) -> None:
    """Do the steps that are left, with a progress bar named ``what`` and evaluations on the way.

    Raises what the trainer does.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
    )
    steps = trainer.recipe.steps
    with Progress(*columns, TimeRemainingColumn()) as progress:
        task = progress.add_task(what, total=steps, completed=trainer.step)
        for record in trainer:
            progress.advance(task)
            if record.step % EVALUATE_EVERY == 0 and record.step < steps:
                trainer.evaluate()
        progress.refresh()  # in a notebook rich leaves the bar as it was last drawn
        trainer.evaluate()


def _kept(pair: DomainPair, recipe: Recipe) -> Path:
    what = json.dumps([pair.build, recipe.to_dict()], sort_keys=True)
    name = hashlib.sha256(what.encode()).hexdigest()[:16]
    return cache_dir() / "trained" / f"{name}.pt"
