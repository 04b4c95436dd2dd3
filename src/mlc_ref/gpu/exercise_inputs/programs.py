"""The programs that the GPU exercises give: ``leaky``, ``window_max``, ``scaled_transpose``, ``row_squares``, ``product``.

All are destination-passing: inputs first, the output last, float32. None mentions a thread.
"""

import tvm
from tvm.script import ir as I
from tvm.script import tirx as T


def leaky(n: int, m: int) -> tvm.IRModule:
    """``Y[i, j] = max(X[i, j], X[i, j] / 10)``; ``X``, ``Y``: ``(n, m)``. Block ``leaky``."""

    @I.ir_module
    class Leaky:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((n, m), "float32"), Y: T.Buffer((n, m), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j in T.grid(n, m):
                with T.sblock("leaky"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    Y[vi, vj] = T.max(X[vi, vj], X[vi, vj] * T.float32(0.1))

    return Leaky


def window_max(n: int, window: int) -> tvm.IRModule:
    """``Y[i] = max(X[i], …, X[i + window - 1])``; ``X``: ``(n + window - 1,)``, ``Y``: ``(n,)``. Block ``slide``."""
    length = n + window - 1

    @I.ir_module
    class WindowMax:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((length,), "float32"), Y: T.Buffer((n,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, w in T.grid(n, window):
                with T.sblock("slide"):
                    vi, vw = T.axis.remap("SR", [i, w])
                    with T.init():
                        Y[vi] = T.min_value("float32")
                    Y[vi] = T.max(Y[vi], X[vi + vw])

    return WindowMax


def scaled_transpose(n: int, m: int) -> tvm.IRModule:
    """``Y[j, i] = 3 * X[i, j]``; ``X``: ``(n, m)``, ``Y``: ``(m, n)``. Block ``turn``; the loops run over ``X``."""

    @I.ir_module
    class ScaledTranspose:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((n, m), "float32"), Y: T.Buffer((m, n), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j in T.grid(n, m):
                with T.sblock("turn"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    Y[vj, vi] = X[vi, vj] * T.float32(3)

    return ScaledTranspose


def row_squares(n: int, m: int) -> tvm.IRModule:
    """``Y[i] = X[i, 0] ** 2 + … + X[i, m - 1] ** 2``; ``X``: ``(n, m)``, ``Y``: ``(n,)``. Block ``squares``."""

    @I.ir_module
    class RowSquares:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((n, m), "float32"), Y: T.Buffer((n,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j in T.grid(n, m):
                with T.sblock("squares"):
                    vi, vj = T.axis.remap("SR", [i, j])
                    with T.init():
                        Y[vi] = T.float32(0)
                    Y[vi] = Y[vi] + X[vi, vj] * X[vi, vj]

    return RowSquares


def product(n: int, m: int, k: int) -> tvm.IRModule:
    """``R = P.T @ Q``; ``P``: ``(k, n)``, ``Q``: ``(k, m)``, ``R``: ``(n, m)``. Block ``product``."""

    @I.ir_module
    class Product:
        @T.prim_func(s_tir=True)
        def main(P: T.Buffer((k, n), "float32"), Q: T.Buffer((k, m), "float32"), R: T.Buffer((n, m), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j, r in T.grid(n, m, k):
                with T.sblock("product"):
                    vi, vj, vr = T.axis.remap("SSR", [i, j, r])
                    with T.init():
                        R[vi, vj] = T.float32(0)
                    R[vi, vj] = R[vi, vj] + P[vr, vi] * Q[vr, vj]

    return Product
