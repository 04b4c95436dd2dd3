"""NumPy oracles of the tensorization chapter."""

import numpy as np

from mlc_ref.kinds import refused
from mlc_ref.language import Text


def matmul(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``a @ b`` in float64; ``(n, k)`` and ``(k, m)`` of any float dtype to ``(n, m)``."""
    return a.astype("float64") @ b.astype("float64")


def matmul_int(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``a @ b`` of integers, exact in int64, as int32.

    Raises:
        OverflowError: a sum does not fit int32, so that no 32-bit accumulator could hold it.
    """
    exact = a.astype("int64") @ b.astype("int64")
    if exact.size and np.abs(exact).max() > np.iinfo("int32").max:
        raise OverflowError(
            refused(
                "matmul_int",
                Text(f"a sum of {np.abs(exact).max()}", f"累加和 {np.abs(exact).max()}"),
                Text("what int32 holds", "int32 装得下的数"),
            )
        )
    return exact.astype("int32")
