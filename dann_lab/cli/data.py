"""``dann data``: what is there, fetching it, building MNIST-M, importing a ready-made one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.table import Column, Table

from dann_lab.cli.options import DataDir, Label, Size, read_size

if TYPE_CHECKING:  # at run time they would cost `dann --help` the seconds that torch takes to load
    from dann_core.datasets.store import Progress

app = typer.Typer(help="See, fetch, build and import data.", no_args_is_help=True)


class What(StrEnum):
    """What can be fetched."""

    mnist = "mnist"
    bsds500 = "bsds500"
    keras = "mnistm-keras"
    liyxi = "mnistm-liyxi"


class Photos(StrEnum):
    """Which photos the test set's patches come from."""

    shared = "shared"
    heldout = "heldout"


@app.command("list")
def list_(data_dir: DataDir = None) -> None:
    """Show what is there, where, and how to get what is missing."""
    from dann_core.datasets import mnist, photos
    from dann_core.datasets.mnistm import builds
    from dann_core.datasets.store import DataStore

    store = DataStore.open(data_dir)
    made = builds(store)
    digits, pictures = store.find(mnist.FOLDER, *mnist.MD5), store.find(photos.FOLDER)
    where = Column("Where", overflow="fold")
    sets = Table("Pair", "Data", where, "To get it", title="Data")
    sets.add_row("digits", "digits and photos", "comes with scikit-learn", "")
    sets.add_row("mnist", "MNIST", *_place(digits, "dann data fetch mnist"))
    sets.add_row("mnist", "BSDS500 photos", *_place(pictures, "dann data fetch bsds500"))
    folder = Path(made[0]["file"]).parent if made else None
    sets.add_row("mnist", "MNIST-M", *_place(folder, "dann data build, or by itself when needed"))
    console = Console()
    console.print(sets)
    if made:
        name = Column("Build", no_wrap=True)  # so that it can be copied
        table = Table(name, "Seed", "Photos", "MB", "SHA-256", title="Builds of MNIST-M")
        for build in made:
            table.add_row(
                *(escape(str(build.get(name, ""))) for name in ("id", "seed", "photos")),
                f"{build['bytes'] / 1e6:.0f}",
                build["sha256"][:12],
            )
        console.print(table)


def _place(path: Path | None, remedy: str) -> tuple[str, str]:
    return (escape(str(path)), "") if path else ("missing", remedy)


@app.command()
def fetch(
    what: Annotated[
        list[What] | None,
        typer.Argument(help="By default: what the pair mnist needs and lacks."),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Download data; asking again goes on where it stopped."""
    from dann_core.datasets import fetching
    from dann_core.datasets.store import DataStore

    store = DataStore.open(data_dir)
    if not what and not fetching.missing(store):
        typer.echo("MNIST and the BSDS500 photos are there. Nothing to fetch.")
        return
    for name in what or fetching.missing(store):
        with bar(DownloadColumn()) as progress:
            paths = fetching.fetch(str(name), store, progress)
        folders = dict.fromkeys(str(path.parent if path.is_file() else path) for path in paths)
        typer.echo(f"{fetching.DATA_SETS[name].title}: in {', '.join(folders)}")
        if str(name) in (What.keras, What.liyxi):
            typer.echo(f"Build: {paths[0].stem}")


@app.command()
def build(
    seed: Annotated[int, typer.Option(help="Of the patches' places.")] = 0,
    photos: Annotated[
        Photos,
        typer.Option(help="heldout: the test set's patches are from photos training never uses."),
    ] = Photos.shared,
    data_dir: DataDir = None,
) -> None:
    """Build MNIST-M from MNIST and the BSDS500 photos."""
    from dann_core.datasets.mnist import read_mnist
    from dann_core.datasets.mnistm import mnistm
    from dann_core.datasets.store import DataStore

    begun = time.monotonic()
    store = DataStore.open(data_dir)
    with bar(MofNCompleteColumn()) as progress:
        made = mnistm(store, *read_mnist(store), seed, photos, progress)
    typer.echo(f"Build:   {made.build['id']}")
    typer.echo(f"SHA-256: {made.build['sha256']}")
    typer.echo(f"Seconds: {time.monotonic() - begun:.1f}")


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="mnist_m.tar.gz (the authors' own), mnist_m_train.pt.tar.gz or mnist_m_train.pt "
            "with the test file beside it, keras_mnistm.pkl.gz, or mnistm_data.pkl.",
        ),
    ],
    data_dir: DataDir = None,
) -> None:
    """Import a ready-made MNIST-M. It is checked against MNIST, which must be there."""
    from dann_core.datasets.importing import import_mnistm
    from dann_core.datasets.store import DataStore

    store = DataStore.open(data_dir)
    for name in dict.fromkeys(import_mnistm(file, store) for file in files):
        typer.echo(f"Build: {name}")


@app.command()
def check(
    source: Annotated[
        Path,
        typer.Argument(help="A folder with a folder a class, or a .npz, .csv or .parquet file."),
    ],
    target: Annotated[Path, typer.Argument(help="The same; it need not have labels.")],
    label: Label = None,
    size: Size = None,
    picture: Annotated[
        Path | None, typer.Option(help="Write some of the examples as a picture (PNG).")
    ] = None,
) -> None:
    """Look at data of your own, as `dann train --source SOURCE --target TARGET` would use it."""
    import io

    from dann_core.datasets.about import about, examples_picture
    from dann_core.datasets.own import from_paths
    from dann_core.files import file_to_write, written_whole

    if picture is not None:
        file_to_write(picture)
    with bar(MofNCompleteColumn()) as progress:
        pair = from_paths(source, target, label=label, size=read_size(size), progress=progress)
    found = about(pair)
    domains = (found.source, found.target)
    table = Table(
        "Class",
        *(Column(escape(one.name), justify="right") for one in domains),
    )
    typer.echo(f"{len(found.classes)} classes, {found.inputs}")
    for k, name in enumerate(found.classes):
        table.add_row(escape(name), *(_count(one.by_class[k]) for one in domains))
    table.add_row("not labelled", *(_count(one.unlabelled) for one in domains), end_section=True)
    for k, split in enumerate(("training", "validation", "test")):
        table.add_row(split, *(_count(one.examples[k]) for one in domains))
    table.add_row("in all", *(_count(one.total) for one in domains))
    Console().print(table)
    for note in found.notes:
        typer.echo(note)
    typer.echo(f"Build: {pair.build['id']}")
    if picture is not None:
        contents = io.BytesIO()
        examples_picture(pair).save(contents, "png")
        with written_whole(picture) as temporary:
            temporary.write_bytes(contents.getbuffer())
        typer.echo(f"Examples: {picture}")


def _count(n: int) -> str:
    return f"{n:,}" if n else "–"


@contextmanager
def bar(amount: DownloadColumn | MofNCompleteColumn) -> Iterator[Progress]:
    """A progress bar per piece of work, with the time left, on stderr, if that is a terminal."""
    text = TextColumn("{task.description}")
    tasks: dict[str, TaskID] = {}
    screen = Console(stderr=True)
    columns = (text, BarColumn(), amount, TimeRemainingColumn())
    with Bars(*columns, console=screen, disable=not screen.is_terminal) as bars:

        def progress(doing: str, done: int, total: int | None) -> None:
            if doing not in tasks:
                tasks[doing] = bars.add_task(doing, total=total)
            bars.update(tasks[doing], completed=done, total=total)

        yield progress
