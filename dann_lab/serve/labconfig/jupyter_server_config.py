"""How a Jupyter server that also shows the dashboard (a class's hub, Binder) treats its pages.

It is found where ``JUPYTER_CONFIG_PATH`` names its folder and the one above; ``JUPYTER_PATH``
names the one above too, for the page's template.
"""

import voila.server_extension

from dann_lab.serve.servers import OwnKernel, lessons_gb, voila_config
from dann_lab.serve.visitors import HEADERS, refuse_other_sites
from dann_lab.serve.voila_server import TemplateFiles

c = get_config()  # type: ignore[name-defined] # noqa: F821


def receive(handler, notebook, cwd):  # type: ignore[no-untyped-def]
    """Before a page's kernel starts; why, ``dann_lab.serve.voila_server.PageHandler`` says."""
    if not handler.token_authenticated:
        refuse_other_sites(handler.request.headers, handler.request.path)
    for name, value in HEADERS.items():
        handler.set_header(name, value)
    _ = handler.xsrf_token


def without_mathjax(page_config, **_):  # type: ignore[no-untyped-def]
    """As Voila's own server does it: no script from another machine for formulas there are not."""
    return page_config | {"fullMathjaxUrl": None, "mathjaxConfig": None}


pages = voila_config("127.0.0.1")
c.merge({"VoilaConfiguration": pages.VoilaConfiguration, "PageKernels": pages.PageKernels})
c.VoilaConfiguration.prelaunch_hook = receive
c.VoilaConfiguration.page_config_hook = without_mathjax

c.ServerApp.kernel_manager_class = "dann_lab.serve.lesson_kernels.LessonKernels"
c.LessonKernels.memory_gb = lessons_gb()
c.ServerApp.kernel_spec_manager_class = OwnKernel
c.ServerApp.tornado_settings = {
    name: pages.Voila.tornado_settings[name]  # the others are for pages alone
    for name in ("websocket_compression_options", "ws_ping_interval", "ws_ping_timeout")
}
c.IdentityProvider.cookie_options = {"samesite": "Lax"}
voila.server_extension.TemplateStaticFileHandler = TemplateFiles
c.KernelManager.transport_encryption = pages.KernelManager.transport_encryption

# No request leaves the machine, and no question comes first.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
