"""What every test shares: a cache of its own, the real data where there is some, and browsers."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from dann_core.datasets import load_pair, mnist, photos
from dann_core.datasets.store import DataStore
from dann_core.domains import DomainPair

PATIENCE_SECONDS = 60
"""The time that a page has to show what a test expects."""
TOGETHER = ("tests/lessons/test_execution.py", "tests/lessons/test_on_colab.py", "tests/website/")
"""The first of these runs the lessons; the others use the networks that they trained, and what they
showed."""


def pytest_configure() -> None:
    # Whoever starts the tests in the background has them ignore these, which some are about.
    usual = {"SIGINT": signal.default_int_handler, "SIGHUP": signal.SIG_DFL}
    for name, handler in usual.items():
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where several processes run the tests, one runs all of a file, since they share servers."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "lessons" if nodeid.startswith(TOGETHER) else nodeid.split("::")[0]

    return ByFile(config, log)


def missing_data() -> str | None:
    """Why the real data is not there, with the remedy, or None."""
    store = DataStore.open()
    for folder, names, what in (
        (mnist.FOLDER, tuple(mnist.MD5), "mnist"),
        (photos.FOLDER, (), "bsds500"),
    ):
        if store.find(folder, *names) is None:
            return f"{folder} is not in {store.root}. Get it with: dann data fetch {what}"
    return None


def require_real_data() -> None:
    """Skip the test if the real data is not there, or with DANN_REQUIRE_DATA=1 fail it."""
    why = missing_data()
    if why and os.environ.get("DANN_REQUIRE_DATA") == "1":
        pytest.fail(why)
    if why:
        pytest.skip(why)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The session's cache folder, so that tests leave the user's alone and build MNIST-M once.

    What the user has fetched into theirs is still read, through DANN_DATA.
    """
    root = DataStore.open().root
    found = missing_data() is None
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DANN_CACHE", str(cache))
        patch.setenv("PYTHONIOENCODING", "utf-8")  # what the tests start is read as that
        # It is for our own modules, in this process; what the tests start would tell of others'.
        patch.delenv("PYTHONWARNDEFAULTENCODING", raising=False)
        if found:
            patch.setenv("DANN_DATA", str(root))
        yield cache


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("real_data"):
        require_real_data()
    if item.get_closest_marker("gpu") and not torch.cuda.is_available():
        pytest.skip("needs a CUDA device")


@pytest.fixture(scope="session")
def real_data() -> DataStore:
    """The store with MNIST and the photos; without them the test skips, as with the marker."""
    require_real_data()
    return DataStore.open()


@pytest.fixture(scope="session")
def mnist_pair(real_data: DataStore) -> DomainPair:
    """MNIST -> MNIST-M, the default build."""
    return load_pair("mnist")


@pytest.fixture(scope="session")
def digits_pair() -> DomainPair:
    """The embedded pair over photos, the default build."""
    return load_pair("digits")


@pytest.fixture(scope="session")
def stripes_pair() -> DomainPair:
    """The embedded pair behind stripes, the default build."""
    return load_pair("stripes")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("Chromium is not installed; make test installs it, or says what to do")


@pytest.fixture(scope="module")
def chrome(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """One browser for all tests of a file."""
    from serving import FLAGS  # in tests/browser: see pythonpath in pyproject.toml

    started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield started
    started.close()


@pytest.fixture(scope="module")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    """The system's Firefox, driven by the protocol that it shares with other browsers."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    if path is None:
        pytest.skip("Firefox is not installed; make test installs it, or says what to do")
    started = playwright.firefox.launch(channel="moz-firefox", executable_path=path)
    yield started
    started.close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # Playwright's own five seconds are over soon on a machine that trains beside its browser; what
    # is there at once does not wait.
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as started:
        yield started
