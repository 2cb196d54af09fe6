"""Print the versions that this environment has of what the project and its tests need.

    python -m tools.record_constraints > constraints.txt

Run it in an environment where the tests pass. What PyTorch brings for CUDA is left out: PyTorch
names those versions itself, and its CPU build has none.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = "dann-explorable[test]"
PYTORCHS_OWN = ("cuda-", "nvidia-", "triton")


def needed(project: str = PROJECT) -> dict[str, str]:
    """For each package that ``project`` comes to need, directly or not, its installed version."""
    found: dict[str, str] = {}
    todo, seen = [Requirement(project)], set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        wanted = {"", *requirement.extras}
        if name.startswith(PYTORCHS_OWN) or (name, *sorted(wanted)) in seen:
            continue
        seen.add((name, *sorted(wanted)))
        try:
            there = distribution(name)
        except PackageNotFoundError:  # for another platform or Python
            continue
        found[name] = Version(there.version).public
        for text in there.requires or ():
            child = Requirement(text)
            if child.marker is None or any(child.marker.evaluate({"extra": e}) for e in wanted):
                todo.append(child)
    del found[canonicalize_name(Requirement(project).name)]
    return dict(sorted(found.items()))


if __name__ == "__main__":
    print("# Versions with which the tests passed; made by tools/record_constraints.py.")
    for name, version in needed().items():
        print(f"{name}=={version}")
