"""Modules a learner starts from.

``Pipeline``   three tensor programs in a row; one of them does what a library can do
``Ensemble``   five branches of one value, in an order that needs much memory
"""

from tvm.script import ir as I
from tvm.script import relax as R
from tvm.script import tirx as T


@I.ir_module
class Pipeline:
    """``x (5, 14)`` to ``(5, 6)``: mix with ``v (14, 9)``, square, project with ``w (6, 9)`` and ``b (6,)``."""

    @T.prim_func(s_tir=True)
    def mix(X: T.Buffer((5, 14), "float32"), V: T.Buffer((14, 9), "float32"), Y: T.Buffer((5, 9), "float32")):
        T.func_attr({"tirx.noalias": True})
        for i, j, k in T.grid(5, 9, 14):
            with T.sblock("mix"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    Y[vi, vj] = T.float32(0)
                Y[vi, vj] += X[vi, vk] * V[vk, vj]

    @T.prim_func(s_tir=True)
    def square(X: T.Buffer((5, 9), "float32"), Y: T.Buffer((5, 9), "float32")):
        T.func_attr({"tirx.noalias": True})
        for i, j in T.grid(5, 9):
            with T.sblock("square"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = X[vi, vj] * X[vi, vj]

    @T.prim_func(s_tir=True)
    def project(
        X: T.Buffer((5, 9), "float32"),
        W: T.Buffer((6, 9), "float32"),
        B: T.Buffer((6,), "float32"),
        Y: T.Buffer((5, 6), "float32"),
    ):
        T.func_attr({"tirx.noalias": True})
        total = T.sblock_alloc_buffer((5, 6), "float32")
        for i, j, k in T.grid(5, 6, 9):
            with T.sblock("total"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    total[vi, vj] = T.float32(0)
                total[vi, vj] += X[vi, vk] * W[vj, vk]
        for i, j in T.grid(5, 6):
            with T.sblock("bias"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = total[vi, vj] + B[vj]

    @R.function
    def main(
        x: R.Tensor((5, 14), "float32"),
        v: R.Tensor((14, 9), "float32"),
        w: R.Tensor((6, 9), "float32"),
        b: R.Tensor((6,), "float32"),
    ):
        cls = Pipeline
        with R.dataflow():
            mixed = R.call_tir(cls.mix, (x, v), out_ty=R.Tensor((5, 9), "float32"))
            squared = R.call_tir(cls.square, (mixed,), out_ty=R.Tensor((5, 9), "float32"))
            scores = R.call_tir(cls.project, (squared, w, b), out_ty=R.Tensor((5, 6), "float32"))
            R.output(scores)
        return scores


@I.ir_module
class Ensemble:
    """``x (16, 48)`` and five weights ``(48, 48)`` to ``(16, 48)``; every intermediate value takes 3072 bytes."""

    @R.function
    def main(
        x: R.Tensor((16, 48), "float32"),
        w0: R.Tensor((48, 48), "float32"),
        w1: R.Tensor((48, 48), "float32"),
        w2: R.Tensor((48, 48), "float32"),
        w3: R.Tensor((48, 48), "float32"),
        w4: R.Tensor((48, 48), "float32"),
    ):
        with R.dataflow():
            e = R.tanh(x)
            h0 = R.matmul(e, w0)
            h1 = R.matmul(e, w1)
            h2 = R.matmul(e, w2)
            h3 = R.matmul(e, w3)
            h4 = R.matmul(e, w4)
            g0 = R.nn.relu(h0)
            g1 = R.nn.relu(h1)
            g2 = R.nn.relu(h2)
            g3 = R.nn.relu(h3)
            g4 = R.nn.relu(h4)
            s1 = R.add(g0, g1)
            s2 = R.add(s1, g2)
            s3 = R.add(s2, g3)
            s4 = R.add(s3, g4)
            y = R.multiply(s4, e)
            R.output(y)
        return y
