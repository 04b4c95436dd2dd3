"""A program that reads four terabytes before its buffer."""
# expects: scale=1
# %% scale-answer
import tvm
from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def main(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
    for i in range(60):
        with T.sblock("B"):
            v = T.axis.spatial(60, i)
            B[v] = A[v - (1 << 40)] * T.float32(2)

scale = tvm.IRModule({"main": main})
