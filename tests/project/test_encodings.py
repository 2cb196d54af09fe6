"""Text is UTF-8 on every machine: under the code pages of Windows, and without any locale."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scratch import ROOT

from dann_core.observing import keep_snapshot
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.runs.folder import Data, RunFolder

LOCALES = {
    "chinese": ("zh_CN", "GBK"),
    "korean": ("ko_KR", "EUC-KR"),
    "japanese": ("ja_JP", "SHIFT_JIS"),
    "western": ("en_US", "CP1252"),
    "none": None,
}
"""The charmaps of Windows's code pages 936, 949, 932 and 1252, as Linux has them, and none."""
SOURCES = sorted(
    path
    for name in ("dann_core", "dann_lab", "tools", "website", "benchmarks", "deploy", "tests")
    for path in (ROOT / name).rglob("*.py")
)


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("locales")


@pytest.fixture(scope="module", params=LOCALES)
def elsewhere(request: pytest.FixtureRequest, locales: Path) -> dict[str, str]:
    """The environment of a process that reads and prints with another encoding."""
    if os.name == "nt":
        pytest.skip("Windows has one code page, which the tests run under")
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "LC_", "LANG"))}
    plain |= {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    if (kind := LOCALES[request.param]) is None:
        return plain | {"LC_ALL": "C"}
    if shutil.which("localedef") is None or not Path("/usr/share/i18n/charmaps").is_dir():
        pytest.skip("this system cannot make a locale")
    language, charmap = kind
    name = f"{language}.{charmap}"
    command = ["localedef", "-c", "--no-archive", "-i", language, "-f", charmap]
    subprocess.run([*command, str(locales / name)], capture_output=True)  # it warns, and makes it
    return plain | {"LOCPATH": str(locales), "LC_ALL": name}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    trainer = Trainer(Data().load(), preset("quick", steps=2), device="cpu")
    trainer.evaluate(40)
    keep_snapshot(trainer)
    for _ in trainer:
        pass
    made = tmp_path_factory.mktemp("runs") / "two-steps"
    made.mkdir()
    RunFolder(made, Data(), trainer).save()
    return made


def run(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[bytes]:
    ended = subprocess.run([sys.executable, *command], env=environment, capture_output=True)
    assert ended.returncode == 0, ended.stderr.decode(errors="replace")
    return ended


def test_the_other_encoding_is_really_used(elsewhere: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "text").write_text("\u2717", encoding="utf-8")
    code = (
        "import sys; print(sys.stdout.encoding); print(ascii(open(sys.argv[1], errors='replace')"
        ".read()))"
    )
    encoding, text = run(elsewhere, "-c", code, str(tmp_path / "text")).stdout.split()
    assert b"utf" not in encoding.lower()
    assert text != b"'\\u2717'"


PAGES = """
from dann_lab.lessons import beside, demonstrations, playground, quiz
from dann_lab.live import dashboard
from dann_lab.runs import player, reader
from dann_lab.widgets import document, explore

def shipped(name):
    return (document.STATIC / name).read_bytes().decode("utf-8")

for name, widget in (
    ("dashboard", dashboard.Dashboard),
    ("player", player.Player),
    ("reader", reader.Reader),
    ("playground", playground.Playground),
    ("quiz", quiz.Quiz),
):
    assert shipped(f"{name}.css") in widget._css, name
    assert shipped(f"{name}.js") == str(widget._esm), name
assert shipped("beside.js") == str(beside.MethodsBeside._esm)
assert shipped("lessons.css") in explore.LESSONS_CSS
assert demonstrations.results("ablation")
"""


def test_the_pages_have_their_own_signs(elsewhere: dict[str, str]) -> None:
    run(elsewhere, "-c", PAGES)


def test_a_run_is_exported_as_everywhere(
    elsewhere: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    made = {}
    for name, environment in (("here", dict(os.environ)), ("there", elsewhere)):
        page, table = tmp_path / f"{name}.html", tmp_path / f"{name}.csv"
        command = ["export", str(folder), "--html", str(page), "--csv", str(table), "--map", "PCA"]
        run(environment, "-m", "dann_lab", *command)
        made[name] = (page.read_bytes(), table.read_bytes())
    assert made["here"] == made["there"]
    assert "✗".encode() in made["there"][0]
    assert b"\r" not in made["there"][1]


@pytest.mark.parametrize("encoding", ["cp1252", "cp932"])
def test_what_cannot_be_printed_is_replaced(encoding: str, tmp_path: Path) -> None:
    there = tmp_path / "✗ é"
    there.mkdir()
    # As on Windows, where names are Unicode and what is piped has the code page.
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    ended = run(environment, "-m", "dann_lab", "train", "--steps", "1", "--out", str(there / "run"))
    shown = "✗ é".encode(encoding, "backslashreplace").decode(encoding)
    assert f"Results are in {tmp_path / shown / 'run'}" in ended.stdout.decode(encoding)


# What is not run here is looked at: every text file that is opened names its encoding.

SUBPROCESS = {"run", "Popen", "check_output", "check_call", "call"}


def opens_text(call: ast.Call) -> bool:
    """Whether a call opens text, or may: with a mode that is only known later it does not."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    named = {k.arg: k.value for k in call.keywords}
    if name in ("read_text", "write_text"):
        return name == "write_text" or not call.args
    if getattr(getattr(call.func, "value", None), "id", "") in ("gzip", "tarfile", "zipfile"):
        return False
    if name in SUBPROCESS:
        return bool({"text", "universal_newlines"} & set(named))
    plain = isinstance(call.func, ast.Name)
    modes = [named.get("mode"), *call.args[1:2]] if plain else [named.get("mode"), *call.args[:1]]
    mode = next((m.value for m in modes if isinstance(m, ast.Constant)), "")
    if name in ("NamedTemporaryFile", "TemporaryFile", "fdopen"):
        return bool(mode) and "b" not in str(mode)
    if name == "open":
        written = isinstance(mode, str) and re.fullmatch("[rwxa][+t]*", mode) is not None
        return written or (plain and len(call.args) == 1 and "mode" not in named)
    return False


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("path.read_text()", True),
        ("open(path)", True),
        ("open(path, 'w', buffering=1)", True),
        ("path.open('a')", True),
        ("subprocess.run(command, text=True)", True),
        ("tempfile.NamedTemporaryFile('w')", True),
        ("open(path, 'rb')", False),
        ("page.open('lessons/01.html')", False),
        ("subprocess.run(command, capture_output=True)", False),
    ],
)
def test_text_is_told_from_bytes(code: str, found: bool) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert opens_text(call) is found


def test_every_text_file_is_opened_as_utf_8() -> None:
    nameless = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and opens_text(node)
        and "encoding" not in {keyword.arg for keyword in node.keywords}
    ]
    assert nameless == []
