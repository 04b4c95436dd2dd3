"""Checks on the memory of a Relax function: what its values take, and what TVM's planner allocates."""

from collections.abc import Sequence

import numpy as np
import tvm
from tvm import IRModule, relax
from tvm.ir import Call, Op

from mlc_ref.checks.failure import require
from mlc_ref.checks.graphs import graph, sub_functions
from mlc_ref.kinds import invalid
from mlc_ref.language import Text

_PLAN = [
    relax.transform.LegalizeOps,
    relax.transform.RewriteDataflowReshape,
    relax.transform.ToNonDataflow,
    relax.transform.RemovePurityChecking,
    relax.transform.CallTIRRewrite,
    relax.transform.StaticPlanBlockMemory,
]
_STORAGE = "relax.memory.alloc_storage"
_TENSOR = "relax.builtin.alloc_tensor"


def tensor_bytes(type_: relax.TensorType) -> int:
    """Bytes of a tensor of this type.

    Raises:
        ValueError: its shape or dtype is not known before the program runs.
    """
    sizes = getattr(type_.shape, "values", None)
    if sizes is None or any(not hasattr(size, "value") for size in sizes) or not str(type_.dtype):
        raise invalid(
            f"type {type_}: its bytes are not known before the program runs; give its shape in numbers",
            f"类型 {type_}：程序运行之前不知道它占多少字节；请用数字给出形状",
        )
    return int(np.prod([int(size.value) for size in sizes], dtype=np.int64)) * np.dtype(str(type_.dtype)).itemsize


def intermediate_bytes(subject: IRModule | relax.Function, entry: str = "main") -> int:
    """Bytes of all tensors the function computes that it does not return.

    Each value counts once, when a call makes it; a second name for it costs nothing. Nothing is
    shared here: see ``planned_bytes`` for what is allocated.
    """
    func = graph(subject, entry)
    returned = _root_names(func, func.body.body)
    total = 0
    for binding in _bindings(func):
        value, type_ = binding.value, binding.var.ty
        if not isinstance(value, Call) or any(binding.var.same_as(var) for var in returned):
            continue
        fields: Sequence = type_.fields if isinstance(type_, tvm.ir.TupleType) else [type_]
        total += sum(tensor_bytes(field) for field in fields if isinstance(field, relax.TensorType))
    return total


def _bindings(func: relax.Function) -> list:
    return [binding for block in func.body.blocks for binding in block.bindings]


def _root_names(func: relax.Function, result: object) -> list:
    """The variables whose value is returned, seen through plain renamings and tuples."""
    value_of = [(b.var, b.value) for b in _bindings(func)]
    pending, found = [result], []
    while pending:
        value = pending.pop()
        if isinstance(value, relax.Tuple):
            pending += list(value.fields)
        elif isinstance(value, relax.Var):
            found.append(value)
            pending += [v for var, v in value_of if var.same_as(value) and isinstance(v, relax.Var | relax.Tuple)]
    return found


def planned(subject: IRModule) -> IRModule:
    """The module after TVM has planned its memory (``StaticPlanBlockMemory``), operators legalized."""
    return tvm.transform.Sequential([step() for step in _PLAN])(subject)


def planned_bytes(subject: IRModule, entry: str = "main") -> int:
    """Bytes of the storages TVM's planner allocates for one call of ``entry``, results not counted.

    A storage that several intermediate values use one after the other counts once. The functions that ``entry``
    calls count too, each once, and so do both branches of an ``if``.

    Args:
        subject: a module before or after planning.

    Raises:
        ValueError: a storage's size is symbolic.
    """
    module = subject if _allocates(graph(subject, entry)) else planned(subject)
    functions = [graph(module, entry), *sub_functions(module, entry).values()]
    sizes = [call.args[0].values[0] for func in functions for call in _calls(func, _STORAGE)]
    if any(not hasattr(size, "value") for size in sizes):
        raise invalid(
            f"planned_bytes: a storage of {entry} has a symbolic size; bind its variables first",
            f"planned_bytes：{entry} 中有一块存储的大小是符号；请先绑定其中的变量",
        )
    return sum(int(size.value) for size in sizes)


def _allocates(func: relax.Function) -> bool:
    return bool(_calls(func, _STORAGE) or _calls(func, _TENSOR))


def _calls(func: relax.Function, operator: str) -> list[Call]:
    found: list[Call] = []

    def collect(value: object) -> None:
        if isinstance(value, Call) and isinstance(value.op, Op) and value.op.name == operator:
            found.append(value)

    relax.analysis.post_order_visit(func.body, collect)
    return found


def plans_at_most(subject: IRModule, limit: int, *, entry: str = "main", hint: Text | None = None) -> None:
    """TVM's planner allocates at most ``limit`` bytes for the intermediate values of one call.

    Raises:
        CheckFailure: it allocates more.
    """
    total = planned_bytes(subject, entry)
    wanted = Text(f"at most {limit} planned bytes", f"规划的内存至多 {limit} 字节")
    require(total <= limit, expected=wanted, found=total, where=entry, hint=hint)


def intermediates_at_most(
    subject: IRModule | relax.Function, limit: int, *, entry: str = "main", hint: Text | None = None
) -> None:
    """The intermediate tensors of the graph take at most ``limit`` bytes; see ``intermediate_bytes``.

    Raises:
        CheckFailure: they take more.
    """
    total = intermediate_bytes(subject, entry)
    wanted = Text(f"at most {limit} bytes of intermediate values", f"中间值至多 {limit} 字节")
    require(total <= limit, expected=wanted, found=total, where=entry, hint=hint)
