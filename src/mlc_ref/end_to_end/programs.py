"""The digits perceptron as TVMScript modules, and small modules on values, regions and deduction.

``MLP``           a graph over three tensor programs, for four images
``SymbolicMLP``   the same for any number of images
``LibraryMLP``    the linear layers come from a library, ReLU is TensorIR
``LoggedReLU``    two pure regions with a side effect between them
``LoggedSpare``   two values nobody uses, one of them from a side effect
``Flattened``     shapes deduced by the compiler from symbolic ones
``GraphValues``   the kinds of values a graph holds
``CheckedRows``   a shape that is not known from the type, but checked
``EarlyShift``    a value computed long before it is used
``LateShift``     the same function, the value computed when it is used
"""

from tvm.script import ir as I
from tvm.script import relax as R
from tvm.script import tirx as T


@I.ir_module
class MLP:
    """Images ``(4, 64)`` to scores ``(4, 10)``; all shapes known, one tensor program a layer."""

    @T.prim_func(s_tir=True)
    def linear0(
        x: T.Buffer((4, 64), "float32"),
        w: T.Buffer((32, 64), "float32"),
        b: T.Buffer((32,), "float32"),
        y: T.Buffer((4, 32), "float32"),
    ):
        T.func_attr({"tirx.noalias": True})
        total = T.sblock_alloc_buffer((4, 32), "float32")
        for i, j, k in T.grid(4, 32, 64):
            with T.sblock("total"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    total[vi, vj] = T.float32(0)
                total[vi, vj] += x[vi, vk] * w[vj, vk]
        for i, j in T.grid(4, 32):
            with T.sblock("bias"):
                vi, vj = T.axis.remap("SS", [i, j])
                y[vi, vj] = total[vi, vj] + b[vj]

    @T.prim_func(s_tir=True)
    def relu0(x: T.Buffer((4, 32), "float32"), y: T.Buffer((4, 32), "float32")):
        T.func_attr({"tirx.noalias": True})
        for i, j in T.grid(4, 32):
            with T.sblock("relu"):
                vi, vj = T.axis.remap("SS", [i, j])
                y[vi, vj] = T.max(x[vi, vj], T.float32(0))

    @T.prim_func(s_tir=True)
    def linear1(
        x: T.Buffer((4, 32), "float32"),
        w: T.Buffer((10, 32), "float32"),
        b: T.Buffer((10,), "float32"),
        y: T.Buffer((4, 10), "float32"),
    ):
        T.func_attr({"tirx.noalias": True})
        total = T.sblock_alloc_buffer((4, 10), "float32")
        for i, j, k in T.grid(4, 10, 32):
            with T.sblock("total"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    total[vi, vj] = T.float32(0)
                total[vi, vj] += x[vi, vk] * w[vj, vk]
        for i, j in T.grid(4, 10):
            with T.sblock("bias"):
                vi, vj = T.axis.remap("SS", [i, j])
                y[vi, vj] = total[vi, vj] + b[vj]

    @R.function
    def main(
        x: R.Tensor((4, 64), "float32"),
        w0: R.Tensor((32, 64), "float32"),
        b0: R.Tensor((32,), "float32"),
        w1: R.Tensor((10, 32), "float32"),
        b1: R.Tensor((10,), "float32"),
    ):
        cls = MLP
        with R.dataflow():
            hidden = R.call_tir(cls.linear0, (x, w0, b0), out_ty=R.Tensor((4, 32), "float32"))
            active = R.call_tir(cls.relu0, (hidden,), out_ty=R.Tensor((4, 32), "float32"))
            scores = R.call_tir(cls.linear1, (active, w1, b1), out_ty=R.Tensor((4, 10), "float32"))
            R.output(scores)
        return scores


@I.ir_module
class SymbolicMLP:
    """Images ``(n, 64)`` to scores ``(n, 10)``: one ``linear`` for every shape, used twice."""

    @T.prim_func(s_tir=True)
    def linear(x: T.handle, w: T.handle, b: T.handle, y: T.handle):
        T.func_attr({"tirx.noalias": True})
        n, m, length = T.int64(), T.int64(), T.int64()
        X = T.match_buffer(x, (n, length), "float32")
        W = T.match_buffer(w, (m, length), "float32")
        B = T.match_buffer(b, (m,), "float32")
        Y = T.match_buffer(y, (n, m), "float32")
        total = T.sblock_alloc_buffer((n, m), "float32")
        for i, j, k in T.grid(n, m, length):
            with T.sblock("total"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    total[vi, vj] = T.float32(0)
                total[vi, vj] += X[vi, vk] * W[vj, vk]
        for i, j in T.grid(n, m):
            with T.sblock("bias"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = total[vi, vj] + B[vj]

    @T.prim_func(s_tir=True)
    def relu(x: T.handle, y: T.handle):
        T.func_attr({"tirx.noalias": True})
        n, m = T.int64(), T.int64()
        X = T.match_buffer(x, (n, m), "float32")
        Y = T.match_buffer(y, (n, m), "float32")
        for i, j in T.grid(n, m):
            with T.sblock("relu"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = T.max(X[vi, vj], T.float32(0))

    @R.function
    def main(
        x: R.Tensor(("n", 64), "float32"),
        w0: R.Tensor((32, 64), "float32"),
        b0: R.Tensor((32,), "float32"),
        w1: R.Tensor((10, 32), "float32"),
        b1: R.Tensor((10,), "float32"),
    ):
        n = T.int64()
        cls = SymbolicMLP
        with R.dataflow():
            hidden = R.call_tir(cls.linear, (x, w0, b0), out_ty=R.Tensor((n, 32), "float32"))
            active = R.call_tir(cls.relu, (hidden,), out_ty=R.Tensor((n, 32), "float32"))
            scores = R.call_tir(cls.linear, (active, w1, b1), out_ty=R.Tensor((n, 10), "float32"))
            R.output(scores)
        return scores


@I.ir_module
class LibraryMLP:
    """Images ``(n, 64)`` to scores ``(n, 10)``: library linear layers around a TensorIR ReLU.

    Needs ``libraries.register_libraries()`` before it runs.
    """

    @T.prim_func(s_tir=True)
    def relu(x: T.handle, y: T.handle):
        T.func_attr({"tirx.noalias": True})
        n, m = T.int64(), T.int64()
        X = T.match_buffer(x, (n, m), "float32")
        Y = T.match_buffer(y, (n, m), "float32")
        for i, j in T.grid(n, m):
            with T.sblock("relu"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = T.max(X[vi, vj], T.float32(0))

    @R.function
    def main(
        x: R.Tensor(("n", 64), "float32"),
        w0: R.Tensor((32, 64), "float32"),
        b0: R.Tensor((32,), "float32"),
        w1: R.Tensor((10, 32), "float32"),
        b1: R.Tensor((10,), "float32"),
    ):
        n = T.int64()
        cls = LibraryMLP
        with R.dataflow():
            hidden = R.call_dps_packed("mlc_ref.linear", (x, w0, b0), out_ty=R.Tensor((n, 32), "float32"))
            active = R.call_tir(cls.relu, (hidden,), out_ty=R.Tensor((n, 32), "float32"))
            scores = R.call_dps_packed("mlc_ref.linear", (active, w1, b1), out_ty=R.Tensor((n, 10), "float32"))
            R.output(scores)
        return scores


@I.ir_module
class LoggedReLU:
    """ReLU, then a square, both pure; between them a call whose only result is a side effect.

    Needs ``libraries.register_libraries()`` before it runs.
    """

    @R.function(pure=False)
    def main(x: R.Tensor(("n", 10), "float32")):
        with R.dataflow():
            active = R.nn.relu(x)
            R.output(active)
        _ = R.call_packed("mlc_ref.record", active, ty_args=R.Tuple)
        with R.dataflow():
            squares = R.multiply(active, active)
            R.output(squares)
        return squares


@I.ir_module
class LoggedSpare:
    """ReLU; an exponential that nobody uses; a side effect.

    Needs ``libraries.register_libraries()`` before it runs.
    """

    @R.function(pure=False)
    def main(x: R.Tensor(("n", 10), "float32")):
        with R.dataflow():
            active = R.nn.relu(x)
            spare = R.exp(active)
            R.output(active)
        _ = R.call_packed("mlc_ref.record", active, ty_args=R.Tuple)
        return active


@I.ir_module
class Flattened:
    """Images ``(n, 1, 8, 8)`` as one row of ``64 n`` numbers, once and twice: no shape is written down."""

    @R.function
    def main(images: R.Tensor(("n", 1, 8, 8), "float32")):
        with R.dataflow():
            row = R.flatten(images)
            twice = R.concat((row, row), axis=0)
            R.output(row, twice)
        return (row, twice)


@I.ir_module
class GraphValues:
    """A tensor, a tuple, a shape and a number of a symbolic size, as parameters and as results."""

    @R.function
    def main(
        image: R.Tensor(("n", 64), "float32"),
        pair: R.Tuple(R.Tensor((10,), "float32"), R.Tensor((10,), "int64")),
        shape: R.Shape(["n", 64]),
    ):
        n = T.int64()
        scores = pair[0]
        half: R.Shape([n, 32]) = R.shape([n, 32])
        return (image, scores, shape, half)


@I.ir_module
class CheckedRows:
    """ReLU of a matrix whose shape is not in its type; ``match_cast`` checks and names it."""

    @R.function
    def main(x: R.Tensor(ndim=2, dtype="float32")):
        n = T.int64()
        with R.dataflow():
            rows = R.match_cast(x, R.Tensor((n, 64), "float32"))
            active = R.nn.relu(rows)
            R.output(active)
        return active


@I.ir_module
class EarlyShift:
    """``shift`` is the first value computed and the last one used."""

    @R.function
    def main(x: R.Tensor((8, 16), "float32"), w: R.Tensor((16, 16), "float32")):
        with R.dataflow():
            shift = R.nn.relu(x)
            a = R.matmul(x, w)
            b = R.tanh(a)
            c = R.matmul(b, w)
            y = R.add(c, shift)
            R.output(y)
        return y


@I.ir_module
class LateShift:
    """The same lines; ``shift`` is computed where it is used."""

    @R.function
    def main(x: R.Tensor((8, 16), "float32"), w: R.Tensor((16, 16), "float32")):
        with R.dataflow():
            a = R.matmul(x, w)
            b = R.tanh(a)
            c = R.matmul(b, w)
            shift = R.nn.relu(x)
            y = R.add(c, shift)
            R.output(y)
        return y
