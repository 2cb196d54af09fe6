"""What ``dann train`` and ``dann evaluate`` show."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from dann_core.domains import DomainPair
    from dann_core.history import Evaluation, StepRecord
    from dann_core.recipe import Recipe
    from dann_lab.runs.folder import RunFolder

TUTORIAL = {"source": 0.9807, "target": 0.7198, "domain": 0.669}
"""The tutorial's accuracies: MNIST -> MNIST-M, its recipe, 8,600 steps."""

WORDS = {"train": "training", "validation": "validation", "test": "test"}
"""What people call the splits."""


@contextmanager
def display(run: RunFolder) -> Iterator[Callable[[StepRecord], None]]:
    """Something to call with each record: it keeps a bar up to date, or writes a line now and then
    where nobody watches a terminal."""
    trainer = run.trainer
    if sys.stdout.isatty():
        with Bar(run) as bar:
            yield bar.show
        return
    first, began = trainer.step, time.monotonic()

    def show(record: StepRecord) -> None:
        if record.step % trainer.recipe.log_every == 0:
            rate = (record.step - first) / (time.monotonic() - began)
            left = (trainer.recipe.steps - record.step) / rate
            typer.echo(f"{_log_line(record)} | {rate:.1f} steps/s, {clock(left)} left")
        if evaluation := _evaluation_at(run, record.step):
            typer.echo(_evaluation_line(evaluation, run))

    yield show


class Bar(Progress):
    """Steps done, time left and speed; below them the latest figures."""

    def __init__(self, run: RunFolder):
        self.run, self.figures = run, Text()
        super().__init__(
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("steps,"),
            TimeRemainingColumn(compact=True),
            TextColumn("left,"),
            Speed(""),
            console=console(),
        )
        steps = run.trainer.recipe.steps
        self.task = self.add_task("", total=steps, completed=run.trainer.step)

    def get_renderables(self) -> Iterable[RenderableType]:
        yield from super().get_renderables()
        yield self.figures

    def show(self, record: StepRecord) -> None:
        if evaluation := _evaluation_at(self.run, record.step):
            self.console.print(_evaluation_line(evaluation, self.run))
        self.figures = Text(
            f"label loss {record.label_loss:.3f}"
            + (
                ""
                if math.isnan(record.domain_loss)
                else f", domain loss {record.domain_loss:.3f}, lambda {record.lambda_:.3f}"
            ),
            style="dim",
        )
        self.update(self.task, completed=record.step)


class Speed(TextColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f} steps/s" if task.speed else "- steps/s")


def _log_line(record: StepRecord) -> str:
    """The tutorial's log: loss, batch accuracies, p, lambda, learning rate."""
    values = {
        "loss": f"{record.total_loss:.4f}",
        "domain acc": "-"
        if math.isnan(record.domain_accuracy)
        else f"{record.domain_accuracy:.3f}",
        "label acc": f"{record.label_accuracy:.3f}",
        "p": f"{record.progress:.4f}",
        "lambda": f"{record.lambda_:.4f}",
        "lr": f"{record.learning_rate:.6f}",
    }
    return f"step {record.step}: " + ", ".join(f"{name} {value}" for name, value in values.items())


def _evaluation_at(run: RunFolder, step: int) -> Evaluation | None:
    done = run.trainer.history.evaluations
    return done[-1] if done and done[-1].step == step else None


def _evaluation_line(evaluation: Evaluation, run: RunFolder) -> str:
    return (
        f"step {evaluation.step}: source acc {accuracy(evaluation.source_accuracy)}, "
        f"target acc {accuracy(evaluation.target_accuracy)} on {_looked_at(evaluation, run)}"
    )


def _looked_at(evaluation: Evaluation, run: RunFolder, split: str = "test") -> str:
    source, target = evaluation.looked_at
    what = f"{WORDS[split]} {'rows' if run.trainer.pair.inputs.kind == 'table' else 'images'}"
    if source == target:
        return f"{target:,} {what} each"
    return f"{source:,} and {target:,} {what}"


def accuracy(value: float, digits: int = 4) -> str:
    """For people; a dash where no label is known."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def clock(seconds: float) -> str:
    """Minutes and seconds, such as 3:07."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def describe(run: RunFolder) -> None:
    from dann_core.devices import describe_device

    recipe, trainer = run.trainer.recipe, run.trainer
    lambda_ = "the paper's schedule" if recipe.lambda_ is None else f"{recipe.lambda_:g}"
    typer.echo(f"Run:    {run.folder}")
    typer.echo(
        f"Recipe: mode {recipe.mode}, {_method(recipe)}preset {recipe.preset}, "
        f"network {recipe.network}, {recipe.steps:,} steps, seed {recipe.seed}, lambda {lambda_}"
    )
    typer.echo(f"Data:   {_named(trainer.pair)}, build {trainer.pair.build['id']}")
    typer.echo(f"Device: {describe_device(trainer.device)}")
    if trainer.step:
        typer.echo(f"State:  {trainer.step:,} of {recipe.steps:,} steps done")


def _method(recipe: Recipe) -> str:
    """The method, where there is one and it is not what the mode is called after."""
    return "" if recipe.mode != "dann" or recipe.method == "dann" else f"method {recipe.method}, "


def _named(pair: DomainPair) -> str:
    """The pair's name, or of data of one's own what they are."""
    if pair.build.get("pair") != "own":
        return pair.name
    return f"{pair.source.name} to {pair.target.name}, {pair.classes} classes, {pair.inputs.text}"


def summary(run: RunFolder, evaluation: Evaluation, split: str = "test") -> Table:
    """Source, target and domain accuracy beside what guessing gives, and, where the run repeats the
    tutorial's, beside the tutorial's."""
    from dann_core.recipe import preset

    trainer, recipe = run.trainer, run.trainer.recipe
    repeats = trainer.pair.name == "mnist" and recipe == preset("seed", seed=recipe.seed)
    table = Table(
        title=f"After {evaluation.step:,} steps, on {_looked_at(evaluation, run, split)}",
        box=SIMPLE_HEAD,
        title_justify="left",
    )
    for column in ("", "accuracy", "chance", *(["tutorial"] if repeats else [])):
        table.add_column(column, justify="right" if column else "left")
    names = {
        "source": trainer.pair.source.name,
        "target": trainer.pair.target.name,
        "domain": "source or target?",
    }
    accuracies = {
        "source": (evaluation.source_accuracy, 1 / trainer.pair.classes),
        "target": (evaluation.target_accuracy, 1 / trainer.pair.classes),
        "domain": (evaluation.domain_accuracy, 0.5),
    }
    for name, (value, chance) in accuracies.items():
        known = [f"{TUTORIAL[name]:.4f}"] if repeats else []
        unknown = "none trained" if name == "domain" else "no labels"
        found = unknown if math.isnan(value) else accuracy(value)
        table.add_row(escape(f"{name} ({names[name]})"), found, f"{chance:.2f}", *known)
    return table


def classes(pair: DomainPair, answers: list[tuple[Any, Any]]) -> Table:
    """How often each class is right in either domain, and what it is most often mistaken for."""
    table = Table(title="Class by class", box=SIMPLE_HEAD, title_justify="left")
    table.add_column("class")
    for name in ("source", "target"):
        table.add_column(f"{name} right", justify="right")
        table.add_column("most often mistaken for")
    for label, class_name in enumerate(pair.class_names):
        cells: list[str] = []
        for truth, answer in answers:
            if not (truth == label).any():
                cells += ["–", "–"]
                continue
            given = answer[truth == label].bincount(minlength=pair.classes).tolist()
            total, right = max(1, sum(given)), given[label]
            given[label] = 0
            worst = max(given)
            wrong = escape(pair.class_names[given.index(worst)])
            mistaken = f"{wrong} ({worst / total:.1%})" if worst else "-"
            cells += [f"{right / total:.1%}", mistaken]
        table.add_row(escape(class_name), *cells)
    return table


def console() -> Console:
    return Console(highlight=False)
