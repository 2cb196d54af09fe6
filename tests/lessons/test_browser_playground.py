"""The playground that a browser answers by itself (js/engine/session.js) says what Python's says:
the same points and first weights for a seed, and the same answer to each question.

Python trains in single precision, the browser in double: pictures differ by what rounding does."""

from __future__ import annotations

import base64
import math
import random
from typing import Any

import numpy as np
import pytest
import torch
from node import answer_of, needs_node

from dann_core.errors import TrainingDiverged
from dann_core.moons import moons_trainer
from dann_lab.figures import sentences
from dann_lab.figures.judgement import Standing, number
from dann_lab.lessons.playground import MOONS_LAMBDA, Playground
from dann_lab.lessons.shifts import DRAWN, SHIFTS, shifted_pair

pytestmark = needs_node
SCRIPT = "tests/engine/converse.js"
HERE = [name for name in SHIFTS if name not in (DRAWN, "counterexample")]
"""The shifts that the browser makes by itself."""
NEW_SEED = 5000
CLOSE = 2e-3
"""How near what is drawn is, in relation to the largest of its numbers."""


def test_the_points_are_the_same() -> None:
    asked = [(name, SHIFTS[name].usual, seed) for name in HERE for seed in (0, 9999)]
    asked += [("turned", 180.0, 1), ("moved", 1.3, 2), ("shares", 35.0, 3), ("shares", 100.0, 4)]
    for one, found in zip(asked, answer_of("points", SCRIPT, asked), strict=True):
        pair = shifted_pair(*one)
        splits = (pair.source.train, pair.source.test, pair.target.train, pair.target.test)
        for here, there in zip(splits, found, strict=True):
            assert there["labels"] == here.labels.tolist(), one
            places = torch.tensor(there["points"], dtype=torch.float32).view(-1, 2)
            # Turning may round otherwise in the last place.
            torch.testing.assert_close(places, here.images, rtol=0, atol=2.4e-7)


def test_the_first_weights_are_the_same() -> None:
    asked = [(method, seed) for method in MOONS_LAMBDA for seed in (0, 9999)]
    for (method, seed), found in zip(asked, answer_of("weights", SCRIPT, asked), strict=True):
        model = moons_trainer(seed=seed, method=method).model
        for here, there in zip(model.parameters(), found, strict=True):
            assert here.flatten().tolist() == there, (method, seed)


def test_numbers_are_written_the_same() -> None:
    generator = np.random.default_rng(0)
    values = [0.0, 0.5, 1.5, 2.5, 0.125, 0.375, 0.25, 0.75, 2.25, 99.995, 100.5, 999_999.5, 1e6]
    values += [-0.125, -2.5, 1e-5, 0.0001, 0.00099951, 9.95, 99.5, 1234.5, 1e15]
    values += (10 ** generator.uniform(-9, 9, 500)).tolist()
    asked = [*values, *map(str, (math.nan,))]
    found = answer_of("written", SCRIPT, asked)
    for value, there in zip([*values, math.nan], found, strict=True):
        here = [f"{value:.0f}", f"{value:.1f}", f"{value:.2f}", f"{value:.2g}", f"{value:.4g}"]
        assert [*here, sentences.percent(value), number(value)] == there, value


def test_the_domain_classifier_is_judged_the_same() -> None:
    asked = [
        (accuracy, loss, one_answer)
        for accuracy in (0.0, 0.39, 0.4, 0.5, 0.59, 0.6, 0.74, 0.75, 1.0)
        for loss in (0.0, 0.69, 0.79, 0.8, 13.86, 13.87, 5000.0, 2e9)
        for one_answer in (False, True)
    ]
    said = [sentences.about_classifier(Standing(*one)) for one in asked]
    assert answer_of("standings", SCRIPT, asked) == said


def test_a_step_that_diverges_is_told_the_same() -> None:
    asked = [(5, 0.5, 0.123456, "The label loss"), (1000, 2.0, 1e-5, "The weights' gradient")]
    assert answer_of("divergences", SCRIPT, asked) == [str(TrainingDiverged(*one)) for one in asked]


SET, STEP = "set", "step"
PLAYED: list[tuple[str, dict[str, Any]]] = [
    ("look", {}),
    (STEP, {"steps": 1}),
    (STEP, {"steps": 20}),
    (SET, {"knobs": {"lambda_": 0.5}}),
    (STEP, {"steps": 100}),  # of which 20 are done
    (SET, {"knobs": {"part": "domain"}}),
    (STEP, {"steps": 5}),
    (SET, {"knobs": {"part": "features"}}),
    (STEP, {"steps": 5}),
    (SET, {"knobs": {"part": "both", "form": "scale"}}),
    (STEP, {"steps": 4}),
    ("reset", {}),
    (SET, {"knobs": {"form": "subtract", "lambda_": None, "amount": 60}}),
    ("undo", {}),
    ("seed", {}),
    (STEP, {"steps": 3}),
    ("undo", {}),
    ("undo", {}),
    ("reset", {}),
    ("slow", {}),
    ("slow", {}),
    (STEP, {"steps": 1}),
    ("undo", {}),
]
OF_METHODS: list[tuple[str, dict[str, Any]]] = [
    (type_, more)
    for method in ("cdan", "cdan+e", "coral", "mmd")
    for type_, more in (
        (SET, {"knobs": {"method": method}}),
        (STEP, {"steps": 12}),
        ("slow", {}),
        ("undo", {}),
    )
]
OF_SHIFTS: list[tuple[str, dict[str, Any]]] = [
    (type_, more)
    for shift in HERE[1:]
    for type_, more in ((SET, {"knobs": {"shift": shift}}), (STEP, {"steps": 11}))
]
OF_DRAWING: list[tuple[str, dict[str, Any]]] = [
    ("draw", {"pen": "source-0", "at": [0, 0], "begins": True}),  # where nobody draws
    (SET, {"knobs": {"shift": DRAWN}}),
    ("draw", {"pen": "source-1", "at": [9, -9], "begins": True}),
    ("draw", {"pen": "target-0", "at": [0.3, 1.7], "begins": False}),
    (STEP, {"steps": 10}),
    ("draw", {"pen": "rubber", "at": [0.3, 1.7], "begins": True}),
    ("draw", {"pen": "rubber", "at": None, "begins": True}),
    (STEP, {"steps": 10}),
    ("draw", {"pen": "source-0", "at": [0.5, 0.5], "begins": False}),
    ("undo", {}),
    ("undo", {}),
    ("undo", {}),
    ("undo", {}),
]
CONVERSATIONS = {
    "played": (False, PLAYED),
    "methods": (False, OF_METHODS),
    "shifts": (True, OF_SHIFTS),
    "drawing": (True, OF_DRAWING),
}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_each_question_has_the_same_answer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "randrange", lambda *ends: NEW_SEED)
    shifts, questions = CONVERSATIONS[name]
    playground = Playground(shifts=shifts)
    messages = [
        {"type": type_, "client": "one", "wish": k, "dark": k % 2 == 1, "figures": True, **more}
        for k, (type_, more) in enumerate(questions)
    ]
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(playground, "send", heard.append)
    for message in messages:
        playground.hear(message)  # type: ignore[arg-type]
    there = answer_of("converse", SCRIPT, {"choices": playground.choices, "messages": messages})
    for message, ours, theirs in zip(messages, heard, there, strict=True):
        for of in ("figures", "captions"):
            ours[of].pop("bound", None)
        check_alike(ours, theirs, f"{message}")
    playground.close()


def check_alike(ours: Any, theirs: Any, where: str) -> None:
    """The same texts and the same numbers, but for what rounding does to them."""
    if isinstance(ours, dict) and "bdata" in ours:
        ours = np.frombuffer(base64.b64decode(ours["bdata"]), dtype="<f4").tolist()
        ours = [None if math.isnan(value) else value for value in ours]
    if isinstance(ours, dict):
        assert ours.keys() == theirs.keys(), where
        for name, value in ours.items():
            check = PACKED.get(name, check_alike)
            check(value, theirs[name], f"{where} {name}")
    elif isinstance(ours, list | tuple):
        assert len(ours) == len(theirs), where
        for k, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            check_alike(one, other, f"{where} {k}")
    elif isinstance(ours, float):
        assert theirs == pytest.approx(ours, rel=CLOSE, abs=CLOSE), where
    else:
        assert ours == theirs, where


def check_points(ours: Any, theirs: Any, where: str) -> None:
    if isinstance(ours, dict):  # the pushes' own "label" is packed, and so are the rest
        for name, value in ours.items():
            check_points(value, theirs[name], f"{where} {name}")
        return
    here, there = (
        np.frombuffer(base64.b64decode(text), dtype="<f4").reshape(-1, 2) for text in (ours, theirs)
    )
    assert here.shape == there.shape, where
    if len(here):
        apart = np.abs(here - there).max() / max(1, np.abs(here).max())
        assert apart < CLOSE, f"{where}: {apart:.1e} apart"


def check_grids(ours: Any, theirs: Any, where: str) -> None:
    for plane, both in ours.items():
        for k, text in enumerate(both):
            here, there = (
                np.frombuffer(base64.b64decode(one), dtype=np.uint8).astype(int)
                for one in (text, theirs[plane][k])
            )
            assert here.shape == there.shape, where
            assert np.abs(here - there).max(initial=0) <= 2, f"{where} {plane} {k}"


PACKED = {
    "inputs": check_points,
    "features": check_points,
    "pushes": check_points,
    "grids": check_grids,
}
