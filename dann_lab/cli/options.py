"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(help="Where MNIST and the BSDS500 photos are (else DANN_DATA, else the cache)."),
]
