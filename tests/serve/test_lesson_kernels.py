"""Which kernels of notebooks end, and how: with real ones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from dann_lab.serve import lesson_kernels
from dann_lab.serve.lesson_kernels import LessonKernels

SECONDS = 120
LESSON = """
import sys, types
from pathlib import Path

def end(why, even_working):
    Path({told!r}).write_text(why)
    return even_working or not {works}

sys.modules["dann_lab.widgets.ending"] = types.SimpleNamespace(end=end)
"""
"""What a lesson leaves in its kernel, for a kernel that has none of our packages loaded."""
TRAINING = """
import time
try:
    time.sleep(1000)
finally:
    open({kept!r}, "w").close()
"""


class Notebooks:
    """A server's kernels, and what a learner does in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kernels = LessonKernels(
            root_dir=str(folder), kernel_spec_manager=KernelSpecManager(), memory_gb=0.001
        )

    async def open(self) -> str:
        kernel_id = await self.kernels.start_kernel()
        client = self.kernel(kernel_id).client()
        client.start_channels()
        await client.wait_for_ready(SECONDS)

        def idle() -> bool:
            client.kernel_info()  # what it told before the server listened is lost
            return bool(self.kernel(kernel_id).execution_state == "idle")

        await self.until(idle)
        client.stop_channels()
        return kernel_id

    async def lesson(self, works: bool = False) -> str:
        kernel_id = await self.open()
        await self.run(kernel_id, LESSON.format(told=str(self.told(kernel_id)), works=works))
        await self.until(lambda: self.kernel(kernel_id).execution_state == "idle")
        return kernel_id

    async def run(self, kernel_id: str, code: str, wait: bool = True) -> None:
        client = self.kernel(kernel_id).client()
        client.start_channels(hb=False)
        sent = client.execute(code, reply=wait, timeout=SECONDS)
        if wait:
            assert (await sent)["content"]["status"] == "ok"
        else:
            await self.until(lambda: self.kernel(kernel_id).execution_state == "busy")
        client.stop_channels()

    def leave_alone(self, kernel_id: str, seconds: float) -> None:
        self.kernel(kernel_id).last_activity -= timedelta(seconds=seconds)

    def kernel(self, kernel_id: str) -> Any:
        return self.kernels.get_kernel(kernel_id)

    def told(self, kernel_id: str) -> Path:
        return self.folder / kernel_id

    async def until(self, condition: Callable[[], object]) -> None:
        async def holds() -> None:
            while not condition():
                await asyncio.sleep(0.05)

        await asyncio.wait_for(holds(), SECONDS)


def in_a_server(folder: Path, story: Callable[[Notebooks], Awaitable[None]]) -> None:
    async def told() -> None:
        notebooks = Notebooks(folder)
        try:
            await story(notebooks)
        finally:
            await notebooks.kernels.shutdown_all(now=True)

    # In a thread, because a browser test before may have left a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, told()).result()


def test_beyond_the_limit_the_one_left_alone_the_longest_ends_and_is_told_why(
    tmp_path: Path,
) -> None:
    async def story(notebooks: Notebooks) -> None:
        longest, long, used = [await notebooks.lesson() for _ in range(3)]
        notebooks.leave_alone(longest, 200)
        notebooks.leave_alone(long, 100)
        await notebooks.kernels.cull_kernels()
        assert set(notebooks.kernels.list_kernel_ids()) == {long, used}
        assert "to free memory" in notebooks.told(longest).read_text(encoding="utf-8")
        await notebooks.kernels.cull_kernels()
        await notebooks.kernels.cull_kernels()
        assert notebooks.kernels.list_kernel_ids() == [used]
        notebooks.leave_alone(used, 1000)
        await notebooks.kernels.cull_kernels()
        assert notebooks.kernels.list_kernel_ids() == [used], "there is nobody to make room for"

    in_a_server(tmp_path, story)


@pytest.mark.parametrize("enough", [100.0, 0.0])
def test_where_there_is_room_or_no_limit_none_ends(tmp_path: Path, enough: float) -> None:
    async def story(notebooks: Notebooks) -> None:
        notebooks.kernels.memory_gb = enough
        both = {await notebooks.lesson(), await notebooks.lesson()}
        for kernel_id in both:
            notebooks.leave_alone(kernel_id, 1000)
        await notebooks.kernels.cull_kernels()
        assert set(notebooks.kernels.list_kernel_ids()) == both

    in_a_server(tmp_path, story)


def test_one_that_trains_or_runs_a_cell_stays_and_the_next_makes_room(tmp_path: Path) -> None:
    async def story(notebooks: Notebooks) -> None:
        busy, training, reading = (
            await notebooks.lesson(),
            await notebooks.lesson(works=True),
            await notebooks.lesson(),
        )
        await notebooks.run(busy, "import time; time.sleep(1000)", wait=False)
        notebooks.leave_alone(busy, 10_000)
        notebooks.leave_alone(training, 1000)
        notebooks.leave_alone(reading, 100)
        await notebooks.kernels.cull_kernels()
        assert set(notebooks.kernels.list_kernel_ids()) == {busy, training}
        assert notebooks.kernel(busy).execution_state == "busy", "it was not interrupted"

    in_a_server(tmp_path, story)


def test_after_an_hour_alone_a_notebook_ends_even_where_there_is_room(tmp_path: Path) -> None:
    async def story(notebooks: Notebooks) -> None:
        notebooks.kernels.memory_gb = 100.0
        left, own = await notebooks.lesson(), await notebooks.open()
        notebooks.leave_alone(left, 3601)
        notebooks.leave_alone(own, 3500)
        await notebooks.kernels.cull_kernels()
        assert notebooks.kernels.list_kernel_ids() == [own]
        assert "alone for 60 minutes" in notebooks.told(left).read_text(encoding="utf-8")
        notebooks.leave_alone(own, 200)  # one in which no lesson was run
        await notebooks.kernels.cull_kernels()
        assert not notebooks.kernels.list_kernel_ids()

    in_a_server(tmp_path, story)


def test_a_closed_tab_ends_even_what_trains_and_what_it_is_told_first(tmp_path: Path) -> None:
    async def story(notebooks: Notebooks) -> None:
        training = await notebooks.lesson(works=True)
        await notebooks.kernels.shutdown_kernel(training)
        assert not notebooks.kernels.list_kernel_ids()
        assert notebooks.told(training).read_text(encoding="utf-8") == lesson_kernels.CLOSED

    in_a_server(tmp_path, story)


def test_a_cell_that_runs_while_its_tab_is_closed_keeps_what_it_can(tmp_path: Path) -> None:
    kept = tmp_path / "kept"

    async def story(notebooks: Notebooks) -> None:
        busy = await notebooks.lesson()
        await notebooks.run(busy, TRAINING.format(kept=str(kept)), wait=False)
        await notebooks.kernels.shutdown_kernel(busy)
        assert kept.exists()
        assert notebooks.told(busy).exists()

    in_a_server(tmp_path, story)


def test_ctrl_c_in_the_terminal_is_told_to_all(tmp_path: Path) -> None:
    async def story(notebooks: Notebooks) -> None:
        both = await notebooks.lesson(), await notebooks.lesson()
        await notebooks.kernels.shutdown_all()
        assert all(notebooks.told(kernel_id).exists() for kernel_id in both)

    in_a_server(tmp_path, story)


def test_a_cell_that_hears_no_interrupt_does_not_keep_the_server_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lesson_kernels, "INTERRUPT_SECONDS", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(1000)"

    async def story(notebooks: Notebooks) -> None:
        kernel_id = await notebooks.lesson()
        await notebooks.run(kernel_id, deaf, wait=False)
        await notebooks.kernels.shutdown_kernel(kernel_id)
        assert not notebooks.kernels.list_kernel_ids()

    in_a_server(tmp_path, story)
