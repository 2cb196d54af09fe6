"""What Python and the pages tell each other is written down twice, and the two agree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import NotRequired, get_origin, get_type_hints, is_typeddict

import pytest

from dann_lab.lessons import protocol as lessons
from dann_lab.live import protocol as live
from dann_lab.runs import protocol as runs
from dann_lab.widgets import protocol as widgets

PAGES = Path(__file__).resolve().parents[2] / "js" / "src"
SAID_TWICE: dict[str, ModuleType] = {
    "dashboard": live,
    "player": runs,
    "playground": lessons,
    "blending": lessons,
    "explore": widgets,
}
TYPEDEF = re.compile(r"/\*\*(?:(?!\*/).)*?@typedef \{object\} (\w+)(?:(?!\*/).)*\*/", re.DOTALL)
PROPERTY = re.compile(r"@property \{.*?\} (\[?)(\w+)\]?(?: |$)", re.MULTILINE)


def page_types(folder: str) -> dict[str, dict[str, bool]]:
    """The object types of a folder's protocol.js: for each property whether it is always there."""
    text = (PAGES / folder / "protocol.js").read_text(encoding="utf-8")
    return {
        found[1]: {name: not optional for optional, name in PROPERTY.findall(found[0])}
        for found in TYPEDEF.finditer(text)
    }


def python_type(module: ModuleType, name: str) -> Mapping[str, bool] | None:
    """The same of a TypedDict of a protocol module; None if it has none of that name."""
    found = vars(module).get(name)
    if not is_typeddict(found):
        return None
    hints = get_type_hints(found, include_extras=True)
    return {key: get_origin(hint) is not NotRequired for key, hint in hints.items()}


@pytest.mark.parametrize("folder", SAID_TWICE)
def test_every_message_is_the_same_on_both_sides(folder: str) -> None:
    here = page_types(folder)
    assert here, "the page has types"
    for name, properties in here.items():
        assert python_type(SAID_TWICE[folder], name) == properties, f"{folder}: {name}"


def test_python_has_no_message_that_no_page_knows() -> None:
    known = {name for folder in SAID_TWICE for name in page_types(folder)}
    for module in {*SAID_TWICE.values()}:
        own = {
            n
            for n, v in vars(module).items()
            if is_typeddict(v) and v.__module__ == module.__name__
        }
        assert own <= known, f"{module.__name__}: {sorted(own - known)}"
