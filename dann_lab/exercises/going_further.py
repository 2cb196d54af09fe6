"""Exercises of lesson 07: instance normalisation, and a checkpoint chosen without labels."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch

from dann_lab.exercises.exercise import Exercise
from dann_lab.exercises.judging import Mistake, call, numbers, recognise, say
from dann_lab.measured import results

LESSON = "07_going_further"
Checkpoint = dict[str, float]


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


def _choice(answer: Any, rows: list[Checkpoint], seed: int = 0) -> int:
    """The step that the learner's function chooses, when random numbers begin at ``seed``."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    result = call(answer, [dict(row) for row in rows])
    if isinstance(result, dict):
        raise Mistake('You return the whole checkpoint; return its step: `chosen["step"]`.')
    found = numbers(result, "Your choice")
    if found.size != 1:
        raise Mistake(f"You return {say(result)}; return one step.")
    value = float(found.reshape(-1)[0])
    steps = [int(row["step"]) for row in rows]
    if value in steps:
        return int(value)
    for name in ("source_accuracy", "domain_accuracy", "doubt", HIDDEN):
        if value in [row[name] for row in rows]:
            raise Mistake(
                f"You return {value:g}, which is a {name}; return the step it belongs to."
            )
    if value in range(len(rows)):
        raise Mistake(
            f"You return {value:g}, which is a position in the list; return the step found there, "
            f"{steps[int(value)]}."
        )
    raise Mistake(f"You return {value:g}; the steps are {', '.join(map(str, steps))}.")


def _judge_choose_checkpoint(answer: Any) -> str:
    rows = _table()
    step = _choice(answer, rows)
    if any(_choice(answer, rows) != step for _ in range(4)):
        raise Mistake(
            "Asked again with the same checkpoints and the same random numbers, your rule chooses "
            "another step, so nobody could repeat it. If it draws, give it a seed: "
            "`random.Random(0)`."
        )
    # What counts is the choice: whoever looks at a number and makes nothing of it is no cheat.
    if any(_choice(answer, _table(hidden=hidden)) != step for hidden in _others()):
        raise Mistake(PEEKED)
    _choice(answer, _table(scale=10))
    most = max(rows, key=lambda c: c["doubt"])
    draws = any(_choice(answer, rows, seed) != step for seed in range(1, 5))
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
