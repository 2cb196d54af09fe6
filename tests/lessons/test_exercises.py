"""Every exercise: right, wrong in each way that is recognised, untouched, and nonsense."""

from __future__ import annotations

import ast
import contextlib
import html
import linecache
import math
import random
import re
import secrets
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.reversal import Reversal, ReversalInBothModes
from dann_lab.exercises import Exercise, UnknownExercise, Verdict, exercises
from dann_lab.exercises import exercise as exercise_core

ALL = list(exercises)
NAMES = [
    "blend",
    "pixel_mean",
    "worst_confusion",
    "reversal",
    "by_hand",
    "who_descends",
    "domain_labels",
    "training_step",
    "progress_at",
    "strongest_pull",
    "domain_accuracy",
    "proxy_a_distance",
    "least_error",
    "instance_norm",
    "choose_checkpoint",
    "choose_lambda",
    "how_many_labels",
]


def defined_by(exercise: Exercise, code: str) -> Any:
    """What a learner hands in after running ``code``."""
    namespace: dict[str, Any] = {}
    exec(code, namespace)
    return namespace["GradReverse" if exercise.name == "reversal" else exercise.name]


def right_there(run: dict[str, Any]) -> float:
    return float(run["target_accuracy"])


def check(name: str, answer: Any) -> Verdict:
    return getattr(exercises, name).check(answer)


def each(function: Callable[..., None]) -> Any:
    return pytest.mark.parametrize("exercise", ALL, ids=lambda e: e.name)(function)


# The exercises themselves


def test_the_lessons_have_their_exercises() -> None:
    assert [e.name for e in exercises] == NAMES
    assert dir(exercises) == sorted(NAMES)
    assert len(exercises) == len(NAMES)
    assert {e.lesson[:2] for e in exercises} == {"01", "02", "03", "04", "06", "07", "08"}


@each
def test_the_packaged_answer_is_right(exercise: Exercise) -> None:
    verdict = exercise.check(defined_by(exercise, exercise.answer))
    assert verdict.state == "right", verdict
    assert verdict.text


@each
def test_the_untouched_stub_is_not_attempted(exercise: Exercise) -> None:
    verdict = exercise.check(defined_by(exercise, exercise.stub))
    assert verdict.state == "not attempted", verdict
    assert exercise.check(...).state == "not attempted"


@each
def test_code_is_short_and_the_stub_is_open(exercise: Exercise) -> None:
    for code in (exercise.stub, exercise.answer):
        ast.parse(code)
        lines = code.splitlines()
        assert len(lines) <= 20
        assert max(map(len, lines)) <= 100
    assert "..." in exercise.stub
    assert "..." not in exercise.answer
    assert exercise.title
    assert 1 <= exercise.difficulty <= 3
    assert 1 <= exercise.minutes <= 20


@each
def test_hints_pile_up_one_at_a_time(exercise: Exercise) -> None:
    fresh = Exercise(**{name: getattr(exercise, name) for name in PARTS})
    total = len(exercise.hints)
    assert total >= 3
    for number in range(1, total + 1):
        shown = fresh.hint()
        assert shown.heading == f"{number} of {total} hints"
        there = [hint in shown.text for hint in exercise.hints]
        assert there == [True] * number + [False] * (total - number)
        assert ("solution()" in shown.text) == (number == total)
    for _ in range(2):
        assert f"exercises.{exercise.name}.solution()" in fresh.hint().text
    assert fresh.solution().code == exercise.answer


@each
def test_a_check_brings_hints_that_open_one_after_the_other(exercise: Exercise) -> None:
    for answer in (..., 3, defined_by(exercise, exercise.answer)):
        page = Tags(exercise.check(answer)._repr_html_())
        opened = [tag for tag, _ in page.found if tag in ("details", "summary")]
        assert opened == ["details", "summary"] * len(exercise.hints)
        assert page.depth == len(exercise.hints)  # one inside the other: the next comes with it
        assert not any("open" in attributes for _, attributes in page.found)
        for number, hint in enumerate(exercise.hints, start=1):
            assert f"Hint {number} of {len(exercise.hints)}" in page.text
            assert " ".join(hint.replace("`", "").split()) in " ".join(page.text.split())
        assert exercise.answer not in page.text


PARTS = ("name", "lesson", "title", "difficulty", "minutes", "stub", "answer", "hints", "judge")


@each
def test_an_exercise_says_how_hard_it_is(exercise: Exercise) -> None:
    for shown in (repr(exercise), exercise._repr_html_()):
        assert html.escape(exercise.title) in shown or exercise.title in shown
        assert f"{exercise.difficulty} of 3" in shown
        assert shown.count("●") == exercise.difficulty
        assert shown.count("○") == 3 - exercise.difficulty
        assert f"{exercise.minutes} minutes" in shown


@pytest.mark.parametrize(("name", "remedy"), [("blendd", "exercises.blend?"), ("xyz", "by_hand")])
def test_an_unknown_exercise_is_named(name: str, remedy: str) -> None:
    with pytest.raises(UnknownExercise, match=name) as caught:
        getattr(exercises, name)
    assert remedy in str(caught.value)
    assert not hasattr(exercises, name)


# Recognised mistakes: exercise, answer, words of its message


def blend_by(compute: Callable[..., Any]) -> Callable[..., Any]:
    return lambda patch, digit: compute(patch, digit, patch.astype(int), digit.astype(int))


def blend_in_place(patch: Any, digit: Any) -> Any:
    difference = np.abs(patch.astype(int) - digit)
    patch[:] = difference
    return difference.astype(np.uint8)


def blend_in_place_returning_nothing(patch: Any, digit: Any) -> None:
    digit -= patch


def flat_confusion(labels: Any, predictions: Any) -> Any:
    table = np.zeros((10, 10), int)
    np.add.at(table, (labels, predictions), 1)
    np.fill_diagonal(table, 0)
    return table.argmax()


def most_common_pair(labels: Any, predictions: Any, wrong: bool = True) -> Any:
    pairs = zip(labels.tolist(), predictions.tolist(), strict=True)
    return Counter(p for p in pairs if not wrong or p[0] != p[1]).most_common(1)[0][0]


def often(values: Any, labels: Any, predictions: Any) -> int:
    return int(np.bincount(values[labels != predictions]).argmax())


def layer(
    forward: Callable[[Any, Tensor, float], Any] = lambda ctx, x, lambda_: x.view_as(x),
    backward: Callable[[Any, Tensor], Any] = lambda ctx, g: (-ctx.strength * g, None),
) -> Any:
    def keep(ctx: Any, x: Tensor, lambda_: float) -> Any:
        ctx.strength = lambda_
        return forward(ctx, x, lambda_)

    return type(
        "GradReverse",
        (torch.autograd.Function,),
        {"forward": staticmethod(keep), "backward": staticmethod(backward)},
    )


SHARED: dict[str, float] = {}


def keep_where_all_can_write(ctx: Any, x: Tensor, lambda_: float) -> Tensor:
    SHARED["lambda"] = lambda_
    return x.view_as(x)


class NotAFunction:
    pass


class NoBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, lambda_: float) -> Tensor:
        return x.view_as(x)


BY_HAND = {"before the reversal": 6, "after the reversal": -3, "at w": -6}
WHO = {
    "label predictor": "down",
    "domain classifier": "down",
    "feature extractor, label loss": "down",
    "feature extractor, domain loss": "up",
}


def paper_lambda(p: float, gamma: float = 10) -> float:
    return 2 / (1 + math.exp(-gamma * p)) - 1


def fair(answers: Any, domains: Any) -> Any:
    wrong = answers != domains
    return (wrong[domains == 0].mean() + wrong[domains == 1].mean()) / 2


def labels_of(*values: int) -> Callable[[int, int], Tensor]:
    return lambda n, m: torch.tensor([values[0]] * n + [values[1]] * m)


Loss = Callable[[Tensor, Tensor, Tensor, Tensor, float], Tensor]


def label_loss(y: Tensor, d: Tensor, n: Tensor, s: Tensor, lambda_: float) -> Tensor:
    return F.cross_entropy(y[: len(n)], n)


def domain_loss(y: Tensor, d: Tensor, n: Tensor, s: Tensor, lambda_: float) -> Tensor:
    return F.cross_entropy(d, s)


def loss_by_halves(y: Tensor, d: Tensor, n: Tensor, s: Tensor, lambda_: float) -> Tensor:
    half = len(n)
    return F.cross_entropy(d[:half], s[:half]) + F.cross_entropy(d[half:], s[half:])


def both_losses(*x: Any) -> Tensor:
    return label_loss(*x) + domain_loss(*x)


def step_with(
    loss: Loss = both_losses,
    clear: bool = True,
    strength: bool = True,
    order: str = "backward step",
    returned: Callable[[Tensor], Any] = lambda total: total.item(),
) -> Callable[..., Any]:
    def training_step(
        model: Any, optimiser: Any, images: Any, labels: Any, domains: Any, lambda_: float
    ) -> Any:
        y, d = model(images, lambda_) if strength else model(images)
        total = loss(y, d, labels, domains, lambda_)
        if clear:
            optimiser.zero_grad()
        for part in order.split():
            {"backward": total.backward, "step": optimiser.step, "clear": optimiser.zero_grad}[
                part
            ]()
        return returned(total)

    return training_step


def with_its_own_optimiser(
    model: Any, optimiser: Any, images: Any, labels: Any, domains: Any, lambda_: float
) -> float:
    own = torch.optim.SGD(model.parameters(), lr=0.1)
    return step_with()(model, own, images, labels, domains, lambda_)


def by_its_own_hand(
    model: Any, optimiser: Any, images: Any, labels: Any, domains: Any, lambda_: float
) -> float:
    total = step_with(order="backward")(model, optimiser, images, labels, domains, lambda_)
    with torch.no_grad():
        for weights in model.parameters():
            weights -= 0.1 * weights.grad
    return total


def normalise(*axes: int, eps: float = 1e-5, power: float = 0.5) -> Callable[[Tensor], Tensor]:
    def instance_norm(x: Tensor) -> Tensor:
        mean = x.mean(axes, keepdim=True)
        return (x - mean) / (x.var(axes, keepdim=True, correction=0) + eps) ** power

    return instance_norm


def best(key: str, choose: Any = max) -> Callable[[Any], Any]:
    return lambda found: choose(found, key=lambda c: c[key])["step"]


MISTAKES: list[tuple[str, Any, str]] = [
    ("blend", lambda p, d: p - d, "wrapped round"),
    ("blend", lambda p, d: np.abs(p - d), "wrapped round"),
    ("blend", lambda p, d: d - p, "wrapped round"),
    ("blend", blend_by(lambda p, d, a, b: (a - b).astype(np.uint8)), "wrapped round"),
    ("blend", blend_by(lambda p, d, a, b: a - b), "`abs` is missing"),
    ("blend", blend_by(lambda p, d, a, b: abs(a - b)), "the type is int64"),
    ("blend", blend_by(lambda p, d, a, b: abs(a - b) / 1.0), "the type is float64"),
    ("blend", lambda p, d: p + d, "You add the two images"),
    ("blend", blend_by(lambda p, d, a, b: np.minimum(a + b, 255)), "You add the two images"),
    ("blend", blend_by(lambda p, d, a, b: (a - b).clip(0).astype(np.uint8)), "clipped at 0"),
    ("blend", blend_in_place, "modifies its input `patch`"),
    ("blend", blend_in_place_returning_nothing, "modifies its input `digit`"),
    ("blend", lambda p, d: p[..., 0], "has shape [28, 28], not [28, 28, 3]"),
    ("blend", lambda p, d: d, "Where patch is 20 and digit is 255, yours gives 255, not"),
    ("pixel_mean", lambda s, t: s.mean((0, 1, 2)), "source only"),
    ("pixel_mean", lambda s, t: t.mean((0, 1, 2)), "target only"),
    ("pixel_mean", lambda s, t: np.concatenate([s, t]).mean(), "Yours is one number"),
    (
        "pixel_mean",
        lambda s, t: (s.mean((0, 1, 2)) + t.mean((0, 1, 2))) / 2,
        "mean of the two means",
    ),
    ("pixel_mean", lambda s, t: s.mean((0, 1, 2)) + t.mean((0, 1, 2)), "add the two means up"),
    ("pixel_mean", lambda s, t: np.concatenate([s, t]).mean(0), "a mean for each pixel"),
    ("pixel_mean", lambda s, t: np.concatenate([s, t]).mean((0, 3)), "a mean for each pixel"),
    ("pixel_mean", lambda s, t: np.concatenate([s, t]).mean((1, 2, 3)), "has shape [8]"),
    ("pixel_mean", lambda s, t: np.concatenate([s, t]).mean((0, 1, 2)) / 255, "scaled to 0-1"),
    ("pixel_mean", lambda s, t: np.array([1, 2, 3]), "Yours starts with 1; it should be"),
    ("worst_confusion", lambda n, p: most_common_pair(p, n), "swapped"),
    ("worst_confusion", lambda n, p: most_common_pair(n, p, wrong=False), "right answers"),
    ("worst_confusion", lambda n, p: often(n, n, p), "the class that is most often wrong"),
    ("worst_confusion", lambda n, p: (often(n, n, p), often(p, n, p)), "Count pairs"),
    ("worst_confusion", flat_confusion, "`divmod(49, 10)`"),
    ("worst_confusion", lambda n, p: (9, 8), "That happens 0 times"),
    ("worst_confusion", lambda n, p: 77, "one number, 77"),
    ("worst_confusion", lambda n, p: (1, 2, 3), "3 numbers"),
    ("reversal", layer(lambda c, x, k: -x), "forward flips the sign of the features."),
    (
        "reversal",
        layer(lambda c, x, k: -k * x),
        "forward flips the sign of the features and scales",
    ),
    ("reversal", layer(lambda c, x, k: k * x), "forward multiplies the features by lambda"),
    ("reversal", layer(lambda c, x, k: x + 1), "should be the identity"),
    ("reversal", layer(lambda c, x, k: x.mul_(2)), "writes into the features: 3 became 6"),
    ("reversal", layer(lambda c, x, k: x.half()), "the type should stay the same"),
    ("reversal", layer(lambda c, x, k: 5), "forward returns 5"),
    (
        "reversal",
        layer(backward=lambda c, g: (c.strength * g, None)),
        "Your backward returns +lambda × gradient: the sign is not turned round",
    ),
    ("reversal", layer(backward=lambda c, g: (-g, None)), "lambda is missing"),
    ("reversal", layer(backward=lambda c, g: (g, None)), "neither the sign nor lambda"),
    ("reversal", layer(backward=lambda c, g: (-(c.strength**2) * g, None)), "lambda twice"),
    ("reversal", layer(backward=lambda c, g: (c.strength**2 * g, None)), "+lambda² × gradient"),
    ("reversal", layer(backward=lambda c, g: (-g / (c.strength or 1), None)), "divides by lambda"),
    ("reversal", layer(backward=lambda c, g: (0 * g, None)), "returns 0"),
    ("reversal", layer(backward=lambda c, g: (-3 * g, None)), "-6 goes out; it should be -0.2"),
    ("reversal", layer(backward=lambda c, g: -c.strength * g), "returns one value"),
    ("reversal", layer(backward=lambda c, g: (-c.strength * g,)), "returns a tuple of 1"),
    ("reversal", layer(backward=lambda c, g: (-c.strength * g, 0)), "Lambda is not learnt"),
    ("reversal", layer(backward=lambda c, g: (-c.strength * g, g)), "Lambda is not learnt"),
    ("reversal", layer(backward=lambda c, g: (None, -c.strength * g)), "`None` for the features"),
    (
        "reversal",
        layer(keep_where_all_can_write, lambda c, g: (-SHARED["lambda"] * g, None)),
        "uses lambda 7, which came later",
    ),
    ("reversal", layer(backward=lambda c, g: (-c.oops * g, None)), "raised AttributeError"),
    (
        "reversal",
        layer(backward=lambda c, g: (g.mul_(-c.strength), None)),
        "writes into the gradient that it is given",
    ),
    ("reversal", lambda label, domain, k: label - k * domain, "You subtract the domain loss"),
    ("reversal", lambda label, domain: label - domain, "You subtract the domain loss"),
    ("reversal", lambda x, k: x, "That is a function. Hand in the class"),
    ("reversal", NotAFunction, "does not inherit"),
    ("reversal", NoBackward, "no `backward` of its own"),
    (
        "by_hand",
        BY_HAND | {"before the reversal": 2},
        '"before the reversal" is not 2: that is d loss / d s',
    ),
    (
        "by_hand",
        BY_HAND | {"before the reversal": -6},
        "the sign changes in the reversal layer, and",
    ),
    ("by_hand", BY_HAND | {"before the reversal": 12}, "cancels the 2 of the square"),
    ("by_hand", BY_HAND | {"after the reversal": 3}, "the sign is not turned round"),
    ("by_hand", BY_HAND | {"after the reversal": -6}, "lambda = 0.5 is missing"),
    ("by_hand", BY_HAND | {"at w": 12}, "without the reversal layer"),
    ("by_hand", BY_HAND | {"at w": -3}, "multiplied by x = 2"),
    ("by_hand", BY_HAND | {"at w": 6}, "other side of the reversal layer"),
    ("by_hand", [6, -3, 99], '"at w" is not 99'),
    ("by_hand", [6, 3, 3], '"after the reversal" is not 3'),
    ("by_hand", [2, -1, -2], 'put "after the reversal" and "at w" in order after it'),
    ("by_hand", [12, -6, 99], '"at w" is not 99'),
    ("by_hand", [6, 3, 6], 'put "at w" in order after it'),
    ("by_hand", {"before the reversal": 6}, 'There is no "after the reversal"'),
    ("by_hand", BY_HAND | {"at w": "x"}, "not made of numbers"),
    ("by_hand", BY_HAND | {"at w": [1, 2]}, "should be one number"),
    (
        "who_descends",
        WHO | {"label predictor": "up"},
        '"label predictor" does not go up: it learns',
    ),
    ("who_descends", WHO | {"domain classifier": "up"}, "honestly tries"),
    ("who_descends", WHO | {"feature extractor, label loss": "up"}, "turns that gradient round"),
    ("who_descends", WHO | {"feature extractor, domain loss": "down"}, "passed the reversal layer"),
    ("who_descends", WHO | {"domain classifier": "left"}, "it should be"),
    ("who_descends", {"x": "up"}, 'There is no "label predictor"'),
    ("who_descends", dict.fromkeys(WHO, "up"), '"label predictor" does not go up: it learns to'),
    ("who_descends", list(WHO.values()), "is not a dictionary"),
    ("progress_at", paper_lambda, "asked for is the progress at a lambda"),
    ("progress_at", lambda x: math.atanh(x) * 2, "gamma, is missing"),
    ("progress_at", lambda x: math.atanh(x) * 20, "divides now"),
    ("progress_at", lambda x: -math.atanh(x) / 5, "The sign is the other way round"),
    ("progress_at", lambda x: math.log(x / (1 - x)) / 10, "yours solves a plain sigmoid"),
    ("progress_at", lambda x: -math.log(2 / x - 1) / 10, "add 1 to lambda first"),
    ("progress_at", lambda x: math.log10((1 + x) / (1 - x)) / 10, "logarithm to base 10"),
    ("progress_at", lambda x: x, "a straight line"),
    ("progress_at", lambda x: x / 4, "`function(0.5)` is 0.125; it should be 0.1099"),
    ("progress_at", lambda x: [x, x], "is 2 numbers"),
    ("progress_at", lambda x: math.log(1 - 2 * x), "raised ValueError"),
    ("strongest_pull", 0, "lambda is nearly 0"),
    ("strongest_pull", 0.1, "Lambda still grows faster"),
    ("strongest_pull", 0.5, "look earlier"),
    ("strongest_pull", 1, "of the learning rate a sixth is left"),
    ("strongest_pull", 60, "60 is read as per cent. The learning rate falls faster"),
    ("strongest_pull", 0.003345, "how strong the largest pull is"),
    ("strongest_pull", -0.2, "is no progress"),
    ("strongest_pull", 215, "is no progress"),
    ("strongest_pull", "0.2", "not made of numbers"),
    ("strongest_pull", [0.2, 0.3], "it should be one number"),
    ("strongest_pull", lambda p: p, "not a number"),
    (
        "choose_lambda",
        lambda runs: max(runs, key=right_there)["lambda_"],
        "looks at `target_accuracy`",
    ),
    (
        "choose_lambda",
        lambda runs: min(runs, key=right_there)["lambda_"],
        "looks at `target_accuracy`",
    ),
    (
        "choose_lambda",
        lambda runs: sorted(runs, key=lambda r: (round(r["snd"]), -right_there(r)))[0]["lambda_"],
        "looks at `target_accuracy`",
    ),
    ("choose_lambda", lambda runs: runs[0], "return its lambda_"),
    ("choose_lambda", lambda runs: min(run["dev"] for run in runs), "return the lambda_ it"),
    ("choose_lambda", lambda runs: 2, "position in the list; return the lambda_ found there, 0.3"),
    ("choose_lambda", lambda runs: 0.7, "the lambdas are paper, 0.0, 0.3, 3.0"),
    ("choose_lambda", lambda runs: "the paper's", "the lambdas are paper, 0.0, 0.3, 3.0"),
    ("choose_lambda", lambda runs: [0.0, 0.3], "return one lambda_"),
    ("choose_lambda", lambda runs: secrets.choice(runs)["lambda_"], "nobody could repeat it"),
    ("choose_lambda", lambda runs: runs["lambda_"], "raised TypeError"),
    ("choose_lambda", lambda runs: min(runs, key=lambda r: r["loss"])["lambda_"], "raised KeyErr"),
    ("least_error", lambda p, q: p - q, "more of class 1 than the source"),
    ("least_error", lambda p, q: q - p, "more of class 1 than the target"),
    ("least_error", lambda p, q: max(p - q, 0), "Too few of class 1"),
    ("least_error", lambda p, q: max(q - p, 0), "Too many of class 1"),
    ("least_error", lambda p, q: p * (1 - q) + q * (1 - p), "at random"),
    ("least_error", lambda p, q: min(q, 1 - q), "one answer for everything"),
    ("least_error", lambda p, q: 2 * abs(p - q), "one mistake, not two"),
    ("least_error", lambda p, q: abs(p - q) / 2, "not every other one"),
    ("least_error", lambda p, q: (p - q) ** 2, "You square"),
    ("least_error", lambda p, q: 1 - abs(p - q), "Asked for is the error"),
    ("least_error", lambda p, q: 0, "Not 0"),
    ("least_error", lambda p, q: q, "the target's own share"),
    ("least_error", lambda p, q: p, "the source's share"),
    ("least_error", lambda p, q: abs(p - q) / p, "relative to the source's share"),
    ("least_error", lambda p, q: 0.3, "For p = 0.5 and q = 0.1 yours is 0.3; it should be 0.4"),
    ("least_error", lambda p, q: (p, q), "Yours is 2 numbers"),
    ("least_error", lambda p, q: "0.4", "not made of numbers"),
    ("least_error", lambda p: p, "raised TypeError"),
    ("domain_labels", labels_of(1, 0), "swapped: 0 is source"),
    ("domain_labels", lambda n, m: torch.cat([torch.zeros(n), torch.ones(m)]), "type is float32"),
    ("domain_labels", lambda n, m: F.one_hot(labels_of(0, 1)(n, m)), "one-hot"),
    ("domain_labels", lambda n, m: labels_of(0, 1)(n, n), "8 labels; yours are 6"),
    ("domain_labels", lambda n, m: labels_of(0, 1)(n, m).flip(0).roll(2), "the domains are mixed"),
    ("domain_labels", lambda n, m: labels_of(0, 1)(m, n), "the counts are swapped"),
    ("domain_labels", lambda n, m: [0] * n + [1] * m, "yours is a list"),
    ("domain_labels", lambda n, m: torch.arange(n + m), "it should be [0, 0, 0, 1"),
    ("training_step", step_with(clear=False), "never cleared"),
    ("training_step", step_with(lambda y, d, n, s, k: F.cross_entropy(y, n)), "8 rows of logits"),
    (
        "training_step",
        step_with(lambda y, d, n, s, k: F.cross_entropy(y, n.repeat(2)) + F.cross_entropy(d, s)),
        "The target has no labels",
    ),
    (
        "training_step",
        step_with(lambda y, d, n, s, k: F.cross_entropy(y[len(n) :], n) + F.cross_entropy(d, s)),
        "taken on the target half",
    ),
    ("training_step", step_with(label_loss), "domain loss is missing"),
    ("training_step", step_with(domain_loss), "label loss is missing"),
    (
        "training_step",
        step_with(lambda *x: label_loss(*x) + x[4] * domain_loss(*x)),
        "multiply the domain loss by lambda",
    ),
    (
        "training_step",
        step_with(lambda *x: label_loss(*x) - domain_loss(*x)),
        "You subtract the domain loss",
    ),
    (
        "training_step",
        step_with(lambda *x: label_loss(*x) - x[4] * domain_loss(*x)),
        "subtract lambda times the domain loss",
    ),
    ("training_step", step_with(strength=False), "Lambda never reaches the network"),
    ("training_step", step_with(order="backward"), "`optimiser.step()` is never called"),
    ("training_step", step_with(order="backward step step"), "takes 4 steps of the optimiser"),
    ("training_step", with_its_own_optimiser, "not by the optimiser that your function is given"),
    ("training_step", by_its_own_hand, "not by the optimiser that your function is given"),
    ("training_step", step_with(order="step"), "there is no gradient"),
    ("training_step", step_with(order="step backward"), "there is no gradient"),
    ("training_step", step_with(order="backward clear step"), "there is no gradient"),
    (
        "training_step",
        step_with(lambda y, d, n, s, k: both_losses(y.softmax(1), d, n, s, k)),
        "softmax before the cross-entropy of the labels",
    ),
    (
        "training_step",
        step_with(lambda y, d, n, s, k: both_losses(y, d.softmax(1), n, s, k)),
        "softmax before the cross-entropy of the domains",
    ),
    (
        "training_step",
        step_with(lambda y, d, n, s, k: both_losses(y.softmax(1), d.softmax(1), n, s, k)),
        "softmax before both",
    ),
    (
        "training_step",
        step_with(lambda *x: label_loss(*x) + F.cross_entropy(x[1][: len(x[2])], 0 * x[2])),
        "sees the source half only",
    ),
    ("training_step", step_with(lambda *x: label_loss(*x) + loss_by_halves(*x)), "two halves"),
    ("training_step", step_with(lambda *x: both_losses(*x) / 2), "mean of the two losses"),
    ("training_step", step_with(lambda *x: 3 * both_losses(*x)), "After one step a weight of"),
    ("training_step", step_with(returned=lambda total: total), "you return a tensor"),
    ("training_step", step_with(returned=lambda total: None), "return the loss as well"),
    ("training_step", step_with(returned=lambda total: 3.0), "You return 3; the total is"),
    ("training_step", step_with(returned=lambda total: "done"), "not made of numbers"),
    ("domain_accuracy", 100, "would never be deceived"),
    ("domain_accuracy", 1.0, "would never be deceived"),
    ("domain_accuracy", 0.2, "below 0.5 would mean"),
    ("domain_accuracy", 30, "below 0.5 would mean"),
    ("domain_accuracy", -1, "is no accuracy"),
    ("domain_accuracy", 300, "is no accuracy"),
    ("domain_accuracy", True, "not a number"),
    ("domain_accuracy", "0.6", "not made of numbers"),
    ("proxy_a_distance", lambda a, d: 2 - 4 * (a != d).mean(), "You count all images alike"),
    ("proxy_a_distance", lambda a, d: 4 * (a != d).mean() - 2, "accuracy for the error, and count"),
    ("proxy_a_distance", lambda a, d: 2 - 4 * (1 - fair(a, d)), "accuracy for the error: a probe"),
    ("proxy_a_distance", lambda a, d: 2 - 8 * fair(a, d), "add the two domains' errors"),
    ("proxy_a_distance", lambda a, d: 2 - 4 * (a != d)[d == 0].mean(), "source's errors only"),
    ("proxy_a_distance", lambda a, d: 2 - 4 * (a != d)[d == 1].mean(), "target's errors only"),
    ("proxy_a_distance", lambda a, d: 1 - 2 * fair(a, d), "The 2 before the bracket"),
    ("proxy_a_distance", lambda a, d: 2 - 2 * fair(a, d), "The 2 before the error"),
    ("proxy_a_distance", lambda a, d: fair(a, d), "That is the error itself"),
    ("proxy_a_distance", lambda a, d: (a != d).mean(), "That is the share of all images"),
    ("proxy_a_distance", lambda a, d: abs(2 - 4 * fair(a, d)), "yours is 0.6; it should be -0.6"),
    ("proxy_a_distance", lambda a, d: a != d, "a distance is one"),
    ("instance_norm", normalise(0, 2, 3), "batch normalisation"),
    ("instance_norm", normalise(1, 2, 3), "average over the channels as well"),
    ("instance_norm", normalise(0, 1, 2, 3), "average over the whole tensor"),
    ("instance_norm", normalise(0), "average over the batch at each pixel"),
    ("instance_norm", normalise(1), "average over the channels at each pixel"),
    ("instance_norm", lambda x: (x - x.mean(0)) / (x.std(0) + 1e-5), "the batch at each pixel"),
    ("instance_norm", normalise(2, 3, eps=0), "its standard deviation is 0. Add a small eps"),
    ("instance_norm", normalise(2, 3, power=1), "divide by the variance"),
    ("instance_norm", lambda x: x - x.mean((2, 3), keepdim=True), "nothing is divided"),
    ("instance_norm", lambda x: x / (x.std((2, 3), keepdim=True) + 1e-5), "mean is not taken off"),
    ("instance_norm", lambda x: x - x.mean((2, 3)), "raised RuntimeError"),
    ("instance_norm", lambda x: x.sub_(1), "writes into the images"),
    ("instance_norm", lambda x: x.flatten(1), "has shape [4, 2352], not [4, 3, 28, 28]"),
    ("instance_norm", lambda x: x, "it should have 0 and 1"),
    ("choose_checkpoint", best("target_accuracy"), "looks at `target_accuracy`"),
    ("choose_checkpoint", best("target_accuracy", min), "looks at `target_accuracy`"),
    (
        "choose_checkpoint",
        lambda found: max(found, key=lambda c: c.get("target_accuracy"))["step"],
        "looks at `target_accuracy`",
    ),
    (
        "choose_checkpoint",
        lambda found: max(found, key=lambda c: list(c.values())[-1])["step"],
        "looks at `target_accuracy`",
    ),
    (
        "choose_checkpoint",
        lambda found: max(found, key=lambda c: dict(c)["target_accuracy"])["step"],
        "looks at `target_accuracy`",
    ),
    (
        "choose_checkpoint",
        lambda found: max(found, key=lambda c: {**c}.pop("target_accuracy"))["step"],
        "looks at `target_accuracy`",
    ),
    (
        "choose_checkpoint",
        lambda found: max(found, key=lambda c: c["target_accuracy"] - c["doubt"])["step"],
        "looks at `target_accuracy`",
    ),
    (
        "choose_checkpoint",
        lambda found: next(
            (c["step"] for c in found if c["target_accuracy"] > 0.95), found[-1]["step"]
        ),
        "looks at `target_accuracy`",
    ),
    (
        "choose_checkpoint",
        lambda found: random.Random().choice(found)["step"],
        "nobody could repeat it",
    ),
    ("choose_checkpoint", best("doubt"), "the most doubtful of all"),
    ("choose_checkpoint", lambda found: 3, "a position in the list"),
    ("choose_checkpoint", lambda found: 400, "You return 400; the steps are 1000"),
    ("choose_checkpoint", lambda found: found[-1], "the whole checkpoint"),
    ("choose_checkpoint", lambda found: found[-1]["source_accuracy"], "is a source_accuracy"),
    ("choose_checkpoint", lambda found: min(c["doubt"] for c in found), "is a doubt"),
    ("choose_checkpoint", lambda found: "last", "not made of numbers"),
    ("how_many_labels", lambda p, e: p * (1 - p) / e**2, "not a whole number"),
    ("how_many_labels", lambda p, e: int(p * (1 - p) / e**2), "You round down"),
    ("how_many_labels", lambda p, e: round(p * (1 - p) / e**2), "You round to the nearest"),
    ("how_many_labels", lambda p, e: math.ceil(p * (1 - p) / e), "The error is not squared"),
    ("how_many_labels", lambda p, e: math.ceil((p * (1 - p)) ** 0.5 / e), "last square is missing"),
    ("how_many_labels", lambda p, e: math.ceil(0.25 / e**2), "You take an accuracy of 0.5"),
    ("how_many_labels", lambda p, e: math.ceil(1.96**2 * p * (1 - p) / e**2), "interval of 95 %"),
    ("how_many_labels", lambda p, e: math.ceil(p * (1 - p) / (e / 2) ** 2), "two standard errors."),
    ("how_many_labels", lambda p, e: math.ceil(p / e**2), "The 1 - p is missing"),
    ("how_many_labels", lambda p, e: math.ceil((1 - p) / e**2), "The p is missing"),
    ("how_many_labels", lambda p, e: math.sqrt(p * (1 - p) / e), "Turn the formula round"),
    ("how_many_labels", lambda p, e: 50, "yours is 50; it should be 57"),
    ("how_many_labels", lambda p, e: [p, e], "how many labels is one"),
    ("how_many_labels", lambda p, e: "fifty", "not made of numbers"),
]


@pytest.mark.parametrize(
    ("name", "answer", "words"), MISTAKES, ids=[f"{name}: {words}" for name, _, words in MISTAKES]
)
def test_a_mistake_is_named(name: str, answer: Any, words: str) -> None:
    verdict = check(name, answer)
    assert verdict.state == "wrong", verdict
    assert words in verdict.text
    assert verdict.text.endswith(".")


def test_an_instance_is_not_the_class() -> None:
    with pytest.warns(DeprecationWarning, match="should not be instantiated"):
        made = layer()()
    assert "without calling it" in check("reversal", made).text


def test_messages_of_different_mistakes_differ() -> None:
    said: dict[tuple[str, str], set[str]] = {}
    for name, answer, words in MISTAKES:
        said.setdefault((name, words), set()).add(check(name, answer).text)
    texts = [(name, text) for (name, _), found in said.items() for text in found]
    assert len(set(texts)) == len(texts)


# Other good answers


def counts_up_to_it(accuracy: float, error: float) -> int:
    n = 1
    while math.sqrt(accuracy * (1 - accuracy) / n) > error:
        n += 1
    return n


class WithSetupContext(torch.autograd.Function):
    @staticmethod
    def forward(x: Tensor, lambda_: float) -> Tensor:
        return x.view_as(x)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, float], output: Tensor) -> None:
        ctx.lambda_ = inputs[1]

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return gradient.neg() * ctx.lambda_, None


class ByTensor(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, lambda_: float) -> Tensor:
        ctx.save_for_backward(torch.tensor(lambda_, dtype=x.dtype))
        return x.clone()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (lambda_,) = ctx.saved_tensors
        return -lambda_ * gradient, None


def other_step(m: Any, o: Any, images: Any, labels: Any, domains: Any, lambda_: float) -> float:
    """The paths one after the other, cleared afterwards, with prints."""
    y, d = m(images, lambda_)
    loss = nn.CrossEntropyLoss()(y.chunk(2)[0], labels)
    loss.backward(retain_graph=True)
    other = nn.CrossEntropyLoss()(d, domains)
    other.backward()
    o.step()
    m.zero_grad()
    return float(loss + other)


def wrong_pairs(labels: Any, predictions: Any) -> Counter[tuple[int, int]]:
    pairs = zip(labels.tolist(), predictions.tolist(), strict=True)
    return Counter(pair for pair in pairs if pair[0] != pair[1])


def by_sklearn(labels: Any, predictions: Any) -> Any:
    from sklearn.metrics import confusion_matrix

    table = confusion_matrix(labels, predictions)
    np.fill_diagonal(table, 0)
    return np.unravel_index(table.argmax(), table.shape)


def by_pandas(labels: Any, predictions: Any) -> Any:
    import pandas

    table = pandas.crosstab(labels, predictions).stack()
    return table[[true != said for true, said in table.index]].idxmax()


class KeepsATensor(torch.autograd.Function):
    """Lambda has to be a tensor, as in the lesson's own layer."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, lambda_: Tensor) -> Tensor:
        ctx.save_for_backward(lambda_)
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (lambda_,) = ctx.saved_tensors
        return -lambda_ * gradient, None


def on_a_grid(lambda_: float) -> float:
    return min((i / 1000 for i in range(1001)), key=lambda p: abs(paper_lambda(p) - lambda_))


def by_halves(lambda_: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if paper_lambda(middle) < lambda_ else (low, middle)
    return low


def clears_by_groups(m: Any, o: Any, images: Any, labels: Any, domains: Any, k: float) -> float:
    y, d = m(images, k)
    total = both_losses(y, d, labels, domains, k)
    for group in o.param_groups:
        for weights in group["params"]:
            weights.grad = None
    total.backward()
    o.step()
    return total.item()


def with_a_closure(m: Any, o: Any, images: Any, labels: Any, domains: Any, k: float) -> float:
    def closure() -> Tensor:
        o.zero_grad()
        total = both_losses(*m(images, k), labels, domains, k)
        total.backward()
        return total

    return o.step(closure).item()


def in_tensors(answers: Any, domains: Any) -> Any:
    wrong = torch.as_tensor(answers).ne(torch.as_tensor(domains)).double()
    shares = [wrong[torch.as_tensor(domains) == domain].mean() for domain in (0, 1)]
    return 2 - 2 * sum(shares)


def by_balanced_accuracy(answers: Any, domains: Any) -> Any:
    from sklearn.metrics import balanced_accuracy_score

    return 2 * (2 * balanced_accuracy_score(domains, answers) - 1)


def takes_the_hidden_away(found: Any) -> Any:
    for checkpoint in found:
        checkpoint.pop("target_accuracy")
    return min(found, key=lambda c: c["doubt"])["step"]


def reads_it_and_makes_nothing_of_it(found: Any) -> Any:
    [f"{c['step']}: {c['target_accuracy']}" for c in found]
    return found[-1]["step"]


GOOD: list[tuple[str, Any, str]] = [
    ("blend", lambda p, d: np.abs(np.subtract(p, d, dtype=np.int32)).astype(np.uint8), ""),
    ("blend", lambda p, d: np.maximum(p, d) - np.minimum(p, d), ""),
    ("blend", blend_by(lambda p, d, a, b: np.uint8(abs(a - b))), ""),
    ("pixel_mean", lambda s, t: np.vstack([s, t]).reshape(-1, 3).mean(0), ""),
    (
        "pixel_mean",
        lambda s, t: (s.sum((0, 1, 2)) + t.sum((0, 1, 2))) / (28 * 28 * (len(s) + len(t))),
        "",
    ),
    ("who_descends", dict(WHO), ""),
    ("who_descends", dict(reversed(WHO.items())), ""),
    ("who_descends", {key: value.capitalize() for key, value in WHO.items()}, ""),
    ("blend", lambda p, d: np.where(p > d, p - d, d - p), ""),
    ("blend", lambda p, d: (p.int() - d.int()).abs().to(torch.uint8), ""),
    ("pixel_mean", lambda s, t: torch.cat([s, t]).float().mean((0, 1, 2)), ""),
    ("pixel_mean", lambda s, t: np.concatenate([s, t]).mean((0, 1, 2)).tolist(), ""),
    (
        "worst_confusion",
        lambda n, p: np.array(divmod(int(flat_confusion(n, p)), 10)),
        "",
    ),
    ("worst_confusion", lambda n, p: [torch.tensor(x) for x in most_common_pair(n, p)], ""),
    ("worst_confusion", lambda n, p: wrong_pairs(n, p).most_common(1), ""),
    ("worst_confusion", lambda n, p: wrong_pairs(n, p).most_common(1)[0], ""),
    ("worst_confusion", lambda n, p: max(wrong_pairs(n, p).items(), key=lambda x: x[1]), ""),
    ("worst_confusion", lambda n, p: max(wrong_pairs(n, p), key=wrong_pairs(n, p).get), ""),
    ("worst_confusion", by_sklearn, ""),
    ("worst_confusion", by_pandas, ""),
    ("reversal", Reversal, ""),
    ("reversal", ReversalInBothModes, ""),
    ("reversal", KeepsATensor, ""),
    ("reversal", layer(lambda ctx, x, lambda_: x), ""),
    ("reversal", layer(lambda ctx, x, lambda_: x + 0), ""),
    ("reversal", layer(backward=lambda c, g: (torch.mul(g, -c.strength), None)), ""),
    ("reversal", layer(backward=lambda c, g: (g.clone().mul_(-c.strength), None)), ""),
    ("reversal", layer(backward=lambda c, g: (g * c.strength * -1, None)), ""),
    ("reversal", WithSetupContext, ""),
    ("reversal", ByTensor, ""),
    ("by_hand", (6.0, -3.0, -6.0), ""),
    ("by_hand", BY_HAND, ""),
    ("by_hand", [6, -3, -6], ""),
    ("by_hand", {key: np.float32(value) for key, value in BY_HAND.items()}, ""),
    ("by_hand", {key: [value] for key, value in BY_HAND.items()}, ""),
    ("by_hand", BY_HAND | {"note": "the chain rule"}, ""),
    ("by_hand", {key: torch.tensor(float(value)) for key, value in BY_HAND.items()}, ""),
    ("who_descends", {key: value.upper() + " " for key, value in WHO.items()}, ""),
    ("progress_at", lambda x: math.atanh(x) / 5, "after 11% of the run"),
    ("progress_at", lambda x: np.arctanh(x) / 5, ""),
    ("progress_at", lambda x: torch.atanh(torch.as_tensor(x)) / 5, ""),
    ("progress_at", lambda x: -math.log(2 / (1 + x) - 1) / 10, ""),
    ("progress_at", lambda x: torch.logit((1 + x) / 2) / 10, ""),
    ("progress_at", on_a_grid, ""),
    ("progress_at", by_halves, ""),
    ("choose_lambda", lambda runs: "paper", "costs 0.4 points on these 10 choices"),
    ("choose_lambda", lambda runs: 0.3, "Any at random costs 8.4"),
    ("choose_lambda", lambda runs: np.float64(3.0), "in the worst of them 51.2"),
    ("choose_lambda", lambda runs: min(runs, key=lambda r: r["dev"])["lambda_"], "costs 4.1"),
    ("choose_lambda", lambda runs: max(runs, key=lambda r: r["source"])["lambda_"], ""),
    ("choose_lambda", lambda runs: random.choice(runs)["lambda_"], "draws at random"),
    ("choose_lambda", lambda runs: random.Random(0).choice(runs)["lambda_"], ""),
    (
        "choose_lambda",
        lambda runs: min((dict(r) for r in runs), key=lambda r: r["entropy"])["lambda_"],
        "",
    ),
    (
        "choose_lambda",
        lambda runs: [r for r in runs if r.pop("target_accuracy") < 2][1]["lambda_"],
        "",
    ),
    ("least_error", lambda p, q: abs(p - q), "the difference is wrong"),
    ("least_error", lambda p, q: abs(q - p), ""),
    ("least_error", lambda p, q: max(p, q) - min(p, q), ""),
    ("least_error", lambda p, q: math.fabs(p - q), ""),
    ("least_error", lambda p, q: ((p - q) ** 2) ** 0.5, ""),
    ("least_error", lambda p, q: torch.as_tensor(p - q).abs(), ""),
    ("least_error", lambda p, q: np.abs(p - q), ""),
    ("strongest_pull", 0.215, "At the end of the run it is"),
    ("strongest_pull", 0.2, ""),
    ("strongest_pull", 21.5, "read as per cent"),
    ("strongest_pull", np.float64(0.22), ""),
    ("strongest_pull", torch.tensor([0.21]), ""),
    ("domain_labels", lambda n, m: (torch.arange(n + m) >= n).long(), ""),
    ("training_step", other_step, ""),
    ("training_step", step_with(lambda *x: label_loss(*x) + loss_by_halves(*x) / 2), ""),
    ("domain_labels", lambda n, m: torch.tensor([0] * n + [1] * m), ""),
    ("domain_labels", lambda n, m: torch.arange(2).repeat_interleave(torch.tensor([n, m])), ""),
    ("domain_labels", lambda n, m: torch.from_numpy(np.repeat([0, 1], [n, m])), ""),
    ("domain_labels", lambda n, m: F.pad(torch.zeros(n).long(), (0, m), value=1), ""),
    ("training_step", clears_by_groups, ""),
    ("training_step", with_a_closure, ""),
    ("training_step", step_with(order="clear backward step"), ""),
    ("training_step", step_with(returned=lambda total: float(total)), ""),
    ("training_step", step_with(returned=lambda total: total.detach().numpy()), ""),
    ("domain_accuracy", 0.5, "docs/results.md"),
    ("domain_accuracy", 0.97, "between guessing (0.5) and certain"),
    ("domain_accuracy", 65, "per cent"),
    ("domain_accuracy", np.float32(0.7), ""),
    ("proxy_a_distance", lambda a, d: max(0, 2 * (1 - 2 * fair(a, d))), ""),
    ("proxy_a_distance", lambda a, d: 2 * (1 - (a[d == 0].mean() + 1 - a[d == 1].mean())), ""),
    ("proxy_a_distance", lambda a, d: 2 * (a[d == 1].mean() - a[d == 0].mean()), ""),
    ("proxy_a_distance", in_tensors, ""),
    ("proxy_a_distance", by_balanced_accuracy, ""),
    ("instance_norm", F.instance_norm, ""),
    ("instance_norm", nn.InstanceNorm2d(3, affine=False), ""),
    (
        "instance_norm",
        lambda x: (x - x.mean((2, 3), True)) / (x.std((2, 3), keepdim=True) + 1e-4),
        "",
    ),
    ("choose_checkpoint", lambda found: found[-1]["step"], "the last"),
    ("choose_checkpoint", best("source_accuracy"), "the best source accuracy"),
    ("choose_checkpoint", best("doubt", min), "the least doubt"),
    (
        "choose_checkpoint",
        lambda found: min(found, key=lambda c: abs(c["domain_accuracy"] - 0.5))["step"],
        "a domain accuracy closest to 0.5",
    ),
    ("choose_checkpoint", lambda found: found[1]["step"], "a rule of your own"),
    ("choose_checkpoint", lambda found: random.choice(found)["step"], "it draws at random"),
    ("choose_checkpoint", lambda found: random.Random(7).choice(found)["step"], ""),
    ("choose_checkpoint", lambda found: np.random.choice([c["step"] for c in found[2:]]), ""),
    ("choose_checkpoint", takes_the_hidden_away, "the least doubt"),
    ("choose_checkpoint", reads_it_and_makes_nothing_of_it, "the last"),
    (
        "choose_checkpoint",
        lambda found: sorted(found, key=lambda c: (c["doubt"], -c["source_accuracy"]))[0]["step"],
        "the least doubt",
    ),
    ("choose_checkpoint", lambda found: torch.tensor(found[-1]["step"]), "the last"),
    ("how_many_labels", lambda p, e: np.ceil(p * (1 - p) / e**2), "57 labels"),
    ("how_many_labels", lambda p, e: -int(-p * (1 - p) / e**2 // 1), ""),
    ("how_many_labels", lambda p, e: int(p * (1 - p) / e**2) + 1, ""),
    ("how_many_labels", counts_up_to_it, ""),
]


@pytest.mark.parametrize(
    ("name", "answer", "words"), GOOD, ids=[f"{name} {i}" for i, (name, _, _) in enumerate(GOOD)]
)
def test_another_good_answer_is_right(name: str, answer: Any, words: str) -> None:
    verdict = check(name, answer)
    assert verdict.state == "right", verdict
    assert words in verdict.text


@each
def test_an_exercise_is_tried_with_a_dozen_answers(exercise: Exercise) -> None:
    tried = [name for name, _, _ in MISTAKES + GOOD].count(exercise.name)
    assert tried >= 12
    assert [name for name, _, _ in GOOD].count(exercise.name) >= 3


# Half an answer


@pytest.mark.parametrize(
    "name", [n for n in NAMES if n not in ("domain_accuracy", "reversal", "strongest_pull")]
)
def test_a_function_that_returns_nothing_is_not_attempted(name: str) -> None:
    answer = dict.fromkeys(BY_HAND | WHO) if name in ("by_hand", "who_descends") else None
    verdict = check(name, answer or (lambda *inputs: None))
    assert verdict.state == "not attempted"


def test_what_is_still_open_is_named() -> None:
    assert '"at w"' in check("by_hand", BY_HAND | {"at w": ...}).text
    assert "`backward`" in check("reversal", layer(backward=lambda ctx, g: ...)).text
    assert "`backward`" in check("reversal", layer(backward=lambda ctx, g: None)).text
    assert "`forward`" in check("reversal", layer(lambda ctx, x, lambda_: ...)).text
    assert check("reversal", layer(backward=lambda ctx, g: (..., None))).state == "not attempted"


# Nonsense


class Hostile:
    """Fails at whatever is asked of it."""

    def __call__(self, *inputs: Any) -> Any:
        return self

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no ==")

    def __array__(self, *inputs: Any, **named: Any) -> Any:
        raise RuntimeError("no array")

    __hash__ = None  # type: ignore[assignment]


def leave(*inputs: Any) -> None:
    sys.exit("bye")


def deep(*inputs: Any) -> Any:
    return deep(*inputs)


NONSENSE: list[Any] = [
    None,
    3,
    -1e300,
    "x",
    "",
    b"\0",
    lambda: 1,
    lambda *a: 1 / 0,
    lambda *a: "x",
    lambda *a: math.nan,
    lambda *a: [math.inf] * 3,
    lambda *a: [[1], [2, 3]],
    lambda *a: lambda: 1,
    lambda *a: torch.full((4, 3, 28, 28), math.nan),
    lambda *a: np.array(["a", None], dtype=object),
    lambda *a: torch.zeros(0),
    lambda *a: 1j,
    int,
    dict,
    object,
    torch.Tensor,
    torch.autograd.Function,
    [],
    [1, "x", None],
    {},
    {"before the reversal": math.nan, "after the reversal": [], "at w": "x"},
    dict.fromkeys(WHO, 3),
    math.nan,
    torch.nn.Linear(2, 2),
    torch.zeros(3),
    np.zeros((2, 2)),
    Hostile(),
    Hostile,
    leave,
    deep,
    layer(leave),
    layer(backward=leave),
    layer(lambda *a: 1 / 0),
    layer(backward=lambda *a: 1 / 0),
    layer(backward=lambda *a: Hostile()),
    layer(backward=lambda *a: (torch.zeros(5), None)),
    sys,
    NotImplemented,
]


@each
def test_nonsense_is_never_right_and_never_crashes(exercise: Exercise) -> None:
    for answer in NONSENSE:
        verdict = exercise.check(answer)
        assert verdict.state != "right", (answer, verdict)
        assert verdict.text
        assert repr(verdict)
        assert verdict._repr_html_()


def test_what_was_raised_and_with_what_is_named() -> None:
    def blend(patch: Any, digit: Any) -> Any:
        return 1 / 0

    verdict = check("blend", blend)
    assert "`blend(uint8 array [28, 28, 3], uint8 array [28, 28, 3])`" in verdict.text
    assert "ZeroDivisionError (division by zero)" in verdict.text
    assert "SystemExit (bye)" in check("blend", leave).text
    assert "takes 0 positional arguments" in check("domain_labels", lambda: 1).text
    assert "domain_labels" not in check("domain_labels", lambda n, m: 1 / 0).text
    assert "function(3, 5)" in check("domain_labels", lambda n, m: 1 / 0).text


def test_the_line_that_failed_is_named() -> None:
    code = "def blend(patch, digit):\n    half = patch // 2\n    return half + missing\n"
    linecache.cache["<cell>"] = (len(code), None, code.splitlines(keepends=True), "<cell>")
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(code, "<cell>", "exec"), namespace)
    verdict = check("blend", namespace["blend"])
    assert "NameError (name 'missing' is not defined)" in verdict.text
    assert verdict.text.endswith("in line 3, `return half + missing`.")


def interrupt(*inputs: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("answer", [interrupt, layer(interrupt), layer(backward=interrupt)])
def test_the_learner_can_interrupt_a_check(answer: Any) -> None:
    name = "blend" if answer is interrupt else "reversal"
    with pytest.raises(KeyboardInterrupt):
        check(name, answer)


# The time limit


def loop(*inputs: Any) -> None:
    while True:
        with contextlib.suppress(Exception):  # a careless learner's catch-all
            time.sleep(0.001)


needs_alarm = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarms here")


@needs_alarm
@pytest.mark.parametrize(
    ("name", "answer"),
    [("blend", loop), ("training_step", loop), ("reversal", layer(backward=loop))],
)
def test_an_endless_loop_is_stopped(
    name: str, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exercise_core, "TIME_LIMIT", 0.2)
    verdict = check(name, answer)
    assert verdict.state == "wrong"
    assert "still running after 0.2 seconds" in verdict.text


@needs_alarm
def test_an_alarm_of_somebody_else_goes_on() -> None:
    def theirs(*inputs: Any) -> None: ...

    # What runs here already may well be the alarm of pytest's own time limit.
    handler = signal.signal(signal.SIGALRM, theirs)
    before = signal.setitimer(signal.ITIMER_REAL, 50, 7)
    try:
        for answer in (..., 3, leave, lambda p, d: p - d):
            check("blend", answer)
        left, interval = signal.getitimer(signal.ITIMER_REAL)
        assert 0 < left <= 50
        assert interval == 7
        assert signal.getsignal(signal.SIGALRM) is theirs
    finally:
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, *before)


@needs_alarm
def test_no_alarm_is_left_behind() -> None:
    before = signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        check("blend", lambda p, d: p)
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)


@needs_alarm
def test_an_import_is_not_cut_short(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exercise_core, "TIME_LIMIT", 0.05)
    (tmp_path / "slow_to_import.py").write_text(
        "import time\ntime.sleep(0.3)\ndone = True\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)

    def blend(patch: Any, digit: Any) -> Any:
        import slow_to_import  # type: ignore[import-not-found]

        assert slow_to_import.done
        return loop()

    assert "still running" in check("blend", blend).text
    assert sys.modules["slow_to_import"].done


def test_a_check_works_in_another_thread() -> None:
    found: list[Verdict] = []
    thread = threading.Thread(target=lambda: found.append(check("by_hand", BY_HAND)))
    thread.start()
    thread.join()
    assert found[0].state == "right"


# What a check leaves as it was


def random_numbers() -> list[Any]:
    """The next numbers of each global generator."""
    return [random.random(), np.random.random(), torch.rand(1).item()]


def test_random_numbers_go_on_as_before() -> None:
    def seeds(*inputs: Any) -> Any:
        random.seed(0)
        np.random.seed(0)
        torch.manual_seed(0)
        return random_numbers()

    def next_numbers(between: Callable[[], None]) -> list[Any]:
        random.seed(1)
        np.random.seed(1)
        torch.manual_seed(1)
        between()
        return random_numbers()

    def everything() -> None:
        for exercise in ALL:
            exercise.check(defined_by(exercise, exercise.answer))
            exercise.check(seeds)
        check("training_step", step_with(clear=False))

    assert next_numbers(everything) == next_numbers(lambda: None)


def test_a_check_prints_nothing_and_warns_of_nothing(
    capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    for exercise in ALL:
        exercise.check(defined_by(exercise, exercise.answer))
        exercise.check(3)
    check("instance_norm", lambda x: (x.numpy() - 1) / (0 * x.numpy()))
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


def test_the_answer_is_left_as_it_was() -> None:
    answer = dict(BY_HAND)
    check("by_hand", answer)
    assert answer == BY_HAND
    parts = set(vars(WithSetupContext))
    check("reversal", WithSetupContext)
    assert set(vars(WithSetupContext)) == parts
    with torch.no_grad():
        assert check("reversal", WithSetupContext).state == "right"
        assert not torch.is_grad_enabled()


# How it looks


class Tags(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.inside, self.depth = 0, 0  # of details, now and at most
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))
        if tag == "details":
            self.inside += 1
            self.depth = max(self.depth, self.inside)

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "details"

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("answer", "heading"),
    [(0.6, "✓ Right"), (0.1, "✗ Not yet"), (..., "○ Not attempted")],
)
def test_a_verdict_shows_symbol_and_word(answer: Any, heading: str) -> None:
    verdict = check("domain_accuracy", answer)
    assert repr(verdict) == f"{heading}. {verdict.text}"
    page = Tags(verdict._repr_html_())
    assert page.found[1][1]["role"] == "status"
    assert page.text.startswith(repr(verdict).replace("`", "") + "Hint 1")


def test_colours_follow_the_theme_and_have_a_fallback() -> None:
    shown = [check("domain_accuracy", a)._repr_html_() for a in (0.6, 0.1, ...)]
    shown += [card._repr_html_() for card in (exercises.blend.solution(), exercises.blend.hint())]
    for text in shown:
        style = Tags(text).found[0][1]["style"] or ""
        assert re.findall(r"var\(--jp-[\w-]+, [#\w]+\)", style)
        assert "background" not in style
        for rule in style.split(";"):
            assert "color" not in rule.split(":")[0] or "var(--jp-" in rule


def test_html_is_escaped() -> None:
    nasty = "<script>alert('&')</script>"

    def fails(*inputs: Any) -> Any:
        raise ValueError(nasty)

    for verdict in (check("blend", nasty), check("blend", fails)):
        assert nasty[:20] in verdict.text
        page = Tags(verdict._repr_html_())
        tags = {"div", "strong", "code", "details", "summary", "br"}
        assert {tag for tag, _ in page.found} <= tags
        assert nasty[:20] in page.text
    code = exercises.domain_labels.solution()
    assert code.code in Tags(code._repr_html_()).text
