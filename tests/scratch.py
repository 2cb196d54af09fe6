"""An environment of its own in seconds: it sees this one's packages, but not this checkout."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]
STARTUP_SECONDS = 120
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


@dataclass(frozen=True)
class Scratch:
    """``folder``: the environment; ``home``: an empty folder in which its commands run."""

    folder: Path
    home: Path

    @property
    def scripts(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def variables(self) -> dict[str, str]:
        """Its scripts first, a home of its own, and where Jupyter's files of this one are."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "XDG_", "DANN_", "PYTHON"))
        }
        share = Path(sys.prefix, "share", "jupyter")
        return kept | {
            "PATH": os.pathsep.join(
                [str(self.scripts), str(Path(sys.executable).parent), kept["PATH"]]
            ),
            "HOME": str(self.home),
            "JUPYTER_PATH": str(share),
            "JUPYTERLAB_DIR": str(share / "lab"),
            "DANN_CACHE": str(self.home / "cache"),
            "PYTHONIOENCODING": "utf-8",
        }

    def _start(self, *command: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.scripts / command[0], *command[1:]],
            cwd=self.home,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def ends(self, *command: str | Path) -> tuple[int, str]:
        """A command's exit status, and what it says."""
        process = self._start(*command)
        said, _ = process.communicate()
        return process.returncode, said

    def run(self, *command: str | Path) -> str:
        """What a command that ends well says."""
        status, said = self.ends(*command)
        assert status == 0, said
        return said

    @contextmanager
    def serving(self, *command: str) -> Iterator[tuple[str, str]]:
        """A server as long as the block runs: the address that it says, and all it said before."""
        process = self._start(*command)
        said, address = "", None
        try:
            assert process.stdout
            for line in process.stdout:
                said += line
                if address := re.search(r"http://(127\.0\.0\.1|localhost)\S+", line):
                    break
            assert address, said
            _wait_until_it_listens(process, address[0])
            yield address[0], said
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _wait_until_it_listens(process: subprocess.Popen[str], address: str) -> None:
    """JupyterLab says its address before it can be reached there."""
    parts = urlsplit(address)
    assert parts.hostname
    deadline = time.monotonic() + STARTUP_SECONDS
    while True:
        try:
            socket.create_connection((parts.hostname, parts.port or 80), timeout=5).close()
            return
        except OSError:
            assert process.poll() is None, f"{address}: the server ended"
            assert time.monotonic() < deadline, f"{address} cannot be reached"
            time.sleep(0.2)


def entries(name: str, site: Path) -> set[Path]:
    """What a distribution has put into ``site``, top level only."""
    try:
        files = metadata.distribution(name).files or []
    except metadata.PackageNotFoundError:
        return set()
    tops = {site / file.parts[0] for file in files if file.parts[0] not in ("..", "__pycache__")}
    return {path for path in tops if path.suffix != ".pth"}


def scratch_environment(
    folder: Path, *, install: Path | None = None, seen: Iterable[str] | None = None
) -> Scratch:
    """Make one in ``folder``; ``install``: a wheel that goes into it, without its dependencies.

    ``seen``: the names of the distributions of this environment that the new one sees; None for
    all.
    """
    environment = Scratch(folder / "environment", folder / "home")
    environment.home.mkdir(parents=True)
    venv.create(environment.folder, with_pip=False, symlinks=os.name != "nt")
    python = environment.scripts / "python"
    if install is not None:
        target = ["--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
        command = [*PIP, *target, str(install)]
        subprocess.run(command, check=True, env=environment.variables)
    own = sysconfig.get_paths(vars={"base": str(environment.folder)})["purelib"]
    # A path in a .pth file has its modules found, but its own .pth files are not read: the link to
    # this checkout that an editable installation leaves there stays out.
    packages = Path(sysconfig.get_paths()["purelib"])
    if seen is not None:
        links = folder / "seen"
        links.mkdir()
        for path in {path for name in seen for path in entries(name, packages)}:
            (links / path.name).symlink_to(path)
        packages = links
    Path(own, "packages.pth").write_text(f"{packages}\n", encoding="utf-8")
    return environment
