"""Small data of one's own: pictures in folders, arrays and tables; and what a pair is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from dann_core.domains import Domain, DomainPair
from dann_core.recipe import preset
from dann_core.training import Trainer

SPLITS = ("train", "validation", "test")


def noise(seed: int, height: int = 10, width: int = 10) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def make_folders(
    here: Path, classes: tuple[str, ...] = ("cat", "dog"), n: int = 20
) -> tuple[Path, Path]:
    """Two folders of noise, in each ``n`` PNGs a class."""
    for k, domain in enumerate(("amazon", "webcam")):
        for j, name in enumerate(classes):
            (here / domain / name).mkdir(parents=True)
            for i in range(n):
                picture = Image.fromarray(noise(10_000 * k + 100 * j + i))
                picture.save(here / domain / name / f"{i:03}.png")
    return here / "amazon", here / "webcam"


def images_and_labels(n: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """uint8 [n, 10, 10, 3] and labels 0 to 2."""
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (n, 10, 10, 3), np.uint8), np.arange(n) % 3


def contents(domain: Domain) -> dict[str, list[tuple[bytes, int]]]:
    """The content and the label of each example, by split."""
    return {name: rows(getattr(domain, name)) for name in SPLITS}


def rows(split: Any) -> list[tuple[bytes, int]]:
    pairs = zip(split.images, split.labels.tolist(), strict=True)
    return [(image.numpy().tobytes(), label) for image, label in pairs]


def few_steps(pair: DomainPair) -> tuple[list[float], torch.Tensor]:
    """The losses of a few steps and the first weights after them: other batches give others."""
    trainer = Trainer(pair, preset("own", steps=4, batch_size=16), device="cpu")
    losses = [record.label_loss for record in trainer]
    return losses, next(trainer.model.parameters()).detach().clone()


def same_training(one: DomainPair, other: DomainPair) -> bool:
    (losses, weights), (there, others) = few_steps(one), few_steps(other)
    return losses == there and torch.equal(weights, others)
