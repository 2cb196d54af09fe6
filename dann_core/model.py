"""The network: one feature extractor and two heads, with gradient reversal before the second.

    images -> FeatureExtractor -> features -+-> LabelPredictor -> labels
                                            +-> gradient reversal -> DomainClassifier -> domains

(Ganin & Lempitsky 2015, figure 1; sizes as in the tutorial.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.plain_numbers import Number, Whole, checked_number, checked_type, checked_whole
from dann_core.recipe import Recipe
from dann_core.reversal import reverse_gradient

FEATURES = 48 * 7 * 7
"""The number of dimensions of a feature vector: 2,352."""
UNDER_1 = math.nextafter(1, 0)
"""The largest number below 1."""


@contextmanager
def usual_defaults() -> Iterator[None]:
    """New tensors are float32 and on the CPU inside, whatever the caller has set for others."""
    dtype = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        with torch.device("cpu"):
            yield
    finally:
        torch.set_default_dtype(dtype)


class ChannelDropout(nn.Module):
    """Dropout2d with a random generator of its own.

    Whole channels of [B, C, H, W] are zeroed with probability ``p`` while training and the rest
    scaled by ``1 / (1 - p)``. The generator belongs to the layer, so that other code drawing random
    numbers in the same process (a notebook does) cannot change a run. (Tompson et al. 2015.)
    """

    def __init__(self, p: Number, seed: Whole):
        super().__init__()
        self.p, self.seed = checked_number(p, "p", 0, UNDER_1), checked_whole(seed, "seed")
        self.generator = torch.Generator().manual_seed(self.seed)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        shape = (*x.shape[:2], 1, 1)
        drawn = torch.rand(shape, generator=self.generator, device=x.device, dtype=torch.float32)
        return x * ((drawn >= self.p).to(x.dtype) / (1 - self.p))

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> ChannelDropout:
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

    def extra_repr(self) -> str:
        return f"p={self.p}"


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


class FeatureExtractor(nn.Module):
    """Two convolutions, each with ReLU and 2x2 max-pooling: [B, 3, 28, 28] -> [B, 2352].

    Instance normalisation of the input, batch normalisation and channel dropout are off in the
    tutorial's recipe.
    """

    def __init__(self, recipe: Recipe):
        super().__init__()
        checked_type(recipe, Recipe, "recipe")
        norm = SeparateBatchNorm if recipe.separate_statistics else nn.BatchNorm2d
        self.input_norm = nn.InstanceNorm2d(3) if recipe.instance_norm else nn.Identity()
        self.conv1 = nn.Conv2d(3, 32, 5, padding="same")
        self.norm1 = norm(32) if recipe.batch_norm else nn.Identity()
        self.conv2 = nn.Conv2d(32, 48, 5, padding="same")
        self.norm2 = norm(48) if recipe.batch_norm else nn.Identity()
        self.dropout = (
            ChannelDropout(recipe.dropout, recipe.seed) if recipe.dropout else nn.Identity()
        )

    def forward(self, x: Tensor) -> Tensor:
        # ReLU and max-pooling commute; pooling first leaves ReLU a quarter of the work.
        x = self.norm1(self.conv1(self.input_norm(x)))
        x = F.relu(F.max_pool2d(x, 2))
        x = self.dropout(self.norm2(self.conv2(x)))
        x = F.relu(F.max_pool2d(x, 2))
        return x.flatten(1)


class LabelPredictor(nn.Sequential):
    """2352-100-100-10 with ReLU: features [B, 2352] -> label logits [B, 10]."""

    def __init__(self, classes: Whole = 10):
        super().__init__(
            nn.Linear(FEATURES, 100),
            nn.ReLU(),
            nn.Linear(100, 100),
            nn.ReLU(),
            nn.Linear(100, checked_whole(classes, "classes", 1)),
        )


class DomainClassifier(nn.Sequential):
    """2352-width-2 with ReLU: features [B, 2352] -> domain logits [B, 2] (0 source, 1 target)."""

    def __init__(self, width: Whole = 100):
        units = checked_whole(width, "width", 1)
        super().__init__(nn.Linear(FEATURES, units), nn.ReLU(), nn.Linear(units, 2))


class DANN(nn.Module):
    """The whole network. The same recipe (seed included) gives the same initial weights.

    Other inputs than images take a subclass with other :meth:`parts`.
    """

    def __init__(self, recipe: Recipe, classes: Whole = 10):
        super().__init__()
        checked_type(recipe, Recipe, "recipe")
        outputs = checked_whole(classes, "classes", 1)
        # A fork, so that building a model leaves the caller's random numbers as they were.
        with torch.random.fork_rng(devices=[]), usual_defaults():
            # Not torch.manual_seed, which would seed the caller's GPU generators as well.
            torch.default_generator.manual_seed(recipe.seed)
            self.feature_extractor, self.label_predictor, self.domain_classifier = self.parts(
                recipe, outputs
            )
            if recipe.initialisation == "truncated-normal":
                self.apply(_truncated_normal)

    @staticmethod
    def parts(recipe: Recipe, classes: int) -> tuple[nn.Module, nn.Module, nn.Module]:
        """A new feature extractor, label predictor and domain classifier, in this order."""
        return (
            FeatureExtractor(recipe),
            LabelPredictor(classes),
            DomainClassifier(recipe.domain_width),
        )

    def forward(self, x: Tensor, lambda_: Number | Tensor = 1.0) -> tuple[Tensor, Tensor]:
        """Prepared images [B, 3, 28, 28] -> label logits [B, 10] and domain logits [B, 2].

        ``lambda_`` scales only the domain gradient that reaches the feature extractor; the domain
        classifier itself always learns at full strength (JMLR 2016, footnote 6). At test time it
        has no effect.
        """
        features = self.feature_extractor(x)
        return (
            self.label_predictor(features),
            self.domain_classifier(reverse_gradient(features, lambda_)),
        )


def _truncated_normal(layer: nn.Module) -> None:
    # tf-dann: tf.truncated_normal(stddev=0.1), cut at two standard deviations; biases 0.1.
    if isinstance(layer, nn.Conv2d | nn.Linear):
        nn.init.trunc_normal_(layer.weight, std=0.1, a=-0.2, b=0.2)
        if layer.bias is not None:
            nn.init.constant_(layer.bias, 0.1)
