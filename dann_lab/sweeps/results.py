"""What the folders of runs say of themselves, from their small files alone: fast for thousands."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from dann_core.errors import DannError, DataError, TrainingDiverged
from dann_core.files import AnyPath, kind_of, regular_file, shown
from dann_core.forms import check_form
from dann_core.plain_numbers import is_number
from dann_core.recipe import Recipe
from dann_lab.runs.folder import CHECKPOINT, DIVERGED, METRICS, Saved
from dann_lab.sweeps.fields import RECIPE_FIELDS, written
from dann_lab.sweeps.plan import Planned

State = Literal["done", "diverged", "begun", "new"]
"""What a run's folder holds: a finished run, one that diverged, one to go on with, or none."""
USUAL = {field.name: field.default for field in fields(Recipe)}
"""The values of a recipe's fields in runs that are older than the field."""
ACCURACIES = ("source", "target", "domain")


@dataclass(frozen=True)
class Result:
    """A run that has ended. ``accuracy``: source, target and domain, 0 to 1, None where none is
    known; empty for a run that diverged, at step ``step``."""

    folder: Path
    recipe: dict[str, Any]
    build: dict[str, Any]
    data_options: dict[str, Any] | None
    accuracy: dict[str, float | None]
    step: int
    diverged: TrainingDiverged | None = None


def result_of(folder: AnyPath) -> Result | None:
    """What the run in ``folder`` has come to; None unless it has ended.

    Raises :class:`DataError` for a file that is damaged or of another form."""
    folder = Path(folder)
    for name, read in ((METRICS, _finished), (DIVERGED, _diverged)):
        try:
            text = regular_file(folder / name).read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise DataError(f"{shown(folder / name)} cannot be read: {error.strerror}.") from error
        try:
            return read(folder, json.loads(text))
        except (ValueError, KeyError, TypeError, RecursionError, DataError) as error:
            raise DataError(
                f"{shown(folder / name)} is not as a run writes it ({type(error).__name__}: "
                f"{error!s:.100}). Delete it, and go on with the run, which writes it again."
            ) from None
    return None


def _finished(folder: Path, content: dict[str, Any]) -> Result:
    accuracy = {name: content["accuracy"][name] for name in ACCURACIES}
    for name, value in accuracy.items():
        if value is not None and not (is_number(value) and 0 <= value <= 1):
            raise DataError(f"accuracy {name} is {value!r:.40}")
    step = content["steps"]
    check_form(step, int, "steps")
    return Result(folder, *_what(content), accuracy, step)


def _diverged(folder: Path, content: dict[str, Any]) -> Result:
    for name in ("lambda", "learning_rate"):
        if not is_number(content[name]):
            raise DataError(f"{name} is {content[name]!r:.40}")
    check_form(content["step"], int, "step")
    check_form(content["what"], str, "what")
    error = TrainingDiverged(
        content["step"], content["lambda"], content["learning_rate"], content["what"]
    )
    return Result(folder, *_what(content), {}, error.step, error)


def _what(content: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None]:
    build, options = content["data"], content.get("data_options")
    check_form(content["recipe"], dict, "recipe")
    check_form(build["id"], str, "data.id")
    if options is not None:
        check_form(options, dict, "data_options")
    return USUAL | content["recipe"], build, options


def look(folder: Path, planned: Planned) -> tuple[State, Result | None]:
    """What there is of a planned run, and its result if it has ended.

    Raises :class:`DannError` if ``folder`` holds another run, or something that is damaged.
    """
    if (found := result_of(folder)) is not None:
        options = found.data_options
        if options is None:  # of an earlier version
            options = Saved.read(folder).data.options()
        _require_same(folder, planned, found.recipe, options)
        return ("diverged" if found.diverged else "done"), found
    if kind_of(folder / CHECKPOINT) is None:
        return "new", None
    saved = Saved.read(folder)
    _require_same(folder, planned, vars(saved.recipe), saved.data.options())
    return "begun", None


def _require_same(
    folder: Path, planned: Planned, recipe: dict[str, Any], options: dict[str, Any]
) -> None:
    wanted = {**vars(planned.recipe)}
    if wanted["network"] == "auto":  # the run knows by now which one fits
        wanted["network"] = recipe["network"]
    for field, name in RECIPE_FIELDS.items():
        if wanted[name] != recipe[name]:
            raise _another(
                folder, field, written(field, recipe[name]), written(field, wanted[name])
            )
    here = planned.data.options()
    for name in here:
        if here[name] != options.get(name):
            raise _another(folder, f"data {name}", options.get(name), here[name])


def _another(folder: Path, what: str, there: Any, here: Any) -> DannError:
    return DannError(
        f"{shown(folder)} holds another run, with {what} {there!s:.80} and not {here!s:.80}. "
        "Choose another --out, or move it away."
    )
