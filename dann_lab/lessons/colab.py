"""What a lesson's first cell does: on Google Colab and on Kaggle it prepares the machine, elsewhere
nothing.

Both bring a Python of their own with most of what is needed; Kaggle's is made from Colab's. The
cell has installed this package without dependencies; :func:`prepare` adds those that are missing.
What their own pages rely on stays as it is.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dann_core.errors import DannError

PROJECT = "dann-explorable"
EXTRA = "lab"
"""The extra that the lessons need."""
COLABS_OWN = ("ipykernel", "ipywidgets", "torch", "torchvision", "jupyterlab", "voila")
"""The packages that are never installed there: their pages need their ipykernel and ipywidgets as
they are, their PyTorch fits their GPU, and the last two serve pages, which they do themselves."""


class ColabError(DannError):
    """Colab or Kaggle could not be prepared."""


def on_colab() -> bool:
    """Whether this is a kernel of Google Colab."""
    return "google.colab" in sys.modules


def on_kaggle() -> bool:
    """Whether this is a kernel of a Kaggle notebook."""
    return "KAGGLE_KERNEL_RUN_TYPE" in os.environ


def prepare() -> None:
    """On Colab and Kaggle install what is missing, and on Colab turn on widgets, which Kaggle shows
    as it is; elsewhere do nothing.

    A second call installs nothing. Raises :class:`ColabError` if pip fails.
    """
    if not (on_colab() or on_kaggle()):
        return
    # Without their markers: pip takes an extra's for a reason to leave the package out.
    wanted = [f"{requirement.name}{requirement.specifier}" for requirement in missing()]
    if wanted:
        _install(wanted)
    if on_colab():
        from google.colab import output  # only Colab has it

        output.enable_custom_widget_manager()
    print(f"Ready. Installed: {', '.join(wanted) or 'nothing, all is here'}.")


def missing() -> list[Requirement]:
    """The lab's dependencies that are not installed, or too old, in this Python; on Colab and
    Kaggle without those that are their own. Raises importlib's PackageNotFoundError if this package
    is not installed.
    """
    listed = [Requirement(text) for text in metadata.requires(PROJECT) or []]
    hosted = on_colab() or on_kaggle()
    return [
        requirement
        for requirement in listed
        if (requirement.marker is None or requirement.marker.evaluate({"extra": EXTRA}))
        and not (hosted and canonicalize_name(requirement.name) in COLABS_OWN)
        and not _met(requirement)
    ]


def version(name: str) -> str | None:
    """Of an installed distribution, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _met(requirement: Requirement) -> bool:
    found = version(requirement.name)
    return found is not None and requirement.specifier.contains(found, prereleases=True)


def _install(wanted: list[str]) -> None:
    """pip install; it fails rather than change what is Colab's or Kaggle's own."""
    kept = [f"{name}=={found}" for name in COLABS_OWN if (found := version(name))]
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder, "constraints.txt")
        constraints.write_text("\n".join(kept), encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--constraint", str(constraints)]
        done = subprocess.run(
            [*pip, *wanted], capture_output=True, encoding="utf-8", errors="replace"
        )
    if done.returncode:
        raise ColabError(f"pip could not install {', '.join(wanted)}:\n{done.stderr.strip()}")
    importlib.invalidate_caches()
