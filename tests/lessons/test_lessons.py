"""What every lesson keeps to: its form, its exercises, its words and its links."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from spellchecker import SpellChecker

from dann_lab.exercises import exercises
from dann_lab.lessons.quizzes import QUIZZES
from tools import generated, notebooks
from tools.notebooks import MEASURED, ROOT, exercises_in

WORDS = ROOT / "lessons" / "words.txt"
NAMES = [source.stem for source in notebooks.sources()]
LESSONS = [name for name in NAMES if name not in notebooks.REFERENCE]
WITH_EXERCISES = [
    "01_two_domains",
    "02_gradient_reversal",
    "03_training",
    "04_feature_maps",
    "07_going_further",
    "08_your_own_data",
]
QUESTIONS = {
    "Who descends what": "02_gradient_reversal",
    "What a domain loss of ln 2 means": "03_training",
    "What the domain accuracy should be": "03_training",
    "When lambda is too high": "03_training",
    "Why papers disagree": "07_going_further",
    "Which lambda, and when": "03_training",
    "Are target labels used anywhere?": "03_training",
    "Domains of unequal size": "03_training",
    "Batch norm: shared or separate statistics": "07_going_further",
    "Choosing a checkpoint without target labels": "07_going_further",
    "Where the data comes from": "01_two_domains",
}
"""What people who share such code ask again and again: the sections that answer it."""


@cache
def built() -> dict[Path, Any]:
    return {path: nbformat.reads(text, as_version=4) for path, text in notebooks.build().items()}


@cache
def cells(name: str) -> list[Any]:
    """Of the learner's edition."""
    found: list[Any] = built()[Path("notebooks", f"{name}.ipynb")].cells
    return found


def code(name: str) -> list[str]:
    return [cell.source for cell in cells(name) if cell.cell_type == "code"]


def prose(name: str) -> list[str]:
    return [cell.source for cell in cells(name) if cell.cell_type == "markdown"]


def parsed(markdown: str) -> list[Token]:
    return MarkdownIt().enable("table").parse(re.sub(r"\$[^$]+\$", "", markdown))


def texts(markdown: str) -> list[str]:
    """The paragraphs, headings and table cells, without code, formulas and links' addresses."""
    inline = [token.children or [] for token in parsed(markdown) if token.type == "inline"]
    return ["".join(t.content if t.type == "text" else " " for t in tokens) for tokens in inline]


def headings(name: str) -> list[str]:
    """As JupyterLab names them in a link."""
    found = []
    for markdown in prose(name):
        tokens = parsed(markdown)
        for heading, inline in pairwise(tokens):
            if heading.type == "heading_open":
                children = inline.children or []
                found.append("".join(t.content for t in children).replace(" ", "-"))
    return found


def links(markdown: str) -> list[str]:
    children = [child for token in parsed(markdown) for child in token.children or []]
    return [str(child.attrs["href"]) for child in children if child.type == "link_open"]


# Form


def test_the_notebooks_are_what_their_sources_say() -> None:
    assert generated.drift(notebooks.made()) == [], "Run: make lessons"


def test_no_notebook_holds_outputs_or_the_state_of_widgets() -> None:
    for path in [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("notebooks/solutions/*.ipynb")]:
        notebook = nbformat.read(path, as_version=4)
        assert set(notebook.metadata) == {"kernelspec", "language_info", "kaggle"}
        assert notebook.metadata["kaggle"]["isInternetEnabled"]  # the first cell installs
        for cell in notebook.cells:
            folded = notebooks.FOLDED if "setup" in cell.metadata.get("tags", []) else {}
            assert {k: v for k, v in cell.metadata.items() if k != "tags"} == folded
            if cell.cell_type == "code":
                assert (cell.outputs, cell.execution_count) == ([], None)


@pytest.mark.parametrize("name", NAMES)
def test_cells_show_ideas_not_plumbing(name: str) -> None:
    lines = [sum(bool(line.strip()) for line in cell.splitlines()) for cell in code(name)]
    assert median(lines or [0]) <= 6
    assert max(lines, default=0) <= notebooks.LONGEST


@pytest.mark.parametrize("name", [name for name in NAMES if name != "glossary"])
def test_the_first_code_is_the_cell_that_prepares_colab(name: str) -> None:
    kinds = [(cell.cell_type, "setup" in cell.metadata.get("tags", [])) for cell in cells(name)]
    assert kinds[:2] == [("markdown", False), ("code", True)]
    assert not any(prepares for _, prepares in kinds[2:])


def test_the_set_up_is_folded_and_says_what_it_is() -> None:
    for name in NAMES[:-1]:
        lines = next(c for c in cells(name) if c.cell_type == "code").source.splitlines()
        assert lines[0].startswith("# @title Set-up: ")


def test_the_first_thing_in_the_lessons_moves_and_needs_no_glossary() -> None:
    opening, _, moving = cells(LESSONS[0])[:3]
    assert len(opening.source.split()) < 90
    assert "glossary" not in opening.source
    assert moving.source.splitlines()[-1] == "first_look()"


@pytest.mark.parametrize("name", LESSONS)
def test_the_first_cell_says_what_comes_and_the_last_what_was_seen(name: str) -> None:
    opening, last = cells(name)[0].source, cells(name)[-1].source
    assert opening.startswith("# ")
    # In the very first lesson something moves before anything is promised.
    first = cells(name)[3].source if name == LESSONS[0] else opening
    aims = re.search(r"^After .* you can\n\n((?:[*-] .+\n?)+)", first, re.MULTILINE)
    assert aims
    assert len(aims[1].splitlines()) == 3
    for what in ("Time", "Memory", "Download", "Before this"):
        assert notebooks.stated(cells(name), what), what
        assert f"**{what}**" in first
    assert re.search(r"\d+ min", notebooks.stated(cells(name), "Time"))
    assert last.startswith("## You saw")
    assert "**Next**: [" in last or name == LESSONS[-1]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "glossary"])
def test_a_lesson_takes_no_more_memory_than_it_says(name: str) -> None:
    measured = json.loads((ROOT / MEASURED).read_text(encoding="utf-8"))
    assert name in measured["lessons"], "Run: python -m tools.measure && make lessons"
    said = re.search(r"under ([\d.]+) GB", notebooks.stated(cells(name), "Memory"))
    assert said
    assert measured["lessons"][name]["peak_mb"] < 1000 * float(said[1])


@pytest.mark.parametrize("name", [name for name in LESSONS if name != "00_start_here"])
def test_each_lesson_ends_with_its_quiz(name: str) -> None:
    assert name in QUIZZES
    assert f'quiz("{name}")' in code(name)[-1]


# Exercises


@pytest.mark.parametrize("exercise", list(exercises), ids=lambda exercise: exercise.name)
def test_each_exercise_is_set_in_its_lesson_and_nowhere_else(exercise: Any) -> None:
    assert [n for n in NAMES if exercise.name in exercises_in(cells(n))] == [exercise.lesson]
    sequence = cells(exercise.lesson)
    (at,) = [i for i, cell in enumerate(sequence) if exercise.name in exercises_in([cell])]
    task, stub, check = sequence[at - 1 : at + 2]
    dots = "●" * exercise.difficulty + "○" * (3 - exercise.difficulty)
    heading = f"### Exercise: {exercise.title} · difficulty {dots} · {exercise.minutes} minutes"
    assert heading in task.source
    assert without_blank_lines(stub.source) == without_blank_lines(exercise.stub)
    assert check.source.splitlines()[-1].startswith(f"exercises.{exercise.name}.check(")


def without_blank_lines(code: str) -> list[str]:
    return [line for line in code.splitlines() if line.strip()]


@pytest.mark.parametrize("name", WITH_EXERCISES)
def test_each_lesson_with_exercises_has_a_solution_edition(name: str) -> None:
    names = exercises_in(cells(name))
    assert names
    edition = built()[Path("notebooks", "solutions", f"{name}.ipynb")]
    assert edition.cells[0].source.splitlines()[0].endswith("(solution edition)")
    answers = {cell.source for cell in edition.cells if exercises_in([cell])}
    assert answers == {getattr(exercises, exercise).answer.strip() for exercise in names}


def test_there_are_at_least_ten_exercises() -> None:
    assert len(exercises) >= 10


def test_the_short_path_takes_75_minutes_and_lists_each_section_that_is_marked() -> None:
    (path,) = [m for m in prose("00_start_here") if m.startswith("## Half an evening")]
    assert "In all 75 minutes." in path
    marked = [
        f"{name}.ipynb#{markdown.splitlines()[0].lstrip('# ').replace(' ', '-')}"
        for name in LESSONS
        for markdown in prose(name)
        if "*Short path:" in markdown
    ]
    listed = [unquote(link) for link in links(path) if "#" in link]
    assert listed == marked
    assert len(marked) > 10


# Links


@pytest.mark.parametrize("path", built(), ids=str)
def test_links_lead_somewhere(path: Path) -> None:
    for cell in built()[path].cells:
        for link in links(cell.source) if cell.cell_type == "markdown" else []:
            parts = urlsplit(link)
            if parts.scheme:
                assert parts.scheme == "https", link
                assert re.fullmatch(r"[\w-]+(\.[\w-]+)+", parts.netloc), link
                continue
            there = (path.parent / parts.path) if parts.path else path
            there = Path(*_resolved(there))
            exists = there in built() or (ROOT / there).exists()
            assert exists, link
            if parts.fragment:
                assert unquote(parts.fragment) in headings(there.stem)


def _resolved(path: Path) -> tuple[str, ...]:
    return (ROOT / path).resolve().relative_to(ROOT).parts


def test_what_voila_serves_has_no_links_it_could_not_follow() -> None:
    assert not [link for markdown in prose("05_dashboard") for link in links(markdown)]


@pytest.mark.parametrize(("heading", "lesson"), QUESTIONS.items(), ids=QUESTIONS)
def test_the_questions_that_learners_ask_are_answered_where_the_index_says(
    heading: str, lesson: str
) -> None:
    (index,) = [m for m in prose("00_start_here") if "## Questions that learners ask" in m]
    address = f"{lesson}.ipynb#{heading.replace(' ', '-')}"
    assert address in [unquote(link) for link in links(index)]
    assert heading.replace(" ", "-") in headings(lesson)


def terms() -> list[str]:
    return [h.replace("-", " ") for h in headings("glossary")[1:]]


@pytest.mark.parametrize("name", LESSONS)
def test_the_words_of_the_field_are_linked_to_the_glossary(name: str) -> None:
    # Not where sections are listed: each is a link to where its words are linked.
    lists = ("## Questions that learners ask", "## Half an evening")
    explained = [m for m in prose(name) if not m.startswith(lists)]
    words = " ".join(text for markdown in explained for text in texts(markdown))
    words = words.replace("-", " ").lower()
    linked = {link for markdown in prose(name) for link in links(markdown)}
    missing = [
        heading
        for heading, term in zip(headings("glossary")[1:], terms(), strict=True)
        if re.search(rf"\b{re.escape(term.lower())}\b", words)
        and f"glossary.ipynb#{heading}" not in linked
    ]
    assert not missing


def test_each_term_is_explained_briefly_and_says_where_it_is_used() -> None:
    for markdown in prose("glossary")[1:]:
        assert markdown.startswith("## ")
        assert 1 <= len(re.findall(r"[.!?](?=\s|$)", markdown)) <= 5
        assert links(markdown)


# Words


@cache
def known() -> set[str]:
    return set(WORDS.read_text(encoding="utf-8").split())


@cache
def dictionary() -> SpellChecker:
    return SpellChecker(language="en")


def misspelt(text: str) -> list[str]:
    """Words that neither the dictionary nor lessons/words.txt has; a project's word goes there."""
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text)
    plain = {re.sub(r"['’]s$", "", word).lower() for word in words}
    return sorted(word for word in dictionary().unknown(plain - known()) if len(word) > 1)


def without_code(text: str) -> str:
    return re.sub(r"`[^`]*`", " ", text)


@pytest.mark.parametrize("name", NAMES)
def test_the_lessons_are_spelt_rightly(name: str) -> None:
    assert misspelt(" ".join(text for m in prose(name) for text in texts(m))) == []


@pytest.mark.parametrize("name", QUIZZES)
def test_the_quizzes_are_spelt_rightly(name: str) -> None:
    for question in QUIZZES[name]:
        answers = [f"{answer.text} {answer.feedback}" for answer in question.answers]
        assert misspelt(without_code(" ".join([question.text, *answers]))) == []


@pytest.mark.parametrize("exercise", list(exercises), ids=lambda exercise: exercise.name)
def test_the_exercises_are_spelt_rightly(exercise: Any) -> None:
    assert misspelt(without_code(" ".join([exercise.title, *exercise.hints]))) == []


def test_the_list_of_words_is_sorted_and_holds_no_word_twice() -> None:
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines))
    assert all(line == line.lower() for line in lines)
    assert "lamda" in misspelt("lamda")  # the checker does its work
