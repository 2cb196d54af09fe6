"""Every badge and link is written from one setting, and one that disagrees is found."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tools import links, numbers, places
from tools.generated import drift, texts, write

ADDRESS = "https://github.com/someone/a-network"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What holds links, and the results whose numbers stand beside them, in a folder of its own."""
    for name in links.FILES:
        shutil.copy(links.ROOT / name, tmp_path / name)
    for name in ("lessons", "notebooks", "tools"):
        shutil.copytree(links.ROOT / name, tmp_path / name)
    (tmp_path / numbers.RESULTS).mkdir(parents=True)
    for file in (links.ROOT / numbers.RESULTS).glob("*.json"):
        shutil.copy(file, tmp_path / numbers.RESULTS / file.name)
    return tmp_path


def set_address(root: Path, address: str) -> None:
    path = root / "pyproject.toml"
    text = re.sub(
        r'^repository = ".*"$',
        f'repository = "{address}"',
        path.read_text(encoding="utf-8"),
        flags=re.M,
    )
    path.write_text(text, encoding="utf-8")


def there(root: Path) -> dict[Path, str]:
    return {path: (root / path).read_text(encoding="utf-8") for path in texts(root)}


def test_every_link_is_what_the_setting_says() -> None:
    assert drift(texts()) == [], "Run: make badges"


def test_while_no_address_is_set_nothing_pretends_to_be_a_link(copy: Path) -> None:
    set_address(copy, "")
    write(texts(copy), copy)
    assert links.repository(copy) == ""
    assert links.places("01_two_domains", copy) == {}
    assert links.UNSET in (copy / "README.md").read_text(encoding="utf-8")
    for path, text in there(copy).items():
        assert not re.search(r"mybinder\.org/v2|colab\.research\.google|/welcome\?src", text), path
        assert "codespaces.new" not in text, path


def test_an_address_is_written_everywhere_and_taken_back_everywhere(copy: Path) -> None:
    set_address(copy, "")
    write(texts(copy), copy)
    unset = there(copy)
    set_address(copy, ADDRESS)
    write(texts(copy), copy)
    assert drift(texts(copy), copy) == []
    now = there(copy)
    for path, text in now.items():
        assert ("someone/a-network" in text) == (path.stem != "glossary"), path
    assert links.UNSET not in now[Path("README.md")]
    assert f'repository-code: "{ADDRESS}"\n' in now[Path("CITATION.cff")]
    for link in links.places("01_two_domains", copy).values():
        assert link in now[Path("notebooks/01_two_domains.ipynb")]
        assert link not in now[Path("notebooks/solutions/01_two_domains.ipynb")]
    set_address(copy, "")
    write(texts(copy), copy)
    assert there(copy) == unset


@pytest.mark.parametrize(
    "name", ["README.md", "CITATION.cff", "pyproject.toml", "notebooks/01_two_domains.ipynb"]
)
def test_a_link_edited_by_hand_is_found(copy: Path, name: str) -> None:
    set_address(copy, ADDRESS)
    write(texts(copy), copy)
    path = copy / name
    text = path.read_text(encoding="utf-8")
    at = text.index("someone/a-network")
    path.write_text(
        text[:at] + "someone/else" + text[at + len("someone/a-network") :], encoding="utf-8"
    )
    assert drift(texts(copy), copy) == [Path(name)]


def test_links_lead_to_the_branch_and_the_page_to_voila(copy: Path) -> None:
    set_address(copy, ADDRESS)
    assert links.places("01_two_domains", copy) == {
        "Colab": "https://colab.research.google.com/github/someone/a-network/blob/main/notebooks/"
        "01_two_domains.ipynb",
        "Kaggle": "https://kaggle.com/kernels/welcome?src=https://github.com/someone/a-network/blob/"
        "main/notebooks/01_two_domains.ipynb",
        "Codespaces": "https://codespaces.new/someone/a-network/tree/main?quickstart=1",
        "Binder": "https://mybinder.org/v2/gh/someone/a-network/main?urlpath=lab%2Ftree%2F"
        "notebooks%2F01_two_domains.ipynb",
    }
    page = links.places("05_dashboard", copy)["Binder"]
    assert page.endswith("?urlpath=voila%2Frender%2Fnotebooks%2F05_dashboard.ipynb")


def test_the_readme_opens_the_first_lesson_and_the_page_where_each_can_be_shown(copy: Path) -> None:
    set_address(copy, ADDRESS)
    opened = re.findall(r"\) (the [a-z ]+) in (\w+)$", links.badges(copy), re.MULTILINE)
    assert opened == [
        ("the first lesson", "Colab"),
        ("the live page", "Codespaces"),
        ("the first lesson", "Binder"),
        ("the live page", "Binder"),
        ("the first lesson", "Kaggle"),
    ]


def test_each_place_is_offered_with_its_costs_in_the_order_of_the_links(copy: Path) -> None:
    set_address(copy, ADDRESS)
    offered = places.places("01_two_domains", copy)
    assert {place.name: place.link for place in offered if place.link} == links.places(
        "01_two_domains", copy
    )
    assert [place.name for place in offered] == [*links.places("x", copy), places.OWN]
    for place in offered:
        assert re.search(r"\d+ (GB|MB)", place.memory)
        assert place.minutes
    assert "public address" not in places.listed(copy)
    set_address(copy, "")
    assert not any(place.link for place in places.places(root=copy))
    assert "public address" in places.listed(copy)


def test_binder_is_said_to_be_too_small_just_as_long_as_it_is() -> None:
    measured = json.loads((links.ROOT / "tools" / "measured.json").read_text(encoding="utf-8"))
    lessons = measured["lessons"]
    small = lessons | {"00_start_here": {"seconds": 1, "peak_mb": 300}}
    assert "enough" in places.about_binder(small)
    assert "ended" in places.about_binder(lessons | {"00_start_here": {"peak_mb": 600}})


@pytest.mark.parametrize(
    "address", ["github.com/a/b", "https://github.com/a", "https://github.com/a/b.git/", "a b"]
)
def test_a_malformed_address_is_named_with_what_it_should_look_like(
    copy: Path, address: str
) -> None:
    set_address(copy, address)
    with pytest.raises(links.LinkError, match=r"OWNER/NAME") as error:
        texts(copy)
    assert repr(address) in str(error.value)


def test_a_readme_without_its_markers_is_named(copy: Path) -> None:
    readme = copy / "README.md"
    readme.write_text(readme.read_text(encoding="utf-8").replace(links.END, ""), encoding="utf-8")
    with pytest.raises(links.LinkError, match=r"README\.md needs the markers"):
        texts(copy)
