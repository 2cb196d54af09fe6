"""The gradient reversal layer: the identity forward, minus lambda times the gradient back.

(Ganin & Lempitsky 2015, section 3, equations 9 and 10.)
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import forward_ad

from dann_core.plain_numbers import Number, checked_type, is_number, plain, short


class Reversal(torch.autograd.Function):
    """The layer itself: features of any shape, and lambda as a 0-dimensional tensor."""

    generate_vmap_rule = True

    @staticmethod
    def forward(features: Tensor, lambda_: Tensor) -> Tensor:
        return features.clone()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        ctx.save_for_backward(inputs[1])

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (lambda_,) = ctx.saved_tensors
        # Multiplied in lambda's precision, or half-precision gradients would round lambda first.
        return (-lambda_ * gradient.to(lambda_.dtype)).to(gradient.dtype), None


class ReversalInBothModes(Reversal):
    """The layer in forward mode as well; apart, because ``torch.compile`` takes no such layer."""

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:
        Reversal.setup_context(ctx, inputs, output)
        ctx.save_for_forward(inputs[1])

    @staticmethod
    def jvp(ctx: Any, tangent: Tensor, _: None) -> Tensor:
        return Reversal.backward(ctx, tangent)[0]


def reverse_gradient(features: Tensor, lambda_: Number | Tensor) -> Tensor:
    """The identity; on the way back, the gradient times ``-lambda_``.

    ``features``: any floating-point tensor; a copy of it comes back. ``lambda_``: a finite number
    >= 0, or a 0-dimensional tensor on the same device. It is taken by value now, so that a change
    between forward and backward cannot alter a pending gradient. A tensor is the form to use
    under ``torch.compile``: its value may change from call to call without a recompile.

    To forward mode and all of ``torch.func`` its derivative is ``-lambda_`` too. Where these are
    inside ``torch.compile``, it runs uncompiled.

    Raises ValueError if lambda is a tensor of some dimensions, or if it is no tensor and negative,
    not finite in the features' precision (at least float32's) or no number.
    (Ganin & Lempitsky 2015, equations 9 and 10; JMLR 2016, section 4.2.)
    """
    checked_type(features, Tensor, "features")
    # At least float32: bfloat16 features must not round lambda.
    dtype = torch.promote_types(features.dtype, torch.float32)
    if isinstance(lambda_, Tensor):
        if lambda_.ndim:
            raise ValueError(
                f"lambda_ has shape {list(lambda_.shape)}: it must be a tensor of no dimensions."
            )
        value = lambda_.detach().to(dtype, copy=True)
    else:
        number = plain(lambda_)
        most = torch.finfo(dtype).max
        if not is_number(number) or not 0 <= number <= most:
            raise ValueError(
                f"lambda_={short(number)}: it must be a finite number of at least 0, at most "
                f"{most:.1e}."
            )
        # Filling on the device, unlike copying to it, makes no CUDA sync.
        value = torch.full((), float(number), dtype=dtype, device=features.device)
    return _layer().apply(features, value)


def scale_gradient(features: Tensor, lambda_: Number | Tensor) -> Tensor:
    """The identity; on the way back, the gradient times ``lambda_``: turned round twice.

    For a loss that is to become smaller, such as a distance between the domains. Takes, returns and
    raises what :func:`reverse_gradient` does.
    """
    return reverse_gradient(reverse_gradient(features, 1.0), lambda_)


def _layer() -> type[Reversal]:
    """The layer in as many modes as it can have here."""
    if not torch.compiler.is_compiling():
        return ReversalInBothModes
    if torch._C._are_functorch_transforms_active() or forward_ad._current_level >= 0:
        # There the compiler passes over the layer without a word (pytorch#192985, 2.6 to 2.15).
        # Where something is raised, it leaves the work to Python.
        raise NotImplementedError("Gradient reversal inside torch.func cannot be compiled.")
    return Reversal


class GradientReversal(nn.Module):
    """:func:`reverse_gradient` as a module, for ``nn.Sequential``; set ``lambda_`` at any time."""

    def __init__(self, lambda_: Number | Tensor = 1.0):
        super().__init__()
        self.lambda_: Number | Tensor = plain(lambda_)

    def forward(self, features: Tensor) -> Tensor:
        return reverse_gradient(features, self.lambda_)

    def extra_repr(self) -> str:
        return f"lambda_={self.lambda_}"
