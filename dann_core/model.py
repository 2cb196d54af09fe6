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

from dann_core.plain_numbers import (
    SEEDS,
    Number,
    Whole,
    checked_number,
    checked_type,
    checked_whole,
)
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
    """Dropout2d: whole channels of [B, C, H, W] are zeroed with probability ``p`` while training
    and the rest scaled by ``1 / (1 - p)``. (Tompson et al. 2015.)
    """

    def __init__(self, p: Number, seed: Whole):
        super().__init__(seed)
        self.p = checked_number(p, "p", 0, UNDER_1)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        kept = self.drawn(*x.shape[:2], 1, 1, like=x) >= self.p
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


class FeatureExtractor(nn.Module):
    """Two convolutions, each with ReLU and 2x2 max-pooling: [B, 3, 28, 28] -> [B, 2352].

    Instance normalisation of the input, contrast inversion, batch normalisation and channel dropout
    are off in the tutorial's recipe.
    """

    def __init__(self, recipe: Recipe):
        super().__init__()
        checked_type(recipe, Recipe, "recipe")
        self.input_norm, self.inversion, self.dropout = _around_convolutions(recipe)
        self.conv1 = nn.Conv2d(3, 32, 5, padding="same")
        self.norm1 = _batch_norm(recipe, 32)
        self.conv2 = nn.Conv2d(32, 48, 5, padding="same")
        self.norm2 = _batch_norm(recipe, 48)

    def forward(self, x: Tensor) -> Tensor:
        # ReLU and max-pooling commute; pooling first leaves ReLU a quarter of the work.
        x = self.norm1(self.conv1(self.inversion(self.input_norm(x))))
        x = F.relu(F.max_pool2d(x, 2))
        x = self.dropout(self.norm2(self.conv2(x)))
        x = F.relu(F.max_pool2d(x, 2))
        return x.flatten(1)


class DeepFeatureExtractor(nn.Module):
    """Twice two 3x3 convolutions, each with ReLU, and 2x2 max-pooling: [B, 3, 28, 28] -> [B, 2352].

    As many features as :class:`FeatureExtractor` has, and the same options.
    """

    def __init__(self, recipe: Recipe):
        super().__init__()
        checked_type(recipe, Recipe, "recipe")
        self.input_norm, self.inversion, self.dropout = _around_convolutions(recipe)
        self.conv1 = nn.Conv2d(3, 24, 3, padding="same")
        self.norm1 = _batch_norm(recipe, 24)
        self.conv2 = nn.Conv2d(24, 24, 3, padding="same")
        self.norm2 = _batch_norm(recipe, 24)
        self.conv3 = nn.Conv2d(24, 48, 3, padding="same")
        self.norm3 = _batch_norm(recipe, 48)
        self.conv4 = nn.Conv2d(48, 48, 3, padding="same")
        self.norm4 = _batch_norm(recipe, 48)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm1(self.conv1(self.inversion(self.input_norm(x)))))
        x = F.relu(F.max_pool2d(self.norm2(self.conv2(x)), 2))
        x = F.relu(self.norm3(self.conv3(x)))
        x = F.relu(F.max_pool2d(self.dropout(self.norm4(self.conv4(x))), 2))
        return x.flatten(1)


def _around_convolutions(recipe: Recipe) -> tuple[nn.Module, nn.Module, nn.Module]:
    """What normalises and inverts the input, and drops channels of the last convolution."""
    # Another seed than dropout's, or the two would draw the same numbers.
    inversion = ContrastInversion((recipe.seed + 1) % SEEDS)
    return (
        nn.InstanceNorm2d(3) if recipe.instance_norm else nn.Identity(),
        inversion if recipe.contrast_inversion else nn.Identity(),
        ChannelDropout(recipe.dropout, recipe.seed) if recipe.dropout else nn.Identity(),
    )


def _batch_norm(recipe: Recipe, channels: int) -> nn.Module:
    norm = SeparateBatchNorm if recipe.separate_statistics else nn.BatchNorm2d
    return norm(channels) if recipe.batch_norm else nn.Identity()


FEATURE_EXTRACTORS: dict[str, type[nn.Module]] = {
    "tutorial": FeatureExtractor,
    "deep": DeepFeatureExtractor,
}
"""By the names that :attr:`Recipe.network` has for them."""


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
        checked_type(recipe, Recipe, "recipe")
        return (
            FEATURE_EXTRACTORS[recipe.network](recipe),
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
