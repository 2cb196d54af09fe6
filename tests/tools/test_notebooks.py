"""How a source becomes notebooks, and what is said of one that breaks a rule."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from dann_lab.exercises import exercises
from tools import notebooks

LESSON = """# A comment before the first cell.

# %% [markdown]
# # Two
#
# **Time** about 7 minutes on a CPU. **Memory** under 1 GB. **Download** none: built in.
# **Before this**: [one](01_one.ipynb), [words](glossary.ipynb#Target).

# %%
1 + 1

# %% tags=["exercise-blend"]
...

# %% [markdown]
# ## You saw
#
# * sums.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lessons").mkdir()
    write(tmp_path / "lessons", "02_two", LESSON)
    measured = {"machine": "a machine", "lessons": {"02_two": {"seconds": 3, "peak_mb": 450}}}
    (tmp_path / "tools").mkdir()
    (tmp_path / notebooks.MEASURED).write_text(json.dumps(measured), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.dann]\nrepository = ""\n', encoding="utf-8")
    return tmp_path / "lessons"


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.py").write_text(text, encoding="utf-8")


def texts(folder: Path) -> dict[Path, str]:
    return notebooks.build(folder.parent)


def built(folder: Path, path: str) -> nbformat.NotebookNode:
    return nbformat.reads(texts(folder)[Path(path)], as_version=4)


def test_the_learner_gets_the_stub_and_the_solution_edition_the_answer(folder: Path) -> None:
    learner = built(folder, "notebooks/02_two.ipynb")
    solution = built(folder, "notebooks/solutions/02_two.ipynb")
    assert [cell.source for cell in learner.cells][2:4] == ["1 + 1", "..."]
    assert solution.cells[3].source == exercises.blend.answer.strip()
    assert learner.cells[0].source.startswith("# Two\n")
    assert solution.cells[0].source.startswith("# Two (solution edition)\n")
    tags = [cell.metadata.get("tags", []) for cell in learner.cells]
    assert tags == [[], ["setup"], [], ["exercise-blend"], []]


def test_what_runs_code_begins_with_the_same_cell_and_what_does_not_has_none(folder: Path) -> None:
    write(folder, "01_one", LESSON.replace("# # Two", "# # One"))
    write(folder, "glossary", "# %% [markdown]\n# # Glossary\n")
    cells = [built(folder, path).cells[1] for path in map(str, texts(folder)) if "gl" not in path]
    assert [cell.metadata.tags for cell in cells] == [["setup"]] * 4
    assert len({(cell.source, cell.id) for cell in cells}) == 1
    assert len(built(folder, "notebooks/glossary.ipynb").cells) == 1


def test_the_first_cell_installs_only_from_an_address_that_is_set(folder: Path) -> None:
    def first() -> str:
        return str(built(folder, "notebooks/02_two.ipynb").cells[1].source)

    assert "pip" not in first()
    assert "public address, which is not set" in first()
    (folder.parent / "pyproject.toml").write_text(
        '[tool.dann]\nrepository = "https://github.com/someone/thing"\n', encoding="utf-8"
    )
    assert "--no-deps https://github.com/someone/thing/archive/refs/heads/main.zip" in first()
    assert "not set" not in first()
    assert len([line for line in first().splitlines() if line.strip()]) <= 10


def test_links_of_a_solution_edition_go_to_solutions_where_there_are_some(folder: Path) -> None:
    write(folder, "01_one", LESSON.replace("# # Two", "# # One"))
    text = built(folder, "notebooks/solutions/02_two.ipynb").cells[0].source
    assert "[one](01_one.ipynb)" in text
    assert "[words](../glossary.ipynb#Target)" in text


def test_the_same_source_gives_the_same_bytes_and_a_new_cell_changes_no_other(folder: Path) -> None:
    assert texts(folder) == texts(folder)
    before = [cell.id for cell in built(folder, "notebooks/02_two.ipynb").cells]
    write(folder, "02_two", LESSON.replace("# %%\n1 + 1", "# %%\n2 + 2\n\n# %%\n1 + 1"))
    after = [cell.id for cell in built(folder, "notebooks/02_two.ipynb").cells]
    assert [id_ for id_ in after if id_ in before] == before
    assert len(set(after)) == len(before) + 1


def test_two_cells_that_say_the_same_have_ids_of_their_own(folder: Path) -> None:
    write(folder, "02_two", LESSON.replace("# %%\n1 + 1", "# %%\n1 + 1\n\n# %%\n1 + 1"))
    ids = [cell.id for cell in built(folder, "notebooks/02_two.ipynb").cells]
    assert len(set(ids)) == len(ids)


def test_the_table_has_what_the_author_says_and_what_was_measured(folder: Path) -> None:
    start = "# %% [markdown]\n# # Start\n#\n# {{lessons}}\n\n# %% [markdown]\n# ## You saw\n"
    write(folder, "00_start_here", start)
    text = built(folder, "notebooks/00_start_here.ipynb").cells[0].source
    assert "| [Two](02_two.ipynb) | 7 min | 3 s | 450 MB | none |" in text
    assert "Measured on a machine" in text
    assert "{{" not in text


def test_a_notebook_without_a_source_should_not_be_there(folder: Path) -> None:
    (folder.parent / "notebooks").mkdir()
    (folder.parent / "notebooks" / "09_gone.ipynb").write_text("{}", encoding="utf-8")
    made = notebooks.made(folder.parent)
    assert made == texts(folder) | {Path("notebooks/09_gone.ipynb"): None}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("1 + 1", "1\n" * 21), "02_two, cell 2: 21 lines of code"),
        (("exercise-blend", "exercise-blond"), "02_two, cell 3: there is no exercise 'blond'"),
        (("## You saw", "## The end"), '02_two: .*"## You saw"'),
        (("# %%", "# %"), "02_two: there is no cell"),
    ],
)
def test_a_source_that_breaks_a_rule_is_named(
    folder: Path, change: tuple[str, str], message: str
) -> None:
    write(folder, "02_two", LESSON.replace(*change))
    with pytest.raises(notebooks.LessonError, match=message):
        texts(folder)
