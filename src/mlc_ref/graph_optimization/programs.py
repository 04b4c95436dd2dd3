"""Small graphs to rewrite.

``MultiplyAdd``       products whose sums can become one operation, and some that must not
``Linear``            matmul + bias + ReLU, then matmul + bias
``SharedProduct``     matmul + bias + ReLU whose product is needed elsewhere too
``SharedSum``         matmul + bias + ReLU whose sum is needed elsewhere too
``Repeated``          the same product and sum written twice
``Unused``            values and a tensor program that nobody needs
``ConstantBranch``    operations whose operands are all constants
"""

from tvm.script import ir as I
from tvm.script import relax as R
from tvm.script import tirx as T


@I.ir_module
class MultiplyAdd:
    """``x * y + z`` with the product on either side, and a product that is used twice."""

    @R.function
    def main(x: R.Tensor((3, 5), "float32"), y: R.Tensor((3, 5), "float32"), z: R.Tensor((3, 5), "float32")):
        with R.dataflow():
            left = R.multiply(x, y)
            first = R.add(left, z)
            right = R.multiply(first, y)
            second = R.add(z, right)
            shared = R.multiply(second, x)
            third = R.add(shared, z)
            out = R.subtract(third, shared)
            R.output(out)
        return out


@I.ir_module
class Linear:
    """Two layers on any number of rows: ``(n, 6)`` to ``(n, 5)`` with ReLU, to ``(n, 2)`` without."""

    @R.function
    def main(
        x: R.Tensor(("n", 6), "float32"),
        w0: R.Tensor((6, 5), "float32"),
        b0: R.Tensor((5,), "float32"),
        w1: R.Tensor((5, 2), "float32"),
        b1: R.Tensor((2,), "float32"),
    ):
        with R.dataflow():
            product0 = R.matmul(x, w0)
            sum0 = R.add(product0, b0)
            active = R.nn.relu(sum0)
            product1 = R.matmul(active, w1)
            sum1 = R.add(product1, b1)
            R.output(sum1)
        return sum1


@I.ir_module
class SharedProduct:
    """The product feeds the bias addition and the result: fusing it would compute it twice."""

    @R.function
    def main(x: R.Tensor((4, 6), "float32"), w: R.Tensor((6, 5), "float32"), b: R.Tensor((5,), "float32")):
        with R.dataflow():
            product = R.matmul(x, w)
            total = R.add(product, b)
            active = R.nn.relu(total)
            out = R.subtract(active, product)
            R.output(out)
        return out


@I.ir_module
class SharedSum:
    """The sum feeds ReLU and the result: matmul + bias may be fused, ReLU must stay outside."""

    @R.function
    def main(x: R.Tensor((4, 6), "float32"), w: R.Tensor((6, 5), "float32"), b: R.Tensor((5,), "float32")):
        with R.dataflow():
            product = R.matmul(x, w)
            total = R.add(product, b)
            active = R.nn.relu(total)
            out = R.subtract(active, total)
            R.output(out)
        return out


@I.ir_module
class Repeated:
    """``(x * y + z) - (x * y + z)``, everything written twice; ``z + x * y`` is another expression."""

    @R.function
    def main(x: R.Tensor((3, 5), "float32"), y: R.Tensor((3, 5), "float32"), z: R.Tensor((3, 5), "float32")):
        with R.dataflow():
            product0 = R.multiply(x, y)
            sum0 = R.add(product0, z)
            product1 = R.multiply(x, y)
            sum1 = R.add(product1, z)
            swapped = R.add(z, product1)
            difference = R.subtract(sum0, sum1)
            out = R.multiply(difference, swapped)
            R.output(out)
        return out


@I.ir_module
class Unused:
    """A chain nobody reads though it is put out, the program only it calls, and a call with a side effect.

    Needs ``mlc_ref.end_to_end.libraries.register_libraries()`` before it runs.
    """

    @T.prim_func(s_tir=True, private=True)
    def negate(x: T.Buffer((4,), "float32"), y: T.Buffer((4,), "float32")):
        for i in range(4):
            with T.sblock("negate"):
                vi = T.axis.spatial(4, i)
                y[vi] = -x[vi]

    @T.prim_func(s_tir=True, private=True)
    def double(x: T.Buffer((4,), "float32"), y: T.Buffer((4,), "float32")):
        for i in range(4):
            with T.sblock("double"):
                vi = T.axis.spatial(4, i)
                y[vi] = x[vi] + x[vi]

    @R.function(pure=False)
    def main(x: R.Tensor((4,), "float32")):
        cls = Unused
        with R.dataflow():
            kept = R.nn.relu(x)
            lost = R.call_tir(cls.negate, (x,), out_ty=R.Tensor((4,), "float32"))
            lost_too = R.exp(lost)
            out = R.call_tir(cls.double, (kept,), out_ty=R.Tensor((4,), "float32"))
            R.output(out, lost_too)
        _ = R.call_packed("mlc_ref.record", out, ty_args=R.Tuple)
        return out


@I.ir_module
class ConstantBranch:
    """``x + (c * c - c)``: everything but the last addition is known while compiling."""

    @R.function
    def main(x: R.Tensor((2, 3), "float32")):
        with R.dataflow():
            square = R.multiply(R.const(3, "float32"), R.const(3, "float32"))
            less = R.subtract(square, R.const(1, "float32"))
            out = R.add(x, less)
            R.output(out)
        return out
