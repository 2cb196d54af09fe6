"""What a network is given: how examples as they are stored become what goes in.

It is worked out from a pair's training examples and is part of every checkpoint, so that a saved
network reads new pictures or rows without the data that it learned from.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from dann_core.errors import DataError
from dann_core.forms import NUMBER, check_form
from dann_core.plain_numbers import checked_type, is_number, is_whole, short

Kind = Literal["images", "table"]
FORM = {
    "kind": str,
    "shape": [int],
    "mean": [NUMBER],
    "std": [NUMBER],
    "columns": [str],
}
"""The form of saved inputs."""


@dataclass(frozen=True)
class Inputs:
    """The examples that a network reads, and how they are prepared: ``(x - mean) / std``.

    ``kind``: "images", uint8 [N, H, W, 3], or "table", float32 [N, d]. ``shape``: of one example,
    (H, W, 3) or (d,). ``mean`` and ``std``: one number a channel or column; of images the mean is
    that of both training sets, 0-255, and std is 255; of a table both are the source's, so that
    nothing of the target is needed to read a row. ``columns``: the table's names, if it has any.

    Raises :class:`DataError` for parts that do not fit together.
    """

    kind: Kind
    shape: tuple[int, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        sizes = all(is_whole(n) and n > 0 for n in self.shape)
        rank = {"images": 3, "table": 1}.get(self.kind)
        if not sizes or len(self.shape) != rank or (rank == 3 and self.shape[2] != 3):
            raise DataError(f"Inputs of the kind {short(self.kind)} have no shape {self.shape}.")
        channels = self.shape[-1]
        numbers = (
            all(is_number(x) for x in (*self.mean, *self.std)) and min(self.std, default=0) > 0
        )
        if not numbers or len(self.mean) != channels or len(self.std) != channels:
            raise DataError(f"Inputs need {channels} finite means, and as many stds above 0.")
        if self.columns and len(self.columns) != channels:
            raise DataError(f"Inputs have {channels} columns and {len(self.columns)} names.")

    def prepare(self, examples: Tensor) -> Tensor:
        """What the network sees: ``(x - mean) / std``, float32, on the examples' device.

        Images: uint8 [B, H, W, 3] -> [B, 3, H, W] in channels-last memory. A table: [B, d] -> the
        same. Raises :class:`DataError`, with the shape that is needed, for anything else.
        """
        checked_type(examples, Tensor, "examples")
        images = self.kind == "images"
        right = examples.dtype == torch.uint8 if images else examples.is_floating_point()
        if not right or examples.shape[1:] != self.shape or not examples.ndim:
            kind = "torch.uint8" if images else "floating-point"
            raise DataError(
                f"These examples are {examples.dtype} {list(examples.shape)}, where {kind} "
                f"{['N', *self.shape]} is needed.".replace("'N'", "N")
            )
        mean, std = self._on(examples.device)
        if images:
            return examples.float().sub_(mean).div_(255).permute(0, 3, 1, 2)
        return examples if self._is_ready else examples.sub(mean).div_(std)

    @property
    def _is_ready(self) -> bool:
        """Whether a table goes into the network as it is, of any floating type."""
        return not any(self.mean) and set(self.std) == {1.0}

    def _on(self, device: torch.device) -> tuple[Tensor, Tensor]:
        kept: dict[torch.device, tuple[Tensor, Tensor]] = self.__dict__.setdefault("_kept", {})
        if device not in kept:
            mean, std = (
                torch.tensor(values, dtype=torch.float32, device=device)
                for values in (self.mean, self.std)
            )
            kept[device] = mean, std
        return kept[device]

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_kept"}

    def zeros(self, n: int) -> Tensor:
        """``n`` prepared examples, all 0, on the CPU: to ask a network what it makes of such."""
        if self.kind == "table":
            return torch.zeros(n, *self.shape, device="cpu", dtype=torch.float32)
        height, width, channels = self.shape
        return torch.zeros(n, channels, height, width, device="cpu", dtype=torch.float32)

    @property
    def size(self) -> tuple[int, int] | None:
        """The height and width of images, None for a table."""
        return (self.shape[0], self.shape[1]) if self.kind == "images" else None

    @property
    def text(self) -> str:
        """For people, such as "images of 64x48 pixels" or "rows of 12 numbers"."""
        if self.kind == "table":
            return f"rows of {self.shape[0]} numbers"
        return f"images of {self.shape[1]}x{self.shape[0]} pixels"

    def to_dict(self) -> dict[str, Any]:
        """Plain data, fit for JSON; :meth:`from_dict` reads it back."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Inputs:
        """Raises :class:`DataError` for what :meth:`to_dict` does not give."""
        check_form(data, FORM, "inputs")
        lists = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
        return cls(data["kind"], **lists)


PIXELS = Inputs("images", (28, 28, 3), (0.0, 0.0, 0.0), (255.0, 255.0, 255.0))
"""The shape of MNIST's images, for those who build a network before they have data."""


def inputs_of_images(source: Tensor, target: Tensor) -> Inputs:
    """Of a pair whose training images are these, uint8 [N, H, W, 3] each."""
    total, pixels = np.zeros(3, dtype=np.int64), 0
    for images in (source, target):
        # Whole numbers add up the same in any order, so the mean is the same on any machine.
        # NumPy takes a 25th of torch's time for it; uint32 holds 16 million images.
        places = images.cpu().numpy().sum(axis=0, dtype=np.uint32)
        total += places.astype(np.int64).sum(axis=(0, 1))
        pixels += images[..., 0].numel()
    # As float32, in which they are taken off: what is saved is then what was used.
    mean = tuple(torch.from_numpy(total / pixels).float().tolist())
    return Inputs("images", tuple(source.shape[1:]), mean, (255.0,) * 3)


def inputs_of_table(source: Tensor, columns: tuple[str, ...] = ()) -> Inputs:
    """Of a pair whose source's training rows are these, float32 [N, d]. A column that never changes
    is only centred."""
    values = source.cpu().numpy().astype(np.float64)
    mean, std = (torch.from_numpy(f(axis=0)).float() for f in (values.mean, values.std))
    std[~(std > 1e-6 * (1 + mean.abs()))] = 1.0
    return Inputs(
        "table", tuple(source.shape[1:]), tuple(mean.tolist()), tuple(std.tolist()), columns
    )
