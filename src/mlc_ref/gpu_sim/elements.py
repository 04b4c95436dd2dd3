"""Element types of the IR as NumPy types."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import ml_dtypes  # noqa: F401  makes bfloat16 and float8 known to NumPy by name
import numpy as np

_NAMES = (
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
    "bfloat16",
    "float8_e4m3fn",
    "float8_e5m2",
)


@dataclass(frozen=True)
class Element:
    """An element type and how many of them a vector holds (1 for a scalar)."""

    dtype: np.dtype
    width: int

    @property
    def is_float(self) -> bool:
        return self.dtype.kind not in "iub"  # ``ml_dtypes`` calls some of its types void


@cache
def parse(name: str) -> Element | None:
    """``float32x4`` and the like; ``None`` for a type the simulator does not know, such as ``float4_e2m1fn``."""
    match = re.fullmatch(r"([a-z]+\d*(?:_e\d+m\d+[a-z]*)?)(?:x(\d+))?", name)
    if match is None or match[1] not in _NAMES:
        return None
    return Element(np.dtype(match[1]), int(match[2] or 1))


def element_of(ty: Any) -> Element | None:
    """The element of a primitive type, or of a buffer's type, of the IR."""
    return parse(str(getattr(ty, "dtype", ty)))
