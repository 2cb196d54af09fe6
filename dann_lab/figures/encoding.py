"""Arrays and pictures as what a page can take."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from torch import Tensor


def as_text(data: bytes) -> str:
    """Base64. Binary messages are a risk: on a slow machine a browser may fall back to Jupyter's
    older websocket protocol, and Voila (0.5) then takes the first 8 bytes of a binary message for
    a count, fills the memory with a list of that length, and serves nobody any more."""
    return base64.b64encode(data).decode()


def packed(values: npt.NDArray[np.float32]) -> dict[str, str]:
    """float32 [n] in Plotly's own form for typed arrays: a third of the size of numbers written
    out."""
    return {"dtype": "f4", "bdata": as_text(values.tobytes())}


def image_bytes(picture: npt.NDArray[np.uint8], format_: str = "PNG", **options: Any) -> bytes:
    """A picture uint8 [H, W, 3] as a file."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, format_, **options)
    return file.getvalue()


def image_url(picture: npt.NDArray[np.uint8], format_: str = "PNG", **options: Any) -> str:
    """A picture uint8 [H, W, 3] as an address that holds it."""
    text = as_text(image_bytes(picture, format_, **options))
    return f"data:image/{format_.lower()};base64,{text}"


def as_numpy(values: Any) -> Any:
    """A tensor on any device, an array or a list as a NumPy array."""
    return values.cpu().numpy() if isinstance(values, Tensor) else np.asarray(values)
