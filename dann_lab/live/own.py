"""Data of one's own on the live page: looked at first, then trained on, and read once for both."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn, SupportsIndex

import numpy as np

from dann_core.datasets import about, own, zips
from dann_core.datasets.store import Progress
from dann_core.domains import DomainPair
from dann_core.errors import DannError, DataError
from dann_lab.figures import sprites
from dann_lab.figures.encoding import as_text, image_bytes
from dann_lab.live import words
from dann_lab.live.protocol import Found, FoundClass
from dann_lab.live.settings import Place

MOST_PAIRS = 3
"""The pairs that are held for the next run. A run holds its own."""
SHOWN = 8
"""The pictures of each domain that are shown before anything is trained."""
COLUMNS = 4


def may_name_paths() -> bool:
    """Whether a person may name folders and files of this machine on the page: not where strangers
    can open it. Who serves it says so in the environment variable ``DANN_TYPED_PATHS``."""
    return os.environ.get("DANN_TYPED_PATHS") != "0"


@dataclass(frozen=True)
class Look:
    """What came of looking. ``number``: another for each. ``zip``: the name of the zip that was
    sent, "" for typed paths. ``place`` is None where a zip could not be unpacked, and ``pair``
    where there is a ``problem``."""

    number: int
    zip: str
    place: Place | None
    pair: DomainPair | None
    problem: str


class OwnData:
    """The pairs that were read, and what the last look found.

    ``prepare``: done to each pair once, such as moving it to a device.
    """

    def __init__(self, prepare: Callable[[DomainPair], DomainPair]):
        self.found: Look | None = None
        self.looking = False
        self._prepare = prepare
        self._pairs: dict[Place, DomainPair] = {}  # never changed, for two threads read it
        self._looks = 0
        self._stopped = threading.Event()

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(
            "An OwnData cannot be copied or pickled, for threads are at work in it. Its pairs can: "
            "own.pairs."
        )

    @property
    def pairs(self) -> list[DomainPair]:
        """Those that are held, the newest last."""
        return list(self._pairs.values())

    def check(self, place: Place) -> None:
        """Raises :class:`DannError` for what may not be read here. What a zip was unpacked to may
        always be."""
        if may_name_paths() or all(map(zips.is_unpacked, (place.source, place.target))):
            return
        raise DannError(words.NO_PATHS)

    def pair(self, place: Place, progress: Progress) -> DomainPair:
        """As it was looked at, or else read now. Raises :class:`DannError`."""
        self.check(place)
        pair = self._pairs.get(place)
        if pair is None:
            read = own.from_paths(place.source, place.target, progress=progress, **place.options)
            pair = self._prepare(read)
        others = [*self._without(place).items()][-MOST_PAIRS + 1 :]
        self._pairs = {**dict(others), place: pair}
        return pair

    def _without(self, place: Place) -> dict[Place, DomainPair]:
        return {other: pair for other, pair in self._pairs.items() if other != place}

    def wish_look(self) -> threading.Event:
        """A look is wanted; the event stops it."""
        self.looking, self._stopped = True, threading.Event()
        return self._stopped

    def stop(self) -> None:
        """Stop the look under way."""
        self._stopped.set()

    def look(
        self,
        where: Place | Path,
        name: str,
        progress: Progress,
        stopped: threading.Event,
    ) -> None:
        """Read anew what is there, or in the zip ``where`` of this ``name``, which is removed."""

        def go_on(what: str, done: int, whole: int | None) -> None:
            if stopped.is_set():
                raise DannError(words.LOOK_STOPPED)
            progress(what, done, whole)

        place, pair, problem = None, None, ""
        try:
            go_on("", 0, None)
            place = where if isinstance(where, Place) else unpacked(where, name)
            self._pairs = self._without(place)  # somebody may have mended a file since
            pair = self.pair(place, go_on)
        except DannError as error:
            problem = shortened(str(error))
        except Exception as error:  # of files that may be anything, and the page has to hear of it
            problem = words.unexpected(error)
        self._looks += 1
        if stopped is self._stopped:  # no other look is wanted meanwhile
            self.found = Look(self._looks, name, place, pair, problem)
            self.looking = False


def unpacked(path: Path, name: str) -> Place:
    """Where a zip that was sent, the file ``path``, is unpacked to; the file is removed. ``name``:
    what its sender calls it. Raises :class:`DataError` for one that cannot be used."""
    try:
        source, target = zips.unpacked(path)
    except DataError as error:
        raise DataError(str(error).replace(path.name, name)) from error
    finally:
        path.unlink(missing_ok=True)
    return Place(str(source), str(target))


def shortened(problem: str) -> str:
    """Without the long names of folders that nobody chose: a zip's files as the zip has them."""
    return re.sub(re.escape(str(zips.place())) + r"[\\/][0-9a-f]{64}[\\/]", "", problem)


def found_for_page(look: Look) -> Found:
    """What a look found, as the page shows it."""
    place = look.place
    shown: Found = {
        "version": look.number,
        "zip": look.zip,
        "source": place.source if place else "",
        "target": place.target if place else "",
        "label": place.label if place else "",
        "size": place.size if place else 0,
        "names": [],
        "sentence": "",
        "classes": [],
        "notes": [],
        "pictures": [],
        "problem": look.problem,
    }
    if look.pair is not None:
        _describe(look.pair, shown)
    return shown


def _describe(pair: DomainPair, shown: Found) -> None:
    found = about.about(pair)
    shown["sentence"] = about.sentence(replace(found, notes=()))  # which are told apart
    shown["notes"] = list(found.notes)
    shown["names"] = [found.source.name, found.target.name]
    known = [one.unlabelled < one.total for one in (found.source, found.target)]
    counts = [found.source.by_class, found.target.by_class]
    shown["classes"] = [
        FoundClass(
            name=name,
            source=counts[0][k] if known[0] else None,
            target=counts[1][k] if known[1] else None,
        )
        for k, name in enumerate(found.classes)
    ]
    if pair.inputs.size:
        shown["pictures"] = [_sheet(images.numpy()) for images in about.examples(pair, SHOWN)]


def _sheet(images: sprites.Pixels) -> str:
    """A PNG file in base64: the pictures in rows of :data:`COLUMNS`, without a gap in the last."""
    small = sprites.shrunk(images)
    columns = min(COLUMNS, len(small))
    whole = small[: len(small) // columns * columns]
    rows = [np.concatenate(list(row), axis=1) for row in np.split(whole, len(whole) // columns)]
    return as_text(image_bytes(np.concatenate(rows)))
