"""Indices from the end, as PyTorch allows them, in the modules that TVM's importer makes.

``relax.take`` and ``relax.index_tensor`` read where the index says, and the importer hands over ``x[:, -1]``
as it is written: it reads before the beginning, without a message.
"""

import tvm
from tvm import ir, relax, tirx
from tvm.relax.expr_functor import PyExprMutator, mutator

from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.kinds import takes

_SHOWN = 4  # negative entries of one index


@mutator
class NegativeIndexRepair(PyExprMutator):
    """Lets every index that may be negative count from the end.

    Before::

        last = R.take(x, R.const(-1, "int64"), axis=1)
        rows = R.index_tensor(x, (R.const([-1, 0], "int64"),))

    After, for ``x`` of shape ``(3, 4)``::

        last = R.take(x, R.const(-1, "int64"), axis=1, mode="wrap")
        rows = R.index_tensor(x, (R.const([2, 0], "int64"),))

    Attributes:
        found: the operators and the entries of their indices that are negative in the network itself.
    """

    def __init__(self, mod: tvm.IRModule) -> None:
        super().__init__(mod)
        self.mod = mod
        self.found: list[str] = []

    def transform(self) -> tvm.IRModule:
        """The module with every Relax function repaired."""
        for name, function in self.mod.functions_items():
            if isinstance(function, relax.Function):
                self.builder_.update_func(name, self.visit_expr(function))
        return self.builder_.finalize()

    def visit_call_(self, call: relax.Call) -> relax.Expr:
        call = self.visit_expr_post_order(call)
        name = callee_name(call)
        if name == "relax.take" and call.attrs.mode == "fast" and may_be_negative(call.args[1]):
            self._note(name, call.args[1])
            return relax.op.take(*call.args, axis=call.attrs.axis, mode="wrap")
        if name == "relax.index_tensor":
            return self._index_tensor(call)
        return call

    def _index_tensor(self, call: relax.Call) -> relax.Expr:
        data, indices = call.args
        # The importer binds the tuple to a variable.
        if isinstance(indices, relax.Var):
            indices = self.lookup_binding(indices)
        if not isinstance(indices, relax.Tuple) or not any(map(may_be_negative, indices.fields)):
            return call
        for index in indices.fields:
            self._note("relax.index_tensor", index)
        extents = list(data.ty.shape)
        fields = [self._from_the_beginning(*pair) for pair in zip(indices.fields, extents, strict=False)]
        return relax.op.index_tensor(data, relax.Tuple(fields))

    def _note(self, operator: str, index: relax.Expr) -> None:
        if isinstance(index, ir.GenericConst) and may_be_negative(index):
            values = index.value.numpy()
            negative = [*map(str, values[values < 0])]
            shown = negative[:_SHOWN] + ["…"] * (len(negative) > _SHOWN)
            self.found.append(f"{operator} [{', '.join(shown)}]")

    def _from_the_beginning(self, index: relax.Expr, extent: tirx.Expr) -> relax.Expr:
        """``index``, and ``index + extent`` where it is negative."""
        if not may_be_negative(index):
            return index
        dtype = str(index.ty.dtype)
        if isinstance(extent, tirx.IntImm):
            size: relax.Expr = relax.const(int(extent), dtype)
        else:
            size = self.builder_.emit(relax.op.arange(extent, extent + 1, 1, dtype))
        moved = self.builder_.emit(relax.op.add(index, size))
        is_negative = self.builder_.emit(relax.op.less(index, relax.const(0, dtype)))
        return self.builder_.emit(relax.op.where(is_negative, moved, index))


def may_be_negative(index: relax.Expr) -> bool:
    """Whether an index is negative somewhere, or known only at run time; masks and unsigned ones are not."""
    if isinstance(index, ir.GenericConst):
        return bool((index.value.numpy() < 0).any())
    return isinstance(index.ty, relax.TensorType) and str(index.ty.dtype).startswith("int")


@takes("IRModule")
def repair_negative_indices(mod: tvm.IRModule) -> tuple[tvm.IRModule, list[str]]:
    """``NegativeIndexRepair`` over a module.

    Returns:
        The repaired module, and which indices are negative in the network itself: its user should hear of them. Those
        known only at run time are made safe as well, and not among them.
    """
    repair = NegativeIndexRepair(mod)
    return repair.transform(), repair.found
