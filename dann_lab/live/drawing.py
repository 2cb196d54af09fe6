"""A digit that a person draws, as the networks of the page read it: as drawn, and in the clothes of
the target.

The page pulls: it leaves a drawing here, and each of its ticks has the networks asked again if they
have learnt since. The worker asks them, between two steps, so that no step is disturbed.
"""

from __future__ import annotations

import base64
import binascii
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch

from dann_core.datasets.blending import SIDE, Images, binarise, blend
from dann_core.datasets.photos import PhotoSet
from dann_core.datasets.store import DataStore
from dann_core.datasets.stripes import behind_stripes
from dann_core.errors import DannError
from dann_core.evaluation import predict
from dann_core.files import AnyPath
from dann_core.plain_numbers import checked_whole, short
from dann_lab.figures.encoding import as_text
from dann_lab.live import words
from dann_lab.live.protocol import Drawn, Envelope, Reading
from dann_lab.live.run import Run
from dann_lab.live.worker import Job

AGAIN_SECONDS = 0.3
"""The time between two looks of a network that learns at the same drawing, at least."""

Clothes = Callable[[Images, int, AnyPath | None], Images]
"""From digits as the source has them, uint8 [N, 28, 28, 3], a seed and the folder of the data to
the same digits as the target has them."""


def _behind_stripes(digits: Images, seed: int, data_dir: AnyPath | None) -> Images:
    return behind_stripes(digits, seed)


def _over_samples(digits: Images, seed: int, data_dir: AnyPath | None) -> Images:
    from sklearn.datasets import load_sample_images

    return blend(digits, load_sample_images().images, seed)


def _over_a_photo(digits: Images, seed: int, data_dir: AnyPath | None) -> Images:
    photos = _photos(DataStore.open(data_dir))
    which = seed % len(photos)  # one is enough for one digit: all 200 would take 90 MB
    return blend(digits, PhotoSet(photos.files[which : which + 1], "").read(), seed)


_photos = cache(PhotoSet.of)  # it reads all of their bytes


CLOTHES: dict[str, Clothes] = {
    "stripes": _behind_stripes,
    "digits": _over_samples,
    "mnist": _over_a_photo,
}
"""What the target's clothes are, by pair: by each pair's own function. Other pairs, such as data of
one's own, have none."""
assert set(CLOTHES) == set(words.CLOTHES)


@dataclass(frozen=True, eq=False)
class Sketch:
    """What was drawn: ``ink``, uint8 [28, 28], and ``pattern``, the seed of what the target puts
    behind it. ``number`` tells drawings apart."""

    number: int
    ink: Images
    pattern: int

    @classmethod
    def received(cls, number: int, ink: Any, pattern: Any) -> Sketch:
        """From what a page sends: base64 of 28x28 bytes, and a whole number. Raises
        :class:`DannError` for anything else."""
        try:
            found = base64.b64decode(ink, validate=True)
        except (TypeError, ValueError, binascii.Error):
            raise DannError(
                f"ink={short(ink)}: a drawing must be {SIDE}x{SIDE} bytes in base64. Nothing was "
                "changed: draw it again."
            ) from None
        if len(found) != SIDE**2:
            raise DannError(
                f"The drawing has {len(found)} bytes, where {SIDE**2} ({SIDE}x{SIDE} pixels) are "
                "needed. Nothing was changed: draw it again."
            )
        seed = checked_whole(pattern, "pattern", 0, 2**32 - 1)
        return cls(number, np.frombuffer(found, np.uint8).reshape(SIDE, SIDE), seed)

    def dressed(self, pair: str, data_dir: AnyPath | None) -> Images:
        """As the source and as the target of ``pair`` have it, uint8 [2, 28, 28, 3]."""
        source = binarise(self.ink[None])
        return np.concatenate([source, CLOTHES[pair](source, self.pattern, data_dir)])


class Drawing:
    """The drawing of a session, and what its networks last said of it.

    ``networks``: gives the runs whose networks read it, the one that is shown first. ``submit``:
    has a job done between two steps. ``read``: the answer for the page, None while there is none.
    All methods return at once and may be called from any thread.
    """

    def __init__(
        self,
        networks: Callable[[], list[Run]],
        submit: Callable[[Job], None],
        data_dir: AnyPath | None,
    ):
        self.read: Drawn | None = None
        self._networks, self._submit, self._data_dir = networks, submit, data_dir
        self._sketch: Sketch | None = None
        self._number = 0
        self._waits = False
        self._asked: tuple[object, float] = None, 0.0
        # Of the worker alone: what was drawn and dressed last, and what was said of it.
        self._dressed: tuple[object, Images] | None = None
        self._readings: dict[tuple[int, int], Reading] = {}
        self._lock = threading.Lock()

    def take(self, ink: Any, pattern: Any) -> None:
        """A new drawing; one without ink clears the last. Raises :class:`DannError` for what is no
        drawing, and keeps the last."""
        with self._lock:
            sketch = Sketch.received(self._number + 1, ink, pattern)
            self._number = sketch.number
            self._sketch, self.read = (sketch, None) if sketch.ink.any() else (None, NOTHING)

    def news(self, message: Envelope) -> Drawn | None:
        """What a page lacks that sends ``message``."""
        read = self.read
        if read is None or message["drawn"] == read["version"]:
            return None
        news = read.copy()
        if message["sketch"] == read["sketch"]:
            del news["pixels"]
        return news

    def ask(self) -> None:
        """Have the networks asked, unless they have just said what they say now."""
        with self._lock:
            sketch, runs = self._sketch, self._networks()
            if self._waits or sketch is None or not runs or runs[0].settings.pair not in CLOTHES:
                return
            now, state = time.monotonic(), _state(sketch, runs)
            before, when = self._asked
            if state == before or (self.read and now < when + AGAIN_SECONDS):
                return
            self._asked, self._waits = (state, now), True
        self._submit(self._answer)

    def _answer(self) -> None:
        """The worker's part."""
        sketch, runs = self._sketch, self._networks()
        drawn = None
        try:
            if sketch and runs and runs[0].settings.pair in CLOTHES:
                drawn = self._looked_at(sketch, runs)
        except Exception as error:  # of the drawing, and no reason to stop the training
            problem = words.in_words(error)
            drawn = _without_pictures(f"{self._number} {problem}", problem)
        with self._lock:
            self._waits = False
            if drawn and sketch is self._sketch:
                self.read = drawn
            else:
                self._asked = None, 0.0  # the run or the drawing has gone, and may come back

    def _looked_at(self, sketch: Sketch, runs: list[Run]) -> Drawn:
        pair = runs[0].settings.pair
        key = sketch.number, pair
        if self._dressed is None or self._dressed[0] != key:
            self._dressed, self._readings = (key, sketch.dressed(pair, self._data_dir)), {}
        images, before = self._dressed[1], self._readings
        found = [run for run in runs if run.settings.pair in CLOTHES]
        # Only the run that is trained says something new.
        self._readings = {
            (run.number, run.trainer.step): before.get((run.number, run.trainer.step))
            or _reading(run, images)
            for run in found
        }
        return {
            "version": repr(_state(sketch, runs)),
            "sketch": f"{sketch.number} {pair}",
            "pair": pair,
            "pixels": as_text(images.tobytes()),
            "readings": list(self._readings.values()),
            "problem": "",
        }


def _without_pictures(name: str, problem: str = "") -> Drawn:
    named: Drawn = {"version": name, "sketch": name, "pair": "", "readings": [], "problem": problem}
    return {**named, "pixels": ""}


NOTHING = _without_pictures("nothing")
"""What is told of a sheet on which nothing is drawn."""


def _state(sketch: Sketch, runs: list[Run]) -> object:
    return sketch.number, tuple((run.number, run.trainer.step) for run in runs)


def _reading(run: Run, images: Images) -> Reading:
    trainer = run.trainer
    given = torch.from_numpy(images).to(trainer.device)
    found = predict(trainer.model, trainer.pair, given)
    sure = found.confidence.float().cpu()
    if not sure.isfinite().all():
        raise DannError(words.NO_NUMBERS)
    return {
        "run": run.number,
        "step": trainer.step,
        "labels": found.labels.tolist(),
        "confidence": [round(c, 3) for c in sure.tolist()],
    }
