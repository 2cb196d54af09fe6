"""Going somewhere else from a moment of a run, as a person does it on the page."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS, LivePage
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from serving import STARTUP_SECONDS, Server, dashboard_of_digits, page_of, wait_until

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def server(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DANN_RUNS", str(home / "runs"))
        with dashboard_of_digits(home) as started:
            yield started


@pytest.fixture
def live(server: Server, chrome: Browser) -> Iterator[LivePage]:
    """A page of its own, with a run of 60 steps that has ended."""
    context = chrome.new_context(viewport={"width": 1440, "height": 1500}, accept_downloads=True)
    live = LivePage(context.new_page())
    with live.unharmed():
        live.open(server.url)
        live.begin("pair=stripes&steps=60")
        live.press("Train")
        live.wait(lambda: "60 of 60 · finished" in live.status, "the run ends")
        yield live
    context.close()


def look_at(live: LivePage, step: int) -> None:
    live.page.locator("[data-time=slider]").fill(str(step))
    expect(live.shown("moment")).to_contain_text(f"Looking at step {step} ")


def branch(live: LivePage, step: int) -> None:
    look_at(live, step)
    live.press("Branch here")
    live.wait(lambda: f"Step {step} of 60 · paused" in live.status, "the branch is there")


def tree(page: Page) -> list[str]:
    return page.locator(".dann-tree button").all_inner_texts()


def to_the_end(live: LivePage, steps: int = 60) -> None:
    live.press("Train")
    live.wait(lambda: f"{steps} of {steps} · finished" in live.status, "it ends")


def numbers(live: LivePage) -> list[list[str]]:
    """Each step's record, as the table of the run has it."""
    with live.page.expect_download(timeout=SECONDS * 1000) as download:
        live.press("Table")
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        return [row[:12] for row in csv.reader(file)]


def test_a_branch_without_a_change_is_the_same_run_again(live: LivePage) -> None:
    parent = numbers(live)
    branch(live, 30)
    expect(live.page.locator(".dann-message")).to_contain_text(["from step 30"])
    to_the_end(live)
    assert numbers(live) == parent
    expect(live.page.locator(".dann-tree button")).to_have_count(2)


def test_what_is_changed_is_changed_from_there_and_the_fork_is_marked(live: LivePage) -> None:
    before = numbers(live)
    branch(live, 25)
    live.page.locator("[data-setting=mode]").select_option("source")
    live.wait(lambda: "Step 25 of 60 · paused" in live.status, "the branch has another mode")
    to_the_end(live)
    after = numbers(live)
    assert after[: 1 + 1 + 25] == before[: 1 + 1 + 25]
    assert after[-1] != before[-1]
    branches = live.page.locator(".dann-tree button")
    expect(branches).to_have_count(2)
    second = branches.last.inner_text()
    assert second.startswith("source only")
    assert "up to step 25" in second
    for k in range(2):
        key = f"run {branches.nth(k).get_attribute('data-run')}"
        live.page.locator(f"[data-compare='{k}']").select_option(key)
    live.page.locator("[data-compare='2']").select_option("")
    expect(live.page.locator("[data-caption=player-curves]")).to_contain_text(
        "left another run after step 25"
    )
    texts = live.page.locator("[data-plot=player-curves] .annotation-text")
    expect(texts.filter(has_text="fork, 25")).to_have_count(1)
    live.page.locator(".dann-tree button").first.click()
    live.wait(lambda: live.setting("mode") == "dann", "the parent is shown again")
    live.wait(lambda: "60 of 60" in live.status, "its last step is shown")
    assert numbers(live) == before


def test_what_learns_is_chosen_named_and_told(live: LivePage) -> None:
    branch(live, 25)
    choice, does = (live.page.locator(f"[data-{x}=part]") for x in ("setting", "hint"))
    expect(choice).to_have_value("both")
    expect(does).to_contain_text("learn together")
    choice.select_option("domain")
    expect(does).to_contain_text("The features stand still")
    expect(live.page).to_have_url(re.compile("part=domain"))
    live.wait(lambda: "Step 25 of 60 · paused" in live.status, "the branch has it")
    to_the_end(live)
    expect(live.shown("sentence")).to_contain_text("The features stand still")
    assert "DANN, domain classifier only" in tree(live.page)[-1]
    live.page.locator("[data-show=journal] summary").click()
    expect(live.page.locator(".dann-acts")).to_contain_text("From step 26: moves: domain")
    live.page.locator("[data-setting=method]").select_option("coral")  # has no domain classifier
    for node in (choice, does):
        expect(node).to_be_hidden()


def test_a_run_that_has_ended_goes_on_and_is_repeated_exactly(live: LivePage) -> None:
    live.page.locator("[data-more=steps]").fill("0")
    live.press("more steps")
    expect(live.page.locator(".dann-message", has_text="whole number from 1")).to_be_visible()
    live.page.locator("[data-more=steps]").fill("20")
    live.press("more steps")
    live.wait(lambda: "80 of 80 · finished" in live.status, "it goes on")
    live.page.locator("[data-show=journal] summary").click()
    expect(live.page.locator(".dann-acts button")).to_have_count(3)
    acts = live.page.locator(".dann-acts button").all_inner_texts()
    assert acts[0].startswith("From step 1: begun: pair=stripes")
    assert acts[1:] == [
        "From step 1: train",
        "From step 61: 20 more steps: lambda stays, the learning rate makes a small wave",
    ]
    live.page.locator(".dann-acts button").last.click()
    expect(live.shown("moment")).to_contain_text("Looking at step 61")
    run = numbers(live)
    live.press("Repeat exactly")
    live.wait(lambda: "Step 0 of 80 · ready" in live.status, "it begins again")
    to_the_end(live, 80)
    said = live.page.locator(".dann-message", has_text="All 80 steps are as in run")
    expect(said).to_contain_text("bit for bit")
    assert numbers(live) == run


def test_a_lost_connection_in_the_middle_of_a_branch_loses_nothing(live: LivePage) -> None:
    branch(live, 40)
    live.press("Step")
    live.wait(lambda: live.step == 41, "a step is done")
    here = numbers(live)
    expect(live.page.locator(".dann-tree button")).to_have_count(2)
    runs = tree(live.page)
    live.page.context.set_offline(True)  # it is out of touch for a while
    live.page.wait_for_timeout(3000)
    live.page.context.set_offline(False)
    live.errors.clear()  # that it was out of touch
    assert tree(live.page) == runs
    assert numbers(live) == here


def test_a_kept_branch_says_where_it_forked_also_on_another_page(live: LivePage) -> None:
    branch(live, 30)
    live.page.locator("[data-setting=mode]").select_option("source")
    live.wait(lambda: "Step 30 of 60 · paused" in live.status, "the branch has another mode")
    to_the_end(live)
    live.press("Keep this run")
    expect(live.shown("notice")).to_contain_text("Kept in", timeout=SECONDS * 1000)
    live.page.reload()  # with a Python of its own
    live.wait_until_usable()
    expect(live.page.locator(".dann-tree button")).to_have_count(1)
    kept = live.page.locator("[data-compare='0'] option", has_text="source-only-seed-0-step-60")
    expect(kept.first).to_be_attached(timeout=SECONDS * 1000)
    title = kept.first.text_content() or ""
    live.page.locator("[data-compare='0']").select_option(label=title)
    for k in (1, 2):
        live.page.locator(f"[data-compare='{k}']").select_option("")
    expect(live.page.locator("[data-caption=player-curves]")).to_contain_text(
        f"{title} left another run after step 30"
    )
    texts = live.page.locator("[data-plot=player-curves] .annotation-text")
    expect(texts.filter(has_text="fork, 30")).to_have_count(1)


def test_two_pages_of_one_session_train_one_branch(
    own_cache: Path, tmp_path: Path, chrome: Browser
) -> None:
    start = (
        "from dann_lab.live.dashboard import dashboard\n"
        "from dann_lab.live.settings import Settings\n"
        "shown = dashboard()\n"
        "shown.session.choose(Settings(steps=2000))\n"
        "shown"
    )
    with page_of(tmp_path, start, "dashboard()") as server:
        page = chrome.new_context(viewport={"width": 1440, "height": 1500}).new_page()
        page.goto(server.url, wait_until="commit", timeout=SECONDS * 1000)
        wait_until(lambda: page.locator(".dann-page").count() == 2, STARTUP_SECONDS, "two pages")
        one, two = page.locator(".dann-page").all()

        def status(at: Locator) -> str:
            return at.locator("[data-show=status]").inner_text()

        def press(at: Locator, name: str) -> None:
            at.get_by_role("button", name=name, exact=True).click(timeout=SECONDS * 1000)

        def step(at: Locator) -> int:
            return int(status(at).split()[1].replace(",", "")) if "Step" in status(at) else -1

        wait_until(lambda: "of 2,000 · ready" in status(one), SECONDS, "the run is ready")
        press(one, "Train")
        wait_until(lambda: step(two) >= 20, SECONDS, "both see it train")
        press(two, "Pause")
        wait_until(lambda: "paused" in status(one), SECONDS, "both see it pause")
        one.locator("[data-time=slider]").fill("10")
        expect(one.locator("[data-show=moment]")).to_contain_text("Looking at step 10 ")
        press(one, "Branch here")
        wait_until(lambda: step(one) == step(two) == 10, SECONDS, "both have the branch")
        press(two, "Train")
        wait_until(lambda: step(one) > 20, SECONDS, "the branch is trained")
        two.locator("[data-time=slider]").fill("4")  # who looks back disturbs nobody
        expect(two.locator("[data-show=moment]")).to_contain_text("Training goes on")
        expect(one.locator("[data-show=moment]")).to_contain_text("Now: step")
        press(one, "Pause")
        wait_until(lambda: "paused" in status(two), SECONDS, "both see it pause")
        press(two, "Now")
        wait_until(lambda: step(one) == step(two), SECONDS, "both stand at the same step")
        trees = [at.locator(".dann-tree button").all_inner_texts() for at in (one, two)]
        assert trees[0] == trees[1]
        assert [" up to step 10" in text for text in trees[0]] == [False, True]

        def journals() -> list[list[str]]:
            return [at.locator(".dann-acts button").all_text_contents() for at in (one, two)]

        def both_tell() -> bool:
            first, second = journals()
            return first == second and "pause" in first[-1]

        wait_until(both_tell, SECONDS, "both tell what was done to the end")
        assert any("From step 11: branch: the recipe stays" in text for text in journals()[0])


def test_the_browser_asks_before_a_branch_is_left_that_is_not_kept(live: LivePage) -> None:
    branch(live, 20)
    live.press("Step")
    live.wait(lambda: live.step == 21, "a step is done")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    live.page.once("dialog", stay)
    live.page.evaluate("setTimeout(() => location.reload())")
    live.wait(lambda: asked == ["beforeunload"], "the browser asks")
    live.press("Step")
    live.wait(lambda: live.step == 22, "Python is still there")
    live.press("Keep this run")
    live.wait(lambda: "Kept" in live.shown("notice").inner_text(), "the branch is kept")
    live.page.wait_for_timeout(1500)  # so that the page has heard of it
    live.page.reload(wait_until="commit", timeout=SECONDS * 1000)
    live.wait_until_usable()
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("dark", [False, True])
def test_it_is_accessible_and_works_with_keys_alone(live: LivePage, dark: bool) -> None:
    page = live.page
    page.emulate_media(color_scheme="dark" if dark else "light")
    branch(live, 30)
    live.press("Step")
    live.wait(lambda: live.step == 31, "a step is done")
    first = page.locator(".dann-tree button").first
    first.focus()
    page.keyboard.press("Enter")
    live.wait(lambda: "60 of 60" in live.status, "the parent is shown")
    page.locator("[data-show=journal] summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(live.shown("moment")).to_contain_text("Looking at step 1 ")
    for width in (390, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, context=".dann-branches")
        assert found.response["violations"] == []
        box = page.locator(".dann-branches").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
