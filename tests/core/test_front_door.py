"""``import dann_core as dann``: the public names, loaded when they are used, and seen by tools."""

from __future__ import annotations

import ast
import importlib
import json
import os
import pickle
import pydoc
import re
import subprocess
import sys
import textwrap
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from mypy import api as mypy

import dann_core
import dann_lab

NAMES = {
    "DANN": "dann_core.model",
    "PRESETS": "dann_core.recipe",
    "DANNClassifier": "dann_core.classifier",
    "DannError": "dann_core.errors",
    "DomainPair": "dann_core.domains",
    "GradientReversal": "dann_core.reversal",
    "Recipe": "dann_core.recipe",
    "Trainer": "dann_core.training",
    "build_model": "dann_core.model",
    "evaluate": "dann_core.evaluation",
    "features": "dann_core.evaluation",
    "load_pair": "dann_core.datasets",
    "predict": "dann_core.evaluation",
    "preset": "dann_core.recipe",
    "reverse_gradient": "dann_core.reversal",
}
"""What the front door gives, and where each name is at home."""
FRONT = Path(dann_core.__file__)


def fresh(code: str) -> Any:
    """What ``code`` prints, as JSON, in a Python that has imported nothing yet."""
    command = [sys.executable, "-c", textwrap.dedent(code)]
    ended = subprocess.run(command, capture_output=True, timeout=120, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_the_names_are_these() -> None:
    assert set(dann_core.__all__) == set(NAMES)
    assert len(dann_core.__all__) == len(NAMES)


def test_type_checkers_are_told_the_same_names_from_the_same_places() -> None:
    blocks = [
        node
        for node in ast.parse(FRONT.read_text(encoding="utf-8")).body
        if isinstance(node, ast.If)
    ]
    (block,) = [
        node
        for node in blocks
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    ]
    told: dict[str, str | None] = {}
    for line in block.body:
        if isinstance(line, ast.ImportFrom):
            for name in line.names:
                assert name.asname == name.name, "only `X as X` is an export"
                told[name.name] = line.module
    assert told == NAMES
    assert {name: f"dann_core.{home}" for name, home in dann_core._HOMES.items()} == NAMES


@pytest.mark.parametrize(("name", "home"), NAMES.items())
def test_each_name_is_the_one_of_its_module(name: str, home: str) -> None:
    assert getattr(dann_core, name) is getattr(importlib.import_module(home), name)


def test_the_version_is_the_installed_one() -> None:
    assert dann_core.__version__ == version("dann-explorable")


def test_importing_it_loads_nothing_large() -> None:
    code = """
        import dann_core, json, sys
        print(json.dumps(sorted(sys.modules)))
    """
    loaded = set(fresh(code))
    assert "dann_core" in loaded
    assert not loaded & {"torch", "numpy", "importlib.metadata", "dann_core.errors"}


def test_a_name_loads_what_it_needs_and_no_more() -> None:
    code = """
        import dann_core, json, sys
        dann_core.DannError, dann_core.__version__
        print(json.dumps("torch" in sys.modules))
    """
    assert fresh(code) is False


def test_before_anything_is_used_all_names_are_listed() -> None:
    code = """
        import dann_core, json, sys
        listed = dir(dann_core)
        print(json.dumps([listed, "torch" in sys.modules]))
    """
    listed, torch = fresh(code)
    assert {*NAMES, "__version__"} <= set(listed)
    assert not torch
    assert {*NAMES, "__version__"} <= set(dir(dann_core))


def test_a_name_that_is_not_there_is_told_what_is() -> None:
    with pytest.raises(AttributeError) as refused:
        dann_core.trainer  # type: ignore[attr-defined]  # noqa: B018
    assert "'trainer'" in str(refused.value)
    for name in [*NAMES, "__version__"]:
        assert name in str(refused.value)
    with pytest.raises(ImportError, match="trainer"):
        exec("from dann_core import trainer")


def test_a_star_brings_the_names_and_nothing_else() -> None:
    scope: dict[str, Any] = {"__version__": "my own"}
    exec("from dann_core import *", scope)
    assert set(scope) - {"__builtins__"} == {*NAMES, "__version__"}
    assert scope["__version__"] == "my own"


def test_submodules_are_imported_by_their_full_path_as_before() -> None:
    code = """
        import json
        from dann_core import schedules
        import dann_core.errors
        print(json.dumps([schedules.__name__, dann_core.errors.__name__]))
    """
    assert fresh(code) == ["dann_core.schedules", "dann_core.errors"]


def test_what_comes_through_it_can_be_pickled() -> None:
    recipe = dann_core.preset("quick", seed=3)
    assert pickle.loads(pickle.dumps(recipe)) == recipe
    for name in set(NAMES) - {"PRESETS"}:
        thing = getattr(dann_core, name)
        assert pickle.loads(pickle.dumps(thing)) is thing


def test_help_shows_what_it_is_and_the_names() -> None:
    text = pydoc.plain(pydoc.render_doc(dann_core))
    assert "Domain-adversarial training" in text
    assert "import dann_core as dann" in text
    for name in NAMES:
        assert re.search(rf"\b{name}\b", text), name
    assert dann_core.__version__ in text


def example() -> str:
    """The code in the docstring, without its empty line."""
    lines = (dann_core.__doc__ or "").splitlines()
    return textwrap.dedent("\n".join(line for line in lines if line.startswith("    ")))


def test_its_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = example()
    assert code.count("steps=400") == 1
    scope: dict[str, Any] = {}
    exec(code.replace("steps=400", "steps=3"), scope)
    assert scope["trainer"].step == 3
    assert scope["trainer"].history[-1].lambda_ == 0.5
    assert "target_accuracy" in capsys.readouterr().out


def test_the_readme_has_the_same_example() -> None:
    readme = (FRONT.parents[1] / "README.md").read_text(encoding="utf-8")
    assert example() in readme.replace("\n\n", "\n")


@pytest.mark.filterwarnings("ignore::EncodingWarning")  # of mypy, whose frames Python cannot see
def test_a_type_checker_sees_the_names_and_misses_others(tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(
        "import dann_core as dann\n"
        "reveal_type(dann.Recipe().steps)\n"
        "reveal_type(dann.Trainer)\n"
        "reveal_type(dann.__version__)\n"
        "dann.Recipe(steps='10')\n"
        "dann.trainer\n",
        encoding="utf-8",
    )
    # Its own modules alone: PyTorch's would take a minute.
    modules = map(str, FRONT.parent.glob("*.py"))
    options = ["--follow-imports=skip", f"--cache-dir={os.devnull}", "--config-file="]
    said, problems, _ = mypy.run([*options, str(tmp_path / "user.py"), *modules])
    assert problems == ""
    lines = [line.split("user.py:")[1] for line in said.splitlines() if "user.py:" in line]
    assert lines[0].startswith('2: note: Revealed type is "int"')
    assert 'dann_core.training.Trainer"' in lines[1]
    assert lines[2].startswith('4: note: Revealed type is "str"')
    assert lines[3].startswith("5: error: Argument")
    assert lines[4].startswith("6: error: Module has no attribute")
    assert len(lines) == 5, said


@pytest.mark.parametrize("package", [dann_core, dann_lab])
def test_a_package_says_that_it_has_types(package: Any) -> None:
    assert (Path(package.__file__).parent / "py.typed").is_file()
