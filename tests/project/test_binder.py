"""What Binder would do with this repository, as far as it can be done without Docker and conda."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scratch import ROOT, Scratch, scratch_environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Binder's machines are Linux")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what Binder needs, because postBuild writes beside the sources."""
    copy = tmp_path_factory.mktemp("binder") / "repository"
    for name in ("dann_core", "dann_lab", "notebooks", "binder"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    return copy


@pytest.fixture(scope="module")
def built(repository: Path) -> Scratch:
    """An environment in which postBuild has run."""
    environment = scratch_environment(repository.parent)
    subprocess.run(
        [repository / "binder" / "postBuild"],
        cwd=repository,
        env=environment.variables,
        check=True,
        timeout=200,
    )
    return environment


def test_repo2docker_makes_a_dockerfile_of_these_files() -> None:
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", ROOT]
    ended = subprocess.run(command, capture_output=True, timeout=120, encoding="utf-8")
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    assert "Building conda environment for python=3.12" in said
    assert re.search(r"COPY .*binder/environment\.yml", said)
    assert re.search(r"RUN .*binder/postBuild", said)
    assert re.search(r"R2D_ENTRYPOINT.*binder/start", said)


def test_post_build_installs_the_project_from_the_repository(
    built: Scratch, repository: Path
) -> None:
    code = "import dann_lab.serve.servers as s; print(s.NOTEBOOKS)"
    assert built.run("python", "-c", code).strip() == str(repository / "notebooks")
    assert list((repository / "dann_lab" / "serve" / "__pycache__").glob("servers.*.pyc"))


def test_a_post_build_that_fails_says_so(built: Scratch, tmp_path: Path) -> None:
    ended = subprocess.run(
        [ROOT / "binder" / "postBuild"], cwd=tmp_path, env=built.variables, capture_output=True
    )
    assert ended.returncode != 0


TELL = """
import json, os
from jupyter_core.paths import jupyter_config_path, jupyter_path
print(json.dumps([os.getpid(), dict(os.environ), jupyter_path(), jupyter_config_path()]))
"""


def test_start_becomes_the_server_and_gives_it_its_settings(
    built: Scratch, repository: Path
) -> None:
    process = subprocess.Popen(
        [repository / "binder" / "start", "python", "-c", TELL],
        cwd=built.home,
        env=built.variables,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    pid, environment, data, settings = json.loads(out)
    assert pid == process.pid  # exec: signals reach the server itself
    assert environment["PYTHONUNBUFFERED"] == environment["OMP_NUM_THREADS"] == "1"
    assert environment["DANN_CACHE"] == built.variables["DANN_CACHE"]
    lab = repository / "dann_lab" / "serve"
    assert data[0] == str(lab)
    assert (lab / "voila" / "templates" / "dann").is_dir()
    assert settings.index(str(lab / "labconfig")) < settings.index(str(lab))
    assert (lab / "labconfig" / "default_setting_overrides.json").exists()


def test_start_hands_on_the_servers_exit_status(built: Scratch) -> None:
    start = [ROOT / "binder" / "start", "sh", "-c", "exit 7"]
    assert subprocess.run(start, env=built.variables).returncode == 7
