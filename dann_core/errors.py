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
    ``learning_rate`` as they were at that step.
    """

    def __init__(self, step: int, lambda_: float, learning_rate: float, what: str):
        self.step, self.lambda_, self.learning_rate = step, lambda_, learning_rate
        super().__init__(
            f"{what} is no longer finite at step {step} (lambda {lambda_:.4g}, learning rate "
            f"{learning_rate:.4g}). The weights of step {step - 1} are kept. Try a smaller lambda, "
            "a smaller learning rate, or the paper's schedule, which starts lambda at 0."
        )
