"""The picture that a run's folder gets: what is in it."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from dann_lab.figures import paper


def test_the_picture_shows_every_point_with_its_class_and_domain() -> None:
    rng = np.random.default_rng(0)
    classes, domains = np.tile(np.arange(10), 8), np.arange(80) // 40
    figure = paper.draw_map(
        rng.normal(size=(80, 2)).astype(np.float32), classes, domains, ("here", "there"), "Title"
    )
    (axes,) = figure.axes
    assert sum(len(points.get_offsets()) for points in axes.collections) == 80
    assert axes.get_title() == "Title"
    assert {text.get_text() for text in axes.texts} == {str(label) for label in range(10)}
    legend = {text.get_text() for text in figure.legends[0].get_texts()}
    assert legend == {"here", "there", *(f"class {label}" for label in range(10))}


def test_named_classes_and_points_without_a_label_are_on_paper_too() -> None:
    rng = np.random.default_rng(0)
    domains = np.arange(80) // 40
    classes = np.where(domains == 1, -1, np.arange(80) % 12)
    names = ["_cat", "$dog", *(f"bird {k}" for k in range(10))]
    figure = paper.draw_map(
        rng.normal(size=(80, 2)).astype(np.float32), classes, domains, ("here", "there"), "", names
    )
    (axes,) = figure.axes
    assert sum(len(points.get_offsets()) for points in axes.collections) == 80
    assert {text.get_text() for text in axes.texts} == set(names)
    legend = [text.get_text().strip("\u200b") for text in figure.legends[0].get_texts()]
    assert legend == ["here", "there", "not labelled", *names]
    figure.savefig(BytesIO())
