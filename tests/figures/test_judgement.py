"""What is said of the domain classifier: over generated states, sentence, caption and numbers
agree."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_sentences import DANN, history

from dann_core.history import Evaluation, History
from dann_lab.figures import sentences
from dann_lab.figures.judgement import CALIBRATED, LN2, RECENT, Standing, number

ACCURACIES = st.floats(0, 1)
LOSSES = st.one_of(st.floats(0, 3), st.floats(0, 1e30))
STATES = st.sampled_from(["training", "paused", "finished", "failed", "past"])


def run(
    accuracy: float,
    loss: float,
    lambda_: float = 0.5,
    source: float = 0.97,
    target: float = 0.6,
    batches: float | None = None,
) -> History:
    """``accuracy``: on test images; ``batches``: on the batches, where it is another."""
    on_batches = accuracy if batches is None else batches
    made = history(domain_accuracy=on_batches, domain_loss=loss, lambda_=lambda_)
    made.evaluations.append(Evaluation(100, source, target, accuracy, 500))
    return made


def about(made: History, state: str = "training") -> str:
    return sentences.about_run(made, DANN, state, "MNIST-M")


@pytest.mark.parametrize(
    ("accuracy", "loss", "says"),
    [
        (0.95, 0.2, "still tells the domains apart: right on 95 %. The features are pushed"),
        (0.73, 0.6, "can hardly tell the domains apart: right on 73 %"),
        (0.52, 0.69, "right on 52 %, close to guessing: the features hide them"),
        (0.5, 5000, "one answer for everything: half of it is right, at a loss of 5,000"),
        (0.21, 3.1, "sure and wrong: right on 21 %, at a loss of 3.10"),
        (0.8, 1.5, "too sure of the rest"),
        (0.52, 291_093_439, "exploded: it is 2.9e+08"),
    ],
)
def test_each_state_has_its_sentence(accuracy: float, loss: float, says: str) -> None:
    assert says in about(run(accuracy, loss))


def test_one_answer_is_no_adaptation() -> None:
    assert "no sign that the features hide the domain" in about(run(0.5, 0.9, target=0.96))


def test_the_target_has_followed_only_where_it_is_as_good() -> None:
    followed = "the target has followed the source"
    assert followed in about(run(0.55, LN2, target=0.94))
    assert f"{followed}." not in about(run(0.55, LN2, target=0.55)).replace("not followed", "")
    assert "the target has followed most of the way" in about(run(0.55, LN2, target=0.86))
    assert "but the target has not followed" in about(run(0.55, LN2, target=0.55))
    assert "but the target has not followed" in about(run(0.55, LN2, source=0.12, target=0.12))


@given(
    accuracy=ACCURACIES,
    loss=LOSSES,
    lambda_=st.floats(0, 2),
    target=ACCURACIES,
    batches=ACCURACIES,
    state=STATES,
)
def test_a_good_word_is_said_of_calibrated_guessing_alone(
    accuracy: float, loss: float, lambda_: float, target: float, batches: float, state: str
) -> None:
    said = about(run(accuracy, loss, lambda_, target=target, batches=batches), state)
    if ": the features hide them" in said:
        assert accuracy < 0.75
        assert loss <= CALIBRATED
        assert lambda_ >= 0.05
    if "close to guessing" in said:
        assert accuracy < 0.6
    if "has followed the source" in said and "not followed" not in said:
        assert target > 0.92 - 1e-9
    if "followed most of the way" in said:
        assert 0.82 - 1e-9 < target < 0.92 + 1e-9


@given(accuracy=ACCURACIES, loss=LOSSES, batches=ACCURACIES)
def test_the_captions_agree_with_the_sentence(accuracy: float, loss: float, batches: float) -> None:
    made = run(accuracy, loss, batches=batches)
    said, losses = about(made), sentences.about_losses(made, DANN)
    for given_loss in re.findall(r"loss of ([\d,.e+]+\d)|exploded: it is ([\d,.e+]+\d)", said):
        assert f"domain loss {''.join(given_loss)}," in losses
    for right in re.findall(r"right on (\d+ %)", said):
        assert f"domain classifier {right}" in sentences.about_accuracies(made, DANN)
    worse = "worse than guessing" in losses
    assert worse == any(
        words in said for words in ("exploded", "one answer", "sure and wrong", "too sure")
    )


@given(accuracy=ACCURACIES, loss=LOSSES)
def test_every_number_is_one(accuracy: float, loss: float) -> None:
    assert not re.search("nan|inf", about(run(accuracy, loss)), re.IGNORECASE)


@given(halves=st.integers(0, RECENT))
def test_one_answer_shows_in_nearly_all_batches(halves: int) -> None:
    made = History()
    for k in range(RECENT):
        (record,) = history(steps=1, domain_accuracy=0.5 if k < halves else 0.4)
        made.append(record)
    assert Standing.of(made).one_answer == (halves > 0.9 * RECENT)


def test_losses_are_written_for_people() -> None:
    assert [number(x) for x in (0.693, 5000, 291_093_439)] == ["0.69", "5,000", "2.9e+08"]
    assert math.isclose(LN2, 0.6931, abs_tol=1e-4)
