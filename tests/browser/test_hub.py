"""A class's hub for real: three learners, through its proxy, each at their own address."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from page import SECONDS, LivePage
from playwright.sync_api import Browser
from serving import wait_until

from dann_lab.serve.servers import NOTEBOOKS

sys.path.insert(0, str(Path(__file__).parents[2] / "deploy"))
pytest.importorskip("jupyterhub", reason="pip install -r deploy/requirements.txt")
from learner import (
    DASHBOARD,
    FIRST_LESSON,
    PASSWORD,
    Hub,
    Learner,
    NoProxy,
    find_proxy,
    running_hub,
)

pytestmark = pytest.mark.timeout(900)
USERS = ["student1", "student2", "student3"]
CHANGED = "what the learner wrote"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The learners' folder; student3 has been here before and has changed a lesson."""
    folder = tmp_path_factory.mktemp("learners")
    lesson = folder / "student3" / "notebooks" / "01_two_domains.ipynb"
    lesson.parent.mkdir(parents=True)
    lesson.write_text(CHANGED, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def hub(own_cache: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    try:
        proxy = find_proxy(tmp_path_factory.mktemp("proxy"))
    except NoProxy as error:
        pytest.skip(str(error))
    with running_hub(folder, USERS, proxy) as hub:
        yield hub


@pytest.fixture(scope="module")
def learners(hub: Hub) -> list[Learner]:
    """Three learners in JupyterLab."""
    learners = [Learner(hub, name) for name in USERS]
    for learner in learners:
        assert learner.log_in() == 200
    for learner in learners:
        hub.wait(learner.is_in, f"{learner.name} is in JupyterLab")
    return learners


def test_only_names_on_the_list_with_the_password_come_in_and_only_from_this_machine(
    hub: Hub,
) -> None:
    assert Learner(hub, "student1").log_in("a guess") == 403
    assert Learner(hub, "somebody").log_in() == 403
    main = psutil.Process(hub.process.pid)
    listening = [
        connection.laddr.ip
        for process in [main, *main.children(recursive=True)]
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {"127.0.0.1"}


def test_each_learner_has_their_own_copy_of_the_lessons_and_keeps_what_they_changed(
    learners: list[Learner], folder: Path
) -> None:
    for name in USERS:
        copied = {path.name for path in (folder / name / "notebooks").glob("*.ipynb")}
        assert copied >= {path.name for path in NOTEBOOKS.glob("*.ipynb")}
    assert (folder / "student3" / "notebooks" / "01_two_domains.ipynb").read_text(
        encoding="utf-8"
    ) == CHANGED


def test_a_learner_reaches_only_their_own_server(learners: list[Learner]) -> None:
    first, second, _ = learners
    answer = first.session.get(second.url + "api/contents")
    assert answer.status_code == 403


def test_another_site_opens_no_dashboard_and_a_wrong_address_is_not_found(
    learners: list[Learner],
) -> None:
    learner = learners[0]
    before = learner.session.get(learner.url + "api/kernels").json()
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    answer = learner.session.get(learner.url + DASHBOARD, headers=link)
    assert answer.status_code == 403
    path = urlsplit(learner.url + DASHBOARD).path
    assert f'class="button" href="{path}"' in answer.text
    assert learner.session.get(learner.url + "api/kernels").json() == before
    for path in ("..%2f..%2fetc/passwd", "x", "dann/nostatic/x"):
        assert learner.session.get(f"{learner.url}voila/templates/{path}").status_code == 404


def test_a_login_is_not_brought_along_by_another_site(hub: Hub) -> None:
    learner = Learner(hub, USERS[0])
    learner.log_in()
    logins = {
        cookie.name: cookie._rest.get("samesite") or cookie._rest.get("SameSite")  # type: ignore[attr-defined]
        for cookie in learner.session.cookies
        if cookie.name.startswith("jupyterhub-")
    }
    assert logins
    assert set(logins.values()) == {"Lax"}


def test_a_lesson_runs_for_each_learner_on_one_core(learners: list[Learner], folder: Path) -> None:
    for learner in learners:
        lesson = nbformat.read(
            folder / learner.name / "notebooks" / "00_start_here.ipynb", as_version=4
        )
        kernel = learner.start_kernel()
        for cell in lesson.cells:
            if cell.cell_type == "code":
                learner.run(kernel, cell.source)  # an error in it is one here
        where = (
            "import os; from dann_core.devices import choose_threads; "
            "print(os.getcwd(), choose_threads())"
        )
        assert learner.run(kernel, where).split()[-2:] == [str(folder / learner.name), "1"]
        learner.stop(kernel)


def test_dashboards_train_for_two_learners_at_once(learners: list[Learner], hub: Hub) -> None:
    _, *two = learners
    pages = [(learner, learner.open_dashboard()) for learner in two]
    for learner, kernel in pages:
        hub.wait(lambda: learner.train(kernel) >= 2, f"{learner.name} trains")  # noqa: B023


def test_a_browser_trains_through_the_proxy_and_closing_the_tab_ends_its_kernel(
    browser: Browser, learners: list[Learner], hub: Hub
) -> None:
    learner = learners[0]
    context = browser.new_context(viewport={"width": 1440, "height": 1200})
    page = context.new_page()
    page.goto(f"{hub.url}/hub/login", timeout=SECONDS * 1000)
    page.get_by_label("Username").fill(learner.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/{FIRST_LESSON}*", timeout=SECONDS * 1000)

    page = context.new_page()
    live = LivePage(page)
    live.open(learner.url + DASHBOARD)
    live.press("Train")
    live.wait(lambda: live.step >= 2, "two steps")
    live.press("Pause")
    assert live.asked
    hosts = {urlsplit(url).netloc for url in live.asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(hub.url).netloc}
    assert not live.errors

    def kernels() -> int:
        return len(learner.session.get(learner.url + "api/kernels").json())

    before = kernels()
    page.close(run_before_unload=True)
    wait_until(lambda: kernels() == before - 1, 25, "the kernel ends with its tab")
