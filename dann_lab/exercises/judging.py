"""What judges are made of: run the learner's code, read what it returns, name what is wrong."""

from __future__ import annotations

import inspect
import reprlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dann_lab.learners import say_error, where

Floats = npt.NDArray[np.float64]

_short = reprlib.Repr()
_short.maxother = _short.maxstring = 60


class Mistake(Exception):
    """The answer is wrong; the message says what is wrong with it."""


class NotAttempted(Exception):
    """The answer is still to be written."""

    def __init__(self, text: str = "The answer is still `...`: put yours in its place.") -> None:
        super().__init__(text)


def say(value: Any) -> str:
    """A value in a few words: "uint8 array [28, 28, 3]", "0.25", "'x'"."""
    if isinstance(value, torch.Tensor | np.ndarray) and value.ndim:
        kind = "tensor" if isinstance(value, torch.Tensor) else "array"
        return f"{str(value.dtype).removeprefix('torch.')} {kind} {list(value.shape)}"
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    if isinstance(value, torch.Tensor | np.generic | np.ndarray):
        return say(value.item())
    if isinstance(value, nn.Module):
        return "network"
    if inspect.isfunction(value):
        name = name_of(value)
        return "a function" if name == "function" else f"the function {name}"
    text = " ".join(_short.repr(value).split())
    return f"list of {len(value)}" if isinstance(value, list) and len(text) > 80 else text


@contextmanager
def running(what: str) -> Iterator[None]:
    """Whatever the learner's code raises inside becomes a :class:`Mistake` that names it."""
    try:
        yield
    except (Mistake, NotAttempted):
        raise
    except (Exception, SystemExit) as error:
        raise Mistake(f"{what} raised {say_error(error)}{where(error.__traceback__)}.") from error


def name_of(function: Any) -> str:
    name = getattr(function, "__name__", None)
    return name if isinstance(name, str) and name != "<lambda>" else "function"


def run(function: Any, *inputs: Any) -> Any:
    """``function(*inputs)``, whatever it returns. Raises :class:`Mistake` if it cannot be called
    or raises."""
    if not callable(function):
        raise Mistake(f"{say(function)} is not a function. Hand in the function itself.")
    called = f"{name_of(function)}({', '.join(map(say, inputs))})"
    with running(f"Your code was called as `{called}` and"):
        return function(*inputs)


def call(function: Any, *inputs: Any) -> Any:
    """:func:`run`; a function that returns ``...`` or nothing is not attempted yet."""
    result = run(function, *inputs)
    if result is ...:
        raise NotAttempted(f"`{name_of(function)}` still returns `...`: put your answer there.")
    if result is None:
        raise NotAttempted(
            f"`{name_of(function)}` returns nothing yet. If it is written, does it end in `return`?"
        )
    return result


def call_with_any(function: Any, *ways: Callable[[Any], Any], inputs: Sequence[Any]) -> Any:
    """:func:`call` with the inputs as each of ``ways`` makes them, until the code does not raise:
    it may be written for arrays or for tensors. If it always raises, the first error counts."""
    first: Mistake | None = None
    for way in ways:
        try:
            return call(function, *map(way, inputs))
        except Mistake as mistake:
            first = first or mistake
    assert first is not None
    raise first


def numbers(value: Any, what: str, shape: tuple[int, ...] | None = None) -> Floats:
    """``value`` as float64, of ``shape`` if one is named. Raises :class:`Mistake` for anything that
    is not finite numbers. ``what``: how the message names it, such as "Your mean"."""
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    try:
        found = np.asarray(value)
        if found.dtype.kind not in "biuf":
            raise TypeError
        found = found.astype(np.float64)
    except (TypeError, ValueError, RuntimeError):
        raise Mistake(f"{what} is {say(value)}, which is not made of numbers.") from None
    if shape is not None and found.shape != shape:
        raise Mistake(f"{what} has shape {list(found.shape)}, not {list(shape)}.")
    if not np.isfinite(found).all():
        wrong = found[~np.isfinite(found)][0]
        raise Mistake(f"{what} holds {wrong}, which is not a finite number.")
    return found


def same(yours: Any, expected: Any, rtol: float = 1e-5, atol: float = 1e-8) -> bool:
    """Equal shapes and, up to rounding, equal numbers."""
    return np.shape(yours) == np.shape(expected) and bool(
        np.allclose(yours, expected, rtol=rtol, atol=atol)
    )


def recognise(
    yours: Any, mistakes: Mapping[str, Any], rtol: float = 1e-5, atol: float = 1e-8
) -> None:
    """Raise the first of the ``mistakes`` (message -> what it gives) that gives ``yours``."""
    for message, outcome in mistakes.items():
        if same(yours, outcome, rtol, atol):
            raise Mistake(message)


def judge_formula(
    function: Any,
    points: Sequence[float],
    formulas: Sequence[Callable[[float], float]],
    mistakes: Mapping[str, Callable[[float], float]],
    atol: float = 1e-6,
) -> None:
    """Compare a learner's function of one number with ``formulas`` at ``points``, to ``atol``.

    Any of the formulas will do; messages show the first one's numbers.

    ``mistakes``: message -> the formula that somebody who makes this mistake has written.
    """
    ways = (float, np.float64, lambda p: torch.tensor(p, dtype=torch.float64))
    name = name_of(function)
    results = [call_with_any(function, *ways, inputs=[p]) for p in points]
    yours = [
        numbers(result, f"Your `{name}({p})`").reshape(-1)
        for p, result in zip(points, results, strict=True)
    ]
    for p, found in zip(points, yours, strict=True):
        if len(found) != 1:
            raise Mistake(f"Your `{name}({p})` is {len(found)} numbers; it should be one.")
    got = [float(found[0]) for found in yours]
    # float32 tensors round at the seventh digit.
    if any(same(got, [f(p) for p in points], rtol=1e-5, atol=atol) for f in formulas):
        return
    expected = [formulas[0](p) for p in points]
    at = next(
        i for i, (a, b) in enumerate(zip(got, expected, strict=True)) if not same(a, b, atol=atol)
    )
    shown = f"`{name}({points[at]})` is {got[at]:.4g}; it should be {expected[at]:.4g}."
    recognise(
        got,
        {
            f"{message} Your {shown}": [wrong(p) for p in points]
            for message, wrong in mistakes.items()
        },
        atol=atol,
    )
    raise Mistake(f"Your {shown}")
