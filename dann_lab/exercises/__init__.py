"""The exercises of the lessons: ``exercises.<name>`` has ``.check``, ``.hint``, ``.solution``."""

from __future__ import annotations

from dann_lab.exercises.exercise import Exercise, Exercises, UnknownExercise, Verdict
from dann_lab.exercises.feature_maps import proxy_a_distance
from dann_lab.exercises.going_further import choose_checkpoint, choose_lambda, instance_norm
from dann_lab.exercises.gradient_reversal import by_hand, reversal, who_descends
from dann_lab.exercises.training import (
    domain_accuracy,
    domain_labels,
    progress_at,
    strongest_pull,
    training_step,
)
from dann_lab.exercises.two_domains import blend, pixel_mean, worst_confusion
from dann_lab.exercises.when_dann_fails import least_error
from dann_lab.exercises.your_own_data import how_many_labels

__all__ = ["Exercise", "UnknownExercise", "Verdict", "exercises"]

exercises = Exercises(
    blend,
    pixel_mean,
    worst_confusion,
    reversal,
    by_hand,
    who_descends,
    domain_labels,
    training_step,
    progress_at,
    strongest_pull,
    domain_accuracy,
    proxy_a_distance,
    least_error,
    instance_norm,
    choose_checkpoint,
    choose_lambda,
    how_many_labels,
)
"""Every exercise, in the order of the lessons."""
