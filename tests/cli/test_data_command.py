"""``dann data``, as a person types it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dann_core.datasets import load_pair
from dann_core.datasets.importing import KNOWN
from dann_core.datasets.mnistm import cache_file
from dann_core.datasets.store import DataStore
from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_lab.cli.data import app


def dann_data(*words: str, rc: int = 0) -> str:
    result: Result = CliRunner(env={"COLUMNS": "200"}).invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == rc, result.output
    return result.stdout


def test_list_says_what_is_missing_and_how_to_get_it(tmp_path: Path) -> None:
    lines = dann_data("list", "--data-dir", str(tmp_path)).splitlines()
    for name, remedy in (("MNIST", "fetch mnist"), ("BSDS500 photos", "fetch bsds500")):
        [line] = [line for line in lines if re.search(rf"│ {name} +│", line)]
        assert "missing" in line
        assert f"dann data {remedy}" in line


@pytest.mark.real_data
def test_list_shows_what_is_there_and_where(mnist_pair: DomainPair, real_data: DataStore) -> None:
    output = dann_data("list")
    assert str(real_data.root / "MNIST/raw") in output
    [line] = [line for line in output.splitlines() if mnist_pair.build["id"] in line]
    assert mnist_pair.build["sha256"][:12] in line
    assert "165" in line


@pytest.mark.real_data
def test_build_prints_the_id_that_load_pair_takes(real_data: DataStore) -> None:
    output = dann_data("build", "--seed", "7", "--photos", "heldout")
    found = re.search(r"Build: +(mnistm-v1-seed7-heldout-\w{8})\nSHA-256: +(\w{64})\n", output)
    assert found
    assert re.search(r"Seconds: +\d+\.\d", output)
    assert load_pair("mnist", build=found[1]).build["sha256"] == found[2]
    cache_file(real_data, found[1]).unlink()


@pytest.mark.real_data
def test_fetch_has_nothing_to_do_where_everything_is() -> None:
    assert "Nothing to fetch" in dann_data("fetch")
    assert "MNIST/raw" in dann_data("fetch", "mnist")


def test_what_can_be_fetched_is_named_for_a_wrong_word() -> None:
    result = CliRunner().invoke(app, ["fetch", "svhn"])
    assert result.exit_code == 2
    assert "mnistm-liyxi" in result.stderr


def test_a_mistake_is_a_dann_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        dann_data("import", str(tmp_path / "gone.pkl"))
    with pytest.raises(DataError, match="does not exist"):
        dann_data("build", "--data-dir", str(tmp_path / "gone"))


def test_import_says_what_it_takes() -> None:
    told = " ".join(re.sub("[│╭╮╰╯─]", " ", dann_data("import", "--help")).split())
    names = re.findall(r"[\w.]+\.(?:gz|pt|pkl)", KNOWN)
    assert len(names) == 5
    for name in names:
        assert name in told, name
