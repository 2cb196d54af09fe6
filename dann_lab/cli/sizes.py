"""The lab is what makes lessons, pages and maps: the larger of the two sizes to install.

The smaller one has ``dann_core`` and the commands that need no more.
"""

from __future__ import annotations

from importlib.util import find_spec

from dann_core.errors import DannError
from dann_lab.caches import prepare

PAGES = ("ipykernel", "ipywidgets", "anywidget", "openTSNE", "umap")
"""The modules that everything live needs."""
NEEDED = {
    "train": ("matplotlib", "openTSNE"),  # for the map at its end
    "export": ("anywidget", "openTSNE", "umap"),
    "dashboard": ("voila", "jupyterlab", *PAGES),
    "lab": ("jupyterlab", *PAGES),
}
"""The modules of the lab that each command needs; commands that are not here need none."""


def require_lab(command: str) -> None:
    """Raise :class:`DannError` with the remedy if something that ``command`` needs is missing, or
    there is no place for what the lab's libraries write."""
    for module in NEEDED[command]:
        if find_spec(module) is None:
            raise DannError(
                f"`dann {command}` needs the lab, which is not installed ({module} is missing). "
                'Install it with: pip install "dann-explorable[lab]"'
            )
    prepare()
