"""The networks that runs offer to choose from: what each kept on its way, and its last."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dann_core.domains import UNKNOWN, DomainPair
from dann_core.errors import CheckpointError, DannError, DataError
from dann_core.evaluation import predict
from dann_core.files import AnyPath, shown
from dann_core.selection import Scores, choose, scores
from dann_core.trained import Trained, trained_from
from dann_lab.runs import on_the_way
from dann_lab.runs.folder import CHECKPOINT, Saved


def data_of(build: Mapping[str, Any]) -> Any:
    """What tells data apart: their checksum, or where a pair from elsewhere has none its id."""
    return build.get("sha256") or build.get("id")


@dataclass(frozen=True)
class Candidate:
    """A network of the run in the folder ``run``, as it was after ``step`` of ``steps`` steps;
    ``file``: the checkpoint that has it."""

    run: Path
    file: Path
    step: int
    steps: int

    @property
    def progress(self) -> float:
        """The share of the run's steps that were done, 0 to 1."""
        return self.step / self.steps

    def load(self, build: dict[str, Any]) -> Trained:
        """The network, on the CPU. Raises :class:`CheckpointError` if it cannot be read or has
        learnt from other data than ``build``."""
        kept = self.file.name != CHECKPOINT
        state = on_the_way.read(self.file) if kept else Saved.read(self.run).state
        if kept and (state["step"], state["recipe"]["steps"]) != (self.step, self.steps):
            raise CheckpointError(f"{shown(self.file)} is of another run or step. Delete it.")
        if data_of(state["build"]) != data_of(build):
            raise CheckpointError(
                f"{shown(self.file)} has learnt from data build {state['build'].get('id')!r:.200}, "
                f"and its run from {build.get('id')!r:.200}. Delete it."
            )
        return trained_from(state, shown(self.file))


def candidates(run: Saved) -> list[Candidate]:
    """Of one run, in order of their steps: what it kept, and its last if it has done a step.

    Raises :class:`DannError` for a run that has learnt from the target's labels.
    """
    if run.recipe.mode == "target":
        raise DannError(
            f'{shown(run.folder)} has learnt from the target\'s labels (mode "target"), which '
            "are taken to be unknown here. Leave it out."
        )
    steps, done = run.recipe.steps, len(run.state["history"]["steps"]["step"])
    kept = [(on_the_way.step_of(file), file) for file in on_the_way.kept_in(run.folder)]
    there = [(step, file) for step, file in kept if 0 < step < steps and step != done]
    if done:
        there.append((done, run.folder / CHECKPOINT))
    return [Candidate(run.folder, file, step, steps) for step, file in sorted(there)]


def read_runs(folders: Iterable[AnyPath]) -> tuple[Saved, list[Candidate]]:
    """The first run, and what all offer, run by run.

    Raises :class:`DannError` where there is nothing to choose from, for a run that is named twice,
    and for runs of different data, which no number can compare.
    """
    runs = [Saved.read(folder) for folder in folders]
    places = [run.folder.resolve() for run in runs]
    for run, place in zip(runs, places, strict=True):
        if places.count(place) > 1:
            raise DannError(f"{shown(run.folder)} is named twice. Name each run once.")
        _require_comparable(runs[0], run)
    found = [one for run in runs for one in candidates(run)]
    if len(found) < 2:
        raise DannError(
            f"There is nothing to choose from in {', '.join(shown(run.folder) for run in runs)}: "
            f"{len(found)} checkpoints. Name several runs, or train with --keep-every N."
        )
    return runs[0], found


def require_same_data(pair: DomainPair, run: Saved) -> None:
    """Raises :class:`DataError` unless ``pair`` is what ``run`` has learnt from."""
    if data_of(pair.build) != data_of(run.state["build"]):
        raise DataError(
            f"{shown(run.folder)} has learnt from data build {run.build_id!r:.200}, but "
            f"{pair.build.get('id')!r:.200} is there now. Bring back the data that it was trained "
            "on."
        )


def _require_comparable(one: Saved, other: Saved) -> None:
    if data_of(one.state["build"]) != data_of(other.state["build"]):
        raise DataError(
            f"{shown(one.folder)} has data build {one.build_id!r:.200} and {shown(other.folder)} "
            f"has {other.build_id!r:.200}: no number compares those. Choose among runs of the same "
            "data."
        )


@dataclass(frozen=True)
class Chosen:
    """Candidates of the same data with their :class:`Scores`, and ``accuracies``: on the target's
    test examples, NaN where no label is known."""

    candidates: Sequence[Candidate]
    scores: Sequence[Scores]
    accuracies: Sequence[float]

    def by(self, rule: str) -> int:
        """The place of the candidate that ``rule`` chooses. Raises :class:`DataError` where it gave
        no number."""
        return choose(self.scores, rule)

    @cached_property
    def best(self) -> float:
        """The best accuracy of any; NaN where no label is known."""
        return max(self.accuracies)

    def regret(self, place: int) -> float:
        """How far the accuracy of a candidate is below the best, 0 to 1. Only the target's labels
        tell."""
        return self.best - self.accuracies[place]


def score(
    candidate: Candidate, pair: DomainPair, rules: Iterable[str] | None = None
) -> tuple[Scores, float]:
    """The :class:`Scores` of a candidate by ``rules`` (None: all), and its accuracy on the target's
    test examples, which no score sees; NaN where no label is known."""
    trained = candidate.load(pair.build)
    found = scores(trained.model, pair, rules=rules, progress=candidate.progress)
    test = pair.target.test
    if not test.labelled:
        return found, math.nan
    known = test.labels != UNKNOWN
    right = predict(trained.model, pair, test.images).labels.to(known.device) == test.labels
    return found, float(right[known].double().mean())
