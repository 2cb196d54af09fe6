"""What the browser tests share: a new browser, and the two servers as a person starts them.

Each server is a process of its own with a home of its own, on a free port of 127.0.0.1.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright
from serving import FLAGS, Server, running

from dann_lab.serve.servers import NOTEBOOKS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="module")
def dashboard_server(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``dann dashboard``, the page as it is delivered."""
    dann = str(Path(sys.executable).with_name("dann"))
    home = tmp_path_factory.mktemp("home")
    with running([dann, "dashboard", "--no-browser", "--port", "0"], home) as server:
        yield server


@pytest.fixture(scope="module")
def dashboard_url(dashboard_server: Server) -> str:
    return dashboard_server.url


@pytest.fixture(scope="module")
def lab_server(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """What ``dann lab`` starts, in a copy of notebooks/, because JupyterLab saves what it runs."""
    home = tmp_path_factory.mktemp("home")
    copy = shutil.copytree(NOTEBOOKS, home / "notebooks")
    start = (
        "import sys; from pathlib import Path; from dann_lab.serve.servers import serve_lab; "
        "serve_lab(Path(sys.argv[1]), port=0, open_browser=False)"
    )
    with running([sys.executable, "-c", start, str(copy)], home) as server:
        yield server


@pytest.fixture(scope="module")
def lab_url(lab_server: Server) -> str:
    """JupyterLab's address, its token included: ``http://127.0.0.1:PORT/lab?token=…``."""
    return lab_server.url


@pytest.fixture
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """A browser with a new profile."""
    started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield started
    started.close()
