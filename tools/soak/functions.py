"""Calls of every public function, class and method of ``dann_core``, an argument wrong at a time.

They are found by looking, so that a new one is covered once it is known how it is called rightly:
:data:`GOOD` has that by the parameter's name or its annotation.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import io
import math
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

import dann_core
from dann_core import (
    branching,
    domains,
    evaluation,
    history,
    inputs,
    layers,
    methods,
    model,
    moons,
    networks,
    observing,
    plain_numbers,
    recipe,
    reversal,
    selection,
    snapshots,
    trained,
    training,
)
from dann_core.classifier import DANNClassifier
from dann_core.datasets import about, bounded, mnistm, photos, store, tables
from dann_core.datasets.labels import Classes
from dann_core.evaluation import SPLITS
from tools.soak import commands
from tools.soak.children import Ended
from tools.soak.sandbox import PLACES
from tools.soak.verdicts import Case, Verdict, crash, squeezed

SHORT = recipe.preset("quick", steps=3, batch_size=8)
Make = Callable[[], Any]
CLEAR = ("DannError", "ValueError", "TypeError", "RuntimeError")
"""The families of errors that a call may answer with, their message naming what is wrong; the last
is PyTorch's, for a shape, a type or a device."""


# What is right


def pair() -> domains.DomainPair:
    """Small, and of random images."""
    random = torch.Generator().manual_seed(5)

    def split(n: int, high: int) -> domains.Split:
        images = torch.randint(0, high, (n, 28, 28, 3), generator=random, dtype=torch.uint8)
        return domains.Split(images, torch.arange(n) % 10)

    source = domains.Domain("bright", split(30, 256), split(8, 256), split(24, 256))
    target = domains.Domain("dark", split(32, 120), split(8, 120), split(24, 120))
    build = {"pair": "tiny", "id": "tiny-5", "sha256": "5"}
    return domains.DomainPair("tiny", source, target, build=build)


def images(n: int = 6) -> Tensor:
    return pair().source.train.images[:n]


def floats(n: int = 6) -> Tensor:
    return pair().prepare(images(n))


def network() -> model.DANN:
    return model.build_model(SHORT)


def trainer() -> training.Trainer:
    made = training.Trainer(pair(), SHORT, device="cpu")
    next(made)
    return made


def ended() -> training.Trainer:
    made = trainer()
    for _ in made:
        pass
    return made


TABLE = dataclasses.replace(
    SHORT, network="mlp", instance_norm=False, contrast_inversion=False, batch_norm=False
)


def row_inputs() -> inputs.Inputs:
    return inputs.inputs_of_table(torch.from_numpy(points(20, 4)))


def finished() -> trained.Trained:
    """As it is read from a checkpoint."""
    return trained.trained_from(trainer().state_dict())


def classifier() -> DANNClassifier:
    """That has learnt."""
    made = DANNClassifier(steps=2, batch_size=8)
    return made.fit(points(24, 4), [0, 1, -1] * 8)


def moons_trainer() -> moons.MoonsTrainer:
    made = moons.moons_trainer(steps=3)
    next(made)
    return made


def snapshot(step: int = 1) -> snapshots.Snapshot:
    taken = observing.take_snapshot(trainer(), 12)
    return dataclasses.replace(taken, step=step)


def kept() -> snapshots.Snapshots:
    found = snapshots.Snapshots()
    for step in (1, 2):
        found.add(snapshot(step))
    return found


def batches() -> domains.Batches:
    return domains.Batches(pair().source.train, 4, 0)


def record() -> history.StepRecord:
    return history.StepRecord(1, 0.0, 0.0, 0.01, 2.3, 0.7, 3.0, 0.1, 0.5, 1.0, 1.0, 0.0)


def told() -> history.History:
    found = history.History()
    found.append(record())
    found.evaluations.append(evaluation_())
    found.marks.append(history.Mark(1, "by_hand", 0.5))
    return found


def evaluation_() -> history.Evaluation:
    return history.Evaluation(1, 0.5, 0.5, 0.5, 24)


def array(*shape: int, high: int = 256) -> np.ndarray:
    return np.random.default_rng(0).integers(0, high, shape, dtype=np.uint8)


def points(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def scores() -> selection.Scores:
    return selection.Scores(entropy=0.5, snd=4.0, source=0.9, last=1.0)


def here() -> store.DataStore:
    return store.DataStore(Path("data"), Path("cache"))


def photo_set() -> photos.PhotoSet:
    return photos.PhotoSet((), "0" * 64)


def made_mnistm() -> mnistm.MnistM:
    labels = np.arange(6)
    return mnistm.MnistM(array(6, 28, 28, 3), array(6, 28, 28, 3), labels, labels, {"id": "x"})


def _of_snapshot(field: str) -> Any:
    return getattr(snapshot(), field)


INSTANCES: dict[type, Make] = {
    domains.Split: lambda: pair().source.train,
    domains.Domain: lambda: pair().source,
    domains.DomainPair: pair,
    domains.Batches: batches,
    domains.BothDomains: lambda: pair().test_examples(3),
    history.History: told,
    history.StepRecord: record,
    history.Evaluation: evaluation_,
    snapshots.Snapshot: snapshot,
    snapshots.Snapshots: kept,
    training.Trainer: trainer,
    moons.MoonsTrainer: moons_trainer,
    model.DANN: network,
    model.LabelPredictor: model.LabelPredictor,
    model.DomainClassifier: model.DomainClassifier,
    methods.Method: methods.Adversary,
    methods.Adversary: methods.Adversary,
    methods.Conditional: lambda: methods.Conditional(3, 10),
    methods.SureConditional: lambda: methods.SureConditional(3, 10),
    methods.Distance: methods.Coral,
    methods.Coral: methods.Coral,
    methods.Mmd: methods.Mmd,
    inputs.Inputs: lambda: inputs.PIXELS,
    networks.FeatureExtractor: lambda: networks.FeatureExtractor(SHORT),
    networks.DeepFeatureExtractor: lambda: networks.DeepFeatureExtractor(SHORT),
    networks.ResidualBlock: lambda: networks.ResidualBlock(SHORT, 3, 8),
    networks.ResidualFeatureExtractor: lambda: networks.ResidualFeatureExtractor(SHORT),
    networks.TableFeatureExtractor: lambda: networks.TableFeatureExtractor(TABLE, row_inputs()),
    layers.RandomLayer: lambda: layers.RandomLayer(0),
    layers.ChannelDropout: lambda: layers.ChannelDropout(0.5, 0),
    layers.ContrastInversion: lambda: layers.ContrastInversion(0),
    layers.SeparateBatchNorm: lambda: layers.SeparateBatchNorm(3),
    trained.Trained: finished,
    trained.Predictor: lambda: trained.Predictor(network(), pair().inputs),
    DANNClassifier: classifier,
    Classes: lambda: Classes(tuple(range(6))),
    tables.Examples: lambda: tables.from_array(points(24, 4), None, "here"),
    recipe.Recipe: lambda: SHORT,
    recipe.Leg: lambda: recipe.Leg(1, SHORT),
    branching.Rerun: lambda: branching.Rerun(pair(), SHORT, [], history.History(), device="cpu"),
    selection.Scores: scores,
    reversal.GradientReversal: reversal.GradientReversal,
    store.DataStore: here,
    photos.PhotoSet: photo_set,
    mnistm.MnistM: made_mnistm,
    bounded.Bounded: lambda: bounded.Bounded(io.BytesIO(b"some bytes"), 100),
}

OWN = ("datasets.own", "domains.DomainPair")
BOTH = ("source", "target")
METHODS = ("Method", "Adversary", "Conditional", "SureConditional", "Distance", "Coral", "Mmd")
LISTING = ("below", "files_below", "listed")
LEARNT = ("fit", "predict", "predict_proba", "score")
PICTURE = Path("pets-b/0.png")
RISKS = ("importance_weighted_risk", "deep_embedded_risk")
GOOD: dict[str, Make] = {
    # By the function and the parameter
    "checkpoints.check_parts.state": lambda: trainer().state_dict(),
    "checkpoints.write_checkpoint.state": lambda: trainer().state_dict(),
    "checkpoints.write_checkpoint.path": lambda: "new.pt",
    "checkpoints.read_checkpoint.path": lambda: "runs/done/checkpoint.pt",
    "training.Trainer.resume.path": lambda: _checkpoint(),
    "training.Trainer.save.path": lambda: "new.pt",
    "training.Trainer.load_state_dict.state": lambda: trainer().state_dict(),
    "moons.MoonsTrainer.resume.path": lambda: _checkpoint(moons_trainer()),
    "moons.MoonsTrainer.resume.pair": lambda: moons.moons_pair(),
    "moons.MoonsTrainer.pair": lambda: moons.moons_pair(),
    "moons.MoonsTrainer.recipe": lambda: moons.MOONS_RECIPE,
    "moons.moons_network.recipe": lambda: moons.MOONS_RECIPE,
    "moons.moons_network.inputs": lambda: moons.moons_pair().inputs,
    "inputs.Inputs.kind": lambda: "images",
    "inputs.Inputs.shape": lambda: (28, 28, 3),
    "inputs.Inputs.prepare.examples": images,
    "inputs.Inputs.from_dict.data": lambda: inputs.PIXELS.to_dict(),
    **dict.fromkeys(("inputs.Inputs.mean", "inputs.Inputs.std"), lambda: (1.0, 2.0, 3.0)),
    "model.DANN.feature_extractor": nn.Flatten,
    "model.DANN.label_predictor": model.LabelPredictor,
    "model.DANN.domain_classifier": model.DomainClassifier,
    **{f"methods.{of}.features": lambda: 3 for of in ("method_named", *METHODS)},
    **{f"methods.{of}.inputs.features": lambda: 3 for of in METHODS},
    **{
        f"methods.{of}.{call}.{name}": make
        for of in METHODS
        for call in ("forward", "domain_logits", "layer")
        for name, make in {
            "features": lambda: torch.rand(6, 3, requires_grad=True),
            "label_logits": lambda: torch.rand(6, 10),
            "classifier": lambda: nn.LazyLinear(2),
            "sources": lambda: 3,
        }.items()
    },
    "methods.method_named.name": lambda: "cdan",
    "model.DANN.method": lambda: methods.Conditional(model.FEATURES, 10),
    "model.DANN.domain_logits.features": lambda: torch.rand(6, model.FEATURES),
    "model.DANN.domain_logits.label_logits": lambda: torch.rand(6, 10),
    "reversal.scale_gradient.features": lambda: torch.rand(4, 3, requires_grad=True),
    "training.backpropagate_by_method.images": floats,
    "training.backpropagate_by_method.labels": lambda: torch.tensor([1, 2, 3]),
    "networks.name_of.network": lambda: networks.FeatureExtractor,
    "networks.network_named.name": lambda: "deep",
    "networks.number_of_features.extractor": nn.Flatten,
    "networks.tried.what": lambda: "feature extractor",
    "networks.tried.part": nn.Flatten,
    "networks.tried.batch": lambda: torch.rand(2, 4),
    "networks.tried.described": lambda: "a batch [2, 4]",
    "networks.TableFeatureExtractor.recipe": lambda: TABLE,
    "networks.TableFeatureExtractor.inputs": row_inputs,
    "networks.TableFeatureExtractor.forward.x": lambda: torch.rand(6, 4),
    "trained.Predictor.forward.examples": images,
    "trained.Trained.predict.examples": images,
    "trained.load_trained.path": lambda: _checkpoint(),
    "trained.trained_from.state": lambda: trainer().state_dict(),
    "trained.export_torch.path": lambda: "new.pt2",
    "trained.export_onnx.path": lambda: "new.onnx",
    "trained": finished,
    "domains.Batches.load_state_dict.state": lambda: batches().state_dict(),
    "domains.DomainPair.prepare.images": images,
    "domains.Split.images": images,
    "domains.BothDomains.images": images,
    "domains.BothDomains.domains": lambda: torch.zeros(6, dtype=torch.int64),
    "evaluation.features.images": images,
    "evaluation.predict.images": images,
    "evaluation.Predictions.labels": lambda: torch.zeros(6, dtype=torch.int64),
    "evaluation.Predictions.confidence": lambda: torch.ones(6),
    "training.backpropagate.images": floats,
    "training.backpropagate.labels": lambda: torch.tensor([1, 2, 3]),
    "training.backpropagate_labels.images": floats,
    "training.numbers_of.measured": lambda: {"a": torch.tensor(1.0), "b": torch.tensor(2.0)},
    "model.DANN.forward.x": floats,
    "networks.FeatureExtractor.forward.x": floats,
    "networks.DeepFeatureExtractor.forward.x": floats,
    "layers.ChannelDropout.forward.x": floats,
    "layers.ContrastInversion.forward.x": floats,
    "layers.RandomLayer.drawn.like": floats,
    "layers.RandomLayer.set_extra_state.state": lambda: torch.Generator().get_state(),
    "layers.SeparateBatchNorm.forward.x": floats,
    "reversal.reverse_gradient.features": lambda: torch.rand(4, 3, requires_grad=True),
    "reversal.GradientReversal.forward.features": lambda: torch.rand(4, 3, requires_grad=True),
    "probe.domain_probe.source_features": lambda: points(12, 4),
    "probe.domain_probe.target_features": lambda: points(12, 4),
    **{
        f"criteria.{of}.probabilities": lambda: torch.rand(12, 3).softmax(dim=1)
        for of in ("prediction_entropy", "soft_neighbourhood_density")
    },
    **{f"criteria.density_ratio.{of}": lambda: points(12, 4) for of in ("source", "target", "at")},
    **{f"criteria.circular_accuracy.{of}": lambda: points(12, 4) for of in BOTH},
    **{
        f"criteria.circular_accuracy.{of}": lambda: np.arange(12) % 3
        for of in ("guesses", "labels")
    },
    **{f"criteria.{of}.weights": lambda: np.arange(6.0) for of in RISKS},
    **{f"criteria.{of}.losses": lambda: np.ones(6) for of in RISKS},
    "checkpoints.legs_of.state": lambda: trainer().state_dict(),
    "recipe.Leg.until": lambda: 1,
    "branching.Rerun.earlier": lambda: [],
    "branching.Rerun.recorded": history.History,
    "branching.difference.made": record,
    "branching.difference.recorded": record,
    "branching.go_on.steps": lambda: 2,
    "branching.go_on.trainer": ended,
    "snapshots.least_missed.steps": lambda: [0, 10, 20],
    "training.Trainer.state_dict.history": lambda: True,
    "selection.checked_rule.rule": lambda: "snd",
    "selection.Rule.better": lambda: "low",
    "selection.Rule.text": lambda: "what it is",
    "selection.scores.rules": lambda: ["entropy", "source"],
    "selection.scores.examples": lambda: 12,
    **{f"selection.{of}.found": lambda: [scores(), scores()] for of in ("best", "choose")},
    **{f"selection.{of}.by": lambda: "snd" for of in ("best", "choose")},
    "history.History.from_dict.data": lambda: told().to_dict(),
    "history.History.append.record": record,
    "history.History.__getitem__.index": lambda: 0,
    "history.History.column.name": lambda: "lambda_",
    "history.History.load.path": lambda: "runs/done/history.json",
    "history.History.save.path": lambda: "new.json",
    "history.Mark.kind": lambda: "by_hand",
    "history.Mark.value": lambda: 0.5,
    "snapshots.Snapshots.load.path": lambda: "runs/done/snapshots.npz",
    "snapshots.Snapshots.save.path": lambda: "new.npz",
    "snapshots.Snapshots.add_map.method": lambda: "PCA",
    "snapshots.Snapshots.add_map.positions": lambda: points(24, 2),
    "recipe.preset.name": lambda: "quick",
    "recipe.Recipe.from_dict.data": lambda: SHORT.to_dict(),
    "datasets.load_pair.name": lambda: "digits",
    **{f"datasets.labels.{of}.where": lambda: "here" for of in ("Classes.numbers", "classes_of")},
    "networks.ResidualFeatureExtractor.forward.x": floats,
    "datasets.about.sentence.found": lambda: about.about(pair()),
    "datasets.tables.Examples.ordered.columns": lambda: tables.numbered(4),
    "datasets.own.read_examples.path": lambda: _rows(),
    "datasets.own.read_examples.inputs": row_inputs,
    "datasets.zips.is_unpacked.path": lambda: "folder",
    **{f"{of}.from_arrays.source": lambda: (points(24, 4), [0, 1] * 12) for of in OWN},
    **{f"{of}.from_arrays.target": lambda: points(24, 4) for of in OWN},
    **{f"{of}.from_files.{name}": lambda: _rows() for of in OWN for name in BOTH},
    **{f"{of}.from_folders.source": lambda: "pets-a" for of in OWN},
    **{f"{of}.from_folders.target": lambda: "pets-b" for of in OWN},
    **{f"datasets.own.from_paths.{name}": lambda: _rows() for name in BOTH},
    **{f"datasets.pictures.{of}.path": lambda: PICTURE for of in ("content_of", "looked_at")},
    **{f"datasets.pictures.{of}.folder": lambda: Path("pets-b") for of in LISTING},
    **{f"classifier.DANNClassifier.{of}.X": lambda: points(24, 4) for of in LEARNT},
    **{f"classifier.DANNClassifier.{of}.y": lambda: np.array([0, 1, -1] * 8) for of in LEARNT},
    "evaluation.checked_split.split": lambda: "test",
    "datasets.fetching.fetch.what": lambda: "mnist",
    "datasets.fetching.install_photos.archive": lambda: "notes.txt",
    "datasets.fetching.install_photos.folder": lambda: "new",
    "datasets.importing.import_mnistm.path": lambda: "notes.txt",
    "datasets.bounded.Bounded.stream": lambda: io.BytesIO(b"some bytes"),
    "datasets.mnistm.save.file": lambda: "new.npz",
    "datasets.mnistm.save.made": made_mnistm,
    "datasets.mnistm.load.file": lambda: _saved_mnistm(),
    "datasets.mnistm.cache_file.build_id": lambda: "mnistm-v1",
    "datasets.mnistm.mnistm.mnist_train": lambda: (array(6, 28, 28), np.arange(6)),
    "datasets.mnistm.mnistm.mnist_test": lambda: (array(6, 28, 28), np.arange(6)),
    "datasets.blending.binarise.digits": lambda: array(6, 28, 28),
    "datasets.blending.blend.digits": lambda: array(6, 28, 28, 3),
    "datasets.blending.blend.photos": lambda: [array(40, 50, 3), array(30, 30, 3)],
    "datasets.blending.blend.done": lambda: lambda n: None,
    "datasets.blending.blend_patch.patch": lambda: array(28, 28, 3),
    "datasets.blending.blend_patch.digit": lambda: array(28, 28, 3),
    "datasets.stripes.behind_stripes.digits": lambda: array(6, 28, 28, 3),
    "datasets.stripes.behind_stripes.light": lambda: 100,
    "datasets.store.DataStore.find.relative": lambda: "MNIST",
    "files.written_whole.path": lambda: "new.txt",
    "files.cannot_write.path": lambda: Path("new.txt"),
    "files.cannot_write.error": lambda: OSError(28, "No space left on device"),
    "datasets.store.content.file": lambda: Path("notes.txt"),
    **dict.fromkeys(
        (
            *("files.in_full.path", "files.kind_of.path", "files.regular_file.path"),
            *("files.file_to_write.path", "files.can_write.folder"),
            *("files.same_file.one", "files.same_file.other"),
        ),
        lambda: "folder",
    ),
    "devices.set_threads.threads": lambda: 1,
    "devices.choose_threads.repeats": lambda: 1,
    "schedules.trace.values": lambda: [0.0, 0.5],
    "schedules.constant.value": lambda: 0.5,
    "moons.moons_pair.rotation": lambda: 35.0,
    "moons.moons_pair.lower": lambda: 30,
    "datasets.store.DataStore.root": lambda: "data",
    "datasets.store.DataStore.cache": lambda: "cache",
    "moons.MoonsTrainer.load_state_dict.state": lambda: moons_trainer().state_dict(),
    "moons.MoonsTrainer.save.path": lambda: "new.pt",
    **{
        f"snapshots.Snapshot.{field}": partial(_of_snapshot, field)
        for field in ("labels", "domains", "predictions", "confidence", "features", "scale")
    },
    # By the parameter
    "pair": pair,
    "recipe": lambda: SHORT,
    "inputs": lambda: inputs.PIXELS,
    "model": network,
    "trainer": trainer,
    "split": lambda: pair().source.train,
    "train": lambda: pair().source.train,
    "validation": lambda: pair().source.validation,
    "test": lambda: pair().source.test,
    "source": lambda: pair().source,
    "target": lambda: pair().target,
    "labels": lambda: torch.arange(6),
    "store": here,
    "photo_set": photo_set,
    "snapshot": lambda: snapshot(3),
    "device": lambda: "cpu",
    "photos": lambda: "shared",
    "progress": lambda: 0.5,
    "lambda_": lambda: 0.5,
    "step": lambda: 1,
    "seed": lambda: 3,
    "rotation": lambda: 40.0,
    "start": lambda: 0.01,
    "peak": lambda: 0.01,
    "p": lambda: 0.5,
    "n": lambda: 3,
    "images": lambda: 12,
    "size": lambda: 4,
    "classes": lambda: 10,
    "width": lambda: 8,
    "most_bytes": lambda: 10_000_000,
    "limit": lambda: 100,
    "name": lambda: "cpu",
    "evaluation.Look.domain": lambda: 1,
    "evaluation.Look.labels": lambda: torch.zeros(6, dtype=torch.int64),
    "evaluation.Look.features": lambda: torch.rand(6, 8),
    "evaluation.Look.logits": lambda: torch.rand(6, 10),
    "evaluation.Look.guesses": lambda: torch.zeros(6, dtype=torch.int64),
    "evaluation.judged.seen": lambda: list(evaluation.looks(network(), pair(), 12)),
}


def _checkpoint(made: training.Trainer | None = None) -> str:
    (made or trainer()).save("made.pt")
    return "made.pt"


def _rows() -> str:
    lines = [f"{a},{b},{k % 2}" for k, (a, b, *_) in enumerate(points(24, 4).tolist())]
    Path("made.csv").write_text("\n".join(["a,b,label", *lines]), encoding="utf-8")
    return "made.csv"


def _saved_mnistm() -> str:
    mnistm.save(made_mnistm(), "made.npz")
    return "made.npz"


# What is wrong

Values = dict[str, Make]
WHOLES: dict[str, Any] = {
    "-1": -1,
    "0": 0,
    "2**31": 2**31,
    "2**63": 2**63,
    "10**400": 10**400,
    "10**5000": 10**5000,
    "-10**5000": -(10**5000),
    "1.5": 1.5,
    "2.0": 2.0,
    "nan": math.nan,
    "inf": math.inf,
    "True": True,
    "'3'": "3",
    "b'3'": b"3",
    "[3]": [3],
    "3j": 3j,
    "Fraction": Fraction(1, 2),
    "Decimal": Decimal("NaN"),
    "np.int64(-1)": np.int64(-1),
    "np.uint64(2**63)": np.uint64(2**63),
    "np.float16(nan)": np.float16("nan"),
    "np.array([3])": np.array([3]),
    "np.array(3)": np.array(3),
    "an object": object(),
}
NUMBERS: dict[str, Any] = {
    "-1": -1.0,
    "-0.0": -0.0,
    "0": 0,
    "1e39": 1e39,
    "1e-320": 1e-320,
    "1.7e308": 1.7e308,
    "-1e39": -1e39,
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
    "10**400": 10**400,
    "10**5000": 10**5000,
    "True": True,
    "'0.5'": "0.5",
    "b'0.5'": b"0.5",
    "[0.5]": [0.5],
    "0.5j": 0.5j,
    "Fraction": Fraction(1, 2),
    "Decimal": Decimal("sNaN"),
    "np.float32(nan)": np.float32("nan"),
    "np.longdouble(inf)": np.longdouble("inf"),
    "np.array([0.5])": np.array([0.5]),
    "np.array('x')": np.array("x"),
    "an object": object(),
}
TEXTS: dict[str, Any] = {
    "empty": "",
    "blank": " ",
    "word": "nonsense",
    "5,000 characters": "x" * 5000,
    "surrogate": "\udcff",
    "NUL": "a\0b",
    "path": "../../x",
    "module": "nowhere:network",
    "no module": ":network",
    "relative module": ".nowhere:network",
    "bytes": b"digits",
    "3": 3,
    "a list": ["digits"],
    "a dict": {},
}
OBJECTS: dict[str, Any] = {
    "a text": "text",
    "3": 3,
    "nan": math.nan,
    "a list": [],
    "a dict": {},
    "an object": object(),
    "a class": int,
}
CALLABLES: dict[str, Any] = {
    "3": 3,
    "a text": "text",
    "of no argument": lambda: 0.5,
    "gives nan": lambda *a: math.nan,
    "gives None": lambda *a: None,
    "gives a text": lambda *a: "0.5",
    "gives -1": lambda *a: -1,
    "gives 1e39": lambda *a: 1e39,
    "gives a list": lambda *a: [0.5],
}
DEVICES: dict[str, Any] = {
    "empty": "",
    "word": "nonsense",
    "cuda:99": "cuda:99",
    "cpu:99": "cpu:99",
    "meta": "meta",
    "xpu": "xpu",
    "minus one": "cpu:-1",
    "3": 3,
    "2**70": 2**70,
    "a list": [],
    "1.5": 1.5,
}
SEQUENCES: dict[str, Any] = {
    "empty": [],
    "a text": "abc",
    "of texts": ["x"],
    "of None": [None],
    "of nan": [math.nan],
    "of -1": [-1],
    "of 1e39": [1e39],
    "3": 3,
    "nested": [[0.5]],
}


def _none_bad(value: Any) -> bool:
    return False


def _whole(low: int, high: float = math.inf) -> Callable[[Any], bool]:
    def bad(value: Any) -> bool:
        found = plain_numbers.plain(value)
        return not (plain_numbers.is_whole(found) and low <= found <= high)

    return bad


def _number(low: float, high: float, open_: bool = False) -> Callable[[Any], bool]:
    def bad(value: Any) -> bool:
        found = plain_numbers.plain(value)
        if isinstance(found, Tensor):
            return False
        try:
            number = plain_numbers.is_number(found)
        except OverflowError:
            return True
        return not (number and low <= found <= high and not (open_ and found == high))

    return bad


LARGEST = plain_numbers.LARGEST
BAD: dict[str, Callable[[Any], bool]] = {
    "datasets.blending.blend.seed": _whole(0, 2**32 - 1),
    "datasets.stripes.behind_stripes.seed": _whole(0, 2**32 - 1),
    "datasets.stripes.stripes_pair.photos": lambda value: value != "shared",
    "domains.Batches.seed": _whole(0, 2**63 - 1),
    "layers.RandomLayer.seed": _whole(0, 2**63 - 1),
    "layers.ChannelDropout.seed": _whole(0, 2**63 - 1),
    "layers.ContrastInversion.seed": _whole(0, 2**63 - 1),
    "probe.domain_probe.seed": _whole(0, 2**32 - 1),
    "classifier.DANNClassifier.preset": lambda value: value not in tuple(recipe.PRESETS),
    **dict.fromkeys(
        (
            *(f"evaluation.{name}.split" for name in ("evaluate", "looks", "checked_split")),
            "training.Trainer.evaluate.split",
        ),
        lambda value: value not in SPLITS,
    ),
    "seed": _whole(0, 2**31 - 1),
    "n": _whole(0),
    "images": _whole(1),
    "size": _whole(1),
    "classes": _whole(1),
    "width": _whole(1),
    "step": lambda value: not isinstance(plain_numbers.plain(value), int),
    "most_bytes": _whole(0),
    "domains.DomainPair.classes": _whole(1, domains.MOST_CLASSES),
    "datasets.about.examples_picture.columns": _whole(1, 100),
    "steps": _whole(1),
    "batch_size": _whole(2),
    "log_every": _whole(1),
    "domain_width": _whole(1),
    "dropout": _number(0, 1, open_=True),
    "momentum": _number(0, 1, open_=True),
    "beta1": _number(0, 1, open_=True),
    "weight_decay": _number(0, sys.float_info.max),
    "learning_rate": _number(0, sys.float_info.max),
    "light": _whole(0, 255),
    "repeats": _whole(1),
    "devices.set_threads.threads": _whole(1, 64),
    "lambda_": _number(0, LARGEST),
    "value": _number(0, LARGEST),
    "rotation": _number(-math.inf, math.inf),
    "lower": _whole(0, 150),
    "p": _number(0, 1, open_=True),
    # Of a schedule it is a number, of data of one's own what hears how far they are.
    **{
        f"datasets.own.{of}.progress": lambda value: value is not None and not callable(value)
        for of in ("from_folders", "from_files", "from_arrays", "from_paths")
    },
    "progress": _number(0, 1),
    "gamma": _number(0, sys.float_info.max),
    "start": _number(0, sys.float_info.max),
    "peak": _number(0, sys.float_info.max),
    "warmup": _number(0, 1),
    "photos": lambda value: value not in ("shared", "heldout"),
    **dict.fromkeys(
        (
            *(
                "domains.Split.to.device",
                "domains.Domain.to.device",
                "domains.DomainPair.to.device",
            ),
            *("devices.describe_device.device", "schedules.follow_paper.step"),
            *("datasets.mnistm.build_id.seed", "datasets.mnistm.build_id.photos"),
        ),
        _none_bad,  # PyTorch's devices, and what is not used or has been looked at before
    ),
    "device": lambda value: value not in ("cpu", "auto", torch.device("cpu")),
}
"""Which values may not be accepted, by the function and the parameter or by the parameter alone.
The documentation of the function is the judge. Of other values only crashes, hangs, losses and
results that are not finite are looked for."""
ANYTHING = (
    *(
        "Bounded",
        "plain",
        "none_for_nan",
        "make_plain",
        "is_whole",
        "is_number",
        "short",
        "reason_of",
    ),
    *(
        "checked_type",
        "checked_number",
        "checked_whole",
        "check_form",
        "shown",
        "undone_on_failure",
        "Added",
    ),
    *("as_uncompiled", "parts", "size_of", "replace", "checked_model", "checked_optimiser"),
    *("as_domain", "unpacked", "read_tar", "read_torch", "read_arrays", "check_shape"),
    *("row_name", "some", "as_numpy", "images_of", "finite_table", "from_array", "from_frame"),
    *("numbered", "is_picture", "as_array", "in_order", "usual_size", "mapped", "ResidualBlock"),
    *("inputs_of_images", "inputs_of_table", "read_file", "decoded", "failed"),
)
"""What takes anything, what looks at arguments itself, and parts of a step, an import or a pair,
which is tried as a whole."""
RECORDS = (
    *("StepRecord", "Evaluation", "Mark", "Probe", "Pushes", "Predictions", "BothDomains"),
    *("Mirror", "Download", "DataSet", "Domain", "PhotoSet", "MnistM"),
    *("About", "Examples", "Classes", "Trained"),
)
"""Plain records, which say nothing of their own: they are judged where they are used."""


def tensors(good: Tensor) -> Values:
    """Variations of a tensor."""
    found: Values = {
        "a text": lambda: "text",
        "3": lambda: 3,
        "a list": lambda: good.tolist(),
        "an array": lambda: good.detach().numpy(),
        "no dimensions": lambda: torch.tensor(1.0).to(good.dtype),
        "empty": lambda: good[:0],
        "one dimension more": lambda: good[None],
        "one dimension less": lambda: good[0],
        "flat": lambda: good.reshape(-1),
        "transposed": lambda: good.transpose(0, -1),
        "meta device": lambda: good.to("meta"),
        "sparse": lambda: good.detach().float().to_sparse(),
        "stride 0, huge": lambda: good[:1].detach().expand(2**40, *good.shape[1:]),
    }
    for dtype in ("bool", "int8", "int32", "int64", "float16", "float64", "bfloat16", "complex64"):
        found[dtype] = partial(good.detach().to, getattr(torch, dtype))
    for name, value in (("nan", math.nan), ("inf", math.inf), ("1e38", 1e38)):
        found[f"floats of {name}"] = partial(torch.full, good.shape, value)
    if good.dtype == torch.int64:
        for value in (-1, 10, 255, 2**62):
            found[f"all {value}"] = partial(torch.full_like, good, value)
    return found


def arrays(good: np.ndarray) -> Values:
    """Variations of an array."""
    found: Values = {
        "a text": lambda: "text",
        "3": lambda: 3,
        "a list": lambda: good.tolist(),
        "a tensor": lambda: torch.from_numpy(good),
        "no dimensions": lambda: good.reshape(-1)[0],
        "empty": lambda: good[:0],
        "one dimension more": lambda: good[None],
        "one dimension less": lambda: good[0],
        "flat": lambda: good.reshape(-1),
        "transposed": lambda: good.T,
        "every second": lambda: good[::2],
        "backwards": lambda: good[::-1],
        "objects": lambda: good.astype(object),
        "texts": lambda: good.astype(str),
        "big-endian": lambda: good.astype(">f4"),
        "stride 0, huge": lambda: np.broadcast_to(good[:1], (2**40, *good.shape[1:])),
    }
    for dtype in ("bool", "int8", "int64", "float16", "float64", "complex64", "datetime64[s]"):
        found[dtype] = partial(good.astype, dtype)
    for name, value in (("nan", np.nan), ("inf", np.inf), ("1e38", 1e38)):
        found[f"floats of {name}"] = partial(np.full, good.shape, value, np.float32)
    return found


def states(good: dict[Any, Any]) -> Values:
    """Variations of a dictionary: without a field, with a wrong one, with one more."""
    found: Values = {"empty": dict, "a list": list, "a text": lambda: "text", "3": lambda: 3}
    found["a field more"] = lambda: good | {"unheard-of": 1}
    found["a number for a name"] = lambda: good | {3: 1}
    for name in good:
        found[f"without {name}"] = partial(dict, {k: v for k, v in good.items() if k != name})
        wrong: Any
        for wrong in (None, "text", -1, math.nan, [], {}, 10**400):
            found[f"{name}={wrong!r:.20}"] = partial(dict, good | {name: wrong})
    return found


def _values(annotation: str, good: Any) -> Values:
    """What to try for a parameter, by its annotation and by a value that is right."""
    if isinstance(good, Tensor):
        return tensors(good)
    if isinstance(good, np.ndarray):
        return arrays(good)
    if isinstance(good, dict):
        return states(good)
    kind = annotation.replace("| None", "").strip()
    if "Path" in kind:
        return _giving(PLACES | {"3": 3, "bytes": b"x", "NUL": "a\0"})
    for words, values in (
        (("Sequence", "tuple[int", "tuple[float", "tuple[str"), SEQUENCES),
        (("Callable", "LambdaSource", "Progress", "Cancelled", "Rows"), CALLABLES),
        (("device",), DEVICES),
        (("Whole", "int", "SupportsIndex"), WHOLES),
        (("Number", "float"), NUMBERS),
        (("str", "Literal", "Form", "Mark", "Mode", "SplitName", "Kind"), TEXTS),
        (("Network",), CALLABLES),
    ):
        if any(word in kind for word in words):
            return _giving(values)
    return _giving(OBJECTS)


def _giving(values: dict[str, Any]) -> Values:
    return {name: partial(_same, value) for name, value in values.items()}


def _same(value: Any) -> Any:
    return value


# What there is


@dataclasses.dataclass(frozen=True)
class Target:
    """``name``: below ``dann_core``; ``call``: with arguments by name; ``parameters``: of it."""

    module: str
    name: str
    call: Callable[..., Any]
    parameters: dict[str, inspect.Parameter]


def modules() -> list[ModuleType]:
    names = [m.name for m in pkgutil.walk_packages(dann_core.__path__, "dann_core.")]
    return [importlib.import_module(name) for name in names]


def targets() -> Iterator[Target]:
    """Every public function, class and method."""
    for module in modules():
        short = module.__name__.removeprefix("dann_core.")
        for name, found in vars(module).items():
            if name.startswith("_") or getattr(found, "__module__", "") != module.__name__:
                continue
            if name in ANYTHING:
                continue
            if inspect.isclass(found):
                if issubclass(found, BaseException | torch.autograd.Function):
                    continue
                if found is not layers.SeparateBatchNorm:  # its arguments are PyTorch's affair
                    yield Target(short, f"{short}.{name}", found, _parameters(found))
                yield from _methods(short, name, found)
            elif inspect.isfunction(found):
                yield Target(short, f"{short}.{name}", found, _parameters(found))


def _methods(module: str, class_: str, found: type) -> Iterator[Target]:
    for name in vars(found):  # its own; what it inherits is tried where it is from
        method = getattr(found, name)
        if name.startswith("_") and name != "__getitem__":
            continue
        static = inspect.getattr_static(found, name)
        if isinstance(static, classmethod | staticmethod):
            yield Target(module, f"{module}.{class_}.{name}", method, _parameters(method))
        elif inspect.isfunction(static) and "self" in (parameters := _parameters(static)):
            # Neither a field's default nor what another package's base class has added.
            parameters.pop("self")
            call = partial(_call_method, found, name)
            yield Target(module, f"{module}.{class_}.{name}", call, parameters)


def _call_method(class_: type, name: str, **arguments: Any) -> Any:
    return getattr(INSTANCES[class_](), name)(**arguments)


def _parameters(found: Any) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(found).parameters)


def good_value(target: Target, parameter: inspect.Parameter) -> Make | None:
    """How to make a right value; None if the parameter needs none or none is known."""
    for key in (f"{target.name}.{parameter.name}", parameter.name):
        if key in GOOD and (parameter.name != "images" or key != "images" or _counts(parameter)):
            return GOOD[key]
    return None


def _counts(parameter: inspect.Parameter) -> bool:
    return "Whole" in str(parameter.annotation)


def unknown() -> list[str]:
    """Parameters without a default for which no right value is known: for the test."""
    return [
        f"{target.name}.{name}"
        for target in targets()
        for name, p in target.parameters.items()
        if p.default is p.empty
        and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
        and good_value(target, p) is None
        and not target.name.endswith(RECORDS)
    ]


def cases(seed: int = 0) -> Iterator[Case]:
    for target in targets():
        for name, parameter in target.parameters.items():
            if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                continue
            yield from _cases_of(target, name, parameter)


def _cases_of(target: Target, name: str, parameter: inspect.Parameter) -> Iterator[Case]:
    annotation = str(parameter.annotation)
    if annotation == "bool" or target.name.endswith(RECORDS):
        return
    # Made here, in the parent, only where what to try depends on it.
    example = _example(annotation, target, name)
    if annotation == "Any" and not isinstance(example, np.ndarray):
        return
    for label, value in _values(annotation, example).items():
        yield _case(target, name, label, value)
    if "None" not in annotation:
        yield _case(target, name, "None", lambda: None)


def _example(annotation: str, target: Target, name: str) -> Any:
    make = GOOD.get(f"{target.name}.{name}")
    if annotation == "Any":
        return make and make()
    make = make or GOOD.get(name)
    kinds = ("Tensor", "Images", "Labels", "NDArray", "Features", "dict")
    return make() if make and any(kind in annotation for kind in kinds) else None


def _case(target: Target, name: str, label: str, value: Make) -> Case:
    judge_ = BAD.get(f"{target.name}.{name}") or BAD.get(name) or _none_bad
    counted = "images" in name and target.parameters[name].annotation != "Tensor"
    judge_ = judge_ if name != "images" or counted else _none_bad
    return Case(
        area=f"`dann_core.{target.module}`",
        name=f"{target.name}({name}={label})",
        work=partial(_work, target, name, value, judge_),
        judge=partial(_judge, target, name, label),
    )


def _work(target: Target, name: str, value: Make, is_bad: Callable[[Any], bool]) -> dict[str, Any]:
    """Call it; the answer says what is to be known of the value and of the result."""
    torch.set_num_threads(1)
    arguments = {
        other: make()
        for other, p in target.parameters.items()
        if other != name and p.default is p.empty and (make := good_value(target, p))
    }
    arguments[name] = wrong = value()
    hints = "\x02".join(_hints(wrong))
    print(hints.encode(errors="backslashreplace").decode(), end="\x03")
    result = _used(target.call(**arguments))
    # What is not finite from what was not finite, or nearly so, is right.
    odd = _odd(result) if not _odd(wrong) and name not in ("x", "features") else ""
    return {"bad": bool(is_bad(wrong)), "odd": odd}


OWN_NAMES = {"int64": "Long", "int32": "Int", "int8": "Char", "uint8": "Byte", "bool": "Bool"}
OWN_NAMES |= {"complex64": "ComplexFloat", "float16": "Half", "float64": "Double"}
"""PyTorch's other names for its types."""


def _hints(value: Any) -> list[str]:
    """What a message may name the value by: itself, its type, its shape, its dtype."""
    found = [type(value).__name__]
    if isinstance(value, Tensor | np.ndarray | np.generic):
        found += [str(value.dtype), str(value.dtype).removeprefix("torch.")]
        found += [str(list(value.shape)), str(tuple(value.shape)), f"{value.ndim}D"]
        if isinstance(value, np.ndarray):
            found += {"c": ["complex"], "f": ["NaN"]}.get(value.dtype.kind, [])
        found += ["memory format" if getattr(value, "is_sparse", False) else ""]
        found += [
            repr(value)[:12] if getattr(value, "size", 9) == 1 else "",
            *("arrays", "array("),
            "Target",
            OWN_NAMES.get(str(value.dtype)[6:], ""),
        ]
        found += [np.asarray(value).dtype.str if not isinstance(value, Tensor) else ""]
        found += [
            "dimension",
            f"{value.ndim}-dim",
            f"dimension {value.ndim}",
            type(value.dtype).__name__,
        ]
        if value.ndim == 0 and getattr(value, "device", None) != torch.device("meta"):
            found.append(repr(value.item()))
        return [one for one in found if one]
    try:
        found += [repr(value)[:12], repr(value)[1:12]]
    except ValueError:  # a number too long to be written
        found += ["digits", "Overflow", "too large"]
    if isinstance(value, str):
        shown = value.encode(errors="backslashreplace").decode()
        found += [value[:12] or "''", shown[:12], str(Path(shown.replace("\0", "")))[:12]]
        found.append(os.path.basename(os.path.realpath(value.replace("\0", "")))[:12])
        found += ["null byte"] if "\0" in value else []
        found.append("<U")
    if callable(value) and not isinstance(value, type):
        found += ["lambda", "callable", "NoneType", "list"]
    if isinstance(value, int) and abs(value) >= 2**63:
        found.append("Overflow")
    if isinstance(value, bool):
        found.append(str(int(value)))
    if isinstance(value, dict):
        found += [type(one).__name__ for one in value.values()]
    if isinstance(value, list):
        found += [type(one).__name__ for one in value]
    return [one for one in found if one]


def _used(result: Any) -> Any:
    """The result, put to its first use: what is taken at first may be refused then."""
    if isinstance(result, training.Trainer):
        return next(result)
    if isinstance(result, domains.Batches):
        return next(result)
    if isinstance(result, reversal.GradientReversal):
        return result(torch.ones(3, requires_grad=True))
    if isinstance(result, layers.ChannelDropout):
        return result(torch.ones(2, 3, 4, 4))
    if isinstance(result, model.DANN):
        of_points = isinstance(result.feature_extractor, nn.Sequential)
        return result(torch.rand(6, 2) if of_points else floats())
    if isinstance(result, DANNClassifier) and not hasattr(result, "model_"):
        return result.fit(points(24, 4), [0, 1, -1] * 8).predict_proba(points(5, 4))
    if isinstance(result, model.LabelPredictor | model.DomainClassifier):
        return result(torch.ones(2, model.FEATURES))
    if isinstance(result, snapshots.Snapshots):
        result.add(snapshot(9))
        return list(result)
    if isinstance(result, domains.DomainPair):
        result.test_examples(2)
        return result.prepare(result.source.train.images[:2])
    if isinstance(result, history.History):
        return [list(result), result.to_dict()]
    if hasattr(result, "__enter__") and hasattr(result, "gen"):
        with result as inside:
            return inside
    if callable(result) and not isinstance(result, type | nn.Module):
        return result(1, 0.0)
    return result


def _odd(result: Any) -> str:
    """What of a result is not finite, in words; empty if nothing is."""
    if isinstance(result, float) and not math.isfinite(result):
        return f"{result!r}"
    if isinstance(result, Tensor) and result.device.type == "cpu" and result.is_floating_point():
        return "" if bool(torch.isfinite(result.detach()).all()) else "a tensor that is not finite"
    if isinstance(result, np.ndarray) and result.dtype.kind == "f":
        return "" if bool(np.isfinite(result).all()) else "an array that is not finite"
    if isinstance(result, list | tuple):
        return next((why for one in result if (why := _odd(one))), "")
    return ""


def _judge(
    target: Target, name: str, label: str, ended: Ended, gone: list[str], new: list[str]
) -> Verdict:
    if ended.hung:
        return Verdict("hang", f"{ended.seconds:.0f} s")
    # What it was asked to write to, it may write to: what a link leads to, not the link itself.
    place = PLACES.get(label)
    asked = place is not None and not ended.error and os.path.isfile(place)
    meant = os.path.realpath(place or "") if asked else ""
    if lost := [one for one in gone if os.path.abspath(one) != meant]:
        return Verdict("lost", ", ".join(lost[:5]))
    if ended.error:
        return _error(target, name, label, ended)
    if why := crash(ended):
        return Verdict("traceback", why)
    if ended.answer is None:
        return Verdict("traceback", f"ended with status {ended.status}: {ended.complained[-300:]}")
    if ended.answer["bad"]:
        return Verdict("wrong", "accepted")
    if ended.answer["odd"]:
        return Verdict("wrong", f"gives {ended.answer['odd']}")
    return Verdict("right")


ELSEWHERE = ("Unable to allocate", "can't allocate memory", "bad_alloc", "re-initialize CUDA")
"""What NumPy and PyTorch say of something larger than the memory, and of a GPU in a fork."""
DOCUMENTED = ("KeyError", "IndexError", "FileNotFoundError")
"""What reading by a number or a name raises anywhere in Python."""


def _error(target: Target, name: str, label: str, ended: Ended) -> Verdict:
    hints, _, _ = ended.said.partition("\x03")
    if any(sign in ended.message for sign in (*ELSEWHERE, *commands.EXCUSES)):
        return Verdict("clear")
    accepted = CLEAR + (DOCUMENTED if target.name.endswith(("__getitem__", "regular_file")) else ())
    if target.name.split(".")[1] not in dann_core.__all__ or target.name.endswith("forward"):
        # Python's own answer to another type, which its message names.
        accepted += ("AttributeError", "IndexError")
    if name == "device":
        accepted += ("AssertionError",)  # PyTorch's, where it has no such kind
    if not any(family in ended.error for family in accepted):
        return Verdict("traceback", ended.where)
    message = ended.message.encode(errors="backslashreplace").decode()
    if "blank" in label and " " * 2 in message:  # a blank between two, or at an end
        return Verdict("clear")
    message = squeezed(message).casefold()
    words = [
        *label.removeprefix("without ").split("=")[:1],
        name.strip("_"),
        name.strip("_").replace("_", " "),
        *hints.split("\x02"),
    ]
    if name in ("state", "data"):  # by what it is the state of
        words += [target.name.split(".")[1], "hyper-parameter", "checkpoint"]
    if not any(squeezed(word).casefold() in message for word in words if squeezed(word)):
        return Verdict("traceback", f"does not name it: {ended.where}")
    return Verdict("clear")
