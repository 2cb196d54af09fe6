"""The blend, by hand: drag a window over a photograph and see a digit blended with its pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import traitlets

from dann_core.datasets.blending import SIDE, Images, blend_patch
from dann_core.domains import DomainPair
from dann_core.errors import DataError
from dann_lab.figures.encoding import as_text, image_url
from dann_lab.figures.images import picture
from dann_lab.figures.theme import LIGHT, Figure
from dann_lab.lessons.protocol import BlendAnswer, Blended, BlendQuestion, Wanted
from dann_lab.widgets.base import PlotWidget
from dann_lab.widgets.document import STATIC
from dann_lab.widgets.explore import LESSONS_CSS


@dataclass(frozen=True)
class BlendedDigit:
    """A digit, the patch under the window, and the two blended: uint8 [28, 28, 3] each."""

    digit: Images
    patch: Images
    image: Images

    def sentence(self, name: int, row: int, column: int, signed: bool) -> str:
        ink = self.digit > 127
        before, after = self.patch[ink].mean(), self.image[ink].mean()
        change = (
            f"At row {row}, column {column}: under the strokes of the {name} the photograph's mean "
            f"brightness goes from {before:.0f} to {after:.0f}"
        )
        if signed:
            return f"{change}, 255 minus what it was. Elsewhere the photograph is as before."
        return f"{change}: taking away 255 wraps round to adding 1, and the digit is gone."


def sample_photos() -> dict[str, Images]:
    """scikit-learn's two photographs by name, uint8 [427, 640, 3] each; nothing is downloaded."""
    from sklearn.datasets import load_sample_images

    samples = load_sample_images()
    names = ("a temple in China", "a flower")
    return {name: np.asarray(photo) for name, photo in zip(names, samples.images, strict=True)}


class Blend(PlotWidget):
    """A photograph with a window of 28x28 pixels, moved with the mouse, a finger or the arrow
    keys; ten digits; and the digit, the patch and ``|patch - digit|``, enlarged.

    ``pair``: its source gives the digits, the first of each class in the test set.
    ``photos``: uint8 [H, W, 3] by name, at least 28x28; scikit-learn's two if left out.

    Every pixel that it shows enlarged comes from the kernel, and the blend from
    :func:`dann_core.datasets.blending.blend_patch`, which builds the data sets.
    """

    _esm = STATIC / "blending.js"
    _css = PlotWidget._css + LESSONS_CSS

    asks_python = traitlets.Bool(True).tag(sync=True)
    photos: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    first = traitlets.Dict().tag(sync=True)

    def __init__(self, pair: DomainPair, photos: Mapping[str, Images] | None = None):
        chosen = dict(photos or sample_photos())
        for name, photo in chosen.items():
            if photo.ndim != 3 or photo.shape[2] != 3 or min(photo.shape[:2]) < SIDE:
                raise DataError(
                    f"The photograph {name!r} has shape {list(photo.shape)}: it must be "
                    f"[H, W, 3], at least {SIDE} pixels each way."
                )
        self._pixels = list(chosen.values())
        test = pair.source.test
        labels = test.labels.cpu().numpy()
        images = test.images.cpu().numpy()
        self._digits = [images[int(np.argmax(labels == name))] for name in range(pair.classes)]
        row, column = ((side - SIDE) // 2 for side in self._pixels[0].shape[:2])
        start: Wanted = {"photo": 0, "row": row, "column": column, "digit": 3, "signed": True}
        super().__init__(
            photos=[
                {"name": name, "height": len(photo), "width": photo.shape[1], "url": _url(photo)}
                for name, photo in chosen.items()
            ],
            first={**start, **self._blended(start)},
        )

    def blended(self, photo: int, row: int, column: int, digit: int, signed: bool) -> BlendedDigit:
        """The pictures for a photograph (counted from 0), the window's top left corner, and a
        digit; ``signed`` False makes the mistake of subtracting in uint8."""
        patch = self._pixels[photo][row : row + SIDE, column : column + SIDE]
        ink = self._digits[digit]
        return BlendedDigit(ink, patch, blend_patch(patch, ink) if signed else np.abs(patch - ink))

    def words(self) -> list[str]:
        return ["A digit blended with a photograph", self.first["sentence"]]

    def panels(self) -> list[Figure]:
        first = self.first
        found = self.blended(
            *(first[name] for name in ("photo", "row", "column", "digit", "signed"))
        )
        photo = self.photos[first["photo"]]
        column, row = first["column"], first["row"]
        window = {
            "type": "rect",
            "line": {"color": LIGHT.orange, "width": 2},
            **{"x0": column, "x1": column + SIDE},
            **{"y0": photo["height"] - row, "y1": photo["height"] - row - SIDE},
        }
        return [
            picture(photo["url"], photo["name"], (photo["width"], photo["height"]), [window]),
            *(
                picture(image_url(pixels), name, (SIDE, SIDE))
                for name, pixels in (
                    ("the digit", found.digit),
                    ("the patch under the window", found.patch),
                    ("both blended", found.image),
                )
            ),
        ]

    def hear(self, message: BlendQuestion) -> None:
        answer: BlendAnswer = {
            "type": "blended",
            "client": message["client"],
            **self._blended(message),
        }
        self.send(answer)

    def _blended(self, wanted: Wanted) -> Blended:
        row, column = wanted["row"], wanted["column"]
        digit, signed = wanted["digit"], wanted["signed"]
        found = self.blended(wanted["photo"], row, column, digit, signed)
        return {
            "at": [row, column],
            "sentence": found.sentence(digit, row, column, signed),
            "ink": as_text(found.digit.tobytes()),
            "patch": as_text(found.patch.tobytes()),
            "image": as_text(found.image.tobytes()),
        }


def _url(photo: Images) -> str:
    # The overview only, so losses do not matter: the enlarged pixels come from the kernel.
    return image_url(photo, "JPEG", quality=88)
