"""The two servers' own rules: ports, hosts, the kernel on offer, messages."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from typer.testing import CliRunner

from dann_lab import cli
from dann_lab.serve import addresses, servers
from dann_lab.serve.addresses import (
    ServerError,
    checked_base_url,
    checked_hosts,
    choose_port,
    is_loopback,
    names_of,
    origins,
    url,
)
from dann_lab.serve.servers import OwnKernel


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of 127.0.0.1 that something listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_port_that_is_taken_makes_way_for_the_next(taken: int) -> None:
    assert taken < choose_port("127.0.0.1", None, preferred=taken) <= taken + addresses.PORTS_TRIED


def test_a_named_port_that_is_taken_is_an_error_with_the_remedy(taken: int) -> None:
    with pytest.raises(ServerError, match=rf"Port {taken} of 127.0.0.1 is out of reach .*--port"):
        choose_port("127.0.0.1", taken, preferred=1)


@pytest.mark.parametrize("port", [None, 0, 8866])
@pytest.mark.parametrize(
    "host",
    [
        "192.0.2.1",
        "bogus.invalid",
        "http://127.0.0.1",
        "127.0.0.1:80",
        "a b",
        "a" * 70,
        "a\0b",
        "::2",
    ],
)
def test_a_host_that_is_none_of_this_machine_names_the_host_and_not_the_port(
    host: str, port: int | None
) -> None:
    with pytest.raises(ServerError) as error:
        choose_port(host, port, preferred=8866)
    assert repr(host) in str(error.value)
    assert "--host" in str(error.value)
    assert "--port" not in str(error.value)


@pytest.mark.parametrize("host", ["", " "])
def test_no_host_is_not_every_host(host: str) -> None:
    with pytest.raises(ServerError, match=r"no name.*127\.0\.0\.1"):
        choose_port(host, None, preferred=8866)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/a/?token=x%26y"),
        ("::1", "http://[::1]:80/a/?token=x%26y"),
        ("0.0.0.0", "http://127.0.0.1:80/a/?token=x%26y"),
        ("::", "http://[::1]:80/a/?token=x%26y"),
    ],
)
def test_the_address_that_is_opened_reaches_this_machine(host: str, address: str) -> None:
    assert url(names_of(host)[0], 80, "/a/", "x&y") == address


@pytest.mark.parametrize(
    ("path", "base"),
    [("", "/"), ("/", "/"), ("dann", "/dann/"), ("/a/b.c", "/a/b.c/"), ("//a//", "/a/")],
)
def test_a_base_url_begins_and_ends_with_a_slash(path: str, base: str) -> None:
    assert checked_base_url(path) == base


@pytest.mark.parametrize(
    "path",
    ["a b", "/a/../b", "/a//b", "http://a/", "a?b", "a#b", "(.*)", "a%2fb", "\\a", "\n", "é"],
)
def test_a_base_url_that_is_no_path_is_an_error_with_the_remedy(path: str) -> None:
    with pytest.raises(ServerError, match=r"--base-url .*such as /dann/"):
        checked_base_url(path)


def test_names_are_allowed_in_any_letters_and_addresses_too() -> None:
    assert checked_hosts(["Dann.Example.org", "10.0.0.5", "fe80::1"]) == [
        "dann.example.org",
        "10.0.0.5",
        "fe80::1",
    ]


@pytest.mark.parametrize("name", ["https://a", "a:80", "a/b", "*.a", "a b", "", "-a", "a."])
def test_a_name_with_more_than_the_name_is_an_error_with_the_remedy(name: str) -> None:
    with pytest.raises(ServerError, match=r"--allow-host .*without https"):
        checked_hosts([name])


def test_pages_of_an_allowed_name_are_ours_and_no_others() -> None:
    pattern = re.compile(origins(["a.example", "::1"]))
    for origin in ("https://a.example", "http://a.example:8443", "http://[::1]:80"):
        assert pattern.match(origin)
    for origin in (
        "https://b.example",
        "https://a.example.evil",
        "https://xa.example",
        "ftp://a.example",
    ):
        assert not pattern.match(origin)


@pytest.mark.parametrize(
    ("host", "token", "names", "may"),
    [
        ("127.0.0.1", "", [], True),
        ("0.0.0.0", "secret", [], True),
        ("0.0.0.0", "", [], False),
        ("127.0.0.1", "", ["dann.example.org"], False),
        ("127.0.0.1", "secret", ["dann.example.org"], True),
    ],
)
def test_paths_are_typed_only_where_no_stranger_can_open_the_page(
    host: str, token: str, names: list[str], may: bool
) -> None:
    assert servers.typed_paths(host, token, names) is may


def test_port_0_is_any_free_port() -> None:
    assert choose_port("127.0.0.1", 0, preferred=1) > 1023


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("", False)],
)
def test_which_hosts_are_this_machine_only(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_there_are_places_for_half_of_the_memory_and_for_one_at_least(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for memory, places in ((0.5, 1), (2.0, 1), (8.0, 4), (64.0, 32)):
        monkeypatch.setattr(servers, "memory_gb", lambda: memory)  # noqa: B023
        assert servers.checked_places(None, 0) == places


@pytest.mark.parametrize(
    "arguments", [["--preheat", "1000000000"], ["--preheat=2", "--max-pages=1"]]
)
def test_more_kernels_than_places_cannot_wait(arguments: list[str]) -> None:
    result = CliRunner().invoke(cli.app, ["dashboard", "--no-browser", *arguments])
    assert isinstance(result.exception, ServerError)
    assert re.search(
        r"--preheat \d+: there are places for \d+ pages.*--max-pages", str(result.exception)
    )


def test_the_file_that_a_browser_opens_is_this_persons_alone_and_gone_afterwards() -> None:
    address = "http://127.0.0.1:1/?token=a&b"
    with servers.page_that_leads_to(address) as link:
        file = Path(unquote(urlsplit(link).path))
        assert address.replace("&", "&amp;") in file.read_text(encoding="utf-8")
        if os.name == "posix":
            assert file.stat().st_mode & 0o777 == 0o600
    assert not file.exists()


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


def test_a_tab_of_jupyterlab_takes_its_kernel_along(monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyterlab_server.settings_utils import _get_overrides

    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "DANN_DATA"):
        monkeypatch.setenv(name, "")
    servers._set_environment(None)
    found, _ = _get_overrides("")
    assert found["@jupyterlab/notebook-extension:tracker"]["kernelShutdown"] is True


@pytest.mark.parametrize(("machine", "lessons"), [(16.0, 2.0), (2.0, 1.5), (0.6, 0.5)])
def test_lessons_take_two_gb_or_what_a_small_machine_has(
    machine: float, lessons: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "memory_gb", lambda: machine)
    assert servers.lessons_gb() == lessons
    assert servers.lessons_gb(7) == 7.0
    assert servers.lessons_gb(0) == 0.0


def test_a_container_of_jupyterhub_tells_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEM_LIMIT", "2000000000")  # as Binder sets it
    assert servers.memory_gb() <= 2.0
    monkeypatch.setenv("MEM_LIMIT", "None")
    assert servers.memory_gb() > 0


@pytest.mark.parametrize(
    ("wish", "limit", "minutes"),
    [([], None, None), (["--memory", "4"], 4, None), (["--memory", "0"], 0, 0)],
)
def test_the_command_line_sets_what_lessons_may_take(
    wish: list[str],
    limit: float | None,
    minutes: int | None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    from jupyterlab.labapp import LabApp

    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "DANN_DATA", "DANN_RUNS"):
        monkeypatch.setenv(name, "")
    started: dict[str, str] = {}
    monkeypatch.setattr(
        LabApp,
        "launch_instance",
        lambda argv: started.update(option.lstrip("-").split("=", 1) for option in argv),
    )
    command = ["lab", str(tmp_path), "--no-browser", "--port", "0", *wish]
    result = CliRunner().invoke(cli.app, command)
    assert result.exit_code == 0, result.output
    assert started["ServerApp.kernel_manager_class"].endswith("LessonKernels")
    expected = servers.lessons_gb() if limit is None else limit
    assert float(started["LessonKernels.memory_gb"]) == expected
    assert started.get("LessonKernels.idle_minutes") == (None if minutes is None else str(minutes))
