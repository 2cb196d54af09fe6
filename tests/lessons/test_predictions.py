"""What is asked before it is shown: each question once, in its lesson, with a measured answer."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from dann_core.datasets import load_pair
from dann_lab.lessons.predict import guess
from dann_lab.lessons.predictions import predictions
from tools import notebooks, numbers

ALL = predictions()
NOBODY_KNOWS = (
    "will it read more of the target",
    "among which will heaps of one digit",
    "then try",
)
"""Questions whose answer is the learner's own network, or that the learner tries live."""


def lessons() -> dict[str, list[tuple[str, str]]]:
    return {
        source.stem: [(cell.cell_type, cell.source) for cell in notebooks.read(source)]
        for source in notebooks.sources()
    }


def test_each_is_asked_once_in_its_lesson() -> None:
    asked = [
        (name, found)
        for name, cells in lessons().items()
        for kind, text in cells
        if kind == "code"
        for found in re.findall(r'^guess\("(.+)"\)$', text, re.MULTILINE)
    ]
    assert asked == [(one.lesson, name) for name, one in ALL.items()]


def test_below_each_question_there_is_a_box() -> None:
    for name, cells in lessons().items():
        for (_, text), (_, following) in pairwise(cells):
            question = re.search(r"\*\*Predict first\*\*(.*)", text)
            if question and not any(words in question[1] for words in NOBODY_KNOWS):
                assert "guess(" in following, (name, question[1])


@pytest.mark.parametrize("name", ALL)
def test_a_box_has_an_answer_that_could_be_given(name: str) -> None:
    one, shown = ALL[name], guess(name).shown
    if one.ordered:
        assert sorted(one.was.split(", then ")) == sorted(one.choices)
    elif one.choices:
        assert one.was.strip("“”") in one.choices
        assert len(set(one.choices)) == len(one.choices) > 1
    else:
        assert one.ends[0] <= float(re.match(r"[\d.]+", one.was)[0]) <= one.ends[1]  # type: ignore[index]
        assert one.was.endswith(one.unit)
    assert one.why.endswith(".")
    assert (shown["was"], shown["why"]) == (one.was, one.why)


def test_the_right_choice_has_no_fixed_place() -> None:
    places = [
        one.choices.index(one.was.strip("“”"))
        for one in ALL.values()
        if one.choices and not one.ordered
    ]
    assert len(set(places)) > 2


def test_what_is_said_to_be_was_measured() -> None:
    for claim in (
        "lessons/source/favourite > 0.5",
        "lessons/source/half_as_bright < lessons/source/no_stripes",
        "lessons/source/target < lessons/source/half_as_bright",
        "moons/reverse/target > moons/source only/target",
        "moons/wrong sign/domain > moons/reverse/domain",
        "lessons/dann/target > lessons/source/target",
        "lessons/lambda 1/target ~ lessons/lambda 2/target",
        "lessons/lambda 1/target > lessons/lambda 0/target",
        "lessons/deep dann/mixing_pca > lessons/deep source/mixing_pca",
        "lessons/deep dann/a_distance > 1.9",
        "lessons/deep dann/a_logits < lessons/deep dann/a_hidden",
        "ablation/variants/no-inversion/mnist/target < ablation/variants/quick/mnist/target",
        "ablation/variants/no-instance-norm/mnist/target ~ ablation/variants/quick/mnist/target",
        "ablation/variants/no-batch-norm/mnist/target ~ ablation/variants/quick/mnist/target",
        "ablation/variants/no-dropout/mnist/target ~ ablation/variants/quick/mnist/target",
        "ablation/unfair/paired/target ~ ablation/unfair/fair/target",
        "ablation/checkpoints/domain/target < ablation/checkpoints/oracle/target",
        "ablation/checkpoints/doubt/target ~ ablation/checkpoints/oracle/target",
    ):
        numbers.check(claim)
    pair = load_pair("stripes")
    assert pair.source.train.images.float().mean() < pair.target.train.images.float().mean()
