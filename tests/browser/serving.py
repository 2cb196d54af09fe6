"""Servers and a browser as processes, for the tests that drive a real page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import psutil
import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTUP_SECONDS = 180


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Return once ``condition()`` is true; fail with ``what`` if it is not within ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.2)


@dataclass(frozen=True)
class Server:
    """A running server: its address (with the token, where it has one) and its process."""

    url: str
    process: psutil.Process

    @property
    def token(self) -> str:
        return parse_qs(urlsplit(self.url).query)["token"][0]

    def at(self, path: str) -> str:
        """The address of a path below the server's own, without the token."""
        return self.url.split("?")[0] + path

    def kernels(self) -> set[int]:
        """The process ids of its live kernels."""
        found = set()
        for child in self.process.children(recursive=True):
            try:
                if "ipykernel" in " ".join(child.cmdline()):
                    found.add(child.pid)
            except psutil.Error:  # it ended while we looked
                continue
        return found

    def listens_on(self) -> set[str]:
        """The addresses at which other machines or programs can reach the server's own process."""
        connections = self.process.net_connections(kind="inet")
        return {c.laddr.ip for c in connections if c.status == psutil.CONN_LISTEN}


@contextmanager
def running(command: list[str], home: Path) -> Iterator[Server]:
    """Start a server, wait for the address it prints, and stop it afterwards as Ctrl-C would."""
    isolated = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "XDG_"))}
    log = home / "server.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            # The pages of one test are not to slow the next: maps are made ready when asked for.
            env={"DANN_PREPARE_MAPS": "0"}
            | isolated
            | {"HOME": str(home), "JUPYTER_PREFER_ENV_PATH": "0"},
        )

    def address() -> str | None:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        found = re.search(r"http://\S+", log.read_text(encoding="utf-8"))
        return found and found[0]

    try:
        wait_until(address, STARTUP_SECONDS, f"{' '.join(command)} prints its address")
        url = address()
        assert url
        server = Server(url, psutil.Process(process.pid))
        wait_until(server.listens_on, STARTUP_SECONDS, f"{url} can be reached")
        yield server
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server, which lets its kernels end first. JupyterLab now and then does not hear the
    first time, and a person asks again."""
    for _ in range(2):
        process.terminate()
        try:
            process.wait(STARTUP_SECONDS / 2)
            return
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    pytest.fail(f"the server does not end: {process.args}")


@contextmanager
def dashboard_of_digits(home: Path, *options: str) -> Iterator[Server]:
    """``dann dashboard`` on a machine without MNIST: it starts with the embedded digits."""
    dann = str(Path(sys.executable).with_name("dann"))
    empty = home / "no-data"
    empty.mkdir()
    command = [dann, "dashboard", "--no-browser", "--port", "0", "--data-dir", str(empty), *options]
    with running(command, home) as started:
        yield started


PAGE = (
    "import sys; from dann_lab.serve.servers import serve_dashboard; "
    "serve_dashboard(sys.argv[1], port=0, open_browser=False, **eval(sys.argv[2]))"
)


@contextmanager
def page_of(home: Path, *cells: str, **options: object) -> Iterator[Server]:
    """A page that shows these cells and nothing else, served by Voila as the dashboard is.

    ``options``: of ``serve_dashboard``.
    """
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, home / "page.ipynb")
    command = [sys.executable, "-c", PAGE, str(home / "page.ipynb"), repr(options)]
    with running(command, home) as server:
        yield server
