"""Bytes and operations of a tensor program, counted from its IR at any size, and of every call of a Relax function.

Two counts of bytes answer two questions. ``accessed_bytes`` is what the program's text loads and stores, register
buffers left out: what goes between the core and its first cache. ``least_bytes`` is what has to come from and go to memory
even if a cache held everything: each parameter once. What really moves lies between; the cache model counts it.
Operations follow the GPU simulator's rule: additions, subtractions, multiplications and divisions of floating-point
numbers are one each, so is a call such as ``exp``; comparisons, casts and rounding are none.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import tvm
from tvm import tirx
from tvm.ir import Call, TensorLoad

from mlc_ref.cache_model.order import REGISTERS, operands
from mlc_ref.checks.memory import buffer_bytes, compacted
from mlc_ref.checks.sites import Subject
from mlc_ref.end_to_end.graph import callees
from mlc_ref.gpu_sim.elements import parse
from mlc_ref.gpu_sim.functions import COSTS, FLOPS, FREE_CALLS
from mlc_ref.gpu_sim.pointers import call_name
from mlc_ref.kinds import refused, takes
from mlc_ref.language import Text
from mlc_ref.performance_models.executed import Executed, Guard, executed, guard, negated

_INTEGER = (*FLOPS, "FloorDiv", "FloorMod", "Mod", "LShift", "RShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor")
_INTEGER_CALLS = frozenset(
    ("shift_left", "shift_right", "bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_not", "popcount")
)
_CALL = Text("call of {name}", "对 {name} 的调用")
_PROGRAMS = Text("calls of tensor programs in the module", "对模块内张量程序的调用")
_LOWER = Text('relax.get_pipeline("zero")(mod) lowers operators', '用 relax.get_pipeline("zero")(mod) 降低算子')


@dataclass(frozen=True)
class Counts:
    """What one run does.

    Attributes:
        loads, stores: elements that the program's text reads and writes, registers left out.
        loaded_bytes, stored_bytes: their bytes.
        flops: floating-point operations.
        integer_operations: the same on integers, shifts and bitwise operations too; indices are left out.
        least_bytes: each parameter once, or the part of it that is touched; twice where it is read and then written.
    """

    loads: int = 0
    stores: int = 0
    loaded_bytes: int = 0
    stored_bytes: int = 0
    flops: int = 0
    integer_operations: int = 0
    least_bytes: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both, one after the other, with nothing kept in between."""
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Counts)))

    @property
    def accessed_bytes(self) -> int:
        return self.loaded_bytes + self.stored_bytes

    @property
    def operations(self) -> int:
        return self.flops + self.integer_operations

    @property
    def intensity(self) -> float:
        """Arithmetic intensity at its best: operations for each of ``least_bytes``."""
        return self.operations / self.least_bytes if self.least_bytes else float("inf")


def count(subject: Subject, *, registers: Collection[str] = REGISTERS, entry: str = "main") -> Counts:
    """Count one run of a tensor program.

    Args:
        subject: a TensorIR function of fixed sizes, scheduled or not, for a CPU or a GPU.
        registers: memory scopes whose accesses are left out; with ``shared`` for a GPU's global memory.

    Raises:
        ValueError: a size is symbolic, a condition depends on data, or a statement is not known.
    """
    loads: dict[Any, int] = {}
    stores: dict[Any, int] = {}
    read_first = set()
    flops = integers = 0
    for each in executed(subject, entry):
        is_store = isinstance(each.statement, tirx.BufferStore)
        places = indices_of(each.statement.indices, each, ()) if is_store else ()
        for part, guards in (*parts(each.value, each, ()), *places):
            times = each.times(guards)
            if isinstance(part, TensorLoad):
                if part.source not in stores and times:
                    read_first.add(part.source)
                loads[part.source] = loads.get(part.source, 0) + times
            else:
                flops, integers = flops + times * float_operations(part), integers + times * integer_operations(part)
        if is_store:
            stores[each.statement.buffer] = stores.get(each.statement.buffer, 0) + each.iterations
    parameters = [p for p in compacted(subject, entry=entry).params if tirx.is_buffer_var(p)]
    least = sum(
        min(buffer_bytes(p), accesses.get(p, 0) * _item(p))
        for p in parameters
        for accesses in ([loads] if p in read_first else []) + [stores]
    )
    memory = [{b: n for b, n in side.items() if b.scope() not in registers} for side in (loads, stores)]
    elements = [sum(side.values()) for side in memory]
    moved = [sum(n * _item(b) for b, n in side.items()) for side in memory]
    return Counts(elements[0], elements[1], moved[0], moved[1], flops, integers, least)


def _item(buffer: Any) -> int:
    """Bytes of an element."""
    return np.dtype(str(buffer.dtype)).itemsize


def parts(expr: tirx.Expr, site: Executed, guards: tuple[Guard, ...]) -> Iterator[tuple[tirx.Expr, tuple[Guard, ...]]]:
    """Loads and operations in an expression, each with the further conditions under which it is evaluated.

    Of the indices of a load only the loads in them count: addresses are not computed with the program's operations.

    Args:
        site: the statement it stands in.
        guards: conditions on the expression itself.
    """
    if call_name(expr) == "if_then_else":
        taken = guard(expr.args[0], site.loops)
        yield from parts(expr.args[1], site, (*guards, taken))
        yield from parts(expr.args[2], site, (*guards, negated(taken)))
        return
    if isinstance(expr, TensorLoad):
        yield from indices_of(expr.indices, site, guards)
        yield expr, guards
        return
    for part in operands(expr):
        yield from parts(part, site, guards)
    yield expr, guards


def indices_of(
    indices: Iterable[tirx.Expr], site: Executed, guards: tuple[Guard, ...]
) -> Iterator[tuple[tirx.Expr, tuple[Guard, ...]]]:
    """The loads in indices, as in ``table[ids[i], j]``."""
    for index in indices:
        yield from (found for found in parts(index, site, guards) if isinstance(found[0], TensorLoad))


def float_operations(expr: tirx.Expr) -> int:
    """Floating-point operations of one node of an expression, its operands left out."""
    if not _is_float(expr):
        return 0
    if isinstance(expr, Call):
        name = call_name(expr)
        return 0 if name in FREE_CALLS or name == "reinterpret" else COSTS.get(name, 1)
    return int(type(expr).__name__ in FLOPS)


def integer_operations(expr: tirx.Expr) -> int:
    """Integer operations of one node of an expression, its operands left out."""
    if _is_float(expr) or isinstance(expr, TensorLoad):
        return 0
    name = call_name(expr) if isinstance(expr, Call) else type(expr).__name__
    return int(name in _INTEGER or name in _INTEGER_CALLS)


def _is_float(expr: Any) -> bool:
    element = parse(str(expr.ty.dtype)) if hasattr(getattr(expr, "ty", None), "dtype") else None
    return element is not None and element.is_float


@takes("IRModule")
def counts_of_calls(mod: tvm.IRModule, entry: str = "main") -> list[tuple[str, Counts]]:
    """Count every call of a Relax function, in order: what each of its kernels does.

    Args:
        mod: a module whose operators are lowered to tensor programs of fixed sizes
            (``graph_optimization.traffic.bound`` gives symbolic ones a value).

    Raises:
        ValueError: an operator that is not lowered, a library's function, or a symbolic size.
    """
    programs = {var.name_hint: f for var, f in mod.functions_items() if isinstance(f, tirx.PrimFunc)}
    counted: dict[str, Counts] = {}
    names = callees(mod, entry)
    for name in names:
        if name not in programs:
            raise ValueError(refused(_CALL.format(name=name), name, _PROGRAMS, _LOWER))
        if name not in counted:
            counted[name] = count(programs[name])
    return [(name, counted[name]) for name in names]
