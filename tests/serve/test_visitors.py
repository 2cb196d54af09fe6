"""Whom the dashboard's server lets in, and what it says to the others: a real server, asked over
HTTP. What a browser makes of it is in tests/browser/test_visits.py."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from serving import PAGE, Server, page_of, running, wait_until
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dann_lab.serve.servers import NOTEBOOKS
from dann_lab.serve.visitors import forget_token, is_from_elsewhere
from dann_lab.serve.voila_server import is_path

ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}
A_PICTURE = ELSEWHERE | {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
A_FRAME = ELSEWHERE | {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
A_LINK = ELSEWHERE | {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
A_NEIGHBOUR = A_LINK | {"Sec-Fetch-Site": "same-site"}
A_GUESS = {"Sec-Fetch-Site": "none", "Sec-Purpose": "prefetch;prerender"}

FORMS = [
    *("", "x", "x/y", "/", "//evil.example/", "..%2f", "..%2f..%2fetc%2fpasswd", "%2e%2e/"),
    *("..%5c", "%00", "a%00b", "%0d%0aX: y", "%ff", "%c3%28", "é", "%", "%zz", ":", "~", "*", "("),
    *("a" * 5000, "%252e%252e%252f", "dann", "dann/static", "dann/static/", "dann/static/%00"),
    *("dann/static/..%2f..%2fpage.html", "dann/nostatic/x", "nosuch/static/x", "../static/x"),
    *("dann/static/page.js", "a-b-c-d-e", "a-b-c-d-e/channels"),
    *("?token=%ff", "?token=a&token=b", "?next=//evil.example"),
]
PLACES = [
    *("", "voila/", "voila/templates/", "voila/static/", "voila/labextensions/", "voila/files/"),
    *("voila/api/themes/", "voila/api/shutdown/", "voila/query/", "api/kernels/"),
    *("login", "logout"),
]


@pytest.fixture(scope="module")
def server(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with page_of(tmp_path_factory.mktemp("home"), "print('here')", max_pages=1) as server:
        yield server


def get(server: Server, path: str, headers: dict[str, str] | None = None) -> requests.Response:
    """As it stands: ``requests`` would make a path without dots of it before it asks."""
    with requests.Session() as session:
        request = session.prepare_request(requests.Request("GET", server.at(""), headers=headers))
        request.url = server.at(path)
        return session.send(request, allow_redirects=False, timeout=60)


def with_token(server: Server) -> dict[str, str]:
    return {"Authorization": f"token {server.token}"}


@pytest.mark.parametrize("path", ["", "?token=", "?token=guess", "voila/tree", "anything"])
def test_without_the_token_a_page_leads_to_the_form_that_asks_for_it(
    server: Server, path: str
) -> None:
    answer = get(server, path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?next=%2F")
    assert not server.kernels()


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("path", ["api/kernels/a-b-c-d-e", "voila/api/shutdown/a-b-c-d-e"])
def test_without_the_token_nothing_tells_of_a_kernel_or_ends_it(
    server: Server, method: str, path: str
) -> None:
    assert requests.request(method, server.at(path), timeout=60).status_code in (403, 405)


def test_without_the_token_nobody_talks_to_a_kernel(server: Server) -> None:
    channels = server.at("api/kernels/a-b-c-d-e/channels").replace("http", "ws", 1)
    with pytest.raises(InvalidStatus) as error, connect(channels):
        pass
    assert error.value.response.status_code == 403


def test_the_form_takes_the_token_and_nothing_else(server: Server) -> None:
    session = requests.Session()
    form = session.get(server.at(""), timeout=60)
    assert 'for="token"' in form.text
    entry = {"_xsrf": session.cookies["_xsrf"], "password": "guess"}
    address = server.at("login?next=%2Fvoila%2Fstatic%2Fvoila.js")
    wrong = session.post(address, entry, timeout=60)
    assert wrong.status_code == 401
    assert "This is not the token" in wrong.text
    right = session.post(address, entry | {"password": server.token}, timeout=60)
    assert (right.status_code, right.url) == (200, server.at("voila/static/voila.js"))
    astray = server.at("login?next=https%3A%2F%2Fevil.example")
    astray_to = session.post(astray, entry | {"password": server.token}, allow_redirects=False)
    assert astray_to.headers["Location"] == "/"


def test_cookies_are_for_this_server_alone(server: Server) -> None:
    page = requests.get(server.url, headers={"X-Forwarded-Proto": "https"}, timeout=60)
    cookies = page.raw.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert "SameSite=Strict" in cookie
        assert "Path=/" in cookie
        login = not cookie.startswith("_xsrf")  # which the page reads
        assert ("HttpOnly" in cookie) is login
        assert ("Secure" in cookie) is login
    end(server, page)


def end(server: Server, page: requests.Response) -> None:
    """What a tab that is closed asks for."""
    [kernel] = re.findall(r'"kernelId": "([^"]+)"', page.text)
    address = server.at(f"voila/api/shutdown/{kernel}")
    assert requests.post(address, headers=with_token(server), timeout=60).status_code == 204
    wait_until(lambda: not server.kernels(), 60, "the kernel ends")


@pytest.mark.parametrize("headers", [A_PICTURE, A_FRAME, A_LINK, A_NEIGHBOUR, A_GUESS, ELSEWHERE])
def test_another_site_starts_no_kernel_with_or_without_a_login(
    server: Server, headers: dict[str, str]
) -> None:
    session = requests.Session()
    entry = {"_xsrf": "", "password": server.token}
    session.get(server.at("login"), timeout=60)
    entry["_xsrf"] = session.cookies["_xsrf"]
    session.post(server.at("login?next=/login?next=/x"), entry, allow_redirects=False, timeout=60)
    for path in ("", "?token=guess"):
        answer = session.get(server.at(path), headers=headers, timeout=60)
        assert answer.status_code == 403
        assert 'class="button" href="/"' in answer.text
    assert get(server, "", headers).status_code == 403
    assert not server.kernels()


def test_a_link_with_the_token_opens_the_page_from_anywhere(server: Server) -> None:
    page = requests.get(server.url, headers=A_LINK, timeout=60)
    assert page.status_code == 200
    end(server, page)


@pytest.mark.parametrize("place", PLACES)
def test_no_address_makes_the_server_fail(server: Server, place: str) -> None:
    for form in FORMS:
        for headers in ({}, with_token(server)):
            if not place and form in ("", "/", "?token=a&token=b", "?next=//evil.example"):
                continue  # the page itself
            status = get(server, place + form, headers).status_code
            assert status < 500, (place + form, headers)
            if ".." in form or "%00" in form:
                assert status in (302, 400, 403, 404, 405)


def test_what_lies_below_the_templates_is_served_and_what_lies_above_is_not(
    server: Server,
) -> None:
    assert get(server, "voila/templates/dann/static/page.js").status_code == 200
    for path in ("..%2f..%2fetc/passwd", "dann/static/..%2findex.html.j2", "dann/index.html.j2"):
        assert get(server, f"voila/templates/{path}").status_code == 404


def test_a_name_that_was_not_given_is_refused_with_the_option_that_gives_it(
    server: Server,
) -> None:
    answer = get(server, "", with_token(server) | {"Host": "Evil.example:8866"})
    assert answer.status_code == 403
    assert "dann dashboard --allow-host evil.example" in answer.text
    hostile = get(server, "", with_token(server) | {"Host": "<b>x</b>"})
    assert hostile.status_code in (400, 403)
    assert "<b>x" not in hostile.text


def test_when_all_places_are_taken_a_page_says_so_until_one_is_free(server: Server) -> None:
    for _ in range(2):
        page = requests.get(server.url, timeout=60)
        assert page.status_code == 200
        kernels = server.kernels()
        assert len(kernels) == 1
        full = requests.get(server.url, timeout=60)
        assert full.status_code == 503
        assert full.headers["Retry-After"] == "30"
        assert "dann dashboard --max-pages 2" in full.text
        assert server.kernels() == kernels
        end(server, page)


def test_many_at_once_get_no_more_kernels_than_there_are_places(server: Server) -> None:
    with ThreadPoolExecutor(6) as pool:
        pages = list(pool.map(lambda _: requests.get(server.url, timeout=120), range(6)))
    [page] = [page for page in pages if page.status_code == 200]
    assert [page.status_code for page in pages].count(503) == 5
    assert len(server.kernels()) == 1
    end(server, page)


def test_kernels_that_wait_count_and_are_used_when_all_other_places_are_taken(
    own_cache: Path, tmp_path: Path
) -> None:
    with page_of(tmp_path, "print('here')", max_pages=2, preheat=2) as server:
        wait_until(lambda: len(server.kernels()) == 2, 120, "two kernels wait")
        waiting = server.kernels()
        for _ in range(2):
            answer = requests.get(server.url, timeout=120)
            assert (answer.status_code, "here" in answer.text) == (200, True)
        assert requests.get(server.url, timeout=120).status_code == 503
        assert server.kernels() == waiting
        # Nobody is connected to them: they end, and others wait in their place.
        wait_until(
            lambda: len(server.kernels() - waiting) == 2 and not server.kernels() & waiting,
            120,
            "two new kernels wait",
        )


def test_a_token_from_the_environment_lets_in_and_is_not_printed(
    own_cache: Path, tmp_path: Path
) -> None:
    given = "import os; os.environ['JUPYTER_TOKEN'] = 'a secret&1'; "
    with running(
        [sys.executable, "-c", given + PAGE, str(NOTEBOOKS / "05_dashboard.ipynb"), "{}"], tmp_path
    ) as server:
        assert server.url.endswith("/")
        header = {"Authorization": "token a secret&1"}
        wait_until(
            lambda: "JUPYTER_TOKEN" in (tmp_path / "server.log").read_text(encoding="utf-8"),
            10,
            "it says where",
        )
        assert "secret" not in (tmp_path / "server.log").read_text(encoding="utf-8")
        assert get(server, "voila/tree", header).status_code == 404
        assert get(server, "voila/tree").status_code == 302


def test_without_a_token_everybody_is_let_in_but_no_other_site(
    own_cache: Path, tmp_path: Path
) -> None:
    with page_of(tmp_path, "1", token=False) as server:
        assert server.url.endswith("/")
        assert get(server, "voila/tree").status_code == 404
        assert get(server, "", A_LINK).status_code == 403
        assert get(server, "?token=x", A_LINK).status_code == 403
        assert not server.kernels()


def test_what_a_browser_says_of_where_a_request_comes_from() -> None:
    for headers in (A_PICTURE, A_FRAME, A_LINK, A_NEIGHBOUR, A_GUESS, ELSEWHERE):
        assert is_from_elsewhere(headers)
    for site in ("none", "same-origin"):
        assert not is_from_elsewhere({"Sec-Fetch-Site": site})
    assert not is_from_elsewhere({})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/a?token=x", "/a"),
        ("/a?b=1&token=x&c=", "/a?b=1&c="),
        ("/a?b=%26&token=x&token=y", "/a?b=%26"),
        ("/a", "/a"),
    ],
)
def test_the_token_goes_no_further_than_the_door(before: str, after: str) -> None:
    line = RequestStartLine("GET", before, "HTTP/1.1")
    request = HTTPServerRequest(headers=HTTPHeaders({"Host": "h"}), start_line=line)
    forget_token(request)
    assert request.uri == after
    assert request.full_url() == f"http://h{after}"
    assert "token" not in request.arguments


@pytest.mark.parametrize("path", ["/", "/a/b.c", "/%20", "/%c3%a9", "/a..b", "/%252e%252e"])
def test_what_could_be_an_address(path: str) -> None:
    assert is_path(path)


@pytest.mark.parametrize(
    "path", ["/..", "/a/%2e%2e/b", "/%2e.%2f", "/..%5ca", "/%00", "/%0a", "/%ff"]
)
def test_what_could_not(path: str) -> None:
    assert not is_path(path)
