"""What Codespaces and VS Code make of this repository, as far as it can be seen without them.

That devcontainer.json keeps to the schema of its specification (containers.dev) was checked by
hand; what the file names is looked at here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from scratch import ROOT, STARTUP_SECONDS
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.ioloop import IOLoop
from tornado.websocket import websocket_connect

FOLDER = ROOT / ".devcontainer"
ACTIONS = {"notify", "openBrowser", "openBrowserOnce", "openPreview", "silent", "ignore"}
"""What the schema lets happen when a port is forwarded."""
DOMAIN = "somewhere.example"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="such a container is Linux")


@pytest.fixture(scope="module")
def container() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "devcontainer.json").read_text(encoding="utf-8"))
    return found


def test_its_commands_are_scripts_that_are_there(container: dict[str, Any]) -> None:
    commands = [container["postCreateCommand"], *container["postAttachCommand"].values()]
    for command in commands:
        program, path = command.split()
        assert program == "bash"
        ended = subprocess.run([program, "-n", ROOT / path], capture_output=True)
        assert ended.returncode == 0, ended.stderr


def test_each_port_has_a_name_and_the_page_opens_by_itself(container: dict[str, Any]) -> None:
    ports = container["portsAttributes"]
    assert [str(port) for port in container["forwardPorts"]] == list(ports)
    for port in ports.values():
        assert port["label"]
        assert port["onAutoForward"] in ACTIONS
    start = (FOLDER / "start").read_text(encoding="utf-8")
    assert set(re.findall(r"port=(\d+)", start)) == set(ports)
    assert ports["8866"]["onAutoForward"] == "openBrowser"
    assert container["otherPortsAttributes"]["onAutoForward"] == "ignore"  # kernels have ports too


def test_its_image_has_a_python_that_the_project_takes(container: dict[str, Any]) -> None:
    name, tag = container["image"].split(":")
    assert name == "python"
    assert tuple(map(int, tag.split("-")[0].split("."))) >= (3, 11)
    assert "slim" not in tag  # which has neither make nor git


PRINT = 'printf "%s\\n" "$PIP_EXTRA_INDEX_URL" "$*"\n'


@pytest.mark.parametrize("given", [None, "https://example.org/simple"])
def test_the_set_up_takes_the_cpu_build_unless_pip_is_told_otherwise(
    given: str | None, tmp_path: Path
) -> None:
    make = tmp_path / "make"
    make.write_text(f"#!/bin/bash\n{PRINT}", encoding="utf-8")
    make.chmod(0o755)
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    variables |= {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    if given:
        variables["PIP_EXTRA_INDEX_URL"] = given
    said = subprocess.run(
        ["bash", FOLDER / "set-up"],
        env=variables,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    index, target = said.stdout.splitlines()
    assert index == given if given else index.endswith("/cpu")
    assert target == ".venv/.installed"
    assert re.search(r"^\$\(VENV\)/\.installed:", (ROOT / "Makefile").read_text("utf-8"), re.M)


@contextmanager
def started(folder: Path, **variables: str) -> Iterator[str]:
    """``start`` beside an environment that is this one; what it has said when it listens."""
    shutil.copytree(FOLDER, folder / ".devcontainer")
    (folder / ".venv" / "bin").mkdir(parents=True)
    dann = folder / ".venv" / "bin" / "dann"
    dann.write_text(f'#!/bin/bash\nexec "{sys.executable}" -m dann_lab "$@"\n', encoding="utf-8")
    dann.chmod(0o755)
    home = folder / "home"
    home.mkdir()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "DANN_", "CODESP"))}
    process = subprocess.Popen(
        ["bash", folder / ".devcontainer" / "start"],
        env=kept | {"HOME": str(home), "PYTHONPATH": str(ROOT)} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        assert process.stdout
        said = ""
        for line in process.stdout:
            said += line
            if "http://" in line:
                break
        yield said
    finally:
        process.terminate()
        process.communicate(timeout=60)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def port() -> int:
    """The page's, once nobody has it: it is what is forwarded, and no other will do."""
    deadline = time.monotonic() + STARTUP_SECONDS
    while not is_free(8866):
        if time.monotonic() > deadline:
            pytest.skip("another program has port 8866")
        time.sleep(1)
    return 8866


def kernel_of(page: str) -> str:
    """The kernel that a page has, once all of it has come."""
    with urlopen(page, timeout=STARTUP_SECONDS) as answer:
        found = re.search(r'"kernelId": ?"([^"]+)"', answer.read().decode())
    assert found
    return found[1]


def answers(port: int, kernel: str, host: str, origin: str) -> int:
    """The status with which a page of ``origin`` is answered that asks for a kernel's socket."""

    async def ask() -> int:
        address = f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels"
        request = HTTPRequest(address, headers={"Host": host, "Origin": origin})
        try:
            (await websocket_connect(request)).close()
        except HTTPClientError as error:
            return int(error.code)
        return 101

    with ThreadPoolExecutor(1) as aside:  # this thread may have an event loop at work
        return aside.submit(lambda: IOLoop(make_current=False).run_sync(ask)).result()


def test_in_a_codespace_the_forwarded_page_is_let_in_and_others_are_not(
    port: int, tmp_path: Path
) -> None:
    variables = {
        "CODESPACE_NAME": "quick-fox",
        "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN": DOMAIN,
    }
    forwarded, local = f"quick-fox-{port}.{DOMAIN}", f"localhost:{port}"
    with started(tmp_path, **variables) as said:
        assert f":{port}/" in said
        assert "token=" not in said  # GitHub's own door is in front
        kernel = kernel_of(f"http://127.0.0.1:{port}/")
        for host in (forwarded, local):
            for origin in (f"https://{forwarded}", f"http://{local}", f"https://{local}"):
                assert answers(port, kernel, host, origin) == 101, (host, origin)
        assert answers(port, kernel, local, "https://example.org") == 403
        again = subprocess.run(
            ["bash", tmp_path / ".devcontainer" / "start"],
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert again.returncode == 0
        assert "there already" in again.stdout


def test_on_a_persons_own_machine_the_page_keeps_its_token(port: int, tmp_path: Path) -> None:
    with started(tmp_path) as said:
        assert f":{port}/?token=" in said
