"""A module whose loops unroll to a billion statements."""
# expects: scale=1
# %% scale-answer
import tvm
from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def main(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
    for i in T.unroll(60):
        for j in T.unroll(1 << 24):
            with T.sblock("B"):
                v = T.axis.spatial(60, i)
                w = T.axis.reduce(1 << 24, j)
                B[v] = A[v] * T.float32(2)

scale = tvm.IRModule({"main": main})
