"""What the tests of the command line share."""

from __future__ import annotations

import pytest
from typed import Dann

from dann_lab.maps import still


@pytest.fixture
def dann(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Dann:
    return Dann(monkeypatch, capsys)


@pytest.fixture
def no_map(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two dimensions of the embedding instead of t-SNE, which takes seconds."""
    monkeypatch.setattr(still, "tsne", lambda embeddings: embeddings[:, :2])
