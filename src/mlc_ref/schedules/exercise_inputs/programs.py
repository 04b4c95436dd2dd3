"""The programs of the exercises on schedules: no schedule in them, every loop serial.

Inputs are ``X``, or ``P`` and ``Q``; the result is ``Y`` or ``R``; a product that something follows is
called ``Z``. All is float32 and row-major, the entry function is ``main``.
"""

from tvm import IRModule
from tvm.script import ir as I
from tvm.script import tirx as T


def square_plus(m: int, n: int) -> IRModule:
    """``Y[i, j] = X[i, j] * X[i, j] + 1``."""

    @I.ir_module
    class SquarePlus:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((m, n), "float32"), Y: T.Buffer((m, n), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j in T.grid(m, n):
                with T.sblock("square"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    Y[vi, vj] = X[vi, vj] * X[vi, vj] + T.float32(1)

    return SquarePlus


def product(m: int, n: int, k: int) -> IRModule:
    """``R = P @ Q`` with ``P (m, k)``, ``Q (k, n)``, ``R (m, n)``."""

    @I.ir_module
    class Product:
        @T.prim_func(s_tir=True)
        def main(P: T.Buffer((m, k), "float32"), Q: T.Buffer((k, n), "float32"), R: T.Buffer((m, n), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i, j, r in T.grid(m, n, k):
                with T.sblock("product"):
                    vi, vj, vr = T.axis.remap("SSR", [i, j, r])
                    with T.init():
                        R[vi, vj] = T.float32(0)
                    R[vi, vj] += P[vi, vr] * Q[vr, vj]

    return Product


def product_clip(m: int, n: int, k: int) -> IRModule:
    """``R = min(max(P @ Q + b, 0), 6)``, the product in ``Z``, ``b (n,)`` added to every row."""

    @I.ir_module
    class ProductClip:
        @T.prim_func(s_tir=True)
        def main(
            P: T.Buffer((m, k), "float32"),
            Q: T.Buffer((k, n), "float32"),
            b: T.Buffer((n,), "float32"),
            R: T.Buffer((m, n), "float32"),
        ):
            T.func_attr({"tirx.noalias": True})
            Z = T.sblock_alloc_buffer((m, n), "float32")
            for i, j, r in T.grid(m, n, k):
                with T.sblock("product"):
                    vi, vj, vr = T.axis.remap("SSR", [i, j, r])
                    with T.init():
                        Z[vi, vj] = T.float32(0)
                    Z[vi, vj] += P[vi, vr] * Q[vr, vj]
            for i, j in T.grid(m, n):
                with T.sblock("clip"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    R[vi, vj] = T.min(T.max(Z[vi, vj] + b[vj], T.float32(0)), T.float32(6))

    return ProductClip


def product_leaky(m: int, n: int, k: int) -> IRModule:
    """``R = max(Z, Z / 8)`` with ``Z = P @ Q``."""

    @I.ir_module
    class ProductLeaky:
        @T.prim_func(s_tir=True)
        def main(P: T.Buffer((m, k), "float32"), Q: T.Buffer((k, n), "float32"), R: T.Buffer((m, n), "float32")):
            T.func_attr({"tirx.noalias": True})
            Z = T.sblock_alloc_buffer((m, n), "float32")
            for i, j, r in T.grid(m, n, k):
                with T.sblock("product"):
                    vi, vj, vr = T.axis.remap("SSR", [i, j, r])
                    with T.init():
                        Z[vi, vj] = T.float32(0)
                    Z[vi, vj] += P[vi, vr] * Q[vr, vj]
            for i, j in T.grid(m, n):
                with T.sblock("leaky"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    R[vi, vj] = T.max(Z[vi, vj], Z[vi, vj] * T.float32(0.125))

    return ProductLeaky


def batch_product_relu(batch: int, m: int, n: int, k: int) -> IRModule:
    """``R[b] = max(P[b] @ Q[b], 0)`` for each of ``batch`` pairs of matrices, the products in ``Z``."""

    @I.ir_module
    class BatchProductRelu:
        @T.prim_func(s_tir=True)
        def main(
            P: T.Buffer((batch, m, k), "float32"),
            Q: T.Buffer((batch, k, n), "float32"),
            R: T.Buffer((batch, m, n), "float32"),
        ):
            T.func_attr({"tirx.noalias": True})
            Z = T.sblock_alloc_buffer((batch, m, n), "float32")
            for b, i, j, r in T.grid(batch, m, n, k):
                with T.sblock("product"):
                    vb, vi, vj, vr = T.axis.remap("SSSR", [b, i, j, r])
                    with T.init():
                        Z[vb, vi, vj] = T.float32(0)
                    Z[vb, vi, vj] += P[vb, vi, vr] * Q[vb, vr, vj]
            for b, i, j in T.grid(batch, m, n):
                with T.sblock("relu"):
                    vb, vi, vj = T.axis.remap("SSS", [b, i, j])
                    R[vb, vi, vj] = T.max(Z[vb, vi, vj], T.float32(0))

    return BatchProductRelu


def squares(length: int) -> IRModule:
    """``R[0]`` is the sum of the squares of ``X``."""

    @I.ir_module
    class Squares:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((length,), "float32"), R: T.Buffer((1,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for r in T.serial(length):
                with T.sblock("squares"):
                    vr = T.axis.reduce(length, r)
                    with T.init():
                        R[0] = T.float32(0)
                    R[0] += X[vr] * X[vr]

    return Squares
