"""An installation that cannot be written to, and a user without a home, as a container has them."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import requests
from nobody import HOMES, Nobody, can_be_nobody
from PIL import Image
from scratch import ROOT

from dann_core import files
from dann_core.datasets import importing, mnistm
from dann_core.datasets.store import DataStore
from dann_core.errors import DataError
from dann_core.files import cache_dir, can_write
from dann_lab import caches
from dann_lab.cli.sizes import NEEDED

VARIABLES = (
    "NUMBA_CACHE_DIR",
    "MPLCONFIGDIR",
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "TORCHINDUCTOR_CACHE_DIR",
)
THE_THREE = ("DANN_CACHE", "DANN_DATA", "DANN_RUNS")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that others may enter; pytest's own they may not."""
    with tempfile.TemporaryDirectory(prefix="dann-nobody-") as made:
        os.chmod(made, 0o755)
        yield Path(made)


@pytest.fixture(params=HOMES)
def nobody(request: pytest.FixtureRequest, open_folder: Path) -> Nobody:
    return Nobody(open_folder, request.param)


@pytest.fixture
def homeless(open_folder: Path) -> Nobody:
    return Nobody(open_folder)


def test_it_is_really_somebody_who_cannot_write(nobody: Nobody) -> None:
    code = "import os, sys; print(os.getuid()); os.mkdir(os.path.expanduser(sys.argv[1]))"
    for folder in ("~/x", str(ROOT / "x")) if can_be_nobody() else ("~/x",):
        ended = nobody.run("-c", code, folder)
        assert ended.stdout == f"{nobody.uid}\n"
        assert re.search(r"PermissionError|FileNotFoundError|NotADirectoryError", ended.stderr)


def test_libraries_write_below_our_folder_and_nowhere_else(nobody: Nobody) -> None:
    code = (
        "import json, os, dann_lab; from dann_core.files import cache_dir; "
        "print(json.dumps([str(cache_dir()), dict(os.environ)]))"
    )
    ended = nobody.run("-c", code)
    assert ended.returncode == 0, ended.stderr
    cache, variables = json.loads(ended.stdout)
    assert cache == str(nobody.temporary / f"dann-{nobody.uid}")
    for name in set(VARIABLES) - {"TORCHINDUCTOR_CACHE_DIR"}:
        assert variables[name] == f"{cache}/libraries/{name.lower()}"
    assert stat.S_IMODE(Path(cache).stat().st_mode) == 0o700
    assert list(nobody.work.iterdir()) == []


def test_a_run_is_trained_evaluated_and_exported_with_maps(homeless: Nobody) -> None:
    train = ["train", "--steps", "2", "--threads", "1", "--out", "run"]
    export = ["export", "run", "--html", "run.html", "--csv", "run.csv", "--map", "UMAP"]
    for command in (train, ["evaluate", "run"], export, ["data", "list"]):
        ended = homeless.dann(*command)
        assert ended.returncode == 0, ended.stderr
        assert "Traceback" not in ended.stderr
        assert "MPLCONFIGDIR" not in ended.stderr  # Matplotlib's warning of a slow start
    assert sorted(path.name for path in homeless.work.iterdir()) == ["run", "run.csv", "run.html"]
    ours = homeless.temporary / f"dann-{homeless.uid}"
    assert list((ours / "libraries" / "numba_cache_dir").rglob("*.nbi"))
    assert list((ours / "libraries" / "mplconfigdir").glob("fontlist*"))


NOTEBOOK = """
import nbformat
from nbclient import NotebookClient
code = '''
import dann_lab.maps.still
import numpy, os
print(dann_lab.maps.still.umap(numpy.random.default_rng(0).normal(size=(40, 8))).shape)
print(os.environ["IPYTHONDIR"])
'''
import dann_lab.serve.servers
cells = [nbformat.v4.new_code_cell(code)]
done = NotebookClient(nbformat.v4.new_notebook(cells=cells), timeout=120).execute()
print(done.cells[0].outputs)
"""


def test_a_notebooks_kernel_draws_a_map(homeless: Nobody) -> None:
    ended = homeless.run("-c", NOTEBOOK)
    assert ended.returncode == 0, ended.stderr
    assert "(40, 2)" in ended.stdout
    assert f"dann-{homeless.uid}/libraries/ipythondir" in ended.stdout


@contextmanager
def serving(nobody: Nobody, *command: str) -> Iterator[tuple[str, Path]]:
    """A server's address, and the file with what it says."""
    log = nobody.temporary.parent / "server.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            nobody.command("-m", "dann_lab", *command, "--no-browser", "--port", "0"),
            cwd=nobody.work,
            env=nobody.variables,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 120
        while not (found := re.search(r"http://\S+", log.read_text(encoding="utf-8"))):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.2)
        yield found[0], log
    finally:
        process.terminate()
        process.wait(30)


def test_the_dashboard_answers_with_its_page(homeless: Nobody) -> None:
    with serving(homeless, "dashboard") as (url, log):
        page = requests.get(url, timeout=120)
        assert page.status_code == 200
        assert "Traceback" not in page.text
        assert "Traceback" not in log.read_text(encoding="utf-8")


def test_jupyterlab_opens(homeless: Nobody) -> None:
    with serving(homeless, "lab") as (url, log):
        assert requests.get(url, timeout=120).status_code == 200
        assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [*NEEDED, "evaluate"])
def test_where_nothing_can_be_written_one_line_says_what_to_set(
    command: str, homeless: Nobody
) -> None:
    # Not even temporary files: a file of no length is all that may be written.
    resource = pytest.importorskip("resource")
    limited = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (0, 0))
    rest = {
        "export": ["run", "--html", "page.html"],
        "evaluate": ["run"],
        "table": ["run", "--out", "page.html"],
    }
    ended = homeless.dann(command, *rest.get(command, []), preexec_fn=limited)
    assert ended.returncode == 1
    assert re.fullmatch(r"dann: error: .*\n", ended.stderr)
    for name in THE_THREE:
        assert name in ended.stderr


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A usual home, and no variable set."""
    made = tmp_path / "home"
    made.mkdir()
    for name in (*VARIABLES, "DANN_CACHE", "DANN_DATA", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(made))
    monkeypatch.setenv("USERPROFILE", str(made))
    return made


@pytest.fixture
def unwritable(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that is a file, in which even root cannot write."""
    home.rmdir()
    home.touch()
    return home


def test_a_usual_home_changes_nothing(home: Path) -> None:
    before = dict(os.environ)
    caches.prepare()
    assert dict(os.environ) == before
    assert list(home.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="temporary files are private there")
def test_what_the_user_has_set_stays(
    unwritable: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:  # so that what is set is taken back
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("MPLCONFIGDIR", "mine")
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    caches.prepare()
    assert os.environ["MPLCONFIGDIR"] == "mine"
    for name in set(VARIABLES) - {"MPLCONFIGDIR", "TORCHINDUCTOR_CACHE_DIR"}:
        assert Path(os.environ[name]).parent == tmp_path / "cache" / "libraries"


@pytest.mark.skipif(os.name == "nt", reason="temporary files are private there")
@pytest.mark.parametrize("kind", ["open to all", "a link", "a file"])
def test_a_temporary_folder_that_another_made_is_not_used(
    kind: str, unwritable: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.tempfile, "tempdir", str(tmp_path))
    ours = tmp_path / f"dann-{os.getuid()}"
    if kind == "open to all":
        ours.mkdir()
        ours.chmod(0o777)
    elif kind == "a link":
        (tmp_path / "theirs").mkdir(mode=0o700)
        ours.symlink_to(tmp_path / "theirs")
    else:
        ours.touch()
    assert not can_write(cache_dir())
    with pytest.raises(DataError, match=r"DANN_CACHE.*DANN_DATA.*DANN_RUNS"):
        caches.prepare()


def test_a_cache_of_others_that_is_read_only_stops_nobody(
    homeless: Nobody, open_folder: Path
) -> None:
    """As a class may share one: what libraries make goes to a temporary folder of one's own."""
    shared = open_folder / "shared"
    shared.mkdir(mode=0o555)
    homeless.variables["DANN_CACHE"] = str(shared)
    trained = homeless.dann("train", "--steps", "2", "--threads", "1", "--out", "run")
    assert (trained.returncode, trained.stderr) == (0, "")


def test_what_cannot_be_kept_is_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take minutes, and then be lost."""
    photos = tmp_path / "BSDS500" / "images" / "train"
    photos.mkdir(parents=True)
    Image.new("RGB", (40, 40)).save(photos / "1.jpg")
    (tmp_path / "file").touch()
    store = DataStore(tmp_path, tmp_path / "file" / "cache")
    monkeypatch.setattr(mnistm, "blend", None)
    monkeypatch.setattr(importing, "read_mnist", None)
    digits = np.zeros((2, 28, 28), np.uint8), np.zeros(2, np.int64)
    for made in (
        lambda: mnistm.mnistm(store, digits, digits),
        lambda: importing.import_mnistm(tmp_path / "file", store),
    ):
        with pytest.raises(DataError, match=r"Name another folder .* DANN_CACHE"):
            made()


@pytest.mark.skipif(os.name == "nt", reason="temporary files are private there")
def test_data_in_a_cache_that_is_read_only_are_read(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = files.user_cache_dir()
    usual.mkdir(parents=True)
    monkeypatch.setattr(files, "can_write", lambda folder: folder != usual)
    monkeypatch.setattr(files.tempfile, "tempdir", str(tmp_path))
    store = DataStore.open()
    assert (store.root, store.cache) == (usual, tmp_path / f"dann-{os.getuid()}")


def test_an_image_runs_as_a_number_that_is_not_root() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (.*)$", text, re.MULTILINE) == ["1000"]
