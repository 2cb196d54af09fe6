"""A page's kernel lives as long as its page: the real dashboard in a real browser."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from serving import FLAGS, Server, running, wait_until

PAGE_SECONDS = 240  # on a machine busy with other things; about 10 s on a quiet one
FREED_SECONDS = 60
ASKED_SECONDS = 25  # the server ends an abandoned kernel by itself after 30
pytestmark = pytest.mark.timeout(3 * PAGE_SECONDS)


def open_page(browser: Browser, url: str) -> Page:
    """A tab with the dashboard, ready to use."""
    # In a context of its own: browser.new_page() would take the whole profile down with the tab,
    # and with it the tab's last request, which a person's browser sends.
    page = browser.new_context().new_page()
    page.goto(url, wait_until="commit", timeout=PAGE_SECONDS * 1000)
    wait_for_page(page)
    return page


def wait_for_page(page: Page) -> None:
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled(
        timeout=PAGE_SECONDS * 1000
    )
    expect(page.locator("#loading")).to_have_count(0)


def train(page: Page) -> None:
    # The click waits while the pair and its network are loading.
    page.get_by_role("button", name="Train", exact=True).click(timeout=PAGE_SECONDS * 1000)
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible(
        timeout=PAGE_SECONDS * 1000
    )


def test_while_python_starts_the_page_says_so_in_light_and_dark(
    browser: Browser, dashboard_url: str
) -> None:
    page = browser.new_page()
    page.goto(dashboard_url, wait_until="commit")
    expect(page.get_by_role("status")).to_contain_text("Starting Python and loading PyTorch")
    expect(page).to_have_title("DANN, live")
    assert page.locator("html").get_attribute("lang") == "en"
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body")).to_have_class(f"jp-Notebook theme-{scheme}")
        assert (brightness(page) > 128) == (scheme == "light")


def brightness(page: Page) -> float:
    """Of the page's background, 0-255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in colour[4:-1].split(",")) / 3


def test_closing_the_tab_asks_for_the_end_of_its_training_and_kernel(
    browser: Browser, dashboard_server: Server
) -> None:
    before = dashboard_server.kernels()
    page = open_page(browser, dashboard_server.url)
    kernel = dashboard_server.kernels() - before
    train(page)
    page.close(run_before_unload=True)
    wait_until(
        lambda: not kernel & dashboard_server.kernels(),
        ASKED_SECONDS,
        "the kernel ends after its tab was closed",
    )


def test_preheated_pages_open_with_a_kernel_that_waited_and_leave_none_behind(
    browser: Browser, own_cache: Path, tmp_path: Path
) -> None:
    dann = str(Path(sys.executable).with_name("dann"))
    command = [dann, "dashboard", "--no-browser", "--port", "0", "--preheat", "1"]
    with running(command, tmp_path) as server:
        for _ in range(2):
            wait_until(lambda: len(server.kernels()) == 1, PAGE_SECONDS, "one kernel waits")
            waited = server.kernels()
            page = open_page(browser, server.url)
            expect(page).to_have_title("DANN, live")
            assert waited <= server.kernels()
            train(page)
            page.close(run_before_unload=True)
            wait_until(
                lambda: not waited & server.kernels(),  # noqa: B023
                ASKED_SECONDS,
                "the kernel ends after its tab was closed",
            )
        wait_until(lambda: len(server.kernels()) == 1, PAGE_SECONDS, "the pool is full again")


def test_a_browser_that_dies_leaves_no_kernel_training(
    playwright: Playwright, chromium: str, dashboard_server: Server
) -> None:
    before = dashboard_server.kernels()
    children = set(psutil.Process().children(recursive=True))
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    processes = set(psutil.Process().children(recursive=True)) - children
    page = open_page(browser, dashboard_server.url)
    kernel = dashboard_server.kernels() - before
    train(page)
    for process in processes:  # SIGKILL: no page has a last word
        if chromium_is(process):
            process.kill()
    wait_until(
        lambda: not kernel & dashboard_server.kernels(),
        FREED_SECONDS,
        "the kernel ends after its browser died",
    )


def chromium_is(process: psutil.Process) -> bool:
    try:
        return "chrom" in process.name()
    except psutil.Error:
        return False


def test_a_reload_gets_a_new_kernel_frees_the_old_and_asks_no_other_machine(
    browser: Browser, dashboard_server: Server
) -> None:
    before = dashboard_server.kernels()
    asked: set[str] = set()
    page = browser.new_page()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.on("websocket", lambda socket: asked.add(urlsplit(socket.url).netloc))
    page.goto(dashboard_server.url, wait_until="commit")
    wait_for_page(page)
    old = dashboard_server.kernels() - before
    page.reload(wait_until="commit")
    wait_until(
        lambda: not old & dashboard_server.kernels(),
        ASKED_SECONDS,
        "the old kernel ends after the reload",
    )
    wait_for_page(page)
    train(page)
    assert asked - {""} == {urlsplit(dashboard_server.url).netloc}  # data: and blob: have no host


def test_only_the_page_is_served_and_only_to_this_machine(
    browser: Browser, dashboard_server: Server
) -> None:
    assert dashboard_server.listens_on() == {"127.0.0.1"}
    token = {"Authorization": f"token {dashboard_server.token}"}
    request = browser.new_context(extra_http_headers=token).request
    for path in ("voila/files/05_dashboard.ipynb", "voila/tree", "api/contents", "api/kernels"):
        assert request.get(dashboard_server.at(path)).status in (403, 404), path
    other = request.get(dashboard_server.url, headers={"Host": "evil.example"})
    assert other.status == 403
