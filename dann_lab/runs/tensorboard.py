"""A run's curves for TensorBoard, which is installed by itself: ``pip install tensorboard``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dann_core.errors import DannError
from dann_core.files import AnyPath, cannot_write
from dann_core.history import Evaluation, StepRecord

FLUSH_SECONDS = 10
"""The longest time until a page of TensorBoard can show what has happened."""
NO_CURVES = ("step", "images", "source_images")


class Board:
    """Writes records and evaluations into a folder; made by :func:`board`.

    A folder that has events already goes on in the same curves: of what was written before, the
    steps from the first new record on no longer count, such as those after the checkpoint that a
    run goes on from.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._writer: Any = None  # opened when the first step is known

    def record(self, record: StepRecord) -> None:
        """Add the numbers of one step as ``train/label_loss`` and so on, NaN left out.

        Raises :class:`DataError` for a full disk and the like; so do the others.
        """
        self._add("train", record, first=record.step)

    def evaluation(self, evaluation: Evaluation) -> None:
        """Add the accuracies as ``test/target_accuracy`` and so on, NaN left out."""
        # The record of this step, if it is there, came before and stays.
        self._add("test", evaluation, first=evaluation.step + 1)

    def _add(self, group: str, found: StepRecord | Evaluation, first: int) -> None:
        curves = {name: value for name, value in asdict(found).items() if name not in NO_CURVES}
        with _writing(self.folder):
            if self._writer is None:
                self._writer = _writer_class()(
                    self.folder, purge_step=first, flush_secs=FLUSH_SECONDS
                )
            for name, value in curves.items():
                if math.isfinite(value):
                    self._writer.add_scalar(f"{group}/{name.strip('_')}", value, found.step)

    def close(self) -> None:
        """Write what is left."""
        if self._writer is not None:
            with _writing(self.folder):
                self._writer.close()


def require_tensorboard() -> None:
    """Raises :class:`DannError`, with the remedy, where it is not installed."""
    _writer_class()


@contextmanager
def board(folder: AnyPath) -> Iterator[Board]:
    """A :class:`Board` that writes into ``folder``, which is made if need be.

    Raises :class:`DannError`, with the remedy, where TensorBoard is not installed, and
    :class:`DataError` where the folder cannot be made.
    """
    require_tensorboard()
    with _writing(Path(folder)):
        Path(folder).mkdir(parents=True, exist_ok=True)
    opened = Board(Path(folder))
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise cannot_write(folder, error) from error


def _writer_class() -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise DannError(
            "TensorBoard is not installed. Install it with: pip install tensorboard"
        ) from error
    return SummaryWriter
