"""Accuracies, predictions and features: right, whatever the sizes, and without a trace."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from tiny import tiny_pair
from torch import Tensor, nn

from dann_core.domains import UNKNOWN, DomainPair
from dann_core.errors import DataError
from dann_core.evaluation import evaluate, evaluating, features, looks, predict
from dann_core.inputs import PIXELS
from dann_core.model import DANN, build_model
from dann_core.moons import moons_trainer
from dann_core.observing import keep_snapshot, take_snapshot
from dann_core.recipe import preset
from dann_core.training import Trainer


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def pair() -> DomainPair:
    # More than one chunk of 500 each, and not a multiple of it; the target has fewer.
    large = tiny_pair(train=4, test=610)
    return replace(large, target=replace(large.target, test=large.target.test.first(520)))


@pytest.fixture
def model() -> DANN:
    return build_model(preset("quick"))


def test_accuracies_counted_one_by_one(model: DANN, pair: DomainPair) -> None:
    found = evaluate(model, pair, step=7)
    model.eval()
    right, sides = [], []
    for side, domain in enumerate((pair.source, pair.target)):
        with torch.no_grad():
            seen = model.feature_extractor(pair.prepare(domain.test.images))
            answers = model.label_predictor(seen).argmax(1)
            guesses = model.domain_classifier(seen).argmax(1)
        right.append((answers == domain.test.labels).double().mean().item())
        sides += (guesses[:500] == side).tolist()
    assert found.step == 7
    assert found.source_accuracy == pytest.approx(right[0], abs=1e-12)
    assert found.target_accuracy == pytest.approx(right[1], abs=1e-12)
    assert len(sides) == 1000
    assert found.domain_accuracy == sum(sides) / 1000
    assert found.images == 520


def test_only_so_many_images(model: DANN, pair: DomainPair) -> None:
    found = evaluate(model, pair, images=30)
    assert found.images == 30
    for accuracy in (found.source_accuracy, found.target_accuracy):
        assert accuracy * 30 == pytest.approx(round(accuracy * 30))
    assert found.domain_accuracy * 60 == pytest.approx(round(found.domain_accuracy * 60))
    whole = evaluate(
        model, replace(pair, source=replace(pair.source, test=pair.source.test.first(30)))
    )
    assert found.source_accuracy == whole.source_accuracy


def test_without_a_domain_classifier_its_accuracy_is_nan(model: DANN, pair: DomainPair) -> None:
    assert math.isnan(evaluate(model, pair, images=4, domain=False).domain_accuracy)


def test_a_perfect_and_a_hopeless_network(pair: DomainPair) -> None:
    """The labels written into the pictures, and a "network" that reads them off."""

    class Reads(nn.Module):
        def __init__(self, shift: int):
            super().__init__()
            self.shift = shift

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            labels = (x[:, 0, 0, 0] * 255).round().long()
            return nn.functional.one_hot((labels + self.shift) % 10, 10).float()

    labelled = {}
    for name in ("source", "target"):
        domain = getattr(pair, name)
        images = domain.test.images.clone()
        images[:, 0, 0, 0] = domain.test.labels.to(torch.uint8)
        labelled[name] = replace(domain, test=replace(domain.test, images=images))
    marked = replace(pair, **labelled)
    marked.__dict__["inputs"] = PIXELS  # whose mean is 0
    for shift, accuracy in ((0, 1.0), (1, 0.0)):
        model = build_model(preset("seed"))
        model.feature_extractor = nn.Identity()  # type: ignore[assignment]
        model.label_predictor = Reads(shift)  # type: ignore[assignment]
        found = evaluate(model, marked, domain=False)
        assert (found.source_accuracy, found.target_accuracy) == (accuracy, accuracy)


def test_where_no_label_is_known_the_accuracy_is_nan_and_never_nought(
    model: DANN, pair: DomainPair
) -> None:
    target = pair.target.test
    none = replace(target, labels=torch.full_like(target.labels, UNKNOWN))
    found = evaluate(model, replace(pair, target=replace(pair.target, test=none)))
    assert math.isnan(found.target_accuracy)
    assert found.images == 520
    assert found.source_accuracy == evaluate(model, pair).source_accuracy


def test_of_labels_that_are_known_in_part_the_known_ones_count(
    model: DANN, pair: DomainPair
) -> None:
    target = pair.target.test
    right = predict(model, pair, target.images).labels == target.labels
    labels = target.labels.clone()
    labels[200:] = UNKNOWN
    part = replace(pair, target=replace(pair.target, test=replace(target, labels=labels)))
    assert part.target.test.labelled == 200
    expected = right[:200].double().mean().item()
    assert evaluate(model, part).target_accuracy == pytest.approx(expected, abs=1e-12)


def test_another_split_is_that_split(model: DANN, pair: DomainPair) -> None:
    for name in ("train", "validation"):
        domains = {
            side: replace(domain, test=getattr(domain, name))
            for side, domain in (("source", pair.source), ("target", pair.target))
        }
        found = evaluate(model, pair, split=name)  # type: ignore[arg-type]
        assert found == evaluate(model, replace(pair, **domains))
        assert found.images == len(getattr(pair.target, name))


@pytest.mark.parametrize("wrong", ["", "Test", "all", 3, None])
def test_what_is_no_split_is_named_with_those_there_are(
    wrong: Any, model: DANN, pair: DomainPair
) -> None:
    with pytest.raises(DataError, match=r"^split=.*must be one of train, validation, test\.$"):
        evaluate(model, pair, split=wrong)


def test_dropout_is_off_and_batch_norm_uses_its_running_statistics(
    model: DANN, pair: DomainPair
) -> None:
    """So an image's answer depends neither on chance nor on the images beside it."""
    images = pair.target.test.images[:12]
    together = features(model, pair, images)
    assert torch.equal(features(model, pair, images), together)
    alone = torch.cat([features(model, pair, image[None]) for image in images])
    torch.testing.assert_close(alone, together, rtol=1e-4, atol=1e-5)


def test_features_and_predictions(model: DANN, pair: DomainPair) -> None:
    images = pair.source.test.images
    seen = features(model, pair, images)
    assert seen.shape == (610, 2352)
    assert seen.dtype == torch.float32
    assert not seen.requires_grad
    found = predict(model, pair, images)
    model.eval()
    with torch.no_grad():
        probabilities = model.label_predictor(seen.clone()).softmax(1)
    assert found.labels.dtype == torch.int64
    assert torch.equal(found.labels, probabilities.argmax(1))
    torch.testing.assert_close(found.probabilities, probabilities)
    assert torch.equal(found.confidence, found.probabilities.amax(1))
    assert (found.confidence >= 0.1).all(), "the best of ten"


def test_nothing_is_left_behind(model: DANN, pair: DomainPair) -> None:
    model.train()
    model.feature_extractor.norm1.eval()  # a part that someone keeps still
    before = {k: v.clone() for k, v in model.state_dict().items()}
    modes = [m.training for m in model.modules()]
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    evaluate(model, pair, images=20)
    predict(model, pair, pair.source.test.images[:20])
    features(model, pair, pair.source.test.images[:20])
    assert torch.equal(torch.rand(3), expected)
    assert [m.training for m in model.modules()] == modes
    assert all(torch.equal(v, before[k]) for k, v in model.state_dict().items())


def test_the_modes_come_back_even_after_an_error(model: DANN) -> None:
    with pytest.raises(KeyError), evaluating(model):
        assert not model.training
        raise KeyError
    assert all(m.training for m in model.modules())
    assert torch.is_grad_enabled()


def test_no_images_at_all_is_an_error_that_says_so(model: DANN, pair: DomainPair) -> None:
    with pytest.raises(DataError, match="images=0"):
        evaluate(model, pair, images=0)


def handed_out(model: DANN, pair: DomainPair) -> dict[str, Tensor]:
    """A tensor of each kind that a program is given, by where it came from."""
    images = pair.source.test.images[:20]
    found = predict(model, pair, images)
    look = next(looks(model, pair, images=20))
    assert look.guesses is not None
    trainer = Trainer(tiny_pair(), preset("quick", batch_size=8, steps=4), device="cpu")
    keep_snapshot(trainer, 20)  # the pair's pixel mean is worked out here, and kept
    next(trainer)
    moons = moons_trainer()
    pushes = moons.pushes(0.5)
    batch, labels = next(trainer.batches[0])
    examples = trainer.pair.test_examples(5)
    with evaluating(model):
        inside = model(pair.prepare(images))[0]
    return {
        "features": features(model, pair, images),
        "features of points": features(moons.model, moons.pair, moons.pair.target.test.images),
        "labels": found.labels,
        "confidence": found.confidence,
        "probabilities": found.probabilities,
        "a look's features": look.features,
        "a look's logits": look.logits,
        "a look's guesses": look.guesses,
        "evaluating": inside,
        "pushes": pushes.features,
        **{f"pushes.{name}": getattr(pushes, name) for name in ("label", "domain", "reversed_")},
        "prepare": pair.prepare(images),
        "pixel_mean": trainer.pair.pixel_mean.clone(),
        "the mean of a device": trainer.pair.inputs._on(batch.device)[0],
        "batch": batch,
        "labels of a batch": labels,
        "examples": examples.images,
        "domains": examples.domains,
        "test images": trainer.pair.source.test.images,
    }


def test_all_tensors_are_ordinary_ones_without_a_graph(model: DANN, pair: DomainPair) -> None:
    """They can be changed, learned from, and saved for a backward pass."""
    for name, tensor in handed_out(model, pair).items():
        assert not tensor.is_inference(), name
        assert not tensor.requires_grad, name
        assert tensor.grad_fn is None, name
        before = tensor.clone()
        tensor += 1
        assert torch.equal(tensor, before + 1), name
        if not tensor.is_floating_point():
            continue
        rows = tensor.reshape(-1, tensor.shape[-1])
        layer = nn.Linear(rows.shape[1], 3)
        layer(rows).square().sum().backward()
        assert layer.weight.grad is not None, name
        tensor.requires_grad_()
        (tensor * tensor).sum().backward()
        assert torch.equal(tensor.grad, 2 * tensor.detach()), name  # type: ignore[arg-type]


def test_what_is_made_of_numpys_arrays_can_be_changed() -> None:
    trainer = Trainer(tiny_pair(), preset("quick", batch_size=8, steps=4), device="cpu")
    snapshot = take_snapshot(trainer, 20)
    arrays = {name: value for name, value in vars(snapshot).items() if hasattr(value, "flags")}
    assert len(arrays) == 5
    for name, array in arrays.items():
        assert array.flags.writeable, name


def test_the_numbers_are_those_of_inference_mode(model: DANN, pair: DomainPair) -> None:
    images = pair.target.test.images[:130]
    model.eval()
    with torch.inference_mode():
        parts = [model.feature_extractor(pair.prepare(part)) for part in images.split(100)]
        answers = torch.cat([model.label_predictor(part) for part in parts]).softmax(1)
    assert torch.equal(features(model, pair, images), torch.cat(parts).clone())
    found = predict(model, pair, images)
    assert torch.equal(found.confidence, answers.amax(1).clone())
    assert torch.equal(found.labels, answers.argmax(1).clone())
