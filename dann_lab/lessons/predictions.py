"""What a lesson asks before it shows: the question's box, and what came out, as it was measured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from dann_lab.measured import results


@dataclass(frozen=True)
class Prediction:
    """``lesson``: where it is asked. ``label``: of the box; the question itself stands above it.
    ``was``, ``why``: what is said once something was predicted; as far as they are numbers, from
    the files that ``benchmarks/`` writes.

    Of a number: ``unit`` and its two ``ends``. Else ``choices``, one of which is to be chosen, or
    all of which are to be put in order if it is ``ordered``.
    """

    lesson: str
    label: str
    was: str
    why: str
    choices: tuple[str, ...] = ()
    ordered: bool = False
    unit: str = ""
    ends: tuple[float, float] = (0, 100)


def _found(path: str) -> Any:
    """The number, or the mean and its like, at a path such as "lessons/source/target"."""
    file, *names = path.split("/")
    value: Any = results(file)
    for name in names:
        value = value[name]
    return value


def _percent(path: str) -> str:
    return f"{100 * _found(path)['mean']:.0f} %"


def _mean(path: str) -> str:
    return f"{_found(path)['mean']:.2f}"


def _percents(path: str) -> str:
    """The least and the most of all runs."""
    each = _found(path)["each"]
    return f"{100 * min(each):.0f} % to {100 * max(each):.0f} %"


def _numbers(path: str) -> str:
    low, high = (f"{end(_found(path)['each']):.2f}" for end in (min, max))
    return low if low == high else f"{low} to {high}"


def _points_lost(path: str, than: str) -> str:
    return f"{100 * (_found(than)['mean'] - _found(path)['mean']):.0f}"


def _two_domains() -> dict[str, Prediction]:
    lesson = "01_two_domains"
    return {
        "ink": Prediction(
            lesson,
            "The digit is",
            "“now brighter, now darker”",
            "Under the ink a photograph turns into its negative.",
            ("brighter than what is around it, everywhere", "now brighter, now darker", "darker"),
        ),
        "brighter": Prediction(
            lesson,
            "Brighter is",
            "“the target”",
            "Between the digits the source is black; the target's stripes are there.",
            ("the source", "the target"),
        ),
        "source-only": Prediction(
            lesson,
            "Target images right, of 100",
            f"{100 * _found('lessons/source/target')['mean']:.0f} of 100",
            f"That is the mean of five networks like this one, which read "
            f"{_percents('lessons/source/target')} of the target, and "
            f"{_percent('lessons/source/source')} of the source.",
            unit=" of 100",
        ),
        "mistakes": Prediction(
            lesson,
            "Its mistakes",
            "“gather in a few columns”",
            "In our five networks one favourite digit took "
            f"{_percents('lessons/source/favourite')} of the wrong answers.",
            ("spread evenly over the columns", "gather in a few columns"),
        ),
        "fading": Prediction(
            lesson,
            "The curve",
            "“begins high and falls as the stripes come in”",
            f"Without stripes our networks read {_percent('lessons/source/no_stripes')}, behind "
            f"stripes half as bright as the target's {_percent('lessons/source/half_as_bright')}, "
            f"and in the target {_percent('lessons/source/target')}.",
            (
                "begins low, for the ink is fainter",
                "begins high and falls as the stripes come in",
                "stays high to the end",
            ),
        ),
        "widest": Prediction(
            lesson,
            "The widest direction sorts by",
            "“domain”",
            "To whoever looks at all pixels alike, the stripes are the largest thing there is.",
            ("digit", "domain", "something else"),
        ),
    }


def _gradient_reversal() -> dict[str, Prediction]:
    lesson = "02_gradient_reversal"
    return {
        "below": Prediction(
            lesson,
            "At the features arrives",
            "“(-1, 0.5)”",
            "That is minus lambda times what came in: -0.5 times (2, -1).",
            ("(2, -1)", "(-2, 1)", "(-1, 0.5)", "(1, -0.5)"),
        ),
        "bend": Prediction(
            lesson,
            "The line bends around the target's moons",
            "“yes”",
            f"In ten runs {_percents('moons/reverse/target')} of the target was right, without the "
            f"reversal {_percents('moons/source only/target')}. No label of the target was used.",
            ("yes", "no"),
        ),
        "wrong-sign": Prediction(
            lesson,
            "Without the minus, source and target are pushed",
            "“apart”",
            f"In ten runs the domain classifier then ended at {_percent('moons/wrong sign/domain')}"
            f", with the minus at {_percent('moons/reverse/domain')}.",
            ("together", "apart", "nowhere"),
        ),
        "subtracted": Prediction(
            lesson,
            "Domain accuracy at lambda 1, in per cent",
            _percent("moons/subtract 1/domain"),
            "It is no opponent that names the wrong domain, but one answer for everything.",
            unit=" %",
        ),
    }


def _training() -> dict[str, Prediction]:
    lesson = "03_training"
    return {
        "gamma": Prediction(
            lesson,
            "Lambda is nearly a straight line where gamma is",
            "“small”",
            "A large one makes it a constant: 1 from nearly the first step on.",
            ("small", "large"),
        ),
        "between": Prediction(
            lesson,
            "Target images that DANN reads, of 100",
            f"{100 * _found('lessons/dann/target')['mean']:.0f} of 100",
            f"Five seeds of source-only had {_percents('lessons/source/target')}, of DANN "
            f"{_percents('lessons/dann/target')}, of target-only "
            f"{_percents('lessons/target/target')}.",
            unit=" of 100",
        ),
        "reaches": Prediction(
            lesson,
            "Of the domain gradient, the features get",
            "“nothing in the first step, all of it in the last”",
            "Lambda times it: 0 times, and at the end 1 times, turned round.",
            (
                "all of it in the first step, nothing in the last",
                "nothing in the first step, all of it in the last",
                "half of it in both",
            ),
        ),
        "held": Prediction(
            lesson,
            "Most of the target is read with",
            "“1 or 2, which cannot be told apart”",
            f"Five seeds each: lambda 0 {_percents('lessons/lambda 0/target')}, lambda 1 "
            f"{_percents('lessons/lambda 1/target')}, lambda 2 "
            f"{_percents('lessons/lambda 2/target')}. On the source 0 is ahead.",
            ("lambda 0", "lambda 1", "lambda 2", "1 or 2, which cannot be told apart"),
        ),
        "blown-up": Prediction(
            lesson,
            "The label loss, in nats",
            f"{_found('too_strong/digits/held/label_loss')['mean']:.2f}",
            f"In five runs {_numbers('too_strong/digits/held/label_loss')}: ln 10 is guessing.",
            ends=(0, 20),
        ),
    }


def _feature_maps() -> dict[str, Prediction]:
    lesson = "04_feature_maps"
    return {
        "adapted-map": Prediction(
            lesson,
            "With DANN the triangles",
            "“go in among the circles”",
            "On PCA's maps of five source-only networks the domains were mixed to "
            f"{_numbers('lessons/deep source/mixing_pca')}, of DANN's to "
            f"{_numbers('lessons/deep dann/mixing_pca')}, where 1 is a well-shaken heap.",
            ("keep to themselves", "go in among the circles"),
        ),
        "same-points": Prediction(
            lesson,
            "What stays is",
            "“who is next to whom”",
            "Where groups lie and how large they look depends on the start and the perplexity.",
            (
                "who is next to whom",
                "which groups are next to each other",
                "how large a group is",
            ),
        ),
        "guessing": Prediction(
            lesson,
            "The error of a probe that guesses",
            "0.5",
            "There are two domains, as many images of each.",
            ends=(0, 1),
        ),
        "three-distances": Prediction(
            lesson,
            "The smallest distance is that of",
            "“none: all three are nearly 2”",
            f"Over five seeds source-only had {_numbers('lessons/deep source/a_distance')}, DANN "
            f"{_numbers('lessons/deep dann/a_distance')}. A few of 2,352 features are enough.",
            (
                "the pixels",
                "source-only's features",
                "DANN's features",
                "none: all three are nearly 2",
            ),
        ),
        "further-up": Prediction(
            lesson,
            "From the largest to the smallest distance",
            "features, then first hidden layer, then logits",
            f"In DANN, over five seeds: 2, then {_numbers('lessons/deep dann/a_hidden')}, then "
            f"{_numbers('lessons/deep dann/a_logits')}.",
            ("logits", "features", "first hidden layer"),
            ordered=True,
        ),
    }


def _when_dann_fails() -> dict[str, Prediction]:
    lesson = "06_when_dann_fails"
    turned = _found("failures/turned 70/dann/target")["each"]
    strips, swapped = "failures/counterexample", "failures/swapped/dann"
    return {
        "seventy": Prediction(
            lesson,
            "From the worst of ten seeds to the best one",
            f"{100 * (max(turned) - min(turned)):.0f} points",
            f"They ended at {_percents('failures/turned 70/dann/target')}, source-only at "
            f"{_percents('failures/turned 70/source only/target')}.",
            unit=" points",
        ),
        "joint": Prediction(
            lesson,
            "The joint error",
            "“can grow”",
            "Points of different classes can come to lie on each other. In the next section it "
            f"goes from {_mean(f'{strips}/source only/joint')} to "
            f"{_mean(f'{strips}/dann/joint')}.",
            ("has to shrink with the distance", "can grow", "stays: it is about the data"),
        ),
        "shares": Prediction(
            lesson,
            "DANN is ahead of source-only",
            "“with 30 % only”",
            f"With 30 % source-only reads {_percents('failures/shares 30/source only/target')} "
            f"and DANN {_percents('failures/shares 30/dann/target')}; with 10 % "
            f"{_percents('failures/shares 10/source only/target')} and "
            f"{_percents('failures/shares 10/dann/target')}: those overlap.",
            ("with 30 % only", "with 30 % and 10 %", "in all three cases", "in none of them"),
        ),
        "swapped": Prediction(
            lesson,
            "Two of the ten networks agree on",
            _percent(f"{swapped}/agreement"),
            f"And {_percent(f'{swapped}/target')} of what they say is right.",
            unit=" %",
        ),
    }


def _going_further() -> dict[str, Prediction]:
    lesson = "07_going_further"
    quick, checkpoints = "ablation/variants/quick/mnist/target", "ablation/checkpoints"
    gained = _points_lost("ablation/unfair/fair/target", "ablation/unfair/oracle/target")
    lost = _points_lost(f"{checkpoints}/domain/target", f"{checkpoints}/oracle/target")
    return {
        "four": Prediction(
            lesson,
            "Over ten seeds, most of the target is read by",
            "“none: they cannot be told apart”",
            "; ".join(
                f"{name.upper()} {_percents(f'failures/turned 35/{name}/target')}"
                for name in ("dann", "cdan", "coral", "mmd")
            )
            + ".",
            ("DANN", "CDAN", "CORAL", "MMD", "none: they cannot be told apart"),
        ),
        "parts": Prediction(
            lesson,
            "On MNIST-M costs most, when it is missing,",
            "“contrast inversion”",
            f"It costs {_points_lost('ablation/variants/no-inversion/mnist/target', quick)} points "
            "there; of the other three none could be told from nothing. On stripes it was not so.",
            ("contrast inversion", "instance normalisation", "batch norm", "dropout"),
        ),
        "unfair": Prediction(
            lesson,
            "Points that the best of ten checkpoints is worth",
            f"{gained} points",
            "Nor are the others worth any that we could measure.",
            unit=" points",
        ),
        "rules": Prediction(
            lesson,
            "Most points are lost with",
            "“the domain accuracy closest to 50 %”",
            f"It loses {lost} points; the others cannot be told from the best.",
            (
                "the last step",
                "the best source accuracy",
                "the least doubt",
                "the domain accuracy closest to 50 %",
            ),
        ),
    }


def _your_own_data() -> dict[str, Prediction]:
    lesson = "08_your_own_data"
    methods = "your_data/methods"
    return {
        "own-confidence": Prediction(
            lesson,
            "Mean confidence of source only on the target, in per cent",
            _percent(f"{methods}/source only/confidence"),
            "That is the mean of nine networks "
            f"({_percents(f'{methods}/source only/confidence')}). Whether "
            "they are right as often is still in the envelope.",
            unit=" %",
        ),
        "own-target": Prediction(
            lesson,
            "Target pictures right with DANN, of 100",
            f"{100 * _found(f'{methods}/DANN/target')['mean']:.0f} of 100",
            f"That is the mean of nine networks, which had {_percents(f'{methods}/DANN/target')} "
            f"right; source only had {_percents(f'{methods}/source only/target')}.",
            unit=" of 100",
        ),
        "own-fifty": Prediction(
            lesson,
            "Standard error with fifty pictures, in points",
            "4.2 points",
            "It is the root of 0.9 times 0.1 divided by 50. With 200 pictures it is half of that.",
            unit=" points",
            ends=(0, 50),
        ),
    }


@cache
def predictions() -> dict[str, Prediction]:
    """All of them, by name, in the order of the lessons."""
    parts = (
        _two_domains,
        _gradient_reversal,
        _training,
        _feature_maps,
        _when_dann_fails,
        _going_further,
        _your_own_data,
    )
    return {name: one for part in parts for name, one in part().items()}
