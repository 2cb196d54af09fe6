"""A run's folder. ``checkpoint.pt`` is the run; everything else in it is made from that, but for
the snapshots on the way, which nothing needs to go on."""

from __future__ import annotations

import io
import json
import math
import os
import platform
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from dann_core.checkpoints import read_checkpoint, readable, write_checkpoint
from dann_core.datasets import load_pair
from dann_core.datasets.own import from_paths
from dann_core.datasets.store import Progress
from dann_core.devices import describe_device
from dann_core.domains import DomainPair
from dann_core.errors import CheckpointError, DannError, DataError, TrainingDiverged
from dann_core.evaluation import features
from dann_core.files import AnyPath, kind_of, same_file, shown, written_whole
from dann_core.forms import check_form
from dann_core.history import Evaluation, StepRecord
from dann_core.observing import keep_snapshot
from dann_core.plain_numbers import is_number, make_plain, none_for_nan, plain, short
from dann_core.recipe import Recipe
from dann_core.snapshots import Snapshot, Snapshots
from dann_core.training import Trainer
from dann_lab.runs.claim import HOLDER, LOCK
from dann_lab.runs.on_the_way import KEPT, checked_every, keep

CHECKPOINT = "checkpoint.pt"
ARRAYS = ("images", "embeddings", "domain_labels", "class_labels")
SNAPSHOTS = "snapshots.npz"
METRICS = "metrics.json"
RESULTS = (
    "history.json",
    SNAPSHOTS,
    METRICS,
    *(f"{name}.npy" for name in ARRAYS),
    "tsne.png",
)
DIVERGED = "diverged.json"
"""The file that says at which step a run of a sweep has diverged."""
OWN = (CHECKPOINT, *RESULTS)
"""The names of all files that a finished run has in its folder, but for those that it keeps in
:data:`~dann_lab.runs.on_the_way.KEPT`."""

SAVE_SECONDS = 5.0
LOGS_PER_EVALUATION = 5
EVALUATION_IMAGES = 1000
EMBEDDED_IMAGES = 500
DATA = {
    "pair": str,
    "seed": int,
    "photos": str,
    "build": (str, type(None)),
    "data_dir": (str, type(None)),
}
"""The form of :class:`Data` in a checkpoint."""
OWN_DATA = {
    "source": (str, type(None)),
    "target": (str, type(None)),
    "label": (str, type(None)),
    "size": (list, type(None)),
}
"""The form of what it has more since data can be one's own."""


def read_sides(text: str) -> list[int]:
    """[height, width] of a size as a person writes it, 64 or 48x64. Raises ValueError for another
    text."""
    height, *rest = (int(side) for side in text.lower().split("x"))
    if len(rest) > 1:
        raise ValueError(f"{len(rest) + 1} sides")
    return [height, *(rest or [height])]


@dataclass(frozen=True)
class Data:
    """Which data a run uses, in the words of :func:`dann_core.datasets.load_pair`.

    ``build``: the id of a finished build, which then replaces ``seed`` and ``photos``. The pair
    "own" is that of ``source`` and ``target``, two folders or files, read as
    :func:`dann_core.datasets.own.from_paths` does with ``label`` and ``size`` ([height, width]).
    """

    pair: str = "stripes"
    seed: int = 0
    photos: str = "shared"
    build: str | None = None
    data_dir: AnyPath | None = None
    """Kept as text, as the next two are, because it becomes part of a checkpoint."""
    source: AnyPath | None = None
    target: AnyPath | None = None
    label: str | None = None
    size: list[int] | None = None

    def __post_init__(self) -> None:
        make_plain(self)
        for name in ("data_dir", "source", "target"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, os.fspath(getattr(self, name)))

    def options(self) -> dict[str, Any]:
        """All but ``data_dir``, as plain data: what makes them the same data on any machine."""
        return {name: value for name, value in asdict(self).items() if name != "data_dir"}

    def load(self, progress: Progress | None = None) -> DomainPair:
        """Raises :class:`DataError` with the remedy if the data are missing or damaged."""
        if self.pair == "own":
            return self._load_own(progress)
        if self.build is None:
            # Only what differs: a pair that another package has added need not know the others.
            usual = Data(self.pair)
            asked = {name: getattr(self, name) for name in ("seed", "photos")}
            options = {k: value for k, value in asked.items() if value != getattr(usual, k)}
            return load_pair(self.pair, self.data_dir, **options)
        if self.pair != "mnist":
            raise DataError(f"The pair {self.pair!r} has no builds. Leave out --build.")
        return load_pair(self.pair, self.data_dir, build=self.build)

    def _load_own(self, progress: Progress | None) -> DomainPair:
        if self.source is None or self.target is None:
            raise DataError(
                "Data of your own need a source and a target: two folders or two files."
            )
        try:
            return from_paths(
                self.source,
                self.target,
                seed=self.seed,
                label=self.label,
                size=self.size,
                progress=progress,
            )
        except DataError as error:
            if kind_of(self.source) and kind_of(self.target):
                raise
            raise DataError(
                f"{error} Name where they are now with --source and --target, if they have moved."
            ) from error


@dataclass
class RunFolder:
    """A training and the folder that it is kept in.

    ``seconds``: spent in training steps so far, over all sittings. ``keep_every``: after how many
    steps each a checkpoint is kept; None keeps none (:mod:`dann_lab.runs.on_the_way`).
    """

    folder: Path
    data: Data
    trainer: Trainer
    seconds: float = 0.0
    keep_every: int | None = None
    _saved_snapshots: tuple[Snapshot, ...] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        self.folder, self.seconds = Path(self.folder), plain(self.seconds)
        if self.keep_every is not None:
            self.keep_every = checked_every(self.keep_every, self.trainer.recipe.steps)

    def train(self) -> Iterator[StepRecord]:
        """Train to the end, one record a step.

        Evaluates on 1,000 test images of each domain every five log intervals, with a snapshot
        then and at the start, and saves every few seconds. Raises :class:`TrainingDiverged`, with
        the trainer as the last good step left it.
        """
        self._keep()  # where Ctrl-C ended the training before it had kept or looked, too
        self._look()
        saved = started = time.perf_counter()
        for record in self.trainer:
            self.seconds += time.perf_counter() - started
            self._keep()
            self._look()
            if time.perf_counter() - saved >= SAVE_SECONDS:
                self.save()
                saved = time.perf_counter()
            yield record
            started = time.perf_counter()

    def _look(self) -> None:
        """Evaluate and keep a snapshot, if this is a step for that and it is not done yet."""
        step, history, recipe = self.trainer.step, self.trainer.history, self.trainer.recipe
        # Where to look follows from the step alone: a resumed run does it at the same ones.
        if step % (LOGS_PER_EVALUATION * recipe.log_every) or step == recipe.steps:
            return
        if step > 0 and not self._is_evaluated:
            self.trainer.evaluate(EVALUATION_IMAGES)
        if step not in history.snapshots:
            keep_snapshot(self.trainer)

    def _keep(self) -> None:
        """Keep a checkpoint, if this is a step for that. What was kept after the checkpoint from
        which a run goes on is kept again, the same."""
        step = self.trainer.step
        if self.keep_every and 0 < step < self.trainer.recipe.steps and not step % self.keep_every:
            with self._writing():
                keep(self.trainer, self.folder)

    @property
    def _is_evaluated(self) -> bool:
        """Whether the trainer is evaluated as it stands."""
        done = self.trainer.history.evaluations
        return bool(done) and done[-1].step == self.trainer.step

    def save(self) -> None:
        """Write the checkpoint, whole or not at all, and any snapshots that are new.

        Raises :class:`DataError` for a full disk and the like, with what is safe.
        """
        with self._writing():
            # First, because what is newer than the checkpoint is taken again, and what is older is
            # not.
            if tuple(self.trainer.history.snapshots) != self._saved_snapshots:
                self._save_snapshots()
            state = self.trainer.state_dict() | {
                "data": asdict(self.data),
                "device": str(self.trainer.device),
                "seconds": self.seconds,
            }
            if self.keep_every:
                state["keep_every"] = self.keep_every
            write_checkpoint(state, self.folder / CHECKPOINT)

    def _save_snapshots(self) -> None:
        snapshots = self.trainer.history.snapshots
        there = tuple(snapshots)
        snapshots.save(self.folder / SNAPSHOTS)
        self._saved_snapshots = there  # only now: what is not written is written the next time

    def save_history(self) -> None:
        """Write ``history.json`` and, beside it, ``snapshots.npz``. Raises as :meth:`save` does."""
        with self._writing():
            self.trainer.history.save(self.folder / "history.json")
            self._save_snapshots()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Where something inside cannot be written, say what of the run is safe."""
        try:
            yield
        except DataError as error:
            if not kind_of(self.folder / CHECKPOINT):
                raise
            raise DataError(
                f"{error} The run is safe as {CHECKPOINT} has it: once this is mended, go on with "
                "--resume, which writes what is missing."
            ) from error

    def finish(self, map_: bool = True) -> Evaluation:
        """Evaluate on all test images, once, and write :data:`RESULTS`; without ``map_`` neither
        the map nor the arrays that it is of, which take seconds and megabytes.

        The arrays are those that the tutorial saves, of the first 500 test images of the source and
        then of the target (all of them, if there are fewer): ``images`` uint8 [N, H, W, 3] (of
        a table its rows), ``embeddings`` float32 [N, F], ``domain_labels`` int64 [N] (0 source, 1
        target) and ``class_labels`` int64 [N] (-1 unknown). Raises as :meth:`save` does.
        """
        trainer = self.trainer
        if not self._is_evaluated or trainer.step not in trainer.history.snapshots:
            if not self._is_evaluated:
                trainer.evaluate()
            keep_snapshot(trainer)
            self.save()
        evaluation = trainer.history.evaluations[-1]
        self.save_history()
        with self._writing():
            if map_:
                arrays = self._arrays()
                for name, array in arrays.items():
                    self._write_array(f"{name}.npy", array)
                self._write_map(arrays)
            self._write_metrics(evaluation)  # last: who finds it finds a finished run
        return evaluation

    def _write_array(self, name: str, array: npt.NDArray[Any]) -> None:
        # By way of memory, here and for the map: NumPy and Pillow hide a full disk.
        contents = io.BytesIO()
        np.save(contents, array)
        with written_whole(self.folder / name) as temporary:
            temporary.write_bytes(contents.getbuffer())

    def _write_map(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        from dann_lab.figures import paper  # loads Matplotlib, which the live page can do without
        from dann_lab.maps import still

        positions = still.tsne(arrays["embeddings"])
        names = (self.trainer.pair.source.name, self.trainer.pair.target.name)
        labels, domains = arrays["class_labels"], arrays["domain_labels"]
        contents = io.BytesIO()
        classes = self.trainer.pair.class_names
        drawn = paper.draw_map(positions, labels, domains, names, self._title(), classes)
        drawn.savefig(contents, format="png", dpi=150)
        with written_whole(self.folder / "tsne.png") as temporary:
            temporary.write_bytes(contents.getbuffer())

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        pair = self.trainer.pair
        examples = pair.test_examples(EMBEDDED_IMAGES)
        arrays = {
            "images": examples.images,
            "embeddings": features(self.trainer.model, pair, examples.images),
            "domain_labels": examples.domains,
            "class_labels": examples.labels,
        }
        return {name: arrays[name].cpu().numpy() for name in ARRAYS}

    def _title(self) -> str:
        trainer, recipe = self.trainer, self.trainer.recipe
        evaluation = trainer.history.evaluations[-1]
        return (
            f"Accuracy: source {_three(evaluation.source_accuracy)}, "
            f"target {_three(evaluation.target_accuracy)}\n"
            f'mode "{recipe.mode}", preset "{recipe.preset}", {trainer.step:,} steps, '
            f"seed {recipe.seed}, data {trainer.pair.build['id']}"
        )

    def _write_metrics(self, evaluation: Evaluation) -> None:
        trainer = self.trainer
        on_cpu = trainer.device.type == "cpu"
        metrics = {
            "recipe": trainer.recipe.to_dict(),
            "seed": trainer.recipe.seed,
            "steps": trainer.step,
            "data": trainer.pair.build,
            "data_options": self.data.options(),
            "accuracy": {
                "source": none_for_nan(evaluation.source_accuracy),
                "target": none_for_nan(evaluation.target_accuracy),
                "domain": none_for_nan(evaluation.domain_accuracy),
            },
            "test_images": evaluation.images,
            "device": describe_device(trainer.device),
            "threads": torch.get_num_threads() if on_cpu else None,
            "seconds": round(self.seconds, 3),
            # A run that the live page kept does not know how long it took.
            "steps_per_second": round(trainer.step / self.seconds, 2) if self.seconds else None,
            "versions": {
                "python": platform.python_version(),
                **{name: version(name) for name in ("torch", "torchvision", "numpy")},
                "dann": version("dann-explorable"),
            },
        }
        self._write_json(METRICS, metrics)

    def save_divergence(self, error: TrainingDiverged) -> None:
        """Write :data:`DIVERGED`: where the run has ended. Raises as :meth:`save` does."""
        trainer = self.trainer
        found = {
            "recipe": trainer.recipe.to_dict(),
            "data": trainer.pair.build,
            "data_options": self.data.options(),
            "step": error.step,
            "lambda": error.lambda_,
            "learning_rate": error.learning_rate,
            "what": error.what,
        }
        with self._writing():
            self._write_json(DIVERGED, found)

    def _write_json(self, name: str, contents: dict[str, Any]) -> None:
        with written_whole(self.folder / name) as temporary:
            text = json.dumps(contents, indent=2) + "\n"
            temporary.write_text(text, encoding="utf-8", newline="\n")


@dataclass(frozen=True)
class Saved:
    """A run as its checkpoint has it, its data not loaded yet.

    ``threads``: of the CPU; None for a run on another device. ``keep_every``: as in
    :class:`RunFolder`.
    """

    folder: Path
    recipe: Recipe
    data: Data
    build_id: str
    device: str
    threads: int | None
    state: dict[str, Any]
    keep_every: int | None = None

    @classmethod
    def read(cls, folder: AnyPath) -> Saved:
        """Raises :class:`CheckpointError` if the folder holds no run or a damaged one."""
        folder = Path(folder)
        path = folder / CHECKPOINT
        if kind_of(path) is None:
            raise CheckpointError(f"There is no run in {shown(folder)}: it has no {CHECKPOINT}.")
        state = read_checkpoint(path)
        if "data" not in state:
            raise CheckpointError(f"{shown(path)} is not a checkpoint of a run's folder.")
        with readable(shown(path)):
            state["data"] = dict.fromkeys(OWN_DATA) | state["data"]
            check_form(state["data"], DATA | OWN_DATA, "data")
            check_form(state["build"].get("id"), str, "build.id")
            if state["threads"] < 1 or not is_number(state["seconds"]) or state["seconds"] < 0:
                raise DataError(f"threads {state['threads']}, seconds {short(state['seconds'])}")
            every = state.get("keep_every")
            if every is not None:
                checked_every(every, state["recipe"]["steps"])
        return cls(
            folder,
            Recipe.from_dict(state["recipe"]),
            Data(**state["data"]),
            state["build"]["id"],
            state["device"],
            state["threads"] if state["device"] == "cpu" else None,
            state,
            every,
        )

    def resume(self, pair: DomainPair, device: str) -> RunFolder:
        """The run, ready for its next step. Raises :class:`CheckpointError` for other data, and
        :class:`DataError` if its snapshots are damaged."""
        trainer = Trainer(pair, self.recipe, device=device)
        trainer.load_state_dict(self.state, shown(self.folder / CHECKPOINT))
        if kind_of(path := self.folder / SNAPSHOTS):
            trainer.history.snapshots = Snapshots.load(path)
            trainer.history.snapshots.drop_after(trainer.step)
        seconds = self.state["seconds"]
        return RunFolder(self.folder, self.data, trainer, seconds, self.keep_every)


def _three(accuracy: float) -> str:
    return "unknown" if math.isnan(accuracy) else f"{accuracy:.3f}"


def require_vacant(folder: AnyPath) -> None:
    """Raises :class:`DannError` if ``folder`` is no folder or holds anything a run would
    overwrite."""
    folder = Path(folder)
    if (kind := kind_of(folder)) not in (None, "folder"):
        raise DannError(f"{shown(folder)} is a {kind}. Choose another --out.")
    there = [name for name in (*OWN, DIVERGED, KEPT) if kind_of(folder / name)]
    if CHECKPOINT in there:
        raise DannError(
            f"{shown(folder)} already holds a run. Add --resume to go on with it, or choose "
            "another --out."
        )
    if there:
        raise DannError(f"{shown(folder)} already holds {there[0]}. Choose another --out.")


def make_folder(folder: AnyPath) -> None:
    """Make ``folder`` if need be. Raises :class:`DannError` if that cannot be."""
    kind_of(folder)
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DannError(
            f"Cannot make the folder {shown(folder)}: {error.strerror}. Choose another --out."
        ) from error


def is_a_runs_own(path: AnyPath, folders: Iterable[AnyPath]) -> bool:
    """Whether ``path`` leads to a file of a run, by whatever name, or to where one will be: of a
    run in ``folders`` or of the run in the folder that ``path`` leads into."""
    into = Path(os.path.realpath(path)).parent
    runs = {into, *map(Path, folders)}
    if into.name == KEPT and kind_of(into.parent / CHECKPOINT):
        return True
    return any(
        same_file(path, run / name)
        for run in runs
        if kind_of(run / CHECKPOINT)
        for name in (*OWN, DIVERGED, KEPT, LOCK, HOLDER)
    )
