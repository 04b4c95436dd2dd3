"""Relax modules of a few calls: a chain, and two values that live at the same time."""

from tvm import relax
from tvm.script import ir as I
from tvm.script import relax as R


def relu_chain(length, shape=(4, 64)):
    """``length`` ReLUs one after the other."""
    builder = relax.BlockBuilder()
    x = relax.Var("x", relax.TensorType(shape, "float32"))
    with builder.function("main", [x]):
        with builder.dataflow():
            value = x
            for _ in range(length - 1):
                value = builder.emit(relax.op.nn.relu(value))
            out = builder.emit_output(relax.op.nn.relu(value))
        builder.emit_func_output(out)
    return builder.finalize()


@I.ir_module
class Branches:
    """Two values of the input that live at the same time."""

    @R.function
    def main(x: R.Tensor((8,), "float32")):
        with R.dataflow():
            a = R.nn.relu(x)
            b = R.negative(x)
            c = R.nn.relu(b)
            d = R.add(a, c)
            R.output(d)
        return d
