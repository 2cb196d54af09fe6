"""Command lines: every option and argument of every command, each with every kind of bad value.

They are read off the command itself, so that a new option is covered without a line here.
"""

from __future__ import annotations

import inspect
import math
import os
import random
import sys
import typing
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer.main

from dann_core.datasets import PAIRS
from dann_core.datasets.photos import check_photos_option
from dann_core.evaluation import SPLITS
from dann_core.recipe import ALLOWED, NETWORK_NAMES, PRESETS
from dann_core.selection import RULES
from dann_lab.cli import app, main
from tools.soak.children import Ended
from tools.soak.sandbox import PLACES
from tools.soak.verdicts import Case, Verdict, crash, names_it

HUGE = "9" * 5000
NUMBERS = {
    "empty": "",
    "blank": " ",
    "nought": "0",
    "one": "1",
    "minus one": "-1",
    "half": "0.5",
    "1e3": "1e3",
    "1e39": "1e39",
    "1e-320": "1e-320",
    "1e400": "1e400",
    "nan": "nan",
    "infinity": "inf",
    "minus infinity": "-inf",
    "2**31": str(2**31),
    "2**63": str(2**63),
    "5,000 digits": HUGE,
    "minus 5,000 digits": "-" + HUGE,
    "hexadecimal": "0x10",
    "underscore": "1_0",
    "plus": "+1",
    "spaces around": " 1 ",
    "Arabic digits": "١",
    "superscript": "²",
    "fraction": "½",
    "word": "many",
    "surrogate": "\udcff",
    "100,000": "100000",
}
TEXTS = {
    "empty": "",
    "blank": " ",
    "word": "nonsense",
    "other case": "DIGITS",
    "space behind": "digits ",
    "number": "7",
    "line break": "two\nlines",
    "5,000 characters": "x" * 5000,
    "emoji": "🙂",
    "surrogate": "\udcff",
    "escape code": "\x1b[31mred",
    "markup": "[red]x[/nothing]",
    "percent": "%s%n{0}",
    "HTML": "<script>alert(1)</script>",
    "path": "../../etc/passwd",
    "looks like an option": "--help",
    "no module": ":network",
    "missing module": "nowhere:network",
    "relative module": ".nowhere:network",
}
BASES: dict[str, list[str]] = {
    "train": ["--out", "new/run", "--steps", "2", "--threads", "1"],
    "evaluate": ["runs/done"],
    "replay": ["runs/done"],
    "select": ["runs/done", "--csv", "table.csv"],
    "predict": ["runs/done", "pets-b/0.png"],
    "export": ["runs/done", "--csv", "table.csv"],
    "sweep": ["--out", "new/sweep", "--grid", "steps=2", "--dry-run"],
    "table": ["runs/done"],
    "dashboard": ["--no-browser", "--port", "0"],
    "lab": ["lessons", "--no-browser", "--port", "0"],
    "data list": [],
    "data fetch": ["mnist"],
    "data build": [],
    "data import": ["notes.txt"],
    "data check": ["pets-a", "pets-b"],
}
"""What each command is asked for besides. A command that is not here gets nothing else."""
ROWS = ["rows-a.csv", "rows-b.csv"]
OF_ROWS = ["--batch-size", "4", "--source", ROWS[0], "--target", ROWS[1]]
OF_PETS = ["--batch-size", "4", "--source", "pets-a", "--target", "pets-b"]
BASES_OF: dict[tuple[str, str], list[str]] = {
    **dict.fromkeys(
        (("train", "source"), ("train", "target"), ("train", "label")), BASES["train"] + OF_ROWS
    ),
    ("train", "size"): BASES["train"] + OF_PETS,
    ("train", "more"): ["--out", "runs/done", "--resume", "--threads", "1"],
    ("data check", "label"): ROWS,
}
"""The same for one of its parameters, where the command's own base does not do."""
ARGUMENTS = {
    **{"evaluate": 1, "replay": 1, "select": 1, "predict": 2, "export": 1, "lab": 1, "table": 1},
    **{"data fetch": 1, "data import": 1, "data check": 2},
}
"""How many of them, from the first, are arguments."""
EXCUSES = (
    *("MNIST is not in", "cannot be reached", "notes.txt is not", "has no builds"),
    *("photos are not in", "notes.txt is corrupt", "notes.txt is damaged", "For ONNX"),
)
"""What is said of something else that is amiss in a command's base: there are no data."""
SERVERS = ("dashboard", "lab")
READY = 8.0
"""The seconds that a server or a long training gets before it is asked to end."""
EDGE = 3.4028234663852886e38


def _whole(low: int, high: float = math.inf) -> Callable[[str], bool]:
    def good(text: str) -> bool:
        try:
            return low <= int(text) <= high
        except ValueError:
            return False

    return good


def _size(text: str) -> bool:
    return all(_whole(4, 1024)(side) for side in text.lower().split("x"))


def _lambda(text: str) -> bool:
    try:
        return text == "paper" or 0 <= float(text) <= EDGE
    except ValueError:
        return False


def _photos(text: str) -> bool:
    try:
        check_photos_option(text)
    except Exception:
        return False
    return True


def _device(text: str) -> bool:
    return text in ("auto", "cpu", "cpu:0")


GOOD: dict[str, Callable[[str], bool]] = {
    "pair": PAIRS.__contains__,
    "mode": ALLOWED["mode"].__contains__,
    "method": ALLOWED["method"].__contains__,
    "preset": PRESETS.__contains__,
    "steps": _whole(1),
    "seed": _whole(0, 2**31 - 1),
    "data_seed": _whole(0, 2**31 - 1),
    "lambda_": _lambda,
    "threads": lambda text: text == "auto" or _whole(1)(text),
    "device": _device,
    "photos": _photos,
    "map_": ("PCA", "t-SNE", "UMAP", "none").__contains__,
    "port": _whole(0, 65535),
    "preheat": _whole(0),
    "build": lambda text: False,
    "network": lambda text: text in NETWORK_NAMES and text != "mlp",
    "batch_size": lambda text: _whole(2)(text) and int(text) % 2 == 0,
    "size": _size,
    "split": SPLITS.__contains__,
    "by": (*RULES, "all").__contains__,
    "keep_every": lambda text: text == "1",
    "more": _whole(1),
    "seeds": _whole(1, 50_000),
    "workers": _whole(1, 1024),
    "value": ("target", "source").__contains__,
    "format_": ("text", "csv", "markdown", "latex").__contains__,
    "grid": lambda text: False,
    "run": lambda text: text.startswith("runs/"),
    **dict.fromkeys(("source", "target", "examples", "label"), lambda text: False),
}
"""Whether a value may be accepted, by the parameter's name. Of others, only crashes, hangs and
losses are looked for."""


def commands() -> dict[str, Any]:
    """Every command by its words."""
    found = {}

    def walk(command: Any, words: list[str]) -> None:
        if hasattr(command, "commands"):
            for name, below in command.commands.items():
                walk(below, [*words, name])
        else:
            found[" ".join(words)] = command

    walk(typer.main.get_command(app), [])
    return found


def _values(command: Any, parameter: Any) -> dict[str, str]:
    """By its annotation: Typer's own types differ from version to version."""
    hints = typing.get_type_hints(inspect.unwrap(command.callback))
    kind = str(hints[parameter.name])
    if "bool" in kind:
        return {"a value": "yes"}
    if "Path" in kind:
        return PLACES
    if "int" in kind or "float" in kind or parameter.name in ("lambda_", "threads", "size"):
        return NUMBERS
    return TEXTS


def _is_flag(parameter: Any) -> bool:
    return bool(getattr(parameter, "is_flag", False))


def _with(words: str, command: Any, parameter: Any, value: str) -> list[str]:
    """The command's base, with the parameter at this value instead of its own."""
    base = list(BASES_OF.get((words, parameter.name), BASES.get(words, [])))
    if parameter.param_type_name == "argument":
        names = [p.name for p in command.params if p.param_type_name == "argument"]
        arguments = base[: ARGUMENTS.get(words, 0)]
        k = names.index(parameter.name)
        return [*base[len(arguments) :], "--", *arguments[:k], value, *arguments[k + 1 :]]
    option = max(parameter.opts, key=len)
    for name in parameter.opts:
        if name in base:
            place = base.index(name)
            del base[place : place + 2]
    if _is_flag(parameter):
        return [*base, f"{option}={value}"]
    return [*base, option, value]


def work(words: str, arguments: list[str]) -> None:
    """As the shell would start it."""
    sys.argv = ["dann", *words.split(), *arguments]
    main()


def shown(words: str, arguments: list[str]) -> str:
    """A command line for people, long values shortened."""
    short = [a if len(a) < 60 else f"{a[:20]}…({len(a)} characters)" for a in arguments]
    return ascii(" ".join(["dann", words, *(a if a else "''" for a in short)]))[1:-1]


def cases(seed: int, pairs: int) -> Iterator[Case]:
    """Every parameter with every bad value, then ``pairs`` command lines with two at once."""
    grid = []
    for words, command in commands().items():
        for parameter in command.params:
            if parameter.name == "help" or parameter.is_eager:
                continue
            values = _values(command, parameter)
            for what, value in values.items():
                arguments = _with(words, command, parameter, value)
                yield _case(words, parameter, what, value, arguments)
                grid.append((words, command, parameter, what, value))
    chosen = random.Random(seed)
    for _ in range(pairs):
        words, command, parameter, what, value = chosen.choice(grid)
        others = [one for one in grid if one[0] == words and one[2] is not parameter]
        if not others:
            continue
        _, _, other, _, second = chosen.choice(others)
        arguments = _with(words, command, parameter, value)
        if other.param_type_name == "argument":
            continue
        option = max(other.opts, key=len)
        more = [f"{option}={second}"] if _is_flag(other) else [option, second]
        # Before a "--", if there is one: behind it everything is an argument.
        yield _case(words, parameter, what, value, [*more, *arguments], two=True)


def _case(
    words: str,
    parameter: Any,
    what: str,
    value: str,
    arguments: list[str],
    two: bool = False,
) -> Case:
    good = GOOD.get(parameter.name)
    # What should be accepted trains or serves, and that need not end by itself.
    long = words in (*SERVERS, "train") and (good is None or good(value))
    return Case(
        area=f"`dann {words}`",
        name=shown(words, arguments) + f"   [{parameter.name}: {what}]",
        work=partial(work, words, arguments),
        judge=partial(_judge, words, parameter.name, value, arguments, two),
        seconds=60 if long else 30,
        ask_after=(READY if words in SERVERS else 25.0) if long else None,
    )


def _after(arguments: list[str], option: str) -> str | None:
    found = None
    for name, value in pairwise(arguments):
        if name == option:
            found = value
    return found


OUTPUTS = {
    "train": ["--out"],
    "export": ["--csv", "--html", "--onnx", "--torch"],
    "select": ["--csv"],
    "predict": ["--out"],
    "table": ["--out"],
    "data check": ["--picture"],
}
"""The options that name what a command writes."""
BEGINNINGS = {
    **{"--csv": b"step,", "--html": b"<!doctype html>", "--out": b"example,label,"},
    **{"--onnx": b"", "--torch": b"PK", "--picture": b"\x89PNG"},
    **{"table --out": b"", "select --csv": b"run,"},
}


def _targets(words: str, arguments: list[str]) -> list[str]:
    """What the command was asked to write, as paths."""
    options = OUTPUTS.get(words, [])
    found = [value for option in options if (value := _after(arguments, option)) is not None]
    if words == "lab":
        found.append(arguments[-1] if "--" in arguments else "lessons")
    return found


def _meant(words: str, arguments: list[str], name: str) -> bool:
    """Whether the command was asked to change this."""
    here = os.path.realpath(name)
    for target in _targets(words, arguments):
        real = os.path.realpath(os.path.expanduser(target)) if target else None
        if real and (here == real or here.startswith(real.rstrip("/") + "/")):
            return words != "train" or "--resume" in arguments or not here.startswith(real + "/x")
    return name.split("/")[0] in ("home", "cache")


def _judge(
    words: str,
    name: str,
    value: str,
    arguments: list[str],
    two: bool,
    ended: Ended,
    gone: list[str],
    new: list[str],
) -> Verdict:
    if ended.hung:
        return Verdict("hang", f"{ended.seconds:.0f} s")
    ok = ended.status == 0 or "Stopped and saved" in ended.said
    lost = [one for one in gone if not (ok and _meant(words, arguments, one))]
    if lost:
        return Verdict("lost", ", ".join(lost[:5]))
    if ended.error:
        return Verdict("traceback", ended.where)
    stopped = words in SERVERS and "http://" in ended.said and ended.status in (0, -15, 143)
    if (why := crash(ended)) and not stopped:
        return Verdict("traceback", why)
    if ok or stopped:
        good = GOOD.get(name)
        if good is not None and not good(value) and not two:
            return Verdict("wrong", f"accepted: {ended.said[-300:]}")
        if (why := _undone(words, arguments)) and not stopped:
            return Verdict("wrong", why)
        return Verdict("right")
    diverged = "no longer finite" in ended.complained
    # Of two files, the first may be there, if it was said to be.
    told = [one for one in new if f"{one}:" in ended.said]
    left = [one for one in new if one not in told and _litter(words, arguments, one)]
    if left and not diverged:
        return Verdict("lost", f"left behind: {', '.join(left[:5])}; {ended.complained[-300:]}")
    lines = [line for line in ended.complained.splitlines() if "dann: error: " in line]
    usage = ended.status == 2 and "Error" in ended.complained
    clear = usage or (ended.status == 1 and len(lines) == 1)
    if not clear:
        return Verdict("traceback", f"status {ended.status}, says: {ended.complained[-500:]!r}")
    option = name.strip("_").replace("_", "-")
    excused = two or diverged or any(excuse in ended.complained for excuse in EXCUSES)
    named = any(names_it(ended.complained, one, value) for one in (option, name))
    if not excused and not named:
        return Verdict("traceback", f"does not name it: {ended.complained[-500:]!r}")
    return Verdict("clear")


def _litter(words: str, arguments: list[str], name: str) -> bool:
    """Whether a refused command should not have left this: a file that is no lock and no lesson,
    whose copies stand in nobody's way."""
    if name.split("/")[0] in ("home", "cache", "data"):
        return False
    if words == "lab" and _meant(words, arguments, name):
        return False
    return not os.path.isdir(name) and not name.endswith((".lock", "-lock"))


def _undone(words: str, arguments: list[str]) -> str | None:
    """Why the command has not done what it says it did."""
    if words == "train":
        out = _after(arguments, "--out")
        folders = [Path(out)] if out is not None else list(Path("runs").glob("stripes-*"))
        if not any(os.path.isfile(folder / "checkpoint.pt") for folder in folders):
            return f"there is no run in {out}"
    elif words in OUTPUTS:
        for option in OUTPUTS[words]:
            target = _after(arguments, option)
            if target is None or not os.path.isfile(target):
                if target is not None and not os.path.exists(target):
                    return f"there is no {target}"
                continue
            with open(target, "rb") as stream:
                beginning = BEGINNINGS.get(f"{words} {option}", BEGINNINGS.get(option, b""))
                if not stream.read(50).startswith(beginning):
                    return f"{target} does not begin with {beginning!r}"
    return None
