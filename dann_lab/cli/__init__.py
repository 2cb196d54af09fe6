"""The command line: ``dann``."""

from __future__ import annotations

import io
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from dann_core.errors import DannError
from dann_lab.cli import output
from dann_lab.cli.data import app as data
from dann_lab.cli.export import export
from dann_lab.cli.predict import predict
from dann_lab.cli.progress import progress
from dann_lab.cli.replay import replay
from dann_lab.cli.select import select
from dann_lab.cli.servers import dashboard, lab
from dann_lab.cli.sweep import sweep
from dann_lab.cli.table import table
from dann_lab.cli.train import evaluate, train

app = typer.Typer(
    name="dann",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(data, name="data")
of_runs = (train, evaluate, replay, select, predict, export, sweep, table)
for command in (*of_runs, dashboard, lab, progress):
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dann {version('dann-explorable')}")
        raise typer.Exit


@app.callback()
def dann(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Domain-adversarial training of neural networks, live and explorable."""


def main() -> None:
    """The ``dann`` script. Whatever a user can mend ends as one line and exit status 1."""
    output.open_closed_streams()
    # Where `dann train --network module:function` finds a module: last, so that none of the
    # libraries' is replaced.
    sys.path.append("")  # asked each time, so that a folder that is gone ends nothing
    if isinstance(sys.stdout, io.TextIOWrapper):
        # As stderr does it: in a code page that lacks a letter, a folder's name is no traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app()
    except DannError as error:
        output.complain(f"dann: error: {error}")
        sys.exit(1)
    except OSError as error:
        output.drop_output()
        what = error.filename or "the standard output"
        output.complain(f"dann: error: {what}: {error.strerror or error}.")
        sys.exit(output.status_of(error))
    except SystemExit as ended:
        # Typer makes a 1 of a pipe that nobody reads any more.
        if isinstance(ended.__context__, BrokenPipeError):
            output.drop_output()
            sys.exit(output.BROKEN_PIPE)
        raise
