"""The tensor programs of the chapter in TVMScript, right ones first, then wrong ones to learn from.

``X`` is ``(4, 6)`` everywhere a shape is fixed; the entry function is ``main`` unless a module holds several.
"""

from tvm.script import ir as I
from tvm.script import tirx as T


@I.ir_module
class CenterRows:
    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((4, 6), "float32"), Y: T.Buffer((4, 6), "float32")):
        T.func_attr({"tirx.noalias": True})
        total = T.sblock_alloc_buffer((4,), "float32")
        for i, k in T.grid(4, 6):
            with T.sblock("total"):
                vi = T.axis.spatial(4, i)
                vk = T.axis.reduce(6, k)
                with T.init():
                    total[vi] = T.float32(0)
                total[vi] = total[vi] + X[vi, vk]
        for i, j in T.grid(4, 6):
            with T.sblock("Y"):
                vi = T.axis.spatial(4, i)
                vj = T.axis.spatial(6, j)
                Y[vi, vj] = X[vi, vj] - total[vi] / T.float32(6)


@I.ir_module
class CenterRowsShort:
    """The same program with the shorthands."""

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((4, 6)), Y: T.Buffer((4, 6))):
        T.func_attr({"tirx.noalias": True})
        total = T.sblock_alloc_buffer((4,))
        for i, k in T.grid(4, 6):
            with T.sblock("total"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    total[vi] = 0.0
                total[vi] += X[vi, vk]
        for i, j in T.grid(4, 6):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = X[vi, vj] - total[vi] / 6.0


@I.ir_module
class CenterRowsCanonical:
    """The same program with nothing left unsaid."""

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((4, 6), "float32"), Y: T.Buffer((4, 6), "float32")):
        T.func_attr({"tirx.noalias": True})
        with T.sblock("root"):
            T.reads()
            T.writes()
            total = T.sblock_alloc_buffer((4,), "float32")
            for i in T.serial(0, 4):
                for k in T.serial(0, 6):
                    with T.sblock("total"):
                        vi = T.axis.spatial(4, i)
                        vk = T.axis.reduce(6, k)
                        T.reads(X[vi, vk])
                        T.writes(total[vi])
                        with T.init():
                            total[vi] = T.float32(0)
                        total[vi] = total[vi] + X[vi, vk]
            for i in T.serial(0, 4):
                for j in T.serial(0, 6):
                    with T.sblock("Y"):
                        vi = T.axis.spatial(4, i)
                        vj = T.axis.spatial(6, j)
                        T.reads(X[vi, vj], total[vi])
                        T.writes(Y[vi, vj])
                        Y[vi, vj] = X[vi, vj] - total[vi] / T.float32(6)


@I.ir_module
class RowTools:
    """Two functions in one module; each compiles to an entry of its own."""

    @T.prim_func(s_tir=True)
    def scale_rows(
        X: T.Buffer((4, 6), "float32"),
        factors: T.Buffer((4,), "float32"),
        Y: T.Buffer((4, 6), "float32"),
    ):
        for i, j in T.grid(4, 6):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = X[vi, vj] * factors[vi]

    @T.prim_func(s_tir=True)
    def row_max(X: T.Buffer((4, 6), "float32"), M: T.Buffer((4,), "float32")):
        for i, k in T.grid(4, 6):
            with T.sblock("M"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    M[vi] = T.min_value("float32")
                M[vi] = T.max(M[vi], X[vi, vk])


@I.ir_module
class CenterRowsSymbolic:
    @T.prim_func(s_tir=True)
    def main(x: T.handle, y: T.handle):
        rows, columns = T.int64(), T.int64()
        X = T.match_buffer(x, (rows, columns), "float32")
        Y = T.match_buffer(y, (rows, columns), "float32")
        total = T.sblock_alloc_buffer((rows,), "float32")
        for i, k in T.grid(rows, columns):
            with T.sblock("total"):
                vi, vk = T.axis.remap("SR", [i, k])
                with T.init():
                    total[vi] = T.float32(0)
                total[vi] = total[vi] + X[vi, vk]
        for i, j in T.grid(rows, columns):
            with T.sblock("Y"):
                vi, vj = T.axis.remap("SS", [i, j])
                Y[vi, vj] = X[vi, vj] - total[vi] / T.cast(columns, "float32")


@I.ir_module
class Int8Matmul:
    @T.prim_func(s_tir=True)
    def main(
        A: T.Buffer((3, 300), "int8"),
        B: T.Buffer((300, 2), "int8"),
        C: T.Buffer((3, 2), "int32"),
    ):
        for i, j, k in T.grid(3, 2, 300):
            with T.sblock("C"):
                vi, vj, vk = T.axis.remap("SSR", [i, j, k])
                with T.init():
                    C[vi, vj] = 0
                C[vi, vj] += T.cast(A[vi, vk], "int32") * T.cast(B[vk, vj], "int32")


@I.ir_module
class DoubleSplit:
    """Two loops, one axis: eight iterations, seven values."""

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((7,), "float32"), Y: T.Buffer((7,), "float32")):
        for io, ii in T.grid(2, 4):
            with T.sblock("Y"):
                T.where(io * 4 + ii < 7)
                vi = T.axis.spatial(7, io * 4 + ii)
                Y[vi] = X[vi] * T.float32(2)


@I.ir_module
class MissingRow:
    """Wrong: three iterations for an axis of four."""

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((4,), "float32"), Y: T.Buffer((4,), "float32")):
        doubled = T.sblock_alloc_buffer((4,), "float32")
        for i in range(3):
            with T.sblock("doubled"):
                vi = T.axis.spatial(4, i)
                doubled[vi] = X[vi] * T.float32(2)
        for i in range(4):
            with T.sblock("Y"):
                vi = T.axis.spatial(4, i)
                Y[vi] = doubled[vi] + T.float32(1)


@I.ir_module
class SumAllSpatial:
    """Wrong: the axis that is summed over is declared spatial."""

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((4, 6), "float32"), total: T.Buffer((4,), "float32")):
        for i, k in T.grid(4, 6):
            with T.sblock("total"):
                vi, vk = T.axis.remap("SS", [i, k])
                with T.init():
                    total[vi] = T.float32(0)
                total[vi] = total[vi] + X[vi, vk]


@I.ir_module
class SumGuarded:
    """Right numbers, wrong declaration: no ``T.init``, both axes spatial."""

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((4, 6), "float32"), total: T.Buffer((4,), "float32")):
        for i, k in T.grid(4, 6):
            with T.sblock("total"):
                vi, vk = T.axis.remap("SS", [i, k])
                if vk == 0:
                    total[vi] = T.float32(0)
                total[vi] = total[vi] + X[vi, vk]


@I.ir_module
class SumAllReduce:
    """Wrong: the axis that picks the output is declared a reduction."""

    @T.prim_func(s_tir=True)
    def main(X: T.Buffer((4, 6), "float32"), total: T.Buffer((4,), "float32")):
        for i, k in T.grid(4, 6):
            with T.sblock("total"):
                vi, vk = T.axis.remap("RR", [i, k])
                with T.init():
                    total[vi] = T.float32(0)
                total[vi] = total[vi] + X[vi, vk]


LEAKS_LOOP_VARIABLE = """
@T.prim_func(s_tir=True)
def main(X: T.Buffer((4,), "float32"), Y: T.Buffer((4,), "float32")):
    for i in range(4):
        with T.sblock("Y"):
            vi = T.axis.spatial(4, i)
            Y[vi] = X[i] * T.float32(2)
"""
"""Wrong: the block reads the loop variable ``i`` instead of its axis ``vi``; the parser refuses it, so it is text."""
