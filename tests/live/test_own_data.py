"""Data of one's own on the live page: looked at, sent as a zip, trained on, and refused."""

from __future__ import annotations

import base64
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from test_dashboard_messages import Browser, until
from test_session import LONG, single_step, wait

from dann_core.datasets import own, zips
from dann_core.errors import DannError, RecipeError
from dann_core.recipe import PRESETS
from dann_lab.live import own as own_data
from dann_lab.live import words
from dann_lab.live.dashboard import Dashboard, choices
from dann_lab.live.session import Session
from dann_lab.live.settings import Settings
from dann_lab.live.upload import Upload
from dann_lab.runs.folder import Saved

CLASSES = {"cat": 0, "dog": 90, "owl": 180}
EACH = 30


def pictures(folder: Path, grey: bool = False, seed: int = 0) -> None:
    """64x64 pictures of three classes; grey ones lie together and have no label."""
    random = np.random.default_rng(seed)
    for name, shade in CLASSES.items():
        place = folder if grey else folder / name
        place.mkdir(parents=True, exist_ok=True)
        for k in range(EACH):
            pixels = random.integers(0, 60, (64, 64) if grey else (64, 64, 3)) + shade
            Image.fromarray(pixels.astype(np.uint8)).save(place / f"{name}-{k}.png")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``web`` with three classes, and ``phone`` without labels."""
    place = tmp_path_factory.mktemp("pictures")
    pictures(place / "web")
    pictures(place / "phone", grey=True, seed=1)
    return place


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("tables")
    random = np.random.default_rng(0)
    for name, labels in (("old", "kind"), ("new", None)):
        rows = [f"{a:.3f},{b:.3f}" for a, b in random.normal(size=(90, 2))]
        if labels:
            rows = [f"{row},{'x' if k % 2 else 'y'}" for k, row in enumerate(rows)]
        head = f"a,b,{labels}" if labels else "a,b"
        (place / f"{name}.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return place


@pytest.fixture
def page(
    quick_sessions: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Browser]:
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("DANN_TYPED_PATHS", raising=False)
    session = Session(LONG, device="cpu")
    wait(session, lambda: session.run and session.run.predictions(0))
    yield Browser(Dashboard(session))
    session.close()


def place(folders: Path, **more: Any) -> dict[str, Any]:
    source, target = str(folders / "web"), str(folders / "phone")
    return {"source": source, "target": target, "label": "", "size": 0, **more}


def looked_at(page: Browser, **where: Any) -> dict[str, Any]:
    page.ask("look", **where)
    return until(page, lambda answer: "found" in answer or not answer["state"]["looking"])


def found_of(page: Browser) -> dict[str, Any]:
    return next(a["found"] for a in reversed(page.heard) if "found" in a)


def zip_of(*parts: Path) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, name in zip(parts, ("source", "target"), strict=True):
            for file in sorted(part.rglob("*.png")):
                archive.write(file, f"{name}/{file.relative_to(part).as_posix()}")
    return stream.getvalue()


def send(page: Browser, content: bytes, key: str = "one", part: int = 50_000) -> dict[str, Any]:
    """As the page does, part by part; the last answer."""
    answer: dict[str, Any] = {}
    for first in range(0, len(content), part):
        data = base64.b64encode(content[first : first + part]).decode()
        answer = page.send(
            "part", key=key, name="pets.zip", size=len(content), first=first, data=data
        )
        if answer["problem"]:
            break
    return answer


def trained_on(page: Browser, **changes: Any) -> Session:
    session = page.widget.session
    page.ask("choose", changes=changes)
    wait(session, lambda: session.state != "loading")
    return session


# Settings


def test_own_data_come_with_their_preset_and_leave_with_it() -> None:
    there = {"pair": "own", "source": "web", "target": "phone"}
    mine = Settings().changed(**there)
    assert (mine.preset, mine.steps) == ("own", PRESETS["own"].steps)
    back = mine.changed(pair="stripes")
    assert back == Settings()
    assert Settings().changed(**there, preset="deep").preset == "deep"
    assert mine.changed(preset="deep").changed(pair="stripes").preset == "deep"
    assert mine.changed(preset="deep").changed(pair="own", source="b").preset == "deep"


def test_a_link_brings_back_where_own_data_are() -> None:
    mine = Settings().changed(pair="own", source="/a b/ä&c", target="~/x", label="kind", size=32)
    assert Settings.from_string(mine.to_string()) == mine
    assert "source" not in Settings().to_string()
    assert "label" not in mine.changed(label="").to_string()


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, "need a source"),
        ({"source": "a"}, "need a target"),
        ({"source": " ", "target": "b"}, "need a source"),
        ({"source": "a", "target": "b", "size": -1}, "size=-1"),
        ({"source": "a", "target": "b", "size": 1.5}, "size=1.5"),
    ],
)
def test_own_data_that_are_nowhere_are_refused(changes: dict[str, Any], names: str) -> None:
    with pytest.raises(RecipeError, match=names):
        Settings(pair="own", **changes)


# Looking


def test_a_look_shows_what_is_there_and_trains_nothing(page: Browser, folders: Path) -> None:
    run = page.widget.session.run
    looked_at(page, **place(folders))
    found = found_of(page)
    assert found["problem"] == ""
    assert found["names"] == ["web", "phone"]
    assert found["classes"] == [
        {"name": name, "source": EACH, "target": None} for name in sorted(CLASSES)
    ]
    assert "images of 64x64 pixels" in found["sentence"]
    assert any("no labels" in note for note in found["notes"])
    assert not any(note in found["sentence"] for note in found["notes"])
    for sheet in found["pictures"]:
        image = Image.open(io.BytesIO(base64.b64decode(sheet)))
        assert image.size == (4 * 64, 2 * 64)
    assert page.widget.session.run is run
    assert "found" not in page.tick()


def test_what_was_looked_at_is_what_is_trained_on_and_read_once(
    page: Browser, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at(page, **place(folders))
    monkeypatch.setattr(own, "from_paths", lambda *_, **__: pytest.fail("it was read again"))
    session = trained_on(page, pair="own", **place(folders))
    assert session.run
    assert session.own.found
    assert session.run.trainer.pair is session.own.found.pair
    assert session.settings.preset == "own"
    single_step(session)
    page.ask("undo")
    assert session.settings == LONG
    answer = trained_on(page, pair="own", **place(folders)).settings
    assert answer.source == str(folders / "web")


def test_a_second_look_sees_what_was_mended(page: Browser, tmp_path: Path) -> None:
    pictures(tmp_path / "web")
    where = {**place(tmp_path), "target": str(tmp_path / "phone")}
    looked_at(page, **where)
    assert "phone" in found_of(page)["problem"]
    pictures(tmp_path / "phone", grey=True)
    looked_at(page, **where)
    assert found_of(page)["problem"] == ""
    assert found_of(page)["version"] == 2


def test_a_look_says_how_far_it_is_and_can_be_stopped(
    page: Browser, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_: Any, progress: Any, **__: Any) -> None:
        progress("Reading pictures", 32, 90)
        begun.set()
        go_on.wait(60)
        progress("Reading pictures", 64, 90)

    monkeypatch.setattr(own, "from_paths", slow)
    page.ask("look", **place(folders))
    assert begun.wait(60)
    state = page.tick()["state"]
    assert state["looking"]
    assert state["busy"] == {
        "kind": "loading",
        "text": "Loading your data: 32 of 90",
        "fraction": 32 / 90,
    }
    page.ask("stop")
    go_on.set()
    until(page, lambda answer: not answer["state"]["looking"])
    page.tick()
    assert found_of(page)["problem"] == words.LOOK_STOPPED
    assert page.tick()["state"]["busy"] is None


def test_of_two_looks_the_second_counts(page: Browser, folders: Path) -> None:
    page.ask("look", **place(folders))
    page.ask("look", **place(folders, source=str(folders / "nowhere")))
    until(page, lambda answer: not answer["state"]["looking"])
    page.tick()
    assert "nowhere" in found_of(page)["problem"]


def test_tables_are_looked_at_without_pictures(page: Browser, tables: Path) -> None:
    where = {"source": str(tables / "old.csv"), "target": str(tables / "new.csv"), "size": 0}
    looked_at(page, **where, label="")
    assert "label" in found_of(page)["problem"]
    looked_at(page, **where, label="kind")
    found = found_of(page)
    assert found["pictures"] == []
    assert [row["name"] for row in found["classes"]] == ["x", "y"]
    session = trained_on(page, pair="own", **where, label="kind")
    single_step(session)
    assert page.tick()["state"]["problem"] == ""


def test_what_was_found_is_trained_on_at_once_if_asked_for(page: Browser, folders: Path) -> None:
    looked_at(page, **place(folders))
    for _ in range(2):  # once chosen, it is not begun anew
        page.ask("choose", changes={"pair": "own", **place(folders)}, train=True)
        until(page, lambda answer: answer["state"]["step"] > 1)
        page.ask("pause")
        until(page, lambda answer: answer["state"]["state"] == "paused")
    run = page.widget.session.run
    assert run
    assert run.trainer.step > 2


# What goes wrong leaves the run before it


def test_data_that_cannot_be_read_leave_the_run_before_them(page: Browser, folders: Path) -> None:
    session = page.widget.session
    single_step(session)
    run = session.run
    trained_on(page, pair="own", **place(folders, target=str(folders / "nowhere")))
    assert session.run is run
    assert (session.state, session.settings) == ("paused", LONG)
    assert "nowhere" in session.problem
    assert (session.notice, session.can_undo) == ("", False)
    single_step(session)


def test_a_recipe_that_does_not_fit_leaves_the_run_before_it(page: Browser, tables: Path) -> None:
    session = page.widget.session
    where = {"source": str(tables / "old.csv"), "target": str(tables / "new.csv"), "label": "kind"}
    trained_on(page, pair="own", **where)
    mine = session.run
    assert mine
    trained_on(page, preset="quick")
    assert session.run is mine
    assert session.problem
    assert session.settings.preset == "own"
    page.ask("train")
    until(page, lambda answer: answer["state"]["step"] > 0)


def test_nothing_is_trained_by_mistake_where_data_cannot_be_read(
    page: Browser, folders: Path
) -> None:
    session = page.widget.session
    where = place(folders, source="nowhere")
    page.ask("choose", changes={"pair": "own", **where}, train=True)
    wait(session, lambda: session.problem)
    assert session.settings == LONG
    assert not session.begins
    assert session.run
    assert session.run.trainer.step == 0


# Zips


def test_a_zip_that_is_sent_is_looked_into_and_trained_on(page: Browser, folders: Path) -> None:
    content = zip_of(folders / "web", folders / "phone")
    answer = send(page, content)
    assert answer["received"] == len(content)
    assert answer["problem"] == ""
    until(page, lambda answer: not answer["state"]["looking"])
    page.tick()
    found = found_of(page)
    assert (found["zip"], found["problem"]) == ("pets.zip", "")
    assert found["names"] == ["source", "target"]
    assert zips.is_unpacked(found["source"])
    assert not list(zips.place().glob(".*"))
    where = {name: found[name] for name in ("source", "target", "label", "size")}
    session = trained_on(page, pair="own", **where)
    single_step(session)
    json.dumps(page.tick(), allow_nan=False)


def test_a_zip_of_another_form_is_said_by_its_own_name(page: Browser) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in "abc":
            archive.writestr(f"{name}/1.png", b"x")
    send(page, stream.getvalue())
    until(page, lambda answer: not answer["state"]["looking"])
    page.tick()
    problem = found_of(page)["problem"]
    assert problem.startswith("pets.zip")
    assert str(zips.place()) not in problem
    assert not list(zips.place().iterdir())


def test_a_damaged_picture_in_a_zip_is_named_as_the_zip_has_it(page: Browser) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in ("source/cat/1.png", "source/dog/1.png", "target/1.png"):
            archive.writestr(name, b"no picture")
    send(page, stream.getvalue())
    until(page, lambda answer: not answer["state"]["looking"])
    page.tick()
    problem = found_of(page)["problem"]
    assert "source/cat/1.png" in problem
    assert str(zips.place()) not in problem


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"size": 300_000_000}, "200 MB"),
        ({"size": 0}, "0.0 MB"),
        ({"first": 5}, "missing"),
        ({"data": "no base64!"}, "damaged"),
        ({"data": ""}, "missing"),
        ({"size": 3}, "missing"),
    ],
)
def test_a_part_that_does_not_fit_ends_the_sending(
    page: Browser, change: dict[str, Any], says: str
) -> None:
    part = {"name": "pets.zip", "size": 8, "first": 0, "data": base64.b64encode(b"abcd").decode()}
    answer = page.send("part", key="one", **{**part, **change})
    assert says in answer["problem"]
    assert answer["received"] == 0
    assert page.widget.session.upload is None
    assert not list(zips.place().glob(".*.part"))


def test_what_is_dropped_on_the_way_is_removed(page: Browser) -> None:
    part = {"name": "a.zip", "size": 8, "first": 0, "data": base64.b64encode(b"abcd").decode()}
    page.send("part", key="one", **part)
    assert len(list(zips.place().glob(".*.part"))) == 1
    page.send("part", key="two", **part)  # another file takes its place
    assert len(list(zips.place().glob(".*.part"))) == 1
    page.widget._handle_custom_msg({"type": "drop", "client": "one", "key": "one"}, [])
    assert page.widget.session.upload
    page.widget._handle_custom_msg({"type": "drop", "client": "one", "key": "two"}, [])
    assert page.widget.session.upload is None
    assert not list(zips.place().glob(".*.part"))


def test_what_a_page_that_died_has_sent_is_removed_in_time(
    page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dann_lab.live import upload

    Upload("one", "a.zip", 8)
    Upload("two", "b.zip", 8)
    assert len(list(zips.place().glob(".*.part"))) == 2
    monkeypatch.setattr(upload, "FORGOTTEN", -1.0)
    Upload("three", "c.zip", 8)
    assert len(list(zips.place().glob(".*.part"))) == 1


# Where others can open the page


def test_a_public_page_reads_no_folders_but_takes_zips(
    page: Browser, folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANN_TYPED_PATHS", "0")
    session = page.widget.session
    assert choices()["paths"] is False
    looked_at(page, **place(folders))
    assert found_of(page)["problem"] == words.NO_PATHS
    text = Settings().changed(pair="own", **place(folders)).to_string()
    for wish in ({"changes": {"pair": "own", **place(folders)}}, {"text": text}):
        answer = page.ask("choose" if "changes" in wish else "restore", **wish)
        assert answer["state"]["problem"] == words.NO_PATHS
        assert session.settings == LONG
    send(page, zip_of(folders / "web", folders / "phone"))
    until(page, lambda answer: not answer["state"]["looking"])
    page.tick()
    found = found_of(page)
    assert found["problem"] == ""
    out = str(Path(found["source"]) / ".." / ".." / "..")
    with pytest.raises(DannError):
        session.own.check(own_data.Place(out, found["target"]))
    trained_on(page, pair="own", source=found["source"], target=found["target"])
    assert session.settings.pair == "own"


# What is kept


def test_a_kept_run_knows_where_its_data_are(page: Browser, folders: Path, tmp_path: Path) -> None:
    session = trained_on(page, pair="own", **place(folders, size=32))
    single_step(session)
    assert session.run
    session.keep_now(session.run, tmp_path / "kept")
    saved = Saved.read(tmp_path / "kept")
    pair = saved.data.load()
    assert pair.build["id"] == session.run.trainer.pair.build["id"]
    assert pair.inputs.size == (32, 32)
    assert saved.resume(pair, "cpu").trainer.step == 1


def test_few_pairs_are_held_and_runs_hold_their_own(page: Browser, folders: Path) -> None:
    session = page.widget.session
    for size in (28, 29, 30, 31):
        trained_on(page, pair="own", **place(folders, size=size))
        single_step(session)
    assert len(session.own.pairs) == own_data.MOST_PAIRS
    sides = {pair.inputs.size for pair in session.pairs if pair.inputs.size}
    assert {(side, side) for side in (28, 29, 30, 31)} <= sides


# Pairs of other packages


def test_pairs_that_other_packages_add_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.metadata import EntryPoint

    from dann_core import datasets
    from dann_lab.live import dashboard

    added = {"faces": EntryPoint("faces", "faces:pair", datasets.GROUP)}
    monkeypatch.setattr(datasets, "others", lambda: added)
    monkeypatch.setattr(dashboard, "others", lambda: added)
    assert choices()["pair"]["faces"] == "faces"
    assert "'faces'" in choices()["good_for"]["faces"]
    assert list(choices()["pair"])[-1] == "own"
    assert Settings(pair="faces").pair == "faces"
