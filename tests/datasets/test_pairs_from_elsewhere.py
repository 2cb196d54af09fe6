"""Pairs that other packages add by an entry point are on offer like the built-in ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dann_core.datasets import PAIRS, load_pair, others, pair_names
from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_core.recipe import preset
from dann_core.training import Trainer

CODE = """
from dann_core.errors import DataError
from dann_core.moons import moons_pair

asked = []

def turned(data_dir=None, rotation=10, **options):
    asked.append((data_dir, options))
    return moons_pair(rotation)

def no_pair(data_dir=None):
    return "a text"

def broken(data_dir=None):
    raise RuntimeError("two\\nlines")

def without_data(data_dir=None):
    raise DataError("The files are not there. Fetch them.")
"""
Install = Callable[[str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a package whose entry points of the group "dann.pairs" are these lines."""
    monkeypatch.syspath_prepend(tmp_path)

    def made(lines: str) -> None:
        (tmp_path / "plugged_pairs.py").write_text(CODE, encoding="utf-8")
        folder = tmp_path / "plugged_pairs-1.0.dist-info"
        folder.mkdir()
        about = "Metadata-Version: 2.1\nName: plugged-pairs\nVersion: 1.0\n"
        (folder / "METADATA").write_text(about, encoding="utf-8")
        (folder / "entry_points.txt").write_text(f"[dann.pairs]\n{lines}\n", encoding="utf-8")
        others.cache_clear()

    yield made
    others.cache_clear()


def test_without_such_packages_there_are_the_built_in_ones() -> None:
    others.cache_clear()
    assert pair_names() == list(PAIRS)


def test_a_pair_from_elsewhere_is_loaded_by_its_name_and_trains(install: Install) -> None:
    install("zebra = plugged_pairs:turned\napes = plugged_pairs:turned")
    assert pair_names() == [*PAIRS, "apes", "zebra"]
    pair = load_pair("zebra", "somewhere", rotation=20, seed=7)
    assert pair.build["id"] == "moons-seed0-rotation20"
    import plugged_pairs  # type: ignore[import-not-found]

    assert plugged_pairs.asked == [("somewhere", {"seed": 7})]
    recipe = preset("own", batch_size=8, steps=2)
    assert len(list(Trainer(pair, recipe, device="cpu"))) == 2


def test_nothing_of_it_is_loaded_before_it_is_asked_for(install: Install) -> None:
    install("absent = a_module_that_is_not_there:pair")
    assert pair_names() == [*PAIRS, "absent"]
    assert isinstance(load_pair("stripes"), DomainPair)


def test_a_built_in_pair_is_never_replaced(install: Install) -> None:
    install("digits = plugged_pairs:broken")
    assert pair_names() == list(PAIRS)
    assert load_pair("digits").name == "digits"


def test_an_unknown_name_is_refused_with_all_that_there_are(install: Install) -> None:
    install("zebra = plugged_pairs:turned")
    with pytest.raises(DataError, match=r"no pair 'zebr'\. Choose one of: stripes, .*, zebra\.$"):
        load_pair("zebr")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("plugged_pairs:broken", r"RuntimeError: two lines"),
        ("plugged_pairs:no_pair", r"TypeError: its pair is 'a text', where a DomainPair is needed"),
        ("plugged_pairs:not_there", r"AttributeError: .*not_there"),
        ("a_module_that_is_not_there:pair", r"ModuleNotFoundError: .*a_module_that_is_not_there"),
    ],
)
def test_a_package_that_is_broken_is_named_in_one_line(
    target: str, said: str, install: Install
) -> None:
    install(f"zebra = {target}")
    with pytest.raises(DataError, match=rf"'zebra' \({target}\) cannot be loaded: {said}") as told:
        load_pair("zebra")
    assert str(told.value).endswith("Mend or remove the package that adds it.")
    assert "\n" not in str(told.value)


def test_what_it_says_of_its_own_data_is_passed_on(install: Install) -> None:
    install("zebra = plugged_pairs:without_data")
    with pytest.raises(DataError, match=r"^The files are not there\. Fetch them\.$"):
        load_pair("zebra")
