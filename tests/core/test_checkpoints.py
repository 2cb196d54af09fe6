"""Stop anywhere, go on as if nothing had happened; and nothing odd is taken for a checkpoint."""

from __future__ import annotations

import errno
import math
import os
import pickle
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny import tiny_pair
from torch import Tensor

from dann_core import checkpoints
from dann_core.checkpoints import read_checkpoint
from dann_core.domains import DomainPair
from dann_core.errors import CheckpointError, DannError, DataError
from dann_core.history import Mark
from dann_core.moons import MoonsTrainer, moons_trainer
from dann_core.recipe import Recipe, preset
from dann_core.training import Trainer

PRESETS = pytest.mark.parametrize("name", ["seed", "quick"])


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def pair() -> DomainPair:
    return tiny_pair()  # an epoch: 7 steps of the source, 8 of the target


def small(name: str = "seed", **changes: Any) -> Recipe:
    return preset(name, **{"batch_size": 8, "steps": 30, **changes})


def tensors_in(data: Any, path: str = "") -> dict[str, Any]:
    """Every leaf of nested dicts and lists, by its path."""
    if isinstance(data, dict):
        items = list(data.items())
    elif isinstance(data, list | tuple):
        items = list(enumerate(data))
    else:
        return {path: data}
    return {k: v for key, value in items for k, v in tensors_in(value, f"{path}/{key}").items()}


def assert_same_state(a: Trainer, b: Trainer) -> None:
    left, right = tensors_in(a.state_dict()), tensors_in(b.state_dict())
    assert left.keys() == right.keys()
    for key, value in left.items():
        other = right[key]
        same = torch.equal(value, other) if isinstance(value, Tensor) else value == other
        assert same, key


@PRESETS
@pytest.mark.parametrize("at", [0, 1, 4, 7, 8, 9, 17])
def test_resumed_equals_uninterrupted_bit_for_bit(
    name: str, at: int, pair: DomainPair, tmp_path: Path
) -> None:
    """Weights, optimiser, batches, history; at the start, in mid-epoch, about each epoch's end."""
    through = Trainer(pair, small(name), device="cpu")
    stopped = Trainer(pair, small(name), device="cpu")
    for _ in range(at):
        next(stopped)
    stopped.save(tmp_path / "run.pt")
    del stopped
    torch.manual_seed(at)  # whatever else the new process does
    resumed = Trainer.resume(tmp_path / "run.pt", tiny_pair(), device="cpu")
    assert resumed.step == at
    for _ in range(at):
        next(through)
    assert_same_state(resumed, through)
    for _ in range(10):
        assert next(resumed) == next(through)
    assert_same_state(resumed, through)


def test_the_deep_network_resumes_with_each_domains_own_statistics(
    pair: DomainPair, tmp_path: Path
) -> None:
    recipe = small("deep", separate_statistics=True)
    through = Trainer(pair, recipe, device="cpu")
    for _ in range(5):
        next(through)
    through.save(tmp_path / "run.pt")
    torch.manual_seed(1)
    resumed = Trainer.resume(tmp_path / "run.pt", tiny_pair(), device="cpu")
    assert resumed.recipe == recipe
    assert [next(resumed) for _ in range(4)] == [next(through) for _ in range(4)]
    assert_same_state(resumed, through)


@PRESETS
def test_a_finished_run_stays_finished(name: str, pair: DomainPair, tmp_path: Path) -> None:
    trainer = Trainer(pair, small(name, steps=2), device="cpu")
    list(trainer)
    trainer.evaluate()
    trainer.save(tmp_path / "run.pt")
    resumed = Trainer.resume(tmp_path / "run.pt", pair, device="cpu")
    assert list(resumed) == []
    assert resumed.history.to_dict() == trainer.history.to_dict()
    assert resumed.evaluate().target_accuracy == trainer.history.evaluations[0].target_accuracy


@pytest.mark.parametrize("mode", ["source", "target"])
def test_label_only_modes_resume_too(mode: str, pair: DomainPair, tmp_path: Path) -> None:
    trainer = Trainer(pair, small(mode=mode), device="cpu")
    next(trainer)
    trainer.save(tmp_path / "run.pt")
    resumed = Trainer.resume(tmp_path / "run.pt", pair, device="cpu")
    for _ in range(5):
        assert next(resumed).label_loss == next(trainer).label_loss
    assert_same_state(resumed, trainer)


@PRESETS
def test_a_state_is_a_copy_to_go_back_to_as_often_as_one_likes(name: str, pair: DomainPair) -> None:
    trainer = Trainer(pair, small(name), device="cpu")
    for _ in range(3):
        next(trainer)
    state = trainer.state_dict()
    first = [next(trainer) for _ in range(4)]
    for _ in range(2):
        trainer.load_state_dict(state)
        assert [next(trainer) for _ in range(4)] == first


@PRESETS
def test_two_trainers_from_one_state_share_nothing(name: str, pair: DomainPair) -> None:
    trainer = Trainer(pair, small(name), device="cpu")
    next(trainer)
    state = trainer.state_dict()
    alone = [next(trainer) for _ in range(4)]
    twins = [Trainer(pair, small(name), device="cpu") for _ in range(2)]
    for twin in twins:
        twin.load_state_dict(state)
    for expected in alone:
        assert [next(twin) for twin in twins] == [expected, expected]


class Interrupted(BaseException):
    pass


def test_a_crash_in_the_middle_of_saving_keeps_the_old_file(
    pair: DomainPair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = Trainer(pair, small(), device="cpu")
    next(trainer)
    trainer.save(tmp_path / "run.pt")
    before = (tmp_path / "run.pt").read_bytes()
    next(trainer)
    real: Callable[..., int] = Path.write_bytes

    def half(self: Path, data: Any) -> int:
        real(self, bytes(data)[: len(data) // 2])
        raise Interrupted

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(Interrupted):
        trainer.save(tmp_path / "run.pt")
    assert (tmp_path / "run.pt").read_bytes() == before
    assert os.listdir(tmp_path) == ["run.pt"], "and leaves no litter"


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="needs a limit on file sizes")
def test_a_full_disk_is_said_in_one_line_and_keeps_the_old_file(
    pair: DomainPair, tmp_path: Path
) -> None:
    import resource

    trainer = Trainer(pair, small(), device="cpu")
    trainer.save(tmp_path / "run.pt")
    before = (tmp_path / "run.pt").read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(DataError, match="Cannot write") as full:
            trainer.save(tmp_path / "run.pt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert isinstance(full.value.__cause__, OSError)
    assert full.value.__cause__.errno == errno.EFBIG
    assert "\n" not in str(full.value)
    assert (tmp_path / "run.pt").read_bytes() == before
    assert os.listdir(tmp_path) == ["run.pt"]


def test_after_kill_9_the_file_is_whole_and_the_run_goes_on_the_same(tmp_path: Path) -> None:
    """A process that saves after every step is killed at some moment, writing or not."""
    path = tmp_path / "run.pt"
    code = (
        "import sys, torch; torch.set_num_threads(1)\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from pathlib import Path\n"
        "from tiny import tiny_pair\n"
        "from dann_core.recipe import preset\n"
        "from dann_core.training import Trainer\n"
        "trainer = Trainer(tiny_pair(), preset('quick', batch_size=8, steps=4000), device='cpu')\n"
        "for record in trainer: trainer.save(Path(sys.argv[1]))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(path)])
    deadline = time.monotonic() + 120
    while not path.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    assert process.poll() is None
    process.kill()
    process.wait()
    resumed = Trainer.resume(path, tiny_pair(), device="cpu")
    through = Trainer(tiny_pair(), resumed.recipe, device="cpu")
    while through.step < resumed.step:
        next(through)
    assert resumed.step > 0
    assert [next(resumed) for _ in range(3)] == [next(through) for _ in range(3)]
    assert_same_state(resumed, through)


@pytest.fixture
def saved(pair: DomainPair, tmp_path: Path) -> Path:
    trainer = Trainer(pair, small(), device="cpu")
    next(trainer)
    trainer.save(tmp_path / "run.pt")
    return tmp_path / "run.pt"


def refused(path: Path, pair: DomainPair) -> str:
    with pytest.raises(CheckpointError) as error:
        Trainer.resume(path, pair, device="cpu")
    assert isinstance(error.value, DannError)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_weight_that_is_no_number_is_refused(value: float, saved: Path, pair: DomainPair) -> None:
    state = read_checkpoint(saved)
    state["model"]["label_predictor.0.weight"][3, 5] = value
    torch.save(state, saved)
    said = refused(saved, pair)
    assert "model.label_predictor.0.weight has a number that is not finite" in said


def test_a_state_of_other_parts_is_refused_with_what_it_lacks(pair: DomainPair) -> None:
    trainer = Trainer(pair, small(), device="cpu")
    for state in ({}, [], trainer.state_dict() | {"more": 1}):
        with pytest.raises(
            CheckpointError, match=r"has no|of type list|'more', which is not known"
        ):
            trainer.load_state_dict(state)  # type: ignore[arg-type]


def test_no_file(tmp_path: Path, pair: DomainPair) -> None:
    assert "no checkpoint" in refused(tmp_path / "none.pt", pair)
    assert "is a folder" in refused(tmp_path, pair)


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.5, 0.99, 0.99999])
def test_a_truncated_file(kept: float, saved: Path, pair: DomainPair) -> None:
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(len(whole) * kept)])
    assert "damaged" in refused(saved, pair)


def test_a_single_flipped_bit_is_never_taken_for_a_weight(saved: Path, pair: DomainPair) -> None:
    """Wherever it is, the file is refused, or (in the zip's padding) what is read is unharmed."""
    whole = saved.read_bytes()
    true = tensors_in(read_checkpoint(saved))
    chance, caught = random.Random(0), 0
    for _ in range(25):
        harmed = bytearray(whole)
        harmed[chance.randrange(len(harmed))] ^= 1 << chance.randrange(8)
        saved.write_bytes(harmed)
        try:
            found = tensors_in(read_checkpoint(saved))
        except CheckpointError as error:
            assert "damaged" in str(error)  # noqa: PT017
            caught += 1
            continue
        assert found.keys() == true.keys()
        assert all(
            torch.equal(value, found[key]) if isinstance(value, Tensor) else value == found[key]
            for key, value in true.items()
        )
    assert caught > 20


@pytest.mark.parametrize("contents", [b"", b"PK\x03\x04", b"step,loss\n1,2\n", bytes(5000)])
def test_a_foreign_file(contents: bytes, tmp_path: Path, pair: DomainPair) -> None:
    (tmp_path / "run.pt").write_bytes(contents)
    assert "damaged or not a checkpoint" in refused(tmp_path / "run.pt", pair)


@pytest.mark.parametrize(
    "contents", [{}, [1, 2], torch.zeros(3), {"recipe": {}}, {"model": {}, "format": 1}]
)
def test_a_foreign_checkpoint(contents: Any, tmp_path: Path, pair: DomainPair) -> None:
    torch.save(contents, tmp_path / "run.pt")
    assert "not a checkpoint of a run" in refused(tmp_path / "run.pt", pair)


class Malicious:
    def __init__(self, witness: Path):
        self.witness = witness

    def __reduce__(self) -> Any:
        return (os.system, (f"touch {self.witness}",))


def test_a_malicious_checkpoint_is_refused_and_nothing_in_it_runs(
    saved: Path, pair: DomainPair, tmp_path: Path
) -> None:
    witness = tmp_path / "it-ran"
    state = read_checkpoint(saved)
    for place in ("recipe", "model", "history"):
        torch.save({**state, place: Malicious(witness)}, saved)
        assert "damaged or not a checkpoint" in refused(saved, pair)
    saved.write_bytes(pickle.dumps({**state, "recipe": Malicious(witness)}))
    assert "damaged or not a checkpoint" in refused(saved, pair)
    assert not witness.exists()
    pickle.loads(saved.read_bytes())
    assert witness.exists(), "the trap works, elsewhere"


def test_another_data_build_is_refused_with_both_names(saved: Path) -> None:
    message = refused(saved, tiny_pair(seed=6))
    assert "'tiny-5'" in message
    assert "'tiny-6'" in message


def test_another_format_is_refused_even_with_unknown_hyper_parameters(
    saved: Path, pair: DomainPair
) -> None:
    state = read_checkpoint(saved)
    state["recipe"]["colour"] = 1
    torch.save({**state, "format": checkpoints.CHECKPOINT_FORMAT + 1}, saved)
    assert f"format {checkpoints.CHECKPOINT_FORMAT + 1}" in refused(saved, pair)


def test_a_run_of_the_first_format_goes_on_as_if_nothing_had_been(
    saved: Path, pair: DomainPair
) -> None:
    """There a mark of the history was a step and a sentence."""
    state = read_checkpoint(saved)
    state["history"]["marks"] = [{"step": 1, "text": "lambda: 0.50 by hand"}]
    torch.save({**state, "format": 1}, saved)
    resumed, alone = Trainer.resume(saved, pair, device="cpu"), Trainer(pair, small(), device="cpu")
    assert resumed.history.marks == [Mark(1, "by_hand", 0.5)]
    next(alone)
    assert [next(resumed) for _ in range(5)] == [next(alone) for _ in range(5)]


class Odd:
    """A place in a checkpoint, and what is put there; nothing takes the place away."""

    def __init__(self, place: tuple[Any, ...], *value: Any):
        self.place, self.value = place, value

    def __repr__(self) -> str:
        return ".".join(map(str, self.place)) + "=" + "".join(type(v).__name__ for v in self.value)

    def put_into(self, state: Any) -> None:
        *way, last = self.place
        for name in way:
            state = state[name]
        if self.value:
            state[last] = self.value[0]
        else:
            del state[last]


def odd_ones(data: Any, place: tuple[Any, ...] = ()) -> Iterator[Odd]:
    """Every field taken away, one more in every dict, and every value of another type or shape."""
    if isinstance(data, dict):
        yield Odd((*place, "colour"), 1)
        for name, value in data.items():
            yield Odd((*place, name))
            yield from odd_ones(value, (*place, name))
    elif isinstance(data, list):
        yield Odd(place, {})
        yield Odd(place, [*data, "one more"])
        if data:
            yield from odd_ones(data[0], (*place, 0))
    elif isinstance(data, Tensor):
        yield from (Odd(place, odd) for odd in (data.tolist(), data.to(torch.float64), data[None]))
    else:
        yield from (Odd(place, odd) for odd in ([], torch.zeros(2), b"", {"a": 1}))
        yield Odd(place, 1 if isinstance(data, str) else "1")
        if not isinstance(data, bool):
            yield Odd(place, True)


def small_checkpoint(path: Path) -> MoonsTrainer:
    trainer = moons_trainer(steps=9)
    trainer.history.marks += [Mark(1, "by_hand", 0.5)]
    for _ in range(3):
        next(trainer)
    trainer.evaluate()
    trainer.save(path)
    return trainer


FREE = ("build", "names")
"""The places that other programs may fill, but for the names that the data are known by; what the
domains are called is only shown."""
OLDER = ("optimiser", "param_groups", 0)
"""The place in which an older PyTorch has fewer fields; evaluations of an older version have no
``source_images``."""


def test_one_format_is_one_form(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    trainer = small_checkpoint(path)
    after = next(trainer)
    whole = read_checkpoint(path)
    tried = 0
    for odd in odd_ones(whole):
        state = deepcopy(whole)
        odd.put_into(state)
        torch.save(state, path)
        older = odd.place[:3] == OLDER or odd.place[-1] == "source_images"
        missing_is_right = older or odd.place[:2] == ("optimiser", "state")
        free = odd.place[0] in FREE and len(odd.place) > 1
        try:
            resumed = MoonsTrainer.resume(path, trainer.pair, device="cpu")
        except CheckpointError as error:
            message = str(error)
            assert message.startswith(f"{path} "), odd
            assert re.search(r"\. (Train again|Use the same build).*\.$", message), odd
            assert message.isprintable(), odd
        else:
            switch = odd.place[:3] == OLDER and odd.value == (True,)  # one left to PyTorch
            assert free or switch or (missing_is_right and not odd.value), odd
            lost = odd.place[:2] == ("optimiser", "state")
            assert lost or next(resumed).total_loss == after.total_loss, odd
        tried += 1
    assert tried > 400


def test_what_is_odd_is_named(tmp_path: Path) -> None:
    path = tmp_path / "run.pt"
    pair, whole = small_checkpoint(path).pair, read_checkpoint(path)
    weight = "feature_extractor.0.weight"
    for odd, said in (
        (Odd(("colour",), 1), "it has 'colour', which is not known"),
        (Odd(("recipe", "colour"), 1), "recipe has 'colour', which is not known"),
        (Odd(("recipe", "steps")), "recipe has no 'steps'"),
        (Odd(("recipe", "steps"), -1), "steps=-1: it must be a whole number from 1 to"),
        (Odd(("threads",), "two"), "threads is of type str, where int is needed"),
        (
            Odd(("history", "evaluations", 0, "colour"), 1),
            "history.evaluations[0] has 'colour', which is not known",
        ),
        (Odd(("history", "steps", "step", 1), 7), "history.steps.step does not count from 1"),
        (Odd(("history", "steps", "lambda_"), [1]), "history.steps has columns of different"),
        (Odd(("history", "marks", 0, "kind"), "shout"), "history.marks[0].kind is 'shout'"),
        (Odd(("history", "marks", 0, "value"), "high"), "history.marks[0].value is of type str"),
        (Odd(("model", "colour"), torch.zeros(1)), "model has 'colour', which is not known"),
        (
            Odd(("model", weight), torch.zeros(16, 3)),
            f"model.{weight} is torch.float32 [16, 3], where torch.float32 [16, 2] is needed",
        ),
        (Odd(("optimiser", "state", 99), {}), "optimiser.state has 99, which is not known"),
        (
            Odd(("optimiser", "param_groups", 0, "momentum"), 0.1),
            "optimiser.param_groups[0].momentum is 0.1, where 0.9 is needed",
        ),
        (
            Odd(("batches", 0, "order"), torch.zeros(150, dtype=torch.int32)),
            "batches.order does not have each example once",
        ),
        (Odd(("batches", 0, "position"), -4), "batches.position is -4"),
    ):
        state = deepcopy(whole)
        odd.put_into(state)
        torch.save(state, path)
        with pytest.raises(CheckpointError) as refused:
            MoonsTrainer.resume(path, pair, device="cpu")
        assert said in str(refused.value)


@PRESETS
def test_a_state_of_another_form_leaves_a_trainer_as_it_was(name: str, pair: DomainPair) -> None:
    trainer = Trainer(pair, small(name), device="cpu")
    next(trainer)
    state = trainer.state_dict()
    alone = [next(trainer) for _ in range(2)]
    for place in ("model", "optimiser", "history"):
        trainer.load_state_dict(state)
        harmed = deepcopy(state)
        harmed[place]["colour"] = 1
        with pytest.raises(CheckpointError, match=r"^This checkpoint is not .* 'colour', which"):
            trainer.load_state_dict(harmed)
        assert [next(trainer) for _ in range(2)] == alone


LATER = {
    "separate_statistics": 1,
    "network": 2,
    "contrast_inversion": 2,
    "beta1": 2,
    "warmup": 2,
    "method": 4,
}
"""The last format that had not yet what a recipe has."""


@pytest.mark.parametrize("written", [1, 2, 3, 4])
def test_a_run_of_an_older_format_goes_on_as_it_began(
    written: int, pair: DomainPair, tmp_path: Path
) -> None:
    """It lacks what came later; the presets have changed, and what its recipe has of them stays."""
    recipe = small("quick", contrast_inversion=False, beta1=0.9, warmup=0.05)
    alone = Trainer(pair, recipe, device="cpu")
    for _ in range(3):
        next(alone)
    state = alone.state_dict() | {"format": written}
    for name, last in LATER.items():
        if written <= last:
            del state["recipe"][name]
    for name in checkpoints.SINCE_4 if written < 4 else ():
        del state[name]
    torch.save(state, tmp_path / "run.pt")
    resumed = Trainer.resume(tmp_path / "run.pt", pair, device="cpu")
    assert resumed.recipe == recipe
    assert resumed.recipe.network == "tutorial"
    assert [next(resumed) for _ in range(3)] == [next(alone) for _ in range(3)]
    assert_same_state(resumed, alone)


@pytest.mark.parametrize(("name", "last"), LATER.items())
def test_a_newer_format_says_all_of_its_recipe(
    name: str, last: int, saved: Path, pair: DomainPair
) -> None:
    state = read_checkpoint(saved)
    del state["recipe"][name]
    torch.save({**state, "format": last + 1}, saved)
    assert f"no '{name}'" in refused(saved, pair)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_no_checkpoint(tmp_path: Path, pair: DomainPair) -> None:
    os.mkfifo(tmp_path / "run.pt")
    assert "run.pt is a pipe, not a file" in refused(tmp_path / "run.pt", pair)


def test_another_recipe_is_refused(saved: Path, pair: DomainPair) -> None:
    with pytest.raises(CheckpointError, match="another recipe"):
        Trainer(pair, small(seed=1), device="cpu").load_state_dict(read_checkpoint(saved))


def test_the_lambda_source_is_the_callers_to_give_again(saved: Path, pair: DomainPair) -> None:
    by_hand = Trainer.resume(saved, pair, lambda_source=lambda step, p: step / 4, device="cpu")
    assert next(by_hand).lambda_ == 0.5
    assert next(Trainer.resume(saved, pair, device="cpu")).lambda_ < 0.5


@pytest.mark.gpu
@PRESETS
@pytest.mark.parametrize("devices", [("cuda", "cuda"), ("cuda", "cpu"), ("cpu", "cuda")])
def test_a_run_resumes_on_a_gpu_and_across_devices(
    name: str, devices: tuple[str, str], pair: DomainPair, tmp_path: Path
) -> None:
    there, here = devices
    through = Trainer(pair, small(name), device=there)
    for _ in range(5):
        next(through)
    through.save(tmp_path / "run.pt")
    resumed = Trainer.resume(tmp_path / "run.pt", pair, device=here)
    a, b = next(through), next(resumed)
    assert b.step == a.step == 6
    if there == here or name == "seed":  # dropout's random numbers differ between devices
        assert b.total_loss == pytest.approx(a.total_loss, rel=1e-2)
