"""A module that allocates more memory than there is."""
# expects: scale=1
# %% scale-answer
import tvm
from tvm.script import tirx as T


@T.prim_func(s_tir=True)
def main(A: T.Buffer((60,), "float32"), B: T.Buffer((60,), "float32")):
    C = T.sblock_alloc_buffer((1 << 40,), "float32")
    for i in range(60):
        with T.sblock("B"):
            v = T.axis.spatial(60, i)
            C[v] = A[v]
            B[v] = C[v] * T.float32(2)

scale = tvm.IRModule({"main": main})
