"""Two folders of made-up photos, laid out as Office-31 is: things on a desk, in two domains.

    python -m dann_lab.lessons.office FOLDER

makes FOLDER/amazon, 64x64 colour pictures on white in a folder for each of five classes, and
FOLDER/webcam, the same kinds of things in grey, blurred, on a cluttered desk, without labels (with
``--labels`` in folders too). Documentation and tests use them: nothing has to be downloaded.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

CLASSES = ("bottle", "keyboard", "lamp", "mug", "scissors")
SIDE = 64
DRAWN = 2 * SIDE
"""The side at which a picture is drawn, to be halved, which smooths its edges."""
Pen = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


def _bottle(pen: Pen, c: Colour) -> None:
    pen.rounded_rectangle((48, 52, 80, 112), 6, c)
    pen.rectangle((57, 18, 71, 54), c)


def _keyboard(pen: Pen, c: Colour) -> None:
    pen.rounded_rectangle((14, 44, 114, 86), 5, c)
    keys = tuple(v // 3 for v in c)
    for row in range(3):
        for column in range(9):
            x, y = 19 + 10 * column + 2 * row, 50 + 11 * row
            pen.rectangle((x, y, x + 6, y + 7), keys)


def _lamp(pen: Pen, c: Colour) -> None:
    pen.polygon(((64, 16), (100, 60), (28, 60)), c)
    pen.rectangle((61, 60, 67, 106), c)
    pen.rectangle((42, 104, 86, 112), c)


def _mug(pen: Pen, c: Colour) -> None:
    pen.rounded_rectangle((28, 34, 80, 102), 5, c)
    pen.arc((66, 46, 108, 90), 0, 360, c, 9)


def _scissors(pen: Pen, c: Colour) -> None:
    pen.line((32, 18, 84, 88), c, 9)
    pen.line((96, 18, 44, 88), c, 9)
    pen.ellipse((24, 80, 58, 114), outline=c, width=8)
    pen.ellipse((70, 80, 104, 114), outline=c, width=8)


THINGS: dict[str, Callable[[Pen, Colour], None]] = {
    "bottle": _bottle,
    "keyboard": _keyboard,
    "lamp": _lamp,
    "mug": _mug,
    "scissors": _scissors,
}


def amazon(name: str, random: np.random.RandomState) -> Image.Image:
    """A thing in colour on white, as a shop shows it."""
    colour: Colour = tuple(random.randint(20, 200, 3).tolist())
    return _drawn(name, Image.new("RGB", (DRAWN, DRAWN), "white"), colour, random)


def webcam(name: str, random: np.random.RandomState) -> Image.Image:
    """A thing in grey on a desk with clutter, a little blurred, as a camera sees it."""
    desk = Image.new("RGB", (DRAWN, DRAWN), (int(random.randint(130, 200)),) * 3)
    pen = ImageDraw.Draw(desk)
    for _ in range(12):
        grey = (int(random.randint(20, 240)),) * 3
        x, y, w, h = (int(v) for v in random.randint(0, DRAWN, 4))
        pen.line((x, y, w, h), grey, int(random.randint(3, 10)))
    dark = (int(random.randint(20, 100)),) * 3
    picture = _drawn(name, desk, dark, random).filter(ImageFilter.GaussianBlur(1.5))
    noise = random.normal(0, 15, (DRAWN, DRAWN, 1))
    return Image.fromarray((np.asarray(picture) + noise).clip(0, 255).astype(np.uint8)).convert("L")


def _drawn(
    name: str, ground: Image.Image, colour: Colour, random: np.random.RandomState
) -> Image.Image:
    shape = Image.new("RGB", (DRAWN, DRAWN), "black")
    layer = Image.new("RGB", (DRAWN, DRAWN), ground.getpixel((0, 0)))
    THINGS[name](ImageDraw.Draw(layer), colour)
    THINGS[name](ImageDraw.Draw(shape), (255, 255, 255))
    mask = shape.convert("L").point(lambda value: 255 if value else 0)
    scale = float(random.uniform(0.75, 1.1))
    turned = math.radians(float(random.uniform(-25, 25)))
    shift = random.uniform(-10, 10, 2)
    middle = DRAWN / 2
    cos, sin = math.cos(turned) / scale, math.sin(turned) / scale
    matrix = (
        *(cos, sin, middle - cos * (middle + shift[0]) - sin * (middle + shift[1])),
        *(-sin, cos, middle + sin * (middle + shift[0]) - cos * (middle + shift[1])),
    )
    size, how = (DRAWN, DRAWN), Image.Transform.AFFINE
    moved = layer.transform(size, how, matrix, Image.Resampling.BILINEAR)
    cut = mask.transform(size, how, matrix, Image.Resampling.BILINEAR)
    return Image.composite(moved, ground, cut)


DOMAINS = {"amazon": amazon, "webcam": webcam}


def make(folder: Path, each: int = 120, labels: bool = False, seed: int = 0) -> None:
    """``each``: how many pictures of a class and domain."""
    for number, (domain, draw) in enumerate(DOMAINS.items()):
        random = np.random.RandomState(2 * seed + number)
        count = 0
        for name in CLASSES:
            place = folder / domain / (name if labels or domain == "amazon" else "")
            place.mkdir(parents=True, exist_ok=True)
            for _ in range(each):
                count += 1
                picture = draw(name, random).resize((SIDE, SIDE), Image.Resampling.BOX)
                file = f"frame_{count:04d}.{'jpg' if domain == 'amazon' else 'png'}"
                picture.save(place / file, quality=95)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=120, help="pictures of a class and domain")
    parser.add_argument("--labels", action="store_true", help="the target in class folders, too")
    arguments = parser.parse_args()
    make(arguments.folder, arguments.each, arguments.labels)
    print(f"{arguments.folder}: {', '.join(DOMAINS)}")


if __name__ == "__main__":
    main()
