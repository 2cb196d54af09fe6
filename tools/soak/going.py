"""Going through the cases, one after another."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import torch

from tools.soak import children, commands, files, functions
from tools.soak.sandbox import Sandbox, workshop
from tools.soak.verdicts import FAULTS, Case, Kind, Verdict

Counts = dict[str, Counter[Kind]]


def all_cases(seed: int) -> Iterator[Case]:
    yield from commands.cases(seed, pairs=200)
    yield from functions.cases()
    yield from files.cases(seed)


def make_runs(folder: Path) -> None:
    """Runs such as a person has: one that is done and one that was stopped on its way."""
    from dann_core.datasets import load_pair
    from dann_core.recipe import preset
    from dann_core.training import Trainer
    from dann_lab.runs.folder import Data, RunFolder

    torch.set_num_threads(1)
    recipe = preset("quick", steps=3, batch_size=16)
    done = RunFolder(folder / "done", Data(), Trainer(load_pair("digits"), recipe, device="cpu"))
    for _ in done.train():
        pass
    done.finish()
    again = RunFolder(folder / "stopped", Data(), Trainer(done.trainer.pair, recipe, device="cpu"))
    next(again.trainer)
    again.save()
    again.save_history()


def variables(sandbox: Path) -> dict[str, str]:
    """An environment in which nothing of the user's is read or written, and no network is there."""
    closed = "http://127.0.0.1:9"
    return {
        "HOME": str(sandbox / "home"),
        "DANN_CACHE": str(sandbox / "cache"),
        "DANN_DATA": "",
        "DANN_RUNS": str(sandbox / "runs"),
        "TMPDIR": "/tmp",
        "XDG_CACHE_HOME": str(sandbox / "home"),
        "XDG_CONFIG_HOME": str(sandbox / "home"),
        "JUPYTER_CONFIG_DIR": str(sandbox / "home"),
        "JUPYTER_RUNTIME_DIR": str(sandbox / "home" / "runtime"),
        "JUPYTER_DATA_DIR": str(sandbox / "home" / "data"),
        "MPLCONFIGDIR": str(sandbox / "home"),
        **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), closed),
        "no_proxy": "127.0.0.1,localhost",
    }


def go(chosen: Iterable[Case]) -> Iterator[tuple[Case, Verdict, float]]:
    """Each case with its verdict and the seconds it took."""
    with workshop() as shop:
        runs = shop / "runs"
        runs.mkdir()
        child = os.fork()
        if child == 0:
            try:
                make_runs(runs)
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0, "the runs for the sandbox cannot be made"
        sandbox = Sandbox(shop / "box", runs)
        sandbox.furnish()
        around = variables(sandbox.folder)
        before = os.getcwd()
        for case in chosen:
            ended = children.run(
                case.work,
                sandbox.folder,
                seconds=case.seconds,
                ask_after=case.ask_after,
                variables=around | (case.variables or {}),
            )
            gone, new = sandbox.changes()
            os.chdir(sandbox.folder)
            try:
                verdict = case.judge(ended, gone, new)
            finally:
                os.chdir(before)
            sandbox.tidy(gone, new)
            yield case, verdict, ended.seconds


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="cases whose area or name has this")
    parser.add_argument("--every", type=int, default=1, help="one case of so many")
    parser.add_argument("--json", type=Path, help="write every case's verdict there")
    asked = parser.parse_args()
    # Loaded before the forks, so that each does not load them again.
    import sklearn.linear_model
    import sklearn.manifold

    import dann_core.datasets.fetching
    import dann_lab.figures.paper
    import dann_lab.maps.still
    import dann_lab.runs.export
    import dann_lab.runs.kept
    import dann_lab.serve.servers  # noqa: F401

    chosen = [
        case
        for k, case in enumerate(all_cases(asked.seed))
        if asked.only in case.area + case.name and k % asked.every == asked.seed % asked.every
    ]
    counts: Counts = {}
    told = []
    began = time.monotonic()
    for case, verdict, seconds in go(chosen):
        counts.setdefault(case.area, Counter())[verdict.kind] += 1
        told.append(
            {
                "area": case.area,
                "case": case.name,
                "verdict": verdict.kind,
                "why": verdict.why,
                "seconds": round(seconds, 2),
            }
        )
        if verdict.kind in FAULTS:
            print(f"{verdict.kind.upper()}: {case.area}: {case.name}\n    {verdict.why}", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(told, indent=1))
    for area, found in counts.items():
        print(area, dict(found))
    print(f"{len(told)} cases in {time.monotonic() - began:.0f} s")
    sys.exit(any(found[fault] for found in counts.values() for fault in FAULTS))
