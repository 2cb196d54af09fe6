"""What a training step costs, data included: `Trainer` against other projects' DANN on a CPU.

    python benchmarks/peers.py [--pair digits|mnist] [--threads N] [--rounds N] [--block N]

The peers need old versions of other packages, so give them an environment of their own:

    python3 -m venv build/peers
    build/peers/bin/pip install torch torchvision scikit-learn pandas pot tabulate tqdm \\
        pooch platformdirs
    build/peers/bin/pip install --no-deps pytorch-adapt==0.0.83 torchmetrics==0.9.3 \\
        pytorch-metric-learning==1.6.3 'setuptools<81' skada==0.6.0 skorch==1.4.0 \\
        pytorch-revgrad==0.2.0 -e .
    build/peers/bin/python benchmarks/peers.py

All train the "seed" network, 32 + 32 images a step, SGD with momentum, on the same images in
memory: the first 32 x block of each domain. Each peer draws its batches as its own documentation
does, from tensors that were normalised beforehand; only `Trainer` also normalises in its steps, and
measures its gradients. Each peer runs in PyTorch's default memory format, as its users run it, and
in channels_last.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from step import Block, Cost, Stopwatch, arguments, steps, table, take_turns
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from dann_core.datasets import load_pair
from dann_core.domains import Domain, DomainPair
from dann_core.model import DANN, build_model
from dann_core.recipe import preset
from dann_core.training import Trainer

warnings.filterwarnings("ignore", category=UserWarning)  # of the peers, about their own imports
try:
    import pytorch_adapt.adapters
    import pytorch_adapt.containers
    import pytorch_adapt.datasets
    import pytorch_adapt.hooks
    import pytorch_adapt.utils.common_functions
    import pytorch_adapt.weighters
    import pytorch_revgrad
    import skada.deep
    import skada.deep.base
    import skada.deep.modules
    import skorch.callbacks
except ImportError as error:
    sys.exit(f"{error}. The peers need an environment of their own:\n\n{__doc__}")

# A constant for all: with lambda 1 from the first step on this network collapses, and a network
# whose features have died takes another time to train.
RECIPE = preset("seed", lambda_=0.1)
HALF = RECIPE.batch_size // 2
SGD = {"lr": RECIPE.learning_rate, "momentum": RECIPE.momentum}
BASE = "Trainer"


def ours(pair: DomainPair, block: int) -> Block:
    trainer = Trainer(pair, RECIPE, device="cpu")
    return steps(lambda: next(trainer), block)


def network(memory_format: torch.memory_format) -> DANN:
    return build_model(RECIPE).to(memory_format=memory_format)


def normalised(pair: DomainPair, domain: Domain) -> TensorDataset:
    """float32 images [N, 3, 28, 28], as the network sees them, and their labels."""
    return TensorDataset(pair.prepare(domain.train.images).contiguous(), domain.train.labels)


def endless(loader: DataLoader[Any]) -> Iterator[Any]:
    while True:
        yield from loader


def adapt(pair: DomainPair, block: int, memory_format: torch.memory_format) -> Block:
    """pytorch-adapt: its datasets, data loader and DANN adapter in a loop, as in its README."""
    model = network(memory_format)
    heads = {"C": model.label_predictor, "D": model.domain_classifier}
    adapter = pytorch_adapt.adapters.DANN(
        models=pytorch_adapt.containers.Models({"G": model.feature_extractor, **heads}),
        optimizers=pytorch_adapt.containers.Optimizers((torch.optim.SGD, SGD)),
        hook_kwargs={
            "gradient_reversal_weight": RECIPE.lambda_,
            # By default it averages the three losses; these weights make it the loss of the paper.
            "weighter": pytorch_adapt.weighters.SumWeighter(
                weights={"src_domain_loss": 0.5, "target_domain_loss": 0.5}
            ),
            # For two domain logits; its default is for one.
            "domain_loss_hook": pytorch_adapt.hooks.DomainLossHook(
                d_loss_fn=nn.CrossEntropyLoss(reduction="none")
            ),
        },
    )
    both = pytorch_adapt.datasets.CombinedSourceAndTargetDataset(
        pytorch_adapt.datasets.SourceDataset(normalised(pair, pair.source)),
        pytorch_adapt.datasets.TargetDataset(normalised(pair, pair.target)),
    )
    loader = pytorch_adapt.datasets.DataloaderCreator(
        batch_size=HALF, num_workers=0, all_train=True
    )(train=both)["train"]
    batches = endless(loader)
    to_device = pytorch_adapt.utils.common_functions.batch_to_device

    def step() -> None:
        adapter.training_step(to_device(next(batches), torch.device("cpu")))

    return steps(step, block)


class SkadaDomainClassifier(nn.Module):
    """Ours behind skada's reversal; its own ends in a softmax over one logit and learns nothing."""

    def __init__(self, classifier: nn.Module):
        super().__init__()
        self.classifier = classifier

    def forward(self, features: Tensor) -> Tensor:
        return self.classifier(
            skada.deep.modules.GradientReversalLayer.apply(features, RECIPE.lambda_)
        )


class SkadaNetwork(nn.Module):
    def __init__(self, model: DANN):
        super().__init__()
        self.features, self.labels = model.feature_extractor, model.label_predictor

    def forward(self, x: Tensor, sample_weight: Tensor | None = None) -> Tensor:
        return self.labels(self.features(x))


class SkadaDomainLoss(nn.Module):
    def forward(self, logits: Tensor, domains: Tensor) -> Tensor:
        return F.cross_entropy(logits, domains.long())


class EpochCost(skorch.callbacks.Callback):
    """What a step of the last epoch cost: what `.fit` does once, before the epoch, is left out."""

    def on_epoch_begin(self, net: Any, **kwargs: Any) -> None:
        self.watch, self.batches = Stopwatch(), 0

    def on_batch_end(self, net: Any, **kwargs: Any) -> None:
        self.batches += 1

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        self.cost = self.watch.cost(self.batches)


def skada_(pair: DomainPair, block: int, memory_format: torch.memory_format) -> Block:
    """skada: its dataset, balanced loader and DANN; `.fit` for one epoch of ``block`` steps."""
    model = network(memory_format)
    epoch = EpochCost()
    net = skada.deep.DANN(
        SkadaNetwork(model),
        layer_name="features",
        domain_classifier=SkadaDomainClassifier(model.domain_classifier),
        domain_criterion=SkadaDomainLoss(),
        reg=0.5,
        optimizer=torch.optim.SGD,
        optimizer__momentum=RECIPE.momentum,
        lr=RECIPE.learning_rate,
        batch_size=HALF,
        max_epochs=1,
        train_split=None,
        warm_start=True,
        verbose=0,
        callbacks=[("cost", epoch)],
    )
    sets = [normalised(pair, domain).tensors for domain in (pair.source, pair.target)]
    images = torch.cat([images for images, _ in sets]).numpy()
    labels = torch.cat([sets[0][1], torch.full_like(sets[1][1], -1)]).numpy()
    data = skada.deep.base.DeepDADataset(images, labels, np.repeat([1, -2], block * HALF))

    def run() -> Cost:
        net.fit(data, None)
        return epoch.cost

    return run


def revgrad(pair: DomainPair, block: int, memory_format: torch.memory_format) -> Block:
    """pytorch-revgrad is the reversal layer alone: a loop around it with PyTorch's data loaders."""
    model = network(memory_format)
    domain_classifier = nn.Sequential(
        pytorch_revgrad.RevGrad(RECIPE.lambda_), model.domain_classifier
    )
    optimiser = torch.optim.SGD(model.parameters(), **SGD)
    sources, targets = (
        endless(DataLoader(normalised(pair, domain), HALF, shuffle=True, drop_last=True))
        for domain in (pair.source, pair.target)
    )
    domains = torch.tensor([0, 1]).repeat_interleave(HALF)

    def step() -> None:
        (source, labels), (target, _) = next(sources), next(targets)
        optimiser.zero_grad()
        features = model.feature_extractor(torch.cat([source, target]))
        loss = F.cross_entropy(model.label_predictor(features[:HALF]), labels)
        loss = loss + F.cross_entropy(domain_classifier(features), domains)
        loss.backward()
        optimiser.step()

    return steps(step, block)


PEERS: dict[str, Callable[[DomainPair, int, torch.memory_format], Block]] = {
    "pytorch-adapt": adapt,
    "skada": skada_,
    "pytorch-revgrad": revgrad,
}
FORMATS = {"": torch.contiguous_format, ", channels_last": torch.channels_last}


def main(given: list[str]) -> None:
    chosen = arguments(given, "A step of Trainer against other projects' DANN.", rounds=25)
    pair = load_pair(chosen.pair)
    source, target = (
        replace(domain, train=domain.train.first(chosen.block * HALF))
        for domain in (pair.source, pair.target)
    )
    pair = replace(pair, source=source, target=target)
    contenders = {BASE: ours(pair, chosen.block)}
    for name, peer in PEERS.items():
        for suffix, memory_format in FORMATS.items():
            contenders[name + suffix] = peer(pair, chosen.block, memory_format)
    costs = take_turns(contenders, chosen.rounds)
    print(table("data included", costs, BASE), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
