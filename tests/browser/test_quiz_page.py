"""A quiz on a real page: by keyboard and by mouse, in light and dark, on a phone's width."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from page import SECONDS
from playwright.sync_api import Page, Playwright, expect
from serving import FLAGS, page_of

from dann_lab.lessons.quizzes import QUIZZES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LESSON = "01_two_domains"
QUESTIONS = QUIZZES[LESSON]
CODE = f'from dann_lab.lessons.quiz import quiz\n\nquiz("{LESSON}")'


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page that is the quiz and nothing else, served by Voila."""
    with page_of(tmp_path_factory.mktemp("home"), CODE) as server:
        yield server.url


@pytest.fixture(scope="module")
def page(playwright: Playwright, chromium: str, url: str) -> Iterator[Page]:
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    page = browser.new_page(viewport={"width": 390, "height": 1200})
    page.set_default_timeout(SECONDS * 1000)
    yield page
    browser.close()


@pytest.fixture
def fresh(page: Page, url: str) -> Page:
    """The page with nothing chosen. It is not left before it is there: Chromium may refuse that."""
    page.goto(url, wait_until="commit")
    expect(page.locator(".dann-score")).to_have_text(f"0 of {len(QUESTIONS)} right, 4 still open.")
    return page


def test_nothing_is_given_away_before_a_choice(fresh: Page) -> None:
    shown = fresh.locator("body").inner_text()
    for question in QUESTIONS:
        for answer in question.answers:
            assert answer.text in shown.replace("`", "")
            assert answer.feedback not in shown
    assert fresh.locator("input:checked").count() == 0


def test_the_arrow_keys_move_and_space_chooses(fresh: Page) -> None:
    first = fresh.get_by_role("radio").first
    first.focus()
    for _ in range(2):
        fresh.keyboard.press("ArrowDown")
    assert fresh.locator("input:checked").count() == 0
    fresh.keyboard.press("ArrowUp")
    fresh.keyboard.press("Space")
    right = QUESTIONS[0].answers[1]
    assert right.right
    expect(fresh.locator(".dann-feedback").first).to_have_text(f"✓ Right. {right.feedback}")
    expect(fresh.locator(".dann-score")).to_have_text("1 of 4 right, 3 still open.")


def test_a_wrong_answer_says_why_and_may_be_changed(fresh: Page) -> None:
    last = fresh.get_by_role("group").last
    feedback = last.locator("[aria-live=polite]")
    wrong, right = (
        next(a for a in QUESTIONS[-1].answers if a.right is wanted) for wanted in (False, True)
    )
    last.get_by_label(wrong.text).click()
    expect(feedback).to_have_text(f"✗ Not quite. {wrong.feedback}")
    expect(fresh.locator(".dann-score")).to_have_text("0 of 4 right, 3 still open.")
    last.get_by_label(right.text).click()
    expect(feedback).to_have_text(f"✓ Right. {right.feedback}")
    expect(fresh.locator(".dann-score")).to_have_text("1 of 4 right, 3 still open.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_axe_finds_nothing_serious(fresh: Page, scheme: str) -> None:
    fresh.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    expect(fresh.locator(".dann-quiz")).to_have_class(
        "dann dann-quiz" + (" dann-dark" if scheme == "dark" else "")
    )
    for group in fresh.get_by_role("group").all():
        group.get_by_role("radio").first.check()
    found = Axe().run(fresh, context=".dann-quiz").response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert fresh.evaluate("document.documentElement.scrollWidth") <= 390
