"""How many bytes a graph allocates, before and after memory planning.

Lowering turns every ``call_tir`` into an allocation and a call. Memory planning then lets values
whose lifetimes do not meet share storage (``StaticPlanBlockMemory``). What a function returns belongs
to its caller and is never shared.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlc_ref.end_to_end.graph import callee_name
from mlc_ref.kinds import invalid, takes

if TYPE_CHECKING:
    import tvm
    from tvm import relax


@dataclass(frozen=True)
class Tensor:
    """One tensor the graph allocates.

    Attributes:
        shape, dtype: of the tensor.
        storage: index of the storage of the plan it lives in; None for memory of its own.
    """

    shape: tuple[int, ...]
    dtype: str
    storage: int | None

    @property
    def bytes(self) -> int:
        return int(np.prod(self.shape, dtype="int64")) * np.dtype(self.dtype).itemsize


@dataclass(frozen=True)
class MemoryPlan:
    """What one call of a function allocates.

    Attributes:
        storages: bytes of each piece of memory that tensors share.
        tensors: the tensors in the order of their allocation.
    """

    storages: tuple[int, ...]
    tensors: tuple[Tensor, ...]

    @property
    def total_bytes(self) -> int:
        """Bytes of all storages and of all tensors with memory of their own."""
        return sum(self.storages) + sum(tensor.bytes for tensor in self.tensors if tensor.storage is None)


@takes("IRModule")
def lower_calls(mod: "tvm.IRModule") -> "tvm.IRModule":
    """Make allocations explicit: the steps of the default pipeline up to memory planning.

    Before::

        y = R.call_tir(f, (x,), out_ty=R.Tensor((4, 32), "float32"))

    After::

        alloc = R.builtin.alloc_tensor(R.shape([4, 32]), R.dtype("float32"), 0, R.str("global"))
        f(x, alloc)
        y = alloc
    """
    from tvm.ir.transform import Sequential
    from tvm.relax import transform

    steps = [
        transform.LegalizeOps(),
        transform.RewriteDataflowReshape(),
        transform.ToNonDataflow(),
        transform.RemovePurityChecking(),
        transform.CallTIRRewrite(),
    ]
    return Sequential(steps)(mod)


@takes("IRModule")
def memory_plan(mod: "tvm.IRModule", *, share: bool = True, entry: str = "main") -> MemoryPlan:
    """What the function ``entry`` of a graph module allocates in one call.

    Args:
        mod: a module with Relax operators or ``call_tir``, as a user writes it.
        share: with memory planning, or as lowered, with memory of its own for every tensor.

    Raises:
        ValueError: a shape is symbolic; bind it first with ``relax.transform.BindSymbolicVars``.
    """
    from tvm.relax.transform import StaticPlanBlockMemory

    lowered = lower_calls(mod)
    function = (StaticPlanBlockMemory()(lowered) if share else lowered)[entry]
    storages: dict[relax.Var, int] = {}
    tensors: list[Tensor] = []
    for binding in (b for block in function.body.blocks for b in block.bindings):
        name = callee_name(binding.value)
        if name == "relax.memory.alloc_storage":
            (size,) = _static_shape(binding.value.args[0], binding.var)
            storages[binding.var] = size
        elif name == "relax.memory.alloc_tensor":
            storage, _, shape, dtype = binding.value.args[:4]
            index = list(storages).index(storage)
            tensors.append(Tensor(_static_shape(shape, binding.var), str(dtype.value), index))
        elif name == "relax.builtin.alloc_tensor":
            shape, dtype = binding.value.args[:2]
            tensors.append(Tensor(_static_shape(shape, binding.var), str(dtype.value), None))
    return MemoryPlan(tuple(storages.values()), tuple(tensors))


def _static_shape(shape: "relax.ShapeExpr", var: "relax.Var") -> tuple[int, ...]:
    from tvm import tirx

    if not all(isinstance(extent, tirx.IntImm) for extent in shape.values):
        bind = "relax.transform.BindSymbolicVars({'n': 4}, 'main')"
        raise invalid(
            f"{var.name}: the shape {shape} is symbolic; bind its variables first, for example with {bind}",
            f"{var.name}：形状 {shape} 是符号形状；请先绑定其中的变量，例如用 {bind}",
        )
    return tuple(int(extent) for extent in shape.values)
