"""Errors meant for the person who reads them: each says what is wrong and what to do next."""

from __future__ import annotations


class DannError(Exception):
    """Anything a user can mend. The message is one line: the value that is wrong and the remedy."""


class RecipeError(DannError, ValueError):
    """A hyper-parameter, or a number given to a function, outside its range."""


class DataError(DannError):
    """A data set that is missing, damaged or cannot be fetched."""


class CheckpointError(DannError):
    """A checkpoint that cannot be read or belongs to another run."""


class TrainingDiverged(DannError):
    """A loss or gradient stopped being finite.

    Attributes: ``step`` (the step that failed, counted from 1), ``lambda_`` and
    ``learning_rate`` as they were at that step, and ``what`` it was.
    """

    def __init__(self, step: int, lambda_: float, learning_rate: float, what: str):
        # Pickle makes an exception anew from what is handed on here.
        super().__init__(step, lambda_, learning_rate, what)
        self.step, self.lambda_, self.learning_rate, self.what = step, lambda_, learning_rate, what

    def __str__(self) -> str:
        return (
            f"{self.what} is no longer finite at step {self.step} (lambda {self.lambda_:.4g}, "
            f"learning rate {self.learning_rate:.4g}). The weights of step {self.step - 1} are "
            "kept. Try a smaller lambda, a smaller learning rate, or the paper's schedule, which "
            "starts lambda at 0."
        )


def reason_of(error: BaseException) -> str:
    """What ``error`` says, as a part of another sentence: on one line, and without a full stop."""
    return " ".join(str(error).split()).rstrip(".")
