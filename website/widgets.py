"""Widgets on pages without Python: each is drawn by its own script from its saved state.

An output that shows a widget becomes a ``<div data-dann-widget>`` that ``js/site`` fills.
State, scripts and styles become files named by what they hold, so that pages share them. Each is a
script that hands over a text, since a page opened from a folder may load no other kind of file.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict

from dann_lab.widgets.base import Widget
from dann_lab.widgets.saved import MODEL, VIEW

STATES = "application/vnd.jupyter.widget-state+json"
PLUMBING = {"layout", "tabbable", "tooltip", "asks_python", "plays_alone"}
"""The traits that every widget has, and no script of ours reads."""

ENGINE = Path(__file__).parent / "built" / "engine.js"
"""The worker that answers the playground's questions in a browser."""

LIVE_PAGE = """\
![The live page during a run: a time line, curves of losses, accuracies, lambda and gradient
norms, and a t-SNE map of the features](../dashboard.png)

This is a picture. Here a network trains while you watch, so it needs Python: open the lesson
live, or start the whole page with `make dashboard`.
<a href="05_dashboard.html#three-runs-recorded">Three recorded runs</a> need none.
"""


class Widgets:
    """Writes widgets' files below ``static``, the folder that the site takes as it is."""

    def __init__(self, static: Path):
        self.folder = static / "widgets"
        self.folder.mkdir(parents=True, exist_ok=True)

    def without_kernel(self, notebook: NotebookNode) -> None:
        """Replace what needs a kernel to show in an executed notebook with its widgets' states."""
        states = notebook.metadata.pop("widgets", {}).get(STATES, {}).get("state", {})
        for cell in notebook.cells:
            if cell.cell_type == "code":
                shown = (self._still(output, states) for output in cell.outputs)
                cell.outputs = [output for output in shown if output is not None]

    def _still(self, output: NotebookNode, states: dict[str, Any]) -> NotebookNode | None:
        data = output.get("data", {})
        if MODEL in output.get("metadata", {}):
            state = states[output.metadata[MODEL]]["state"]
            if state["_anywidget_id"].endswith(".Dashboard"):
                return markdown(LIVE_PAGE)
            return shown(self._element(state, data["text/plain"].splitlines()))
        if VIEW in data:  # a progress bar, which has nothing to say once it is full
            return None
        if "text/latex" in data:  # source code: in the site's own colours
            return markdown(f"```python\n{data['text/plain'].rstrip()}\n```")
        if data and not data.get("text/plain") and "></pre>" in data.get("text/html", ""):
            return None
        return output

    def showing(self, widget: Widget, late: bool = False) -> str:
        """The HTML that stands for ``widget``, which is closed. ``late``: it is loaded once
        somebody is about to see it."""
        element = self._element(widget.get_state(), widget.words(), late)
        widget.close()
        return element

    def _element(self, state: dict[str, Any], words: Sequence[str], late: bool = False) -> str:
        """The HTML that stands for a widget with this state, its ``words`` included: they are found
        by search, and are there before the script has run and where none runs."""
        script, style = state["_esm"], state.get("_css", "")
        alone = state.get("plays_alone", False)
        unread = PLUMBING | ({"answers"} if alone else set())
        traits = {
            name: value
            for name, value in state.items()
            if not name.startswith("_") and name not in unread
        }
        attributes = {
            "data-state": self._file(json.dumps(traits)),
            "data-script": self._file(script),
            "data-style": self._file(style) if style else "",
            "data-engine": self._file(ENGINE.read_text(encoding="utf-8")) if alone else "",
            "data-late": "true" if late else "",
            "data-live": "true" if state.get("asks_python") and not alone else "",
        }
        written = " ".join(f'{name}="{value}"' for name, value in attributes.items() if value)
        told = "".join(f"<p>{html.escape(text)}</p>" for text in words)
        return f"<div data-dann-widget {written}>{told}</div>"

    def _file(self, text: str) -> str:
        name = hashlib.sha256(text.encode()).hexdigest()[:12]
        script = f"dannFile({json.dumps(name)}, {json.dumps(text, ensure_ascii=False)});\n"
        (self.folder / f"{name}.js").write_text(script, encoding="utf-8", newline="\n")
        return name


def shown(text: str) -> NotebookNode:
    """An output that is HTML."""
    return _output({"text/html": text})


def markdown(text: str) -> NotebookNode:
    """An output that is Markdown."""
    return _output({"text/markdown": text})


def _output(data: dict[str, str]) -> NotebookNode:
    made: NotebookNode = from_dict({"output_type": "display_data", "metadata": {}, "data": data})
    return made
