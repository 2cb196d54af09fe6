"""The box of lesson 08 that takes two domains of one's own in a zip, and the example until then."""

from __future__ import annotations

import shutil
from pathlib import Path
from secrets import token_hex
from typing import Any

import traitlets

from dann_core.datasets import about, own, zips
from dann_core.domains import DomainPair
from dann_core.errors import DannError
from dann_core.files import AnyPath, cache_dir, cannot_write
from dann_lab.lessons import office
from dann_lab.lessons.sealed import Envelope, sealed
from dann_lab.live import words
from dann_lab.live.own import shortened, unpacked
from dann_lab.live.upload import Upload
from dann_lab.widgets.base import Widget
from dann_lab.widgets.document import STATIC, style

EXAMPLE = "office-1"
"""The folder of the example in the cache. Count on when office.py draws other pictures."""
RUN_BELOW = "Run the cells below."
KEPT = "What was in use before stays in use."
EXAMPLE_TEXT = (
    "Nothing sent yet, so the cells below use the example: made-up photos in a folder “amazon” "
    "and a folder “webcam”."
)


def example_folders() -> tuple[Path, Path]:
    """The two folders of the example: "amazon" with class folders, and "webcam" without labels.

    Drawn once into the cache, which takes some seconds, and there at once the next time. Raises
    :class:`DannError` where nothing can be written.
    """
    folder = _example()
    return folder / "amazon", folder / "webcam"


def _example() -> Path:
    """The example's folder: the source, the target, and "envelope", the same target pictures in
    class folders."""
    folder = cache_dir() / "lessons" / EXAMPLE
    if folder.is_dir():
        return folder
    temporary = folder.with_name(f".{EXAMPLE}.{token_hex(8)}.tmp")
    try:
        office.make(temporary)
        office.make(temporary / "labelled", labels=True)
        (temporary / "labelled" / "webcam").rename(temporary / "envelope")
        shutil.rmtree(temporary / "labelled")
        _keep(temporary, folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _keep(temporary: Path, folder: Path) -> None:
    try:
        temporary.rename(folder)
    except OSError:
        if not folder.is_dir():  # another process has drawn the same one meanwhile
            raise


class OwnFolders(Widget):
    """Shows where a zip is dropped or chosen, what was found in it, and what is wrong with it.

    ``source`` and ``target``: the two folders or files in use. What cannot be used changes neither.
    """

    _esm = STATIC / "upload.js"
    _css = style("dashboard.css")

    asks_python = traitlets.Bool(True).tag(sync=True)
    most = traitlets.Int(zips.MOST_PACKED).tag(sync=True)
    """The most bytes of a zip."""
    found = traitlets.Unicode().tag(sync=True)
    """What is in use, as whole sentences."""
    problem = traitlets.Unicode().tag(sync=True)
    """What is wrong with the last zip, with its remedy; "" where nothing is."""

    def __init__(self, source: Path, target: Path, envelope: Path | None, found: str):
        super().__init__(found=found)
        self.source, self.target, self._envelope = source, target, envelope
        self._upload: Upload | None = None
        self.on_msg(self._hear)

    def read(self, **options: Any) -> tuple[DomainPair, Envelope]:
        """The pair, its target without labels, and those labels, as far as there are any.

        ``options``: as for :func:`dann_core.datasets.own.from_paths`, such as ``size=32``, the side
        in pixels. Raises :class:`DataError` for what cannot be used.
        """
        pair = own.from_paths(self.source, self.target, **options)
        if self._envelope is None:
            return sealed(pair)
        # The same pictures have the same places, whatever folder they are in.
        return pair, sealed(own.from_paths(self.source, self._envelope, **options))[1]

    def words(self) -> list[str]:
        return ["A box for two domains of your own", *filter(None, (self.found, self.problem))]

    def _hear(self, _: Any, message: dict[str, Any], buffers: list[bytes]) -> None:
        if message["type"] == "part":
            self._receive(message)
        elif message["type"] == "drop" and self._upload and self._upload.key == message["key"]:
            self._forget()

    def _receive(self, message: dict[str, Any]) -> None:
        key, problem = message["key"], ""
        try:
            if self._upload is None or self._upload.key != key:
                self._forget()
                self._upload = Upload(key, message["name"], message["size"])
            self._upload.add(message["first"], message["data"])
        except DannError as error:
            problem = str(error)
            self._forget()
        upload = self._upload
        received = upload.received if upload else 0
        self.send({"type": "received", "key": key, "received": received, "problem": problem})
        if upload and upload.is_complete:
            self._upload = None
            self._look(upload)

    def _forget(self) -> None:
        """The zip that is on its way."""
        if self._upload:
            self._upload.drop()
            self._upload = None

    def _look(self, upload: Upload) -> None:
        self.problem = ""
        try:
            place = unpacked(upload.path, upload.name)
            pair = own.from_paths(place.source, place.target)
        except DannError as error:
            self.problem = f"{shortened(str(error))} {KEPT}"
        except Exception as error:  # of files that may be anything, and the page has to hear of it
            self.problem = f"{words.unexpected(error)} {KEPT}"
        else:
            self.source, self.target = Path(place.source), Path(place.target)
            self._envelope = None
            self.found = f"Found in {upload.name}: {about.sentence(about.about(pair))} {RUN_BELOW}"
        self.send({"type": "ready"})


def own_folders(source: AnyPath | None = None, target: AnyPath | None = None) -> OwnFolders:
    """The box. Without a word it begins with the example.

    ``source``: a zip on this machine, or with ``target`` two folders or files here. Raises
    :class:`DataError` for what is not there or cannot be used.
    """
    if source is None:
        folder = _example()
        return OwnFolders(*example_folders(), folder / "envelope", EXAMPLE_TEXT)
    if target is None:
        first, second = zips.unpacked(source)
    else:
        first, second = Path(source), Path(target)
    pair = own.from_paths(first, second)
    return OwnFolders(first, second, None, f"{about.sentence(about.about(pair))} {RUN_BELOW}")
