"""``dann select``."""

from __future__ import annotations

import csv
import io
import math
import shlex
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.progress import MofNCompleteColumn
from rich.table import Table

from dann_core.errors import DannError
from dann_lab.cli.data import bar
from dann_lab.cli.options import DataDir
from dann_lab.cli.predict import in_utf8
from dann_lab.cli.screen import accuracy, console
from dann_lab.cli.train import loaded

if TYPE_CHECKING:
    from dann_core.domains import DomainPair
    from dann_lab.runs.candidates import Candidate, Chosen

SHOWN = 10
"""The most candidates that are listed."""
ALL = "all"


def select(
    folders: Annotated[
        list[Path], typer.Argument(help="Runs' folders, as `dann train --keep-every N` made them.")
    ],
    by: Annotated[
        str,
        typer.Option(
            metavar="RULE",
            help="entropy, snd, iwv, dev, circular, source, last, or all to compare them.",
        ),
    ] = ALL,
    csv_: Annotated[
        Path | None, typer.Option("--csv", help="Write all candidates and scores as a table.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Choose among the checkpoints of runs, without the target's labels.

    The rules look at the source's training and validation examples and the target's training
    examples without labels (docs/selection.md). Where the target does have labels, it is also said
    how many points of accuracy the choice is below the best, which only those labels tell.
    """
    from dann_core.files import file_to_write, in_full, shown, written_whole
    from dann_core.selection import RULES, checked_rule
    from dann_lab.runs.candidates import read_runs, require_same_data
    from dann_lab.runs.folder import is_a_runs_own

    rules = list(RULES) if by == ALL else [checked_rule(by, "by")]
    if csv_ is not None:
        file_to_write(csv_)
        if is_a_runs_own(csv_, folders):
            raise DannError(f"--csv {shown(csv_)} is a run's own file. Choose another name.")
    first, found = read_runs(folders)
    data = first.data
    if data_dir is not None:
        data = replace(data, data_dir=str(in_full(data_dir)))
    pair = loaded(data)
    require_same_data(pair, first)
    chosen = _scored(found, pair, rules)
    screen = console()
    if by == ALL:
        screen.print(_by_every_rule(chosen))
    else:
        screen.print(_by_one_rule(chosen, by))
        screen.print(_choice(chosen, by), markup=False, soft_wrap=True)
    screen.print(_about_regret(chosen), markup=False, soft_wrap=True)
    if by == ALL:
        screen.print(
            "docs/selection.md has what each rule was worth where labels could tell. With --by "
            "RULE the chosen checkpoint is named.",
            soft_wrap=True,
        )
    if csv_ is not None:
        with written_whole(csv_) as temporary:
            temporary.write_text(as_csv(chosen, rules), encoding="utf-8", newline="")
        typer.echo(f"{shown(csv_)}: {len(found):,} checkpoints")


def _scored(found: list[Candidate], pair: DomainPair, rules: list[str]) -> Chosen:
    from dann_lab.runs.candidates import Chosen, score

    results = []
    with bar(MofNCompleteColumn()) as progress:
        for done, candidate in enumerate(found):
            progress("Scoring", done, len(found))
            results.append(score(candidate, pair, rules))
        progress("Scoring", len(found), len(found))
    scores, accuracies = zip(*results, strict=True)
    return Chosen(found, scores, accuracies)


def _by_every_rule(chosen: Chosen) -> Table:
    """A row for each rule: what it chooses."""
    from dann_core.selection import RULES

    table = Table(
        title=f"What each rule chooses of {len(chosen.candidates):,} checkpoints",
        box=SIMPLE_HEAD,
        title_justify="left",
    )
    for column in ("rule", "run", "step", "score", "target", "regret"):
        table.add_column(column, justify="left" if column in ("rule", "run") else "right")
    for rule in RULES:
        place = chosen.by(rule) if _is_known(chosen, rule) else None
        if place is None:
            table.add_row(rule, "–", "–", "none", "–", "–")
        else:
            table.add_row(rule, *_cells(chosen, place, rule))
    return table


def _is_known(chosen: Chosen, rule: str) -> bool:
    return not all(math.isnan(getattr(one, rule)) for one in chosen.scores)


def _by_one_rule(chosen: Chosen, by: str) -> Table:
    """The candidates from the best on, as the rule has it."""
    from dann_core.selection import RULES

    rule, first = RULES[by], chosen.by(by)
    sign = -1 if rule.better == "high" else 1
    scores = [sign * getattr(one, by) for one in chosen.scores]
    known = [k for k, value in enumerate(scores) if not math.isnan(value)]
    order = sorted(known, key=lambda k: (k != first, scores[k]))
    better = "more" if rule.better == "high" else "less"
    more = f", the first {SHOWN} of {len(order):,}" if len(order) > SHOWN else ""
    title = escape(f"By {by}: {rule.text}; {better} is better{more}")
    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left")
    for column in ("run", "step", "score", "target", "regret"):
        table.add_column(column, justify="left" if column == "run" else "right")
    for k in order[:SHOWN]:
        table.add_row(*_cells(chosen, k, by))
    return table


def _cells(chosen: Chosen, place: int, rule: str) -> list[str]:
    from dann_core.files import shown

    candidate, score = chosen.candidates[place], getattr(chosen.scores[place], rule)
    regret = chosen.regret(place)
    return [
        escape(shown(candidate.run)),
        f"{candidate.step:,}",
        f"{score:.4f}",
        accuracy(chosen.accuracies[place]),
        "–" if math.isnan(regret) else f"{100 * regret:.1f}",
    ]


def _choice(chosen: Chosen, by: str) -> str:
    """The checkpoint that is chosen, and how to use it."""
    from dann_core.files import shown

    place = chosen.by(by)
    candidate = chosen.candidates[place]
    file = str(candidate.file)
    predict = shlex.join(["dann", "predict", file]) + " EXAMPLES"
    export = shlex.join(["dann", "export", file, "--onnx", "network.onnx"])
    alike = _alike(chosen, by)
    return (
        f"Chosen: {shown(candidate.file)}, step {candidate.step:,} of {candidate.steps:,} of the "
        f"run {shown(candidate.run)}. {alike}Use it with: {predict}\nor: {export}"
    )


def _alike(chosen: Chosen, by: str) -> str:
    from dann_core.selection import best

    others = len(best(chosen.scores, by)) - 1
    if not others:
        return ""
    return (
        f"{others:,} {'other is' if others == 1 else 'others are'} as good by this rule; of those "
        "the one that was trained longest is taken, then the run that was named first. "
    )


def _about_regret(chosen: Chosen) -> str:
    if math.isnan(chosen.best):
        return "The target has no labelled test example, so nobody knows how good a choice is."
    return (
        "target: accuracy on the target's test examples; regret: how many points that is below "
        f"the best of all, {accuracy(chosen.best)}. Both are known only because these data have "
        "labels; no rule saw them."
    )


def as_csv(chosen: Chosen, rules: list[str]) -> str:
    """A row for each candidate: run, step, file, what ``rules`` give, and the target's accuracy,
    empty where it is not known."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["run", "step", "file", *rules, "target_accuracy"])
    for one, scores, target in zip(
        chosen.candidates, chosen.scores, chosen.accuracies, strict=True
    ):
        found = asdict(scores)
        numbers = ["" if math.isnan(v) else v for v in (*(found[rule] for rule in rules), target)]
        rows.writerow([in_utf8(str(one.run)), one.step, in_utf8(str(one.file)), *numbers])
    return text.getvalue()
