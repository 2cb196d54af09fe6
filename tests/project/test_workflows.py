"""The workflow files name commands that exist. They cannot run here."""

from __future__ import annotations

import re
import shlex
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from scratch import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def read(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def commands() -> list[tuple[str, str]]:
    return [
        (path.name, line)
        for path in WORKFLOWS
        for step in steps(read(path))
        for line in step.get("run", "").splitlines()
    ]


def named(path: str) -> dict[Any, Any]:
    return read(ROOT / ".github" / "workflows" / path)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_whole(path: Path) -> None:
    workflow = read(path)
    # YAML 1.1 reads the key "on" as true.
    assert {"name", True, "permissions", "jobs"} <= set(workflow)
    for job in workflow["jobs"].values():
        assert {job.get("needs", "build")} <= {"build", *workflow["jobs"]}
        assert job["runs-on"]
        assert all(("run" in step) != ("uses" in step) for step in job["steps"])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_an_action_is_pinned_to_its_major_version(path: Path) -> None:
    for step in steps(read(path)):
        if "uses" in step:
            assert re.fullmatch(r"[\w.-]+/[\w.-]+@(v\d+|release/v\d+)", step["uses"])


@pytest.mark.parametrize(("workflow", "command"), commands())
def test_a_command_exists(workflow: str, command: str) -> None:
    program, *rest = shlex.split(command)
    if program == "make":
        targets = re.findall(
            r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
        )
        assert set(rest) <= set(targets)
    elif program == "python":
        assert rest[0] == "-m"
        assert find_spec(rest[1]), rest[1]
    else:
        assert program == "gh"  # is on GitHub's machines


def test_a_file_that_a_command_names_exists() -> None:
    for _, command in commands():
        for name in re.findall(r"\S+\.(?:txt|toml|py)\b", command):
            assert (ROOT / name).exists(), command


def test_the_matrix_has_every_system_and_python() -> None:
    matrix = named("tests.yml")["jobs"]["matrix"]["strategy"]["matrix"]
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}
    assert matrix["python"] == ["3.11", "3.12", "3.13"]


def test_a_release_is_made_by_a_tag_and_published_without_a_password() -> None:
    release = named("release.yml")
    assert release[True] == {"push": {"tags": ["v*"]}}
    assert release["jobs"]["publish"]["permissions"] == {"id-token": "write"}
    assert "password" not in (ROOT / ".github" / "workflows" / "release.yml").read_text(
        encoding="utf-8"
    )
