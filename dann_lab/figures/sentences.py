"""What is going on, in sentences: one for the whole run, one beside each picture.

Pure functions of a history, so that a screen reader, a saved page and a test read the same.
"""

from __future__ import annotations

import math

from dann_core.history import History, Mark
from dann_core.moons import Form, Pushes
from dann_core.probe import Probe
from dann_core.recipe import Recipe
from dann_core.snapshots import Snapshot
from dann_lab.figures.judgement import LN2, Standing, number, recent

GETTING_READY = "Getting ready."
NAMES_OF_MAPS = {"PCA": "PCA", "t-SNE": "t-SNE", "UMAP": "UMAP (takes some seconds at first)"}
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
    return f"{100 * value:.0f} %"


def about_losses(history: History, recipe: Recipe, button: str = "Train") -> str:
    """Beside the losses. ``button``: what begins the training."""
    if not len(history):
        return f"No losses yet. Press {button}."
    text = f"Label loss {number(recent(history, 'label_loss'))}"
    if recipe.mode != "dann":
        return f"{text}. There is no domain classifier in this mode."
    domain = recent(history, "domain_loss")
    if domain > 1.15 * LN2:
        meaning = "above ln 2 = 0.69: worse than guessing"
    elif domain > 0.85 * LN2:
        meaning = "close to ln 2 = 0.69, which is what guessing gives"
    else:
        meaning = "below ln 2 = 0.69: better than guessing"
    return f"{text}, domain loss {number(domain)}, {meaning}."


def about_accuracies(history: History, recipe: Recipe, examples: str = "images") -> str:
    """Beside the accuracies. ``examples``: what the network sees."""
    if not history.evaluations:
        return f"No test {examples} looked at yet."
    last = history.evaluations[-1]
    text = (
        f"On {last.images:,} test {examples} of each domain, after step {last.step:,}: "
        f"source {percent(last.source_accuracy)}, target {percent(last.target_accuracy)} right"
    )
    if math.isnan(last.domain_accuracy):
        return text + "."
    return f"{text}; domain classifier {percent(last.domain_accuracy)} (50 % is guessing)."


def about_lambda(history: History, recipe: Recipe) -> str:
    """Beside lambda."""
    if recipe.mode != "dann":
        return "Lambda plays no part in this mode: nothing is reversed."
    if not len(history):
        return "Lambda has not been applied yet."
    by_hand = sum(mark.kind in ("by_hand", "schedule") for mark in history.marks)
    text = f"Lambda {history[-1].lambda_:.2f} at step {len(history):,}"
    if by_hand:
        return f"{text}; changed by hand {by_hand} time{'s' if by_hand > 1 else ''}."
    return f"{text}."


def about_mark(mark: Mark) -> str:
    """What a person did, beside the curve of lambda and in a table."""
    if mark.kind == "by_hand":
        return f"lambda: {mark.value:.2f} by hand"
    if mark.kind == "replay":
        return f"lambda: replays run {mark.value:g}"
    return "lambda: the paper's schedule" if mark.kind == "schedule" else str(mark.value)


def about_gradients(history: History, recipe: Recipe) -> str:
    """Beside the gradient norms."""
    if not len(history):
        return "No gradients yet."
    label = recent(history, "label_gradient")
    if recipe.mode != "dann":
        return f"At the features the label gradient has norm {label:.2g}."
    before, after = (recent(history, f"domain_gradient_{side}") for side in ("before", "after"))
    share = f", {after / label:.1f} times the label gradient" if label else ""
    return (
        f"At the features: label gradient {label:.2g}; domain gradient {before:.2g}, turned round "
        f"and {after:.2g} after the reversal{share}."
    )


def about_digits(right_source: int, right_target: int, shown: int) -> str:
    """Beside the digits."""
    return (
        f"Of {shown} source test digits {right_source} are right, of {shown} target test digits "
        f"{right_target}. Wrong ones carry a cross and a dashed frame."
    )


def points(one: float, other: float) -> int:
    """From one accuracy to another, as whoever subtracts the two whole percents finds it."""
    return round(other * 100) - round(one * 100)


def about_run(history: History, recipe: Recipe, state: str, target: str) -> str:
    """One sentence on the whole run. ``target``: the target domain's name."""
    if state == "loading":
        return GETTING_READY
    if not history.evaluations:
        return "Ready. Press Train."
    first, last = history.evaluations[0], history.evaluations[-1]
    if not len(history):
        return (
            f"Untrained: {percent(last.target_accuracy)} right on {target}, as good as guessing. "
            "Press Train."
        )
    source, reached = percent(last.source_accuracy), percent(last.target_accuracy)
    level = f"{source} right on the source, {reached} on {target}"
    if recipe.mode == "source":
        learnt = "The network sees labelled source digits only"
    elif recipe.mode == "target":
        learnt = "The network learns from the target's own labels, which is the upper bound"
    else:
        standing = Standing.of(history)
        learnt_source = last.source_accuracy > FOLLOWED
        behind = last.source_accuracy - last.target_accuracy if learnt_source else math.inf
        learnt = about_features(standing, history[-1].lambda_, behind)
    if state == "past":
        learnt = f"Step {len(history):,}. {learnt}"
    done = {"finished": "Finished. ", "paused": "Paused. ", "failed": "Stopped. "}.get(state, "")
    missing = -points(last.source_accuracy, last.target_accuracy)
    gap = f"a gap of {missing} point{'s' * (missing > 1)}" if missing > 0 else "no gap"
    trend = points(first.target_accuracy, last.target_accuracy)
    rise = f", {trend:+d} points since the start" if last is not first else ""
    when = "Then" if state == "past" else "Now"
    return f"{done}{learnt}. {when} {level}: {gap}{rise}."


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


def about_features(standing: Standing, lambda_: float, behind: float) -> str:
    """What adaptation has done to the features, without a full stop. ``behind``: by how much the
    target's accuracy is below the source's; infinite where the source is not learnt."""
    state = about_classifier(standing)
    if standing.kind == "one answer":
        return f"{state}. So its 50 % is no sign that the features hide the domain"
    if standing.kind in ("exploded", "wrong", "too sure"):
        return state
    if lambda_ < 0.05:
        return f"{state}. The features do not hear it, for lambda is near 0"
    if not standing.hidden:
        return f"{state}. The features are pushed to hide them"
    if behind < NEAR:
        return f"{state}: the features hide them, and the target has followed the source"
    if behind < MOSTLY:
        return f"{state}: the features hide them, and the target has followed most of the way"
    return f"{state}: the features hide them, but the target has not followed the source"


def who_descends(form: Form) -> list[tuple[str, str, str]]:
    """A row for each part: what it does, and how strongly, when the losses are put together so.

    (JMLR 2016, equations 13 to 15, and footnote 6.)
    """
    classifier = {
        "reverse": ("goes down the domain loss", "in full"),
        "subtract": ("goes up the domain loss: it unlearns", "lambda times"),
        "scale": ("goes down the domain loss", "lambda times only"),
    }[form]
    return [
        ("Label predictor", "goes down the label loss", "in full"),
        ("Domain classifier", *classifier),
        ("Feature extractor", "goes down the label loss", "in full"),
        ("Feature extractor", "goes up the domain loss", "lambda times"),
    ]


def about_moons(history: History, pushes: Pushes, lambda_: float) -> str:
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
    state = about_classifier(
        Standing(last.domain_accuracy, now.domain_loss, abs(now.domain_accuracy - 0.5) < 1e-6)
    )
    if lambda_ < 0.005:
        arrows = "Lambda is 0, so the reversed arrows have no length"
    elif label > 0:
        arrows = f"The reversed arrows are {turned / label:.1f} times as long as the label arrows"
    else:
        arrows = "The label arrows have no length any more"
    return f"Step {len(history):,}: {reached}. {state}. {arrows}."


def about_live_map(snapshot: Snapshot, neighbours: str, mixing: float = math.nan) -> str:
    """Beside the live map: ``neighbours`` (what the map shows), and what it does not.

    ``mixing``: of the map, see :func:`map_against_probe`; without it the two are not compared.
    """
    text = (
        f"Step {snapshot.step:,}. {neighbours} Of the digits on the map, source "
        f"{percent(snapshot.source_accuracy)}, target {percent(snapshot.target_accuracy)} are right"
    )
    if snapshot.probe is None:
        return f"{text}."
    text = (
        f"{text}; a fresh domain probe finds the proxy A-distance {snapshot.probe.a_distance:.2f} "
        f"± {snapshot.probe.uncertainty:.2f} (0: it cannot tell the domains apart, 2: always)."
    )
    return f"{text} {map_against_probe(mixing, snapshot.probe)}".rstrip()


def map_against_probe(mixing: float, probe: Probe) -> str:
    """Whom to believe, where a map and a probe of the same features disagree; "" where they agree.

    ``mixing``: 0 for domains apart on the map, about 1 for mixed ones (see
    :func:`dann_lab.figures.feature_maps.mixing`); NaN if nobody knows.
    """
    least, most = (probe.a_distance + sign * DOUBT * probe.uncertainty for sign in (-1, 1))
    right = percent(1 - probe.error)
    if mixing > LOOKS_MIXED and least > STILL_TELLS:
        return (
            "Map and probe disagree: the domains look mixed here, yet the probe tells the domain "
            f"of {right} of images that it has not seen. Believe the probe. It sees all the "
            "features, and a difference in some of their directions has no room in two dimensions."
        )
    if mixing < LOOKS_APART and most < CANNOT_TELL:
        return (
            "Map and probe disagree: the domains look apart here, yet the probe is right on "
            f"{right} of images that it has not seen, close to guessing. Believe the probe as far "
            "as straight boundaries go. The map bends space to keep neighbours together, so gaps "
            "on it can be of its own making."
        )
    return ""
