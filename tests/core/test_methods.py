"""Methods: their formulas in NumPy, other libraries on the same numbers, and what lambda means."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from sklearn.metrics.pairwise import rbf_kernel
from tiny import tiny_pair
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.domains import DomainPair
from dann_core.errors import RecipeError
from dann_core.methods import (
    BANDWIDTHS,
    COMBINATIONS,
    METHODS,
    Added,
    Adversary,
    Conditional,
    Coral,
    Method,
    Mmd,
    SureConditional,
    method_named,
)
from dann_core.model import DANN, FEATURES, build_model
from dann_core.moons import moons_trainer
from dann_core.observing import evaluate_with_snapshot
from dann_core.recipe import ALLOWED, Recipe, preset
from dann_core.reversal import scale_gradient
from dann_core.training import (
    Trainer,
    backpropagate,
    backpropagate_by_method,
    watching,
)

Array = npt.NDArray[np.float64]
S, T, N, C = 7, 5, 6, 3
"""Examples of the source and the target, features, classes."""
MANY = 12_000
"""So many features that CDAN combines their products with the classes."""
OTHERS = [name for name in METHODS if name != "dann"]
ADVERSARIES = ["dann", "cdan", "cdan+e"]
DISTANCES = ["coral", "mmd"]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def batch() -> tuple[Tensor, Tensor]:
    """Features [S + T, N], the target's moved and wider, and label logits [S + T, C]; float64."""
    random = np.random.default_rng(3)
    features = random.normal(size=(S + T, N))
    features[S:] = 1.5 * features[S:] + 0.7
    return torch.tensor(features), torch.tensor(2 * random.normal(size=(S + T, C)))


def linear(inputs: int) -> nn.Linear:
    torch.manual_seed(1)
    return nn.Linear(inputs, 2).double()


def value(method: Method, features: Tensor, logits: Tensor) -> Added:
    added = method.double()(linear(method.inputs(N)), features, logits, S)
    assert isinstance(added, Added)
    return added


def softmax(logits: Array) -> Array:
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


# The formulas, from the papers, on arrays.


def cross_entropies(inputs: Array) -> Array:
    classifier = linear(inputs.shape[1])
    weight, bias = (p.detach().numpy() for p in (classifier.weight, classifier.bias))
    probabilities = softmax(inputs @ weight.T + bias)
    domains = np.repeat([0, 1], [S, T])
    return np.asarray(-np.log(probabilities[np.arange(S + T), domains]))


def dann_in_numpy(features: Array, logits: Array) -> float:
    return float(cross_entropies(features).mean())


def outer_products(features: Array, logits: Array) -> Array:
    g = softmax(logits)
    return np.array([np.outer(f, p).ravel() for f, p in zip(features, g, strict=True)])


def cdan_in_numpy(features: Array, logits: Array) -> float:
    return float(cross_entropies(outer_products(features, logits)).mean())


def cdan_e_in_numpy(features: Array, logits: Array) -> float:
    g = softmax(logits)
    weights = 1 + np.exp((g * np.log(g)).sum(axis=1))
    losses = cross_entropies(outer_products(features, logits))
    return float(
        np.mean([np.average(losses[h], weights=weights[h]) for h in (slice(S), slice(S, None))])
    )


def coral_in_numpy(features: Array, logits: Array) -> float:
    difference = np.cov(features[:S].T) - np.cov(features[S:].T)
    return float((difference**2).sum() / (4 * N**2))


def mmd_in_numpy(features: Array, logits: Array) -> float:
    apart = ((features[:, None] - features[None]) ** 2).sum(axis=2)
    mean = apart.sum() / (apart.size - len(apart))
    kernel = np.mean([np.exp(-apart / (width * mean)) for width in BANDWIDTHS], axis=0)
    return float(kernel[:S, :S].mean() + kernel[S:, S:].mean() - 2 * kernel[:S, S:].mean())


IN_NUMPY: dict[str, tuple[Callable[[], Method], Callable[[Array, Array], float]]] = {
    "dann": (Adversary, dann_in_numpy),
    "cdan": (lambda: Conditional(N, C), cdan_in_numpy),
    "cdan+e": (lambda: SureConditional(N, C), cdan_e_in_numpy),
    "coral": (Coral, coral_in_numpy),
    "mmd": (Mmd, mmd_in_numpy),
}


@pytest.mark.parametrize("name", METHODS)
def test_the_loss_is_the_papers_formula(name: str, batch: tuple[Tensor, Tensor]) -> None:
    make, formula = IN_NUMPY[name]
    found = value(make(), *batch).loss
    assert found.item() == pytest.approx(formula(*(t.numpy() for t in batch)), rel=1e-10)


@pytest.mark.parametrize("name", METHODS)
def test_its_gradient_is_the_formulas_by_finite_differences(
    name: str, batch: tuple[Tensor, Tensor]
) -> None:
    make, formula = IN_NUMPY[name]
    features, logits = batch
    asked = features.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(value(make(), asked, logits).loss, asked)
    # MMD's widths follow the features, and no gradient goes through them: hold them still.
    squares = torch.cdist(features, features).square()
    still = float(squares.sum() / (len(squares) * (len(squares) - 1)))

    def at(moved: Array) -> float:
        if name != "mmd":
            return formula(moved, logits.numpy())
        apart = ((moved[:, None] - moved[None]) ** 2).sum(axis=2)
        k = np.mean([np.exp(-apart / (width * still)) for width in BANDWIDTHS], axis=0)
        return float(k[:S, :S].mean() + k[S:, S:].mean() - 2 * k[:S, S:].mean())

    expected = np.zeros_like(features.numpy())
    for place in np.ndindex(expected.shape):
        up, down = features.numpy().copy(), features.numpy().copy()
        up[place] += 1e-5
        down[place] -= 1e-5
        expected[place] = (at(up) - at(down)) / 2e-5
    np.testing.assert_allclose(gradient.numpy(), expected, rtol=1e-5, atol=1e-9)


def test_of_many_products_cdan_takes_fixed_random_combinations() -> None:
    method = Conditional(MANY, C, seed=4).double()
    random = np.random.default_rng(0)
    features, logits = random.normal(size=(4, MANY)), random.normal(size=(4, C))
    assert method.inputs(MANY) == COMBINATIONS
    f, g = method.of_features.numpy(), method.of_classes.numpy()
    expected = (features @ f) * (softmax(logits) @ g) / np.sqrt(COMBINATIONS)
    given = method.domain_logits(nn.Identity(), torch.tensor(features), torch.tensor(logits))
    np.testing.assert_allclose(given.numpy(), expected, rtol=1e-10)
    # In the mean over R the products of two examples' combinations are those of all products.
    f1, f2 = (torch.randn(MANY, dtype=torch.float64) for _ in range(2))
    g1, g2 = softmax(random.normal(size=(2, C)))
    many = [
        (a @ m.of_features * (torch.tensor(g1) @ m.of_classes))
        @ (b @ m.of_features * (torch.tensor(g2) @ m.of_classes))
        / COMBINATIONS
        for m in (Conditional(MANY, C, seed=k).double() for k in range(100))
        for a, b in [(f1, f2)]
    ]
    exact = float(f1 @ f2) * float(g1 @ g2)
    spread = float(torch.stack(many).std()) / 10
    assert float(torch.stack(many).mean()) == pytest.approx(exact, abs=5 * spread)
    same, other = Conditional(MANY, C, seed=4), Conditional(MANY, C, seed=5)
    assert torch.equal(same.of_features.double(), method.of_features)
    assert not torch.equal(other.of_features, same.of_features)


def test_the_combinations_are_no_part_of_a_checkpoint() -> None:
    assert list(Conditional(MANY, C).buffers())
    assert not Conditional(MANY, C).state_dict()


def test_the_tutorials_features_are_taken_with_each_class() -> None:
    model = build_model(Recipe(method="cdan"))
    assert model.domain_classifier[0].in_features == 10 * FEATURES  # type: ignore[index]


# Other libraries.


@pytest.fixture
def peers() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("pytorch_adapt.layers")


def test_coral_agrees_with_pytorch_adapt_and_skada(
    peers: Any, batch: tuple[Tensor, Tensor]
) -> None:
    losses = pytest.importorskip("skada.deep.losses")
    features, logits = batch
    ours = value(Coral(), features, logits).loss.item()
    assert peers.CORALLoss()(features[:S], features[S:]).item() == pytest.approx(ours, rel=1e-8)
    assert losses.deepcoral_loss(features[:S], features[S:]).item() == pytest.approx(ours, rel=1e-8)


def test_mmd_agrees_with_pytorch_adapt(peers: Any, batch: tuple[Tensor, Tensor]) -> None:
    """It leaves out each example's likeness to itself, which is 1, and divides by fewer pairs."""
    features, logits = batch
    squares = torch.cdist(features, features).square()
    mean = float(squares.sum() / ((S + T) * (S + T - 1)))
    layer = peers.MMDLoss(
        kernel_scales=1 / torch.tensor(BANDWIDTHS, dtype=torch.float64),
        mmd_type="quadratic",
        bandwidth=mean,
    )
    s, t = features[:S], features[S:]
    kernel = torch.stack([(-squares / (b * mean)).exp() for b in BANDWIDTHS]).mean(dim=0)
    within = [(kernel[h, h].sum(), n) for h, n in ((slice(S), S), (slice(S, None), T))]
    same = sum(float(total) / n**2 for total, n in within)
    apart = sum((float(total) - n) / (n * (n - 1)) for total, n in within)
    theirs = layer(s, t).item()
    ours = value(Mmd(), features, logits).loss.item()
    assert theirs - apart == pytest.approx(ours - same, rel=1e-8)


def test_mmds_kernels_are_scikit_learns(batch: tuple[Tensor, Tensor]) -> None:
    """skada's are of another kind: exp(-d / sigma) of the distance, not of its square."""
    features, logits = batch
    squares = torch.cdist(features, features).square()
    mean = float(squares.sum() / ((S + T) * (S + T - 1)))
    kernel = np.mean([rbf_kernel(features, gamma=1 / (b * mean)) for b in BANDWIDTHS], axis=0)
    expected = kernel[:S, :S].mean() + kernel[S:, S:].mean() - 2 * kernel[:S, S:].mean()
    assert value(Mmd(), features, logits).loss.item() == pytest.approx(expected, rel=1e-8)


def test_cdans_combinations_and_weights_agree_with_pytorch_adapt(
    peers: Any, batch: tuple[Tensor, Tensor]
) -> None:
    method = Conditional(MANY, C).double()
    random = torch.Generator().manual_seed(0)
    features = torch.randn(4, MANY, generator=random, dtype=torch.float64)
    logits = torch.randn(4, C, generator=random, dtype=torch.float64)
    theirs = peers.RandomizedDotProduct([MANY, C], COMBINATIONS)
    theirs.rand_mat0, theirs.rand_mat1 = method.of_features, method.of_classes
    ours = method.domain_logits(nn.Identity(), features, logits)
    torch.testing.assert_close(ours, theirs(features, logits.softmax(dim=1)))

    features, logits = batch
    weights = peers.EntropyWeights()
    losses = torch.tensor(cross_entropies(outer_products(features.numpy(), logits.numpy())))
    halves = [(losses[h] * weights(logits[h])).sum() for h in (slice(S), slice(S, None))]
    found = value(SureConditional(N, C), features, logits).loss
    torch.testing.assert_close(found, sum(halves, torch.zeros(())) / 2, check_dtype=False)


# What lambda means: the strength at the features, for every method.


@pytest.mark.parametrize("lambda_", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("name", METHODS)
def test_lambda_is_the_strength_at_the_features_and_nowhere_else(
    name: str, lambda_: float, batch: tuple[Tensor, Tensor]
) -> None:
    features, logits = batch
    method = IN_NUMPY[name][0]().double()
    classifier = linear(method.inputs(N))
    plain = features.clone().requires_grad_()
    method(classifier, plain, logits, S).loss.backward()
    at_full = [p.grad for p in classifier.parameters()]
    classifier.zero_grad()
    asked = features.clone().requires_grad_()
    added = method(classifier, method.layer(asked, lambda_), logits, S)
    added.loss.backward()
    sign = -1 if method.has_classifier else 1
    assert plain.grad is not None
    torch.testing.assert_close(asked.grad, sign * lambda_ * plain.grad)
    for full, now in zip(at_full, classifier.parameters(), strict=True):
        if method.has_classifier:
            assert now.grad is not None
            torch.testing.assert_close(now.grad, full)
        else:
            assert now.grad is None


@pytest.mark.parametrize("name", METHODS)
def test_no_gradient_goes_through_the_label_logits(name: str, batch: tuple[Tensor, Tensor]) -> None:
    features, logits = batch
    asked = logits.clone().requires_grad_()
    value(IN_NUMPY[name][0](), features.clone().requires_grad_(), asked).loss.backward()
    assert asked.grad is None


def test_scaling_is_the_identity_with_its_gradient_times_lambda() -> None:
    x = torch.randn(3, 2, requires_grad=True)
    y = scale_gradient(x, 0.25)
    assert torch.equal(x, y)
    y.sum().backward()
    assert torch.equal(x.grad, torch.full((3, 2), 0.25))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="lambda_=-1"):
        scale_gradient(x, -1)


@pytest.mark.parametrize("name", METHODS)
def test_features_that_are_all_the_same_are_no_trouble(name: str) -> None:
    features = torch.ones(S + T, N, dtype=torch.float64, requires_grad=True)
    added = value(IN_NUMPY[name][0](), features, torch.zeros(S + T, C, dtype=torch.float64))
    added.loss.backward()
    assert added.loss.isfinite()
    assert features.grad is not None
    assert features.grad.isfinite().all()


@pytest.mark.parametrize("name", DISTANCES)
def test_the_distance_of_domains_that_are_alike_is_zero(name: str) -> None:
    half = torch.randn(S, N, dtype=torch.float64)
    method = method_named(name, N, C).double()
    both, none = torch.cat([half, half]), torch.zeros(2 * S, C)
    found = method(nn.Identity(), both, none, S).loss.item()
    assert 0 <= found == pytest.approx(0, abs=1e-12)


# In training.


@pytest.fixture
def pair() -> DomainPair:
    return tiny_pair()


def small(method: str, **changes: Any) -> Recipe:
    return preset("quick", **{"batch_size": 8, "steps": 6, "method": method, **changes})


def test_danns_own_step_and_the_general_one_give_the_same(pair: DomainPair) -> None:
    recipe = preset("seed", batch_size=8)
    own, general = build_model(recipe, pair.inputs), build_model(recipe, pair.inputs)
    images = torch.cat([pair.source.train.images[:4], pair.target.train.images[:4]])
    labels = pair.source.train.labels[:4]
    found = []
    for model, step in ((own, backpropagate), (general, backpropagate_by_method)):
        found.append(step(model, pair.prepare(images), labels, 0.4))
    assert found[0].keys() == found[1].keys()
    for name, value_ in found[0].items():
        torch.testing.assert_close(value_, found[1][name])
    for a, b in zip(own.parameters(), general.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad)


@pytest.mark.parametrize("method", METHODS)
def test_a_run_records_what_its_method_has(method: str, pair: DomainPair) -> None:
    trainer = Trainer(pair, small(method, lambda_=0.5), device="cpu")
    records = list(trainer)
    for record in records:
        assert math.isfinite(record.domain_loss)
        assert record.total_loss == pytest.approx(record.label_loss + record.domain_loss, rel=1e-5)
        assert record.domain_gradient_before > 0
        after = 0.5 * record.domain_gradient_before
        assert record.domain_gradient_after == pytest.approx(after, rel=1e-5)
        assert math.isnan(record.domain_accuracy) == (method in DISTANCES)
    judged = method in ADVERSARIES
    assert trainer.has_classifier is judged
    assert math.isfinite(trainer.evaluate().domain_accuracy) is judged
    assert math.isfinite(evaluate_with_snapshot(trainer, 20).domain_accuracy) is judged
    assert trainer.history.snapshots


@pytest.mark.parametrize("method", METHODS)
def test_a_run_is_the_same_again_also_when_it_was_interrupted(
    method: str, pair: DomainPair, tmp_path: Path
) -> None:
    whole, begun = (Trainer(pair, small(method), device="cpu") for _ in range(2))
    for _ in range(3):
        next(begun)
    begun.save(tmp_path / "run.pt")
    again = Trainer.resume(tmp_path / "run.pt", pair, device="cpu")
    list(again)
    assert [*map(repr, whole)] == [*map(repr, again.history)]  # NaN is not NaN


@pytest.mark.parametrize("method", OTHERS)
def test_with_lambda_0_the_features_learn_from_labels_alone(method: str, pair: DomainPair) -> None:
    dann, other = (
        Trainer(pair, small(m, lambda_=0.0, dropout=0), device="cpu") for m in ("dann", method)
    )
    for a, b in zip(dann, other, strict=True):
        assert a.label_loss == pytest.approx(b.label_loss, rel=1e-4)


@pytest.mark.parametrize("method", DISTANCES)
def test_a_distance_leaves_the_domain_classifier_as_it_was(method: str, pair: DomainPair) -> None:
    trainer = Trainer(pair, small(method), device="cpu")
    before = deepcopy(trainer.model.domain_classifier.state_dict())
    list(trainer)
    for name, kept in trainer.model.domain_classifier.state_dict().items():
        assert torch.equal(kept, before[name])


@pytest.mark.parametrize("method", METHODS)
def test_a_strong_lambda_makes_what_the_method_looks_at_smaller(method: str) -> None:
    """On the moons, whose features are two numbers: the distance shrinks, or the domain classifier
    is fooled, more than with lambda 0."""
    strong = {"coral": 20.0, "mmd": 3.0}.get(method, 1.0)
    ends = []
    for lambda_ in (0.0, strong):
        trainer = moons_trainer(steps=300, method=method, lambda_=lambda_)
        records = list(trainer)
        ends.append(np.mean([r.domain_loss for r in records[-20:]]))
    assert ends[1] > ends[0] if method in ADVERSARIES else ends[1] < ends[0] / 2


@pytest.mark.parametrize("method", METHODS)
def test_the_moons_pushes_are_the_gradients_of_the_next_step(method: str) -> None:
    trainer = moons_trainer(steps=10, method=method, lambda_=0.7)
    next(trainer)
    pushes = trainer.pushes(0.7)
    sign = -1 if method in ADVERSARIES else 1
    torch.testing.assert_close(pushes.reversed_, sign * 0.7 * pushes.domain)
    copy = deepcopy(trainer.model)
    source, target = trainer.pair.source.train, trainer.pair.target.train
    seen: list[Tensor] = []

    def keep(_: nn.Module, inputs: Any, features: Tensor) -> None:
        features.register_hook(lambda gradient: seen.append(gradient))

    copy.feature_extractor.register_forward_hook(keep)
    both = torch.cat([source.images, target.images])
    backpropagate_by_method(copy, both, source.labels, 0.7)
    expected = -(pushes.label / len(source) + pushes.reversed_ / len(both))
    torch.testing.assert_close(seen[0], expected, rtol=1e-4, atol=1e-7)


# A method of one's own.


class Means(Method):
    """The distance between the means."""

    has_classifier = False

    def layer(self, features: Tensor, lambda_: Any) -> Tensor:
        return scale_gradient(features, lambda_)

    def forward(
        self, classifier: nn.Module, features: Tensor, label_logits: Tensor, sources: int
    ) -> Added:
        apart = features[:sources].mean(dim=0) - features[sources:].mean(dim=0)
        return Added(apart.square().sum())


def with_means(recipe: Recipe, inputs: Any) -> DANN:
    made = build_model(preset("seed"), inputs)
    return DANN(made.feature_extractor, made.label_predictor, made.domain_classifier, Means())


def test_a_method_of_ones_own_trains(pair: DomainPair) -> None:
    trainer = Trainer(pair, small("dann", lambda_=0.5), device="cpu", network=with_means)
    record = next(trainer)
    assert math.isnan(record.domain_accuracy)
    assert record.domain_loss > 0
    assert math.isnan(trainer.evaluate().domain_accuracy)


def test_watching_changes_nothing(pair: DomainPair) -> None:
    for method in METHODS:
        models = [build_model(small(method), pair.inputs).train() for _ in range(2)]
        images = torch.cat([pair.source.train.images[:4], pair.target.train.images[:4]])
        labels = pair.source.train.labels[:4]
        backpropagate_by_method(models[0], pair.prepare(images), labels, 0.4)
        step = backpropagate if method == "dann" else backpropagate_by_method
        with watching(models[1]) as norms:
            step(models[1], pair.prepare(images), labels, 0.4)
        assert norms.keys() == {
            "label_gradient",
            "domain_gradient_before",
            "domain_gradient_after",
        }
        for a, b in zip(models[0].parameters(), models[1].parameters(), strict=True):
            assert (a.grad is None) == (b.grad is None)
            if a.grad is not None and b.grad is not None:
                torch.testing.assert_close(a.grad, b.grad)


@pytest.mark.parametrize("method", METHODS)
def test_the_recorded_label_gradient_is_that_of_the_label_loss_alone(method: str) -> None:
    trainer = moons_trainer(method=method)
    trainer.lambda_source = lambda step, progress: 5.0
    for _ in range(3):
        next(trainer)
    model, source = deepcopy(trainer.model), trainer.pair.source.train
    features = model.feature_extractor(source.images).detach().requires_grad_()
    F.cross_entropy(model.label_predictor(features), source.labels).backward()
    expected = features.grad.norm().item()  # type: ignore[union-attr]
    assert next(trainer).label_gradient == pytest.approx(expected, rel=1e-5)


# Names.


def test_recipes_and_methods_have_the_same_names() -> None:
    assert {*ALLOWED["method"]} == {*METHODS}


@pytest.mark.parametrize("name", ["", "DANN", "deep coral", None, 3])
def test_another_name_is_refused_with_those_there_are(name: Any) -> None:
    with pytest.raises(RecipeError, match=r"method=.*one of dann, cdan, cdan\+e, coral, mmd"):
        Recipe(method=name)
    with pytest.raises(RecipeError, match="There is no method"):
        method_named(name, N, C)


def test_a_whole_network_whose_domain_classifier_does_not_fit_is_told_so(pair: DomainPair) -> None:
    def whole(recipe: Recipe, inputs: Any) -> DANN:
        return build_model(preset("seed"), inputs)

    with pytest.raises(RecipeError, match="domain classifier does not take features"):
        Trainer(pair, small("cdan"), device="cpu", network=whole)


def test_dann_is_what_pytorch_says(batch: tuple[Tensor, Tensor]) -> None:
    features, logits = batch
    added = value(Adversary(), features, logits)
    domains = torch.tensor([0] * S + [1] * T)
    assert added.domain_logits is not None
    torch.testing.assert_close(added.loss, F.cross_entropy(added.domain_logits, domains))
