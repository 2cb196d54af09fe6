"""The embedded pair behind stripes: the same digits, and stripes that the seed decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dann_core.datasets import load_pair
from dann_core.datasets.stripes import INK, behind_stripes
from dann_core.domains import DomainPair
from dann_core.errors import DataError, RecipeError

BLANK = np.zeros((40, 28, 28, 3), np.uint8)
SPLITS = ("train", "validation", "test")


INKED = BLANK.copy()
INKED[:, 8:20, 10:18] = 255


def test_source_and_splits_are_those_of_the_pair_over_photos(
    stripes_pair: DomainPair, digits_pair: DomainPair
) -> None:
    for name in SPLITS:
        stripes, photos = (getattr(pair.source, name) for pair in (stripes_pair, digits_pair))
        assert torch.equal(stripes.images, photos.images)
        assert torch.equal(stripes.labels, photos.labels)
        assert torch.equal(getattr(stripes_pair.target, name).labels, stripes.labels)


def test_ink_adds_the_same_to_every_pixel_of_the_stripes(stripes_pair: DomainPair) -> None:
    blank = behind_stripes(BLANK, seed=3).astype(int)
    assert np.array_equal(behind_stripes(INKED, seed=3), (blank + INK * (INKED > 0)).clip(0, 255))
    # So in the pair's own images ink is brighter than what is beside it, seen over many.
    ink = stripes_pair.source.train.images > 0
    seen = stripes_pair.target.train.images.double()
    assert INK / 3 < seen[ink].mean() - seen[~ink].mean() < INK * 1.1  # white cannot be passed


def test_stripes_are_grey_and_repeat_along_a_line() -> None:
    seen = behind_stripes(BLANK, seed=0)
    assert (seen == seen[..., :1]).all()
    # From row to row each changes by more than from column to column: they lie rather than stand.
    down, across = (np.abs(np.diff(seen.astype(int), axis=axis)).mean() for axis in (1, 2))
    assert down > across > 0


def test_the_seed_decides_the_stripes() -> None:
    first, same, other = (behind_stripes(BLANK, seed) for seed in (1, 1, np.int64(2)))
    assert np.array_equal(first, same)
    assert not (first == other).all((1, 2, 3)).any()
    assert len(np.unique(first, axis=0)) == len(BLANK), "each image has its own"


def test_light_makes_the_same_stripes_brighter() -> None:
    dark, dim, bright = (behind_stripes(BLANK, 5, light) for light in (0, 60, 240))
    assert (dark == 0).all()
    assert (dim.max(), bright.max()) == (60, 240)
    np.testing.assert_allclose(dim * 4.0, bright, atol=3)


def test_the_pair_with_the_same_seed_is_the_same_and_with_another_has_other_stripes(
    stripes_pair: DomainPair,
) -> None:
    again, other = load_pair("stripes", seed=0), load_pair("stripes", seed=1)
    assert again.build == stripes_pair.build
    assert torch.equal(again.target.test.images, stripes_pair.target.test.images)
    assert torch.equal(other.source.test.images, stripes_pair.source.test.images)
    for key in ("id", "sha256"):
        assert other.build[key] != stripes_pair.build[key]
    for name in SPLITS:
        here, there = (getattr(pair.target, name).images for pair in (stripes_pair, other))
        assert not (here == there).flatten(1).all(1).any()


def test_no_test_image_has_stripes_that_were_seen_in_training(stripes_pair: DomainPair) -> None:
    """The frame of four pixels has no ink, and the stripes there tell one image from the others."""
    known = torch.cat([stripes_pair.target.train.images, stripes_pair.target.validation.images])
    frames = {images[:, :4].numpy().tobytes() for images in known[:, None]}
    assert len(frames) == len(known)
    tests = {images[:, :4].numpy().tobytes() for images in stripes_pair.target.test.images[:, None]}
    assert not frames & tests


def test_it_needs_no_network_and_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket", lambda *_, **__: pytest.fail("a connection was tried"))
    monkeypatch.setenv("DANN_CACHE", str(tmp_path / "cache"))
    load_pair("stripes", tmp_path / "no such folder")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("photos", ["heldout", "mine", "x" * 5000, None])
def test_photos_are_refused_for_there_are_none(photos: Any) -> None:
    with pytest.raises(DataError, match=r"^photos=.*'stripes' has no photos\. Leave it out") as no:
        load_pair("stripes", photos=photos)
    assert len(str(no.value)) < 150


@pytest.mark.parametrize("seed", [-1, 2**31, 0.5, True, "1"])
def test_a_seed_out_of_range_is_named(seed: Any) -> None:
    with pytest.raises(DataError, match=rf"seed={seed!r} is out of range"):
        load_pair("stripes", seed=seed)


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        ({"seed": -1}, RecipeError, "seed=-1"),
        ({"seed": 2**32}, RecipeError, f"seed={2**32}"),
        ({"light": 256}, RecipeError, "light=256"),
        ({"light": 0.5}, RecipeError, r"light=0\.5"),
        ({"digits": BLANK[..., 0]}, DataError, r"digits is \[40, 28, 28\]"),
        ({"digits": BLANK[:, :20]}, DataError, r"digits is \[40, 20, 28, 3\]"),
    ],
)
def test_what_no_stripes_can_be_made_of_is_named(
    changes: dict[str, Any], kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        behind_stripes(**{"digits": BLANK, "seed": 0} | changes)
