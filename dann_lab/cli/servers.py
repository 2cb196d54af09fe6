"""``dann dashboard`` and ``dann lab``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dann_lab.cli.options import DataDir
from dann_lab.cli.sizes import require_lab

Port = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        help="Port to listen on; 0 takes any. Without it, the first free usual one.",
    ),
]
Host = Annotated[str, typer.Option(help="Address to listen on; 127.0.0.1 is this machine only.")]
Preheat = Annotated[
    int,
    typer.Option(
        min=0, help="Kernels kept waiting, so that pages open at once; each takes 0.6 GB."
    ),
]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")]


def dashboard(
    port: Port = None,
    host: Host = "127.0.0.1",
    browser: Browser = True,
    data_dir: DataDir = None,
    preheat: Preheat = 0,
) -> None:
    """Serve the live page on this machine."""
    require_lab("dashboard")
    from dann_lab.serve.servers import serve_dashboard

    serve_dashboard(host=host, port=port, open_browser=browser, data_dir=data_dir, preheat=preheat)


Folder = Annotated[
    Path | None,
    typer.Argument(
        help="Your folder of lessons. They are copied into it; what you changed there stays. "
        "Without it: ./dann-lessons, or in a checkout the notebooks themselves.",
        show_default=False,
    ),
]


def lab(
    folder: Folder = None,
    port: Port = None,
    host: Host = "127.0.0.1",
    browser: Browser = True,
    data_dir: DataDir = None,
) -> None:
    """Open JupyterLab with the lessons."""
    require_lab("lab")
    from dann_core.files import in_full
    from dann_lab.lessons.copies import copy_lessons
    from dann_lab.serve.servers import INSTALLED, NOTEBOOKS, SHIPPED, serve_lab

    notebooks = NOTEBOOKS
    if folder is not None or INSTALLED:
        folder = in_full(folder or "dann-lessons")
        for sentence in copy_lessons(SHIPPED, folder).sentences(folder):
            typer.echo(sentence)
        notebooks = folder / "notebooks"
    serve_lab(notebooks, host=host, port=port, open_browser=browser, data_dir=data_dir)
