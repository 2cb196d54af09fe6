"""The dashboard and JupyterLab behind a real proxy: nginx, with deploy/nginx.conf."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from page import SECONDS, LivePage
from playwright.sync_api import Browser, BrowserContext, Playwright, expect
from serving import FLAGS, Server, running, wait_until

from dann_lab.serve.servers import NOTEBOOKS

CONFIG = Path(__file__).parents[2] / "deploy" / "nginx.conf"
NAME = "dann.example.org"
pytestmark = pytest.mark.timeout(900)


@dataclass
class Proxied:
    """The two servers, and the port at which nginx shows them."""

    port: int
    live: Server
    lab: Server

    def outside(self, server: Server) -> str:
        """A server's printed address, as it is outside."""
        inside = urlsplit(server.url)
        return inside._replace(scheme="https", netloc=f"{NAME}:{self.port}").geturl()


@pytest.fixture(scope="module")
def proxied(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or shutil.which("nginx")
    if not nginx:
        pytest.skip("nginx is not installed; make test installs it, or says what to do")
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("nginx")
    notebooks = shutil.copytree(NOTEBOOKS, home / "notebooks")
    dann = str(Path(sys.executable).with_name("dann"))
    names = ["--no-browser", "--port", "0", "--allow-host", NAME, "--base-url"]
    labs = tmp_path_factory.mktemp("lab")
    start = (
        "import sys; from dann_lab.serve.servers import serve_lab; serve_lab(sys.argv[1], port=0, "
        "open_browser=False, allow_hosts=[sys.argv[2]], base_url='/lessons/')"
    )
    with (
        running([dann, "dashboard", *names, "/live/"], home) as live,
        running([sys.executable, "-c", start, str(notebooks), NAME], labs) as lab,
        running_nginx(nginx, folder, {8866: live, 8888: lab}) as port,
    ):
        yield Proxied(port, live, lab)


@contextmanager
def running_nginx(nginx: str, folder: Path, servers: dict[int, Server]) -> Iterator[int]:
    """nginx with the committed configuration; only ports and the certificate's place differ."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = CONFIG.read_text(encoding="utf-8").replace("listen 443", f"listen 127.0.0.1:{port}")
    config = config.replace("/etc/ssl", str(folder))
    for usual, server in servers.items():
        config = config.replace(f"127.0.0.1:{usual}", urlsplit(server.url).netloc)
    places = "".join(
        f"{what}_temp_path {folder}/{what};"
        for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "main.conf"
    main.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {places}\n{config}\n}}",
        encoding="utf-8",
    )
    certificate = folder / f"{NAME}.crt"
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    key = ["-keyout", str(folder / f"{NAME}.key"), "-out", str(certificate)]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *key, *subject],
        check=True,
        capture_output=True,
    )
    process = subprocess.Popen([nginx, "-c", str(main), "-e", f"{folder}/error.log"])
    try:
        wait_until(lambda: answers(port), 20, "nginx answers")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def context(playwright: Playwright, chromium: str) -> Iterator[BrowserContext]:
    """A browser for which the name leads to this machine."""
    browser: Browser = playwright.chromium.launch(
        executable_path=chromium, args=[*FLAGS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
    )
    yield browser.new_context(ignore_https_errors=True, viewport={"width": 1440, "height": 1200})
    browser.close()


def test_the_page_its_plots_and_the_recorded_runs_are_5_mb_for_the_network(
    context: BrowserContext, proxied: Proxied
) -> None:
    live = LivePage(context.new_page())
    carried: list[float] = []
    browser = context.new_cdp_session(live.page)
    browser.send("Network.enable")
    browser.on("Network.loadingFinished", lambda event: carried.append(event["encodedDataLength"]))
    browser.on(
        "Network.webSocketFrameReceived",
        lambda event: carried.append(len(zlib.compress(event["response"]["payloadData"].encode()))),
    )
    live.open(proxied.outside(proxied.live))
    live.press("Step")
    live.wait(lambda: live.step == 1, "one step")
    for name in ("map", "player-curves"):
        expect(live.page.locator(f"[data-plot={name}] .main-svg").first).to_be_visible()
    *page, recorded = sorted(carried)
    assert 2_000_000 < sum(page) <= 3_000_000
    assert recorded > 1_000_000
    assert sum(carried) <= 5_000_000


def test_the_dashboard_trains_behind_the_proxy(context: BrowserContext, proxied: Proxied) -> None:
    live = LivePage(context.new_page())
    address = proxied.outside(proxied.live)
    live.open(address)
    live.press("Train")
    live.wait(lambda: live.step >= 2, "two steps")
    live.press("Pause")
    assert "token" not in live.page.url
    assert urlsplit(live.page.url).path == "/live/"
    hosts = {urlsplit(url).netloc for url in live.asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {f"{NAME}:{proxied.port}"}
    assert not live.errors
    cookies = [c for c in context.cookies() if c["domain"] == NAME]
    assert {c["path"] for c in cookies} == {"/live/"}
    assert any(c["secure"] and c["httpOnly"] and c["sameSite"] == "Strict" for c in cookies)
    live.page.reload(wait_until="commit")  # the cookie lets in
    live.wait_until_usable()
    kernels = proxied.live.kernels()
    live.page.close(run_before_unload=True)
    wait_until(lambda: not kernels & proxied.live.kernels(), 25, "the kernel ends with its tab")


def test_below_the_path_the_form_asks_for_the_token(
    context: BrowserContext, proxied: Proxied
) -> None:
    page = context.new_page()
    page.goto(proxied.outside(proxied.live).split("?")[0].rstrip("/"))
    expect(page).to_have_url(re.compile(r"/live/login\?next=%2Flive%2F"))
    page.keyboard.type("guess")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This is not the token")
    page.keyboard.type(proxied.live.token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Starting Python", timeout=SECONDS * 1000)
    expect(page).to_have_url(re.compile(r"/live/(#|$)"))
    page.close(run_before_unload=True)


def test_a_cell_runs_in_jupyterlab_behind_the_proxy(
    context: BrowserContext, proxied: Proxied
) -> None:
    page = context.new_page()
    address = urlsplit(proxied.outside(proxied.lab))
    assert address.path.startswith("/lessons/lab")
    page.goto(
        address._replace(path="/lessons/lab/tree/00_start_here.ipynb").geturl(),
        timeout=SECONDS * 1000,
    )
    idle = page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    expect(idle).to_be_visible(timeout=SECONDS * 1000)  # the websocket is there

    cell = page.locator(".jp-CodeCell").first

    def runs() -> bool:
        cell.locator(".jp-InputPrompt").click()
        page.keyboard.press("Control+Enter")
        page.wait_for_timeout(2000)
        return cell.locator(".jp-InputPrompt").inner_text().strip() not in ("[ ]:", "[*]:")

    wait_until(runs, SECONDS, "a cell runs")


@pytest.mark.parametrize("which", ["live", "lab"])
def test_another_name_is_refused_with_the_option_that_allows_it(
    context: BrowserContext, proxied: Proxied, which: str
) -> None:
    server: Server = getattr(proxied, which)
    answer = context.request.get(server.url, headers={"Host": "other.example"})
    assert answer.status == 403
    command = {"live": "dann dashboard --allow-host other.example", "lab": "dann lab --allow-host"}
    assert command[which] in answer.text()
