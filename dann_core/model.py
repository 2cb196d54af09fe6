"""The network: one feature extractor and two heads, with gradient reversal before the second.

    examples -> feature extractor -> features -+-> LabelPredictor -> labels
                                               +-> gradient reversal -> DomainClassifier -> domains

(Ganin & Lempitsky 2015, figure 1; sizes as in the tutorial.)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from dann_core.errors import DannError, DataError, RecipeError
from dann_core.inputs import PIXELS, Inputs
from dann_core.methods import Adversary, Method, method_named
from dann_core.networks import NETWORKS, Network, failed, network_named, number_of_features, tried
from dann_core.plain_numbers import Number, Whole, checked_type, checked_whole
from dann_core.recipe import Recipe

FEATURES = 48 * 7 * 7
"""The number of features that the tutorial's network makes of 28x28 pixels: 2,352."""


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


class _Head(nn.Sequential):
    """Layers that the features go through. It tells of others than those it was made for, which is
    where images of another size come to light."""

    def forward(self, features: Tensor) -> Tensor:
        known = self[0].in_features
        if features.shape[-1] != known:
            raise DataError(
                f"The images give {features.shape[-1]} features, and this network was made for "
                f"images that give {known}. Give it images of the size it was made for."
            )
        out: Tensor = super().forward(features)
        return out


class LabelPredictor(_Head):
    """F-100-100-classes with ReLU: features [B, F] -> label logits [B, classes]."""

    def __init__(self, classes: Whole = 10, features: Whole = FEATURES):
        super().__init__(
            nn.Linear(checked_whole(features, "features", 1), 100),
            nn.ReLU(),
            nn.Linear(100, 100),
            nn.ReLU(),
            nn.Linear(100, checked_whole(classes, "classes", 1)),
        )


class DomainClassifier(_Head):
    """F-width-2 with ReLU: features [B, F] -> domain logits [B, 2] (0 source, 1 target)."""

    def __init__(self, width: Whole = 100, features: Whole = FEATURES):
        units = checked_whole(width, "width", 1)
        super().__init__(
            nn.Linear(checked_whole(features, "features", 1), units), nn.ReLU(), nn.Linear(units, 2)
        )


class DANN(nn.Module):
    """The whole network, of three parts: any modules from a batch to features [B, F], and from
    those to label logits [B, classes] and to domain logits [B, 2].

    ``method``: what the domain classifier is given, and what it is trained for; None is DANN."""

    def __init__(
        self,
        feature_extractor: nn.Module,
        label_predictor: nn.Module,
        domain_classifier: nn.Module,
        method: Method | None = None,
    ):
        super().__init__()
        checked_type(feature_extractor, nn.Module, "feature_extractor")
        checked_type(label_predictor, nn.Module, "label_predictor")
        checked_type(domain_classifier, nn.Module, "domain_classifier")
        if method is not None:
            checked_type(method, Method, "method")
        self.feature_extractor = feature_extractor
        self.label_predictor = label_predictor
        self.domain_classifier = domain_classifier
        self.method = Adversary() if method is None else method

    def forward(self, x: Tensor, lambda_: Number | Tensor = 1.0) -> tuple[Tensor, Tensor]:
        """A prepared batch -> label logits [B, classes] and domain logits [B, 2].

        ``lambda_`` scales only the domain gradient that reaches the feature extractor; the domain
        classifier itself always learns at full strength (JMLR 2016, footnote 6). At test time it
        has no effect.
        """
        features = self.feature_extractor(x)
        label_logits = self.label_predictor(features)
        behind = self.method.layer(features, lambda_)
        return label_logits, self.domain_logits(behind, label_logits)

    def domain_logits(self, features: Tensor, label_logits: Tensor) -> Tensor:
        """Features [B, F] and label logits [B, classes] -> domain logits [B, 2]. Nothing has
        trained them where the method has no domain classifier (:attr:`Method.has_classifier`)."""
        return self.method.domain_logits(self.domain_classifier, features, label_logits)


def build_model(
    recipe: Recipe,
    inputs: Inputs = PIXELS,
    classes: Whole = 10,
    network: Network | None = None,
) -> DANN:
    """The network that ``recipe`` describes, for such inputs and so many classes.

    The same recipe (seed included) gives the same initial weights. ``network``: what makes the
    feature extractor, or a whole :class:`DANN`; None takes the one that the recipe names. Heads fit
    the features, the classes and the method. The recipe's initialisation is that of the parts that
    are built in: what a network of your own has, such as trained weights, stays. The method is the
    recipe's, but where that is "dann" a whole :class:`DANN` keeps the one it has.

    Raises :class:`RecipeError` for a network that does not fit, or is not there.
    """
    checked_type(recipe, Recipe, "recipe")
    checked_type(inputs, Inputs, "inputs")
    outputs = checked_whole(classes, "classes", 1)
    make = network or network_named(recipe.network)
    # A fork, so that building a model leaves the caller's random numbers as they were.
    with torch.random.fork_rng(devices=[]), usual_defaults():
        # Not torch.manual_seed, which would seed the caller's GPU generators as well.
        torch.default_generator.manual_seed(recipe.seed)
        made = _made(make, recipe, inputs)
        if not isinstance(made, nn.Module):
            raise RecipeError(
                f"The network {recipe.network!r} gave {type(made).__name__}, where a "
                "torch.nn.Module is needed."
            )
        ours = recipe.initialisation == "truncated-normal"
        if isinstance(made, DANN):
            f = number_of_features(made.feature_extractor, inputs)
            if recipe.method != "dann":  # else it may have a method of its own
                made.method = method_named(recipe.method, f, outputs, recipe.seed)
            _check_heads(made, inputs, f, outputs)
            if ours and _is_built_in(made.feature_extractor):
                made.apply(_truncated_normal)
            return made
        f = number_of_features(made, inputs)
        method = method_named(recipe.method, f, outputs, recipe.seed)
        heads = (
            LabelPredictor(outputs, f),
            DomainClassifier(recipe.domain_width, method.inputs(f)),
        )
        if ours:
            for part in (made, *heads) if _is_built_in(made) else heads:
                part.apply(_truncated_normal)
        return DANN(made, *heads, method)


def _made(make: Network, recipe: Recipe, inputs: Inputs) -> object:
    try:
        return make(recipe, inputs)
    except DannError:
        raise
    except Exception as error:  # of a network of somebody's own it can be anything
        raise failed(recipe.network, error) from error


def _check_heads(model: DANN, inputs: Inputs, features: int, classes: int) -> None:
    """Raises :class:`RecipeError` unless the heads take what they are given and make what is
    needed."""
    given = model.method.inputs(features)
    heads = {
        "label predictor": (model.label_predictor, features, classes),
        "domain classifier": (model.domain_classifier, given, 2),
    }
    for name, (head, width, outputs) in heads.items():
        made = tried(name, head, torch.zeros(2, width), f"features {[2, width]}")
        if made != [2, outputs]:
            raise RecipeError(
                f"The {name} makes {made} of 2 examples, where a tensor {[2, outputs]} is needed. "
                "Give its last layer so many outputs."
            )


def _is_built_in(extractor: nn.Module) -> bool:
    return type(extractor) in NETWORKS.values()


def _truncated_normal(layer: nn.Module) -> None:
    # tf-dann: tf.truncated_normal(stddev=0.1), cut at two standard deviations; biases 0.1.
    if isinstance(layer, nn.Conv2d | nn.Linear):
        nn.init.trunc_normal_(layer.weight, std=0.1, a=-0.2, b=0.2)
        if layer.bias is not None:
            nn.init.constant_(layer.bias, 0.1)
