"""What a learner costs in memory: the class's hub, and learners whose dashboards train.

    python benchmarks/hub.py [--learners N] [--steps N]

Each learner has a single-user server and one kernel, in which the dashboard trains on the built-in
digits. USS is what would be free again if the process ended; RSS counts the code they share in
each of them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from pathlib import Path
from statistics import median

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "deploy"))
from learner import Hub, Learner, find_proxy, running_hub

CLASS = 30
GB = 1e9


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=3)
    parser.add_argument("--steps", type=int, default=60)
    options = parser.parse_args(arguments)
    names = [f"student{number + 1}" for number in range(options.learners)]
    with tempfile.TemporaryDirectory() as temporary:
        proxy = find_proxy(Path(temporary) / "proxy")
        folder = Path(temporary) / "learners"
        folder.mkdir()
        with running_hub(folder, names, proxy) as hub:
            learners = [Learner(hub, name) for name in names]
            for learner in learners:
                learner.log_in()
            for learner in learners:
                hub.wait(learner.is_in, f"{learner.name} is in JupyterLab")
            threads = [
                threading.Thread(target=train, args=(hub, learner, options.steps))
                for learner in learners
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            report(hub, folder, names)


def train(hub: Hub, learner: Learner, steps: int) -> None:
    kernel = learner.open_dashboard()
    hub.wait(lambda: learner.train(kernel) >= steps, f"{learner.name} trains")


def report(hub: Hub, folder: Path, names: list[str]) -> None:
    everything = psutil.Process(hub.process.pid).children(recursive=True)
    servers = [p for p in everything if "jupyterhub.singleuser" in " ".join(p.cmdline())]
    rows = []
    for server in servers:
        kernels = [p for p in server.children(recursive=True) if "ipykernel" in str(p.cmdline())]
        parts = [[memory(p) for p in group] for group in ([server], kernels)]
        rows.append([tuple(map(sum, zip(*part, strict=True))) for part in parts])
    hub_uss, hub_rss = memory(psutil.Process(hub.process.pid))
    print(f"{len(rows)} learners, {psutil.cpu_count()} cores, load {os.getloadavg()[0]:.0f}\n")
    print("| process | USS GB | RSS GB |\n| --- | ---: | ---: |")
    middle = [[median(row[part][kind] for row in rows) / GB for kind in (0, 1)] for part in (0, 1)]
    for name, (uss, rss) in zip(
        ("single-user server", "kernel with the dashboard training"), middle, strict=True
    ):
        print(f"| {name} | {uss:.2f} | {rss:.2f} |")
    uss, rss = (sum(part[kind] for part in middle) for kind in (0, 1))
    print(f"| a learner | {uss:.2f} | {rss:.2f} |")
    print(f"| the hub itself | {hub_uss / GB:.2f} | {hub_rss / GB:.2f} |")
    print(f"\n{CLASS} learners: {(CLASS * uss + hub_rss / GB):.0f} GB")


def memory(process: psutil.Process) -> tuple[int, int]:
    """Bytes, USS and RSS."""
    found = process.memory_full_info()
    return found.uss, found.rss


if __name__ == "__main__":
    main()
