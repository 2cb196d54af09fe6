"""A digit that a person draws: its clothes, what the networks read, and that training is not
disturbed."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from test_dashboard_messages import Browser, page, ready, until
from test_session import LONG, expected_losses, losses, wait

from dann_core.datasets.blending import Images, binarise
from dann_core.datasets.photos import PhotoSet
from dann_core.datasets.store import DataStore
from dann_core.datasets.stripes import behind_stripes
from dann_core.domains import DomainPair
from dann_core.evaluation import predict
from dann_core.training import Trainer
from dann_lab.live import drawing
from dann_lab.live.dashboard import Dashboard
from dann_lab.live.drawing import CLOTHES, Sketch
from dann_lab.live.session import Session

__all__ = ["page", "ready"]  # the fixtures


def seven() -> Images:
    """uint8 [28, 28], a digit of two strokes."""
    ink = np.zeros((28, 28), np.uint8)
    ink[5:8, 8:20] = 255
    for row in range(8, 24):
        ink[row, 19 - row // 3 : 22 - row // 3] = 255
    return ink


def packed(ink: Images) -> str:
    return base64.b64encode(ink.tobytes()).decode()


def draw(page: Browser, ink: Images, pattern: int = 0) -> None:
    answer = page.ask("draw", ink=packed(ink), pattern=pattern)
    assert answer["state"]["problem"] == ""


def heard(page: Browser) -> dict[str, Any]:
    """The next answer about a drawing."""
    drawn: dict[str, Any] = until(page, lambda answer: "drawn" in answer)["drawn"]
    return drawn


def pictures(drawn: dict[str, Any]) -> Images:
    found = np.frombuffer(base64.b64decode(drawn["pixels"]), np.uint8)
    return found.reshape(2, 28, 28, 3)


def test_a_drawing_is_shown_as_drawn_and_behind_stripes(ready: Browser) -> None:
    ink = seven()
    draw(ready, ink, pattern=4)
    drawn = heard(ready)
    assert drawn["problem"] == ""
    assert drawn["pair"] == "stripes"
    plain, striped = pictures(drawn)
    np.testing.assert_array_equal(plain, np.repeat(ink[..., None], 3, axis=-1))
    np.testing.assert_array_equal(striped, behind_stripes(plain[None], 4)[0])
    draw(ready, ink, pattern=5)
    assert (pictures(heard(ready))[1] != striped).any()


def test_what_is_told_is_what_the_network_says_after_that_step(ready: Browser) -> None:
    session = ready.widget.session
    draw(ready, seven())
    drawn = heard(ready)
    given = torch.from_numpy(pictures(drawn).copy())
    assert [(r["run"], r["step"]) for r in drawn["readings"]] == [(ready.run, 0)]
    ready.ask("train")
    until(ready, lambda answer: answer["state"]["step"] >= 3)
    ready.ask("pause")
    wait(session, "paused")
    assert session.run
    trainer = session.run.trainer
    drawn = until(ready, lambda answer: steps_of(answer) == [trainer.step])["drawn"]
    assert "pixels" not in drawn, "the page has them"
    found = predict(trainer.model, trainer.pair, given)
    [reading] = drawn["readings"]
    assert reading["labels"] == found.labels.tolist()
    assert reading["confidence"] == pytest.approx(found.confidence.tolist(), abs=6e-4)


def test_the_same_is_not_told_twice(ready: Browser) -> None:
    draw(ready, seven())
    heard(ready)
    assert not any("drawn" in ready.tick() for _ in range(20))
    late = Browser(ready.widget, "late")  # a page that was loaded again
    assert late.tick()["drawn"]["pixels"]
    assert "drawn" not in late.tick()


def test_drawing_while_it_trains_changes_no_bit_of_the_training(
    ready: Browser, stripes_pair: DomainPair
) -> None:
    session = ready.widget.session
    steps = 30
    ready.ask("train")
    readings: set[int] = set()
    number = 0
    while not session.run or session.run.trainer.step < steps:
        draw(ready, np.roll(seven(), number, axis=1), number)
        number += 1
        until(ready, lambda answer: readings.update(steps_of(answer)) or "drawn" in answer)
    ready.ask("pause")
    wait(session, "paused")
    assert len(readings) > 3, "it was asked again as it learnt"
    done = session.run.trainer.step
    assert losses(session) == expected_losses(stripes_pair, LONG, done)
    alone = Trainer(stripes_pair, LONG.recipe(), device="cpu")
    for _ in range(done):
        next(alone)
    weights = session.run.trainer.model.state_dict()
    for name, value in alone.model.state_dict().items():
        assert torch.equal(weights[name], value), name


def steps_of(answer: dict[str, Any]) -> list[int]:
    return [reading["step"] for reading in answer.get("drawn", {"readings": []})["readings"]]


def test_every_run_of_the_page_is_asked_the_one_that_is_shown_first(ready: Browser) -> None:
    session = ready.widget.session
    ready.ask("step")
    wait(session, lambda: session.run and session.run.trainer.step == 1)
    first = ready.run
    ready.ask("reset")
    until(ready, lambda answer: "digits" in answer and answer["digits"]["run"] != first)
    draw(ready, seven())
    drawn = heard(ready)
    assert [(r["run"], r["step"]) for r in drawn["readings"]] == [(ready.run, 0), (first, 1)]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({}, "ink=None"),
        ({"ink": 7}, "ink=7"),
        ({"ink": "seven!"}, "ink='seven!'"),
        ({"ink": "größer"}, "größer"),
        ({"ink": packed(np.zeros((28, 27), np.uint8))}, "756 bytes, where 784"),
        ({"ink": ""}, "0 bytes"),
        ({"pattern": -1}, "pattern=-1"),
        ({"pattern": "two"}, "pattern='two'"),
        ({"pattern": 2**32}, f"pattern={2**32}"),
    ],
)
def test_what_is_no_drawing_is_named_and_the_last_one_stays(
    ready: Browser, wrong: dict[str, Any], named: str
) -> None:
    draw(ready, seven())
    before = heard(ready)
    message = {"ink": packed(seven()), "pattern": 0} if wrong.keys() == {"pattern"} else {}
    answer = ready.ask("draw", **{**message, **wrong})
    assert named in answer["state"]["problem"]
    assert answer["state"]["state"] == "ready"
    ready.ask("step")
    after = heard(ready)
    assert after["sketch"] == before["sketch"]


def test_an_empty_sheet_clears_the_drawing(ready: Browser) -> None:
    draw(ready, seven())
    heard(ready)
    answer = ready.ask("draw", ink=packed(np.zeros((28, 28), np.uint8)), pattern=0)
    nothing = {"pair": "", "pixels": "", "readings": [], "problem": ""}
    assert answer["drawn"] == {"version": ready.drawn, "sketch": ready.sketch, **nothing}
    ready.ask("step")
    until(ready, lambda answer: answer["state"]["step"] == 1)
    assert "drawn" not in ready.tick()


def test_photos_that_are_missing_are_told_and_the_training_goes_on(
    ready: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    session = ready.widget.session
    monkeypatch.setitem(CLOTHES, "stripes", CLOTHES["mnist"])
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(session.drawing, "_data_dir", tmp_path)
    draw(ready, seven())
    drawn = heard(ready)
    assert "dann data fetch bsds500" in drawn["problem"]
    assert (drawn["pixels"], drawn["readings"]) == ("", [])
    ready.ask("step")
    answer = until(ready, lambda answer: answer["state"]["step"] == 1)
    assert answer["state"]["problem"] == ""


def test_nothing_is_read_where_a_pair_has_no_clothes_or_the_page_no_such_part(
    ready: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(drawing, "predict", lambda *given: asked.append(given))
    bare = Browser(Dashboard(ready.widget.session, parts=("losses",)))
    bare.ask("draw", ink=packed(seven()), pattern=0)
    bare.ask("step")
    until(bare, lambda answer: answer["state"]["step"] == 1)
    assert not any("drawn" in answer for answer in bare.heard)
    monkeypatch.delitem(CLOTHES, "stripes")
    ready.ask("step")
    until(ready, lambda answer: answer["state"]["step"] == 2)
    assert not any("drawn" in answer for answer in ready.heard)
    assert not asked


def over_a_photo(pair: str) -> Images:
    """What a digit is blended with, uint8 [28, 28, 3], once it is known that it is."""
    ink = seven()
    behind = Sketch(1, np.zeros_like(ink), 3).dressed(pair, None)[1]
    plain, blended = Sketch(2, ink, 3).dressed(pair, None)
    np.testing.assert_array_equal(plain, binarise(ink[None])[0])
    expected = np.abs(behind.astype(int) - plain)
    np.testing.assert_array_equal(blended, expected)
    return behind


def is_in(patch: Images, photo: Images) -> bool:
    windows = np.lib.stride_tricks.sliding_window_view(photo[..., 0], (28, 28))
    starts = np.argwhere(windows[..., 0, 0] == patch[0, 0, 0])
    return any(
        np.array_equal(photo[row : row + 28, column : column + 28], patch) for row, column in starts
    )


def test_the_digits_are_blended_with_a_patch_of_their_pairs_photos() -> None:
    from sklearn.datasets import load_sample_images

    behind = over_a_photo("digits")
    assert any(is_in(behind, photo) for photo in load_sample_images().images)


@pytest.mark.real_data
def test_mnist_is_blended_with_a_patch_of_a_photo_of_bsds500(real_data: DataStore) -> None:
    behind = over_a_photo("mnist")
    photos = PhotoSet.of(real_data).read()
    assert any(is_in(behind, photo) for photo in photos)


def test_a_run_that_was_gone_when_its_turn_came_is_asked_once_it_is_back(ready: Browser) -> None:
    session: Session = ready.widget.session
    drawing_, run = session.drawing, session.run
    held: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing_, "_submit", held.append)
        draw(ready, seven())
        session.run = None  # as while a new one is made
        assert session.networks == []
        [job] = held
        job()
    assert drawing_.read is None
    session.run = run
    assert steps_of({"drawn": heard(ready)}) == [0]
