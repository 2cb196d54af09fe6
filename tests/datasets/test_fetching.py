"""Downloads from a real server on this machine that can be told to misbehave."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import filelock
import numpy as np
import pytest
from disk import full_disk
from PIL import Image

from dann_core.datasets import fetching, mnist, photos
from dann_core.datasets.fetching import DataSet, Download, Mirror, fetch, install_photos
from dann_core.datasets.store import DataStore
from dann_core.errors import DataError

CONTENT = np.random.default_rng(0).bytes(1_000_000)


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


class Server:
    """Serves ``files``, with ranges and versions unless told otherwise, and notes what is asked."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.cut: dict[str, int] = {}  # close the connection after so many bytes, once
        self.ranges = True
        self.asked: list[tuple[str, str | None]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.asked.append((request.path, asked))
        content = self.files.get(request.path)
        if content is None:
            request.send_error(404)
            return
        etag, begin = f'"{md5(content)}"', 0
        if self.ranges and asked and request.headers.get("If-Range", etag) == etag:
            begin = int(asked.removeprefix("bytes=").removesuffix("-"))
        if begin and begin >= len(content):
            request.send_error(416)
            return
        request.send_response(206 if begin else 200)
        if begin:
            request.send_header("Content-Range", f"bytes {begin}-{len(content) - 1}/{len(content)}")
        request.send_header("Content-Length", str(len(content) - begin))
        request.send_header("ETag", etag)
        request.end_headers()
        request.wfile.write(content[begin : self.cut.pop(request.path, None)])

    def close(self) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.files["/file"] = CONTENT
    yield server
    server.close()


@pytest.fixture
def store(tmp_path: Path) -> DataStore:
    return DataStore(tmp_path / "data", tmp_path / "data")


def offer(patch: pytest.MonkeyPatch, *mirrors: Mirror) -> None:
    """Make ``fetch("it")`` copy one file from ``mirrors`` to ``it`` in the store."""

    def install(files: list[Path], store: DataStore) -> list[Path]:
        os.replace(files[0], store.writable / "it")
        return [store.writable / "it"]

    it = DataSet("It", (Download("it.bin", mirrors),), lambda store: None, install)
    patch.setitem(fetching.DATA_SETS, "it", it)


def left_over(store: DataStore) -> list[str]:
    return sorted(f.name for f in (store.writable / "downloads").iterdir() if f.suffix != ".lock")


def test_a_file_arrives_with_its_progress(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, Mirror(f"{server.url}/file", md5(CONTENT)))
    told: list[tuple[str, int, int | None]] = []
    [path] = fetch("it", store, lambda *news: told.append(news))
    assert path.read_bytes() == CONTENT
    assert told[-1] == ("it.bin", 1_000_000, 1_000_000)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert left_over(store) == []


@pytest.mark.parametrize("checked", [True, False])
def test_a_cut_download_goes_on_where_it_stopped(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch, checked: bool
) -> None:
    offer(monkeypatch, Mirror(f"{server.url}/file", md5(CONTENT) if checked else None))
    server.cut["/file"] = 600_000
    with pytest.raises(DataError, match=r"connection was cut.*ask again"):
        fetch("it", store)
    assert not (store.writable / "it").exists()
    [path] = fetch("it", store)
    assert path.read_bytes() == CONTENT
    begun = int((server.asked[1][1] or "").removeprefix("bytes=").removesuffix("-"))
    assert 500_000 < begun <= 600_000
    assert left_over(store) == []


def test_a_stopped_download_goes_on_where_it_stopped(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, Mirror(f"{server.url}/file", md5(CONTENT)))
    done = [0]
    with pytest.raises(DataError, match="Stopped"):
        fetch("it", store, lambda _, n, total: done.append(n), lambda: done[-1] > 300_000)
    assert done[-1] < 500_000
    assert fetch("it", store)[0].read_bytes() == CONTENT
    assert server.asked[1][1] == f"bytes={done[-1]}-"


def test_another_mirror_of_the_same_bytes_goes_on_too(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files["/second"] = CONTENT
    server.cut["/file"] = 600_000
    offer(monkeypatch, *(Mirror(server.url + path, md5(CONTENT)) for path in ("/file", "/second")))
    assert fetch("it", store)[0].read_bytes() == CONTENT
    assert server.asked[1][0] == "/second"
    assert server.asked[1][1] is not None


@pytest.mark.parametrize("checked", [True, False])
def test_a_server_without_ranges_sends_it_all_again(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch, checked: bool
) -> None:
    server.ranges = False
    offer(monkeypatch, Mirror(f"{server.url}/file", md5(CONTENT) if checked else None))
    server.cut["/file"] = 600_000
    with pytest.raises(DataError):
        fetch("it", store)
    assert fetch("it", store)[0].read_bytes() == CONTENT


@pytest.mark.parametrize("checked", [True, False])
@pytest.mark.parametrize("size", [800_000, 300_000])
def test_a_file_that_changed_meanwhile_starts_over(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch, size: int, checked: bool
) -> None:
    changed = CONTENT[::-1][:size]
    offer(monkeypatch, Mirror(f"{server.url}/file", md5(changed) if checked else None))
    server.cut["/file"] = 600_000
    with pytest.raises(DataError):
        fetch("it", store)
    server.files["/file"] = changed
    assert fetch("it", store)[0].read_bytes() == changed


def test_mirrors_are_tried_in_turn(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files["/wrong"] = b"not this"
    paths = ("/gone", "/wrong", "/file")
    offer(monkeypatch, *(Mirror(server.url + path, md5(CONTENT)) for path in paths))
    assert fetch("it", store)[0].read_bytes() == CONTENT
    assert [path for path, _ in server.asked] == list(paths)


def test_each_mirror_has_its_own_checksum(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files["/other"] = b"another archive of the same"
    server.cut["/file"] = 600_000
    offer(
        monkeypatch,
        Mirror(f"{server.url}/file", md5(CONTENT)),
        Mirror(f"{server.url}/other", md5(server.files["/other"])),
    )
    assert fetch("it", store)[0].read_bytes() == server.files["/other"]


def test_a_wrong_checksum_keeps_the_old_file(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.root.mkdir()
    (store.root / "it").write_text("old", encoding="utf-8")
    offer(monkeypatch, Mirror(f"{server.url}/file", md5(b"something else")))
    with pytest.raises(DataError, match=r"it\.bin.*wrong checksum.*unchanged"):
        fetch("it", store)
    assert (store.root / "it").read_text(encoding="utf-8") == "old"
    assert left_over(store) == []


def test_every_failed_mirror_is_named_with_its_reason(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.cut["/file"] = 10
    nobody = Server()
    nobody.close()
    offer(
        monkeypatch,
        Mirror(f"{server.url}/gone", md5(CONTENT)),
        Mirror(f"{server.url}/file", md5(CONTENT)),
        Mirror(f"{nobody.url}/file", md5(CONTENT)),
    )
    with pytest.raises(DataError) as caught:
        fetch("it", store)
    message = str(caught.value)
    assert "404 Not Found" in message
    assert "the connection was cut" in message
    assert f"{nobody.url.removeprefix('http://')}: cannot be reached" in message
    assert "Check the network connection" in message
    assert "\n" not in message


def test_a_full_disk_is_said_and_keeps_the_old_file(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.root.mkdir()
    (store.root / "it").write_text("old", encoding="utf-8")
    offer(monkeypatch, Mirror(f"{server.url}/file", md5(CONTENT)))
    with full_disk(200_000), pytest.raises(DataError, match=r"Cannot write.*Free some space"):
        fetch("it", store)
    assert (store.root / "it").read_text(encoding="utf-8") == "old"
    assert left_over(store) == []


def test_a_folder_that_cannot_be_written_to_is_said(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")
    offer(monkeypatch, Mirror(f"{server.url}/file", md5(CONTENT)))
    with pytest.raises(DataError, match=r"Cannot write .*data.*Choose another folder"):
        fetch("it", DataStore(tmp_path / "data", tmp_path / "data"))


def test_two_fetches_of_the_same_do_not_mix(
    server: Server, store: DataStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, Mirror(f"{server.url}/file", md5(CONTENT)))
    (store.writable / "downloads").mkdir(parents=True)
    with (
        filelock.FileLock(store.writable / "downloads" / "it.lock"),
        pytest.raises(DataError, match="being fetched elsewhere"),
    ):
        fetch("it", store)
    assert server.asked == []


def test_an_unknown_name_is_refused(store: DataStore) -> None:
    with pytest.raises(DataError, match=r"'svhn'.*mnist, bsds500, mnistm-keras, mnistm-liyxi"):
        fetch("svhn", store)


# The photos' archives.


def jpeg(colour: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), (colour, 0, 0)).save(stream, "JPEG")
    return stream.getvalue()


def make_tgz(file: Path, members: Sequence[tuple[str, bytes | None, bytes]]) -> Path:
    """Members: name, type (None for a plain file), content or the link's target."""
    with tarfile.open(file, "w:gz") as tar:
        for name, kind, content in members:
            info = tarfile.TarInfo(name)
            if kind is None:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
            else:
                info.type, info.linkname = kind, content.decode()
                tar.addfile(info)
    return file


def make_zip(file: Path, members: list[tuple[str, bytes]], link: str | None = None) -> Path:
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in members:
            packed.writestr(name, content)
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            packed.writestr(info, "/etc/passwd")
    return file


TGZ, ZIP = "BSR/BSDS500/data/images", "BSDS500-master/BSDS500/data/images"


@pytest.mark.parametrize("kind", ["tgz", "zip"])
def test_the_training_photos_are_fetched_from_either_archive(
    kind: str, server: Server, store: DataStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top, archive = (TGZ if kind == "tgz" else ZIP), tmp_path / "archive"
    members = [(f"{top}/train/{n}.jpg", jpeg(n)) for n in (12, 34)]
    members += [(f"{top}/test/56.jpg", jpeg(56)), (f"{top}/train/Thumbs.db", b"junk")]
    if kind == "tgz":
        make_tgz(archive, [(name, None, content) for name, content in members])
    else:
        make_zip(archive, members)
    server.files["/archive"] = archive.read_bytes()
    mirrors = (Mirror(f"{server.url}/archive", md5(server.files["/archive"])),)
    real = fetching.DATA_SETS["bsds500"]
    test = DataSet(real.title, (Download("BSDS500", mirrors),), real.there, real.install)
    monkeypatch.setitem(fetching.DATA_SETS, "bsds500", test)
    assert fetch("bsds500", store) == [store.root / photos.FOLDER]
    found = photos.PhotoSet.of(store)
    assert [file.name for file in found.files] == ["12.jpg", "34.jpg"]
    assert [photo.shape for photo in found.read()] == [(30, 40, 3)] * 2
    assert left_over(store) == []


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_nothing_leaves_the_folder_from_a_hostile_tar(tmp_path: Path) -> None:
    archive = make_tgz(
        tmp_path / "evil.tgz",
        [
            ("../../evil.jpg", None, b"x"),
            ("/tmp/evil.jpg", None, b"x"),
            (f"{TGZ}/train/../../evil.jpg", None, b"x"),
            (f"../../{TGZ}/train/1.jpg", None, b"x"),
            (f"{TGZ}/train/link.jpg", tarfile.SYMTYPE, b"/etc/passwd"),
            (f"{TGZ}/train/hard.jpg", tarfile.LNKTYPE, b"/etc/passwd"),
            (f"{TGZ}/train/device.jpg", tarfile.CHRTYPE, b""),
            (f"{TGZ}/train/pipe.jpg", tarfile.FIFOTYPE, b""),
            (f"{TGZ}/train/good.jpg", None, jpeg(1)),
        ],
    )
    install_photos(archive, tmp_path / "a/b/train")
    assert everything(tmp_path) == {"evil.tgz", "a", "a/b", "a/b/train", "a/b/train/good.jpg"}


def test_nothing_leaves_the_folder_from_a_hostile_zip(tmp_path: Path) -> None:
    names = (
        "../../evil.jpg",
        "/tmp/evil.jpg",
        f"{ZIP}/train/../../evil.jpg",
        f"{ZIP}/train/a\\b.jpg",
    )
    members = [(name, b"x") for name in names]
    members.append((f"{ZIP}/train/good.jpg", jpeg(1)))
    archive = make_zip(tmp_path / "evil.zip", members, link=f"{ZIP}/train/link.jpg")
    install_photos(archive, tmp_path / "a/b/train")
    assert everything(tmp_path) == {"evil.zip", "a", "a/b", "a/b/train", "a/b/train/good.jpg"}


@pytest.mark.parametrize("kind", ["tgz", "zip"])
def test_a_cut_archive_keeps_the_old_photos(kind: str, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).bytes(50_000)
    good = tmp_path / "good"
    if kind == "tgz":
        make_tgz(good, [(f"{TGZ}/train/{n}.jpg", None, jpeg(n) + noise) for n in range(9)])
    else:
        make_zip(good, [(f"{ZIP}/train/{n}.jpg", jpeg(n) + noise) for n in range(9)])
    cut = tmp_path / "cut"
    cut.write_bytes(good.read_bytes()[:-60_000])
    folder = tmp_path / "BSDS500/train"
    folder.mkdir(parents=True)
    (folder / "old.jpg").write_bytes(jpeg(7))
    with pytest.raises(DataError, match="corrupt"):
        install_photos(cut, folder)
    assert everything(tmp_path / "BSDS500") == {"train", "train/old.jpg"}
    install_photos(good, folder)
    assert everything(tmp_path / "BSDS500") == {"train", *(f"train/{n}.jpg" for n in range(9))}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_photos_behind_a_link_are_replaced_there_and_what_is_no_folder_is_not(
    tmp_path: Path,
) -> None:
    archive = tmp_path / "photos.zip"
    make_zip(archive, [(f"{ZIP}/train/1.jpg", jpeg(1))])
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    install_photos(archive, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert os.listdir(tmp_path / "real") == ["1.jpg"]
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    os.mkfifo(tmp_path / "pipe")
    for name in ("file", "pipe"):
        with pytest.raises(DataError, match=f"{name} is a {name}"):
            install_photos(archive, tmp_path / name)
    with pytest.raises(DataError, match="pipe is a pipe, not a file"):
        install_photos(tmp_path / "pipe", tmp_path / "new")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_an_archive_without_photos_is_refused(tmp_path: Path) -> None:
    archive = make_tgz(tmp_path / "x.tgz", [("readme.txt", None, b"hello")])
    with pytest.raises(DataError, match="no training photos"):
        install_photos(archive, tmp_path / "train")


def test_an_archive_cannot_swell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST", 1_000_000)
    bomb = [(f"{TGZ}/train/1.jpg", None, b"\xff\xd8" + bytes(2_000_000))]
    with pytest.raises(DataError, match="larger than 1 MB"):
        install_photos(make_tgz(tmp_path / "bomb.tgz", bomb), tmp_path / "train")
    packed = zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED)
    with packed:
        packed.writestr(f"{ZIP}/train/1.jpg", b"\xff\xd8" + bytes(2_000_000))
    with pytest.raises(DataError, match="larger than 1 MB"):
        install_photos(tmp_path / "bomb.zip", tmp_path / "train")
    assert not (tmp_path / "train").exists()


# MNIST itself.


@pytest.fixture(scope="module")
def packed_mnist(real_data: DataStore) -> dict[str, bytes]:
    folder = real_data.find(mnist.FOLDER)
    assert folder
    return {f"{n}.gz": gzip.compress((folder / n).read_bytes(), 1, mtime=0) for n in mnist.MD5}


def offer_mnist(patch: pytest.MonkeyPatch, server: Server, files: dict[str, bytes]) -> None:
    server.files |= {f"/{name}": content for name, content in files.items()}
    real = fetching.DATA_SETS["mnist"]
    downloads = tuple(
        Download(name, (Mirror(f"{server.url}/{name}", md5(content)),))
        for name, content in files.items()
    )
    test = DataSet(real.title, downloads, real.there, real.install)
    patch.setitem(fetching.DATA_SETS, "mnist", test)


@pytest.mark.real_data
def test_mnist_is_fetched_once_and_again_when_damaged(
    packed_mnist: dict[str, bytes],
    server: Server,
    store: DataStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer_mnist(monkeypatch, server, packed_mnist)
    assert fetching.missing(store) == ["mnist", "bsds500"]
    paths = fetch("mnist", store)
    assert paths == [store.root / mnist.FOLDER / name for name in mnist.MD5]
    (digits, labels), _ = mnist.read_mnist(store)
    assert digits.shape == (60_000, 28, 28)
    assert labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert fetching.missing(store) == ["bsds500"]

    assert fetch("mnist", store) == paths
    assert len(server.asked) == 4
    paths[0].write_bytes(paths[0].read_bytes()[:-1])
    fetch("mnist", store)
    mnist.read_mnist(store)


@pytest.mark.real_data
def test_a_corrupt_gzip_keeps_the_old_file(
    packed_mnist: dict[str, bytes],
    server: Server,
    store: DataStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = next(iter(packed_mnist))
    offer_mnist(monkeypatch, server, {**packed_mnist, first: packed_mnist[first][:100_000]})
    old = store.root / mnist.FOLDER / first.removesuffix(".gz")
    old.parent.mkdir(parents=True)
    old.write_text("old", encoding="utf-8")
    with pytest.raises(DataError, match=r"corrupt.*Ask again"):
        fetch("mnist", store)
    assert old.read_text(encoding="utf-8") == "old"
    assert os.listdir(old.parent) == [old.name]
    assert left_over(store) == []


def test_the_real_addresses_are_torchvisions_own() -> None:
    download = fetching.DATA_SETS["mnist"].downloads[0]
    assert download.name == "train-images-idx3-ubyte.gz"
    assert [m.url.endswith(download.name) for m in download.mirrors] == [True, True]
    assert download.mirrors[0].md5 == "f68b3c2dcbeaaa9fbdd348bbdeb94873"
