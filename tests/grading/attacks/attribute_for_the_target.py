"""A function that asks to be compiled for another target."""
# expects: scale=0
# %% scale-answer
import tvm
from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def main(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
    for i in range(60):
        with T.sblock("B"):
            v = T.axis.spatial(60, i)
            B[v] = A[v] * T.float32(2)

scale = tvm.IRModule({"main": main.with_attr("target", tvm.target.Target("c"))})
