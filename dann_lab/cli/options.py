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
    try:
        sides = [int(side) for side in text.lower().split("x")]
    except ValueError:
        sides = []
    if len(sides) not in (1, 2):
        raise DannError(f"--size {text}: it must be a number of pixels, such as 64, or 48x64.")
    return [sides[0], sides[-1]]
