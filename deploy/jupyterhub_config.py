"""A class on one machine: each learner gets a JupyterLab and the dashboard. See README.md here.

    jupyterhub -f deploy/jupyterhub_config.py

What a class may want to change is set by environment variables (``DANN_HUB_…``, listed in
README.md); the rest has its reason beside it.
"""

import os
import sys
from pathlib import Path

from dann_lab.lessons.copies import copy_lessons
from dann_lab.serve.servers import SETTINGS, SHIPPED

c = get_config()  # noqa: F821

folder = Path(os.environ.get("DANN_HUB_FOLDER", "learners")).resolve()
ip = os.environ.get("DANN_HUB_IP", "127.0.0.1")  # this machine only, unless told otherwise
port = int(os.environ.get("DANN_HUB_PORT", "8000"))
memory_gb = float(os.environ.get("DANN_HUB_MEMORY_GB", "3"))
idle_minutes = int(os.environ.get("DANN_HUB_IDLE_MINUTES", "60"))
folder.mkdir(mode=0o700, parents=True, exist_ok=True)

# Three addresses of this machine, of which only the first is for people.
c.JupyterHub.bind_url = f"http://{ip}:{port}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{port + 1}"
c.JupyterHub.hub_port = port + 2
c.ConfigurableHTTPProxy.command = [os.environ.get("DANN_HUB_PROXY", "configurable-http-proxy")]
c.ConfigurableHTTPProxy.pid_file = str(folder / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{folder / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(folder / "cookie_secret")

# No other site's forms and pictures bring a learner's login along.
c.JupyterHub.tornado_settings = {"cookie_options": {"samesite": "Lax"}}

# Who may come in: the names on the list, with the class's one password.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["DANN_HUB_PASSWORD"]
c.Authenticator.allowed_users = set(os.environ["DANN_HUB_USERS"].split())

# A process for each learner, as the account that runs the hub: no accounts to make, and nothing
# that keeps learners out of each other's folders.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(folder / "{username}")
# The most that any one process (a kernel, the learner's server) may take. It cannot limit what
# a learner's kernels take together, nor their processor time: that takes containers.
c.Spawner.cmd = [
    *("/bin/sh", "-c", f'ulimit -d {int(memory_gb * 1024**2)}; exec "$@"', "sh"),
    *(sys.executable, "-m", "jupyterhub.singleuser"),
]
if os.geteuid() == 0:
    c.Spawner.args = ["--allow-root"]  # a container's only user
c.Spawner.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # thirty start at once
c.Spawner.environment = {
    "DANN_PREPARE_MAPS": "0",  # thirty pages would each take a core for half a minute
    # How Jupyter and Voila treat the lessons, and the page's template.
    "JUPYTER_CONFIG_PATH": os.pathsep.join([str(SETTINGS / "labconfig"), str(SETTINGS)]),
    "JUPYTER_PATH": str(SETTINGS),
    # Thirty learners share the cores: more threads would wait for one another.
    "OMP_NUM_THREADS": "1",
    # MNIST, once for all; the learners' processes need to read it only.
    **(
        {"DANN_DATA": str(Path(os.environ["DANN_DATA"]).resolve())}
        if os.environ.get("DANN_DATA")
        else {}
    ),
}


def bring_lessons(spawner):
    """The learner's own copy; what they changed in it is never overwritten."""
    home = folder / spawner.user.name
    home.mkdir(mode=0o700, exist_ok=True)
    copy_lessons(SHIPPED, home)


c.Spawner.pre_spawn_hook = bring_lessons

# A server that nobody has used for an hour ends, and with it its kernels. Files stay.
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [
            *(sys.executable, "-m", "jupyterhub_idle_culler"),
            *(f"--timeout={idle_minutes * 60}", "--cull-every=60"),
        ],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]
