"""Files as they are read: cut short, with bits turned over, with fields missing, wrong or too many,
and what is no such file at all."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import math
import os
import pickle
import random
import re
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dann_core.checkpoints import read_checkpoint
from dann_core.datasets import importing, load_pair, mnist, mnistm
from dann_core.datasets.photos import PhotoSet
from dann_core.datasets.store import DataStore
from dann_core.history import History
from dann_core.snapshots import Snapshots
from dann_core.training import Trainer
from dann_lab.lessons.copies import RECORD, copy_lessons
from dann_lab.runs import kept, recordings
from dann_lab.runs.folder import Saved
from tools.soak import commands
from tools.soak.children import Ended
from tools.soak.sandbox import PLACES
from tools.soak.verdicts import Case, Verdict, crash

CASE = Path("case")
"""The folder in the sandbox in which a case makes what it needs."""
ROOT = Path(__file__).parents[2]
Bend = Callable[[bytes], bytes]


class Hostile:
    """Unpickled, it would leave a file that is looked for."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, ("case/attacked",))


# Damage to bytes


def _cut(share: float, data: bytes) -> bytes:
    return data[: int(len(data) * share)]


def _turned(place: float, data: bytes) -> bytes:
    at = min(int(len(data) * place), len(data) - 1)
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]


def _blank(place: float, data: bytes) -> bytes:
    at = int(len(data) * place)
    return data[:at] + bytes(min(64, len(data) - at)) + data[at + 64 :]


def _archive_of(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def _npy(header: str) -> bytes:
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


SWOLLEN = "{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776,), }"
CUTS = (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
OTHERS: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "one byte": lambda: b"\0",
    "a text": lambda: b"This is no such file.\n",
    "a page": lambda: b"<!doctype html><title>404</title>",
    "random bytes": lambda: random.Random(0).randbytes(5000),
    "another pickle": lambda: pickle.dumps({"a": 1}),
    "a hostile pickle": lambda: pickle.dumps(Hostile()),
    "a hostile pickle, packed": lambda: gzip.compress(pickle.dumps(Hostile())),
    "a hostile pickle in a zip": lambda: _archive_of("archive/data.pkl", pickle.dumps(Hostile())),
    "gzip of 1 GB of zeros": lambda: gzip.compress(bytes(2**20)) * 1024,
    "a zip of 1 GB of zeros": lambda: _archive_of("archive/data.pkl", bytes(2**30)),
    "a zip with 1 TB declared": lambda: _archive_of("steps.npy", _npy(SWOLLEN)),
    "an empty zip": lambda: b"PK\x05\x06" + bytes(18),
    "deep JSON": lambda: b"[" * 100_000,
    "JSON null": lambda: b"null",
    "JSON list": lambda: b"[]",
    "JSON object": lambda: b"{}",
    "not UTF-8": lambda: b'{"\xff\xfe": 1}',
}
STANDING = (
    "missing",
    "folder",
    "FIFO",
    "null device",
    "full device",
    "dangling link",
    "loop of links",
    "unreadable file",
    "below an unreadable folder",
    "below a file",
    "socket",
    "name too long",
    "name that is not UTF-8",
)
"""What stands at the place of the file."""


def damages(seed: int, sealed: bool) -> dict[str, Bend]:
    """By name. ``sealed``: whether the format has a checksum; of another one, a turned bit is just
    another content."""
    found: dict[str, Bend] = {f"cut at {100 * c:g} %": partial(_cut, c) for c in CUTS}
    found["the last byte gone"] = lambda data: data[:-1]
    found["the first byte gone"] = lambda data: data[1:]
    found |= {name: (lambda data, make=make: make()) for name, make in OTHERS.items()}
    if sealed:
        places = random.Random(seed)
        for place in [0.0, 1.0, *(places.random() for _ in range(8))]:
            found[f"a bit at {100 * place:.2f} % turned over"] = partial(_turned, place)
        for place in (0.002, 0.5, 0.998):
            found[f"zeros at {100 * place:g} %"] = partial(_blank, place)
        found["more behind it"] = lambda data: data + b"more"
    return found


# Damage to fields

WRONG: dict[str, Any] = {
    "None": None,
    "a text": "text",
    "-1": -1,
    "1e400": math.inf,
    "10**400": 10**400,
    "an empty list": [],
    "an empty dict": {},
    "a nested list": [[1]],
    "True": True,
}


def bent_fields(content: Any, depth: int = 2, below: str = "") -> Iterator[tuple[str, Any]]:
    """``content`` with one field missing, one wrong or one more, by what it is."""
    if not isinstance(content, dict):
        return
    yield f"{below}unheard-of added", content | {"unheard-of": 1}
    for name, value in content.items():
        where = f"{below}{name}"
        yield f"{where} missing", {k: v for k, v in content.items() if k != name}
        for what, wrong in WRONG.items():
            if type(wrong) is type(value) and not isinstance(value, list | dict | int):
                continue
            yield f"{where} is {what}", content | {name: wrong}
        if depth > 1:
            for what, bent in bent_fields(value, depth - 1, f"{where}."):
                yield what, content | {name: bent}


# Readers: each gives what can be compared


def _numbers(state: Any) -> Any:
    if isinstance(state, torch.Tensor):
        return state.double().flatten().tolist()
    if isinstance(state, np.ndarray):
        return [str(state.dtype), list(state.shape), state.tobytes().hex()]
    return state


def read_as_checkpoint(path: Path) -> str:
    """The next step of the run in it."""
    torch.set_num_threads(1)
    trainer = Trainer.resume(path, load_pair("digits"), device="cpu")
    trainer.history.to_dict()
    return repr((next(trainer), trainer.history.to_dict(), trainer.recipe))


def read_as_history(path: Path) -> str:
    found = History.load(path)
    json.dumps(found.to_dict(), allow_nan=False)
    return repr((found.to_dict(), list(found)))


def read_as_snapshots(path: Path) -> str:
    found = Snapshots.load(path)
    return repr([{name: _numbers(value) for name, value in vars(one).items()} for one in found])


def read_as_recording(path: Path) -> str:
    return repr([recordings.plain(one) for one in recordings.unpacked(path.read_bytes())])


def read_as_build(path: Path) -> str:
    found = mnistm.load(path)
    return repr([_numbers(array) for array in found.arrays] + [found.build])


def run_of(path: Path) -> Path:
    return path.parent


def says(words: str, *arguments: str) -> str:
    """What a command writes, when it ends well."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            commands.work(words, list(arguments))
        except SystemExit as ended:
            if ended.code:
                raise
    text = out.getvalue()
    return re.sub(r"\d+\.\d+ s\b", "", text)


def exported(path: Path) -> str:
    says("export", str(path.parent), "--csv", "case/table.csv")
    return Path("case/table.csv").read_text()


def evaluated(path: Path) -> str:
    return says("evaluate", str(path.parent))


def resumed(path: Path) -> str:
    """As the live page and ``--resume`` do it, but for the training."""
    saved = Saved.read(path.parent)
    run = saved.resume(saved.data.load(), "cpu")
    kept.track(saved)
    return repr((next(run.trainer), run.seconds, run.data))


def listed(path: Path) -> str:
    return says("data list")


# Cases

Prepare = Callable[[Path], None]


def _stand_in(name: str, place: Path) -> None:
    """Put one of the sandbox's curiosities at the place."""
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    if name == "missing":
        return
    place.symlink_to(Path(*[".."] * (len(place.parts) - 1), PLACES[name]))


def _reading(
    original: Callable[[], Path], read: Callable[[Path], str], spoil: Prepare
) -> dict[str, Any]:
    """Read it as it is, spoil it, read it again."""
    CASE.mkdir()
    path = original()
    good = read(path)
    print("\x03", end="", flush=True)
    print("\x03", end="", file=sys.stderr, flush=True)
    spoil(path)
    found = read(path)
    return {"same": found == good, "found": found[:300], "good": good[:300]}


def _write(bend: Bend, path: Path) -> None:
    path.write_bytes(bend(path.read_bytes()))


def _judge(allowed: bool, ended: Ended, gone: list[str], new: list[str]) -> Verdict:
    if ended.hung:
        return Verdict("hang", f"{ended.seconds:.0f} s")
    if gone:
        return Verdict("lost", ", ".join(gone[:5]))
    if "case/attacked" in new:
        return Verdict("wrong", "it ran what the file says")
    complained = ended.complained.rpartition("\x03")[2]
    if "\x03" not in ended.said:
        return Verdict("traceback", f"not even as it is: {ended.where or ended.complained[-300:]}")
    if ended.error:
        if "DannError" in ended.error and "\n" not in ended.message.strip():
            return Verdict("clear")
        return Verdict("traceback", ended.where)
    if why := crash(ended):
        return Verdict("traceback", why)
    if ended.status:
        one_line = complained.count("dann: error: ") == 1
        if ended.status == 1 and one_line:
            return Verdict("clear")
        return Verdict("traceback", f"status {ended.status}: {complained[-400:]!r}")
    if ended.answer["same"] or allowed:
        return Verdict("right")
    return Verdict("wrong", f"{ended.answer['found'][:150]} where {ended.answer['good'][:150]}")


def _case(
    area: str,
    name: str,
    original: Callable[[], Path],
    read: Callable[[Path], str],
    spoil: Prepare,
    allowed: bool = False,
) -> Case:
    return Case(
        area=area,
        name=f"{read.__name__}: {name}",
        work=partial(_reading, original, read, spoil),
        judge=partial(_judge, allowed),
        seconds=40,
    )


def _copy(source: str, name: str) -> Path:
    target = CASE / "run" / name
    shutil.copytree(Path(source).parent, target.parent)
    return target


def _bytes_cases(
    area: str,
    original: Callable[[], Path],
    read: Callable[[Path], str],
    seed: int,
    sealed: bool,
    optional: bool = False,
) -> Iterator[Case]:
    """``optional``: whether the file may be missing."""
    for name, bend in damages(seed, sealed).items():
        yield _case(area, name, original, read, partial(_write, bend))
    for name in STANDING:
        gone = name in ("missing", "dangling link")
        spoil = partial(_stand_in, name)
        yield _case(area, f"{name} in its place", original, read, spoil, optional and gone)


def _torch_bends() -> Iterator[tuple[str, Callable[[dict[str, Any]], Any]]]:
    """Changes to a checkpoint's contents."""

    def at(*keys: Any) -> Callable[[Any], Callable[[dict[str, Any]], Any]]:
        def with_(value: Any) -> Callable[[dict[str, Any]], Any]:
            def bend(state: dict[str, Any]) -> Any:
                inside: Any = state
                for key in keys[:-1]:
                    inside = inside[key]
                inside[keys[-1]] = value(inside[keys[-1]]) if callable(value) else value
                return state

            return bend

        return with_

    for version in (0, 1, 3, "2", None, 2.0, True, 10**400, [2]):
        yield f"format {version!r:.20}", at("format")(version)
    weight = at("model", "label_predictor.0.weight")
    yield "a weight of another shape", weight(lambda w: w[:5])
    yield "a weight of another type", weight(lambda w: w.to(torch.float64))
    yield "a weight of whole numbers", weight(lambda w: w.to(torch.int32))
    yield "a weight of NaN", weight(lambda w: w * math.nan)
    yield "a complex weight", weight(lambda w: w.to(torch.complex64))
    yield "a sparse weight", weight(lambda w: w.to_sparse())
    yield "a weight of stride 0, 1 TB", weight(lambda w: w[:1, :1].expand(2**19, 2**19))
    yield "a weight on no device", weight(lambda w: w.to("meta"))
    yield "a weight that is a text", weight("text")
    yield "an order of stride 0, 1 TB", at("batches", 0, "order")(lambda o: o[:1].expand(2**38))
    order = at("batches", 0, "order")
    yield "an order beyond the examples", order(lambda o: o + 10_000)
    yield "an order below nought", order(lambda o: o - 1)
    yield "an order with repetitions", order(lambda o: o * 0)
    yield "an order of floats", order(lambda o: o.float())
    yield "a shorter order", order(lambda o: o[:-1])
    yield "an order of two dimensions", order(lambda o: o[None])
    place = at("batches", 0, "position")
    for value in (-1, 10**6, "text", None, 1.5, math.nan, True):
        yield f"position {value!r}", place(value)
    yield "a generator cut short", at("batches", 0, "generator")(lambda g: g[:100])
    yield "a generator of zeros", at("batches", 0, "generator")(lambda g: g * 0)
    yield "a generator of floats", at("batches", 0, "generator")(lambda g: g.float())
    yield "one domain's batches only", at("batches")(lambda b: b[:1])
    yield "three domains' batches", at("batches")(lambda b: [*b, b[0]])
    yield "no moments", at("optimiser", "state")({})
    yield "moments of NaN", at("optimiser", "state", 0, "exp_avg")(lambda m: m * math.nan)
    yield "moments of another shape", at("optimiser", "state", 0, "exp_avg")(lambda m: m[:1])
    yield "no parameter groups", at("optimiser", "param_groups")([])
    yield "betas of an optimiser", at("optimiser", "param_groups", 0, "betas")((2.0, -1.0))
    yield "a column shorter", at("history", "steps", "label_loss")(lambda c: c[:-1])
    yield "steps from 5", at("history", "steps", "step")(lambda c: [v + 4 for v in c])
    yield (
        "more steps than the recipe",
        at("history", "steps")(lambda steps: {name: [*c, *c] * 5 for name, c in steps.items()}),
    )
    yield "a list", lambda state: list(state.values())
    yield "a tensor", lambda state: torch.zeros(3)


def _spoil_checkpoint(bend: Callable[[dict[str, Any]], Any], path: Path) -> None:
    torch.save(bend(torch.load(path, weights_only=True)), path)


def _spoil_field(name: str, path: Path) -> None:
    state = torch.load(path, weights_only=True)
    changed = dict(bent_fields(_for_bending(state)))[name]
    torch.save(changed, path)


def _for_bending(state: dict[str, Any]) -> dict[str, Any]:
    return state


CHECKPOINT_FIELDS = (
    "format recipe build threads model optimiser batches history data device seconds".split()
)
BELOW = {
    "recipe": ["steps", "seed", "mode", "batch_size", "lambda_", "preset", "optimiser"],
    "build": ["id", "sha256", "pair"],
    "data": ["pair", "seed", "photos", "build", "data_dir"],
    "history": ["steps", "evaluations", "marks"],
}


def _set(keys: tuple[str, ...], change: Callable[[dict[str, Any], str], None]) -> Any:
    def bend(state: dict[str, Any]) -> Any:
        inside = state
        for key in keys[:-1]:
            inside = inside[key]
        change(inside, keys[-1])
        return state

    return bend


def _field_bends() -> Iterator[tuple[str, Any]]:
    places = [(name,) for name in CHECKPOINT_FIELDS]
    places += [(above, name) for above, names in BELOW.items() for name in names]
    for keys in places:
        where = ".".join(keys)
        yield f"{where} missing", _set(keys, lambda inside, key: inside.pop(key))
        for what, wrong in WRONG.items():

            def change(inside: dict[str, Any], key: str, wrong: Any = wrong) -> None:
                inside[key] = wrong

            yield f"{where} is {what}", _set(keys, change)
    for above in ("", *BELOW):
        keys = (above, "unheard-of") if above else ("unheard-of",)

        def add(inside: dict[str, Any], key: str) -> None:
            inside[key] = 1

        yield f"{'.'.join(keys)} added", _set(keys, add)


def checkpoint_cases(seed: int) -> Iterator[Case]:
    area = "files: `checkpoint.pt`"
    original = partial(_copy, "runs/stopped/checkpoint.pt", "checkpoint.pt")
    for read in (read_as_checkpoint, exported):
        yield from _bytes_cases(area, original, read, seed, sealed=True)
    some = random.Random(seed)
    for name, bend in (*_torch_bends(), *_field_bends()):
        spoil = partial(_spoil_checkpoint, bend)
        own = name.startswith(("data", "device", "seconds", "threads"))
        readers = [resumed if own else read_as_checkpoint, some.choice([exported, evaluated])]
        for read in readers:
            # What says how long it took, where the data are or what else was there is no result.
            yield _case(area, name, original, read, spoil, allowed=_no_matter(name))


def _no_matter(name: str) -> bool:
    """Changes that make another run, no worse one: nobody can tell them from a run that was so."""
    valid = ("marks is an empty list", "evaluations is an empty list", "recipe.seed", "format 1")
    same = ("data.build is None", "data.data_dir is None", "data.seed", "threads")
    return name.startswith(same) or any(one in name for one in valid)


def history_cases(seed: int) -> Iterator[Case]:
    area = "files: `history.json`"
    original = partial(_copy, "runs/done/history.json", "history.json")
    yield from _bytes_cases(area, original, read_as_history, seed, sealed=False)

    def spoil(bend: Callable[[dict[str, Any]], Any], path: Path) -> None:
        content = bend(json.loads(path.read_text()))
        path.write_text(json.dumps(content).replace("Infinity", "1e400"))

    names = list(History().to_dict())
    columns = list(History().to_dict()["steps"])
    places = [(name,) for name in names] + [("steps", name) for name in columns]
    for keys in places:
        where = ".".join(keys)
        yield _case(
            area,
            f"{where} missing",
            original,
            read_as_history,
            partial(spoil, _set(keys, lambda inside, key: inside.pop(key))),
        )
        for what, wrong in WRONG.items():
            if what.startswith("an empty") and keys in (("evaluations",), ("marks",)):
                continue

            def change(inside: dict[str, Any], key: str, wrong: Any = wrong) -> None:
                inside[key] = wrong

            yield _case(
                area,
                f"{where} is {what}",
                original,
                read_as_history,
                partial(spoil, _set(keys, change)),
            )
    for what, wrong in WRONG.items():
        if what in ("None", "-1", "True"):  # which are values that it may have
            continue

        def first(inside: dict[str, Any], key: str, wrong: Any = wrong) -> None:
            inside[key][0] = wrong

        for column in ("label_loss", "step"):
            yield _case(
                area,
                f"the first {column} is {what}",
                original,
                read_as_history,
                partial(spoil, _set(("steps", column), first)),
            )
        for key in ("evaluations", "marks"):
            yield _case(
                area,
                f"{key} hold {what}",
                original,
                read_as_history,
                partial(spoil, _set((key,), lambda i, k, w=wrong: i.update({k: [w]}))),
            )


def snapshot_cases(seed: int) -> Iterator[Case]:
    area = "files: `snapshots.npz`"
    original = partial(_copy, "runs/done/snapshots.npz", "snapshots.npz")
    yield from _bytes_cases(area, original, read_as_snapshots, seed, sealed=True)
    for name in ("empty", "cut at 50 %", "a hostile pickle", "a zip with 1 TB declared"):
        bend = damages(seed, True)[name]
        yield _case(area, name, original, exported, partial(_write, bend))
    for name in STANDING:
        gone = name in ("missing", "dangling link")
        yield _case(
            area, f"{name} in its place", original, exported, partial(_stand_in, name), allowed=gone
        )

    def spoil(change: Callable[[dict[str, Any]], None], path: Path) -> None:
        with np.load(path) as stored:
            arrays = dict(stored)
        change(arrays)
        with open(path, "wb") as stream:
            np.savez(stream, **arrays)

    arrays = (
        "format",
        "steps",
        "scales",
        "probes",
        "methods",
        "labels",
        "domains",
        "predictions",
        "confidence",
        "features",
    )
    changes: dict[str, Callable[[np.ndarray], Any]] = {
        "one row less": lambda a: a[:-1] if a.ndim else a + 1,
        "of floats": lambda a: a.astype(np.float64) if a.dtype.kind != "U" else np.zeros(3),
        "of texts": lambda a: np.array(["text"] * max(1, a.size)),
        "of objects": lambda a: a.astype(object),
        "one dimension more": lambda a: a[None],
        "of nan": lambda a: np.full(a.shape, np.nan),
        "of its type and nan or -1": lambda a: _worst(a),
        "0-dimensional": lambda a: np.array(3),
        "empty": lambda a: a[:0] if a.ndim else np.array([]),
    }
    for name in arrays:
        yield _case(
            area,
            f"{name} missing",
            original,
            read_as_snapshots,
            partial(spoil, lambda a, name=name: a.pop(name)),
        )
        for what, change in changes.items():
            if (name, what) in (("steps", "empty"), ("probes", "of nan")):
                continue  # no snapshot, no probe: it may be so

            def apply(a: dict[str, Any], name: str = name, change: Any = change) -> None:
                a[name] = change(a[name])

            yield _case(area, f"{name} {what}", original, read_as_snapshots, partial(spoil, apply))
    yield _case(
        area,
        "an array more",
        original,
        read_as_snapshots,
        partial(spoil, lambda a: a.update({"unheard-of": np.zeros(3)})),
    )


def _worst(array: np.ndarray) -> np.ndarray:
    if array.dtype.kind == "f":
        return np.full_like(array, np.nan)
    if array.dtype.kind == "U":
        return np.array([""] * array.size)
    return np.full_like(array, 255 if array.dtype == np.uint8 else -1)


def recording_cases(seed: int) -> Iterator[Case]:
    area = "files: recorded runs"

    def original() -> Path:
        path = CASE / "recorded.json.gz"
        made = recordings.track(
            "a run",
            "made for this",
            Saved.read("runs/done").recipe,
            kept.history(Saved.read("runs/done")),
            "digits",
            ("digits", "photos"),
        )
        path.write_bytes(recordings.packed([made]))
        return path

    # Its bytes are what is read; where they come from is the package.
    for name, bend in damages(seed, sealed=True).items():
        yield _case(area, name, original, read_as_recording, partial(_write, bend))

    def spoil(bend: Any, path: Path) -> None:
        content = json.loads(gzip.decompress(path.read_bytes()))
        bend(content)
        path.write_bytes(gzip.compress(json.dumps(content).encode()))

    fields = [
        "title",
        "about",
        "recipe",
        "data",
        "names",
        "steps",
        "curves",
        "moments",
        "sentences",
        "labels",
        "domains",
        "predictions",
        "confidence",
        "maps",
    ]
    for name in fields:
        yield _case(
            area,
            f"{name} missing",
            original,
            read_as_recording,
            partial(spoil, lambda c, name=name: c["tracks"][0].pop(name)),
        )
        for what in ("None", "-1", "a nested list"):
            yield _case(
                area,
                f"{name} is {what}",
                original,
                read_as_recording,
                partial(
                    spoil,
                    lambda c, name=name, what=what: c["tracks"][0].update({name: WRONG[what]}),
                ),
            )
    for what, wrong in WRONG.items():
        yield _case(
            area,
            f"format is {what}",
            original,
            read_as_recording,
            partial(spoil, lambda c, wrong=wrong: c.update(format=wrong)),
        )
        yield _case(
            area,
            f"tracks is {what}",
            original,
            read_as_recording,
            partial(spoil, lambda c, wrong=wrong: c.update(tracks=wrong)),
            allowed=False,
        )
        yield _case(
            area,
            f"a shape is {what}",
            original,
            read_as_recording,
            partial(spoil, lambda c, w=wrong: c["tracks"][0]["moments"].update(shape=w)),
        )
        yield _case(
            area,
            f"a type is {what}",
            original,
            read_as_recording,
            partial(spoil, lambda c, w=wrong: c["tracks"][0]["moments"].update(dtype=w)),
        )


def build_cases(seed: int) -> Iterator[Case]:
    area = "files: builds of MNIST-M"

    def original() -> Path:
        path = Path("cache/mnist-m/build.npz")
        from tools.soak.functions import made_mnistm

        made = made_mnistm()
        made.build.update(id="build", seed=0, photos="none")
        mnistm.save(made, path)
        return path

    yield from _bytes_cases(area, original, read_as_build, seed, sealed=True)
    for name, bend in damages(seed, True).items():
        # A build that cannot be read is not on offer.
        yield _case(area, name, original, listed, partial(_write, bend), allowed=True)
    for name in STANDING:
        yield _case(area, f"{name} in its place", original, listed, partial(_stand_in, name), True)

    def spoil(change: Callable[[dict[str, Any]], Any], path: Path) -> None:
        with np.load(path) as stored:
            arrays = dict(stored)
        build = change(json.loads(str(arrays["build"])))
        arrays["build"] = np.array(json.dumps(build).replace("Infinity", "1e400"))
        with open(path, "wb") as stream:
            np.savez(stream, **arrays)

    for name in ("id", "photos", "sha256", "seed", "pair"):
        for read in (read_as_build, listed):
            yield _case(
                area,
                f"{name} missing",
                original,
                read,
                partial(spoil, lambda b, name=name: {k: v for k, v in b.items() if k != name}),
                allowed=name != "sha256" or read is listed,
            )
            for what, wrong in WRONG.items():
                yield _case(
                    area,
                    f"{name} is {what}",
                    original,
                    read,
                    partial(spoil, lambda b, name=name, wrong=wrong: b | {name: wrong}),
                    allowed=name != "sha256" or read is listed,
                )
    for what, wrong in WRONG.items():
        for read in (read_as_build, listed):
            yield _case(
                area,
                f"all of it is {what}",
                original,
                read,
                partial(spoil, lambda b, wrong=wrong: wrong),
                allowed=read is listed,
            )


def photo_cases(seed: int) -> Iterator[Case]:
    area = "files: photos"

    def original() -> Path:
        from PIL import Image

        folder = CASE / "BSDS500" / "images" / "train"
        folder.mkdir(parents=True)
        noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
        for name in ("1.jpg", "2.jpg"):
            Image.fromarray(noise).save(folder / name)
        return folder / "1.jpg"

    def read_as_photos(path: Path) -> str:
        photos = PhotoSet.of(DataStore(CASE, Path("cache"))).read()
        return repr([(photo.shape, str(photo.dtype)) for photo in photos])

    yield from _bytes_cases(area, original, read_as_photos, seed, sealed=False, optional=True)

    def as_picture(make: Callable[[], Any], form: str, path: Path) -> None:
        make().save(path, format=form)

    from PIL import Image

    for mode in ("L", "CMYK", "RGB"):
        yield _case(
            area,
            f"{mode} JPEG of another size",
            original,
            read_as_photos,
            partial(as_picture, lambda m=mode: Image.new(m, (300, 200)), "JPEG"),
            True,
        )
    for size in ((1, 1), (27, 500), (20_000, 20_000)):
        yield _case(
            area,
            f"{size} pixels",
            original,
            read_as_photos,
            partial(as_picture, lambda s=size: Image.new("L", s), "JPEG"),
        )
    yield _case(
        area,
        "a PNG of 1 GB",
        original,
        read_as_photos,
        partial(as_picture, lambda: Image.new("1", (30_000, 30_000)), "PNG"),
    )
    yield _case(
        area,
        "a GIF",
        original,
        read_as_photos,
        partial(as_picture, lambda: Image.new("P", (60, 60)), "GIF"),
        True,
    )


def lesson_cases(seed: int) -> Iterator[Case]:
    area = "files: lesson copies"

    def original() -> Path:
        for edition in ("notebooks", "solutions"):
            (CASE / "shipped" / edition).mkdir(parents=True)
            for name in ("00.ipynb", "01.ipynb"):
                (CASE / "shipped" / edition / name).write_text(f"{edition} {name} first")
        copy_lessons(CASE / "shipped", CASE / "mine")
        (CASE / "mine" / "notebooks" / "00.ipynb").write_text("my own work")
        for edition in ("notebooks", "solutions"):
            (CASE / "shipped" / edition / "01.ipynb").write_text(f"{edition} second")
        return CASE / "mine" / RECORD

    def read_lessons(path: Path) -> str:
        copy_lessons(CASE / "shipped", CASE / "mine")
        return (CASE / "mine" / "notebooks" / "00.ipynb").read_text()

    yield from _bytes_cases(area, original, read_lessons, seed, sealed=False, optional=True)

    def spoil(content: Any, path: Path) -> None:
        path.write_text(json.dumps(content))

    for what, wrong in WRONG.items():
        if wrong == math.inf:
            continue
        yield _case(
            area,
            f"an entry is {what}",
            original,
            read_lessons,
            partial(spoil, {"notebooks/00.ipynb": wrong, "notebooks/01.ipynb": wrong}),
        )

    def at_notebook(name: str, path: Path) -> None:
        _stand_in(name, CASE / "mine" / "notebooks" / "01.ipynb")

    for name in STANDING:
        yield _case(
            area,
            f"{name} at a notebook's place",
            original,
            read_lessons,
            partial(at_notebook, name),
        )


def import_cases(seed: int) -> Iterator[Case]:
    area = "files: import of MNIST-M"
    data = os.environ.get("DANN_DATA")
    if not data or not Path(data, mnist.FOLDER).is_dir():
        return
    variables = {"DANN_DATA": data}

    def blended() -> dict[str, np.ndarray]:
        from dann_core.datasets.blending import binarise, blend

        (train, _), (test, _) = mnist.read_mnist(DataStore.open())
        photo = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
        return {
            "train": blend(binarise(train[:5600]), [photo], 0),
            "test": blend(binarise(test[:1000]), [photo], 1),
        }

    def as_pickle() -> Path:
        path = CASE / "mnistm_data.pkl"
        path.write_bytes(pickle.dumps(blended(), protocol=2))
        return path

    def as_archive() -> Path:
        arrays = blended()
        labels = dict(
            zip(
                ("train", "test"),
                (part[1] for part in mnist.read_mnist(DataStore.open())),
                strict=True,
            )
        )
        for part, images in arrays.items():
            _pack(part, torch.from_numpy(images), torch.from_numpy(labels[part][: len(images)]))
        return CASE / "mnist_m_train.pt.tar.gz"

    def imported(path: Path) -> str:
        return importing.import_mnistm(path, DataStore.open())

    few = ("cut at 50 %", "cut at 99 %", "the last byte gone", *OTHERS)
    for original in (as_pickle, as_archive):
        for name, bend in damages(seed, False).items():
            if name in few:
                yield _with(
                    variables,
                    _case(
                        area,
                        f"{original.__name__} {name}",
                        original,
                        imported,
                        partial(_write, bend),
                    ),
                )
        for name in STANDING:
            yield _with(
                variables,
                _case(
                    area,
                    f"{original.__name__} {name} in its place",
                    original,
                    imported,
                    partial(_stand_in, name),
                ),
            )

    def other(change: Callable[[dict[str, Any]], Any], path: Path) -> None:
        path.write_bytes(pickle.dumps(change(pickle.loads(path.read_bytes())), protocol=2))

    pickles: dict[str, Callable[[dict[str, Any]], Any]] = {
        "no test": lambda a: {"train": a["train"]},
        "noise": lambda a: (
            a | {"train": np.random.default_rng(1).integers(0, 256, a["train"].shape, np.uint8)}
        ),
        "black": lambda a: a | {"train": a["train"] * 0},
        "shuffled": lambda a: a | {"train": a["train"][::-1].copy()},
        "floats": lambda a: a | {"train": a["train"].astype(np.float32)},
        "booleans": lambda a: a | {"train": a["train"] > 0},
        "grey": lambda a: a | {"train": a["train"][..., 0].copy()},
        "too few": lambda a: a | {"train": a["train"][:100].copy()},
        "none": lambda a: a | {"train": a["train"][:0].copy()},
        "a text": lambda a: a | {"train": "text"},
        "None": lambda a: a | {"train": None},
        "a list": lambda a: [a["train"], a["test"]],
        "a number for a name": lambda a: {1: a["train"]},
        "hostile": lambda a: a | {"train": Hostile()},
    }
    for name, change in pickles.items():
        yield _with(
            variables, _case(area, f"as_pickle {name}", as_pickle, imported, partial(other, change))
        )

    def packed(change: Callable[[Any, Any], tuple[Any, Any]], path: Path) -> None:
        (train, labels), _ = mnist.read_mnist(DataStore.open())
        images = torch.from_numpy(blended()["train"])
        _pack("train", *change(images, torch.from_numpy(labels[: len(images)])))

    archives: dict[str, Callable[[Any, Any], tuple[Any, Any]]] = {
        "noise": lambda i, y: (torch.randint_like(i, 256), y),
        "black": lambda i, y: (i * 0, y),
        "boolean labels": lambda i, y: (i, y > 4),
        "labels of floats": lambda i, y: (i, y + 0.5),
        "labels turned round": lambda i, y: (i, y.flip(0)),
        "labels of nought": lambda i, y: (i, y * 0),
        "labels too large": lambda i, y: (i, y + 5),
        "labels in two dimensions": lambda i, y: (i, y[:, None]),
        "fewer labels": lambda i, y: (i, y[:-1]),
        "stride 0": lambda i, y: (i[:1].expand(10**7, 28, 28, 3), y[:1].expand(10**7)),
        "labels of stride 0": lambda i, y: (i, y[:1].expand(len(i))),
        "images of floats": lambda i, y: (i.float(), y),
        "sparse": lambda i, y: (i.float().to_sparse(), y),
        "a text": lambda i, y: ("text", y),
        "too few": lambda i, y: (i[:100], y[:100]),
        "channels first": lambda i, y: (i.permute(0, 3, 1, 2), y),
    }
    for name, change2 in archives.items():
        yield _with(
            variables,
            _case(area, f"as_archive {name}", as_archive, imported, partial(packed, change2)),
        )


def _pack(part: str, images: Any, labels: Any) -> None:
    inside = io.BytesIO()
    torch.save((images, labels), inside)
    with tarfile.open(CASE / f"mnist_m_{part}.pt.tar.gz", "w:gz", compresslevel=1) as archive:
        member = tarfile.TarInfo(f"mnist_m_{part}.pt")
        member.size = inside.tell()
        inside.seek(0)
        archive.addfile(member, inside)


def _with(variables: dict[str, str], case: Case) -> Case:
    from dataclasses import replace

    return replace(case, variables=variables)


def mnist_cases(seed: int) -> Iterator[Case]:
    area = "files: MNIST"
    data = os.environ.get("DANN_DATA")
    if not data or not Path(data, mnist.FOLDER).is_dir():
        return

    def original(name: str) -> Path:
        folder = CASE / mnist.FOLDER
        folder.mkdir(parents=True)
        for one in mnist.MD5:
            if one == name:
                shutil.copy(Path(data, mnist.FOLDER, one), folder / one)
            else:
                (folder / one).symlink_to(Path(data, mnist.FOLDER, one))
        return folder / name

    def read_as_mnist(path: Path) -> str:
        found = mnist.read_mnist(DataStore(CASE, Path("cache")))
        return repr([array.shape for part in found for array in part])

    for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
        yield from _bytes_cases(area, partial(original, name), read_as_mnist, seed, sealed=True)


def cases(seed: int) -> Iterator[Case]:
    for make in (
        checkpoint_cases,
        history_cases,
        snapshot_cases,
        recording_cases,
        build_cases,
        photo_cases,
        lesson_cases,
        import_cases,
        mnist_cases,
    ):
        yield from make(seed)


__all__ = ["cases", "read_checkpoint"]
