"""``dann export``."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from dann_core.errors import DannError
from dann_lab.cli.screen import console
from dann_lab.cli.sizes import require_lab


def export(
    folders: Annotated[
        list[Path], typer.Argument(help="One to three runs' folders, as `dann train` made them.")
    ],
    html: Annotated[
        Path | None, typer.Option(help="A page with a time line, which opens offline.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="A table of one run: a row a step.")] = None,
    map_: Annotated[
        str, typer.Option("--map", help="Maps on the page: PCA, t-SNE, UMAP, or none.")
    ] = "t-SNE",
) -> None:
    """Write runs as a page or a table for elsewhere."""
    require_lab("export")
    from rich.progress import track as progress

    from dann_core.files import file_to_write, kind_of, same_file, shown, written_whole
    from dann_lab.maps.layouts import maker
    from dann_lab.runs import export as writing
    from dann_lab.runs import kept
    from dann_lab.runs.folder import Saved, is_a_runs_own
    from dann_lab.runs.player import MOST, bundle

    if html is None and csv is None:
        raise DannError("Nothing to write. Add --html FILE, --csv FILE, or both.")
    if len(folders) > MOST or (csv and len(folders) > 1):
        most = "one run" if csv else f"{MOST} runs"
        raise DannError(f"{len(folders)} runs are too many: at most {most} at once.")
    method = None if map_ == "none" else map_
    if method is not None:
        maker(method)
    targets = [path for path in (html, csv) if path]
    for path in targets:
        if kind_of(path.absolute().parent) != "folder":
            raise DannError(
                f"There is no folder {shown(path.parent)} for {shown(path.name)}. Make it first."
            )
        file_to_write(path)
        if is_a_runs_own(path, folders):
            raise DannError(f"{shown(path)} is a run's own file. Choose another name.")
    if html and csv and same_file(html, csv):
        raise DannError(f"--html and --csv are both {shown(csv)}. Choose another name for one.")
    saved = [Saved.read(folder) for folder in folders]
    screen = console()
    texts: dict[Path, str] = {}
    if csv:
        texts[csv] = writing.table(kept.history(saved[0]))
    if html:
        drawing = partial(progress, description=f"{map_} maps", console=screen)
        runs = [kept.track(one, method, drawing) for one in saved]
        pictures = kept.pictures(saved[0], runs[0])
        title = " · ".join(run.title for run in runs)
        texts[html] = writing.page(bundle(runs, pictures), title)
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
