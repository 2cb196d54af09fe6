"""How the README begins, and what it says of the set-up."""

from __future__ import annotations

import json
import re

from PIL import Image
from scratch import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_begins_with_a_picture_that_moves_unless_motion_is_unwanted() -> None:
    beginning = README.split("\n\n")[1]
    still = re.search(r'media="\(prefers-reduced-motion: reduce\)" srcset="([^"]+)"', beginning)
    moving = re.search(r'<img src="([^"]+)"[^>]* alt="([^"]+)"', beginning)
    assert still
    assert moving
    assert len(moving[2]) > 100  # who does not see it reads what happens
    assert (ROOT / moving[1]).stat().st_size <= 1_500_000
    with Image.open(ROOT / moving[1]) as film, Image.open(ROOT / still[1]) as picture:
        assert film.n_frames > 20
        assert film.size == picture.size


def test_what_is_downloaded_is_what_was_measured() -> None:
    measured = json.loads((ROOT / "tools" / "measured.json").read_text(encoding="utf-8"))
    set_up = measured["set_up"]
    text = " ".join(README.split("### Without an NVIDIA GPU")[1].split("###")[0].split())
    told = re.search(r"([\d.]+) GB to download and ([\d.]+) GB on the disk", text)
    assert told
    assert told[1] == f"{set_up['download_mb'] / 1000:.1f}"
    assert told[2] == f"{set_up['disk_mb'] / 1000:.1f}"
    assert "more than half" in text
    assert set_up["of_gpus_mb"] > set_up["download_mb"] / 2


def test_the_command_for_the_cpu_build_finds_its_address() -> None:
    command = re.search(r"\$\(sed -n 's/\^(ARG \w+=)//p' (\S+)\)", README)
    assert command
    dockerfile = (ROOT / command[2]).read_text(encoding="utf-8")
    found = re.findall(rf"^{re.escape(command[1])}(\S+)$", dockerfile, re.MULTILINE)
    assert len(found) == 1
    assert found[0].endswith("/cpu")
