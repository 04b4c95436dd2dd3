"""Programs that measure a machine, and programs that show what a model of caches cannot see: no schedules here.

The entry function is ``main``; buffers are row-major.
"""

from collections.abc import Callable
from typing import Any

from tvm import IRModule
from tvm.script import ir as I
from tvm.script import tirx as T

LINE_ELEMENTS = 16
"""float32 or int32 elements of a cache line of 64 bytes."""


def read_again(times: int, rows: int, width: int) -> IRModule:
    """``S[j]`` is the sum of column ``j`` of ``X (rows, width)``, ``times`` times over, float32: reading and one addition."""

    @I.ir_module
    class ReadAgain:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((rows, width), "float32"), S: T.Buffer((width,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for t, i, j in T.grid(times, rows, width):
                with T.sblock("S"):
                    _vt, vi, vj = T.axis.remap("RRS", [t, i, j])
                    with T.init():
                        S[vj] = T.float32(0)
                    S[vj] += X[vi, vj]

    return ReadAgain


def chase(lines: int, steps: int) -> IRModule:
    """Go from line to line, each of which says where the next one is: ``P[0] = N[P[0], 0]``, ``steps`` times.

    ``N (lines, 16)`` int32, one row a cache line; ``P (1,)`` int32 is where to begin, and then where it ended.
    """

    @I.ir_module
    class Chase:
        @T.prim_func(s_tir=True)
        def main(N: T.Buffer((lines, LINE_ELEMENTS), "int32"), P: T.Buffer((1,), "int32")):
            T.func_attr({"tirx.noalias": True})
            for s in T.serial(steps):
                with T.sblock("P"):
                    _vs = T.axis.opaque(steps, s)
                    P[0] = N[P[0], 0]

    return Chase


def column_sums(rows: int, columns: int, pitch: int) -> IRModule:
    """``S[j]`` is the sum of column ``j`` of ``X (rows, pitch)`` for the first ``columns`` columns, one after the other."""

    @I.ir_module
    class ColumnSums:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((rows, pitch), "float32"), S: T.Buffer((columns,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for j, i in T.grid(columns, rows):
                with T.sblock("S"):
                    vj, vi = T.axis.remap("SR", [j, i])
                    with T.init():
                        S[vj] = T.float32(0)
                    S[vj] += X[vi, vj]

    return ColumnSums


def lines_in_order(lines: int, place: Callable[[Any], Any]) -> IRModule:
    """``S[0]`` is the sum of the first element of every line of ``X (lines, 16)``; step ``i`` reads line ``place(i)``, float32."""

    @I.ir_module
    class LinesInOrder:
        @T.prim_func(s_tir=True)
        def main(X: T.Buffer((lines, LINE_ELEMENTS), "float32"), S: T.Buffer((1,), "float32")):
            T.func_attr({"tirx.noalias": True})
            for i in T.serial(lines):
                with T.sblock("S"):
                    vi = T.axis.reduce(lines, i)
                    with T.init():
                        S[0] = T.float32(0)
                    S[0] += X[place(vi), 0]

    return LinesInOrder
