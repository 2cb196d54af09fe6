"""The last thing that a notebook's Python does: keep what was trained, and tell its pages.

JupyterLab's server asks for it (:mod:`dann_lab.serve.lesson_kernels`) before it ends a kernel.
"""

from __future__ import annotations

from typing import Any, Protocol
from weakref import WeakSet

BACK = (
    "Kernel → Restart Kernel and Run All Cells brings it back: variables are gone, the networks "
    "that a lesson trained are kept."
)


class Leaving(Protocol):
    """What may be at work, and have something to keep."""

    def works(self) -> bool:
        """Whether it does something that should not be cut off."""

    def leave(self) -> str:
        """Keep what can be kept; where, as a sentence, or "" for nothing."""

    def send(self, content: Any) -> None:
        """Send a message to the page."""


shown: WeakSet[Leaving] = WeakSet()
"""Each widget of ours that a cell has made."""


def end(why: str, *, even_working: bool = False) -> bool:
    """Keep and tell, unless one of the widgets works: then nothing is done, and False returned.

    ``why``: the sentence that the pages begin with. ``even_working``: cut off what is done.
    """
    widgets = list(shown)
    if not even_working and any(widget.works() for widget in widgets):
        return False
    kept = [sentence for widget in widgets if (sentence := widget.leave())]
    for widget in widgets:
        widget.send({"type": "ended", "text": " ".join([why, *kept, BACK])})
    return True
