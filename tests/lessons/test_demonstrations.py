"""What the lessons' demonstrations count, beside what they draw."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from dann_core.datasets import load_pair, stripes
from dann_core.domains import DomainPair
from dann_core.errors import RecipeError
from dann_core.evaluation import features, predict
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.figures.theme import LIGHT
from dann_lab.lessons import demonstrations
from dann_lab.measured import results


@pytest.fixture(scope="module")
def pair() -> DomainPair:
    return load_pair("stripes")


@pytest.fixture(scope="module")
def trainer(pair: DomainPair) -> Trainer:
    return Trainer(pair, preset("quick", steps=1), device="cpu")


def test_the_last_of_the_fading_stripes_are_the_targets(pair: DomainPair) -> None:
    behind = demonstrations.fading_in(pair)
    assert list(behind) == [round(stripes.LIGHT * k / 6) for k in range(7)]
    assert torch.equal(behind[stripes.LIGHT], pair.target.test.images)
    ink = pair.source.test.images.long() * stripes.INK // 255
    assert torch.equal(behind[0], ink.byte())
    with pytest.raises(RecipeError, match="light=256"):
        stripes.behind_stripes(ink.byte().numpy(), 0, light=256)


def test_a_digit_behind_stripes_that_fade_in_is_shown_and_read(trainer: Trainer) -> None:
    plot = demonstrations.by_light({"untrained": trainer}, digit=8)
    [line] = plot.light["data"]
    assert line["y"][-1] == pytest.approx(trainer.evaluate().target_accuracy)
    assert "untrained reads" in plot.caption


def test_the_logits_are_what_the_network_answers_with(trainer: Trainer) -> None:
    logits = demonstrations.label_logits(trainer)
    for found, domain in zip(logits, (trainer.pair.source, trainer.pair.target), strict=True):
        said = predict(trainer.model, trainer.pair, domain.test.images).labels
        assert torch.equal(found.argmax(dim=1), said)
        assert not found.requires_grad


def test_the_probe_goes_along_with_the_images(trainer: Trainer) -> None:
    probes = demonstrations.probes_on_the_way(trainer)
    assert list(probes) == ["features", "first hidden layer", "logits"]
    assert probes["features"] == demonstrations.probe(trainer)
    assert probes["features"].a_distance > probes["logits"].a_distance


def test_the_digits_nearby_are_counted_without_the_image_itself(
    trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = trainer.pair.target.test.labels[:40]

    def by_class(model: object, pair: object, images: Tensor) -> Tensor:
        return torch.nn.functional.one_hot(labels).float()

    monkeypatch.setattr(demonstrations, "features", by_class)
    assert demonstrations.same_digit_nearby(trainer, images=40, neighbours=1) == 1
    monkeypatch.setattr(demonstrations, "features", features)
    every = demonstrations.same_digit_nearby(trainer, images=40, neighbours=39)
    counts = labels.bincount()
    assert every == pytest.approx(float((counts * (counts - 1)).sum()) / (40 * 39))


# The runs behind what each part is worth


def test_the_recorded_runs_are_those_that_the_picture_counts() -> None:
    recorded, counted = results("parts"), results("ablation")
    assert recorded.keys() <= counted["steps"].keys()
    for pair, rows in recorded.items():
        assert rows["steps"][-1] == counted["steps"][pair]
        for name, row in rows.items():
            if name != "steps":
                ends = [run["target"][-1] for run in row["runs"]]
                assert ends == counted["variants"][name][pair]["target"]["each"], (pair, name)


@pytest.mark.parametrize("curve", demonstrations.NAMES_OF_CURVES)
@pytest.mark.parametrize("part", ["quick", "no-inversion", "source"])
def test_a_row_of_the_picture_can_be_opened(part: str, curve: str) -> None:
    figure, sentence = demonstrations.open_runs()._draw(LIGHT, "stripes", part, curve)
    runs = results("parts")["stripes"][part]["runs"]
    if part == "source" and curve == "domain":
        assert "there is no domain classifier" in sentence
        assert not [line for line in figure["data"] if line.get("name", "").startswith("seed")]
        return
    names = [line["name"] for line in figure["data"] if line.get("showlegend", True)]
    seeds = [f"seed {run['seed']}" for run in runs]
    assert names == seeds + ([] if part == "quick" else ["quick, mean of three"])
    assert "The three runs of quick as it is ended at" in sentence
