"""Run the learner's notebooks from clean kernels, and write what they take to measured.json.

    python -m tools.measure && make lessons
    python -m tools.measure --set-up    # instead: what it takes until the first of them can run

Networks that lessons look at are trained in a cache that starts empty and is shared by all, as on
a learner's machine. There is no MNIST: the embedded pair is used.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import tempfile
import threading
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import nbformat
import psutil
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

from dann_core.files import written_whole
from dann_lab.lessons.colab import EXTRA, PROJECT
from dann_lab.serve.servers import OwnKernel
from tools.notebooks import MEASURED, NOTEBOOKS, ROOT
from tools.record_constraints import PYTORCHS_OWN, needed

CELL_SECONDS = 900
"""The seconds that a cell may take, at most."""
SAMPLE_SECONDS = 0.2


@dataclass(frozen=True)
class Execution:
    """``notebook``: with its outputs; ``seconds``: of all cells, from the start of the kernel;
    ``peak_mb``: the most memory that the kernel and its children had."""

    notebook: NotebookNode
    seconds: float
    peak_mb: float

    @property
    def figures(self) -> dict[str, int]:
        """Rounded to what another run repeats."""
        return {"seconds": round(self.seconds), "peak_mb": round(self.peak_mb / 10) * 10}


def execute(
    path: Path, cache: Path, data: Path, kernels: KernelSpecManager | None = None
) -> Execution:
    """Run all cells in a clean kernel, in the notebook's own folder.

    ``kernels``: where the kernel "python3" is found; if left out, it is this Python's.

    ``cache``, ``data``: what ``DANN_CACHE`` and ``DANN_DATA`` name. A cell that raises becomes an
    error output, and the cells after it run all the same. Raises nbclient's CellTimeoutError after
    :data:`CELL_SECONDS` in one cell, and DeadKernelError.
    """
    manager = AsyncKernelManager(
        kernel_spec_manager=kernels or OwnKernel(), transport_encryption="auto"
    )
    client = NotebookClient(
        nbformat.read(path, as_version=4),
        km=manager,
        timeout=CELL_SECONDS,
        allow_errors=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    environment = os.environ | {"DANN_CACHE": str(cache), "DANN_DATA": str(data)}
    began = time.monotonic()
    with peak_memory(manager) as peak:
        notebook = client.execute(env=environment, cleanup_kc=True)
    return Execution(notebook, time.monotonic() - began, max(peak))


@contextmanager
def peak_memory(manager: AsyncKernelManager) -> Iterator[list[float]]:
    """A list whose largest number is, at the end, the most MB of the manager's kernel."""
    samples, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(SAMPLE_SECONDS):
            pid = getattr(manager.provisioner, "pid", None)
            if pid is not None:
                samples.append(memory(pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield samples
    finally:
        done.set()
        watcher.join()


def memory(pid: int) -> float:
    """MB of a process and its children; what has ended meanwhile counts as nothing.

    A page that they share counts once, where the system tells (PSS): at the moment of a fork a
    child seems as large as its parent.
    """
    total = 0.0
    try:
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            found = one.memory_full_info()
            total += getattr(found, "pss", found.rss) / 1e6
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        pass
    return total


def machine() -> str:
    """What the figures belong to, in a phrase."""
    cores = len(psutil.Process().cpu_affinity()) if platform.system() == "Linux" else os.cpu_count()
    return f"{platform.system()} with {cores} CPU cores, Python {platform.python_version()}"


ASK = """
import json, sys
sys.path.insert(0, "tools")
import install
packages = install.missing(["--editable", ".[lab]"])
gpus = [package for package in packages if package.name.lower().startswith(install.OF_GPUS)]
print(json.dumps([sum(package.size or 0 for package in some) for some in (packages, gpus)]))
"""


def set_up() -> dict[str, int]:
    """What an empty environment takes until the lessons run in it, with pip's settings as they are
    here: MB to download, and of these the ones for NVIDIA's GPUs alone; MB on the disk, as the
    packages lie in this environment; and the seconds of what a lesson's first cell installs on
    Colab and Kaggle, which have the rest.

    Raises CalledProcessError if pip fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        venv.create(place / "venv", with_pip=True)
        python = str(place / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python")
        asked = subprocess.run(
            [python, "-c", ASK], cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8"
        )
        whole, gpus = json.loads(asked.stdout)
        begun = time.monotonic()
        pip = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder + "/new"]
        subprocess.run([*pip, str(ROOT)], check=True)
        subprocess.run([*pip, "openTSNE"], check=True)
        first_cell = time.monotonic() - begun
    return {
        "download_mb": round(whole / 1e6),
        "of_gpus_mb": round(gpus / 1e6),
        "disk_mb": round(sum(map(disk, everything())) / 1e6),
        "first_cell_seconds": round(first_cell),
    }


def everything() -> list[str]:
    """The names of all installed packages that the lab comes to need, those for GPUs too."""
    names = [distribution.name for distribution in metadata.distributions()]
    of_gpus = [name for name in names if name.lower().startswith(PYTORCHS_OWN)]
    return [*needed(f"{PROJECT}[{EXTRA}]"), *of_gpus]


def disk(name: str) -> int:
    """Bytes of an installed distribution's files; 0 if it is not installed."""
    try:
        files = metadata.distribution(name).files or []
    except metadata.PackageNotFoundError:
        return 0
    found = (Path(str(file.locate())) for file in files)
    return sum(path.stat().st_size for path in found if path.is_file())


def written(**parts: object) -> None:
    """Put ``parts`` into measured.json, beside what it has of others."""
    there = json.loads((ROOT / MEASURED).read_text(encoding="utf-8"))
    with written_whole(ROOT / MEASURED) as temporary:
        text = json.dumps(there | parts, indent=2)
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--set-up", action="store_true", help="measure the installation instead")
    if parser.parse_args().set_up:
        written(set_up={"machine": machine(), **set_up()})
        return
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(NOTEBOOKS, Path(folder, "notebooks"))
        cache, data = Path(folder, "cache"), Path(folder, "data")
        data.mkdir()
        for path in sorted(copy.glob("*.ipynb")):
            figures[path.stem] = execute(path, cache, data).figures
            print(path.stem, figures[path.stem], flush=True)
    written(machine=machine(), lessons=figures)


if __name__ == "__main__":
    main()
