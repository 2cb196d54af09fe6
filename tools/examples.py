"""The code blocks of a page, as a person would type them; docs/your-data.md is such a page.

Blocks of a section share one Python session and one folder. Of a ``bash`` block each line is a
command. A ``python`` block whose first line is ``# name.py`` is the content of that file. Blocks
in other languages are only read. ``<!-- walk -->`` above a block makes it a part of its section's
walk.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
YOUR_DATA = ROOT / "docs" / "your-data.md"
FENCE = r"(?P<walk><!-- walk -->\n)?```(?P<language>\w+)\n(?P<code>.*?)^```"
PART = re.compile(rf"^(?:#{{2,3}} (?P<section>[^\n]+)|{FENCE})$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# ([\w-]+\.py)\n")


@dataclass(frozen=True)
class Block:
    """``walk``: whether it is a part of a walk from nothing to a result."""

    section: str
    language: str
    code: str
    walk: bool = False

    @property
    def file(self) -> str | None:
        """The name of the file that it is the content of."""
        named = NAMED.match(self.code) if self.language == "python" else None
        return named[1] if named else None

    @property
    def commands(self) -> list[list[str]]:
        """The words of each command of a ``bash`` block."""
        lines = self.code.replace("\\\n", " ").splitlines()
        return [words for line in lines if (words := shlex.split(line, comments=True))]

    @property
    def lines(self) -> int:
        """How many lines a person types."""
        return sum(bool(line.strip()) for line in self.code.splitlines())


def blocks(page: Path = YOUR_DATA) -> list[Block]:
    """All blocks of a page, in order."""
    found, section = [], ""
    for part in PART.finditer(page.read_text(encoding="utf-8")):
        if part["section"]:
            section = part["section"]
        else:
            found.append(Block(section, part["language"], part["code"], bool(part["walk"])))
    return found


def walks(page: Path = YOUR_DATA) -> dict[str, list[Block]]:
    """The blocks of each walk, by its section."""
    found: dict[str, list[Block]] = {}
    for block in blocks(page):
        if block.walk:
            found.setdefault(block.section, []).append(block)
    return found
