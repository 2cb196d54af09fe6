"""Numbers in texts are those of the files of results, and claims on them are true."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools import numbers
from tools.numbers import ROOT, NumberError, check, filled, marked

FOUND = {
    "dann": {"target": {"mean": 0.728, "std": 0.012, "each": [0.7155, 0.7404]}, "steps": 8600},
    "source": {"target": {"mean": 0.549, "std": 0.014, "each": [0.5356, 0.5643]}},
    "near": {"target": {"mean": 0.74, "std": 0.01, "each": [0.73, 0.75]}},
    "losses": [0.64, 5334.0],
    "regret": {"mean": 2.04, "std": 1.0, "low": -0.44, "high": 4.52, "each": [1.0, 3.0]},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / numbers.RESULTS
    folder.mkdir(parents=True)
    (folder / "r.json").write_text(json.dumps(FOUND), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("r/dann/target", ".728 ± .012"),
        ("r/dann/target as mean", ".728"),
        ("r/dann/target as two", ".73"),
        ("r/dann/target as percent", "73 %"),
        ("r/dann/target as range", ".72-.74"),
        ("r/dann/target as percents", "72 % to 74 %"),
        ("r/dann/steps as whole", "8,600"),
        ("r/losses/1 as whole", "5,334"),
        ("r/losses/0", ".640"),
        ("r/regret as interval", "2.0 (-0.4 to 4.5)"),
    ],
)
def test_a_number_is_filled_in(place: str, text: str, root: Path) -> None:
    assert filled(f"It is {{{{{place}}}}}.", root) == f"It is {text}."
    file = f"It is <!--= {place} -->old\nnumber<!-- /= -->."
    new = f"It is <!--= {place} -->{text}<!-- /= -->."
    assert marked(file, root) == new
    assert marked(new, root) == new


@pytest.mark.parametrize(
    "claim",
    [
        "r/dann/target > r/source/target",
        "r/source/target < r/dann/target",
        "r/dann/target ~ r/near/target",
        "r/dann/target > 0.71",
        "r/losses/1 > 100",
    ],
)
def test_a_true_claim_says_nothing(claim: str, root: Path) -> None:
    check(claim, root)
    assert filled(f"One.\n{{{{claim: {claim}}}}}\nTwo.", root) == "One.\nTwo."
    file = f"One. <!-- claim: {claim} -->"
    assert marked(file, root) == file


@pytest.mark.parametrize(
    "claim",
    [
        "r/dann/target < r/source/target",
        "r/near/target > r/dann/target",
        "r/dann/target ~ r/source/target",
        "r/dann/target > 0.72",
    ],
)
def test_a_claim_that_is_not_true_any_more_is_an_error(claim: str, root: Path) -> None:
    for text in (f"{{{{claim: {claim}}}}}", f"<!-- claim: {claim} -->"):
        with pytest.raises(NumberError, match="not true any more"):
            (filled if text.startswith("{") else marked)(text, root)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{r/dann/targt}}", "no number 'r/dann/targt'"),
        ("{{other/dann}}", "no number 'other/dann'"),
        ("{{r/losses/7}}", "no number"),
        ("{{r/dann/target as loud}}", "no form 'loud'"),
        ("{{r/dann/steps as range}}", "another kind"),
        ("{{claim: r/dann/target}}", "no claim"),
    ],
)
def test_what_is_wrong_is_named(text: str, says: str, root: Path) -> None:
    with pytest.raises(NumberError, match=says):
        filled(text, root)


def test_the_projects_own_claims_are_true() -> None:
    numbers.made()


@pytest.mark.parametrize(
    "page", numbers.pages(), ids=lambda page: page.relative_to(ROOT).as_posix()
)
def test_a_tables_rows_have_as_many_cells_as_its_head(page: Path) -> None:
    """A bar ends a cell, also inside a comment."""
    text = page.read_text(encoding="utf-8")
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        bars = [len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()]
        assert set(bars) == {bars[0]}, table
