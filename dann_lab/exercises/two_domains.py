"""Exercises of lesson 01: the blend, the pixel mean, the worst confusion."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import torch

from dann_lab.exercises.exercise import Exercise
from dann_lab.exercises.judging import (
    Mistake,
    NotAttempted,
    call_with_any,
    numbers,
    recognise,
    run,
    same,
)

LESSON = "01_two_domains"


def _judge_blend(answer: Any) -> str:
    generator = np.random.default_rng(0)
    patch, digit = generator.integers(0, 256, (2, 28, 28, 3)).astype(np.uint8)
    patch[0, 0], digit[0, 0] = (20, 200, 90), (255, 255, 0)
    given = [patch.copy(), digit.copy()]
    try:
        result = run(answer, *given)
    except Mistake as mistake:  # perhaps it is written for tensors
        given = [patch.copy(), digit.copy()]
        tensors = [torch.from_numpy(image) for image in given]
        try:
            result = run(answer, *tensors)
        except Mistake:
            raise mistake from None
    for name, before, after in zip(("patch", "digit"), (patch, digit), given, strict=True):
        if not np.array_equal(before, after):
            raise Mistake(
                f"Your `blend` modifies its input `{name}`: whoever called it still needs that "
                "image. Make a new array instead of writing into the old one."
            )
    if result is None or result is ...:
        raise NotAttempted("`blend` returns no image yet: put your answer in place of `...`.")
    yours = numbers(result, "Your blend", patch.shape)
    a, b = patch.astype(int), digit.astype(int)
    if not same(yours, abs(a - b)):
        at = tuple(np.argwhere(yours != abs(a - b))[0])
        shown = (
            f"Where patch is {a[at]} and digit is {b[at]}, yours gives {yours[at]:g}, "
            f"not |{a[at]} - {b[at]}| = {abs(a - b)[at]}."
        )
        wrapped = (
            f"{shown} The difference has wrapped round at 0: uint8 knows no negative numbers, so "
            "`abs` of a uint8 difference comes too late. Subtract in a signed type, take `abs` "
            "there, and only then go back to uint8."
        )
        added = f"{shown} You add the two images; the blend is the difference between them."
        clipped = f"{shown} Negative differences are clipped at 0; take their absolute value."
        unsigned = f"{shown} The type is signed now, but `abs` is missing."
        recognise(yours, {wrapped: (a - b) % 256})
        recognise(yours, {wrapped: (b - a) % 256, unsigned: a - b})
        recognise(yours, {unsigned: b - a, added: a + b})
        recognise(yours, {added: (a + b) % 256, clipped: np.maximum(a - b, 0)})
        recognise(yours, {added: np.minimum(a + b, 255), clipped: np.maximum(b - a, 0)})
        raise Mistake(shown)
    kind = str(result.dtype).removeprefix("torch.") if hasattr(result, "dtype") else "a list"
    if kind != "uint8":
        raise Mistake(
            f"The numbers are right, but the type is {kind}. Images are kept as uint8: turn the "
            "result back with `astype(np.uint8)`."
        )
    return "The digit's light pixels turn the photo to its negative, its dark ones leave it."


blend = Exercise(
    name="blend",
    lesson=LESSON,
    title="Blend a digit into a photo",
    difficulty=1,
    minutes=5,
    stub='''\
import numpy as np

def blend(patch, digit):
    """|patch - digit|: two uint8 arrays [28, 28, 3] in, a new one out."""
    return ...''',
    answer='''\
import numpy as np

def blend(patch, digit):
    """|patch - digit|: two uint8 arrays [28, 28, 3] in, a new one out."""
    difference = patch.astype(np.int16) - digit.astype(np.int16)
    return np.abs(difference).astype(np.uint8)''',
    hints=(
        "A uint8 holds 0 to 255. What should 20 - 255 be, and what does "
        "`np.uint8(20) - np.uint8(255)` give?",
        "Make both images signed before you subtract: `patch.astype(np.int16)`.",
        "Three steps: subtract as int16, take `np.abs`, and go back with `.astype(np.uint8)`.",
    ),
    judge=_judge_blend,
)


def _judge_pixel_mean(answer: Any) -> str:
    generator = np.random.default_rng(1)
    # Sets of different size and brightness, and channels that differ: no two mistakes agree.
    source = generator.integers(0, (60, 100, 140), (6, 28, 28, 3)).astype(np.uint8)
    target = generator.integers(90, (180, 210, 250), (2, 28, 28, 3)).astype(np.uint8)
    result = call_with_any(
        answer, np.copy, lambda images: torch.from_numpy(images.copy()), inputs=(source, target)
    )
    yours = numbers(result, "Your mean")
    both = np.concatenate([source, target])
    expected = both.mean(axis=(0, 1, 2))
    if yours.size == 1:
        raise Mistake(
            f"Yours is one number, {yours.item():.2f}. Red, green and blue have a mean each: "
            "average over every axis but the last."
        )
    if yours.shape in ((28, 28, 3), (28, 28), (1, 28, 28, 3)):
        raise Mistake(
            f"Yours has shape {list(yours.shape)}: a mean for each pixel. Average over the height "
            "and the width as well, so that three numbers are left."
        )
    if yours.size != 3:
        raise Mistake(
            f"Yours has shape {list(yours.shape)}; there should be three numbers, one a channel. "
            "The channels are the last axis of [N, 28, 28, 3]."
        )
    yours = yours.reshape(3)
    if not same(yours, expected, rtol=1e-4):
        shown = f"Yours starts with {yours[0]:.4g}; it should be {expected[0]:.4g}."
        means = [images.mean(axis=(0, 1, 2)) for images in (source, target)]
        recognise(
            yours,
            {
                f"You average the source only. {shown}": means[0],
                f"You average the target only. {shown}": means[1],
                "You take the mean of the two means. The sets differ in size, and every image "
                f"should count the same: put them together first. {shown}": sum(means) / 2,
                f"The mean is right, but scaled to 0-1. Keep it on 0-255. {shown}": expected / 255,
                f"You add the two means up. {shown}": sum(means),
            },
            rtol=1e-4,
        )
        raise Mistake(shown)
    return "Every pixel of both domains counts once, and each channel has its own mean."


pixel_mean = Exercise(
    name="pixel_mean",
    lesson=LESSON,
    title="One mean for both domains",
    difficulty=1,
    minutes=5,
    stub='''\
import numpy as np

def pixel_mean(source, target):
    """The mean of each channel over both sets' images together.

    uint8 arrays [N, 28, 28, 3] and [M, 28, 28, 3] -> three numbers, 0-255.
    """
    return ...''',
    answer='''\
import numpy as np

def pixel_mean(source, target):
    """The mean of each channel over both sets' images together.

    uint8 arrays [N, 28, 28, 3] and [M, 28, 28, 3] -> three numbers, 0-255.
    """
    return np.concatenate([source, target]).mean(axis=(0, 1, 2))''',
    hints=(
        "If one set has 6 images and the other 2, how much should each image count?",
        "Put the images into one array first: `np.concatenate([source, target])`.",
        "Three numbers are to be left, so average over all axes but the last: "
        "`.mean(axis=(0, 1, 2))`.",
    ),
    judge=_judge_pixel_mean,
)

# (true class, predicted class): how often. In each the true answer, its mirror image, the most
# frequent right answer and the class that is most often wrong all differ. Each class is there: some
# tables of counts leave out the others.
_ALL = {(c, c): 2 for c in range(10)}
_CONFUSIONS = (
    _ALL
    | {(0, 0): 30, (1, 1): 12, (4, 9): 7, (9, 4): 3, (3, 5): 5, (3, 8): 5, (3, 2): 4, (5, 8): 5},
    _ALL
    | {(6, 6): 20, (7, 7): 9, (7, 1): 6, (1, 7): 2, (2, 3): 5, (2, 0): 4, (8, 3): 4, (8, 0): 1},
)


def _pair(result: Any) -> Any:
    """The pair alone, where it comes as a counter's entry or as a list of one: the task is to find
    the pair, not to unpack it."""
    if isinstance(result, list) and len(result) == 1:
        result = result[0]
    if isinstance(result, tuple | list) and len(result) == 2:
        pair, count = result
        if isinstance(pair, tuple | list) and np.size(count) == 1:
            result = pair
    if not isinstance(result, tuple | list):
        return result
    return [x.item() if isinstance(x, torch.Tensor) and x.numel() == 1 else x for x in result]


def _judge_worst_confusion(answer: Any) -> str:
    for counts in _CONFUSIONS:
        pairs = np.array([pair for pair, n in counts.items() for _ in range(n)])
        labels, predictions = np.random.default_rng(2).permutation(pairs).T
        result = call_with_any(
            answer, np.copy, lambda x: torch.from_numpy(x.copy()), inputs=(labels, predictions)
        )
        yours = numbers(_pair(result), "Your answer").reshape(-1)
        wrong = {pair: n for pair, n in counts.items() if pair[0] != pair[1]}
        true, predicted = max(wrong, key=lambda pair: wrong[pair])
        missed, drawn = Counter[int](), Counter[int]()
        for (label, prediction), n in wrong.items():
            missed[label] += n
            drawn[prediction] += n
        often = missed.most_common(1)[0][0]
        expected = (
            f"It should be ({true}, {predicted}), which happens {wrong[true, predicted]} times."
        )
        if yours.size == 1:
            one = int(yours[0])
            if one == often:
                raise Mistake(
                    f"{one} is the class that is most often wrong, over all its mistakes. Asked "
                    f"for is the most frequent pair (true class, predicted class). {expected}"
                )
            if one == 10 * true + predicted:
                raise Mistake(
                    f"{one} is a position in the flattened table of counts. `divmod({one}, 10)` "
                    f"turns it into a row and a column. {expected}"
                )
            raise Mistake(f"Yours is one number, {one}; a pair is asked for. {expected}")
        if yours.size != 2:
            raise Mistake(
                f"Yours is {yours.size} numbers; a pair (true class, predicted class) is asked for."
            )
        pair = (int(yours[0]), int(yours[1]))
        if pair != (true, predicted):
            said = f"Yours is {pair}."
            if pair == (predicted, true):
                raise Mistake(f"{said} The pair is swapped: the true class comes first. {expected}")
            if pair[0] == pair[1]:
                raise Mistake(
                    f"{said} Those are right answers: a {pair[0]} that was taken for a {pair[0]}. "
                    f"Leave out the images whose prediction is right. {expected}"
                )
            if pair == (often, drawn.most_common(1)[0][0]):
                raise Mistake(
                    f"{said} You take the class most often wrong and the class most often wrongly "
                    f"predicted, each for itself. Count pairs. {expected}"
                )
            raise Mistake(f"{said} That happens {counts.get(pair, 0)} times. {expected}")
    return "The most frequent wrong pair, true class first."


worst_confusion = Exercise(
    name="worst_confusion",
    lesson=LESSON,
    title="Which digit is taken for which?",
    difficulty=2,
    minutes=8,
    stub='''\
from collections import Counter

def worst_confusion(labels, predictions):
    """The most frequent wrong pair: (true class, predicted class).

    Two arrays [N] of whole numbers, 0-9, one entry an image.
    """
    return ...''',
    answer='''\
from collections import Counter

def worst_confusion(labels, predictions):
    """The most frequent wrong pair: (true class, predicted class).

    Two arrays [N] of whole numbers, 0-9, one entry an image.
    """
    pairs = zip(labels.tolist(), predictions.tolist())
    wrong = Counter((true, predicted) for true, predicted in pairs if true != predicted)
    return wrong.most_common(1)[0][0]''',
    hints=(
        "Look at wrong images only: those where label and prediction differ.",
        "`zip(labels.tolist(), predictions.tolist())` walks through both; a `Counter` can count "
        "tuples.",
        "`Counter((t, p) for t, p in zip(...) if t != p)` counts the wrong pairs, and "
        "`.most_common(1)[0][0]` is the most frequent one.",
    ),
    judge=_judge_worst_confusion,
)
