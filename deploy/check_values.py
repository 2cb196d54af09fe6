"""Check zero-to-jupyterhub.yaml against the chart's schema: python deploy/check_values.py CHART

CHART is the folder ``jupyterhub`` of the repository jupyterhub/zero-to-jupyterhub-k8s, with
``values.yaml`` and ``values.schema.yaml``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import jsonschema
import yaml

VALUES = Path(__file__).with_name("zero-to-jupyterhub.yaml")


def problems(chart: Path) -> list[str]:
    """What the schema says against our values over the chart's own, as Helm merges them."""
    checker = jsonschema.Draft7Validator(_read(chart / "values.schema.yaml"))
    values = merged(_read(chart / "values.yaml"), _read(VALUES))
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(values)]


def merged(below: Any, above: Any) -> Any:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    common = {name: merged(below[name], above[name]) for name in below.keys() & above.keys()}
    return below | above | common


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    found = problems(Path(sys.argv[1]))
    print(*found or [f"{VALUES.name} agrees with the schema"], sep="\n")
    sys.exit(bool(found))
