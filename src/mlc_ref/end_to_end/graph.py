"""Who is called in a graph: the one question every look at a Relax function starts with."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tvm
    from tvm import relax

BY_DESTINATION = ("relax.call_tir", "relax.call_dps_packed")


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


def callees(mod: "tvm.IRModule", entry: str = "main") -> list[str]:
    """``callee_name`` of every call bound in the function ``entry``, in order."""
    bindings = (binding for block in mod[entry].body.blocks for binding in block.bindings)
    names = [callee_name(binding.value) for binding in bindings if hasattr(binding, "value")]
    return [name for name in names if name]
