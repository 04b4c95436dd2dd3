"""Who is called in a graph: the one question every look at a Relax function starts with."""

from typing import TYPE_CHECKING

from mlc_ref.kinds import takes
from mlc_ref.viz.calls import BY_DESTINATION, callee_name

if TYPE_CHECKING:
    import tvm

__all__ = ["BY_DESTINATION", "callee_name", "callees"]


@takes("IRModule")
def callees(mod: "tvm.IRModule", entry: str = "main") -> list[str]:
    """``callee_name`` of every call bound in the function ``entry``, in order."""
    bindings = (binding for block in mod[entry].body.blocks for binding in block.bindings)
    names = [callee_name(binding.value) for binding in bindings if hasattr(binding, "value")]
    return [name for name in names if name]
