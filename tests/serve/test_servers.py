"""The two servers' own rules: ports, hosts, the kernel on offer, messages."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dann_lab import cli
from dann_lab.serve import servers
from dann_lab.serve.servers import OwnKernel, ServerError, choose_port, is_loopback


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of 127.0.0.1 that something listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_port_that_is_taken_makes_way_for_the_next(taken: int) -> None:
    assert taken < choose_port("127.0.0.1", None, preferred=taken) <= taken + servers.PORTS_TRIED


def test_a_named_port_that_is_taken_is_an_error_with_the_remedy(taken: int) -> None:
    with pytest.raises(ServerError, match=rf"Port {taken} of 127.0.0.1 is out of reach .*--port"):
        choose_port("127.0.0.1", taken, preferred=1)


def test_an_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(ServerError, match=r"192\.0\.2\.1"):
        choose_port("192.0.2.1", None, preferred=8866)


def test_port_0_is_any_free_port() -> None:
    assert choose_port("127.0.0.1", 0, preferred=1) > 1023


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("", False)],
)
def test_which_hosts_are_this_machine_only(host: str, local: bool) -> None:
    assert is_loopback(host) is local


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_other_machines_need_a_token(host: str) -> None:
    voila = servers.voila_config(host).Voila
    assert voila.auto_token is voila.tornado_settings["allow_remote_access"] is (host == "0.0.0.0")


def test_the_kernel_is_this_python_even_where_the_user_has_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "kernels" / "python3"
    theirs.mkdir(parents=True)
    spec = {"argv": ["/elsewhere/python"], "display_name": "Theirs", "language": "python"}
    (theirs / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    kernels = OwnKernel().get_all_specs()
    assert list(kernels) == ["python3"]
    assert kernels["python3"]["spec"]["argv"][0] == sys.executable


def test_a_notebook_that_is_not_there_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"There is no .*05_dashboard.ipynb.*install the package"):
        servers.serve_dashboard(tmp_path / "05_dashboard.ipynb")
    with pytest.raises(ServerError, match=r"There is no .*notebooks.*install the package"):
        servers.serve_lab(tmp_path / "notebooks")


def test_a_data_folder_that_is_not_there_is_an_error_before_any_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ServerError, match="nowhere does not exist"):
        servers.serve_dashboard(data_dir=tmp_path / "nowhere")
    monkeypatch.setenv("DANN_DATA", str(tmp_path / "gone"))
    with pytest.raises(ServerError, match="gone does not exist"):
        servers.serve_lab()


@pytest.mark.parametrize("command", ["dashboard", "lab"])
def test_a_taken_port_is_reported_by_the_command_line(command: str, taken: int) -> None:
    result = CliRunner().invoke(cli.app, [command, "--no-browser", "--port", str(taken)])
    assert isinstance(result.exception, ServerError)


def test_a_port_that_does_not_exist_is_a_mistake_in_the_command() -> None:
    result = CliRunner().invoke(cli.app, ["dashboard", "--port", "70000"])
    assert result.exit_code == 2
    assert "65535" in result.output


def test_jupyterlab_asks_neither_about_news_nor_which_kernel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from jupyterlab_server.settings_utils import _get_overrides

    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "DANN_DATA"):
        monkeypatch.setenv(name, "")
    servers._set_environment(None)
    found, error = _get_overrides("")
    assert not error
    assert found["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert found["@jupyterlab/notebook-extension:tracker"]["autoStartDefaultKernel"] is True
