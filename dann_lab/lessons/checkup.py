"""Is this machine ready for the lessons? A table with a remedy for each thing that is not."""

from __future__ import annotations

import html
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from IPython.display import display

from dann_core.datasets import mnist, photos
from dann_core.datasets.store import DataStore
from dann_core.devices import choose_device, describe_device
from dann_core.errors import DataError
from dann_core.files import cache_dir
from dann_lab.lessons import colab
from dann_lab.widgets.base import Widget

OLDEST_PYTHON = (3, 11)
NEEDED_MEMORY = 1.6
"""The GB that a lesson may take, at most (tests/lessons/test_execution.py)."""
NEEDED_DISK = 1.0
"""The GB for the downloads, MNIST-M as it is built, and trained networks."""

Level = Literal["good", "note", "bad"]
SIGNS: dict[Level, str] = {"good": "✓", "note": "·", "bad": "✗"}


@dataclass(frozen=True)
class Row:
    """``state``: "bad" needs the ``remedy``; "note" is worth knowing and stops nothing."""

    what: str
    state: Level
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class Checkup:
    """What was found. Shows itself as a table in a notebook and as lines elsewhere."""

    rows: tuple[Row, ...]

    @property
    def verdict(self) -> str:
        bad = [row.what for row in self.rows if row.state == "bad"]
        return f"To mend: {', '.join(bad)}." if bad else "All is well: go on with the first lesson."

    def __repr__(self) -> str:
        lines = [
            f"{SIGNS[row.state]} {row.what}: {row.found}"
            + (f"\n    {row.remedy}" if row.remedy else "")
            for row in self.rows
        ]
        return "\n".join([*lines, self.verdict])

    def _repr_html_(self) -> str:
        rows = "".join(
            "<tr>"
            + "".join(
                f"<td style='text-align:left'>{html.escape(text)}</td>"
                for text in (SIGNS[row.state], row.what, row.found, row.remedy)
            )
            + "</tr>"
            for row in self.rows
        )
        head = "".join(
            f"<th style='text-align:left'>{name}</th>"
            for name in ("", "What", "Found", "What to do")
        )
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"<p><b>{html.escape(self.verdict)}</b></p>"
        )

    def _ipython_display_(self) -> None:
        display({"text/plain": repr(self), "text/html": self._repr_html_()}, raw=True)
        display(WidgetsWork())


class WidgetsWork(Widget):
    """A line that only a page with working widgets shows."""

    _esm = """
    export default {
      render({ el }) { el.textContent = "✓ Widgets work: this line is one."; },
    };
    """

    def words(self) -> list[str]:
        return ["A line that only a page with working widgets shows."]


def checkup() -> Checkup:
    """Look at Python, packages, memory, device, disk and data. Changes nothing and never raises."""
    return Checkup(tuple(_checked(what, check) for what, check in CHECKS.items()))


def _checked(what: str, check: Callable[[str], Row]) -> Row:
    try:
        return check(what)
    except Exception as error:  # a check that fails must not hide what the others found
        text = f"could not be looked at ({type(error).__name__}: {error})"
        return Row(what, "bad", text, "Install the project again: make clean, then make lab.")


def _python(what: str) -> Row:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= OLDEST_PYTHON:
        return Row(what, "good", found)
    needed = ".".join(map(str, OLDEST_PYTHON))
    return Row(what, "bad", found, f"Install Python {needed} or newer and make a new environment.")


def _packages(what: str) -> Row:
    try:
        wrong = colab.missing()
    except metadata.PackageNotFoundError:
        return Row(
            what,
            "bad",
            f"{colab.PROJECT} is not installed in this Python",
            f'In the repository\'s folder: pip install --editable ".[{colab.EXTRA}]"',
        )
    if wrong:
        found = [f"{r.name} {colab.version(r.name) or 'is missing'}" for r in wrong]
        remedies = " ".join(f"'{r.name}{r.specifier}'" for r in wrong)
        return Row(what, "bad", ", ".join(found), f"pip install --upgrade {remedies}")
    return Row(what, "good", f"all that are needed, PyTorch {colab.version('torch')}")


def _memory(what: str) -> Row:
    available = available_memory()
    if available is None:
        return Row(what, "note", "this system does not say", f"{NEEDED_MEMORY} GB are enough.")
    found = f"{available:.1f} GB available"
    if available >= NEEDED_MEMORY:
        return Row(what, "good", found)
    return Row(
        what,
        "bad",
        found,
        f"A lesson takes up to {NEEDED_MEMORY} GB. Shut down the kernels of other notebooks, or "
        "close other programs.",
    )


def available_memory() -> float | None:
    """GB that a new program may take, or None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    kilobytes = [int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")]
    if not kilobytes:
        return None
    available = kilobytes[0] * 1024
    with suppress(OSError, ValueError):  # where there is a container's limit, such as Binder's
        available = min(
            available, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="utf-8"))
        )
    return available / 1e9


def _device(what: str) -> Row:
    return Row(what, "good", describe_device(choose_device("auto")))


def _disk(what: str) -> Row:
    folder = cache_dir()
    there = next(path for path in (folder, *folder.parents) if os.path.exists(path))
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return Row(
            what,
            "bad",
            f"{folder} cannot be written to ({error.strerror})",
            "Set the environment variable DANN_CACHE to a folder of yours, then restart Jupyter.",
        )
    free = shutil.disk_usage(there).free / 1e9
    found = f"{folder}, {free:.1f} GB free"
    if free >= NEEDED_DISK:
        return Row(what, "good", found)
    return Row(
        what,
        "bad",
        found,
        f"Free {NEEDED_DISK:.0f} GB, or set the environment variable DANN_CACHE to a folder "
        "on another disk.",
    )


def _data(what: str) -> Row:
    try:
        store = DataStore.open()
    except DataError as error:
        asked = os.environ.get("DANN_DATA", "")
        return Row(what, "bad", f"DANN_DATA names {asked}, which is not there", str(error))
    places = {"MNIST": store.find(mnist.FOLDER, *mnist.MD5), "photos": store.find(photos.FOLDER)}
    missing = [name for name, place in places.items() if place is None]
    if not missing:
        return Row(what, "good", f"in {store.root}")
    return Row(
        what,
        "note",
        f"no {' and no '.join(missing)} here; every lesson works without",
        "If you want them: dann data fetch",
    )


CHECKS: dict[str, Callable[[str], Row]] = {
    "Python": _python,
    "Packages": _packages,
    "Memory": _memory,
    "Device": _device,
    "Cache folder": _disk,
    "MNIST and photos": _data,
}
