"""docs/odd-inputs.md says what the program says, and each sentence says what to do."""

from __future__ import annotations

import re
import sys

import pytest

from dann_core.errors import DannError
from tools import odd_inputs

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="some names are Linux's alone")
WHOLE = re.compile(r"[^.].*[^.]\. [A-Z].*\.")
"""At least two sentences: what is wrong, and what to do."""
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+) \|$", re.MULTILINE)


def rows() -> list[tuple[str, str, str]]:
    return ROW.findall(odd_inputs.PAGE.read_text(encoding="utf-8"))


def test_the_page_is_what_the_program_says() -> None:
    text = odd_inputs.PAGE.read_text(encoding="utf-8")
    assert odd_inputs.page(text) == text, "Run: python -m tools.odd_inputs --write"


def test_there_are_many_rows_and_each_is_of_something_else() -> None:
    found = rows()
    assert len(found) == len(odd_inputs.ALL) >= 60
    assert [int(number) for number, _, _ in found] == list(range(1, len(found) + 1))
    kinds = [(odd.kind, odd.what) for odd in odd_inputs.ALL]
    assert len(set(kinds)) == len(kinds)
    assert sum(not said.startswith(odd_inputs.TAKEN) for _, _, said in found) >= 60


@pytest.mark.parametrize(("what", "said"), [row[1:] for row in rows()])
def test_each_sentence_says_what_to_do(what: str, said: str) -> None:
    assert said.startswith(odd_inputs.TAKEN) or WHOLE.fullmatch(said)
    assert len(said) < 400
    assert "/tmp" not in said


def test_an_error_that_is_none_of_ours_is_no_row() -> None:
    def fails(_: object) -> None:
        raise ValueError("of a library")

    with pytest.raises(ValueError, match="of a library"):
        odd_inputs.said_of(odd_inputs.Odd("folders", "a fault", fails))

    def refuses(_: object) -> None:
        raise DannError("It is odd. Mend it.")

    assert odd_inputs.said_of(odd_inputs.Odd("folders", "odd", refuses)) == "It is odd. Mend it."
