"""A trained network by itself: read from a checkpoint, used and exported without any data.

Two lines are enough to use one::

    trained = load_trained("runs/mine/checkpoint.pt")
    trained.predict(images).labels

"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from dann_core.checkpoints import check_parts, checked_model, read_checkpoint, readable
from dann_core.errors import CheckpointError, DataError
from dann_core.evaluation import Predictions, predict
from dann_core.files import AnyPath, file_to_write, shown, written_whole
from dann_core.inputs import Inputs
from dann_core.model import DANN, build_model
from dann_core.networks import Network
from dann_core.plain_numbers import checked_type
from dann_core.recipe import Recipe

OPSET = 18
"""The version of ONNX's operations that is written."""
ALIKE = 1e-5
"""By how much the probabilities of what was exported may differ from the network's own."""


class Predictor(nn.Module):
    """Stored examples to probabilities, preparation and all: uint8 [N, H, W, 3] (of a table, float
    [N, d]) -> float32 [N, classes]. What is exported."""

    mean: Tensor
    std: Tensor

    def __init__(self, model: DANN, inputs: Inputs):
        super().__init__()
        self.feature_extractor = model.feature_extractor
        self.label_predictor = model.label_predictor
        self.is_table = inputs.kind == "table"
        for name in ("mean", "std"):
            values = torch.tensor(getattr(inputs, name), dtype=torch.float32, device="cpu")
            self.register_buffer(name, values)

    def forward(self, examples: Tensor) -> Tensor:
        x = (examples.float() - self.mean) / self.std
        x = x if self.is_table else x.permute(0, 3, 1, 2)
        logits: Tensor = self.label_predictor(self.feature_extractor(x))
        return logits.softmax(dim=1)


@dataclass(frozen=True)
class Trained:
    """A network and what it takes to use it. ``class_values``: what its outputs stand for;
    ``names``: of the domains that it learnt from."""

    model: DANN
    inputs: Inputs
    class_values: tuple[str | int | bool, ...]
    names: tuple[str, str]

    @property
    def class_names(self) -> tuple[str, ...]:
        return tuple(str(value) for value in self.class_values)

    def predict(self, examples: Tensor) -> Predictions:
        """Of ``examples`` as they are stored: uint8 [N, H, W, 3] or, of a table, float32 [N, d]."""
        return predict(self.model, self.inputs, examples)

    def examples(self, n: int = 3) -> Tensor:
        """``n`` examples of no meaning, the same each time, to try a network with."""
        random = torch.Generator().manual_seed(0)
        shape = (n, *self.inputs.shape)
        if self.inputs.kind == "images":
            return torch.randint(0, 256, shape, generator=random, dtype=torch.uint8, device="cpu")
        mean, std = (
            torch.tensor(values, device="cpu") for values in (self.inputs.mean, self.inputs.std)
        )
        return torch.randn(shape, generator=random, device="cpu") * std + mean


def load_trained(path: AnyPath, network: Network | None = None) -> Trained:
    """The network in a checkpoint, on the CPU.

    ``network``: that of the run, where Python cannot find it by its name. Raises
    :class:`CheckpointError` if the file cannot be read or was written before checkpoints held what
    prediction needs, and :class:`RecipeError` if the run's own network is not here.
    """
    return trained_from(read_checkpoint(path), shown(path), network)


def trained_from(
    state: Mapping[str, Any], name: str = "This checkpoint", network: Network | None = None
) -> Trained:
    """As :func:`load_trained`, from a checkpoint's contents."""
    with readable(name):
        check_parts(state)
    if state["inputs"] is None:
        raise CheckpointError(
            f"{name} is of an earlier version, which kept what prediction needs with the data "
            "alone. Go on with the run with --resume, which writes it anew."
        )
    inputs, classes = Inputs.from_dict(state["inputs"]), tuple(state["classes"])
    model = build_model(Recipe.from_dict(state["recipe"]), inputs, len(classes), network)
    with readable(name):
        model.load_state_dict(checked_model(state["model"], model))
    # As it was trained: in another order of its numbers the last bits differ.
    model.to(memory_format=torch.channels_last)
    source, target = state["names"]
    return Trained(model.eval(), inputs, classes, (source, target))


def export_torch(trained: Trained, path: AnyPath) -> float:
    """Write a program of :mod:`torch.export`, of any number of examples, and look that it gives the
    same: returns the largest difference of a probability.

    ``torch.export.load(path).module()(examples)`` then needs PyTorch and nothing of this package.
    Raises :class:`DataError` where the network cannot be exported.
    """
    checked_type(trained, Trained, "trained")
    file_to_write(path)  # before the work
    program = _program(trained)
    contents = io.BytesIO()
    torch.export.save(program, contents)
    contents.seek(0)
    again = torch.export.load(contents).module()
    examples = trained.examples()
    with torch.no_grad():
        difference = _difference(trained, again(examples))
    with written_whole(path) as temporary:
        temporary.write_bytes(contents.getbuffer())
    return difference


def export_onnx(trained: Trained, path: AnyPath) -> float:
    """Write ONNX (operations :data:`OPSET`, input "examples" of any number, output "probabilities")
    and run it with onnxruntime: returns the largest difference of a probability.

    Raises :class:`DataError` where a package is missing, the network cannot be exported, or what
    was exported gives others than the network by more than 1e-5.
    """
    checked_type(trained, Trained, "trained")
    file_to_write(path)  # before the work
    try:
        import onnxruntime
        import onnxscript  # noqa: F401  torch.onnx asks for it
    except ImportError as error:
        raise DataError(
            f"For ONNX {error.name} is missing: pip install 'dann-explorable[onnx]'"
        ) from error
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "network.onnx")
        _write_onnx(trained, file)
        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        (found,) = session.run(None, {"examples": trained.examples().numpy()})
        difference = _difference(trained, torch.from_numpy(found))
        contents = file.read_bytes()
    with written_whole(path) as temporary:
        temporary.write_bytes(contents)
    return difference


def _write_onnx(trained: Trained, file: Path) -> None:
    program = torch.onnx.export(
        _program(trained),
        (),
        input_names=["examples"],
        output_names=["probabilities"],
        opset_version=OPSET,
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    program.save(str(file), external_data=False)


def _program(trained: Trained) -> torch.export.ExportedProgram:
    module = Predictor(trained.model, trained.inputs).eval()
    n = torch.export.Dim("n", min=1)
    with torch.no_grad():
        try:
            return torch.export.export(
                module, (trained.examples(),), dynamic_shapes={"examples": {0: n}}
            )
        except Exception as error:  # of a network of somebody's own it can be anything
            why = " ".join(str(error).split())
            raise DataError(
                f"This network cannot be exported ({type(error).__name__}: {why:.200}). Export a "
                "run with a built-in network, or write its forward with PyTorch's operations alone."
            ) from error


def _difference(trained: Trained, found: Tensor) -> float:
    expected = trained.predict(trained.examples()).probabilities
    difference = float((found - expected).abs().max())
    if not difference <= ALIKE:
        raise DataError(
            f"What was exported gives other probabilities than the network, by {difference:.1g}. "
            "Nothing was written. Try another version of torch."
        )
    return difference
