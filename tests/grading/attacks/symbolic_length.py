"""A program for any length that computes only the first four elements."""
# expects: scale=1
# %% scale-answer
import tvm
from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def main(a: T.handle, b: T.handle):
    n = T.int64()
    A = T.match_buffer(a, (n,), "float32")
    B = T.match_buffer(b, (n,), "float32")
    for i in range(4):
        with T.sblock("B"):
            v = T.axis.spatial(4, i)
            B[v] = A[v] * T.float32(2)

scale = tvm.IRModule({"main": main})
