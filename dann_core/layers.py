"""The layers that the built-in networks are made of, where PyTorch's own do not do."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from dann_core.plain_numbers import Number, Whole, checked_number, checked_whole

UNDER_1 = math.nextafter(1, 0)
"""The largest number below 1."""


class RandomLayer(nn.Module):
    """A layer with a random generator of its own, so that other code drawing random numbers in the
    same process (a notebook does) cannot change a run. Its state is part of a checkpoint."""

    def __init__(self, seed: Whole):
        super().__init__()
        self.seed = checked_whole(seed, "seed")
        self.generator = torch.Generator().manual_seed(self.seed)

    def drawn(self, *shape: int, like: Tensor) -> Tensor:
        """Random numbers from 0 to 1, float32 of this shape, on the device of ``like``."""
        return torch.rand(shape, generator=self.generator, device=like.device, dtype=torch.float32)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> RandomLayer:
        # The generator moves with the module, as a buffer would: a checkpoint expects it there.
        super()._apply(fn, recurse)
        device = fn(torch.empty(0, device=self.generator.device)).device
        if self.generator.device != device:
            self.generator = torch.Generator(device).manual_seed(self.seed)
        return self

    def get_extra_state(self) -> Tensor:
        return self.generator.get_state()

    def set_extra_state(self, state: Tensor) -> None:
        # A state from another kind of device means nothing here; the weights beside it still do.
        if state.shape == self.generator.get_state().shape:
            self.generator.set_state(state)


class ChannelDropout(RandomLayer):
    """Dropout2d: whole channels of [B, C, H, W], or single features of [B, F], are zeroed with
    probability ``p`` while training and the rest scaled by ``1 / (1 - p)``. (Tompson et al. 2015.)
    """

    def __init__(self, p: Number, seed: Whole):
        super().__init__(seed)
        self.p = checked_number(p, "p", 0, UNDER_1)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        kept = self.drawn(*x.shape[:2], *[1] * (x.ndim - 2), like=x) >= self.p
        return x * (kept.to(x.dtype) / (1 - self.p))

    def extra_repr(self) -> str:
        return f"p={self.p}"


class ContrastInversion(RandomLayer):
    """While training, each image of [B, C, H, W] is multiplied by 1 or -1, as likely the one as the
    other: its negative, where its mean is 0."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        turned = self.drawn(len(x), 1, 1, 1, like=x) < 0.5
        return x * (1 - 2 * turned.to(x.dtype))


class SeparateBatchNorm(nn.BatchNorm2d):
    """Batch norm that, while training, normalises each half of the batch by its own statistics.

    The halves are source and target, so this is what a program does that passes one domain after
    the other through the network. At test time both use the same running statistics, which have
    followed the two in turn.
    """

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        source, target = x.chunk(2)
        return torch.cat([super().forward(source), super().forward(target)])
