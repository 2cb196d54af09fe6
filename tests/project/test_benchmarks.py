"""The benchmarks run and give a row for each contender; how fast is not a test's business."""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from scratch import ROOT
from tiny import tiny_pair
from torch._dynamo.testing import CompileCounterWithBackend

from dann_core.domains import Batches
from dann_core.methods import METHODS
from dann_core.recipe import PRESETS, preset
from dann_core.reversal import reverse_gradient
from dann_core.selection import RULES
from dann_core.training import Trainer
from tools.examples import Block


@pytest.fixture(autouse=True)
def as_scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Import from the folder, as the scripts do, and leave the number of threads as it was."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def rows(printed: str) -> list[list[str]]:
    lines = [line for line in printed.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def test_step_gives_a_row_for_each_loop_and_preset(capsys: pytest.CaptureFixture[str]) -> None:
    importlib.import_module("step").main(["--rounds", "1", "--block", "2"])
    found = [row for row in rows(capsys.readouterr().out) if "---" not in row[0]]
    contenders = ["bare loop, contiguous", "bare loop, channels_last", "Trainer (channels_last)"]
    names = [row[0] for row in found]
    expected = [row for name in PRESETS for row in (f'preset "{name}"', *contenders)]
    assert names == [*expected, 'method, preset "quick"', *METHODS]
    measured = [row for row in found if row[0] in contenders]
    assert all(float(row[1]) > 0 and float(row[4]) > 0 for row in measured)
    # The bare channels_last loop is what the others are measured against.
    assert [row[2] for row in measured if row[0] == contenders[1]] == ["1.000"] * len(PRESETS)


def test_peers_gives_a_row_for_each_or_says_how_to_install_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    if all(
        importlib.util.find_spec(name) for name in ("pytorch_adapt", "skada", "pytorch_revgrad")
    ):
        importlib.import_module("peers").main(["--rounds", "1", "--block", "2"])
        names = [row[0] for row in rows(capsys.readouterr().out)]
        assert {"Trainer", "pytorch-adapt", "skada", "pytorch-revgrad"} <= set(names)
    else:
        with pytest.raises(SystemExit) as stopped:
            importlib.import_module("peers")
        assert "need an environment of their own" in str(stopped.value.code)
        assert "pip install --no-deps pytorch-adapt" in str(stopped.value.code)


def test_long_tells_growth_from_the_sixth_minute_to_the_last() -> None:
    long = importlib.import_module("long")
    sizes = {0.0: 100.0, 4.0: 300.0, 5.0: 400.0, 5.5: 400.0, 20.0: 440.0, 30.0: 500.0, 29.5: 500.0}
    samples = [
        long.Sample(m, 1, 1, kernel, 200.0, 20.0, 4.0) for m, kernel in sorted(sizes.items())
    ]
    found = {row[0]: row[1:] for row in rows(long.growth(samples))}
    assert found["kernel"] == ["400 → 500", "+100.0 MB", "+25.0%"]
    assert found["browser"] == ["200 → 200", "+0.0 MB", "+0.0%"]
    assert "Too short" in long.growth(samples[:3])
    assert len(rows(long.HEAD)[0]) == len(rows(long.row(samples[0]))[0])


def test_live_reads_steps_and_frames_apart(tmp_path: Path) -> None:
    live = importlib.import_module("live")
    (tmp_path / "log").write_text("100.0 1 0.0\n100.5 2048\n101.0 2 0.5\n", encoding="utf-8")
    steps, frames = live.read(tmp_path / "log")
    assert steps == [(100.0, 1, 0.0), (101.0, 2, 0.5)]
    assert frames == [(100.5, 2048)]
    assert live.latencies([(100_200.0, 0.5)], steps) == [800.0]


def test_live_gives_each_map_its_rows_and_target() -> None:
    live = importlib.import_module("live")
    visit = live.Live(15.0, 0.5, 30.0, {"the map": 0.1, "training": 0.9}, [50.0], [40.0])
    found = {row[0]: row[1:] for row in rows(live.report(2, [20.0], {"": [visit], "PCA": [visit]}))}
    assert found["steps/s beside the page / without"][:2] == ["15.0 / 20.0 = 75%", "at least 90%"]
    assert found["PCA map: steps/s beside the page / without"][1] == "at least 80%"
    assert found["PCA map: frames a minute"][0] == "30"
    assert found["processor, ms/s"][0] == "training 900, the map 100"


def test_the_measured_page_is_python() -> None:
    page = importlib.import_module("live").PAGE
    assert "dashboard()" in page
    compile(page, "page", "exec")


DEVICES = pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
SMALL = ["--compiler", "eager", "--rounds", "1", "--block", "1", "--steps", "2", "--moves", "2"]


def on_a_gpu(tmp_path: Path, section: str, device: str) -> Any:
    """What a section of ``gpu.py`` finds, small and in this process; its text and its data."""
    gpu, out = importlib.import_module("gpu"), tmp_path / "found.json"
    assert gpu.main([*SMALL, "--device", device, "--section", section, "--out", str(out)]) == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    return rows(found["text"]), found["data"]


@DEVICES
def test_gpu_compares_trainer_with_bare_loops_plain_and_compiled(
    tmp_path: Path, device: str
) -> None:
    found, data = on_a_gpu(tmp_path, "step", device)
    names = ["bare loop, contiguous", "bare loop, channels_last", "bare loop, compiled"]
    names += ["Trainer", "Trainer, its parts compiled"]
    assert [row[0] for row in found[2:]] == list(data) == names
    assert all(cost["wall"] > 0 for taken in data.values() for cost in taken)


@DEVICES
def test_gpu_finds_that_a_moving_lambda_adds_nothing(tmp_path: Path, device: str) -> None:
    found, data = on_a_gpu(tmp_path, "lambda", device)
    assert data["still"] == data["moving"]
    assert data["forward pass"] == 0
    assert ["a moving lambda adds", "nothing"] in found
    if device == "cuda":
        [(line, times)] = data["moving"]["lines that wait"].items()
        assert line.startswith("training.py:")
        assert times == 2, "once a step, for its record"


@DEVICES
def test_gpu_times_each_move_of_the_slider(tmp_path: Path, device: str) -> None:
    _, data = on_a_gpu(tmp_path, "slider", device)
    begun, recorded = data["to the step, ms"], data["to its record, ms"]
    assert len(begun) == len(recorded) == 2
    assert all(0 <= a < b for a, b in zip(begun, recorded, strict=True))


@DEVICES
def test_gpu_says_what_machine_it_is_and_what_memory_a_training_takes(
    tmp_path: Path, device: str
) -> None:
    assert on_a_gpu(tmp_path, "machine", device)[1]["device"] == device
    data = on_a_gpu(tmp_path, "memory", device)[1]
    assert data["host, resident"] > 100
    assert ("GPU, peak allocated" in data) == (device == "cuda")


@DEVICES
def test_gpu_finds_a_resumed_run_exact(tmp_path: Path, device: str) -> None:
    # By the script itself: the deterministic algorithms need a variable before CUDA begins.
    out = tmp_path / "all.json"
    command = [sys.executable, str(ROOT / "benchmarks" / "gpu.py"), *SMALL, "--device", device]
    command += ["--only", "deterministic", "--out", str(out)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    found = json.loads(out.read_text(encoding="utf-8"))["deterministic"]
    assert (found["run again"], found["resumed"]) == ("", "")
    assert ["resumed", "the same, bit for bit"] in rows(ended.stdout)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
@pytest.mark.parametrize(
    ("given", "said"),
    [([], "no GPU here.*nothing was measured"), (["--device", "cuda"], "no device 'cuda'")],
)
def test_gpu_says_so_where_there_is_none(given: list[str], said: str) -> None:
    if torch.backends.mps.is_available() and not given:
        pytest.skip("there is a GPU here")
    with pytest.raises(SystemExit, match=said):
        importlib.import_module("gpu").main(given)


def test_gpu_goes_on_after_a_section_that_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gpu = importlib.import_module("gpu")
    answers = {"memory": gpu.Found("| memory | |", {"MB": 1})}
    monkeypatch.setattr(gpu, "apart", lambda section, given, folder: answers.get(section))
    given = ["--device", "cpu", "--only", "step", "memory", "--out", str(tmp_path / "out.json")]
    assert gpu.main(given) == 1
    assert "step: it failed" in capsys.readouterr().out
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert found == {"step": None, "memory": {"MB": 1}}


def test_own_measures_each_recipe_on_the_data_of_the_walks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = importlib.import_module("own")
    few = {mode: replace(kind, steps=2) for mode, kind in own.KINDS.items()}
    monkeypatch.setattr(own, "KINDS", few)
    monkeypatch.setattr(own, "PAIRS", {"table": own.table_pair})
    monkeypatch.setattr(own, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(own, "DATA", tmp_path / "own.json")
    own.run()
    own.write()
    found = json.loads((tmp_path / "own.json").read_text(encoding="utf-8"))
    assert list(found) == ["table-source", "table-still", "table-dann", "table-target"]
    for one in found.values():
        assert (one["network"], one["steps"]) == ("mlp", 2)
        assert len(one["target"]["each"]) == own.SEEDS
    # A recipe's numbers are its own, not what another left there.
    assert found["table-source"]["whole"] != found["table-target"]["whole"]


def test_your_data_judges_each_method_and_rule_after_it_was_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    your_data = importlib.import_module("your_data")
    changes = {"STEPS": 1, "SIZE": 8, "SEEDS": 4, "TOGETHER": 2, "DRAWS": 5}
    changes |= {"RUNS": tmp_path / "runs", "DATA": tmp_path / "your_data.json"}
    for name, value in changes.items():
        monkeypatch.setattr(your_data, name, value)
    your_data.run()
    your_data.write()
    found = json.loads((tmp_path / "your_data.json").read_text(encoding="utf-8"))
    assert list(found["methods"]) == ["source only", "lambda 0", "DANN"]
    assert len(found["methods"]["DANN"]["target"]["each"]) == 4
    best, rules = found["rules"]["best"]["target"], found["rules"]
    for rule in RULES:
        kept, lost = rules[rule]["target"], rules[rule]["lost"]
        assert lost["mean"] == pytest.approx(100 * (best["mean"] - kept["mean"]), abs=0.02)


def test_a_walk_is_typed_in_its_folder_in_one_session(tmp_path: Path) -> None:
    walks = importlib.import_module("walks")
    typed = [
        Block("a walk", "python", "word = 'seen'\n"),
        Block("a walk", "bash", "python -c \"open('left', 'w', encoding='utf-8')\"\n"),
        Block("a walk", "python", "session = word.upper()\n"),
    ]
    session = walks.walk(typed, str(tmp_path))
    assert session["session"] == "SEEN"
    assert (tmp_path / "left").exists()
    with pytest.raises(subprocess.CalledProcessError):
        walks.walk([Block("a walk", "bash", "python -c 1/0\n")], str(tmp_path))


def test_a_wait_that_is_put_in_is_counted() -> None:
    counting = importlib.import_module("counting")
    strength = torch.tensor(0.5)
    still = Trainer(tiny_pair(), preset("seed", batch_size=8), device="cpu")
    waiting = Trainer(
        tiny_pair(),
        preset("seed", batch_size=8),
        lambda_source=lambda step, progress: strength.item(),
        device="cpu",
    )
    before, after = (counting.host_waits(t.__next__, 3) for t in (still, waiting))
    assert after - before == {"aten::_local_scalar_dense": 3}
    for name in ("cudaStreamSynchronize", "Memcpy DtoH (Device -> Pageable)"):
        assert counting.is_wait(name)
    assert not counting.is_wait("cudaMemcpyAsync")


@pytest.fixture
def fresh_compiler() -> Iterator[None]:
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


@pytest.mark.usefixtures("fresh_compiler")
def test_a_lambda_that_the_compiler_has_to_look_at_is_counted() -> None:
    """As an attribute it is a guard: each new value starts the compiler again."""
    counting = importlib.import_module("counting")
    counter = CompileCounterWithBackend("eager")
    x = torch.ones(3, requires_grad=True)

    class Held:
        strength = 1

    def forward() -> None:
        Held.strength += 1
        guarded(x, f"{Held.strength}")

    guarded = torch.compile(lambda x, name: x * float(name), backend=counter)
    assert counting.compilations(forward, counter, 2) == 2
    as_tensor = torch.compile(reverse_gradient, backend=counter)
    assert counting.compilations(lambda: as_tensor(x, torch.rand(())), counter, 4) == 0


def test_another_seed_and_a_resume_that_forgets_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = importlib.import_module("counting")
    pair, recipe = tiny_pair(), preset("seed", batch_size=8)
    assert counting.histories(pair, recipe, "cpu", 5) == {"run again": "", "resumed": ""}

    one, other = (
        [next(Trainer(pair, preset("seed", batch_size=8, seed=seed), device="cpu"))]
        for seed in (0, 1)
    )
    assert counting.difference(one, other).startswith("step 1: label_loss")

    monkeypatch.setattr(Batches, "load_state_dict", lambda batches, state: None)
    found = counting.histories(pair, recipe, "cpu", 5)
    assert found["run again"] == ""
    assert found["resumed"].startswith("step 4: ")


def test_the_checkpoints_of_a_sweep_are_scored_and_choices_among_them_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    selection = importlib.import_module("selection")
    runs, toml = tmp_path / "runs", tmp_path / "selection.toml"
    toml.write_text("steps = 4\nseeds = 2\n[grid]\nlambda = ['paper', 0]\n", encoding="utf-8")
    small = {"RUNS": runs, "DATA": tmp_path / "made.json", "PLAN": toml, "EVERY": 2}
    for name, value in small.items():
        monkeypatch.setattr(selection, name, value)
    command = [sys.executable, "-m", "dann_lab", "sweep", toml, "--keep-every", "2", "--out", runs]
    subprocess.run(command, check=True, cwd=ROOT)
    with pytest.raises(SystemExit, match="0 of 4 runs are scored"):
        selection.write()
    with monkeypatch.context() as stopped:
        stopped.setattr(selection, "score", lambda one, pair: next(iter(())))
        with pytest.raises(StopIteration):
            selection.score_all()
    selection.score_all()
    selection.write()
    found = json.loads((tmp_path / "made.json").read_text(encoding="utf-8"))
    assert (found["runs"], found["candidates"], len(found["last"])) == (4, 8, 4)
    rules = found["rules"].values()
    assert all(rule["all"]["low"] <= rule["all"]["mean"] <= rule["all"]["high"] for rule in rules)
    assert all(0 <= each <= 100 for rule in rules for each in rule["all"]["each"])


def rows_of_seed(seed: int, targets: list[float], **scores: list[float]) -> list[dict[str, Any]]:
    selection = importlib.import_module("selection")
    usual = dict.fromkeys(selection.RULES, 0.5)
    found = []
    for k, target in enumerate(targets):
        given = {name: values[k] for name, values in scores.items()}
        which = {"recipe": "quick", "lambda": k, "seed": seed, "step": 400}
        found.append(which | usual | given | {"target": target})
    return found


def test_regret_is_in_points_and_chance_is_the_mean_of_all() -> None:
    selection = importlib.import_module("selection")
    rows = rows_of_seed(0, [0.5, 0.9, 0.7], entropy=[0.3, 0.2, 0.1], snd=[1.0, 1.0, 0.0])
    assert selection.regret(rows, "entropy") == pytest.approx(20)
    assert selection.regret(rows, "snd") == pytest.approx(20)  # either of two: 40 and 0
    assert selection.regret(rows, None) == pytest.approx(20)
    assert selection.rank(rows, "entropy") == pytest.approx(0.5)
    told = dict(selection.told(rows + rows_of_seed(1, [0.5, 0.6, 0.6]), "entropy"))
    assert told["lambda"]["each"] == [20.0, 3.33]


def test_the_interval_is_students() -> None:
    selection = importlib.import_module("selection")
    found = selection.summary([1.0, 2.0, 3.0])
    # 4.3027 is the 97.5 % point of Student's t of 2 degrees of freedom.
    half = 4.3027 / 3**0.5
    assert (found["mean"], found["std"]) == (2.0, 1.0)
    assert found["high"] - found["mean"] == pytest.approx(half, abs=0.01)
    assert found["mean"] - found["low"] == pytest.approx(half, abs=0.01)


def test_reader_times_answers_and_weighs_the_networks(
    chromium: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = importlib.import_module("reader")
    with ThreadPoolExecutor(1) as aside:  # this thread may have a Playwright at work
        aside.submit(reader.main, ["--answers", "3"]).result()
    found = dict(rows(capsys.readouterr().out)[2:])
    assert 0 < float(found["both networks on disk, MB"]) < 1.5
    assert float(found["answer of both, median, ms"]) > 0
