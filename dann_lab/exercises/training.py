"""Exercises of lesson 03: what both schedules do, the domain labels, one training step, a
prediction."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.reversal import reverse_gradient
from dann_core.schedules import paper_lambda, paper_learning_rate
from dann_lab.exercises.exercise import Exercise
from dann_lab.exercises.judging import (
    Mistake,
    NotAttempted,
    call,
    judge_formula,
    numbers,
    run,
    same,
    say,
)

LESSON = "03_training"


def _progress_at(lambda_: float) -> float:
    """The inverse of the paper's schedule."""
    return math.log((1 + lambda_) / (1 - lambda_)) / 10


def _judge_progress_at(answer: Any) -> str:
    judge_formula(
        answer,
        (0.5, 0.1, 0.25, 0.9, 0.99),
        [_progress_at],
        {
            "That is lambda at a progress; asked for is the progress at a lambda. Solve the "
            "schedule for p.": paper_lambda,
            "The 10, the schedule's gamma, is missing: divide by it.": lambda x: (
                10 * _progress_at(x)
            ),
            "You multiply by 10; what stood before p in the exponent divides now.": lambda x: (
                100 * _progress_at(x)
            ),
            "The sign is the other way round: progress is not negative. Which of the two, 1 + "
            "lambda and 1 - lambda, belongs on top?": lambda x: -_progress_at(x),
            "The 2 and the -1 of the schedule are lost: yours solves a plain sigmoid, "
            "1 / (1 + exp(-10 p)).": lambda x: math.log(x / (1 - x)) / 10,
            "The -1 of the schedule is lost: add 1 to lambda first.": (
                lambda x: -math.log(2 / x - 1) / 10
            ),
            "That is the logarithm to base 10; exp is undone by `math.log`, the natural one.": (
                lambda x: math.log10((1 + x) / (1 - x)) / 10
            ),
            "Yours draws a straight line, as if lambda grew evenly.": lambda x: x,
        },
        atol=2e-3,  # somebody who searches on a grid has found it, too
    )
    return (
        f"Half of lambda is there after {_progress_at(0.5):.0%} of the run, .99 after "
        f"{_progress_at(0.99):.0%}: for most of a run lambda is as good as 1."
    )


progress_at = Exercise(
    name="progress_at",
    lesson=LESSON,
    title="When has lambda grown?",
    difficulty=2,
    minutes=6,
    stub='''\
import math

def progress_at(lambda_):
    """The progress p, 0 to 1, at which 2 / (1 + exp(-10 p)) - 1 has come to lambda_ (under 1)."""
    return ...''',
    answer='''\
import math

def progress_at(lambda_):
    """The progress p, 0 to 1, at which 2 / (1 + exp(-10 p)) - 1 has come to lambda_ (under 1)."""
    return math.log((1 + lambda_) / (1 - lambda_)) / 10''',
    hints=(
        "It is the schedule read backwards: which p gives `lambda_`? A formula or a search will "
        "do.",
        "Take the formula apart from outside: add the 1, turn the fraction over, take off the "
        "other 1. `exp(-10 p)` is then (1 - lambda) / (1 + lambda).",
        "`math.log` undoes exp, and -10 divides: `math.log((1 + lambda_) / (1 - lambda_)) / 10`.",
    ),
    judge=_judge_progress_at,
)


def _pull(p: float) -> float:
    return paper_lambda(p) * paper_learning_rate(p)


_GRID = [p / 10_000 for p in range(10_001)]
_STRONGEST = max(_GRID, key=_pull)
_NEAR = 0.03


def _judge_strongest_pull(answer: Any) -> str:
    if isinstance(answer, bool) or callable(answer):
        raise Mistake(f"{say(answer)} is not a number. Hand in a progress between 0 and 1.")
    found = numbers(answer, "Your progress")
    if found.size != 1:
        raise Mistake(f"Your progress is {say(answer)}; it should be one number.")
    value = float(found.reshape(-1)[0])
    if not 0 <= value <= 100:
        raise Mistake(f"{value:g} is no progress: it lies between 0 and 1.")
    note = ""
    if value > 1:
        note, value = f"{value:g} is read as per cent. ", value / 100
    share = f"At {value:g} the pull is {_pull(value) / _pull(_STRONGEST):.0%} of its largest."
    if abs(value - _STRONGEST) <= _NEAR:
        return (
            f"{note}The pull is largest at {_STRONGEST:.2f}. Before, lambda is still small; after, "
            "the learning rate falls faster than lambda grows. At the end of the run it is "
            f"{_pull(1) / _pull(_STRONGEST):.0%} of that."
        )
    if abs(value - _pull(_STRONGEST)) < 1e-4:
        raise Mistake("That is how strong the largest pull is; asked for is the p where it is so.")
    if value < 0.02:
        why = "The learning rate is largest there, but lambda is nearly 0, and they are multiplied."
    elif value < _STRONGEST:
        why = "Lambda still grows faster there than the learning rate falls."
    elif value < 0.9:
        why = "The learning rate falls faster there than lambda grows: look earlier."
    else:
        why = "Lambda is largest there, but of the learning rate a sixth is left."
    raise Mistake(f"{note}{why} {share}")


strongest_pull = Exercise(
    name="strongest_pull",
    lesson=LESSON,
    title="When are the features pushed most?",
    difficulty=2,
    minutes=6,
    stub="""\
# A step pushes the features by learning rate * lambda * the domain classifier's gradient. Let that
# gradient be the same all along: at which progress p, 0 to 1, is the push strongest?
#   lambda         2 / (1 + exp(-10 p)) - 1
#   learning rate  0.01 / (1 + 10 p)**0.75
strongest_pull = ...""",
    answer="""\
import numpy as np

p = np.linspace(0, 1, 1001)
lambda_ = 2 / (1 + np.exp(-10 * p)) - 1
rate = 0.01 / (1 + 10 * p) ** 0.75
strongest_pull = p[(rate * lambda_).argmax()]""",
    hints=(
        "One of the two grows, the other falls. What is their product at p = 0? At p = 1?",
        "Bend both curves in the picture above: where has lambda done most of its growing, while "
        "the rate is still high?",
        "Try many: with `p = np.linspace(0, 1, 1001)` both formulas take all of p at once, and "
        "`.argmax()` says where a product is largest.",
    ),
    judge=_judge_strongest_pull,
)


def _judge_domain_labels(answer: Any) -> str:
    for n_source, n_target in ((3, 5), (4, 2)):
        result = call(answer, n_source, n_target)
        shown = f"For {n_source} source and {n_target} target images"
        yours = numbers(result, "Your labels")
        total = n_source + n_target
        right = np.array([0] * n_source + [1] * n_target)
        if yours.ndim != 1:
            raise Mistake(
                f"{shown} yours has shape {list(yours.shape)}. Cross-entropy takes one class "
                f"number an image, not one-hot rows: shape [{total}]."
            )
        if len(yours) != total:
            raise Mistake(f"{shown} there should be {total} labels; yours are {len(yours)}.")
        if not same(yours, right):
            if same(yours, 1 - right):
                raise Mistake("The numbers are swapped: 0 is source, 1 is target.")
            if same(np.sort(yours), right):
                raise Mistake(
                    f"{shown} yours is {yours.astype(int).tolist()}: the domains are mixed. The "
                    "batch holds all source images first, so the zeros come first."
                )
            if same(np.sort(yours), np.sort(1 - right)):
                raise Mistake(
                    f"{shown} yours has {int((yours == 0).sum())} zeros and "
                    f"{int((yours == 1).sum())} ones: the counts are swapped."
                )
            raise Mistake(f"{shown} yours is {yours.tolist()}; it should be {right.tolist()}.")
        if not isinstance(result, Tensor):
            raise Mistake(
                f"The numbers are right, but yours is a {type(result).__name__}. `F.cross_entropy` "
                "wants a tensor."
            )
        if result.dtype != torch.int64:
            kind = str(result.dtype).removeprefix("torch.")
            raise Mistake(
                f"The numbers are right, but their type is {kind}. `F.cross_entropy` wants class "
                "numbers as int64: `dtype=torch.long`."
            )
    return "Nobody has to label anything by hand: which domain an image is from is known."


domain_labels = Exercise(
    name="domain_labels",
    lesson=LESSON,
    title="The domain labels",
    difficulty=1,
    minutes=4,
    stub='''\
import torch

def domain_labels(n_source, n_target):
    """A class number for each image of the batch: first all source (0), then all target (1)."""
    return ...''',
    answer='''\
import torch

def domain_labels(n_source, n_target):
    """A class number for each image of the batch: first all source (0), then all target (1)."""
    numbers = [0] * n_source + [1] * n_target
    return torch.tensor(numbers, dtype=torch.long)''',
    hints=(
        "For 2 source and 3 target images: 0, 0, 1, 1, 1.",
        "`torch.zeros` and `torch.ones` make floats unless told otherwise; classes are whole.",
        "`torch.cat` of `torch.zeros(n_source, dtype=torch.long)` and the same with `ones`.",
    ),
    judge=_judge_domain_labels,
)


class _Tiny(nn.Module):
    """A DANN of three small layers in float64: images [B, 3, 4, 4] -> [B, 3] and [B, 2] logits."""

    def __init__(self) -> None:
        super().__init__()
        self.feature_extractor = nn.Sequential(nn.Flatten(), nn.Linear(48, 6), nn.Tanh())
        self.label_predictor = nn.Linear(6, 3)
        self.domain_classifier = nn.Linear(6, 2)
        self.double()
        generator = torch.Generator().manual_seed(3)
        with torch.no_grad():
            for p in self.parameters():
                p.copy_(torch.randn(p.shape, generator=generator, dtype=p.dtype) / 2)

    def forward(self, images: Tensor, lambda_: float = 1.0) -> tuple[Tensor, Tensor]:
        features = self.feature_extractor(images)
        reversed_ = reverse_gradient(features, lambda_)
        return self.label_predictor(features), self.domain_classifier(reversed_)


class _Descent:
    """Plain gradient descent that counts its steps.

    As ``torch.optim.SGD`` without momentum, whose first use imports TorchDynamo, for seconds.
    """

    def __init__(self, parameters: Iterable[Tensor], learning_rate: float):
        self.parameters, self.learning_rate, self.steps = list(parameters), learning_rate, 0
        self.param_groups = [{"params": self.parameters, "lr": learning_rate}]

    def __repr__(self) -> str:
        return "optimiser"

    def zero_grad(self, set_to_none: bool = True) -> None:
        for p in self.parameters:
            p.grad = None if set_to_none or p.grad is None else torch.zeros_like(p)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        loss = closure() if closure else None
        self.steps += 1
        with torch.no_grad():
            for p in self.parameters:
                if p.grad is not None:
                    p -= self.learning_rate * p.grad
        return loss


Losses = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]
"""A function from label logits, domain logits, labels and domains to the loss."""
HALF = 4
LAMBDA = 0.5


class _TwoSteps:
    """A fresh network after two training steps: its weights, and what each step returned."""

    def __init__(self, step: Callable[..., Any]):
        generator = torch.Generator().manual_seed(4)
        self.model = _Tiny()
        self.optimiser = _Descent(self.model.parameters(), 0.1)
        self.start = self._weights()
        self.weights, self.returned = [], []
        for _ in range(2):
            images = torch.randn(2 * HALF, 3, 4, 4, generator=generator, dtype=torch.float64)
            labels = torch.randint(0, 3, (HALF,), generator=generator)
            domains = torch.arange(2).repeat_interleave(HALF)
            self.returned.append(step(self.model, self.optimiser, images, labels, domains, LAMBDA))
            self.weights.append(self._weights())

    def _weights(self) -> Tensor:
        return nn.utils.parameters_to_vector(self.model.parameters()).detach().clone()

    def moves_as(self, other: _TwoSteps) -> bool:
        pairs = zip(self.weights, other.weights, strict=True)
        return all(torch.allclose(a, b, rtol=1e-6, atol=1e-9) for a, b in pairs)


def _label(y: Tensor, d: Tensor, labels: Tensor, domains: Tensor) -> Tensor:
    return F.cross_entropy(y[:HALF], labels)


def _domain(y: Tensor, d: Tensor, labels: Tensor, domains: Tensor) -> Tensor:
    return F.cross_entropy(d, domains)


def _variant(loss: Losses, *, clear: bool = True, lambda_: float = LAMBDA) -> Callable[..., float]:
    """A training step that is right but for what is said here."""

    def step(
        model: _Tiny, optimiser: _Descent, images: Tensor, labels: Tensor, domains: Tensor, _: float
    ) -> float:
        if clear:
            optimiser.zero_grad()
        label_logits, domain_logits = model(images, lambda_)
        total = loss(label_logits, domain_logits, labels, domains)
        total.backward()
        optimiser.step()
        return total.item()

    return step


_RIGHT = _variant(lambda *x: _label(*x) + _domain(*x))
_SLIPS: dict[str, Callable[..., float]] = {
    "The gradients are never cleared: the first step is right, but the second adds its gradient to "
    "the first one's. Call `optimiser.zero_grad()` before `backward()`.": (
        _variant(lambda *x: _label(*x) + _domain(*x), clear=False)
    ),
    "The domain loss is missing: yours learns from the label loss alone, and nothing adapts.": (
        _variant(lambda *x: _label(*x))
    ),
    "The label loss is missing: yours learns from the domain loss alone.": (
        _variant(lambda *x: _domain(*x))
    ),
    "You multiply the domain loss by lambda. `model(images, lambda_)` has scaled the gradient for "
    "the features already; scaling the loss slows the domain classifier down as well.": (
        _variant(lambda *x: _label(*x) + LAMBDA * _domain(*x))
    ),
    "You subtract the domain loss: then the domain classifier climbs its own loss, and the "
    "features, behind the reversal, go down it. Add it; the layer turns the sign.": (
        _variant(lambda *x: _label(*x) - _domain(*x))
    ),
    "You subtract lambda times the domain loss: the sign and lambda are in the reversal layer "
    "already. Add the domain loss as it is.": (
        _variant(lambda *x: _label(*x) - LAMBDA * _domain(*x))
    ),
    "Lambda never reaches the network, which then reverses with its default of 1: "
    "`model(images, lambda_)`.": _variant(lambda *x: _label(*x) + _domain(*x), lambda_=1.0),
    "The label loss is taken on the target half: `label_logits[:len(labels)]` is the source half, "
    "which the labels belong to.": (
        _variant(lambda y, d, n, s: F.cross_entropy(y[HALF:], n) + _domain(y, d, n, s))
    ),
    "You use the source's labels for the target images too. The target has no labels: the label "
    "loss is for the source half only.": (
        _variant(lambda y, d, n, s: F.cross_entropy(y, torch.cat([n, n])) + _domain(y, d, n, s))
    ),
    "The domain loss sees the source half only; then the domain classifier need only ever say "
    "`source`. It takes all images.": (
        _variant(lambda y, d, n, s: _label(y, d, n, s) + F.cross_entropy(d[:HALF], s[:HALF]))
    ),
    "You add the domain losses of the two halves. Each is a mean, so their sum is twice the mean "
    "over all images: the domain classifier's gradient and the reversed one are twice as large, "
    "and guessing costs 2 ln 2 instead of ln 2. Take one mean over all images: "
    "`F.cross_entropy(domain_logits, domains)`.": (
        _variant(lambda *x: _label(*x) + 2 * _domain(*x))
    ),
    "There is a softmax before the cross-entropy of the labels. `F.cross_entropy` has its own: "
    "hand it the logits.": (
        _variant(lambda y, d, n, s: _label(y.softmax(1), d, n, s) + _domain(y, d, n, s))
    ),
    "There is a softmax before the cross-entropy of the domains. `F.cross_entropy` has its own: "
    "hand it the logits.": (
        _variant(lambda y, d, n, s: _label(y, d, n, s) + _domain(y, d.softmax(1), n, s))
    ),
    "There is a softmax before both cross-entropies. `F.cross_entropy` has its own: hand it the "
    "logits.": (
        _variant(lambda y, d, n, s: _label(y.softmax(1), d, n, s) + _domain(y, d.softmax(1), n, s))
    ),
    "You take the mean of the two losses; their sum is asked for, or every step is half as long.": (
        _variant(lambda *x: (_label(*x) + _domain(*x)) / 2)
    ),
}


def _judge_training_step(answer: Any) -> str:
    try:
        yours = _TwoSteps(lambda *inputs: run(answer, *inputs))
    except Mistake as mistake:
        if f"batch_size ({2 * HALF})" in str(mistake) and f"({HALF})" in str(mistake):
            raise Mistake(
                f"The label loss gets {2 * HALF} rows of logits but {HALF} labels: only the source "
                "half has labels. Take `label_logits[:len(labels)]`."
            ) from None
        raise
    moved = not torch.equal(yours.weights[1], yours.start)
    result = yours.returned[0]
    if result is ... or (result is None and not moved and not yours.optimiser.steps):
        raise NotAttempted("`training_step` does nothing yet: put your code in place of `...`.")
    _judge_moves(yours, moved)
    if result is None:
        raise Mistake("The weights are right; now return the loss as well: `return loss.item()`.")
    if isinstance(result, Tensor):
        raise Mistake(
            "The weights are right, but you return a tensor, which may keep the whole graph alive. "
            "Return a plain number: `loss.item()`."
        )
    _judge_returned(yours)
    return "Two steps move every weight exactly as the reference does."


def _judge_moves(yours: _TwoSteps, moved: bool) -> None:
    expected = _TwoSteps(_RIGHT)
    steps = yours.optimiser.steps
    if moved and not steps:
        raise Mistake(
            "The weights move, but not by the optimiser that your function is given: call its "
            "`optimiser.step()`, or whoever chose it (Adam, say) chose in vain."
        )
    if steps > 2:
        raise Mistake(
            f"Called twice, your function takes {steps} steps of the optimiser; it should take one "
            "each time."
        )
    if yours.moves_as(expected):
        return
    if not moved and not yours.optimiser.steps:
        raise Mistake("The weights do not move: `optimiser.step()` is never called.")
    if torch.equal(yours.weights[0], yours.start):
        raise Mistake(
            "The first step leaves the weights where they are: at `optimiser.step()` there is no "
            "gradient. The order is `zero_grad()`, `backward()`, `step()`."
        )
    for message, slip in _SLIPS.items():
        if yours.moves_as(_TwoSteps(slip)):
            raise Mistake(message)
    worst = int((yours.weights[0] - expected.weights[0]).abs().argmax())
    name = [n for n, p in yours.model.named_parameters() for _ in range(p.numel())][worst]
    raise Mistake(
        f"After one step a weight of `{name}` is {yours.weights[0][worst]:.4g}; it should be "
        f"{expected.weights[0][worst]:.4g}. The loss is the mean label cross-entropy of the source "
        "half plus the mean domain cross-entropy of all images."
    )


def _judge_returned(yours: _TwoSteps) -> None:
    found = [numbers(r, "Your loss").reshape(-1) for r in yours.returned]
    if any(len(f) != 1 for f in found):
        raise Mistake(f"You return {say(yours.returned[0])}; return the total loss, one number.")
    got = [float(f[0]) for f in found]
    expected = _TwoSteps(_RIGHT).returned
    if same(got, expected, rtol=1e-4):
        return
    shown = f"You return {got[0]:.4g}; the total is {expected[0]:.4g}."
    for what, loss in (("label", _label), ("domain", _domain)):
        alone = _TwoSteps(_variant(loss)).returned[0]
        if same(got[0], alone, rtol=1e-4):
            raise Mistake(f"The weights are right, but you return the {what} loss alone. {shown}")
    raise Mistake(f"The weights are right, but the number is not the total loss. {shown}")


training_step = Exercise(
    name="training_step",
    lesson=LESSON,
    title="One training step",
    difficulty=3,
    minutes=15,
    stub='''\
from torch.nn import functional as F

def training_step(model, optimiser, images, labels, domains, lambda_):
    """One step down the label loss plus the domain loss; returns their sum as a float.

    images: first the source half, then the target half. labels: of the source half only.
    domains: of all images. model(images, lambda_) gives label logits and domain logits.
    """
    ...''',
    answer='''\
from torch.nn import functional as F

def training_step(model, optimiser, images, labels, domains, lambda_):
    """One step down the label loss plus the domain loss; returns their sum as a float.

    images: first the source half, then the target half. labels: of the source half only.
    domains: of all images. model(images, lambda_) gives label logits and domain logits.
    """
    label_logits, domain_logits = model(images, lambda_)
    label_loss = F.cross_entropy(label_logits[: len(labels)], labels)
    loss = label_loss + F.cross_entropy(domain_logits, domains)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()''',
    hints=(
        "Five things in order: run the network, two losses, clear old gradients, go back, step.",
        "`model(images, lambda_)` gives logits for all images. How many of them have a label?",
        "Label loss: `F.cross_entropy(label_logits[:len(labels)], labels)`. Domain loss: all rows. "
        "Lambda is in the network already, so the two are simply added.",
        "End with `optimiser.zero_grad()`, `loss.backward()`, `optimiser.step()`, "
        "`return loss.item()`.",
    ),
    judge=_judge_training_step,
)


def _judge_domain_accuracy(answer: Any) -> str:
    if isinstance(answer, bool) or callable(answer):
        raise Mistake(f"{say(answer)} is not a number. Guess an accuracy between 0 and 1.")
    found = numbers(answer, "Your guess")
    if found.size != 1:
        raise Mistake(f"Your guess is {say(answer)}; it should be one number.")
    value = float(found.reshape(-1)[0])
    if not 0 <= value <= 100:
        raise Mistake(f"{value:g} is no accuracy: it lies between 0 and 1.")
    note = ""
    if value > 1:
        note, value = f"{value:g} is read as per cent. ", value / 100
    if value > 0.995:
        raise Mistake(
            f"{note}{value:g} is too high: then the domain classifier would never be deceived, as "
            "if nothing had been reversed."
        )
    if value < 0.5:
        raise Mistake(
            f"{note}{value:g} is too low: below 0.5 would mean being wrong more often than by "
            "guessing, and a classifier like that only has to turn its answers round. Guessing "
            "gives 0.5."
        )
    return (
        f"{note}Somewhere between guessing (0.5) and certain (1): how far down it goes depends on "
        "the pair and the recipe. Where five runs like the one below ended, the lesson says after "
        "it; docs/results.md has the others."
    )


domain_accuracy = Exercise(
    name="domain_accuracy",
    lesson=LESSON,
    title="Predict the domain accuracy",
    difficulty=1,
    minutes=2,
    stub="""\
# After training with the reversal: which share of the images, half of them source and half
# target, will the domain classifier put in the right domain? A number from 0 to 1.
domain_accuracy = ...""",
    answer="""\
# Above guessing, which is 0.5 with two domains of the same size, and below certain.
domain_accuracy = 0.8""",
    hints=(
        "What would it get by tossing a coin?",
        "The features are trained to fool it, but it keeps learning, at full strength.",
        "Above 0.5, and under 1.",
    ),
    judge=_judge_domain_accuracy,
)
