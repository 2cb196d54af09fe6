"""JupyterLab's kernels: one that is closed or left alone ends, and keeps first what it can."""

from __future__ import annotations

import asyncio
from typing import Any

import psutil
from jupyter_client.session import utcnow
from traitlets import Float

from dann_lab.serve.voila_server import PageKernels

MEMORY_GB = 2.0
"""The memory that all kernels may take, unless told otherwise: two lessons or three, and all of it
below 3 GB whichever way it is counted."""
ALONE_SECONDS = 60.0
"""The time without a sign of its reader after which a kernel may make room for others. A notebook
that is on the screen gives one every 10 s (js/src/shared/notebook.js)."""
PATIENCE = 30.0
"""The seconds that a kernel has to keep what was trained."""
INTERRUPT_SECONDS = 10.0
"""The time in which a cell that runs has to hear that it is interrupted."""
GB = 1e9
ENDING = "__import__('sys').modules['dann_lab.widgets.ending']"
"""The module that a kernel has loaded if a lesson was run in it, as an expression."""
CLOSED = "This notebook's Python was ended."


def out_of_memory(limit: float) -> str:
    return (
        "This notebook's Python was ended to free memory: the open notebooks took more than "
        f"{limit:g} GB, and this one had been left alone the longest."
    )


def left_alone(minutes: float) -> str:
    return (
        "This notebook's Python was ended to free memory: it had been left alone for "
        f"{minutes:g} minutes."
    )


class LessonKernels(PageKernels):
    """Beside Voila's pages, looks after the kernels of notebooks.

    A kernel that runs a cell is left in peace, and so is one that trains beside its page, unless
    its tab is closed. Every other is asked to keep what was trained and to tell its pages, and
    then ends.
    """

    memory_gb = Float(
        MEMORY_GB,
        help="GB that all kernels may take together. Beyond that the one left alone the longest "
        "ends. 0: no limit.",
    ).tag(config=True)
    idle_minutes = Float(
        60.0, help="Minutes alone after which a notebook's kernel ends. 0: it stays."
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._told: set[str] = set()  # those that have kept what they can

    async def cull_kernels(self) -> None:
        await super().cull_kernels()
        if self.memory_gb:
            await self._make_room()

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        if self.is_page(kernel_id):
            await super().cull_kernel_if_idle(kernel_id)
        elif self.idle_minutes and self._alone(kernel_id) > 60 * self.idle_minutes:
            await self._end(kernel_id, left_alone(self.idle_minutes))

    async def _async_shutdown_kernel(
        self, kernel_id: str, now: bool | None = False, restart: bool | None = False
    ) -> None:
        if not (now or restart or kernel_id in self._told or self.is_page(kernel_id)):
            await self._take_leave(kernel_id, CLOSED, even_working=True)
        await super()._async_shutdown_kernel(kernel_id, now=now, restart=restart)
        self._told.discard(kernel_id)

    shutdown_kernel = _async_shutdown_kernel  # type: ignore[assignment]

    async def _make_room(self) -> None:
        """End the kernel that was left alone the longest, if they take too much; one at a time,
        for the next look comes in seconds."""
        kernels = self.list_kernel_ids()
        if sum(map(self._memory_gb, kernels)) <= self.memory_gb or len(kernels) < 2:
            return
        notebooks = [kernel_id for kernel_id in kernels if not self.is_page(kernel_id)]
        for kernel_id in sorted(notebooks, key=self._alone, reverse=True):
            if self._alone(kernel_id) < ALONE_SECONDS:
                return
            if await self._end(kernel_id, out_of_memory(self.memory_gb)):
                return

    def _alone(self, kernel_id: str) -> float:
        """Seconds since anybody or anything used the kernel; 0 while it starts or runs a cell."""
        kernel: Any = self.get_kernel(kernel_id)
        if kernel.execution_state != "idle":
            return 0.0
        return float((utcnow() - kernel.last_activity).total_seconds())

    def _memory_gb(self, kernel_id: str) -> float:
        kernel: Any = self.get_kernel(kernel_id)
        try:
            used = psutil.Process(kernel.provisioner.pid).memory_full_info()
        except (psutil.Error, AttributeError):  # it starts, or has just ended
            return 0.0
        # What several kernels share, such as PyTorch's code, counts once where that is known.
        return float(getattr(used, "pss", used.uss)) / GB

    async def _end(self, kernel_id: str, why: str) -> bool:
        """Whether the kernel could be ended: one that trains stays."""
        if not await self._take_leave(kernel_id, why, even_working=False):
            return False
        self._told.add(kernel_id)
        await self.shutdown_kernel(kernel_id)
        return True

    async def _take_leave(self, kernel_id: str, why: str, *, even_working: bool) -> bool:
        """Have the kernel keep what was trained and tell its pages; False if it works and stays."""
        kernel: Any = self.get_kernel(kernel_id)
        if kernel.execution_state == "starting":
            return True  # nothing was run yet
        if kernel.execution_state == "busy" and not (even_working and await _interrupted(kernel)):
            return even_working
        client = kernel.client()
        client.start_channels(shell=True, iopub=False, stdin=False, hb=False, control=False)
        try:
            ended = f"{ENDING}.end({why!r}, even_working={even_working})"
            reply = await client.execute(
                "", silent=True, user_expressions={"ended": ended}, reply=True, timeout=PATIENCE
            )
        except TimeoutError:  # it began to run a cell meanwhile
            return even_working
        finally:
            client.stop_channels()
        said = reply["content"].get("user_expressions", {}).get("ended", {})
        return bool(said.get("data", {}).get("text/plain") != "False")


async def _interrupted(kernel: Any) -> bool:
    """Interrupt the kernel's cell; whether it ended."""
    await kernel.interrupt_kernel()
    for _ in range(int(INTERRUPT_SECONDS / 0.1)):
        if kernel.execution_state != "busy":
            return True
        await asyncio.sleep(0.1)
    return False
