"""What lesson 08 looks at: examples, counts, what networks leave in doubt, how they are judged."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from statistics import mean, stdev
from typing import Literal

import torch
from IPython.display import HTML
from torch import Tensor

from dann_core.criteria import prediction_entropy
from dann_core.datasets import about
from dann_core.domains import DomainPair
from dann_core.evaluation import features, predict
from dann_core.probe import LEAST, domain_probe
from dann_core.selection import RULES, Scores, best, choose
from dann_core.training import Trainer
from dann_lab.figures import curves
from dann_lab.figures.encoding import image_url
from dann_lab.figures.sentences import percent
from dann_lab.lessons.sealed import Envelope
from dann_lab.lessons.table import html_table
from dann_lab.lessons.upload import OwnFolders
from dann_lab.live.dashboard import Dashboard
from dann_lab.live.session import Session
from dann_lab.live.settings import OWN, Settings
from dann_lab.widgets.base import Plot

Networks = Mapping[str, Sequence[Trainer]]
"""Trained networks of one pair: by the name of a method one for each seed."""
SHOWN = 12
"""The pictures of each domain that are shown."""
METHODS: dict[str, dict[str, str | float]] = {
    "source only": {"mode": "source"},
    "lambda 0": {"lambda_": 0.0},
    "DANN": {},
}
"""What is compared: by its name how a recipe is changed."""


@dataclass(frozen=True, repr=False)
class Table:
    """Rows below ``heads``, the first cell of each its name, and sentences below. Shows itself as a
    table in a notebook and as lines elsewhere."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sentences: tuple[str, ...] = ()
    align: Literal["left", "right"] = "right"
    """Where what stands behind the names is written: numbers to the right."""

    def __repr__(self) -> str:
        lines = ["\t".join(row) for row in (self.heads, *self.rows)]
        return "\n".join([*lines, *self.sentences])

    def _repr_html_(self) -> str:
        return html_table(self.heads, self.rows, self.sentences, self.align)


# Look and check


def look(pair: DomainPair) -> HTML:
    """Some training examples of both domains side by side, and how many there are, as sentences.
    Of a table, which has no pictures, the sentences alone."""
    found = about.about(pair)
    sentence = f"<p>{html.escape(about.sentence(replace(found, notes=())))}</p>"
    if pair.inputs.size is None:
        return HTML(sentence)
    sides = []
    for role, domain, images in zip(
        ("Source", "Target"), (pair.source, pair.target), about.examples(pair, SHOWN), strict=True
    ):
        name = f"{role}: {html.escape(domain.name)}"
        cells = "".join(
            f'<img src="{image_url(image)}" alt="{role.lower()}, example {k}" '
            'style="width:100%;aspect-ratio:1;image-rendering:pixelated;border-radius:3px">'
            for k, image in enumerate(images.numpy(), 1)
        )
        sides.append(
            f'<figure style="margin:0"><figcaption>{name}</figcaption>'
            '<div style="display:grid;gap:4px;'
            f'grid-template-columns:repeat(6,minmax(0,1fr))">{cells}</div></figure>'
        )
    return HTML(
        '<div style="display:grid;gap:18px;max-width:760px;'
        'grid-template-columns:repeat(auto-fit,minmax(min(280px,100%),1fr))">'
        f"{''.join(sides)}</div>{sentence}"
    )


def check(pair: DomainPair) -> Table:
    """How many examples of each class either domain has, with its share, and what is worth knowing;
    "?" where there are no labels."""
    found = about.about(pair)
    domains = (found.source, found.target)
    rows = [
        (name, *(_count(one.by_class[k], sum(one.by_class)) for one in domains))
        for k, name in enumerate(found.classes)
    ]
    rows.append(("all", *(f"{one.total:,}" for one in domains)))
    heads = ("class", *(f"{role}: {one.name}" for role, one in zip(_ROLES, domains, strict=True)))
    return Table(heads, tuple(rows), found.notes)


_ROLES = ("source", "target")


def _count(n: int, of: int) -> str:
    return f"{n:,} ({percent(n / of)})" if of else "?"


# Train


def live(folders: OwnFolders, size: int, steps: int) -> Dashboard:
    """The live page with a DANN on these folders, its pictures read with ``size`` pixels, which
    trains for ``steps`` steps once somebody presses Train."""
    where = {"source": str(folders.source), "target": str(folders.target), "size": size}
    session = Session(Settings().changed(pair=OWN, steps=steps, **where))
    return Dashboard(session, parts=("network", "losses", "accuracies"))


# Doubt


@dataclass(frozen=True, eq=False)
class Doubts:
    """What can be seen of one network without a label of the target, on test examples.

    ``source``: accuracy there, 0 to 1. ``domain``: that of its own domain classifier, NaN where
    there is none. ``distance``: the proxy A-distance that a fresh probe finds on its logits, NaN
    where there are too few examples. ``entropy``: mean of the target's predictions, in nats.
    ``confidence``: mean probability of the chosen class there. ``said``: int64 [N], those classes.
    """

    source: float
    domain: float
    distance: float
    entropy: float
    confidence: float
    said: Tensor


def doubts_of(network: Trainer) -> Doubts:
    """See :class:`Doubts`. ``network`` has been evaluated."""
    pair, last = network.pair, network.history.evaluations[-1]
    found = predict(network.model, pair, pair.target.test.images)
    return Doubts(
        last.source_accuracy,
        last.domain_accuracy,
        _distance(network),
        prediction_entropy(found.probabilities.cpu()),
        float(found.confidence.mean()),
        found.labels.cpu(),
    )


def _distance(network: Trainer) -> float:
    """Of the logits, as many test examples of each domain as the smaller one has."""
    pair, model = network.pair, network.model
    n = min(len(domain.test) for domain in (pair.source, pair.target))
    if n < LEAST:
        return math.nan
    with torch.no_grad():
        logits = [
            model.label_predictor(features(model, pair, domain.test.images[:n]))
            for domain in (pair.source, pair.target)
        ]
    return domain_probe(*logits).a_distance


def agreement(found: Sequence[Doubts]) -> float:
    """Of two networks that differ in their seed the share of target examples on which both say the
    same class, 0 to 1, as a mean over all pairs of them; NaN for a single network."""
    pairs = list(combinations(found, 2))
    if not pairs:
        return math.nan
    return mean(float((a.said == b.said).float().mean()) for a, b in pairs)


def doubts(networks: Networks) -> Table:
    """What can be seen of networks without labels of the target: a row a method."""
    names: dict[str, Callable[[Doubts], float]] = {
        "source right": lambda one: one.source,
        "own domain classifier right": lambda one: one.domain,
        "proxy A-distance, logits": lambda one: one.distance,
        "entropy, nats": lambda one: one.entropy,
        "confidence": lambda one: one.confidence,
    }
    rows = []
    for method, those in networks.items():
        found = [doubts_of(network) for network in those]
        cells = [_with_spread([value(one) for one in found]) for value in names.values()]
        rows.append((method, *cells, f"{agreement(found):.2f}" if len(found) > 1 else "–"))
    seeds = len(next(iter(networks.values())))
    sentence = (
        f"Mean ± standard deviation over {seeds} seeds, on test examples; no label of the target "
        "was looked at. Agreement: two seeds say the same of so many target pictures."
    )
    return Table(("method", *names, "agreement of seeds"), tuple(rows), (sentence,))


def _with_spread(values: Sequence[float]) -> str:
    if any(map(math.isnan, values)):
        return "–"
    spread = f" ± {stdev(values):.2f}" if len(values) > 1 else ""
    return f"{mean(values):.2f}{spread}"


# Choose and judge


def each(networks: Networks) -> Iterator[tuple[str, Trainer]]:
    """All of them, with a name that says method and seed."""
    for method, those in networks.items():
        for network in those:
            yield f"{method}, seed {network.recipe.seed}", network


@dataclass(frozen=True, repr=False)
class Choices(Table):
    """What each rule chooses. ``chosen``: by the rule's name that of a network."""

    chosen: Mapping[str, str] = field(default_factory=dict)


def choices(networks: Networks, found: Sequence[Scores]) -> Choices:
    """Which network each of :data:`dann_core.selection.RULES` chooses.

    ``found``: the scores of all networks, in the order of :func:`each`. A rule that gives no number
    for any is left out.
    """
    names = [name for name, _ in each(networks)]
    chosen, rows = {}, []
    for rule, what in RULES.items():
        alike = best(found, rule)
        if alike:
            chosen[rule] = names[choose(found, rule)]
            others = f"{len(alike) - 1} more" if len(alike) > 1 else "none"
            rows.append((rule, what.text, chosen[rule], others))
    heads = ("rule", f"looks at, of {len(names)} networks", "chooses", "alike")
    sentence = "Where several are alike to the last digit, the first of them is taken."
    return Choices(heads, tuple(rows), (sentence,), "left", chosen)


def open_envelope(
    envelope: Envelope, networks: Networks, choices: Choices | None = None
) -> Plot | Table:
    """How much of the target each method got right, over its seeds; and, with ``choices``, the
    network that each rule chose. Where the envelope is empty, what to do about it."""
    if not envelope:
        advice = (
            "The envelope is empty: nobody has labelled this target, so no figure can be opened.",
            "Label fifty of its pictures, put them into class folders, and give that folder as the "
            "target of another zip.",
        )
        return Table(("target", "right"), (("all", "?"),), advice)
    right = {name: envelope.judge(network).accuracy for name, network in each(networks)}
    of_method = {
        method: [right[f"{method}, seed {one.recipe.seed}"] for one in those]
        for method, those in networks.items()
    }
    rows = [_row(method, values) for method, values in of_method.items()]
    parts = [f"{method} {percent(mean(values))}" for method, values in of_method.items()]
    chosen = choices.chosen if choices else {}
    picked = [f"{rule} {percent(right[name])}" for rule, name in chosen.items()]
    sentence = (
        f"Right on {len(envelope)} labelled test pictures of the target, mean over seeds: "
        f"{', '.join(parts)}. The bar is the standard deviation."
    )
    if picked:
        most = max(right, key=lambda name: right[name])
        sentence += (
            f" The rules' choices: {', '.join(picked)}; the best of all, which only labels find, "
            f"is {most} with {percent(right[most])}."
        )
    return Plot(lambda theme: curves.ranges(rows, theme), "The envelope is open", sentence)


def _row(text: str, values: Sequence[float]) -> dict[str, object]:
    spread = stdev(values) if len(values) > 1 else 0.0
    return {"text": text, "target": {"mean": mean(values), "std": spread}}
