"""Relax modules in which a rewrite that looks at too little goes wrong."""

from tvm.script import ir as I
from tvm.script import relax as R


@I.ir_module
class Broadcast:
    """A product whose sum broadcasts, one of a single element, and one that is returned as well."""

    @R.function
    def main(x: R.Tensor((3, 5), "float32"), row: R.Tensor((5,), "float32"), one: R.Tensor((1,), "float32")):
        with R.dataflow():
            product = R.multiply(x, x)
            total = R.add(product, row)
            square = R.multiply(one, one)
            fine = R.add(square, one)
            returned = R.multiply(total, x)
            last = R.add(returned, x)
            R.output(returned, fine, last)
        return (returned, fine, last)


@I.ir_module
class NoVector:
    """A sum whose second operand is a matrix, a sum with the product on the right, and a ReLU alone."""

    @R.function
    def main(x: R.Tensor((4, 6), "float32"), w: R.Tensor((6, 5), "float32"), m: R.Tensor((4, 5), "float32")):
        with R.dataflow():
            product = R.matmul(x, w)
            total = R.add(product, m)
            again = R.matmul(x, w)
            other = R.add(m, again)
            active = R.nn.relu(x)
            R.output(total, other, active)
        return (total, other, active)


@I.ir_module
class BiasFirst:
    """``b + x @ w``, with ReLU and without."""

    @R.function
    def main(x: R.Tensor((4, 5), "float32"), w: R.Tensor((5, 5), "float32"), b: R.Tensor((5,), "float32")):
        with R.dataflow():
            product0 = R.matmul(x, w)
            sum0 = R.add(b, product0)
            active = R.nn.relu(sum0)
            product1 = R.matmul(active, w)
            sum1 = R.add(b, product1)
            R.output(sum1)
        return sum1


@I.ir_module
class TwoBlocks:
    """The same product in two dataflow blocks, and twice among the outputs of one."""

    @R.function(pure=False)
    def main(x: R.Tensor((4,), "float32")):
        with R.dataflow():
            a = R.multiply(x, x)
            b = R.multiply(x, x)
            R.output(a, b)
        _ = R.call_packed("mlc_ref.record", x, ty_args=R.Tuple)
        _1 = R.call_packed("mlc_ref.record", x, ty_args=R.Tuple)
        with R.dataflow():
            c = R.multiply(x, x)
            d = R.add(c, b)
            R.output(d)
        return (a, d)


@I.ir_module
class HiddenFirst:
    """The first of three equal products is visible in its block alone; the second is an output."""

    @R.function(pure=False)
    def main(x: R.Tensor((4,), "float32")):
        with R.dataflow():
            hidden = R.multiply(x, x)
            e = R.exp(hidden)
            out = R.multiply(x, x)
            R.output(e, out)
        _ = R.call_packed("mlc_ref.record", x, ty_args=R.Tuple)
        with R.dataflow():
            again = R.multiply(x, x)
            d = R.add(again, e)
            R.output(d)
        return (out, d)


@I.ir_module
class TwoFunctions:
    """Two functions that compute the same value of nothing, each for itself, the first twice."""

    @R.function
    def main():
        with R.dataflow():
            zeros = R.zeros((3,), "float32")
            out = R.zeros((3,), "float32")
            R.output(out, zeros)
        return (zeros, out)

    @R.function
    def other():
        with R.dataflow():
            out = R.zeros((3,), "float32")
            R.output(out)
        return out


@I.ir_module
class Attributes:
    """Calls that differ in an attribute alone."""

    @R.function
    def main(x: R.Tensor((3, 3), "float32")):
        with R.dataflow():
            rows = R.sum(x, axis=0)
            columns = R.sum(x, axis=1)
            out = R.subtract(rows, columns)
            R.output(out)
        return out


@I.ir_module
class TuplesAndBranches:
    """Values read through a tuple, through its elements and inside of branches."""

    @R.function
    def main(x: R.Tensor((4,), "float32"), flag: R.Tensor((), "bool")):
        halves = R.split(x, 2)
        left = halves[0]
        right = halves[1]
        spare = R.exp(x)  # noqa: F841
        if flag:
            mixed = R.add(left, right)
        else:
            inner = R.multiply(right, right)
            mixed = inner
        pair = (mixed, left)
        return pair


@I.ir_module
class Constants:
    """Constants behind an unknown operand, a shape that is not known, and a call without operands."""

    @R.function
    def main(x: R.Tensor(("n",), "float32")):
        with R.dataflow():
            a = R.multiply(x, R.const(2, "float32"))
            b = R.add(R.const(1, "float32"), R.const(2, "float32"))
            c = R.multiply(a, b)
            z = R.zeros((3,), "float32")
            R.output(c, z)
        return (c, z)
