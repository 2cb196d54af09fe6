"""Pairs, how they are loaded, and how batches are drawn from them."""

from __future__ import annotations

from itertools import islice

import pytest
import torch

from dann_core.datasets import load_pair
from dann_core.domains import Batches, DomainPair, Split
from dann_core.errors import DataError
from dann_core.moons import moons_pair

EMBEDDED = (1_200, 197, 400)
SIZES = {"stripes": EMBEDDED, "digits": EMBEDDED, "mnist": (55_000, 5_000, 10_000)}


@pytest.fixture(params=["stripes", "digits", pytest.param("mnist", marks=pytest.mark.real_data)])
def pair(request: pytest.FixtureRequest) -> DomainPair:
    loaded: DomainPair = request.getfixturevalue(f"{request.param}_pair")
    return loaded


def test_all_pairs_have_the_same_types_shapes_and_splits(pair: DomainPair) -> None:
    for domain in (pair.source, pair.target):
        splits = (domain.train, domain.validation, domain.test)
        assert tuple(len(split) for split in splits) == SIZES[pair.name]
        for split in splits:
            assert split.images.dtype == torch.uint8
            assert split.images.shape == (len(split), 28, 28, 3)
            assert next(Batches(split, 8, seed=0))[0].is_contiguous()
            assert split.labels.dtype == torch.int64
            assert split.labels.unique().tolist() == list(range(10))
    assert pair.classes == 10


def test_source_is_binary_and_grey_and_target_is_not(pair: DomainPair) -> None:
    source = pair.source.test.images
    assert source.unique().tolist() == [0, 255]
    assert (source[..., :1] == source).all()
    assert len(pair.target.test.images.unique()) > 100


def test_every_pair_carries_a_build_id_and_a_checksum(pair: DomainPair) -> None:
    names = ("stripes-v1-seed0", "digits-v1-seed0-shared", "mnistm-v1-seed0-shared-")
    assert pair.build["id"].startswith(names)
    assert pair.build["seed"] == 0
    assert pair.build["code_version"] == 1
    assert len(pair.build["sha256"]) == 64


def test_target_shows_the_source_digits_in_the_same_order(pair: DomainPair) -> None:
    for source, target in (
        (pair.source.train, pair.target.train),
        (pair.source.validation, pair.target.validation),
        (pair.source.test, pair.target.test),
    ):
        assert torch.equal(source.labels, target.labels)
        if pair.name == "stripes":
            continue  # see tests/datasets/test_stripes.py
        # Inverting a stroke that was drawn by inverting the photo brings the smooth photo back.
        seen = target.images[:500].short()
        restored = torch.where(source.images[:500] > 0, 255 - seen, seen)
        assert restored.diff(dim=2).abs().sum() < 0.9 * seen.diff(dim=2).abs().sum()


def test_pixel_mean_is_per_channel_over_both_training_sets(pair: DomainPair) -> None:
    both = torch.cat([pair.source.train.images, pair.target.train.images])
    expected = torch.stack([both[..., c].sum() / both[..., c].numel() for c in range(3)])
    assert torch.allclose(pair.pixel_mean, expected, rtol=1e-6)


def test_prepare_subtracts_the_mean_and_divides_by_255(digits_pair: DomainPair) -> None:
    images = digits_pair.target.test.images[:5]
    x = digits_pair.prepare(images)
    assert x.dtype == torch.float32
    assert x.shape == (5, 3, 28, 28)
    assert x.is_contiguous(memory_format=torch.channels_last)
    by_hand = (images[3, 9, 17, 2].item() - digits_pair.pixel_mean[2].item()) / 255
    assert x[3, 2, 9, 17].item() == pytest.approx(by_hand)


def test_points_are_prepared_as_they_are() -> None:
    points = torch.randn(7, 2)
    assert torch.equal(moons_pair().prepare(points), points)


def test_a_pair_of_images_prepares_no_floats_and_no_other_size(digits_pair: DomainPair) -> None:
    for wrong, said in (
        (torch.rand(5, 28, 28, 3), r"torch\.float32 \[5, 28, 28, 3\], where torch\.uint8 \[N, 28,"),
        (torch.zeros(5, 32, 32, 3).byte(), r"\[5, 32, 32, 3\], where .* \[N, 28, 28, 3\] is"),
        (torch.randn(7, 2), r"torch\.float32 \[7, 2\], where torch\.uint8 \[N, 28, 28, 3\] is"),
    ):
        with pytest.raises(DataError, match=said):
            digits_pair.prepare(wrong)


def test_a_pair_of_points_prepares_no_images() -> None:
    with pytest.raises(DataError, match=r"torch\.uint8 \[3, 2\], where floating-point \[N, 2\] is"):
        moons_pair().prepare(torch.zeros(3, 2, dtype=torch.uint8))


@pytest.mark.gpu
def test_batches_and_preparation_stay_on_the_device(digits_pair: DomainPair) -> None:
    there = digits_pair.to("cuda")
    images, labels = next(Batches(there.source.train, 32, seed=0))
    assert images.is_cuda
    assert labels.is_cuda
    here = next(Batches(digits_pair.source.train, 32, seed=0))[0]
    assert torch.equal(images.cpu(), here)
    assert torch.allclose(there.prepare(images).cpu(), digits_pair.prepare(here))


def test_an_unknown_pair_is_named_with_the_ones_there_are() -> None:
    with pytest.raises(DataError, match=r"'svhn'.*digits, mnist"):
        load_pair("svhn")


def test_images_without_labels_are_refused() -> None:
    with pytest.raises(DataError, match="3 images but 2 labels"):
        Split(torch.zeros(3, 28, 28, 3, dtype=torch.uint8), torch.zeros(2, dtype=torch.int64))


# Batches. Each image is its own index, so that what was drawn can be read off.


def numbered(n: int) -> Split:
    return Split(torch.arange(n, dtype=torch.float32)[:, None], torch.arange(n))


def drawn(batches: Batches, n: int) -> list[int]:
    return [int(label) for _, labels in islice(batches, n) for label in labels]


def test_images_and_labels_stay_aligned() -> None:
    for images, labels in islice(Batches(numbered(100), 32, seed=0), 20):
        assert torch.equal(images[:, 0].long(), labels)


def test_an_epoch_draws_each_example_once_and_drops_the_rest() -> None:
    batches = Batches(numbered(100), 32, seed=0)
    first, second = drawn(batches, 3), drawn(batches, 3)
    assert len(set(first)) == len(set(second)) == 96
    assert first != second


def test_an_epoch_that_fits_exactly_is_used_up() -> None:
    batches = Batches(numbered(96), 32, seed=0)
    assert sorted(drawn(batches, 3)) == list(range(96))
    assert sorted(drawn(batches, 3)) == list(range(96))


def test_a_batch_is_as_large_as_asked() -> None:
    assert {len(labels) for _, labels in islice(Batches(numbered(100), 32, 0), 10)} == {32}


def test_the_seed_decides_the_order() -> None:
    first, same, other = (drawn(Batches(numbered(100), 32, seed), 7) for seed in (5, 5, 6))
    assert first == same
    assert first != other


def test_no_other_random_number_disturbs_the_order_or_is_disturbed() -> None:
    quiet = drawn(Batches(numbered(100), 32, seed=0), 7)
    torch.manual_seed(1)
    expected = torch.rand(1)
    torch.manual_seed(1)
    batches = Batches(numbered(100), 32, seed=0)
    disturbed = drawn(batches, 3)
    assert torch.equal(torch.rand(1), expected)
    disturbed += drawn(batches, 4)
    assert disturbed == quiet


@pytest.mark.parametrize("taken", [0, 2, 3, 4])
def test_a_restored_state_goes_on_with_the_same_batches(taken: int) -> None:
    batches = Batches(numbered(100), 32, seed=0)
    drawn(batches, taken)
    state = batches.state_dict()
    expected = drawn(batches, 8)
    restored = Batches(numbered(100), 32, seed=99)
    restored.load_state_dict(state)
    assert drawn(restored, 8) == expected


def test_a_state_of_another_data_set_is_refused() -> None:
    state = Batches(numbered(100), 32, seed=0).state_dict()
    with pytest.raises(DataError, match=r"100 training examples.*has 90"):
        Batches(numbered(90), 32, seed=0).load_state_dict(state)


def test_a_batch_larger_than_the_split_is_refused() -> None:
    with pytest.raises(DataError, match="32 examples cannot be drawn from 20"):
        Batches(numbered(20), 32, seed=0)
