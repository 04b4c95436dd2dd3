"""The perceptron in low-level NumPy: every array allocated by hand, every loop written out.

Each function is destination passing: it writes into an array its caller allocated and returns
nothing, exactly what a compiled tensor program does.
"""

from collections.abc import Mapping

import numpy as np


def linear(x: np.ndarray, w: np.ndarray, b: np.ndarray, y: np.ndarray) -> None:
    """Write ``x @ w.T + b`` into ``y``: ``(n, k)``, ``(m, k)``, ``(m,)`` and ``(n, m)``."""
    n, m = y.shape
    for i in range(n):
        for j in range(m):
            total = b[j]
            for k in range(x.shape[1]):
                total += x[i, k] * w[j, k]
            y[i, j] = total


def relu(x: np.ndarray, y: np.ndarray) -> None:
    """Write ``max(x, 0)`` into ``y``, both ``(n, m)``."""
    n, m = y.shape
    for i in range(n):
        for j in range(m):
            y[i, j] = max(x[i, j], 0)


def mlp(x: np.ndarray, weights: Mapping[str, np.ndarray]) -> np.ndarray:
    """Scores ``(n, 10)`` for images ``(n, 64)``: allocate a result, call a function, three times."""
    n = len(x)
    hidden = np.empty((n, len(weights["b0"])), dtype=x.dtype)
    linear(x, weights["w0"], weights["b0"], hidden)
    active = np.empty_like(hidden)
    relu(hidden, active)
    scores = np.empty((n, len(weights["b1"])), dtype=x.dtype)
    linear(active, weights["w1"], weights["b1"], scores)
    return scores
