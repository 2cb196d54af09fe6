"""The playground and the trainer with a learner's own layer and step: what is wrong is seen."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
import torch
from test_playground import Browser, numbers
from torch import Tensor, nn
from torch.nn import functional as F

from dann_core import DANN
from dann_core.datasets import load_pair
from dann_core.moons import moons_trainer
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.exercises import exercises
from dann_lab.lessons.demonstrations import yours_beside
from dann_lab.lessons.playground import Playground
from dann_lab.lessons.yours import YoursFailed, your_moons, your_trainer


def defined_by(name: str) -> Any:
    namespace: dict[str, Any] = {}
    exec(getattr(exercises, name).answer, namespace)
    return namespace["GradReverse" if name == "reversal" else name]


def layer(backward: Callable[[float, Tensor], Any]) -> Any:
    class GradReverse(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, features: Tensor, lambda_: float) -> Tensor:
            ctx.lambda_ = lambda_
            return features.view_as(features)

        @staticmethod
        def backward(ctx: Any, gradient: Tensor) -> Any:
            return backward(ctx.lambda_, gradient)

    return GradReverse


def step_with(
    total: Callable[[Tensor, Tensor, float], Tensor] = lambda label, domain, k: label + domain,
    clear: bool = True,
    steps: int = 1,
) -> Any:
    def step(m: Any, o: Any, images: Any, labels: Any, domains: Any, lambda_: float) -> float:
        y, d = m(images, lambda_)
        loss = total(
            F.cross_entropy(y[: len(labels)], labels), F.cross_entropy(d, domains), lambda_
        )
        if clear:
            o.zero_grad()
        loss.backward()
        for _ in range(steps):
            o.step()
        return loss.item()

    return step


def shown_with(**yours: Any) -> Browser:
    page = Browser()
    page.widget = Playground(**yours)
    return page


def test_right_pieces_do_what_the_packages_own_do() -> None:
    pieces = {"reversal": defined_by("reversal"), "step": defined_by("training_step")}
    usual, yours = moons_trainer(), your_moons(35.0, 0, **pieces)
    for _ in range(50):
        a, b = next(usual), next(yours)
    for name in ("label_loss", "domain_loss", "label_gradient", "domain_gradient_after"):
        assert getattr(b, name) == pytest.approx(getattr(a, name), rel=1e-3), name

    pair, recipe = load_pair("stripes"), preset("quick", steps=4)
    usual_, yours_ = Trainer(pair, recipe, device="cpu"), your_trainer(pair, recipe, **pieces)
    for _ in range(4):
        a, b = next(usual_), next(yours_)
        assert asdict(b) == pytest.approx(asdict(a), rel=1e-4)
    assert asdict(yours_.evaluate()) == pytest.approx(asdict(usual_.evaluate()), abs=0.02)


WRONG_LAYERS = {
    "the sign is not turned round": (layer(lambda k, g: (k * g, None)), lambda d, k: k * d),
    "lambda is missing": (layer(lambda k, g: (-g, None)), lambda d, k: -d),
    "nothing is done": (lambda features, lambda_: features, lambda d, k: d),
    "0": (layer(lambda k, g: (0 * g, None)), lambda d, k: 0 * d),
    "lambda twice": (layer(lambda k, g: (-k * k * g, None)), lambda d, k: -k * k * d),
}


@pytest.mark.parametrize("name", WRONG_LAYERS)
def test_a_wrong_layer_is_seen_in_the_arrows(name: str) -> None:
    reversal, does = WRONG_LAYERS[name]
    page = shown_with(reversal=reversal)
    page.set(lambda_=0.5)
    answer = page.step(3)
    pushes = {key: numbers(text) for key, text in answer["pushes"].items()}
    assert not answer["problem"]
    assert np.abs(pushes["domain"]).max() > 1e-3
    np.testing.assert_allclose(
        pushes["reversed"], does(pushes["domain"], 0.5), rtol=1e-4, atol=1e-7
    )


def losses_after(steps: int, **yours: Any) -> list[float]:
    page = shown_with(**yours)
    page.set(lambda_=1.0)
    for _ in range(steps // 20):
        answer = page.step(20)
    assert not answer["problem"], answer["problem"]
    losses: list[float] = answer["losses"]
    return losses


def test_a_wrong_step_is_seen_in_the_losses() -> None:
    right = losses_after(200, step=step_with())
    assert 0.3 < right[1] < 0.8
    subtracted = losses_after(200, step=step_with(lambda label, domain, k: label - domain))
    assert subtracted[1] > 2
    without_labels = losses_after(200, step=step_with(lambda label, domain, k: domain))
    assert without_labels[0] > right[0] + 0.3
    never_cleared = losses_after(40, step=step_with(clear=False))
    assert abs(never_cleared[0] - losses_after(40, step=step_with())[0]) > 0.02
    page = shown_with(step=step_with(steps=0))
    before = page.ask("look")["features"]
    assert page.step(5)["features"] == before  # nothing moves
    assert page.step(5)["step"] == 10


def test_parts_and_reset_and_undo_work_with_pieces_of_ones_own() -> None:
    page = shown_with(step=step_with())
    first = page.step(10)
    page.set(part="domain")
    held = page.ask("look")["features"]
    assert page.step(5)["features"] == held
    page.set(part="both")
    page.ask("reset")
    assert page.step(10)["features"] == first["features"]
    assert page.ask("undo")["step"] == 15


def test_there_is_no_other_method_and_no_table_of_what_nobody_knows() -> None:
    choices = shown_with(step=step_with()).widget.choices
    assert list(choices["method"]) == ["dann"]
    assert choices["tables"] == {"dann": {"reverse": []}}


def by_a_learner(code: str) -> dict[str, Any]:
    """Defined in a cell of a notebook."""
    linecache.cache["<cell>"] = (len(code), None, code.splitlines(keepends=True), "<cell>")
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(code, "<cell>", "exec"), namespace)
    return namespace


def test_an_error_is_told_with_its_line_and_nothing_is_lost() -> None:
    code = "def step(m, o, images, labels, domains, lambda_):\n    y, d = m(images)\n    y.oops()\n"
    page = shown_with(step=by_a_learner(code)["step"])
    answer = page.step(3)
    assert answer["step"] == 0
    assert "Your step raised AttributeError" in answer["problem"]
    assert "in line 3, `y.oops()`" in answer["problem"]
    assert "run its cell" in answer["problem"]
    assert not page.ask("look")["problem"]


STUBS = [
    ({"reversal": layer(lambda k, g: ...)}, "Your layer raised"),
    ({"reversal": lambda features, lambda_: ...}, "does not return the features yet"),
    ({"reversal": lambda features: features}, "Your layer raised TypeError"),
    ({"reversal": layer(lambda k, g: -k * g)}, "Your layer raised"),
    ({"step": lambda *inputs: ...}, "never asks the network"),
    ({"step": lambda model, o, images, *rest: model(images[:3])}, "shows the network 3 images"),
    ({"step": lambda: None}, "Your step raised TypeError"),
    ({"step": step_with(steps=2)}, "2 times; once is asked for"),
]


@pytest.mark.parametrize(("yours", "words"), STUBS, ids=[words for _, words in STUBS])
def test_what_is_not_written_yet_is_told_beside_the_picture(yours: Any, words: str) -> None:
    page = shown_with(**yours)
    looked, stepped = page.ask("look"), page.step(1)
    assert words in looked["problem"] + stepped["problem"]
    assert stepped["step"] == 0
    assert len(numbers(stepped["features"])) == len(stepped["labels"])


def test_what_is_no_layer_is_refused_with_what_to_hand_in() -> None:
    with pytest.raises(YoursFailed, match="reversal=GradReverse"):
        Playground(reversal=3)


# Beside the lesson's own networks


@pytest.fixture(scope="module")
def networks() -> dict[str, Trainer]:
    trainer = Trainer(load_pair("stripes"), preset("quick", steps=1), device="cpu")
    trainer.evaluate()
    list(trainer)
    trainer.evaluate()
    return {"DANN": trainer}


def small(recipe: Any, inputs: Any) -> DANN:
    features = nn.Sequential(nn.Flatten(), nn.LazyLinear(8), nn.ReLU())
    return DANN(features, nn.Linear(8, 10), nn.Linear(8, 2))


def test_a_network_and_a_step_of_ones_own_are_drawn_beside_the_others(
    networks: dict[str, Trainer],
) -> None:
    recipe = preset("quick", steps=3)
    plot = yours_beside(networks, recipe, step=defined_by("training_step"), network=small)
    assert plot is not None
    assert "yours " in plot.caption
    assert "DANN " in plot.caption


@pytest.mark.parametrize(
    ("yours", "words"),
    [
        ({"step": lambda *inputs: ...}, "never asks the network"),
        ({"network": lambda recipe, inputs: nn.Linear(3, 4)}, "does not take a batch"),
        ({"network": lambda recipe, inputs: 1 / 0}, "ZeroDivisionError"),
        ({"reversal": 7}, "reversal=GradReverse"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_raised(
    networks: dict[str, Trainer], capsys: pytest.CaptureFixture[str], yours: Any, words: str
) -> None:
    assert yours_beside(networks, preset("quick", steps=3), **yours) is None
    told = capsys.readouterr().out
    assert "Nothing to draw yet. " in told
    assert words in told
    assert told.strip().endswith("Mend it, then run its cell and this one again.")
