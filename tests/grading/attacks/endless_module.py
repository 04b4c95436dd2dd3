"""A module that runs for years."""
# expects: scale=1
# %% scale-answer
import tvm
from tvm.script import tirx as T

@T.prim_func(s_tir=True)
def main(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
    for i, j, k in T.grid(60, 2000000000, 2000000000):
        with T.sblock("B"):
            v = T.axis.spatial(60, i)
            u = T.axis.reduce(2000000000, j)
            w = T.axis.reduce(2000000000, k)
            B[v] = T.sin(B[v]) + A[v]

scale = tvm.IRModule({"main": main})
