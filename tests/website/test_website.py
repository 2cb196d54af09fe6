"""The site as it is built: its links, what it asks other machines for, and its pages in Chromium.

It is made from the lessons that test_execution.py has just run; alone, this runs them first.
"""

from __future__ import annotations

import functools
import http.server
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlparse

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dann_lab.exercises import exercises
from dann_lab.lessons.quizzes import QUIZZES
from tools import links, notebooks
from tools.notebooks import NOTEBOOKS, ROOT
from website import make_site

pytestmark = pytest.mark.timeout(1500)
LESSONS = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
DRAWN = {"01_two_domains", "02_gradient_reversal", "03_training", "04_feature_maps"}
DRAWN |= {"05_dashboard", "07_going_further", "08_your_own_data"}
LOADED = {"src", "data", "poster", "srcset"}
"""Attributes that make a browser ask for something; of <link>, ``href`` too."""

LESSON = "lessons/01_two_domains.html"
OTHERS = ["index.html", "lessons/glossary.html", "docs/instructors.html"]
OTHERS += ["api/dann_core.model.html"]
LOOKS = [(LESSON, width, scheme) for width in (390, 1440) for scheme in ("light", "dark")]
LOOKS += [(path, *look) for path in OTHERS for look in ((390, "dark"), (1440, "light"))]
LOOKS += [("index.html", *look) for look in ((390, "light"), (1024, "light"), (1024, "dark"))]
LOOKS += [("index.html", 1440, "dark")]
PLAYGROUND = ".dann-play"
MOST_BYTES = 300_000
"""What the front page may load before it plays, before compression."""


@pytest.fixture(scope="module")
def site(own_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site."""
    out = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, "-m", "website.make_site", "--out", str(out)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert made.returncode == 0, made.stdout + made.stderr
    return out


@dataclass
class Html(HTMLParser):
    """What a page links to, what it loads, and where links to it may lead."""

    links: set[str] = field(default_factory=set)
    loaded: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)
    unnamed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        self.anchors.add(found.get("id", ""))
        if tag == "a" and "href" in found:
            self.links.add(found["href"])
        if tag == "link" and "href" in found:
            self.loaded.add(found["href"])
        if tag == "img" and not found.get("alt", "").strip():
            self.unnamed.append(found.get("src", ""))
        self.loaded |= {found[name] for name in LOADED & set(found)}


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Html]:
    """Each page's path from the site's root -> what is in it."""
    found = {}
    for path in site.rglob("*.html"):
        found[path.relative_to(site).as_posix()] = page = Html()
        page.feed(path.read_text(encoding="utf-8"))
    return found


def test_every_link_leads_to_a_page_and_an_anchor_that_are_there(
    site: Path, pages: dict[str, Html]
) -> None:
    broken = []
    for name, page in pages.items():
        for link in page.links | page.loaded:
            there = urlparse(urljoin(f"//site/{name}", link))
            if there.netloc != "site" or there.scheme:
                continue
            target = unquote(there.path).lstrip("/") or "index.html"
            anchor = unquote(there.fragment)
            known = pages[target].anchors if target in pages else None
            if not (site / target).is_file() or (anchor and known and anchor not in known):
                broken.append(f"{name}: {link}")
    assert broken == []


def test_links_to_other_places_are_well_formed(pages: dict[str, Html]) -> None:
    outside = {link for page in pages.values() for link in page.links if "//" in link}
    assert outside
    assert [link for link in outside if not re.match(r"https://[\w.-]+\.\w+(/|$)", link)] == []


def test_nothing_is_loaded_from_another_machine(site: Path, pages: dict[str, Html]) -> None:
    loaded = {link for page in pages.values() for link in page.loaded}
    assert [link for link in loaded if "//" in link.removeprefix("data:")[:8]] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.findall(r"(?:@import|url\()\s*['\"]?(?:https?:)?//[^)]*", styles) == []


def test_pictures_have_words(pages: dict[str, Html]) -> None:
    unnamed = {name: page.unnamed for name, page in pages.items() if page.unnamed}
    assert unnamed == {}


def test_no_answer_to_an_exercise_is_published(site: Path) -> None:
    texts = [
        re.sub(r"<[^>]+>", "", path.read_text(encoding="utf-8")) for path in site.rglob("*.html")
    ]
    texts += [path.read_text(encoding="utf-8") for path in site.rglob("*.ipynb")]
    shown = "\n".join(texts)
    assert "def worst_confusion" in shown  # the stubs are there
    for name in ("worst_confusion", "pixel_mean", "instance_norm", "choose_checkpoint"):
        last = getattr(exercises, name).answer.strip().splitlines()[-1].strip()
        assert last not in shown, name
    assert not (site / "solutions").exists()


def test_there_is_a_page_for_each_lesson_and_each_module(site: Path) -> None:
    for name in LESSONS:
        page = (site / "lessons" / f"{name}.html").read_text(encoding="utf-8")
        assert "Download the notebook" in page
        assert (site / "notebooks" / f"{name}.ipynb").exists()
    reference = (site / "api" / "dann_core.reversal.html").read_text(encoding="utf-8")
    assert 'id="dann_core.reversal.reverse_gradient"' in reference
    assert "Tensor" in reference
    door = (site / "api" / "dann_core.html").read_text(encoding="utf-8")
    assert "import dann_core as dann" in re.sub(r"<[^>]+>", "", door)
    pairs = (site / "api" / "dann_core.datasets.html").read_text(encoding="utf-8")
    assert 'id="dann_core.datasets.load_pair"' in pairs


def test_lessons_have_launch_links_only_once_there_is_an_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened = {"Colab": "https://example.org/?a=1&b=2", "Binder": "https://example.org/b"}
    monkeypatch.setattr(links, "places", lambda lesson, root: opened)
    launch = make_site._launch("x")
    assert re.findall(r">Open in (\w+)<", launch) == ["Colab", "Binder"]
    assert 'href="https://example.org/?a=1&amp;b=2"' in launch
    assert "GB" in launch
    monkeypatch.setattr(links, "places", lambda lesson, root: {})
    assert "Open in" not in make_site._launch("x")


def test_the_front_page_says_where_to_run_the_lessons_in_this_order_and_at_what_cost(
    site: Path,
) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    start = page.index('id="run-them-yourself"')
    items = page[page.index("<ol", start) : page.index("</ol>", start)]
    rows = re.findall(r"<li>(.*?)</li>", items, re.DOTALL)
    words = [re.sub(r"<[^>]+>", " ", row) for row in rows]
    names = ("Colab", "Codespaces", "Binder", "Kaggle", "Your own machine")
    assert len(words) == len(names)
    for name, row in zip(names, words, strict=True):
        assert row.split(" needs ")[0].strip() == name
        assert re.search(r"\d [GM]B", row), row
    assert "public address" in page  # without one there are no links, and the page says so


def test_a_space_of_hugging_face_can_take_the_folder(site: Path) -> None:
    readme = (site / "README.md").read_text(encoding="utf-8")
    header = yaml.safe_load(readme.split("---")[1])
    assert header["sdk"] == "static"
    assert (site / header["app_file"]).is_file()
    colours = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
    assert {header["colorFrom"], header["colorTo"]} <= colours
    assert len(header["short_description"]) <= 60
    known = {"title", "emoji", "colorFrom", "colorTo", "sdk", "app_file", "pinned", "license"}
    assert set(header) <= known | {"short_description"}
    largest = max(path.stat().st_size for path in site.rglob("*") if path.is_file())
    assert largest < 10e6  # larger files need Git's extension for large ones


def test_the_guide_says_of_each_lesson_what_the_lesson_says() -> None:
    guide = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| \[(\w+)\]\([^)]*\) \| (\d+ min) \|", guide, re.MULTILINE))
    for name in set(LESSONS) - {"glossary"}:
        cells = notebooks.read(notebooks.LESSONS / f"{name}.py")
        stated = re.search(r"\d+ min", notebooks.stated(cells, "Time"))
        assert stated, name
        assert rows[name] == stated[0], name
        row = next(line for line in guide.splitlines() if line.startswith(f"| [{name}]"))
        assert row.split("|")[4].strip() == str(len(notebooks.exercises_in(cells)) or "")


# In a browser


@dataclass
class Visit:
    """A page in its tab, with what went wrong there."""

    page: Page
    base: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.wrong.append(f"uncaught: {error}"))
        self.page.on(
            "console",
            lambda message: message.type == "error" and self.wrong.append(message.text),
        )
        self.page.on("request", lambda request: self._look(request.url))

    def _look(self, url: str) -> None:
        if not url.startswith((self.base, "data:", "blob:")):
            self.wrong.append(f"asks for {url}")

    def open(self, path: str) -> Page:
        """The page at ``path`` below ``base``, drawn."""
        self.page.goto(f"{self.base}{path}")
        expect(self.page.locator("body[data-dann-widgets=drawn]")).to_be_attached(timeout=60000)
        for status in self.page.locator(f"{PLAYGROUND} [data-show=status]").all():
            expect(status).to_contain_text("Step 0 of", timeout=60000)
        return self.page


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    # Below a path of the server, as on GitHub's pages.
    serve = functools.partial(Quiet, directory=str(site.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{site.name}/"
        server.shutdown()


@pytest.fixture
def visit(chrome: Browser, address: str) -> Iterator[Visit]:
    page = chrome.new_page(viewport={"width": 1440, "height": 1000}, color_scheme="light")
    yield Visit(page, address)
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_its_pictures_drawn(visit: Visit, lesson: str) -> None:
    page = visit.open(f"lessons/{lesson}.html")
    boxes = page.locator(".dann-plot")
    assert boxes.count() or lesson not in DRAWN
    if boxes.count():
        boxes.first.scroll_into_view_if_needed()  # Plotly waits until one is about to be seen
    for box in boxes.all():
        expect(box.locator("svg.main-svg").first).to_be_attached(timeout=20000)
    assert page.locator("[data-dann-widget] > p").count() == 0
    assert visit.wrong == []


def play(page: Page) -> None:
    """The first playground of ``page`` trains, and its lambda moves, by keyboard alone."""
    playground = page.locator(PLAYGROUND).first
    status = playground.locator("[data-show=status]")
    sentence = playground.locator("[data-show=sentence]")
    expect(status).to_contain_text("Step 0 of 1,000")
    before = sentence.inner_text()
    playground.get_by_role("button", name="Step", exact=True).press("Enter")
    expect(status).to_contain_text("Step 1 of 1,000")
    expect(sentence).not_to_have_text(before)
    assert sentence.get_attribute("aria-live") == "polite"
    playground.get_by_role("radio", name="by hand").press("Space")
    playground.get_by_role("slider", name="Lambda by hand").press("End")
    expect(status).to_contain_text("lambda 2")
    playground.get_by_label("Steps for each picture").select_option("10")
    playground.get_by_role("button", name="Play", exact=True).press("Enter")
    expect(status).to_contain_text("Step 1,000 of 1,000", timeout=120_000)
    playground.locator("[data-plot=accuracies]").scroll_into_view_if_needed()
    expect(playground.locator("[data-plot=accuracies] svg.main-svg").first).to_be_attached()


@pytest.mark.browser
@pytest.mark.parametrize("browser", ["chrome", "firefox"])
@pytest.mark.parametrize("path", ["index.html", "lessons/02_gradient_reversal.html"])
def test_the_playground_trains_without_any_python(
    request: pytest.FixtureRequest, address: str, browser: str, path: str
) -> None:
    page = request.getfixturevalue(browser).new_page(viewport={"width": 1440, "height": 1000})
    visit = Visit(page, address)
    visit.open(path)
    play(page)
    assert visit.wrong == []
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("browser", ["chrome", "firefox"])
def test_a_folder_opened_as_a_file_needs_neither_server_nor_network(
    request: pytest.FixtureRequest, site: Path, browser: str
) -> None:
    context = request.getfixturevalue(browser).new_context(offline=True)
    visit = Visit(context.new_page(), f"{site.as_uri()}/")
    play(visit.open("index.html"))
    page = visit.open("lessons/01_two_domains.html")
    box = page.locator(".dann-plot").first
    box.scroll_into_view_if_needed()
    expect(box.locator("svg.main-svg").first).to_be_attached(timeout=20000)
    assert visit.wrong == []
    context.close()


@pytest.mark.browser
def test_little_is_loaded_before_the_front_page_plays(visit: Visit, site: Path) -> None:
    asked: set[str] = set()
    visit.page.on("request", lambda request: asked.add(request.url))
    page = visit.open("index.html")
    expect(page.locator(f"{PLAYGROUND} [data-show=status]")).to_contain_text("Step 0")
    paths = {urlparse(url).path for url in asked if not url.startswith("blob:")}
    files = [site.parent / unquote(path).lstrip("/") for path in paths]
    assert 0 < sum(path.stat().st_size for path in files) <= MOST_BYTES


@pytest.mark.browser
def test_the_front_page_reads_a_digit_once_somebody_comes_near(visit: Visit) -> None:
    page = visit.open("index.html")
    card = page.locator("[data-draw=card]")
    page.get_by_role("heading", name="Draw a digit, here").scroll_into_view_if_needed()
    card.scroll_into_view_if_needed()
    card.get_by_role("button", name="An example").click()
    card.get_by_label("a photo", exact=True).check()
    expect(card.locator("[data-draw=sentence]")).to_have_text(
        re.compile(r"^Over a photo: Source only reads \d \(\d+ %\), DANN reads \d \(\d+ %\)\.$")
    )
    assert visit.wrong == []


@pytest.mark.browser
def test_what_needs_python_says_so_and_has_no_dead_knobs(visit: Visit) -> None:
    page = visit.open("lessons/02_gradient_reversal.html")
    playground = page.locator("[data-dann-widget][data-live]").first
    expect(playground).to_contain_text("needs Python")
    expect(playground).to_contain_text("Step 0 of 1,000")
    assert playground.locator(":is(button, input, select):not(:disabled)").count() == 0
    ink = playground.locator("canvas[data-plane=inputs]").evaluate(
        "(c) => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
    )
    assert ink > 20


@pytest.mark.browser
def test_a_quiz_answers(visit: Visit) -> None:
    page = visit.open("lessons/03_training.html")
    question = QUIZZES["03_training"][0]
    page.get_by_role("radio", name=question.answers[1].text).check()
    expect(page.locator(".dann-feedback").first).to_contain_text(question.answers[1].feedback)


@pytest.mark.browser
def test_pictures_follow_the_theme_of_the_site(visit: Visit) -> None:
    page = visit.open("lessons/01_two_domains.html")
    dark = page.locator(".dann.dann-dark:not(.dann-note)")
    expect(dark).to_have_count(0)
    switch = page.get_by_role("button", name="Toggle Light / Dark / Auto color theme")
    for _ in range(3):
        switch.locator("visible=true").first.click()
        if page.locator("body").get_attribute("data-theme") == "dark":
            break
    expect(dark).to_have_count(page.locator("[data-dann-widget]").count())
    assert visit.wrong == []


@pytest.mark.browser
def test_search_finds_gradient_reversal(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.base}search.html?q=gradient+reversal")
    found = page.locator("#search-results li a[href*='02_gradient_reversal']")
    expect(found.first).to_be_visible(timeout=20000)
    assert visit.wrong == []


@pytest.mark.browser
@pytest.mark.parametrize(("path", "width", "scheme"), LOOKS)
def test_it_fits_and_axe_finds_nothing_serious(
    visit: Visit, path: str, width: int, scheme: str
) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page = visit.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    serious = [
        f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
