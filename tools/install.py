"""Say what pip is about to download, how many packages and how large, then install it.

    python tools/install.py --editable '.[lab]'    # what `make` runs in a new environment

pip is asked as everywhere: with its own settings, from its files and the PIP_... variables. Only
Python's own library: nothing else is there yet.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, url2pathname, urlopen

PIP = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
SECONDS = 5
"""The seconds that a package index may take to say how large one file is."""
NAMED = 3
"""The number of packages that are named: the largest."""
OF_GPUS = ("nvidia-", "cuda-", "triton")
"""How the names begin of what PyTorch's CUDA build brings along on Linux."""
HINT = """\
This is PyTorch's CUDA build, and no NVIDIA GPU was found. Ctrl-C stops here; README.md, "Without an
NVIDIA GPU", has the command for the CPU build, which is much smaller."""


class PipFailed(Exception):
    """What pip says."""


@dataclass(frozen=True)
class Package:
    """``size``: in bytes; None where nobody could tell."""

    name: str
    version: str
    size: int | None

    def __str__(self) -> str:
        return f"{self.name} {self.version}" + (f" ({in_words(self.size)})" if self.size else "")


def missing(requirements: list[str]) -> list[Package]:
    """What ``pip install`` with these arguments would download. Raises :class:`PipFailed`."""
    asked = subprocess.run(
        [*PIP, "--dry-run", "--report", "-", *requirements], capture_output=True, encoding="utf-8"
    )
    if asked.returncode:
        raise PipFailed(asked.stderr)
    found = [
        (one["metadata"]["name"], one["metadata"]["version"], one["download_info"]["url"])
        for one in json.loads(asked.stdout)["install"]
        if "dir_info" not in one["download_info"]  # the project itself
    ]
    with ThreadPoolExecutor(16) as several:
        sizes = several.map(size, (address for *_, address in found))
        return [Package(name, version, of) for (name, version, _), of in zip(found, sizes)]  # noqa: B905


def size(address: str) -> int | None:
    """Bytes of a package's file, or None."""
    parts = urlsplit(address)
    try:
        if parts.scheme == "file":
            return Path(url2pathname(parts.path)).stat().st_size
        with urlopen(Request(address, method="HEAD"), timeout=SECONDS) as answer:
            return int(answer.headers["Content-Length"])
    except (OSError, TypeError, ValueError):  # no answer, or one without a length
        return None


def in_words(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(1, round(size / 1e6))} MB"


def told(packages: list[Package], has_gpu: bool) -> Iterator[str]:
    """Sentences on what will be downloaded; none for no packages."""
    if not packages:
        return
    known = sum(package.size or 0 for package in packages)
    unknown = sum(package.size is None for package in packages)
    whole = f", {in_words(known)}" if known else ""
    rest = f" and {unknown} of unknown size" if known and unknown else ""
    largest = sorted(packages, key=lambda package: package.size or 0, reverse=True)[:NAMED]
    count = f"{len(packages)} packages" if len(packages) > 1 else "1 package"
    yield f"To be downloaded: {count}{whole}{rest}. The largest: {', '.join(map(str, largest))}."
    if not has_gpu and any(package.name.lower().startswith(OF_GPUS) for package in packages):
        yield HINT


def has_gpu() -> bool:
    """Whether a driver of NVIDIA's is at work here; the second is how WSL shows one."""
    return Path("/proc/driver/nvidia").exists() or Path("/dev/dxg").exists()


def install(requirements: list[str]) -> None:
    """Say what will be downloaded and install it. Raises :class:`PipFailed`."""
    packages = missing(requirements)
    for sentence in told(packages, has_gpu()):
        print(sentence, flush=True)
    # What pip has chosen is not chosen a second time, which would take as long again.
    chosen = [f"{package.name}=={package.version}" for package in packages]
    done = subprocess.run([*PIP, "--no-deps", *chosen, *requirements])
    if done.returncode:
        raise PipFailed


if __name__ == "__main__":
    try:
        install(sys.argv[1:])
    except PipFailed as error:
        sys.exit(str(error).strip() or 1)
    except KeyboardInterrupt:
        sys.exit(130)
