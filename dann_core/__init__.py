"""Domain-adversarial training of neural networks (DANN) in PyTorch: a small module.

A network learns from labelled images of one domain (MNIST) and from unlabelled ones of another
(MNIST-M), and lambda says how strongly it hides which of the two an image is from::

    import dann_core as dann

    trainer = dann.Trainer(dann.load_pair("stripes"), dann.preset("quick", steps=400))
    for record in trainer:  # plain numbers: losses, lambda, gradient norms, ...
        trainer.lambda_source = lambda step, progress: 0.5  # asked once at the start of a step
    print(trainer.evaluate())

Where to go on: ``Trainer`` is the training loop, ``Recipe`` every hyper-parameter, ``load_pair``
the data, ``DomainPair.from_folders`` data of your own, and ``DANN`` the network.
``reverse_gradient`` and ``GradientReversal`` are the layer, for networks of your own. Less common
things have modules of their own, such as :mod:`dann_core.history`, :mod:`dann_core.probe` and
:mod:`dann_core.moons`.

Names load what they need, PyTorch above all, when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # for type checkers and editors; the same names as below
    from dann_core.classifier import DANNClassifier as DANNClassifier
    from dann_core.datasets import load_pair as load_pair
    from dann_core.domains import DomainPair as DomainPair
    from dann_core.errors import DannError as DannError
    from dann_core.evaluation import evaluate as evaluate
    from dann_core.evaluation import features as features
    from dann_core.evaluation import predict as predict
    from dann_core.model import DANN as DANN
    from dann_core.model import build_model as build_model
    from dann_core.recipe import PRESETS as PRESETS
    from dann_core.recipe import Recipe as Recipe
    from dann_core.recipe import preset as preset
    from dann_core.reversal import GradientReversal as GradientReversal
    from dann_core.reversal import reverse_gradient as reverse_gradient
    from dann_core.training import Trainer as Trainer

    __version__: str

__all__ = [
    "DANN",
    "PRESETS",
    "DANNClassifier",
    "DannError",
    "DomainPair",
    "GradientReversal",
    "Recipe",
    "Trainer",
    "build_model",
    "evaluate",
    "features",
    "load_pair",
    "predict",
    "preset",
    "reverse_gradient",
]

_HOMES = {
    "DANN": "model",
    "PRESETS": "recipe",
    "DANNClassifier": "classifier",
    "DannError": "errors",
    "DomainPair": "domains",
    "GradientReversal": "reversal",
    "Recipe": "recipe",
    "Trainer": "training",
    "build_model": "model",
    "evaluate": "evaluation",
    "features": "evaluation",
    "load_pair": "datasets",
    "predict": "evaluation",
    "preset": "recipe",
    "reverse_gradient": "reversal",
}
"""The module of this package in which each name is at home."""


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})


if not TYPE_CHECKING:  # a type checker would take it that every name is there

    def __getattr__(name):
        if name == "__version__":
            from importlib.metadata import version

            value = version("dann-explorable")
        elif name in _HOMES:
            from importlib import import_module

            value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        else:
            raise AttributeError(
                f"{__name__} has no {name!r}. It has: {', '.join(__all__)} and __version__."
            )
        globals()[name] = value  # so that Python asks here but once
        return value
