"""``dann progress``."""

from __future__ import annotations

import typer


def progress() -> None:
    """Say what is done in the lessons on this machine, and what comes next."""
    from dann_lab import progress as kept
    from dann_lab.evening import your_evening

    typer.echo(repr(your_evening()))
    if kept.file().exists():
        typer.echo(f"Kept in {kept.file()}; delete it to begin anew.")
