"""How many threads and how much memory a kernel takes: extents that are constants, shapes, or bound inside the kernel."""

import math
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from mlc_ref.gpu_sim.codes import Code
from mlc_ref.gpu_sim.elements import element_of
from mlc_ref.gpu_sim.errors import Unsupported
from mlc_ref.gpu_sim.expressions import Expressions
from mlc_ref.gpu_sim.machine import Machine


class Extents:
    """The extents in a kernel.

    Args:
        machine: the one that host code is compiled for.
        body: the kernel's IR.
        scope: the host's variables when it starts.
    """

    def __init__(self, machine: Machine, body: Any, scope: dict[Any, Code]):
        self._machine = machine
        self._body = body
        self._scope = scope

    def threads(self) -> Iterator[tuple[str, int]]:
        """Thread axes and their extents."""
        for stmt in _statements(self._body):
            if type(stmt).__name__ == "AttrStmt" and stmt.attr_key == "thread_extent":
                yield stmt.node.thread_tag, self._number(stmt.value)

    def memory(self) -> tuple[int, int]:
        """Bytes of shared memory of a block, and of private memory of a thread."""
        shared = private = 0
        for stmt in _statements(self._body):
            if type(stmt).__name__ == "AllocBuffer":
                element = element_of(stmt.buffer.ty)
                width = element.dtype.itemsize * element.width if element else 1
                size = math.prod(self._number(s) for s in stmt.buffer.shape) * width
                if stmt.buffer.ty.storage_scope in ("shared", "shared.dyn"):
                    shared += size
                else:
                    private += size
        return shared, private

    def _number(self, expr: Any) -> int:
        if type(expr).__name__ == "IntImm":
            return int(expr.value)
        return int(self._expressions.compile(expr).run())

    @cached_property
    def _expressions(self) -> Expressions:
        """Over the host's variables, and over what the kernel binds to values of them."""
        expressions = Expressions(self._machine, dict(self._scope))
        for stmt in _statements(self._body):
            if type(stmt).__name__ != "Bind":
                continue
            try:
                expressions.scope[stmt.var] = expressions.compile(stmt.value)
            except Unsupported:  # a value of threads, loops or memory, which no extent may depend on
                continue
        return expressions


def _statements(stmt: Any) -> Iterator[Any]:
    """A statement and all statements in it."""
    yield stmt
    kind = type(stmt).__name__
    inner: list[Any] = []
    if kind == "SeqStmt":
        inner = list(stmt.seq)
    elif kind == "IfThenElse":
        inner = [part for part in (stmt.then_case, stmt.else_case) if part is not None]
    elif kind in ("For", "While", "AttrStmt"):
        inner = [stmt.body]
    for one in inner:
        yield from _statements(one)
