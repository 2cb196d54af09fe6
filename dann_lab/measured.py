"""What the scripts of benchmarks/ measured once, as it travels with the package."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "lessons"


@cache
def results(name: str) -> dict[str, Any]:
    """The whole file ``name``, such as "ablation"; whoever asks again gets the same object, and
    leaves it as it is."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found
