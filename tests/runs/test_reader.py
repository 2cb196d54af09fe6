"""A page's own networks read digits as PyTorch does, and put behind them what Python puts there."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from node import answer_of, needs_node
from torch import Tensor, nn

from dann_core.datasets.blending import Images
from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.inputs import Inputs
from dann_core.model import build_model
from dann_core.recipe import Recipe, preset
from dann_core.trained import Trained
from dann_lab.figures.encoding import as_text
from dann_lab.live.drawing import Sketch
from dann_lab.runs import halves, reader
from dann_lab.runs.halves import plain, recorded_networks, trained_from
from dann_lab.runs.protocol import PlainNetwork

INPUTS = Inputs("images", (28, 28, 3), (60.0, 70.0, 80.0), (255.0, 255.0, 255.0))
CLOSE = 1e-2
"""How near a page's probabilities are to PyTorch's."""


def random_network(recipe: Recipe, inputs: Inputs = INPUTS, classes: int = 10) -> Trained:
    """Untrained, but with statistics of batch norm that do something."""
    model = build_model(recipe, inputs, classes)
    random = torch.Generator().manual_seed(1)
    for part in model.modules():
        if isinstance(part, nn.BatchNorm2d):
            for tensor in (part.running_mean, part.running_var, part.weight, part.bias):
                assert tensor is not None
                tensor.data.uniform_(0.5, 1.5, generator=random)
        if isinstance(part, nn.Linear):
            part.weight.data *= 3  # or it would say nearly the same of all pictures
    return Trained(model.eval(), inputs, tuple(range(classes)), ("here", "there"))


def read_there(networks: list[PlainNetwork], pictures: Tensor) -> Tensor:
    """What the page answers: probabilities, float64 [networks, N, 10]."""
    question = {"networks": networks, "pictures": as_text(pictures.numpy().tobytes())}
    answers = answer_of("read", "tests/reader/read.js", question)
    return torch.tensor(answers, dtype=torch.float64)


@needs_node
@pytest.mark.real_data
@pytest.mark.timeout(600)
def test_the_shipped_networks_answer_1000_test_images_as_pytorch_does(
    mnist_pair: DomainPair,
) -> None:
    domains = (mnist_pair.source, mnist_pair.target)
    pictures = torch.cat([domain.test.images[:500] for domain in domains])
    networks = recorded_networks()
    assert [network["name"] for network in networks] == ["Source only", "DANN"]
    for network, there in zip(networks, read_there(networks, pictures), strict=True):
        here = trained_from(network).predict(pictures)
        assert there.argmax(dim=1).tolist() == here.labels.tolist()
        assert float((there - here.probabilities).abs().max()) <= CLOSE


@pytest.mark.real_data
def test_half_precision_costs_no_answer_worth_telling(mnist_pair: DomainPair) -> None:
    """What each network says about itself is what it reads."""
    for network in recorded_networks():
        trained = trained_from(network)
        for name, domain in (("MNIST's", mnist_pair.source), ("MNIST-M's", mnist_pair.target)):
            test = domain.test.first(2000)
            right = float((trained.predict(test.images).labels == test.labels).float().mean())
            told = told_share(network["about"], name)
            assert abs(right - told) < 0.03, name


def told_share(about: str, name: str) -> float:
    words = about.split()
    at = next(i for i, word in enumerate(words) if word.rstrip(".") == name)
    return float(words[at - 3]) / 100


@needs_node
@pytest.mark.parametrize("network", ["tutorial", "deep"])
@pytest.mark.parametrize("instance_norm", [True, False])
@pytest.mark.parametrize("batch_norm", [True, False])
def test_every_built_in_network_for_digits_reads_the_same_there(
    network: str, instance_norm: bool, batch_norm: bool
) -> None:
    recipe = preset("quick", network=network, instance_norm=instance_norm, batch_norm=batch_norm)
    made = plain(random_network(recipe), "mine")
    pictures = torch.randint(
        0, 256, (20, 28, 28, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
    )
    (there,) = read_there([made], pictures)
    here = trained_from(made).predict(pictures).probabilities
    assert float((there - here).abs().max()) < 1e-5
    assert float(here.std(dim=0).max()) > 1e-4, "the pictures are told apart"


def test_half_precision_is_all_that_is_lost() -> None:
    trained = random_network(preset("quick", network="deep", separate_statistics=True))
    again = trained_from(plain(trained, "mine"))
    wanted, found = trained.model.state_dict(), again.model.state_dict()
    for part in plain(trained, "mine")["shapes"]:
        name = part["name"]
        assert not name.startswith("domain_classifier")
        assert torch.equal(found[name], wanted[name].half().float()), name
    assert again.inputs == trained.inputs


@needs_node
@pytest.mark.parametrize("digit", range(3))
def test_a_drawing_is_dressed_as_python_dresses_it(digit: int) -> None:
    ink = np.zeros((28, 28), np.uint8)
    ink[4 + digit : 24, 8 + 3 * digit : 13 + 3 * digit] = 255
    question = {"grounds": reader.grounds(), "inks": [as_text(ink.tobytes())]}
    (drawn, striped, over) = answer_of("dress", "tests/reader/read.js", question)[0]
    assert len(drawn) == 1
    for pair, found, seeds in (
        ("stripes", striped, reader.STRIPES),
        ("digits", over, reader.PHOTOS),
    ):
        for seed, picture in zip(seeds, found, strict=True):
            plain_, dressed = Sketch(1, ink, seed).dressed(pair, None)
            np.testing.assert_array_equal(as_picture(drawn[0]), plain_)
            np.testing.assert_array_equal(as_picture(picture), dressed)
    assert len({json.dumps(picture) for picture in striped + over}) == len(striped + over)


def as_picture(values: list[int]) -> Images:
    return np.array(values, np.uint8).reshape(28, 28, 3)


def test_the_recorded_networks_are_small_and_travel_with_the_widget() -> None:
    assert halves.RECORDED.stat().st_size < 1.5e6
    state = reader.recorded_reader().get_state()
    assert state["networks"] == recorded_networks()
    assert state["title"] == "Draw a digit"
    assert not state["asks_python"]
    for network in state["networks"]:
        weights = base64.b64decode(network["weights"])
        assert weights[:2] == b"\x1f\x8b", "gzip, which no Python object comes out of"
    json.dumps(state["networks"])


@pytest.mark.parametrize(
    ("trained", "reason"),
    [
        (random_network(preset("quick", network="residual")), "another form"),
        (random_network(preset("quick"), classes=7), "7 classes"),
        (
            random_network(preset("quick"), replace(INPUTS, shape=(32, 32, 3))),
            "images of 32x32 pixels",
        ),
    ],
)
def test_what_no_page_can_run_says_why_and_what_to_do(trained: Trained, reason: str) -> None:
    with pytest.raises(DataError, match=reason) as raised:
        plain(trained, "The run mine")
    assert str(raised.value).startswith("The run mine ")
    assert "Leave the weights out" in str(raised.value)


def test_numbers_that_half_precision_cannot_hold_are_told() -> None:
    trained = random_network(preset("quick"))
    trained.model.feature_extractor.conv1.weight.data[0] = 1e6
    with pytest.raises(DataError, match="half precision cannot hold"):
        plain(trained, "mine")


def damaged(change: str) -> bytes:
    network: dict[str, Any] = dict(plain(random_network(preset("quick")), "mine"))
    if change == "format":
        return halves.packed([network]).replace(b'"format": 1', b'"format": 9')  # type: ignore[list-item]
    if change == "cut":
        return halves.packed([network])[:-100]  # type: ignore[list-item]
    if change == "missing":
        network["shapes"] = network["shapes"][1:]
    elif change == "kind":
        network["network"] = "other"
    elif change == "weights":
        network["weights"] = network["weights"][:400]
    return halves.packed([network])  # type: ignore[list-item]


@pytest.mark.parametrize("change", ["format", "cut", "missing", "kind", "weights"])
def test_a_damaged_file_is_told(change: str) -> None:
    with pytest.raises(DataError, match="not a file of networks"):
        halves.unpacked(damaged(change))
