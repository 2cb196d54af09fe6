"""Exercises of lesson 02: the reversal layer, its numbers by hand, and who descends what."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor

from dann_lab.exercises.exercise import Exercise
from dann_lab.exercises.judging import Mistake, NotAttempted, numbers, running, same, say

LESSON = "02_gradient_reversal"


class _Trial:
    """One pass through the learner's layer: what came out, and what its methods returned."""

    def __init__(
        self,
        layer: type[torch.autograd.Function],
        lambda_: float,
        dtype: torch.dtype,
        as_tensor: bool = False,
    ):
        self.returned: dict[str, Any] = {}
        self.writes = False
        self.lambda_ = lambda_
        self.before = torch.tensor([3.0, -0.5, 1.5], dtype=dtype)
        self.leaf = self.before.clone().requires_grad_()
        # Not a leaf: autograd would refuse a layer that writes into one, in words of its own.
        self.features = self.leaf * 1
        self.incoming = torch.tensor([2.0, -1.0, 0.25], dtype=dtype)
        returned, trial = self.returned, self

        class Watched(layer):  # type: ignore[misc, valid-type]
            @staticmethod
            def forward(*inputs: Any) -> Any:
                returned["forward"] = layer.forward(*inputs)
                return returned["forward"]

            @staticmethod
            def backward(ctx: Any, gradient: Tensor) -> Any:
                before = gradient.clone()
                returned["backward"] = layer.backward(ctx, gradient)
                trial.writes = not torch.equal(gradient, before)
                return returned["backward"]

        self.output = self._attempt(
            "forward",
            f"Your `GradReverse.apply(features, {lambda_})`",
            lambda: Watched.apply(
                self.features, torch.tensor(lambda_, dtype=dtype) if as_tensor else lambda_
            ),
        )

    def _attempt(self, method: str, what: str, action: Callable[[], Any]) -> Any:
        try:
            with running(what):
                result = action()
        except Mistake:
            # torch complains about unfit returns too, but in words that help nobody.
            self._check_returned(method)
            raise
        self._check_returned(method)
        return result

    def _check_returned(self, method: str) -> None:
        if method not in self.returned:
            return
        returned = self.returned[method]
        first = returned[0] if isinstance(returned, tuple) and returned else returned
        if returned is None or first is ...:
            raise NotAttempted(
                f"`{method}` returns nothing yet: put your answer in place of `...`."
            )
        if method == "backward":
            self._check_pair(returned)

    def _check_pair(self, returned: Any) -> None:
        if not isinstance(returned, tuple) or len(returned) != 2:
            many = f"a tuple of {len(returned)}" if isinstance(returned, tuple) else "one value"
            raise Mistake(
                f"Your backward returns {many}. `forward` takes two inputs, features and lambda, "
                "so `backward` returns two: the gradient for the features, and `None` for lambda, "
                "which is not learnt."
            )
        if returned[0] is None:
            raise Mistake(
                "Your backward returns `None` for the features, so nothing reaches the feature "
                "extractor. The order is that of forward's inputs: the gradient first, then `None`."
            )
        if returned[1] is not None:
            raise Mistake(
                f"Your backward returns {say(returned[1])} as the gradient for lambda. Lambda is "
                "not learnt: return `None` there."
            )

    def check_forward(self) -> None:
        output, x, lambda_ = self.output, self.before, self.lambda_
        if not isinstance(output, Tensor) or output.shape != x.shape:
            raise Mistake(f"Your forward returns {say(output)}; it should return the features.")
        if not torch.equal(self.features.detach(), x):
            raise Mistake(
                f"Your forward writes into the features: {x[0]:g} became "
                f"{self.features[0].item():g}. It should leave them as they are."
            )
        if output.dtype != x.dtype:
            raise Mistake(
                f"Your forward turns {say(x)} into {say(output)}; the type should stay the same."
            )
        if torch.equal(output, x):
            return
        shown = f"With lambda {lambda_:g} the feature {x[0]:g} comes out as {output[0].item():g}."
        for factor, what in (
            (-lambda_, "flips the sign of the features and scales them by lambda"),
            (-1.0, "flips the sign of the features"),
            (lambda_, "multiplies the features by lambda"),
        ):
            if torch.allclose(output, factor * x):
                raise Mistake(
                    f"Your forward {what}. On the way forward nothing changes: sign and lambda "
                    f"belong into backward. {shown}"
                )
        raise Mistake(f"Your forward changes the features; it should be the identity. {shown}")

    def gradient(self) -> Tensor:
        # Not torch.autograd.grad: handed a gradient, it imports SymPy first, which takes seconds.
        loss = (self.output * self.incoming).sum()
        self._attempt(
            "backward",
            f"The way back through your layer, with lambda {self.lambda_} and {say(self.incoming)}"
            " coming in,",
            loss.backward,
        )
        found = self.leaf.grad
        if "backward" not in self.returned or found is None:
            raise Mistake("Your backward was never called: does `forward` return the features?")
        if self.writes:
            raise Mistake(
                "Your backward writes into the gradient that it is given, which others may still "
                "need. Return a new one, `-ctx.lambda_ * gradient`, without `mul_`, `*=` and the "
                "like."
            )
        return found

    def check_backward(self, found: Tensor, other: float) -> None:
        """``other``: the lambda of a later forward pass, which must have no say here."""
        x, lambda_ = self.incoming, self.lambda_
        if torch.allclose(found, -lambda_ * x, rtol=1e-5):
            return
        shown = (
            f"With lambda {lambda_:g} and a gradient of {x[0]:g} coming in, {found[0].item():.4g} "
            f"goes out; it should be {-lambda_ * x[0]:.4g}."
        )
        for factor, what in (
            (-other, f"uses lambda {other:g}, which came later, not the {lambda_:g} of its own "
             "forward pass. Keep lambda on `ctx`, not in a variable that all passes share"),
            (lambda_, "returns +lambda × gradient: the sign is not turned round"),
            (1.0, "returns the gradient as it came: neither the sign nor lambda is applied"),
            (-1.0, "returns -gradient: lambda is missing"),
            (-lambda_ * lambda_, "applies lambda twice: it returns -lambda² × gradient"),
            (lambda_ * lambda_, "returns +lambda² × gradient: the sign is not turned round, and "
             "lambda is applied twice"),
            (-1 / lambda_ if lambda_ else 0.0, "divides by lambda instead of multiplying"),
            (0.0, "returns 0: nothing reaches the feature extractor"),
        ):  # fmt: skip
            if torch.allclose(found, factor * x, rtol=1e-5):
                raise Mistake(f"Your backward {what}. {shown}")
        raise Mistake(f"Your backward should return -lambda × gradient. {shown}")


def _judge_function(answer: Any) -> None:
    """A plain function instead of a class: does it subtract the domain loss?"""
    label_loss, domain_loss = torch.tensor(2.0), torch.tensor(3.0)
    for lambda_, inputs in ((1.0, ()), (0.5, (0.5,))):
        try:
            result = answer(label_loss, domain_loss, *inputs)
            found = float(result)
        except (Exception, SystemExit):
            continue
        if found == 2.0 - lambda_ * 3.0:
            raise Mistake(
                f"You subtract the domain loss: with losses 2 and 3 yours gives {found:g}. Then "
                "the domain classifier would be driven up its own loss too, and end up giving one "
                "answer for everything instead of telling the domains apart. The losses are "
                "added; only the gradient that passes the reversal layer changes its sign."
            )
    raise Mistake("That is a function. Hand in the class: `exercises.reversal.check(GradReverse)`.")


def _wants_a_tensor(layer: type[torch.autograd.Function]) -> bool:
    """Whether the layer takes lambda as a tensor only, as ``dann_core``'s own does."""
    try:
        _Trial(layer, 1.0, torch.float64)
    except Mistake as mistake:
        try:
            _Trial(layer, 1.0, torch.float64, as_tensor=True)
        except Mistake:
            raise mistake from None
        return True
    return False


def _judge_reversal(answer: Any) -> str:
    if isinstance(answer, torch.autograd.Function):
        raise Mistake("Hand in the class itself, `GradReverse`, without calling it.")
    if not isinstance(answer, type):
        if inspect.isfunction(answer) or inspect.isbuiltin(answer):
            _judge_function(answer)
        raise Mistake(f"{say(answer)} is not a class. Hand in `GradReverse` itself.")
    if not issubclass(answer, torch.autograd.Function):
        raise Mistake(
            f"{answer.__name__} does not inherit from `torch.autograd.Function`, so autograd "
            f"cannot call its backward: `class {answer.__name__}(torch.autograd.Function):`."
        )
    for method in ("forward", "backward"):
        if getattr(answer, method) is getattr(torch.autograd.Function, method):
            raise Mistake(f"{answer.__name__} has no `{method}` of its own.")
    as_tensor = _wants_a_tensor(answer)
    for lambda_ in (0.1, 1.0, 10.0, 0.0):
        for dtype in (torch.float64, torch.float32):
            trial = _Trial(answer, lambda_, dtype, as_tensor)
            trial.check_forward()
            # A second pass before the first one's way back, as with two batches under way.
            other = 7.0
            _Trial(answer, other, dtype, as_tensor)
            found = trial.gradient()
            if found.dtype != dtype:
                raise Mistake(f"Your backward turns a {say(trial.incoming)} into {say(found)}.")
            trial.check_backward(found, other)
    return (
        "Forward the features pass unchanged; backward returns -lambda × gradient at lambda 0, "
        "0.1, 1 and 10, in float32 and float64, and `None` for lambda."
    )


reversal = Exercise(
    name="reversal",
    lesson=LESSON,
    title="Write the gradient reversal layer",
    difficulty=2,
    minutes=10,
    stub='''\
import torch

class GradReverse(torch.autograd.Function):
    """The identity forward; -lambda_ times the gradient backward."""

    @staticmethod
    def forward(ctx, features, lambda_):
        return ...

    @staticmethod
    def backward(ctx, gradient):
        return ...''',
    answer='''\
import torch

class GradReverse(torch.autograd.Function):
    """The identity forward; -lambda_ times the gradient backward."""

    @staticmethod
    def forward(ctx, features, lambda_):
        ctx.lambda_ = lambda_
        return features.view_as(features)

    @staticmethod
    def backward(ctx, gradient):
        return -ctx.lambda_ * gradient, None''',
    hints=(
        "What should the domain classifier see: the features, or the features with another sign?",
        "`ctx` is the same object in both methods: what `forward` keeps on it "
        "(`ctx.lambda_ = lambda_`), `backward` finds there.",
        "`forward` had two inputs after `ctx`, so `backward` returns two gradients. Lambda is not "
        "learnt; its gradient is `None`.",
        "`forward` keeps lambda and returns `features.view_as(features)`; `backward` returns "
        "`-ctx.lambda_ * gradient, None`.",
    ),
    judge=_judge_reversal,
)

_LINES = ("before the reversal", "after the reversal", "at w")


def _expected(before: float, after: float) -> dict[str, tuple[float, dict[float, str]]]:
    """What each line should be, and what else it may come out as, by the learner's own lines before
    it: x = 2, w = 0.5, f = w x = 1, s = 3 f = 3, loss = (s - 1)^2 / 2, so that d loss / d s = 2."""
    lines = (
        (
            6.0,
            {
                2.0: "that is d loss / d s; one step further back, times the 3 of s = 3 r",
                3.0: "that is d s / d r alone; it is multiplied by d loss / d s = s - 1",
                12.0: "the ½ of the loss cancels the 2 of the square: d loss / d s = s - 1",
                -6.0: "the sign changes in the reversal layer, and this is before it",
            },
        ),
        (
            -0.5 * before,
            {
                0.5 * before: "lambda is in it, but the sign is not turned round",
                -before: "the sign is turned round, but lambda = 0.5 is missing",
                before: "that is what came in: the layer multiplies it by -lambda",
                -2 * before: "you divide by lambda; the layer multiplies by -lambda",
            },
        ),
        (
            2 * after,
            {
                -2 * after: "the sign is that of the other side of the reversal layer",
                2 * before: "that is the gradient without the reversal layer",
                -2 * before: "lambda is missing",
                after: "f = w x, so what arrives at f is multiplied by x = 2",
                0.5 * after: "you multiply by w; d f / d w is x",
            },
        ),
    )
    return dict(zip(_LINES, lines, strict=True))


def _judge_by_hand(answer: Any) -> str:
    if isinstance(answer, list | tuple) and len(answer) == len(_LINES):
        answer = dict(zip(_LINES, answer, strict=True))
    if not isinstance(answer, Mapping):
        raise Mistake(f"{say(answer)} is not a dictionary with three numbers.")
    _require_keys(answer, _LINES)
    found = {key: _one_number(answer[key], key) for key in _LINES}
    by_own_lines = _expected(*list(found.values())[:2])
    faults, follow = [], []
    for key, (right, _) in _expected(6.0, -3.0).items():
        value, (expected, mistakes) = found[key], by_own_lines[key]
        if same(value, right, atol=1e-6):
            continue
        if same(value, expected, atol=1e-6):
            follow.append(f'"{key}"')
        else:
            why = mistakes.get(value, "follow the chain one factor at a time")
            faults.append(f'"{key}" is not {value:g}: {why}.')
    if follow:
        faults.append(
            f"What you made of that is right: put {' and '.join(follow)} in order after it."
        )
    if faults:
        raise Mistake(" ".join(faults))
    return (
        "The classifier's own gradient is 6 at the feature; the layer makes -3 of it, and w gets "
        "-6. A step down that gradient raises w, and the domain loss with it."
    )


def _one_number(value: Any, key: str) -> float:
    found = numbers(value, f'"{key}"')
    if found.size != 1:
        raise Mistake(f'"{key}" is {say(value)}; it should be one number.')
    return float(found.reshape(-1)[0])


def _require_keys(answer: Mapping[Any, Any], keys: Iterable[str]) -> None:
    missing = [key for key in keys if key not in answer]
    if missing:
        raise Mistake(f'There is no "{missing[0]}". The keys are: {", ".join(keys)}.')
    open_ = [key for key in keys if answer[key] is ... or answer[key] is None]
    if open_:
        raise NotAttempted("Still to fill in: " + ", ".join(f'"{key}"' for key in open_) + ".")


by_hand = Exercise(
    name="by_hand",
    lesson=LESSON,
    title="One gradient by hand",
    difficulty=2,
    minutes=8,
    stub="""\
# One weight, one feature, a domain classifier without a weight to learn; lambda is 0.5.
#   feature            f = w * x          with x = 2 and w = 0.5, so f = 1
#   reversal           r = f              lambda = 0.5
#   domain classifier  s = 3 * r          so its score s = 3
#   domain loss        (s - 1)**2 / 2     so its gradient at s is s - 1
by_hand = {
    "before the reversal": ...,  # d loss / d r: what comes down to the layer
    "after the reversal": ...,  # what the layer passes on
    "at w": ...,  # what the weight gets
}""",
    answer="""\
# s - 1 = 2 at s; the chain rule multiplies it by one factor a step.
by_hand = {
    "before the reversal": 2 * 3,  # s = 3 * r
    "after the reversal": -0.5 * (2 * 3),  # -lambda
    "at w": -0.5 * (2 * 3) * 2,  # f = w * x, and x = 2
}""",
    hints=(
        "Start at the loss: its gradient at s is s - 1, and s is 3.",
        "One factor a step: times 3 for s = 3 r, times -lambda in the layer, times x for f = w x.",
        "2 × 3 arrives at the layer; -0.5 of that leaves it; x = 2 times that is w's.",
    ),
    judge=_judge_by_hand,
)

_WHO = {
    "label predictor": (
        "down",
        "it learns to name the digits, so it goes down its own loss like any classifier",
    ),
    "domain classifier": (
        "down",
        "it sits above the reversal layer and honestly tries to tell the domains apart, so it goes "
        "down the domain loss, at full strength",
    ),
    "feature extractor, label loss": (
        "down",
        "features that help to name the digits are wanted; no layer turns that gradient round",
    ),
    "feature extractor, domain loss": (
        "up",
        "this gradient has passed the reversal layer: the features are pushed to make the domain "
        "classifier's loss larger",
    ),
}


def _judge_who_descends(answer: Any) -> str:
    if not isinstance(answer, Mapping):
        raise Mistake(f"{say(answer)} is not a dictionary of `down` and `up`.")
    _require_keys(answer, _WHO)
    faults = []
    for key, (expected, why) in _WHO.items():
        value = answer[key]
        word = value.strip().lower() if isinstance(value, str) else value
        if word not in ("up", "down"):
            raise Mistake(f'"{key}" is {say(value)}; it should be "down" or "up".')
        if word != expected:
            faults.append(f'"{key}" does not go {word}: {why}.')
    if faults:
        raise Mistake(" ".join(faults))
    return "Three go down, one goes up: the features, on the domain loss."


who_descends = Exercise(
    name="who_descends",
    lesson=LESSON,
    title="Who goes down which loss?",
    difficulty=1,
    minutes=4,
    stub="""\
# "down" or "up": which way does training move each part on that loss?
who_descends = {
    "label predictor": ...,  # on the label loss
    "domain classifier": ...,  # on the domain loss
    "feature extractor, label loss": ...,
    "feature extractor, domain loss": ...,
}""",
    answer="""\
who_descends = {
    "label predictor": "down",
    "domain classifier": "down",
    "feature extractor, label loss": "down",
    "feature extractor, domain loss": "up",
}""",
    hints=(
        "The optimiser goes down every gradient it is handed. Whose gradient has changed its sign?",
        "Only what has passed the reversal layer is turned round, and only one part lies below it.",
        "Above the layer: label predictor and domain classifier, both down. Below it: the feature "
        "extractor, which gets one gradient as it is and one turned round.",
    ),
    judge=_judge_who_descends,
)
