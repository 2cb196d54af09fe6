"""Arrays of images from a pickle, which is a program, without running what it asks for.

The program runs with stand-ins for the five functions that a plain uint8 array needs; any other
name in it stops it before anything is called. The stand-ins only note what they are given: an array
is made when the program has ended and its size is known to be right.
"""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np

from dann_core.datasets.blending import SIDE, Images
from dann_core.datasets.bounded import Bounded
from dann_core.errors import DataError

WANTED = ("train", "valid", "test")
MOST_IMAGES = 60_000
"""The number of images in an array, at most: MNIST has no more."""
MOST_MARKS = 5_000
"""The number of a pickle's instructions, at most. Three arrays take a few dozen; millions of them
would fill the memory with empty lists."""


def read_arrays(stream: Bounded) -> dict[str, Images]:
    """Those of :data:`WANTED` in a pickled dictionary: uint8 [N, 28, 28, 3] each.

    Raises :class:`DataError` for what is not such a dictionary or not safe, and for what is damaged
    almost anything.
    """
    content = _PlainArrays(stream, encoding="latin1").load()
    if not isinstance(content, dict):
        raise DataError("It is a pickle, but not of a dictionary of arrays.")
    arrays = {_text(key): value for key, value in content.items()}
    return {name: _images(name, arrays[name]) for name in WANTED if name in arrays}


def check_shape(shape: tuple[int, ...]) -> None:
    """Raise :class:`DataError` unless that many images, of that size, can be MNIST-M's."""
    if len(shape) != 4 or shape[1:] != (SIDE, SIDE, 3):
        raise DataError(
            f"It holds an array of shape {shape}; images of shape (N, 28, 28, 3) are needed."
        )
    if not 0 < shape[0] <= MOST_IMAGES:
        raise DataError(f"It holds {shape[0]} images; 1 to {MOST_IMAGES} are expected.")


def _text(key: Any) -> str:
    if isinstance(key, _Encoded):
        return key.text
    return key.decode("ascii") if isinstance(key, bytes) else str(key)


def _images(name: str, value: Any) -> Images:
    if not isinstance(value, _Array) or value.shape is None:
        raise DataError(f"Its {name!r} is something else than a plain uint8 array.")
    check_shape(value.shape)
    flat = np.frombuffer(_content(value.content), np.uint8)
    return np.ascontiguousarray(flat.reshape(value.shape, order=value.order))


def _content(value: Any) -> bytes | bytearray:
    if isinstance(value, _Encoded):
        value = value.text
    if isinstance(value, str):  # Python 2's, and what _codecs.encode is given
        value = value.encode("latin1")
    if not isinstance(value, bytes | bytearray):
        raise DataError("It holds something else than plain uint8 arrays.")
    return value


class _Marks(dict[int, Any]):
    """What each instruction does, as pickle has it, for so many instructions."""

    left = MOST_MARKS

    def __getitem__(self, mark: int) -> Any:
        self.left -= 1
        if self.left < 0:
            raise DataError(f"It has over {MOST_MARKS} instructions, where arrays need few.")
        return super().__getitem__(mark)


class _PlainArrays(pickle._Unpickler):
    """An unpickler that knows plain uint8 arrays only.

    What it hands to the pickle are this module's own few lines, not NumPy's: NumPy's
    ``_reconstruct`` and ``__setstate__`` would build arrays of Python objects. Python's unpickler
    in Python, because the one in C makes room for as much as a pickle says that there will be.
    """

    def __init__(self, stream: Bounded, encoding: str):
        super().__init__(stream, encoding=encoding)
        self.dispatch = _Marks(pickle._Unpickler.dispatch)  # type: ignore[misc]

    def find_class(self, module: str, name: str) -> Any:
        # NumPy 2 renamed its modules, and reads either name.
        match module.replace("numpy._core.", "numpy.core."), name:
            case "numpy.core.multiarray", "_reconstruct":
                return _reconstruct
            case "numpy.core.numeric", "_frombuffer":
                return _frombuffer
            case "numpy", "ndarray":
                return None  # only ever an argument of _reconstruct
            case "numpy", "dtype":
                return _dtype
            case "_codecs", "encode":
                return _encode
        raise DataError(
            f"It asks for {module}.{name}, which no plain array needs: it may be an attack. "
            "Do not open it with anything else."
        )


class _Type:
    """Stands in for ``numpy.dtype('uint8')``, which has one byte and so no byte order to set."""

    __slots__ = ()

    def __setstate__(self, state: Any) -> None:
        pass


class _Encoded:
    """Stands in for the bytes that ``_codecs.encode(text, "latin1")`` would make."""

    __slots__ = ("text",)

    def __init__(self, text: str):
        self.text = text


class _Array:
    """Stands in for ``numpy.ndarray``: what it would be made of."""

    __slots__ = ("content", "order", "shape")

    def __init__(self) -> None:
        self.shape: tuple[int, ...] | None = None

    def __setstate__(self, state: tuple[int, tuple[int, ...], _Type, bool, Any]) -> None:
        _, shape, dtype, fortran, content = state
        self.fill(content, dtype, shape, "F" if fortran else "C")

    def fill(self, content: Any, dtype: _Type, shape: tuple[int, ...], order: Any) -> None:
        if not isinstance(dtype, _Type):
            raise DataError("It holds something else than plain uint8 arrays.")
        self.content, self.shape, self.order = content, tuple(shape), order


def _reconstruct(subtype: None, shape: Any, typecode: Any) -> _Array:
    return _Array()


def _frombuffer(content: Any, dtype: _Type, shape: tuple[int, ...], order: str) -> _Array:
    array = _Array()
    array.fill(content, dtype, shape, order)
    return array


def _dtype(code: str, align: Any, copy: Any) -> _Type:
    if code not in ("u1", "|u1", "uint8"):
        raise DataError(f"It holds an array of type {code!r}; only uint8 is read.")
    return _Type()


def _encode(text: str, encoding: str) -> _Encoded:
    if encoding != "latin1":
        raise DataError(f"It asks for the encoding {encoding!r}, which no plain array needs.")
    return _Encoded(text)
