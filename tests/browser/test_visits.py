"""Who comes to the dashboard, in a real browser: with the token, without it, from another site."""

from __future__ import annotations

import http.server
import re
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS, LivePage
from playwright.sync_api import Browser, BrowserContext, Page, expect
from serving import Server, dashboard_of_digits, wait_until

pytestmark = pytest.mark.timeout(900)
VIOLATIONS = """
globalThis.violations = [];
document.addEventListener("securitypolicyviolation", event =>
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
"""

# In a turn of its own, because what the test itself asks for is allowed it.
EVAL = """() => new Promise(done => setTimeout(() => {
  try { eval("1"); done("ran"); } catch (error) { done(error.name); }
}))"""


@pytest.fixture(scope="module")
def server(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with dashboard_of_digits(tmp_path_factory.mktemp("home"), "--max-pages", "1") as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 1440, "height": 1200})


@pytest.fixture
def elsewhere(server: Server, tmp_path: Path) -> Iterator[str]:
    """A page of another site (for a browser, ``localhost`` is another than ``127.0.0.1``), which
    embeds the dashboard in each way there is, and links to it."""
    plain = server.at("")
    (tmp_path / "index.html").write_text(
        f'<a id="link" href="{plain}#pair=digits&steps=77">a link</a>'
        f'<a id="token" href="{server.url}">a link with the token</a>'
        f'<img src="{plain}"><script src="{plain}"></script><iframe src="{plain}"></iframe>'
        f'<link rel="stylesheet" href="{plain}"><link rel="prefetch" href="{plain}">'
        f'<video src="{plain}"></video><object data="{plain}"></object><embed src="{plain}">'
        f'<script>fetch("{plain}", {{mode: "no-cors", credentials: "include"}}).catch(() => 0);'
        f'document.addEventListener("click", () => window.open("{plain}"))</script>',
        encoding="utf-8",
    )
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://localhost:{other.server_port}/"
        other.shutdown()


def leave(page: Page, server: Server) -> None:
    page.close(run_before_unload=True)
    wait_until(lambda: not server.kernels(), 60, "the kernel ends with its page")


def opened(page: Page) -> None:
    train = page.get_by_role("button", name="Train", exact=True)
    expect(train).to_be_enabled(timeout=SECONDS * 1000)


def test_the_first_click_opens_the_page_and_a_reload_needs_no_token(
    context: BrowserContext, server: Server
) -> None:
    context.add_init_script(VIOLATIONS)
    live = LivePage(context.new_page())
    live.open(server.url + "#pair=digits&steps=77")
    assert "token" not in live.page.url
    assert live.setting("steps") == "77"
    live.page.reload(wait_until="commit")
    live.wait_until_usable()
    assert not live.errors
    assert live.page.evaluate("violations") == []
    leave(live.page, server)


def test_a_script_that_somebody_got_into_the_page_does_not_run(
    context: BrowserContext, server: Server
) -> None:
    context.add_init_script(VIOLATIONS)
    page = context.new_page()
    page.goto(server.url, wait_until="commit")
    opened(page)
    page.evaluate(
        """() => {
        document.body.insertAdjacentHTML("beforeend", "<img src=nowhere: onerror='ran = 1'>");
        for (const about of [{ textContent: "ran = 1" }, { src: "https://evil.example/x.js" }])
            document.body.append(Object.assign(document.createElement("script"), about));
        }"""
    )
    page.wait_for_function("violations.length >= 3")
    assert page.evaluate("typeof ran") == "undefined"
    assert page.evaluate(EVAL) == "EvalError"
    leave(page, server)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_token_is_typed_with_keys_alone_and_the_settings_come_along(
    browser: Browser, server: Server, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(server.at("#pair=digits&steps=77"))
    expect(page.get_by_label("Token")).to_be_focused()
    assert accessible(page)
    page.keyboard.type("guess")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This is not the token")
    expect(page.get_by_label("Token")).to_be_focused()
    assert accessible(page)
    if (width, scheme) == (390, "dark"):
        page.keyboard.type(server.token)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        opened(page)
        assert page.locator("[data-setting=steps]").input_value() == "77"
        leave(page, server)


def accessible(page: Page) -> bool:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    wide: bool = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return not wide


def test_another_site_starts_nothing_with_or_without_a_login(
    context: BrowserContext, server: Server, elsewhere: str
) -> None:
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    for known in (False, True):
        if known:
            log_in(context, server)
        page = context.new_page()
        page.goto(elsewhere)
        with context.expect_page() as popup:
            page.click("body")
        popup.value.wait_for_load_state()
        expect(popup.value).to_have_title("Open the dashboard · DANN")
        page.wait_for_timeout(2000)
        assert asked.count(server.at("")) > 6
        assert not server.kernels()
        page.close()


def log_in(context: BrowserContext, server: Server) -> None:
    """The cookie alone: no page is opened."""
    page = context.new_page()
    page.goto(server.at("login?next=%2Fvoila%2Fstatic%2Fvoila.js"))
    page.get_by_label("Token").fill(server.token)
    page.get_by_role("button").click()
    page.wait_for_url("**/voila.js")
    page.close()


def test_a_person_who_follows_a_link_goes_on_with_one_click(
    context: BrowserContext, server: Server, elsewhere: str
) -> None:
    log_in(context, server)
    page = context.new_page()
    page.goto(elsewhere)
    page.evaluate("window.open = () => null")
    page.click("#link")
    expect(page).to_have_title("Open the dashboard · DANN")
    assert accessible(page)
    assert not server.kernels()
    page.get_by_role("link", name="Open the dashboard").click()
    opened(page)
    assert page.locator("[data-setting=steps]").input_value() == "77"
    leave(page, server)


def test_a_link_with_the_token_opens_at_once_and_a_full_server_says_so(
    context: BrowserContext, server: Server, elsewhere: str
) -> None:
    page = context.new_page()
    page.goto(elsewhere)
    page.evaluate("window.open = () => null")
    page.click("#token")
    opened(page)
    second = context.new_page()
    answer = second.goto(server.at(""), timeout=SECONDS * 1000)
    assert answer
    assert answer.status == 503
    expect(second).to_have_title("Full · DANN")
    assert accessible(second)
    page.close(run_before_unload=True)
    second.get_by_role("link", name="Try again").click()
    opened(second)
    expect(second).to_have_url(re.compile(re.escape(server.at(""))))
    leave(second, server)
