"""Constant folding: compute while compiling what depends on constants alone."""

import tvm
from tvm import ir, relax, tirx
from tvm.relax.expr_functor import PyExprMutator, mutator

from mlc_ref.end_to_end.deploy import run_graph
from mlc_ref.graph_optimization.dead_code import without_dead_code
from mlc_ref.graph_optimization.walk import relax_functions
from mlc_ref.kinds import takes


@mutator
class ConstantFolder(PyExprMutator):
    """Replaces calls of pure operators on constants by the constant they compute.

    Before::

        square = R.multiply(R.const(3.0), R.const(3.0))
        less = R.subtract(square, R.const(1.0))

    After::

        less = R.const(8.0)
    """

    def __init__(self, mod: tvm.IRModule) -> None:
        super().__init__(mod)
        self.mod = mod

    def transform(self) -> tvm.IRModule:
        """The module with every function folded and the bindings of folded values removed."""
        for name, function in relax_functions(self.mod):
            self.builder_.update_func(name, without_dead_code(self.visit_expr(function)))
        return self.builder_.finalize()

    def visit_call_(self, call: relax.Call) -> relax.Expr:
        call = self.visit_expr_post_order(call)
        constants = [self._constant(argument) for argument in call.args]
        if None in constants or not can_fold(call):
            return call
        return relax.const(evaluate(call.op, constants, call.attrs), str(call.ty.dtype))

    def _constant(self, value: relax.Expr) -> relax.Expr | None:
        """The constant a value is, itself or through the variable it is bound to; else None."""
        if isinstance(value, relax.Var):
            value = self.lookup_binding(value)
        return value if isinstance(value, ir.GenericConst) else None


def can_fold(call: relax.Call) -> bool:
    """Whether a call is of a pure operator and gives one tensor of a known shape."""
    if not isinstance(call.op, ir.Op) or not call.op.get_attr("FPurity"):
        return False
    shape = getattr(call.ty, "shape", None)
    return shape is not None and all(isinstance(extent, tirx.IntImm) for extent in shape)


def evaluate(operator: ir.Op, constants: list[relax.Expr], attrs: ir.Attrs | None) -> object:
    """The array an operator computes: a function of no parameters is compiled and run."""
    builder = relax.BlockBuilder()
    with builder.function("main", []):
        builder.emit_func_output(builder.emit(relax.Call(operator, constants, attrs)))
    return run_graph(builder.finalize())


@takes("IRModule")
def fold_constants(mod: tvm.IRModule) -> tvm.IRModule:
    """``ConstantFolder`` over a module."""
    return ConstantFolder(mod).transform()
