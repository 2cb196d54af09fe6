"""A learner's copy of the lessons: what is given, renewed, and never overwritten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dann_core.errors import DannError
from dann_lab.lessons.copies import RECORD, copy_lessons

LESSONS = ("notebooks", "solutions")


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """What a release ships: one lesson, in both editions."""
    for edition in LESSONS:
        (tmp_path / "shipped" / edition).mkdir(parents=True)
        (tmp_path / "shipped" / edition / "01.ipynb").write_text("first", encoding="utf-8")
    return tmp_path / "shipped"


def lessons(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*.ipynb")
    }


BOTH = {"notebooks/01.ipynb": "first", "solutions/01.ipynb": "first"}


def test_a_first_copy_has_everything_and_a_second_one_does_nothing(
    shipped: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "far" / "mine"
    assert "Copied: 2 files." in copy_lessons(shipped, mine).sentences(mine)
    assert lessons(mine) == BOTH
    assert copy_lessons(shipped, mine).sentences(mine) == [
        f"Your copy of the lessons is in {mine}."
    ]


def test_an_upgrade_renews_what_is_unchanged_and_puts_the_rest_beside(
    shipped: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    (mine / "notebooks" / "01.ipynb").write_text("my work", encoding="utf-8")
    assert len(copy_lessons(shipped, mine).sentences(mine)) == 1  # nothing new to give
    for edition in LESSONS:
        (shipped / edition / "01.ipynb").write_text("second", encoding="utf-8")
    told = copy_lessons(shipped, mine).sentences(mine)
    after = {
        "notebooks/01.ipynb": "my work",
        "notebooks/01-new.ipynb": "second",
        "solutions/01.ipynb": "second",
    }
    assert lessons(mine) == after
    assert any(
        re.search(r"You changed notebooks.01.ipynb.*notebooks.01-new.ipynb", s) for s in told
    )
    assert any("not changed them: 1" in sentence for sentence in told)
    assert len(copy_lessons(shipped, mine).sentences(mine)) == 1  # said and given once
    (shipped / "notebooks" / "01.ipynb").write_text("third", encoding="utf-8")
    copy_lessons(shipped, mine)
    assert lessons(mine) == after | {"notebooks/01-new-2.ipynb": "third"}


@pytest.mark.parametrize("record", ["", "[]", "{"])
def test_without_a_readable_record_nothing_is_overwritten(
    record: str, shipped: Path, tmp_path: Path
) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01.ipynb").write_text("a file of mine", encoding="utf-8")
    (tmp_path / RECORD).write_text(record, encoding="utf-8")
    copy_lessons(shipped, tmp_path)
    assert (tmp_path / "notebooks" / "01.ipynb").read_text(encoding="utf-8") == "a file of mine"
    assert (tmp_path / "notebooks" / "01-new.ipynb").read_text(encoding="utf-8") == "first"


def test_a_lesson_that_was_thrown_away_comes_back(shipped: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine)
    (mine / "notebooks" / "01.ipynb").unlink()
    copy_lessons(shipped, mine)
    assert lessons(mine) == BOTH


def test_a_file_where_the_folder_should_be_is_an_error_with_the_remedy(
    shipped: Path, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(DannError, match="dann lab FOLDER"):
        copy_lessons(shipped, tmp_path / "taken")
