"""A training run beside a page: one worker thread, and the controls that a person has over it.

The page calls the control methods and reads the attributes, from any thread; each call only leaves
a wish behind and returns at once. The worker alone touches the trainer. It trains while somebody
looks: every call of :meth:`Session.looked_at` counts as a look.
"""

from __future__ import annotations

import atexit
import itertools
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import torch

from dann_core.datasets import load_pair, mnist, photos
from dann_core.datasets.store import DataStore
from dann_core.devices import choose_device, choose_threads, describe_device
from dann_core.domains import DomainPair
from dann_core.errors import DannError
from dann_core.evaluation import Predictions, predict
from dann_core.files import AnyPath
from dann_core.history import Mark
from dann_core.observing import evaluate_with_snapshot, keep_snapshot
from dann_core.plain_numbers import Number
from dann_core.schedules import LambdaSource, paper_lambda, trace
from dann_core.training import Trainer
from dann_lab.live.live_map import LiveMap
from dann_lab.live.settings import Settings
from dann_lab.runs.folder import Data, RunFolder, make_folder

State = Literal["loading", "ready", "training", "paused", "finished", "failed"]

UNSEEN_SECONDS = 20.0
"""Training pauses when nobody has looked for so long."""
UNHEARD_SECONDS = 1.0
"""That a look may take to be heard where the process was held up."""
LIVE_IMAGES = 500
"""Test images of each domain behind the live accuracies and the snapshots; the accuracies at the
end of a run use all."""
MAP_EVERY = 50
"""Steps between two frames of the map, while there is one."""
MAP_SECONDS = 4.0
"""Between a snapshot and one just for the map, at least: a frame and its drawing take a second of a
core, which training on two cores does without for so long."""
SHOWN_DIGITS = 12
"""Test digits of each domain shown with their predictions."""
UNDO_DEPTH = 10
MOST_RUNS = 6
"""That can be compared."""
LAMBDA_MARK, REPLAYS = "lambda: ", "replays "
"""How marks in the history begin: all of them, and one of a lambda that is another run's."""
ONE_DRAG_SECONDS = 1.0
"""Moves of the slider closer together than this are one change: one mark, one undo."""


@dataclass(frozen=True)
class Replay:
    """The lambda that run ``number`` had, step by step."""

    number: int
    lambda_source: LambdaSource


class LambdaControl:
    """The slider's end of the lambda door. ``by_hand``: None follows ``replay``, and where there is
    none the paper's schedule.

    ``step``: the last step that asked.
    """

    def __init__(self) -> None:
        self.by_hand: float | None = None
        self.replay: Replay | None = None
        self.step = 0

    def __call__(self, step: int, progress: float) -> float:
        self.step = step  # first, so that whoever sets lambda and then reads this knows who got it
        by_hand, replay = self.by_hand, self.replay
        if by_hand is not None:
            return by_hand
        return float(replay.lambda_source(step, progress)) if replay else paper_lambda(progress)

    def follow(self, by_hand: float | None, replay: Replay | None) -> None:
        """From the next step that asks."""
        # A step that asks in between gets the old lambda or the new one, never a third.
        if by_hand is None:
            self.replay = replay
            self.by_hand = None
        else:
            self.by_hand = by_hand
            self.replay = replay


@dataclass
class Run:
    """One trainer and what the page shows beside its history. ``number`` tells runs apart."""

    number: int
    settings: Settings
    trainer: Trainer
    control: LambdaControl
    seen: list[tuple[int, Predictions]] = field(default_factory=list)
    """Of the shown test digits, by the step of each evaluation."""

    def predictions(self, step: int) -> Predictions | None:
        """Of the shown test digits, as of the last evaluation at or before ``step``."""
        return next((found for at, found in reversed(self.seen) if at <= step), None)

    @property
    def digits(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The shown test digits, source then target: uint8 [24, 28, 28, 3] and labels [24]."""
        examples = self.trainer.pair.test_examples(SHOWN_DIGITS)
        return examples.images, examples.labels

    @property
    def title(self) -> str:
        """Such as "DANN, lambda by the paper's schedule, seed 0 · run 3"; no two runs' are the
        same."""
        seed = f"seed {self.settings.seed} · run {self.number}"
        if self.settings.mode != "dann":
            return f"{self.settings.mode} only, {seed}"
        return f"DANN, lambda {self._lambda_in_words()}, {seed}"

    def _lambda_in_words(self) -> str:
        marks = [mark.text.removeprefix(LAMBDA_MARK) for mark in self.trainer.history.marks]
        if marks and marks[0].startswith(REPLAYS):
            return f"of {marks[0].removeprefix(REPLAYS)}{', then by hand' if marks[1:] else ''}"
        by_hand = marks or self.control.by_hand is not None
        return "by hand" if by_hand else "by the paper's schedule"


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
        data_dir: AnyPath | None = None,
        device: str = "auto",
    ):
        self.data_dir, self.device = data_dir, device
        self.mnist_is_there = self._find_mnist()
        self.settings = settings or Settings().changed(
            pair="mnist" if self.mnist_is_there else "digits"
        )
        self.run: Run | None = None
        self._state: State = "loading"
        self.device_text = ""
        """What trains, for people; "" until it does."""
        self.busy: Progress | None = None
        self.problem = ""
        """The last thing that went wrong, as a sentence with its remedy; "" if nothing did."""
        self.notice = ""
        """The last thing worth telling, such as why training paused."""
        self.map = LiveMap(lambda: self.state not in ("loading", "training"))

        self._pairs: dict[str, DomainPair] = {}
        self._threads: int | None = None
        self._replay: Replay | None = None  # what lambda follows unless it is set by hand
        # What to go back to, and the run; None where the run goes on and only lambda changed.
        self._undo: deque[tuple[Settings, Replay | None, Run | None]] = deque(maxlen=UNDO_DEPTH)
        self._runs: list[Run] = []
        self._numbers = itertools.count(1)
        self._wanted = 0  # the number of the run to show: what is made for another comes too late
        self._steps_allowed = 0.0
        self._jobs: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self._last_look = time.monotonic()
        self._last_lambda_move = 0.0
        self._step_times: deque[float] = deque(maxlen=40)
        self._next_look = 0.0  # just for the map
        self._closed = False
        self._cancelled = threading.Event()
        self._start(self.settings)
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
        self._start(self.settings, self._replay)
        self.notice = "Reset to the same initial weights. Undo brings the last run back."

    def new_seed(self) -> None:
        """Start again with other initial weights and another order of the batches."""
        seed = random.randrange(1, 10_000)
        self._start(self.settings.changed(seed=seed), self._replay)
        self.notice = f"New run with seed {seed}. Undo brings the last one back."

    def choose(self, settings: Settings) -> None:
        """Take new settings. What defines a run starts a new one; lambda alone does not."""
        if not settings.same_run(self.settings):
            self._start(settings)
            self.notice = "New run. Undo brings the last one back."
        elif settings.lambda_ != self.settings.lambda_:
            self.set_lambda(settings.lambda_)

    def set_lambda(self, value: Number | None) -> None:
        """By hand (0 to 2) or, with None, by the paper's schedule; from the next step on."""
        settings = self.settings.changed(lambda_=value)
        now = time.monotonic()
        same_drag = now - self._last_lambda_move < ONE_DRAG_SECONDS
        self._last_lambda_move = now
        if not same_drag:
            self._undo.append((self.settings, self._replay, None))
        self.settings, self._replay = settings, None
        self._hand_over_lambda(same_drag)

    def replay_lambda(self, run: Run) -> None:
        """Start a run like ``run`` whose lambda is, step by step, the one that ``run`` has had so
        far, and after those steps the last of them; until lambda is set.

        Raises :class:`DannError` if ``run`` has no steps yet.
        """
        applied = run.trainer.history.column("lambda_").tolist()
        if not applied:
            raise DannError(f"Run {run.number} has no lambda to replay yet. Train it first.")
        settings = run.settings.changed(lambda_=None)
        self._start(settings, Replay(run.number, trace(applied)))
        self.notice = f"New run with the lambda of run {run.number}. Undo brings the last one back."

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    def undo(self) -> None:
        """Take the last change of lambda, settings or run back; a run comes back as it was."""
        if not self._undo:
            return
        self.settings, self._replay, run = self._undo.pop()
        if run is None:
            self._hand_over_lambda()
        else:
            with self._changed:
                self._wanted, self._steps_allowed = run.number, 0
                self._show(run)
        self._last_lambda_move = 0.0
        self.notice = "Undone."

    def fetch_mnist(self) -> None:
        """Download what MNIST -> MNIST-M needs, then show it."""
        self._cancelled.clear()
        self._submit(self._fetch)

    def cancel_fetch(self) -> None:
        """Stop downloading; asking again goes on where it stopped."""
        self._cancelled.set()

    def choose_map(self, method: str) -> None:
        """Show the features by "PCA", "t-SNE" or "UMAP", from the next moment on; "" hides it."""
        self.map.choose(method)
        if method:
            self._submit(self._look_now)

    def keep(self, folder: AnyPath) -> None:
        """Save the run, as it is after the step under way, into ``folder``, which is made.

        Raises :class:`DannError` if nothing has been trained.
        """
        run = self.run
        if run is None or not run.trainer.step:
            raise DannError("There is nothing to keep yet. Train first.")
        self._submit(lambda: self._keep(run, Path(folder)))

    def prepare_maps(self) -> None:
        """Import and compile what maps need, in the background and while nobody trains."""
        self.map.prepare()

    def looked_at(self) -> None:
        """Somebody sees the page now."""
        self._last_look = time.monotonic()

    def close(self) -> None:
        """End the worker after the step under way."""
        self._closed = True
        self._cancelled.set()
        self._allow(0)
        self._worker.join(timeout=10)
        self.map.close()
        atexit.unregister(self.close)

    # What a person sees

    @property
    def state(self) -> State:
        return self._state

    @state.setter
    def state(self, state: State) -> None:
        self._state = state
        self.map.look()  # it does more while nobody trains

    @property
    def begins(self) -> bool:
        """Whether steps are wanted that wait for the first evaluation, say."""
        return self._steps_allowed > 0 and self.state in ("ready", "paused")

    @property
    def runs(self) -> list[Run]:
        """The run and those before it, to compare: that have a step, at most
        :data:`MOST_RUNS` and the newest first."""
        return [run for run in self._runs if run.trainer.step > 0]

    @property
    def pairs(self) -> list[DomainPair]:
        """Those that are loaded."""
        return list(self._pairs.values())

    @property
    def steps_per_second(self) -> float | None:
        """Over the last 40 steps; None before there are two."""
        times = list(self._step_times)
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else None

    @property
    def seconds_left(self) -> float | None:
        """Until the last step; None while not training."""
        speed, run = self.steps_per_second, self.run
        if not speed or run is None or self.state != "training":
            return None
        return (run.settings.steps - run.trainer.step) / speed

    # The worker, and how it hears of a wish

    def _submit(self, job: Callable[[], None]) -> None:
        with self._changed:
            self._jobs.append(job)
            self._changed.notify()

    def _allow(self, steps: float) -> None:
        with self._changed:
            self._steps_allowed = steps
            self._changed.notify()

    def _start(self, settings: Settings, replay: Replay | None = None) -> None:
        with self._changed:
            if self.run is not None:
                self._undo.append((self.settings, self._replay, self.run))
            self.settings, self._replay = settings, replay
            self.run, self.state = None, "loading"
            self._last_lambda_move = 0.0
            self._wanted = number = next(self._numbers)
            self._allow(0)
            self._submit(lambda: self._new_run(number))

    def _hand_over_lambda(self, same_drag: bool = False) -> None:
        """Tell the run of the settings' lambda, and mark the first step that has it."""
        run, value, replay = self.run, self.settings.lambda_, self._replay
        if run is None:
            return
        run.control.follow(value, replay)
        # A step under way has its lambda already.
        begun = run.control.step if self.state == "training" else run.trainer.step
        marks = run.trainer.history.marks
        if begun == 0:
            self._mark_beginning(run)
            return
        if same_drag and marks:
            marks.pop()
        text = f"{value:.2f} by hand" if value is not None else "the paper's schedule"
        if value is None and replay:
            text = f"{REPLAYS}run {replay.number}"
        marks.append(Mark(begun + 1, LAMBDA_MARK + text))

    def _mark_beginning(self, run: Run) -> None:
        """A lambda that a run has from its first step on is no change, but a replay is told."""
        replay = run.control.replay
        run.trainer.history.marks[:] = (
            [Mark(1, f"{LAMBDA_MARK}{REPLAYS}run {replay.number}")] if replay else []
        )

    def _work(self) -> None:
        while True:
            with self._changed:
                while not (self._closed or self._jobs or self._may_step()):
                    if self.state == "training":
                        self.state = "paused"
                    self._changed.wait()
                if self._closed:
                    return
                job, run = self._jobs.popleft() if self._jobs else None, self.run
                if job is None:
                    # Taken before the step: what is asked for during it is about the next one.
                    self._steps_allowed -= 1
                    if self.state != "training":
                        self._step_times.clear()
                        self.state, self.problem = "training", ""
            try:
                if job:
                    job()
                elif run:
                    self._one_step(run)
            except DannError as error:
                self._fail(run, str(error))
            except Exception as error:  # shown on the page; a dead worker would be a silent one
                self._fail(run, f"{type(error).__name__}: {error}. Press Reset to start again.")

    def _may_step(self) -> bool:
        """Whether a step is wanted, and can and should be done; if not, none is wanted any more."""
        run = self.run
        if self._steps_allowed and run and run.trainer.step < run.settings.steps:
            if not self._unseen():
                return True
            # All of this process may have stood still, and looks be waiting to be heard.
            if self._changed.wait_for(lambda: not self._unseen(), UNHEARD_SECONDS):
                return self._may_step()
            self.notice = "Paused, because nobody was looking at this page. Press Train to go on."
        self._steps_allowed = 0
        return False

    def _unseen(self) -> bool:
        return time.monotonic() - self._last_look > UNSEEN_SECONDS

    def _fail(self, run: Run | None, problem: str) -> None:
        with self._changed:
            self.busy = None
            if self.run is run:
                self.problem, self.state, self._steps_allowed = problem, "failed", 0

    def _new_run(self, number: int) -> None:
        with self._changed:
            if number != self._wanted:
                return
            settings, self.state, self.problem = self.settings, "loading", ""
        pair = self._pair(settings.pair)
        control = LambdaControl()
        trainer = Trainer(pair, settings.recipe(), lambda_source=control, device=self.device)
        run = Run(number, settings, trainer, control)
        with self._changed:
            if number == self._wanted:
                self._show(run)
                # Only now, because it takes seconds at first; and next, before any step.
                self._jobs.appendleft(lambda: self._look_at_beginning(run))

    def _look_at_beginning(self, run: Run) -> None:
        torch.set_num_threads(1)  # for each run alike, whether or not their number is chosen yet
        self._evaluate(run)
        if self._threads is not None:
            torch.set_num_threads(self._threads)

    def _choose_threads(self, run: Run) -> None:
        # When training begins, for the page draws a lot before that, which would be measured too;
        # and in this thread, because PyTorch counts threads for each thread apart.
        self._threads = choose_threads()
        torch.set_num_threads(self._threads)
        self.device_text = describe_device(run.trainer.device)

    def _pair(self, name: str) -> DomainPair:
        # Kept, because the runs that undo can bring back hold on to theirs: one copy for all.
        if name not in self._pairs:
            self.busy = Progress(
                f"Loading {'MNIST and MNIST-M' if name == 'mnist' else 'the digits'}"
            )
            pair = load_pair(name, data_dir=self.data_dir)
            self._pairs[name] = pair.to(choose_device(self.device))
            self.busy = None
        return self._pairs[name]

    def _show(self, run: Run) -> None:
        self.run, self.problem = run, ""
        self.map.follow(run.trainer.history.snapshots)
        run.control.follow(self.settings.lambda_, self._replay)
        self._step_times.clear()
        done = run.trainer.step
        if not done:
            self._mark_beginning(run)
        others = [r for r in self._runs if r is not run and r.trainer.step > 0]
        self._runs = sorted([run, *others[: MOST_RUNS - 1]], key=lambda r: -r.number)
        self.state = "ready" if not done else "finished" if done >= run.settings.steps else "paused"

    def _one_step(self, run: Run) -> None:
        if self._threads is None:
            self._choose_threads(run)
        record = next(run.trainer)
        self._step_times.append(time.monotonic())
        if record.step >= run.settings.steps:
            self._finish(run)
        elif record.step % 100 == 0 or record.step in (10, 25, 50):
            self._evaluate(run)
        elif (
            record.step % MAP_EVERY == 0 and self.map.method and time.monotonic() >= self._next_look
        ):
            self._look(run)

    def _evaluate(self, run: Run) -> None:
        evaluate_with_snapshot(run.trainer, LIVE_IMAGES)
        self._predict(run)
        self._looked()

    def _look_now(self) -> None:
        run = self.run
        if run and run.trainer.step not in run.trainer.history.snapshots:
            self._look(run)

    def _look(self, run: Run) -> None:
        keep_snapshot(run.trainer, LIVE_IMAGES)
        self._looked()

    def _looked(self) -> None:
        self._next_look = time.monotonic() + MAP_SECONDS
        self.map.look()

    def _finish(self, run: Run) -> None:
        self.busy = Progress(f"Evaluating on all {len(run.trainer.pair.target.test):,} test images")
        run.trainer.evaluate()
        self._predict(run)
        self._look(run)
        with self._changed:
            self.busy = None
            if self.run is run:
                self.state = "finished"

    def _predict(self, run: Run) -> None:
        found = predict(run.trainer.model, run.trainer.pair, run.digits[0])
        on_cpu = replace(found, labels=found.labels.cpu(), confidence=found.confidence.cpu())
        run.seen.append((run.trainer.step, on_cpu))

    def _keep(self, run: Run, folder: Path) -> None:
        data = Data(run.settings.pair, data_dir=self.data_dir)
        try:
            make_folder(folder)
            kept = RunFolder(folder, data, run.trainer)
            kept.save()
            kept.save_history()
        except (DannError, OSError) as error:
            self.problem = f"The run could not be kept in {folder}: {error}"
            return
        self.notice = f"Kept in {folder}. It can be compared below, also another day."

    def _fetch(self) -> None:
        from dann_core.datasets.fetching import fetch  # loads torchvision, which takes seconds

        def progress(name: str, done: int, total: int | None) -> None:
            size = f"{done / 1e6:.0f} of {total / 1e6:.0f} MB" if total else f"{done / 1e6:.0f} MB"
            self.busy = Progress(f"Downloading {name}: {size}", done / total if total else None)

        store = DataStore.open(self.data_dir)
        try:
            for what in ("mnist", "bsds500"):
                fetch(what, store, progress, self._cancelled.is_set)
        except DannError as error:
            self.problem = str(error)  # the run is none the worse for it
            return
        finally:
            self.busy = None
        self.mnist_is_there = self._find_mnist()
        self._start(self.settings.changed(pair="mnist"))

    def _find_mnist(self) -> bool:
        store = DataStore.open(self.data_dir)
        found = (store.find(mnist.FOLDER, *mnist.MD5), store.find(photos.FOLDER))
        return None not in found
