"""A training run beside a page: one worker thread, and the controls that a person has over it.

The page calls the control methods and reads the attributes, from any thread; each call only leaves
a wish behind and returns at once. The worker alone touches the trainer. It trains while somebody
looks: every call of :meth:`Session.looked_at` counts as a look.
"""

from __future__ import annotations

import atexit
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import torch

from dann_core.devices import choose_threads, describe_device
from dann_core.domains import DomainPair, load_pair
from dann_core.errors import DannError
from dann_core.evaluation import Predictions, predict
from dann_core.history import Mark
from dann_core.schedules import paper_lambda
from dann_core.sources import photos
from dann_core.sources.fetching import fetch
from dann_core.sources.store import DataStore
from dann_core.training import Trainer
from dann_lab.settings import Settings

State = Literal["loading", "ready", "training", "paused", "finished", "failed"]

UNSEEN_SECONDS = 15.0
"""Training pauses when nobody has looked for so long."""
LIVE_IMAGES = 500
"""Test images of each domain behind the live accuracies; the end of a run uses all."""
SHOWN_DIGITS = 12
"""Test digits of each domain shown with their predictions."""
UNDO_DEPTH = 10
ONE_DRAG_SECONDS = 1.0
"""Moves of the slider closer together than this are one change: one mark, one undo."""


class LambdaControl:
    """The slider's end of the lambda door. ``by_hand``: None follows the paper's schedule."""

    def __init__(self, by_hand: float | None = None):
        self.by_hand = by_hand

    def __call__(self, step: int, progress: float) -> float:
        by_hand = self.by_hand
        return paper_lambda(progress) if by_hand is None else by_hand


@dataclass(frozen=True)
class Run:
    """One trainer and what the page shows beside its history. ``number`` tells runs apart."""

    number: int
    settings: Settings
    trainer: Trainer

    @property
    def digits(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The shown test digits, source then target: uint8 [24, 28, 28, 3] and labels [24]."""
        tests = [
            d.test.first(SHOWN_DIGITS) for d in (self.trainer.pair.source, self.trainer.pair.target)
        ]
        return torch.cat([t.images for t in tests]), torch.cat([t.labels for t in tests])


@dataclass(frozen=True)
class Progress:
    """Something that takes a while besides training: what, and how far (0 to 1, None: unknown)."""

    text: str
    fraction: float | None = None


class Session:
    """One person's training session.

    ``settings``: of the first run; None takes MNIST -> MNIST-M if it is on this machine, else the
    embedded digits. ``data_dir``: see :func:`load_pair`. ``device``: as for
    :class:`Trainer`.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        data_dir: str | None = None,
        device: str = "auto",
    ):
        self.data_dir, self.device = data_dir, device
        self.mnist_is_there = self._find_mnist()
        self.settings = settings or Settings().changed(
            pair="mnist" if self.mnist_is_there else "digits"
        )
        self.control = LambdaControl(self.settings.lambda_)
        self.run: Run | None = None
        self.predictions: Predictions | None = None
        self.state: State = "loading"
        self.busy: Progress | None = None
        self.problem = ""
        """The last thing that went wrong, as a sentence with its remedy; "" if nothing did."""
        self.notice = ""
        """The last thing worth telling, such as why training paused."""

        self._pairs: dict[str, DomainPair] = {}
        self._threads: int | None = None
        # Settings to go back to, and the run; None where the run goes on and only lambda changed.
        self._undo: deque[tuple[Settings, Run | None]] = deque(maxlen=UNDO_DEPTH)
        self._runs = 0
        self._steps_allowed = 0.0
        self._jobs: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self._last_look = time.monotonic()
        self._last_lambda_move = 0.0
        self._step_times: deque[float] = deque(maxlen=40)
        self._closed = False
        self._cancelled = threading.Event()
        self._submit(self._new_run)
        self._worker = threading.Thread(target=self._work, name="dann-training", daemon=True)
        self._worker.start()
        # Python must not end in the middle of a step: PyTorch would then bring the process down.
        atexit.register(self.close)

    # What a person can do

    def train(self) -> None:
        """Train until the last step, or until paused."""
        self.notice = ""
        self._allow(float("inf"))

    def pause(self) -> None:
        """Stop after the step under way."""
        self._allow(0)

    def single_step(self) -> None:
        """Do one step, then pause."""
        self._allow(1)

    def reset(self) -> None:
        """Start this run again, from the same initial weights."""
        self._start(self.settings)
        self.notice = "Reset to the same initial weights. Undo brings the last run back."

    def new_seed(self) -> None:
        """Start again with other initial weights and another order of the batches."""
        seed = random.randrange(1, 10_000)
        self._start(self.settings.changed(seed=seed))
        self.notice = f"New run with seed {seed}. Undo brings the last one back."

    def choose(self, settings: Settings) -> None:
        """Take new settings. What defines a run starts a new one; lambda alone does not."""
        if not settings.same_run(self.settings):
            self._start(settings)
            self.control.by_hand = settings.lambda_
            self.notice = "New run. Undo brings the last one back."
        elif settings.lambda_ != self.settings.lambda_:
            self.set_lambda(settings.lambda_)

    def set_lambda(self, value: float | None) -> None:
        """By hand (0 to 2) or, with None, by the paper's schedule; from the next step on."""
        settings = self.settings.changed(lambda_=value)
        now = time.monotonic()
        same_drag = now - self._last_lambda_move < ONE_DRAG_SECONDS
        self._last_lambda_move = now
        if not same_drag:
            self._undo.append((self.settings, None))
        self.settings = settings
        self.control.by_hand = value
        if self.run is not None and self.run.trainer.step > 0:
            marks = self.run.trainer.history.marks
            if same_drag and marks:
                marks.pop()
            text = "the paper's schedule" if value is None else f"{value:.2f} by hand"
            marks.append(Mark(self.run.trainer.step + 1, f"lambda: {text}"))

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    def undo(self) -> None:
        """Take the last change of lambda, settings or run back; a run comes back as it was."""
        if not self._undo:
            return
        settings, run = self._undo.pop()
        if run is not None:
            self._allow(0)
            self._submit(lambda: self._show(run))
        self.settings = settings
        self.control.by_hand = settings.lambda_
        self._last_lambda_move = 0.0
        self.notice = "Undone."

    def fetch_mnist(self) -> None:
        """Download what MNIST -> MNIST-M needs, then show it."""
        self._cancelled.clear()
        self._submit(self._fetch)

    def cancel_fetch(self) -> None:
        """Stop downloading; asking again goes on where it stopped."""
        self._cancelled.set()

    def looked_at(self) -> None:
        """Somebody sees the page now."""
        self._last_look = time.monotonic()

    def close(self) -> None:
        """End the worker after the step under way."""
        self._closed = True
        self._cancelled.set()
        self._allow(0)
        self._worker.join(timeout=10)
        atexit.unregister(self.close)

    # What a person sees

    @property
    def steps_per_second(self) -> float | None:
        """Over the last 40 steps; None before there are two."""
        times = list(self._step_times)
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else None

    @property
    def seconds_left(self) -> float | None:
        speed = self.steps_per_second
        if not speed or self.run is None or self.state != "training":
            return None
        return (self.run.settings.steps - self.run.trainer.step) / speed

    @property
    def device_text(self) -> str:
        return describe_device(self.run.trainer.device) if self.run else ""

    # The worker

    def _submit(self, job: Callable[[], None]) -> None:
        with self._changed:
            self._jobs.append(job)
            self._changed.notify()

    def _allow(self, steps: float) -> None:
        with self._changed:
            self._steps_allowed = steps
            self._changed.notify()

    def _start(self, settings: Settings) -> None:
        if self.run is not None:
            self._undo.append((self.settings, self.run))
        self.settings = settings
        self._allow(0)
        self._submit(self._new_run)

    def _work(self) -> None:
        while not self._closed:
            with self._changed:
                while not (self._jobs or self._steps_allowed > 0 or self._closed):
                    if self.state == "training":
                        self.state = "paused"
                    self._changed.wait()
                job = self._jobs.popleft() if self._jobs else None
            try:
                if job:
                    job()
                elif not self._closed:
                    self._one_step()
            except DannError as error:
                self._fail(str(error))
            except Exception as error:  # shown on the page; a dead worker would be a silent one
                self._fail(f"{type(error).__name__}: {error}. Press Reset to start again.")

    def _fail(self, problem: str) -> None:
        self.problem, self.busy, self.state = problem, None, "failed"
        self._allow(0)

    def _new_run(self) -> None:
        settings = self.settings
        self.run, self.state, self.problem = None, "loading", ""
        pair = self._pair(settings.pair)
        if self._threads is None:
            self._threads = choose_threads()
        torch.set_num_threads(self._threads)
        trainer = Trainer(pair, settings.recipe(), lambda_source=self.control, device=self.device)
        self._runs += 1
        self._show(Run(self._runs, settings, trainer))
        if not trainer.history.evaluations:
            self._evaluate()

    def _pair(self, name: str) -> DomainPair:
        if name not in self._pairs:
            self.busy = Progress(
                f"Loading {'MNIST and MNIST-M' if name == 'mnist' else 'the digits'}"
            )
            pair = load_pair(name, data_dir=self.data_dir)
            # One pair at a time: MNIST takes 350 MB.
            self._pairs = {name: pair}
            self.busy = None
        return self._pairs[name]

    def _show(self, run: Run) -> None:
        self.run, self.problem = run, ""
        self._step_times.clear()
        done = run.trainer.step
        self.state = "ready" if not done else "finished" if done >= run.settings.steps else "paused"
        self._predict()

    def _one_step(self) -> None:
        run = self.run
        if run is None or run.trainer.step >= run.settings.steps:
            self._allow(0)
            return
        if time.monotonic() - self._last_look > UNSEEN_SECONDS:
            self.notice = "Paused, because nobody was looking at this page. Press Train to go on."
            self._allow(0)
            return
        if self.state != "training":
            self._step_times.clear()
            self.state, self.problem = "training", ""
        record = next(run.trainer)
        with self._changed:  # or a pause at this moment would be lost
            self._steps_allowed = max(0, self._steps_allowed - 1)
        self._step_times.append(time.monotonic())
        if record.step >= run.settings.steps:
            self._finish(run)
        elif record.step % 100 == 0 or record.step in (10, 25, 50):
            self._evaluate(LIVE_IMAGES)

    def _finish(self, run: Run) -> None:
        self._allow(0)
        self.busy = Progress(f"Evaluating on all {len(run.trainer.pair.target.test):,} test images")
        self._evaluate(None)
        self.busy, self.state = None, "finished"

    def _evaluate(self, images: int | None = LIVE_IMAGES) -> None:
        assert self.run is not None
        self.run.trainer.evaluate(images)
        self._predict()

    def _predict(self) -> None:
        assert self.run is not None
        trainer = self.run.trainer
        found = predict(trainer.model, trainer.pair, self.run.digits[0])
        self.predictions = replace(
            found, labels=found.labels.cpu(), confidence=found.confidence.cpu()
        )

    def _fetch(self) -> None:
        def progress(name: str, done: int, total: int | None) -> None:
            size = f"{done / 1e6:.0f} of {total / 1e6:.0f} MB" if total else f"{done / 1e6:.0f} MB"
            self.busy = Progress(f"Downloading {name}: {size}", done / total if total else None)

        store = DataStore.open(self.data_dir)
        for what in ("mnist", "bsds500"):
            fetch(what, store, progress, self._cancelled.is_set)
        self.busy = None
        self.mnist_is_there = self._find_mnist()
        self._start(self.settings.changed(pair="mnist"))

    def _find_mnist(self) -> bool:
        store = DataStore.open(self.data_dir)
        return all(store.find(folder) for folder in ("MNIST/raw", photos.FOLDER))
