"""What stands of a widget in a saved notebook: its caption, a picture, and a script."""

from __future__ import annotations

import base64
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tiny import tiny_pair

from dann_core.datasets import load_pair
from dann_core.recipe import preset
from dann_core.training import Trainer
from dann_lab.figures import curves, feature_maps, images
from dann_lab.figures.stills import drawn
from dann_lab.figures.theme import LIGHT, Figure
from dann_lab.lessons.beside import MethodsBeside
from dann_lab.lessons.blending import Blend
from dann_lab.lessons.checkup import WidgetsWork
from dann_lab.lessons.diagram import NetworkDiagram
from dann_lab.lessons.playground import Playground
from dann_lab.lessons.predict import guess
from dann_lab.lessons.quiz import quiz
from dann_lab.lessons.upload import OwnFolders
from dann_lab.live.dashboard import Dashboard
from dann_lab.live.session import Session
from dann_lab.runs.player import first_look, recorded
from dann_lab.runs.reader import recorded_reader
from dann_lab.widgets import saved
from dann_lab.widgets.base import Plot, Widget
from dann_lab.widgets.explore import Explore, Slider

SCRIPT = "application/javascript"
Make = Callable[[], Widget]


def trained() -> Trainer:
    recipe = preset("quick", steps=4, batch_size=8, domain_width=8)
    trainer = Trainer(tiny_pair(), recipe, device="cpu")
    for _ in trainer:
        trainer.evaluate()
    return trainer


def explore(gamma: float) -> tuple[Figure, str]:
    return curves.schedules(gamma=gamma), f"With gamma {gamma:.0f} lambda rises."


MADE: dict[str, tuple[Make, str, str]] = {
    "plot": (
        lambda: Plot(lambda theme: curves.losses(trained().history, theme), "Losses", "They fall."),
        "Losses\nThey fall.",
        "plot",
    ),
    "explore": (
        lambda: Explore(lambda theme, gamma: explore(gamma), {"gamma": Slider(1, 20, 1, 10)}, "λ"),
        "λ\nWith gamma 10 lambda rises.",
        "plot",
    ),
    "player": (recorded, "Recorded: MNIST → MNIST-M, without and with DANN", "plot"),
    "readings": (first_look, "Two networks learn to read", "plot"),
    "playground": (lambda: Playground(shifts=True), "The playground: DANN on two moons", "plot"),
    "beside": (MethodsBeside, "Methods beside each other, on the same moons", "plot"),
    "blend": (
        lambda: Blend(load_pair("stripes")),
        "A digit blended with a photograph\nAt row 199",
        "plot",
    ),
    "network": (lambda: NetworkDiagram(trained()), "The network, step by step\nStep 4", "plot"),
    "page": (lambda: Dashboard(Session()), "The live page\n", "plot"),
    "prediction": (lambda: guess("source-only"), "A box for a prediction\n", "words"),
    "quiz": (lambda: quiz("01_two_domains"), "Quiz with 4 questions\n1. Which of these", "words"),
    "zip": (
        lambda: OwnFolders(Path("a"), Path("b"), None, "Nothing sent yet."),
        "A box for two domains of your own\nNothing sent yet.",
        "words",
    ),
    "reader": (recorded_reader, "Draw a digit\nBoth networks learnt", "words"),
    "line": (WidgetsWork, "A line that only a page with working widgets shows.", "words"),
}


@pytest.fixture(scope="module")
def widgets(own_cache: Path) -> Iterator[dict[str, Widget]]:
    made = {name: make() for name, (make, _, _) in MADE.items()}
    yield made
    for widget in made.values():
        widget.close()


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Says who will see what is shown."""
    return lambda who: monkeypatch.setattr(saved, "reader", lambda: who)


def picture(data: str) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))


def colours(pixels: np.ndarray[Any, Any]) -> int:
    return len(np.unique(pixels.reshape(-1, 3), axis=0))


def handed(script: str) -> dict[str, Any]:
    found = re.search(r"const saved = (.*);\n", script)
    assert found
    whole: dict[str, Any] = json.loads(found[1])
    return whole


def test_every_kind_of_widget_is_here(widgets: dict[str, Widget]) -> None:
    def below(kind: type) -> set[type]:
        return {kind, *(each for child in kind.__subclasses__() for each in below(child))}

    ours = {kind for kind in below(Widget) if kind.__module__.startswith("dann_lab")}
    abstract = {"Widget", "PlotWidget"}
    made = {type(widget).__name__ for widget in widgets.values()}
    assert made == {kind.__name__ for kind in ours} - abstract


@pytest.mark.parametrize("name", MADE)
def test_the_repr_is_the_caption(name: str, widgets: dict[str, Widget]) -> None:
    assert repr(widgets[name]).startswith(MADE[name][1])


@pytest.mark.parametrize("name", MADE)
def test_a_saved_notebook_has_a_caption_and_a_picture_or_the_words(
    name: str, widgets: dict[str, Widget], reader: Callable[[str], None]
) -> None:
    reader("page")
    data, metadata = widgets[name]._repr_mimebundle_()
    assert data["text/plain"] == repr(widgets[name])
    assert data[saved.VIEW]["model_id"] == metadata[saved.MODEL] == widgets[name].model_id
    shown = handed(data[SCRIPT])
    assert shown["words"][0] == repr(widgets[name]).splitlines()[0]
    if MADE[name][2] == "words":
        assert "image/png" not in data
        assert shown["picture"] == ""
        return
    whole, alone = picture(data["image/png"]), picture(shown["picture"])
    assert min(colours(whole), colours(alone)) > 8
    assert alone.shape[1] == whole.shape[1]
    assert 150 < alone.shape[0] < whole.shape[0]  # without the title and the caption
    asks = widgets[name].asks_python
    assert (saved.NEEDS_PYTHON in shown["words"]) == asks


def test_where_nobody_will_answer_the_first_answers_are_in_the_state(
    reader: Callable[[str], None],
) -> None:
    reader("nobody")
    playground = Playground()
    assert playground.answers == {}
    data, metadata = playground._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", SCRIPT}
    assert metadata == {saved.MODEL: playground.model_id}
    assert handed(data[SCRIPT])["model"] == playground.model_id
    for look, answer in playground.answers.items():
        assert answer["type"] == "frame"
        ink = answer["figures"]["losses"]["layout"]["font"]["color"]
        assert (ink == LIGHT.text) == (look == "light")
    playground.close()


def test_the_live_page_is_a_picture_for_its_script_shows_nothing_alone(
    widgets: dict[str, Widget], reader: Callable[[str], None]
) -> None:
    reader("nobody")
    data, _ = widgets["page"]._repr_mimebundle_()
    assert handed(data[SCRIPT])["model"] == ""


@pytest.mark.parametrize(
    ("who", "kinds"),
    [("voila", {saved.VIEW, "text/plain"}), ("colab", {saved.VIEW, "text/plain", "image/png"})],
)
def test_other_pages_get_what_they_always_got(
    who: str, kinds: set[str], widgets: dict[str, Widget], reader: Callable[[str], None]
) -> None:
    reader(who)
    data, _ = widgets["plot"]._repr_mimebundle_()
    assert set(data) == kinds


def test_who_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    class Shell:
        asks = True

        def get_parent(self) -> dict[str, Any]:
            return {"content": {"allow_stdin": self.asks}}

    monkeypatch.delenv("VOILA_PREHEAT", raising=False)
    shell = Shell()
    monkeypatch.setattr(saved, "get_ipython", lambda: shell)
    assert saved.reader() == "page"
    shell.asks = False
    assert saved.reader() == "nobody"
    monkeypatch.setenv("VOILA_PREHEAT", "False")
    assert saved.reader() == "voila"
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    assert saved.reader() == "colab"


def test_a_figure_that_cannot_be_drawn_on_paper_is_shown_all_the_same(
    reader: Callable[[str], None],
) -> None:
    reader("page")
    pie = {"data": [{"type": "pie", "values": [1, 2]}], "layout": {}}
    widget = Plot(lambda theme: pie, "A pie", "Of two parts.")
    data, _ = widget._repr_mimebundle_()
    assert set(data) == {saved.VIEW, "text/plain", SCRIPT}
    widget.close()


def test_no_word_ends_the_element_that_the_script_stands_in(
    reader: Callable[[str], None],
) -> None:
    reader("page")
    evil = "</script><b>&\u2028"
    widget = Plot(lambda theme: curves.schedules(theme), evil, evil)
    data, _ = widget._repr_mimebundle_()
    assert "</script" not in data[SCRIPT]
    assert handed(data[SCRIPT])["words"] == [evil, evil]
    widget.close()


def test_all_our_figures_can_be_drawn_on_paper() -> None:
    trainer = trained()
    rng = np.random.default_rng(0)
    points = rng.normal(size=(60, 2)).astype(np.float32)
    labels, domains = np.arange(60) % 3 - 1, np.arange(60) % 2
    names = ("a $ sign", "_begins", "<b>{x}</b>")
    figures = [
        *curves.drawn(trainer.history).values(),
        curves.compare({"one": trainer.history}),
        feature_maps.scatter_map(points, labels, domains, classes=names),
        images.confusion(labels.clip(0), labels.clip(0), names=names),
    ]
    for figure in figures:
        for caption in ("", "A $ sentence $.\nAnother one."):
            still = drawn([figure], "Costs $5 and $6", caption)
            assert colours(np.asarray(Image.open(io.BytesIO(still.picture)).convert("RGB"))) > 4
