"""The class's hub and its learners as programs, for the test and the benchmark."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import requests
from websockets.sync.client import connect

CONFIG = Path(__file__).with_name("jupyterhub_config.py")
PASSWORD = "gradient reversal"
SECONDS = 240
"""A busy machine's time for what takes seconds on a quiet one."""
DASHBOARD = "voila/render/notebooks/05_dashboard.ipynb"
FIRST_LESSON = "lab/tree/notebooks/00_start_here.ipynb"


class NoProxy(Exception):
    """Neither the proxy nor npm to get it with."""


def find_proxy(folder: Path) -> Path:
    """The hub's proxy from the PATH, or installed into ``folder`` with npm.

    Raises :class:`NoProxy`.
    """
    if found := shutil.which("configurable-http-proxy"):
        return Path(found)
    installed = folder / "node_modules" / ".bin" / "configurable-http-proxy"
    if not installed.exists():
        npm = shutil.which("npm")
        if not npm:
            raise NoProxy("The hub's proxy needs Node.js (and npm), which is not installed.")
        command = [npm, "install", "--silent", "--prefix", str(folder), "configurable-http-proxy@5"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8")
        if done.returncode:
            raise NoProxy(f"npm could not install the hub's proxy: {done.stderr.strip()}")
    return installed


@contextmanager
def running_hub(folder: Path, users: list[str], proxy: Path) -> Iterator[Hub]:
    """The hub as README.md starts it, with ``folder`` for the learners; stopped afterwards."""
    port = _three_free_ports()
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "XDG_", "DANN_HUB"))
    }
    environment = {
        "DANN_HUB_PASSWORD": PASSWORD,
        "DANN_HUB_USERS": " ".join(users),
        "DANN_HUB_FOLDER": str(folder),
        "DANN_HUB_PORT": str(port),
        "DANN_HUB_PROXY": str(proxy),
    }
    with (folder / "hub.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG)],
            env=inherited | environment,
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    hub = Hub(f"http://127.0.0.1:{port}", process, folder / "hub.log")
    try:
        hub.wait(hub.answers, "the hub answers")
        yield hub
    finally:
        process.send_signal(signal.SIGTERM)  # it stops the learners' servers and the proxy
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def _three_free_ports() -> int:
    """The first of three in a row."""
    for port in range(18000, 30000, 3):
        try:
            for each in range(port, port + 3):
                with socket.socket() as trial:
                    trial.bind(("127.0.0.1", each))
        except OSError:
            continue
        return port
    raise OSError("no three free ports in a row")


@dataclass
class Hub:
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(self.log.read_text(encoding="utf-8"))
        try:
            return requests.get(f"{self.url}/hub/login", timeout=30).ok
        except requests.ConnectionError:
            return False

    def wait(self, condition, what: str) -> None:  # type: ignore[no-untyped-def]
        deadline = time.monotonic() + SECONDS
        while not condition():
            if time.monotonic() > deadline:
                said = self.log.read_text(encoding="utf-8")
                raise TimeoutError(f"not within {SECONDS} s: {what}\n{said[-4000:]}")
            time.sleep(0.3)


@dataclass
class Learner:
    """One learner's way through the hub's proxy, with a browser's cookies."""

    hub: Hub
    name: str
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def url(self) -> str:
        return f"{self.hub.url}/user/{self.name}/"

    def log_in(self, password: str = PASSWORD) -> int:
        """Log in and have the server started; the status of the answer."""
        login = f"{self.hub.url}/hub/login"
        self.session.get(login)
        form = {"username": self.name, "password": password}
        form["_xsrf"] = self.session.cookies["_xsrf"]
        return self.session.post(f"{login}?next=/hub/spawn", data=form).status_code

    def is_in(self) -> bool:
        """Whether JupyterLab has opened, at the first lesson."""
        answer = self.session.get(self.url + FIRST_LESSON)
        return answer.ok and answer.url.startswith(self.url)

    def start_kernel(self) -> str:
        """A kernel as for a lesson that is opened in JupyterLab."""
        answer = self.session.post(self.url + "api/kernels", json={}, headers=self._xsrf)
        answer.raise_for_status()
        return str(answer.json()["id"])

    def stop(self, kernel: str) -> None:
        path = f"{self.url}api/kernels/{kernel}"
        self.session.delete(path, headers=self._xsrf).raise_for_status()

    def open_dashboard(self) -> str:
        """The kernel of a new page, once Voila has run it."""
        page = self.session.get(self.url + DASHBOARD)
        page.raise_for_status()
        found = re.search(r'"kernelId": "([^"]+)"', page.text)
        assert found, page.text[:2000]
        return found[1]

    def run(self, kernel: str, code: str) -> str:
        """What the code prints in the kernel, over the websocket."""
        host = urlsplit(self.url)._replace(scheme="ws").geturl()
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies()),
            "Origin": self.hub.url,
        }
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "execute_request", "session": number}
        request = {
            "channel": "shell",
            "header": header | {"username": self.name, "version": "5.3"},
            "parent_header": {},
            "metadata": {},
            "content": {"code": code, "silent": False},
        }
        printed = ""
        channels = f"{host}api/kernels/{kernel}/channels?session_id={number}"
        with connect(channels, additional_headers=headers, max_size=None) as socket:
            socket.send(json.dumps(request))
            while True:
                message = json.loads(socket.recv(SECONDS))
                if message["parent_header"].get("msg_id") != number:
                    continue
                if message["msg_type"] == "stream":
                    printed += message["content"]["text"]
                elif message["msg_type"] == "error":
                    raise RuntimeError("\n".join(message["content"]["traceback"]))
                elif message["msg_type"] == "status" and (
                    message["content"]["execution_state"] == "idle"
                ):
                    return printed

    def train(self, kernel: str) -> int:
        """Press Train on the dashboard's session, or keep it going; the step where it is."""
        code = """
from dann_lab.live.dashboard import dashboard
session = dashboard().session
session.looked_at()
if session.state == "ready":
    session.train()
print(session.run.trainer.step if session.run else 0)
"""
        return int(self.run(kernel, code))

    @property
    def _xsrf(self) -> dict[str, str]:
        return {"X-XSRFToken": dict(self._cookies())["_xsrf"]}

    def _cookies(self) -> list[tuple[str, str]]:
        path = urlsplit(self.url).path
        return [(c.name, c.value or "") for c in self.session.cookies if path.startswith(c.path)]
