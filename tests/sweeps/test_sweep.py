"""Sweeps on a real scheduler and real worker processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import dask
import pytest
import torch
from clusters import Cluster, cluster_in, wait_for
from scratch import ROOT

from dann_core.domains import DomainPair
from dann_core.errors import DannError
from dann_core.training import Trainer
from dann_lab.runs.claim import claimed
from dann_lab.runs.folder import CHECKPOINT, DIVERGED, RunFolder, Saved
from dann_lab.sweeps import cluster as clusters_of
from dann_lab.sweeps import work
from dann_lab.sweeps.cluster import connected, local
from dann_lab.sweeps.plan import Planned, plan, typed
from dann_lab.sweeps.progress import Progress
from dann_lab.sweeps.sweep import survey, sweep
from dann_lab.sweeps.work import Order, carry_out

SMALL = ["batch-size=8", "log-every=3", "steps=30"]


def planned(*grid: str, small: list[str] | None = None) -> list[Planned]:
    return plan([typed([*grid, *(SMALL if small is None else small)])])


def states(progress: Progress) -> dict[str, str]:
    return {name: line.now for name, line in progress.lines.items()}


def history(folder: Path) -> Any:
    return json.loads((folder / "history.json").read_text(encoding="utf-8"))


def alone(one: Planned, folder: Path, pair: DomainPair) -> Any:
    """The history of the same run, made by itself in this process."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        folder.mkdir()
        run = RunFolder(folder, one.data, Trainer(pair, one.recipe, device="cpu"))
        for _ in run.train():
            pass
        run.finish(map_=False)
    finally:
        torch.set_num_threads(threads)
    return history(folder)


def test_a_worker_that_is_killed_costs_nobody_anything(
    cluster: Cluster, tmp_path: Path, stripes_pair: DomainPair
) -> None:
    first, second = (cluster.worker(SLOWLY="0.05") for _ in range(2))
    out, runs = tmp_path / "out", planned("lambda=0,0.5,paper", "seed=0,1")
    progress, killed, workers = survey(runs, out), [], set()

    def kill_in_the_middle(now: Progress) -> None:
        workers.update(line.worker for line in now.running())
        at_work = [line for line in now.running() if 5 < line.step < 25]
        if at_work and not killed:
            killed.append(at_work[0].planned.name)
            pid = pid_of(at_work[0].worker)
            assert pid in (first.pid, second.pid)
            os.kill(pid, signal.SIGKILL)

    with connected(str(cluster.file)) as client:

        def pid_of(worker: str) -> int:
            return int(client.run(os.getpid, workers=[worker])[worker])

        wait_for(lambda: len(client.nthreads()) == 2)
        sweep(progress, out, client, show=kill_in_the_middle)
    assert len(killed) == 1
    assert sum(worker.poll() == -signal.SIGKILL for worker in (first, second)) == 1
    assert set(states(progress).values()) == {"done"}
    assert len(workers) == 2
    for one in runs:
        assert history(out / one.name) == alone(one, tmp_path / one.name, stripes_pair), one.name
        assert Saved.read(out / one.name).threads == 1
        with claimed(out / one.name):  # whoever held it, it is free
            pass
    again = survey(runs, out)
    assert states(again) == states(progress)
    assert [line.outcome.accuracies for line in again.lines.values()] == [  # type: ignore[union-attr]
        line.outcome.accuracies
        for line in progress.lines.values()  # type: ignore[union-attr]
    ]


def test_a_stopped_sweep_goes_on_where_it_was_on_other_workers(
    tmp_path: Path, stripes_pair: DomainPair
) -> None:
    out, runs = tmp_path / "out", planned("seed=0,1,2")
    wishes: list[str] = []
    progress = survey(runs, out)
    with cluster_in(tmp_path) as cluster, connected(str(cluster.file)) as client:
        cluster.worker(SLOWLY="0.2")

        def stop_early(now: Progress) -> None:
            if any(line.step > 5 for line in now.running()):
                wishes.append("stop")

        sweep(progress, out, client, show=stop_early, wishes=wishes)
    assert sorted(states(progress).values()) == ["stopped", "waiting", "waiting"]
    (begun,) = [name for name, state in states(progress).items() if state == "stopped"]
    at = len(history(out / begun)["steps"]["step"])
    assert 5 < at < 30
    progress = survey(runs, out)
    assert progress.lines[begun].begun
    with local(1) as client:
        sweep(progress, out, client)
    assert set(states(progress).values()) == {"done"}
    for one in runs:
        assert history(out / one.name) == alone(one, tmp_path / one.name, stripes_pair), one.name


def test_runs_that_diverge_or_cannot_begin_stop_nobody_else(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.worker()
    grid = ["preset=seed", "optimiser=sgd,adamw", "learning-rate=0.01,1e9", "lambda=0"]
    out, runs = tmp_path / "out", planned(*grid)
    strange = out / runs[0].name
    strange.mkdir(parents=True)
    (strange / ".dann-lock").write_text("somebody else's", encoding="utf-8")
    progress = survey(runs, out)
    with connected(str(cluster.file)) as client:
        sweep(progress, out, client)
    found = states(progress)
    assert found.pop(runs[0].name) == "failed"
    assert "is not a lock of ours" in progress.lines[runs[0].name].outcome.why  # type: ignore[union-attr]
    assert found == {
        one.name: "done" if one.recipe.learning_rate == 0.01 else "diverged" for one in runs[1:]
    }
    for name in [name for name, state in found.items() if state == "diverged"]:
        said = json.loads((out / name / DIVERGED).read_text(encoding="utf-8"))
        steps = history(out / name)["steps"]["step"]
        assert said["step"] == len(steps) + 1
        assert said["learning_rate"] > 1e8
        outcome = progress.lines[name].outcome
        assert outcome is not None
        assert "no longer finite" in outcome.why
        assert Saved.read(out / name).state["history"]["steps"]["step"][-1] == len(steps)
    assert states(survey(runs, out)) == found | {runs[0].name: "waiting"}


KILLS = """
import os, signal
from dann_core.networks import NETWORKS
def network(recipe, inputs):
    if recipe.seed == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return NETWORKS["tutorial"](recipe, inputs)
"""


def test_a_run_that_kills_its_workers_is_given_up_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kills.py").write_text(KILLS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    # As on a machine on which a worker takes long to start: its place has to stay.
    slow = dask.config.set({"distributed.deploy.lost-worker-timeout": "1s"})
    out, runs = tmp_path / "out", planned("network=kills:network", "seed=0,1,2")
    progress = survey(runs, out)
    with slow, local(1) as client:
        sweep(progress, out, client)
    assert states(progress) == {"seed=0": "done", "seed=1": "failed", "seed=2": "done"}
    outcome = progress.lines["seed=1"].outcome
    assert outcome is not None
    assert outcome.why == "It was given up, because 3 workers died after its step 0."


def test_nothing_of_a_local_cluster_listens_to_other_machines_or_stays_behind() -> None:
    psutil = pytest.importorskip("psutil")
    with local(1) as client:
        (worker,) = client.run(os.getpid).values()
        for process in (psutil.Process(), psutil.Process(worker)):
            open_ports = [c for c in process.net_connections() if c.status == "LISTEN"]
            assert {c.laddr.ip for c in open_ports} <= {"127.0.0.1"}
        assert client.scheduler.address.startswith("tls://127.0.0.1")
        assert client.run(signal.getsignal, signal.SIGINT) == dict.fromkeys(
            client.nthreads(), signal.SIG_IGN
        )
    wait_for(lambda: not psutil.pid_exists(worker))


def test_data_are_loaded_once_a_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []
    load = work.Data.load
    monkeypatch.setattr(work.Data, "load", lambda data: loads.append(data) or load(data))
    work._loaded.cache_clear()
    runs = planned("seed=0,1,2", small=["batch-size=8", "steps=1"])
    (tmp_path / work.PLAN).write_text('{"sweep": "1"}', encoding="utf-8")
    orders = [Order("1", str(tmp_path), one) for one in runs]
    assert [carry_out(order, lambda step: None).state for order in orders] == ["done"] * 3
    assert len(loads) == 1
    # Twice the same is not an error: it has been done.
    assert carry_out(orders[0], lambda step: None).state == "done"


def test_a_worker_that_does_not_see_the_folder_or_has_another_version_says_so(
    tmp_path: Path,
) -> None:
    (one,) = planned("seed=0")
    order = Order("1", str(tmp_path), one)
    outcome = carry_out(order, lambda step: None)
    assert outcome.state == "failed"
    assert f"does not see this sweep in {tmp_path}" in outcome.why
    assert not (tmp_path / one.name).exists()
    outcome = carry_out(Order("1", str(tmp_path), one, version="0.0"), lambda step: None)
    assert "the sweep 0.0. Install the same." in outcome.why


OLD = """
import sys, distributed.versions as versions
there = versions.get_package_info
versions.get_package_info = lambda names: {**there(names), "distributed": "2020.1.0"}
from distributed.cli.dask_scheduler import main
main(sys.argv[1:])
"""


def said_of(scheduler: str) -> str:
    with pytest.raises(DannError) as refused, connected(scheduler):
        pass
    text = str(refused.value)
    assert "\n" not in text
    assert text.startswith(f"--scheduler {scheduler}: ")
    return text


def test_a_scheduler_that_is_not_there_or_no_scheduler_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters_of, "PATIENCE_SECONDS", 1)
    assert "is not the file of a Dask scheduler" in said_of(str(tmp_path / "none.json"))
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    assert "is not the file of a Dask scheduler" in said_of(str(tmp_path / "bad.json"))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert "no Dask scheduler answers there" in said_of(f"tcp://127.0.0.1:{port}")
    assert "no Dask scheduler answers there" in said_of(f"tcp://127.0.0.1:{port}")
    assert "no Dask scheduler answers there" in said_of("nonsense")


def test_a_cluster_that_does_not_fit_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with cluster_in(tmp_path) as cluster:
        cluster.worker("--nthreads", "2")

        def is_refused() -> bool:
            try:
                return "has 2 threads" in said_of(str(cluster.file))
            except pytest.fail.Exception:  # the worker has not come yet
                return False

        wait_for(is_refused)
    (tmp_path / "old").mkdir()
    with cluster_in(tmp_path / "old", OLD) as cluster:
        text = said_of(str(cluster.file))
        assert "the scheduler has distributed 2020.1.0, and here is" in text


def test_ctrl_c_saves_says_how_to_go_on_and_leaves_no_process(
    tmp_path: Path, stripes_pair: DomainPair
) -> None:
    grid = ["--grid", "seed=0,1", *(f"--grid={one}" for one in (*SMALL[:2], "steps=150"))]
    command = [sys.executable, "-m", "dann_lab", "sweep", *grid, "--workers", "1", "--out", "out"]
    there = os.environ | {"PYTHONPATH": str(ROOT)}
    started = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=there,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
        # What the tests were started with may be to ignore it, as behind an `&`.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    first = tmp_path / "out" / "seed=0"
    wait_for(lambda: any((tmp_path / "out").glob(f"*/{CHECKPOINT}")))
    os.killpg(started.pid, signal.SIGINT)  # as a terminal does: to every process in it
    out, err = started.communicate(timeout=120)
    assert (started.returncode, err) == (130, "")
    last = out.splitlines()[-1]
    assert "Stopped and saved, 2 runs are left. Go on with: dann sweep --grid seed=0,1" in last
    begun = [folder for folder in (tmp_path / "out").iterdir() if folder.is_dir()]
    steps = [len(history(folder)["steps"]["step"]) for folder in begun]
    assert len(steps) == 1
    assert 0 < steps[0] < 150, "in the middle"
    with pytest.raises(ProcessLookupError):
        wait_for(lambda: os.killpg(started.pid, 0), 20)
    again = subprocess.run(command, cwd=tmp_path, env=there, capture_output=True, encoding="utf-8")
    assert (again.returncode, again.stderr) == (0, "")
    assert "2 of 2 runs are done, in out" in again.stdout
    (one,) = planned("seed=0", small=[*SMALL[:2], "steps=150"])
    assert history(first) == alone(one, tmp_path / "alone", stripes_pair)
