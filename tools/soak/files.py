"""Every kind of file that is read, with every kind of damage."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import math
import os
import pickle
import re
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import torch

from dann_core.datasets import importing, load_pair, mnist, mnistm
from dann_core.datasets.own import from_paths
from dann_core.datasets.photos import PhotoSet
from dann_core.datasets.store import DataStore
from dann_core.datasets.zips import unpacked
from dann_core.history import History
from dann_core.snapshots import Snapshots
from dann_core.trained import load_trained
from dann_core.training import Trainer
from dann_lab.lessons.copies import RECORD, copy_lessons
from dann_lab.runs import halves, kept, recordings
from dann_lab.runs.folder import Saved
from tools.soak import commands
from tools.soak.damage import (
    ABSENT,
    CASE,
    OTHERS,
    STANDING,
    WRONG,
    Change,
    Format,
    Hostile,
    bends,
    changes,
    rewrite,
    stand_in,
    with_field,
)
from tools.soak.functions import made_mnistm
from tools.soak.verdicts import Case


def cases(seed: int) -> Iterator[Case]:
    for make in (
        checkpoint_cases,
        own_cases,
        history_cases,
        snapshot_cases,
        recording_cases,
        network_cases,
        build_cases,
        photo_cases,
        lesson_cases,
        import_cases,
        mnist_cases,
    ):
        yield from make(seed)


def copied(source: str) -> Path:
    """A file of a run in a folder with all of the run."""
    folder = CASE / "run"
    shutil.copytree(Path(source).parent, folder)
    return folder / Path(source).name


def says(words: str, *arguments: str) -> str:
    """What a command writes, when it ends well."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            commands.work(words, list(arguments))
        except SystemExit as ended:
            if ended.code:
                raise
    return re.sub(r"\d+\.\d+ s\b", "", out.getvalue())


def bits(value: Any) -> Any:
    """Something that is equal where every bit is."""
    if isinstance(value, np.ndarray):
        return [str(value.dtype), list(value.shape), value.tobytes().hex()]
    return value


# Checkpoints


def next_step(path: Path) -> str:
    torch.set_num_threads(1)
    trainer = Trainer.resume(path, load_pair("stripes"), device="cpu")
    return repr((next(trainer), trainer.history.to_dict(), trainer.recipe))


def resumed(path: Path) -> str:
    """As the live page and ``--resume`` do it, but for the training."""
    torch.set_num_threads(1)
    saved = Saved.read(path.parent)
    run = saved.resume(saved.data.load(), "cpu")
    kept.track(saved)
    return repr((next(run.trainer), run.seconds, run.data))


def exported(path: Path) -> str:
    says("export", str(path.parent), "--csv", "case/table.csv")
    return Path("case/table.csv").read_text(encoding="utf-8")


def evaluated(path: Path) -> str:
    return says("evaluate", str(path.parent))


def predicted(path: Path) -> str:
    return says("predict", str(path.parent), "pets-b")


def checkpoint_cases(seed: int) -> Iterator[Case]:
    original = partial(copied, "runs/stopped/checkpoint.pt")
    formats = [
        Format("files: `checkpoint.pt`", original, read)
        for read in (next_step, resumed, exported, evaluated, predicted)
    ]
    for form in (formats[0], formats[2]):
        yield from form.bytes_cases(seed)
    own = [*CHECKPOINT, *((above, name) for above, names in BELOW.items() for name in names)]
    # Each change by one of the readers, in turn: they all read the same file.
    for k, (name, change) in enumerate((*contents(), *changes(own))):
        form = formats[k % len(formats)]
        if name.startswith(("data", "device", "seconds", "threads")) and form is formats[0]:
            form = formats[1]  # what a run's folder has in it beside what a trainer needs
        allowed = any(one in name for one in ANOTHER_RUN)
        yield form.case(name, partial(_with_torch, change), allowed)


CHECKPOINT = [
    (name,)
    for name in (
        *("format", "recipe", "build", "threads", "model", "optimiser", "batches", "history"),
        *("data", "device", "seconds", "inputs", "classes", "names", "random"),
    )
]
BELOW = {
    "recipe": ["steps", "seed", "mode", "batch_size", "lambda_", "preset", "optimiser"],
    "build": ["id", "sha256", "pair"],
    "inputs": ["kind", "shape", "mean", "std", "columns"],
    "data": ["pair", "seed", "photos", "build", "data_dir"],
    "history": ["steps", "evaluations", "marks"],
}
ANOTHER_RUN = (
    *("marks is an empty list", "evaluations is an empty list", "data.data_dir", "data.build"),
    *("format 1", "recipe.preset is a text", "recipe.lambda_ is None", "no moments"),
)
"""Changes that make another run, no worse one: nobody can tell it from a run that was so."""


def _with_torch(change: Change, path: Path) -> None:
    torch.save(change(torch.load(path, weights_only=True)), path)


def contents() -> Iterator[tuple[str, Change]]:
    """Changes to what a checkpoint has in it."""
    for version in (0, 1, 3, 5, "2", 2.0, [2]):
        yield f"format {version!r:.20}", with_field("format", value=version)
    for above in ((), ("recipe",), ("build",), ("history",), ("model",), ("optimiser",)):
        yield ".".join((*above, "unheard-of added")), with_field_more(*above)
    weight = partial(with_field, "model", "label_predictor.0.weight")
    yield "a weight of another shape", weight(value=lambda w: w[:5])
    yield "a weight of another type", weight(value=lambda w: w.to(torch.float64))
    yield "a weight of whole numbers", weight(value=lambda w: w.to(torch.int32))
    yield "a weight of NaN", weight(value=lambda w: w * math.nan)
    yield "a complex weight", weight(value=lambda w: w.to(torch.complex64))
    yield "a sparse weight", weight(value=lambda w: w.to_sparse())
    yield "a weight of stride 0, 1 TB", weight(value=lambda w: w[:1, :1].expand(2**19, 2**19))
    yield "a weight on no device", weight(value=lambda w: w.to("meta"))
    yield "a weight that is a text", weight(value="text")
    order = partial(with_field, "batches", 0, "order")
    yield "an order of stride 0, 1 TB", order(value=lambda o: o[:1].expand(2**38))
    yield "an order beyond the examples", order(value=lambda o: o + 10_000)
    yield "an order below nought", order(value=lambda o: o - 1)
    yield "an order with repetitions", order(value=lambda o: o * 0)
    yield "an order of floats", order(value=lambda o: o.float())
    yield "a shorter order", order(value=lambda o: o[:-1])
    yield "an order of two dimensions", order(value=lambda o: o[None])
    for value in (-1, 10**6, "text", None, 1.5, math.nan, True):
        yield f"position {value!r}", with_field("batches", 0, "position", value=value)
    generator = partial(with_field, "batches", 0, "generator")
    yield "a generator cut short", generator(value=lambda g: g[:100])
    yield "a generator of zeros", generator(value=lambda g: g * 0)
    yield "a generator of floats", generator(value=lambda g: g.float())
    yield "one domain's batches only", with_field("batches", value=lambda b: b[:1])
    yield "three domains' batches", with_field("batches", value=lambda b: [*b, b[0]])
    yield "no moments", with_field("optimiser", "state", value={})
    moment = partial(with_field, "optimiser", "state", 0, "exp_avg")
    yield "moments of NaN", moment(value=lambda m: m * math.nan)
    yield "moments of another shape", moment(value=lambda m: m[:1])
    yield "no parameter groups", with_field("optimiser", "param_groups", value=[])
    column = partial(with_field, "history", "steps")
    yield "a column shorter", column("label_loss", value=lambda c: c[:-1])
    yield "steps from 5", column("step", value=lambda c: [v + 4 for v in c])
    yield "more steps than the recipe", column(value=lambda s: {n: c * 5 for n, c in s.items()})
    yield "a list", lambda state: list(state.values())
    yield "a tensor", lambda state: torch.zeros(3)


def with_field_more(*above: str) -> Change:
    """The content with a field more that nobody knows."""
    if above:
        return with_field(*above, value=lambda inside: {**inside, "unheard-of": 1})
    return lambda content: {**content, "unheard-of": 1}


# Data of one's own


def own(path: Path) -> str:
    """All examples, sorted: their order and splits follow from a file's bytes, which can be others
    for the same picture."""
    pair = from_paths(*_own_domains(path))
    found = [
        sorted(
            (image.numpy().tobytes().hex(), label)
            for split in (domain.train, domain.validation, domain.test)
            for image, label in zip(split.images, split.labels.tolist(), strict=True)
        )
        for domain in (pair.source, pair.target)
    ]
    return sha256(repr((pair.class_values, found)).encode()).hexdigest()


def checked(path: Path) -> str:
    return says("data check", *map(str, _own_domains(path)))


def _own_domains(path: Path) -> tuple[Path, Path]:
    if path.suffix == ".zip":
        return unpacked(path)
    return (path.parents[1], Path("pets-b")) if path.suffix == ".png" else (path, path)


def _own_picture() -> Path:
    shutil.copytree("pets-a", CASE / "pets")
    return CASE / "pets" / "cat" / "0.png"


def _own_csv() -> Path:
    return Path(shutil.copyfile("rows-a.csv", CASE / "rows.csv"))


def _own_npz() -> Path:
    path = CASE / "pets.npz"
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 3), np.uint8)
    np.savez(path, X=images, y=np.arange(40) % 2)
    return path


def _own_parquet() -> Path:
    path = CASE / "rows.parquet"
    pandas.read_csv("rows-a.csv").to_parquet(path)
    return path


def _own_zip() -> Path:
    path = CASE / "pets.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for folder, name in (("pets-a", "source"), ("pets-b", "target")):
            for file in sorted(Path(folder).rglob("*.png")):
                archive.write(file, Path(name, file.relative_to(folder)))
    return path


def own_cases(seed: int) -> Iterator[Case]:
    area = "files: data of one's own"
    for read in (own, checked):
        # Cut off, rows are fewer rows.
        yield from _named("CSV", Format(area, _own_csv, read, sealed=False), seed, allowed=True)
        yield from _named("Parquet", Format(area, _own_parquet, read, sealed=False), seed)
    yield from _named("npz", Format(area, _own_npz, own), seed)
    yield from _named("zip", Format(area, _own_zip, own), seed)
    picture = Format(area, _own_picture, own, sealed=False)
    for name, bend in bends(seed, False).items():
        yield picture.case(f"{name} (PNG)", partial(rewrite, bend))
    for name in STANDING:  # a picture that is not there is one picture less
        none = name in (*ABSENT, "folder")
        yield picture.case(f"{name} in its place (PNG)", partial(stand_in, name), none)
    arrays = Format(area, _own_npz, own)
    for name in ("X", "y"):
        for what, value in ARRAY_CHANGES.items():
            change = with_field(name, value=value)
            yield arrays.case(f"{name} {what} (npz)", partial(_with_arrays, change), allowed=True)


def _named(name: str, form: Format, seed: int, allowed: bool = False) -> Iterator[Case]:
    for case in form.bytes_cases(seed, allowed=allowed):
        yield replace(case, name=f"{case.name} ({name})")


# History


def history(path: Path) -> str:
    found = History.load(path)
    json.dumps(found.to_dict(), allow_nan=False)
    return repr((found.to_dict(), list(found)))


def _with_json(change: Change, path: Path) -> None:
    content = change(json.loads(path.read_text(encoding="utf-8")))
    path.write_text(json.dumps(content).replace("Infinity", "1e400"), encoding="utf-8")


def history_cases(seed: int) -> Iterator[Case]:
    original = partial(copied, "runs/done/history.json")
    form = Format("files: `history.json`", original, history, sealed=False)
    yield from form.bytes_cases(seed)
    whole = History().to_dict()
    places: list[tuple[Any, ...]] = [(name,) for name in whole]
    places += [("steps", name) for name in whole["steps"]]
    places += [("steps", "label_loss", 0), ("steps", "step", 0), ("evaluations", 0)]
    places += [("evaluations", 0, name) for name in ("step", "images", "target_accuracy")]
    for name, change in changes(places):
        none = name in ("evaluations is an empty list", "marks is an empty list")
        number = name.startswith(("steps.label_loss.0", "evaluations.0")) and name.endswith(
            ("None", "-1", "0 missing")
        )
        yield form.case(name, partial(_with_json, change), allowed=none or number)
    yield form.case("unheard-of added", partial(_with_json, with_field_more()))


# Snapshots


def snapshots(path: Path) -> str:
    found = Snapshots.load(path)
    return repr([{name: bits(value) for name, value in vars(one).items()} for one in found])


def _with_arrays(change: Change, path: Path) -> None:
    with np.load(path) as stored:
        arrays = dict(stored)
    arrays = change(arrays)
    with open(path, "wb") as stream:
        np.savez(stream, **arrays)


ARRAYS = (
    *("format", "steps", "scales", "probes", "methods", "labels", "domains", "predictions"),
    *("confidence", "features"),
)
ARRAY_CHANGES: dict[str, Callable[[Any], Any]] = {
    "one row less": lambda a: a[:-1] if a.ndim else a + 1,
    "of floats": lambda a: a.astype(np.float64) if a.dtype.kind != "U" else np.zeros(3),
    "of texts": lambda a: np.array(["text"] * max(1, a.size)),
    "of objects": lambda a: a.astype(object),
    "one dimension more": lambda a: a[None],
    "of nan": lambda a: np.full(a.shape, np.nan),
    "0-dimensional": lambda a: np.array(7),
    "empty": lambda a: a[:0] if a.ndim else np.array([]),
}


def snapshot_cases(seed: int) -> Iterator[Case]:
    original = partial(copied, "runs/done/snapshots.npz")
    form = Format("files: `snapshots.npz`", original, snapshots)
    yield from form.bytes_cases(seed)
    beside = Format("files: `snapshots.npz`", original, exported, optional=True)
    for name in ("empty", "cut at 50 %", "a hostile pickle", "a zip with 8 TB declared"):
        yield beside.case(name, partial(rewrite, bends(seed, True)[name]))
    for name in STANDING:
        yield beside.case(f"{name} in its place", partial(stand_in, name), name in ABSENT)
    for name in ARRAYS:
        missing = next(change for _, change in changes([(name,)]))
        yield form.case(f"{name} missing", partial(_with_arrays, missing))
        for what, value in ARRAY_CHANGES.items():
            # Of no snapshot and without a probe: it may be so, and floats are floats.
            same = (name, what) in (("steps", "empty"), ("probes", "of nan"))
            change = with_field(name, value=value)
            yield form.case(f"{name} {what}", partial(_with_arrays, change), same)
    yield form.case("an array more", partial(_with_arrays, with_field_more()))


# Recorded runs


def recording(path: Path) -> str:
    return repr([recordings.plain(one) for one in recordings.unpacked(path.read_bytes())])


def _recorded() -> Path:
    saved = Saved.read("runs/done")
    names = ("digits", "photos")
    made = recordings.track("a", "b", saved.recipe, kept.history(saved), "digits", names)
    path = CASE / "recorded.json.gz"
    path.write_bytes(recordings.packed([made]))
    return path


def _with_packed_json(change: Change, path: Path) -> None:
    content = change(json.loads(gzip.decompress(path.read_bytes())))
    path.write_bytes(gzip.compress(json.dumps(content).encode()))


def recording_cases(seed: int) -> Iterator[Case]:
    form = Format("files: recorded runs", _recorded, recording)
    yield from form.bytes_cases(seed, standing=False)  # its bytes are what is read
    track = ("tracks", 0)
    places: list[tuple[Any, ...]] = [("format",), ("tracks",)]
    places += [(*track, name) for name in ("title", "recipe", "names", "steps", "curves", "maps")]
    places += [(*track, name) for name in ("moments", "sentences", "labels", "predictions")]
    places += [(*track, "moments", name) for name in ("dtype", "shape", "data")]
    for name, change in changes(places):
        valid = name.endswith(
            ("tracks is an empty list", "title is a text", "curves is an empty dict")
        ) or name.endswith(("maps is an empty dict", "recipe is an empty dict"))
        yield form.case(name, partial(_with_packed_json, change), allowed=valid)


# Networks for a page


def networks(path: Path) -> str:
    return repr(halves.unpacked(path.read_bytes()))


def _networks() -> Path:
    path = CASE / "networks.json"
    path.write_bytes(halves.packed([halves.plain(load_trained("runs/done/checkpoint.pt"), "a")]))
    return path


def network_cases(seed: int) -> Iterator[Case]:
    form = Format("files: networks for a page", _networks, networks)
    yield from form.bytes_cases(seed, standing=False)  # its bytes are what is read
    network = ("networks", 0)
    names = ("name", "about", "network", "instance_norm", "mean", "shapes", "weights")
    places: list[tuple[Any, ...]] = [("format",), ("networks",)]
    places += [(*network, name) for name in names]
    places += [(*network, "shapes", 0, name) for name in ("name", "shape")]
    for name, change in changes(places):
        valid = name.endswith(("networks is an empty list", "name is a text", "about is a text"))
        yield form.case(name, partial(_with_json, change), allowed=valid)


# Builds of MNIST-M


def build(path: Path) -> str:
    found = mnistm.load(path)
    return repr([*(bits(array) for array in found.arrays), found.build])


def listed(path: Path) -> str:
    return says("data list")


def _built() -> Path:
    path = Path("cache/mnist-m/build.npz")
    made = made_mnistm()
    made.build.update(id="build", seed=0, photos="none")
    mnistm.save(made, path)
    return path


def _with_build(change: Change, path: Path) -> None:
    def bend(arrays: dict[str, Any]) -> dict[str, Any]:
        text = json.dumps(change(json.loads(str(arrays["build"]))))
        return arrays | {"build": np.array(text.replace("Infinity", "1e400"))}

    _with_arrays(bend, path)


def build_cases(seed: int) -> Iterator[Case]:
    area = "files: builds of MNIST-M"
    form, in_list = Format(area, _built, build), Format(area, _built, listed, optional=True)
    yield from form.bytes_cases(seed)
    # A build that cannot be read is not on offer.
    yield from in_list.bytes_cases(seed, allowed=True)
    for name, change in changes([("id",), ("photos",), ("sha256",), ("seed",)]):
        # What a build is called is part of no checksum.
        yield form.case(name, partial(_with_build, change), allowed="sha256" not in name)
        yield in_list.case(name, partial(_with_build, change), allowed=True)
    for what, wrong in WRONG.items():
        for one in (form, in_list):
            spoil = partial(_with_build, partial(_instead, wrong))
            yield one.case(f"all of it is {what}", spoil, allowed=one is in_list)


def _instead(value: Any, content: Any) -> Any:
    return value


# Photos


def photos(path: Path) -> str:
    found = PhotoSet.of(DataStore(CASE, Path("cache"))).read()
    return repr([(photo.shape, str(photo.dtype)) for photo in found])


def _photographed() -> Path:
    from PIL import Image

    folder = CASE / "BSDS500" / "images" / "train"
    folder.mkdir(parents=True)
    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    for name in ("1.jpg", "2.jpg"):
        Image.fromarray(noise).save(folder / name)
    return folder / "1.jpg"


def _draw(mode: str, size: tuple[int, int], form: str, path: Path) -> None:
    from PIL import Image

    Image.new(mode, size).save(path, format=form)


def photo_cases(seed: int) -> Iterator[Case]:
    form = Format("files: photos", _photographed, photos, sealed=False, optional=True)
    yield from form.bytes_cases(seed)
    for mode, size, kind, allowed in (
        ("L", (300, 200), "JPEG", True),
        ("CMYK", (300, 200), "JPEG", True),
        ("P", (60, 60), "GIF", True),
        ("L", (1, 1), "JPEG", False),
        ("L", (27, 500), "JPEG", False),
        ("1", (20_000, 20_000), "PNG", False),
        ("1", (40_000, 40_000), "PNG", False),
    ):
        spoil = partial(_draw, mode, size, kind)
        yield form.case(f"a {kind} of {size} in mode {mode}", spoil, allowed)


# Lessons


def own_work(path: Path) -> str:
    copy_lessons(CASE / "shipped", CASE / "mine")
    return (CASE / "mine" / "notebooks" / "00.ipynb").read_text(encoding="utf-8")


def _shipped() -> Path:
    shipped, mine = CASE / "shipped", CASE / "mine"
    for edition in ("notebooks", "notebooks/solutions"):
        (shipped / edition).mkdir(parents=True)
        for name in ("00.ipynb", "01.ipynb"):
            (shipped / edition / name).write_text(f"{edition} {name} first", encoding="utf-8")
    copy_lessons(shipped, mine)
    (mine / "notebooks" / "00.ipynb").write_text("my own work", encoding="utf-8")
    (shipped / "notebooks" / "01.ipynb").write_text("second", encoding="utf-8")
    return mine / RECORD


def _with_record(content: Any, path: Path) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


def _at_notebook(name: str, path: Path) -> None:
    stand_in(name, CASE / "mine" / "notebooks" / "01.ipynb")


def lesson_cases(seed: int) -> Iterator[Case]:
    form = Format("files: lesson copies", _shipped, own_work, sealed=False, optional=True)
    yield from form.bytes_cases(seed)
    for what, wrong in WRONG.items():
        entries = dict.fromkeys(("notebooks/00.ipynb", "notebooks/01.ipynb"), wrong)
        yield form.case(f"an entry is {what}", partial(_with_record, entries))
    for name in STANDING:
        yield form.case(f"{name} at a notebook's place", partial(_at_notebook, name))


# Real data, where it is there


def _data() -> str | None:
    data = os.environ.get("DANN_DATA")
    return data if data and Path(data, mnist.FOLDER).is_dir() else None


def digits(path: Path) -> str:
    found = mnist.read_mnist(DataStore(CASE, Path("cache")))
    return repr([array.shape for part in found for array in part])


def _linked(data: str, name: str) -> Path:
    folder = CASE / mnist.FOLDER
    folder.mkdir(parents=True)
    for one in mnist.MD5:
        if one == name:
            shutil.copyfile(Path(data, mnist.FOLDER, one), folder / one)
        else:
            (folder / one).symlink_to(Path(data, mnist.FOLDER, one))
    return folder / name


def mnist_cases(seed: int) -> Iterator[Case]:
    if (data := _data()) is None:
        return
    for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
        form = Format("files: MNIST", partial(_linked, data, name), digits)
        for case in form.bytes_cases(seed):
            yield Case(**vars(case) | {"name": f"{case.name} ({name[:11]})"})


def _blended() -> dict[str, Any]:
    from dann_core.datasets.blending import binarise, blend

    (train, _), (test, _) = mnist.read_mnist(DataStore.open())
    # Patches of one colour: pure noise has no strokes to be told from it.
    photo = np.random.default_rng(0).integers(0, 256, (8, 10, 3), np.uint8)
    photo = photo.repeat(8, axis=0).repeat(8, axis=1)
    return {
        "train": blend(binarise(train[:5600]), [photo], 0),
        "test": blend(binarise(test[:1000]), [photo], 1),
    }


def _labels() -> dict[str, Any]:
    (_, train), (_, test) = mnist.read_mnist(DataStore.open())
    return {"train": torch.from_numpy(train[:5600]), "test": torch.from_numpy(test[:1000])}


def _pickled() -> Path:
    path = CASE / "mnistm_data.pkl"
    path.write_bytes(pickle.dumps(_blended(), protocol=2))
    return path


def _archived() -> Path:
    labels = _labels()
    for part, images in _blended().items():
        _pack(part, torch.from_numpy(images), labels[part])
    return CASE / "mnist_m_train.pt.tar.gz"


def _pack(part: str, images: Any, labels: Any) -> None:
    inside = io.BytesIO()
    torch.save((images, labels), inside)
    with tarfile.open(CASE / f"mnist_m_{part}.pt.tar.gz", "w:gz", compresslevel=1) as archive:
        member = tarfile.TarInfo(f"mnist_m_{part}.pt")
        member.size = inside.tell()
        inside.seek(0)
        archive.addfile(member, inside)


def import_pickle(path: Path) -> str:
    return importing.import_mnistm(path, DataStore.open())


def import_archive(path: Path) -> str:
    return importing.import_mnistm(path, DataStore.open())


def _with_pickle(change: Change, path: Path) -> None:
    path.write_bytes(pickle.dumps(change(pickle.loads(path.read_bytes())), protocol=2))


def _with_archive(change: Callable[[Any, Any], tuple[Any, Any]], path: Path) -> None:
    _pack("train", *change(torch.from_numpy(_blended()["train"]), _labels()["train"]))


def _noise(images: Any) -> Any:
    return np.random.default_rng(1).integers(0, 256, images.shape, np.uint8)


PICKLED: dict[str, Change] = {
    "no test": lambda a: {"train": a["train"]},
    "noise": with_field("train", value=_noise),
    "black": with_field("train", value=lambda i: i * 0),
    "turned round": with_field("train", value=lambda i: i[::-1].copy()),
    "floats": with_field("train", value=lambda i: i.astype(np.float32)),
    "booleans": with_field("train", value=lambda i: i > 0),
    "grey": with_field("train", value=lambda i: i[..., 0].copy()),
    "too few": with_field("train", value=lambda i: i[:100].copy()),
    "none": with_field("train", value=lambda i: i[:0].copy()),
    "a text": with_field("train", value="text"),
    "None": with_field("train", value=None),
    "a list": lambda a: [a["train"], a["test"]],
    "a number for a name": lambda a: {1: a["train"]},
    "hostile": with_field("train", value=lambda i: Hostile()),
}
ARCHIVED: dict[str, Callable[[Any, Any], tuple[Any, Any]]] = {
    "noise": lambda i, y: (torch.randint_like(i, 256), y),
    "black": lambda i, y: (i * 0, y),
    "boolean labels": lambda i, y: (i, y > 4),
    "labels of halves": lambda i, y: (i, y + 0.5),
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


def import_cases(seed: int) -> Iterator[Case]:
    if (data := _data()) is None:
        return
    around = {"DANN_DATA": data}
    area = "files: import of MNIST-M"
    pickled = Format(area, _pickled, import_pickle, sealed=False, variables=around)
    archived = Format(area, _archived, import_archive, sealed=False, variables=around)
    few = ("cut at 50 %", "the last byte gone", *OTHERS)
    for form in (pickled, archived):
        for name in few:
            yield form.case(name, partial(rewrite, bends(seed, False)[name]))
        for name in STANDING:
            yield form.case(f"{name} in its place", partial(stand_in, name))
    for name, change in PICKLED.items():
        yield pickled.case(name, partial(_with_pickle, change))
    for name, both in ARCHIVED.items():
        yield archived.case(name, partial(_with_archive, both))
