"""What Python and the pages tell each other is written down twice, and the two agree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import (
    Any,
    Literal,
    NamedTuple,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import pytest

from dann_lab.lessons import protocol as lessons
from dann_lab.live import protocol as live
from dann_lab.runs import protocol as runs
from dann_lab.widgets import protocol as widgets

PAGES = Path(__file__).resolve().parents[2] / "js" / "src"
SAID_TWICE: dict[str, ModuleType] = {
    "dashboard": live,
    "player": runs,
    "reader": runs,
    "playground": lessons,
    "beside": lessons,
    "blending": lessons,
    "explore": widgets,
    "quiz": lessons,
    "predict": lessons,
}
ASKED = {
    "dashboard": ("Message", "Envelope"),
    "playground": ("PlaygroundQuestion", "PlaygroundEnvelope"),
    "beside": ("BesideQuestion", "BesideEnvelope"),
    "explore": ("ExploreQuestion", ""),
    "blending": ("BlendQuestion", "Wanted"),
}
"""The type of a page's questions in Python, and the type that it builds on."""
ANSWERS = {"Explored", "BlendAnswer"}
"""The answers that add nothing but their type and the client to a type that is compared."""
TYPEDEF = re.compile(r"/\*\*(?:(?!\*/).)*?@typedef \{object\} (\w+)(?:(?!\*/).)*\*/", re.DOTALL)
PROPERTY = re.compile(r"@property \{(.*?)\} (\[?)(\w+)\]?(?: |$)", re.MULTILINE)
ALIAS = re.compile(r"@typedef \{(\"\w+\"(?: \| \"\w+\")*)\} (\w+)")


class Part(NamedTuple):
    """A part of a message: whether it is always there, whether it can be null, and its words if
    only some are allowed."""

    required: bool
    nullable: bool
    words: frozenset[str] | None


def read(folder: str) -> str:
    return (PAGES / folder / "protocol.js").read_text(encoding="utf-8")


def aliases(folder: str) -> dict[str, str]:
    """The names that a page has for a choice of words."""
    return {name: words for words, name in ALIAS.findall(read(folder))}


def page_part(type_: str, optional: str, names: Mapping[str, str]) -> Part:
    options = {option.strip() for option in names.get(type_, type_).split("|")}
    nullable = "null" in options
    options -= {"null"}
    quoted = all(re.fullmatch(r'"\w+"', option) for option in options)
    words = frozenset(option.strip('"') for option in options) if quoted else None
    return Part(not optional, nullable, words)


def page_types(folder: str) -> dict[str, dict[str, Part]]:
    """The object types of a folder's protocol.js, part by part."""
    names = aliases(folder)
    return {
        found[1]: {
            name: page_part(type_, optional, names)
            for type_, optional, name in PROPERTY.findall(found[0])
        }
        for found in TYPEDEF.finditer(read(folder))
    }


def python_part(hint: Any) -> Part:
    required = get_origin(hint) is not NotRequired
    if not required:
        (hint,) = get_args(hint)
    options = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    nullable = NoneType in options
    rest = [option for option in options if option is not NoneType]
    words = None
    if all(get_origin(option) is Literal for option in rest):
        words = frozenset(word for option in rest for word in get_args(option))
    return Part(required, nullable, words)


def python_type(module: ModuleType, name: str) -> dict[str, Part] | None:
    """The same of a TypedDict of a protocol module; None if it has none of that name."""
    found = vars(module).get(name)
    if not is_typeddict(found):
        return None
    hints = get_type_hints(found, include_extras=True)
    return {key: python_part(hint) for key, hint in hints.items()}


@pytest.mark.parametrize("folder", SAID_TWICE)
def test_every_message_is_the_same_on_both_sides(folder: str) -> None:
    here = page_types(folder)
    assert here, "the page has types"
    for name, properties in here.items():
        assert python_type(SAID_TWICE[folder], name) == properties, f"{folder}: {name}"


@pytest.mark.parametrize("folder", ASKED)
def test_every_question_has_the_same_parts_on_both_sides(folder: str) -> None:
    """A question's own parts; those of the envelope that all have are compared above."""
    name, inherited = ASKED[folder]
    forms = re.findall(r"\{ (type: [^}]*)\}", read(folder))
    forms = [form for form in forms if name not in ANSWERS and "client:" not in form]
    assert forms, "the page asks"
    parts = {part for form in forms for part in re.findall(r"(\w+)\??:", form)}
    python = python_type(SAID_TWICE[folder], name)
    assert python is not None
    assert python.keys() == {"client", *parts, *(python_type(SAID_TWICE[folder], inherited) or {})}
    names = aliases(folder)
    types = {re.match(r"type: ([^,]+)", form)[1].strip() for form in forms}  # type: ignore[index]
    words = {word for type_ in types for word in re.findall(r'"(\w+)"', names.get(type_, type_))}
    assert python["type"].words == words


def test_every_page_that_has_a_protocol_is_compared() -> None:
    assert {path.parent.name for path in PAGES.glob("*/protocol.js")} == SAID_TWICE.keys()


def test_python_has_no_message_that_no_page_knows() -> None:
    known = {name for folder in SAID_TWICE for name in page_types(folder)}
    known |= {name for name, _ in ASKED.values()} | ANSWERS
    for module in {*SAID_TWICE.values()}:
        types = {name: found for name, found in vars(module).items() if is_typeddict(found)}
        own = {name for name, found in types.items() if found.__module__ == module.__name__}
        assert own <= known, f"{module.__name__}: {sorted(own - known)}"
