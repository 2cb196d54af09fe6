"""Checkpoints that a run keeps on its way: to choose one of them, and to predict with it.

They have no optimiser, no batches and no history, so that a run does not go on from one of them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from dann_core.checkpoints import read_checkpoint, write_checkpoint
from dann_core.errors import CheckpointError, DannError
from dann_core.files import AnyPath, kind_of, shown
from dann_core.plain_numbers import is_whole, plain, short
from dann_core.training import Trainer

KEPT = "checkpoints"
"""The folder, in a run's own, that they are in."""
MOST = 50
"""The most that a run keeps."""
NAME = re.compile(r"step-(\d{6,10})\.pt")


def checked_every(every: object, steps: int) -> int:
    """``every``, if a run of ``steps`` steps can keep a checkpoint after each so many. The last
    step's is the run's own and does not count.

    Raises :class:`DannError`, with the remedy, for what is no whole number, and for one that keeps
    none or more than :data:`MOST`.
    """
    found = plain(every)
    least = (steps - 1) // (MOST + 1) + 1
    if not is_whole(found) or not least <= found < steps:
        remedy = (
            f"choose a whole number from {least:,} to {steps - 1:,}"
            if steps > 1
            else "a single step has none on its way, so leave it out"
        )
        raise DannError(
            f"--keep-every {short(found)}: of {steps:,} steps at least 1 and at most {MOST} "
            f"checkpoints are kept, so {remedy}."
        )
    return int(found)


def file_of(run: AnyPath, step: int) -> Path:
    """Where the run in the folder ``run`` keeps the checkpoint of a step."""
    return Path(run, KEPT, f"step-{step:06}.pt")


def keep(trainer: Trainer, run: AnyPath) -> None:
    """Keep a checkpoint of ``trainer`` as it stands. Raises :class:`DataError` for a full disk and
    the like."""
    without: dict[str, Any] = {
        "optimiser": {},
        "batches": [],
        "random": None,
    }
    state = trainer.state_dict(history=False) | without | {"step": trainer.step}
    write_checkpoint(state, file_of(run, trainer.step))


def kept_in(run: AnyPath) -> list[Path]:
    """The checkpoints that the run in the folder ``run`` has kept, in order of their steps."""
    folder = Path(run, KEPT)
    if kind_of(folder) != "folder":
        return []
    return sorted((file for file in folder.iterdir() if NAME.fullmatch(file.name)), key=step_of)


def step_of(file: Path) -> int:
    """After how many steps a checkpoint was kept, by its name."""
    name = NAME.fullmatch(file.name)
    return int(name[1]) if name else 0


def read(file: AnyPath) -> dict[str, Any]:
    """What a kept checkpoint holds. Raises :class:`CheckpointError` if it cannot be read or is
    another."""
    state = read_checkpoint(file)
    if state.get("step", 0) < 1:
        raise CheckpointError(f"{shown(file)} was not kept on a run's way. Move it elsewhere.")
    return state
