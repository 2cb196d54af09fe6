"""The row of test examples on the page: of any size, of any classes, with and without labels."""

from __future__ import annotations

import base64
from collections.abc import Callable

import numpy as np
import pytest
import torch

from dann_core.domains import Domain, DomainPair, Split
from dann_core.evaluation import predict
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.live.protocol import DigitsOfRun
from dann_lab.live.run import SHOWN_DIGITS, LambdaControl, Run
from dann_lab.live.settings import Settings

NAMES = ("cat", "dog", "hen")


def run_of(
    shape: tuple[int, ...],
    of_target: int = 7,
    classes: tuple[str, ...] = NAMES,
    labels: bool = False,
) -> Run:
    """Of random examples; of the target ``of_target`` for testing, without labels by default."""
    generator = torch.Generator().manual_seed(0)

    def split(n: int, known: bool) -> Split:
        size = (n, *shape)
        values = torch.randint(0, 256, size, generator=generator, dtype=torch.uint8)
        truth = torch.randint(0, len(classes), (n,), generator=generator)
        images = values if len(shape) == 3 else values / 256
        return Split(images, truth if known else torch.full((n,), -1))

    source = Domain("here", split(20, True), split(8, True), split(30, True))
    target = Domain("there", split(20, labels), split(8, labels), split(of_target, labels))
    pair = DomainPair("own", source, target, len(classes), {"id": "own-1"}, classes)
    recipe = preset("own", batch_size=8, steps=2)
    return Run(1, Settings(), Trainer(pair, recipe, device="cpu"), LambdaControl())


def pixels(shown: DigitsOfRun) -> np.ndarray:
    flat = np.frombuffer(base64.b64decode(shown["pixels"]), dtype=np.uint8)
    return flat.reshape(len(shown["labels"]), shown["height"], shown["width"], 3)


def test_pictures_are_shown_in_their_own_size() -> None:
    run = run_of((20, 32, 3))
    shown = run.digits_for_page()
    assert (shown["height"], shown["width"]) == (20, 32)
    assert shown["source"] == SHOWN_DIGITS
    assert len(shown["labels"]) == SHOWN_DIGITS + 7  # of the target there are no more
    assert shown["names"] == list(NAMES)
    np.testing.assert_array_equal(pixels(shown), run.digits[0].numpy())


def test_large_pictures_are_shrunk() -> None:
    shown = run_of((96, 128, 3)).digits_for_page()
    assert pixels(shown).shape == (SHOWN_DIGITS + 7, 48, 64, 3)


def test_a_table_has_examples_without_pictures() -> None:
    run = run_of((5,))
    shown = run.digits_for_page()
    assert (shown["pixels"], shown["height"], shown["width"]) == ("", 0, 0)
    assert len(shown["labels"]) == SHOWN_DIGITS + 7
    assert run.examples == "rows"


def test_an_unknown_label_is_255() -> None:
    shown = run_of((20, 32, 3)).digits_for_page()
    assert set(shown["labels"][SHOWN_DIGITS:]) == {255}
    assert set(shown["labels"][:SHOWN_DIGITS]) <= {0, 1, 2}


def test_digits_have_no_names() -> None:
    run = run_of((28, 28, 3), classes=tuple("0123456789"), labels=True)
    assert run.digits_for_page()["names"] == []
    assert (run.what, run.examples) == ("digits", "images")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: run_of((20, 32, 3)), "The target's 7 have no labels."),
        (lambda: run_of((20, 32, 3), labels=True), ", of 7 target test examples "),
    ],
)
def test_the_sentence_counts_each_domain_by_itself(make: Callable[[], Run], said: str) -> None:
    run = make()
    found = predict(run.trainer.model, run.trainer.pair, run.digits[0])
    text = run.about_digits(found)
    assert text.startswith(f"Of {SHOWN_DIGITS} source test examples ")
    assert said in text
