"""What a network does to downloads, each with its own line: real servers of this machine."""

from __future__ import annotations

import datetime
import hashlib
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dann_core.datasets import fetching
from dann_core.datasets.fetching import DataSet, Download, Mirror, fetch
from dann_core.datasets.store import DataStore
from dann_core.errors import DataError

CONTENT = b"what was asked for"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxy_but_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)


class Answers(BaseHTTPRequestHandler):
    """Serves the content; as a proxy it asks everybody for a login."""

    def do_GET(self) -> None:
        if self.path.startswith("http"):
            self.do_CONNECT()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def do_CONNECT(self) -> None:
        self.send_response(407, "Proxy Authentication Required")
        self.send_header("Proxy-Authenticate", 'Basic realm="work"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust us leaves in the middle."""


@pytest.fixture
def address() -> Iterator[str]:
    """Of a plain server, which is a proxy too."""
    with Quiet(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """One that nobody has signed but its owner, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[str]:
    """A server's address; its certificate is its own, as an inspecting proxy's is."""
    with Quiet(("127.0.0.1", 0), Answers) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"https://localhost:{server.server_port}/file"
        server.shutdown()
        thread.join()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        found: int = one.getsockname()[1]
        return found


class Ask:
    """Fetches one file and hands back what is said when it does not come."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch):
        self.store, self.patch = DataStore(folder / "data", folder / "data"), monkeypatch

    def arrives(self, url: str) -> bool:
        def install(files: list[Path], store: DataStore) -> list[Path]:
            return [files[0].rename(store.writable / "it")]

        md5 = hashlib.md5(CONTENT).hexdigest()
        it = DataSet("It", (Download("it.bin", (Mirror(url, md5),)),), lambda store: None, install)
        self.patch.setitem(fetching.DATA_SETS, "it", it)
        return fetch("it", self.store)[0].read_bytes() == CONTENT

    def said(self, url: str) -> str:
        with pytest.raises(DataError) as refused:
            self.arrives(url)
        message = str(refused.value)
        assert "\n" not in message
        assert message.startswith("Cannot fetch it.bin")
        return message


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    return Ask(tmp_path, monkeypatch)


def test_a_certificate_that_is_not_trusted_is_named_and_can_be(
    ask: Ask, encrypted: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = ask.said(encrypted)
    assert "its certificate is not trusted" in message
    assert "REQUESTS_CA_BUNDLE" in message
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert ask.arrives(encrypted)


@pytest.mark.parametrize("url", ["https://localhost/file", "http://example.invalid/file"])
def test_a_proxy_that_asks_for_a_login(
    url: str, ask: Ask, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
    monkeypatch.setenv("HTTP_PROXY", f"http://{address}")
    message = ask.said(url)
    assert "the proxy asks for a login" in message
    assert "http://USER:PASSWORD@HOST:PORT" in message


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_that_are_not_there_are_no_fault_of_the_disk(
    variable: str, ask: Ask, encrypted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "no.pem"))
    message = ask.said(encrypted)
    assert str(tmp_path / "no.pem") in message
    assert variable in message
    assert "Cannot write" not in message


def test_a_file_without_certificates(
    ask: Ask, encrypted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "not.pem").write_text("no certificate", encoding="utf-8")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "not.pem"))
    message = ask.said(encrypted)
    assert "REQUESTS_CA_BUNDLE" in message
    assert "Cannot write" not in message


def test_a_proxy_that_is_not_there(
    ask: Ask, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for proxy in (f"http://127.0.0.1:{free_port}", f"127.0.0.1:{free_port}"):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        message = ask.said("https://localhost/file")
        assert "the proxy cannot be reached" in message
        assert "HTTPS_PROXY" in message


@pytest.mark.parametrize(
    "proxy", ["http://", "ftp://127.0.0.1:1", "http://127.0.0.1:port", "http://a..b:1"]
)
def test_a_proxy_whose_address_is_none(
    proxy: str, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    message = ask.said("https://localhost/file")
    assert "the proxy's address is wrong" in message
    assert "HTTPS_PROXY" in message


def test_a_server_that_does_not_encrypt_is_no_matter_of_certificates(
    ask: Ask, address: str
) -> None:
    message = ask.said(f"https://{address}/file")
    assert "no encrypted connection" in message
    assert "REQUESTS_CA_BUNDLE" not in message


def test_a_name_that_is_not_known(ask: Ask) -> None:
    message = ask.said("http://no.such.invalid/file")
    assert "no.such.invalid: its name is not known" in message
    assert "Check the network connection" in message


def test_a_server_that_is_not_there(ask: Ask, free_port: int) -> None:
    assert f"127.0.0.1:{free_port}: cannot be reached" in ask.said(
        f"http://127.0.0.1:{free_port}/file"
    )


def test_a_server_that_does_not_answer(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT", (0.2, 0.2))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        message = ask.said(f"http://127.0.0.1:{silent.getsockname()[1]}/file")
    assert "no answer in time" in message
