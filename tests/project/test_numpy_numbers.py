"""NumPy's numbers work wherever a number is taken, and are kept as Python's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tiny import tiny_pair
from torch import Tensor

from dann_core.checkpoints import read_checkpoint
from dann_core.datasets import load_pair, mnistm
from dann_core.datasets.blending import blend
from dann_core.datasets.store import DataStore
from dann_core.domains import Batches, DomainPair
from dann_core.errors import DataError, RecipeError
from dann_core.evaluation import evaluate
from dann_core.history import History, Mark
from dann_core.inputs import PIXELS
from dann_core.layers import ChannelDropout, ContrastInversion
from dann_core.model import FEATURES, DomainClassifier, LabelPredictor, build_model
from dann_core.moons import MoonsTrainer, moons_pair, moons_trainer
from dann_core.observing import evaluate_with_snapshot, keep_snapshot, take_snapshot
from dann_core.plain_numbers import is_number, is_whole, plain
from dann_core.probe import domain_probe
from dann_core.recipe import Recipe, preset
from dann_core.reversal import GradientReversal, reverse_gradient
from dann_core.schedules import constant, trace
from dann_core.snapshots import Snapshots
from dann_core.training import Trainer
from dann_lab.lessons.playground import Knobs
from dann_lab.live.dashboard import Dashboard
from dann_lab.live.session import Session
from dann_lab.live.settings import Settings
from dann_lab.maps import still
from dann_lab.maps.moving import Mapper
from dann_lab.runs.folder import CHECKPOINT, Data, RunFolder, Saved
from dann_lab.serve.servers import choose_port, voila_config
from dann_lab.widgets.explore import Slider

As = Callable[[Any], Any]
WHOLES: list[As] = [np.int64, np.int32, np.uint8, np.array]
NUMBERS: list[As] = [np.float64, np.float32, np.float16, np.int64, np.array]
"""What makes a number of NumPy's from a plain one that it can hold exactly."""

whole = pytest.mark.parametrize("as_", WHOLES, ids=lambda as_: as_.__name__)
number = pytest.mark.parametrize("as_", NUMBERS, ids=lambda as_: as_.__name__)

QUICK = preset("quick", steps=4, batch_size=8)
HALF: Any = np.float32(0.5)


def fitting(as_: As) -> float:
    """A lambda that ``as_`` can hold, as Python has it."""
    return 1.0 if as_ is np.int64 else 0.5


def is_plain(data: Any) -> bool:
    """Whether all of ``data`` is of Python's own types and of PyTorch's."""
    if isinstance(data, dict):
        return all(map(is_plain, [*data, *data.values()]))
    if isinstance(data, list | tuple):
        return all(map(is_plain, data))
    return type(data) in (int, float, bool, str, type(None)) or isinstance(data, Tensor)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


# The helper


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int8(-3), -3),
        (np.uint64(2**63), 2**63),
        (np.float16(0.5), 0.5),
        (np.float64(0.1), 0.1),
        (np.bool_(True), True),
        (np.str_("dann"), "dann"),
        (np.array(7), 7),
        (np.array(0.25), 0.25),
    ],
    ids=repr,
)
def test_a_value_of_numpys_becomes_pythons(value: Any, expected: Any) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)


@pytest.mark.parametrize("value", [1, 0.5, True, None, "a", [1], np.zeros(1), torch.tensor(1)])
def test_any_other_value_stays_the_same_object(value: Any) -> None:
    assert plain(value) is value


def test_true_is_no_number_and_infinity_is_not_finite() -> None:
    assert [is_whole(v) for v in (0, -3, True, 1.0, None, "1")] == [True, True, *[False] * 4]
    found = [is_number(v) for v in (0, 1.5, False, float("nan"), float("inf"), None, "1")]
    assert found == [True, True, *[False] * 5]


# Recipe

RECIPE: dict[str, Any] = {
    "steps": 40,
    "batch_size": 16,
    "seed": 3,
    "log_every": 5,
    "begins": 4,
    "domain_width": 20,
    "dropout": 0.5,
    "lambda_": 0.25,
    "momentum": 0.5,
    "beta1": 0.5,
    "weight_decay": 0.125,
    "learning_rate": 0.25,
    "warmup": 0.25,
}
FLAGS = ("instance_norm", "contrast_inversion", "batch_norm", "separate_statistics")


def made(**values: Any) -> Recipe:
    return Recipe(**values)


def test_every_number_of_a_recipe_is_looked_at() -> None:
    texts = {
        "preset",
        "mode",
        "method",
        "network",
        "initialisation",
        "optimiser",
        "learning_rate_schedule",
    }
    assert {field.name for field in fields(Recipe)} == {*RECIPE, *FLAGS, *texts}


def same_recipe(numpys: Recipe, pythons: Recipe) -> bool:
    assert is_plain(numpys.to_dict())
    assert numpys == pythons
    assert hash(numpys) == hash(pythons)
    assert repr(numpys) == repr(pythons)
    return json.dumps(numpys.to_dict()) == json.dumps(pythons.to_dict())


@pytest.mark.parametrize(
    ("name", "as_"),
    [
        (name, as_)
        for name, value in RECIPE.items()
        for as_ in (WHOLES if isinstance(value, int) else [a for a in NUMBERS if a != np.int64])
    ],
)
def test_a_recipe_takes_a_number_of_numpys(name: str, as_: As) -> None:
    value = RECIPE[name]
    assert same_recipe(made(**{name: as_(value)}), made(**{name: value}))
    assert same_recipe(preset("quick", **{name: as_(value)}), preset("quick", **{name: value}))
    assert same_recipe(Recipe.from_dict({name: as_(value)}), made(**{name: value}))


def test_a_recipe_takes_a_truth_value_of_numpys() -> None:
    numpys = made(**dict.fromkeys(FLAGS, np.bool_(True)))
    assert same_recipe(numpys, made(**dict.fromkeys(FLAGS, True)))
    assert same_recipe(made(mode=np.str_("source")), made(mode="source"))


@pytest.mark.parametrize("name", RECIPE)
def test_a_recipe_refuses_a_truth_value_for_a_number(name: str) -> None:
    for flag in (True, np.bool_(True), np.array(True)):
        with pytest.raises(RecipeError, match=f"^{name}=True: it must be"):
            made(**{name: flag})


@pytest.mark.parametrize("name", FLAGS)
def test_a_recipe_refuses_a_number_for_a_truth_value(name: str) -> None:
    for value in (1, np.int64(1), np.array(1), np.float32(1)):
        with pytest.raises(RecipeError, match=rf"^{name}=1(\.0)?: it must be True or False"):
            made(**{name: value})


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("steps", np.float64(1.0), "1.0"),
        ("steps", np.int64(0), "0"),
        ("batch_size", np.int8(63), "63"),
        ("seed", np.int64(2**31), "2147483648"),
        ("lambda_", np.float32(-1), "-1.0"),
        ("lambda_", np.float32("nan"), "nan"),
        ("dropout", np.float16(1), "1.0"),
        ("learning_rate", np.float64("inf"), "inf"),
    ],
)
def test_what_is_out_of_range_is_named_as_a_plain_number(name: str, value: Any, shown: str) -> None:
    with pytest.raises(RecipeError, match=rf"^{name}={shown}: it must be"):
        made(**{name: value})


# A run


def test_a_run_and_its_checkpoint_are_those_of_plain_numbers(tmp_path: Path) -> None:
    numbers = {
        name: np.asarray(value)[()]
        for name, value in QUICK.to_dict().items()
        if isinstance(value, bool | int | float)
    }
    assert len(numbers) == 16
    numpys = made(**QUICK.to_dict() | numbers)
    assert is_plain(numpys.to_dict())
    paths = [tmp_path / "numpy.pt", tmp_path / "python.pt"]
    for recipe, path in zip((numpys, QUICK), paths, strict=True):
        trainer = Trainer(tiny_pair(), recipe, device="cpu")
        for record in trainer:
            assert is_plain(list(vars(record).values()))
        trainer.save(path)
    there, here = map(read_checkpoint, paths)
    assert there["history"] == here["history"]
    assert there["recipe"] == here["recipe"]
    assert Trainer.resume(paths[0], tiny_pair(), device="cpu").step == 4


@number
def test_a_lambda_source_may_answer_in_numpys(as_: As) -> None:
    def answer(step: int, progress: float) -> Any:
        return as_(fitting(as_))

    sources = [
        answer,
        constant(as_(fitting(as_))),
        trace([as_(fitting(as_))]),
        trace(np.array([fitting(as_)], dtype=np.float32)),  # type: ignore[arg-type]
    ]
    for source in sources:
        trainer = Trainer(tiny_pair(), QUICK, lambda_source=source, device="cpu")
        record = next(trainer)
        assert record.lambda_ == fitting(as_)
        assert type(record.lambda_) is float
    for source in sources[1:]:
        assert type(source(1, 0.0)) is float


@pytest.mark.parametrize("wrong", [np.float32(-1), np.float32("nan")])
def test_a_lambda_of_numpys_that_makes_no_sense_is_refused(wrong: Any) -> None:
    trainer = Trainer(tiny_pair(), QUICK, lambda_source=lambda s, p: wrong, device="cpu")
    with pytest.raises(RecipeError, match=r"lambda=(-1\.0|nan) at step 1"):
        next(trainer)


# The reversal layer


def gradient(layer: Callable[[Tensor], Tensor]) -> list[float]:
    x = torch.ones(3, requires_grad=True)
    (found,) = torch.autograd.grad(layer(x).sum(), x)
    values: list[float] = found.tolist()
    return values


@number
def test_the_layer_takes_a_lambda_of_numpys(as_: As) -> None:
    lambda_ = fitting(as_)
    expected = [-lambda_] * 3
    assert gradient(lambda x: reverse_gradient(x, as_(lambda_))) == expected
    layer = GradientReversal(as_(lambda_))
    assert gradient(layer) == expected
    assert repr(layer) == f"GradientReversal(lambda_={plain(as_(lambda_))})"
    layer.lambda_ = as_(2 * lambda_)
    assert gradient(layer) == [-2 * lambda_] * 3


@number
def test_a_compiled_layer_takes_a_lambda_of_numpys(as_: As) -> None:
    lambda_ = fitting(as_)
    torch._dynamo.reset()
    layer = torch.compile(GradientReversal(as_(lambda_)), fullgraph=True, backend="aot_eager")
    assert gradient(layer) == [-lambda_] * 3
    function = torch.compile(reverse_gradient, backend="aot_eager")
    assert gradient(lambda x: function(x, as_(lambda_))) == [-lambda_] * 3
    torch._dynamo.reset()


@pytest.mark.parametrize(
    "wrong",
    [np.float32(-1), np.float32("nan"), np.float64("inf"), np.bool_(True), True, "0.5", None],
    ids=repr,
)
def test_the_layer_refuses_what_is_no_lambda(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"^lambda_=.*finite number of at least 0"):
        reverse_gradient(torch.ones(3), wrong)
    with pytest.raises(ValueError, match=r"^lambda_="):
        GradientReversal(wrong)(torch.ones(3))


@number
def test_the_network_takes_a_lambda_of_numpys(as_: As) -> None:
    lambda_ = fitting(as_)
    network = build_model(QUICK).eval()
    images = torch.rand(4, 3, 28, 28)

    def slope(lambda_: Any) -> Tensor:
        network.zero_grad()
        network(images, lambda_)[1].square().sum().backward()
        found = next(network.feature_extractor.parameters()).grad
        assert found is not None
        return found.clone()

    assert torch.equal(slope(as_(lambda_)), slope(lambda_))


@whole
def test_the_parts_of_a_network_take_sizes_of_numpys(as_: As) -> None:
    x = torch.zeros(3, FEATURES)
    assert LabelPredictor(as_(4))(x).shape == (3, 4)
    assert DomainClassifier(as_(7))(x).shape == (3, 2)
    assert build_model(QUICK, PIXELS, as_(4)).label_predictor(x).shape == (3, 4)


@whole
def test_dropout_takes_numbers_of_numpys(as_: As) -> None:
    numpys, pythons = ChannelDropout(np.float32(0.5), as_(3)), ChannelDropout(0.5, 3)
    x = torch.ones(2, 8, 3, 3)
    assert torch.equal(numpys(x), pythons(x))
    assert repr(numpys) == repr(pythons)
    assert is_plain([numpys.p, numpys.seed])


@whole
def test_contrast_inversion_takes_a_seed_of_numpys(as_: As) -> None:
    numpys, pythons, x = ContrastInversion(as_(3)), ContrastInversion(3), torch.ones(20, 3, 2, 2)
    assert torch.equal(numpys(x), pythons(x))
    assert is_plain([numpys.seed])


# Data


@whole
def test_batches_take_numbers_of_numpys(as_: As) -> None:
    split = tiny_pair().source.train
    numpys, pythons = Batches(split, as_(4), as_(9)), Batches(split, 4, 9)
    for _ in range(9):  # into the second epoch
        assert torch.equal(next(numpys)[0], next(pythons)[0])
    assert is_plain(numpys.state_dict())


@pytest.mark.parametrize("size", [0, -1, 2.0, True, np.float32(2), np.bool_(True), "2"], ids=repr)
def test_batches_refuse_what_is_no_size(size: Any) -> None:
    with pytest.raises(DataError, match=r"A batch of .* whole number above 0"):
        Batches(tiny_pair().source.train, size, 0)


@whole
def test_the_first_examples_are_counted_in_numpys(as_: As) -> None:
    pair = tiny_pair()
    assert len(pair.source.test.first(as_(5))) == 5
    assert len(pair.test_examples(as_(5))) == 10


@whole
def test_a_pair_keeps_its_classes_as_a_plain_number(as_: As) -> None:
    assert is_plain([replace(tiny_pair(), classes=as_(10)).classes])


@whole
def test_the_embedded_pair_is_the_same(as_: As) -> None:
    numpys, pythons = load_pair("digits", seed=as_(3)), load_pair("digits", seed=3)
    assert json.dumps(numpys.build) == json.dumps(pythons.build)
    assert torch.equal(numpys.target.train.images, pythons.target.train.images)


@whole
def test_a_build_of_mnistm_is_the_same(as_: As, tmp_path: Path) -> None:
    from PIL import Image

    photos = tmp_path / "BSDS500" / "images" / "train"
    photos.mkdir(parents=True)
    random = np.random.default_rng(0)
    Image.fromarray(random.integers(0, 256, (40, 50, 3), np.uint8)).save(photos / "1.jpg")
    blank = np.zeros((6, 28, 28), np.uint8), np.arange(6)
    stores = [DataStore(tmp_path, tmp_path / name) for name in ("numpy", "python")]
    numpys = mnistm.mnistm(stores[0], blank, blank, seed=as_(3))
    pythons = mnistm.mnistm(stores[1], blank, blank, seed=3)
    assert json.dumps(numpys.build) == json.dumps(pythons.build)
    assert mnistm.builds(stores[0])[0]["id"] == mnistm.builds(stores[1])[0]["id"]
    digits = np.zeros((3, 28, 28, 3), np.uint8)
    picture = [random.integers(0, 256, (40, 50, 3), np.uint8)]
    assert np.array_equal(blend(digits, picture, as_(3)), blend(digits, picture, 3))


@pytest.mark.parametrize(
    "seed", [-1, 2**31, 0.5, True, "0", None, np.int64(-1), np.float32(1), np.bool_(True)], ids=repr
)
def test_what_is_no_seed_of_data_is_named(seed: Any) -> None:
    for load in (lambda: load_pair("digits", seed=seed), lambda: moons_pair(seed=seed)):
        with pytest.raises(DataError, match=rf"seed={plain(seed)!r} is out of range. Choose"):
            load()


@whole
def test_the_moons_are_the_same(as_: As) -> None:
    numpys, pythons = moons_pair(as_(40), as_(3)), moons_pair(40, 3)
    assert numpys.build == pythons.build
    assert torch.equal(numpys.target.train.images, pythons.target.train.images)
    assert numpys.build == moons_pair(np.float32(40), as_(3)).build


@pytest.mark.parametrize("rotation", [float("nan"), np.float32("inf"), "40", None, np.bool_(True)])
def test_what_is_no_rotation_is_named(rotation: Any) -> None:
    with pytest.raises(DataError, match=r"rotation=.*number of degrees"):
        moons_pair(rotation)


def test_every_seed_has_its_moons() -> None:
    assert moons_pair(seed=2**31 - 1).build["id"] == "moons-seed2147483647-rotation35"


def moved(trainer: MoonsTrainer, lambda_: Any) -> list[Any]:
    records = [next(trainer) for _ in range(3)]
    return [records, trainer.pushes(lambda_).reversed_.tolist(), trainer.history.to_dict()]


@whole
def test_training_on_moons_is_the_same(as_: As) -> None:
    numpys = moons_trainer(as_(40), as_(3), steps=as_(9), lambda_=HALF)
    pythons = moons_trainer(40, 3, steps=9, lambda_=0.5)
    assert same_recipe(numpys.recipe, pythons.recipe)
    assert moved(numpys, np.float32(0.5)) == moved(pythons, 0.5)
    numpys.turn(as_(80), as_(3))
    pythons.turn(80, 3)
    assert numpys.pair.build == pythons.pair.build


# Looking


@pytest.fixture(scope="module")
def trained() -> Trainer:
    trainer = Trainer(tiny_pair(), QUICK, device="cpu")
    next(trainer)
    return trainer


@whole
def test_evaluating_counts_images_in_numpys(as_: As, trained: Trainer) -> None:
    numpys = evaluate(trained.model, trained.pair, as_(1), as_(12))
    assert numpys == evaluate(trained.model, trained.pair, 1, 12)
    assert is_plain(list(vars(numpys).values()))
    assert trained.evaluate(as_(12)) == trained.evaluate(12)


@whole
def test_a_snapshot_counts_images_in_numpys(as_: As, trained: Trainer) -> None:
    assert len(take_snapshot(trained, as_(12)).labels) == 24
    for keep in (keep_snapshot, evaluate_with_snapshot):
        trained.history.snapshots = Snapshots()
        keep(trained, as_(12))
        (kept,) = trained.history.snapshots
        assert len(kept.labels) == 24
        assert is_plain([kept.step, kept.scale])


@pytest.mark.parametrize(
    "images", [0, -1, 1.5, True, "5", np.int64(0), np.float32(5), np.bool_(True)], ids=repr
)
def test_what_is_no_number_of_images_is_named(images: Any, trained: Trainer) -> None:
    looks: list[Callable[[], object]] = [
        lambda: evaluate(trained.model, trained.pair, 0, images),
        lambda: trained.evaluate(images),
        lambda: take_snapshot(trained, images),
        lambda: evaluate_with_snapshot(trained, images),
    ]
    for look in looks:
        with pytest.raises(DataError, match=rf"images={plain(images)!r}: at least 1 test image"):
            look()


@whole
def test_a_probe_is_the_same(as_: As) -> None:
    source, target = np.random.default_rng(0).normal(size=(2, 40, 5)).astype(np.float32)
    numpys = domain_probe(source, target, seed=as_(3))
    assert numpys == domain_probe(source, target, seed=3)
    assert is_plain(list(vars(numpys).values()))


@whole
def test_a_history_is_asked_in_numpys(as_: As, tmp_path: Path) -> None:
    trainer = Trainer(tiny_pair(), QUICK, device="cpu")
    for _ in trainer:
        pass
    history = trainer.history
    assert history[as_(2)] == history[2]
    assert history[as_(1) : as_(3)] == [history[1], history[2]]
    assert len(history.until(as_(2))) == 2
    assert [r.step for r in history.until(as_(2))] == [1, 2]
    history.marks.append(Mark(as_(3), "by_hand", HALF))
    history.save(tmp_path / "history.json")
    assert History.load(tmp_path / "history.json").marks == [Mark(3, "by_hand", 0.5)]
    trainer.save(tmp_path / "checkpoint.pt")
    assert read_checkpoint(tmp_path / "checkpoint.pt")["history"] == history.to_dict()


@whole
def test_snapshots_are_asked_in_numpys(as_: As, trained: Trainer, tmp_path: Path) -> None:
    first = take_snapshot(trained, 12)
    snapshots = Snapshots(as_(100))
    snapshots.most_bytes = Snapshots().most_bytes
    for step in (0, 5, 9):
        snapshots.add(replace(first, step=as_(step)))
    assert is_plain(snapshots.steps)
    assert snapshots[as_(5)].step == 5
    assert snapshots.at(as_(7)) is snapshots[5]
    assert as_(5) in snapshots
    snapshots.add_map(as_(5), "PCA", np.zeros((24, 2)))
    assert "PCA" in snapshots[5].maps
    snapshots.drop_after(as_(5))
    assert snapshots.steps == [0, 5]
    snapshots.save(tmp_path / "snapshots.npz")
    assert Snapshots.load(tmp_path / "snapshots.npz").steps == [0, 5]


@whole
def test_maps_are_the_same(as_: As) -> None:
    features = np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)
    numpys = still.tsne(features, as_(3), np.float32(5), random_start=True)
    assert np.array_equal(numpys, still.tsne(features, 3, 5, random_start=True))
    there, here = (Mapper(seed).frame(features, "PCA") for seed in (as_(3), 3))
    assert np.array_equal(there, here)


# The page, and what is kept


@whole
def test_settings_are_the_same(as_: As) -> None:
    numpys = Settings(seed=as_(3), steps=as_(40), lambda_=HALF)
    pythons = Settings(seed=3, steps=40, lambda_=0.5)
    assert numpys == pythons
    assert hash(numpys) == hash(pythons)
    assert numpys.to_string() == pythons.to_string()
    assert is_plain(list(vars(numpys).values()))
    assert numpys.same_run(pythons.changed(lambda_=as_(1)))


@pytest.mark.parametrize("lambda_", [np.float32(-1), np.float64("nan"), True, np.bool_(1), "1"])
def test_what_is_no_lambda_by_hand_is_named(lambda_: Any) -> None:
    with pytest.raises(RecipeError, match=r"lambda=.*by hand it goes from 0 to 2"):
        Settings(lambda_=lambda_)


@number
def test_lambda_by_hand_on_the_page(as_: As, digits_pair: DomainPair) -> None:
    session = Session(Settings(steps=20), device="cpu")
    try:
        session.set_lambda(as_(fitting(as_)))
        assert session.settings.lambda_ == fitting(as_)
        state = Dashboard(session)._state(None, None)
        assert is_plain([state["settings"], state["text"]])
        json.dumps(state["settings"])
    finally:
        session.close()


@whole
def test_the_data_of_a_kept_run_are_plain(as_: As, tmp_path: Path) -> None:
    trainer = Trainer(tiny_pair(), QUICK, device="cpu")
    next(trainer)
    RunFolder(tmp_path, Data(seed=as_(3)), trainer, seconds=as_(2)).save()
    assert (tmp_path / CHECKPOINT).exists()
    assert Saved.read(tmp_path).data == Data(seed=3)
    assert Saved.read(tmp_path).resume(tiny_pair(), "cpu").seconds == 2


@whole
def test_knobs_become_json(as_: As) -> None:
    slider = Slider(as_(0), as_(10), as_(1), as_(5), "value")
    assert slider == Slider(0, 10, 1, 5, "value")
    assert json.dumps(slider.described("x"))
    assert type(slider.value(5)) is int
    assert is_plain(list(vars(Knobs(amount=40 * HALF, seed=as_(3), lambda_=HALF)).values()))


@whole
def test_servers_take_numbers_of_numpys(as_: As) -> None:
    assert voila_config("127.0.0.1", as_(2)) == voila_config("127.0.0.1", 2)
    assert is_plain([voila_config("127.0.0.1", as_(2)).VoilaConfiguration.default_pool_size])
    assert choose_port("127.0.0.1", as_(0), preferred=1) > 1023
