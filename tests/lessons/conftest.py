"""The scripts beside the lessons, and the site's, importable from here."""

from __future__ import annotations

import sys
from pathlib import Path

for folder in ("lessons", "site"):
    sys.path.insert(0, str(Path(__file__).parents[2] / folder))
