"""A module that fills more memory than there is."""
# expects: scale=0
# %% scale-answer
import tvm
from tvm.script import tirx as T

@T.prim_func(s_tir=True)
def main(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
    C = T.sblock_alloc_buffer((1 << 20, 1 << 20), "float32")
    for i, j in T.grid(1 << 20, 1 << 20):
        with T.sblock("C"):
            v, w = T.axis.remap("SS", [i, j])
            C[v, w] = A[(v + w) % 60]
    for i in range(60):
        with T.sblock("B"):
            v = T.axis.spatial(60, i)
            B[v] = C[v, 1000 - v] * T.float32(2)

scale = tvm.IRModule({"main": main})
