"""Where the lessons can be run, in the order in which that is offered, and what each place costs.

The links are those of links.py; minutes and memory were measured by measure.py. The site has the
list on its front page, and the same places on each lesson's (website/make_site.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import links
from tools.notebooks import MEASURED, REFERENCE, ROOT

OWN = "Your own machine"
BINDER_MB = 450
"""The memory that mybinder.org promises each visitor; 2 GB is the most that it gives."""
FIRST = "00_start_here"
MBIT = 50
"""The megabits a second for which the time of a download is told."""
PAGE_GB = 1
"""What an open live page is counted as (dann_lab/serve/servers.py)."""


@dataclass(frozen=True)
class Place:
    """``link``: "" where there is none. ``needs``, ``minutes``, ``memory``: what it costs, in
    words."""

    name: str
    link: str
    needs: str
    minutes: str
    memory: str


def places(lesson: str = FIRST, root: Path = ROOT) -> list[Place]:
    """Each place, with the link that opens ``lesson``. Raises :class:`links.LinkError`."""
    measured = json.loads((root / MEASURED).read_text(encoding="utf-8"))
    set_up, lessons = measured["set_up"], measured["lessons"]
    opened = links.places(lesson, root)
    least, most = (limit(peaks(lessons)) / 1000 for limit in (min, max))
    a_lesson = f"a lesson takes {least:.1f} to {most:.1f} GB"
    whole, small = set_up["download_mb"], set_up["download_mb"] - set_up["of_gpus_mb"]
    first_cell = f"the first cell installs two packages, here in {set_up['first_cell_seconds']} s"
    everything = f"at first it downloads up to {downloading(small)}, and takes some more to install"
    promised = f"it gives 2 GB at most and promises {BINDER_MB} MB: {about_binder(lessons)}"
    theirs = f"{a_lesson} of theirs"
    costs = {
        "Colab": ("an account with Google", first_cell, theirs),
        "Codespaces": ("an account with GitHub", everything, f"{a_lesson} of their 8 GB"),
        "Binder": ("no account", "it waits for a free machine, and keeps nothing", promised),
        "Kaggle": ("an account with Kaggle, and its internet on", first_cell, theirs),
    }
    found = [Place(name, opened.get(name, ""), *told) for name, told in costs.items()]
    return [
        *found,
        Place(
            OWN,
            "",
            "Python 3.11 or newer",
            f"once up to {downloading(small)} to download, or on Linux with PyTorch's CUDA build "
            f"{downloading(whole)}, and some more to install; then it starts at once",
            f"{a_lesson}, the live page {PAGE_GB} GB",
        ),
    ]


def downloading(mb: int) -> str:
    """Such as "1.2 GB (3 min)"."""
    return f"{mb / 1000:.1f} GB ({max(1, round(mb * 8 / MBIT / 60))} min)"


def peaks(lessons: dict[str, Any]) -> list[int]:
    """MB, of each lesson."""
    return [found["peak_mb"] for name, found in lessons.items() if name not in REFERENCE]


def about_binder(lessons: dict[str, Any]) -> str:
    """What happens to the first lesson where no more than the promise is left."""
    if lessons[FIRST]["peak_mb"] < BINDER_MB:
        return "enough for the first lesson"
    return "on a full machine a lesson's Python is ended, and has to be started again"


def listed(root: Path = ROOT) -> str:
    """All places as a numbered list in Markdown, with links as far as there are some, and below it
    what the figures are of. Raises :class:`links.LinkError`."""
    lines = []
    for place in places(root=root):
        name = f"[{place.name}]({place.link})" if place.link else place.name
        costs = f"{capital(place.minutes)}. {capital(place.memory)}."
        lines.append(f"1. **{name}** needs {place.needs}. {costs}")
    measured = json.loads((root / MEASURED).read_text(encoding="utf-8"))
    notes = [
        f"Memory was measured on {measured['machine']}, not on their machines. Minutes of "
        f"downloads are those at {MBIT} Mbit/s."
    ]
    if not links.repository(root):
        notes.append("All but the last need this project's public address, which is not set yet.")
    return "\n".join([*lines, "", " ".join(notes)])


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
