"""Results side by side: what makes a row, what is computed, what is refused."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from dann_core.errors import DannError, DataError
from dann_lab.runs.folder import CHECKPOINT, DIVERGED, METRICS
from dann_lab.sweeps import formats, report
from dann_lab.sweeps.plan import plan, typed
from dann_lab.sweeps.results import result_of
from dann_lab.sweeps.table import Table, find, table
from dann_lab.sweeps.work import PLAN

BUILD = {"pair": "stripes", "id": "stripes-v1-seed0", "seed": 0}


def make(out: Path, *grid: str, targets: list[float | None], build: Any = None) -> list[Path]:
    """Folders of finished runs with these target accuracies, one after another."""
    folders = []
    for k, one in enumerate(plan([typed(list(grid))])):
        folder = out / one.name
        folder.mkdir(parents=True)
        content = {
            "recipe": one.recipe.to_dict(),
            "steps": one.recipe.steps,
            "data": build or BUILD,
            "data_options": one.data.options(),
            "accuracy": {"source": 0.9, "target": targets[k % len(targets)], "domain": 0.5},
        }
        (folder / METRICS).write_text(json.dumps(content), encoding="utf-8")
        folders.append(folder)
    return folders


def made(out: Path, **options: Any) -> Table:
    return table(find([out]), **options)


def test_a_row_is_the_runs_that_differ_in_their_seed_alone(tmp_path: Path) -> None:
    values: list[float | None] = [0.5, 0.6, 0.55, 0.7, 0.9, 0.8]
    make(tmp_path, "lambda=1,0", "seed=0,1,2", targets=values)
    found = made(tmp_path)
    assert found.columns == ("lambda",)
    assert [row.values for row in found.rows] == [("0",), ("1",)]
    low, high = found.rows
    assert [(one.seed, one.value) for one in high.runs] == [(0, 0.5), (1, 0.6), (2, 0.55)]
    assert (low.n, low.mean) == (3, pytest.approx(0.8))
    assert low.deviation == pytest.approx(0.1)
    expected = stats.t.interval(0.95, 2, loc=low.mean, scale=stats.sem([0.7, 0.9, 0.8]))
    assert low.interval == pytest.approx(expected)


def test_one_run_has_no_spread(tmp_path: Path) -> None:
    make(tmp_path, "lambda=0,1", targets=[0.5])
    row = made(tmp_path).rows[0]
    assert (row.n, row.mean) == (1, 0.5)
    assert math.isnan(row.deviation)
    assert math.isnan(row.interval[0])
    assert formats.numbers(row) == ("0.5000", "–", "–", "1", "0: 0.5000")


def test_columns_are_what_differs_and_a_preset_stands_for_what_is_in_it(tmp_path: Path) -> None:
    make(tmp_path, "preset=quick,deep", "steps=20", "lambda=0,paper", targets=[0.5])
    assert made(tmp_path).columns == ("preset", "lambda")
    assert [row.values for row in made(tmp_path, by=["network"]).rows] == [("deep",), ("tutorial",)]
    assert [row.n for row in made(tmp_path, by=["batch_size"]).rows] == [4]
    with pytest.raises(DannError, match=r"--by: there is no field 'netwrk'\. Did you mean network"):
        made(tmp_path, by=["netwrk"])


def test_lambda_is_no_part_of_a_run_without_a_domain_classifier(tmp_path: Path) -> None:
    make(tmp_path / "a", "mode=source", "lambda=paper", targets=[0.4])
    make(tmp_path / "b", "mode=dann", "lambda=0,1,paper", targets=[0.5])
    found = table(find([tmp_path / "a", tmp_path / "b"]))
    assert [row.values for row in found.rows] == [
        ("dann", "0"),
        ("dann", "1"),
        ("dann", "paper"),
        ("source", "–"),
    ]


def test_other_accuracies_can_be_asked_for_and_an_unknown_one_is_said(tmp_path: Path) -> None:
    make(tmp_path, "lambda=0,1", targets=[None])
    assert [row.mean for row in made(tmp_path, value="source").rows] == [0.9, 0.9]
    with pytest.raises(DataError, match=r"The target accuracy of .*lambda=0 is not known"):
        made(tmp_path)


def test_results_of_different_data_are_not_mixed(tmp_path: Path) -> None:
    make(tmp_path / "a", "lambda=0,1", targets=[0.5])
    other = BUILD | {"id": "stripes-v1-seed1", "seed": 1}
    make(tmp_path / "b", "lambda=0,1", targets=[0.9], build=other)
    both = find([tmp_path / "a", tmp_path / "b"])
    with pytest.raises(DataError) as refused:
        table(both)
    said = str(refused.value)
    assert said.startswith(
        "These runs had different data, stripes-v1-seed0 (2 runs) and stripes-v1-seed1 (2 runs)"
    )
    assert "--by build" in said
    with pytest.raises(DataError, match="different data"):
        table(both, by=["lambda"])
    with pytest.raises(DataError, match="different data"):
        table(both, by=["pair", "lambda"])  # which is the same
    rows = table(both, by=["build", "lambda"]).rows
    assert [(row.values, row.mean) for row in rows] == [
        (("stripes-v1-seed0", "0"), 0.5),
        (("stripes-v1-seed0", "1"), 0.5),
        (("stripes-v1-seed1", "0"), 0.9),
        (("stripes-v1-seed1", "1"), 0.9),
    ]


def test_runs_that_have_not_ended_or_diverged_are_counted_and_named(tmp_path: Path) -> None:
    make(tmp_path, "lambda=0,1", "seed=0,1", targets=[0.5])
    gone = tmp_path / "lambda=1,seed=1"
    content = json.loads((gone / METRICS).read_text(encoding="utf-8"))
    said = {"step": 7, "lambda": 1.0, "learning_rate": 0.1, "what": "The label loss"}
    (gone / METRICS).unlink()
    (gone / DIVERGED).write_text(json.dumps(content | said), encoding="utf-8")
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun" / CHECKPOINT).write_bytes(b"")
    runs = {"begun": {}, "never": {}, "lambda=0,seed=0": {}}
    (tmp_path / PLAN).write_text(json.dumps({"sweep": "1", "runs": runs}), encoding="utf-8")
    found = made(tmp_path)
    assert [(row.n, row.diverged) for row in found.rows] == [(2, 0), (1, 1)]
    assert found.unfinished == (str(tmp_path / "begun"), str(tmp_path / "never"))
    text = formats.about(found)
    assert "1 runs diverged and are not in the means." in text
    assert f"2 runs have not ended: {tmp_path / 'begun'}, {tmp_path / 'never'}." in text
    assert formats.numbers(found.rows[1])[3] == "1 (1 diverged)"


def test_a_folder_without_runs_and_a_damaged_file_are_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no run in"):
        find([tmp_path])
    with pytest.raises(DataError, match="There is no folder"):
        find([tmp_path / "none"])
    (folder,) = make(tmp_path, "seed=0", targets=[0.5])
    good = (folder / METRICS).read_text(encoding="utf-8")
    for bad in ("", "[]", "{}", good.replace("0.5,", '"x",'), good.replace("0.5,", "7,"), "\0"):
        (folder / METRICS).write_text(bad, encoding="utf-8")
        with pytest.raises(DataError, match=r"metrics.json is not as a run writes it"):
            find([tmp_path])
    (folder / METRICS).unlink()
    (folder / CHECKPOINT).write_bytes(b"")
    with pytest.raises(DataError, match="None of the 1 runs has ended"):
        made(tmp_path)


def test_a_result_of_an_earlier_version_has_the_fields_of_today(tmp_path: Path) -> None:
    (folder,) = make(tmp_path, "seed=0", targets=[0.5])
    content = json.loads((folder / METRICS).read_text(encoding="utf-8"))
    del content["recipe"]["warmup"], content["data_options"]
    (folder / METRICS).write_text(json.dumps(content), encoding="utf-8")
    found = result_of(folder)
    assert found is not None
    assert found.recipe["warmup"] == 0.05
    assert made(tmp_path).rows[0].mean == 0.5


def test_csv_has_each_run_and_markdown_and_latex_each_row(tmp_path: Path) -> None:
    make(tmp_path, "lambda=0,1", "network=a_b:net,tutorial", "seed=0,1", targets=[0.5, 0.7])
    found = made(tmp_path)
    rows = list(csv.DictReader(io.StringIO(formats.as_csv(found))))
    assert len(rows) == 8
    assert [float(row["mean"]) for row in rows] == pytest.approx([0.6] * 8)
    assert [row["target"] for row in rows[:2]] == ["0.5", "0.7"]
    assert Path(rows[0]["folder"]).is_dir()
    lines = formats.as_markdown(found).splitlines()
    assert lines[0] == "| network | lambda | mean | sd | 95% interval | n | seeds |"
    assert len([line for line in lines if line.startswith("|")]) == 2 + 4
    latex = formats.as_latex(found)
    assert r"a\_b:net & 0 & 0.6000" in latex
    assert latex.count(r"\\") == 5
    body = latex[latex.index(r"\begin") :]
    assert not re.findall(r"(?<!\\)[_%#$]", body)


def test_the_page_has_every_run_as_a_dot_a_link_and_a_number(tmp_path: Path) -> None:
    folders = make(
        tmp_path / "runs", "lambda=0,0.1,1", "dropout=0,0.5", "seed=0,1", targets=[0.5, 0.7]
    )
    found = table(find([tmp_path / "runs"]))
    page = report.page(found, tmp_path)
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    assert data
    dots, heat = json.loads(data[1])
    linked = [x for line in dots["light"]["data"] for x in line.get("customdata", [])]
    assert len(linked) == len(folders) == page.count('<a href="runs/')
    for link in linked:
        assert (tmp_path / link.replace("%3D", "=").replace("%2C", ",")).is_dir()
    assert [len(line["x"]) for line in dots["light"]["data"]] == [3, 6, 3, 6]
    assert dots["text"].endswith("so it may be chance.")
    assert heat["title"] == "Means by lambda and dropout"
    assert len(heat["light"]["data"][0]["z"]) == 2
    assert "http" not in re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)


def test_a_page_leads_to_a_runs_own_page_if_there_is_one(tmp_path: Path) -> None:
    first, _ = make(tmp_path / "a b", "seed=0,1", targets=[0.5])
    (first / "page.html").write_text("", encoding="utf-8")
    assert report.link(first, tmp_path) == "a%20b/seed%3D0/page.html"
    assert report.link(first, tmp_path / "elsewhere") == "../a%20b/seed%3D0/page.html"
    found = table(find([tmp_path / "a b"]))
    assert report.pictures(found, tmp_path) == [], "nothing differs but the seed"
    assert "a%20b/seed%3D1/" in report.page(found, tmp_path)
