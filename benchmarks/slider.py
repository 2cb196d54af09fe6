"""From a wish for another lambda to the first step that has it: of the live page's session by
itself, and of the page in a real browser."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import live
import torch

from dann_core.devices import choose_device
from dann_lab.live.session import Session
from dann_lab.live.settings import Settings

WARM_UP = 20
"""The number of steps before the first move."""


def by_session(pair: str, preset: str, device: str, moves: int) -> dict[str, list[float]]:
    """Milliseconds from each wish to the start of the first step that has it, and to its record."""
    settings = Settings().changed(pair=pair, preset=preset, steps=live.ALL_STEPS)
    session = Session(settings, device=device)
    asked: list[live.Step] = []
    wished: list[tuple[float, float]] = []
    try:
        until(session, lambda: session.state == "ready")
        assert session.run
        control = session.run.control

        def noted(step: int, progress: float) -> float:
            lambda_ = control(step, progress)
            asked.append(live.Step(time.time(), step, lambda_))
            return lambda_

        session.run.trainer.lambda_source = noted
        session.train()
        until(session, lambda: len(asked) > WARM_UP)
        for turn in range(moves):
            wish = (turn + 1) / 100
            wished.append((time.time() * 1000, wish))
            session.set_lambda(wish)
            time.sleep(live.BETWEEN_MOVES[turn % 2])
            until(session, lambda: asked[-2].lambda_ == wish)  # noqa: B023
    finally:
        session.close()
    # A step's record is there when the next step asks.
    recorded = [after._replace(lambda_=step.lambda_) for step, after in pairwise(asked)]
    return {
        "to the step, ms": live.latencies(wished, asked),
        "to its record, ms": live.latencies(wished, recorded),
    }


def until(session: Session, there: Callable[[], bool]) -> None:
    """Look at the page, as it takes to be trained, until something is the case."""
    begun = time.monotonic()
    while not there():
        session.looked_at()
        assert session.state != "failed", session.problem
        assert time.monotonic() - begun < live.PATIENCE, "the session does not train"
        time.sleep(0.01)


def in_browser(pair: str, preset: str, device: str) -> live.Live | str:
    """A visit with moves, as ``live.py`` makes it, or why there was none."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if chromium is None or not find_spec("playwright"):
        return "No Chromium or no Playwright here: the page was not opened."
    if choose_device().type != torch.device(device).type:
        return f"The page trains on {choose_device()}: it was not opened."
    from playwright.sync_api import sync_playwright

    chosen = argparse.Namespace(pair=pair, preset=preset, steps=2 * live.WARM_UP)
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        live.serving(Path(folder), torch.get_num_threads()) as url,
    ):
        started = playwright.chromium.launch(executable_path=chromium, args=live.CHROMIUM_FLAGS)
        found = live.visit(started, url, Path(folder) / "log", chosen, "", move=True)
        started.close()
    return found
