"""The live page's own words, each in one place: what is chosen from, told and named.

What is said about a run's curves and maps is in :mod:`dann_lab.figures.sentences`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dann_core.errors import DannError
from dann_lab.figures.sentences import NAMES_OF_MAPS, NAMES_OF_METHODS

PAIRS = {
    "stripes": "Digits → digits behind stripes (built in)",
    "digits": "Digits → digits over photos (built in)",
    "mnist": "MNIST → MNIST-M",
}
OWN_PAIR = "Your own…"
GOOD_FOR = {
    "stripes": "Good for a first look: a quarter of a minute shows what adaptation does.",
    "digits": "Made as MNIST-M is, but small and offline: few digits, two photos.",
    "mnist": "The tutorial's and the papers' own: minutes instead of seconds, figures to compare.",
}
"""What each pair is good for, in a line."""
OWN_GOOD_FOR = "Your pictures or tables: two domains, of which the second may have no labels."
CLOTHES = {"stripes": "behind stripes", "digits": "over a photo", "mnist": "over a photo"}
"""What the target of each pair of digits does to one's own digit."""
NO_NUMBERS = (
    "The network's answers are no numbers any more. Reset the run, or train with a smaller lambda."
)
LOADED = {
    "stripes": "the digits",
    "digits": "the digits",
    "mnist": "MNIST and MNIST-M",
    "own": "your data",
}
"""The names of the pairs while they are loaded."""
MODES = {
    "dann": "Adapt to the target",
    "source": "Source only: no adaptation",
    "target": "Target only: with its labels",
}
METHODS = {
    "dann": "DANN: a domain classifier",
    "cdan": "CDAN: of features × classes",
    "cdan+e": "CDAN+E: sure ones weigh more",
    "coral": "CORAL: matches covariances",
    "mmd": "MMD: matches means, by kernels",
}
PARTS = {
    "both": "everything",
    "domain": "domain classifier only",
    "features": "features and labels only",
}
PART_DOES = {
    "both": "Feature extractor, label predictor and domain classifier learn together.",
    "domain": "The features stand still, and the domain classifier learns to tell the domains "
    "apart by them.",
    "features": "The domain classifier stands still, and the features are pushed against it as it "
    "is.",
}
"""What each choice of what learns does, in a line."""
PRESETS = {
    "quick": "quick: adapts in minutes",
    "deep": "deep: goes further, with a better network",
    "seed": "seed: the tutorial's recipe",
    "own": "own: for data of your own",
}
MAPS = {"": "no map", **NAMES_OF_MAPS}
RESET = "Reset to the same initial weights. Undo brings the last run back."
NEW_RUN = "New run. Undo brings the last one back."
UNDONE = "Undone."
UNSEEN = "Paused, because nobody was looking at this page. Press Train to go on."
NOTHING_TO_KEEP = "There is nothing to keep yet. Train first."
NOTHING_TO_EXPORT = "There is nothing to export yet. Train first."
GROUPS = {"own": "This page", "kept": "Kept in runs", "recorded": "Recorded"}
"""The headings of the runs that can be compared."""
NO_PATHS = (
    "This page is open to others, so it reads no folders of the machine that it runs on. Choose a "
    "zip instead."
)
LOOK_STOPPED = "Stopped. Nothing was changed."


def good_for_others(name: str) -> str:
    """Of a pair that another package has added."""
    return f"Another package on this machine has added the pair {name!r}."


def new_seed(seed: int) -> str:
    return f"New run with seed {seed}. Undo brings the last one back."


def replaying(number: int) -> str:
    return f"New run with the lambda of run {number}. Undo brings the last one back."


NOTHING_TO_BRANCH = "There is nothing to branch from yet. Train first, and go to a moment."
ENDED_THERE = "The run has ended there. Go back in time to branch, or train more steps."
OTHER_NETWORK = "A branch keeps its network. Choose a recipe with the same one, or start a new run."
NOT_ENDED = "This run has not ended yet. Train it to its end first."


def branched(number: int, step: int) -> str:
    """Behind a run's name: where it left another."""
    return f" (run {number} up to step {step:,})"


def repeated(number: int) -> str:
    """Behind a run's name."""
    return f" (repeats run {number})"


def branch(number: int, step: int) -> str:
    return (
        f"A branch of run {number} from step {step:,}. Change lambda, mode, method, what learns or "
        "recipe, or nothing, and train. Undo goes back."
    )


def more(steps: int, lambda_: float | None) -> str:
    """``lambda_``: None where it plays no part."""
    stays = "" if lambda_ is None else f"Lambda stays at {lambda_:.2f}. "
    return (
        f"{steps:,} more steps. {stays}The learning rate makes a new, small wave: up to a tenth of "
        "the recipe's."
    )


def replays(number: int) -> str:
    return f"New run that repeats run {number} exactly, step by step. Undo goes back."


def replayed(number: int, steps: int) -> str:
    return f"All {steps:,} steps are as in run {number}, bit for bit."


def replayed_otherwise(number: int, step: int, what: str) -> str:
    return (
        f"At step {step:,} {what} is another than in run {number}. On a GPU that can be; on a CPU "
        "another number of threads does it."
    )


def nothing_to_replay(number: int) -> str:
    return f"Run {number} has no lambda to replay yet. Train it first."


def kept(folder: Path) -> str:
    return f"Kept in {folder}. It can be compared below, also another day."


def kept_at_the_end(folder: Path) -> str:
    """Of the runs that a page had when its Python ended."""
    return f"What its live page trained is kept in {folder}."


def not_kept(folder: Path, error: Exception) -> str:
    return f"The run could not be kept in {folder}: {error}"


def unexpected(error: Exception) -> str:
    """An error that nobody foresaw."""
    return f"{type(error).__name__}: {error}."


def in_words(error: Exception) -> str:
    """Any error: one of ours says itself what to do."""
    return str(error) if isinstance(error, DannError) else unexpected(error)


@dataclass(frozen=True)
class Busy:
    """Something that takes a while besides training.

    ``kind``; ``what``: of which pair ("loading") or file ("downloading"); ``done`` and ``whole``:
    how much of it, in images ("evaluating", where ``whole`` alone is known, and "loading"), steps
    ("branching") or bytes; None where nobody knows.
    """

    kind: Literal["loading", "downloading", "evaluating", "branching"]
    what: str = ""
    done: int | None = None
    whole: int | None = None

    @property
    def fraction(self) -> float | None:
        """How much is done, 0 to 1; None where nobody knows."""
        return None if self.done is None or not self.whole else self.done / self.whole


def about_busy(busy: Busy) -> str:
    """What is being done, without a full stop: the page puts an ellipsis behind it."""
    if busy.kind == "evaluating":
        return f"Evaluating on all {busy.whole:,} test images"
    if busy.kind == "branching":
        return f"Training up to there again: {busy.done or 0:,} of {busy.whole or 0:,} steps"
    if busy.kind == "loading":
        done = f": {busy.done or 0:,} of {busy.whole:,}" if busy.whole else ""
        return f"Loading {LOADED.get(busy.what, busy.what)}{done}"
    done = f"{(busy.done or 0) / 1e6:.0f}"
    size = f"{done} of {busy.whole / 1e6:.0f} MB" if busy.whole else f"{done} MB"
    return f"Downloading {busy.what}: {size}"


def getting_ready(method: str) -> str:
    """Beside the map, while a method's first map is being made possible."""
    return f"Getting {method} ready in the background. Training can go on meanwhile."


def drawing_earlier(moments: int) -> str:
    """Beside the map, while those of earlier moments are drawn."""
    which = "1 earlier moment" if moments == 1 else f"{moments} earlier moments"
    return f"Drawing the map of {which}…"


@dataclass(frozen=True)
class LambdaOrigin:
    """Where a run's lambda comes from: the run that it replays, a hand, or else the schedule."""

    replays: int | None = None
    by_hand: bool = False


def title(mode: str, method: str, part: str, origin: LambdaOrigin, seed: int, number: int) -> str:
    """A run's name for people."""
    if mode != "dann":
        return f"{mode} only, seed {seed} · run {number}"
    lambda_ = "by hand" if origin.by_hand else "by the paper's schedule"
    if origin.replays is not None:
        lambda_ = f"of run {origin.replays}{', then by hand' if origin.by_hand else ''}"
    learns = "" if part == "both" else f", {PARTS[part]}"
    return f"{NAMES_OF_METHODS[method]}{learns}, lambda {lambda_}, seed {seed} · run {number}"


def file_name(mode: str, method: str, origin: LambdaOrigin, seed: int) -> str:
    """A run's name for files and folders."""
    if mode != "dann":
        return f"{mode}-only-seed-{seed}"
    lambda_ = "by-hand" if origin.by_hand else "by-schedule"
    if origin.replays is not None:
        lambda_ = f"of-run-{origin.replays}{'-then-by-hand' if origin.by_hand else ''}"
    return f"{method.replace('+', '-')}-lambda-{lambda_}-seed-{seed}"
