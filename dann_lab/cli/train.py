"""``dann train`` and ``dann evaluate``."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import MofNCompleteColumn

from dann_core.errors import DannError, DataError, TrainingDiverged
from dann_lab.caches import prepare
from dann_lab.cli.options import DataDir, Label, Size, read_size
from dann_lab.cli.output import complain, drop_output, say_anyhow, status_of
from dann_lab.cli.screen import WORDS, classes, console, describe, display, summary
from dann_lab.cli.sizes import require_lab
from dann_lab.cli.stopping import INTERRUPTED, stop_wishes, stopping_interrupts

# The rest of the package brings PyTorch along, which `dann --help` should not wait for.
if TYPE_CHECKING:
    from dann_core.domains import DomainPair
    from dann_core.history import History, StepRecord
    from dann_lab.runs.folder import Data, RunFolder, Saved
    from dann_lab.runs.tensorboard import Board

PLACES = ("source", "target")
"""The options that say where data of one's own are."""

Folder = Annotated[Path, typer.Argument(help="A run's folder, as `dann train --out` made it.")]
Device = Annotated[
    str | None, typer.Option(help="auto, cpu, cuda or mps.", show_default="auto, or the run's own")
]


def train(
    pair: Annotated[
        str | None,
        typer.Option(
            help="stripes or digits (small, always there), or mnist (fetch it: dann data fetch).",
            show_default="stripes",
        ),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            help="Data of your own: a folder with a folder a class, or a .npz, .csv or .parquet "
            "file."
        ),
    ] = None,
    target: Annotated[
        Path | None, typer.Option(help="The same of the other domain; it need not have labels.")
    ] = None,
    label: Label = None,
    size: Size = None,
    mode: Annotated[
        str | None,
        typer.Option(
            help="dann: adapt; source: labels of the source only; target: of the target only.",
            show_default="dann",
        ),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            help="dann, cdan, cdan+e, coral or mmd: what is added to the label loss.",
            show_default="dann",
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            help="seed: the tutorial's recipe. quick: sooner. deep: further. own: for your data.",
            show_default="quick, seed for mnist, own for your data",
        ),
    ] = None,
    network: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|MODULE:FUNCTION",
            help="The feature extractor: tutorial, deep, residual, mlp, auto, or one of your own.",
            show_default="the preset's",
        ),
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(help="Examples a step.", show_default="64")
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            help="How many steps.", show_default="few on stripes and digits, else the preset's"
        ),
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
            help="Folder for the results.",
            show_default="runs/<pair>-<mode or method>-<preset>-seed<seed>",
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on with the run in --out, as it was started. Where there is none yet, begin.",
        ),
    ] = False,
    more: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="With --resume: train a run that has ended for N steps more. Lambda stays, the "
            "learning rate makes a small wave.",
        ),
    ] = None,
    keep_every: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Keep a checkpoint after each N steps, at most 50, to choose from: dann select.",
        ),
    ] = None,
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
        int | None,
        typer.Option(
            help="Of the target's stripes or photo patches, or the splits of your data.",
            show_default="0",
        ),
    ] = None,
    tensorboard: Annotated[
        bool,
        typer.Option("--tensorboard", help="Also write the curves for TensorBoard, into --out."),
    ] = False,
    map_: Annotated[
        bool,
        typer.Option(
            "--map/--no-map",
            help="At the end, draw the map of the features and save the arrays that it is of.",
        ),
    ] = True,
) -> None:
    """Train a network, evaluate it, and save what the tutorial saves.

    Ctrl-C, SIGTERM and SIGHUP stop after the step under way and save (exit status 130), and so does
    an output that nobody reads any more (141). --resume goes on from there, or from the last few
    seconds if the process was killed, and ends as if it had never stopped. Give it from the start
    to a job that may be killed and queued again.
    """
    if map_:
        require_lab("train")
    from dann_core.files import in_full, kind_of, shown
    from dann_lab.runs.folder import CHECKPOINT
    from dann_lab.runs.tensorboard import board, require_tensorboard

    if tensorboard:
        require_tensorboard()  # before anything is made
    asked = {
        "pair": pair,
        "source": None if source is None else str(in_full(source)),
        "target": None if target is None else str(in_full(target)),
        "label": label,
        "size": read_size(size),
        "mode": mode,
        "method": method,
        "preset": preset,
        "network": network,
        "batch-size": batch_size,
        "steps": steps,
        "seed": seed,
        "lambda": None if lambda_ is None else _read_lambda(lambda_),
        "photos": photos,
        "build": build,
        "data-seed": data_seed,
        "keep-every": keep_every,
    }
    asked = {option: value for option, value in asked.items() if value is not None}
    chosen = _with_defaults(asked)
    folder = out or Path("runs") / "{data}-{what}-{preset}-seed{seed}".format(
        what=_what(chosen), **chosen
    )
    wanted_threads = None if threads is None else _read_threads(threads)
    kind_of(folder)  # so that what is wrong with its name is said of it, not of a file inside
    there = resume and kind_of(folder / CHECKPOINT)
    if not there:
        _require_both_domains(asked)
    if more is not None and not there:
        raise DannError(f"--more {more}: there is no run in {shown(folder)} to go on with.")
    if resume and not there:
        typer.echo(f"There is no run in {shown(folder)} yet: it begins.")
    opened = (
        _resumed(folder, asked, device, wanted_threads, data_dir, more)
        if there
        else _started(folder, chosen, device, wanted_threads, data_dir)
    )
    with stopping_interrupts(), opened as run, ExitStack() as logs:
        log = logs.enter_context(board(folder / "tensorboard")) if tensorboard else None
        _train(run, log)
        terminal = console()
        try:
            drawing = ", drawing the map of the features" if map_ else ""
            with terminal.status(f"Evaluating on all test images{drawing}"):
                evaluation = run.finish(map_)
                if log:
                    log.evaluation(evaluation)
        except KeyboardInterrupt:
            say_anyhow(f"Stopped. All steps are saved. For the evaluation: {_to_go_on(run)}")
            raise typer.Exit(INTERRUPTED) from None
    terminal.print(summary(run, evaluation))
    typer.echo(f"Results are in {folder}")
    if run.keep_every:
        typer.echo(
            f"Choose among its checkpoints with: {shlex.join(['dann', 'select', str(folder)])}"
        )


def evaluate(
    folder: Folder,
    device: Device = None,
    data_dir: DataDir = None,
    split: Annotated[str, typer.Option(help="test, validation or train.")] = "test",
) -> None:
    """Evaluate a run again, on all examples of a split; changes nothing in its folder."""
    from dann_core.evaluation import checked_split, predict
    from dann_lab.runs.folder import Saved

    prepare()
    part = checked_split(split)
    saved = Saved.read(folder)
    run = load(saved, device, None, data_dir)
    describe(run)
    terminal = console()
    trainer = run.trainer
    with terminal.status(f"Evaluating on all {WORDS[part]} examples"):
        evaluation = trainer.evaluate(split=part)
        answers = [
            (there.labels, predict(trainer.model, trainer.pair, there.images).labels)
            for there in (getattr(d, part) for d in (trainer.pair.source, trainer.pair.target))
        ]
    terminal.print(summary(run, evaluation, part))
    terminal.print(classes(trainer.pair, answers))


def _with_defaults(asked: dict[str, Any]) -> dict[str, Any]:
    """What a new run is, each thing that nobody asked for as it usually is; "data" is the data's
    name."""
    from dann_lab.runs.usual import usual_preset

    own = [name for name in PLACES if name in asked]
    pair = "own" if own else asked.get("pair", "stripes")
    data = "-to-".join(Path(asked[name]).stem for name in own) or pair
    usual = {"pair": pair, "data": data, "mode": "dann", "seed": 0, "preset": usual_preset(pair)}
    return usual | asked


def _what(chosen: dict[str, Any]) -> str:
    """How a new run learns, as its folder is called: its method where it adapts, else its mode."""
    return str(chosen.get("method", "dann") if chosen["mode"] == "dann" else chosen["mode"])


def _require_both_domains(asked: dict[str, Any]) -> None:
    """Raises :class:`DannError` for a source without a target and the like."""
    own = [name for name in PLACES if name in asked]
    if len(own) == 1:
        missing = "target" if own == ["source"] else "source"
        raise DannError(f"--{own[0]} needs --{missing}, the other domain. Add it.")
    if own and asked.get("pair", "own") != "own":
        raise DannError(
            f"--pair {asked['pair']} has data of its own. Leave out --source and --target."
        )
    foreign = [name for name in ("build", "photos") if own and name in asked]
    if foreign:
        raise DannError(f"--{foreign[0]} is of MNIST-M. Leave it out for data of your own.")
    if not own and (asked.get("pair") == "own" or {"label", "size"} & asked.keys()):
        raise DannError("Data of your own need --source and --target: two folders or two files.")


@contextmanager
def _started(
    folder: Path,
    chosen: dict[str, Any],
    device: str | None,
    threads: str | int | None,
    data_dir: Path | None,
) -> Iterator[RunFolder]:
    """A new run, as ``chosen``. Its folder is made when all else is known to be right, and is its
    own inside."""
    from dann_core.files import in_full, kind_of
    from dann_core.recipe import preset as preset_named
    from dann_core.training import Trainer
    from dann_lab.runs.claim import LOCK, claimed
    from dann_lab.runs.folder import Data, RunFolder, make_folder, require_vacant
    from dann_lab.runs.on_the_way import checked_every
    from dann_lab.runs.usual import usual_steps

    pair, name = chosen["pair"], chosen["preset"]
    options = ("mode", "method", "steps", "seed", "network", "batch-size")
    changes = {o.replace("-", "_"): chosen[o] for o in options if o in chosen}
    if chosen.get("lambda", "paper") != "paper":
        changes["lambda_"] = chosen["lambda"]
    recipe = preset_named(name, **{"steps": usual_steps(pair, name)} | changes)
    keep_every = chosen.get("keep-every")
    if keep_every is not None:
        checked_every(keep_every, recipe.steps)
    if "build" in chosen and ("photos" in chosen or "data-seed" in chosen):
        raise DannError("--build names finished data. Leave out --photos and --data-seed.")
    data = Data(
        pair=pair,
        seed=chosen.get("data-seed", 0),
        photos=chosen.get("photos", "shared"),
        build=chosen.get("build"),
        data_dir=None if data_dir is None else str(in_full(data_dir)),
        **{option: chosen.get(option) for option in ("source", "target", "label", "size")},
    )
    with claimed(folder) if kind_of(folder / LOCK) else nullcontext():
        require_vacant(folder)  # before the data, which can take minutes
    where = _choose("auto" if device is None else device, threads)
    trainer = Trainer(loaded(data), recipe, device=where)
    make_folder(folder)
    with claimed(folder):
        require_vacant(folder)
        run = RunFolder(folder, data, trainer, keep_every=keep_every)
        run.save()
        yield run


@contextmanager
def _resumed(
    folder: Path,
    asked: dict[str, Any],
    device: str | None,
    threads: str | int | None,
    data_dir: Path | None,
    more: int | None,
) -> Iterator[RunFolder]:
    """The run in ``folder``, which is its own inside, ready for so many steps ``more``."""
    from dann_lab.runs.claim import claimed
    from dann_lab.runs.folder import Saved

    with claimed(folder):
        saved = Saved.read(folder)
        _refuse_contradictions(saved, asked)
        moved = {name: asked[name] for name in PLACES if name in asked}
        run = load(replace(saved, data=replace(saved.data, **moved)), device, threads, data_dir)
        yield run if more is None else _longer(run, more)


def _longer(run: RunFolder, more: int) -> RunFolder:
    """The run, which has ended, ready for its next ``more`` steps."""
    from dann_core.branching import go_on

    longer = replace(run, trainer=go_on(run.trainer, more))
    longer.save()
    return longer


def _refuse_contradictions(saved: Saved, asked: dict[str, Any]) -> None:
    recipe = saved.recipe
    there = {
        # Data of one's own may have moved; whether they are the same the checkpoint's checksum
        # tells.
        **({name: asked.get(name) for name in PLACES} if saved.data.pair == "own" else {}),
        "pair": saved.data.pair,
        "mode": recipe.mode,
        "method": recipe.method,
        "preset": recipe.preset,
        "network": "auto" if _is_auto(saved, asked.get("network")) else recipe.network,
        "batch-size": recipe.batch_size,
        "label": saved.data.label,
        "size": saved.data.size,
        "steps": recipe.steps,
        "seed": recipe.seed,
        "lambda": "paper" if recipe.lambda_ is None else recipe.lambda_,
        "photos": saved.data.photos,
        "build": saved.build_id,
        "data-seed": saved.data.seed,
        "keep-every": saved.keep_every,
    }
    for option, value in asked.items():
        if value != there.get(option):
            has = option if option in there else "pair"
            raise DannError(
                f"--{option} {_typed(value)} contradicts the run in {saved.folder}, which has "
                f"{_having(has, there[has])}. Leave it out to go on, or start anew with another "
                "--out."
            )


def _is_auto(saved: Saved, network: str | None) -> bool:
    """Whether "auto" is asked for and gives the network that the run has."""
    from dann_core.inputs import Inputs
    from dann_core.networks import fitted

    inputs = saved.state["inputs"]
    if network != "auto" or inputs is None:
        return False
    auto = fitted(replace(saved.recipe, network="auto"), Inputs.from_dict(inputs))
    return auto.network == saved.recipe.network


def _typed(value: Any) -> str:
    """As a person types it."""
    return "x".join(map(str, value)) if isinstance(value, list) else str(value)


def _having(option: str, value: Any) -> str:
    return f"no --{option}" if value is None else f"--{option} {_typed(value)}"


def load(
    saved: Saved, device: str | None, threads: str | int | None, data_dir: Path | None
) -> RunFolder:
    """The saved run on its own device and threads, unless others are asked for."""
    from dann_core.devices import most_threads
    from dann_core.files import in_full

    data = saved.data if data_dir is None else replace(saved.data, data_dir=str(in_full(data_dir)))
    if threads is None and saved.threads is not None:
        threads = min(saved.threads, most_threads())
        if threads < saved.threads:
            typer.echo(
                f"The run had {saved.threads} threads. This machine starts at most {threads}, so "
                "the last digits of what is computed can differ."
            )
    chosen = _choose(saved.device if device is None else device, threads)
    return replace(saved, data=data).resume(loaded(data), chosen)


def loaded(data: Data) -> DomainPair:
    from dann_lab.cli.data import bar

    if data.pair == "own":
        with bar(MofNCompleteColumn()) as progress:
            return data.load(progress)
    with console().status("Loading the data"):
        return data.load()


def _choose(device: str, threads: str | int | None) -> str:
    """The name of the device to use, the number of threads set if that is the CPU."""
    from dann_core.devices import choose_device, choose_threads, set_threads

    chosen = choose_device(device)
    if chosen.type == "cpu":
        if isinstance(threads, int):
            set_threads(threads)
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
    if text == "auto":
        return text
    try:
        return int(text)
    except ValueError:
        raise DannError(f"--threads {text}: it must be auto or a whole number.") from None


def _train(run: RunFolder, log: Board | None) -> None:
    """Train to the end and show how it goes. Whatever ends it before, the run is saved first."""
    failure: TrainingDiverged | OSError | None = None
    with stop_wishes() as wishes:
        try:
            describe(run)
            with display(run) as show:
                for record in run.train():
                    show(record)
                    log = log and _logged(log, run.trainer.history, record)
                    if wishes:
                        break
        except (TrainingDiverged, OSError) as error:  # the latter of the standard output
            failure = error
        run.save()  # of a run that diverged, the weights of its last good step
        if wishes or failure:
            run.save_history()
    if isinstance(failure, TrainingDiverged):
        raise failure
    where = f"Stopped and saved after step {run.trainer.step}. Go on with: {_to_go_on(run)}"
    if wishes:
        say_anyhow(where)
        raise typer.Exit(INTERRUPTED)
    if failure:
        drop_output()
        complain(f"dann: the standard output failed ({failure.strerror}). {where}")
        raise typer.Exit(status_of(failure))


def _logged(log: Board, history: History, record: StepRecord) -> Board | None:
    """``log``, which has the step now; None where it cannot be written, which is no reason to stop
    training."""
    try:
        log.record(record)
        if history.evaluations and history.evaluations[-1].step == record.step:
            log.evaluation(history.evaluations[-1])
    except DataError as error:
        complain(f"dann: {error} Training goes on without it.")
        return None
    return log


def _to_go_on(run: RunFolder) -> str:
    """The command that goes on with a run."""
    return shlex.join(["dann", "train", "--resume", "--out", str(run.folder)])
