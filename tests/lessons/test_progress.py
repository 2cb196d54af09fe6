"""What is done in the lessons is kept on this machine, and told in a notebook and a terminal."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dann_core.errors import DataError
from dann_lab import progress
from dann_lab.cli import app
from dann_lab.evening import LESSONS, your_evening
from dann_lab.exercises import exercises
from dann_lab.lessons.predict import PredictionError, guess
from dann_lab.lessons.quiz import quiz
from dann_lab.lessons.quizzes import QUIZZES


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "progress.json"


RIGHT = {"before the reversal": 6, "after the reversal": -3, "at w": -6}


def test_nothing_is_done_at_first_and_the_first_exercise_comes_next() -> None:
    evening = your_evening()
    first = next(iter(exercises))
    assert evening.sentence == (
        f"Nothing is done yet. Next: the exercise “{first.title}” in {first.lesson}."
    )
    assert [lesson.name for lesson in evening.lessons] == LESSONS == list(QUIZZES)
    assert sum(lesson.exercises[1] for lesson in evening.lessons) == len(exercises)


def test_a_check_is_noted_and_what_was_right_stays_right() -> None:
    exercises.by_hand.check(...)
    assert progress.done()["exercises"] == {}
    exercises.by_hand.check(RIGHT | {"at w": 6})
    assert progress.done()["exercises"] == {"by_hand": "tried"}
    for answer in (RIGHT, {}, ...):
        exercises.by_hand.check(answer)
        assert progress.done()["exercises"] == {"by_hand": "right"}


def test_a_choice_in_a_quiz_is_noted_and_none_is_taken_back() -> None:
    first = quiz("02_gradient_reversal")
    assert progress.done()["quizzes"] == {}
    first.chosen = [2, None, None, None]
    first.chosen = [2, 0, None, None]
    again = quiz("02_gradient_reversal")
    again.chosen = [None, 1, None, None]
    assert progress.done()["quizzes"] == {"02_gradient_reversal": [2, 1, None, None]}
    lesson = your_evening().lessons[1]
    assert (lesson.name, lesson.questions) == ("02_gradient_reversal", (2, 4))


def test_a_prediction_is_noted_and_shown_again_and_never_changes() -> None:
    assert guess("source-only").said is None
    first = guess("source-only")
    first.said = 70
    first.said = 36
    assert progress.done()["predictions"] == {"source-only": 70}
    assert guess("source-only").said == 70
    guess("further-up").said = [0, 2, 1]
    assert guess("further-up").said == [0, 2, 1]
    assert your_evening().lessons[0].predictions == (1, 6)


@pytest.mark.parametrize(
    ("name", "said"), [("source-only", [1]), ("ink", 7), ("ink", [0]), ("further-up", [0, 0, 1])]
)
def test_what_no_longer_fits_the_question_is_asked_anew(name: str, said: Any) -> None:
    progress.note_prediction(name, said)
    assert guess(name).said is None


def test_an_unknown_prediction_names_those_there_are() -> None:
    with pytest.raises(PredictionError, match="source-only"):
        guess("the weather")


def test_the_evening_names_what_comes_next_until_all_is_done() -> None:
    for exercise in exercises:
        progress.note_exercise(exercise.name, exercise.lesson[:2] == "01")
    assert "Next: the quiz in 01_two_domains." in your_evening().sentence
    answers = {
        lesson: [[a.right for a in question.answers].index(True) for question in questions]
        for lesson, questions in QUIZZES.items()
    }
    progress.note_quiz("01_two_domains", answers["01_two_domains"])
    assert ", which you have tried, in 02_gradient_reversal." in your_evening().sentence
    for exercise in exercises:
        progress.note_exercise(exercise.name, True)
    for lesson, chosen in answers.items():
        progress.note_quiz(lesson, chosen)
    asked = sum(map(len, QUIZZES.values()))
    assert your_evening().sentence == (
        f"{len(exercises)} of {len(exercises)} exercises and {asked} of {asked} quiz questions are "
        "right. That is all there is."
    )


def test_it_is_a_table_for_eyes_and_screen_readers() -> None:
    exercises.by_hand.check(RIGHT)
    evening = your_evening()
    shown = evening._repr_html_()
    assert shown.count('scope="col"') == 4
    assert shown.count('scope="row"') == len(LESSONS)
    assert "<td>0 of 4</td><td>1 of 3</td><td>0 of 4</td>" in shown
    assert evening.sentence.split(".")[0] in shown
    assert repr(evening).endswith(evening.sentence)


def test_the_terminal_says_the_same_and_where_it_is_kept(place: Path) -> None:
    assert "Nothing is done yet." in CliRunner().invoke(app, ["progress"]).stdout
    exercises.by_hand.check(RIGHT)
    told = CliRunner().invoke(app, ["progress"])
    assert told.exit_code == 0
    assert re.search(r"02_gradient_reversal +0 of 4 +1 of 3 +0 of 4", told.stdout)
    assert str(place) in told.stdout.replace("\n", "")


DAMAGE: list[Any] = [
    "{",
    "[]",
    '{"format": 2, "exercises": {}, "quizzes": {}, "predictions": {}}',
    '{"format": 1, "exercises": {}, "quizzes": {}}',
    '{"format": 1, "exercises": {"blend": "wonderful"}, "quizzes": {}, "predictions": {}}',
    '{"format": 1, "exercises": {}, "quizzes": {"01_two_domains": [true]}, "predictions": {}}',
    '{"format": 1, "exercises": {}, "quizzes": {"01_two_domains": 3}, "predictions": {}}',
    '{"format": 1, "exercises": {}, "quizzes": {}, "predictions": {"ink": "x"}}',
    '{"format": 1, "exercises": {}, "quizzes": {}, "predictions": {"ink": NaN}}',
    '{"format": 1, "exercises": {}, "quizzes": {}, "predictions": {"ink": ["a"]}}',
]


@pytest.mark.parametrize("text", DAMAGE)
def test_a_damaged_file_is_told_and_put_aside(place: Path, text: str) -> None:
    place.parent.mkdir()
    place.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="Delete it to begin anew"):
        your_evening()
    exercises.by_hand.check(RIGHT)
    assert progress.done()["exercises"] == {"by_hand": "right"}
    aside = place.with_name("progress.damaged.json")
    assert aside.read_text(encoding="utf-8") == text


def test_where_nothing_can_be_kept_a_check_is_as_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "file" / "cache"))
    assert exercises.by_hand.check(RIGHT).state == "right"
    quiz("01_two_domains").chosen = [1, None, None, None]
    (tmp_path / "cache" / "progress.json").mkdir(parents=True)
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    assert exercises.by_hand.check(RIGHT).state == "right"
    assert (tmp_path / "cache" / "progress.json").is_dir()


def test_an_answer_that_is_no_longer_offered_is_not_right() -> None:
    progress.note_quiz("01_two_domains", [99, 1, 1, 1])
    progress.note_exercise("long_gone", True)
    assert your_evening().lessons[0].questions == (0, 4)


def test_lessons_that_write_at_once_lose_nothing(place: Path) -> None:
    code = (
        "import sys; from dann_lab import progress\n"
        "for k in range(20): progress.note_exercise(f'{sys.argv[1]}-{k}', True)"
    )
    children = [subprocess.Popen([sys.executable, "-c", code, name]) for name in "ab"]
    assert [child.wait(60) for child in children] == [0, 0]
    noted = json.loads(place.read_text(encoding="utf-8"))
    assert len(noted["exercises"]) == 40
