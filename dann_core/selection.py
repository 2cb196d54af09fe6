"""Choosing a network without the target's labels: a number for each rule, from what may be seen.

What may be seen are the source's training and validation examples with their labels and the
target's training examples without. No test example is looked at and no label of the target, so
nothing here changes if those are hidden.

    found = [scores(network, pair) for network in networks]
    networks[choose(found, "snd")]

No rule is right always. docs/selection.md has what each was worth where labels could tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from dann_core.criteria import (
    Array,
    circular_accuracy,
    deep_embedded_risk,
    density_ratio,
    importance_weighted_risk,
    prediction_entropy,
    soft_neighbourhood_density,
)
from dann_core.domains import UNKNOWN, DomainPair
from dann_core.errors import DataError, RecipeError
from dann_core.evaluation import evaluating, parts
from dann_core.model import DANN
from dann_core.plain_numbers import (
    Number,
    Whole,
    checked_number,
    checked_seed,
    checked_type,
    checked_whole,
    make_plain,
    short,
)

EXAMPLES = 1000
"""The number of examples of each split that a network is scored on, at most."""


@dataclass(frozen=True)
class Rule:
    """``better``: whether the least or the most of it is chosen; ``text``: what it is."""

    better: Literal["low", "high"]
    text: str


RULES = {
    "entropy": Rule("low", "entropy of the target's predictions, in nats"),
    "snd": Rule("high", "soft neighbourhood density, in nats"),
    "iwv": Rule("low", "importance-weighted share of errors on the source"),
    "dev": Rule("low", "deep embedded validation: an estimated loss on the target, in nats"),
    "circular": Rule("high", "accuracy of the way back, from target to source"),
    "source": Rule("high", "accuracy on the source's validation examples"),
    "last": Rule("high", "share of the run's steps that are done"),
}
"""The rules to choose by. The last two are controls: they do not look at the target."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What each of :data:`RULES` gives for one network. NaN: it was not asked for, or cannot be
    had, which is so where the source has no labelled validation example or the network's numbers
    are not finite."""

    entropy: float = math.nan
    snd: float = math.nan
    iwv: float = math.nan
    dev: float = math.nan
    circular: float = math.nan
    source: float = math.nan
    last: float = math.nan

    def __post_init__(self) -> None:
        make_plain(self)
        for field in fields(self):
            checked_type(getattr(self, field.name), float | int, field.name)


def scores(
    model: DANN,
    pair: DomainPair,
    *,
    rules: Iterable[str] | None = None,
    progress: Number = 1.0,
    examples: Whole = EXAMPLES,
    seed: Whole = 0,
) -> Scores:
    """What each of ``rules`` (None: all of :data:`RULES`) gives for a network.

    ``progress``: the share of its run that is done, 0 to 1. ``examples``: how many of each split
    are looked at, at most, evenly over it. ``seed``: of :func:`density_ratio`. The same bit for bit
    whatever the target's labels are. Raises :class:`RecipeError` for an unknown rule or a number
    that is out of range, :class:`DataError` for such a seed.

    The training examples of both domains give features and the target's predictions; the source's
    validation examples give labels, losses and errors.
    """
    checked_type(model, DANN, "model")
    checked_type(pair, DomainPair, "pair")
    wanted = _checked_rules(rules)
    done = checked_number(progress, "progress", 0, 1)
    chosen, most = checked_seed(seed), checked_whole(examples, "examples", 10)
    try:
        seen = _Seen(model, pair, most, chosen)
    except FloatingPointError:
        return Scores(last=done)
    functions: dict[str, Callable[[], float]] = {
        "entropy": lambda: prediction_entropy(seen.probabilities),
        "snd": lambda: soft_neighbourhood_density(seen.probabilities),
        "iwv": lambda: importance_weighted_risk(seen.weights(), seen.wrong),
        "dev": lambda: deep_embedded_risk(seen.weights(), seen.losses),
        "circular": lambda: circular_accuracy(
            seen.target, seen.probabilities.argmax(axis=1), seen.source, seen.labels
        ),
        "source": lambda: 1 - float(seen.wrong.mean()),
    }
    possible = [rule for rule in wanted if rule in functions and seen.allows(rule)]
    found = {rule: functions[rule]() for rule in possible}
    return Scores(**found, last=done)


def checked_rule(rule: str, name: str = "rule") -> str:
    """``rule``, if it is that of one. Raises :class:`RecipeError`, with the ``name`` of what was
    given, if it is not."""
    if not isinstance(rule, str) or rule not in RULES:
        raise RecipeError(
            f"{name}={short(rule)}: there is no such rule. Choose one of: {', '.join(RULES)}."
        )
    return rule


def _checked_rules(rules: Iterable[str] | None) -> list[str]:
    if isinstance(rules, str | bytes):
        raise RecipeError(f"rules={short(rules)}: it must be a list of names, such as ['snd'].")
    return [checked_rule(rule, "rules") for rule in (RULES if rules is None else rules)]


def best(found: Sequence[Scores], by: str) -> list[int]:
    """The places of the networks that the rule ``by`` finds best, in order: more than one where
    they are alike to the last bit, none where the rule gave no number.

    Raises :class:`RecipeError` for an unknown rule.
    """
    sign = 1 if RULES[checked_rule(by, "by")].better == "high" else -1
    values = {k: sign * getattr(one, by) for k, one in enumerate(found)}
    known = {k: value for k, value in values.items() if not math.isnan(value)}
    most = max(known.values(), default=math.nan)
    return [k for k, value in known.items() if value == most]


def choose(found: Sequence[Scores], by: str) -> int:
    """The place of the network that the rule ``by`` chooses: of those that are alike the one that
    was trained longest, and of those the first.

    Raises :class:`DataError` where the rule gave no number for any, and :class:`RecipeError` for
    an unknown one.
    """
    if not found:
        raise DataError("found is empty: there is no network to choose.")
    alike = best(found, by)
    if not alike:
        raise DataError(
            f"The rule {by!r} gave no number for any of {len(found)} networks: it needs labelled "
            "validation examples of the source. Choose by entropy or snd, which do not."
        )
    return max(alike, key=lambda k: (found[k].last, -k))


class _Seen:
    """What the rules may see of one network, float64: ``source`` [M, F], ``labels``, ``losses`` and
    ``wrong`` [M] of the source's labelled validation examples; ``target`` [N, F] and
    ``probabilities`` [N, classes] of the target's training examples."""

    def __init__(self, model: DANN, pair: DomainPair, examples: int, seed: int):
        self.seed = seed
        validation = pair.source.validation
        known = (validation.labels != UNKNOWN).nonzero()[:, 0]
        chosen = known[_evenly(len(known), examples).to(known.device)]
        train, _ = _outputs(model, pair, pair.source.train.images, examples)
        self.train = train
        self.target, logs = _outputs(model, pair, pair.target.train.images, examples)
        self.probabilities = np.exp(logs)
        self.labels = validation.labels[chosen].cpu().numpy()
        images = validation.images.index_select(0, chosen.to(validation.images.device))
        self.source, logs = _outputs(model, pair, images, examples)
        self.losses = -logs[np.arange(len(logs)), self.labels]
        self.wrong = (logs.argmax(axis=1) != self.labels).astype(np.float64)
        self._weights: Array | None = None

    def weights(self) -> Array:
        if self._weights is None:
            self._weights = density_ratio(self.train, self.target, self.source, self.seed)
        return self._weights

    def allows(self, rule: str) -> bool:
        """Whether there are examples enough for it."""
        enough = {"entropy": True, "snd": len(self.target) > 1, "source": len(self.labels) > 0}
        both = min(len(self.train), len(self.target)) >= 10
        return enough.get(rule, both and len(self.labels) > 1)


def _outputs(model: DANN, pair: DomainPair, images: Tensor, most: int) -> tuple[Array, Array]:
    """Features and log probabilities of up to ``most`` of ``images``. Raises FloatingPointError if
    they are not finite."""
    chosen = images.index_select(0, _evenly(len(images), most).to(images.device))
    device = pair.source.train.labels.device
    features, logits = [], []
    with evaluating(model) as let_ctrl_c_in:
        for part in parts(chosen, let_ctrl_c_in):
            features.append(model.feature_extractor(pair.prepare(part.to(device))).float())
            logits.append(model.label_predictor(features[-1]))
    found = [torch.cat(each).double().cpu() for each in (features, logits)]
    if not all(bool(each.isfinite().all()) for each in found):
        raise FloatingPointError
    return found[0].numpy(), found[1].log_softmax(dim=1).numpy()


def _evenly(n: int, most: int) -> Tensor:
    """Up to ``most`` places of ``n``, evenly over all of them: a set can be ordered by class."""
    return torch.arange(min(n, most), device="cpu") * n // max(1, min(n, most))
