"""What the lessons take in memory, opened one after another in JupyterLab: `dann lab`.

    python benchmarks/lab_memory.py [--close] [--data-dir DIR] [-- OPTION...]

Chromium opens each lesson, runs all its cells and goes on to the next; with ``--close`` it closes
the tab before. After each, the memory of the server and of its kernels is read: PSS, where what
several processes share is counted once (USS where there is no PSS). Everything is trained afresh.
First comes what PyTorch takes by itself, in a Python that imports nothing else: RSS, as where no
other program has it loaded.
``OPTION``: handed to `dann lab`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))
from serving import FLAGS, Server, running, wait_until

from dann_lab.serve.servers import NOTEBOOKS

SECONDS = 900
"""A busy machine's time for a lesson that takes two minutes on a quiet one."""
SETTLE = 15
"""The seconds after the last cell in which what goes on in the background begins."""
AFTERWARDS = 90
"""The seconds after the walk in which kernels that were left alone end."""
GB = 1e9
OPEN = ".jp-NotebookPanel:not(.lm-mod-hidden)"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--close", action="store_true", help="close each tab before the next")
    parser.add_argument("--data-dir", help="where MNIST is; without it there is none")
    parser.add_argument("--lessons", nargs="+", default=["0"], help="beginnings of their names")
    parser.add_argument("options", nargs="*", help="of dann lab, behind --")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        data = chosen.data_dir or str(home / "no-data")
        if not chosen.data_dir:
            Path(data).mkdir()
        os.environ |= {
            "DANN_CACHE": str(home / "cache"),
            "DANN_RUNS": str(home / "runs"),
            "DANN_PREPARE_MAPS": "1",
        }
        command = [sys.executable, "-m", "dann_lab", "lab", str(home / "lessons"), "--no-browser"]
        command += ["--port", "0", "--data-dir", data, *chosen.options]
        with running(command, home) as server:
            walk(server, lessons(chosen.lessons), chosen.close)
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}")


def torch_alone() -> float:
    """GB, RSS, of a Python that has imported PyTorch."""
    code = "import torch; print(torch.__version__, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.readline()
        rss: int = psutil.Process(process.pid).memory_info().rss
        process.kill()
        return rss / GB


def lessons(beginnings: list[str]) -> list[str]:
    names = sorted(path.name for path in NOTEBOOKS.glob("0*.ipynb"))
    return [name for name in names if name.startswith(tuple(beginnings))]


def walk(server: Server, names: list[str], close: bool) -> None:
    with sync_playwright() as playwright:
        path = next(
            filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
        )
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.set_default_timeout(SECONDS * 1000)
        address = urlsplit(server.url)
        page.goto(f"{address.scheme}://{address.netloc}/lab?reset&{address.query}")
        page.locator("#jupyterlab-splash").wait_for(state="detached")
        print("| lesson run | seconds | kernels, GB each | server, GB | all, GB |")
        print("| --- | ---: | --- | ---: | ---: |")
        print(f"| import torch, alone | | {torch_alone():.2f} | | |", flush=True)
        most = 0.0
        for name in names:
            begun = time.monotonic()
            open_lesson(page, name)
            run_all(page)
            taken = time.monotonic() - begun
            time.sleep(SETTLE)
            most = max(most, report(server, name, taken))
            if close:
                page.locator(".lm-DockPanel-tabBar .lm-mod-current .lm-TabBar-tabCloseIcon").click()
                answer(page)
        time.sleep(AFTERWARDS)
        most = max(most, report(server, "after the walk", AFTERWARDS))
        print(f"\nMost at once: {most:.2f} GB")
        browser.close()


def open_lesson(page: Page, name: str) -> None:
    page.locator(".jp-DirListing-item").filter(has_text=name).dblclick()
    page.locator(f"{OPEN} .jp-CodeCell").first.wait_for()
    page.locator(f"{OPEN} .jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()


def run_all(page: Page) -> None:
    """All cells, to the end."""
    prompts = page.locator(f"{OPEN} .jp-CodeCell .jp-InputPrompt")

    def begun() -> bool:
        for item in ("Run", "Run All Cells"):
            label = page.locator(".lm-MenuBar-itemLabel, .lm-Menu-itemLabel")
            label.filter(has_text=re.compile(f"^{item}$")).click()
        page.wait_for_timeout(5000)
        return "[ ]:" not in prompts.all_inner_texts()

    wait_until(begun, SECONDS, "the cells run")
    wait_until(lambda: "[*]:" not in prompts.all_inner_texts(), SECONDS, "the last cell ends")
    errors = page.locator(f"{OPEN} [data-mime-type='application/vnd.jupyter.stderr']")
    assert not errors.count(), errors.first.inner_text()


def answer(page: Page) -> None:
    """JupyterLab asks whether to save what was run: yes."""
    page.wait_for_timeout(1000)
    if page.locator(".jp-Dialog").count():
        page.get_by_role("button", name="Save", exact=True).click()


def report(server: Server, name: str, seconds: float) -> float:
    """Print a row; GB of all processes."""
    kernels = sorted(server.kernels())
    each = [memory(psutil.Process(pid)) for pid in kernels]
    others = [p for p in server.process.children(recursive=True) if p.pid not in kernels]
    own = sum(map(memory, [server.process, *others]))
    listed = " + ".join(f"{size:.2f}" for size in each)
    whole = sum(each) + own
    print(f"| {name} | {seconds:.0f} | {listed} | {own:.2f} | {whole:.2f} |", flush=True)
    return whole


def memory(process: psutil.Process) -> float:
    """GB; 0 if it has just ended."""
    try:
        found = process.memory_full_info()
    except psutil.Error:
        return 0.0
    return getattr(found, "pss", found.uss) / GB


if __name__ == "__main__":
    main()
