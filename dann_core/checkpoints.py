"""Checkpoints: written whole or not at all, and read without running any code of theirs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import torch
from torch import Tensor, nn

from dann_core.errors import CheckpointError, DataError, reason_of
from dann_core.files import AnyPath, regular_file, shown, written_whole
from dann_core.forms import NUMBER, check_form
from dann_core.history import History
from dann_core.inputs import Inputs
from dann_core.recipe import Leg, Recipe

CHECKPOINT_FORMAT = 6
"""The format that is written. In format 1 a mark of the history was a step and a sentence; before
format 4 what prediction needs was with the data alone; before format 5 DANN was the only method;
before format 6 a run had one recipe from its first step to its last."""
NOT_KNOWN_YET: dict[int, dict[str, Any]] = {
    1: {"separate_statistics": False},
    2: {"network": "tutorial", "contrast_inversion": False, "beta1": 0.9, "warmup": 0.05},
    3: {},
    4: {"method": "dann"},
    5: {"begins": 0},
    6: {},
}
"""The formats that are read: what a recipe has that it had not in each, and as what it goes on."""
SINCE_4: dict[str, Any] = {"inputs": None, "classes": None, "names": None, "random": None}
"""What a checkpoint of an older format lacks."""
FORM = {
    "format": int,
    "recipe": dict.fromkeys((f.name for f in fields(Recipe)), object) | {"preset": str},
    "earlier": [{"until": int, "recipe": dict}],
    "build": dict,
    "inputs": (dict, type(None)),
    "classes": (list, type(None)),
    "names": (list, type(None)),
    "random": (Tensor, type(None)),
    "threads": int,
    "model": dict,
    "optimiser": dict,
    "batches": list,
    "history": dict,
}
"""The form of every checkpoint. What it leaves open is checked by what it belongs to: the values of
the recipe, the history, and in a :class:`Trainer` its network, optimiser and batches."""
OF_A_FOLDER = {"data": dict, "device": str, "seconds": NUMBER}
"""The form of what a run's folder adds to its checkpoints."""
KEEPING = {"keep_every": int}
"""The form of what it also adds if the run keeps checkpoints on the way."""
ON_THE_WAY = {"step": int}
"""The form of what a checkpoint has more that was kept on the way. It has all that prediction
needs, and nothing of the optimiser, the batches and the history."""


def write_checkpoint(state: dict[str, Any], path: AnyPath) -> None:
    """Write ``state``: tensors and plain data, as :meth:`Trainer.state_dict` gives them.

    Raises :class:`DataError` for a full disk and the like; what stood there before is kept then.
    """
    # By way of memory: torch.save itself hides a full disk behind a RuntimeError.
    contents = io.BytesIO()
    torch.save(state, contents)
    with written_whole(path) as temporary:
        temporary.write_bytes(contents.getbuffer())


def read_checkpoint(path: AnyPath) -> dict[str, Any]:
    """The contents of a checkpoint on the CPU; tensors and plain data only, never code.

    Raises :class:`CheckpointError` if there is none, if as much as a bit of it is damaged, or if it
    is of another format or form than this version writes.
    """
    name, state = shown(path), _loaded(path)
    if not isinstance(state, dict) or "format" not in state:
        raise CheckpointError(f"{name} is not a checkpoint of a run. Train again.")
    if type(state["format"]) is not int or state["format"] not in NOT_KNOWN_YET:
        known = ", ".join(map(str, NOT_KNOWN_YET))
        raise CheckpointError(
            f"{name} has checkpoint format {state['format']!r:.50}; this version reads {known}. "
            "Train again, or use the version that wrote it."
        )
    with readable(name):
        for older, values in NOT_KNOWN_YET.items():
            if state["format"] <= older and isinstance(state.get("recipe"), dict):
                state["recipe"] = values | state["recipe"]
        if state["format"] < 6:
            state = {"earlier": [], **state}
        if state["format"] < 4:
            state = {**SINCE_4, **state}
            if isinstance(state.get("recipe"), dict) and state["recipe"].get("preset") == "moons":
                # The moons' network had no name in a recipe.
                state["recipe"]["network"] = "dann_core.moons:moons_network"
        check_parts(state)
        if state["inputs"] is not None:
            inputs = Inputs.from_dict(state["inputs"])
            check_form(state["classes"], [(str, int, bool)], "classes")
            check_form(state["names"], [str], "names")
            if len(state["names"]) != 2 or not state["classes"] or not inputs.shape:
                raise DataError("names or classes do not fit a pair")
        Recipe.from_dict(state["recipe"])
        History.from_dict(state["history"])
        legs_of(state)
    return state


def legs_of(state: dict[str, Any]) -> list[Leg]:
    """What the run of a checkpoint was trained by before its recipe. Raises :class:`DataError`
    unless they follow one another, and for what is no checkpoint's state."""
    check_parts(state)
    ends = [leg["until"] for leg in state["earlier"]]
    whole = [0, *ends, len(state["history"]["steps"]["step"])]
    if whole != sorted(whole):
        raise DataError(f"earlier has steps that do not ascend: {ends}")
    recipes = [Recipe.from_dict(leg["recipe"]) for leg in state["earlier"]]
    return [Leg(until, recipe) for until, recipe in zip(ends, recipes, strict=True)]


def check_parts(state: Any) -> None:
    """Raise :class:`DataError` unless ``state`` has the parts of a checkpoint, and no other."""
    form: dict[str, Any] = FORM
    for added in (OF_A_FOLDER, KEEPING, ON_THE_WAY):
        if isinstance(state, dict) and added.keys() & state.keys():
            form = form | added
    check_form(state, form)


def _loaded(path: AnyPath) -> Any:
    name = shown(path)
    try:
        with ZipFile(regular_file(path)) as archive:
            # torch.load does not look at the checksums: a flipped bit would be another weight.
            if (damaged := archive.testzip()) is not None:
                raise BadZipFile(damaged)
        return torch.load(Path(path), map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise CheckpointError(f"There is no checkpoint {name}. Train first.") from error
    except DataError as error:
        raise CheckpointError(str(error)) from error
    except Exception as error:  # damage can make these readers raise almost anything
        raise CheckpointError(f"{name} is damaged or not a checkpoint. Train again.") from error


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Whatever fails inside is a :class:`CheckpointError` that says so of the checkpoint ``name``,
    because it then is of another form than this version writes."""
    try:
        yield
    except CheckpointError:
        raise
    except Exception as error:  # as above
        why = reason_of(error)
        raise CheckpointError(
            f"{name} is not a checkpoint of a run as this version writes them: {why}. Train again, "
            "or use the version that wrote it."
        ) from error


def as_uncompiled(state: dict[str, Any]) -> dict[str, Any]:
    """A model's state by the names that it has where ``torch.compile`` has wrapped no part: a
    checkpoint fits either."""
    return {name.replace("_orig_mod.", ""): value for name, value in state.items()}


def checked_model(state: dict[str, Any], model: nn.Module) -> dict[str, Any]:
    """``state`` by the names that ``model`` has, some of whose parts ``torch.compile`` may have
    wrapped. Raises :class:`DataError` unless it can be the state of ``model``."""
    here = model.state_dict()
    # Dropout's random numbers have another form on another device, which the layer sees to.
    form = here | {name: Tensor for name in here if name.endswith("_extra_state")}
    names = as_uncompiled({name: name for name in here})
    found = {names.get(name, name): value for name, value in as_uncompiled(state).items()}
    check_form(found, form, "model")
    for name, _ in model.named_parameters():
        if not found[name].isfinite().all():
            raise DataError(f"model.{name} has a number that is not finite")
    return found


def checked_optimiser(state: dict[str, Any], optimiser: torch.optim.Optimizer) -> dict[str, Any]:
    """``state``, and what an older PyTorch did not write. Raises :class:`DataError` unless it can
    be one of ``optimiser``, whose hyper-parameters follow from the recipe."""
    check_form(state, {"state": dict, "param_groups": [dict]}, "optimiser")
    (group,) = optimiser.state_dict()["param_groups"]
    if len(state["param_groups"]) != 1:
        raise DataError(f"optimiser.param_groups has {len(state['param_groups'])} entries, not 1")
    (found,) = state["param_groups"]
    for name, value in found.items():
        place = f"optimiser.param_groups[0].{name!s:.50}"
        if name not in group:
            raise DataError(f"{place} is not known")
        if name == "lr":  # set anew at each step
            check_form(value, NUMBER, place)
        elif group[name] is None:  # left to PyTorch, such as how it adds up
            check_form(value, (bool, type(None)), place)
        elif type(value) is not type(group[name]) or value != group[name]:
            raise DataError(f"{place} is {value!r:.50}, where {group[name]!r:.50} is needed")
    weights = dict(enumerate(optimiser.param_groups[0]["params"]))
    form = {
        k: _remembered(weights[k], optimiser, moved)
        for k, moved in state["state"].items()
        if k in weights
    }
    check_form(state["state"], form, "optimiser.state")
    return {"state": state["state"], "param_groups": [group | found]}


def _remembered(weight: Tensor, optimiser: torch.optim.Optimizer, found: Any) -> dict[str, Tensor]:
    """The form of what ``optimiser`` remembers of a weight that it has moved: of ``found``, if it
    is right."""
    if isinstance(optimiser, torch.optim.SGD):
        return {"momentum_buffer": weight}
    step = torch.zeros((), dtype=torch.float32, device="cpu")
    # In a program whose default is float64, PyTorch counts the steps in that.
    if isinstance(found, dict) and getattr(found.get("step"), "dtype", None) == torch.float64:
        step = step.double()
    return {"step": step, "exp_avg": weight, "exp_avg_sq": weight}
