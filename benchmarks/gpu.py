"""What a training does on a GPU: every question in one command, and tables to paste.

    python benchmarks/gpu.py [--device cuda|mps|cpu] [--only SECTION ...] [--out FILE]
                             [--pair NAME] [--preset NAME] [--compiler inductor|eager]
                             [--rounds N] [--block N] [--steps N] [--moves N]

* machine: what it is.
* step: `Trainer` beside a bare loop, plain and compiled.
* lambda: whether one that moves makes the host wait or the compiler start again.
* slider, browser: from a wish for another lambda, or a key press, to the step that has it.
* resume, deterministic: whether a resumed run has the history of one that was not interrupted.
* memory: what a training takes.

Without --device it takes the GPU, and ends where there is none. `--device cpu` runs the same
anywhere, to try it. Each section has a process of its own: one that fails spoils no other.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import psutil
import step
import torch
from counting import WARM_UP, compilations, histories, host_waits, waiting_lines
from slider import by_session, in_browser
from torch._dynamo.testing import CompileCounterWithBackend

from dann_core.datasets import PAIRS, load_pair
from dann_core.devices import choose_device
from dann_core.errors import DannError
from dann_core.recipe import PRESETS, preset
from dann_core.schedules import LambdaSource, constant
from dann_core.training import Trainer

NO_GPU = (
    "There is no GPU here that PyTorch can use, so nothing was measured. "
    "--device cpu tries the same on the CPU."
)


class Found(NamedTuple):
    """A section's answer: Markdown for people, and plain data for a file."""

    text: str
    data: dict[str, Any]


def table(title: str, found: dict[str, Any]) -> str:
    return "\n".join(
        [f"| {title} | |", "| --- | --- |", *(f"| {k} | {v} |" for k, v in found.items())]
    )


def synchronise(device: torch.device) -> None:
    if device.type != "cpu":
        torch.accelerator.synchronize()


# machine


def machine(chosen: argparse.Namespace) -> Found:
    found: dict[str, Any] = {
        "Python, system": f"{platform.python_version()}, {platform.platform()}",
        "PyTorch, CUDA, cuDNN": f"{torch.__version__}, {torch.version.cuda}, "
        f"{torch.backends.cudnn.version()}",
        "device": chosen.device,
        "processor cores": psutil.cpu_count(),
    }
    if torch.device(chosen.device).type == "cuda":
        about = torch.cuda.get_device_properties(chosen.device)
        found["GPU"] = f"{about.name}, {about.total_memory / 2**30:.0f} GiB"
        found["compute capability"] = f"{about.major}.{about.minor}"
        if tool := shutil.which("nvidia-smi"):
            ask = [tool, "--query-gpu=driver_version", "--format=csv,noheader"]
            told = subprocess.run(ask, capture_output=True, encoding="utf-8").stdout
            found["driver"] = ", ".join(told.split())
    return Found(table("machine", found), found)


# step


def step_cost(chosen: argparse.Namespace) -> Found:
    """What a step costs; each contender's clock stops when the device has done its work."""
    device = torch.device(chosen.device)
    pair, recipe = load_pair(chosen.pair).to(device), preset(chosen.preset)
    trainer = Trainer(pair, recipe, device=chosen.device)
    compiled = step.compiled_trainer(pair, recipe, chosen.compiler)
    contenders: dict[str, Callable[[], Any]] = {
        "bare loop, contiguous": step.bare_step(pair, recipe, torch.contiguous_format),
        step.BASE: step.bare_step(pair, recipe, torch.channels_last),
        "bare loop, compiled": step.compiled_step(pair, recipe, chosen.compiler),
        "Trainer": lambda: next(trainer),
        "Trainer, its parts compiled": lambda: next(compiled),
    }

    def block(one: Callable[[], Any]) -> step.Block:
        def run() -> step.Cost:
            synchronise(device)
            watch = step.Stopwatch()
            for _ in range(chosen.block):
                one()
            synchronise(device)
            return watch.cost(chosen.block)

        return run

    costs = step.take_turns({name: block(one) for name, one in contenders.items()}, chosen.rounds)
    data = {name: [cost._asdict() for cost in taken] for name, taken in costs.items()}
    title = f'step, preset "{chosen.preset}", {chosen.rounds} rounds of {chosen.block}'
    return Found(step.table(title, costs, step.BASE), data)


# lambda


def moving(number: int, progress: float) -> float:
    """Another lambda at every step: a :data:`LambdaSource`."""
    return number / 1000


def moving_lambda(chosen: argparse.Namespace) -> Found:
    """The same steps with a lambda that stands still and with one that moves; no count may grow."""
    pair, recipe = load_pair(chosen.pair).to(chosen.device), preset(chosen.preset)
    cuda = torch.device(chosen.device).type == "cuda"

    def counts(source: LambdaSource) -> dict[str, Any]:
        trainer = Trainer(pair, recipe, lambda_source=source, device=chosen.device)
        for _ in range(WARM_UP):
            next(trainer)
        counter = CompileCounterWithBackend(chosen.compiler)
        compiled = step.compiled_trainer(pair, recipe, counter, source)
        return {
            "the host waits, by the profiler": host_waits(trainer.__next__, chosen.steps),
            "lines that wait": waiting_lines(trainer.__next__, chosen.steps) if cuda else {},
            "compilations of Trainer's parts": compilations(
                compiled.__next__, counter, chosen.steps
            ),
        }

    still, moved = counts(constant(0.1)), counts(moving)
    counter = CompileCounterWithBackend(chosen.compiler)
    whole = compilations(step.compiled_step(pair, recipe, counter), counter, chosen.steps)
    text = {name: f"{said(still[name])} → {said(moved[name])}" for name in still}
    text["compilations of a forward pass, lambda a tensor"] = f"→ {whole}"
    text["a moving lambda adds"] = "nothing" if still == moved and not whole else "see above"
    title = f"{chosen.steps} steps, lambda still → moving"
    return Found(table(title, text), {"still": still, "moving": moved, "forward pass": whole})


def said(counted: Any) -> str:
    if isinstance(counted, dict):
        return ", ".join(f"{name} {n}" for name, n in counted.items()) or "none seen"
    return str(counted)


# slider, browser


def slider(chosen: argparse.Namespace) -> Found:
    data = by_session(chosen.pair, chosen.preset, chosen.device, chosen.moves)
    text = {name: f"median {median(v):.1f}, max {max(v):.1f}" for name, v in data.items()}
    return Found(table(f"slider, {chosen.moves} moves", text), data)


def browser(chosen: argparse.Namespace) -> Found:
    found = in_browser(chosen.pair, chosen.preset, chosen.device)
    if isinstance(found, str):
        return Found(found, {})
    moved = found.from_key
    text = {
        "key press to step, ms": f"median {median(moved):.1f}, max {max(moved):.1f}",
        "steps a second beside the page": f"{found.speed:.1f}",
    }
    return Found(table(f"live page, {len(moved)} moves", text), found._asdict())


# resume, deterministic


def resume(chosen: argparse.Namespace) -> Found:
    pair = load_pair(chosen.pair).to(chosen.device)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data = histories(pair, preset(chosen.preset), chosen.device, 5 * chosen.steps)
    text = {name: where or "the same, bit for bit" for name, where in data.items()}
    told = sorted({str(w.message).split(".")[0] for w in caught if "determinis" in str(w.message)})
    text["without a deterministic algorithm"] = "; ".join(told) or "nothing"
    algorithms = "deterministic" if torch.are_deterministic_algorithms_enabled() else "usual"
    title = f"{5 * chosen.steps} steps, {algorithms} algorithms"
    return Found(table(title, text), {**data, "without": told})


def deterministic(chosen: argparse.Namespace) -> Found:
    torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        return resume(chosen)
    finally:
        torch.use_deterministic_algorithms(False)


# memory


def memory(chosen: argparse.Namespace) -> Found:
    trainer = Trainer(load_pair(chosen.pair), preset(chosen.preset), device=chosen.device)
    for _ in range(chosen.steps):
        next(trainer)
    trainer.evaluate()
    data = {"host, resident": psutil.Process().memory_info().rss / 1e6}
    if trainer.device.type == "cuda":
        data["GPU, peak allocated"] = torch.cuda.max_memory_allocated() / 1e6
        data["GPU, peak reserved"] = torch.cuda.max_memory_reserved() / 1e6
    text = {name: f"{value:,.0f} MB" for name, value in data.items()}
    return Found(table(f"memory, {chosen.steps} steps and an evaluation", text), data)


SECTIONS: dict[str, Callable[[argparse.Namespace], Found]] = {
    "machine": machine,
    "step": step_cost,
    "lambda": moving_lambda,
    "slider": slider,
    "browser": browser,
    "resume": resume,
    "deterministic": deterministic,
    "memory": memory,
}
ENVIRONMENT = {"deterministic": {"CUBLAS_WORKSPACE_CONFIG": ":4096:8"}}
"""The variables that a section's process needs before it begins."""


def apart(section: str, given: list[str], folder: str) -> Found | None:
    """A section's answer, from a process of its own; None if it failed."""
    answer = Path(folder) / f"{section}.json"
    command = [sys.executable, __file__, *given, "--section", section, "--out", str(answer)]
    ended = subprocess.run(command, env=os.environ | ENVIRONMENT.get(section, {}))
    return None if ended.returncode else Found(**json.loads(answer.read_text(encoding="utf-8")))


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(description="What a training does on a GPU.")
    parser.add_argument("--device", help="cuda, mps or cpu (the GPU)")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--out", type=Path, help="write everything to this file as JSON")
    parser.add_argument("--pair", choices=PAIRS, default="digits")
    parser.add_argument("--preset", choices=PRESETS, default="seed")
    parser.add_argument("--compiler", default="inductor", help="torch.compile's backend (inductor)")
    parser.add_argument("--rounds", type=int, default=20, help="turns of each contender (20)")
    parser.add_argument("--block", type=int, default=50, help="steps a turn (50)")
    parser.add_argument("--steps", type=int, default=20, help="steps that are counted (20)")
    parser.add_argument("--moves", type=int, default=20, help="moves of the slider (20)")
    parser.add_argument("--section", choices=SECTIONS, help=argparse.SUPPRESS)
    chosen = parser.parse_args(given)
    try:
        device = choose_device(chosen.device or "auto")
    except DannError as error:
        sys.exit(str(error))
    if device.type == "cpu" and chosen.device is None:
        sys.exit(NO_GPU)
    chosen.device = str(device)
    if chosen.section:
        answer = SECTIONS[chosen.section](chosen)
        chosen.out.write_text(json.dumps(answer._asdict()), encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for section in chosen.only:
            found[section] = apart(section, given, folder)
            answer = found[section]
            text = answer.text if answer else f"{section}: it failed, see above"
            print(text + "\n", flush=True)
    if chosen.out:
        data = {name: answer.data if answer else None for name, answer in found.items()}
        chosen.out.write_text(json.dumps(data, indent=1), encoding="utf-8")
    return 0 if all(found.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
