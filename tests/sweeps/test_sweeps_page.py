"""docs/sweeps.md: its commands run, and its files do, as far as that goes without a cluster's own
software: `srun`, `sbatch` and `scancel` are a few lines of shell here, and Dask Gateway a stand-in
that gives a cluster of this machine. The schedulers, the workers and dask-jobqueue are real."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from scratch import ROOT

from dann_lab import cli
from tools.examples import Block, blocks

PAGE = ROOT / "docs" / "sweeps.md"
SMALL = 'pair = "stripes"\nsteps = 2\nbatch-size = 8\n[grid]\nseed = [0, 1]\n'
SRUN = '#!/bin/bash\nfor k in 1 2; do "$@" & done\nwait\n'
# Takes a copy of the script, as Slurm does: the caller deletes it at once.
SBATCH = """#!/bin/bash
script=$(<"${@: -1}")
setsid bash -c "$script" >/dev/null 2>&1 &
echo "Submitted batch job $!"
"""
SCANCEL = '#!/bin/bash\nfor job in "$@"; do kill -- "-$job"; done\n'


def named(name: str) -> str:
    """The content of the page's file of this name."""
    (found,) = [b.code for b in blocks(PAGE) if f"# {name}\n" in b.code]
    return found


def of(section: str) -> list[Block]:
    return [block for block in blocks(PAGE) if block.section == section]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a small plan and an environment to activate."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "sweep.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "activate").write_text("", encoding="utf-8")
    commands = tmp_path / "commands"
    commands.mkdir()
    dann = f'#!/bin/bash\nexec {sys.executable} -m dann_lab "$@"\n'
    dask = f'#!/bin/bash\nexec {sys.executable} -m dask "$@"\n'
    shims = {"srun": SRUN, "sbatch": SBATCH, "scancel": SCANCEL, "dann": dann, "dask": dask}
    for name, text in shims.items():
        (commands / name).write_text(text, encoding="utf-8")
        (commands / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


def finished(out: Path) -> list[str]:
    return sorted(path.parent.name for path in out.glob("*/metrics.json"))


def typed(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A command of the page, with few steps and workers."""
    assert command[0] == "dann"
    few = ["2" if word == "3" else "steps=3" if word == "steps=200" else word for word in command]
    monkeypatch.setattr(sys, "argv", few)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code, command


def test_the_commands_run_in_order(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = named("sweep.toml").replace("steps = 200", "steps = 2").replace("seeds = 3", "seeds = 1")
    (place / "sweep.toml").write_text(text, encoding="utf-8")
    for section in ("A first sweep", "A file instead of options", "The table"):
        for block in of(section):
            for command in block.commands if block.language == "bash" else []:
                typed(command, monkeypatch)
    assert len(finished(place / "runs" / "lambdas")) == 6
    assert "mode=source,lambda=paper" in finished(place / "runs" / "controls")
    assert (place / "lambdas.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (place / "all.csv").read_text(encoding="utf-8").count("\n") == 1 + 6 + 6


@contextmanager
def ended_with_all_its_own(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process, and whatever it has left behind ends with the block, as Slurm ends it."""
    process = subprocess.Popen(command, start_new_session=True, encoding="utf-8", **options)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_the_batch_file_makes_the_runs_with_the_workers_that_it_starts(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "sweep.sbatch").write_text(named("sweep.sbatch"), encoding="utf-8")
    monkeypatch.setenv("SLURM_JOB_ID", "7")
    # To a file, since what stays behind would keep a pipe open.
    with (place / "log").open("w", encoding="utf-8") as log:
        options = {"stdout": log, "stderr": subprocess.STDOUT}
        with ended_with_all_its_own(["bash", "sweep.sbatch"], **options) as job:
            assert job.wait(timeout=200) == 0, (place / "log").read_text(encoding="utf-8")
    assert finished(place / "runs" / "slurm") == ["seed=0", "seed=1"]
    assert json.loads((place / "scheduler-7.json").read_text(encoding="utf-8"))["address"]


def test_jobs_of_dask_jobqueue_make_the_runs(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    jobqueue = pytest.importorskip("dask_jobqueue")
    (place / "slurm.py").write_text(named("slurm.py"), encoding="utf-8")
    slurm = importlib.import_module("slurm")
    scripts = []

    def cluster(**asked: Any) -> Any:
        here = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
        made = jobqueue.SLURMCluster(**asked, scheduler_options=here, interface=None)
        scripts.append(made.job_script())
        return made

    monkeypatch.setattr(slurm, "SLURMCluster", cluster)
    slurm.run(most=1)
    assert capsys.readouterr().out.endswith("{'done': 2}\n")
    assert finished(place / "runs" / "slurm") == ["seed=0", "seed=1"]
    (script,) = scripts
    lines = script.splitlines()
    for line in ("#SBATCH -p cpu", "#SBATCH -n 1", "#SBATCH --cpus-per-task=1", "#SBATCH --mem=3G"):
        assert line in lines
    assert "#SBATCH -t 01:00:00" in lines
    assert "source .venv/bin/activate" in lines
    assert "--nthreads 1" in script


def test_the_commands_of_the_kubernetes_file_are_a_cluster(place: Path) -> None:
    text = named("dann-cluster.yaml")
    spec = yaml.safe_load(text)["spec"]
    worker, scheduler = (
        spec["worker"]["spec"]["containers"][0],
        spec["scheduler"]["spec"]["containers"][0],
    )
    assert [port["containerPort"] for port in scheduler["ports"]] == [8786, 8787]
    assert spec["worker"]["spec"]["volumes"][0]["name"] == worker["volumeMounts"][0]["name"]
    here = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", "file.json"]
    script = " ".join(scheduler["args"]) + " " + " ".join(here) + " & "
    args = [arg.replace("$(DASK_WORKER_NAME)", "one") for arg in worker["args"]]
    script += "until [ -s file.json ]; do sleep 0.1; done; " + " ".join(args)
    script += " --scheduler-file file.json & "
    script += "exec dann sweep sweep.toml --scheduler file.json --out runs/kubernetes"
    with (place / "log").open("w", encoding="utf-8") as log:
        options = {"stdout": log, "stderr": subprocess.STDOUT}
        with ended_with_all_its_own(["bash", "-c", script], **options) as job:
            assert job.wait(timeout=200) == 0, (place / "log").read_text(encoding="utf-8")
    assert finished(place / "runs" / "kubernetes") == ["seed=0", "seed=1"]


def test_the_gateways_program_makes_the_runs(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from distributed import Client, LocalCluster

    class Cluster(LocalCluster):
        def get_client(self) -> Client:
            return Client(self)

    class Gateway:
        def new_cluster(self) -> Cluster:
            options = {"n_workers": 0, "threads_per_worker": 1, "memory_limit": 0}
            return Cluster(host="127.0.0.1", dashboard_address="127.0.0.1:0", **options)

    stand_in = types.ModuleType("dask_gateway")
    stand_in.Gateway = Gateway  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dask_gateway", stand_in)
    (place / "gateway.py").write_text(named("gateway.py"), encoding="utf-8")
    importlib.import_module("gateway").run("runs/gateway", most=1)
    assert capsys.readouterr().out.endswith("{'done': 2}\n")
    assert finished(place / "runs" / "gateway") == ["seed=0", "seed=1"]
