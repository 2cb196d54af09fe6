"""Every example of docs/your-data.md runs, in order, in one folder, as a person would type it.

Only what would take long is smaller here: 4 training steps, whatever the page says, 12 pictures of
a class instead of 120, and no t-SNE. Commands run within this process. The section on logging has
tests of its own, in test_logging_examples.py.
"""

from __future__ import annotations

import importlib
import os
import re
import runpy
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dann_lab import cli
from dann_lab.maps import still
from tools.examples import ROOT, YOUR_DATA, Block, blocks, walks

ELSEWHERE = "Logging"
SECTIONS = list(dict.fromkeys(b.section for b in blocks() if b.section != ELSEWHERE))
FEW = ("--steps", "4", "--threads", "1", "--device", "cpu")
WRITTEN = ("--out", "--picture", "--onnx", "--torch")
"""The options that name what a command makes."""
NEEDED = {"onnxruntime": "onnxruntime", "--onnx": "onnxscript"}
"""What a block needs that has this in it, and is not always installed."""


class Reader:
    """Somebody who has read the page as far as ``read`` and typed all that is in it."""

    def __init__(self, folder: Path):
        self.folder, self.read = folder, 0

    def up_to(self, section: str) -> None:
        """Go on to the end of a section."""
        last = SECTIONS.index(section) + 1
        for one in SECTIONS[self.read : last]:
            self.read += 1
            session: dict[str, Any] = {}
            for block in blocks():
                if block.section == one:
                    self.type(block, session)

    def type(self, block: Block, session: dict[str, Any]) -> None:
        for text, module in NEEDED.items():
            if text in block.code:
                pytest.importorskip(module)
        if block.file:
            Path(block.file).write_text(block.code, encoding="utf-8")
            importlib.invalidate_caches()
        elif block.language == "python":
            code = re.sub(r"steps=\d+", "steps=4", block.code)
            exec(compile(code, f"{YOUR_DATA.name}: {block.section}", "exec"), session)
        elif block.language == "bash":
            for words in block.commands:
                run(words)


def run(words: list[str]) -> None:
    if words[:2] == ["dann", "train"]:
        words = [*words, *FEW]
    if words[:3] == ["python", "-m", "dann_lab.lessons.office"]:
        words = [*words, "--each", "12"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", words[2:] if words[0] == "python" else words)
        if words[0] == "python":
            patch.delitem(sys.modules, words[2], raising=False)
            runpy.run_module(words[2], run_name="__main__")
        else:
            assert words[0] == "dann"
            with pytest.raises(SystemExit) as ended:
                cli.main()
            assert not ended.value.code, words
    for option, value in pairwise(words):
        assert option not in WRITTEN or Path(value).exists(), words


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader(tmp_path_factory.mktemp("reader"))


@pytest.mark.parametrize("section", SECTIONS)
def test_every_example_runs(section: str, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(still, "tsne", lambda embeddings: embeddings[:, :2])
    monkeypatch.setattr(sys, "path", [*sys.path, str(reader.folder)])
    monkeypatch.chdir(reader.folder)
    # What GridSearchCV starts finds the package too, from the folder that the test is in.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    reader.up_to(section)
    assert reader.read > SECTIONS.index(section)


def test_a_walk_is_at_most_ten_lines() -> None:
    lines = {section: sum(block.lines for block in those) for section, those in walks().items()}
    assert len(lines) == 3
    assert max(lines.values()) <= 10, lines


def test_all_code_of_the_page_is_run_or_only_read() -> None:
    fences = YOUR_DATA.read_text(encoding="utf-8").count("\n```") / 2
    assert fences == len(blocks())
    assert {block.language for block in blocks()} == {"python", "bash", "toml"}
    assert [b.section for b in blocks() if b.language == "toml"] == ["Pairs of other packages"]
