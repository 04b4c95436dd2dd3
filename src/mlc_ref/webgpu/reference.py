"""Inputs an artefact is tried with and the results they must give, small enough to ship with it.

Inputs are a recipe: a hash of the element's index, computed bit for bit alike by NumPy here and by the page's
script. Large results ship as one weighted sum for each group of neighbours; the weights differ, so that an element
in the wrong place is noticed as well as a wrong one.
"""

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from mlc_ref.webgpu import limits

GROUP = 64
MOST_GROUPS = 1024
MOST_VALUES = 4096  # elements of a result that ships as it is
_WEIGHT_SEED = 0x5EED
_USUAL = {"bool": (0, 1), "int8": (-128, 127)}


def hashes(count: int, seed: int) -> np.ndarray:
    """uint32 ``(count,)``: a hash of each index.

    Source: the multipliers and shifts of C. Wellons' *lowbias32*, a search for integer hashes of little bias, 2018.
    """
    x = np.arange(count, dtype=np.uint32) + np.uint32(seed * 0x9E3779B9 % 2**32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x ^= x >> np.uint32(shift)
        x *= np.uint32(factor)
    return x ^ (x >> np.uint32(16))


def recipe(shape: Sequence[int], dtype: str, seed: int, span: tuple[int, int] | None = None) -> np.ndarray:
    """The input of a seed.

    Floats from -1 to 1 in steps of 2⁻²³ (float16: of 2⁻¹⁰). Integers from ``span[0]`` to ``span[1]``; without a span all of
    bool, int8 and uint8, and 0 to 255 of wider ones.
    """
    words = hashes(int(np.prod(shape)), seed).reshape(shape)
    if dtype in limits.VALUES:
        least, most = span or _USUAL.get(dtype, (0, 255))
        # The high bits are the better ones: where the count of values is a power of two, they alone decide.
        return ((words.astype("uint64") * np.uint64(most - least + 1) >> np.uint64(32)).astype("int64") + least).astype(
            dtype
        )
    bits = 10 if dtype == "float16" else 23
    return ((words >> np.uint32(31 - bits)) / 2.0**bits - 1).astype(dtype)


def weights_of(count: int) -> np.ndarray:
    """float64 ``(count,)``: from 1/2 to 3/2, what the elements of a result are weighed with."""
    return (hashes(count, _WEIGHT_SEED) >> np.uint32(8)) / 2.0**24 + 0.5


def group_size(count: int) -> int:
    """How many neighbours of ``count`` elements share a sum: a multiple of ``GROUP``, at most ``MOST_GROUPS`` sums."""
    return GROUP * -(-count // (GROUP * MOST_GROUPS))


def group_sums(values: np.ndarray) -> np.ndarray:
    """The weighted sum of each ``group_size`` neighbours of the flattened array, in float64; the last may be shorter."""
    flat = values.astype("float64").ravel()
    weighted = flat * weights_of(flat.size)
    return np.add.reduceat(weighted, np.arange(0, flat.size, group_size(flat.size)))


@dataclass(frozen=True)
class Given:
    """The recipe's seed for one input."""

    tensor: int
    seed: int


@dataclass(frozen=True)
class Expected:
    """What one output must hold.

    Attributes:
        kind: ``values``: every element; ``integers``: the same, of a tensor of integers; ``sums``: ``group_sums``.
        data: float32 of the values, else float64, which holds all integers of 32 bits; little endian, as base64.
        tolerance: how far an element may lie off. A sum may lie off by the largest error its group can have.
    """

    tensor: int
    kind: Literal["values", "integers", "sums"]
    data: str
    tolerance: float

    def array(self) -> np.ndarray:
        """The data as float64."""
        dtype = "<f4" if self.kind == "values" else "<f8"
        return np.frombuffer(base64.b64decode(self.data), dtype).astype("float64")


def expect(tensor: int, values: np.ndarray, tolerance: float) -> Expected:
    """Ship a result as its values where they are few, else as sums."""
    if values.size <= MOST_VALUES and values.dtype.kind in "iub":
        return Expected(tensor, "integers", _encoded(values.astype("<f8")), tolerance)
    if values.size <= MOST_VALUES:
        return Expected(tensor, "values", _encoded(values.astype("<f4")), tolerance)
    sums = group_sums(values)
    short = sums.astype("float32").astype(
        "float64"
    )  # three of its eight bytes are zeros, or nearly so, and take little room when packed
    near = np.abs(short - sums).max() <= tolerance
    return Expected(tensor, "sums", _encoded((short if near else sums).astype("<f8")), tolerance)


def _encoded(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode()


@dataclass(frozen=True)
class Reference:
    """Inputs and expected outputs of an artefact."""

    inputs: tuple[Given, ...]
    outputs: tuple[Expected, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Reference":
        inputs = tuple(Given(**given) for given in data["inputs"])
        return cls(inputs, tuple(Expected(**expected) for expected in data["outputs"]))


def disagreement(expected: Expected, found: np.ndarray) -> str | None:
    """Why a result is not the expected one; None if it is. The page's script judges in the same way."""
    wanted = expected.array()
    got = found.astype("float64").ravel() if expected.kind != "sums" else group_sums(found)
    if got.size != wanted.size:
        return f"got {got.size} numbers, expected {wanted.size}"
    group = group_size(found.size)
    room = expected.tolerance if expected.kind != "sums" else 1.5 * group * expected.tolerance
    wrong = ~(np.abs(got - wanted) <= room)
    if not wrong.any():
        return None
    first = int(np.argmax(wrong))
    what = "elements" if expected.kind != "sums" else f"groups of {group}"
    share = f"{int(wrong.sum())} of {wrong.size} {what}"
    return f"{share} differ, first {first}: got {got[first]:.6g}, expected {wanted[first]:.6g}"
