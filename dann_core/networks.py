"""Feature extractors: those that are built in, and those of your own.

A feature extractor is any module from prepared examples to features [B, F]. A network is what makes
one, a function (or class) of the recipe and the inputs; a recipe has its name. (Figure 1 of Ganin &
Lempitsky 2015; sizes of "tutorial" as in the tutorial.)
"""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core.errors import RecipeError
from dann_core.inputs import PIXELS, Inputs
from dann_core.layers import ChannelDropout, ContrastInversion, SeparateBatchNorm
from dann_core.plain_numbers import SEEDS, checked_type, short
from dann_core.recipe import Recipe

Network = Callable[[Recipe, Inputs], nn.Module]


class FeatureExtractor(nn.Module):
    """Two convolutions, each with ReLU and 2x2 max-pooling: [B, 3, H, W] -> [B, 48 (H/4) (W/4)],
    which are 2,352 features of 28x28 pixels.

    Instance normalisation of the input, contrast inversion, batch normalisation and channel dropout
    are off in the tutorial's recipe.
    """

    def __init__(self, recipe: Recipe, inputs: Inputs = PIXELS):
        super().__init__()
        _require_images(recipe, inputs, 4)
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
    """Twice two 3x3 convolutions, each with ReLU, and 2x2 max-pooling: [B, 3, H, W] -> features.

    As many features as :class:`FeatureExtractor` has, and the same options.
    """

    def __init__(self, recipe: Recipe, inputs: Inputs = PIXELS):
        super().__init__()
        _require_images(recipe, inputs, 4)
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


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside a shortcut: [B, C, H, W] -> [B, D, H/2, W/2].

    (He et al. 2016, figure 2.)
    """

    def __init__(self, recipe: Recipe, channels: int, out: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride=2, padding=1)
        self.norm1 = _batch_norm(recipe, out)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1)
        self.norm2 = _batch_norm(recipe, out)
        self.shortcut = nn.Conv2d(channels, out, 1, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class ResidualFeatureExtractor(nn.Module):
    """A 5x5 convolution in steps of 2, three residual blocks and the mean over all places:
    [B, 3, H, W] -> [B, 128]. For pictures of about 32 to 96 pixels."""

    def __init__(self, recipe: Recipe, inputs: Inputs = PIXELS):
        super().__init__()
        _require_images(recipe, inputs, 16)
        self.input_norm, self.inversion, self.dropout = _around_convolutions(recipe)
        self.conv = nn.Conv2d(3, 16, 5, stride=2, padding=2)
        self.norm = _batch_norm(recipe, 16)
        self.block1 = ResidualBlock(recipe, 16, 32)
        self.block2 = ResidualBlock(recipe, 32, 64)
        self.block3 = ResidualBlock(recipe, 64, 128)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm(self.conv(self.inversion(self.input_norm(x)))))
        return self.dropout(self.block3(self.block2(self.block1(x)))).mean(dim=(2, 3))


class TableFeatureExtractor(nn.Module):
    """Two hidden layers with ReLU, for rows of numbers: [B, d] -> [B, 64]."""

    def __init__(self, recipe: Recipe, inputs: Inputs):
        super().__init__()
        checked_type(recipe, Recipe, "recipe")
        checked_type(inputs, Inputs, "inputs")
        if inputs.kind != "table":
            raise RecipeError(
                f'The network "mlp" reads rows of numbers, and this pair has {inputs.text}. Take '
                'the network "residual", or "auto".'
            )
        for name in ("instance_norm", "contrast_inversion", "separate_statistics"):
            if getattr(recipe, name):
                raise RecipeError(f'{name}=True: the network "mlp" has none. Leave it out.')
        self.linear1 = nn.Linear(inputs.shape[0], 64)
        self.norm1 = nn.BatchNorm1d(64) if recipe.batch_norm else nn.Identity()
        self.linear2 = nn.Linear(64, 64)
        self.norm2 = nn.BatchNorm1d(64) if recipe.batch_norm else nn.Identity()
        self.dropout = ChannelDropout(recipe.dropout, recipe.seed)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm1(self.linear1(x)))
        return F.relu(self.dropout(self.norm2(self.linear2(x))))


NETWORKS: dict[str, Network] = {
    "tutorial": FeatureExtractor,
    "deep": DeepFeatureExtractor,
    "residual": ResidualFeatureExtractor,
    "mlp": TableFeatureExtractor,
}
"""By the names that :attr:`Recipe.network` has for them."""


def fitted(recipe: Recipe, inputs: Inputs) -> Recipe:
    """``recipe`` with what "auto" stands for: "mlp" for a table, whose rows have no contrast to
    normalise, "tutorial" for images under 32 pixels, "residual" for larger ones."""
    if recipe.network != "auto":
        return recipe
    if inputs.kind == "table":
        return replace(recipe, network="mlp", instance_norm=False)
    return replace(recipe, network="tutorial" if min(inputs.shape[:2]) < 32 else "residual")


def network_named(name: str) -> Network:
    """A built-in network, or the one that is called "module:function".

    The module is imported as any other of this Python, so it has to be where Python looks: nothing
    of it travels in a checkpoint. Raises :class:`RecipeError` with the name and the remedy.
    """
    if name in NETWORKS:
        return NETWORKS[name]
    module, colon, function = name.partition(":")
    if not colon:
        raise RecipeError(
            f"There is no network {short(name)}. Choose auto, {', '.join(NETWORKS)}, or write "
            "module:function for one of your own."
        )
    try:
        home = importlib.import_module(module)
    except ModuleNotFoundError as error:
        own = not error.name or f"{module}.".startswith(f"{error.name}.")
        missing = module if own else error.name
        raise RecipeError(
            f"The network {name!r} needs the module {missing!r}, which is not here. Start in the "
            f"folder that {missing}.py is in, add that folder to PYTHONPATH, or install it."
        ) from error
    except Exception as error:  # of somebody's own module it can be anything
        raise failed(name, error) from error
    found = getattr(home, function, None)
    if not callable(found):
        raise RecipeError(
            f"The network {name!r}: the module {module!r} has no function {function!r}. Define it "
            "as a function of the recipe and the inputs that returns a module."
        )
    return cast(Network, found)


def failed(name: str, error: Exception) -> RecipeError:
    """What to raise where the module or the function of a network of your own raises ``error``."""
    why = " ".join(str(error).split())
    *_, last = traceback.extract_tb(error.__traceback__)
    # Python's own complaint of a module that is no Python says the line itself.
    place = "" if isinstance(error, SyntaxError) else f", line {last.lineno} of {last.filename}"
    return RecipeError(
        f"The network {name!r} failed: {type(error).__name__}: {why:.200}{place}. Mend its module."
    )


def name_of(network: Network) -> str:
    """Such as "mine:resnet", by which a recipe and a checkpoint name a network of your own.

    Raises :class:`RecipeError` for what is no function."""
    if not callable(network):
        raise RecipeError(
            f"network={short(network)}: it must be a function of the recipe and the inputs that "
            "returns a module. The name of a network goes into the recipe."
        )
    function = getattr(network, "__qualname__", type(network).__qualname__)
    return f"{network.__module__}:{function}"


def number_of_features(extractor: nn.Module, inputs: Inputs) -> int:
    """F: how many features the extractor makes of an example.

    Raises :class:`RecipeError` unless it takes such examples and gives [B, F].
    """
    what, batch = f"feature extractor {type(extractor).__name__}", inputs.zeros(2)
    shape = tried(what, extractor, batch, f"a batch {list(batch.shape)} ({inputs.text})")
    if not isinstance(shape, list) or len(shape) != 2 or shape[0] != 2:
        raise RecipeError(
            f"The {what} makes {shape} of a batch of 2, where a tensor [2, F] is needed. Let it "
            "end in torch.nn.Flatten(), say."
        )
    return shape[1]


def tried(what: str, part: nn.Module, batch: Tensor, described: str) -> list[int] | str:
    """The shape of what a ``part`` of a network makes of a batch at test time; the name of its type
    if that is no tensor.

    ``what`` the part and ``described`` the batch are called in the :class:`RecipeError` that is
    raised if it does not take it.
    """
    checked_type(part, nn.Module, "part")
    checked_type(batch, Tensor, "batch")
    training = part.training
    try:
        with torch.no_grad():
            made = part.eval()(batch)
    except RecipeError:
        raise
    except Exception as error:  # of a network of somebody's own it can be anything
        why = " ".join(str(error).split())
        raise RecipeError(f"The {what} does not take {described}: {why:.200}") from error
    finally:
        part.train(training)
    return list(made.shape) if isinstance(made, Tensor) else type(made).__name__


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


def _require_images(recipe: Recipe, inputs: Inputs, least: int) -> None:
    checked_type(recipe, Recipe, "recipe")
    checked_type(inputs, Inputs, "inputs")
    if inputs.kind != "images":
        raise RecipeError(
            f'The network "{recipe.network}" reads images, and this pair has {inputs.text}. Take '
            'the network "mlp", or "auto".'
        )
    if min(inputs.shape[:2]) < least:
        raise RecipeError(
            f'The network "{recipe.network}" needs images of at least {least}x{least} pixels, and '
            f"this pair has {inputs.text}. Read them with a larger size."
        )
