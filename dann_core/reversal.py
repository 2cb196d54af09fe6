"""The gradient reversal layer: the identity forward, minus lambda times the gradient back.

(Ganin & Lempitsky 2015, section 3, equations 9 and 10.)
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from dann_core.plain_numbers import Number, is_number, plain


class Reversal(torch.autograd.Function):
    """The layer itself: features of any shape, and lambda as a 0-dimensional tensor."""

    @staticmethod
    def forward(features: Tensor, lambda_: Tensor) -> Tensor:
        return features.view_as(features)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        ctx.save_for_backward(inputs[1])

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (lambda_,) = ctx.saved_tensors
        # Multiplied in lambda's precision, or half-precision gradients would round lambda first.
        return (-lambda_ * gradient.to(lambda_.dtype)).to(gradient.dtype), None


def reverse_gradient(features: Tensor, lambda_: Number | Tensor) -> Tensor:
    """The identity; on the way back, the gradient times ``-lambda_``.

    ``features``: any floating-point tensor; it comes back unchanged. ``lambda_``: a finite number
    >= 0, or a 0-dimensional tensor on the same device. It is taken by value now, so that a change
    between forward and backward cannot alter a pending gradient. A tensor is the form to use
    under ``torch.compile``: its value may change from call to call without a recompile.

    Raises ValueError if it is not a tensor and negative, not finite or no number.
    (Ganin & Lempitsky 2015, equations 9 and 10; JMLR 2016, section 4.2.)
    """
    # At least float32: bfloat16 features must not round lambda.
    dtype = torch.promote_types(features.dtype, torch.float32)
    if isinstance(lambda_, Tensor):
        value = lambda_.detach().to(dtype, copy=True)
    else:
        number = plain(lambda_)
        if not is_number(number) or number < 0:
            raise ValueError(f"lambda_={number!r}: it must be a finite number of at least 0.")
        # Filling on the device, unlike copying to it, makes no CUDA sync.
        value = torch.full((), number, dtype=dtype, device=features.device)
    return Reversal.apply(features, value)


class GradientReversal(nn.Module):
    """:func:`reverse_gradient` as a module, for ``nn.Sequential``; set ``lambda_`` at any time."""

    def __init__(self, lambda_: Number | Tensor = 1.0):
        super().__init__()
        self.lambda_: Number | Tensor = plain(lambda_)

    def forward(self, features: Tensor) -> Tensor:
        return reverse_gradient(features, self.lambda_)

    def extra_repr(self) -> str:
        return f"lambda_={self.lambda_}"
