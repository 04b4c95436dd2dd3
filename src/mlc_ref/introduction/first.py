"""The first program of the course: one loop that adds one to each element (TVMScript)."""

from tvm.script import ir as I
from tvm.script import tirx as T


@I.ir_module
class AddOne:
    @T.prim_func(s_tir=True)
    def main(x: T.Buffer((8,), "float32"), y: T.Buffer((8,), "float32")):
        for i in range(8):
            with T.sblock("add"):
                v = T.axis.spatial(8, i)
                y[v] = x[v] + T.float32(1)


add_one = AddOne
