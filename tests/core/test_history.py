"""The table of what happened: it keeps every bit, and may be read while it grows."""

from __future__ import annotations

import json
import math
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from dann_core.errors import DataError
from dann_core.history import COLUMNS, Evaluation, History, Mark, StepRecord
from dann_lab.figures.sentences import about_mark

ONE_STEP = {name: [1.0 if name == "step" else 0.5] for name in COLUMNS}


def record(step: int) -> StepRecord:
    """Values that no decimal with few digits can hold, different in every place."""
    return StepRecord(step, *(math.sin(step * 20 + k) / 3 for k in range(len(COLUMNS) - 1)))


def filled(steps: int) -> History:
    history = History()
    for step in range(1, steps + 1):
        history.append(record(step))
    return history


@pytest.mark.parametrize("steps", [0, 1, 1023, 1024, 1025, 5000])
def test_records_come_back_as_they_went_in(steps: int) -> None:
    history = filled(steps)
    assert len(history) == steps
    assert list(history) == [record(step) for step in range(1, steps + 1)]
    for name in COLUMNS:
        column = history.column(name)
        assert column.shape == (steps,)
        assert column.dtype == np.float64
        assert column.tolist() == [getattr(record(s), name) for s in range(1, steps + 1)]


def test_indices_as_in_a_list() -> None:
    history = filled(3)
    assert history[0] == record(1)
    assert history[-1] == record(3)
    assert isinstance(history[0].step, int)
    for index in (3, -4):
        with pytest.raises(IndexError, match="3 steps"):
            history[index]


@pytest.mark.parametrize("start", [None, 0, 1, -2, -9, 9, np.int64(1), np.int8(-2)])
@pytest.mark.parametrize("stop", [None, 3, -1, 9, np.int64(3)])
@pytest.mark.parametrize("step", [None, 1, 2, -1, -2, np.int64(2)])
def test_slices_as_in_a_list(start: int | None, stop: int | None, step: int | None) -> None:
    history = filled(5)
    assert history[start:stop:step] == list(history)[start:stop:step]


@pytest.mark.parametrize("index", [np.int64(1), np.int8(-4), np.uint8(1), np.array(1)], ids=repr)
def test_an_index_of_numpys(index: int) -> None:
    assert filled(5)[index] == record(2)
    with pytest.raises(IndexError, match="There is no record 5: the history has 5 steps"):
        filled(5)[np.int64(5)]


@pytest.mark.parametrize("index", [1.0, np.float64(1), "1", None])
def test_what_is_no_index(index: object) -> None:
    with pytest.raises(TypeError):
        filled(5)[index]  # type: ignore[call-overload]


def full_of_everything() -> History:
    history = filled(1500)
    history.append(StepRecord(1501, 0.1 + 0.2, *[math.nan] * 9, 5e-324))
    history.evaluations += [
        Evaluation(0, 1 / 3, 0.1, math.nan, 10_000),
        Evaluation(1500, 0.98, 0.72, 0.669, 10_000),
    ]
    history.marks.append(Mark(700, "note", "λ by hand: 0.5"))
    return history


def assert_same(a: History, b: History) -> None:
    for name in COLUMNS:
        # Bit for bit, so that NaN equals NaN.
        assert a.column(name).tobytes() == b.column(name).tobytes()
    assert repr(a.evaluations) == repr(b.evaluations)
    assert a.marks == b.marks


def test_saved_and_loaded_bit_for_bit(tmp_path: Path) -> None:
    history = full_of_everything()
    history.save(tmp_path / "history.json")
    loaded = History.load(tmp_path / "history.json")
    assert_same(loaded, history)
    assert isinstance(loaded.evaluations[0].images, int)
    loaded.append(record(1502))
    assert loaded[-1] == record(1502), "and it grows on"
    assert len(loaded) == 1502


def test_an_empty_history_is_kept_too(tmp_path: Path) -> None:
    History().save(tmp_path / "history.json")
    loaded = History.load(tmp_path / "history.json")
    assert len(loaded) == 0
    loaded.append(record(1))
    assert loaded[0] == record(1)


def test_the_file_is_strict_json(tmp_path: Path) -> None:
    """No NaN literals, which other readers refuse."""
    full_of_everything().save(tmp_path / "history.json")

    def no_literals(name: str) -> None:
        raise AssertionError(f"{name} in the file")

    data = json.loads(
        (tmp_path / "history.json").read_text(encoding="utf-8"), parse_constant=no_literals
    )
    assert list(data["steps"]) == COLUMNS
    assert data["steps"]["label_loss"][-1] is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"steps": {}}',
        '{"steps": [], "evaluations": [], "marks": []}',
        json.dumps(
            {"steps": ONE_STEP, "evaluations": [1], "marks": []},
        ),
        json.dumps(
            {
                "steps": {**ONE_STEP, "lambda_": [1, 2]},
                "evaluations": [],
                "marks": [],
            },
        ),
    ],
)
def test_what_is_no_history_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "history.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="not a history of a run"):
        History.load(tmp_path / "history.json")


def marked(**mark: object) -> dict[str, object]:
    return {"steps": ONE_STEP, "evaluations": [], "marks": [mark]}


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"steps": ONE_STEP, "evaluations": [], "marks": [], "colour": 1}, "has 'colour'"),
        ({"steps": ONE_STEP, "evaluations": []}, "history has no 'marks'"),
        ({"steps": {**ONE_STEP, "step": [2]}, "evaluations": [], "marks": []}, "count from 1"),
        (
            {"steps": {**ONE_STEP, "lambda_": ["1"]}, "evaluations": [], "marks": []},
            r"history\.steps\.lambda_\[0\] is of type str",
        ),
        (
            {"steps": {**ONE_STEP, "lambda_": [10**400]}, "evaluations": [], "marks": []},
            r"lambda_\[0\] is 10+, where a finite number",
        ),
        (
            {"steps": {**ONE_STEP, "lambda_": [float("inf")]}, "evaluations": [], "marks": []},
            r"lambda_\[0\] is inf, where a finite number",
        ),
        (marked(step=1, kind="by_hand", value=float("nan")), r"value is nan, where a finite"),
        (marked(step=1, kind="by_hand", value="high"), r"marks\[0\]\.value is of type str"),
        (marked(step=1, kind="shout", value=None), r"marks\[0\]\.kind is 'shout'"),
        (marked(step=1, kind=[], value=None), r"marks\[0\]\.kind is of type list"),
        (marked(step=1, kind="schedule"), r"marks\[0\] has no 'value'"),
        (marked(step=1, text=5), r"marks\[0\]\.text is of type int"),
        (marked(step=1, text="a word", kind="note"), r"marks\[0\] has 'kind'"),
    ],
)
def test_what_is_odd_is_named(odd: object, said: str, tmp_path: Path) -> None:
    (tmp_path / "history.json").write_text(json.dumps(odd), encoding="utf-8")
    with pytest.raises(DataError, match=said) as refused:
        History.load(tmp_path / "history.json")
    assert str(refused.value).isprintable()


def test_a_norm_that_overflowed_is_kept_as_unknown(tmp_path: Path) -> None:
    history = History()
    values = dict.fromkeys(COLUMNS, 0.5) | {"step": 1, "domain_gradient_before": math.inf}
    history.append(StepRecord(**values))
    history.save(tmp_path / "history.json")
    assert "Infinity" not in (tmp_path / "history.json").read_text(encoding="utf-8")
    assert math.isnan(History.load(tmp_path / "history.json")[0].domain_gradient_before)


def test_what_is_nested_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "history.json").write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(DataError, match="not a history of a run"):
        History.load(tmp_path / "history.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "history.json")
    with pytest.raises(DataError, match="is a pipe, not a file"):
        History.load(tmp_path / "history.json")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.json"):
        History.load(tmp_path / "none.json")


def test_a_reader_on_another_thread_never_sees_a_row_that_is_not_written() -> None:
    """While the table fills and grows: every value a reader gets is the one that was appended."""
    history, wrong, reads = History(), [], 0
    # Every column of row i holds i, so that any torn or stale row shows.
    rows = [StepRecord(i, *[float(i)] * (len(COLUMNS) - 1)) for i in range(1, 20_001)]
    done = threading.Event()

    def read() -> None:
        nonlocal reads
        while not done.is_set():
            for name in (COLUMNS[0], COLUMNS[-1]):
                column = history.column(name)
                tail = column[-2000:]
                expected = np.arange(len(column) - len(tail) + 1, len(column) + 1)
                if not np.array_equal(tail, expected):
                    wrong.append(tail.copy())
            if (n := len(history)) and history[n - 1] != rows[n - 1]:
                wrong.append(history[n - 1])
            reads += 1

    reader = threading.Thread(target=read)
    reader.start()
    for row in rows:
        history.append(row)
    done.set()
    reader.join()
    assert reads > 0
    assert wrong == []
    assert len(history) == 20_000


def test_a_column_taken_earlier_keeps_its_values_while_the_table_grows() -> None:
    history = filled(1024)
    column = history.column("label_loss")
    before = column.copy()
    for step in range(1025, 3000):
        history.append(record(step))
    assert np.array_equal(column, before)


@pytest.mark.parametrize("step", [0, 1, 1024, 1500, 9000])
def test_the_past_is_what_was_known_then_and_cannot_write_into_the_present(step: int) -> None:
    history = filled(1500)
    history.evaluations += [Evaluation(s, 0.5, 0.5, 0.5, 10) for s in (0, 700, 1500)]
    history.marks += [Mark(s, "schedule") for s in (3, 1400)]
    past = history.until(step)
    assert list(past) == list(history)[:step]
    assert [e.step for e in past.evaluations] == [s for s in (0, 700, 1500) if s <= step]
    assert [m.step for m in past.marks] == [s for s in (3, 1400) if s <= step]
    assert past.snapshots is history.snapshots
    past.append(record(7))
    assert past[-1] == record(7)
    assert list(history) == [record(s) for s in range(1, 1501)]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("lambda: 0.50 by hand", Mark(7, "by_hand", 0.5)),
        ("lambda: the paper's schedule", Mark(7, "schedule")),
        ("lambda: replays run 3", Mark(7, "replay", 3.0)),
        ("a word of somebody's own", Mark(7, "note", "a word of somebody's own")),
    ],
)
def test_marks_of_the_first_form_are_read_and_shown_as_they_were(text: str, mark: Mark) -> None:
    stored = History().to_dict() | {"marks": [{"step": 7, "text": text}]}
    assert History.from_dict(stored).marks == [mark]
    assert about_mark(mark) == text
