"""Programs of the kernels, without schedules: every loop serial, one block a step."""

from tvm import IRModule
from tvm.script import ir as I
from tvm.script import tirx as T

LOG2_E, LN_2_HIGH, LN_2_LOW = 1.44269504, 0.693145752, 1.42860677e-6


def conv2d_bias_relu(height: int, width: int, channels: int, filters: int) -> IRModule:
    """``Y = max(conv3x3(X, W) + B, 0)``, padded by one, channels last, one image, float32.

    ``X (height, width, channels)``, ``W (3, 3, channels, filters)``, ``B (filters,)``, ``Y (height, width, filters)``.
    """

    @I.ir_module
    class Conv2dBiasRelu:
        @T.prim_func(s_tir=True)
        def main(
            X: T.Buffer((height, width, channels), "float32"),
            W: T.Buffer((3, 3, channels, filters), "float32"),
            B: T.Buffer((filters,), "float32"),
            Y: T.Buffer((height, width, filters), "float32"),
        ):
            T.func_attr({"tirx.noalias": True})
            P = T.sblock_alloc_buffer((height + 2, width + 2, channels), "float32")
            S = T.sblock_alloc_buffer((height, width, filters), "float32")
            for h, w, c in T.grid(height + 2, width + 2, channels):
                with T.sblock("P"):
                    vh, vw, vc = T.axis.remap("SSS", [h, w, c])
                    P[vh, vw, vc] = T.if_then_else(
                        vh >= 1 and vh <= height and vw >= 1 and vw <= width, X[vh - 1, vw - 1, vc], T.float32(0)
                    )
            for h, w, f, r, s, c in T.grid(height, width, filters, 3, 3, channels):
                with T.sblock("S"):
                    vh, vw, vf, vr, vs, vc = T.axis.remap("SSSRRR", [h, w, f, r, s, c])
                    with T.init():
                        S[vh, vw, vf] = T.float32(0)
                    S[vh, vw, vf] += P[vh + vr, vw + vs, vc] * W[vr, vs, vc, vf]
            for h, w, f in T.grid(height, width, filters):
                with T.sblock("Y"):
                    vh, vw, vf = T.axis.remap("SSS", [h, w, f])
                    Y[vh, vw, vf] = T.max(S[vh, vw, vf] + B[vf], T.float32(0))

    return Conv2dBiasRelu


def softmax(m: int, n: int) -> IRModule:
    """Softmax of every row of ``X (m, n)``, float32, with an exponential written out.

    ``exp(x) = 2**k * exp(f)`` with ``k`` the nearest integer to ``x / ln 2`` and ``|f| <= ln(2) / 2``; ``exp(f)`` is
    a polynomial of degree six, its Taylor series, whose remainder there is below 1.3e-7; ``2**k`` is made of the
    bits of the exponent. ``x <= 0`` here, and below -87 the result is that of -87.
    """

    @I.ir_module
    class Softmax:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((m, n), "float32"), Y: T.Buffer((m, n), "float32")):
            T.func_attr({"tirx.noalias": True})
            top = T.sblock_alloc_buffer((m,), "float32")
            E = T.sblock_alloc_buffer((m, n), "float32")
            total = T.sblock_alloc_buffer((m,), "float32")
            inverse = T.sblock_alloc_buffer((m,), "float32")
            for i, j in T.grid(m, n):
                with T.sblock("top"):
                    vi, vj = T.axis.remap("SR", [i, j])
                    with T.init():
                        top[vi] = T.min_value("float32")
                    top[vi] = T.max(top[vi], X[vi, vj])
            for i, j in T.grid(m, n):
                with T.sblock("E"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    x: T.let = T.max(X[vi, vj] - top[vi], T.float32(-87.0))
                    k: T.let = T.floor(x * T.float32(LOG2_E) + T.float32(0.5))
                    f: T.let = (x - k * T.float32(LN_2_HIGH)) - k * T.float32(LN_2_LOW)
                    p: T.let = T.float32(1 / 120) + f * T.float32(1 / 720)
                    q: T.let = T.float32(1 / 6) + f * (T.float32(1 / 24) + f * p)
                    e: T.let = T.float32(1) + f * (T.float32(1) + f * (T.float32(1 / 2) + f * q))
                    E[vi, vj] = e * T.reinterpret("float32", (T.cast(k, "int32") + 127) << 23)
            for i, j in T.grid(m, n):
                with T.sblock("total"):
                    vi, vj = T.axis.remap("SR", [i, j])
                    with T.init():
                        total[vi] = T.float32(0)
                    total[vi] += E[vi, vj]
            for i in range(m):
                with T.sblock("inverse"):
                    vi = T.axis.spatial(m, i)
                    inverse[vi] = T.float32(1) / total[vi]
            for i, j in T.grid(m, n):
                with T.sblock("Y"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    Y[vi, vj] = E[vi, vj] * inverse[vi]

    return Softmax


def layer_norm(m: int, n: int) -> IRModule:
    """``Y = (X - mean) / sqrt(variance + 1e-5) * G + B`` for every row of ``X (m, n)``, ``G`` and ``B (n,)``, float32."""

    @I.ir_module
    class LayerNorm:
        @T.prim_func(s_tir=True)
        def main(
            X: T.Buffer((m, n), "float32"),
            G: T.Buffer((n,), "float32"),
            B: T.Buffer((n,), "float32"),
            Y: T.Buffer((m, n), "float32"),
        ):
            T.func_attr({"tirx.noalias": True})
            total = T.sblock_alloc_buffer((m,), "float32")
            mean = T.sblock_alloc_buffer((m,), "float32")
            squares = T.sblock_alloc_buffer((m,), "float32")
            scale = T.sblock_alloc_buffer((m,), "float32")
            for i, j in T.grid(m, n):
                with T.sblock("total"):
                    vi, vj = T.axis.remap("SR", [i, j])
                    with T.init():
                        total[vi] = T.float32(0)
                    total[vi] += X[vi, vj]
            for i in range(m):
                with T.sblock("mean"):
                    vi = T.axis.spatial(m, i)
                    mean[vi] = total[vi] * T.float32(1 / n)
            for i, j in T.grid(m, n):
                with T.sblock("squares"):
                    vi, vj = T.axis.remap("SR", [i, j])
                    with T.init():
                        squares[vi] = T.float32(0)
                    squares[vi] += (X[vi, vj] - mean[vi]) * (X[vi, vj] - mean[vi])
            for i in range(m):
                with T.sblock("scale"):
                    vi = T.axis.spatial(m, i)
                    scale[vi] = T.float32(1) / T.sqrt(squares[vi] * T.float32(1 / n) + T.float32(1e-5))
            for i, j in T.grid(m, n):
                with T.sblock("Y"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    Y[vi, vj] = (X[vi, vj] - mean[vi]) * scale[vi] * G[vj] + B[vj]

    return LayerNorm


def multiply_adds(tasks: int, steps: int, width: int) -> IRModule:
    """``Y[t, j] = Y[t, j] * a + b`` made ``steps`` times, ``a, b = X[0], X[1]``: nothing but multiply-adds."""

    @I.ir_module
    class MultiplyAdds:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((2,), "float32"), Y: T.Buffer((tasks, width), "float32")):
            T.func_attr({"tirx.noalias": True})
            for t, s, j in T.grid(tasks, steps, width):
                with T.sblock("Y"):
                    vt, _vs, vj = T.axis.remap("SRS", [t, s, j])
                    with T.init():
                        Y[vt, vj] = T.float32(1)
                    Y[vt, vj] = Y[vt, vj] * X[0] + X[1]

    return MultiplyAdds
