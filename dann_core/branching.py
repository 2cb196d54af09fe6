"""What if: a run taken up again at one of its steps, by another recipe, or for more steps; and a
run trained again as its history tells.

    other = branch(trainer, mode="source")      # the same weights, and from here on no target
    longer = go_on(trainer, 400)                # a finished run's next 400 steps
    for record in Rerun(pair, trainer.recipe, trainer.earlier, trainer.history):
        ...
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy, deepcopy
from dataclasses import fields, replace
from typing import Any, get_args

from torch import Tensor

from dann_core.checkpoints import as_uncompiled
from dann_core.domains import Batches, DomainPair
from dann_core.errors import RecipeError
from dann_core.history import History, Mark, StepRecord
from dann_core.networks import Network
from dann_core.plain_numbers import Whole, checked_type, checked_whole
from dann_core.recipe import Leg, Recipe
from dann_core.schedules import trace
from dann_core.training import Part, Trainer

SMALL = 0.1
"""The learning rate of a run that goes on, at its peak, as a share of what it was."""
WARMUP = 0.1
"""In which share of these steps it rises to the peak."""
PARTS: tuple[Part, ...] = get_args(Part)


def branch(trainer: Trainer, *, network: Network | None = None, **changes: Any) -> Trainer:
    """Another run that has all that ``trainer`` has done, and goes on by its recipe with
    ``changes``. ``trainer`` is left as it is. ``network``: as in :meth:`Trainer.resume`.

    What fits is taken along: all weights, and what the optimiser remembers of them if it is of the
    same kind; the batches of a domain if their size and the seed are the same; the random numbers
    if the seed is. A domain classifier of another form begins anew. Lambda follows the new recipe.
    With no change the rest of the run is, on a CPU bit for bit, what it would have been.

    Raises :class:`RecipeError` for a recipe whose feature extractor or label predictor is another,
    or that ends before the step after this one.
    """
    checked_type(trainer, Trainer, "trainer")
    other = _branched(trainer, Recipe.from_dict(trainer.recipe.to_dict() | changes), network)
    told = ", ".join(f"{name.strip('_')}={value}" for name, value in changes.items())
    other.history.marks.append(Mark(trainer.step + 1, "branch", told))
    return other


def go_on(trainer: Trainer, steps: Whole, *, network: Network | None = None) -> Trainer:
    """A run that has ended, ready for ``steps`` more. Lambda stays what it was last, and the
    learning rate makes a new, small half cosine: up to a tenth of what the recipe has, and down to
    0. ``network``: as in :meth:`Trainer.resume`. Raises :class:`RecipeError` for other than a whole
    number of at least 1, and for a run that has not ended."""
    checked_type(trainer, Trainer, "trainer")
    more, recipe = checked_whole(steps, "steps", 1), trainer.recipe
    if left := recipe.steps - trainer.step:
        raise RecipeError(f"steps={more}: this run has {left:,} steps left. End it first.")
    small = recipe.learning_rate if recipe.begins else recipe.learning_rate * SMALL
    longer = replace(
        recipe,
        steps=trainer.step + more,
        begins=trainer.step,
        lambda_=trainer.history[-1].lambda_,
        learning_rate=small,
        learning_rate_schedule="warmup-cosine",
        warmup=WARMUP,
    )
    other = _branched(trainer, longer, network)
    other.history.marks.append(Mark(trainer.step + 1, "more", more))
    return other


class Rerun:
    """A run trained again from its first step: an iterator of its records.

    ``recipe`` and ``earlier``: of the run's trainer; ``recorded``: its history, which says what
    lambda was, which part moved, and how many steps there are. ``device`` and ``network``: as for
    :class:`Trainer`. On the same machine, with the same number of threads, each record is the
    recorded one, on a CPU bit for bit. ``start``: the run's trainer as it was after some step, to
    begin there; None begins before the first.

    ``trainer``: the one that does the next step; from the step of a branch on it is another.
    """

    def __init__(
        self,
        pair: DomainPair,
        recipe: Recipe,
        earlier: Sequence[Leg],
        recorded: History,
        *,
        device: str = "auto",
        network: Network | None = None,
        start: Trainer | None = None,
    ):
        self.recorded, self.network = recorded, network
        self._lambda = trace(recorded.column("lambda_").tolist()) if len(recorded) else None
        over = len(start.earlier) if start else 0
        self._recipes = [*(leg.recipe for leg in earlier), recipe][over:]
        self._ends = [leg.until for leg in earlier][over:]
        first = self._recipes.pop(0)
        self.trainer = start or Trainer(pair, first, device=device, network=network)
        self._take_up(self.trainer)

    def __iter__(self) -> Rerun:
        return self

    def __next__(self) -> StepRecord:
        """The next step's record. Raises as :class:`Trainer` does."""
        if self.trainer.step >= len(self.recorded):
            raise StopIteration
        while self._ends and self.trainer.step == self._ends[0]:
            self._ends.pop(0)
            self._take_up(_branched(self.trainer, self._recipes.pop(0), self.network))
        step = self.trainer.step + 1
        now = [mark for mark in self.recorded.marks if mark.step == step]
        for mark in now:
            if mark.kind == "part" and mark.value in PARTS:
                self.trainer.part = mark.value
        record = next(self.trainer)
        self.trainer.history.marks += now
        return record

    def _take_up(self, trainer: Trainer) -> None:
        trainer.part = self.trainer.part
        trainer.lambda_source = self._lambda or trainer.lambda_source
        self.trainer = trainer


def difference(made: StepRecord, recorded: StepRecord) -> str:
    """The name of the first number in which two records of a step differ, "" if none does."""
    for field in fields(StepRecord):
        here, there = getattr(made, field.name), getattr(recorded, field.name)
        if here != there and not (here != here and there != there):  # NaN is unlike itself
            return field.name
    return ""


def _branched(trainer: Trainer, recipe: Recipe, network: Network | None) -> Trainer:
    if recipe.steps <= trainer.step:
        raise RecipeError(
            f"steps={recipe.steps}: this run has done {trainer.step} steps already. Choose more."
        )
    other = Trainer(trainer.pair, recipe, device=str(trainer.device), network=network)
    same_seed = recipe.seed == trainer.recipe.seed
    _carry_weights(trainer, other, same_seed)
    if same_seed:
        there = _streams(trainer)
        for name, batches in _streams(other).items():
            if name in there and there[name].size == batches.size:
                batches.place = there[name].place
        if other._random is not None and trainer._random is not None:
            other._random = trainer._random.clone()
    other.part, other.history = trainer.part, copy(trainer.history)
    other.earlier = [*trainer.earlier, Leg(trainer.step, trainer.recipe)]
    return other


def _streams(trainer: Trainer) -> dict[str, Batches]:
    """A trainer's batches by their domain."""
    mode = trainer.recipe.mode
    names = ("source", "target") if mode == "dann" else (mode,)
    return dict(zip(names, trainer.batches, strict=True))


def _carry_weights(trainer: Trainer, other: Trainer, random_too: bool) -> None:
    """Weights, batch norm's statistics and what the optimiser remembers; with ``random_too`` the
    random numbers of the layers as well."""
    there, here = (as_uncompiled(t.model.state_dict()) for t in (trainer, other))
    fitting = {
        name: value
        for name, value in there.items()
        if name in here and (random_too or not name.endswith("_extra_state"))
        if not isinstance(value, Tensor) or value.shape == here[name].shape
    }
    for name in sorted(there.keys() | here.keys()):
        kept = name.startswith(("feature_extractor.", "label_predictor."))
        if kept and name not in fitting and not name.endswith("_extra_state"):
            raise RecipeError(
                f"network={other.recipe.network!r}: a branch keeps its weights, and {name} is not "
                "the same in both networks. Start a new run for another network."
            )
    whole = {name for name in here if name.startswith("domain_classifier.")}
    if not whole <= fitting.keys():
        fitting = {name: value for name, value in fitting.items() if name not in whole}
    other.model.load_state_dict(here | fitting)
    if type(other.optimiser) is type(trainer.optimiser):
        before = dict(trainer.model.named_parameters())
        for name, weight in other.model.named_parameters():
            if name in fitting and before[name] in trainer.optimiser.state:
                remembered = trainer.optimiser.state[before[name]]
                other.optimiser.state[weight] = deepcopy(remembered)
