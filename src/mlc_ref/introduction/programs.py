"""The chapter's one function, relu(x @ w + b), as a graph, as a tensor program, and as one module holding both.

All take 360 images of 64 pixels, weights (64, 10) and a bias (10,), all float32.
"""

from tvm import IRModule
from tvm.script import ir as I
from tvm.script import relax as R
from tvm.script import tirx as T


@I.ir_module
class LinearReluGraph:
    """Three operators, and nothing about how any of them is computed."""

    @R.function
    def main(
        x: R.Tensor((360, 64), "float32"),
        w: R.Tensor((64, 10), "float32"),
        b: R.Tensor((10,), "float32"),
    ) -> R.Tensor((360, 10), "float32"):
        with R.dataflow():
            h = R.matmul(x, w)
            z = R.add(h, b)
            y = R.nn.relu(z)
            R.output(y)
        return y


@I.ir_module
class LinearReluProgram:
    """Buffers, loops, and two blocks that say what one iteration computes."""

    @T.prim_func(s_tir=True)
    def linear_relu(
        x: T.Buffer((360, 64), "float32"),
        w: T.Buffer((64, 10), "float32"),
        b: T.Buffer((10,), "float32"),
        y: T.Buffer((360, 10), "float32"),
    ):
        T.func_attr({"tirx.noalias": True})
        h = T.sblock_alloc_buffer((360, 10), "float32")
        for i, j, k in T.grid(360, 10, 64):
            with T.sblock("linear"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    h[vi, vj] = T.float32(0)
                h[vi, vj] = h[vi, vj] + x[vi, vk] * w[vk, vj]
        for i, j in T.grid(360, 10):
            with T.sblock("bias_relu"):
                vi, vj = T.axis.remap("SS", [i, j])
                y[vi, vj] = T.max(h[vi, vj] + b[vj], T.float32(0))


def linear_relu(images: int, pixels: int, scores: int) -> IRModule:
    """``LinearReluProgram`` for other sizes: ``x (images, pixels)``, ``w (pixels, scores)``, ``b (scores,)``."""

    @I.ir_module
    class LinearRelu:
        @T.prim_func(s_tir=True)
        def linear_relu(
            x: T.Buffer((images, pixels), "float32"),
            w: T.Buffer((pixels, scores), "float32"),
            b: T.Buffer((scores,), "float32"),
            y: T.Buffer((images, scores), "float32"),
        ):
            T.func_attr({"tirx.noalias": True})
            h = T.sblock_alloc_buffer((images, scores), "float32")
            for i, j, k in T.grid(images, scores, pixels):
                with T.sblock("linear"):
                    vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                    with T.init():
                        h[vi, vj] = T.float32(0)
                    h[vi, vj] = h[vi, vj] + x[vi, vk] * w[vk, vj]
            for i, j in T.grid(images, scores):
                with T.sblock("bias_relu"):
                    vi, vj = T.axis.remap("SS", [i, j])
                    y[vi, vj] = T.max(h[vi, vj] + b[vj], T.float32(0))

    return LinearRelu


@I.ir_module
class LinearReluMixed:
    """A graph that calls a library function and a tensor program.

    ``mlc.introduction.matmul`` must be registered before it runs (``levels.register_library``).
    """

    @T.prim_func(s_tir=True)
    def bias_relu(
        h: T.Buffer((360, 10), "float32"),
        b: T.Buffer((10,), "float32"),
        y: T.Buffer((360, 10), "float32"),
    ):
        T.func_attr({"tirx.noalias": True})
        for i, j in T.grid(360, 10):
            with T.sblock("bias_relu"):
                vi, vj = T.axis.remap("SS", [i, j])
                y[vi, vj] = T.max(h[vi, vj] + b[vj], T.float32(0))

    @R.function
    def main(
        x: R.Tensor((360, 64), "float32"),
        w: R.Tensor((64, 10), "float32"),
        b: R.Tensor((10,), "float32"),
    ) -> R.Tensor((360, 10), "float32"):
        cls = LinearReluMixed
        with R.dataflow():
            h = R.call_dps_packed("mlc.introduction.matmul", (x, w), out_ty=R.Tensor((360, 10), "float32"))
            y = R.call_tir(cls.bias_relu, (h, b), out_ty=R.Tensor((360, 10), "float32"))
            R.output(y)
        return y


@I.ir_module
class AddOne:
    """The course's first program: one loop that adds one to each of eight elements."""

    @T.prim_func(s_tir=True)
    def main(x: T.Buffer((8,), "float32"), y: T.Buffer((8,), "float32")):
        for i in range(8):
            with T.sblock("add"):
                v = T.axis.spatial(8, i)
                y[v] = x[v] + T.float32(1)
