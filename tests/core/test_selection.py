"""Networks are scored on what may be seen, and one is chosen."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from tiny import tiny_pair

from dann_core.domains import UNKNOWN, Domain, DomainPair, Split
from dann_core.errors import DataError, RecipeError
from dann_core.evaluation import features, predict
from dann_core.model import DANN, build_model
from dann_core.recipe import Mode, preset
from dann_core.selection import RULES, Scores, best, choose, scores
from dann_core.training import Trainer


def network(pair: DomainPair, mode: Mode = "dann", steps: int = 3) -> DANN:
    recipe = preset("quick", steps=steps, mode=mode, batch_size=8, domain_width=8)
    trainer = Trainer(pair, recipe, device="cpu")
    for _ in trainer:
        pass
    return trainer.model


def with_target(pair: DomainPair, change: str) -> DomainPair:
    """``pair``, its target's labels hidden, in another order or all wrong, and its tests' images
    and labels gone for nothing."""
    changes = {
        "hidden": lambda labels: torch.full_like(labels, UNKNOWN),
        "turned round": lambda labels: labels.flip(0),
        "wrong": lambda labels: (labels + 1) % 10,
    }
    parts = [
        Split(split.images, changes[change](split.labels))
        for split in (pair.target.train, pair.target.validation, pair.target.test)
    ]
    return replace(pair, target=Domain(pair.target.name, *parts))


def without_tests(pair: DomainPair) -> DomainPair:
    def blank(domain: Domain) -> Domain:
        return replace(domain, test=Split(torch.zeros_like(domain.test.images), domain.test.labels))

    return replace(pair, source=blank(pair.source), target=blank(pair.target))


def same(one: Scores, other: Scores) -> bool:
    pairs = zip(asdict(one).values(), asdict(other).values(), strict=True)
    return all(np.float64(a).tobytes() == np.float64(b).tobytes() for a, b in pairs)


@pytest.fixture(scope="module")
def trained(stripes_pair: DomainPair) -> DANN:
    return network(stripes_pair, steps=30)


@pytest.fixture(scope="module")
def found(trained: DANN, stripes_pair: DomainPair) -> Scores:
    return scores(trained, stripes_pair, examples=150)


def test_every_rule_gives_a_number_in_its_range(found: Scores) -> None:
    assert all(math.isfinite(value) for value in asdict(found).values())
    assert set(asdict(found)) == set(RULES)
    assert 0 <= found.entropy <= math.log(10)
    assert 0 <= found.snd <= math.log(149)
    assert 0 <= found.iwv <= 1
    assert 0 <= found.circular <= 1
    assert 0 <= found.source <= 1
    assert found.last == 1


@pytest.mark.parametrize("change", ["hidden", "turned round", "wrong"])
def test_the_targets_labels_change_nothing_bit_for_bit(
    change: str, trained: DANN, found: Scores, stripes_pair: DomainPair
) -> None:
    assert same(scores(trained, with_target(stripes_pair, change), examples=150), found)


def test_the_test_examples_change_nothing_bit_for_bit(
    trained: DANN, found: Scores, stripes_pair: DomainPair
) -> None:
    assert same(scores(trained, without_tests(stripes_pair), examples=150), found)


def test_the_sources_labels_do_change_what_looks_at_them(
    trained: DANN, found: Scores, stripes_pair: DomainPair
) -> None:
    validation = stripes_pair.source.validation
    other = Split(validation.images, (validation.labels + 1) % 10)
    source = replace(stripes_pair.source, validation=other)
    there = scores(trained, replace(stripes_pair, source=source), examples=150)
    assert (there.entropy, there.snd) == (found.entropy, found.snd)
    changed = ("iwv", "dev", "circular", "source")
    assert all(getattr(there, rule) != getattr(found, rule) for rule in changed)


def test_scores_are_those_of_the_whole_sets_where_they_are_small(
    trained: DANN, stripes_pair: DomainPair
) -> None:
    there = scores(trained, stripes_pair, rules=["entropy", "source"], examples=5000)
    p = predict(trained, stripes_pair, stripes_pair.target.train.images).probabilities.double()
    assert there.entropy == pytest.approx(float(-(p * p.log()).sum(dim=1).mean()))
    validation = stripes_pair.source.validation
    right = predict(trained, stripes_pair, validation.images).labels == validation.labels
    assert there.source == pytest.approx(float(right.double().mean()))


def test_a_set_that_is_ordered_by_class_is_looked_at_evenly(
    trained: DANN, stripes_pair: DomainPair
) -> None:
    train = stripes_pair.target.train
    order = train.labels.argsort()
    ordered = Split(train.images[order], train.labels[order])
    pair = replace(stripes_pair, target=replace(stripes_pair.target, train=ordered))
    some = scores(trained, pair, rules=["entropy"], examples=200).entropy
    all_ = scores(trained, pair, rules=["entropy"], examples=5000).entropy
    first = replace(pair, target=replace(pair.target, train=ordered.first(200)))
    assert abs(some - all_) < 0.05
    assert abs(scores(trained, first, rules=["entropy"]).entropy - all_) > abs(some - all_)


@pytest.mark.parametrize("mode", ["dann", "source", "target"])
def test_networks_of_every_mode_have_scores_and_are_left_as_they_were(mode: Mode) -> None:
    pair = tiny_pair()
    there = network(pair, mode)
    before = {
        name: value.clone()
        for name, value in there.state_dict().items()
        if isinstance(value, torch.Tensor)
    }
    mode_before = [part.training for part in there.modules()]
    random = torch.default_generator.get_state()
    assert all(math.isfinite(value) for value in asdict(scores(there, pair)).values())
    after = there.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert [part.training for part in there.modules()] == mode_before
    assert torch.equal(torch.default_generator.get_state(), random)


def test_only_the_rules_that_are_asked_for_are_worked_out() -> None:
    pair = tiny_pair()
    there = scores(network(pair), pair, rules=["snd"], progress=0.5)
    known = {name for name, value in asdict(there).items() if not math.isnan(value)}
    assert known == {"snd", "last"}
    assert there.last == 0.5


@pytest.mark.parametrize("labels", ["none", "unknown"])
def test_without_a_labelled_validation_example_the_target_alone_is_looked_at(labels: str) -> None:
    pair = tiny_pair()
    there, validation = network(pair), pair.source.validation
    without = {
        "none": validation.first(0),
        "unknown": Split(validation.images, torch.full_like(validation.labels, UNKNOWN)),
    }
    pair = replace(pair, source=replace(pair.source, validation=without[labels]))
    there_ = asdict(scores(there, pair))
    assert {name for name, value in there_.items() if math.isnan(value)} == {
        *("iwv", "dev", "circular", "source")
    }
    with pytest.raises(DataError, match="Choose by entropy or snd"):
        choose([Scores(**there_)], "dev")


def test_a_network_whose_numbers_are_not_finite_has_no_score_and_is_not_chosen() -> None:
    pair = tiny_pair()
    good, broken = network(pair), network(pair)
    with torch.no_grad():
        broken.label_predictor[0].weight.fill_(3e38)  # finite, but not what comes of it
    there = [scores(broken, pair), scores(good, pair)]
    assert math.isnan(there[0].entropy)
    assert [choose(there, rule) for rule in RULES if rule != "last"] == [1] * 6


def test_tables_can_be_scored() -> None:
    random = np.random.default_rng(0)
    rows = random.normal(size=(200, 4)).astype(np.float32)
    labels = (rows[:, 0] > 0).astype(int)
    pair = DomainPair.from_arrays((rows, labels), rows + np.float32(0.5))
    recipe = preset("own", steps=5, batch_size=16)
    trainer = Trainer(pair, recipe, device="cpu")
    for _ in trainer:
        pass
    there = asdict(scores(trainer.model, pair))
    assert all(math.isfinite(value) for value in there.values())


def test_the_best_is_the_least_or_the_most_as_the_rule_has_it() -> None:
    there = [Scores(entropy=value, snd=value) for value in (0.3, 0.1, math.nan, 0.2)]
    assert (choose(there, "entropy"), choose(there, "snd")) == (1, 0)


def test_of_those_that_are_alike_the_one_trained_longest_is_chosen_then_the_first() -> None:
    there = [Scores(source=0.9, last=last) for last in (0.5, 1.0, 1.0)]
    assert best(there, "source") == [0, 1, 2]
    assert choose(there, "source") == 1
    assert choose(there, "last") == 1


def test_an_unknown_rule_is_named_with_those_there_are() -> None:
    with pytest.raises(RecipeError, match=r"by='luck': there is no such rule.*entropy, snd, iwv"):
        choose([Scores(entropy=1.0)], "luck")
    for rules in (["luck"], "luck"):
        with pytest.raises(RecipeError, match=r"rules='luck'"):
            scores(build_model(preset("quick")), tiny_pair(), rules=rules)
    with pytest.raises(DataError, match="no network to choose"):
        choose([], "snd")


def test_features_that_are_scored_are_those_that_everybody_sees(trained: DANN) -> None:
    from dann_core.selection import _outputs

    pair = tiny_pair()
    images = pair.source.train.images
    seen, _ = _outputs(trained, pair, images, 100)
    assert np.array_equal(seen.astype(np.float32), features(trained, pair, images).numpy())
