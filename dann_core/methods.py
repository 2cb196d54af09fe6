"""Methods: what each adds to the label loss so that both domains' features come to look alike.

A method is a small module without weights of its own. It sees the features behind a layer that
multiplies their gradient on the way back, by -lambda where a domain classifier is to be deceived
and by lambda where a distance is to shrink. So lambda is the same for all: the strength at the
features.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.errors import DataError, RecipeError
from dann_core.plain_numbers import (
    Number,
    Whole,
    checked_seed,
    checked_type,
    checked_whole,
    short,
)
from dann_core.reversal import reverse_gradient, scale_gradient

MOST_PRODUCTS = 2**15
"""The most products of a feature and a class that CDAN takes as they are. Its authors stop at 4,096
(section 3.2), but the combinations of the tutorial's 23,520 are worth less: benchmarks/methods.py.
A step costs more: benchmarks/step.py."""
COMBINATIONS = 1024
"""The number of random combinations that stand for more products, as in its authors' code."""
BANDWIDTHS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""The widths of MMD's kernels, in mean squared distances between examples."""


class Added(NamedTuple):
    """``loss``: a tensor of no dimensions. ``domain_logits``: [B, 2] (0 source, 1 target), or None
    where no domain classifier is asked."""

    loss: Tensor
    domain_logits: Tensor | None = None


class Method(nn.Module):
    """What is added to the label loss.

    Called with the domain classifier, features [B, F] behind :meth:`layer`, label logits
    [B, classes] and the number of source examples, which come first: at least 1, as of the target.
    The label logits are only looked at: no gradient goes through them.
    """

    has_classifier = True
    """Whether a domain classifier is trained."""

    def layer(self, features: Tensor, lambda_: Number | Tensor) -> Tensor:
        """What the features go through first: here the gradient is turned round."""
        return reverse_gradient(features, lambda_)

    def inputs(self, features: Whole) -> int:
        """How many numbers the domain classifier is given of an example with so many features."""
        return checked_whole(features, "features", 1)

    def domain_logits(
        self, classifier: nn.Module, features: Tensor, label_logits: Tensor
    ) -> Tensor:
        """[B, 2]: which domain the classifier takes each example for."""
        checked_type(classifier, nn.Module, "classifier")
        _check_floats(features=features, label_logits=label_logits)
        logits: Tensor = classifier(self._seen(features, label_logits))
        return logits

    def forward(
        self, classifier: nn.Module, features: Tensor, label_logits: Tensor, sources: Whole
    ) -> Added:
        checked_type(classifier, nn.Module, "classifier")
        _check_floats(features=features, label_logits=label_logits)
        most = len(features) - 1
        return self._added(
            classifier, features, label_logits, checked_whole(sources, "sources", 1, most)
        )

    def _seen(self, features: Tensor, label_logits: Tensor) -> Tensor:
        """What the domain classifier is given."""
        return features

    def _added(
        self, classifier: nn.Module, features: Tensor, label_logits: Tensor, sources: int
    ) -> Added:
        raise NotImplementedError


class Adversary(Method):
    """DANN: the cross-entropy of a domain classifier whose gradient is turned round.

    ``mean_i -log d(f_i)[domain_i]``. (Ganin & Lempitsky 2015, equation 9.)
    """

    def _added(
        self, classifier: nn.Module, features: Tensor, label_logits: Tensor, sources: int
    ) -> Added:
        logits = classifier(self._seen(features, label_logits))
        return Added(F.cross_entropy(logits, _domains(features, sources)), logits)


class Conditional(Adversary):
    """CDAN: the same, of a classifier that sees each feature times each class's probability.

    ``T(f, g) = f x g``, or, of more than :data:`MOST_PRODUCTS`, ``(R_f f) * (R_g g) / sqrt(d)``
    with fixed normal random R. (Long et al. 2018, section 3.2.)

    ``features``, ``classes``: how many. ``seed``: of R, 0 to 2**31 - 1.
    """

    of_features: Tensor
    of_classes: Tensor

    def __init__(self, features: Whole, classes: Whole, seed: Whole = 0):
        super().__init__()
        f, c = checked_whole(features, "features", 1), checked_whole(classes, "classes", 1)
        random = torch.Generator().manual_seed(checked_seed(seed))
        self.products = f * c
        if self.products > MOST_PRODUCTS:
            for name, size in (("of_features", f), ("of_classes", c)):
                drawn = torch.randn(size, COMBINATIONS, generator=random, dtype=torch.float32)
                # They follow from the seed, and would make each checkpoint 10 MB larger.
                self.register_buffer(name, drawn, persistent=False)

    def inputs(self, features: Whole) -> int:
        return COMBINATIONS if self._combines else self.products

    @property
    def _combines(self) -> bool:
        return self.products > MOST_PRODUCTS

    def _seen(self, features: Tensor, label_logits: Tensor) -> Tensor:
        classes = label_logits.detach().softmax(dim=1)
        if self._combines:
            return (features @ self.of_features) * (classes @ self.of_classes) / COMBINATIONS**0.5
        return (features[:, :, None] * classes[:, None, :]).flatten(1)


class SureConditional(Conditional):
    """CDAN+E: the same, with more weight on examples whose class is surer.

    Example i weighs ``1 + exp(-H(g_i))``, H the entropy in nats; each domain weighs as much as the
    other. No gradient goes through the weights. (Long et al. 2018, section 3.3.)
    """

    def _added(
        self, classifier: nn.Module, features: Tensor, label_logits: Tensor, sources: int
    ) -> Added:
        logits = classifier(self._seen(features, label_logits))
        losses = F.cross_entropy(logits, _domains(features, sources), reduction="none")
        sure = label_logits.detach().log_softmax(dim=1)
        weights = 1 + (sure.exp() * sure).sum(dim=1).exp()
        source, target = (
            (loss * weight).sum() / weight.sum()
            for loss, weight in zip(_split(losses, sources), _split(weights, sources), strict=True)
        )
        return Added((source + target) / 2, logits)


class Distance(Method):
    """A distance between the two sets of features; there is no domain classifier."""

    has_classifier = False

    def layer(self, features: Tensor, lambda_: Number | Tensor) -> Tensor:
        """What the features go through first: the gradient is scaled and stays as it is turned."""
        return scale_gradient(features, lambda_)


class Coral(Distance):
    """CORAL: how far apart the covariances of the features are.

    ``||C_S - C_T||_F^2 / (4 F^2)``. (Sun & Saenko 2016, equation 1.)
    """

    def _added(
        self, classifier: nn.Module, features: Tensor, label_logits: Tensor, sources: int
    ) -> Added:
        s, t = ((half - half.mean(dim=0)) for half in _split(features, sources))
        # One example has no covariance.
        s, t = (half / max(len(half) - 1, 1) ** 0.5 for half in (s, t))
        # ||C_S - C_T||^2 = ||C_S||^2 + ||C_T||^2 - 2 <C_S, C_T>, each of them a sum over pairs of
        # examples, of which there are fewer than pairs of features.
        squares = (s @ s.T).square().sum() + (t @ t.T).square().sum() - 2 * (s @ t.T).square().sum()
        # Where the two are alike, rounding can leave less than nothing.
        return Added(squares.clamp_min(0) / (4 * features.shape[1] ** 2))


class Mmd(Distance):
    """MMD: how far apart the means of the features are where kernels of five widths map them.

    ``mean k(s, s') + mean k(t, t') - 2 mean k(s, t)`` with ``k(x, y) = mean_b exp(-||x - y||^2 /
    (b v))``, b of :data:`BANDWIDTHS` and v the mean squared distance between two examples of the
    batch. (Long et al. 2015, section 3.1, with equal weights.)
    """

    def _added(
        self, classifier: nn.Module, features: Tensor, label_logits: Tensor, sources: int
    ) -> Added:
        squares = features.square().sum(dim=1)
        apart = (squares[:, None] + squares - 2 * features @ features.T).clamp_min(0)
        mean = apart.detach().sum() / (len(features) * (len(features) - 1))
        # Where all examples have the same features there is no distance to divide by.
        scaled = apart / mean.clamp_min(torch.finfo(apart.dtype).tiny)
        alike = torch.stack([(-scaled / width).exp() for width in BANDWIDTHS]).mean(dim=0)
        within = alike[:sources, :sources].mean() + alike[sources:, sources:].mean()
        return Added(within - 2 * alike[:sources, sources:].mean())


METHODS: dict[str, type[Method]] = {
    "dann": Adversary,
    "cdan": Conditional,
    "cdan+e": SureConditional,
    "coral": Coral,
    "mmd": Mmd,
}
"""By the names that :attr:`Recipe.method` has for them."""


def method_named(name: str, features: Whole, classes: Whole, seed: Whole = 0) -> Method:
    """The method ``name`` for so many features and classes. ``seed``: of what is random in it.

    Raises :class:`RecipeError` if there is none of this name.
    """
    if not isinstance(name, str) or name not in METHODS:
        raise RecipeError(f"There is no method {short(name)}. Choose one of: {', '.join(METHODS)}.")
    kind = METHODS[name]
    return kind(features, classes, seed) if issubclass(kind, Conditional) else kind()


def _check_floats(**tensors: Tensor) -> None:
    for name, tensor in tensors.items():
        checked_type(tensor, Tensor, name)
        if tensor.ndim != 2 or not tensor.is_floating_point() or tensor.is_sparse:
            raise DataError(
                f"{name} is {tensor.dtype} with shape {list(tensor.shape)}: it must be float "
                "[B, N], a row for each example."
            )
    rows = {name: len(tensor) for name, tensor in tensors.items()}
    if len({*rows.values()}) > 1:
        raise DataError(f"There are not as many rows in each: {rows}. Give one for each example.")


def _domains(features: Tensor, sources: int) -> Tensor:
    return (torch.arange(len(features), device=features.device) >= sources).long()


def _split(values: Tensor, sources: int) -> tuple[Tensor, Tensor]:
    return values[:sources], values[sources:]
