"""A learner's own copy of the lessons, where the package is installed without a checkout.

What the learner changed is never overwritten. A small record in the folder says what each file was
when it was copied, which tells a changed file from one that an upgrade may replace.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from dann_core.errors import DannError, DataError
from dann_core.files import AnyPath, kind_of, regular_file, shown, written_whole

EDITIONS = ("notebooks", "notebooks/solutions")
RECORD = ".dann-lessons.json"


class CopyError(DannError):
    """A folder that cannot take the lessons."""


@dataclass
class Copied:
    """What :func:`copy_lessons` did, as paths relative to the folder.

    ``new``: were not there. ``renewed``: the learner had not touched them, and this release has
    another text. ``beside``: the learner's file, which stays, and the new edition next to it.
    """

    new: list[Path] = field(default_factory=list)
    renewed: list[Path] = field(default_factory=list)
    beside: dict[Path, Path] = field(default_factory=dict)

    def sentences(self, folder: AnyPath) -> list[str]:
        """What to tell the learner, a sentence a line."""
        told = [f"Your copy of the lessons is in {Path(folder)}."]
        if self.new:
            told.append(f"Copied: {len(self.new)} files.")
        if self.renewed:
            told.append(
                f"Brought up to date, because you had not changed them: {len(self.renewed)}."
            )
        told += [
            f"You changed {mine}, so it stays as it is; the new edition is {new}."
            for mine, new in self.beside.items()
        ]
        return told


def copy_lessons(shipped: AnyPath, folder: AnyPath) -> Copied:
    """Bring the folder's copy of the lessons up to date with what this release ships.

    ``shipped``: the folder that holds ``notebooks``, and ``solutions`` in it; ``folder``: the
    learner's, made if it is missing. Raises :class:`CopyError` if it cannot be made or written to.
    """
    shipped, folder, done = Path(shipped), Path(folder), Copied()
    try:
        kind_of(folder)
        record = _read(folder / RECORD)
        for edition in EDITIONS:
            (folder / edition).mkdir(parents=True, exist_ok=True)
            for source in sorted((shipped / edition).glob("*.ipynb")):
                _bring(source.read_bytes(), folder, Path(edition, source.name), record, done)
        with written_whole(folder / RECORD) as temporary:
            temporary.write_text(
                json.dumps(record, indent=2) + "\n", encoding="utf-8", newline="\n"
            )
    except OSError as error:
        raise CopyError(
            f"The lessons cannot be copied into {shown(folder)} ({error.strerror}). "
            "Name another folder: dann lab FOLDER"
        ) from error
    except DataError as error:  # has copied some, perhaps
        raise CopyError(
            f"{error} The lessons that were copied before are whole, and asking again copies the "
            "others."
        ) from error
    return done


def _bring(text: bytes, folder: Path, name: Path, record: dict[str, str], done: Copied) -> None:
    """Copy one lesson, and note its text in ``record``."""
    target, copied_then = folder / name, record.get(name.as_posix())
    record[name.as_posix()] = _digest(text)
    if kind_of(target) is None:
        done.new.append(name)
    elif (there := _digest(regular_file(target).read_bytes())) == _digest(text):
        return
    elif there == copied_then:
        done.renewed.append(name)
    elif copied_then == _digest(text):
        return  # changed by the learner, and nothing new to give
    else:
        target = _unused(target)
        done.beside[name] = name.with_name(target.name)
    with written_whole(target) as temporary:
        temporary.write_bytes(text)


def _unused(path: Path) -> Path:
    number, free = 1, path.with_stem(f"{path.stem}-new")
    while kind_of(free):
        number += 1
        free = path.with_stem(f"{path.stem}-new-{number}")
    return free


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _read(path: Path) -> dict[str, str]:
    """The record; empty if it is missing or cannot be read, which treats every file as changed."""
    try:
        found = json.loads(regular_file(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
