"""The dashboard as ``dann dashboard`` serves it, driven in Chromium as a person would.

One server and one tab for all tests, because a page takes a while to start; each test begins a run
of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS, LivePage, last
from playwright.sync_api import Browser, expect
from serving import Server, dashboard_of_digits

from dann_core.history import Evaluation, History, Mark, StepRecord
from dann_core.schedules import paper_lambda
from dann_lab.figures import curves
from dann_lab.figures.theme import DARK, LIGHT
from dann_lab.live import words
from dann_lab.live.settings import LAMBDA_RANGE

SCHEMES = ("light", "dark")
WIDTHS = (390, 1024, 1440)


@pytest.fixture(scope="module")
def server(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with dashboard_of_digits(tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture(scope="module")
def shared(server: Server, chrome: Browser) -> LivePage:
    context = chrome.new_context(
        viewport={"width": 1440, "height": 1500}, permissions=["clipboard-read", "clipboard-write"]
    )
    live = LivePage(context.new_page())
    live.open(server.url)
    return live


@pytest.fixture
def live(shared: LivePage) -> Iterator[LivePage]:
    """The shared page; no test may leave an error in the browser's console."""
    with shared.unharmed():
        yield shared


# Training


def test_train_makes_the_curves_grow_and_says_how_fast_it_goes(live: LivePage) -> None:
    live.begin("pair=digits&steps=3001")
    live.press("Train")
    live.wait(lambda: len(live.losses()[0]) >= 3, "three losses are drawn")
    earlier = len(live.losses()[0])
    live.wait(lambda: len(live.losses()[0]) > earlier, "the curves grow")
    live.wait(
        lambda: re.fullmatch(r"Step \d+ of 3,001 · [\d.]+ steps/s · \d+ (s|min) left", live.status),
        "steps per second and time left are shown",
    )
    live.press("Pause")
    assert np.isfinite(live.losses()).all()
    for plot in ("losses", "lambdas", "gradients"):
        path = live.page.locator(f"[data-plot={plot}] path.js-line").first
        assert len(path.get_attribute("d") or "") > 10, plot
    assert "label gradient" in live.page.locator("[data-caption=gradients]").inner_text()
    expect(live.shown("device")).to_contain_text("CPU")


def test_pause_stands_still_and_step_does_exactly_one(live: LivePage) -> None:
    live.begin("pair=digits&steps=3002")
    paused = live.train_to(2)
    live.page.wait_for_timeout(2000)
    assert live.step == paused
    live.press("Step")
    live.wait(lambda: live.step > paused, "one more step")
    live.wait(lambda: live.status.endswith("paused"), "it pauses again")
    live.page.wait_for_timeout(2000)
    assert live.settled() == paused + 1
    assert len(live.losses()[0]) == paused + 1


def test_coral_trains_on_its_distance_and_undo_brings_dann_back(live: LivePage) -> None:
    live.begin("pair=stripes&mode=dann&preset=quick&seed=0&steps=402&lambda=1.5")
    method, slider = (live.page.locator(f"[data-{x}]") for x in ("setting=method", "lambda=slider"))
    method.select_option("coral")
    high = LAMBDA_RANGE["coral"][1]
    live.wait(lambda: slider.get_attribute("max") == f"{high:g}", "the slider has CORAL's range")
    assert slider.input_value() == f"{high / 2:g}"
    assert "method=coral" in live.shown("share").input_value()
    live.wait(lambda: "Step 0 of 402 · ready" in live.status, "the new run is ready")
    live.train_to(60)
    said = live.page.locator(".dann-sentence").first.inner_text()
    assert "CORAL's distance between the domains" in said
    captions = " ".join(
        live.page.locator(f"[data-caption={name}]").inner_text() for name in curves.FIGURES
    )
    assert "CORAL's distance between the domains" in captions
    for wrong in ("ln 2", "domain classifier", "guess", "turned round"):
        assert wrong not in said + captions
    assert live.traces("losses") == ["label loss (left)", "distance (right)"]
    assert live.traces("accuracies") == ["source", "target"]
    assert live.traces("gradients") == ["label", "distance", "times lambda"]
    slider.focus()
    live.page.keyboard.press("End")
    live.press("Step")
    live.wait(lambda: f": {high:,.0f}" in live.shown("applied").inner_text(), "lambda is applied")
    live.press("Undo")  # lambda
    live.press("Undo")  # the run
    live.wait(lambda: method.input_value() == "dann", "DANN is back")
    live.wait(lambda: slider.get_attribute("max") == "2", "and its range")
    assert slider.input_value() == "1.5"


def test_a_method_counts_where_something_adapts(live: LivePage) -> None:
    live.begin("pair=digits&mode=source&method=cdan&steps=3005")
    method = live.page.locator("[data-setting=method]")
    expect(method).to_be_disabled()
    expect(live.page.locator("[data-hint=method]")).to_have_text("Not used in this mode.")
    live.page.locator("[data-setting=mode]").select_option("dann")
    expect(method).to_be_enabled(timeout=SECONDS * 1000)
    assert method.input_value() == "cdan"
    expect(live.page.locator("[data-hint=method]")).to_be_hidden()


def test_reset_gives_the_same_first_losses_and_undo_brings_the_run_back(live: LivePage) -> None:
    live.begin("pair=digits&steps=3003")
    first_steps = live.train_to(4)
    first = live.losses()
    live.press("Reset")
    live.wait(lambda: "Step 0 of 3,003 · ready" in live.status, "the run is reset")
    again = live.train_to(4)
    common = min(first_steps, again)
    np.testing.assert_array_equal(live.losses()[:, :common], first[:, :common])
    live.press("Undo")
    live.wait(lambda: live.step == first_steps, "the first run is back")
    live.wait(lambda: len(live.losses()[0]) == first_steps, "its curve is back")
    np.testing.assert_array_equal(live.losses(), first)
    live.press("Step")
    live.wait(lambda: live.step == first_steps + 1, "it can go on")


def test_a_new_seed_changes_the_first_losses(live: LivePage) -> None:
    live.begin("pair=digits&steps=3004&seed=0")
    live.press("Step")
    live.wait(lambda: live.step == 1, "one step")
    live.settled()
    before = live.losses()[:, 0]
    live.press("New seed")
    live.wait(lambda: live.setting("seed") != "0" and live.step == 0, "another seed is shown")
    live.press("Step")
    live.wait(lambda: live.step == 1, "one step")
    live.settled()
    assert (live.losses()[:, 0] != before).all()


def test_a_run_ends_with_its_evaluation(live: LivePage) -> None:
    live.begin("pair=digits&steps=30")
    live.press("Train")
    live.wait(lambda: live.status == "Step 30 of 30 · finished", "the run finishes")
    live.wait(lambda: last(live.curve("accuracies")[0]) == 30, "the last evaluation is drawn")
    caption = live.page.locator("[data-caption=accuracies]").inner_text()
    assert "On 400 test images of each domain, after step 30" in caption
    assert live.shown("sentence").inner_text().startswith("Finished.")
    expect(live.page.get_by_role("button", name="Train", exact=True)).to_be_disabled()
    predictions = live.page.locator("[data-digits] li")
    assert predictions.count() == 24
    assert all(re.match(r"[✓✗] \d$", text) for text in predictions.all_inner_texts())


def test_source_only_has_no_domain_curve_and_no_lambda(live: LivePage) -> None:
    live.begin("pair=digits&mode=source&steps=3005")
    live.train_to(2)
    assert live.traces("losses") == ["label loss"]
    assert live.traces("gradients") == ["label"]
    for name in ("paper", "hand", "slider"):
        expect(live.page.locator(f"[data-lambda={name}]")).to_be_disabled()
    expect(live.shown("applied")).to_have_text("Not used in this mode.")


# Lambda


def test_dragging_lambda_echoes_at_once_and_reaches_the_step_records(live: LivePage) -> None:
    page, steps = live.page, 3006
    live.begin(f"pair=digits&steps={steps}&lambda=paper")
    live.press("Train")
    live.wait(lambda: live.step >= 2, "training is under way")
    # What the echo says when the browser is done with an input event, before it draws a frame.
    page.evaluate(
        """() => {
            const echo = document.querySelector("[data-lambda=echo]");
            window.echoes = [];
            document.querySelector("[data-lambda=slider]").addEventListener("input", (event) =>
              window.echoes.push([Number(event.target.value).toFixed(2), echo.textContent]));
        }"""
    )
    box = page.locator("[data-lambda=slider]").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], middle, steps=8)
    page.mouse.up()
    echoes = page.evaluate("window.echoes")
    assert len(echoes) >= 5
    assert all(value == echoed for value, echoed in echoes)
    asked = float(page.locator("[data-lambda=slider]").input_value())
    assert 1.4 < asked < 1.8
    live.wait(lambda: last(live.curve("lambdas")[1]) == np.float32(asked), "lambda is applied")
    expect(live.shown("applied")).to_have_text(re.compile(rf"Applied at step [\d,]+: {asked:.3f}"))
    expect(page.locator("[data-lambda=hand]")).to_be_checked()
    live.press("Pause")
    live.wait(lambda: live.status.endswith("paused"), "training pauses")
    live.settled()

    x, y = live.curve("lambdas", 0)
    marked, applied = live.curve("lambdas", 1)
    # One drag is one change, unless a busy machine takes a second between two moves of the mouse.
    assert 1 <= len(marked) < len(echoes)
    assert applied[-1] == np.float32(asked)
    assert (y[x >= marked[-1]] == np.float32(asked)).all()
    assert y[0] == np.float32(paper_lambda(0)) == 0
    assert y[1] == np.float32(paper_lambda(1 / steps))
    lines = page.evaluate(
        "[...document.querySelectorAll('.dann-plots .dann-plot:not(.dann-map)')].map(box =>"
        " box.layout.shapes.filter(shape => shape.yref === 'paper').map(shape => shape.x0))"
    )
    assert lines == [marked.tolist()] * 4  # on every plot
    for _ in marked:
        live.press("Undo")
    live.wait(lambda: page.locator("[data-lambda=paper]").is_checked(), "the schedule is back")


def test_the_slider_obeys_the_keyboard(live: LivePage) -> None:
    live.begin("pair=digits&steps=3007&lambda=0.5")
    slider, echo = (live.page.locator(f"[data-lambda={name}]") for name in ("slider", "echo"))
    expect(echo).to_have_text("0.50")
    slider.focus()
    for key, value in (("ArrowRight", "0.51"), ("ArrowLeft", "0.50"), ("Home", "0.00")):
        slider.press(key)
        assert echo.inner_text() == value
        assert slider.get_attribute("aria-valuetext") == f"lambda {value}"
    slider.press("End")
    live.press("Step")
    live.wait(lambda: live.step == 1, "one step")
    assert last(live.curve("lambdas")[1]) == 2 or live.settled() == 1
    assert last(live.curve("lambdas")[1]) == 2


# Settings


def test_bad_settings_are_explained_and_lose_nothing(live: LivePage) -> None:
    live.begin("pair=digits&steps=3008&seed=3")
    done = live.train_to(2)
    curve = live.losses()
    for name, label, bad in (
        ("steps", "Steps", "0"),
        ("steps", "Steps", "1.5"),
        ("steps", "Steps", ""),
        ("seed", "Seed", "-1"),
    ):
        field = live.page.locator(f"[data-setting={name}]")
        before = field.input_value()
        field.fill(bad)
        field.press("Enter")
        field.blur()
        expect(live.shown("notice")).to_contain_text(f"{label} is {bad or 'empty'}")
        live.page.wait_for_timeout(1000)  # several answers of the kernel later it still stands
        expect(live.shown("notice")).to_contain_text("whole number from")
        assert field.input_value() == before
    for text, message in (
        ("pair=none", "There is no pair 'none'"),
        ("sped=3", "Unknown setting 'sped'"),
        ("steps=0", "steps=0"),
        ("lambda=3", "lambda=3.0"),
        ("hello", "No settings in 'hello'"),
    ):
        live.apply(text)
        expect(live.shown("problem")).to_contain_text(message, timeout=30_000)
    assert live.step == done
    np.testing.assert_array_equal(live.losses(), curve)
    live.press("Step")
    live.wait(lambda: live.step == done + 1, "the run goes on")
    expect(live.shown("problem")).to_be_hidden()


def test_the_settings_string_restores_everything_also_after_a_reload(live: LivePage) -> None:
    text = "pair=digits&mode=target&preset=seed&seed=7&steps=3009&lambda=0.25"
    live.begin(text)
    live.press("Copy")
    expect(live.shown("notice")).to_contain_text("Copied")
    copied = live.page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"#{text}")

    live.begin("pair=digits&steps=3010")
    live.apply(copied)
    live.wait(lambda: live.setting("steps") == "3009", "the settings are applied")
    assert_settings(live)

    live.page.reload(wait_until="commit", timeout=SECONDS * 1000)
    live.wait_until_usable()
    live.wait(lambda: live.setting("steps") == "3009", "the settings are back")
    assert_settings(live)
    live.wait(lambda: "Step 0 of 3,009 · ready" in live.status, "it is ready")
    live.press("Step")
    live.wait(lambda: live.step == 1, "it is usable")


def assert_settings(live: LivePage) -> None:
    wanted = {"pair": "digits", "mode": "target", "preset": "seed", "seed": "7"}
    assert {name: live.setting(name) for name in wanted} == wanted
    expect(live.page.locator("[data-hint=pair]")).to_have_text(words.GOOD_FOR["digits"])
    assert live.page.locator("[data-lambda=echo]").inner_text() == "0.25"
    assert live.page.locator("[data-lambda=hand]").is_checked()


# Being looked at, and being connected


def test_a_page_nobody_sees_stops_training_and_goes_on_from_there(live: LivePage) -> None:
    live.begin("pair=digits&steps=3011")
    live.press("Train")
    live.wait(lambda: live.step >= 2, "training is under way")
    show(live, False)
    live.page.wait_for_timeout(30_000)
    show(live, True)
    expect(live.shown("notice")).to_contain_text("nobody was looking", timeout=SECONDS * 1000)
    assert live.status.endswith("paused")
    stood = live.settled()
    live.press("Train")
    live.wait(lambda: live.step > stood, "training goes on")
    live.press("Pause")
    live.wait(lambda: live.status.endswith("paused"), "training pauses")
    now = live.settled()
    steps = live.curve("losses")[0]  # every step, or every second or fourth of a longer curve
    assert steps[-1] == now
    np.testing.assert_array_equal(np.diff(steps[:-1]), steps[1] - steps[0])


def show(live: LivePage, visible: bool) -> None:
    """Tell the page what a tab that is covered or shown again hears; headless tabs never are."""
    live.page.evaluate(
        """(visible) => {
            Object.defineProperty(document, "hidden", { value: !visible, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        visible,
    )


def test_a_lost_connection_is_said_and_the_notice_goes_when_it_is_back(
    live: LivePage, server: Server
) -> None:
    live.begin("pair=digits&steps=3012")
    expect(live.shown("lost")).to_be_hidden()
    server.process.suspend()
    try:
        expect(live.shown("lost")).to_contain_text("No answer from Python", timeout=20_000)
    finally:
        server.process.resume()
    expect(live.shown("lost")).to_be_hidden(timeout=SECONDS * 1000)
    live.press("Step")
    live.wait(lambda: live.step == 1, "it works again")


# Traffic


def test_a_training_page_receives_little_and_asks_no_other_machine(
    live: LivePage, server: Server
) -> None:
    live.begin("pair=digits&steps=3013")
    live.press("Train")
    live.wait(lambda: live.step >= 2, "training is under way")
    live.page.wait_for_timeout(15_000)
    already = len(live.received)
    seconds = 15
    live.page.wait_for_timeout(seconds * 1000)
    received = sum(live.received[already:])
    live.press("Pause")
    assert 0 < received <= seconds * 100_000
    hosts = {urlsplit(url).netloc for url in live.asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(server.url).netloc}


def test_plotly_comes_once_and_all_that_python_sends_is_under_4_mb(live: LivePage) -> None:
    live.received.clear()
    live.asked.clear()
    live.page.add_init_script(
        "globalThis.sizes = []; const made = URL.createObjectURL;"
        "URL.createObjectURL = blob => { sizes.push(blob.size); return made.call(URL, blob); };"
    )
    live.page.reload(wait_until="commit", timeout=SECONDS * 1000)
    live.wait_until_usable()
    live.press("Step")
    live.wait(lambda: live.step == 1, "one step")
    # The page asks once. On a busy machine JupyterLab's client may hold two connections for a
    # moment, and then everything arrives by both.
    scripts = "[...document.scripts].filter(s => s.src.startsWith('blob:')).length"
    assert live.page.evaluate(scripts) == 1
    large = {size // 100_000: size for size in live.received if size > 500_000}
    # Plotly, the recorded runs, and of some pairs the pictures of the map's points
    assert len(large) in (2, 3)
    assert sum(large.values()) <= 4_000_000
    assert not [url for url in live.asked if "plotly" in url]  # no other copy by HTTP
    assert 1_000_000 < max(live.page.evaluate("sizes")) <= 2_000_000  # Plotly, unpacked


def test_pictures_of_a_long_run_with_many_marks_stay_small() -> None:
    """Two pictures a second may take 80 kB/s; the numbers and Jupyter's envelopes the rest."""
    history = History()
    for step in range(1, 8601):
        history.append(StepRecord(step, step / 8600, *np.random.default_rng(step).random(10)))
    history.evaluations += [Evaluation(s, 0.9, 0.7, 0.6, 500) for s in range(0, 8601, 100)]
    history.marks += [Mark(s, "by_hand", 1.23) for s in range(100, 2100, 100)]
    drawn = {name: draw(history, DARK) for name, draw in curves.FIGURES.items()}
    assert len(json.dumps(drawn)) <= 40_000


# Time travel and the map


def test_the_time_line_shows_the_past_and_now_brings_back(live: LivePage) -> None:
    page = live.page
    slider, text = page.locator("[data-time=slider]"), live.shown("moment")
    live.begin("pair=digits&steps=3021")
    expect(slider).to_be_disabled()
    expect(text).to_contain_text("begins with the first step")
    stood = live.train_to(14)
    full = live.losses()
    slider.focus()
    page.keyboard.press("Home")
    expect(text).to_contain_text(f"Looking at step 0 of {stood}")
    live.wait(lambda: len(live.curve("losses")[0]) == 0, "the curves are those of step 0")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(text).to_contain_text(f"Looking at step 3 of {stood}")
    live.wait(lambda: len(live.curve("losses")[0]) == 3, "the curves are those of step 3")
    np.testing.assert_array_equal(live.losses(), full[:, :3])
    expect(live.shown("sentence")).to_contain_text("Step 3.")
    expect(live.shown("status")).to_contain_text(f"Step {stood} of")
    live.press("Train")  # goes on meanwhile
    live.wait(lambda: live.step > stood + 3, "training goes on")
    assert len(live.curve("losses")[0]) == 3
    live.press("Pause")
    live.press("Now")
    expect(text).to_contain_text("Now: step")
    assert live.settled() > stood
    live.press("Replay")
    live.wait(lambda: len(live.curve("losses")[0]) < stood, "the beginning is shown again")
    live.wait(lambda: "Now: step" in text.inner_text(), "the replay arrives at the present")
    live.press("Reset")
    live.wait(lambda: "Step 0 of" in live.status, "the run is reset")
    expect(text).to_contain_text("begins with the first step")


def test_a_reload_in_the_middle_of_a_replay_shows_the_same_settings_from_their_beginning(
    live: LivePage,
) -> None:
    page, text = live.page, live.shown("moment")
    live.begin("pair=digits&steps=3023&lambda=0.7")
    stood = live.train_to(14)
    live.press("Replay")
    live.wait(lambda: 0 < len(live.curve("losses")[0]) < stood, "the replay is under way")
    page.reload(wait_until="commit", timeout=SECONDS * 1000)
    live.wait_until_usable()
    live.wait(lambda: "Step 0 of 3,023 · ready" in live.status, "the same run, from its beginning")
    assert float(page.locator("[data-lambda=echo]").inner_text()) == 0.7
    expect(text).to_contain_text("begins with the first step")
    expect(page.get_by_role("button", name="Replay", exact=True)).to_be_disabled()
    live.train_to(3)
    expect(text).to_contain_text("Now: step")


@pytest.mark.timeout(600)
def test_the_map_is_drawn_as_its_reader_chooses_and_follows_the_training(live: LivePage) -> None:
    page = live.page
    chosen, box = page.locator("[data-choice=map]"), page.locator("[data-plot=map]")
    caption = page.locator("[data-caption=map]")
    live.begin("pair=digits&steps=3020")
    chosen.select_option("")
    expect(box).to_be_hidden()
    expect(caption).to_contain_text("Choose PCA, t-SNE or UMAP")
    for method in ("PCA", "t-SNE"):
        chosen.select_option(method)
        expect(box).to_be_visible(timeout=SECONDS * 1000)
        expect(caption).to_contain_text("Step 0. Of a point's", timeout=SECONDS * 1000)
    expect(caption).to_contain_text("proxy A-distance", timeout=SECONDS * 1000)
    points = "document.querySelector('[data-plot=map]').data.map(t => t.x.bdata).join()"
    live.wait(lambda: len(page.evaluate(points)) > 1000, "the points are drawn")
    before = page.evaluate(points)
    live.press("Train")

    def mapped() -> int:
        found = re.match(r"Step ([\d,]+)\.", caption.inner_text())
        return int(found[1].replace(",", "")) if found else -1

    # Not each frame of 50 steps: a training that is faster than the map leaves some out.
    live.wait(lambda: mapped() >= 50, "the map follows the training")
    assert page.evaluate(points) != before
    for scheme, theme in (("dark", DARK), ("light", LIGHT)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        colour = "document.querySelector('[data-plot=map]').layout.font.color"
        live.wait(lambda t=theme, c=colour: page.evaluate(c) == t.text, f"the map is {scheme}")
    live.press("Pause")
    live.press("Reset")
    expect(caption).to_contain_text("Step 0.", timeout=SECONDS * 1000)
    chosen.select_option("")
    expect(box).to_be_hidden()


# Looks


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_below_the_window_is_reached_by_wheel_and_keys(live: LivePage, width: int) -> None:
    page = live.page
    page.set_viewport_size({"width": width, "height": 700})
    foot = page.get_by_role("button", name="SVG")

    def above_the_fold() -> bool:
        return bool(foot.evaluate("(e) => e.getBoundingClientRect().bottom <= innerHeight"))

    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    assert not above_the_fold(), "the page is longer than the window"
    page.mouse.move(width / 2, 400)
    page.mouse.wheel(0, 300)
    live.wait(lambda: page.evaluate("() => scrollY") > 200, "the wheel scrolls")
    page.keyboard.press("Home")
    live.wait(lambda: page.evaluate("() => scrollY") == 0, "Home leads to the top")
    for _ in range(40):
        page.keyboard.press("PageDown")
        page.wait_for_timeout(150)
        if above_the_fold():
            break
    assert above_the_fold(), "PageDown leads to the last button"
    page.evaluate("() => scrollTo(0, 0)")
    page.set_viewport_size({"width": 1440, "height": 1500})


@pytest.mark.parametrize("scheme", SCHEMES)
def test_it_fits_every_width_in_light_and_dark(live: LivePage, scheme: str) -> None:
    page = live.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    theme = {"light": LIGHT, "dark": DARK}[scheme]
    live.wait(
        lambda: (
            page.evaluate(
                "[...document.querySelectorAll('.dann-plots .dann-plot:not(.dann-map)')]"
                ".map(b => b.layout.font.color)"
            )
            == [theme.text] * 4
        ),
        "the plots take the theme's colours",
    )
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1500})
        live.wait(
            lambda: page.evaluate(
                "[...document.querySelectorAll('.dann-plot:not([hidden])')].every(box =>"
                " Math.abs(box.querySelector('svg').clientWidth - box.clientWidth) < 2)"
            ),
            f"the plots fill their boxes at {width}",
        )
        too_wide = page.evaluate(
            """[document.scrollingElement, document.body, ...document.querySelectorAll(
                '#rendered_cells, .dann, .dann-card, .dann figure')].filter(
                (node) => node.scrollWidth > node.clientWidth + 1).map((node) => node.className)"""
        )
        assert too_wide == [], width
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 1500})


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_serious(live: LivePage, scheme: str) -> None:
    live.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    live.page.wait_for_timeout(1500)
    found = Axe().run(live.page).response["violations"]
    live.page.emulate_media(color_scheme="light")
    serious = [
        f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_everything_is_reached_by_tab_and_its_focus_seen(live: LivePage) -> None:
    live.begin("pair=digits&steps=3014&lambda=0.5")
    live.train_to(1)
    page = live.page
    page.evaluate("document.activeElement.blur()")
    reached: dict[str, bool] = {}  # what has had the focus, and whether that was to be seen
    for _ in range(80):
        page.keyboard.press("Tab")
        name, outlined = page.evaluate(
            """(() => {
                const node = document.activeElement;
                const style = getComputedStyle(node);
                return [Object.entries(node.dataset).flat().join(" "),
                        style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2];
            })()"""
        )
        if name in reached:
            break
        kinds = ("action", "setting", "lambda", "show", "choice", "time", "compare")
        if name.startswith(kinds):
            reached[name] = outlined
    wanted = {
        *(f"action {name}" for name in ("train", "step", "reset", "seed", "undo", "fetch")),
        *("action copy", "action restore", "show share", "lambda hand", "lambda slider"),
        *("choice map", "time slider", "action branch", "action replay"),
        *(f"action {name}" for name in ("keep", "html", "csv", "png", "svg", "play")),
        *(f"choice {name}" for name in ("picture", "player-map", "player-curve")),
        *(f"compare {k}" for k in range(3)),
        "time player",
        *(f"setting {name}" for name in ("pair", "mode", "method", "preset", "part")),
        *(f"setting {name}" for name in ("steps", "seed")),
    }
    assert set(reached) == wanted
    assert all(reached.values()), reached


# The real data


@pytest.mark.real_data
@pytest.mark.timeout(600)  # MNIST-M is built first
def test_mnist_is_there_from_the_start_and_the_end_of_a_run_looks_at_all_test_images(
    dashboard_server: Server, browser: Browser
) -> None:
    live = LivePage(browser.new_page())
    live.open(dashboard_server.url)
    assert live.setting("pair") == "stripes"
    assert live.page.get_by_role("button", name="Download").count() == 0
    good_for = live.page.locator("[data-hint=pair]")
    expect(good_for).to_have_text(words.GOOD_FOR["stripes"])
    live.begin("pair=mnist&preset=quick&steps=12")
    expect(good_for).to_have_text(words.GOOD_FOR["mnist"])
    live.press("Train")
    live.wait(lambda: live.status == "Step 12 of 12 · finished", "the run finishes", 250)
    live.settled()
    assert np.isfinite(live.losses()).all()
    caption = live.page.locator("[data-caption=accuracies]")
    expect(caption).to_contain_text("On 10,000 test images of each domain, after step 12")
    assert psutil.Process(dashboard_server.process.pid).is_running()
    assert not live.errors
