"""Voila's server with what our pages need: a kernel that ends with its page, preheated or not."""

from __future__ import annotations

from typing import Any

from jupyter_client.session import utcnow
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler
from voila.utils import ENV_VARIABLE


class PageKernels(AsyncMappingKernelManager):
    """Culls the kernels of Voila's pages alone; a notebook's kernel, on the same server, stays.

    A page's clock starts when the culler first sees it outside the pool of preheated kernels.
    Such a kernel last spoke before anybody came, and would be culled while its page still loads.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._seen: dict[str, bool] = {}  # of each page's kernel: has the culler seen it?

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        kernel_id: str = await super().start_kernel(**kwargs)
        if ENV_VARIABLE.VOILA_PREHEAT in kwargs.get("env", {}):  # Voila's mark, True or False
            self._seen[kernel_id] = False
        return kernel_id

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        if self._seen.get(kernel_id):
            await super().cull_kernel_if_idle(kernel_id)
        elif kernel_id in self._seen:
            self._seen[kernel_id] = True
            kernel: Any = self.get_kernel(kernel_id)
            kernel.last_activity = utcnow()


class PageHandler(TornadoVoilaHandler):
    """Sends the ``_xsrf`` cookie along with the page.

    Without it, the request that a closing tab makes to end its kernel is refused, and the kernel
    lives on (voila#1458). Voila's prelaunch hook could do this too, but not for a preheated page.
    """

    async def get(self, path: str | None = None) -> None:
        _ = self.xsrf_token  # reading it sets the cookie
        await super().get(path)


class PageServer(Voila):
    """Voila with :class:`PageHandler`."""

    def init_handlers(self) -> list[Any]:
        return [
            (path, PageHandler if handler is TornadoVoilaHandler else handler, *arguments)
            for path, handler, *arguments in super().init_handlers()
        ]
