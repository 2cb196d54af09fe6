"""Networks that read digits, their weights in half precision: what a page needs to run them.

Plain data, as JSON takes it. Of a network only what reads travels, the feature extractor and the
label predictor.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from math import prod
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from dann_core.datasets.blending import SIDE
from dann_core.errors import DataError, reason_of
from dann_core.forms import NUMBER, check_form
from dann_core.inputs import Inputs
from dann_core.model import LabelPredictor, build_model
from dann_core.networks import DeepFeatureExtractor, FeatureExtractor
from dann_core.recipe import preset
from dann_core.trained import Trained
from dann_lab.figures.encoding import as_text
from dann_lab.runs.protocol import PlainNetwork

RECORDED = Path(__file__).parent / "networks.json"
FORMAT = 1
HALF = np.dtype("<f2")
KNOWN: dict[type[nn.Module], Literal["tutorial", "deep"]] = {
    FeatureExtractor: "tutorial",
    DeepFeatureExtractor: "deep",
}
"""The feature extractors that a page can run (js/src/reader/network.js)."""
DIGITS = tuple(str(digit) for digit in range(10))


def plain(trained: Trained, name: str, about: str = "") -> PlainNetwork:
    """``trained`` for a page, called ``name``; ``about``: where it comes from, for people.

    Raises :class:`DataError`, with the reason and the remedy, for a network that no page can run.
    """
    model = trained.model
    require_readable(trained, name)
    parts = list(_reading(model))
    weights = b"".join(_halves(part, f"{name}: {at}") for at, part in parts)
    return {
        "name": name,
        "about": about,
        "network": KNOWN[type(model.feature_extractor)],
        "instance_norm": isinstance(model.feature_extractor.input_norm, nn.InstanceNorm2d),
        "mean": list(trained.inputs.mean),
        "shapes": [{"name": at, "shape": list(part.shape)} for at, part in parts],
        "weights": as_text(gzip.compress(weights, 9, mtime=0)),
    }


def require_readable(trained: Trained, name: str) -> None:
    """Raise :class:`DataError` unless a page can run the network, which is called ``name``, and
    what it reads can be drawn."""
    size, model = trained.inputs.size, trained.model
    if size != (SIDE, SIDE):
        raise DataError(
            f"{name} reads {trained.inputs.text}, and what is drawn is a digit of {SIDE}x{SIDE} "
            "pixels. Leave the weights out, or train on mnist, digits or stripes."
        )
    if trained.class_names != DIGITS:
        raise DataError(
            f"{name} tells {len(trained.class_names)} classes apart, which are not the digits 0 to "
            "9, and nothing else can be drawn. Leave the weights out."
        )
    if type(model.feature_extractor) not in KNOWN or type(model.label_predictor) is not (
        LabelPredictor
    ):
        raise DataError(
            f"{name} has a network of another form than those that a page can run, "
            f"{' and '.join(KNOWN.values())}. Leave the weights out, or train one of these."
        )


def _reading(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """The numbers that reading takes, by the names that PyTorch has for them."""
    for name, part in model.state_dict().items():
        # A layer's random generator has a state too, which is bytes.
        if part.is_floating_point() and not name.startswith("domain_classifier."):
            yield name, part


def _halves(part: Tensor, name: str) -> bytes:
    halves = part.detach().cpu().half()
    if not halves.isfinite().all():
        raise DataError(
            f"{name} has numbers that half precision cannot hold. Leave the weights out, or train "
            "with a smaller learning rate."
        )
    return halves.contiguous().numpy().astype(HALF).tobytes()


def trained_from(network: PlainNetwork) -> Trained:
    """The network that :func:`plain` has made plain, with its very numbers, as PyTorch runs it."""
    names = {part["name"] for part in network["shapes"]}
    recipe = preset(
        "quick",
        network=network["network"],
        instance_norm=network["instance_norm"],
        batch_norm="feature_extractor.norm1.weight" in names,
        contrast_inversion=False,
        dropout=0.0,
    )
    inputs = Inputs("images", (SIDE, SIDE, 3), tuple(network["mean"]), (255.0, 255.0, 255.0))
    model = build_model(recipe, inputs, len(DIGITS))
    flat = np.frombuffer(gzip.decompress(base64.b64decode(network["weights"])), HALF)
    ends = accumulate((prod(part["shape"]) for part in network["shapes"]), initial=0)
    found = {
        part["name"]: torch.from_numpy(flat[start:end].astype(np.float32)).view(part["shape"])
        for part, (start, end) in zip(network["shapes"], pairwise(ends), strict=True)
    }
    wanted = {name for name, _ in _reading(model)}
    if names != wanted:
        raise DataError(f"it has not the weights of this network: {sorted(names ^ wanted)}")
    model.load_state_dict(found, strict=False)  # the domain classifier has not travelled
    return Trained(model.eval(), inputs, tuple(range(10)), ("source", "target"))


def packed(networks: Sequence[PlainNetwork]) -> bytes:
    """A file of networks: JSON in UTF-8."""
    text = json.dumps({"format": FORMAT, "networks": networks}, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def unpacked(data: bytes) -> list[PlainNetwork]:
    """Read what :func:`packed` wrote; nothing in it is run. Raises :class:`DataError` for anything
    else."""
    try:
        stored = json.loads(data)
        if stored["format"] != FORMAT:
            raise ValueError(f"format {stored['format']}, where this version reads {FORMAT}")
        check_form(stored, {"format": int, "networks": [NETWORK]})
        networks: list[PlainNetwork] = stored["networks"]
        for network in networks:
            trained_from(network)
    except Exception as error:  # damage can make these readers raise almost anything
        why = reason_of(error)
        raise DataError(
            f"This is not a file of networks ({why}). Write it again, or use the version that "
            "wrote it."
        ) from error
    return networks


NETWORK: dict[str, Any] = {
    "name": str,
    "about": str,
    "network": str,
    "instance_norm": bool,
    "mean": [NUMBER],
    "shapes": [{"name": str, "shape": [int]}],
    "weights": str,
}
"""The form of a network in a file."""


@cache
def recorded_networks() -> list[PlainNetwork]:
    """The networks that ship with the project: source only, then DANN, on MNIST -> MNIST-M.

    Made by ``benchmarks/record.py``; what each says about itself tells how it was trained.
    """
    return unpacked(RECORDED.read_bytes())
