"""``dann predict``."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from dann_core.errors import DannError

if TYPE_CHECKING:
    from dann_core.evaluation import Predictions
    from dann_core.trained import Trained


def predict(
    run: Annotated[
        Path, typer.Argument(help="A run's folder, as `dann train --out` made it, or a checkpoint.")
    ],
    examples: Annotated[
        Path,
        typer.Argument(help="A picture, a folder of pictures, or a .npz, .csv or .parquet file."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Write the table there.", show_default="the standard output"),
    ] = None,
) -> None:
    """Say what a trained network takes new examples for, as CSV: a row an example, with its label
    and the probability of each class. No training data is needed."""
    from dann_core.datasets.own import read_examples
    from dann_core.files import file_to_write, kind_of, same_file, shown, written_whole

    if same_file(run, examples):
        raise DannError(f"{shown(examples)} is the run itself. Name what is to be predicted.")
    checkpoint = _checkpoint_of(run)
    if out is not None:
        file_to_write(out)
        _refuse_to_lose(out, [checkpoint, examples])
    trained = read_network(run)
    screen = Console(stderr=True, highlight=False)
    with screen.status("Reading and predicting"):
        names, given = read_examples(examples, trained.inputs)
        if out is not None and kind_of(examples) == "folder":
            _refuse_to_lose(out, [examples / name for name in names])
        found = trained.predict(given)
    table = as_csv(trained, names, found)
    if out is None:
        typer.echo(table, nl=False)
        return
    with written_whole(out) as temporary:
        temporary.write_text(table, encoding="utf-8", newline="")
    typer.echo(f"{shown(out)}: {len(names):,} predictions", err=True)


def read_network(run: Path) -> Trained:
    """Of a run's folder or a checkpoint. Raises as :func:`dann_core.trained.load_trained` does."""
    from dann_core.trained import load_trained

    return load_trained(_checkpoint_of(run))


def _checkpoint_of(run: Path) -> Path:
    from dann_core.files import kind_of

    return run / "checkpoint.pt" if kind_of(run) == "folder" else run


def _refuse_to_lose(out: Path, read: list[Path]) -> None:
    from dann_core.files import same_file, shown
    from dann_lab.runs.folder import is_a_runs_own

    if any(same_file(out, path) for path in read):
        raise DannError(f"--out {shown(out)} is what is read. Choose another name.")
    if is_a_runs_own(out, []):
        raise DannError(f"--out {shown(out)} is a run's own file. Choose another name.")


def as_csv(trained: Trained, names: list[str], found: Predictions) -> str:
    """A row for each example: its name, the label, its probability, and those of all classes."""
    classes = trained.class_names
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["example", "label", "confidence", *(f"p({name})" for name in classes)])
    answers = zip(
        names,
        found.labels.tolist(),
        found.confidence.tolist(),
        found.probabilities.tolist(),
        strict=True,
    )
    for name, label, confidence, probabilities in answers:
        numbers = (f"{value:.6f}" for value in (confidence, *probabilities))
        rows.writerow([in_utf8(name), classes[label], *numbers])
    return text.getvalue()


def in_utf8(name: str) -> str:
    """A file's name as on the disk, where that is UTF-8."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
