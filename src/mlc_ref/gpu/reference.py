"""NumPy oracles of the GPU programs, computed in float64.

Every function takes arrays of any float dtype and returns float64; cast before comparing.
"""

import numpy as np


def vector_add(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``a + b``; shapes ``(n,)``."""
    return a.astype("float64") + b.astype("float64")


def strided_copy(a: np.ndarray, n: int, stride: int = 1, offset: int = 0) -> np.ndarray:
    """``n`` elements of ``a``, every ``stride``-th from ``offset`` on; shape ``(n,)``."""
    return a[offset : offset + n * stride : stride].astype("float64")


def window_sum(a: np.ndarray, window: int) -> np.ndarray:
    """Sums of all runs of ``window`` neighbours; ``(n + window - 1,)`` to ``(n,)``."""
    return np.lib.stride_tricks.sliding_window_view(a.astype("float64"), window).sum(axis=1)


def transpose(a: np.ndarray) -> np.ndarray:
    """Rows become columns; ``(n, m)`` to ``(m, n)``."""
    return a.astype("float64").T


def row_sum(a: np.ndarray) -> np.ndarray:
    """The sum of each row; ``(n, m)`` to ``(n,)``."""
    return a.astype("float64").sum(axis=1)


def total(a: np.ndarray) -> np.ndarray:
    """The sum of all elements; ``(n,)`` to ``(1,)``."""
    return a.astype("float64").sum(keepdims=True)


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``a @ b``; ``(n, k)`` and ``(k, m)`` to ``(n, m)``."""
    return a.astype("float64") @ b.astype("float64")


def block_reverse(a: np.ndarray, block: int) -> np.ndarray:
    """Each run of ``block`` elements reversed; ``(n,)``, ``n`` a multiple of ``block``."""
    return a.reshape(-1, block)[:, ::-1].reshape(-1).astype("float64")
