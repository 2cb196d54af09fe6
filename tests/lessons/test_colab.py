"""What a lesson's first cell asks pip for on Colab and Kaggle; test_on_colab.py runs it there."""

from __future__ import annotations

import sys
from importlib import metadata
from types import ModuleType

import pytest

from dann_lab.lessons import colab

REQUIRES = [
    "numpy>=1.26",
    "torch>=999",
    'no-such-package!=7.0.*,>=6; extra == "lab"',
    "voila>=999; extra == 'lab'",
    "IPyWidgets>=999; extra == 'lab'",
    "another-that-is-not-there>=1; extra == 'test'",
    "a-third-one>=1; python_version < '3'",
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What pip is asked for, each time."""
    calls: list[list[str]] = []
    monkeypatch.setattr(metadata, "requires", lambda name: REQUIRES)
    monkeypatch.setattr(colab, "_install", calls.append)
    return calls


@pytest.fixture
def on_colab(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Makes this a kernel of Colab; what was turned on there."""
    turned_on: list[str] = []
    output = ModuleType("google.colab.output")
    output.enable_custom_widget_manager = lambda: turned_on.append("widgets")  # type: ignore[attr-defined]
    package = ModuleType("google.colab")
    package.output = output  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google", ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", package)
    return turned_on


def test_elsewhere_it_does_nothing(asked: list[list[str]]) -> None:
    colab.prepare()
    assert asked == []


def test_pip_is_asked_for_what_the_lab_lacks_and_for_nothing_of_colabs_own(
    asked: list[list[str]], on_colab: list[str]
) -> None:
    colab.prepare()
    # Without the marker: with it, pip would leave the package out and say nothing.
    assert asked == [["no-such-package!=7.0.*,>=6"]]
    assert on_colab == ["widgets"]


def test_on_kaggle_pip_is_asked_for_the_same_and_nothing_of_google_is_needed(
    asked: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Interactive")
    colab.prepare()
    assert asked == [["no-such-package!=7.0.*,>=6"]]
    assert "Ready" in capsys.readouterr().out
