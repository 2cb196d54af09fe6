"""The quiz at the end of a lesson: choose an answer, and read why it is right or wrong."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import traitlets

from dann_core.errors import DannError
from dann_lab.lessons.quizzes import QUIZZES
from dann_lab.progress import note_quiz
from dann_lab.widgets.base import Widget
from dann_lab.widgets.document import STATIC, style


class QuizError(DannError):
    """A quiz that does not exist."""


class Quiz(Widget):
    """The questions of one lesson. All that happens, happens on the page; Python notes what is
    chosen."""

    _esm = STATIC / "quiz.js"
    _css = style("dashboard.css") + style("quiz.css")

    lesson = traitlets.Unicode().tag(sync=True)
    questions: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    chosen = traitlets.List(traitlets.Int(allow_none=True)).tag(sync=True)
    """For each question the answer chosen, None before there is one."""

    def words(self) -> list[str]:
        asked = [f"{at}. {one['text']}" for at, one in enumerate(self.questions, 1)]
        return [f"Quiz with {len(asked)} questions", *asked]

    @traitlets.observe("chosen")
    def _note(self, change: dict[str, Any]) -> None:
        if any(answer is not None for answer in self.chosen):
            note_quiz(self.lesson, self.chosen)


def quiz(lesson: str) -> Quiz:
    """The quiz of ``lesson``, such as ``"01_two_domains"``. Raises :class:`QuizError`."""
    if lesson not in QUIZZES:
        raise QuizError(f"There is no quiz {lesson!r}. There is: {', '.join(QUIZZES)}.")
    questions = [asdict(question) for question in QUIZZES[lesson]]
    return Quiz(lesson=lesson, questions=questions, chosen=[None] * len(questions))
