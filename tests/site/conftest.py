"""The scripts that make the site, and the browser tests' helpers, importable from here."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
for folder in ("lessons", "site", "tests/browser"):
    sys.path.insert(0, str(ROOT / folder))
