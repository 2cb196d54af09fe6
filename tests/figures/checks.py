"""What every figure has to pass, and how its numbers and colours are read."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import plotly.graph_objects as go


def unpacked(packed: dict[str, str]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed["bdata"]), dtype=packed["dtype"])


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours "#rrggbb"."""

    def luminance(colour: str) -> float:
        parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def check(figure: dict[str, Any]) -> None:
    go.Figure(figure)  # raises on anything that plotly does not know
    json.dumps(figure, allow_nan=False)  # as it travels
