"""Every link that opens this project somewhere else, from one setting.

`make badges` writes them (generated.py).

The setting is ``repository`` in pyproject.toml, ``[tool.dann]``: the project's public address.
While it is empty no link is written, and the README says so. The links are in README.md between two
markers, in CITATION.cff, in pyproject.toml's ``[project.urls]``, and in the notebooks, which
notebooks.py makes.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import quote

from dann_core.errors import DannError

ROOT = Path(__file__).parents[1]
ADDRESS = re.compile(
    r"https://github\.com/([A-Za-z0-9][A-Za-z0-9-]*)/([A-Za-z0-9._-]*[A-Za-z0-9_-])"
)
BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*")
BEGIN, END = "<!-- launch -->", "<!-- /launch -->"
UNSET = (
    "Launch links appear here once this project has a public address: set `repository` in\n"
    "pyproject.toml and run `make badges`."
)
BADGES = {
    "Colab": "https://colab.research.google.com/assets/colab-badge.svg",
    "Codespaces": "https://github.com/codespaces/badge.svg",
    "Binder": "https://mybinder.org/badge_logo.svg",
    "Kaggle": "https://kaggle.com/static/images/open-in-kaggle.svg",
}
PAGE = "05_dashboard"
"""The lesson that Voila shows as a page; the others open as notebooks."""
OPENED = {"00_start_here": "the first lesson", PAGE: "the live page"}
"""What the README's links open, in words."""
OPENS = {
    "Colab": ("00_start_here",),
    "Codespaces": (PAGE,),  # there it opens by itself
    "Binder": ("00_start_here", PAGE),
    "Kaggle": ("00_start_here",),
}
"""Which of them each place opens: Colab and Kaggle show notebooks, and the page is Voila's."""


class LinkError(DannError):
    """A setting, or a file with links, that is not as it has to be; the message names it."""


def repository(root: Path = ROOT) -> str:
    """The project's public address, ``"https://github.com/OWNER/NAME"``, or ``""`` while unset.

    Raises :class:`LinkError` for anything else.
    """
    return _setting("repository", "", ADDRESS, "https://github.com/OWNER/NAME", root)


def branch(root: Path = ROOT) -> str:
    """The branch that links lead to. Raises :class:`LinkError`."""
    return _setting("branch", "main", BRANCH, "main", root)


def _setting(name: str, default: str, form: re.Pattern[str], example: str, root: Path) -> str:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    value = tomllib.loads(text).get("tool", {}).get("dann", {}).get(name, default)
    if value == "" == default or (isinstance(value, str) and form.fullmatch(value)):
        return str(value)
    raise LinkError(
        f"pyproject.toml, [tool.dann]: {name} is {value!r}. It has to look like "
        f'"{example}"' + (', or be "" while there is none.' if default == "" else ".")
    )


def places(lesson: str, root: Path = ROOT) -> dict[str, str]:
    """Where ``lesson``, such as ``"01_two_domains"``, opens with one click.

    Keys "Colab", "Codespaces", which opens all lessons, "Binder" and "Kaggle", in the order in
    which they are offered; ``{}`` while the address is unset. Raises :class:`LinkError`.
    """
    address = repository(root)
    if not address:
        return {}
    name, at = address.removeprefix("https://github.com/"), branch(root)
    notebook = f"notebooks/{lesson}.ipynb"
    page = f"voila/render/{notebook}" if lesson == PAGE else f"lab/tree/{notebook}"
    return {
        "Colab": f"https://colab.research.google.com/github/{name}/blob/{at}/{notebook}",
        "Codespaces": f"https://codespaces.new/{name}/tree/{at}?quickstart=1",
        "Binder": f"https://mybinder.org/v2/gh/{name}/{quote(at, safe='')}"
        f"?urlpath={quote(page, safe='')}",
        "Kaggle": f"https://kaggle.com/kernels/welcome?src={address}/blob/{at}/{notebook}",
    }


def archive(root: Path = ROOT) -> str:
    """What pip installs the project from, or ``""`` while the address is unset."""
    address = repository(root)
    return f"{address}/archive/refs/heads/{branch(root)}.zip" if address else ""


def line(lesson: str, root: Path = ROOT) -> str:
    """The links of ``lesson`` as one line of Markdown, or ``""``. Words, not pictures: a notebook
    that is opened offline asks no other machine for anything."""
    found = places(lesson, root).items()
    return " · ".join(f"[Open in {place}]({link})" for place, link in found)


def badges(root: Path = ROOT) -> str:
    """What stands between the README's markers."""
    if not repository(root):
        return UNSET
    made = [
        f"[![Open {OPENED[lesson]} in {place}]({BADGES[place]})]({places(lesson, root)[place]}) "
        f"{OPENED[lesson]} in {place}"
        for place, lessons in OPENS.items()
        for lesson in lessons
    ]
    return "\n".join(f"* {badge}" for badge in made)


def readme(text: str, root: Path = ROOT) -> str:
    """``text`` with the badges between its markers. Raises :class:`LinkError` without markers."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise LinkError(f"README.md needs the markers {BEGIN} and {END}, once and in this order.")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{badges(root)}\n{END}{rest.split(END)[1]}"


def citation(text: str, root: Path = ROOT) -> str:
    """``text`` of CITATION.cff with the address as ``repository-code``, or without one."""
    address = repository(root)
    text = re.sub(r"^repository-code:.*\n", "", text, flags=re.MULTILINE)
    field = f'repository-code: "{address}"\n' if address else ""
    return re.sub(r"^license:.*\n", lambda found: found[0] + field, text, flags=re.MULTILINE)


def project(text: str, root: Path = ROOT) -> str:
    """``text`` of pyproject.toml with the address in ``[project.urls]``, or without that table."""
    address = repository(root)
    text = re.sub(r"^\[project\.urls\]\nRepository = .*\n\n", "", text, flags=re.MULTILINE)
    table = f'[project.urls]\nRepository = "{address}"\n\n' if address else ""
    return re.sub(r"^\[project\.scripts\]\n", lambda found: table + found[0], text, flags=re.M)


FILES = {"README.md": readme, "CITATION.cff": citation, "pyproject.toml": project}


def made(root: Path = ROOT) -> dict[Path, str]:
    """Path below ``root`` -> text, of each of :data:`FILES`. Raises :class:`LinkError`."""
    return {
        Path(name): rewritten((root / name).read_text(encoding="utf-8"), root)
        for name, rewritten in FILES.items()
    }
