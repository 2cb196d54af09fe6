"""Environments with what Colab and Kaggle have and lack, as far as this machine can resemble them.

Neither of them: no network of Google's, no GPU, this Python and this PyTorch. The packages are
Colab's versions (colab.txt) where the lessons import them and this environment's otherwise;
openTSNE, JupyterLab, Voila and the project itself are missing, as they are there. Two stand-ins
take part: ``google.colab``, which notes that the widget manager was turned on, and ``pip``, which
notes how it is called and then lets the package be found. Kaggle's image is made from Colab's: its
own versions (kaggle.txt) come on top, no ``google.colab`` is loaded, and a variable tells the
kernel where it is.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from packaging.requirements import Requirement
from scratch import entries

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LACKING = ("dann-explorable", "opentsne", "jupyterlab", "voila")

START = """
import json, os, sys, types
LOG = {log!r}
def enable_custom_widget_manager():
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(json.dumps(["widgets"]) + "\\n")
google, colab = types.ModuleType("google"), types.ModuleType("google.colab")
google.__path__, colab.__path__ = [], []
output = types.ModuleType("google.colab.output")
output.enable_custom_widget_manager = enable_custom_widget_manager
google.colab, colab.output = colab, output
sys.modules |= {{"google": google, "google.colab": colab, "google.colab.output": output}}
"""

PIP = """
import json, os, re, sys
ENTRIES, SITE, LOG = {entries!r}, {site!r}, {log!r}
with open(LOG, "a", encoding="utf-8") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
wanted = [a for a in sys.argv[2:] if re.match(r"https://|[A-Za-z]", a) and not a.endswith(".txt")]
for name in wanted:
    own = name.startswith("https://")
    name = "dann-explorable" if own else re.match(r"[\\w.-]+", name)[0].lower()
    for path in ENTRIES[name]:  # KeyError: nothing but what Colab lacks may be asked for
        os.symlink(path, os.path.join(SITE, os.path.basename(path)))
"""


class Emulation:
    """``kernels``: offers its Python as "python3". ``kaggle``: Kaggle, instead of Colab."""

    def __init__(self, folder: Path, *, kaggle: bool = False):
        self._log = folder / "calls.jsonl"
        venv.create(folder / "colab", symlinks=sys.platform != "win32")
        python = folder / "colab" / "bin" / "python"
        (self.site,) = (folder / "colab" / "lib").glob("python*/site-packages")
        pins = _pins("colab.txt") | (_pins("kaggle.txt") if kaggle else {})
        _pip("--no-compile", "--target", str(self.site), *pins.values())
        own = Path(metadata.distribution("pytest").locate_file(""))
        left_out = {entry for name in [*pins, *LACKING, "pip"] for entry in entries(name, own)}
        left_out |= {own / "__pycache__", *own.glob("*.pth")}
        for path in own.iterdir():
            if path not in left_out and not (self.site / path.name).exists():
                (self.site / path.name).symlink_to(path)
        # Not ipykernel's own entry: it would promise what only this environment's ipykernel can do.
        spec = folder / "kernels" / "python3" / "kernel.json"
        spec.parent.mkdir(parents=True)
        argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        told = {"KAGGLE_KERNEL_RUN_TYPE": "Interactive"} if kaggle else {}
        spec.write_text(
            json.dumps({"argv": argv, "display_name": "x", "language": "python", "env": told}),
            encoding="utf-8",
        )
        self.kernels = KernelSpecManager(
            kernel_dirs=[str(spec.parents[1])], ensure_native_kernel=False
        )
        wanted = {name: [str(path) for path in entries(name, own)] for name in LACKING[:2]}
        wanted["dann-explorable"] += [str(ROOT / "dann_core"), str(ROOT / "dann_lab")]
        if not kaggle:
            (self.site / "sitecustomize.py").write_text(
                START.format(log=str(self._log)), encoding="utf-8"
            )
        (self.site / "pip").mkdir()
        (self.site / "pip" / "__main__.py").write_text(
            PIP.format(entries=wanted, site=str(self.site), log=str(self._log)), encoding="utf-8"
        )

    @property
    def calls(self) -> list[list[str]]:
        """What was asked of the stand-ins so far: each time ``["widgets"]`` or pip's arguments."""
        return [json.loads(line) for line in _lines(self._log)] if self._log.exists() else []


def _pins(file: str) -> dict[str, str]:
    """The name of each package that is listed -> its line."""
    return {Requirement(line).name: line for line in _lines(HERE / file)}


def _lines(path: Path) -> list[str]:
    return [
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    only = ["--no-deps", "--only-binary", ":all:"]
    done = subprocess.run([*command, *only, *arguments], capture_output=True, encoding="utf-8")
    if done.returncode:
        pytest.fail(f"Colab's versions could not be installed:\n{done.stderr}")
