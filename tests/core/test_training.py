"""The training loop: against a loop written out by hand, and its promises one by one."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from tiny import tiny_pair
from torch import Tensor
from torch.nn import functional as F

from dann_core.domains import DomainPair, Split
from dann_core.errors import RecipeError, TrainingDiverged
from dann_core.history import COLUMNS, StepRecord
from dann_core.model import build_model
from dann_core.recipe import Recipe, preset
from dann_core.schedules import trace
from dann_core.training import Trainer


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def pair() -> DomainPair:
    return tiny_pair()


def small(name: str = "seed", **changes: Any) -> Recipe:
    return preset(name, **{"batch_size": 8, "steps": 40, **changes})


def trainer_for(pair: DomainPair, name: str = "seed", **changes: Any) -> Trainer:
    return Trainer(pair, small(name, **changes), device="cpu")


def rows(trainer: Trainer, steps: int) -> list[StepRecord]:
    return [next(trainer) for _ in range(steps)]


def weights(trainer: Trainer) -> dict[str, Tensor]:
    return {k: v.clone() for k, v in trainer.model.state_dict().items()}


def changed(before: dict[str, Tensor], after: dict[str, Tensor]) -> set[str]:
    return {key for key in before if not torch.equal(before[key], after[key])}


# The loop by hand. It knows the recipe from the paper, not from the package: no reversal layer, no
# Batches, no schedules module, no Trainer. Only the initial weights are taken from DANN.


def by_hand(pair: DomainPair, recipe: Recipe, steps: int) -> tuple[list[list[float]], list[Tensor]]:
    """Rows of label loss, domain loss, their sum, the two accuracies and the three norms at the
    features; and the final weights."""
    w = {
        name: p.detach().clone(memory_format=torch.preserve_format).requires_grad_()
        for name, p in build_model(recipe).to(memory_format=torch.channels_last).named_parameters()
    }
    quick, deep = recipe.preset != "seed", recipe.preset == "deep"
    half, last = recipe.batch_size // 2, 4 if deep else 2
    adamw = torch.optim.AdamW(w.values(), betas=(0.5, 0.999), weight_decay=0.01) if quick else None
    velocity = {name: torch.zeros_like(p) for name, p in w.items()}
    mask_numbers = torch.Generator().manual_seed(recipe.seed)
    sign_numbers = torch.Generator().manual_seed(recipe.seed + 1)

    both = [domain.train.images for domain in (pair.source, pair.target)]
    channel_sum = sum(images.double().sum(dim=(0, 1, 2)) for images in both)
    mean = (channel_sum / sum(images[..., 0].numel() for images in both)).float()

    def endless(split: Split, seed: int) -> Any:
        generator = torch.Generator().manual_seed(seed)
        while True:
            order = torch.randperm(len(split), generator=generator)
            for start in range(0, len(split) - half + 1, half):
                chosen = order[start : start + half]
                yield split.images[chosen], split.labels[chosen]

    sources = endless(pair.source.train, recipe.seed * 10 + 1)
    targets = endless(pair.target.train, recipe.seed * 10 + 2)

    def layer(x: Tensor, name: str) -> Tensor:
        return F.linear(x, w[f"{name}.weight"], w[f"{name}.bias"])

    def features_of(x: Tensor) -> Tensor:
        if quick:
            x = F.instance_norm(x)
            negative = torch.rand(len(x), 1, 1, 1, generator=sign_numbers) < 0.5
            x = torch.where(negative, -x, x)
        for k in range(1, last + 1):
            conv = f"feature_extractor.conv{k}"
            x = F.conv2d(x, w[f"{conv}.weight"], w[f"{conv}.bias"], padding="same")
            if quick:
                norm = f"feature_extractor.norm{k}"
                shift = w[f"{norm}.bias"]
                x = F.batch_norm(x, None, None, w[f"{norm}.weight"], shift, training=True)
            if quick and k == last:
                kept = torch.rand(len(x), 48, 1, 1, generator=mask_numbers) >= 0.5
                x = x * kept * 2
            x = F.relu(x if deep and k % 2 else F.max_pool2d(x, 2))
        return x.flatten(1)

    found = []
    for i in range(steps):
        p = i / recipe.steps
        lambda_ = 2 / (1 + math.exp(-10 * p)) - 1
        (source, labels), (target, _) = next(sources), next(targets)
        x = ((torch.cat([source, target]).float() - mean) / 255).permute(0, 3, 1, 2)
        features = features_of(x)

        # Each head by itself on a copy of the features, so that nothing is reversed by a layer.
        for_labels = features[:half].detach().requires_grad_()
        hidden = F.relu(layer(for_labels, "label_predictor.0"))
        hidden = F.relu(layer(hidden, "label_predictor.2"))
        label_logits = layer(hidden, "label_predictor.4")
        for_domains = features.detach().requires_grad_()
        domain_logits = layer(
            F.relu(layer(for_domains, "domain_classifier.0")), "domain_classifier.2"
        )
        side = torch.tensor([0] * half + [1] * half)
        label_loss = F.cross_entropy(label_logits, labels)
        domain_loss = F.cross_entropy(domain_logits, side)
        for p_ in w.values():
            p_.grad = None
        label_loss.backward()
        domain_loss.backward()
        assert for_labels.grad is not None
        assert for_domains.grad is not None
        at_features = -lambda_ * for_domains.grad
        at_features[:half] += for_labels.grad
        features.backward(at_features)

        if adamw is not None:
            if p < 0.3:
                rate = 0.004 * p / 0.3
            else:
                rate = 0.004 * 0.5 * (1 + math.cos(math.pi * (p - 0.3) / 0.7))
            adamw.param_groups[0]["lr"] = rate
            adamw.step()
        else:
            rate = 0.01 / (1 + 10 * p) ** 0.75
            with torch.no_grad():
                for name, p_ in w.items():
                    assert p_.grad is not None
                    velocity[name].mul_(0.9).add_(p_.grad)
                    p_.add_(velocity[name], alpha=-rate)
        found.append(
            [
                label_loss.item(),
                domain_loss.item(),
                (label_loss + domain_loss).item(),
                (label_logits.argmax(1) == labels).float().mean().item(),
                (domain_logits.argmax(1) == side).float().mean().item(),
                for_labels.grad.norm().item(),
                for_domains.grad.norm().item(),
                (lambda_ * for_domains.grad).norm().item(),
            ]
        )
    return found, [p.detach() for p in w.values()]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("seed", {}),
        ("seed", {"steps": 20, "seed": 3, "batch_size": 16}),  # the whole range of lambda
        ("quick", {"steps": 25, "seed": 3, "batch_size": 16}),  # warm-up and most of the cosine
        ("deep", {"steps": 25, "seed": 3, "batch_size": 16}),
    ],
)
def test_twenty_steps_equal_a_loop_written_by_hand_bit_for_bit(
    name: str, changes: dict[str, Any], digits_pair: DomainPair
) -> None:
    recipe = preset(name, **changes)
    expected, final = by_hand(digits_pair, recipe, 20)
    trainer = Trainer(digits_pair, recipe, device="cpu")
    found = [list(dataclasses.astuple(record))[4:] for record in rows(trainer, 20)]
    assert found == expected
    for (key, p), q in zip(trainer.model.named_parameters(), final, strict=True):
        assert torch.equal(p, q), key


def test_the_record_says_what_was_applied(pair: DomainPair) -> None:
    trainer = trainer_for(pair, steps=8600)
    for i in range(12):
        record, p = next(trainer), i / 8600
        assert record.step == i + 1 == trainer.step
        assert record.progress == p
        assert record.lambda_ == 2 / (1 + math.exp(-10 * p)) - 1
        assert record.learning_rate == 0.01 / (1 + 10 * p) ** 0.75
        assert trainer.optimiser.param_groups[0]["lr"] == record.learning_rate
        assert trainer.history[i] == record


def test_half_source_half_target_and_domains_zero_and_one(pair: DomainPair) -> None:
    trainer = trainer_for(pair)
    seen: list[Tensor] = []
    said: list[Tensor] = []
    trainer.model.feature_extractor.register_forward_hook(lambda m, args, out: seen.append(args[0]))
    trainer.model.domain_classifier.register_forward_hook(lambda m, args, out: said.append(out))
    record = next(trainer)
    (inputs,) = seen
    assert inputs.shape == (8, 3, 28, 28)
    known = [pair.prepare(domain.train.images) for domain in (pair.source, pair.target)]
    for i, image in enumerate(inputs):
        assert (known[i >= 4] == image).flatten(1).all(1).any(), f"image {i} is of its domain"
    (logits,) = said
    domains = torch.tensor([0, 0, 0, 0, 1, 1, 1, 1])
    assert record.domain_loss == pytest.approx(F.cross_entropy(logits, domains).item())


def test_inputs_are_centred_on_both_training_sets_and_scaled(pair: DomainPair) -> None:
    both = torch.cat([pair.source.train.images, pair.target.train.images]).double()
    mean = both.mean(dim=(0, 1, 2))
    torch.testing.assert_close(pair.pixel_mean.double(), mean, rtol=1e-6, atol=0)
    found = pair.prepare(pair.target.test.images)
    expected = ((pair.target.test.images.double() - mean) / 255).permute(0, 3, 1, 2)
    torch.testing.assert_close(found.double(), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", ["seed", "quick"])
def test_target_labels_are_never_used(name: str, pair: DomainPair) -> None:
    shuffled = dataclasses.replace(
        pair.target.train, labels=torch.full_like(pair.target.train.labels, 9)
    )
    other = dataclasses.replace(pair, target=dataclasses.replace(pair.target, train=shuffled))
    a, b = trainer_for(pair, name), trainer_for(other, name)
    assert rows(a, 12) == rows(b, 12)
    assert not changed(weights(a), weights(b))


@pytest.mark.parametrize("lambda_", [0.0, 0.1, 5.0])
def test_the_loss_is_the_plain_sum_whatever_lambda(lambda_: float, pair: DomainPair) -> None:
    record = next(trainer_for(pair, lambda_=lambda_))
    assert record.total_loss == pytest.approx(record.label_loss + record.domain_loss, rel=1e-6)
    assert record.domain_loss == next(trainer_for(pair, lambda_=1.0)).domain_loss


def test_the_first_domain_loss_is_near_the_chance_of_a_coin(pair: DomainPair) -> None:
    trainers = [trainer_for(pair, "quick", batch_size=28, seed=seed) for seed in range(8)]
    losses = [next(trainer).domain_loss for trainer in trainers]
    assert sum(losses) / 8 == pytest.approx(math.log(2), abs=0.1)


def test_one_forward_pass_of_the_features_and_one_question_for_lambda_per_step(
    pair: DomainPair,
) -> None:
    asked: list[tuple[int, float]] = []
    passes = 0

    def source(step: int, progress: float) -> float:
        asked.append((step, progress))
        return 0.5

    def count(*_: Any) -> None:
        nonlocal passes
        passes += 1

    trainer = Trainer(pair, small(), lambda_source=source, device="cpu")
    trainer.model.feature_extractor.register_forward_hook(count)
    rows(trainer, 5)
    assert passes == 5
    assert asked == [(k + 1, k / 40) for k in range(5)]


def test_a_slider_takes_effect_at_the_very_next_step(pair: DomainPair) -> None:
    slider = {"value": 0.25}
    trainer = Trainer(pair, small(), lambda_source=lambda step, p: slider["value"], device="cpu")
    a = next(trainer)
    slider["value"] = 2.0
    b = next(trainer)
    trainer.lambda_source = lambda step, p: 0.0
    c = next(trainer)
    assert [r.lambda_ for r in (a, b, c)] == [0.25, 2.0, 0.0]
    assert b.domain_gradient_after == 2.0 * b.domain_gradient_before > 0
    assert c.domain_gradient_after == 0.0 < c.domain_gradient_before


def test_a_recorded_trace_replays_to_the_same_history(pair: DomainPair) -> None:
    wild = Trainer(
        pair, small("quick"), lambda_source=lambda step, p: (step * 7 % 5) / 3, device="cpu"
    )
    recorded = rows(wild, 12)
    values = wild.history.column("lambda_").tolist()
    again = Trainer(pair, small("quick"), lambda_source=trace(values), device="cpu")
    assert rows(again, 12) == recorded
    assert not changed(weights(wild), weights(again))


@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf, 1e39])
def test_a_lambda_that_makes_no_sense_stops_before_the_step(value: float, pair: DomainPair) -> None:
    trainer = trainer_for(pair)
    next(trainer)
    before, drawn = weights(trainer), trainer.batches[0].position
    trainer.lambda_source = lambda step, p: value
    with pytest.raises(RecipeError, match=r"lambda=.* at step 2"):
        next(trainer)
    assert (trainer.step, trainer.batches[0].position) == (1, drawn)
    assert not changed(before, weights(trainer))


def test_it_ends_after_the_recipes_steps(pair: DomainPair) -> None:
    trainer = trainer_for(pair, steps=3)
    assert [record.step for record in trainer] == [1, 2, 3]
    with pytest.raises(StopIteration):
        next(trainer)
    assert trainer.step == len(trainer.history) == 3


def test_the_gradient_norms_are_those_at_the_features(pair: DomainPair) -> None:
    """Found again from the weights before the step, by autograd on each loss alone."""
    trainer = trainer_for(pair, lambda_=0.7)
    for _ in range(3):
        seen: list[Tensor] = []
        hook = trainer.model.feature_extractor.register_forward_hook(
            lambda m, args, out: seen.append(out.detach().clone())  # noqa: B023
        )
        model = build_model(trainer.recipe)
        model.load_state_dict(trainer.model.state_dict())
        labels = trainer.batches[0].split.labels
        position = trainer.batches[0].position
        record = next(trainer)
        hook.remove()
        start = trainer.batches[0].position - 4
        assert start in (position, 0)
        chosen = trainer.batches[0].order[start : start + 4]
        features = seen[0].requires_grad_()
        label_loss = F.cross_entropy(model.label_predictor(features[:4]), labels[chosen])
        side = torch.tensor([0, 0, 0, 0, 1, 1, 1, 1])
        domain_loss = F.cross_entropy(model.domain_classifier(features), side)
        (of_labels,) = torch.autograd.grad(label_loss, features)
        (of_domains,) = torch.autograd.grad(domain_loss, features)
        assert of_labels[4:].abs().sum() == 0, "the label loss sees the source half only"
        assert record.label_gradient == pytest.approx(of_labels.norm().item(), rel=1e-5)
        assert record.domain_gradient_before == pytest.approx(of_domains.norm().item(), rel=1e-5)
        assert record.domain_gradient_after == pytest.approx(
            0.7 * record.domain_gradient_before, rel=1e-6
        )


def test_the_reversal_makes_the_features_raise_the_domain_loss(pair: DomainPair) -> None:
    """Slow motion, features only, the domain classifier standing still: with lambda the domain
    loss on the same examples ends higher than without."""

    def domain_loss(lambda_: float) -> float:
        trainer = trainer_for(pair, lambda_=lambda_, learning_rate=0.001)
        trainer.part = "features"
        rows(trainer, 10)
        model = trainer.model.eval()
        both = torch.cat([pair.source.train.images, pair.target.train.images])
        side = torch.tensor([0] * len(pair.source.train) + [1] * len(pair.target.train))
        with torch.no_grad():
            return F.cross_entropy(model(pair.prepare(both))[1], side).item()

    without, some, more = domain_loss(0.0), domain_loss(1.0), domain_loss(3.0)
    assert without < some < more


@pytest.mark.parametrize("name", ["seed", "quick"])
def test_the_domain_part_moves_the_domain_classifier_and_nothing_else(
    name: str, pair: DomainPair
) -> None:
    trainer = trainer_for(pair, name)
    rows(trainer, 3)
    before = weights(trainer)
    trainer.part = "domain"
    rows(trainer, 3)
    moved = changed(before, weights(trainer))
    assert moved == {f"domain_classifier.{k}" for k in ("0.weight", "0.bias", "2.weight", "2.bias")}


@pytest.mark.parametrize("name", ["seed", "quick"])
def test_the_features_part_moves_everything_but_the_domain_classifier(
    name: str, pair: DomainPair
) -> None:
    trainer = trainer_for(pair, name)
    rows(trainer, 3)
    before = weights(trainer)
    trainer.part = "features"
    rows(trainer, 3)
    moved = changed(before, weights(trainer))
    assert moved == {key for key in before if not key.startswith("domain_classifier.")}
    trainer.part = "both"
    next(trainer)
    assert "domain_classifier.0.weight" in changed(before, weights(trainer))


@pytest.mark.parametrize("mode", ["source", "target"])
def test_label_only_modes_see_one_domain_and_one_loss(mode: str, pair: DomainPair) -> None:
    trainer = trainer_for(pair, mode=mode)
    seen: list[Tensor] = []
    trainer.model.feature_extractor.register_forward_hook(lambda m, args, out: seen.append(args[0]))
    before = weights(trainer)
    record = next(trainer)
    own = pair.prepare(getattr(pair, mode).train.images)
    assert len(seen[0]) == 8, "the whole batch comes from the one domain"
    assert all((own == image).flatten(1).all(1).any() for image in seen[0])
    assert record.total_loss == record.label_loss
    for name in ("domain_loss", "domain_accuracy", "domain_gradient_before"):
        assert math.isnan(getattr(record, name))
    assert record.label_gradient > 0
    assert {key.split(".")[0] for key in changed(before, weights(trainer))} == {
        "feature_extractor",
        "label_predictor",
    }
    assert math.isnan(trainer.evaluate().domain_accuracy)


@pytest.mark.parametrize("name", ["seed", "quick"])
def test_evaluating_changes_nothing(name: str, pair: DomainPair) -> None:
    """Neither weights nor batch-norm statistics, schedules, random streams or modes."""
    plain, watched = trainer_for(pair, name), trainer_for(pair, name)
    watched.evaluate()
    for _ in range(6):
        a = next(plain)
        before, modes = weights(watched), [m.training for m in watched.model.modules()]
        watched.evaluate(images=10)
        assert not changed(before, weights(watched))
        assert [m.training for m in watched.model.modules()] == modes
        assert next(watched) == a
    assert not changed(weights(plain), weights(watched))
    assert [e.step for e in watched.history.evaluations] == [0, 0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", ["seed", "quick"])
def test_others_drawing_random_numbers_change_nothing(name: str, pair: DomainPair) -> None:
    alone = rows(trainer_for(pair, name), 10)
    torch.manual_seed(123)
    trainer, disturbed = trainer_for(pair, name), []
    for _ in range(10):
        torch.rand(3)
        disturbed.append(next(trainer))
    assert disturbed == alone
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    rows(trainer_for(pair, name), 2)
    assert torch.equal(torch.rand(3), expected), "and training draws none of theirs"


def test_two_trainers_in_one_process_are_as_each_alone(pair: DomainPair) -> None:
    alone = [rows(trainer_for(pair, "quick", seed=s), 8) for s in (0, 1)]
    both = [trainer_for(pair, "quick", seed=s) for s in (0, 1)]
    together = list(zip(*([next(t) for t in both] for _ in range(8)), strict=True))
    assert [list(t) for t in together] == alone
    assert alone[0] != alone[1], "the seed decides"


def test_the_same_recipe_twice_is_the_same_run(pair: DomainPair) -> None:
    assert rows(trainer_for(pair, "quick"), 10) == rows(trainer_for(pair, "quick"), 10)


def until_it_diverges(trainer: Trainer) -> tuple[dict[str, Tensor], TrainingDiverged]:
    """The weights before the step that failed, and how it failed."""
    for _ in range(trainer.recipe.steps):
        before = weights(trainer)
        try:
            next(trainer)
        except TrainingDiverged as error:
            return before, error
    raise AssertionError("it never diverged")


@pytest.mark.parametrize("lambda_", [1e2, 1e6, 1e12, 3e38])
def test_a_diverging_run_stops_with_the_last_good_weights(lambda_: float, pair: DomainPair) -> None:
    trainer = trainer_for(pair, lambda_=lambda_)
    before, error = until_it_diverges(trainer)
    assert error.step == trainer.step + 1
    assert error.lambda_ == lambda_
    assert error.learning_rate == trainer.recipe.learning_rate_at((error.step - 1) / 40)
    message = str(error)
    for part in (f"step {error.step}", f"lambda {lambda_:.4g}", f"{error.learning_rate:.4g}"):
        assert part in message
    assert "smaller lambda" in message
    assert "\n" not in message
    assert not changed(before, weights(trainer))
    assert all(v.isfinite().all() for v in weights(trainer).values())
    assert all(math.isfinite(v) for v in trainer.history.column("total_loss"))


def test_a_gradient_that_overflows_behind_the_features_never_reaches_the_weights(
    pair: DomainPair,
) -> None:
    """Batch norm under plain SGD at a huge lambda: the features' gradient is finite, that of the
    convolutions is not, and the statistics have already seen the failed batch."""
    for lambda_ in (2.15e7, 1e8, 2.15e14):
        trainer = trainer_for(pair, lambda_=lambda_, batch_norm=True, batch_size=4)
        before, _ = until_it_diverges(trainer)
        assert not changed(before, weights(trainer))
        assert all(p.isfinite().all() for p in trainer.model.parameters())


@pytest.mark.gpu
@pytest.mark.parametrize("name", ["seed", "quick"])
def test_on_a_gpu_training_runs_and_is_near_the_cpu(name: str, pair: DomainPair) -> None:
    there = rows(Trainer(pair, small(name), device="cuda"), 20)
    assert all(math.isfinite(getattr(r, field)) for r in there for field in COLUMNS)
    if name == "seed":  # dropout's random numbers differ between devices
        assert there[0].total_loss == pytest.approx(next(trainer_for(pair)).total_loss, rel=1e-2)


@pytest.mark.gpu
def test_on_a_gpu_a_step_waits_for_the_device_only_once(
    pair: DomainPair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a new lambda every step, and the record's one transfer allowed, nothing else waits."""
    trainer = Trainer(pair, small("quick"), lambda_source=lambda step, p: step / 10, device="cuda")
    next(trainer)

    to_list: Callable[[Tensor], list[float]] = Tensor.tolist

    def the_records_own(values: Tensor) -> list[float]:
        torch.cuda.set_sync_debug_mode("default")
        numbers = to_list(values)
        torch.cuda.set_sync_debug_mode("error")
        return numbers

    monkeypatch.setattr(Tensor, "tolist", the_records_own)
    torch.cuda.set_sync_debug_mode("error")
    try:
        found = [next(trainer).lambda_ for _ in range(5)]
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert found == [0.2, 0.3, 0.4, 0.5, 0.6]


def test_a_lambda_source_that_answers_nonsense_is_told(pair: DomainPair) -> None:
    for answer in (None, "much", "", -1, math.nan, math.inf, 1e39, 10**5000, [1]):
        said: Any = answer
        trainer = Trainer(pair, small(), lambda_source=lambda *_, said=said: said, device="cpu")
        with pytest.raises(RecipeError, match=r"^lambda=.* at step 1: it must be from 0 to 3\.4e"):
            next(trainer)
        assert trainer.step == 0
