"""``dann export``."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dann_core.errors import DannError
from dann_lab.cli.options import require_free
from dann_lab.cli.predict import read_network
from dann_lab.cli.screen import console
from dann_lab.cli.sizes import require_lab

if TYPE_CHECKING:
    from dann_core.trained import Trained
    from dann_lab.runs.folder import Saved
    from dann_lab.runs.protocol import PlainNetwork


def export(
    folders: Annotated[
        list[Path],
        typer.Argument(
            help="One to three runs' folders, as `dann train` made them; for --onnx and --torch "
            "also a checkpoint."
        ),
    ],
    html: Annotated[
        Path | None, typer.Option(help="A page with a time line, which opens offline.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="A table of one run: a row a step.")] = None,
    onnx: Annotated[
        Path | None, typer.Option(help="One run's network as ONNX, checked with onnxruntime.")
    ] = None,
    torch: Annotated[
        Path | None,
        typer.Option(help="One run's network for PyTorch alone (torch.export), a .pt2 file."),
    ] = None,
    map_: Annotated[
        str, typer.Option("--map", help="Maps on the page: PCA, t-SNE, UMAP, or none.")
    ] = "t-SNE",
    weights: Annotated[
        bool,
        typer.Option(
            "--weights",
            help="The page also has the networks (.7 MB each), which read a digit that one draws.",
        ),
    ] = False,
) -> None:
    """Write runs as a page or a table, or a network, for elsewhere."""
    from dann_lab.runs.folder import Saved
    from dann_lab.runs.protocol import MOST_SIDE_BY_SIDE

    given = {"--html": html, "--csv": csv, "--onnx": onnx, "--torch": torch}
    targets = {option: path for option, path in given.items() if path}
    if not targets:
        raise DannError(f"Nothing to write. Add FILE behind one of {', '.join(given)}.")
    if weights and not html:
        raise DannError("--weights is for the page. Add --html FILE, or leave it out.")
    most = 1 if csv or onnx or torch else MOST_SIDE_BY_SIDE
    if len(folders) > most:
        runs = "one run" if most == 1 else f"{most} runs"
        raise DannError(f"{len(folders)} runs are too many: at most {runs} at once.")
    _check_names(targets, folders)
    method = None if map_ == "none" else map_
    if html or csv:
        require_lab("export")
        saved = [Saved.read(folder) for folder in folders]
        networks = _networks(folders) if weights else []
    if onnx or torch:
        network = read_network(folders[0])
    if html or csv:
        _write_pages(saved, html, csv, method, networks)
    if onnx or torch:
        _write_networks(network, onnx, torch)


def _check_names(targets: dict[str, Path], folders: list[Path]) -> None:
    from dann_core.files import same_file, shown

    for path in targets.values():
        require_free(path, folders, shown(path.name))
    for (one, first), (other, second) in combinations(targets.items(), 2):
        if same_file(first, second):
            raise DannError(
                f"{one} and {other} are both {shown(second)}. Choose another name for one."
            )


def _networks(folders: list[Path]) -> list[PlainNetwork]:
    """The runs' networks as a page can run them. Raises :class:`DannError` where none can."""
    from dann_core.errors import DataError
    from dann_lab.runs.halves import plain

    try:
        return [plain(read_network(folder), folder.absolute().name) for folder in folders]
    except DataError as error:
        raise DannError(f"--weights: {error}") from error


def _write_networks(trained: Trained, onnx: Path | None, torch: Path | None) -> None:
    from dann_core.trained import OPSET, export_onnx, export_torch

    screen = console()
    written = [
        (onnx, export_onnx, f"ONNX, opset {OPSET}"),
        (torch, export_torch, "torch.export"),
    ]
    for path, write, kind in written:
        if path:
            with screen.status(f"Writing {path}"):
                difference = write(trained, path)
            size = path.stat().st_size / 1e6
            screen.print(
                f"{path}: {kind}, {size:.1f} MB. The largest difference of a probability from the "
                f"network's own is {difference:.0e}.",
                markup=False,
            )


def _write_pages(
    saved: list[Saved],
    html: Path | None,
    csv: Path | None,
    method: str | None,
    networks: list[PlainNetwork],
) -> None:
    from rich.progress import track as progress

    from dann_core.files import written_whole
    from dann_lab.maps.layouts import maker
    from dann_lab.runs import export as writing
    from dann_lab.runs import kept
    from dann_lab.runs.player import bundle

    if method is not None:
        maker(method)
    screen = console()
    texts: dict[Path, str] = {}
    if csv:
        texts[csv] = writing.table(kept.history(saved[0]))
    if html:
        drawing = partial(progress, description=f"{method} maps", console=screen)
        runs = [kept.track(one, method, drawing) for one in saved]
        pictures = kept.pictures(saved[0], runs[0])
        title = " · ".join(run.title for run in runs)
        texts[html] = writing.page(bundle(runs, pictures), title, networks)
    with ExitStack() as both:  # or neither
        for path, text in texts.items():
            temporary = both.enter_context(written_whole(path))
            temporary.write_text(text, encoding="utf-8", newline="\n")
    if csv:
        steps = len(saved[0].state["history"]["steps"]["step"])
        screen.print(f"{csv}: {steps:,} steps", markup=False)
    if html:
        size = html.stat().st_size / 1e6
        screen.print(f"{html}: open it in any browser ({size:.1f} MB)", markup=False)
