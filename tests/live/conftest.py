"""What the tests of the live page's sessions share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from dann_core.datasets import PAIRS
from dann_core.domains import DomainPair
from dann_lab.live import session as sessions


@pytest.fixture
def quick_sessions(stripes_pair: DomainPair, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sessions train on the embedded pair with one thread, and look at few images."""
    monkeypatch.setattr(sessions, "choose_threads", lambda: 1)
    monkeypatch.setattr(sessions, "LIVE_IMAGES", 40)
    monkeypatch.setitem(PAIRS, "stripes", lambda data_dir: stripes_pair)  # made once for all tests
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
