"""``dann dashboard`` and ``dann lab``."""

from __future__ import annotations

from typing import Annotated

import typer

from dann_lab.cli.options import DataDir

Port = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65535,
        help="Port to listen on; 0 takes any. Without it, the first free usual one.",
    ),
]
Host = Annotated[str, typer.Option(help="Address to listen on; 127.0.0.1 is this machine only.")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")]


def dashboard(
    port: Port = None,
    host: Host = "127.0.0.1",
    browser: Browser = True,
    data_dir: DataDir = None,
) -> None:
    """Serve the live page on this machine."""
    from dann_lab.servers import serve_dashboard

    serve_dashboard(host=host, port=port, open_browser=browser, data_dir=data_dir)


def lab(
    port: Port = None,
    host: Host = "127.0.0.1",
    browser: Browser = True,
    data_dir: DataDir = None,
) -> None:
    """Open JupyterLab in the notebooks' folder."""
    from dann_lab.servers import serve_lab

    serve_lab(host=host, port=port, open_browser=browser, data_dir=data_dir)
