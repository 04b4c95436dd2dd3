"""From operators to tensor programs: with an operator map of one's own, and with TVM's legalization."""

from collections.abc import Callable, Mapping

import tvm
from tvm import ir, relax, topi
from tvm.ir.transform import Sequential
from tvm.relax import transform
from tvm.relax.expr_functor import PyExprMutator, mutator

from mlc_ref.end_to_end.graph import BY_DESTINATION, callee_name
from mlc_ref.frameworks import tensor_expressions as expressions
from mlc_ref.kinds import invalid, refused, takes
from mlc_ref.language import Text, for_print

_CANNOT = Text("{where}: the operator map cannot lower it: {error}", "{where}：算子表无法把它变成张量程序：{error}")
Lowering = Callable[[relax.BlockBuilder, relax.Call], relax.Expr]


def _transpose(builder: relax.BlockBuilder, call: relax.Call) -> relax.Expr:
    axes = None if call.attrs.axes is None else [int(axis) for axis in call.attrs.axes]
    return builder.call_te(topi.transpose, call.args[0], axes)


# What each operator becomes.
OPERATORS: dict[str, Lowering] = {
    "relax.add": lambda builder, call: builder.call_te(topi.add, *call.args),
    "relax.matmul": lambda builder, call: builder.call_te(expressions.matmul, *call.args),
    "relax.multiply": lambda builder, call: builder.call_te(topi.multiply, *call.args),
    "relax.nn.relu": lambda builder, call: builder.call_te(expressions.relu, *call.args),
    "relax.permute_dims": _transpose,
    "relax.subtract": lambda builder, call: builder.call_te(topi.subtract, *call.args),
}
# End of the operator map.


@mutator
class OperatorLowering(PyExprMutator):
    """Replaces every operator by a call of the tensor program that the operator map makes for it.

    Groups are lowered inside; they stay groups.

    Before::

        active = R.nn.relu(total)

    After::

        active = R.call_tir(relu, (total,), out_ty=R.Tensor((4, 5), "float32"))
    """

    def __init__(self, mod: tvm.IRModule, operators: Mapping[str, Lowering]) -> None:
        super().__init__(mod)
        self.mod = mod
        self.operators = operators
        self.function = ""

    def transform(self) -> tvm.IRModule:
        """The module with every Relax function lowered."""
        for name, function in self.mod.functions_items():
            if isinstance(function, relax.Function):
                self.function = name.name_hint
                self.builder_.update_func(name, self.visit_expr(function))
        return self.builder_.finalize()

    def visit_call_(self, call: relax.Call) -> relax.Expr:
        call = self.visit_expr_post_order(call)
        if not isinstance(call.op, tvm.ir.Op) or call.op.name in BY_DESTINATION:
            return call
        name = callee_name(call)
        where = Text(f"function {self.function!r}", f"函数 {self.function!r}")
        if name not in self.operators:
            allowed = ", ".join(sorted(self.operators))
            raise ValueError(refused(where, Text(f"operator {name}", f"算子 {name}"), allowed))
        types = ", ".join(str(argument.ty) for argument in call.args)
        where = Text(f"{where.en}: operator {name} on {types}", f"{where.zh}：作用于 {types} 的算子 {name}")
        try:
            lowered = self.operators[name](self.builder_, call)
        except Exception as error:
            raise ValueError(for_print(_CANNOT.format(where=where, error=Text.english(str(error))))) from error
        if not isinstance(lowered, ir.Expr):
            raise invalid(
                f"{where.en}: got {type(lowered).__name__}, allowed an expression; return what it becomes",
                f"{where.zh}：得到 {type(lowered).__name__}，允许的是表达式；请返回算子变成的表达式",
            )
        require_same_type(self.builder_.normalize(lowered), call, where)
        return lowered


def require_same_type(lowered: relax.Expr, call: relax.Call, where: Text) -> None:
    """Refuse a lowering of another dtype or rank than the operator's.

    Raises:
        ValueError: it is; the message begins with ``where``.
    """
    if isinstance(call.ty, relax.TensorType) and isinstance(lowered.ty, relax.TensorType):
        found, needed = ((str(ty.dtype), ty.ndim) for ty in (lowered.ty, call.ty))
        if found != needed:
            raise invalid(
                f"{where.en}: got dtype and rank {found}, allowed those of the operator, {needed}",
                f"{where.zh}：得到 dtype 和维数 {found}，允许的是与算子相同的 {needed}",
            )


@takes("IRModule")
def lower_operators(mod: tvm.IRModule, operators: Mapping[str, Lowering] = OPERATORS) -> tvm.IRModule:
    """``OperatorLowering`` over a module.

    Raises:
        ValueError: an operator that the map does not hold, or whose lowering fails, returns nothing or a result
            of another dtype or rank; with the function it stands in.
    """
    return OperatorLowering(mod, operators).transform()


@takes("IRModule")
def lower_groups(mod: tvm.IRModule, operators: Mapping[str, Lowering] = OPERATORS) -> tvm.IRModule:
    """Lower a module whose groups are made already, and turn each group into one tensor program.

    ``FuseTIR`` puts the tensor programs that a ``Primitive`` function calls one after the other into a
    new one; what was a value between them becomes a buffer allocated inside.

    Raises:
        ValueError: as ``lower_operators``.
    """
    return transform.FuseTIR()(lower_operators(mod, operators))


def legalize_and_fuse() -> tvm.ir.transform.Pass:
    """TVM's own road, one pass a step.

    ``LegalizeOps`` makes a tensor program of every operator, ``AnnotateTIROpPattern`` says of each how
    its elements depend on those of its inputs (``op_pattern``), ``FoldConstant`` computes what depends
    on constants alone, ``FuseOps`` groups by these kinds, ``FuseTIR`` merges each group and removes the
    programs that were merged.
    """
    return Sequential(
        [
            transform.LegalizeOps(),
            transform.AnnotateTIROpPattern(),
            transform.FoldConstant(),
            transform.FuseOps(),
            transform.FuseTIR(),
        ],
        name="legalize_and_fuse",
    )


# The values of TVM's OpPatternKind.
OP_PATTERNS = {
    0: "elementwise",
    1: "broadcast",
    2: "injective",
    3: "reduction",
    4: "fusable output",
    7: "tuple",
    8: "opaque",
}


@takes("IRModule")
def op_patterns(mod: tvm.IRModule) -> dict[str, str]:
    """The kind ``AnnotateTIROpPattern`` finds for each tensor program of a module.

    ``elementwise``: each output element needs the input element of the same index; ``broadcast``: some
    indices are left out; ``injective``: indices are computed; ``reduction``: several input elements;
    ``fusable output``: heavy, such as a matrix product, yet what follows element by element may be
    computed with it; ``opaque``: nothing is known.
    """
    annotated = transform.AnnotateTIROpPattern()(mod)
    programs = [(var, f) for var, f in annotated.functions_items() if not isinstance(f, relax.Function)]
    return {var.name_hint: OP_PATTERNS[int(f.attrs["op_pattern"])] for var, f in programs}
