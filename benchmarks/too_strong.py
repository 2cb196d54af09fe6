"""What too strong a lambda does to the tutorial's network, on the embedded pair (lesson 03).

python benchmarks/too_strong.py       # about two minutes
"""

from __future__ import annotations

import torch

from dann_core.datasets import load_pair
from dann_core.domains import DomainPair
from dann_core.errors import TrainingDiverged
from dann_core.evaluation import evaluating
from dann_core.recipe import preset
from dann_core.training import Trainer

STEPS = 120
IMAGES = 200
"""The number of test images of each domain."""


def spread_and_hidden_units(trainer: Trainer, pair: DomainPair) -> tuple[float, float, float]:
    """The features' mean standard deviation over images, and which share of the first hidden units
    of the label predictor and of the domain classifier is on, over images and units."""
    tests = [domain.test.first(IMAGES).images for domain in (pair.source, pair.target)]
    with evaluating(trainer.model):
        features = trainer.model.feature_extractor(pair.prepare(torch.cat(tests)))
        heads = (trainer.model.label_predictor, trainer.model.domain_classifier)
        on = [float((next(iter(head))(features) > 0).float().mean()) for head in heads]  # type: ignore[call-overload]
    return float(features.std(dim=0).mean()), on[0], on[1]


def held(pair: DomainPair, seed: int) -> str:
    """A row: lambda 2 from the first step to the last."""
    trainer = Trainer(pair, preset("seed", steps=STEPS, lambda_=2.0, seed=seed), device="cpu")
    before, _, _ = spread_and_hidden_units(trainer, pair)
    for _ in trainer:
        pass
    after, label, domain = spread_and_hidden_units(trainer, pair)
    last = trainer.history[-1]
    return (
        f"| {seed} | {last.label_loss:.2f} | {last.domain_loss:.2f} | {after / before:.0f} times "
        f"| {label:.1%} | {domain:.1%} |"
    )


def lowered(pair: DomainPair, lambda_: float, seed: int) -> str:
    """A row: lambda until the middle of the run, 0 from there on."""
    trainer = Trainer(pair, preset("seed", steps=STEPS, seed=seed), device="cpu")
    trainer.lambda_source = lambda step, progress: lambda_ if step <= STEPS // 2 else 0.0
    try:
        for _ in trainer:
            pass
    except TrainingDiverged as error:
        return f"| {lambda_:g} | {seed} | overflows at step {error.step} | |"
    middle, last = trainer.history[STEPS // 2 - 1], trainer.history[-1]
    return f"| {lambda_:g} | {seed} | {middle.label_loss:.2f} | {last.label_loss:.2f} |"


def main() -> None:
    torch.set_num_threads(1)
    pair = load_pair("digits")
    print('Preset "seed", pair "digits", lambda 2 from the first step, after 120 steps:\n')
    print("| seed | label loss | domain loss | features | label predictor on | classifier on |")
    print("| --- | --- | --- | --- | --- | --- |")
    for seed in range(3):
        print(held(pair, seed), flush=True)
    print("\nThe same, with lambda 0 from step 61 on:\n")
    print("| lambda | seed | label loss at step 60 | at step 120 |")
    print("| --- | --- | --- | --- |")
    for lambda_ in (2.0, 3.0, 5.0):
        for seed in range(2):
            print(lowered(pair, lambda_, seed), flush=True)


if __name__ == "__main__":
    main()
