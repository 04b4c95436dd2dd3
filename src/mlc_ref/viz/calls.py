"""What a Relax function calls, with what, and how to write it down: the questions every picture of a graph asks."""

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tvm import relax

BY_DESTINATION = ("relax.call_tir", "relax.call_dps_packed")
CallKind = Literal["operator", "program", "library", "effect", "function"]
_NUMBER = re.compile(r"T\.int64\((\d+)\)")


def callee_name(value: "relax.Expr") -> str:
    """Name of what an expression calls; empty where it is no call.

    An operator's name, such as ``relax.nn.relu``; for ``call_tir`` and ``call_dps_packed`` the name of
    the tensor program or library function; for a call of another graph function that function's name.
    """
    from tvm import ir, relax

    if not isinstance(value, relax.Call):
        return ""
    callee = value.args[0] if isinstance(value.op, ir.Op) and value.op.name in BY_DESTINATION else value.op
    if isinstance(callee, ir.Op):
        return callee.name
    if isinstance(callee, ir.GlobalVar):
        return callee.name_hint
    return callee.global_symbol if isinstance(callee, relax.ExternFunc) else callee.name


def call_kind(call: "relax.Call") -> CallKind:
    """Whether a call is of an operator, a tensor program, a library function, for its effect, or of another function."""
    from tvm import ir, relax

    if isinstance(call.op, relax.ExternFunc):
        return "effect"
    if not isinstance(call.op, ir.Op):
        return "function"
    kinds: dict[str, CallKind] = {"relax.call_tir": "program", "relax.call_dps_packed": "library"}
    return kinds.get(call.op.name, "operator")


def operands(value: "relax.Expr") -> list["relax.Expr"]:
    """Variables and constants a value is computed from: of ``call_tir`` and its kin the second argument alone."""
    from tvm import ir, relax

    if isinstance(value, relax.Call) and isinstance(value.op, ir.Op) and value.op.name in BY_DESTINATION:
        return _flat([value.args[1]])
    if isinstance(value, relax.Call):
        return _flat(value.args)
    if isinstance(value, relax.TupleGetItem):
        return _flat([value.tuple_value])
    return _flat([value])


def _flat(values: list["relax.Expr"]) -> list["relax.Expr"]:
    from tvm import ir, relax

    fields = [each for value in values for each in (_flat(value.fields) if isinstance(value, relax.Tuple) else [value])]
    return [each for each in fields if isinstance(each, relax.Var | ir.GenericConst)]


def typed(value: "relax.Expr") -> str:
    """``name (4, 32)``; a constant is called ``const``; what has no shape that is known is its name alone."""
    name = str(getattr(value, "name", None) or "const")
    extents = getattr(getattr(getattr(value, "ty", None), "shape", None), "values", None)
    if extents is None:
        return name
    sizes = [_NUMBER.sub(r"\1", str(getattr(extent, "value", extent))) for extent in extents]
    return f"{name} ({', '.join(sizes)})"
