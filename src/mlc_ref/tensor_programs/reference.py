"""NumPy oracles of the tensor programs, in float64.

Each function computes in float64 whatever dtype it is given and returns float64; cast the result to
the dtype of the program it is compared with.
"""

import numpy as np


def center_rows(x: np.ndarray) -> np.ndarray:
    """Subtract from each row its mean: ``(rows, columns)`` to the same shape."""
    wide = x.astype("float64")
    return wide - wide.mean(axis=1, keepdims=True)


def scale_rows(x: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Multiply row ``i`` of ``x`` ``(rows, columns)`` by ``factors[i]``."""
    return x.astype("float64") * factors.astype("float64")[:, None]


def row_max(x: np.ndarray) -> np.ndarray:
    """Largest element of each row: ``(rows, columns)`` to ``(rows,)``."""
    return x.astype("float64").max(axis=1)


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Matrix product ``(n, k) @ (k, m)``."""
    return a.astype("float64") @ b.astype("float64")


def weighted_row_sum(a: np.ndarray, w: np.ndarray) -> np.ndarray:
    """``y[i] = sum_k a[i, k] * w[k]`` for ``a`` ``(rows, columns)`` and ``w`` ``(columns,)``."""
    return matmul(a, w[:, None])[:, 0]


def softmax(x: np.ndarray) -> np.ndarray:
    """Softmax over the last axis; the row's largest element is subtracted first, so that nothing overflows."""
    wide = x.astype("float64")
    powers = np.exp(wide - wide.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def _windows(x: np.ndarray, window: tuple[int, int], stride: int) -> np.ndarray:
    """Views ``(n, c, out_h, out_w, window_h, window_w)`` of ``x`` ``(n, c, h, w)``."""
    views = np.lib.stride_tricks.sliding_window_view(x.astype("float64"), window, axis=(2, 3))
    return views[:, :, ::stride, ::stride]


def conv2d(x: np.ndarray, w: np.ndarray, stride: int) -> np.ndarray:
    """Convolution without padding, as networks define it (the filter is not flipped).

    Args:
        x: ``(n, c_in, h, w)``.
        w: ``(c_out, c_in, kernel_h, kernel_w)``.
        stride: step of the window in both directions.

    Returns:
        ``(n, c_out, (h - kernel_h) // stride + 1, (w - kernel_w) // stride + 1)``.
    """
    return np.einsum("ncyxhw,ochw->noyx", _windows(x, w.shape[2:], stride), w.astype("float64"))


def max_pool2d(x: np.ndarray, window: int, stride: int) -> np.ndarray:
    """Largest element of each ``window × window`` square of ``x`` ``(n, c, h, w)``, without padding."""
    return _windows(x, (window, window), stride).max(axis=(4, 5))
