"""``dann table``: the results of many runs, with mean and spread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from dann_core.errors import DannError
from dann_lab.cli.options import require_free
from dann_lab.cli.screen import console

if TYPE_CHECKING:
    from dann_lab.sweeps.table import Table

ENDINGS = {".csv": "csv", ".md": "markdown", ".tex": "latex", ".html": "html", ".htm": "html"}
FORMATS = ("text", "csv", "markdown", "latex", "html")
VALUES = ("target", "source", "domain")


def table(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders of sweeps, or of runs as `dann train` made them.")
    ],
    by: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD,FIELD",
            help="The columns: runs that are alike in them make a row.",
            show_default="what differs, but for the seed",
        ),
    ] = None,
    value: Annotated[
        str, typer.Option(metavar="|".join(VALUES), help="Which accuracy.")
    ] = "target",
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help="How it is written.",
            show_default="by the ending of --out, else text",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write.", show_default="the screen")
    ] = None,
) -> None:
    """Put the results of runs into a table: mean, standard deviation, 95 % interval, every seed.

    A page (--out table.html) has pictures, too, in which each point opens its run.
    """
    chosen = _format(format_, out)
    _check(value, chosen, folders, out)
    from dann_lab.sweeps import table as tables

    found = tables.find(folders)
    columns = None if by is None else _columns(by)
    made = tables.table(found, cast(Any, value), columns)
    if out is None and chosen == "text":
        _show(made)
        return
    text = _writers(out)[chosen](made)
    if out is None:
        typer.echo(text, nl=False)
        return
    from dann_core.files import written_whole

    with written_whole(out) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    typer.echo(f"{out}: {len(made.rows):,} rows of {sum(row.n for row in made.rows):,} runs")


def _columns(by: str) -> list[str]:
    names = [name for name in by.split(",") if name.strip()]
    if not names:
        raise DannError("--by is empty: it must be names such as lambda,mode, or left out.")
    return names


def _format(asked: str | None, out: Path | None) -> str:
    if asked is not None:
        return asked
    return ENDINGS.get(out.suffix.lower(), "text") if out is not None else "text"


def _check(value: str, chosen: str, folders: list[Path], out: Path | None) -> None:
    for option, given, known in (("value", value, VALUES), ("format", chosen, FORMATS)):
        if given not in known:
            raise DannError(f"--{option} {given!r:.60}: it must be one of {', '.join(known)}.")
    if chosen == "html" and out is None:
        raise DannError("A page needs a file. Add --out table.html.")
    if out is not None:
        require_free(out, folders, "the table")


def _writers(out: Path | None) -> dict[str, Callable[[Table], str]]:
    from dann_lab.sweeps import formats

    def as_page(made: Table) -> str:
        from dann_lab.sweeps.report import page

        assert out is not None
        return page(made, out.absolute().parent)

    return {
        "text": formats.as_markdown,
        "csv": formats.as_csv,
        "markdown": formats.as_markdown,
        "latex": formats.as_latex,
        "html": as_page,
    }


def _show(made: Table) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table as Shown

    from dann_lab.sweeps.formats import NUMBERS, about, numbers

    shown = Shown(box=SIMPLE_HEAD)
    for name in made.columns:
        shown.add_column(escape(name), overflow="fold")
    for name in NUMBERS:
        shown.add_column(name, justify="left" if name == "seeds" else "right", overflow="fold")
    for row in made.rows:
        shown.add_row(*(escape(cell) for cell in (*row.values, *numbers(row))))
    screen = console()
    screen.print(shown)
    screen.print(about(made), markup=False)
