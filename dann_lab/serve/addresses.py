"""What a server is called: the host and port it listens on, and the names it answers to."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from urllib.parse import quote

from tornado.netutil import bind_sockets

from dann_core.errors import DannError
from dann_core.plain_numbers import Whole, plain

PORTS_TRIED = 50
EVERYWHERE = ("0.0.0.0", "::")
"""Hosts that stand for all addresses of this machine."""


class ServerError(DannError):
    """A server that cannot start."""


def choose_port(host: str, port: Whole | None, *, preferred: int) -> int:
    """The port to listen on: the one named, any (0), or the first free one from ``preferred``.

    Raises :class:`ServerError` if the host is not this machine's or the named port is taken.
    """
    if not host.strip():
        raise ServerError("The host has no name. Choose 127.0.0.1 (this machine only) or 0.0.0.0.")
    named = plain(port)
    candidates = [named] if named is not None else range(preferred, preferred + PORTS_TRIED)
    _check_host(host)
    for candidate in candidates:
        try:
            sockets = bind_sockets(candidate, host)
        except OSError as error:
            reason = error
            continue
        found: int = sockets[0].getsockname()[1]
        for each in sockets:
            each.close()
        return found
    tried = f"Port {port}" if port is not None else f"Each port from {preferred} on"
    raise ServerError(
        f"{tried} of {host} is out of reach ({reason.strerror}). Choose another with --port."
    )


def _check_host(host: str) -> None:
    """Raises :class:`ServerError` unless a program of this machine can listen on ``host``."""
    try:
        for each in bind_sockets(0, host):  # 0: any port, so that the host alone can be at fault
            each.close()
    except (OSError, ValueError) as error:  # ValueError: nothing that could be a host's name
        reason = getattr(error, "strerror", None) or error
        raise ServerError(
            f"{host!r} is no address of this machine ({reason}). Choose another with --host: "
            "127.0.0.1 (this machine only) or 0.0.0.0 (all its addresses)."
        ) from error


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address) can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def checked_hosts(hosts: Iterable[str]) -> list[str]:
    """Names by which a browser may call the server, in small letters.

    Raises :class:`ServerError` for what is no name alone, such as an address with ``https://``.
    """
    names = [host.lower() for host in hosts]
    for name in names:
        if not is_ip(name) and not re.fullmatch(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", name):
            raise ServerError(
                f"--allow-host {name!r}: give the name alone, without https://, port or path, "
                "such as dann.example.org. Several are options of their own, or stand in "
                "DANN_ALLOW_HOST with spaces between them."
            )
    return names


def is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def checked_base_url(path: str) -> str:
    """``path`` with a slash before and behind it; ``/`` for an empty one.

    Raises :class:`ServerError` for what is no plain path.
    """
    parts = path.strip("/").split("/") if path.strip("/") else []
    if not all(re.fullmatch(r"[A-Za-z0-9_~-][A-Za-z0-9_.~-]*", part) for part in parts):
        raise ServerError(
            f"--base-url {path!r}: give a path of letters, digits and - _ . ~, such as /dann/."
        )
    return "".join(f"/{part}" for part in parts) + "/"


def url(host: str, port: int, base_url: str, token: str) -> str:
    """The address to open; ``token`` may be empty."""
    named = f"[{host}]" if ":" in host else host
    query = f"?token={quote(token, safe='')}" if token else ""
    return f"http://{named}:{port}{base_url}{query}"


def names_of(host: str) -> list[str]:
    """What to call a server that listens on ``host``: first for this machine, then for others."""
    if host not in EVERYWHERE:
        return [host]
    return ["127.0.0.1" if host == "0.0.0.0" else "::1", socket.gethostname()]


def origins(hosts: Iterable[str]) -> str:
    """A pattern for what a browser names as a page's origin, if the page came from ``hosts``."""
    names = "|".join(re.escape(f"[{host}]" if ":" in host else host) for host in hosts)
    return rf"https?://({names})(:\d+)?$"
