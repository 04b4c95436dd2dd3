"""Common subexpressions: compute once what is written several times."""

from collections.abc import Iterator
from contextlib import contextmanager

import tvm
from tvm import relax
from tvm.relax.analysis import contains_impure_call
from tvm.relax.expr_functor import PyExprMutator, mutator
from tvm_ffi import structural_equal

from mlc_ref.graph_optimization.dead_code import without_dead_code
from mlc_ref.graph_optimization.walk import relax_functions
from mlc_ref.kinds import takes


@mutator
class CommonSubexpressionEliminator(PyExprMutator):
    """Lets a variable stand for an earlier one of the same block whose value is the same call.

    Operands are rewritten first, so that equal operands are the same variable and a chain of equal
    calls collapses from its beginning.

    Before::

        product0 = R.multiply(x, y)
        product1 = R.multiply(x, y)
        out = R.subtract(product0, product1)

    After::

        product0 = R.multiply(x, y)
        out = R.subtract(product0, product0)
    """

    def __init__(self, mod: tvm.IRModule) -> None:
        super().__init__(mod)
        self.mod = mod
        self.known: list[tuple[relax.Call, relax.Var]] = []

    def transform(self) -> tvm.IRModule:
        """The module with every function rewritten and the repeated bindings removed."""
        for name, function in relax_functions(self.mod):
            self.builder_.update_func(name, without_dead_code(self.visit_expr(function)))
        return self.builder_.finalize()

    def visit_dataflow_block_(self, block: relax.DataflowBlock) -> relax.BindingBlock:
        with self._nothing_known():
            return super().visit_dataflow_block_(block)

    def visit_binding_block_(self, block: relax.BindingBlock) -> relax.BindingBlock:
        with self._nothing_known():
            return super().visit_binding_block_(block)

    @contextmanager
    def _nothing_known(self) -> Iterator[None]:
        """What is known inside of a block, which may be a branch, is forgotten at its end, and what was before is back.

        A variable of a dataflow block is not visible after it, one of a branch not in the other branch.
        """
        before, self.known = self.known, []
        yield
        self.known = before

    def visit_var_binding_(self, binding: relax.VarBinding) -> None:
        value = self.visit_expr(binding.value)
        if not isinstance(value, relax.Call) or contains_impure_call(value):
            super().visit_var_binding_(binding)
            return
        earlier = next((var for call, var in self.known if structural_equal(call, value)), None)
        if earlier is None:
            super().visit_var_binding_(binding)
            self.known.append((value, self.visit_expr(binding.var)))
        elif isinstance(binding.var, relax.DataflowVar):
            self.set_var_remap(binding.var, earlier)
        else:
            # The variable is read outside of the block: it stays, as another name.
            super().visit_var_binding_(relax.VarBinding(binding.var, earlier))


@takes("IRModule")
def eliminate_common_subexpressions(mod: tvm.IRModule) -> tvm.IRModule:
    """``CommonSubexpressionEliminator`` over a module."""
    return CommonSubexpressionEliminator(mod).transform()
