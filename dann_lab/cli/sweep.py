"""``dann sweep``: many runs that differ in a few values."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, track
from rich.progress import Progress as Bars

from dann_core.errors import DannError
from dann_lab.cli.options import DataDir
from dann_lab.cli.output import say_anyhow
from dann_lab.cli.screen import accuracy, clock, console
from dann_lab.cli.stopping import INTERRUPTED, stop_wishes

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from distributed import Client

    from dann_lab.sweeps.plan import Planned
    from dann_lab.sweeps.progress import Line, Progress
    from dann_lab.sweeps.sweep import Options

MOST_NAMED = 20
"""The number of runs that are named where all would be too many to read."""


def sweep(
    file: Annotated[
        Path | None,
        typer.Argument(help="A TOML file with the grid, instead of --grid. See docs/sweeps.md."),
    ] = None,
    pair: Annotated[
        str | None,
        typer.Option(help="The pair of all runs, as for `dann train`.", show_default="stripes"),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            help="The preset of all runs.",
            show_default="as for `dann train`: quick, seed for mnist",
        ),
    ] = None,
    grid: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=VALUE,VALUE",
            help="A field of the recipe or the data and its values, such as lambda=0,0.1,paper or "
            "steps=200; may be repeated. All combinations are run.",
            show_default=False,
        ),
    ] = None,
    seeds: Annotated[
        int | None, typer.Option(help="Run each with so many seeds, from 0 on.", show_default="1")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the runs' folders.", show_default="runs/sweep-<pair or file>"
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1024,
            help="Processes on this machine, of one thread each.",
            show_default="one a core",
        ),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS|FILE",
            help="Run on the Dask cluster of this scheduler instead, such as tcp://10.0.0.1:8786.",
            show_default=False,
        ),
    ] = None,
    device: Annotated[str, typer.Option(help="Of each worker: cpu, cuda, mps or auto.")] = "cpu",
    data_dir: DataDir = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="List the runs and estimate the time, and make nothing."),
    ] = False,
    map_: Annotated[
        bool,
        typer.Option("--map/--no-map", help="Draw a map of each run's features, as `dann train`."),
    ] = False,
    keep_every: Annotated[
        int | None,
        typer.Option(metavar="N", help="Keep a checkpoint of each run after each N steps."),
    ] = None,
    page: Annotated[
        bool | None,
        typer.Option(
            "--page/--no-page",
            help="Show the progress on a page of this machine, too.",
            show_default="in a terminal",
        ),
    ] = None,
) -> None:
    """Train many runs that differ in a few values, on this machine's cores or a Dask cluster.

    Each run is an ordinary run's folder in --out. The same command again goes on: finished runs are
    skipped, the others go on where they were. Ctrl-C saves the runs under way (exit status 130).
    """
    from dann_lab.sweeps.cluster import connected, cores, local, require_dask
    from dann_lab.sweeps.sweep import Options, survey

    if scheduler is not None and workers is not None:
        raise DannError("--workers are of this machine. Leave it out with --scheduler.")
    planned = _planned(file, pair, preset, grid or [], seeds, data_dir)
    if keep_every is not None:
        _require_every(keep_every, planned)
    folder = out or Path("runs") / f"sweep-{file.stem if file else planned[0].data.pair}"
    progress = survey(planned, folder)
    processes = workers or cores()
    if dry_run:
        _list(progress, folder, device, None if scheduler else processes)
        return
    require_dask()
    if map_:
        from dann_lab.cli.sizes import require_lab

        require_lab("train")
    if not progress.counts()["waiting"]:
        typer.echo("Every run has ended already.")
        _conclude(progress, folder)
        return
    _require_data(planned)
    where = connected(scheduler) if scheduler else local(processes)
    shown = sys.stdout.isatty() if page is None else page
    _run(progress, folder, where, Options(device, map_, keep_every), shown)
    _conclude(progress, folder)


def _planned(
    file: Path | None,
    pair: str | None,
    preset: str | None,
    grid: list[str],
    seeds: int | None,
    data_dir: Path | None,
) -> list[Planned]:
    from dann_lab.sweeps.plan import from_toml, plan, typed

    if file is None:
        one = typed(grid, pair=pair, preset=preset)
        if seeds is not None:
            one.add_seeds(seeds, "--seeds")
        return plan([one], data_dir)
    given = {"--pair": pair, "--preset": preset, "--grid": grid or None, "--seeds": seeds}
    for option, value in given.items():
        if value is not None:
            raise DannError(f"The file {file} says which runs there are. Leave out {option}.")
    return plan(from_toml(file), data_dir)


def _require_every(keep_every: int, planned: list[Planned]) -> None:
    from dann_lab.runs.on_the_way import checked_every

    for steps in {one.recipe.steps for one in planned}:
        checked_every(keep_every, steps)


def _require_data(planned: list[Planned]) -> None:
    """Load what the runs need once here, for what is missing should be said before anything starts,
    and what is built on first use should be built once. Of data that differ in their seed alone
    the first stand for all."""
    from dataclasses import replace

    from dann_core.training import require_examples

    seen = set()
    with console().status("Loading the data"):
        for one in planned:
            name = repr(replace(one.data, seed=0))
            if name not in seen:
                seen.add(name)
                require_examples(one.data.load(), one.recipe)


def _list(progress: Progress, folder: Path, device: str, processes: int | None) -> None:
    from dann_lab.sweeps.estimate import seconds_of

    lines = list(progress.lines.values())
    words = {"waiting": "to do", "done": "done", "diverged": "diverged"}
    for line in lines:
        state = f"to go on with at step {line.step:,}" if line.begun else words[line.now]
        typer.echo(f"{line.planned.name}: {line.steps:,} steps, {state}")
    todo = [line for line in lines if line.now == "waiting"]
    typer.echo(f"{len(lines):,} runs in {folder}, {len(todo):,} to do.")
    if not todo:
        return

    def measuring(kinds: object) -> object:
        return track(kinds, "Measuring a few steps", console=console(), transient=True)  # type: ignore[arg-type]

    seconds = seconds_of(todo, device, measuring)  # type: ignore[arg-type]
    alone = f"about {_long(seconds)} for one process of this machine"
    shared = "" if processes is None else f", {_long(seconds / processes)} for {processes}"
    typer.echo(f"Estimate from a few steps of each kind of run: {alone}{shared}.")


def _long(seconds: float) -> str:
    """A time for people, to what an estimate is worth."""
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{max(1, seconds):.0f} s"


def _run(
    progress: Progress,
    folder: Path,
    where: AbstractContextManager[Client],
    options: Options,
    page: bool,
) -> None:
    from dann_lab.sweeps.page import serving
    from dann_lab.sweeps.sweep import sweep as run_sweep

    with stop_wishes() as wishes, ExitStack() as opened:
        with console().status("Starting the workers"):
            client = opened.enter_context(where)
        if page:
            address = opened.enter_context(serving(progress, str(folder)))
            typer.echo(f"Progress, as long as this runs: {address}")
        show = opened.enter_context(_display(progress))
        run_sweep(progress, folder, client, options, show, wishes)
    if wishes:
        left = len(progress.lines) - sum(progress.counts()[n] for n in ("done", "diverged"))
        again = shlex.join(["dann", *sys.argv[1:]])
        say_anyhow(f"Stopped and saved, {left:,} runs are left. Go on with: {again}")
        raise typer.Exit(INTERRUPTED)


@contextmanager
def _display(progress: Progress) -> Iterator[Callable[[Progress], None]]:
    """Something to call several times a second: it keeps a bar up to date, or writes a line for
    each run that has ended where nobody watches a terminal."""
    if sys.stdout.isatty():
        with _Bar(progress) as bar:
            yield bar.show
        return
    told = 0

    def show(progress: Progress) -> None:
        nonlocal told
        for name in progress.last[told:]:
            told += 1
            left = progress.seconds_left()
            rest = "" if left is None or not progress.steps_left else f" | {clock(left)} left"
            typer.echo(f"{_so_far(progress)} {told_of(progress.lines[name])}{rest}")

    yield show


class _Bar(Bars):
    """Runs done and the time left; below them the runs that are at work."""

    def __init__(self, progress: Progress):
        super().__init__(
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("runs, {task.fields[left]}"),
            TextColumn("{task.fields[now]}", style="dim"),
            console=console(),
        )
        self.task = self.add_task("", total=len(progress.lines), left="", now="")
        self.told = 0

    def show(self, progress: Progress) -> None:
        for name in progress.last[self.told :]:
            self.told += 1
            self.console.print(told_of(progress.lines[name]), markup=False)
        left = progress.seconds_left()
        at_work = [f"{line.planned.name} {line.step}/{line.steps}" for line in progress.running()]
        self.update(
            self.task,
            completed=sum(progress.counts()[n] for n in ("done", "diverged", "failed")),
            left="starting" if left is None else f"{clock(left)} left",
            now=", ".join(at_work[:4])
            + (f" and {len(at_work) - 4} more" if len(at_work) > 4 else ""),
        )


def _so_far(progress: Progress) -> str:
    counts = progress.counts()
    return f"[{sum(counts[n] for n in ('done', 'diverged', 'failed'))}/{len(progress.lines)}]"


def told_of(line: Line) -> str:
    """What has become of a run, in a line."""
    name, outcome = line.planned.name, line.outcome
    assert outcome is not None
    if outcome.state == "done" and outcome.accuracies is not None:
        known = {k: v for k, v in outcome.accuracies.items() if v is not None and k != "domain"}
        return f"{name}: " + ", ".join(f"{k} acc {accuracy(v)}" for k, v in known.items())
    if outcome.state == "stopped":
        return f"{name}: stopped and saved after step {outcome.step:,}"
    return f"{name}: {outcome.state}. {outcome.why}"


def _conclude(progress: Progress, folder: Path) -> None:
    """Say what has become of the sweep; exit status 1 if a run has failed."""
    counts = progress.counts()
    typer.echo(f"{counts['done']:,} of {len(progress.lines):,} runs are done, in {folder}")
    for state in ("diverged", "failed"):
        lines = [line for line in progress.lines.values() if line.now == state]
        if not lines:
            continue
        typer.echo(f"{len(lines):,} {state}:")
        for line in lines[:MOST_NAMED]:
            typer.echo(f"  {told_of(line)}")
        if len(lines) > MOST_NAMED:
            typer.echo(f"  and {len(lines) - MOST_NAMED:,} more")
    typer.echo(f"Compare them with: {shlex.join(['dann', 'table', str(folder)])}")
    if counts["failed"]:
        raise typer.Exit(1)
