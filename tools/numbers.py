"""Measured numbers in texts, and the claims that rest on them: both from the files of results.

`make generated` fills them in (generated.py, notebooks.py). A result file is
``dann_lab/lessons/NAME.json``, which a script in benchmarks/ writes. In a lesson's source

* ``{{results/mnist-quick-4000-dann/target}}`` becomes ``.913 ± .004``: what is found in
  results.json under these keys. ``{{.../target as percent}}`` becomes ``91 %``; other forms are in
  :data:`FORMS`;
* ``{{claim: results/A/target > results/B/target}}`` becomes nothing if it is true, and an error if
  it is not. ``>`` and ``<`` hold where the two do not overlap (mean ± standard deviation), ``~``
  where they do. Either side can be a number.

In other Markdown files the number stands between two comments, so that the file can be read as it
is: ``<!--= results/A/target -->.913 ± .004<!-- /= -->``, and a claim is ``<!-- claim: ... -->``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dann_core.errors import DannError

ROOT = Path(__file__).parents[1]
RESULTS = Path("dann_lab", "lessons")
"""Where the files of results are, below the repository."""
FILLED = re.compile(r"\{\{(?!claim:)\s*([^{}]+?)\s*\}\}")
CLAIM = re.compile(r"\{\{claim:\s*([^{}]+?)\s*\}\}[^\S\n]*\n?")
MARKED = re.compile(r"(<!--=\s*(.+?)\s*-->).*?(<!-- /= -->)", re.DOTALL)
MARKED_CLAIM = re.compile(r"<!-- claim:\s*(.+?)\s*-->")
SIDES = re.compile(r"(.+?)\s+([<>~])\s+(.+)")


class NumberError(DannError):
    """A number that is not there, or a claim that is not true; the message names it."""


def value(path: str, root: Path = ROOT) -> Any:
    """What the file of results has under the keys of ``path``, such as ``moons/reverse 1/target``.

    A number in a list is named by its place, from 0. Raises :class:`NumberError`.
    """
    name, *keys = path.split("/")
    file = root / RESULTS / f"{name}.json"
    try:
        found: Any = json.loads(file.read_text(encoding="utf-8"))
        for key in keys:
            found = found[int(key)] if isinstance(found, list) else found[key]
    except (OSError, KeyError, IndexError, ValueError, TypeError) as error:
        raise NumberError(f"There is no number {path!r} in {RESULTS.as_posix()}.") from error
    return found


def short(number: float, digits: int = 3) -> str:
    """Such as .728 or 1.04."""
    return (
        f"{number:.{digits}f}".replace("0.", ".", 1) if abs(number) < 1 else f"{number:.{digits}f}"
    )


def mean_of(found: Any) -> float:
    return float(found["mean"]) if isinstance(found, dict) else float(found)


def spread_of(found: Any) -> tuple[float, float]:
    """From and to: mean ± standard deviation, or a number alone."""
    std = float(found["std"]) if isinstance(found, dict) else 0.0
    return mean_of(found) - std, mean_of(found) + std


def plus_minus(found: Any) -> str:
    if not isinstance(found, dict):
        return found if isinstance(found, str) else short(float(found))
    return f"{short(found['mean'])} ± {short(found['std'])}"


FORMS: dict[str, Callable[[Any], str]] = {
    "": plus_minus,
    "mean": lambda found: short(mean_of(found)),
    "two": lambda found: short(mean_of(found), 2),
    "percent": lambda found: f"{100 * mean_of(found):.0f} %",
    "whole": lambda found: f"{mean_of(found):,.0f}",
    "wholes": lambda found: f"{min(found['each']):,.0f} to {max(found['each']):,.0f}",
    "range": lambda found: f"{short(min(found['each']), 2)}-{short(max(found['each']), 2)}",
    "interval": lambda found: "{} ({} to {})".format(
        *(round(float(found[name]), 1) + 0.0 for name in ("mean", "low", "high"))
    ),
    "percents": lambda found: (
        f"{100 * min(found['each']):.0f} % to {100 * max(found['each']):.0f} %"
    ),
}
"""How a number is written: by default as mean ± standard deviation; "interval" is for points, with
one digit."""


def written(place: str, root: Path = ROOT) -> str:
    """``path`` or ``path as form`` as text. Raises :class:`NumberError`."""
    path, _, form = (part.strip() for part in place.partition(" as "))
    if form not in FORMS:
        raise NumberError(f"{place!r}: there is no form {form!r}. Known: {', '.join(FORMS)[2:]}.")
    try:
        return FORMS[form](value(path, root))
    except (KeyError, TypeError, ValueError) as error:
        raise NumberError(
            f"{place!r} cannot be written so: it is another kind of value."
        ) from error


def check(claim: str, root: Path = ROOT) -> None:
    """Raise :class:`NumberError` unless the claim is true."""
    sides = SIDES.fullmatch(claim)
    if sides is None:
        raise NumberError(f"{claim!r} is no claim. It needs a >, < or ~ between two places.")

    def side(text: str) -> Any:
        return float(text) if re.fullmatch(r"[-\d.]+", text) else value(text, root)

    one, other = side(sides[1]), side(sides[3])
    (least, most), (low, high) = spread_of(one), spread_of(other)
    holds = {">": least > high, "<": most < low, "~": least <= high and low <= most}[sides[2]]
    if not holds:
        raise NumberError(
            f"It is not true any more that {claim}: {plus_minus(one)} and {plus_minus(other)}. "
            "Say what is."
        )


def filled(text: str, root: Path = ROOT) -> str:
    """A lesson's Markdown with its numbers, without its claims. Raises :class:`NumberError`."""
    for claim in CLAIM.findall(text):
        check(claim, root)
    return FILLED.sub(lambda found: written(found[1], root), CLAIM.sub("", text))


def marked(text: str, root: Path = ROOT) -> str:
    """Another file's Markdown with its numbers brought up to date. Raises :class:`NumberError`."""
    for claim in MARKED_CLAIM.findall(text):
        check(claim, root)
    return MARKED.sub(lambda found: f"{found[1]}{written(found[2], root)}{found[3]}", text)


def pages(root: Path = ROOT) -> list[Path]:
    """The Markdown files that can have marked numbers and claims."""
    return [root / "README.md", *sorted(root.glob("docs/*.md")), *root.glob("benchmarks/*.md")]


def made(root: Path = ROOT) -> dict[Path, str]:
    """Path below ``root`` -> text, of each Markdown file that has marked numbers or claims."""
    texts = {file: file.read_text(encoding="utf-8") for file in pages(root)}
    return {
        file.relative_to(root): marked(text, root)
        for file, text in texts.items()
        if MARKED.search(text) or MARKED_CLAIM.search(text)
    }
