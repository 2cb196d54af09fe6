"""A learner's copy of the lessons: what is given, renewed, and never overwritten."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from disk import full_disk

from dann_core.errors import DannError
from dann_lab.lessons.copies import RECORD, CopyError, copy_lessons

LESSONS = ("notebooks", "notebooks/solutions")


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


BOTH = {"notebooks/01.ipynb": "first", "notebooks/solutions/01.ipynb": "first"}


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
        "notebooks/solutions/01.ipynb": "second",
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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize("name", [RECORD, "notebooks/01.ipynb"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(
    name: str, shipped: Path, tmp_path: Path
) -> None:
    (tmp_path / "notebooks").mkdir()
    os.mkfifo(tmp_path / name)
    with pytest.raises(CopyError, match="is a pipe, not a file"):
        copy_lessons(shipped, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="links take rights on Windows")
def test_a_lesson_behind_a_link_is_renewed_there(shipped: Path, tmp_path: Path) -> None:
    mine, real = tmp_path / "mine", tmp_path / "real.ipynb"
    copy_lessons(shipped, mine)
    (mine / "notebooks" / "01.ipynb").rename(real)
    (mine / "notebooks" / "01.ipynb").symlink_to(real)
    (shipped / "notebooks" / "01.ipynb").write_text("second", encoding="utf-8")
    copy_lessons(shipped, mine)
    assert (mine / "notebooks" / "01.ipynb").is_symlink()
    assert real.read_text(encoding="utf-8") == "second"


def test_a_full_disk_says_that_asking_again_goes_on(shipped: Path, tmp_path: Path) -> None:
    (shipped / "notebooks" / "solutions" / "01.ipynb").write_text("long " * 100, encoding="utf-8")
    with full_disk(100), pytest.raises(CopyError, match=r"disk is full.*asking again copies"):
        copy_lessons(shipped, tmp_path / "mine")
    assert lessons(tmp_path / "mine") == {"notebooks/01.ipynb": "first"}
    left = Path("notebooks", "solutions", "01.ipynb")
    assert copy_lessons(shipped, tmp_path / "mine").new == [left]


@pytest.mark.parametrize("name", ["n\0", "n\udcff", "n" * 300])
def test_a_name_that_no_folder_can_have_is_said(name: str, shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(CopyError, match="Choose another"):
        copy_lessons(shipped, tmp_path / name)
