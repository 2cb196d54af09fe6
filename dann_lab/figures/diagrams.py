"""The network as boxes and lines, for paper: the page's own can be moved from step to step."""

from __future__ import annotations

from typing import Any, Literal

from dann_core.history import StepRecord
from dann_lab.figures.theme import BARE, LIGHT, Figure, Theme

Side = Literal["none", "classifier", "distance"]
WIDE, HIGH = 2.2, 0.8
"""The size of a box."""


def network(record: StepRecord, side: Side, theme: Theme = LIGHT) -> Figure:
    """One step of a run: losses in the boxes, norms of the gradients at the features beside the
    dashed lines back. ``side``: what judges the domains."""
    boxes = {
        "features": (0.0, 1.0, "feature extractor", theme.text),
        "label": (4.2, 1.8, "label predictor", theme.blue),
        "label loss": (8.4, 1.8, f"label loss<br>{record.label_loss:.3f}", theme.blue),
    }
    forward = [(WIDE, 1.6, 4.2, 2.3), (4.2 + WIDE, 2.2, 8.4, 2.2)]
    back = [(4.2, 2.0, WIDE, 1.3, f"gradient {record.label_gradient:.3g}", theme.blue)]
    if side != "none":
        judge = "domain classifier" if side == "classifier" else "both domains"
        loss = "domain loss" if side == "classifier" else "distance"
        turn = "reversal" if side == "classifier" else "times lambda"
        boxes |= {
            "turn": (4.2, 0.2, f"{turn}<br>lambda {record.lambda_:.2f}", theme.purple),
            "domain": (8.4, 0.2, judge, theme.green),
            "domain loss": (12.6, 0.2, f"{loss}<br>{record.domain_loss:.3f}", theme.green),
        }
        forward += [
            (WIDE, 1.2, 4.2, 0.8),
            (4.2 + WIDE, 0.7, 8.4, 0.7),
            (8.4 + WIDE, 0.6, 12.6, 0.6),
        ]
        before, after = record.domain_gradient_before, record.domain_gradient_after
        back += [
            (8.4, 0.4, 4.2 + WIDE, 0.4, f"gradient {before:.3g}", theme.green),
            (4.2, 0.5, WIDE, 1.05, f"gradient {after:.3g}", theme.purple),
        ]
    layout = {
        "height": 250,
        "showlegend": False,
        "xaxis": BARE | {"range": [-0.1, 12.7 + WIDE]},
        "yaxis": BARE | {"range": [-0.2, 2.9]},
        "shapes": [
            *(_box(*box) for box in boxes.values()),
            *(_line(*one, theme.text, "solid") for one in forward),
            *(_line(*one[:4], one[5], "dash") for one in back),
        ],
        "annotations": [
            *(_text(x + WIDE / 2, y + HIGH / 2, text) for x, y, text, _ in boxes.values()),
            *(_text((x0 + x1) / 2, (y0 + y1) / 2 - 0.28, text) for x0, y0, x1, y1, text, _ in back),
        ],
    }
    return {"data": [], "layout": layout}


def _box(x: float, y: float, text: str, colour: str) -> dict[str, Any]:
    ends = {"x0": x, "y0": y, "x1": x + WIDE, "y1": y + HIGH}
    return {"type": "rect", "line": {"color": colour, "width": 2}} | ends


def _line(x0: float, y0: float, x1: float, y1: float, colour: str, dash: str) -> dict[str, Any]:
    ends = {"x0": x0, "y0": y0, "x1": x1, "y1": y1}
    return {"type": "line", "line": {"color": colour, "width": 2, "dash": dash}} | ends


def _text(x: float, y: float, text: str) -> dict[str, Any]:
    return {"text": text, "x": x, "y": y, "showarrow": False}
