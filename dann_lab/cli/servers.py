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
MaxPages = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Pages that may be open at once, those kept waiting included. Without it, one for "
        "each GB of half the machine's memory.",
        show_default=False,
    ),
]
NoToken = Annotated[
    bool, typer.Option("--no-token", help="Let in everybody who reaches the port, without a token.")
]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        envvar="DANN_ALLOW_HOST",
        help="Name under which a proxy or a forwarded port shows the page; may be repeated.",
        show_default=False,
    ),
]
BaseUrl = Annotated[
    str, typer.Option(metavar="PATH", help="Path that all addresses begin with, behind a proxy.")
]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")]


def dashboard(
    port: Port = None,
    host: Host = "127.0.0.1",
    browser: Browser = True,
    data_dir: DataDir = None,
    preheat: Preheat = 0,
    max_pages: MaxPages = None,
    no_token: NoToken = False,
    allow_host: AllowHost = None,
    base_url: BaseUrl = "/",
) -> None:
    """Serve the live page on this machine."""
    require_lab("dashboard")
    from dann_lab.serve.servers import serve_dashboard

    serve_dashboard(
        host=host,
        port=port,
        open_browser=browser,
        data_dir=data_dir,
        preheat=preheat,
        max_pages=max_pages,
        token=not no_token,
        allow_hosts=allow_host or (),
        base_url=base_url,
    )


Folder = Annotated[
    Path | None,
    typer.Argument(
        help="Your folder of lessons. They are copied into it; what you changed there stays. "
        "Without it: ./dann-lessons, or in a checkout the notebooks themselves.",
        show_default=False,
    ),
]


Memory = Annotated[
    float | None,
    typer.Option(
        min=0,
        metavar="GB",
        help="Memory for the Python of all open lessons. Beyond it, the one left alone the longest "
        "ends and keeps what was trained, as after an hour alone. 0 ends none. Without it, 2.",
        show_default=False,
    ),
]


def lab(
    folder: Folder = None,
    port: Port = None,
    host: Host = "127.0.0.1",
    browser: Browser = True,
    data_dir: DataDir = None,
    allow_host: AllowHost = None,
    base_url: BaseUrl = "/",
    memory: Memory = None,
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
    serve_lab(
        notebooks,
        host=host,
        port=port,
        open_browser=browser,
        data_dir=data_dir,
        allow_hosts=allow_host or (),
        base_url=base_url,
        memory=memory,
    )
