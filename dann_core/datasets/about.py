"""What was found in a pair: counts, sizes, class balance and examples, for ``dann data check`` and
the page."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from PIL import Image, ImageDraw
from torch import Tensor

from dann_core.datasets.labels import some
from dann_core.domains import UNKNOWN, Domain, DomainPair
from dann_core.errors import DataError
from dann_core.plain_numbers import Whole, checked_type, checked_whole

MOST_ROWS = 20
"""The most classes of which a picture shows examples."""
UNEVEN = 10
"""From how many times as many examples on the largest class is told beside the smallest."""


@dataclass(frozen=True)
class AboutDomain:
    """``examples``: of training, validation and test. ``by_class``: how many of each class, over
    all three. ``unlabelled``: how many have no label."""

    name: str
    examples: tuple[int, int, int]
    by_class: tuple[int, ...]
    unlabelled: int

    @property
    def total(self) -> int:
        return sum(self.examples)


@dataclass(frozen=True)
class About:
    """``inputs``: such as "images of 64x64 pixels". ``notes``: whole sentences on what is worth
    knowing."""

    source: AboutDomain
    target: AboutDomain
    classes: tuple[str, ...]
    inputs: str
    notes: tuple[str, ...]


def about(pair: DomainPair) -> About:
    """What is in a pair."""
    checked_type(pair, DomainPair, "pair")
    source, target = (_about(domain, pair.classes) for domain in (pair.source, pair.target))
    notes = [*pair.build.get("sizes", ()), *pair.build.get("notes", ())]
    for one in (source, target):
        counts = [n for n in one.by_class if n]
        if counts and max(counts) >= UNEVEN * min(counts):
            most, least = (pair.class_names[one.by_class.index(f(counts))] for f in (max, min))
            notes.append(
                f"{one.name!r} is uneven: {max(counts):,} examples of {most}, {min(counts):,} of "
                f"{least}."
            )
    return About(source, target, pair.class_names, pair.inputs.text, tuple(notes))


def _about(domain: Domain, classes: int) -> AboutDomain:
    splits = (domain.train, domain.validation, domain.test)
    labels = torch.cat([split.labels for split in splits])
    known = labels[labels != UNKNOWN]
    counts = tuple(torch.bincount(known, minlength=classes).tolist())
    train, validation, test = (len(split) for split in splits)
    return AboutDomain(domain.name, (train, validation, test), counts, len(labels) - len(known))


def sentence(found: About) -> str:
    """The whole of it in words, for those who do not see the table."""
    parts = []
    for role, one in (("Source", found.source), ("Target", found.target)):
        labels = "all labelled"
        if one.unlabelled:
            left = one.total - one.unlabelled
            labels = f"{left:,} of them labelled" if left else "no labels"
        train, validation, test = one.examples
        parts.append(
            f"{role} {one.name!r}: {one.total:,} examples, {labels} ({train:,} for training, "
            f"{validation:,} for validation, {test:,} for the test)."
        )
    classes = f"{len(found.classes)} classes: {some(found.classes)}."
    return " ".join([*parts, f"They are {found.inputs}, of {classes}", *found.notes])


def examples(pair: DomainPair, n: Whole = 8) -> tuple[Tensor, Tensor]:
    """The first ``n`` training images of the source and of the target, uint8 [n, H, W, 3] each (of
    a table rows, float32 [n, d]); fewer where there are fewer."""
    most = checked_whole(n, "n", 1)
    return pair.source.train.images[:most].cpu(), pair.target.train.images[:most].cpu()


def examples_picture(pair: DomainPair, columns: Whole = 6) -> Image.Image:
    """Some training examples as one picture: a row a class, the source's to the left and the
    target's to the right, whose order is that of the data where it has no labels.

    Raises :class:`DataError` for a table.
    """
    columns, size = checked_whole(columns, "columns", 1, 100), pair.inputs.size
    if size is None:
        raise DataError(f"There are {pair.inputs.text}, of which there is no picture.")
    height, width = size
    rows = min(pair.classes, MOST_ROWS)
    step, line, gap = width + 4, height + 20, 24
    sheet = Image.new("RGB", (2 * columns * step + gap, rows * line + 20), "white")
    pen = ImageDraw.Draw(sheet)
    for side, domain in enumerate((pair.source, pair.target)):
        left = side * (columns * step + gap)
        pen.text((left + 2, 4), domain.name, "black")
        for row in range(rows):
            labelled = domain.train.labelled > 0
            own = (domain.train.labels == row).nonzero()[:, 0] if labelled else None
            start = row * columns
            chosen = range(start, start + columns) if own is None else own.tolist()
            top = 20 + row * line
            pen.text((left + 2, top), pair.class_names[row] if labelled else "no label", "black")
            for column, k in enumerate(chosen[:columns]):
                if k < len(domain.train):
                    image = Image.fromarray(domain.train.images[k].cpu().numpy())
                    sheet.paste(image, (left + column * step, top + 14))
    return sheet
