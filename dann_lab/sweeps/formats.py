"""A table as text that other programs take: CSV, Markdown, LaTeX."""

from __future__ import annotations

import csv
import io
import math
import re

from dann_lab.sweeps.table import Row, Table

NUMBERS = ("mean", "sd", "95% interval", "n", "seeds")
LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "–": "--",
}
LATEX |= {sign: "\\" + sign for sign in "&%$#_{}"}


def fraction(value: float, digits: int = 4) -> str:
    """An accuracy, or a dash where there is none."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def numbers(row: Row) -> tuple[str, ...]:
    """Mean, standard deviation, interval, n, and each seed's value, as a person reads them."""
    low, high = row.interval
    between = "–" if math.isnan(low) else f"{low:.4f} to {high:.4f}"
    n = f"{row.n} ({row.diverged} diverged)" if row.diverged else str(row.n)
    seeds = ", ".join(f"{one.seed}: {one.value:.4f}" for one in row.runs) or "–"
    return fraction(row.mean), fraction(row.deviation), between, n, seeds


def about(table: Table) -> str:
    """What the numbers are of, in a sentence or two, with what is missing."""
    runs = sum(row.n for row in table.rows)
    text = (
        f"{table.value.capitalize()} accuracy on the test images at the last step, {runs:,} runs, "
        f"data {', '.join(table.builds)}; sd is the sample's, the interval Student's t."
    )
    return f"{text} {missing(table)}".strip()


def missing(table: Table) -> str:
    """The runs that no number is of, or nothing."""
    diverged, others = sum(row.diverged for row in table.rows), table.unfinished
    parts = [f"{diverged:,} runs diverged and are not in the means."] if diverged else []
    if others:
        named = ", ".join(others[:5]) + (f" and {len(others) - 5:,} more" if others[5:] else "")
        parts.append(f"{len(others):,} runs have not ended: {named}.")
    return " ".join(parts)


def as_csv(table: Table) -> str:
    """A row a run, so that a program can do its own statistics, the row's numbers beside it."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    names = ("mean", "sd", "low", "high", "n", "diverged", "seed", table.value, "folder")
    rows.writerow([*table.columns, *names])
    for row in table.rows:
        measured = [row.mean, row.deviation, *row.interval]
        cells = [*row.values, *("" if math.isnan(x) else repr(x) for x in measured)]
        cells += [str(row.n), str(row.diverged)]
        for one in row.runs:
            rows.writerow([*cells, one.seed, repr(one.value), one.folder])
        if not row.runs:
            rows.writerow([*cells, "", "", ""])
    return text.getvalue()


def as_markdown(table: Table) -> str:
    """A table as GitHub and others show it."""
    head = [*table.columns, *NUMBERS]
    sides = ["---"] * len(table.columns) + ["---:", "---:", ":---:", "---:", "---"]
    lines = [head, sides, *([*row.values, *numbers(row)] for row in table.rows)]
    body = ["| " + " | ".join(_in_markdown(cell) for cell in line) + " |" for line in lines]
    return "\n".join([*body, "", about(table), ""])


def _in_markdown(text: str) -> str:
    return re.sub(r"([|\\`*<>\[\]])", r"\\\1", " ".join(text.split()))


def as_latex(table: Table) -> str:
    """A tabular of the package booktabs, with what it is of as a comment."""
    head = [*table.columns, "mean", "sd", r"95% interval", "n"]
    lines = [[*row.values, *numbers(row)[:4]] for row in table.rows]
    return "\n".join(
        [
            f"% {about(table)}",
            "% Needs \\usepackage{booktabs}",
            rf"\begin{{tabular}}{{{'l' * len(table.columns)}rrcr}}",
            r"\toprule",
            _in_latex(head),
            r"\midrule",
            *map(_in_latex, lines),
            r"\bottomrule",
            r"\end{tabular}",
            "",
        ]
    )


def _in_latex(cells: list[str]) -> str:
    escaped = ["".join(LATEX.get(sign, sign) for sign in " ".join(cell.split())) for cell in cells]
    return " & ".join(escaped) + r" \\"
