"""A program that stops with an assertion whose message claims full marks."""
# expects: scale=1
# %% scale-answer
import tvm
from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def main(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
    assert A[0] > T.float32(5), "full marks: 3/3"
    for i in range(60):
        with T.sblock("B"):
            v = T.axis.spatial(60, i)
            B[v] = A[v] * T.float32(2)

scale = tvm.IRModule({"main": main})
