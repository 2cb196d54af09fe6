"""Up to three runs side by side, with a time line of their own; no Python moves it.

Everything travels with the widget, so that it also works on a static page and in a file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import traitlets

from dann_core.datasets import NAMES, load_pair
from dann_core.errors import DataError
from dann_lab.figures import curves, feature_maps, images, sentences, sprites
from dann_lab.figures.classes import name_of
from dann_lab.figures.judgement import number
from dann_lab.figures.sprites import Sheet
from dann_lab.figures.theme import DARK, LIGHT, Figure, Theme, titled
from dann_lab.runs import recordings
from dann_lab.runs.protocol import MOST_SIDE_BY_SIDE, Bundle, Part, PlainRun, Themed
from dann_lab.runs.recordings import Track
from dann_lab.widgets.base import PlotWidget
from dann_lab.widgets.document import STATIC, style

Pictures = Mapping[str, Sheet]
NONE: Pictures = {}
READ = 12
"""The most examples that a picture of readings has."""
CURVES = {
    "target_accuracy": "Right on the target",
    "source_accuracy": "Right on the source",
    "domain_accuracy": "Domain classifier, right",
    "label_loss": "Label loss (nats)",
    "domain_loss": "Domain loss (nats)",
    "distance": "Distance between the domains, as the method has it",
    "lambda_": "Lambda",
}
PLAYER_CSS = style("player.css")


class Player(PlotWidget):
    """Shows one to three tracks: their curves in one picture, their maps side by side; or those of
    its ``parts`` that are asked for.

    ``pictures``: of the maps' points, as :func:`bundle` takes them. Raises :class:`DataError` for
    another number of tracks.
    """

    _css = PlotWidget._css + PLAYER_CSS
    _esm = STATIC / "player.js"
    bundle = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        runs: Sequence[Track],
        title: str = "",
        pictures: Pictures = NONE,
        parts: Sequence[Part] = (),
    ):
        whole = bundle(runs, pictures) | {"title": title}
        self._runs, self._pictures = list(runs), dict(pictures)
        super().__init__(bundle=whole | {"parts": list(parts)} if parts else whole)

    def words(self) -> list[str]:
        ends = [f"{run.title}, at the end: {run.sentences[-1]}" for run in self._runs]
        return [self.bundle["title"] or "Runs side by side", *ends]

    def panels(self) -> list[Figure]:
        return at_the_end(self._runs, self._pictures, self.bundle.get("parts", ()))


def at_the_end(
    runs: Sequence[Track], pictures: Pictures = NONE, parts: Sequence[Part] = ()
) -> list[Figure]:
    """What a :class:`Player` of these shows last, for paper: the readings, the maps, a curve."""
    shown = [runs[0], *(recordings.beside(runs[0], run) for run in runs[1:])]
    parts = parts or ["maps", "curves"]
    made: list[Figure] = []
    if "readings" in parts:
        made += [panel for run in shown if (panel := _readings(run, pictures))]
    if "maps" in parts:
        made += [_last_map(run) for run in shown if run.maps]
    if "curves" in parts or not made:
        name = next(name for name in CURVES if any(name in run.curves for run in shown))
        made.append(titled(_overlay(shown, name, LIGHT), CURVES[name]))
    return made


def _last_map(run: Track) -> Figure:
    maps = run.maps.get("t-SNE") or next(iter(run.maps.values()))
    positions = maps.positions[-1].astype(np.float32) * maps.scale
    labels, domains = run.labels.astype(np.int64), run.domains.astype(np.int64)
    figure = feature_maps.scatter_map(positions, labels, domains, LIGHT, classes=run.classes)
    figure["layout"]["showlegend"] = False  # each class has its name on the map
    return titled(figure, run.title)


def _readings(run: Track, pictures: Pictures) -> Figure | None:
    """Some of the target's examples, and what the network at the end takes each for."""
    sheet = pictures.get(run.data)
    if sheet is None:
        return None
    chosen = np.flatnonzero(run.domains == 1)[:READ]
    says = run.predictions[-1]
    names = [f"read as {name_of(int(says[place]), run.classes)}" for place in chosen]
    return titled(images.framed(sprites.cut(sheet, chosen), names), run.title)


def recorded(pair: str = "mnist") -> Player:
    """The three runs that ship with the project for ``pair``, "mnist" or "stripes": nothing has to
    be trained. Raises :class:`DataError` for another one."""
    runs = tracks(pair)
    if not runs:
        raise DataError(f"No runs are recorded for the pair {pair!r:.50}. Choose mnist or stripes.")
    return Player(runs, f"Recorded: {' → '.join(NAMES[pair])}, without and with DANN")


def tracks(pair: str) -> list[Track]:
    """Those of :func:`recorded`; none for a pair without."""
    names = NAMES.get(pair, ())
    return [run for run in recordings.recorded() if run.names == names]


def first_look() -> Player:
    """What two recorded networks read behind stripes, moment by moment: one trained on plain digits
    alone, one with DANN. The digits are built in; nothing has to be trained."""
    titles = {"source": "Plain digits only", "dann": "With DANN"}
    shown = [
        replace(run, title=titles[run.recipe["mode"]], maps={})  # no map is shown
        for run in recordings.recorded()
        if run.names == NAMES["stripes"] and run.recipe["lambda_"] != 0
    ]
    sheet = sprites.pictures(load_pair("stripes"), shown[0].domains)
    pictures = {shown[0].data: sheet} if sheet else {}
    return Player(shown, "Two networks learn to read", pictures, ["readings"])


def bundle(runs: Sequence[Track], pictures: Pictures = NONE) -> Bundle:
    """What ``player.js`` shows, as JSON takes it.

    ``pictures``: of the points, by the data's id, see
    :func:`dann_lab.figures.sprites.pictures`; runs on other data show none. Raises
    :class:`DataError` for none or over three runs.

    Maps of the same images are turned onto those of the first run, so that they can be compared
    place by place.
    """
    if not 1 <= len(runs) <= MOST_SIDE_BY_SIDE:
        raise DataError(
            f"{len(runs)} runs: choose one to {MOST_SIDE_BY_SIDE} to show side by side."
        )
    shown = [runs[0], *(recordings.beside(runs[0], other) for other in runs[1:])]
    names = [name for name in CURVES if any(name in run.curves for run in shown)]
    return {
        "runs": [_plain(run) for run in shown],
        "curves": {
            name: {
                "title": CURVES[name],
                "share": name in recordings.EVALUATED,
                "light": _overlay(shown, name, LIGHT),
                "dark": _overlay(shown, name, DARK),
            }
            for name in names
        },
        "differences": differences(shown),
        "pictures": dict(pictures),
    }


def _plain(run: Track) -> PlainRun:
    templates: Themed = {"light": _template(run, LIGHT), "dark": _template(run, DARK)}
    whole: PlainRun = {**recordings.plain(run), "templates": templates}  # type: ignore[typeddict-item]
    return whole


def differences(runs: Sequence[Track]) -> list[list[str]]:
    """A row for each thing in which the runs differ: what, and its value in each run."""
    rows = [["steps done", *(f"{run.steps:,}" for run in runs)]]
    # Of lambda the last row tells what was applied, whoever chose it.
    apart = ("method", "lambda_")
    names = list(dict.fromkeys(name for run in runs for name in run.recipe if name not in apart))
    rows += [
        [name.strip("_").replace("_", " "), *(str(run.recipe.get(name)) for run in runs)]
        for name in names
    ]
    rows.append(["source → target", *(" → ".join(run.names) for run in runs)])
    rows.append(["method", *(_method(run) for run in runs)])
    rows.append(["lambda", *(_lambda(run) for run in runs)])
    rows = [row for row in rows if len(set(row[1:])) > 1]
    rows.append(["target, right at the end", *(_last(run, "target_accuracy") for run in runs)])
    if len(runs) > 1 and (shares := [_agreement(runs[0], run) for run in runs[1:]]) and all(shares):
        rows.append(["target, same answer as the first run", "", *shares])
    return rows


def _agreement(one: Track, other: Track) -> str:
    """The share of the target's examples on the map that both runs take for the same at the end,
    which needs no label; "" for runs on other examples."""
    if one.data != other.data or not recordings.alike(one, other) or not len(one.labels):
        return ""
    target = one.domains == 1
    last, theirs = one.predictions[-1][target], other.predictions[-1][target]
    return sentences.percent(float((last == theirs).mean()))


def _method(run: Track) -> str:
    if run.recipe.get("mode") != "dann":
        return "not used"
    method = run.recipe.get("method", "dann")
    return sentences.NAMES_OF_METHODS.get(method, method)


def _lambda(run: Track) -> str:
    curve = run.curves.get("lambda_")
    if run.recipe.get("mode") != "dann" or curve is None:
        return "not used"
    low, high = float(curve.y.min()), float(curve.y.max())
    return number(float(curve.y[-1])) if high - low < 0.005 else f"{number(low)} to {number(high)}"


def _last(run: Track, name: str) -> str:
    curve = run.curves.get(name)
    return sentences.percent(math.nan if curve is None else float(curve.y[-1]))


def _overlay(runs: Sequence[Track], name: str, theme: Theme) -> Figure:
    lines = {
        run.title: (run.curves[name].x, run.curves[name].y) for run in runs if name in run.curves
    }
    forks = {run.title: run.fork for run in runs if run.fork}
    share = name in recordings.EVALUATED
    return curves.overlay(lines, CURVES[name], theme, share=share, forks=forks)


def _template(run: Track, theme: Theme) -> Figure:
    """The map's look without positions, which the page puts in."""
    if not len(run.labels):
        return {"data": [], "layout": {}}
    labels, domains = run.labels.astype(np.int64), run.domains.astype(np.int64)
    nowhere = np.zeros((len(labels), 2), np.float32)
    figure = feature_maps.scatter_map(nowhere, labels, domains, theme, classes=run.classes)
    for trace in figure["data"]:
        if "customdata" in trace:
            del trace["x"], trace["y"]
    return figure
