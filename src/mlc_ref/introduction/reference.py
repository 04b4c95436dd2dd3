"""What the function means: the oracle in float64, and its second half in explicit loops."""

import numpy as np

from mlc_ref.kinds import invalid


def linear_relu(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``max(x @ w + b, 0)`` in float64, whatever the inputs' types.

    Args:
        x: (batch, inputs). w: (inputs, outputs). b: (outputs,).

    Returns:
        (batch, outputs) float64.

    Raises:
        ValueError: the shapes do not fit together.
    """
    if x.ndim != 2 or w.ndim != 2 or x.shape[1] != w.shape[0] or b.shape != w.shape[1:]:
        raise invalid(
            f"shapes: got x {x.shape}, w {w.shape}, b {b.shape}; allowed (n, k), (k, m), (m,) with the same k and m",
            f"形状：得到 x {x.shape}、w {w.shape}、b {b.shape}；允许的是 (n, k)、(k, m)、(m,)，其中 k 和 m 要相同",
        )
    return np.maximum(x.astype("float64") @ w.astype("float64") + b.astype("float64"), 0)


def bias_relu_into(h: np.ndarray, b: np.ndarray, y: np.ndarray) -> None:
    """Write ``max(h[i, j] + b[j], 0)`` to every ``y[i, j]``.

    Args:
        h: (n, m), read.
        b: (m,), read.
        y: (n, m), made by the caller; written, its old values are not read.
    """
    for i in range(h.shape[0]):
        for j in range(h.shape[1]):
            total = h[i, j] + b[j]
            y[i, j] = total if total > 0 else 0
