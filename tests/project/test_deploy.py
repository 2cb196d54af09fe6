"""What a class relies on in deploy/: the cluster's values, and how a server treats a page."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from scratch import ROOT
from traitlets.config import PyFileConfigLoader

from dann_lab.serve import servers
from dann_lab.serve.servers import NOTEBOOKS, SETTINGS

DEPLOY = ROOT / "deploy"


@pytest.fixture(scope="module")
def values() -> Any:
    return yaml.safe_load((DEPLOY / "zero-to-jupyterhub.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_values", DEPLOY / "check_values.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_learner_on_the_cluster_has_limits_and_an_end(values: Any) -> None:
    user = values["singleuser"]
    for what in ("memory", "cpu"):
        amounts = [float(str(user[what][end]).rstrip("G")) for end in ("guarantee", "limit")]
        assert 0 < amounts[0] <= amounts[1]
    assert values["cull"]["enabled"]
    assert values["cull"]["timeout"] >= 1800


def test_the_shared_data_is_read_only_and_is_where_dann_data_says(values: Any) -> None:
    user = values["singleuser"]
    [volume] = user["storage"]["extraVolumes"]
    [mount] = user["storage"]["extraVolumeMounts"]
    assert volume["name"] == mount["name"]
    assert volume["persistentVolumeClaim"]["readOnly"] is mount["readOnly"] is True
    assert user["extraEnv"]["DANN_DATA"] == mount["mountPath"]


def test_a_learner_may_choose_a_gpu_and_gets_none_unasked(values: Any) -> None:
    with_gpu = [
        profile
        for profile in values["singleuser"]["profileList"]
        if "nvidia.com/gpu" in str(profile.get("kubespawner_override"))
    ]
    assert with_gpu
    assert not any(profile.get("default") for profile in with_gpu)


def test_the_cluster_opens_on_a_lesson_that_its_start_hook_copies(values: Any) -> None:
    user = values["singleuser"]
    assert (NOTEBOOKS / Path(user["defaultUrl"]).name).exists()
    *start, code = user["lifecycleHooks"]["postStart"]["exec"]["command"]
    assert start == ["python", "-c"]
    for line in ast.parse(code).body:
        if isinstance(line, ast.ImportFrom):
            module = importlib.import_module(str(line.module))
            assert all(hasattr(module, name.name) for name in line.names)


def test_what_only_the_teacher_knows_stands_in_capitals(values: Any) -> None:
    text = (DEPLOY / "zero-to-jupyterhub.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"\b[A-Z]+-[A-Z]+(?:-[A-Z]+)*\b", text)) == {
        "YOUR-REGISTRY",
        "CHOOSE-A-PASSWORD",
    }


def test_the_checker_names_what_the_chart_would_refuse(checker: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text("{cull: {timeout: 1, users: false}}", encoding="utf-8")
    schema = tmp_path / "values.schema.yaml"
    schema.write_text(
        "{properties: {cull: {properties: {timeout: {type: string}}}}}", encoding="utf-8"
    )
    [problem] = checker.problems(tmp_path)
    assert problem.startswith("$.cull.timeout: 3600 is not")
    schema.write_text(
        "{properties: {cull: {required: [enabled, users], type: object}}}", encoding="utf-8"
    )
    assert checker.problems(tmp_path) == []


def test_a_jupyter_server_treats_a_page_as_the_dashboard_does() -> None:
    ours = PyFileConfigLoader("jupyter_server_config.py", str(SETTINGS / "labconfig")).load_config()
    dashboard = servers.voila_config("127.0.0.1")
    for name, value in dashboard.VoilaConfiguration.items():
        assert ours.VoilaConfiguration[name] == value
    assert ours.PageKernels == dashboard.PageKernels
    assert ours.ServerApp.kernel_manager_class == "dann_lab.serve.lesson_kernels.LessonKernels"
    assert ours.LessonKernels.memory_gb == servers.lessons_gb()
