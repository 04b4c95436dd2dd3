"""How long one core needs for a program's instructions, were all data in its first cache.

Each loop nest is taken for itself. Three things can hold it up: instructions that compute, loads and stores, and chains, where
every addition waits for the one before. Rules of thumb stand for the compiler: the innermost loop runs on vectors where
it is vectorized, or where every access along it is contiguous and no sum is carried; what a loop does not change is loaded
before it; within unrolled loops equal loads are one; a multiplication and an addition are one instruction; a sum that the
innermost loops leave in its place is kept in a register.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from tvm import tirx
from tvm.ir import Call, TensorLoad
from tvm_ffi import structural_equal

from mlc_ref.cache_model.order import REGISTERS, operands
from mlc_ref.checks.index_math import evaluate
from mlc_ref.checks.sites import Subject, nodes
from mlc_ref.gpu_sim.pointers import call_name
from mlc_ref.performance_models.executed import Executed, executed, extent_of
from mlc_ref.performance_models.machine import Machine

_ARITHMETIC = (
    *(tirx.Add, tirx.Sub, tirx.Mul, tirx.Div, tirx.FloorDiv, tirx.FloorMod, tirx.Mod, tirx.Min, tirx.Max, tirx.Cast),
    *(tirx.LT, tirx.LE, tirx.GT, tirx.GE, tirx.EQ, tirx.NE, tirx.Select),
)
_FREE = ("if_then_else", "likely", "reinterpret")


@dataclass(frozen=True)
class CoreTime:
    """Seconds that a nest, or all of a program, keeps each part of a core busy.

    Attributes:
        compute: instructions that compute.
        accesses: loads and stores, to and from the first cache.
        chains: results that are waited for.
        total: the largest of the three in each nest, added up.
    """

    compute: float = 0.0
    accesses: float = 0.0
    chains: float = 0.0
    total: float = 0.0

    def __add__(self, other: "CoreTime") -> "CoreTime":
        pairs = zip(self._figures, other._figures, strict=True)
        return CoreTime(*(a + b for a, b in pairs))

    @property
    def _figures(self) -> tuple[float, float, float, float]:
        return self.compute, self.accesses, self.chains, self.total


@dataclass(frozen=True)
class Access:
    """A load or store of a statement.

    Attributes:
        buffer: what is accessed.
        steps: for each loop around it by how many elements its first step moves the access; 0 where the loop never does.
    """

    buffer: Any
    steps: tuple[int, ...]

    @property
    def in_memory(self) -> bool:
        return self.buffer.scope() not in REGISTERS


@dataclass(frozen=True)
class Nest:
    """Statements that stand in the same loops.

    Attributes:
        loops: around them, outermost first.
        statements: in order.
    """

    loops: tuple[tirx.For, ...]
    statements: tuple[Executed, ...]

    @cached_property
    def extents(self) -> tuple[int, ...]:
        return tuple(extent_of(loop, self.loops) for loop in self.loops)

    @cached_property
    def accesses(self) -> tuple[tuple[Executed, tuple[Access, ...], Access | None], ...]:
        """Each statement with its loads and its store."""
        return tuple((each, self._loads(each), self._store(each)) for each in self.statements)

    def _loads(self, site: Executed) -> tuple[Access, ...]:
        return tuple(self._access(load.source, load.indices) for load in nodes(site.value, TensorLoad))

    def _store(self, site: Executed) -> Access | None:
        stmt = site.statement
        return self._access(stmt.buffer, stmt.indices) if isinstance(stmt, tirx.BufferStore) else None

    def _access(self, buffer: Any, indices: Sequence[Any]) -> Access:
        offset: Any = 0
        for index, size in zip(indices, buffer.shape, strict=True):
            offset = offset * size + index
        return Access(buffer, tuple(self._step(offset, depth) for depth in range(len(self.loops))))

    def _step(self, offset: Any, depth: int) -> int:
        values: dict[Any, Any] = {}
        for number, loop in enumerate(self.loops):
            start = evaluate(loop.min, values)
            values[loop.loop_var] = start + np.arange(self.extents[depth]) if number == depth else start
        track = np.broadcast_to(evaluate(offset, values), (self.extents[depth],))
        return 0 if np.all(track == track[0]) else int(track[1] - track[0]) or 2  # moves, though not at once

    @cached_property
    def tail(self) -> int:
        """Loops outside of those that are written out: the innermost ones, unrolled or vectorized."""
        depth = len(self.loops)
        while depth and self.loops[depth - 1].kind in (tirx.ForKind.UNROLLED, tirx.ForKind.VECTORIZED):
            depth -= 1
        return depth

    def slots(self, lanes: int) -> float:
        """Instructions for each iteration of the innermost loop: below 1 where it runs on vectors."""
        if not self.loops:
            return 1.0
        extent = self.extents[-1]
        on_vectors = self.loops[-1].kind == tirx.ForKind.VECTORIZED or self._contiguous
        return math.ceil(extent / lanes) / extent if on_vectors else 1.0

    @property
    def _contiguous(self) -> bool:
        """Whether a compiler can run the innermost loop on vectors by itself."""
        stores = [store for _, _, store in self.accesses if store is not None]
        loads = [load for _, found, _ in self.accesses for load in found]
        return all(s.steps[-1] == 1 for s in stores) and all(a.steps[-1] in (0, 1) for a in loads) and bool(stores)

    def instructions(self, site: Executed, access: Access, slots: float) -> float:
        """How often an access is an instruction of its own; nothing is moved out of loops where a condition guards it."""
        if not access.in_memory:
            return 0.0
        times = float(site.iterations)
        inner = True
        for depth in reversed(range(len(self.loops))):
            inner = inner and not access.steps[depth]
            if not access.steps[depth] and not site.guards and (inner or depth >= self.tail):
                times /= self.extents[depth]
        return times * slots if self.loops and access.steps[-1] == 1 else times

    def chain_steps(self, site: Executed, loads: Sequence[Access], store: Access | None) -> float:
        """How many results are waited for, one after the other, in a statement that adds to what it stored before."""
        if store is None or not _adds_to_itself(site.statement):
            return 0.0
        carried = [depth for depth, step in enumerate(store.steps) if not step and self.extents[depth] > 1]
        inside = math.prod(self.extents[max(carried) + 1 :]) if carried else 0
        return site.iterations / inside if inside else 0.0

    def time(self, machine: Machine) -> CoreTime:
        """Seconds of the nest on one core."""
        slots = self.slots(machine.lanes)
        computing = moving = steps = 0.0
        for site, loads, store in self.accesses:
            computing += arithmetic(site.value) * site.iterations * slots
            moving += sum(self.instructions(site, each, slots) for each in (*loads, *([store] if store else [])))
            steps += self.chain_steps(site, loads, store)
        compute = computing * 2 * machine.lanes / machine.gflops / 1e9
        accesses = moving * machine.vector_bytes / machine.levels[0].gbytes / 1e9
        chains = steps * machine.fma_ns / 1e9
        return CoreTime(compute, accesses, chains, max(compute, accesses, chains))


def nests(subject: Subject, entry: str = "main") -> list[Nest]:
    """The nests of a program in order: neighbouring statements in the same loops are one.

    Raises:
        ValueError: a size is symbolic, or a statement is not known.
    """
    groups = groupby(executed(subject, entry), key=lambda each: tuple(hash(loop.loop_var) for loop in each.loops))
    found = [tuple(group) for _, group in groups]
    return [Nest(group[0].loops, group) for group in found]


def core_time(subject: Subject, machine: Machine, *, entry: str = "main") -> CoreTime:
    """The time of all nests, one after the other.

    Args:
        subject: a TensorIR function of fixed sizes whose indices do not depend on data.

    Raises:
        ValueError: as ``nests``; or an index that depends on data.
    """
    return sum((nest.time(machine) for nest in nests(subject, entry)), CoreTime())


def arithmetic(expr: tirx.Expr) -> int:
    """Instructions that compute an expression, once for one element: a multiplication that is added to is none by itself."""
    if isinstance(expr, TensorLoad):
        return 0
    own = int(isinstance(expr, _ARITHMETIC)) + int(isinstance(expr, Call) and call_name(expr) not in _FREE)
    fused = isinstance(expr, tirx.Add | tirx.Sub) and any(isinstance(part, tirx.Mul) for part in (expr.a, expr.b))
    return own - int(fused) + sum(arithmetic(part) for part in operands(expr))


def _adds_to_itself(stmt: Any) -> bool:
    """Whether what is stored was computed from the element that is overwritten."""
    return isinstance(stmt, tirx.BufferStore) and any(
        load.source.same_as(stmt.buffer) and all(map(structural_equal, load.indices, stmt.indices))
        for load in nodes(stmt.value, TensorLoad)
    )
