"""What `make` says before it installs: real pip, real environments, small packages of our own."""

from __future__ import annotations

import os
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest

from tools import install

SCRIPT = install.__file__


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A folder with "app" 1, which needs two other packages, of which one is large."""
    folder = tmp_path / "index"
    folder.mkdir()
    wheel(folder, "app", "1", ["library>=2", "nvidia-thing"])
    wheel(folder, "library", "2.5", size=3_000_000)
    wheel(folder, "library", "1.0")
    wheel(folder, "nvidia-thing", "13")
    return folder


def wheel(folder: Path, name: str, version: str, needs: list[str] = [], size: int = 10) -> None:  # noqa: B006
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    told += "".join(f"Requires-Dist: {one}\n" for one in needs)
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as file:
        file.writestr(f"{name.replace('-', '_')}.py", f"version = {version!r}\n#{'x' * size}")
        file.writestr(f"{info}/METADATA", told)
        file.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(f"{info}/RECORD", "")


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """Of an environment in which there is nothing but pip."""
    venv.create(tmp_path / "venv", with_pip=True, symlinks=os.name != "nt")
    return tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"


def made(python: Path, index: Path | None, *requirements: str) -> tuple[int, str, str]:
    """The exit status, what is said, and what is said of errors, with pip's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    settings = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    settings |= {"PIP_FIND_LINKS": str(index)} if index else {}
    done = subprocess.run(
        [python, SCRIPT, *requirements], env=kept | settings, capture_output=True, encoding="utf-8"
    )
    return done.returncode, done.stdout, done.stderr


def version(python: Path, name: str) -> str:
    code = f"from importlib.metadata import version; print(version({name!r}))"
    return subprocess.run(
        [python, "-c", code], check=True, stdout=subprocess.PIPE, encoding="utf-8"
    ).stdout.strip()


def test_it_says_what_will_be_downloaded_then_installs_it_then_has_nothing_to_say(
    python: Path, index: Path
) -> None:
    status, said, _ = made(python, index, "app")
    assert status == 0
    assert said.startswith("To be downloaded: 3 packages, 3 MB. The largest: library 2.5 (3 MB), ")
    assert version(python, "library") == "2.5"
    assert version(python, "nvidia-thing") == "13"
    assert made(python, index, "app")[:2] == (0, "")


def test_an_index_that_pip_is_told_of_decides_which_build_it_is(
    python: Path, index: Path, tmp_path: Path
) -> None:
    """As PyTorch's own index has the CPU build under the same number, and a plus."""
    more = tmp_path / "more"
    more.mkdir()
    wheel(more, "library", "2.5+cpu")
    kept = f"{index} {more}"  # pip takes several, with spaces between them
    assert made(python, Path(kept), "library")[0] == 0
    assert version(python, "library") == "2.5+cpu"


def test_where_pip_fails_its_reason_is_told_and_nothing_is_installed(
    python: Path, index: Path
) -> None:
    (index / "nvidia_thing-13-py3-none-any.whl").unlink()
    status, said, wrong = made(python, index, "app")
    assert status != 0
    assert said == ""
    assert "nvidia-thing" in wrong
    with pytest.raises(subprocess.CalledProcessError):
        version(python, "app")


@pytest.mark.parametrize(("has_gpu", "hinted"), [(True, False), (False, True)])
def test_the_cuda_build_without_a_gpu_comes_with_a_word_about_the_other(
    has_gpu: bool, hinted: bool
) -> None:
    packages = [install.Package("torch", "2.9", 10**9), install.Package("nvidia-cudnn", "9", None)]
    said = list(install.told(packages, has_gpu))
    assert said[0] == (
        "To be downloaded: 2 packages, 1.0 GB and 1 of unknown size. "
        "The largest: torch 2.9 (1.0 GB), nvidia-cudnn 9."
    )
    assert ("Without an\nNVIDIA GPU" in said[-1]) == hinted
    # Which is a heading of the README's.
    readme = (Path(SCRIPT).parents[1] / "README.md").read_text(encoding="utf-8")
    assert "Without an NVIDIA GPU" in readme


def test_the_cpu_build_is_not_taken_for_the_other() -> None:
    packages = [install.Package("torch", "2.9+cpu", 10**8)]
    assert len(list(install.told(packages, has_gpu=False))) == 1


def test_a_size_that_nobody_tells_is_none(tmp_path: Path) -> None:
    assert install.size((tmp_path / "none").as_uri()) is None
    assert install.size("http://127.0.0.1:9/a.whl") is None


def test_make_installs_by_it() -> None:
    makefile = (Path(SCRIPT).parents[1] / "Makefile").read_text(encoding="utf-8")
    assert makefile.count("tools/install.py --editable") == 2
