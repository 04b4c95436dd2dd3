"""Pointers of the IR: into which buffer, and from which element on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mlc_ref.gpu_sim.indexing import Compiler, index_sum
from mlc_ref.gpu_sim.lanes import Pattern
from mlc_ref.gpu_sim.memory import Memory

if TYPE_CHECKING:
    from mlc_ref.gpu_sim.machine import Machine

Placed = tuple[Memory, Callable[[], int], Callable[[], tuple[int, Pattern]]]


def call_name(expr: Any) -> str:
    """The operator's name of a call, without its dialect; empty for anything else."""
    op: Any = getattr(expr, "op", None)
    return op.name.removeprefix("tirx.").removeprefix("prim.") if hasattr(op, "name") else ""


def buffer_of(expr: Any) -> Any:
    """The buffer variable of ``A.data``, or of ``A`` itself."""
    return expr.args[0] if call_name(expr) == "buffer_data" else expr


def pointer(machine: "Machine", expressions: Compiler, expr: Any, extra: Any = None) -> Placed:
    """Memory and index of ``tvm_access_ptr(...)``, ``address_of(A[i])`` or a buffer's data.

    Args:
        extra: an index expression added to the pointer, if there is one.
    """
    name = call_name(expr)
    if name == "address_of":
        buffer, index = expr.args[0].source, expr.args[0].indices[0]
    elif name == "tvm_access_ptr":
        buffer, index = buffer_of(expr.args[1]), expr.args[2]
    else:
        buffer, index = buffer_of(expr), None
    parts = [part for part in (index, extra) if part is not None]
    offset, pattern = index_sum(expressions, parts)
    return machine.memory(buffer), offset, pattern
