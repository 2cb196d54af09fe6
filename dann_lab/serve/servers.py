"""The two servers behind the page: Voila for the dashboard, JupyterLab for the notebooks.

Both run in this process, listen on this machine only unless told otherwise, offer no kernel but
this environment's own Python, and take their settings from here alone: a person's Jupyter
configuration files cannot change what the dashboard does.
"""

from __future__ import annotations

import logging
import os
import secrets
import tempfile
import threading
import webbrowser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from html import escape
from pathlib import Path

import psutil
from jupyter_client.kernelspec import KernelSpecManager
from tornado.ioloop import IOLoop
from traitlets import default
from traitlets.config import Config

from dann_core.files import AnyPath, in_full
from dann_core.plain_numbers import Number, Whole, plain
from dann_lab.serve.addresses import (
    ServerError,
    checked_base_url,
    checked_hosts,
    choose_port,
    is_ip,
    is_loopback,
    names_of,
    origins,
    url,
)
from dann_lab.serve.lesson_kernels import MEMORY_GB
from dann_lab.serve.visitors import HEADERS

SETTINGS = Path(__file__).parent
"""The folder with Jupyter's settings (``labconfig``), the page's template (``voila``), and what is
added to JupyterLab (``labextensions``)."""
PACKAGE = SETTINGS.parent
INSTALLED = (PACKAGE / "notebooks").is_dir()
"""True for an installed package, which carries the lessons, and False for a checkout."""
SHIPPED = PACKAGE if INSTALLED else PACKAGE.parent
NOTEBOOKS = SHIPPED / "notebooks"
REST_GB = 0.5
"""What JupyterLab's server takes, and what a kernel may grow by before it is looked at again."""
PAGE_GB = 1.0
"""What a page's kernel takes at most, in GB: 0.7 to start with, 0.9 once it has drawn maps."""


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
    max_pages: Whole | None = None,
    token: bool = True,
    allow_hosts: Iterable[str] = (),
    base_url: str = "/",
) -> None:
    """Serve one notebook as a page with Voila until Ctrl-C or SIGTERM, then stop its kernels.

    ``port``: ``None`` takes 8866 or the next one that is free, 0 any. ``data_dir``: what the
    kernels find in ``DANN_DATA``. ``preheat``: how many kernels wait with the page already run.
    ``max_pages``: how many may be open at once, those that wait included; ``None`` is as many as
    half the machine's memory carries. ``token``: whether only an address with the token lets in;
    it is ``JUPYTER_TOKEN`` where that is set, else a new one. ``allow_hosts``: names by which a
    browser may call the server besides this machine's own. ``base_url``: the path that all its
    addresses begin with, behind a proxy. Prints the address once the server listens.

    Raises :class:`ServerError` if the notebook is missing, the port is taken, a name or path is
    none, or more kernels are to wait than may be there.
    """
    from dann_lab.serve.voila_server import PageServer

    notebook = _required(notebook)
    base_url = checked_base_url(base_url)
    allow_hosts = checked_hosts(allow_hosts)
    places = checked_places(max_pages, preheat)
    port = choose_port(host, port, preferred=8866)
    _set_environment(data_dir)
    given = os.environ.get("JUPYTER_TOKEN", "")
    secret = (given or secrets.token_hex(24)) if token else ""
    if not typed_paths(host, secret, allow_hosts):
        os.environ["DANN_TYPED_PATHS"] = "0"  # which the kernels inherit
    app = PageServer(
        notebook_path=str(notebook),
        ip=host,
        port=port,
        port_retries=0,
        base_url=base_url,
        token=secret,
        open_browser=False,
        config_file_paths=[],
        config=voila_config(host, preheat, places, allow_hosts, base_url),
        log_level=logging.ERROR,
    )
    app.initialize([])
    for name in ("tornado.access", "tornado.application", "tornado.general"):
        logging.getLogger(name).setLevel(logging.ERROR)
    shown = "" if secret == given else secret  # who gave the token has it; others may read this
    urls = [url(name, port, base_url, shown) for name in names_of(host)]
    here = url(names_of(host)[0], port, base_url, secret)
    hint = "Its token is the one in JUPYTER_TOKEN." if secret and not shown else ""
    opened = page_that_leads_to(here) if open_browser and secret else nullcontext(here)
    with opened as link:
        # The loop's first turn comes after the server listens.
        IOLoop.current().add_callback(
            lambda: announce("dashboard", urls, hint, link if open_browser else None)
        )
        app.start()


def typed_paths(host: str, token: str, allow_hosts: Iterable[str] = ()) -> bool:
    """Whether a page may read folders of this machine that somebody types into it: not where
    strangers can open it, without a token and from elsewhere or through a proxy."""
    return bool(token) or (is_loopback(host) and not list(allow_hosts))


def checked_places(max_pages: Whole | None, preheat: Whole) -> int:
    """How many kernels there may be. Raises :class:`ServerError` if it is none, or fewer than are
    to wait."""
    places = plain(max_pages)
    if places is None:
        places = max(1, int(memory_gb() / 2 / PAGE_GB))
    if places < 1:
        raise ServerError(f"--max-pages {places}: at least 1 page is needed.")
    if plain(preheat) > places:
        raise ServerError(
            f"--preheat {preheat}: there are places for {places} pages. Choose fewer, or more "
            f"places with --max-pages, {PAGE_GB:g} GB of memory each."
        )
    return int(places)


def memory_gb() -> float:
    """The memory of the machine, or of the container that this is, in GB."""
    total = psutil.virtual_memory().total
    with suppress(OSError, ValueError):  # "max" where a container has no limit
        total = min(total, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="utf-8")))
    with suppress(KeyError, ValueError):
        total = min(total, int(os.environ["MEM_LIMIT"]))  # JupyterHub's and Binder's word
    return total / 1e9


def lessons_gb(memory: Number | None = None) -> float:
    """What all kernels of notebooks may take together, in GB: ``memory``, or for None
    :data:`MEMORY_GB` where the machine has more than that beside half a GB for the rest."""
    if memory is not None:
        return float(memory)
    return max(REST_GB, min(MEMORY_GB, memory_gb() - REST_GB))


def voila_config(
    host: str,
    preheat: Whole = 0,
    max_pages: Whole | None = None,
    allow_hosts: Iterable[str] = (),
    base_url: str = "/",
) -> Config:
    """How a page and its kernel are treated; every choice has its reason beside it.

    ``labconfig/jupyter_server_config.py`` takes the same choices where Voila is part of a Jupyter
    server. The parameters are those of :func:`serve_dashboard`.
    """
    local = is_loopback(host)
    names = list(allow_hosts)
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
            "max_pages": checked_places(max_pages, preheat),
        },
        # A login is this server's own: no other site's request brings it along.
        PasswordIdentityProvider={
            "cookie_options": {"samesite": "Strict"},
            "allow_password_change": False,
        },
        KernelManager={"transport_encryption": "auto"},  # other users of the machine hear nothing
        Voila={
            "tornado_settings": {
                "headers": HEADERS,
                # The page itself reads this cookie, so it cannot be HttpOnly as the login is.
                "xsrf_cookie_kwargs": {"path": base_url, "samesite": "Strict"},
                "websocket_compression_options": {},  # base64 becomes a fourth smaller
                # Scripts become a third of their size. On one machine packing would take longer
                # than it saves.
                "compress_response": bool(names) or not local,
                # Milliseconds. A browser that hangs or loses the network answers no ping: its
                # connection is closed within 20 s.
                "ws_ping_interval": 5000,
                "ws_ping_timeout": 15000,
                # No other site's page reaches this server by pointing its name at 127.0.0.1.
                "allow_remote_access": not local and not names,
                "local_hostnames": ["localhost", *names],
                **({"allow_origin_pat": origins(names)} if names else {}),
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
    allow_hosts: Iterable[str] = (),
    base_url: str = "/",
    memory: Number | None = None,
) -> None:
    """Open JupyterLab in the notebooks' folder, with its token, until Ctrl-C or SIGTERM.

    ``memory``: GB that all kernels may take together before one that was left alone ends, see
    :func:`lessons_gb`; with 0 none does, however long it is left alone. Other parameters and
    errors as in :func:`serve_dashboard`; the preferred port is 8888.
    """
    from jupyterlab.labapp import LabApp

    notebooks = _required(notebooks)
    base_url = checked_base_url(base_url)
    names = checked_hosts(allow_hosts)
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
        "ServerApp.base_url": base_url,
        "ServerApp.local_hostnames": ["localhost", *names],
        "ServerApp.allow_origin_pat": origins(names) if names else "",
        "ServerApp.trust_xheaders": bool(names),  # a proxy's word for https
        "ServerApp.extra_template_paths": [str(SETTINGS / "labpages")],
        "LabApp.extra_labextensions_path": [str(SETTINGS / "labextensions")],
        "IdentityProvider.cookie_options": {"samesite": "Lax"},
        "ServerApp.tornado_settings": {
            "xsrf_cookie_kwargs": {"path": base_url, "samesite": "Lax"},
        },
        "ServerApp.kernel_manager_class": "dann_lab.serve.lesson_kernels.LessonKernels",
        **{f"PageKernels.{name}": value for name, value in voila_config(host).PageKernels.items()},
        "LessonKernels.memory_gb": lessons_gb(memory),
        **({"LessonKernels.idle_minutes": 0} if memory == 0 else {}),
        "KernelManager.transport_encryption": "auto",
        "Application.log_level": logging.ERROR,
        # No request leaves the machine.
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    if any(map(is_ip, names)):  # Jupyter knows other names, but no other addresses
        options["ServerApp.allow_remote_access"] = True
    # As on a command line, which neither the server nor the user's configuration files override.
    LabApp.launch_instance(argv=[f"--{name}={value}" for name, value in options.items()])


def announce(what: str, urls: list[str], hint: str, link: str | None) -> None:
    """Print the addresses and the hint; open ``link``."""
    print(f"The {what} is at {'  or '.join(urls)}  (Ctrl-C stops it)", flush=True)
    if hint:
        print(hint, flush=True)
    if link:
        # Beside the server, because a browser in the terminal would keep it waiting.
        threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()


@contextmanager
def page_that_leads_to(address: str) -> Iterator[str]:
    """The address of a file that only this person can read, and that opens ``address``.

    What a program is started with, everybody on the machine can read, and a browser is started
    with the address it is to open.
    """
    # A browser from a snap sees the person's folders and no others.
    home = os.path.expanduser("~")
    folder = home if os.path.isdir("/snap/bin") and os.access(home, os.W_OK) else None
    handle, name = tempfile.mkstemp(prefix="dann-dashboard-", suffix=".html", dir=folder)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(
                '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>DANN, live</title>'
                f'<meta http-equiv="refresh" content="0; url={escape(address)}">'
                f'<p><a href="{escape(address)}">Open the dashboard</a></p></html>'
            )
        yield Path(name).as_uri()
    finally:
        Path(name).unlink(missing_ok=True)


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
