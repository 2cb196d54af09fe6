"""Who may open a page, which takes a process: a person with the token, not another web site."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError


def _hash(script: str) -> str:
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


HEADERS = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'self'",
            # No script that stands in HTML, whoever wrote it, and none of another machine. From
            # blob: come the widgets' own and Plotly's, which arrive over the websocket. Voila
            # writes the one line into a page while a cell takes long.
            f"script-src 'self' blob: {_hash('window.voila_heartbeat()')}",
            "style-src 'self' 'unsafe-inline'",  # JupyterLab and Plotly write their styles so
            "img-src 'self' blob: data:",
            "font-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What a browser may do with a page, and what other sites may learn of it: nothing."""


class Elsewhere(HTTPError):
    """A page that another site asked for. ``link``: where a person goes on, if it was one."""

    def __init__(self, link: str) -> None:
        super().__init__(403, "Another site asked for this page.")
        self.link = link


def refuse_other_sites(headers: Mapping[str, str], link: str) -> None:
    """Raise :class:`Elsewhere` for a page that another site, or a browser on a guess, asks for.

    An image, a frame or a script of any site in the world can ask for ``http://127.0.0.1:8866/``
    from the browser of a person who never meant to. The browser says so. A person who follows a
    link comes from another site too: they get a page with ``link``, and what asks next is our own
    page. Not for a request with the right token, which is nobody's guess.
    """
    if is_from_elsewhere(headers):
        raise Elsewhere(link)


def is_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Whether the browser says that another site asks, or that it only looks ahead.

    ``none`` is an address that a person typed. An old browser, or a program, says nothing at all.
    """
    looks_ahead = "prefetch" in headers.get("Sec-Purpose", "")
    return looks_ahead or headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin")


def forget_token(request: HTTPServerRequest) -> None:
    """Take the token out of the address, which Voila hands on to the page's process."""
    request.arguments.pop("token", None)
    request.query_arguments.pop("token", None)
    kept = [pair for pair in parse_qsl(request.query, keep_blank_values=True) if pair[0] != "token"]
    request.query = urlencode(kept)
    request.uri = request.path + (f"?{request.query}" if kept else "")
