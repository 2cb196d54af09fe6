"""The widgets' scripts are there as built. That they are what js/ says, `make front` checks."""

from __future__ import annotations

import json
import re

from scratch import ROOT

from dann_lab.widgets.document import STATIC

JS = ROOT / "js"


def test_each_entry_is_built_and_nothing_else() -> None:
    built = {path.name for path in STATIC.glob("*.js")} - {"plotly.min.js"}  # which others wrote
    assert built == {path.name for path in (JS / "src" / "widgets").glob("*.js")}
    for name in built:
        assert (STATIC / name).read_text(encoding="utf-8").startswith("// Built from js/src"), name


def test_every_script_and_style_that_python_names_is_there() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "dann_lab").rglob("*.py")]
    named = {name for text in texts for name in re.findall(r'(?:STATIC / |style\()"([^"]+)"', text)}
    assert len(named) >= 10
    assert not {name for name in named if not (STATIC / name).exists()}


def test_the_lock_file_names_no_registry() -> None:
    packages = json.loads((JS / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert len(packages) > 10
    assert not {name for name, package in packages.items() if "resolved" in package}
