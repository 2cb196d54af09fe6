"""Going through the cases, each in its own process, and telling what became of them."""

from __future__ import annotations

import argparse
import json
import os
import random
import shlex
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

import torch

from tools.soak import children, commands, files, functions, surroundings, table
from tools.soak.sandbox import Sandbox, workshop
from tools.soak.verdicts import FAULTS, KINDS, Case, Kind

LOADED = (
    *("sklearn.datasets", "sklearn.decomposition", "sklearn.linear_model", "sklearn.manifold"),
    *("dann_core.datasets.fetching", "dann_lab.figures.paper", "dann_lab.maps.still"),
    *("dann_lab.runs.export", "dann_lab.runs.kept", "dann_lab.serve.servers"),
    *("dann_core.classifier", "dann_core.trained", "dann_core.datasets.about", "pandas"),
    *("dann_core.datasets.own", "dann_core.datasets.zips"),
)
"""Modules that are loaded before the processes are forked, so that each need not load them."""
PAIRS = 200
"""The number of command lines with two wrong values."""


@dataclass(frozen=True)
class Told:
    """A case and its verdict, as the report has them."""

    area: str
    case: str
    verdict: Kind
    why: str
    seconds: float


def all_cases(seed: int) -> Iterator[Case]:
    yield from commands.cases(seed, PAIRS)
    yield from surroundings.cases(seed)
    yield from functions.cases()
    yield from files.cases(seed)


def some_of(cases: Iterable[Case], each: int, seed: int) -> list[Case]:
    """``each`` cases of every area, drawn by the seed; those that take long are left out."""
    areas: dict[str, list[Case]] = {}
    for case in cases:
        if case.ask_after is None:
            areas.setdefault(case.area, []).append(case)
    draw = random.Random(seed)
    return [case for found in areas.values() for case in draw.sample(found, min(each, len(found)))]


def make_runs(folder: Path) -> None:
    """Runs such as a person has: one that is done and one that was stopped on its way."""
    from dann_core.datasets import load_pair
    from dann_core.recipe import preset
    from dann_core.training import Trainer
    from dann_lab.runs.folder import Data, RunFolder

    torch.set_num_threads(1)
    recipe = preset("quick", steps=3, batch_size=16)
    trainer = Trainer(load_pair("stripes"), recipe, device="cpu")
    done = RunFolder(folder / "done", Data(), trainer, keep_every=1)
    for _ in done.train():
        pass
    done.finish()
    again = RunFolder(folder / "stopped", Data(), Trainer(done.trainer.pair, recipe, device="cpu"))
    next(again.trainer)
    again.save()
    again.save_history()


def around(box: Path) -> dict[str, str]:
    """Environment variables with which nothing of the user's is read or written, and no network is
    there."""
    home, nobody = str(box / "home"), "http://127.0.0.1:9"
    own = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR", "JUPYTER_CONFIG_DIR")
    proxies = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    return {
        "HOME": home,
        "DANN_CACHE": str(box / "cache"),
        "DANN_DATA": "",
        "DANN_RUNS": str(box / "runs"),
        "JUPYTER_RUNTIME_DIR": str(box / "home" / "runtime"),
        "JUPYTER_DATA_DIR": str(box / "home" / "data"),
        "no_proxy": "127.0.0.1,localhost",
        **dict.fromkeys(own, home),
        **dict.fromkeys(proxies, nobody),
    }


def go(cases: Iterable[Case], runs: Path, box: Path) -> Iterator[Told]:
    """Each case in the sandbox ``box``, which is put in order after each."""
    sandbox = Sandbox(box, runs)
    sandbox.furnish()
    before = os.getcwd()
    for case in cases:
        ended = children.run(
            case.work,
            box,
            seconds=case.seconds,
            ask_after=case.ask_after,
            variables=around(box) | (case.variables or {}),
        )
        gone, new = sandbox.changes()
        os.chdir(box)
        verdict = case.judge(ended, gone, new)
        os.chdir(before)
        sandbox.tidy(gone, new)
        yield Told(case.area, case.name, verdict.kind, verdict.why, round(ended.seconds, 2))


def go_together(cases: list[Case], jobs: int) -> list[Told]:
    """As :func:`go`, in ``jobs`` processes at once; faults are printed as they are found."""
    with workshop() as shop:
        runs = shop / "runs"
        runs.mkdir()
        _wait([_apart(partial(make_runs, runs))])
        reports = [shop / f"{job}.jsonl" for job in range(jobs)]

        def do(job: int) -> None:
            with open(reports[job], "w", encoding="utf-8") as stream:
                for told in go(cases[job::jobs], runs, shop / f"box{job}"):
                    stream.write(json.dumps(asdict(told)) + "\n")
                    if told.verdict in FAULTS:
                        kind = KINDS[told.verdict].upper()
                        text = f"{kind}: {told.area}: {told.case}\n    {told.why}\n"
                        os.write(1, text.encode(errors="backslashreplace"))

        _wait([_apart(partial(do, job)) for job in range(jobs)])
        lines = [
            line for report in reports for line in report.read_text(encoding="utf-8").splitlines()
        ]
        found = [Told(**json.loads(line)) for line in lines]
    order = {case.name: k for k, case in enumerate(cases)}
    return sorted(found, key=lambda told: order[told.case])


def _apart(work: Callable[[], None]) -> int:
    """Do it in a fork of this process, which stays without threads; gives its number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _wait(started: list[int]) -> None:
    ends = [os.waitpid(child, 0)[1] for child in started]
    if any(ends):
        raise SystemExit("The soak itself has failed; see above.")


def counted(told: Iterable[Told]) -> table.Counts:
    """How many of each kind, by area."""
    counts: table.Counts = {}
    for one in told:
        counts.setdefault(one.area, Counter())[one.verdict] += 1
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.soak")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="cases with this in their area or name")
    parser.add_argument("--each", type=int, help="so many of every area, drawn by the seed")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--json", type=Path, help="write every case and its verdict there")
    parser.add_argument("--write", action="store_true", help="write docs/robustness.md's table")
    asked = parser.parse_args()
    _load()
    cases = [c for c in all_cases(asked.seed) if asked.only in f"{c.area}: {c.name}"]
    if asked.each is not None:
        cases = some_of(cases, asked.each, asked.seed)
    began = time.monotonic()
    told = go_together(cases, asked.jobs)
    counts = counted(told)
    print(table.table(counts))
    print(f"{len(told):,} cases in {time.monotonic() - began:.0f} s")
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in told], indent=1), encoding="utf-8")
    if asked.write:
        table.write(counts, shlex.join(["python", "-m", "tools.soak", *sys.argv[1:]]))
    sys.exit(any(one.verdict in FAULTS for one in told))


def _load() -> None:
    """What the cases need, so that their processes have it from this one."""
    for name in LOADED:
        import_module(name)
