"""Replace ``x * y + z`` by one tensor program, with ``PyExprMutator``.

A mutator walks a function and returns a new one. ``visit_call_`` sees every call after its operands
were rewritten; ``lookup_binding`` says which value a variable stands for.
"""

import tvm
from tvm import relax, te
from tvm.relax.expr_functor import PyExprMutator, mutator
from tvm_ffi import structural_equal

from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.graph_optimization.dead_code import without_dead_code
from mlc_ref.graph_optimization.walk import relax_functions, use_counts
from mlc_ref.kinds import takes


def multiply_add(x: te.Tensor, y: te.Tensor, z: te.Tensor) -> te.Tensor:
    """``x * y + z`` element by element; three tensors of one shape."""
    return te.compute(x.shape, lambda *i: x[i] * y[i] + z[i], name="multiply_add")


@mutator
class MultiplyAddRewriter(PyExprMutator):
    """Rewrites additions of a product that has no other use.

    Before::

        product = R.multiply(x, y)
        out = R.add(product, z)        # or R.add(z, product)

    After::

        out = R.call_tir(multiply_add, (x, y, z), out_ty=R.Tensor((3, 5), "float32"))
    """

    def __init__(self, mod: tvm.IRModule) -> None:
        super().__init__(mod)
        self.mod = mod
        self.uses: dict[relax.Var, int] = {}

    def transform(self) -> tvm.IRModule:
        """The module with every function rewritten."""
        for name, function in relax_functions(self.mod):
            self.uses = use_counts(function)
            self.builder_.update_func(name, without_dead_code(self.visit_expr(function)))
        return self.builder_.finalize()

    def visit_call_(self, call: relax.Call) -> relax.Expr:
        call = self.visit_expr_post_order(call)
        if callee_name(call) != "relax.add":
            return call
        for product_var, other in (tuple(call.args), tuple(reversed(call.args))):
            product = self._single_use_product(product_var)
            if product is not None and same_type(*product.args, other):
                return self.builder_.call_te(multiply_add, *product.args, other)
        return call

    def _single_use_product(self, value: relax.Expr) -> relax.Call | None:
        if not isinstance(value, relax.Var) or self.uses.get(value) != 1:
            return None
        product = self.lookup_binding(value)
        return product if callee_name(product) == "relax.multiply" else None


def same_type(*values: relax.Expr) -> bool:
    """Whether no operand is broadcast: all have the same known shape and dtype."""
    known = isinstance(values[0].ty, relax.TensorType) and values[0].ty.shape is not None
    return known and all(structural_equal(value.ty, values[0].ty) for value in values)


@takes("IRModule")
def rewrite_multiply_add(mod: tvm.IRModule) -> tvm.IRModule:
    """``MultiplyAddRewriter`` over a module."""
    return MultiplyAddRewriter(mod).transform()
