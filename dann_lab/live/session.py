"""A training beside a page, and the controls that a person has over it.

The page calls the control methods and reads the attributes, from any thread; each call only leaves
a wish behind and returns at once. The worker alone touches the trainer. It trains while somebody
looks: every call of :meth:`Session.looked_at` counts as a look.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn, SupportsIndex

import torch

from dann_core.branching import go_on
from dann_core.datasets import load_pair, mnist, photos
from dann_core.datasets.store import DataStore, Progress
from dann_core.devices import choose_device, choose_threads, describe_device
from dann_core.domains import DomainPair
from dann_core.errors import DannError
from dann_core.evaluation import predict
from dann_core.files import AnyPath
from dann_core.history import OF_LAMBDA, Mark, MarkKind, StepRecord
from dann_core.observing import keep_snapshot, observe
from dann_core.plain_numbers import Number
from dann_core.schedules import trace
from dann_core.training import Trainer
from dann_lab.figures.sentences import START_AGAIN
from dann_lab.live import words
from dann_lab.live.branches import (
    branch_of,
    fork_of,
    how_repeated,
    move,
    repetition_of,
    with_parents,
)
from dann_lab.live.drawing import Drawing
from dann_lab.live.live_map import LiveMap
from dann_lab.live.moments import Moments
from dann_lab.live.own import OwnData
from dann_lab.live.protocol import RunState
from dann_lab.live.run import Fork, LambdaControl, Replay, Run, as_it_was
from dann_lab.live.settings import OWN, PLACE, Place, Settings
from dann_lab.live.upload import Upload
from dann_lab.live.worker import Worker
from dann_lab.runs.claim import claimed
from dann_lab.runs.folder import Data, RunFolder, make_folder

LIVE_IMAGES = 500
"""The number of test images of each domain behind the live accuracies and the snapshots; the
accuracies at the end of a run use all."""
MAP_EVERY = 50
"""The number of steps between two frames of the map, while there is one."""
MAP_SECONDS = 4.0
"""The time between a snapshot and one just for the map, at least: a frame and its drawing take a
second of a core, which training on two cores does without for so long."""
UNDO_DEPTH = 10
MOST_RUNS = 6
"""The number of runs that can be compared, at most."""
ONE_DRAG_SECONDS = 1.0
"""The time within which two moves of the slider are one change: one mark, one undo."""

Make = Callable[[int, Settings], Run]
"""Makes a run of a number and settings."""


class Session:
    """One person's training session.

    ``settings``: of the first run; None takes the defaults. ``data_dir``: see :func:`load_pair`.
    ``device``: as for :class:`Trainer`.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        data_dir: AnyPath | None = None,
        device: str = "auto",
    ):
        self.data_dir, self.device = data_dir, device
        self.mnist_is_there = self._find_mnist()
        self.settings = settings or Settings()
        self.run: Run | None = None
        self._state: RunState = "loading"
        self.device_text = ""
        """What trains, for people; "" until it does."""
        self.busy: words.Busy | None = None
        self.problem = ""
        """The last thing that went wrong, as a sentence with its remedy; "" if nothing did."""
        self.notice = ""
        """The last thing worth telling, such as why training paused."""
        self.map = LiveMap(lambda: self.state not in ("loading", "training"))

        self.own = OwnData(self._on_device)
        self.upload: Upload | None = None
        """The zip that a page is sending."""

        self._pairs: dict[str, DomainPair] = {}
        self._threads: int | None = None
        self._replay: Replay | None = None  # what lambda follows unless it is set by hand
        # What to go back to, and the run; None where the run goes on and only lambda changed.
        self._undo: deque[tuple[Settings, Replay | None, Run | None]] = deque(maxlen=UNDO_DEPTH)
        self._runs: list[Run] = []
        self._numbers = itertools.count(1)
        self._wanted = 0  # the number of the run to show: what is made for another comes too late
        self._last_lambda_move = 0.0
        self._step_times: deque[float] = deque(maxlen=40)
        self._next_snapshot = 0.0  # just for the map
        self._kept: dict[int, int] = {}  # run -> the step at which it was kept last
        self._moments = Moments()
        self._looking: Iterator[None] = iter(())  # at a network, part by part between the steps
        self._make: Make = self._made  # what makes the run that is wanted
        self._unevaluated: Run | None = None  # and untrained: it waits for somebody to look
        self._cancelled = threading.Event()
        self._worker = Worker(self, "dann-training")
        self.drawing = Drawing(lambda: self.networks, self._worker.submit, data_dir)
        """The digit that a person draws."""
        self._start(self.settings)
        self._worker.start()

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(
            "A Session cannot be copied or pickled, for threads are at work in it. Its runs can: "
            "session.runs."
        )

    # What a person can do

    def train(self) -> None:
        """Train until the last step, or until paused."""
        self.notice = ""
        with self._worker.lock:
            if not self._worker.steps_allowed:
                self._act("train")
            self._worker.allow(float("inf"))

    def pause(self) -> None:
        """Stop after the step under way."""
        with self._worker.lock:
            if self._worker.steps_allowed:
                self._act("pause")
            self._worker.allow(0)
            self._worker.submit(self._look_to_the_end)

    def single_step(self) -> None:
        """Do one step, then pause."""
        with self._worker.lock:
            self._act("step")
            self._worker.allow(1)

    def reset(self) -> None:
        """Start this run again, from the same initial weights."""
        self._start(self.settings, self._replay, partial(self._made, act="reset"))
        self.notice = words.RESET

    def new_seed(self) -> None:
        """Start again with other initial weights and another order of the batches."""
        seed = random.randrange(1, 10_000)
        self._start(self.settings.changed(seed=seed), self._replay)
        self.notice = words.new_seed(seed)

    def choose(self, settings: Settings, train: bool = False) -> None:
        """Take new settings. What defines a run starts a new one; lambda alone does not. Of a
        branch that has no step of its own yet they are what is changed in it, if its data stay.

        With ``train`` that run is trained at once, and no other where it cannot be made.

        Raises :class:`DannError` for data of one's own that may not be read.
        """
        if settings.place:
            self.own.check(settings.place)
        with self._worker.lock:
            if not settings.same_run(self.settings):
                self._start_with(settings)
            elif settings.lambda_ != self.settings.lambda_:
                self.set_lambda(settings.lambda_)
            if train:
                self._worker.allow(float("inf"))

    def set_lambda(self, value: Number | None) -> None:
        """By hand (in the range of the method) or, with None, by the paper's schedule; from the
        next step on."""
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
            raise DannError(words.nothing_to_replay(run.number))
        settings = run.settings.changed(lambda_=None)
        self._start(settings, Replay(run.number, trace(applied)))
        self.notice = words.replaying(run.number)

    def branch(self, step: int | None = None) -> None:
        """Begin a run that has all that this one had done after ``step`` (None: so far), and goes
        on as this one did, until something is changed.

        Raises :class:`DannError` if there is no step yet, or no such step.
        """
        run = self.run
        done = 0 if run is None else run.trainer.step
        if run is None or not done or (step is not None and not 0 <= step <= done):
            raise DannError(words.NOTHING_TO_BRANCH)
        settings = replace(run.settings, lambda_=None)
        self._start(settings, as_it_was(run), partial(self._branched, parent=run, step=step))

    def go_on(self, steps: int) -> None:
        """Train the run, which has ended, for ``steps`` more. Raises :class:`DannError` if it has
        not, or ``steps`` is no whole number of at least 1."""
        run = self.run
        if run is None or self.state != "finished":
            raise DannError(words.NOT_ENDED)
        replace(run.settings, steps=steps)  # whether it is a number of steps
        self._worker.submit(lambda: self._go_on(run, steps))

    def rerun(self, run: Run) -> None:
        """Begin a run that repeats ``run`` exactly, as its journal tells, until lambda is set.

        Raises :class:`DannError` if ``run`` has no steps yet.
        """
        if not run.trainer.step:
            raise DannError(words.nothing_to_replay(run.number))
        settings = replace(run.settings, lambda_=None)
        self._start(settings, make=partial(repetition_of, run))
        self.notice = words.replays(run.number)

    def show(self, run: Run) -> None:
        """Show another run of this page, as it stands; it can be trained on."""
        with self._worker.lock:
            if self.run is not None:
                self._undo.append((self.settings, self._replay, self.run))
            self.settings = replace(run.settings, lambda_=run.control.by_hand)
            self._replay = run.control.replay
            self._show_again(run)

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
            with self._worker.lock:
                self._show_again(run)
        self._last_lambda_move = 0.0
        self.notice = words.UNDONE

    def fetch_mnist(self) -> None:
        """Download what MNIST -> MNIST-M needs, then show it."""
        self._cancelled.clear()
        self._worker.submit(self._fetch)

    def cancel_fetch(self) -> None:
        """Stop downloading; asking again goes on where it stopped."""
        self._cancelled.set()

    def look(self, where: Place | Path, name: str = "") -> None:
        """Read data of one's own, so that a person sees what is found before they train on it.

        ``where``: two folders or files, or a zip of this ``name``, which is removed once it is
        unpacked. What is found, or why nothing is, is in ``own.found`` afterwards.
        """
        self.own.stop()  # what was wanted before
        stopped = self.own.wish_look()
        self._worker.submit(lambda: self._look(where, name, stopped))

    def choose_map(self, method: str) -> None:
        """Show the features by "PCA", "t-SNE" or "UMAP", from the next moment on; "" hides it."""
        self.map.choose(method)
        if method:
            self._worker.submit(self._snapshot_now)

    def keep(self, folder: AnyPath) -> None:
        """Save the run, as it is after the step under way, into ``folder``, which is made.

        Raises :class:`DannError` if nothing has been trained.
        """
        run = self.run
        if run is None or not run.trainer.step:
            raise DannError(words.NOTHING_TO_KEEP)
        self._worker.submit(lambda: self._keep(run, Path(folder)))

    def keep_now(self, run: Run, folder: AnyPath) -> None:
        """Save ``run`` into ``folder``, which is made; not while the worker may train it.

        Raises :class:`DannError` or :class:`OSError` if that cannot be.
        """
        folder = Path(folder)
        make_folder(folder)
        kept = RunFolder(folder, self._data(run.settings), run.trainer)
        with claimed(folder):
            kept.save()
            kept.save_history()
        self._kept[run.number] = run.trainer.step

    def show_map(self) -> None:
        """Show a map, of which nobody has chosen the kind: PCA, and t-SNE once that is ready."""
        self.map.begin("PCA", then="t-SNE")

    def prepare_maps(self) -> None:
        """Import and compile what maps need, in the background and while nobody trains."""
        self.map.prepare()

    def looked_at(self) -> None:
        """Somebody sees the page now."""
        self._worker.looked_at()
        with self._worker.lock:
            run, self._unevaluated = self._unevaluated, None
        if run:
            self._worker.submit(lambda: self._evaluate_untrained(run), first=True)

    def close(self) -> None:
        """End the worker after the step under way."""
        self._cancelled.set()
        self.own.stop()
        if self.upload:
            self.upload.drop()
        self._worker.close()
        self._look_to_the_end()
        self.map.close()
        self._moments.close()

    # What a person sees

    @property
    def state(self) -> RunState:
        return self._state

    @state.setter
    def state(self, state: RunState) -> None:
        self._state = state
        self.map.notify()  # it does more while nobody trains

    @property
    def begins(self) -> bool:
        """Whether steps are wanted that wait for the first evaluation, say."""
        return self._worker.steps_allowed > 0 and self.state in ("ready", "paused")

    @property
    def runs(self) -> list[Run]:
        """The run and those before it, to compare: that have a step, at most
        :data:`MOST_RUNS` and the newest first."""
        return [run for run in self._runs if run.own_steps > 0]

    @property
    def all_runs(self) -> list[Run]:
        """:attr:`runs`, the one that is shown, and those that they came from; the oldest first."""
        shown = [] if self.run is None else [self.run]
        found = {run.number: run for run in with_parents([*self.runs, *shown])}
        return [run for _, run in sorted(found.items())]

    @property
    def networks(self) -> list[Run]:
        """The run that is shown, whether or not it has a step, and then the other :attr:`runs`."""
        run = self.run
        return [] if run is None else [run, *(r for r in self.runs if r is not run)]

    @property
    def unkept(self) -> list[Run]:
        """Those of :attr:`runs` that have gone on since they were kept, if they ever were."""
        return [run for run in self.runs if self._kept.get(run.number) != run.trainer.step]

    @property
    def works(self) -> bool:
        """Whether it trains, loads or fetches something, or is about to."""
        return self.state in ("loading", "training") or self.begins or self.busy is not None

    @property
    def pairs(self) -> list[DomainPair]:
        """Those that are loaded."""
        return [
            *self._pairs.values(),
            *self.own.pairs,
            *(run.trainer.pair for run in self._runs if run.settings.place),
        ]

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
        return (run.steps - run.trainer.step) / speed

    # What the worker asks and tells (dann_lab.live.worker.Employer)

    def next_step(self) -> Callable[[], None] | None:
        run = self.run
        if run is None or run.trainer.step >= run.steps:
            return None
        return partial(self._one_step, run)

    def what_for(self) -> Run | None:
        return self.run

    def on_step(self) -> None:
        if self.state != "training":
            self._step_times.clear()
            self.state, self.problem = "training", ""

    def on_rest(self) -> None:
        if self.state == "training":
            self.state = "paused"

    def on_unseen(self) -> None:
        self._act("pause")
        self._worker.submit(self._look_to_the_end)
        self.notice = words.UNSEEN

    def on_error(self, worked_on: Run | None, error: Exception) -> None:
        problem = str(error)
        if not isinstance(error, DannError):
            problem = f"{words.unexpected(error)} {START_AGAIN}"
        with self._worker.lock:
            self.busy = None
            if self.run is worked_on:
                self.problem, self.state = problem, "failed"
                self._worker.allow(0)

    # What the worker does

    def _start_with(self, settings: Settings) -> None:
        """With other settings: a branch at its beginning is made anew, all else begins."""
        run, data = self.run, ("pair", *PLACE)
        same_data = all(getattr(settings, n) == getattr(self.settings, n) for n in data)
        if run is None or run.fork is None or run.own_steps or not same_data:
            self._start(settings)
            self.notice = words.NEW_RUN
            return
        replay = self._replay if settings.lambda_ is None else None
        self._start(settings, replay, partial(self._branched_there, fork=run.fork))

    def _start(
        self, settings: Settings, replay: Replay | None = None, make: Make | None = None
    ) -> None:
        with self._worker.lock:
            self._make = make or self._made
            if self.run is not None:
                self._undo.append((self.settings, self._replay, self.run))
            self.settings, self._replay = settings, replay
            self.run, self.state = None, "loading"
            self._last_lambda_move = 0.0
            self._wanted = number = next(self._numbers)
            self._worker.allow(0)
            self._worker.submit(lambda: self._new_run(number))

    def _hand_over_lambda(self, same_drag: bool = False) -> None:
        """Tell the run of the settings' lambda, and mark the first step that has it."""
        run, value, replay = self.run, self.settings.lambda_, self._replay
        if run is None:
            return
        run.control.follow(value, replay)
        if run.again:  # from here on it goes its own way
            run.again, run.trainer.lambda_source = None, run.control
        begun, marks = self._begun(run), run.trainer.history.marks
        if begun == 0:
            self._mark_beginning(run)
            return
        if same_drag and marks and marks[-1].kind in OF_LAMBDA:
            marks.pop()
        mark = Mark(begun + 1, "schedule")
        if value is not None:
            mark = Mark(begun + 1, "by_hand", value)
        elif replay:
            mark = Mark(begun + 1, "replay", replay.number)
        marks.append(mark)

    def _begun(self, run: Run) -> int:
        """The last step that has begun: what is done now is in force from the next one on."""
        # A step under way has its lambda already.
        asked = run.control.step if self.state == "training" else 0
        return max(asked, run.trainer.step)

    def _act(self, kind: MarkKind) -> None:
        """Put into the journal what a person does."""
        run = self.run
        if run is not None and run.again is None:
            run.trainer.history.marks.append(Mark(self._begun(run) + 1, kind))

    def _mark_beginning(self, run: Run) -> None:
        """A lambda that a run has from its first step on is no change, but a replay is told."""
        if run.again:
            return
        replay, marks = run.control.replay, run.trainer.history.marks
        others = [mark for mark in marks if mark.kind not in (*OF_LAMBDA, "settings")]
        begun = Mark(1, "settings", self.settings.to_string())
        marks[:] = [begun, *([Mark(1, "replay", replay.number)] if replay else []), *others]

    def _new_run(self, number: int) -> None:
        with self._worker.lock:
            if number != self._wanted:
                return
            settings, make, self.state, self.problem = self.settings, self._make, "loading", ""
        self._look_to_the_end()  # at what may be branched
        try:
            run = make(number, settings)
        except DannError as error:
            from_scratch = getattr(make, "func", make) == self._made
            plain = from_scratch and settings.place is None
            if plain or not self._take_back(number, str(error)):
                raise
            return
        finally:
            if self.busy and self.busy.kind == "branching":
                self.busy = None
        with self._worker.lock:
            if number == self._wanted:
                # A branch has the settings of its moment.
                self.settings = replace(run.settings, lambda_=self.settings.lambda_)
                self._show(run)

    def _made(self, number: int, settings: Settings, act: MarkKind | None = None) -> Run:
        pair, control = self._pair(settings), LambdaControl()
        trainer = Trainer(pair, settings.recipe(), lambda_source=control, device=self.device)
        if act:
            trainer.history.marks.append(Mark(1, act))
        return Run(number, settings, move(trainer, settings.part), control)

    def _branched(self, number: int, settings: Settings, parent: Run, step: int | None) -> Run:
        def tell(done: int, whole: int) -> None:
            self.busy = words.Busy("branching", done=done, whole=whole)

        at = parent.trainer.step if step is None else step
        fork = fork_of(parent, at, self._moments, tell)
        return self._branched_there(number, replace(fork.settings, lambda_=None), fork)

    def _branched_there(self, number: int, settings: Settings, fork: Fork) -> Run:
        run = branch_of(fork, number, settings)
        self._moments.keep(number, run.trainer)
        self.notice = words.branch(fork.run.number, fork.step)
        return run

    def _go_on(self, run: Run, steps: int) -> None:
        self._look_to_the_end()
        trainer = go_on(run.trainer, steps)
        trainer.lambda_source = run.control
        with self._worker.lock:
            if self.run is not run:
                return
            recipe = trainer.recipe
            settings = replace(run.settings, steps=recipe.steps, lambda_=recipe.lambda_)
            run.settings, run.trainer, run.again = settings, trainer, None
            self.settings, self._replay = settings, None
            self._show(run)
            self.notice = words.more(steps, recipe.lambda_ if run.adapts else None)
            self._worker.allow(float("inf"))

    def _take_back(self, number: int, problem: str) -> bool:
        """Show the run before the one that could not be made; False if there is none."""
        with self._worker.lock:
            if number != self._wanted:
                return True  # something else is wanted meanwhile
            while self._undo and self._undo[-1][2] is None:
                self._undo.pop()  # lambda, moved since
            if not self._undo:
                return False
            self.settings, self._replay, run = self._undo.pop()
            assert run is not None
            self._show_again(run)
            self.problem, self.notice = problem, ""
            return True

    def _evaluate_untrained(self, run: Run) -> None:
        if run.seen:
            return
        torch.set_num_threads(1)  # for each run alike, whether or not their number is chosen yet
        self._look_at(run)
        self._look_to_the_end()
        self._remember(run)
        if self._threads is not None:
            torch.set_num_threads(self._threads)

    def _choose_threads(self, run: Run) -> None:
        # When training begins, for the page draws a lot before that, which would be measured too;
        # and in this thread, because PyTorch counts threads for each thread apart.
        self._threads = choose_threads()
        torch.set_num_threads(self._threads)
        self.device_text = describe_device(run.trainer.device)

    def _pair(self, settings: Settings) -> DomainPair:
        name = settings.pair
        if settings.place:
            with self._reading() as progress:
                return self.own.pair(settings.place, progress)
        # Kept, because the runs that undo can bring back hold on to theirs: one copy for all.
        if name not in self._pairs:
            self.busy = words.Busy("loading", name)
            self._pairs[name] = self._on_device(load_pair(name, data_dir=self.data_dir))
            self.busy = None
        return self._pairs[name]

    def _on_device(self, pair: DomainPair) -> DomainPair:
        return pair.to(choose_device(self.device))

    @contextmanager
    def _reading(self) -> Iterator[Progress]:
        """Inside, data of one's own are read, and the page hears how far that is."""

        def progress(_: str, done: int, whole: int | None) -> None:
            self.busy = words.Busy("loading", OWN, done, whole)

        progress("", 0, None)
        try:
            yield progress
        finally:
            self.busy = None

    def _look(self, where: Place | Path, name: str, stopped: threading.Event) -> None:
        with self._reading() as progress:
            self.own.look(where, name, progress, stopped)

    def _data(self, settings: Settings) -> Data:
        """What a kept run says of its data."""
        place = settings.place
        if place is None:
            return Data(settings.pair, data_dir=self.data_dir)
        size = [place.size, place.size] if place.size else None
        return Data(
            OWN, source=place.source, target=place.target, label=place.label or None, size=size
        )

    def _show_again(self, run: Run) -> None:
        """A run that was made before."""
        self._wanted = run.number
        self._worker.allow(0)
        self._worker.submit(self._look_to_the_end)
        self._show(run)

    def _show(self, run: Run) -> None:
        self.run, self.problem = run, ""
        self.map.follow(run.trainer.history.snapshots)
        run.control.follow(self.settings.lambda_, self._replay)
        self._step_times.clear()
        done = run.trainer.step
        if not done:
            self._mark_beginning(run)
            # Only once somebody looks, because it takes seconds and a lot of memory at first.
            self._unevaluated = run
        others = [r for r in self._runs if r is not run and r.own_steps > 0]
        self._runs = sorted([run, *others[: MOST_RUNS - 1]], key=lambda r: -r.number)
        self._moments.only(r.number for r in with_parents(self._runs))
        self.state = "ready" if not done else "finished" if done >= run.steps else "paused"
        if self._worker.steps_allowed:  # they were wished for while it was made
            self._act("train")

    def _one_step(self, run: Run) -> None:
        if self._unevaluated is run:
            self._unevaluated = None
            self._evaluate_untrained(run)
        if self._threads is None:
            self._choose_threads(run)
        record = self._next_record(run)
        self._step_times.append(time.monotonic())
        if record.step >= run.steps:
            self._finish(run)
        elif record.step % 100 == 0 or record.step in (10, 25, 50):
            self._evaluate(run)
        elif record.step % MAP_EVERY == 0 and self._map_waits():
            self._look_at(run, evaluation=False)
        else:
            next(self._looking, None)
        if not self._worker.steps_allowed:
            self._look_to_the_end()

    def _next_record(self, run: Run) -> StepRecord:
        again = run.again
        if again is None:
            return next(run.trainer)
        record = next(again)
        with self._worker.lock:
            if run.trainer is not again.trainer:  # it came to a branch
                run.trainer = again.trainer
                self.map.follow(run.trainer.history.snapshots)
            if run.again is not again:  # lambda was set meanwhile
                run.trainer.lambda_source = run.control
        return record

    def _evaluate(self, run: Run) -> None:
        self._look_at(run)
        self._remember(run)

    def _remember(self, run: Run) -> None:
        self._predict(run)
        self._moments.keep(run.number, run.trainer)

    def _look_at(self, run: Run, evaluation: bool = True) -> None:
        """Begin to look at the network as it is now; a part follows each of the next steps, so that
        a move of the slider waits for one part at most."""
        self._look_to_the_end()
        self._looking = self._looked(observe(run.trainer, LIVE_IMAGES, evaluation))
        if run.again:  # its next step may be by another trainer
            self._look_to_the_end()

    def _looked(self, parts: Iterator[None]) -> Iterator[None]:
        yield from parts
        self._after_snapshot()

    def _look_to_the_end(self) -> None:
        for _ in self._looking:
            pass

    def _map_waits(self) -> bool:
        return bool(self.map.method) and time.monotonic() >= self._next_snapshot

    def _snapshot_now(self) -> None:
        self._look_to_the_end()
        run = self.run
        if run and run.trainer.step not in run.trainer.history.snapshots:
            self._take_snapshot(run)

    def _take_snapshot(self, run: Run) -> None:
        keep_snapshot(run.trainer, LIVE_IMAGES)
        self._after_snapshot()

    def _after_snapshot(self) -> None:
        self._next_snapshot = time.monotonic() + MAP_SECONDS
        self.map.notify()

    def _finish(self, run: Run) -> None:
        self._look_to_the_end()
        self.busy = words.Busy("evaluating", whole=len(run.trainer.pair.target.test))
        run.trainer.evaluate()
        self._remember(run)
        self._take_snapshot(run)
        with self._worker.lock:
            self.busy = None
            if self.run is run:
                self.state = "finished"
                if run.again and run.repeats is not None:
                    self.notice = how_repeated(run.again.recorded, run.trainer.history, run.repeats)

    def _predict(self, run: Run) -> None:
        found = predict(run.trainer.model, run.trainer.pair, run.digits[0])
        on_cpu = replace(found, labels=found.labels.cpu(), confidence=found.confidence.cpu())
        run.seen.append((run.trainer.step, on_cpu))

    def _keep(self, run: Run, folder: Path) -> None:
        self._look_to_the_end()
        try:
            self.keep_now(run, folder)
        except (DannError, OSError) as error:
            self.problem = words.not_kept(folder, error)
            return
        self.notice = words.kept(folder)

    def _fetch(self) -> None:
        from dann_core.datasets.fetching import fetch  # loads torchvision, which takes seconds

        def progress(name: str, done: int, total: int | None) -> None:
            self.busy = words.Busy("downloading", name, done, total)

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
