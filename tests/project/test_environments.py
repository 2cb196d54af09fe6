"""pyproject.toml, the conda files and constraints.txt say the same."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from scratch import PIP, ROOT

from tools.record_constraints import needed

CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}
"""Where conda-forge calls a package otherwise than PyPI, once both are written in small letters."""
BINDER_NAMES = {"pytorch": "pytorch-cpu"}

Bounds = dict[str, SpecifierSet]


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    return found


def bounds(texts: list[str]) -> Bounds:
    requirements = [Requirement(text) for text in texts]
    return {canonicalize_name(r.name): r.specifier for r in requirements}


def conda(path: Path) -> tuple[Bounds, SpecifierSet, list[str]]:
    """The packages, Python, and what pip adds. Conda's ``=3.12`` is pip's ``==3.12.*``."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content["channels"] == ["conda-forge"]
    listed = content["dependencies"]
    texts = [line for line in listed if isinstance(line, str)]
    found = bounds([text for text in texts if not text.startswith("python")])
    (python,) = [text.removeprefix("python") for text in texts if text.startswith("python")]
    if python.startswith("=") and not python.startswith("=="):
        python = f"={python}.*"
    del found["pip"]
    pip = [line for one in listed if isinstance(one, dict) for line in one["pip"]]
    return found, SpecifierSet(python), pip


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def lab() -> list[str]:
    """What the larger size installs."""
    return [*project()["dependencies"], *project()["optional-dependencies"]["lab"]]


def test_the_small_size_has_nothing_of_the_lab_and_the_lab_has_all_of_it() -> None:
    small = bounds(project()["dependencies"])
    extra = bounds(project()["optional-dependencies"]["lab"])
    assert set(small) & set(extra) == set()
    only_the_labs = {"jupyterlab", "voila", "plotly", "matplotlib", "opentsne", "umap-learn"}
    only_the_labs |= {"numba", "ipywidgets", "anywidget", "ipykernel", "ipython", "traitlets"}
    assert not only_the_labs & set(needed(project()["name"])), "some package brings it along"
    assert only_the_labs <= set(needed(f"{project()['name']}[lab]"))
    for name, inside in (("site", "lab"), ("test", "site")):
        assert f"{project()['name']}[{inside}]" in project()["optional-dependencies"][name]


def test_conda_installs_what_pip_installs() -> None:
    expected = {CONDA_NAMES.get(n, n): s for n, s in bounds(lab()).items()}
    found, python, pip = conda(ROOT / "environment.yml")
    assert found == expected
    assert python == SpecifierSet(project()["requires-python"])
    assert pip == ["--editable .[lab]"]


def test_binder_installs_what_conda_installs_with_the_cpu_pytorch() -> None:
    everywhere, python, _ = conda(ROOT / "environment.yml")
    expected = {BINDER_NAMES.get(name, name): bound for name, bound in everywhere.items()}
    found, binder_python, pip = conda(ROOT / "binder" / "environment.yml")
    assert found.pop("hatchling") == bounds(project()["optional-dependencies"]["test"])["hatchling"]
    assert found == expected
    assert pip == []  # the project itself comes in postBuild, when its files are there
    (exact,) = binder_python
    assert python.contains(exact.version.removesuffix(".*"))


def test_the_constraints_name_every_package_that_the_project_comes_to_need() -> None:
    extras = project()["optional-dependencies"].values()
    direct = bounds([*project()["dependencies"], *(text for extra in extras for text in extra)])
    direct.pop(project()["name"], None)  # an extra that takes another one in
    missing = set(direct) - set(pinned())
    assert not missing, "python -m tools.record_constraints > constraints.txt"
    assert set(needed()) >= set(direct)
    for name, specifier in direct.items():
        assert specifier.contains(pinned()[name]), name


def test_the_constraints_are_plain_versions() -> None:
    for name, version in pinned().items():
        assert canonicalize_name(name) == name
        assert "+" not in version, f"{name}: a local version is on no package index"


def test_pip_can_resolve_the_constraints() -> None:
    options = ["--dry-run", "--quiet", "--no-build-isolation", "--constraint", "constraints.txt"]
    command = [*PIP, "install", *options, "--editable", ".[test]"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=200, encoding="utf-8")
    if "NewConnectionError" in ended.stderr or "NameResolutionError" in ended.stderr:
        pytest.skip(
            "other versions than the constraints' are installed, and no package index is reached"
        )
    assert ended.returncode == 0, ended.stderr
