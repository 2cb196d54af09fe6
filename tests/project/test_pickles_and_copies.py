"""Whatever a program is handed can be pickled, copied and deep-copied, and goes on the same."""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import multiprocessing
import pickle
import pkgutil
import typing
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from pathlib import Path
from types import FunctionType, MethodType, ModuleType
from typing import Any
from weakref import WeakSet

import ipywidgets
import numpy as np
import pytest
import torch
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from rich.progress import Progress as Bars
from rich.progress import ProgressColumn
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from tiny import tiny_pair
from torch import Tensor
from tornado.web import HTTPError, RequestHandler
from voila.app import Voila

import dann_core
import dann_lab
from dann_core import schedules
from dann_core.branching import Rerun
from dann_core.classifier import DANNClassifier
from dann_core.datasets.about import about
from dann_core.datasets.labels import Classes
from dann_core.datasets.mnistm import MnistM
from dann_core.datasets.photos import PhotoSet
from dann_core.datasets.store import DataStore
from dann_core.datasets.tables import from_array
from dann_core.domains import Batches
from dann_core.errors import TrainingDiverged
from dann_core.evaluation import features, looks, predict
from dann_core.history import History, Mark
from dann_core.layers import RandomLayer
from dann_core.methods import METHODS, Added, Distance, Method, method_named
from dann_core.model import build_model
from dann_core.moons import MoonsTrainer, moons_trainer
from dann_core.observing import keep_snapshot
from dann_core.recipe import Leg, Recipe, preset
from dann_core.reversal import GradientReversal
from dann_core.selection import Scores
from dann_core.snapshots import Snapshots
from dann_core.trained import Predictor, trained_from
from dann_core.training import Trainer
from dann_lab.cli.data import Photos, What
from dann_lab.evening import your_evening
from dann_lab.exercises import exercises
from dann_lab.figures.judgement import Standing
from dann_lab.figures.sentences import Answers
from dann_lab.figures.stills import Still
from dann_lab.figures.sweeps import Dot, Group
from dann_lab.lessons.beside import BesideKnobs
from dann_lab.lessons.blending import BlendedDigit
from dann_lab.lessons.bound import Bound
from dann_lab.lessons.checkup import Checkup, Row
from dann_lab.lessons.copies import Copied
from dann_lab.lessons.playground import Knobs
from dann_lab.lessons.predictions import predictions
from dann_lab.lessons.sealed import Counted, Envelope
from dann_lab.lessons.shifts import SHIFTS, Drawn
from dann_lab.lessons.your_data import Choices, Doubts, Table
from dann_lab.lessons.yours import your_moons, your_trainer
from dann_lab.live.drawing import Sketch
from dann_lab.live.moments import Moments
from dann_lab.live.own import Look
from dann_lab.live.run import Fork, LambdaControl, Replay, Run
from dann_lab.live.session import Session
from dann_lab.live.settings import Place, Settings
from dann_lab.live.upload import Upload
from dann_lab.live.words import Busy
from dann_lab.maps.moving import Mapper
from dann_lab.runs import recordings
from dann_lab.runs.candidates import Chosen, candidates
from dann_lab.runs.folder import Data, RunFolder, Saved
from dann_lab.runs.tensorboard import Board
from dann_lab.sweeps.plan import plan, typed
from dann_lab.sweeps.progress import Progress
from dann_lab.sweeps.results import Result
from dann_lab.sweeps.sweep import Options
from dann_lab.sweeps.table import Found, table
from dann_lab.sweeps.work import Order, Outcome
from dann_lab.widgets.explore import Choice, Slider

Copy = Callable[[Any], Any]


def pickled(thing: Any) -> Any:
    return pickle.loads(pickle.dumps(thing))


WAYS: list[Copy] = [pickled, copy.copy, copy.deepcopy]
ways = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)

TIED = {
    "threads are at work in it": ("Session", "Worker", "LiveMap", "OwnData", "Drawing"),
    "it is open to something that is read": ("Bounded",),
}
"""The classes that cannot be copied, by the reason."""
TIED_BASES = (
    torch.autograd.Function,  # is never made
    ipywidgets.Widget,  # belongs to a page
    KernelSpecManager,  # the parts of a server that runs
    Voila,
    RequestHandler,
    HTTPError,
    AsyncMappingKernelManager,
    Bars,  # draws on a terminal
    ProgressColumn,
)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


# Everything public, found by walking


@cache
def modules() -> list[ModuleType]:
    found = []
    for package in (dann_core, dann_lab):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "labconfig" not in info.name and not info.name.endswith("__main__"):
                found.append(importlib.import_module(info.name))
    return found


def at_home(kind: Callable[[Any], bool]) -> dict[str, Any]:
    """What is public and defined in one of our modules, by its full name."""
    return {
        f"{module.__name__}.{name}": thing
        for module in modules()
        for name, thing in vars(module).items()
        if not name.startswith("_") and kind(thing) and thing.__module__ == module.__name__
    }


def classes() -> dict[str, type]:
    tied = {name for names in TIED.values() for name in names}
    return {
        name: kind
        for name, kind in at_home(inspect.isclass).items()
        if not typing.is_typeddict(kind)
        and not getattr(kind, "_is_protocol", False)
        and kind.__name__ not in tied
        and not issubclass(kind, TIED_BASES)
    }


def constants() -> dict[str, Any]:
    """The values of our modules' public names that are neither modules nor imported."""
    found = {}
    for module in modules():
        if module.__name__.startswith(("dann_lab.cli.", "dann_lab.exercises.")):
            continue  # commands; what judges look answers up in
        own = set(module.__annotations__) | {
            target.id
            for node in ast.parse(inspect.getsource(module)).body
            for target in getattr(node, "targets", [])
            if hasattr(target, "id")
        }
        for name in own & vars(module).keys():
            # A weak set is a list of what lives here.
            if not name.startswith("_") and not isinstance(
                vars(module)[name], typing.TypeVar | WeakSet
            ):
                found[f"{module.__name__}.{name}"] = vars(module)[name]
    return found


def sources() -> set[str]:
    """The functions and methods that give a lambda source."""
    found = set()
    everywhere = dict(at_home(inspect.isfunction))
    for name, kind in at_home(inspect.isclass).items():
        methods = inspect.getmembers(kind, inspect.isfunction)
        everywhere |= {f"{name}.{m}": f for m, f in methods if not m.startswith("_")}
    for name, function in everywhere.items():
        if "LambdaSource" in str(function.__annotations__.get("return")):
            found.add(name)
    return found


SOURCES: dict[str, Callable[[], schedules.LambdaSource]] = {
    "dann_core.schedules.constant": lambda: schedules.constant(0.5),
    "dann_core.schedules.trace": lambda: schedules.trace([0.1, 0.2, 0.3]),
    "dann_core.recipe.Recipe.lambda_source": lambda: Recipe(lambda_=0.25).lambda_source(),
}


# Examples


QUICK = preset("quick", batch_size=8, steps=40, dropout=0.5)
"""The recipe with most state: batch norm, dropout with a generator, AdamW's two means."""


def trained(**changes: Any) -> Trainer:
    """On a tiny pair, with an evaluation, a mark and two snapshots."""
    pair = tiny_pair()
    pair.pixel_mean  # noqa: B018  # worked out, and kept by the pair
    trainer = Trainer(pair, replace(QUICK, **changes), device="cpu")
    keep_snapshot(trainer, 20)
    for _ in range(3):
        next(trainer)
    trainer.evaluate(8)
    trainer.history.marks.append(Mark(2, "by_hand", 0.5))
    keep_snapshot(trainer, 20)
    return trainer


def examples(folder: Path) -> Iterator[Any]:
    """One of every class at least, perhaps inside another."""
    trainer = trained()
    map_ = np.zeros((40, 2))
    trainer.history.snapshots.add_map(3, "PCA", map_)
    control = LambdaControl()
    control.follow(None, Replay(1, schedules.trace([0.1, 0.2])))
    fork = Fork(Run(1, Settings(), trainer, LambdaControl()), 2, trained(), Settings())
    run = Run(2, Settings(), trainer, control, fork)
    run.seen.append((3, predict(trainer.model, trainer.pair, run.digits[0])))
    kept = RunFolder(folder / "run", Data(), trainer)
    (folder / "run").mkdir()
    kept.save()
    moons = moons_trainer()
    next(moons)
    digit = trainer.pair.source.test.images[0].numpy()
    arrays = np.zeros((3, 28, 28, 3), np.uint8), np.zeros(3, np.int64)
    separate = replace(QUICK, separate_statistics=True)
    moments = Moments()
    moments.keep(2, trainer)
    again = Rerun(trainer.pair, QUICK, [], trainer.history, device="cpu")
    yield from (trainer.history[0], *What, *Photos, Leg(1, QUICK), again, moments)
    yield from (run, kept, Saved.read(folder / "run"), moons, moons.pushes(0.5))
    yield from (trainer.pair.test_examples(4), build_model(separate), GradientReversal(0.5))
    yield from (Answers(12, 12, 7, 0.5), next(looks(trainer.model, trainer.pair, 4)))
    yield from (method_named(name, 3, 2) for name in METHODS)
    yield from (Method(), Distance(), Added(torch.zeros(())))
    yield from (build_model(replace(QUICK, network="deep")), RandomLayer(3), Standing(0.5, 0.7))
    yield MnistM(arrays[0], arrays[0], arrays[1], arrays[1], {"id": "x"})
    yield from (PhotoSet((folder / "a.jpg",), "f" * 64), DataStore(folder, folder))
    yield recordings.track("a", "b", QUICK, trainer.history, "tiny", ("bright", "dark"))
    blend = exercises.blend
    yield from (blend.check(...), blend.hint(), blend.solution(), exercises)
    yield from (Checkup((Row("a", "good", "b"),)), Copied([Path("a")]), Knobs(), run.lambda_origin)
    yield from (*SHIFTS.values(), Drawn(0.0, 1.0, 0, 1), BesideKnobs(), Bound(0.1, 0.2, 0.3, 0.4))
    yield from (BlendedDigit(digit, digit, digit), Busy("loading", "mnist"), mapper())
    yield from (Look(1, "", Place("web", "phone"), None, ""), Upload("one", "pets.zip", 8))
    yield Sketch(1, np.eye(28, dtype=np.uint8), 0)
    yield from (about(trainer.pair), Classes(("cat", "dog")), from_array(np.eye(3), [0, 1, 2], "X"))
    yield from (build_model(replace(QUICK, network="residual")), trained_from(trainer.state_dict()))
    yield from (Predictor(trainer.model, trainer.pair.inputs), Board(folder / "log"))
    rows, labels = np.random.default_rng(0).normal(size=(20, 2)), [0, 1, -1, -1] * 5
    yield DANNClassifier(steps=2, batch_size=4).fit(rows, labels)
    yield from candidates(Saved.read(folder / "run"))
    yield Chosen([], [Scores(entropy=0.5)], [0.9])
    yield from (Slider(0, 1, 0.5, 0), Choice({1: "one", 2: "two"}, 1), Still(b"one", b"two"))
    yield from (your_evening(), *predictions().values())
    yield from (your_moons(35.0, 0), your_trainer(trainer.pair, QUICK))
    seen = Doubts(0.9, 0.5, 0.2, 0.1, 0.95, torch.tensor([0, 1]))
    yield from (seen, Envelope(torch.tensor([0, -1])), Counted(0.9, 50))
    yield from (Table(("a",), (("b",),)), Choices((), (), chosen={"snd": "DANN, seed 0"}))
    yield from sweeps(folder)


def sweeps(folder: Path) -> Iterator[Any]:
    grid = typed(["lambda=0,1"])
    planned = plan([grid])
    progress = Progress.of(planned)
    order = Order("1", str(folder), planned[0])
    outcome = Outcome("done", 400, {"source": 0.9, "target": 0.5, "domain": None})
    progress.ended(planned[0].name, outcome)
    accuracy: dict[str, float | None] = {"source": 0.9, "target": 0.5, "domain": None}
    recipe, options = planned[0].recipe.to_dict(), planned[0].data.options()
    build = {"pair": "stripes", "id": "x", "seed": 0}
    found = Found((Result(folder, recipe, build, options, accuracy, 400),), ("lambda=1",))
    yield from (grid, progress, order, Options(), found, table(found))
    yield Group("0", "", 0.5, (0.4, 0.6), (Dot(0.5, "seed 0", "a/"),))


def mapper() -> Mapper:
    made = Mapper()
    made.frame(frames()[0], "PCA")
    return made


@cache
def frames() -> list[np.ndarray]:
    random = np.random.default_rng(0)
    return [random.normal(size=(60, 8)).astype(np.float32) for _ in range(3)]


def error(kind: type[Exception]) -> Exception:
    """One such, and with a field that somebody added on the way."""
    if kind is TrainingDiverged:
        made: Exception = TrainingDiverged(7, 0.5, 0.01, "The label loss")
    else:
        made = kind("The value is 3: it must be 4.")
    made.add_note("in run 5")
    return made


# What an object is, as plain data


def inside(thing: Any, seen: dict[int, Any] | None = None) -> Iterator[Any]:
    """``thing`` and what it holds, each once."""
    seen = {} if seen is None else seen
    if id(thing) in seen or isinstance(thing, FunctionType | MethodType | ModuleType | type):
        return
    seen[id(thing)] = thing
    yield thing
    if isinstance(thing, dict):
        held = list(thing.values())
    elif isinstance(thing, list | tuple):
        held = list(thing)
    else:
        held = list(getattr(thing, "__dict__", {}).values())
    for part in held:
        yield from inside(part, seen)


def state_of(thing: Any) -> Any:
    """All that ``thing`` holds, as plain data to be compared: NaN is NaN, an array its bytes."""
    if isinstance(thing, Tensor):
        values = thing.detach().contiguous().view(-1).view(torch.uint8).numpy().tobytes()
        return thing.dtype, thing.shape, thing.stride(), thing.requires_grad, values
    if isinstance(thing, np.ndarray):
        return thing.dtype, thing.shape, thing.tobytes()
    if isinstance(thing, torch.Generator):
        return state_of(thing.get_state())
    if isinstance(thing, torch.optim.Optimizer):
        return state_of(thing.state_dict())
    if isinstance(thing, partial):
        return thing.func, state_of(thing.args), state_of(thing.keywords)
    if isinstance(thing, dict):
        return [(state_of(key), state_of(value)) for key, value in thing.items()]
    if isinstance(thing, list | tuple):
        return [state_of(part) for part in thing]
    if isinstance(
        thing, History | Moments | Snapshots
    ):  # but for the room that they keep, and locks
        return type(thing), state_of(thing.__getstate__())
    if isinstance(thing, BaseException):
        return type(thing), str(thing), state_of(thing.args), state_of(vars(thing))
    if is_dataclass(thing) and not isinstance(thing, type):  # but for what it has worked out
        return type(thing), [state_of(getattr(thing, field.name)) for field in fields(thing)]
    if hasattr(thing, "__dict__") and not isinstance(thing, FunctionType | type):
        return type(thing), state_of(vars(thing))
    return repr(thing) if thing != thing else thing


def test_two_things_that_differ_do_not_have_one_state() -> None:
    """Or the tests below would prove nothing."""
    one, other = trained(), trained()
    assert state_of(one) == state_of(other)
    for change in (
        lambda t: t.history.marks.append(Mark(3, "schedule")),
        lambda t: t.history.snapshots.drop_after(0),
        lambda t: t.model.label_predictor[0].weight.data[0, 0].add_(1e-3),
        lambda t: t.batches[1].generator.manual_seed(1),
        lambda t: t.model.feature_extractor.dropout.generator.manual_seed(1),
        lambda t: t.optimiser.param_groups[0].update(lr=0.5),
        lambda t: setattr(t, "part", "domain"),
        lambda t: setattr(t, "lambda_source", schedules.constant(0.5)),
    ):
        change(other)
        assert state_of(one) != state_of(other)
        other = trained()


# The tests


@pytest.mark.filterwarnings("error::DeprecationWarning")
def test_all_public_objects_can_be_pickled_and_copied(tmp_path: Path) -> None:
    known = classes()
    found: dict[str, Any] = {}
    for thing in inside(list(examples(tmp_path))):
        name = f"{type(thing).__module__}.{type(thing).__qualname__}"
        if name in known:
            found.setdefault(name, thing)
    for name, kind in known.items():
        if issubclass(kind, Exception):
            found[name] = error(kind)
    for value in constants().values():
        for thing in inside(value):
            found.setdefault(f"{type(thing).__module__}.{type(thing).__qualname__}", thing)
    missing = [name for name, kind in known.items() if name not in found]
    assert not missing, "give examples() one of each"
    for name in known:
        for way in WAYS:
            again = way(found[name])
            assert type(again) is type(found[name]), name
            assert state_of(again) == state_of(found[name]), (name, way)


def test_all_public_values_can_be_pickled_and_copied() -> None:
    found = constants()
    assert {"dann_core.recipe.PRESETS", "dann_lab.exercises.exercises"} <= found.keys()
    for name, value in found.items():
        for way in WAYS:
            assert state_of(way(value)) == state_of(value), name


def test_all_public_functions_and_classes_can_be_pickled() -> None:
    found = at_home(lambda thing: inspect.isclass(thing) or inspect.isfunction(thing))
    assert len(found) > 200
    for name, thing in found.items():
        if isinstance(thing, type) and issubclass(thing, ipywidgets.Widget):
            continue
        assert pickled(thing) is thing, name


@ways
def test_lambda_sources(way: Copy) -> None:
    assert sources() == SOURCES.keys(), "give SOURCES an example"
    for name, make in SOURCES.items():
        source, again = make(), way(make())
        for step in (1, 2, 3, 9):
            assert again(step, 0.5) == source(step, 0.5), name


def test_what_has_threads_says_why_it_cannot_be_copied() -> None:
    session = Session(Settings(), device="cpu")
    try:
        for way in WAYS:
            with pytest.raises(TypeError, match=r"A Session cannot .* session\.runs"):
                way(session)
    finally:
        session.close()


@ways
def test_errors_keep_their_fields(way: Copy) -> None:
    diverged = way(error(TrainingDiverged))
    assert (diverged.step, diverged.lambda_, diverged.learning_rate) == (7, 0.5, 0.01)
    assert diverged.what == "The label loss"
    assert str(diverged).startswith("The label loss is no longer finite at step 7 (lambda 0.5, ")
    assert diverged.__notes__ == ["in run 5"]


# Going on


def slow_motion(trainer: Trainer) -> None:
    trainer.lambda_source, trainer.part = schedules.trace([0.1] * 5 + [0.7, 0.2]), "domain"


CASES: dict[str, Callable[[], Trainer]] = {
    "seed": lambda: trained(**{**preset("seed", batch_size=8, steps=40).to_dict()}),
    "quick": trained,
    "before the first step": lambda: Trainer(tiny_pair(), QUICK, device="cpu"),
    "source only": lambda: trained(mode="source"),
    "separate statistics": lambda: trained(separate_statistics=True),
    "moons": lambda: moons_trainer(),
}


@ways
@pytest.mark.parametrize("case", CASES)
def test_a_trainer_goes_on_bit_for_bit_and_by_itself(case: str, way: Copy) -> None:
    alone, original = CASES[case](), CASES[case]()
    for trainer in (alone, original):
        slow_motion(trainer)
    again = way(original)
    assert again.part == "domain"
    before = state_of(original)
    expected = [next(alone) for _ in range(6)]
    # In turn, so that whatever they shared would show.
    found = [next(again) for _ in range(3)]
    assert state_of(original) == before
    assert state_of([next(original) for _ in range(6)]) == state_of(expected)
    found += [next(again) for _ in range(3)]
    assert state_of(found) == state_of(expected)
    assert state_of(again) == state_of(original) == state_of(alone)
    parameters = list(again.model.parameters())
    for group in again.optimiser.param_groups:
        assert all(mine is his for mine, his in zip(group["params"], parameters, strict=True))
    assert not {id(p) for p in parameters} & {id(p) for p in original.model.parameters()}


def test_a_copy_of_a_trainer_shares_the_data_and_a_deep_copy_does_not() -> None:
    trainer = trained()
    near, deep = copy.copy(trainer), copy.deepcopy(trainer)
    assert near.pair is trainer.pair
    assert near.batches[0].split is trainer.pair.source.train
    assert deep.batches[0].split is deep.pair.source.train
    deep.pair.source.train.images.zero_()
    assert trainer.pair.source.train.images.any()


class Controller:
    """A lambda source that knows its trainer."""

    def __init__(self, trainer: Trainer):
        self.trainer = trainer

    def __call__(self, step: int, progress: float) -> float:
        return 0.1 * len(self.trainer.history)


@pytest.mark.parametrize("way", [pickled, copy.deepcopy])
def test_a_lambda_source_that_knows_its_trainer_knows_the_copy_then(way: Copy) -> None:
    trainer = trained()
    trainer.lambda_source = Controller(trainer)
    again = way(trainer)
    assert again.lambda_source.trainer is again


@ways
def test_a_moons_trainer_keeps_its_form(way: Copy) -> None:
    trainer = moons_trainer()
    trainer.form = "scale"
    again: MoonsTrainer = way(trainer)
    assert again.form == "scale"
    again.turn(70.0, 3)
    assert trainer.batches[1].split is trainer.pair.target.train
    assert again.batches[1].split is again.pair.target.train


@ways
def test_batches_go_on_alike_and_by_themselves(way: Copy) -> None:
    split = tiny_pair().source.train
    alone, original = Batches(split, 7, 3), Batches(split, 7, 3)
    for batches in (alone, original):
        next(batches)
    again = way(original)
    expected = [next(alone)[1].tolist() for _ in range(12)]  # three epochs
    assert [next(again)[1].tolist() for _ in range(12)] == expected
    assert [next(original)[1].tolist() for _ in range(12)] == expected


@ways
def test_a_history_with_snapshots_is_the_same_and_goes_on_by_itself(way: Copy) -> None:
    trainer = trained()
    history = trainer.history
    again: History = way(history)
    assert again.to_dict() == history.to_dict()
    assert again.snapshots.steps == [0, 3]
    assert state_of(again) == state_of(history)
    snapshots = list(again.snapshots)
    assert snapshots[0].labels is snapshots[1].labels, "one copy for all, as before"

    for one, step in ((history, 4), (again, 104)):
        for k in range(2000):  # past the room that the table had
            one.append(replace(history[0], step=step + k))
    assert history.column("step").tolist() == [1, 2, 3, *range(4, 2004)]
    assert again.column("step").tolist() == [1, 2, 3, *range(104, 2104)]
    again.marks.clear()
    again.evaluations.clear()
    again.snapshots.drop_after(0)
    again.snapshots.add(replace(snapshots[1], step=9))
    assert (len(history.marks), len(history.evaluations), history.snapshots.steps) == (1, 1, [0, 3])


@ways
def test_a_mapper_goes_on_alike_and_by_itself(way: Copy) -> None:
    alone, original = mapper(), mapper()
    again = way(original)
    expected = [alone.frame(f, "PCA") for f in frames()]
    for found in (again, original):
        for frame, wanted in zip(frames(), expected, strict=True):
            assert np.array_equal(found.frame(frame, "PCA"), wanted)
    again._sizes["PCA"] = 9.0
    assert original._sizes["PCA"] != 9.0


def as_features(trainer: Trainer, images: np.ndarray) -> np.ndarray:
    return features(trainer.model, trainer.pair, torch.from_numpy(images)).numpy()


@ways
def test_a_fitted_pipeline_of_scikit_learns(way: Copy) -> None:
    trainer = trained()
    images, labels = trainer.pair.source.test.images.numpy(), trainer.pair.source.test.labels
    pipeline = make_pipeline(
        FunctionTransformer(partial(as_features, trainer)), LogisticRegression(C=0.01)
    ).fit(images, labels.numpy())
    again = way(pipeline)
    assert np.array_equal(again.predict_proba(images), pipeline.predict_proba(images))


# Other processes


def diverging(lambda_: float) -> int:
    """A run that diverges at its first step, unless lambda is 0."""
    torch.set_num_threads(1)
    trainer = Trainer(
        tiny_pair(), preset("seed", batch_size=8, steps=2, lambda_=lambda_), device="cpu"
    )
    with torch.no_grad():
        if lambda_:
            trainer.model.label_predictor[0].weight.fill_(torch.inf)
    return len(list(trainer))


def one_step(trainer: Trainer) -> Trainer:
    torch.set_num_threads(1)
    next(trainer)
    return trainer


@pytest.mark.timeout(120)
@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_a_run_that_diverges_in_another_process_is_an_exception_here(method: str) -> None:
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.apply_async(diverging, (0.0,)).get(60) == 2
        with pytest.raises(TrainingDiverged) as caught:
            pool.apply_async(diverging, (0.5,)).get(60)
        assert (caught.value.step, caught.value.lambda_) == (1, 0.5)
        trainer = trained()
        before = state_of(trainer)
        again = pool.apply_async(one_step, (trainer,)).get(60)
        assert state_of(trainer) == before, "PyTorch shares a tensor's memory with the process"
        next(trainer)
        assert state_of(again) == state_of(trainer)
