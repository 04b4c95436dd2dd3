"""Values of compiled expressions: conversions between types, and the operators on plain integers.

A value is a Python number where every lane agrees on it and it is an integer or a truth value, a NumPy
scalar where it is another number, and an array over the lanes otherwise (see ``lanes``). Whatever it is,
it stays within its type: integers wrap around as a device's do.
"""

import math
import operator
from collections.abc import Callable
from functools import cache
from typing import Any

import ml_dtypes
import numpy as np

from mlc_ref.gpu_sim.elements import Element


@cache
def to(dtype: np.dtype) -> Callable[[Any], Any]:
    """Conversion to a type; plain integers and truth values stay Python's."""
    if dtype.kind == "b":
        return lambda value: value.astype(dtype, copy=False) if isinstance(value, np.ndarray) else bool(value)
    if dtype.kind in "iu":
        return _to_integer(dtype)
    if dtype.itemsize == 1:
        return _to_float8(dtype)
    return lambda value: value.astype(dtype, copy=False) if isinstance(value, np.ndarray) else dtype.type(value)


def _to_integer(dtype: np.dtype) -> Callable[[Any], Any]:
    low, high, period = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max), 1 << (8 * dtype.itemsize)

    def convert(value: Any) -> Any:
        if type(value) is int:
            return value if low <= value <= high else (value - low) % period + low
        if isinstance(value, np.ndarray):
            return value.astype(dtype, copy=False)
        return int(np.asarray(value).astype(dtype))

    return convert


def _to_float8(dtype: np.dtype) -> Callable[[Any], Any]:
    """As CUDA's types of 8 bits convert: what is too large becomes the largest number."""
    largest = float(ml_dtypes.finfo(dtype).max)

    def convert(value: Any) -> Any:
        kept = np.clip(np.asarray(value).astype(np.float32), -largest, largest).astype(dtype)
        return kept if isinstance(value, np.ndarray) else kept[()]

    return convert


def choose(dtype: np.dtype) -> Callable[[Any, Any, Any], Any]:
    """One of two values by a condition, as a value of ``dtype``."""
    convert = to(dtype)

    def chosen(condition: Any, one: Any, other: Any) -> Any:
        if isinstance(condition, np.ndarray):
            return convert(np.where(condition, one, other))
        return convert(one if condition else other)

    return chosen


def reinterpret(source: Element, target: Element) -> Callable[[Any], Any]:
    """The same bits as another type of the same size; a vector's elements follow one another."""
    convert = to(target.dtype)

    def run(value: Any) -> Any:
        array = vector(np.asarray(value, source.dtype), source.width)
        bits = np.ascontiguousarray(np.moveaxis(array, 0, -1)).view(target.dtype)
        parts = np.moveaxis(bits, -1, 0)
        if target.width > 1:
            return parts
        return parts[0] if isinstance(value, np.ndarray) else convert(parts[0].reshape(())[()])

    return run


def vector(value: Any, width: int) -> np.ndarray:
    """``value`` with the vector axis and the six lane axes."""
    array = np.asarray(value)
    array = array.reshape((1,) * (6 - array.ndim) + array.shape) if array.ndim < 6 else array
    return np.broadcast_to(array if array.ndim == 7 else array[None], (width, *array.shape[-6:]))


def plain(kind: str, function: Callable) -> Callable[..., Any]:
    """``function`` for arrays, and a fast and exact one for two Python integers."""
    quick = _INTEGERS.get(kind)
    if quick is None:
        return function
    return lambda a, b: quick(a, b) if type(a) is int and type(b) is int else function(a, b)


def _divide(a: int, b: int) -> int:
    return math.trunc(a / b) if abs(a) < 1 << 50 else (abs(a) // abs(b)) * (1 if (a < 0) == (b < 0) else -1)


_INTEGERS: dict[str, Callable[[int, int], Any]] = {
    "Add": operator.add, "Sub": operator.sub, "Mul": operator.mul, "FloorDiv": operator.floordiv,
    "FloorMod": operator.mod, "Min": min, "Max": max, "Div": _divide, "Mod": lambda a, b: a - b * _divide(a, b),
    "EQ": operator.eq, "NE": operator.ne, "LT": operator.lt, "LE": operator.le, "GT": operator.gt, "GE": operator.ge,
    "bitwise_and": operator.and_, "bitwise_or": operator.or_, "bitwise_xor": operator.xor,
    "shift_left": operator.lshift, "shift_right": operator.rshift,
}  # fmt: skip
