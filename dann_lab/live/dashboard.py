"""The live page: one widget that pulls.

The browser ticks every 0.4 s while somebody can see it; the answer to a tick carries what
has changed. Training never touches the widget, a browser that draws slowly asks for pictures less
often, and the last tick tells whether anybody is looking. A map is sent when it is another than the
page has; the pictures of its points once, when the page asks for them.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import os
import time
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import traitlets

from dann_core.branching import PARTS
from dann_core.datasets import PAIRS, others, zips
from dann_core.devices import one_thread
from dann_core.errors import DannError
from dann_core.recipe import ALLOWED, PRESETS
from dann_core.snapshots import Snapshot
from dann_lab.figures import classes, curves, feature_maps, sentences, sprites
from dann_lab.figures.encoding import as_text
from dann_lab.figures.theme import DARK, LIGHT, Figure
from dann_lab.live import compare, words
from dann_lab.live.branches import tree_of
from dann_lab.live.diagram import network
from dann_lab.live.own import found_for_page, may_name_paths
from dann_lab.live.protocol import (
    Busy,
    Choices,
    CompareMessage,
    FileMessage,
    ImagesMessage,
    Message,
    Offered,
    ReceivedMessage,
    State,
    StateMessage,
)
from dann_lab.live.run import Run
from dann_lab.live.session import Session
from dann_lab.live.settings import LAMBDA_RANGE, OWN, PLACE, Place, Settings
from dann_lab.live.upload import Upload
from dann_lab.maps.layouts import METHODS
from dann_lab.runs import export, kept, recordings
from dann_lab.runs.player import PLAYER_CSS, at_the_end, tracks
from dann_lab.widgets.base import PlotWidget
from dann_lab.widgets.document import STATIC


def choices() -> Choices:
    """What a person can choose from on this machine."""
    added = others()
    return {
        "pair": {**words.PAIRS, **{name: name for name in added}, OWN: words.OWN_PAIR},
        "good_for": {
            **words.GOOD_FOR,
            **{name: words.good_for_others(name) for name in added},
            OWN: words.OWN_GOOD_FOR,
        },
        "mode": words.MODES,
        "method": words.METHODS,
        "part": words.PARTS,
        "part_does": words.PART_DOES,
        "preset": words.PRESETS,
        "map": words.MAPS,
        "lambda": {method: list(ends) for method, ends in LAMBDA_RANGE.items()},
        "clothes": words.CLOTHES,
        "paths": may_name_paths(),
        "zip": zips.MOST_PACKED,
    }


assert set(words.PAIRS) == set(words.GOOD_FOR) == set(PAIRS)
assert set(words.METHODS) == set(LAMBDA_RANGE) == set(ALLOWED["method"])
assert set(words.PARTS) == set(words.PART_DOES) == set(PARTS)
assert set(words.PRESETS) == set(PRESETS)
assert set(words.MAPS) - {""} == set(METHODS)
LIST_SECONDS = 10.0
"""The time between two looks at which runs are kept."""


LIVE_PAGE = (
    "Here a network trains while one watches, with its curves, a map of its features and all knobs."
)
RECORDED = "No run has begun: the picture is of one that is recorded with the project."


class Dashboard(PlotWidget):
    """Shows a :class:`Session` and its controls. Any number of views show the same run.

    ``parts``: what of the page is shown beside the training's own controls: names of
    :data:`dann_lab.figures.curves.FIGURES`, "network", "map", "digits", "draw", "branches",
    "compare", "settings"; empty for all.
    """

    _css = PlotWidget._css + PLAYER_CSS
    _esm = STATIC / "dashboard.js"
    draws_alone = False

    asks_python = traitlets.Bool(True).tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)
    parts: traitlets.List[str] = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, session: Session, parts: Sequence[str] = ()):
        super().__init__(choices=choices(), parts=list(parts))
        self.session = session
        self._sent: dict[str, Any] = {}
        self._listed: tuple[object, float, Offered] = (None, 0.0, {"version": "", "runs": []})
        if self._compares:
            self._offered()  # reads the recorded runs: the first answer need not wait for that

    @property
    def _compares(self) -> bool:
        return not self.parts or "compare" in self.parts

    def words(self) -> list[str]:
        run = self.session.run
        if run is None or not len(run.trainer.history):
            return ["The live page", f"{LIVE_PAGE} {RECORDED}"]
        return [
            "The live page",
            f"{LIVE_PAGE} This is its run {run.number}, {run.own_steps:,} steps.",
        ]

    def panels(self) -> list[Figure]:
        run = self.session.run
        if run is None or not len(run.trainer.history):
            return at_the_end(tracks("mnist")[-1:])
        drawn = curves.drawn(run.trainer.history, LIGHT, run.trainer.pair.classes)
        return list(drawn.values())

    def works(self) -> bool:
        return self.session.works

    def leave(self) -> str:
        """End the session, and keep its runs in folders."""
        session, place = self.session, kept.folder()
        session.close()
        told = []
        for run in session.unkept:
            folder = place / f"{compare.name_of(run)}-run-{run.number}"
            try:
                session.keep_now(run, folder)
            except (DannError, OSError) as error:
                told.append(words.not_kept(folder, error))
            else:
                told.append(words.kept_at_the_end(place))
        return " ".join(dict.fromkeys(told))

    def hear(self, message: Message) -> None:
        aside = {
            "images": self._send_images,
            "compare": self._send_comparison,
            "export": self._send_file,
            "part": self._receive,
            "drop": self._drop,
        }
        # Where a process has more threads of OpenMP than cores, they fall asleep as soon as they
        # wait: a second team, for an answer, would take a quarter of its speed from the training.
        with one_thread():
            if message["type"] in aside:
                aside[message["type"]](message)
                return
            try:
                self._obey(message)
            except DannError as error:
                self.session.problem = str(error)
            self._answer(message)

    def _obey(self, message: Message) -> None:
        session = self.session
        session.looked_at()
        kind = message["type"]
        if kind != "tick" and session.state != "failed":
            session.problem = ""  # of the wish before this one
        plain = {
            "train": session.train,
            "pause": session.pause,
            "step": session.single_step,
            "reset": session.reset,
            "seed": session.new_seed,
            "undo": session.undo,
            "fetch": session.fetch_mnist,
            "cancel": session.cancel_fetch,
            "stop": session.own.stop,
        }
        if kind in plain:
            plain[kind]()
        elif kind == "lambda":
            session.set_lambda(message["value"])
        elif kind == "choose":
            changed = session.settings.changed(**message["changes"])
            session.choose(changed, message.get("train", False))
        elif kind == "map":
            session.choose_map(message["method"])
        elif kind == "replay":
            session.replay_lambda(compare.run_of(session, message["key"]))
        elif kind == "branch":
            session.branch(message["at"])
        elif kind == "more":
            session.go_on(message["steps"])
        elif kind == "rerun":
            session.rerun(compare.run_of(session, message["key"]))
        elif kind == "show":
            session.show(compare.run_of(session, message["key"]))
        elif kind == "keep" and session.run is not None:
            session.keep(kept.folder() / compare.name_of(session.run))
        elif kind == "look":
            self._look(message)
        elif kind == "draw":
            session.drawing.take(message.get("ink"), message.get("pattern"))
        elif kind == "restore":
            session.choose(Settings.from_string(message["text"]))

    def _answer(self, message: Message) -> None:
        """Tell the page that asked what is new since it last heard."""
        session, run = self.session, self.session.run
        answer: StateMessage = {
            "type": "state",
            "client": message["client"],
            "wish": message["wish"],
            "state": self._state(run, message["at"]),
        }
        if self._compares:
            offered = self._offered()
            if message["offered"] != offered["version"]:
                answer["offered"] = offered
        look = session.own.found
        if look and message["found"] != look.number:
            answer["found"] = found_for_page(look)
        if not self.parts or "draw" in self.parts:
            session.drawing.ask()
            if drawn := session.drawing.news(message):
                answer["drawn"] = drawn
        if run is not None:
            if message["run"] != run.number:
                answer["digits"] = run.digits_for_page()
            at = message["at"]
            snapshot = session.map.drawn(math.inf if at is None else at)
            mapped = self._map_version(run, snapshot, bool(message["dark"]))
            answer["state"]["map"]["drawn"] = mapped
            self._draw(run, message, snapshot, mapped, answer)
        session.looked_at()
        self.send(answer)

    def _draw(
        self,
        run: Run,
        message: Message,
        snapshot: Snapshot | None,
        mapped: str | None,
        answer: StateMessage,
    ) -> None:
        """Add what the page draws and the sentences beside it, unless it has drawn just this.

        ``snapshot``: the one whose map is shown, ``mapped`` its :meth:`_map_version`.
        """
        recipe, dark, at = run.trainer.recipe, bool(message["dark"]), message["at"]
        history = run.trainer.history if at is None else run.trainer.history.until(at)
        version = (
            *(run.number, len(history), len(history.evaluations)),
            tuple(run.trainer.history.marks),
            *(mapped, dark, at),
        )
        client, fresh_page = message["client"], message["run"] != run.number
        if not fresh_page and (version == self._sent.get(client) or not message["figures"]):
            return
        self._sent[client] = version
        theme = DARK if dark else LIGHT
        drawn = curves.drawn(history, theme, run.trainer.pair.classes)
        if at is not None:  # the axes stand still while the past grows and shrinks
            whole = {"range": [0, len(run.trainer.history)], "autorange": False}
            for figure in drawn.values():
                figure["layout"]["xaxis"] |= whole
                figure["layout"]["uirevision"] = "past"
        captions = {
            "losses": sentences.about_losses(history, recipe),
            "accuracies": sentences.about_accuracies(history, recipe, run.examples),
            "lambdas": sentences.about_lambda(history, recipe),
            "gradients": sentences.about_gradients(history, recipe),
        }
        answer["figures"], answer["captions"] = drawn, captions
        answer["journal"] = [
            {"step": mark.step, "text": sentences.about_mark(mark)}
            for mark in list(run.trainer.history.marks)
        ]
        if snapshot and mapped and (fresh_page or mapped != message["map"]):
            positions = snapshot.maps[self.session.map.method]
            labels, domains = snapshot.labels.astype(np.int64), snapshot.domains.astype(np.int64)
            names = run.class_names
            drawn["map"] = feature_maps.scatter_map(
                positions, labels, domains, theme, classes=names
            )
            captions["map"] = recordings.about_moment(snapshot, self.session.map.method, names)
            answer["points"] = {
                "version": mapped,
                "images": _name_of_images(run, snapshot),
                "predictions": as_text(snapshot.predictions.tobytes()),
                # In percent: two digits are shown, and a byte holds them.
                "confidence": as_text(
                    (100 * snapshot.confidence).round().astype(np.uint8).tobytes()
                ),
            }

    def _map_version(self, run: Run, snapshot: Snapshot | None, dark: bool) -> str | None:
        """Another word for each map that looks different; None if there is no map."""
        if snapshot is None:
            return None
        look = "dark" if dark else "light"
        return f"{run.number} {self.session.map.method} {snapshot.step} {look}"

    def _send_images(self, message: Message) -> None:
        run, snapshot = self.session.run, self.session.map.drawn()
        if run is None or snapshot is None:  # gone meanwhile; the page asks again
            return
        sheet = sprites.pictures(run.trainer.pair, snapshot.domains)
        images: ImagesMessage = {
            "type": "images",
            "client": message["client"],
            "name": _name_of_images(run, snapshot),
            "labels": as_text(snapshot.labels.tobytes()),
            "domains": as_text(snapshot.domains.tobytes()),
            "names": classes.told(run.class_names),
            **(sheet or {"sheet": "", "columns": 0, "width": 0, "height": 0}),
        }
        self.send(images)

    def _send_comparison(self, message: Message) -> None:
        answer: CompareMessage = {
            "type": "compare",
            "client": message["client"],
            "keys": message["keys"],
            "bundle": {},
            "problem": "",
        }
        try:
            answer["bundle"] = compare.bundle(self.session, message["keys"])
        except Exception as error:  # a page that waits for its runs has to hear of it
            answer["problem"] = words.in_words(error)
        self.send(answer)

    def _send_file(self, message: Message) -> None:
        """The run so far as a table, or it (or the runs of ``keys``) as a page."""
        session, run, keys = self.session, self.session.run, message["keys"]
        try:
            if keys:
                name = "dann-runs-side-by-side"
                text = export.page(compare.bundle(session, keys), name)
            elif run is None or not run.trainer.step:
                raise DannError(words.NOTHING_TO_EXPORT)
            else:
                name = compare.name_of(run)
                if message["what"] == "csv":
                    text = export.table(run.trainer.history.until(len(run.trainer.history)))
                else:
                    text = export.page(compare.bundle(session, [f"run {run.number}"]), name)
        except Exception as error:  # a page that waits for its file has to hear of it
            session.problem = words.in_words(error)
            return
        file: FileMessage = {
            "type": "file",
            "client": message["client"],
            "name": f"{name}.{message['what']}",
            "gzip": as_text(gzip.compress(text.encode(), 6)),
        }
        self.send(file)

    def _look(self, message: Message) -> None:
        place = Place(**{name: message[name] for name in PLACE})  # type: ignore[literal-required]
        self.session.look(place)

    def _receive(self, message: Message) -> None:
        """A part of a zip; once it is whole, it is looked into."""
        session, key, problem = self.session, message["key"], ""
        session.looked_at()
        try:
            if session.upload is None or session.upload.key != key:
                self._drop()
                session.upload = Upload(key, message["name"], message["size"])
            session.upload.add(message["first"], message["data"])
        except DannError as error:
            problem = str(error)
            self._drop()
        upload = session.upload
        received: ReceivedMessage = {
            "type": "received",
            "client": message["client"],
            "key": key,
            "received": upload.received if upload else 0,
            "problem": problem,
        }
        if upload and upload.is_complete:
            session.upload = None
            session.look(upload.path, upload.name)
        self.send(received)

    def _drop(self, message: Message | None = None) -> None:
        """Forget the zip that is on its way."""
        upload = self.session.upload
        if upload and (message is None or message["key"] == upload.key):
            upload.drop()
            self.session.upload = None

    def _state(self, run: Run | None, at: int | None) -> State:
        """What the page says. ``at``: the step that it looks at, None for now."""
        session = self.session
        settings = session.settings
        state: State = {
            "settings": {
                "pair": settings.pair,
                "mode": settings.mode,
                "method": settings.method,
                "part": settings.part,
                "preset": settings.preset,
                "seed": settings.seed,
                "steps": settings.steps,
                "lambda": settings.lambda_,
                "source": settings.source,
                "target": settings.target,
                "label": settings.label,
                "size": settings.size,
            },
            "text": settings.to_string(),
            "state": session.state,
            "begins": session.begins,
            "busy": _busy(session.busy),
            "problem": session.problem,
            "notice": session.notice,
            "undo": session.can_undo,
            "mnist": session.mnist_is_there,
            "step": 0,
            "device": session.device_text,
            "looking": session.own.looking,
            "speed": session.steps_per_second,
            "left": session.seconds_left,
            "map": {"method": session.map.method, "note": session.map.note, "drawn": None},
            "network": network(settings, None),
            "sentence": sentences.GETTING_READY,
            "tree": tree_of(session.all_runs, run, session.unkept),
        }
        if run is None:
            return state
        state["step"] = len(run.trainer.history)
        history = run.trainer.history if at is None else run.trainer.history.until(at)
        state["at"] = len(history)
        if len(history):
            state["applied"] = history[-1].lambda_
            state["network"] = network(settings, history[-1])
        moment = session.state if at is None else "past"
        state["sentence"] = sentences.about_run(
            history, run.trainer.recipe, moment, run.trainer.pair.target.name, run.what
        )
        predictions = run.predictions(len(history))
        if predictions is not None:
            state["predictions"] = predictions.labels.tolist()
            state["confidence"] = [round(c, 2) for c in predictions.confidence.tolist()]
            state["digits"] = run.about_digits(predictions)
        return state

    def _offered(self) -> Offered:
        """The runs that can be compared, and another ``version`` for each list of them."""
        # Folders are looked at now and then: ticks come every 0.4 s.
        key = (tuple(run.title for run in self.session.runs), self.session.notice)
        listed_for, listed_at, offered = self._listed
        now = time.monotonic()
        if key != listed_for or now - listed_at > LIST_SECONDS:
            runs = compare.offered(self.session)
            version = hashlib.sha256(repr(runs).encode()).hexdigest()[:12]
            offered = {"version": version, "runs": runs}
            self._listed = (key, now, offered)
        return offered


def _busy(busy: words.Busy | None) -> Busy | None:
    if busy is None:
        return None
    return {"kind": busy.kind, "text": words.about_busy(busy), "fraction": busy.fraction}


def _name_of_images(run: Run, snapshot: Snapshot) -> str:
    # Two pairs of one's own have the same name, and other pictures.
    return f"{run.trainer.pair.build.get('id', run.settings.pair)}, {len(snapshot.domains)} images"


@cache
def _shared_session() -> Session:
    session = Session()
    session.show_map()
    # It takes a core for half a minute, which many pages on one machine need for other things.
    if os.environ.get("DANN_PREPARE_MAPS") != "0":
        session.prepare_maps()
    return session


def dashboard() -> Dashboard:
    """The live page. Running the cell again, after a reload say, shows the run that goes on.

    It has a map from the start: by PCA, and by t-SNE once that is ready, unless somebody has chosen
    by then. t-SNE and UMAP are made ready while nobody trains, unless ``DANN_PREPARE_MAPS`` is 0;
    then PCA stays.
    """
    return Dashboard(_shared_session())
