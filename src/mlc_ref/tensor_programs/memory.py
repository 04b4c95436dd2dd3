"""Where an element of a buffer lies in memory, and arrays that compiled code may use in place."""

from collections.abc import Sequence

import numpy as np

from mlc_ref.language import Text, for_print

ALIGNMENT = 64
"""Bytes: compiled code assumes that every buffer starts at a multiple of this address."""


def compact_strides(shape: Sequence[int]) -> tuple[int, ...]:
    """Row-major strides, counted in elements: ``(2, 3, 4)`` gives ``(12, 4, 1)``."""
    strides = [1] * len(shape)
    for d in reversed(range(len(shape) - 1)):
        strides[d] = strides[d + 1] * shape[d + 1]
    return tuple(strides)


def element_offset(index: Sequence[int], shape: Sequence[int], strides: Sequence[int] | None = None) -> int:
    """Elements between the start of a buffer and ``buffer[index]``.

    Args:
        index: one number a dimension.
        shape: extents of the buffer.
        strides: in elements; default: row-major without gaps.

    Raises:
        IndexError: naming the dimension in which ``index`` lies outside ``shape``.
    """
    for d, (i, extent) in enumerate(zip(index, shape, strict=True)):
        if not 0 <= i < extent:
            raise IndexError(
                for_print(
                    Text(
                        f"index {tuple(index)}: dimension {d} got {i}, allowed 0 to {extent - 1}",
                        f"下标 {tuple(index)}：第 {d} 维得到 {i}，允许的是 0 到 {extent - 1}",
                    )
                )
            )
    return sum(i * s for i, s in zip(index, strides or compact_strides(shape), strict=True))


def aligned_empty(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """An uninitialized NumPy array whose first element lies at a multiple of ``ALIGNMENT`` bytes.

    NumPy promises 16 bytes at most; TVM can use an array in place (through DLPack) only when it is
    aligned like its own.
    """
    nbytes = int(np.prod(shape)) * np.dtype(dtype).itemsize
    raw = np.empty(nbytes + ALIGNMENT, dtype="uint8")
    start = -raw.ctypes.data % ALIGNMENT
    return raw[start : start + nbytes].view(dtype).reshape(shape)
