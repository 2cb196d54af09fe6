"""The diagram of a run's network: what each of its steps shows is what was recorded."""

from __future__ import annotations

import json

import pytest
from tiny import tiny_pair

from dann_core.errors import DannError
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.lessons.diagram import FIRST, STEPS, NetworkDiagram


def trained(steps: int, **chosen: str) -> Trainer:
    recipe = preset("quick", steps=steps, batch_size=8, domain_width=8, **chosen)
    trainer = Trainer(tiny_pair(), recipe, device="cpu")
    for _ in trainer:
        pass
    return trainer


def test_every_number_is_the_records() -> None:
    trainer = trained(5)
    diagram = NetworkDiagram(trainer)
    assert (diagram.mode, diagram.method) == ("dann", "dann")
    assert [step["at"] for step in diagram.steps] == [1, 2, 3, 4, 5]
    for step, record in zip(diagram.steps, trainer.history, strict=True):
        numbers = dict(step["network"])
        assert numbers.pop("side") == "classifier"
        assert step["applied"] == record.lambda_
        assert numbers == {name: getattr(record, name) for name in numbers}
        assert len(numbers) == 5


@pytest.mark.parametrize(
    ("chosen", "side"), [({"mode": "source"}, "none"), ({"method": "coral"}, "distance")]
)
def test_a_run_without_a_domain_classifier_says_so(chosen: dict[str, str], side: str) -> None:
    diagram = NetworkDiagram(trained(3, **chosen))
    assert {step["network"]["side"] for step in diagram.steps} == {side}
    json.dumps(diagram.steps, allow_nan=False)


def test_a_long_run_has_its_first_steps_all_its_last_and_not_too_many() -> None:
    at = [step["at"] for step in NetworkDiagram(trained(400)).steps]
    assert at[:FIRST] == list(range(1, FIRST + 1))
    assert at[-1] == 400
    assert at == sorted(set(at))
    assert len(at) <= STEPS
    gaps = {after - before for before, after in zip(at[FIRST:], at[FIRST + 1 :], strict=False)}
    assert max(gaps) - min(gaps) <= 1, "evenly apart"


def test_before_the_first_step_there_is_nothing_to_draw() -> None:
    with pytest.raises(DannError, match="Train first"):
        NetworkDiagram(Trainer(tiny_pair(), preset("quick", batch_size=8), device="cpu"))
