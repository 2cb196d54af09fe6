"""Checkpoints: written whole or not at all, and read without running any code of theirs."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import torch

from dann_core.errors import CheckpointError
from dann_core.files import AnyPath, written_whole

CHECKPOINT_FORMAT = 2
"""The format that is written. In format 1 a mark of the history was a step and a sentence."""
READABLE = (1, 2)
"""The formats that are read."""
CONTENTS = {"format", "recipe", "build", "model", "optimiser", "batches", "history"}
"""The names that every checkpoint holds. Some hold more, such as where a run's data are."""


def write_checkpoint(state: dict[str, Any], path: AnyPath) -> None:
    """Write ``state``: tensors and plain data, as :meth:`Trainer.state_dict` gives them.

    Raises :class:`DataError` for a full disk and the like; what stood there before is kept then.
    """
    # By way of memory: torch.save itself hides a full disk behind a RuntimeError.
    contents = io.BytesIO()
    torch.save(state, contents)
    with written_whole(path) as temporary:
        temporary.write_bytes(contents.getbuffer())


def read_checkpoint(path: AnyPath) -> dict[str, Any]:
    """The contents of a checkpoint on the CPU; tensors and plain data only, never code.

    Raises :class:`CheckpointError` if there is none, if as much as a bit of it is damaged, or if
    another version or program wrote it.
    """
    path = Path(path)
    try:
        with ZipFile(path) as archive:
            # torch.load does not look at the checksums: a flipped bit would be another weight.
            if (damaged := archive.testzip()) is not None:
                raise BadZipFile(damaged)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise CheckpointError(f"There is no checkpoint {path}. Train first.") from error
    except Exception as error:  # damage can make these readers raise almost anything
        raise CheckpointError(f"{path} is damaged or not a checkpoint. Train again.") from error
    if not isinstance(state, dict) or not state.keys() >= CONTENTS:
        raise CheckpointError(f"{path} is not a checkpoint of a run. Train again.")
    if state["format"] not in READABLE:
        raise CheckpointError(
            f"{path} has checkpoint format {state['format']!r}; this version reads "
            f"{' and '.join(map(str, READABLE))}. Train again, or use the version that wrote it."
        )
    return state
