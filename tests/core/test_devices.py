"""Which device trains and with how many threads; and that nothing runs which Apple's MPS lacks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

from dann_core import devices
from dann_core.devices import choose_device, choose_threads, describe_device, set_threads
from dann_core.domains import DomainPair
from dann_core.errors import RecipeError
from dann_core.recipe import PRESETS, preset
from dann_core.training import Trainer


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(1)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Any:
    def having(*present: str) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in present)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: int("cuda" in present))
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in present)

    return having


@pytest.mark.parametrize(
    ("present", "chosen"),
    [((), "cpu"), (("mps",), "mps"), (("cuda",), "cuda"), (("cuda", "mps"), "cuda")],
)
def test_auto_takes_the_fastest_there_is(
    machine: Any, present: tuple[str, ...], chosen: str
) -> None:
    machine(*present)
    assert choose_device() == choose_device("auto") == torch.device(chosen)


def test_a_named_device_is_taken(machine: Any) -> None:
    machine("cuda", "mps")
    for name in ("cpu", "cuda", "cuda:0", "mps"):
        assert choose_device(name) == torch.device(name)


@pytest.mark.parametrize("name", ["gpu", "", "tpu", "cuda:x", "xla", "meta"])
def test_an_unknown_device_is_refused_with_the_choices(name: str) -> None:
    with pytest.raises(RecipeError, match=r"no device '.*'\. Choose auto, cpu, cuda or mps"):
        choose_device(name)


@pytest.mark.parametrize(
    ("present", "name"), [((), "cuda"), ((), "mps"), (("mps",), "cuda"), (("cuda",), "cuda:1")]
)
def test_a_device_this_machine_lacks_is_refused_with_the_remedy(
    machine: Any, present: tuple[str, ...], name: str
) -> None:
    machine(*present)
    with pytest.raises(RecipeError, match=rf"no device '{name}'\. Use --device auto or cpu"):
        choose_device(name)


def test_the_device_is_described_with_its_threads() -> None:
    assert describe_device(torch.device("cpu")) == "CPU, 1 thread"
    torch.set_num_threads(2)
    assert describe_device(torch.device("cpu")) == "CPU, 2 threads"
    assert describe_device(torch.device("mps")) == "Apple GPU (MPS)"


@pytest.fixture
def four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if hasattr(os, "sched_getaffinity"):
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)))
    else:
        monkeypatch.setattr(os, "cpu_count", lambda: 4)


@pytest.mark.usefixtures("four_cores")
@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        ({1: 1.0, 2: 0.5, 4: 0.25}, 4),
        ({1: 1.0, 2: 0.6, 4: 0.9}, 2),
        ({1: 1.0, 2: 3.0, 4: 8.0}, 1),  # a busy machine: threads wait for each other
        ({1: 1.0, 2: 0.9, 4: 0.88}, 1),  # not worth the core
    ],
)
def test_the_fastest_thread_count_is_chosen_and_set(
    monkeypatch: pytest.MonkeyPatch, seconds: dict[int, float], chosen: int
) -> None:
    """The clock says what each count takes; the work runs, but takes no time on this clock."""
    now = 0.0

    class Clock:
        def perf_counter(self) -> float:
            nonlocal now
            now += seconds[threads] / 2
            return now

    threads = 1

    def set_threads(n: int) -> None:
        nonlocal threads
        threads = n

    monkeypatch.setattr(devices, "time", Clock())
    monkeypatch.setattr(torch, "set_num_threads", set_threads)
    assert choose_threads() == chosen
    assert threads == chosen


@pytest.mark.usefixtures("four_cores")
@pytest.mark.parametrize(("limit", "most"), [("1", 1), ("2", 2), ("64", 4), ("", 4), ("2,1", 4)])
def test_no_more_threads_are_tried_than_the_environment_allows(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", limit)
    tried: list[int] = []
    monkeypatch.setattr(torch, "set_num_threads", tried.append)
    choose_threads(repeats=1)
    assert max(tried) == most


def test_choosing_threads_leaves_the_random_numbers_alone(four_cores: None) -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    chosen = choose_threads(repeats=1)
    assert chosen in (1, 2, 4)
    assert torch.get_num_threads() == chosen
    assert torch.equal(torch.rand(4), expected)


class Watch(TorchDispatchMode):
    """Sees every operation that runs, and on what."""

    def __init__(self) -> None:
        super().__init__()
        self.operations = 0
        self.doubles: set[str] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        tensors = [t for t in tree_flatten(result)[0] if isinstance(t, torch.Tensor)]
        self.operations += 1
        if any(t.dtype in (torch.float64, torch.complex128) for t in tensors):
            self.doubles.add(str(func))
        return result


@pytest.mark.parametrize("name", PRESETS)
def test_a_step_and_an_evaluation_need_no_float64(name: str, digits_pair: DomainPair) -> None:
    """Apple's MPS has none: a single float64 tensor on the device would stop every run there."""
    trainer = Trainer(digits_pair, preset(name, batch_size=4, steps=2), device="cpu")
    trainer.pair.pixel_mean  # noqa: B018  counted in float64, but on the CPU
    with Watch() as seen:
        next(trainer)
        trainer.evaluate(images=4)
    assert seen.operations > 50
    assert seen.doubles == set()


def test_a_number_of_threads_that_no_machine_starts_is_refused() -> None:
    for threads in (0, -1, 100_000, 10**5000, 2.0, True, "2", None):
        with pytest.raises(RecipeError, match=r"^threads=.*: choose a whole number from 1 to \d+"):
            set_threads(threads)  # type: ignore[arg-type]
    assert torch.get_num_threads() == 1


def test_a_run_of_a_larger_machine_can_have_its_threads() -> None:
    set_threads(64)
    assert torch.get_num_threads() == 64


@pytest.mark.parametrize("limit", ["9" * 5000, "100000", "-1", "", "two", "²", "4,2"])
def test_an_absurd_limit_of_threads_is_no_crash(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", limit)
    assert choose_threads(repeats=1) >= 1
