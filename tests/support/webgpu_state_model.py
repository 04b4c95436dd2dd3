"""A model that remembers: each run puts its input into the next row of a cache, and sums the rows."""

import tvm
from tvm.script import ir as I
from tvm.script import relax as R
from tvm.script import tirx as T

ROWS = 8


def remembering(last: int = ROWS - 1) -> tvm.IRModule:
    """``cache[position] = x; y = sum of the rows; position = min(position + 1, last)``."""

    @I.ir_module
    class Remembering:
        @T.prim_func(s_tir=True)
        def remember(
            x: T.Buffer((4,), "float32"), position: T.Buffer((1,), "int32"), cache: T.Buffer((ROWS, 4), "float32")
        ):
            for j in T.thread_binding(4, "threadIdx.x"):
                with T.sblock("remember"):
                    vj = T.axis.spatial(4, j)
                    cache[position[0], vj] = x[vj]

        @T.prim_func(s_tir=True)
        def total(cache: T.Buffer((ROWS, 4), "float32"), y: T.Buffer((4,), "float32")):
            for j in T.thread_binding(4, "threadIdx.x"):
                for i in range(ROWS):
                    with T.sblock("total"):
                        vj, vi = T.axis.remap("SR", [j, i])
                        with T.init():
                            y[vj] = T.float32(0)
                        y[vj] = y[vj] + cache[vi, vj]

        @T.prim_func(s_tir=True)
        def advance(position: T.Buffer((1,), "int32")):
            for j in T.thread_binding(1, "threadIdx.x"):
                with T.sblock("advance"):
                    vj = T.axis.spatial(1, j)
                    position[vj] = T.min(position[vj] + 1, last)

        @R.function
        def main(
            x: R.Tensor((4,), "float32"), position: R.Tensor((1,), "int32"), cache: R.Tensor((ROWS, 4), "float32")
        ):
            cls = Remembering
            with R.dataflow():
                rows = R.call_tir_inplace(
                    cls.remember, (x, position, cache), inplace_indices=[2], out_ty=R.Tensor((ROWS, 4), "float32")
                )
                y = R.call_tir(cls.total, (rows,), out_ty=R.Tensor((4,), "float32"))
                z = R.call_tir(cls.total, (rows,), out_ty=R.Tensor((4,), "float32"))
                after = R.call_tir_inplace(
                    cls.advance, (position,), inplace_indices=[0], out_ty=R.Tensor((1,), "int32")
                )
                result = (y, z, rows, after)
                R.output(result)
            return result

    return Remembering
