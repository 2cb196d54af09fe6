"""The network: its shapes, its initial weights, and what gradient goes where."""

from __future__ import annotations

import copy
import dataclasses
import math
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.layers import ChannelDropout, ContrastInversion, RandomLayer
from dann_core.model import DANN, FEATURES, build_model
from dann_core.networks import DeepFeatureExtractor, FeatureExtractor
from dann_core.recipe import Recipe, preset


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def images(n: int, dtype: torch.dtype = torch.float32) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.rand(n, 3, 28, 28, generator=generator, dtype=dtype) - 0.5


def test_shapes_are_the_tutorials() -> None:
    shapes = {name: tuple(p.shape) for name, p in build_model(Recipe()).named_parameters()}
    assert shapes == {
        "feature_extractor.conv1.weight": (32, 3, 5, 5),
        "feature_extractor.conv1.bias": (32,),
        "feature_extractor.conv2.weight": (48, 32, 5, 5),
        "feature_extractor.conv2.bias": (48,),
        "label_predictor.0.weight": (100, 2352),
        "label_predictor.0.bias": (100,),
        "label_predictor.2.weight": (100, 100),
        "label_predictor.2.bias": (100,),
        "label_predictor.4.weight": (10, 100),
        "label_predictor.4.bias": (10,),
        "domain_classifier.0.weight": (100, 2352),
        "domain_classifier.0.bias": (100,),
        "domain_classifier.2.weight": (2, 100),
        "domain_classifier.2.bias": (2,),
    }
    assert FEATURES == 2352


def test_the_deep_networks_shapes() -> None:
    """Four small convolutions have fewer weights than two large ones; the heads are the same."""
    shapes = {
        name: tuple(p.shape)
        for name, p in build_model(Recipe(network="deep")).named_parameters()
        if name.endswith("weight")
    }
    assert shapes == {
        "feature_extractor.conv1.weight": (24, 3, 3, 3),
        "feature_extractor.conv2.weight": (24, 24, 3, 3),
        "feature_extractor.conv3.weight": (48, 24, 3, 3),
        "feature_extractor.conv4.weight": (48, 48, 3, 3),
        "label_predictor.0.weight": (100, 2352),
        "label_predictor.2.weight": (100, 100),
        "label_predictor.4.weight": (10, 100),
        "domain_classifier.0.weight": (100, 2352),
        "domain_classifier.2.weight": (2, 100),
    }


@pytest.mark.parametrize("name", ["seed", "quick", "deep"])
def test_what_comes_out(name: str) -> None:
    model = build_model(preset(name)).eval()
    features = model.feature_extractor(images(5))
    labels, domains = model(images(5))
    assert features.shape == (5, 2352)
    assert (features >= 0).all(), "they come out of a ReLU"
    assert labels.shape == (5, 10)
    assert domains.shape == (5, 2)
    assert build_model(preset(name), classes=3)(images(2))[0].shape == (2, 3)
    wide = build_model(preset(name, domain_width=1024)).domain_classifier
    assert [p.shape[0] for p in wide.parameters()] == [1024, 1024, 2, 2]


def test_the_feature_extractor_in_the_tutorials_order() -> None:
    """conv, ReLU, pool, twice: to pool before the ReLU, as is done here, is the same function."""
    extractor = FeatureExtractor(Recipe()).double()
    x = images(4, torch.float64)
    y = x
    for conv in (extractor.conv1, extractor.conv2):
        y = F.max_pool2d(F.relu(F.conv2d(y, conv.weight, conv.bias, padding=2)), 2)
    torch.testing.assert_close(extractor(x), y.flatten(1))


def test_the_deep_feature_extractors_order() -> None:
    """conv, ReLU, conv, ReLU, pool, twice."""
    extractor = DeepFeatureExtractor(Recipe(network="deep")).double()
    x = images(4, torch.float64)
    y = x
    for pair in ((extractor.conv1, extractor.conv2), (extractor.conv3, extractor.conv4)):
        for conv in pair:
            y = F.relu(F.conv2d(y, conv.weight, conv.bias, padding=1))
        y = F.max_pool2d(y, 2)
    torch.testing.assert_close(extractor(x), y.flatten(1))


def test_lambda_changes_no_output() -> None:
    model = build_model(Recipe())
    for a, b in zip(model(images(3), 0.0), model(images(3), 10.0), strict=True):
        assert torch.equal(a, b)


def test_the_heads_end_in_logits() -> None:
    """A softmax inside a head would be a second one before the cross-entropy."""
    for logits in build_model(Recipe())(images(3)):
        assert (logits.sum(1) - 1).abs().min() > 1e-3


def test_initial_weights_are_tf_danns() -> None:
    """Truncated at two standard deviations of 0.1, which leaves 0.088; biases 0.1."""
    for seed in (0, 1):
        for name, p in build_model(preset("seed", seed=seed)).named_parameters():
            if name.endswith("bias"):
                assert (p == 0.1).all(), name
                continue
            assert p.abs().max() <= 0.2, name
            # Truncation at two sigma: variance 1 - 2 * 2 phi(2) / (2 Phi(2) - 1).
            phi, inside = math.exp(-2) / math.sqrt(2 * math.pi), math.erf(math.sqrt(2))
            expected = 0.1 * math.sqrt(1 - 4 * phi / inside)
            tolerance = 4 / math.sqrt(2 * p.numel())
            assert p.std().item() == pytest.approx(expected, rel=tolerance), name
            assert abs(p.mean().item()) < 4 * expected / math.sqrt(p.numel()), name
            if p.numel() > 10_000:
                assert p.abs().max() > 0.19, name


def test_pytorchs_initialisation_is_the_other_choice() -> None:
    model = build_model(preset("seed", initialisation="pytorch"))
    assert model.label_predictor[0].weight.abs().max() <= 1 / math.sqrt(2352)
    assert not (model.label_predictor[0].bias == 0.1).any()


@pytest.mark.parametrize("name", ["seed", "quick", "deep"])
def test_the_seed_decides_the_initial_weights(name: str) -> None:
    first, again, other = (build_model(preset(name, seed=s)).state_dict() for s in (3, 3, 4))
    torch.manual_seed(99)
    later = build_model(preset(name, seed=3)).state_dict()
    for key in first:
        assert torch.equal(first[key], again[key])
        assert torch.equal(first[key], later[key])
    assert not torch.equal(
        first["feature_extractor.conv1.weight"], other["feature_extractor.conv1.weight"]
    )


def test_building_a_model_leaves_the_callers_random_numbers_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    reseeded: list[int] = []
    monkeypatch.setattr(torch.cuda, "manual_seed_all", reseeded.append)
    build_model(Recipe())
    assert torch.equal(torch.rand(3), expected)
    assert reseeded == [], "those of the GPU too"


def losses(model: DANN, x: Tensor, lambda_: float) -> tuple[Tensor, Tensor]:
    """Label loss over the first half, domain loss over both."""
    half = len(x) // 2
    labels, domains = model(x, lambda_)
    side = torch.arange(2).repeat_interleave(half)
    return F.cross_entropy(labels[:half], torch.arange(half)), F.cross_entropy(domains, side)


@pytest.mark.parametrize("lambda_", [0.0, 0.3, 2.0])
def test_finite_differences_of_the_real_network(lambda_: float) -> None:
    """The features descend ``L_y - lambda L_d``; each head descends its own loss, whatever lambda.

    (Ganin & Lempitsky 2015, equations 4 to 6.)
    """
    model = build_model(Recipe(seed=2)).double()
    x = images(8, torch.float64)
    sum(losses(model, x, lambda_)).backward()  # type: ignore[union-attr]

    generator = torch.Generator().manual_seed(0)
    for name, p in model.named_parameters():
        assert p.grad is not None
        # Weights that count: where the gradient is 0 (behind a dead ReLU) there is nothing to see.
        alive = p.grad.flatten().abs().argsort(descending=True)[:20]
        for i in alive[torch.randperm(len(alive), generator=generator)[:2]].tolist():
            step, weight = 1e-6, p.data.view(-1)
            before = weight[i].item()
            sides = []
            for moved in (before + step, before - step):
                weight[i] = moved
                with torch.no_grad():
                    sides.append([loss.item() for loss in losses(model, x, lambda_)])
            weight[i] = before
            label, domain = ((a - b) / (2 * step) for a, b in zip(*sides, strict=True))
            sign = -lambda_ if name.startswith("feature_extractor") else 1.0
            expected = label + sign * domain
            found = p.grad.view(-1)[i].item()
            assert found == pytest.approx(expected, rel=1e-4, abs=1e-8), (name, i)


def test_the_domain_classifier_learns_at_full_strength_whatever_lambda() -> None:
    """JMLR 2016, footnote 6. A loss times lambda would starve it."""
    found = []
    for lambda_ in (0.0, 0.1, 5.0):
        model = build_model(Recipe())
        losses(model, images(8), lambda_)[1].backward()
        found.append([p.grad for p in model.domain_classifier.parameters()])
    assert all(g.abs().sum() > 0 for g in found[0] if g is not None)
    for others in found[1:]:
        for a, b in zip(found[0], others, strict=True):
            assert a is not None
            assert b is not None
            assert torch.equal(a, b)


def test_the_instance_normalised_input_ignores_brightness_and_contrast() -> None:
    extractor = FeatureExtractor(preset("quick")).eval()
    x = images(3)
    torch.testing.assert_close(extractor(x), extractor(x * 0.5 + 0.2), rtol=1e-3, atol=1e-3)


def test_channel_dropout_drops_whole_channels_and_keeps_the_mean() -> None:
    layer, x = ChannelDropout(0.25, seed=0), torch.ones(200, 40, 3, 3)
    y = layer(x)
    per_channel = y.flatten(2)
    assert torch.equal(per_channel.amin(2), per_channel.amax(2)), "a channel goes as a whole"
    torch.testing.assert_close(y.unique(), torch.tensor([0.0, 1 / 0.75]))
    assert (y == 0).float().mean().item() == pytest.approx(0.25, abs=0.02)
    assert torch.equal(layer.eval()(x), x)


def test_channel_dropout_has_its_own_random_numbers() -> None:
    x = torch.ones(4, 8, 1, 1)
    alone = [(layer := ChannelDropout(0.5, seed=1))(x) for _ in range(1)] + [layer(x)]
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    layer = ChannelDropout(0.5, seed=1)
    first = layer(x)
    assert torch.equal(torch.rand(3), expected), "it leaves the process's stream alone"
    assert torch.equal(first, alone[0])
    assert torch.equal(layer(x), alone[1]), "and the process's stream leaves it alone"
    assert not torch.equal(alone[0], alone[1])


def test_channel_dropout_goes_on_where_it_was_saved() -> None:
    x = torch.ones(4, 8, 1, 1)
    layer, resumed = ChannelDropout(0.5, seed=1), ChannelDropout(0.5, seed=1)
    layer(x)
    resumed.load_state_dict(layer.state_dict())
    assert torch.equal(resumed(x), layer(x))


def test_contrast_inversion_turns_whole_images_while_training() -> None:
    layer, x = ContrastInversion(seed=0), images(200)
    y = layer(x)
    turned = (y == -x).flatten(1).all(1)
    assert ((y == x).flatten(1).all(1) | turned).all(), "an image goes as a whole"
    assert turned.float().mean().item() == pytest.approx(0.5, abs=0.1)
    assert not torch.equal(layer(x), y), "others at the next step"
    assert torch.equal(layer.eval()(x), x)


def test_contrast_inversion_has_its_own_random_numbers() -> None:
    x, layer = images(20), ContrastInversion(seed=1)
    alone = [layer(x), layer(x)]
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    layer = ContrastInversion(seed=1)
    first = layer(x)
    assert torch.equal(torch.rand(3), expected), "it leaves the process's stream alone"
    assert torch.equal(first, alone[0])
    assert torch.equal(layer(x), alone[1]), "and the process's stream leaves it alone"


@pytest.mark.parametrize(
    "way",
    [
        lambda layer: pickle.loads(pickle.dumps(layer)),
        copy.deepcopy,
        lambda layer: (new := ContrastInversion(1)).load_state_dict(layer.state_dict()) and new,
    ],
    ids=["pickled", "copied", "loaded"],
)
def test_contrast_inversion_goes_on_where_it_was(
    way: Callable[[ContrastInversion], ContrastInversion],
) -> None:
    x, layer = images(20), ContrastInversion(seed=1)
    layer(x)
    other = way(layer)
    for _ in range(2):
        assert torch.equal(other(x), layer(x))


@pytest.mark.parametrize("seed", [0, 2**31 - 1])
@pytest.mark.parametrize("name", ["quick", "deep"])
def test_the_layers_of_a_network_draw_other_numbers(name: str, seed: int) -> None:
    extractor = build_model(preset(name, seed=seed)).feature_extractor
    layers = [part for part in extractor.modules() if isinstance(part, RandomLayer)]
    x = images(1)
    inverts, drops = (layer.drawn(16, like=x) for layer in layers)
    assert not torch.equal(inverts, drops)


def test_weights_from_a_gpu_load_though_its_random_numbers_mean_nothing_here() -> None:
    model = nn.Sequential(ChannelDropout(0.5, seed=1), nn.Linear(2, 2))
    state = model.state_dict()
    state["0._extra_state"] = torch.zeros(16, dtype=torch.uint8)  # a CUDA generator's size
    state["1.weight"] = torch.ones(2, 2)
    model.load_state_dict(state)
    assert (model[1].weight == 1).all()


@pytest.mark.parametrize("name", ["quick", "deep"])
def test_separate_statistics_are_those_of_two_passes(name: str) -> None:
    plain = preset(name, dropout=0.0, contrast_inversion=False)
    recipe = dataclasses.replace(plain, separate_statistics=True)
    together, apart = build_model(plain), build_model(recipe)
    assert all(
        torch.equal(a, b)
        for a, b in zip(together.state_dict().values(), apart.state_dict().values(), strict=True)
    )
    source = torch.rand(6, 3, 28, 28)
    target = torch.rand(6, 3, 28, 28) * 3 - 1
    both = apart.feature_extractor(torch.cat([source, target]))
    one_by_one = torch.cat([together.feature_extractor(x) for x in (source, target)])
    torch.testing.assert_close(both, one_by_one)
    running = [
        n.running_mean for n in (apart.feature_extractor.norm1, together.feature_extractor.norm1)
    ]
    torch.testing.assert_close(*running)
    mixed = build_model(recipe).feature_extractor.eval()(torch.cat([source, target]))
    alone = build_model(recipe).feature_extractor.eval()(source)
    torch.testing.assert_close(mixed[:6], alone)  # at test time the batch plays no part


@pytest.mark.parametrize("place", range(4))
def test_a_part_that_is_none_is_named(place: int) -> None:
    made = build_model(preset("quick"))
    parts: list[Any] = [made.feature_extractor, made.label_predictor, made.domain_classifier]
    names = ["feature_extractor", "label_predictor", "domain_classifier", "method"]
    parts.append(made.method)
    parts[place] = "text"
    with pytest.raises(TypeError, match=f"{names[place]} is 'text'"):
        DANN(*parts)
