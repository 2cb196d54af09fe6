"""What is going on, in sentences: one for the whole run, one beside each picture.

Pure functions of a history, so that a screen reader, a saved page and a test read the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dann_core.domains import UNKNOWN
from dann_core.history import Evaluation, History, Mark
from dann_core.moons import Form, Pushes
from dann_core.probe import Probe
from dann_core.recipe import Recipe
from dann_core.snapshots import UNKNOWN_BYTE, Snapshot
from dann_lab.figures.judgement import (
    DISTANCES,
    LN2,
    RECENT,
    Standing,
    is_distance,
    number,
    part_of,
    recent,
)

GETTING_READY = "Getting ready."
NAMES_OF_MAPS = {"PCA": "PCA", "t-SNE": "t-SNE", "UMAP": "UMAP (takes some seconds at first)"}
NAMES_OF_METHODS = {
    "dann": "DANN",
    "cdan": "CDAN",
    "cdan+e": "CDAN+E",
    "coral": "CORAL",
    "mmd": "MMD",
}
START_AGAIN = "Press Reset to start again."
LOOKS_MIXED, LOOKS_APART = 0.7, 0.3
"""The bounds of a map's mixing, where 1 is mixed and 0 apart; between the two an eye may see
either."""
STILL_TELLS, CANNOT_TELL = 1.0, 0.7
"""The bounds of a probe's A-distance: 1 is right on three images in four, 0.7 on two in three
(0.675)."""
FOLLOWED, NEAR, MOSTLY = 0.7, 0.05, 0.15
"""The target has followed the source where the source is better than the first and the target is
worse by less than the second, and most of the way where it is worse by less than the third."""
DOUBT = 2
"""The number of standard errors by which a probe has to be past a bound: about 95 % sure."""


def percent(value: float) -> str:
    """Of a share, "–" where nobody knows it."""
    return "–" if math.isnan(value) else f"{100 * value:.0f} %"


def about_losses(history: History, recipe: Recipe, button: str = "Train") -> str:
    """Beside the losses. ``button``: what begins the training."""
    if not len(history):
        return f"No losses yet. Press {button}."
    text = f"Label loss {number(recent(history, 'label_loss'))}"
    if recipe.mode != "dann":
        return f"{text}{_means(history)}. There is no domain classifier in this mode."
    domain = recent(history, "domain_loss")
    if is_distance(history):
        return f"{text}, {_distance(recipe)} {domain:.2g}, which is to shrink{_means(history)}."
    if domain > 1.15 * LN2:
        meaning = "above ln 2 = 0.69: worse than guessing"
    elif domain > 0.85 * LN2:
        meaning = "close to ln 2 = 0.69, which is what guessing gives"
    else:
        meaning = "below ln 2 = 0.69: better than guessing"
    return f"{text}, domain loss {number(domain)}, {meaning}{_means(history)}."


def _distance(recipe: Recipe) -> str:
    """What a method without a domain classifier makes smaller."""
    if recipe.method not in DISTANCES:  # somebody's own
        return "the distance between the domains"
    return f"{NAMES_OF_METHODS[recipe.method]}'s distance between the domains"


def _means(history: History) -> str:
    """What a number of a noisy curve is the mean of, since the curve beside it ends elsewhere."""
    steps = min(RECENT, len(history))
    return f" (mean of the last {steps} steps)" if steps > 1 else ""


def looked_at(evaluation: Evaluation, examples: str = "images") -> str:
    """How many test examples an evaluation is of."""
    source, target = evaluation.looked_at
    if source == target:
        return f"{target:,} test {examples} of each domain"
    return f"{source:,} test {examples} of the source and {target:,} of the target"


def about_accuracies(history: History, recipe: Recipe, examples: str = "images") -> str:
    """Beside the accuracies. ``examples``: what the network sees."""
    if not history.evaluations:
        return f"No test {examples} looked at yet."
    last = history.evaluations[-1]
    text = (
        f"On {looked_at(last, examples)}, after step {last.step:,}: "
        f"{_right_of_both(last.source_accuracy, last.target_accuracy)}"
    )
    if math.isnan(last.domain_accuracy):
        return text + "."
    return f"{text}; domain classifier {percent(last.domain_accuracy)} (50 % is guessing)."


def _right_of_both(source: float, target: float) -> str:
    """Two accuracies in words, without a full stop; NaN where no label is known."""
    known = {"source": source, "target": target}
    right = [f"{name} {percent(x)}" for name, x in known.items() if not math.isnan(x)]
    unknown = [name for name, x in known.items() if math.isnan(x)]
    parts = [f"{', '.join(right)} right"] if right else []
    if unknown:
        parts.append(f"{' and '.join(unknown)} unknown, for there are no labels")
    return "; ".join(parts)


def about_lambda(history: History, recipe: Recipe) -> str:
    """Beside lambda."""
    if recipe.mode != "dann":
        return "Lambda plays no part in this mode: nothing is reversed."
    if not len(history):
        return "Lambda has not been applied yet."
    by_hand = sum(mark.kind in ("by_hand", "schedule") for mark in history.marks)
    text = f"Lambda {number(history[-1].lambda_)} at step {len(history):,}"
    if by_hand:
        return f"{text}; changed by hand {by_hand} time{'s' if by_hand > 1 else ''}."
    return f"{text}."


def about_mark(mark: Mark) -> str:
    """What a person did, beside the curve of lambda, in a table and in a journal."""
    if mark.kind == "by_hand":
        return f"lambda: {number(float(mark.value or 0))} by hand"
    if mark.kind == "replay":
        return f"lambda: replays run {mark.value:g}"
    if mark.kind == "more":
        return f"{mark.value:,} more steps: lambda stays, the learning rate makes a small wave"
    if mark.kind == "branch":
        return f"branch: {mark.value or 'the recipe stays'}"
    return _ACTS[mark.kind] if mark.kind in _ACTS else f"{_BEFORE[mark.kind]}{mark.value}"


_ACTS: dict[str, str] = {
    "schedule": "lambda: the paper's schedule",
    "train": "train",
    "pause": "pause",
    "step": "one step",
    "reset": "reset",
}
_BEFORE = {"note": "", "settings": "begun: ", "part": "moves: "}
"""What stands before the value of a mark."""


def about_gradients(history: History, recipe: Recipe) -> str:
    """Beside the gradient norms."""
    if not len(history):
        return "No gradients yet."
    label = recent(history, "label_gradient")
    if recipe.mode != "dann":
        return f"At the features the label gradient has norm {label:.2g}{_means(history)}."
    before, after = (recent(history, f"domain_gradient_{side}") for side in ("before", "after"))
    share = f", {after / label:.1f} times the label gradient" if label else ""
    if is_distance(history):
        return (
            f"At the features: label gradient {label:.2g}; gradient of {_distance(recipe)} "
            f"{before:.2g}, and {after:.2g} when it is taken lambda times{share}{_means(history)}."
        )
    return (
        f"At the features: label gradient {label:.2g}; domain gradient {before:.2g}, turned round "
        f"and {after:.2g} after the reversal{share}{_means(history)}."
    )


@dataclass(frozen=True)
class Answers:
    """What a network says of ``shown`` examples, of which ``labelled`` have a label and ``right``
    are right; ``sure``: the mean probability that it gives its answers, 0 to 1, NaN of none."""

    shown: int
    labelled: int
    right: int
    sure: float

    @classmethod
    def of(
        cls,
        labels: npt.NDArray[np.integer],
        predictions: npt.NDArray[np.integer],
        confidence: npt.NDArray[np.floating],
    ) -> Answers:
        """Of examples with these labels, -1 (in a byte 255) where nobody knows it: [N] each."""
        known = (labels != UNKNOWN) & (labels != UNKNOWN_BYTE)
        right = int((labels == predictions)[known].sum())
        sure = float(confidence.astype(np.float64).mean()) if len(confidence) else math.nan
        return cls(len(labels), int(known.sum()), right, sure)

    @classmethod
    def on(cls, snapshot: Snapshot, domain: int) -> Answers:
        """Of a snapshot's images of one domain, 0 source and 1 target."""
        own = snapshot.domains == domain
        return cls.of(snapshot.labels[own], snapshot.predictions[own], snapshot.confidence[own])


def about_doubt(sure: float) -> str:
    """What can be said of answers that nobody can check, as a sentence. ``sure``: see
    :class:`Answers`."""
    return (
        f"The network gives its answers there {percent(sure)} probability on average, but to be "
        "sure is not to be right."
    )


def about_digits(source: Answers, target: Answers, what: str = "digits") -> str:
    """Beside the test examples that are shown. ``what`` they are called."""
    parts: list[str] = []
    hidden: list[tuple[str, Answers]] = []
    for name, seen in (("source", source), ("target", target)):
        if not seen.labelled:
            hidden.append((name, seen))
            continue
        among = f"{seen.shown} {name} test {what}"
        if seen.labelled < seen.shown:
            among = f"the {seen.labelled} with a label among {among}"
        parts.append(f"of {among} {seen.right}" + (" are right" if not parts else ""))
    text = ", ".join(parts)
    sentences = [f"{text[0].upper()}{text[1:]}."] if text else []
    for name, seen in hidden:
        if seen.shown:
            sentences += [f"The {name}'s {seen.shown} have no labels.", about_doubt(seen.sure)]
    if parts:
        sentences.append("Wrong ones carry a cross and a dashed frame.")
    if source.labelled + target.labelled < source.shown + target.shown:
        sentences.append("A dash stands where no label is known.")
    return " ".join(sentences)


def points(one: float, other: float) -> int:
    """From one accuracy to another, as whoever subtracts the two whole percents finds it."""
    return round(other * 100) - round(one * 100)


def about_run(
    history: History, recipe: Recipe, state: str, target: str, what: str = "digits"
) -> str:
    """One sentence on the whole run, and more where the target has no labels. ``target``: the
    target domain's name. ``what``: its examples are called."""
    if state == "loading":
        return GETTING_READY
    if not history.evaluations:
        return "Ready. Press Train."
    first, last = history.evaluations[0], history.evaluations[-1]
    unknown = math.isnan(last.target_accuracy)
    if not len(history):
        if unknown:
            return f"Untrained. {_no_labels(target)} Press Train."
        return (
            f"Untrained: {percent(last.target_accuracy)} right on {target}, as good as guessing. "
            "Press Train."
        )
    if recipe.mode == "source":
        learnt = f"The network sees labelled source {what} only"
    elif recipe.mode == "target":
        learnt = "The network learns from the target's own labels, which is the upper bound"
    else:
        behind = last.source_accuracy - last.target_accuracy
        if last.source_accuracy <= FOLLOWED and not unknown:
            behind = math.inf
        if is_distance(history):
            learnt = about_distance(history, recipe, behind)
        else:
            standing, lambda_ = Standing.of(history), history[-1].lambda_
            learnt = about_features(standing, lambda_, behind, part_of(history))
    if state == "past":
        learnt = f"Step {len(history):,}. {learnt}"
    done = {"finished": "Finished. ", "paused": "Paused. ", "failed": "Stopped. "}.get(state, "")
    when = "Then" if state == "past" else "Now"
    if unknown:
        return f"{done}{learnt}. {_about_unlabelled(history, target, when)}"
    reached = f"{percent(last.target_accuracy)} on {target}"
    trend = points(first.target_accuracy, last.target_accuracy)
    rise = f", {trend:+d} points since the start" if last is not first else ""
    if math.isnan(last.source_accuracy):
        return f"{done}{learnt}. {when} right: {reached}{rise}."
    level = f"{percent(last.source_accuracy)} right on the source, {reached}"
    missing = -points(last.source_accuracy, last.target_accuracy)
    gap = f"a gap of {missing} point{'s' * (missing > 1)}" if missing > 0 else "no gap"
    return f"{done}{learnt}. {when} {level}: {gap}{rise}."


def _no_labels(target: str) -> str:
    return f"{target} has no labels, so nobody knows how many answers are right there."


def _about_unlabelled(history: History, target: str, when: str) -> str:
    """How a run stands whose target has no labels: what is known without them."""
    source = history.evaluations[-1].source_accuracy
    said = [] if math.isnan(source) else [f"{when} {percent(source)} right on the source."]
    said.append(_no_labels(target))
    snapshot = history.snapshots.at(len(history))
    if snapshot is not None and (seen := Answers.on(snapshot, 1)).shown:
        said.append(about_doubt(seen.sure))
        if snapshot.probe is not None:
            said.append(f"{_capital(_about_probe(snapshot.probe))}.")
    return " ".join(said)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def about_classifier(standing: Standing) -> str:
    """How the domain classifier stands, without a full stop."""
    right, loss = percent(standing.accuracy), number(standing.loss)
    return {
        "exploded": f"The domain loss has exploded: it is {loss}, where guessing gives 0.69",
        "one answer": "The domain classifier gives one answer for everything: half of it is right, "
        f"at a loss of {loss} where guessing gives 0.69",
        "wrong": f"The domain classifier is sure and wrong: right on {right}, at a loss of {loss} "
        "where guessing gives 0.69",
        "too sure": f"The domain classifier is right on {right}, but too sure of the rest: its "
        f"loss of {loss} is above the 0.69 of guessing",
        "tells": f"The domain classifier still tells the domains apart: right on {right}",
        "hardly": f"The domain classifier can hardly tell the domains apart: right on {right}, "
        "where 50 % is guessing",
        "guesses": f"The domain classifier is right on {right}, close to guessing",
    }[standing.kind]


def about_features(standing: Standing, lambda_: float, behind: float, part: str = "both") -> str:
    """What adaptation has done to the features, without a full stop. ``behind``: by how much the
    target's accuracy is below the source's; infinite where the source is not learnt, NaN where
    there are no labels to tell it. ``part``: what learns, see
    :class:`~dann_core.training.Trainer`."""
    state = about_classifier(standing)
    if part == "domain":
        return f"{state}. The features stand still, for it alone learns"
    if part == "features" and lambda_ >= 0.05:
        return f"{state}. It stands still, and the features are pushed against it as it is"
    if standing.kind == "one answer":
        return f"{state}. So its 50 % is no sign that the features hide the domain"
    if standing.kind in ("exploded", "wrong", "too sure"):
        return state
    if lambda_ < 0.05:
        return f"{state}. The features do not hear it, for lambda is near 0"
    if not standing.hidden:
        return f"{state}. The features are pushed to hide them"
    return f"{state}: the features hide them, {_followed(behind)}"


def about_distance(history: History, recipe: Recipe, behind: float) -> str:
    """The same where a method makes a distance of the features smaller."""
    state = f"{_capital(_distance(recipe))} is {recent(history, 'domain_loss'):.2g}"
    if len(history) > RECENT:
        state = f"{state}, where it began at {history[0].domain_loss:.2g}"
    if history[-1].lambda_ < 0.05:
        return f"{state}. The features do not hear it, for lambda is near 0"
    return f"{state}. The features are pulled together, {_followed(behind)}"


def _followed(behind: float) -> str:
    if math.isnan(behind):
        return "which does not yet mean that the target has followed"
    if behind < NEAR:
        return "and the target has followed the source"
    if behind < MOSTLY:
        return "and the target has followed most of the way"
    return "but the target has not followed the source"


def who_descends(form: Form, method: str = "dann") -> list[tuple[str, str, str]]:
    """A row for each part: what it does, and how strongly, when the losses are put together so.

    (JMLR 2016, equations 13 to 15, and footnote 6.)
    """
    label = ("goes down the label loss", "in full")
    if method in DISTANCES:
        return [
            ("Label predictor", *label),
            ("Feature extractor", *label),
            ("Feature extractor", "goes down the distance", "lambda times"),
        ]
    sees = "" if method == "dann" else ", of features times class probabilities"
    classifier = {
        "reverse": ("goes down the domain loss", "in full"),
        "subtract": ("goes up the domain loss: it unlearns", "lambda times"),
        "scale": ("goes down the domain loss", "lambda times only"),
    }[form]
    return [
        ("Label predictor", *label),
        (f"Domain classifier{sees}", *classifier),
        ("Feature extractor", *label),
        ("Feature extractor", "goes up the domain loss", "lambda times"),
    ]


def about_moons(history: History, recipe: Recipe, pushes: Pushes, lambda_: float) -> str:
    """Beside the playground."""
    last = history.evaluations[-1]
    reached = (
        f"source {percent(last.source_accuracy)}, target {percent(last.target_accuracy)} right"
    )
    half = len(pushes.label) // 2
    label, turned = (
        float(push[:half].norm(dim=1).mean()) for push in (pushes.label, pushes.reversed_)
    )
    if not len(history):
        return f"Untrained: {reached}. The arrows show what the first step will do at the features."
    now = history[-1]
    # Each step sees all points, so the last one is as good as a mean, and up to date.
    if is_distance(history):
        kind, state = "distance", f"{_capital(_distance(recipe))} is {now.domain_loss:.2g}"
    else:
        one_answer = abs(now.domain_accuracy - 0.5) < 1e-6
        standing = Standing(last.domain_accuracy, now.domain_loss, one_answer)
        kind, state = "reversed", about_classifier(standing)
    if lambda_ < 0.005:
        arrows = f"Lambda is 0, so the {kind} arrows have no length"
    elif label > 0:
        arrows = f"The {kind} arrows are {turned / label:.1f} times as long as the label arrows"
    else:
        arrows = "The label arrows have no length any more"
    return f"Step {len(history):,}: {reached}. {state}. {arrows}."


def about_live_map(
    snapshot: Snapshot, neighbours: str, mixing: float = math.nan, what: str = "digits"
) -> str:
    """Beside the live map: ``neighbours`` (what the map shows), and what it does not.

    ``mixing``: of the map, see :func:`map_against_probe`; without it the two are not compared.
    ``what``: the points are called.
    """
    text = f"Step {snapshot.step:,}. {neighbours} {_right_on_the_map(snapshot, what)}"
    if snapshot.probe is None:
        return f"{text}."
    images = "images" if what == "digits" else what
    said = map_against_probe(mixing, snapshot.probe, images)
    return f"{text}; {_about_probe(snapshot.probe)}. {said}".rstrip()


def _right_on_the_map(snapshot: Snapshot, what: str) -> str:
    """How many of a map's points are right, without a full stop."""
    source, target = (Answers.on(snapshot, domain) for domain in (0, 1))
    if target.labelled:
        among = f" (of the {target.labelled} with a label)"
        partly = among if target.labelled < target.shown else ""
        return (
            f"Of the {what} on the map, source {percent(snapshot.source_accuracy)}, target "
            f"{percent(snapshot.target_accuracy)}{partly} are right"
        )
    known = (
        f"Of the {what} on the map, source {percent(snapshot.source_accuracy)} are right. "
        if source.labelled
        else ""
    )
    if not target.shown:
        return known.rstrip(". ")
    return f"{known}The target has no labels. {about_doubt(target.sure).rstrip('.')}"


def _about_probe(probe: Probe) -> str:
    """How far the domains are apart in all the features, without a full stop."""
    return (
        f"a fresh domain probe finds the proxy A-distance {probe.a_distance:.2f} "
        f"± {probe.uncertainty:.2f} (0: it cannot tell the domains apart, 2: always)"
    )


def map_against_probe(mixing: float, probe: Probe, what: str = "images") -> str:
    """Whom to believe, where a map and a probe of the same features disagree; "" where they agree.

    ``mixing``: 0 for domains apart on the map, about 1 for mixed ones (see
    :func:`dann_lab.figures.feature_maps.mixing`); NaN if nobody knows. ``what`` it has seen.
    """
    least, most = (probe.a_distance + sign * DOUBT * probe.uncertainty for sign in (-1, 1))
    right = percent(1 - probe.error)
    if mixing > LOOKS_MIXED and least > STILL_TELLS:
        return (
            "Map and probe disagree: the domains look mixed here, yet the probe tells the domain "
            f"of {right} of {what} that it has not seen. Believe the probe. It sees all the "
            "features, and a difference in some of their directions has no room in two dimensions."
        )
    if mixing < LOOKS_APART and most < CANNOT_TELL:
        return (
            "Map and probe disagree: the domains look apart here, yet the probe is right on "
            f"{right} of {what} that it has not seen, close to guessing. Believe the probe as far "
            "as straight boundaries go. The map bends space to keep neighbours together, so gaps "
            "on it can be of its own making."
        )
    return ""
