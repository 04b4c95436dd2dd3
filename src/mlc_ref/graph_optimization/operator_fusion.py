"""Group matmul + bias, and the ReLU that follows, into sub-functions, with ``PyExprMutator``.

A sub-function keeps the group together without deciding how it is computed: later passes may hand it
to a library or merge its loops. The attribute ``Primitive`` says that it is one group.
"""

import tvm
from tvm import relax, tirx
from tvm.relax.expr_functor import PyExprMutator, mutator
from tvm.relax.utils import copy_with_new_vars

from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.graph_optimization.dead_code import without_dead_code
from mlc_ref.graph_optimization.walk import relax_functions, use_counts
from mlc_ref.kinds import takes


@mutator
class LinearFuser(PyExprMutator):
    """Fuses either matmul + add + ReLU or matmul + add into calls of new functions.

    A product or a sum that is read more than once is not fused: others would still need it, and it
    would be computed twice. The bias is a vector and may stand on either side.

    Before::

        product = R.matmul(x, w)
        total = R.add(product, b)
        active = R.nn.relu(total)

    After::

        active = fused_linear_relu(x, w, b)
    """

    def __init__(self, mod: tvm.IRModule, activation: bool) -> None:
        super().__init__(mod)
        self.mod = mod
        self.activation = activation
        self.uses: dict[relax.Var, int] = {}

    def transform(self) -> tvm.IRModule:
        """The module with every function that is not a group itself rewritten."""
        for name, function in relax_functions(self.mod):
            self.uses = use_counts(function)
            self.builder_.update_func(name, without_dead_code(self.visit_expr(function)))
        return self.builder_.finalize()

    def visit_call_(self, call: relax.Call) -> relax.Expr:
        call = self.visit_expr_post_order(call)
        total: relax.Expr | None = call
        if self.activation:
            total = self._single_use(call.args[0], "relax.add") if callee_name(call) == "relax.nn.relu" else None
        if total is None or callee_name(total) != "relax.add":
            return call
        for value, bias in (tuple(total.args), tuple(reversed(total.args))):
            product = self._single_use(value, "relax.matmul")
            if product is not None and len(bias.ty.shape or ()) == 1 and takes_its_extents([*product.args, bias]):
                return self._call_group(product, bias)
        return call

    def _single_use(self, value: relax.Expr, operator: str) -> relax.Call | None:
        """The call of ``operator`` a variable is bound to, if nothing else reads the variable."""
        if not isinstance(value, relax.Var) or self.uses.get(value) != 1:
            return None
        found = self.lookup_binding(value)
        return found if callee_name(found) == operator else None

    def _call_group(self, product: relax.Call, bias: relax.Expr) -> relax.Expr:
        """Add the sub-function for this product and bias to the module and call it."""
        operands = [*product.args, bias]
        name = "fused_linear_relu" if self.activation else "fused_linear"
        params = [relax.Var(n, operand.ty) for n, operand in zip(("x", "w", "b"), operands, strict=True)]
        x, w, b = params
        builder = relax.BlockBuilder()
        with builder.function(name, params, attrs={"Primitive": True}, private=True):
            with builder.dataflow():
                total = builder.emit(relax.op.add(builder.emit(relax.Call(product.op, [x, w], product.attrs)), b))
                out = builder.emit_output(relax.op.nn.relu(total) if self.activation else total)
            builder.emit_func_output(out)
        # Symbolic extents are variables of the caller; the group gets its own.
        group = self.builder_.add_func(copy_with_new_vars(builder.finalize()[name]), name)
        return relax.Call(group, operands)


def takes_its_extents(operands: list[relax.Expr]) -> bool:
    """Whether a function of these operands finds every symbolic extent among their extents.

    From ``(2 * n, 4)`` alone no call can tell ``n``.
    """
    given: set[tirx.Var] = set()
    used: set[tirx.Var] = set()
    for shape in (operand.ty.shape for operand in operands if operand.ty.shape is not None):
        given.update(extent for extent in shape if isinstance(extent, tirx.Var))
        used.update(symbol for extent in shape for symbol in tirx.analysis.undefined_vars(extent))
    return used <= given


@takes("IRModule")
def fuse_linear(mod: tvm.IRModule) -> tvm.IRModule:
    """Fuse with ReLU first, then what is left without: the longest group wins."""
    return LinearFuser(LinearFuser(mod, activation=True).transform(), activation=False).transform()
