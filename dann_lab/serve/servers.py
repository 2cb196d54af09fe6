"""The two servers behind the page: Voila for the dashboard, JupyterLab for the notebooks.

Both run in this process, listen on this machine only unless told otherwise, offer no kernel but
this environment's own Python, and take their settings from here alone: a person's Jupyter
configuration files cannot change what the dashboard does.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import threading
import webbrowser
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from traitlets import default
from traitlets.config import Config

from dann_core.errors import DannError
from dann_core.files import AnyPath, in_full
from dann_core.plain_numbers import Whole, plain

SETTINGS = Path(__file__).parent
"""The folder with Jupyter's settings (``labconfig``) and the page's template (``voila``)."""
PACKAGE = SETTINGS.parent
INSTALLED = (PACKAGE / "notebooks").is_dir()
"""True for an installed package, which carries the lessons, and False for a checkout."""
SHIPPED = PACKAGE if INSTALLED else PACKAGE.parent
NOTEBOOKS = SHIPPED / "notebooks"
PORTS_TRIED = 50


class ServerError(DannError):
    """A server that cannot start."""


class OwnKernel(KernelSpecManager):
    """Offers the Python that runs this server, whatever kernels are installed for the user."""

    @default("kernel_dirs")
    def _no_directories(self) -> list[str]:
        return []  # what is left is ipykernel's own entry, which names sys.executable


def serve_dashboard(
    notebook: AnyPath = NOTEBOOKS / "05_dashboard.ipynb",
    *,
    host: str = "127.0.0.1",
    port: Whole | None = None,
    open_browser: bool = True,
    data_dir: AnyPath | None = None,
    preheat: Whole = 0,
) -> None:
    """Serve one notebook as a page with Voila until Ctrl-C or SIGTERM, then stop its kernels.

    ``port``: ``None`` takes 8866 or the next one that is free, 0 any. ``data_dir``: what the
    kernels find in ``DANN_DATA``. ``preheat``: how many kernels wait with the page already run.
    Prints the address once the server listens.

    Raises :class:`ServerError` if the notebook is missing or the port is taken.
    """
    from dann_lab.serve.voila_server import PageServer

    notebook = _required(notebook)
    port = choose_port(host, port, preferred=8866)
    _set_environment(data_dir)
    app = PageServer(
        notebook_path=str(notebook),
        ip=host,
        port=port,
        port_retries=0,
        open_browser=False,
        config_file_paths=[],
        config=voila_config(host, preheat),
        log_level=logging.ERROR,
    )
    app.initialize([])
    for name in ("tornado.access", "tornado.general"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # The loop's first turn comes after the server listens.
    IOLoop.current().add_callback(lambda: announce("dashboard", app.display_url, open_browser))
    app.start()


def voila_config(host: str, preheat: Whole = 0) -> Config:
    """How a page and its kernel are treated; every choice has its reason beside it.

    ``labconfig/jupyter_server_config.py`` takes the same choices where Voila is part of a Jupyter
    server. ``preheat``: how many kernels wait with the page already run, about 0.6 GB each.
    """
    local = is_loopback(host)
    return Config(
        VoilaConfiguration={
            "template": "dann",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "file_allowlist": [],  # the page is the notebook; nothing else in its folder is served
            "show_tracebacks": True,
            # Of the JupyterLab extensions a machine may have, the page needs these.
            "extension_allowlist": [
                "@jupyter-widgets/jupyterlab-manager",
                "@voila-dashboards/widgets-manager8",
                "anywidget",
            ],
            "extension_denylist": [],
            "kernel_spec_manager_class": OwnKernel,
            "multi_kernel_manager_class": "dann_lab.serve.voila_server.PageKernels",
            "preheat_kernel": bool(preheat > 0),
            "default_pool_size": plain(preheat),
        },
        # The next kernel starts once the page that took one is surely up: starting takes a core.
        VoilaKernelManager={"fill_delay": 5.0},
        # Closing a tab asks for its kernel's end (see PageHandler). A tab that dies without
        # asking leaves a kernel nobody is connected to. It is ended 30 to 35 s after its last
        # message: a training thread sends none of its own, it only answers the page. A page that
        # loads is safe: its kernel is busy until the last cell has run, then it is connected.
        PageKernels={
            "cull_idle_timeout": 30,
            "cull_interval": 5,
            "cull_connected": False,
            "cull_busy": False,
        },
        KernelManager={"transport_encryption": "auto"},  # other users of the machine hear nothing
        Voila={
            "auto_token": not local,
            "tornado_settings": {
                "websocket_compression_options": {},  # Plotly's code: 5 MB become 1.7 MB
                # Milliseconds. A browser that hangs or loses the network answers no ping: its
                # connection is closed within 20 s.
                "ws_ping_interval": 5000,
                "ws_ping_timeout": 15000,
                # No other site's page reaches this server by pointing its name at 127.0.0.1.
                "allow_remote_access": not local,
            },
        },
    )


def serve_lab(
    notebooks: AnyPath = NOTEBOOKS,
    *,
    host: str = "127.0.0.1",
    port: Whole | None = None,
    open_browser: bool = True,
    data_dir: AnyPath | None = None,
) -> None:
    """Open JupyterLab in the notebooks' folder, with its token, until Ctrl-C or SIGTERM.

    Parameters and errors as in :func:`serve_dashboard`; the preferred port is 8888.
    """
    from jupyterlab.labapp import LabApp

    notebooks = _required(notebooks)
    port = choose_port(host, port, preferred=8888)
    _set_environment(data_dir)
    options = {
        "ServerApp.ip": host,
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.root_dir": notebooks.resolve(),
        "ServerApp.open_browser": open_browser,
        "ServerApp.allow_root": True,  # a container's only user
        "ServerApp.answer_yes": True,  # Ctrl-C stops at once, without a question
        "ServerApp.kernel_spec_manager_class": f"{__name__}.{OwnKernel.__name__}",
        "ServerApp.websocket_compression_options": {},
        "KernelManager.transport_encryption": "auto",
        "Application.log_level": logging.ERROR,
        # No request leaves the machine.
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    # As on a command line, which neither the server nor the user's configuration files override.
    LabApp.launch_instance(argv=[f"--{name}={value}" for name, value in options.items()])


def choose_port(host: str, port: Whole | None, *, preferred: int) -> int:
    """The port to listen on: the one named, any (0), or the first free one from ``preferred``.

    Raises :class:`ServerError` if the host is not this machine's or the named port is taken.
    """
    named = plain(port)
    candidates = [named] if named is not None else range(preferred, preferred + PORTS_TRIED)
    for candidate in candidates:
        try:
            sockets = bind_sockets(candidate, host)
        except OSError as error:
            reason = error
            continue
        found: int = sockets[0].getsockname()[1]
        for socket in sockets:
            socket.close()
        return found
    tried = f"Port {port}" if port is not None else f"Each port from {preferred} on"
    raise ServerError(
        f"{tried} of {host} is out of reach ({reason.strerror}). Choose another with --port."
    )


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address) can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def announce(what: str, url: str, open_browser: bool) -> None:
    print(f"The {what} is at {url}  (Ctrl-C stops it)", flush=True)
    if open_browser:
        # Beside the server, because a browser in the terminal would keep it waiting.
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _required(path: AnyPath) -> Path:
    path = Path(path)
    if not os.path.exists(path):
        raise ServerError(
            f"There is no {path}. It is part of a checkout and of the installed package: "
            "name a file that is there, or install the package again."
        )
    return path


def _set_environment(data_dir: AnyPath | None) -> None:
    """What the kernels inherit, where Voila finds our template, and JupyterLab our defaults: no
    question about news, and none about which kernel to start."""
    data = data_dir or os.environ.get("DANN_DATA")
    if data:
        folder = in_full(data)
        if not os.path.isdir(folder):
            raise ServerError(
                f"The data folder {folder} does not exist. Create it, or leave out --data-dir and "
                "DANN_DATA."
            )
        # In full, because the kernels start in another folder.
        os.environ["DANN_DATA"] = str(folder)
    os.environ.setdefault("DANN_RUNS", str(in_full("runs")))
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        paths = [str(SETTINGS), *filter(None, [os.environ.get(name)])]
        os.environ[name] = os.pathsep.join(paths)
