"""The quizzes are well made. What a page does with one is in test_quiz_page.py."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from dann_lab.lessons.quiz import QuizError, quiz
from dann_lab.lessons.quizzes import QUIZZES
from tools import numbers


@pytest.mark.parametrize("lesson", QUIZZES)
def test_each_question_has_one_right_answer_and_feedback_for_each(lesson: str) -> None:
    assert 3 <= len(QUIZZES[lesson]) <= 4
    for question in QUIZZES[lesson]:
        assert 3 <= len(question.answers) <= 4
        assert sum(answer.right for answer in question.answers) == 1, question.text
        assert len({answer.text for answer in question.answers}) == len(question.answers)
        assert len({answer.feedback for answer in question.answers}) == len(question.answers)
        assert all(answer.feedback.endswith((".", "!", "?")) for answer in question.answers)
        for text in [question.text, *[a.text + a.feedback for a in question.answers]]:
            assert text.count("`") % 2 == 0, text


@pytest.mark.parametrize("lesson", QUIZZES)
def test_the_right_answer_has_no_fixed_place(lesson: str) -> None:
    places = [[answer.right for answer in q.answers].index(True) for q in QUIZZES[lesson]]
    assert len(set(places)) > 1


@pytest.mark.parametrize("lesson", QUIZZES)
def test_the_widget_carries_plain_data_and_no_choice(lesson: str) -> None:
    widget = quiz(lesson)
    assert json.loads(json.dumps(widget.questions))[0]["text"] == QUIZZES[lesson][0].text
    assert widget.chosen == [None] * len(QUIZZES[lesson])


def test_an_unknown_quiz_names_those_there_are() -> None:
    with pytest.raises(QuizError, match="01_two_domains"):
        quiz("two_domains")


@pytest.mark.parametrize("lambda_", ["0.1", "1"])
def test_what_is_said_of_a_subtracted_loss_was_measured(lambda_: str) -> None:
    (question,) = [q for q in QUIZZES["02_gradient_reversal"] if "subtract lambda" in q.text]
    said = " ".join(answer.feedback for answer in question.answers)
    assert "In none of our runs" in said
    assert "ended at 49 % or 50 %" in said
    found = numbers.value(f"moons/subtract {lambda_}/domain/each")
    assert {round(100 * accuracy) for accuracy in found} <= {49, 50}
    assert "into the thousands" in said
    numbers.check("moons/subtract 1/loss > 1000")


def test_neither_place_nor_length_gives_the_right_answer_away() -> None:
    questions = [question for asked in QUIZZES.values() for question in asked]
    places = Counter([a.right for a in q.answers].index(True) for q in questions)
    longest = [max(q.answers, key=lambda a: len(a.text)).right for q in questions]
    assert all(places[place] >= len(questions) // 4 for place in range(3))
    # By chance it would be a third or, of four answers, a fourth.
    assert len(questions) / 5 <= sum(longest) <= len(questions) / 2
