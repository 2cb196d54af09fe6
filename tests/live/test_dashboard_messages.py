"""What a browser says to the page's widget, and what it hears back."""

from __future__ import annotations

import base64
import gzip
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakSet

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image
from test_session import LONG, history, wait

from dann_lab.figures.curves import FIGURES
from dann_lab.figures.theme import DARK, LIGHT
from dann_lab.live.dashboard import Dashboard
from dann_lab.live.run import SHOWN_DIGITS
from dann_lab.live.session import Session
from dann_lab.live.settings import LAMBDA_RANGE, Settings
from dann_lab.runs import kept
from dann_lab.runs.folder import Saved
from dann_lab.widgets import ending

DOMAIN_NUMBERS = {"domain_loss", "domain_gradient_before", "domain_gradient_after"}


class Browser:
    """Speaks as dashboard.js does, and keeps what it hears."""

    def __init__(self, widget: Dashboard, client: str = "one"):
        self.widget, self.client = widget, client
        self.wish = 0
        self.run: int | None = None
        self.dark = False
        self.wants_figures = True
        self.at: int | None = None
        self.map: str | None = None
        self.offered: str | None = None
        self.found: int | None = None
        self.drawn: str | None = None
        self.sketch: str | None = None
        self.heard: list[dict[str, Any]] = []

    def _hear(self, answer: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        assert not buffers  # Voila hangs on binary messages in Jupyter's older protocol
        json.dumps(answer, allow_nan=False)  # as it travels
        self.heard.append(answer)

    def send(self, type_: str, **more: Any) -> dict[str, Any]:
        message = {
            "type": type_,
            "client": self.client,
            "wish": self.wish,
            "run": self.run,
            "dark": self.dark,
            "at": self.at,
            "map": self.map,
            "offered": self.offered,
            "found": self.found,
            "drawn": self.drawn,
            "sketch": self.sketch,
            "figures": self.wants_figures,
            **more,
        }
        before = len(self.heard)
        self.widget.send = self._hear
        self.widget._handle_custom_msg(message, [])
        [answer] = self.heard[before:]
        if "digits" in answer:
            self.run = answer["digits"]["run"]
        if "offered" in answer:
            self.offered = answer["offered"]["version"]
        if "found" in answer:
            self.found = answer["found"]["version"]
        if "drawn" in answer:
            self.drawn = answer["drawn"]["version"]
            self.sketch = answer["drawn"]["sketch"]
        if "points" in answer:
            self.map = answer["points"]["version"]
        return answer

    def ask(self, type_: str, **more: Any) -> dict[str, Any]:
        self.wish += 1
        return self.send(type_, **more)

    def tick(self) -> dict[str, Any]:
        return self.send("tick")


@pytest.fixture
def page(quick_sessions: None) -> Iterator[Browser]:
    """A browser before a new page on the embedded pair."""
    session = Session(LONG, device="cpu")
    yield Browser(Dashboard(session))
    session.close()


@pytest.fixture
def ready(page: Browser) -> Browser:
    session = page.widget.session
    wait(session, lambda: session.run and session.run.predictions(0))
    return page


def until(page: Browser, condition: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Tick as a page does until an answer satisfies ``condition``."""
    found: list[dict[str, Any]] = []

    def holds() -> bool:
        answer = page.tick()
        if condition(answer):
            found.append(answer)
        return bool(found)

    wait(page.widget.session, holds)
    return found[0]


def test_a_page_that_opens_while_data_loads_hears_so(page: Browser) -> None:
    answer = page.tick()
    if page.widget.session.run is None:  # it may be quicker than we are
        assert answer["state"]["state"] == "loading"
        assert answer["state"]["sentence"] == "Getting ready."
        assert "figures" not in answer
    answer = until(page, lambda answer: answer["state"]["state"] == "ready")
    assert page.run is not None


def test_a_new_page_gets_everything(ready: Browser) -> None:
    answer = ready.tick()
    assert answer["type"] == "state"
    assert set(answer["figures"]) == set(answer["captions"]) == set(FIGURES)
    for figure in answer["figures"].values():
        go.Figure(figure)
    pixels = base64.b64decode(ready.heard[-1]["digits"]["pixels"])
    assert len(pixels) == 2 * SHOWN_DIGITS * 28 * 28 * 3
    state = answer["state"]
    assert len(answer["digits"]["labels"]) == len(state["predictions"]) == 2 * SHOWN_DIGITS
    assert len(state["confidence"]) == 2 * SHOWN_DIGITS
    assert state["digits"].startswith(f"Of {SHOWN_DIGITS} source test digits")
    assert state["settings"] == {
        "pair": "stripes",
        "mode": "dann",
        "method": "dann",
        "part": "both",
        "preset": "quick",
        "seed": 0,
        "steps": 5000,
        "lambda": None,
        "source": "",
        "target": "",
        "label": "",
        "size": 0,
    }
    assert Settings.from_string(state["text"]) == LONG
    assert state["sentence"].startswith("Untrained")
    choices = ready.widget.choices
    assert choices["lambda"] == {method: list(ends) for method, ends in LAMBDA_RANGE.items()}
    assert set(choices["method"]) == set(LAMBDA_RANGE)


def test_an_answer_goes_to_who_asked_and_to_what_was_asked(ready: Browser) -> None:
    for page in (ready, Browser(ready.widget, "two")):
        assert page.tick()["client"] == page.client
        for wish in (1, 2, 3):
            answer = page.ask("lambda", value=wish / 10)
            assert (answer["wish"], answer["client"]) == (wish, page.client)
            assert answer["state"]["settings"]["lambda"] == wish / 10


def test_pictures_come_only_when_there_is_something_new(ready: Browser) -> None:
    assert "figures" in ready.tick()
    for _ in range(3):
        answer = ready.tick()
        assert "figures" not in answer
        assert "digits" not in answer
        assert "digits" not in ready.heard[-1]
    ready.ask("step")
    answer = until(ready, lambda answer: answer["state"]["state"] == "paused")
    heard = [answer for answer in ready.heard[-50:] if "figures" in answer]
    assert heard
    assert ready.widget.session.run
    assert answer["state"]["step"] == 1


def test_pictures_come_when_the_page_has_time_for_them_and_the_last_is_not_forgotten(
    ready: Browser,
) -> None:
    ready.wants_figures = False
    ready.tick()
    ready.ask("step")
    until(ready, lambda answer: answer["state"]["state"] == "paused")
    assert not [answer for answer in ready.heard[1:] if "figures" in answer]
    ready.wants_figures = True
    assert "figures" in ready.tick()


def test_each_page_gets_its_own_pictures_in_its_own_look(ready: Browser) -> None:
    other = Browser(ready.widget, "two")
    other.dark = True
    for page, theme in ((ready, LIGHT), (other, DARK)):
        answer = page.tick()
        assert answer["figures"]["losses"]["layout"]["font"]["color"] == theme.text
        assert "figures" not in page.tick()
    ready.dark, ready.run = True, None  # the reader's system goes dark; the page asks for all anew
    answer = ready.tick()
    assert answer["figures"]["losses"]["layout"]["font"]["color"] == DARK.text
    assert "digits" in answer


def test_a_new_run_comes_with_its_digits_and_pictures(ready: Browser) -> None:
    ready.tick()
    first = ready.run
    ready.ask("reset")
    answer = until(ready, lambda answer: "digits" in answer)
    assert ready.run != first
    assert "figures" in answer
    assert answer["state"]["undo"]
    answer = ready.ask("undo")
    assert answer["digits"]["run"] == first
    assert "figures" in answer
    assert not answer["state"]["undo"]


def test_the_buttons(ready: Browser) -> None:
    session = ready.widget.session
    ready.ask("step")
    wait(session, "paused")
    assert len(history(session)) == 1
    ready.ask("train")
    answer = until(ready, lambda answer: answer["state"]["step"] > 2)
    assert answer["state"]["state"] == "training"
    ready.ask("pause")
    answer = until(ready, lambda answer: answer["state"]["state"] == "paused")
    assert answer["state"]["applied"] == history(session)[-1].lambda_
    seed = session.settings.seed
    answer = ready.ask("seed")
    assert answer["state"]["settings"]["seed"] != seed
    assert answer["state"]["step"] == 0
    answer = until(ready, lambda answer: answer["state"]["state"] == "ready")
    assert answer["state"]["notice"]


def test_choices_and_shared_settings_make_a_new_run(ready: Browser) -> None:
    answer = ready.ask("choose", changes={"mode": "source"})
    assert answer["state"]["settings"]["mode"] == "source"
    until(ready, lambda answer: answer["state"]["state"] == "ready")
    text = Settings(mode="target", seed=3, steps=9, lambda_=0.5).to_string()
    answer = ready.ask("restore", text=f"#{text}")
    assert answer["state"]["text"] == text
    answer = until(ready, lambda answer: answer["state"]["state"] == "ready")
    ready.ask("step")
    answer = until(ready, lambda answer: answer["state"]["state"] == "paused")
    assert "target's own labels" in answer["state"]["sentence"]


@pytest.mark.parametrize(
    ("type_", "more", "names"),
    [
        ("lambda", {"value": 2.5}, "lambda=2.5"),
        ("lambda", {"value": -1}, "lambda=-1"),
        ("choose", {"changes": {"steps": 0}}, "steps=0"),
        ("choose", {"changes": {"steps": 1.5}}, "steps=1.5"),
        ("choose", {"changes": {"seed": -1}}, "seed=-1"),
        ("choose", {"changes": {"pair": "svhn"}}, "'svhn'"),
        ("choose", {"changes": {"preset": "slow"}}, "'slow'"),
        ("restore", {"text": "hello"}, "'hello'"),
        ("restore", {"text": "seed=x"}, "'x'"),
    ],
)
def test_a_wrong_value_is_named_and_changes_nothing(
    ready: Browser, type_: str, more: dict[str, Any], names: str
) -> None:
    session = ready.widget.session
    ready.tick()
    run = session.run
    answer = ready.ask(type_, **more)
    assert names in answer["state"]["problem"]
    assert answer["wish"] == ready.wish
    assert session.settings == LONG
    assert session.run is run
    assert answer["state"]["state"] == "ready"
    assert names in ready.tick()["state"]["problem"]  # until something else is asked for
    assert ready.ask("lambda", value=1.0)["state"]["problem"] == ""


def test_every_message_counts_as_a_look(ready: Browser) -> None:
    session = ready.widget.session
    session._worker._last_look = -1e6  # as if nobody had looked for days
    ready.tick()
    assert session._worker._last_look > 0


def test_plotly_is_sent_to_who_asks_and_only_then(ready: Browser) -> None:
    ready.tick()
    before = len(ready.heard)
    ready.widget._handle_custom_msg({"type": "plotly"}, [])
    [answer] = ready.heard[before:]
    assert answer.keys() == {"type", "gzip"}
    assert len(answer["gzip"]) < 700_000
    assert b"plotly.js (cartesian" in gzip.decompress(base64.b64decode(answer["gzip"]))


@pytest.mark.parametrize(
    ("changes", "side", "missing"),
    [
        ({}, "classifier", set()),
        ({"method": "cdan"}, "classifier", set()),
        ({"method": "mmd"}, "distance", set()),
        ({"mode": "source"}, "none", DOMAIN_NUMBERS),
        ({"mode": "target"}, "none", DOMAIN_NUMBERS),
    ],
)
def test_the_diagram_has_the_numbers_of_the_step_that_is_looked_at(
    ready: Browser, changes: dict[str, str], side: str, missing: set[str]
) -> None:
    ready.ask("choose", changes=changes)
    until(ready, lambda answer: answer["state"]["state"] == "ready")
    before = ready.tick()["state"]["network"]
    assert before.pop("side") == side
    assert set(before.values()) == {None}
    for step in (1, 2):
        ready.ask("step")
        until(ready, lambda answer, step=step: answer["state"]["step"] == step)
    past = history(ready.widget.session)
    for at in (None, 1):
        ready.at = at
        shown = ready.tick()["state"]["network"]
        record = past[-1 if at is None else at - 1]
        assert shown.pop("side") == side
        assert {name for name, value in shown.items() if value is None} == missing
        for name in shown.keys() - missing:
            assert shown[name] == getattr(record, name)
    json.dumps(shown, allow_nan=False)


def test_a_map_comes_with_its_sentence_once_it_is_chosen_and_goes_when_it_is_not(
    ready: Browser,
) -> None:
    answer = ready.tick()
    assert answer["state"]["map"] == {"method": "", "note": "", "drawn": None}
    answer = mapped(ready)
    assert answer["state"]["map"]["method"] == "PCA"
    assert answer["state"]["map"]["drawn"] == answer["points"]["version"]
    assert "neighbours" in answer["captions"]["map"]
    assert "proxy A-distance" in answer["captions"]["map"]
    names = {trace["name"] for trace in answer["figures"]["map"]["data"]}
    assert {"source", "target"} <= names
    gone = ready.ask("map", method="")
    assert "map" not in gone["figures"]
    assert gone["state"]["map"]["drawn"] is None
    answer = ready.ask("map", method="SOM")
    assert "no map 'SOM'" in answer["state"]["problem"]


def mapped(page: Browser) -> dict[str, Any]:
    """The answer that brings a map by PCA."""
    page.map = None
    page.ask("map", method="PCA")
    until(page, lambda answer: answer["state"]["map"]["drawn"])
    return next(a for a in reversed(page.heard) if "map" in a.get("figures", {}))


def test_a_map_comes_with_what_the_network_says_of_each_point(ready: Browser) -> None:
    answer = mapped(ready)
    run = ready.widget.session.run
    assert run
    snapshot = run.trainer.history.snapshots[0]
    points = answer["points"]
    predictions, confidence = (
        np.frombuffer(base64.b64decode(points[name]), dtype=np.uint8)
        for name in ("predictions", "confidence")
    )
    np.testing.assert_array_equal(predictions, snapshot.predictions)
    np.testing.assert_allclose(confidence / 100, snapshot.confidence, atol=0.006)
    traces = [t for t in answer["figures"]["map"]["data"] if "customdata" in t]
    indices = sorted(index for trace in traces for index in trace["customdata"])
    assert indices == list(range(len(snapshot.labels)))
    assert len(json.dumps(points)) < 3000
    assert len(json.dumps(answer["figures"]["map"])) < 30_000


def test_a_map_that_the_page_has_is_not_sent_again(ready: Browser) -> None:
    mapped(ready)
    ready.ask("step")
    answer = until(ready, lambda answer: answer.get("figures") and answer["state"]["step"] == 1)
    assert "map" not in answer["figures"]
    assert "points" not in answer
    assert answer["state"]["map"]["drawn"] == ready.map
    ready.dark = True  # another look is another map
    answer = ready.tick()
    assert "map" in answer["figures"]
    assert "map" not in ready.tick().get("figures", {})


def test_the_pictures_of_a_map_travel_once_when_they_are_asked_for(ready: Browser) -> None:
    answer = mapped(ready)
    assert not any(message["type"] == "images" for message in ready.heard)
    before = len(ready.heard)
    ready.widget._handle_custom_msg({"type": "images", "client": "one"}, [])
    [images] = ready.heard[before:]
    assert images["client"] == "one"
    assert images["name"] == answer["points"]["images"]
    run = ready.widget.session.run
    assert run
    snapshot, pair = run.trainer.history.snapshots[0], run.trainer.pair
    for name in ("labels", "domains"):
        assert base64.b64decode(images[name]) == getattr(snapshot, name).tobytes()
    grid = np.asarray(Image.open(io.BytesIO(base64.b64decode(images["sheet"]))))
    in_source = int((snapshot.domains == 0).sum())
    for index in (0, in_source - 1, in_source, len(snapshot.labels) - 1):
        row, column = divmod(index, images["columns"])
        drawn = grid[28 * row : 28 * row + 28, 28 * column : 28 * column + 28]
        test = pair.source.test if index < in_source else pair.target.test
        at = index if index < in_source else index - in_source
        np.testing.assert_array_equal(drawn, test.images[at].numpy())
        assert int(test.labels[at]) == snapshot.labels[index]


def test_pictures_of_no_map_are_not_sent(ready: Browser) -> None:
    ready.tick()
    before = len(ready.heard)
    ready.widget._handle_custom_msg({"type": "images", "client": "one"}, [])
    assert ready.heard[before:] == []


def test_the_past_is_shown_as_it_was_while_training_stands_or_goes_on(ready: Browser) -> None:
    for step in range(1, 13):
        ready.ask("step")
        until(ready, lambda answer, step=step: answer["state"]["step"] == step)  # type: ignore[misc]
    now = until(ready, lambda answer: answer["state"]["state"] == "paused")
    assert (now["state"]["step"], now["state"]["at"]) == (12, 12)
    ready.at = 4
    past = ready.tick()
    assert (past["state"]["step"], past["state"]["at"]) == (12, 4)
    run = ready.widget.session.run
    assert run
    assert past["state"]["applied"] == run.trainer.history[3].lambda_
    assert past["state"]["sentence"].startswith("Step 4.")
    packed = past["figures"]["losses"]["data"][0]["x"]["bdata"]
    assert len(base64.b64decode(packed)) == 4 * 4
    assert past["figures"]["losses"]["layout"]["xaxis"]["range"] == [0, 12]
    assert past["state"]["predictions"] == run.predictions(0).labels.tolist()  # type: ignore[union-attr]
    ready.at = None
    back = ready.tick()
    assert back["state"]["at"] == 12
    assert len(base64.b64decode(back["figures"]["losses"]["data"][0]["x"]["bdata"])) == 12 * 4


# Side by side, and files


def trained(page: Browser, steps: int) -> None:
    for step in range(1, steps + 1):
        page.ask("step")
        until(
            page,
            lambda answer, step=step: (
                answer["state"]["step"] == step and answer["state"]["state"] == "paused"
            ),
        )


def test_runs_are_offered_once_and_again_when_there_are_others(ready: Browser) -> None:
    ready.offered = None
    first = ready.tick()["offered"]["runs"]
    assert [run["title"] for run in first if run["group"] == "Recorded"] == [
        f"{kind}, {target} (recorded)"
        for target in ("MNIST-M", "stripes")
        for kind in ("source only", "lambda 0", "DANN")
    ]
    assert "offered" not in ready.tick()
    trained(ready, 1)
    ready.offered = None
    again = ready.tick()["offered"]["runs"]
    assert again[0]["group"] == "This page"
    assert again[0]["title"].startswith("DANN, lambda by the paper's schedule, seed 0")


def test_a_comparison_has_this_run_as_it_stands_with_its_digits(ready: Browser) -> None:
    trained(ready, 2)
    key = ready.widget.session.runs[0]
    answer = ready.send("compare", keys=[f"run {key.number}", "recorded 2"])
    assert answer["problem"] == ""
    own, recorded = answer["bundle"]["runs"]
    assert own["steps"] == 2
    assert own["data"] in answer["bundle"]["pictures"]
    assert recorded["title"] == "DANN, MNIST-M (recorded)"


@pytest.mark.parametrize("key", ["run 99", "folder ../..", "folder nobody", "recorded 7", "x"])
def test_a_run_that_is_not_there_is_said_and_nothing_else(ready: Browser, key: str) -> None:
    answer = ready.send("compare", keys=[key])
    assert key in answer["problem"]
    assert answer["bundle"] == {}


def test_nothing_is_exported_or_kept_before_the_first_step(ready: Browser) -> None:
    ready.widget.send = ready._hear
    before = len(ready.heard)
    message = {"type": "export", "client": "one", "what": "csv", "keys": []}
    ready.widget._handle_custom_msg(message, [])
    assert len(ready.heard) == before
    assert "Train first" in ready.tick()["state"]["problem"]
    assert "Train first" in ready.ask("keep")["state"]["problem"]


def test_the_page_exports_its_run_or_the_runs_that_are_named(ready: Browser) -> None:
    before = ready.send("export", what="html", keys=["recorded 0", "recorded 2"])
    assert before["name"] == "dann-runs-side-by-side.html"
    trained(ready, 2)
    own = ready.send("export", what="html", keys=[])
    assert own["name"].startswith("dann-lambda-by-schedule-seed-0-step-2-")
    texts = [gzip.decompress(base64.b64decode(answer["gzip"])).decode() for answer in (before, own)]
    assert ["DANN, MNIST-M (recorded)" in text for text in texts] == [True, False]
    assert ["Trained on this page" in text for text in texts] == [False, True]


def test_an_error_beside_the_export_or_the_comparison_is_said(
    ready: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("dann_lab.live.compare.bundle", breaks)
    assert "the disk is gone" in ready.send("compare", keys=["recorded 0"])["problem"]
    message = {"type": "export", "client": "one", "what": "html", "keys": ["recorded 0"]}
    ready.widget._handle_custom_msg(message, [])
    assert "the disk is gone" in ready.tick()["state"]["problem"]


def test_the_table_has_the_steps_so_far(ready: Browser) -> None:
    trained(ready, 2)
    answer = ready.send("export", what="csv", keys=[])
    assert answer["name"].endswith(".csv")
    text = gzip.decompress(base64.b64decode(answer["gzip"])).decode()
    assert [line.split(",")[0] for line in text.splitlines()] == ["step", "0", "1", "2"]


@pytest.fixture
def alone(ready: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Browser:
    """The page is all that this Python shows."""
    monkeypatch.setenv("DANN_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(ending, "shown", WeakSet([ready.widget]))
    ready.widget.send = ready._hear
    return ready


def test_a_python_that_trains_does_not_end_for_others(alone: Browser) -> None:
    session = alone.widget.session
    alone.ask("train")
    wait(session, "training")
    assert not ending.end("Make room.")
    wait(session, lambda: session.run.trainer.step >= 4)
    assert session.state == "training"
    assert not kept.folders()


def test_all_that_was_trained_is_kept_once_before_python_ends_and_the_page_says_where(
    alone: Browser,
) -> None:
    session = alone.widget.session
    session.single_step()
    wait(session, lambda: session.run.trainer.step == 1)
    session.new_seed()
    wait(session, lambda: session.run and session.run.predictions(0))
    session.train()
    wait(session, lambda: session.run.trainer.step >= 3)
    assert ending.end("The tab is closed.", even_working=True)

    saved = [Saved.read(folder) for folder in kept.folders()]
    trained = {run.settings.seed: run.trainer.step for run in session.runs}
    assert len(trained) == 2
    assert {one.recipe.seed: len(kept.history(one)) for one in saved} == trained
    said = alone.heard[-1]
    assert said["type"] == "ended"
    told = f"What its live page trained is kept in {kept.folder()}."
    assert said["text"] == f"The tab is closed. {told} {ending.BACK}"

    assert ending.end("Once more.", even_working=True)
    assert len(kept.folders()) == 2


def test_a_run_without_a_step_leaves_nothing_behind(alone: Browser) -> None:
    assert ending.end("It ends.")
    assert alone.heard[-1]["text"] == f"It ends. {ending.BACK}"
    assert not kept.folders()


def test_a_run_that_was_kept_by_hand_is_not_kept_again(alone: Browser) -> None:
    session = alone.widget.session
    session.single_step()
    wait(session, lambda: session.run.trainer.step == 1 and session.state == "paused")
    alone.ask("keep")
    wait(session, lambda: kept.folders() and not session.unkept)
    assert ending.end("It ends.")
    assert len(kept.folders()) == 1


def test_a_run_that_cannot_be_kept_is_told(alone: Browser, tmp_path: Path) -> None:
    session = alone.widget.session
    session.single_step()
    wait(session, lambda: session.run.trainer.step == 1 and session.state == "paused")
    (tmp_path / "runs").write_text("no folder", encoding="utf-8")
    assert ending.end("It ends.")
    assert "The run could not be kept in" in alone.heard[-1]["text"]
