"""Comparing, keeping and exporting on the dashboard, driven as a person would."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS, LivePage
from playwright.sync_api import Browser, expect
from serving import Server, dashboard_of_digits

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(own_cache: Path, home: Path) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DANN_RUNS", str(home / "runs"))
        with dashboard_of_digits(home) as started:
            yield started


@pytest.fixture(scope="module")
def shared(server: Server, chrome: Browser) -> LivePage:
    context = chrome.new_context(viewport={"width": 1440, "height": 1500}, accept_downloads=True)
    page = LivePage(context.new_page())
    page.open(server.url)
    return page


@pytest.fixture
def live(shared: LivePage) -> Iterator[LivePage]:
    """The shared page; no test may leave an error in the browser's console."""
    with shared.unharmed():
        yield shared


def offered(live: LivePage) -> dict[str, str]:
    """Title -> key of the runs that can be compared."""
    options = live.page.locator("[data-compare='0'] option").evaluate_all(
        "all => all.map(o => [o.textContent, o.value])"
    )
    return {title: key for title, key in options if key}


def choose(live: LivePage, *keys: str) -> None:
    titles = {key: title for title, key in offered(live).items()}
    for k in range(3):
        value = keys[k] if k < len(keys) else ""
        live.page.locator(f"[data-compare='{k}']").select_option(value)
    if not keys:
        expect(live.page.locator(".dann-player")).to_be_hidden()
        return
    expected = [titles[key] for key in keys]
    live.wait(lambda: lines(live) == expected, f"the curves of {expected} are in one picture")


def lines(live: LivePage) -> list[str]:
    found: list[str] = live.page.evaluate(
        "(document.querySelector('[data-plot=player-curves]').data ?? []).map(t => t.name)"
    )
    return found


def test_three_recorded_runs_are_there_before_anything_is_trained(live: LivePage) -> None:
    live.wait(lambda: len(lines(live)) == 3, "the recorded runs")
    kinds = ("source only", "lambda 0", "DANN")
    assert lines(live) == [f"{kind}, MNIST-M (recorded)" for kind in kinds]
    expect(live.shown("player-sentence")).to_contain_text("Step 4,000.")
    assert live.step == 0
    expect(live.page.get_by_role("button", name="Keep this run")).to_be_disabled()


def test_runs_of_this_page_lie_side_by_side_with_their_maps(live: LivePage) -> None:
    live.begin("pair=digits&steps=3001&lambda=0.5")
    live.page.locator("[data-choice=map]").select_option("PCA")
    live.train_to(30)
    live.wait(lambda: live.page.locator("[data-plot=map] svg").count() > 0, "a map")
    live.begin("pair=digits&steps=3002&mode=source")
    live.train_to(20)
    live.wait(lambda: len(offered(live)) >= 4, "both runs can be chosen")
    titles = offered(live)
    [by_hand] = [key for title, key in titles.items() if "by hand" in title]
    [source] = [key for title, key in titles.items() if title.startswith("source only, seed")]
    choose(live, by_hand, source)
    for run in (0, 1):
        points = (
            f"(document.querySelector(\"[data-run='{run}'] [data-plot=player-map]\")?.data ?? [])"
        )
        live.wait(
            lambda points=points: (
                live.page.evaluate(f"{points}.filter(t => t.customdata && t.x.length).length") > 0
            ),
            f"the map of run {run}",
        )
    table = live.shown("differences").inner_text()
    assert "mode" in table
    assert "not used" in table
    folder = Path("test-artifacts")
    folder.mkdir(exist_ok=True)
    live.page.locator(".dann-compare").screenshot(path=folder / "compare-1440-light.png")


def test_a_lambda_is_replayed_as_a_run_of_its_own(live: LivePage) -> None:
    live.begin("pair=digits&steps=3003&lambda=1.5")
    live.train_to(4)
    title = next(t for t in offered(live) if t.startswith("DANN, lambda by hand"))
    choose(live, offered(live)[title])
    live.page.locator("[data-replay='0']").click()
    live.wait(lambda: "Step 0 of 3,003 · ready" in live.status, "the replay is ready")
    live.press("Step")
    live.wait(lambda: live.step == 1, "a step")
    live.wait(lambda: len(live.curve("lambdas")[1]) == 1, "its lambda is drawn")
    assert live.curve("lambdas")[1][0] == pytest.approx(1.5)


def test_a_kept_run_can_be_chosen_after_a_reload(live: LivePage, home: Path) -> None:
    live.begin("pair=digits&steps=3004")
    step = live.train_to(3)
    live.press("Keep this run")
    expect(live.shown("notice")).to_contain_text("Kept in", timeout=SECONDS * 1000)
    [folder] = (home / "runs").iterdir()
    assert {"checkpoint.pt", "history.json", "snapshots.npz"} <= {p.name for p in folder.iterdir()}
    assert (
        len(json.loads((folder / "history.json").read_text(encoding="utf-8"))["steps"]["step"])
        == step
    )
    live.page.reload()
    live.wait_until_usable()
    live.wait(lambda: folder.name in offered(live), "the kept run is offered")
    choose(live, offered(live)[folder.name])
    assert lines(live) == [folder.name]


def test_the_table_and_the_page_are_downloaded_and_the_page_opens_offline(
    live: LivePage, chrome: Browser, tmp_path: Path
) -> None:
    live.begin("pair=digits&steps=3005")
    step = live.train_to(3)
    with live.page.expect_download(timeout=SECONDS * 1000) as download:
        live.press("Table")
    assert download.value.suggested_filename.endswith(".csv")
    download.value.save_as(tmp_path / "run.csv")
    rows = list(csv.DictReader((tmp_path / "run.csv").open(encoding="utf-8")))
    assert [row["step"] for row in rows] == [str(k) for k in range(step + 1)]
    choose(live, "recorded 0", "recorded 1")  # as at the beginning: the run is meant all the same
    with live.page.expect_download(timeout=SECONDS * 1000) as download:
        live.press("Page")
    assert download.value.suggested_filename.endswith(".html")
    download.value.save_as(tmp_path / "run.html")
    context = chrome.new_context(offline=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((tmp_path / "run.html").as_uri())
    expect(page.locator("[data-show=player-moment]")).to_have_text(f"Step {step} of {step}.")
    page.locator("[data-time=player]").focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-show=player-moment]")).to_have_text(f"Step 0 of {step}.")
    assert not errors
    context.close()


@pytest.mark.parametrize(("format_", "start"), [("PNG", b"\x89PNG"), ("SVG", b"<svg")])
def test_a_picture_is_saved(live: LivePage, tmp_path: Path, format_: str, start: bytes) -> None:
    live.page.locator("[data-choice=picture]").select_option("losses")
    with live.page.expect_download(timeout=SECONDS * 1000) as download:
        live.press(format_)
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name.startswith("dann-losses-step-")
    assert path.read_bytes().startswith(start)
    assert path.stat().st_size > 2000


def test_a_phone_shows_it_too_and_axe_finds_nothing(server: Server, chrome: Browser) -> None:
    context = chrome.new_context(viewport={"width": 390, "height": 1500}, color_scheme="dark")
    phone = LivePage(context.new_page())
    phone.open(server.url)
    phone.wait(lambda: len(lines(phone)) == 3, "the recorded runs")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    results = Axe().run(phone.page)
    serious = [v for v in results.response["violations"] if v["impact"] in ("serious", "critical")]
    assert not serious, [(v["id"], v["nodes"][0]["html"][:200]) for v in serious]
    phone.page.locator(".dann-compare").screenshot(path="test-artifacts/compare-390-dark.png")
    context.close()
