"""The box below "Predict first" on a real page: a number, a choice, an order; by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS
from playwright.sync_api import Browser, Locator, Page, expect
from serving import page_of, wait_until

from dann_lab import progress
from dann_lab.lessons.predictions import predictions

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

NAMES = ("source-only", "brighter", "further-up")
CODE = (
    "import ipywidgets\nfrom dann_lab.lessons.predict import guess\n"
    f"ipywidgets.VBox([guess(name) for name in {NAMES}])"
)


@pytest.fixture(scope="module")
def url(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    progress.file().unlink(missing_ok=True)
    with page_of(tmp_path_factory.mktemp("home"), CODE) as server:
        yield server.url
    progress.file().unlink(missing_ok=True)


def opened(chrome: Browser, url: str, width: int = 1440, scheme: str = "light") -> Page:
    context = chrome.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    page.goto(url, wait_until="commit")
    expect(page.locator(".dann-predict")).to_have_count(3, timeout=SECONDS * 1000)
    return page


def answer(box: Locator) -> Locator:
    return box.locator("[data-show=answer]")


def test_what_it_was_appears_with_what_was_said_and_both_stay(chrome: Browser, url: str) -> None:
    page = opened(chrome, url)
    number, choice, order = page.locator(".dann-predict").all()
    whole = page.locator("body").inner_text()
    for name in NAMES:
        assert predictions()[name].why not in whole  # nothing is given away

    field = number.get_by_role("spinbutton")
    field.focus()
    page.keyboard.press("Enter")
    expect(answer(number)).to_have_text("A number from 0 to 100, please.")
    page.keyboard.type("70")
    page.keyboard.press("Enter")
    one = predictions()["source-only"]
    expect(answer(number)).to_have_text(f"You said 70 of 100. It was {one.was}. {one.why}")
    expect(number.get_by_role("button")).to_be_hidden()
    assert field.get_attribute("readonly") is not None

    button = choice.get_by_role("button", name="That is my guess")
    button.click()
    expect(answer(choice)).to_have_text("Choose one first.")
    choice.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    button.focus()
    page.keyboard.press("Enter")
    expect(answer(choice)).to_contain_text("You said “the source”. It was “the target”.")

    places = order.get_by_role("combobox")
    for select, text in zip(places.all(), ("features", "features", "logits"), strict=True):
        select.select_option(text)
    order.get_by_role("button").click()
    expect(answer(order)).to_have_text("Each of them once, please.")
    places.nth(1).select_option("first hidden layer")
    order.get_by_role("button").click()
    expect(answer(order)).to_contain_text(
        "You said features, then first hidden layer, then logits."
    )
    for text in page.locator("[data-show=answer]").all_inner_texts():
        assert not {"✓", "✗", "right.", "wrong."} & set(text.split())

    wait_until(lambda: len(progress.done()["predictions"]) == 3, SECONDS, "all are kept")
    page.close(run_before_unload=True)
    again = opened(chrome, url)  # another Python
    expect(again.get_by_role("spinbutton")).to_have_value("70")
    expect(again.locator("[data-show=answer]").first).to_contain_text("You said 70 of 100.")
    expect(again.get_by_role("button", name="That is my guess")).to_have_count(0)
    again.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_and_can_be_read(chrome: Browser, url: str, width: int, scheme: str) -> None:
    page = opened(chrome, url, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page, context=".dann-predict")
    assert not [v["id"] for v in results.response["violations"]]
    page.context.close()
