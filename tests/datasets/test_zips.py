"""A zip from anybody becomes two domains, or a sentence; never anything outside its own folder."""

from __future__ import annotations

import io
import os
import stat
import struct
import threading
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from dann_core.datasets import zips
from dann_core.datasets.zips import is_unpacked, place, unpacked
from dann_core.errors import DataError

Files = Mapping[str, bytes]


def png(shade: int = 0) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, 0, 0)).save(stream, "PNG")
    return stream.getvalue()


PETS: Files = {
    "source/cat/1.png": png(1),
    "source/dog/1.png": png(2),
    "target/1.png": png(3),
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def zipped(folder: Path, files: Files, name: str = "pets.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(file, content)
    return path


def left_behind(cache: Path) -> list[str]:
    """What is in the folder of zips, outside of those that are whole."""
    folder = cache / "own"
    return [p.name for p in folder.iterdir() if len(p.name) != 64] if folder.exists() else []


def refused(path: Path, cache: Path) -> str:
    """The sentence, once it is sure that nothing was kept."""
    with pytest.raises(DataError) as caught:
        unpacked(path)
    assert not [p for p in (cache / "own").rglob("*") if p.is_file()]
    assert left_behind(cache) == []
    told = str(caught.value)
    assert "\n" not in told
    return told


@pytest.mark.parametrize("above", ["", "pets/"])
def test_source_and_target_stand_at_the_top_or_one_level_down(
    tmp_path: Path, cache: Path, above: str
) -> None:
    path = zipped(tmp_path, {above + name: content for name, content in PETS.items()})
    source, target = unpacked(path)
    assert (source.name, target.name) == ("source", "target")
    assert sorted(p.name for p in source.iterdir()) == ["cat", "dog"]
    assert (target / "1.png").read_bytes() == PETS["target/1.png"]
    assert is_unpacked(source)
    assert is_unpacked(target / "1.png")
    assert left_behind(cache) == []


def test_of_two_other_folders_the_one_with_classes_is_the_source(tmp_path: Path) -> None:
    labelled = {"web/cat/1.png": png(1), "web/dog/2.png": png(2)}
    source, target = unpacked(zipped(tmp_path, {"phone/1.png": png(), **labelled}))
    assert (source.name, target.name) == ("web", "phone")
    both = {"phone/cat/1.png": png(), **labelled}
    source, target = unpacked(zipped(tmp_path, both))
    assert (source.name, target.name) == ("phone", "web")


def test_two_tables_are_two_domains(tmp_path: Path) -> None:
    path = zipped(tmp_path, {"Source.csv": b"a,label\n1,x\n", "target.csv": b"a\n2\n"})
    assert [found.name for found in unpacked(path)] == ["Source.csv", "target.csv"]


@pytest.mark.parametrize(
    "files",
    [
        {"a/1.png": png(), "b/1.png": png(), "c/1.png": png()},
        {"source/cat/1.png": png()},
        {"one.csv": b"a\n1\n", "two.csv": b"a\n1\n"},
        {"source/readme.txt": b"hello", "target/readme.txt": b"hello"},
        {"__MACOSX/source/cat/1.png": png(), "__MACOSX/target/1.png": png()},
    ],
)
def test_a_zip_of_another_form_is_told_how_one_has_to_look(
    tmp_path: Path, cache: Path, files: Files
) -> None:
    told = refused(zipped(tmp_path, files), cache)
    assert told.startswith("pets.zip has ")
    assert '"source" with a folder for each class and "target"' in told


def test_what_systems_add_and_what_nobody_reads_stays_out(tmp_path: Path) -> None:
    more = {
        "__MACOSX/source/cat/._1.png": b"x",
        "source/.DS_Store": b"x",
        "source/cat/notes.txt": b"x",
        "source/cat/run.sh": b"x",
        "notes/readme.md": b"x",
    }
    source, _ = unpacked(zipped(tmp_path, {**PETS, **more}))
    there = {p.name for p in source.parent.rglob("*") if p.is_file()}
    assert there == {"1.png"}


def test_a_class_folder_with_nothing_to_read_is_still_there_to_be_missed(tmp_path: Path) -> None:
    source, _ = unpacked(zipped(tmp_path, {**PETS, "source/bird/1.heic": b"x"}))
    assert (source / "bird").is_dir()


@pytest.mark.parametrize(
    "name",
    [
        "../outside.png",
        "source/../../outside.png",
        "/tmp/outside.png",
        "C:/outside.png",
        "source\\..\\..\\outside.png",
        "source//1.png",
        "./source/1.png",
        "source/./1.png",
    ],
)
def test_no_name_leads_out(tmp_path: Path, cache: Path, name: str) -> None:
    told = refused(zipped(tmp_path, {**PETS, name: png()}), cache)
    assert "could lead out of it" in told
    assert not list(tmp_path.rglob("outside.png"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFBLK])
def test_links_and_devices_are_refused(tmp_path: Path, cache: Path, kind: int) -> None:
    path = zipped(tmp_path, PETS)
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("target/2.png")
        info.create_system, info.external_attr = 3, (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert "link or a device" in refused(path, cache)


def test_a_zip_with_a_password_is_refused(tmp_path: Path, cache: Path) -> None:
    path = zipped(tmp_path, PETS)
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flags of each file
        start = content.find(mark)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(mark, start + 1)
    path.write_bytes(content)
    assert "encrypted with a password" in refused(path, cache)


def test_another_packing_is_refused(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "pets.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in PETS.items():
            archive.writestr(name, content)
    assert "packed in a way that is not read" in refused(path, cache)


def test_a_zip_that_swells_is_refused_before_anything_is_written(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "MOST_UNPACKED", 10**6)
    path = zipped(tmp_path, {**PETS, "target/large.png": bytes(2 * 10**6)})
    assert path.stat().st_size < 10_000
    assert "unpacked" in refused(path, cache)


def test_a_file_that_is_larger_than_it_says_is_not_believed(tmp_path: Path, cache: Path) -> None:
    path = zipped(tmp_path, {**PETS, "target/large.png": bytes(3 * 10**6)})
    content = path.read_bytes()
    said = struct.pack("<I", 3 * 10**6)
    assert content.count(said) == 2
    path.write_bytes(content.replace(said, struct.pack("<I", 100)))
    assert "damaged" in refused(path, cache)


def test_too_many_files_are_refused(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "MOST_FILES", 3)
    unpacked(zipped(tmp_path, PETS))
    with pytest.raises(DataError) as caught:
        unpacked(zipped(tmp_path, {**PETS, "target/2.png": png()}))
    assert "has 4 files, and at most 3" in str(caught.value)


def test_a_list_of_files_that_would_fill_the_memory_is_not_read(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "MOST_LISTED", 1000)
    path = zipped(tmp_path, {f"target/{k}.png": b"" for k in range(100)})
    assert "list of files" in refused(path, cache)


def test_a_zip_that_is_too_large_is_not_opened(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "MOST_PACKED", 100)
    assert "MB are taken" in refused(zipped(tmp_path, PETS), cache)


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04" + bytes(40)])
def test_what_is_no_zip_is_said(tmp_path: Path, cache: Path, content: bytes) -> None:
    path = tmp_path / "pets.zip"
    path.write_bytes(content)
    assert "damaged, or no zip" in refused(path, cache)


def test_an_empty_zip_is_said(tmp_path: Path, cache: Path) -> None:
    assert "is empty" in refused(zipped(tmp_path, {}), cache)


def test_every_damaged_zip_is_refused_or_read_as_it_was(tmp_path: Path, cache: Path) -> None:
    content = zipped(tmp_path, PETS).read_bytes()
    path = tmp_path / "damaged.zip"
    for at in range(0, len(content), 3):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        try:
            source, target = unpacked(path)
        except DataError:
            continue
        assert is_unpacked(source)
        assert is_unpacked(target)
    for length in range(0, len(content), 7):
        path.write_bytes(content[:length])
        with pytest.raises(DataError):
            unpacked(path)
    assert left_behind(cache) == []


def test_one_name_for_two_files_is_refused(tmp_path: Path, cache: Path) -> None:
    assert "twice" in refused(zipped(tmp_path, {**PETS, "Target/1.PNG": png()}), cache)


def test_one_name_for_a_file_and_a_folder_is_refused(tmp_path: Path, cache: Path) -> None:
    path = zipped(tmp_path, {"source.png": png(), "source.png/cat/1.png": png()})
    assert "a file and a folder of one name" in refused(path, cache)


def test_names_keep_their_letters(tmp_path: Path) -> None:
    files = {"source/Käfer/1.png": png(1), "source/猫/1.png": png(2), "target/1.png": png()}
    source, _ = unpacked(zipped(tmp_path, files))
    assert sorted(p.name for p in source.iterdir()) == ["Käfer", "猫"]


def test_letters_without_a_mark_are_read_as_utf_8_or_as_the_old_pcs() -> None:
    for raw, name in (("Käfer".encode(), "Käfer"), ("Käfer".encode("cp437"), "Käfer")):
        info = zipfile.ZipInfo(raw.decode("cp437"))
        assert zips._name(info) == name


@pytest.mark.parametrize("name", ["source/cat/\x07.png", "target/\u202egnp.exe.png"])
def test_names_that_cannot_be_shown_are_refused(tmp_path: Path, cache: Path, name: str) -> None:
    assert "cannot be shown" in refused(zipped(tmp_path, {**PETS, name: png()}), cache)


def test_a_zip_that_was_unpacked_is_used_again(tmp_path: Path) -> None:
    first = unpacked(zipped(tmp_path, PETS))
    marked = first[0] / "marked"
    marked.touch()
    copy = tmp_path / "copy.zip"
    copy.write_bytes((tmp_path / "pets.zip").read_bytes())
    assert unpacked(copy) == first
    assert marked.exists()


def test_the_zips_that_were_used_last_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "MOST_KEPT", 2)
    made = [zipped(tmp_path, {**PETS, "target/2.png": png(k)}, f"{k}.zip") for k in range(3)]
    first, second = (unpacked(path)[0].parent for path in made[:2])
    for age, folder in ((20, first), (10, second)):
        os.utime(folder, (age, age))
    assert unpacked(made[0])[0].parent == first, "used again, so it is the last one now"
    third = unpacked(made[2])[0].parent
    assert [folder.exists() for folder in (first, second, third)] == [True, False, True]


def test_two_zips_at_once_do_not_meet(tmp_path: Path, cache: Path) -> None:
    paths = [zipped(tmp_path, PETS), zipped(tmp_path, PETS, "again.zip")]
    other = zipped(tmp_path, {**PETS, "target/2.png": png(7)}, "other.zip")
    found: list[tuple[Path, Path]] = []
    threads = [
        threading.Thread(target=lambda path=path: found.append(unpacked(path)))  # type: ignore[misc]
        for path in (*paths, other) * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 9
    assert {len(list(target.iterdir())) for _, target in found} == {1, 2}
    assert left_behind(cache) == []


def test_a_full_disk_is_said_and_leaves_nothing(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path, PETS)
    monkeypatch.setattr(zips, "SPARE", 10**18)
    assert "no room" in refused(path, cache)


def test_only_what_a_zip_was_unpacked_to_counts_as_unpacked(tmp_path: Path) -> None:
    source, _ = unpacked(zipped(tmp_path, PETS))
    for path in (place(), source.parent.parent, source / "../../..", tmp_path, place() / "x", "/"):
        assert not is_unpacked(path), path
    assert is_unpacked(source.parent)
    link = source.parent / "link"
    if hasattr(os, "symlink"):
        link.symlink_to(tmp_path)
        assert not is_unpacked(link)
