"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dann_core.errors import DannError

DataDir = Annotated[
    Path | None,
    typer.Option(help="Where MNIST and the BSDS500 photos are (else DANN_DATA, else the cache)."),
]
Label = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The column or array of labels in a file.",
        show_default="label, class or y",
    ),
]
Size = Annotated[
    str | None,
    typer.Option(
        metavar="N|HxW",
        help="The side in pixels to which pictures are resized.",
        show_default="the source's median, 28 to 64",
    ),
]


def read_size(text: str | None) -> list[int] | None:
    """Height and width. Raises :class:`DannError` for what is no size."""
    if text is None:
        return None
    from dann_lab.runs.folder import read_sides

    try:
        return read_sides(text)
    except ValueError:
        raise DannError(
            f"--size {text}: it must be a number of pixels, such as 64, or 48x64."
        ) from None


def require_free(path: Path, read: list[Path], what: str) -> None:
    """Raises :class:`DannError` unless ``path`` can be written: it has a folder, is nothing that is
    ``read``, and no run's own file. ``what`` will be in it."""
    from dann_core.files import file_to_write, kind_of, same_file, shown
    from dann_lab.runs.folder import is_a_runs_own

    if kind_of(path.absolute().parent) != "folder":
        raise DannError(f"There is no folder {shown(path.parent)} for {what}. Make it first.")
    file_to_write(path)
    if any(same_file(path, one) for one in read):
        raise DannError(f"{shown(path)} is what is read. Choose another name.")
    if is_a_runs_own(path, read):
        raise DannError(f"{shown(path)} is a run's own file. Choose another name.")
