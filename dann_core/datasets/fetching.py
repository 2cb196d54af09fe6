"""Downloads, only when asked for: checked, resumable, and never half-written.

A transfer grows in a ``.part`` file that the next try continues. What arrives is checked, unpacked
beside its place and renamed into it, so that a reader sees the old data or the new.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import filelock
import pooch
import requests
from torchvision import datasets
from urllib3.exceptions import HTTPError as TransferError

from dann_core.datasets import mnist, photos
from dann_core.datasets.bounded import Bounded
from dann_core.datasets.importing import import_mnistm
from dann_core.datasets.mnistm import cache_file
from dann_core.datasets.store import DataStore, Progress
from dann_core.errors import DataError
from dann_core.files import (
    DISK_FULL,
    AnyPath,
    cannot_write,
    file_to_write,
    in_full,
    kind_of,
    regular_file,
    replace,
    shown,
    written_whole,
)

TIMEOUT = (10, 30)  # seconds to connect, and between two pieces
PIECE = 1 << 16
MOST = 1_000_000_000  # bytes in an unpacked archive; BSDS500 has some 70 million

Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Mirror:
    """One address of a file. Mirrors can hold different archives, so each has its own checksum."""

    url: str
    md5: str | None


@dataclass(frozen=True)
class Download:
    """One file to fetch, by the name it gets, and its mirrors in the order they are tried."""

    name: str
    mirrors: tuple[Mirror, ...]


@dataclass(frozen=True)
class DataSet:
    """What can be asked for.

    ``there`` gives the paths in a store if the data is there and sound, None if it has to be
    fetched, and raises :class:`DataError` if that would be in vain. ``install`` puts the downloaded
    files in place.
    """

    title: str
    downloads: tuple[Download, ...]
    there: Callable[[DataStore], list[Path] | None]
    install: Callable[[list[Path], DataStore], list[Path]]


def fetch(
    what: str,
    store: DataStore,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> list[Path]:
    """Download a data set into ``store.writable``, unless it is there and sound; returns its paths.

    ``what``: a key of :data:`DATA_SETS`. ``progress`` is told the file, the bytes that arrived and
    the bytes there are. ``cancelled`` is asked between two pieces; True stops the transfer, and
    asking again continues it.

    Raises :class:`DataError` with the remedy: no network, a wrong checksum, a truncated or corrupt
    file, a full disk, another fetch of the same under way.
    """
    if what not in DATA_SETS:
        raise DataError(f"There is no data set {what!r}. Choose one of: {', '.join(DATA_SETS)}.")
    wanted = DATA_SETS[what]
    if (there := wanted.there(store)) is not None:
        return there
    folder = store.writable / "downloads"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / f"{what}.lock", timeout=0):
            files = [_download(d, folder, progress, cancelled) for d in wanted.downloads]
            try:
                return wanted.install(files, store)
            finally:
                # Installed, or unusable; kept, it would fail the same way at every try.
                for file in files:
                    file.unlink(missing_ok=True)
    except filelock.Timeout as error:
        raise DataError(f"{wanted.title} is being fetched elsewhere. Wait for that.") from error
    except OSError as error:
        raise cannot_write(folder, error) from error


def _download(
    download: Download, folder: Path, progress: Progress | None, cancelled: Cancelled | None
) -> Path:
    pooch.get_logger().setLevel("WARNING")
    failures, remedies = [], []
    mirrors = list(download.mirrors)
    while mirrors:
        mirror = mirrors.pop(0)
        part = _Part(folder, download.name, mirror, progress, cancelled)
        resumed = part.path.exists()
        try:
            return Path(
                pooch.retrieve(
                    mirror.url,
                    known_hash=mirror.md5 and f"md5:{mirror.md5}",
                    fname=download.name,
                    path=folder,
                    downloader=part.complete,
                )
            )
        except (requests.RequestException, TransferError) as error:
            reason, remedy = _reason(error)
            failures.append(f"{urlsplit(mirror.url).netloc}: {reason}")
            remedies.append(remedy)
        except ValueError:  # pooch's wrong checksum; the part is gone
            if resumed:  # its beginning may have been of another version, so once more, afresh
                mirrors.insert(0, mirror)
            else:
                failures.append(f"{urlsplit(mirror.url).netloc}: wrong checksum")
                remedies.append(CHECK_NETWORK)
    raise DataError(
        f"Cannot fetch {download.name} ({'; '.join(failures)}). "
        f"{' '.join(dict.fromkeys(remedies))} Then ask again: it goes on where it stopped. "
        "What was there before is unchanged."
    )


CHECK_NETWORK = "Check the network connection."
CHECK_PROXY = "Check the proxy's address in the environment variable HTTPS_PROXY (or HTTP_PROXY)."
PROXY_LOGIN = (
    "Put its login into the environment variable HTTPS_PROXY (or HTTP_PROXY): "
    "http://USER:PASSWORD@HOST:PORT."
)
NAME_CERTIFICATE = (
    "Where a proxy looks into encrypted connections, save its certificate to a file and name that "
    "in the environment variable REQUESTS_CA_BUNDLE."
)


def _reason(error: Exception) -> tuple[str, str]:
    """Why a file did not arrive, and the remedy, which is a sentence."""
    match error:
        case requests.HTTPError(response=requests.Response(status_code=407)):
            return "the proxy asks for a login", PROXY_LOGIN
        case requests.HTTPError(response=requests.Response() as response):
            return f"{response.status_code} {response.reason}", CHECK_NETWORK
        case requests.exceptions.ProxyError():
            if "failed: 407" in str(error):
                return "the proxy asks for a login", PROXY_LOGIN
            return "the proxy cannot be reached", CHECK_PROXY
        case requests.exceptions.SSLError():
            if "CERTIFICATE" in str(error):
                return "its certificate is not trusted", NAME_CERTIFICATE
            return "no encrypted connection", CHECK_PROXY
        case requests.Timeout():
            return "no answer in time", CHECK_NETWORK
        case requests.ConnectionError():
            unknown = "NameResolutionError" in str(error)
            return "its name is not known" if unknown else "cannot be reached", CHECK_NETWORK
        case ValueError():  # our own addresses are right
            return "the proxy's address is wrong", CHECK_PROXY
        case _:
            return "the connection was cut", CHECK_NETWORK


@dataclass(frozen=True)
class _Part:
    """A download that can stop and go on."""

    folder: Path
    name: str
    mirror: Mirror
    progress: Progress | None
    cancelled: Cancelled | None

    @property
    def path(self) -> Path:
        # The same bytes from anywhere continue the same part; without a checksum only those from
        # the same address do.
        md5, url = self.mirror.md5, self.mirror.url
        key = md5 or hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()
        return self.folder / f"{self.name}.{key[:8]}.part"

    @property
    def version(self) -> Path:
        """Beside the part: the server's name for the version that it is a part of."""
        return self.path.with_suffix(".version")

    def complete(self, url: str, output: str, _: object) -> None:
        """pooch's downloader: bring the part to the whole file and move it to ``output``."""
        for file in (self.path, self.version):
            file_to_write(file)  # a pipe there would be waited for
        if self._request(url, *self._resume()) == 416:  # the file there is now shorter than ours
            self._forget()
            self._request(url, 0, {})
        replace(self.path, Path(output))
        self._forget()

    def _resume(self) -> tuple[int, dict[str, str]]:
        """How many bytes we have, and the headers that ask for the others."""
        have = self.path.stat().st_size if self.path.exists() else 0
        ask = {"Range": f"bytes={have}-"}
        if not have:
            return 0, {}
        if self.mirror.md5:  # which will tell if the parts do not fit
            return have, ask
        if self.version.exists():  # the server then sends it all if it has another version now
            return have, {**ask, "If-Range": self.version.read_text(encoding="utf-8")}
        return 0, {}

    def _request(self, url: str, have: int, headers: dict[str, str]) -> int:
        # Not decoded, or a server that calls a .gz file "encoded" would have us unpack it.
        headers = {"Accept-Encoding": "identity", **headers}
        with self._open(url, headers) as response:
            if response.status_code == 416:
                return 416
            response.raise_for_status()
            if not response.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
                have = 0  # the server does not do ranges, or has another version now
            length = response.headers.get("Content-Length")
            total = have + int(length) if length else None
            try:
                self._write(response, have, total)
            except OSError as error:
                if error.errno in DISK_FULL:
                    self._forget()  # a part is no use to someone whose disk is full
                raise
            return response.status_code

    def _open(self, url: str, headers: dict[str, str]) -> requests.Response:
        try:
            return requests.get(url, headers=headers, stream=True, timeout=TIMEOUT)
        except requests.RequestException:
            raise
        except OSError as error:  # requests' own, of a file that should hold certificates
            raise DataError(
                f"Cannot fetch {self.name}: {error}. Correct the environment variable "
                "REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE, or leave it out."
            ) from error

    def _write(self, response: requests.Response, have: int, total: int | None) -> None:
        version = response.headers.get("ETag") or response.headers.get("Last-Modified")
        if version:
            self.version.write_text(version, encoding="utf-8", newline="\n")
        with open(self.path, "r+b" if have else "wb") as part:
            part.seek(have)
            for piece in response.raw.stream(PIECE, decode_content=False):
                part.write(piece)
                have += len(piece)
                if self.progress:
                    self.progress(self.name, have, total)
                if self.cancelled and self.cancelled():
                    raise DataError("Stopped. Ask again to go on from here.")
        if total not in (None, have):
            raise TransferError(f"{have} of {total} bytes arrived")

    def _forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self.version.unlink(missing_ok=True)


# How each data set is told to be there, and put in place.


def missing(store: DataStore) -> list[str]:
    """What ``load_pair("mnist")`` needs and lacks, as keys of :data:`DATA_SETS`."""
    return [what for what in ("mnist", "bsds500") if DATA_SETS[what].there(store) is None]


def _mnist_there(store: DataStore) -> list[Path] | None:
    try:
        mnist.read_mnist(store)
    except DataError:
        return None
    folder = store.find(mnist.FOLDER, *mnist.MD5)
    return [folder / name for name in mnist.MD5] if folder else None


def _install_mnist(files: list[Path], store: DataStore) -> list[Path]:
    for file in files:
        with written_whole(store.writable / mnist.FOLDER / file.stem) as temporary:
            _unpack_gzip(file, temporary)
    mnist.read_mnist(store)  # damaged files in a folder that is read first may be in the way
    return [store.writable / mnist.FOLDER / name for name in mnist.MD5]


def _unpack_gzip(file: Path, to: Path) -> None:
    try:
        with gzip.open(file) as packed, open(to, "wb") as out:
            shutil.copyfileobj(Bounded(packed, MOST), out)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{file.name} is corrupt ({error}). Ask again.") from error


def _photos_there(store: DataStore) -> list[Path] | None:
    try:
        found = photos.PhotoSet.of(store)
        found.read()
    except DataError:
        return None
    return [found.files[0].parent] if len(found) == photos.COUNT else None


def _install_photos(files: list[Path], store: DataStore) -> list[Path]:
    return [install_photos(files[0], store.writable / photos.FOLDER)]


def install_photos(archive: AnyPath, folder: AnyPath) -> Path:
    """Put the training photos of a BSDS500 archive (.tgz or .zip) into ``folder``, all or none.

    Of the paths in the archive only the last part is used, and only plain files are: whatever it
    says, nothing is written outside ``folder``.

    Raises :class:`DataError` if the archive is missing, corrupt or has no training photos, and if
    the folder cannot be written.
    """
    if kind_of(archive) is None:
        raise DataError(f"There is no file {shown(archive)}.")
    archive, folder = regular_file(archive), in_full(folder)
    if (kind := kind_of(folder)) not in (None, "folder"):
        raise DataError(f"{shown(folder)} is a {kind}. Choose another folder.")
    if not os.access(archive, os.R_OK):
        raise DataError(f"{shown(archive)} may not be read. Choose another file.")
    try:
        return _installed(archive, folder)
    except OSError as error:
        raise cannot_write(folder, error) from error


def _installed(archive: Path, folder: Path) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".train."))
    try:
        new, old = temporary / "new", temporary / "old"
        new.mkdir()
        try:
            for name, content in _training_photos(archive):
                (new / name).write_bytes(content)
        except CORRUPT as error:
            raise DataError(f"{archive.name} is corrupt ({error}). Ask again.") from error
        if not any(new.iterdir()):
            raise DataError(f"{archive.name} has no training photos of BSDS500 in it.")
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


CORRUPT = (tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error)
_PHOTO = re.compile(r"[^/]+/BSDS500/data/images/train/(\w+\.jpg)", re.ASCII)


def _training_photos(archive: Path) -> Iterator[tuple[str, bytes]]:
    if zipfile.is_zipfile(archive):
        left = MOST
        with zipfile.ZipFile(archive) as packed:
            for entry in packed.infolist():
                # A link is a zip entry whose content is a path; only a photo gets this name.
                if match := _PHOTO.fullmatch(entry.filename):
                    with packed.open(entry) as stream:
                        content = Bounded(stream, left).read()
                    left -= len(content)
                    if content.startswith(b"\xff\xd8"):
                        yield match[1], content
        return
    with (
        gzip.open(archive) as unzipped,
        tarfile.open(fileobj=Bounded(unzipped, MOST), mode="r|") as tar,
    ):
        for member in tar:
            match = _PHOTO.fullmatch(member.name)
            if match and member.isreg() and (photo := tar.extractfile(member)):
                yield match[1], photo.read()


def _mnistm_there(store: DataStore) -> None:
    """Never known to be: a build is named after its content, which only a download tells."""
    mnist.read_mnist(store)  # which it is checked against: without, there is no use in fetching it


def _install_mnistm(files: list[Path], store: DataStore) -> list[Path]:
    return [cache_file(store, import_mnistm(files[0], store))]


_GITHUB = "https://github.com"
_LIYXI = f"{_GITHUB}/liyxi/mnist-m/releases/download/data"

DATA_SETS: dict[str, DataSet] = {
    "mnist": DataSet(
        "MNIST",
        tuple(
            Download(name, tuple(Mirror(base + name, md5) for base in datasets.MNIST.mirrors))
            for name, md5 in datasets.MNIST.resources
        ),
        _mnist_there,
        _install_mnist,
    ),
    "bsds500": DataSet(
        "BSDS500's training photos",
        (
            Download(
                "BSDS500",
                (
                    Mirror(
                        "https://www.eecs.berkeley.edu/Research/Projects/CS/vision/grouping/BSR/"
                        "BSR_bsds500.tgz",
                        "0b17383ff0b21fe43d2f28e624203169",
                    ),
                    Mirror(
                        f"{_GITHUB}/BIDS/BSDS500/archive/refs/heads/master.zip",
                        "7bfe17302a219367694200a61ce8256c",
                    ),
                ),
            ),
        ),
        _photos_there,
        _install_photos,
    ),
    "mnistm-keras": DataSet(
        "keras_mnistm's MNIST-M",
        (
            Download(
                "keras_mnistm.pkl.gz",
                (
                    Mirror(
                        f"{_GITHUB}/VanushVaswani/keras_mnistm/releases/download/1.0/"
                        "keras_mnistm.pkl.gz",
                        None,
                    ),
                ),
            ),
        ),
        _mnistm_there,
        _install_mnistm,
    ),
    "mnistm-liyxi": DataSet(
        "liyxi's MNIST-M",
        tuple(
            Download(name, (Mirror(f"{_LIYXI}/{name}", md5),))
            for name, md5 in (
                ("mnist_m_train.pt.tar.gz", "191ed53db9933bd85cc9700558847391"),
                ("mnist_m_test.pt.tar.gz", "e11cb4d7fff76d7ec588b1134907db59"),
            )
        ),
        _mnistm_there,
        _install_mnistm,
    ),
}
