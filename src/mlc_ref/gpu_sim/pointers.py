"""Pointers of the IR: into which buffer, and from which element on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mlc_ref.gpu_sim.elements import Element
from mlc_ref.gpu_sim.indexing import Compiler, index_sum
from mlc_ref.gpu_sim.lanes import Pattern
from mlc_ref.gpu_sim.memory import FRAGMENTS, Memory
from mlc_ref.language import Text

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
        memory, index = machine.memory(expr.args[0].source), expr.args[0].indices[0]
    elif name == "tvm_access_ptr":
        memory = _typed(expressions, buffer_of(expr.args[1]), expr.args[0])
        index = expr.args[2]  # in elements of the type that the first argument names; TVM refuses vectors there
    else:
        memory, index = machine.memory(buffer_of(expr)), None
    parts = [part for part in (index, extra) if part is not None]
    offset, pattern = index_sum(expressions, parts)
    return memory, offset, pattern


def _typed(expressions: Compiler, variable: Any, type_annotation: Any) -> Memory:
    memory, element = expressions.machine.memory(variable), expressions.element(type_annotation)
    held = memory.size * memory.data.itemsize // element.dtype.itemsize
    return seen_as(expressions, memory, element, held, memory.name)


def seen_as(expressions: Compiler, memory: Memory, element: Element, size: int, name: str) -> Memory:
    """The memory, or its bytes as ``size`` elements of another type under a name.

    Raises:
        Unsupported: a fragment, or global memory, seen as another type.
    """
    if memory.data.dtype == element.dtype:
        return memory
    if memory.scope in FRAGMENTS:
        raise expressions.unsupported(
            Text(f"fragment {memory.name} seen as another type", f"把片段 {memory.name} 当作另一种类型")
        )
    if memory.scope == "global":
        raise expressions.unsupported(
            Text(f"argument {memory.name} seen as another element type", f"把参数 {memory.name} 当作另一种元素类型")
        )
    return memory.seen_as(name, element.dtype, size)
