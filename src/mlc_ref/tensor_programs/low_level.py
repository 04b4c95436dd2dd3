"""Tensor functions in low-level NumPy.

NumPy serves here as an array of memory cells and nothing more: results are allocated by the caller
(``np.empty``), temporaries are allocated by name, and every element is computed in an explicit loop.
Each of these functions has its TensorIR twin in ``programs``.
"""

import numpy as np


def center_rows(X: np.ndarray, Y: np.ndarray) -> None:
    """Write into ``Y`` each row of ``X`` minus its mean.

    Args:
        X: float array ``(rows, columns)``, read.
        Y: float array of the same shape, every element written.
    """
    rows, columns = X.shape
    total = np.empty((rows,), dtype=X.dtype)
    for i in range(rows):
        for k in range(columns):
            if k == 0:
                total[i] = 0
            total[i] = total[i] + X[i, k]
    for i in range(rows):
        for j in range(columns):
            Y[i, j] = X[i, j] - total[i] / columns


def row_max(X: np.ndarray, M: np.ndarray) -> None:
    """Write into ``M`` ``(rows,)`` the largest element of each row of ``X`` ``(rows, columns)``."""
    rows, columns = X.shape
    for i in range(rows):
        for k in range(columns):
            if k == 0:
                M[i] = -np.inf
            M[i] = max(M[i], X[i, k])


def matmul(A: np.ndarray, B: np.ndarray, C: np.ndarray) -> None:
    """Write into ``C`` ``(n, m)`` the product of ``A`` ``(n, k)`` and ``B`` ``(k, m)``."""
    n, m = C.shape
    for i in range(n):
        for j in range(m):
            for k in range(A.shape[1]):
                if k == 0:
                    C[i, j] = 0
                C[i, j] = C[i, j] + A[i, k] * B[k, j]
