"""What a training step costs: `Trainer`, everything included, against a bare PyTorch loop.

    python benchmarks/step.py [--pair digits|mnist] [--threads N] [--rounds N] [--block N]

The bare loop trains the same network with the same optimiser, on batches gathered and normalised
beforehand; it keeps no record. Contenders take turns in one process, a block of steps each, so that
whatever else the machine does meets them all alike.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from itertools import cycle
from statistics import median
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from dann_core.datasets import load_pair
from dann_core.domains import Batches, DomainPair
from dann_core.methods import METHODS
from dann_core.model import DANN, build_model
from dann_core.recipe import PRESETS, Recipe, preset
from dann_core.reversal import reverse_gradient
from dann_core.schedules import paper_lambda
from dann_core.training import Trainer

BATCHES_IN_MEMORY = 40
PARTS = ("feature_extractor", "label_predictor", "domain_classifier")
BASE = "bare loop, channels_last"


class Cost(NamedTuple):
    """Seconds a step: on the clock, and of processor time, which a busy machine disturbs less."""

    wall: float
    cpu: float


Block = Callable[[], Cost]
"""A function that trains for a while and answers with what a step cost."""


class Stopwatch:
    """Starts when it is made."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def cost(self, steps: int) -> Cost:
        return Cost(
            (time.perf_counter() - self.wall) / steps, (time.process_time() - self.cpu) / steps
        )


def steps(step: Callable[[], Any], n: int) -> Block:
    """``n`` calls of ``step``, each one training step, as a block."""

    def run() -> Cost:
        watch = Stopwatch()
        for _ in range(n):
            step()
        return watch.cost(n)

    return run


def take_turns(contenders: dict[str, Block], rounds: int) -> dict[str, list[Cost]]:
    """What a step of each contender cost in each round, after one round to warm up."""
    costs: dict[str, list[Cost]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        # Every other round backwards: no contender always follows the same one.
        for name in list(contenders)[:: 1 if turn % 2 == 0 else -1]:
            cost = contenders[name]()
            if turn:
                costs[name].append(cost)
    return costs


def table(title: str, costs: dict[str, list[Cost]], base: str) -> str:
    """Markdown rows: the median cost of a step, and its ratio to ``base``: of the medians, the
    spread from round to round (min / median / max), and of the medians of processor time."""
    lines = [
        f"| {title} | ms/step | ratio | ratio by round: min / median / max | CPU ms | CPU ratio |",
        "| --- | ---: | ---: | :---: | ---: | ---: |",
    ]
    walls = {name: [cost.wall for cost in taken] for name, taken in costs.items()}
    cpus = {name: [cost.cpu for cost in taken] for name, taken in costs.items()}
    for name in costs:
        rounds = [a / b for a, b in zip(walls[name], walls[base], strict=True)]
        wall, cpu = median(walls[name]), median(cpus[name])
        lines.append(
            f"| {name} | {wall * 1e3:.1f} | {wall / median(walls[base]):.3f} "
            f"| {min(rounds):.2f} / {median(rounds):.3f} / {max(rounds):.2f} "
            f"| {cpu * 1e3:.1f} | {cpu / median(cpus[base]):.3f} |"
        )
    return "\n".join(lines)


def arguments(given: list[str], description: str, rounds: int) -> argparse.Namespace:
    """The options of both benchmarks; also sets the number of threads and says what will run."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--pair", choices=("digits", "mnist"), default="digits")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (1)")
    parser.add_argument("--rounds", type=int, default=rounds, help=f"turns of each ({rounds})")
    parser.add_argument("--block", type=int, default=20, help="steps a turn (20)")
    chosen = parser.parse_args(given)
    torch.set_num_threads(chosen.threads)
    print(
        f"torch {torch.__version__}, CPU, threads: {chosen.threads}; pair {chosen.pair}; "
        f"{chosen.rounds} rounds of {chosen.block} steps each, taking turns\n"
    )
    return chosen


class Reversal(torch.autograd.Function):
    """As a hand-written loop has it: lambda is a plain float."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, lambda_: float) -> Tensor:
        ctx.lambda_ = lambda_
        return features.view_as(features)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return gradient * -ctx.lambda_, None


def total_loss(
    model: DANN, images: Tensor, labels: Tensor, domains: Tensor, lambda_: Any
) -> Tensor:
    """Forward; the source's images come first, and ``labels`` are theirs."""
    features = model.feature_extractor(images)
    label_logits = model.label_predictor(features[: len(labels)])
    domain_logits = model.domain_classifier(Reversal.apply(features, lambda_))
    return F.cross_entropy(label_logits, labels) + F.cross_entropy(domain_logits, domains)


def bare_step(
    pair: DomainPair,
    recipe: Recipe,
    memory_format: torch.memory_format,
    forward: Callable[..., Tensor] = total_loss,
    as_lambda: Callable[[float], Any] = float,
) -> Callable[[], None]:
    """One step of a loop as short as it can be, in mode "dann", on the pair's device.

    ``as_lambda`` makes of a number what ``forward`` is given as lambda.
    """
    device = pair.source.train.labels.device
    model = build_model(recipe, pair.inputs, pair.classes)
    model = model.to(device=device, memory_format=memory_format)
    optimiser: torch.optim.Optimizer
    if recipe.optimiser == "sgd":
        optimiser = torch.optim.SGD(model.parameters(), recipe.learning_rate, recipe.momentum)
    else:
        optimiser = torch.optim.AdamW(
            model.parameters(),
            recipe.learning_rate,
            betas=(recipe.beta1, 0.999),
            weight_decay=recipe.weight_decay,
        )
    half = recipe.batch_size // 2
    draws = zip(
        Batches(pair.source.train, half, 1), Batches(pair.target.train, half, 2), strict=False
    )
    gathered = []
    for _, ((source, labels), (target, _)) in zip(range(BATCHES_IN_MEMORY), draws, strict=False):
        images = pair.prepare(torch.cat([source, target]))
        gathered.append((images.contiguous(memory_format=memory_format), labels))
    batches = cycle(gathered)
    domains = torch.arange(2, device=device).repeat_interleave(half)
    done = 0

    def step() -> None:
        nonlocal done
        lambda_ = as_lambda(paper_lambda(done / recipe.steps))
        done += 1
        images, labels = next(batches)
        optimiser.zero_grad()
        forward(model, images, labels, domains, lambda_).backward()
        optimiser.step()

    return step


def with_the_layer(
    model: DANN, images: Tensor, labels: Tensor, domains: Tensor, lambda_: Tensor
) -> Tensor:
    """As :func:`total_loss`, with this project's layer, which takes lambda as a tensor."""
    features = model.feature_extractor(images)
    label_logits = model.label_predictor(features[: len(labels)])
    domain_logits = model.domain_classifier(reverse_gradient(features, lambda_))
    return F.cross_entropy(label_logits, labels) + F.cross_entropy(domain_logits, domains)


def compiled_step(pair: DomainPair, recipe: Recipe, compiler: Any) -> Callable[[], None]:
    """The bare loop with its forward pass compiled, and lambda as a tensor."""
    device = pair.source.train.labels.device
    return bare_step(
        pair,
        recipe,
        torch.channels_last,
        torch.compile(with_the_layer, backend=compiler),
        lambda value: torch.full((), value, device=device),
    )


def compiled_trainer(
    pair: DomainPair, recipe: Recipe, compiler: Any, source: Any = None
) -> Trainer:
    trainer = Trainer(
        pair, recipe, lambda_source=source, device=str(pair.source.train.labels.device)
    )
    for part in PARTS:
        module = torch.compile(getattr(trainer.model, part), backend=compiler)
        setattr(trainer.model, part, module)
    return trainer


def compare(pair: DomainPair, name: str, rounds: int, block: int) -> dict[str, list[Cost]]:
    """The preset ``name``: the bare loop in both memory formats, and the trainer."""
    trainer = Trainer(pair, preset(name), device="cpu")
    recipe = trainer.recipe  # with the network that fits the pair
    contenders: dict[str, Callable[[], Any]] = {
        "bare loop, contiguous": bare_step(pair, recipe, torch.contiguous_format),
        BASE: bare_step(pair, recipe, torch.channels_last),
        "Trainer (channels_last)": lambda: next(trainer),
    }
    return take_turns({name: steps(step, block) for name, step in contenders.items()}, rounds)


def compare_methods(pair: DomainPair, rounds: int, block: int) -> dict[str, list[Cost]]:
    """A trainer of each method, of the preset "quick"."""

    def contender(method: str) -> Block:
        trainer = Trainer(pair, preset("quick", method=method), device="cpu")
        return steps(lambda: next(trainer), block)

    return take_turns({method: contender(method) for method in METHODS}, rounds)


def main(given: list[str]) -> None:
    chosen = arguments(given, "A step of Trainer against a bare PyTorch loop.", rounds=40)
    pair = load_pair(chosen.pair)
    for name in PRESETS:
        costs = compare(pair, name, chosen.rounds, chosen.block)
        print(table(f'preset "{name}"', costs, BASE) + "\n", flush=True)
    costs = compare_methods(pair, chosen.rounds, chosen.block)
    print(table('method, preset "quick"', costs, "dann"), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
