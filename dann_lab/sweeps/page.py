"""The progress of a sweep as a page of this machine, which the browser keeps up to date."""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from dann_lab.sweeps.progress import Line, Progress
from dann_lab.widgets.document import document, module, style

MOST_SHOWN = 50
"""The number of runs in a table of the page, at most."""


def state(progress: Progress) -> dict[str, Any]:
    """What the page shows, as plain data: ``counts`` by state, ``total``, the ``seconds`` left, or
    None, and the ``runs``: first those that need a look, then those at work, then the last."""
    lines = list(progress.lines.values())
    wrong = [line for line in lines if line.now in ("diverged", "failed")]
    at_work = [line for line in lines if line.now == "running"]
    last = [progress.lines[name] for name in reversed(progress.last[-MOST_SHOWN:])]
    shown = {line.planned.name: line for line in [*wrong[:MOST_SHOWN], *at_work, *last]}
    return {
        "counts": dict(progress.counts()),
        "total": len(lines),
        "seconds": progress.seconds_left(),
        "over": progress.over,
        "runs": [_row(line) for line in shown.values()],
    }


def _row(line: Line) -> dict[str, Any]:
    outcome = line.outcome
    accuracies = (outcome.accuracies if outcome else None) or {}
    return {
        "name": line.planned.name,
        "now": line.now,
        "step": line.step,
        "steps": line.steps,
        "source": accuracies.get("source"),
        "target": accuracies.get("target"),
        "why": outcome.why if outcome else "",
    }


@contextmanager
def serving(progress: Progress, name: str) -> Iterator[str]:
    """Serve the page of the sweep ``name`` to this machine alone. Yields its address."""
    page = _page(name)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # By its name a page of somebody else's could be led here.
            if self.headers.get("Host", "").partition(":")[0] not in ("127.0.0.1", "localhost"):
                self.send_error(403)
            elif self.path == "/":
                self._answer("text/html; charset=utf-8", page)
            elif self.path == "/state":
                self._answer("application/json", json.dumps(state(progress)))
            else:
                self.send_error(404)

        def _answer(self, kind: str, text: str) -> None:
            content = text.encode("utf-8")
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _page(name: str) -> str:
    return document(
        f"Sweep {name}",
        style("sweep.css"),
        f"<body><main><h1>Sweep {html.escape(name)}</h1></main>",
        module("sweep.js"),
        head='<link rel="icon" href="data:,">',
    )
