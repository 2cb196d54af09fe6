"""How long a sweep will take, from a few real steps of each kind of run on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from dann_core.devices import one_thread
from dann_core.domains import DomainPair
from dann_core.training import Trainer
from dann_lab.runs.folder import EVALUATION_IMAGES, LOGS_PER_EVALUATION
from dann_lab.sweeps.plan import Planned
from dann_lab.sweeps.progress import Line

WARM_UP, MEASURED = 2, 4
"""The number of steps before the stopwatch starts, and while it runs."""
IMAGES = 100
"""The number of test images of each domain whose evaluation is timed."""
SAME_COST = (
    *("preset", "steps", "seed", "log_every", "lambda_", "initialisation", "momentum", "beta1"),
    *("weight_decay", "learning_rate", "learning_rate_schedule", "warmup"),
)
"""The fields of a recipe that do not change what a step costs."""

Kind = tuple[Any, ...]


def kind_of_run(planned: Planned) -> Kind:
    """What the cost of a run's step depends on."""
    recipe = {k: v for k, v in vars(planned.recipe).items() if k not in SAME_COST}
    data = planned.data.options()
    data.pop("seed")
    return (repr(data), *recipe.values())


def seconds_of(
    lines: Iterable[Line],
    device: str,
    progress: Callable[[Iterable[Planned]], Iterable[Planned]] = iter,
) -> float:
    """The seconds that one process needs for what is left of the runs of ``lines``.

    ``progress``: wraps one run of each kind while they are measured. Raises :class:`DannError` for
    data that cannot be loaded and for a network that does not fit them. The start of a process is
    not counted.
    """
    left: dict[Kind, list[Line]] = {}
    for line in lines:
        left.setdefault(kind_of_run(line.planned), []).append(line)
    firsts = {id(runs[0].planned): kind for kind, runs in left.items()}
    pairs: dict[str, DomainPair] = {}
    total = 0.0
    for planned in progress([runs[0].planned for runs in left.values()]):
        name = repr(planned.data)
        if name not in pairs:
            pairs = {name: planned.data.load()}  # one at a time in memory
        step, image = _measured(planned, pairs[name], device)
        tests = [len(domain.test) for domain in (pairs[name].source, pairs[name].target)]
        for line in left[firsts[id(planned)]]:
            total += line.left * step + _images(line, tests) * image
    return total


def _measured(planned: Planned, pair: DomainPair, device: str) -> tuple[float, float]:
    """The seconds that a step takes, and a test image at an evaluation."""
    with one_thread():
        steps = WARM_UP + MEASURED
        recipe = replace(planned.recipe, steps=steps, lambda_=0.0)
        trainer = Trainer(pair, recipe, device=device)
        for record in trainer:
            if record.step == WARM_UP:
                began = time.perf_counter()
        a_step = (time.perf_counter() - began) / MEASURED
        trainer.evaluate(IMAGES)
        began = time.perf_counter()
        found = trainer.evaluate(IMAGES)
        return a_step, (time.perf_counter() - began) / sum(found.looked_at)


def _images(line: Line, tests: list[int]) -> int:
    """The number of test images that what is left of a run looks at; a snapshot's count as one."""
    looks = line.left // (LOGS_PER_EVALUATION * line.planned.recipe.log_every)
    each = sum(min(n, EVALUATION_IMAGES) for n in tests)
    return sum(tests) + 2 * looks * each
