"""Lesson 08: the example, a zip of one's own, what is seen without labels, and the envelope."""

from __future__ import annotations

import base64
import io
import math
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from dann_core.datasets import own, zips
from dann_core.domains import UNKNOWN, DomainPair
from dann_core.errors import DannError, DataError
from dann_core.evaluation import predict
from dann_core.files import cache_dir
from dann_core.recipe import preset
from dann_core.selection import RULES, Scores, scores
from dann_core.training import Trainer
from dann_lab.lessons import office, upload, your_data
from dann_lab.lessons.sealed import Counted, Envelope, sealed, standard_error
from dann_lab.lessons.upload import OwnFolders, example_folders, own_folders
from dann_lab.widgets.base import Plot

PART = 5000


class Page:
    """The box and what a page beside it hears; ``send`` does what its script does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self.box = own_folders()
        self.heard: list[dict[str, Any]] = []
        monkeypatch.setattr(self.box, "send", self.heard.append)

    def send(self, content: bytes, name: str = "pets.zip", key: str = "a") -> None:
        for first in range(0, len(content), PART):
            data = base64.b64encode(content[first : first + PART]).decode()
            self.say("part", key=key, name=name, size=len(content), first=first, data=data)

    def say(self, kind: str, **message: Any) -> None:
        self.box._hear(self.box, {"type": kind, **message}, [])


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, own_cache: Path) -> Page:
    return Page(monkeypatch)


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    office.make(folder, each=12, labels=True)
    return folder


def zip_of(**folders: Path) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, folder in folders.items():
            for file in sorted(folder.rglob("*.*")):
                archive.write(file, f"{name}/{file.relative_to(folder).as_posix()}")
    return stream.getvalue()


def zip_with(**texts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return stream.getvalue()


# The example


def test_the_example_is_drawn_once_and_whole(own_cache: Path) -> None:
    source, target = example_folders()
    assert [path.name for path in sorted(source.iterdir())] == list(office.CLASSES)
    assert len(list(target.glob("*.png"))) == 600
    assert not [path for path in target.iterdir() if path.is_dir()]
    begun = time.perf_counter()
    assert example_folders() == (source, target)
    assert time.perf_counter() - begun < 0.1
    assert not list((cache_dir() / "lessons").glob(".*"))


def test_an_interrupted_drawing_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANN_CACHE", str(tmp_path))

    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(office, "_drawn", stop)
        with pytest.raises(KeyboardInterrupt):
            example_folders()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_cache_that_cannot_be_written_to_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "file"))
    with pytest.raises(DannError):
        example_folders()


def test_the_envelope_has_the_labels_of_the_very_test_pictures() -> None:
    box = own_folders()
    pair, envelope = box.read(size=16)
    assert not pair.target.test.labelled
    assert len(envelope) == len(pair.target.test) == len(envelope.labels)
    labelled = own.from_paths(box.source, box._envelope or "", size=16)
    assert torch.equal(labelled.target.test.images, pair.target.test.images)
    assert torch.equal(labelled.target.test.labels, envelope.labels)


# A zip of one's own


def test_without_a_zip_the_box_says_that_the_example_is_used() -> None:
    box = own_folders()
    assert (box.source, box.target) == example_folders()
    assert box.found == upload.EXAMPLE_TEXT
    assert box.problem == ""
    assert box.most == zips.MOST_PACKED


def test_a_zip_that_is_sent_is_used_and_what_is_in_it_is_said(page: Page, photos: Path) -> None:
    content = zip_of(source=photos / "amazon", target=photos / "webcam")
    page.send(content)
    *parts, ready = page.heard
    assert [part["received"] for part in parts][-1] == len(content)
    assert len(parts) == math.ceil(len(content) / PART) > 1
    assert ready == {"type": "ready"}
    assert page.box.problem == ""
    assert page.box.found.startswith("Found in pets.zip: Source 'source': 60 examples")
    assert page.box.found.endswith(upload.RUN_BELOW)
    assert zips.is_unpacked(page.box.source)
    pair, envelope = page.box.read(size=16)
    assert pair.class_names == office.CLASSES
    assert (pair.target.train.labelled, len(envelope)) == (0, len(pair.target.test))
    assert not list(zips.place().glob(".*"))


def test_a_target_without_class_folders_leaves_the_envelope_empty(
    page: Page, photos: Path, tmp_path: Path
) -> None:
    for file in (photos / "webcam").rglob("*.png"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    page.send(zip_of(source=photos / "amazon", target=tmp_path))
    pair, envelope = page.box.read(size=16)
    assert not envelope
    assert repr(envelope).startswith("An empty envelope")
    assert pair.build["id"] == own.from_paths(page.box.source, tmp_path, size=16).build["id"]


def outside() -> bytes:
    return zip_with(**{"source/../../evil.png": "x"})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: b"no zip at all" * 9, "no zip"),
        (outside, "could lead out of it"),
        (
            lambda: zip_with(**{"a/1.png": "x", "b/1.png": "x", "c/1.png": "x"}),
            '"source"',
        ),
        (lambda: zip_with(**{"source/a/1.png": "x", "target/1.png": "x"}), "source/a"),
        (lambda: zip_with(readme="x"), "no pictures"),
    ],
    ids=["text", "outside", "three", "one class", "nothing"],
)
def test_a_bad_zip_is_named_with_a_remedy_and_loses_nothing(
    page: Page, photos: Path, content: Callable[[], bytes], words: str
) -> None:
    good = zip_of(source=photos / "amazon", target=photos / "webcam")
    page.send(good)
    before = page.box.source, page.box.target, page.box.found
    page.send(content(), name="bad.zip", key="b")
    assert words in page.box.problem
    assert page.box.problem.endswith(f". {upload.KEPT}")
    assert str(zips.place()) not in page.box.problem
    assert page.heard[-1] == {"type": "ready"}
    assert (page.box.source, page.box.target, page.box.found) == before
    page.send(good, key="c")
    assert page.box.problem == ""


def test_an_error_that_nobody_foresaw_is_said_beside_the_box(
    page: Page, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise MemoryError("too many pictures")

    monkeypatch.setattr(own, "from_paths", fail)
    page.send(zip_of(source=photos / "amazon", target=photos / "webcam"))
    assert page.box.problem == f"MemoryError: too many pictures. {upload.KEPT}"
    assert page.heard[-1] == {"type": "ready"}


def test_a_part_that_is_missing_ends_the_sending(page: Page) -> None:
    part = {"key": "a", "name": "a.zip", "size": 8, "data": base64.b64encode(b"abcd").decode()}
    page.say("part", first=0, **part)
    page.say("part", first=2, **part)
    assert [message["problem"] for message in page.heard] == [
        "",
        "A part of a.zip is missing. Send it again.",
    ]
    assert not list(zips.place().glob(".*.part"))


def test_a_zip_that_is_too_large_is_refused_before_it_is_sent(page: Page) -> None:
    page.say("part", key="a", name="a.zip", size=zips.MOST_PACKED + 1, first=0, data="YWJjZA==")
    assert "at most 200 MB" in page.heard[0]["problem"]


def test_what_the_reader_stops_is_removed(page: Page) -> None:
    page.say("part", key="a", name="a.zip", size=8, first=0, data="YWJjZA==")
    page.say("drop", key="another")
    assert list(zips.place().glob(".*.part"))
    page.say("drop", key="a")
    assert not list(zips.place().glob(".*.part"))


def test_what_lies_on_this_machine_can_be_named(photos: Path, tmp_path: Path) -> None:
    box = own_folders(photos / "amazon", photos / "webcam")
    assert (box.source, box.target) == (photos / "amazon", photos / "webcam")
    assert box.found.endswith(upload.RUN_BELOW)
    file = tmp_path / "photos.zip"
    file.write_bytes(zip_of(source=photos / "amazon", target=photos / "webcam"))
    assert own_folders(file).read(size=16)[0].class_names == office.CLASSES
    with pytest.raises(DataError, match="Check the path"):
        own_folders(tmp_path / "no.zip")
    with pytest.raises(DataError, match="Check the path"):
        own_folders(photos / "amazon", tmp_path / "no")


# Sealed


@pytest.fixture(scope="module")
def labelled(photos: Path) -> DomainPair:
    return own.from_paths(photos / "amazon", photos / "webcam", size=16)


def test_a_sealed_pair_has_no_label_of_the_target_and_another_build(labelled: DomainPair) -> None:
    pair, envelope = sealed(labelled)
    for split in (pair.target.train, pair.target.validation, pair.target.test):
        assert (split.labels == UNKNOWN).all()
    assert torch.equal(pair.target.train.images, labelled.target.train.images)
    assert pair.source is labelled.source
    assert pair.build["id"] != labelled.build["id"]
    assert pair.build["sha256"] != labelled.build["sha256"]
    assert sealed(pair)[0] is pair
    assert torch.equal(envelope.labels, labelled.target.test.labels)


@pytest.fixture(scope="module")
def networks(labelled: DomainPair) -> dict[str, list[Trainer]]:
    pair, _ = sealed(labelled)
    found: dict[str, list[Trainer]] = {}
    for name, changes in your_data.METHODS.items():
        found[name] = []
        for seed in range(2):
            recipe = preset("own", steps=3, batch_size=16, seed=seed, **changes)
            trainer = Trainer(pair, recipe, device="cpu")
            list(trainer)
            trainer.evaluate()
            found[name].append(trainer)
    return found


def test_training_is_the_same_with_the_labels_in_the_envelope(
    labelled: DomainPair, networks: dict[str, list[Trainer]]
) -> None:
    known = Trainer(labelled, networks["DANN"][0].recipe, device="cpu")
    list(known)
    one, other = known.model.state_dict(), networks["DANN"][0].model.state_dict()
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_the_envelope_judges_as_the_labels_do(
    labelled: DomainPair, networks: dict[str, list[Trainer]]
) -> None:
    envelope = sealed(labelled)[1]
    network = networks["DANN"][0]
    said = predict(network.model, labelled, labelled.target.test.images).labels
    right = float((said == labelled.target.test.labels).float().mean())
    assert envelope.judge(network) == Counted(pytest.approx(right), len(envelope))
    some = envelope.judge(network, n=5, seed=1)
    assert some.n == 5
    assert some == envelope.judge(network, n=5, seed=1)
    assert envelope.judge(network, n=1000).n == len(envelope)
    with pytest.raises(DannError, match="n=0"):
        envelope.judge(network, n=0)


def test_an_empty_envelope_knows_nothing(networks: dict[str, list[Trainer]]) -> None:
    network = networks["DANN"][0]
    empty = Envelope(torch.full((len(network.pair.target.test),), UNKNOWN))
    found = empty.judge(network, n=5)
    assert math.isnan(found.accuracy)
    assert str(found) == "no labels, so nobody knows"
    told = repr(your_data.open_envelope(empty, networks))
    assert "Label fifty" in told


def test_an_accuracy_comes_with_its_standard_error() -> None:
    assert standard_error(0.9, 50) == pytest.approx(0.0424, abs=1e-4)
    assert str(Counted(0.9, 50)) == "90 % ± 4 % (standard error, 50 examples)"


# Look, check, doubt, choose


def test_looking_shows_both_domains_and_says_how_many_there_are(labelled: DomainPair) -> None:
    text = your_data.look(labelled).data
    assert text.count("<img ") == 2 * your_data.SHOWN
    assert "Source: amazon" in text
    assert "60 examples" in text


def test_looking_at_a_table_says_what_there_is() -> None:
    random = torch.Generator().manual_seed(0)
    rows, labels = torch.rand(60, 4, generator=random), torch.arange(60) % 2
    pair = DomainPair.from_arrays(source=(rows, labels), target=rows + 1)
    text = your_data.look(pair).data
    assert "<img" not in text
    assert "60 examples" in text


def test_checking_counts_the_classes_and_knows_nothing_of_a_sealed_target(
    labelled: DomainPair,
) -> None:
    known, unknown = your_data.check(labelled), your_data.check(sealed(labelled)[0])
    assert known.rows[0] == ("bottle", "12 (20 %)", "12 (20 %)")
    assert unknown.rows[0] == ("bottle", "12 (20 %)", "?")
    assert unknown.rows[-1] == ("all", "60", "60")
    assert "<table>" in unknown._repr_html_()
    assert repr(unknown).startswith("class\tsource: amazon\ttarget: webcam\n")


def test_a_table_takes_names_as_they_are_written() -> None:
    assert "&lt;b&gt;" in your_data.Table(("a",), (("<b>",),))._repr_html_()


def test_doubts_need_no_label_of_the_target(
    labelled: DomainPair, networks: dict[str, list[Trainer]]
) -> None:
    table = your_data.doubts(networks)
    assert [row[0] for row in table.rows] == list(your_data.METHODS)
    assert table.rows[0][2] == "–"  # source-only has no domain classifier
    assert "2 seeds" in table.sentences[0]
    found = your_data.doubts_of(networks["DANN"][0])
    assert 0 <= found.entropy <= math.log(5)
    assert 0.2 <= found.confidence <= 1
    assert -1 <= found.distance <= 2
    assert your_data.agreement([found, found]) == 1
    assert math.isnan(your_data.agreement([found]))


def test_the_rules_choose_networks_by_name(networks: dict[str, list[Trainer]]) -> None:
    named = dict(your_data.each(networks))
    assert list(named)[:2] == ["source only, seed 0", "source only, seed 1"]
    found = [scores(network.model, network.pair) for network in named.values()]
    choices = your_data.choices(networks, found)
    assert set(choices.chosen.values()) <= set(named)
    assert list(choices.chosen) == list(RULES)
    assert choices.rows[-1] == ("last", RULES["last"].text, "source only, seed 0", "5 more")
    nothing = your_data.choices(networks, [Scores(last=1.0)] * len(named))
    assert list(nothing.chosen) == ["last"]


def test_an_open_envelope_says_each_method_and_each_choice(
    labelled: DomainPair, networks: dict[str, list[Trainer]]
) -> None:
    envelope = sealed(labelled)[1]
    choices = your_data.Choices((), (), chosen={"entropy": "DANN, seed 1"})
    plot = your_data.open_envelope(envelope, networks, choices)
    assert isinstance(plot, Plot)
    accuracy = envelope.judge(networks["DANN"][1]).accuracy
    assert f"entropy {100 * accuracy:.0f} %" in plot.caption
    assert plot.light["data"][0]["y"] == list(your_data.METHODS)
    assert isinstance(your_data.open_envelope(envelope, networks), Plot)


def test_the_live_page_trains_on_the_chosen_folders(photos: Path) -> None:
    box = own_folders(photos / "amazon", photos / "webcam")
    page = your_data.live(box, size=16, steps=4)
    try:
        settings = page.session.settings
        assert (settings.source, settings.target) == (str(box.source), str(box.target))
        assert (settings.size, settings.steps, settings.preset) == (16, 4, "own")
        deadline = time.monotonic() + 60
        while page.session.state == "loading" and time.monotonic() < deadline:
            time.sleep(0.05)
        assert page.session.problem == ""
        assert page.session.state == "ready"
    finally:
        page.session.close()


def test_the_box_is_a_widget_with_its_script() -> None:
    assert "OwnFolders" in OwnFolders.__name__
    assert "Choose a zip" in str(OwnFolders._esm)
