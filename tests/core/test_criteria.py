"""What may be said of a network without the target's labels: values by hand, and others' values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import pytest
import sklearn
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KernelDensity
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from dann_core.criteria import (
    REVERSE_STRENGTH,
    circular_accuracy,
    deep_embedded_risk,
    density_ratio,
    importance_weighted_risk,
    prediction_entropy,
    soft_neighbourhood_density,
)
from dann_core.errors import DataError, RecipeError

RANDOM = np.random.default_rng(4)
SURE = np.eye(3)[[0, 1, 2, 0]]


def probabilities(n: int = 40, classes: int = 5, seed: int = 0) -> np.ndarray:
    logits = 2 * np.random.default_rng(seed).normal(size=(n, classes))
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)


def two_domains(shift: float, n: int = 300, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.normal(size=(n, 2)), random.normal(size=(n, 2)) + np.array([shift, 0])


class Known(ClassifierMixin, BaseEstimator):
    """Its inputs are the probabilities that it gives, as skada asks for them."""

    __metadata_request__score: ClassVar = {"sample_weight": True}
    __metadata_request__predict_proba: ClassVar = dict.fromkeys(
        ("sample_domain", "allow_source"), True
    )

    def __init__(self) -> None:
        self.classes_ = np.arange(5)

    def fit(self, X: Any, y: Any) -> Known:
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict_proba(self, X: Any, **others: Any) -> Any:
        return X

    def score(self, X: Any, y: Any, sample_weight: Any = None, **others: Any) -> float:
        return float(accuracy_score(y, X.argmax(axis=1), sample_weight=sample_weight))


@pytest.fixture
def skada() -> Iterator[ModuleType]:
    """Its metrics; what importing it changes in scikit-learn's settings is undone."""
    with sklearn.config_context(enable_metadata_routing=True):
        yield pytest.importorskip("skada.metrics")


def as_skada_has_them(*domains: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Source and target one after the other, and the numbers of their domains."""
    return np.concatenate(domains), np.repeat([1, -2], [len(d) for d in domains])


# Entropy


def test_entropy_is_0_where_all_is_sure_and_log_classes_where_nothing_is() -> None:
    assert prediction_entropy(SURE) == 0
    assert prediction_entropy(np.full((4, 3), 1 / 3)) == pytest.approx(math.log(3))


def test_entropy_is_a_mean_over_examples() -> None:
    half = np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])
    assert prediction_entropy(half) == pytest.approx(math.log(2) / 2)
    assert prediction_entropy(torch.from_numpy(half).float()) == pytest.approx(math.log(2) / 2)


def test_entropy_is_skadas_and_pytorch_adapts(skada: ModuleType) -> None:
    validators = pytest.importorskip("pytorch_adapt.validators")
    p, source = probabilities(), probabilities(10, seed=1)
    x, domains = as_skada_has_them(source, p)
    found = prediction_entropy(p)
    theirs = skada.PredictionEntropyScorer()._score(
        None, Known(), x, domains, sample_domain=domains
    )
    # Theirs is divided by the number of classes, and its sign is turned.
    assert -5 * theirs == pytest.approx(found, abs=1e-5)
    target = {"logits": torch.from_numpy(p).log()}
    validator = validators.EntropyValidator(layer="logits", key_map={"t": "target_train"})
    assert -float(validator(t=target)) == pytest.approx(found)


# Soft neighbourhood density


def test_density_of_four_alike_is_the_log_of_three_others() -> None:
    assert soft_neighbourhood_density(SURE[[0, 0, 0, 0]]) == pytest.approx(math.log(3))


def test_density_by_hand() -> None:
    # f is the same for 0 and 3 and at right angles for the rest: likenesses 1, 0, 0 at
    # temperature 1 for the two, and 0, 0, 0 for the others.
    e = math.e
    pair = -(e / (e + 2)) * math.log(e / (e + 2)) - 2 / (e + 2) * math.log(1 / (e + 2))
    expected = (2 * pair + 2 * math.log(3)) / 4
    assert soft_neighbourhood_density(SURE, temperature=1) == pytest.approx(expected)


def test_density_is_higher_for_two_tight_groups_than_for_scattered_points() -> None:
    tight = np.repeat([[0.98, 0.01, 0.01], [0.01, 0.98, 0.01]], 20, axis=0)
    assert soft_neighbourhood_density(tight) > soft_neighbourhood_density(probabilities(40, 3))


def test_density_is_skadas_and_pytorch_adapts(skada: ModuleType) -> None:
    validators = pytest.importorskip("pytorch_adapt.validators")
    p, source = probabilities(), probabilities(10, seed=1)
    x, domains = as_skada_has_them(source, p)
    found = soft_neighbourhood_density(p)
    theirs = skada.SoftNeighborhoodDensity()._score(
        None, Known(), x, domains, sample_domain=domains
    )
    assert theirs == pytest.approx(found, abs=1e-6)
    validator = validators.SNDValidator(key_map={"t": "target_train"})
    assert validator(t={"preds": torch.from_numpy(p)}) == pytest.approx(found, abs=1e-6)


# Weights, and the risks that are made of them


def test_the_ratio_of_two_normal_densities_is_found() -> None:
    source, target = two_domains(1.0, n=4000)
    at = np.array([[-1.0, 0.0], [0.5, 0.0], [2.0, 1.0]])
    # N(1, 1) over N(0, 1) at x is exp(x - 1/2).
    assert density_ratio(source, target, at) == pytest.approx(np.exp(at[:, 0] - 0.5), rel=0.2)


def test_weights_of_domains_of_other_sizes_are_still_1_in_the_mean() -> None:
    source, target = two_domains(0.5, n=2000)
    at, _ = two_domains(0.5, n=1000, seed=3)
    assert density_ratio(source, target[:500], at).mean() == pytest.approx(1, abs=0.1)


def test_domains_far_apart_give_weights_near_0_that_are_still_numbers() -> None:
    source, target = two_domains(50.0)
    found = density_ratio(source, target, source)
    assert np.isfinite(found).all()
    assert found.max() < 0.2


def test_the_same_seed_gives_the_same_weights_bit_for_bit() -> None:
    source, target = two_domains(1.0)
    first = density_ratio(source, target, source, seed=3)
    assert (density_ratio(source, target, source, seed=3) == first).all()
    assert (density_ratio(source, target, source, seed=4) != first).any()


def test_weighted_risk_by_hand() -> None:
    assert importance_weighted_risk(np.array([3.0, 1.0]), np.array([1.0, 0.0])) == 0.75
    assert importance_weighted_risk(np.ones(4), np.array([1.0, 0, 0, 0])) == 0.25
    assert math.isnan(importance_weighted_risk(np.zeros(2), np.ones(2)))


def test_weighted_risk_is_skadas_with_its_weights(skada: ModuleType) -> None:
    source, target = probabilities(30, seed=1), probabilities(40)
    x, domains = as_skada_has_them(source, target)
    truth = np.arange(len(x)) % 5
    densities = [KernelDensity().fit(each).score_samples(source) for each in (source, target)]
    weights = np.exp(densities[1] - densities[0])
    wrong = (source.argmax(axis=1) != truth[:30]).astype(float)
    scorer = skada.ImportanceWeightedScorer()
    theirs = scorer._score(None, Known(), x, truth, sample_domain=domains)
    assert 1 - theirs == pytest.approx(importance_weighted_risk(weights, wrong))


def test_deep_embedded_risk_by_hand() -> None:
    # Losses that are all the same: whatever the weights' mean, the control variate puts it right.
    assert deep_embedded_risk(np.array([0.1, 0.5, 3.0]), np.full(3, 0.7)) == pytest.approx(0.7)
    # w l = (0, 2), cov(w l, w) = 1, var(w) = 1/2, so eta is -2: 1 - 2 * 3/2 + 2 = 0.
    assert deep_embedded_risk(np.array([1.0, 2.0]), np.array([0.0, 1.0])) == pytest.approx(0)
    # Nothing to correct by.
    assert deep_embedded_risk(np.ones(4), np.array([1.0, 0, 0, 0])) == 0.25


def test_deep_embedded_risk_is_pytorch_adapts() -> None:
    module = pytest.importorskip("pytorch_adapt.validators.deep_embedded_validator")
    w, losses = RANDOM.gamma(2, size=50), RANDOM.gamma(1, size=50)
    theirs = module.get_dev_risk(
        torch.from_numpy(w)[:, None], torch.from_numpy(losses)[:, None], None
    )
    assert deep_embedded_risk(w, losses) == pytest.approx(theirs)


def test_deep_embedded_risk_is_skadas_with_its_weights(skada: ModuleType) -> None:
    source, target = probabilities(60, seed=1), probabilities(40)
    x, domains = as_skada_has_them(source, target)
    truth = np.arange(len(x)) % 5
    train, held, _, labels = train_test_split(source, truth[:60], test_size=0.33, random_state=0)
    told = np.repeat([1, 0], [len(train), len(target)])
    p = LogisticRegression().fit(np.concatenate([train, target]), told).predict_proba(held)
    weights = len(train) / len(target) * p[:, 0] / p[:, 1]
    losses = -np.log(held[np.arange(len(held)), labels])
    model = Pipeline([("same", FunctionTransformer()), ("known", Known())])

    def loss(y: np.ndarray, p: np.ndarray) -> np.ndarray:
        # A column. skada's own is a row, of which NumPy makes each weight times every loss.
        return -np.log(p[np.arange(len(p)), y])[:, None]

    scorer = skada.DeepEmbeddedValidation(random_state=0, loss_func=loss)
    theirs = scorer._score(None, model, x, truth, sample_domain=domains)
    assert -theirs == pytest.approx(deep_embedded_risk(weights, losses))


# The way back


class Labelled(ClassifierMixin, BaseEstimator):
    """Learns from the domains with a number above 0, as skada's estimators do."""

    def fit(self, X: Any, y: Any, sample_domain: Any) -> Labelled:
        known = sample_domain > 0
        steps = StandardScaler(), LogisticRegression(C=REVERSE_STRENGTH, max_iter=500)
        self.model_ = make_pipeline(*steps).fit(X[known], y[known])
        return self

    def predict(self, X: Any, sample_domain: Any = None) -> Any:
        return self.model_.predict(X)


def three_classes(n: int, shift: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    labels = np.arange(n) % 3
    places = np.array([[0.0, 4.0], [4.0, 0.0], [-4.0, -4.0]])
    return places[labels] + np.random.default_rng(seed).normal(size=(n, 2)) + shift, labels


def test_the_way_back_is_right_where_classes_lie_alike_and_wrong_where_they_are_exchanged() -> None:
    target, truth = three_classes(60, 0.2, seed=0)
    source, labels = three_classes(40, 0.0, seed=1)
    assert circular_accuracy(target, truth, source, labels) == 1
    exchanged = (truth + 1) % 3
    assert circular_accuracy(target, exchanged, source, labels) == 0


def test_what_has_seen_one_class_says_it_always() -> None:
    target, _ = three_classes(60, 0.0, seed=0)
    source, labels = three_classes(40, 0.0, seed=1)
    found = circular_accuracy(target, np.zeros(60), source, labels)
    assert found == (labels == 0).mean()


@pytest.mark.parametrize("shift", [0.0, 2.0, 4.0])
def test_the_way_back_is_skadas_where_the_model_is_the_reverse_classifier(
    shift: float, skada: ModuleType
) -> None:
    source, labels = three_classes(40, 0.0, seed=1)
    target, _ = three_classes(60, shift, seed=0)
    x, domains = as_skada_has_them(source, target)
    y = np.concatenate([labels, np.full(60, -1)])  # as skada hides labels
    model = Labelled().fit(x, y, sample_domain=domains)
    scorer = skada.CircularValidation(source_scorer=accuracy_score)
    theirs = scorer._score(None, model, x, y, sample_domain=domains)
    assert circular_accuracy(target, model.predict(target), source, labels) == theirs


# Bad input

P, W, X = probabilities(12), np.ones(12), RANDOM.normal(size=(12, 3))
BAD: dict[str, Any] = {
    "one row": lambda: prediction_entropy(P[0]),
    "nothing": lambda: prediction_entropy(P[:0]),
    "logits": lambda: prediction_entropy(P * 7),
    "below 0": lambda: prediction_entropy(np.array([[-1.0, 2.0]])),
    "NaN": lambda: soft_neighbourhood_density(np.full((3, 3), math.nan)),
    "no neighbours": lambda: soft_neighbourhood_density(P[:1]),
    "words": lambda: prediction_entropy(np.array([["a", "b"]])),
    "other lengths": lambda: importance_weighted_risk(W, np.ones(11)),
    "negative weights": lambda: deep_embedded_risk(-W, W),
    "one weight": lambda: deep_embedded_risk(W[:1], W[:1]),
    "few examples": lambda: density_ratio(X[:9], X, X),
    "other features": lambda: density_ratio(X, X[:, :2], X),
    "other features there": lambda: circular_accuracy(X, W, X[:, :2], W),
    "labels of others": lambda: circular_accuracy(X, W, X, np.ones(11)),
}


@pytest.mark.parametrize("call", BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence(call: Any) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert "\n" not in str(raised.value)


def test_a_temperature_of_0_is_refused() -> None:
    with pytest.raises(RecipeError, match="temperature=0"):
        soft_neighbourhood_density(P, temperature=0)
