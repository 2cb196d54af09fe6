"""Exercises of lesson 07: instance normalisation, and a checkpoint and a lambda chosen without
labels."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from dann_lab.exercises.exercise import Exercise
from dann_lab.exercises.judging import Mistake, call, numbers, recognise, say
from dann_lab.measured import results

LESSON = "07_going_further"
Checkpoint = dict[str, float]
Row = Mapping[str, Any]
NAMES = {"step": "checkpoint", "lambda_": "run"}
"""What has a step, or a lambda, to choose by."""


def _judge_instance_norm(answer: Any) -> str:
    generator = torch.Generator().manual_seed(5)
    # Each image and channel with a brightness and a contrast of its own, and one that is constant.
    images = torch.randn(4, 3, 28, 28, generator=generator)
    images *= 0.5 + 3 * torch.rand(4, 3, 1, 1, generator=generator)
    images += 4 * torch.randn(4, 3, 1, 1, generator=generator)
    images[0, 1] = 0.25
    given = images.clone()
    result = call(answer, given)
    if not torch.equal(given, images):
        raise Mistake("Your function writes into the images it was given. Make a new tensor.")
    x = images.double().numpy()
    constant = np.zeros((4, 3), dtype=bool)
    constant[0, 1] = True
    if isinstance(result, torch.Tensor | np.ndarray) and tuple(result.shape) == x.shape:
        values = torch.as_tensor(result).detach().double().numpy()
        flat = values[0, 1]
        if not np.isfinite(flat).all() and np.isfinite(values[~constant]).all():
            raise Mistake(
                f"One channel of the first image is the same everywhere, and yours makes "
                f"{flat[0, 0]} of it: its standard deviation is 0. Add a small eps, such as 1e-5, "
                "before you divide."
            )
    yours = numbers(result, "Your result", x.shape)

    def normalised(*axes: int, ddof: int = 0) -> Any:
        mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True, ddof=ddof)
        return ((x - mean) / np.sqrt(variance + 1e-5))[~constant]

    found, mean, std = yours[~constant], x.mean((2, 3), keepdims=True), x.std((2, 3), keepdims=True)
    if np.allclose(found, normalised(2, 3), rtol=5e-3, atol=5e-3):
        if np.abs(yours[0, 1]).max() > 1e-2:
            raise Mistake(
                f"A channel that is the same everywhere should become 0; yours becomes "
                f"{yours[0, 1, 0, 0]:.4g}."
            )
        return (
            "Each image and channel has mean 0 and variance 1 now: its brightness and contrast "
            "are gone."
        )
    first = yours[0, 0]
    shown = (
        f"The first channel of the first image has mean {first.mean():.3g} and standard deviation "
        f"{first.std():.3g} in yours; it should have 0 and 1."
    )
    for ddof in (0, 1):  # torch's own `std` divides by one less
        slips = {
            "You average over the batch as well: that is batch normalisation, and a dark image "
            "stays darker than a light one. Average over the last two axes only.": (
                normalised(0, 2, 3, ddof=ddof)
            ),
            "You average over the channels as well: each channel of an image has a mean and a "
            "standard deviation of its own. Average over the last two axes only.": (
                normalised(1, 2, 3, ddof=ddof)
            ),
            "You average over the whole tensor; every image and channel has its own mean. Name the "
            "last two axes, with `keepdim=True`.": normalised(0, 1, 2, 3, ddof=ddof),
            "You average over the batch at each pixel. Average over the last two axes.": (
                normalised(0, ddof=ddof)
            ),
            "You average over the channels at each pixel. Average over the last two axes.": (
                normalised(1, ddof=ddof)
            ),
            "You divide by the variance; divide by its square root, the standard deviation.": (
                ((x - mean) / (std**2 + 1e-5))[~constant]
            ),
            "The mean is taken off, but nothing is divided by the standard deviation.": (
                (x - mean)[~constant]
            ),
            "You divide by the standard deviation, but the mean is not taken off.": (
                (x / (std + 1e-5))[~constant]
            ),
        }
        recognise(
            found, {f"{slip} {shown}": outcome for slip, outcome in slips.items()}, 5e-3, 5e-3
        )
    raise Mistake(shown)


instance_norm = Exercise(
    name="instance_norm",
    lesson=LESSON,
    title="Instance normalisation",
    difficulty=2,
    minutes=6,
    stub='''\
def instance_norm(images):
    """Mean 0 and variance 1 for each image and channel of a float tensor [B, C, H, W]."""
    return ...''',
    answer='''\
def instance_norm(images):
    """Mean 0 and variance 1 for each image and channel of a float tensor [B, C, H, W]."""
    mean = images.mean(dim=(2, 3), keepdim=True)
    variance = images.var(dim=(2, 3), keepdim=True, correction=0)
    return (images - mean) / (variance + 1e-5).sqrt()''',
    hints=(
        "How many means are there for 4 images of 3 channels? Which axes are averaged away?",
        "`images.mean(dim=(2, 3), keepdim=True)` has shape [B, C, 1, 1] and can be subtracted.",
        "Divide by the square root of the variance, and add 1e-5 to it first: a plain patch has "
        "variance 0.",
    ),
    judge=_judge_instance_norm,
)

HIDDEN = "target_accuracy"
PAPER = "paper"
"""The lambda of a run that followed the paper's schedule."""


# step, source accuracy, domain accuracy, doubt, target accuracy. Each rule picks another step.
_TABLE = (
    (100, 0.905, 0.86, 1.10, 0.49),
    (200, 0.961, 0.71, 0.74, 0.68),
    (300, 0.958, 0.53, 0.66, 0.63),
    (400, 0.970, 0.62, 0.41, 0.61),
    (500, 0.983, 0.66, 0.52, 0.64),
    (600, 0.976, 0.59, 0.47, 0.60),
)
RULES: dict[str, Callable[[list[Checkpoint]], Checkpoint]] = {
    "the last": lambda found: found[-1],
    "the best source accuracy": lambda found: max(found, key=lambda c: c["source_accuracy"]),
    "the least doubt": lambda found: min(found, key=lambda c: c["doubt"]),
    "a domain accuracy closest to 0.5": (
        lambda found: min(found, key=lambda c: abs(c["domain_accuracy"] - 0.5))
    ),
}
PEEKED = (
    "Your rule looks at `target_accuracy`. Nobody has that number without target labels, and a "
    "result chosen by it is no fair one. Use the other columns."
)


def _table(scale: int = 1, hidden: Sequence[float] = ()) -> list[Checkpoint]:
    """The checkpoints, their steps times ``scale``, with other target accuracies if some are
    given."""
    names = ("step", "source_accuracy", "domain_accuracy", "doubt", HIDDEN)
    rows = [dict(zip(names, row, strict=True)) for row in _TABLE]
    for row, value in zip(rows, hidden or [row[HIDDEN] for row in rows], strict=True):
        row[HIDDEN] = value
        row["step"] *= scale
    return rows


def _others() -> Iterator[list[float]]:
    """Target accuracies that a rule which looks at them takes for another case: each checkpoint is
    the best once, and once the worst."""
    many = len(_TABLE)
    for best in range(many):
        yield [0.99 if row == best else 0.3 + row / 100 for row in range(many)]
        yield [0.01 if row == best else 0.6 + row / 100 for row in range(many)]


def _choice(answer: Any, rows: Sequence[Row], key: str = "step", seed: int = 0) -> Any:
    """The ``key`` of the row that the learner's function chooses, when random numbers begin at
    ``seed``."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    result = call(answer, [dict(row) for row in rows])
    what = NAMES[key]
    if isinstance(result, dict):
        raise Mistake(f'You return the whole {what}; return its {key}: `chosen["{key}"]`.')
    offered = [row[key] for row in rows]
    listed = f"the {key.rstrip('_')}s are {', '.join(map(str, offered))}"
    if isinstance(result, str) and PAPER in offered:
        if result in offered:
            return result
        raise Mistake(f"You return {say(result)}; {listed}.")
    found = numbers(result, "Your choice")
    if found.size != 1:
        raise Mistake(f"You return {say(result)}; return one {key}.")
    value = float(found.reshape(-1)[0])
    if value in offered:
        return offered[offered.index(value)]
    for name in rows[0]:
        if name != key and value in [row[name] for row in rows]:
            raise Mistake(
                f"You return {value:g}, which is a {name}; return the {key} it belongs to."
            )
    if value in range(len(rows)):
        raise Mistake(
            f"You return {value:g}, which is a position in the list; return the {key} found there, "
            f"{offered[int(value)]}."
        )
    raise Mistake(f"You return {value:g}; {listed}.")


def _repeats(answer: Any, rows: Sequence[Row], key: str) -> Any:
    """The choice, which has to be the same when it is asked for again."""
    chosen = _choice(answer, rows, key)
    if any(_choice(answer, rows, key) != chosen for _ in range(4)):
        raise Mistake(
            f"Asked again with the same {NAMES[key]}s and the same random numbers, your rule "
            f"chooses another {key}, so nobody could repeat it. If it draws, give it a seed: "
            "`random.Random(0)`."
        )
    return chosen


def _judge_choose_checkpoint(answer: Any) -> str:
    rows = _table()
    step = _repeats(answer, rows, "step")
    # What counts is the choice: whoever looks at a number and makes nothing of it is no cheat.
    if any(_choice(answer, _table(hidden=hidden)) != step for hidden in _others()):
        raise Mistake(PEEKED)
    _choice(answer, _table(scale=10))
    most = max(rows, key=lambda c: c["doubt"])
    draws = any(_choice(answer, rows, seed=seed) != step for seed in range(1, 5))
    if step == most["step"] and not draws:
        raise Mistake(
            f"You chose step {step}, whose target predictions are the most doubtful of all (mean "
            f"entropy {most['doubt']:g}). A network that has learnt little yet doubts the most."
        )
    known = [name for name, rule in RULES.items() if rule(rows)["step"] == step]
    rule = f"it matches a known rule, {known[0]}" if known else "it is a rule of your own"
    if draws:
        rule = "it draws at random"
    return f"Your choice is step {step}, and no target label was looked at; {rule}. {_cost(answer)}"


def _cost(answer: Any) -> str:
    """What the rule is worth on recorded runs, whose target accuracies it is not shown."""
    runs = results("ablation")["checkpoint_runs"]
    kept, best = [], []
    for run in runs:
        right = {int(row["step"]): row[HIDDEN] for row in run}
        kept.append(right[_choice(answer, [row | {HIDDEN: 0.0} for row in run])])
        best.append(max(right.values()))
    mine, most = 100 * np.mean(kept), 100 * np.mean(best)
    return (
        f"On {len(runs)} recorded runs of quick on MNIST → MNIST-M the checkpoints that it keeps "
        f"are right on {mine:.1f} % of the target, the best ones, which only labels find, on "
        f"{most:.1f} %: your rule costs {most - mine:.1f} points there."
    )


choose_checkpoint = Exercise(
    name="choose_checkpoint",
    lesson=LESSON,
    title="Choose a checkpoint without target labels",
    difficulty=2,
    minutes=8,
    stub='''\
def choose_checkpoint(checkpoints):
    """The step of the checkpoint to keep, chosen without target labels.

    checkpoints: dictionaries with step, source_accuracy, domain_accuracy, doubt (the mean entropy
    of the predictions on target images) and target_accuracy, which is there to tempt you.
    """
    return ...''',
    answer='''\
def choose_checkpoint(checkpoints):
    """The step of the checkpoint to keep, chosen without target labels.

    checkpoints: dictionaries with step, source_accuracy, domain_accuracy, doubt (the mean entropy
    of the predictions on target images) and target_accuracy, which is there to tempt you.
    """
    return min(checkpoints, key=lambda checkpoint: checkpoint["doubt"])["step"]''',
    hints=(
        "Four columns need no target label. Which of them would you trust, and why?",
        "Any rule that looks at those alone is accepted: the last step, the best source accuracy, "
        "the least doubt, or a domain accuracy close to 0.5. The check then says what it costs.",
        '`min(checkpoints, key=lambda c: c["doubt"])` is a whole checkpoint; add `["step"]`.',
    ),
    judge=_judge_choose_checkpoint,
)


def lambda_choices() -> list[list[dict[str, Any]]]:
    """Recorded runs after their last step, to choose one of each list from: of one recipe and seed,
    with four lambdas. ``benchmarks/selection.py`` made them."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in results("selection")["last"]:
        scores = {name: math.nan if row[name] is None else row[name] for name in SEEN}
        lambda_ = PAPER if row["lambda"] is None else float(row["lambda"])
        run = {"lambda_": lambda_} | scores | {HIDDEN: row["target"]}
        groups.setdefault((row["recipe"], row["seed"]), []).append(run)
    return list(groups.values())


SEEN = ("source", "entropy", "snd", "iwv", "dev", "circular")
"""What a rule may look at, as :data:`dann_core.selection.RULES` has it."""


def _judge_choose_lambda(answer: Any) -> str:
    lost, of_the_paper, drawn = [], [], False
    for runs in lambda_choices():
        right = [run[HIDDEN] for run in runs]
        covered = [run | {HIDDEN: 0.0} for run in runs]
        chosen = _repeats(answer, covered, "lambda_")
        for best in range(len(runs)):
            other = [run | {HIDDEN: 0.9 if k == best else 0.1} for k, run in enumerate(covered)]
            if _choice(answer, other, "lambda_") != chosen:
                raise Mistake(PEEKED)
        drawn = drawn or any(
            _choice(answer, covered, "lambda_", seed) != chosen for seed in range(1, 5)
        )
        reached = {run["lambda_"]: run[HIDDEN] for run in runs}
        lost.append(max(right) - reached[chosen])
        of_the_paper.append(max(right) - reached[PAPER])
    found = results("selection")
    known = [found["rules"][name]["lambda"]["mean"] for name in SEEN]
    kind = "Your rule draws at random, and" if drawn else "Your rule"
    return (
        f"No target label was looked at. {kind} costs {100 * float(np.mean(lost)):.1f} points on "
        f"these {len(lost)} choices, and in the worst of them {100 * max(lost):.1f}. Any at random "
        f"costs {found['chance']['lambda']['mean']:.1f} on average; the six columns, each by "
        f"itself, {min(known):.1f} to {max(known):.1f}. To take the paper's schedule every time, "
        f"without a look at anything, costs {100 * float(np.mean(of_the_paper)):.1f}."
    )


choose_lambda = Exercise(
    name="choose_lambda",
    lesson=LESSON,
    title="Choose a lambda without target labels",
    difficulty=3,
    minutes=8,
    stub='''\
def choose_lambda(runs):
    """The lambda_ of the run to keep, chosen without target labels.

    runs: dictionaries with lambda_ ("paper", 0.0, 0.3 or 3.0), source (accuracy), entropy, snd,
    iwv, dev, circular (see the table above) and target_accuracy, which is there to tempt you.
    """
    return ...''',
    answer='''\
def choose_lambda(runs):
    """The lambda_ of the run to keep, chosen without target labels.

    runs: dictionaries with lambda_ ("paper", 0.0, 0.3 or 3.0), source (accuracy), entropy, snd,
    iwv, dev, circular (see the table above) and target_accuracy, which is there to tempt you.
    """
    return min(runs, key=lambda run: run["dev"])["lambda_"]''',
    hints=(
        "A run that has not learnt the source is out, whatever the rest says. What then?",
        "Look at the recorded choices yourself: `from dann_lab.exercises.going_further import "
        "lambda_choices`. Which column is best where the target is?",
        'One whole rule: `min(runs, key=lambda run: run["iwv"])["lambda_"]`. Can you lose less?',
    ),
    judge=_judge_choose_lambda,
)
