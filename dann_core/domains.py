"""What a domain is, the pairs on offer, and how batches are drawn from a pair.

A pair is data only: two domains of the same kind of input. Examples stay as they are stored, in one
tensor per split, on whatever device trains, and are prepared a batch at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from dann_core.errors import DataError
from dann_core.files import AnyPath
from dann_core.forms import check_form
from dann_core.inputs import Inputs, inputs_of_images, inputs_of_table
from dann_core.plain_numbers import (
    Whole,
    checked_type,
    checked_whole,
    is_whole,
    make_plain,
    plain,
    short,
)

UNKNOWN = -1
"""The label of an example whose class nobody has told."""
MOST_CLASSES = 255
"""The most classes: snapshots, maps and pages keep a class in a byte, of which one value says that
it is unknown."""
LARGE = 2 * 10**9
"""The most bytes of a split's images that are kept on the device."""


@dataclass(frozen=True)
class Split:
    """Examples and their labels, aligned.

    ``images``: uint8 [N, H, W, 3], 0-255 (of a table, float32 [N, d]). ``labels``: int64 [N], 0 to
    classes - 1, or :data:`UNKNOWN`.
    """

    images: Tensor
    labels: Tensor

    def __post_init__(self) -> None:
        for name in ("images", "labels"):
            checked_type(getattr(self, name), Tensor, name)
        if not self.images.ndim or self.labels.ndim != 1:
            raise DataError(
                f"images {list(self.images.shape)} and labels {list(self.labels.shape)}: a row of "
                "images and a label for each are needed."
            )
        if len(self.images) != len(self.labels):
            raise DataError(
                f"{len(self.images)} images but {len(self.labels)} labels: they must be aligned."
            )

    def __len__(self) -> int:
        return len(self.labels)

    def to(self, device: torch.device | str) -> Split:
        """On a device; of images that take more than 2 GB only the labels, and of the rest each
        batch goes there when it is drawn."""
        large = self.images.nbytes > LARGE
        return Split(self.images if large else self.images.to(device), self.labels.to(device))

    @property
    def labelled(self) -> int:
        """The number of examples whose class is known."""
        return int((self.labels != UNKNOWN).sum())

    def first(self, n: Whole) -> Split:
        """The first ``n`` examples (all of them, if there are fewer), as a view.

        Raises :class:`RecipeError` unless ``n`` is a whole number of at least 0.
        """
        most = checked_whole(n, "n")
        return Split(self.images[:most], self.labels[:most])


@dataclass(frozen=True)
class Domain:
    """One domain: a name and three disjoint splits."""

    name: str
    train: Split
    validation: Split
    test: Split

    def to(self, device: torch.device | str) -> Domain:
        return Domain(
            self.name, self.train.to(device), self.validation.to(device), self.test.to(device)
        )


@dataclass(frozen=True)
class BothDomains:
    """Examples of both domains one after the other, the source's first.

    ``images``: uint8 [N, H, W, 3], ``labels``: int64 [N], ``domains``: int64 [N], 0 source and
    1 target.
    """

    images: Tensor
    labels: Tensor
    domains: Tensor

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class DomainPair:
    """A labelled source, a target whose labels, if it has any, serve evaluation only, and where
    they come from.

    ``build``: plain data that names the exact data set (seed, photos, code version, checksum). It
    travels with every result, because builds of MNIST-M are not comparable with each other.
    ``class_values``: what stood for each class in the data, in order, such as folders' names; by
    default 0, 1, 2, ... ``columns``: the names of a table's columns, which is then standardised.

    Data of your own: :meth:`from_folders`, :meth:`from_arrays`, :meth:`from_files`.
    """

    name: str
    source: Domain
    target: Domain
    classes: int = 10
    build: dict[str, Any] = field(default_factory=dict)
    class_values: tuple[str | int | bool, ...] = ()
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        make_plain(self)
        for name in ("source", "target"):
            checked_type(getattr(self, name), Domain, name)
        checked_whole(self.classes, "classes", 1, MOST_CLASSES)
        values = self.class_values or tuple(range(self.classes))
        object.__setattr__(self, "class_values", tuple(values))
        if len(values) != self.classes:
            raise DataError(f"There are {self.classes} classes and {len(values)} class_values.")

    @classmethod
    def from_folders(cls, source: AnyPath, target: AnyPath, **options: Any) -> DomainPair:
        """Two folders of pictures: see :func:`dann_core.datasets.own.from_folders`."""
        from dann_core.datasets.own import from_folders  # it makes pairs, so it knows this module

        return from_folders(source, target, **options)

    @classmethod
    def from_arrays(cls, source: Any, target: Any, **options: Any) -> DomainPair:
        """Arrays, tensors or tables: see :func:`dann_core.datasets.own.from_arrays`."""
        from dann_core.datasets.own import from_arrays

        return from_arrays(source, target, **options)

    @classmethod
    def from_files(cls, source: AnyPath, target: AnyPath, **options: Any) -> DomainPair:
        """Two .npz, .csv or .parquet files: see :func:`dann_core.datasets.own.from_files`."""
        from dann_core.datasets.own import from_files

        return from_files(source, target, **options)

    def to(self, device: torch.device | str) -> DomainPair:
        # Already there: the same object, with the inputs that it has worked out.
        if self.source.train.labels.device == torch.device(device):
            return self
        moved = replace(self, source=self.source.to(device), target=self.target.to(device))
        if "inputs" in self.__dict__:
            moved.__dict__["inputs"] = self.inputs
        return moved

    def test_examples(self, n: Whole) -> BothDomains:
        """The first ``n`` test examples of each domain (all of one's, if it has fewer)."""
        source, target = (domain.test.first(n) for domain in (self.source, self.target))
        labels = torch.cat([source.labels, target.labels])
        domains = (torch.arange(len(labels), device=labels.device) >= len(source)).long()
        images = torch.cat([split.images.to(labels.device) for split in (source, target)])
        return BothDomains(images, labels, domains)

    @property
    def class_names(self) -> tuple[str, ...]:
        """Of each class, for people."""
        return tuple(str(value) for value in self.class_values)

    @cached_property
    def inputs(self) -> Inputs:
        """What the network is given; worked out from the training examples, and then kept.

        A table without names of columns, such as the moons' points, is taken as it is.
        """
        source, target = self.source.train.images, self.target.train.images
        if not source.is_floating_point():
            return inputs_of_images(source, target)
        if self.columns:
            return inputs_of_table(source, self.columns)
        d = source.shape[1]
        return Inputs("table", (d,), (0.0,) * d, (1.0,) * d)

    @property
    def pixel_mean(self) -> Tensor:
        """float32 [3], 0-255: the mean of each channel over both training sets together."""
        return torch.tensor(self.inputs.mean, dtype=torch.float32, device="cpu")

    def prepare(self, images: Tensor) -> Tensor:
        """What the network sees: see :meth:`Inputs.prepare`."""
        return self.inputs.prepare(images)


class Batches:
    """The tutorial's batch generator: an endless walk through one split, reshuffled each epoch.

    Each epoch is a fresh permutation; what is left over at its end (fewer than ``size`` examples)
    is dropped. Images and labels stay aligned. The random generator is its own, so that nothing
    else in the process can disturb the order, and its state is part of a checkpoint.
    (tf-dann, ``utils.batch_generator``.)

    ``split``: at least ``size`` examples, on the training device. Yields ``(images, labels)``:
    uint8 [size, H, W, 3] and int64 [size] on that device.
    """

    def __init__(self, split: Split, size: Whole, seed: Whole):
        checked_type(split, Split, "split")
        self.split, self.size = split, plain(size)
        if not is_whole(self.size) or self.size < 1:
            raise DataError(
                f"A batch of {short(self.size)} examples: choose a whole number above 0."
            )
        if self.size > len(split):
            raise DataError(
                f"A batch of {short(self.size)} examples cannot be drawn from {len(split)}. "
                "Choose a smaller batch."
            )
        self.generator = torch.Generator().manual_seed(checked_whole(seed, "seed"))
        self._shuffle()

    def _shuffle(self) -> None:
        self.order = torch.randperm(len(self.split), generator=self.generator, device="cpu")
        self.position = 0
        self._order_on_device = self.order.to(self.split.labels.device)

    def __getstate__(self) -> dict[str, Any]:
        """What a copy or a pickle is made of: a generator of its own, and the same examples."""
        return self.__dict__ | {"generator": deepcopy(self.generator)}

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return self

    def __next__(self) -> tuple[Tensor, Tensor]:
        if self.position + self.size > len(self.split):
            self._shuffle()
        chosen = self._order_on_device[self.position : self.position + self.size]
        self.position += self.size
        images, labels = self.split.images, self.split.labels
        # index_select: a tenth of the time of images[chosen], for the same images.
        drawn = images.index_select(0, chosen.to(images.device))
        return drawn.to(labels.device), labels[chosen]

    @property
    def place(self) -> tuple[Tensor, Tensor, Tensor, int]:
        """Where the walk is now; to be set again, to go back there. Cheap, unlike a
        :meth:`state_dict`."""
        return self.generator.get_state(), self.order, self._order_on_device, self.position

    @place.setter
    def place(self, place: tuple[Tensor, Tensor, Tensor, int]) -> None:
        state, self.order, self._order_on_device, self.position = place
        self.generator.set_state(state)

    def state_dict(self) -> dict[str, Any]:
        return {
            "generator": self.generator.get_state(),
            "order": self.order.to(torch.int32),
            "position": self.position,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go back to what :meth:`state_dict` gave. Raises :class:`DataError` for anything else."""
        order = state.get("order") if isinstance(state, dict) else None
        if isinstance(order, Tensor) and order.ndim and len(order) != len(self.split):
            raise DataError(
                f"The checkpoint was made with {len(order)} training examples, but this "
                f"data set has {len(self.split)}. Use the same data build."
            )
        form = {**self.state_dict(), "position": int}
        check_form(state, form, "batches")
        order = state["order"].long()
        if not torch.equal(order.sort().values, torch.arange(len(order), device="cpu")):
            raise DataError("batches.order does not have each example once")
        if not 0 <= state["position"] <= len(order):
            raise DataError(f"batches.position is {state['position']}, of {len(order)} examples")
        self.generator.set_state(state["generator"])
        self.order, self.position = order, state["position"]
        self._order_on_device = self.order.to(self.split.labels.device)
