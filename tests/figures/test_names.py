"""Names that people give, in pictures: what looks like HTML is shown letter by letter."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser
from test_curves import history

from dann_core.history import Mark
from dann_core.probe import Probe
from dann_lab.figures import curves, feature_maps, images
from dann_lab.figures.paper import draw_map
from dann_lab.figures.theme import Figure
from dann_lab.runs import export, player, recordings
from dann_lab.widgets.document import plotly_script

NAMES = [
    '<a href="http://evil.example">click</a>',
    "<b>bold</b> &lt; &amp; %{x} %{fullData.name}",
]
RUNS = {name: history(300) for name in NAMES}
AT = np.arange(4, dtype=np.float32)
LABELS, DOMAINS = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])


def with_notes() -> Figure:
    run = history(50)
    run.marks[:] = [Mark(step, "note", name) for step, name in zip((3, 9), NAMES, strict=True)]
    return curves.lambdas(run)


def rows() -> list[dict[str, object]]:
    return [{"text": name, "target": {"mean": 0.5, "std": 0.1}} for name in NAMES]


FIGURES = {
    "compare": curves.compare(RUNS),
    "overlay": curves.overlay(dict.fromkeys(NAMES, (AT, AT)), "y"),
    "ranges": curves.ranges(rows()),
    "lambdas": with_notes(),
    "distances": feature_maps.distances({name: Probe(0.1, 1.6, 0.1, 9) for name in NAMES}),
    "scatter_map": feature_maps.scatter_map(
        np.stack([AT, AT], 1), LABELS, DOMAINS, names=(NAMES[0], NAMES[1])
    ),
    "classes": feature_maps.scatter_map(np.stack([AT, AT], 1), LABELS, DOMAINS, classes=NAMES),
    "accuracy_by_light": images.accuracy_by_light(
        [0, 90], {name: [0.9, 0.3] for name in NAMES}, torch.zeros(2, 28, 28, 3).byte()
    ),
}
DRAWN = """
async figure => {
  const place = document.body.appendChild(document.createElement("div"));
  await Plotly.newPlot(place, figure);
  const shown = [place.textContent];
  for (let curve = 0; curve < figure.data.length; curve += 1)
    for (let point = 0; point < 2; point += 1) {
      Plotly.Fx.hover(place, [{ curveNumber: curve, pointNumber: point }]);
      await new Promise(done => setTimeout(done, 150));
      shown.push(place.querySelector(".hoverlayer").textContent);
    }
  return { text: shown.join("\\n"), links: place.querySelectorAll("svg a").length };
}
"""


@pytest.mark.parametrize("name", FIGURES)
def test_a_name_that_looks_like_html_is_shown_letter_by_letter(chrome: Browser, name: str) -> None:
    page = chrome.new_page()
    page.set_content(f"<body><script>{plotly_script()}</script></body>")
    drawn = page.evaluate(DRAWN, FIGURES[name])
    page.close()
    assert drawn["links"] == 0
    for each in NAMES:
        assert each in drawn["text"].replace("\xa0", " ")


def test_a_run_that_is_named_like_html_makes_no_link_in_an_exported_page(
    chrome: Browser,
) -> None:
    first, second = recordings.recorded()[:2]
    runs = [replace(first, title=NAMES[0], about=NAMES[0]), replace(second, title=NAMES[1])]
    page = chrome.new_page()
    page.set_content(export.page(player.bundle(runs), NAMES[0]))
    page.locator(".legendtext", has_text="evil.example").first.wait_for()
    assert page.title() == NAMES[0]
    assert page.locator("a[href*='evil'], svg a").count() == 0
    shown = page.locator(".legendtext").all_text_contents()
    for each in NAMES:
        assert each in shown
    page.close()


def test_a_dollar_in_a_name_is_no_formula_on_paper() -> None:
    at = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    labels = np.arange(20) // 2
    figure = draw_map(at, labels, np.arange(20) % 2, (r"$\a$", "$_"), "$^")
    figure.savefig(BytesIO())
