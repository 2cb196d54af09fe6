"""DANN in scikit-learn's words: what scikit-learn asks of any classifier, and what is our own."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import sklearn
import torch
from sklearn.base import clone
from sklearn.datasets import make_moons
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks
from torch import nn

import dann_core as dann
from dann_core.classifier import DANNClassifier, FitError
from dann_core.errors import DataError, RecipeError
from dann_core.inputs import Inputs
from dann_core.recipe import ALLOWED, Recipe

Array = npt.NDArray[Any]
NOT_APPLICABLE = {
    "check_classifiers_classes": (
        "without sample_domain a label of -1 stands for no label, as in skada, and this check has "
        "-1 for one of two classes"
    ),
}


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@parametrize_with_checks(
    [DANNClassifier(steps=20)], expected_failed_checks=lambda _: NOT_APPLICABLE
)
def test_scikit_learn_finds_what_it_asks_of_a_classifier(estimator: Any, check: Any) -> None:
    check(estimator)


def moons(seed: int, degrees: float = 35.0) -> tuple[Array, Array, Array, Array]:
    """Source and target, each points [150, 2] and labels; the target is turned."""
    a = math.radians(degrees)
    turn = np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]])
    centre = np.array([0.5, 0.25])
    source, labels = make_moons(150, noise=0.08, random_state=seed)
    target, hidden = make_moons(150, noise=0.08, random_state=seed + 100)
    return source - centre, labels, (target - centre) @ turn, hidden


def both(seed: int = 0) -> tuple[Array, Array, Array]:
    """X, y and sample_domain of both domains in turn, the target's labels hidden."""
    source, labels, target, _ = moons(seed)
    x = np.stack([source, target], axis=1).reshape(-1, 2)
    y = np.stack([labels, np.full(150, -1)], axis=1).ravel()
    return x, y, np.tile([1, -2], 150)


def quick(**changes: Any) -> DANNClassifier:
    return DANNClassifier(**{"steps": 10, **changes})


X, Y, DOMAIN = both()


def same(one: DANNClassifier, other: DANNClassifier, x: Any = X) -> bool:
    return bool((one.predict_proba(x) == other.predict_proba(x)).all())


# What it learns


def test_it_adapts_to_a_target_without_labels() -> None:
    gains = []
    for seed in range(3):
        source, labels, target, hidden = moons(seed)
        x, y, domain = both(seed)
        classifier = DANNClassifier(steps=100, random_state=seed)
        alone = clone(classifier).fit(source, labels).score(target, hidden)
        gains.append(classifier.fit(x, y, domain).score(target, hidden) - alone)
    assert np.mean(gains) > 0.015


def test_the_targets_labels_are_not_looked_at() -> None:
    told = np.where(DOMAIN < 0, 7, Y)
    one, other = quick().fit(X, Y, DOMAIN), quick().fit(X, told, DOMAIN)
    assert other.classes_.tolist() == [0, 1]
    assert same(one, other)


def test_lambda_reaches_the_training() -> None:
    fitted = quick(lambda_=0.25).fit(X, Y, DOMAIN)
    assert set(fitted.history_.column("lambda_")) == {0.25}
    assert fitted.recipe_.mode == "dann"


def test_each_parameter_has_its_effect() -> None:
    fitted = quick(
        preset="seed", network="mlp", steps=3, batch_size=8, learning_rate=0.5, random_state=4
    ).fit(X, Y, DOMAIN)
    recipe = fitted.recipe_
    assert recipe.preset == "seed"
    assert (recipe.network, recipe.steps, recipe.batch_size) == ("mlp", 3, 8)
    assert (recipe.learning_rate, recipe.seed) == (0.5, 4)
    assert quick(steps=None, preset="own").fit(X[:20], Y[:20]).recipe_.steps == 1000


@pytest.mark.parametrize("method", ALLOWED["method"])
def test_each_method_is_one_parameter_away(method: str) -> None:
    fitted = quick(method=method).fit(X, Y, DOMAIN)
    assert fitted.recipe_.method == method
    assert fitted.predict(X).shape == (len(X),)
    assert np.isnan(fitted.history_.column("domain_accuracy")).all() == (method in ("coral", "mmd"))


def test_numpys_numbers_are_parameters_too() -> None:
    fitted = quick(steps=np.int64(3), lambda_=np.float32(0.5), random_state=np.int64(4))
    assert fitted.fit(X, Y, DOMAIN).recipe_.seed == 4


def test_each_row_is_a_training_example() -> None:
    """The table is standardised by the source's rows, all of them and no others."""
    fitted = quick().fit(X, Y, DOMAIN)
    source = X[DOMAIN > 0].astype(np.float32)
    np.testing.assert_allclose(fitted.inputs_.mean, source.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(fitted.inputs_.std, source.std(axis=0), rtol=1e-5)


def tiny_network(recipe: Recipe, inputs: Inputs) -> nn.Module:
    return nn.Linear(inputs.shape[0], 5)


def test_a_network_of_ones_own_is_taken() -> None:
    fitted = quick(network=tiny_network).fit(X, Y, DOMAIN)
    assert fitted.model_.feature_extractor.out_features == 5
    named = quick(network=f"{__name__}:tiny_network").fit(X, Y, DOMAIN)
    assert same(fitted, named)


def test_the_same_random_state_gives_the_same_to_the_last_bit() -> None:
    one = quick(random_state=3).fit(X, Y, DOMAIN)
    torch.rand(5)  # of nobody's concern
    assert same(one, quick(random_state=3).fit(X, Y, DOMAIN))
    assert not same(one, quick(random_state=4).fit(X, Y, DOMAIN))


def test_a_random_state_of_numpys_gives_others_each_time() -> None:
    state = np.random.RandomState(0)
    classifier = quick(random_state=state)
    seeds = [classifier.fit(X, Y, DOMAIN).recipe_.seed for _ in range(2)]
    assert seeds[0] != seeds[1]
    assert quick(random_state=None).fit(X, Y, DOMAIN).recipe_.seed not in seeds


@pytest.mark.parametrize(
    ("sources", "targets", "size"), [(150, 3, 6), (5, 150, 10), (150, 150, 64)]
)
def test_a_small_domain_makes_a_small_batch(sources: int, targets: int, size: int) -> None:
    rows = np.r_[np.flatnonzero(DOMAIN > 0)[:sources], np.flatnonzero(DOMAIN < 0)[:targets]]
    fitted = quick().fit(X[rows], Y[rows], DOMAIN[rows])
    assert fitted.recipe_.batch_size == size


def test_a_small_source_alone_makes_a_small_batch() -> None:
    rows = np.flatnonzero(DOMAIN > 0)[:7]
    assert quick().fit(X[rows], Y[rows]).recipe_.batch_size == 6


# Domains and labels


def test_rows_without_a_label_are_the_target() -> None:
    expected = quick().fit(X, Y, DOMAIN)
    without = [None if label == -1 else label for label in Y.tolist()]
    as_words = np.array([{None: ""}.get(label, str(label)) for label in without])
    for labels in (Y, np.where(Y == -1, np.nan, Y), np.array(without, dtype=object), as_words):
        found = quick().fit(X, labels)
        assert found.recipe_.mode == "dann"
        assert found.classes_.tolist() in ([0, 1], ["0", "1"])
        assert same(found, expected)


def test_without_a_target_the_source_is_learnt_alone() -> None:
    source, labels, *_ = moons(0)
    fitted = quick().fit(source, labels)
    assert fitted.recipe_.mode == "source"
    assert np.isnan(fitted.history_.column("domain_loss")).all()
    assert same(fitted, quick().fit(source, labels, 1))


def test_several_sources_are_one_domain_and_so_are_several_targets() -> None:
    several = np.where(DOMAIN > 0, np.arange(300) % 4, -1 - np.arange(300) % 3)
    assert (several[DOMAIN > 0] == 0).any()  # 0 is a source in skada
    assert same(quick().fit(X, Y, several), quick().fit(X, Y, DOMAIN))


def test_minus_1_is_a_class_where_the_domains_are_told() -> None:
    labels = np.where(DOMAIN > 0, np.where(Y == 0, -1, 1), 0)
    fitted = quick().fit(X, labels, DOMAIN)
    assert fitted.classes_.tolist() == [-1, 1]
    source = DOMAIN > 0
    right = (fitted.predict(X) == labels)[source].mean()
    assert fitted.score(X[source], labels[source]) == pytest.approx(right)


def test_words_and_truth_values_are_classes_as_they_are() -> None:
    words = np.array(["cat", "dog"])[np.maximum(Y, 0)]
    fitted = quick(steps=60).fit(X, words, DOMAIN)
    assert fitted.classes_.tolist() == ["cat", "dog"]
    assert set(fitted.predict(X)) == {"cat", "dog"}
    source = DOMAIN > 0
    assert fitted.score(X[source], words[source]) > 0.9
    assert quick().fit(X, Y == 1, DOMAIN).predict(X).dtype == bool


def test_the_score_is_of_the_rows_with_a_label() -> None:
    fitted = quick(steps=60).fit(X, Y, DOMAIN)
    source = DOMAIN > 0
    assert fitted.score(X, Y) == fitted.score(X[source], Y[source]) > 0.9
    as_objects = np.array([None if label == -1 else label for label in Y.tolist()], dtype=object)
    assert fitted.score(X, as_objects) == fitted.score(X, Y)
    assert math.isnan(fitted.score(X[~source], Y[~source]))
    wrong = fitted.predict(X) != Y
    assert fitted.score(X, Y, sample_weight=wrong) == 0


# Examples


def test_columns_of_a_dataframe_go_by_their_names() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(X, columns=["across", "up"])
    labels = pandas.Series(Y).map({0: "lower", 1: "upper"})  # -1 becomes NaN
    fitted = quick().fit(frame, labels)
    assert fitted.feature_names_in_.tolist() == ["across", "up"]
    assert fitted.recipe_.mode == "dann"
    unnamed = quick().fit(X, Y)
    assert (fitted.predict_proba(frame) == unnamed.predict_proba(X)).all()
    with pytest.raises(ValueError, match="feature names"):
        fitted.predict(frame[["up", "across"]])


def pictures(n: int = 24) -> tuple[Array, Array]:
    """uint8 [n, 8, 8, 3] and labels: bright above, or below."""
    images = np.random.default_rng(0).integers(0, 60, (n, 8, 8, 3)).astype(np.uint8)
    labels = np.arange(n) % 2
    for image, label in zip(images, labels, strict=True):
        image[:4] += np.uint8(120 * label)
        image[4:] += np.uint8(120 * (1 - label))
    return images, labels


def test_images_are_learnt_as_images() -> None:
    images, labels = pictures()
    half = np.r_[np.ones(12), -np.ones(12)]
    fitted = quick(steps=30).fit(images, labels, half)
    assert fitted.recipe_.network == "tutorial"
    assert fitted.n_features_in_ == 8 * 8 * 3
    assert fitted.score(images, labels) > 0.9
    in_torchs_order = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
    assert same(fitted, quick(steps=30).fit(in_torchs_order, labels, half), images)


def test_grey_images_are_taken_too() -> None:
    images, labels = pictures()
    fitted = quick().fit(images[..., 0], labels)
    assert fitted.inputs_.shape == (8, 8, 3)
    assert fitted.predict(images[..., 0]).shape == (24,)


def test_images_in_memory_that_may_not_be_written_to_stay_as_they_are(
    recwarn: pytest.WarningsRecorder,
) -> None:
    images, labels = pictures()
    images.flags.writeable = False
    quick().fit(images, labels).predict(images)
    assert not len(recwarn)


# In scikit-learn


def test_it_can_be_cloned_with_parameters_of_any_kind() -> None:
    classifier = quick(lambda_=0.5, network=tiny_network, batch_size=8)
    copy = clone(classifier)
    assert copy.get_params() == classifier.get_params()
    with pytest.raises(NotFittedError):
        copy.predict(X)


def test_a_pickle_predicts_the_same() -> None:
    fitted = quick().fit(X, Y, DOMAIN)
    assert same(pickle.loads(pickle.dumps(fitted)), fitted)


def test_a_pipeline_hands_the_domains_on() -> None:
    pipeline = make_pipeline(StandardScaler(), quick())
    pipeline.fit(X, np.maximum(Y, 0), dannclassifier__sample_domain=DOMAIN)
    assert pipeline[-1].recipe_.mode == "dann"
    assert pipeline.predict_proba(X).shape == (300, 2)
    assert pipeline.score(X, Y) == pipeline[-1].score(pipeline[:-1].transform(X), Y)


def test_metadata_routing_hands_the_domains_on() -> None:
    with sklearn.config_context(enable_metadata_routing=True):
        pipeline = make_pipeline(StandardScaler(), quick().set_fit_request(sample_domain=True))
        pipeline.fit(X, np.maximum(Y, 0), sample_domain=DOMAIN)
    assert pipeline[-1].recipe_.mode == "dann"


def test_a_search_in_two_processes_gives_each_fold_its_domains() -> None:
    search = GridSearchCV(
        make_pipeline(StandardScaler(), quick()),
        {"dannclassifier__lambda_": [0.0, 1.0], "dannclassifier__batch_size": [32]},
        cv=KFold(3),
        n_jobs=2,
        error_score="raise",
    )
    search.fit(X, Y, dannclassifier__sample_domain=DOMAIN)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.best_estimator_[-1].recipe_.mode == "dann"
    part = np.arange(100, 300)  # what the first fold learns from
    alone = clone(search.estimator).set_params(**search.cv_results_["params"][0])
    alone.fit(X[part], Y[part], dannclassifier__sample_domain=DOMAIN[part])
    assert search.cv_results_["split0_test_score"][0] == alone.score(X[:100], Y[:100])


def test_it_comes_through_the_front_door() -> None:
    assert dann.DANNClassifier is DANNClassifier


# What it refuses

REFUSED: dict[str, tuple[Any, Any, str]] = {
    "no source": (Y, -1, "no source"),
    "no label at all": (np.full(300, -1), None, "No row has a label"),
    "one class": (np.where(Y == -1, -1, 1), None, "one class only, 1"),
    "labels below -1": (np.where(Y == 0, -3, Y), None, "label -3 beside -1"),
    "a source without a label": (
        np.where(np.arange(300) == 4, np.nan, Y),
        DOMAIN,
        "Row 4 has no label",
    ),
    "domains of another length": (Y, DOMAIN[:9], r"shape \[9\].*300 rows"),
    "domains that are words": (Y, np.full(300, "source"), "'source' in row 0"),
    "domains that are fractions": (Y, np.where(DOMAIN > 0, 1, -0.5), "-0.5 in row 1"),
    "domains that are truth values": (Y, DOMAIN > 0, "True in row 0"),
    "domains that are NaN": (Y, np.full(300, np.nan), "nan in row 0"),
    "words and numbers": (np.array(["a", 1, 2] * 100, dtype=object), None, "words and numbers"),
    "fewer labels": (Y[:9], None, "300 rows and y has 9"),
    "measurements": (np.linspace(0, 1, 300), None, "Unknown label type"),
}


@pytest.mark.parametrize(("labels", "domain", "told"), REFUSED.values(), ids=REFUSED)
def test_labels_and_domains_that_do_not_fit_are_refused(
    labels: Array, domain: Any, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        quick().fit(X, labels, domain)


def test_a_refusal_is_an_error_of_this_project_and_of_scikit_learns_kind() -> None:
    assert issubclass(FitError, DataError)
    assert issubclass(FitError, ValueError)


def test_a_parameter_out_of_range_is_told_by_its_name() -> None:
    for wrong in ({"steps": 0}, {"batch_size": 7}, {"lambda_": -1}, {"random_state": -1}):
        name = next(iter(wrong)).replace("random_state", "seed")
        with pytest.raises(RecipeError, match=f"{name}=-?[017]"):
            quick(**wrong).fit(X, Y, DOMAIN)
    with pytest.raises(RecipeError, match="no preset 'mine'"):
        quick(preset="mine").fit(X, Y, DOMAIN)


def test_images_and_tables_are_not_taken_for_each_other() -> None:
    images, labels = pictures()
    of_images, of_table = quick().fit(images, labels), quick().fit(X, Y, DOMAIN)
    with pytest.raises(DataError, match=r"torch\.uint8"):
        of_images.predict(images.reshape(24, -1).astype(float))
    with pytest.raises(DataError, match="floating-point"):
        of_table.predict(images)
    with pytest.raises(FitError, match="no image"):
        of_images.predict(images[:0])
