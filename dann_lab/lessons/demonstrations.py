"""The lessons' explorable pictures, each made by one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dann_core.datasets import stripes
from dann_core.domains import DomainPair
from dann_core.errors import DannError
from dann_core.evaluation import features, predict
from dann_core.history import History
from dann_core.networks import Network
from dann_core.probe import Probe, domain_probe
from dann_core.recipe import Recipe
from dann_core.schedules import paper_lambda
from dann_core.training import Trainer
from dann_lab.figures import curves
from dann_lab.figures import feature_maps as map_pictures
from dann_lab.figures import images as image_pictures
from dann_lab.figures.sentences import NAMES_OF_MAPS, percent
from dann_lab.figures.theme import Figure, Theme
from dann_lab.lessons.networks import finish
from dann_lab.lessons.yours import Step, your_trainer
from dann_lab.live.dashboard import Dashboard
from dann_lab.live.session import Session
from dann_lab.live.settings import Settings
from dann_lab.maps import layouts, points, still
from dann_lab.measured import results
from dann_lab.widgets.base import Plot
from dann_lab.widgets.explore import Choice, Explore, Slider

NAMES_OF_MODES = {"source": "source only", "dann": "DANN", "target": "target only"}
"""How lesson 03 calls its networks."""
MAPS: dict[str, Callable[[Tensor], points.Floats]] = {
    "PCA": still.pca,
    "t-SNE": still.tsne,
    "UMAP": still.umap,
}


def pixel_mean_picture(pair: DomainPair) -> Plot:
    """The mean pixel of each domain and of both together."""
    sentence = image_pictures.about_pixel_means(pair)
    return Plot(lambda theme: image_pictures.pixel_means(pair, theme), "The mean pixel", sentence)


def confusions(network: Trainer) -> Explore:
    """Which test digits ``network`` takes for which, in the domain of choice."""
    pair = network.pair
    tests = {"source": pair.source.test, "target": pair.target.test}
    said = {name: predict(network.model, pair, test.images).labels for name, test in tests.items()}

    def draw(theme: Theme, domain: str) -> tuple[Figure, str]:
        labels = tests[domain].labels, said[domain]
        sentence = image_pictures.about_confusion(*labels)
        return image_pictures.confusion(*labels, theme), sentence

    knobs = {"domain": Choice({"source": "source", "target": "target"}, "source", "Test images")}
    return Explore(draw, knobs, "Which digit is taken for which")


def fading_in(pair: DomainPair) -> dict[int, Tensor]:
    """The source's test images behind stripes, by what the brightest line adds to a pixel: 0 to
    what it is in the target of the pair "stripes", whose test images are the last of them.

    uint8 [N, 28, 28, 3] each. Of any pair whose source has images of 28x28 pixels.
    """
    images = pair.source.test.images
    digits = images.cpu().numpy()
    # Those of the target's test images, as stripes.py draws them.
    seed = 2 * int(pair.build.get("seed", 0)) + 1
    lights = [round(stripes.LIGHT * k / 6) for k in range(7)]
    behind = {light: stripes.behind_stripes(digits, seed, light) for light in lights}
    return {light: torch.from_numpy(each).to(images.device) for light, each in behind.items()}


def by_light(networks: Mapping[str, Trainer], digit: int = 3) -> Plot:
    """How many of the source's test digits each network reads behind stripes that fade in, until
    they are as bright as the target's; and how a ``digit`` (0 to 9) looks there.

    ``networks``: name -> a trained network, up to three, all of one pair.
    """
    pair = next(iter(networks.values())).pair
    behind, labels = fading_in(pair), pair.source.test.labels
    right = {
        name: [
            float((predict(network.model, pair, images).labels == labels).float().mean())
            for images in behind.values()
        ]
        for name, network in networks.items()
    }
    shown = torch.stack([images[labels == digit][0] for images in behind.values()])
    return Plot(
        lambda theme: image_pictures.accuracy_by_light(list(behind), right, shown, theme),
        "Test digits behind stripes that fade in",
        image_pictures.about_light(list(behind), right, len(labels)),
    )


def pixel_map(pair: DomainPair, images: int = 200) -> Plot:
    """PCA of the raw pixels of ``images`` test images of each domain."""
    examples = pair.test_examples(images)
    labels, domains = examples.labels, examples.domains
    positions = still.pca(examples.images.flatten(1).float())
    sentence = map_pictures.about_map(positions, labels, domains)
    return Plot(
        lambda theme: map_pictures.scatter_map(positions, labels, domains, theme),
        "Both domains in pixel space (PCA)",
        sentence,
    )


def feature_maps(networks: Mapping[str, Trainer], images: int = 200) -> Explore:
    """Maps of each network's features, with its accuracy and the probe's word in the sentence.

    ``networks``: name -> a trained network, all of one pair. ``images``: of each domain's test
    set. A map is made when it is first asked for, and kept.
    """
    found = {name: _features(network, images) for name, network in networks.items()}
    probes = {name: probe(network) for name, network in networks.items()}

    @cache
    def positions(network: str, map_: str) -> points.Floats:
        return MAPS[map_](found[network][0])

    def draw(theme: Theme, network: str, map_: str) -> tuple[Figure, str]:
        _, labels, domains = found[network]
        at = positions(network, map_)
        evaluation = networks[network].history.evaluations[-1]
        sentence = (
            f"{map_pictures.about_map(at, labels, domains)} Beside the map: "
            f"{percent(evaluation.target_accuracy)} of the target is right, and a fresh probe "
            f"finds the proxy A-distance {probes[network].a_distance:.2f} "
            f"± {probes[network].uncertainty:.2f}."
        )
        return map_pictures.scatter_map(at, labels, domains, theme), sentence

    first = next(iter(networks))
    knobs = {
        "network": Choice({name: name for name in networks}, first, "Network"),
        "map_": Choice(NAMES_OF_MAPS, "PCA", "Map"),
    }
    return Explore(draw, knobs, "Features of the test images")


def misleading_maps(network: Trainer, images: int = 200) -> Explore:
    """t-SNE of one and the same data, with the perplexity and the start to choose, and of noise."""
    values, labels, domains = _features(network, images)
    noise = np.random.default_rng(0).normal(size=(len(values), layouts.KEPT)).astype(np.float32)
    data: dict[str, Any] = {"features": values.cpu().numpy(), "noise": noise}

    @cache
    def positions(source: str, perplexity: int, start: int) -> points.Floats:
        return still.tsne(data[source], seed=start, perplexity=perplexity, random_start=start > 0)

    def draw(theme: Theme, source: str, perplexity: int, start: int) -> tuple[Figure, str]:
        at = positions(source, perplexity, start)
        agreeing = map_pictures.agreeing_neighbours(at, data[source], labels)
        sentence = (
            f"{map_pictures.about_map(at, labels, domains)} For {agreeing} of 10 digits the "
            "digit nearest to it on the map is also the nearest one in the data."
        )
        return map_pictures.scatter_map(at, labels, domains, theme), sentence

    knobs = {
        "source": Choice(
            {"features": "the network's features", "noise": "noise, with labels at random"},
            "features",
            "Data",
        ),
        "perplexity": Choice({p: str(p) for p in (2, 5, 30, 100)}, 30, "Perplexity"),
        "start": Choice(
            {0: "from PCA", 1: "at random, seed 1", 2: "at random, seed 2"}, 0, "Start"
        ),
    }
    return Explore(draw, knobs, "The same points, other t-SNE maps")


def distances(probes: Mapping[str, Probe]) -> Plot:
    """The proxy A-distances of some probes beside one another."""
    sentence = map_pictures.about_distances(probes)
    return Plot(
        lambda theme: map_pictures.distances(probes, theme),
        "How far apart are the domains?",
        sentence,
    )


def probe(network: Trainer) -> Probe:
    """The domain probe on the features of all test images of ``network``'s pair."""
    source, target = _on_the_way(network)["features"]
    return domain_probe(source, target)


def same_digit_nearby(network: Trainer, images: int = 200, neighbours: int = 10) -> float:
    """Of a target test image's nearest target images, by distance in the features, the share that
    shows the same digit, 0 to 1. ``images``: of the test set, more than ``neighbours``."""
    test = network.pair.target.test.first(images)
    found = features(network.model, network.pair, test.images)
    apart = torch.cdist(found, found).fill_diagonal_(torch.inf)
    nearest = apart.topk(neighbours, largest=False).indices
    return float((test.labels[nearest] == test.labels[:, None]).float().mean())


def probes_on_the_way(network: Trainer) -> dict[str, Probe]:
    """The domain probe on what the test images become in ``network``: on their features, in the
    label predictor's first hidden layer, and on its logits, by these names."""
    ways = _on_the_way(network).items()
    return {name: domain_probe(source, target) for name, (source, target) in ways}


def label_logits(network: Trainer) -> tuple[Tensor, Tensor]:
    """float32 [N, classes] of all test images, the source's and the target's."""
    return _on_the_way(network)["logits"]


def _on_the_way(network: Trainer) -> dict[str, tuple[Tensor, Tensor]]:
    pair, head = network.pair, network.model.label_predictor
    linear, relu, *_ = head.children()
    with torch.no_grad():
        source, target = (
            features(network.model, pair, domain.test.images)
            for domain in (pair.source, pair.target)
        )
        return {
            "features": (source, target),
            "first hidden layer": (relu(linear(source)), relu(linear(target))),
            "logits": (head(source), head(target)),
        }


def _features(network: Trainer, images: int) -> tuple[Tensor, Tensor, Tensor]:
    examples = network.pair.test_examples(images)
    found = features(network.model, network.pair, examples.images)
    return found, examples.labels, examples.domains


def bend_schedules() -> Explore:
    """Both schedules, with a slider for each of their constants."""

    def draw(theme: Theme, gamma: float, alpha: float, beta: float) -> tuple[Figure, str]:
        half = next((p / 100 for p in range(101) if paper_lambda(p / 100, gamma) >= 0.5), None)
        reached = "never reaches 0.5" if half is None else f"reaches 0.5 at {half:.0%} of the run"
        last = 0.01 / (1 + alpha) ** beta
        sentence = (
            f"With gamma {gamma:g} lambda {reached} and ends at {paper_lambda(1, gamma):.2f}. "
            f"The learning rate falls from 0.01 to {last:.4f}."
        )
        return curves.schedules(theme, gamma, alpha, beta), sentence

    knobs = {
        "gamma": Slider(0.5, 30.0, 0.5, 10.0, "gamma, of lambda"),
        "alpha": Slider(0.0, 30.0, 1.0, 10.0, "alpha, of the learning rate"),
        "beta": Slider(0.0, 2.0, 0.05, 0.75, "beta, of the learning rate"),
    }
    return Explore(draw, knobs, "Lambda and the learning rate over a run")


def compare_runs(
    networks: Mapping[str, Trainer], recorded: Mapping[str, Any] | None = None
) -> Plot:
    """Target accuracy of several finished runs in one picture.

    ``recorded``: by the runs' names, what other seeds gave, drawn as a band behind each run:
    ``steps``, and ``low`` and ``high`` there. See :func:`recorded_curves`.
    """
    runs = {name: trainer.history for name, trainer in networks.items()}
    bands = {name: _band(band) for name, band in (recorded or {}).items()}
    sentence = f"Right on the target at the end: {', '.join(_ends(runs, recorded or {}))}."
    return Plot(lambda theme: curves.compare(runs, theme, bands), "On the target", sentence)


def yours_beside(
    networks: Mapping[str, Trainer],
    recipe: Recipe,
    step: Step | None = None,
    reversal: Any = None,
    network: Network | None = None,
) -> Plot | None:
    """Train what a learner has written, on the data of ``networks``, and draw it beside them.

    Where that fails, say what is to be mended, and draw nothing. See
    :func:`dann_lab.lessons.yours.your_trainer`.
    """
    pair = next(iter(networks.values())).pair
    try:
        yours = your_trainer(pair, recipe, step=step, reversal=reversal, network=network)
        finish(yours, "yours")
    except DannError as error:
        what = str(error).rstrip(".")
        print(f"Nothing to draw yet. {what}. Mend it, then run its cell and this one again.")
        return None
    return compare_runs({"yours": yours, **networks})


def _band(recorded: Mapping[str, Any]) -> curves.Band:
    steps, low, high = (np.array(recorded[key], np.float32) for key in ("steps", "low", "high"))
    return steps, low, high


def _ends(runs: Mapping[str, History], recorded: Mapping[str, Any]) -> Iterator[str]:
    for name, history in runs.items():
        last = history.evaluations[-1]
        reached, source = percent(last.target_accuracy), percent(last.source_accuracy)
        text = f"{name} {reached} (source {source}"
        if name in recorded:
            low, high = (percent(recorded[name][end][-1]) for end in ("low", "high"))
            text += f"; five recorded seeds {low} to {high}"
        yield f"{text})"


def recorded_curves() -> dict[str, Any]:
    """What five seeds of each of lesson 03's networks gave, for :func:`compare_runs`."""
    curves_of = results("lessons")["curves"]
    return {NAMES_OF_MODES[mode]: curve for mode, curve in curves_of.items()}


def _told(row: Mapping[str, Any]) -> str:
    return f"{row['text']} {row['target']['mean']:.3f} ± {row['target']['std']:.3f}"


NAMES_OF_PAIRS = {"mnist": "MNIST → MNIST-M", "stripes": "digits → digits behind stripes"}
"""The pairs on which each part of "quick" was measured."""


def worth() -> Explore:
    """Target accuracy of "quick" with one thing changed at a time, on either pair; and of what was
    tried and left out."""
    data = results("ablation")

    def draw(theme: Theme, pair: str, what: str) -> tuple[Figure, str]:
        rows = [row | row[pair] for row in data[what].values()]
        if what == "left_out":
            rows.insert(0, data["variants"]["quick"] | data["variants"]["quick"][pair])
        sentence = (
            f"Right on the target after {data['steps'][pair]:,} steps, mean and standard deviation "
            f"over {len(data['seeds'])} seeds: {'; '.join(map(_told, rows))}."
        )
        return curves.ranges(rows, theme), sentence

    knobs = {
        "pair": Choice(NAMES_OF_PAIRS, "mnist", "Pair"),
        "what": Choice(
            {"variants": "one part taken away", "left_out": "one part added"},
            "variants",
            "Beside quick",
        ),
    }
    return Explore(draw, knobs, "What each part is worth")


NAMES_OF_CURVES = {
    "target": "right on the target",
    "source": "right on the source",
    "domain": "domain accuracy",
    "doubt": "doubt on the target, in nats",
}


AS_IT_IS = "quick, mean of three"


def open_runs() -> Explore:
    """The recorded runs behind :func:`worth`, step by step: three seeds of one variant of "quick",
    and behind them the mean, the least and the most of the three of "quick" as it is."""
    data = results("parts")

    def draw(theme: Theme, pair: str, part: str, curve: str) -> tuple[Figure, str]:
        steps = np.array(data[pair]["steps"], np.float32)
        runs = data[pair][part]["runs"]
        usual = np.array([run[curve] for run in data[pair]["quick"]["runs"]], np.float32)
        lines = {
            f"seed {run['seed']}": (steps, np.array(run[curve], np.float32))
            for run in runs
            if run[curve][-1] is not None
        }
        bands = {}
        if lines and part != "quick":
            lines[AS_IT_IS] = (steps, usual.mean(axis=0))
            bands[AS_IT_IS] = (steps, usual.min(axis=0), usual.max(axis=0))
        share = curve != "doubt"
        figure = curves.overlay(lines, NAMES_OF_CURVES[curve], theme, share=share, bands=bands)
        return figure, _about_runs(data[pair][part]["text"], curve, runs, usual)

    variants = {name: row["text"] for name, row in data["stripes"].items() if name != "steps"}
    knobs = {
        "pair": Choice({name: NAMES_OF_PAIRS[name] for name in data}, "stripes", "Pair"),
        "part": Choice(variants, "no-inversion", "Runs"),
        "curve": Choice(NAMES_OF_CURVES, "target", "Curve"),
    }
    return Explore(draw, knobs, "The runs behind the picture")


def _about_runs(text: str, curve: str, runs: list[dict[str, Any]], usual: points.Floats) -> str:
    ends, row = [run[curve][-1] for run in runs], f"{text[0].upper()}{text[1:]}"
    if None in ends:
        return f"{row}: there is no domain classifier."

    def told(value: float) -> str:
        return f"{value:.2f}" if curve == "doubt" else percent(value)

    low, high = (told(float(end(usual[:, -1]))) for end in (np.min, np.max))
    return (
        f"{row}, {NAMES_OF_CURVES[curve]} at the end: "
        f"{', '.join(map(told, ends))}. The three runs of quick as it is ended at {low} to {high}."
    )


def ways_to_choose() -> Plot:
    """Target accuracy of the checkpoint that each rule keeps."""
    data = results("ablation")
    rows = list(data["checkpoints"].values())
    sentence = (
        f"Right on the target at the checkpoint with {'; '.join(map(_told, rows))} "
        f"({len(data['seeds'])} runs of quick, a checkpoint every 100 steps)."
    )
    return Plot(lambda theme: curves.ranges(rows, theme), "Which checkpoint to keep", sentence)


@cache
def _lesson_session() -> Session:
    return Session(Settings().changed(preset="deep"))


def live_map(method: str = "t-SNE") -> Dashboard:
    """Lesson 04's DANN (stripes, deep, 800 steps) with a map that follows its training."""
    session = _lesson_session()
    session.choose_map(method)
    return Dashboard(session, parts=("network", "accuracies", "map"))
