"""The table in docs/robustness.md."""

from __future__ import annotations

import platform
import re
from collections import Counter
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tools.soak.verdicts import KINDS, Kind

PAGE = Path(__file__).parents[2] / "docs" / "robustness.md"
BEGIN, END = "<!-- made by python -m tools.soak --write -->", "<!-- end -->"
Counts = dict[str, Counter[Kind]]


def table(counts: Counts) -> str:
    """A row for each area and one for all, in Markdown."""
    rows = [f"| area | tried | {' | '.join(KINDS.values())} |"]
    rows.append("| --- |" + " ---: |" * (len(KINDS) + 1))
    every: Counter[Kind] = sum(counts.values(), Counter())
    for area, found in [*counts.items(), ("**all**", every)]:
        numbers = [found.total(), *(found[kind] for kind in KINDS)]
        rows.append(f"| {area} | " + " | ".join(f"{n:,}" for n in numbers) + " |")
    return "\n".join(rows)


def written(counts: Counts, command: str) -> str:
    """The table with what made it."""
    made = ", ".join(f"{name} {version(name)}" for name in ("torch", "numpy", "typer"))
    return (
        f"    {command}\n\n{date.today():%d %B %Y}, {platform.system()}, "
        f"Python {platform.python_version()}, {made}.\n\n{table(counts)}"
    )


def write(counts: Counts, command: str, page: Path = PAGE) -> None:
    """Put it between the page's marks."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    new = f"{before}{BEGIN}\n{written(counts, command)}\n{END}{after}"
    page.write_text(new, encoding="utf-8")


def read(page: Path = PAGE) -> dict[str, list[int]]:
    """The numbers of each area, as the page has them."""
    text = page.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    rows = re.findall(r"^\| (.+?) \| ([\d,]+ \|.*) \|$", text, re.MULTILINE)
    return {area: [int(n.replace(",", "")) for n in numbers.split(" | ")] for area, numbers in rows}
