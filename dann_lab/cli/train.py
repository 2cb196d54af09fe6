"""``dann train`` and ``dann evaluate``."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dann_core.errors import DannError, TrainingDiverged
from dann_lab.caches import prepare
from dann_lab.cli.options import DataDir
from dann_lab.cli.screen import classes, console, describe, display, summary
from dann_lab.cli.sizes import require_lab

# The rest of the package brings PyTorch along, which `dann --help` should not wait for.
if TYPE_CHECKING:
    from dann_lab.runs.folder import RunFolder, Saved

INTERRUPTED = 130

Folder = Annotated[Path, typer.Argument(help="A run's folder, as `dann train --out` made it.")]
Device = Annotated[
    str | None, typer.Option(help="auto, cpu, cuda or mps.", show_default="auto, or the run's own")
]


def train(
    pair: Annotated[
        str | None,
        typer.Option(
            help="digits (small, always there) or mnist (get it with: dann data fetch).",
            show_default="digits",
        ),
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option(
            help="dann; source: labels of the source only; target: of the target only.",
            show_default="dann",
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            help="seed: the tutorial's recipe. quick: adapts sooner and further.",
            show_default="seed",
        ),
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="How many steps.", show_default="the preset's")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="Of initial weights, batches and dropout.", show_default="0"),
    ] = None,
    lambda_: Annotated[
        str | None,
        typer.Option(
            "--lambda",
            metavar="paper|NUMBER",
            help="The paper's schedule, or a constant.",
            show_default="paper",
        ),
    ] = None,
    device: Device = None,
    threads: Annotated[
        str | None,
        typer.Option(
            metavar="auto|N",
            help="CPU threads; auto measures how many are fastest now.",
            show_default="auto, or the run's own",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the results.", show_default="runs/<pair>-<mode>-<preset>-seed<seed>"
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in --out, as it was started.")
    ] = False,
    data_dir: DataDir = None,
    photos: Annotated[
        str | None,
        typer.Option(
            help="shared, or heldout: test patches from photos that training never uses.",
            show_default="shared",
        ),
    ] = None,
    build: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Use this build of MNIST-M; see: dann data list."),
    ] = None,
    data_seed: Annotated[
        int | None, typer.Option(help="Of the target's photo patches.", show_default="0")
    ] = None,
) -> None:
    """Train a network, evaluate it, and save what the tutorial saves.

    Ctrl-C stops after the step under way and saves; --resume goes on from there, or from the last
    few seconds if the process was killed, and ends as if it had never stopped.
    """
    require_lab("train")
    asked = {
        "pair": pair,
        "mode": mode,
        "preset": preset,
        "steps": steps,
        "seed": seed,
        "lambda": None if lambda_ is None else _read_lambda(lambda_),
        "photos": photos,
        "build": build,
        "data-seed": data_seed,
    }
    asked = {option: value for option, value in asked.items() if value is not None}
    folder = out or Path("runs") / "{pair}-{mode}-{preset}-seed{seed}".format(
        **{"pair": "digits", "mode": "dann", "preset": "seed", "seed": 0} | asked
    )
    wanted_threads = None if threads is None else _read_threads(threads)
    run = (
        _resume(folder, asked, device, wanted_threads, data_dir)
        if resume
        else _start(folder, asked, device, wanted_threads, data_dir)
    )
    describe(run)
    _train(run)
    terminal = console()
    with terminal.status("Evaluating on all test images, drawing the map of the features"):
        evaluation = run.finish()
    terminal.print(summary(run, evaluation))
    typer.echo(f"Results are in {folder}")


def evaluate(folder: Folder, device: Device = None, data_dir: DataDir = None) -> None:
    """Evaluate a run again, on all test images; changes nothing in its folder."""
    from dann_core.evaluation import predict
    from dann_lab.runs.folder import Saved

    prepare()

    saved = Saved.read(folder)
    run = _load(saved, device, None, data_dir)
    describe(run)
    terminal = console()
    trainer = run.trainer
    with terminal.status("Evaluating on all test images"):
        evaluation = trainer.evaluate()
        answers = [
            (domain.test.labels, predict(trainer.model, trainer.pair, domain.test.images).labels)
            for domain in (trainer.pair.source, trainer.pair.target)
        ]
    terminal.print(summary(run, evaluation))
    terminal.print(classes(trainer.pair, answers))


def _start(
    folder: Path,
    asked: dict[str, Any],
    device: str | None,
    threads: str | int | None,
    data_dir: Path | None,
) -> RunFolder:
    from dann_core.recipe import preset as preset_named
    from dann_core.training import Trainer
    from dann_lab.runs.folder import Data, RunFolder, make_folder, require_vacant

    changes: dict[str, Any] = {
        name: asked[name] for name in ("mode", "steps", "seed") if name in asked
    }
    if asked.get("lambda", "paper") != "paper":
        changes["lambda_"] = asked["lambda"]
    recipe = preset_named(asked.get("preset", "seed"), **changes)
    if "build" in asked and ("photos" in asked or "data-seed" in asked):
        raise DannError("--build names finished data. Leave out --photos and --data-seed.")
    data = Data(
        pair=asked.get("pair", "digits"),
        seed=asked.get("data-seed", 0),
        photos=asked.get("photos", "shared"),
        build=asked.get("build"),
        data_dir=None if data_dir is None else str(data_dir.resolve()),
    )
    require_vacant(folder)
    chosen = _choose(device or "auto", threads)
    with console().status("Loading the data"):
        loaded = data.load()
    make_folder(folder)
    run = RunFolder(folder, data, Trainer(loaded, recipe, device=chosen))
    run.save()
    return run


def _resume(
    folder: Path,
    asked: dict[str, Any],
    device: str | None,
    threads: str | int | None,
    data_dir: Path | None,
) -> RunFolder:
    from dann_lab.runs.folder import Saved

    saved = Saved.read(folder)
    recipe = saved.recipe
    there = {
        "pair": saved.data.pair,
        "mode": recipe.mode,
        "preset": recipe.preset,
        "steps": recipe.steps,
        "seed": recipe.seed,
        "lambda": "paper" if recipe.lambda_ is None else recipe.lambda_,
        "photos": saved.data.photos,
        "build": saved.build_id,
        "data-seed": saved.data.seed,
    }
    for option, value in asked.items():
        if value != there[option]:
            raise DannError(
                f"--{option} {value} contradicts the run in {folder}, which has --{option} "
                f"{there[option]}. Leave it out to go on, or start anew with another --out."
            )
    return _load(saved, device, threads, data_dir)


def _load(
    saved: Saved, device: str | None, threads: str | int | None, data_dir: Path | None
) -> RunFolder:
    """The saved run on its own device and threads, unless others are asked for."""
    data = saved.data if data_dir is None else replace(saved.data, data_dir=str(data_dir.resolve()))
    chosen = _choose(device or saved.device, threads or saved.threads)
    with console().status("Loading the data"):
        loaded = data.load()
    return replace(saved, data=data).resume(loaded, chosen)


def _choose(device: str, threads: str | int | None) -> str:
    """The name of the device to use, the number of threads set if that is the CPU."""
    import torch

    from dann_core.devices import choose_device, choose_threads

    chosen = choose_device(device)
    if chosen.type == "cpu":
        if isinstance(threads, int):
            torch.set_num_threads(threads)
        else:
            choose_threads()
    return str(chosen)


def _read_lambda(text: str) -> str | float:
    if text == "paper":
        return text
    try:
        return float(text)
    except ValueError:
        raise DannError(f"--lambda {text}: it must be paper or a number of at least 0.") from None


def _read_threads(text: str) -> str | int:
    if text == "auto" or (text.isdecimal() and int(text) > 0):
        return text if text == "auto" else int(text)
    raise DannError(f"--threads {text}: it must be auto or a whole number of at least 1.")


def _train(run: RunFolder) -> None:
    """Train to the end and show how it goes; on Ctrl-C or SIGTERM save and exit."""
    try:
        with _stop_wishes() as stop, display(run) as show:
            for record in run.train():
                show(record)
                if stop:
                    run.save()
                    run.save_history()
                    break
    except TrainingDiverged:
        run.save()  # with the weights of the last good step
        run.save_history()
        raise
    if stop:
        go_on = shlex.join(["dann", "train", "--resume", "--out", str(run.folder)])
        typer.echo(f"Stopped and saved after step {run.trainer.step}. Go on with: {go_on}")
        raise typer.Exit(INTERRUPTED)


@contextmanager
def _stop_wishes() -> Iterator[list[int]]:
    """Collects SIGINT and SIGTERM instead of dying of them, so that the step under way ends."""
    wishes: list[int] = []
    before = {
        number: signal.signal(number, lambda number, frame: wishes.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield wishes
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
