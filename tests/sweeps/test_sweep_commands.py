"""``dann sweep`` and ``dann table`` as a person types them, and the page of a sweep."""

from __future__ import annotations

import importlib.util
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from typed_command import Dann, is_one_line

from dann_lab.cli import sweep as command
from dann_lab.runs.folder import CHECKPOINT
from dann_lab.sweeps import page as pages
from dann_lab.sweeps.plan import plan, typed
from dann_lab.sweeps.progress import Progress
from dann_lab.sweeps.work import Outcome

GRID = ["--grid", "lambda=0,1", "--grid", "steps=2", "--grid", "batch-size=8"]


@pytest.fixture
def dann(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Dann:
    return Dann(monkeypatch, capsys)
