"""Frames of a map: they go on from one another, stay put where nothing changes, and repeat."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch

from dann_core.domains import DomainPair
from dann_core.errors import DannError, DataError
from dann_core.evaluation import features
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.maps.layouts import METHODS
from dann_lab.maps.moving import Mapper, warm_up
from dann_lab.maps.points import Floats, onto

pytestmark = pytest.mark.usefixtures("one_thread")
every_method = pytest.mark.parametrize("method", METHODS)


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def film(digits_pair: DomainPair) -> list[Floats]:
    """Features of 200 + 200 test images after 30 and after 40 steps of a real training."""
    images = torch.cat([d.test.images[:200] for d in (digits_pair.source, digits_pair.target)])
    trainer = Trainer(digits_pair, preset("quick", steps=40))
    return [
        features(trainer.model, digits_pair, images).numpy()
        for record in trainer
        if record.step in (30, 40)
    ]


def moved(frame: Floats, last: Floats) -> float:
    """How far a point moved on average, as a share of the map's width."""
    return float(np.linalg.norm(frame - last, axis=1).mean() / np.ptp(last, axis=0).max())


def kept(values: Floats, positions: Floats) -> float:
    """The share of a point's 15 neighbours in the features that are its neighbours on the map."""
    here, there = (
        torch.cdist(found, found).argsort(dim=1)[:, 1:16].numpy()
        for found in map(torch.from_numpy, (values, positions))
    )
    return float(np.mean([np.isin(a, b).mean() for a, b in zip(here, there, strict=True)]))


def points(n: int = 60, d: int = 80, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


@every_method
def test_unchanged_features_leave_the_points_where_they_are(
    method: str, film: list[Floats]
) -> None:
    mapper = Mapper()
    last = mapper.frame(film[0], method)
    for _ in range(4):
        frame = mapper.frame(film[0], method)
        assert moved(frame, last) < 0.01
        last = frame


@every_method
def test_a_frame_drifts_from_the_last_and_is_as_good_as_one_from_scratch(
    method: str, film: list[Floats]
) -> None:
    mapper = Mapper()
    last = mapper.frame(film[0], method)
    frame = mapper.frame(film[1], method)
    scratch = onto(Mapper().frame(film[1], method), last)
    assert 0 < moved(frame, last) <= moved(scratch, last)
    if method != "PCA":
        assert moved(frame, last) < 0.5 * moved(scratch, last)
    assert kept(film[1], frame) > 0.9 * kept(film[1], scratch)


@every_method
def test_features_that_only_turn_and_grow_do_not_turn_or_grow_the_map(
    method: str, film: list[Floats]
) -> None:
    mapper = Mapper()
    for _ in range(2):
        last = mapper.frame(film[0], method)
    frame = mapper.frame(-3 * film[0][:, ::-1] + 5, method)
    assert moved(frame, last) < 0.01


def test_frames_are_equally_large_and_no_turn_would_bring_them_nearer(
    film: list[Floats],
) -> None:
    mapper = Mapper()
    last = mapper.frame(film[0], "PCA")
    for method in ("t-SNE", "UMAP", "PCA", "UMAP", "t-SNE", "PCA"):
        frame = mapper.frame(film[1], method)
        assert frame.dtype == np.float32
        np.testing.assert_allclose(frame.mean(axis=0), 0, atol=1e-4)
        assert (frame**2).sum(axis=1).mean() == pytest.approx(1, rel=1e-3)
        np.testing.assert_allclose(onto(frame, last), frame, atol=1e-3)
        last = frame


def test_tsne_and_umap_go_on_from_each_other(film: list[Floats]) -> None:
    mapper = Mapper()
    last = mapper.frame(film[0], "t-SNE")
    for method in ("UMAP", "t-SNE"):
        frame = mapper.frame(film[0], method)
        assert 0 < moved(frame, last) < 0.05
        last = frame


@every_method
def test_pca_after_another_map_is_pca(method: str, film: list[Floats]) -> None:
    mapper = Mapper()
    mapper.frame(film[0], method)
    frame = mapper.frame(film[0], "PCA")
    np.testing.assert_allclose(onto(Mapper().frame(film[0], "PCA"), frame), frame, atol=1e-2)


def test_pca_follows_the_directions_of_largest_spread_within_a_few_frames() -> None:
    """The second direction gives way to the third: the view turns, and ends at the plain map."""
    spread = np.r_[9, 6, 5, np.ones(77)].astype(np.float32)
    swapped = np.r_[9, 5, 6, np.ones(77)].astype(np.float32)
    mapper = Mapper()
    last = mapper.frame(points(200) * spread, "PCA")
    plain = onto(Mapper().frame(points(200) * swapped, "PCA"), last)
    assert moved(mapper.frame(points(200) * swapped, "PCA"), last) < 0.8 * moved(plain, last)
    for _ in range(12):
        last = mapper.frame(points(200) * swapped, "PCA")
    np.testing.assert_allclose(onto(plain, last), last, atol=0.05)


@every_method
def test_the_same_frames_come_out_the_same(method: str) -> None:
    def both() -> list[Floats]:
        mapper = Mapper(seed=3)
        return [mapper.frame(torch.from_numpy(points(seed=seed)), method) for seed in (0, 1)]

    np.testing.assert_array_equal(both(), both())


@every_method
def test_an_interrupted_film_goes_on(method: str, film: list[Floats]) -> None:
    last = Mapper().frame(film[0], method)
    mapper = Mapper()
    mapper.go_on(last, method)
    frame = mapper.frame(film[0], method)
    assert moved(frame, last) < 0.01


@every_method
def test_a_film_goes_on_from_any_of_its_frames(method: str, film: list[Floats]) -> None:
    mapper = Mapper()
    first = mapper.frame(film[0], method)
    mapper.frame(film[1], method)
    mapper.go_on(first, method)
    assert moved(mapper.frame(film[0], method), first) < 0.01
    with pytest.raises(DataError, match=r"former map has shape \[60, 80\]"):
        mapper.go_on(points(), method)


@pytest.mark.parametrize("method", ["PCA", "UMAP"])
def test_a_map_made_afresh_lies_on_the_last_and_is_as_good_as_one_from_scratch(
    method: str, film: list[Floats]
) -> None:
    mapper = Mapper()
    last = mapper.frame(film[0], method)
    frame = mapper.frame(film[1], method, afresh=True)
    np.testing.assert_allclose(onto(frame, last), frame, atol=1e-3)
    assert kept(film[1], frame) > 0.9 * kept(film[1], Mapper().frame(film[1], method))


def test_several_mappers_work_in_several_threads() -> None:
    alone = [Mapper().frame(points(seed=seed), "UMAP") for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = pool.map(lambda seed: Mapper().frame(points(seed=seed), "UMAP"), range(4))
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_array_equal(one, other)


@every_method
def test_warming_up_is_done_once(method: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        took = pool.submit(warm_up, method).result()
    assert took > 0
    assert warm_up(method) == took


@every_method
def test_frames_leave_the_random_numbers_of_others_alone(method: str) -> None:
    torch.manual_seed(0)
    np.random.seed(0)
    expected = torch.rand(1), np.random.rand()
    torch.manual_seed(0)
    np.random.seed(0)
    Mapper().frame(points(), method)
    assert (torch.rand(1), np.random.rand()) == expected


@every_method
def test_a_collapsed_network_is_one_point_and_the_film_goes_on_after_it(
    method: str, film: list[Floats]
) -> None:
    mapper = Mapper()
    last = mapper.frame(film[0], method)
    assert not mapper.frame(np.ones_like(film[0]), method).any()
    assert moved(mapper.frame(film[0], method), last) < 0.01
    assert not Mapper().frame(np.ones((20, 3)), method).any()


@every_method
@pytest.mark.parametrize("n", [17, 18, 50, 51])
def test_few_points_and_points_in_the_same_place_can_be_mapped(method: str, n: int) -> None:
    values = points(n, d=3 if n == 18 else 80)
    values[: n // 2] = 0
    mapper = Mapper()
    for _ in range(2):
        frame = mapper.frame(values, method)
        assert frame.shape == (n, 2)
        assert np.isfinite(frame).all()


@every_method
def test_what_cannot_be_mapped_is_named_and_the_film_goes_on(method: str) -> None:
    mapper, alone = Mapper(), Mapper()
    for each in (mapper, alone):
        each.frame(points(), method)
    with pytest.raises(DataError, match=r"16 points are too few.*at least 17"):
        mapper.frame(points(16), method)
    with pytest.raises(DataError, match=r"61 points after 60.*new Mapper"):
        mapper.frame(points(61), method)
    with pytest.raises(DataError, match="NaN"):
        mapper.frame(np.where(np.arange(60)[:, None] == 7, np.nan, points()), method)
    with pytest.raises(DataError, match=r"shape \[60\]"):
        mapper.frame(points()[:, 0], method)
    with pytest.raises(DannError, match=r"no map 'tsne'.*PCA, t-SNE, UMAP"):
        mapper.frame(points(), "tsne")
    np.testing.assert_array_equal(
        mapper.frame(points(seed=1), method), alone.frame(points(seed=1), method)
    )


def test_a_start_that_is_no_map_is_named() -> None:
    with pytest.raises(DataError, match=r"former map has shape \[60, 80\]"):
        Mapper().go_on(points(), "PCA")
    with pytest.raises(DannError, match="no map 'LDA'"):
        Mapper().go_on(points()[:, :2], "LDA")
    with pytest.raises(DannError, match="no map 'LDA'"):
        warm_up("LDA")


def test_the_benchmark_gives_a_row_for_each_method(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "maps.py"
    spec = importlib.util.spec_from_file_location("maps_benchmark", path)
    assert spec is not None
    assert spec.loader is not None
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    benchmark.main(["--points", "60", "--steps", "2", "--every", "1", "--frames", "2"])
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    assert [line.split(" | ")[0][2:] for line in lines] == ["map", "---", *METHODS]
