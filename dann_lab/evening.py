"""Your evening: what a learner has done, lesson by lesson, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from dann_lab import progress
from dann_lab.exercises import Exercise, exercises
from dann_lab.lessons.predictions import predictions
from dann_lab.lessons.quizzes import QUIZZES
from dann_lab.lessons.table import html_table

LESSONS = list(dict.fromkeys([*QUIZZES, *(exercise.lesson for exercise in exercises)]))
"""The lessons in which there is something to do."""


HEAD = ("Lesson", "Predictions", "Exercises right", "Quiz right")


@dataclass(frozen=True)
class Lesson:
    """``predictions``: how many were made, and of how many; ``exercises``, ``questions``: how many
    are right. ``open``: what is left, in words, the first thing first."""

    name: str
    predictions: tuple[int, int]
    exercises: tuple[int, int]
    questions: tuple[int, int]
    open: list[str]


@dataclass(frozen=True, repr=False)
class Evening:
    """Shown as a table, in a notebook or a terminal."""

    lessons: list[Lesson]

    @property
    def sentence(self) -> str:
        """What is done, and what comes next."""
        right, of = (sum(lesson.exercises[k] for lesson in self.lessons) for k in (0, 1))
        answered, asked = (sum(lesson.questions[k] for lesson in self.lessons) for k in (0, 1))
        done = f"{right} of {of} exercises and {answered} of {asked} quiz questions are right."
        if right + answered == 0:
            done = "Nothing is done yet."
        coming = next(
            (f"{lesson.open[0]} in {lesson.name}" for lesson in self.lessons if lesson.open), ""
        )
        return f"{done} Next: {coming}." if coming else f"{done} That is all there is."

    @property
    def rows(self) -> list[tuple[str, ...]]:
        return [
            (each.name, *map(_share, (each.predictions, each.exercises, each.questions)))
            for each in self.lessons
        ]

    def __repr__(self) -> str:
        rows = [HEAD, *self.rows]
        widths = [max(len(row[k]) for row in rows) for k in range(len(HEAD))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        return "\n".join([*lines, "", self.sentence])

    def _repr_html_(self) -> str:
        return html_table(HEAD, self.rows, (self.sentence,))


def _share(part: tuple[int, int]) -> str:
    done, of = part
    return f"{done} of {of}" if of else "none"


def your_evening() -> Evening:
    """What has been done on this machine. Raises :class:`DataError` for a damaged file."""
    done = progress.done()
    return Evening([_lesson(name, done) for name in LESSONS])


def _lesson(name: str, done: progress.Done) -> Lesson:
    tasks = [exercise for exercise in exercises if exercise.lesson == name]
    right = [task for task in tasks if done["exercises"].get(task.name) == "right"]
    questions = QUIZZES.get(name, ())
    chosen = done["quizzes"].get(name, [])
    answers = [
        k is not None and k < len(question.answers) and question.answers[k].right
        for question, k in zip(questions, chosen, strict=False)
    ]
    left = [_words(task, done) for task in tasks if task not in right]
    if sum(answers) < len(questions):
        left.append("the quiz")
    asked = [key for key, one in predictions().items() if one.lesson == name]
    said = [key for key in asked if key in done["predictions"]]
    return Lesson(
        name,
        (len(said), len(asked)),
        (len(right), len(tasks)),
        (sum(answers), len(questions)),
        left,
    )


def _words(task: Exercise, done: progress.Done) -> str:
    again = ", which you have tried," if task.name in done["exercises"] else ""
    return f"the exercise “{task.title}”{again}"
