"""Where other libraries keep what they make: a folder of ours where a home cannot be written to.

In a container, say, that runs as an arbitrary user. What has no place to write then fails at its
import or puts its files into a new temporary folder each time. Environment variables name a place
that lasts, and a server's kernels inherit them.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs

from dann_core.errors import DataError
from dann_core.files import cache_dir, can_write, own_temporary_dir, shown


def prepare() -> None:
    """Name a folder for numba, Matplotlib, IPython, Jupyter and PyTorch, where the usual place
    cannot be written to and the variable is not set.

    To be called before the first of them is imported. Raises :class:`DataError` if there is no
    place to write to at all, not even for temporary files: PyTorch cannot train there either.
    """
    wanted = [
        name
        for name, places in _usual().items()
        if not (os.environ.get(name) or all(map(can_write, places)))
    ]
    if not wanted:
        return
    ours = cache_dir()
    if not can_write(ours):
        ours = own_temporary_dir() or ours
    if not can_write(ours):
        raise DataError(
            f"Neither {shown(cache_dir())} nor a folder for temporary files can be written to. "
            "Name folders that can with the environment variables DANN_CACHE (what is built), "
            "DANN_DATA (downloads) and DANN_RUNS (trained networks)."
        )
    for name in wanted:
        os.environ[name] = str(ours / "libraries" / name.lower())


def _usual() -> dict[str, tuple[Path, ...]]:
    """The variable of each library, and where it writes without."""
    home = Path(os.path.expanduser("~"))
    find = (platformdirs.user_cache_dir, platformdirs.user_config_dir, platformdirs.user_data_dir)
    try:
        cache, config, data = (Path(one()) for one in find)
    except RuntimeError:  # a user whom the system does not know
        cache = config = data = home
    try:
        temporary = Path(tempfile.gettempdir())
    except OSError:
        temporary = Path()
    return {
        "NUMBA_CACHE_DIR": (cache / "numba",),
        "MPLCONFIGDIR": (config / "matplotlib", cache / "matplotlib"),
        "IPYTHONDIR": (home / ".ipython",),
        "JUPYTER_CONFIG_DIR": (home / ".jupyter",),
        "JUPYTER_DATA_DIR": (data / "jupyter",),
        "TORCHINDUCTOR_CACHE_DIR": (temporary,),
    }
