"""Voila's server with what our pages need: a kernel that ends with its page, preheated or not, no
more pages than the machine can carry, and an answer to every address."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http.client import responses
from typing import Any
from urllib.parse import unquote_to_bytes

from jinja2 import TemplateNotFound
from jupyter_client.session import utcnow
from jupyter_server.auth.logout import LogoutHandler
from jupyter_server.base.handlers import APIHandler
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError, RedirectHandler, RequestHandler, authenticated
from traitlets import Integer
from voila.app import Voila
from voila.request_info_handler import RequestInfoSocketHandler
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.utils import ENV_VARIABLE
from voila.voila_identity_provider import VoilaLoginHandler

from dann_lab.serve.visitors import HEADERS, forget_token, refuse_other_sites

WAIT_FOR_PLACE = 8.0
"""Seconds. A page that is loaded again comes before the kernel of the one it replaces has ended."""


class Full(HTTPError):
    """Every place is taken. ``places``: how many there are."""

    def __init__(self, places: int) -> None:
        super().__init__(503, "Every place is taken.")
        self.places = places


class PageKernels(AsyncMappingKernelManager):
    """Culls the kernels of Voila's pages alone; a notebook's kernel, on the same server, stays.

    A page's clock starts when the culler first sees it outside the pool of preheated kernels.
    Such a kernel last spoke before anybody came, and would be culled while its page still loads.
    """

    max_pages = Integer(8, min=1, config=True, help="Most kernels of pages, preheated ones too.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._seen: dict[str, bool] = {}  # of each page's kernel: has the culler seen it?
        self._starting = 0
        self._turn = asyncio.Lock()
        self._closing = False

    def has_place(self) -> bool:
        """Whether one more kernel may start."""
        self._seen = {known: seen for known, seen in self._seen.items() if known in self}
        return len(self._seen) + self._starting < self.max_pages

    def is_open(self) -> bool:
        """Whether one more page can be shown: with a new kernel, or with one that waits for it."""
        pools = getattr(self, "_pools", {})  # Voila's, of the tasks that make a kernel ready
        return self.has_place() or any(pool and pool[0].done() for pool in pools.values())

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place for one page, to be taken at once. Raises :class:`Full` if there is none."""
        await self._wait(self.is_open, WAIT_FOR_PLACE)
        async with self._turn:  # one at a time, so that each sees what the one before has left
            await self._wait(self.is_open, 0)
            yield

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        preheats = kwargs.get("env", {}).get(ENV_VARIABLE.VOILA_PREHEAT)  # Voila's mark
        if preheats is None:
            return await super().start_kernel(**kwargs)
        # A kernel for the pool has time: it starts when a page has left.
        await self._wait(self.has_place, float("inf") if preheats == "True" else WAIT_FOR_PLACE)
        self._starting += 1
        try:
            kernel_id: str = await super().start_kernel(**kwargs)
            self._seen[kernel_id] = False
        finally:
            self._starting -= 1
        return kernel_id

    async def _wait(self, ready: Callable[[], bool], seconds: float) -> None:
        """Raises :class:`Full` unless ``ready()`` is true within ``seconds``."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while not ready():
            if clock() >= end or self._closing:
                raise Full(self.max_pages)
            await asyncio.sleep(0.2)

    async def shutdown_all(self, *arguments: Any, **kwargs: Any) -> None:  # type: ignore[override]
        self._closing = True
        await super().shutdown_all(*arguments, **kwargs)

    def is_page(self, kernel_id: str) -> bool:
        """Whether it is the kernel of a page of Voila's."""
        return kernel_id in self._seen

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        if self._seen.get(kernel_id):
            await super().cull_kernel_if_idle(kernel_id)
        elif kernel_id in self._seen:
            self._seen[kernel_id] = True
            kernel: Any = self.get_kernel(kernel_id)
            kernel.last_activity = utcnow()


class Manners(RequestHandler):
    """What all of the server's answers have in common: whom they serve, and how they refuse."""

    async def prepare(self) -> None:
        if not is_path(self.request.path):
            raise HTTPError(404)
        if self.request.headers.get("X-Forwarded-Proto") == "https":
            self.request.protocol = "https"  # of the proxy: cookies are for https alone
        ready = super().prepare()
        if ready is not None:
            await ready

    def check_host(self) -> bool:
        """Jupyter's own, which knows no address that is not this machine's."""
        name = self.request.host_name.strip("[]").lower()
        if name in self.settings["local_hostnames"] or super().check_host():  # type: ignore[misc]
            return True
        raise WrongName(name)

    def write_error(self, status_code: int, **details: Any) -> None:
        if isinstance(self, APIHandler):
            return super().write_error(status_code, **details)
        exception = details.get("exc_info", (None, None))[1]
        pages = self.settings["voila_jinja2_env"]
        try:
            page = pages.get_template(f"{status_code}.html")
        except TemplateNotFound:
            page = pages.get_template("error.html")
        for name, value in HEADERS.items():
            self.set_header(name, value)
        if isinstance(exception, Full):
            self.set_header("Retry-After", "30")  # seconds: a page that died is cleared away then
        self.finish(
            page.render(
                base_url=self.settings["base_url"],
                status_code=status_code,
                status_message=responses.get(status_code, ""),
                exception=exception,
            )
        )
        return None


def is_path(path: str) -> bool:
    """Whether a file or a page could have this address: it is text without control characters,
    and no part of it leads upwards."""
    try:
        text = unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        return False
    return text.isprintable() and ".." not in re.split(r"[/\\]", text)


class WrongName(HTTPError):
    """A request for a name that the server was not given. ``name``: as the browser gave it."""

    def __init__(self, name: str) -> None:
        super().__init__(403, "%s is no name of this server.", name)
        self.name = name


class PageHandler(TornadoVoilaHandler):
    """One page, with a kernel of its own.

    Sends the ``_xsrf`` cookie along. Without it, the request that a closing tab makes to end its
    kernel is refused, and the kernel lives on (voila#1458). Voila's prelaunch hook could do this
    too, but not for a preheated page.
    """

    async def prepare(self) -> None:
        # Before anything else: a browser sends another site's request without the login cookie.
        if not self.identity_provider.get_token(self):
            refuse_other_sites(self.request.headers, self.base_url)
        await super().prepare()

    @authenticated
    async def get(self, path: str | None = None) -> None:
        if path:
            raise HTTPError(404)
        if not self.token_authenticated:
            refuse_other_sites(self.request.headers, self.base_url)
        forget_token(self.request)
        _ = self.xsrf_token  # reading it sets the cookie
        self.set_header("X-Accel-Buffering", "no")  # a proxy shows what is there as it comes
        page = self.get_generator()
        async with self.kernel_manager.place():
            self.write(await anext(page))  # now it has its kernel
        self.flush()
        async for html in page:
            self.write(html)
            self.flush()


class LoginHandler(VoilaLoginHandler):
    """Asks for the token."""

    def get_template(self, name: str) -> Any:
        return self.settings["voila_jinja2_env"].get_template(name)


class TemplateFiles(TemplateStaticFileHandler):
    """Voila's, which takes each address for ``TEMPLATE/static/FILE`` and fails where it is none."""

    def parse_url_path(self, url_path: str) -> str:
        if not is_path(url_path) or not re.match(r"[^/]+/static/.", url_path):
            raise HTTPError(404)
        return super().parse_url_path(url_path)


class NotFound(RequestHandler):
    def prepare(self) -> None:
        raise HTTPError(404)


OURS = {
    TornadoVoilaHandler: PageHandler,
    TemplateStaticFileHandler: TemplateFiles,
    VoilaLoginHandler: LoginHandler,
}
"""What stands in for Voila's own."""
UNUSED = (LogoutHandler, RequestInfoSocketHandler)
"""What no page of ours asks: the first has no template here, the second tells everybody how a page
was asked for."""


class PageServer(Voila):
    """Voila with what this module has."""

    def init_settings(self) -> dict[str, Any]:
        # Voila gives Tornado its settings after Tornado has looked for this one.
        compress = bool(self.tornado_settings.get("compress_response"))
        return {**super().init_settings(), "compress_response": compress}

    def init_handlers(self) -> list[Any]:
        base = self.base_url.rstrip("/")
        routes = []
        for path, handler, *arguments in super().init_handlers():
            if handler in UNUSED:
                continue
            if path == "/login":
                path = base + path
            ours = OURS.get(handler, handler)
            routes.append((path, type(ours.__name__, (Manners, ours), {}), *arguments))
        if base:
            routes.append((base, RedirectHandler, {"url": self.base_url}))
        return [*routes, (".*", type("NotFound", (Manners, NotFound), {}))]
