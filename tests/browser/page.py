"""A person at the live page: what they press, and what they can read off it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page, WebSocket, expect
from serving import wait_until

SECONDS = 150
"""A busy machine's time for what takes a few seconds on a quiet one."""

Curve = npt.NDArray[np.float32]


@dataclass
class LivePage:
    """The page in its tab. ``received``: the bytes of each websocket message."""

    page: Page
    errors: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    received: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        page = self.page
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))
        page.on(
            "console",
            lambda message: (
                message.type == "error"
                and self.errors.append(f"{message.text} ({message.location['url']})")
            ),
        )
        page.on("request", lambda request: self.asked.add(request.url))
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        self.asked.add(socket.url)
        socket.on("framereceived", lambda payload: self.received.append(len(payload)))

    @contextmanager
    def unharmed(self) -> Iterator[LivePage]:
        """Itself; nothing done meanwhile may leave an error in the browser's console."""
        yield self
        errors = self.errors.copy()
        self.errors.clear()
        assert not errors

    def open(self, url: str) -> None:
        self.page.goto(url, wait_until="commit", timeout=SECONDS * 1000)
        self.wait_until_usable()

    def wait_until_usable(self) -> None:
        train = self.page.get_by_role("button", name="Train", exact=True)
        expect(train).to_be_enabled(timeout=SECONDS * 1000)
        self.wait(lambda: self.page.locator("[data-plot=losses] svg").count() > 0, "plots appear")

    def wait(self, condition, what: str, seconds: float = SECONDS) -> None:  # type: ignore[no-untyped-def]
        wait_until(condition, seconds, f"{what}; the page says: {self.status!r}")

    # What a person does

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click(timeout=SECONDS * 1000)

    def apply(self, text: str) -> None:
        """Type settings into the field and press Enter."""
        self.shown("share").fill(text)
        self.shown("share").press("Enter")
        self.page.locator("[data-plot=losses]").click(position={"x": 2, "y": 2})  # leave the field

    def begin(self, text: str) -> None:
        """A new run with these settings, which have to differ from the last run's."""
        self.apply(text)
        steps = int(re.search(r"steps=(\d+)", text)[1])  # type: ignore[index]
        self.wait(lambda: f"Step 0 of {steps:,} · ready" in self.status, f"{text} is ready")
        self.wait(lambda: len(self.curve("losses")[0]) == 0, "the plots are empty")

    def train_to(self, step: int) -> int:
        """Train until ``step`` is reached at least, then pause; the step where it stands."""
        self.press("Train")
        self.wait(lambda: self.step >= step, f"step {step} is reached")
        self.press("Pause")
        self.wait(lambda: self.status.endswith("paused"), "training pauses")
        return self.settled()

    def settled(self) -> int:
        """The step, once the pictures show it too."""
        self.wait(lambda: last(self.curve("lambdas")[0]) == self.step, "the plots catch up")
        return self.step

    # What a person reads

    def shown(self, name: str):  # type: ignore[no-untyped-def]
        return self.page.locator(f"[data-show={name}]")

    @property
    def status(self) -> str:
        return self.shown("status").inner_text()

    @property
    def step(self) -> int:
        """As the status line says; -1 while it speaks of something else."""
        found = re.match(r"Step ([\d,]+) of", self.status)
        return int(found[1].replace(",", "")) if found else -1

    def setting(self, name: str) -> str:
        return self.page.locator(f"[data-setting={name}]").input_value()

    def traces(self, plot: str) -> list[str]:
        found: list[str] = self.page.evaluate(
            "plot => document.querySelector(`[data-plot=${plot}]`).data"
            ".filter(t => t.visible).map(t => t.name)",
            plot,
        )
        return found

    def curves(self, plot: str) -> list[tuple[Curve, Curve]]:
        """The x and y of each line that Plotly draws, float32, every bit as the kernel sent it.

        While a network trains, only what is in sight is drawn.
        """
        self.page.evaluate(
            "plot => document.querySelector(`[data-plot=${plot}]`)"
            ".scrollIntoView({ block: 'nearest' })",
            plot,
        )
        sent = self.page.evaluate(
            "plot => document.querySelector(`[data-plot=${plot}]`).data"
            ".map(t => [t.x.bdata, t.y.bdata])",
            plot,
        )
        return [
            tuple(np.frombuffer(base64.b64decode(text), dtype="<f4") for text in line)
            for line in sent
        ]

    def curve(self, plot: str, line: int = 0) -> tuple[Curve, Curve]:
        return self.curves(plot)[line]

    def losses(self) -> Curve:
        """float32 [2, points]: label loss and domain loss."""
        return np.stack([y for _, y in self.curves("losses")])


def last(values: Curve) -> float:
    return float(values[-1]) if len(values) else 0.0
