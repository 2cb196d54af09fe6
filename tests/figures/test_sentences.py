"""Sentences: each says what its history says, and none ever shows a number that is not one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dann_core.history import Evaluation, History, Mark, StepRecord
from dann_core.probe import Probe
from dann_core.recipe import Recipe
from dann_core.snapshots import Snapshot
from dann_lab.figures import judgement, sentences
from dann_lab.figures.sentences import Answers

LN2 = math.log(2)
DANN, SOURCE, TARGET = Recipe(), Recipe(mode="source"), Recipe(mode="target")
CORAL, MMD = Recipe(method="coral"), Recipe(method="mmd")
ADVERSARIES = [Recipe(method=name) for name in ("dann", "cdan", "cdan+e")]


def history(
    steps: int = 100,
    evaluations: list[tuple[int, float, float]] | None = None,
    mode: str = "dann",
    **columns: float,
) -> History:
    """``steps`` equal records, and ``evaluations`` as (step, source, target)."""
    made = History()
    domain = 1.0 if mode == "dann" else math.nan
    values = {
        "lambda_": 0.5,
        "learning_rate": 0.01,
        "label_loss": 0.25,
        "domain_loss": 0.5 * domain,
        "total_loss": 0.75,
        "label_accuracy": 0.9,
        "domain_accuracy": 0.7 * domain,
        "label_gradient": 0.2,
        "domain_gradient_before": 0.1 * domain,
        "domain_gradient_after": 0.05 * domain,
    } | columns
    for step in range(1, steps + 1):
        made.append(StepRecord(step=step, progress=(step - 1) / 8600, **values))
    tested = columns.get("domain_accuracy", 0.6 * domain)
    for step, source, target in evaluations or []:
        made.evaluations.append(Evaluation(step, source, target, tested, 500))
    return made


START = [(0, 0.1, 0.12)]
LATER = [*START, (100, 0.97, 0.55)]
NO_CLASSIFIER = {"domain_accuracy": math.nan}
UNLABELLED = [(0, 0.1, math.nan), (100, 0.97, math.nan)]
WITHOUT_ANY = [(0, math.nan, math.nan), (100, math.nan, math.nan)]
UNLABELLED_SOURCE = [(0, math.nan, 0.1), (100, math.nan, 0.9)]


@pytest.mark.parametrize(
    ("loss", "meaning"),
    [
        (1.16 * LN2, "above ln 2 = 0.69: worse than guessing"),
        (1.14 * LN2, "close to ln 2"),
        (0.86 * LN2, "close to ln 2"),
        (0.84 * LN2, "below ln 2 = 0.69: better than guessing"),
    ],
)
def test_the_domain_loss_is_compared_with_guessing(loss: float, meaning: str) -> None:
    said = sentences.about_losses(history(domain_loss=loss), DANN)
    assert meaning in said
    assert f"domain loss {loss:.2f}" in said
    assert "Label loss 0.25" in said


def test_losses_without_a_domain_classifier() -> None:
    for recipe in (SOURCE, TARGET):
        said = sentences.about_losses(history(mode=recipe.mode), recipe)
        assert said == (
            "Label loss 0.25 (mean of the last 50 steps). There is no domain classifier in this "
            "mode."
        )


def test_nothing_done_yet_is_said() -> None:
    empty = History()
    assert "Press Train" in sentences.about_losses(empty, DANN)
    assert sentences.about_accuracies(empty, DANN) == "No test images looked at yet."
    assert sentences.about_lambda(empty, DANN) == "Lambda has not been applied yet."
    assert sentences.about_gradients(empty, DANN) == "No gradients yet."
    assert sentences.about_run(empty, DANN, "ready", "MNIST-M") == "Ready. Press Train."
    assert sentences.about_run(empty, DANN, "loading", "MNIST-M") == "Getting ready."
    assert math.isnan(judgement.recent(empty, "label_loss"))


def test_noisy_curves_are_averaged_over_the_last_steps_only() -> None:
    made = history(steps=judgement.RECENT, label_loss=100.0)
    for record in history(steps=judgement.RECENT, label_loss=2.0):
        made.append(record)
    assert judgement.recent(made, "label_loss") == 2.0


def test_accuracies_are_those_of_the_last_evaluation() -> None:
    said = sentences.about_accuracies(history(evaluations=LATER), DANN)
    assert "500 test images of each domain, after step 100" in said
    assert "source 97 %, target 55 % right; domain classifier 60 % (50 % is guessing)." in said
    without = sentences.about_accuracies(history(mode="source", evaluations=LATER), SOURCE)
    assert without.endswith("source 97 %, target 55 % right.")


def test_lambda_and_how_often_a_hand_changed_it() -> None:
    made = history(lambda_=0.5)
    assert sentences.about_lambda(made, DANN) == "Lambda 0.50 at step 100."
    made.marks.append(Mark(3, "by_hand", 1.0))
    assert sentences.about_lambda(made, DANN).endswith("changed by hand 1 time.")
    made.marks.append(Mark(9, "by_hand", 0.5))
    assert sentences.about_lambda(made, DANN).endswith("changed by hand 2 times.")
    assert "no part in this mode" in sentences.about_lambda(history(mode="target"), TARGET)


def test_only_what_a_hand_did_counts_as_done_by_hand() -> None:
    made = history()
    made.marks = [Mark(1, "replay", 3), Mark(7, "note", "coffee")]
    assert "by hand" not in sentences.about_lambda(made, DANN)
    made.marks.append(Mark(9, "by_hand", 0.5))
    made.marks.append(Mark(12, "schedule"))
    assert "changed by hand 2 times." in sentences.about_lambda(made, DANN)


def test_gradients_and_their_ratio() -> None:
    said = sentences.about_gradients(history(), DANN)
    assert "label gradient 0.2; domain gradient 0.1, turned round and 0.05" in said
    assert said.endswith("0.2 times the label gradient (mean of the last 50 steps).")
    dead = sentences.about_gradients(history(label_gradient=0.0), DANN)
    assert "times" not in dead
    alone = sentences.about_gradients(history(mode="source"), SOURCE)
    mean = "(mean of the last 50 steps)"
    assert alone == f"At the features the label gradient has norm 0.2 {mean}."


@pytest.mark.parametrize("about", [sentences.about_losses, sentences.about_gradients])
def test_a_mean_says_of_how_many_steps_it_is(about: Callable[[History, Recipe], str]) -> None:
    assert "mean" not in about(history(steps=1), DANN)
    assert "(mean of the last 7 steps)." in about(history(steps=7), DANN)
    assert "(mean of the last 50 steps)." in about(history(steps=51), DANN)


def seen(labels: list[int], said: list[int], sure: float = 0.75) -> Answers:
    return Answers.of(np.array(labels), np.array(said), np.full(len(labels), sure))


def test_digits_are_counted() -> None:
    source, target = Answers(12, 12, 11, 0.9), Answers(12, 12, 4, 0.5)
    assert sentences.about_digits(source, target) == (
        "Of 12 source test digits 11 are right, of 12 target test digits 4. Wrong ones carry a "
        "cross and a dashed frame."
    )


def test_of_examples_without_labels_it_is_said_how_sure_the_network_is() -> None:
    source, target = seen([0, 1, 2], [0, 1, 1]), seen([-1, -1], [0, 2], 0.6)
    assert sentences.about_digits(source, target, "examples") == (
        "Of 3 source test examples 2 are right. The target's 2 have no labels. The network gives "
        "its answers there 60 % probability on average, but to be sure is not to be right. Wrong "
        "ones carry a cross and a dashed frame. A dash stands where no label is known."
    )


def test_only_examples_with_a_label_can_be_right() -> None:
    assert seen([255, 3, -1, 3], [255, 3, 3, 1]) == Answers(4, 2, 1, 0.75)
    said = sentences.about_digits(seen([1], [1]), seen([-1, 1, 1], [1, 1, 0]), "examples")
    assert "of the 2 with a label among 3 target test examples 1." in said


def about_run(made: History, recipe: Recipe = DANN, state: str = "training") -> str:
    return sentences.about_run(made, recipe, state, "MNIST-M")


def test_an_untrained_run_guesses() -> None:
    said = about_run(history(steps=0, evaluations=START), state="ready")
    assert said == "Untrained: 12 % right on MNIST-M, as good as guessing. Press Train."


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"lambda_": 0.04}, "The features do not hear it, for lambda is near 0"),
        ({"domain_accuracy": 0.7}, "the features hide them, but the target has not followed"),
        ({"domain_accuracy": 0.8}, "The features are pushed to hide them"),
    ],
)
def test_what_lambda_does_to_the_features(columns: dict[str, float], says: str) -> None:
    assert says in about_run(history(evaluations=LATER, **columns))


@pytest.mark.parametrize("right", [0.02, 0.7, 0.8])
def test_who_stands_still_is_not_said_to_hide_or_to_be_pushed(right: float) -> None:
    made = history(evaluations=LATER, domain_accuracy=right)
    made.marks += [Mark(1, "part", "both"), Mark(60, "part", "domain")]
    assert "The features stand still" in about_run(made)
    made.marks.append(Mark(101, "part", "features"))  # from the next step on
    assert "The features stand still" in about_run(made)
    made.marks[-1] = Mark(100, "part", "features")
    assert "It stands still, and the features are pushed against it" in about_run(made)
    assert "hide them" not in about_run(made)
    assert "stand" not in about_run(made.until(59))


def test_each_mode_says_what_it_learns_from() -> None:
    assert "sees labelled source digits only" in about_run(
        history(mode="source", evaluations=LATER), SOURCE
    )
    assert "upper bound" in about_run(history(mode="target", evaluations=LATER), TARGET)


def test_the_gap_between_the_domains() -> None:
    assert "97 % right on the source, 55 % on MNIST-M: a gap of 42 points" in about_run(
        history(evaluations=LATER)
    )
    assert ": no gap" in about_run(history(evaluations=[*START, (100, 0.9, 0.95)]))


@given(source=st.floats(0, 1), target=st.floats(0, 1))
def test_gap_and_rise_are_what_a_reader_finds_who_subtracts(source: float, target: float) -> None:
    said = about_run(history(evaluations=[(0, 0.1, 0.1), (100, source, target)]))
    found = re.search(
        r"(\d+) % right on the source, (\d+) % on MNIST-M: (no gap|a gap of (\d+))", said
    )
    assert found
    assert int(found[4] or 0) == max(0, int(found[1]) - int(found[2]))
    assert f", {int(found[2]) - 10:+d} points since the start" in said


def test_the_rise_since_the_start() -> None:
    assert about_run(history(evaluations=LATER)).endswith(", +43 points since the start.")
    assert about_run(history(evaluations=[*START, (9, 0.5, 0.02)])).endswith(
        "-10 points since the start."
    )
    assert "since the start" not in about_run(history(steps=1, evaluations=START))


@pytest.mark.parametrize(
    ("state", "begins"),
    [("finished", "Finished. "), ("paused", "Paused. "), ("failed", "Stopped. ")],
)
def test_a_run_that_stands_still_says_so(state: str, begins: str) -> None:
    assert about_run(history(evaluations=LATER), state=state).startswith(begins)
    assert not about_run(history(evaluations=LATER), state="training").startswith(begins)


def test_no_sentence_ever_shows_a_number_that_is_not_one() -> None:
    columns: list[dict[str, Any]] = [{}, {"label_gradient": 0.0}, {"label_loss": 0.0}]
    for recipe, steps, evaluations, extra in product(
        (DANN, SOURCE, TARGET, CORAL, MMD),
        (0, 1, 60),
        ([], START, LATER, UNLABELLED, UNLABELLED_SOURCE, WITHOUT_ANY),
        columns,
    ):
        made = history(steps, evaluations, recipe.mode, **extra)
        if recipe in (CORAL, MMD):
            made = history(steps, evaluations, **NO_CLASSIFIER, **extra)
        said = [
            about(made, recipe)
            for about in (
                sentences.about_losses,
                sentences.about_accuracies,
                sentences.about_lambda,
                sentences.about_gradients,
            )
        ] + [
            about_run(made, recipe, state)
            for state in ("loading", "ready", "training", "paused", "finished", "failed")
        ]
        for sentence in said:
            assert not re.search(r"\b(nan|inf|none)\b", sentence, re.IGNORECASE), sentence
            assert sentence[0].isupper(), sentence
            assert sentence.endswith("."), sentence


def test_without_labels_accuracy_is_unknown_and_never_guessed() -> None:
    made = history(evaluations=UNLABELLED, domain_accuracy=0.55, domain_loss=LN2)
    assert sentences.about_accuracies(made, DANN).endswith(
        "source 97 % right; target unknown, for there are no labels; domain classifier 55 % "
        "(50 % is guessing)."
    )
    said = about_run(made)
    assert "which does not yet mean that the target has followed" in said
    assert said.endswith(
        "Now 97 % right on the source. MNIST-M has no labels, so nobody knows how many answers "
        "are right there."
    )
    untrained = about_run(history(steps=0, evaluations=UNLABELLED), state="ready")
    assert untrained == (
        "Untrained. MNIST-M has no labels, so nobody knows how many answers are right there. "
        "Press Train."
    )


def test_without_labels_it_is_said_how_sure_the_network_is_and_what_a_probe_finds() -> None:
    made = history(evaluations=UNLABELLED)
    made.snapshots.add(unlabelled_snapshot())
    said = about_run(made, state="past")
    assert "The network gives its answers there 40 % probability on average" in said
    assert said.endswith(
        "A fresh domain probe finds the proxy A-distance 1.50 ± 0.10 (0: it cannot tell the "
        "domains apart, 2: always)."
    )


def test_the_source_can_be_the_one_without_labels() -> None:
    said = about_run(history(mode="target", evaluations=UNLABELLED_SOURCE), TARGET)
    assert said.endswith("Now right: 90 % on MNIST-M, +80 points since the start.")
    said = sentences.about_accuracies(history(evaluations=UNLABELLED_SOURCE), DANN)
    assert "target 90 % right; source unknown, for there are no labels" in said


def test_what_is_no_digit_is_not_called_one() -> None:
    made = history(mode="source", evaluations=LATER)
    assert "labelled source examples only" in sentences.about_run(
        made, SOURCE, "training", "photos", "examples"
    )


def unlabelled_snapshot(labels: tuple[int, ...] = (1, 255, 255)) -> Snapshot:
    return Snapshot(
        step=100,
        labels=np.array(labels, dtype=np.uint8),
        domains=np.array([0, 1, 1], dtype=np.uint8),
        predictions=np.array([1, 3, 3], dtype=np.uint8),
        confidence=np.array([0.9, 0.5, 0.3], dtype=np.float16),
        features=np.zeros((3, 2), dtype=np.float16),
        scale=1.0,
        probe=probe(1.5),
    )


def test_a_live_map_without_labels_says_what_it_can() -> None:
    said = sentences.about_live_map(unlabelled_snapshot(), "Neighbours.", 0.9, "examples")
    assert said.startswith(
        "Step 100. Neighbours. Of the examples on the map, source 100 % are right. The target has "
        "no labels. The network gives its answers there 40 % probability on average, but to be "
        "sure is not to be right; a fresh domain probe"
    )
    assert "the domain of 88 % of examples that it has not seen" in said
    partly = sentences.about_live_map(unlabelled_snapshot((1, 3, 255)), "Neighbours.")
    assert "source 100 %, target 100 % (of the 1 with a label) are right" in partly


def probe(a_distance: float, uncertainty: float = 0.1) -> Probe:
    return Probe((1 - a_distance / 2) / 2, a_distance, uncertainty, 500)


@pytest.mark.parametrize(
    ("mixing", "a_distance", "uncertainty", "says"),
    [
        (0.9, 1.5, 0.1, "look mixed here, yet the probe tells the domain of 88 % of images"),
        (0.9, 1.5, 0.3, ""),  # the probe itself is in doubt
        (0.9, 1.1, 0.1, ""),
        (0.6, 1.9, 0.1, ""),  # the map is neither mixed nor apart
        (0.1, 0.2, 0.1, "look apart here, yet the probe is right on 55 % of images"),
        (0.1, -0.1, 0.1, "look apart here"),
        (0.1, 0.2, 0.3, ""),
        (0.4, 0.2, 0.1, ""),
        (0.9, 0.2, 0.1, ""),  # both: mixed
        (0.1, 1.9, 0.1, ""),  # both: apart
        (math.nan, 1.9, 0.1, ""),
        (math.nan, 0.1, 0.1, ""),
    ],
)
def test_where_map_and_probe_disagree_it_is_said_whom_to_believe(
    mixing: float, a_distance: float, uncertainty: float, says: str
) -> None:
    said = sentences.map_against_probe(mixing, probe(a_distance, uncertainty))
    if says:
        assert says in said
        assert said.startswith("Map and probe disagree")
        assert "Believe the probe" in said
        assert said.endswith(".")
    else:
        assert said == ""


def test_the_disagreement_stands_in_the_live_maps_caption() -> None:
    snapshot = Snapshot(
        step=1200,
        labels=np.array([1, 2], dtype=np.uint8),
        domains=np.array([0, 1], dtype=np.uint8),
        predictions=np.array([1, 3], dtype=np.uint8),
        confidence=np.array([0.9, 0.4], dtype=np.float16),
        features=np.zeros((2, 2), dtype=np.float16),
        scale=1.0,
        probe=probe(1.5),
    )
    plain = sentences.about_live_map(snapshot, "Neighbours.")
    assert plain.startswith(
        "Step 1,200. Neighbours. Of the digits on the map, source 100 %, target 0 %"
    )
    assert plain.endswith("2: always).")
    assert sentences.about_live_map(snapshot, "Neighbours.", 0.2) == plain
    noted = sentences.about_live_map(snapshot, "Neighbours.", 0.9)
    assert noted == f"{plain} {sentences.map_against_probe(0.9, probe(1.5))}"
    assert "disagree" in noted


# Methods


def distances(first: float = 0.03, **columns: float) -> History:
    """100 steps whose domain loss is a distance: ``first``, and then another."""
    made, rest = (
        history(steps, **(NO_CLASSIFIER | {"domain_loss": loss} | columns))
        for steps, loss in ((1, first), (99, 0.0012))
    )
    for record in rest:
        made.append(record)
    made.evaluations += history(0, LATER, **NO_CLASSIFIER).evaluations
    return made


@pytest.mark.parametrize(("recipe", "name"), [(CORAL, "CORAL's"), (MMD, "MMD's")])
def test_a_distance_is_called_by_its_methods_name_and_needs_no_ln_2(
    recipe: Recipe, name: str
) -> None:
    made = distances()
    said = sentences.about_losses(made, recipe)
    assert f"Label loss 0.25, {name} distance between the domains 0.0012, which is to" in said
    run = sentences.about_run(made, recipe, "training", "MNIST-M")
    assert run.startswith(f"{name} distance between the domains is 0.0012, where it began at 0.03.")
    everything = [said, run] + [
        about(made, recipe)
        for about in (
            sentences.about_accuracies,
            sentences.about_lambda,
            sentences.about_gradients,
        )
    ]
    for wrong in ("ln 2", "0.69", "classifier", "guess", "revers", "turned round"):
        assert wrong not in " ".join(everything)


def test_a_distances_gradient_is_taken_lambda_times() -> None:
    said = sentences.about_gradients(distances(), CORAL)
    assert "gradient of CORAL's distance between the domains 0.1, and 0.05 when it is taken" in said
    assert "lambda times, 0.2 times the label gradient" in said


@pytest.mark.parametrize(
    ("evaluations", "says"),
    [
        ([(100, 0.9, 0.88)], "pulled together, and the target has followed the source."),
        ([(100, 0.9, 0.8)], "pulled together, and the target has followed most of the way."),
        ([(100, 0.9, 0.5)], "pulled together, but the target has not followed the source."),
        ([(100, 0.2, 0.2)], "pulled together, but the target has not followed the source."),
        ([(100, 0.9, math.nan)], "together, which does not yet mean that the target has followed."),
    ],
)
def test_whether_the_target_follows_a_distance_is_said(
    evaluations: list[tuple[int, float, float]], says: str
) -> None:
    made = history(evaluations=evaluations, domain_loss=0.001, **NO_CLASSIFIER)
    assert says in about_run(made, MMD)
    still = history(evaluations=evaluations, domain_loss=0.001, lambda_=0.0, **NO_CLASSIFIER)
    assert "The features do not hear it, for lambda is near 0." in about_run(still, MMD)


@pytest.mark.parametrize("recipe", ADVERSARIES)
def test_what_has_a_domain_classifier_speaks_of_it_as_dann_does(recipe: Recipe) -> None:
    made = history(evaluations=LATER)
    for about in (sentences.about_losses, sentences.about_accuracies, sentences.about_gradients):
        assert about(made, recipe) == about(made, DANN)
    assert about_run(made, recipe) == about_run(made)


def test_a_method_of_somebodys_own_is_judged_by_what_it_leaves_in_the_history() -> None:
    said = sentences.about_losses(distances(), DANN)
    assert "the distance between the domains 0.0012" in said
    assert "ln 2" not in said


def test_a_large_lambda_is_written_without_digits_behind_the_point() -> None:
    made = history(lambda_=1250.0)
    made.marks.append(Mark(3, "by_hand", 1250.0))
    assert sentences.about_lambda(made, CORAL).startswith("Lambda 1,250 at step 100; changed")
    assert sentences.about_mark(made.marks[0]) == "lambda: 1,250 by hand"


def test_who_descends_what_by_each_method() -> None:
    def rows(method: str) -> list[str]:
        return [" ".join(row) for row in sentences.who_descends("reverse", method)]

    assert rows("dann") == [" ".join(row) for row in sentences.who_descends("reverse")]
    for method in ("coral", "mmd"):
        assert rows(method) == [
            "Label predictor goes down the label loss in full",
            "Feature extractor goes down the label loss in full",
            "Feature extractor goes down the distance lambda times",
        ]
    for method in ("cdan", "cdan+e"):
        assert "of features times class probabilities goes down the domain loss" in rows(method)[1]
        assert rows(method)[2:] == rows("dann")[2:]
