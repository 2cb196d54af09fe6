"""``dann replay``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
from rich.progress import MofNCompleteColumn

from dann_core.errors import DannError
from dann_lab.caches import prepare
from dann_lab.cli.data import bar
from dann_lab.cli.options import DataDir
from dann_lab.cli.screen import describe
from dann_lab.cli.stopping import INTERRUPTED, stopping_interrupts
from dann_lab.cli.train import Device, Folder, load

if TYPE_CHECKING:
    from dann_core.branching import Rerun
    from dann_core.history import History


def replay(
    folder: Folder,
    device: Device = None,
    data_dir: DataDir = None,
) -> None:
    """Train a run again from its first step, as its journal tells, and say whether each step comes
    out as it was recorded; changes nothing in its folder.

    Lambda, parts and branches are where they were. On a CPU, with the machine, the threads and the
    PyTorch of the run, every number is the same bit for bit (exit status 0). Where one is not, the
    first is named, and the exit status is 1.
    """
    from dann_core.branching import Rerun
    from dann_core.files import shown
    from dann_lab.figures.sentences import about_mark
    from dann_lab.runs.folder import Saved

    prepare()
    run = load(Saved.read(folder), device, None, data_dir)
    trainer = run.trainer
    if not trainer.step:
        raise DannError(f"The run in {shown(folder)} has no steps yet: there is nothing to replay.")
    describe(run)
    for mark in trainer.history.marks:
        typer.echo(f"From step {mark.step:,}: {about_mark(mark)}")
    again = Rerun(
        trainer.pair,
        trainer.recipe,
        trainer.earlier,
        trainer.history,
        device=str(trainer.device),
    )
    with stopping_interrupts():
        try:
            apart = _first_apart(again, trainer.history)
        except KeyboardInterrupt:
            typer.echo("Stopped. Nothing was changed.")
            raise typer.Exit(INTERRUPTED) from None
    if apart:
        raise DannError(f"{apart} Another machine, PyTorch or number of threads does that.")
    typer.echo(f"All {trainer.step:,} steps are as recorded, bit for bit.")


def _first_apart(again: Rerun, recorded: History) -> str:
    """A sentence on the first number that is not as recorded, "" if there is none."""
    from dann_core.branching import difference

    with bar(MofNCompleteColumn()) as progress:
        for record in again:
            progress("Training again", record.step, len(recorded))
            there = recorded[record.step - 1]
            if name := difference(record, there):
                values = f"{getattr(record, name)!r}, where {getattr(there, name)!r} is recorded"
                return f"At step {record.step:,} {name.strip('_')} is {values}."
    return ""
